//! `union bpf_attr` of bpf(2), and instructions of extended BPF. Which member stands where is in the tables.

use syscall_tables::ebpf::{self, Attributes, Form, Member};
use syscall_tables::net::Net;
use syscall_tables::set::Base;
use syscall_tables::sets::ebpf as sets;

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render, Text};
use crate::memory::Memory;

/// More than any kernel's union: what is beyond is shown as bytes, if at all.
const MOST: usize = 4096;
/// Bytes of an instruction, and most that a program may have.
const INSTRUCTION: usize = 8;
const MOST_INSTRUCTIONS: u64 = 4096;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// `union bpf_attr` of `size` bytes.
    pub(super) fn bpf_attributes(&mut self, addr: u64, command: u64, size: u64) {
        let size = (size & 0xffff_ffff) as usize;
        let attributes = ebpf::ATTRIBUTES.iter().find(|row| row.command == command);
        let Some(attributes) = attributes.filter(|_| addr != 0 && size != 0 && size <= MOST) else {
            return self.render.address(addr);
        };
        let mut buf = [0u8; MOST];
        let got = match ebpf::ANSWERED.contains(&command) {
            true => self.before.read(addr, &mut buf[..size]),
            false => self.read(addr, &mut buf[..size]),
        };
        if got < size {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        if !attributes.inside.is_empty() {
            self.render.field(attributes.inside);
            self.render.open(Group::Struct);
        }
        for member in attributes.members {
            if shown(attributes, member, &buf, size) {
                self.render.field(member.1);
                self.bpf_member(member, &buf);
                if member.1 == "next_id" && size >= 8 && ebpf::ANSWERED.contains(&command) {
                    self.bpf_answer(addr.wrapping_add(4), load(&buf[4..8]));
                }
            }
        }
        if !attributes.inside.is_empty() {
            self.render.close(Group::Struct);
        }
        let rest = buf.get(usize::from(attributes.end)..size).unwrap_or_default();
        if rest.iter().any(|&byte| byte != 0) {
            if self.options.abbreviate {
                self.render.item();
                self.render.more();
            } else {
                self.render.field("extra_data");
                self.render.text(Text { bytes: rest, more: false, hex: true });
                self.render.comment(format_args!("bytes {}..{}", attributes.end, size - 1));
            }
        }
        self.render.close(Group::Struct);
    }

    /// The number that the kernel put in the place of another.
    fn bpf_answer(&mut self, addr: u64, old: u64) {
        let new = self.number_at(addr, 4);
        if let Some(new) = new.filter(|new| self.succeeded() && *new != old) {
            self.render.becomes();
            self.render.number(new, false, Base::Dec, 4);
        }
    }

    /// Reads attributes that the kernel will change, while they are still the caller's.
    pub(super) fn bpf_lengths(&mut self, addr: u64, command: u64, size: u64) {
        let size = (size & 0xffff_ffff) as usize;
        let mut buf = [0u8; MOST];
        if addr != 0 && size <= MOST && ebpf::ANSWERED.contains(&command) {
            self.read(addr, &mut buf[..size]);
        }
    }

    fn bpf_member(&mut self, &(at, _, form): &Member, buf: &[u8; MOST]) {
        let at = usize::from(at);
        let half = |at: usize| load(&buf[at..at + 4]);
        let whole = load(&buf[at..at + 8]);
        let small = half(at);
        match form {
            Form::Dec => self.render.number(small, false, Base::Dec, 4),
            Form::Hex => self.render.number(small, false, Base::Hex, 4),
            Form::Wide => self.render.number(whole, false, Base::Dec, 8),
            Form::WideHex => self.render.number(whole, false, Base::Hex, 8),
            Form::Fd => self.render.fd(small as i32),
            Form::Pid => self.render.pid(small as i32),
            Form::Interface => self.net_value(Net::Interface, &buf[at..at + 4], 0),
            Form::Set(set) => self.render.set(set, small, self.abi),
            Form::WideSet(set) => self.render.set(set, whole, self.abi),
            Form::Pointer => self.render.address(whole),
            Form::Path => self.path(whole),
            Form::Text => self.string(whole),
            Form::TextIn(count) => self.bpf_text(whole, half(usize::from(count))),
            // No pointer of a narrow ABI.
            Form::Bytes(_) if self.abi.data_model().word_bytes == 4 && whole >> 32 != 0 => {
                self.render.address(whole);
            }
            Form::Bytes(count) => self.bytes(whole, half(usize::from(count))),
            Form::Numbers(_) | Form::Instructions(_) if whole == 0 => self.render.address(0),
            Form::Numbers(count) if !self.succeeded() && half(usize::from(count)) != 0 => {
                self.render.address(whole);
            }
            Form::Numbers(count) => self.elements(whole, half(usize::from(count)), 4, |decoder, bytes, _| {
                decoder.render.number(load(bytes), false, Base::Dec, 4);
            }),
            Form::Instructions(_) if self.options.abbreviate => self.render.address(whole),
            Form::Instructions(count) => {
                let count = half(usize::from(count)).min(MOST_INSTRUCTIONS);
                self.elements(whole, count, INSTRUCTION, |decoder, bytes, _| decoder.bpf_instruction(bytes));
            }
            Form::Name => self.net_value(Net::Name(16), &buf[at..at + 16], 0),
            Form::Version => {
                if self.render.begin_whole(small, false, Base::Hex, true) {
                    let (major, minor, patch) = (small >> 16, small >> 8 & 0xff, small & 0xff);
                    self.render.word(format_args!("KERNEL_VERSION({major}, {minor}, {patch})"));
                    self.render.end_whole();
                }
            }
        }
    }

    /// Text that ends with its NUL, or with its room.
    fn bpf_text(&mut self, addr: u64, room: u64) {
        let shown = room.min(self.options.string_limit as u64).min(MOST as u64) as usize;
        let mut buf = [0u8; MOST];
        if addr == 0 || self.read_text(addr, &mut buf[..shown]) == 0 && shown != 0 {
            return self.render.address(addr);
        }
        let end = buf[..shown].iter().position(|&byte| byte == 0);
        let bytes = &buf[..end.unwrap_or(shown)];
        self.render.text(Text { bytes, more: end.is_none() && shown != 0, hex: false });
    }

    fn bpf_instruction(&mut self, bytes: &[u8]) {
        self.render.open(Group::Struct);
        self.render.field("code");
        self.bpf_code(u64::from(bytes[0]));
        for (name, value) in [("dst_reg", bytes[1] & 15), ("src_reg", bytes[1] >> 4)] {
            self.render.field(name);
            self.render.set(&sets::EBPF_REGISTER, u64::from(value), self.abi);
        }
        self.render.field("off");
        let offset = load(&bytes[2..4]) as u16 as i16;
        self.render.number(i64::from(offset) as u64, true, Base::Dec, 2);
        self.render.field("imm");
        self.render.number(load(&bytes[4..8]), false, Base::Hex, 4);
        self.render.close(Group::Struct);
    }

    fn bpf_code(&mut self, code: u64) {
        let class = code & 7;
        self.render.open(Group::Or);
        self.render.item();
        self.render.set(&sets::EBPF_CLASS, class, self.abi);
        let parts = match class {
            0..=3 => Some((&sets::EBPF_SIZE, code & 0x18, &sets::EBPF_MODE, code & 0xe0)),
            5 => Some((&sets::EBPF_SOURCE, code & 8, &sets::EBPF_JUMP, code & 0xf0)),
            6 => None,
            _ => Some((&sets::EBPF_SOURCE, code & 8, &sets::EBPF_ARITHMETIC, code & 0xf0)),
        };
        if let Some((first, value, second, other)) = parts {
            self.render.item();
            self.render.set(first, value, self.abi);
            self.render.item();
            self.render.set(second, other, self.abi);
        } else if code & !7 != 0 {
            self.render.item();
            self.render.number(code & !7, false, Base::Hex, 1);
            self.render.remark(format_args!("BPF_???"));
        }
        self.render.close(Group::Or);
    }
}

/// Whether a member is shown of attributes of `size` bytes.
fn shown(attributes: &Attributes, &(at, name, _): &Member, buf: &[u8; MOST], size: usize) -> bool {
    let needs = attributes.later.iter().rev().find(|later| **later <= at);
    let there = needs.is_none_or(|needs| size > usize::from(*needs));
    let counts = match name {
        "numa_node" => load(&buf[16..20]) & ebpf::NUMA_NODE != 0,
        "old_prog_fd" => load(&buf[8..12]) & ebpf::REPLACE != 0,
        _ => true,
    };
    there && counts
}
