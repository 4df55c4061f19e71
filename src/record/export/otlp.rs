//! Processes as spans of OpenTelemetry: OTLP in its JSON form, one request on one line.
//!
//! A span lasts from a process's start to its end and is below that of its parent; what it ran and the signals it
//! got are events. Spans are written when their process has ended, so that memory is bounded by what runs.
//! Sources: opentelemetry-proto (trace.proto), the OTLP specification's JSON mapping (ids in hexadecimal, 64-bit
//! integers as strings, enumerations as numbers), and the semantic conventions of `process.*`, `host.*`, `os.*`.

use std::collections::HashMap;

use syscall_tables::signal;

use super::Setup;
use super::out::Out;
use super::roster::{Process, Roster};
use crate::engine::sink::{Processes, Rings, Sink};
use crate::event::ring::{Completion, Traffic};
use crate::event::{Call, End, Program, Signal, Stamp, Started, Tid};
use crate::output::choice::Signals;
use crate::output::json::write::{self, digits, raw};
use crate::output::shell;

/// Most events of a span: the default limit of OpenTelemetry's collectors and libraries.
const MOST_EVENTS: u32 = 128;
/// SPAN_KIND_INTERNAL.
const INTERNAL: u64 = 1;
/// STATUS_CODE_ERROR.
const ERROR: u64 = 2;
/// What the conventions call the machines that Rust has other names for.
const MACHINES: &[(&str, &str)] =
    &[("x86_64", "amd64"), ("aarch64", "arm64"), ("x86", "x86"), ("arm", "arm32"), ("powerpc64", "ppc64")];

/// What is kept of a process while it runs.
#[derive(Debug, Default)]
struct Span {
    /// The events, as JSON.
    events: Vec<u8>,
    count: u32,
    dropped: u32,
    calls: u64,
    errors: u64,
    operations: u64,
    failed_operations: u64,
    unseen: u64,
    threads: u64,
}

struct Otlp {
    out: Out,
    roster: Roster,
    spans: HashMap<u64, Span>,
    trace: [u8; 16],
    signals: Signals,
    first: bool,
    last: Stamp,
}

/// The exporter.
pub(super) fn sink(setup: Setup, mut out: Out) -> Box<dyn Sink> {
    let trace = trace_id(&setup);
    head(&mut out.buffer, &setup);
    Box::new(Otlp {
        out,
        roster: Roster::default(),
        spans: HashMap::new(),
        trace,
        signals: setup.signals,
        first: true,
        last: Stamp::default(),
    })
}

/// A hash that is the same in every build (FNV-1a), never 0.
fn hash(seed: u64, parts: &[&[u8]]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    // A separator that no UTF-8 holds keeps parts apart.
    let all = parts.iter().flat_map(|part| part.iter().chain(&[0xff]));
    all.fold(0xcbf2_9ce4_8422_2325 ^ seed, step).max(1)
}

/// The id of the run: the same for every export of a recording.
fn trace_id(setup: &Setup) -> [u8; 16] {
    let begun = setup.header.wall_ns.to_le_bytes();
    let command = setup.command();
    let parts = [setup.host.as_bytes(), &begun[..], command.as_bytes()];
    let mut id = [0; 16];
    id[..8].copy_from_slice(&hash(1, &parts).to_be_bytes());
    id[8..].copy_from_slice(&hash(2, &parts).to_be_bytes());
    id
}

/// Appends an id in hexadecimal, in quotes.
fn id(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'"');
    out.extend(bytes.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()));
    out.push(b'"');
}

/// Appends a moment: a 64-bit integer, which is a string.
fn moment(out: &mut Vec<u8>, key: &str, at: Stamp) {
    raw(out, ",\"");
    raw(out, key);
    raw(out, "\":\"");
    digits(out, at.wall_ns);
    out.push(b'"');
}

/// A list of attributes that is being written.
struct Attributes<'a> {
    out: &'a mut Vec<u8>,
    any: bool,
}

impl<'a> Attributes<'a> {
    fn new(out: &'a mut Vec<u8>) -> Self {
        raw(out, "\"attributes\":[");
        Self { out, any: false }
    }

    fn value(&mut self, key: &str, kind: &str) -> &mut Vec<u8> {
        raw(self.out, if self.any { ",{\"key\":" } else { "{\"key\":" });
        self.any = true;
        write::string(self.out, key);
        raw(self.out, ",\"value\":{\"");
        raw(self.out, kind);
        raw(self.out, "\":");
        self.out
    }

    fn text(&mut self, key: &str, text: &str) -> &mut Self {
        if !text.is_empty() {
            let out = self.value(key, "stringValue");
            write::string(out, text);
            raw(out, "}}");
        }
        self
    }

    fn bytes(&mut self, key: &str, bytes: &[u8]) -> &mut Self {
        self.text(key, &String::from_utf8_lossy(bytes))
    }

    fn number(&mut self, key: &str, value: i64) -> &mut Self {
        let out = self.value(key, "intValue");
        raw(out, &format!("\"{value}\"}}}}"));
        self
    }

    fn texts(&mut self, key: &str, list: &[Vec<u8>]) -> &mut Self {
        let out = self.value(key, "arrayValue");
        raw(out, "{\"values\":[");
        for (index, text) in list.iter().enumerate() {
            raw(out, if index == 0 { "{\"stringValue\":" } else { ",{\"stringValue\":" });
            write::string(out, &String::from_utf8_lossy(text));
            out.push(b'}');
        }
        raw(out, "]}}}");
        self
    }

    fn end(&mut self) {
        self.out.push(b']');
    }
}

/// Appends what is said of the whole run, up to the list of spans.
fn head(out: &mut Vec<u8>, setup: &Setup) {
    let name = setup.header.command.first().map_or(&b"trace"[..], |word| shell::base(word));
    let machine = &*setup.header.machine;
    let machine = MACHINES.iter().find(|(ours, _)| *ours == machine).map_or(machine, |(_, theirs)| theirs);
    raw(out, "{\"resourceSpans\":[{\"resource\":{");
    Attributes::new(out)
        .bytes("service.name", name)
        .text("host.name", &setup.host)
        .text("host.arch", machine)
        .text("os.type", "linux")
        .text("os.version", &setup.header.kernel)
        .end();
    raw(out, "},\"scopeSpans\":[{\"scope\":{\"name\":\"trace\",\"version\":");
    write::string(out, env!("CARGO_PKG_VERSION"));
    raw(out, "},\"spans\":[");
}

/// What is said of a program, of a span and of the event that begins it.
fn program(list: &mut Attributes<'_>, program: &Program) {
    let name = if program.exe.is_empty() { &program.comm[..] } else { shell::base(&program.exe) };
    list.bytes("process.executable.name", name)
        .bytes("process.executable.path", &program.exe)
        .bytes("process.command", program.argv.first().map_or(&[][..], Vec::as_slice))
        .texts("process.command_args", &program.argv)
        .text("process.command_line", &shell::command(&program.argv, b""))
        .bytes("process.working_directory", &program.cwd);
}

impl Otlp {
    fn at(&mut self, at: Stamp) {
        if at.mono_ns >= self.last.mono_ns {
            self.last = at;
        }
    }

    fn span_id(&self, serial: u64) -> [u8; 8] {
        hash(3, &[&self.trace, &serial.to_le_bytes()]).to_be_bytes()
    }

    /// Adds an event to the span of a task's process.
    fn event(&mut self, tid: Tid, name: &str, at: Stamp, attributes: impl FnOnce(&mut Attributes<'_>)) {
        let serial = self.roster.of(tid).serial;
        let span = self.spans.entry(serial).or_default();
        if span.count >= MOST_EVENTS {
            span.dropped += 1;
            return;
        }
        let out = &mut span.events;
        raw(out, if span.count == 0 { "{\"name\":" } else { ",{\"name\":" });
        span.count += 1;
        write::string(out, name);
        moment(out, "timeUnixNano", at);
        out.push(b',');
        let mut list = Attributes::new(out);
        attributes(&mut list);
        list.end();
        out.push(b'}');
    }

    /// Writes the span of a process.
    fn span(&mut self, process: &Process, end: Option<End>, at: Stamp) {
        let span = self.spans.remove(&process.serial).unwrap_or_default();
        let (own, parent) = (self.span_id(process.serial), process.parent.map(|serial| self.span_id(serial)));
        let out = &mut self.out.buffer;
        raw(out, if std::mem::take(&mut self.first) { "{\"traceId\":" } else { ",{\"traceId\":" });
        id(out, &self.trace);
        raw(out, ",\"spanId\":");
        id(out, &own);
        if let Some(parent) = parent {
            raw(out, ",\"parentSpanId\":");
            id(out, &parent);
        }
        raw(out, ",\"name\":");
        write::string(out, &process.name());
        raw(out, ",\"kind\":");
        digits(out, INTERNAL);
        moment(out, "startTimeUnixNano", process.begun);
        moment(out, "endTimeUnixNano", at);
        out.push(b',');
        let mut list = Attributes::new(out);
        list.number("process.pid", process.pid.into());
        if process.parent_pid != 0 {
            list.number("process.parent_pid", process.parent_pid.into());
        }
        if let Some(runs) = &process.program {
            program(&mut list, runs);
        }
        if let Some(End::Exited(status)) = end {
            list.number("process.exit.code", status.into());
        }
        list.number("trace.syscall.count", i64::try_from(span.calls).unwrap_or(i64::MAX))
            .number("trace.syscall.errors", i64::try_from(span.errors).unwrap_or(i64::MAX))
            .number("trace.io_uring.count", i64::try_from(span.operations).unwrap_or(i64::MAX))
            .number("trace.io_uring.errors", i64::try_from(span.failed_operations).unwrap_or(i64::MAX))
            .number("trace.io_uring.unseen", i64::try_from(span.unseen).unwrap_or(i64::MAX))
            .number("trace.thread.count", i64::try_from(span.threads.max(1)).unwrap_or(i64::MAX));
        let failure = failure(end);
        if let Some((kind, _)) = &failure {
            list.text("error.type", kind);
        }
        list.end();
        raw(out, ",\"events\":[");
        out.extend_from_slice(&span.events);
        raw(out, "],\"droppedEventsCount\":");
        digits(out, span.dropped.into());
        raw(out, ",\"status\":{");
        if let Some((_, text)) = failure {
            raw(out, "\"code\":");
            digits(out, ERROR);
            raw(out, ",\"message\":");
            write::string(out, &text);
        }
        raw(out, "}}");
        self.out.send();
    }
}

/// The kind of a failure and a sentence about it.
fn failure(end: Option<End>) -> Option<(String, String)> {
    match end? {
        End::Exited(0) | End::Superseded { .. } | End::Detached => None,
        End::Exited(status) => Some((status.to_string(), format!("exited with {status}"))),
        End::Killed { signo, .. } => {
            let name = signal_name(signo);
            let text = format!("killed by {name}");
            Some((name, text))
        }
    }
}

fn signal_name(signo: i32) -> String {
    let name = u32::try_from(signo).ok().and_then(signal::name);
    name.map_or_else(|| format!("SIG{signo}"), str::to_owned)
}

impl Sink for Otlp {
    fn processes(&self) -> Processes {
        Processes::Programs
    }

    fn started(&mut self, started: &Started) {
        self.at(started.at);
        self.roster.started(started);
        let serial = self.roster.of(started.tid).serial;
        self.spans.entry(serial).or_default().threads += 1;
    }

    fn executed(&mut self, runs: &Program) {
        self.at(runs.at);
        self.roster.executed(runs);
        if !runs.attached {
            self.event(runs.process, "exec", runs.at, |list| program(list, runs));
        }
    }

    fn entered(&mut self, call: &Call) {
        self.at(call.entered);
        self.roster.entered(call.tid);
    }

    fn left(&mut self, call: &Call) {
        self.at(call.left);
        let serial = self.roster.of(call.tid).serial;
        let span = self.spans.entry(serial).or_default();
        span.calls += 1;
        span.errors += u64::from(call.outcome.is_some_and(|outcome| outcome.failed));
    }

    fn rings(&self) -> Rings {
        Rings::Apart
    }

    fn completed(&mut self, tid: Tid, completion: &Completion) {
        let tid = completion.operation.as_ref().map_or(tid, |operation| operation.call.tid);
        let serial = self.roster.of(tid).serial;
        let span = self.spans.entry(serial).or_default();
        span.operations += 1;
        span.failed_operations += u64::from(completion.result < 0);
    }

    fn unseen(&mut self, tid: Tid, traffic: &Traffic) {
        let serial = self.roster.of(tid).serial;
        let span = self.spans.entry(serial).or_default();
        span.unseen = span.unseen.saturating_add(traffic.unseen_submissions.into());
    }

    fn signal(&mut self, signal: &Signal) {
        self.at(signal.at);
        if self.signals.has(signal.signo) {
            let name = signal_name(signal.signo);
            self.event(signal.tid, "signal", signal.at, |list| {
                list.text("trace.signal.name", &name)
                    .number("trace.signal.number", signal.signo.into())
                    .number("thread.id", signal.tid.0.into());
            });
        }
    }

    fn ended(&mut self, tid: Tid, end: End, _pending: Option<&Call>, at: Stamp) {
        self.at(at);
        if let Some(process) = self.roster.ended(tid) {
            self.span(&process, Some(end), at);
        }
    }

    fn renamed(&mut self, from: Tid, to: Tid) {
        self.roster.renamed(from, to);
    }

    fn finish(&mut self) {
        for process in self.roster.rest() {
            self.span(&process, None, self.last);
        }
        raw(&mut self.out.buffer, "]}]}]}\n");
        self.out.finish();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_the_same_in_every_build() {
        assert_eq!(hash(0, &[]), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash(0, &[b"a", b""]), hash(0, &[b"a", b""]));
        assert_ne!(hash(0, &[b"a", b"b"]), hash(0, &[b"ab"]));
        let mut out = Vec::new();
        id(&mut out, &[0, 0xab]);
        assert_eq!(out, b"\"00ab\"");
    }

    #[test]
    fn failures_are_told_by_their_kind() {
        assert_eq!(failure(Some(End::Exited(0))), None);
        assert_eq!(failure(Some(End::Exited(2))), Some(("2".into(), "exited with 2".into())));
        let killed = failure(Some(End::Killed { signo: 15, core: false }));
        assert_eq!(killed, Some(("SIGTERM".into(), "killed by SIGTERM".into())));
        assert_eq!(failure(None), None);
    }
}
