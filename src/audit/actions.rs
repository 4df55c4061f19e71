//! What calls do that an audit keeps, a row each. Operations of io_uring go by the same names.

use std::collections::HashMap;

use syscall_tables::abi::{Abi, numbers};

use crate::filter::Wanted;

/// What a call does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Opens a path; its argument `flags` or `how` says how.
    Open,
    /// Makes and opens a file.
    Creat,
    /// Makes a directory.
    MakeDir,
    /// Gives its last path something new.
    Make,
    /// Gives the file of the first path the second as another name.
    Link,
    /// Takes a name away.
    Remove,
    /// Takes a directory away.
    RemoveDir,
    /// Gives another name.
    Rename,
    /// Changes the size of a path's file.
    Truncate,
    /// Connects a socket, or sends to the address that is given.
    Connect,
    /// Gives a socket an address of its own.
    Bind,
    /// Receives what may be a DNS answer.
    Receive,
    /// Runs another program.
    Execute,
    /// Makes a ring of io_uring.
    Ring,
}

const ROWS: &[(&str, Action)] = &[
    ("open", Action::Open),
    ("openat", Action::Open),
    ("openat2", Action::Open),
    ("open_by_handle_at", Action::Open),
    ("creat", Action::Creat),
    ("mkdir", Action::MakeDir),
    ("mkdirat", Action::MakeDir),
    ("mknod", Action::Make),
    ("mknodat", Action::Make),
    ("symlink", Action::Make),
    ("symlinkat", Action::Make),
    ("link", Action::Link),
    ("linkat", Action::Link),
    ("unlink", Action::Remove),
    ("unlinkat", Action::Remove),
    ("rmdir", Action::RemoveDir),
    ("rename", Action::Rename),
    ("renameat", Action::Rename),
    ("renameat2", Action::Rename),
    ("truncate", Action::Truncate),
    ("truncate64", Action::Truncate),
    ("connect", Action::Connect),
    ("sendto", Action::Connect),
    ("sendmsg", Action::Connect),
    ("sendmmsg", Action::Connect),
    ("bind", Action::Bind),
    ("recvfrom", Action::Receive),
    ("execve", Action::Execute),
    ("execveat", Action::Execute),
    ("io_uring_setup", Action::Ring),
];

/// Operations of io_uring that have no call of the same name.
const OPERATIONS: &[(&str, Action)] =
    &[("send", Action::Connect), ("send_zc", Action::Connect), ("sendmsg_zc", Action::Connect)];

/// Calls that stand for others: i386's multiplexer, and those through which io_uring works.
const THROUGH: &[&str] = &["socketcall", "io_uring_enter"];

/// The rows by name.
#[derive(Debug)]
pub struct Actions(HashMap<&'static str, Action>);

impl Default for Actions {
    fn default() -> Self {
        Self(ROWS.iter().chain(OPERATIONS).copied().collect())
    }
}

impl Actions {
    /// What a call or operation does.
    pub fn of(&self, name: &str) -> Option<Action> {
        self.0.get(name).copied()
    }
}

/// The calls that an audit wants to see.
pub fn wanted() -> Wanted {
    let mut all: [Vec<u64>; Abi::ALL.len()] = Default::default();
    for abi in Abi::ALL {
        let names = ROWS.iter().map(|row| row.0).chain(THROUGH.iter().copied());
        all[abi as usize] = names.filter_map(|name| numbers::number(abi, name)).collect();
    }
    Wanted::of(|abi, nr| all[abi as usize].contains(&nr), false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use syscall_tables::{signatures, uring};

    #[test]
    fn every_row_is_a_call_or_an_operation() {
        for (name, action) in ROWS {
            let found = signatures::named(Abi::X86_64, name).or(signatures::named(Abi::I386, name));
            let found = found.unwrap_or_else(|| panic!("{name} is no syscall"));
            if *action == Action::Open {
                assert!(found.args.iter().any(|arg| ["flags", "how"].contains(&arg.name)), "{name}");
            }
        }
        for (name, _) in OPERATIONS {
            assert!(uring::TABLE.iter().any(|row| row.signature.name == *name), "{name}");
        }
    }

    #[test]
    fn operations_that_name_files_or_peers_are_known() {
        let known = Actions::default();
        for name in
            ["openat", "openat2", "renameat", "unlinkat", "mkdirat", "symlinkat", "linkat", "connect", "bind"]
        {
            assert!(uring::TABLE.iter().any(|row| row.signature.name == name), "{name} is no operation");
            assert!(known.of(name).is_some(), "{name}");
        }
    }

    #[test]
    fn what_is_not_audited_does_not_stop() {
        let wanted = wanted();
        let has = |name: &str| wanted.has(Abi::X86_64, numbers::number(Abi::X86_64, name).unwrap());
        assert!(has("openat") && has("execve") && has("io_uring_enter"));
        assert!(!has("read") && !has("close") && !has("stat") && !has("mmap") && !has("recvmsg"));
        assert!(wanted.has(Abi::I386, numbers::number(Abi::I386, "socketcall").unwrap()));
    }
}
