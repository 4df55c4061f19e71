//! Requests to SCSI devices and to disks: include/scsi/sg.h, include/uapi/linux/bsg.h and hdreg.h.
//!
//! What is asked of a device is read when the call is entered, what it answers when the call returns, whether it failed
//! or not; both stand in one struct.

use syscall_tables::ioctl::scsi as sets;
use syscall_tables::kinds;
use syscall_tables::model::{Dir, Kind};
use syscall_tables::set::{Base, Set};
use syscall_tables::structs::Struct;

use super::interpret::load;
use super::render::{Group, Render};
use super::{Decoder, Side};
use crate::memory::Memory;

/// What the structs of the third and of the fourth version begin with.
const THIRD: u64 = b'S' as u64;
const FOURTH: u64 = b'Q' as u64;
/// Bytes of the struct of the fourth version.
const LARGEST: usize = 160;

/// Directions of a transfer.
const TO_DEVICE: u64 = 0xffff_fffe;
const FROM_DEVICE: u64 = 0xffff_fffd;
const BOTH: u64 = 0xffff_fffc;

/// Bytes of a sector.
const SECTOR: u64 = 512;

/// A transfer: the memory, the number of pieces that it has, and bytes.
#[derive(Clone, Copy)]
struct Transfer {
    addr: u64,
    pieces: u64,
    bytes: u64,
}

/// Bytes that were transferred of so many, by what is left.
fn transferred(bytes: u64, left: u64) -> u64 {
    let left = left as u32 as i32;
    u64::try_from(left).ok().and_then(|left| bytes.checked_sub(left)).unwrap_or(bytes)
}

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// The request as it is asked; `whole` when nothing follows.
    pub(super) fn scsi_request(&mut self, addr: u64, whole: bool) {
        match self.number_at(addr, 4) {
            Some(THIRD) => self.third_request(addr),
            Some(FOURTH) => self.fourth_request(addr),
            _ => return self.target(&kinds::UINT, addr),
        };
        if whole {
            self.render.close(Group::Struct);
        }
    }

    /// The request, and what the device answered.
    pub(super) fn scsi_answer(&mut self, addr: u64) {
        let side = std::mem::replace(&mut self.side, Side::Entry);
        self.scsi_request(addr, false);
        let version = self.number_at(addr, 4);
        self.side = side;
        match version {
            Some(THIRD) => self.third_answer(addr),
            Some(FOURTH) => self.fourth_answer(addr),
            _ => return,
        }
        self.render.close(Group::Struct);
    }

    /// The bytes of the struct as they were asked and are now.
    fn scsi_bytes(&mut self, addr: u64, size: usize) -> Option<[u8; LARGEST]> {
        let mut buf = [0u8; LARGEST];
        (self.read(addr, &mut buf[..size]) == size).then_some(buf)
    }

    /// Bytes of the third version, and where what follows its pointers begins, by the size of a pointer.
    fn third_layout(&self) -> (usize, usize) {
        let word = usize::from(self.abi.data_model().word_bytes);
        (if word == 8 { 88 } else { 64 }, word)
    }

    fn third_request(&mut self, addr: u64) {
        self.render.open(Group::Struct);
        self.render.field("interface_id");
        self.render.symbol(THIRD, format_args!("'S'"));
        let (size, word) = self.third_layout();
        let Some(buf) = self.scsi_bytes(addr, size) else {
            self.render.item();
            return self.render.address(addr.wrapping_add(4));
        };
        let direction = load(&buf[4..8]);
        self.render.field("dxfer_direction");
        self.render.set(&sets::TRANSFER, direction, self.abi);
        self.plain("cmd_len", &buf[8..9], Base::Dec);
        self.render.field("cmdp");
        self.buffer(load(&buf[16 + word..16 + 2 * word]), u64::from(buf[8]), true);
        self.plain("mx_sb_len", &buf[9..10], Base::Dec);
        self.plain("iovec_count", &buf[10..12], Base::Dec);
        self.plain("dxfer_len", &buf[12..16], Base::Dec);
        let rest = 16 + 3 * word;
        self.plain("timeout", &buf[rest..rest + 4], Base::Dec);
        self.flagged("flags", &sets::REQUEST_FLAGS, &buf[rest + 4..rest + 8]);
        if matches!(direction, TO_DEVICE | BOTH) {
            self.render.field("dxferp");
            let bytes = load(&buf[12..16]);
            self.transfer(Transfer { addr: load(&buf[16..16 + word]), pieces: load(&buf[10..12]), bytes });
        }
    }

    fn third_answer(&mut self, addr: u64) {
        let (size, word) = self.third_layout();
        if !self.was_readable(addr, size) {
            return;
        }
        let Some(buf) = self.scsi_bytes(addr, size) else {
            self.render.item();
            return self.render.address(addr.wrapping_add(4));
        };
        let status = if word == 8 { 64 } else { 44 };
        let left = &buf[status + 8..status + 12];
        let direction = load(&buf[4..8]);
        match direction {
            FROM_DEVICE => self.render.field("dxferp"),
            BOTH => {
                self.render.becomes();
                self.render.word(format_args!("dxferp="));
            }
            _ => {}
        }
        if matches!(direction, FROM_DEVICE | BOTH) {
            let bytes = transferred(load(&buf[12..16]), load(left));
            self.transfer(Transfer { addr: load(&buf[16..16 + word]), pieces: load(&buf[10..12]), bytes });
        }
        for (name, at) in [("status", 0), ("masked_status", 1), ("msg_status", 2)] {
            self.plain(name, &buf[status + at..status + at + 1], Base::Hex);
        }
        self.plain("sb_len_wr", &buf[status + 3..status + 4], Base::Dec);
        self.render.field("sbp");
        self.buffer(load(&buf[16 + 2 * word..16 + 3 * word]), u64::from(buf[status + 3]), true);
        self.plain("host_status", &buf[status + 4..status + 6], Base::Hex);
        self.plain("driver_status", &buf[status + 6..status + 8], Base::Hex);
        self.render.field("resid");
        self.render.number(i64::from(load(left) as u32 as i32) as u64, true, Base::Dec, 4);
        self.plain("duration", &buf[status + 12..status + 16], Base::Dec);
        self.flagged("info", &sets::REQUEST_INFO, &buf[status + 16..status + 20]);
    }

    fn fourth_request(&mut self, addr: u64) {
        self.render.open(Group::Struct);
        self.render.field("guard");
        self.render.symbol(FOURTH, format_args!("'Q'"));
        let Some(buf) = self.scsi_bytes(addr, LARGEST) else {
            self.render.item();
            return self.render.address(addr.wrapping_add(4));
        };
        let word = |at: usize| &buf[at..at + 4];
        let long = |at: usize| load(&buf[at..at + 8]);
        self.flagged("protocol", &sets::PROTOCOL, word(4));
        self.flagged("subprotocol", &sets::SUBPROTOCOL, word(8));
        self.plain("request_len", word(12), Base::Dec);
        self.render.field("request");
        self.buffer(self.pointer_value(long(16)), load(word(12)), true);
        self.plain("request_tag", &buf[24..32], Base::Hex);
        for (name, at) in [
            ("request_attr", 32),
            ("request_priority", 36),
            ("request_extra", 40),
            ("max_response_len", 44),
            ("dout_iovec_count", 56),
            ("dout_xfer_len", 60),
            ("din_iovec_count", 64),
            ("din_xfer_len", 68),
        ] {
            self.plain(name, word(at), Base::Dec);
        }
        self.render.field("dout_xferp");
        let addr = self.pointer_value(long(72));
        self.transfer(Transfer { addr, pieces: load(word(56)), bytes: load(word(60)) });
        self.plain("timeout", word(88), Base::Dec);
        self.flagged("flags", &sets::BLOCK_FLAGS, word(92));
        self.plain("usr_ptr", &buf[96..104], Base::Hex);
    }

    fn fourth_answer(&mut self, addr: u64) {
        if !self.was_readable(addr, LARGEST) {
            return;
        }
        let Some(buf) = self.scsi_bytes(addr, LARGEST) else {
            self.render.item();
            return self.render.address(addr.wrapping_add(4));
        };
        let word = |at: usize| &buf[at..at + 4];
        let long = |at: usize| load(&buf[at..at + 8]);
        self.plain("response_len", word(132), Base::Dec);
        self.render.field("response");
        self.buffer(self.pointer_value(long(48)), load(word(132)), true);
        self.render.field("din_xferp");
        let addr = self.pointer_value(long(80));
        let bytes = transferred(load(word(68)), load(word(136)));
        self.transfer(Transfer { addr, pieces: load(word(64)), bytes });
        for (name, at) in [("driver_status", 108), ("transport_status", 112), ("device_status", 116)] {
            self.plain(name, word(at), Base::Hex);
        }
        self.plain("retry_delay", word(120), Base::Dec);
        self.flagged("info", &sets::REQUEST_INFO, word(124));
        self.plain("duration", word(128), Base::Dec);
        self.plain("response_len", word(132), Base::Dec);
        for (name, at) in [("din_resid", 136), ("dout_resid", 140)] {
            self.render.field(name);
            self.render.number(i64::from(load(word(at)) as u32 as i32) as u64, true, Base::Dec, 4);
        }
        self.plain("generated_tag", &buf[144..152], Base::Hex);
    }

    /// Bytes, or pieces of memory.
    fn transfer(&mut self, transfer: Transfer) {
        let Transfer { addr, pieces, bytes } = transfer;
        match pieces {
            0 => self.buffer(addr, bytes, true),
            _ => self.iovec(addr, pieces, bytes, Dir::In),
        }
    }

    /// A member that is an unsigned number.
    pub(super) fn plain(&mut self, name: &'static str, bytes: &[u8], base: Base) {
        self.render.field(name);
        self.render.number(load(bytes), false, base, bytes.len() as u8);
    }

    /// A member that is a value of a set.
    pub(super) fn flagged(&mut self, name: &'static str, set: &'static Set, bytes: &[u8]) {
        self.render.field(name);
        self.render.set(set, load(bytes), self.abi);
    }

    /// How SG_SCSI_RESET resets: a flag, and what.
    pub(super) fn scsi_reset(&mut self, addr: u64) {
        let Some(value) = self.number_at(addr, 4).filter(|_| self.options.dereference) else {
            return self.render.address(addr);
        };
        let flag = sets::RESET_FLAG.rows[0].value;
        self.render.open(Group::Target);
        self.render.item();
        self.render.open(Group::Or);
        if value & flag != 0 {
            self.render.item();
            self.render.set(&sets::RESET_FLAG, flag, self.abi);
        }
        self.render.item();
        self.render.set(&sets::RESET, value & !flag, self.abi);
        self.render.close(Group::Or);
        self.render.close(Group::Target);
    }

    /// The bytes of HDIO_DRIVE_CMD.
    pub(super) fn drive_command(&mut self, addr: u64) {
        self.drive_struct(&sets::DRIVE_ASKED, addr);
    }

    /// What the disk answers, with as many sectors as were asked for.
    pub(super) fn drive_answer(&mut self, addr: u64) {
        let mut asked = [0u8; 4];
        if !self.was_readable(addr, 4) || self.before.read(addr, &mut asked) < 4 {
            return;
        }
        self.render.becomes();
        let mut buf = [0u8; 4];
        if self.read(addr, &mut buf) < 4 {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        self.members(&sets::DRIVE_DONE, &buf, addr);
        if asked[3] != 0 {
            self.render.field("buf");
            self.buffer(addr.wrapping_add(4), u64::from(asked[3]) * SECTOR, true);
        }
        self.render.close(Group::Struct);
    }

    fn drive_struct(&mut self, strukt: &'static Struct, addr: u64) {
        self.target(&Kind::new(syscall_tables::model::Shape::Struct(strukt)), addr);
    }
}
