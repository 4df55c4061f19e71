//! Names that are newer than the oracle, which is strace 6.1: taken back to the numbers that it shows in their place.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};
use syscall_tables::abi::Abi;
use syscall_tables::sets;

/// Names of sets that the oracle lacks, each line with the reason.
const NAMES: &[(&str, &[&str])] = &[
    ("Linux 6.2", &["EPOLL_URING_WAKE", "LANDLOCK_ACCESS_FS_TRUNCATE", "IORING_FEAT_REG_REG_RING"]),
    ("Linux 6.3", &["MFD_NOEXEC_SEAL", "MFD_EXEC", "F_SEAL_EXEC", "BPF_F_XDP_DEV_BOUND_ONLY"]),
    ("Linux 6.3", &["MEMBARRIER_CMD_GET_REGISTRATIONS", "IORING_REGISTER_FILE_ALLOC_RANGE"]),
    ("Linux 6.4", &["UFFD_FEATURE_WP_UNPOPULATED"]),
    ("Linux 6.5", &["MOVE_MOUNT_BENEATH", "AT_HANDLE_FID", "BPF_F_PATH_FD", "IORING_SETUP_NO_MMAP"]),
    ("Linux 6.5", &["IORING_SETUP_REGISTERED_FD_ONLY"]),
    ("Linux 6.6", &["MAP_ABOVE4G", "XDP_USE_SG", "UFFD_FEATURE_POISON", "_UFFDIO_POISON", "QFMT_SHMEM"]),
    (
        "Linux 6.6",
        &[
            "BPF_F_BEFORE",
            "BPF_F_AFTER",
            "BPF_F_ID",
            "BPF_F_LINK",
            "SEGV_CPERR",
            "NT_X86_SHSTK",
            "NT_ARM_ZT",
            "NT_ARM_FPMR",
            "NT_ARM_POE",
            "NT_ARM_GCS",
            "NT_RISCV_CSR",
            "NT_RISCV_VECTOR",
            "NT_RISCV_TAGGED_ADDR_CTRL",
            "FSCONFIG_CMD_CREATE_EXCL",
        ],
    ),
    ("Linux 6.6", &["IORING_SETUP_NO_SQARRAY", "IORING_SETUP_SINGLE_ISSUER", "IORING_SETUP_DEFER_TASKRUN"]),
    ("Linux 6.7", &["UFFD_FEATURE_WP_ASYNC", "LANDLOCK_RULE_NET_PORT"]),
    (
        "Linux 6.8",
        &["STATX_MNT_ID_UNIQUE", "KEXEC_FILE_DEBUG", "BPF_F_TEST_REG_INVARIANTS", "KVM_MEM_GUEST_MEMFD"],
    ),
    (
        "Linux 6.7, 6.17 and 7.0",
        &[
            "BTRFS_FEATURE_INCOMPAT_RAID_STRIPE_TREE",
            "BTRFS_FEATURE_INCOMPAT_SIMPLE_QUOTA",
            "BTRFS_QUOTA_CTL_ENABLE_SIMPLE_QUOTA",
            "BTRFS_RAID_STRIPE_TREE_OBJECTID",
            "BTRFS_EXTENT_OWNER_REF_KEY",
            "BTRFS_RAID_STRIPE_KEY",
            "BTRFS_DEFRAG_RANGE_COMPRESS_LEVEL",
            "BTRFS_DEFRAG_RANGE_NOCOMPRESS",
        ],
    ),
    ("Linux 6.8", &["UFFD_FEATURE_MOVE", "_UFFDIO_MOVE", "PERF_SAMPLE_BRANCH_COUNTERS"]),
    ("Linux 6.9", &["PIDFD_THREAD", "PIDFD_SIGNAL_THREAD", "PIDFD_SIGNAL_THREAD_GROUP"]),
    (
        "Linux 6.9",
        &[
            "PIDFD_SIGNAL_PROCESS_GROUP",
            "MPOL_WEIGHTED_INTERLEAVE",
            "RWF_NOAPPEND",
            "BPF_F_TOKEN_FD",
            "BPF_TOKEN_CREATE",
        ],
    ),
    ("Linux 6.9", &["BPF_F_VTYPE_BTF_OBJ_FD", "BPF_F_SEGV_ON_FAULT", "BPF_F_NO_USER_CONV"]),
    ("Linux 6.10", &["STATX_SUBVOL", "KEXEC_UPDATE_ELFCOREHDR", "KEXEC_CRASH_HOTPLUG_SUPPORT"]),
    ("Linux 6.10", &["LANDLOCK_ACCESS_FS_IOCTL_DEV", "IORING_FEAT_RECVSEND_BUNDLE"]),
    (
        "Linux 6.11",
        &["MAP_DROPPABLE", "STATX_WRITE_ATOMIC", "STATX_ATTR_WRITE_ATOMIC", "RWF_ATOMIC", "IPPROTO_SMC"],
    ),
    ("Linux 6.12", &["MSG_SOCK_DEVMEM", "AT_HANDLE_MNT_ID_UNIQUE", "SCHED_EXT", "IORING_ENTER_ABS_TIMER"]),
    ("Linux 6.12", &["IORING_FEAT_MIN_TIMEOUT"]),
    (
        "Linux 6.13",
        &["AT_HANDLE_CONNECTABLE", "FAN_REPORT_FD_ERROR", "PKEY_DISABLE_READ", "IORING_SETUP_HYBRID_IOPOLL"],
    ),
    ("Linux 6.13", &["IORING_ENTER_EXT_ARG_REG"]),
    (
        "Linux 6.14",
        &["FAN_REPORT_MNT", "FAN_PRE_ACCESS", "FAN_MNT_ATTACH", "FAN_MNT_DETACH", "STATX_DIO_READ_ALIGN"],
    ),
    ("Linux 6.14", &["RWF_DONTCACHE", "IPPROTO_AGGFRAG", "IORING_FEAT_RW_ATTR"]),
    ("Linux 6.15", &["LANDLOCK_CREATE_RULESET_ERRATA", "LANDLOCK_RESTRICT_SELF_LOG_SAME_EXEC_OFF"]),
    ("Linux 6.15", &["LANDLOCK_RESTRICT_SELF_LOG_NEW_EXEC_ON", "LANDLOCK_RESTRICT_SELF_LOG_SUBDOMAINS_OFF"]),
    ("Linux 6.15", &["BPF_F_PREORDER", "IORING_ENTER_NO_IOWAIT", "IORING_FEAT_NO_IOWAIT"]),
    ("Linux 6.17", &["FALLOC_FL_WRITE_ZEROES", "KEXEC_FILE_NO_CMA", "BPF_PROG_STREAM_READ_BY_FD"]),
    ("Linux 6.18", &["RWF_NOSIGNAL", "KEXEC_FILE_FORCE_DTB"]),
    ("Linux 6.19", &["LANDLOCK_RESTRICT_SELF_TSYNC"]),
    (
        "Linux 6.5 to 7.2, and whatever begins so",
        &[
            "BPF_PROG_ASSOC_STRUCT_OPS",
            "BPF_F_RB_OVERWRITE",
            "RXRPC_MANAGE_RESPONSE",
            "ETH_P_GRE_OSI",
            "OPEN_TREE_NAMESPACE",
            "FSMOUNT_NAMESPACE",
            "PR_RSEQ_SLICE_EXTENSION",
            "PR_GET_CFI",
            "PR_SET_CFI",
            "NT_X86_XSAVE_LAYOUT",
            "ABS_SND_PROFILE",
            "KEY_CAMERA_ACCESS_",
            "KEY_ACCESSIBILITY",
            "KEY_DO_NOT_DISTURB",
            "KEY_EPRIVACY_SCREEN_",
            "KEY_LINK_PHONE",
            "KEY_REFRESH_RATE_TOGGLE",
            "BTN_GRIP",
            "V4L2_CID_MPEG_VIDEO_AV1_",
            "V4L2_CID_HDR_SENSOR_MODE",
            "V4L2_CID_STATELESS_AV1_",
            "V4L2_FMT_FLAG_META_LINE_BASED",
            "V4L2_PIX_FMT_P010",
            "V4L2_PIX_FMT_YUVA32",
            "V4L2_PIX_FMT_YUVX32",
            "V4L2_PIX_FMT_HEVC_SLICE",
            "PTP_EXT_OFFSET",
            "COUNTER_EVENT_DIRECTION_CHANGE",
            "TEE_IMPL_ID_TSTEE",
            "TEE_IMPL_ID_QTEE",
            "FS_XFLAG_VERITY",
            "FS_XFLAG_CASEFOLD",
            "VFIO_DEVICE_ATTACH_IOMMUFD_PT",
            "SNDRV_TIMER_IOCTL_TRIGGER",
            "SCARLETT2_IOCTL_",
            "PWM_IOCTL_",
            "PMIC_",
            "PIDFD_GET_",
            "PCITEST_",
            "LIVEUPDATE_",
            "IOMMU_",
            "IOC_OPAL_STACK_RESET",
            "FCP_IOCTL_",
            "F2FS_IOC_START_ATOMIC_REPLACE",
            "EXT4_IOC_",
            "BLOCK_URING_CMD_DISCARD",
            "IORING_OP_READ_MULTISHOT",
            "IORING_OP_WAITID",
            "IORING_OP_FUTEX_WAIT",
            "IORING_OP_FIXED_FD_INSTALL",
            "IORING_OP_FTRUNCATE",
            "IORING_OP_RECV_ZC",
            "IORING_OP_EPOLL_WAIT",
            "IORING_OP_WRITEV_FIXED",
            "IORING_OP_NOP128",
        ],
    ),
    (
        "netlink of Linux 6.2 to 7.0, and whatever begins so",
        &[
            "NFT_MSG_GETRULE_RESET",
            "NFT_MSG_DESTROY",
            "NFT_MSG_GETSETELEM_RESET",
            "TCP_BOUND_INACTIVE",
            "AUDIT_IPE_",
            "AUDIT_LANDLOCK_",
            "AUDIT_MAC_TASK_CONTEXTS",
            "AUDIT_MAC_OBJ_CONTEXTS",
            "AUDIT_INTEGRITY_USERSPACE",
            "TLS_INFO_TX_MAX_PAYLOAD_LEN",
            "peer_gid_ext",
        ],
    ),
    ("known to Linux when the oracle was made, and left out", &["BPF_F_XDP_HAS_FRAGS", "IPSET_CMD_GET_BY"]),
    ("Linux 6.2", &["NTF_EXT_LOCKED", "MDBA_ROUTER_PATTR_VID"]),
    ("Linux 6.14 to 6.17", &["MDB_FLAGS_OFFLOAD_FAILED", "NTF_EXT_EXT_VALIDATED"]),
    (
        "known to Linux when the oracle was made, and left out",
        &["LWTUNNEL_ENCAP_IOAM6", "LWTUNNEL_ENCAP_XFRM"],
    ),
    (
        "known to Linux when the oracle was made, and left out",
        &["IORING_FEAT_LINKED_FILE", "IORING_REGISTER_SYNC_CANCEL"],
    ),
    (
        "the oracle knows these of mount_setattr alone, and the field by its parts",
        &["MOUNT_ATTR__ATIME", "MOUNT_ATTR_NOATIME", "MOUNT_ATTR_STRICTATIME", "MOUNT_ATTR_NODIRATIME"],
    ),
    ("the oracle knows these of mount_setattr alone", &["MOUNT_ATTR_NOSYMFOLLOW", "MOUNT_ATTR_IDMAP"]),
];

/// Calls whose flags are a bare number in the oracle where it has no name for any.
const BARE: &[&str] = &["landlock_restrict_self(", "pidfd_send_signal(", "pidfd_open(", "memfd_secret("];

/// The value of a name of a set.
fn value(name: &str) -> Option<u64> {
    sets::ALL.iter().find_map(|set| set.value_of(Abi::X86_64, name))
}

/// The value of a name that a line of the oracle lacks: a number stands there in its place.
fn lacking(oracle: &str, name: &str) -> Option<u64> {
    let listed = NAMES.iter().any(|(_, names)| names.contains(&name));
    value(name).filter(|_| listed || !oracle.contains(name))
}

static NAME: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b_?[A-Z][A-Z0-9_]{4,}\b").unwrap());
static COMMENT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r" /\* [A-Za-z0-9_|<?]+ \*/").unwrap());
static WORD: LazyLock<Regex> = LazyLock::new(|| {
    let part = r"(?:[A-Z_][A-Za-z0-9_]*|0x[0-9a-f]+|[0-9]+<<[A-Z_]+)";
    Regex::new(&format!(r"\b{part}(?:\|{part})*")).unwrap()
});

/// A line without the names that stand beside values, the newer names and the number of each word of flags added up.
fn plain(line: &str, oracle: &str) -> String {
    // With -X verbose, there are remarks in remarks.
    let line = COMMENT.replace_all(line, "").into_owned();
    let line = COMMENT.replace_all(&line, "");
    WORD.replace_all(&line, |word: &Captures<'_>| {
        let (mut names, mut rest) = (Vec::new(), 0u64);
        for part in word[0].split('|') {
            let number = part.strip_prefix("0x").and_then(|digits| u64::from_str_radix(digits, 16).ok());
            match number.or_else(|| lacking(oracle, part)) {
                Some(number) => rest += number,
                None => names.push(part),
            }
        }
        if rest != 0 || names.is_empty() {
            return format!("{}|{rest:#x}", names.join("|"));
        }
        names.join("|")
    })
    .into_owned()
}

/// Without the spaces that put results in a column.
fn packed(line: &str) -> String {
    match line.rsplit_once(" = ") {
        Some((call, result)) => format!("{} = {result}", call.trim_end()),
        None => line.to_owned(),
    }
}

/// Calls whose structs have grown: behind what the oracle knows it has an ellipsis, or bytes.
const GROWN: &[&str] = &["bpf(", "perf_event_open("];

/// Whether ours goes on where the oracle has what it has no names for.
pub fn goes_on(oracle: &str, ours: &str) -> bool {
    let ends = ["}, ...}", ", ...}", "}, extra_data=", ", extra_data="];
    let end = ends.iter().filter_map(|end| oracle.find(end)).min();
    let grown = GROWN.iter().any(|call| oracle.starts_with(call));
    let bare = |line: &str| plain(&without(line, oracle), oracle);
    end.is_some_and(|end| grown && bare(ours).starts_with(&bare(&oracle[..end])))
}

/// Members at the end of structs of bpf that the oracle lacks: strace 6.5 to 6.18 show them of structs that reach so far.
static GROWN_MEMBERS: LazyLock<Regex> = LazyLock::new(|| {
    let names = [
        "core_relo_cnt|core_relos|core_relo_rec_size|log_true_size|prog_token_fd|fd_array_cnt|signature|signature_size",
        "keyring_id|fd_array|value_type_btf_obj_fd|map_token_fd|excl_prog_hash|excl_prog_hash_size|map_extra",
        "relative_fd|relative_id|expected_revision|prog_attach_flags|link_ids|link_attach_flags|revision|cookie",
        "btf_log_true_size|btf_flags|btf_token_fd|fd_by_id_token_fd|attach_flags",
    ];
    Regex::new(&format!(r", (?:{})=(?:[^,{{}}]*)", names.join("|"))).unwrap()
});

/// Bits of struct perf_event_attr that the oracle takes for kept: Linux 6.13 and 6.19.
static PERF_BITS: LazyLock<Regex> = LazyLock::new(|| {
    let names =
        "defer_callchain|defer_output|aux_start_paused|aux_pause|aux_resume|__reserved_1|__reserved_3";
    let kept = r" /\* bytes 116\.\.119: 0x[0-9a-f]+ \*/";
    Regex::new(&format!(r"{kept}|, (?:{names})=[^,}}]*")).unwrap()
});

/// A line without such members.
fn without<'a>(line: &'a str, oracle: &str) -> Cow<'a, str> {
    match oracle {
        _ if oracle.starts_with("bpf(") => GROWN_MEMBERS.replace_all(line, ""),
        _ if oracle.contains("precise_ip=") => PERF_BITS.replace_all(line, ""),
        _ => Cow::Borrowed(line),
    }
}

/// Whether ours is the oracle's but for such members.
pub fn grown(oracle: &str, ours: &str) -> bool {
    let bare = |line: &str| plain(&without(line, oracle), oracle);
    bare(oracle) == bare(ours)
}

/// Whether one thing is an address and the other what is behind it.
fn replaced(address: &str, shown: &str) -> bool {
    let digits = address.trim_start_matches('|').strip_prefix("0x").unwrap_or("-");
    let behind = ["{", "[", "~["].iter().any(|start| shown.starts_with(start));
    behind && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Calls with arguments that the oracle leaves addresses.
const BEHIND: &[&str] = &["io_uring_enter(", "io_uring_register("];

/// Whether ours is the oracle's but for one thing that is shown where the oracle has its address.
pub fn looks_behind(oracle: &str, ours: &str) -> bool {
    let (theirs, ours) = (plain(oracle, oracle), plain(ours, oracle));
    let same = |pair: &(u8, u8)| pair.0 == pair.1;
    let head = theirs.bytes().zip(ours.bytes()).take_while(same).count();
    let (address, shown) = (&theirs[head..], &ours[head..]);
    let tail = address.bytes().rev().zip(shown.bytes().rev()).take_while(same).count();
    let (address, shown) = (&address[..address.len() - tail], &shown[..shown.len() - tail]);
    let known = BEHIND.iter().any(|call| oracle.starts_with(call));
    // With IORING_ENTER_EXT_ARG_REG there is an offset where the oracle sees the address of a set of signals.
    let offset = oracle.starts_with("io_uring_enter(") && replaced(shown, address);
    known && replaced(address, shown) || offset
}

/// A command of ioctl: what stands before its name, the name, and the rest of the line.
static COMMAND: LazyLock<Regex> = LazyLock::new(|| {
    let head = r"ioctl\([^,]*, (?:0x[0-9a-f]+ /\* )?";
    Regex::new(&format!(r"^({head})(_IOC\([^)]*\)|[^,]*?)((?: \*/)?(?:, .*)?\) += .*)$")).unwrap()
});
/// The rest of it where the argument is a number, and where it is memory in hexadecimal.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^, (?:0|0x[0-9a-f]+)(\) += .*)$").unwrap());
static BYTES: LazyLock<Regex> = LazyLock::new(|| {
    let text = r#""(?:\\x[0-9a-f]{2})*"(?:\.\.\.)?"#;
    let thing = format!("(?:NULL|0x[0-9a-f]+|{text})");
    Regex::new(&format!(r"^, {thing}(?: => {thing})?(\) += .*)$")).unwrap()
});

/// Whether the oracle lacks only some of the names that share the number of a command of ioctl, or all of them, and,
/// where all is wanted, has a number where strace 6.11 shows the memory of commands that it does not know.
pub fn ioctl(oracle: &str, ours: &str, all: bool) -> bool {
    let (oracle, ours) = (packed(oracle), packed(ours));
    let (Some(theirs), Some(ours)) = (COMMAND.captures(&oracle), COMMAND.captures(&ours)) else {
        return false;
    };
    let has = |name: &str| ours[2].split(" or ").any(|one| one == name);
    let lacks = theirs[2].starts_with("_IOC(") || theirs[2].split(" or ").all(has);
    let dumped = || match (NUMBER.captures(&theirs[3]), BYTES.captures(&ours[3])) {
        (Some(number), Some(bytes)) => number[1] == bytes[1],
        _ => false,
    };
    lacks && theirs[1] == ours[1] && (theirs[3] == ours[3] || all && dumped())
}

/// Whether a line of ours is the oracle's but for names that it lacks.
pub fn same(oracle: &str, ours: &str) -> bool {
    if oracle == ours {
        return true;
    }
    // Names of ioctl's sets stand in no list that is searched here.
    let elsewhere = |name: &&str| value(name).is_none() && ours.contains(*name);
    if NAMES.iter().any(|(_, names)| names.iter().any(&elsewhere)) {
        return true;
    }
    let bare = BARE.iter().any(|call| ours.starts_with(call));
    let newer = || NAME.find_iter(ours).any(|name| lacking(oracle, name.as_str()).is_some());
    (bare || newer()) && plain(&packed(oracle), oracle) == plain(&packed(ours), oracle)
}
