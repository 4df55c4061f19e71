//! Processes: execve(2), clone(2), wait(2), prctl(2), rlimits, ids, scheduling, namespaces.

use super::{prctl, trace};
use crate::cases;
use crate::kinds::*;
use crate::model::{Custom, Dir, Kind, Len, Scope, Shape, Sibling, Width};
use crate::set::Base;
use crate::sets::{fs, ipc, process as set, sched, security};
use crate::structs::process as s;
use crate::structs::security as rules;
use crate::structs::time::{TS, TS64};

const RLIMIT: Kind = Kind::new(Shape::Struct(&s::RLIMIT));
const RLIMIT64: Kind = Kind::new(Shape::Struct(&s::RLIMIT64));
const RUSAGE: Kind = Kind::new(Shape::Struct(&s::RUSAGE));
const TMS: Kind = Kind::new(Shape::Struct(&s::TMS));
const WHO: Kind = bits(&set::RUSAGE);
const RESOURCE: Kind = bits(&set::RLIMIT);
/// FUTEX_CMD_MASK.
const FUTEX_CMD: u64 = 0x7f;
const BITSET: Kind = bits(&FUTEX_BITSET);
/// The parts of a futex operation that its other arguments depend on, FUTEX_CMD_MASK.
const OP: Sibling = Sibling { scope: Scope::Arg, index: 1 };
/// The third argument of futex.
const VAL: Kind =
    by_masked(OP, FUTEX_CMD, cases![(6, ABSENT), (7, ABSENT), (8, ABSENT), (13, ABSENT)], &UINT);
/// The fourth argument of futex where it is not a timeout.
const SECOND_COUNT: Kind = by_masked(
    OP,
    FUTEX_CMD,
    cases![
        (1, ABSENT),
        (2, ABSENT),
        (3, UINT),
        (4, UINT),
        (5, UINT),
        (7, ABSENT),
        (8, ABSENT),
        (10, ABSENT),
        (12, UINT)
    ],
    &ADDR,
);
const UADDR2: Kind = ADDR.when_not_in(OP, FUTEX_CMD, &[0, 1, 2, 6, 7, 8, 9, 10, 13]);
const VAL3: Kind = by_masked(
    OP,
    FUTEX_CMD,
    cases![(4, UINT), (5, custom(Custom::FutexWakeOp)), (9, BITSET), (10, BITSET), (12, UINT)],
    &HEX,
)
.when_not_in(OP, FUTEX_CMD, &[0, 1, 2, 3, 6, 7, 8, 11, 13]);
/// The fourth argument of futex.
const FOURTH: Kind = by_masked(OP, FUTEX_CMD, TIMED, &SECOND_COUNT);
const TIMED: &[(u64, Kind)] =
    &[(0, input(&TS)), (6, input(&TS)), (9, input(&TS)), (11, input(&TS)), (13, input(&TS))];
const FOURTH64: Kind = by_masked(OP, FUTEX_CMD, TIMED64, &SECOND_COUNT);
const TIMED64: &[(u64, Kind)] =
    &[(0, input(&TS64)), (6, input(&TS64)), (9, input(&TS64)), (11, input(&TS64)), (13, input(&TS64))];

crate::sets! {
    /// The bit set of FUTEX_WAIT_BITSET.
    FUTEX_BITSET: Values, Hex, "" {
        FUTEX_BITSET_MATCH_ANY = 0xffff_ffff,
    }
}

/// The flag that landlock_add_rule knows, alone.
const QUIET: &[(u64, Kind)] = &[(1, bits(&security::LANDLOCK_ADD_RULE))];

crate::signatures! {
    /// The family's rows.
    TABLE:
    execve(pathname: PATH, argv: ARGV, envp: ENVP) -> INT;
    execveat(dirfd: DIRFD, pathname: PATH, argv: ARGV, envp: ENVP, flags: bits(&fs::AT)) -> INT;
    clone(flags: custom(Custom::CloneFlags), child_stack: ADDR, parent_tid: by_masked(flags, 0x0010_1000, cases![(0x1000, output(&FD))], &const { output(&PID) }).when(flags, 0x0010_1000), child_tidptr: ADDR.when(flags, 0x0120_0000), tls: ADDR.when(flags, 0x0008_0000)) -> PID;
    clone3(cl_args: custom(Custom::CloneArgs), size: SIZE) -> PID;
    fork() -> PID;
    vfork() -> PID;
    exit(status: INT) -> INT;
    exit_group(status: INT) -> INT;
    wait4(pid: PID, wstatus: custom(Custom::WaitStatus), options: bits(&set::WAIT), rusage: custom(Custom::Reaped(&RUSAGE))) -> INT;
    waitid(idtype: bits(&set::ID_TYPE), id: by(idtype, cases![(3, FD)], &PID), infop: custom(Custom::SigInfo(Dir::Out)), options: bits(&set::WAIT), rusage: output(&RUSAGE)) -> INT;
    getpid() -> PID;
    gettid() -> PID;
    getppid() -> PID;
    getpgrp() -> PID;
    getpgid(pid: PID) -> PID;
    setpgid(pid: PID, pgid: PID) -> INT;
    getsid(pid: PID) -> PID;
    setsid() -> PID;
    getuid() -> UINT;
    geteuid() -> UINT;
    getgid() -> UINT;
    getegid() -> UINT;
    setuid(uid: ID) -> INT;
    setgid(gid: ID) -> INT;
    setreuid(ruid: ID, euid: ID) -> INT;
    setregid(rgid: ID, egid: ID) -> INT;
    setresuid(ruid: ID, euid: ID, suid: ID) -> INT;
    setresgid(rgid: ID, egid: ID, sgid: ID) -> INT;
    getresuid(ruid: output(&ID), euid: output(&ID), suid: output(&ID)) -> INT;
    getresgid(rgid: output(&ID), egid: output(&ID), sgid: output(&ID)) -> INT;
    setfsuid(fsuid: ID) -> UINT;
    setfsgid(fsgid: ID) -> UINT;
    getgroups(size: INT, list: custom(Custom::Groups(Dir::Out, RET, Width::W32))) -> INT;
    setgroups(size: INT, list: custom(Custom::Groups(Dir::In, of(size), Width::W32))) -> INT;
    getrlimit(resource: RESOURCE, rlim: output(&RLIMIT)) -> INT;
    setrlimit(resource: RESOURCE, rlim: input(&RLIMIT)) -> INT;
    prlimit64(pid: PID, resource: RESOURCE, new_limit: input(&RLIMIT64), old_limit: output(&RLIMIT64)) -> INT;
    getrusage(who: WHO, usage: output(&RUSAGE)) -> INT;
    times(buf: output(&TMS)) -> ULONG;
    prctl(option: bits(&set::PRCTL), arg2: prctl::PRCTL_2, arg3: prctl::PRCTL_3, arg4: prctl::PRCTL_4, arg5: prctl::PRCTL_5) -> prctl::PRCTL_RETURN;
    arch_prctl(code: bits(&set::ARCH_PRCTL), addr: prctl::ARCH_ARG) -> prctl::ARCH_RETURN;
    set_tid_address(tidptr: HEXLONG) -> INT;
    set_robust_list(head: ADDR, len: SIZE) -> INT;
    get_robust_list(pid: PID, head_ptr: output(&ADDR), len_ptr: output(&ULONG)) -> INT;
    rseq(rseq: HEXLONG, rseq_len: HEXLONG, flags: HEXLONG, sig: HEXLONG) -> INT;
    membarrier(cmd: bits(&ipc::MEMBARRIER), flags: bits(&ipc::MEMBARRIER_FLAGS), cpu_id: INT.when(flags, 1)) -> by(CMD, cases![(0, custom(Custom::Noted(Base::Hex, &const { bits(&ipc::MEMBARRIER_QUERY) })))], &INT);
    futex(uaddr: ADDR, futex_op: custom(Custom::FutexOp), val: VAL, timeout: FOURTH, uaddr2: UADDR2, val3: VAL3) -> INT;
    futex_waitv(waiters: in_array(&WAITER, of(nr_futexes)), nr_futexes: UINT, flags: HEX, timeout: input(&TS64), clockid: CLOCK) -> INT;
    futex_wake(uaddr: ADDR, mask: HEXLONG, nr: INT, flags: bits(&ipc::FUTEX2)) -> INT;
    futex_wait(uaddr: ADDR, val: HEXLONG, mask: HEXLONG, flags: bits(&ipc::FUTEX2), timeout: input(&TS64), clockid: CLOCK) -> INT;
    futex_requeue(waiters: in_array(&WAITER, fixed(2)), flags: HEX, nr_wake: INT, nr_requeue: INT) -> INT;
    unshare(flags: longbits(&set::UNSHARE)) -> INT;
    setns(fd: FD, nstype: bits(&set::SETNS)) -> INT;
    pidfd_open(pid: PID, flags: bits(&set::PIDFD_OPEN)) -> FD;
    pidfd_send_signal(pidfd: FD, sig: SIGNO, info: custom(Custom::SigInfo(Dir::In)), flags: bits(&set::PIDFD_SIGNAL)) -> INT;
    pidfd_getfd(pidfd: FD, targetfd: custom(Custom::FdAt(pidfd)), flags: HEX) -> FD;
    kcmp(pid1: PID, pid2: PID, r#type: bits(&set::KCMP), idx1: by(r#type, KCMP_1, &HEXLONG), idx2: by(r#type, KCMP_2, &HEXLONG)) -> INT;
    process_vm_readv(pid: PID, local_iov: out_iovec(liovcnt), liovcnt: ULONG, remote_iov: in_array(&REMOTE, of(riovcnt)), riovcnt: ULONG, flags: ULONG) -> SIZE;
    process_vm_writev(pid: PID, local_iov: in_iovec(liovcnt), liovcnt: ULONG, remote_iov: in_array(&REMOTE, of(riovcnt)), riovcnt: ULONG, flags: ULONG) -> SIZE;
    ptrace(request: longbits(&set::PTRACE), pid: trace::PROCESS, addr: trace::ADDR_ARG, data: trace::DATA) -> LONG;
    capget(hdrp: custom(Custom::CapHeader), datap: custom(Custom::CapData(Dir::Out))) -> INT;
    capset(hdrp: custom(Custom::CapHeader), datap: custom(Custom::CapData(Dir::In))) -> INT;
    personality(persona: custom(Custom::Personality(false))) -> custom(Custom::Personality(true));
    getpriority(which: bits(&set::PRIORITY), who: INT) -> INT;
    setpriority(which: bits(&set::PRIORITY), who: INT, prio: INT) -> INT;
    ioprio_get(which: bits(&sched::IOPRIO_WHO), who: INT) -> custom(Custom::Noted(Base::Dec, &const { custom(Custom::IoPrio) }));
    ioprio_set(which: bits(&sched::IOPRIO_WHO), who: INT, ioprio: custom(Custom::IoPrio)) -> INT;
    sched_yield() -> INT;
    sched_setparam(pid: PID, param: input(&SCHED_PRIORITY)) -> INT;
    sched_getparam(pid: PID, param: output(&SCHED_PRIORITY)) -> INT;
    sched_setscheduler(pid: PID, policy: bits(&sched::SCHED_POLICY), param: input(&SCHED_PRIORITY)) -> INT;
    sched_getscheduler(pid: PID) -> custom(Custom::Noted(Base::Dec, &const { bits(&sched::SCHED_POLICY) }));
    sched_get_priority_max(policy: bits(&sched::SCHED_POLICY)) -> INT;
    sched_get_priority_min(policy: bits(&sched::SCHED_POLICY)) -> INT;
    sched_rr_get_interval(pid: PID, tp: output(&TS)) -> INT;
    sched_setaffinity(pid: PID, cpusetsize: UINT, mask: custom(Custom::CpuSet(Dir::In, Len::Of(cpusetsize)))) -> INT;
    sched_getaffinity(pid: PID, cpusetsize: UINT, mask: custom(Custom::CpuSet(Dir::Out, Len::Ret))) -> UINT;
    sched_setattr(pid: PID, attr: custom(Custom::SchedAttr(Dir::In, None)), flags: UINT) -> INT;
    sched_getattr(pid: PID, attr: custom(Custom::SchedAttr(Dir::Out, Some(size))), size: UINT, flags: UINT) -> INT;
    getcpu(cpu: output(&UINT), node: output(&UINT), tcache: ADDR) -> INT;
    seccomp(operation: bits(&security::SECCOMP_OP), flags: by(operation, cases![(1, bits(&security::SECCOMP_FILTER_FLAGS))], &HEX), args: by(operation, SECCOMP_ARG, &ADDR)) -> INT;
    landlock_create_ruleset(attr: custom(Custom::Ruleset(size)), size: SIZE, flags: bits(&security::LANDLOCK_CREATE)) -> by_masked(CREATE, 3, cases![(0, FD)], &INT);
    landlock_add_rule(ruleset_fd: FD, rule_type: bits(&security::LANDLOCK_RULE), rule_attr: by(rule_type, LANDLOCK_ATTR, &ADDR), flags: by(flags, QUIET, &HEX)) -> INT;
    landlock_restrict_self(ruleset_fd: FD, flags: bits(&security::LANDLOCK_RESTRICT)) -> INT;
    lsm_get_self_attr(attr: bits(&security::LSM_ATTR), ctx: custom(Custom::LsmContexts), size: inout(&UINT), flags: bits(&security::LSM_FLAGS)) -> INT;
    lsm_set_self_attr(attr: bits(&security::LSM_ATTR), ctx: custom(Custom::LsmContext(size)), size: UINT, flags: HEX) -> INT;
    lsm_list_modules(ids: out_array(&LSM_ID, RET), size: inout(&UINT), flags: HEX) -> INT;
    modify_ldt(func: INT, ptr: custom(Custom::Ldt(bytecount)), bytecount: ULONG) -> INT;
    set_thread_area(u_info: custom(Custom::UserDesc)) -> custom(Custom::UserDescReturn);
    get_thread_area(u_info: custom(Custom::UserDescOut)) -> INT;
    iopl(level: INT) -> INT;
    ioperm(from: HEXLONG, num: HEXLONG, turn_on: INT) -> INT;
    nice(inc: INT) -> INT;
}

const SCHED_PRIORITY: Kind = INT;
const CLOCK: Kind = bits(&crate::sets::time::CLOCK);
const WAITER: Kind = Kind::new(Shape::Struct(&crate::structs::ipc::FUTEX_WAITV));
const REMOTE: Kind = Kind::new(Shape::Struct(&s::IOVEC));
const CMD: Sibling = Sibling { scope: Scope::Arg, index: 0 };
/// The id of a security module.
const LSM_ID: Kind = bits64(&security::LSM_ID);
/// The flags of landlock_create_ruleset.
const CREATE: Sibling = Sibling { scope: Scope::Arg, index: 2 };
const fn arg(index: u8) -> Sibling {
    Sibling { scope: Scope::Arg, index }
}
const KCMP_1: &[(u64, Kind)] = &[
    (0, custom(Custom::FdOf(arg(0)))),
    (1, ABSENT),
    (2, ABSENT),
    (3, ABSENT),
    (4, ABSENT),
    (5, ABSENT),
    (6, ABSENT),
    (7, custom(Custom::FdOf(arg(0)))),
];
const KCMP_2: &[(u64, Kind)] = &[
    (0, custom(Custom::FdOf(arg(1)))),
    (1, ABSENT),
    (2, ABSENT),
    (3, ABSENT),
    (4, ABSENT),
    (5, ABSENT),
    (6, ABSENT),
    (7, input(&const { Kind::new(Shape::Struct(&s::KCMP_EPOLL_SLOT)) })),
];
const SECCOMP_ARG: &[(u64, Kind)] = &[
    (1, custom(Custom::Bpf)),
    (2, input(&const { bits(&security::SECCOMP_RET) })),
    (3, output(&const { Kind::new(Shape::Struct(&rules::NOTIF_SIZES)) })),
];
const LANDLOCK_ATTR: &[(u64, Kind)] = &[
    (1, input(&const { Kind::new(Shape::Struct(&rules::PATH_BENEATH)) })),
    (2, input(&const { Kind::new(Shape::Struct(&rules::NET_PORT)) })),
];

crate::signatures! {
    /// Rows of i386 alone.
    I386:
    ptrace(request: longbits(&set::PTRACE), pid: trace::PROCESS, addr: trace::ADDR_ARG, data: trace::DATA_I386) -> LONG;
    clone(flags: custom(Custom::CloneFlags), child_stack: ADDR, parent_tid: by_masked(flags, 0x0010_1000, cases![(0x1000, output(&FD))], &const { output(&PID) }).when(flags, 0x0010_1000), tls: custom(Custom::UserDesc).when(flags, 0x0008_0000), child_tidptr: ADDR.when(flags, 0x0120_0000)) -> PID;
    waitpid(pid: PID, wstatus: custom(Custom::WaitStatus), options: bits(&set::WAIT)) -> INT;
    getuid32() -> UINT;
    geteuid32() -> UINT;
    getgid32() -> UINT;
    getegid32() -> UINT;
    setuid32(uid: ID) -> INT;
    setgid32(gid: ID) -> INT;
    setreuid32(ruid: ID, euid: ID) -> INT;
    setregid32(rgid: ID, egid: ID) -> INT;
    setresuid32(ruid: ID, euid: ID, suid: ID) -> INT;
    setresgid32(rgid: ID, egid: ID, sgid: ID) -> INT;
    getresuid32(ruid: output(&ID), euid: output(&ID), suid: output(&ID)) -> INT;
    getresgid32(rgid: output(&ID), egid: output(&ID), sgid: output(&ID)) -> INT;
    setfsuid32(fsuid: ID) -> UINT;
    setfsgid32(fsgid: ID) -> UINT;
    getgroups32(size: INT, list: custom(Custom::Groups(Dir::Out, RET, Width::W32))) -> INT;
    setgroups32(size: INT, list: custom(Custom::Groups(Dir::In, of(size), Width::W32))) -> INT;
    setuid(uid: ID16) -> INT;
    setgid(gid: ID16) -> INT;
    setreuid(ruid: ID16, euid: ID16) -> INT;
    setregid(rgid: ID16, egid: ID16) -> INT;
    setresuid(ruid: ID16, euid: ID16, suid: ID16) -> INT;
    setresgid(rgid: ID16, egid: ID16, sgid: ID16) -> INT;
    getresuid(ruid: output(&ID16), euid: output(&ID16), suid: output(&ID16)) -> INT;
    getresgid(rgid: output(&ID16), egid: output(&ID16), sgid: output(&ID16)) -> INT;
    setfsuid(fsuid: ID16) -> UINT;
    setfsgid(fsgid: ID16) -> UINT;
    getgroups(size: INT, list: custom(Custom::Groups(Dir::Out, RET, Width::W16))) -> INT;
    setgroups(size: INT, list: custom(Custom::Groups(Dir::In, of(size), Width::W16))) -> INT;
    ugetrlimit(resource: RESOURCE, rlim: output(&RLIMIT)) -> INT;
    futex_time64(uaddr: ADDR, futex_op: custom(Custom::FutexOp), val: VAL, timeout: FOURTH64, uaddr2: UADDR2, val3: VAL3) -> INT;
    sched_rr_get_interval_time64(pid: PID, tp: output(&TS64)) -> INT;
}
