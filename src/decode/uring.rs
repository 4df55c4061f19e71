//! What io_uring_setup(2) and IORING_REGISTER_RESIZE_RINGS take and fill. Source: linux/io_uring.h.

use syscall_tables::set::Base;
use syscall_tables::sets::io as sets;

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render};
use crate::memory::Memory;

/// Size of `struct io_uring_params`.
const PARAMS: usize = 120;
/// IORING_SETUP_ATTACH_WQ, with which `wq_fd` has a meaning.
const ATTACH_WQ: u64 = 0x20;

/// What the offsets of the two rings are called, and where they stand.
const SUBMISSION: [&str; 7] = ["head", "tail", "ring_mask", "ring_entries", "flags", "dropped", "array"];
const COMPLETION: [&str; 7] = ["head", "tail", "ring_mask", "ring_entries", "overflow", "cqes", "flags"];

fn int(bytes: &[u8], at: usize) -> u64 {
    load(&bytes[at..at + 4])
}

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// `struct io_uring_params`: what the caller asked, and what the kernel answers. Where rings are to be `resized`, how
    /// large they shall be is asked, too.
    pub(super) fn uring_params(&mut self, addr: u64, resized: bool) {
        let (mut asked, mut answer) = ([0u8; PARAMS], [0u8; PARAMS]);
        if addr == 0 || self.before.read(addr, &mut asked) < PARAMS {
            return self.render.address(addr);
        }
        let flags = int(&asked, 8);
        self.render.open(Group::Struct);
        if resized {
            self.uring_entries(&asked);
        }
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
            if !resized {
                self.uring_entries(&answer);
            }
            self.render.field("features");
            self.render.set(&sets::IO_URING_FEATURES, int(&answer, 20), self.abi);
            self.uring_offsets("sq_off", &SUBMISSION, &answer[40..80]);
            self.uring_offsets("cq_off", &COMPLETION, &answer[80..]);
        }
        self.render.close(Group::Struct);
    }

    fn uring_entries(&mut self, params: &[u8; PARAMS]) {
        self.uring_number("sq_entries", int(params, 0), Base::Dec);
        self.uring_number("cq_entries", int(params, 4), Base::Dec);
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
        for (name, value) in [("resv1", int(bytes, 28)), ("user_addr", load(&bytes[32..40]))] {
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
}
