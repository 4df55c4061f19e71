//! Colours: the only file that knows them. With NO_COLOR (no-color.org) there are none, only bold, dim and reverse.
//!
//! Only the sixteen colours of the terminal's own palette are used, so that it looks as its owner likes it.

use ratatui::style::{Color, Modifier, Style};

use crate::model::Tone;

/// How things look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    colors: bool,
}

impl Theme {
    /// With or without colours.
    pub const fn new(colors: bool) -> Self {
        Self { colors }
    }

    fn colored(self, color: Color) -> Style {
        if self.colors { Style::new().fg(color) } else { Style::new() }
    }

    /// A piece of text.
    pub fn tone(self, tone: Tone) -> Style {
        match tone {
            Tone::Plain | Tone::Argument => Style::new(),
            Tone::Name => self.colored(Color::Blue).add_modifier(Modifier::BOLD),
            Tone::Number => self.colored(Color::Magenta),
            Tone::Constant => self.colored(Color::Cyan),
            Tone::Text => self.colored(Color::Yellow),
            Tone::Good => self.colored(Color::Green),
            Tone::Bad => self.colored(Color::Red),
            Tone::Dim => Style::new().add_modifier(Modifier::DIM),
        }
    }

    /// The line at the top.
    pub fn bar(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// Heads of columns and sections.
    pub fn heading(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// The line that the cursor is on.
    pub fn selected(self, focused: bool) -> Style {
        // One bar, whatever the colours of its parts: those of some palettes could not be read on it.
        let bar =
            Style::new().fg(Color::Reset).bg(Color::Reset).remove_modifier(Modifier::DIM | Modifier::BOLD);
        bar.add_modifier(if focused { Modifier::REVERSED } else { Modifier::UNDERLINED })
    }

    /// Text that a search has found.
    pub fn found(self) -> Style {
        if self.colors {
            Style::new().fg(Color::Black).bg(Color::Yellow).remove_modifier(Modifier::REVERSED)
        } else {
            Style::new().add_modifier(Modifier::REVERSED | Modifier::UNDERLINED)
        }
    }

    /// The line between two parts of the screen.
    pub fn border(self, focused: bool) -> Style {
        if focused {
            self.colored(Color::Green).add_modifier(Modifier::BOLD)
        } else {
            Style::new().add_modifier(Modifier::DIM)
        }
    }

    /// Keys in a line of help.
    pub fn key(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// A cell of the program's terminal.
    pub fn cell(self, cell: &vt100::Cell) -> Style {
        let color = |color: vt100::Color| match color {
            vt100::Color::Default => None,
            vt100::Color::Idx(index) => Some(Color::Indexed(index)),
            vt100::Color::Rgb(red, green, blue) => Some(Color::Rgb(red, green, blue)),
        };
        let mut style = Style::new();
        if self.colors {
            style.fg = color(cell.fgcolor());
            style.bg = color(cell.bgcolor());
        }
        let modifiers = [
            (cell.bold(), Modifier::BOLD),
            (cell.dim(), Modifier::DIM),
            (cell.italic(), Modifier::ITALIC),
            (cell.underline(), Modifier::UNDERLINED),
            (cell.inverse(), Modifier::REVERSED),
        ];
        for (_, modifier) in modifiers.into_iter().filter(|(holds, _)| *holds) {
            style = style.add_modifier(modifier);
        }
        style
    }
}
