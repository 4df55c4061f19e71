//! What a sink is told. A sink only reads; it never touches the tracee.

use crate::event::{Call, End, Note, Signal, Tid};

/// A receiver of events. Every method has an empty default, so that a sink names only what it wants.
pub trait Sink {
    /// Whether it wants to know what calls returned. When no sink does, a task is stopped once a call.
    fn results(&self) -> bool {
        true
    }
    /// A call was entered; `call.outcome` is not known yet.
    fn entered(&mut self, _call: &Call) {}
    /// A call returned.
    fn left(&mut self, _call: &Call) {}
    /// A signal is being delivered.
    fn signal(&mut self, _signal: &Signal) {}
    /// A process was stopped by job control.
    fn stopped(&mut self, _signal: &Signal) {}
    /// A task ended; `pending` is the call that it was in.
    fn ended(&mut self, _tid: Tid, _end: End, _pending: Option<&Call>) {}
    /// The thread `from` called execve and from now on goes by the id `to` of its group.
    fn renamed(&mut self, _from: Tid, _to: Tid) {}
    /// A remark about a task.
    fn note(&mut self, _tid: Tid, _note: Note) {}
    /// The number of tasks that are traced now.
    fn population(&mut self, _tasks: usize) {}
    /// Everything so far should become visible.
    fn flush(&mut self) {}
    /// No more events.
    fn finish(&mut self) {}
}
