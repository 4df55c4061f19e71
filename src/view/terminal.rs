//! The terminal of the traced program: a pseudo-terminal whose other side is the screen.
//!
//! A thread reads what the program writes into a buffer with a limit: where the screen is slower than the program, the
//! program waits, as it would for any terminal.

use std::collections::VecDeque;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use trace_tui::model::ProgramTerminal;

use crate::sys::pty::{self, Master};
use crate::sys::wake;

/// Most bytes that wait for the screen.
const MOST_BYTES: usize = 1 << 20;
/// Most typed bytes that wait for the program; what is typed beyond is dropped.
const MOST_TYPED: usize = 64 << 10;

#[derive(Debug, Default)]
struct Waiting {
    bytes: Mutex<Vec<u8>>,
    taken: Condvar,
}

/// The terminal.
#[derive(Debug)]
pub struct Terminal {
    master: Arc<Master>,
    waiting: Arc<Waiting>,
    typed: VecDeque<u8>,
    /// Kept open so that the terminal outlives each of the programs that have it.
    slave: OwnedFd,
}

impl Terminal {
    /// A new terminal of this size in cells.
    ///
    /// # Errors
    /// None is left, or no thread can be started.
    pub fn open(rows: u16, columns: u16) -> io::Result<Self> {
        let (master, slave) = pty::open()?;
        master.resize(rows, columns)?;
        let (master, waiting) = (Arc::new(master), Arc::new(Waiting::default()));
        let (ours, buffer) = (Arc::clone(&master), Arc::clone(&waiting));
        thread::Builder::new().name("terminal".into()).spawn(move || pump(&ours, &buffer))?;
        Ok(Self { master, waiting, typed: VecDeque::new(), slave })
    }

    /// The side that the program gets.
    pub fn slave(&self) -> &OwnedFd {
        &self.slave
    }

    fn type_on(&mut self) {
        while !self.typed.is_empty() {
            match self.master.write(self.typed.as_slices().0) {
                Ok(count) => drop(self.typed.drain(..count)),
                Err(_) => return,
            }
        }
    }
}

/// Moves what programs write to the buffer, for as long as there is a terminal.
fn pump(master: &Master, waiting: &Waiting) {
    let mut chunk = [0; 16 << 10];
    loop {
        if wake::readable([master.as_fd()], None).is_err() {
            return;
        }
        let count = match master.read(&mut chunk) {
            Ok(0) => return,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            // Between two programs; cannot be while our side of theirs is open.
            Err(_) => {
                thread::sleep(Duration::from_millis(50));
                continue;
            }
        };
        let mut bytes = waiting.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        while bytes.len() >= MOST_BYTES {
            bytes = waiting.taken.wait(bytes).unwrap_or_else(PoisonError::into_inner);
        }
        bytes.extend_from_slice(&chunk[..count]);
    }
}

impl ProgramTerminal for Terminal {
    fn read(&mut self, bytes: &mut Vec<u8>) -> bool {
        self.type_on();
        let mut waiting = self.waiting.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let any = !waiting.is_empty();
        bytes.append(&mut waiting);
        self.waiting.taken.notify_one();
        any
    }

    fn write(&mut self, bytes: &[u8]) {
        if self.typed.len() + bytes.len() <= MOST_TYPED {
            self.typed.extend(bytes);
        }
        self.type_on();
    }

    fn resize(&mut self, rows: u16, columns: u16) {
        // A size that cannot be told changes nothing else.
        self.master.resize(rows, columns).ok();
    }
}
