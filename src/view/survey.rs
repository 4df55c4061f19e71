//! The thread that reads a recording from its first frame to its last, and goes on while it grows: it finds what a
//! filter lets through, counts, knows the processes, and searches. The screen never waits for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use trace_tui::model::{self, Direction, Search};

use super::filter::{Filter, Pass};
use super::reader::{Reader, Spelling};
use super::shared::{Place, Shared, State, Wanted};
use crate::record::format::Kind;
use crate::record::index::Entry;
use crate::record::parse::{Parser, Want};
use crate::record::reader::{Recording, Source};

/// Pause between two looks at a file that grows.
const LOOK_EVERY: Duration = Duration::from_millis(30);
/// Pause between two publications of counts and processes while there is more to read.
const PUBLISH_EVERY: Duration = Duration::from_millis(100);
/// Most calls in flight that are shown.
const MOST_IN_FLIGHT: usize = 16;

/// The frames of events of a recording from frame `from` of its index on.
pub fn events<S: Source>(recording: &Recording<S>, from: usize) -> Vec<Entry> {
    let frames = recording.index.frames.get(from..).unwrap_or_default();
    frames.iter().filter(|frame| frame.kind == Kind::Events).copied().collect()
}

/// Adds frames to the list, with their rows where their heads tell.
pub fn list<S: Source>(state: &mut State, recording: &Recording<S>, frames: Vec<Entry>) {
    for entry in frames {
        // Sums have no gaps: behind a frame of which nobody knows, the surveyor says.
        if state.rows.frames() == state.frames.len()
            && let Ok(Some(rows)) = recording.rows(&entry)
        {
            state.rows.push(rows);
        }
        state.frames.push(entry);
        state.version += 1;
    }
}

/// The surveyor.
pub struct Survey<S> {
    shared: Arc<Shared>,
    recording: Recording<S>,
    /// Searches read frames in another order.
    seeker: Reader<S>,
    /// The file may still grow.
    live: Arc<AtomicBool>,
    spelling: Spelling,
    generation: u64,
    pass: Pass,
    parser: Parser,
    raw: Vec<u8>,
    /// The frame that is read next.
    next: usize,
    /// Frames that counts of processes were published of.
    published: usize,
    last: Option<Instant>,
    capture: Option<usize>,
}

enum Job {
    Over,
    Restart(Filter, u64),
    Seek(Wanted, Vec<Entry>),
    Scan(Entry),
}

impl<S: Source + Send + 'static> Survey<S> {
    /// Starts the thread. `seeker` reads the same recording; strings were captured up to `capture` bytes.
    ///
    /// # Errors
    /// No thread can be started.
    pub fn start(
        shared: Arc<Shared>,
        recording: Recording<S>,
        seeker: Reader<S>,
        live: Arc<AtomicBool>,
        begun_ns: u64,
        capture: Option<usize>,
    ) -> std::io::Result<()> {
        let survey = Self {
            shared,
            recording,
            seeker,
            live,
            spelling: Spelling::new(begun_ns),
            generation: 0,
            pass: Pass::default(),
            parser: Parser::new(Want::ALL),
            raw: Vec::new(),
            next: 0,
            published: 0,
            last: None,
            capture,
        };
        thread::Builder::new().name("survey".into()).spawn(move || survey.run()).map(drop)
    }

    fn run(mut self) {
        loop {
            match self.job() {
                Job::Over => return,
                Job::Restart(filter, generation) => self.restart(filter, generation),
                Job::Seek(wanted, frames) => self.seek(&wanted, &frames),
                Job::Scan(entry) => self.scan(&entry),
            }
        }
    }

    fn job(&mut self) -> Job {
        loop {
            // Asked before the look, so that what was written before the end is not missed.
            let live = self.live.load(Ordering::Acquire);
            let known = self.recording.index.frames.len();
            let grown =
                self.next == self.shared.lock().frames.len() && self.recording.grow().unwrap_or(0) > 0;
            let mut state = self.shared.lock();
            if grown {
                list(&mut state, &self.recording, events(&self.recording, known));
            }
            if state.over {
                return Job::Over;
            }
            if state.generation != self.generation {
                return Job::Restart(state.filter.clone(), state.generation);
            }
            // A filter is to know every frame first.
            let ready = state.filter.is_all() && state.rows.frames() == state.frames.len();
            if let Some(wanted) = state.wanted.as_ref().filter(|_| ready || self.next >= state.frames.len()) {
                return Job::Seek(wanted.clone(), state.frames.clone());
            }
            if let Some(entry) = state.frames.get(self.next) {
                return Job::Scan(*entry);
            }
            let limit = if live { LOOK_EVERY } else { Duration::from_millis(500) };
            drop(self.shared.wait(state, limit));
        }
    }

    fn restart(&mut self, mut filter: Filter, generation: u64) {
        if let (Some(query), Some(bytes)) = (&mut filter.query, self.capture) {
            query.captured(bytes);
        }
        self.pass = Pass::new(filter);
        self.parser = Parser::new(Want::ALL);
        (self.next, self.generation, self.last) = (0, generation, None);
    }

    /// Reads the next frame.
    fn scan(&mut self, entry: &Entry) {
        let pass = &mut self.pass;
        let wrong = match self.recording.read(entry, &mut self.raw) {
            Ok(Ok(head)) => self
                .parser
                .frame(head.sequence, &self.raw, &mut |told| pass.tell(&told))
                .err()
                .map(|wrong| wrong.to_string()),
            Ok(Err(wrong)) => Some(wrong.to_string()),
            Err(error) => Some(error.to_string()),
        };
        let hits = self.pass.end_of_frame();
        self.next += 1;
        let in_flight = self.in_flight();
        let shared = Arc::clone(&self.shared);
        let mut state = shared.lock();
        if let Some(wrong) = wrong
            && self.generation == 0
        {
            let at = entry.offset;
            state.messages.push(format!("the recording is damaged at byte {at}: {wrong}"));
        }
        if self.next > state.rows.frames() {
            state.rows.push(hits.rows);
        }
        if state.generation != self.generation {
            return;
        }
        state.scanned = state.rows.before(self.next);
        if !state.filter.is_all() {
            state.hit_sums.push(hits.count);
            state.hits.push(hits);
        }
        state.in_flight = in_flight;
        state.version += 1;
        let done = self.next == state.frames.len();
        if done || self.last.is_none_or(|last| last.elapsed() >= PUBLISH_EVERY) {
            self.last = Some(Instant::now());
            state.statistics = self.pass.statistics();
            if self.next >= self.published {
                self.published = self.next;
                state.processes = self.pass.processes();
            }
        }
    }

    /// The calls that have not returned, longest first.
    fn in_flight(&mut self) -> Vec<(model::Row, u64)> {
        if !self.live.load(Ordering::Acquire) {
            return Vec::new();
        }
        let mut calls: Vec<_> = self.parser.inside().collect();
        calls.sort_by_key(|call| (call.entered.mono_ns, call.tid));
        calls.truncate(MOST_IN_FLIGHT);
        calls.into_iter().map(|call| (self.spelling.call(call), call.entered.mono_ns)).collect()
    }

    /// Looks for a text, frame after frame, until it is found or not wanted any more.
    fn seek(&mut self, wanted: &Wanted, frames: &[Entry]) {
        let backward = wanted.direction == Direction::Backward;
        let count = frames.len();
        // The frame of the beginning is looked at twice: from there on, and at last up to there.
        for step in 0..=count {
            let frame = match backward {
                false => (wanted.from.frame + step) % count.max(1),
                true => (wanted.from.frame + (count.max(1) * 2) - step) % count.max(1),
            };
            let hits = {
                let state = self.shared.lock();
                let current = state.wanted.as_ref().is_some_and(|now| {
                    now.needle == wanted.needle
                        && now.from == wanted.from
                        && now.direction == wanted.direction
                });
                if state.over || !current || state.generation != wanted.generation {
                    return;
                }
                if state.filter.is_all() {
                    None
                } else {
                    Some(state.hits.get(frame).cloned().unwrap_or_default())
                }
            };
            let Some(entry) = frames.get(frame) else { break };
            if hits.as_ref().is_some_and(|hits| hits.count == 0) {
                continue;
            }
            let edge = if backward { u32::MAX } else { 0 };
            let from = if step == 0 { wanted.from.row } else { edge };
            let holds = |row: u32, text: &str| {
                hits.as_ref().is_none_or(|hits| hits.has(row))
                    && model::position(text, &wanted.needle).is_some()
            };
            if let Some(row) = self.seeker.find(entry, from, backward, &holds) {
                return self.end_of_search(wanted, Some(Place { frame, row }));
            }
        }
        self.end_of_search(wanted, None);
    }

    fn end_of_search(&self, wanted: &Wanted, found: Option<Place>) {
        let mut state = self.shared.lock();
        let current =
            state.wanted.as_ref().is_some_and(|now| now.needle == wanted.needle && now.from == wanted.from);
        if !current || state.generation != wanted.generation {
            return;
        }
        state.wanted = None;
        state.search = match found {
            Some(place) => Search::Found(state.index(place)),
            None => Search::Nothing,
        };
    }
}
