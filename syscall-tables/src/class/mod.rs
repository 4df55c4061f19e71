//! Classes of syscalls, as `-e trace=%file` selects them.
//!
//! Knows which class holds which name; selects nothing itself. Source of the membership: the behaviour of
//! strace 6.1, so that a filter selects the same calls.

use crate::abi::numbers;
use std::ops::{BitOr, BitOrAssign};

mod class_table;

/// A set of syscall classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Class(u32);

impl Class {
    /// No class.
    pub const NONE: Self = Self(0);
    /// `%file`: takes a file name.
    pub const FILE: Self = Self(1);
    /// `%desc`: takes or makes a file descriptor.
    pub const DESC: Self = Self(1 << 1);
    /// `%memory`: maps memory or sets its policy.
    pub const MEMORY: Self = Self(1 << 2);
    /// `%process`: life and death of processes.
    pub const PROCESS: Self = Self(1 << 3);
    /// `%network`, `%net`: sockets.
    pub const NETWORK: Self = Self(1 << 4);
    /// `%signal`: signals.
    pub const SIGNAL: Self = Self(1 << 5);
    /// `%ipc`: System V IPC.
    pub const IPC: Self = Self(1 << 6);
    /// `%creds`: user and group ids and capabilities.
    pub const CREDS: Self = Self(1 << 7);
    /// `%stat`: variants of stat(2).
    pub const STAT: Self = Self(1 << 8);
    /// `%lstat`: variants of lstat(2).
    pub const LSTAT: Self = Self(1 << 9);
    /// `%fstat`: variants of fstat(2), fstatat(2) and statx(2).
    pub const FSTAT: Self = Self(1 << 10);
    /// `%%stat`: everything that asks for the status of a file.
    pub const STAT_LIKE: Self = Self(1 << 11);
    /// `%statfs`: variants of statfs(2).
    pub const STATFS: Self = Self(1 << 12);
    /// `%fstatfs`: variants of fstatfs(2).
    pub const FSTATFS: Self = Self(1 << 13);
    /// `%%statfs`: everything that asks for the status of a file system.
    pub const STATFS_LIKE: Self = Self(1 << 14);
    /// `%clock`: reads or sets a clock.
    pub const CLOCK: Self = Self(1 << 15);
    /// `%pure`: always succeeds and takes no argument.
    pub const PURE: Self = Self(1 << 16);

    /// Both sets together; `|` for constants.
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the sets share a class.
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether every class of `other` is in this set.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether the set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The class of an option name: `%file`, `%%stat`, and for the classes that older versions spelled without a
    /// percent sign also `file`. `stat` without one is the syscall.
    pub fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(option, _)| *option == name).map(|(_, class)| *class)
    }

    /// Every option name and its class. The first name of a class is the preferred one.
    pub fn names() -> impl Iterator<Item = (&'static str, Self)> {
        NAMES.iter().copied()
    }
}

impl BitOr for Class {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.or(other)
    }
}

impl BitOrAssign for Class {
    fn bitor_assign(&mut self, other: Self) {
        *self = self.or(other);
    }
}

static NAMES: [(&str, Class); 25] = [
    ("%file", Class::FILE),
    ("%desc", Class::DESC),
    ("%memory", Class::MEMORY),
    ("%process", Class::PROCESS),
    ("%network", Class::NETWORK),
    ("%net", Class::NETWORK),
    ("%signal", Class::SIGNAL),
    ("%ipc", Class::IPC),
    ("%creds", Class::CREDS),
    ("%stat", Class::STAT),
    ("%lstat", Class::LSTAT),
    ("%fstat", Class::FSTAT),
    ("%%stat", Class::STAT_LIKE),
    ("%statfs", Class::STATFS),
    ("%fstatfs", Class::FSTATFS),
    ("%%statfs", Class::STATFS_LIKE),
    ("%clock", Class::CLOCK),
    ("%pure", Class::PURE),
    ("file", Class::FILE),
    ("desc", Class::DESC),
    ("memory", Class::MEMORY),
    ("process", Class::PROCESS),
    ("network", Class::NETWORK),
    ("signal", Class::SIGNAL),
    ("ipc", Class::IPC),
];

/// The classes of the syscall called `name`, the same on every ABI that has it; none for an unknown name. Covers the
/// calls inside i386 `socketcall` and `ipc` too.
pub fn membership(name: &str) -> Class {
    let name = numbers::plain(name);
    class_table::ROWS
        .binary_search_by(|(row, _)| (*row).cmp(name))
        .ok()
        .and_then(|index| class_table::ROWS.get(index))
        .map_or(Class::NONE, |(_, class)| *class)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::abi::Abi;

    #[test]
    fn table_is_sorted_and_covers_every_name() {
        assert!(class_table::ROWS.is_sorted_by(|a, b| a.0 < b.0));
        for abi in Abi::ALL {
            for (nr, name) in numbers::names(abi).map(|(nr, name)| (nr, numbers::plain(name))) {
                assert!(class_table::ROWS.iter().any(|(row, _)| *row == name), "{abi:?} {nr} {name}");
            }
        }
        println!("{} names", class_table::ROWS.len());
    }

    #[test]
    fn members_as_strace_selects_them() {
        let all = |classes: &[Class]| classes.iter().fold(Class::NONE, |sum, class| sum | *class);
        for (name, classes) in [
            ("openat", &[Class::FILE, Class::DESC][..]),
            ("newfstatat", &[Class::FILE, Class::DESC, Class::FSTAT, Class::STAT_LIKE]),
            ("statx", &[Class::FILE, Class::DESC, Class::FSTAT, Class::STAT_LIKE]),
            ("stat", &[Class::FILE, Class::STAT, Class::STAT_LIKE]),
            ("ustat", &[Class::STATFS_LIKE]),
            ("exit_group", &[Class::PROCESS]),
            ("kill", &[Class::PROCESS, Class::SIGNAL]),
            ("getpid", &[Class::PURE]),
            ("shmat", &[Class::IPC, Class::MEMORY]),
            ("sendfile", &[Class::DESC, Class::NETWORK]),
            ("send", &[Class::NETWORK]),
            ("socketcall", &[Class::DESC]),
            ("ipc", &[Class::IPC]),
            ("prctl", &[Class::CREDS]),
            ("fchmodat2", &[Class::FILE, Class::DESC]),
            ("futex", &[]),
            ("no_such_call", &[]),
        ] {
            assert_eq!(membership(name), all(classes), "{name}");
        }
    }

    #[test]
    fn option_names() {
        assert_eq!(Class::named("%net"), Class::named("network"));
        assert_eq!(Class::named("%%stat"), Some(Class::STAT_LIKE));
        for unknown in ["net", "stat", "creds", "clock", "pure", "%%lstat", "%", "", "%all"] {
            assert_eq!(Class::named(unknown), None, "{unknown}");
        }
        for (name, class) in Class::names() {
            assert_eq!(Class::named(name), Some(class));
        }
    }
}
