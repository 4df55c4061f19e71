//! The JSON sink: one object a line for each call, signal, fork, exec, exit and remark.
//!
//! A call is written once, when it is over, with its beginning and its end; one that never returned is
//! written when its task ends, with `ret` null and the reason. `docs/events.schema.json` describes every
//! line; a change here is a change there.

pub mod descriptor;
mod extra;
mod forms;
mod frame;
pub mod header;
pub mod render;
mod ring;
pub mod stack;
pub mod write;

use std::collections::{HashMap, HashSet};

use syscall_tables::abi::Abi;
use syscall_tables::{errno, signal};

use crate::decode::{self, Options};
use crate::engine::sink::{Processes, Rings, Sink};
use crate::event::{Call, End, Note, Outcome, Program, Signal, Stamp, Started, Tampered, Tid};
use crate::output::choice::{Results, Signals};
use crate::output::text::place::Place;
use header::Header;
use render::{Frame, JsonRender, Notes};
use write::{hex, raw, seconds, signed};

/// What is written.
#[derive(Debug, Clone)]
pub struct Format {
    /// How much of a value is decoded.
    pub options: Options,
    /// Only calls with these results.
    pub results: Results,
    /// What goes over the rings of io_uring is told.
    pub rings: bool,
    /// Signals that are written.
    pub signals: Signals,
    /// The first line of each file.
    pub header: Header,
    /// Each task has a file of its own.
    pub separate: bool,
}

/// Writes events as JSON lines.
pub struct JsonSink {
    place: Place,
    format: Format,
    line: Vec<u8>,
    frames: Vec<Frame>,
    /// The process of each task.
    processes: HashMap<Tid, Tid>,
    /// Tasks whose file has its header; with one file for all, the first one that wrote.
    headed: HashSet<Tid>,
    /// The last moment that was told.
    now: Stamp,
}

impl JsonSink {
    /// A sink that writes to `place`.
    pub fn new(place: Place, format: Format) -> Self {
        let line = Vec::with_capacity(1024);
        Self {
            place,
            format,
            line,
            frames: Vec::new(),
            processes: HashMap::new(),
            headed: HashSet::new(),
            now: Stamp::default(),
        }
    }

    /// Begins an object with what every one has: `type`, `ts`, `pid`, `tid`.
    fn begin(&mut self, kind: &str, tid: Tid, at: Stamp) {
        let file = if self.format.separate { tid } else { Tid(0) };
        if !self.headed.contains(&file) {
            self.headed.insert(file);
            self.format.header.write(&mut self.line);
        }
        let process = self.processes.get(&tid).copied().unwrap_or(tid);
        let out = &mut self.line;
        raw(out, "{\"type\":\"");
        raw(out, kind);
        raw(out, "\",\"ts\":\"");
        seconds(out, at.wall_ns);
        raw(out, "\",\"pid\":");
        signed(out, i64::from(process.0));
        raw(out, ",\"tid\":");
        signed(out, i64::from(tid.0));
    }

    /// Ends the object and sends its line.
    fn send(&mut self, tid: Tid) {
        raw(&mut self.line, "}\n");
        self.place.append(tid, &self.line);
        self.line.clear();
    }

    /// A call that is over; `why` it never returned, else `None`.
    fn call(&mut self, call: &Call, end: Stamp, why: Option<&str>) {
        self.begin("syscall", call.tid, call.entered);
        let out = &mut self.line;
        raw(out, ",\"name\":");
        write::string(out, &call.title());
        raw(out, ",\"args\":[");
        let notes = Notes { fds: &call.fds, late: false, pids: &call.pids, raw: decode::arguments(call) };
        let mut render = JsonRender::arguments(out, &mut self.frames, notes);
        decode::call(call, &self.format.options, &mut render);
        render.finish();
        raw(out, "],\"ret\":");
        match call.outcome {
            Some(outcome) => {
                let notes = Notes { late: true, ..notes };
                returned(out, call, outcome, &self.format.options, &mut self.frames, notes);
            }
            None => {
                raw(out, "null,\"errno\":null,\"why\":\"");
                raw(out, why.unwrap_or("unknown"));
                out.push(b'"');
            }
        }
        raw(out, ",\"duration\":");
        seconds(out, end.mono_ns.saturating_sub(call.entered.mono_ns));
        raw(out, ",\"end\":\"");
        seconds(out, end.wall_ns);
        raw(out, "\",\"abi\":\"");
        raw(out, call.regs.abi.display_name());
        raw(out, "\",\"nr\":");
        signed(out, call.regs.nr as i64);
        raw(out, ",\"ip\":");
        hex(out, call.regs.ip);
        if let Some(traffic) = call.ring.as_ref().filter(|traffic| !traffic.is_empty()) {
            ring::write(out, traffic, &self.format.options, &mut self.frames);
        }
        injected(out, call.tampered);
        extra::write(out, call);
        stack::write(out, &call.stack);
        self.send(call.tid);
    }

    fn hidden(&self, call: &Call) -> bool {
        !self.format.results.returned(call)
    }

    /// A signal, or a stop by one.
    fn got(&mut self, kind: &str, event: &Signal) {
        if !self.format.signals.has(event.signo) {
            return;
        }
        self.begin(kind, event.tid, event.at);
        let out = &mut self.line;
        raw(out, ",\"name\":");
        match signal::name(event.signo as u32) {
            Some(name) => write::string(out, name),
            None => raw(out, "null"),
        }
        raw(out, ",\"signal\":");
        signed(out, i64::from(event.signo));
        if let Some(info) = &event.info {
            raw(out, ",\"info\":");
            let notes = Notes { pids: &event.pids, fds: &event.fds, ..Notes::default() };
            let mut render = JsonRender::value(out, &mut self.frames, notes);
            decode::siginfo(Abi::X86_64, event.abi, info, &mut render);
            render.finish();
        }
        stack::write(out, &event.stack);
        self.send(event.tid);
    }
}

/// Appends `,"injected":[…]`, where the tracer changed anything of a call.
fn injected(out: &mut Vec<u8>, what: Tampered) {
    let rows = [("args", what.arguments), ("retval", what.result), ("delay", what.delayed)];
    let mut before = ",\"injected\":[";
    for (name, _) in rows.into_iter().filter(|(_, holds)| *holds) {
        raw(out, before);
        write::string(out, name);
        before = ",";
    }
    if what != Tampered::default() {
        out.push(b']');
    }
}

/// The value after `"ret":`, and `errno`, `result` and `details` behind it.
fn returned(
    out: &mut Vec<u8>,
    call: &Call,
    outcome: Outcome,
    options: &Options,
    frames: &mut Vec<Frame>,
    notes: Notes<'_>,
) {
    if outcome.failed {
        return failure(out, outcome);
    }
    signed(out, outcome.value);
    raw(out, ",\"errno\":null");
    let before = out.len();
    raw(out, ",\"result\":");
    let mut render = JsonRender::value(out, frames, notes);
    decode::result(call, options, &mut render);
    let said = render.is_plain();
    render.finish();
    if said {
        out.truncate(before);
    }
}

/// Appends the value of `ret` and what belongs to it for a call that failed.
fn failure(out: &mut Vec<u8>, outcome: Outcome) {
    let code = outcome.errno().unwrap_or(0);
    // The caller does not see a call that is restarted return.
    let restarts = errno::is_restart(code);
    raw(out, if restarts { "null" } else { "-1" });
    raw(out, ",\"errno\":{\"name\":");
    match errno::name(code) {
        Some(name) => write::string(out, name),
        None => raw(out, "null"),
    }
    raw(out, ",\"value\":");
    write::digits(out, u64::from(code));
    if let Some(text) = errno::text(code) {
        raw(out, ",\"text\":");
        write::string(out, text);
    }
    raw(out, if restarts { "},\"why\":\"restarted\"" } else { "}" });
}

impl Sink for JsonSink {
    fn rings(&self) -> Rings {
        if self.format.rings { Rings::Within } else { Rings::None }
    }
    fn processes(&self) -> Processes {
        Processes::Programs
    }

    fn started(&mut self, started: &Started) {
        self.processes.insert(started.tid, started.process);
        self.begin(if started.attached { "attach" } else { "fork" }, started.tid, started.at);
        let thread = started.tid != started.process;
        raw(&mut self.line, if thread { ",\"task\":\"thread\"" } else { ",\"task\":\"process\"" });
        raw(&mut self.line, ",\"parent\":");
        signed(&mut self.line, i64::from(started.parent.0));
        self.send(started.tid);
    }

    fn executed(&mut self, program: &Program) {
        self.begin("exec", program.process, program.at);
        let out = &mut self.line;
        for (name, value) in
            [(",\"exe\":", &program.exe), ("},\"cwd\":", &program.cwd), ("},\"comm\":", &program.comm)]
        {
            raw(out, name);
            write::text(out, value, false);
        }
        raw(out, "},\"argv\":");
        header::texts(out, &program.argv);
        raw(out, if program.attached { ",\"attached\":true" } else { ",\"attached\":false" });
        self.send(program.process);
    }

    fn left(&mut self, call: &Call) {
        if !self.hidden(call) {
            self.call(call, call.left, None);
            self.now = call.left;
        }
    }

    fn signal(&mut self, event: &Signal) {
        self.got("signal", event);
    }

    fn stopped(&mut self, event: &Signal) {
        self.got("stop", event);
    }

    fn ended(&mut self, tid: Tid, end: End, pending: Option<&Call>, now: Stamp) {
        let why = match end {
            End::Exited(_) => "exited",
            End::Killed { .. } => "killed",
            End::Superseded { .. } => "superseded",
            End::Detached => "detached",
        };
        if let Some(call) = pending.filter(|call| !self.hidden(call)) {
            self.call(call, now, Some(why));
        }
        self.begin(if end == End::Detached { "detach" } else { "exit" }, tid, now);
        let out = &mut self.line;
        if end != End::Detached {
            raw(out, ",\"how\":\"");
            raw(out, why);
            out.push(b'"');
        }
        match end {
            End::Exited(status) => {
                raw(out, ",\"status\":");
                signed(out, i64::from(status));
            }
            End::Killed { signo, core } => {
                raw(out, ",\"signal\":");
                forms::signal_name(out, signo as u32);
                raw(out, if core { ",\"core\":true" } else { ",\"core\":false" });
            }
            End::Superseded { by } => {
                raw(out, ",\"by\":");
                signed(out, i64::from(by.0));
            }
            End::Detached => {}
        }
        self.send(tid);
        self.now = now;
        self.processes.remove(&tid);
        self.place.forget(tid);
    }

    fn renamed(&mut self, from: Tid, to: Tid) {
        self.processes.remove(&from);
        self.processes.insert(to, to);
        self.begin("rename", to, self.now);
        raw(&mut self.line, ",\"from\":");
        signed(&mut self.line, i64::from(from.0));
        self.send(to);
        self.place.forget(from);
    }

    fn note(&mut self, tid: Tid, note: Note, now: Stamp) {
        // Attaching and detaching are objects of their own.
        if let Note::Personality(abi) = note {
            self.begin("note", tid, now);
            raw(&mut self.line, ",\"note\":\"personality\",\"abi\":\"");
            raw(&mut self.line, abi.display_name());
            self.line.push(b'"');
            self.send(tid);
        }
    }

    fn population(&mut self, tasks: usize) {
        self.place.population(tasks);
    }

    fn flush(&mut self) {
        self.place.flush();
    }

    fn finish(&mut self) {
        self.place.flush();
    }
}
