//! From a recording to sinks, as if the run were live.
//!
//! A call that is not wanted is not told, nor a note that was not asked for. What a sink hears otherwise is what
//! the engine would have told it: nobody formats anything here.

use std::io;

use super::format::{Kind, Malformed};
use super::parse::{Parser, Told, Want};
use super::reader::{Damage, Recording, Source};
use crate::engine::sink::{self, Processes, Sink};
use crate::event::Call;
use crate::filter::Wanted;

/// What of a recording is told.
#[derive(Debug, Clone)]
pub struct View {
    /// Which calls.
    pub wanted: Wanted,
    /// Which notes of them.
    pub want: Want,
    /// After so many calls that returned no more is told.
    pub limit: Option<u64>,
}

/// How a replay went.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Replayed {
    /// Number of events that were told or passed over.
    pub events: u64,
    /// The run is recorded to its end.
    pub complete: bool,
    /// What was damaged and passed over.
    pub damage: Vec<Damage>,
}

struct Teller<'a> {
    view: &'a View,
    sinks: &'a mut [Box<dyn Sink>],
    processes: Vec<Processes>,
    outcome: Replayed,
    left: u64,
}

/// Tells all of `recording` to `sinks`, and that nothing follows.
///
/// # Errors
/// What reading the file says.
pub fn replay<S: Source>(
    recording: &mut Recording<S>,
    view: &View,
    sinks: &mut [Box<dyn Sink>],
) -> io::Result<Replayed> {
    let mut parser = Parser::new(view.want);
    let processes = sinks.iter().map(|sink| sink.processes()).collect();
    let outcome = Replayed { damage: recording.damage.clone(), ..Replayed::default() };
    let mut teller = Teller { view, sinks, processes, outcome, left: 0 };
    let frames = recording.index.frames.clone();
    let mut raw = Vec::new();
    for entry in frames.iter().filter(|entry| entry.kind == Kind::Events) {
        if teller.is_full() {
            break;
        }
        let result = match recording.read(entry, &mut raw)? {
            Ok(head) => parser.frame(head.sequence, &raw, &mut |told| teller.tell(told)),
            Err(wrong) => Err(wrong),
        };
        if let Err(Malformed(what)) = result {
            teller.outcome.damage.push(Damage { offset: entry.offset, what });
        }
    }
    for sink in teller.sinks.iter_mut() {
        sink.finish();
    }
    Ok(teller.outcome)
}

impl Teller<'_> {
    fn is_full(&self) -> bool {
        self.view.limit.is_some_and(|limit| self.left >= limit)
    }

    fn wants(&self, call: &Call) -> bool {
        self.view.wanted.has(call.regs.abi, call.regs.nr)
    }

    fn each(&mut self, mut what: impl FnMut(&mut dyn Sink)) {
        for sink in self.sinks.iter_mut() {
            what(sink.as_mut());
        }
    }

    fn tell(&mut self, told: Told<'_>) {
        if self.is_full() {
            return;
        }
        self.outcome.events += 1;
        match told {
            Told::Entered(call) if self.wants(call) => self.each(|sink| sink.entered(call)),
            Told::Left(call) if self.wants(call) => {
                self.left += 1;
                self.each(|sink| sink::left(sink, call));
            }
            Told::Entered(_) | Told::Left(_) => {}
            Told::Signal(signal) => self.each(|sink| sink.signal(signal)),
            Told::Stopped(signal) => self.each(|sink| sink.stopped(signal)),
            Told::Ended(tid, end, pending, at) => {
                let pending = pending.filter(|call| self.wants(call));
                self.each(|sink| sink::ended(sink, tid, end, pending, at));
            }
            Told::Renamed(from, to) => self.each(|sink| sink.renamed(from, to)),
            Told::Note(tid, note, at) => self.each(|sink| sink.note(tid, note, at)),
            Told::Named(tid, comm) => self.each(|sink| sink.named(tid, comm)),
            Told::Population(tasks) => self.each(|sink| sink.population(tasks)),
            Told::Started(started) => self.programs(|sink, _| sink.started(started)),
            Told::Executed(program, _) => self.programs(|sink, wants| {
                if wants == Processes::Environments || program.env.is_none() {
                    return sink.executed(program);
                }
                let mut program = program.clone();
                program.env = None;
                sink.executed(&program);
            }),
            Told::Flush => self.each(|sink| sink.flush()),
            Told::Finish => self.outcome.complete = true,
        }
    }

    /// Tells the sinks that want to know of processes.
    fn programs(&mut self, mut what: impl FnMut(&mut dyn Sink, Processes)) {
        for (sink, &wants) in self.sinks.iter_mut().zip(&self.processes) {
            if wants != Processes::None {
                what(sink.as_mut(), wants);
            }
        }
    }
}
