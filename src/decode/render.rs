//! The visitor that decoding drives: what a value is, never how it looks.
//!
//! Text, JSON and the screen each implement [`Render`] once. Nobody else formats a syscall. A method with a
//! body is a richer thing that is told in simpler ones, as strace spells it, to a renderer that does not
//! implement it.

use std::fmt::Arguments;
use std::io::Write;
use std::net::{Ipv4Addr, Ipv6Addr};

pub use super::quiet::{Foreign, Quiet};
use syscall_tables::abi::Abi;
use syscall_tables::set::{Base, Set};
use syscall_tables::{sets, signal};

/// What surrounds a group of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// `{a=1, b=2}`.
    Struct,
    /// `[a, b]`.
    Array,
    /// `[a]`: the one thing behind a pointer.
    Target,
    /// `NAME(a, b)`.
    Call(&'static str),
    /// `a|b`: parts of one word.
    Or,
    /// `[A B]`, or `~[A B]` when the complement is listed.
    Members {
        /// The complement is listed.
        negated: bool,
    },
}

/// A string of the tracee.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// The bytes to show.
    pub bytes: &'a [u8],
    /// More bytes follow that are not shown.
    pub more: bool,
    /// Bytes that are noise rather than text: all in hexadecimal.
    pub hex: bool,
}

/// What a list holds that is counted instead of shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Items {
    /// Directory entries.
    Entries,
    /// Variables of an environment.
    Variables,
    /// Variables of an environment whose end cannot be read.
    UnterminatedVariables,
}

/// The status word of wait(2), taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitStatus {
    /// What happened.
    pub what: Waited,
    /// PTRACE_EVENT_*, or 0: the upper half.
    pub event: u32,
    /// What else the lower half has, which no kernel sets.
    pub rest: u32,
}

/// What happened to a process that was waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waited {
    /// Exited with a status.
    Exited(u32),
    /// Continued by SIGCONT.
    Continued,
    /// Stopped by a signal.
    Stopped {
        /// The signal.
        signo: u32,
        /// At a system call of a tracee (PTRACE_O_TRACESYSGOOD).
        syscall: bool,
    },
    /// Killed by a signal.
    Killed {
        /// The signal.
        signo: u32,
        /// Core was dumped.
        core: bool,
    },
    /// None of these: the whole word.
    Unknown(u32),
}

impl WaitStatus {
    /// Takes a status word apart. Source: wait(2), ptrace(2).
    pub fn of(status: u32) -> Self {
        let (low, high, event) = (status & 0x7f, status >> 8 & 0xff, status >> 16);
        let stopped = status & 0xff == 0x7f;
        let (what, rest) = match low {
            0 => (Waited::Exited(high), status & 0x80),
            0x7f if status == 0xffff => return Self { what: Waited::Continued, event: 0, rest: 0 },
            0x7f if stopped => (Waited::Stopped { signo: high & 0x7f, syscall: high & 0x80 != 0 }, 0),
            0x7f => return Self { what: Waited::Unknown(status), event: 0, rest: 0 },
            signo => (Waited::Killed { signo, core: status & 0x80 != 0 }, status & 0xff00),
        };
        Self { what, event, rest }
    }
}

/// A receiver of decoded values, in printing order.
pub trait Render {
    /// The next argument begins.
    fn arg(&mut self, index: usize, name: &'static str);
    /// The argument shows its name even when names are not asked for.
    fn label(&mut self, name: &'static str);
    /// Decoding stops here until the call returns; `more` arguments follow.
    fn pause(&mut self, more: bool);
    /// A number; signed ones are sign-extended. `bytes` is its width.
    fn number(&mut self, value: u64, signed: bool, base: Base, bytes: u8);
    /// A value of a set.
    fn set(&mut self, set: &'static Set, value: u64, abi: Abi);
    /// A constant by name with its value and the base of the bare number.
    fn named(&mut self, name: &str, value: u64, base: Base);
    /// A file mode; `kind` names its type bits where they have a name.
    fn mode(&mut self, kind: Option<&'static str>, mode: u64);
    /// An address; 0 is NULL.
    fn address(&mut self, addr: u64);
    /// A string.
    fn text(&mut self, text: Text<'_>);
    /// The string before this was the path of a file: these bytes, as they are.
    fn path(&mut self, _bytes: &[u8]) {}
    /// A file descriptor.
    fn fd(&mut self, fd: i32);
    /// A file descriptor of this process, which may be another than the one that makes the call.
    fn fd_of(&mut self, _pid: i32, fd: i32) {
        self.number(i64::from(fd) as u64, true, Base::Dec, 4);
    }
    /// A descriptor of the process that a pidfd of the caller is open on.
    fn fd_at(&mut self, _pidfd: i32, fd: i32) {
        self.number(i64::from(fd) as u64, true, Base::Dec, 4);
    }
    /// AT_FDCWD.
    fn cwd(&mut self);
    /// A process id.
    fn pid(&mut self, pid: i32) {
        self.number(i64::from(pid) as u64, true, Base::Dec, 4);
    }
    /// A socket address, as its bytes; the group that shows its members follows.
    fn sockaddr(&mut self, _bytes: &[u8]) {}
    /// A group begins.
    fn open(&mut self, group: Group);
    /// The next member of a struct begins.
    fn field(&mut self, name: &'static str);
    /// The next item of a group begins.
    fn item(&mut self);
    /// The next member of a struct begins, whose name is not shown in text.
    fn unnamed(&mut self, _name: &'static str) {
        self.item();
    }
    /// The group ends.
    fn close(&mut self, group: Group);
    /// Something was left out.
    fn more(&mut self);
    /// The kernel changed the value before this to the one that follows.
    fn becomes(&mut self);
    /// The member of this name, the one before this, got the value that follows.
    fn again(&mut self, name: &'static str) {
        self.becomes();
        self.word(format_args!("{name}="));
    }
    /// A remark that is not part of the value.
    fn comment(&mut self, text: Arguments<'_>);
    /// An explanation behind a return value: `(Timeout)`.
    fn note(&mut self, text: Arguments<'_>);
    /// A bare word.
    fn word(&mut self, text: Arguments<'_>);

    /// What follows explains the return value under this name, up to the next of its kind.
    fn detail(&mut self, _name: &'static str) {}
    /// A value that has a spelling of its own.
    fn spelled(&mut self, _value: u64, text: Arguments<'_>) {
        self.word(text);
    }
    /// A constant whose name is shown in every style.
    fn symbol(&mut self, _value: u64, text: Arguments<'_>) {
        self.word(text);
    }
    /// The code of a signal by name; codes are signed.
    fn code(&mut self, name: &str, code: i32) {
        self.named(name, u64::from(code as u32), Base::Hex);
    }
    /// A word that is taken apart: the parts follow, up to [`Render::end_whole`], unless the whole number says it all.
    /// With `plain` the parts are named and no more. Returns whether to show them.
    fn begin_whole(&mut self, _value: u64, _signed: bool, _base: Base, _plain: bool) -> bool {
        true
    }
    /// A word in hexadecimal whose parts are shown one by one: whether they are wanted, instead of the whole.
    fn begin_apart(&mut self, value: u64) -> bool {
        let (names, _) = self.bit_styles();
        if !names {
            self.number(value, false, Base::Hex, 8);
        }
        names
    }
    /// How a set of bits is shown: as the names of its bits, and as the words that it is made of.
    fn bit_styles(&self) -> (bool, bool) {
        (true, false)
    }
    /// Four characters that stand for a format, spelled as such: whether its name is wanted too.
    fn fourcc(&mut self, value: u64, characters: &str) -> bool {
        let wanted = self.begin_apart(value);
        if wanted {
            self.spelled(value, format_args!("v4l2_fourcc({characters})"));
        }
        wanted
    }
    /// A number in an order of bytes that is not the tracee's: the same as [`Render::begin_whole`] for its bytes.
    fn begin_octets(&mut self, _bytes: &[u8]) -> bool {
        true
    }
    /// The parts of a word end.
    fn end_whole(&mut self) {}
    /// A name that carries values: words and parts of it follow, up to [`Render::end_name`], unless the whole number says
    /// it all. Returns whether to show them.
    fn begin_name(&mut self, value: u64) -> bool {
        self.begin_whole(value, false, Base::Hex, true)
    }
    /// The name ends.
    fn end_name(&mut self, _value: u64) {
        self.end_whole();
    }
    /// What follows explains the return value: whether that is wanted, even beside bare numbers (`always`), and by name
    /// alone (`plain`).
    fn explain(&mut self, _plain: bool, _always: bool) -> bool {
        true
    }
    /// A constant by name whose value is an unsigned decimal number.
    fn named_decimal(&mut self, name: &str, value: u64) {
        self.named(name, value, Base::Dec);
    }
    /// The number of a syscall by name: `__NR_read`.
    fn syscall(&mut self, nr: u64, name: &'static str) {
        self.spelled(nr, format_args!("__NR_{name}"));
    }
    /// A value by name, moved to its place in a word: `FUTEX_OP_ADD<<28`.
    fn shifted(&mut self, name: Option<&'static str>, value: u64, shift: u32, unknown: &'static str) {
        match name {
            Some(name) => self.spelled(value << shift, format_args!("{name}<<{shift}")),
            None => {
                self.spelled(value << shift, format_args!("{value:#x}<<{shift}"));
                self.comment(format_args!("{unknown}"));
            }
        }
    }
    /// A value of a set, moved to its place in a word, where what has no name is said to be so before it is moved.
    fn placed(&mut self, set: &'static Set, value: u64, shift: u32, abi: Abi) {
        self.set(set, value, abi);
        if shift != 0 {
            self.word(format_args!("<<{shift}"));
        }
    }
    /// A value of a set, moved to its place in a word by a constant: `B9600<<IBSHIFT`.
    fn placed_by(&mut self, set: &'static Set, value: u64, by: &'static str, shift: u32, abi: Abi) {
        self.set(set, value, abi);
        self.word(format_args!("<<"));
        self.named(by, shift.into(), Base::Hex);
    }
    /// The size of huge pages, moved to its place in a word: `21<<MAP_HUGE_SHIFT`.
    fn huge(&mut self, size: u64, shift: u32, name: &'static str) {
        self.spelled(size << shift, format_args!("{size}<<{name}"));
    }
    /// An address that has a name of its own.
    fn named_address(&mut self, addr: u64, name: Arguments<'_>) {
        self.spelled(addr, name);
    }
    /// A remark that stands beside a number only where names are wanted.
    fn remark(&mut self, text: Arguments<'_>) {
        self.comment(text);
    }
    /// The same, but not within a comment.
    fn remark_alone(&mut self, text: Arguments<'_>) {
        self.remark(text);
    }
    /// A limit: a multiple of 1024 as such.
    fn multiple(&mut self, value: u64) {
        self.spelled(value, format_args!("{}*1024", value / 1024));
    }
    /// A number of clock ticks, a hundred a second.
    fn ticks(&mut self, ticks: u64) {
        self.number(ticks, false, Base::Dec, 8);
        if ticks != 0 {
            self.remark(format_args!("{}.{:02} s", ticks / 100, ticks % 100));
        }
    }
    /// What a struct has in its bytes `from` to `to` behind the members that are known.
    fn beyond(&mut self, from: usize, to: usize, text: Text<'_>) {
        self.item();
        self.word(format_args!("/* bytes {from}..{to} */ "));
        self.text(text);
    }
    /// The rest of a struct cannot be read.
    fn unreadable(&mut self) {
        self.item();
        self.word(format_args!("???"));
    }
    /// The same, and where that begins.
    fn unreadable_from(&mut self, addr: u64) {
        self.item();
        self.address(addr);
    }
    /// The word whose parts follow as a group, for those who compare values.
    fn whole(&mut self, _set: &'static Set, _value: u64) {}
    /// Whether the NUL at the end of bytes that hold a text is shown.
    fn shows_terminator(&self) -> bool {
        false
    }
    /// The same of a text that ends within a larger place, which is taken for bytes where some strings are in hexadecimal.
    fn hints_terminator(&self) -> bool {
        self.shows_terminator()
    }
    /// Whether a name stands for a whole struct, of which this member has the value; else the struct follows, and the
    /// name as a remark.
    fn stands_for(&mut self, name: &str, value: u64) -> bool {
        self.named(name, value, Base::Hex);
        true
    }
    /// A list at `addr` that is counted instead of shown.
    fn counted(&mut self, addr: u64, count: usize, what: Items) {
        self.address(addr);
        let plural = count != 1;
        match what {
            Items::Entries => self.comment(format_args!("{count} entries")),
            Items::Variables => self.comment(format_args!("{count} var{}", if plural { "s" } else { "" })),
            Items::UnterminatedVariables if count == 0 => {}
            Items::UnterminatedVariables => {
                self.comment(format_args!("{count} var{}, unterminated", if plural { "s" } else { "" }))
            }
        }
    }
    /// A device number.
    fn device(&mut self, major: u64, minor: u64) {
        self.open(Group::Call("makedev"));
        for part in [major, minor] {
            self.item();
            self.number(part, false, Base::Hex, 4);
        }
        self.close(Group::Call("makedev"));
    }
    /// A port of a socket address.
    fn port(&mut self, port: u16) {
        self.word(format_args!("htons({port})"));
    }
    /// An IPv4 address.
    fn ipv4(&mut self, address: Ipv4Addr) {
        self.open(Group::Call("inet_addr"));
        self.item();
        quoted(self, format_args!("{address}"));
        self.close(Group::Call("inet_addr"));
    }
    /// The member of this name with its IPv6 address.
    fn ipv6(&mut self, member: &'static str, address: Ipv6Addr) {
        self.item();
        self.open(Group::Call("inet_pton"));
        self.item();
        self.named("AF_INET6", 10, Base::Hex);
        self.item();
        quoted(self, format_args!("{}", Inet6(address)));
        self.item();
        self.word(format_args!("&{member}"));
        self.close(Group::Call("inet_pton"));
    }
    /// An IPv6 address that is no member.
    fn inet6(&mut self, address: Ipv6Addr) {
        self.open(Group::Call("inet_pton"));
        self.item();
        self.named("AF_INET6", 10, Base::Hex);
        self.item();
        quoted(self, format_args!("{}", Inet6(address)));
        self.close(Group::Call("inet_pton"));
    }
    /// The name of the element that follows: `[VINTR]=`.
    fn index(&mut self, name: Arguments<'_>) {
        self.word(format_args!("[{name}]="));
    }
    /// The number of the element that follows, by name where it has one: `[IO_WQ_BOUND]=`.
    fn numbered(&mut self, name: Option<&'static str>, number: u64, unknown: &'static str) {
        self.word(format_args!("["));
        match name {
            Some(name) => self.named_decimal(name, number),
            None => {
                self.number(number, false, Base::Dec, 8);
                self.remark(format_args!("{unknown}"));
            }
        }
        self.word(format_args!("]="));
    }
    /// The index of a network interface.
    fn interface(&mut self, index: u32) {
        self.number(u64::from(index), false, Base::Dec, 4);
    }
    /// A number counted from one with a name: `NAME+5`.
    fn offset(&mut self, name: &'static str, from: u64, by: u64) {
        self.spelled(from + by, format_args!("{name}+{by}"));
    }
    /// The name of a Unix socket that is no path; its bytes without the leading NUL.
    fn abstract_name(&mut self, name: Text<'_>) {
        self.word(format_args!("@"));
        self.text(name);
    }
    /// An ioctl command that has no name; see ioctl(2) for its parts.
    fn ioctl(&mut self, command: u32) {
        let dir = match command >> 30 {
            0 => "_IOC_NONE",
            1 => "_IOC_WRITE",
            2 => "_IOC_READ",
            _ => "_IOC_READ|_IOC_WRITE",
        };
        self.open(Group::Call("_IOC"));
        self.item();
        self.word(format_args!("{dir}"));
        for part in [command >> 8 & 0xff, command & 0xff, command >> 16 & 0x3fff] {
            self.item();
            self.number(u64::from(part), false, Base::Hex, 4);
        }
        self.close(Group::Call("_IOC"));
    }
    /// A set of the signals 1 to `count`; bit 0 is signal 1. With `negated`, those of `listed` are left out.
    fn signals(&mut self, listed: u64, count: u32, negated: bool) {
        self.open(Group::Members { negated });
        for signo in (1..=count).filter(|signo| listed >> (signo - 1) & 1 != 0) {
            self.item();
            self.word(format_args!("{}", signal::short(signo).unwrap_or("?")));
        }
        self.close(Group::Members { negated });
    }
    /// A status of wait(2).
    fn wait_status(&mut self, status: WaitStatus) {
        self.open(Group::Array);
        self.item();
        if let Waited::Unknown(word) = status.what {
            self.number(u64::from(word), false, Base::Hex, 4);
            return self.close(Group::Array);
        }
        self.open(Group::Struct);
        self.item();
        match status.what {
            Waited::Exited(status) => self.word(format_args!("WIFEXITED(s) && WEXITSTATUS(s) == {status}")),
            Waited::Continued => self.word(format_args!("WIFCONTINUED(s)")),
            Waited::Stopped { signo, syscall } => {
                let mark = if syscall { " | 0x80" } else { "" };
                self.word(format_args!("WIFSTOPPED(s) && WSTOPSIG(s) == {}{mark}", Signo(signo)));
            }
            Waited::Killed { signo, core } => {
                let core = if core { " && WCOREDUMP(s)" } else { "" };
                self.word(format_args!("WIFSIGNALED(s) && WTERMSIG(s) == {}{core}", Signo(signo)));
            }
            Waited::Unknown(_) => {}
        }
        self.close(Group::Struct);
        if status.event != 0 {
            self.word(format_args!("|"));
            self.placed(&sets::process::PTRACE_EVENTS, u64::from(status.event), 16, Abi::X86_64);
        }
        if status.rest != 0 {
            self.word(format_args!("|"));
            self.number(u64::from(status.rest), false, Base::Hex, 4);
        }
        self.close(Group::Array);
    }
}

/// A signal by name, or by number where it has none.
struct Signo(u32);

impl std::fmt::Display for Signo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match signal::name(self.0) {
            Some(name) => f.write_str(name),
            None => write!(f, "{}", self.0),
        }
    }
}

/// An IPv6 address as inet_ntop(3) writes it: one that is compatible with IPv4 ends in the old form.
#[derive(Debug, Clone, Copy)]
pub struct Inet6(pub Ipv6Addr);

impl std::fmt::Display for Inet6 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0.segments() {
            [0, 0, 0, 0, 0, 0, high, low] if high != 0 => {
                write!(f, "::{}", Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)))
            }
            _ => write!(f, "{}", self.0),
        }
    }
}

/// A short text of ours: the longest IPv6 address has 45 bytes. What is beyond 64 is left out.
#[derive(Debug, Clone, Copy)]
pub struct Short {
    bytes: [u8; 64],
    used: usize,
}

impl Short {
    /// Formats a text.
    pub fn of(text: Arguments<'_>) -> Self {
        let mut bytes = [0u8; 64];
        let mut left = &mut bytes[..];
        left.write_fmt(text).ok();
        let used = 64 - left.len();
        Self { bytes, used }
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.used]
    }

    /// The text, but for a character that was cut off.
    pub fn text(&self) -> &str {
        std::str::from_utf8(self.bytes()).unwrap_or_default()
    }
}

/// A text of ours that is shown as a string.
fn quoted<R: Render + ?Sized>(render: &mut R, text: Arguments<'_>) {
    render.text(Text { bytes: Short::of(text).bytes(), more: false, hex: false });
}

/// Methods of a [`Render`] that does nothing at them, by name. Those that it neither has nor names here do not compile,
/// so that a new one is not overlooked.
#[rustfmt::skip]
macro_rules! ignored {
    (@arg) => { fn arg(&mut self, _: usize, _: &'static str) {} };
    (@label) => { fn label(&mut self, _: &'static str) {} };
    (@pause) => { fn pause(&mut self, _: bool) {} };
    (@number) => { fn number(&mut self, _: u64, _: bool, _: syscall_tables::set::Base, _: u8) {} };
    (@set) => { fn set(&mut self, _: &'static syscall_tables::set::Set, _: u64, _: syscall_tables::abi::Abi) {} };
    (@named) => { fn named(&mut self, _: &str, _: u64, _: syscall_tables::set::Base) {} };
    (@mode) => { fn mode(&mut self, _: Option<&'static str>, _: u64) {} };
    (@address) => { fn address(&mut self, _: u64) {} };
    (@text) => { fn text(&mut self, _: $crate::decode::render::Text<'_>) {} };
    (@fd) => { fn fd(&mut self, _: i32) {} };
    (@cwd) => { fn cwd(&mut self) {} };
    (@open) => { fn open(&mut self, _: $crate::decode::render::Group) {} };
    (@field) => { fn field(&mut self, _: &'static str) {} };
    (@item) => { fn item(&mut self) {} };
    (@close) => { fn close(&mut self, _: $crate::decode::render::Group) {} };
    (@more) => { fn more(&mut self) {} };
    (@becomes) => { fn becomes(&mut self) {} };
    (@comment) => { fn comment(&mut self, _: std::fmt::Arguments<'_>) {} };
    (@note) => { fn note(&mut self, _: std::fmt::Arguments<'_>) {} };
    (@word) => { fn word(&mut self, _: std::fmt::Arguments<'_>) {} };
    ($($method:ident)*) => {
        $($crate::decode::render::ignored!(@$method);)*
    };
}
pub(crate) use ignored;
