//! Random rules, calls and programs; the same for the same seed.

use syscall_tables::abi::Abi;
use trace::bpf::compile::{Cmp, Cond, Rule, Rules, Table, X32};
use trace::bpf::op::{self, Op};
use trace::bpf::{Action, Insn, Program};

/// xorshift64*.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        (self.next() >> 11) % end
    }

    pub fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize]
    }

    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// A word where comparisons change their minds.
    pub fn value(&mut self) -> u64 {
        let half =
            |random: &mut Self| random.of(&[0, 1, 2, 3, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff]);
        match self.below(4) {
            0 => self.next(),
            1 => half(self),
            _ => half(self) << 32 | half(self),
        }
    }

    fn cond(&mut self) -> Cond {
        let mask = if self.one_in(2) { self.value() } else { 1 << self.below(64) };
        let cmps = [Cmp::Eq, Cmp::Ne, Cmp::Lt, Cmp::Le, Cmp::Gt, Cmp::Ge, Cmp::MaskedEq(mask)];
        let cmp = self.of(&cmps);
        let value = self.value();
        let inside = cmp == Cmp::MaskedEq(mask) && !self.one_in(8);
        Cond { arg: self.below(3) as u8, cmp, value: if inside { value & mask } else { value } }
    }

    fn errno(&mut self) -> Action {
        if self.one_in(4) { Action::Allow } else { Action::Errno(1 + self.below(30) as u16) }
    }

    /// Rules for numbers that no kernel has: what is allowed gives ENOSYS and harms nobody.
    pub fn rules(&mut self, abis: &[Abi]) -> Rules {
        let table = |random: &mut Self, abi: Abi| {
            let count = random.below(40);
            let rule = |random: &mut Self| {
                let conditions = (0..random.below(4)).map(|_| random.cond()).collect();
                Rule { nr: random.number(), conditions, action: random.errno() }
            };
            let rules = (0..count).map(|_| rule(random)).collect();
            let beyond = random.one_in(2).then(|| (random.number() & 0xffff, random.errno()));
            Table { abi, rules, beyond }
        };
        let tables = abis.iter().map(|abi| table(self, *abi)).collect();
        let x32 = self.of(&[X32::BadArch, X32::Default]);
        Rules { default: self.errno(), bad_arch: self.errno(), x32, tables }
    }

    /// A number that no ABI has.
    pub fn number(&mut self) -> u32 {
        let low = 2000 + self.below(12) as u32;
        if self.one_in(6) { low | 0x4000_0000 } else { low }
    }

    fn insn(&mut self) -> Insn {
        let (code, op, _) = self.of(op::OPS);
        let k = match op {
            Op::LoadData => self.of(&[0, 4, 16, 20, 24, 28, 32, 36, 40, 56, 60]),
            Op::LoadMem(_) | Op::Store(_) => self.below(3) as u32,
            Op::Jump => self.below(3) as u32,
            Op::Alu(op::Alu::Lsh | op::Alu::Rsh, _) => self.below(32) as u32,
            _ => self.value() as u32,
        };
        let mut jump = || if matches!(op, Op::Branch(..)) { self.below(4) as u8 } else { 0 };
        Insn { code, jt: jump(), jf: jump(), k }
    }

    /// Any operations, most programs legal, answering with the low bits of A as an error number.
    pub fn soup(&mut self) -> Program {
        let is_return = |insn: &Insn| insn.code & 7 == 6;
        let mut insns: Vec<Insn> = Vec::new();
        if !self.one_in(4) {
            insns.extend((0..3).map(|slot| Insn::new(op::ST, slot)));
        }
        let count = 3 + self.below(30);
        insns.extend((0..count).map(|_| self.insn()).filter(|insn| !is_return(insn)));
        let end = [Insn::new(op::AND_K, 0xfff), Insn::new(0x44, 0x0005_0000), Insn::new(op::RET_A, 0)];
        Program::new(insns.into_iter().chain(end).collect())
    }

    /// The program with something changed.
    pub fn mutate(&mut self, program: &Program) -> Program {
        let mut insns = program.insns().to_vec();
        for _ in 0..=self.below(2) {
            let Some(last) = insns.len().checked_sub(1) else { break };
            let at = if self.one_in(4) { last } else { self.below(insns.len() as u64) as usize };
            match self.below(9) {
                0 => insns[at].code = self.below(256) as u16,
                1 => insns[at].code = self.next() as u16,
                2 => insns[at].code = self.of(op::OPS).0,
                3 => insns[at].jt = self.below(40) as u8,
                4 => insns[at].jf = self.next() as u8,
                5 => insns[at].k = self.below(70) as u32,
                6 => insns[at].k = self.value() as u32,
                7 => drop(insns.remove(at)),
                _ => insns.insert(at, self.insn()),
            }
        }
        Program::new(insns)
    }
}
