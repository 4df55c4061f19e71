//! Processes: execve(2), clone(2), wait(2), prctl(2), rlimits, ids, scheduling, namespaces.

use crate::kinds::*;
use crate::model::{Custom, Dir, Kind, Len, Shape};
use crate::sets::{fs, ipc, process as set, sched, security};
use crate::structs::process as s;
use crate::structs::time::{TS, TS64};

const RLIMIT: Kind = Kind::new(Shape::Struct(&s::RLIMIT));
const RLIMIT64: Kind = Kind::new(Shape::Struct(&s::RLIMIT64));
const RUSAGE: Kind = Kind::new(Shape::Struct(&s::RUSAGE));
const TMS: Kind = Kind::new(Shape::Struct(&s::TMS));
const COMM: Kind = Kind::new(Shape::Chars(16));
const WHO: Kind = bits(&set::RUSAGE);
const RESOURCE: Kind = bits(&set::RLIMIT);
const CAP: Kind = longbits(&security::CAP);
const PRCTL_2: &[(u64, Kind)] = &[
    (1, SIGNO),
    (2, output(&SIGNO)),
    (3, ABSENT),
    (4, longbits(&set::PR_DUMPABLE)),
    (7, ABSENT),
    (8, ULONG),
    (15, STR),
    (16, output(&COMM)),
    (21, ABSENT),
    (22, longbits(&security::SECCOMP_MODE)),
    (23, CAP),
    (24, CAP),
    (27, ABSENT),
    (28, longbits(&security::SECUREBITS)),
    (29, ULONG),
    (30, ABSENT),
    (36, ULONG),
    (37, output(&INT)),
    (38, ULONG),
    (0x5356_4d41, longbits(&set::PR_SET_VMA_OP)),
    (47, longbits(&set::PR_CAP_AMBIENT_OP)),
];
const PRCTL_3: &[(u64, Kind)] = &[
    (1, ABSENT),
    (2, ABSENT),
    (3, ABSENT),
    (4, ABSENT),
    (7, ABSENT),
    (8, ABSENT),
    (15, ABSENT),
    (16, ABSENT),
    (21, ABSENT),
    (23, ABSENT),
    (24, ABSENT),
    (27, ABSENT),
    (28, ABSENT),
    (29, ABSENT),
    (30, ABSENT),
    (36, ABSENT),
    (37, ABSENT),
    (22, ADDR),
    (47, CAP),
    (0x5356_4d41, ADDR),
];
const PRCTL_4: &[(u64, Kind)] = &[
    (1, ABSENT),
    (2, ABSENT),
    (3, ABSENT),
    (4, ABSENT),
    (7, ABSENT),
    (8, ABSENT),
    (15, ABSENT),
    (16, ABSENT),
    (21, ABSENT),
    (23, ABSENT),
    (24, ABSENT),
    (27, ABSENT),
    (28, ABSENT),
    (29, ABSENT),
    (30, ABSENT),
    (36, ABSENT),
    (37, ABSENT),
    (22, ABSENT),
    (0x5356_4d41, SIZE),
];
const PRCTL_5: &[(u64, Kind)] = &[
    (1, ABSENT),
    (2, ABSENT),
    (3, ABSENT),
    (4, ABSENT),
    (7, ABSENT),
    (8, ABSENT),
    (15, ABSENT),
    (16, ABSENT),
    (21, ABSENT),
    (23, ABSENT),
    (24, ABSENT),
    (27, ABSENT),
    (28, ABSENT),
    (29, ABSENT),
    (30, ABSENT),
    (36, ABSENT),
    (37, ABSENT),
    (22, ABSENT),
    (0x5356_4d41, STR),
];

/// FUTEX_CMD_MASK.
const FUTEX_CMD: u64 = 0x7f;
const BITSET: Kind = bits(&FUTEX_BITSET);
const FUTEX_VAL: &[(u64, Kind)] =
    &[(1, INT), (6, ABSENT), (7, ABSENT), (8, ABSENT), (3, INT), (4, INT), (5, INT), (10, INT)];
const FUTEX_TIMEOUT: &[(u64, Kind)] = &[
    (1, ABSENT),
    (7, ABSENT),
    (8, ABSENT),
    (3, ULONG),
    (4, ULONG),
    (5, ULONG),
    (12, ULONG),
    (10, ABSENT),
    (0, input(&TS)),
    (6, input(&TS)),
    (9, input(&TS)),
    (11, input(&TS)),
    (13, input(&TS)),
];
const FUTEX_TIMEOUT64: &[(u64, Kind)] = &[
    (1, ABSENT),
    (7, ABSENT),
    (8, ABSENT),
    (3, ULONG),
    (4, ULONG),
    (5, ULONG),
    (12, ULONG),
    (10, ABSENT),
    (0, input(&TS64)),
    (6, input(&TS64)),
    (9, input(&TS64)),
    (11, input(&TS64)),
    (13, input(&TS64)),
];
const FUTEX_UADDR2: &[(u64, Kind)] = &[
    (0, ABSENT),
    (1, ABSENT),
    (2, ABSENT),
    (6, ABSENT),
    (7, ABSENT),
    (8, ABSENT),
    (9, ABSENT),
    (10, ABSENT),
    (13, ABSENT),
    (3, ADDR),
    (4, ADDR),
    (5, ADDR),
    (11, ADDR),
    (12, ADDR),
];
const FUTEX_VAL3: &[(u64, Kind)] = &[
    (0, ABSENT),
    (1, ABSENT),
    (2, ABSENT),
    (3, ABSENT),
    (6, ABSENT),
    (7, ABSENT),
    (8, ABSENT),
    (11, ABSENT),
    (13, ABSENT),
    (4, UINT),
    (5, HEX),
    (9, BITSET),
    (10, BITSET),
    (12, UINT),
];

crate::sets! {
    /// The bit set of FUTEX_WAIT_BITSET.
    FUTEX_BITSET: Values, Hex, "" {
        FUTEX_BITSET_MATCH_ANY = 0xffff_ffff,
    }
}

crate::signatures! {
    /// The family's rows.
    TABLE:
    execve(pathname: PATH, argv: ARGV, envp: ENVP) -> INT;
    execveat(dirfd: DIRFD, pathname: PATH, argv: ARGV, envp: ENVP, flags: bits(&fs::AT)) -> INT;
    clone(flags: custom(Custom::CloneFlags), child_stack: ADDR, parent_tid: output(&PID).when(flags, 0x0010_1000), child_tidptr: ADDR.when(flags, 0x0120_0000), tls: ADDR.when(flags, 0x0008_0000)) -> PID;
    clone3(cl_args: custom(Custom::CloneArgs), size: SIZE) -> PID;
    fork() -> PID;
    vfork() -> PID;
    exit(status: INT) -> INT;
    exit_group(status: INT) -> INT;
    wait4(pid: PID, wstatus: custom(Custom::WaitStatus), options: bits(&set::WAIT), rusage: output(&RUSAGE)) -> INT;
    waitid(idtype: bits(&set::ID_TYPE), id: PID, infop: custom(Custom::SigInfo(Dir::Out)), options: bits(&set::WAIT), rusage: output(&RUSAGE)) -> INT;
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
    getgroups(size: INT, list: out_array(&ID, RET)) -> INT;
    setgroups(size: INT, list: in_array(&ID, of(size))) -> INT;
    getrlimit(resource: RESOURCE, rlim: output(&RLIMIT)) -> INT;
    setrlimit(resource: RESOURCE, rlim: input(&RLIMIT)) -> INT;
    prlimit64(pid: PID, resource: RESOURCE, new_limit: input(&RLIMIT64), old_limit: output(&RLIMIT64)) -> INT;
    getrusage(who: WHO, usage: output(&RUSAGE)) -> INT;
    times(buf: output(&TMS)) -> ULONG;
    prctl(option: bits(&set::PRCTL), arg2: by(option, PRCTL_2, &HEXLONG), arg3: by(option, PRCTL_3, &P3), arg4: by(option, PRCTL_4, &P4), arg5: by(option, PRCTL_5, &P5)) -> INT;
    arch_prctl(code: bits(&set::ARCH_PRCTL), addr: ADDR) -> INT;
    set_tid_address(tidptr: ADDR) -> INT;
    set_robust_list(head: ADDR, len: SIZE) -> INT;
    get_robust_list(pid: PID, head_ptr: ADDR, len_ptr: ADDR) -> INT;
    rseq(rseq: ADDR, rseq_len: HEX, flags: HEX, sig: HEX) -> INT;
    membarrier(cmd: bits(&ipc::MEMBARRIER), flags: HEX) -> INT;
    futex(uaddr: ADDR, futex_op: custom(Custom::FutexOp), val: by_masked(futex_op, FUTEX_CMD, FUTEX_VAL, &UINT), timeout: by_masked(futex_op, FUTEX_CMD, FUTEX_TIMEOUT, &ADDR), uaddr2: by_masked(futex_op, FUTEX_CMD, FUTEX_UADDR2, &ADDR), val3: by_masked(futex_op, FUTEX_CMD, FUTEX_VAL3, &HEX)) -> INT;
    futex_waitv(waiters: ADDR, nr_futexes: UINT, flags: HEX, timeout: input(&TS64), clockid: bits(&crate::sets::time::CLOCK)) -> INT;
    futex_wake(uaddr: ADDR, mask: HEXLONG, nr: INT, flags: HEX) -> INT;
    futex_wait(uaddr: ADDR, val: ULONG, mask: HEXLONG, flags: HEX, timeout: input(&TS64), clockid: bits(&crate::sets::time::CLOCK)) -> INT;
    futex_requeue(waiters: ADDR, flags: HEX, nr_wake: INT, nr_requeue: INT) -> INT;
    unshare(flags: bits(&set::UNSHARE)) -> INT;
    setns(fd: FD, nstype: bits(&set::SETNS)) -> INT;
    pidfd_open(pid: PID, flags: bits(&set::PIDFD_OPEN)) -> FD;
    pidfd_send_signal(pidfd: FD, sig: SIGNO, info: ADDR, flags: HEX) -> INT;
    pidfd_getfd(pidfd: FD, targetfd: INT, flags: HEX) -> FD;
    kcmp(pid1: PID, pid2: PID, r#type: bits(&set::KCMP), idx1: HEXLONG, idx2: HEXLONG) -> INT;
    process_vm_readv(pid: PID, local_iov: ADDR, liovcnt: ULONG, remote_iov: ADDR, riovcnt: ULONG, flags: ULONG) -> SIZE;
    process_vm_writev(pid: PID, local_iov: ADDR, liovcnt: ULONG, remote_iov: ADDR, riovcnt: ULONG, flags: ULONG) -> SIZE;
    ptrace(request: longbits(&set::PTRACE), pid: PID, addr: ADDR, data: ADDR) -> INT;
    capget(hdrp: ADDR, datap: ADDR) -> INT;
    capset(hdrp: ADDR, datap: ADDR) -> INT;
    personality(persona: custom(Custom::Personality(false))) -> custom(Custom::Personality(true));
    getpriority(which: bits(&set::PRIORITY), who: INT) -> INT;
    setpriority(which: bits(&set::PRIORITY), who: INT, prio: INT) -> INT;
    ioprio_get(which: bits(&sched::IOPRIO_WHO), who: INT) -> HEX;
    ioprio_set(which: bits(&sched::IOPRIO_WHO), who: INT, ioprio: HEX) -> INT;
    sched_yield() -> INT;
    sched_setparam(pid: PID, param: input(&SCHED_PRIORITY)) -> INT;
    sched_getparam(pid: PID, param: output(&SCHED_PRIORITY)) -> INT;
    sched_setscheduler(pid: PID, policy: bits(&sched::SCHED_POLICY), param: input(&SCHED_PRIORITY)) -> INT;
    sched_getscheduler(pid: PID) -> bits(&sched::SCHED_POLICY);
    sched_get_priority_max(policy: bits(&sched::SCHED_POLICY)) -> INT;
    sched_get_priority_min(policy: bits(&sched::SCHED_POLICY)) -> INT;
    sched_rr_get_interval(pid: PID, tp: output(&TS)) -> INT;
    sched_setaffinity(pid: PID, cpusetsize: UINT, mask: custom(Custom::CpuSet(Dir::In, Len::Of(cpusetsize)))) -> INT;
    sched_getaffinity(pid: PID, cpusetsize: UINT, mask: custom(Custom::CpuSet(Dir::Out, Len::Ret))) -> UINT;
    sched_setattr(pid: PID, attr: ADDR, flags: HEX) -> INT;
    sched_getattr(pid: PID, attr: ADDR, size: UINT, flags: HEX) -> INT;
    getcpu(cpu: output(&UINT), node: output(&UINT), tcache: ADDR) -> INT;
    seccomp(operation: bits(&security::SECCOMP_OP), flags: bits(&security::SECCOMP_FILTER_FLAGS), args: ADDR) -> INT;
    landlock_create_ruleset(attr: ADDR, size: SIZE, flags: bits(&security::LANDLOCK_CREATE)) -> INT;
    landlock_add_rule(ruleset_fd: FD, rule_type: bits(&security::LANDLOCK_RULE), rule_attr: ADDR, flags: HEX) -> INT;
    landlock_restrict_self(ruleset_fd: FD, flags: HEX) -> INT;
    lsm_get_self_attr(attr: UINT, ctx: ADDR, size: ADDR, flags: HEX) -> INT;
    lsm_set_self_attr(attr: UINT, ctx: ADDR, size: UINT, flags: HEX) -> INT;
    lsm_list_modules(ids: ADDR, size: ADDR, flags: HEX) -> INT;
    modify_ldt(func: INT, ptr: ADDR, bytecount: ULONG) -> INT;
    set_thread_area(u_info: custom(Custom::UserDesc)) -> custom(Custom::UserDescReturn);
    get_thread_area(u_info: ADDR) -> INT;
    iopl(level: INT) -> INT;
    ioperm(from: HEXLONG, num: HEXLONG, turn_on: INT) -> INT;
    nice(inc: INT) -> INT;
}

const SCHED_PRIORITY: Kind = INT;
const P3: Kind = HEXLONG;
const P4: Kind = HEXLONG;
const P5: Kind = HEXLONG;

crate::signatures! {
    /// Rows of i386 alone.
    I386:
    clone(flags: custom(Custom::CloneFlags), child_stack: ADDR, parent_tid: output(&PID).when(flags, 0x0010_1000), tls: ADDR.when(flags, 0x0008_0000), child_tidptr: ADDR.when(flags, 0x0120_0000)) -> PID;
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
    getgroups32(size: INT, list: out_array(&ID, RET)) -> INT;
    setgroups32(size: INT, list: in_array(&ID, of(size))) -> INT;
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
    getgroups(size: INT, list: out_array(&ID16, RET)) -> INT;
    setgroups(size: INT, list: in_array(&ID16, of(size))) -> INT;
    ugetrlimit(resource: RESOURCE, rlim: output(&RLIMIT)) -> INT;
    futex_time64(uaddr: ADDR, futex_op: custom(Custom::FutexOp), val: by_masked(futex_op, FUTEX_CMD, FUTEX_VAL, &UINT), timeout: by_masked(futex_op, FUTEX_CMD, FUTEX_TIMEOUT64, &ADDR), uaddr2: by_masked(futex_op, FUTEX_CMD, FUTEX_UADDR2, &ADDR), val3: by_masked(futex_op, FUTEX_CMD, FUTEX_VAL3, &HEX)) -> INT;
    sched_rr_get_interval_time64(pid: PID, tp: output(&TS64)) -> INT;
}
