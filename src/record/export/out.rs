//! Where the bytes of an export go: buffered, and the first error kept for whoever asked for the export.

use std::cell::RefCell;
use std::fmt;
use std::io::{self, Write};
use std::rc::Rc;

/// A buffer larger than this is written.
const FULL_BYTES: usize = 64 * 1024;

/// The first thing that went wrong while an export was written. Its copies share it.
#[derive(Debug, Clone, Default)]
pub struct Trouble(Rc<RefCell<Option<io::Error>>>);

impl Trouble {
    /// Keeps `error`, unless one is kept already.
    pub fn keep(&self, error: io::Error) {
        self.0.borrow_mut().get_or_insert(error);
    }

    /// Whether something went wrong.
    pub fn any(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// What went wrong.
    pub fn take(&self) -> Option<io::Error> {
        self.0.borrow_mut().take()
    }
}

/// A stream of bytes. After an error nothing more is written.
pub struct Out {
    to: Box<dyn Write>,
    /// What is to be written: exporters append here and then call [`Out::send`].
    pub buffer: Vec<u8>,
    trouble: Trouble,
}

impl fmt::Debug for Out {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Out").field("trouble", &self.trouble).finish_non_exhaustive()
    }
}

impl Out {
    /// A stream into `to`, which should not buffer by itself.
    pub fn new(to: Box<dyn Write>, trouble: Trouble) -> Self {
        Self { to, buffer: Vec::new(), trouble }
    }

    /// Writes the buffer once it is full.
    pub fn send(&mut self) {
        if self.buffer.len() >= FULL_BYTES {
            self.write();
        }
    }

    /// Writes all that is left.
    pub fn finish(&mut self) {
        self.write();
        if !self.trouble.any()
            && let Err(error) = self.to.flush()
        {
            self.trouble.keep(error);
        }
    }

    fn write(&mut self) {
        if !self.trouble.any()
            && let Err(error) = self.to.write_all(&self.buffer)
        {
            self.trouble.keep(error);
        }
        self.buffer.clear();
    }
}
