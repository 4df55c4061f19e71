//! Commands of ioctl(2) and what their argument points to, as the tables say. Source: ioctl(2), ioctl_tty(2),
//! netdevice(7).

use syscall_tables::ioctl::devices;
use syscall_tables::ioctl::family::{self, Argument};
use syscall_tables::ioctl::payload::{self, Member};
use syscall_tables::ioctl::rows::{self, Payload};
use syscall_tables::ioctl::{self, Carried};
use syscall_tables::kinds;
use syscall_tables::model::{Custom, Dir, Kind, Shape};
use syscall_tables::set::{Base, Set};

use super::Decoder;
use super::device::{Loop, characters};
use super::member::payload_dir;
use super::render::Render;
use crate::event::Call;
use crate::memory::Memory;

/// Commands about interfaces that have a form of their own.
const SIOCGIFNAME: u64 = 0x8910;
const SIOCGIFCONF: u64 = 0x8912;
/// Commands that sound the bell, and the frequency of its clock.
const KIOCSOUND: u64 = 0x4b2f;
const KDMKTONE: u64 = 0x4b30;
/// The types of disks and of input devices.
const DISK: u64 = 3;
const HDIO_GETGEO: u64 = 0x301;
const INPUT: u8 = b'E';
const FIDEDUPERANGE: u64 = 0xc018_9436;
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

/// What the argument of a command is.
enum Form {
    Unknown,
    /// A number.
    Plain(&'static Kind),
    /// Something behind a pointer.
    Behind(Dir, &'static Kind),
    /// Attributes of a terminal in a struct of so many bytes.
    Terminal(Dir, usize),
    /// `struct ifreq` with a member.
    Interface(Dir, &'static str, Member),
    /// `struct ifreq` that is asked by index.
    InterfaceName,
    /// `struct ifconf`.
    InterfaceList,
    /// A period of the clock, perhaps with how long it lasts.
    Tone(bool),
    /// `struct file_dedupe_range`.
    Dedupe,
    /// What a loop device is.
    Loop(Dir, Loop),
    /// As much text as the call returned.
    ReturnedText,
    /// A struct as asked, and as answered.
    Answered(&'static Kind, &'static Kind),
    /// What the rows of devices say.
    Row(&'static Payload),
    /// What a family of commands has there.
    Family(&'static Argument),
}

/// What the argument of a command to an input device is: an address at least.
fn input_form(command: u32) -> Option<Form> {
    let (direction, kind, number, size) = ioctl::parts(command);
    if kind != INPUT || direction == 0 {
        return None;
    }
    if let Some(payload) = rows::find_sized(command) {
        return Some(Form::Row(payload));
    }
    match (direction, number) {
        (2, 6..=8) => Some(Form::ReturnedText),
        (2, 0x40..=0x7f) | (1, 0xc0..=0xff) => {
            let dir = if direction == 2 { Dir::Out } else { Dir::In };
            Some(match devices::axis(size) {
                Kind { shape: Shape::Address, .. } => Form::Plain(&kinds::ADDR),
                kind => Form::Behind(dir, kind),
            })
        }
        _ => match device_form(u64::from(command)) {
            Form::Unknown => Some(Form::Plain(&kinds::ADDR)),
            known => Some(known),
        },
    }
}

/// What the argument of a command to a device is.
fn device_form(command: u64) -> Form {
    if devices::NOTHING.contains(&command) {
        return Form::Behind(Dir::In, &kinds::ABSENT);
    }
    if devices::POINTERS.contains(&command) {
        return Form::Plain(&kinds::ADDR);
    }
    if let Some((kind, _)) = devices::NUMBERS.iter().find(|row| row.1.contains(&command)) {
        return Form::Plain(kind);
    }
    match command {
        0x4c02 => return Form::Loop(Dir::In, Loop::Old),
        0x4c03 => return Form::Loop(Dir::Out, Loop::Old),
        0x4c04 => return Form::Loop(Dir::In, Loop::New),
        0x4c05 => return Form::Loop(Dir::Out, Loop::New),
        0x4c0a => return Form::Loop(Dir::In, Loop::Config),
        FIDEDUPERANGE => return Form::Dedupe,
        KIOCSOUND | KDMKTONE => return Form::Tone(command == KDMKTONE),
        _ => {}
    }
    match devices::TARGETS.iter().find(|row| row.2.contains(&command)) {
        Some((dir, kind, _)) => Form::Behind(*dir, kind),
        None => match devices::ANSWERED.iter().find(|row| row.0 == command) {
            Some((_, asked, done)) => Form::Answered(asked, done),
            None => Form::Unknown,
        },
    }
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
        if !self.render.begin_whole(value, false, Base::Hex, true) {
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
        self.render.end_whole();
    }

    /// A value in the name of a command.
    fn carried(&mut self, set: &'static Set, value: u64) {
        if set.name_of(self.abi, value).is_some() {
            return self.render.set(set, value, self.abi);
        }
        self.render.word(format_args!("{value:#x}"));
        self.render.remark_alone(format_args!("{}", set.unknown));
    }

    fn ioctl_form(&self) -> Form {
        let command = self.args[1] & 0xffff_ffff;
        if let Some((_, dir, size)) = payload::TERMINALS.iter().find(|row| row.0 == command) {
            return Form::Terminal(*dir, usize::from(*size));
        }
        if let Some((_, dir, name, member)) = payload::INTERFACES.iter().find(|row| row.0 == command) {
            return Form::Interface(*dir, name, *member);
        }
        match command {
            SIOCGIFNAME => return Form::InterfaceName,
            SIOCGIFCONF => return Form::InterfaceList,
            _ => {}
        }
        if command >> 8 & 0xff == u64::from(INPUT)
            && let Some(payload) =
                rows::find(command as u32).filter(|_| ioctl::name(self.abi, command as u32).is_some())
        {
            return Form::Row(payload);
        }
        if let Some(form) = input_form(command as u32) {
            return form;
        }
        if ioctl::name(self.abi, command as u32).is_none() {
            return Form::Unknown;
        }
        if let Some(payload) = rows::find(command as u32) {
            return Form::Row(payload);
        }
        let narrow = self.abi.data_model().word_bytes == 4;
        if let Some(argument) = family::argument(command as u32, narrow) {
            return Form::Family(argument);
        }
        let plain = payload::PLAIN.iter().find(|row| row.0 == command);
        let behind = payload::ROWS.iter().find(|row| row.0 == command);
        match (plain, behind) {
            (Some((_, kind)), _) => Form::Plain(kind),
            (_, Some((_, dir, kind))) => Form::Behind(*dir, kind),
            // The structs of disks with words of their own are those of 64-bit ABIs.
            _ if command >> 8 == DISK && command != HDIO_GETGEO && self.abi.data_model().word_bytes == 4 => {
                Form::Unknown
            }
            _ => device_form(command),
        }
    }

    /// Whether nothing is printed for an argument of this shape.
    pub(super) fn is_absent(&self, shape: Shape) -> bool {
        match shape {
            Shape::Absent => true,
            Shape::Custom(Custom::IoctlArg) => {
                matches!(self.ioctl_form(), Form::Behind(_, kind) if matches!(kind.shape, Shape::Absent))
            }
            _ => false,
        }
    }

    pub(super) fn ioctl_dir(&self) -> Dir {
        match self.ioctl_form() {
            Form::Terminal(dir, _) | Form::Interface(dir, ..) | Form::Behind(dir, _) | Form::Loop(dir, _) => {
                dir
            }
            Form::InterfaceName | Form::InterfaceList => Dir::Out,
            Form::Plain(kind) | Form::Row(&Payload::Number(kind)) => self.dir(kind),
            Form::Row(payload) => payload_dir(payload).unwrap_or(Dir::In),
            Form::Dedupe => Dir::InOut,
            Form::ReturnedText | Form::Answered(..) => Dir::Out,
            Form::Family(argument) => self.family_dir(argument),
            Form::Unknown | Form::Tone(_) => Dir::In,
        }
    }

    /// Reads what an answer will be compared with, while it is still the caller's.
    pub(super) fn ioctl_lengths(&mut self, addr: u64) {
        let size = match self.ioctl_form() {
            Form::Interface(Dir::Out, ..) | Form::InterfaceName => self.request_bytes(),
            Form::InterfaceList => 2 * usize::from(self.abi.data_model().word_bytes),
            Form::Row(payload) => return self.payload_asked(payload, addr),
            Form::Family(argument) => return self.family_lengths(argument, addr),
            Form::Answered(asked, _) => return self.answered_lengths(asked, addr),
            _ => return,
        };
        let mut buf = [0u8; 40];
        if addr != 0 {
            self.read(addr, &mut buf[..size]);
        }
    }

    pub(super) fn ioctl_arg(&mut self, addr: u64) {
        let done = self.succeeded();
        match self.ioctl_form() {
            Form::Interface(dir, name, member) => self.interface_request(addr, dir, name, member),
            Form::InterfaceName => self.interface_name(addr),
            Form::InterfaceList => self.interface_list(addr),
            Form::Terminal(dir, _) | Form::Behind(dir, _) | Form::Loop(dir, _) if dir != Dir::In && !done => {
                self.render.address(addr)
            }
            Form::Terminal(_, size) => self.terminal(addr, size),
            Form::Behind(_, kind) => match characters(kind) {
                Some(length) => self.fixed_text(addr, length),
                None => self.target(kind, addr),
            },
            Form::Loop(_, form) => self.loop_device(addr, form),
            Form::Dedupe => self.dedupe(addr),
            Form::ReturnedText => self.returned_text(addr),
            Form::Answered(asked, done) => self.answered(asked, done, addr),
            Form::Plain(kind) if self.dir(kind) == Dir::Out && !done => self.render.address(addr),
            Form::Plain(kind) => self.value(kind, addr, None),
            Form::Row(payload) => self.row_payload(payload, addr),
            Form::Unknown => self.hex(addr),
            Form::Tone(true) => self.tone(addr & 0xffff_ffff, true),
            Form::Tone(false) => self.tone(addr, false),
            Form::Family(argument) => self.family_argument(argument, addr),
        }
    }

    /// The second half of an argument that the call answers in.
    pub(super) fn ioctl_after(&mut self, addr: u64) {
        match self.ioctl_form() {
            Form::Family(argument) => self.family_answer(argument, addr),
            Form::Dedupe => self.dedupe_answer(addr),
            _ => {}
        }
    }

    fn tone(&mut self, value: u64, lasting: bool) {
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
