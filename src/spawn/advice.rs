//! What a person can do about an error of a step. Rows: step, errno, advice.

use super::step::Step;

impl Step {
    /// What a person can do about `errno` of this step; empty when the sentence says it all.
    pub fn advice(&self, errno: i32) -> &'static str {
        let tables = [ids, mounts, terminal_and_limits, exec];
        tables.iter().map(|table| table(self, errno)).find(|text| !text.is_empty()).unwrap_or("")
    }
}

fn ids(step: &Step, errno: i32) -> &'static str {
    match (step, errno) {
        (Step::SetGroups(_), libc::EPERM) => {
            "inside a user namespace setgroups must be allowed (--setgroups allow) and the groups mapped; outside it needs CAP_SETGID"
        }
        (Step::SetGid(_) | Step::SetUid(_), libc::EPERM) => {
            "changing ids needs root, or a user namespace that maps them (--map-root)"
        }
        (Step::SetGid(_) | Step::SetUid(_), libc::EINVAL) => {
            "the id is not mapped in the user namespace: add it with --map-uid and --map-gid"
        }
        (Step::SetUid(_), libc::EAGAIN) => "the user has reached its limit of processes (RLIMIT_NPROC)",
        (Step::Unshare(bits), libc::EPERM) if bits & 0x1000_0000 == 0 => {
            "new namespaces need CAP_SYS_ADMIN: run as root or add --unshare user --map-root"
        }
        (Step::Unshare(_), libc::EPERM) => {
            "user namespaces are not allowed here (a sysctl, an LSM or a chroot forbids them)"
        }
        (Step::Unshare(_), libc::ENOSPC) => "the limit of namespaces is reached: see /proc/sys/user",
        (Step::WriteProc { .. }, libc::EPERM) => {
            "a map that the child writes itself, late, may hold only its own id, once, with setgroups denied"
        }
        (Step::Ambient(_), libc::EPERM) => "the capability must be in the bounding and permitted sets",
        (Step::SetCapabilities { .. }, libc::EPERM) => "a capability to be added is not in the permitted set",
        (Step::DropBounding(_) | Step::SecureBits(_), libc::EPERM) => "it needs CAP_SETPCAP",
        _ => "",
    }
}

fn mounts(step: &Step, errno: i32) -> &'static str {
    match (step, errno) {
        (
            Step::OpenTree { .. }
            | Step::Attach { .. }
            | Step::NewFilesystem { .. }
            | Step::Attributes { .. },
            libc::ENOSYS,
        ) => "mounts of a launch need Linux 5.12",
        (Step::NewFilesystem { kind, .. }, libc::EPERM)
            if kind.as_bytes() == b"proc" || kind.as_bytes() == b"sysfs" =>
        {
            "in a user namespace the kernel wants a new pid (proc) or net (sysfs) namespace, and a complete one visible outside"
        }
        (
            Step::NewFilesystem { .. }
            | Step::OpenTree { .. }
            | Step::Attach { .. }
            | Step::PrivateMounts
            | Step::ReadonlyPath(_),
            libc::EPERM,
        ) => "mounting needs CAP_SYS_ADMIN: run as root or add --unshare user --map-root",
        (Step::NewFilesystem { .. }, libc::ENODEV) => {
            "the kernel has no such filesystem: see /proc/filesystems"
        }
        (Step::NewFilesystem { .. }, libc::EINVAL) => "the filesystem refuses an option or a value",
        (Step::Chroot(_), libc::EPERM) => {
            "chroot needs CAP_SYS_CHROOT: run as root or add --unshare user --map-root"
        }
        _ => "",
    }
}

fn terminal_and_limits(step: &Step, errno: i32) -> &'static str {
    match (step, errno) {
        (Step::Limit { .. }, libc::EPERM) => "a hard limit is raised only with CAP_SYS_RESOURCE",
        (Step::Nice(_), libc::EACCES | libc::EPERM) => "a lower nice value needs CAP_SYS_NICE",
        (Step::Affinity(_), libc::EINVAL) => "none of these CPUs is there",
        (Step::NewSession, libc::EPERM) => "it leads a process group already",
        (Step::ProcessGroup(_), libc::EPERM) => "the group must exist in the same session",
        (Step::Foreground(_) | Step::ReleaseTerminal, libc::ENOTTY) => {
            "the descriptor is not the controlling terminal of the session"
        }
        (Step::ControllingTerminal(_), libc::ENOTTY) => "the descriptor is no terminal",
        (Step::ControllingTerminal(_), libc::EPERM) => "the terminal belongs to another session",
        (Step::MoveDescriptors { .. } | Step::PlaceDescriptors(_), libc::EBADF) => {
            "a source is not open, or a number is above the limit of open files"
        }
        (Step::MoveDescriptors { .. } | Step::PlaceDescriptors(_), libc::EINVAL) => {
            "a number is above the limit of open files (RLIMIT_NOFILE)"
        }
        (Step::TraceMe, libc::EPERM) => {
            "it is traced already, or a container forbids ptrace (add SYS_PTRACE)"
        }
        (Step::Seccomp { .. }, libc::EINVAL) => "the kernel refuses the filter",
        _ => "",
    }
}

fn exec(step: &Step, errno: i32) -> &'static str {
    match (step, errno) {
        (Step::Exec(_) | Step::ExecFd { .. }, libc::ENOEXEC) => {
            "it is neither a binary for this machine nor a script with '#!'"
        }
        (Step::Exec(_), libc::ENOENT) => {
            "the file, its interpreter ('#!' line) or its loader is not there in the new root"
        }
        (Step::ExecFd { .. }, libc::ENOENT) => "the loader or interpreter is not there in the new root",
        (Step::Exec(_) | Step::ExecFd { .. }, libc::EACCES) => {
            "it must be a regular file with execute permission, on a mount without noexec"
        }
        (Step::Exec(_) | Step::ExecFd { .. }, libc::E2BIG) => {
            "arguments and environment are too long together: see ARG_MAX in execve(2)"
        }
        (Step::Exec(_) | Step::ExecFd { .. }, libc::ETXTBSY) => "the file is still open for writing",
        _ => "",
    }
}
