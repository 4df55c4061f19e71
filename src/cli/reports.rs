//! Trees and summary tables: their options, and the sinks that these ask for.
//!
//! The options are `trace`'s own: under a strace name there are none of them.

use std::ffi::OsStr;
use std::fs::File;
use std::io::IsTerminal;
use std::time::Duration;

use super::json;
use super::options::Options;
use super::table::{Row, optional, value};
use crate::engine::sink::Sink;
use crate::output::each::Each;
use crate::output::grid::Look;
use crate::output::live::Live;
use crate::output::report::{self, Wanted};
use crate::output::summary::Summary;
use crate::output::tables::Table;
use crate::output::text::Format;
use crate::output::text::color::Paint;
use crate::output::tree::Detail;
use crate::sys::output;

/// What was asked for.
#[derive(Debug)]
pub(super) struct Reports {
    pub tree: Option<Detail>,
    pub tables: Vec<Table>,
    pub top: usize,
    pub interval: Option<Duration>,
}

impl Default for Reports {
    fn default() -> Self {
        Self { tree: None, tables: Vec::new(), top: 25, interval: None }
    }
}

/// The rows; `--summary` takes the place of strace's.
pub(super) const ROWS: &[Row<Options>] = &[
    optional(0, "tree", "full", "the tree of processes instead of calls; full: nothing folded or cut", tree),
    optional(
        0,
        "summary",
        "TABLE,…",
        "tables instead of calls: files, net, procs, errors; without value -C",
        |o, tables| match tables {
            None => {
                o.summary_too = true;
                Ok(())
            }
            Some(list) => {
                o.reports.tables.extend(Table::parse(&list.to_string_lossy())?);
                Ok(())
            }
        },
    ),
    value(0, "summary-top", "N", "rows of a table (25)", |o, v| {
        let text = v.to_string_lossy();
        let number = text.parse().ok().filter(|n| *n > 0);
        o.reports.top =
            number.ok_or_else(|| format!("invalid --summary-top '{text}': a number from 1 is wanted"))?;
        Ok(())
    }),
    value(0, "summary-interval", "N[s|ms]", "-c, shown anew every N seconds", interval),
];

fn tree(options: &mut Options, detail: Option<&OsStr>) -> Result<(), String> {
    options.reports.tree = Some(match detail.map(OsStr::to_string_lossy).as_deref() {
        None => Detail::Folded,
        Some("full") => Detail::Full,
        Some(other) => return Err(format!("invalid --tree argument: '{other}': full is wanted, or none")),
    });
    Ok(())
}

fn interval(options: &mut Options, text: &OsStr) -> Result<(), String> {
    let text = text.to_string_lossy();
    let (number, unit) = match (text.strip_suffix("ms"), text.strip_suffix('s')) {
        (Some(number), _) => (number, 0.001),
        (None, Some(number)) => (number, 1.0),
        (None, None) => (&*text, 1.0),
    };
    // A day is longer than anybody waits, and keeps the number finite.
    let seconds = number.parse::<f64>().ok().map(|n| n * unit).filter(|s| (0.01..=86_400.0).contains(s));
    let seconds = seconds.ok_or_else(|| {
        format!("invalid --summary-interval '{text}': 10ms to 86400s is wanted, for example 2, 0.5s or 250ms")
    })?;
    options.reports.interval = Some(Duration::from_secs_f64(seconds));
    Ok(())
}

impl Reports {
    /// Whether a tree or a table is wanted.
    pub fn any(&self) -> bool {
        self.tree.is_some() || !self.tables.is_empty()
    }

    /// Whether it has to be known what descriptors are open on: for paths and peers, and for writes to the
    /// terminal that a table is drawn on.
    pub fn descriptors(&self) -> bool {
        self.any() || self.interval.is_some()
    }

    /// What is asked for and does not go together with `options`.
    pub fn check(&self, options: &Options) -> Result<(), String> {
        let asked = self.any() || self.interval.is_some();
        if asked && options.separate {
            return Err("trees and summaries are of all tasks, -ff is a file per task: leave one out".into());
        }
        if asked && options.json {
            return Err("trees and tables are text, --json writes events: leave one out".into());
        }
        Ok(())
    }
}

/// Whether the locale of the environment is UTF-8: the first of LC_ALL, LC_CTYPE and LANG that is set decides.
fn unicode() -> bool {
    let set = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default().to_lowercase();
    locale.ends_with("utf-8") || locale.ends_with("utf8")
}

/// How tables and trees look in `out`: a screen's width and characters, or plain lines of any length.
pub(super) fn look(out: &File, paint: Paint) -> Look {
    let terminal = out.is_terminal();
    let columns = || std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok()).filter(|n| *n > 0);
    let width =
        terminal.then(|| output::window(out).map(|(_, columns)| columns).or_else(columns).unwrap_or(80));
    Look { width, unicode: terminal && unicode(), paint }
}

/// The sinks of `-c`, the tables and the tree, to `out`; those that are asked for.
///
/// # Errors
/// What duplicating the file says, or a thread that cannot be started.
pub(super) fn sinks(
    program: &str,
    options: &Options,
    format: &Format,
    out: &File,
) -> std::io::Result<Vec<Box<dyn Sink>>> {
    let mut sinks: Vec<Box<dyn Sink>> = Vec::new();
    let reports = &options.reports;
    // What is drawn in place comes first at the end, too.
    if let (Some(base), true) = (&options.output, options.summary && options.separate) {
        let table = (options.sort, options.columns.clone(), options.measure);
        sinks.push(Box::new(Each::new(base.clone(), options.append, program, table, options.rings)));
    } else if options.summary || options.summary_too {
        sinks.push(summary(options, out)?);
    }
    if reports.any() {
        let wanted = Wanted { tree: reports.tree, tables: reports.tables.clone(), top: reports.top };
        let look = look(out, format.spelling.paint);
        sinks.push(report::sink(out.try_clone()?, wanted, look, format.options, options.rings));
    }
    Ok(sinks)
}

/// The sink of `-c`: at the end, or also every so often.
fn summary(options: &Options, out: &File) -> std::io::Result<Box<dyn Sink>> {
    let summary = Summary::new(out.try_clone()?, options.sort, options.columns.clone(), options.measure);
    let summary = summary.with_rings(options.rings);
    if options.json {
        return Ok(Box::new(json::summary(summary, options)));
    }
    let Some(every) = options.reports.interval else { return Ok(Box::new(summary)) };
    // Between lines of calls there is no place to draw in.
    let in_place = out.is_terminal() && !options.summary_too;
    Ok(Box::new(Live::start(summary, out.try_clone()?, in_place, every)?))
}
