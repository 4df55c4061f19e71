//! From the bytes of a frame back to events.
//!
//! The mirror of [`super::encode`], for bytes of which nothing is believed: every number is checked, and what a
//! few bytes can ask for is bounded by [`MOST_WORK_BYTES`] a frame and [`MOST_TASKS`]. Between frames it keeps the
//! calls that tasks are inside of.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::ops::Range;

use syscall_tables::abi::Abi;
use syscall_tables::model::Signature;
use syscall_tables::signatures;

use super::encode::{BY_STEP, Fast, entry, exit};
use super::format::{MOST_WORK_BYTES, Malformed, record};
use super::stacks;
use super::wire::Wire;
use crate::event::stack::{Frame, Stack};
use crate::event::{
    Call, End, FdNote, Note, Outcome, PidNote, Program, Regs, Signal, Snapshot, Stamp, Started, Tid,
};

/// Most tasks that are inside of a call at once.
const MOST_TASKS: usize = 1 << 18;
/// What a task and a slot count for in the budget of a frame, in bytes.
const THING_BYTES: usize = 1024;
/// Times are below this many nanoseconds, 146 years, so that differences of sums never overflow.
const LATEST_NS: u64 = 1 << 62;

/// What a frame tells.
#[derive(Debug)]
pub enum Told<'a> {
    /// A task is traced from now on.
    Started(&'a Started),
    /// A process runs a program with this build id, empty when unknown.
    Executed(&'a Program, &'a [u8]),
    /// A call was entered.
    Entered(&'a Call),
    /// A call returned.
    Left(&'a Call),
    /// A signal is delivered.
    Signal(&'a Signal),
    /// A process was stopped by job control.
    Stopped(&'a Signal),
    /// A task ended, perhaps inside a call.
    Ended(Tid, End, Option<&'a Call>, Stamp),
    /// A thread goes by another id.
    Renamed(Tid, Tid),
    /// A remark.
    Note(Tid, Note, Stamp),
    /// The number of tasks.
    Population(usize),
    /// Everything so far should be visible.
    Flush,
    /// The run is over.
    Finish,
}

/// Which notes of a call are wanted; others are read over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Want {
    /// What descriptors are open on.
    pub fds: bool,
    /// Process ids of other namespaces.
    pub pids: bool,
    /// Stacks.
    pub stacks: bool,
}

impl Want {
    /// All of them.
    pub const ALL: Self = Self { fds: true, pids: true, stacks: true };
}

#[derive(Debug, Default, Clone)]
struct Side {
    layout: Range<usize>,
    bytes: Range<usize>,
}

#[derive(Debug)]
struct Slot {
    tid: Tid,
    signature: Option<&'static Signature>,
    regs: Regs,
    value: i64,
    before: Side,
    after: Side,
    fds: Vec<(i32, Range<usize>)>,
    pids: Vec<PidNote>,
}

#[derive(Debug)]
struct Task {
    call: Call,
    inside: bool,
}

/// Reads frames in order.
#[derive(Debug)]
pub struct Parser {
    want: Want,
    tasks: HashMap<Tid, Task, BuildHasherDefault<Fast>>,
    next: Option<u32>,
    frame: Inner,
}

/// What holds within one frame.
#[derive(Debug, Default)]
struct Inner {
    slots: Vec<Slot>,
    strings: Vec<Range<usize>>,
    frames: Vec<Frame>,
    mono: u64,
    drift: u64,
    work: usize,
}

impl Inner {
    fn clear(&mut self) {
        self.slots.clear();
        self.strings.clear();
        self.frames.clear();
        (self.mono, self.drift, self.work) = (0, 0, 0);
    }

    fn spend(&mut self, bytes: usize) -> Result<(), Malformed> {
        self.work = self.work.saturating_add(bytes);
        if self.work > MOST_WORK_BYTES { Err(Malformed("it asks for too much")) } else { Ok(()) }
    }

    fn time(&mut self, wire: &mut Wire<'_>) -> Result<Stamp, Malformed> {
        self.mono = wire.step(self.mono)?;
        self.drift = wire.step(self.drift)?;
        let wall_ns = self.mono.wrapping_add(self.drift);
        if self.mono >= LATEST_NS || wall_ns >= LATEST_NS {
            return Err(Malformed("a time is out of range"));
        }
        Ok(Stamp { wall_ns, mono_ns: self.mono })
    }

    fn string(&mut self, wire: &mut Wire<'_>) -> Result<Range<usize>, Malformed> {
        let index = wire.get()?;
        let range = if index == 0 {
            let size = wire.bytes()?.len();
            let range = wire.at() - size..wire.at();
            self.strings.push(range.clone());
            range
        } else {
            let known = usize::try_from(index - 1).ok().and_then(|at| self.strings.get(at));
            known.ok_or(Malformed("an unknown string"))?.clone()
        };
        self.spend(range.len() + 48)?;
        Ok(range)
    }

    fn text(&mut self, wire: &mut Wire<'_>, raw: &[u8]) -> Result<Vec<u8>, Malformed> {
        Ok(raw[self.string(wire)?].to_vec())
    }

    fn texts(&mut self, wire: &mut Wire<'_>, raw: &[u8]) -> Result<Vec<Vec<u8>>, Malformed> {
        let count = wire.count()?;
        (0..count).map(|_| self.text(wire, raw)).collect()
    }

    fn fds(&mut self, wire: &mut Wire<'_>) -> Result<Vec<(i32, Range<usize>)>, Malformed> {
        let count = wire.count()?;
        (0..count).map(|_| Ok((wire.int()?, self.string(wire)?))).collect()
    }

    fn stack(&mut self, wire: &mut Wire<'_>, stack: &mut Stack) -> Result<(), Malformed> {
        let (known, from) = (self.frames.len(), wire.at());
        stacks::read(wire, &mut self.frames, stack)?;
        let new = (self.frames.len() - known) * 256 + (wire.at() - from) * 64;
        self.spend(new + stack.frames.len() * 128)
    }

    /// The slot that a call names, and whether it is new.
    fn slot(&mut self, wire: &mut Wire<'_>, raw: &[u8]) -> Result<usize, Malformed> {
        let index = wire.get()?;
        if index > 0 {
            let index = usize::try_from(index - 1).ok().filter(|at| *at < self.slots.len());
            return index.ok_or(Malformed("an unknown call"));
        }
        self.spend(THING_BYTES)?;
        let tid = Tid(wire.int()?);
        let abi = abi(wire.byte()?)?;
        let nr = wire.get()?;
        let signature = match wire.byte()? {
            0 => None,
            1 => signatures::lookup(abi, nr),
            _ => named(abi, &raw[self.string(wire)?]),
        };
        let resumes = match wire.byte()? {
            0 => None,
            _ => named(abi, &raw[self.string(wire)?]).map(|s| s.name),
        };
        let regs = Regs { abi, nr, args: [0; 6], ip: 0, sp: 0, resumes };
        let (before, after) = (Side::default(), Side::default());
        self.slots.push(Slot {
            tid,
            signature,
            regs,
            value: 0,
            before,
            after,
            fds: Vec::new(),
            pids: Vec::new(),
        });
        Ok(self.slots.len() - 1)
    }

    /// A task's memory: what is new of `side` is read, then all of it goes to `snapshot`.
    fn memory(
        &mut self,
        wire: &mut Wire<'_>,
        raw: &[u8],
        new: (bool, bool),
        place: (&mut Side, &[u64; 6]),
        snapshot: &mut Snapshot,
    ) -> Result<(), Malformed> {
        let (side, args) = place;
        if new.0 {
            let from = wire.at();
            let size = skip_layout(wire)?;
            side.layout = from..wire.at();
            if !new.1 && size != side.bytes.len() {
                return Err(Malformed("memory does not fit its layout"));
            }
            if new.1 {
                side.bytes = wire.at()..wire.at() + wire.take(size)?.len();
            }
        } else if new.1 {
            let size = side.bytes.len();
            side.bytes = wire.at()..wire.at() + wire.take(size)?.len();
        }
        self.spend(side.bytes.len() + 8 * side.layout.len())?;
        recall(&raw[side.layout.clone()], &raw[side.bytes.clone()], args, snapshot)
    }
}

/// Reads over the stretches of a snapshot; gives the bytes that they hold.
fn skip_layout(wire: &mut Wire<'_>) -> Result<usize, Malformed> {
    let mut total = 0usize;
    for _ in 0..wire.count()? {
        let how = wire.get()?;
        if how == BY_STEP {
            wire.signed()?;
        }
        total = total.saturating_add(sizes(wire)?.1 as usize);
    }
    Ok(total)
}

/// Bytes wanted and got.
fn sizes(wire: &mut Wire<'_>) -> Result<(u32, u32), Malformed> {
    let word = wire.get()?;
    let want = u32::try_from(word >> 1).map_err(|_| Malformed("a stretch of memory is too long"))?;
    let got = if word & 1 == 0 { u64::from(want) } else { wire.get()? };
    match u32::try_from(got).ok().filter(|got| *got <= want) {
        Some(got) => Ok((want, got)),
        None => Err(Malformed("more memory than was asked for")),
    }
}

fn recall(layout: &[u8], bytes: &[u8], args: &[u64; 6], snapshot: &mut Snapshot) -> Result<(), Malformed> {
    snapshot.clear();
    if layout.is_empty() {
        return Ok(());
    }
    let (mut wire, mut data) = (Wire::new(layout), Wire::new(bytes));
    let mut end = 0u64;
    for _ in 0..wire.get()? {
        let addr = match wire.get()? {
            BY_STEP => wire.step(end)?,
            index => {
                let arg = usize::try_from(index).ok().and_then(|at| args.get(at));
                *arg.ok_or(Malformed("an unknown argument"))?
            }
        };
        let (want, got) = sizes(&mut wire)?;
        snapshot.remember(addr, want as usize, data.take(got as usize)?);
        end = addr.wrapping_add(u64::from(want));
    }
    Ok(())
}

fn abi(byte: u8) -> Result<Abi, Malformed> {
    Abi::ALL.get(usize::from(byte)).copied().ok_or(Malformed("an unknown ABI"))
}

fn named(abi: Abi, name: &[u8]) -> Option<&'static Signature> {
    signatures::named(abi, std::str::from_utf8(name).ok()?)
}

fn pids(wire: &mut Wire<'_>) -> Result<Vec<PidNote>, Malformed> {
    let count = wire.count()?;
    (0..count).map(|_| Ok(PidNote { pid: wire.int()?, host: wire.int()? })).collect()
}

fn put_fds(call: &mut Call, fds: &[(i32, Range<usize>)], raw: &[u8]) {
    call.fds.extend(fds.iter().map(|(fd, range)| FdNote { fd: *fd, target: raw[range.clone()].to_vec() }));
}

impl Parser {
    /// A parser before the first frame.
    pub fn new(want: Want) -> Self {
        Self { want, tasks: HashMap::default(), next: None, frame: Inner::default() }
    }

    /// Tells what frame number `sequence` holds. Where frames are missing before it, the calls that tasks are
    /// inside of are those that it begins with.
    ///
    /// # Errors
    /// What is wrong with it; what was told before that holds.
    pub fn frame(
        &mut self,
        sequence: u32,
        raw: &[u8],
        tell: &mut dyn FnMut(Told<'_>),
    ) -> Result<(), Malformed> {
        let follows = self.next == Some(sequence);
        self.next = None;
        if !follows {
            self.tasks.values_mut().for_each(|task| task.inside = false);
        }
        self.frame.clear();
        let mut wire = Wire::new(raw);
        while wire.left() > 0 {
            self.record(&mut wire, raw, tell)?;
        }
        self.next = sequence.checked_add(1);
        Ok(())
    }

    fn record(
        &mut self,
        wire: &mut Wire<'_>,
        raw: &[u8],
        tell: &mut dyn FnMut(Told<'_>),
    ) -> Result<(), Malformed> {
        match wire.byte()? {
            record::ENTERED => self.entered(wire, raw, Some(tell)),
            record::INSIDE => self.entered(wire, raw, None),
            record::LEFT => self.left(wire, raw, tell),
            record::STARTED => {
                let (tid, process, parent) = (Tid(wire.int()?), Tid(wire.int()?), Tid(wire.int()?));
                let attached = wire.byte()? != 0;
                let at = self.frame.time(wire)?;
                tell(Told::Started(&Started { tid, process, parent, attached, at }));
                Ok(())
            }
            record::EXECUTED => self.executed(wire, raw, tell),
            record::SIGNAL => {
                let signal = self.signal(wire)?;
                tell(Told::Signal(&signal));
                Ok(())
            }
            record::STOPPED => {
                let signal = self.signal(wire)?;
                tell(Told::Stopped(&signal));
                Ok(())
            }
            record::ENDED => self.ended(wire, tell),
            record::RENAMED => {
                let (from, to) = (Tid(wire.int()?), Tid(wire.int()?));
                if let Some(mut task) = self.tasks.remove(&from) {
                    task.call.tid = to;
                    self.tasks.insert(to, task);
                }
                tell(Told::Renamed(from, to));
                Ok(())
            }
            record::NOTE => {
                let tid = Tid(wire.int()?);
                let note = match wire.byte()? {
                    0 => Note::Attached,
                    1 => Note::Detached,
                    code => Note::Personality(abi(code - 2)?),
                };
                let at = self.frame.time(wire)?;
                tell(Told::Note(tid, note, at));
                Ok(())
            }
            record::POPULATION => {
                let tasks = usize::try_from(wire.get()?).map_err(|_| Malformed("too many tasks"))?;
                tell(Told::Population(tasks));
                Ok(())
            }
            record::FLUSH => {
                tell(Told::Flush);
                Ok(())
            }
            record::FINISH => {
                tell(Told::Finish);
                Ok(())
            }
            _ => Err(Malformed("an unknown record")),
        }
    }

    fn entered(
        &mut self,
        wire: &mut Wire<'_>,
        raw: &[u8],
        tell: Option<&mut dyn FnMut(Told<'_>)>,
    ) -> Result<(), Malformed> {
        let inner = &mut self.frame;
        let index = inner.slot(wire, raw)?;
        let tid = inner.slots[index].tid;
        if !self.tasks.contains_key(&tid) {
            if self.tasks.len() >= MOST_TASKS {
                return Err(Malformed("too many tasks"));
            }
            inner.spend(THING_BYTES)?;
            self.tasks.insert(tid, Task { call: Call::new(tid), inside: false });
        }
        let Some(task) = self.tasks.get_mut(&tid) else { return Ok(()) };
        // What the frame before told of it may be more.
        let known = tell.is_none() && task.inside;
        let mut aside = Call::new(tid);
        let call = if known { &mut aside } else { &mut task.call };
        let flags = wire.byte()?;
        let mut slot = std::mem::replace(&mut inner.slots[index], Slot::blank(tid));
        registers(wire, flags, &mut slot.regs)?;
        let new = (flags & entry::LAYOUT != 0, flags & entry::BYTES != 0);
        inner.memory(wire, raw, new, (&mut slot.before, &slot.regs.args), &mut call.before)?;
        call.entered = inner.time(wire)?;
        call.tid = tid;
        call.regs = slot.regs;
        call.signature = slot.signature;
        call.outcome = None;
        call.after.clear();
        if flags & entry::FDS != 0 {
            slot.fds = inner.fds(wire)?;
        }
        if flags & entry::PIDS != 0 {
            slot.pids = pids(wire)?;
        }
        call.stack.clear();
        if flags & entry::STACK != 0 {
            inner.stack(wire, &mut call.stack)?;
        }
        call.fds.clear();
        call.pids.clear();
        if self.want.fds {
            inner.spend(slot.fds.iter().map(|(_, range)| range.len() + 32).sum())?;
            put_fds(call, &slot.fds, raw);
        }
        if self.want.pids {
            inner.spend(8 * slot.pids.len())?;
            call.pids.extend_from_slice(&slot.pids);
        }
        if !self.want.stacks {
            call.stack.clear();
        }
        inner.slots[index] = slot;
        task.inside = true;
        if let Some(tell) = tell {
            tell(Told::Entered(&task.call));
        }
        Ok(())
    }

    fn left(
        &mut self,
        wire: &mut Wire<'_>,
        raw: &[u8],
        tell: &mut dyn FnMut(Told<'_>),
    ) -> Result<(), Malformed> {
        let inner = &mut self.frame;
        let index = inner.slot(wire, raw)?;
        let tid = inner.slots[index].tid;
        let task = self.tasks.get_mut(&tid).filter(|task| task.inside);
        let Some(task) = task else { return Err(Malformed("a call returns that was not entered")) };
        let flags = wire.byte()?;
        let call = &mut task.call;
        let mut slot = std::mem::replace(&mut inner.slots[index], Slot::blank(tid));
        if flags & exit::VALUE != 0 {
            slot.value = wire.step(slot.value as u64)? as i64;
        }
        let new = (flags & exit::LAYOUT != 0, flags & exit::BYTES != 0);
        inner.memory(wire, raw, new, (&mut slot.after, &slot.regs.args), &mut call.after)?;
        call.left = inner.time(wire)?;
        call.outcome = Some(Outcome { value: slot.value, failed: flags & exit::FAILED != 0 });
        inner.slots[index] = slot;
        if flags & exit::FDS != 0 {
            let fds = inner.fds(wire)?;
            if self.want.fds {
                put_fds(call, &fds, raw);
            }
        }
        if flags & exit::PIDS != 0 {
            let pids = pids(wire)?;
            if self.want.pids {
                call.pids.extend(pids);
            }
        }
        if flags & exit::STACK != 0 {
            inner.stack(wire, &mut call.stack)?;
            if !self.want.stacks {
                call.stack.clear();
            }
        }
        task.inside = false;
        tell(Told::Left(&task.call));
        Ok(())
    }

    fn executed(
        &mut self,
        wire: &mut Wire<'_>,
        raw: &[u8],
        tell: &mut dyn FnMut(Told<'_>),
    ) -> Result<(), Malformed> {
        let process = Tid(wire.int()?);
        let flags = wire.byte()?;
        let inner = &mut self.frame;
        let at = inner.time(wire)?;
        let (exe, cwd, comm) = (inner.text(wire, raw)?, inner.text(wire, raw)?, inner.text(wire, raw)?);
        let build_id = inner.text(wire, raw)?;
        let argv = inner.texts(wire, raw)?;
        let env = if flags & 2 != 0 { Some(inner.texts(wire, raw)?) } else { None };
        let program = Program { process, exe, argv, env, cwd, comm, attached: flags & 1 != 0, at };
        tell(Told::Executed(&program, &build_id));
        Ok(())
    }

    fn signal(&mut self, wire: &mut Wire<'_>) -> Result<Signal, Malformed> {
        let tid = Tid(wire.int()?);
        let abi = abi(wire.byte()?)?;
        let signo = wire.int()?;
        let at = self.frame.time(wire)?;
        let info = if wire.byte()? == 0 {
            None
        } else {
            let bytes = wire.bytes()?;
            let mut info = Box::new([0; 128]);
            info.get_mut(..bytes.len()).ok_or(Malformed("a signal carries too much"))?.copy_from_slice(bytes);
            Some(info)
        };
        let mut pids = pids(wire)?;
        let mut stack = Stack::default();
        self.frame.stack(wire, &mut stack)?;
        if !self.want.pids {
            pids.clear();
        }
        if !self.want.stacks {
            stack.clear();
        }
        Ok(Signal { tid, abi, signo, info, pids, stack, at })
    }

    fn ended(&mut self, wire: &mut Wire<'_>, tell: &mut dyn FnMut(Told<'_>)) -> Result<(), Malformed> {
        let tid = Tid(wire.int()?);
        let code = wire.byte()?;
        let number = wire.int()?;
        let end = match code & 0x7f {
            0 => End::Exited(number),
            1 | 2 => End::Killed { signo: number, core: code & 0x7f == 2 },
            3 => End::Superseded { by: Tid(number) },
            4 => End::Detached,
            _ => return Err(Malformed("a task ended in an unknown way")),
        };
        let at = self.frame.time(wire)?;
        let task = self.tasks.remove(&tid).filter(|task| code >> 7 != 0 && task.inside);
        tell(Told::Ended(tid, end, task.as_ref().map(|task| &task.call), at));
        Ok(())
    }
}

impl Slot {
    fn blank(tid: Tid) -> Self {
        let regs = Regs { abi: Abi::X86_64, nr: 0, args: [0; 6], ip: 0, sp: 0, resumes: None };
        let (before, after) = (Side::default(), Side::default());
        Self { tid, signature: None, regs, value: 0, before, after, fds: Vec::new(), pids: Vec::new() }
    }
}

fn registers(wire: &mut Wire<'_>, flags: u8, regs: &mut Regs) -> Result<(), Malformed> {
    if flags & entry::ARGS != 0 {
        let changed = wire.byte()?;
        for (at, arg) in regs.args.iter_mut().enumerate() {
            if changed >> at & 1 != 0 {
                *arg = wire.step(*arg)?;
            }
        }
    }
    if flags & entry::IP != 0 {
        regs.ip = wire.step(regs.ip)?;
    }
    if flags & entry::SP != 0 {
        regs.sp = wire.step(regs.sp)?;
    }
    Ok(())
}
