//! The help: the keymap as text.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::line;
use crate::keymap::{self, BINDINGS, Place};
use crate::theme::Theme;

/// Places in the order of the help.
const PLACES: [Place; 5] =
    [Place::Everywhere, Place::Events, Place::Processes, Place::Statistics, Place::Terminal];
/// Width of the keys.
const KEYS: usize = 14;

/// A line of the help: a title, or keys and what they do.
enum Entry {
    Title(&'static str),
    Keys(String, &'static str),
    Blank,
}

fn entries() -> Vec<Entry> {
    let mut list = Vec::new();
    for place in PLACES {
        if !list.is_empty() {
            list.push(Entry::Blank);
        }
        list.push(Entry::Title(place.title()));
        for row in BINDINGS.iter().filter(|row| row.place == place) {
            list.push(Entry::Keys(keymap::names(row), row.about));
        }
    }
    list
}

/// Draws the help from line `top` on, in two columns where there is room.
pub fn draw(buffer: &mut Buffer, area: Rect, top: usize, theme: Theme) {
    let list = entries();
    let columns = if area.width >= 100 { 2 } else { 1 };
    let height = usize::from(area.height);
    let top = top.min(list.len().saturating_sub(height * columns));
    for (at, entry) in list.iter().skip(top).take(height * columns).enumerate() {
        let width = area.width / columns as u16;
        let column = Rect { x: area.x + width * (at / height.max(1)) as u16, width, ..area };
        let strip = line::strip(column, at % height.max(1));
        match entry {
            Entry::Title(title) => line::text(buffer, strip, 0, title, theme.heading()),
            Entry::Keys(keys, about) => {
                line::text(
                    buffer,
                    strip,
                    0,
                    &format!("  {keys:KEYS$}  {about}"),
                    ratatui::style::Style::new(),
                );
                let cell = Rect { x: strip.x + 2.min(strip.width), width: KEYS as u16, ..strip };
                buffer.set_style(cell.intersection(strip), theme.key());
            }
            Entry::Blank => {}
        }
    }
    let shown = (top + height * columns).min(list.len());
    if shown < list.len() || top > 0 {
        let text = format!(" lines {}-{shown} of {} ", top + 1, list.len());
        let last = line::strip(area, height.saturating_sub(1));
        line::right(buffer, last, 0, &text, theme.border(false));
    }
}
