//! What the screen and the surveyor share: which frames there are, what the filter lets through, what was counted.
//!
//! Locked for short moments only. The screen asks for a filter or a search and goes on; the surveyor answers when it
//! has looked.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use trace_tui::model::{Direction, Process, Row, Search, Statistic};

use super::filter::{Filter, Hits};
use crate::record::index::Entry;

/// Where a row is: a frame, and a row of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The frame, by its place in the list.
    pub frame: usize,
    /// The row, from 0.
    pub row: u32,
}

/// A search that somebody asked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The text.
    pub needle: String,
    /// The first row that may hold it.
    pub from: Place,
    /// Which way.
    pub direction: Direction,
    /// The filter is this one.
    pub generation: u64,
}

/// How many of something there are before each frame, and in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sums(Vec<usize>);

impl Default for Sums {
    fn default() -> Self {
        Self(vec![0])
    }
}

impl Sums {
    /// Adds the next frame's number.
    pub fn push(&mut self, count: u32) {
        self.0.push(self.total() + count as usize);
    }

    /// All of them.
    pub fn total(&self) -> usize {
        self.0.last().copied().unwrap_or(0)
    }

    /// Number of frames.
    pub fn frames(&self) -> usize {
        self.0.len() - 1
    }

    /// How many there are before a frame; of one that is not known yet, all.
    pub fn before(&self, frame: usize) -> usize {
        self.0.get(frame).copied().unwrap_or(self.total())
    }

    /// The frame that holds number `index`, and which of its own that is.
    pub fn locate(&self, index: usize) -> Option<(usize, u32)> {
        if index >= self.total() {
            return None;
        }
        let frame = self.0.partition_point(|before| *before <= index) - 1;
        Some((frame, u32::try_from(index - self.0[frame]).ok()?))
    }
}

/// All that is shared.
#[derive(Debug, Default)]
pub struct State {
    /// The frames of events.
    pub frames: Vec<Entry>,
    /// Rows of the frames, as far as they are known without a gap.
    pub rows: Sums,
    /// Which filter is on; it goes up with each.
    pub generation: u64,
    /// The filter.
    pub filter: Filter,
    /// What it lets through of the frames that the surveyor has read, unless it lets everything through.
    pub hits: Vec<Hits>,
    /// The same as sums.
    pub hit_sums: Sums,
    /// Rows that the surveyor has read with this filter.
    pub scanned: usize,
    /// A search that goes on.
    pub wanted: Option<Wanted>,
    /// How it ended: a row under the filter.
    pub search: Search,
    /// The processes.
    pub processes: Vec<Process>,
    /// The counts.
    pub statistics: Vec<Statistic>,
    /// Calls that have not returned, with the times at which they began.
    pub in_flight: Vec<(Row, u64)>,
    /// What the person should know.
    pub messages: Vec<String>,
    /// Changes with everything else.
    pub version: u64,
    /// The surveyor is to end.
    pub over: bool,
}

impl State {
    /// Rows that the filter lets through, as far as that is known.
    pub fn shown(&self) -> &Sums {
        if self.filter.is_all() { &self.rows } else { &self.hit_sums }
    }

    /// Where the shown row `index` is.
    pub fn place(&self, index: usize) -> Option<Place> {
        let (frame, nth) = self.shown().locate(index)?;
        let row = if self.filter.is_all() { nth } else { self.hits.get(frame)?.nth(nth)? };
        Some(Place { frame, row })
    }

    /// The shown row at a place, or the next one behind it that is shown.
    pub fn index(&self, place: Place) -> usize {
        let sums = self.shown();
        let before = sums.before(place.frame);
        if self.filter.is_all() {
            return before + place.row as usize;
        }
        before + self.hits.get(place.frame).map_or(0, |hits| hits.before(place.row)) as usize
    }
}

/// The state with its lock.
#[derive(Debug, Default)]
pub struct Shared {
    state: Mutex<State>,
    news: Condvar,
}

impl Shared {
    /// Locks it.
    pub fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the surveyor that there is something to do.
    pub fn wake(&self) {
        self.news.notify_all();
    }

    /// Waits until there is, or for so long.
    pub fn wait<'a>(
        &self,
        state: MutexGuard<'a, State>,
        limit: std::time::Duration,
    ) -> MutexGuard<'a, State> {
        self.news.wait_timeout(state, limit).unwrap_or_else(PoisonError::into_inner).0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_located() {
        let mut sums = Sums::default();
        assert_eq!((sums.locate(0), sums.total(), sums.frames()), (None, 0, 0));
        [3, 0, 0, 5, 0].into_iter().for_each(|count| sums.push(count));
        let places: Vec<_> = (0..9).map(|index| sums.locate(index)).collect();
        let expected = [(0, 0), (0, 1), (0, 2), (3, 0), (3, 1), (3, 2), (3, 3), (3, 4)];
        assert_eq!(places[..8], expected.map(Some));
        assert_eq!((places[8], sums.before(3), sums.before(99)), (None, 3, 8));
    }
}
