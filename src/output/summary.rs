//! The summary sink: calls, errors and times by name (`-c`, `-C`).

use std::collections::HashMap;
use std::fs::File;
use std::io::Write;

use crate::engine::sink::Sink;
use crate::event::Call;
use crate::output::json::write;

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

impl Sort {
    /// By its name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "time" | "time_total" | "total_time" | "time-percent" | "time-total" => Self::Time,
            "calls" | "count" => Self::Calls,
            "errors" | "error" => Self::Errors,
            "name" | "syscall" | "syscall_name" => Self::Name,
            "nothing" | "none" => Self::Nothing,
            _ => return None,
        })
    }
}

/// A column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Share,
    Total,
    Average,
    Calls,
    Errors,
    Name,
}

/// Names of columns, the column, its head and its width.
const COLUMNS: &[(&[&str], Column, &str, usize)] = &[
    (&["time-percent", "time", "time_percent"], Column::Share, "% time", 6),
    (&["total-time", "time-total", "total_time", "time_total"], Column::Total, "seconds", 11),
    (&["avg-time", "time-avg", "avg_time", "time_avg"], Column::Average, "usecs/call", 11),
    (&["calls", "count"], Column::Calls, "calls", 9),
    (&["errors", "error"], Column::Errors, "errors", 9),
    (&["name", "syscall", "syscall-name", "syscall_name"], Column::Name, "syscall", 16),
];

/// Which columns the table has (`-U`), in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns(Vec<Column>);

impl Default for Columns {
    fn default() -> Self {
        Self(COLUMNS.iter().map(|row| row.1).collect())
    }
}

impl Columns {
    /// A list of names. The name of the call is added where it lacks.
    ///
    /// # Errors
    /// The name that is no column.
    pub fn parse(list: &str) -> Result<Self, String> {
        let mut columns = Vec::new();
        for name in list.split(',').filter(|name| !name.is_empty()) {
            let row = COLUMNS.iter().find(|row| row.0.contains(&name));
            let row = row.ok_or_else(|| format!("unknown column name: '{name}'"))?;
            if columns.contains(&row.1) {
                return Err(format!("call summary column has been provided more than once: '{name}'"));
            }
            columns.push(row.1);
        }
        if !columns.contains(&Column::Name) {
            columns.push(Column::Name);
        }
        Ok(Self(columns))
    }

    /// Whether a column needs what calls returned, or when.
    pub fn results(&self) -> bool {
        self.times() || self.0.contains(&Column::Errors)
    }

    /// Whether a column needs clocks.
    pub fn times(&self) -> bool {
        [Column::Share, Column::Total, Column::Average].iter().any(|column| self.0.contains(column))
    }
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
    columns: Columns,
    out: File,
    /// The lines above the table, when it is one of JSON.
    json: Option<Vec<u8>>,
}

impl Summary {
    /// A summary that is printed to `out`.
    pub fn new(out: File, sort: Sort, columns: Columns) -> Self {
        Self { rows: HashMap::new(), sort, columns, out, json: None }
    }

    /// The same as JSON objects, one a line, below `head`.
    pub fn json(self, head: Vec<u8>) -> Self {
        Self { json: Some(head), ..self }
    }

    fn rows(&self) -> Vec<(&str, Row)> {
        let mut rows: Vec<(&str, Row)> = self.rows.iter().map(|(name, row)| (*name, *row)).collect();
        rows.sort_by(|(a, x), (b, y)| match self.sort {
            Sort::Time => y.total_ns.cmp(&x.total_ns).then(a.cmp(b)),
            Sort::Calls => y.calls.cmp(&x.calls).then(a.cmp(b)),
            Sort::Errors => y.errors.cmp(&x.errors).then(a.cmp(b)),
            Sort::Name => a.cmp(b),
            Sort::Nothing => x.order.cmp(&y.order),
        });
        rows
    }

    fn lines(&self, mut out: Vec<u8>) -> Vec<u8> {
        for (name, row) in self.rows() {
            write::raw(&mut out, "{\"type\":\"summary\",\"name\":");
            write::string(&mut out, name);
            for column in &self.columns.0 {
                object(&mut out, *column, row);
            }
            write::raw(&mut out, "}\n");
        }
        out
    }

    /// The table as it is now.
    pub(super) fn table(&self) -> String {
        let rows = self.rows();
        let total = rows.iter().fold(Row::default(), |sum, (_, row)| Row {
            calls: sum.calls + row.calls,
            errors: sum.errors + row.errors,
            total_ns: sum.total_ns.saturating_add(row.total_ns),
            order: 0,
        });
        let rule = self.line(|column| "-".repeat(column.3));
        let mut text = self.line(|column| column.2.to_owned());
        text.push_str(&rule);
        for (name, row) in rows {
            text.push_str(&self.line(|column| cell(column.1, name, row, total.total_ns)));
        }
        text.push_str(&rule);
        text.push_str(&self.line(|column| cell(column.1, "total", total, total.total_ns)));
        text
    }

    /// A line of the table: cells to the right of their columns, the last one to the left.
    fn line(&self, cell: impl Fn(&(&[&str], Column, &str, usize)) -> String) -> String {
        let columns: Vec<_> =
            self.columns.0.iter().filter_map(|c| COLUMNS.iter().find(|row| row.1 == *c)).collect();
        let mut text = String::new();
        for (at, column) in columns.iter().enumerate() {
            let (cell, last) = (cell(column), at + 1 == columns.len());
            let width = column.3;
            match (last, column.1 == Column::Name) {
                (true, true) => text.push_str(&cell),
                (false, true) => text.push_str(&format!("{cell:<width$} ")),
                (true, false) => text.push_str(&format!("{cell:>width$}")),
                (false, false) => text.push_str(&format!("{cell:>width$} ")),
            }
        }
        text.push('\n');
        text
    }

    fn row(&mut self, call: &Call) -> &mut Row {
        let name = call.signature.map_or("unknown", |s| s.name);
        let order = self.rows.len();
        self.rows.entry(name).or_insert(Row { order, ..Row::default() })
    }
}

/// Appends the member of a column; a share is left to the reader, who has the sum.
fn object(out: &mut Vec<u8>, column: Column, row: Row) {
    match column {
        Column::Total => {
            write::raw(out, ",\"duration\":");
            write::seconds(out, row.total_ns);
        }
        Column::Calls => {
            write::raw(out, ",\"calls\":");
            write::unsigned(out, row.calls);
        }
        Column::Errors => {
            write::raw(out, ",\"errors\":");
            write::unsigned(out, row.errors);
        }
        Column::Share | Column::Average | Column::Name => {}
    }
}

fn cell(column: Column, name: &str, row: Row, all_ns: u64) -> String {
    let share = if all_ns == 0 { 0.0 } else { 100.0 * row.total_ns as f64 / all_ns as f64 };
    match column {
        Column::Share => format!("{share:.2}"),
        Column::Total => format!("{:.6}", row.total_ns as f64 / 1e9),
        Column::Average => (row.total_ns / 1000 / row.calls.max(1)).to_string(),
        Column::Calls => row.calls.to_string(),
        Column::Errors if row.errors == 0 => String::new(),
        Column::Errors => row.errors.to_string(),
        Column::Name => name.to_owned(),
    }
}

impl Sink for Summary {
    fn results(&self) -> bool {
        self.columns.results()
    }

    fn entered(&mut self, call: &Call) {
        if !self.columns.results() {
            self.row(call).calls += 1;
        }
    }

    fn left(&mut self, call: &Call) {
        if !self.columns.results() {
            return;
        }
        let row = self.row(call);
        row.calls += 1;
        row.errors += u64::from(call.outcome.is_some_and(|o| o.failed));
        let spent = call.left.mono_ns.saturating_sub(call.entered.mono_ns);
        row.total_ns = row.total_ns.saturating_add(spent);
    }

    fn finish(&mut self) {
        let table = match self.json.take() {
            Some(head) => self.lines(head),
            None => self.table().into_bytes(),
        };
        if let Err(error) = self.out.write_all(&table) {
            eprintln!("the summary could not be written: {error}");
        }
    }
}
