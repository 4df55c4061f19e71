//! How a person's Ctrl-C, or another thread, reaches the debugger while it waits for the program.
//!
//! A watcher thread takes the signals of this process with sigwait and notes them; it then interrupts the wait,
//! again and again until the note was taken, so that none is lost between a look and a wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use super::error::{Error, Result};
use crate::engine::control::NUDGE;
use crate::sys::{process, signal};

/// Pause between two nudges.
const NUDGE_EVERY: Duration = Duration::from_millis(5);
/// Signals that the watcher takes.
const WATCHED: [i32; 4] = [libc::SIGINT, libc::SIGTERM, libc::SIGHUP, libc::SIGQUIT];

/// Somebody wants the program to stop.
const STOP: u32 = 1;
/// The terminal sent the signal: the program gets one too.
const TERMINAL: u32 = 2;
/// The debugger has to end.
const QUIT: u32 = 4;

/// The debugger's end of the line.
#[derive(Debug, Clone)]
pub struct Interrupt {
    flags: Arc<AtomicU32>,
    pid: i32,
    tid: i32,
}

/// Blocks the signals in the calling thread and those it starts; returns the mask that programs start with.
pub fn block_signals() -> signal::Mask {
    signal::block(&WATCHED)
}

impl Interrupt {
    /// Starts the watcher. To be called on the debugger's thread with the signals of [`block_signals`] blocked.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn start() -> Result<Self> {
        signal::interrupting(NUDGE);
        let (pid, tid) = (std::process::id() as i32, process::gettid());
        let interrupt = Self { flags: Arc::default(), pid, tid };
        let own = interrupt.clone();
        let watch = move || {
            while let Ok((signo, by_terminal)) = signal::wait_info(&WATCHED) {
                own.note(match (signo, by_terminal) {
                    (libc::SIGINT, true) => STOP | TERMINAL,
                    (libc::SIGINT, false) => STOP,
                    // The program gets the terminal's SIGQUIT by itself.
                    (libc::SIGQUIT, _) => continue,
                    _ => QUIT,
                });
            }
        };
        thread::Builder::new()
            .name("signals".into())
            .spawn(watch)
            .map_err(|error| Error::kernel("start a thread", &error))?;
        Ok(interrupt)
    }

    /// Notes a wish and wakes the debugger until it has taken it.
    fn note(&self, wish: u32) {
        self.flags.fetch_or(wish, Ordering::AcqRel);
        // Nobody waits while a person types: what was noted is dropped when the next command begins.
        for _ in 0..400 {
            if self.flags.load(Ordering::Acquire) & wish == 0 {
                return;
            }
            signal::send_to_thread(self.pid, self.tid, NUDGE).ok();
            thread::sleep(NUDGE_EVERY);
        }
    }

    /// From another thread: the program is to stop.
    pub fn stop(&self) {
        self.note(STOP);
    }

    /// Whether the program is to stop, and whether it gets a signal of the terminal too.
    pub fn take_stop(&self) -> Option<bool> {
        let flags = self.flags.fetch_and(!(STOP | TERMINAL), Ordering::AcqRel);
        (flags & STOP != 0).then_some(flags & TERMINAL != 0)
    }

    /// Whether the debugger has to end.
    pub fn wants_end(&self) -> bool {
        self.flags.load(Ordering::Acquire) & QUIT != 0
    }
}
