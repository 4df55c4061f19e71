//! The table of counts: by what it is sorted, where the cursor is. It never draws.

use std::cmp::Reverse;

use crate::model::Statistic;

/// A column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Column {
    /// Time in all calls.
    #[default]
    Total,
    /// Calls.
    Calls,
    /// Errors.
    Errors,
    /// Time in one call.
    Mean,
    /// Time in the longest one.
    Longest,
    /// Name.
    Name,
}

/// The columns in the order in which they are drawn and sorted by.
pub const COLUMNS: [Column; 6] =
    [Column::Total, Column::Calls, Column::Errors, Column::Mean, Column::Longest, Column::Name];

/// The table.
#[derive(Debug, Default)]
pub struct Counts {
    /// Its lines, sorted.
    pub rows: Vec<Statistic>,
    /// By what.
    pub column: Column,
    /// The other way round: smallest first, names from the end.
    pub reversed: bool,
    /// The line that the cursor is on.
    pub selected: usize,
    /// The first visible line.
    pub top: usize,
}

impl Counts {
    /// Takes new counts.
    pub fn update(&mut self, rows: Vec<Statistic>) {
        let current = self.current().map(|row| row.name.clone());
        self.rows = rows;
        self.sort(current);
    }

    fn sort(&mut self, current: Option<String>) {
        self.rows.sort_by(|a, b| a.name.cmp(&b.name));
        let mean = |row: &Statistic| row.total_ns / row.calls.max(1);
        match self.column {
            Column::Total => self.rows.sort_by_key(|row| Reverse(row.total_ns)),
            Column::Calls => self.rows.sort_by_key(|row| Reverse(row.calls)),
            Column::Errors => self.rows.sort_by_key(|row| Reverse(row.errors)),
            Column::Mean => self.rows.sort_by_key(|row| Reverse(mean(row))),
            Column::Longest => self.rows.sort_by_key(|row| Reverse(row.longest_ns)),
            Column::Name => {}
        }
        if self.reversed {
            self.rows.reverse();
        }
        let place = current.and_then(|name| self.rows.iter().position(|row| row.name == name));
        self.selected = place.unwrap_or(self.selected).min(self.rows.len().saturating_sub(1));
    }

    /// The line that the cursor is on.
    pub fn current(&self) -> Option<&Statistic> {
        self.rows.get(self.selected)
    }

    /// Sorts by the next column; the cursor goes to the first line.
    pub fn next_column(&mut self) {
        let at = COLUMNS.iter().position(|column| *column == self.column).unwrap_or(0);
        self.column = COLUMNS[(at + 1) % COLUMNS.len()];
        (self.reversed, self.selected) = (false, 0);
        self.sort(None);
    }

    /// Sorts the other way round.
    pub fn reverse(&mut self) {
        self.reversed = !self.reversed;
        self.selected = 0;
        self.sort(None);
    }

    /// Moves the cursor by lines.
    pub fn step(&mut self, lines: isize) {
        self.selected = self.selected.saturating_add_signed(lines).min(self.rows.len().saturating_sub(1));
    }

    /// Keeps the cursor visible in `height` lines.
    pub fn scroll(&mut self, height: usize) {
        self.top = super::scrolled(self.top, self.selected, self.rows.len(), height);
    }
}
