//! A file of frames that grows, and the ring that keeps only the newest ones in memory until it is dumped.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Write};

use super::book::{Book, Change};
use super::encode::Cut;
use super::format::{self, Kind, Meta};
use super::frame::{self, Packer};
use super::index::{Entry, Index, TaskEntry};

/// Sequence number of the frame that tells who is who at the beginning of a dump; none follows on it.
const BOOK_SEQUENCE: u32 = u32::MAX;
/// Most tasks that an index lists.
const MOST_TASKS: usize = 1 << 20;

/// A recording that is being written.
#[derive(Debug)]
pub struct Out {
    file: File,
    /// End of the last whole frame.
    offset: u64,
    index: Index,
}

/// A frame as it stands in a file.
#[derive(Debug, Default)]
pub struct Packed {
    bytes: Vec<u8>,
    events: u32,
    calls: u32,
    first: crate::event::Stamp,
    changes: Vec<Change>,
}

impl Packed {
    /// Packs a frame; `buffer` is used for its bytes.
    ///
    /// # Errors
    /// No memory, or a frame beyond all caps.
    pub fn new(packer: &mut Packer, sequence: u32, cut: &mut Cut, mut buffer: Vec<u8>) -> io::Result<Self> {
        buffer.clear();
        packer.pack_streams(sequence, (cut.events, cut.rows), &cut.streams, &mut buffer)?;
        let changes = std::mem::take(&mut cut.changes);
        Ok(Self { bytes: buffer, events: cut.events, calls: cut.calls, first: cut.first, changes })
    }

    /// Its buffer, to be used again.
    pub fn into_buffer(self) -> Vec<u8> {
        self.bytes
    }
}

impl Out {
    /// Begins a recording in an empty file.
    ///
    /// # Errors
    /// What write(2) says.
    pub fn begin(file: File, packer: &mut Packer, meta: &Meta) -> io::Result<Self> {
        let mut out = Self { file, offset: 0, index: Index::default() };
        let mut bytes = format::head(meta.schema()).to_vec();
        packer.pack(Kind::Meta, 0, 0, &meta.to_bytes(), &mut bytes)?;
        out.write(&bytes)?;
        let offset = format::HEAD_BYTES as u64;
        let first = Default::default();
        out.index.frames.push(Entry { offset, kind: Kind::Meta, events: 0, calls: 0, first });
        Ok(out)
    }

    /// Writes all of it, or leaves the file as it was.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Err(error) = self.file.write_all(bytes) {
            // Half a frame is of no use; a pipe cannot be shortened, and readers cope.
            self.file.set_len(self.offset).ok();
            return Err(error);
        }
        self.offset += bytes.len() as u64;
        Ok(())
    }

    /// Appends a frame.
    ///
    /// # Errors
    /// What write(2) says; the file then ends with the frame before.
    pub fn append(&mut self, frame: &Packed) -> io::Result<()> {
        let offset = self.offset;
        self.write(&frame.bytes)?;
        let (events, calls, first) = (frame.events, frame.calls, frame.first);
        self.index.frames.push(Entry { offset, kind: Kind::Events, events, calls, first });
        for change in &frame.changes {
            if let Change::Started(task) = change
                && self.index.tasks.len() < MOST_TASKS
            {
                let (tid, process, parent) = (task.tid, task.process, task.parent);
                self.index.tasks.push(TaskEntry { tid, process, parent });
            }
        }
        Ok(())
    }

    /// Number of events so far.
    pub fn events(&self) -> u64 {
        self.index.events()
    }

    /// Writes the index.
    ///
    /// # Errors
    /// What write(2) says; the recording is good without it.
    pub fn finish(mut self, packer: &mut Packer) -> io::Result<()> {
        let mut bytes = Vec::new();
        packer.pack(Kind::Index, 0, 0, &self.index.to_bytes(), &mut bytes)?;
        bytes.extend_from_slice(&frame::end(self.offset));
        self.write(&bytes)
    }
}

/// The newest frames, within a limit.
#[derive(Debug, Default)]
pub struct Ring {
    limit_bytes: u64,
    size_bytes: u64,
    frames: VecDeque<Packed>,
    /// Who was who before the oldest of them.
    book: Book,
}

impl Ring {
    /// A ring for `limit_bytes` of packed frames.
    pub fn new(limit_bytes: u64) -> Self {
        Self { limit_bytes, ..Self::default() }
    }

    /// Adds a frame, and drops the oldest ones that are then too many; the newest always stays.
    pub fn push(&mut self, frame: Packed) {
        self.size_bytes += frame.bytes.len() as u64;
        self.frames.push_back(frame);
        while self.size_bytes > self.limit_bytes && self.frames.len() > 1 {
            let Some(old) = self.frames.pop_front() else { break };
            self.size_bytes -= old.bytes.len() as u64;
            self.book.apply(&old.changes);
        }
    }

    /// Writes a whole recording of what is kept to `file`; gives the number of events.
    ///
    /// # Errors
    /// What write(2) says.
    pub fn dump(&self, file: File, packer: &mut Packer, meta: &Meta) -> io::Result<u64> {
        let mut out = Out::begin(file, packer, meta)?;
        if let Some(mut cut) = self.book.frame() {
            out.append(&Packed::new(packer, BOOK_SEQUENCE, &mut cut, Vec::new())?)?;
        }
        for frame in &self.frames {
            out.append(frame)?;
        }
        let events = out.events();
        out.finish(packer)?;
        Ok(events)
    }
}
