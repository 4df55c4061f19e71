//! The traced program as the screen knows it: whether it runs, its terminal, and the line to the loop's thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use trace_tui::model::{Command, Program, ProgramTerminal};

use super::terminal::Terminal;
use crate::engine::control::{Remote, Wish};

/// The program, or nothing but the wish of a signal to leave where a recording is shown.
#[derive(Debug, Default)]
pub struct Traced {
    /// Something is traced.
    pub running: Arc<AtomicBool>,
    /// A signal asks to leave.
    pub told_to_leave: Arc<AtomicBool>,
    /// It was launched rather than attached to.
    pub launched: bool,
    /// The line to the loop.
    pub remote: Option<Remote>,
    /// Its terminal.
    pub terminal: Option<Terminal>,
}

impl Program for Traced {
    fn is_running(&mut self) -> bool {
        self.running.load(Ordering::Acquire)
    }

    fn at_leaving(&self) -> Command {
        if self.launched { Command::Kill } else { Command::Detach }
    }

    fn command(&mut self, command: Command) {
        if let Some(remote) = &self.remote {
            remote.ask(match command {
                Command::Kill => Wish::Kill,
                Command::Detach => Wish::Detach,
            });
        }
    }

    fn is_told_to_leave(&mut self) -> bool {
        self.told_to_leave.load(Ordering::Acquire)
    }

    fn terminal(&mut self) -> Option<&mut dyn ProgramTerminal> {
        self.terminal.as_mut().map(|terminal| terminal as &mut dyn ProgramTerminal)
    }
}
