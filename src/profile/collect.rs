//! A sink that counts which calls each program of a run makes, per ABI.
//!
//! It wants no results, so that the engine stops a task once a call; a replay tells results anyway, and with them the
//! calls that the kernel did not have. Decides nothing: [`super::generate`] makes a profile of it.

use std::cell::{Ref, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use syscall_tables::abi::{Abi, numbers};
use syscall_tables::errno;

use super::allowed::Allowed;
use super::who::Who;
use crate::engine::sink::{Processes, Sink};
use crate::event::{Call, End, Program, Stamp, Started, Tid};

/// Most different calls of one program that are counted: the tables are smaller, a program that tries every number is not.
const MOST_CALLS: usize = 8192;

/// How often a call was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// In all.
    pub made: u64,
    /// So often the kernel said that it has no such call.
    pub absent: u64,
}

/// What one program did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Used {
    /// Its file; empty for what ran before the first execve.
    pub program: Vec<u8>,
    /// Processes that ran it.
    pub processes: u64,
    /// Its calls.
    pub calls: BTreeMap<(Abi, u64), Count>,
}

#[derive(Debug, Default)]
struct State {
    who: Who,
    processes: Vec<u64>,
    calls: Vec<HashMap<(Abi, u64), Count>>,
}

impl State {
    fn ran(&mut self, program: usize) {
        self.processes.resize(self.who.count().max(self.processes.len()), 0);
        self.processes[program] += 1;
    }

    fn count(&mut self, call: &Call) -> Option<&mut Count> {
        let program = self.who.of(call.tid);
        self.calls.resize_with(self.who.count().max(self.calls.len()), HashMap::new);
        let key = (call.regs.abi, call.regs.nr);
        let calls = &mut self.calls[program];
        (calls.len() < MOST_CALLS || calls.contains_key(&key)).then(|| calls.entry(key).or_default())
    }
}

/// The sink.
#[derive(Debug, Default)]
pub struct Collector(Rc<RefCell<State>>);

/// What a collector has seen, to be read when the run is over.
#[derive(Debug)]
pub struct Collected(Rc<RefCell<State>>);

impl Collector {
    /// A sink, and the way to what it sees.
    pub fn new() -> (Self, Collected) {
        let collector = Self::default();
        let collected = Collected(Rc::clone(&collector.0));
        (collector, collected)
    }
}

impl Collected {
    fn state(&self) -> Ref<'_, State> {
        self.0.borrow()
    }

    /// What each program did, in the order of their first execve; programs without a call are left out.
    pub fn used(&self) -> Vec<Used> {
        let state = self.state();
        let used = |(program, calls): (usize, &HashMap<(Abi, u64), Count>)| Used {
            program: state.who.name(program).to_vec(),
            processes: state.processes.get(program).copied().unwrap_or(0),
            calls: calls.iter().map(|(key, count)| (*key, *count)).collect(),
        };
        state.calls.iter().enumerate().map(used).filter(|used| !used.calls.is_empty()).collect()
    }
}

/// What the programs of a run need.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Needs {
    /// Calls that are to be permitted.
    pub allowed: Allowed,
    /// Calls that this kernel does not have: programs get on without them.
    pub absent: Vec<&'static str>,
    /// Calls without a name, by ABI and number: no profile can hold them.
    pub nameless: Vec<(Abi, u64)>,
}

/// What all programs together need.
pub fn needs(all: &[Used]) -> Needs {
    let mut counts: BTreeMap<(Abi, u64), Count> = BTreeMap::new();
    for (key, count) in all.iter().flat_map(|used| &used.calls) {
        let sum = counts.entry(*key).or_default();
        (sum.made, sum.absent) = (sum.made + count.made, sum.absent + count.absent);
    }
    let mut needs = Needs::default();
    for (&(abi, nr), count) in &counts {
        match numbers::name(abi, nr) {
            Some(name) if count.absent == count.made => needs.absent.push(name),
            _ if needs.allowed.add(abi, nr) => {}
            _ => needs.nameless.push((abi, nr)),
        }
    }
    needs
}

impl Sink for Collector {
    fn results(&self) -> bool {
        false
    }

    fn processes(&self) -> Processes {
        Processes::Programs
    }

    fn started(&mut self, started: &Started) {
        let mut state = self.0.borrow_mut();
        if let Some(program) = state.who.started(started) {
            state.ran(program);
        }
    }

    fn executed(&mut self, program: &Program) {
        let mut state = self.0.borrow_mut();
        let before = state.who.of(program.process);
        let now = state.who.executed(program);
        if before != now {
            state.ran(now);
        }
    }

    fn entered(&mut self, call: &Call) {
        if let Some(count) = self.0.borrow_mut().count(call) {
            count.made += 1;
        }
    }

    fn left(&mut self, call: &Call) {
        let lacks = |code| errno::name(code) == Some("ENOSYS");
        if call.outcome.and_then(|outcome| outcome.errno()).is_some_and(lacks)
            && let Some(count) = self.0.borrow_mut().count(call)
        {
            count.absent += 1;
        }
    }

    fn ended(&mut self, tid: Tid, end: End, _pending: Option<&Call>, _at: Stamp) {
        self.0.borrow_mut().who.ended(tid, end);
    }

    fn renamed(&mut self, from: Tid, to: Tid) {
        self.0.borrow_mut().who.renamed(from, to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Outcome;

    fn call(tid: i32, abi: Abi, nr: u64, errno: Option<i64>) -> Call {
        let mut call = Call::new(Tid(tid));
        (call.regs.abi, call.regs.nr) = (abi, nr);
        call.outcome = errno.map(|errno| Outcome { value: -errno, failed: true });
        call
    }

    #[test]
    fn a_call_that_the_kernel_lacks_is_not_needed() {
        let (mut sink, collected) = Collector::new();
        for (nr, errno) in [(435, Some(38)), (1, None), (2, Some(2)), (4000, Some(38))] {
            sink.entered(&call(5, Abi::X86_64, nr, None));
            if errno.is_some() {
                sink.left(&call(5, Abi::X86_64, nr, errno));
            }
        }
        sink.entered(&call(5, Abi::I386, 102, None));
        let needs = needs(&collected.used());
        assert_eq!(needs.absent, ["clone3"]);
        assert_eq!(needs.nameless, [(Abi::X86_64, 4000)]);
        assert_eq!(needs.allowed.names().into_iter().collect::<Vec<_>>(), ["open", "socketcall", "write"]);
        assert_eq!(needs.allowed.abis().count(), 2);
    }

    #[test]
    fn a_program_that_tries_every_number_does_not_fill_the_memory() {
        let (mut sink, collected) = Collector::new();
        for nr in 0..2 * MOST_CALLS as u64 {
            sink.entered(&call(5, Abi::X86_64, nr, None));
        }
        assert_eq!(collected.used()[0].calls.len(), MOST_CALLS);
    }
}
