//! What stands behind a value in the text: what a descriptor is open on, and security contexts.

use super::render::TextRender;
use super::{descriptor, extra};
use crate::event::FdNote;
use crate::event::extra::Subject;

impl TextRender<'_> {
    /// A descriptor of another process.
    pub(super) fn foreign(&mut self, fd: i32) {
        self.decimal(i64::from(fd));
        self.target(FdNote::foreign(self.foreign));
        self.foreign += 1;
    }

    /// What a descriptor is open on, where it is noted.
    pub(super) fn target(&mut self, fd: i32) {
        let mut notes = self.fds.iter().filter(|note| note.fd == fd);
        if let Some(note) = if self.late { notes.next_back() } else { notes.next() } {
            descriptor::write(self.out, note, self.spelling.fds, self.spelling.hex);
        }
    }

    /// The context of what was written, where one is known.
    pub(super) fn context(&mut self, of: impl FnOnce() -> Subject) {
        if let Some(extra) = self.call.and_then(|call| call.extra.as_deref()) {
            extra::context(self.out, extra, &of(), self.late);
        }
    }
}
