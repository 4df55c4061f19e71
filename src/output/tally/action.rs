//! What calls do to files and sockets, a row each. Arguments are given by position.

use std::collections::HashMap;

/// What a call does that a tally counts beyond its number and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// Nothing more.
    Plain,
    /// Bytes come from this descriptor; the return value says how many.
    Read(usize),
    /// Bytes go to this descriptor.
    Write(usize),
    /// Bytes go from one descriptor to another.
    Move {
        /// Where they come from.
        from: usize,
        /// Where they go.
        to: usize,
    },
    /// The return value counts messages that came from this descriptor.
    ReadMessages(usize),
    /// The same, sent.
    WriteMessages(usize),
    /// Returns a descriptor of a path.
    Open,
    /// Makes a socket: family, type.
    Socket,
    /// Makes two connected ones.
    SocketPair,
    /// Gives a socket its own address.
    Bind,
    /// Connects a socket.
    Connect,
    /// Takes a connection.
    Accept,
    /// Asks a socket for its own address.
    OwnName,
    /// Asks a socket for its peer's.
    PeerName,
    /// Asks a socket for an option: level, name.
    Option,
    /// Runs another program.
    Exec,
    /// Changes the working directory to a path.
    ChangeDir,
    /// Changes it to that of a descriptor.
    ChangeDirFd,
}

use Action::{Move, Read, ReadMessages, Write, WriteMessages};

const ROWS: &[(&str, Action)] = &[
    ("read", Read(0)),
    ("pread64", Read(0)),
    ("readv", Read(0)),
    ("preadv", Read(0)),
    ("preadv2", Read(0)),
    ("recv", Read(0)),
    ("recvfrom", Read(0)),
    ("recvmsg", Read(0)),
    ("recvmmsg", ReadMessages(0)),
    ("recvmmsg_time64", ReadMessages(0)),
    ("write", Write(0)),
    ("pwrite64", Write(0)),
    ("writev", Write(0)),
    ("pwritev", Write(0)),
    ("pwritev2", Write(0)),
    ("vmsplice", Write(0)),
    ("send", Write(0)),
    ("sendto", Write(0)),
    ("sendmsg", Write(0)),
    ("sendmmsg", WriteMessages(0)),
    ("sendfile", Move { from: 1, to: 0 }),
    ("sendfile64", Move { from: 1, to: 0 }),
    ("copy_file_range", Move { from: 0, to: 2 }),
    ("splice", Move { from: 0, to: 2 }),
    ("tee", Move { from: 0, to: 1 }),
    ("open", Action::Open),
    ("openat", Action::Open),
    ("openat2", Action::Open),
    ("creat", Action::Open),
    ("open_by_handle_at", Action::Open),
    ("socket", Action::Socket),
    ("socketpair", Action::SocketPair),
    ("bind", Action::Bind),
    ("connect", Action::Connect),
    ("accept", Action::Accept),
    ("accept4", Action::Accept),
    ("getsockname", Action::OwnName),
    ("getpeername", Action::PeerName),
    ("getsockopt", Action::Option),
    ("execve", Action::Exec),
    ("execveat", Action::Exec),
    ("chdir", Action::ChangeDir),
    ("fchdir", Action::ChangeDirFd),
];

/// Operations of io_uring that no call is called like, or whose arguments stand elsewhere.
const OPERATIONS: &[(&str, Action)] = &[
    ("read_fixed", Read(0)),
    ("readv_fixed", Read(0)),
    ("read_multishot", Read(0)),
    ("recv_zc", Read(0)),
    ("write_fixed", Write(0)),
    ("writev_fixed", Write(0)),
    ("send_zc", Write(0)),
    ("sendmsg_zc", Write(0)),
    ("splice", Move { from: 0, to: 3 }),
    ("tee", Move { from: 0, to: 2 }),
];

/// The rows by name.
#[derive(Debug)]
pub(super) struct Actions(HashMap<&'static str, Action>);

impl Actions {
    pub(super) fn new() -> Self {
        Self(ROWS.iter().copied().collect())
    }

    pub(super) fn of(&self, name: &str) -> Action {
        self.0.get(name).copied().unwrap_or(Action::Plain)
    }

    /// The same of an operation of io_uring.
    pub(super) fn of_operation(&self, name: &str) -> Action {
        let own = OPERATIONS.iter().find(|(known, _)| *known == name);
        own.map_or_else(|| self.of(name), |(_, action)| *action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syscall_tables::abi::Abi;
    use syscall_tables::model::Shape;
    use syscall_tables::signatures;

    #[test]
    fn operations_have_their_descriptors_where_the_rows_say() {
        let actions = Actions::new();
        for row in syscall_tables::uring::TABLE {
            let signature = &row.signature;
            let positions = match actions.of_operation(signature.name) {
                Read(at) | Write(at) => vec![at],
                Move { from, to } => vec![from, to],
                ReadMessages(_) | WriteMessages(_) => panic!("{} moves messages", signature.name),
                _ => vec![],
            };
            for at in positions {
                assert!(matches!(signature.args[at].kind.shape, Shape::Fd), "{}: {at}", signature.name);
            }
        }
        let known = |name| syscall_tables::uring::TABLE.iter().any(|row| row.signature.name == name);
        assert!(OPERATIONS.iter().all(|(name, _)| known(*name)));
    }

    #[test]
    fn every_row_is_a_call_whose_descriptors_are_where_it_says() {
        for (name, action) in ROWS {
            let found: Vec<_> =
                [Abi::X86_64, Abi::I386].into_iter().filter_map(|abi| signatures::named(abi, name)).collect();
            assert!(!found.is_empty(), "{name} is no syscall");
            let positions = match *action {
                Read(at) | Write(at) | ReadMessages(at) | WriteMessages(at) => vec![at],
                Move { from, to } => vec![from, to],
                _ => vec![],
            };
            for signature in found {
                for &at in &positions {
                    assert!(matches!(signature.args[at].kind.shape, Shape::Fd), "{name}: argument {at}");
                }
            }
        }
    }
}
