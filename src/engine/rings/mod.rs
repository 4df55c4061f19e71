//! What goes over the rings of io_uring: read at io_uring_enter(2), nothing where no sink wants it.
//!
//! At the entry the submissions between the kernel's head and the program's tail are read, and the completions that
//! have come since the last look; at the exit the completions that came meanwhile. Layouts are learnt from
//! io_uring_setup(2), registered rings from io_uring_register(2), mappings from /proc/PID/maps at the first use. A ring
//! is known by the inode of its file, so that dup, close, fork and SCM_RIGHTS need no attention. It changes nothing
//! in the tracee. Sources: io_uring(7), io_uring_setup(2), io_uring_register(2).

mod find;
mod layout;
mod pending;

use std::collections::{HashMap, HashSet};

use syscall_tables::abi::{Abi, numbers};

use super::Engine;
use crate::decode::{self, render::Quiet};
use crate::event::ring::{Completion, Operation, Traffic, Trouble};
use crate::event::{Outcome, Regs, Tid};
use crate::memory::{Live, Memory};
use crate::sys::process;
use layout::{Control, Layout, PARAMS_BYTES, Place};
use pending::Pending;

/// Calls beside io_uring_enter that have to be seen for it to be understood.
pub const CALLS: &[&str] = &["io_uring_setup", "io_uring_register"];

/// IORING_ENTER_REGISTERED_RING.
const REGISTERED_RING: u64 = 0x10;
/// IORING_REGISTER_RING_FDS, IORING_UNREGISTER_RING_FDS, IORING_REGISTER_USE_REGISTERED_RING.
const REGISTER: u32 = 20;
const UNREGISTER: u32 = 21;
const BY_INDEX: u32 = 1 << 31;
/// IO_RINGFD_REG_MAX: so many rings a task can register.
const MOST_REGISTERED: u64 = 16;
/// IORING_CQE_F_MORE.
const MORE: u32 = 2;
/// EBADF and EINVAL: there is no ring of this number.
const NO_RING: [i64; 2] = [-9, -22];
/// So many rings are remembered.
const MOST_RINGS: usize = 1024;
/// Rings without a descriptor have no inode; their names begin here.
const NAMELESS: u64 = 1 << 63;

/// One ring.
#[derive(Debug)]
struct Ring {
    layout: Layout,
    /// Counts up to which submissions and completions have been seen.
    sq_seen: u32,
    cq_seen: u32,
    pending: Pending,
    used: u64,
    /// Another ring of this name may be meant.
    alike: bool,
}

/// A call that a task is in.
#[derive(Debug)]
enum Running {
    Setup { params: u64 },
    Register { opcode: u32, array: u64, count: u64 },
    Enter { ring: u64, place: Place, from: u32, taken: Vec<Taken> },
}

/// A submission that a call is about to make: the count behind it, and its name among those that run.
#[derive(Debug)]
struct Taken {
    behind: u32,
    serial: u64,
    user_data: u64,
}

/// Every ring, and who uses it how.
#[derive(Debug, Default)]
pub(super) struct Rings {
    wanted: bool,
    /// Numbers of setup, enter and register by ABI.
    calls: [[Option<u64>; 3]; 2],
    rings: HashMap<u64, Ring>,
    /// Where tasks have rings mapped.
    places: HashMap<i32, HashMap<u64, Place>>,
    /// Registered rings of tasks by index.
    registered: HashMap<i32, HashMap<u32, u64>>,
    running: HashMap<i32, Running>,
    /// Processes of tasks, and what has been told of them.
    processes: HashMap<i32, i32>,
    told: HashSet<(i32, Trouble)>,
    clock: u64,
    nameless: u64,
}

impl Rings {
    pub(super) fn new(wanted: bool) -> Self {
        let of =
            |abi| ["io_uring_setup", "io_uring_enter", "io_uring_register"].map(|n| numbers::number(abi, n));
        Self { wanted, calls: [of(Abi::X86_64), of(Abi::I386)], ..Self::default() }
    }

    fn which(&self, regs: &Regs) -> Option<usize> {
        let calls = &self.calls[usize::from(regs.abi == Abi::I386)];
        calls.iter().position(|nr| *nr == Some(regs.nr))
    }

    /// A task enters a call; whether its exit has to be seen.
    pub(super) fn entered(&mut self, tid: i32, regs: &Regs) -> bool {
        if !self.wanted {
            return false;
        }
        let mask = if regs.abi == Abi::I386 { u64::from(u32::MAX) } else { u64::MAX };
        let [_, second, third, fourth, ..] = regs.args.map(|arg| arg & mask);
        let running = match self.which(regs) {
            Some(0) => Running::Setup { params: second },
            Some(2) if [REGISTER, UNREGISTER].contains(&(second as u32 & !BY_INDEX)) => {
                Running::Register { opcode: second as u32 & !BY_INDEX, array: third, count: fourth }
            }
            _ => return false,
        };
        self.running.insert(tid, running);
        true
    }

    /// Whether this is io_uring_enter, and somebody wants to know.
    pub(super) fn enters(&self, regs: &Regs) -> bool {
        self.wanted && self.which(regs) == Some(1)
    }

    /// A task has left the call that it was in: what setup and register did.
    pub(super) fn left(&mut self, tid: i32, outcome: Outcome) {
        if !self.wanted || matches!(self.running.get(&tid), None | Some(Running::Enter { .. })) {
            return;
        }
        let Some(running) = self.running.remove(&tid) else { return };
        if outcome.failed {
            return;
        }
        let mut memory = Live::new(tid);
        match running {
            Running::Setup { params } => self.set_up(tid, params, outcome.value, &mut memory),
            Running::Register { opcode, array, count } => {
                self.register(tid, opcode, array, count.min(outcome.value as u64), &mut memory);
            }
            Running::Enter { .. } => {}
        }
    }

    fn set_up<M: Memory>(&mut self, tid: i32, params: u64, fd: i64, memory: &mut M) {
        let mut bytes = [0u8; PARAMS_BYTES];
        if memory.read(params, &mut bytes) < PARAMS_BYTES {
            return;
        }
        let Some(layout) = Layout::of_params(&bytes) else { return };
        let name = if layout.registered_only() {
            self.nameless += 1;
            let name = NAMELESS + self.nameless;
            self.registered.entry(tid).or_default().insert(fd as u32, name);
            Some(name)
        } else {
            find::inode(tid, fd as i32)
        };
        if let Some(name) = name {
            // On old kernels all rings have one inode.
            let alike = self.rings.contains_key(&name);
            self.insert(name, layout, 0, 0);
            if let Some(ring) = self.rings.get_mut(&name) {
                ring.alike = alike;
            }
        }
    }

    fn insert(&mut self, name: u64, layout: Layout, sq_seen: u32, cq_seen: u32) {
        if self.rings.len() >= MOST_RINGS {
            let oldest = self.rings.iter().min_by_key(|(_, ring)| ring.used).map(|(name, _)| *name);
            oldest.map(|name| self.rings.remove(&name));
        }
        for places in self.places.values_mut() {
            places.remove(&name);
        }
        self.clock += 1;
        let ring =
            Ring { layout, sq_seen, cq_seen, pending: Pending::default(), used: self.clock, alike: false };
        self.rings.insert(name, ring);
    }

    fn register<M: Memory>(&mut self, tid: i32, opcode: u32, array: u64, count: u64, memory: &mut M) {
        for index in 0..count.min(MOST_REGISTERED) {
            // struct io_uring_rsrc_update: offset, which the kernel fills in, resv, data.
            let mut update = [0u8; 16];
            if memory.read(array.wrapping_add(16 * index), &mut update) < 16 {
                return;
            }
            let [offset, _, fd, _] = [0, 4, 8, 12].map(|at| decode_u32(&update, at));
            let known = self.registered.entry(tid).or_default();
            known.remove(&offset);
            if opcode == REGISTER
                && let Some(name) = find::inode(tid, fd as i32)
            {
                known.insert(offset, name);
            }
        }
    }

    /// A task is traced no longer.
    pub(super) fn ended(&mut self, tid: i32) {
        self.places.remove(&tid);
        self.registered.remove(&tid);
        self.running.remove(&tid);
        self.processes.remove(&tid);
        self.told.retain(|(process, _)| *process != tid);
        self.rings.values_mut().for_each(|ring| ring.pending.ended(Tid(tid)));
    }

    /// A task runs another program: its memory is new, and what it had registered is gone.
    pub(super) fn executed(&mut self, tid: i32, former: i32) {
        self.ended(tid);
        self.ended(former);
    }

    /// What is known of a call whose rings cannot be read.
    fn blind(&mut self, tid: i32, trouble: Trouble) -> Box<Traffic> {
        let group = || process::status_field(tid, "Tgid").and_then(|text| text.parse().ok());
        let process = *self.processes.entry(tid).or_insert_with(|| group().unwrap_or(tid));
        let told = self.told.contains(&(process, trouble));
        Box::new(Traffic { trouble: Some(trouble), told, ..Traffic::default() })
    }

    /// Such a call has returned. What names no ring by its number, and is refused, is no trouble.
    fn blind_left(&mut self, tid: i32, trouble: Trouble, outcome: Outcome) -> bool {
        let refused = outcome.failed && NO_RING.contains(&outcome.value);
        if trouble == Trouble::Unregistered && refused {
            return false;
        }
        let process = self.processes.get(&tid).copied().unwrap_or(tid);
        self.told.insert((process, trouble));
        true
    }

    /// The ring that a call names, known from now on; `None` where that is no ring.
    fn resolve(&mut self, tid: i32, regs: &Regs) -> Option<Result<(u64, Place), Trouble>> {
        let fd = regs.args[0] as u32;
        let by_index = regs.args[3] & REGISTERED_RING != 0;
        let registered = self.registered.get(&tid).and_then(|known| known.get(&fd)).copied();
        let (name, fd) = match (by_index, registered) {
            (true, Some(name)) => (name, None),
            (true, None) => match find::only_ring(tid) {
                Some(fd) => (find::inode(tid, fd)?, Some(fd)),
                None => return Some(Err(Trouble::Unregistered)),
            },
            (false, _) => (find::inode(tid, fd as i32)?, Some(fd as i32)),
        };
        if self.rings.get(&name).is_some_and(|ring| ring.alike) {
            return Some(Err(Trouble::Alike));
        }
        let known = self.rings.get(&name).map(|ring| ring.layout);
        if known.is_none() && !fd.is_some_and(|fd| find::is_ring(tid, fd)) {
            return None;
        }
        let place = match known.and_then(|layout| layout.given) {
            Some((rings, sqes)) => {
                Some(Place { sq: rings, sq_end: 0, cq: rings, sqes: Some(sqes), sqes_end: 0 })
            }
            None => {
                let places = self.places.entry(tid).or_default();
                let found = places.get(&name).copied().or_else(|| find::place(tid, name));
                if let Some(found) = found {
                    places.insert(name, found);
                }
                found
            }
        };
        let Some(place) = place else { return Some(Err(Trouble::Unreadable)) };
        if known.is_some_and(|layout| !layout.known()) {
            return Some(Err(Trouble::Unknown));
        }
        if known.is_none() {
            let mut memory = Live::new(tid);
            let layout = fd.and_then(|fd| find::unseen(tid, fd, place, &mut memory));
            let control = layout.and_then(|layout| layout.control(place, &mut memory));
            let (Some(layout), Some(control)) = (layout, control) else {
                return Some(Err(Trouble::Unseen));
            };
            self.insert(name, layout, control.sq_head, control.cq_head);
        }
        Some(Ok((name, place)))
    }

    /// Heads and tails of a ring. A ring that was mapped anew or resized is looked for once more.
    fn control(&mut self, tid: i32, name: u64, place: &mut Place) -> Option<Control> {
        let layout = self.rings.get(&name)?.layout;
        let mut memory = Live::new(tid);
        if let Some(control) = layout.control(*place, &mut memory) {
            return Some(control);
        }
        *place = find::place(tid, name)?;
        self.places.entry(tid).or_default().insert(name, *place);
        let control = layout.control(*place, &mut memory);
        if control.is_none() {
            self.rings.remove(&name);
        }
        control
    }
}

fn decode_u32(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |bytes| decode::number(bytes) as u32)
}

/// How much newer count `to` is than `from`; counts wrap.
fn ahead(from: u32, to: u32) -> u32 {
    u32::try_from(to.wrapping_sub(from).cast_signed()).unwrap_or(0)
}

impl Engine {
    /// The task is about to enter the rings: what it submits, and what had come before.
    pub(super) fn ring_entered(&mut self, tid: i32) {
        let stamp = self.stamp();
        let Some(task) = self.tasks.get_mut(&tid) else { return };
        let call = &mut *task.call;
        let rings = &mut self.rings;
        rings.running.remove(&tid);
        let mut traffic = Traffic::default();
        let (name, mut place) = match rings.resolve(tid, &call.regs) {
            Some(Ok(found)) => found,
            Some(Err(trouble)) => {
                call.ring = Some(rings.blind(tid, trouble));
                return;
            }
            None => return,
        };
        let Some(control) = rings.control(tid, name, &mut place) else {
            call.ring = Some(rings.blind(tid, Trouble::Unreadable));
            return;
        };
        rings.clock += 1;
        let clock = rings.clock;
        let Some(ring) = rings.rings.get_mut(&name) else { return };
        ring.used = clock;
        let (quiet, fds) = (&mut self.quiet, &mut self.fds);
        let mut look = Look { tid, quiet, fds, capture: &self.config.capture, stamp };
        (traffic.arrived, traffic.unseen_completions) = look.completions(ring, place, control, true);
        traffic.polled = ring.layout.polled();
        traffic.unseen_submissions = ahead(ring.sq_seen, control.sq_head);
        let from = if ahead(control.sq_head, ring.sq_seen) > 0 { ring.sq_seen } else { control.sq_head };
        let waiting = ahead(from, control.sq_tail).min(ring.layout.sq_entries);
        let count = if traffic.polled { waiting } else { waiting.min(call.regs.args[1] as u32) };
        let entries = ring.layout.submissions(place, from, count, &mut Live::new(tid));
        let mut taken = Vec::with_capacity(entries.len());
        for (behind, sqe) in entries {
            let mut operation = Operation::new(sqe, Tid(tid), call.regs.abi, stamp);
            look.submission(&mut operation);
            look.fds.note(tid, &look.quiet.fds, false, &mut operation.call.fds);
            let (serial, user_data) = (ring.pending.add(&operation), operation.user_data());
            taken.push(Taken { behind, serial, user_data });
            traffic.submitted.push(operation);
        }
        ring.sq_seen = from.wrapping_add(count);
        rings.running.insert(tid, Running::Enter { ring: name, place, from, taken });
        call.ring = Some(Box::new(traffic));
    }

    /// The task has returned from the rings: what came meanwhile, and what was not submitted after all.
    pub(super) fn ring_left(&mut self, tid: i32, outcome: Outcome) {
        let stamp = self.stamp();
        let Some(task) = self.tasks.get_mut(&tid) else { return };
        let call = &mut *task.call;
        let rings = &mut self.rings;
        let entered = rings.running.remove(&tid);
        if let Some(trouble) = call.ring.as_ref().and_then(|traffic| traffic.trouble)
            && !rings.blind_left(tid, trouble, outcome)
        {
            call.ring = None;
        }
        let (Some(Running::Enter { ring: name, mut place, from, taken }), Some(traffic)) =
            (entered, &mut call.ring)
        else {
            return;
        };
        let control = rings.control(tid, name, &mut place);
        let Some(ring) = rings.rings.get_mut(&name) else { return };
        if !traffic.polled {
            let accepted = if outcome.failed { 0 } else { outcome.value as u32 };
            let keep = taken.partition_point(|entry| ahead(from, entry.behind) <= accepted);
            for entry in taken.get(keep..).unwrap_or_default() {
                ring.pending.withdraw(entry.user_data, entry.serial);
            }
            traffic.submitted.truncate(keep);
            if ahead(from.wrapping_add(accepted), ring.sq_seen) > 0 && keep < taken.len() {
                ring.sq_seen = from.wrapping_add(accepted);
            }
        }
        let Some(control) = control else { return };
        let (quiet, fds) = (&mut self.quiet, &mut self.fds);
        let mut look = Look { tid, quiet, fds, capture: &self.config.capture, stamp };
        let (completed, unseen) = look.completions(ring, place, control, false);
        traffic.completed = completed;
        traffic.unseen_completions = traffic.unseen_completions.saturating_add(unseen);
    }
}

/// One look at a ring.
struct Look<'a> {
    tid: i32,
    quiet: &'a mut Quiet,
    fds: &'a mut super::fds::Fds,
    capture: &'a decode::Options,
    stamp: crate::event::Stamp,
}

impl Look<'_> {
    fn submission(&mut self, operation: &mut Operation) {
        self.quiet.clear();
        decode::ring::touch_submission(operation, Live::new(self.tid), self.capture, self.quiet);
        if let Some(fd) = decode::netlink_descriptor(&operation.call)
            && self.fds.netlink(self.tid, fd, &mut operation.call.fds)
        {
            self.quiet.clear();
            decode::ring::touch_submission(operation, Live::new(self.tid), self.capture, self.quiet);
        }
    }

    /// Adds to a completed operation what its descriptors are open on: those that it came by, and those of its arguments that
    /// were not known when it was submitted. By now the program may have closed the others.
    fn descriptors(&mut self, operation: &mut Operation) {
        self.quiet.fds.clear();
        decode::ring::arguments(operation, self.capture, self.quiet);
        self.quiet.fds.retain(|fd| !operation.call.fds.iter().any(|note| note.fd == *fd));
        if !operation.call.outcome.is_some_and(|outcome| outcome.failed) {
            decode::ring::result(operation, self.capture, self.quiet);
        }
        self.fds.note(self.tid, &self.quiet.fds, true, &mut operation.call.fds);
    }

    /// The completions since the last look, and how many are not among them. The memory of those that the program
    /// has reaped already is its own again, and is not looked at.
    fn completions(
        &mut self,
        ring: &mut Ring,
        place: Place,
        control: Control,
        early: bool,
    ) -> (Vec<Completion>, u32) {
        let mut memory = Live::new(self.tid);
        let (entries, unseen) = match ahead(ring.cq_seen, control.cq_tail) {
            0 => return (Vec::new(), 0),
            _ => ring.layout.completions(place, ring.cq_seen, control.cq_tail, &mut memory),
        };
        ring.cq_seen = control.cq_tail;
        let mut completions = Vec::with_capacity(entries.len());
        for entry in entries {
            let (user_data, result, flags) = (entry.user_data, entry.result, entry.flags);
            let (more, seen) = (flags & MORE != 0, (Tid(self.tid), self.stamp));
            let mut operation = ring.pending.complete(user_data, result, more, seen).map(Box::new);
            let reaped = early && ahead(entry.at, control.cq_head) > 0;
            if let Some(operation) = operation.as_mut().filter(|_| !reaped) {
                decode::ring::touch_completion(operation, memory, self.capture, self.quiet);
                self.descriptors(operation);
            }
            completions.push(Completion { user_data, result, flags, extra: entry.extra, operation });
        }
        (completions, unseen)
    }
}
