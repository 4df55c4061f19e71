//! What makes a ring be dumped by itself: the first call that it is told of.

use super::writer::Remote;
use crate::engine::sink::Sink;
use crate::event::Call;

/// Asks once for a dump. A query before it (`Where`) chooses the call.
#[derive(Debug)]
pub struct OnCall(Option<Remote>);

impl OnCall {
    /// Asks `remote`; to stand behind its recorder, so that the call itself is in the dump.
    pub const fn new(remote: Remote) -> Self {
        Self(Some(remote))
    }

    fn ask(&mut self) {
        if let Some(remote) = self.0.take() {
            remote.dump();
        }
    }
}

impl Sink for OnCall {
    fn left(&mut self, _call: &Call) {
        self.ask();
    }

    fn ended(
        &mut self,
        _tid: crate::event::Tid,
        _end: crate::event::End,
        pending: Option<&Call>,
        _at: crate::event::Stamp,
    ) {
        if pending.is_some() {
            self.ask();
        }
    }
}
