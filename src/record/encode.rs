//! From events to the bytes of a frame.
//!
//! A frame stands alone: every dictionary begins empty in it, and it begins with the calls that tasks are inside
//! of. Within a frame much is written as the difference from before: a call names its *slot* (task, ABI, number),
//! and of a slot only what changed since its last use is written. Addresses that are an argument are written as
//! that. It does no I/O, reads no clock and keeps its buffers.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use syscall_tables::signatures;

use super::book::Change;
use super::flags::{entry, exit, signals};
use super::format::{FULL_RAW_BYTES, FULL_WORK_BYTES, record};
use super::guess::{self, Base};
use super::memory;
use super::notes;
use super::rings;
use super::slots::{Entry, Fast, Key, Side, Slot, Task};
use super::stacks;
use super::streams::Streams;
use super::wire::{put, put_bytes, put_signed, put_step};
use crate::event::stack::Stack;
use crate::event::{
    Call, End, FdNote, Note, Outcome, PidNote, Program, Signal, Snapshot, Stamp, Started, Tid,
};

/// Most bytes of calls that tasks are inside of at the beginning of a frame; the memory of others is left out
/// there, and known only from the frame before.
const MOST_CARRIED_BYTES: usize = 16 << 20;
/// Most bytes of paths behind the descriptors of one call.
const MOST_FD_BYTES: usize = 4 << 20;

/// The bytes of a frame that is full, and what they are about.
#[derive(Debug, Default)]
pub struct Cut {
    /// What the frame holds.
    pub streams: Streams,
    /// Number of events.
    pub events: u32,
    /// Number of calls that returned.
    pub calls: u32,
    /// Number of rows that a list shows: calls that returned or never will, signals, stops and ends of tasks.
    pub rows: u32,
    /// When the first of them was.
    pub first: Stamp,
    /// What became of tasks.
    pub changes: Vec<Change>,
}

/// Writes events into frames.
#[derive(Debug, Default)]
pub struct Encoder {
    cut: Cut,
    work: usize,
    mono: u64,
    drift: u64,
    strings: HashMap<Box<[u8]>, u32, BuildHasherDefault<Fast>>,
    tasks: Vec<Task>,
    by_tid: HashMap<Tid, u32, BuildHasherDefault<Fast>>,
    /// The task whose calls are being written.
    current: Option<u32>,
    slots: Vec<Slot>,
    by_key: HashMap<Key, u32, BuildHasherDefault<Fast>>,
    /// The slots of the calls that tasks are inside of.
    inside: HashMap<Tid, u32, BuildHasherDefault<Fast>>,
    /// The same from the frame before, until this one begins.
    carried: Vec<Slot>,
    stacks: stacks::Known,
    layout: Vec<u8>,
}

impl Encoder {
    /// Whether nothing was written since the last cut.
    pub fn is_empty(&self) -> bool {
        self.cut.streams.control.is_empty()
    }

    /// Whether the frame should be cut.
    pub fn is_full(&self) -> bool {
        self.cut.streams.size_bytes() >= FULL_RAW_BYTES || self.work >= FULL_WORK_BYTES
    }

    /// The frame so far; the next begins. `spare` becomes its buffers.
    pub fn cut(&mut self, spare: Streams) -> Cut {
        let cut = std::mem::take(&mut self.cut);
        self.cut.streams = spare;
        self.cut.streams.clear();
        (self.work, self.mono, self.drift) = (0, 0, 0);
        self.strings.clear();
        self.by_key.clear();
        self.tasks.clear();
        self.by_tid.clear();
        self.current = None;
        self.stacks.clear();
        let mut inside: Vec<u32> = self.inside.drain().map(|(_, slot)| slot).collect();
        inside.sort_unstable();
        for (index, slot) in self.slots.drain(..).enumerate() {
            if inside.binary_search(&(index as u32)).is_ok() {
                self.carried.push(slot);
            }
        }
        cut
    }

    fn begin(&mut self, at: Option<Stamp>) {
        if self.cut.events == 0 && self.cut.streams.control.is_empty() {
            self.cut.first = at.unwrap_or_default();
            let mut total = 0;
            for mut slot in std::mem::take(&mut self.carried) {
                total += slot.before.bytes.len() + slot.before.layout.len();
                if total > MOST_CARRIED_BYTES {
                    slot.before = Side::default();
                }
                self.carry(slot);
            }
        }
        if self.cut.first == Stamp::default() {
            self.cut.first = at.unwrap_or_default();
        }
        self.cut.events += 1;
    }

    fn record(&mut self, kind: u8, at: Option<Stamp>) {
        self.begin(at);
        self.cut.streams.control.push(kind);
    }

    fn time(&mut self, at: Stamp) {
        let drift = at.wall_ns.wrapping_sub(at.mono_ns);
        let times = &mut self.cut.streams.times;
        put_step(times, self.mono, at.mono_ns);
        put_step(times, self.drift, drift);
        (self.mono, self.drift) = (at.mono_ns, drift);
    }

    pub(super) fn string(&mut self, text: &[u8]) {
        self.work += text.len();
        match self.strings.get(text) {
            Some(&index) => put(&mut self.cut.streams.control, u64::from(index) + 1),
            None => {
                let index = self.strings.len() as u32;
                self.strings.insert(text.into(), index);
                self.cut.streams.control.push(0);
                put_bytes(&mut self.cut.streams.memory, text);
            }
        }
    }

    /// The streams that are being written.
    pub(super) fn streams(&mut self) -> &mut Streams {
        &mut self.cut.streams
    }

    /// Counts what reading this will take.
    pub(super) fn spend(&mut self, bytes: usize) {
        self.work += bytes;
    }

    /// Notes of descriptors.
    pub(super) fn fds(&mut self, fds: &[FdNote]) {
        let mut room = MOST_FD_BYTES;
        let fits = |note: &&FdNote| {
            room = room.saturating_sub(note.target.len() + 8);
            room > 0
        };
        let count = fds.iter().take_while(fits).count();
        put(&mut self.cut.streams.control, count as u64);
        for note in &fds[..count] {
            let control = &mut self.cut.streams.control;
            put_signed(control, i64::from(note.fd));
            let more = u8::from(note.detail.is_some());
            control.push(u8::from(note.deleted) | u8::from(note.late) << 1 | more << 2);
            self.string(&note.target);
            if let Some(detail) = &note.detail {
                self.string(&notes::to_bytes(detail));
            }
        }
    }

    fn pids(&mut self, pids: &[PidNote]) {
        put(&mut self.cut.streams.control, pids.len() as u64);
        for note in pids {
            put_signed(&mut self.cut.streams.control, i64::from(note.pid));
            put_signed(&mut self.cut.streams.control, i64::from(note.host));
            self.cut.streams.control.push(u8::from(note.comm.is_some()));
            if let Some(comm) = &note.comm {
                self.string(comm);
            }
        }
    }

    fn stack(&mut self, stack: &Stack) {
        self.work += 64 * stack.frames.len();
        stacks::write(&mut self.cut.streams.control, &mut self.stacks, stack);
    }

    /// Makes the calls that follow those of `tid`.
    fn task(&mut self, tid: Tid) -> u32 {
        if let Some(current) = self.current
            && self.tasks[current as usize].tid == tid
        {
            return current;
        }
        let raw = &mut self.cut.streams.control;
        raw.push(record::TASK);
        let index = match self.by_tid.get(&tid) {
            Some(&index) => {
                put(raw, u64::from(index) + 1);
                index
            }
            None => {
                raw.push(0);
                put_signed(raw, i64::from(tid.0));
                let index = self.tasks.len() as u32;
                self.tasks.push(Task { tid, base: Base::default(), slots: 0 });
                self.by_tid.insert(tid, index);
                index
            }
        };
        self.current = Some(index);
        index
    }

    /// The slot of a call, whose number is written; a new one with what it is.
    fn slot(&mut self, key: Key, new: impl FnOnce() -> Slot) -> u32 {
        if let Some(&index) = self.by_key.get(&key) {
            put(&mut self.cut.streams.control, u64::from(self.slots[index as usize].local) + 1);
            return index;
        }
        let task = &mut self.tasks[key.task as usize];
        let mut slot = new();
        slot.local = task.slots;
        task.slots += 1;
        let index = self.slots.len() as u32;
        let raw = &mut self.cut.streams.control;
        raw.push(0);
        raw.push(slot.abi as u8);
        put(raw, slot.nr);
        match slot.signature {
            None => raw.push(0),
            Some(s) if signatures::lookup(slot.abi, slot.nr).is_some_and(|own| std::ptr::eq(own, s)) => {
                raw.push(1);
            }
            Some(s) => {
                raw.push(2);
                self.string(s.name.as_bytes());
            }
        }
        match slot.resumes {
            None => self.cut.streams.control.push(0),
            Some(name) => {
                self.cut.streams.control.push(1);
                self.string(name.as_bytes());
            }
        }
        self.slots.push(slot);
        self.by_key.insert(key, index);
        index
    }

    /// A call that was entered in an earlier frame, or under another id.
    fn carry(&mut self, mut old: Slot) {
        let task = self.task(old.tid);
        self.also(old.tampered, old.extra.as_deref());
        self.cut.streams.control.push(record::INSIDE);
        let (before, fds) = (std::mem::take(&mut old.before), std::mem::take(&mut old.fds));
        let (pids, stack) = (std::mem::take(&mut old.pids), std::mem::take(&mut old.stack));
        let (args, ip, sp, entered, tid) = (old.args, old.ip, old.sp, old.entered, old.tid);
        let (tampered, extra) = (old.tampered, old.extra.take());
        (old.args, old.ip, old.sp, old.after, old.value) = ([0; 6], 0, 0, Side::default(), 0);
        let key = Key::new(task, old.abi, old.nr, old.signature, old.resumes);
        let index = self.slot(key, || old);
        self.layout.clone_from(&before.layout);
        if self.layout.is_empty() {
            self.layout.push(0);
        }
        let what = Entry {
            args,
            ip,
            sp,
            at: entered,
            bytes: &before.bytes,
            fds: &fds,
            pids: &pids,
            stack: &stack,
            tampered,
        };
        self.entry(task, index, &what);
        self.slots[index as usize].extra = extra;
        self.inside.insert(tid, index);
    }

    /// What is known at entry; the layout of the memory is in `self.layout`.
    fn entry(&mut self, task: u32, index: u32, new: &Entry<'_>) {
        let base = &mut self.tasks[task as usize].base;
        let slot = &mut self.slots[index as usize];
        let Streams { control: raw, values, layouts, memory: bytes, .. } = &mut self.cut.streams;
        let mut changed = 0u8;
        for (at, (old, new)) in slot.args.iter().zip(&new.args).enumerate() {
            changed |= u8::from(old != new) << at;
        }
        let bit = |holds: bool, flag: u8| if holds { flag } else { 0 };
        let flags = bit(changed != 0, entry::ARGS)
            | bit(base.ip != new.ip, entry::IP)
            | bit(base.sp != new.sp, entry::SP)
            | bit(slot.before.layout != self.layout, entry::LAYOUT)
            | bit(slot.before.bytes != new.bytes, entry::BYTES)
            | bit(slot.fds != new.fds, entry::FDS)
            | bit(slot.pids != new.pids, entry::PIDS)
            | bit(!new.stack.is_empty(), entry::STACK);
        raw.push(flags);
        for (old, new) in [(&mut base.ip, new.ip), (&mut base.sp, new.sp)] {
            if *old != new {
                put_step(values, *old, new);
                *old = new;
            }
        }
        (slot.ip, slot.sp) = (new.ip, new.sp);
        if changed != 0 {
            raw.push(changed);
            for (at, (old, new)) in slot.args.iter_mut().zip(&new.args).enumerate() {
                if changed >> at & 1 != 0 {
                    base.put(values, *old, *new);
                    *old = *new;
                }
            }
        }
        if flags & entry::LAYOUT != 0 {
            layouts.extend_from_slice(&self.layout);
            slot.before.layout.clone_from(&self.layout);
        }
        if flags & entry::BYTES != 0 {
            bytes.extend_from_slice(new.bytes);
            slot.before.bytes.clear();
            slot.before.bytes.extend_from_slice(new.bytes);
        }
        (slot.entered, slot.tampered) = (new.at, new.tampered);
        if flags & entry::FDS != 0 {
            slot.fds.clear();
            slot.fds.extend_from_slice(new.fds);
        }
        if flags & entry::PIDS != 0 {
            slot.pids.clear();
            slot.pids.extend_from_slice(new.pids);
        }
        slot.stack.clone_from(new.stack);
        self.time(new.at);
        if flags & entry::FDS != 0 {
            self.fds(new.fds);
        }
        if flags & entry::PIDS != 0 {
            self.pids(new.pids);
        }
        if flags & entry::STACK != 0 {
            self.stack(new.stack);
        }
    }

    /// A call was entered; `before` stands for its memory.
    pub fn entered(&mut self, call: &Call, before: &Snapshot) {
        self.begin(Some(call.entered));
        if let Some(traffic) = &call.ring {
            self.cut.streams.control.push(record::RING);
            rings::write(self, traffic);
        }
        self.enter(record::ENTERED, call, before);
    }

    fn enter(&mut self, kind: u8, call: &Call, before: &Snapshot) {
        let regs = &call.regs;
        let task = self.task(call.tid);
        self.also(call.tampered, call.extra.as_deref());
        self.cut.streams.control.push(kind);
        let key = Key::new(task, regs.abi, regs.nr, call.signature, regs.resumes);
        let index = self.slot(key, || Slot::new(call));
        let mut args = regs.args;
        args[guess::registers(call.signature, regs.abi)..].fill(0);
        memory::write(&mut self.layout, before, &args, regs.sp);
        self.work += before.size_bytes() + 32 * before.stretches();
        let what = Entry {
            args,
            ip: regs.ip,
            sp: regs.sp,
            at: call.entered,
            bytes: before.bytes(),
            fds: &call.fds,
            pids: &call.pids,
            stack: &call.stack,
            tampered: call.tampered,
        };
        self.entry(task, index, &what);
        self.slots[index as usize].extra.clone_from(&call.extra);
        self.inside.insert(call.tid, index);
    }

    /// A call returned.
    pub fn left(&mut self, call: &Call) {
        self.begin(Some(call.left));
        if !self.inside.contains_key(&call.tid) {
            // Nobody told of its entry: this does.
            self.enter(record::INSIDE, call, &call.before);
        }
        let task = self.task(call.tid);
        let Some(index) = self.inside.remove(&call.tid) else { return };
        let new = self.slots[index as usize].extra != call.extra;
        self.also(call.tampered, call.extra.as_deref().filter(|_| new));
        self.cut.calls += 1;
        self.cut.rows += 1;
        let slot = &mut self.slots[index as usize];
        let base = &mut self.tasks[task as usize].base;
        memory::write(&mut self.layout, &call.after, &slot.args, slot.sp);
        let outcome = call.outcome.unwrap_or(Outcome { value: 0, failed: false });
        let Streams { control: raw, values, layouts, memory: bytes, .. } = &mut self.cut.streams;
        raw.push(record::LEFT);
        put(raw, u64::from(slot.local) + 1);
        let fds = shared(&slot.fds, &call.fds);
        let pids = shared(&slot.pids, &call.pids);
        let bit = |holds: bool, flag: u8| if holds { flag } else { 0 };
        let flags = bit(outcome.failed, exit::FAILED)
            | bit(slot.value != outcome.value, exit::VALUE)
            | bit(call.ring.is_some(), exit::RING)
            | bit(slot.after.layout != self.layout, exit::LAYOUT)
            | bit(slot.after.bytes != call.after.bytes(), exit::BYTES)
            | bit(fds < call.fds.len() || fds < slot.fds.len(), exit::FDS)
            | bit(pids < call.pids.len() || pids < slot.pids.len(), exit::PIDS)
            | bit(slot.stack.is_empty() && !call.stack.is_empty(), exit::STACK);
        raw.push(flags);
        if flags & exit::VALUE != 0 {
            base.put(values, slot.value as u64, outcome.value as u64);
            slot.value = outcome.value;
        }
        if flags & exit::LAYOUT != 0 {
            layouts.extend_from_slice(&self.layout);
            slot.after.layout.clone_from(&self.layout);
        }
        if flags & exit::BYTES != 0 {
            bytes.extend_from_slice(call.after.bytes());
            slot.after.bytes.clear();
            slot.after.bytes.extend_from_slice(call.after.bytes());
        }
        self.work += call.after.size_bytes() + 32 * call.after.stretches();
        self.time(call.left);
        if flags & exit::FDS != 0 {
            put(&mut self.cut.streams.control, fds as u64);
            self.fds(&call.fds[fds..]);
        }
        if flags & exit::PIDS != 0 {
            put(&mut self.cut.streams.control, pids as u64);
            self.pids(&call.pids[pids..]);
        }
        if flags & exit::STACK != 0 {
            self.stack(&call.stack);
        }
        if let Some(traffic) = &call.ring {
            rings::write(self, traffic);
        }
    }

    /// A task is traced from now on.
    pub fn started(&mut self, started: &Started) {
        self.cut.changes.push(Change::Started(*started));
        self.record(record::STARTED, Some(started.at));
        for id in [started.tid, started.process, started.parent] {
            put_signed(&mut self.cut.streams.control, i64::from(id.0));
        }
        self.cut.streams.control.push(u8::from(started.attached));
        self.time(started.at);
    }

    /// A process runs a program with this build id.
    pub fn executed(&mut self, program: &Program, build_id: &[u8]) {
        self.cut.changes.push(Change::Executed(program.clone(), build_id.to_vec()));
        self.record(record::EXECUTED, Some(program.at));
        put_signed(&mut self.cut.streams.control, i64::from(program.process.0));
        self.cut.streams.control.push(u8::from(program.attached) | u8::from(program.env.is_some()) << 1);
        self.time(program.at);
        for text in [&program.exe, &program.cwd, &program.comm] {
            self.string(text);
        }
        self.string(build_id);
        for list in [Some(&program.argv), program.env.as_ref()].into_iter().flatten() {
            put(&mut self.cut.streams.control, list.len() as u64);
            for text in list {
                self.string(text);
            }
        }
    }

    /// A signal, or a stop by job control when `stopped`.
    pub fn signal(&mut self, signal: &Signal, stopped: bool) {
        self.record(if stopped { record::STOPPED } else { record::SIGNAL }, Some(signal.at));
        self.cut.rows += 1;
        put_signed(&mut self.cut.streams.control, i64::from(signal.tid.0));
        self.cut.streams.control.push(signal.abi as u8);
        put_signed(&mut self.cut.streams.control, i64::from(signal.signo));
        self.time(signal.at);
        let control = &mut self.cut.streams.control;
        let info = if signal.info.is_some() { signals::INFO } else { 0 };
        let ip = if signal.ip.is_some() { signals::IP } else { 0 };
        let fds = if signal.fds.is_empty() { 0 } else { signals::FDS };
        control.push(info | ip | fds);
        if let Some(info) = &signal.info {
            let size = info.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
            put_bytes(control, &info[..size]);
        }
        if let Some(ip) = signal.ip {
            put(control, ip);
        }
        self.pids(&signal.pids);
        if !signal.fds.is_empty() {
            self.fds(&signal.fds);
        }
        self.stack(&signal.stack);
    }

    /// A task ended, `pending` inside a call.
    pub fn ended(&mut self, tid: Tid, end: End, pending: bool, at: Stamp) {
        self.cut.changes.push(Change::Ended(tid));
        self.record(record::ENDED, Some(at));
        // The call that never returns has a row of its own; without its entry nothing is known of it.
        let pending = pending && self.inside.contains_key(&tid);
        self.cut.rows += 1 + u32::from(pending);
        let (code, number) = match end {
            End::Exited(status) => (0, status),
            End::Killed { signo, core } => (1 + u8::from(core), signo),
            End::Superseded { by } => (3, by.0),
            End::Detached => (4, 0),
        };
        put_signed(&mut self.cut.streams.control, i64::from(tid.0));
        self.cut.streams.control.push(code | u8::from(pending) << 7);
        put_signed(&mut self.cut.streams.control, i64::from(number));
        self.time(at);
        self.inside.remove(&tid);
    }

    /// The thread `from` goes by `to` from now on.
    pub fn renamed(&mut self, from: Tid, to: Tid) {
        self.cut.changes.push(Change::Renamed(from, to));
        self.record(record::RENAMED, None);
        put_signed(&mut self.cut.streams.control, i64::from(from.0));
        put_signed(&mut self.cut.streams.control, i64::from(to.0));
        let index = self.inside.remove(&from);
        self.inside.remove(&to);
        // The ids mean other tasks now.
        self.by_tid.retain(|tid, _| *tid != from && *tid != to);
        self.current = None;
        if let Some(index) = index {
            let old = &mut self.slots[index as usize];
            let blank = Slot { tid: to, ..Slot::like(old) };
            let slot = std::mem::replace(old, blank);
            self.carry(Slot { tid: to, ..slot });
        }
    }

    /// What a task is called.
    pub fn named(&mut self, tid: Tid, comm: &[u8]) {
        self.record(record::NAMED, None);
        put_signed(&mut self.cut.streams.control, i64::from(tid.0));
        self.string(comm);
    }

    /// A remark about a task.
    pub fn note(&mut self, tid: Tid, note: Note, at: Stamp) {
        self.record(record::NOTE, Some(at));
        let code = match note {
            Note::Attached => 0,
            Note::Detached => 1,
            Note::Personality(abi) => 2 + abi as u8,
        };
        put_signed(&mut self.cut.streams.control, i64::from(tid.0));
        self.cut.streams.control.push(code);
        self.time(at);
    }

    /// The number of tasks.
    pub fn population(&mut self, tasks: usize) {
        self.cut.changes.push(Change::Population(tasks));
        self.record(record::POPULATION, None);
        put(&mut self.cut.streams.control, tasks as u64);
    }

    /// Everything so far should be visible.
    pub fn flush(&mut self) {
        self.record(record::FLUSH, None);
    }

    /// The run is over.
    pub fn finish(&mut self) {
        self.record(record::FINISH, None);
    }
}

/// Number of leading notes that are the same.
fn shared<T: PartialEq>(old: &[T], new: &[T]) -> usize {
    old.iter().zip(new).take_while(|(a, b)| a == b).count()
}
