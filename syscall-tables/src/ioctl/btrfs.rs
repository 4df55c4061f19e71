//! What commands of btrfs take and answer.
//!
//! Source: include/uapi/linux/btrfs.h and btrfs_tree.h, and the behaviour of strace 6.1, whose names of flags
//! these are, with those that came to Linux later.

use super::argument::{Argument, Code, Row, Silence, place, some};
use crate::kinds::*;
use crate::model::{Custom, Dir, Kind, Shape, Width};
use crate::piece::Piece;
use crate::set::{Base, Set, Style};

crate::sets! {
    /// BTRFS_IOC_BALANCE_CTL.
    BALANCE_CTL: Values, Hex, "BTRFS_BALANCE_CTL_???" { BTRFS_BALANCE_CTL_PAUSE = 1, BTRFS_BALANCE_CTL_CANCEL = 2 }

    /// Kinds of subvolumes.
    SUBVOLUME: Bits, Hex, "BTRFS_SUBVOL_???" {
        BTRFS_SUBVOL_CREATE_ASYNC = 1, BTRFS_SUBVOL_RDONLY = 2, BTRFS_SUBVOL_QGROUP_INHERIT = 4,
    }

    /// Btrfs_qgroup_inherit.flags.
    INHERIT: Bits, Hex, "BTRFS_QGROUP_INHERIT_???" { BTRFS_QGROUP_INHERIT_SET_LIMITS = 1 }

    /// Btrfs_qgroup_limit.flags.
    LIMITS: Bits, Hex, "BTRFS_QGROUP_LIMIT_???" {
        BTRFS_QGROUP_LIMIT_MAX_RFER = 1, BTRFS_QGROUP_LIMIT_MAX_EXCL = 2, BTRFS_QGROUP_LIMIT_RSV_RFER = 4,
        BTRFS_QGROUP_LIMIT_RSV_EXCL = 8, BTRFS_QGROUP_LIMIT_RFER_CMPR = 0x10, BTRFS_QGROUP_LIMIT_EXCL_CMPR = 0x20,
    }

    /// Btrfs_ioctl_scrub_args.flags.
    SCRUBBING: Bits, Hex, "BTRFS_SCRUB_???" { BTRFS_SCRUB_READONLY = 1 }

    /// Btrfs_ioctl_defrag_range_args.flags.
    DEFRAGMENT: Bits, Hex, "BTRFS_DEFRAG_RANGE_???" {
        BTRFS_DEFRAG_RANGE_COMPRESS = 1, BTRFS_DEFRAG_RANGE_START_IO = 2,
        BTRFS_DEFRAG_RANGE_COMPRESS_LEVEL = 4, BTRFS_DEFRAG_RANGE_NOCOMPRESS = 8,
    }

    /// Btrfs_ioctl_defrag_range_args.compress_type.
    COMPRESSION: Values, Hex, "BTRFS_COMPRESS_???" {
        BTRFS_COMPRESS_NONE = 0, BTRFS_COMPRESS_ZLIB = 1, BTRFS_COMPRESS_LZO = 2, BTRFS_COMPRESS_ZSTD = 3,
    }

    /// Btrfs_ioctl_feature_flags.compat_flags.
    COMPATIBLE: Bits, Hex, "BTRFS_FEATURE_COMPAT_???" {}

    /// Btrfs_ioctl_feature_flags.compat_ro_flags.
    READABLE: Bits, Hex, "BTRFS_FEATURE_COMPAT_RO_???" {
        BTRFS_FEATURE_COMPAT_RO_FREE_SPACE_TREE = 1, BTRFS_FEATURE_COMPAT_RO_FREE_SPACE_TREE_VALID = 2,
        BTRFS_FEATURE_COMPAT_RO_VERITY = 4, BTRFS_FEATURE_COMPAT_RO_BLOCK_GROUP_TREE = 8,
    }

    /// Btrfs_ioctl_feature_flags.incompat_flags.
    INCOMPATIBLE: Bits, Hex, "BTRFS_FEATURE_INCOMPAT_???" {
        BTRFS_FEATURE_INCOMPAT_MIXED_BACKREF = 1, BTRFS_FEATURE_INCOMPAT_DEFAULT_SUBVOL = 2,
        BTRFS_FEATURE_INCOMPAT_MIXED_GROUPS = 4, BTRFS_FEATURE_INCOMPAT_COMPRESS_LZO = 8,
        BTRFS_FEATURE_INCOMPAT_COMPRESS_ZSTD = 0x10, BTRFS_FEATURE_INCOMPAT_BIG_METADATA = 0x20,
        BTRFS_FEATURE_INCOMPAT_EXTENDED_IREF = 0x40, BTRFS_FEATURE_INCOMPAT_RAID56 = 0x80,
        BTRFS_FEATURE_INCOMPAT_SKINNY_METADATA = 0x100, BTRFS_FEATURE_INCOMPAT_NO_HOLES = 0x200,
        BTRFS_FEATURE_INCOMPAT_METADATA_UUID = 0x400, BTRFS_FEATURE_INCOMPAT_RAID1C34 = 0x800,
        BTRFS_FEATURE_INCOMPAT_ZONED = 0x1000, BTRFS_FEATURE_INCOMPAT_EXTENT_TREE_V2 = 0x2000,
        BTRFS_FEATURE_INCOMPAT_RAID_STRIPE_TREE = 0x4000, BTRFS_FEATURE_INCOMPAT_SIMPLE_QUOTA = 0x10000,
    }

    /// Btrfs_ioctl_send_args.flags.
    SENDING: Bits, Hex, "BTRFS_SEND_FLAGS_???" {
        BTRFS_SEND_FLAG_NO_FILE_DATA = 1, BTRFS_SEND_FLAG_OMIT_STREAM_HEADER = 2, BTRFS_SEND_FLAG_OMIT_END_CMD = 4,
        BTRFS_SEND_FLAG_VERSION = 8, BTRFS_SEND_FLAG_COMPRESSED = 0x10,
    }

    /// Btrfs_ioctl_fs_info_args.flags.
    INFO: Bits, Hex, "BTRFS_FS_INFO_FLAG_???" {
        BTRFS_FS_INFO_FLAG_CSUM_INFO = 1, BTRFS_FS_INFO_FLAG_GENERATION = 2, BTRFS_FS_INFO_FLAG_METADATA_UUID = 4,
    }

    /// Btrfs_ioctl_fs_info_args.csum_type.
    CHECKSUM: Values, Hex, "BTRFS_CSUM_TYPE_???" {
        BTRFS_CSUM_TYPE_CRC32 = 0, BTRFS_CSUM_TYPE_XXHASH = 1, BTRFS_CSUM_TYPE_SHA256 = 2, BTRFS_CSUM_TYPE_BLAKE2 = 3,
    }

    /// Btrfs_ioctl_balance_args.flags.
    BALANCE: Bits, Hex, "BTRFS_BALANCE_???" {
        BTRFS_BALANCE_DATA = 1, BTRFS_BALANCE_SYSTEM = 2, BTRFS_BALANCE_METADATA = 4, BTRFS_BALANCE_FORCE = 8,
        BTRFS_BALANCE_RESUME = 0x10,
    }

    /// Btrfs_ioctl_balance_args.state.
    BALANCE_STATE: Bits, Hex, "BTRFS_BALANCE_STATE_???" {
        BTRFS_BALANCE_STATE_RUNNING = 1, BTRFS_BALANCE_STATE_PAUSE_REQ = 2, BTRFS_BALANCE_STATE_CANCEL_REQ = 4,
    }

    /// Btrfs_balance_args.flags.
    BALANCE_ARGS: Bits, Hex, "BTRFS_BALANCE_ARGS_???" {
        BTRFS_BALANCE_ARGS_PROFILES = 1, BTRFS_BALANCE_ARGS_USAGE = 2, BTRFS_BALANCE_ARGS_DEVID = 4,
        BTRFS_BALANCE_ARGS_DRANGE = 8, BTRFS_BALANCE_ARGS_VRANGE = 0x10, BTRFS_BALANCE_ARGS_LIMIT = 0x20,
        BTRFS_BALANCE_ARGS_LIMIT_RANGE = 0x40, BTRFS_BALANCE_ARGS_STRIPES_RANGE = 0x80,
        BTRFS_BALANCE_ARGS_CONVERT = 0x100, BTRFS_BALANCE_ARGS_SOFT = 0x200, BTRFS_BALANCE_ARGS_USAGE_RANGE = 0x400,
    }

    /// Kinds of block groups.
    PROFILES: Bits, Hex, "BTRFS_BLOCK_GROUP_???" {
        BTRFS_BLOCK_GROUP_DATA = 1, BTRFS_BLOCK_GROUP_SYSTEM = 2, BTRFS_BLOCK_GROUP_METADATA = 4,
        BTRFS_BLOCK_GROUP_RAID0 = 8, BTRFS_BLOCK_GROUP_RAID1 = 0x10, BTRFS_BLOCK_GROUP_DUP = 0x20,
        BTRFS_BLOCK_GROUP_RAID10 = 0x40, BTRFS_BLOCK_GROUP_RAID5 = 0x80, BTRFS_BLOCK_GROUP_RAID6 = 0x100,
        BTRFS_AVAIL_ALLOC_BIT_SINGLE = 0x1000000000000, BTRFS_SPACE_INFO_GLOBAL_RSV = 0x2000000000000,
    }

    /// Btrfs_ioctl_quota_ctl_args.cmd.
    QUOTA: Values, Hex, "BTRFS_QUOTA_CTL_???" {
        BTRFS_QUOTA_CTL_ENABLE = 1, BTRFS_QUOTA_CTL_DISABLE = 2, BTRFS_QUOTA_CTL_RESCAN__NOTUSED = 3,
        BTRFS_QUOTA_CTL_ENABLE_SIMPLE_QUOTA = 4,
    }

    /// Btrfs_ioctl_dev_replace_args.cmd.
    REPLACE: Values, Hex, "BTRFS_IOCTL_DEV_REPLACE_CMD_???" {
        BTRFS_IOCTL_DEV_REPLACE_CMD_START = 0, BTRFS_IOCTL_DEV_REPLACE_CMD_STATUS = 1,
        BTRFS_IOCTL_DEV_REPLACE_CMD_CANCEL = 2,
    }

    /// Btrfs_ioctl_dev_replace_args.result.
    REPLACE_RESULT: Values, Hex, "BTRFS_IOCTL_DEV_REPLACE_RESULT_???" {
        BTRFS_IOCTL_DEV_REPLACE_RESULT_NO_ERROR = 0, BTRFS_IOCTL_DEV_REPLACE_RESULT_NOT_STARTED = 1,
        BTRFS_IOCTL_DEV_REPLACE_RESULT_ALREADY_STARTED = 2, BTRFS_IOCTL_DEV_REPLACE_RESULT_SCRUB_INPROGRESS = 3,
    }

    /// Btrfs_ioctl_dev_replace_status_params.replace_state.
    REPLACE_STATE: Values, Hex, "BTRFS_IOCTL_DEV_REPLACE_STATE_???" {
        BTRFS_IOCTL_DEV_REPLACE_STATE_NEVER_STARTED = 0, BTRFS_IOCTL_DEV_REPLACE_STATE_STARTED = 1,
        BTRFS_IOCTL_DEV_REPLACE_STATE_FINISHED = 2, BTRFS_IOCTL_DEV_REPLACE_STATE_CANCELED = 3,
        BTRFS_IOCTL_DEV_REPLACE_STATE_SUSPENDED = 4,
    }

    /// Btrfs_ioctl_dev_replace_start_params.cont_reading_from_srcdev_mode.
    REPLACE_MODE: Values, Hex, "BTRFS_IOCTL_DEV_REPLACE_CONT_READING_FROM_SRCDEV_MODE_???" {
        BTRFS_IOCTL_DEV_REPLACE_CONT_READING_FROM_SRCDEV_MODE_ALWAYS = 0,
        BTRFS_IOCTL_DEV_REPLACE_CONT_READING_FROM_SRCDEV_MODE_AVOID = 1,
    }

    /// Btrfs_ioctl_logical_ino_args.flags.
    LOGICAL: Bits, Hex, "BTRFS_LOGICAL_INO_ARGS_???" { BTRFS_LOGICAL_INO_ARGS_IGNORE_OFFSET = 1 }

    /// Btrfs_ioctl_get_dev_stats.flags.
    STATS: Bits, Hex, "BTRFS_DEV_STATS_???" { BTRFS_DEV_STATS_RESET = 1 }

    /// Btrfs_ioctl_get_dev_stats.values.
    STAT_VALUES: Values, Dec, "" {
        BTRFS_DEV_STAT_WRITE_ERRS = 0, BTRFS_DEV_STAT_READ_ERRS = 1, BTRFS_DEV_STAT_FLUSH_ERRS = 2,
        BTRFS_DEV_STAT_CORRUPTION_ERRS = 3, BTRFS_DEV_STAT_GENERATION_ERRS = 4,
    }

    /// Trees and other objects.
    OBJECTS: Values, Dec, "" {
        BTRFS_ROOT_TREE_OBJECTID = 1, BTRFS_EXTENT_TREE_OBJECTID = 2, BTRFS_CHUNK_TREE_OBJECTID = 3,
        BTRFS_DEV_TREE_OBJECTID = 4, BTRFS_FS_TREE_OBJECTID = 5, BTRFS_ROOT_TREE_DIR_OBJECTID = 6,
        BTRFS_CSUM_TREE_OBJECTID = 7, BTRFS_QUOTA_TREE_OBJECTID = 8, BTRFS_UUID_TREE_OBJECTID = 9,
        BTRFS_FREE_SPACE_TREE_OBJECTID = 10, BTRFS_BLOCK_GROUP_TREE_OBJECTID = 11,
        BTRFS_RAID_STRIPE_TREE_OBJECTID = 12, BTRFS_FIRST_FREE_OBJECTID = 256,
        BTRFS_LAST_FREE_OBJECTID = 0xffff_ffff_ffff_ff00, UINT64_MAX = u64::MAX,
    }

    /// Types of keys of items.
    KEYS: Values, Dec, "" {
        BTRFS_INODE_ITEM_KEY = 1, BTRFS_INODE_REF_KEY = 12, BTRFS_INODE_EXTREF_KEY = 13, BTRFS_XATTR_ITEM_KEY = 24,
        BTRFS_VERITY_DESC_ITEM_KEY = 36, BTRFS_VERITY_MERKLE_ITEM_KEY = 37, BTRFS_ORPHAN_ITEM_KEY = 48,
        BTRFS_DIR_LOG_ITEM_KEY = 60, BTRFS_DIR_LOG_INDEX_KEY = 72, BTRFS_DIR_ITEM_KEY = 84, BTRFS_DIR_INDEX_KEY = 96,
        BTRFS_EXTENT_DATA_KEY = 108, BTRFS_EXTENT_CSUM_KEY = 128, BTRFS_ROOT_ITEM_KEY = 132,
        BTRFS_ROOT_BACKREF_KEY = 144, BTRFS_ROOT_REF_KEY = 156, BTRFS_EXTENT_ITEM_KEY = 168,
        BTRFS_METADATA_ITEM_KEY = 169, BTRFS_EXTENT_OWNER_REF_KEY = 172, BTRFS_TREE_BLOCK_REF_KEY = 176, BTRFS_EXTENT_DATA_REF_KEY = 178,
        BTRFS_EXTENT_REF_V0_KEY = 180, BTRFS_SHARED_BLOCK_REF_KEY = 182, BTRFS_SHARED_DATA_REF_KEY = 184,
        BTRFS_BLOCK_GROUP_ITEM_KEY = 192, BTRFS_FREE_SPACE_INFO_KEY = 198, BTRFS_FREE_SPACE_EXTENT_KEY = 199,
        BTRFS_FREE_SPACE_BITMAP_KEY = 200, BTRFS_DEV_EXTENT_KEY = 204, BTRFS_DEV_ITEM_KEY = 216,
        BTRFS_CHUNK_ITEM_KEY = 228, BTRFS_RAID_STRIPE_KEY = 230, BTRFS_QGROUP_STATUS_KEY = 240, BTRFS_QGROUP_INFO_KEY = 242,
        BTRFS_QGROUP_LIMIT_KEY = 244, BTRFS_QGROUP_RELATION_KEY = 246, BTRFS_TEMPORARY_ITEM_KEY = 248,
        BTRFS_PERSISTENT_ITEM_KEY = 249, BTRFS_DEV_REPLACE_KEY = 250, BTRFS_UUID_KEY_SUBVOL = 251,
        BTRFS_UUID_KEY_RECEIVED_SUBVOL = 252, BTRFS_STRING_ITEM_KEY = 253, UINT32_MAX = 0xffff_ffff,
    }

    /// A number that may be the largest of 64 bits.
    MOST: Values, Dec, "" { UINT64_MAX = u64::MAX }
}

/// Kinds of block groups as the space that they take has them.
pub static SPACE_FLAGS: Set = Set {
    id: "SPACE_FLAGS",
    unknown: "BTRFS_SPACE_INFO_???",
    style: Style::Bits,
    base: Base::Hex,
    rows: PROFILES.rows,
    variants: &[],
};

const FD64: Kind = piece(Piece::Descriptor);
const UUID: Kind = piece(Piece::Uuid);
const MOST64: Kind = named(&MOST, Width::W64);
const OBJECT: Kind = named(&OBJECTS, Width::W64);
const KEY: Kind = named(&KEYS, Width::W32);

const fn named(set: &'static Set, width: Width) -> Kind {
    piece(Piece::Named(set, width))
}

const fn hidden(kind: &'static Kind) -> Kind {
    piece(Piece::NonZero(kind))
}

crate::structs! {
    /// `struct btrfs_ioctl_vol_args`.
    VOLUME "btrfs_ioctl_vol_args" { fd: FD64, name: Kind::new(Shape::Chars(4088)) };
    /// `struct btrfs_qgroup_limit`.
    LIMIT "btrfs_qgroup_limit" { flags: bits64(&LIMITS), max_rfer: U64, max_excl: U64, rsv_rfer: U64, rsv_excl: U64 };
    /// `struct btrfs_ioctl_qgroup_limit_args`.
    GROUP_LIMIT "btrfs_ioctl_qgroup_limit_args" { qgroupid: U64, lim: place(&LIMIT) };
    /// `struct btrfs_qgroup_inherit` without the groups at its end.
    INHERITED "btrfs_qgroup_inherit" {
        flags: bits64(&INHERIT), num_qgroups: U64, num_ref_copies: U64, num_excl_copies: U64, lim: place(&LIMIT),
    };
    /// `struct btrfs_ioctl_qgroup_create_args`.
    GROUP_CREATE "btrfs_ioctl_qgroup_create_args" { create: U64, qgroupid: U64 };
    /// `struct btrfs_ioctl_qgroup_assign_args`.
    GROUP_ASSIGN "btrfs_ioctl_qgroup_assign_args" { assign: U64, src: U64, dst: U64 };
    /// `struct btrfs_ioctl_defrag_range_args`.
    DEFRAG_RANGE "btrfs_ioctl_defrag_range_args" {
        start: U64, len: MOST64, flags: bits64(&DEFRAGMENT), extent_thresh: UINT, compress_type: bits(&COMPRESSION),
        _unused: some(&UINT, 4),
    };
    /// `struct btrfs_ioctl_feature_flags`.
    FEATURES "btrfs_ioctl_feature_flags" {
        compat_flags: bits64(&COMPATIBLE), compat_ro_flags: bits64(&READABLE), incompat_flags: bits64(&INCOMPATIBLE),
    };
    /// `struct btrfs_ioctl_quota_rescan_args` as it is asked.
    RESCAN "btrfs_ioctl_quota_rescan_args" { flags: U64, progress: MOST64, _reserved: some(&U64, 6) } show [flags];
    /// `struct btrfs_ioctl_quota_rescan_args`.
    RESCAN_STATUS "btrfs_ioctl_quota_rescan_args" { flags: U64, progress: OBJECT, _reserved: some(&U64, 6) };
    /// `struct btrfs_ioctl_quota_ctl_args`.
    QUOTA_CONTROL "btrfs_ioctl_quota_ctl_args" { cmd: bits64(&QUOTA), _status: U64 };
    /// `struct btrfs_ioctl_fs_info_args`.
    FS_INFO "btrfs_ioctl_fs_info_args" {
        max_id: U64, num_devices: U64, fsid: UUID, nodesize: UINT, sectorsize: UINT, clone_alignment: UINT,
        csum_type: bits16(&CHECKSUM).when(flags, 1), csum_size: U16.when(flags, 1), flags: bits64(&INFO),
        generation: U64.when(flags, 2), metadata_uuid: UUID.when(flags, 4), _reserved: some(&U8, 944),
    };
    /// `struct btrfs_ioctl_dev_info_args` as it is asked.
    DEVICE_ASKED "btrfs_ioctl_dev_info_args" {
        devid: DEV64, uuid: hidden(&UUID), _rest: some(&U8, 4072),
    };
    /// `struct btrfs_ioctl_dev_info_args`.
    DEVICE "btrfs_ioctl_dev_info_args" {
        _devid: U64, uuid: hidden(&UUID), bytes_used: U64, total_bytes: U64, _unused: some(&U64, 379),
        path: Kind::new(Shape::Chars(1024)),
    };
    /// `struct btrfs_scrub_progress`.
    SCRUBBED "btrfs_scrub_progress" {
        data_extents_scrubbed: U64, tree_extents_scrubbed: U64, data_bytes_scrubbed: U64, tree_bytes_scrubbed: U64,
        read_errors: U64, csum_errors: U64, verify_errors: U64, no_csum: U64, csum_discards: U64, super_errors: U64,
        malloc_errors: U64, uncorrectable_errors: U64, corrected_errors: U64, last_physical: U64,
        unverified_errors: U64,
    };
    /// `struct btrfs_ioctl_scrub_args` as it is asked.
    SCRUB "btrfs_ioctl_scrub_args" {
        devid: DEV64, start: U64, end: MOST64, flags: bits64(&SCRUBBING), _rest: some(&U8, 992),
    };
    /// The same of which only the device counts.
    SCRUB_DEVICE "btrfs_ioctl_scrub_args" { devid: DEV64, _rest: some(&U8, 1016) };
    /// `struct btrfs_ioctl_scrub_args`.
    SCRUB_DONE "btrfs_ioctl_scrub_args" {
        _devid: U64, _start: U64, _end: U64, _flags: U64, progress: place(&SCRUBBED), _rest: some(&U8, 872),
    };
    /// `struct btrfs_balance_args`.
    BALANCED "btrfs_balance_args" {
        profiles: bits64(&PROFILES), usage: MOST64, devid: DEV64, pstart: MOST64, pend: MOST64, vstart: MOST64,
        vend: MOST64, target: MOST64, flags: bits64(&BALANCE_ARGS), _rest: some(&U64, 8),
    };
    /// `struct btrfs_ioctl_balance_args` as it is asked.
    BALANCE_ASKED "btrfs_ioctl_balance_args" {
        flags: bits64(&BALANCE), _state: U64, data: place(&BALANCED).when(flags, 1),
        meta: place(&BALANCED).when(flags, 4), sys: place(&BALANCED).when(flags, 2), _rest: some(&U64, 75),
    };
    /// `struct btrfs_ioctl_balance_args`.
    BALANCE_DONE "btrfs_ioctl_balance_args" {
        flags: bits64(&BALANCE), state: bits64(&BALANCE_STATE), data: place(&BALANCED).when(flags, 1),
        meta: place(&BALANCED).when(flags, 4), sys: place(&BALANCED).when(flags, 2), _rest: some(&U64, 75),
    };
    /// `struct btrfs_ioctl_timespec`.
    TIME "btrfs_ioctl_timespec" { sec: U64, nsec: UINT };
    /// `struct btrfs_ioctl_received_subvol_args` as it is asked.
    RECEIVED "btrfs_ioctl_received_subvol_args" {
        uuid: UUID, stransid: U64, _rtransid: U64, stime: DATED, _rtime: DATED, flags: U64, _reserved: some(&U64, 16),
    };
    /// `struct btrfs_ioctl_received_subvol_args`.
    RECEIVED_DONE "btrfs_ioctl_received_subvol_args" {
        _uuid: UUID, _stransid: U64, rtransid: U64, _stime: DATED, rtime: DATED, _flags: U64,
        _reserved: some(&U64, 16),
    };
    /// `struct btrfs_ioctl_send_args`.
    SEND "btrfs_ioctl_send_args" {
        send_fd: FD64, clone_sources_count: U64, clone_sources: BRIEF_SOURCES, parent_root: OBJECT,
        flags: bits64(&SENDING), _version: UINT, _reserved: some(&U8, 28),
    };
    /// `struct btrfs_ioctl_send_args` with its sources.
    SEND_WHOLE "btrfs_ioctl_send_args" {
        send_fd: FD64, clone_sources_count: U64, clone_sources: in_array(&OBJECT, of(clone_sources_count)),
        parent_root: OBJECT, flags: bits64(&SENDING), _version: UINT, _reserved: some(&U8, 28),
    };
    /// `struct btrfs_ioctl_dev_replace_start_params`.
    REPLACE_START "btrfs_ioctl_dev_replace_start_params" {
        srcdevid: DEV64, cont_reading_from_srcdev_mode: bits64(&REPLACE_MODE),
        srcdev_name: Kind::new(Shape::Chars(1025)), tgtdev_name: Kind::new(Shape::Chars(1025)),
    };
    /// `struct btrfs_ioctl_dev_replace_args` as it is asked.
    REPLACE_ASKED "btrfs_ioctl_dev_replace_args" {
        cmd: bits64(&REPLACE), _result: U64, start: place(&REPLACE_START).when_is(cmd, 0), _spare: some(&U64, 64),
    };
    /// `struct btrfs_ioctl_dev_replace_status_params`.
    REPLACE_STATUS "btrfs_ioctl_dev_replace_status_params" {
        replace_state: bits64(&REPLACE_STATE), progress_1000: piece(Piece::Thousandths), time_started: piece(Piece::Date),
        time_stopped: piece(Piece::Date), num_write_errors: U64, num_uncorrectable_read_errors: U64,
    };
    /// `struct btrfs_ioctl_dev_replace_args` as far as it is answered.
    REPLACE_DONE "btrfs_ioctl_dev_replace_args" {
        _cmd: U64, result: bits64(&REPLACE_RESULT), status: place(&REPLACE_STATUS).when_is(_cmd, 1),
    };
    /// `struct btrfs_ioctl_vol_args_v2` as far as it is answered.
    SUBVOLUME_DONE "btrfs_ioctl_vol_args_v2" { _fd: U64, transid: U64 };
    /// `struct btrfs_ioctl_search_key` behind the tree and the bounds of objects.
    SEARCH_KEY "btrfs_ioctl_search_key" {
        min_offset: MOST64, max_offset: MOST64,
        min_transid: MOST64, max_transid: MOST64, min_type: KEY, max_type: KEY, nr_items: UINT, _unused: UINT,
        _unused1: some(&U64, 4),
    };
    /// `struct btrfs_ioctl_search_header`.
    SEARCH_HEADER "btrfs_ioctl_search_header" { transid: U64, objectid: OBJECT, offset: U64, r#type: KEY, len: UINT };
    /// `struct btrfs_ioctl_space_info`.
    SPACE "btrfs_ioctl_space_info" { flags: bits64(&SPACE_FLAGS), total_bytes: U64, used_bytes: U64 };
    /// `struct btrfs_ioctl_get_dev_stats` as it is asked.
    STATS_ASKED "btrfs_ioctl_get_dev_stats" { devid: DEV64, nr_items: U64, flags: bits64(&STATS) };
    /// `struct btrfs_ioctl_ino_lookup_args` as it is asked.
    LOOKUP "btrfs_ioctl_ino_lookup_args" { treeid: OBJECT, objectid: OBJECT };
    /// `struct btrfs_data_container` without what follows it.
    CONTAINER "btrfs_data_container" { bytes_left: UINT, bytes_missing: UINT, elem_cnt: UINT, elem_missed: UINT };
    /// An element of what BTRFS_IOC_LOGICAL_INO answers.
    REFERENCE "inode" { inum: U64, offset: U64, root: U64 };
    /// `struct btrfs_ioctl_ino_path_args`.
    PATHS "btrfs_ioctl_ino_path_args" {
        inum: U64, size: U64, _reserved: some(&U64, 4), fspath: Kind::new(Shape::Custom(Custom::Address64)),
    };
    /// `struct btrfs_ioctl_logical_ino_args`.
    LOGICAL_INODE "btrfs_ioctl_logical_ino_args" {
        logical: U64, size: U64, reserved: hidden(&const { some(&HEX64, 3) }), flags: bits64(&LOGICAL),
        inodes: Kind::new(Shape::Custom(Custom::Address64)),
    };
}

const DATED: Kind = Kind::new(Shape::Custom(Custom::Dated(&const { place(&TIME) }, 9)));
const BRIEF_SOURCES: Kind = ADDR;

const fn exchanged(asked: &'static Kind, answered: &'static Kind) -> Argument {
    Argument::Exchanged(asked, answered, Silence::Failed)
}

const VOLUME_HERE: Argument = Argument::given(&const { place(&VOLUME) });
const FLAGS_HERE: Kind = bits64(&SUBVOLUME);
const REPLACED: Argument = exchanged(&const { place(&REPLACE_ASKED) }, &const { place(&REPLACE_DONE) });
const SCRUBBING_DONE: Kind = place(&SCRUB_DONE);
const RECEIVED_HERE: Argument = exchanged(&const { place(&RECEIVED) }, &const { place(&RECEIVED_DONE) });
/// What is printed of the sources of BTRFS_IOC_SEND goes by how much is wanted.
const SEND_HERE: Argument = Argument::Whole(&const { place(&SEND) }, &const { place(&SEND_WHOLE) });

/// Commands of btrfs.
pub static ROWS: &[Row] = &[
    (&[0x5000_9401], VOLUME_HERE),
    (&[0x5000_9403], VOLUME_HERE),
    (&[0x5000_9404], VOLUME_HERE),
    (&[0x5000_9405], VOLUME_HERE),
    (&[0x5000_940a], VOLUME_HERE),
    (&[0x5000_940b], VOLUME_HERE),
    (&[0x5000_940e], VOLUME_HERE),
    (&[0x5000_940f], VOLUME_HERE),
    (&[0x9000_9427], VOLUME_HERE),
    (&[0x4030_9410], Argument::given(&const { place(&DEFRAG_RANGE) })),
    (&[0xd000_9411], Argument::Coded(Code::TreeSearch(false))),
    (&[0xc070_9411], Argument::Coded(Code::TreeSearch(true))),
    (&[0xd000_9412], Argument::Coded(Code::InodeLookup)),
    (&[0xc010_9414], Argument::Coded(Code::SpaceInfo)),
    (&[0x5000_9417], Argument::Coded(Code::Subvolume)),
    (&[0x5000_9418], Argument::Coded(Code::Subvolume)),
    (&[0x8008_9419], Argument::Bare(Dir::Out, &FLAGS_HERE)),
    (&[0x4008_941a], Argument::Bare(Dir::In, &FLAGS_HERE)),
    (&[0xc400_941b], exchanged(&const { place(&SCRUB) }, &SCRUBBING_DONE)),
    (&[0xc400_941d], exchanged(&const { place(&SCRUB_DEVICE) }, &SCRUBBING_DONE)),
    (&[0xd000_941e], exchanged(&const { place(&DEVICE_ASKED) }, &const { place(&DEVICE) })),
    (&[0x8400_941f], Argument::told(&const { place(&FS_INFO) })),
    (
        &[0xc400_9420],
        Argument::Exchanged(
            &const { place(&BALANCE_ASKED) },
            &const { place(&BALANCE_DONE) },
            Silence::Never,
        ),
    ),
    (&[0x8400_9422], Argument::told(&const { place(&BALANCE_DONE) })),
    (&[0xc038_9423], Argument::Coded(Code::InodePaths)),
    (&[0xc038_9424], Argument::Coded(Code::LogicalInode)),
    (&[0xc0c8_9425], RECEIVED_HERE),
    (&[0xc0c0_9425], RECEIVED_HERE),
    (&[0x4048_9426], SEND_HERE),
    (&[0x4044_9426], SEND_HERE),
    (&[0xc010_9428], Argument::given(&const { place(&QUOTA_CONTROL) })),
    (&[0x4018_9429], Argument::given(&const { place(&GROUP_ASSIGN) })),
    (&[0x4010_942a], Argument::given(&const { place(&GROUP_CREATE) })),
    (&[0x8030_942b], Argument::told(&const { place(&GROUP_LIMIT) })),
    (&[0x4040_942c], Argument::given(&const { place(&RESCAN) })),
    (&[0x8040_942d], Argument::told(&const { place(&RESCAN_STATUS) })),
    (&[0xc408_9434], Argument::Coded(Code::DeviceStats)),
    (&[0xca28_9435], REPLACED),
    (&[0xca24_9435], REPLACED),
    (&[0x8018_9439], Argument::told(&const { place(&FEATURES) })),
    (&[0x4030_9439], Argument::given(&const { some(&const { place(&FEATURES) }, 2) })),
    (&[0x8048_9439], Argument::Coded(Code::Features)),
    (&[0x9406, 0x9407, 0x9408, 0x941c, 0x942e, 0x5000_9402, 0x5000_940c], Argument::Nothing),
    (&[0x4004_9421], Argument::Value(&const { bits(&BALANCE_CTL) })),
    (&[0xc018_9436], Argument::Coded(Code::Dedupe)),
    (&[0x4008_9413, 0x4008_9416], Argument::given(&U64)),
    (&[0x8008_9418], Argument::told(&U64)),
];

/// What code of its own shows.
pub static SUBVOLUME_HERE: Kind = place(&SUBVOLUME_DONE);
/// The same.
pub static SPACE_HERE: Kind = place(&SPACE);
/// The same.
pub static PATHS_HERE: Kind = place(&PATHS);
/// The same.
pub static LOGICAL_HERE: Kind = place(&LOGICAL_INODE);
/// The same.
pub static REFERENCE_HERE: Kind = place(&REFERENCE);
