//! Structs of files: stat(2), statfs(2), statx(2), fcntl(2), epoll(7), aio, quotactl(2), mount API.

use crate::kinds::*;
use crate::model::{Custom, Kind, Shape, Width};
use crate::sets::{fs, io, mount};

const DEV16: Kind = Kind::new(Shape::Dev(Width::W16));
const ZERO: Kind = custom(Custom::Zero);
const STX: Kind = custom(Custom::StatxTime);
const UMODE64: Kind = Kind::new(Shape::Mode(Width::W64));

/// `st_rdev`: printed for devices only.
macro_rules! rdev {
    ($mode:expr, $dev:expr) => {
        by_masked($mode, 0xf000, &[(0x2000, $dev), (0x6000, $dev)], &ABSENT)
    };
}
/// `st_size`: printed unless it is a device.
macro_rules! size {
    ($mode:expr, $size:expr) => {
        by_masked($mode, 0xf000, &[(0x2000, ABSENT), (0x6000, ABSENT)], &$size)
    };
}

crate::structs! {
    /// `struct stat` of x86_64.
    STAT "stat" { st_dev: DEV64, st_ino: U64, st_nlink: U64, st_mode: FILEMODE, st_uid: ID, st_gid: ID, _pad0: INT, st_rdev: rdev!(st_mode, DEV64), st_size: size!(st_mode, I64), st_blksize: I64, st_blocks: I64, st_atime: custom(Custom::Date(st_atime_nsec)), st_atime_nsec: U64, st_mtime: custom(Custom::Date(st_mtime_nsec)), st_mtime_nsec: U64, st_ctime: custom(Custom::Date(st_ctime_nsec)), st_ctime_nsec: U64,  _unused: Kind::new(Shape::Inline(&LONG, 3)) } show [st_dev, st_ino, st_mode, st_nlink, st_uid, st_gid, st_blksize, st_blocks, st_rdev, st_size, st_atime, st_atime_nsec, st_mtime, st_mtime_nsec, st_ctime, st_ctime_nsec] brief [st_mode, st_rdev, st_size];
    /// `struct stat64` of i386.
    STAT64_I386 "stat64" { st_dev: DEV64, _pad0: UINT, __st_ino: ULONG, st_mode: FILEMODE, st_nlink: UINT, st_uid: ID, st_gid: ID, st_rdev: rdev!(st_mode, DEV64), _pad3: UINT, st_size: size!(st_mode, I64), st_blksize: ULONG, st_blocks: U64, st_atime: custom(Custom::Date(st_atime_nsec)), st_atime_nsec: ULONG, st_mtime: custom(Custom::Date(st_mtime_nsec)), st_mtime_nsec: ULONG, st_ctime: custom(Custom::Date(st_ctime_nsec)), st_ctime_nsec: ULONG,  st_ino: U64 } show [st_dev, st_ino, st_mode, st_nlink, st_uid, st_gid, st_blksize, st_blocks, st_rdev, st_size, st_atime, st_atime_nsec, st_mtime, st_mtime_nsec, st_ctime, st_ctime_nsec] brief [st_mode, st_rdev, st_size];
    /// `struct stat` of i386.
    STAT_I386 "stat" { st_dev: DEVLONG, st_ino: ULONG, st_mode: FILEMODE16, st_nlink: U16, st_uid: ID16, st_gid: ID16, st_rdev: rdev!(st_mode, DEVLONG), st_size: size!(st_mode, ULONG), st_blksize: ULONG, st_blocks: ULONG, st_atime: custom(Custom::Date(st_atime_nsec)), st_atime_nsec: ULONG, st_mtime: custom(Custom::Date(st_mtime_nsec)), st_mtime_nsec: ULONG, st_ctime: custom(Custom::Date(st_ctime_nsec)), st_ctime_nsec: ULONG,  _unused: Kind::new(Shape::Inline(&ULONG, 2)) } show [st_dev, st_ino, st_mode, st_nlink, st_uid, st_gid, st_blksize, st_blocks, st_rdev, st_size, st_atime, st_atime_nsec, st_mtime, st_mtime_nsec, st_ctime, st_ctime_nsec] brief [st_mode, st_rdev, st_size];
    /// `struct __old_kernel_stat` of i386.
    OLD_STAT "__old_kernel_stat" { st_dev: DEV16, st_ino: U16, st_mode: FILEMODE16, st_nlink: U16, st_uid: ID16, st_gid: ID16, st_rdev: rdev!(st_mode, DEV16), st_size: size!(st_mode, UINT), st_atime: custom(Custom::Date(_nsec)), st_mtime: custom(Custom::Date(_nsec)), st_ctime: custom(Custom::Date(_nsec)), _nsec: ZERO, st_blksize: ZERO, st_blocks: ZERO } show [st_dev, st_ino, st_mode, st_nlink, st_uid, st_gid, st_blksize, st_blocks, st_rdev, st_size, st_atime, st_mtime, st_ctime] brief [st_mode, st_rdev, st_size];
    /// `__kernel_fsid_t`.
    FSID "fsid_t" { val: Kind::new(Shape::Inline(&HEX, 2)) };
    /// `struct statfs`.
    STATFS "statfs" { f_type: longbits(&fs::FS_MAGIC), f_bsize: ULONG, f_blocks: ULONG, f_bfree: ULONG, f_bavail: ULONG, f_files: ULONG, f_ffree: ULONG, f_fsid: Kind::new(Shape::Struct(&FSID)), f_namelen: ULONG, f_frsize: ULONG, f_flags: longbits(&fs::STATFS_FLAGS), _spare: Kind::new(Shape::Inline(&LONG, 4)) };
    /// `struct statfs64` of 32-bit ABIs.
    STATFS64 "statfs64" { f_type: bits(&fs::FS_MAGIC), f_bsize: UINT, f_blocks: U64, f_bfree: U64, f_bavail: U64, f_files: U64, f_ffree: U64, f_fsid: Kind::new(Shape::Struct(&FSID)), f_namelen: UINT, f_frsize: UINT, f_flags: bits(&fs::STATFS_FLAGS), _spare: Kind::new(Shape::Inline(&UINT, 4)) };
    /// `struct statx`.
    STATX "statx" { stx_mask: bits(&fs::STATX_MASK), stx_blksize: UINT, stx_attributes: bits64(&fs::STATX_ATTRIBUTES), stx_nlink: UINT, stx_uid: ID, stx_gid: ID, stx_mode: FILEMODE16, _spare0: U16, stx_ino: U64, stx_size: U64, stx_blocks: U64, stx_attributes_mask: bits64(&fs::STATX_ATTRIBUTES), stx_atime: STX.when(stx_mask, 0x20), stx_btime: STX.when(stx_mask, 0x800), stx_ctime: STX.when(stx_mask, 0x80), stx_mtime: STX.when(stx_mask, 0x40), stx_rdev_major: UINT, stx_rdev_minor: UINT, stx_dev_major: UINT, stx_dev_minor: UINT, stx_mnt_id: HEX64.when(stx_mask, 0x1000), stx_dio_mem_align: UINT.when(stx_mask, 0x2000), stx_dio_offset_align: UINT.when(stx_mask, 0x2000), _spare3: Kind::new(Shape::Inline(&U64, 12)) } brief [stx_mask, stx_attributes, stx_mode, stx_size];
    /// `struct flock` as F_SETLK takes it.
    FLOCK "flock" { l_type: bits16(&fs::LOCK_TYPE), l_whence: bits16(&fs::SEEK), l_start: OFF, l_len: OFF, l_pid: PID } show [l_type, l_whence, l_start, l_len];
    /// `struct flock` as F_GETLK fills it.
    FLOCK_GET "flock" { l_type: bits16(&fs::LOCK_TYPE), l_whence: bits16(&fs::SEEK), l_start: OFF, l_len: OFF, l_pid: PID };
    /// `struct flock64` as F_SETLK64 takes it.
    FLOCK64 "flock64" { l_type: bits16(&fs::LOCK_TYPE), l_whence: bits16(&fs::SEEK), l_start: I64, l_len: I64, l_pid: PID } show [l_type, l_whence, l_start, l_len];
    /// `struct flock64` as F_GETLK64 fills it.
    FLOCK64_GET "flock64" { l_type: bits16(&fs::LOCK_TYPE), l_whence: bits16(&fs::SEEK), l_start: I64, l_len: I64, l_pid: PID };
    /// `struct f_owner_ex`.
    F_OWNER_EX "f_owner_ex" { r#type: value(&fs::OWNER_TYPE), pid: PID };
    /// `struct open_how`.
    OPEN_HOW "open_how" { flags: bits64(&fs::OPEN), mode: UMODE64.when(flags, 0x40_0040), resolve: bits64(&fs::RESOLVE) };
    /// `struct epoll_event`, packed as on x86.
    EPOLL_EVENT "epoll_event" packed { events: bits(&io::EPOLL_EVENTS), data: custom(Custom::EpollData) };
    /// `struct io_event`.
    IO_EVENT "io_event" { data: HEX64, obj: HEX64, res: I64, res2: I64 };
    /// `struct iovec` whose buffer is not followed.
    IOVEC "iovec" { iov_base: ADDR, iov_len: SIZE };
    /// `struct mount_attr`.
    MOUNT_ATTR "mount_attr" { attr_set: bits64(&mount::MOUNT_ATTR), attr_clr: bits64(&mount::MOUNT_ATTR), propagation: bits64(&mount::PROPAGATION), userns_fd: FD, _pad: INT };
    /// `struct utimbuf`.
    UTIMBUF "utimbuf" { actime: TIME, modtime: TIME };
    /// `struct io_sqring_offsets`.
    SQ_OFF "io_sqring_offsets" { head: UINT, tail: UINT, ring_mask: UINT, ring_entries: UINT, flags: UINT, dropped: UINT, array: UINT, _resv1: UINT, _user_addr: U64 };
    /// `struct io_cqring_offsets`.
    CQ_OFF "io_cqring_offsets" { head: UINT, tail: UINT, ring_mask: UINT, ring_entries: UINT, overflow: UINT, cqes: UINT, flags: UINT, _resv1: UINT, _user_addr: U64 };
    /// `struct io_uring_params`.
    IO_URING_PARAMS "io_uring_params" { sq_entries: UINT, cq_entries: UINT, flags: bits(&io::IO_URING_SETUP), sq_thread_cpu: UINT, sq_thread_idle: UINT, features: bits(&io::IO_URING_FEATURES), wq_fd: FD.when(flags, 0x20), _resv: Kind::new(Shape::Inline(&UINT, 3)), sq_off: Kind::new(Shape::Struct(&SQ_OFF)), cq_off: Kind::new(Shape::Struct(&CQ_OFF)) } show [flags, sq_thread_cpu, sq_thread_idle, wq_fd, sq_entries, cq_entries, features, sq_off, cq_off];
}
