//! Streams, and what waits for several of them: bytes come in pieces that the other end decides, and from which stream
//! first is up to the scheduler.

use super::super::rules;
use super::super::survey::is_stream;
use super::{Deeds, Finder, Item, Soft, Stream};
use crate::event::Call;

/// Most descriptors of one poll that are looked at.
const MOST_POLLED: u64 = 1024;

impl Finder {
    /// What a task waits for counts once, each descriptor of poll(2) by itself: how many are left to wait for depends on
    /// what was ready first.
    pub(super) fn polled(&mut self, task: usize, call: &Call, name: &'static str, number: u32) {
        let mut key = std::mem::take(&mut self.key);
        let mut entries = Vec::new();
        if matches!(name, "poll" | "ppoll" | "ppoll_time64") {
            for at in 0..call.regs.args[1].min(MOST_POLLED) {
                let mut bytes = [0; 8];
                let from = call.regs.args[0].wrapping_add(8 * at);
                if call.before.recall(from, &mut bytes) != Some(8) {
                    break;
                }
                let [a, b, c, d, low, high, ..] = bytes;
                let fd = i32::from_le_bytes([a, b, c, d]);
                key.clear();
                key.extend_from_slice(&[b'p', low, high]);
                match call.fd_note(fd, false).filter(|_| self.world.targets) {
                    Some(note) => self.world.target(note, &mut key),
                    None => key.extend_from_slice(&fd.to_le_bytes()),
                }
                entries.push(self.interner.borrow_mut().number(&key));
            }
        }
        if entries.is_empty() {
            self.world.asked(call, name, &mut key);
            entries.push(self.interner.borrow_mut().number(&key));
        }
        self.key = key;
        for asked in entries {
            if self.polls.insert((task, asked)) {
                self.push(task, Item { whole: asked, asked, number, took_us: 0 }, true);
            }
        }
    }

    /// A call that moves bytes.
    pub(super) fn moving(
        &mut self,
        task: usize,
        call: &Call,
        name: &'static str,
        incoming: bool,
        number: u32,
    ) -> Soft {
        let Some(note) = call.fd_note(call.regs.args[0] as i32, false).filter(|_| self.world.targets) else {
            return Soft::Plain;
        };
        if incoming && rules::is_fleeting(&note.target) {
            // How much is asked for depends on how much there was.
            self.key.clear();
            self.key.extend_from_slice(b"fleeting ");
            self.world.target(note, &mut self.key);
            return Soft::Fleeting;
        }
        if !is_stream(note) || !incoming && !self.setup.readers.contains(&task) {
            return Soft::Plain;
        }
        let Some(outcome) = call.outcome else { return Soft::Done };
        match outcome.errno() {
            // EAGAIN: nothing is there now.
            Some(11) => return Soft::Done,
            Some(_) => return Soft::Plain,
            None => {}
        }
        let place = (task, incoming, note.target.to_vec());
        let index = match self.streams.get(&place) {
            Some(index) => *index,
            None => self.new_stream(place, call, number, false),
        };
        let mut texts = std::mem::take(&mut self.texts);
        (texts.cut, _) = (false, texts.bytes.clear());
        let mut key = std::mem::take(&mut self.key);
        self.world.answered(call, name, &mut key, Some(&mut texts));
        self.key = key;
        let moved = outcome.value.max(0) as u64;
        let limit = self.world.options.string_limit;
        if let Some(stream) = self.all_streams.get_mut(index) {
            stream.merged.calls += 1;
            stream.merged.bytes = stream.merged.bytes.saturating_add(moved);
            let known = texts.bytes.len().min(usize::try_from(moved).unwrap_or(usize::MAX));
            if !stream.cut {
                let room = limit.saturating_sub(stream.head.len());
                stream.head.extend_from_slice(&texts.bytes[..known.min(room)]);
                stream.cut = (known as u64) < moved && stream.head.len() < limit;
            }
        }
        self.texts = texts;
        Soft::Done
    }

    pub(super) fn new_stream(
        &mut self,
        place: (usize, bool, Vec<u8>),
        call: &Call,
        number: u32,
        operation: bool,
    ) -> usize {
        let (task, incoming) = (place.0, place.1);
        let mut key = if incoming { b"from ".to_vec() } else { b"to ".to_vec() };
        if let Some(note) = call.fd_note(call.regs.args[0] as i32, false) {
            self.world.target(note, &mut key);
        }
        let loose = operation || self.setup.pollers.contains(&task);
        let count = |deeds: &Deeds| if loose { deeds.loose.len() } else { deeds.items.len() };
        let item = self.found.borrow().deeds.get(task).map_or(0, count);
        let asked = self.interner.borrow_mut().number(&key);
        self.push(task, Item { whole: asked, asked, number, took_us: 0 }, loose);
        let index = self.all_streams.len();
        // Of operations it depends on when they are looked at whether it is known what they moved.
        self.all_streams.push(Stream { task, item, loose, key, cut: operation, ..Stream::default() });
        self.streams.insert(place, index);
        index
    }

    /// What is known of streams becomes what their items say.
    pub(super) fn settle_streams(&mut self) {
        let mut found = self.found.borrow_mut();
        let found = &mut *found;
        for stream in &mut self.all_streams {
            let Some(deeds) = found.deeds.get_mut(stream.task) else { continue };
            let items = if stream.loose { &mut deeds.loose } else { &mut deeds.items };
            let Some(item) = items.get_mut(stream.item) else { continue };
            stream.key.extend_from_slice(&stream.merged.bytes.to_le_bytes());
            if !stream.cut {
                self.world.text_of_stream(&stream.head, &mut stream.key);
            }
            item.whole = self.interner.borrow_mut().number(&stream.key);
            found.merged.insert(item.number, stream.merged);
        }
    }
}

/// Whether a call closes a stream.
pub(super) fn closes(call: &Call) -> bool {
    call.fd_note(call.regs.args[0] as i32, false).is_some_and(is_stream)
}
