//! Sinks that are told only of calls for which a query holds (`--where`).
//!
//! Where the query can be answered at the entry, a call passes as it comes, so that a blocked one is seen. Else the sinks
//! hear of a call when it has returned, entry and return in a row; of a call that never returns, when its task ends.
//! Signals, ends and remarks pass.
//!
//! An operation of io_uring is asked about as a call is. Sinks that take operations apart hear of those for which the
//! query holds; the others hear of the io_uring_enter with which one of them was submitted or seen to be complete.

use std::collections::HashMap;

use crate::engine::sink::{self, Processes, Rings, Sink};
use crate::event::ring::Completion;
use crate::event::{Call, End, Note, Program, Signal, Stamp, Started, Tid};
use crate::filter::query::{Context, Facts, Query};

/// A filter before other sinks.
pub struct Where {
    query: Query,
    /// The query needs what calls return.
    late: bool,
    inner: Vec<Box<dyn Sink>>,
    known: Known,
    /// Tasks inside a call that sinks have been told of, and which.
    told: HashMap<Tid, Told>,
}

/// Who hears of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// Every sink: the query holds for it.
    All,
    /// Those that take operations as a part of it: the query holds for one of these.
    Within,
}

impl Where {
    /// Tells `inner` of the calls for which `query` holds.
    pub fn new(query: Query, inner: Vec<Box<dyn Sink>>) -> Self {
        let late = query.needs().results;
        Self { query, late, inner, known: Known::default(), told: HashMap::new() }
    }

    fn tell(&mut self, mut what: impl FnMut(&mut dyn Sink)) {
        for sink in &mut self.inner {
            what(sink.as_mut());
        }
    }

    /// Tells of a call whom it concerns.
    fn tell_of(&mut self, told: Told, mut what: impl FnMut(&mut dyn Sink)) {
        self.tell(|sink| {
            if told == Told::All || sink.rings() != Rings::Apart {
                what(sink);
            }
        });
    }

    /// Who hears of a call, as far as can be said now.
    fn concerns(&self, call: &Call) -> Option<Told> {
        if self.query.matches(call, &self.known) {
            return Some(Told::All);
        }
        let traffic = call.ring.as_ref()?;
        self.query.matches_ring(traffic, &self.known).then_some(Told::Within)
    }

    /// Tells of the operations that completed, whom they concern.
    fn completions(&mut self, call: &Call) {
        let Self { query, known, inner, .. } = self;
        let holds = |completion: &Completion| {
            completion.operation.as_ref().is_some_and(|operation| query.matches(&operation.call, known))
        };
        inner.iter_mut().for_each(|inner| sink::completions(inner.as_mut(), call, holds));
    }
}

/// What is remembered of processes: told in the order of events, it answers for the moment that was told last.
#[derive(Debug, Default)]
pub struct Known {
    process_of: HashMap<Tid, Tid>,
    processes: HashMap<Tid, Process>,
}

#[derive(Debug, Clone, Default)]
struct Process {
    comm: Vec<u8>,
    exe: Vec<u8>,
    depth: u32,
    /// What it runs from its next call on: the execve that changed it is still the former program's.
    next: Option<(Vec<u8>, Vec<u8>)>,
    /// Tasks that belong to it.
    tasks: u32,
}

impl Process {
    fn settle(&mut self) {
        if let Some((comm, exe)) = self.next.take() {
            (self.comm, self.exe) = (comm, exe);
        }
    }
}

impl Known {
    /// A task is there.
    pub fn started(&mut self, started: &Started) {
        if self.process_of.insert(started.tid, started.process).is_some() {
            return;
        }
        if !self.processes.contains_key(&started.process) {
            let mut process = match self.processes.get(&started.parent) {
                Some(parent) => Process { depth: parent.depth + 1, tasks: 0, ..parent.clone() },
                None => Process::default(),
            };
            process.settle();
            self.processes.insert(started.process, process);
        }
        if let Some(process) = self.processes.get_mut(&started.process) {
            process.tasks += 1;
        }
    }

    /// A process runs another program, from its next call on.
    pub fn executed(&mut self, program: &Program) {
        let process = self.processes.entry(program.process).or_default();
        process.next = Some((program.comm.clone(), program.exe.clone()));
        if program.attached {
            process.settle();
        }
    }

    /// A task begins its next call.
    pub fn entered(&mut self, tid: Tid) {
        let process = self.process_of.get(&tid).copied().unwrap_or(tid);
        if let Some(process) = self.processes.get_mut(&process) {
            process.settle();
        }
    }

    /// A task is gone.
    pub fn ended(&mut self, tid: Tid) {
        let Some(id) = self.process_of.remove(&tid) else { return };
        if let Some(process) = self.processes.get_mut(&id) {
            process.tasks = process.tasks.saturating_sub(1);
            if process.tasks == 0 {
                self.processes.remove(&id);
            }
        }
    }

    /// A task goes by another id.
    pub fn renamed(&mut self, from: Tid, to: Tid) {
        // The leader's end has been told; the process goes on under its id.
        if let Some(process) = self.process_of.remove(&from) {
            self.process_of.insert(to, process);
        }
    }
}

impl Context for Known {
    fn process(&self, tid: Tid) -> Option<Facts<'_>> {
        let id = self.process_of.get(&tid).copied()?;
        let process = self.processes.get(&id)?;
        Some(Facts { pid: id.0, comm: &process.comm, exe: &process.exe, depth: process.depth })
    }
}

impl Sink for Where {
    fn results(&self) -> bool {
        self.late || self.inner.iter().any(|sink| sink.results())
    }

    fn rings(&self) -> Rings {
        let own = if self.query.needs().rings { Rings::Within } else { Rings::None };
        // It tells of operations by itself.
        self.inner.iter().map(|sink| sink.rings()).fold(own, Rings::max).min(Rings::Within)
    }

    fn processes(&self) -> Processes {
        let own = if self.query.needs().processes { Processes::Programs } else { Processes::None };
        self.inner.iter().map(|sink| sink.processes()).fold(own, Processes::max)
    }

    fn started(&mut self, started: &Started) {
        self.known.started(started);
        self.tell(|sink| sink.started(started));
    }

    fn executed(&mut self, program: &Program) {
        self.known.executed(program);
        self.tell(|sink| sink.executed(program));
    }

    fn numbered(&mut self, tid: Tid, nr: u64) {
        self.tell(|sink| sink.numbered(tid, nr));
    }

    fn entered(&mut self, call: &Call) {
        self.known.entered(call.tid);
        if self.late {
            return;
        }
        self.told.remove(&call.tid);
        if let Some(told) = self.concerns(call) {
            self.told.insert(call.tid, told);
            self.tell_of(told, |sink| sink.entered(call));
        }
    }

    fn left(&mut self, call: &Call) {
        let told = self.told.remove(&call.tid);
        if let Some(told) = told {
            self.tell_of(told, |sink| sink.left(call));
        } else if self.late || call.ring.is_some() {
            // What completed while the call ran is news.
            if let Some(told) = self.concerns(call) {
                self.tell_of(told, |sink| {
                    sink.entered(call);
                    sink.left(call);
                });
            }
        }
        self.completions(call);
    }

    fn signal(&mut self, signal: &Signal) {
        self.tell(|sink| sink.signal(signal));
    }

    fn stopped(&mut self, signal: &Signal) {
        self.tell(|sink| sink.stopped(signal));
    }

    fn ended(&mut self, tid: Tid, end: End, pending: Option<&Call>, at: Stamp) {
        let before = self.told.remove(&tid);
        let told = if self.late { pending.and_then(|call| self.concerns(call)) } else { before };
        if let Some(call) = pending {
            self.completions(call);
        }
        let late = self.late;
        self.tell(|sink| {
            let concerns = told == Some(Told::All) || told.is_some() && sink.rings() != Rings::Apart;
            let pending = pending.filter(|_| concerns);
            if let Some(call) = pending.filter(|_| late) {
                sink.entered(call);
            }
            sink.ended(tid, end, pending, at);
        });
        self.known.ended(tid);
    }

    fn renamed(&mut self, from: Tid, to: Tid) {
        self.known.renamed(from, to);
        if let Some(told) = self.told.remove(&from) {
            self.told.insert(to, told);
        }
        self.tell(|sink| sink.renamed(from, to));
    }

    fn named(&mut self, tid: Tid, comm: &[u8]) {
        self.tell(|sink| sink.named(tid, comm));
    }

    fn note(&mut self, tid: Tid, note: Note, at: Stamp) {
        self.tell(|sink| sink.note(tid, note, at));
    }

    fn population(&mut self, tasks: usize) {
        self.tell(|sink| sink.population(tasks));
    }

    fn flush(&mut self) {
        self.tell(|sink| sink.flush());
    }

    fn finish(&mut self) {
        self.tell(|sink| sink.finish());
    }
}
