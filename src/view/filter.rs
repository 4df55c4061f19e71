//! Which rows are shown: an expression, a process, or all; and one pass over a recording in order that finds out.

use std::collections::HashMap;

use syscall_tables::uring;
use trace_tui::model::{Process, Statistic};

use super::census::Census;
use crate::event::ring::Traffic;
use crate::event::{Call, Stamp, Tid};
use crate::filter::query::Query;
use crate::output::matching::Known;
use crate::output::units;
use crate::record::parse::Told;

/// A filter, ready to be asked.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// What calls must fulfil; signals and ends then do not count.
    pub query: Option<Query>,
    /// A process by its number in the census, and whether those below it count too.
    pub process: Option<(usize, bool)>,
}

impl Filter {
    /// Whether it lets everything through.
    pub fn is_all(&self) -> bool {
        self.query.is_none() && self.process.is_none()
    }
}

/// Which rows of a frame a filter lets through, a bit each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hits {
    words: Vec<u64>,
    /// Number of rows.
    pub rows: u32,
    /// Number of those that it lets through.
    pub count: u32,
}

impl Hits {
    fn push(&mut self, hit: bool) {
        let at = self.rows as usize;
        if at.is_multiple_of(64) {
            self.words.push(0);
        }
        if hit {
            self.words[at / 64] |= 1 << (at % 64);
            self.count += 1;
        }
        self.rows += 1;
    }

    /// Whether row `row` is let through.
    pub fn has(&self, row: u32) -> bool {
        self.words.get(row as usize / 64).is_some_and(|word| word >> (row % 64) & 1 != 0)
    }

    /// How many rows before `row` are let through.
    pub fn before(&self, row: u32) -> u32 {
        let whole = self.words.iter().take(row as usize / 64).map(|word| word.count_ones()).sum::<u32>();
        let part = self.words.get(row as usize / 64).map_or(0, |word| word & ((1 << (row % 64)) - 1));
        whole + part.count_ones()
    }

    /// The row that is the `nth` one to be let through, from 0.
    pub fn nth(&self, nth: u32) -> Option<u32> {
        let mut left = nth;
        for (at, word) in self.words.iter().enumerate() {
            if left >= word.count_ones() {
                left -= word.count_ones();
                continue;
            }
            let mut word = *word;
            for _ in 0..left {
                word &= word - 1;
            }
            return Some(at as u32 * 64 + word.trailing_zeros());
        }
        None
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    calls: u64,
    errors: u64,
    total_ns: u64,
    longest_ns: u64,
}

/// What is known while frames are read in order, from the first.
#[derive(Debug, Default)]
pub struct Pass {
    filter: Filter,
    known: Known,
    census: Census,
    counts: HashMap<&'static str, Count>,
    hits: Hits,
}

impl Pass {
    /// A pass before the first frame.
    pub fn new(filter: Filter) -> Self {
        Self { filter, ..Self::default() }
    }

    fn wants(&self, process: Option<usize>, call: Option<&Call>) -> bool {
        let ours = match (self.filter.process, process) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some((root, true)), Some(id)) => self.census.is_below(id, root),
            (Some((root, false)), Some(id)) => id == root,
        };
        ours && match &self.filter.query {
            None => true,
            Some(query) => call.is_some_and(|call| {
                let over = |traffic: &Traffic| query.matches_ring(traffic, &self.known);
                query.matches(call, &self.known) || call.ring.as_deref().is_some_and(over)
            }),
        }
    }

    fn other(&mut self, tid: Tid, call: Option<&Call>, at: Stamp) {
        let process = self.census.of(tid, at);
        let hit = self.wants(process, call);
        self.hits.push(hit);
    }

    fn returned(&mut self, call: &Call) {
        let process = self.census.of(call.tid, call.entered);
        let failed = call.outcome.is_some_and(|outcome| outcome.failed);
        if let Some(process) = process {
            self.census.called(process, failed);
        }
        let hit = self.wants(process, Some(call));
        self.hits.push(hit);
        // It may be shown for an operation alone.
        let itself = |query: &Query| call.ring.is_none() || query.matches(call, &self.known);
        if hit && self.filter.query.as_ref().is_none_or(itself) {
            self.count(call.signature.map_or("unknown", |s| s.name), call);
        }
        if let Some(traffic) = &call.ring {
            self.completed(traffic);
        }
    }

    fn count(&mut self, name: &'static str, call: &Call) {
        let spent_ns = call.left.mono_ns.saturating_sub(call.entered.mono_ns);
        let count = self.counts.entry(name).or_default();
        count.calls += 1;
        count.errors += u64::from(call.outcome.is_some_and(|outcome| outcome.failed));
        count.total_ns = count.total_ns.saturating_add(spent_ns);
        count.longest_ns = count.longest_ns.max(spent_ns);
    }

    /// Counts the operations that completed with a call, each by itself.
    fn completed(&mut self, traffic: &Traffic) {
        let results = traffic.completions().filter(|completion| !completion.is_notice());
        for call in results.filter_map(|completion| Some(&completion.operation.as_deref()?.call)) {
            let process = self.census.of(call.tid, call.entered);
            if self.wants(process, Some(call)) {
                self.count(uring::title(call.known_name().unwrap_or("")), call);
            }
        }
    }

    /// Takes the next event.
    pub fn tell(&mut self, told: &Told<'_>) {
        match told {
            Told::Started(started) => {
                self.known.started(started);
                self.census.started(started);
            }
            Told::Executed(program, _) => {
                self.known.executed(program);
                self.census.executed(program);
            }
            Told::Entered(call) => self.known.entered(call.tid),
            Told::Left(call) => self.returned(call),
            Told::Signal(signal) | Told::Stopped(signal) => self.other(signal.tid, None, signal.at),
            Told::Ended(tid, end, pending, at) => {
                if let Some(call) = pending {
                    self.other(*tid, Some(call), *at);
                }
                self.other(*tid, None, *at);
                self.known.ended(*tid);
                self.census.ended(*tid, *end, *at);
            }
            Told::Renamed(from, to) => {
                self.known.renamed(*from, *to);
                self.census.renamed(*from, *to);
            }
            Told::Named(..) | Told::Note(..) | Told::Population(_) | Told::Flush | Told::Finish => {}
        }
    }

    /// The frame is over: which of its rows are let through. Those that it does not hold, whatever its head says, are
    /// not.
    pub fn end_of_frame(&mut self) -> Hits {
        std::mem::take(&mut self.hits)
    }

    /// The processes so far.
    pub fn processes(&self) -> Vec<Process> {
        self.census.list()
    }

    /// The counts so far.
    pub fn statistics(&self) -> Vec<Statistic> {
        let shown = |(name, count): (&&str, &Count)| Statistic {
            name: (*name).to_owned(),
            calls: count.calls,
            errors: count.errors,
            total_ns: count.total_ns,
            longest_ns: count.longest_ns,
            times: [count.total_ns, count.total_ns / count.calls.max(1), count.longest_ns]
                .map(units::duration),
        };
        self.counts.iter().map(shown).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_counted_and_found() {
        let mut hits = Hits::default();
        let wanted = |row: u32| row % 7 == 3 || row == 64;
        (0..200).for_each(|row| hits.push(wanted(row)));
        let rows: Vec<u32> = (0..200).filter(|row| wanted(*row)).collect();
        assert_eq!(hits.count as usize, rows.len());
        for (nth, row) in rows.iter().enumerate() {
            assert_eq!(hits.nth(nth as u32), Some(*row));
            assert_eq!(hits.before(*row), nth as u32);
            assert!(hits.has(*row) && !hits.has(row + 2) || wanted(row + 2));
        }
        assert_eq!(hits.nth(rows.len() as u32), None);
        assert_eq!(hits.before(200), hits.count);
        assert!(!hits.has(999));
    }
}
