//! The loop: events of the terminal, news of the run, frames.
//!
//! It waits for keys, and looks for news in between; a frame is drawn only where something has changed.

use std::io;
use std::time::Duration;

use crossterm::event;
use ratatui::Terminal;
use ratatui::backend::Backend;

use crate::input;
use crate::model::{Filter, Program, Timeline};
use crate::state::App;
use crate::state::layout::{Layout, Wants};
use crate::terminal;
use crate::theme::Theme;
use crate::view;

/// Longest wait between two looks for news.
const TICK: Duration = Duration::from_millis(40);
/// Looks that the program's end may take once it was asked to go.
const PATIENCE: u32 = 125;

/// Rows and columns that the program's terminal will have on this screen, so that it need not be told another size when
/// it has hardly begun.
pub fn terminal_size() -> (u16, u16) {
    let (width, height) = crossterm::terminal::size().unwrap_or((80, 24));
    let wants = Wants { pane: true, foot: 1, ..Wants::default() };
    match Layout::of(width, height, wants).pane {
        pane if pane.is_empty() => (height.max(2), width.max(10)),
        pane => (pane.height, pane.width),
    }
}

/// Shows the timeline, at first only what `expression` holds for, until the person leaves, a signal asks to, or the terminal is gone.
///
/// # Errors
/// The terminal can be neither read nor written any more.
pub fn run<B: Backend<Error = io::Error>>(
    screen: &mut Terminal<B>,
    timeline: &mut dyn Timeline,
    program: &mut dyn Program,
    theme: Theme,
    expression: &str,
) -> io::Result<()> {
    let size = screen.size()?;
    let live = program.is_running();
    let has_terminal = program.terminal().is_some();
    let mut app = App::new((size.width, size.height), live, has_terminal);
    let filter = Filter { expression: expression.to_owned(), ..Filter::default() };
    if filter != Filter::default() {
        app.message = app.show_only(timeline, filter).err();
    }
    let (mut stale, mut patience) = (true, PATIENCE);
    while !app.done && patience > 0 && !terminal::is_broken() && !program.is_told_to_leave() {
        stale |= app.refresh(timeline, program);
        if stale {
            screen.draw(|frame| view::draw(frame, &app, theme))?;
        }
        patience -= u32::from(app.leaving);
        stale = event::poll(TICK)?;
        // What has been typed ahead is taken at once.
        let mut more = stale;
        while more && !app.done {
            input::event(&mut app, &event::read()?, timeline, program);
            more = event::poll(Duration::ZERO)?;
        }
    }
    Ok(())
}
