//! What may change the course of a tracee. Tools vote at each stop; the strongest verdict wins.

use syscall_tables::abi::Abi;

use crate::event::{Call, Outcome, Regs, Tid};
use crate::filter::Wanted;
use crate::sys::{ptrace, vm};

/// What a tool wants to happen to the task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Go on.
    Go,
    /// Let this task go.
    Release,
    /// Let every task go.
    DetachAll,
}

/// A grip on a task that is stopped at a call. What it does to a task that dies meanwhile is lost with the task.
#[derive(Debug)]
pub struct Hand {
    tid: i32,
    /// Delivered when the task goes on.
    pub(super) signo: i32,
    /// How long the task waits before it goes on.
    pub(super) delay_ns: u64,
    /// What is said to the person.
    pub(super) remarks: Vec<String>,
}

impl Hand {
    pub(super) const fn new(tid: i32) -> Self {
        Self { tid, signo: 0, delay_ns: 0, remarks: Vec::new() }
    }

    /// Changes an argument register, of the six from 0.
    pub fn set_argument(&self, abi: Abi, index: usize, value: u64) {
        ptrace::set_argument(self.tid, abi == Abi::I386, index, value).ok();
    }

    /// Changes which call is made.
    pub fn set_number(&self, nr: u64) {
        ptrace::set_number(self.tid, nr).ok();
    }

    /// No call is made; it returns ENOSYS.
    pub fn skip(&self) {
        ptrace::skip_syscall(self.tid).ok();
    }

    /// Changes what a call returned.
    pub fn set_result(&self, value: i64) {
        ptrace::set_result(self.tid, value).ok();
    }

    /// Writes to the task's memory, as far as it can be written.
    pub fn write(&self, addr: u64, bytes: &[u8]) -> bool {
        vm::write(self.tid, addr, bytes)
    }

    /// Delivers a signal when the task goes on.
    pub fn signal(&mut self, signo: i32) {
        self.signo = signo;
    }

    /// Says something to the person, below what was printed so far.
    pub fn say(&mut self, text: String) {
        self.remarks.push(text);
    }

    /// Keeps the task stopped for a while; others go on.
    pub fn delay(&mut self, time_ns: u64) {
        self.delay_ns = self.delay_ns.max(time_ns);
    }
}

/// Which calls a tool is asked about.
#[derive(Debug)]
pub(super) struct Wish(Option<Wanted>);

impl Wish {
    pub(super) fn of(tool: &dyn Tool) -> Self {
        Self(tool.calls())
    }

    /// Whether it is asked about a call, which is `reported` or not.
    pub(super) fn sees(&self, reported: bool, regs: &Regs) -> bool {
        self.0.as_ref().map_or(reported, |calls| calls.has(regs.abi, regs.nr))
    }
}

/// A participant that may alter the run.
pub trait Tool {
    /// The calls that it wants to see, whether they are reported or not; `None` for those that are reported.
    fn calls(&self) -> Option<Wanted> {
        None
    }
    /// A call was entered; its memory has not been looked at yet.
    fn entry(&mut self, _call: &mut Call, _hand: &mut Hand) -> Verdict {
        Verdict::Go
    }
    /// A call returned; its results have not been looked at yet.
    fn exit(&mut self, _call: &mut Call, _outcome: &mut Outcome, _hand: &mut Hand) -> Verdict {
        Verdict::Go
    }
    /// A task ended, or is traced no longer.
    fn ended(&mut self, _tid: Tid) {}
}

/// Lets everything go after a number of calls, as `--syscall-limit` asks.
#[derive(Debug)]
pub struct Limit {
    left: u64,
}

impl Limit {
    /// After `calls` calls that returned.
    pub const fn new(calls: u64) -> Self {
        Self { left: calls }
    }
}

impl Tool for Limit {
    fn exit(&mut self, _call: &mut Call, _outcome: &mut Outcome, _hand: &mut Hand) -> Verdict {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 { Verdict::DetachAll } else { Verdict::Go }
    }
}
