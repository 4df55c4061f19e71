//! The third look at a recording: the events that are shown, as lines and as JSON. Only what was asked for is kept.

use std::collections::HashMap;

use syscall_tables::{errno, signal};

use super::events::Merged;
use super::shared::Shared;
use crate::decode;
use crate::engine::sink::{Processes, Rings, Sink};
use crate::event::ring::Completion;
use crate::event::{Call, End, Signal, Stamp, Tid};
use crate::output::json::render::{Frame, JsonRender, Notes};
use crate::output::json::write;
use crate::output::text::whole::{self, Look};

/// An event as it is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// Its line, without an end.
    pub text: Vec<u8>,
    /// Where its result begins.
    pub result: usize,
    /// Its JSON object, where that was asked for.
    pub json: Vec<u8>,
    /// How long it took, in nanoseconds.
    pub took_ns: u64,
}

/// Lines by the numbers of events.
pub type Lines = HashMap<u32, Line>;

/// The sink that writes them.
pub struct Writer {
    /// Numbers of the events, rising, and whether their strings are shown as far as they were compared.
    wanted: Vec<(u32, bool)>,
    /// The first of them that has not come yet.
    next: usize,
    number: u32,
    look: Look,
    /// How much of strings was compared.
    compared_bytes: usize,
    json: bool,
    merged: HashMap<u32, Merged>,
    lines: Shared<Lines>,
    frames: Vec<Frame>,
}

impl Writer {
    /// A sink that fills `lines` with the events of `wanted`, which must rise.
    pub fn new(
        wanted: Vec<(u32, bool)>,
        look: Look,
        compared_bytes: usize,
        json: bool,
        merged: HashMap<u32, Merged>,
        lines: Shared<Lines>,
    ) -> Self {
        let (next, number, frames) = (0, 0, Vec::new());
        Self { wanted, next, number, look, compared_bytes, json, merged, lines, frames }
    }

    /// The number of the next event and whether its strings are wanted in full, if it is wanted.
    fn number(&mut self) -> Option<(u32, bool)> {
        let number = self.number;
        self.number = self.number.saturating_add(1);
        let wanted = self.wanted.get(self.next).copied().filter(|wanted| wanted.0 == number);
        self.next += usize::from(wanted.is_some());
        wanted
    }

    fn call(&mut self, call: &Call) {
        let Some((number, full)) = self.number() else { return };
        let mut line = Line::default();
        let shown = self.look.options.string_limit;
        if full {
            self.look.options.string_limit = shown.max(self.compared_bytes);
        }
        line.result = whole::call(&mut line.text, call, &self.look);
        let merged = self.merged.get(&number).copied();
        if let Some(Merged { calls, bytes }) = merged.filter(|merged| merged.calls > 1) {
            line.text.extend_from_slice(format!("  # {calls} such calls, {bytes} bytes").as_bytes());
        }
        line.took_ns = call.outcome.map_or(0, |_| call.left.mono_ns.saturating_sub(call.entered.mono_ns));
        if self.json {
            self.json_of_call(call, &mut line, merged);
        }
        self.look.options.string_limit = shown;
        self.lines.borrow_mut().insert(number, line);
    }

    fn json_of_call(&mut self, call: &Call, line: &mut Line, merged: Option<Merged>) {
        let out = &mut line.json;
        write::raw(out, "{\"name\":");
        write::string(out, &call.title());
        write::raw(out, ",\"text\":");
        write::string(out, &String::from_utf8_lossy(&line.text));
        write::raw(out, ",\"ts\":\"");
        write::seconds(out, call.entered.wall_ns);
        write::raw(out, "\",\"duration\":\"");
        write::seconds(out, line.took_ns);
        write::raw(out, "\",\"ret\":");
        let errno = call.outcome.and_then(|outcome| outcome.errno());
        match call.outcome.filter(|outcome| !outcome.failed) {
            Some(outcome) => write::signed(out, outcome.value),
            None => write::raw(out, "null"),
        }
        write::raw(out, ",\"errno\":");
        match errno {
            Some(code) => write::string(out, errno::name(code).unwrap_or("unknown")),
            None => write::raw(out, "null"),
        }
        write::raw(out, ",\"args\":[");
        let notes = Notes { fds: &call.fds, late: false, pids: &call.pids, raw: decode::arguments(call) };
        let mut render = JsonRender::arguments(out, &mut self.frames, notes);
        decode::call(call, &self.look.options, &mut render);
        render.finish();
        out.push(b']');
        if let Some(Merged { calls, bytes }) = merged {
            write::raw(out, ",\"merged\":{\"calls\":");
            write::unsigned(out, calls);
            write::raw(out, ",\"bytes\":");
            write::unsigned(out, bytes);
            out.push(b'}');
        }
        out.push(b'}');
    }
}

impl Sink for Writer {
    fn processes(&self) -> Processes {
        Processes::Programs
    }

    fn left(&mut self, call: &Call) {
        self.call(call);
    }

    fn rings(&self) -> Rings {
        Rings::Apart
    }

    fn completed(&mut self, _tid: Tid, completion: &Completion) {
        match &completion.operation {
            Some(operation) => self.call(&operation.call),
            None => drop(self.number()),
        }
    }

    fn signal(&mut self, signal: &Signal) {
        let Some((number, _)) = self.number() else { return };
        let mut line = Line::default();
        whole::signal(&mut line.text, signal, &self.look);
        line.result = line.text.len();
        if self.json {
            let out = &mut line.json;
            write::raw(out, "{\"name\":");
            write::string(out, signal::name(signal.signo as u32).unwrap_or("unknown"));
            write::raw(out, ",\"text\":");
            write::string(out, &String::from_utf8_lossy(&line.text));
            write::raw(out, ",\"ts\":\"");
            write::seconds(out, signal.at.wall_ns);
            write::raw(out, "\"}");
        }
        self.lines.borrow_mut().insert(number, line);
    }

    fn ended(&mut self, _tid: Tid, _end: End, pending: Option<&Call>, _at: Stamp) {
        if let Some(call) = pending {
            self.call(call);
        }
    }
}
