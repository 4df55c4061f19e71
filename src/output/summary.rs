//! The summary sink: calls, errors and times by name (`-c`, `-C`).

use std::collections::HashMap;
use std::fs::File;
use std::io::Write;

use crate::engine::sink::Sink;
use crate::event::Call;

/// By what the table is sorted (`-S`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Total time.
    #[default]
    Time,
    /// Number of calls.
    Calls,
    /// Number of errors.
    Errors,
    /// Name.
    Name,
    /// Order of appearance.
    Nothing,
}

#[derive(Debug, Default, Clone, Copy)]
struct Row {
    calls: u64,
    errors: u64,
    total_ns: u64,
    order: usize,
}

/// Counts calls and prints a table at the end.
#[derive(Debug)]
pub struct Summary {
    rows: HashMap<&'static str, Row>,
    sort: Sort,
    out: File,
}

impl Summary {
    /// A summary that is printed to `out`.
    pub fn new(out: File, sort: Sort) -> Self {
        Self { rows: HashMap::new(), sort, out }
    }

    fn table(&self) -> String {
        let mut rows: Vec<(&str, Row)> = self.rows.iter().map(|(name, row)| (*name, *row)).collect();
        rows.sort_by(|(a, x), (b, y)| match self.sort {
            Sort::Time => y.total_ns.cmp(&x.total_ns).then(a.cmp(b)),
            Sort::Calls => y.calls.cmp(&x.calls).then(a.cmp(b)),
            Sort::Errors => y.errors.cmp(&x.errors).then(a.cmp(b)),
            Sort::Name => a.cmp(b),
            Sort::Nothing => x.order.cmp(&y.order),
        });
        let total = rows.iter().fold(Row::default(), |sum, (_, row)| Row {
            calls: sum.calls + row.calls,
            errors: sum.errors + row.errors,
            total_ns: sum.total_ns + row.total_ns,
            order: 0,
        });
        let rule = "------ ----------- ----------- --------- --------- ----------------\n";
        let mut text = String::from("% time     seconds  usecs/call     calls    errors syscall\n");
        text.push_str(rule);
        for (name, row) in rows {
            text.push_str(&line(name, row, total.total_ns));
        }
        text.push_str(rule);
        text.push_str(&line("total", total, total.total_ns));
        text
    }
}

fn line(name: &str, row: Row, all_ns: u64) -> String {
    let share = if all_ns == 0 { 0.0 } else { 100.0 * row.total_ns as f64 / all_ns as f64 };
    let seconds = row.total_ns as f64 / 1e9;
    let per_call = row.total_ns / 1000 / row.calls.max(1);
    let errors = if row.errors == 0 { String::new() } else { row.errors.to_string() };
    format!("{share:6.2} {seconds:11.6} {per_call:11} {:9} {errors:>9} {name}\n", row.calls)
}

impl Sink for Summary {
    fn left(&mut self, call: &Call) {
        let name = call.signature.map_or("unknown", |s| s.name);
        let order = self.rows.len();
        let row = self.rows.entry(name).or_insert(Row { order, ..Row::default() });
        row.calls += 1;
        row.errors += u64::from(call.outcome.is_some_and(|o| o.failed));
        row.total_ns += call.left.mono_ns.saturating_sub(call.entered.mono_ns);
    }

    fn finish(&mut self) {
        let table = self.table();
        if let Err(error) = self.out.write_all(table.as_bytes()) {
            eprintln!("the summary could not be written: {error}");
        }
    }
}
