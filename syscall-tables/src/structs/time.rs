//! Structs of time: time(7), clock_gettime(2), setitimer(2), adjtimex(2).

use crate::kinds::*;
use crate::model::{Custom, Kind, Shape};
use crate::sets::time as sets;

crate::structs! {
    /// `struct timespec` of the ABI.
    TIMESPEC "timespec" { tv_sec: TIME, tv_nsec: LONG };
    /// `struct __kernel_timespec`: 64 bits everywhere.
    TIMESPEC64 "__kernel_timespec" { tv_sec: I64, tv_nsec: I64 };
    /// `struct timeval` of the ABI.
    TIMEVAL "timeval" { tv_sec: TIME, tv_usec: LONG };
    /// `struct __kernel_sock_timeval`: 64 bits everywhere.
    TIMEVAL64 "timeval" { tv_sec: I64, tv_usec: I64 };
    /// `struct itimerspec` of the ABI.
    ITIMERSPEC "itimerspec" { it_interval: TS, it_value: TS };
    /// `struct __kernel_itimerspec`: 64 bits everywhere.
    ITIMERSPEC64 "__kernel_itimerspec" { it_interval: TS64, it_value: TS64 };
    /// `struct itimerval` of the ABI.
    ITIMERVAL "itimerval" { it_interval: TV, it_value: TV };
    /// `struct timezone`.
    TIMEZONE "timezone" { tz_minuteswest: INT, tz_dsttime: INT };
    /// `struct utimbuf` of the ABI.
    UTIMBUF "utimbuf" { actime: custom(Custom::Seconds), modtime: custom(Custom::Seconds) };
    /// `struct tms`, in clock ticks.
    TMS "tms" {
        tms_utime: custom(Custom::ClockTicks), tms_stime: custom(Custom::ClockTicks),
        tms_cutime: custom(Custom::ClockTicks), tms_cstime: custom(Custom::ClockTicks),
    };
    /// `struct timex` of the ABI.
    TIMEX "timex" {
        modes: bits(&sets::ADJTIMEX_MODES), offset: LONG, freq: LONG, maxerror: LONG, esterror: LONG,
        status: bits(&sets::ADJTIMEX_STATUS), constant: LONG, precision: LONG, tolerance: LONG, time: TV, tick: LONG,
        ppsfreq: LONG, jitter: LONG, shift: INT, stabil: LONG, jitcnt: LONG, calcnt: LONG, errcnt: LONG, stbcnt: LONG,
        tai: INT, _reserved: Kind::new(Shape::Inline(&INT, 11)),
    } show [modes, offset, freq, maxerror, esterror, status, constant, precision, tolerance, time, tick, ppsfreq,
        jitter, shift, stabil, jitcnt, calcnt, errcnt, stbcnt, tai];
    /// `struct __kernel_timex`: 64 bits everywhere, with the padding written out.
    TIMEX64 "__kernel_timex" {
        modes: bits(&sets::ADJTIMEX_MODES), _pad0: INT, offset: I64, freq: I64, maxerror: I64, esterror: I64,
        status: bits(&sets::ADJTIMEX_STATUS), _pad1: INT, constant: I64, precision: I64, tolerance: I64, time: TV64,
        tick: I64, ppsfreq: I64, jitter: I64, shift: INT, _pad2: INT, stabil: I64, jitcnt: I64, calcnt: I64,
        errcnt: I64, stbcnt: I64, tai: INT, _reserved: Kind::new(Shape::Inline(&INT, 11)),
    } show [modes, offset, freq, maxerror, esterror, status, constant, precision, tolerance, time, tick, ppsfreq,
        jitter, shift, stabil, jitcnt, calcnt, errcnt, stbcnt, tai];
}

/// A `struct timespec` in place.
pub const TS: Kind = Kind::new(Shape::Struct(&TIMESPEC));
/// A `struct __kernel_timespec` in place.
pub const TS64: Kind = Kind::new(Shape::Struct(&TIMESPEC64));
/// A `struct timeval` in place.
pub const TV: Kind = Kind::new(Shape::Struct(&TIMEVAL));
/// A `struct timeval` of 64-bit members in place.
pub const TV64: Kind = Kind::new(Shape::Struct(&TIMEVAL64));
/// A `struct itimerspec` in place.
pub const ITS: Kind = Kind::new(Shape::Struct(&ITIMERSPEC));
/// A `struct __kernel_itimerspec` in place.
pub const ITS64: Kind = Kind::new(Shape::Struct(&ITIMERSPEC64));
/// A `struct itimerval` in place.
pub const ITV: Kind = Kind::new(Shape::Struct(&ITIMERVAL));
