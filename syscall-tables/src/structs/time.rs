//! Structs of time: time(7), clock_gettime(2), setitimer(2).

use crate::kinds::*;
use crate::model::{Custom, Kind, Shape};
use crate::sets::time as sets;

crate::structs! {
    /// `struct timespec` of the ABI.
    TIMESPEC "timespec" { tv_sec: TIME, tv_nsec: ULONG64 };
    /// `struct __kernel_timespec`: 64 bits everywhere.
    TIMESPEC64 "__kernel_timespec" { tv_sec: I64, tv_nsec: U64 };
    /// `struct timeval` of the ABI.
    TIMEVAL "timeval" { tv_sec: TIME, tv_usec: ULONG64 };
    /// `struct __kernel_sock_timeval`: 64 bits everywhere.
    TIMEVAL64 "__kernel_sock_timeval" { tv_sec: I64, tv_usec: U64 };
    /// `struct timezone`.
    TIMEZONE "timezone" { tz_minuteswest: INT, tz_dsttime: INT };
    /// `struct itimerval`.
    ITIMERVAL "itimerval" { it_interval: TV, it_value: TV };
    /// `struct itimerspec`.
    ITIMERSPEC "itimerspec" { it_interval: TS, it_value: TS };
    /// `struct __kernel_itimerspec`.
    ITIMERSPEC64 "__kernel_itimerspec" { it_interval: TS64, it_value: TS64 };
    /// `struct utimbuf`.
    UTIMBUF "utimbuf" { actime: custom(Custom::Seconds), modtime: custom(Custom::Seconds) };
    /// `struct timex` of the ABI.
    TIMEX "timex" {
        modes: bits(&sets::ADJTIMEX_MODES), offset: LONG, freq: LONG, maxerror: LONG, esterror: LONG,
        status: bits(&sets::ADJTIMEX_STATUS), constant: LONG, precision: LONG, tolerance: LONG, time: TV, tick: LONG,
        ppsfreq: LONG, jitter: LONG, shift: INT, stabil: LONG, jitcnt: LONG, calcnt: LONG, errcnt: LONG, stbcnt: LONG,
        tai: INT, _reserved: Kind::new(Shape::Inline(&INT, 11)),
    };
    /// `struct __kernel_timex`: 64 bits everywhere, with the padding written out.
    TIMEX64 "__kernel_timex" {
        modes: bits(&sets::ADJTIMEX_MODES), _pad0: INT, offset: I64, freq: I64, maxerror: I64, esterror: I64,
        status: bits(&sets::ADJTIMEX_STATUS), _pad1: INT, constant: I64, precision: I64, tolerance: I64, time: TV64,
        tick: I64, ppsfreq: I64, jitter: I64, shift: INT, _pad2: INT, stabil: I64, jitcnt: I64, calcnt: I64,
        errcnt: I64, stbcnt: I64, tai: INT, _reserved: Kind::new(Shape::Inline(&INT, 11)),
    };
}

/// A `struct timespec` in place.
pub const TS: Kind = Kind::new(Shape::Struct(&TIMESPEC));
/// A `struct __kernel_timespec` in place.
pub const TS64: Kind = Kind::new(Shape::Struct(&TIMESPEC64));
/// A `struct timeval` in place.
pub const TV: Kind = Kind::new(Shape::Struct(&TIMEVAL));
/// A `struct timeval` of 64-bit members in place.
pub const TV64: Kind = Kind::new(Shape::Struct(&TIMEVAL64));
/// A fraction of a second: a `long`, printed as strace does, without a sign.
const ULONG64: Kind = ULONG;
/// A `struct timezone` in place.
pub const TZ: Kind = Kind::new(Shape::Struct(&TIMEZONE));
/// A `struct itimerval` in place.
pub const ITV: Kind = Kind::new(Shape::Struct(&ITIMERVAL));
/// A `struct itimerspec` in place.
pub const ITS: Kind = Kind::new(Shape::Struct(&ITIMERSPEC));
/// A `struct __kernel_itimerspec` in place.
pub const ITS64: Kind = Kind::new(Shape::Struct(&ITIMERSPEC64));
/// A `struct utimbuf` in place.
pub const UTB: Kind = Kind::new(Shape::Struct(&UTIMBUF));
