//! The rtnetlink socket, in the caller's network namespace or in another one: netlink(7), setns(2).
//!
//! It carries bytes and knows no message: what they mean is `spawn::network`'s affair.

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

use super::check;

/// NETLINK_ROUTE: links, addresses, routes.
const ROUTE: libc::c_int = 0;
/// Longest wait for an answer: the kernel answers within the send call, so this only ends a hang.
const ANSWER_SECONDS: libc::time_t = 10;

/// A NETLINK_ROUTE socket, close-on-exec. It belongs to the namespace it was opened in for good.
#[derive(Debug)]
pub struct Socket(OwnedFd);

impl Socket {
    /// Opens one in the calling thread's network namespace, with extended and short acks where the
    /// kernel has them (Linux 4.12, 4.3).
    ///
    /// # Errors
    /// EMFILE, EPROTONOSUPPORT in a kernel without netlink, EPERM or EACCES under a seccomp profile.
    pub fn open() -> io::Result<Self> {
        Self::open_protocol(ROUTE)
    }

    /// The same for another protocol than NETLINK_ROUTE.
    pub(super) fn open_protocol(protocol: libc::c_int) -> io::Result<Self> {
        // SAFETY: a plain system call; the descriptor it returns is ours alone.
        let fd = check(i64::from(unsafe {
            libc::socket(libc::AF_NETLINK, libc::SOCK_RAW | libc::SOCK_CLOEXEC, protocol)
        }))?;
        // SAFETY: the descriptor was just made and nobody else owns it.
        let socket = Self(unsafe { OwnedFd::from_raw_fd(fd as i32) });
        // Older kernels refuse these two; their acks are only less talkative.
        for option in [libc::NETLINK_EXT_ACK, libc::NETLINK_CAP_ACK] {
            socket.set(libc::SOL_NETLINK, option, &1i32).ok();
        }
        let limit = libc::timeval { tv_sec: ANSWER_SECONDS, tv_usec: 0 };
        socket.set(libc::SOL_SOCKET, libc::SO_RCVTIMEO, &limit)?;
        Ok(socket)
    }

    /// Opens one in `namespace`, an open `/proc/PID/ns/net`. A short-lived thread goes there, so the
    /// caller's own threads stay where they are.
    ///
    /// # Errors
    /// Those of [`Socket::open`]; EPERM without CAP_SYS_ADMIN in both namespaces, EINVAL when the file
    /// is no network namespace, EAGAIN when no thread can be made.
    pub fn open_in(namespace: &File) -> io::Result<Self> {
        let there = || {
            // SAFETY: setns moves only the calling thread; the descriptor is live.
            check(i64::from(unsafe { libc::setns(namespace.as_raw_fd(), libc::CLONE_NEWNET) }))?;
            Self::open()
        };
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().name("netns".to_owned()).spawn_scoped(scope, there)?;
            thread.join().map_err(|_| io::Error::other("the thread in the network namespace ended early"))?
        })
    }

    fn set<T>(&self, level: libc::c_int, option: libc::c_int, value: &T) -> io::Result<()> {
        let size = size_of::<T>() as libc::socklen_t;
        // SAFETY: pointer and size describe the live value, which the kernel only reads.
        let result = unsafe {
            libc::setsockopt(self.0.as_raw_fd(), level, option, std::ptr::from_ref(value).cast(), size)
        };
        check(i64::from(result)).map(drop)
    }

    /// Sends one message to the kernel.
    ///
    /// # Errors
    /// What send(2) says.
    pub fn send(&self, message: &[u8]) -> io::Result<()> {
        // An unconnected netlink socket sends to the kernel (port 0).
        // SAFETY: pointer and length describe the live slice.
        let sent = unsafe { libc::send(self.0.as_raw_fd(), message.as_ptr().cast(), message.len(), 0) };
        check(sent as i64).map(drop)
    }

    /// The next datagram of the kernel, in `buffer`; returns its length. Senders other than the kernel
    /// are passed over.
    ///
    /// # Errors
    /// EAGAIN when no answer came in ten seconds, ENOBUFS when answers were lost, EMSGSIZE when
    /// `buffer` was too short.
    pub fn receive(&self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            // SAFETY: an all-zero sockaddr_nl is valid to be overwritten.
            let mut from: libc::sockaddr_nl = unsafe { std::mem::zeroed() };
            let mut size = size_of_val(&from) as libc::socklen_t;
            // SAFETY: both buffers are live and as long as said.
            let got = unsafe {
                libc::recvfrom(
                    self.0.as_raw_fd(),
                    buffer.as_mut_ptr().cast(),
                    buffer.len(),
                    libc::MSG_TRUNC,
                    (&raw mut from).cast(),
                    &raw mut size,
                )
            };
            match check(got as i64) {
                Ok(_) if from.nl_pid != 0 => {}
                Ok(got) if got as usize > buffer.len() => {
                    return Err(io::Error::from_raw_os_error(libc::EMSGSIZE));
                }
                Ok(got) => return Ok(got as usize),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}
