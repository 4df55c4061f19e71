//! What io_uring_setup(2) and io_uring_register(2) take and fill. Source: linux/io_uring.h.

use syscall_tables::model::{Dir, Width};
use syscall_tables::set::Base;
use syscall_tables::sets::io as sets;

use super::interpret::load;
use super::render::{Group, Render};
use super::{Decoder, Side};
use crate::memory::Memory;

/// Size of `struct io_uring_params`.
const PARAMS: usize = 120;
/// Size of `struct io_uring_rsrc_register` and `struct io_uring_rsrc_update2`.
const RESOURCES: usize = 32;
/// IORING_SETUP_ATTACH_WQ, with which `wq_fd` has a meaning.
const ATTACH_WQ: u64 = 0x20;
/// Sizes of the head of `struct io_uring_probe` and of one operation in it.
const PROBE: usize = 16;
const PROBE_OP: usize = 8;
/// The kernel takes no more operations.
const MOST_OPERATIONS: u64 = 256;

const BUFFERS: u64 = 0;
const FILES: u64 = 2;
const EVENTFD: u64 = 4;
const FILES_UPDATE: u64 = 6;
const EVENTFD_ASYNC: u64 = 7;
const PROBED: u64 = 8;
const RESTRICTIONS: u64 = 11;
const FILES2: u64 = 13;
const FILES_UPDATE2: u64 = 14;
const BUFFERS2: u64 = 15;
const BUFFERS_UPDATE: u64 = 16;
const IOWQ_AFF: u64 = 17;
const MAX_WORKERS: u64 = 19;
const RING_FDS: u64 = 20;
const UNREGISTER_RING_FDS: u64 = 21;
const PBUF_RING: u64 = 22;
const UNREGISTER_PBUF_RING: u64 = 23;

/// What the offsets of the two rings are called, and where they stand.
const SUBMISSION: [&str; 7] = ["head", "tail", "ring_mask", "ring_entries", "flags", "dropped", "array"];
const COMPLETION: [&str; 7] = ["head", "tail", "ring_mask", "ring_entries", "overflow", "cqes", "flags"];

/// What a restriction is on, by its kind.
const RESTRICTED_REGISTER: u64 = 0;
const RESTRICTED_OPERATION: u64 = 1;

fn int(bytes: &[u8], at: usize) -> u64 {
    load(&bytes[at..at + 4])
}

/// The memory and the number of what is registered.
fn subject(args: &[u64]) -> (u64, u64) {
    (args[1] & 0xffff_ffff, args[3] & 0xffff_ffff)
}

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// When the argument of io_uring_register is known.
    pub(super) fn uring_dir(&self) -> Dir {
        if matches!(subject(&self.args).0, PROBED | MAX_WORKERS) { Dir::InOut } else { Dir::In }
    }

    /// `struct io_uring_params`: what the caller asked, and what the kernel answers.
    pub(super) fn uring_params(&mut self, addr: u64) {
        let (mut asked, mut answer) = ([0u8; PARAMS], [0u8; PARAMS]);
        if addr == 0 || self.before.read(addr, &mut asked) < PARAMS {
            return self.render.address(addr);
        }
        let flags = int(&asked, 8);
        self.render.open(Group::Struct);
        self.render.field("flags");
        self.render.set(&sets::IO_URING_SETUP, flags, self.abi);
        self.uring_number("sq_thread_cpu", int(&asked, 12), Base::Hex);
        self.uring_number("sq_thread_idle", int(&asked, 16), Base::Dec);
        if flags & ATTACH_WQ != 0 {
            self.render.field("wq_fd");
            self.render.fd(int(&asked, 24) as i32);
        }
        self.uring_reserved("resv", &asked[28..40], 4);
        if self.succeeded() && self.after.read(addr, &mut answer) == PARAMS {
            self.uring_number("sq_entries", int(&answer, 0), Base::Dec);
            self.uring_number("cq_entries", int(&answer, 4), Base::Dec);
            self.render.field("features");
            self.render.set(&sets::IO_URING_FEATURES, int(&answer, 20), self.abi);
            self.uring_offsets("sq_off", &SUBMISSION, &answer[40..80]);
            self.uring_offsets("cq_off", &COMPLETION, &answer[80..]);
        }
        self.render.close(Group::Struct);
    }

    fn uring_number(&mut self, name: &'static str, value: u64, base: Base) {
        self.render.field(name);
        self.render.number(value, false, base, 8);
    }

    fn uring_offsets(&mut self, name: &'static str, names: &[&'static str; 7], bytes: &[u8]) {
        self.render.field(name);
        self.render.open(Group::Struct);
        for (index, name) in names.iter().enumerate() {
            self.uring_number(name, int(bytes, 4 * index), Base::Dec);
        }
        for (name, value) in [("resv1", int(bytes, 28)), ("resv2", load(&bytes[32..40]))] {
            if value != 0 {
                self.uring_number(name, value, Base::Hex);
            }
        }
        self.render.close(Group::Struct);
    }

    /// Words that are kept for later, when they are not zero.
    fn uring_reserved(&mut self, name: &'static str, bytes: &[u8], word: usize) {
        if bytes.iter().all(|byte| *byte == 0) {
            return;
        }
        self.render.field(name);
        self.render.open(Group::Array);
        for word in bytes.chunks_exact(word) {
            self.render.item();
            self.render.number(load(word), false, Base::Hex, 8);
        }
        self.render.close(Group::Array);
    }

    /// The argument of io_uring_register as the kernel reads it.
    pub(super) fn uring_argument(&mut self, addr: u64) {
        let (opcode, count) = subject(&self.args);
        if addr == 0 {
            return self.render.address(0);
        }
        match opcode {
            BUFFERS => self.uring_vectors(addr, count),
            FILES2 | BUFFERS2 => self.uring_resources(addr, count, opcode == FILES2),
            FILES_UPDATE2 | BUFFERS_UPDATE => self.uring_replaced(addr, count, opcode == FILES_UPDATE2),
            FILES | EVENTFD | EVENTFD_ASYNC => self.uring_files(addr, count),
            FILES_UPDATE => self.uring_update(addr, count),
            PROBED => self.uring_probe(addr, count),
            RESTRICTIONS => {
                self.elements(addr, count, 16, |decoder, bytes, _| decoder.uring_restriction(bytes))
            }
            IOWQ_AFF => self.cpu_set(addr, count),
            MAX_WORKERS => self.uring_workers(addr, count),
            RING_FDS | UNREGISTER_RING_FDS => {
                let registers = opcode == RING_FDS;
                self.elements(addr, count, 16, |decoder, bytes, _| decoder.uring_ring(bytes, registers));
            }
            PBUF_RING | UNREGISTER_PBUF_RING => self.uring_buffers(addr),
            _ => self.render.address(addr),
        }
    }

    /// The same as the kernel leaves it.
    pub(super) fn uring_argument_after(&mut self, addr: u64) {
        let (opcode, count) = subject(&self.args);
        match opcode {
            MAX_WORKERS if addr != 0 && count != 0 && self.uring_known(addr, count) => {
                self.render.becomes();
                if self.succeeded() { self.uring_workers(addr, count) } else { self.render.address(addr) }
            }
            PROBED => {
                let zeros = self.uring_probe_zeros(addr, count);
                if !self.succeeded() {
                    if zeros == Some(true) {
                        self.render.address(addr);
                    }
                } else if let Some(zeros) = zeros {
                    if !zeros {
                        self.render.becomes();
                    }
                    self.uring_probed(addr, count);
                }
            }
            _ => {}
        }
    }

    /// Whether all words of an array could be read when the call was entered.
    fn uring_known(&mut self, addr: u64, count: u64) -> bool {
        let last = addr.wrapping_add(4 * count.saturating_sub(1).min(self.most()));
        let mut word = [0u8; 4];
        self.before.read(addr, &mut word) == 4 && self.before.read(last, &mut word) == 4
    }

    fn uring_files(&mut self, addr: u64, count: u64) {
        self.elements(addr, count, 4, |decoder, bytes, _| decoder.render.fd(load(bytes) as i32));
    }

    fn uring_vectors(&mut self, addr: u64, count: u64) {
        let word = usize::from(self.abi.data_model().word_bytes);
        self.elements(addr, count, 2 * word, |decoder, bytes, _| {
            decoder.render.open(Group::Struct);
            decoder.render.field("iov_base");
            decoder.render.address(load(&bytes[..word]));
            decoder.uring_number("iov_len", load(&bytes[word..]), Base::Dec);
            decoder.render.close(Group::Struct);
        });
    }

    /// `struct io_uring_rsrc_register` of `size` bytes.
    fn uring_resources(&mut self, addr: u64, size: u64, files: bool) {
        let mut buf = [0u8; RESOURCES];
        if size < RESOURCES as u64 || self.read(addr, &mut buf) < RESOURCES {
            return self.render.address(addr);
        }
        let count = int(&buf, 0);
        self.render.open(Group::Struct);
        self.uring_number("nr", count, Base::Dec);
        self.render.field("flags");
        self.render.set(&sets::IO_URING_RSRC, int(&buf, 4), self.abi);
        if load(&buf[8..16]) != 0 {
            self.uring_number("resv2", load(&buf[8..16]), Base::Hex);
        }
        self.uring_tagged(&buf[16..], count, files);
        self.beyond(addr, RESOURCES, size);
        self.render.close(Group::Struct);
    }

    /// `struct io_uring_rsrc_update2` of `size` bytes.
    fn uring_replaced(&mut self, addr: u64, size: u64, files: bool) {
        let mut buf = [0u8; RESOURCES];
        if size < RESOURCES as u64 || self.read(addr, &mut buf) < RESOURCES {
            return self.render.address(addr);
        }
        let count = int(&buf, 24);
        self.render.open(Group::Struct);
        self.uring_number("offset", int(&buf, 0), Base::Dec);
        if int(&buf, 4) != 0 {
            self.uring_number("resv", int(&buf, 4), Base::Hex);
        }
        self.uring_tagged(&buf[8..], count, files);
        self.uring_number("nr", count, Base::Dec);
        if int(&buf, 28) != 0 {
            self.uring_number("resv2", int(&buf, 28), Base::Hex);
        }
        self.beyond(addr, RESOURCES, size);
        self.render.close(Group::Struct);
    }

    /// Resources and their tags, by the two addresses.
    fn uring_tagged(&mut self, addresses: &[u8], count: u64, files: bool) {
        self.render.field("data");
        match (load(&addresses[..8]), files) {
            (0, _) => self.render.address(0),
            (data, true) => self.uring_files(data, count),
            (data, false) => self.uring_vectors(data, count),
        }
        self.render.field("tags");
        match load(&addresses[8..16]) {
            0 => self.render.address(0),
            tags => self.elements(tags, count, 8, |decoder, bytes, _| {
                decoder.render.number(load(bytes), false, Base::Hex, 8);
            }),
        }
    }

    fn uring_update(&mut self, addr: u64, count: u64) {
        let mut buf = [0u8; 16];
        if self.read(addr, &mut buf) < 16 {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        self.uring_number("offset", int(&buf, 0), Base::Dec);
        if int(&buf, 4) != 0 {
            self.uring_number("resv", int(&buf, 4), Base::Hex);
        }
        self.render.field("fds");
        match load(&buf[8..]) {
            0 => self.render.address(0),
            files => self.uring_files(files, count),
        }
        self.render.close(Group::Struct);
    }

    fn uring_restriction(&mut self, bytes: &[u8]) {
        let (opcode, subject) = (load(&bytes[..2]), u64::from(bytes[2]));
        self.render.open(Group::Struct);
        self.render.field("opcode");
        self.render.set(&sets::IO_URING_RESTRICTION, opcode, self.abi);
        let (name, set) = match opcode {
            RESTRICTED_REGISTER => ("register_op", &sets::IO_URING_REGISTER),
            RESTRICTED_OPERATION => ("sqe_op", &sets::IO_URING_OP),
            _ => ("sqe_flags", &sets::IO_URING_SQE),
        };
        if sets::IO_URING_RESTRICTION.name_of(self.abi, opcode).is_some() {
            self.render.field(name);
            self.render.set(set, subject, self.abi);
        } else if subject == 0 {
            self.render.comment(format_args!("op: 0"));
        } else {
            self.render.comment(format_args!("op: {subject:#x}"));
        }
        if bytes[3] != 0 {
            self.uring_number("resv", u64::from(bytes[3]), Base::Hex);
        }
        self.uring_reserved("resv2", &bytes[4..16], 4);
        self.render.close(Group::Struct);
    }

    fn uring_ring(&mut self, bytes: &[u8], registers: bool) {
        self.render.open(Group::Struct);
        if registers {
            self.render.field("offset");
            // All ones ask for any place.
            self.id(int(bytes, 0), Width::W32);
        } else {
            self.uring_number("offset", int(bytes, 0), Base::Dec);
        }
        if int(bytes, 4) != 0 {
            self.uring_number("resv", int(bytes, 4), Base::Hex);
        }
        if registers {
            self.render.field("data");
            self.render.fd(int(bytes, 8) as i32);
        } else if load(&bytes[8..16]) != 0 {
            self.uring_number("data", load(&bytes[8..16]), Base::Hex);
        }
        self.render.close(Group::Struct);
    }

    fn uring_buffers(&mut self, addr: u64) {
        let mut buf = [0u8; 40];
        if self.read(addr, &mut buf) < 40 {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        self.render.field("ring_addr");
        self.render.address(load(&buf[..8]));
        self.uring_number("ring_entries", int(&buf, 8), Base::Dec);
        self.uring_number("bgid", load(&buf[12..14]), Base::Dec);
        if load(&buf[14..16]) != 0 {
            self.uring_number("pad", load(&buf[14..16]), Base::Hex);
        }
        self.uring_reserved("resv", &buf[16..], 8);
        self.render.close(Group::Struct);
    }

    fn uring_workers(&mut self, addr: u64, count: u64) {
        let mut index = 0;
        self.elements(addr, count, 4, |decoder, bytes, _| {
            decoder.render.slot(&sets::IO_WQ, index, decoder.abi);
            decoder.render.number(load(bytes), false, Base::Dec, 4);
            index += 1;
        });
    }

    /// Whether a probe is nothing but zeros as the caller has it, which is what the kernel wants and is not shown; none
    /// when it cannot be read.
    fn uring_probe_zeros(&mut self, addr: u64, count: u64) -> Option<bool> {
        let mut buf = [0u8; PROBE + PROBE_OP * MOST_OPERATIONS as usize];
        let size = PROBE + PROBE_OP * count.min(MOST_OPERATIONS) as usize;
        let known = addr != 0 && count <= MOST_OPERATIONS && self.before.read(addr, &mut buf[..size]) == size;
        known.then(|| buf[..size].iter().all(|byte| *byte == 0))
    }

    fn uring_probe(&mut self, addr: u64, count: u64) {
        if self.uring_probe_zeros(addr, count) != Some(true) {
            self.uring_probed(addr, count);
        }
    }

    fn uring_probed(&mut self, addr: u64, count: u64) {
        let mut buf = [0u8; PROBE + PROBE_OP * MOST_OPERATIONS as usize];
        let size = PROBE + PROBE_OP * count.min(MOST_OPERATIONS) as usize;
        if count > MOST_OPERATIONS || self.read(addr, &mut buf[..size]) < size {
            return self.render.address(addr);
        }
        let told = if self.side == Side::Exit { u64::from(buf[1]) } else { count };
        let shown = told.min(count) as usize;
        self.render.open(Group::Struct);
        self.render.field("last_op");
        self.render.set(&sets::IO_URING_PROBE_OP, u64::from(buf[0]), self.abi);
        self.uring_number("ops_len", u64::from(buf[1]), Base::Dec);
        if load(&buf[2..4]) != 0 {
            self.uring_number("resv", load(&buf[2..4]), Base::Hex);
        }
        self.uring_reserved("resv2", &buf[4..PROBE], 4);
        self.render.field("ops");
        self.render.open(Group::Array);
        let most = self.most() as usize;
        for bytes in buf[PROBE..size].chunks_exact(PROBE_OP).take(shown.min(most)) {
            self.render.item();
            self.uring_operation(bytes);
        }
        if told > count || shown > most {
            self.render.item();
            self.render.more();
        }
        self.render.close(Group::Array);
        self.render.close(Group::Struct);
    }

    /// `struct io_uring_probe_op`.
    fn uring_operation(&mut self, bytes: &[u8]) {
        self.render.open(Group::Struct);
        self.render.field("op");
        self.render.set(&sets::IO_URING_PROBE_OP, u64::from(bytes[0]), self.abi);
        if bytes[1] != 0 {
            self.uring_number("resv", u64::from(bytes[1]), Base::Hex);
        }
        self.render.field("flags");
        self.render.set(&sets::IO_URING_OP_FLAGS, load(&bytes[2..4]), self.abi);
        if int(bytes, 4) != 0 {
            self.uring_number("resv2", int(bytes, 4), Base::Hex);
        }
        self.render.close(Group::Struct);
    }
}
