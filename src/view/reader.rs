//! Rows of single frames: only those that are asked for are spelled, and the parsing of a frame ends behind the last.

use std::cell::Cell;
use std::collections::BTreeMap;

use trace_tui::model::{Row, Section, Span, Tone};

use super::shared::Place;
use super::{detail, since, spans};
use crate::event::{Call, Stamp, Tid};
use crate::output::spans::{Speller, ended, ring_brief};
use crate::output::units;
use crate::record::index::Entry;
use crate::record::parse::{Parser, Told, Want};
use crate::record::reader::{Recording, Source};

/// Rows around those that are asked for that are spelled with them, so that scrolling costs nothing.
const AROUND: u32 = 200;
/// Most rows that are kept.
const MOST_ROWS: usize = 4096;

/// Spells rows.
#[derive(Debug)]
pub struct Spelling {
    speller: Speller,
    /// When the run began, in nanoseconds since 1970.
    begun_ns: u64,
}

impl Spelling {
    /// Times count from `begun_ns`.
    pub fn new(begun_ns: u64) -> Self {
        Self { speller: Speller::brief(), begun_ns }
    }

    fn row(&self, tid: Tid, at: Stamp, result: Span, spans: Vec<Span>) -> Row {
        let (time, took) = (since(self.begun_ns, at.wall_ns), String::new());
        Row { number: 0, time, task: tid.0.to_string(), took, result, spans }
    }

    /// A call, returned or not.
    pub fn call(&mut self, call: &Call) -> Row {
        let ending = self.speller.ending(call);
        let tone = if ending.failed { Tone::Bad } else { Tone::Plain };
        let mut spans = spans(self.speller.call(call));
        let over = call.ring.as_deref().map(ring_brief).filter(|text| !text.is_empty());
        spans.extend(over.map(|text| Span::new(Tone::Dim, format!("  {text}"))));
        let mut row = self.row(call.tid, call.entered, Span::new(tone, ending.short), spans);
        if call.outcome.is_some() {
            row.took = units::duration(call.left.mono_ns.saturating_sub(call.entered.mono_ns));
        }
        row
    }

    /// What a search looks at.
    pub fn text(&mut self, told: &Told<'_>) -> Vec<String> {
        let joined = |row: Row| row.spans.into_iter().map(|span| span.text).collect::<String>();
        self.rows(told)
            .into_iter()
            .map(|row| format!("{} {}", joined(row.clone()), row.result.text))
            .collect()
    }

    /// The rows of an event, none where it has none.
    pub fn rows(&mut self, told: &Told<'_>) -> Vec<Row> {
        match told {
            Told::Left(call) => vec![self.call(call)],
            Told::Signal(signal) => {
                let spans = spans(self.speller.signal(signal, false));
                vec![self.row(signal.tid, signal.at, Span::new(Tone::Name, "signal"), spans)]
            }
            Told::Stopped(signal) => {
                let spans = spans(self.speller.signal(signal, true));
                vec![self.row(signal.tid, signal.at, Span::new(Tone::Name, "stop"), spans)]
            }
            Told::Ended(tid, end, pending, at) => {
                let mut rows: Vec<Row> = pending.iter().map(|call| self.call(call)).collect();
                let text = vec![Span::new(Tone::Dim, ended(*end))];
                rows.push(self.row(*tid, *at, Span::new(Tone::Dim, "end"), text));
                rows
            }
            _ => Vec::new(),
        }
    }
}

/// Number of rows of an event.
pub fn count(told: &Told<'_>) -> u32 {
    match told {
        Told::Left(_) | Told::Signal(_) | Told::Stopped(_) => 1,
        Told::Ended(_, _, pending, _) => 1 + u32::from(pending.is_some()),
        _ => 0,
    }
}

/// Reads rows of a recording.
pub struct Reader<S> {
    recording: Recording<S>,
    spelling: Spelling,
    /// The frame that was unpacked last, its number among its recorder's, and what it holds.
    unpacked: Option<(u64, u32)>,
    raw: Vec<u8>,
    rows: BTreeMap<Place, Row>,
}

impl<S: Source> Reader<S> {
    /// A reader of `recording`.
    pub fn new(recording: Recording<S>, begun_ns: u64) -> Self {
        let spelling = Spelling::new(begun_ns);
        Self { recording, spelling, unpacked: None, raw: Vec::new(), rows: BTreeMap::new() }
    }

    /// Unpacks a frame; its number, or what is wrong with it.
    fn unpack(&mut self, entry: &Entry) -> Result<u32, String> {
        if let Some((_, sequence)) = self.unpacked.filter(|(offset, _)| *offset == entry.offset) {
            return Ok(sequence);
        }
        self.unpacked = None;
        match self.recording.read(entry, &mut self.raw) {
            Ok(Ok(head)) => {
                self.unpacked = Some((entry.offset, head.sequence));
                Ok(head.sequence)
            }
            Ok(Err(wrong)) => Err(wrong.to_string()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Tells the events of a frame with the numbers of their first rows, up to row `last`.
    fn tell(
        &mut self,
        entry: &Entry,
        last: u32,
        want: Want,
        mut each: impl FnMut(&mut Spelling, u32, &Told<'_>),
    ) -> Result<(), String> {
        let sequence = self.unpack(entry)?;
        let next = Cell::new(0u32);
        let spelling = &mut self.spelling;
        let mut tell = |told: Told<'_>| {
            let first = next.get();
            next.set(first.saturating_add(count(&told)));
            each(spelling, first, &told);
        };
        Parser::new(want)
            .frame_until(sequence, &self.raw, &mut tell, &|| next.get() > last)
            .map_err(|wrong| wrong.to_string())
    }

    /// The rows at these places of one frame, in order; `rows` is the number of all of it.
    pub fn rows(&mut self, entry: &Entry, rows: u32, places: &[Place]) -> Vec<Row> {
        let (Some(first), Some(last)) = (places.first(), places.last()) else { return Vec::new() };
        if places.iter().any(|place| !self.rows.contains_key(place)) {
            if self.rows.len() > MOST_ROWS {
                self.rows.clear();
            }
            let dense = last.row - first.row < 4 * AROUND;
            let from = if dense { first.row.saturating_sub(AROUND) } else { first.row };
            let to =
                if dense { last.row.saturating_add(AROUND).min(rows.saturating_sub(1)) } else { last.row };
            let mut found = Vec::new();
            let frame = first.frame;
            let want = Want { fds: false, pids: false, stacks: false };
            let wanted = |row: u32| {
                row >= from && row <= to && (dense || places.binary_search(&Place { frame, row }).is_ok())
            };
            let wrong = self.tell(entry, to, want, |spelling, first, told| {
                if (first..first + count(told)).any(wanted) {
                    let all = spelling.rows(told).into_iter().enumerate();
                    found.extend(all.map(|(at, row)| (Place { frame, row: first + at as u32 }, row)));
                }
            });
            self.rows.extend(found);
            // What a head promises and its frame does not hold, of a damaged file or a forged one.
            let text = match &wrong {
                Err(wrong) => format!("this part of the recording is damaged: {wrong}"),
                Ok(()) => "the recording does not hold this row".to_owned(),
            };
            for place in places {
                if !self.rows.contains_key(place) {
                    let (result, begun) = (Span::new(Tone::Bad, "damaged"), Stamp::default());
                    let spans = vec![Span::new(Tone::Bad, text.clone())];
                    self.rows.insert(*place, self.spelling.row(Tid(0), begun, result, spans));
                }
            }
        }
        places.iter().filter_map(|place| self.rows.get(place).cloned()).collect()
    }

    /// Everything that is known of a row.
    pub fn detail(&mut self, entry: &Entry, place: Place) -> Vec<Section> {
        let begun_ns = self.spelling.begun_ns;
        let mut sections = Vec::new();
        let wrong = self.tell(entry, place.row, Want::ALL, |_, first, told| {
            if place.row >= first && place.row < first + count(told) {
                sections = detail::sections(told, place.row - first, begun_ns);
            }
        });
        if let Err(wrong) = wrong
            && sections.is_empty()
        {
            let lines = vec![vec![Span::new(Tone::Bad, wrong)]];
            sections.push(Section { title: "This part of the recording is damaged".into(), lines });
        }
        sections
    }

    /// The first row of a frame from `from` on, or the last one up to it going `backward`, for whose text and place
    /// `holds`.
    pub fn find(
        &mut self,
        entry: &Entry,
        from: u32,
        backward: bool,
        holds: &dyn Fn(u32, &str) -> bool,
    ) -> Option<u32> {
        let mut found: Option<u32> = None;
        let last = if backward { from } else { u32::MAX };
        let want = Want { fds: false, pids: false, stacks: false };
        self.tell(entry, last, want, |spelling, first, told| {
            let count = count(told);
            let over = if backward { first > from } else { first + count <= from || found.is_some() };
            if over || count == 0 {
                return;
            }
            for (at, text) in spelling.text(told).iter().enumerate() {
                let row = first + at as u32;
                let inside = if backward { row <= from } else { row >= from };
                if inside && (backward || found.is_none()) && holds(row, text) {
                    found = Some(row);
                }
            }
        })
        .ok();
        found
    }
}
