//! Signals of the tracer itself: masks, dispositions, waiting. See signal(7).

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::check;

/// Dispositions at program start of SIGPIPE, which Rust's runtime ignores before `main`, and of SIGCHLD,
/// which is not to stay ignored: the kernel would reap children itself and wait(2) would lose their status.
static AT_START: [(i32, AtomicUsize); 2] =
    [(libc::SIGPIPE, AtomicUsize::new(libc::SIG_DFL)), (libc::SIGCHLD, AtomicUsize::new(libc::SIG_DFL))];

extern "C" fn note_dispositions() {
    for (signo, slot) in &AT_START {
        // SAFETY: an all-zero sigaction is valid to be overwritten, and the pointer is live.
        let mut old: libc::sigaction = unsafe { std::mem::zeroed() };
        // SAFETY: reading a disposition changes nothing.
        if unsafe { libc::sigaction(*signo, std::ptr::null(), &raw mut old) } == 0 {
            slot.store(old.sa_sigaction, Ordering::Relaxed);
        }
    }
    // SAFETY: a plain system call.
    unsafe { libc::signal(libc::SIGCHLD, libc::SIG_DFL) };
}

// SAFETY: the loader calls the entries of .init_array as `extern "C" fn()` before `main`; the function
// touches only atomics and makes a few system calls.
#[used]
#[unsafe(link_section = ".init_array")]
static NOTE_DISPOSITIONS: extern "C" fn() = note_dispositions;

/// A set of blocked signals.
#[derive(Clone, Copy)]
pub struct Mask(libc::sigset_t);

impl std::fmt::Debug for Mask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mask")
    }
}

impl Mask {
    pub(crate) fn raw(&self) -> *const libc::sigset_t {
        &raw const self.0
    }

    pub(super) fn of(signals: &[i32]) -> Self {
        // SAFETY: sigemptyset initialises the set before it is read.
        let mut set: libc::sigset_t = unsafe { std::mem::zeroed() };
        // SAFETY: the pointer is live.
        unsafe { libc::sigemptyset(&raw mut set) };
        for &signo in signals {
            // SAFETY: the pointer is live; a bad number is refused by the call.
            unsafe { libc::sigaddset(&raw mut set, signo) };
        }
        Self(set)
    }
}

/// Blocks `signals` in the calling thread and those it starts later; returns the mask before.
pub fn block(signals: &[i32]) -> Mask {
    let set = Mask::of(signals);
    let mut old = Mask::of(&[]);
    // SAFETY: both sets are live.
    unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, set.raw(), &raw mut old.0) };
    old
}

/// Restores a mask.
pub fn set_mask(mask: &Mask) {
    // SAFETY: the set is live.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, mask.raw(), std::ptr::null_mut()) };
}

/// Blocks every signal in the calling thread, those that libc keeps for itself too; returns the mask before.
pub(crate) fn block_everything() -> Mask {
    let all = [u64::MAX; 16];
    let mut old = Mask::of(&[]);
    // SAFETY: the kernel reads and writes 8 bytes of live sets.
    unsafe {
        let old = &raw mut old.0;
        libc::syscall(libc::SYS_rt_sigprocmask, libc::SIG_SETMASK, all.as_ptr(), old, 8usize);
    }
    old
}

/// Restores what [`block_everything`] returned.
pub(crate) fn set_mask_exactly(mask: &Mask) {
    let none = std::ptr::null::<u64>();
    // SAFETY: the kernel reads 8 bytes of a live set.
    unsafe { libc::syscall(libc::SYS_rt_sigprocmask, libc::SIG_SETMASK, mask.raw(), none, 8usize) };
}

/// The calling thread's mask.
pub fn mask() -> Mask {
    let mut now = Mask::of(&[]);
    // SAFETY: the kernel writes 8 bytes of a live set.
    unsafe {
        let none = std::ptr::null::<u64>();
        libc::syscall(libc::SYS_rt_sigprocmask, libc::SIG_SETMASK, none, &raw mut now.0, 8usize);
    }
    now
}

/// Signals whose disposition this program has changed, and what it was at program start.
pub(crate) fn at_start() -> [(i32, usize); 2] {
    AT_START.each_ref().map(|(signo, slot)| (*signo, slot.load(Ordering::Relaxed)))
}

/// Waits for one of `signals`, which must be blocked; also says whether the kernel sent it, as the
/// terminal driver does, rather than a process.
///
/// # Errors
/// What sigwaitinfo(2) says.
pub fn wait_info(signals: &[i32]) -> io::Result<(i32, bool)> {
    let set = Mask::of(signals);
    loop {
        // SAFETY: an all-zero siginfo is valid to be overwritten.
        let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
        // SAFETY: both pointers are live.
        let signo = unsafe { libc::sigwaitinfo(set.raw(), &raw mut info) };
        match check(i64::from(signo)) {
            Ok(signo) => return Ok((signo as i32, info.si_code == libc::SI_KERNEL)),
            Err(error) if error.raw_os_error() == Some(libc::EINTR) => {}
            Err(error) => return Err(error),
        }
    }
}

extern "C" fn nothing(_signo: libc::c_int) {}

/// Installs an empty handler without SA_RESTART, so that `signo` interrupts blocking calls.
pub fn interrupting(signo: i32) {
    // SAFETY: the action is fully initialised; the handler does nothing.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = nothing as *const () as usize;
        libc::sigaction(signo, &raw const action, std::ptr::null_mut());
    }
}

/// Whether `signo` is ignored by this process.
pub fn is_ignored(signo: i32) -> bool {
    // SAFETY: as in note_dispositions.
    unsafe {
        let mut old: libc::sigaction = std::mem::zeroed();
        libc::sigaction(signo, std::ptr::null(), &raw mut old) == 0 && old.sa_sigaction == libc::SIG_IGN
    }
}

/// Sends `signo` to process `pid`.
///
/// # Errors
/// ESRCH, EPERM.
pub fn kill(pid: i32, signo: i32) -> io::Result<()> {
    // SAFETY: a plain system call.
    check(i64::from(unsafe { libc::kill(pid, signo) })).map(drop)
}

/// Sends `signo` to thread `tid` of process `pid`.
///
/// # Errors
/// ESRCH, EPERM.
pub fn send_to_thread(pid: i32, tid: i32, signo: i32) -> io::Result<()> {
    // SAFETY: a plain system call.
    check(unsafe { libc::syscall(libc::SYS_tgkill, pid, tid, signo) }).map(drop)
}

/// Dies of `signo` as the traced program did, without leaving a core file.
pub fn die_of(signo: i32) {
    let limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: plain system calls on live values; the default action ends the process.
    unsafe {
        libc::setrlimit(libc::RLIMIT_CORE, &raw const limit);
        libc::signal(signo, libc::SIG_DFL);
        let set = Mask::of(&[signo]);
        libc::pthread_sigmask(libc::SIG_UNBLOCK, set.raw(), std::ptr::null_mut());
        libc::raise(signo);
    }
}
