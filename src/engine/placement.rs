//! On which CPUs tracer and tracees run.
//!
//! A stop costs ten times as much when tracer and tracee are on different CPUs of a virtual machine, and a
//! tracee that computes needs a CPU of its own. So a task that stops all the time shares the tracer's CPU, and
//! a task that runs for long between stops is let go. The tracee never sees it: sched_getaffinity(2) is answered
//! from its true mask, a mask that it sets is kept, and everybody gets the true mask back in the end.
//! Only tasks that die with the tracer are moved, so that none is left on one CPU.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, Thread};
use std::time::Duration;

use syscall_tables::abi::{Abi, numbers};

use crate::sys::affinity::{self, CpuSet};
use crate::sys::{clock, process, signal, vm};

use super::control::NUDGE;

/// What the user wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Share a CPU while stops dominate.
    #[default]
    Auto,
    /// Always share the tracer's CPU.
    Same,
    /// Leave everything where the kernel puts it.
    Free,
}

/// A task that runs no longer than this between stops, its way to the tracer included, stops all the time.
const DENSE_NS: u64 = 250_000;
/// So many dense stretches in a row put a task on the tracer's CPU.
const DENSE_RUNS: u8 = 12;
/// A task that runs longer than this without a stop computes.
const LONG_NS: u64 = 2_000_000;
/// How often tasks that do not stop are looked for.
const TICK_NS: u64 = 2_000_000;
/// After so many releases in which it computed, a task is left alone for [`REST_NS`].
const RELEASES: u8 = 3;
/// How long such a task is left alone.
const REST_NS: u64 = 200_000_000;

/// What is known of one task.
#[derive(Debug, Clone, Copy)]
struct Task {
    /// The mask that it believes in, while it is on the tracer's CPU.
    truth: Option<CpuSet>,
    /// It chose its CPUs itself; it stays there.
    chosen: bool,
    /// When it was last let go; `None` while it is stopped.
    running_since: Option<u64>,
    dense: u8,
    releases: u8,
    rest_until: u64,
}

/// A call that asks for a mask.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    target: i32,
    address: u64,
    /// The mask that the task asked about believes in, as it was when the call began: it may get that back meanwhile.
    truth: Option<CpuSet>,
}

/// The policy and what it has done.
#[derive(Debug)]
pub struct Placement {
    mode: Mode,
    /// The tracer's own mask, and the CPU on which tracer and tracees meet.
    own: Option<CpuSet>,
    home: usize,
    tasks: HashMap<i32, Task>,
    shared: usize,
    /// Some task has been on the tracer's CPU.
    moved: bool,
    looked: u64,
    watch: Option<Watch>,
    /// Numbers of sched_setaffinity and sched_getaffinity: x86_64, i386.
    calls: [[u64; 2]; 2],
}

impl Placement {
    /// A policy; it needs the handler of [`super::control`] for its watch.
    pub fn new(mode: Mode) -> Self {
        let own = affinity::get(0).ok().filter(|own| mode != Mode::Free && own.count() > 1);
        let number = |abi, name| numbers::number(abi, name).unwrap_or(u64::MAX);
        let calls = [Abi::X86_64, Abi::I386]
            .map(|abi| [number(abi, "sched_setaffinity"), number(abi, "sched_getaffinity")]);
        let watch = own.and_then(|_| Watch::start().ok());
        let mode = if watch.is_some() { mode } else { Mode::Free };
        Self { mode, own, home: 0, tasks: HashMap::new(), shared: 0, moved: false, looked: 0, watch, calls }
    }

    /// Whether it never moves anything.
    pub(super) fn is_off(&self) -> bool {
        self.mode == Mode::Free
    }

    /// A launched task, which is stopped. Where every call stops it, it begins on the tracer's CPU: a program
    /// begins with its loader. Where few do, it has to show first that it stops all the time.
    pub fn launched(&mut self, tid: i32, every_call: bool) {
        if self.is_off() {
            return;
        }
        self.tasks.insert(tid, Task::new());
        if every_call || self.mode == Mode::Same {
            self.share(tid);
        }
    }

    /// A task that `parent`, where known, has made; it inherits the parent's CPUs.
    pub fn born(&mut self, tid: i32, parent: Option<i32>) {
        if self.is_off() || self.tasks.contains_key(&tid) {
            return;
        }
        let Some(parent) = parent.or_else(|| self.parent_of(tid)) else { return };
        let Some(&mother) = self.tasks.get(&parent) else { return };
        let truth = mother.truth.or_else(|| self.left_behind(tid, parent));
        self.tasks.insert(tid, Task { truth, chosen: mother.chosen, ..Task::new() });
        self.shared += usize::from(truth.is_some());
    }

    /// A parent that was given its mask back after it had made the child, but before that was told, has left the child
    /// on the tracer's CPU: the mask that the child should have.
    fn left_behind(&self, tid: i32, parent: i32) -> Option<CpuSet> {
        if !self.moved {
            return None;
        }
        let (child, mother) = (affinity::get(tid).ok()?, affinity::get(parent).ok()?);
        (child.count() == 1 && child.has(self.home) && mother.count() > 1).then_some(mother)
    }

    /// Whose mask a new task has that stopped before its parent could tell.
    fn parent_of(&self, tid: i32) -> Option<i32> {
        let group = process::status_field(tid, "Tgid")?.parse().ok()?;
        if group != tid && self.tasks.contains_key(&group) {
            return Some(group);
        }
        process::status_field(tid, "PPid")?.parse().ok()
    }

    /// A task has ended.
    pub fn ended(&mut self, tid: i32) {
        if self.tasks.remove(&tid).is_some_and(|task| task.truth.is_some()) {
            self.shared -= 1;
            self.settle();
        }
    }

    /// The task goes by another id.
    pub fn renamed(&mut self, from: i32, to: i32) {
        self.ended(to);
        if let Some(task) = self.tasks.remove(&from) {
            self.tasks.insert(to, task);
        }
    }

    /// A task has stopped.
    pub fn stopped(&mut self, tid: i32) {
        if self.is_off() {
            return;
        }
        let now = clock::mono_ns();
        if now.saturating_sub(self.looked) > TICK_NS {
            // With many stops the wait is never interrupted.
            self.tick();
        }
        if let Some(watch) = &self.watch {
            watch.stopped(now);
        }
        let Some(task) = self.tasks.get_mut(&tid) else { return };
        let Some(since) = task.running_since.take() else { return };
        let ran = now.saturating_sub(since);
        if ran > LONG_NS {
            task.dense = 0;
        } else if ran < DENSE_NS {
            task.dense = task.dense.saturating_add(1);
        }
        let wants =
            task.truth.is_none() && !task.chosen && task.dense >= DENSE_RUNS && now >= task.rest_until;
        if wants {
            self.share(tid);
        }
    }

    /// A task is let go.
    pub fn resumed(&mut self, tid: i32) {
        if self.is_off() {
            return;
        }
        if let Some(task) = self.tasks.get_mut(&tid) {
            task.running_since = Some(clock::mono_ns());
        }
    }

    /// The watch, or another signal, has interrupted the wait: lets go of tasks that compute.
    pub fn tick(&mut self) {
        if self.mode != Mode::Auto || self.shared == 0 {
            return;
        }
        let now = clock::mono_ns();
        self.looked = now;
        let long = |task: &Task| {
            task.truth.is_some()
                && task.running_since.is_some_and(|since| now.saturating_sub(since) > LONG_NS)
        };
        let tids: Vec<i32> = self.tasks.iter().filter(|(_, task)| long(task)).map(|(tid, _)| *tid).collect();
        for tid in tids {
            self.release(tid);
            if let Some(task) = self.tasks.get_mut(&tid) {
                task.dense = 0;
                task.releases += 1;
                if task.releases >= RELEASES {
                    (task.releases, task.rest_until) = (0, now + REST_NS);
                }
            }
        }
        self.settle();
    }

    /// Puts a task on the tracer's CPU.
    fn share(&mut self, tid: i32) {
        let (Some(own), Ok(truth)) = (self.own, affinity::get(tid)) else { return };
        let first = self.shared == 0;
        if first {
            self.home = affinity::current();
        }
        let home = own.only(self.home);
        if truth.count() < 2 || !truth.has(self.home) || affinity::set(tid, &home).is_err() {
            return;
        }
        if first {
            affinity::set(0, &home).ok();
        }
        if let Some(task) = self.tasks.get_mut(&tid) {
            task.truth = Some(truth);
            self.shared += 1;
            self.moved = true;
        }
        self.settle();
    }

    /// Gives a task its own mask back.
    pub fn release(&mut self, tid: i32) {
        let Some(task) = self.tasks.get_mut(&tid) else { return };
        if let Some(truth) = task.truth.take() {
            affinity::set(tid, &truth).ok();
            self.shared -= 1;
        }
    }

    /// A task is traced no longer: it, and the tracer where nobody shares any more, get their own masks back.
    pub fn let_go(&mut self, tid: i32) {
        self.release(tid);
        self.tasks.remove(&tid);
        self.settle();
    }

    /// Nobody shares any more: the tracer is free too, and the watch rests.
    fn settle(&mut self) {
        let any = self.shared > 0;
        if !any && let Some(own) = &self.own {
            affinity::set(0, own).ok();
        }
        if let Some(watch) = &self.watch {
            watch.run(any && self.mode == Mode::Auto);
        }
    }

    /// Task `tid` enters a call: is it about affinity? One that sets a mask gets the true one back before the
    /// kernel looks, and is left alone from then on, whatever comes of the call.
    pub(super) fn asked(&mut self, tid: i32, abi: Abi, nr: u64, args: &[u64; 6]) -> Option<Asked> {
        let [set, get] = self.calls[usize::from(abi == Abi::I386)];
        if self.is_off() || nr != set && nr != get {
            return None;
        }
        let target = if args[0] as i32 == 0 { tid } else { args[0] as i32 };
        if nr == set {
            self.release(target);
            self.settle();
            if let Some(task) = self.tasks.get_mut(&target) {
                task.chosen = true;
            }
        }
        let truth = self.tasks.get(&target).and_then(|task| task.truth);
        (nr == get).then_some(Asked { target, address: args[2], truth })
    }

    /// The call returned `value` without an error: the mask that was asked for is the true one.
    pub(super) fn answered(&self, tid: i32, asked: Asked, value: i64) {
        let now = self.tasks.get(&asked.target).and_then(|task| task.truth);
        if let Some(truth) = asked.truth.or(now) {
            let bytes = truth.to_bytes();
            let count = usize::try_from(value).unwrap_or(0).min(bytes.len());
            vm::write(tid, asked.address, &bytes[..count]);
        }
    }
}

/// A thread that interrupts the tracer's wait when no task has stopped for a while, so that tasks that compute
/// are noticed. While stops come in it costs the tracer nothing.
#[derive(Debug)]
struct Watch {
    shared: Arc<Shared>,
    thread: Thread,
}

#[derive(Debug, Default)]
struct Shared {
    last_stop_ns: AtomicU64,
    wanted: AtomicBool,
}

impl Watch {
    /// To be started on the tracer's thread.
    fn start() -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let seen = Arc::clone(&shared);
        let (pid, tid) = (std::process::id() as i32, process::gettid());
        let handle = thread::Builder::new().name("placement".into()).spawn(move || {
            loop {
                while !seen.wanted.load(Ordering::Acquire) {
                    thread::park();
                }
                thread::sleep(Duration::from_nanos(TICK_NS));
                let quiet = clock::mono_ns().saturating_sub(seen.last_stop_ns.load(Ordering::Relaxed));
                if quiet > TICK_NS && seen.wanted.load(Ordering::Acquire) {
                    signal::send_to_thread(pid, tid, NUDGE).ok();
                }
            }
        })?;
        Ok(Self { shared, thread: handle.thread().clone() })
    }

    fn stopped(&self, now: u64) {
        self.shared.last_stop_ns.store(now, Ordering::Relaxed);
    }

    fn run(&self, wanted: bool) {
        if self.shared.wanted.swap(wanted, Ordering::AcqRel) != wanted && wanted {
            self.thread.unpark();
        }
    }
}

impl Task {
    fn new() -> Self {
        Self { truth: None, chosen: false, running_since: None, dense: 0, releases: 0, rest_until: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_given_back_during_the_question_is_answered_all_the_same() {
        let tid = process::gettid();
        let truth = affinity::get(tid).unwrap();
        let mut placement = Placement::new(Mode::Auto);
        placement.tasks.insert(tid, Task { truth: Some(truth), ..Task::new() });
        placement.shared = 1;
        let bytes = truth.to_bytes().to_vec();
        let mut buffer = vec![0u8; bytes.len()];
        let nr = placement.calls[0][1];
        let args = [0, buffer.len() as u64, buffer.as_mut_ptr() as u64, 0, 0, 0];
        let asked = placement.asked(tid, Abi::X86_64, nr, &args).unwrap();
        placement.release(tid);
        placement.answered(tid, asked, bytes.len() as i64);
        // Another process's memory would be written in the same way.
        assert_eq!(std::hint::black_box(&buffer), &bytes);
    }
}
