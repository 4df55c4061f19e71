//! Structs of processes: getrlimit(2), getrusage(2), sched_setattr(2), kcmp(2), ptrace(2), uname(2).

use crate::kinds::*;
use crate::model::{Custom, Kind, Shape, Width};
use crate::sets::{process as sets, sched};
use crate::structs::time::TV;

const CHARS65: Kind = Kind::new(Shape::Chars(65));

crate::structs! {
    /// `struct rlimit` of the ABI.
    RLIMIT "rlimit" { rlim_cur: custom(Custom::Rlim(Width::Long)), rlim_max: custom(Custom::Rlim(Width::Long)) };
    /// `struct rlimit64`.
    RLIMIT64 "rlimit64" { rlim_cur: custom(Custom::Rlim(Width::W64)), rlim_max: custom(Custom::Rlim(Width::W64)) };
    /// `struct rusage`.
    RUSAGE "rusage" {
        ru_utime: TV, ru_stime: TV, ru_maxrss: ULONG, ru_ixrss: ULONG, ru_idrss: ULONG, ru_isrss: ULONG,
        ru_minflt: ULONG, ru_majflt: ULONG, ru_nswap: ULONG, ru_inblock: ULONG, ru_oublock: ULONG, ru_msgsnd: ULONG,
        ru_msgrcv: ULONG, ru_nsignals: ULONG, ru_nvcsw: ULONG, ru_nivcsw: ULONG,
    } brief [ru_utime, ru_stime];
    /// `struct sched_attr`; the utilization clamps exist from size 56 on, which is told from 48 by one bit.
    SCHED_ATTR "sched_attr" {
        size: UINT, sched_policy: value(&sched::SCHED_POLICY), sched_flags: bits64(&sched::SCHED_ATTR_FLAGS),
        sched_nice: INT, sched_priority: UINT, sched_runtime: U64, sched_deadline: U64, sched_period: U64,
        sched_util_min: UINT.when(size, 8), sched_util_max: UINT.when(size, 8),
    };
    /// `struct kcmp_epoll_slot`.
    KCMP_EPOLL_SLOT "kcmp_epoll_slot" { efd: UINT, tfd: UINT, toff: UINT };
    /// `struct iovec` whose memory is not followed.
    IOVEC "iovec" { iov_base: ADDR, iov_len: SIZE };
    /// `struct ptrace_peeksiginfo_args`.
    PEEKSIGINFO "ptrace_peeksiginfo_args" { off: U64, flags: bits(&sets::PTRACE_PEEKSIGINFO_FLAGS), nr: UINT };
    /// `struct seccomp_metadata`; the flags are an answer.
    SECCOMP_METADATA "seccomp_metadata" { filter_off: U64, flags: HEX64 } show [filter_off];
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
    /// `struct new_utsname`.
    UTSNAME "utsname" {
        sysname: CHARS65, nodename: CHARS65, release: CHARS65, version: CHARS65, machine: CHARS65, domainname: CHARS65,
    } brief [sysname, nodename];
    /// `struct sysinfo`.
    SYSINFO "sysinfo" {
        uptime: ULONG, loads: Kind::new(Shape::Inline(&ULONG, 3)), totalram: ULONG, freeram: ULONG, sharedram: ULONG,
        bufferram: ULONG, totalswap: ULONG, freeswap: ULONG, procs: U16, _pad: U16, totalhigh: ULONG, freehigh: ULONG,
        mem_unit: UINT,
    } show [uptime, loads, totalram, freeram, sharedram, bufferram, totalswap, freeswap, procs, totalhigh, freehigh,
        mem_unit];
}
