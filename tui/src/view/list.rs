//! The list of events: when, who, what came of it, what it was.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::line;
use crate::model::{self, Row, Tone};
use crate::state::App;
use crate::theme::Theme;

/// Width of the times.
const TIME: usize = 10;
/// Width of the results: an address of 47 bits.
const RESULT: usize = 14;
/// Width of the durations.
const TOOK: usize = 7;
/// From this width on there are durations.
const WITH_TOOK: u16 = 100;

/// Where the columns are.
struct Columns {
    time: usize,
    task: usize,
    took: usize,
    call: usize,
}

impl Columns {
    fn of(area: Rect, app: &App) -> Self {
        let rows = || app.list.rows.iter().chain(&app.list.in_flight);
        let time = rows().map(|row| row.time.len()).max().unwrap_or(0).max(TIME);
        let task = rows().map(|row| row.task.len()).max().unwrap_or(0).max(6);
        let took = if area.width >= WITH_TOOK { TOOK + 1 } else { 0 };
        Self { time, task, took, call: time + 1 + task + 1 + RESULT + took + 2 }
    }
}

/// A column of `area`.
fn column(area: Rect, from: usize, width: usize) -> Rect {
    let from = (from.min(usize::from(area.width))) as u16;
    let width = width.min(usize::from(area.width - from)) as u16;
    Rect { x: area.x + from, width, ..area }
}

/// Draws the list.
pub fn draw(buffer: &mut Buffer, area: Rect, app: &App, theme: Theme) {
    let columns = Columns::of(area, app);
    let head = line::strip(area, 0);
    let style = theme.heading();
    let Columns { time, task, took, call } = columns;
    line::right(buffer, column(head, 0, time), 0, "TIME", style);
    line::right(buffer, column(head, time + 1, task), 0, "THREAD", style);
    line::right(buffer, column(head, time + task + 2, RESULT), 0, "RESULT", style);
    if took > 0 {
        line::right(buffer, column(head, time + task + 2 + RESULT, took), 0, "TOOK", style);
    }
    line::text(buffer, column(head, call, usize::MAX), 0, "CALL", style);
    let list = &app.list;
    if list.rows.is_empty() {
        let says = match (app.status.live, app.status.filtered, app.status.scanned < app.status.all) {
            (_, true, true) => "nothing so far, still looking",
            (_, true, false) => "no row fulfils this: w changes it, x shows everything",
            (true, false, _) => "waiting for the first call",
            (false, false, _) => "there are no events",
        };
        line::text(buffer, column(area, call, usize::MAX), 1, says, theme.tone(Tone::Dim));
    }
    for (at, row) in list.rows.iter().enumerate() {
        let strip = line::strip(area, at + 1);
        draw_row(buffer, strip, row, &columns, app, theme);
        if list.top + at == list.selected {
            buffer.set_style(strip, theme.selected(!app.typing));
        }
        mark_found(buffer, strip, row, &columns, app, theme);
    }
    for (at, row) in list.in_flight.iter().enumerate() {
        let strip = line::strip(area, list.rows.len() + 1 + at);
        draw_row(buffer, strip, row, &columns, app, theme);
        buffer.set_style(strip, ratatui::style::Style::new().add_modifier(Modifier::DIM));
    }
}

fn draw_row(buffer: &mut Buffer, strip: Rect, row: &Row, columns: &Columns, app: &App, theme: Theme) {
    let Columns { time, task, took, call } = *columns;
    let dim = theme.tone(Tone::Dim);
    line::right(buffer, column(strip, 0, time), 0, &row.time, dim);
    line::right(buffer, column(strip, time + 1, task), 0, &row.task, dim);
    let result = column(strip, time + task + 2, RESULT);
    line::right(buffer, result, 0, &row.result.text, theme.tone(row.result.tone));
    if took > 0 {
        line::right(buffer, column(strip, time + task + 2 + RESULT, took), 0, &row.took, dim);
    }
    line::spans(buffer, column(strip, call, usize::MAX), 0, &row.spans, app.list.left, theme);
}

/// Marks what a search has found in a row.
fn mark_found(buffer: &mut Buffer, strip: Rect, row: &Row, columns: &Columns, app: &App, theme: Theme) {
    if app.needle.is_empty() {
        return;
    }
    let area = column(strip, columns.call, usize::MAX);
    let text: String = row.spans.iter().map(|span| span.text.as_str()).collect();
    if let Some(found) = model::position(&text, &app.needle) {
        let before = text[..found.start].chars().count();
        let count = text[found].chars().count();
        let shown = before.saturating_sub(app.list.left);
        let hidden = app.list.left.saturating_sub(before);
        buffer.set_style(column(area, shown, count.saturating_sub(hidden)), theme.found());
    } else if model::position(&row.result.text, &app.needle).is_some() {
        let result = column(strip, columns.time + columns.task + 2, RESULT);
        buffer.set_style(result, theme.found());
    }
}
