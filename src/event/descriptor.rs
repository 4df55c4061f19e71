//! What a descriptor is open on: its name in /proc, and what the kernel tells beyond that.

use std::sync::Arc;

pub use crate::sys::diag::Ends;

/// What a descriptor was open on when the call was made, or when it returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FdNote {
    /// The descriptor; AT_FDCWD for the working directory.
    pub fd: i32,
    /// The link behind it, as /proc/PID/fd/N says, without the mark of a deleted file.
    pub target: Arc<[u8]>,
    /// The file has no name any more.
    pub deleted: bool,
    /// Asked when the call returned: for what it returns and writes.
    pub late: bool,
    /// More than the name, when somebody asked.
    pub detail: Option<Arc<Detail>>,
}

impl FdNote {
    /// Whether what goes over the descriptor is told by what it is, whoever wants to know that.
    pub fn decides(&self) -> bool {
        matches!(self.detail.as_deref(), Some(Detail::Socket(socket)) if socket.protocol == NETLINK)
    }
}

/// The protocol of netlink sockets, as the kernel names it.
pub const NETLINK: &str = "NETLINK";

/// What is known of a descriptor beyond its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    /// A socket.
    Socket(Socket),
    /// A device special file.
    Device {
        /// A block device; else a character device.
        block: bool,
        /// Its major number.
        major: u32,
        /// Its minor number.
        minor: u32,
    },
    /// A pidfd: the process's id as the tracer sees it.
    Process(i32),
    /// A signalfd: the set of signals, bit 0 for signal 1.
    Signals(u64),
    /// An eventfd.
    Event(Eventfd),
}

pub use crate::sys::process::Eventfd;

/// A socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Socket {
    /// The protocol as the kernel names it: `TCP`, `UDPv6`, `UNIX-STREAM`.
    pub protocol: String,
    /// The inode, which is the socket's identity.
    pub inode: u64,
    /// Its addresses, where it has some.
    pub ends: Ends,
    /// Number and name of the families of messages that go over it, where the kernel gives them out: NETLINK_GENERIC.
    pub families: Option<Families>,
}

/// Families of NETLINK_GENERIC by number and name.
pub type Families = Arc<[(u16, Box<str>)]>;
