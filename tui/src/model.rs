//! What the screen can show: rows by range, details of one row, and the commands it may give.
//!
//! Rows are always asked for by range, so that a live run, a recording and ten million events look
//! the same to the views. Nothing here draws.

use std::ops::Range;

/// How a piece of text is meant; the theme maps it to colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Ordinary text.
    Plain,
    /// The name of a syscall.
    Name,
    /// A value that succeeded.
    Good,
    /// An error.
    Bad,
    /// Less important text.
    Dim,
}

/// One line of a timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Position in the timeline, from 0.
    pub index: usize,
    /// Pieces of text with their meaning, in order.
    pub spans: Vec<(Tone, String)>,
}

/// A run of events, live or recorded.
pub trait Timeline {
    /// Number of rows known so far.
    fn len(&self) -> usize;

    /// Whether nothing has happened yet.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows of `range`, clipped to what exists.
    fn rows(&self, range: Range<usize>) -> Vec<Row>;

    /// Everything known of one row, ready to be shown as lines.
    fn detail(&self, index: usize) -> Vec<Row>;

    /// The first row at or after `from` whose text holds `needle`.
    fn find(&self, needle: &str, from: usize) -> Option<usize>;
}

/// What a person can ask of a running program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Let it run.
    Continue,
    /// Stop it where it is.
    Pause,
    /// One machine instruction.
    StepInstruction,
    /// Give it up and let it run on.
    Detach,
    /// End it.
    Kill,
}

/// A program under control.
pub trait Debugger {
    /// Carries out a command, or says in one sentence why it cannot.
    ///
    /// # Errors
    /// A sentence for the person at the screen.
    fn command(&mut self, command: Command) -> Result<(), String>;
}
