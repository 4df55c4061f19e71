//! Buffered output with a deadline: no write per line, yet nothing stays unseen for long.
//!
//! Sinks append under an uncontended lock; a flusher thread writes what has waited for
//! [`DEADLINE`]. A blocked call's half line is visible within that time.

use std::fs::File;
use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// Longest time that output waits in the buffer.
const DEADLINE: Duration = Duration::from_millis(40);
/// A buffer larger than this is written at once.
const FULL_BYTES: usize = 64 * 1024;

#[derive(Debug)]
struct Slot {
    file: Option<File>,
    buffer: Vec<u8>,
}

#[derive(Debug, Default)]
struct State {
    slots: Vec<Slot>,
    dirty: bool,
    failed: Option<io::Error>,
}

impl State {
    fn flush(&mut self) {
        self.dirty = false;
        for index in 0..self.slots.len() {
            self.flush_slot(index);
        }
    }

    fn flush_slot(&mut self, index: usize) {
        let slot = &mut self.slots[index];
        if slot.buffer.is_empty() {
            return;
        }
        if let Some(file) = &mut slot.file
            && let Err(error) = file.write_all(&slot.buffer)
        {
            slot.file = None;
            self.failed.get_or_insert(error);
        }
        slot.buffer.clear();
    }
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    wake: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One or more files behind one flusher.
#[derive(Debug, Clone, Default)]
pub struct Writer {
    shared: Arc<Shared>,
}

/// A file of a [`Writer`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stream(usize);

impl Writer {
    /// A writer with its flusher thread.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn start() -> io::Result<Self> {
        let writer = Self::default();
        let shared = Arc::clone(&writer.shared);
        thread::Builder::new().name("flush".into()).spawn(move || {
            loop {
                let mut state = shared.lock();
                while !state.dirty {
                    state = shared.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
                }
                drop(state);
                thread::sleep(DEADLINE);
                shared.lock().flush();
            }
        })?;
        Ok(writer)
    }

    /// Adds a file.
    pub fn open(&self, file: File) -> Stream {
        let mut state = self.shared.lock();
        let free = state.slots.iter().position(|slot| slot.file.is_none() && slot.buffer.is_empty());
        let slot = Slot { file: Some(file), buffer: Vec::new() };
        match free {
            Some(index) => {
                state.slots[index] = slot;
                Stream(index)
            }
            None => {
                state.slots.push(slot);
                Stream(state.slots.len() - 1)
            }
        }
    }

    /// Appends to a file. Returns the first error since the last one that was returned or taken.
    pub fn append(&self, stream: Stream, bytes: &[u8]) -> Option<io::Error> {
        let mut state = self.shared.lock();
        let slot = &mut state.slots[stream.0];
        if slot.file.is_none() {
            return state.failed.take();
        }
        slot.buffer.extend_from_slice(bytes);
        if slot.buffer.len() >= FULL_BYTES {
            state.flush_slot(stream.0);
        } else if !state.dirty {
            state.dirty = true;
            self.shared.wake.notify_one();
        }
        state.failed.take()
    }

    /// Writes out and closes a file.
    pub fn close(&self, stream: Stream) {
        let mut state = self.shared.lock();
        state.flush_slot(stream.0);
        state.slots[stream.0].file = None;
    }

    /// Writes everything out.
    pub fn flush(&self) {
        self.shared.lock().flush();
    }

    /// The first error since the last one that was returned or taken.
    pub fn take_error(&self) -> Option<io::Error> {
        self.shared.lock().failed.take()
    }
}
