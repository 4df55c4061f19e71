//! What a sink is told. A sink only reads; it never touches the tracee.

use crate::event::ring::{Completion, Traffic};
use crate::event::{Call, End, Note, Program, Signal, Stamp, Started, Tid};

/// What a sink wants to know of processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Processes {
    /// Nothing.
    #[default]
    None,
    /// Who started whom, and what each runs.
    Programs,
    /// The same with environments.
    Environments,
}

/// What a sink wants to know of the rings of io_uring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Rings {
    /// Nothing.
    #[default]
    None,
    /// What goes over them with a call, as part of it: `Call::ring`.
    Within,
    /// The same, and each operation by itself: [`Sink::completed`].
    Apart,
}

/// A receiver of events. Every method has an empty default, so that a sink names only what it wants.
pub trait Sink {
    /// Whether it wants to know what calls returned. When no sink does, a task is stopped once a call.
    fn results(&self) -> bool {
        true
    }
    /// What it wants to know of processes; what nobody wants is not read.
    fn processes(&self) -> Processes {
        Processes::None
    }
    /// What it wants to know of the rings of io_uring. What nobody wants is not read.
    fn rings(&self) -> Rings {
        Rings::None
    }
    /// A task is traced from now on. Told before anything else of it.
    fn started(&mut self, _started: &Started) {}
    /// A process runs another program, or was found running it. The call that did it has not returned yet.
    fn executed(&mut self, _program: &Program) {}
    /// A task made the call of this number, reported or not; told where somebody asked.
    fn numbered(&mut self, _tid: Tid, _nr: u64) {}
    /// A call was entered; `call.outcome` is not known yet.
    fn entered(&mut self, _call: &Call) {}
    /// A call returned.
    fn left(&mut self, _call: &Call) {}
    /// A completion was seen by task `tid`, with the operation as a call where it is known whose it is. Told after the call with
    /// which it was seen, where it is wanted [`Rings::Apart`].
    fn completed(&mut self, _tid: Tid, _completion: &Completion) {}
    /// Something of what went over the ring of a call of task `tid` could not be seen; told to whom completions are told.
    fn unseen(&mut self, _tid: Tid, _traffic: &Traffic) {}
    /// A signal is being delivered.
    fn signal(&mut self, _signal: &Signal) {}
    /// A process was stopped by job control.
    fn stopped(&mut self, _signal: &Signal) {}
    /// A task ended; `pending` is the call that it was in.
    fn ended(&mut self, _tid: Tid, _end: End, _pending: Option<&Call>, _at: Stamp) {}
    /// The thread `from` called execve and from now on goes by the id `to` of its group.
    fn renamed(&mut self, _from: Tid, _to: Tid) {}
    /// What a task is called, told when it changes and where somebody asked.
    fn named(&mut self, _tid: Tid, _comm: &[u8]) {}
    /// A remark about a task.
    fn note(&mut self, _tid: Tid, _note: Note, _at: Stamp) {}
    /// The number of tasks that are traced now.
    fn population(&mut self, _tasks: usize) {}
    /// Everything so far should become visible.
    fn flush(&mut self) {}
    /// No more events.
    fn finish(&mut self) {}
}

/// Tells a call that returned, and what completed on its ring.
pub fn left(sink: &mut dyn Sink, call: &Call) {
    sink.left(call);
    completions(sink, call, |_| true);
}

/// Tells that a task ended, and what had completed on the ring of the call that it was in.
pub fn ended(sink: &mut dyn Sink, tid: Tid, end: End, pending: Option<&Call>, at: Stamp) {
    if let Some(call) = pending {
        completions(sink, call, |_| true);
    }
    sink.ended(tid, end, pending, at);
}

/// Tells the completions of a call for which `holds`, and that there are others, where they are wanted apart.
pub fn completions(sink: &mut dyn Sink, call: &Call, holds: impl Fn(&Completion) -> bool) {
    let Some(traffic) = &call.ring else { return };
    if sink.rings() == Rings::Apart {
        // The result of an operation comes before the notice that its buffer is free.
        let results = traffic.completions().filter(|completion| !completion.is_notice() && holds(completion));
        results.for_each(|completion| sink.completed(call.tid, completion));
        if traffic.is_blind() {
            sink.unseen(call.tid, traffic);
        }
    }
}
