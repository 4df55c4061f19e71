//! Classic BPF: the parts of an instruction's code. Source: linux/filter.h, linux/bpf_common.h, linux/bpf.h.

use crate::sets;

sets! {
    /// The class of an instruction.
    BPF_CLASS: Values, Hex, "BPF_???" {
        BPF_LD = 0x0, BPF_LDX = 0x1, BPF_ST = 0x2, BPF_STX = 0x3, BPF_ALU = 0x4, BPF_JMP = 0x5, BPF_RET = 0x6,
        BPF_MISC = 0x7
    }

    /// The width of a load.
    BPF_SIZE: Values, Hex, "BPF_???" {
        BPF_W = 0x0, BPF_H = 0x8, BPF_B = 0x10, BPF_DW = 0x18
    }

    /// How a load finds its operand.
    BPF_MODE: Values, Hex, "BPF_???" {
        BPF_IMM = 0x0, BPF_ABS = 0x20, BPF_IND = 0x40, BPF_MEM = 0x60, BPF_LEN = 0x80, BPF_MSH = 0xa0,
        BPF_XADD = 0xc0
    }

    /// The second operand of arithmetic and jumps.
    BPF_SRC: Values, Hex, "BPF_???" {
        BPF_K = 0x0, BPF_X = 0x8
    }

    /// An arithmetic operation.
    BPF_OP_ALU: Values, Hex, "BPF_???" {
        BPF_ADD = 0x0, BPF_SUB = 0x10, BPF_MUL = 0x20, BPF_DIV = 0x30, BPF_OR = 0x40, BPF_AND = 0x50,
        BPF_LSH = 0x60, BPF_RSH = 0x70, BPF_NEG = 0x80, BPF_MOD = 0x90, BPF_XOR = 0xa0, BPF_MOV = 0xb0,
        BPF_ARSH = 0xc0, BPF_END = 0xd0
    }

    /// A jump.
    BPF_OP_JMP: Values, Hex, "BPF_???" {
        BPF_JA = 0x0, BPF_JEQ = 0x10, BPF_JGT = 0x20, BPF_JGE = 0x30, BPF_JSET = 0x40, BPF_JNE = 0x50,
        BPF_JSGT = 0x60, BPF_JSGE = 0x70, BPF_CALL = 0x80, BPF_EXIT = 0x90, BPF_JLT = 0xa0, BPF_JLE = 0xb0,
        BPF_JSLT = 0xc0, BPF_JSLE = 0xd0
    }

    /// What a return gives back.
    BPF_RVAL: Values, Hex, "BPF_???" {
        BPF_K = 0x0, BPF_X = 0x8, BPF_A = 0x10
    }

    /// The rest.
    BPF_MISCOP: Values, Hex, "BPF_???" {
        BPF_TAX = 0x0, BPF_TXA = 0x80
    }

    /// Bits of a code that mean nothing.
    BPF_REST: Bits, Hex, "BPF_???" {}
}
