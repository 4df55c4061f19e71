//! bpf(2): flags of its commands, parts of its instructions.
//!
//! Names and order only. Source: include/uapi/linux/bpf.h.

use crate::sets;

/// Every bit, for a name of nothing.
const EVERY: u64 = u64::MAX;

sets! {
    /// Bpf_attr.file_flags, bpf_attr.open_flags.
    EBPF_OPEN: Bits, Hex, "BPF_F_???" {
        BPF_F_RDONLY = 8, BPF_F_WRONLY = 0x10,
    }

    /// Bpf_attr.flags of BPF_MAP_LOOKUP_ELEM.
    EBPF_LOOKUP: Bits, Hex, "BPF_???" {
        BPF_ANY & EVERY = 0, BPF_F_LOCK = 4,
    }

    /// Bpf_attr.test.flags.
    EBPF_TEST_RUN: Bits, Hex, "BPF_F_???" {
        BPF_F_TEST_RUN_ON_CPU = 1, BPF_F_TEST_XDP_LIVE_FRAMES = 2,
    }

    /// Bpf_attr.query.query_flags.
    EBPF_QUERY: Bits, Hex, "BPF_F_QUERY_???" {
        BPF_F_QUERY_EFFECTIVE = 1,
    }

    /// Bpf_attr.task_fd_query.fd_type.
    EBPF_FD_TYPE: Values, Hex, "BPF_FD_TYPE_???" {
        BPF_FD_TYPE_RAW_TRACEPOINT = 0, BPF_FD_TYPE_TRACEPOINT = 1, BPF_FD_TYPE_KPROBE = 2,
        BPF_FD_TYPE_KRETPROBE = 3, BPF_FD_TYPE_UPROBE = 4, BPF_FD_TYPE_URETPROBE = 5,
    }

    /// Bpf_attr.enable_stats.type.
    EBPF_STATS: Values, Hex, "BPF_STATS_???" {
        BPF_STATS_RUN_TIME = 0,
    }

    /// Bpf_attr.btf_flags.
    EBPF_BTF: Bits, Hex, "BPF_F_???" {
        BPF_F_TOKEN_FD = 0x1_0000,
    }

    /// Bpf_attr.link_create.kprobe_multi.flags.
    EBPF_KPROBES: Bits, Hex, "BPF_F_???" {
        BPF_F_KPROBE_MULTI_RETURN = 1,
    }

    /// Bpf_attr.link_create.uprobe_multi.flags.
    EBPF_UPROBES: Bits, Hex, "BPF_F_???" {
        BPF_F_UPROBE_MULTI_RETURN = 1,
    }

    /// Bpf_attr.link_create.netfilter.flags.
    EBPF_NETFILTER: Bits, Hex, "BPF_F_???" {
        BPF_F_NETFILTER_IP_DEFRAG = 1,
    }

    /// The class of an instruction.
    EBPF_CLASS: Values, Hex, "BPF_???" {
        BPF_LD = 0, BPF_LDX = 1, BPF_ST = 2, BPF_STX = 3, BPF_ALU = 4, BPF_JMP = 5, BPF_JMP32 = 6, BPF_ALU64 = 7,
    }

    /// The size of a load or store.
    EBPF_SIZE: Values, Hex, "BPF_???" {
        BPF_W = 0, BPF_H = 8, BPF_B = 0x10, BPF_DW = 0x18,
    }

    /// The mode of a load or store.
    EBPF_MODE: Values, Hex, "BPF_???" {
        BPF_IMM = 0, BPF_ABS = 0x20, BPF_IND = 0x40, BPF_MEM = 0x60, BPF_XADD = 0xc0,
    }

    /// The source of an operation.
    EBPF_SOURCE: Values, Hex, "BPF_???" {
        BPF_K = 0, BPF_X = 8,
    }

    /// Arithmetic.
    EBPF_ARITHMETIC: Values, Hex, "BPF_???" {
        BPF_ADD = 0, BPF_SUB = 0x10, BPF_MUL = 0x20, BPF_DIV = 0x30, BPF_OR = 0x40, BPF_AND = 0x50, BPF_LSH = 0x60,
        BPF_RSH = 0x70, BPF_NEG = 0x80, BPF_MOD = 0x90, BPF_XOR = 0xa0, BPF_MOV = 0xb0, BPF_ARSH = 0xc0, BPF_END = 0xd0,
    }

    /// Jumps.
    EBPF_JUMP: Values, Hex, "BPF_???" {
        BPF_JA = 0, BPF_JEQ = 0x10, BPF_JGT = 0x20, BPF_JGE = 0x30, BPF_JSET = 0x40, BPF_JNE = 0x50, BPF_JSGT = 0x60,
        BPF_JSGE = 0x70, BPF_CALL = 0x80, BPF_EXIT = 0x90, BPF_JLT = 0xa0, BPF_JLE = 0xb0, BPF_JSLT = 0xc0, BPF_JSLE = 0xd0,
    }

    /// A register of an instruction.
    EBPF_REGISTER: Values, Hex, "BPF_REG_???" {
        BPF_REG_0 = 0, BPF_REG_1 = 1, BPF_REG_2 = 2, BPF_REG_3 = 3, BPF_REG_4 = 4, BPF_REG_5 = 5, BPF_REG_6 = 6,
        BPF_REG_7 = 7, BPF_REG_8 = 8, BPF_REG_9 = 9, BPF_REG_10 = 0xa,
    }
}
