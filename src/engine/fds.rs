//! What descriptors are open on, asked of /proc no more often than it can change.
//!
//! Only what is open is remembered, so that calls which open more change no answer. A call that closes a
//! descriptor ends the answers about its number in every task; one that may change names or a whole table ends
//! all of them; both count from the entry to the return. Names can be changed by processes that are not traced
//! too, so that an answer is at most [`FRESH_NS`] old. Where calls may go unseen, nothing is kept.

use std::collections::HashMap;

use syscall_tables::abi::{Abi, numbers};

use crate::sys::{clock, process};

/// How old an answer may be.
const FRESH_NS: u64 = 10_000_000;
/// The working directory, among descriptors. linux/fcntl.h.
const AT_FDCWD: i32 = -100;
/// So many answers are kept at most.
const MOST: usize = 1024;

/// Calls that change no name and nothing that is open.
const HARMLESS: &str = "\
    read write pread64 pwrite64 readv writev preadv pwritev preadv2 pwritev2 lseek _llseek sendfile splice tee \
    fstat fstat64 newfstatat fstatat64 stat stat64 lstat lstat64 statx statfs fstatfs access faccessat faccessat2 \
    readlink readlinkat getdents getdents64 getxattr lgetxattr fgetxattr listxattr ftruncate fsync fdatasync \
    fadvise64 flock umask getcwd mkdir mkdirat chmod fchmod fchmodat utimensat \
    open openat openat2 creat dup fcntl fcntl64 pipe pipe2 ioctl eventfd2 timerfd_create memfd_create \
    socket socketpair accept accept4 connect bind listen shutdown send sendto sendmsg sendmmsg recv recvfrom recvmsg \
    recvmmsg getsockopt setsockopt getsockname getpeername poll ppoll select _newselect pselect6 \
    epoll_create1 epoll_ctl epoll_wait epoll_pwait \
    mmap mmap2 munmap mprotect madvise brk mremap futex set_robust_list rseq set_tid_address set_thread_area \
    nanosleep clock_nanosleep clock_gettime clock_gettime64 clock_getres gettimeofday time times \
    clone clone3 fork vfork exit wait4 waitid kill tgkill pause restart_syscall sched_yield \
    getpid gettid getppid getpgrp getpgid getsid getuid geteuid getgid getegid getgroups \
    rt_sigaction rt_sigprocmask rt_sigreturn sigreturn sigaltstack \
    prlimit64 getrlimit ugetrlimit getrusage sysinfo uname arch_prctl getrandom sched_getaffinity";
/// Calls that close a descriptor, and which argument names it.
const CLOSING: [(&str, usize); 3] = [("close", 0), ("dup2", 1), ("dup3", 1)];

/// What a call may change of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Change {
    #[default]
    All,
    Nothing,
    /// Those about the descriptor that this argument names.
    Argument(usize),
}

#[derive(Debug)]
struct Known {
    target: Vec<u8>,
    read_ns: u64,
}

/// Answers, and whether they may be kept.
#[derive(Debug)]
pub(super) struct Fds {
    keeps: bool,
    /// Tasks inside a call that changes answers: all, or those about one descriptor.
    busy: HashMap<i32, Option<i32>>,
    known: HashMap<(i32, i32), Known>,
    changes: [Vec<Change>; 4],
    /// Numbers of io_uring_setup, after which the kernel may change descriptors at any time.
    rings: [Option<u64>; 4],
}

impl Fds {
    /// Answers are kept only where every call of every task that shares descriptors is seen: `keeps`.
    pub fn new(keeps: bool) -> Self {
        let table = |abi: Abi| {
            let mut table = Vec::new();
            let harmless = HARMLESS.split_whitespace().map(|name| (name, Change::Nothing));
            let closing = CLOSING.into_iter().map(|(name, at)| (name, Change::Argument(at)));
            for (name, change) in harmless.chain(closing) {
                let Some(nr) = numbers::number(abi, name).and_then(|nr| usize::try_from(nr).ok()) else {
                    continue;
                };
                table.resize(table.len().max(nr + 1), Change::All);
                table[nr] = change;
            }
            table
        };
        Self {
            keeps,
            busy: HashMap::new(),
            known: HashMap::new(),
            changes: if keeps { Abi::ALL.map(table) } else { Default::default() },
            rings: Abi::ALL.map(|abi| numbers::number(abi, "io_uring_setup")),
        }
    }

    /// A task enters a call.
    pub fn entered(&mut self, tid: i32, abi: Abi, nr: u64, args: &[u64; 6]) {
        if !self.keeps {
            return;
        }
        let change = usize::try_from(nr).ok().and_then(|nr| self.changes[abi as usize].get(nr));
        match change.copied().unwrap_or_default() {
            Change::Nothing => return,
            Change::Argument(at) => drop(self.busy.insert(tid, Some(args[at] as i32))),
            Change::All => {
                self.keeps = self.rings[abi as usize] != Some(nr);
                self.busy.insert(tid, None);
            }
        }
        self.forget(tid);
    }

    /// A task has left its call.
    pub fn left(&mut self, tid: i32) {
        if self.keeps && !self.busy.is_empty() {
            self.forget(tid);
            self.busy.remove(&tid);
        }
    }

    /// A task has ended; its id may be another's one day.
    pub fn ended(&mut self, tid: i32) {
        self.left(tid);
        self.known.retain(|(of, _), _| *of != tid);
    }

    /// The task goes by another id.
    pub fn renamed(&mut self, from: i32, to: i32) {
        self.known.clear();
        if let Some(what) = self.busy.remove(&from) {
            self.busy.insert(to, what);
        }
    }

    /// Drops what the call that `tid` is in changes.
    fn forget(&mut self, tid: i32) {
        match self.busy.get(&tid) {
            None => {}
            Some(None) => self.known.clear(),
            Some(Some(fd)) => self.known.retain(|(_, of), _| of != fd),
        }
    }

    /// What descriptor `fd` of task `tid`, which is stopped, is open on.
    pub fn target(&mut self, tid: i32, fd: i32) -> Option<Vec<u8>> {
        if fd < 0 && fd != AT_FDCWD {
            return None;
        }
        let changing = |what: &Option<i32>| what.is_none_or(|changing| changing == fd);
        if !self.keeps || self.busy.values().any(changing) {
            return process::fd_target(tid, fd);
        }
        let now = clock::mono_ns();
        if let Some(known) = self.known.get(&(tid, fd))
            && now.saturating_sub(known.read_ns) < FRESH_NS
        {
            return Some(known.target.clone());
        }
        let target = process::fd_target(tid, fd)?;
        if self.known.len() >= MOST {
            self.known.clear();
        }
        self.known.insert((tid, fd), Known { target: target.clone(), read_ns: now });
        Some(target)
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
        let enter = |fds: &mut Fds, tid, name, arg: i32| {
            let args = [arg as u64, arg as u64, 0, 0, 0, 0];
            fds.entered(tid, Abi::X86_64, number(name), &args);
        };
        let keep = |fds: &mut Fds, read_ns| {
            fds.known.clear();
            assert_eq!(fds.target(own, fd).unwrap(), b"/dev/null");
            fds.known.insert((own, fd), Known { target: b"kept".to_vec(), read_ns });
        };
        keep(&mut fds, u64::MAX);
        for (tid, name, arg) in [(own, "read", fd), (7, "openat", 0), (7, "close", fd + 1)] {
            enter(&mut fds, tid, name, arg);
            assert_eq!(fds.target(own, fd).unwrap(), b"kept", "{name} changes nothing of it");
            fds.left(tid);
        }
        for (name, arg) in [("dup2", fd), ("close", fd), ("rename", 0), ("execve", 0)] {
            keep(&mut fds, u64::MAX);
            enter(&mut fds, 7, name, arg);
            assert_eq!(fds.target(own, fd).unwrap(), b"/dev/null", "{name} may change it just now");
            assert!(fds.known.is_empty());
            fds.left(7);
            assert_eq!(fds.target(own, fd).unwrap(), b"/dev/null", "{name} may have changed it");
        }
        keep(&mut fds, 0);
        assert_eq!(fds.target(own, fd).unwrap(), b"/dev/null", "it is old");
        fds.ended(own);
        assert!(fds.known.is_empty());
        enter(&mut fds, own, "io_uring_setup", 0);
        fds.left(own);
        assert!(!fds.keeps);
    }
}
