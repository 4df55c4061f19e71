//! The visitor that decoding drives: what a value is, never how it looks.
//!
//! Text, JSON and the screen each implement [`Render`] once. Nobody else formats a syscall.

use std::fmt::Arguments;

use syscall_tables::abi::Abi;
use syscall_tables::set::{Base, Set};

/// What surrounds a group of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// `{a=1, b=2}`.
    Struct,
    /// `[a, b]`.
    Array,
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
    /// A file descriptor.
    fn fd(&mut self, fd: i32);
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
    /// The group ends.
    fn close(&mut self, group: Group);
    /// Something was left out.
    fn more(&mut self);
    /// The kernel changed the value before this to the one that follows.
    fn becomes(&mut self);
    /// A remark that is not part of the value.
    fn comment(&mut self, text: Arguments<'_>);
    /// An explanation behind a return value: `(Timeout)`.
    fn note(&mut self, text: Arguments<'_>);
    /// A bare word.
    fn word(&mut self, text: Arguments<'_>);
}

/// A renderer that drops everything and remembers the descriptors and process ids that it saw; capturing drives
/// decoding with it.
#[derive(Debug, Default)]
pub struct Quiet {
    /// Descriptors in the order seen.
    pub fds: Vec<i32>,
    /// Process ids in the order seen.
    pub pids: Vec<i32>,
}

impl Render for Quiet {
    fn arg(&mut self, _index: usize, _name: &'static str) {}
    fn label(&mut self, _name: &'static str) {}
    fn pause(&mut self, _more: bool) {}
    fn number(&mut self, _value: u64, _signed: bool, _base: Base, _bytes: u8) {}
    fn set(&mut self, _set: &'static Set, _value: u64, _abi: Abi) {}
    fn named(&mut self, _name: &str, _value: u64, _base: Base) {}
    fn mode(&mut self, _kind: Option<&'static str>, _mode: u64) {}
    fn address(&mut self, _addr: u64) {}
    fn text(&mut self, _text: Text<'_>) {}
    fn fd(&mut self, fd: i32) {
        self.fds.push(fd);
    }
    fn cwd(&mut self) {
        self.fds.push(-100);
    }
    fn pid(&mut self, pid: i32) {
        self.pids.push(pid);
    }
    fn open(&mut self, _group: Group) {}
    fn field(&mut self, _name: &'static str) {}
    fn item(&mut self) {}
    fn close(&mut self, _group: Group) {}
    fn more(&mut self) {}
    fn becomes(&mut self) {}
    fn comment(&mut self, _text: Arguments<'_>) {}
    fn note(&mut self, _text: Arguments<'_>) {}
    fn word(&mut self, _text: Arguments<'_>) {}
}
