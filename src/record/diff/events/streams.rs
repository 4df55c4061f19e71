//! What goes through pipes, sockets and terminals in the second look: one item for each stream, whatever the pieces in
//! which bytes come.

use super::{Deeds, Finder, Item, Stream};
use crate::event::Call;

impl Finder {
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
