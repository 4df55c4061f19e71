//! Frames: what the state says, drawn. Nothing here changes anything.

mod bars;
mod counts;
mod detail;
mod help;
mod line;
mod list;
mod pane;
mod tree;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::state::layout::LEAST;
use crate::state::{App, View};
use crate::theme::Theme;

/// Draws everything.
pub fn draw(frame: &mut Frame<'_>, app: &App, theme: Theme) {
    let layout = &app.layout;
    let area = frame.area();
    if layout.too_small {
        let (width, height) = LEAST;
        let text = format!("{width}x{height} needed, this is {}x{}", area.width, area.height);
        return line::text(frame.buffer_mut(), area, 0, &text, ratatui::style::Style::new());
    }
    bars::head(frame.buffer_mut(), layout.head, app, theme);
    if !layout.filter.is_empty() {
        bars::filter(frame.buffer_mut(), layout.filter, app, theme);
    }
    let main = layout.main;
    match app.help {
        Some(top) => help::draw(frame.buffer_mut(), main, top, theme),
        None if main.is_empty() => {}
        None => match app.view {
            View::Events => list::draw(frame.buffer_mut(), main, app, theme),
            View::Processes => tree::draw(frame.buffer_mut(), main, app, theme),
            View::Statistics => counts::draw(frame.buffer_mut(), main, app, theme),
        },
    }
    if let Some(detail) = app.detail.as_ref().filter(|_| !layout.detail.is_empty()) {
        detail::draw(frame.buffer_mut(), layout.detail, detail, theme);
    }
    if let Some(pane) = app.pane.as_ref().filter(|_| !layout.pane_head.is_empty()) {
        pane::draw(frame, layout.pane_head, layout.pane, pane, app, theme);
    }
    bars::foot(frame, layout.foot, app, theme);
}

/// A line across with a title in it.
fn rule(buffer: &mut Buffer, strip: Rect, title: &str, focused: bool, theme: Theme) {
    let style = theme.border(focused);
    line::text(buffer, strip, 0, &"─".repeat(usize::from(strip.width)), style);
    let title = format!(" {title} ");
    let inner = Rect { x: strip.x + 2.min(strip.width), width: strip.width.saturating_sub(4), ..strip };
    let inner = Rect { width: inner.width.min(title.chars().count() as u16), ..inner };
    line::text(buffer, inner, 0, &title, style);
}
