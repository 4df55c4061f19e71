//! Classic BPF programs of seccomp(2): `struct sock_fprog` and its instructions. Source: linux/filter.h.

use syscall_tables::set::{Base, Set};
use syscall_tables::sets::filter as sets;
use syscall_tables::sets::security::SECCOMP_RET;

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render};
use crate::memory::Memory;

/// Size of `struct sock_filter`.
const INSTRUCTION: usize = 8;
/// BPF_MAXINSNS: longer programs are not accepted, and not shown further.
const MOST: u64 = 4096;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// `struct sock_fprog`: a length and a pointer.
    pub(super) fn filter_program(&mut self, addr: u64) {
        let word = usize::from(self.abi.data_model().word_bytes);
        let mut buf = [0u8; 16];
        if addr == 0 || self.read(addr, &mut buf[..2 * word]) < 2 * word {
            return self.render.address(addr);
        }
        let (length, program) = (load(&buf[..2]), load(&buf[word..2 * word]));
        self.render.open(Group::Struct);
        self.render.field("len");
        self.render.number(length, false, Base::Dec, 2);
        self.render.field("filter");
        if self.options.abbreviate {
            self.render.address(program);
        } else {
            self.filter_instructions(program, length);
        }
        self.render.close(Group::Struct);
    }

    /// `length` instructions behind a pointer.
    pub(super) fn filter_instructions(&mut self, addr: u64, length: u64) {
        let show = |decoder: &mut Self, bytes: &[u8], _| decoder.filter_instruction(bytes);
        match addr {
            0 => self.render.address(addr),
            _ => self.elements_up_to(MOST, addr, length, INSTRUCTION, show),
        }
    }

    fn filter_instruction(&mut self, bytes: &[u8]) {
        let (code, k) = (load(&bytes[..2]), load(&bytes[4..8]));
        let (yes, no) = (load(&bytes[2..3]), load(&bytes[3..4]));
        let jumps = yes != 0 || no != 0;
        let group = Group::Call(if jumps { "BPF_JUMP" } else { "BPF_STMT" });
        self.render.open(group);
        self.render.item();
        self.filter_code(code);
        self.render.item();
        if code & 7 == 6 {
            self.filter_action(k);
        } else {
            self.render.number(k, false, Base::Hex, 4);
        }
        if jumps {
            for target in [yes, no] {
                self.render.item();
                self.render.number(target, false, Base::Hex, 1);
            }
        }
        self.render.close(group);
    }

    fn filter_code(&mut self, code: u64) {
        let parts: &[(&'static Set, u64)] = match code & 7 {
            0 | 1 => &[(&sets::BPF_SIZE, 0x18), (&sets::BPF_MODE, 0xe0)],
            4 => &[(&sets::BPF_SRC, 0x08), (&sets::BPF_OP_ALU, 0xf0)],
            5 => &[(&sets::BPF_SRC, 0x08), (&sets::BPF_OP_JMP, 0xf0)],
            6 => &[(&sets::BPF_RVAL, 0x18)],
            7 => &[(&sets::BPF_MISCOP, 0xf8)],
            _ => &[],
        };
        self.render.open(Group::Or);
        self.render.item();
        self.render.set(&sets::BPF_CLASS, code & 7, self.abi);
        let mut rest = code & !7;
        for (set, mask) in parts {
            self.render.item();
            self.render.set(set, code & mask, self.abi);
            rest &= !mask;
        }
        // Classes that decide the low byte leave the high one out.
        if rest != 0 && !matches!(code & 7, 0 | 1 | 4 | 5) {
            self.render.item();
            self.render.set(&sets::BPF_REST, rest, self.abi);
        }
        self.render.close(Group::Or);
    }

    /// What a seccomp filter returns: an action with data.
    fn filter_action(&mut self, value: u64) {
        let (action, data) = (value & 0xffff_0000, value & 0xffff);
        self.render.open(Group::Or);
        self.render.item();
        self.render.set(&SECCOMP_RET, action, self.abi);
        if data != 0 {
            self.render.item();
            self.render.number(data, false, Base::Hex, 2);
        }
        self.render.close(Group::Or);
    }
}
