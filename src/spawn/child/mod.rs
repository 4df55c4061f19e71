//! The child between clone and execve.
//!
//! Rules, without exception:
//! - no allocation, no lock, no formatting, no panic: only raw system calls on memory that was laid out
//!   before the clone; nothing of libc but `syscall` and `errno`, whose wrappers would wake threads that
//!   are not there (setuid) or take locks that nobody will release;
//! - under CLONE_VM the memory is the parent's: nothing is written but [`Child`] itself and this stack;
//! - a step that fails reports {step, errno, call} and leaves with [`Child::status`]; nothing is undone
//!   here, as namespaces, mounts and descriptors end with the process;
//! - every step is a variant of [`Step`], executed in the order that [`super::compile`] decided.
#![allow(unsafe_code)]

pub(in crate::spawn) mod clone;
mod fds;
mod ids;
mod mounts;

use std::ffi::{CStr, c_char, c_void};
use std::sync::atomic::{AtomicI32, Ordering};

use super::step::Step;

/// Exit status of a child whose set-up failed, as in Go's runtime.
pub(super) const FAILED: i32 = 253;
/// Tries of an execve whose file is still open for writing somewhere, a millisecond apart.
const BUSY_TRIES: u32 = 50;

// SAFETY: libc's own environment vector, only read.
unsafe extern "C" {
    static environ: *mut *const c_char;
}

/// The calling process's environment vector, as it is now.
pub(super) fn environment() -> *const *const c_char {
    // SAFETY: reading a pointer; the launch does not change the environment.
    unsafe { environ.cast_const() }
}

/// Everything that the child needs; it lives in the parent's frame during the launch.
pub(super) struct Child<'a> {
    pub steps: &'a [Step],
    pub argv: *const *const c_char,
    pub env: *const *const c_char,
    /// The child's end of the channel, -1 where the memory is shared.
    pub channel: i32,
    /// The parent's end, which the child closes, or -1.
    pub parents_end: i32,
    pub parent: i32,
    /// Dispositions at the start of this program of the signals for which it has changed them.
    pub dispositions: [(i32, usize); 2],
    /// Caught signals were not reset by the clone.
    pub reset_handlers: bool,
    pub status: i32,
    pub umask: i64,
    /// Descriptors of mounts.
    pub slots: &'a mut [i32],
    /// Sources of descriptors after pass 1.
    pub moved: &'a mut [i32],
    /// The descriptor to execute, as it moves.
    pub exec_fd: i32,
    /// Step, errno and call of a failure, for a parent that shares this memory; -1 before.
    pub failure: [AtomicI32; 3],
}

/// A failed call: errno, and which call of the step it was.
pub(super) struct Fail(i32, i32);

type Done = Result<(), Fail>;

/// A raw system call; the error carries `call` as its place in the step.
macro_rules! sys {
    ($call:expr; $number:expr $(, $arg:expr)*) => {{
        // SAFETY: arguments are numbers or pointers to memory that outlives the call.
        let result = unsafe { libc::syscall($number $(, $arg)*) };
        if result < 0 { Err($crate::spawn::child::Fail::last($call)) } else { Ok(result) }
    }};
}
pub(super) use sys;

impl Fail {
    pub(super) fn last(call: i32) -> Self {
        // SAFETY: errno's address is always valid.
        Self(unsafe { *libc::__errno_location() }, call)
    }
}

/// Where a cloned child begins.
pub(super) extern "C" fn entry(data: *mut c_void) -> ! {
    // SAFETY: the launch passes its live `Child`, which nobody else touches meanwhile.
    let child = unsafe { &mut *data.cast::<Child<'_>>() };
    child.run()
}

fn leave(status: i32) -> ! {
    sys!(0; libc::SYS_exit_group, status).ok();
    sys!(0; libc::SYS_exit, status).ok();
    // The program's own filter forbids even that: what is left is to die of a signal.
    // SAFETY: an instruction that is defined to be illegal; the kernel answers with SIGILL and nothing runs after it.
    unsafe { std::arch::asm!("ud2", options(noreturn)) }
}

impl Child<'_> {
    fn run(&mut self) -> ! {
        if self.parents_end >= 0 {
            sys!(0; libc::SYS_close, self.parents_end).ok();
        }
        let steps = self.steps;
        for (index, step) in steps.iter().enumerate() {
            if let Err(fail) = self.step(step) {
                self.report(index as i32, fail.0, fail.1);
                break;
            }
        }
        leave(self.status)
    }

    /// Runs the steps in the calling process, which goes on; it must have no other thread. A failure is
    /// {step, errno, call}. Descriptors of mounts are closed.
    pub(super) fn here(&mut self) -> Result<(), [i32; 3]> {
        let steps = self.steps;
        let mut steps = steps.iter().enumerate();
        let failed = steps.find_map(|(index, step)| Some((index, self.step(step).err()?)));
        for fd in self.slots.iter().filter(|fd| **fd >= 0) {
            sys!(0; libc::SYS_close, *fd).ok();
        }
        failed.map_or(Ok(()), |(index, fail)| Err([index as i32, fail.0, fail.1]))
    }

    fn report(&mut self, index: i32, errno: i32, call: i32) {
        if self.channel < 0 {
            for (slot, value) in self.failure.iter().zip([index, errno, call]) {
                slot.store(value, Ordering::Release);
            }
            return;
        }
        let message = [index, errno, call];
        if self.send(&message).is_err() {
            // The program's own filter may stand in the way of one of the two.
            sys!(0; libc::SYS_write, self.channel, message.as_ptr(), 12usize).ok();
        }
    }

    fn send(&self, message: &[i32; 3]) -> Result<i64, Fail> {
        let none = std::ptr::null::<c_void>();
        sys!(0; libc::SYS_sendto, self.channel, message.as_ptr(), 12usize, libc::MSG_NOSIGNAL, none, 0)
    }

    /// Blocks for the parent's word; without a parent there is nothing to live for and nobody to tell.
    fn await_word(&self) -> Done {
        let mut word = 0i32;
        let none = std::ptr::null::<c_void>();
        loop {
            match sys!(0; libc::SYS_recvfrom, self.channel, &raw mut word, 4usize, 0, none, none) {
                Err(Fail(libc::EINTR, _)) => {}
                Err(fail) if fail.0 != libc::ECONNRESET => return Err(fail),
                Ok(4) if word == 0 => return Ok(()),
                _ => leave(self.status),
            }
        }
    }

    fn step(&mut self, step: &Step) -> Done {
        match step {
            Step::KeepCapabilities => sys!(0; libc::SYS_prctl, libc::PR_SET_KEEPCAPS, 1, 0, 0, 0).map(drop),
            Step::AwaitParent => self.await_word(),
            Step::NewSession => sys!(0; libc::SYS_setsid).map(drop),
            Step::ProcessGroup(pgid) => sys!(0; libc::SYS_setpgid, 0, *pgid).map(drop),
            Step::Foreground(fd) => foreground(*fd),
            Step::Signals(mask) => self.signals(mask.raw()),
            Step::Nice(nice) => sys!(0; libc::SYS_setpriority, libc::PRIO_PROCESS, 0, *nice).map(drop),
            Step::Affinity(mask) => {
                sys!(0; libc::SYS_sched_setaffinity, 0, mask.len() * 8, mask.as_ptr()).map(drop)
            }
            Step::Unshare(flags) => sys!(0; libc::SYS_unshare, *flags).map(drop),
            Step::WriteProc { path, text } => ids::write_proc(path, text),
            Step::PrivateMounts => mounts::private(),
            Step::OpenUmask(open) => self.open_umask(*open),
            Step::OpenTree { slot, source } => mounts::open_tree(source).map(|fd| self.slots[*slot] = fd),
            Step::NewFilesystem { slot, kind, options } => {
                mounts::new_filesystem(kind, options).map(|fd| self.slots[*slot] = fd)
            }
            Step::Attributes { slot, set, .. } => mounts::attributes(self.slots[*slot], *set, 0),
            Step::PivotRoot { slot, at } => mounts::pivot_root(self.slots[*slot], at),
            Step::Chroot(dir) => mounts::chroot(dir),
            Step::MakeTarget { slot, above, target } => mounts::make_target(self.slots[*slot], above, target),
            Step::Attach { slot, target } => mounts::attach(self.slots[*slot], target, 0),
            Step::MaskPath { path, null, empty } => mounts::mask(path, self.slots[*null], self.slots[*empty]),
            Step::ReadonlyPath(path) => mounts::readonly_path(path),
            Step::ReadonlyRoot => mounts::readonly_root(),
            Step::HostName(name) => sys!(0; libc::SYS_sethostname, name.as_ptr(), name.len()).map(drop),
            Step::DomainName(name) => sys!(0; libc::SYS_setdomainname, name.as_ptr(), name.len()).map(drop),
            Step::Loopback => loopback(),
            Step::SetGroups(groups) => sys!(0; libc::SYS_setgroups, groups.len(), groups.as_ptr()).map(drop),
            Step::SetGid(gid) => sys!(0; libc::SYS_setgid, *gid).map(drop),
            Step::SetUid(uid) => sys!(0; libc::SYS_setuid, *uid).map(drop),
            Step::RaiseKept => ids::raise_kept(),
            Step::WorkDir(dir) => sys!(0; libc::SYS_chdir, dir.as_ptr()).map(drop),
            Step::DeathSignal { signo, same_pids } => self.death_signal(*signo, *same_pids),
            Step::MoveDescriptors { map, above } => self.move_descriptors(map, *above),
            Step::PlaceDescriptors(map) => self.place_descriptors(map),
            Step::CloseRange(from, to) => fds::close_range(*from, *to),
            Step::ReleaseTerminal => sys!(0; libc::SYS_ioctl, 0, libc::TIOCNOTTY, 0).map(drop),
            Step::ControllingTerminal(fd) => sys!(0; libc::SYS_ioctl, *fd, libc::TIOCSCTTY, 1).map(drop),
            Step::Limit { resource, soft, hard, .. } => limit(*resource, *soft, *hard),
            Step::Personality(bits) => personality(*bits),
            Step::NoNewPrivs => sys!(0; libc::SYS_prctl, libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0).map(drop),
            Step::SecureBits(bits) => {
                sys!(0; libc::SYS_prctl, libc::PR_SET_SECUREBITS, u64::from(*bits), 0, 0, 0).map(drop)
            }
            Step::DropBounding(set) => ids::drop_bounding(*set),
            Step::SetCapabilities { drop, add, only, hold } => {
                ids::set_capabilities(*drop, *add, *only, *hold)
            }
            Step::Ambient(number) => {
                let raise = libc::PR_CAP_AMBIENT_RAISE;
                sys!(0; libc::SYS_prctl, libc::PR_CAP_AMBIENT, raise, u64::from(*number), 0, 0).map(drop)
            }
            Step::Synchronize => self.send(&[-1, 0, 0]).and_then(|_| self.await_word()),
            Step::TraceMe => sys!(0; libc::SYS_ptrace, libc::PTRACE_TRACEME, 0, 0, 0).map(drop),
            Step::Stop => {
                let own = sys!(0; libc::SYS_getpid)?;
                sys!(0; libc::SYS_kill, own, libc::SIGSTOP).map(drop)
            }
            Step::Seccomp { insns, flags } => seccomp(insns, *flags),
            Step::Exec(path) => self.exec(libc::AT_FDCWD, path, 0),
            Step::ExecFd { fd, keep } => self.exec_fd(*fd, *keep),
        }
    }

    /// Caught signals back to their default, others as they were at the program's start, then the mask.
    fn signals(&self, mask: *const libc::sigset_t) -> Done {
        // struct sigaction of the kernel: handler, flags, restorer, mask.
        let mut action = [0usize; 4];
        if self.reset_handlers {
            for signo in (1..=64).filter(|s| ![libc::SIGKILL, libc::SIGSTOP].contains(s)) {
                let none = std::ptr::null::<usize>();
                sys!(0; libc::SYS_rt_sigaction, signo, none, action.as_mut_ptr(), 8usize)?;
                if ![libc::SIG_DFL, libc::SIG_IGN].contains(&action[0]) {
                    let default = [libc::SIG_DFL, 0, 0, 0];
                    sys!(0; libc::SYS_rt_sigaction, signo, default.as_ptr(), none, 8usize)?;
                }
            }
        }
        for &(signo, disposition) in &self.dispositions {
            if [libc::SIG_DFL, libc::SIG_IGN].contains(&disposition) {
                action = [disposition, 0, 0, 0];
                let none = std::ptr::null::<usize>();
                sys!(0; libc::SYS_rt_sigaction, signo, action.as_ptr(), none, 8usize)?;
            }
        }
        let none = std::ptr::null::<usize>();
        sys!(0; libc::SYS_rt_sigprocmask, libc::SIG_SETMASK, mask, none, 8usize).map(drop)
    }

    fn open_umask(&mut self, open: bool) -> Done {
        let wanted = if open { 0 } else { self.umask };
        self.umask = sys!(0; libc::SYS_umask, wanted)?;
        Ok(())
    }

    fn death_signal(&self, signo: i32, same_pids: bool) -> Done {
        sys!(0; libc::SYS_prctl, libc::PR_SET_PDEATHSIG, signo, 0, 0, 0)?;
        // 0 is a parent in another pid namespace, as where the launcher has entered one for its children.
        let parent = sys!(0; libc::SYS_getppid)?;
        if same_pids && parent != 0 {
            if parent != i64::from(self.parent) {
                let own = sys!(0; libc::SYS_getpid)?;
                sys!(0; libc::SYS_kill, own, signo)?;
            }
        } else if self.channel >= 0 {
            // A child in another pid namespace sees no parent, and its process 1 ignores its own signals: ask the channel.
            let mut poll = libc::pollfd { fd: self.channel, events: 0, revents: 0 };
            sys!(0; libc::SYS_poll, &raw mut poll, 1, 0)?;
            if poll.revents & libc::POLLHUP != 0 {
                leave(128 + signo);
            }
        }
        Ok(())
    }

    fn exec(&self, dir: i32, path: &CStr, flags: i32) -> Done {
        let mut tries = 0;
        loop {
            let result = if flags == 0 {
                sys!(0; libc::SYS_execve, path.as_ptr(), self.argv, self.env)
            } else {
                sys!(0; libc::SYS_execveat, dir, path.as_ptr(), self.argv, self.env, flags)
            };
            match result {
                Err(Fail(libc::ETXTBSY, _)) if tries < BUSY_TRIES => {
                    tries += 1;
                    let pause = libc::timespec { tv_sec: 0, tv_nsec: 1_000_000 };
                    sys!(0; libc::SYS_nanosleep, &raw const pause, std::ptr::null::<c_void>()).ok();
                }
                other => return other.map(drop),
            }
        }
    }
}

fn foreground(fd: i32) -> Done {
    let group = sys!(0; libc::SYS_getpgid, 0)? as i32;
    sys!(0; libc::SYS_ioctl, fd, libc::TIOCSPGRP, &raw const group).map(drop)
}

fn loopback() -> Done {
    let socket = sys!(0; libc::SYS_socket, libc::AF_INET, libc::SOCK_DGRAM | libc::SOCK_CLOEXEC, 0)?;
    // struct ifreq: 16 bytes of name, then the flags.
    let mut request = [0u8; 40];
    request[..2].copy_from_slice(b"lo");
    let flags = (libc::IFF_UP | libc::IFF_RUNNING) as u16;
    request[16..18].copy_from_slice(&flags.to_ne_bytes());
    sys!(1; libc::SYS_ioctl, socket, libc::SIOCSIFFLAGS, request.as_ptr())?;
    sys!(1; libc::SYS_close, socket).map(drop)
}

fn limit(resource: u32, soft: u64, hard: Option<u64>) -> Done {
    let mut pair = [0u64; 2];
    let none = std::ptr::null::<u64>();
    sys!(0; libc::SYS_prlimit64, 0, resource, none, pair.as_mut_ptr())?;
    let wanted = [soft, hard.unwrap_or(pair[1])];
    sys!(0; libc::SYS_prlimit64, 0, resource, wanted.as_ptr(), none).map(drop)
}

fn personality(bits: u64) -> Done {
    let now = sys!(0; libc::SYS_personality, 0xffff_ffffu64)? as u64;
    sys!(0; libc::SYS_personality, now | bits).map(drop)
}

fn seccomp(insns: &[super::plan::FilterInsn], flags: u64) -> Done {
    let program = libc::sock_fprog {
        len: insns.len() as u16,
        // The kernel only reads it.
        filter: insns.as_ptr().cast_mut().cast(),
    };
    let load = |call| sys!(call; libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, flags, &raw const program);
    match load(0) {
        Err(Fail(libc::EACCES, _)) => {
            sys!(1; libc::SYS_prctl, libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)?;
            load(2).map(drop)
        }
        other => other.map(drop),
    }
}
