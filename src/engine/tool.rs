//! What may change the course of a tracee. Tools vote at each stop; the strongest verdict wins.

use crate::event::Call;

/// What a tool wants to happen to the task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Go on.
    Go,
    /// Let every task go.
    DetachAll,
}

/// A participant that may alter the run.
pub trait Tool {
    /// A call was entered.
    fn entry(&mut self, _call: &Call) -> Verdict {
        Verdict::Go
    }
    /// A call returned.
    fn exit(&mut self, _call: &Call) -> Verdict {
        Verdict::Go
    }
}

/// Lets everything go after a number of calls, as `--syscall-limit` asks.
#[derive(Debug)]
pub struct Limit {
    left: u64,
}

impl Limit {
    /// After `calls` calls that returned.
    pub const fn new(calls: u64) -> Self {
        Self { left: calls }
    }
}

impl Tool for Limit {
    fn exit(&mut self, _call: &Call) -> Verdict {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 { Verdict::DetachAll } else { Verdict::Go }
    }
}
