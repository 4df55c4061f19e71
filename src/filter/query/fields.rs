//! The fields of the language: one row each, with what it is compared with and what it means.

use super::ast::{Field, Op};

/// What a field is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    /// Names of syscalls.
    Name,
    /// Names of classes.
    Class,
    /// `x86_64`, `i386`, ….
    Abi,
    /// Numbers.
    Number,
    /// Numbers with a unit of time.
    Duration,
    /// Names of errors.
    Errno,
    /// Strings.
    Text,
    /// Addresses and networks.
    Net,
    /// It is true or false by itself.
    Bool,
    /// What the argument holds.
    Arg,
}

/// A field: its name, itself, what it is compared with, what it is.
pub(super) struct Row {
    pub name: &'static str,
    pub field: Field,
    pub of: Type,
    pub about: &'static str,
}

const fn row(name: &'static str, field: Field, of: Type, about: &'static str) -> Row {
    Row { name, field, of, about }
}

/// Every field but those of arguments.
pub(super) static ROWS: &[Row] = &[
    row("name", Field::Name, Type::Name, "the syscall's name"),
    row("class", Field::Class, Type::Class, "a class of -e trace=%class that the call is in"),
    row("nr", Field::Nr, Type::Number, "the syscall's number"),
    row("abi", Field::Abi, Type::Abi, "x86_64 or i386"),
    row("pid", Field::Pid, Type::Number, "the process"),
    row("tid", Field::Tid, Type::Number, "the thread"),
    row("comm", Field::Comm, Type::Text, "the name of the program, at most 15 bytes"),
    row("exe", Field::Exe, Type::Text, "the file of the program"),
    row("depth", Field::Depth, Type::Number, "0 for what was started or attached to, 1 for its children, …"),
    row("arg0", Field::Register(0), Type::Number, "the first argument's register, up to arg5"),
    row("arg1", Field::Register(1), Type::Number, ""),
    row("arg2", Field::Register(2), Type::Number, ""),
    row("arg3", Field::Register(3), Type::Number, ""),
    row("arg4", Field::Register(4), Type::Number, ""),
    row("arg5", Field::Register(5), Type::Number, ""),
    row("path", Field::Path, Type::Text, "a path that is given, or that a descriptor of the call is open on"),
    row("fd", Field::Fd, Type::Number, "a descriptor that is given"),
    row("peer.port", Field::PeerPort, Type::Number, "the port of a socket address of the call"),
    row("peer.addr", Field::PeerAddr, Type::Net, "the IP address of a socket address of the call"),
    row("peer.path", Field::PeerPath, Type::Text, "the path of a socket address, @… for an abstract one"),
    row("ret", Field::Ret, Type::Number, "what the call returned; -1 where it failed"),
    row("errno", Field::Errno, Type::Errno, "the error of a call that failed"),
    row("failed", Field::Failed, Type::Bool, "the call returned an error"),
    row("succeeded", Field::Succeeded, Type::Bool, "the call returned no error"),
    row("unfinished", Field::Unfinished, Type::Bool, "the task ended inside the call"),
    row("dur", Field::Duration, Type::Duration, "how long the call took: ns, us, ms, s"),
    row("bytes", Field::Bytes, Type::Number, "how many bytes read, write, send, recv, … moved"),
    row("io_uring", Field::IoUring, Type::Bool, "it is an operation of io_uring and no system call"),
];

impl Type {
    /// Whether it can be compared so.
    pub fn takes(self, op: Op) -> bool {
        match op {
            Op::Is => self == Self::Bool,
            Op::Eq | Op::Ne => self != Self::Bool,
            Op::Lt | Op::Le | Op::Gt | Op::Ge => matches!(self, Self::Number | Self::Duration | Self::Arg),
            Op::Match | Op::NoMatch => matches!(self, Self::Name | Self::Text | Self::Arg),
            Op::Has => matches!(self, Self::Class | Self::Text | Self::Arg),
        }
    }
}
