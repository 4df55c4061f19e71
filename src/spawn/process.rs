//! A launched process: its pid and pidfd, its end, and what it could not do.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use super::error::Error;
use super::start;
use super::step::Step;
use crate::sys::{channel, clone, signal, wait};

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// With a status.
    Status(i32),
    /// By a signal.
    Signal(i32),
}

impl Exit {
    /// The exit status, or 128 and the signal, as shells report it.
    pub fn code(self) -> i32 {
        match self {
            Self::Status(status) => status,
            Self::Signal(signo) => 128 + signo,
        }
    }
}

/// What [`Process::wait_or_stop`] saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It ended.
    Ended(Exit),
    /// It stopped by this signal.
    Stopped(i32),
}

/// A process that [`super::start`] made. Dropping it neither kills nor reaps.
#[derive(Debug)]
pub struct Process {
    pid: i32,
    pidfd: Option<OwnedFd>,
    channel: Option<OwnedFd>,
    steps: Vec<Step>,
}

impl Process {
    pub(super) fn new(pid: i32, pidfd: Option<OwnedFd>, channel: Option<OwnedFd>, steps: Vec<Step>) -> Self {
        Self { pid, pidfd, channel, steps }
    }

    /// Its process id, in the parent's pid namespace.
    pub fn pid(&self) -> i32 {
        self.pid
    }

    /// Its pidfd, owned by this value; `None` where the kernel has none (before 5.2).
    pub fn pidfd(&self) -> Option<BorrowedFd<'_>> {
        self.pidfd.as_ref().map(AsFd::as_fd)
    }

    /// Hands the pidfd over: from here on the caller alone owns and closes it.
    pub fn take_pidfd(&mut self) -> Option<OwnedFd> {
        self.pidfd.take()
    }

    /// Whether it has ended, reaped or not. A signal 0 would still reach a zombie; this does not say
    /// "alive" of one.
    pub fn has_ended(&self) -> bool {
        match self.pidfd() {
            Some(pidfd) => clone::has_ended(pidfd),
            None => wait::has_ended(self.pid),
        }
    }

    /// Sends a signal, by pidfd where there is one, so that no later process of this pid is hit.
    ///
    /// # Errors
    /// ESRCH, EPERM.
    pub fn signal(&self, signo: i32) -> io::Result<()> {
        match self.pidfd() {
            Some(pidfd) => clone::pidfd_signal(pidfd, signo),
            None => signal::kill(self.pid, signo),
        }
    }

    /// Waits for its end and reaps it.
    ///
    /// # Errors
    /// ECHILD when it was reaped already.
    pub fn wait(&self) -> io::Result<Exit> {
        loop {
            match wait::wait(self.pid) {
                Ok((_, wait::Status::Exited(status))) => return Ok(Exit::Status(status)),
                Ok((_, wait::Status::Killed { signo, .. })) => return Ok(Exit::Signal(signo)),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Waits until it ends (and reaps it) or stops.
    ///
    /// # Errors
    /// ECHILD when it was reaped already.
    pub fn wait_or_stop(&self) -> io::Result<Change> {
        loop {
            match wait::wait_or_stop(self.pid) {
                Ok(wait::Status::Exited(status)) => return Ok(Change::Ended(Exit::Status(status))),
                Ok(wait::Status::Killed { signo, .. }) => return Ok(Change::Ended(Exit::Signal(signo))),
                Ok(wait::Status::Stopped { signo, .. }) => return Ok(Change::Stopped(signo)),
                Ok(wait::Status::Continued) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// What the child reported since it was let go: a step that failed after the launch returned, as the
    /// execve of a traced program.
    pub fn failure(&self) -> Option<Error> {
        let report = channel::receive(self.channel.as_ref()?, false).ok()??;
        Some(start::failure(&self.steps, report))
    }

    pub(super) fn reap(&self) {
        self.wait().ok();
    }

    /// Kills and reaps.
    pub fn destroy(&self) {
        self.signal(libc::SIGKILL).ok();
        self.reap();
    }
}
