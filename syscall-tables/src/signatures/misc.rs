//! The rest: uname(2), sysinfo(2), modules, keys, bpf(2), perf_event_open(2), and calls of the past.

use crate::kinds::*;
use crate::model::{Custom, Dir, Kind, Shape, Width};
use crate::sets::{misc as set, security};
use crate::structs::mount::SEGMENT as KEXEC_SEGMENT;
use crate::structs::process as s;

const UTSNAME: Kind = Kind::new(Shape::Struct(&s::UTSNAME));
const SYSINFO: Kind = Kind::new(Shape::Struct(&s::SYSINFO));
const SYSINFO_I386: Kind = Kind::new(Shape::Struct(&s::SYSINFO_I386));

const SYSCTL: Kind = Kind::new(Shape::Struct(&s::SYSCTL));
const SEGMENT: Kind = Kind::new(Shape::Struct(&KEXEC_SEGMENT));
/// __NEW_UTS_LEN of linux/utsname.h.
const HOST_NAME: u32 = 64;
/// The buffer of syslog, by action: the actions that read and those that have none.
const SYSLOG_BUFFER: &[(u64, Kind)] = &[
    (0, ABSENT),
    (1, ABSENT),
    (2, out_bytes(RET)),
    (3, out_bytes(RET)),
    (4, out_bytes(RET)),
    (5, ABSENT),
    (6, ABSENT),
    (7, ABSENT),
    (9, ABSENT),
    (10, ABSENT),
];
/// Its length: a level for SYSLOG_ACTION_CONSOLE_LEVEL.
const SYSLOG_LEN: &[(u64, Kind)] = &[
    (0, ABSENT),
    (1, ABSENT),
    (5, ABSENT),
    (6, ABSENT),
    (7, ABSENT),
    (8, custom(Custom::Remarked(&set::LOGLEVEL))),
    (9, ABSENT),
    (10, ABSENT),
];
crate::signatures! {
    /// The family's rows.
    TABLE:
    uname(buf: output(&UTSNAME)) -> INT;
    sysinfo(info: output(&SYSINFO)) -> INT;
    sethostname(name: custom(Custom::Capped(Dir::In, of(len), HOST_NAME, false)), len: UINT) -> INT;
    setdomainname(name: custom(Custom::Capped(Dir::In, of(len), HOST_NAME, false)), len: UINT) -> INT;
    syslog(r#type: custom(Custom::Remarked(&set::SYSLOG)), bufp: by(r#type, SYSLOG_BUFFER, &ADDR), len: by(r#type, SYSLOG_LEN, &INT)) -> INT;
    reboot(magic: bits(&set::REBOOT_MAGIC1), magic2: bits(&set::REBOOT_MAGIC2), op: bits(&set::REBOOT_CMD), arg: custom(Custom::ShortText(Dir::In, 255)).when_is(op, 0xa1b2_c3d4)) -> INT;
    vhangup() -> INT;
    init_module(module_image: ADDR, len: ULONG, param_values: STR) -> INT;
    finit_module(fd: FD, param_values: STR, flags: bits(&set::MODULE_INIT)) -> INT;
    delete_module(name: STR, flags: bits(&set::DELETE_MODULE)) -> INT;
    create_module(name: HEXLONG, size: HEXLONG) -> LONG;
    kexec_load(entry: ADDR, nr_segments: ULONG, segments: custom(Custom::Few(&SEGMENT, nr_segments, 16)), flags: custom(Custom::Class(&set::KEXEC_ARCH, 0xffff_0000, &set::KEXEC_FLAGS, Width::Long))) -> INT;
    kexec_file_load(kernel_fd: FD, initrd_fd: FD, cmdline_len: ULONG, cmdline: in_bytes(of(cmdline_len)), flags: longbits(&set::KEXEC_FILE)) -> INT;
    bpf(cmd: bits(&security::BPF_CMD), attr: custom(Custom::BpfAttributes(cmd, size)), size: UINT) -> custom(Custom::BpfReturn);
    perf_event_open(attr: custom(Custom::PerfAttr), pid: PID, cpu: INT, group_fd: FD, flags: longbits(&set::PERF_FLAGS)) -> FD;
    uselib(library: PATH) -> INT;
    _sysctl(args: input(&SYSCTL)) -> INT;
    nfsservctl(cmd: HEXLONG, argp: HEXLONG, resp: HEXLONG) -> INT;
    get_kernel_syms(table: HEXLONG) -> INT;
    query_module(name: HEXLONG, which: HEXLONG, buf: HEXLONG, bufsize: HEXLONG, ret: HEXLONG) -> INT;
    getpmsg(arg1: HEXLONG, arg2: HEXLONG, arg3: HEXLONG, arg4: HEXLONG, arg5: HEXLONG) -> INT;
    putpmsg(arg1: HEXLONG, arg2: HEXLONG, arg3: HEXLONG, arg4: HEXLONG, arg5: HEXLONG) -> INT;
    afs_syscall(arg1: HEXLONG, arg2: HEXLONG, arg3: HEXLONG, arg4: HEXLONG, arg5: HEXLONG) -> INT;
    tuxcall(arg1: HEXLONG, arg2: HEXLONG, arg3: HEXLONG) -> INT;
    security(arg1: HEXLONG, arg2: HEXLONG, arg3: HEXLONG) -> INT;
    vserver(cmd: HEXLONG, id: HEXLONG, data: HEXLONG, arg4: HEXLONG, arg5: HEXLONG) -> INT;
    epoll_ctl_old(arg1: HEXLONG, arg2: HEXLONG, arg3: HEXLONG, arg4: HEXLONG) -> INT;
    epoll_wait_old(arg1: HEXLONG, arg2: HEXLONG, arg3: HEXLONG, arg4: HEXLONG) -> INT;
    uretprobe() -> LONG;
    uprobe() -> LONG;
    rseq_slice_yield() -> INT;
}
crate::signatures! {
    /// Rows of i386 alone.
    I386:
    sysinfo(info: output(&SYSINFO_I386)) -> INT;
    olduname(buf: HEXLONG) -> INT;
    oldolduname(buf: HEXLONG) -> INT;
    vm86(func: HEXLONG, v86: HEXLONG, arg3: HEXLONG, arg4: HEXLONG, arg5: HEXLONG) -> INT;
    vm86old(v86: HEXLONG) -> INT;
    bdflush(func: HEXLONG, data: HEXLONG) -> INT;
    idle() -> INT;
    lock() -> INT;
    r#break() -> INT;
    ftime() -> INT;
    gtty(arg1: HEXLONG, arg2: HEXLONG) -> INT;
    stty(arg1: HEXLONG, arg2: HEXLONG) -> INT;
    mpx() -> INT;
    prof() -> INT;
    profil(arg1: HEXLONG, arg2: HEXLONG, arg3: HEXLONG, arg4: HEXLONG) -> INT;
    ulimit(arg1: HEXLONG, arg2: HEXLONG) -> INT;
}
