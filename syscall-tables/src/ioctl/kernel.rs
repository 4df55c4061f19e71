//! Commands that the kernel's own descriptors take: userfaultfd, epoll, namespaces, seccomp; watchdogs, file systems.
//!
//! Their structs and words only: which command takes them stands in `devices`. Source: ioctl_userfaultfd(2),
//! ioctl_eventpoll(2), ioctl_nsfs(2) and include/uapi/linux of Linux 7.2.

use super::argument::place;
use super::devices::FAULT_RANGE;
use crate::kinds::*;
use crate::model::{Kind, Shape};
use crate::piece::Piece;

crate::sets! {
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

    /// What SECCOMP_IOCTL_NOTIF_SET_FLAGS takes.
    NOTIF_FLAGS: Bits, Hex, "SECCOMP_USER_NOTIF_FD_???" { SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP = 1 }

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
