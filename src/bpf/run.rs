//! The interpreter: what a filter answers to a call, and in how many steps.
//!
//! Runs any program, checked or not: jumps only go forward, so it ends. Semantics are the kernel's: registers start at
//! zero, a division by X = 0 returns 0, shifts by X use five bits. Source: bpf_convert_filter in net/core/filter.c.

use std::fmt;

use super::op::{self, Alu, Op, Reg, Src};
use super::{DATA_BYTES, Data, Program};

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// The returned value; `Action::from_ret` reads it.
    pub ret: u32,
    /// Instructions that were run.
    pub steps: usize,
    /// Arguments or the instruction pointer were looked at; otherwise every call of the number gets this answer.
    pub looked: bool,
}

/// Why a run did not end with a return; a checked program never gives one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// An operation that seccomp does not have.
    Opcode {
        /// Index of the instruction.
        at: usize,
        /// Its code.
        code: u16,
    },
    /// A load that is not a word of the data.
    Load {
        /// Index of the instruction.
        at: usize,
        /// Offset in bytes.
        offset: u32,
    },
    /// A scratch slot that does not exist.
    Slot {
        /// Index of the instruction.
        at: usize,
        /// The slot.
        slot: u32,
    },
    /// A division by the constant 0.
    DivisionByZero {
        /// Index of the instruction.
        at: usize,
    },
    /// The run left the program.
    End {
        /// Index that holds no instruction.
        at: usize,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Opcode { at, code } => write!(f, "instruction {at} has unknown code {code:#04x}"),
            Self::Load { at, offset } => write!(f, "instruction {at} loads from offset {offset}"),
            Self::Slot { at, slot } => write!(f, "instruction {at} uses M[{slot}], which does not exist"),
            Self::DivisionByZero { at } => write!(f, "instruction {at} divides by zero"),
            Self::End { at } => write!(f, "the run came to index {at}, where there is no instruction"),
        }
    }
}

impl std::error::Error for Error {}

/// Offset of the first word behind number and architecture.
const FIRST_OF_INTEREST: u32 = 8;

/// Runs a program on a call.
pub fn run(program: &Program, data: &Data) -> Result<Outcome, Error> {
    let (mut a, mut x, mut slots) = (0_u32, 0_u32, [0_u32; 16]);
    let (mut at, mut steps, mut looked) = (0_usize, 0_usize, false);
    loop {
        let Some(insn) = program.insns().get(at) else { return Err(Error::End { at }) };
        let Some((op, _)) = op::decode(insn.code) else {
            return Err(Error::Opcode { at, code: insn.code });
        };
        steps += 1;
        let k = insn.k;
        let slot = usize::try_from(k).ok().filter(|slot| *slot < slots.len());
        let mut skip = 0;
        match op {
            Op::LoadData => {
                a = data.word(k).ok_or(Error::Load { at, offset: k })?;
                looked |= k >= FIRST_OF_INTEREST;
            }
            Op::LoadImm(Reg::A) => a = k,
            Op::LoadImm(Reg::X) => x = k,
            Op::LoadLen(Reg::A) => a = DATA_BYTES,
            Op::LoadLen(Reg::X) => x = DATA_BYTES,
            Op::LoadMem(reg) => {
                let value = slots[slot.ok_or(Error::Slot { at, slot: k })?];
                match reg {
                    Reg::A => a = value,
                    Reg::X => x = value,
                }
            }
            Op::Store(reg) => {
                slots[slot.ok_or(Error::Slot { at, slot: k })?] = if reg == Reg::A { a } else { x };
            }
            Op::Alu(alu, src) => match (arithmetic(alu, a, if src == Src::K { k } else { x }), src) {
                (Some(value), _) => a = value,
                (None, Src::X) => return Ok(Outcome { ret: 0, steps, looked }),
                (None, Src::K) => return Err(Error::DivisionByZero { at }),
            },
            Op::Neg => a = a.wrapping_neg(),
            Op::Jump => skip = usize::try_from(k).unwrap_or(usize::MAX),
            Op::Branch(test, src) => {
                let operand = if src == Src::K { k } else { x };
                skip = usize::from(if test.holds(a, operand) { insn.jt } else { insn.jf });
            }
            Op::RetK => return Ok(Outcome { ret: k, steps, looked }),
            Op::RetA => return Ok(Outcome { ret: a, steps, looked }),
            Op::Tax => x = a,
            Op::Txa => a = x,
        }
        at = at.saturating_add(1).saturating_add(skip);
    }
}

/// None for a division by zero.
const fn arithmetic(alu: Alu, a: u32, operand: u32) -> Option<u32> {
    Some(match alu {
        Alu::Add => a.wrapping_add(operand),
        Alu::Sub => a.wrapping_sub(operand),
        Alu::Mul => a.wrapping_mul(operand),
        Alu::Div => return a.checked_div(operand),
        Alu::Or => a | operand,
        Alu::And => a & operand,
        Alu::Lsh => a.wrapping_shl(operand),
        Alu::Rsh => a.wrapping_shr(operand),
        Alu::Xor => a ^ operand,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bpf::Insn;
    use crate::bpf::op::{JA, JEQ_K, LD_ABS, LDX_IMM, RET_A, RET_K};

    fn ret(insns: &[(u16, u8, u8, u32)]) -> Result<u32, Error> {
        let insns = insns.iter().map(|&(code, jt, jf, k)| Insn { code, jt, jf, k }).collect();
        let data = Data { nr: 39, arch: 0xc000_003e, ..Data::default() };
        run(&Program::new(insns), &data).map(|outcome| outcome.ret)
    }

    #[test]
    fn arithmetic_and_ways() {
        let end = (RET_A, 0, 0, 0);
        assert_eq!(ret(&[(LD_ABS, 0, 0, 0), (0x04, 0, 0, 3), end]), Ok(42));
        assert_eq!(ret(&[(LD_ABS, 0, 0, 0), (0x84, 0, 0, 0), end]), Ok(39_u32.wrapping_neg()));
        assert_eq!(ret(&[(LD_ABS, 0, 0, 0), (LDX_IMM, 0, 0, 33), (0x6c, 0, 0, 0), end]), Ok(78));
        assert_eq!(ret(&[(LD_ABS, 0, 0, 0), (0x3c, 0, 0, 0), (RET_K, 0, 0, 9)]), Ok(0));
        let branch = [(LD_ABS, 0, 0, 4), (JEQ_K, 0, 1, 0xc000_003e), (RET_K, 0, 0, 1), (RET_K, 0, 0, 2)];
        assert_eq!(ret(&branch), Ok(1));
    }

    #[test]
    fn illegal_programs_end_with_an_error() {
        assert_eq!(ret(&[]), Err(Error::End { at: 0 }));
        assert!(matches!(ret(&[(JA, 0, 0, u32::MAX)]), Err(Error::End { .. })));
        assert_eq!(ret(&[(0x34, 0, 0, 0)]), Err(Error::DivisionByZero { at: 0 }));
        assert_eq!(ret(&[(0x02, 0, 0, 16)]), Err(Error::Slot { at: 0, slot: 16 }));
        assert_eq!(ret(&[(LD_ABS, 0, 0, 64)]), Err(Error::Load { at: 0, offset: 64 }));
        assert_eq!(ret(&[(0x28, 0, 0, 0)]), Err(Error::Opcode { at: 0, code: 0x28 }));
    }
}
