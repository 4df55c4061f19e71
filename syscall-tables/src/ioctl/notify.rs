//! What commands of seccomp's listeners, of the random number generator and of clocks take.
//!
//! Source: include/uapi/linux/seccomp.h, random.h and rtc.h, seccomp_unotify(2), and the behaviour of strace 6.1.

use super::argument::{Argument, Code, Row, place};
use crate::kinds::*;
use crate::model::{Kind, Shape};
use crate::piece::Piece;
use crate::sets::fs as files;

crate::sets! {
    /// What SECCOMP_IOCTL_NOTIF_SET_FLAGS takes.
    NOTIF_FLAGS: Bits, Hex, "SECCOMP_USER_NOTIF_FD_???" { SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP = 1 }

    /// Seccomp_notif_addfd.flags.
    ADDFD_FLAGS: Bits, Hex, "SECCOMP_ADDFD_FLAG_???" { SECCOMP_ADDFD_FLAG_SETFD = 1, SECCOMP_ADDFD_FLAG_SEND = 2 }

    /// What RTC_VL_READ tells.
    RTC_VL: Bits, Hex, "RTC_VL_???" {
        RTC_VL_DATA_INVALID = 1, RTC_VL_BACKUP_LOW = 2, RTC_VL_BACKUP_EMPTY = 4, RTC_VL_ACCURACY_LOW = 8,
        RTC_VL_BACKUP_SWITCH = 0x10,
    }

    /// Seccomp_notif_resp.flags.
    RESPONSE: Bits, Hex, "SECCOMP_USER_NOTIF_FLAG_???" { SECCOMP_USER_NOTIF_FLAG_CONTINUE = 1 }

    /// Rtc_param.param.
    PARAMETER: Values, Hex, "RTC_PARAM_???" {
        RTC_PARAM_FEATURES = 0, RTC_PARAM_CORRECTION = 1, RTC_PARAM_BACKUP_SWITCH_MODE = 2,
    }

    /// The features of a clock.
    FEATURES: Bits, Hex, "1<<RTC_FEATURE_???" {
        "1<<RTC_FEATURE_ALARM" = 1, "1<<RTC_FEATURE_ALARM_RES_MINUTE" = 2, "1<<RTC_FEATURE_NEED_WEEK_DAY" = 4,
        "1<<RTC_FEATURE_ALARM_RES_2S" = 8, "1<<RTC_FEATURE_UPDATE_INTERRUPT" = 0x10, "1<<RTC_FEATURE_CORRECTION" = 0x20,
        "1<<RTC_FEATURE_BACKUP_SWITCH_MODE" = 0x40, "1<<RTC_FEATURE_ALARM_WAKEUP_ONLY" = 0x80,
    }

    /// Modes of switching to the backup of a clock.
    BACKUP: Values, Hex, "RTC_BSM_???" {
        RTC_BSM_DISABLED = 0, RTC_BSM_DIRECT = 1, RTC_BSM_LEVEL = 2, RTC_BSM_STANDBY = 3,
    }
}

crate::structs! {
    /// `struct seccomp_notif_addfd`.
    NOTIF_ADDFD "seccomp_notif_addfd" {
        id: HEX64, flags: bits(&ADDFD_FLAGS), srcfd: FD, newfd: INT, newfd_flags: bits(&files::OPEN_FLAGS),
    };
    /// `struct rtc_time`.
    RTC_TIME "rtc_time" {
        tm_sec: INT, tm_min: INT, tm_hour: INT, tm_mday: INT, tm_mon: INT, tm_year: INT, tm_wday: INT, tm_yday: INT,
        tm_isdst: INT,
    } brief [tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year];
    /// `struct rtc_wkalrm`.
    RTC_WKALRM "rtc_wkalrm" { enabled: U8, pending: U8, time: place(&RTC_TIME) };
    /// `struct rtc_pll_info`.
    RTC_PLL "rtc_pll_info" {
        pll_ctrl: INT, pll_value: INT, pll_max: INT, pll_min: INT, pll_posmult: INT, pll_negmult: INT, pll_clock: LONG,
    };
    /// `struct seccomp_notif_resp`.
    ANSWER "seccomp_notif_resp" { id: HEX64, val: I64, error: piece(Piece::Error), flags: bits(&RESPONSE) };
    /// The head of `struct seccomp_notif`.
    NOTIFICATION "seccomp_notif" { id: HEX64, pid: PID, flags: HEX };
    /// The end of `struct seccomp_data`.
    CALL "seccomp_data" {
        instruction_pointer: Kind::new(Shape::Custom(crate::model::Custom::Address64)),
        args: Kind::new(Shape::Inline(&HEX64, 6)),
    };
}

/// Commands of seccomp's listeners.
pub static SECCOMP: &[Row] = &[
    (&[0xc050_2100], Argument::Coded(Code::Notification)),
    (&[0xc018_2101], Argument::given(&const { place(&ANSWER) })),
    (&[0x4008_2104], Argument::Value(&const { longbits(&NOTIF_FLAGS) })),
    (&[0x4008_2102, 0x8008_2102], Argument::given(&HEX64)),
    (&[0x4018_2103], Argument::given(&const { place(&NOTIF_ADDFD) })),
];

/// Commands of the random number generator.
pub static RANDOM: &[Row] = &[
    (&[0x4008_5203], Argument::Coded(Code::Entropy)),
    (&[0x5204, 0x5206, 0x5207], Argument::Nothing),
    (&[0x4004_5201], Argument::given(&INT)),
    (&[0x8004_5200], Argument::told(&INT)),
];

/// Commands of clocks.
pub static CLOCK: &[Row] = &[
    (&[0x4018_7013], Argument::Coded(Code::ClockParameter(false))),
    (&[0x4018_7014], Argument::Coded(Code::ClockParameter(true))),
    (&[0x4008_700c, 0x4004_700c, 0x4008_700e, 0x4004_700e], Argument::Value(&ULONG)),
    (&[0x7001, 0x7002, 0x7003, 0x7004, 0x7005, 0x7006, 0x700f, 0x7010, 0x7014], Argument::Nothing),
    (&[0x8024_7008, 0x8024_7009], Argument::told(&const { place(&RTC_TIME) })),
    (&[0x4024_7007, 0x4024_700a], Argument::given(&const { place(&RTC_TIME) })),
    (&[0x4028_700f], Argument::given(&const { place(&RTC_WKALRM) })),
    (&[0x8028_7010], Argument::told(&const { place(&RTC_WKALRM) })),
    (&[0x8020_7011, 0x801c_7011], Argument::told(&const { place(&RTC_PLL) })),
    (&[0x4020_7012, 0x401c_7012], Argument::given(&const { place(&RTC_PLL) })),
    (&[0x8004_7013], Argument::told(&const { bits(&RTC_VL) })),
    (&[0x8008_700b, 0x8004_700b, 0x8008_700d, 0x8004_700d], Argument::told(&ULONG)),
];
