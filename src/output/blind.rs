//! What of io_uring could not be seen, for those whose output has no place for it: one sentence at the end.

use std::cell::Cell;
use std::rc::Rc;

use crate::engine::sink::{Rings, Sink};
use crate::event::Tid;
use crate::event::ring::{Traffic, Unseen};

/// Adds up what could not be seen; a handle on it is read when the run is over.
#[derive(Debug, Default)]
pub struct Blind(Rc<Cell<Unseen>>);

impl Blind {
    /// The sum, which goes on.
    pub fn sum(&self) -> Rc<Cell<Unseen>> {
        Rc::clone(&self.0)
    }
}

impl Sink for Blind {
    fn results(&self) -> bool {
        false
    }

    fn rings(&self) -> Rings {
        Rings::Apart
    }

    fn unseen(&mut self, _tid: Tid, traffic: &Traffic) {
        let mut sum = self.0.get();
        sum.add(traffic);
        self.0.set(sum);
    }
}
