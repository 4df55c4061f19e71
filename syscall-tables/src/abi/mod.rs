//! The ABIs a tracee may speak: names, data models and syscall numbers.
//!
//! Pure data; nothing here asks the running kernel. Sources: arch/*/entry/syscalls tables of the
//! kernel (through the `syscalls` crate) and include/uapi/linux/audit.h.

use std::fmt;

pub mod numbers;

/// A system-call ABI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Abi {
    /// 64-bit x86.
    X86_64,
    /// 32-bit x86, natively or through the compatibility layer.
    I386,
    /// 64-bit ARM.
    Aarch64,
    /// 64-bit RISC-V.
    Riscv64,
    /// x86 in 64-bit mode with pointers of 32 bits: calls of [`Self::X86_64`] with [`X32_BIT`] in their numbers. What
    /// its structs look like is not known here.
    X32,
}

/// `__X32_SYSCALL_BIT`: calls with it in their numbers are those of x32.
pub const X32_BIT: u64 = 0x4000_0000;

/// Sizes and alignments of C types on an ABI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DataModel {
    /// Bytes of `long` and of a pointer: 4 or 8.
    pub word_bytes: u8,
    /// Alignment of a 64-bit integer inside a struct: 4 on i386, 8 elsewhere.
    pub align_64: u8,
}

impl Abi {
    /// Every ABI, in declaration order.
    pub const ALL: [Self; 5] = [Self::X86_64, Self::I386, Self::Aarch64, Self::Riscv64, Self::X32];

    /// The C data model.
    pub const fn data_model(self) -> DataModel {
        match self {
            Self::I386 => DataModel { word_bytes: 4, align_64: 4 },
            Self::X86_64 | Self::Aarch64 | Self::Riscv64 | Self::X32 => {
                DataModel { word_bytes: 8, align_64: 8 }
            }
        }
    }

    /// The name of the machine, as `uname -m` would give it.
    pub const fn display_name(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::I386 => "i386",
            Self::Aarch64 => "aarch64",
            Self::Riscv64 => "riscv64",
            Self::X32 => "x32",
        }
    }

    /// `AUDIT_ARCH_*` of include/uapi/linux/audit.h: what PTRACE_GET_SYSCALL_INFO and seccomp report.
    pub const fn audit_arch(self) -> u32 {
        match self {
            Self::X86_64 | Self::X32 => 0xc000_003e,
            Self::I386 => 0x4000_0003,
            Self::Aarch64 => 0xc000_00b7,
            Self::Riscv64 => 0xc000_00f3,
        }
    }

    /// The ABI of call `number` on `AUDIT_ARCH_*` number `arch`, and the call's number within it.
    pub const fn of_call(arch: u32, number: u64) -> Option<(Self, u64)> {
        match Self::from_audit_arch(arch) {
            Some(Self::X86_64) if number & !0x3fff_ffff == X32_BIT => Some((Self::X32, number & !X32_BIT)),
            Some(abi) => Some((abi, number)),
            None => None,
        }
    }

    /// What the kernel calls number `nr`: with x32, that has a bit more.
    pub const fn kernel_number(self, nr: u64) -> u64 {
        match self {
            Self::X32 => nr | X32_BIT,
            _ => nr,
        }
    }

    /// The ABI that `AUDIT_ARCH_*` number `arch` stands for; of two that share it the first.
    pub const fn from_audit_arch(arch: u32) -> Option<Self> {
        let mut index = 0;
        while index < Self::ALL.len() {
            if Self::ALL[index].audit_arch() == arch {
                return Some(Self::ALL[index]);
            }
            index += 1;
        }
        None
    }
}

impl fmt::Display for Abi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.display_name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn audit_arch_round_trip() {
        for abi in Abi::ALL {
            let shared = abi == Abi::X32;
            assert_eq!(Abi::from_audit_arch(abi.audit_arch()), Some(if shared { Abi::X86_64 } else { abi }));
            assert_eq!(Abi::of_call(abi.audit_arch(), abi.kernel_number(39)), Some((abi, 39)));
            assert_eq!(abi.audit_arch() >> 31 == 1, abi.data_model().word_bytes == 8, "{abi}");
        }
        assert_eq!(Abi::from_audit_arch(0), None);
        assert_eq!(Abi::of_call(0xc000_003e, u64::MAX), Some((Abi::X86_64, u64::MAX)));
    }
}
