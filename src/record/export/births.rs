//! Which call made which task: fork, vfork, clone and clone3 matched with the tasks that appear.
//!
//! A task may be announced before or after the call that made it returns. Where ids are those of another pid
//! namespace, the process that made it decides.

use std::collections::HashMap;

use crate::event::{Call, Tid};

/// Calls that make tasks.
const MAKERS: &[&str] = &["fork", "vfork", "clone", "clone3"];
/// Most tasks that are waited for: those that never appear are forgotten together.
const MOST_EXPECTED: usize = 4096;

/// Calls that run and tasks that are not matched yet. Flows are numbers by which a timeline links two slices.
#[derive(Debug, Default)]
pub(super) struct Births {
    /// Tasks inside such a call, with their process.
    open: HashMap<Tid, u64>,
    /// Tasks that appeared, the process that made them, their flow.
    newborn: Vec<(Tid, u64, u64)>,
    /// Flows of tasks that have not appeared.
    expected: HashMap<Tid, u64>,
}

impl Births {
    /// A call of a task of `process` was entered.
    pub fn entered(&mut self, call: &Call, process: u64) {
        if call.signature.is_some_and(|signature| MAKERS.contains(&signature.name)) {
            self.open.insert(call.tid, process);
        }
    }

    /// A task appeared that `maker` made; its flow, when the call is known or expected.
    pub fn born(&mut self, child: Tid, maker: Option<u64>, flow: impl FnOnce() -> u64) -> Option<u64> {
        if let Some(flow) = self.expected.remove(&child) {
            return Some(flow);
        }
        let maker = maker.filter(|maker| self.open.values().any(|open| open == maker))?;
        let flow = flow();
        self.newborn.push((child, maker, flow));
        Some(flow)
    }

    /// A call returned: the flow that leads from it to what it made, and that task where it has not appeared yet.
    pub fn left(&mut self, call: &Call, flow: impl FnOnce() -> u64) -> Option<(u64, Option<Tid>)> {
        let process = self.open.remove(&call.tid)?;
        let child = call.outcome.filter(|outcome| outcome.value > 0)?.value;
        let child = Tid(i32::try_from(child).ok()?);
        let exact = self.newborn.iter().position(|(tid, ..)| *tid == child);
        let place = exact.or_else(|| self.newborn.iter().position(|(_, maker, _)| *maker == process));
        if let Some(place) = place {
            return Some((self.newborn.remove(place).2, None));
        }
        Some((flow(), Some(child)))
    }

    /// A task has not appeared yet; its flow waits for it.
    pub fn await_child(&mut self, child: Tid, flow: u64) {
        if self.expected.len() >= MOST_EXPECTED {
            self.expected.clear();
        }
        self.expected.insert(child, flow);
    }

    /// A task is gone.
    pub fn gone(&mut self, tid: Tid) {
        if let Some(process) = self.open.remove(&tid)
            && !self.open.values().any(|open| *open == process)
        {
            self.newborn.retain(|(_, maker, _)| *maker != process);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Outcome;
    use syscall_tables::signatures;

    fn call(tid: i32, value: i64) -> Call {
        let mut call = Call::new(Tid(tid));
        call.signature = signatures::common("fork");
        call.outcome = Some(Outcome { value, failed: value < 0 });
        call
    }

    #[test]
    fn children_before_and_after_the_call_returns() {
        let mut births = Births::default();
        assert_eq!(births.born(Tid(5), Some(1), || 1), None, "nobody was making one");
        births.entered(&call(1, 0), 1);
        assert_eq!(births.born(Tid(6), Some(1), || 7), Some(7));
        assert_eq!(births.left(&call(1, 6), || 8), Some((7, None)));
        births.entered(&call(1, 0), 1);
        assert_eq!(births.left(&call(1, 9), || 10), Some((10, Some(Tid(9)))));
        births.await_child(Tid(9), 10);
        assert_eq!(births.born(Tid(9), Some(1), || 11), Some(10));
        births.entered(&call(1, 0), 1);
        assert_eq!(births.left(&call(1, -11), || 12), None, "it failed");
        assert_eq!(births.left(&call(1, 77), || 13), None, "it was never entered");
    }

    #[test]
    fn ids_of_another_namespace_are_matched_by_the_maker() {
        let mut births = Births::default();
        births.entered(&call(1, 0), 1);
        assert_eq!(births.born(Tid(1000), Some(1), || 7), Some(7));
        assert_eq!(births.left(&call(1, 2), || 8), Some((7, None)));
    }
}
