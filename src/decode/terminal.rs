//! `struct termio`, `struct termios` and `struct termios2` of ioctl(2): ioctl_tty(2), termios(3).

use syscall_tables::ioctl::terminals::LINE_DISCIPLINE;
use syscall_tables::set::{Base, Set};
use syscall_tables::sets::misc as sets;

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render};
use crate::memory::Memory;

/// Names of the control characters, in their order.
const CHARACTERS: [&str; 17] = [
    "VINTR", "VQUIT", "VERASE", "VKILL", "VEOF", "VTIME", "VMIN", "VSWTC", "VSTART", "VSTOP", "VSUSP",
    "VEOL", "VREPRINT", "VDISCARD", "VWERASE", "VLNEXT", "VEOL2",
];
/// Fields inside c_oflag, in their printing order.
const DELAYS: [u64; 6] = [0x100, 0x600, 0x1800, 0x2000, 0x4000, 0x8000];
/// The speed, the size of characters, and the shift of the speed of input, in c_cflag.
const CBAUD: u64 = 0x100f;
const CSIZE: u64 = 0x30;
const IBSHIFT: u32 = 16;
/// Bytes of `struct termio` and `struct termios2`.
const TERMIO: usize = 18;
const TERMIOS2: usize = 44;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// A struct of `size` bytes: 18 for `termio`, 36 for `termios`, 44 for `termios2`.
    pub(super) fn terminal(&mut self, addr: u64, size: usize) {
        let mut buf = [0u8; TERMIOS2];
        if addr == 0 || self.read(addr, &mut buf[..size]) < size {
            return self.render.address(addr);
        }
        let width = if size == TERMIO { 2 } else { 4 };
        let flags = |index: usize| load(&buf[width * index..width * (index + 1)]);
        self.render.open(Group::Struct);
        self.render.field("c_iflag");
        self.flags_left(&sets::TERMIOS_IFLAG, flags(0));
        self.render.field("c_oflag");
        self.output_flags(flags(1));
        self.render.field("c_cflag");
        self.control_flags(flags(2), size != TERMIO);
        self.render.field("c_lflag");
        self.flags_left(&sets::TERMIOS_LFLAG, flags(3));
        if self.options.abbreviate {
            self.render.item();
            self.render.more();
            return self.render.close(Group::Struct);
        }
        let line = 4 * width;
        self.render.field("c_line");
        self.render.set(&LINE_DISCIPLINE, u64::from(buf[line]), self.abi);
        let count = if size == TERMIO { 8 } else { 19 };
        self.render.field("c_cc");
        self.render.open(Group::Array);
        for (index, byte) in buf[line + 1..line + 1 + count].iter().enumerate() {
            self.render.item();
            match CHARACTERS.get(index) {
                Some(name) => self.render.index(format_args!("{name}")),
                None => self.render.index(format_args!("{index}")),
            }
            self.render.number(u64::from(*byte), false, Base::Hex, 1);
        }
        self.render.close(Group::Array);
        if size == TERMIOS2 {
            for (at, name) in [(36, "c_ispeed"), (40, "c_ospeed")] {
                self.render.field(name);
                self.render.number(load(&buf[at..at + 4]), false, Base::Dec, 4);
            }
        }
        self.render.close(Group::Struct);
    }

    /// Flags of which none are nothing.
    fn flags_left(&mut self, set: &'static Set, value: u64) {
        if value != 0 {
            self.render.set(set, value, self.abi);
        } else {
            self.render.word(format_args!(""));
        }
    }

    fn output_flags(&mut self, value: u64) {
        self.render.open(Group::Or);
        let mut rest = value;
        for (mask, set) in DELAYS.into_iter().zip(sets::TERMIOS_DELAY) {
            self.render.item();
            self.render.set(set, value & mask, self.abi);
            rest &= !mask;
        }
        self.render.item();
        self.flags_left(&sets::TERMIOS_OUTPUT, rest);
        self.render.close(Group::Or);
    }

    fn control_flags(&mut self, value: u64, wide: bool) {
        let input = if wide { value >> IBSHIFT & CBAUD } else { 0 };
        let rest = value & !CBAUD & !CSIZE & !(input << IBSHIFT);
        self.render.open(Group::Or);
        self.render.item();
        self.render.set(&sets::BAUD, value & CBAUD, self.abi);
        if input != 0 {
            self.render.item();
            self.render.placed_by(&sets::BAUD, input, "IBSHIFT", IBSHIFT, self.abi);
        }
        self.render.item();
        self.render.set(&sets::CHARACTER_SIZE, value & CSIZE, self.abi);
        self.render.item();
        self.flags_left(&sets::TERMIOS_CONTROL, rest);
        self.render.close(Group::Or);
    }
}
