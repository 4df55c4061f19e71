//! Which calls say something of the program, and which of the scheduler or of where memory happened to lie: the
//! tables. Facts are rows; nothing here reads a call.

/// What a call means to a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It is compared in its place, with its result.
    Plain,
    /// Whether and how often it is made is up to the scheduler, or to chance.
    Scheduling,
    /// It waits until something is ready: how often, and what is ready first, is up to the scheduler.
    Polling,
    /// It closes descriptors by their numbers, which other threads move.
    Sweeping,
    /// It manages memory, which depends on the addresses that the kernel chose.
    Memory,
    /// The same where it maps no file: mmap.
    Mapping,
    /// It waits for a child: which of several ends first is up to the scheduler.
    Waiting,
    /// It moves bytes from (`true`) or to a descriptor; how many at a time is up to the other end where that is a
    /// stream.
    Moving(bool),
    /// A thread or process of its own begins.
    Forking,
    /// It enters the rings of io_uring, where that was recorded: what goes over them counts, not with which call.
    Ring,
    /// What signals do from now on, or which are blocked: it counts that it was asked for, not when and how often, since
    /// shells do so for each child that ends.
    Handling,
}

/// Roles by name; all others are plain.
const ROLES: &[(&str, Role)] = &[
    ("futex", Role::Scheduling),
    ("futex_waitv", Role::Scheduling),
    ("futex_time64", Role::Scheduling),
    ("sched_yield", Role::Scheduling),
    ("restart_syscall", Role::Scheduling),
    ("rt_sigreturn", Role::Scheduling),
    ("sigreturn", Role::Scheduling),
    ("rt_sigsuspend", Role::Scheduling),
    ("sigsuspend", Role::Scheduling),
    ("pause", Role::Scheduling),
    ("poll", Role::Polling),
    ("ppoll", Role::Polling),
    ("ppoll_time64", Role::Polling),
    ("select", Role::Polling),
    ("_newselect", Role::Polling),
    ("pselect6", Role::Polling),
    ("pselect6_time64", Role::Polling),
    ("epoll_wait", Role::Polling),
    ("epoll_pwait", Role::Polling),
    ("epoll_pwait2", Role::Polling),
    // glibc makes names up from the clock, and asks for random bytes only where those would not be fair.
    ("getrandom", Role::Scheduling),
    ("close_range", Role::Sweeping),
    ("brk", Role::Memory),
    ("munmap", Role::Memory),
    ("mprotect", Role::Memory),
    ("pkey_mprotect", Role::Memory),
    ("mremap", Role::Memory),
    ("madvise", Role::Memory),
    ("mmap", Role::Mapping),
    ("mmap2", Role::Mapping),
    ("wait4", Role::Waiting),
    ("waitpid", Role::Waiting),
    ("waitid", Role::Waiting),
    ("read", Role::Moving(true)),
    ("readv", Role::Moving(true)),
    ("recvfrom", Role::Moving(true)),
    ("recvmsg", Role::Moving(true)),
    ("pread64", Role::Moving(true)),
    ("getdents64", Role::Moving(true)),
    ("getdents", Role::Moving(true)),
    ("write", Role::Moving(false)),
    ("writev", Role::Moving(false)),
    ("sendto", Role::Moving(false)),
    ("sendmsg", Role::Moving(false)),
    ("io_uring_enter", Role::Ring),
    ("fork", Role::Forking),
    ("vfork", Role::Forking),
    ("clone", Role::Forking),
    ("clone3", Role::Forking),
    ("rt_sigaction", Role::Handling),
    ("sigaction", Role::Handling),
    ("rt_sigprocmask", Role::Handling),
    ("sigprocmask", Role::Handling),
];

/// The role of a call.
pub fn role(name: &str) -> Role {
    ROLES.iter().find(|(known, _)| *known == name).map_or(Role::Plain, |(_, role)| *role)
}

/// Roles of operations of io_uring that no call is called like, or that mean another thing there.
const OPERATIONS: &[(&str, Role)] = &[
    ("poll_add", Role::Polling),
    ("poll_remove", Role::Polling),
    ("timeout", Role::Scheduling),
    ("timeout_remove", Role::Scheduling),
    ("link_timeout", Role::Scheduling),
    ("async_cancel", Role::Scheduling),
    ("futex_wait", Role::Scheduling),
    ("futex_wake", Role::Scheduling),
    ("provide_buffers", Role::Memory),
    ("remove_buffers", Role::Memory),
    ("read_fixed", Role::Moving(true)),
    ("readv_fixed", Role::Moving(true)),
    ("read_multishot", Role::Moving(true)),
    ("recv", Role::Moving(true)),
    ("recv_zc", Role::Moving(true)),
    ("write_fixed", Role::Moving(false)),
    ("writev_fixed", Role::Moving(false)),
    ("send", Role::Moving(false)),
    ("send_zc", Role::Moving(false)),
    ("sendmsg_zc", Role::Moving(false)),
];

/// The role of an operation of io_uring.
pub fn role_of_operation(name: &str) -> Role {
    let own = OPERATIONS.iter().find(|(known, _)| *known == name);
    own.map_or_else(|| role(name), |(_, role)| *role)
}

/// Calls that return the id of a task, which the tables of syscalls have as a plain number.
pub const RETURN_IDS: &[&str] = &["wait4", "waitpid", "set_tid_address"];

/// Calls whose result is a time or a processor.
pub const RETURN_TIMES: &[&str] = &["times", "time", "getcpu", "alarm"];

/// Arguments that mean nothing in another run, by call and index: the kernel writes times, random bytes or how full the
/// machine is in them, or they are numbers of descriptors that nothing is open on.
pub const FLEETING_ARGUMENTS: &[(&str, usize)] = &[
    ("close_range", 0),
    ("close_range", 1),
    ("getrandom", 0),
    ("nanosleep", 1),
    ("clock_nanosleep", 3),
    ("clock_nanosleep_time64", 3),
    ("clock_gettime", 1),
    ("clock_gettime64", 1),
    ("gettimeofday", 0),
    ("getrusage", 1),
    ("times", 0),
    ("time", 0),
    ("sysinfo", 0),
    ("getcpu", 0),
    ("getcpu", 1),
    ("wait4", 1),
    ("wait4", 3),
    ("waitid", 2),
    ("waitid", 4),
    ("getitimer", 1),
    ("setitimer", 2),
    ("timer_gettime", 1),
    ("timerfd_gettime", 1),
    ("get_robust_list", 1),
    // Where the tracer lets a task run for the moment.
    ("sched_getaffinity", 2),
];

/// Members of structs that say when, where on a disk, or how full it is.
pub const FLEETING_FIELDS: &[&str] = &[
    "st_ino",
    "st_dev",
    "st_atime",
    "st_atime_nsec",
    "st_mtime",
    "st_mtime_nsec",
    "st_ctime",
    "st_ctime_nsec",
    "stx_ino",
    "stx_atime",
    "stx_btime",
    "stx_ctime",
    "stx_mtime",
    "stx_mnt_id",
    "stx_dev_major",
    "stx_dev_minor",
    "d_ino",
    "d_off",
    "f_bfree",
    "f_bavail",
    "f_ffree",
    "f_fsid",
    "f_files",
    "si_utime",
    "si_stime",
    "ssi_utime",
    "ssi_stime",
    // The lower half of epoll's u64, which stands beside it.
    "u32",
];

/// Files whose content is another one each time they are read. A `*` stands for the digits of a component.
const FLEETING_FILES: &[&str] = &[
    "/proc/*/",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/loadavg",
    "/proc/uptime",
    "/proc/vmstat",
    "/proc/interrupts",
    "/proc/softirqs",
    "/proc/diskstats",
    "/proc/zoneinfo",
    "/proc/schedstat",
    "/proc/buddyinfo",
    "/proc/slabinfo",
    "/proc/cpuinfo",
    "/proc/pressure/",
    "/proc/net/",
    "/proc/sys/kernel/random/",
    "/proc/sys/fs/file-nr",
    "/proc/sys/fs/inode-nr",
    "/sys/fs/cgroup/",
    "/dev/random",
    "/dev/urandom",
];

/// Whether the content of a file is another one each time it is read.
pub fn is_fleeting(path: &[u8]) -> bool {
    path == b"/proc" || FLEETING_FILES.iter().any(|row| matches(row.as_bytes(), path))
}

/// Whether `path` is what a row names, or below it where the row ends in a slash.
fn matches(row: &[u8], path: &[u8]) -> bool {
    let (head, tail) = match row.iter().position(|byte| *byte == b'*') {
        Some(at) => (&row[..at], &row[at + 1..]),
        None => return if row.ends_with(b"/") { path.starts_with(row) } else { path == row },
    };
    let Some(rest) = path.strip_prefix(head) else { return false };
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    digits > 0 && (rest[digits..].starts_with(tail) || rest[digits..] == tail[..tail.len() - 1])
}

/// Whether a descriptor's target is a stream: bytes come and go in pieces that the other end decides. `protocol` is
/// that of a socket.
pub fn is_stream(target: &[u8], protocol: Option<&str>) -> bool {
    match protocol {
        Some(protocol) => matches!(protocol, "TCP" | "TCPv6" | "UNIX-STREAM"),
        None => target.starts_with(b"pipe:[") || target.starts_with(b"/dev/pts/") || target == b"/dev/tty",
    }
}

/// Calls that make a file that was not there, where their flags say so: the call, the index of its mode, and the mode
/// that programs give to what they name at random.
pub const MAKERS: &[(&str, usize, u64)] =
    &[("openat", 3, 0o600), ("open", 2, 0o600), ("mkdir", 1, 0o700), ("mkdirat", 2, 0o700)];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_never_say_the_same() {
        for path in ["/proc/4711/maps", "/proc/12", "/proc/meminfo", "/proc/net/tcp", "/dev/urandom", "/proc"]
        {
            assert!(is_fleeting(path.as_bytes()), "{path}");
        }
        for path in [
            "/proc/sys/vm/overcommit_memory",
            "/proc/filesystems",
            "/etc/passwd",
            "/proc/self_x",
            "/dev/null",
        ] {
            assert!(!is_fleeting(path.as_bytes()), "{path}");
        }
    }

    #[test]
    fn streams() {
        assert!(is_stream(b"pipe:[12]", None) && is_stream(b"/dev/pts/3", None));
        assert!(is_stream(b"socket:[12]", Some("TCPv6")));
        assert!(!is_stream(b"socket:[12]", Some("UDP")) && !is_stream(b"/etc/passwd", None));
        assert!(!is_stream(b"socket:[12]", None), "what is not known of may keep its messages apart");
    }
}
