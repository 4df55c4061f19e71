//! The text sink: one line a call, in strace's format to the byte.
//!
//! It keeps the line that is being written; when another task has something to say, the line is
//! ended with `<unfinished ...>` and taken up again with `<... NAME resumed>`.

mod annotations;
pub mod color;
mod descriptor;
pub mod dump;
mod extra;
pub mod line;
pub mod manner;
pub mod notices;
pub mod parts;
pub mod pieces;
pub mod place;
pub mod quote;
pub mod render;
pub mod rings;
mod spelling;
pub mod stack;
pub mod time;
mod tokens;
pub mod whole;

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;

use syscall_tables::signal;

use crate::decode::Options;
use crate::engine::sink::{Rings, Sink};
use crate::event::{Call, End, Note, Signal, Stamp, Tid};
use crate::output::choice::{Quiet, Results, Signals};
use dump::Dumps;
use manner::Manner;
use parts::{head, pad, painted_name, signal_line, tail, width};
use place::Place;
use render::Spelling;
use time::Times;

/// What is printed beside calls.
#[derive(Debug, Clone)]
pub struct Format {
    /// How values are spelled.
    pub spelling: Spelling,
    /// How much of a value is decoded.
    pub options: Options,
    /// Column of the return value.
    pub column: usize,
    /// Time stamps.
    pub times: Times,
    /// Instruction pointers (`-i`).
    pub ip: bool,
    /// Syscall numbers (`-n`).
    pub number: bool,
    /// Notices that are left out.
    pub quiet: Quiet,
    /// Only calls with these results are printed; in one piece, unless that is all.
    pub results: Results,
    /// Signals that are printed.
    pub signals: Signals,
    /// How much of stacks is printed, where they were taken.
    pub stacks: stack::Detail,
    /// What goes over the rings of io_uring is printed.
    pub rings: bool,
    /// Calls that are decoded in another manner than `options` say.
    pub manner: Option<Arc<Manner>>,
    /// Data that is dumped below its call.
    pub dumps: Arc<Dumps>,
}

impl Format {
    /// How what goes over rings is shown.
    pub fn look(&self) -> rings::Look<'_> {
        rings::Look { spelling: &self.spelling, options: &self.options, repeats: false }
    }

    /// How much of a call's values is decoded.
    fn decoding(&self, call: &Call) -> Options {
        self.manner.as_ref().map_or(self.options, |manner| manner.of(self.options, call))
    }
}

/// Writes calls as lines.
pub struct TextSink {
    place: Place,
    format: Format,
    line: Vec<u8>,
    /// The tasks whose lines are open, one in each file, and the columns they have reached.
    open: Vec<(Tid, usize)>,
    /// Time of the line before, for `-r`.
    last: Option<u64>,
    /// The number of the call that each task made last, for `-n`.
    numbers: HashMap<Tid, u64>,
    /// The SELinux contexts of tasks, where those are wanted.
    contexts: HashMap<Tid, String>,
}

/// Where a task was when a line about it begins, for `-i`: an address of so many digits.
#[derive(Debug, Clone, Copy)]
struct At(Option<u64>, usize);

impl At {
    /// Nobody knows.
    const UNKNOWN: Self = Self(None, 16);

    fn call(call: &Call) -> Self {
        Self(Some(call.regs.ip), usize::from(call.regs.abi.data_model().word_bytes) * 2)
    }
}

impl TextSink {
    /// A sink that writes to `place`.
    pub fn new(place: Place, format: Format) -> Self {
        Self {
            place,
            format,
            line: Vec::with_capacity(512),
            open: Vec::new(),
            last: None,
            numbers: HashMap::new(),
            contexts: HashMap::new(),
        }
    }

    /// Sends the bytes of the line so far.
    fn send(&mut self, tid: Tid) {
        self.place.append(tid, &self.line);
        self.line.clear();
    }

    /// Ends the line that is open where `tid` writes.
    fn break_off(&mut self, tid: Tid) {
        let place = &self.place;
        if let Some(index) = self.open.iter().position(|(other, _)| place.shares(*other, tid)) {
            let (other, _) = self.open.swap_remove(index);
            self.line.extend_from_slice(b" <unfinished ...>\n");
            self.send(other);
        }
    }

    /// The open line of a task is being ended: its column.
    fn take_open(&mut self, tid: Tid) -> Option<usize> {
        let index = self.open.iter().position(|(open, _)| *open == tid)?;
        Some(self.open.swap_remove(index).1)
    }

    fn leader(&mut self, tid: Tid, at: Stamp, place: At) {
        self.place.prefix(&mut self.line, tid);
        if let Some(context) = self.contexts.get(&tid) {
            write!(self.line, "[{context}] ").ok();
        }
        self.format.times.stamp(&mut self.line, at, &mut self.last);
        if self.format.number {
            let number = self.numbers.get(&tid).copied().unwrap_or(0);
            write!(self.line, "[{:4}] ", number as i64).ok();
        }
        if self.format.ip {
            let At(ip, digits) = place;
            match ip {
                Some(ip) => drop(write!(self.line, "[{ip:0digits$x}] ")),
                None => drop(write!(self.line, "[{:?<digits$}] ", "")),
            }
        }
    }

    fn width(&self) -> usize {
        width(&self.line, &self.format)
    }

    /// Everything up to what is known at entry.
    fn begin(&mut self, call: &Call) {
        if self.format.number {
            self.numbers.insert(call.tid, call.regs.abi.kernel_number(call.regs.nr));
        }
        if let Some(own) = call.extra.as_ref().and_then(|extra| extra.own.as_ref()) {
            self.contexts.insert(call.tid, own.clone());
        }
        self.leader(call.tid, call.entered, At::call(call));
        head(&mut self.line, call, &self.format);
    }

    /// The rest of the arguments and the result; `column` is where the line stands.
    fn end(&mut self, call: &Call, column: usize) {
        tail(&mut self.line, call, &self.format, column);
        self.format.times.duration(&mut self.line, call);
        self.line.push(b'\n');
        extra::below(&mut self.line, call);
        dump::write(&mut self.line, call, &self.format.dumps);
    }

    fn pad(&mut self, column: usize) {
        pad(&mut self.line, &self.format, column);
    }

    fn remark(&mut self, tid: Tid, at: Stamp, place: At, text: std::fmt::Arguments<'_>) {
        self.break_off(tid);
        self.leader(tid, at, place);
        self.line.write_fmt(text).ok();
        self.line.push(b'\n');
        self.send(tid);
    }

    /// The end of a call that never returned.
    fn never(&mut self, call: &Call, how: &[u8]) {
        let tid = call.tid;
        let column = match self.take_open(tid) {
            Some(column) => column,
            None => {
                self.break_off(tid);
                self.leader(tid, call.entered, At::call(call));
                self.resumed(call);
                0
            }
        };
        self.line.extend_from_slice(how);
        self.line.extend_from_slice(b") ");
        self.pad(column);
        self.line.extend_from_slice(b"= ?\n");
        self.rings(call);
        self.send(tid);
    }

    fn rings(&mut self, call: &Call) {
        if let Some(traffic) = call.ring.as_ref().filter(|_| self.format.rings) {
            rings::write(&mut self.line, traffic, self.format.look());
        }
    }

    fn resumed(&mut self, call: &Call) {
        self.line.extend_from_slice(b"<... ");
        painted_name(&mut self.line, call, &self.format);
        self.line.extend_from_slice(b" resumed>");
    }

    /// Whether a call is printed when it is over, in one piece.
    fn in_one(&self) -> bool {
        !self.format.results.is_all()
    }

    /// The call of a task that ends, if it is to be printed; its line begins here where it was held back.
    fn last_words<'a>(&mut self, pending: Option<&'a Call>, shown: bool) -> Option<&'a Call> {
        let call = pending.filter(|_| shown)?;
        if self.in_one() {
            self.entered_line(call);
        }
        Some(call)
    }

    fn entered_line(&mut self, call: &Call) {
        self.break_off(call.tid);
        self.begin(call);
        self.open.push((call.tid, self.width()));
        self.send(call.tid);
    }
}

impl Sink for TextSink {
    fn rings(&self) -> Rings {
        if self.format.rings { Rings::Within } else { Rings::None }
    }

    fn numbered(&mut self, tid: Tid, nr: u64) {
        if self.format.number {
            self.numbers.insert(tid, nr);
        }
    }

    fn entered(&mut self, call: &Call) {
        if !self.in_one() {
            self.entered_line(call);
        }
    }

    fn left(&mut self, call: &Call) {
        if !self.format.results.returned(call) {
            return;
        }
        let column = match self.take_open(call.tid) {
            Some(column) => column,
            None => {
                self.break_off(call.tid);
                if self.in_one() {
                    self.begin(call);
                } else {
                    self.leader(call.tid, call.left, At::call(call));
                    self.resumed(call);
                }
                0
            }
        };
        self.end(call, column);
        stack::write(&mut self.line, &call.stack, self.format.stacks);
        self.rings(call);
        self.send(call.tid);
    }

    fn signal(&mut self, event: &Signal) {
        if !self.format.signals.has(event.signo) {
            return;
        }
        self.break_off(event.tid);
        self.leader(event.tid, event.at, At(event.ip, 16));
        signal_line(&mut self.line, event, &self.format);
        self.line.push(b'\n');
        stack::write(&mut self.line, &event.stack, self.format.stacks);
        self.send(event.tid);
    }

    fn stopped(&mut self, event: &Signal) {
        if !self.format.signals.has(event.signo) {
            return;
        }
        let name = signal::name(event.signo as u32).unwrap_or("?");
        self.remark(event.tid, event.at, At(event.ip, 16), format_args!("--- stopped by {name} ---"));
        stack::write(&mut self.line, &event.stack, self.format.stacks);
        self.send(event.tid);
    }

    fn ended(&mut self, tid: Tid, end: End, pending: Option<&Call>, now: Stamp) {
        let shown = self.format.results.unfinished();
        match end {
            End::Exited(status) => {
                let pending = self.last_words(pending, shown);
                if let Some(call) = pending {
                    self.never(call, b"");
                }
                if !self.format.quiet.exit() {
                    self.remark(tid, now, At::UNKNOWN, format_args!("+++ exited with {status} +++"));
                }
                // Below the notice, where strace has it too.
                if let Some(call) = pending {
                    stack::write(&mut self.line, &call.stack, self.format.stacks);
                    self.send(tid);
                }
            }
            End::Killed { signo, core } => {
                let pending = self.last_words(pending, shown);
                if let Some(call) = pending {
                    self.never(call, b" <unfinished ...>");
                }
                if !self.format.quiet.exit() && self.format.signals.has(signo) {
                    let core = if core { " (core dumped)" } else { "" };
                    let name = signal::name(signo as u32).unwrap_or("?");
                    self.remark(tid, now, At::UNKNOWN, format_args!("+++ killed by {name}{core} +++"));
                }
            }
            End::Superseded { by } => {
                let pending = self.last_words(pending, shown);
                if let Some(call) = pending {
                    self.never(call, b"");
                }
                // The two are one task from now on.
                self.place.one_less();
                if self.take_open(by).is_some() {
                    writeln!(self.line, " <pid changed to {} ...>", tid.0).ok();
                    self.send(by);
                }
                if !self.format.quiet.superseded() {
                    self.remark(
                        tid,
                        now,
                        At::UNKNOWN,
                        format_args!("+++ superseded by execve in pid {} +++", by.0),
                    );
                }
            }
            End::Detached => {
                let pending = self.last_words(pending, self.format.results.detached());
                if pending.is_some() && self.take_open(tid).is_some() {
                    self.line.extend_from_slice(b" <detached ...>\n");
                    self.send(tid);
                }
            }
        }
        self.numbers.remove(&tid);
        self.contexts.remove(&tid);
        // A superseded task's id goes on with another program, and so does its file.
        if !matches!(end, End::Superseded { .. }) {
            self.place.forget(tid);
        }
    }

    fn named(&mut self, tid: Tid, comm: &[u8]) {
        self.place.named(tid, comm);
    }

    fn renamed(&mut self, from: Tid, to: Tid) {
        for (open, _) in &mut self.open {
            if *open == from {
                *open = to;
            }
        }
        if let Some(number) = self.numbers.remove(&from) {
            self.numbers.insert(to, number);
        }
        self.place.forget(from);
    }

    fn note(&mut self, tid: Tid, note: Note, now: Stamp) {
        match note {
            Note::Attached if !self.format.quiet.attach() => {
                self.place.say(format_args!("Process {} attached", tid.0))
            }
            Note::Detached if !self.format.quiet.attach() => {
                self.place.say(format_args!("Process {} detached", tid.0))
            }
            Note::Personality(abi) if !self.format.quiet.personality() => {
                self.remark(
                    tid,
                    now,
                    At::UNKNOWN,
                    format_args!("[ Process PID={} runs in {} mode. ]", tid.0, notices::mode(abi)),
                );
            }
            Note::Attached | Note::Detached | Note::Personality(_) => {}
        }
    }

    fn population(&mut self, tasks: usize) {
        self.place.population(tasks);
    }

    fn flush(&mut self) {
        self.place.flush();
    }

    fn finish(&mut self) {
        for (tid, _) in std::mem::take(&mut self.open) {
            self.line.extend_from_slice(b" <unfinished ...>\n");
            self.send(tid);
        }
        self.place.flush();
    }
}
