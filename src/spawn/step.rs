//! The steps of the child, in order: what each does, how it reads, and what helps when it fails.
//!
//! A step owns everything it needs, laid out before the fork. [`super::child`] runs steps, [`super::compile`]
//! makes them from a plan, and their `Display` is both the dry run's line and the head of an error.

use std::ffi::CString;
use std::fmt;
use std::os::fd::RawFd;

use super::caps::{self, CapSet};
use super::error::shown;
use super::plan::Traced;
use crate::sys::signal::Mask;

/// One step of the child.
#[derive(Debug, Clone)]
pub enum Step {
    /// PR_SET_KEEPCAPS, so that capabilities outlive the change of user.
    KeepCapabilities,
    /// Waits until the parent has written the id maps and put the child into its cgroup.
    AwaitParent,
    /// setsid(2).
    NewSession,
    /// setpgid(2) to this group, 0 for its own.
    ProcessGroup(i32),
    /// TIOCSPGRP on a descriptor of the parent, while every signal is still blocked.
    Foreground(RawFd),
    /// Signal dispositions and mask as the parent had them at its own start.
    Signals(Mask),
    /// setpriority(2).
    Nice(i32),
    /// sched_setaffinity(2), the kernel's bit mask.
    Affinity(Vec<u64>),
    /// unshare(2) with these flags.
    Unshare(u64),
    /// One write of a whole small file of /proc/self: `setgroups`, `gid_map`, `uid_map`, `timens_offsets`.
    WriteProc {
        /// The file's path.
        path: CString,
        /// What is written.
        text: Vec<u8>,
    },
    /// Every mount becomes private, so that none shows up outside.
    PrivateMounts,
    /// umask(2) 0 while directories are made; `false` sets it back.
    OpenUmask(bool),
    /// Opens a copy of the tree at a path for `slot`.
    OpenTree {
        /// Where its descriptor is kept.
        slot: usize,
        /// The source.
        source: CString,
    },
    /// Makes a filesystem for `slot`.
    NewFilesystem {
        /// Where its descriptor is kept.
        slot: usize,
        /// Type.
        kind: CString,
        /// Options; one without a value is a flag.
        options: Vec<(CString, Option<CString>)>,
    },
    /// Sets MOUNT_ATTR_* on the tree of `slot`.
    Attributes {
        /// Whose.
        slot: usize,
        /// The bits.
        set: u64,
        /// Where it will be mounted, for messages.
        target: CString,
    },
    /// Mounts `slot` at a path and makes it the root; the old root is detached.
    PivotRoot {
        /// The new root.
        slot: usize,
        /// Where it is mounted for the moment.
        at: CString,
    },
    /// chroot(2), then chdir to the new root.
    Chroot(CString),
    /// Makes the directories of a target, and a file where a file is to be mounted.
    MakeTarget {
        /// What will be mounted there.
        slot: usize,
        /// Every directory above the target, from the top.
        above: Vec<CString>,
        /// The target.
        target: CString,
    },
    /// Mounts `slot` on a path.
    Attach {
        /// What.
        slot: usize,
        /// Where.
        target: CString,
    },
    /// Covers a path with the tree of `null` (a file) or of `empty` (a directory).
    MaskPath {
        /// The path.
        path: CString,
        /// A copy of /dev/null.
        null: usize,
        /// An empty tmpfs.
        empty: usize,
    },
    /// Makes a path and all below read-only.
    ReadonlyPath(CString),
    /// The same for the root itself, without what is mounted below.
    ReadonlyRoot,
    /// sethostname(2).
    HostName(Vec<u8>),
    /// setdomainname(2).
    DomainName(Vec<u8>),
    /// Interface `lo` up.
    Loopback,
    /// setgroups(2).
    SetGroups(Vec<u32>),
    /// setgid(2).
    SetGid(u32),
    /// setuid(2).
    SetUid(u32),
    /// Takes the permitted capabilities into effect again after the change of user.
    RaiseKept,
    /// chdir(2).
    WorkDir(CString),
    /// PR_SET_PDEATHSIG; when the parent has died already the signal is sent at once.
    DeathSignal {
        /// The signal.
        signo: i32,
        /// The child sees its parent's pid, so that it can compare.
        same_pids: bool,
    },
    /// Pass 1 of the descriptors: whatever stands in the way is moved above the highest target.
    MoveDescriptors {
        /// Child's number, parent's descriptor.
        map: Vec<(RawFd, Option<RawFd>)>,
        /// The first free number above every target and source.
        above: RawFd,
    },
    /// Pass 2: each descriptor gets its number; -1 closes it.
    PlaceDescriptors(Vec<(RawFd, Option<RawFd>)>),
    /// Marks a range of descriptors close-on-exec.
    CloseRange(u32, u32),
    /// TIOCNOTTY on descriptor 0.
    ReleaseTerminal,
    /// TIOCSCTTY on a descriptor of the child.
    ControllingTerminal(RawFd),
    /// prlimit64(2).
    Limit {
        /// RLIMIT_*.
        resource: u32,
        /// Its name.
        name: &'static str,
        /// Soft limit.
        soft: u64,
        /// Hard limit, `None` to keep it.
        hard: Option<u64>,
    },
    /// personality(2).
    Personality(u64),
    /// PR_SET_NO_NEW_PRIVS.
    NoNewPrivs,
    /// PR_SET_SECUREBITS.
    SecureBits(u32),
    /// PR_CAPBSET_DROP of each.
    DropBounding(CapSet),
    /// capset(2): permitted and effective become `(permitted & keep & !drop) | add`, inheritable gets `add`.
    SetCapabilities {
        /// Taken out.
        drop: CapSet,
        /// Put in.
        add: CapSet,
        /// Nothing but `add` stays: the user changed to one who is not root.
        only: bool,
        /// Stays, where it is permitted, until execve takes it: loading a filter needs it.
        hold: CapSet,
    },
    /// PR_CAP_AMBIENT_RAISE.
    Ambient(u32),
    /// Tells the parent that everything is set up, and waits for its word.
    Synchronize,
    /// PTRACE_TRACEME.
    TraceMe,
    /// SIGSTOP to itself, the handshake with the tracer.
    Stop,
    /// Loads the filter; sets no_new_privs first where the kernel asks for it.
    Seccomp {
        /// The program.
        insns: Vec<super::plan::FilterInsn>,
        /// SECCOMP_FILTER_FLAG_*.
        flags: u64,
    },
    /// execve(2) of a path.
    Exec(CString),
    /// execveat(2) of a descriptor.
    ExecFd {
        /// The parent's descriptor.
        fd: RawFd,
        /// It stays open in the program, as an interpreter has to open it again.
        keep: bool,
    },
}

/// Names of the CLONE_* bits that unshare takes.
const UNSHARE_NAMES: &[(u64, &str)] = &[
    (0x1000_0000, "user"),
    (0x2000_0000, "pid"),
    (0x0002_0000, "mount"),
    (0x4000_0000, "net"),
    (0x0400_0000, "uts"),
    (0x0800_0000, "ipc"),
    (0x0200_0000, "cgroup"),
    (0x80, "time"),
    (0x200, "fs"),
    (0x400, "files"),
    (0x4_0000, "sysvsem"),
];

fn flags(bits: u64) -> String {
    let mut names: Vec<String> =
        UNSHARE_NAMES.iter().filter(|(bit, _)| bits & bit != 0).map(|(_, name)| (*name).to_owned()).collect();
    let rest = UNSHARE_NAMES.iter().fold(bits, |rest, (bit, _)| rest & !bit);
    if rest != 0 {
        names.push(format!("{rest:#x}"));
    }
    names.join(",")
}

fn limit(value: u64) -> String {
    if value == u64::MAX { "unlimited".to_owned() } else { value.to_string() }
}

fn mount_options(options: &[(CString, Option<CString>)]) -> String {
    let one = |(name, value): &(CString, Option<CString>)| match value {
        Some(value) => format!("{}={}", shown(name.as_bytes()), shown(value.as_bytes())),
        None => shown(name.as_bytes()),
    };
    let list: Vec<String> = options.iter().map(one).collect();
    if list.is_empty() { String::new() } else { format!(" with {}", list.join(",")) }
}

fn placed(map: &[(RawFd, Option<RawFd>)]) -> String {
    let one = |&(to, from): &(RawFd, Option<RawFd>)| match from {
        Some(from) => format!("{to}={from}"),
        None => format!("{to} closed"),
    };
    map.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn capabilities(drop: CapSet, add: CapSet, only: bool) -> String {
    let base = match only {
        true => "none".to_owned(),
        false if drop == CapSet::all() => "none".to_owned(),
        false if drop.0 != 0 => format!("all but {drop}"),
        false => "as they are".to_owned(),
    };
    if add.0 != 0 { format!("{base}, and {add}") } else { base }
}

impl fmt::Display for Step {
    #[rustfmt::skip]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let show = |s: &CString| shown(s.as_bytes());
        match self {
            Self::KeepCapabilities => f.write_str("keep capabilities over the change of user"),
            Self::AwaitParent => f.write_str("wait until the parent has mapped the ids and joined the cgroup"),
            Self::NewSession => f.write_str("start a new session"),
            Self::ProcessGroup(0) => f.write_str("start a new process group"),
            Self::ProcessGroup(pgid) => write!(f, "join process group {pgid}"),
            Self::Foreground(fd) => write!(f, "take the foreground of the terminal on descriptor {fd}"),
            Self::Signals(_) => f.write_str("restore signal dispositions and mask"),
            Self::Nice(nice) => write!(f, "set the nice value to {nice}"),
            Self::Affinity(_) => f.write_str("set the CPU affinity"),
            Self::Unshare(bits) => write!(f, "unshare {}", flags(*bits)),
            Self::WriteProc { path, text } =>
                write!(f, "write '{}' to {}", String::from_utf8_lossy(text).trim_end_matches(['\n', '\0']).replace('\n', ", "), show(path)),
            Self::PrivateMounts => f.write_str("make every mount private"),
            Self::OpenUmask(true) => f.write_str("clear the umask"),
            Self::OpenUmask(false) => f.write_str("restore the umask"),
            Self::OpenTree { source, .. } => write!(f, "open the tree at '{}'", show(source)),
            Self::NewFilesystem { kind, options, .. } => write!(f, "make a {} filesystem{}", show(kind), mount_options(options)),
            Self::Attributes { set, target, .. } => write!(f, "set mount attributes {set:#x} for '{}'", show(target)),
            Self::PivotRoot { at, .. } => write!(f, "pivot the root, mounted at '{}', and detach the old one", show(at)),
            Self::Chroot(dir) => write!(f, "chroot to '{}'", show(dir)),
            Self::MakeTarget { target, .. } => write!(f, "make the mount point '{}'", show(target)),
            Self::Attach { target, .. } => write!(f, "mount it on '{}'", show(target)),
            Self::MaskPath { path, .. } => write!(f, "mask '{}'", show(path)),
            Self::ReadonlyPath(path) => write!(f, "make '{}' read-only", show(path)),
            Self::ReadonlyRoot => f.write_str("make the root read-only"),
            Self::HostName(name) => write!(f, "set the host name to '{}'", shown(name)),
            Self::DomainName(name) => write!(f, "set the domain name to '{}'", shown(name)),
            Self::Loopback => f.write_str("bring the loopback device up"),
            Self::SetGroups(groups) if groups.is_empty() => f.write_str("drop the supplementary groups"),
            Self::SetGroups(groups) => write!(f, "set the supplementary groups to {groups:?}"),
            Self::SetGid(gid) => write!(f, "set the group id to {gid}"),
            Self::SetUid(uid) => write!(f, "set the user id to {uid}"),
            Self::RaiseKept => f.write_str("take the kept capabilities into effect"),
            Self::WorkDir(dir) => write!(f, "change the directory to '{}'", show(dir)),
            Self::DeathSignal { signo: 0, .. } => f.write_str("ask for no signal at the parent's death"),
            Self::DeathSignal { signo, .. } => write!(f, "ask for signal {signo} at the parent's death"),
            Self::MoveDescriptors { .. } => f.write_str("move descriptors out of the way"),
            Self::PlaceDescriptors(map) => write!(f, "place descriptors {}", placed(map)),
            Self::CloseRange(from, u32::MAX) => write!(f, "close descriptors from {from} at exec"),
            Self::CloseRange(from, to) => write!(f, "close descriptors {from} to {to} at exec"),
            Self::ReleaseTerminal => f.write_str("give up the controlling terminal of descriptor 0"),
            Self::ControllingTerminal(fd) => write!(f, "make the terminal of descriptor {fd} the controlling one"),
            Self::Limit { name, soft, hard, .. } => {
                write!(f, "limit {name} to {}", limit(*soft))?;
                hard.map_or(Ok(()), |hard| write!(f, " (hard {})", limit(hard)))
            }
            Self::Personality(bits) => write!(f, "set the personality to {bits:#x}"),
            Self::NoNewPrivs => f.write_str("set no_new_privs"),
            Self::SecureBits(bits) => write!(f, "set the securebits to {bits:#x}"),
            Self::DropBounding(set) => write!(f, "drop from the bounding set: {set}"),
            Self::SetCapabilities { drop, add, only, .. } => write!(f, "set the capabilities: {}", capabilities(*drop, *add, *only)),
            Self::Ambient(number) => write!(f, "raise {} in the ambient set", caps::name(*number)),
            Self::Synchronize => f.write_str("wait for the parent's word"),
            Self::TraceMe => f.write_str("PTRACE_TRACEME"),
            Self::Stop => f.write_str("stop until the tracer lets go"),
            Self::Seccomp { insns, .. } => write!(f, "load the seccomp filter of {} instructions", insns.len()),
            Self::Exec(path) => write!(f, "execute '{}'", show(path)),
            Self::ExecFd { fd, .. } => write!(f, "execute descriptor {fd}"),
        }
    }
}

impl Step {
    /// The system calls of a step that makes several, for the detail of its error.
    pub fn calls(&self) -> &'static [&'static str] {
        match self {
            Self::WriteProc { .. } => &["open", "write"],
            Self::NewFilesystem { .. } => &["fsopen", "fsconfig", "create", "fsmount"],
            Self::PivotRoot { .. } => &["move_mount", "fchdir", "pivot_root", "umount", "chdir"],
            Self::Chroot(_) => &["chroot", "chdir"],
            Self::MakeTarget { .. } => &["fstat", "mkdir", "create"],
            Self::MaskPath { .. } => &["file", "directory"],
            Self::ReadonlyPath(_) => &["open_tree", "mount_setattr", "move_mount"],
            Self::Loopback => &["socket", "SIOCSIFFLAGS"],
            Self::SetCapabilities { .. } | Self::RaiseKept => &["capget", "capset"],
            Self::Seccomp { .. } => &["seccomp", "no_new_privs", "seccomp"],
            _ => &[],
        }
    }
}

/// The stop that a plan's tracing ends with.
pub(super) fn tracing(traced: Traced) -> &'static [Step] {
    const NONE: &[Step] = &[];
    const AT_EXEC: &[Step] = &[Step::TraceMe];
    const BEFORE: &[Step] = &[Step::TraceMe, Step::Stop];
    match traced {
        Traced::No => NONE,
        Traced::AtExec => AT_EXEC,
        Traced::BeforeExec => BEFORE,
    }
}
