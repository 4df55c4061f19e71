//! The child between fork and execve.
//!
//! Rules: no allocation, no lock, no formatting, only raw system calls on memory prepared before the
//! fork. A step that fails writes {step, errno} to the close-on-exec pipe and leaves with status 1.
#![allow(unsafe_code)]

use std::ffi::{CStr, CString};
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::ptr;

use super::Plan;
use crate::sys::{self, signal};

// SAFETY: libc's own environment vector, only read, in the forked child where no other thread runs.
unsafe extern "C" {
    static environ: *mut *const libc::c_char;
}

/// Names of the steps, by the number that crosses the pipe.
pub(super) const STEPS: &[&str] = &["exec", "setgroups", "setgid", "setuid", "PTRACE_TRACEME", "SIGSTOP"];

/// Everything the child needs, laid out before the fork.
pub(super) struct Prepared<'a> {
    program: &'a CStr,
    argv: Vec<*const libc::c_char>,
    env: Option<Vec<*const libc::c_char>>,
    plan: &'a Plan,
}

fn pointers(strings: &[CString]) -> Vec<*const libc::c_char> {
    strings.iter().map(|s| s.as_ptr()).chain([ptr::null()]).collect()
}

impl<'a> Prepared<'a> {
    pub(super) fn new(
        program: &'a CStr,
        argv: &'a [CString],
        env: Option<&'a [CString]>,
        plan: &'a Plan,
    ) -> Self {
        Self { program, argv: pointers(argv), env: env.map(pointers), plan }
    }

    /// Forks; the parent gets the pipe's reading end and the child's id.
    pub(super) fn start(&self) -> io::Result<(OwnedFd, i32)> {
        let mut pipe = [0; 2];
        // SAFETY: pipe2 fills the two descriptors.
        sys::check(i64::from(unsafe { libc::pipe2(pipe.as_mut_ptr(), libc::O_CLOEXEC) }))?;
        // SAFETY: both descriptors were just made and are ours alone.
        let (reader, writer) = unsafe { (OwnedFd::from_raw_fd(pipe[0]), OwnedFd::from_raw_fd(pipe[1])) };
        // SAFETY: the child runs only `run`, which keeps to the rules above.
        let pid = sys::check(i64::from(unsafe { libc::fork() }))? as i32;
        if pid == 0 {
            self.run(writer.as_raw_fd());
        }
        Ok((reader, pid))
    }

    fn run(&self, report: i32) -> ! {
        // SAFETY: raw system calls on memory that was prepared before the fork and outlives it.
        unsafe {
            signal::restore_sigpipe();
            if let Some(user) = &self.plan.user {
                step(report, 1, libc::setgroups(user.groups.len(), user.groups.as_ptr()));
                step(report, 2, libc::setgid(user.gid));
                step(report, 3, libc::setuid(user.uid));
            }
            libc::sigprocmask(libc::SIG_SETMASK, self.plan.mask.raw(), ptr::null_mut());
            step(report, 4, libc::ptrace(libc::PTRACE_TRACEME, 0, 0, 0) as i32);
            step(report, 5, libc::kill(libc::getpid(), libc::SIGSTOP));
            let env = self.env.as_ref().map_or(environ.cast_const(), |env| env.as_ptr());
            libc::execve(self.program.as_ptr(), self.argv.as_ptr(), env);
            step(report, 0, -1);
            libc::_exit(1)
        }
    }
}

/// Reports a failed step and ends the child.
unsafe fn step(report: i32, step: i32, result: i32) {
    if result >= 0 {
        return;
    }
    // SAFETY: errno's address is always valid; the buffer is live; _exit does not return.
    unsafe {
        let message = [step, *libc::__errno_location()];
        libc::write(report, message.as_ptr().cast(), 8);
        libc::_exit(1);
    }
}
