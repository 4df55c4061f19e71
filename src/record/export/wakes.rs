//! Who woke whom: FUTEX_WAKE and the FUTEX_WAIT that returned on the same address, a write to a pipe and the read
//! that waited for it. Sources: futex(2), pipe(7).
//!
//! A wake is matched with a wait that was entered before it and returns successfully after it. Of several waits
//! on one address the first to return is matched with the first wake, as many as the wake says that it woke. What
//! the kernel wakes by itself (the end of a thread, a timeout) has no call that could be shown. Flows are numbers
//! by which a timeline links two slices.

use std::collections::HashMap;

use crate::event::{Call, Tid};

/// Most waits that one wake is linked with.
const MOST_LINKS: usize = 64;
/// FUTEX_PRIVATE_FLAG and FUTEX_CLOCK_REALTIME beside the operation.
const PRIVATE: u64 = 128;
const COMMAND: u64 = 127;

/// What is waited on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    /// An address, of a process unless it is shared.
    Futex(Option<u64>, u64),
    /// A pipe's inode.
    Pipe(u64),
}

/// What a call does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Waits,
    Wakes,
}

/// Operations of futex.
const OPERATIONS: &[(u64, Role)] = &[
    (0, Role::Waits),  // FUTEX_WAIT
    (1, Role::Wakes),  // FUTEX_WAKE
    (5, Role::Wakes),  // FUTEX_WAKE_OP
    (6, Role::Waits),  // FUTEX_LOCK_PI
    (7, Role::Wakes),  // FUTEX_UNLOCK_PI
    (9, Role::Waits),  // FUTEX_WAIT_BITSET
    (10, Role::Wakes), // FUTEX_WAKE_BITSET
];

/// Calls on a pipe in their first argument.
const ON_PIPES: &[(&str, Role)] =
    &[("read", Role::Waits), ("readv", Role::Waits), ("write", Role::Wakes), ("writev", Role::Wakes)];

/// What `call` of a task of `process` waits for or wakes.
fn role(call: &Call, process: u64) -> Option<(Key, Role)> {
    let (name, args) = (call.signature?.name, &call.regs.args);
    if matches!(name, "futex" | "futex_time64") {
        let operation = args[1] & COMMAND;
        let role = OPERATIONS.iter().find(|(known, _)| *known == operation)?.1;
        let owner = (args[1] & PRIVATE != 0).then_some(process);
        return Some((Key::Futex(owner, args[0]), role));
    }
    let role = ON_PIPES.iter().find(|(known, _)| *known == name)?.1;
    let note = call.fd_note(args[0] as i32, false)?;
    let inode = note.target.strip_prefix(b"pipe:[")?.strip_suffix(b"]")?;
    Some((Key::Pipe(std::str::from_utf8(inode).ok()?.parse().ok()?), role))
}

/// A wake.
#[derive(Debug)]
struct Wake {
    tid: Tid,
    entered_ns: u64,
    /// It returned.
    over: bool,
    /// Flows to waits that have returned before it.
    linked: Vec<u64>,
    /// Flows that it has given out and that no wait has taken yet.
    free: Vec<u64>,
}

/// Waits and wakes that are not matched yet.
#[derive(Debug, Default)]
pub(super) struct Wakes {
    waits: HashMap<Tid, (Key, u64)>,
    /// Number of waits of a key.
    waiting: HashMap<Key, usize>,
    wakes: HashMap<Key, Vec<Wake>>,
    waking: HashMap<Tid, Key>,
}

/// What a call that returned has to do with others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Link {
    /// It woke others: one flow leads to each.
    Woke(Vec<u64>),
    /// This flow leads to it.
    Woken(u64),
}

impl Wakes {
    /// A call was entered.
    pub fn entered(&mut self, call: &Call, process: u64) {
        // One that never returned is forgotten.
        self.gone(call.tid);
        let Some((key, role)) = role(call, process) else { return };
        match role {
            Role::Waits => {
                self.waits.insert(call.tid, (key, call.entered.mono_ns));
                *self.waiting.entry(key).or_default() += 1;
            }
            // What nobody waits for wakes nobody.
            Role::Wakes if self.waiting.contains_key(&key) => {
                let (tid, entered_ns) = (call.tid, call.entered.mono_ns);
                let wake = Wake { tid, entered_ns, over: false, linked: Vec::new(), free: Vec::new() };
                self.wakes.entry(key).or_default().push(wake);
                self.waking.insert(tid, key);
            }
            Role::Wakes => {}
        }
    }

    /// A call returned.
    pub fn left(&mut self, call: &Call, mut flow: impl FnMut() -> u64) -> Option<Link> {
        if let Some((key, entered_ns)) = self.waits.get(&call.tid).copied() {
            let woken = call.outcome.is_some_and(|outcome| !outcome.failed)
                && (matches!(key, Key::Futex(..)) || call.outcome.is_some_and(|outcome| outcome.value > 0));
            let link = if woken { self.woken(key, entered_ns, &mut flow) } else { None };
            self.gone(call.tid);
            return link.map(Link::Woken);
        }
        let key = self.waking.remove(&call.tid)?;
        let waiting = self.waiting.get(&key).copied().unwrap_or(0);
        let list = self.wakes.get_mut(&key)?;
        let place = list.iter().position(|wake| wake.tid == call.tid && !wake.over)?;
        let wake = &mut list[place];
        wake.over = true;
        let value = call.outcome.filter(|outcome| !outcome.failed).map_or(0, |outcome| outcome.value.max(0));
        // A write wakes one reader, whatever it wrote.
        let woke = if matches!(key, Key::Pipe(_)) { value.min(1) } else { value };
        let more = (woke as usize).min(MOST_LINKS).saturating_sub(wake.linked.len()).min(waiting);
        wake.free = (0..more).map(|_| flow()).collect();
        let flows = [&wake.linked[..], &wake.free].concat();
        if wake.free.is_empty() {
            list.remove(place);
        }
        self.tidy(key);
        (!flows.is_empty()).then_some(Link::Woke(flows))
    }

    /// The flow from the first wake that can have ended a wait.
    fn woken(&mut self, key: Key, entered_ns: u64, flow: &mut impl FnMut() -> u64) -> Option<u64> {
        let list = self.wakes.get_mut(&key)?;
        let most = if matches!(key, Key::Pipe(_)) { 1 } else { MOST_LINKS };
        let can = |wake: &Wake| {
            wake.entered_ns >= entered_ns
                && if wake.over { !wake.free.is_empty() } else { wake.linked.len() < most }
        };
        let place = list.iter().position(can)?;
        let wake = &mut list[place];
        if wake.over {
            let flow = wake.free.remove(0);
            if wake.free.is_empty() {
                list.remove(place);
            }
            return Some(flow);
        }
        let flow = flow();
        wake.linked.push(flow);
        Some(flow)
    }

    /// A task is in no call any more.
    pub fn gone(&mut self, tid: Tid) {
        if let Some((key, _)) = self.waits.remove(&tid) {
            if let Some(count) = self.waiting.get_mut(&key) {
                *count = count.saturating_sub(1);
            }
            self.tidy(key);
        }
        if let Some(key) = self.waking.remove(&tid) {
            if let Some(list) = self.wakes.get_mut(&key) {
                list.retain(|wake| wake.over || wake.tid != tid);
            }
            self.tidy(key);
        }
    }

    /// Forgets wakes that are over when nobody waits any more.
    fn tidy(&mut self, key: Key) {
        if self.waiting.get(&key).is_some_and(|count| *count > 0) {
            return;
        }
        self.waiting.remove(&key);
        if let Some(list) = self.wakes.get_mut(&key) {
            list.retain(|wake| !wake.over);
            if list.is_empty() {
                self.wakes.remove(&key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{FdNote, Outcome, Stamp};
    use syscall_tables::signatures;

    fn futex(tid: i32, operation: u64, at_ns: u64) -> Call {
        let mut call = Call::new(Tid(tid));
        call.signature = signatures::common("futex");
        call.regs.args = [0x1000, operation | PRIVATE, 0, 0, 0, 0];
        call.entered = Stamp { mono_ns: at_ns, ..Stamp::default() };
        call
    }

    fn pipe(tid: i32, name: &str, at_ns: u64) -> Call {
        let mut call = futex(tid, 0, at_ns);
        call.signature = signatures::common(name);
        call.regs.args = [3, 0, 0, 0, 0, 0];
        let target = b"pipe:[77]"[..].into();
        call.fds = vec![FdNote { fd: 3, target, deleted: false, late: false, detail: None }];
        call
    }

    fn returned(mut call: Call, value: i64) -> Call {
        call.outcome = Some(Outcome { value, failed: value < 0 });
        call
    }

    #[test]
    fn a_wake_is_linked_with_as_many_waits_as_it_woke() {
        let mut wakes = Wakes::default();
        let mut last = 0;
        let mut flow = || {
            last += 1;
            last
        };
        for (tid, at_ns) in [(1, 10), (2, 20), (3, 30)] {
            wakes.entered(&futex(tid, 0, at_ns), 1);
        }
        wakes.entered(&futex(9, 1, 40), 1);
        // One returns before the wake does.
        assert_eq!(wakes.left(&returned(futex(2, 0, 20), 0), &mut flow), Some(Link::Woken(1)));
        assert_eq!(wakes.left(&returned(futex(9, 1, 40), 2), &mut flow), Some(Link::Woke(vec![1, 2])));
        assert_eq!(wakes.left(&returned(futex(1, 0, 10), -110), &mut flow), None, "a timeout");
        assert_eq!(wakes.left(&returned(futex(3, 0, 30), 0), &mut flow), Some(Link::Woken(2)));
        assert!(wakes.wakes.is_empty() && wakes.waiting.is_empty() && wakes.waits.is_empty());
    }

    #[test]
    fn waits_of_others_are_not_linked() {
        let mut wakes = Wakes::default();
        let mut flow = || 5;
        wakes.entered(&futex(1, 0, 10), 1);
        // Another process's private address, an address that nobody waits on.
        wakes.entered(&futex(9, 1, 20), 2);
        assert_eq!(wakes.left(&returned(futex(9, 1, 20), 1), &mut flow), None);
        assert_eq!(wakes.left(&returned(futex(1, 0, 10), 0), &mut flow), None);
        // A wake from before the wait.
        wakes.entered(&futex(2, 0, 10), 1);
        wakes.entered(&futex(9, 1, 20), 1);
        wakes.entered(&futex(1, 0, 30), 1);
        assert_eq!(wakes.left(&returned(futex(9, 1, 20), 1), &mut flow), Some(Link::Woke(vec![5])));
        assert_eq!(wakes.left(&returned(futex(1, 0, 30), 0), &mut flow), None);
        assert_eq!(wakes.left(&returned(futex(2, 0, 10), 0), &mut flow), Some(Link::Woken(5)));
    }

    #[test]
    fn a_write_wakes_the_read_that_waited() {
        let mut wakes = Wakes::default();
        let mut flow = || 5;
        wakes.entered(&pipe(9, "write", 5), 1);
        assert_eq!(wakes.left(&returned(pipe(9, "write", 5), 4), &mut flow), None, "nobody waited");
        wakes.entered(&pipe(1, "read", 10), 1);
        wakes.entered(&pipe(9, "write", 20), 2);
        assert_eq!(wakes.left(&returned(pipe(9, "write", 20), 4), &mut flow), Some(Link::Woke(vec![5])));
        assert_eq!(wakes.left(&returned(pipe(1, "read", 10), 4), &mut flow), Some(Link::Woken(5)));
        // The end of a file was no write.
        wakes.entered(&pipe(1, "read", 30), 1);
        assert_eq!(wakes.left(&returned(pipe(1, "read", 30), 0), &mut flow), None);
        wakes.gone(Tid(1));
        assert!(wakes.wakes.is_empty() && wakes.waking.is_empty());
    }
}
