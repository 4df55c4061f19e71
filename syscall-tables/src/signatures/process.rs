//! Processes: execve(2), clone(2), wait4(2), prctl(2), ptrace(2), identity, limits, scheduling, namespaces.

use crate::cases;
use crate::kinds::*;
use crate::model::{Custom, Dir, Kind, Scope, Shape, Sibling, Width};
use crate::set::Base;
use crate::sets::{fs, process as sets, sched, security as sec};
use crate::structs::Struct;
use crate::structs::process as s;
use crate::structs::time::{TS, TS64};

const fn arg(index: u8) -> Sibling {
    Sibling { scope: Scope::Arg, index }
}
const fn place(of: &'static Struct) -> Kind {
    Kind::new(Shape::Struct(of))
}

const STATUS: Kind = custom(Custom::WaitStatus);
const RUSAGE: Kind = place(&s::RUSAGE);
const RLIMIT: Kind = place(&s::RLIMIT);
const RLIMIT64: Kind = place(&s::RLIMIT64);
const ATTR: Kind = place(&s::SCHED_ATTR);
const SLOT: Kind = place(&s::KCMP_EPOLL_SLOT);
const REMOTE: Kind = place(&s::IOVEC);
const INFO: Kind = custom(Custom::SigInfo(Dir::In));
const INFO_OUT: Kind = custom(Custom::SigInfo(Dir::Out));
const RESOURCE: Kind = value(&sets::RLIMIT);
const POLICY: Kind = value(&sched::SCHED_POLICY);
const PERSONA: Kind = custom(Custom::Personality);
const PRIO: Kind = custom(Custom::IoPrio);
const AREA: Kind = custom(Custom::UserDesc(Dir::InOut));
const CLONE_FLAGS: Kind = custom(Custom::CloneFlags);

/// CLONE_PIDFD and CLONE_PARENT_SETTID.
const PARENT_TID: u64 = 0x10_1000;
/// CLONE_SETTLS.
const SETTLS: u64 = 0x8_0000;
/// CLONE_CHILD_SETTID and CLONE_CHILD_CLEARTID.
const CHILD_TID: u64 = 0x120_0000;

const WAITED: Kind = by(arg(0), cases![(3, FD)], &PID);

/// The option of prctl and its first argument.
const OPTION: Sibling = arg(0);
const SECOND: Sibling = arg(1);
const SECCOMP_FILTER: Kind = by(SECOND, cases![(1, ABSENT), (2, custom(Custom::Bpf))], &HEXLONG);
const SECCOMP_REST: Kind = by(SECOND, cases![(1, ABSENT), (2, ABSENT)], &HEXLONG);
const MCE_POLICY: Kind = by(SECOND, cases![(1, value(&sets::PR_MCE_KILL_POLICY))], &HEXLONG);
const AMBIENT_CAP: Kind =
    by(SECOND, cases![(1, value(&sec::CAP)), (2, value(&sec::CAP)), (3, value(&sec::CAP))], &HEXLONG);
const CORE_COOKIE: Kind = by(SECOND, cases![(0, output(&HEX64))], &ADDR);
const VMA_LEN: Kind = by(SECOND, cases![(0, ULONG)], &HEXLONG);
const VMA_NAME: Kind = by(SECOND, cases![(0, STR)], &HEXLONG);
const ANYONE: Kind = longbits(&sets::PR_SET_PTRACER_ARG);
const PTRACER: Kind = by(SECOND, cases![(0xffff_ffff, ANYONE), (u64::MAX, ANYONE)], &PID);

const PRCTL_2: Kind = by(
    OPTION,
    cases![
        (1, SIGNO),
        (2, output(&SIGNO)),
        (3, ABSENT),
        (4, value(&sets::PR_DUMPABLE)),
        (5, output(&UINT)),
        (6, longbits(&sets::PR_UNALIGN)),
        (7, ABSENT),
        (8, ULONG),
        (9, output(&UINT)),
        (10, ULONG),
        (11, output(&UINT)),
        (12, ULONG),
        (13, ABSENT),
        (14, ULONG),
        (15, STR),
        (16, custom(Custom::StrOut(fixed(16)))),
        (19, output(&UINT)),
        (20, ULONG),
        (21, ABSENT),
        (22, value(&sec::SECCOMP_MODE)),
        (23, value(&sec::CAP)),
        (24, value(&sec::CAP)),
        (25, output(&const { value(&sets::PR_TSC) })),
        (26, value(&sets::PR_TSC)),
        (27, ABSENT),
        (28, longbits(&sec::SECUREBITS)),
        (29, ULONG),
        (30, ABSENT),
        (31, ABSENT),
        (32, ABSENT),
        (33, value(&sets::PR_MCE_KILL_OP)),
        (35, value(&sets::PR_SET_MM_OP)),
        (36, ULONG),
        (37, output(&UINT)),
        (38, ULONG),
        (40, output(&ADDR)),
        (41, ULONG),
        (45, longbits(&sets::PR_FP_MODE)),
        (46, ABSENT),
        (47, value(&sets::PR_CAP_AMBIENT_OP)),
        (51, ABSENT),
        (52, value(&sets::PR_SPEC)),
        (53, value(&sets::PR_SPEC)),
        (54, longbits(&sets::PR_PAC)),
        (55, longbits(&sets::PR_TAGGED_ADDR)),
        (57, ULONG),
        (59, value(&sets::PR_DISPATCH)),
        (60, longbits(&sets::PR_PAC)),
        (62, value(&sets::PR_SCHED_CORE_OP)),
        (64, ABSENT),
        (0x5356_4d41, value(&sets::PR_SET_VMA_OP)),
        (0x5961_6d61, PTRACER),
    ],
    &HEXLONG,
);
const PRCTL_3: Kind = by(
    OPTION,
    cases![
        (1, ABSENT),
        (2, ABSENT),
        (3, ABSENT),
        (4, ABSENT),
        (5, ABSENT),
        (6, ABSENT),
        (7, ABSENT),
        (8, ABSENT),
        (9, ABSENT),
        (10, ABSENT),
        (11, ABSENT),
        (12, ABSENT),
        (13, ABSENT),
        (14, ABSENT),
        (15, ABSENT),
        (16, ABSENT),
        (19, ABSENT),
        (20, ABSENT),
        (21, ABSENT),
        (22, SECCOMP_FILTER),
        (23, ABSENT),
        (24, ABSENT),
        (25, ABSENT),
        (26, ABSENT),
        (27, ABSENT),
        (28, ABSENT),
        (29, ABSENT),
        (30, ABSENT),
        (31, ABSENT),
        (32, ABSENT),
        (33, MCE_POLICY),
        (35, ADDR),
        (36, ABSENT),
        (37, ABSENT),
        (40, ABSENT),
        (45, ABSENT),
        (46, ABSENT),
        (47, AMBIENT_CAP),
        (50, ABSENT),
        (51, ABSENT),
        (52, ABSENT),
        (53, value(&sets::PR_SPEC_CONTROL)),
        (60, longbits(&sets::PR_PAC)),
        (62, PID),
        (63, ABSENT),
        (64, ABSENT),
        (0x5356_4d41, ADDR),
        (0x5961_6d61, ABSENT),
    ],
    &HEXLONG,
);
const PRCTL_4: Kind = by(
    OPTION,
    cases![
        (1, ABSENT),
        (2, ABSENT),
        (3, ABSENT),
        (4, ABSENT),
        (5, ABSENT),
        (6, ABSENT),
        (7, ABSENT),
        (8, ABSENT),
        (9, ABSENT),
        (10, ABSENT),
        (11, ABSENT),
        (12, ABSENT),
        (13, ABSENT),
        (14, ABSENT),
        (15, ABSENT),
        (16, ABSENT),
        (19, ABSENT),
        (20, ABSENT),
        (21, ABSENT),
        (22, SECCOMP_REST),
        (23, ABSENT),
        (24, ABSENT),
        (25, ABSENT),
        (26, ABSENT),
        (27, ABSENT),
        (28, ABSENT),
        (29, ABSENT),
        (30, ABSENT),
        (31, ABSENT),
        (32, ABSENT),
        (36, ABSENT),
        (37, ABSENT),
        (40, ABSENT),
        (45, ABSENT),
        (46, ABSENT),
        (50, ABSENT),
        (51, ABSENT),
        (52, ABSENT),
        (53, ABSENT),
        (62, custom(Custom::Commented(&sets::PR_SCHED_CORE_SCOPE, Width::W32))),
        (63, ABSENT),
        (64, ABSENT),
        (0x5356_4d41, VMA_LEN),
        (0x5961_6d61, ABSENT),
    ],
    &HEXLONG,
);
const PRCTL_5: Kind = by(
    OPTION,
    cases![
        (1, ABSENT),
        (2, ABSENT),
        (3, ABSENT),
        (4, ABSENT),
        (5, ABSENT),
        (6, ABSENT),
        (7, ABSENT),
        (8, ABSENT),
        (9, ABSENT),
        (10, ABSENT),
        (11, ABSENT),
        (12, ABSENT),
        (13, ABSENT),
        (14, ABSENT),
        (15, ABSENT),
        (16, ABSENT),
        (19, ABSENT),
        (20, ABSENT),
        (21, ABSENT),
        (22, SECCOMP_REST),
        (23, ABSENT),
        (24, ABSENT),
        (25, ABSENT),
        (26, ABSENT),
        (27, ABSENT),
        (28, ABSENT),
        (29, ABSENT),
        (30, ABSENT),
        (31, ABSENT),
        (32, ABSENT),
        (36, ABSENT),
        (37, ABSENT),
        (40, ABSENT),
        (45, ABSENT),
        (46, ABSENT),
        (50, ABSENT),
        (51, ABSENT),
        (52, ABSENT),
        (53, ABSENT),
        (59, ADDR),
        (62, CORE_COOKIE),
        (63, ABSENT),
        (64, ABSENT),
        (0x5356_4d41, VMA_NAME),
        (0x5961_6d61, ABSENT),
    ],
    &HEXLONG,
);

const PRCTL_RET: Kind = by(
    OPTION,
    cases![
        (3, custom(Custom::Noted(Base::Dec, "", &const { value(&sets::PR_DUMPABLE) }))),
        (27, custom(Custom::Noted(Base::Hex, "", &const { bits(&sec::SECUREBITS) }))),
        (34, custom(Custom::Noted(Base::Dec, "", &const { value(&sets::PR_MCE_KILL_POLICY) }))),
        (46, custom(Custom::Noted(Base::Hex, "", &const { bits(&sets::PR_FP_MODE) }))),
        (50, custom(Custom::Noted(Base::Hex, "", &const { bits(&sets::PR_SVE_VL) }))),
        (51, custom(Custom::Noted(Base::Hex, "", &const { bits(&sets::PR_SVE_VL) }))),
        (52, custom(Custom::Noted(Base::Hex, "", &const { bits(&sets::PR_SPEC_STATUS) }))),
        (56, custom(Custom::Noted(Base::Hex, "", &const { bits(&sets::PR_TAGGED_ADDR) }))),
        (63, custom(Custom::Noted(Base::Hex, "", &const { bits(&sets::PR_SME_VL) }))),
        (64, custom(Custom::Noted(Base::Hex, "", &const { bits(&sets::PR_SME_VL) }))),
    ],
    &INT,
);

const FEATURE: Kind = custom(Custom::Commented(&sets::XFEATURE, Width::Long));
const ARCH_ARG: Kind = by(
    OPTION,
    cases![
        (0x1003, output(&ADDR)),
        (0x1004, output(&ADDR)),
        (0x1011, ABSENT),
        (0x1023, FEATURE),
        (0x1025, FEATURE)
    ],
    &HEXLONG,
);

/// The request of ptrace.
const REQUEST: Sibling = arg(0);
const OFFSET: Kind = custom(Custom::UserOffset);
const PTRACE_PID: Kind = by(REQUEST, cases![(0, ABSENT)], &PID);
const PTRACE_ADDR: Kind = by(
    REQUEST,
    cases![
        (0, ABSENT),
        (3, OFFSET),
        (6, OFFSET),
        (8, ABSENT),
        (12, ABSENT),
        (13, ABSENT),
        (14, ABSENT),
        (15, ABSENT),
        (16, ABSENT),
        (0x4204, value(&sets::NT_REGSET)),
        (0x4205, value(&sets::NT_REGSET)),
        (0x4207, ABSENT),
        (0x4208, ABSENT),
        (0x4209, input(&const { place(&s::PEEKSIGINFO) })),
        (0x420a, ULONG),
        (0x420b, ULONG),
        (0x420c, ULONG),
        (0x420d, ULONG),
        (0x420e, ULONG),
    ],
    &ADDR,
);
const OPTIONS: Kind = longbits(&sets::PTRACE_OPTIONS);
const PTRACE_DATA: Kind = by(
    REQUEST,
    cases![
        (0, ABSENT),
        (1, output(&ADDR)),
        (2, output(&ADDR)),
        (3, output(&ADDR)),
        (7, SIGNO),
        (8, ABSENT),
        (9, SIGNO),
        (12, output(&const { place(&s::USER_REGS) })),
        (13, input(&const { place(&s::USER_REGS) })),
        (16, ABSENT),
        (17, SIGNO),
        (24, SIGNO),
        (31, SIGNO),
        (32, SIGNO),
        (33, SIGNO),
        (0x4200, OPTIONS),
        (0x4201, output(&ULONG)),
        (0x4202, INFO_OUT),
        (0x4203, INFO),
        (0x4206, OPTIONS),
        (0x4207, ABSENT),
        (0x4208, ABSENT),
        (0x420a, out_sigset(of(arg(2)))),
        (0x420b, in_sigset(of(arg(2)))),
        (0x420d, input(&const { place(&s::SECCOMP_METADATA) })),
    ],
    &ADDR,
);
const PTRACE_DATA_I386: Kind = by(
    REQUEST,
    cases![
        (12, output(&const { place(&s::USER_REGS_I386) })),
        (13, input(&const { place(&s::USER_REGS_I386) })),
    ],
    &PTRACE_DATA,
);
/// The type of kcmp.
const KCMP: Sibling = arg(2);
const KCMP_1: Kind = by(
    KCMP,
    cases![(0, INT), (1, ABSENT), (2, ABSENT), (3, ABSENT), (4, ABSENT), (5, ABSENT), (6, ABSENT), (7, INT)],
    &HEXLONG,
);
const KCMP_2: Kind = by(
    KCMP,
    cases![
        (0, INT),
        (1, ABSENT),
        (2, ABSENT),
        (3, ABSENT),
        (4, ABSENT),
        (5, ABSENT),
        (6, ABSENT),
        (7, input(&SLOT))
    ],
    &HEXLONG,
);

crate::signatures! {
    /// The family's rows.
    TABLE:
    execve(pathname: PATH, argv: ARGV, envp: ENVP) -> INT;
    execveat(dirfd: DIRFD, pathname: PATH, argv: ARGV, envp: ENVP, flags: bits(&fs::AT_EXECVEAT)) -> INT;
    clone(
        flags: CLONE_FLAGS, child_stack: ADDR, parent_tid: output(&PID).when(flags, PARENT_TID),
        child_tidptr: ADDR.when(flags, CHILD_TID), tls: ADDR.when(flags, SETTLS),
    ) -> PID;
    clone3(cl_args: custom(Custom::CloneArgs), size: SIZE) -> PID;
    fork() -> PID;
    vfork() -> PID;
    exit(status: INT) -> INT;
    exit_group(status: INT) -> INT;
    wait4(
        pid: PID, wstatus: STATUS, options: bits(&sets::WAIT), rusage: custom(Custom::Reaped(&RUSAGE)),
    ) -> PID;
    waitid(
        idtype: value(&sets::ID_TYPE), id: WAITED, infop: INFO_OUT, options: bits(&sets::WAIT), rusage: output(&RUSAGE),
    ) -> INT;
    getpid() -> PID;
    getppid() -> PID;
    gettid() -> PID;
    getpgrp() -> PID;
    getpgid(pid: PID) -> PID;
    getsid(pid: PID) -> PID;
    setpgid(pid: PID, pgid: PID) -> INT;
    setsid() -> PID;
    getuid() -> INT;
    getgid() -> INT;
    geteuid() -> INT;
    getegid() -> INT;
    setuid(uid: ID) -> INT;
    setgid(gid: ID) -> INT;
    setreuid(ruid: ID, euid: ID) -> INT;
    setregid(rgid: ID, egid: ID) -> INT;
    setresuid(ruid: ID, euid: ID, suid: ID) -> INT;
    setresgid(rgid: ID, egid: ID, sgid: ID) -> INT;
    getresuid(ruid: output(&ID), euid: output(&ID), suid: output(&ID)) -> INT;
    getresgid(rgid: output(&ID), egid: output(&ID), sgid: output(&ID)) -> INT;
    setfsuid(fsuid: ID) -> INT;
    setfsgid(fsgid: ID) -> INT;
    getgroups(size: INT, list: out_array(&ID, RET)) -> INT;
    setgroups(size: INT, list: in_array(&ID, of(size))) -> INT;
    prctl(option: value(&sets::PRCTL), arg2: PRCTL_2, arg3: PRCTL_3, arg4: PRCTL_4, arg5: PRCTL_5) -> PRCTL_RET;
    arch_prctl(code: value(&sets::ARCH_PRCTL), addr: ARCH_ARG) -> INT;
    personality(persona: PERSONA) -> custom(Custom::Noted(Base::Hex, "", &PERSONA));
    set_tid_address(tidptr: ADDR) -> PID;
    set_robust_list(head: ADDR, len: SIZE) -> INT;
    get_robust_list(pid: PID, head_ptr: output(&ADDR), len_ptr: output(&ULONG)) -> INT;
    rseq(rseq: HEXLONG, rseq_len: HEX, flags: HEX, sig: HEX) -> INT;
    getrlimit(resource: RESOURCE, rlim: output(&RLIMIT)) -> INT;
    setrlimit(resource: RESOURCE, rlim: input(&RLIMIT)) -> INT;
    prlimit64(pid: PID, resource: RESOURCE, new_limit: input(&RLIMIT64), old_limit: output(&RLIMIT64)) -> INT;
    getrusage(who: value(&sets::RUSAGE), usage: output(&RUSAGE)) -> INT;
    getpriority(which: value(&sets::PRIORITY), who: INT) -> INT;
    setpriority(which: value(&sets::PRIORITY), who: INT, prio: INT) -> INT;
    ioprio_get(which: value(&sched::IOPRIO_WHO), who: INT) -> custom(Custom::Noted(Base::Dec, "", &PRIO));
    ioprio_set(which: value(&sched::IOPRIO_WHO), who: INT, ioprio: PRIO) -> INT;
    sched_yield() -> INT;
    sched_setscheduler(pid: PID, policy: POLICY, param: input(&INT)) -> INT;
    sched_getscheduler(pid: PID) -> custom(Custom::Noted(Base::Dec, "", &POLICY));
    sched_setparam(pid: PID, param: input(&INT)) -> INT;
    sched_getparam(pid: PID, param: output(&INT)) -> INT;
    sched_get_priority_max(policy: POLICY) -> INT;
    sched_get_priority_min(policy: POLICY) -> INT;
    sched_rr_get_interval(pid: PID, tp: output(&TS)) -> INT;
    sched_setaffinity(pid: PID, cpusetsize: SIZE, mask: custom(Custom::CpuSet(Dir::In, of(cpusetsize)))) -> INT;
    sched_getaffinity(pid: PID, cpusetsize: SIZE, mask: custom(Custom::CpuSet(Dir::Out, RET))) -> INT;
    sched_setattr(pid: PID, attr: input(&ATTR), flags: UINT) -> INT;
    sched_getattr(pid: PID, attr: output(&ATTR), size: UINT, flags: UINT) -> INT;
    setns(fd: FD, nstype: bits(&sets::SETNS)) -> INT;
    unshare(flags: longbits(&sets::UNSHARE)) -> INT;
    pidfd_open(pid: PID, flags: bits(&sets::PIDFD_OPEN)) -> FD;
    pidfd_send_signal(pidfd: FD, sig: SIGNO, info: INFO, flags: HEX) -> INT;
    pidfd_getfd(pidfd: FD, targetfd: INT, flags: HEX) -> FD;
    process_mrelease(pidfd: FD, flags: HEX) -> INT;
    kcmp(pid1: PID, pid2: PID, r#type: value(&sets::KCMP), idx1: KCMP_1, idx2: KCMP_2) -> INT;
    process_vm_readv(
        pid: PID, local_iov: out_iovec(liovcnt), liovcnt: ULONG, remote_iov: in_array(&REMOTE, of(riovcnt)),
        riovcnt: ULONG, flags: ULONG,
    ) -> SSIZE;
    process_vm_writev(
        pid: PID, local_iov: in_iovec(liovcnt), liovcnt: ULONG, remote_iov: in_array(&REMOTE, of(riovcnt)),
        riovcnt: ULONG, flags: ULONG,
    ) -> SSIZE;
    ptrace(op: value(&sets::PTRACE), pid: PTRACE_PID, addr: PTRACE_ADDR, data: PTRACE_DATA) -> LONG;
    getcpu(cpu: output(&UINT), node: output(&UINT), tcache: ADDR) -> INT;
    set_thread_area(u_info: AREA) -> INT;
    get_thread_area(u_info: AREA) -> INT;
}

crate::signatures! {
    /// Rows of i386 alone.
    I386:
    clone(
        flags: CLONE_FLAGS, child_stack: ADDR, parent_tid: output(&PID).when(flags, PARENT_TID),
        tls: custom(Custom::UserDesc(Dir::Out)).when(flags, SETTLS), child_tidptr: ADDR.when(flags, CHILD_TID),
    ) -> PID;
    waitpid(pid: PID, wstatus: STATUS, options: bits(&sets::WAIT)) -> PID;
    nice(inc: INT) -> INT;
    ugetrlimit(resource: RESOURCE, rlim: output(&RLIMIT)) -> INT;
    sched_rr_get_interval_time64(pid: PID, tp: output(&TS64)) -> INT;
    ptrace(op: value(&sets::PTRACE), pid: PTRACE_PID, addr: PTRACE_ADDR, data: PTRACE_DATA_I386) -> LONG;
    setuid(uid: ID16) -> INT;
    setgid(gid: ID16) -> INT;
    setreuid(ruid: ID16, euid: ID16) -> INT;
    setregid(rgid: ID16, egid: ID16) -> INT;
    setresuid(ruid: ID16, euid: ID16, suid: ID16) -> INT;
    setresgid(rgid: ID16, egid: ID16, sgid: ID16) -> INT;
    getresuid(ruid: output(&ID16), euid: output(&ID16), suid: output(&ID16)) -> INT;
    getresgid(rgid: output(&ID16), egid: output(&ID16), sgid: output(&ID16)) -> INT;
    setfsuid(fsuid: ID16) -> INT;
    setfsgid(fsgid: ID16) -> INT;
    getgroups(size: INT, list: out_array(&ID16, RET)) -> INT;
    setgroups(size: INT, list: in_array(&ID16, of(size))) -> INT;
    getuid32() -> INT;
    getgid32() -> INT;
    geteuid32() -> INT;
    getegid32() -> INT;
    setuid32(uid: ID) -> INT;
    setgid32(gid: ID) -> INT;
    setreuid32(ruid: ID, euid: ID) -> INT;
    setregid32(rgid: ID, egid: ID) -> INT;
    setresuid32(ruid: ID, euid: ID, suid: ID) -> INT;
    setresgid32(rgid: ID, egid: ID, sgid: ID) -> INT;
    getresuid32(ruid: output(&ID), euid: output(&ID), suid: output(&ID)) -> INT;
    getresgid32(rgid: output(&ID), egid: output(&ID), sgid: output(&ID)) -> INT;
    setfsuid32(fsuid: ID) -> INT;
    setfsgid32(fsgid: ID) -> INT;
    getgroups32(size: INT, list: out_array(&ID, RET)) -> INT;
    setgroups32(size: INT, list: in_array(&ID, of(size))) -> INT;
}
