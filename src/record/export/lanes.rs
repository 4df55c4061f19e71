//! Lanes for operations of io_uring: those of a process that overlap lie beside each other, for slices of one track must
//! not.
//!
//! Operations are told in the order in which they were over, so that the lane that has been free for longest is free
//! for the next one, or none is.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use super::notation::Track;

/// Most lanes of a process; operations that find none free then have none.
const MOST: usize = 1024;

/// The lanes of each process.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    /// Until when each lane is taken, in nanoseconds, and its number.
    of: HashMap<u64, BinaryHeap<Reverse<(u64, i32)>>>,
}

impl Lanes {
    /// A lane of the process of `track` from `from_ns` to `to_ns`, as a track whose id is negative, and whether it is a new one.
    pub fn take(&mut self, track: Track, from_ns: u64, to_ns: u64) -> Option<(Track, bool)> {
        let lanes = self.of.entry(track.process).or_default();
        let free = lanes.peek().is_some_and(|Reverse((end_ns, _))| *end_ns <= from_ns);
        let number = match if free { lanes.pop() } else { None } {
            Some(Reverse((_, number))) => number,
            None if lanes.len() < MOST => lanes.len() as i32,
            None => return None,
        };
        lanes.push(Reverse((to_ns.max(from_ns), number)));
        Some((Track { tid: -1 - number, ..track }, !free))
    }

    /// A process is gone.
    pub fn gone(&mut self, process: u64) {
        self.of.remove(&process);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_overlaps_lies_side_by_side() {
        let mut lanes = Lanes::default();
        let track = Track { process: 1, pid: 7, tid: 8 };
        let mut take = |from, to| lanes.take(track, from, to).map(|(track, new)| (track.tid, new));
        assert_eq!(take(0, 10), Some((-1, true)));
        assert_eq!(take(5, 11), Some((-2, true)));
        assert_eq!(take(10, 12), Some((-1, false)));
        assert_eq!(take(11, 13), Some((-2, false)));
        assert_eq!(take(11, 14), Some((-3, true)));
        let other = Track { process: 2, ..track };
        assert_eq!(lanes.take(other, 0, 1).map(|(track, new)| (track.tid, new)), Some((-1, true)));
    }

    #[test]
    fn there_are_only_so_many() {
        let mut lanes = Lanes::default();
        let track = Track { process: 1, pid: 7, tid: 7 };
        assert!((0..MOST).all(|_| lanes.take(track, 0, 10).is_some()));
        assert!(lanes.take(track, 0, 10).is_none() && lanes.take(track, 10, 20).is_some());
    }
}
