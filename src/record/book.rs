//! Who is who: the tasks and programs as they are at a point of a recording.
//!
//! A ring drops its oldest frames; what those told of tasks and programs is kept here, so that a dump stands
//! alone. It never grows beyond the tasks that live.

use std::collections::BTreeMap;

use super::encode::{Cut, Encoder};
use super::streams::Streams;
use crate::event::{Program, Started, Tid};

/// What became of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It is traced from now on.
    Started(Started),
    /// Its process runs a program with this build id.
    Executed(Program, Vec<u8>),
    /// It goes by another id.
    Renamed(Tid, Tid),
    /// It ended.
    Ended(Tid),
    /// So many are traced.
    Population(usize),
}

/// The tasks that live.
#[derive(Debug, Default, Clone)]
pub struct Book {
    tasks: BTreeMap<Tid, Started>,
    programs: BTreeMap<Tid, (Program, Vec<u8>)>,
    population: usize,
}

impl Book {
    /// Writes down what a frame told.
    pub fn apply(&mut self, changes: &[Change]) {
        for change in changes {
            match change {
                Change::Started(started) => {
                    self.tasks.insert(started.tid, *started);
                }
                Change::Executed(program, id) => {
                    self.programs.insert(program.process, (program.clone(), id.clone()));
                }
                Change::Renamed(from, to) => {
                    if let Some(task) = self.tasks.remove(from) {
                        self.tasks.insert(*to, Started { tid: *to, ..task });
                    }
                }
                Change::Ended(tid) => {
                    self.tasks.remove(tid);
                    if !self.tasks.values().any(|task| task.process == *tid) {
                        self.programs.remove(tid);
                    }
                }
                Change::Population(tasks) => self.population = *tasks,
            }
        }
    }

    /// A frame that tells all of it; `None` when there is nothing.
    pub fn frame(&self) -> Option<Cut> {
        let mut encoder = Encoder::default();
        for task in self.tasks.values() {
            encoder.started(task);
        }
        for (program, id) in self.programs.values() {
            encoder.executed(program, id);
        }
        if self.population > 0 {
            encoder.population(self.population);
        }
        (!encoder.is_empty()).then(|| encoder.cut(Streams::default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started(tid: i32, process: i32) -> Change {
        Change::Started(Started {
            tid: Tid(tid),
            process: Tid(process),
            parent: Tid(1),
            attached: false,
            at: Default::default(),
        })
    }

    #[test]
    fn only_the_living_are_kept() {
        let mut book = Book::default();
        let program = |pid| Change::Executed(Program { process: Tid(pid), ..Program::default() }, vec![1]);
        book.apply(&[started(5, 5), program(5), started(6, 5), started(9, 9), program(9)]);
        book.apply(&[Change::Ended(Tid(9)), Change::Ended(Tid(5)), Change::Renamed(Tid(6), Tid(5))]);
        assert_eq!(book.tasks.keys().collect::<Vec<_>>(), [&Tid(5)]);
        assert_eq!(book.programs.keys().collect::<Vec<_>>(), [&Tid(5)]);
        assert_eq!(book.frame().unwrap().events, 2);
        book.apply(&[Change::Ended(Tid(5))]);
        assert!(book.frame().is_none());
    }
}
