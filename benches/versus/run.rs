//! One bounded run of a command: its own process group, a time limit, and no process left behind.
//!
//! The bench is the reaper of every orphan below it (PR_SET_CHILD_SUBREAPER), so that what a killed tracer
//! leaves can be found and killed. Waiting is one poll(2) on a pidfd: nothing wakes up beside the run.

use std::fs;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Set by SIGINT and SIGTERM: the bench cleans up and ends.
static STOP: AtomicBool = AtomicBool::new(false);

extern "C" fn stop(_signal: libc::c_int) {
    STOP.store(true, Ordering::Relaxed);
}

/// Whether the user asked for an end.
pub fn is_stopped() -> bool {
    STOP.load(Ordering::Relaxed)
}

/// Makes this process the reaper of its descendants, and lets a Ctrl-C end it cleanly.
pub fn set_up() {
    let handler = stop as extern "C" fn(libc::c_int) as libc::sighandler_t;
    // SAFETY: prctl takes numbers; the handler only stores to an atomic, which a signal may do.
    unsafe {
        libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
        libc::signal(libc::SIGINT, handler);
        libc::signal(libc::SIGTERM, handler);
    }
}

/// A command that runs and dies with this value.
pub struct Bounded {
    child: Child,
    pidfd: OwnedFd,
    start: Instant,
    limit: Duration,
}

impl Bounded {
    /// Starts `command` in a process group of its own.
    pub fn start(command: &mut Command, limit: Duration) -> Result<Self, String> {
        let name = command.get_program().to_string_lossy().into_owned();
        let start = Instant::now();
        let mut child = command.process_group(0).spawn().map_err(|e| format!("{name}: {e}"))?;
        // SAFETY: pidfd_open takes numbers; the child is not reaped yet, so the id is its own.
        let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, child.id(), 0) };
        if fd < 0 {
            let error = std::io::Error::last_os_error();
            child.kill().ok();
            child.wait().ok();
            return Err(format!("pidfd_open: {error} (Linux 5.3 is needed)"));
        }
        // SAFETY: the descriptor is new and nobody else's.
        let pidfd = unsafe { OwnedFd::from_raw_fd(fd as i32) };
        Ok(Self { child, pidfd, start, limit })
    }

    /// Time until the limit.
    pub fn left(&self) -> Duration {
        self.limit.saturating_sub(self.start.elapsed())
    }

    /// Whether it has ended, after waiting at most `wait`.
    pub fn is_over(&self, wait: Duration) -> bool {
        let mut poll = libc::pollfd { fd: self.pidfd.as_raw_fd(), events: libc::POLLIN, revents: 0 };
        // SAFETY: one live pollfd.
        unsafe { libc::poll(&raw mut poll, 1, wait.as_millis() as libc::c_int) == 1 }
    }

    /// Waits for the end: how it ended, and the time since its start.
    ///
    /// # Errors
    /// The limit, or a Ctrl-C. It is killed then.
    pub fn finish(mut self) -> Result<(ExitStatus, Duration), String> {
        while !self.is_over(self.left()) {
            if is_stopped() {
                return Err("interrupted".into());
            }
            if self.left().is_zero() {
                return Err(format!("killed after {} s", self.limit.as_secs()));
            }
        }
        let took = self.start.elapsed();
        self.child.wait().map(|status| (status, took)).map_err(|e| format!("wait: {e}"))
    }
}

impl Drop for Bounded {
    fn drop(&mut self) {
        // SAFETY: kill takes numbers; the group's id stays taken while one of its processes lives.
        unsafe { libc::kill(-(self.child.id() as i32), libc::SIGKILL) };
        self.child.wait().ok();
        sweep();
    }
}

/// Kills and reaps every process that is a child of this one.
fn sweep() {
    let end = Instant::now() + Duration::from_secs(5);
    loop {
        let children = children();
        if children.is_empty() || Instant::now() > end {
            return;
        }
        for pid in children {
            // SAFETY: numbers only; a child stays ours until it is reaped here, and its status is not asked for.
            unsafe {
                libc::kill(pid, libc::SIGKILL);
                libc::waitpid(pid, std::ptr::null_mut(), libc::WNOHANG | libc::__WALL);
            }
        }
        sleep(Duration::from_millis(1));
    }
}

fn children() -> Vec<i32> {
    let Ok(tasks) = fs::read_dir("/proc/self/task") else { return Vec::new() };
    let lists = tasks.flatten().filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    lists.flat_map(|l| l.split_whitespace().filter_map(|p| p.parse().ok()).collect::<Vec<_>>()).collect()
}
