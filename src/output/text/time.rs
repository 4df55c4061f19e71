//! Time stamps of lines: `-t`, `-tt`, `-ttt`, `-r`, `-T`.

use std::io::Write;

use crate::event::{Call, Stamp};
use crate::sys::clock;

/// Which wall clock is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clock {
    /// None.
    #[default]
    None,
    /// Hours, minutes and seconds.
    Time,
    /// Seconds since 1970.
    Unix,
}

/// How many digits follow a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Precision(usize);

impl Precision {
    /// None.
    pub const SECONDS: Self = Self(0);
    /// Six.
    pub const MICROS: Self = Self(6);

    /// By the name of a unit: s, ms, us or ns.
    pub fn named(unit: &str) -> Option<Self> {
        ["s", "ms", "us", "ns"].iter().position(|known| *known == unit).map(|at| Self(3 * at))
    }

    /// Appends the part of a time behind its seconds.
    fn fraction(self, line: &mut Vec<u8>, time_ns: u64) {
        let digits = self.0;
        if digits > 0 {
            let part = time_ns % 1_000_000_000 / 10u64.pow(9 - digits as u32);
            write!(line, ".{part:0digits$}").ok();
        }
    }
}

/// Which times are printed.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// The wall clock.
    pub clock: Clock,
    /// Its precision.
    pub precision: Precision,
    /// Time since the line before.
    pub relative: Option<Precision>,
    /// Time spent in the call.
    pub duration: Option<Precision>,
}

impl Default for Times {
    fn default() -> Self {
        Self { clock: Clock::None, precision: Precision::SECONDS, relative: None, duration: None }
    }
}

impl Times {
    /// The clock that `-t` prints when it is given `times` times.
    pub fn repeated(times: u8) -> (Clock, Precision) {
        match times {
            0 => (Clock::None, Precision::SECONDS),
            1 => (Clock::Time, Precision::SECONDS),
            2 => (Clock::Time, Precision::MICROS),
            _ => (Clock::Unix, Precision::MICROS),
        }
    }

    /// The clock by the value of `--absolute-timestamps`: `[format:]none|time|unix` and `[precision:]s|ms|us|ns`, in
    /// any order.
    pub fn parse(text: &str) -> Option<(Clock, Precision)> {
        let (mut clock, mut precision) = (Clock::Time, Precision::SECONDS);
        for word in text.split(',').filter(|word| !word.is_empty()) {
            let word = &*word.to_ascii_lowercase();
            let format = word.strip_prefix("format:");
            let unit = word.strip_prefix("precision:");
            match (format.unwrap_or(word), Precision::named(unit.unwrap_or(word))) {
                ("none", _) if unit.is_none() => clock = Clock::None,
                ("time", _) if unit.is_none() => clock = Clock::Time,
                ("unix", _) if unit.is_none() => clock = Clock::Unix,
                (_, Some(named)) if format.is_none() => precision = named,
                _ => return None,
            }
        }
        Some((clock, precision))
    }

    /// Whether clocks must be read at stops.
    pub fn wanted(self) -> bool {
        self.clock != Clock::None || self.relative.is_some() || self.duration.is_some()
    }

    /// Appends the stamps of a line's beginning; `last` is the monotonic time of the line before.
    pub fn stamp(self, line: &mut Vec<u8>, at: Stamp, last: &mut Option<u64>) {
        let seconds = at.wall_ns / 1_000_000_000;
        match self.clock {
            Clock::None => {}
            Clock::Unix => drop(write!(line, "{seconds}")),
            Clock::Time => {
                let fields = clock::local(seconds as i64).map_or([0; 6], |time| time.fields);
                write!(line, "{:02}:{:02}:{:02}", fields[3], fields[4], fields[5]).ok();
            }
        }
        if self.clock != Clock::None {
            self.precision.fraction(line, at.wall_ns);
            line.push(b' ');
        }
        if let Some(precision) = self.relative {
            let since_ns = at.mono_ns.saturating_sub(last.unwrap_or(at.mono_ns));
            *last = Some(at.mono_ns);
            let bracketed = self.clock != Clock::None;
            line.extend_from_slice(if bracketed { b"(+" } else { b"" });
            write!(line, "{:6}", since_ns / 1_000_000_000).ok();
            precision.fraction(line, since_ns);
            line.extend_from_slice(if bracketed { b") " } else { b" " });
        }
    }

    /// Appends the time spent in a call.
    pub fn duration(self, line: &mut Vec<u8>, call: &Call) {
        if let Some(precision) = self.duration {
            let spent_ns = call.left.mono_ns.saturating_sub(call.entered.mono_ns);
            write!(line, " <{}", spent_ns / 1_000_000_000).ok();
            precision.fraction(line, spent_ns);
            line.push(b'>');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, Precision, Times};

    #[test]
    fn clocks_by_words() {
        assert_eq!(Times::parse("unix,ns"), Some((Clock::Unix, Precision(9))));
        assert_eq!(Times::parse("us,time"), Some((Clock::Time, Precision(6))));
        assert_eq!(Times::parse("format:unix,precision:ms"), Some((Clock::Unix, Precision(3))));
        assert_eq!(Times::parse("none"), Some((Clock::None, Precision(0))));
        assert_eq!((Times::parse("foo"), Times::parse("precision:foo")), (None, None));
    }
}
