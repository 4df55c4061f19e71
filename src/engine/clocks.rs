//! The time of an event: one clock is read at each stop, the other is known from it.
//!
//! Between two looks, [`LOOK_NS`] apart, the wall clock is the monotonic one plus what lay between them: that is
//! one call fewer at each stop, and times that two clocks would blur by the distance of their readings. A wall
//! clock that is being slewed at its limit of 500 ppm is followed to 5 µs.

use std::cell::Cell;

use crate::event::Stamp;
use crate::sys::clock;

/// How long the distance of the clocks is believed.
const LOOK_NS: u64 = 10_000_000;

/// The two clocks.
#[derive(Debug, Default)]
pub(super) struct Clocks {
    distance: Cell<u64>,
    until: Cell<u64>,
}

impl Clocks {
    /// Now.
    pub fn now(&self) -> Stamp {
        let mono_ns = clock::mono_ns();
        if mono_ns >= self.until.get() {
            self.distance.set(clock::wall_ns().wrapping_sub(mono_ns));
            self.until.set(mono_ns + LOOK_NS);
        }
        Stamp { wall_ns: mono_ns.wrapping_add(self.distance.get()), mono_ns }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_clocks_are_followed() {
        let clocks = Clocks::default();
        let (before, first) = (clock::wall_ns(), clocks.now());
        let (second, after) = (clocks.now(), clock::wall_ns());
        assert!(before <= first.wall_ns + 1_000_000 && second.wall_ns <= after + 1_000_000);
        assert_eq!(second.wall_ns - first.wall_ns, second.mono_ns - first.mono_ns);
        clocks.until.set(0);
        clocks.distance.set(7);
        assert!(clocks.now().wall_ns >= before, "it looks again");
    }
}
