//! Structs of time: time(7), clock_gettime(2), setitimer(2).

use crate::kinds::*;
use crate::model::{Kind, Shape};

crate::structs! {
    /// `struct timespec` of the ABI.
    TIMESPEC "timespec" { tv_sec: TIME, tv_nsec: LONG };
    /// `struct __kernel_timespec`: 64 bits everywhere.
    TIMESPEC64 "__kernel_timespec" { tv_sec: I64, tv_nsec: I64 };
    /// `struct timeval` of the ABI.
    TIMEVAL "timeval" { tv_sec: TIME, tv_usec: LONG };
    /// `struct timezone`.
    TIMEZONE "timezone" { tz_minuteswest: INT, tz_dsttime: INT };
    /// `struct itimerval`.
    ITIMERVAL "itimerval" { it_interval: TV, it_value: TV };
    /// `struct itimerspec`.
    ITIMERSPEC "itimerspec" { it_interval: TS, it_value: TS };
    /// `struct __kernel_itimerspec`.
    ITIMERSPEC64 "__kernel_itimerspec" { it_interval: TS64, it_value: TS64 };
    /// `struct utimbuf`.
    UTIMBUF "utimbuf" { actime: TIME, modtime: TIME };
}

/// A `struct timespec` in place.
pub const TS: Kind = Kind::new(Shape::Struct(&TIMESPEC));
/// A `struct __kernel_timespec` in place.
pub const TS64: Kind = Kind::new(Shape::Struct(&TIMESPEC64));
/// A `struct timeval` in place.
pub const TV: Kind = Kind::new(Shape::Struct(&TIMEVAL));
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
