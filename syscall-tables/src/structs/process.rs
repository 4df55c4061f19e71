//! Structs of processes: getrlimit(2), getrusage(2), uname(2), sysinfo(2).

use crate::kinds::*;
use crate::model::{Custom, Kind, Scope, Shape, Sibling};
use crate::structs::time::TV;

/// The second process of kcmp.
const OTHER: Sibling = Sibling { scope: Scope::Arg, index: 1 };

crate::structs! {
    /// `struct rlimit` of the ABI.
    RLIMIT "rlimit" { rlim_cur: custom(Custom::Limit(false)), rlim_max: custom(Custom::Limit(false)) };
    /// `struct rlimit64`.
    RLIMIT64 "rlimit64" { rlim_cur: custom(Custom::Limit(true)), rlim_max: custom(Custom::Limit(true)) };
    /// `struct rusage`.
    RUSAGE "rusage" {
        ru_utime: TV, ru_stime: TV, ru_maxrss: ULONG, ru_ixrss: ULONG, ru_idrss: ULONG, ru_isrss: ULONG, ru_minflt: ULONG,
        ru_majflt: ULONG, ru_nswap: ULONG, ru_inblock: ULONG, ru_oublock: ULONG, ru_msgsnd: ULONG, ru_msgrcv: ULONG,
        ru_nsignals: ULONG, ru_nvcsw: ULONG, ru_nivcsw: ULONG,
    } brief [ru_utime, ru_stime];
    /// `struct new_utsname`.
    UTSNAME "new_utsname" {
        sysname: NAME, nodename: NAME, release: NAME, version: NAME, machine: NAME, domainname: NAME,
    } brief [sysname, nodename];
    /// `struct sysinfo`.
    SYSINFO "sysinfo" {
        uptime: ULONG, loads: Kind::new(Shape::Inline(&ULONG, 3)), totalram: ULONG, freeram: ULONG, sharedram: ULONG,
        bufferram: ULONG, totalswap: ULONG, freeswap: ULONG, procs: U16, _pad: U16, totalhigh: ULONG, freehigh: ULONG,
        mem_unit: UINT,
    };
    /// `struct sysinfo` of i386, which ends in room.
    SYSINFO_I386 "sysinfo" {
        uptime: ULONG, loads: Kind::new(Shape::Inline(&ULONG, 3)), totalram: ULONG, freeram: ULONG, sharedram: ULONG,
        bufferram: ULONG, totalswap: ULONG, freeswap: ULONG, procs: U16, _pad: U16, totalhigh: ULONG, freehigh: ULONG,
        mem_unit: UINT, _f: Kind::new(Shape::Inline(&U8, 8)),
    };
    /// `struct __sysctl_args`.
    SYSCTL "__sysctl_args" {
        name: ADDR, nlen: INT, oldval: ADDR, oldlenp: ADDR, newval: ADDR, newlen: ULONG,
        _unused: Kind::new(Shape::Inline(&ULONG, 4)),
    };
    /// `struct sched_param`.
    SCHED_PARAM "sched_param" { sched_priority: INT } show [sched_priority];
    /// `struct tms`.
    TMS "tms" {
        tms_utime: custom(Custom::ClockTicks), tms_stime: custom(Custom::ClockTicks),
        tms_cutime: custom(Custom::ClockTicks), tms_cstime: custom(Custom::ClockTicks),
    };
    /// `struct kcmp_epoll_slot`.
    KCMP_EPOLL_SLOT "kcmp_epoll_slot" { efd: custom(Custom::FdOf(OTHER)), tfd: custom(Custom::FdOf(OTHER)), toff: UINT };
    /// `struct iovec` whose memory is not followed.
    IOVEC "iovec" { iov_base: ADDR, iov_len: ULONG };
    /// `stack_t`.
    SIGSTACK "sigaltstack" { ss_sp: ADDR, ss_flags: bits(&crate::sets::signal::SIGALTSTACK), ss_size: ULONG };
}

const NAME: Kind = Kind::new(Shape::Chars(65));
