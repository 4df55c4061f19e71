//! What the person wants to stop at: breakpoints, watchpoints, catchpoints, with their conditions and counts.
//!
//! A table; what is in the process's memory is in [`super::process`].

use super::expr::Expr;
use super::process::watch::Access;
use super::program::locate::{Location, Spec};
use crate::event::Call;
use crate::filter::condition::Condition;

/// A variable or an expression that is watched.
#[derive(Debug, Clone)]
pub struct Watch {
    /// As it was typed.
    pub text: String,
    /// Its type.
    pub ty: super::dwarf::types::Ty,
    /// Where it is, and how many bytes.
    pub address: u64,
    /// Bytes.
    pub size_bytes: u64,
    /// Which accesses count.
    pub access: Access,
    /// Reads count by themselves: `rwatch`.
    pub reads_only: bool,
    /// Its value when it was last seen, as text and as bytes.
    pub old: Option<(String, Vec<u8>)>,
    /// The frame that it lives in: where its caller goes on, and its address on the stack.
    pub frame: Option<(u64, u64)>,
    /// Debug registers that watch it.
    pub registers: Vec<usize>,
}

/// What a catchpoint catches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Catch {
    /// System calls by number; all when there is none.
    Syscall(Vec<u64>),
    /// A fork.
    Fork,
    /// A vfork.
    Vfork,
    /// An execve.
    Exec,
    /// Signals by number; all when there is none.
    Signal(Vec<i32>),
}

/// What kind of a breakpoint.
#[derive(Debug, Clone)]
pub enum Kind {
    /// At a place in the code.
    Code {
        /// As it was typed.
        text: String,
        /// What it means.
        spec: Spec,
        /// The places it stands for now; none while it is pending.
        locations: Vec<Location>,
    },
    /// At a change of data.
    Watch(Box<Watch>),
    /// At what the process does with the kernel.
    Catch(Catch),
}

/// A breakpoint.
#[derive(Debug, Clone)]
pub struct Breakpoint {
    /// Its number.
    pub number: u32,
    /// What kind.
    pub kind: Kind,
    /// It counts.
    pub enabled: bool,
    /// It goes when it has been hit.
    pub temporary: bool,
    /// So many hits are passed over.
    pub ignore: u64,
    /// How often it was hit.
    pub hits: u64,
    /// Its condition, as it was typed and as it is.
    pub condition: Option<(String, Expr)>,
    /// Of a catchpoint for system calls: which of them, in the language of `--where`.
    pub question: Option<Condition>,
    /// Commands that are run when it is hit.
    pub commands: Vec<String>,
    /// The only thread that it counts for, by number.
    pub thread: Option<u32>,
    /// Addresses at which the process has it now.
    pub put: Vec<u64>,
}

/// All breakpoints.
#[derive(Debug, Default)]
pub struct Breakpoints {
    /// By number.
    pub list: Vec<Breakpoint>,
    last: u32,
}

impl Breakpoints {
    /// A new breakpoint; its number.
    pub fn add(&mut self, kind: Kind, temporary: bool) -> u32 {
        self.last += 1;
        self.list.push(Breakpoint {
            number: self.last,
            kind,
            enabled: true,
            temporary,
            ignore: 0,
            hits: 0,
            condition: None,
            question: None,
            commands: Vec::new(),
            thread: None,
            put: Vec::new(),
        });
        self.last
    }

    /// A breakpoint by number.
    pub fn get(&mut self, number: u32) -> Option<&mut Breakpoint> {
        self.list.iter_mut().find(|breakpoint| breakpoint.number == number)
    }

    /// The number that was given last.
    pub fn last(&self) -> u32 {
        self.last
    }

    /// Nothing is in the process any more: it is gone, or has another memory.
    pub fn forget_process(&mut self) {
        for breakpoint in &mut self.list {
            breakpoint.put.clear();
            if let Kind::Watch(watch) = &mut breakpoint.kind {
                watch.registers.clear();
            }
        }
    }

    /// Whether system calls have to stop the process.
    pub fn wants_syscalls(&self) -> bool {
        self.list.iter().any(|b| b.enabled && matches!(b.kind, Kind::Catch(Catch::Syscall(_))))
    }

    /// The numbers of enabled catchpoints that catch something.
    pub fn catching(&mut self, is: impl Fn(&Catch) -> bool) -> Option<&mut Breakpoint> {
        self.list.iter_mut().find(|b| b.enabled && matches!(&b.kind, Kind::Catch(what) if is(what)))
    }
}

/// What strings are captured up to, for every line that is shown.
const STRING_BYTES: usize = 32;

impl Breakpoints {
    /// Bytes of strings that questions about calls look at, and lines show.
    pub fn string_bytes(&self) -> usize {
        let asked = self.list.iter().filter_map(|b| b.question.as_ref());
        asked.map(|question| question.options().string_limit).fold(STRING_BYTES, usize::max)
    }

    /// The first enabled catchpoint for a call that is entered or has returned.
    pub fn catching_call(&mut self, call: &mut Call) -> Option<&mut Breakpoint> {
        let nr = call.regs.nr;
        self.list.iter_mut().find(|breakpoint| {
            let Kind::Catch(Catch::Syscall(list)) = &breakpoint.kind else { return false };
            if !breakpoint.enabled || !list.is_empty() && !list.contains(&nr) {
                return false;
            }
            breakpoint.question.as_ref().is_none_or(|question| {
                (call.outcome.is_some() || !question.is_late()) && question.answers(call)
            })
        })
    }
}

impl Breakpoint {
    /// One more hit; whether the person wants to know of it.
    pub fn hit(&mut self) -> bool {
        self.hits += 1;
        if self.ignore > 0 {
            self.ignore -= 1;
            return false;
        }
        true
    }

    /// The addresses at which it has breakpoint instructions.
    pub fn addresses(&self) -> Vec<u64> {
        match &self.kind {
            Kind::Code { locations, .. } if self.enabled => locations.iter().map(|l| l.address).collect(),
            Kind::Watch(watch) if self.enabled => watch.frame.iter().map(|(caller, _)| *caller).collect(),
            _ => Vec::new(),
        }
    }
}
