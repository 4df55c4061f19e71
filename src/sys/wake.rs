//! Waiting for descriptors, with another thread's or a signal's word among them: poll(2), eventfd(2), signalfd(2).

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::time::{Duration, Instant};

use super::check;

/// A word from one thread to another that waits in [`readable`]; said once, it stays said.
#[derive(Debug)]
pub struct Wake(File);

impl Wake {
    /// A word that has not been said.
    ///
    /// # Errors
    /// EMFILE, ENFILE.
    pub fn new() -> io::Result<Self> {
        // SAFETY: a plain system call that makes a new descriptor.
        let fd = check(i64::from(unsafe { libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK) }))?;
        // SAFETY: the descriptor was just made and is ours alone.
        Ok(Self(File::from(unsafe { OwnedFd::from_raw_fd(fd as i32) })))
    }

    /// Says it.
    pub fn wake(&self) {
        // Full only after 2^64 words; it is readable then.
        (&self.0).write_all(&1u64.to_ne_bytes()).ok();
    }
}

impl AsFd for Wake {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// SIGCHLD as a descriptor, readable when a child has changed; the signal must be blocked.
#[derive(Debug)]
pub struct Children(File);

impl Children {
    /// Blocks SIGCHLD in the calling thread and opens the descriptor; also returns the mask from before.
    ///
    /// # Errors
    /// EMFILE, ENFILE.
    pub fn new() -> io::Result<(Self, super::signal::Mask)> {
        let before = super::signal::block(&[libc::SIGCHLD]);
        let set = super::signal::Mask::of(&[libc::SIGCHLD]);
        let flags = libc::SFD_CLOEXEC | libc::SFD_NONBLOCK;
        // SAFETY: the set is live; the call makes a new descriptor.
        let fd = check(i64::from(unsafe { libc::signalfd(-1, set.raw(), flags) }))?;
        // SAFETY: the descriptor was just made and is ours alone.
        Ok((Self(File::from(unsafe { OwnedFd::from_raw_fd(fd as i32) })), before))
    }

    /// Takes what has been noted, so that only a later change makes it readable.
    pub fn clear(&self) {
        let mut signals = [0u8; 128];
        while (&self.0).read(&mut signals).is_ok_and(|read| read > 0) {}
    }
}

impl AsFd for Children {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// Blocks until one of `fds` has something to read or has ended, or the time is over: which of them.
///
/// # Errors
/// What poll(2) says, but for EINTR.
pub fn readable<const N: usize>(fds: [BorrowedFd<'_>; N], limit: Option<Duration>) -> io::Result<[bool; N]> {
    let end = limit.and_then(|limit| Instant::now().checked_add(limit));
    let mut polls = fds.map(|fd| libc::pollfd { fd: fd.as_raw_fd(), events: libc::POLLIN, revents: 0 });
    loop {
        let left = end.map(|end| end.saturating_duration_since(Instant::now()));
        // Rounded up: a wait that ends early would be repeated with a wait of 0.
        let left_ms =
            left.map_or(-1, |left| i32::try_from(left.as_micros().div_ceil(1000)).unwrap_or(i32::MAX));
        // SAFETY: the array is live and has N entries.
        match check(i64::from(unsafe { libc::poll(polls.as_mut_ptr(), N as libc::nfds_t, left_ms) })) {
            Ok(0) if left_ms != 0 => {}
            Ok(_) => return Ok(polls.map(|poll| poll.revents != 0)),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
