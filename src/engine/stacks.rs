//! When stacks are taken, where somebody wants them; otherwise nothing happens here.

use crate::event::stack::Stack;
use crate::event::{Call, Regs};
use crate::stack::{self, Options, Stacks};

/// Stacks, or nothing.
pub(super) struct Taker(Option<Stacks>);

impl Taker {
    /// Takes stacks if there are options for them.
    pub fn new(options: Option<Options>) -> Self {
        Self(options.map(Stacks::new))
    }

    /// A task enters a call, reported or not; whether it must be seen to leave it.
    pub fn entered(&mut self, tid: i32, regs: &Regs) -> bool {
        self.0.as_mut().is_some_and(|stacks| stacks.entered(tid, regs))
    }

    /// A reported call is about to run. One by which a launched program begins has no caller of its own.
    pub fn before(&mut self, launching: bool, call: &mut Call) {
        call.stack.clear();
        let Some(stacks) = &mut self.0 else { return };
        if !launching && stack::at_entry(&call.regs) {
            stacks.take(call.tid.0, true, &mut call.stack);
        }
    }

    /// A call has run, `reported` or not.
    pub fn after(&mut self, reported: bool, call: &mut Call) {
        let Some(stacks) = &mut self.0 else { return };
        stacks.left(call.tid.0);
        if reported && call.stack.is_empty() {
            stacks.take(call.tid.0, false, &mut call.stack);
        }
    }

    /// The stack of a task that a signal stopped.
    pub fn now(&mut self, tid: i32) -> Stack {
        let mut stack = Stack::default();
        if let Some(stacks) = &mut self.0 {
            stacks.take(tid, false, &mut stack);
        }
        stack
    }

    /// A process runs another program.
    pub fn executed(&mut self, process: i32) {
        if let Some(stacks) = &mut self.0 {
            stacks.executed(process);
        }
    }

    /// A task is traced no longer.
    pub fn forget(&mut self, tid: i32) {
        if let Some(stacks) = &mut self.0 {
            stacks.forget(tid);
        }
    }
}
