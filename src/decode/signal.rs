//! Signal numbers, sets and actions: signal(7), sigaction(2).

use syscall_tables::abi::Abi;
use syscall_tables::set::Base;
use syscall_tables::{sets, signal};

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render};
use crate::memory::Memory;

/// Signals of the kernel: 64.
const SIGNALS: u32 = 64;
/// SA_RESTORER of asm/signal.h.
const SA_RESTORER: u64 = 0x0400_0000;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    pub(super) fn signal_number(&mut self, signo: u32) {
        match signal::name(signo) {
            Some(name) => self.render.named(name, u64::from(signo), Base::Dec),
            None => self.render.number(i64::from(signo as i32) as u64, true, Base::Dec, 4),
        }
    }

    /// A signal set of `size` bytes behind a pointer.
    pub(super) fn sigset(&mut self, addr: u64, size: u64) {
        let mut buf = [0u8; 8];
        let size = 8.min(size as usize);
        if addr == 0 || self.read(addr, &mut buf[..size]) < size {
            return self.render.address(addr);
        }
        self.signals(&buf[..size]);
    }

    /// A signal set in place, which has whole words of 32 signals.
    pub(super) fn signals(&mut self, bytes: &[u8]) {
        let count = if bytes.len() <= 4 { SIGNALS / 2 } else { SIGNALS };
        let all = if count == 64 { u64::MAX } else { (1 << count) - 1 };
        let mask = load(bytes) & all;
        let negated = mask.count_ones() >= count * 2 / 3;
        let listed = if negated { !mask & all } else { mask };
        self.render.signals(listed, count, negated);
    }

    pub(super) fn handler(&mut self, addr: u64) {
        match addr {
            0 => self.render.named("SIG_DFL", addr, Base::Hex),
            1 => self.render.named("SIG_IGN", addr, Base::Hex),
            u64::MAX => self.render.named("SIG_ERR", addr, Base::Hex),
            _ => self.render.address(addr),
        }
    }

    /// `struct old_sigaction` of i386's sigaction.
    pub(super) fn old_sigaction(&mut self, addr: u64) {
        let mut buf = [0u8; 16];
        if addr == 0 || self.read(addr, &mut buf) < 16 {
            return self.render.address(addr);
        }
        let word = |index: usize| load(&buf[4 * index..4 * index + 4]);
        self.render.open(Group::Struct);
        self.render.field("sa_handler");
        self.handler(word(0));
        self.render.field("sa_mask");
        self.signals(&buf[4..8]);
        self.action_flags(word(2), word(3));
    }

    fn action_flags(&mut self, flags: u64, restorer: u64) {
        self.render.field("sa_flags");
        self.render.set(&sets::signal::SIGACTION_FLAGS, flags, self.abi);
        if flags & SA_RESTORER != 0 {
            self.render.field("sa_restorer");
            self.render.address(restorer);
        }
        self.render.close(Group::Struct);
    }

    /// The kernel's `struct sigaction` of rt_sigaction. As strace reads it, with room for 512 signals.
    pub(super) fn sigaction(&mut self, addr: u64) {
        let word = usize::from(self.abi.data_model().word_bytes);
        let mut buf = [0u8; 88];
        let size = 3 * word + 64;
        if addr == 0 || self.read(addr, &mut buf[..size]) < size {
            return self.render.address(addr);
        }
        let part = |index: usize| load(&buf[index * word..(index + 1) * word]);
        let (handler, flags, restorer) = (part(0), part(1), part(2));
        self.render.open(Group::Struct);
        self.render.field("sa_handler");
        self.handler(handler);
        self.render.field("sa_mask");
        self.signals(&buf[3 * word..3 * word + 8]);
        self.action_flags(flags, restorer);
    }

    /// The mask in the frame that rt_sigreturn or sigreturn finds on the stack: `struct ucontext` of
    /// asm/ucontext.h, or `struct sigframe_ia32` of asm/sigframe.h with its mask in two halves.
    pub(super) fn sigreturn(&mut self, realtime: bool) {
        let sp = self.regs.sp;
        let halves: &[u64] = match (realtime, self.abi) {
            (false, _) => &[80, 712],
            (true, Abi::I386) => &[248, 252],
            (true, _) => &[296, 300],
        };
        let mut buf = [0u8; 8];
        for (half, &offset) in buf.chunks_exact_mut(4).zip(halves) {
            if self.read(sp.wrapping_add(offset), half) < 4 {
                return self.render.address(sp);
            }
        }
        self.render.open(Group::Struct);
        self.render.field("mask");
        self.signals(&buf);
        self.render.close(Group::Struct);
    }
}
