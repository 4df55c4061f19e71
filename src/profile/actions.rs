//! The words of OCI profiles: actions, comparisons, architectures, flags.
//!
//! One table each, read for the meaning and for what an error offers. Source: config-linux.md of runtime-spec and
//! seccomp_arch_add(3).

use syscall_tables::abi::Abi;

use crate::bpf::Action;
use crate::bpf::compile::Cmp;

/// An action, made from errnoRet.
pub(super) type Make = fn(u16) -> Action;

/// Actions by name.
pub(super) const ACTIONS: &[(&str, Make)] = &[
    ("SCMP_ACT_KILL", |_| Action::KillThread),
    ("SCMP_ACT_KILL_THREAD", |_| Action::KillThread),
    ("SCMP_ACT_KILL_PROCESS", |_| Action::KillProcess),
    ("SCMP_ACT_TRAP", |_| Action::Trap(0)),
    ("SCMP_ACT_ERRNO", Action::Errno),
    ("SCMP_ACT_TRACE", Action::Trace),
    ("SCMP_ACT_NOTIFY", |_| Action::UserNotif),
    ("SCMP_ACT_LOG", |_| Action::Log),
    ("SCMP_ACT_ALLOW", |_| Action::Allow),
];

/// What `value` and `valueTwo` mean. A mask also cuts the value that it is compared with, as in libseccomp.
pub(super) type Comparison = fn(value: u64, two: u64) -> (Cmp, u64);

/// Comparisons by name.
pub(super) const OPS: &[(&str, Comparison)] = &[
    ("SCMP_CMP_NE", |value, _| (Cmp::Ne, value)),
    ("SCMP_CMP_LT", |value, _| (Cmp::Lt, value)),
    ("SCMP_CMP_LE", |value, _| (Cmp::Le, value)),
    ("SCMP_CMP_EQ", |value, _| (Cmp::Eq, value)),
    ("SCMP_CMP_GE", |value, _| (Cmp::Ge, value)),
    ("SCMP_CMP_GT", |value, _| (Cmp::Gt, value)),
    ("SCMP_CMP_MASKED_EQ", |mask, value| (Cmp::MaskedEq(mask), value & mask)),
];

/// An architecture of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arch {
    /// One with syscall tables.
    Abi(Abi),
    /// x86_64's calls with the x32 bit.
    X32,
    /// One that no program here can run as.
    Foreign,
}

/// Architectures by name, also the names that Docker's older profiles use.
pub(super) const ARCHES: &[(&str, Arch)] = &[
    ("SCMP_ARCH_X86_64", Arch::Abi(Abi::X86_64)),
    ("SCMP_ARCH_X86", Arch::Abi(Abi::I386)),
    ("SCMP_ARCH_X32", Arch::X32),
    ("SCMP_ARCH_AARCH64", Arch::Foreign),
    ("SCMP_ARCH_ARM", Arch::Foreign),
    ("SCMP_ARCH_LOONGARCH64", Arch::Foreign),
    ("SCMP_ARCH_M68K", Arch::Foreign),
    ("SCMP_ARCH_MIPS", Arch::Foreign),
    ("SCMP_ARCH_MIPS64", Arch::Foreign),
    ("SCMP_ARCH_MIPS64N32", Arch::Foreign),
    ("SCMP_ARCH_MIPSEL", Arch::Foreign),
    ("SCMP_ARCH_MIPSEL64", Arch::Foreign),
    ("SCMP_ARCH_MIPSEL64N32", Arch::Foreign),
    ("SCMP_ARCH_PARISC", Arch::Foreign),
    ("SCMP_ARCH_PARISC64", Arch::Foreign),
    ("SCMP_ARCH_PPC", Arch::Foreign),
    ("SCMP_ARCH_PPC64", Arch::Foreign),
    ("SCMP_ARCH_PPC64LE", Arch::Foreign),
    ("SCMP_ARCH_RISCV64", Arch::Foreign),
    ("SCMP_ARCH_S390", Arch::Foreign),
    ("SCMP_ARCH_S390X", Arch::Foreign),
    ("SCMP_ARCH_SH", Arch::Foreign),
    ("SCMP_ARCH_SHEB", Arch::Foreign),
];

/// A flag of seccomp(2) that a profile may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// For all threads at once.
    Tsync,
    /// Every answer but ALLOW is logged.
    Log,
    /// Without the mitigation of speculative store bypass.
    SpecAllow,
    /// A call that a supervisor has seen is interrupted by fatal signals only.
    WaitKillableRecv,
}

impl Flag {
    /// SECCOMP_FILTER_FLAG_*.
    pub const fn bits(self) -> u32 {
        match self {
            Self::Tsync => 1,
            Self::Log => 2,
            Self::SpecAllow => 4,
            Self::WaitKillableRecv => 32,
        }
    }
}

/// Flags by name.
pub(super) const FLAGS: &[(&str, Flag)] = &[
    ("SECCOMP_FILTER_FLAG_TSYNC", Flag::Tsync),
    ("SECCOMP_FILTER_FLAG_LOG", Flag::Log),
    ("SECCOMP_FILTER_FLAG_SPEC_ALLOW", Flag::SpecAllow),
    ("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", Flag::WaitKillableRecv),
];

/// The row of a name.
pub(super) fn find<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    table.iter().find(|(known, _)| *known == name).map(|(_, meaning)| *meaning)
}

/// The names of a table, for a message.
pub(super) fn accepted<T>(table: &[(&'static str, T)]) -> String {
    table.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}
