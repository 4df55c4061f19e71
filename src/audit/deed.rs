//! The vocabulary of an audit: who did what to what, and the call that shows it. No text of any report is made here.

use crate::output::tally::Address;

/// What was done. The order is that of baselines and reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Act {
    /// A program was run.
    Execute,
    /// A file was opened for reading, or a directory was listed.
    Read,
    /// An existing file was opened for writing, or cut.
    Write,
    /// Something new got a name: a file, directory, link or device.
    Create,
    /// A name went.
    Delete,
    /// A name became another.
    Rename,
    /// A peer was talked to, or tried.
    Connect,
    /// A socket was given an address of its own.
    Bind,
    /// A call fulfilled the `where` of a rule.
    Call,
}

impl Act {
    /// Those that a baseline lists for each process, with their keys there.
    pub const LISTED: &'static [(Self, &'static str)] = &[
        (Self::Read, "read"),
        (Self::Write, "written"),
        (Self::Create, "created"),
        (Self::Delete, "deleted"),
        (Self::Rename, "renamed"),
        (Self::Connect, "connected"),
        (Self::Bind, "bound"),
    ];

    /// The verb of a sentence whose subject is a program.
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Execute => "runs",
            Self::Read => "reads",
            Self::Write => "writes",
            Self::Create => "creates",
            Self::Delete => "deletes",
            Self::Rename => "renames",
            Self::Connect => "connects to",
            Self::Bind => "binds",
            Self::Call => "calls",
        }
    }

    /// Its name in reports for machines.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Execute => "execute",
            Self::Read => "read",
            Self::Write => "write",
            Self::Create => "create",
            Self::Delete => "delete",
            Self::Rename => "rename",
            Self::Connect => "connect",
            Self::Bind => "bind",
            Self::Call => "call",
        }
    }
}

/// The other side of a socket, or its own address.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Peer {
    /// `tcp`, `udp`, `unix` and the like.
    pub protocol: String,
    /// The address; a path of a socket is as the tracer would name it.
    pub address: Address,
    /// The name that a DNS answer gave for it.
    pub name: Option<String>,
}

/// What something was done to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// An absolute path.
    Path(Vec<u8>),
    /// From one path to another.
    Move(Vec<u8>, Vec<u8>),
    /// A peer, or an own address.
    Peer(Peer),
    /// The rule whose `where` held, by its position.
    Rule(usize),
}

/// The call that shows a deed: the first of its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The process.
    pub pid: i32,
    /// When, in nanoseconds since 1970.
    pub wall_ns: u64,
    /// The call as a line, decoded and escaped.
    pub line: String,
    /// How often the same was done.
    pub times: u64,
    /// It was tried, and failed with this errno (0 where that is not known).
    pub failed: Option<u32>,
}

/// A file that was executed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Digest {
    /// SHA-256 in lower-case hexadecimal; `None` where the file could not be read.
    pub sha256: Option<String>,
    /// It was made, or changed, since the audit began.
    pub built: bool,
}
