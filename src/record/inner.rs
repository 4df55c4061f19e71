//! What holds within one frame that is being read: its dictionaries, the tasks and slots of its calls, and how
//! much it has asked for.

use std::ops::Range;
use std::sync::Arc;

use syscall_tables::abi::Abi;
use syscall_tables::model::Signature;
use syscall_tables::signatures;

use super::flags::entry;
use super::format::{MOST_WORK_BYTES, Malformed};
use super::guess::Base;
use super::memory;
use super::notes;
use super::stacks;
use super::streams::Wires;
use super::wire::Wire;
use crate::event::descriptor::Detail;
use crate::event::extra::Extra;
use crate::event::ring::Traffic;
use crate::event::stack::{Frame, Stack};
use crate::event::{FdNote, PidNote, Regs, Snapshot, Stamp, Tampered, Tid};

/// What a task and a slot count for in the budget of a frame, in bytes.
pub(super) const THING_BYTES: usize = 1024;
/// Times are below this many nanoseconds, 146 years, so that differences of sums never overflow.
const LATEST_NS: u64 = 1 << 62;

/// The place of a slot.
#[derive(Debug, Clone, Copy)]
pub(super) struct At {
    task: usize,
    index: usize,
}

#[derive(Debug, Default, Clone)]
pub(super) struct Side {
    pub layout: Range<usize>,
    pub bytes: Range<usize>,
}

/// A task within a frame.
#[derive(Debug)]
struct Local {
    tid: Tid,
    base: Base,
    slots: Vec<Slot>,
}

#[derive(Debug)]
pub(super) struct Slot {
    pub signature: Option<&'static Signature>,
    pub regs: Regs,
    pub value: i64,
    pub before: Side,
    pub after: Side,
    pub fds: Vec<FdNote>,
    pub pids: Vec<PidNote>,
}

/// A string of a frame, and what was made of it.
#[derive(Debug)]
struct Known {
    range: Range<usize>,
    shared: Option<Arc<[u8]>>,
    detail: Option<Arc<Detail>>,
}

/// What holds within one frame.
#[derive(Debug, Default)]
pub(super) struct Inner {
    tasks: Vec<Local>,
    current: Option<usize>,
    strings: Vec<Known>,
    /// Rings of the call that is entered next.
    pub ring: Option<Box<Traffic>>,
    /// What was changed of the call that is entered or returns next.
    pub tampered: Option<Tampered>,
    /// What else is known of that call.
    pub extra: Option<Box<Extra>>,
    frames: Vec<Frame>,
    mono: u64,
    drift: u64,
    work: usize,
}

impl Inner {
    /// Forgets everything, keeping buffers.
    pub fn clear(&mut self) {
        self.tasks.clear();
        self.current = None;
        self.strings.clear();
        self.ring = None;
        (self.tampered, self.extra) = (None, None);
        self.frames.clear();
        (self.mono, self.drift, self.work) = (0, 0, 0);
    }

    /// Counts what was asked for.
    pub fn spend(&mut self, bytes: usize) -> Result<(), Malformed> {
        self.work = self.work.saturating_add(bytes);
        if self.work > MOST_WORK_BYTES { Err(Malformed("it asks for too much")) } else { Ok(()) }
    }

    /// A time.
    pub fn time(&mut self, wire: &mut Wires<'_>) -> Result<Stamp, Malformed> {
        self.mono = wire.times.step(self.mono)?;
        self.drift = wire.times.step(self.drift)?;
        in_range(Stamp { wall_ns: self.mono.wrapping_add(self.drift), mono_ns: self.mono })
    }

    fn known(&mut self, wire: &mut Wires<'_>) -> Result<&mut Known, Malformed> {
        let index = wire.get()?;
        if index == 0 {
            let size = wire.memory.bytes()?.len();
            let range = wire.memory.at() - size..wire.memory.at();
            self.strings.push(Known { range, shared: None, detail: None });
        }
        let index = if index == 0 { self.strings.len() } else { usize::try_from(index).unwrap_or(0) };
        let size = index.checked_sub(1).and_then(|at| self.strings.get(at)).map(|known| known.range.len());
        self.spend(size.unwrap_or(0) + 48)?;
        self.strings.get_mut(index.wrapping_sub(1)).ok_or(Malformed("an unknown string"))
    }

    /// Where a string stands.
    pub fn string(&mut self, wire: &mut Wires<'_>) -> Result<Range<usize>, Malformed> {
        Ok(self.known(wire)?.range.clone())
    }

    /// A string that is shared by those who name it.
    pub fn shared(&mut self, wire: &mut Wires<'_>, raw: &[u8]) -> Result<Arc<[u8]>, Malformed> {
        let known = self.known(wire)?;
        let range = known.range.clone();
        Ok(Arc::clone(known.shared.get_or_insert_with(|| Arc::from(&raw[range]))))
    }

    fn detail(&mut self, wire: &mut Wires<'_>, raw: &[u8]) -> Result<Arc<Detail>, Malformed> {
        let known = self.known(wire)?;
        if known.detail.is_none() {
            known.detail = Some(Arc::new(notes::parse(&raw[known.range.clone()])?));
        }
        known.detail.clone().ok_or(Malformed("an unknown kind of descriptor"))
    }

    /// A string.
    pub fn text(&mut self, wire: &mut Wires<'_>, raw: &[u8]) -> Result<Vec<u8>, Malformed> {
        Ok(raw[self.string(wire)?].to_vec())
    }

    /// A list of strings.
    pub fn texts(&mut self, wire: &mut Wires<'_>, raw: &[u8]) -> Result<Vec<Vec<u8>>, Malformed> {
        let count = wire.count()?;
        (0..count).map(|_| self.text(wire, raw)).collect()
    }

    /// Notes of descriptors.
    pub fn fds(&mut self, wire: &mut Wires<'_>, raw: &[u8]) -> Result<Vec<FdNote>, Malformed> {
        let count = wire.count()?;
        let mut note = || -> Result<FdNote, Malformed> {
            let (fd, flags) = (wire.int()?, wire.byte()?);
            let target = self.shared(wire, raw)?;
            let detail = if flags & 4 != 0 { Some(self.detail(wire, raw)?) } else { None };
            Ok(FdNote { fd, target, deleted: flags & 1 != 0, late: flags & 2 != 0, detail })
        };
        (0..count).map(|_| note()).collect()
    }

    /// Notes of process ids.
    pub fn pids(&mut self, wire: &mut Wires<'_>, raw: &[u8]) -> Result<Vec<PidNote>, Malformed> {
        let count = wire.count()?;
        let mut note = || -> Result<PidNote, Malformed> {
            let (pid, host) = (wire.int()?, wire.int()?);
            let comm = if wire.byte()? != 0 { Some(self.shared(wire, raw)?) } else { None };
            self.spend(48)?;
            Ok(PidNote { pid, host, comm })
        };
        (0..count).map(|_| note()).collect()
    }

    /// A stack.
    pub fn stack(&mut self, wire: &mut Wires<'_>, stack: &mut Stack) -> Result<(), Malformed> {
        let (known, from) = (self.frames.len(), wire.at());
        stacks::read(wire, &mut self.frames, stack)?;
        let new = (self.frames.len() - known) * 256 + (wire.at() - from) * 64;
        self.spend(new + stack.frames.len() * 128)
    }

    /// The calls that follow are those of the task that stands here.
    pub fn switch(&mut self, wire: &mut Wires<'_>) -> Result<(), Malformed> {
        let index = wire.get()?;
        if index > 0 {
            let index = usize::try_from(index - 1).ok().filter(|at| *at < self.tasks.len());
            self.current = Some(index.ok_or(Malformed("an unknown task"))?);
            return Ok(());
        }
        self.spend(THING_BYTES)?;
        self.tasks.push(Local { tid: Tid(wire.int()?), base: Base::default(), slots: Vec::new() });
        self.current = Some(self.tasks.len() - 1);
        Ok(())
    }

    /// The slot that a call names, taken out until it is put back, with its place.
    pub fn slot(&mut self, wire: &mut Wires<'_>, raw: &[u8]) -> Result<(At, Slot), Malformed> {
        let task = self.current.ok_or(Malformed("a call of no task"))?;
        let index = wire.get()?;
        if index > 0 {
            let slots = &mut self.tasks[task].slots;
            let index = usize::try_from(index - 1).ok().filter(|at| *at < slots.len());
            let index = index.ok_or(Malformed("an unknown call"))?;
            return Ok((
                At { task, index },
                std::mem::replace(&mut slots[index], Slot::blank(Abi::X86_64, 0)),
            ));
        }
        self.spend(THING_BYTES)?;
        let abi = abi(wire.byte()?)?;
        let mut slot = Slot::blank(abi, wire.get()?);
        slot.signature = match wire.byte()? {
            0 => None,
            1 => signatures::lookup(abi, slot.regs.nr),
            _ => named(abi, &raw[self.string(wire)?]),
        };
        slot.regs.resumes = match wire.byte()? {
            0 => None,
            _ => named(abi, &raw[self.string(wire)?]).map(|s| s.name),
        };
        let slots = &mut self.tasks[task].slots;
        slots.push(Slot::blank(abi, 0));
        Ok((At { task, index: slots.len() - 1 }, slot))
    }

    /// Puts a slot back.
    pub fn put_back(&mut self, at: At, slot: Slot) {
        self.tasks[at.task].slots[at.index] = slot;
    }

    /// The task of a slot.
    pub fn tid(&self, at: At) -> Tid {
        self.tasks[at.task].tid
    }

    /// What is near, of the task of a slot.
    pub fn base(&mut self, at: At) -> &mut Base {
        &mut self.tasks[at.task].base
    }

    /// The registers of a call that is entered.
    pub fn registers(
        &mut self,
        at: At,
        wire: &mut Wires<'_>,
        flags: u8,
        regs: &mut Regs,
    ) -> Result<(), Malformed> {
        let base = self.base(at);
        if flags & entry::IP != 0 {
            base.ip = wire.values.step(base.ip)?;
        }
        if flags & entry::SP != 0 {
            base.sp = wire.values.step(base.sp)?;
        }
        (regs.ip, regs.sp) = (base.ip, base.sp);
        if flags & entry::ARGS != 0 {
            let changed = wire.byte()?;
            for (at, arg) in regs.args.iter_mut().enumerate() {
                if changed >> at & 1 != 0 {
                    *arg = base.get(&mut wire.values, *arg)?;
                }
            }
        }
        Ok(())
    }

    /// A task's memory: what is new of a side is read, then all of it goes to `snapshot`.
    pub fn memory(
        &mut self,
        wire: &mut Wires<'_>,
        raw: &[u8],
        new: (bool, bool),
        place: (&mut Side, &Regs),
        snapshot: &mut Snapshot,
    ) -> Result<(), Malformed> {
        let (side, regs) = place;
        if new.0 {
            let from = wire.layouts.at();
            memory::skip(&mut wire.layouts)?;
            side.layout = from..wire.layouts.at();
        }
        let layout = &raw[side.layout.clone()];
        if new.1 {
            let from = wire.memory.at();
            memory::read(layout, &mut wire.memory, regs, snapshot)?;
            side.bytes = from..wire.memory.at();
        } else {
            let mut known = Wire::new(&raw[side.bytes.clone()]);
            memory::read(layout, &mut known, regs, snapshot)?;
            if known.left() > 0 {
                return Err(Malformed("memory does not fit its layout"));
            }
        }
        self.spend(snapshot.size_bytes() + 32 * snapshot.stretches())
    }
}

/// A time with which differences of sums do not overflow.
pub(super) fn in_range(at: Stamp) -> Result<Stamp, Malformed> {
    if at.mono_ns >= LATEST_NS || at.wall_ns >= LATEST_NS {
        return Err(Malformed("a time is out of range"));
    }
    Ok(at)
}

/// The ABI that a byte stands for.
pub(super) fn abi(byte: u8) -> Result<Abi, Malformed> {
    Abi::ALL.get(usize::from(byte)).copied().ok_or(Malformed("an unknown ABI"))
}

fn named(abi: Abi, name: &[u8]) -> Option<&'static Signature> {
    signatures::named(abi, std::str::from_utf8(name).ok()?)
}

impl Slot {
    fn blank(abi: Abi, nr: u64) -> Self {
        let regs = Regs { abi, nr, args: [0; 6], ip: 0, sp: 0, resumes: None };
        let (before, after) = (Side::default(), Side::default());
        Self { signature: None, regs, value: 0, before, after, fds: Vec::new(), pids: Vec::new() }
    }
}
