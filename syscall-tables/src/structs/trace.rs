//! Structs of ptrace(2): registers and requests.

use crate::kinds::*;
use crate::model::{Kind, Shape};
use crate::sets::process as sets;

const HEX_20: Kind = Kind::new(Shape::Inline(&HEX, 20));
const HEX_24: Kind = Kind::new(Shape::Inline(&HEX, 24));
const HEX_32: Kind = Kind::new(Shape::Inline(&HEX, 32));
const HEX_64: Kind = Kind::new(Shape::Inline(&HEX, 64));

crate::structs! {
    /// `struct ptrace_peeksiginfo_args`.
    PEEKSIGINFO "ptrace_peeksiginfo_args" { off: U64, flags: bits(&sets::PTRACE_PEEKSIGINFO_FLAGS), nr: UINT };
    /// `struct seccomp_metadata` as it is asked.
    METADATA "seccomp_metadata" { filter_off: U64 };
    /// `struct seccomp_metadata` as it is answered.
    METADATA_OUT "seccomp_metadata" { filter_off: U64, flags: bits64(&crate::sets::security::SECCOMP_FILTER_FLAGS) };
    /// `struct ptrace_sud_config`.
    DISPATCH_CONFIG "ptrace_sud_config" { mode: bits64(&sets::PR_DISPATCH), selector: HEX64, offset: HEX64, len: HEX64 };
    /// `struct ptrace_rseq_configuration`.
    RSEQ_CONFIGURATION "ptrace_rseq_configuration" { rseq_abi_pointer: HEX64, rseq_abi_size: UINT, signature: HEX, flags: HEX, pad: HEX };
    /// `struct user_regs_struct` of x86_64.
    USER_REGS "user_regs_struct" {
        r15: HEXLONG, r14: HEXLONG, r13: HEXLONG, r12: HEXLONG, rbp: HEXLONG, rbx: HEXLONG, r11: HEXLONG, r10: HEXLONG,
        r9: HEXLONG, r8: HEXLONG, rax: HEXLONG, rcx: HEXLONG, rdx: HEXLONG, rsi: HEXLONG, rdi: HEXLONG,
        orig_rax: HEXLONG, rip: HEXLONG, cs: HEXLONG, eflags: HEXLONG, rsp: HEXLONG, ss: HEXLONG, fs_base: HEXLONG,
        gs_base: HEXLONG, ds: HEXLONG, es: HEXLONG, fs: HEXLONG, gs: HEXLONG,
    };
    /// `struct user_regs_struct` of i386.
    USER_REGS_I386 "user_regs_struct" {
        ebx: HEXLONG, ecx: HEXLONG, edx: HEXLONG, esi: HEXLONG, edi: HEXLONG, ebp: HEXLONG, eax: HEXLONG, xds: HEXLONG,
        xes: HEXLONG, xfs: HEXLONG, xgs: HEXLONG, orig_eax: HEXLONG, eip: HEXLONG, xcs: HEXLONG, eflags: HEXLONG,
        esp: HEXLONG, xss: HEXLONG,
    };
    /// `struct user_fpregs_struct` of x86_64.
    FP_REGS "user_fpregs_struct" {
        cwd: HEX16, swd: HEX16, ftw: HEX16, fop: HEX16, rip: HEX64, rdp: HEX64, mxcsr: HEX, mxcr_mask: HEX, st_space: HEX_32,
        xmm_space: HEX_64, padding: HEX_24,
    };
    /// `struct user_fpregs_struct` of i386.
    FP_REGS_I386 "user_fpregs_struct" { cwd: HEX, swd: HEX, twd: HEX, fip: HEX, fcs: HEX, foo: HEX, fos: HEX, st_space: HEX_20 };
}

/// Where the members of `struct user` of x86_64 begin, by the names that strace prints, in order. Source: sys/user.h.
pub static USER_OFFSETS: &[(u64, &str)] = &[
    (0, "8*R15"),
    (8, "8*R14"),
    (16, "8*R13"),
    (24, "8*R12"),
    (32, "8*RBP"),
    (40, "8*RBX"),
    (48, "8*R11"),
    (56, "8*R10"),
    (64, "8*R9"),
    (72, "8*R8"),
    (80, "8*RAX"),
    (88, "8*RCX"),
    (96, "8*RDX"),
    (104, "8*RSI"),
    (112, "8*RDI"),
    (120, "8*ORIG_RAX"),
    (128, "8*RIP"),
    (136, "8*CS"),
    (144, "8*EFL"),
    (152, "8*RSP"),
    (160, "8*SS"),
    (216, "offsetof(struct user, u_fpvalid)"),
    (224, "offsetof(struct user, i387)"),
    (736, "offsetof(struct user, u_tsize)"),
    (744, "offsetof(struct user, u_dsize)"),
    (752, "offsetof(struct user, u_ssize)"),
    (760, "offsetof(struct user, start_code)"),
    (768, "offsetof(struct user, start_stack)"),
    (776, "offsetof(struct user, signal)"),
    (784, "offsetof(struct user, reserved)"),
    (792, "offsetof(struct user, u_ar0)"),
    (800, "offsetof(struct user, u_fpstate)"),
    (808, "offsetof(struct user, magic)"),
    (816, "offsetof(struct user, u_comm)"),
    (848, "offsetof(struct user, u_debugreg)"),
    (912, "sizeof(struct user)"),
];
