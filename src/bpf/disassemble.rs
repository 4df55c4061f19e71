//! A listing of a program, one line an instruction.
//!
//! Follows every way from the start to know what A holds, so that a comparison of `nr` shows the name that the number
//! has on the architecture tested before. Lists illegal programs too, as far as they can be read. Jumps show the indexes
//! they lead to.

use std::fmt::Write;

use syscall_tables::abi::{Abi, numbers};

use super::compile::X32_BIT;
use super::op::{self, Op, Reg, Src, Test};
use super::{Action, Insn, Program};

/// What is known on every way to an instruction.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Known {
    /// Offset of the word in A.
    word: Option<u32>,
    /// The architecture that was tested for.
    abi: Option<Abi>,
}

/// The listing: a line per instruction, each with its end of line.
pub fn disassemble(program: &Program) -> String {
    let insns = program.insns();
    let mut arriving: Vec<Option<Known>> = vec![None; insns.len()];
    if let Some(first) = arriving.first_mut() {
        *first = Some(Known { word: None, abi: None });
    }
    let mut text = String::new();
    for (at, insn) in insns.iter().enumerate() {
        let known = arriving[at];
        // Writing to a string does not fail.
        let _ = writeln!(text, "{at:>4}  {}", line(at, *insn, known));
        let Some(known) = known else { continue };
        let mut reach = |target: Option<usize>, known: Known| {
            if let Some(spot) = target.and_then(|index| arriving.get_mut(index)) {
                *spot = Some(spot.map_or(known, |before| meet(before, known)));
            }
        };
        let (op, skip) = (op::decode(insn.code), |by: u32| at.checked_add(1 + usize::try_from(by).ok()?));
        match op {
            Some((Op::Branch(test, src), _)) => {
                let is_arch = known.word == Some(4) && test == Test::Eq && src == Src::K;
                let abi = if is_arch { Abi::from_audit_arch(insn.k) } else { known.abi };
                reach(skip(insn.jt.into()), Known { abi, ..known });
                reach(skip(insn.jf.into()), known);
            }
            Some((Op::Jump, _)) => reach(skip(insn.k), known),
            Some((Op::RetK | Op::RetA, _)) | None => {}
            Some((Op::LoadData, _)) => reach(skip(0), Known { word: Some(insn.k), ..known }),
            Some((op, _)) => {
                let keeps = matches!(op, Op::Tax | Op::Store(_) | Op::LoadImm(Reg::X) | Op::LoadMem(Reg::X));
                let word = known.word.filter(|_| keeps);
                reach(skip(0), Known { word, ..known });
            }
        }
    }
    text
}

fn meet(a: Known, b: Known) -> Known {
    Known { word: a.word.filter(|_| a.word == b.word), abi: a.abi.filter(|_| a.abi == b.abi) }
}

fn line(at: usize, insn: Insn, known: Option<Known>) -> String {
    let Insn { code, jt, jf, k } = insn;
    let Some((op, name)) = op::decode(code) else {
        return format!(".insn {code:#06x} jt={jt} jf={jf} k={k:#x}");
    };
    match op {
        Op::LoadData => format!("{name:<4}  {}", word(k)),
        Op::LoadImm(_) => format!("{name:<4}  {k:#x}"),
        Op::LoadMem(_) | Op::Store(_) => format!("{name:<4}  M[{k}]"),
        Op::LoadLen(_) => format!("{name:<4}  len"),
        Op::Alu(_, Src::X) => format!("{name:<4}  x"),
        Op::Alu(_, Src::K) => format!("{name:<4}  {k:#x}"),
        Op::Neg | Op::Tax | Op::Txa => name.to_owned(),
        Op::Jump => format!("{name:<4}  {}", target(at, k)),
        Op::Branch(test, src) => {
            let operand = if src == Src::X { "x".to_owned() } else { constant(k, test, known) };
            format!("{name:<4}  {operand} ? {} : {}", target(at, jt.into()), target(at, jf.into()))
        }
        Op::RetK => format!("{name:<4}  {}", Action::from_ret(k)),
        Op::RetA => format!("{name:<4}  a"),
    }
}

fn target(at: usize, skip: u32) -> u64 {
    at as u64 + 1 + u64::from(skip)
}

/// What the data holds at an offset.
fn word(offset: u32) -> String {
    let half = if offset % 8 == 4 { "high" } else { "low" };
    match offset {
        0 => "nr".to_owned(),
        4 => "arch".to_owned(),
        8 | 12 => format!("ip.{half}"),
        16..64 if offset.is_multiple_of(4) => format!("arg{}.{half}", offset / 8 - 2),
        _ => format!("[{offset}]"),
    }
}

/// What A is compared with.
fn constant(k: u32, test: Test, known: Option<Known>) -> String {
    let name = match known {
        Some(Known { word: Some(0), abi }) if test != Test::Set => {
            let x32 = abi == Some(Abi::X86_64) && k & X32_BIT != 0 && k != u32::MAX;
            let nr = if x32 { k & !X32_BIT } else { k };
            let name = abi.and_then(|abi| numbers::name(abi, nr.into()));
            return match (name, x32) {
                (Some(name), false) => format!("{k} ({name})"),
                (Some(name), true) => format!("{k:#x} (x32 {name})"),
                (None, false) if nr < X32_BIT => k.to_string(),
                _ => format!("{k:#x}"),
            };
        }
        Some(Known { word: Some(4), .. }) => Abi::from_audit_arch(k),
        _ => None,
    };
    name.map_or_else(|| format!("{k:#x}"), |abi| format!("{k:#x} ({abi})"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bpf::compile::{Cmp, Cond, Rule, Rules, Table, X32, compile};

    #[test]
    fn names() {
        let above = Cond { arg: 0, cmp: Cmp::Gt, value: 0x1_0000_0005 };
        let socket = Rule { nr: 41, conditions: vec![above], action: Action::Errno(97) };
        let rules = Rules {
            default: Action::Allow,
            bad_arch: Action::KillProcess,
            x32: X32::BadArch,
            tables: vec![Table { abi: Abi::X86_64, rules: vec![socket], beyond: None }],
        };
        let expected = "   0  ld    arch
   1  jeq   0xc000003e (x86_64) ? 2 : 12
   2  ld    nr
   3  jge   42 (connect) ? 5 : 4
   4  jeq   41 (socket) ? 7 : 14
   5  jge   0x40000000 (x32 read) ? 6 : 14
   6  jeq   0xffffffff ? 14 : 12
   7  ld    arg0.high
   8  jgt   0x1 ? 13 : 9
   9  jeq   0x1 ? 10 : 14
  10  ld    arg0.low
  11  jgt   0x5 ? 13 : 14
  12  ret   KILL_PROCESS
  13  ret   ERRNO(EAFNOSUPPORT)
  14  ret   ALLOW
";
        assert_eq!(disassemble(&compile(&rules).unwrap()), expected);
    }

    #[test]
    fn illegal_programs_are_listed() {
        let insns = vec![Insn::new(0x28, 1), Insn::new(op::JA, u32::MAX), Insn::new(op::LD_ABS, 63)];
        let listing = disassemble(&Program::new(insns));
        assert_eq!(listing, "   0  .insn 0x0028 jt=0 jf=0 k=0x1\n   1  ja    4294967297\n   2  ld    [63]\n");
    }
}
