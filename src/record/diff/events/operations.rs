//! Operations of io_uring in the second look: each counts by what was asked for and how it went, without a place, for
//! the process. What it read or wrote in memory is not compared: that is known only of those whose completion was looked
//! at before the program took it.

use super::super::rules::{self, Role};
use super::super::survey::is_stream;
use super::{Finder, Item, took_us};
use crate::event::Call;

/// EAGAIN: nothing is there now.
const NOTHING_NOW: u32 = 11;

impl Finder {
    /// An operation of io_uring that completed. Which thread submits it, and what completes first, is up to the scheduler.
    pub(super) fn operation(&mut self, call: &Call, number: u32) {
        let Some(task) = self.task(call.tid) else { return };
        let strict = self.setup.strict;
        let process = self.setup.lineage.tasks[task].process;
        if !strict && self.soft_operation(process, call, number) {
            return;
        }
        let mut key = std::mem::take(&mut self.key);
        self.world.operation(call, &mut key);
        let asked = self.interner.borrow_mut().number(&key);
        self.world.result(call, &mut key);
        let whole = self.interner.borrow_mut().number(&key);
        self.key = key;
        let place = if strict { task } else { process };
        self.push(place, Item { whole, asked, number, took_us: took_us(call) }, !strict);
    }

    /// Whether the scheduler, the other end of a stream or the addresses of memory decide what an operation says; what it moves
    /// is counted.
    fn soft_operation(&mut self, process: usize, call: &Call, number: u32) -> bool {
        let incoming = match rules::role_of_operation(call.known_name().unwrap_or("")) {
            Role::Scheduling | Role::Polling | Role::Memory | Role::Waiting => return true,
            Role::Moving(incoming) => incoming,
            _ => return false,
        };
        let Some(note) = call.fd_note(call.regs.args[0] as i32, false).filter(|_| self.world.targets) else {
            return false;
        };
        if incoming && rules::is_fleeting(&note.target) {
            return true;
        }
        if !is_stream(note) {
            return false;
        }
        let Some(moved) = call.outcome.filter(|outcome| !outcome.failed).map(|outcome| outcome.value) else {
            return call.outcome.and_then(|outcome| outcome.errno()) == Some(NOTHING_NOW);
        };
        let place = (process, incoming, [b"io_uring ", &*note.target].concat());
        let index = match self.streams.get(&place) {
            Some(index) => *index,
            None => self.new_stream(place, call, number, true),
        };
        if let Some(stream) = self.all_streams.get_mut(index) {
            stream.merged.calls += 1;
            stream.merged.bytes = stream.merged.bytes.saturating_add(moved.max(0) as u64);
        }
        true
    }
}
