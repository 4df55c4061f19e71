//! What the kernel accepts as a seccomp filter, said before it is asked.
//!
//! Knows the rules of bpf_check_classic with check_load_and_stores (net/core/filter.c) and of seccomp_check_filter
//! (kernel/seccomp.c), and names the first instruction that breaks one; the kernel only answers EINVAL. Never looks at
//! what a filter is for: a legal filter may still forbid everything.

use std::fmt;

use super::op::{self, Alu, Op, Src};
use super::{DATA_BYTES, Insn, MAX_INSNS, Program};

/// Scratch slots (BPF_MEMWORDS).
pub const SLOTS: u32 = 16;

/// Why the kernel would refuse a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// No instruction.
    Empty,
    /// More than [`MAX_INSNS`].
    TooLong {
        /// Instructions.
        insns: usize,
    },
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
    /// A jump that leaves the program.
    Jump {
        /// Index of the instruction.
        at: usize,
    },
    /// A scratch slot that does not exist.
    Slot {
        /// Index of the instruction.
        at: usize,
        /// The slot.
        slot: u32,
    },
    /// A scratch slot that is read on a way on which nothing was stored in it.
    Unset {
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
    /// A shift by a constant above 31.
    Shift {
        /// Index of the instruction.
        at: usize,
        /// The constant.
        bits: u32,
    },
    /// The last instruction does not return.
    NoReturn {
        /// Its index.
        at: usize,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "the program has no instruction"),
            Self::TooLong { insns } => {
                write!(f, "the program has {insns} instructions, the kernel takes at most {MAX_INSNS}")
            }
            Self::Opcode { at, code } => {
                write!(f, "instruction {at} has code {code:#04x}, which seccomp filters do not have")
            }
            Self::Load { at, offset } => write!(
                f,
                "instruction {at} loads from offset {offset}, not a multiple of 4 below {DATA_BYTES}"
            ),
            Self::Jump { at } => write!(f, "instruction {at} jumps beyond the end of the program"),
            Self::Slot { at, slot } => write!(f, "instruction {at} uses M[{slot}], there are {SLOTS} slots"),
            Self::Unset { at, slot } => {
                write!(f, "instruction {at} reads M[{slot}], which is not stored to on every way there")
            }
            Self::DivisionByZero { at } => write!(f, "instruction {at} divides by zero"),
            Self::Shift { at, bits } => write!(f, "instruction {at} shifts by {bits} bits, of 32"),
            Self::NoReturn { at } => write!(f, "instruction {at} is the last one and does not return"),
        }
    }
}

impl std::error::Error for Error {}

/// Whether the kernel would take the program as a seccomp filter.
pub fn check(program: &Program) -> Result<(), Error> {
    let insns = program.insns();
    let Some(last) = insns.last() else { return Err(Error::Empty) };
    if insns.len() > MAX_INSNS {
        return Err(Error::TooLong { insns: insns.len() });
    }
    for (at, insn) in insns.iter().enumerate() {
        check_one(insns.len(), at, insn)?;
    }
    if !matches!(op::decode(last.code), Some((Op::RetK | Op::RetA, _))) {
        return Err(Error::NoReturn { at: insns.len() - 1 });
    }
    check_slots(insns)
}

/// Rules that concern one instruction in a program of `len`.
fn check_one(len: usize, at: usize, insn: &Insn) -> Result<(), Error> {
    let Insn { code, jt, jf, k } = *insn;
    let Some((op, _)) = op::decode(code) else { return Err(Error::Opcode { at, code }) };
    // Instructions after this one: a jump may skip all but one of them.
    let behind = len - at - 1;
    let inside = |distance: u32| usize::try_from(distance).is_ok_and(|d| d < behind);
    match op {
        Op::LoadData if k >= DATA_BYTES || k % 4 != 0 => Err(Error::Load { at, offset: k }),
        Op::LoadMem(_) | Op::Store(_) if k >= SLOTS => Err(Error::Slot { at, slot: k }),
        Op::Alu(Alu::Div, Src::K) if k == 0 => Err(Error::DivisionByZero { at }),
        Op::Alu(Alu::Lsh | Alu::Rsh, Src::K) if k >= 32 => Err(Error::Shift { at, bits: k }),
        Op::Jump if !inside(k) => Err(Error::Jump { at }),
        Op::Branch(..) if !inside(jt.into()) || !inside(jf.into()) => Err(Error::Jump { at }),
        _ => Ok(()),
    }
}

/// Every slot is stored to before it is read. As the kernel does it: what follows a return inherits the slots that were
/// set before it, what follows a jump is reached only by jumps.
fn check_slots(insns: &[Insn]) -> Result<(), Error> {
    const ALL: u16 = u16::MAX;
    let mut arriving = vec![ALL; insns.len()];
    let mut set: u16 = 0;
    let meet = |target: usize, set: u16, own: &mut [u16]| {
        if let Some(mask) = own.get_mut(target) {
            *mask &= set;
        }
    };
    for (at, insn) in insns.iter().enumerate() {
        set &= arriving[at];
        match op::decode(insn.code) {
            Some((Op::Store(_), _)) => set |= 1 << insn.k,
            Some((Op::LoadMem(_), _)) if set & (1 << insn.k) == 0 => {
                return Err(Error::Unset { at, slot: insn.k });
            }
            Some((Op::Jump, _)) => {
                meet(at + 1 + insn.k as usize, set, &mut arriving);
                set = ALL;
            }
            Some((Op::Branch(..), _)) => {
                meet(at + 1 + usize::from(insn.jt), set, &mut arriving);
                meet(at + 1 + usize::from(insn.jf), set, &mut arriving);
                set = ALL;
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bpf::op::{JA, JEQ_K, LD_ABS, LD_MEM, RET_K, ST};

    fn verdict(insns: &[(u16, u8, u8, u32)]) -> Result<(), Error> {
        let insns = insns.iter().map(|&(code, jt, jf, k)| Insn { code, jt, jf, k }).collect();
        check(&Program::new(insns))
    }

    const RET: (u16, u8, u8, u32) = (RET_K, 0, 0, 0);

    #[test]
    fn every_rule() {
        assert_eq!(verdict(&[]), Err(Error::Empty));
        assert_eq!(verdict(&[RET]), Ok(()));
        assert_eq!(verdict(&vec![RET; 4096]), Ok(()));
        assert_eq!(verdict(&vec![RET; 4097]), Err(Error::TooLong { insns: 4097 }));
        assert_eq!(verdict(&[(0x28, 0, 0, 0), RET]), Err(Error::Opcode { at: 0, code: 0x28 }));
        assert_eq!(verdict(&[(0x94, 0, 0, 3), RET]), Err(Error::Opcode { at: 0, code: 0x94 }));
        assert_eq!(verdict(&[(LD_ABS, 0, 0, 60), RET]), Ok(()));
        assert_eq!(verdict(&[(LD_ABS, 0, 0, 64), RET]), Err(Error::Load { at: 0, offset: 64 }));
        assert_eq!(verdict(&[(LD_ABS, 0, 0, 2), RET]), Err(Error::Load { at: 0, offset: 2 }));
        assert_eq!(verdict(&[RET, (JA, 0, 0, 0)]), Err(Error::Jump { at: 1 }));
        assert_eq!(verdict(&[(JA, 0, 0, 1), RET]), Err(Error::Jump { at: 0 }));
        assert_eq!(verdict(&[(JA, 0, 0, u32::MAX), RET]), Err(Error::Jump { at: 0 }));
        assert_eq!(verdict(&[(JEQ_K, 0, 1, 0), RET]), Err(Error::Jump { at: 0 }));
        assert_eq!(verdict(&[(JEQ_K, 0, 1, 0), RET, RET]), Ok(()));
        assert_eq!(verdict(&[(ST, 0, 0, 16), RET]), Err(Error::Slot { at: 0, slot: 16 }));
        assert_eq!(verdict(&[(LD_MEM, 0, 0, 3), RET]), Err(Error::Unset { at: 0, slot: 3 }));
        assert_eq!(verdict(&[(ST, 0, 0, 3), (LD_MEM, 0, 0, 3), RET]), Ok(()));
        assert_eq!(verdict(&[(0x34, 0, 0, 0), RET]), Err(Error::DivisionByZero { at: 0 }));
        assert_eq!(verdict(&[(0x3c, 0, 0, 0), RET]), Ok(()));
        assert_eq!(verdict(&[(0x64, 0, 0, 32), RET]), Err(Error::Shift { at: 0, bits: 32 }));
        assert_eq!(verdict(&[(ST, 0, 0, 0)]), Err(Error::NoReturn { at: 0 }));
    }

    #[test]
    fn a_slot_set_on_one_way_only() {
        let program = [(JEQ_K, 0, 1, 7), (ST, 0, 0, 0), (LD_MEM, 0, 0, 0), RET];
        assert_eq!(verdict(&program), Err(Error::Unset { at: 2, slot: 0 }));
        assert_eq!(
            Error::Unset { at: 2, slot: 0 }.to_string(),
            "instruction 2 reads M[0], which is not stored to on every way there"
        );
    }
}
