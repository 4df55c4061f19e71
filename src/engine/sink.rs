//! What a sink is told. A sink only reads; it never touches the tracee.

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
    /// Whether it wants to know what goes over the rings of io_uring (`Call::ring`).
    fn rings(&self) -> bool {
        false
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
