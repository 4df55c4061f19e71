//! Instructions under breakpoints, carried out elsewhere: a slot holds a copy and a jump back.
//!
//! A thread that has to go on past a breakpoint is moved to its slot. No other thread has to stand still for that,
//! no breakpoint is ever lifted, and it costs no stop. Slots are in a page that the process is made to map; for
//! instructions that change where the program goes on there is none.

use std::collections::HashMap;

use iced_x86::{
    BlockEncoder, BlockEncoderOptions, Code, Decoder, DecoderOptions, FlowControl, Instruction,
    InstructionBlock,
};

use super::{Process, RAX, RIP, Shown, Words};
use crate::debug::error::Result;
use crate::memory::Memory;
use crate::stack::maps::Maps;
use crate::sys::{process, ptrace, signal, vm, wait};

/// Bytes of one slot: the longest instruction, as it may grow, and a jump.
const SLOT_BYTES: u64 = 32;
/// Bytes of the page.
const PAGE_BYTES: u64 = 4096;
/// How far a copied instruction may be from its place: its operands are relative to it.
const MOST_DISTANCE: u64 = 1 << 30;
/// Signals that may come in between while a call is made in the process.
const MOST_SIGNALS: usize = 16;

#[derive(Debug, Clone, Copy)]
struct Slot {
    start: u64,
    /// Address of the jump back.
    jump: u64,
    /// The breakpoint, and the address behind its instruction.
    site: u64,
    next: u64,
}

/// The slots of a process.
#[derive(Debug, Default)]
pub struct Slots {
    pages: Vec<(u64, u64)>,
    of_site: HashMap<u64, Option<Slot>>,
    /// Slots of breakpoints that are gone, in which a thread may still be.
    old: Vec<Slot>,
}

impl Slots {
    /// A breakpoint is gone.
    pub fn forget(&mut self, site: u64) {
        if let Some(Some(slot)) = self.of_site.remove(&site) {
            self.old.push(slot);
        }
    }

    /// The memory is gone.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    fn inside(&self, address: u64) -> Option<Slot> {
        if !self.pages.iter().any(|(page, _)| (*page..page + PAGE_BYTES).contains(&address)) {
            return None;
        }
        let slots = self.of_site.values().flatten().chain(&self.old);
        slots.copied().find(|slot| (slot.start..slot.start + SLOT_BYTES).contains(&address))
    }
}

impl Process {
    /// A thread that stopped in a slot is where it seems to be: at the instruction, or behind it.
    pub(super) fn leave_slot(&mut self, tid: i32) {
        if self.slots.pages.is_empty() {
            return;
        }
        let Ok(mut words) = self.words(tid) else { return };
        let Some(slot) = self.slots.inside(words[RIP]) else { return };
        let begun = words[RIP] != slot.start;
        words[RIP] = if begun { slot.next } else { slot.site };
        self.set_words(tid, &words).ok();
        // It was on its way past the breakpoint, and still is.
        if let Some(thread) = self.threads.get_mut(&tid) {
            thread.passed = (!begun).then_some(slot.site);
        }
    }

    /// Moves a thread that stands at a breakpoint into its slot; whether there is one.
    ///
    /// # Errors
    /// When the thread is gone.
    pub fn enter_slot(&mut self, tid: i32, site: u64) -> Result<bool> {
        if !self.slots.of_site.contains_key(&site) {
            let slot = self.make_slot(tid, site);
            self.slots.of_site.insert(site, slot);
        }
        let Some(Some(slot)) = self.slots.of_site.get(&site).copied() else { return Ok(false) };
        let mut words = self.words(tid)?;
        words[RIP] = slot.start;
        self.set_words(tid, &words)?;
        Ok(true)
    }

    fn make_slot(&mut self, tid: i32, site: u64) -> Option<Slot> {
        let mut bytes = [0u8; 16];
        let got = Shown(self).read(site, &mut bytes);
        let instruction = Decoder::with_ip(64, &bytes[..got], site, DecoderOptions::NONE).decode();
        if instruction.is_invalid()
            || instruction.flow_control() != FlowControl::Next
            || instruction.code() == Code::Syscall
        {
            return None;
        }
        let start = self.room(tid, site)?;
        let (code, jump) = relocated(&instruction, start)?;
        self.poke(start, &code).ok()?;
        Some(Slot { start, jump: start + jump, site, next: instruction.next_ip() })
            .filter(|slot| slot.jump > start)
    }

    /// A free slot near an address.
    fn room(&mut self, tid: i32, near: u64) -> Option<u64> {
        let free = |(page, used): &&mut (u64, u64)| has_room(*used) && page.abs_diff(near) < MOST_DISTANCE;
        if !self.slots.pages.iter_mut().any(|page| free(&page)) {
            let page = self.map_page(tid, near)?;
            if page.abs_diff(near) >= MOST_DISTANCE {
                return None;
            }
            self.slots.pages.push((page, 0));
        }
        let (page, used) = self.slots.pages.iter_mut().find(free)?;
        let start = *page + *used;
        *used += SLOT_BYTES;
        Some(start)
    }

    /// Makes the process map a page near an address, by a call that it carries out in the vdso.
    fn map_page(&mut self, tid: i32, near: u64) -> Option<u64> {
        let maps = Maps::parse(&std::fs::read(format!("/proc/{}/maps", self.pid)).ok()?);
        let vdso = maps.code.iter().find(|region| region.path.as_deref() == Some(b"[vdso]"))?;
        let size = usize::try_from(vdso.end - vdso.start).ok().filter(|size| *size <= 1 << 20)?;
        let mut code = vec![0; size];
        let got = vm::read(self.pid, vdso.start, &mut code);
        let at = code[..got].windows(2).position(|pair| pair == [0x0f, 0x05])?;
        let before = self.words(tid).ok()?;
        let hint = near.saturating_sub(64 << 20) & !(PAGE_BYTES - 1);
        let mut call: Words = before;
        call[RIP] = vdso.start + at as u64;
        call[super::ORIG_RAX] = u64::MAX;
        // mmap(hint, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0): rdi rsi rdx r10 r8 r9
        for (word, value) in
            [(RAX, 9), (14, hint), (13, PAGE_BYTES), (12, 5), (7, 0x22), (9, u64::MAX), (8, 0)]
        {
            call[word] = value;
        }
        self.set_words(tid, &call).ok()?;
        let result = self.carry_out(tid);
        self.set_words(tid, &before).ok()?;
        result.filter(|page| page & (PAGE_BYTES - 1) == 0 && *page != 0)
    }

    /// One instruction of a thread, by itself; the result register behind it. Signals that come in between are sent
    /// again.
    fn carry_out(&mut self, tid: i32) -> Option<u64> {
        let mut held = Vec::new();
        let mut result = None;
        for _ in 0..MOST_SIGNALS {
            ptrace::step(tid, 0).ok()?;
            match wait::wait(tid).ok()?.1 {
                wait::Status::Stopped { signo, event } => {
                    if signo == libc::SIGTRAP && event == 0 {
                        result = match ptrace::registers(tid).ok()? {
                            ptrace::UserRegs::X86_64(words) => Some(words[RAX]),
                            ptrace::UserRegs::I386(_) => None,
                        };
                        break;
                    }
                    if event == 0 {
                        held.push(signo);
                    }
                }
                _ => return None,
            }
        }
        let group = process::status_field(tid, "Tgid").and_then(|group| group.parse().ok()).unwrap_or(tid);
        for signo in held {
            signal::send_to_thread(group, tid, signo).ok();
        }
        result
    }
}

fn has_room(used: u64) -> bool {
    used + SLOT_BYTES <= PAGE_BYTES
}

/// An instruction as it has to look at `start`, with a jump back behind it; and where the jump is.
fn relocated(instruction: &Instruction, start: u64) -> Option<(Vec<u8>, u64)> {
    let one = [*instruction];
    let copy = BlockEncoder::encode(64, InstructionBlock::new(&one, start), BlockEncoderOptions::NONE)
        .ok()?
        .code_buffer;
    let jump = copy.len() as u64;
    let mut code = copy;
    // jmp rel32
    let distance = instruction.next_ip().wrapping_sub(start + jump + 5) as i64;
    code.push(0xe9);
    code.extend(i32::try_from(distance).ok()?.to_le_bytes());
    (code.len() as u64 <= SLOT_BYTES).then_some((code, jump))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(bytes: &[u8], at: u64) -> Instruction {
        Decoder::with_ip(64, bytes, at, DecoderOptions::NONE).decode()
    }

    #[test]
    fn copies_jump_back() {
        // mov -0x4(%rbp),%eax
        let (code, jump) = relocated(&decode(&[0x8b, 0x45, 0xfc], 0x40_1000), 0x30_0000).unwrap();
        assert_eq!((&code[..3], jump, code[3]), (&[0x8b, 0x45, 0xfc][..], 3, 0xe9));
        let back = i32::from_le_bytes(*code[4..].first_chunk().unwrap());
        assert_eq!(0x30_0000 + 8 + i64::from(back), 0x40_1003);
    }

    #[test]
    fn operands_relative_to_the_instruction_are_moved() {
        // mov 0x2ee4(%rip),%eax reads 0x403eea wherever it is.
        let (code, jump) = relocated(&decode(&[0x8b, 0x05, 0xe4, 0x2e, 0, 0], 0x40_1000), 0x30_0000).unwrap();
        let moved = decode(&code[..jump as usize], 0x30_0000);
        assert_eq!(moved.ip_rel_memory_address(), 0x40_3eea);
        assert!(relocated(&decode(&[0x8b, 0x05, 0xe4, 0x2e, 0, 0], 0x40_1000), 1 << 40).is_none());
    }
}
