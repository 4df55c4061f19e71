//! The debugger's state: program, process, breakpoints, the chosen thread and frame.
//!
//! Front ends (the console, DAP) call its methods and print what comes back; it prints nothing itself.

use super::breakpoints::Breakpoints;
use super::dwarf::Language;
use super::error::{Error, Result};
use super::expr::{Expr, eval, parse};
use super::frame::Frame;
use super::interrupt::Interrupt;
use super::print::Style;
use super::process::{Process, State};
use super::program::Program;
use super::program::source::Sources;
use super::signals::Policies;
use super::value::{Target, Value};
use super::view::{Known, Memories, View};
use crate::memory::Nothing;
use crate::spawn::launch::{Held, Request};
use crate::spawn::traced::Launched;

/// What a fork does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follow {
    /// The parent stays debugged, the child runs free.
    Parent,
    /// The child is debugged from then on, the parent runs free.
    Child,
}

/// A breakpoint of the debugger itself, for one command.
#[derive(Debug, Clone, Copy)]
pub struct Temp {
    /// Where.
    pub address: u64,
    /// For which thread.
    pub tid: Option<i32>,
    /// Only where the stack has been taken down beyond this address.
    pub above: Option<u64>,
}

/// Why the program stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Breakpoints with these numbers.
    Breakpoint(Vec<u32>),
    /// A breakpoint of the debugger's own.
    Temp,
    /// A watched value changed, or was accessed.
    Watch {
        /// Number of the watchpoint.
        number: u32,
        /// Its value before; none where it was only read.
        old: Option<String>,
        /// Its value.
        new: String,
    },
    /// The frame of a watched variable is gone.
    Scope(u32),
    /// A catchpoint, and what it caught; and the call, decoded.
    Catch {
        /// Its number.
        number: u32,
        /// In gdb's words.
        what: String,
        /// A line in strace's form.
        line: Option<String>,
    },
    /// A signal.
    Signal(i32),
    /// A step is done.
    Stepped,
    /// Somebody wanted it to stop.
    Interrupted,
    /// The condition of a breakpoint could not be found out.
    Condition(u32, String),
    /// The process exited.
    Exited(i32),
    /// A signal ended the process.
    Killed(i32),
}

/// A stop, or the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The thread.
    pub tid: i32,
    /// Why.
    pub reason: Reason,
}

/// The debugger.
pub struct Debugger {
    /// Files.
    pub program: Program,
    /// Source texts.
    pub sources: Sources,
    /// The process, while there is one.
    pub process: Option<Process>,
    /// How the program is launched.
    pub request: Option<Request>,
    /// Breakpoints.
    pub breakpoints: Breakpoints,
    /// The chosen thread.
    pub tid: i32,
    /// The chosen frame, from 0.
    pub level: usize,
    /// What is done about signals.
    pub signals: Policies,
    /// What is done about forks.
    pub follow: Follow,
    /// Values and variables of the console.
    pub memories: Memories,
    /// How values are printed.
    pub style: Style,
    /// Whether a step goes to functions without lines too.
    pub step_mode: bool,
    /// Remarks for the person, in order: new threads, programs, forks.
    pub remarks: Vec<String>,
    /// How it is woken.
    pub interrupt: Interrupt,
    pub(super) known: Known,
    pub(super) temps: Vec<Temp>,
    /// The loader's hook, where libraries have been loaded or unloaded.
    pub(super) loader: Option<u64>,
    /// The terminal's SIGINT was taken as a wish; the program's own is still to come.
    pub(super) expects_interrupt: bool,
    pub(super) held: Option<Held>,
    pub(super) launched: Option<Launched>,
    pub(super) frames: Option<(i32, Vec<Frame>, bool)>,
    /// The call that each thread is in, where calls are caught.
    pub(super) calls: std::collections::HashMap<i32, Box<crate::event::Call>>,
}

impl Debugger {
    /// A debugger of nothing yet.
    pub fn new(interrupt: Interrupt) -> Self {
        Self {
            program: Program::default(),
            sources: Sources::default(),
            process: None,
            request: None,
            breakpoints: Breakpoints::default(),
            tid: 0,
            level: 0,
            signals: Policies::default(),
            follow: Follow::Parent,
            memories: Memories::default(),
            style: Style::default(),
            step_mode: false,
            remarks: Vec::new(),
            interrupt,
            known: Known::default(),
            temps: Vec::new(),
            loader: None,
            expects_interrupt: false,
            held: None,
            launched: None,
            frames: None,
            calls: std::collections::HashMap::new(),
        }
    }

    /// The process.
    ///
    /// # Errors
    /// When there is none.
    pub fn process(&mut self) -> Result<&mut Process> {
        self.process.as_mut().ok_or(Error::NotRunning)
    }

    /// The frames of the chosen thread, at least `wanted` of them where there are so many.
    ///
    /// # Errors
    /// When there is no process.
    pub fn frames(&mut self, wanted: usize) -> Result<(&[Frame], bool)> {
        let tid = self.tid;
        let enough = |(known, frames, _): &(i32, Vec<Frame>, bool)| *known == tid && frames.len() >= wanted;
        if !self.frames.as_ref().is_some_and(enough) {
            let mut view = self.view(None);
            let (frames, lost) = view.frames(tid, wanted)?;
            self.frames = Some((tid, frames, lost));
        }
        let (_, frames, lost) = self.frames.as_ref().ok_or(Error::NoStack)?;
        Ok((frames, *lost))
    }

    /// The chosen frame.
    ///
    /// # Errors
    /// When there is no process.
    pub fn frame(&mut self) -> Result<Frame> {
        if self.process.is_none() {
            return Err(Error::NoStack);
        }
        let level = self.level;
        let (frames, _) = self.frames(level + 1)?;
        frames.get(level).or(frames.first()).cloned().ok_or(Error::NoStack)
    }

    /// What was found out of stacks no longer holds.
    pub fn forget_frames(&mut self) {
        self.frames = None;
    }

    /// The program as a frame sees it.
    pub fn view(&mut self, frame: Option<Frame>) -> View<'_> {
        // Before a start, the language of main's file.
        let language = if frame.is_none() && self.process.is_none() { self.main_language() } else { None };
        View {
            program: &self.program,
            process: self.process.as_mut(),
            tid: self.tid,
            frame,
            memories: &mut self.memories,
            known: &mut self.known,
            nothing: Nothing,
            language,
        }
    }

    fn main_language(&self) -> Option<Language> {
        let module = self.program.main()?;
        let info = module.binary.info()?;
        let mut units = 0..info.units().len();
        let own = |unit: &usize| {
            info.declared(*unit).functions.iter().any(|f| f.path == "main" || f.path.ends_with("::main"))
        };
        if info.units().len() > 200 {
            return units.find(|unit| info.language(*unit) == Language::Rust).map(|_| Language::Rust);
        }
        let found = units.clone().find(own).or_else(|| units.next())?;
        Some(info.language(found))
    }

    /// The program as the chosen frame sees it.
    pub fn here(&mut self) -> View<'_> {
        let frame = self.frame().ok();
        self.view(frame)
    }

    /// Parses an expression.
    ///
    /// # Errors
    /// [`Error::Syntax`].
    pub fn parse(&mut self, text: &str) -> Result<Expr> {
        let view = std::cell::RefCell::new(self.here());
        parse::parse(text, &|name| is_type(&view, name))
    }

    /// The value of an expression in the chosen frame.
    ///
    /// # Errors
    /// One sentence.
    pub fn eval(&mut self, expr: &Expr) -> Result<Value> {
        let mut view = self.here();
        let value = eval::eval(expr, &mut view);
        if expr.changes() {
            self.forget_frames();
        }
        value
    }

    /// An expression as a number.
    ///
    /// # Errors
    /// One sentence.
    pub fn number(&mut self, text: &str) -> Result<i128> {
        let expr = self.parse(text)?;
        let value = self.eval(&expr)?;
        value.integer(&mut self.here())
    }

    /// Whether the chosen thread stands still.
    pub fn is_stopped(&self) -> bool {
        let thread = self.process.as_ref().and_then(|process| process.threads.get(&self.tid));
        thread.is_some_and(|thread| matches!(thread.state, State::Stopped(_)))
    }
}

/// Whether a name is a type and no variable.
pub fn is_type(view: &std::cell::RefCell<View<'_>>, name: &str) -> bool {
    let Ok(mut view) = view.try_borrow_mut() else { return false };
    view.named_type(name).is_some() && view.variable(name).is_err()
}
