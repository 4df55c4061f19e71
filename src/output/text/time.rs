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
    Seconds,
    /// With microseconds.
    Micros,
    /// Seconds since 1970 with microseconds.
    Unix,
}

/// Which times are printed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Times {
    /// The wall clock.
    pub clock: Clock,
    /// Time since the line before.
    pub relative: bool,
    /// Time spent in the call.
    pub duration: bool,
}

impl Times {
    /// Whether clocks must be read at stops.
    pub fn wanted(self) -> bool {
        self.clock != Clock::None || self.relative || self.duration
    }

    /// Appends the stamps of a line's beginning; `last` is the monotonic time of the line before.
    pub fn stamp(self, line: &mut Vec<u8>, at: Stamp, last: &mut Option<u64>) {
        let (seconds, micros) = (at.wall_ns / 1_000_000_000, at.wall_ns / 1000 % 1_000_000);
        match self.clock {
            Clock::None => {}
            Clock::Unix => drop(write!(line, "{seconds}.{micros:06} ")),
            Clock::Seconds | Clock::Micros => {
                let fields = clock::local(seconds as i64).map_or([0; 6], |time| time.fields);
                write!(line, "{:02}:{:02}:{:02}", fields[3], fields[4], fields[5]).ok();
                if self.clock == Clock::Micros {
                    write!(line, ".{micros:06}").ok();
                }
                line.push(b' ');
            }
        }
        if self.relative {
            let micros = at.mono_ns.saturating_sub(last.unwrap_or(at.mono_ns)) / 1000;
            *last = Some(at.mono_ns);
            let text = format_args!("{:6}.{:06}", micros / 1_000_000, micros % 1_000_000).to_string();
            match self.clock {
                Clock::None => drop(write!(line, "{text} ")),
                _ => drop(write!(line, "(+{text}) ")),
            }
        }
    }

    /// Appends the time spent in a call.
    pub fn duration(self, line: &mut Vec<u8>, call: &Call) {
        if self.duration {
            let micros = call.left.mono_ns.saturating_sub(call.entered.mono_ns) / 1000;
            write!(line, " <{}.{:06}>", micros / 1_000_000, micros % 1_000_000).ok();
        }
    }
}
