//! The first and the last lines: what is shown of what, what is being typed, what keys there are.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::line;
use crate::input::agreement;
use crate::keymap::{self, BINDINGS};
use crate::model::{Command, Tone};
use crate::state::prompt::Purpose;
use crate::state::{App, View};
use crate::theme::Theme;

/// Below this width the views that are not shown have their numbers only.
const WITH_TABS: u16 = 64;

const TABS: [(View, &str); 3] =
    [(View::Events, "1 Events"), (View::Processes, "2 Processes"), (View::Statistics, "3 Counts")];

/// The first line: the views, what this is of, and how it stands.
pub fn head(buffer: &mut Buffer, area: Rect, app: &App, theme: Theme) {
    buffer.set_style(area, theme.bar());
    let mut x = 1;
    for (view, title) in TABS {
        let chosen = view == app.view && app.help.is_none();
        let style = if chosen { theme.bar().add_modifier(Modifier::BOLD) } else { theme.bar() };
        let title = if chosen || area.width >= WITH_TABS { title } else { &title[..1] };
        let shown = if chosen { format!("[{title}]") } else { format!(" {title} ") };
        let rest = Rect { x: area.x + x, width: area.width.saturating_sub(x), ..area };
        line::text(buffer, rest, 0, &shown, style);
        x += shown.len() as u16;
    }
    let state = state(app);
    let width = state.chars().count() as u16 + 1;
    let at = area.width.saturating_sub(width);
    let title = Rect { x: area.x + x + 1, width: at.saturating_sub(x + 3), ..area };
    line::text(buffer, title, 0, &app.status.title, theme.bar());
    line::right(buffer, Rect { width: area.width - 1, ..area }, 0, &state, theme.bar());
}

fn state(app: &App) -> String {
    let looking = app.status.scanned < app.status.all && !app.status.live;
    let words = [
        (app.paused, "paused"),
        (app.status.live, "live"),
        (app.list.follow && app.status.live && !app.paused, "following"),
        (looking, "reading"),
        (app.searching, "searching"),
    ];
    let words = words.into_iter().filter(|(holds, _)| *holds).map(|(_, word)| word);
    let words: Vec<&str> = words.chain(app.status.ending.as_deref()).collect();
    words.join(", ")
}

/// The line that says which rows are shown.
pub fn filter(buffer: &mut Buffer, area: Rect, app: &App, theme: Theme) {
    let mut parts = Vec::new();
    if !app.filter.expression.is_empty() {
        parts.push(format!("where {}", app.filter.expression));
    }
    if app.filter.process.is_some() {
        parts.push(app.filter_name.clone());
    }
    line::text(buffer, area, 0, &format!(" only {}", parts.join(", ")), theme.tone(Tone::Constant));
}

/// The last lines.
pub fn foot(frame: &mut Frame<'_>, area: Rect, app: &App, theme: Theme) {
    let last = line::strip(area, usize::from(area.height).saturating_sub(1));
    let buffer = frame.buffer_mut();
    if let Some(command) = app.question {
        let key = agreement(command);
        let text = match command {
            Command::Kill => {
                format!(" The program still runs. {key}: kill it and leave   any other key: stay")
            }
            Command::Detach => {
                format!(" The program is still traced. {key}: let it run on and leave   any other key: stay")
            }
        };
        return line::text(buffer, last, 0, &text, theme.tone(Tone::Bad).add_modifier(Modifier::BOLD));
    }
    if app.leaving {
        return line::text(buffer, last, 0, " leaving", theme.tone(Tone::Bad));
    }
    if app.prompt.is_some() {
        return prompt(frame, area, app, theme);
    }
    if app.typing {
        let text = " Keys go to the program. Ctrl-] comes back";
        return line::text(buffer, last, 0, text, theme.tone(Tone::Good));
    }
    let place = position(app);
    let width = place.chars().count() as u16 + 1;
    line::right(buffer, Rect { width: last.width - 1, ..last }, 0, &place, theme.tone(Tone::Dim));
    let rest = Rect { width: last.width.saturating_sub(width + 2), ..last };
    let news = app.status.messages.get(app.seen..).and_then(<[String]>::last);
    let message = app.message.as_ref().or(news);
    match message {
        Some(text) => line::text(buffer, rest, 0, &format!(" {text}"), theme.tone(Tone::Bad)),
        None => keys(buffer, rest, app, theme),
    }
}

fn position(app: &App) -> String {
    let of =
        |at: usize, count: usize| if count == 0 { "0/0".to_owned() } else { format!("{}/{count}", at + 1) };
    match app.view {
        View::Events => {
            let shown = of(app.list.selected, app.status.rows);
            if app.status.filtered { format!("{shown} of {}", app.status.all) } else { shown }
        }
        View::Processes => of(app.tree.selected, app.tree.branches.len()),
        View::Statistics => of(app.counts.selected, app.counts.rows.len()),
    }
}

/// Keys with their words, as many as there is room for.
fn keys(buffer: &mut Buffer, area: Rect, app: &App, theme: Theme) {
    let mut x = 1;
    for place in app.places() {
        for row in BINDINGS.iter().filter(|row| row.place == place && !row.short.is_empty()) {
            let (key, word) = (keymap::name(row.keys[0]), row.short);
            let width = (key.chars().count() + word.len() + 1) as u16;
            if x + width > area.width {
                return;
            }
            let cell = Rect { x: area.x + x, width, ..area };
            line::text(buffer, cell, 0, &format!("{key} {word}"), theme.tone(Tone::Dim));
            let letters = Rect { width: key.chars().count() as u16, ..cell };
            line::text(buffer, letters, 0, &key, theme.key());
            x += width + 2;
        }
    }
}

fn prompt(frame: &mut Frame<'_>, area: Rect, app: &App, theme: Theme) {
    let Some(prompt) = &app.prompt else { return };
    let lead = match prompt.purpose {
        Purpose::Search(_) => "/",
        Purpose::Where => "where ",
    };
    let strip = line::strip(area, 0);
    let room = usize::from(strip.width).saturating_sub(lead.len() + 1).max(1);
    let skip = (prompt.cursor + 1).saturating_sub(room);
    let shown: String = prompt.text.chars().skip(skip).take(room).collect();
    let buffer = frame.buffer_mut();
    line::text(buffer, strip, 0, &format!("{lead}{shown}"), ratatui::style::Style::new());
    let word = Rect { width: (lead.len() as u16).min(strip.width), ..strip };
    buffer.set_style(word, theme.key());
    if let Some(message) = app.message.as_ref().filter(|_| prompt.error.is_none()) {
        line::right(buffer, strip, 0, &format!(" {message} "), theme.tone(Tone::Bad));
    }
    if let Some(error) = &prompt.error {
        let width = usize::from(area.width).max(1);
        let letters: Vec<char> = error.chars().collect();
        for (at, chunk) in letters.chunks(width).take(usize::from(area.height) - 1).enumerate() {
            let text: String = chunk.iter().collect();
            line::text(buffer, area, at + 1, &text, theme.tone(Tone::Bad));
        }
    }
    frame.set_cursor_position((strip.x + (lead.len() + prompt.cursor - skip) as u16, strip.y));
}
