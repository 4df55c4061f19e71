//! What io_uring_register takes that no table says: probes, restrictions, numbers of workers, queries.
//!
//! A probe and the numbers of workers are shown as they were asked and as they came back. Source:
//! io_uring_register(2), include/uapi/linux/io_uring.h.

use syscall_tables::layout;
use syscall_tables::model::Custom;
use syscall_tables::set::{Base, Set};
use syscall_tables::sets::io as sets;
use syscall_tables::sets::uring;
use syscall_tables::structs::Struct;
use syscall_tables::structs::uring::{BUFFER_RING, CONTROLLED, QUERIED, ZCRX_CONTROL};

use super::interpret::{Frame, load};
use super::render::{Group, Render};
use super::{Decoder, Side};
use crate::memory::Memory;

/// Bytes of `struct io_uring_probe` before its operations, and of each of them.
const PROBE: usize = 16;
const OPERATION: usize = 8;
/// IORING_REGISTER_USE_REGISTERED_RING.
const BY_NUMBER: u64 = 1 << 31;
/// Bytes of `struct io_uring_restriction`.
const RESTRICTION: usize = 16;
/// Kinds of workers.
const WORKERS: [&str; 2] = ["IO_WQ_BOUND", "IO_WQ_UNBOUND"];
/// Bytes of the largest struct that is looked at whole.
const LARGEST: usize = 128;
/// Bytes of `struct io_uring_query_hdr`.
const QUERY: usize = 40;
/// So many queries in a row are followed; the kernel takes a thousand.
const MOST_QUERIES: u8 = 16;
/// Bytes of `struct zcrx_ctrl` before its union, and with it.
const CONTROL_HEAD: usize = 24;
const CONTROL: usize = 72;
/// The kernel takes no more operations.
const MOST_OPERATIONS: u64 = 256;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// What io_uring_register takes, by name.
    pub(super) fn registration(&mut self, custom: Custom, raw: u64, frame: Option<Frame<'_>>) {
        match custom {
            Custom::UringProbe(count) => self.probe(raw, self.sibling(count, frame)),
            Custom::UringRestrictions(count) => self.restrictions(raw, self.sibling(count, frame)),
            Custom::UringWorkers(count) => self.workers(raw, self.sibling(count, frame)),
            Custom::UringOperation => self.operation_by_number(raw & 0xffff_ffff),
            Custom::UringBuffers => self.buffer_ring(raw),
            Custom::UringSubmission => self.submission(raw),
            Custom::UringQuery => self.query(raw, 0),
            Custom::UringControl => self.zero_copy_control(raw),
            Custom::Answered(strukt) | Custom::WideStruct(strukt) => self.struct_at(strukt, raw),
            _ => self.render.address(raw),
        }
    }

    /// An operation on a ring that is meant by its number.
    fn operation_by_number(&mut self, raw: u64) {
        let known = sets::IO_URING_REGISTER.name_of(self.abi, raw & !BY_NUMBER).is_some();
        if !known {
            self.render.set(&sets::IO_URING_REGISTER, raw, self.abi);
        } else if self.render.begin_whole(raw, false, Base::Hex, true) {
            self.class(&sets::IO_URING_REGISTER, !BY_NUMBER, &sets::IO_URING_REGISTER_FLAG, raw);
            self.render.end_whole();
        }
    }

    /// Reads what will be compared with the answer, while it is still the caller's.
    pub(super) fn registration_lengths(&mut self, addr: u64, first: usize, count: u64, size: usize) {
        let mut buf = [0u8; RESTRICTION];
        if addr == 0 || first > 0 && self.read(addr, &mut buf[..first]) < first {
            return;
        }
        for index in 0..count.min(MOST_OPERATIONS.max(self.most() + 1)) {
            let at = addr.wrapping_add(first as u64 + index * size as u64);
            if self.read(at, &mut buf[..size]) < size {
                return;
            }
        }
    }

    /// Shows as asked and, after success, as answered.
    fn twice(&mut self, addr: u64, mut show: impl FnMut(&mut Self) -> bool) {
        let side = std::mem::replace(&mut self.side, Side::Entry);
        let shown = show(self);
        self.side = side;
        if !shown {
            return;
        }
        self.render.becomes();
        if self.succeeded() {
            show(self);
        } else {
            self.render.address(addr);
        }
    }

    /// `struct io_uring_probe` with `count` operations.
    ///
    /// What is asked is shown where it is not zero, as the kernel wants it.
    fn probe(&mut self, addr: u64, count: u64) {
        let count = count & 0xffff_ffff;
        let side = std::mem::replace(&mut self.side, Side::Entry);
        let mut asked = [0u8; PROBE];
        let there = addr != 0 && count <= MOST_OPERATIONS;
        let known = if there { self.whole(addr, &mut asked, count) } else { None };
        if known == Some(true) {
            self.probed(addr, &asked, count, false);
        }
        self.side = side;
        let Some(shown) = known else { return self.render.address(addr) };
        if self.succeeded() {
            let mut answer = [0u8; PROBE];
            if shown {
                self.render.becomes();
            }
            match self.whole(addr, &mut answer, count) {
                Some(_) => {
                    let filled = u64::from(answer[1]);
                    self.probed(addr, &answer, filled.min(count), filled > count);
                }
                None => self.render.address(addr),
            }
        } else if !shown {
            self.render.address(addr);
        }
    }

    fn probed(&mut self, addr: u64, buf: &[u8; PROBE], count: u64, more: bool) {
        self.render.open(Group::Struct);
        self.member("last_op", &sets::IO_URING_PROBED, u64::from(buf[0]));
        self.render.field("ops_len");
        self.render.number(u64::from(buf[1]), false, Base::Dec, 1);
        self.nonzero("resv", load(&buf[2..4]));
        self.reserved("resv2", &buf[4..], 4);
        self.render.field("ops");
        let most = self.most();
        self.render.open(Group::Array);
        for index in 0..count {
            self.render.item();
            let mut bytes = [0u8; OPERATION];
            self.read(addr.wrapping_add(PROBE as u64 + index * OPERATION as u64), &mut bytes);
            if index >= most {
                self.render.more();
                break;
            }
            self.render.open(Group::Struct);
            self.member("op", &sets::IO_URING_PROBED, u64::from(bytes[0]));
            self.nonzero("resv", u64::from(bytes[1]));
            self.member("flags", &sets::IO_URING_OP_FLAGS, load(&bytes[2..4]));
            self.nonzero("resv2", load(&bytes[4..8]));
            self.render.close(Group::Struct);
        }
        if more && count <= most {
            self.render.item();
            self.render.more();
        }
        self.render.close(Group::Array);
        self.render.close(Group::Struct);
    }

    /// Reads the start of a probe: whether anything in it or its operations is not zero, if all can be read.
    fn whole(&mut self, addr: u64, start: &mut [u8; PROBE], count: u64) -> Option<bool> {
        let mut operation = [0u8; OPERATION];
        let mut any = self.read(addr, start) == PROBE;
        if !any {
            return None;
        }
        any = start.iter().any(|&byte| byte != 0);
        for index in 0..count {
            let at = addr.wrapping_add(PROBE as u64 + index * OPERATION as u64);
            if self.read(at, &mut operation) < OPERATION {
                return None;
            }
            any |= operation.iter().any(|&byte| byte != 0);
        }
        Some(any)
    }

    /// `struct io_uring_buf_reg`.
    fn buffer_ring(&mut self, addr: u64) {
        let mut buf = [0u8; 40];
        if addr == 0 || self.read(addr, &mut buf) < 40 {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        self.render.field("ring_addr");
        self.render.address(load(&buf[..8]));
        self.render.field("ring_entries");
        self.render.number(load(&buf[8..12]), false, Base::Dec, 4);
        self.render.field("bgid");
        self.render.number(load(&buf[12..14]), false, Base::Dec, 2);
        self.member("flags", &BUFFER_RING, load(&buf[14..16]));
        self.reserved("resv", &buf[16..], 8);
        self.render.close(Group::Struct);
    }

    /// An array of `struct io_uring_restriction`.
    fn restrictions(&mut self, addr: u64, count: u64) {
        if addr == 0 {
            return self.render.address(addr);
        }
        self.elements(addr, count & 0xffff_ffff, RESTRICTION, |decoder, bytes, _| {
            let (opcode, value) = (load(&bytes[..2]), u64::from(bytes[2]));
            decoder.render.open(Group::Struct);
            decoder.member("opcode", &sets::IO_URING_RESTRICTION, opcode);
            match opcode {
                0 => decoder.member("register_op", &sets::IO_URING_REGISTER, value),
                1 => decoder.member("sqe_op", &sets::IO_URING_OP, value),
                2 | 3 => decoder.member("sqe_flags", &sets::IO_URING_SQE, value),
                _ if value == 0 => decoder.render.comment(format_args!("op: 0")),
                _ => decoder.render.comment(format_args!("op: {value:#x}")),
            }
            decoder.nonzero("resv", u64::from(bytes[3]));
            decoder.reserved("resv2", &bytes[4..], 4);
            decoder.render.close(Group::Struct);
        });
    }

    /// How many workers there may be of each kind.
    fn workers(&mut self, addr: u64, count: u64) {
        let count = count & 0xffff_ffff;
        if addr == 0 {
            return self.render.address(addr);
        }
        self.twice(addr, |decoder| {
            let mut broken = false;
            let mut buf = [0u8; 4];
            for index in 0..count.min(decoder.most()) {
                broken |= decoder.read(addr.wrapping_add(4 * index), &mut buf) < 4;
            }
            let mut index = 0;
            decoder.elements(addr, count, 4, |decoder, bytes, _| {
                decoder.render.numbered(WORKERS.get(index).copied(), index as u64, "IO_WQ_???");
                decoder.render.number(load(bytes), false, Base::Dec, 4);
                index += 1;
            });
            !broken && count > 0
        });
    }

    /// `struct io_uring_query_hdr`: what is asked for and, after success, what came of it.
    fn query(&mut self, addr: u64, before: u8) {
        let mut buf = [0u8; QUERY];
        if addr == 0 || self.read(addr, &mut buf) < QUERY {
            return self.render.address(addr);
        }
        let (next, data, operation) = (load(&buf[..8]), load(&buf[8..16]), load(&buf[16..20]));
        let (size, result) = (load(&buf[20..24]), load(&buf[24..28]) as u32 as i32);
        self.render.open(Group::Struct);
        self.render.field("next_entry");
        if next == 0 || before + 1 >= MOST_QUERIES {
            self.render.address(next);
        } else {
            self.query(next, before + 1);
        }
        self.render.field("query_data");
        let filled = QUERIED.iter().find(|(known, _)| *known == operation);
        match filled.filter(|_| self.succeeded() && result >= 0) {
            Some((_, strukt)) => self.sized(strukt, data, size, 4),
            None => self.render.address(data),
        }
        self.member("query_op", &uring::QUERY, operation);
        self.render.field("size");
        self.render.number(size, false, Base::Dec, 4);
        if self.succeeded() {
            self.render.field("result");
            self.render.number(i64::from(result) as u64, true, Base::Dec, 4);
        }
        self.reserved("__resv", &buf[28..], 4);
        self.render.close(Group::Struct);
    }

    /// `struct zcrx_ctrl`, with what its operation takes or, after success, fills.
    fn zero_copy_control(&mut self, addr: u64) {
        let mut buf = [0u8; CONTROL];
        if addr == 0 || self.read(addr, &mut buf) < CONTROL {
            return self.render.address(addr);
        }
        let (head, rest) = buf.split_at(CONTROL_HEAD);
        self.render.open(Group::Struct);
        self.members(&ZCRX_CONTROL, head, addr);
        let operation = load(&head[4..8]);
        match CONTROLLED.iter().find(|(known, ..)| *known == operation) {
            // Of a struct of reserved members there is nothing to show.
            Some((0, ..)) if rest.iter().all(|&byte| byte == 0) => {}
            Some((_, name, strukt)) => {
                self.render.field(name);
                self.strukt(strukt, rest, addr.wrapping_add(CONTROL_HEAD as u64));
            }
            None => {}
        }
        self.render.close(Group::Struct);
    }

    /// A struct behind a pointer.
    fn struct_at(&mut self, strukt: &'static Struct, addr: u64) {
        let size = layout::size_of(strukt, self.abi.data_model()).min(LARGEST);
        let mut buf = [0u8; LARGEST];
        if addr == 0 || self.read(addr, &mut buf[..size]) < size {
            return self.render.address(addr);
        }
        self.strukt(strukt, &buf[..size], addr);
    }

    fn member(&mut self, name: &'static str, set: &'static Set, value: u64) {
        self.render.field(name);
        self.render.set(set, value, self.abi);
    }

    fn nonzero(&mut self, name: &'static str, value: u64) {
        if value != 0 {
            self.render.field(name);
            self.render.number(value, false, Base::Hex, 8);
        }
    }

    /// What is kept for later, where it is not zero.
    fn reserved(&mut self, name: &'static str, bytes: &[u8], size: u8) {
        if bytes.iter().all(|&byte| byte == 0) {
            return;
        }
        self.render.field(name);
        self.render.open(Group::Array);
        for word in bytes.chunks_exact(usize::from(size)) {
            self.render.item();
            self.render.number(load(word), false, Base::Hex, size);
        }
        self.render.close(Group::Array);
    }
}
