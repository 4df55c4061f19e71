//! What commands of volumes take: the device mapper, tracing of block devices, extents of files.
//!
//! Source: include/uapi/linux/dm-ioctl.h, blktrace_api.h, fiemap.h and fs.h, and the behaviour of strace 6.1.

use super::family::{Argument, Code, Row};
use super::payload::place;
use crate::kinds::*;
use crate::model::{Kind, Shape};

crate::sets! {
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

crate::structs! {
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

const TRACE: Argument = Argument::Answered(&const { place(&TRACE_ASKED) }, &const { place(&TRACE_DONE) });

/// Commands of block devices.
pub static BLOCKS: &[Row] = &[(0xc048_1273, TRACE), (0xc040_1273, TRACE)];

/// Commands of files.
pub static FILES: &[Row] = &[(0xc020_660b, Argument::Coded(Code::Extents))];

/// Commands of the device mapper, from DM_VERSION to DM_DEV_ARM_POLL.
pub static MAPPER: &[Row] = &[
    (0xc138_fd00, Argument::Coded(Code::Mapper)),
    (0xc138_fd01, Argument::Coded(Code::Mapper)),
    (0xc138_fd02, Argument::Coded(Code::Mapper)),
    (0xc138_fd03, Argument::Coded(Code::Mapper)),
    (0xc138_fd04, Argument::Coded(Code::Mapper)),
    (0xc138_fd05, Argument::Coded(Code::Mapper)),
    (0xc138_fd06, Argument::Coded(Code::Mapper)),
    (0xc138_fd07, Argument::Coded(Code::Mapper)),
    (0xc138_fd08, Argument::Coded(Code::Mapper)),
    (0xc138_fd09, Argument::Coded(Code::Mapper)),
    (0xc138_fd0a, Argument::Coded(Code::Mapper)),
    (0xc138_fd0b, Argument::Coded(Code::Mapper)),
    (0xc138_fd0c, Argument::Coded(Code::Mapper)),
    (0xc138_fd0d, Argument::Coded(Code::Mapper)),
    (0xc138_fd0e, Argument::Coded(Code::Mapper)),
    (0xc138_fd0f, Argument::Coded(Code::Mapper)),
    (0xc138_fd10, Argument::Coded(Code::Mapper)),
];

/// What is asked of the extents of a file.
pub static EXTENTS_HERE: Kind = place(&EXTENTS_ASKED);
/// An extent.
pub static EXTENT_HERE: Kind = place(&EXTENT);
