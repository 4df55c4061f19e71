//! Commands of ioctl(2): their names, and what those carry. Source: ioctl(2), ioctl_tty(2), ioctl_console(2).

use syscall_tables::ioctl::{self, Carried};
use syscall_tables::set::{Base, Set};

use super::Decoder;
use super::render::Render;
use crate::event::Call;
use crate::memory::Memory;

/// The frequency of the clock that sounds the bell.
const TICKS: u64 = 1_193_182;

/// Commands whose number terminals and sound devices share: which is meant depends on the descriptor.
const SHARED: std::ops::RangeInclusive<u64> = 0x5402..=0x5404;

/// The descriptor by which the command of a call is to be told from others of its number.
pub(super) fn shared_command(call: &Call) -> Option<i32> {
    let ioctl = call.signature.is_some_and(|signature| signature.name == "ioctl");
    let [fd, command, ..] = call.regs.args;
    (ioctl && SHARED.contains(&(command & 0xffff_ffff))).then_some(fd as i32)
}

/// Which of the names of a shared command is meant of what is open here: of both where it is neither.
fn meant<'a>(names: &'a str, target: &[u8]) -> &'a str {
    let within = |folders: &[&[u8]]| folders.iter().any(|folder| target.starts_with(folder));
    let wanted = match () {
        () if within(&[b"/dev/snd/", b"/dev/sequencer", b"/dev/music"]) => "SNDCTL_",
        () if within(&[b"/dev/pts/", b"/dev/tty", b"/dev/console", b"/dev/ptmx"]) => "TC",
        () => return names,
    };
    names.split(" or ").find(|name| name.starts_with(wanted)).unwrap_or(names)
}

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    pub(super) fn ioctl_command(&mut self, command: u32) {
        let value = u64::from(command);
        let known = ioctl::name(self.abi, command);
        let carried = ioctl::carrying(command);
        if known.is_none() && carried.is_none() {
            if self.render.begin_whole(value, false, Base::Hex, true) {
                self.render.ioctl(command);
                self.render.end_whole();
            }
            return;
        }
        let Some((name, carried)) = carried else {
            let known = known.unwrap_or_default();
            let note = self.fds.iter().find(|note| SHARED.contains(&value) && note.fd == self.args[0] as i32);
            let name = note.map_or(known, |note| meant(known, &note.target));
            return self.render.named(name, value, Base::Hex);
        };
        if !self.render.begin_name(value) {
            return;
        }
        let (_, _, number, size) = ioctl::parts(command);
        self.render.word(format_args!("{name}("));
        match carried {
            Carried::Number => self.render.word(format_args!("{number}")),
            Carried::Size => self.render.word(format_args!("{size}")),
            Carried::Value(set, from) => self.carried(set, u64::from(number - from)),
            Carried::ValueAndSize(set, from) => {
                match number - from {
                    0 => self.render.word(format_args!("0")),
                    value => self.carried(set, u64::from(value)),
                }
                self.render.word(format_args!(", {size}"));
            }
        }
        self.render.word(format_args!(")"));
        if let Some(known) = known {
            self.render.word(format_args!(" or {known}"));
        }
        self.render.end_name(value);
    }

    /// A value in the name of a command.
    fn carried(&mut self, set: &'static Set, value: u64) {
        if set.name_of(self.abi, value).is_some() {
            return self.render.set(set, value, self.abi);
        }
        self.render.word(format_args!("{value:#x}"));
        self.render.remark_alone(format_args!("{}", set.unknown));
    }

    /// A period of the clock that sounds the bell, perhaps with how long it lasts.
    pub(super) fn tone(&mut self, value: u64, lasting: bool) {
        let (milliseconds, period) =
            if lasting { (value >> 16 & 0xffff, value & 0xffff) } else { (0, value) };
        match milliseconds {
            0 => self.render.number(value, false, Base::Dec, 8),
            _ => self.render.symbol(value, format_args!("{milliseconds}<<16|{period}")),
        }
        let frequency = TICKS.checked_div(period).unwrap_or_default();
        match (lasting, milliseconds, frequency) {
            (_, _, 0) | (true, 0, _) => self.render.remark(format_args!("off")),
            (true, ..) => self.render.remark(format_args!("{frequency} Hz, {milliseconds} ms")),
            _ => self.render.remark(format_args!("{frequency} Hz")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_command_goes_by_its_device() {
        let both = "SNDCTL_TMR_START or TCSETS";
        assert_eq!(meant(both, b"/dev/pts/3"), "TCSETS");
        assert_eq!(meant(both, b"/dev/ttyS0"), "TCSETS");
        assert_eq!(meant(both, b"/dev/snd/seq"), "SNDCTL_TMR_START");
        assert_eq!(meant(both, b"/dev/null"), both);
    }
}
