//! What commands of volumes take: the device mapper, loops, network block devices, block devices, files.
//!
//! Source: include/uapi/linux/dm-ioctl.h, blktrace_api.h, loop.h, nbd.h, fiemap.h and fs.h, loop(4), and the behaviour of strace 6.1.

use super::argument::{Argument, Code, Loop, Row, place, some};
use crate::kinds::*;
use crate::model::{Custom, Dir, Kind, Shape};
use crate::net::Net;
use crate::sets::fs as files;

crate::sets! {
    /// Loop_info.lo_encrypt_type.
    LOOP_CRYPT: Values, Hex, "LO_CRYPT_???" {
        LO_CRYPT_NONE = 0, LO_CRYPT_XOR = 1, LO_CRYPT_DES = 2, LO_CRYPT_FISH2 = 3, LO_CRYPT_BLOW = 4,
        LO_CRYPT_CAST128 = 5, LO_CRYPT_IDEA = 6, LO_CRYPT_DUMMY = 9, LO_CRYPT_SKIPJACK = 10, LO_CRYPT_CRYPTOAPI = 18,
    }

    /// NBD_SET_FLAGS.
    NBD_FLAGS: Bits, Hex, "NBD_IOC_FLAG_???" {
        NBD_FLAG_HAS_FLAGS = 1, NBD_FLAG_READ_ONLY = 2, NBD_FLAG_SEND_FLUSH = 4, NBD_FLAG_SEND_FUA = 8,
        NBD_FLAG_ROTATIONAL = 0x10, NBD_FLAG_SEND_TRIM = 0x20, NBD_FLAG_SEND_WRITE_ZEROES = 0x40,
        NBD_FLAG_SEND_DF = 0x80, NBD_FLAG_CAN_MULTI_CONN = 0x100, NBD_FLAG_SEND_RESIZE = 0x200,
        NBD_FLAG_SEND_CACHE = 0x400,
    }

    /// Blkpg_ioctl_arg.op.
    BLKPG_OP: Values, Hex, "BLKPG_???" {
        BLKPG_ADD_PARTITION = 1, BLKPG_DEL_PARTITION = 2, BLKPG_RESIZE_PARTITION = 3,
    }

    /// Dm_ioctl.flags.
    MAPPER_FLAGS: Bits, Hex, "DM_???" {
        DM_READONLY_FLAG = 1, DM_SUSPEND_FLAG = 2, DM_EXISTS_FLAG = 4, DM_PERSISTENT_DEV_FLAG = 8,
        DM_STATUS_TABLE_FLAG = 0x10, DM_ACTIVE_PRESENT_FLAG = 0x20, DM_INACTIVE_PRESENT_FLAG = 0x40,
        DM_BUFFER_FULL_FLAG = 0x100, DM_SKIP_BDGET_FLAG = 0x200, DM_SKIP_LOCKFS_FLAG = 0x400, DM_NOFLUSH_FLAG = 0x800,
        DM_QUERY_INACTIVE_TABLE_FLAG = 0x1000, DM_UEVENT_GENERATED_FLAG = 0x2000, DM_UUID_FLAG = 0x4000,
        DM_SECURE_DATA_FLAG = 0x8000, DM_DATA_OUT_FLAG = 0x10000, DM_DEFERRED_REMOVE = 0x20000,
        DM_INTERNAL_SUSPEND_FLAG = 0x40000, DM_IMA_MEASUREMENT_FLAG = 0x80000,
    }

    /// Fiemap.fm_flags.
    EXTENT_REQUEST: Bits, Hex, "FIEMAP_FLAG_???" { FIEMAP_FLAG_SYNC = 1, FIEMAP_FLAG_XATTR = 2, FIEMAP_FLAG_CACHE = 4 }

    /// Fiemap_extent.fe_flags.
    EXTENT_FLAGS: Bits, Hex, "FIEMAP_EXTENT_???" {
        FIEMAP_EXTENT_LAST = 1, FIEMAP_EXTENT_UNKNOWN = 2, FIEMAP_EXTENT_DELALLOC = 4, FIEMAP_EXTENT_ENCODED = 8,
        FIEMAP_EXTENT_DATA_ENCRYPTED = 0x80, FIEMAP_EXTENT_NOT_ALIGNED = 0x100, FIEMAP_EXTENT_DATA_INLINE = 0x200,
        FIEMAP_EXTENT_DATA_TAIL = 0x400, FIEMAP_EXTENT_UNWRITTEN = 0x800, FIEMAP_EXTENT_MERGED = 0x1000,
        FIEMAP_EXTENT_SHARED = 0x2000,
    }
}

const LABEL: Kind = Kind::new(Shape::Custom(Custom::Net(Net::Name(255))));

crate::structs! {
    /// `struct file_clone_range`.
    CLONE_RANGE "file_clone_range" {
        src_fd: FD, _high: UINT, src_offset: U64, src_length: U64, dest_offset: U64,
    } show [src_fd, src_offset, src_length, dest_offset];
    /// `struct fstrim_range`.
    TRIM "fstrim_range" { start: HEX64, len: U64, minlen: U64 };
    /// `struct fsxattr` as it is set.
    FSXATTR_SET "fsxattr" {
        fsx_xflags: bits(&files::FS_XFLAGS), fsx_extsize: UINT, fsx_nextents: UINT, fsx_projid: HEX,
        fsx_cowextsize: UINT, _pad: Kind::new(Shape::Inline(&U8, 8)),
    } show [fsx_xflags, fsx_extsize, fsx_projid, fsx_cowextsize];
    /// `struct fsxattr`.
    FSXATTR "fsxattr" {
        fsx_xflags: bits(&files::FS_XFLAGS), fsx_extsize: UINT, fsx_nextents: UINT, fsx_projid: HEX,
        fsx_cowextsize: UINT, _pad: Kind::new(Shape::Inline(&U8, 8)),
    };
    /// `struct blkpg_partition`.
    BLKPG_PARTITION "blkpg_partition" {
        start: I64, length: I64, pno: INT, devname: Kind::new(Shape::Custom(Custom::Net(Net::Name(64)))),
        volname: Kind::new(Shape::Custom(Custom::Net(Net::Name(64)))), _pad: Kind::new(Shape::Inline(&U8, 4)),
    };
    /// `struct blkpg_ioctl_arg`.
    BLKPG_ARG "blkpg_ioctl_arg" {
        op: bits(&BLKPG_OP), flags: INT, datalen: INT, data: input(&const { place(&BLKPG_PARTITION) }),
    };
    /// `struct fiemap` as it is asked.
    EXTENTS_ASKED "fiemap" {
        fm_start: U64, fm_length: U64, fm_flags: bits(&EXTENT_REQUEST), fm_mapped_extents: UINT, fm_extent_count: UINT,
        _reserved: UINT,
    } show [fm_start, fm_length, fm_flags, fm_extent_count];
    /// `struct fiemap` as it is answered, without its extents.
    EXTENTS_DONE "fiemap" {
        fm_start: U64, fm_length: U64, fm_flags: bits(&EXTENT_REQUEST), fm_mapped_extents: UINT, fm_extent_count: UINT,
        _reserved: UINT,
    } show [fm_flags, fm_mapped_extents];
    /// `struct fiemap_extent`.
    EXTENT "fiemap_extent" {
        fe_logical: U64, fe_physical: U64, fe_length: U64, _reserved: Kind::new(Shape::Inline(&U64, 2)),
        fe_flags: bits(&EXTENT_FLAGS), _rest: Kind::new(Shape::Inline(&UINT, 3)),
    } show [fe_logical, fe_physical, fe_length, fe_flags];
    /// `struct blk_user_trace_setup` as it is asked.
    TRACE_ASKED "blk_user_trace_setup" {
        name: Kind::new(Shape::Chars(32)), act_mask: U16, buf_size: UINT, buf_nr: UINT, start_lba: U64, end_lba: U64,
        pid: PID,
    } show [act_mask, buf_size, buf_nr, start_lba, end_lba, pid];
    /// `struct blk_user_trace_setup`.
    TRACE_DONE "blk_user_trace_setup" {
        name: Kind::new(Shape::Chars(32)), act_mask: U16, buf_size: UINT, buf_nr: UINT, start_lba: U64, end_lba: U64,
        pid: PID,
    } show [act_mask, buf_size, buf_nr, start_lba, end_lba, pid, name];
}

const TRACE: Argument = Argument::Continued(&const { place(&TRACE_ASKED) }, &const { place(&TRACE_DONE) });

/// Commands of block devices.
pub static BLOCKS: &[Row] = &[
    (&[0xc048_1273, 0xc040_1273], TRACE),
    (&[0x1262, 0x1264], Argument::Value(&LONG)),
    (&[0x125f, 0x1261, 0x1274, 0x1275, 0x1276], Argument::Nothing),
    (&[0x125d, 0x4008_1271, 0x4004_1271], Argument::given(&INT)),
    (&[0x125e, 0x1268, 0x127a, 0x8008_1270, 0x8004_1270], Argument::told(&INT)),
    (&[0x1260], Argument::told(&ULONG)),
    (&[0x1263, 0x1265], Argument::told(&LONG)),
    (&[0x1267, 0x127e], Argument::told(&U16)),
    (&[0x1269], Argument::given(&const { place(&BLKPG_ARG) })),
    (&[0x1277, 0x127d, 0x127f], Argument::given(&const { some(&U64, 2) })),
    (&[0x1278, 0x1279, 0x127b, 0x127c], Argument::told(&UINT)),
    (&[0x8008_1272, 0x8004_1272], Argument::told(&U64)),
    (&[0x8004_1284, 0x8004_1285], Argument::told(&UINT)),
    (&[0x8008_1280], Argument::told(&U64)),
];

/// Commands of files.
pub static FILES: &[Row] = &[(&[0xc020_660b], Argument::Coded(Code::Extents))];

/// FS_IOC_GETFLAGS and FS_IOC_SETFLAGS of both ABIs.
pub static FLAGS: &[Row] = &[
    (&[0x8008_6601, 0x8004_6601], Argument::told(&const { bits(&files::FS_IOC_FLAGS) })),
    (&[0x4008_6602, 0x4004_6602], Argument::given(&const { bits(&files::FS_IOC_FLAGS) })),
];

/// Commands of files that XFS had first.
pub static EXTENDED: &[Row] = &[
    (&[0xc004_5877, 0xc004_5878], Argument::Nothing),
    (&[0xc018_5879], Argument::given(&const { place(&TRIM) })),
    (&[0x801c_581f], Argument::told(&const { place(&FSXATTR) })),
    (&[0x401c_5820], Argument::given(&const { place(&FSXATTR_SET) })),
];

/// Commands of files that btrfs had first.
pub static CLONES: &[Row] = &[
    (&[0x4004_9409], Argument::Value(&INT)),
    (&[0x4020_940d], Argument::given(&const { place(&CLONE_RANGE) })),
    (&[0x8100_9431], Argument::told(&LABEL)),
    (&[0x4100_9432], Argument::given(&LABEL)),
];

/// Commands of the device mapper, from DM_VERSION to DM_DEV_ARM_POLL.
pub static MAPPER: &[Row] = &[(
    &[
        0xc138_fd00,
        0xc138_fd01,
        0xc138_fd02,
        0xc138_fd03,
        0xc138_fd04,
        0xc138_fd05,
        0xc138_fd06,
        0xc138_fd07,
        0xc138_fd08,
        0xc138_fd09,
        0xc138_fd0a,
        0xc138_fd0b,
        0xc138_fd0c,
        0xc138_fd0d,
        0xc138_fd0e,
        0xc138_fd0f,
        0xc138_fd10,
    ],
    Argument::Coded(Code::Mapper),
)];

/// What is asked of the extents of a file.
pub static EXTENTS_HERE: Kind = place(&EXTENTS_ASKED);
/// An extent.
pub static EXTENT_HERE: Kind = place(&EXTENT);

/// Commands of loop devices.
pub static LOOPS: &[Row] = &[
    (&[0x4c01, 0x4c07, 0x4c82], Argument::Nothing),
    (&[0x4c08, 0x4c09], Argument::Value(&ULONG)),
    (&[0x4c80, 0x4c81], Argument::Value(&INT)),
    (&[0x4c00, 0x4c06], Argument::Value(&FD)),
    (&[0x4c02], Argument::Coded(Code::Loop(Dir::In, Loop::Old))),
    (&[0x4c03], Argument::Coded(Code::Loop(Dir::Out, Loop::Old))),
    (&[0x4c04], Argument::Coded(Code::Loop(Dir::In, Loop::New))),
    (&[0x4c05], Argument::Coded(Code::Loop(Dir::Out, Loop::New))),
    (&[0x4c0a], Argument::Coded(Code::Loop(Dir::In, Loop::Config))),
];

/// Commands of network block devices.
pub static NETWORK_BLOCKS: &[Row] = &[
    (&[0xab03, 0xab04, 0xab05, 0xab06, 0xab08], Argument::Nothing),
    (&[0xab01, 0xab02, 0xab07, 0xab09], Argument::Value(&ULONG)),
    (&[0xab00], Argument::Value(&FD)),
    (&[0xab0a], Argument::Value(&const { bits(&NBD_FLAGS) })),
];
