//! The sink that counts a run in a tally and hands it over at the end: below trees, tables and graphs.

use super::tally::Tally;
use crate::decode;
use crate::engine::sink::{Processes, Rings, Sink};
use crate::event::ring::{Completion, Traffic};
use crate::event::{Call, End, Program, Signal, Stamp, Started, Tid};

/// Counts until the end, then tells. It needs the descriptors of calls noted.
#[derive(Debug)]
pub struct Counting<F> {
    tally: Tally,
    tell: F,
    rings: bool,
}

impl<F: FnMut(&Tally)> Counting<F> {
    /// A sink that calls `tell` once with what was counted. Calls are decoded by `options`, which must not ask for more
    /// than is captured. With `rings`, operations of io_uring count.
    pub fn new(options: decode::Options, rings: bool, tell: F) -> Self {
        Self { tally: Tally::new(options), tell, rings }
    }
}

impl<F: FnMut(&Tally)> Sink for Counting<F> {
    fn processes(&self) -> Processes {
        Processes::Programs
    }

    fn started(&mut self, started: &Started) {
        self.tally.started(started);
    }

    fn executed(&mut self, program: &Program) {
        self.tally.executed(program);
    }

    fn entered(&mut self, call: &Call) {
        self.tally.entered(call);
    }

    fn left(&mut self, call: &Call) {
        self.tally.left(call);
    }

    fn rings(&self) -> Rings {
        if self.rings { Rings::Apart } else { Rings::None }
    }

    fn completed(&mut self, tid: Tid, completion: &Completion) {
        self.tally.completed(tid, completion);
    }

    fn unseen(&mut self, tid: Tid, traffic: &Traffic) {
        self.tally.unseen(tid, traffic);
    }

    fn signal(&mut self, signal: &Signal) {
        self.tally.signal(signal);
    }

    fn ended(&mut self, tid: Tid, end: End, _pending: Option<&Call>, at: Stamp) {
        self.tally.ended(tid, end, at);
    }

    fn renamed(&mut self, from: Tid, to: Tid) {
        self.tally.renamed(from, to);
    }

    fn finish(&mut self) {
        self.tally.finish();
        (self.tell)(&self.tally);
    }
}
