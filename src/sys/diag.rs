//! What the kernel tells of sockets by inode, in the caller's network namespace: sock_diag(7).
//!
//! Unix sockets are asked for one by one; of the others the kernel gives a list, which is searched.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::netlink::Socket;

/// NETLINK_SOCK_DIAG, and SOCK_DIAG_BY_FAMILY of linux/sock_diag.h.
const SOCK_DIAG: libc::c_int = 4;
const BY_FAMILY: u16 = 20;
/// NLM_F_REQUEST, NLM_F_DUMP, NLMSG_ERROR, NLMSG_DONE of linux/netlink.h.
const REQUEST: u16 = 1;
const DUMP: u16 = 0x300;
const ERROR: u16 = 2;
const DONE: u16 = 3;
/// UDIAG_SHOW_NAME | UDIAG_SHOW_PEER, UNIX_DIAG_NAME, UNIX_DIAG_PEER of linux/unix_diag.h.
const SHOW_NAME_AND_PEER: u32 = 1 | 4;
const NAME: u16 = 0;
const PEER: u16 = 2;
/// NDIAG_PROTO_ALL of linux/netlink_diag.h.
const EVERY_PROTOCOL: u8 = 255;
/// The kernel's datagrams of a dump are at most this long, in bytes.
const DATAGRAM: usize = 32 * 1024;

/// A question to the kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// AF_INET or AF_INET6, and the IPPROTO.
    Inet {
        /// IPv6.
        six: bool,
        /// IPPROTO_TCP and so on.
        protocol: u8,
    },
    /// AF_UNIX.
    Unix,
    /// AF_NETLINK.
    Netlink,
}

/// The addresses of a socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ends {
    /// None yet, or not to be known.
    Unknown,
    /// Internet addresses.
    Inet {
        /// Its own.
        local: SocketAddr,
        /// The other end's, when it is connected.
        peer: Option<SocketAddr>,
    },
    /// Unix domain.
    Unix {
        /// The inode of the other end, when it is connected.
        peer: Option<u32>,
        /// The name that it is bound to; an abstract one begins with a NUL.
        name: Option<Vec<u8>>,
    },
    /// Netlink.
    Netlink {
        /// NETLINK_ROUTE and so on.
        protocol: u8,
        /// Its port.
        port: u32,
    },
}

impl Ends {
    /// Ends of internet addresses; an unspecified peer with port 0 is none.
    pub fn inet(local: (IpAddr, u16), peer: (IpAddr, u16)) -> Self {
        let peer = (peer.1 != 0 || !peer.0.is_unspecified()).then(|| SocketAddr::from(peer));
        Self::Inet { local: local.into(), peer }
    }
}

/// An open channel to the kernel.
#[derive(Debug)]
pub struct Diag(Socket);

impl Diag {
    /// Opens one in the calling thread's network namespace.
    ///
    /// # Errors
    /// Those of [`Socket::open`].
    pub fn open() -> io::Result<Self> {
        Socket::open_protocol(SOCK_DIAG).map(Self)
    }

    /// The addresses of the socket with `inode`; `None` when the kernel lists no such socket.
    pub fn ends(&self, family: Family, inode: u64) -> Option<Ends> {
        let inode = u32::try_from(inode).ok()?;
        let (body, flags) = request(family, inode);
        let mut message = Vec::with_capacity(16 + body.len());
        message.extend_from_slice(&(16 + body.len() as u32).to_ne_bytes());
        message.extend_from_slice(&BY_FAMILY.to_ne_bytes());
        message.extend_from_slice(&(REQUEST | flags).to_ne_bytes());
        message.extend_from_slice(&[0; 8]);
        message.extend_from_slice(&body);
        self.0.send(&message).ok()?;
        let mut found = None;
        let mut buffer = vec![0; DATAGRAM];
        loop {
            let length = self.0.receive(&mut buffer).ok()?;
            let mut rest = &buffer[..length];
            while let Some((kind, body, more)) = split(rest) {
                rest = more;
                match kind {
                    DONE | ERROR => return found,
                    BY_FAMILY if found.is_none() => found = answer(family, body, inode),
                    _ => {}
                }
            }
            if flags == 0 {
                return found;
            }
        }
    }
}

/// The body of a question, and the flags of its message.
fn request(family: Family, inode: u32) -> (Vec<u8>, u16) {
    let mut body = Vec::with_capacity(56);
    match family {
        // struct inet_diag_req_v2: family, protocol, ext, pad, states, id
        Family::Inet { six, protocol } => {
            body.extend_from_slice(&[if six { libc::AF_INET6 } else { libc::AF_INET } as u8, protocol, 0, 0]);
            body.extend_from_slice(&u32::MAX.to_ne_bytes());
            body.resize(56, 0);
            (body, DUMP)
        }
        // struct unix_diag_req: family, protocol, pad, states, ino, show, cookie
        Family::Unix => {
            body.extend_from_slice(&[libc::AF_UNIX as u8, 0, 0, 0]);
            for word in [u32::MAX, inode, SHOW_NAME_AND_PEER, u32::MAX, u32::MAX] {
                body.extend_from_slice(&word.to_ne_bytes());
            }
            (body, 0)
        }
        // struct netlink_diag_req: family, protocol, pad, ino, show, cookie
        Family::Netlink => {
            body.extend_from_slice(&[libc::AF_NETLINK as u8, EVERY_PROTOCOL, 0, 0]);
            body.resize(20, 0);
            (body, DUMP)
        }
    }
}

/// The first message of a datagram: its type, its body, and what follows.
fn split(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let length = word(bytes, 0)? as usize;
    let kind = u16::from_ne_bytes(bytes.get(4..6)?.try_into().ok()?);
    let body = bytes.get(16..length)?;
    Some((kind, body, bytes.get(length.next_multiple_of(4)..).unwrap_or_default()))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// What a message says, if it is about `inode`.
fn answer(family: Family, body: &[u8], inode: u32) -> Option<Ends> {
    match family {
        // struct inet_diag_msg: four bytes, struct inet_diag_sockid, five words of which the last is the inode
        Family::Inet { six, .. } => {
            let port = |at: usize| Some(u16::from_be_bytes(body.get(at..at + 2)?.try_into().ok()?));
            let address = |at: usize| -> Option<IpAddr> {
                let bytes: [u8; 16] = body.get(at..at + 16)?.try_into().ok()?;
                let [a, b, c, d, ..] = bytes;
                Some(if six { Ipv6Addr::from(bytes).into() } else { Ipv4Addr::new(a, b, c, d).into() })
            };
            let mine = word(body, 68)? == inode;
            mine.then_some(())?;
            Some(Ends::inet((address(8)?, port(4)?), (address(24)?, port(6)?)))
        }
        // struct unix_diag_msg: four bytes, ino, cookie; then attributes
        Family::Unix => {
            (word(body, 4)? == inode).then_some(())?;
            let (mut peer, mut name) = (None, None);
            let mut rest = body.get(16..)?;
            while let Some(length) = rest.get(..2).map(|b| usize::from(u16::from_ne_bytes([b[0], b[1]]))) {
                let kind = u16::from_ne_bytes([*rest.get(2)?, *rest.get(3)?]);
                let Some(value) = rest.get(4..length) else { break };
                match kind {
                    NAME => name = Some(value.to_vec()),
                    PEER => peer = word(value, 0).filter(|peer| *peer != 0),
                    _ => {}
                }
                rest = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
            }
            Some(Ends::Unix { peer, name })
        }
        // struct netlink_diag_msg: family, type, protocol, state, portid, dst_portid, dst_group, ino
        Family::Netlink => {
            (word(body, 16)? == inode).then_some(())?;
            Some(Ends::Netlink { protocol: *body.get(2)?, port: word(body, 4)? })
        }
    }
}
