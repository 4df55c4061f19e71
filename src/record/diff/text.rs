//! A comparison as text: below a heading for each process, lines that begin with `-`, `+` or `~`, and without a mark
//! those of both.

use std::io::{self, Write};

use syscall_tables::signal;

use super::lineage::Lineage;
use super::lines::Line;
use super::script::Op;
use super::{Comparison, Entry, Run};
use crate::event::End;
use crate::output::text::color::{Paint, Token};
use crate::output::{shell, units};

/// How the two recordings are named.
pub type Titles<'a> = [&'a str; 2];

/// Writes what differs; nothing where nothing does.
///
/// # Errors
/// What writing says.
pub fn write(
    out: &mut dyn Write,
    comparison: &Comparison,
    titles: Titles<'_>,
    paint: Paint,
) -> io::Result<()> {
    if !comparison.differ() {
        return Ok(());
    }
    let page = Page { comparison, paint };
    for ((mark, title), run) in ["---", "+++"].into_iter().zip(titles).zip(&comparison.runs) {
        let line = format!("{mark} {}  {}", shell::shown(title.as_bytes()), command(run));
        page.line(out, if mark == "---" { Token::Error } else { Token::Result }, line.trim_end().as_bytes())?;
    }
    for entry in &comparison.entries {
        page.entry(out, entry)?;
    }
    Ok(())
}

/// Writes only how much differs.
///
/// # Errors
/// What writing says.
pub fn write_counts(out: &mut dyn Write, comparison: &Comparison) -> io::Result<()> {
    let [both, removed, added, ended] = comparison.processes;
    let counts = &comparison.counts;
    writeln!(out, "processes: {both} in both, {removed} vanish, {added} appear, {ended} end otherwise")?;
    writeln!(
        out,
        "calls: {} the same, {} vanish, {} appear, {} with another result, {} slower",
        counts.same, counts.removed, counts.added, counts.changed, counts.slower
    )
}

/// The command line of a recording.
pub fn command(run: &Run) -> String {
    let words = run.meta.get("command").unwrap_or_default();
    let words: Vec<Vec<u8>> = words.split(|byte| *byte == 0).map(<[u8]>::to_vec).collect();
    if words.iter().all(Vec::is_empty) { String::new() } else { shell::command(&words, b"") }
}

/// How a task ended.
pub fn end(end: Option<End>) -> String {
    match end {
        Some(End::Exited(status)) => format!("exited with {status}"),
        Some(End::Killed { signo, core }) => {
            let core = if core { " (core dumped)" } else { "" };
            match signal::name(signo as u32) {
                Some(name) => format!("killed by {name}{core}"),
                None => format!("killed by signal {signo}{core}"),
            }
        }
        Some(End::Superseded { .. }) => "superseded by execve".into(),
        Some(End::Detached) => "let go".into(),
        None => "no end recorded".into(),
    }
}

struct Page<'a> {
    comparison: &'a Comparison,
    paint: Paint,
}

impl Page<'_> {
    fn line(&self, out: &mut dyn Write, token: Token, text: &[u8]) -> io::Result<()> {
        let mut line = Vec::with_capacity(text.len() + 16);
        self.paint.start(&mut line, token);
        line.extend_from_slice(text);
        self.paint.end(&mut line, token);
        line.push(b'\n');
        out.write_all(&line)
    }

    fn entry(&self, out: &mut dyn Write, entry: &Entry) -> io::Result<()> {
        let [left, right] = [&self.comparison.runs[0].lineage, &self.comparison.runs[1].lineage];
        let (a, b) = match (entry.a, entry.b) {
            (Some(a), Some(b)) => (a, b),
            (Some(a), None) => return self.alone(out, Token::Error, "-", left, a),
            (None, Some(b)) => return self.alone(out, Token::Result, "+", right, b),
            (None, None) => return Ok(()),
        };
        let (one, other) = (left.tasks[a].tid, right.tasks[b].tid);
        let (kind, shown) = (kind(left, a), left.shown(a));
        self.line(out, Token::Constant, format!("@@ {kind} {one} | {other}: {shown} @@").as_bytes())?;
        for (at, hunk) in entry.script.hunks.iter().enumerate() {
            if at > 0 {
                out.write_all(b"  ...\n")?;
            }
            for op in hunk {
                self.op(out, *op)?;
            }
        }
        if !entry.script.loose.is_empty() {
            out.write_all(
                b"  ... signals, handlers, waits and operations of io_uring, wherever they came\n",
            )?;
            for op in &entry.script.loose {
                self.op(out, *op)?;
            }
        }
        if entry.hidden > 0 {
            let text = format!(
                "~ {} more differences are not shown: --where narrows, --summary counts",
                entry.hidden
            );
            self.line(out, Token::String, text.as_bytes())?;
        }
        if let Some((before, after)) = entry.ends {
            let text = format!("~ {} => {}", end(before), end(after));
            self.line(out, Token::String, text.as_bytes())?;
        }
        Ok(())
    }

    /// A task that only one run has.
    fn alone(
        &self,
        out: &mut dyn Write,
        token: Token,
        mark: &str,
        lineage: &Lineage,
        index: usize,
    ) -> io::Result<()> {
        let task = &lineage.tasks[index];
        let (kind, shown, calls) = (kind(lineage, index), lineage.shown(index), units::count(task.calls));
        let (plural, end) = (if task.calls == 1 { "" } else { "s" }, end(task.end));
        let text = format!("{mark} {kind} {}: {shown}  # {calls} call{plural}, {end}", task.tid);
        self.line(out, token, text.as_bytes())
    }

    fn op(&self, out: &mut dyn Write, op: Op) -> io::Result<()> {
        let nothing = Line::default();
        let of = |side: usize, number: u32| self.comparison.runs[side].lines.get(&number).unwrap_or(&nothing);
        let marked = |mark: &[u8], text: &[u8]| [mark, text].concat();
        match op {
            Op::Same(a, _) => {
                out.write_all(b"  ")?;
                out.write_all(&of(0, a).text)?;
                out.write_all(b"\n")
            }
            Op::Removed(a) => self.line(out, Token::Error, &marked(b"- ", &of(0, a).text)),
            Op::Added(b) => self.line(out, Token::Result, &marked(b"+ ", &of(1, b).text)),
            Op::Changed(a, b) => {
                let (before, after) = (of(0, a), of(1, b));
                self.line(out, Token::String, &marked(b"~ ", &before.text))?;
                self.line(out, Token::String, &marked(b"~ => ", news(before, after)))
            }
            Op::Slower(a, b) => {
                let (before, after) = (of(0, a), of(1, b));
                let times = [before, after].map(|line| units::duration(line.took_ns));
                let took = format!("  # took {} => {}", times[0], times[1]);
                self.line(out, Token::String, &[b"~ ", &before.text[..], took.as_bytes()].concat())
            }
        }
    }
}

fn kind(lineage: &Lineage, index: usize) -> &'static str {
    if lineage.is_first(index) { "process" } else { "thread" }
}

/// What is new in a line: its result alone where the call looks the same.
fn news<'a>(before: &Line, after: &'a Line) -> &'a [u8] {
    let same = before.text.get(..before.result) == after.text.get(..after.result);
    let differ = before.text.get(before.result..) != after.text.get(after.result..);
    if same && differ { &after.text[after.result..] } else { &after.text }
}
