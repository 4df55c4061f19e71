//! The ABIs a tracee may speak: names, data models and syscall numbers.
//!
//! Pure data; nothing here asks the running kernel. Sources: arch/*/entry/syscalls tables of the
//! kernel (through the `syscalls` crate) and include/uapi/linux/audit.h.

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
}

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
    pub const ALL: [Self; 4] = [Self::X86_64, Self::I386, Self::Aarch64, Self::Riscv64];

    /// The C data model.
    pub const fn data_model(self) -> DataModel {
        match self {
            Self::I386 => DataModel { word_bytes: 4, align_64: 4 },
            Self::X86_64 | Self::Aarch64 | Self::Riscv64 => DataModel { word_bytes: 8, align_64: 8 },
        }
    }
}
