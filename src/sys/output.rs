//! Where the trace goes: a descriptor of its own, out of the tracee's way.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, FromRawFd, OwnedFd};

use super::check;

/// A copy of standard error, close-on-exec and above the tracee's usual descriptors.
///
/// # Errors
/// EMFILE.
pub fn stderr() -> io::Result<File> {
    use std::os::fd::AsRawFd;
    let fd = io::stderr().as_fd().as_raw_fd();
    // SAFETY: fcntl returns a new descriptor that nobody else owns.
    let fd = check(i64::from(unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 3) }))? as i32;
    // SAFETY: the descriptor was just made and is ours alone.
    Ok(File::from(unsafe { OwnedFd::from_raw_fd(fd) }))
}
