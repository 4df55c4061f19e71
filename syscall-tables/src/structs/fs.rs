//! Structs of files: stat(2), statfs(2), statx(2), fcntl(2).

use crate::kinds::*;
use crate::model::{Custom, Kind, Shape, Width};
use crate::sets::fs::{
    FS_MAGIC, FS_XFLAGS, LOCK_TYPE, OPEN, OWNER_TYPE, RESOLVE, SEEK, STATFS_FLAGS, STATX_ATTRIBUTES,
    STATX_MASK, XATTR,
};
use crate::sets::io::EPOLL_EVENTS;

const S_IFMT: u64 = 0o170_000;
const DEVICES: &[u64] = &[0o020_000, 0o060_000];

crate::structs! {
    /// `struct stat` of x86_64.
    STAT "stat" {
        st_dev: DEV64, st_ino: U64, st_nlink: U64, st_mode: FILEMODE, st_uid: UINT, st_gid: UINT, _pad0: INT,
        st_rdev: DEV64.when_in(st_mode, S_IFMT, DEVICES), st_size: U64.when_not_in(st_mode, S_IFMT, DEVICES),
        st_blksize: U64, st_blocks: U64,
        st_atime: custom(Custom::Date(st_atime_nsec)), st_atime_nsec: U64,
        st_mtime: custom(Custom::Date(st_mtime_nsec)), st_mtime_nsec: U64,
        st_ctime: custom(Custom::Date(st_ctime_nsec)), st_ctime_nsec: U64,
        _unused: Kind::new(Shape::Inline(&LONG, 3)),
    } show [st_dev, st_ino, st_mode, st_nlink, st_uid, st_gid, st_blksize, st_blocks, st_size, st_rdev,
        st_atime, st_atime_nsec, st_mtime, st_mtime_nsec, st_ctime, st_ctime_nsec]
      brief [st_mode, st_size, st_rdev];
    /// `struct stat64` of i386.
    STAT64_I386 "stat64" {
        st_dev: DEV64, _pad0: UINT, __st_ino: ULONG, st_mode: FILEMODE, st_nlink: UINT, st_uid: UINT, st_gid: UINT,
        st_rdev: DEV64.when_in(st_mode, S_IFMT, DEVICES), _pad3: UINT,
        st_size: U64.when_not_in(st_mode, S_IFMT, DEVICES), st_blksize: ULONG, st_blocks: U64,
        st_atime: custom(Custom::Date(st_atime_nsec)), st_atime_nsec: ULONG,
        st_mtime: custom(Custom::Date(st_mtime_nsec)), st_mtime_nsec: UINT,
        st_ctime: custom(Custom::Date(st_ctime_nsec)), st_ctime_nsec: ULONG, st_ino: U64,
    } show [st_dev, st_ino, st_mode, st_nlink, st_uid, st_gid, st_blksize, st_blocks, st_size, st_rdev,
        st_atime, st_atime_nsec, st_mtime, st_mtime_nsec, st_ctime, st_ctime_nsec]
      brief [st_mode, st_size, st_rdev];
    /// `struct stat` of i386.
    STAT_I386 "stat" {
        st_dev: DEV, st_ino: ULONG, st_mode: FILEMODE16, st_nlink: U16, st_uid: U16, st_gid: U16,
        st_rdev: DEV.when_in(st_mode, S_IFMT, DEVICES), st_size: ULONG.when_not_in(st_mode, S_IFMT, DEVICES),
        st_blksize: ULONG, st_blocks: ULONG,
        st_atime: custom(Custom::Date(st_atime_nsec)), st_atime_nsec: ULONG,
        st_mtime: custom(Custom::Date(st_mtime_nsec)), st_mtime_nsec: ULONG,
        st_ctime: custom(Custom::Date(st_ctime_nsec)), st_ctime_nsec: ULONG, _unused: U64,
    } show [st_dev, st_ino, st_mode, st_nlink, st_uid, st_gid, st_blksize, st_blocks, st_size, st_rdev,
        st_atime, st_atime_nsec, st_mtime, st_mtime_nsec, st_ctime, st_ctime_nsec]
      brief [st_mode, st_size, st_rdev];
    /// `struct __old_kernel_stat` of i386.
    OLD_STAT "__old_kernel_stat" {
        st_dev: DEV16, st_ino: U16, st_mode: FILEMODE16, st_nlink: U16, st_uid: U16, st_gid: U16,
        st_rdev: DEV16.when_in(st_mode, S_IFMT, DEVICES), st_size: ULONG.when_not_in(st_mode, S_IFMT, DEVICES),
        st_atime: custom(Custom::Seconds), st_mtime: custom(Custom::Seconds), st_ctime: custom(Custom::Seconds),
        st_blksize: custom(Custom::Zero), st_blocks: custom(Custom::Zero),
    } show [st_dev, st_ino, st_mode, st_nlink, st_uid, st_gid, st_blksize, st_blocks, st_size, st_rdev, st_atime, st_mtime, st_ctime]
      brief [st_mode, st_size, st_rdev];
    /// `struct statx_timestamp`.
    STATX_TIME "statx_timestamp" { tv_sec: I64, tv_nsec: UINT, _pad: INT };
    /// `struct statx`. What the kernel does not know of a file is not in its mask.
    STATX "statx" {
        stx_mask: bits(&STATX_MASK), stx_blksize: UINT, stx_attributes: bits64(&STATX_ATTRIBUTES),
        stx_nlink: UINT.when(stx_mask, 0x4), stx_uid: ID.when(stx_mask, 0x8), stx_gid: ID.when(stx_mask, 0x10),
        stx_mode: FILEMODE16.when(stx_mask, 0x3), _pad: U16, stx_ino: U64.when(stx_mask, 0x100),
        stx_size: U64.when(stx_mask, 0x200), stx_blocks: U64.when(stx_mask, 0x400),
        stx_attributes_mask: bits64(&STATX_ATTRIBUTES), stx_atime: STX_TIME.when(stx_mask, 0x20),
        stx_btime: STX_TIME.when(stx_mask, 0x800), stx_ctime: STX_TIME.when(stx_mask, 0x80),
        stx_mtime: STX_TIME.when(stx_mask, 0x40), stx_rdev_major: UINT, stx_rdev_minor: UINT, stx_dev_major: UINT,
        stx_dev_minor: UINT, stx_mnt_id: HEX64.when(stx_mask, 0x5000), stx_dio_mem_align: UINT.when(stx_mask, 0x2000),
        stx_dio_offset_align: UINT.when(stx_mask, 0x2000), stx_subvol: HEX64.when(stx_mask, 0x8000),
        stx_atomic_write_unit_min: UINT.when(stx_mask, 0x1_0000), stx_atomic_write_unit_max: UINT.when(stx_mask, 0x1_0000),
        stx_atomic_write_segments_max: UINT.when(stx_mask, 0x1_0000),
        stx_dio_read_offset_align: UINT.when(stx_mask, 0x2_0000),
        stx_atomic_write_unit_max_opt: UINT.when(stx_mask, 0x1_0000), _spare2: UINT,
        _spare: Kind::new(Shape::Inline(&U64, 8)),
    } show [stx_mask, stx_blksize, stx_attributes, stx_nlink, stx_uid, stx_gid, stx_mode, stx_ino, stx_size, stx_blocks,
        stx_attributes_mask, stx_atime, stx_btime, stx_ctime, stx_mtime, stx_rdev_major, stx_rdev_minor, stx_dev_major,
        stx_dev_minor, stx_mnt_id, stx_dio_mem_align, stx_dio_offset_align, stx_subvol, stx_atomic_write_unit_min,
        stx_atomic_write_unit_max, stx_atomic_write_segments_max, stx_dio_read_offset_align,
        stx_atomic_write_unit_max_opt]
      brief [stx_mask, stx_attributes, stx_mode, stx_size];
    /// `fsid_t`.
    FSID "fsid" { val: Kind::new(Shape::Inline(&HEX, 2)) };
    /// `struct statfs` of the ABI.
    STATFS "statfs" {
        f_type: longbits(&FS_MAGIC), f_bsize: ULONG, f_blocks: ULONG, f_bfree: ULONG, f_bavail: ULONG, f_files: ULONG,
        f_ffree: ULONG, f_fsid: Kind::new(Shape::Struct(&FSID)), f_namelen: ULONG, f_frsize: ULONG,
        f_flags: longbits(&STATFS_FLAGS).when(f_flags, ST_VALID), _spare: Kind::new(Shape::Inline(&LONG, 4)),
    } show [f_type, f_bsize, f_blocks, f_bfree, f_bavail, f_files, f_ffree, f_fsid, f_namelen, f_frsize, f_flags];
    /// `struct statfs64` of i386.
    STATFS64_I386 "statfs64" packed {
        f_type: longbits(&FS_MAGIC), f_bsize: ULONG, f_blocks: U64, f_bfree: U64, f_bavail: U64, f_files: U64,
        f_ffree: U64, f_fsid: Kind::new(Shape::Struct(&FSID)), f_namelen: ULONG, f_frsize: ULONG,
        f_flags: longbits(&STATFS_FLAGS).when(f_flags, ST_VALID), _spare: Kind::new(Shape::Inline(&LONG, 4)),
    } show [f_type, f_bsize, f_blocks, f_bfree, f_bavail, f_files, f_ffree, f_fsid, f_namelen, f_frsize, f_flags];
    /// `struct flock` of the ABI.
    FLOCK "flock" { l_type: bits16(&LOCK_TYPE), l_whence: bits16(&SEEK), l_start: LONG, l_len: LONG, l_pid: PID }
        show [l_type, l_whence, l_start, l_len];
    /// `struct flock` as F_GETLK fills it.
    FLOCK_OUT "flock" { l_type: bits16(&LOCK_TYPE), l_whence: bits16(&SEEK), l_start: LONG, l_len: LONG, l_pid: PID };
    /// `struct flock64`.
    FLOCK64 "flock64" { l_type: bits16(&LOCK_TYPE), l_whence: bits16(&SEEK), l_start: I64, l_len: I64, l_pid: PID }
        show [l_type, l_whence, l_start, l_len];
    /// `struct flock64` as F_GETLK64 and F_OFD_GETLK fill it.
    FLOCK64_OUT "flock64" { l_type: bits16(&LOCK_TYPE), l_whence: bits16(&SEEK), l_start: I64, l_len: I64, l_pid: PID };
    /// `struct f_owner_ex`.
    OWNER "f_owner_ex" { r#type: bits(&OWNER_TYPE), pid: PID };
    /// `struct epoll_event` on x86: packed.
    EPOLL_EVENT "epoll_event" packed { events: bits(&EPOLL_EVENTS), data: custom(Custom::EpollData) };
    /// `struct open_how`.
    OPEN_HOW "open_how" {
        flags: bits64(&OPEN), mode: by(mode, &const { [(0, MODE64.when(flags, CREATES))] }, &MODE64), resolve: bits64(&RESOLVE),
    };
    /// `struct file_attr` of file_getattr(2).
    FILE_ATTR "file_attr" {
        fa_xflags: bits64(&FS_XFLAGS), fa_extsize: UINT, fa_nextents: UINT, fa_projid: UINT, fa_cowextsize: UINT,
    };
    /// `struct xattr_args` of setxattrat(2).
    SET_XATTR "xattr_args" { value: custom(Custom::Value64(of(size), XATTR_SIZE)), size: UINT, flags: bits(&XATTR) };
    /// `struct xattr_args` of getxattrat(2).
    GET_XATTR "xattr_args" { value: custom(Custom::Address64), size: UINT, flags: bits(&XATTR) };
    /// `struct delegation` of fcntl(2).
    DELEGATION "delegation" { d_flags: HEX, d_type: bits16(&LOCK_TYPE), __pad: HEX16.when_not(__pad, 0) } show [d_flags, d_type, __pad];
    /// `struct io_event` of io_getevents(2).
    IO_EVENT "io_event" { data: HEX64, obj: HEX64, res: I64, res2: I64 };
    /// `struct cachestat_range`.
    CACHESTAT_RANGE "cachestat_range" { off: U64, len: U64 };
    /// `struct cachestat`.
    CACHESTAT "cachestat" { nr_cache: U64, nr_dirty: U64, nr_writeback: U64, nr_evicted: U64, nr_recently_evicted: U64 };
}

/// O_CREAT or __O_TMPFILE.
const CREATES: u64 = 0o20_000_100;
/// XATTR_SIZE_MAX of linux/limits.h.
pub const XATTR_SIZE: u32 = 65536;
/// The bit of f_flags that says that they are there.
const ST_VALID: u64 = 0x20;
const MODE64: Kind = Kind::new(Shape::Mode(Width::W64));
const DEV16: Kind = Kind::new(Shape::Dev(Width::W16));
const STX_TIME: Kind = custom(Custom::Dated(&const { Kind::new(Shape::Struct(&STATX_TIME)) }, 9));
