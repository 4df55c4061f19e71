//! Where the trace goes: a descriptor of its own, out of the tracee's way.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, FromRawFd, OwnedFd};

use super::check;

/// Rows and columns of the terminal behind `file`, 24 rows where it knows its columns only; `None` where it is none.
pub fn window(file: &File) -> Option<(usize, usize)> {
    use std::os::fd::AsRawFd;
    let mut size = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: TIOCGWINSZ writes the winsize behind the valid pointer; another file refuses it.
    let result = unsafe { libc::ioctl(file.as_raw_fd(), libc::TIOCGWINSZ, &raw mut size) };
    let rows = if size.ws_row == 0 { 24 } else { size.ws_row.into() };
    (result == 0 && size.ws_col > 0).then(|| (rows, size.ws_col.into()))
}

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
