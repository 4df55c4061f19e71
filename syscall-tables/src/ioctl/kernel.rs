//! Commands that the kernel's own descriptors take: userfaultfd, epoll, namespaces, seccomp; watchdogs, file systems.
//!
//! Source: ioctl_userfaultfd(2), ioctl_eventpoll(2), ioctl_nsfs(2), include/uapi/linux of Linux 7.2, and the behaviour of
//! strace 6.1.

use super::argument::{Argument, Row, place};
use crate::kinds::*;
use crate::model::{Kind, Shape};
use crate::piece::Piece;

crate::sets! {
    /// Uffdio_api.features.
    FAULT_FEATURES: Bits, Hex, "UFFD_FEATURE_???" {
        UFFD_FEATURE_PAGEFAULT_FLAG_WP = 1, UFFD_FEATURE_EVENT_FORK = 2, UFFD_FEATURE_EVENT_REMAP = 4,
        UFFD_FEATURE_EVENT_REMOVE = 8, UFFD_FEATURE_MISSING_HUGETLBFS = 0x10, UFFD_FEATURE_MISSING_SHMEM = 0x20,
        UFFD_FEATURE_EVENT_UNMAP = 0x40, UFFD_FEATURE_SIGBUS = 0x80, UFFD_FEATURE_THREAD_ID = 0x100,
        UFFD_FEATURE_MINOR_HUGETLBFS = 0x200, UFFD_FEATURE_MINOR_SHMEM = 0x400, UFFD_FEATURE_EXACT_ADDRESS = 0x800,
        UFFD_FEATURE_WP_HUGETLBFS_SHMEM = 0x1000, UFFD_FEATURE_WP_UNPOPULATED = 0x2000,
        UFFD_FEATURE_POISON = 0x4000, UFFD_FEATURE_WP_ASYNC = 0x8000, UFFD_FEATURE_MOVE = 0x10000,
    }

    /// Uffdio_api.ioctls.
    FAULT_COMMANDS: Bits, Hex, "_UFFDIO_???" {
        "1<<_UFFDIO_REGISTER" = 1, "1<<_UFFDIO_UNREGISTER" = 2, "1<<_UFFDIO_API" = 0x8000000000000000,
    }

    /// Uffdio_register.ioctls.
    RANGE_COMMANDS: Bits, Hex, "UFFDIO_???" {
        "1<<_UFFDIO_WAKE" = 4, "1<<_UFFDIO_COPY" = 8, "1<<_UFFDIO_ZEROPAGE" = 0x10,
        "1<<_UFFDIO_MOVE" = 0x20, "1<<_UFFDIO_WRITEPROTECT" = 0x40, "1<<_UFFDIO_CONTINUE" = 0x80,
        "1<<_UFFDIO_POISON" = 0x100,
    }

    /// Uffdio_register.mode.
    REGISTER_MODE: Bits, Hex, "UFFDIO_REGISTER_MODE_???" {
        UFFDIO_REGISTER_MODE_MISSING = 1, UFFDIO_REGISTER_MODE_WP = 2, UFFDIO_REGISTER_MODE_MINOR = 4,
    }

    /// Uffdio_copy.mode.
    COPY_MODE: Bits, Hex, "UFFDIO_COPY_???" { UFFDIO_COPY_MODE_DONTWAKE = 1, UFFDIO_COPY_MODE_WP = 2 }

    /// Uffdio_zeropage.mode.
    ZERO_MODE: Bits, Hex, "UFFDIO_ZEROPAGE_???" { UFFDIO_ZEROPAGE_MODE_DONTWAKE = 1 }

    /// Uffdio_continue.mode.
    CONTINUE_MODE: Bits, Hex, "UFFDIO_CONTINUE_MODE_???" {
        UFFDIO_CONTINUE_MODE_DONTWAKE = 1, UFFDIO_CONTINUE_MODE_WP = 2,
    }

    /// Uffdio_poison.mode.
    POISON_MODE: Bits, Hex, "UFFDIO_POISON_MODE_???" { UFFDIO_POISON_MODE_DONTWAKE = 1 }

    /// Uffdio_move.mode.
    MOVE_MODE: Bits, Hex, "UFFDIO_MOVE_MODE_???" {
        UFFDIO_MOVE_MODE_DONTWAKE = 1, UFFDIO_MOVE_MODE_ALLOW_SRC_HOLES = 2,
    }

    /// Uffdio_writeprotect.mode.
    PROTECT_MODE: Bits, Hex, "UFFDIO_WRITEPROTECT_MODE_???" {
        UFFDIO_WRITEPROTECT_MODE_WP = 1, UFFDIO_WRITEPROTECT_MODE_DONTWAKE = 2,
    }

    /// What a watchdog can do.
    WATCHDOG_OPTIONS: Bits, Hex, "WDIOF_???" { WDIOF_OVERHEAT = 0x0001, WDIOF_FANFAULT = 0x0002, WDIOF_EXTERN1 = 0x0004, WDIOF_EXTERN2 = 0x0008, WDIOF_POWERUNDER = 0x0010, WDIOF_CARDRESET = 0x0020, WDIOF_POWEROVER = 0x0040, WDIOF_SETTIMEOUT = 0x0080, WDIOF_MAGICCLOSE = 0x0100, WDIOF_PRETIMEOUT = 0x0200, WDIOF_ALARMONLY = 0x0400, WDIOF_KEEPALIVEPING = 0x8000 }

    /// Logical_block_metadata_cap.lbmd_flags.
    BLOCK_METADATA: Bits, Hex, "LBMD_PI_CAP_???" { LBMD_PI_CAP_INTEGRITY = 1, LBMD_PI_CAP_REFTAG = 2 }

    /// Logical_block_metadata_cap.lbmd_guard_tag_type.
    GUARD_TAG: Values, Hex, "LBMD_PI_CSUM_???" {
        LBMD_PI_CSUM_NONE = 0, LBMD_PI_CSUM_IP = 1, LBMD_PI_CSUM_CRC16_T10DIF = 2, LBMD_PI_CSUM_CRC64_NVME = 4,
    }

    /// What a watchdog is told.
    WATCHDOG_SET: Bits, Hex, "WDIOS_???" { WDIOS_DISABLECARD = 0x0001, WDIOS_ENABLECARD = 0x0002, WDIOS_TEMPPANIC = 0x0004 }
}

crate::structs! {
    /// `struct uffdio_range`.
    FAULT_RANGE "uffdio_range" { start: HEX64, len: HEX64 };
    /// `struct uffdio_api` as it is asked.
    FAULT_API "uffdio_api" { api: HEX64, features: bits64(&FAULT_FEATURES), ioctls: HEX64 } show [api, features];
    /// `struct uffdio_api`.
    FAULT_API_DONE "uffdio_api" {
        api: HEX64, features: bits64(&FAULT_FEATURES), ioctls: bits64(&FAULT_COMMANDS),
    };
    /// `struct uffdio_register` as it is asked.
    FAULT_REGISTER "uffdio_register" {
        range: place(&FAULT_RANGE), mode: bits64(&REGISTER_MODE), ioctls: HEX64,
    } show [range, mode];
    /// `struct uffdio_register`.
    FAULT_REGISTER_DONE "uffdio_register" {
        range: place(&FAULT_RANGE), mode: bits64(&REGISTER_MODE), ioctls: bits64(&RANGE_COMMANDS),
    };
    /// `struct uffdio_copy` as it is asked.
    FAULT_COPY "uffdio_copy" {
        dst: HEX64, src: HEX64, len: HEX64, mode: bits64(&COPY_MODE), copy: HEX64,
    } show [dst, src, len, mode];
    /// `struct uffdio_copy`.
    FAULT_COPY_DONE "uffdio_copy" { dst: HEX64, src: HEX64, len: HEX64, mode: bits64(&COPY_MODE), copy: HEX64 };
    /// `struct uffdio_zeropage` as it is asked.
    FAULT_ZERO "uffdio_zeropage" {
        range: place(&FAULT_RANGE), mode: bits64(&ZERO_MODE), zeropage: HEX64,
    } show [range, mode];
    /// `struct uffdio_zeropage`.
    FAULT_ZERO_DONE "uffdio_zeropage" { range: place(&FAULT_RANGE), mode: bits64(&ZERO_MODE), zeropage: HEX64 };
    /// `struct uffdio_continue` as it is asked.
    CONTINUE "uffdio_continue" {
        range: place(&FAULT_RANGE), mode: bits64(&CONTINUE_MODE), mapped: HEX64,
    } show [range, mode];
    /// `struct uffdio_continue`.
    CONTINUE_DONE "uffdio_continue" { range: place(&FAULT_RANGE), mode: bits64(&CONTINUE_MODE), mapped: HEX64 };
    /// `struct uffdio_poison` as it is asked.
    POISON "uffdio_poison" {
        range: place(&FAULT_RANGE), mode: bits64(&POISON_MODE), updated: HEX64,
    } show [range, mode];
    /// `struct uffdio_poison`.
    POISON_DONE "uffdio_poison" { range: place(&FAULT_RANGE), mode: bits64(&POISON_MODE), updated: HEX64 };
    /// `struct uffdio_move` as it is asked.
    MOVE "uffdio_move" {
        dst: HEX64, src: HEX64, len: HEX64, mode: bits64(&MOVE_MODE), r#move: HEX64,
    } show [dst, src, len, mode];
    /// `struct uffdio_move`.
    MOVE_DONE "uffdio_move" { dst: HEX64, src: HEX64, len: HEX64, mode: bits64(&MOVE_MODE), r#move: HEX64 };
    /// `struct uffdio_writeprotect`.
    PROTECT "uffdio_writeprotect" { range: place(&FAULT_RANGE), mode: bits64(&PROTECT_MODE) };
    /// `struct epoll_params`.
    EPOLL_PARAMS "epoll_params" {
        busy_poll_usecs: UINT, busy_poll_budget: U16, prefer_busy_poll: U8, __pad: HEX8.when(__pad, u64::MAX),
    } show [busy_poll_usecs, busy_poll_budget, prefer_busy_poll, __pad];
    /// `struct mnt_ns_info`.
    MOUNT_NAMESPACE "mnt_ns_info" { size: UINT, nr_mounts: UINT, mnt_ns_id: HEX64 };
    /// `struct watchdog_info`.
    WATCHDOG_INFO "watchdog_info" {
        options: bits(&WATCHDOG_OPTIONS), firmware_version: UINT, identity: Kind::new(Shape::Chars(32)),
    };
    /// `struct fsuuid2`.
    FILE_SYSTEM_ID "fsuuid2" { len: U8, uuid: piece(Piece::Uuid) };
    /// `struct logical_block_metadata_cap`.
    BLOCK_METADATA_CAP "logical_block_metadata_cap" {
        lbmd_flags: bits(&BLOCK_METADATA), lbmd_interval: U16, lbmd_size: U8, lbmd_opaque_size: U8, lbmd_opaque_offset: U8,
        lbmd_pi_size: U8, lbmd_pi_offset: U8, lbmd_guard_tag_type: bits8(&GUARD_TAG), lbmd_app_tag_size: U8,
        lbmd_ref_tag_size: U8, lbmd_storage_tag_size: U8, pad: HEX8.when(pad, u64::MAX),
    };
    /// `struct fs_sysfs_path`.
    SYSFS_PATH "fs_sysfs_path" { len: U8, name: Kind::new(Shape::Chars(128)) };
}

/// Commands of namespaces.
pub static NAMESPACES: &[Row] = &[
    (&[0xb701, 0xb702, 0xb703], Argument::Nothing),
    (&[0x8004_b706, 0x8004_b707, 0x8004_b708, 0x8004_b709], Argument::Value(&INT)),
    (&[0xb704], Argument::told(&ID)),
    (&[0x8008_b705, 0x8008_b70d], Argument::told(&HEX64)),
    (&[0x8010_b70a, 0x8010_b70b, 0x8010_b70c], Argument::told(&const { place(&MOUNT_NAMESPACE) })),
];

/// Commands of watchdogs.
pub static WATCHDOGS: &[Row] = &[
    (&[0x8004_5705], Argument::Nothing),
    (&[0x8004_5701, 0x8004_5702, 0x8004_5703, 0x8004_5707, 0x8004_5709, 0x8004_570a], Argument::told(&INT)),
    (&[0xc004_5706, 0xc004_5708], Argument::given(&INT)),
    (&[0x8028_5700], Argument::told(&const { place(&WATCHDOG_INFO) })),
    (&[0x8004_5704], Argument::given(&const { bits(&WATCHDOG_SET) })),
];

/// Commands of inotify.
pub static NOTIFICATIONS: &[Row] = &[(&[0x4004_4900], Argument::Value(&INT))];

/// Commands of userfaultfd.
pub static FAULTS: &[Row] = &[
    (&[0x8010_aa01, 0x8010_aa02], Argument::given(&const { place(&FAULT_RANGE) })),
    (&[0xc018_aa06], Argument::given(&const { place(&PROTECT) })),
    (&[0xc018_aa3f], Argument::Continued(&const { place(&FAULT_API) }, &const { place(&FAULT_API_DONE) })),
    (
        &[0xc020_aa00],
        Argument::Continued(&const { place(&FAULT_REGISTER) }, &const { place(&FAULT_REGISTER_DONE) }),
    ),
    (&[0xc028_aa03], Argument::Continued(&const { place(&FAULT_COPY) }, &const { place(&FAULT_COPY_DONE) })),
    (&[0xc020_aa04], Argument::Continued(&const { place(&FAULT_ZERO) }, &const { place(&FAULT_ZERO_DONE) })),
    (&[0xc028_aa05], Argument::Continued(&const { place(&MOVE) }, &const { place(&MOVE_DONE) })),
    (&[0xc020_aa07], Argument::Continued(&const { place(&CONTINUE) }, &const { place(&CONTINUE_DONE) })),
    (&[0xc020_aa08], Argument::Continued(&const { place(&POISON) }, &const { place(&POISON_DONE) })),
];

/// Commands of epoll.
pub static POLLING: &[Row] = &[
    (&[0x4008_8a01], Argument::given(&const { place(&EPOLL_PARAMS) })),
    (&[0x8008_8a02], Argument::told(&const { place(&EPOLL_PARAMS) })),
];

/// Commands of file systems.
pub static FILE_SYSTEMS: &[Row] = &[
    (&[0x8011_1500], Argument::told(&const { place(&FILE_SYSTEM_ID) })),
    (&[0x8081_1501], Argument::told(&const { place(&SYSFS_PATH) })),
    (&[0xc010_1502], Argument::told(&const { place(&BLOCK_METADATA_CAP) })),
];
