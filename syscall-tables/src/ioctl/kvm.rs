//! What ioctl takes and gives for virtual machines and for performance counters.
//!
//! Source: arch/x86/include/uapi/asm/kvm.h, include/uapi/linux/kvm.h and perf_event.h.

use super::argument::{Argument, Code, Row, place, some};
use crate::device::Device;
use crate::kinds::*;
use crate::model::{Custom, Kind};

crate::sets! {
    /// Kvm_cpuid_entry2.flags.
    CPUID_FLAGS: Bits, Hex, "KVM_CPUID_FLAG_???" {
        KVM_CPUID_FLAG_SIGNIFCANT_INDEX = 1, KVM_CPUID_FLAG_STATEFUL_FUNC = 2, KVM_CPUID_FLAG_STATE_READ_NEXT = 4,
    }
}

crate::structs! {
    /// `struct kvm_regs`.
    REGS "kvm_regs" {
        rax: HEX64, rbx: HEX64, rcx: HEX64, rdx: HEX64, rsi: HEX64, rdi: HEX64, rsp: HEX64, rbp: HEX64, r8: HEX64, r9: HEX64, r10: HEX64, r11: HEX64, r12: HEX64, r13: HEX64, r14: HEX64, r15: HEX64, rip: HEX64, rflags: HEX64,
    };
    /// `struct kvm_regs`, what is shown of it when abbreviated.
    REGS_BRIEF "kvm_regs" {
        rax: HEX64, rbx: HEX64, rcx: HEX64, rdx: HEX64, rsi: HEX64, rdi: HEX64, rsp: HEX64, rbp: HEX64, r8: HEX64, r9: HEX64, r10: HEX64, r11: HEX64, r12: HEX64, r13: HEX64, r14: HEX64, r15: HEX64, rip: HEX64, rflags: HEX64,
        gap: device(Device::More),
    } show [rax, gap, rsp, rbp, gap, rip, rflags];
    /// `struct kvm_segment`.
    SEGMENT "kvm_segment" {
        base: HEX64, limit: UINT, selector: U16, r#type: U8, present: U8, dpl: U8, db: U8, s: U8, l: U8, g: U8, avl: U8,
        _unusable: U8, _padding: U8,
    };
    /// `struct kvm_dtable`.
    TABLE "kvm_dtable" { base: HEX64, limit: U16, _padding: some(&U16, 3) };
    /// `struct kvm_sregs`.
    SREGS "kvm_sregs" {
        cs: place(&SEGMENT), ds: place(&SEGMENT), es: place(&SEGMENT), fs: place(&SEGMENT), gs: place(&SEGMENT), ss: place(&SEGMENT), tr: place(&SEGMENT), ldt: place(&SEGMENT),
        gdt: place(&TABLE), idt: place(&TABLE), cr0: U64, cr2: U64, cr3: U64, cr4: U64, cr8: U64, efer: U64,
        apic_base: HEX64, interrupt_bitmap: some(&HEX64, 4),
    } brief [cs];
    /// `struct kvm_cpuid_entry2`.
    CPUID_ENTRY "kvm_cpuid_entry2" {
        function: HEX, index: HEX, flags: bits(&CPUID_FLAGS), eax: HEX, ebx: HEX, ecx: HEX, edx: HEX,
        _padding: some(&HEX, 3),
    };
}

const REGISTERS: Kind = device(Device::Detail(&const { place(&REGS_BRIEF) }, &const { place(&REGS) }));

/// Commands of virtual machines, and what their arguments point to.
pub static ROWS: &[Row] = &[
    (&[0x8090_ae81], Argument::told(&REGISTERS)),
    (&[0x4090_ae82], Argument::given(&REGISTERS)),
    (&[0x8138_ae83], Argument::told(&const { place(&SREGS) })),
    (&[0x4138_ae84], Argument::given(&const { place(&SREGS) })),
    (&[0xc008_ae05, 0xc008_ae09], Argument::Coded(Code::Cpuid(false))),
    (&[0x4008_ae90], Argument::Coded(Code::Cpuid(true))),
];

/// Commands of performance counters.
pub static PERF: &[Row] = &[
    (&[0x4008_2406, 0x4004_2406], Argument::Value(&STR)),
    (&[0xc008_240a, 0xc004_240a], Argument::Coded(Code::AttachedPrograms)),
    (&[0x4008_240b, 0x4004_240b], Argument::Value(&const { custom(Custom::PerfAttr) })),
    (&[0x8004_2407], Argument::told(&U64)),
];
