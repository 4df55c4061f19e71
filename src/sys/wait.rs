//! Waiting for tasks: wait4(2) with raw statuses, real-time signals included.

use std::io;

use super::check;

/// What a wait status says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The task is gone with an exit status.
    Exited(i32),
    /// The task is gone by a signal.
    Killed {
        /// The signal.
        signo: i32,
        /// Core was dumped.
        core: bool,
    },
    /// The task is stopped.
    Stopped {
        /// The stop signal.
        signo: i32,
        /// The PTRACE_EVENT_* number, 0 for none.
        event: i32,
    },
    /// The task was continued by SIGCONT.
    Continued,
}

/// Splits a raw status, see wait(2).
pub fn parse(status: i32) -> Status {
    if libc::WIFEXITED(status) {
        Status::Exited(libc::WEXITSTATUS(status))
    } else if libc::WIFSIGNALED(status) {
        Status::Killed { signo: libc::WTERMSIG(status), core: libc::WCOREDUMP(status) }
    } else if libc::WIFSTOPPED(status) {
        Status::Stopped { signo: libc::WSTOPSIG(status), event: status >> 16 }
    } else {
        Status::Continued
    }
}

/// Blocks until task `tid` (any when -1) changes state.
///
/// # Errors
/// EINTR when a signal handler ran, ECHILD when there is nobody to wait for.
pub fn wait(tid: i32) -> io::Result<(i32, Status)> {
    let mut status = 0;
    // SAFETY: waitpid writes the status behind the valid pointer.
    let tid = check(i64::from(unsafe { libc::waitpid(tid, &raw mut status, libc::__WALL) }))?;
    Ok((tid as i32, parse(status)))
}

/// The same, and how long the CPU was in the kernel for the task's process so far, in nanoseconds.
///
/// # Errors
/// As those of [`wait`].
pub fn wait_timed(tid: i32) -> io::Result<(i32, Status, u64)> {
    let mut status = 0;
    // SAFETY: an all-zero rusage is valid to be overwritten.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: wait4 writes the status and the usage behind the valid pointers.
    let tid = check(i64::from(unsafe { libc::wait4(tid, &raw mut status, libc::__WALL, &raw mut usage) }))?;
    let spent = usage.ru_stime;
    Ok((tid as i32, parse(status), spent.tv_sec as u64 * 1_000_000_000 + spent.tv_usec as u64 * 1000))
}

/// Whether child `pid` has ended, without reaping it; true too when it is no child any more.
pub fn has_ended(pid: i32) -> bool {
    // SAFETY: an all-zero siginfo is valid to be overwritten, and the pointer is live.
    let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
    let flags = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
    // SAFETY: as above.
    let result = unsafe { libc::waitid(libc::P_PID, pid as u32, &raw mut info, flags) };
    // SAFETY: waitid has filled the fields of a child, or left zeros.
    result < 0 || unsafe { info.si_pid() } != 0
}

/// Reaps child `pid` when it has ended; says nothing when it has not.
pub fn wait_if_ended(pid: i32) {
    // SAFETY: a null status is allowed.
    unsafe { libc::waitpid(pid, std::ptr::null_mut(), libc::__WALL | libc::WNOHANG) };
}

/// Reaps any child that has ended; `None` when none has, or there is none.
pub fn any_ended() -> Option<(i32, Status)> {
    let mut status = 0;
    // SAFETY: waitpid writes the status behind the valid pointer.
    let pid = unsafe { libc::waitpid(-1, &raw mut status, libc::__WALL | libc::WNOHANG) };
    (pid > 0).then(|| (pid, parse(status)))
}

/// Blocks until child `pid` ends or stops.
///
/// # Errors
/// EINTR, ECHILD.
pub fn wait_or_stop(pid: i32) -> io::Result<Status> {
    let mut status = 0;
    // SAFETY: waitpid writes the status behind the valid pointer.
    check(i64::from(unsafe { libc::waitpid(pid, &raw mut status, libc::__WALL | libc::WUNTRACED) }))?;
    Ok(parse(status))
}
