//! `union bpf_attr` of bpf(2), and instructions of extended BPF. Which member stands where is in the tables.

use syscall_tables::ebpf::{self, Form, Member, Members};
use syscall_tables::net::Net;
use syscall_tables::set::Base;
use syscall_tables::sets::ebpf as sets;

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render, Text};
use crate::memory::Memory;

/// More than any kernel's union: what is beyond is shown as bytes, if at all.
pub(super) const MOST: usize = 4096;
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
        let kind = load(&buf[8..12]);
        let more = attributes.kinds.iter().find(|(kinds, _)| kinds.contains(&kind)).map(|(_, more)| more);
        let more = more.filter(|more| follows(more, &buf, size));
        let end = usize::from(more.map_or(known_end(&attributes.part, &buf, size), |more| more.end));
        self.render.open(Group::Struct);
        self.bpf_opened(attributes.part.inside);
        self.bpf_members(&attributes.part, addr, command, &buf, size);
        if let Some(more) = more {
            self.bpf_opened(more.inside);
            self.bpf_members(more, addr, command, &buf, size);
            self.bpf_closed(more.inside);
        }
        self.bpf_closed(attributes.part.inside);
        let rest = buf.get(end..size).unwrap_or_default();
        if rest.iter().any(|&byte| byte != 0) {
            if self.options.abbreviate {
                self.render.item();
                self.render.more();
            } else {
                self.render.field("extra_data");
                self.render.text(Text { bytes: rest, more: false, hex: true });
                self.render.comment(format_args!("bytes {end}..{}", size - 1));
            }
        }
        self.render.close(Group::Struct);
    }

    /// What a command returned.
    pub(super) fn bpf_returned(&mut self, value: u64) {
        let [command, addr, size, ..] = self.args.map(|arg| arg & 0xffff_ffff);
        let addr = if self.abi.data_model().word_bytes == 4 { addr } else { self.args[1] };
        let (size, mut buf) = (size as usize, [0u8; MOST]);
        let readable = addr != 0 && size != 0 && size <= MOST && self.options.dereference;
        if ebpf::MAKING.contains(&command) && readable && self.before.read(addr, &mut buf[..size]) == size {
            self.render.fd(value as i32);
        } else {
            self.render.number(value, true, Base::Dec, 4);
        }
    }

    fn bpf_opened(&mut self, name: &'static str) {
        if !name.is_empty() {
            self.render.field(name);
            self.render.open(Group::Struct);
        }
    }

    fn bpf_closed(&mut self, name: &'static str) {
        if !name.is_empty() {
            self.render.close(Group::Struct);
        }
    }

    fn bpf_members(&mut self, part: &Members, addr: u64, command: u64, buf: &[u8; MOST], size: usize) {
        let answered = ebpf::ANSWERED.contains(&command);
        for member in part.members.iter().filter(|member| shown(part, member, buf, size)) {
            self.render.field(member.1);
            match member.1 {
                "info" => self.bpf_info(addr, buf),
                _ => self.bpf_member(member, buf),
            }
            if matches!(member.1, "next_id" | "info_len") && size >= 8 && answered {
                self.bpf_answer(addr.wrapping_add(4), load(&buf[4..8]));
            }
        }
    }

    /// The number that the kernel put in the place of another.
    pub(super) fn bpf_answer(&mut self, addr: u64, old: u64) {
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
            let got = self.read(addr, &mut buf[..size]);
            if command == ebpf::INFO_COMMAND && got == size {
                self.bpf_info_asked(&buf);
            }
        }
    }

    pub(super) fn bpf_member(&mut self, &(at, _, form): &Member, buf: &[u8; MOST]) {
        let at = usize::from(at);
        let half = |at: usize| load(&buf[at..at + 4]);
        let whole = load(&buf[at..at + 8]);
        let small = half(at);
        match form {
            Form::Dec => self.render.number(small, false, Base::Dec, 4),
            Form::Node => {
                self.render.number(small, false, Base::Dec, 4);
                if small == 0xffff_ffff {
                    self.render.remark(format_args!("NUMA_NO_NODE"));
                }
            }
            Form::Hex => self.render.number(small, false, Base::Hex, 4),
            Form::Wide => self.render.number(whole, false, Base::Dec, 8),
            Form::WideHex => self.render.number(whole, false, Base::Hex, 8),
            Form::Signed => self.render.number(i64::from(small as i32) as u64, true, Base::Dec, 4),
            Form::Fd => self.render.fd(small as i32),
            Form::DirFd => self.dirfd(small as i32),
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
            Form::Numbers(_) | Form::Instructions(_) | Form::Texts(_) | Form::Wides(_) | Form::Maps(_)
                if whole == 0 =>
            {
                self.render.address(0);
            }
            Form::Texts(count) => self.bpf_texts(whole, half(usize::from(count))),
            Form::Wides(count) => self.elements(whole, half(usize::from(count)), 8, |decoder, bytes, _| {
                decoder.render.number(load(bytes), false, Base::Hex, 8);
            }),
            Form::Maps(count) => self.elements(whole, half(usize::from(count)), 4, |decoder, bytes, _| {
                decoder.render.open(Group::Struct);
                decoder.bpf_opened("map");
                decoder.render.field("map_fd");
                decoder.render.fd(load(bytes) as i32);
                decoder.bpf_closed("map");
                decoder.render.close(Group::Struct);
            }),
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
            Form::Tag
            | Form::Device
            | Form::User
            | Form::Bit
            | Form::Uptime
            | Form::Changed
            | Form::Code(_) => {
                self.bpf_told(form, buf, at);
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

    /// As many strings as there are pointers.
    fn bpf_texts(&mut self, addr: u64, count: u64) {
        let word = usize::from(self.abi.data_model().word_bytes);
        self.elements(addr, count, word, |decoder, bytes, _| decoder.string(load(bytes)));
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

/// Whether any of the members that are not shown for nothing holds something.
fn speaks(part: &Members, buf: &[u8; MOST], size: usize) -> bool {
    let newer = buf.get(usize::from(part.quiet)..size.min(usize::from(part.end))).unwrap_or_default();
    newer.iter().any(|&byte| byte != 0)
}

/// Where the members end that are shown of attributes of `size` bytes, or could be.
fn known_end(part: &Members, buf: &[u8; MOST], size: usize) -> u16 {
    let newer = part.members.iter().any(|member| member.0 >= part.quiet && shown(part, member, buf, size));
    if newer { part.end } else { part.quiet }
}

/// Whether attributes of `size` bytes have these members at their end.
fn follows(more: &Members, buf: &[u8; MOST], size: usize) -> bool {
    size > 16 && (more.quiet > 16 || speaks(more, buf, size))
}

/// Whether a member is shown of attributes of `size` bytes.
pub(super) fn shown(part: &Members, &(at, name, _): &Member, buf: &[u8; MOST], size: usize) -> bool {
    let needs = part.later.iter().rev().find(|later| **later <= at);
    let there = needs.is_none_or(|needs| size > usize::from(*needs));
    let flags = load(&buf[12..16]);
    let counts = match name {
        "numa_node" => load(&buf[16..20]) & ebpf::NUMA_NODE != 0,
        "old_prog_fd" => load(&buf[8..12]) & ebpf::REPLACE != 0,
        "relative_fd" => flags & ebpf::BY_NUMBER == 0,
        "relative_id" => flags & ebpf::BY_NUMBER != 0,
        _ => true,
    };
    there && counts && (at < part.quiet || speaks(part, buf, size))
}
