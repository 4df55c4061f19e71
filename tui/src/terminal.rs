//! The terminal, taken and given back: raw mode, the other screen, bracketed paste.
//!
//! What [`enter`] changes is undone by [`restore`], which runs when the guard is dropped, before the message of a
//! panic in any thread, and may be called from any thread at any time, such as one that waits for signals. It is
//! done once however often it is asked for. Source: termios(3), and the private modes 25, 1049 and 2004 of xterm.

use std::io::{self, Stdout, Write};
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Once, PoisonError, RwLock};

use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{execute, queue};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

/// The terminal is ours. Drawing holds it shared, giving it back holds it alone, so that no half of a frame reaches
/// the screen that was restored.
static OURS: RwLock<bool> = RwLock::new(false);
/// A thread has panicked.
static BROKEN: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();

/// Where frames are drawn: standard output while the terminal is ours, else nowhere.
#[derive(Debug)]
pub struct Output(Stdout);

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let ours = OURS.read().unwrap_or_else(PoisonError::into_inner);
        if *ours { self.0.write(bytes) } else { Ok(bytes.len()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        let ours = OURS.read().unwrap_or_else(PoisonError::into_inner);
        if *ours { self.0.flush() } else { Ok(()) }
    }
}

/// The terminal while it is ours.
pub type Screen = Terminal<CrosstermBackend<Output>>;

/// Gives the terminal back when it is dropped.
#[derive(Debug)]
pub struct Guard(());

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}

/// Takes the terminal.
///
/// # Errors
/// Standard output is no terminal, or went away.
pub fn enter() -> io::Result<(Screen, Guard)> {
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            BROKEN.store(true, Ordering::SeqCst);
            restore();
            before(info);
        }));
    });
    enable_raw_mode()?;
    *OURS.write().unwrap_or_else(PoisonError::into_inner) = true;
    let guard = Guard(());
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, Hide)?;
    Ok((Terminal::new(CrosstermBackend::new(Output(io::stdout())))?, guard))
}

/// Gives the terminal back, where it was taken.
pub fn restore() {
    let mut ours = OURS.write().unwrap_or_else(PoisonError::into_inner);
    if std::mem::replace(&mut *ours, false) {
        let mut out = io::stdout();
        // Where the terminal is gone nothing can be done about it.
        queue!(out, DisableBracketedPaste, LeaveAlternateScreen, Show).ok();
        out.flush().ok();
        disable_raw_mode().ok();
    }
}

/// Whether a thread has panicked: the terminal is not ours any more.
pub fn is_broken() -> bool {
    BROKEN.load(Ordering::SeqCst)
}
