//! Classic BPF as seccomp(2) takes it: instructions, programs, what a filter sees and what it may answer.
//!
//! Pure: bytes and values in, values out. Nothing here loads a filter into the kernel and nothing asks it anything;
//! names come from `syscall-tables`. [`assemble`] resolves labels, [`compile`] makes a program of rules,
//! [`check`] says what the kernel would refuse, [`run`] interprets, [`disassemble`] lists.
//!
//! Source: include/uapi/linux/{filter,bpf_common,seccomp}.h; byte order and argument halves are little-endian, as
//! on every ABI of `syscall-tables`.

use std::fmt;

pub mod assemble;
pub mod check;
pub mod compile;
pub mod disassemble;
mod emit;
pub mod op;
pub mod run;

/// Most instructions that the kernel takes in one program (BPF_MAXINSNS).
pub const MAX_INSNS: usize = 4096;

/// Bytes of one instruction.
pub const INSN_BYTES: usize = 8;

/// Bytes of struct seccomp_data, which is all that a filter can load from.
pub const DATA_BYTES: u32 = 64;

/// One instruction: struct sock_filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Insn {
    /// Operation: class, size or operator, mode or source; see [`op`].
    pub code: u16,
    /// Instructions to skip when a conditional jump holds.
    pub jt: u8,
    /// Instructions to skip when it does not.
    pub jf: u8,
    /// Operand: constant, offset, memory slot, or distance of an unconditional jump.
    pub k: u32,
}

impl Insn {
    /// An instruction that does not branch.
    pub const fn new(code: u16, k: u32) -> Self {
        Self { code, jt: 0, jf: 0, k }
    }

    /// The eight bytes that the kernel reads.
    pub const fn to_bytes(self) -> [u8; INSN_BYTES] {
        let code = self.code.to_le_bytes();
        let k = self.k.to_le_bytes();
        [code[0], code[1], self.jt, self.jf, k[0], k[1], k[2], k[3]]
    }

    /// The instruction in eight bytes; every pattern is one, though not every one is legal.
    pub const fn from_bytes(bytes: [u8; INSN_BYTES]) -> Self {
        let [c0, c1, jt, jf, k0, k1, k2, k3] = bytes;
        Self { code: u16::from_le_bytes([c0, c1]), jt, jf, k: u32::from_le_bytes([k0, k1, k2, k3]) }
    }
}

/// Instructions in order. Holding one says nothing about its legality: see [`check::check`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Program(Vec<Insn>);

/// Bytes that are no program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// The length in bytes is no multiple of eight.
    Length {
        /// Bytes given.
        bytes: usize,
    },
    /// More instructions than the kernel takes.
    TooLong {
        /// Instructions given.
        insns: usize,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { bytes } => {
                write!(f, "{bytes} bytes are no BPF program: an instruction has {INSN_BYTES} bytes")
            }
            Self::TooLong { insns } => {
                write!(f, "the program has {insns} instructions, the kernel takes at most {MAX_INSNS}")
            }
        }
    }
}

impl std::error::Error for Error {}

impl Program {
    /// A program of these instructions.
    pub const fn new(insns: Vec<Insn>) -> Self {
        Self(insns)
    }

    /// Reads what [`Program::to_bytes`], libseccomp's export_bpf and bubblewrap's `--seccomp` exchange: an array of
    /// struct sock_filter without a header.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let (insns, rest) = bytes.as_chunks::<INSN_BYTES>();
        if !rest.is_empty() {
            return Err(Error::Length { bytes: bytes.len() });
        }
        if insns.len() > MAX_INSNS {
            return Err(Error::TooLong { insns: insns.len() });
        }
        Ok(Self(insns.iter().copied().map(Insn::from_bytes).collect()))
    }

    /// The array of struct sock_filter.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|insn| insn.to_bytes()).collect()
    }

    /// The instructions, in order.
    pub fn insns(&self) -> &[Insn] {
        &self.0
    }
}

/// What a filter sees of a call: struct seccomp_data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Data {
    /// Syscall number; -1 where a tracer has cancelled the call.
    pub nr: i32,
    /// AUDIT_ARCH_*, as `Abi::audit_arch` gives it.
    pub arch: u32,
    /// Instruction pointer after the syscall instruction.
    pub ip: u64,
    /// Arguments; those of 32-bit ABIs are zero-extended.
    pub args: [u64; 6],
}

impl Data {
    /// The 32-bit word at a byte offset; none when unaligned or outside.
    pub fn word(&self, offset: u32) -> Option<u32> {
        if !offset.is_multiple_of(4) {
            return None;
        }
        let wide = match offset / 8 {
            0 => u64::from(self.nr.cast_unsigned()) | (u64::from(self.arch) << 32),
            1 => self.ip,
            slot @ 2..8 => self.args[slot as usize - 2],
            _ => return None,
        };
        let half = if offset.is_multiple_of(8) { wide } else { wide >> 32 };
        Some((half & 0xffff_ffff) as u32)
    }
}

/// What a filter answers: SECCOMP_RET_*, with its 16 bits of data where the kernel looks at them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// The process dies of SIGSYS, with a core dump.
    KillProcess,
    /// The thread dies of SIGSYS.
    KillThread,
    /// The thread gets a SIGSYS with this number in si_errno.
    Trap(u16),
    /// The call fails with this error; the kernel makes 4095 of a greater number.
    Errno(u16),
    /// A supervisor decides, over the listener.
    UserNotif,
    /// A tracer with PTRACE_O_TRACESECCOMP decides and gets this number as its event message; without one, ENOSYS.
    Trace(u16),
    /// The call is made and logged.
    Log,
    /// The call is made.
    Allow,
}

impl Action {
    /// The value that a program returns.
    pub const fn to_ret(self) -> u32 {
        match self {
            Self::KillProcess => 0x8000_0000,
            Self::KillThread => 0,
            Self::Trap(data) => 0x0003_0000 | data as u32,
            Self::Errno(data) => 0x0005_0000 | data as u32,
            Self::UserNotif => 0x7fc0_0000,
            Self::Trace(data) => 0x7ff0_0000 | data as u32,
            Self::Log => 0x7ffc_0000,
            Self::Allow => 0x7fff_0000,
        }
    }

    /// What the kernel makes of a returned value; an unknown action kills the process.
    pub const fn from_ret(ret: u32) -> Self {
        let data = (ret & 0xffff) as u16;
        match ret & 0xffff_0000 {
            0 => Self::KillThread,
            0x0003_0000 => Self::Trap(data),
            0x0005_0000 => Self::Errno(data),
            0x7fc0_0000 => Self::UserNotif,
            0x7ff0_0000 => Self::Trace(data),
            0x7ffc_0000 => Self::Log,
            0x7fff_0000 => Self::Allow,
            _ => Self::KillProcess,
        }
    }

    /// Whether the call is made without anybody else's consent.
    pub const fn permits(self) -> bool {
        matches!(self, Self::Allow | Self::Log)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KillProcess => f.write_str("KILL_PROCESS"),
            Self::KillThread => f.write_str("KILL_THREAD"),
            Self::Trap(data) => write!(f, "TRAP({data})"),
            Self::Errno(data) => match syscall_tables::errno::name(u32::from(*data)) {
                Some(name) => write!(f, "ERRNO({name})"),
                None => write!(f, "ERRNO({data})"),
            },
            Self::UserNotif => f.write_str("USER_NOTIF"),
            Self::Trace(data) => write!(f, "TRACE({data})"),
            Self::Log => f.write_str("LOG"),
            Self::Allow => f.write_str("ALLOW"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_round_trip() {
        let insn = Insn { code: 0x15, jt: 1, jf: 2, k: 0x1234_5678 };
        assert_eq!(insn.to_bytes(), [0x15, 0, 1, 2, 0x78, 0x56, 0x34, 0x12]);
        let program = Program::new(vec![insn, Insn::new(6, 0x7fff_0000)]);
        assert_eq!(Program::from_bytes(&program.to_bytes()), Ok(program));
        assert_eq!(Program::from_bytes(&[0; 9]), Err(Error::Length { bytes: 9 }));
        assert_eq!(Program::from_bytes(&[0; 4097 * 8]), Err(Error::TooLong { insns: 4097 }));
    }

    #[test]
    fn actions_round_trip() {
        for action in [
            Action::KillProcess,
            Action::KillThread,
            Action::Trap(7),
            Action::Errno(38),
            Action::UserNotif,
            Action::Trace(9),
            Action::Log,
            Action::Allow,
        ] {
            assert_eq!(Action::from_ret(action.to_ret()), action);
        }
        assert_eq!(Action::from_ret(0x1234_0000), Action::KillProcess);
        assert_eq!(Action::Errno(38).to_string(), "ERRNO(ENOSYS)");
        assert_eq!(Action::Errno(4000).to_string(), "ERRNO(4000)");
    }

    #[test]
    fn words_of_data() {
        let data = Data { nr: -1, arch: 7, ip: 0x1_0000_0002, args: [3, 0, 0, 0, 0, 0x9_0000_0004] };
        let words: Vec<_> = [0, 4, 8, 12, 16, 56, 60].map(|o| data.word(o)).into();
        assert_eq!(words, [u32::MAX, 7, 2, 1, 3, 4, 9].map(Some));
        assert_eq!([1, 62, 64, u32::MAX - 3].map(|o| data.word(o)), [None; 4]);
    }
}
