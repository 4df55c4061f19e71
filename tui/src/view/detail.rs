//! Everything that is known of one row, in sections.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::line;
use crate::model::{Span, Tone};
use crate::state::Detail;
use crate::theme::Theme;

/// Draws the details; the first line divides them from the list.
pub fn draw(buffer: &mut Buffer, area: Rect, detail: &Detail, theme: Theme) {
    let inner = usize::from(area.width).saturating_sub(2);
    let mut lines: Vec<(Vec<Span>, bool)> = Vec::new();
    for section in &detail.sections {
        lines.push((vec![Span::new(Tone::Plain, section.title.clone())], true));
        for spans in &section.lines {
            lines.extend(line::wrapped(spans, inner).into_iter().map(|spans| (spans, false)));
        }
    }
    let height = usize::from(area.height).saturating_sub(1);
    let top = detail.top.min(lines.len().saturating_sub(height));
    super::rule(buffer, line::strip(area, 0), &format!("event {}", detail.number + 1), false, theme);
    let below = lines.len().saturating_sub(top + height);
    if below > 0 || top > 0 {
        let shown = format!(" {}-{} of {} lines ", top + 1, top + height.min(lines.len()), lines.len());
        line::right(buffer, line::strip(area, 0), 0, &shown, theme.border(false));
    }
    for (at, (spans, title)) in lines.iter().skip(top).take(height).enumerate() {
        let mut strip = line::strip(area, at + 1);
        if *title {
            line::text(buffer, strip, 0, &spans[0].text, theme.heading());
        } else {
            strip.x += 2.min(strip.width);
            strip.width = strip.width.saturating_sub(2);
            line::spans(buffer, strip, 0, spans, 0, theme);
        }
    }
}
