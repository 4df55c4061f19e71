//! The operations that seccomp knows: codes, and one row for each.
//!
//! Whatever is not in [`OPS`] the kernel refuses. Source: seccomp_check_filter in kernel/seccomp.c and
//! include/uapi/linux/bpf_common.h.

/// A = word of the data at offset k.
pub const LD_ABS: u16 = 0x20;
/// A = k.
pub const LD_IMM: u16 = 0x00;
/// A = M\[k].
pub const LD_MEM: u16 = 0x60;
/// A = 64, the size of the data.
pub const LD_LEN: u16 = 0x80;
/// X = k.
pub const LDX_IMM: u16 = 0x01;
/// X = M\[k].
pub const LDX_MEM: u16 = 0x61;
/// X = 64.
pub const LDX_LEN: u16 = 0x81;
/// M\[k] = A.
pub const ST: u16 = 0x02;
/// M\[k] = X.
pub const STX: u16 = 0x03;
/// A = A & k.
pub const AND_K: u16 = 0x54;
/// Skips k instructions.
pub const JA: u16 = 0x05;
/// Jumps on A == k.
pub const JEQ_K: u16 = 0x15;
/// Jumps on A > k.
pub const JGT_K: u16 = 0x25;
/// Jumps on A >= k.
pub const JGE_K: u16 = 0x35;
/// Jumps on A & k != 0.
pub const JSET_K: u16 = 0x45;
/// Returns k.
pub const RET_K: u16 = 0x06;
/// Returns A.
pub const RET_A: u16 = 0x16;
/// X = A.
pub const TAX: u16 = 0x07;
/// A = X.
pub const TXA: u16 = 0x87;

/// Arithmetic on A, modulo 2^32.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alu {
    /// A + operand.
    Add,
    /// A - operand.
    Sub,
    /// A * operand.
    Mul,
    /// A / operand; by zero the whole program returns 0.
    Div,
    /// Bitwise or.
    Or,
    /// Bitwise and.
    And,
    /// Left shift.
    Lsh,
    /// Right shift, zeros coming in.
    Rsh,
    /// Bitwise exclusive or.
    Xor,
}

/// What a conditional jump asks of A, unsigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    /// Equal.
    Eq,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
    /// A common bit.
    Set,
}

impl Test {
    /// Whether it holds.
    pub const fn holds(self, a: u32, operand: u32) -> bool {
        match self {
            Self::Eq => a == operand,
            Self::Gt => a > operand,
            Self::Ge => a >= operand,
            Self::Set => a & operand != 0,
        }
    }

    /// The jump with a constant operand.
    pub const fn code(self) -> u16 {
        match self {
            Self::Eq => JEQ_K,
            Self::Gt => JGT_K,
            Self::Ge => JGE_K,
            Self::Set => JSET_K,
        }
    }
}

/// A register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reg {
    /// The accumulator.
    A,
    /// The index register.
    X,
}

/// Where the second operand of arithmetic or a jump comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Src {
    /// The constant k.
    K,
    /// The index register.
    X,
}

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// A = word of the data.
    LoadData,
    /// Register = k.
    LoadImm(Reg),
    /// Register = M\[k].
    LoadMem(Reg),
    /// Register = 64.
    LoadLen(Reg),
    /// M\[k] = register.
    Store(Reg),
    /// A = A op operand.
    Alu(Alu, Src),
    /// A = -A.
    Neg,
    /// Skips k instructions.
    Jump,
    /// Skips jt or jf instructions.
    Branch(Test, Src),
    /// Returns k.
    RetK,
    /// Returns A.
    RetA,
    /// X = A.
    Tax,
    /// A = X.
    Txa,
}

/// Every operation: code, meaning, and the name that bpf_asm and tcpdump use.
pub const OPS: &[(u16, Op, &str)] = &[
    (LD_ABS, Op::LoadData, "ld"),
    (LD_IMM, Op::LoadImm(Reg::A), "ld"),
    (LD_MEM, Op::LoadMem(Reg::A), "ld"),
    (LD_LEN, Op::LoadLen(Reg::A), "ld"),
    (LDX_IMM, Op::LoadImm(Reg::X), "ldx"),
    (LDX_MEM, Op::LoadMem(Reg::X), "ldx"),
    (LDX_LEN, Op::LoadLen(Reg::X), "ldx"),
    (ST, Op::Store(Reg::A), "st"),
    (STX, Op::Store(Reg::X), "stx"),
    (0x04, Op::Alu(Alu::Add, Src::K), "add"),
    (0x0c, Op::Alu(Alu::Add, Src::X), "add"),
    (0x14, Op::Alu(Alu::Sub, Src::K), "sub"),
    (0x1c, Op::Alu(Alu::Sub, Src::X), "sub"),
    (0x24, Op::Alu(Alu::Mul, Src::K), "mul"),
    (0x2c, Op::Alu(Alu::Mul, Src::X), "mul"),
    (0x34, Op::Alu(Alu::Div, Src::K), "div"),
    (0x3c, Op::Alu(Alu::Div, Src::X), "div"),
    (0x44, Op::Alu(Alu::Or, Src::K), "or"),
    (0x4c, Op::Alu(Alu::Or, Src::X), "or"),
    (AND_K, Op::Alu(Alu::And, Src::K), "and"),
    (0x5c, Op::Alu(Alu::And, Src::X), "and"),
    (0x64, Op::Alu(Alu::Lsh, Src::K), "lsh"),
    (0x6c, Op::Alu(Alu::Lsh, Src::X), "lsh"),
    (0x74, Op::Alu(Alu::Rsh, Src::K), "rsh"),
    (0x7c, Op::Alu(Alu::Rsh, Src::X), "rsh"),
    (0xa4, Op::Alu(Alu::Xor, Src::K), "xor"),
    (0xac, Op::Alu(Alu::Xor, Src::X), "xor"),
    (0x84, Op::Neg, "neg"),
    (JA, Op::Jump, "ja"),
    (JEQ_K, Op::Branch(Test::Eq, Src::K), "jeq"),
    (0x1d, Op::Branch(Test::Eq, Src::X), "jeq"),
    (JGT_K, Op::Branch(Test::Gt, Src::K), "jgt"),
    (0x2d, Op::Branch(Test::Gt, Src::X), "jgt"),
    (JGE_K, Op::Branch(Test::Ge, Src::K), "jge"),
    (0x3d, Op::Branch(Test::Ge, Src::X), "jge"),
    (JSET_K, Op::Branch(Test::Set, Src::K), "jset"),
    (0x4d, Op::Branch(Test::Set, Src::X), "jset"),
    (RET_K, Op::RetK, "ret"),
    (RET_A, Op::RetA, "ret"),
    (TAX, Op::Tax, "tax"),
    (TXA, Op::Txa, "txa"),
];

/// What a code means to seccomp, and its name.
pub fn decode(code: u16) -> Option<(Op, &'static str)> {
    OPS.iter().find(|(known, ..)| *known == code).map(|(_, op, name)| (*op, *name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct() {
        for (index, (code, ..)) in OPS.iter().enumerate() {
            assert!(OPS[..index].iter().all(|(other, ..)| other != code), "{code:#x}");
        }
        assert_eq!(OPS.len(), 41);
        assert_eq!(decode(0x94), None, "seccomp has no modulo");
        assert_eq!(decode(0x28), None, "seccomp loads words only");
    }
}
