//! The clocks and the local calendar: clock_gettime(2), localtime_r(3).

/// A moment in the local time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalTime {
    /// Year, month from 1, day, hour, minute, second.
    pub fields: [i64; 6],
    /// Offset from UTC in minutes.
    pub offset_minutes: i64,
}

fn now_ns(clock: libc::clockid_t) -> u64 {
    let mut ts = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: clock_gettime writes the timespec behind the valid pointer.
    unsafe { libc::clock_gettime(clock, &raw mut ts) };
    ts.tv_sec as u64 * 1_000_000_000 + ts.tv_nsec as u64
}

/// CLOCK_REALTIME in nanoseconds.
pub fn wall_ns() -> u64 {
    now_ns(libc::CLOCK_REALTIME)
}

/// CLOCK_MONOTONIC in nanoseconds.
pub fn mono_ns() -> u64 {
    now_ns(libc::CLOCK_MONOTONIC)
}

/// CLOCK_MONOTONIC_COARSE in nanoseconds: cheaper, and a few milliseconds behind.
pub fn coarse_ns() -> u64 {
    now_ns(libc::CLOCK_MONOTONIC_COARSE)
}

/// The local calendar time of `seconds` since 1970; `None` beyond the calendar's range.
pub fn local(seconds: i64) -> Option<LocalTime> {
    // SAFETY: an all-zero tm is a valid value to be overwritten.
    let mut tm: libc::tm = unsafe { std::mem::zeroed() };
    // SAFETY: both pointers are valid for the call; localtime_r is thread-safe.
    let filled = unsafe { libc::localtime_r(&raw const seconds, &raw mut tm) };
    (!filled.is_null()).then(|| LocalTime {
        fields: [
            i64::from(tm.tm_year) + 1900,
            i64::from(tm.tm_mon) + 1,
            i64::from(tm.tm_mday),
            i64::from(tm.tm_hour),
            i64::from(tm.tm_min),
            i64::from(tm.tm_sec),
        ],
        offset_minutes: tm.tm_gmtoff / 60,
    })
}
