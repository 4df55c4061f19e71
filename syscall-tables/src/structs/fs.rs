//! Structs of files: stat(2), statfs(2), statx(2), fcntl(2).

use crate::kinds::*;
use crate::model::{Custom, Kind, Shape};
use crate::sets::fs::{
    FS_MAGIC, LOCK_TYPE, OPEN, OWNER_TYPE, RESOLVE, SEEK, STATFS_FLAGS, STATX_ATTRIBUTES, STATX_MASK,
};
use crate::sets::io::EPOLL_EVENTS;

const S_IFMT: u64 = 0o170_000;
const DEVICES: &[u64] = &[0o020_000, 0o060_000];

crate::structs! {
    /// `struct stat` of x86_64.
    STAT "stat" {
        st_dev: DEV64, st_ino: U64, st_nlink: U64, st_mode: FILEMODE, st_uid: ID, st_gid: ID, _pad0: INT,
        st_rdev: DEV64.when_in(st_mode, S_IFMT, DEVICES), st_size: I64.when_not_in(st_mode, S_IFMT, DEVICES),
        st_blksize: I64, st_blocks: I64,
        st_atime: custom(Custom::Date(st_atime_nsec)), st_atime_nsec: U64,
        st_mtime: custom(Custom::Date(st_mtime_nsec)), st_mtime_nsec: U64,
        st_ctime: custom(Custom::Date(st_ctime_nsec)), st_ctime_nsec: U64,
        _unused: Kind::new(Shape::Inline(&LONG, 3)),
    } show [st_dev, st_ino, st_mode, st_nlink, st_uid, st_gid, st_blksize, st_blocks, st_size, st_rdev,
        st_atime, st_atime_nsec, st_mtime, st_mtime_nsec, st_ctime, st_ctime_nsec]
      brief [st_mode, st_size, st_rdev];
    /// `struct stat64` of i386.
    STAT64_I386 "stat64" {
        st_dev: DEV64, _pad0: UINT, __st_ino: ULONG, st_mode: FILEMODE, st_nlink: UINT, st_uid: ID, st_gid: ID,
        st_rdev: DEV64.when_in(st_mode, S_IFMT, DEVICES), _pad3: UINT,
        st_size: I64.when_not_in(st_mode, S_IFMT, DEVICES), st_blksize: ULONG, st_blocks: U64,
        st_atime: custom(Custom::Date(st_atime_nsec)), st_atime_nsec: ULONG,
        st_mtime: custom(Custom::Date(st_mtime_nsec)), st_mtime_nsec: UINT,
        st_ctime: custom(Custom::Date(st_ctime_nsec)), st_ctime_nsec: ULONG, st_ino: U64,
    } show [st_dev, st_ino, st_mode, st_nlink, st_uid, st_gid, st_blksize, st_blocks, st_size, st_rdev,
        st_atime, st_atime_nsec, st_mtime, st_mtime_nsec, st_ctime, st_ctime_nsec]
      brief [st_mode, st_size, st_rdev];
    /// `struct statx_timestamp`.
    STATX_TIME "statx_timestamp" { tv_sec: custom_date64(tv_nsec), tv_nsec: UINT, _pad: INT };
    /// `struct statx`.
    STATX "statx" {
        stx_mask: bits(&STATX_MASK), stx_blksize: UINT, stx_attributes: bits64(&STATX_ATTRIBUTES), stx_nlink: UINT,
        stx_uid: ID, stx_gid: ID, stx_mode: FILEMODE16, _pad: U16, stx_ino: U64, stx_size: U64, stx_blocks: U64,
        stx_attributes_mask: bits64(&STATX_ATTRIBUTES), stx_atime: STX_TIME, stx_btime: STX_TIME, stx_ctime: STX_TIME,
        stx_mtime: STX_TIME, stx_rdev_major: UINT, stx_rdev_minor: UINT, stx_dev_major: UINT, stx_dev_minor: UINT,
        stx_mnt_id: U64, _spare: Kind::new(Shape::Inline(&U64, 13)),
    } show [stx_mask, stx_blksize, stx_attributes, stx_nlink, stx_uid, stx_gid, stx_mode, stx_ino, stx_size, stx_blocks,
        stx_attributes_mask, stx_atime, stx_btime, stx_ctime, stx_mtime, stx_rdev_major, stx_rdev_minor, stx_dev_major,
        stx_dev_minor, stx_mnt_id]
      brief [stx_mask, stx_attributes, stx_mode, stx_size];
    /// `fsid_t`.
    FSID "fsid" { val: Kind::new(Shape::Inline(&HEX, 2)) };
    /// `struct statfs` of the ABI.
    STATFS "statfs" {
        f_type: longbits(&FS_MAGIC), f_bsize: ULONG, f_blocks: ULONG, f_bfree: ULONG, f_bavail: ULONG, f_files: ULONG,
        f_ffree: ULONG, f_fsid: Kind::new(Shape::Struct(&FSID)), f_namelen: ULONG, f_frsize: ULONG,
        f_flags: longbits(&STATFS_FLAGS), _spare: Kind::new(Shape::Inline(&LONG, 4)),
    };
    /// `struct flock` of the ABI.
    FLOCK "flock" { l_type: bits16(&LOCK_TYPE), l_whence: bits16(&SEEK), l_start: LONG, l_len: LONG, l_pid: PID }
        show [l_type, l_whence, l_start, l_len];
    /// `struct flock` as F_GETLK fills it.
    FLOCK_OUT "flock" { l_type: bits16(&LOCK_TYPE), l_whence: bits16(&SEEK), l_start: LONG, l_len: LONG, l_pid: PID };
    /// `struct flock64`.
    FLOCK64 "flock64" { l_type: bits16(&LOCK_TYPE), l_whence: bits16(&SEEK), l_start: I64, l_len: I64, l_pid: PID }
        show [l_type, l_whence, l_start, l_len];
    /// `struct f_owner_ex`.
    OWNER "f_owner_ex" { r#type: bits(&OWNER_TYPE), pid: PID };
    /// `struct epoll_event` on x86: packed.
    EPOLL_EVENT "epoll_event" packed { events: bits(&EPOLL_EVENTS), data: custom(Custom::EpollData) };
    /// `struct open_how`.
    OPEN_HOW "open_how" { flags: bits64(&OPEN), mode: Kind::new(Shape::Mode(crate::model::Width::W64)).when(flags, 0o20_000_100), resolve: bits64(&RESOLVE) };
}

const fn custom_date64(nanoseconds: crate::model::Sibling) -> Kind {
    let _ = nanoseconds;
    I64
}

const STX_TIME: Kind = Kind::new(Shape::Struct(&STATX_TIME));
