//! Thin safe wrappers on the kernel. The unsafe code of the tracer lives here and in `spawn/child`.
#![allow(unsafe_code)]

pub mod affinity;
pub mod channel;
pub mod clock;
pub mod clone;
pub mod daemon;
pub mod diag;
pub mod families;
pub mod interface;
pub mod limits;
pub mod message;
pub mod netlink;
pub mod output;
pub mod process;
pub mod ptrace;
pub mod pty;
pub mod regex;
pub mod selinux;
pub mod signal;
pub mod vm;
pub mod wait;
pub mod wake;

use std::io;

/// The error of a libc call that returned -1.
pub(crate) fn check(result: i64) -> io::Result<i64> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}
