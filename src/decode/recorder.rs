//! Capturing: live memory that remembers in a snapshot what was read of it, so that decoding can be done again.
//!
//! A tracee's vectors of vectors may ask for any amount; what is remembered of one call has a cap.

use crate::event::Snapshot;
use crate::memory::Memory;

/// Most bytes of one side of a call, whatever a tracee's vectors of vectors ask for: room for a few strings of
/// the largest limit. What is beyond counts as unreadable.
const MOST_BYTES: usize = 16 << 20;
/// Most stretches of one side: the members of a full vector of 65,536, twice.
const MOST_STRETCHES: usize = 1 << 17;
/// Up to this many stretches are searched before memory is read again.
const FEW_STRETCHES: usize = 96;

/// Reads live memory and remembers what it read.
pub(super) struct Recorder<'a, M> {
    live: M,
    snapshot: &'a mut Snapshot,
    /// Strings that were read so far.
    texts: usize,
    ahead: &'a mut Option<Ahead>,
}

/// Bytes that were read ahead: where they begin, how many there are.
pub(super) struct Ahead {
    at: u64,
    bytes: [u8; PAGE_BYTES],
    got: usize,
}

impl Ahead {
    /// What is known of the bytes at `addr`.
    fn from(&self, addr: u64) -> &[u8] {
        let skip = addr.checked_sub(self.at).and_then(|skip| usize::try_from(skip).ok());
        skip.and_then(|skip| self.bytes[..self.got].get(skip..)).unwrap_or_default()
    }
}

/// A string behind so many others is one of a vector, whose strings lie one behind the other as a rule.
const MANY_TEXTS: usize = 3;
/// Size of a page, of which all or nothing can be read.
const PAGE_BYTES: usize = 4096;

impl<'a, M: Memory> Recorder<'a, M> {
    /// A recorder of what `live` gives. What `ahead` is for, most calls have no use for; it lives with the caller so
    /// that they need not move it.
    pub fn new(live: M, snapshot: &'a mut Snapshot, ahead: &'a mut Option<Ahead>) -> Self {
        Self { live, snapshot, texts: 0, ahead }
    }

    /// Copies bytes that may be a string; those of a vector are read a page at a time.
    fn text(&mut self, addr: u64, buf: &mut [u8]) -> usize {
        self.texts += 1;
        if self.texts <= MANY_TEXTS {
            return self.live.read(addr, buf);
        }
        for attempt in 0..2 {
            let known = self.ahead.as_ref().map_or(&[][..], |ahead| ahead.from(addr));
            let known = &known[..known.len().min(buf.len())];
            if known.len() == buf.len() || known.contains(&0) {
                buf[..known.len()].copy_from_slice(known);
                return known.len();
            }
            if attempt == 0 {
                let ahead = self.ahead.get_or_insert(Ahead { at: 0, bytes: [0; PAGE_BYTES], got: 0 });
                let room = PAGE_BYTES - addr as usize % PAGE_BYTES;
                ahead.got = self.live.read(addr, &mut ahead.bytes[..room]);
                ahead.at = addr;
            }
        }
        self.live.read(addr, buf)
    }

    /// Beyond a few stretches, looking costs more than reading again.
    fn looks(&self) -> bool {
        self.snapshot.stretches() < FEW_STRETCHES
    }

    fn has_room(&self, bytes: usize) -> bool {
        self.snapshot.size_bytes() + bytes <= MOST_BYTES && self.snapshot.stretches() < MOST_STRETCHES
    }
}

impl<M: Memory> Memory for Recorder<'_, M> {
    fn read(&mut self, addr: u64, buf: &mut [u8]) -> usize {
        if self.looks()
            && let Some(count) = self.snapshot.recall(addr, buf)
        {
            return count;
        }
        if !self.has_room(buf.len()) {
            return 0;
        }
        let count = self.live.read(addr, buf);
        self.snapshot.remember(addr, buf.len(), &buf[..count]);
        count
    }

    fn read_text(&mut self, addr: u64, buf: &mut [u8]) -> usize {
        if self.looks()
            && let Some(count) = self.snapshot.recall_text(addr, buf)
        {
            return count;
        }
        if !self.has_room(buf.len()) {
            return 0;
        }
        let count = self.text(addr, buf);
        match buf[..count].iter().position(|byte| *byte == 0) {
            Some(end) => self.snapshot.remember_text(addr, &buf[..=end]),
            None => self.snapshot.remember(addr, buf.len(), &buf[..count]),
        }
        count
    }
}
