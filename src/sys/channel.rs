//! A pair of connected sockets that keep messages apart and close on exec: parent and child of a launch.

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

use super::check;

/// Two connected ends.
///
/// # Errors
/// EMFILE, ENFILE.
pub fn pair() -> io::Result<(OwnedFd, OwnedFd)> {
    let mut ends = [0; 2];
    let kind = libc::SOCK_SEQPACKET | libc::SOCK_CLOEXEC;
    // SAFETY: socketpair fills the two descriptors.
    check(i64::from(unsafe { libc::socketpair(libc::AF_UNIX, kind, 0, ends.as_mut_ptr()) }))?;
    // SAFETY: both descriptors were just made and are ours alone.
    Ok(unsafe { (OwnedFd::from_raw_fd(ends[0]), OwnedFd::from_raw_fd(ends[1])) })
}

/// The next message of three numbers; `None` at the end, and when `wait` is false and there is none yet.
///
/// # Errors
/// What recv(2) says.
pub fn receive(end: &OwnedFd, wait: bool) -> io::Result<Option<[i32; 3]>> {
    let mut message = [0i32; 3];
    let flags = if wait { 0 } else { libc::MSG_DONTWAIT };
    loop {
        // SAFETY: the buffer is live and has 12 bytes.
        let result = unsafe { libc::recv(end.as_raw_fd(), message.as_mut_ptr().cast(), 12, flags) };
        match check(result as i64) {
            Ok(12) => return Ok(Some(message)),
            Ok(_) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
            // The child died with a word of ours unread. Told once, and ahead of what it had sent before.
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => {}
            Err(error) => return Err(error),
        }
    }
}

/// Sends one number; a peer that is gone is no error and no SIGPIPE.
///
/// # Errors
/// What send(2) says.
pub fn send(end: &OwnedFd, word: i32) -> io::Result<()> {
    // SAFETY: the buffer is live and has 4 bytes.
    let result = unsafe { libc::send(end.as_raw_fd(), (&raw const word).cast(), 4, libc::MSG_NOSIGNAL) };
    match check(result as i64) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}
