//! The rest: uname(2), sysinfo(2), modules, keys, bpf(2), perf_event_open(2), and calls of the past.

use crate::kinds::*;
use crate::model::{Custom, Kind, Shape};
use crate::sets::{misc as set, security};
use crate::structs::process as s;

const UTSNAME: Kind = Kind::new(Shape::Struct(&s::UTSNAME));
const SYSINFO: Kind = Kind::new(Shape::Struct(&s::SYSINFO));

crate::signatures! {
    /// The family's rows.
    TABLE:
    uname(buf: output(&UTSNAME)) -> INT;
    sysinfo(info: output(&SYSINFO)) -> INT;
    sethostname(name: in_bytes(of(len)), len: UINT) -> INT;
    setdomainname(name: in_bytes(of(len)), len: UINT) -> INT;
    syslog(r#type: bits(&set::SYSLOG), bufp: ADDR, len: INT) -> INT;
    reboot(magic: bits(&set::REBOOT_MAGIC1), magic2: bits(&set::REBOOT_MAGIC2), op: bits(&set::REBOOT_CMD), arg: ADDR) -> INT;
    vhangup() -> INT;
    init_module(module_image: ADDR, len: ULONG, param_values: STR) -> INT;
    finit_module(fd: FD, param_values: STR, flags: bits(&set::MODULE_INIT)) -> INT;
    delete_module(name: STR, flags: bits(&set::DELETE_MODULE)) -> INT;
    create_module(name: STR, size: SIZE) -> HEXLONG;
    kexec_load(entry: ADDR, nr_segments: ULONG, segments: ADDR, flags: HEXLONG) -> INT;
    kexec_file_load(kernel_fd: FD, initrd_fd: FD, cmdline_len: ULONG, cmdline: in_bytes(of(cmdline_len)), flags: longbits(&set::KEXEC_FILE)) -> INT;
    bpf(cmd: bits(&security::BPF_CMD), attr: custom(Custom::BpfAttributes(cmd, size)), size: UINT) -> INT;
    perf_event_open(attr: ADDR, pid: PID, cpu: INT, group_fd: FD, flags: longbits(&set::PERF_FLAGS)) -> FD;
    uselib(library: PATH) -> INT;
    _sysctl(args: ADDR) -> INT;
    nfsservctl(cmd: UINT, argp: ADDR, resp: ADDR) -> INT;
    get_kernel_syms(table: ADDR) -> INT;
    query_module(name: STR, which: INT, buf: ADDR, bufsize: SIZE, ret: ADDR) -> INT;
    getpmsg(arg1: HEXLONG, arg2: HEXLONG, arg3: HEXLONG, arg4: HEXLONG, arg5: HEXLONG) -> INT;
    putpmsg(arg1: HEXLONG, arg2: HEXLONG, arg3: HEXLONG, arg4: HEXLONG, arg5: HEXLONG) -> INT;
    afs_syscall(arg1: HEXLONG, arg2: HEXLONG, arg3: HEXLONG, arg4: HEXLONG, arg5: HEXLONG) -> INT;
    tuxcall(arg1: HEXLONG, arg2: HEXLONG, arg3: HEXLONG) -> INT;
    security(arg1: HEXLONG, arg2: HEXLONG, arg3: HEXLONG) -> INT;
    vserver(cmd: UINT, id: HEX, data: ADDR) -> INT;
    epoll_ctl_old(arg1: HEXLONG, arg2: HEXLONG, arg3: HEXLONG, arg4: HEXLONG) -> INT;
    epoll_wait_old(arg1: HEXLONG, arg2: HEXLONG, arg3: HEXLONG, arg4: HEXLONG) -> INT;
    uretprobe() -> LONG;
    uprobe() -> LONG;
    listns(req: ADDR, ns_ids: ADDR, nr_ns_ids: SIZE, flags: HEX) -> INT;
    rseq_slice_yield() -> INT;
}
crate::signatures! {
    /// Rows of i386 alone.
    I386:
    olduname(buf: ADDR) -> INT;
    oldolduname(buf: ADDR) -> INT;
    vm86(func: ULONG, v86: ADDR) -> INT;
    vm86old(v86: ADDR) -> INT;
    bdflush(func: INT, data: HEXLONG) -> INT;
    idle() -> INT;
    lock(arg1: HEXLONG) -> INT;
    r#break() -> INT;
    ftime(arg1: HEXLONG) -> INT;
    gtty(arg1: HEXLONG) -> INT;
    stty(arg1: HEXLONG) -> INT;
    mpx(arg1: HEXLONG) -> INT;
    prof(arg1: HEXLONG) -> INT;
    profil(arg1: HEXLONG) -> INT;
    ulimit(arg1: HEXLONG) -> INT;
}
