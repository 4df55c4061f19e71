//! A recording as a timeline, finished or still being written.

use std::fs::File;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;

use trace_tui::model::{self, Direction, Process, Row, Search, Section, Statistic, Status, Timeline};

use super::filter::Filter;
use super::reader::Reader;
use super::shared::{Place, Shared, Wanted};
use super::survey::{self, Survey};
use crate::filter::query::Query;
use crate::output::{shell, units};
use crate::record::reader::{Recording, Source};
use crate::sys::clock;

/// Most messages that are kept.
const MOST_MESSAGES: usize = 20;

/// A source that several readers may have.
pub trait Shareable: Source + Send + Sized + 'static {
    /// Another handle on the same bytes.
    ///
    /// # Errors
    /// No descriptor is left.
    fn share(&self) -> std::io::Result<Self>;
}

impl Shareable for File {
    fn share(&self) -> std::io::Result<Self> {
        self.try_clone()
    }
}

/// The timeline.
pub struct Log<S> {
    shared: Arc<Shared>,
    reader: Reader<S>,
    live: Arc<AtomicBool>,
    title: String,
    /// How the traced program ended, when it has.
    ending: Option<String>,
    messages: Option<Receiver<String>>,
    end: Option<Receiver<String>>,
}

/// What a run that goes on tells beside its recording.
#[derive(Debug)]
pub struct Live {
    /// It goes on.
    pub running: Arc<AtomicBool>,
    /// What the recorder says.
    pub messages: Receiver<String>,
    /// How it ended, in words.
    pub end: Receiver<String>,
}

impl<S: Shareable> Log<S> {
    /// The recording in `source`, which is called `name` where it has no command. Reads its first and last bytes and
    /// the heads of its frames, and begins to read the rest beside.
    ///
    /// # Errors
    /// It is no recording, a newer one, or cannot be read, in one sentence.
    pub fn open(source: S, name: &str, live: Option<Live>) -> Result<Self, String> {
        let shared = Arc::new(Shared::default());
        let io = |error: std::io::Error| format!("cannot read '{name}': {error}");
        let open = |source: &S| {
            Recording::new(source.share().map_err(io)?).map_err(|error| match error {
                crate::record::format::Error::Io(error) => io(error),
                other => format!("'{name}': {other}"),
            })
        };
        let recording = open(&source)?;
        let begun_ns = recording.meta.number("begun").unwrap_or_default();
        let capture = recording.meta.number("capture").and_then(|bytes| usize::try_from(bytes).ok());
        {
            let mut state = shared.lock();
            survey::list(&mut state, &recording, survey::events(&recording, 0));
            if live.is_none() {
                for damage in recording.damage.iter().take(MOST_MESSAGES) {
                    let (at, what) = (damage.offset, damage.what);
                    state.messages.push(format!("the recording is damaged at byte {at}: {what}"));
                }
                if !recording.finished {
                    state
                        .messages
                        .push("the recording ends early: its recorder was killed or still runs".into());
                }
            }
        }
        let title = title(recording.meta.get("command"), recording.meta.get("attached"), name);
        let reader = Reader::new(open(&source)?, begun_ns);
        let seeker = Reader::new(open(&source)?, begun_ns);
        let (running, messages, end) = match live {
            Some(live) => (live.running, Some(live.messages), Some(live.end)),
            None => (Arc::new(AtomicBool::new(false)), None, None),
        };
        let going = Arc::clone(&running);
        Survey::start(Arc::clone(&shared), recording, seeker, going, begun_ns, capture)
            .map_err(|error| format!("no thread can be started: {error}"))?;
        Ok(Self { shared, reader, live: running, title, ending: None, messages, end })
    }
}

impl<S> Drop for Log<S> {
    fn drop(&mut self) {
        self.shared.lock().over = true;
        self.shared.wake();
    }
}

/// What a recording is of: its command line, or whom it was attached to.
fn title(command: Option<&[u8]>, attached: Option<&[u8]>, name: &str) -> String {
    let mut title = String::new();
    for word in command.unwrap_or_default().split(|byte| *byte == 0).filter(|word| !word.is_empty()) {
        if !title.is_empty() {
            title.push(' ');
        }
        shell::word(&mut title, word);
    }
    let attached = shell::shown(attached.unwrap_or_default());
    match (title.is_empty(), attached.is_empty()) {
        (false, _) => title,
        (true, false) => format!("process {attached}"),
        (true, true) => name.to_owned(),
    }
}

impl<S: Source> Timeline for Log<S> {
    fn status(&mut self) -> Status {
        let live = self.live.load(Ordering::Acquire);
        if let Some(Ok(text)) = self.end.as_ref().map(Receiver::try_recv) {
            self.ending = Some(text);
        }
        let mut state = self.shared.lock();
        while let Some(Ok(text)) = self.messages.as_ref().map(Receiver::try_recv) {
            if state.messages.len() < MOST_MESSAGES {
                state.messages.push(text);
            }
        }
        Status {
            rows: state.shown().total(),
            all: state.rows.total(),
            scanned: state.scanned,
            filtered: !state.filter.is_all(),
            live,
            title: self.title.clone(),
            ending: self.ending.clone(),
            messages: state.messages.clone(),
            version: state.version,
        }
    }

    fn rows(&mut self, range: Range<usize>) -> Vec<Row> {
        // Frame by frame: the entry, its rows, the number of its first row, and the places in it.
        let mut wanted: Vec<(crate::record::index::Entry, u32, usize, Vec<Place>)> = Vec::new();
        {
            let state = self.shared.lock();
            let mut last = None;
            for place in range.filter_map(|index| state.place(index)) {
                if last.replace(place.frame) != Some(place.frame) {
                    let before = state.rows.before(place.frame);
                    let count = state.rows.before(place.frame + 1) - before;
                    let Some(entry) = state.frames.get(place.frame) else { break };
                    wanted.push((*entry, count as u32, before, Vec::new()));
                }
                if let Some((.., places)) = wanted.last_mut() {
                    places.push(place);
                }
            }
        }
        let mut rows = Vec::new();
        for (entry, count, before, places) in wanted {
            let found = self.reader.rows(&entry, count, &places);
            rows.extend(found.into_iter().zip(places).map(|(mut row, place)| {
                row.number = before + place.row as usize;
                row
            }));
        }
        rows
    }

    fn detail(&mut self, index: usize) -> Vec<Section> {
        let found = {
            let state = self.shared.lock();
            state.place(index).and_then(|place| Some((*state.frames.get(place.frame)?, place)))
        };
        found.map(|(entry, place)| self.reader.detail(&entry, place)).unwrap_or_default()
    }

    fn in_flight(&mut self) -> Vec<Row> {
        let now_ns = clock::mono_ns();
        let state = self.shared.lock();
        let ours = state.filter.is_all();
        let rows = state.in_flight.iter().filter(|_| ours).map(|(row, since_ns)| {
            // What has only just begun is not waiting.
            let waited = now_ns.saturating_sub(*since_ns);
            let mut row = row.clone();
            row.took = units::duration(waited);
            let tenths = waited / 100_000_000;
            row.result = model::Span::new(model::Tone::Dim, format!("{}.{}s ...", tenths / 10, tenths % 10));
            (row, waited)
        });
        rows.filter(|(_, waited)| *waited >= 100_000_000).map(|(row, _)| row).collect()
    }

    fn position(&mut self, number: usize) -> usize {
        let state = self.shared.lock();
        let Some((frame, row)) = state.rows.locate(number) else { return state.shown().total() };
        let index = state.index(Place { frame, row });
        let exact = state.place(index) == Some(Place { frame, row });
        if exact { index } else { index.saturating_sub(1) }
    }

    fn filter(&mut self, filter: &model::Filter) -> Result<(), String> {
        let expression = filter.expression.trim();
        let query = match expression.is_empty() {
            true => None,
            false => Some(Query::parse(expression).map_err(|error| error.to_string())?.with_operations()),
        };
        let mut state = self.shared.lock();
        state.filter = Filter { query, process: filter.process };
        state.generation += 1;
        (state.hits, state.hit_sums) = Default::default();
        (state.scanned, state.wanted, state.search) = (0, None, Search::Idle);
        state.statistics.clear();
        state.version += 1;
        drop(state);
        self.shared.wake();
        Ok(())
    }

    fn search(&mut self, needle: &str, from: usize, direction: Direction) {
        let mut state = self.shared.lock();
        let total = state.shown().total();
        let from = if from < total { from } else { 0 };
        let place = state.place(from).filter(|_| !needle.is_empty());
        state.search = if needle.is_empty() { Search::Idle } else { Search::Nothing };
        let generation = state.generation;
        state.wanted = place.map(|from| Wanted { needle: needle.to_owned(), from, direction, generation });
        if state.wanted.is_some() {
            state.search = Search::Searching;
        }
        drop(state);
        self.shared.wake();
    }

    fn found(&mut self) -> Search {
        self.shared.lock().search
    }

    fn processes(&mut self) -> Vec<Process> {
        self.shared.lock().processes.clone()
    }

    fn statistics(&mut self) -> Vec<Statistic> {
        self.shared.lock().statistics.clone()
    }
}
