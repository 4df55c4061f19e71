//! Constants that crate `linux-raw-sys` has no text for, written by hand. The header is named over
//! each group; constants without a header are masks that only these tables use.
#![allow(missing_docs, non_upper_case_globals, reason = "the names are the kernel's")]

// <asm/prctl.h>
pub const ARCH_SET_GS: u64 = 0x1001;
pub const ARCH_GET_FS: u64 = 0x1003;
pub const ARCH_GET_GS: u64 = 0x1004;
pub const ARCH_GET_CPUID: u64 = 0x1011;
pub const ARCH_SET_CPUID: u64 = 0x1012;
pub const ARCH_GET_XCOMP_SUPP: u64 = 0x1021;
pub const ARCH_GET_XCOMP_PERM: u64 = 0x1022;
pub const ARCH_REQ_XCOMP_PERM: u64 = 0x1023;
pub const ARCH_GET_XCOMP_GUEST_PERM: u64 = 0x1024;
pub const ARCH_REQ_XCOMP_GUEST_PERM: u64 = 0x1025;
pub const ARCH_MAP_VDSO_X32: u64 = 0x2001;
pub const ARCH_MAP_VDSO_32: u64 = 0x2002;
pub const ARCH_MAP_VDSO_64: u64 = 0x2003;

// <linux/bpf.h>
pub const BPF_CGROUP_INET_INGRESS: u64 = 0;
pub const BPF_MAP_CREATE: u64 = 0;
pub const BPF_MAP_TYPE_UNSPEC: u64 = 0;
pub const BPF_PROG_TYPE_UNSPEC: u64 = 0;
pub const BPF_CGROUP_INET_EGRESS: u64 = 1;
pub const BPF_MAP_LOOKUP_ELEM: u64 = 1;
pub const BPF_MAP_TYPE_HASH: u64 = 1;
pub const BPF_PROG_TYPE_SOCKET_FILTER: u64 = 1;
pub const BPF_CGROUP_INET_SOCK_CREATE: u64 = 2;
pub const BPF_MAP_TYPE_ARRAY: u64 = 2;
pub const BPF_MAP_UPDATE_ELEM: u64 = 2;
pub const BPF_PROG_TYPE_KPROBE: u64 = 2;
pub const BPF_CGROUP_SOCK_OPS: u64 = 3;
pub const BPF_MAP_DELETE_ELEM: u64 = 3;
pub const BPF_MAP_TYPE_PROG_ARRAY: u64 = 3;
pub const BPF_PROG_TYPE_SCHED_CLS: u64 = 3;
pub const BPF_MAP_GET_NEXT_KEY: u64 = 4;
pub const BPF_MAP_TYPE_PERF_EVENT_ARRAY: u64 = 4;
pub const BPF_PROG_TYPE_SCHED_ACT: u64 = 4;
pub const BPF_SK_SKB_STREAM_PARSER: u64 = 4;
pub const BPF_MAP_TYPE_PERCPU_HASH: u64 = 5;
pub const BPF_PROG_LOAD: u64 = 5;
pub const BPF_PROG_TYPE_TRACEPOINT: u64 = 5;
pub const BPF_SK_SKB_STREAM_VERDICT: u64 = 5;
pub const BPF_CGROUP_DEVICE: u64 = 6;
pub const BPF_MAP_TYPE_PERCPU_ARRAY: u64 = 6;
pub const BPF_OBJ_PIN: u64 = 6;
pub const BPF_PROG_TYPE_XDP: u64 = 6;
pub const BPF_MAP_TYPE_STACK_TRACE: u64 = 7;
pub const BPF_OBJ_GET: u64 = 7;
pub const BPF_PROG_TYPE_PERF_EVENT: u64 = 7;
pub const BPF_SK_MSG_VERDICT: u64 = 7;
pub const BPF_CGROUP_INET4_BIND: u64 = 8;
pub const BPF_MAP_TYPE_CGROUP_ARRAY: u64 = 8;
pub const BPF_PROG_ATTACH: u64 = 8;
pub const BPF_PROG_TYPE_CGROUP_SKB: u64 = 8;
pub const BPF_CGROUP_INET6_BIND: u64 = 9;
pub const BPF_MAP_TYPE_LRU_HASH: u64 = 9;
pub const BPF_PROG_DETACH: u64 = 9;
pub const BPF_PROG_TYPE_CGROUP_SOCK: u64 = 9;
pub const BPF_CGROUP_INET4_CONNECT: u64 = 0xa;
pub const BPF_MAP_TYPE_LRU_PERCPU_HASH: u64 = 0xa;
pub const BPF_PROG_TEST_RUN: u64 = 0xa;
pub const BPF_PROG_TYPE_LWT_IN: u64 = 0xa;
pub const BPF_CGROUP_INET6_CONNECT: u64 = 0xb;
pub const BPF_MAP_TYPE_LPM_TRIE: u64 = 0xb;
pub const BPF_PROG_GET_NEXT_ID: u64 = 0xb;
pub const BPF_PROG_TYPE_LWT_OUT: u64 = 0xb;
pub const BPF_CGROUP_INET4_POST_BIND: u64 = 0xc;
pub const BPF_MAP_GET_NEXT_ID: u64 = 0xc;
pub const BPF_MAP_TYPE_ARRAY_OF_MAPS: u64 = 0xc;
pub const BPF_PROG_TYPE_LWT_XMIT: u64 = 0xc;
pub const BPF_CGROUP_INET6_POST_BIND: u64 = 0xd;
pub const BPF_MAP_TYPE_HASH_OF_MAPS: u64 = 0xd;
pub const BPF_PROG_GET_FD_BY_ID: u64 = 0xd;
pub const BPF_PROG_TYPE_SOCK_OPS: u64 = 0xd;
pub const BPF_CGROUP_UDP4_SENDMSG: u64 = 0xe;
pub const BPF_MAP_GET_FD_BY_ID: u64 = 0xe;
pub const BPF_MAP_TYPE_DEVMAP: u64 = 0xe;
pub const BPF_PROG_TYPE_SK_SKB: u64 = 0xe;
pub const BPF_CGROUP_UDP6_SENDMSG: u64 = 0xf;
pub const BPF_MAP_TYPE_SOCKMAP: u64 = 0xf;
pub const BPF_OBJ_GET_INFO_BY_FD: u64 = 0xf;
pub const BPF_PROG_TYPE_CGROUP_DEVICE: u64 = 0xf;
pub const BPF_LIRC_MODE2: u64 = 0x10;
pub const BPF_MAP_TYPE_CPUMAP: u64 = 0x10;
pub const BPF_PROG_QUERY: u64 = 0x10;
pub const BPF_PROG_TYPE_SK_MSG: u64 = 0x10;
pub const BPF_FLOW_DISSECTOR: u64 = 0x11;
pub const BPF_MAP_TYPE_XSKMAP: u64 = 0x11;
pub const BPF_PROG_TYPE_RAW_TRACEPOINT: u64 = 0x11;
pub const BPF_RAW_TRACEPOINT_OPEN: u64 = 0x11;
pub const BPF_BTF_LOAD: u64 = 0x12;
pub const BPF_CGROUP_SYSCTL: u64 = 0x12;
pub const BPF_MAP_TYPE_SOCKHASH: u64 = 0x12;
pub const BPF_PROG_TYPE_CGROUP_SOCK_ADDR: u64 = 0x12;
pub const BPF_BTF_GET_FD_BY_ID: u64 = 0x13;
pub const BPF_CGROUP_UDP4_RECVMSG: u64 = 0x13;
pub const BPF_MAP_TYPE_CGROUP_STORAGE: u64 = 0x13;
pub const BPF_PROG_TYPE_LWT_SEG6LOCAL: u64 = 0x13;
pub const BPF_CGROUP_UDP6_RECVMSG: u64 = 0x14;
pub const BPF_MAP_TYPE_REUSEPORT_SOCKARRAY: u64 = 0x14;
pub const BPF_PROG_TYPE_LIRC_MODE2: u64 = 0x14;
pub const BPF_TASK_FD_QUERY: u64 = 0x14;
pub const BPF_CGROUP_GETSOCKOPT: u64 = 0x15;
pub const BPF_MAP_LOOKUP_AND_DELETE_ELEM: u64 = 0x15;
pub const BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE: u64 = 0x15;
pub const BPF_PROG_TYPE_SK_REUSEPORT: u64 = 0x15;
pub const BPF_CGROUP_SETSOCKOPT: u64 = 0x16;
pub const BPF_MAP_FREEZE: u64 = 0x16;
pub const BPF_MAP_TYPE_QUEUE: u64 = 0x16;
pub const BPF_PROG_TYPE_FLOW_DISSECTOR: u64 = 0x16;
pub const BPF_BTF_GET_NEXT_ID: u64 = 0x17;
pub const BPF_MAP_TYPE_STACK: u64 = 0x17;
pub const BPF_PROG_TYPE_CGROUP_SYSCTL: u64 = 0x17;
pub const BPF_TRACE_RAW_TP: u64 = 0x17;
pub const BPF_MAP_LOOKUP_BATCH: u64 = 0x18;
pub const BPF_MAP_TYPE_SK_STORAGE: u64 = 0x18;
pub const BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE: u64 = 0x18;
pub const BPF_TRACE_FENTRY: u64 = 0x18;
pub const BPF_MAP_LOOKUP_AND_DELETE_BATCH: u64 = 0x19;
pub const BPF_MAP_TYPE_DEVMAP_HASH: u64 = 0x19;
pub const BPF_PROG_TYPE_CGROUP_SOCKOPT: u64 = 0x19;
pub const BPF_TRACE_FEXIT: u64 = 0x19;
pub const BPF_MAP_TYPE_STRUCT_OPS: u64 = 0x1a;
pub const BPF_MAP_UPDATE_BATCH: u64 = 0x1a;
pub const BPF_MODIFY_RETURN: u64 = 0x1a;
pub const BPF_PROG_TYPE_TRACING: u64 = 0x1a;
pub const BPF_LSM_MAC: u64 = 0x1b;
pub const BPF_MAP_DELETE_BATCH: u64 = 0x1b;
pub const BPF_MAP_TYPE_RINGBUF: u64 = 0x1b;
pub const BPF_PROG_TYPE_STRUCT_OPS: u64 = 0x1b;
pub const BPF_LINK_CREATE: u64 = 0x1c;
pub const BPF_MAP_TYPE_INODE_STORAGE: u64 = 0x1c;
pub const BPF_PROG_TYPE_EXT: u64 = 0x1c;
pub const BPF_TRACE_ITER: u64 = 0x1c;
pub const BPF_CGROUP_INET4_GETPEERNAME: u64 = 0x1d;
pub const BPF_LINK_UPDATE: u64 = 0x1d;
pub const BPF_MAP_TYPE_TASK_STORAGE: u64 = 0x1d;
pub const BPF_PROG_TYPE_LSM: u64 = 0x1d;
pub const BPF_CGROUP_INET6_GETPEERNAME: u64 = 0x1e;
pub const BPF_LINK_GET_FD_BY_ID: u64 = 0x1e;
pub const BPF_MAP_TYPE_BLOOM_FILTER: u64 = 0x1e;
pub const BPF_PROG_TYPE_SK_LOOKUP: u64 = 0x1e;
pub const BPF_CGROUP_INET4_GETSOCKNAME: u64 = 0x1f;
pub const BPF_LINK_GET_NEXT_ID: u64 = 0x1f;
pub const BPF_MAP_TYPE_USER_RINGBUF: u64 = 0x1f;
pub const BPF_PROG_TYPE_SYSCALL: u64 = 0x1f;
pub const BPF_CGROUP_INET6_GETSOCKNAME: u64 = 0x20;
pub const BPF_ENABLE_STATS: u64 = 0x20;
pub const BPF_ITER_CREATE: u64 = 0x21;
pub const BPF_XDP_DEVMAP: u64 = 0x21;
pub const BPF_CGROUP_INET_SOCK_RELEASE: u64 = 0x22;
pub const BPF_LINK_DETACH: u64 = 0x22;
pub const BPF_PROG_BIND_MAP: u64 = 0x23;
pub const BPF_XDP_CPUMAP: u64 = 0x23;
pub const BPF_SK_LOOKUP: u64 = 0x24;
pub const BPF_XDP: u64 = 0x25;
pub const BPF_SK_SKB_VERDICT: u64 = 0x26;
pub const BPF_SK_REUSEPORT_SELECT: u64 = 0x27;
pub const BPF_SK_REUSEPORT_SELECT_OR_MIGRATE: u64 = 0x28;
pub const BPF_PERF_EVENT: u64 = 0x29;
pub const BPF_TRACE_KPROBE_MULTI: u64 = 0x2a;
pub const BPF_LSM_CGROUP: u64 = 0x2b;

// <linux/can.h>
pub const CAN_RAW: u64 = 1;
pub const CAN_BCM: u64 = 2;
pub const CAN_TP16: u64 = 3;
pub const CAN_TP20: u64 = 4;
pub const CAN_MCNET: u64 = 5;
pub const CAN_ISOTP: u64 = 6;
pub const CAN_J1939: u64 = 7;

// <linux/elf.h>
pub const NT_PRSTATUS: u64 = 1;
pub const NT_PRFPREG: u64 = 2;
pub const NT_PRPSINFO: u64 = 3;
pub const NT_TASKSTRUCT: u64 = 4;
pub const NT_AUXV: u64 = 6;
pub const NT_PPC_VMX: u64 = 0x100;
pub const NT_PPC_SPE: u64 = 0x101;
pub const NT_PPC_VSX: u64 = 0x102;
pub const NT_386_TLS: u64 = 0x200;
pub const NT_386_IOPERM: u64 = 0x201;
pub const NT_X86_XSTATE: u64 = 0x202;
pub const NT_S390_HIGH_GPRS: u64 = 0x300;
pub const NT_S390_TIMER: u64 = 0x301;
pub const NT_ARM_VFP: u64 = 0x400;
pub const NT_ARM_TLS: u64 = 0x401;
pub const NT_ARM_HW_BREAK: u64 = 0x402;
pub const NT_ARM_HW_WATCH: u64 = 0x403;
pub const NT_ARM_SYSTEM_CALL: u64 = 0x404;
pub const NT_ARM_SVE: u64 = 0x405;
pub const NT_ARM_PAC_MASK: u64 = 0x406;
pub const NT_ARM_PACA_KEYS: u64 = 0x407;
pub const NT_ARM_PACG_KEYS: u64 = 0x408;
pub const NT_ARM_TAGGED_ADDR_CTRL: u64 = 0x409;
pub const NT_ARM_PAC_ENABLED_KEYS: u64 = 0x40a;
pub const NT_ARM_SSVE: u64 = 0x40b;
pub const NT_ARM_ZA: u64 = 0x40c;
pub const NT_FILE: u64 = 0x4649_4c45;
pub const NT_PRXFPREG: u64 = 0x46e6_2b7f;
pub const NT_SIGINFO: u64 = 0x5349_4749;

// <linux/eventpoll.h>
pub const EPOLL_URING_WAKE: u64 = 0x800_0000;

// <linux/fanotify.h>
pub const FAN_CLASS_NOTIF: u64 = 0;
pub const FAN_ACCESS: u64 = 1;
pub const FAN_CLOEXEC: u64 = 1;
pub const FAN_MARK_ADD: u64 = 1;
pub const FAN_MARK_REMOVE: u64 = 2;
pub const FAN_MODIFY: u64 = 2;
pub const FAN_NONBLOCK: u64 = 2;
pub const FAN_ATTRIB: u64 = 4;
pub const FAN_CLASS_CONTENT: u64 = 4;
pub const FAN_MARK_DONT_FOLLOW: u64 = 4;
pub const FAN_CLASS_PRE_CONTENT: u64 = 8;
pub const FAN_CLOSE_WRITE: u64 = 8;
pub const FAN_MARK_ONLYDIR: u64 = 8;
pub const FAN_ALL_CLASS_BITS: u64 = 0xc;
pub const FAN_CLOSE_NOWRITE: u64 = 0x10;
pub const FAN_MARK_MOUNT: u64 = 0x10;
pub const FAN_UNLIMITED_QUEUE: u64 = 0x10;
pub const FAN_MARK_IGNORED_MASK: u64 = 0x20;
pub const FAN_OPEN: u64 = 0x20;
pub const FAN_UNLIMITED_MARKS: u64 = 0x20;
pub const FAN_ENABLE_AUDIT: u64 = 0x40;
pub const FAN_MARK_IGNORED_SURV_MODIFY: u64 = 0x40;
pub const FAN_MOVED_FROM: u64 = 0x40;
pub const FAN_MARK_FLUSH: u64 = 0x80;
pub const FAN_MOVED_TO: u64 = 0x80;
pub const FAN_REPORT_PIDFD: u64 = 0x80;
pub const FAN_CREATE: u64 = 0x100;
pub const FAN_MARK_FILESYSTEM: u64 = 0x100;
pub const FAN_REPORT_TID: u64 = 0x100;
pub const FAN_DELETE: u64 = 0x200;
pub const FAN_MARK_EVICTABLE: u64 = 0x200;
pub const FAN_REPORT_FID: u64 = 0x200;
pub const FAN_DELETE_SELF: u64 = 0x400;
pub const FAN_MARK_IGNORE: u64 = 0x400;
pub const FAN_REPORT_DIR_FID: u64 = 0x400;
pub const FAN_MOVE_SELF: u64 = 0x800;
pub const FAN_REPORT_NAME: u64 = 0x800;
pub const FAN_OPEN_EXEC: u64 = 0x1000;
pub const FAN_REPORT_TARGET_FID: u64 = 0x1000;
pub const FAN_Q_OVERFLOW: u64 = 0x4000;
pub const FAN_FS_ERROR: u64 = 0x8000;
pub const FAN_OPEN_PERM: u64 = 0x1_0000;
pub const FAN_ACCESS_PERM: u64 = 0x2_0000;
pub const FAN_OPEN_EXEC_PERM: u64 = 0x4_0000;
pub const FAN_EVENT_ON_CHILD: u64 = 0x800_0000;
pub const FAN_RENAME: u64 = 0x1000_0000;
pub const FAN_ONDIR: u64 = 0x4000_0000;

// <linux/fs.h>
pub const RWF_NOAPPEND: u64 = 0x20;
pub const RWF_ATOMIC: u64 = 0x40;
pub const RWF_DONTCACHE: u64 = 0x80;

// linux/fs.h, since 6.18
pub const RWF_NOSIGNAL: u64 = 0x100;

// linux/fs_types.h (not exported)
pub const DT_WHT: u64 = 0xe;

// linux/futex.h, everything but FUTEX_CLOCK_REALTIME
pub const FUTEX_COMMAND: u64 = 0xffff_ffff_ffff_feff;

// <linux/ioprio.h>
pub const IOPRIO_CLASS_NONE: u64 = 0;
pub const IOPRIO_CLASS_RT: u64 = 1;
pub const IOPRIO_WHO_PROCESS: u64 = 1;
pub const IOPRIO_CLASS_BE: u64 = 2;
pub const IOPRIO_WHO_PGRP: u64 = 2;
pub const IOPRIO_CLASS_IDLE: u64 = 3;
pub const IOPRIO_WHO_USER: u64 = 3;

// <linux/keyctl.h>
pub const KEYCTL_GET_KEYRING_ID: u64 = 0;
pub const KEYCTL_JOIN_SESSION_KEYRING: u64 = 1;
pub const KEYCTL_UPDATE: u64 = 2;
pub const KEYCTL_REVOKE: u64 = 3;
pub const KEYCTL_CHOWN: u64 = 4;
pub const KEYCTL_SETPERM: u64 = 5;
pub const KEYCTL_DESCRIBE: u64 = 6;
pub const KEYCTL_CLEAR: u64 = 7;
pub const KEYCTL_LINK: u64 = 8;
pub const KEYCTL_UNLINK: u64 = 9;
pub const KEYCTL_SEARCH: u64 = 0xa;
pub const KEYCTL_READ: u64 = 0xb;
pub const KEYCTL_INSTANTIATE: u64 = 0xc;
pub const KEYCTL_NEGATE: u64 = 0xd;
pub const KEYCTL_SET_REQKEY_KEYRING: u64 = 0xe;
pub const KEYCTL_SET_TIMEOUT: u64 = 0xf;
pub const KEYCTL_ASSUME_AUTHORITY: u64 = 0x10;
pub const KEYCTL_GET_SECURITY: u64 = 0x11;
pub const KEYCTL_SESSION_TO_PARENT: u64 = 0x12;
pub const KEYCTL_REJECT: u64 = 0x13;
pub const KEYCTL_INSTANTIATE_IOV: u64 = 0x14;
pub const KEYCTL_INVALIDATE: u64 = 0x15;
pub const KEYCTL_GET_PERSISTENT: u64 = 0x16;
pub const KEYCTL_DH_COMPUTE: u64 = 0x17;
pub const KEYCTL_PKEY_QUERY: u64 = 0x18;
pub const KEYCTL_PKEY_ENCRYPT: u64 = 0x19;
pub const KEYCTL_PKEY_DECRYPT: u64 = 0x1a;
pub const KEYCTL_PKEY_SIGN: u64 = 0x1b;
pub const KEYCTL_PKEY_VERIFY: u64 = 0x1c;
pub const KEYCTL_RESTRICT_KEYRING: u64 = 0x1d;
pub const KEYCTL_MOVE: u64 = 0x1e;
pub const KEYCTL_CAPABILITIES: u64 = 0x1f;
pub const KEYCTL_WATCH_KEY: u64 = 0x20;

// linux/mempolicy.h, everything but MPOL_MODE_FLAGS
pub const MPOL_MODE_MASK: u64 = 0xffff_ffff_ffff_1fff;

// <linux/msg.h>
pub const IPC_RMID: u64 = 0;
pub const IPC_SET: u64 = 1;
pub const IPC_STAT: u64 = 2;
pub const IPC_INFO: u64 = 3;
pub const MSG_STAT: u64 = 0xb;
pub const MSG_INFO: u64 = 0xc;
pub const MSG_STAT_ANY: u64 = 0xd;
pub const IPC_CREAT: u64 = 0x200;
pub const IPC_EXCL: u64 = 0x400;
pub const IPC_NOWAIT: u64 = 0x800;
pub const MSG_NOERROR: u64 = 0x1000;
pub const MSG_EXCEPT: u64 = 0x2000;

// linux/net.h (not exported)
pub const SOCK_PACKET: u64 = 0xa;
pub const SOCK_TYPE_MASK: u64 = 0xf;
pub const SOCK_NONBLOCK: u64 = 0x800;
pub const SOCK_CLOEXEC: u64 = 0x8_0000;

// <linux/personality.h>
pub const PER_LINUX: u64 = 0;
pub const PER_BSD: u64 = 6;
pub const PER_LINUX32: u64 = 8;
pub const PER_RISCOS: u64 = 0xc;
pub const PER_OSF4: u64 = 0xf;
pub const PER_HPUX: u64 = 0x10;
pub const UNAME26: u64 = 0x2_0000;
pub const ADDR_NO_RANDOMIZE: u64 = 0x4_0000;
pub const FDPIC_FUNCPTRS: u64 = 0x8_0000;
pub const PER_LINUX_FDPIC: u64 = 0x8_0000;
pub const MMAP_PAGE_ZERO: u64 = 0x10_0000;
pub const ADDR_COMPAT_LAYOUT: u64 = 0x20_0000;
pub const READ_IMPLIES_EXEC: u64 = 0x40_0000;
pub const ADDR_LIMIT_32BIT: u64 = 0x80_0000;
pub const PER_LINUX_32BIT: u64 = 0x80_0000;
pub const SHORT_INODE: u64 = 0x100_0000;
pub const WHOLE_SECONDS: u64 = 0x200_0000;
pub const STICKY_TIMEOUTS: u64 = 0x400_0000;
pub const PER_ISCR4: u64 = 0x400_0005;
pub const PER_SUNOS: u64 = 0x400_0006;
pub const PER_IRIX32: u64 = 0x400_0009;
pub const PER_IRIXN32: u64 = 0x400_000a;
pub const PER_IRIX64: u64 = 0x400_000b;
pub const PER_SOLARIS: u64 = 0x400_000d;
pub const PER_SVR4: u64 = 0x410_0001;
pub const PER_UW7: u64 = 0x410_000e;
pub const PER_SVR3: u64 = 0x500_0002;
pub const PER_WYSEV386: u64 = 0x500_0004;
pub const PER_XENIX: u64 = 0x500_0007;
pub const PER_OSR5: u64 = 0x600_0003;
pub const PER_SCOSVR3: u64 = 0x700_0003;
pub const ADDR_LIMIT_3GB: u64 = 0x800_0000;
pub const PER_LINUX32_3GB: u64 = 0x800_0008;

// <linux/sem.h>
pub const GETPID: u64 = 0xb;
pub const GETVAL: u64 = 0xc;
pub const GETALL: u64 = 0xd;
pub const GETNCNT: u64 = 0xe;
pub const GETZCNT: u64 = 0xf;
pub const SETVAL: u64 = 0x10;
pub const SETALL: u64 = 0x11;
pub const SEM_STAT: u64 = 0x12;
pub const SEM_INFO: u64 = 0x13;
pub const SEM_STAT_ANY: u64 = 0x14;
pub const SEM_UNDO: u64 = 0x1000;

// <linux/shm.h>
pub const CLOSE_RANGE_UNSHARE: u64 = 2;
pub const CLOSE_RANGE_CLOEXEC: u64 = 4;
pub const SHM_LOCK: u64 = 0xb;
pub const SHM_UNLOCK: u64 = 0xc;
pub const SHM_STAT: u64 = 0xd;
pub const SHM_INFO: u64 = 0xe;
pub const SHM_STAT_ANY: u64 = 0xf;
pub const SHM_HUGETLB: u64 = 0x800;
pub const SHM_NORESERVE: u64 = 0x1000;
pub const SHM_RDONLY: u64 = 0x1000;
pub const SHM_RND: u64 = 0x2000;
pub const SHM_REMAP: u64 = 0x4000;
pub const SHM_EXEC: u64 = 0x8000;

// linux/socket.h (not exported)
pub const AF_IB: u64 = 0x1b;
pub const AF_MPLS: u64 = 0x1c;

// <linux/timex.h>
pub const TIME_OK: u64 = 0;
pub const ADJ_OFFSET: u64 = 1;
pub const STA_PLL: u64 = 1;
pub const TIME_INS: u64 = 1;
pub const ADJ_FREQUENCY: u64 = 2;
pub const STA_PPSFREQ: u64 = 2;
pub const TIME_DEL: u64 = 2;
pub const TIME_OOP: u64 = 3;
pub const ADJ_MAXERROR: u64 = 4;
pub const STA_PPSTIME: u64 = 4;
pub const TIME_WAIT: u64 = 4;
pub const TIME_ERROR: u64 = 5;
pub const ADJ_ESTERROR: u64 = 8;
pub const STA_FLL: u64 = 8;
pub const ADJ_STATUS: u64 = 0x10;
pub const STA_INS: u64 = 0x10;
pub const ADJ_TIMECONST: u64 = 0x20;
pub const STA_DEL: u64 = 0x20;
pub const STA_UNSYNC: u64 = 0x40;
pub const ADJ_TAI: u64 = 0x80;
pub const STA_FREQHOLD: u64 = 0x80;
pub const ADJ_SETOFFSET: u64 = 0x100;
pub const STA_PPSSIGNAL: u64 = 0x100;
pub const STA_PPSJITTER: u64 = 0x200;
pub const STA_PPSWANDER: u64 = 0x400;
pub const STA_PPSERROR: u64 = 0x800;
pub const ADJ_MICRO: u64 = 0x1000;
pub const STA_CLOCKERR: u64 = 0x1000;
pub const ADJ_NANO: u64 = 0x2000;
pub const STA_NANO: u64 = 0x2000;
pub const ADJ_TICK: u64 = 0x4000;
pub const STA_MODE: u64 = 0x4000;
pub const STA_CLK: u64 = 0x8000;
pub const ADJ_OFFSET_SINGLESHOT: u64 = 0x8001;
pub const ADJ_OFFSET_SS_READ: u64 = 0xa001;

// <linux/udp.h>
pub const UDP_CORK: u64 = 1;
pub const UDP_ENCAP: u64 = 0x64;
pub const UDP_NO_CHECK6_TX: u64 = 0x65;
pub const UDP_NO_CHECK6_RX: u64 = 0x66;
pub const UDP_SEGMENT: u64 = 0x67;
pub const UDP_GRO: u64 = 0x68;

// no header: every bit
pub const PR_FP_EXC_ALL: u64 = 0xffff_ffff_ffff_ffff;
pub const PR_SPEC_ALL: u64 = 0xffff_ffff_ffff_ffff;

// no header: every bit of a protection
pub const PROT_ALL: u64 = 0xffff_ffff_ffff_ffff;

// no header: every bit of an access mode
pub const ACCESS_ALL: u64 = 0xffff_ffff_ffff_ffff;
