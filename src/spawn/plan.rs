//! The launch plan: everything a program is to be started with, as plain data.
//!
//! A plan does nothing. [`super::check`] says what is wrong with it, [`super::compile`] turns it into
//! the ordered steps of the child, [`super::start`] runs them.

use std::ffi::OsString;
use std::os::fd::RawFd;
use std::path::PathBuf;

use super::caps::CapSet;
use super::idmap::Range;
use super::namespaces::Namespaces;
use crate::sys::signal::Mask;

/// The file to execute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Program {
    /// By path, resolved after every change of root and directory.
    Path(PathBuf),
    /// By an open descriptor of the parent (execveat(2) with AT_EMPTY_PATH); a memfd works.
    Fd(RawFd),
}

/// Ids to run with, set in the order groups, gid, uid.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    /// User id; `None` leaves it.
    pub uid: Option<u32>,
    /// Group id; `None` leaves it.
    pub gid: Option<u32>,
    /// What becomes of the supplementary groups.
    pub groups: Groups,
}

/// Supplementary groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Groups {
    /// Exactly these. Where setgroups is denied by a user namespace, an empty list is left out.
    Set(Vec<u32>),
    /// Those of the parent.
    Keep,
}

impl Default for Groups {
    fn default() -> Self {
        Self::Set(Vec::new())
    }
}

/// Id maps of a new user namespace.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IdMaps {
    /// Ranges of user ids.
    pub uid: Vec<Range>,
    /// Ranges of group ids.
    pub gid: Vec<Range>,
    /// Whether setgroups(2) stays allowed inside; an unprivileged parent can only deny it.
    pub setgroups: bool,
}

/// Session, process group and terminal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terminal {
    /// Lead a new session.
    pub setsid: bool,
    /// Join this process group, 0 for one of its own.
    pub pgid: Option<i32>,
    /// Make the process group the foreground one of the terminal behind this descriptor of the PARENT.
    pub foreground: Option<RawFd>,
    /// Make the terminal behind this descriptor of the CHILD the controlling one; needs `setsid`.
    pub controlling: Option<RawFd>,
    /// Give up the controlling terminal behind descriptor 0 of the child.
    pub release: bool,
}

/// Descriptors of the child.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Descriptors {
    /// Child's number and the parent's descriptor that becomes it; `None` closes the number.
    pub map: Vec<(RawFd, Option<RawFd>)>,
    /// Close everything above 2 that `map` does not name, whatever its close-on-exec flag says.
    pub only_listed: bool,
}

/// Capabilities of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Capabilities {
    /// Taken out of the bounding, permitted, effective and inheritable sets.
    pub drop: CapSet,
    /// Kept in spite of `drop`, and put into permitted, effective and inheritable.
    pub add: CapSet,
    /// Added as `add`, and raised in the ambient set, so that they outlive execve of a user other than root.
    pub ambient: CapSet,
    /// SECBIT_* to set, 0 for none.
    pub securebits: u32,
}

/// What a mount is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MountKind {
    /// A directory or file of the parent's tree, with what is mounted below it.
    Bind(PathBuf),
    /// A new filesystem: type (`tmpfs`, `proc`, `sysfs`, `overlay`, …) and its options; an option
    /// without a value is a flag.
    Fs {
        /// As in /proc/filesystems.
        kind: String,
        /// As after `mount -o`.
        options: Vec<(String, Option<OsString>)>,
    },
}

/// One mount. Its source is opened before the root changes, its target is looked up after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// What.
    pub kind: MountKind,
    /// Where, absolute; missing directories (and a file for a file) are made.
    pub target: PathBuf,
    /// MOUNT_ATTR_* to set (`RDONLY`, `NOSUID`, …); flags that a user namespace locks stay as they are.
    pub attributes: u64,
}

/// MOUNT_ATTR_RDONLY.
pub const RDONLY: u64 = 0x1;
/// MOUNT_ATTR_NOSUID.
pub const NOSUID: u64 = 0x2;
/// MOUNT_ATTR_NODEV.
pub const NODEV: u64 = 0x4;
/// MOUNT_ATTR_NOEXEC.
pub const NOEXEC: u64 = 0x8;

/// A new root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Root {
    /// chroot(2): cheap, and no wall against root.
    Chroot(PathBuf),
    /// pivot_root(2) onto this directory; the old root is gone afterwards.
    Pivot {
        /// The new root; `None` for an empty tmpfs.
        dir: Option<PathBuf>,
        /// Make it read-only once everything is mounted.
        readonly: bool,
    },
}

/// Mounts, roots and names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filesystem {
    /// In this order.
    pub mounts: Vec<Mount>,
    /// Covered by /dev/null or an empty read-only tmpfs; those that do not exist are passed over.
    pub masked: Vec<PathBuf>,
    /// Made read-only with all below; those that do not exist are passed over.
    pub readonly: Vec<PathBuf>,
    /// A new root.
    pub root: Option<Root>,
}

/// One resource limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rlimit {
    /// RLIMIT_*.
    pub resource: u32,
    /// Soft limit; `u64::MAX` is no limit.
    pub soft: u64,
    /// Hard limit; `None` keeps it.
    pub hard: Option<u64>,
}

/// Offsets of a new time namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeOffset {
    /// CLOCK_MONOTONIC (1) or CLOCK_BOOTTIME (7).
    pub clock: i32,
    /// Seconds.
    pub seconds: i64,
    /// Nanoseconds, 0 to 999,999,999.
    pub nanoseconds: u32,
}

/// How far the program is traced when the launch returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Traced {
    /// Not at all.
    #[default]
    No,
    /// PTRACE_TRACEME: it stops with SIGTRAP at its execve.
    AtExec,
    /// PTRACE_TRACEME and SIGSTOP: it stops before the filter and execve; the launch returns then.
    BeforeExec,
}

/// One instruction of a seccomp filter, laid out as struct sock_filter of linux/filter.h.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FilterInsn {
    /// Operation.
    pub code: u16,
    /// Instructions to skip when a comparison holds.
    pub jt: u8,
    /// Instructions to skip when it does not.
    pub jf: u8,
    /// Operand.
    pub k: u32,
}

/// What is to be started, and how. Start from [`Plan::new`] and change fields.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The file to execute.
    pub program: Program,
    /// Its arguments, the name first.
    pub argv: Vec<OsString>,
    /// Its environment, as `NAME=value`; `None` hands on the caller's as it is.
    pub env: Option<Vec<OsString>>,
    /// Its working directory, inside the new root; `None` leaves it, or is `/` in a new root.
    pub workdir: Option<PathBuf>,
    /// The signal mask it starts with; `None` is the launching thread's.
    pub mask: Option<Mask>,
    /// Ids.
    pub identity: Option<Identity>,
    /// Namespaces made with the child. A new pid namespace has the program as its process 1.
    pub namespaces: Namespaces,
    /// Namespaces that the child makes itself, after its ids are mapped.
    pub late: Namespaces,
    /// Other CLONE_* flags for the late unshare (CLONE_FS, CLONE_FILES, CLONE_SYSVSEM).
    pub unshare_flags: u64,
    /// Id maps, with a new user namespace.
    pub maps: Option<IdMaps>,
    /// Effective user that makes the user namespace: it belongs to this user, and counts against its limits.
    /// `None` is the caller; a caller without CAP_SETUID stays itself.
    pub userns_owner: Option<u32>,
    /// Offsets, with a new time namespace.
    pub time_offsets: Vec<TimeOffset>,
    /// Session and terminal.
    pub terminal: Terminal,
    /// Signal at the death of the launching THREAD, see PR_SET_PDEATHSIG of prctl(2): launch from a
    /// thread that lives as long as the program should.
    pub pdeathsig: Option<i32>,
    /// Descriptor of a cgroup v2 directory that the child is born into (CLONE_INTO_CGROUP).
    pub cgroup: Option<RawFd>,
    /// Descriptors.
    pub fds: Descriptors,
    /// Resource limits.
    pub limits: Vec<Rlimit>,
    /// Host name, with a new uts namespace.
    pub hostname: Option<String>,
    /// NIS domain name, with a new uts namespace.
    pub domainname: Option<String>,
    /// Mounts and root.
    pub fs: Filesystem,
    /// Bring the loopback device up, with a new net namespace.
    pub loopback: bool,
    /// Capabilities.
    pub caps: Capabilities,
    /// PR_SET_NO_NEW_PRIVS.
    pub no_new_privs: bool,
    /// A seccomp filter, loaded last. Without CAP_SYS_ADMIN it implies `no_new_privs`.
    pub seccomp: Option<Vec<FilterInsn>>,
    /// SECCOMP_FILTER_FLAG_* of the filter.
    pub seccomp_flags: u64,
    /// personality(2), for example ADDR_NO_RANDOMIZE.
    pub personality: Option<u64>,
    /// CPUs it may run on.
    pub affinity: Option<Vec<usize>>,
    /// Nice value, -20 to 19.
    pub nice: Option<i32>,
    /// Tracing.
    pub traced: Traced,
}

impl Plan {
    /// A plan that runs `program` with the arguments `argv` (the name first) and changes nothing else.
    pub fn new(program: impl Into<PathBuf>, argv: Vec<OsString>) -> Self {
        Self {
            program: Program::Path(program.into()),
            argv,
            env: None,
            workdir: None,
            mask: None,
            identity: None,
            namespaces: Namespaces::NONE,
            late: Namespaces::NONE,
            unshare_flags: 0,
            maps: None,
            userns_owner: None,
            time_offsets: Vec::new(),
            terminal: Terminal::default(),
            pdeathsig: None,
            cgroup: None,
            fds: Descriptors::default(),
            limits: Vec::new(),
            hostname: None,
            domainname: None,
            fs: Filesystem::default(),
            loopback: false,
            caps: Capabilities::default(),
            no_new_privs: false,
            seccomp: None,
            seccomp_flags: 0,
            personality: None,
            affinity: None,
            nice: None,
            traced: Traced::No,
        }
    }

    /// Every namespace that the program will have of its own.
    pub fn all_namespaces(&self) -> Namespaces {
        self.namespaces.with(self.late)
    }
}
