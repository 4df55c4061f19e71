//! A summary for each process, in a file of its own (`-c -ff -o FILE` gives FILE.PID).

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::engine::sink::{Processes, Rings, Sink};
use crate::event::ring::{Completion, Traffic};
use crate::event::{Call, End, Stamp, Started, Tid};
use crate::output::summary::{Columns, Measure, Sort, Summary};
use crate::output::text::place;

/// Counts calls by process; threads count for theirs.
#[derive(Debug)]
pub struct Each {
    base: PathBuf,
    append: bool,
    program: String,
    sort: Sort,
    columns: Columns,
    measure: Measure,
    /// Operations of io_uring are counted.
    rings: bool,
    process_of: HashMap<Tid, Tid>,
    tables: HashMap<Tid, Summary>,
}

impl Each {
    /// Tables in `BASE.PID`; messages begin with `program`; `rings` counts operations of io_uring.
    pub fn new(
        base: PathBuf,
        append: bool,
        program: &str,
        (sort, columns, measure): (Sort, Columns, Measure),
        rings: bool,
    ) -> Self {
        let program = program.to_owned();
        let (process_of, tables) = (HashMap::new(), HashMap::new());
        Self { base, append, program, sort, columns, measure, rings, process_of, tables }
    }

    fn table(&mut self, tid: Tid) -> Option<&mut Summary> {
        let process = self.process_of.get(&tid).copied().unwrap_or(tid);
        if !self.tables.contains_key(&process) {
            let mut name = self.base.clone().into_os_string();
            name.push(format!(".{}", process.0));
            match place::create(Path::new(&name), self.append) {
                Ok(file) => {
                    let table = Summary::new(file, self.sort, self.columns.clone(), self.measure);
                    let table = table.with_rings(self.rings);
                    self.tables.insert(process, table);
                }
                Err(error) => {
                    eprintln!("{}: Can't fopen '{}': {error}", self.program, name.display());
                    return None;
                }
            }
        }
        self.tables.get_mut(&process)
    }
}

impl Sink for Each {
    fn results(&self) -> bool {
        self.columns.results()
    }

    fn processes(&self) -> Processes {
        Processes::Programs
    }

    fn started(&mut self, started: &Started) {
        self.process_of.insert(started.tid, started.process);
    }

    fn entered(&mut self, call: &Call) {
        if let Some(table) = self.table(call.tid) {
            table.entered(call);
        }
    }

    fn left(&mut self, call: &Call) {
        if let Some(table) = self.table(call.tid) {
            table.left(call);
        }
    }

    fn rings(&self) -> Rings {
        if self.rings && self.columns.results() { Rings::Apart } else { Rings::None }
    }

    fn completed(&mut self, tid: Tid, completion: &Completion) {
        // Who asked for it did it, whoever sees it complete.
        let tid = completion.operation.as_ref().map_or(tid, |operation| operation.call.tid);
        if let Some(table) = self.table(tid) {
            table.completed(tid, completion);
        }
    }

    fn unseen(&mut self, tid: Tid, traffic: &Traffic) {
        if let Some(table) = self.table(tid) {
            table.unseen(tid, traffic);
        }
    }

    fn renamed(&mut self, from: Tid, to: Tid) {
        if let Some(process) = self.process_of.remove(&from) {
            self.process_of.insert(to, process);
        }
    }

    fn ended(&mut self, tid: Tid, end: End, pending: Option<&Call>, at: Stamp) {
        if pending.is_some()
            && let Some(table) = self.table(tid)
        {
            table.ended(tid, end, pending, at);
        }
        let process = self.process_of.remove(&tid).unwrap_or(tid);
        let lives = self.process_of.values().any(|other| *other == process);
        if !lives
            && !matches!(end, End::Superseded { .. })
            && let Some(mut table) = self.tables.remove(&process)
        {
            table.finish();
        }
    }

    fn finish(&mut self) {
        for (_, mut table) in self.tables.drain() {
            table.finish();
        }
    }
}
