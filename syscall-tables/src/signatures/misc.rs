//! The rest: random numbers, security, keys, BPF, performance counters, modules, the machine and obsolete calls.

use crate::cases;
use crate::kinds::*;
use crate::model::{Custom, Dir, Kind, Scope, Shape, Sibling, Width};
use crate::sets::{misc as sets, security as sec};
use crate::structs::Struct;
use crate::structs::misc as s;
use crate::structs::process::{IOVEC, SYSINFO, UTSNAME};

const fn arg(index: u8) -> Sibling {
    Sibling { scope: Scope::Arg, index }
}
const fn place(of: &'static Struct) -> Kind {
    Kind::new(Shape::Struct(of))
}

const KEY: Kind = custom(Custom::KeySerial);
const OPAQUE: Kind = custom(Custom::Opaque);
const FILTER: Kind = custom(Custom::Bpf);
const HEADER: Kind = place(&s::CAP_HEADER);
const SEGMENT: Kind = place(&s::KEXEC_SEGMENT);
const NAMES: Kind = place(&UTSNAME);
const INFO: Kind = place(&SYSINFO);
const LDT: Kind = custom(Custom::UserDesc(Dir::In));

/// Argument 0: the operation of keyctl, seccomp, syslog.
const OP: Sibling = arg(0);
const SECCOMP_FLAGS: Kind = by(OP, cases![(1, bits(&sec::SECCOMP_FILTER_FLAGS))], &HEX);
const SECCOMP_ARGS: Kind = by(
    OP,
    cases![
        (1, FILTER),
        (2, input(&const { value(&sec::SECCOMP_RET) })),
        (3, output(&const { place(&s::SECCOMP_NOTIF_SIZES) })),
    ],
    &ADDR,
);

const KEYCTL_2: Kind = by(
    OP,
    cases![
        (0, KEY),
        (1, STR),
        (2, KEY),
        (3, KEY),
        (4, KEY),
        (5, KEY),
        (6, KEY),
        (7, KEY),
        (8, KEY),
        (9, KEY),
        (10, KEY),
        (11, KEY),
        (12, KEY),
        (13, KEY),
        (14, value(&sec::KEY_REQKEY)),
        (15, KEY),
        (16, KEY),
        (17, KEY),
        (18, ABSENT),
        (19, KEY),
        (20, KEY),
        (21, KEY),
        (22, ID),
        (23, input(&const { place(&s::KEY_DH) })),
        (24, KEY),
        (25, input(&const { place(&s::KEY_PARAMS) })),
        (26, input(&const { place(&s::KEY_PARAMS) })),
        (27, input(&const { place(&s::KEY_PARAMS) })),
        (28, input(&const { place(&s::KEY_VERIFY) })),
        (29, KEY),
        (30, KEY),
        (31, ADDR),
    ],
    &HEXLONG,
);
const KEYCTL_3: Kind = by(
    OP,
    cases![
        (0, INT),
        (1, ABSENT),
        (2, in_bytes(of(arg(3)))),
        (3, ABSENT),
        (4, ID),
        (5, bits(&sec::KEY_PERM)),
        (6, out_bytes(RET)),
        (7, ABSENT),
        (8, KEY),
        (9, KEY),
        (10, STR),
        (11, out_bytes(RET)),
        (12, in_bytes(of(arg(3)))),
        (13, UINT),
        (14, ABSENT),
        (15, UINT),
        (16, ABSENT),
        (17, out_bytes(RET)),
        (18, ABSENT),
        (19, UINT),
        (20, in_array(&const { place(&IOVEC) }, of(arg(3)))),
        (21, ABSENT),
        (22, KEY),
        (23, out_bytes(RET)),
        (24, INT),
        (25, STR),
        (26, STR),
        (27, STR),
        (28, STR),
        (29, STR),
        (30, KEY),
        (31, SIZE),
    ],
    &HEXLONG,
);
const KEYCTL_4: Kind = by(
    OP,
    cases![
        (0, ABSENT),
        (1, ABSENT),
        (2, SIZE),
        (3, ABSENT),
        (4, ID),
        (5, ABSENT),
        (6, SIZE),
        (7, ABSENT),
        (8, ABSENT),
        (9, ABSENT),
        (10, STR),
        (11, SIZE),
        (12, SIZE),
        (13, KEY),
        (14, ABSENT),
        (15, ABSENT),
        (16, ABSENT),
        (17, SIZE),
        (18, ABSENT),
        (19, custom(Custom::Errno)),
        (20, SIZE),
        (21, ABSENT),
        (22, ABSENT),
        (23, SIZE),
        (24, STR),
        (25, ADDR),
        (26, ADDR),
        (27, ADDR),
        (28, ADDR),
        (29, STR),
        (30, KEY),
        (31, ABSENT),
    ],
    &HEXLONG,
);
const KEYCTL_5: Kind = by(
    OP,
    cases![
        (0, ABSENT),
        (1, ABSENT),
        (2, ABSENT),
        (3, ABSENT),
        (4, ABSENT),
        (5, ABSENT),
        (6, ABSENT),
        (7, ABSENT),
        (8, ABSENT),
        (9, ABSENT),
        (10, KEY),
        (11, ABSENT),
        (12, KEY),
        (13, ABSENT),
        (14, ABSENT),
        (15, ABSENT),
        (16, ABSENT),
        (17, ABSENT),
        (18, ABSENT),
        (19, KEY),
        (20, KEY),
        (21, ABSENT),
        (22, ABSENT),
        (23, ADDR),
        (24, output(&const { place(&s::KEY_QUERY) })),
        (25, ADDR),
        (26, ADDR),
        (27, ADDR),
        (28, ADDR),
        (29, ABSENT),
        (30, bits(&sec::KEYCTL_MOVE_FLAGS)),
        (31, ABSENT),
    ],
    &HEXLONG,
);

const SYSLOG_BUF: Kind = by(
    OP,
    cases![
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
    ],
    &ADDR,
);
const SYSLOG_LEN: Kind = by(
    OP,
    cases![
        (0, ABSENT),
        (1, ABSENT),
        (5, ABSENT),
        (6, ABSENT),
        (7, ABSENT),
        (8, custom(Custom::Commented(&sets::LOGLEVEL, Width::W32))),
        (9, ABSENT),
        (10, ABSENT),
    ],
    &INT,
);
const RULE: Kind = by(arg(1), cases![(1, input(&const { place(&s::LANDLOCK_PATH_BENEATH) }))], &ADDR);
const RULESET: Kind = by(
    arg(1),
    cases![(0, ADDR), (8, input(&const { place(&s::LANDLOCK_RULESET1) }))],
    &const { input(&const { place(&s::LANDLOCK_RULESET) }) },
);

crate::signatures! {
    /// The family's rows.
    TABLE:
    getrandom(buf: out_bytes(RET), buflen: SIZE, flags: bits(&sets::GETRANDOM)) -> SSIZE;
    uname(buf: output(&NAMES)) -> INT;
    sysinfo(info: output(&INFO)) -> INT;
    syslog(r#type: custom(Custom::Commented(&sets::SYSLOG, Width::W32)), bufp: SYSLOG_BUF, len: SYSLOG_LEN) -> INT;
    acct(filename: PATH) -> INT;
    sethostname(name: in_bytes(of(len)), len: UINT) -> INT;
    setdomainname(name: in_bytes(of(len)), len: UINT) -> INT;
    reboot(
        magic: value(&sets::REBOOT_MAGIC1), magic2: value(&sets::REBOOT_MAGIC2), op: value(&sets::REBOOT_CMD),
        arg: STR.when_is(op, 0xa1b2_c3d4),
    ) -> INT;
    vhangup() -> INT;
    capget(hdrp: input(&HEADER), datap: custom(Custom::CapData(Dir::Out))) -> INT;
    capset(hdrp: input(&HEADER), datap: custom(Custom::CapData(Dir::In))) -> INT;
    seccomp(operation: value(&sec::SECCOMP_OP), flags: SECCOMP_FLAGS, args: SECCOMP_ARGS) -> INT;
    landlock_create_ruleset(attr: RULESET, size: SIZE, flags: bits(&sec::LANDLOCK_CREATE)) -> INT;
    landlock_add_rule(ruleset_fd: FD, rule_type: value(&sec::LANDLOCK_RULE), rule_attr: RULE, flags: HEX) -> INT;
    landlock_restrict_self(ruleset_fd: FD, flags: HEX) -> INT;
    lsm_get_self_attr(attr: value(&sec::LSM_ATTR), ctx: ADDR, size: inout(&UINT), flags: bits(&sec::LSM_FLAGS)) -> INT;
    lsm_set_self_attr(attr: value(&sec::LSM_ATTR), ctx: ADDR, size: UINT, flags: HEX) -> INT;
    lsm_list_modules(ids: ADDR, size: inout(&UINT), flags: HEX) -> INT;
    add_key(r#type: STR, description: STR, payload: in_bytes(of(plen)), plen: SIZE, keyring: KEY) -> INT;
    request_key(r#type: STR, description: STR, callout_info: STR, dest_keyring: KEY) -> INT;
    keyctl(operation: value(&sec::KEYCTL), arg2: KEYCTL_2, arg3: KEYCTL_3, arg4: KEYCTL_4, arg5: KEYCTL_5) -> LONG;
    bpf(cmd: value(&sec::BPF_CMD), attr: OPAQUE, size: UINT) -> INT;
    perf_event_open(attr: OPAQUE, pid: PID, cpu: INT, group_fd: FD, flags: longbits(&sets::PERF_FLAGS)) -> FD;
    init_module(module_image: ADDR, len: SIZE, param_values: STR) -> INT;
    finit_module(fd: FD, param_values: STR, flags: bits(&sets::MODULE_INIT)) -> INT;
    delete_module(name: STR, flags: bits(&sets::DELETE_MODULE)) -> INT;
    kexec_load(
        entry: ADDR, nr_segments: SIZE, segments: in_array(&SEGMENT, of(nr_segments)), flags: custom(Custom::KexecFlags),
    ) -> INT;
    kexec_file_load(
        kernel_fd: FD, initrd_fd: FD, cmdline_len: SIZE, cmdline: in_bytes(of(cmdline_len)),
        flags: longbits(&sets::KEXEC_FILE),
    ) -> INT;
    modify_ldt(func: INT, ptr: by(func, cases![(1, LDT), (17, LDT)], &ADDR), bytecount: SIZE) -> INT;
    iopl(level: INT) -> INT;
    ioperm(from: HEXLONG, num: HEXLONG, turn_on: INT) -> INT;
    uretprobe() -> LONG;
    uprobe() -> LONG;
    lookup_dcookie(cookie: WIDE, buffer: out_bytes(RET), len: SIZE) -> INT;
    sysfs(option: HEXLONG, arg1: HEXLONG, arg2: HEXLONG) -> INT;
    uselib(library: PATH) -> INT;
    _sysctl(args: ADDR) -> INT;
    nfsservctl(cmd: HEXLONG, argp: HEXLONG, resp: HEXLONG) -> INT;
    create_module(name: HEXLONG, size: HEXLONG) -> INT;
    get_kernel_syms(table: HEXLONG) -> INT;
    query_module(name: HEXLONG, which: HEXLONG, buf: HEXLONG, bufsize: HEXLONG, ret: HEXLONG) -> INT;
    getpmsg(arg1: HEXLONG, arg2: HEXLONG, arg3: HEXLONG, arg4: HEXLONG, arg5: HEXLONG) -> INT;
    putpmsg(arg1: HEXLONG, arg2: HEXLONG, arg3: HEXLONG, arg4: HEXLONG, arg5: HEXLONG) -> INT;
    afs_syscall(arg1: HEXLONG, arg2: HEXLONG, arg3: HEXLONG, arg4: HEXLONG, arg5: HEXLONG) -> INT;
    tuxcall(arg1: HEXLONG, arg2: HEXLONG, arg3: HEXLONG) -> INT;
    security(arg1: HEXLONG, arg2: HEXLONG, arg3: HEXLONG) -> INT;
    vserver(arg1: HEXLONG, arg2: HEXLONG, arg3: HEXLONG, arg4: HEXLONG, arg5: HEXLONG) -> INT;
}

crate::signatures! {
    /// Rows of i386 alone.
    I386:
    olduname(buf: HEXLONG) -> INT;
    oldolduname(buf: HEXLONG) -> INT;
    r#break() -> INT;
    stty(fd: HEXLONG, argp: HEXLONG) -> INT;
    gtty(fd: HEXLONG, argp: HEXLONG) -> INT;
    prof() -> INT;
    profil(buf: HEXLONG, bufsiz: HEXLONG, offset: HEXLONG, scale: HEXLONG) -> INT;
    lock() -> INT;
    mpx() -> INT;
    ulimit(cmd: HEXLONG, newlimit: HEXLONG) -> INT;
    idle() -> INT;
    bdflush(func: HEXLONG, data: HEXLONG) -> INT;
    vm86(func: HEXLONG, v86: HEXLONG, arg3: HEXLONG, arg4: HEXLONG, arg5: HEXLONG) -> INT;
    vm86old(info: HEXLONG) -> INT;
}
