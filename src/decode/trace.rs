//! Values of ptrace(2): offsets in `struct user`, sets of registers, what stopped a call.

use syscall_tables::abi::Abi;
use syscall_tables::layout;
use syscall_tables::model::Dir;
use syscall_tables::set::Base;
use syscall_tables::sets::process::PTRACE_SYSCALL_INFO_OP;
use syscall_tables::sets::security::{AUDIT_ARCH, SECCOMP_FILTER_FLAGS};
use syscall_tables::structs::trace as structs;

use super::interpret::load;
use super::render::{Group, Render};
use super::siginfo::{siginfo, syscall};
use super::{Decoder, Side};
use crate::memory::Memory;

/// Size of `struct seccomp_metadata`.
const METADATA: u64 = 16;
/// Size of `siginfo_t`.
const SIGINFO: usize = 128;
/// Size of `struct ptrace_syscall_info`.
const SYSCALL_INFO: usize = 88;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// An offset in `struct user`, by the name of the member.
    pub(super) fn user_offset(&mut self, raw: u64) {
        let below = structs::USER_OFFSETS.iter().rev().find(|(offset, _)| *offset <= raw);
        let end = structs::USER_OFFSETS.last().map_or(0, |(offset, _)| *offset);
        match below {
            Some((offset, name)) if *offset == raw => self.render.named_address(raw, format_args!("{name}")),
            Some((offset, name)) if raw < end => {
                self.render.named_address(raw, format_args!("{name}+{}", raw - offset))
            }
            _ => self.render.address(raw),
        }
    }

    /// As many `siginfo_t` as the call returned.
    pub(super) fn siginfos(&mut self, addr: u64) {
        if addr == 0 {
            return self.render.address(0);
        }
        let count = self.outcome.map_or(0, |o| if o.failed { 0 } else { o.value as u64 });
        // Signals are few and none is left out.
        self.elements_up_to(1 << 16, addr, count, SIGINFO, |decoder, bytes, _| {
            let mut info = [0u8; SIGINFO];
            info.copy_from_slice(bytes);
            siginfo(decoder.abi, decoder.abi, &info, decoder.render);
        });
    }

    /// `struct iovec` that points to a set of registers of type `kind`; the kernel writes how much it filled.
    pub(super) fn register_set(&mut self, addr: u64, kind: u64) {
        let word = usize::from(self.abi.data_model().word_bytes);
        let (mut asked, mut told) = ([0u8; 16], [0u8; 16]);
        if addr == 0 || self.before.read(addr, &mut asked[..2 * word]) < 2 * word {
            return self.render.address(addr);
        }
        let (base, length) = (load(&asked[..word]), load(&asked[word..2 * word]));
        let filled = self.side == Side::Exit;
        let known = filled && self.succeeded() && self.read(addr, &mut told[..2 * word]) == 2 * word;
        let now = if known { load(&told[word..2 * word]) } else { length };
        self.render.open(Group::Struct);
        self.render.field("iov_base");
        if filled && !self.succeeded() {
            self.render.address(base);
        } else {
            self.registers(base, now, kind);
        }
        self.render.field("iov_len");
        self.render.number(length, false, Base::Dec, 8);
        if now != length {
            self.render.becomes();
            self.render.number(now, false, Base::Dec, 8);
        }
        self.render.close(Group::Struct);
    }

    fn registers(&mut self, addr: u64, length: u64, kind: u64) {
        let model = self.abi.data_model();
        let strukt = match (kind, self.abi) {
            (1, Abi::I386) => &structs::USER_REGS_I386,
            (1, _) => &structs::USER_REGS,
            (2, Abi::I386) => &structs::FP_REGS_I386,
            (2, _) => &structs::FP_REGS,
            _ => return self.render.address(addr),
        };
        let whole = layout::size_of(strukt, model);
        let mut buf = [0u8; 512];
        let size = length.min(whole as u64) as usize;
        let fits = length != 0 && length.is_multiple_of(u64::from(model.word_bytes));
        if addr == 0 || !fits || self.read(addr, &mut buf[..size]) < size {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        self.members(strukt, &buf[..size], addr);
        if length > whole as u64 {
            self.render.item();
            self.render.more();
        }
        self.render.close(Group::Struct);
    }

    /// `struct seccomp_metadata`: an offset that the tracer asks for, and flags that the kernel answers.
    pub(super) fn filter_metadata(&mut self, addr: u64, size: u64) {
        let mut asked = [0u8; 8];
        if addr == 0 || size < 8 || self.before.read(addr, &mut asked) < 8 {
            return self.render.address(addr);
        }
        let told = self.outcome.map_or(0, |o| if o.failed { 0 } else { o.value as u64 });
        self.render.open(Group::Struct);
        self.render.field("filter_off");
        self.render.number(load(&asked), false, Base::Dec, 8);
        if told > 8 {
            self.filter_flags(addr.wrapping_add(8), told);
        }
        self.render.close(Group::Struct);
    }

    /// The flags in a `struct seccomp_metadata` of which the kernel has told so many bytes.
    fn filter_flags(&mut self, addr: u64, told: u64) {
        let flags = self.number_at(addr, 8).filter(|_| told >= METADATA);
        let Some(flags) = flags else { return self.render.unreadable() };
        self.render.field("flags");
        self.render.set(&SECCOMP_FILTER_FLAGS, flags, self.abi);
        if told > METADATA {
            self.render.item();
            self.render.more();
        }
    }

    /// `struct ptrace_syscall_info`: the kernel's answer is as long as it says, but for what the buffer lacks.
    pub(super) fn syscall_info(&mut self, addr: u64, dir: Dir, size: u64) {
        let written = self.outcome.map_or(0, |o| if o.failed { 0 } else { o.value as u64 });
        let size = if dir == Dir::Out { written.min(size) } else { size };
        let size = size.min(SYSCALL_INFO as u64) as usize;
        let mut buf = [0u8; SYSCALL_INFO];
        if addr == 0 || size == 0 || self.read(addr, &mut buf[..size]) < size {
            return self.render.address(addr);
        }
        let has = |end: usize| size >= end;
        let long = |at: usize| load(&buf[at..at + 8]);
        let op = load(&buf[..1]);
        self.render.open(Group::Struct);
        self.render.field("op");
        self.render.set(&PTRACE_SYSCALL_INFO_OP, op, self.abi);
        let arch = load(&buf[4..8]);
        if has(8) {
            self.render.field("arch");
            self.render.set(&AUDIT_ARCH, arch, self.abi);
        }
        for (at, name) in [(8, "instruction_pointer"), (16, "stack_pointer")] {
            if has(at + 8) {
                self.render.field(name);
                self.render.address(long(at));
            }
        }
        match op {
            1 | 3 if has(32) => self.syscall_entry(op, arch as u32, size, &buf),
            2 if has(32) => {
                self.render.field("exit");
                self.render.open(Group::Struct);
                self.render.field("rval");
                self.syscall_result(long(24));
                if has(33) {
                    self.render.field("is_error");
                    self.render.number(load(&buf[32..33]), false, Base::Dec, 1);
                }
                self.render.close(Group::Struct);
            }
            _ => {}
        }
        self.render.close(Group::Struct);
    }

    fn syscall_result(&mut self, value: u64) {
        let error = (value as i64).checked_neg().and_then(|error| u32::try_from(error).ok());
        match error.filter(|error| *error != 0).and_then(syscall_tables::errno::name) {
            Some(name) => self.render.spelled(value, format_args!("-{name}")),
            None => self.render.number(value, true, Base::Dec, 8),
        }
    }

    fn syscall_entry(&mut self, op: u64, arch: u32, size: usize, buf: &[u8; SYSCALL_INFO]) {
        let long = |at: usize| load(&buf[at..at + 8]);
        self.render.field(if op == 1 { "entry" } else { "seccomp" });
        self.render.open(Group::Struct);
        self.render.field("nr");
        let nr = long(24);
        syscall(nr, 8, arch, self.abi, self.render);
        if size >= 40 {
            self.render.field("args");
            self.render.open(Group::Array);
            for at in (32..80).step_by(8).filter(|at| at + 8 <= size) {
                self.render.item();
                self.render.number(long(at), false, Base::Hex, 8);
            }
            self.render.close(Group::Array);
        }
        if op == 3 && size >= 84 {
            self.render.field("ret_data");
            self.render.number(load(&buf[80..84]), false, Base::Dec, 4);
        }
        self.render.close(Group::Struct);
    }
}
