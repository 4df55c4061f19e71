//! Structs of files: stat(2), statfs(2), statx(2), fcntl(2).

use crate::kinds::*;
use crate::model::{Custom, Kind, Shape};

crate::structs! {
    /// `struct stat` of x86_64.
    STAT "stat" {
        st_dev: DEV64, st_ino: U64, st_nlink: U64, st_mode: FILEMODE, st_uid: ID, st_gid: ID, _pad0: INT,
        st_rdev: DEV64.when_is(st_mode, 0), st_size: I64, st_blksize: I64, st_blocks: I64,
        st_atime: custom(Custom::Date(st_atime_nsec)), st_atime_nsec: U64,
        st_mtime: custom(Custom::Date(st_mtime_nsec)), st_mtime_nsec: U64,
        st_ctime: custom(Custom::Date(st_ctime_nsec)), st_ctime_nsec: U64,
        _unused: Kind::new(Shape::Inline(&LONG, 3)),
    } show [st_dev, st_ino, st_mode, st_nlink, st_uid, st_gid, st_blksize, st_blocks, st_size,
        st_atime, st_atime_nsec, st_mtime, st_mtime_nsec, st_ctime, st_ctime_nsec]
      brief [st_mode, st_size];
    /// `struct stat64` of i386.
    STAT64_I386 "stat64" {
        st_dev: DEV64, _pad0: UINT, __st_ino: ULONG, st_mode: FILEMODE, st_nlink: UINT,
        st_uid: ID, st_gid: ID, st_rdev: DEV64, _pad3: UINT, st_size: I64, st_blksize: ULONG, st_blocks: U64,
        st_atime: ULONG, st_atime_nsec: ULONG, st_mtime: ULONG, st_mtime_nsec: UINT, st_ctime: ULONG,
        st_ctime_nsec: ULONG, st_ino: U64,
    } show [st_dev, st_ino, st_mode, st_nlink, st_uid, st_gid, st_blksize, st_blocks, st_size]
      brief [st_mode, st_size];
}
