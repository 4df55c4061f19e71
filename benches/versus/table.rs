//! The table of ratios: medians, the range over the rounds, and the verdict on each bar.

use std::fmt::Write;

use crate::tracers::Tracer;
use crate::workloads::{Bar, Workload};

/// What was measured of one workload.
pub struct Row {
    /// The workload.
    pub workload: &'static Workload,
    /// Seconds by tracer and round.
    times: [Vec<f64>; 5],
    /// Part of the CPUs that others took, by run.
    others: Vec<f64>,
    /// Tracers without a measurement, and why.
    pub missing: Vec<(Tracer, String)>,
    /// What was wrong with trace; such a row passes nothing.
    pub wrong: Option<String>,
}

/// A ratio: of the medians, and the least and greatest of a round.
#[derive(Clone, Copy)]
struct Ratio {
    median: f64,
    least: f64,
    greatest: f64,
}

impl Row {
    /// Nothing yet.
    pub fn new(workload: &'static Workload) -> Self {
        Self { workload, times: Default::default(), others: Vec::new(), missing: Vec::new(), wrong: None }
    }

    /// One more round of a tracer.
    pub fn add(&mut self, tracer: Tracer, seconds: f64) {
        self.times[tracer as usize].push(seconds);
    }

    /// What others took of the CPUs during a run.
    pub fn add_others(&mut self, part: f64) {
        self.others.push(part);
    }

    /// Leaves a tracer out from now on.
    pub fn drop_tracer(&mut self, tracer: Tracer, why: String) {
        self.times[tracer as usize].clear();
        self.missing.push((tracer, why));
    }

    /// Whether a tracer is still measured.
    pub fn has(&self, tracer: Tracer) -> bool {
        !self.missing.iter().any(|(missing, _)| *missing == tracer)
    }

    fn median(&self, tracer: Tracer) -> Option<f64> {
        median(&self.times[tracer as usize])
    }

    /// Time of `over` for each time of `under`.
    fn ratio(&self, over: Tracer, under: Tracer) -> Option<Ratio> {
        let median = self.median(over)? / self.median(under)?;
        let rounds = self.times[over as usize].iter().zip(&self.times[under as usize]).map(|(o, u)| o / u);
        let least = rounds.clone().fold(f64::INFINITY, f64::min);
        Some(Ratio { median, least, greatest: rounds.fold(0.0, f64::max) })
    }

    fn cells(&self) -> Vec<String> {
        let plain = |ratio: Option<Ratio>| ratio.map_or("-".into(), |r| short(r.median));
        let ranged = |ratio: Option<Ratio>| ratio.map_or("-".into(), |r| with_range(&r));
        let over_bare = |tracer| self.ratio(tracer, Tracer::Bare);
        let bare = self.median(Tracer::Bare).map_or("-".into(), |s| format!("{:.0} ms", s * 1e3));
        vec![
            self.workload.name.into(),
            median(&self.others).map_or("-".into(), |part| format!("{:.0}%", part * 100.0)),
            bare,
            plain(over_bare(Tracer::Strace)),
            plain(over_bare(Tracer::Pinned)),
            plain(over_bare(Tracer::Perf)),
            ranged(over_bare(Tracer::Trace)),
            ranged(self.ratio(Tracer::Strace, Tracer::Trace)),
            ranged(self.ratio(Tracer::Pinned, Tracer::Trace)),
            self.bars(),
        ]
    }

    fn bars(&self) -> String {
        if self.wrong.is_some() {
            return "WRONG".into();
        }
        let verdicts: Vec<_> = self.workload.bars.iter().map(|bar| self.verdict(*bar)).collect();
        verdicts.join("; ")
    }

    fn verdict(&self, bar: Bar) -> String {
        let (text, ratio, limit, least) = match bar {
            Bar::Strace(limit) => {
                (format!("strace/trace >= {limit}"), self.ratio(Tracer::Strace, Tracer::Trace), limit, true)
            }
            Bar::Pinned(limit) => {
                (format!("pinned/trace >= {limit}"), self.ratio(Tracer::Pinned, Tracer::Trace), limit, true)
            }
            Bar::Bare(limit) => {
                (format!("trace/bare <= {limit}"), self.ratio(Tracer::Trace, Tracer::Bare), limit, false)
            }
        };
        let Some(ratio) = ratio else { return format!("{text}: not measured") };
        let passes = |value: f64| if least { value >= limit } else { value <= limit };
        let word = if passes(ratio.median) { "pass" } else { "MISS" };
        let split = if passes(ratio.least) == passes(ratio.greatest) { "" } else { "~" };
        format!("{text}: {word}{split}")
    }

    /// Bars passed, and all.
    pub fn score(&self) -> (usize, usize) {
        let passed = self.workload.bars.iter().filter(|bar| self.verdict(**bar).contains(": pass")).count();
        (if self.wrong.is_some() { 0 } else { passed }, self.workload.bars.len())
    }

    /// Why something of this row is missing or wrong; that perf has no such output needs no word.
    fn remarks(&self) -> Vec<String> {
        let name = self.workload.name;
        let wrong = self.wrong.iter().map(|why| format!("{name}: WRONG: {why}"));
        let shown = |tracer: Tracer| tracer != Tracer::Perf || self.workload.perf.is_some();
        let missing = self.missing.iter().filter(|(tracer, _)| shown(*tracer));
        let missing = missing.map(|(tracer, why)| match tracer {
            Tracer::Bare => format!("{name}: not run: {why}"),
            Tracer::Strace => format!("{name}: no strace, so trace's log is not compared: {why}"),
            _ => format!("{name}: no {}: {why}", tracer.name()),
        });
        wrong.chain(missing).collect()
    }
}

fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let high = *sorted.get(sorted.len() / 2)?;
    let low = *sorted.get((sorted.len() - 1) / 2)?;
    Some(f64::midpoint(low, high))
}

/// Three digits or so.
fn short(value: f64) -> String {
    match value {
        v if v >= 99.5 => format!("{v:.0}"),
        v if v >= 9.95 => format!("{v:.1}"),
        v => format!("{v:.2}"),
    }
}

fn with_range(ratio: &Ratio) -> String {
    format!("{} ({}..{})", short(ratio.median), short(ratio.least), short(ratio.greatest))
}

const HEADS: [&str; 10] = [
    "workload",
    "others",
    "bare",
    "strace",
    "pinned",
    "perf",
    "trace",
    "strace/trace",
    "pinned/trace",
    "bars of trace",
];

/// The table, and below it what is missing or wrong.
pub fn render(rows: &[Row], markdown: bool) -> String {
    let cells: Vec<Vec<String>> = rows.iter().map(Row::cells).collect();
    let mut text = if markdown { as_markdown(&cells) } else { as_columns(&cells) };
    let mark = if markdown { "- " } else { "  " };
    let remarks: Vec<String> = rows.iter().flat_map(Row::remarks).collect();
    if !remarks.is_empty() {
        text.push('\n');
        remarks.iter().for_each(|remark| text += &format!("{mark}{remark}\n"));
    }
    text
}

fn as_markdown(cells: &[Vec<String>]) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut text = line(&HEADS.map(Into::into));
    text += &format!("|---|{}---|\n", "---:|".repeat(HEADS.len() - 2));
    cells.iter().for_each(|row| text += &line(row));
    text
}

fn as_columns(cells: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let widest = cells.iter().map(|row| row[column].len()).max().unwrap_or(0);
        widest.max(HEADS[column].len())
    };
    let widths: Vec<usize> = (0..HEADS.len()).map(width).collect();
    let line = |cells: &[String]| {
        let mut text = String::new();
        for (column, (cell, width)) in cells.iter().zip(&widths).enumerate() {
            match column {
                0 => write!(text, "{cell:<width$}").ok(),
                9 => write!(text, "  {cell}").ok(),
                _ => write!(text, "  {cell:>width$}").ok(),
            };
        }
        text + "\n"
    };
    let mut text = line(&HEADS.map(Into::into));
    cells.iter().for_each(|row| text += &line(row));
    text
}
