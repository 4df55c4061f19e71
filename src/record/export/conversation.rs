//! Who talks to whom over which socket, and which bytes of it were told already.
//!
//! Where both ends are traced, what one sends the other receives: each byte is told once, by whichever comes first. What
//! is known of a socket comes from the kernel's answers in the recording (`FdNote::detail`) and from the addresses in
//! calls. Memory is bounded: what was longest known is forgotten all at once.

use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::connection::{Dial, Link};
use super::packet::{Transport, UNIX, Way};
use crate::event::FdNote;
use crate::event::descriptor::{Detail, Ends};

/// Most sockets, and most ways between them, that are remembered.
pub(super) const MOST: usize = 1 << 16;
/// Most messages that one end has told and the other has not.
const MOST_OPEN: usize = 1024;

/// What is known of a socket.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Socket {
    local: Option<SocketAddr>,
    peer: Option<SocketAddr>,
    /// Its connection, where it has one over TCP.
    pub way: Option<Way>,
    /// It was told to receive no more.
    pub deaf: bool,
}

/// How far a stream was told.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stream {
    pub told: u64,
    pub sent: u64,
    pub received: u64,
    /// Its end was told.
    pub closed: bool,
}

/// A message that one end has told.
#[derive(Debug, Clone, Copy)]
struct Open {
    size: u64,
    /// The sender has.
    sent: bool,
    /// The port of the sender; 0 where it is not known.
    from: u16,
}

/// All conversations of a recording.
#[derive(Debug, Default)]
pub(super) struct Conversations {
    sockets: HashMap<u64, Socket>,
    pub(super) streams: HashMap<Way, Stream>,
    /// How connections stand, by the way from client to server.
    pub(super) links: HashMap<Way, Link>,
    /// Connections that are being made, by the inode of the client's socket.
    pub(super) dials: HashMap<u64, Dial>,
    /// Messages that one end has told and the other has not; by the port of the receiver.
    open: HashMap<u16, VecDeque<Open>>,
}

/// The part of a transfer that was not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct News {
    /// Where it begins in the transfer.
    pub skip: u64,
    /// Bytes of the stream before it.
    pub offset: u64,
    /// Bytes of the stream back, and its end, where that was told.
    pub back: u64,
}

/// The inode of a socket's descriptor.
pub(super) fn inode(note: &FdNote) -> Option<u64> {
    let number = note.target.strip_prefix(b"socket:[")?.strip_suffix(b"]")?;
    std::str::from_utf8(number).ok()?.parse().ok()
}

/// An address of IPv4 that is written as one of IPv6 is one of IPv4.
fn plain(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

/// The address that stands for a Unix socket: its inode is the host in a network of their own, the port is 1.
fn unix(inode: u64) -> SocketAddr {
    let [a, b, c] = UNIX;
    let part = |shift: u32| (inode >> shift) as u16;
    let ip = Ipv6Addr::new(a, b, c, 0, part(48), part(32), part(16), part(0));
    SocketAddr::new(ip.into(), 1)
}

/// The internet address in a sockaddr of the kernel.
pub(super) fn internet(bytes: &[u8]) -> Option<SocketAddr> {
    let port = u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?]);
    match u16::from_le_bytes([*bytes.first()?, *bytes.get(1)?]) {
        2 => {
            let octets: [u8; 4] = bytes.get(4..8)?.try_into().ok()?;
            Some(SocketAddr::new(Ipv4Addr::from(octets).into(), port))
        }
        10 => {
            let octets: [u8; 16] = bytes.get(8..24)?.try_into().ok()?;
            Some(plain(SocketAddr::new(Ipv6Addr::from(octets).into(), port)))
        }
        _ => None,
    }
}

/// What carries the bytes of a protocol; `None` for one that has no packets here.
fn transport(protocol: &str) -> Option<Transport> {
    match protocol {
        "TCP" | "TCPv6" | "UNIX-STREAM" => Some(Transport::Tcp),
        "UDP" | "UDPv6" | "UDPLITE" | "UDPLITEv6" | "UNIX" | "UNIX-DGRAM" | "UNIX-SEQPACKET" => {
            Some(Transport::Udp)
        }
        _ => None,
    }
}

impl Conversations {
    pub(super) fn socket(&mut self, inode: u64) -> &mut Socket {
        if self.sockets.len() >= MOST && !self.sockets.contains_key(&inode) {
            self.sockets.clear();
        }
        self.sockets.entry(inode).or_default()
    }

    /// A socket was bound to an address, or the kernel told it.
    pub fn local(&mut self, inode: u64, address: SocketAddr) {
        self.socket(inode).local = Some(address);
    }

    /// A socket was connected to an address, or the kernel told it.
    pub fn peer(&mut self, inode: u64, address: SocketAddr) {
        self.socket(inode).peer = Some(address);
    }

    /// The way out of a socket, to `other` where the call names it. `None` where it is no socket with packets.
    pub fn way(&mut self, note: &FdNote, other: Option<SocketAddr>) -> Option<Way> {
        let inode = inode(note)?;
        let mut known = *self.socket(inode);
        let Some(Detail::Socket(socket)) = note.detail.as_deref() else { return None };
        let transport = transport(&socket.protocol)?;
        match &socket.ends {
            Ends::Inet { local, peer } => {
                // What the kernel told first may be from before a connect.
                known.local = Some(plain(*local)).filter(|l| l.port() != 0).or(known.local);
                known.peer = known.peer.or(peer.map(plain));
            }
            Ends::Unix { peer, .. } => {
                known.local = Some(unix(inode));
                known.peer = Some(unix(u64::from(peer.unwrap_or(0))));
            }
            Ends::Unknown if socket.protocol.starts_with("UNIX") => {
                (known.local, known.peer) = (Some(unix(inode)), Some(unix(0)));
            }
            Ends::Unknown | Ends::Netlink { .. } => {}
        }
        let nowhere = SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), 0);
        let to = other.or(known.peer).unwrap_or(nowhere);
        let mut from = known.local.unwrap_or(nowhere);
        if from.ip().is_unspecified() {
            // Which of the machine's addresses it is was not told; to itself it is the same.
            let own = if to.ip().is_loopback() { to.ip() } else { unspecified(to.ip()) };
            from.set_ip(own);
        }
        let way = Way { transport, from, to };
        if way.is_connection() {
            self.socket(inode).way = Some(way).filter(|_| to.port() != 0);
        }
        Some(way)
    }

    /// `size` bytes went a way; `sent` when their sender tells it. The part that is new.
    pub fn moved(&mut self, way: Way, size: u64, sent: bool) -> Option<News> {
        if way.transport == Transport::Udp {
            return self.message(way, size, sent);
        }
        if self.streams.len() >= MOST && !self.streams.contains_key(&way) {
            self.streams.clear();
        }
        let back = self.streams.get(&way.back()).map_or(0, |stream| stream.told + u64::from(stream.closed));
        let stream = self.streams.entry(way).or_default();
        let total = if sent { &mut stream.sent } else { &mut stream.received };
        let begin = *total;
        *total = begin.saturating_add(size);
        let end = *total;
        if end <= stream.told {
            return None;
        }
        let offset = stream.told.max(begin);
        stream.told = end;
        Some(News { skip: offset - begin, offset, back })
    }

    fn message(&mut self, way: Way, size: u64, sent: bool) -> Option<News> {
        if self.open.len() >= MOST {
            self.open.clear();
        }
        let open = self.open.entry(way.to.port()).or_default();
        let from = way.from.port();
        let same = |one: &Open| {
            one.size == size && one.sent != sent && (one.from == from || one.from == 0 || from == 0)
        };
        if let Some(at) = open.iter().position(same) {
            open.remove(at);
            return None;
        }
        if open.len() >= MOST_OPEN {
            open.pop_front();
        }
        open.push_back(Open { size, sent, from });
        Some(News { skip: 0, offset: 0, back: 0 })
    }
}

fn unspecified(like: IpAddr) -> IpAddr {
    match like {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(transport: Transport) -> Way {
        Way { transport, from: "127.0.0.1:1000".parse().unwrap(), to: "127.0.0.1:80".parse().unwrap() }
    }

    #[test]
    fn each_byte_of_a_stream_is_told_once() {
        let mut all = Conversations::default();
        let tcp = way(Transport::Tcp);
        let news = |skip, offset, back| Some(News { skip, offset, back });
        assert_eq!(all.moved(tcp, 100, true), news(0, 0, 0));
        assert_eq!(all.moved(tcp, 60, false), None);
        assert_eq!(
            all.moved(tcp.back(), 10, false),
            news(0, 0, 100),
            "only the receiver is traced, or is first"
        );
        assert_eq!(all.moved(tcp.back(), 10, true), None);
        // The receiver comes first, with what was sent before among it.
        assert_eq!(all.moved(tcp, 70, false), news(40, 100, 10));
        assert_eq!(all.moved(tcp, 50, true), news(30, 130, 10));
    }

    #[test]
    fn each_message_is_told_once() {
        let mut all = Conversations::default();
        let udp = way(Transport::Udp);
        assert!(all.moved(udp, 5, true).is_some() && all.moved(udp, 5, false).is_none());
        assert!(all.moved(udp, 5, false).is_some() && all.moved(udp, 5, true).is_none());
        assert!(all.moved(udp, 5, true).is_some() && all.moved(udp, 5, true).is_some());
        // Before a socket sends first it has no port.
        let mut nameless = udp;
        nameless.from.set_port(0);
        assert!(all.moved(nameless, 9, true).is_some() && all.moved(udp, 9, false).is_none());
    }

    #[test]
    fn addresses() {
        assert_eq!(internet(&[2, 0, 0, 80, 127, 0, 0, 1]), "127.0.0.1:80".parse().ok());
        let mut mapped = vec![10, 0, 0, 80, 0, 0, 0, 0];
        mapped.extend_from_slice(&Ipv4Addr::new(1, 2, 3, 4).to_ipv6_mapped().octets());
        assert_eq!(internet(&mapped), "1.2.3.4:80".parse().ok());
        assert_eq!(internet(&mapped[..20]), None);
        assert_eq!(unix(0x12345).to_string(), "[fd74:7261:6365::1:2345]:1");
    }
}
