//! Everything that is known of a call, a signal or an end, in sections.

use std::io::Write;

use trace_tui::model::{Section, Span, Tone};

use super::{since, spans};
use crate::decode;
use crate::event::{Call, Signal, Snapshot, Stamp, Tid};
use crate::output::spans::{Speller, ended, hex_lines, ring_lines, stack_lines};
use crate::output::units;
use crate::record::parse::Told;
use crate::sys::clock;

/// Most bytes of one stretch of memory that are shown.
const MOST_BYTES: usize = 4096;
/// Most stretches of memory that are shown.
const MOST_STRETCHES: usize = 64;
/// Width of the names before values.
const NAME: usize = 12;

/// The sections of row `row` of an event.
pub fn sections(told: &Told<'_>, row: u32, begun_ns: u64) -> Vec<Section> {
    match told {
        Told::Left(call) => of_call(call, begun_ns),
        Told::Signal(signal) => of_signal(signal, false, begun_ns),
        Told::Stopped(signal) => of_signal(signal, true, begun_ns),
        Told::Ended(_, _, Some(call), _) if row == 0 => of_call(call, begun_ns),
        Told::Ended(tid, end, _, at) => {
            let mut lines = vec![pair("end", vec![Span::new(Tone::Plain, ended(*end))])];
            lines.extend(when(*tid, *at, begun_ns));
            vec![Section { title: "End of a task".into(), lines }]
        }
        _ => Vec::new(),
    }
}

/// A name and what follows it.
fn pair(name: &str, value: Vec<Span>) -> Vec<Span> {
    let mut line = vec![Span::new(Tone::Argument, format!("{name:<NAME$} "))];
    line.extend(value);
    line
}

fn plain(text: impl Into<String>) -> Vec<Span> {
    vec![Span::new(Tone::Plain, text)]
}

fn when(tid: Tid, at: Stamp, begun_ns: u64) -> Vec<Vec<Span>> {
    let (seconds, micros) = (at.wall_ns / 1_000_000_000, at.wall_ns / 1000 % 1_000_000);
    let fields = clock::local(seconds as i64).map_or([0; 6], |time| time.fields);
    let [.., hour, minute, second] = fields;
    let clock = format!("  ({hour:02}:{minute:02}:{second:02}.{micros:06})");
    vec![
        pair("thread", plain(tid.0.to_string())),
        pair("at", vec![Span::new(Tone::Plain, since(begun_ns, at.wall_ns)), Span::new(Tone::Dim, clock)]),
    ]
}

fn of_call(call: &Call, begun_ns: u64) -> Vec<Section> {
    let mut speller = Speller::full();
    let mut lines = when(call.tid, call.entered, begun_ns);
    if call.outcome.is_some() {
        let took = units::duration(call.left.mono_ns.saturating_sub(call.entered.mono_ns));
        lines.push(pair("took", plain(took)));
    }
    lines.push(pair("number", plain(format!("{} ({})", call.regs.nr as i64, call.regs.abi.display_name()))));
    lines.push(pair("from", plain(format!("{:#x}", call.regs.ip))));
    if let Some(resumed) = call.regs.resumes {
        lines.push(pair("resumes", plain(resumed)));
    }
    let title = call.signature.map_or_else(|| format!("syscall {:#x}", call.regs.nr), |s| s.name.to_owned());
    let mut sections = vec![Section { title, lines }];
    let registers = decode::arguments(call);
    let mut lines = Vec::new();
    for (at, (name, value)) in speller.arguments(call).into_iter().enumerate() {
        let known = call.signature.and_then(|s| s.args.iter().position(|arg| arg.name == name));
        let register = format!("{:#x}", registers.get(known.unwrap_or(at)).copied().unwrap_or(0));
        let name = if name.is_empty() { format!("argument {}", at + 1) } else { name };
        let shown: String = value.iter().map(|piece| piece.text.as_str()).collect();
        let mut line = pair(&name, spans(value));
        if shown != register && register != format!("0x{shown}") {
            line.push(Span::new(Tone::Dim, format!("  {register}")));
        }
        lines.push(line);
    }
    if !lines.is_empty() {
        sections.push(Section { title: "Arguments".into(), lines });
    }
    let ending = speller.ending(call);
    let result = if call.outcome.is_some() { spans(ending.full) } else { plain("it never returned") };
    sections.push(Section { title: "Result".into(), lines: vec![result] });
    memory(&mut sections, call, &call.before, "at entry", &registers);
    memory(&mut sections, call, &call.after, "at return", &registers);
    if let Some(traffic) = &call.ring {
        let lines = ring_lines(traffic).into_iter().map(plain).collect();
        sections.push(Section { title: "io_uring".into(), lines });
    }
    stack(&mut sections, &stack_lines(&call.stack));
    sections
}

/// A section for each stretch of memory that was captured.
fn memory(sections: &mut Vec<Section>, call: &Call, memory: &Snapshot, when: &str, registers: &[u64; 8]) {
    let stretches = memory.parts().filter(|part| part.want > 0);
    for part in stretches.take(MOST_STRETCHES) {
        let names = call.signature.map(|s| s.args).unwrap_or_default();
        let place = registers.iter().position(|value| *value == part.addr);
        let owner =
            place.and_then(|at| names.get(at)).map(|arg| format!("{} ", arg.name)).unwrap_or_default();
        let got = match (part.data.len(), part.want as usize) {
            (got, want) if got == want => format!("{got} bytes"),
            (got, want) => format!("{got} of {want} bytes could be read"),
        };
        let title = format!("Memory {when}: {owner}{:#x}, {got}", part.addr);
        let shown = &part.data[..part.data.len().min(MOST_BYTES)];
        let mut lines: Vec<Vec<Span>> = hex_lines(shown).into_iter().map(plain).collect();
        if shown.len() < part.data.len() {
            lines.push(vec![Span::new(Tone::Dim, format!("and {} more", part.data.len() - shown.len()))]);
        }
        sections.push(Section { title, lines });
    }
}

fn of_signal(signal: &Signal, stopped: bool, begun_ns: u64) -> Vec<Section> {
    let mut lines = vec![spans(Speller::full().signal(signal, stopped))];
    lines.extend(when(signal.tid, signal.at, begun_ns));
    let title = if stopped { "Stop by job control" } else { "Signal" };
    let mut sections = vec![Section { title: title.into(), lines }];
    stack(&mut sections, &stack_lines(&signal.stack));
    sections
}

fn stack(sections: &mut Vec<Section>, frames: &[String]) {
    if frames.is_empty() {
        return;
    }
    let numbered = |(at, frame): (usize, &String)| {
        let mut number = Vec::new();
        write!(number, "#{at:<3} ").ok();
        let number = String::from_utf8_lossy(&number).into_owned();
        vec![Span::new(Tone::Dim, number), Span::new(Tone::Plain, frame.clone())]
    };
    let lines = frames.iter().enumerate().map(numbered).collect();
    sections.push(Section { title: "Stack".into(), lines });
}
