//! The `-c` table while the program runs: drawn again every so often (`--summary-interval`).
//!
//! On a terminal each drawing replaces the one before, unless the program has written to that terminal since:
//! then the table follows what the program wrote, so that nothing is lost. In a file tables follow each other,
//! each below a line with its time. That the program writes to a terminal is known from the notes on its descriptors. A thread draws, so that a program that only waits is shown too.

use std::fs::File;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::summary::Summary;
use crate::engine::sink::{Rings, Sink};
use crate::event::ring::{Completion, Traffic};
use crate::event::{Call, End, Stamp, Tid};
use crate::output::losses;
use crate::sys::{clock, output};

/// A summary that is drawn again and again.
#[derive(Debug)]
pub struct Live {
    shared: Arc<Shared>,
    /// The program's writes to the terminal are of interest.
    watch: bool,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    wake: Condvar,
    /// The program has written to the terminal since the table was drawn.
    disturbed: AtomicBool,
}

#[derive(Debug)]
struct State {
    summary: Summary,
    screen: Screen,
    done: bool,
}

/// Where tables go, and what is there.
#[derive(Debug)]
struct Screen {
    out: File,
    terminal: bool,
    /// Lines of the table that stands above the cursor.
    lines: usize,
    begin_ns: u64,
}

fn lock(shared: &Shared) -> MutexGuard<'_, State> {
    shared.state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Live {
    /// Draws `summary` to `out` every `every`; in place on a `terminal`, for which the descriptors of calls are to be
    /// noted.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn start(summary: Summary, out: File, terminal: bool, every: Duration) -> io::Result<Self> {
        let screen = Screen { out, terminal, lines: 0, begin_ns: clock::mono_ns() };
        let state = Mutex::new(State { summary, screen, done: false });
        let shared = Arc::new(Shared { state, wake: Condvar::new(), disturbed: AtomicBool::new(false) });
        let drawn = Arc::clone(&shared);
        thread::Builder::new().name("summary".into()).spawn(move || {
            let mut state = lock(&drawn);
            while !state.done {
                let (next, waited) = match drawn.wake.wait_timeout(state, every) {
                    Ok(woken) => woken,
                    Err(poisoned) => poisoned.into_inner(),
                };
                state = next;
                if waited.timed_out() && !state.done {
                    let table = state.summary.table();
                    let disturbed = drawn.disturbed.swap(false, Ordering::Relaxed);
                    state.screen.draw(&table, disturbed);
                }
            }
        })?;
        Ok(Self { shared, watch: terminal })
    }

    /// Looks for writes to the terminal, before and after they happen: a table may be drawn in between.
    fn look(&self, call: &Call) {
        if self.watch && writes_to_terminal(call) {
            self.shared.disturbed.store(true, Ordering::Relaxed);
        }
    }
}

/// Whether a call writes to a terminal; to which one is not asked. Its descriptors have to be noted.
fn writes_to_terminal(call: &Call) -> bool {
    let writes = call.signature.is_some_and(|s| matches!(s.name, "write" | "writev"));
    let fd = call.regs.args[0] as i32;
    let terminal = |target: &[u8]| {
        [&b"/dev/pts/"[..], b"/dev/tty", b"/dev/console"].iter().any(|t| target.starts_with(t))
    };
    writes && call.fds.iter().any(|note| note.fd == fd && terminal(&note.target))
}

impl Screen {
    fn draw(&mut self, table: &str, disturbed: bool) {
        let mut text = String::new();
        if self.terminal {
            // One line stays free for the cursor.
            let (rows, columns) = output::window(&self.out).unwrap_or((24, 80));
            let rows = rows.saturating_sub(1).max(1);
            if self.lines > 0 && !disturbed {
                text.push_str(&format!("\x1b[{}A\x1b[J", self.lines));
            }
            let total = table.lines().count();
            let cut = total > rows;
            let keep = if cut { rows.saturating_sub(1) } else { total };
            for line in table.lines().take(keep) {
                // A line that wraps would be two.
                text.extend(line.chars().take(columns));
                text.push('\n');
            }
            if cut {
                text.push_str(&format!("... {} more lines\n", total - keep));
            }
            self.lines = keep + usize::from(cut);
        } else {
            text.push_str(&format!("{}\n{table}\n", self.header()));
        }
        self.put(&text);
    }

    /// Local time, and the time since the beginning.
    fn header(&self) -> String {
        let seconds = clock::mono_ns().saturating_sub(self.begin_ns) as f64 / 1e9;
        let now = clock::local((clock::wall_ns() / 1_000_000_000) as i64);
        let now = now.map_or(String::new(), |now| {
            let [year, month, day, hour, minute, second] = now.fields;
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} ")
        });
        format!("{now}after {seconds:.3} s:")
    }

    /// The last drawing, in full.
    fn last(&mut self, table: &str, disturbed: bool) {
        let mut text = String::new();
        if !self.terminal {
            text.push_str(&format!("{}\n", self.header()));
        } else if self.lines > 0 && !disturbed {
            text.push_str(&format!("\x1b[{}A\x1b[J", self.lines));
        }
        text.push_str(table);
        self.put(&text);
    }

    fn put(&mut self, text: &str) {
        if let Err(error) = self.out.write_all(text.as_bytes()) {
            losses::say("the summary", &error);
        }
    }
}

impl Sink for Live {
    fn results(&self) -> bool {
        lock(&self.shared).summary.results()
    }

    fn entered(&mut self, call: &Call) {
        self.look(call);
        lock(&self.shared).summary.entered(call);
    }

    fn left(&mut self, call: &Call) {
        self.look(call);
        lock(&self.shared).summary.left(call);
    }

    fn ended(&mut self, tid: Tid, end: End, pending: Option<&Call>, at: Stamp) {
        lock(&self.shared).summary.ended(tid, end, pending, at);
    }

    fn rings(&self) -> Rings {
        lock(&self.shared).summary.rings()
    }

    fn completed(&mut self, tid: Tid, completion: &Completion) {
        lock(&self.shared).summary.completed(tid, completion);
    }

    fn unseen(&mut self, tid: Tid, traffic: &Traffic) {
        lock(&self.shared).summary.unseen(tid, traffic);
    }

    fn finish(&mut self) {
        let mut state = lock(&self.shared);
        state.done = true;
        let table = state.summary.table();
        let disturbed = self.shared.disturbed.load(Ordering::Relaxed);
        state.screen.last(&table, disturbed);
        drop(state);
        self.shared.wake.notify_one();
    }
}
