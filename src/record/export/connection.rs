//! How TCP connections begin and end, as packets without payload: which ones a call proves.
//!
//! Where both ends are traced each packet is told once, by the call that returns first. A client's port is known only
//! from its next call on; until then its connection waits here. Nothing is made up: a connection of which neither
//! connect nor accept was seen has no beginning, and one whose end nobody saw has none. Source: RFC 9293.

use std::net::SocketAddr;

use super::conversation::{Conversations, MOST, Stream};
use super::packet::{ACK, FIN, RST, SYN, Way};

/// A packet without payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    pub way: Way,
    pub flags: u8,
    /// Its sequence number, and what it acknowledges.
    pub numbers: (u32, u32),
    pub at_ns: u64,
    /// It leaves the process that tells it.
    pub sent: bool,
    /// Who tells it, where that was an earlier call.
    pub comment: Option<String>,
}

/// A connection that is being made.
#[derive(Debug, Clone)]
pub(super) struct Dial {
    pub peer: SocketAddr,
    /// When connect was called.
    pub begun_ns: u64,
    /// When it succeeded; it goes on in the background until then.
    pub done_ns: Option<u64>,
    pub comment: String,
}

/// How a connection stands.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Link {
    /// The client's connect has told of it.
    connected: bool,
    /// The server's accept has.
    accepted: bool,
    /// It was reset.
    over: bool,
}

impl Conversations {
    /// A socket connects.
    pub fn dial(&mut self, inode: u64, dial: Dial) {
        if self.dials.len() >= MOST {
            self.dials.clear();
        }
        self.peer(inode, dial.peer);
        // A connect in the background that is called again is the same one.
        let begun_ns = self.dials.get(&inode).filter(|known| known.peer == dial.peer).map(|d| d.begun_ns);
        let begun_ns = begun_ns.unwrap_or(dial.begun_ns);
        self.dials.insert(inode, Dial { begun_ns, ..dial });
    }

    /// A call shows the way of a socket, and with `proven` that it is connected: the handshake, where there was none.
    pub fn dialed(&mut self, inode: u64, way: Way, proven: Option<u64>) -> Vec<Segment> {
        let Some(dial) = self.dials.get(&inode) else { return Vec::new() };
        let Some(done_ns) = dial.done_ns.or(proven).filter(|_| way.from.port() != 0 && way.to == dial.peer)
        else {
            return Vec::new();
        };
        let (begun_ns, comment) = (dial.begun_ns, Some(dial.comment.clone()));
        self.dials.remove(&inode);
        if !self.begins(way, true) {
            return Vec::new();
        }
        let one = |way, flags, numbers, at_ns, sent| Segment {
            way,
            flags,
            numbers,
            at_ns,
            sent,
            comment: comment.clone(),
        };
        vec![
            one(way, SYN, (0, 0), begun_ns, true),
            one(way.back(), SYN | ACK, (0, 1), done_ns, false),
            one(way, ACK, (1, 1), done_ns, true),
        ]
    }

    /// A connection attempt fails, or is given up: where the other end refused it, that is told too.
    pub fn failed(&mut self, inode: u64, way: Way, now_ns: u64, refused: bool) -> Vec<Segment> {
        let Some(dial) = self.dials.remove(&inode) else { return Vec::new() };
        let way = Way { to: dial.peer, ..way };
        let (comment, numbers) = (Some(dial.comment), (0, 0));
        let begin = Segment { way, flags: SYN, numbers, at_ns: dial.begun_ns, sent: true, comment };
        let end = Segment {
            way: way.back(),
            flags: RST | ACK,
            numbers: (0, 1),
            at_ns: now_ns,
            sent: false,
            comment: None,
        };
        match (refused, dial.done_ns) {
            (true, _) => vec![begin, end],
            (false, None) => vec![begin],
            // It came about, and from which port was never seen.
            (false, Some(_)) => Vec::new(),
        }
    }

    /// A server's accept returned: `way` leads from it to the client.
    pub fn accepted(&mut self, way: Way, at_ns: u64) -> Vec<Segment> {
        if way.to.port() == 0 || !self.begins(way.back(), false) {
            return Vec::new();
        }
        let one = |way, flags, numbers, sent| Segment { way, flags, numbers, at_ns, sent, comment: None };
        vec![
            one(way.back(), SYN, (0, 0), false),
            one(way, SYN | ACK, (0, 1), true),
            one(way.back(), ACK, (1, 1), false),
        ]
    }

    /// Whether one end is the first to tell of a connection, by the way from the client.
    fn begins(&mut self, way: Way, client: bool) -> bool {
        if let Some(link) = self.links.get_mut(&way) {
            let known = if client { &mut link.connected } else { &mut link.accepted };
            if !*known {
                *known = true;
                return false;
            }
        }
        // The first one between these ports, or they are used again.
        if self.links.len() >= MOST {
            self.links.clear();
        }
        self.links.insert(way, Link { connected: client, accepted: !client, over: false });
        self.streams.remove(&way);
        self.streams.remove(&way.back());
        true
    }

    fn link(&mut self, way: Way) -> Option<&mut Link> {
        let key = if self.links.contains_key(&way) { way } else { way.back() };
        self.links.get_mut(&key)
    }

    /// Sequence number of what comes next on a way, and what it acknowledges.
    fn numbers(&self, way: Way) -> (u32, u32) {
        let next = |way: &Way| {
            let stream = self.streams.get(way).copied().unwrap_or_default();
            stream.told.wrapping_add(1 + u64::from(stream.closed)) as u32
        };
        (next(&way), next(&way.back()))
    }

    /// The sender of a way sends no more; `sent` where it tells so itself.
    pub fn finished(&mut self, way: Way, at_ns: u64, sent: bool) -> Vec<Segment> {
        if self.link(way).is_some_and(|link| link.over) || !self.room(way) {
            return Vec::new();
        }
        let numbers = self.numbers(way);
        let stream = self.streams.entry(way).or_default();
        if std::mem::replace(&mut stream.closed, true) {
            return Vec::new();
        }
        let mut all = vec![Segment { way, flags: FIN | ACK, numbers, at_ns, sent, comment: None }];
        let back = way.back();
        if self.streams.get(&back).is_some_and(|stream| stream.closed) {
            let numbers = self.numbers(back);
            all.push(Segment { way: back, flags: ACK, numbers, at_ns, sent: !sent, comment: None });
        }
        all
    }

    /// The sender of a way has reset the connection.
    pub fn reset(&mut self, way: Way, at_ns: u64, sent: bool) -> Vec<Segment> {
        let numbers = self.numbers(way);
        if self.link(way).is_none() {
            if !self.room(way) {
                return Vec::new();
            }
            self.links.insert(way, Link::default());
        }
        match self.link(way) {
            Some(link) if !link.over => link.over = true,
            _ => return Vec::new(),
        }
        vec![Segment { way, flags: RST | ACK, numbers, at_ns, sent, comment: None }]
    }

    /// The last descriptor of a socket is closed, which ends its connection.
    pub fn closed(&mut self, inode: u64, at_ns: u64) -> Vec<Segment> {
        let Some(way) = self.socket(inode).way else { return Vec::new() };
        // A server that listens, and a client whom nobody answered, have nothing to end.
        let Some(link) = self.link(way).copied() else { return Vec::new() };
        let (mine, theirs) = (self.stream(way), self.stream(way.back()));
        if link.over || mine.closed && theirs.closed {
            return Vec::new();
        }
        if theirs.sent > theirs.received && link.connected && link.accepted {
            // What was not read is lost, which the other end is told.
            return self.reset(way, at_ns, true);
        }
        self.finished(way, at_ns, true)
    }

    fn stream(&self, way: Way) -> Stream {
        self.streams.get(&way).copied().unwrap_or_default()
    }

    /// Makes room for one more.
    fn room(&mut self, way: Way) -> bool {
        if self.streams.len() >= MOST && !self.streams.contains_key(&way) {
            self.streams.clear();
        }
        if self.links.len() >= MOST {
            self.links.clear();
        }
        way.from.port() != 0 && way.to.port() != 0
    }
}
