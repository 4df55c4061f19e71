//! The summary sink: calls, errors and times by name (`-c`, `-C`), and below them operations of io_uring, which are no
//! system calls and count for none. Their time is that from submission to completion, as much as was seen of it.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::Write;

use syscall_tables::abi::Abi;
use syscall_tables::uring;

use crate::engine::sink::{Rings, Sink};
use crate::event::ring::{Completion, Traffic, Unseen};
use crate::event::{Call, End, Stamp, Tid};
use crate::output::json::write;
use crate::output::losses;
use crate::output::text::notices::mode;

/// By what the table is sorted (`-S`): a column, the largest first; names and numbers from the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort(Option<Column>);

impl Default for Sort {
    fn default() -> Self {
        Self(Some(Column::Total))
    }
}

/// The names of the columns.
pub fn names() -> impl Iterator<Item = &'static str> {
    COLUMNS.iter().flat_map(|row| row.0.iter().copied())
}

impl Sort {
    /// By its name: that of a column, or nothing for the order of the calls' numbers.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "nothing" | "none" => Some(Self(None)),
            _ => COLUMNS.iter().find(|row| row.0.contains(&name)).map(|row| Self(Some(row.1))),
        }
    }
}

/// A column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Share,
    Total,
    Min,
    Max,
    Average,
    WallTotal,
    WallMin,
    WallMax,
    WallAverage,
    Calls,
    Errors,
    Name,
}

/// Names of columns, the column, its head and its width.
const COLUMNS: &[(&[&str], Column, &str, usize)] = &[
    (&["time-percent", "time", "time_percent"], Column::Share, "% time", 6),
    (&["total-time", "time-total", "total_time", "time_total"], Column::Total, "seconds", 11),
    (&["min-time", "time-min", "min_time", "time_min", "shortest"], Column::Min, "shortest", 8),
    (&["max-time", "time-max", "max_time", "time_max", "longest"], Column::Max, "longest", 8),
    (&["avg-time", "time-avg", "avg_time", "time_avg"], Column::Average, "usecs/call", 11),
    (&["wall-total", "total-wall"], Column::WallTotal, "wall secs", 11),
    (&["wall-min", "min-wall"], Column::WallMin, "wall min", 8),
    (&["wall-max", "max-wall"], Column::WallMax, "wall max", 8),
    (&["wall-avg", "avg-wall"], Column::WallAverage, "wall us/call", 12),
    (&["calls", "count"], Column::Calls, "calls", 9),
    (&["errors", "error"], Column::Errors, "errors", 9),
    (&["name", "syscall", "syscall-name", "syscall_name"], Column::Name, "syscall", 16),
];

/// Columns of the time that went by.
const WALLS: [Column; 4] = [Column::WallTotal, Column::WallMin, Column::WallMax, Column::WallAverage];

/// The columns of strace without -U.
const USUAL: [Column; 6] =
    [Column::Share, Column::Total, Column::Average, Column::Calls, Column::Errors, Column::Name];

/// What of a call's duration is counted, and what is taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Measure {
    /// The time that went by; else the time that the CPU was in the kernel for it.
    pub wall: bool,
    /// Taken off each call, in nanoseconds (`-O`).
    pub overhead_ns: u64,
    /// A line below the table says which time is which.
    pub explained: bool,
    /// Each ABI has a table of its own, of calls that have a name.
    pub parted: bool,
}

/// Which columns the table has (`-U`), in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns(Vec<Column>);

impl Default for Columns {
    fn default() -> Self {
        Self(USUAL.to_vec())
    }
}

impl Columns {
    /// A list of names. The name of the call is added where it lacks.
    ///
    /// # Errors
    /// The name that is no column.
    pub fn parse(list: &str) -> Result<Self, String> {
        let mut columns = Vec::new();
        let mut rest = Some(list).filter(|list| !list.is_empty());
        while let Some(given) = rest {
            let (name, residual) =
                given.split_once(',').map_or((given, None), |(name, rest)| (name, Some(rest)));
            rest = residual;
            let row = COLUMNS.iter().find(|row| row.0.contains(&name));
            let row = row.ok_or_else(|| format!("unknown column name: '{name}'"))?;
            if columns.contains(&row.1) {
                return Err(format!(
                    "call summary column has been provided more than once: '{name}' (-U option residual: '{given}')"
                ));
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

    /// Whether a column tells of the time that went by, whatever the others tell of.
    pub fn walls(&self) -> bool {
        self.0.iter().any(|column| WALLS.contains(column))
    }

    /// Whether a column needs clocks.
    pub fn times(&self) -> bool {
        self.0.iter().any(|column| !matches!(column, Column::Calls | Column::Errors | Column::Name))
    }
}

/// Times of a call, in nanoseconds.
#[derive(Debug, Clone, Copy)]
struct Spent {
    total: u64,
    min: u64,
    max: u64,
}

impl Default for Spent {
    fn default() -> Self {
        Self { total: 0, min: u64::MAX, max: 0 }
    }
}

impl Spent {
    fn add(&mut self, time_ns: u64) {
        self.total = self.total.saturating_add(time_ns);
        self.min = self.min.min(time_ns);
        self.max = self.max.max(time_ns);
    }

    fn and(self, other: Self) -> Self {
        let total = self.total.saturating_add(other.total);
        Self { total, min: self.min.min(other.min), max: self.max.max(other.max) }
    }

    /// The shortest, or 0 when there is none.
    fn shortest(self) -> u64 {
        if self.min == u64::MAX { 0 } else { self.min }
    }
}

#[derive(Debug, Default, Clone, Copy)]
struct Row {
    calls: u64,
    errors: u64,
    /// By the measure that was asked for.
    time: Spent,
    wall: Spent,
    /// The ABI and the number.
    order: (u8, u64),
}

impl Row {
    /// What the table is sorted by.
    fn weight(&self, column: Column) -> u64 {
        match column {
            Column::Share | Column::Total => self.time.total,
            Column::Min => self.time.shortest(),
            Column::Max => self.time.max,
            Column::Average => self.time.total / self.calls.max(1),
            Column::WallTotal => self.wall.total,
            Column::WallMin => self.wall.shortest(),
            Column::WallMax => self.wall.max,
            Column::WallAverage => self.wall.total / self.calls.max(1),
            Column::Calls => self.calls,
            Column::Errors => self.errors,
            Column::Name => 0,
        }
    }

    /// Percent of the time of all; where there was none, the total alone is the whole.
    fn share(&self, name: &str, all_ns: u64) -> f64 {
        match all_ns {
            0 if name == TOTAL => 100.0,
            0 => 0.0,
            _ => 100.0 * self.time.total as f64 / all_ns as f64,
        }
    }
}

/// The name of the last row.
const TOTAL: &str = "total";

/// The head of names where they are those of operations.
const OPERATION: &str = "operation";

/// Rows by name.
type Rows = HashMap<Cow<'static, str>, Row>;

/// Counts calls and prints a table at the end.
#[derive(Debug)]
pub struct Summary {
    rows: Rows,
    /// Calls of other ABIs, where each has a table of its own.
    foreign: BTreeMap<Abi, Rows>,
    /// Operations of io_uring are counted.
    rings: bool,
    operations: Rows,
    unseen: Unseen,
    sort: Sort,
    columns: Columns,
    measure: Measure,
    out: File,
    /// The lines above the table, when it is one of JSON.
    json: Option<Vec<u8>>,
}

impl Summary {
    /// A summary that is printed to `out`.
    pub fn new(out: File, sort: Sort, columns: Columns, measure: Measure) -> Self {
        let (rows, operations) = (Rows::new(), Rows::new());
        let unseen = Unseen::default();
        Self {
            rows,
            foreign: BTreeMap::new(),
            rings: false,
            operations,
            unseen,
            sort,
            columns,
            measure,
            out,
            json: None,
        }
    }

    /// The same with operations of io_uring, where `rings` says so.
    pub fn with_rings(self, rings: bool) -> Self {
        Self { rings, ..self }
    }

    /// The same as JSON objects, one a line, below `head`.
    pub fn json(self, head: Vec<u8>) -> Self {
        Self { json: Some(head), ..self }
    }

    fn sorted<'a>(&self, rows: &'a Rows) -> Vec<(&'a str, Row)> {
        let mut rows: Vec<(&str, Row)> = rows.iter().map(|(name, row)| (&**name, *row)).collect();
        rows.sort_by_key(|(_, row)| row.order);
        let Some(column) = self.sort.0 else { return rows };
        if column == Column::Name {
            rows.sort_by_key(|(name, _)| *name);
        } else {
            rows.sort_by_key(|(_, row)| std::cmp::Reverse(row.weight(column)));
        }
        rows
    }

    fn lines(&self, mut out: Vec<u8>) -> Vec<u8> {
        for (name, row) in self.sorted(&self.rows).into_iter().chain(self.sorted(&self.operations)) {
            write::raw(&mut out, "{\"type\":\"summary\",\"name\":");
            write::string(&mut out, name);
            for column in &self.columns.0 {
                object(&mut out, *column, row);
            }
            write::raw(&mut out, "}\n");
        }
        if !self.unseen.is_empty() {
            write::raw(&mut out, "{\"type\":\"summary\",\"name\":\"io_uring:unseen\",\"calls\":");
            write::unsigned(&mut out, self.unseen.submissions);
            write::raw(&mut out, "}\n");
        }
        out
    }

    /// The table as it is now, and that of operations below it.
    pub(super) fn table(&self) -> String {
        let mut text = String::new();
        if !self.rows.is_empty() || self.operations.is_empty() && self.foreign.is_empty() {
            text.push_str(&self.of(&self.rows, None));
        }
        for (abi, rows) in &self.foreign {
            text.push_str(&format!("System call usage summary for {} mode:\n", mode(*abi)));
            text.push_str(&self.of(rows, None));
        }
        if !self.operations.is_empty() {
            text.push_str(if text.is_empty() { "" } else { "\n" });
            text.push_str(&self.of(&self.operations, Some(OPERATION)));
        }
        if !self.unseen.is_empty() {
            text.push_str(&format!("note: {}\n", self.unseen));
        }
        if self.measure.explained && self.columns.times() {
            text.push_str(self.explanation());
        }
        text
    }

    /// The table of these rows; `head` stands above their names, if they are no calls.
    fn of(&self, rows: &Rows, head: Option<&str>) -> String {
        let rows = self.sorted(rows);
        let total = rows.iter().fold(Row::default(), |sum, (_, row)| Row {
            calls: sum.calls + row.calls,
            errors: sum.errors + row.errors,
            time: sum.time.and(row.time),
            wall: sum.wall.and(row.wall),
            order: row.order,
        });
        let rule = self.line(|column| "-".repeat(column.3));
        let head = |column: &(&[&str], Column, &'static str, usize)| match head {
            Some(head) if column.1 == Column::Name => head.to_owned(),
            _ => column.2.to_owned(),
        };
        let mut text = self.line(head);
        text.push_str(&rule);
        for (name, row) in rows {
            text.push_str(&self.line(|column| cell(column.1, name, row, total.time.total)));
        }
        text.push_str(&rule);
        text.push_str(&self.line(|column| cell(column.1, TOTAL, total, total.time.total)));
        text
    }

    /// What the times of the table are.
    fn explanation(&self) -> &'static str {
        let counted = |column: &Column| !WALLS.contains(column) && *column != Column::Name;
        let times = self.columns.0.iter().filter(|column| !matches!(column, Column::Calls | Column::Errors));
        match (self.measure.wall, self.columns.walls(), times.filter(|column| counted(column)).count() > 0) {
            (true, _, _) | (false, true, false) => {
                "Times are those that went by from the begin of calls to their end, waiting included.\n"
            }
            (false, true, true) => {
                "Wall times went by from the begin of calls to their end, waiting included; the others are those that \
                 the CPU was in the kernel.\n"
            }
            (false, false, _) => "Times are those that the CPU was in the kernel; waiting does not count.\n",
        }
    }

    /// A line of the table: cells to the right of their columns, the last one to the left.
    fn line(&self, cell: impl Fn(&(&[&str], Column, &'static str, usize)) -> String) -> String {
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

    /// Whether a call is counted when it is entered: where returns are not asked for, and it can return. Calls that never
    /// return are not counted.
    fn counts_entry(&self, call: &Call) -> bool {
        let returns = || call.signature.is_none_or(|known| !matches!(known.name, "exit" | "exit_group"));
        let known = !self.measure.parted || call.signature.is_some();
        !self.columns.results() && known && returns()
    }

    /// The table in which a call is counted.
    fn rows_of(&mut self, call: &Call) -> &mut Rows {
        let foreign = self.measure.parted && matches!(call.regs.abi, Abi::I386 | Abi::X32);
        if foreign { self.foreign.entry(call.regs.abi).or_default() } else { &mut self.rows }
    }

    fn row(&mut self, call: &Call) -> &mut Row {
        let order = (call.regs.abi as u8, call.regs.nr);
        self.rows_of(call).entry(Cow::Borrowed(name(call))).or_insert(Row { order, ..Row::default() })
    }
}

/// The name under which a call is counted.
fn name(call: &Call) -> &'static str {
    call.signature.map_or("unknown", |signature| signature.name)
}

/// Appends the member of a column; a share is left to the reader, who has the sum.
fn object(out: &mut Vec<u8>, column: Column, row: Row) {
    match column {
        Column::Total => {
            write::raw(out, ",\"duration\":");
            write::seconds(out, row.time.total);
        }
        Column::Calls => {
            write::raw(out, ",\"calls\":");
            write::unsigned(out, row.calls);
        }
        Column::Errors => {
            write::raw(out, ",\"errors\":");
            write::unsigned(out, row.errors);
        }
        Column::Min | Column::Max | Column::WallTotal | Column::WallMin | Column::WallMax => {
            let (member, time_ns) = match column {
                Column::Min => (",\"shortest\":", row.time.shortest()),
                Column::Max => (",\"longest\":", row.time.max),
                Column::WallTotal => (",\"wall\":", row.wall.total),
                Column::WallMin => (",\"wall_shortest\":", row.wall.shortest()),
                _ => (",\"wall_longest\":", row.wall.max),
            };
            write::raw(out, member);
            write::seconds(out, time_ns);
        }
        Column::Share | Column::Average | Column::WallAverage | Column::Name => {}
    }
}

fn cell(column: Column, name: &str, row: Row, all_ns: u64) -> String {
    let seconds = |time_ns: u64| format!("{:.6}", time_ns as f64 / 1e9);
    let average = |spent: Spent| (spent.total / 1000 / row.calls.max(1)).to_string();
    match column {
        Column::Share => format!("{:.2}", row.share(name, all_ns)),
        Column::Total => seconds(row.time.total),
        Column::Min => seconds(row.time.shortest()),
        Column::Max => seconds(row.time.max),
        Column::Average => average(row.time),
        Column::WallTotal => seconds(row.wall.total),
        Column::WallMin => seconds(row.wall.shortest()),
        Column::WallMax => seconds(row.wall.max),
        Column::WallAverage => average(row.wall),
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
        if self.counts_entry(call) {
            self.row(call).calls += 1;
        }
    }

    fn left(&mut self, call: &Call) {
        if !self.columns.results() || self.measure.parted && call.signature.is_none() {
            return;
        }
        let measure = self.measure;
        let row = self.row(call);
        row.calls += 1;
        row.errors += u64::from(call.outcome.is_some_and(|o| o.failed));
        let wall_ns =
            call.left.mono_ns.saturating_sub(call.entered.mono_ns).saturating_sub(measure.overhead_ns);
        let system_ns = call.system_ns.saturating_sub(measure.overhead_ns);
        row.wall.add(wall_ns);
        row.time.add(if measure.wall { wall_ns } else { system_ns });
    }

    fn ended(&mut self, _tid: Tid, _end: End, pending: Option<&Call>, _at: Stamp) {
        // It was counted when it was entered, and never returned.
        let Some(call) = pending.filter(|call| self.counts_entry(call)) else { return };
        let row = self.row(call);
        row.calls = row.calls.saturating_sub(1);
        if row.calls == 0 {
            self.rows_of(call).remove(name(call));
            self.foreign.retain(|_, rows| !rows.is_empty());
        }
    }

    fn rings(&self) -> Rings {
        // What completes is known when calls return.
        if self.rings && self.columns.results() { Rings::Apart } else { Rings::None }
    }

    fn completed(&mut self, _tid: Tid, completion: &Completion) {
        let operation = completion.operation.as_deref();
        // Several that could be meant have no name.
        let name = operation.map_or(Cow::Owned(format!("{}?", uring::PREFIX)), |one| one.call.title());
        let order = (0, operation.map_or(u64::MAX, |operation| operation.opcode().into()));
        let overhead_ns = self.measure.overhead_ns;
        let row = self.operations.entry(name).or_insert(Row { order, ..Row::default() });
        row.calls += 1;
        row.errors += u64::from(completion.result < 0);
        if let Some(call) = operation.map(|operation| &operation.call) {
            let took_ns = call.left.mono_ns.saturating_sub(call.entered.mono_ns).saturating_sub(overhead_ns);
            row.wall.add(took_ns);
            row.time.add(took_ns);
        }
    }

    fn unseen(&mut self, _tid: Tid, traffic: &Traffic) {
        self.unseen.add(traffic);
    }

    fn finish(&mut self) {
        let table = match self.json.take() {
            Some(head) => self.lines(head),
            // As strace has it, of nothing there is no table.
            None if self.rows.is_empty()
                && self.foreign.is_empty()
                && self.operations.is_empty()
                && self.unseen.is_empty() =>
            {
                return;
            }
            None => self.table().into_bytes(),
        };
        if let Err(error) = self.out.write_all(&table) {
            losses::say("the summary", &error);
        }
    }
}
