//! The program's terminal: the cells of the emulator.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::line;
use crate::state::App;
use crate::state::pane::Pane;
use crate::theme::Theme;

/// Draws the terminal, with the cursor where the program has it while keys go there.
pub fn draw(frame: &mut Frame<'_>, head: Rect, area: Rect, pane: &Pane, app: &App, theme: Theme) {
    let title =
        if app.typing { "program: keys go here, Ctrl-] comes back" } else { "program: i types into it" };
    super::rule(frame.buffer_mut(), head, title, app.typing, theme);
    let screen = pane.screen();
    for y in 0..area.height {
        for x in 0..area.width {
            let Some(cell) = screen.cell(y, x).filter(|cell| !cell.is_wide_continuation()) else { continue };
            let text = if cell.has_contents() { cell.contents() } else { " " };
            // A character of two columns has no place in the last one.
            let fits = !(cell.is_wide() && x + 1 == area.width);
            let width = if cell.is_wide() { 2 } else { 1 };
            let text = if fits { text } else { " " };
            frame.buffer_mut().set_stringn(area.x + x, area.y + y, text, width, theme.cell(cell));
        }
    }
    let (row, column) = screen.cursor_position();
    let visible = row < area.height && column < area.width;
    if app.typing && visible && !screen.hide_cursor() {
        frame.set_cursor_position((area.x + column, area.y + row));
    }
    if area.is_empty() {
        line::text(frame.buffer_mut(), head, 0, "", theme.border(false));
    }
}
