//! The sink of trees and summary tables: one tally, drawn at the end.

use std::fs::File;
use std::io::Write;

use super::grid::Look;
use super::tables::{self, Table};
use super::tally::Tally;
use super::tree::{self, Detail};
use crate::decode;
use crate::engine::sink::{Processes, Rings, Sink};
use crate::event::ring::{Completion, Traffic};
use crate::event::{Call, End, Program, Signal, Stamp, Started, Tid};
use crate::output::losses;

/// What is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The tree of processes.
    pub tree: Option<Detail>,
    /// Tables, in order.
    pub tables: Vec<Table>,
    /// Most rows of a table.
    pub top: usize,
}

/// Counts until the end, then draws. It needs the descriptors of calls noted.
#[derive(Debug)]
pub struct Report {
    tally: Tally,
    wanted: Wanted,
    look: Look,
    out: File,
    /// Operations of io_uring count.
    rings: bool,
}

impl Report {
    /// A report to `out`. Calls are decoded by `options`, which must not ask for more than is captured.
    pub fn new(out: File, wanted: Wanted, look: Look, options: decode::Options) -> Self {
        Self { tally: Tally::new(options), wanted, look, out, rings: false }
    }

    /// The same with operations of io_uring, where `rings` says so.
    pub fn with_rings(self, rings: bool) -> Self {
        Self { rings, ..self }
    }

    fn text(&self) -> String {
        let mut parts = Vec::new();
        if let Some(detail) = self.wanted.tree {
            parts.push(tree::draw(&self.tally, detail, self.look));
        }
        for table in &self.wanted.tables {
            parts.push(tables::draw(&self.tally, *table, self.wanted.top, self.look));
        }
        let blind = self.tally.blind();
        if !blind.is_empty() {
            parts.push(format!("note: {blind}\n"));
        }
        parts.join("\n")
    }
}

impl Sink for Report {
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
        if let Err(error) = self.out.write_all(self.text().as_bytes()) {
            losses::say("the report", &error);
        }
    }
}
