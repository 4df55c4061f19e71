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
}

/// A `struct timespec` in place.
pub const TS: Kind = Kind::new(Shape::Struct(&TIMESPEC));
/// A `struct __kernel_timespec` in place.
pub const TS64: Kind = Kind::new(Shape::Struct(&TIMESPEC64));
/// A `struct timeval` in place.
pub const TV: Kind = Kind::new(Shape::Struct(&TIMEVAL));
