//! The kinds of namespaces, by the names that unshare(1) and namespaces(7) use.

use std::fmt;

/// A set of namespace kinds, as CLONE_NEW* bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Namespaces(u64);

/// Name, other accepted names, bit, and the file in /proc/PID/ns.
const KINDS: &[(&str, &[&str], u64, &str)] = &[
    ("user", &["u", "newuser"], 0x1000_0000, "user"),
    ("pid", &["p", "newpid"], 0x2000_0000, "pid"),
    ("mount", &["mnt", "m", "newns"], 0x0002_0000, "mnt"),
    ("net", &["network", "n", "newnet"], 0x4000_0000, "net"),
    ("uts", &["newuts"], 0x0400_0000, "uts"),
    ("ipc", &["i", "newipc"], 0x0800_0000, "ipc"),
    ("cgroup", &["c", "newcgroup"], 0x0200_0000, "cgroup"),
    ("time", &["t", "newtime"], 0x0000_0080, "time"),
];

impl Namespaces {
    /// None.
    pub const NONE: Self = Self(0);
    /// User and group ids, capabilities.
    pub const USER: Self = Self(0x1000_0000);
    /// Process ids.
    pub const PID: Self = Self(0x2000_0000);
    /// Mount points.
    pub const MOUNT: Self = Self(0x0002_0000);
    /// Network devices, addresses, ports.
    pub const NET: Self = Self(0x4000_0000);
    /// Host and domain name.
    pub const UTS: Self = Self(0x0400_0000);
    /// System V IPC, POSIX message queues.
    pub const IPC: Self = Self(0x0800_0000);
    /// The cgroup root.
    pub const CGROUP: Self = Self(0x0200_0000);
    /// Boot and monotonic clocks.
    pub const TIME: Self = Self(0x0000_0080);

    /// The CLONE_NEW* bits.
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Exactly these CLONE_NEW* bits; others are dropped.
    pub fn from_bits(bits: u64) -> Self {
        Self(KINDS.iter().fold(0, |all, kind| all | kind.2) & bits)
    }

    /// Whether all of `other` are in it.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Without those of `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The files of /proc/PID/ns that belong to it.
    pub fn files(self) -> impl Iterator<Item = &'static str> {
        KINDS.iter().filter(move |kind| self.0 & kind.2 != 0).map(|kind| kind.3)
    }

    /// A list such as `user,pid,mount`; `all` is every kind.
    ///
    /// # Errors
    /// The name that is none.
    pub fn parse(list: &str) -> Result<Self, String> {
        let mut set = Self::NONE;
        for name in list.split(',').filter(|name| !name.is_empty()) {
            if name == "all" {
                set = Self::from_bits(u64::MAX);
                continue;
            }
            let kind = KINDS.iter().find(|kind| kind.0 == name || kind.1.contains(&name));
            let kind = kind.ok_or_else(|| {
                let names: Vec<&str> = KINDS.iter().map(|kind| kind.0).collect();
                format!("unknown namespace '{name}': {} or all", names.join(", "))
            })?;
            set.0 |= kind.2;
        }
        Ok(set)
    }
}

impl fmt::Display for Namespaces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = KINDS.iter().filter(|kind| self.0 & kind.2 != 0).map(|kind| kind.0).collect();
        f.write_str(&names.join(","))
    }
}
