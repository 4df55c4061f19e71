//! What a person is told of frames and stops, in gdb's shapes.

use super::breakpoints::Kind;
use super::debugger::{Debugger, Event, Reason};
use super::frame::Frame;
use super::numbers::harmless;
use super::print::{self, Style};
use super::process::watch::Access;
use super::rust;
use super::signals;
use super::value::Value;
use super::view::View;
use crate::sys::process;

/// A frame by what is told of it before and after a step.
pub type Key = (u64, usize, Option<String>);

impl Debugger {
    /// What the innermost frame of the chosen thread is known by.
    pub fn key(&mut self) -> Option<Key> {
        let frame = self.frames(1).ok()?.0.first()?.clone();
        let (cfa, _) = frame.id();
        Some((cfa, 0, frame.function(&self.program)))
    }

    /// A frame in one line, without its number: `f (x=1) at t.c:3`.
    pub fn frame_line(&mut self, frame: &Frame, address_always: bool) -> String {
        let mut text = String::new();
        if address_always || frame.is_inside_line(&self.program) {
            text.push_str(&format!("0x{:016x} in ", frame.pc));
        }
        if frame.signal {
            return "<signal handler called>".into();
        }
        let name = frame.function(&self.program).unwrap_or_else(|| "??".into());
        text.push_str(&harmless(&name));
        text.push_str(&format!(" ({})", self.arguments(frame)));
        match frame.line(&self.program) {
            Some(line) => text.push_str(&format!(" at {}:{}", harmless(&line.file.shown), line.line)),
            None => {
                let module = frame.place.module.filter(|number| *number > 0);
                if let Some(module) = module.map(|number| &self.program.modules[number])
                    && module.binary.path.starts_with('/')
                {
                    text.push_str(&format!(" from {}", harmless(&module.binary.path)));
                }
            }
        }
        text
    }

    /// The arguments of a frame's function; large ones are not told.
    fn arguments(&mut self, frame: &Frame) -> String {
        let style = Style { format: None, ..self.style };
        let mut view = self.view(Some(frame.clone()));
        let Ok(arguments) = view.locals(true) else { return String::new() };
        let shown = arguments.into_iter().map(|(name, value)| {
            let text = if is_scalar(&value, &mut view) {
                print::always(&value, style, &mut view)
            } else {
                "...".into()
            };
            format!("{name}={text}")
        });
        shown.collect::<Vec<_>>().join(", ")
    }

    /// The line of source that a frame is at, with its number.
    pub fn source_line(&mut self, frame: &Frame) -> Option<String> {
        let line = frame.line(&self.program)?;
        Some(match self.sources.line(&line.file, line.line) {
            Some(text) => format!("{}\t{}", line.line, harmless(&text)),
            None => format!("{}\tin {}", line.line, harmless(&line.file.shown)),
        })
    }

    /// A stop, as it is told; `before` is the frame before a step.
    pub fn tell(&mut self, event: &Event, before: Option<&Key>, old_tid: i32) -> String {
        let mut text = String::new();
        for remark in std::mem::take(&mut self.remarks) {
            text.push_str(&format!("{remark}\n"));
        }
        match &event.reason {
            Reason::Exited(0) => {
                return text + &format!("[Inferior 1 (process {}) exited normally]\n", event.tid);
            }
            Reason::Exited(code) => {
                return text + &format!("[Inferior 1 (process {}) exited with code {code:02o}]\n", event.tid);
            }
            Reason::Killed(signo) => {
                let (name, meaning) = (signals::name(*signo), signals::meaning(*signo));
                return text
                    + &format!(
                        "\nProgram terminated with signal {name}, {meaning}.\nThe program no longer exists.\n"
                    );
            }
            _ => {}
        }
        let many = self.process.as_ref().is_some_and(|process| process.threads.len() > 1);
        if many && old_tid != event.tid && old_tid != 0 {
            text.push_str(&format!("[Switching to {}]\n", self.target(event.tid)));
        }
        text.push_str(&self.headline(event, many));
        let Ok(frame) = self.frame() else { return text };
        // A step inside the same function tells its line only.
        let key = self.key();
        let same = matches!(event.reason, Reason::Stepped) && before.is_some() && key.as_ref() == before;
        let inside = frame.is_inside_line(&self.program);
        let source = self.source_line(&frame);
        match source {
            Some(source) if same => {
                let address = if inside { format!("0x{:016x}\t", frame.pc) } else { String::new() };
                text.push_str(&format!("{address}{source}\n"));
            }
            source => {
                text.push_str(&format!("{}\n", self.frame_line(&frame, false)));
                if let Some(source) = source {
                    text.push_str(&format!("{source}\n"));
                }
            }
        }
        text
    }

    fn headline(&mut self, event: &Event, many: bool) -> String {
        let who = if many { self.thread_words(event.tid) } else { String::new() };
        let hit = |what: String| if many { format!("\n{who} hit {what}") } else { format!("\n{what}") };
        match &event.reason {
            Reason::Breakpoint(numbers) => {
                let number = numbers.first().copied().unwrap_or(0);
                let temporary = self.breakpoints.get(number).is_some_and(|b| b.temporary);
                let word = if temporary { "Temporary breakpoint" } else { "Breakpoint" };
                let word = if many && temporary { "Temporary breakpoint" } else { word };
                hit(format!("{word} {number}, "))
            }
            Reason::Condition(number, error) => {
                format!("Error in testing condition for breakpoint {number}:\n{error}\n")
                    + &hit(format!("Breakpoint {number}, "))
            }
            Reason::Watch { number, old, new } => {
                let Some(breakpoint) = self.breakpoints.get(*number) else { return String::new() };
                let Kind::Watch(watch) = &breakpoint.kind else { return String::new() };
                let word = match (watch.access, watch.reads_only) {
                    (_, true) => "Hardware read watchpoint",
                    (Access::Any, false) => "Hardware access (read/write) watchpoint",
                    _ => "Hardware watchpoint",
                };
                let text = harmless(&watch.text);
                let values = match old {
                    Some(old) => format!("Old value = {old}\nNew value = {new}\n"),
                    None => format!("Value = {new}\n"),
                };
                hit(format!("{word} {number}: {text}\n\n{values}"))
            }
            Reason::Scope(number) => format!(
                "\nWatchpoint {number} deleted because the program has left the block in\nwhich its expression is valid.\n"
            ),
            Reason::Catch { number, what, line } => {
                let line = line.as_ref().map(|line| format!("{}\n", harmless(line))).unwrap_or_default();
                format!("{}{line}", hit(format!("Catchpoint {number} ({what})\n")))
            }
            Reason::Signal(signo) => self.signal_line(*signo, many, &who),
            Reason::Interrupted => self.signal_line(libc::SIGINT, many, &who),
            _ => String::new(),
        }
    }

    fn signal_line(&self, signo: i32, many: bool, who: &str) -> String {
        let who = if many { who } else { "Program" };
        format!("\n{who} received signal {}, {}.\n", signals::name(signo), signals::meaning(signo))
    }

    /// `Thread 2 "name"`.
    fn thread_words(&self, tid: i32) -> String {
        let number =
            self.process.as_ref().and_then(|p| p.threads.get(&tid)).map_or(1, |thread| thread.number);
        format!("Thread {number} \"{}\"", comm(tid))
    }

    /// A thread as the kernel knows it.
    pub fn target(&self, tid: i32) -> String {
        format!("LWP {tid}")
    }

    /// The rows of `info threads`.
    pub fn threads(&mut self) -> Vec<String> {
        let Some(process) = &self.process else { return Vec::new() };
        let mut list: Vec<(u32, i32)> = process.threads.values().map(|t| (t.number, t.tid)).collect();
        list.sort_unstable();
        let (chosen, level) = (self.tid, self.level);
        let mut rows = Vec::new();
        for (number, tid) in list {
            self.tid = tid;
            self.level = 0;
            let frame = self.frame();
            let text = match frame {
                Ok(frame) => self.frame_line(&frame, false),
                Err(_) => "(running)".into(),
            };
            let mark = if tid == chosen { '*' } else { ' ' };
            rows.push(format!("{mark} {number:<4} {} \"{}\" {text}", self.target(tid), comm(tid)));
        }
        (self.tid, self.level) = (chosen, level);
        self.forget_frames();
        rows
    }
}

/// A thread's name, harmless for a terminal.
pub fn comm(tid: i32) -> String {
    harmless(&String::from_utf8_lossy(&process::comm(tid).unwrap_or_default()))
}

/// Whether a value is told in backtraces: numbers, pointers, texts.
fn is_scalar(value: &Value, view: &mut View<'_>) -> bool {
    use super::dwarf::types::Shape;
    match &value.ty.plain().shape {
        Shape::Struct(_) => {
            matches!(rust::contents(value, view), Some((rust::List::Str | rust::List::String, _, _)))
        }
        Shape::Array { .. } => false,
        _ => true,
    }
}
