//! The text sink: one line a call, in strace's format to the byte.
//!
//! It keeps the line that is being written; when another task has something to say, the line is
//! ended with `<unfinished ...>` and taken up again with `<... NAME resumed>`.

pub mod color;
pub mod place;
pub mod quote;
pub mod render;
pub mod stack;
pub mod time;

use std::io::Write;

use syscall_tables::{abi::Abi, errno, signal};

use crate::decode::{self, Options};
use crate::engine::sink::Sink;
use crate::event::{Call, End, Note, Outcome, Signal, Stamp, Tid};
use color::Token;
use place::Place;
use render::{Spelling, TextRender};
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
    /// No notices about attaching and detaching.
    pub quiet_attach: bool,
    /// No exit notices.
    pub quiet_exit: bool,
    /// No notices about the ABI.
    pub quiet_personality: bool,
    /// No notices about execve in a thread.
    pub quiet_superseded: bool,
    /// Only calls with this result are printed, in one piece.
    pub only: Option<Only>,
    /// Signals are printed.
    pub signals: bool,
    /// How much of stacks is printed, where they were taken.
    pub stacks: stack::Detail,
}

/// A choice of calls by result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    /// Those that succeeded.
    Successful,
    /// Those that failed.
    Failed,
}

/// Writes calls as lines.
pub struct TextSink {
    place: Place,
    format: Format,
    line: Vec<u8>,
    /// The task whose line is open, and the column it has reached.
    open: Option<(Tid, usize)>,
    /// Time of the line before, for `-r`.
    last: Option<u64>,
}

impl TextSink {
    /// A sink that writes to `place`.
    pub fn new(place: Place, format: Format) -> Self {
        Self { place, format, line: Vec::with_capacity(512), open: None, last: None }
    }

    /// Sends the bytes of the line so far.
    fn send(&mut self, tid: Tid) {
        self.place.append(tid, &self.line);
        self.line.clear();
    }

    /// Ends a line that another task has open.
    fn break_off(&mut self, tid: Tid) {
        if let Some((other, _)) = self.open
            && self.place.shares(other, tid)
        {
            self.line.extend_from_slice(b" <unfinished ...>\n");
            self.send(other);
            self.open = None;
        }
    }

    fn leader(&mut self, tid: Tid, at: Stamp) {
        self.place.prefix(&mut self.line, tid);
        self.format.times.stamp(&mut self.line, at, &mut self.last);
    }

    fn width(&self) -> usize {
        if self.format.spelling.paint.0 { visible(&self.line) } else { self.line.len() }
    }

    fn name(&mut self, call: &Call) {
        let paint = self.format.spelling.paint;
        paint.start(&mut self.line, Token::Name);
        name(&mut self.line, call);
        paint.end(&mut self.line, Token::Name);
    }

    /// Everything up to what is known at entry.
    fn begin(&mut self, call: &Call) {
        self.leader(call.tid, call.entered);
        if self.format.number {
            write!(self.line, "[{:4}] ", call.regs.nr as i64).ok();
        }
        if self.format.ip {
            let digits = usize::from(call.regs.abi.data_model().word_bytes) * 2;
            write!(self.line, "[{:0digits$x}] ", call.regs.ip).ok();
        }
        self.name(call);
        self.line.push(b'(');
        let mut render = TextRender::new(&mut self.line, &self.format.spelling, call, false);
        decode::entry(call, &self.format.options, &mut render);
    }

    /// The rest of the arguments and the result; `column` is where the line stands.
    fn end(&mut self, call: &Call, column: usize) {
        let mut render = TextRender::new(&mut self.line, &self.format.spelling, call, continued(call));
        decode::exit(call, &self.format.options, &mut render);
        self.line.extend_from_slice(b") ");
        self.pad(column);
        self.line.extend_from_slice(b"= ");
        self.result(call);
        self.format.times.duration(&mut self.line, call);
        self.line.push(b'\n');
    }

    fn pad(&mut self, column: usize) {
        let width = column + self.width();
        self.line.resize(self.line.len() + self.format.column.saturating_sub(width), b' ');
    }

    fn result(&mut self, call: &Call) {
        let Some(outcome) = call.outcome else {
            self.line.push(b'?');
            return;
        };
        if outcome.failed {
            return self.error(outcome);
        }
        let paint = self.format.spelling.paint;
        paint.start(&mut self.line, Token::Result);
        let mut render = TextRender::new(&mut self.line, &self.format.spelling, call, false);
        decode::result(call, &self.format.options, &mut render);
        render.finish();
        paint.end(&mut self.line, Token::Result);
    }

    fn error(&mut self, outcome: Outcome) {
        let code = outcome.errno().unwrap_or(0);
        let paint = self.format.spelling.paint;
        paint.start(&mut self.line, Token::Error);
        let restart = errno::is_restart(code);
        self.line.extend_from_slice(if restart { b"? " } else { b"-1 " });
        match errno::name(code) {
            Some(name) => self.line.extend_from_slice(name.as_bytes()),
            None => {
                write!(self.line, "(errno {code})").ok();
            }
        }
        if let Some(text) = errno::text(code) {
            write!(self.line, " ({text})").ok();
        }
        paint.end(&mut self.line, Token::Error);
    }

    fn remark(&mut self, tid: Tid, at: Stamp, text: std::fmt::Arguments<'_>) {
        self.break_off(tid);
        self.leader(tid, at);
        self.line.write_fmt(text).ok();
        self.line.push(b'\n');
        self.send(tid);
    }

    /// The end of a call that never returned.
    fn never(&mut self, call: &Call, how: &[u8]) {
        let tid = call.tid;
        let mine = self.open.take_if(|(open, _)| *open == tid);
        let column = match mine {
            Some((_, column)) => column,
            None => {
                self.break_off(tid);
                self.leader(tid, call.entered);
                self.resumed(call);
                0
            }
        };
        self.line.extend_from_slice(how);
        self.line.extend_from_slice(b") ");
        self.pad(column);
        self.line.extend_from_slice(b"= ?\n");
        self.send(tid);
    }

    fn resumed(&mut self, call: &Call) {
        self.line.extend_from_slice(b"<... ");
        self.name(call);
        self.line.extend_from_slice(b" resumed>");
    }

    fn hidden(&self, call: &Call) -> bool {
        let failed = call.outcome.is_some_and(|o| o.failed);
        match self.format.only {
            None => false,
            Some(Only::Successful) => failed,
            Some(Only::Failed) => !failed,
        }
    }
}

/// Whether arguments were printed at entry, so that the next one needs a separator. Where decoding
/// paused, the separator is already there.
fn continued(call: &Call) -> bool {
    decode::halfway(call)
}

fn name(line: &mut Vec<u8>, call: &Call) {
    match call.signature {
        Some(signature) => line.extend_from_slice(signature.name.as_bytes()),
        None => {
            let known = syscall_tables::abi::numbers::name(call.regs.abi, call.regs.nr);
            match known {
                Some(name) => line.extend_from_slice(name.as_bytes()),
                None => drop(write!(line, "syscall_{:#x}", call.regs.nr)),
            }
        }
    }
}

/// Columns of a line with colour sequences in it.
fn visible(line: &[u8]) -> usize {
    let mut width = 0;
    let mut escape = false;
    for &byte in line {
        match (escape, byte) {
            (false, 0x1b) => escape = true,
            (false, _) => width += 1,
            (true, b'm') => escape = false,
            (true, _) => {}
        }
    }
    width
}

impl Sink for TextSink {
    fn entered(&mut self, call: &Call) {
        if self.format.only.is_some() {
            return;
        }
        self.break_off(call.tid);
        self.begin(call);
        self.open = Some((call.tid, self.width()));
        self.send(call.tid);
    }

    fn left(&mut self, call: &Call) {
        if self.hidden(call) {
            return;
        }
        let mine = self.open.take_if(|(open, _)| *open == call.tid);
        let column = match mine {
            Some((_, column)) => column,
            None => {
                self.break_off(call.tid);
                if self.format.only.is_some() {
                    self.begin(call);
                } else {
                    self.leader(call.tid, call.left);
                    self.resumed(call);
                }
                0
            }
        };
        self.end(call, column);
        stack::write(&mut self.line, &call.stack, self.format.stacks);
        self.send(call.tid);
    }

    fn signal(&mut self, event: &Signal) {
        if !self.format.signals {
            return;
        }
        self.break_off(event.tid);
        self.leader(event.tid, event.at);
        self.line.extend_from_slice(b"--- ");
        signal_name(&mut self.line, event.signo);
        self.line.push(b' ');
        if let Some(info) = &event.info {
            let mut render = TextRender::of_signal(&mut self.line, &self.format.spelling, &event.pids);
            decode::siginfo(Abi::X86_64, info, &mut render);
            self.line.push(b' ');
        }
        self.line.extend_from_slice(b"---\n");
        stack::write(&mut self.line, &event.stack, self.format.stacks);
        self.send(event.tid);
    }

    fn stopped(&mut self, event: &Signal) {
        if !self.format.signals {
            return;
        }
        let name = signal::name(event.signo as u32).unwrap_or("?");
        self.remark(event.tid, event.at, format_args!("--- stopped by {name} ---"));
        stack::write(&mut self.line, &event.stack, self.format.stacks);
        self.send(event.tid);
    }

    fn ended(&mut self, tid: Tid, end: End, pending: Option<&Call>, now: Stamp) {
        match end {
            End::Exited(status) => {
                if let Some(call) = pending.filter(|_| self.format.only.is_none()) {
                    self.never(call, b"");
                }
                if !self.format.quiet_exit {
                    self.remark(tid, now, format_args!("+++ exited with {status} +++"));
                }
                // Below the notice, where strace has it too.
                if let Some(call) = pending.filter(|_| self.format.only.is_none()) {
                    stack::write(&mut self.line, &call.stack, self.format.stacks);
                    self.send(tid);
                }
            }
            End::Killed { signo, core } => {
                if let Some(call) = pending.filter(|_| self.format.only.is_none()) {
                    self.never(call, b" <unfinished ...>");
                }
                if !self.format.quiet_exit {
                    let core = if core { " (core dumped)" } else { "" };
                    let name = signal::name(signo as u32).unwrap_or("?");
                    self.remark(tid, now, format_args!("+++ killed by {name}{core} +++"));
                }
            }
            End::Superseded { by } => {
                if let Some(call) = pending.filter(|_| self.format.only.is_none()) {
                    self.never(call, b"");
                }
                if !self.format.quiet_superseded {
                    self.remark(tid, now, format_args!("+++ superseded by execve in pid {} +++", by.0));
                }
            }
            End::Detached => {
                if pending.is_some() && self.open.is_some_and(|(open, _)| open == tid) {
                    self.line.extend_from_slice(b" <detached ...>\n");
                    self.send(tid);
                    self.open = None;
                }
            }
        }
        self.place.forget(tid);
    }

    fn renamed(&mut self, from: Tid, to: Tid) {
        if let Some((open, _)) = &mut self.open
            && *open == from
        {
            *open = to;
        }
    }

    fn note(&mut self, tid: Tid, note: Note, now: Stamp) {
        match note {
            Note::Attached if !self.format.quiet_attach => {
                self.place.say(format_args!("Process {} attached", tid.0))
            }
            Note::Detached if !self.format.quiet_attach => {
                self.place.say(format_args!("Process {} detached", tid.0))
            }
            Note::Personality(abi) if !self.format.quiet_personality => {
                let bits = if abi == Abi::I386 { 32 } else { 64 };
                self.remark(tid, now, format_args!("[ Process PID={} runs in {bits} bit mode. ]", tid.0));
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
        if let Some((tid, _)) = self.open.take() {
            self.line.extend_from_slice(b" <unfinished ...>\n");
            self.send(tid);
        }
        self.place.flush();
    }
}

fn signal_name(line: &mut Vec<u8>, signo: i32) {
    match signal::name(signo as u32) {
        Some(name) => line.extend_from_slice(name.as_bytes()),
        None => drop(write!(line, "{signo}")),
    }
}
