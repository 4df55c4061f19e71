//! `union bpf_attr` by command: members with their offsets, and the sizes from which the later ones are shown.
//!
//! The union has one layout on every ABI. Source: bpf(2) and include/uapi/linux/bpf.h.

use crate::set::Set;
use crate::sets::{ebpf as sets, security};

/// What a member holds.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    /// 32 bits, decimal.
    Dec,
    /// 32 bits, hexadecimal.
    Hex,
    /// A node of memory; all ones stand for none.
    Node,
    /// 64 bits, decimal.
    Wide,
    /// 64 bits, hexadecimal.
    WideHex,
    /// 32 bits, signed.
    Signed,
    /// A descriptor.
    Fd,
    /// A descriptor of a directory.
    DirFd,
    /// A process.
    Pid,
    /// The index of an interface.
    Interface,
    /// A value of a set in 32 bits.
    Set(&'static Set),
    /// The same in 64 bits.
    WideSet(&'static Set),
    /// A pointer that is not followed.
    Pointer,
    /// A pointer to a path.
    Path,
    /// A pointer to text.
    Text,
    /// A pointer to text in as many bytes as the 32 bits at this offset say.
    TextIn(u16),
    /// A pointer to as many bytes as the 32 bits at this offset say.
    Bytes(u16),
    /// A pointer to as many 32-bit numbers as the 32 bits at this offset say, written by the kernel.
    Numbers(u16),
    /// A pointer to as many instructions as the 32 bits at this offset say.
    Instructions(u16),
    /// A pointer to as many pointers to text as the 32 bits at this offset say.
    Texts(u16),
    /// A pointer to as many 64-bit numbers as the 32 bits at this offset say.
    Wides(u16),
    /// A pointer to as many descriptors of maps as the 32 bits at this offset say, each in a union of its own.
    Maps(u16),
    /// Text in 16 bytes.
    Name,
    /// The version of a kernel.
    Version,
    /// Eight bytes.
    Tag,
    /// A device in 64 bits.
    Device,
    /// A user.
    User,
    /// The lowest bit.
    Bit,
    /// Nanoseconds since the machine was started.
    Uptime,
    /// 32 bits that the kernel may change: a length or a count.
    Changed,
    /// A pointer to as many bytes of code as the 32 bits at this offset say.
    Code(u16),
}

/// A member: offset, name, form.
pub type Member = (u16, &'static str, Form);

/// Members in a row.
#[derive(Debug)]
pub struct Members {
    /// The member of the union that holds them, or nothing.
    pub inside: &'static str,
    /// What is shown, in its order.
    pub members: &'static [Member],
    /// Offsets of members from which on a member is shown only when the size reaches beyond.
    pub later: &'static [u16],
    /// From here on members are shown where any of them holds something: programs hand over whole unions of their time.
    pub quiet: u16,
    /// Where the known part ends.
    pub end: u16,
}

/// The attributes of one command.
#[derive(Debug)]
pub struct Attributes {
    /// The command.
    pub command: u64,
    /// Its members.
    pub part: Members,
    /// What follows them by the type of attachment, which is the third 32-bit member.
    pub kinds: &'static [(&'static [u64], Members)],
}

/// Commands whose attributes the kernel answers in: BPF_*_GET_NEXT_ID and BPF_OBJ_GET_INFO_BY_FD.
pub const ANSWERED: &[u64] = &[11, 12, 15, 23, 31];
/// BPF_OBJ_GET_INFO_BY_FD.
pub const INFO_COMMAND: u64 = 15;
/// Commands that make a descriptor.
pub const MAKING: &[u64] = &[0, 5, 6, 7, 13, 14, 18, 19, 28, 30, 36];
/// BPF_PROG_QUERY, which the kernel fills.
pub const QUERY_COMMAND: u64 = 16;

/// Set in map_flags: numa_node counts.
pub const NUMA_NODE: u64 = 4;
/// Set in flags of BPF_LINK_UPDATE: old_prog_fd counts.
pub const REPLACE: u64 = 4;
/// BPF_F_ID, set in flags: what a link or program stands beside is given by its number.
pub const BY_NUMBER: u64 = 0x20;

const START: Member = (0, "start_id", Form::Dec);
const NEXT: Member = (4, "next_id", Form::Dec);
const OPEN: Member = (8, "open_flags", Form::Set(&sets::EBPF_OPEN));
const TOKEN: Member = (12, "fd_by_id_token_fd", Form::Fd);
const MAP: Member = (0, "map_fd", Form::Fd);
const KEY: Member = (8, "key", Form::Pointer);
const COUNT: Member = (32, "count", Form::Dec);
const BATCH_MAP: Member = (36, "map_fd", Form::Fd);
const ELEMENT_FLAGS: Member = (40, "elem_flags", Form::WideSet(&sets::EBPF_LOOKUP));
const BATCH_FLAGS: Member = (48, "flags", Form::WideHex);
const KEYS: Member = (16, "keys", Form::Pointer);
const VALUES: Member = (24, "values", Form::Pointer);
const ATTACH_TYPE: Form = Form::Set(&security::BPF_ATTACH_TYPE);
const ATTACH_FLAGS: Form = Form::Set(&security::BPF_ATTACH_FLAGS);

const PROGRAM: &[Member] = &[
    (0, "prog_type", Form::Set(&security::BPF_PROG_TYPE)),
    (4, "insn_cnt", Form::Dec),
    (8, "insns", Form::Instructions(4)),
    (16, "license", Form::Text),
    (24, "log_level", Form::Dec),
    (28, "log_size", Form::Dec),
    (32, "log_buf", Form::TextIn(28)),
    (40, "kern_version", Form::Version),
    (44, "prog_flags", Form::Set(&security::BPF_PROG_FLAGS)),
    (48, "prog_name", Form::Name),
    (64, "prog_ifindex", Form::Interface),
    (68, "expected_attach_type", ATTACH_TYPE),
    (72, "prog_btf_fd", Form::Fd),
    (76, "func_info_rec_size", Form::Dec),
    (80, "func_info", Form::Pointer),
    (88, "func_info_cnt", Form::Dec),
    (92, "line_info_rec_size", Form::Dec),
    (96, "line_info", Form::Pointer),
    (104, "line_info_cnt", Form::Dec),
    (108, "attach_btf_id", Form::Dec),
    (112, "attach_prog_fd", Form::Fd),
    (116, "core_relo_cnt", Form::Dec),
    (120, "fd_array", Form::Pointer),
    (128, "core_relos", Form::Pointer),
    (136, "core_relo_rec_size", Form::Dec),
    (140, "log_true_size", Form::Dec),
    (144, "prog_token_fd", Form::Fd),
    (148, "fd_array_cnt", Form::Dec),
    (152, "signature", Form::Bytes(160)),
    (160, "signature_size", Form::Dec),
    (164, "keyring_id", Form::Signed),
];
const MAP_CREATE: &[Member] = &[
    (0, "map_type", Form::Set(&security::BPF_MAP_TYPE)),
    (4, "key_size", Form::Dec),
    (8, "value_size", Form::Dec),
    (12, "max_entries", Form::Dec),
    (16, "map_flags", Form::Set(&security::BPF_MAP_FLAGS)),
    (20, "inner_map_fd", Form::Fd),
    (24, "numa_node", Form::Node),
    (28, "map_name", Form::Name),
    (44, "map_ifindex", Form::Interface),
    (48, "btf_fd", Form::Fd),
    (52, "btf_key_type_id", Form::Dec),
    (56, "btf_value_type_id", Form::Dec),
    (60, "btf_vmlinux_value_type_id", Form::Dec),
    (64, "map_extra", Form::Wide),
    (72, "value_type_btf_obj_fd", Form::Fd),
    (76, "map_token_fd", Form::Fd),
    (80, "excl_prog_hash", Form::Bytes(88)),
    (88, "excl_prog_hash_size", Form::Dec),
];
const TEST: &[Member] = &[
    (0, "prog_fd", Form::Fd),
    (4, "retval", Form::Dec),
    (8, "data_size_in", Form::Dec),
    (12, "data_size_out", Form::Dec),
    (16, "data_in", Form::Pointer),
    (24, "data_out", Form::Pointer),
    (32, "repeat", Form::Dec),
    (36, "duration", Form::Dec),
    (40, "ctx_size_in", Form::Dec),
    (44, "ctx_size_out", Form::Dec),
    (48, "ctx_in", Form::Pointer),
    (56, "ctx_out", Form::Pointer),
    (64, "flags", Form::Set(&sets::EBPF_TEST_RUN)),
    (68, "cpu", Form::Dec),
    (72, "batch_size", Form::Dec),
];
const QUERY: &[Member] = &[
    (0, "target_fd", Form::Fd),
    (4, "attach_type", ATTACH_TYPE),
    (8, "query_flags", Form::Set(&sets::EBPF_QUERY)),
    (12, "attach_flags", ATTACH_FLAGS),
    (16, "prog_ids", Form::Numbers(24)),
    (24, "prog_cnt", Form::Dec),
    (32, "prog_attach_flags", Form::Pointer),
    (40, "link_ids", Form::Numbers(24)),
    (48, "link_attach_flags", Form::Pointer),
    (56, "revision", Form::Wide),
];
const TASK_QUERY: &[Member] = &[
    (0, "pid", Form::Pid),
    (4, "fd", Form::Fd),
    (8, "flags", Form::Dec),
    (12, "buf_len", Form::Dec),
    (16, "buf", Form::TextIn(12)),
    (24, "prog_id", Form::Dec),
    (28, "fd_type", Form::Set(&sets::EBPF_FD_TYPE)),
    (32, "probe_offset", Form::WideHex),
    (40, "probe_addr", Form::WideHex),
];
const LOOKUP: &[Member] =
    &[MAP, KEY, (16, "value", Form::Pointer), (24, "flags", Form::WideSet(&sets::EBPF_LOOKUP))];
const PIN: &[Member] = &[
    (0, "pathname", Form::Path),
    (8, "bpf_fd", Form::Fd),
    (12, "file_flags", Form::Set(&sets::EBPF_OPEN)),
    (16, "path_fd", Form::DirFd),
];
const BATCH: &[Member] = &[
    (0, "in_batch", Form::Pointer),
    (8, "out_batch", Form::Pointer),
    KEYS,
    VALUES,
    COUNT,
    BATCH_MAP,
    ELEMENT_FLAGS,
    BATCH_FLAGS,
];

const fn row(
    command: u64,
    inside: &'static str,
    members: &'static [Member],
    later: &'static [u16],
    end: u16,
) -> Attributes {
    Attributes { command, part: Members { inside, members, later, quiet: end, end }, kinds: &[] }
}

/// The same where members were added behind those that have been there for long.
const fn longer(
    command: u64,
    inside: &'static str,
    members: &'static [Member],
    later: &'static [u16],
    [quiet, end]: [u16; 2],
) -> Attributes {
    Attributes { command, part: Members { inside, members, later, quiet, end }, kinds: &[] }
}

/// What follows the attributes of BPF_LINK_CREATE.
const fn link(
    types: &'static [u64],
    inside: &'static str,
    members: &'static [Member],
    [quiet, end]: [u16; 2],
) -> (&'static [u64], Members) {
    (types, Members { inside, members, later: &[16], quiet, end })
}

/// Where a program stands among those of the same place.
const BESIDE: &[Member] =
    &[(16, "relative_fd", Form::Fd), (16, "relative_id", Form::Dec), (24, "expected_revision", Form::Wide)];
const KPROBES: &[Member] = &[
    (16, "flags", Form::Set(&sets::EBPF_KPROBES)),
    (20, "cnt", Form::Dec),
    (24, "syms", Form::Texts(20)),
    (32, "addrs", Form::Wides(20)),
    (40, "cookies", Form::Wides(20)),
];
const UPROBES: &[Member] = &[
    (16, "path", Form::Path),
    (24, "offsets", Form::Wides(48)),
    (32, "ref_ctr_offsets", Form::Wides(48)),
    (40, "cookies", Form::Wides(48)),
    (48, "cnt", Form::Dec),
    (52, "flags", Form::Set(&sets::EBPF_UPROBES)),
    (56, "pid", Form::Pid),
];
const NETFILTER: &[Member] = &[
    (16, "pf", Form::Dec),
    (20, "hooknum", Form::Dec),
    (24, "priority", Form::Signed),
    (28, "flags", Form::Set(&sets::EBPF_NETFILTER)),
];
const TRACING: &[Member] = &[(16, "target_btf_id", Form::Dec), (24, "cookie", Form::WideHex)];

/// What follows in BPF_LINK_CREATE by the type of attachment.
const LINKS: &[(&[u64], Members)] = &[
    link(&[0], "", &[(16, "target_btf_id", Form::Dec)], [16, 20]),
    link(&[23, 24, 25, 26, 27, 58], "tracing", TRACING, [16, 32]),
    link(&[28], "", &[(16, "iter_info", Form::Maps(24)), (24, "iter_info_len", Form::Dec)], [28, 28]),
    link(&[41], "perf_event", &[(16, "bpf_cookie", Form::WideHex)], [24, 24]),
    link(&[42], "kprobe_multi", KPROBES, [48, 48]),
    link(&[56], "kprobe_multi", KPROBES, [16, 48]),
    link(&[45], "netfilter", NETFILTER, [16, 32]),
    link(&[46, 47], "tcx", BESIDE, [16, 32]),
    link(&[48, 57], "uprobe_multi", UPROBES, [16, 60]),
    link(&[54, 55], "netkit", BESIDE, [16, 32]),
];

/// The attributes of every command that has any.
pub static ATTRIBUTES: &[Attributes] = &[
    row(0, "", MAP_CREATE, &[16, 20, 24, 28, 44, 48, 60, 64, 72, 76, 80], 92),
    row(1, "", LOOKUP, &[24], 32),
    row(
        2,
        "",
        &[MAP, KEY, (16, "value", Form::Pointer), (24, "flags", Form::WideSet(&security::BPF_MAP_UPDATE))],
        &[],
        32,
    ),
    row(3, "", &[MAP, KEY], &[], 16),
    row(4, "", &[MAP, KEY, (16, "next_key", Form::Pointer)], &[], 24),
    row(5, "", PROGRAM, &[24, 40, 44, 48, 64, 68, 72, 108, 112, 116, 120, 128, 140, 144, 148, 152], 168),
    longer(6, "", PIN, &[12, 16], [16, 20]),
    longer(7, "", PIN, &[12, 16], [16, 20]),
    row(
        8,
        "",
        &[
            (0, "target_fd", Form::Fd),
            (4, "attach_bpf_fd", Form::Fd),
            (8, "attach_type", ATTACH_TYPE),
            (12, "attach_flags", ATTACH_FLAGS),
            (16, "replace_bpf_fd", Form::Fd),
            (20, "relative_fd", Form::Fd),
            (20, "relative_id", Form::Dec),
            (24, "expected_revision", Form::Wide),
        ],
        &[16, 20],
        32,
    ),
    row(
        9,
        "",
        &[
            (0, "target_fd", Form::Fd),
            (8, "attach_type", ATTACH_TYPE),
            (12, "attach_flags", ATTACH_FLAGS),
            (20, "relative_fd", Form::Fd),
            (20, "relative_id", Form::Dec),
            (24, "expected_revision", Form::Wide),
        ],
        &[12, 20],
        32,
    ),
    row(10, "test", TEST, &[40, 64, 72], 76),
    row(11, "", &[START, NEXT, OPEN, TOKEN], &[8, 12], 16),
    row(12, "", &[START, NEXT, OPEN, TOKEN], &[8, 12], 16),
    row(13, "", &[(0, "prog_id", Form::Dec), NEXT, OPEN, TOKEN], &[8, 12], 16),
    row(14, "", &[(0, "map_id", Form::Dec), NEXT, OPEN, TOKEN], &[8, 12], 16),
    row(
        15,
        "info",
        &[(0, "bpf_fd", Form::Fd), (4, "info_len", Form::Dec), (8, "info", Form::Pointer)],
        &[],
        16,
    ),
    row(16, "query", QUERY, &[32, 40, 56], 64),
    row(
        17,
        "raw_tracepoint",
        &[(0, "name", Form::Text), (8, "prog_fd", Form::Fd), (16, "cookie", Form::WideHex)],
        &[16],
        24,
    ),
    row(
        18,
        "",
        &[
            (0, "btf", Form::Bytes(16)),
            (8, "btf_log_buf", Form::Pointer),
            (16, "btf_size", Form::Dec),
            (20, "btf_log_size", Form::Dec),
            (24, "btf_log_level", Form::Dec),
            (28, "btf_log_true_size", Form::Dec),
            (32, "btf_flags", Form::Set(&sets::EBPF_BTF)),
            (36, "btf_token_fd", Form::Fd),
        ],
        &[28, 32],
        40,
    ),
    longer(19, "", &[(0, "btf_id", Form::Dec), NEXT, OPEN, TOKEN], &[4, 8, 12], [4, 16]),
    row(20, "task_fd_query", TASK_QUERY, &[], 48),
    row(21, "", LOOKUP, &[24], 32),
    row(22, "", &[MAP], &[], 4),
    row(23, "", &[START, NEXT, OPEN, TOKEN], &[8, 12], 16),
    row(24, "batch", BATCH, &[], 56),
    row(25, "batch", BATCH, &[], 56),
    row(26, "batch", &[KEYS, VALUES, COUNT, BATCH_MAP, ELEMENT_FLAGS, BATCH_FLAGS], &[], 56),
    row(27, "batch", &[KEYS, COUNT, BATCH_MAP, ELEMENT_FLAGS, BATCH_FLAGS], &[], 56),
    Attributes {
        kinds: LINKS,
        ..row(
            28,
            "link_create",
            &[
                (0, "prog_fd", Form::Fd),
                (4, "target_fd", Form::Fd),
                (8, "attach_type", ATTACH_TYPE),
                (12, "flags", Form::Hex),
            ],
            &[],
            16,
        )
    },
    row(
        29,
        "link_update",
        &[
            (0, "link_fd", Form::Fd),
            (4, "new_prog_fd", Form::Fd),
            (8, "flags", ATTACH_FLAGS),
            (12, "old_prog_fd", Form::Fd),
        ],
        &[],
        16,
    ),
    row(30, "", &[(0, "link_id", Form::Dec)], &[], 4),
    row(31, "", &[START, NEXT, OPEN, TOKEN], &[8, 12], 16),
    row(32, "enable_stats", &[(0, "type", Form::Set(&sets::EBPF_STATS))], &[], 4),
    row(33, "iter_create", &[(0, "link_fd", Form::Fd), (4, "flags", Form::Hex)], &[], 8),
    row(34, "link_detach", &[(0, "link_fd", Form::Fd)], &[], 4),
    row(
        35,
        "prog_bind_map",
        &[(0, "prog_fd", Form::Fd), (4, "map_fd", Form::Fd), (8, "flags", Form::Hex)],
        &[],
        12,
    ),
    row(36, "token_create", &[(0, "flags", Form::Hex), (4, "bpffs_fd", Form::Fd)], &[], 8),
    row(
        37,
        "prog_stream_read",
        &[
            (0, "stream_buf", Form::Pointer),
            (8, "stream_buf_len", Form::Dec),
            (12, "stream_id", Form::Dec),
            (16, "prog_fd", Form::Fd),
        ],
        &[],
        20,
    ),
    row(
        38,
        "prog_assoc_struct_ops",
        &[(0, "map_fd", Form::Fd), (4, "prog_fd", Form::Fd), (8, "flags", Form::Hex)],
        &[],
        12,
    ),
];

/// `struct bpf_map_info`.
pub static MAP_INFO: Members = Members {
    inside: "",
    members: &[
        (0, "type", Form::Set(&security::BPF_MAP_TYPE)),
        (4, "id", Form::Dec),
        (8, "key_size", Form::Dec),
        (12, "value_size", Form::Dec),
        (16, "max_entries", Form::Dec),
        (20, "map_flags", Form::Set(&security::BPF_MAP_FLAGS)),
        (24, "name", Form::Name),
        (40, "ifindex", Form::Interface),
        (44, "btf_vmlinux_value_type_id", Form::Dec),
        (48, "netns_dev", Form::Device),
        (56, "netns_ino", Form::Wide),
        (64, "btf_id", Form::Dec),
        (68, "btf_key_type_id", Form::Dec),
        (72, "btf_value_type_id", Form::Dec),
        (76, "btf_vmlinux_id", Form::Dec),
        (80, "map_extra", Form::Wide),
        (88, "hash", Form::Bytes(96)),
        (96, "hash_size", Form::Dec),
    ],
    later: &[24, 40, 64, 76, 80, 88],
    quiet: 100,
    end: 100,
};

/// `struct bpf_prog_info`.
pub static PROGRAM_INFO: Members = Members {
    inside: "",
    members: &[
        (0, "type", Form::Set(&security::BPF_PROG_TYPE)),
        (4, "id", Form::Dec),
        (8, "tag", Form::Tag),
        (16, "jited_prog_len", Form::Changed),
        (24, "jited_prog_insns", Form::Code(16)),
        (20, "xlated_prog_len", Form::Changed),
        (32, "xlated_prog_insns", Form::Instructions(20)),
        (40, "load_time", Form::Uptime),
        (48, "created_by_uid", Form::User),
        (52, "nr_map_ids", Form::Changed),
        (56, "map_ids", Form::Numbers(52)),
        (64, "name", Form::Name),
        (80, "ifindex", Form::Interface),
        (84, "gpl_compatible", Form::Bit),
        (88, "netns_dev", Form::Device),
        (96, "netns_ino", Form::Wide),
        (104, "nr_jited_ksyms", Form::Changed),
        (108, "nr_jited_func_lens", Form::Changed),
        (112, "jited_ksyms", Form::Pointer),
        (120, "jited_func_lens", Form::Pointer),
        (128, "btf_id", Form::Dec),
        (132, "func_info_rec_size", Form::Changed),
        (136, "func_info", Form::Pointer),
        (144, "nr_func_info", Form::Changed),
        (148, "nr_line_info", Form::Changed),
        (152, "line_info", Form::Pointer),
        (160, "jited_line_info", Form::Pointer),
        (168, "nr_jited_line_info", Form::Changed),
        (172, "line_info_rec_size", Form::Changed),
        (176, "jited_line_info_rec_size", Form::Changed),
        (180, "nr_prog_tags", Form::Changed),
        (184, "prog_tags", Form::Pointer),
        (192, "run_time_ns", Form::Wide),
        (200, "run_cnt", Form::Wide),
        (208, "recursion_misses", Form::Wide),
        (216, "verified_insns", Form::Dec),
        (220, "attach_btf_obj_id", Form::Dec),
        (224, "attach_btf_id", Form::Dec),
    ],
    later: &[40, 80, 104, 128, 192, 208, 216, 220],
    quiet: 228,
    end: 228,
};
