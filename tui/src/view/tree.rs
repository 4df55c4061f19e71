//! The tree of processes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::line;
use crate::model::{Process, Tone};
use crate::state::App;
use crate::state::tree::Branch;
use crate::theme::Theme;

/// Deepest indentation.
const DEEPEST: usize = 12;

/// Width of what stands before the command: process, calls, errors, time, end.
const BEFORE: [usize; 5] = [7, 8, 7, 8, 12];

fn widths(area: Rect) -> &'static [usize] {
    // A narrow screen shows who and what, and how it ended.
    if area.width >= 72 { &BEFORE } else { &BEFORE[..2] }
}

/// Draws the tree.
pub fn draw(buffer: &mut Buffer, area: Rect, app: &App, theme: Theme) {
    let head = line::strip(area, 0);
    cells(buffer, head, &["PROCESS", "CALLS", "ERRORS", "TIME", "END"], |_| theme.heading());
    let rest = after(head);
    line::text(buffer, rest, 0, "COMMAND", theme.heading());
    if app.tree.branches.is_empty() {
        line::text(buffer, after(area), 1, "no process is known yet", theme.tone(Tone::Dim));
    }
    let height = app.height();
    for (at, branch) in app.tree.branches.iter().enumerate().skip(app.tree.top).take(height) {
        let Some(process) = app.tree.processes.get(branch.id) else { continue };
        let strip = line::strip(area, at - app.tree.top + 1);
        draw_row(buffer, strip, process, *branch, theme);
        if at == app.tree.selected {
            buffer.set_style(strip, theme.selected(!app.typing));
        }
    }
}

fn after(area: Rect) -> Rect {
    let used = widths(area).iter().map(|width| width + 1).sum::<usize>() as u16 + 1;
    let used = used.min(area.width);
    Rect { x: area.x + used, width: area.width - used, ..area }
}

fn cells(buffer: &mut Buffer, strip: Rect, texts: &[&str], style: impl Fn(usize) -> ratatui::style::Style) {
    let mut x = strip.x;
    for (at, (width, text)) in widths(strip).iter().zip(texts).enumerate() {
        let cell = Rect { x, width: *width as u16, ..strip };
        line::right(buffer, cell.intersection(strip), 0, text, style(at));
        x += *width as u16 + 1;
    }
}

fn draw_row(buffer: &mut Buffer, strip: Rect, process: &Process, branch: Branch, theme: Theme) {
    let errors = if process.errors == 0 { String::new() } else { process.errors.to_string() };
    let (end, tone) = match &process.ended {
        Some(end) => (end.text.as_str(), end.tone),
        None => ("running", Tone::Good),
    };
    let texts = [&process.pid.to_string(), &process.calls.to_string(), &errors, &process.took, end];
    let tones = [Tone::Plain, Tone::Dim, Tone::Bad, Tone::Dim, tone];
    cells(buffer, strip, &texts.map(|text| text as &str), |at| theme.tone(tones[at]));
    let mark = match (branch.parent, branch.folded) {
        (true, true) => "+ ",
        (true, false) => "- ",
        (false, _) => "  ",
    };
    let indent = "  ".repeat(branch.depth.min(DEEPEST));
    let rest = after(strip);
    line::text(buffer, rest, 0, &format!("{indent}{mark}{}", process.command), theme.tone(Tone::Plain));
}
