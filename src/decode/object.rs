//! What the kernel tells of a map or a program of extended BPF: `struct bpf_map_info`, `struct bpf_prog_info`.
//!
//! Which of the two it is, only the descriptor says, whose target was noted when the call was made. Source: bpf(2),
//! include/uapi/linux/bpf.h.

use syscall_tables::ebpf::{self, Form, Members};
use syscall_tables::model::Width;
use syscall_tables::set::Base;

use super::Decoder;
use super::ebpf::{MOST, shown};
use super::interpret::load;
use super::render::{Group, Render, Text};
use crate::event::Call;
use crate::memory::Memory;

/// Where `info` points to, and how much of it the caller has room for.
fn asked(attributes: &[u8; MOST]) -> (u64, usize) {
    let known = usize::from(ebpf::PROGRAM_INFO.end);
    (load(&attributes[8..16]), known.min(load(&attributes[4..8]) as usize))
}

/// The descriptor of which bpf(2) is asked to tell.
pub fn described(call: &Call) -> Option<i32> {
    let bpf = call.signature.is_some_and(|signature| signature.name == "bpf");
    let [command, attributes, ..] = call.regs.args;
    let mut fd = [0u8; 4];
    let mut memory = &call.before;
    let known = bpf && command & 0xffff_ffff == ebpf::INFO_COMMAND && memory.read(attributes, &mut fd) == 4;
    known.then_some(i32::from_le_bytes(fd))
}

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// Reads what the caller asks for, which the kernel overwrites.
    pub(super) fn bpf_info_asked(&mut self, attributes: &[u8; MOST]) {
        let (addr, size) = asked(attributes);
        if !self.options.abbreviate && addr != 0 {
            self.read(addr, &mut [0u8; 256][..size.min(256)]);
        }
    }

    /// What is behind `info` of the attributes at an address.
    pub(super) fn bpf_info(&mut self, addr: u64, attributes: &[u8; MOST]) {
        let (info, size) = asked(attributes);
        let target = self.fds.iter().find(|note| note.fd == load(&attributes[..4]) as i32);
        let part = match target.map(|note| &*note.target) {
            Some(b"anon_inode:bpf-map") => &ebpf::MAP_INFO,
            Some(b"anon_inode:bpf-prog") => &ebpf::PROGRAM_INFO,
            _ => return self.render.address(info),
        };
        let answered = self.number_at(addr.wrapping_add(4), 4).map_or(size, |len| size.min(len as usize));
        let mut new = [0u8; MOST];
        let unread = answered == 0 || self.read(info, &mut new[..answered]) < answered;
        if self.options.abbreviate || info == 0 || unread {
            return self.render.address(info);
        }
        let mut old = [0u8; MOST];
        self.before.read(info, &mut old[..answered]);
        self.bpf_told_of(part, &old, &new, answered);
    }

    fn bpf_told_of(&mut self, part: &Members, old: &[u8; MOST], new: &[u8; MOST], size: usize) {
        // What is behind pointers has as many elements as were wanted and are there.
        let mut least = *new;
        for &(at, name, form) in part.members {
            let at = usize::from(at);
            if let Form::Changed = form {
                let count = load(&old[at..at + 4]).min(load(&new[at..at + 4])) as u32;
                let count = if name == "xlated_prog_len" { count / 8 } else { count };
                least[at..at + 4].copy_from_slice(&count.to_le_bytes());
            }
        }
        self.render.open(Group::Struct);
        for member in part.members.iter().filter(|member| shown(part, member, new, size)) {
            self.render.field(member.1);
            match member.2 {
                Form::Changed => {
                    let at = usize::from(member.0);
                    let (was, is) = (load(&old[at..at + 4]), load(&new[at..at + 4]));
                    self.render.number(was, false, Base::Dec, 4);
                    if was != is {
                        self.render.becomes();
                        self.render.number(is, false, Base::Dec, 4);
                    }
                }
                // What the kernel writes is shown where it did.
                Form::Instructions(count)
                    if !self.succeeded() && load(&least[usize::from(count)..][..4]) != 0 =>
                {
                    self.render.address(load(&least[usize::from(member.0)..][..8]));
                }
                _ => self.bpf_member(member, &least),
            }
        }
        self.render.close(Group::Struct);
    }

    /// A member that such a struct has and no attribute.
    pub(super) fn bpf_told(&mut self, form: Form, buf: &[u8; MOST], at: usize) {
        let (small, whole) = (load(&buf[at..at + 4]), load(&buf[at..at + 8]));
        match form {
            Form::Tag => self.render.text(Text { bytes: &buf[at..at + 8], more: false, hex: true }),
            Form::Device => self.device(whole),
            Form::User => self.id(small, Width::W32),
            Form::Bit => self.render.number(small & 1, false, Base::Dec, 4),
            Form::Uptime => {
                self.render.number(whole, false, Base::Dec, 8);
                self.uptime_comment(whole);
            }
            Form::Code(count) => {
                let count = load(&buf[usize::from(count)..usize::from(count) + 4]);
                self.bpf_code_bytes(whole, count as usize);
            }
            _ => self.render.number(small, false, Base::Dec, 4),
        }
    }

    /// The date of a time since the machine was started, where it is known when that was.
    fn uptime_comment(&mut self, uptime_ns: u64) {
        let started_ns = self.entered.wall_ns.saturating_sub(self.entered.mono_ns);
        if started_ns != 0 {
            self.date_beside(started_ns.saturating_add(uptime_ns) / 1_000_000_000, 0, 9, R::remark);
        }
    }

    fn bpf_code_bytes(&mut self, addr: u64, count: usize) {
        let shown = count.min(self.options.string_limit).min(MOST);
        let mut buf = [0u8; MOST];
        if addr == 0 || self.read(addr, &mut buf[..shown]) < shown {
            return self.render.address(addr);
        }
        self.render.text(Text { bytes: &buf[..shown], more: count > shown, hex: true });
    }
}
