//! What commands of seccomp's listeners, of the random number generator and of clocks take.
//!
//! Source: include/uapi/linux/seccomp.h, random.h and rtc.h, seccomp_unotify(2), and the behaviour of strace 6.1.

use super::family::{Argument, Code, Row};
use super::payload::place;
use crate::kinds::*;
use crate::model::{Dir, Kind, Shape};
use crate::piece::Piece;

crate::sets! {
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
    (0xc050_2100, Argument::Coded(Code::Notification)),
    (0xc018_2101, Argument::Behind(Dir::In, &const { place(&ANSWER) })),
];

/// Commands of the random number generator.
pub static RANDOM: &[Row] = &[(0x4008_5203, Argument::Coded(Code::Entropy))];

/// Commands of clocks.
pub static CLOCK: &[Row] = &[
    (0x4018_7013, Argument::Coded(Code::ClockParameter(false))),
    (0x4018_7014, Argument::Coded(Code::ClockParameter(true))),
];
