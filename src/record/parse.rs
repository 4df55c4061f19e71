//! From the bytes of a frame back to events.
//!
//! The mirror of [`super::encode`], for bytes of which nothing is believed: every number is checked, and what a
//! few bytes can ask for is bounded by [`super::format::MOST_WORK_BYTES`] a frame and [`MOST_TASKS`]. Between frames it keeps the
//! calls that tasks are inside of.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::extras;
use super::flags::{entry, exit, signals, to_tampered};
use super::format::{Malformed, record};
use super::inner::{self, Inner, THING_BYTES};
use super::rings;
use super::slots::Fast;
use super::streams::Wires;
use crate::decode;
use crate::event::stack::Stack;
use crate::event::{Call, End, FdNote, Note, Outcome, Program, Signal, Stamp, Started, Tid};

/// Most tasks that are inside of a call at once.
const MOST_TASKS: usize = 1 << 18;
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
    /// What a task is called.
    Named(Tid, &'a [u8]),
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

#[derive(Debug)]
struct Task {
    call: Call,
    inside: bool,
}

/// Whether values of a call depend on a note, whoever wants to know what descriptors are open on: on that of `asked`, or on
/// what a message is for.
fn decides(note: &FdNote, asked: Option<i32>) -> bool {
    note.decides() || asked == Some(note.fd)
}

/// Reads frames in order.
#[derive(Debug)]
pub struct Parser {
    want: Want,
    tasks: HashMap<Tid, Task, BuildHasherDefault<Fast>>,
    next: Option<u32>,
    frame: Inner,
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
        self.frame_until(sequence, raw, tell, &|| false)
    }

    /// The same, for who wants no more once `enough` says so.
    ///
    /// # Errors
    /// As [`Parser::frame`].
    pub fn frame_until(
        &mut self,
        sequence: u32,
        raw: &[u8],
        tell: &mut dyn FnMut(Told<'_>),
        enough: &dyn Fn() -> bool,
    ) -> Result<(), Malformed> {
        let follows = self.next == Some(sequence);
        self.next = None;
        if !follows {
            self.tasks.values_mut().for_each(|task| task.inside = false);
        }
        self.frame.clear();
        let mut wire = Wires::new(raw)?;
        while wire.left() > 0 {
            if enough() {
                return Ok(());
            }
            self.record(&mut wire, raw, tell)?;
        }
        self.next = sequence.checked_add(1);
        Ok(())
    }

    /// The calls that tasks are inside of, in no order.
    pub fn inside(&self) -> impl Iterator<Item = &Call> {
        self.tasks.values().filter(|task| task.inside).map(|task| &task.call)
    }

    fn record(
        &mut self,
        wire: &mut Wires<'_>,
        raw: &[u8],
        tell: &mut dyn FnMut(Told<'_>),
    ) -> Result<(), Malformed> {
        match wire.byte()? {
            record::ENTERED => self.entered(wire, raw, Some(tell)),
            record::INSIDE => self.entered(wire, raw, None),
            record::TASK => self.frame.switch(wire),
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
                let signal = self.signal(wire, raw)?;
                tell(Told::Signal(&signal));
                Ok(())
            }
            record::STOPPED => {
                let signal = self.signal(wire, raw)?;
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
                    code => Note::Personality(inner::abi(code - 2)?),
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
            record::NAMED => {
                let tid = Tid(wire.int()?);
                tell(Told::Named(tid, &raw[self.frame.string(wire)?]));
                Ok(())
            }
            record::RING => {
                self.frame.ring = Some(Box::new(rings::read(&mut self.frame, wire, raw)?));
                Ok(())
            }
            kind @ (record::TAMPERED | record::EXTRA) => self.also(kind, wire, raw),
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

    /// What is known of the call that follows.
    fn also(&mut self, kind: u8, wire: &mut Wires<'_>, raw: &[u8]) -> Result<(), Malformed> {
        if kind == record::TAMPERED {
            self.frame.tampered = Some(to_tampered(wire.byte()?)?);
            return Ok(());
        }
        let bytes = &raw[self.frame.string(wire)?];
        self.frame.spend(bytes.len())?;
        self.frame.extra = Some(Box::new(extras::parse(bytes)?));
        Ok(())
    }

    fn entered(
        &mut self,
        wire: &mut Wires<'_>,
        raw: &[u8],
        tell: Option<&mut dyn FnMut(Told<'_>)>,
    ) -> Result<(), Malformed> {
        let inner = &mut self.frame;
        let (at, mut slot) = inner.slot(wire, raw)?;
        let tid = inner.tid(at);
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
        inner.registers(at, wire, flags, &mut slot.regs)?;
        let new = (flags & entry::LAYOUT != 0, flags & entry::BYTES != 0);
        inner.memory(wire, raw, new, (&mut slot.before, &slot.regs), &mut call.before)?;
        call.entered = inner.time(wire)?;
        call.tid = tid;
        call.regs = slot.regs;
        call.signature = slot.signature;
        call.outcome = None;
        call.after.clear();
        call.ring = if tell.is_some() { inner.ring.take() } else { None };
        (call.tampered, call.extra) = (inner.tampered.take().unwrap_or_default(), inner.extra.take());
        if flags & entry::FDS != 0 {
            slot.fds = inner.fds(wire, raw)?;
        }
        if flags & entry::PIDS != 0 {
            slot.pids = inner.pids(wire, raw)?;
        }
        call.stack.clear();
        if flags & entry::STACK != 0 {
            inner.stack(wire, &mut call.stack)?;
        }
        call.fds.clear();
        call.pids.clear();
        if self.want.fds {
            inner.spend(64 * slot.fds.len())?;
            call.fds.extend_from_slice(&slot.fds);
        } else if !slot.fds.is_empty() {
            let asked = decode::asking(call);
            let meant = slot.fds.iter().filter(|note| decides(note, asked));
            inner.spend(64 * meant.clone().count())?;
            call.fds.extend(meant.cloned());
        }
        if self.want.pids {
            inner.spend(32 * slot.pids.len())?;
            call.pids.extend_from_slice(&slot.pids);
        }
        if !self.want.stacks {
            call.stack.clear();
        }
        inner.put_back(at, slot);
        task.inside = true;
        if let Some(tell) = tell {
            tell(Told::Entered(&task.call));
        }
        Ok(())
    }

    fn left(
        &mut self,
        wire: &mut Wires<'_>,
        raw: &[u8],
        tell: &mut dyn FnMut(Told<'_>),
    ) -> Result<(), Malformed> {
        let inner = &mut self.frame;
        let (at, mut slot) = inner.slot(wire, raw)?;
        let tid = inner.tid(at);
        let task = self.tasks.get_mut(&tid).filter(|task| task.inside);
        let Some(task) = task else { return Err(Malformed("a call returns that was not entered")) };
        let flags = wire.byte()?;
        let call = &mut task.call;
        if flags & exit::VALUE != 0 {
            slot.value = inner.base(at).get(&mut wire.values, slot.value as u64)? as i64;
        }
        let new = (flags & exit::LAYOUT != 0, flags & exit::BYTES != 0);
        inner.memory(wire, raw, new, (&mut slot.after, &slot.regs), &mut call.after)?;
        call.left = inner.time(wire)?;
        call.outcome = Some(Outcome { value: slot.value, failed: flags & exit::FAILED != 0 });
        call.tampered = inner.tampered.take().unwrap_or(call.tampered);
        call.extra = inner.extra.take().or(call.extra.take());
        inner.put_back(at, slot);
        if flags & exit::FDS != 0 {
            let keep = wire.get()?;
            let fds = inner.fds(wire, raw)?;
            let (wanted, asked) = (self.want.fds, decode::asking(call));
            call.fds.truncate(usize::try_from(keep).unwrap_or(usize::MAX));
            call.fds.extend(fds.into_iter().filter(|note| wanted || decides(note, asked)));
        }
        if flags & exit::PIDS != 0 {
            let keep = wire.get()?;
            let pids = inner.pids(wire, raw)?;
            if self.want.pids {
                call.pids.truncate(usize::try_from(keep).unwrap_or(usize::MAX));
                call.pids.extend(pids);
            }
        }
        if flags & exit::STACK != 0 {
            inner.stack(wire, &mut call.stack)?;
            if !self.want.stacks {
                call.stack.clear();
            }
        }
        call.ring =
            if flags & exit::RING != 0 { Some(Box::new(rings::read(inner, wire, raw)?)) } else { None };
        task.inside = false;
        tell(Told::Left(&task.call));
        Ok(())
    }

    fn executed(
        &mut self,
        wire: &mut Wires<'_>,
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

    fn signal(&mut self, wire: &mut Wires<'_>, raw: &[u8]) -> Result<Signal, Malformed> {
        let tid = Tid(wire.int()?);
        let abi = inner::abi(wire.byte()?)?;
        let signo = wire.int()?;
        let at = self.frame.time(wire)?;
        let flags = wire.byte()?;
        let info = if flags & signals::INFO == 0 {
            None
        } else {
            let bytes = wire.bytes()?;
            let mut info = Box::new([0; 128]);
            info.get_mut(..bytes.len()).ok_or(Malformed("a signal carries too much"))?.copy_from_slice(bytes);
            Some(info)
        };
        let ip = if flags & signals::IP == 0 { None } else { Some(wire.get()?) };
        let mut pids = self.frame.pids(wire, raw)?;
        let mut fds = if flags & signals::FDS == 0 { Vec::new() } else { self.frame.fds(wire, raw)? };
        self.frame.spend(64 * fds.len())?;
        let mut stack = Stack::default();
        self.frame.stack(wire, &mut stack)?;
        if !self.want.pids {
            pids.clear();
        }
        if !self.want.fds {
            fds.clear();
        }
        if !self.want.stacks {
            stack.clear();
        }
        Ok(Signal { tid, abi, signo, info, pids, fds, stack, ip, at })
    }

    fn ended(&mut self, wire: &mut Wires<'_>, tell: &mut dyn FnMut(Told<'_>)) -> Result<(), Malformed> {
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
