//! Tasks that a tool keeps stopped for a while; the loop goes on with the others.

use std::time::{Duration, Instant};

use super::Engine;
use super::tool::Hand;
use crate::tracee::Stopped;

/// A shorter delay is slept on the spot: to be woken takes about as long.
const SHORT: Duration = Duration::from_micros(200);

/// The tasks, when each goes on, and the signal that it then gets.
#[derive(Debug, Default)]
pub(super) struct Delays {
    waiting: Vec<(Instant, Stopped, i32)>,
}

impl Delays {
    /// Every task that waits, and its signal.
    pub(super) fn all(&mut self) -> Vec<(Stopped, i32)> {
        self.waiting.drain(..).map(|(_, stopped, signo)| (stopped, signo)).collect()
    }

    /// The task ended.
    pub(super) fn forget(&mut self, tid: i32) {
        self.waiting.retain(|(_, stopped, _)| stopped.tid != tid);
    }

    /// Those whose time has come.
    fn due(&mut self) -> Vec<(Stopped, i32)> {
        let now = Instant::now();
        let (due, waiting) = self.waiting.drain(..).partition(|(at, _, _)| *at <= now);
        self.waiting = waiting;
        let due: Vec<_> = due;
        due.into_iter().map(|(_, stopped, signo)| (stopped, signo)).collect()
    }
}

impl Engine {
    /// Lets a task go on as a tool wants it: at once or later.
    pub(super) fn resume_later(&mut self, stopped: Stopped, hand: &Hand) {
        let delay = Duration::from_nanos(hand.delay_ns);
        if delay <= SHORT {
            if !delay.is_zero() {
                std::thread::sleep(delay);
            }
            return self.resume(stopped, hand.signo);
        }
        self.delays.waiting.push((Instant::now() + delay, stopped, hand.signo));
        self.control.look_after(delay);
    }

    /// Lets the tasks go on whose time has come.
    pub(super) fn release_due(&mut self) {
        if !self.delays.waiting.is_empty() {
            for (stopped, signo) in self.delays.due() {
                self.resume(stopped, signo);
            }
        }
    }
}
