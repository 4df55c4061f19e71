//! What calls tell of the beginnings and ends of connections: connect, accept, shutdown, the last close, a read that
//! finds the end, an error.

use super::connection::Dial;
use super::conversation;
use super::packet::Way;
use super::pcapng::{Action, Pcapng};
use super::roster::Process;
use crate::event::{Call, FdNote, Outcome, Program, Stamp};

/// Errors of connections, see connect(2).
const RESET: u32 = 104;
const IS_CONNECTED: u32 = 106;
const TIMED_OUT: u32 = 110;
const REFUSED: u32 = 111;
const IN_PROGRESS: u32 = 115;
/// SOCK_CLOEXEC; F_DUPFD, F_SETFD and F_DUPFD_CLOEXEC of fcntl(2), FD_CLOEXEC; SHUT_RD and SHUT_WR.
const CLOSES: u64 = 0o2_000_000;
const DUPLICATE: u64 = 0;
const SET_FLAGS: u64 = 2;
const DUPLICATE_SHORT: u64 = 1030;
const SHUT_RECEIVE: u64 = 0;
const SHUT_SEND: u64 = 1;
/// SOL_SOCKET and SO_ERROR of getsockopt(2).
const SOCKET_ERROR: [u64; 2] = [1, 4];

impl Pcapng {
    /// What a call says of who holds which sockets, and of what ends with the last descriptor.
    pub(super) fn held(&mut self, call: &Call, action: Action, outcome: Outcome) {
        let process = self.roster.of(call.tid).serial;
        let [first, second, third, fourth, ..] = call.regs.args;
        let (fd, new) = (first as i32, outcome.value as i32);
        let inode = call.fd_note(fd, false).and_then(conversation::inode);
        match (action, inode) {
            // Linux frees a descriptor whatever close returns.
            (Action::Close, _) => {
                self.way(call);
                let last = self.holders.close(process, fd);
                self.closes(call, last);
            }
            _ if outcome.failed => {}
            (Action::Make | Action::Accept, _) => {
                let Some(note) = call.fd_note(new, true) else { return };
                let Some(inode) = conversation::inode(note) else { return };
                let flags = match (action, call.signature.map(|signature| signature.name)) {
                    (Action::Make, _) => second,
                    (_, Some("accept4")) => fourth,
                    _ => 0,
                };
                self.holders.made(process, new, inode, flags & CLOSES != 0);
                if action == Action::Accept
                    && let Some(way) = self.all.way(note, None).filter(|way| way.is_connection())
                {
                    let segments = self.all.accepted(way, call.left.wall_ns);
                    self.tells(call, segments);
                }
            }
            (Action::Copy | Action::CopyTo, inode) if new != fd => {
                if action == Action::CopyTo {
                    let last = self.holders.close(process, second as i32);
                    self.closes(call, last);
                }
                if let Some(inode) = inode {
                    self.holders.copied(process, new, inode, third & CLOSES != 0 && action == Action::CopyTo);
                }
            }
            (Action::Control, Some(inode)) if matches!(second, DUPLICATE | DUPLICATE_SHORT) => {
                self.holders.copied(process, new, inode, second == DUPLICATE_SHORT);
            }
            (Action::Control, Some(_)) if second == SET_FLAGS => {
                self.holders.mark(process, fd, third & 1 != 0);
            }
            _ => {}
        }
    }

    /// The way of the connection of the descriptor in argument 0, where it has one.
    fn way(&mut self, call: &Call) -> Option<Way> {
        let note = call.fd_note(call.regs.args[0] as i32, false)?;
        self.all.way(note, None).filter(|way| way.is_connection())
    }

    fn closes(&mut self, call: &Call, inode: Option<u64>) {
        let Some(inode) = inode else { return };
        let mut segments = Vec::new();
        if let Some(way) = self.way(call) {
            segments.extend(self.all.dialed(inode, way, None));
            segments.extend(self.all.failed(inode, way, call.left.wall_ns, false));
        }
        segments.extend(self.all.closed(inode, call.left.wall_ns));
        self.tells(call, segments);
    }

    /// Descriptors went to somebody with a message: sockets among them may be held by whom nobody sees.
    pub(super) fn passed(&mut self, call: &Call, fds: &[i32]) {
        for fd in fds {
            if let Some(inode) = call.fd_note(*fd, false).and_then(conversation::inode) {
                self.holders.lost(inode);
            }
        }
    }

    /// What a call says of how the connection of its socket comes about and is cut off.
    pub(super) fn connecting(&mut self, call: &Call, note: &FdNote, action: Action, outcome: Outcome) {
        let (Some(inode), Some(mut way)) = (conversation::inode(note), self.all.way(note, None)) else {
            return;
        };
        let now_ns = call.left.wall_ns;
        if action == Action::Connect {
            let Some(address) = self.address(call) else { return };
            if outcome.failed && !matches!(outcome.errno(), Some(REFUSED | TIMED_OUT | IN_PROGRESS)) {
                return;
            }
            self.all.peer(inode, address);
            let Some(there) = self.all.way(note, None).filter(|way| way.is_connection()) else { return };
            way = there;
            let done_ns = (!outcome.failed).then_some(now_ns);
            let (begun_ns, comment) = (call.entered.wall_ns, self.comment(call));
            self.all.dial(inode, Dial { peer: address, begun_ns, done_ns, comment });
        }
        if !way.is_connection() {
            return;
        }
        let moves =
            matches!(action, Action::Send | Action::SendMany | Action::Receive(_) | Action::ReceiveMany);
        let error = match action {
            Action::Ask if !outcome.failed => asked(call),
            _ => outcome.errno(),
        };
        let heard = moves || matches!(action, Action::Ask | Action::Connect);
        let segments = match error.filter(|_| heard) {
            Some(REFUSED | TIMED_OUT) => self.all.failed(inode, way, now_ns, error == Some(REFUSED)),
            Some(RESET) if self.all.dials.contains_key(&inode) => self.all.failed(inode, way, now_ns, true),
            Some(RESET) => self.all.reset(way.back(), now_ns, false),
            _ => {
                let proven = !outcome.failed && (moves || action == Action::TellPeer)
                    || error == Some(IS_CONNECTED) && action == Action::Connect;
                self.all.dialed(inode, way, proven.then_some(now_ns))
            }
        };
        self.tells(call, segments);
        if action == Action::Shutdown && !outcome.failed {
            let how = call.regs.args[1];
            self.all.socket(inode).deaf |= how != SHUT_SEND;
            if how != SHUT_RECEIVE {
                let segments = self.all.finished(way, now_ns, true);
                self.tells(call, segments);
            }
        }
    }

    /// A call received nothing, with `room` in the buffers of a message.
    pub(super) fn end_of_stream(&mut self, call: &Call, note: &FdNote, room: u64) {
        let message = call.signature.is_some_and(|signature| signature.name == "recvmsg");
        let room = if message { room } else { call.regs.args[2] };
        let Some(inode) = conversation::inode(note).filter(|_| room > 0) else { return };
        if self.all.socket(inode).deaf {
            return;
        }
        if let Some(way) = self.way(call) {
            let segments = self.all.finished(way.back(), call.left.wall_ns, false);
            self.tells(call, segments);
        }
    }

    /// A process runs another program, which closes some of its descriptors.
    pub(super) fn execs(&mut self, program: &Program) {
        let process = self.roster.of(program.process);
        let (serial, comment) = (process.serial, format!("pid {} {}: execve", process.pid, process.name()));
        for inode in self.holders.executed(serial) {
            let segments = self.all.closed(inode, program.at.wall_ns);
            self.segments(segments, &comment);
        }
    }

    /// A process ended, and with it its descriptors.
    pub(super) fn exits(&mut self, process: &Process, at: Stamp) {
        let comment = format!("pid {} {}: exit", process.pid, process.name());
        for inode in self.holders.ended(process.serial) {
            let segments = self.all.closed(inode, at.wall_ns);
            self.segments(segments, &comment);
        }
    }
}

/// The error that getsockopt(SO_ERROR) tells.
fn asked(call: &Call) -> Option<u32> {
    let [_, level, option, address, ..] = call.regs.args;
    let mut bytes = [0; 4];
    if [level, option] != SOCKET_ERROR || call.after.recall(address, &mut bytes) != Some(4) {
        return None;
    }
    Some(u32::from_le_bytes(bytes)).filter(|error| *error != 0)
}
