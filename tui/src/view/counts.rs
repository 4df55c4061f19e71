//! The table of counts.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::line;
use crate::model::Tone;
use crate::state::App;
use crate::state::counts::{COLUMNS, Column};
use crate::theme::Theme;

/// Head and width of a column.
fn head(column: Column) -> (&'static str, u16) {
    match column {
        Column::Total => ("TOTAL", 9),
        Column::Calls => ("CALLS", 10),
        Column::Errors => ("ERRORS", 9),
        Column::Mean => ("MEAN", 9),
        Column::Longest => ("LONGEST", 9),
        Column::Name => ("SYSCALL", u16::MAX),
    }
}

fn cell(strip: Rect, at: usize) -> Rect {
    let widths = COLUMNS.iter().map(|column| head(*column).1);
    let from: u16 = widths.take(at).map(|width| width + 1).sum();
    let from = from.min(strip.width);
    let last = at + 1 == COLUMNS.len();
    // Numbers end at the right of their columns, and names begin at the left.
    let gap = if last { 1.min(strip.width - from) } else { 0 };
    let (_, width) = head(COLUMNS[at]);
    Rect { x: strip.x + from + gap, width: width.min(strip.width - from - gap), ..strip }
}

/// Draws the table.
pub fn draw(buffer: &mut Buffer, area: Rect, app: &App, theme: Theme) {
    let counts = &app.counts;
    let strip = line::strip(area, 0);
    for (at, column) in COLUMNS.iter().enumerate() {
        let (mut title, mark) = (head(*column).0.to_owned(), if counts.reversed { "^" } else { "v" });
        if *column == counts.column {
            title =
                if *column == Column::Name { format!("{title} {mark}") } else { format!("{mark} {title}") };
        }
        put(buffer, strip, at, &title, theme.heading());
    }
    if counts.rows.is_empty() {
        line::text(buffer, area, 1, "  no call has returned yet", theme.tone(Tone::Dim));
    }
    for (at, row) in counts.rows.iter().enumerate().skip(counts.top).take(app.height()) {
        let strip = line::strip(area, at - counts.top + 1);
        let errors = if row.errors == 0 { String::new() } else { row.errors.to_string() };
        let [total, mean, longest] = &row.times;
        let calls = row.calls.to_string();
        let texts = [total, &calls, &errors, mean, longest, &row.name];
        let tones = [Tone::Plain, Tone::Plain, Tone::Bad, Tone::Dim, Tone::Dim, Tone::Name];
        for (cell, (text, tone)) in texts.into_iter().zip(tones).enumerate() {
            put(buffer, strip, cell, text, theme.tone(tone));
        }
        if at == counts.selected {
            buffer.set_style(strip, theme.selected(!app.typing));
        }
    }
}

fn put(buffer: &mut Buffer, strip: Rect, at: usize, text: &str, style: ratatui::style::Style) {
    let area = cell(strip, at);
    if at + 1 == COLUMNS.len() {
        line::text(buffer, area, 0, text, style);
    } else {
        line::right(buffer, area, 0, text, style);
    }
}
