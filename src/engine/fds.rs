//! What descriptors are open on, asked of /proc no more often than it can change.
//!
//! An answer holds until some traced task makes a call that may change descriptors or names of files; the calls
//! that cannot are listed. Names can be changed by processes that are not traced too, so that an answer is at
//! most [`FRESH_NS`] old. Where calls may go unseen, nothing is kept.

use std::collections::{HashMap, HashSet};

use syscall_tables::abi::{Abi, numbers};

use crate::sys::{clock, process};

/// How old an answer may be.
const FRESH_NS: u64 = 1_000_000;
/// So many answers are kept at most.
const MOST: usize = 1024;

/// Calls that change neither descriptors nor names.
const HARMLESS: &[&str] = &[
    "read",
    "write",
    "pread64",
    "pwrite64",
    "readv",
    "writev",
    "preadv",
    "pwritev",
    "lseek",
    "_llseek",
    "fstat",
    "fstat64",
    "newfstatat",
    "fstatat64",
    "stat",
    "stat64",
    "lstat",
    "lstat64",
    "statx",
    "access",
    "faccessat",
    "faccessat2",
    "readlink",
    "readlinkat",
    "getdents",
    "getdents64",
    "poll",
    "ppoll",
    "select",
    "_newselect",
    "pselect6",
    "epoll_wait",
    "epoll_pwait",
    "epoll_ctl",
    "mmap",
    "mmap2",
    "munmap",
    "mprotect",
    "madvise",
    "brk",
    "mremap",
    "futex",
    "nanosleep",
    "clock_nanosleep",
    "clock_gettime",
    "clock_gettime64",
    "gettimeofday",
    "time",
    "sched_yield",
    "getpid",
    "gettid",
    "getppid",
    "getuid",
    "geteuid",
    "getgid",
    "getegid",
    "rt_sigaction",
    "rt_sigprocmask",
    "rt_sigreturn",
    "sigreturn",
    "sigaltstack",
    "sendto",
    "recvfrom",
    "send",
    "sendmmsg",
    "getsockopt",
    "setsockopt",
    "getsockname",
    "getpeername",
    "fsync",
    "fdatasync",
    "fadvise64",
    "getrandom",
    "wait4",
    "waitid",
    "set_robust_list",
    "rseq",
    "set_tid_address",
    "prlimit64",
    "getrlimit",
    "ugetrlimit",
    "uname",
    "arch_prctl",
    "sysinfo",
    "getrusage",
    "times",
    "kill",
    "tgkill",
    "restart_syscall",
    "pause",
    "getcwd",
    "umask",
];

#[derive(Debug)]
struct Known {
    target: Option<Vec<u8>>,
    generation: u64,
    read_ns: u64,
}

/// Answers, and whether they may be kept.
#[derive(Debug)]
pub(super) struct Fds {
    keeps: bool,
    /// Grows with whatever may change an answer.
    generation: u64,
    /// Tasks inside a call that may.
    busy: HashSet<i32>,
    known: HashMap<(i32, i32), Known>,
    harmless: [Vec<bool>; 4],
    /// Numbers of io_uring_setup, after which the kernel may change descriptors at any time.
    rings: [Option<u64>; 4],
}

impl Fds {
    /// Answers are kept only where every call of every task that shares descriptors is seen: `keeps`.
    pub fn new(keeps: bool) -> Self {
        let table = |abi: Abi| {
            let mut table = Vec::new();
            for nr in HARMLESS.iter().filter_map(|name| numbers::number(abi, name)) {
                let nr = nr as usize;
                table.resize(table.len().max(nr + 1), false);
                table[nr] = true;
            }
            table
        };
        Self {
            keeps,
            generation: 0,
            busy: HashSet::new(),
            known: HashMap::new(),
            harmless: if keeps { Abi::ALL.map(table) } else { Default::default() },
            rings: Abi::ALL.map(|abi| numbers::number(abi, "io_uring_setup")),
        }
    }

    /// A task enters a call.
    pub fn entered(&mut self, tid: i32, abi: Abi, nr: u64) {
        if !self.keeps {
            return;
        }
        let table = &self.harmless[abi as usize];
        if !usize::try_from(nr).is_ok_and(|nr| table.get(nr) == Some(&true)) {
            self.keeps = self.rings[abi as usize] != Some(nr);
            self.generation += 1;
            self.busy.insert(tid);
        }
    }

    /// A task has left its call, or has ended.
    pub fn left(&mut self, tid: i32) {
        if self.keeps && self.busy.remove(&tid) {
            self.generation += 1;
        }
    }

    /// The task goes by another id.
    pub fn renamed(&mut self, from: i32, to: i32) {
        self.generation += 1;
        if self.busy.remove(&from) {
            self.busy.insert(to);
        }
    }

    /// What descriptor `fd` of task `tid`, which is stopped, is open on.
    pub fn target(&mut self, tid: i32, fd: i32) -> Option<Vec<u8>> {
        if !self.keeps || !self.busy.is_empty() {
            return process::fd_target(tid, fd);
        }
        let now = clock::mono_ns();
        if let Some(known) = self.known.get(&(tid, fd))
            && known.generation == self.generation
            && now.saturating_sub(known.read_ns) < FRESH_NS
        {
            return known.target.clone();
        }
        let target = process::fd_target(tid, fd);
        if self.known.len() >= MOST {
            self.known.clear();
        }
        let (generation, kept) = (self.generation, target.clone());
        self.known.insert((tid, fd), Known { target: kept, generation, read_ns: now });
        target
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::os::fd::AsRawFd;

    use super::*;

    #[test]
    fn answers_hold_until_something_may_have_changed() {
        let own = process::gettid();
        let file = File::open("/dev/null").unwrap();
        let fd = file.as_raw_fd();
        let number = |name| numbers::number(Abi::X86_64, name).unwrap();
        let mut fds = Fds::new(true);
        assert_eq!(fds.target(own, fd).unwrap(), b"/dev/null");
        fds.known.get_mut(&(own, fd)).unwrap().target = Some(b"kept".to_vec());
        fds.known.get_mut(&(own, fd)).unwrap().read_ns = u64::MAX;
        fds.entered(own, Abi::X86_64, number("read"));
        assert_eq!(fds.target(own, fd).unwrap(), b"kept");
        fds.left(own);
        assert_eq!(fds.target(own, fd).unwrap(), b"kept");
        fds.entered(7, Abi::X86_64, number("dup2"));
        assert_eq!(fds.target(own, fd).unwrap(), b"/dev/null", "another task may change it just now");
        fds.left(7);
        assert_eq!(fds.target(own, fd).unwrap(), b"/dev/null", "another task may have changed it");
        fds.known.get_mut(&(own, fd)).unwrap().target = Some(b"kept".to_vec());
        fds.known.get_mut(&(own, fd)).unwrap().read_ns = 0;
        assert_eq!(fds.target(own, fd).unwrap(), b"/dev/null", "it is old");
        fds.entered(own, Abi::X86_64, number("io_uring_setup"));
        fds.left(own);
        assert!(!fds.keeps);
    }
}
