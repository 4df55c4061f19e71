//! A submission of io_uring that a call points to: `struct io_uring_sqe` member by member.
//!
//! What the unions in it hold depends on the opcode: the rows are `syscall_tables::sqe`. Submissions that lie in rings are
//! shown as calls, elsewhere. Source: io_uring_register(2), include/uapi/linux/io_uring.h.

use syscall_tables::sqe::{self, Row};

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render};
use crate::event::Call;
use crate::memory::Memory;

/// IORING_REGISTER_SEND_MSG_RING, and IORING_REGISTER_USE_REGISTERED_RING beside it.
const SEND: u64 = 31;
const BY_INDEX: u64 = 1 << 31;
/// IOSQE_FIXED_FILE.
const FIXED_FILE: u8 = 1;
/// Where `fd` is.
const FILE: usize = 4;

/// The descriptor in a submission of a command: what the command is called depends on what it is open on.
pub(super) fn commanded(call: &Call) -> Option<i32> {
    let register = call.signature.is_some_and(|signature| signature.name == "io_uring_register");
    let [_, operation, addr, ..] = call.regs.args;
    let mut head = [0u8; 8];
    let mut memory = &call.before;
    let sent = register && operation & 0xffff_ffff & !BY_INDEX == SEND && memory.read(addr, &mut head) == 8;
    let command = sent && sqe::COMMANDS.contains(&head[0]) && head[1] & FIXED_FILE == 0;
    command.then(|| load(&head[FILE..]) as u32 as i32)
}

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// `struct io_uring_sqe`, of twice the size where its opcode says so.
    pub(super) fn submission(&mut self, addr: u64) {
        let mut buf = [0u8; sqe::LONG];
        if addr == 0 || self.read(addr, &mut buf[..sqe::SHORT]) < sqe::SHORT {
            return self.render.address(addr);
        }
        let (opcode, fixed) = (buf[0], buf[1] & FIXED_FILE != 0);
        let long = sqe::LONG_OPCODES.contains(&opcode);
        let rest = addr.wrapping_add(sqe::SHORT as u64);
        if long && self.read(rest, &mut buf[sqe::SHORT..]) < sqe::LONG - sqe::SHORT {
            return self.render.address(addr);
        }
        let file = load(&buf[FILE..8]) as u32 as i32;
        let note = self.fds.iter().find(|note| note.fd == file && !fixed);
        let socket = note.is_some_and(|note| note.target.starts_with(b"socket:["));
        let command = socket.then(|| load(&buf[8..12]) as u32);
        let part = |rows: &'static [Row]| sqe::row(rows, opcode, command);
        self.render.open(Group::Struct);
        for row in sqe::BEFORE.iter().filter_map(|rows| part(rows)) {
            self.submission_part(row, &buf, addr);
        }
        let file = if fixed { &sqe::FIXED_FILE } else { &sqe::FILE };
        self.members(file, &buf[FILE..8], addr.wrapping_add(FILE as u64));
        for row in sqe::BEHIND.iter().filter_map(|rows| part(rows)) {
            self.submission_part(row, &buf, addr);
        }
        self.render.close(Group::Struct);
    }

    fn submission_part(&mut self, row: &Row, buf: &[u8; sqe::LONG], addr: u64) {
        let at = usize::from(row.at);
        self.members(row.part, &buf[at..], addr.wrapping_add(at as u64));
    }
}
