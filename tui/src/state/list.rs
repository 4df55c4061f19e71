//! The list of events: which row the cursor is on, which rows are visible, whether it follows the newest.
//!
//! It holds the rows of one screen and no more. It never draws.

use crate::model::{self, Row, Status, Timeline};

/// The list.
#[derive(Debug, Default)]
pub struct List {
    /// First visible row.
    pub top: usize,
    /// The row that the cursor is on.
    pub selected: usize,
    /// It keeps to the newest row.
    pub follow: bool,
    /// Columns of the calls that are off the left edge.
    pub left: usize,
    /// The visible rows, from `top` on.
    pub rows: Vec<Row>,
    /// Calls that have not returned, shown below the newest row.
    pub in_flight: Vec<Row>,
    /// A row number to go to as soon as the filter has come so far.
    anchor: Option<usize>,
    /// What the visible rows were asked for with.
    asked: Option<(u64, usize, usize)>,
}

impl List {
    /// Moves the cursor by lines; stops following.
    pub fn step(&mut self, lines: isize, count: usize) {
        let last = count.saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(lines).min(last);
        self.follow = false;
        self.anchor = None;
    }

    /// Puts the cursor on a row.
    pub fn select(&mut self, row: usize) {
        self.selected = row;
        self.follow = false;
        self.anchor = None;
    }

    /// The row that the cursor is on, where it is known.
    pub fn current(&self) -> Option<&Row> {
        self.selected.checked_sub(self.top).and_then(|at| self.rows.get(at))
    }

    /// Moves to the side so that what was searched for can be seen in the row under the cursor, where calls have
    /// `room` columns.
    pub fn reveal(&mut self, needle: &str, room: usize) {
        let Some(row) = self.current() else { return };
        let text: String = row.spans.iter().map(|span| span.text.as_str()).collect();
        let Some(found) = model::position(&text, needle) else { return };
        let begin = text[..found.start].chars().count();
        let end = begin + text[found].chars().count();
        if begin < self.left || end >= self.left + room {
            // No further than needed: what stands before tells what it belongs to.
            self.left = if end < room { 0 } else { begin.min((end + 8).saturating_sub(room)) };
        }
    }

    /// Other rows are shown from now on; the cursor stays where it is as far as that is possible.
    pub fn changed(&mut self) {
        self.anchor = self.current().map(|row| row.number).filter(|_| !self.follow);
        self.rows.clear();
        self.asked = None;
        self.left = 0;
        (self.top, self.selected) = (0, 0);
    }

    /// Brings the visible rows up to date for `height` lines.
    pub fn refresh(&mut self, timeline: &mut dyn Timeline, status: &Status, height: usize) {
        if let Some(number) = self.anchor
            && (!status.filtered || status.scanned > number || status.scanned >= status.all)
        {
            self.anchor = None;
            self.selected = timeline.position(number);
            self.top = self.selected.saturating_sub(height / 2);
        }
        self.in_flight = if self.follow && status.live { timeline.in_flight() } else { Vec::new() };
        self.in_flight.truncate((height / 4).min(3));
        let height = height.saturating_sub(self.in_flight.len()).max(1);
        let last = status.rows.saturating_sub(1);
        self.selected = if self.follow { last } else { self.selected.min(last) };
        self.top = self.top.clamp((self.selected + 1).saturating_sub(height), self.selected);
        // No empty lines below while there are rows above.
        self.top = self.top.min(status.rows.saturating_sub(height));
        let asked = (status.version, self.top, height);
        if self.asked != Some(asked) {
            self.rows = timeline.rows(self.top..(self.top + height).min(status.rows));
            self.asked = Some(asked);
        }
    }
}
