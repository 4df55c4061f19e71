//! Sockets by inode, and the peers that they talk to.
//!
//! The kernel names what a descriptor is open on as `socket:[INODE]`; the addresses seen in connect, accept, bind
//! and their like say who is behind it. An inode belongs to one socket at a time, in whatever process.

use std::collections::HashMap;

use super::address::Address;
use super::bounded::Bounded;

/// Most sockets that are remembered; the oldest half goes when there are more.
const MOST_SOCKETS: usize = 65_536;
/// Most peers that are told apart.
const MOST_PEERS: usize = 50_000;

/// Who connected to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// A traced process began.
    Out,
    /// The other side began.
    In,
    /// Neither, or it is not known.
    Unknown,
}

/// A row of the table of peers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Peer {
    /// `tcp`, `udp`, `unix` and the like.
    pub protocol: &'static str,
    /// Who began.
    pub direction: Direction,
    /// The other side, without the port where it is a client's; `None` where it never showed.
    pub address: Option<PeerAddress>,
    /// The own address of a server.
    pub local: Option<Address>,
}

/// The other side of a socket.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PeerAddress {
    /// In full.
    Full(Address),
    /// A client, whose port says nothing.
    Host(String),
}

/// What went on with a peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Connections made or taken.
    pub connects: u64,
    /// Bytes received.
    pub in_bytes: u64,
    /// Bytes sent.
    pub out_bytes: u64,
    /// Calls that failed for good: not those that would have blocked.
    pub failures: u64,
}

/// A socket.
#[derive(Debug, Clone, Default)]
struct Socket {
    protocol: Option<&'static str>,
    stream: bool,
    local: Option<Address>,
    peer: Option<Address>,
    direction: Option<Direction>,
    seen: u64,
}

/// The sockets and their peers.
#[derive(Debug)]
pub(super) struct Sockets {
    sockets: HashMap<u64, Socket>,
    /// Who spoke first, by socket and address: for sockets without connection.
    first: Bounded<(u64, Address), Option<Direction>>,
    peers: Bounded<Peer, Traffic>,
    clock: u64,
}

/// The inode in `socket:[INODE]`.
pub(super) fn inode(target: &[u8]) -> Option<u64> {
    let digits = target.strip_prefix(b"socket:[")?.strip_suffix(b"]")?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

impl Sockets {
    pub(super) fn new() -> Self {
        Self {
            sockets: HashMap::new(),
            first: Bounded::new(MOST_PEERS),
            peers: Bounded::new(MOST_PEERS),
            clock: 0,
        }
    }

    pub(super) fn peers(&self) -> &Bounded<Peer, Traffic> {
        &self.peers
    }

    fn socket(&mut self, inode: u64) -> &mut Socket {
        if self.sockets.len() >= MOST_SOCKETS && !self.sockets.contains_key(&inode) {
            let horizon = self.clock.saturating_sub(MOST_SOCKETS as u64 / 2);
            self.sockets.retain(|_, socket| socket.seen > horizon);
        }
        self.clock += 1;
        let socket = self.sockets.entry(inode).or_default();
        socket.seen = self.clock;
        socket
    }

    /// A socket was made.
    pub(super) fn made(&mut self, inode: u64, family: u64, kind: u64) {
        let (protocol, stream) = (protocol(family, kind), matches!(kind & 0xf, 1 | 5));
        *self.socket(inode) =
            Socket { protocol: Some(protocol), stream, seen: self.clock, ..Socket::default() };
    }

    /// It is one of a pair.
    pub(super) fn paired(&mut self, inode: u64, family: u64, kind: u64) {
        self.made(inode, family, kind);
        self.socket(inode).direction = Some(Direction::Unknown);
    }

    /// Its own address is known.
    pub(super) fn named(&mut self, inode: u64, address: Address) {
        self.socket(inode).local = Some(address);
    }

    /// Its peer's address is known.
    pub(super) fn peer_named(&mut self, inode: u64, address: Address) {
        self.socket(inode).peer.get_or_insert(address);
    }

    /// connect returned. `failed` for good.
    pub(super) fn connected(&mut self, inode: u64, address: Address, failed: bool) {
        let socket = self.socket(inode);
        // A connect that is asked for again is the same connection.
        let again = socket.direction == Some(Direction::Out)
            && socket.peer.as_ref() == Some(&address)
            && socket.stream;
        socket.peer = Some(address);
        socket.direction = Some(Direction::Out);
        let row = self.row(inode, None);
        match (failed, again) {
            (true, _) => row.failures += 1,
            (false, false) => row.connects += 1,
            (false, true) => {}
        }
    }

    /// accept returned socket `new` on `listener`, with the address of the client.
    pub(super) fn accepted(&mut self, listener: Option<u64>, new: u64, address: Option<Address>) {
        let parent = listener.map(|inode| self.socket(inode).clone()).unwrap_or_default();
        let socket = self.socket(new);
        let seen = socket.seen;
        *socket = Socket {
            protocol: parent.protocol,
            stream: true,
            local: parent.local,
            peer: address,
            direction: Some(Direction::In),
            seen,
        };
        self.row(new, None).connects += 1;
    }

    /// Bytes came or went, with the address that the call names.
    pub(super) fn moved(&mut self, inode: u64, address: Option<Address>, incoming: bool, bytes: u64) {
        self.socket(inode);
        let direction = address.as_ref().map(|address| self.who_began(inode, address, incoming));
        let row = self.row(inode, address.zip(direction));
        let sum = if incoming { &mut row.in_bytes } else { &mut row.out_bytes };
        *sum = sum.saturating_add(bytes);
    }

    /// A call on it failed for good.
    pub(super) fn failed(&mut self, inode: u64, address: Option<Address>) {
        let direction = address.as_ref().map(|address| self.who_began(inode, address, false));
        self.row(inode, address.zip(direction)).failures += 1;
    }

    fn who_began(&mut self, inode: u64, address: &Address, incoming: bool) -> Direction {
        if let Some(known) = self.sockets.get(&inode).and_then(|socket| socket.direction) {
            return known;
        }
        let now = if incoming { Direction::In } else { Direction::Out };
        *self.first.entry(&(inode, address.clone())).get_or_insert(now)
    }

    /// The row of a socket's peer, or of one that a call names.
    fn row(&mut self, inode: u64, named: Option<(Address, Direction)>) -> &mut Traffic {
        let none = Socket::default();
        let socket = self.sockets.get(&inode).unwrap_or(&none);
        let (address, direction) = match named.filter(|_| !socket.stream) {
            Some((address, direction)) => (Some(address), direction),
            None => (socket.peer.clone(), socket.direction.unwrap_or(Direction::Unknown)),
        };
        let protocol = socket.protocol.unwrap_or(match &address {
            Some(Address::Inet(..)) if socket.stream => "tcp",
            Some(Address::Inet(..)) => "inet",
            Some(Address::Unix(_)) => "unix",
            _ => "?",
        });
        let server = direction == Direction::In;
        let local = socket.local.clone().filter(|_| server);
        let address = address.map(|address| match address {
            Address::Inet(..) if server => PeerAddress::Host(address.host()),
            full => PeerAddress::Full(full),
        });
        self.peers.entry(&Peer { protocol, direction, address, local })
    }
}

/// The usual name of a family and a type of sockets.
fn protocol(family: u64, kind: u64) -> &'static str {
    match (family, kind & 0xf) {
        (1, _) => "unix",
        (2 | 10, 1) => "tcp",
        (2 | 10, 2) => "udp",
        (2 | 10, 3) => "raw",
        (2 | 10, 5) => "sctp",
        (16, _) => "netlink",
        (17, _) => "packet",
        (40, _) => "vsock",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inet(port: u16) -> Address {
        Address::Inet([10, 0, 0, 1].into(), port)
    }

    fn rows(sockets: &Sockets) -> Vec<(Peer, Traffic)> {
        let mut rows: Vec<_> = sockets.peers().rows().map(|(p, t)| (p.clone(), *t)).collect();
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        rows
    }

    #[test]
    fn inodes() {
        assert_eq!(inode(b"socket:[123]"), Some(123));
        for other in [&b"socket:[]"[..], b"socket:[12", b"pipe:[1]", b"/socket:[1]", b"socket:[-1]"] {
            assert_eq!(inode(other), None);
        }
    }

    #[test]
    fn a_client_that_asks_twice_has_connected_once() {
        let mut sockets = Sockets::new();
        sockets.made(7, 2, 0x801);
        sockets.connected(7, inet(80), false);
        sockets.connected(7, inet(80), false);
        sockets.moved(7, None, false, 100);
        sockets.moved(7, None, true, 5);
        let rows = rows(&sockets);
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].0.protocol, "tcp");
        assert_eq!(rows[0].0.address, Some(PeerAddress::Full(inet(80))));
        assert_eq!(rows[0].1, Traffic { connects: 1, in_bytes: 5, out_bytes: 100, failures: 0 });
    }

    #[test]
    fn clients_of_a_server_are_one_row_a_host() {
        let mut sockets = Sockets::new();
        sockets.made(1, 2, 1);
        sockets.named(1, inet(8080));
        for (new, port) in [(2, 40_000), (3, 40_001)] {
            sockets.accepted(Some(1), new, Some(inet(port)));
            sockets.moved(new, None, true, 10);
        }
        let rows = rows(&sockets);
        assert_eq!(rows.len(), 1, "{rows:?}");
        assert_eq!(rows[0].0.local, Some(inet(8080)));
        assert_eq!(rows[0].0.address, Some(PeerAddress::Host("10.0.0.1".into())));
        assert_eq!((rows[0].1.connects, rows[0].1.in_bytes), (2, 20));
    }

    #[test]
    fn datagrams_belong_to_who_spoke_first() {
        let mut sockets = Sockets::new();
        sockets.made(5, 2, 2);
        sockets.moved(5, Some(inet(53)), false, 30);
        sockets.moved(5, Some(inet(53)), true, 90);
        sockets.moved(5, Some(inet(999)), true, 1);
        let rows = rows(&sockets);
        assert_eq!(rows.len(), 2, "{rows:?}");
        assert_eq!(rows[0].0.direction, Direction::Out);
        assert_eq!((rows[0].1.out_bytes, rows[0].1.in_bytes), (30, 90));
        assert_eq!(rows[1].0.direction, Direction::In);
    }

    #[test]
    fn an_inode_that_is_used_again_is_another_socket() {
        let mut sockets = Sockets::new();
        sockets.made(5, 2, 1);
        sockets.connected(5, inet(80), false);
        sockets.made(5, 1, 1);
        sockets.moved(5, None, false, 3);
        let rows = rows(&sockets);
        assert_eq!(rows.len(), 2);
        assert!(rows.iter().any(|(peer, t)| peer.protocol == "unix" && t.out_bytes == 3), "{rows:?}");
    }
}
