//! What went over sockets as packets, for Wireshark and tshark: pcapng with an interface for the host and a packet for
//! each transfer, in headers made up for it.
//!
//! What was captured of a payload only in part has a captured length below its length. Each packet says in a comment
//! which process moved it by which call. Format: draft-ietf-opsawg-pcapng; LINKTYPE_RAW of the link types of tcpdump.

use std::net::SocketAddr;

use super::Setup;
use super::connection::Segment;
use super::conversation::{self, Conversations};
use super::holders::Holders;
use super::out::Out;
use super::packet::{self, MOST_PAYLOAD};
use super::payload::{Message, Messages};
use super::roster::{Arrival, Roster};
use crate::decode::{self, Options};
use crate::engine::sink::{Processes, Rings, Sink};
use crate::event::ring::{Completion, Traffic, Unseen};
use crate::event::{Call, End, FdNote, Program, Stamp, Started, Tid};
use crate::output::shell;
use crate::output::text::pieces;

/// Types of blocks.
const SECTION: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const STATISTICS: u32 = 5;
const PACKET: u32 = 6;
/// Packets begin with their IP header.
const LINKTYPE_RAW: u16 = 101;
/// Options: of any block, of a section, of an interface, of a packet.
const COMMENT: u16 = 1;
const SYSTEM: u16 = 3;
const APPLICATION: u16 = 4;
const INTERFACE_NAME: u16 = 2;
const RESOLUTION: u16 = 9;
const PACKET_FLAGS: u16 = 2;
/// Longest text of an option.
const MOST_TEXT: usize = 1000;
/// MSG_PEEK and MSG_ERRQUEUE of recv(2): nothing is taken, or nothing that was sent.
const NOT_TAKEN: u64 = 0x2 | 0x2000;
/// A call moves no more (MAX_RW_COUNT); of what nothing is known so many packets are written.
const MOST_MOVED: u64 = 0x7fff_f000;
const MOST_UNKNOWN: u32 = 1024;
/// What a call does with a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// Sends on the descriptor in argument 0.
    Send,
    /// Receives; the flags are in this argument.
    Receive(Option<usize>),
    /// Sends several messages.
    SendMany,
    /// Receives several.
    ReceiveMany,
    /// Sends on the descriptor in this argument what never was in the program's memory.
    Blind(usize),
    Connect,
    Bind,
    TellPeer,
    /// Tells what became of a connection attempt.
    Ask,
    Shutdown,
    /// Makes a socket.
    Make,
    Accept,
    /// Makes another descriptor of a socket, in place of the one in argument 1 where that is named.
    Copy,
    CopyTo,
    Control,
    Close,
}

const ACTIONS: &[(&str, Action)] = &[
    ("write", Action::Send),
    ("writev", Action::Send),
    ("send", Action::Send),
    ("sendto", Action::Send),
    ("sendmsg", Action::Send),
    ("sendmmsg", Action::SendMany),
    ("sendfile", Action::Blind(0)),
    ("sendfile64", Action::Blind(0)),
    ("splice", Action::Blind(2)),
    ("read", Action::Receive(None)),
    ("readv", Action::Receive(None)),
    ("recv", Action::Receive(Some(3))),
    ("recvfrom", Action::Receive(Some(3))),
    ("recvmsg", Action::Receive(Some(2))),
    ("recvmmsg", Action::ReceiveMany),
    ("connect", Action::Connect),
    ("bind", Action::Bind),
    ("getsockname", Action::Bind),
    ("getpeername", Action::TellPeer),
    ("getsockopt", Action::Ask),
    ("shutdown", Action::Shutdown),
    ("socket", Action::Make),
    ("accept", Action::Accept),
    ("accept4", Action::Accept),
    ("close", Action::Close),
    ("dup", Action::Copy),
    ("dup2", Action::CopyTo),
    ("dup3", Action::CopyTo),
    ("fcntl", Action::Control),
    ("fcntl64", Action::Control),
];
/// Operations of io_uring that no call is called like, or whose arguments stand elsewhere.
const OPERATIONS: &[(&str, Action)] = &[
    ("write_fixed", Action::Send),
    ("writev_fixed", Action::Send),
    ("send_zc", Action::Send),
    ("sendmsg_zc", Action::Send),
    ("splice", Action::Blind(3)),
    ("read_fixed", Action::Receive(None)),
    ("readv_fixed", Action::Receive(None)),
    ("read_multishot", Action::Receive(None)),
    ("recv_zc", Action::Receive(None)),
];

/// What a call or an operation does with a socket.
fn action(call: &Call) -> Option<Action> {
    let name = call.signature?.name;
    let tables = [call.entry.map_or(&[][..], |_| OPERATIONS), ACTIONS];
    tables.into_iter().flatten().find(|(known, _)| *known == name).map(|(_, action)| *action)
}

pub(super) struct Pcapng {
    out: Out,
    options: Options,
    pub(super) roster: Roster,
    pub(super) all: Conversations,
    pub(super) holders: Holders,
    messages: Messages,
    packet: Vec<u8>,
    /// When the last packet moved.
    last_ns: u64,
    /// What of io_uring was not seen, which no packet tells.
    unseen: Unseen,
}

/// The exporter.
pub(super) fn sink(setup: Setup, mut out: Out) -> Box<dyn Sink> {
    section(&mut out.buffer, &setup);
    interface(&mut out.buffer, &setup.host);
    let options =
        Options { string_limit: setup.capture_bytes, abbreviate: false, raw: false, dereference: true };
    Box::new(Pcapng {
        out,
        options,
        roster: Roster::default(),
        all: Conversations::default(),
        holders: Holders::default(),
        messages: Messages::default(),
        packet: Vec::new(),
        last_ns: setup.header.wall_ns,
        unseen: Unseen::default(),
    })
}

/// A block: its type, its body with options, its length before and behind.
fn block(out: &mut Vec<u8>, kind: u32, body: impl FnOnce(&mut Vec<u8>)) {
    let at = out.len();
    out.extend_from_slice(&kind.to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    body(out);
    let length = (out.len() - at + 4) as u32;
    out[at + 4..at + 8].copy_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&length.to_le_bytes());
}

fn pad(out: &mut Vec<u8>, size: usize) {
    out.resize(out.len() + size.next_multiple_of(4) - size, 0);
}

fn option(out: &mut Vec<u8>, code: u16, value: &[u8]) {
    out.extend_from_slice(&code.to_le_bytes());
    out.extend_from_slice(&(value.len() as u16).to_le_bytes());
    out.extend_from_slice(value);
    pad(out, value.len());
}

fn text(out: &mut Vec<u8>, code: u16, value: &str) {
    if !value.is_empty() {
        let value = shell::shorten(&shell::shown(value.as_bytes()), MOST_TEXT, false);
        option(out, code, value.as_bytes());
    }
}

fn section(out: &mut Vec<u8>, setup: &Setup) {
    block(out, SECTION, |out| {
        // The order of bytes, version 1.0, a length that is not told.
        out.extend_from_slice(&0x1a2b_3c4d_u32.to_le_bytes());
        out.extend_from_slice(&[1, 0, 0, 0]);
        out.extend_from_slice(&u64::MAX.to_le_bytes());
        text(out, COMMENT, &setup.command());
        text(out, SYSTEM, &format!("Linux {}", setup.header.kernel));
        text(out, APPLICATION, concat!("trace ", env!("CARGO_PKG_VERSION")));
        out.extend_from_slice(&[0; 4]);
    });
}

fn interface(out: &mut Vec<u8>, host: &str) {
    block(out, INTERFACE, |out| {
        out.extend_from_slice(&LINKTYPE_RAW.to_le_bytes());
        out.extend_from_slice(&[0; 6]);
        text(out, INTERFACE_NAME, host);
        // Times are nanoseconds.
        option(out, RESOLUTION, &[9]);
        out.extend_from_slice(&[0; 4]);
    });
}

/// What is known of the interface in the end: what went past it unseen.
fn statistics(out: &mut Vec<u8>, at_ns: u64, comment: &str) {
    block(out, STATISTICS, |out| {
        out.extend_from_slice(&[0; 4]);
        out.extend_from_slice(&((at_ns >> 32) as u32).to_le_bytes());
        out.extend_from_slice(&(at_ns as u32).to_le_bytes());
        text(out, COMMENT, comment);
        out.extend_from_slice(&[0; 4]);
    });
}

/// The descriptor of a call in an argument, at its entry.
fn note(call: &Call, argument: usize) -> Option<&FdNote> {
    call.fd_note(call.regs.args[argument] as i32, false)
}

impl Pcapng {
    fn call(&mut self, call: &Call) {
        let Some((action, outcome)) = action(call).zip(call.outcome) else { return };
        self.held(call, action, outcome);
        let argument = if let Action::Blind(at) = action { at } else { 0 };
        let Some(note) = note(call, argument) else { return };
        let Some(inode) = conversation::inode(note) else { return };
        self.connecting(call, note, action, outcome);
        if outcome.failed {
            return;
        }
        let mut messages = std::mem::take(&mut self.messages);
        messages.begin(call.signature);
        decode::call(call, &self.options, &mut messages);
        let address = messages.address().and_then(conversation::internet);
        let moved = (outcome.value.max(0) as u64).min(MOST_MOVED);
        match (action, address) {
            (Action::Connect | Action::TellPeer, Some(address)) => self.all.peer(inode, address),
            (Action::Bind, Some(address)) => self.all.local(inode, address),
            (Action::Blind(_), _) => self.moved(call, note, true, (&[], moved), None),
            (Action::Receive(flags), _) if flags.is_some_and(|at| call.regs.args[at] & NOT_TAKEN != 0) => {}
            (Action::ReceiveMany, _) if call.regs.args[3] & NOT_TAKEN != 0 => {}
            (Action::Send | Action::Receive(_), address) => {
                let bytes = messages.list.first().map_or(&[][..], |message| &message.bytes);
                self.passed(call, &messages.fds);
                self.moved(call, note, action == Action::Send, (bytes, moved), address);
                let room = messages.list.first().map_or(0, Message::size);
                if moved == 0 && action != Action::Send {
                    self.end_of_stream(call, note, room);
                }
            }
            (Action::SendMany | Action::ReceiveMany, _) => {
                for message in messages.list.iter().take(usize::try_from(moved).unwrap_or(0)) {
                    let address = conversation::internet(&message.address);
                    let payload = (&message.bytes[..], message.size().min(MOST_MOVED));
                    self.moved(call, note, action == Action::SendMany, payload, address);
                }
            }
            _ => {}
        }
        self.messages = messages;
    }

    /// A transfer of so many bytes, of which these are known.
    fn moved(
        &mut self,
        call: &Call,
        note: &FdNote,
        sent: bool,
        (bytes, size): (&[u8], u64),
        other: Option<SocketAddr>,
    ) {
        let Some(out) = self.all.way(note, other) else { return };
        let way = if sent { out } else { out.back() };
        if size == 0 && way.transport == packet::Transport::Tcp {
            return;
        }
        let Some(news) = self.all.moved(way, size, sent) else { return };
        let known = |from: u64| usize::try_from(from).ok().and_then(|from| bytes.get(from..)).unwrap_or(&[]);
        let left = size - news.skip;
        let (mut done, mut unknown) = (0, 0);
        let comment = self.comment(call);
        loop {
            let length = (left - done).min(MOST_PAYLOAD as u64);
            let rest = known(news.skip + done);
            let payload = &rest[..rest.len().min(length as usize)];
            // Sequence numbers begin with 1, behind the packet that opens a connection.
            let numbers =
                (news.offset.wrapping_add(done).wrapping_add(1) as u32, news.back.wrapping_add(1) as u32);
            self.packet.clear();
            let whole = packet::write(&mut self.packet, way, numbers, payload, length as usize);
            self.write(call.left.wall_ns, &comment, sent, whole);
            done += length;
            unknown += u32::from(payload.is_empty());
            if done >= left || unknown >= MOST_UNKNOWN {
                break;
            }
        }
    }

    /// The internet address in a call.
    pub(super) fn address(&mut self, call: &Call) -> Option<SocketAddr> {
        self.messages.begin(call.signature);
        decode::call(call, &self.options, &mut self.messages);
        self.messages.address().and_then(conversation::internet)
    }

    /// Who moves something by which call.
    pub(super) fn comment(&mut self, call: &Call) -> String {
        let process = self.roster.of(call.tid);
        let name = match &process.comm[..] {
            [] => process.name(),
            comm => shell::shown(comm),
        };
        let fd = call.regs.args[0] as i32;
        let thread = if process.pid == call.tid.0 { String::new() } else { format!(" tid {}", call.tid.0) };
        format!("pid {}{thread} {name}: {}({fd})", process.pid, pieces::name(call))
    }

    /// What a call's packets say of it.
    pub(super) fn tells(&mut self, call: &Call, segments: Vec<Segment>) {
        if !segments.is_empty() {
            let comment = self.comment(call);
            self.segments(segments, &comment);
        }
    }

    /// Writes packets without payload, which `comment` is about unless they bring their own.
    pub(super) fn segments(&mut self, segments: Vec<Segment>, comment: &str) {
        for segment in segments {
            self.packet.clear();
            let Segment { way, flags, numbers, at_ns, sent, .. } = segment;
            let whole = packet::segment(&mut self.packet, way, numbers, flags, &[], 0);
            self.write(at_ns, segment.comment.as_deref().unwrap_or(comment), sent, whole);
        }
    }

    /// Writes a packet of this length.
    fn write(&mut self, at: u64, comment: &str, sent: bool, whole: usize) {
        self.last_ns = self.last_ns.max(at);
        let packet = &self.packet;
        block(&mut self.out.buffer, PACKET, |out| {
            out.extend_from_slice(&[0; 4]);
            out.extend_from_slice(&((at >> 32) as u32).to_le_bytes());
            out.extend_from_slice(&(at as u32).to_le_bytes());
            out.extend_from_slice(&(packet.len() as u32).to_le_bytes());
            out.extend_from_slice(&(whole as u32).to_le_bytes());
            out.extend_from_slice(packet);
            pad(out, packet.len());
            text(out, COMMENT, comment);
            // Inbound is 1, outbound 2.
            option(out, PACKET_FLAGS, &(1 + u32::from(sent)).to_le_bytes());
            out.extend_from_slice(&[0; 4]);
        });
        self.out.send();
    }
}

impl Sink for Pcapng {
    fn processes(&self) -> Processes {
        Processes::Programs
    }

    fn started(&mut self, started: &Started) {
        if self.roster.started(started) == Arrival::Process {
            let process = self.roster.of(started.tid);
            if let (Some(parent), child) = (process.parent, process.serial) {
                self.holders.forked(parent, child);
            }
        }
    }

    fn executed(&mut self, program: &Program) {
        self.roster.executed(program);
        if !program.attached {
            self.execs(program);
        }
    }

    fn entered(&mut self, call: &Call) {
        self.roster.entered(call.tid);
    }

    fn left(&mut self, call: &Call) {
        self.call(call);
    }

    fn rings(&self) -> Rings {
        Rings::Apart
    }

    fn completed(&mut self, _tid: Tid, completion: &Completion) {
        if let Some(operation) = &completion.operation {
            // Who completes an operation runs its program, whether its call is told or not.
            self.roster.entered(operation.call.tid);
            self.call(&operation.call);
        }
    }

    fn unseen(&mut self, _tid: Tid, traffic: &Traffic) {
        self.unseen.add(traffic);
    }

    fn ended(&mut self, tid: Tid, _end: End, _pending: Option<&Call>, at: Stamp) {
        if let Some(process) = self.roster.ended(tid) {
            self.exits(&process, at);
        }
    }

    fn renamed(&mut self, from: Tid, to: Tid) {
        self.roster.renamed(from, to);
    }

    fn finish(&mut self) {
        if !self.unseen.is_empty() {
            statistics(&mut self.out.buffer, self.last_ns, &self.unseen.to_string());
        }
        self.out.finish();
    }
}
