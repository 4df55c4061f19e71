//! Messages between processes with descriptors and the kernel's word on who sent them: SCM_RIGHTS and
//! SCM_CREDENTIALS of unix(7), on the sockets of [`super::channel::pair`].

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

use super::check;

/// Most descriptors in one message (SCM_MAX_FD).
pub const MOST_FDS: usize = 253;
/// Room for control messages: 253 descriptors and one set of credentials, with their headers.
const CONTROL_WORDS: usize = 160;

/// Who sent a message, in the ids that the receiver's namespaces have for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sender {
    /// Its process id; 0 for one outside the receiver's pid namespace.
    pub pid: i32,
    /// Its user id; the overflow id (65534) for one that the receiver's user namespace does not know.
    pub uid: u32,
    /// Its group id.
    pub gid: u32,
}

/// A message that arrived.
#[derive(Debug)]
pub struct Received {
    /// Bytes of it; 0 at the end of the connection.
    pub length: usize,
    /// Descriptors that came with it, close-on-exec.
    pub fds: Vec<OwnedFd>,
    /// Who sent it; `None` where [`tell_senders`] was not called before.
    pub sender: Option<Sender>,
    /// It was longer than the buffer, or had more descriptors than could be taken: what is here is not all.
    pub truncated: bool,
}

/// From now on messages that arrive at `end` say who sent them.
///
/// # Errors
/// ENOTSOCK.
pub fn tell_senders(end: BorrowedFd<'_>) -> io::Result<()> {
    let on: libc::c_int = 1;
    let size = size_of_val(&on) as libc::socklen_t;
    let on = (&raw const on).cast();
    // SAFETY: the option is a live integer of the given size.
    check(i64::from(unsafe {
        libc::setsockopt(end.as_raw_fd(), libc::SOL_SOCKET, libc::SO_PASSCRED, on, size)
    }))
    .map(drop)
}

/// Sends one message with `fds`. With `about` it says that it comes from that process, which needs CAP_SYS_ADMIN
/// over its pid namespace; the ids stay the sender's own. A peer that is gone is EPIPE, without a signal.
///
/// # Errors
/// What sendmsg(2) says; EINVAL for more than [`MOST_FDS`] descriptors.
pub fn send(end: BorrowedFd<'_>, bytes: &[u8], fds: &[RawFd], about: Option<i32>) -> io::Result<()> {
    if fds.len() > MOST_FDS {
        return Err(io::Error::from_raw_os_error(libc::EINVAL));
    }
    let mut part = libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
    let mut control = [0u64; CONTROL_WORDS];
    // SAFETY: an all-zero header is valid.
    let mut header: libc::msghdr = unsafe { std::mem::zeroed() };
    header.msg_iov = &raw mut part;
    header.msg_iovlen = 1;
    header.msg_control = control.as_mut_ptr().cast();
    header.msg_controllen = size_of_val(&control);
    // SAFETY: CMSG_* walk the control buffer, which is aligned and has room for the most descriptors and one
    // ucred; each copy stays within the space of its header.
    unsafe {
        let mut used = 0;
        let mut slot = libc::CMSG_FIRSTHDR(&raw const header);
        if !fds.is_empty() {
            let size = size_of_val(fds) as u32;
            (*slot).cmsg_level = libc::SOL_SOCKET;
            (*slot).cmsg_type = libc::SCM_RIGHTS;
            (*slot).cmsg_len = libc::CMSG_LEN(size) as usize;
            std::ptr::copy_nonoverlapping(fds.as_ptr().cast(), libc::CMSG_DATA(slot), size as usize);
            used += libc::CMSG_SPACE(size) as usize;
            slot = libc::CMSG_NXTHDR(&raw const header, slot);
        }
        if let Some(pid) = about {
            let who = libc::ucred { pid, uid: libc::geteuid(), gid: libc::getegid() };
            let size = size_of_val(&who) as u32;
            (*slot).cmsg_level = libc::SOL_SOCKET;
            (*slot).cmsg_type = libc::SCM_CREDENTIALS;
            (*slot).cmsg_len = libc::CMSG_LEN(size) as usize;
            std::ptr::copy_nonoverlapping((&raw const who).cast(), libc::CMSG_DATA(slot), size as usize);
            used += libc::CMSG_SPACE(size) as usize;
        }
        header.msg_controllen = used;
    }
    if header.msg_controllen == 0 {
        header.msg_control = std::ptr::null_mut();
    }
    loop {
        // SAFETY: the header describes live buffers.
        let sent = unsafe { libc::sendmsg(end.as_raw_fd(), &raw const header, libc::MSG_NOSIGNAL) };
        match check(sent as i64) {
            Ok(sent) if sent as usize == bytes.len() => return Ok(()),
            Ok(_) => return Err(io::Error::from_raw_os_error(libc::EMSGSIZE)),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Waits for the next message; a peer that is gone is a message of length 0.
///
/// # Errors
/// What recvmsg(2) says.
pub fn receive(end: BorrowedFd<'_>, buf: &mut [u8]) -> io::Result<Received> {
    let mut part = libc::iovec { iov_base: buf.as_mut_ptr().cast(), iov_len: buf.len() };
    let mut control = [0u64; CONTROL_WORDS];
    // SAFETY: an all-zero header is valid.
    let mut header: libc::msghdr = unsafe { std::mem::zeroed() };
    header.msg_iov = &raw mut part;
    header.msg_iovlen = 1;
    header.msg_control = control.as_mut_ptr().cast();
    header.msg_controllen = size_of_val(&control);
    let length = loop {
        // SAFETY: the header describes live buffers.
        let got = unsafe { libc::recvmsg(end.as_raw_fd(), &raw mut header, libc::MSG_CMSG_CLOEXEC) };
        match check(got as i64) {
            Ok(got) => break got as usize,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => {}
            Err(error) => return Err(error),
        }
    };
    let truncated = header.msg_flags & (libc::MSG_TRUNC | libc::MSG_CTRUNC) != 0;
    let mut received = Received { length, fds: Vec::new(), sender: None, truncated };
    // SAFETY: the kernel has filled the control buffer, and CMSG_* stay within the length that it set; descriptors
    // that it made are ours alone.
    unsafe {
        let mut slot = libc::CMSG_FIRSTHDR(&raw const header);
        while !slot.is_null() {
            let size = (*slot).cmsg_len - libc::CMSG_LEN(0) as usize;
            match ((*slot).cmsg_level, (*slot).cmsg_type) {
                (libc::SOL_SOCKET, libc::SCM_RIGHTS) => {
                    for n in 0..size / size_of::<RawFd>() {
                        let fd = libc::CMSG_DATA(slot).cast::<RawFd>().add(n).read_unaligned();
                        received.fds.push(OwnedFd::from_raw_fd(fd));
                    }
                }
                (libc::SOL_SOCKET, libc::SCM_CREDENTIALS) if size >= size_of::<libc::ucred>() => {
                    let who = libc::CMSG_DATA(slot).cast::<libc::ucred>().read_unaligned();
                    received.sender = Some(Sender { pid: who.pid, uid: who.uid, gid: who.gid });
                }
                _ => {}
            }
            slot = libc::CMSG_NXTHDR(&raw const header, slot);
        }
    }
    Ok(received)
}

/// Takes over the socket that this process was started with as `fd`, and keeps it from what it executes.
///
/// # Errors
/// EBADF; ENOTSOCK for what is no unix socket that keeps messages apart.
pub fn inherited(fd: RawFd) -> io::Result<OwnedFd> {
    let option = |name| {
        let mut value: libc::c_int = 0;
        let mut size = size_of_val(&value) as libc::socklen_t;
        let place = (&raw mut value).cast();
        // SAFETY: the option is a live integer of the given size.
        let result = unsafe { libc::getsockopt(fd, libc::SOL_SOCKET, name, place, &raw mut size) };
        check(i64::from(result)).map(|_| value)
    };
    if option(libc::SO_DOMAIN)? != libc::AF_UNIX || option(libc::SO_TYPE)? != libc::SOCK_SEQPACKET {
        return Err(io::Error::from_raw_os_error(libc::ENOTSOCK));
    }
    // SAFETY: a plain system call on an open descriptor.
    check(i64::from(unsafe { libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC) }))?;
    // SAFETY: a descriptor from before this program began belongs to nobody in it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}
