//! A comparison as JSON lines, as `docs/diff.schema.json` describes them.

use std::io::{self, Write};

use super::lineage::{Image, Lineage};
use super::script::Op;
use super::text::{Titles, end};
use super::{Comparison, Entry, Run};
use crate::event::End;
use crate::output::json::write::{self, raw, signed, unsigned};

/// The version of the schema.
const SCHEMA: u64 = 1;

/// Writes a comparison: a header, what differs, a summary.
///
/// # Errors
/// What writing says.
pub fn write(
    out: &mut dyn Write,
    comparison: &Comparison,
    titles: Titles<'_>,
    counts_only: bool,
) -> io::Result<()> {
    let mut line = Vec::new();
    header(&mut line, comparison, titles);
    send(out, &mut line)?;
    for entry in comparison.entries.iter().filter(|_| !counts_only) {
        task(&mut line, comparison, entry);
        send(out, &mut line)?;
        let ops = entry.script.hunks.iter().flatten().map(|op| (*op, true));
        for (op, placed) in ops.chain(entry.script.loose.iter().map(|op| (*op, false))) {
            if call(&mut line, comparison, entry, op, placed) {
                send(out, &mut line)?;
            }
        }
    }
    summary(&mut line, comparison);
    send(out, &mut line)
}

fn send(out: &mut dyn Write, line: &mut Vec<u8>) -> io::Result<()> {
    line.push(b'\n');
    out.write_all(line)?;
    line.clear();
    Ok(())
}

fn string(out: &mut Vec<u8>, bytes: &[u8]) {
    write::string(out, &String::from_utf8_lossy(bytes));
}

fn header(out: &mut Vec<u8>, comparison: &Comparison, titles: Titles<'_>) {
    raw(out, "{\"type\":\"diff\",\"schema\":");
    unsigned(out, SCHEMA);
    for ((name, title), run) in ["a", "b"].into_iter().zip(titles).zip(&comparison.runs) {
        raw(out, ",\"");
        raw(out, name);
        raw(out, "\":{\"file\":");
        write::string(out, title);
        raw(out, ",\"command\":[");
        words(out, run);
        raw(out, "],\"host\":");
        string(out, run.meta.get("host").unwrap_or_default());
        raw(out, ",\"begun\":\"");
        write::seconds(out, run.meta.number("begun").unwrap_or_default());
        raw(out, "\",\"calls\":");
        unsigned(out, run.calls);
        raw(out, ",\"whole\":");
        raw(out, if run.finished && run.replayed.damage.is_empty() { "true}" } else { "false}" });
    }
    out.push(b'}');
}

fn words(out: &mut Vec<u8>, run: &Run) {
    let all = run.meta.get("command").unwrap_or_default();
    for (at, word) in all.split(|byte| *byte == 0).enumerate().filter(|_| !all.is_empty()) {
        if at > 0 {
            out.push(b',');
        }
        string(out, word);
    }
}

fn task(out: &mut Vec<u8>, comparison: &Comparison, entry: &Entry) {
    let op = match (entry.a, entry.b) {
        (Some(_), None) => "removed",
        (None, _) => "added",
        _ => "changed",
    };
    raw(out, "{\"type\":\"task\",\"op\":\"");
    raw(out, op);
    out.push(b'"');
    for (side, (name, index)) in [("a", entry.a), ("b", entry.b)].into_iter().enumerate() {
        raw(out, ",\"");
        raw(out, name);
        raw(out, "\":");
        match index {
            Some(index) => about(out, &comparison.runs[side].lineage, index),
            None => raw(out, "null"),
        }
    }
    raw(out, ",\"ended_otherwise\":");
    raw(out, if entry.ends.is_some() { "true" } else { "false" });
    raw(out, ",\"hidden\":");
    unsigned(out, entry.hidden);
    out.push(b'}');
}

/// A task.
fn about(out: &mut Vec<u8>, lineage: &Lineage, index: usize) {
    let task = &lineage.tasks[index];
    raw(out, "{\"pid\":");
    signed(out, i64::from(lineage.tasks[task.process].tid));
    raw(out, ",\"tid\":");
    signed(out, i64::from(task.tid));
    raw(out, ",\"parent\":");
    match task.maker {
        Some(maker) => signed(out, i64::from(lineage.tasks[lineage.tasks[maker].process].tid)),
        None => raw(out, "null"),
    }
    raw(out, ",\"programs\":[");
    for (at, Image { exe, argv }) in task.images.iter().enumerate() {
        raw(out, if at > 0 { ",{\"exe\":" } else { "{\"exe\":" });
        string(out, exe);
        raw(out, ",\"argv\":[");
        for (at, word) in argv.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            string(out, word);
        }
        raw(out, "]}");
    }
    raw(out, "],\"shown\":");
    write::string(out, &lineage.shown(index));
    raw(out, ",\"calls\":");
    unsigned(out, task.calls);
    raw(out, ",\"end\":");
    write::string(out, &end(task.end));
    raw(out, ",\"status\":");
    match task.end {
        Some(End::Exited(status)) => signed(out, i64::from(status)),
        _ => raw(out, "null"),
    }
    out.push(b'}');
}

/// A call or signal that differs; false for one that does not.
fn call(out: &mut Vec<u8>, comparison: &Comparison, entry: &Entry, op: Op, placed: bool) -> bool {
    let (name, numbers) = match op {
        Op::Same(..) => return false,
        Op::Removed(a) => ("removed", [Some(a), None]),
        Op::Added(b) => ("added", [None, Some(b)]),
        Op::Changed(a, b) => ("changed", [Some(a), Some(b)]),
        Op::Slower(a, b) => ("slower", [Some(a), Some(b)]),
    };
    raw(out, "{\"type\":\"event\",\"op\":\"");
    raw(out, name);
    raw(out, "\",\"placed\":");
    raw(out, if placed { "true" } else { "false" });
    raw(out, ",\"tids\":[");
    for (side, index) in [entry.a, entry.b].into_iter().enumerate() {
        if side > 0 {
            out.push(b',');
        }
        match index {
            Some(index) => signed(out, i64::from(comparison.runs[side].lineage.tasks[index].tid)),
            None => raw(out, "null"),
        }
    }
    out.push(b']');
    for (side, name) in ["a", "b"].into_iter().enumerate() {
        raw(out, ",\"");
        raw(out, name);
        raw(out, "\":");
        match numbers[side].and_then(|number| comparison.runs[side].lines.get(&number)) {
            Some(line) => out.extend_from_slice(&line.json),
            None => raw(out, "null"),
        }
    }
    out.push(b'}');
    true
}

fn summary(out: &mut Vec<u8>, comparison: &Comparison) {
    let counts = &comparison.counts;
    raw(out, "{\"type\":\"summary\",\"differ\":");
    raw(out, if comparison.differ() { "true" } else { "false" });
    let members = [
        (",\"processes\":{\"same\":", comparison.processes[0]),
        (",\"removed\":", comparison.processes[1]),
        (",\"added\":", comparison.processes[2]),
        (",\"ended_otherwise\":", comparison.processes[3]),
        ("},\"events\":{\"same\":", counts.same),
        (",\"removed\":", counts.removed),
        (",\"added\":", counts.added),
        (",\"changed\":", counts.changed),
        (",\"slower\":", counts.slower),
    ];
    for (name, count) in members {
        raw(out, name);
        unsigned(out, count);
    }
    raw(out, "}}");
}
