//! Pseudo-terminals: pty(7), ioctl_tty(2).

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

use super::check;

/// The side of a terminal that stands for screen and keyboard. Neither reading nor writing waits.
#[derive(Debug)]
pub struct Master(File);

/// A new terminal: that side, and the one that programs have.
///
/// # Errors
/// No terminal is left, or /dev/pts is not mounted.
pub fn open() -> io::Result<(Master, OwnedFd)> {
    let flags = libc::O_RDWR | libc::O_NOCTTY | libc::O_CLOEXEC | libc::O_NONBLOCK;
    // SAFETY: a plain system call that makes a new descriptor.
    let master = check(i64::from(unsafe { libc::posix_openpt(flags) }))?;
    // SAFETY: the descriptor was just made and is ours alone.
    let master = File::from(unsafe { OwnedFd::from_raw_fd(master as i32) });
    // SAFETY: a plain system call on our descriptor.
    check(i64::from(unsafe { libc::unlockpt(master.as_raw_fd()) }))?;
    let flags = libc::O_RDWR | libc::O_NOCTTY | libc::O_CLOEXEC;
    // SAFETY: TIOCGPTPEER takes open flags by value and makes a new descriptor.
    let slave = check(i64::from(unsafe { libc::ioctl(master.as_raw_fd(), libc::TIOCGPTPEER, flags) }))?;
    // SAFETY: the descriptor was just made and is ours alone.
    Ok((Master(master), unsafe { OwnedFd::from_raw_fd(slave as i32) }))
}

impl Master {
    /// Tells the terminal its size in cells; its foreground processes get SIGWINCH when that is another.
    ///
    /// # Errors
    /// What ioctl(2) says.
    pub fn resize(&self, rows: u16, columns: u16) -> io::Result<()> {
        let size = libc::winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        // SAFETY: TIOCSWINSZ reads one live winsize.
        check(i64::from(unsafe { libc::ioctl(self.0.as_raw_fd(), libc::TIOCSWINSZ, &raw const size) }))
            .map(drop)
    }

    /// Reads what programs wrote, or says WouldBlock.
    ///
    /// # Errors
    /// What read(2) says; EIO where no program has the other side open.
    pub fn read(&self, buf: &mut [u8]) -> io::Result<usize> {
        (&self.0).read(buf)
    }

    /// Types, as much as there is room for; or says WouldBlock.
    ///
    /// # Errors
    /// What write(2) says.
    pub fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        (&self.0).write(bytes)
    }
}

impl AsFd for Master {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
