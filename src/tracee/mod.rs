//! A traced task and the closed list of ways in which it can stop.
//!
//! A [`Stopped`] is consumed by what lets the task go; a task that is not stopped has no value here.

use std::io;

use crate::sys::ptrace::{self, SyscallInfo};
use crate::sys::wait::Status;

/// Why a task is stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// At entry or exit of a syscall, or where a filter asks about one.
    Syscall(SyscallInfo),
    /// A signal is about to be delivered.
    Signal(i32),
    /// The process is stopped by this signal, as job control does.
    Group(i32),
    /// A new task was made by fork, vfork or clone.
    Child(i32),
    /// execve succeeded; the task that called it had this id.
    Exec(i32),
    /// The tracer asked, a new task begins, or a group-stop ended.
    Trap,
}

/// What became of a task that the kernel reported.
#[derive(Debug)]
pub enum Change {
    /// It is stopped.
    Stopped(Stopped),
    /// It exited.
    Exited(i32),
    /// A signal killed it.
    Killed(i32, bool),
    /// It vanished while it was being looked at; its end is reported separately.
    Vanished,
}

/// A task in a ptrace-stop.
#[derive(Debug)]
#[must_use = "a stopped task must be let go"]
pub struct Stopped {
    /// Its id.
    pub tid: i32,
    /// Why.
    pub stop: Stop,
}

const STOP_SIGNALS: [i32; 4] = [libc::SIGSTOP, libc::SIGTSTP, libc::SIGTTIN, libc::SIGTTOU];

/// Makes sense of a status that wait returned for `tid`.
pub fn change(tid: i32, status: Status) -> Change {
    let stop = match status {
        Status::Exited(code) => return Change::Exited(code),
        Status::Killed { signo, core } => return Change::Killed(signo, core),
        Status::Continued => return Change::Vanished,
        Status::Stopped { signo, event } => classify(tid, signo, event),
    };
    match stop {
        Ok(stop) => Change::Stopped(Stopped { tid, stop }),
        Err(_) => Change::Vanished,
    }
}

fn classify(tid: i32, signo: i32, event: i32) -> io::Result<Stop> {
    Ok(match event {
        0 if signo == libc::SIGTRAP | 0x80 => Stop::Syscall(ptrace::syscall_info(tid)?),
        0 => Stop::Signal(signo),
        libc::PTRACE_EVENT_FORK | libc::PTRACE_EVENT_VFORK | libc::PTRACE_EVENT_CLONE => {
            Stop::Child(ptrace::event_message(tid)?)
        }
        libc::PTRACE_EVENT_SECCOMP => Stop::Syscall(ptrace::syscall_info(tid)?),
        libc::PTRACE_EVENT_EXEC => Stop::Exec(ptrace::event_message(tid)?),
        ptrace::EVENT_STOP if STOP_SIGNALS.contains(&signo) => Stop::Group(signo),
        _ => Stop::Trap,
    })
}

impl Stopped {
    /// Runs on to the next syscall boundary. A task that died meanwhile is not an error: its end
    /// is reported by wait.
    pub fn resume(self, signo: i32) {
        ptrace::syscall(self.tid, signo).ok();
    }

    /// Runs on until something other than a syscall boundary stops it: a filter, a signal, an event.
    pub fn run(self, signo: i32) {
        ptrace::cont(self.tid, signo).ok();
    }

    /// Runs one instruction.
    pub fn step(self, signo: i32) {
        ptrace::step(self.tid, signo).ok();
    }

    /// Stays stopped as job control wants it, until it is continued.
    pub fn listen(self) {
        ptrace::listen(self.tid).ok();
    }

    /// Is traced no longer.
    pub fn detach(self, signo: i32) {
        ptrace::detach(self.tid, signo).ok();
    }
}
