//! Values of scheduling and futexes: `struct sched_attr`, I/O priorities, FUTEX_WAKE_OP. Source: sched_setattr(2),
//! ioprio_set(2), futex(2).

use syscall_tables::model::Dir;
use syscall_tables::set::{Base, Set};
use syscall_tables::sets::{ipc, sched as sets};

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render};
use crate::memory::Memory;

/// Sizes of `struct sched_attr`, SCHED_ATTR_SIZE_VER0 and SCHED_ATTR_SIZE_VER1.
const FIRST_SIZE: u64 = 48;
const SIZE: usize = 56;
const KEEP_POLICY: u64 = 0x8;
const KEEP_PARAMS: u64 = 0x10;
/// Bits of an I/O priority below its class.
const IOPRIO_SHIFT: u32 = 13;
const FUTEX_OP_OPARG_SHIFT: u64 = 8;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// `struct sched_attr`; the buffer that the kernel fills has `room` bytes.
    pub(super) fn sched_attr(&mut self, addr: u64, dir: Dir, room: Option<u64>) {
        let mut buf = [0u8; SIZE];
        let wanted = match (room.map(|room| room & 0xffff_ffff), self.number_at(addr, 4)) {
            (Some(room), _) => room,
            (None, Some(0)) => FIRST_SIZE,
            (None, Some(own)) if own < FIRST_SIZE => 4,
            (None, Some(own)) => own,
            (None, None) => return self.render.address(addr),
        };
        let wanted = wanted.min(SIZE as u64) as usize;
        if addr == 0 || wanted == 0 || self.read(addr, &mut buf[..wanted]) < wanted {
            return self.render.address(addr);
        }
        let int = |at: usize| load(&buf[at..at + 4]);
        let own = int(0);
        let size = if own == 0 && dir == Dir::In { FIRST_SIZE } else { own };
        let flags = load(&buf[8..16]);
        let keeps = |bits: u64| dir == Dir::In && flags & bits != 0;
        let policy = int(4);
        self.render.open(Group::Struct);
        self.render.field("size");
        self.render.number(own, false, Base::Dec, 4);
        if size < FIRST_SIZE {
            return self.render.close(Group::Struct);
        }
        // A negative policy is an error, whatever is kept.
        if !keeps(KEEP_POLICY | KEEP_PARAMS) || policy >> 31 != 0 {
            self.render.field("sched_policy");
            self.render.set(&sets::SCHED_POLICY, policy, self.abi);
        }
        self.render.field("sched_flags");
        self.render.set(&sets::SCHED_ATTR_FLAGS, flags, self.abi);
        if !keeps(KEEP_PARAMS) {
            self.render.field("sched_nice");
            self.render.number(i64::from(int(16) as u32 as i32) as u64, true, Base::Dec, 4);
            self.render.field("sched_priority");
            self.render.number(int(20), false, Base::Dec, 4);
            for (at, name) in [(24, "sched_runtime"), (32, "sched_deadline"), (40, "sched_period")] {
                self.render.field(name);
                self.render.number(load(&buf[at..at + 8]), false, Base::Dec, 8);
            }
        }
        if size >= SIZE as u64 {
            for (at, name) in [(48, "sched_util_min"), (52, "sched_util_max")] {
                self.render.field(name);
                self.render.number(int(at), false, Base::Dec, 4);
            }
            if size > SIZE as u64 && dir == Dir::In {
                self.render.item();
                self.render.more();
            }
        }
        self.render.close(Group::Struct);
    }

    /// `IOPRIO_PRIO_VALUE(class, data)`; `explained` when the number stands before it.
    pub(super) fn io_priority(&mut self, raw: u64, explained: bool) {
        let raw = raw & 0xffff_ffff;
        self.io_priority_of(raw, i64::from(raw as u32 as i32) as u64, Base::Dec, explained);
    }

    /// The same; `whole` in this base is the bare number.
    pub(super) fn io_priority_of(&mut self, raw: u64, whole: u64, base: Base, explained: bool) {
        let group = Group::Call("IOPRIO_PRIO_VALUE");
        if !explained && !self.render.begin_whole(whole, true, base, false) {
            return;
        }
        self.render.open(group);
        self.render.item();
        self.render.set(&sets::IOPRIO_CLASS, raw >> IOPRIO_SHIFT, self.abi);
        self.render.item();
        self.render.number(raw & ((1 << IOPRIO_SHIFT) - 1), false, Base::Dec, 4);
        self.render.close(group);
        if !explained {
            self.render.end_whole();
        }
    }

    /// FUTEX_OP(op, oparg, cmp, cmparg) in one word.
    pub(super) fn futex_wake_op(&mut self, raw: u64) {
        let (op, compare) = (raw >> 28 & 0xf, raw >> 24 & 0xf);
        let (operand, against) = (raw >> 12 & 0xfff, raw & 0xfff);
        self.render.open(Group::Or);
        if op & FUTEX_OP_OPARG_SHIFT != 0 {
            self.render.item();
            self.render.shifted(Some("FUTEX_OP_OPARG_SHIFT"), FUTEX_OP_OPARG_SHIFT, 28, "");
        }
        self.shifted(&ipc::FUTEX_WAKE_OPS, op & !FUTEX_OP_OPARG_SHIFT, 28);
        self.render.item();
        self.render.spelled(operand << 12, format_args!("{}<<12", Hex(operand)));
        self.shifted(&ipc::FUTEX_WAKE_CMP, compare, 24);
        self.render.item();
        self.render.number(against, false, Base::Hex, 4);
        self.render.close(Group::Or);
    }

    fn shifted(&mut self, set: &'static Set, value: u64, shift: u32) {
        self.render.item();
        self.render.shifted(set.name_of(self.abi, value), value, shift, set.unknown);
    }
}

/// A number in hexadecimal, zero without a prefix.
struct Hex(u64);

impl std::fmt::Display for Hex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 == 0 { f.write_str("0") } else { write!(f, "{:#x}", self.0) }
    }
}
