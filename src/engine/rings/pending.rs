//! What has been submitted to a ring and has not completed: whom a completion belongs to.
//!
//! Completions name submissions by user_data, which programs may use for several at a time; then nothing is said
//! rather than something wrong. Bounded in number and in remembered bytes.

use std::collections::HashMap;

use syscall_tables::abi::Abi;
use syscall_tables::uring::SQE_BYTES;

use crate::event::ring::Operation;
use crate::event::{FdNote, Snapshot, Stamp, Tid};

/// So many operations are remembered; a ring that has more in flight gets no matches from then on.
const MOST: usize = 65536;
/// So many bytes of their memory; beyond, an operation is remembered without.
const MOST_BYTES: usize = 16 << 20;
/// IOSQE_CQE_SKIP_SUCCESS.
const SKIPS: u8 = 1 << 6;

/// Nobody's id, of who is gone.
const GONE: Tid = Tid(0);

#[derive(Debug)]
struct Entry {
    serial: u64,
    sqe: [u8; SQE_BYTES],
    tid: Tid,
    abi: Abi,
    at: Stamp,
    before: Snapshot,
    /// What its descriptors were open on.
    fds: Vec<FdNote>,
}

impl Entry {
    fn size_bytes(&self) -> usize {
        self.before.size_bytes() + size_of::<FdNote>() * self.fds.len()
    }
}

/// What runs under one user_data.
#[derive(Debug, Default)]
struct Slot {
    running: u32,
    /// The operation, while there is only one and has been since the slot was last empty.
    only: Option<Entry>,
}

/// The operations of a ring that run.
#[derive(Debug, Default)]
pub(super) struct Pending {
    slots: HashMap<u64, Slot>,
    bytes: usize,
    serial: u64,
    lost: bool,
}

impl Pending {
    /// An operation is being submitted; its serial number.
    pub(super) fn add(&mut self, operation: &Operation) -> u64 {
        self.serial += 1;
        let user_data = operation.user_data();
        self.lost |= self.slots.len() >= MOST;
        if self.lost {
            self.slots.clear();
            return self.serial;
        }
        let call = &operation.call;
        let slot = self.slots.entry(user_data).or_default();
        let former = slot.only.take();
        if let Some(former) = &former {
            self.bytes -= former.size_bytes();
        }
        // One that says nothing when it succeeds is taken to have succeeded.
        if slot.running == 1 && former.is_some_and(|entry| entry.sqe[1] & SKIPS != 0) {
            slot.running = 0;
        }
        slot.running = slot.running.saturating_add(1);
        if slot.running == 1 {
            let room = self.bytes + call.before.size_bytes() <= MOST_BYTES;
            let (before, fds) =
                if room { (call.before.clone(), call.fds.clone()) } else { Default::default() };
            let (sqe, tid, abi, at) = (operation.entry().0, call.tid, call.regs.abi, call.entered);
            let entry = Entry { serial: self.serial, sqe, tid, abi, at, before, fds };
            self.bytes += entry.size_bytes();
            slot.only = Some(entry);
        }
        self.serial
    }

    /// The kernel did not take a submission after all.
    pub(super) fn withdraw(&mut self, user_data: u64, serial: u64) {
        let Some(slot) = self.slots.get_mut(&user_data) else { return };
        slot.running = slot.running.saturating_sub(1);
        if let Some(entry) = slot.only.take_if(|entry| entry.serial == serial) {
            self.bytes -= entry.size_bytes();
        }
        if slot.running == 0 {
            self.slots.remove(&user_data);
        }
    }

    /// A task is gone; what it submitted may complete all the same.
    pub(super) fn ended(&mut self, tid: Tid) {
        for entry in self.slots.values_mut().filter_map(|slot| slot.only.as_mut()) {
            if entry.tid == tid {
                entry.tid = GONE;
            }
        }
    }

    /// What completed: the operation, where only one can be meant; it stays when `more` is to come. Who sees it and when is
    /// told: it counts as theirs where who submitted it is gone.
    pub(super) fn complete(
        &mut self,
        user_data: u64,
        result: i32,
        more: bool,
        (seer, now): (Tid, Stamp),
    ) -> Option<Operation> {
        let slot = self.slots.get_mut(&user_data)?;
        let found = slot.only.as_ref().map(|entry| {
            let tid = if entry.tid == GONE { seer } else { entry.tid };
            let operation = Operation::new(entry.sqe, tid, entry.abi, entry.at);
            operation.completed(entry.before.clone(), entry.fds.clone(), result, now)
        });
        if !more {
            slot.running = slot.running.saturating_sub(1);
            if let Some(entry) = slot.only.take() {
                self.bytes -= entry.size_bytes();
            }
            if slot.running == 0 {
                self.slots.remove(&user_data);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operation(opcode: u8, flags: u8, user_data: u64) -> Operation {
        let mut sqe = [0; SQE_BYTES];
        (sqe[0], sqe[1]) = (opcode, flags);
        sqe[32..40].copy_from_slice(&user_data.to_le_bytes());
        let mut operation = Operation::new(sqe, Tid(1), Abi::X86_64, Stamp::default());
        operation.call.before.remember(0x1000, 4, b"path");
        operation
    }

    fn complete(pending: &mut Pending, user_data: u64, more: bool) -> Option<u8> {
        pending.complete(user_data, 0, more, (Tid(2), Stamp::default())).map(|operation| operation.opcode())
    }

    #[test]
    fn a_completion_finds_its_operation_once() {
        let mut pending = Pending::default();
        pending.add(&operation(18, 0, 7));
        assert_eq!(complete(&mut pending, 8, false), None);
        assert_eq!(complete(&mut pending, 7, true), Some(18));
        assert_eq!(complete(&mut pending, 7, false), Some(18));
        assert_eq!(complete(&mut pending, 7, false), None);
        assert_eq!(pending.bytes, 0);
    }

    #[test]
    fn what_somebody_left_behind_is_whose_sees_it() {
        let mut pending = Pending::default();
        pending.add(&operation(18, 0, 7));
        pending.add(&operation(19, 0, 8));
        let whose = |pending: &mut Pending, user_data| {
            let seen = (Tid(2), Stamp::default());
            pending.complete(user_data, 0, false, seen).map(|operation| operation.call.tid)
        };
        assert_eq!(whose(&mut pending, 7), Some(Tid(1)));
        pending.ended(Tid(1));
        assert_eq!(whose(&mut pending, 8), Some(Tid(2)));
    }

    #[test]
    fn operations_with_one_name_are_not_guessed() {
        let mut pending = Pending::default();
        pending.add(&operation(22, 0, 0));
        pending.add(&operation(23, 0, 0));
        assert_eq!(complete(&mut pending, 0, false), None);
        assert_eq!(complete(&mut pending, 0, false), None, "the other could be meant as well");
        pending.add(&operation(19, 0, 0));
        assert_eq!(complete(&mut pending, 0, false), Some(19));
        assert_eq!(pending.bytes, 0);
    }

    #[test]
    fn what_is_silent_or_was_not_taken_is_not_waited_for() {
        let mut pending = Pending::default();
        pending.add(&operation(19, SKIPS, 1));
        pending.add(&operation(18, 0, 1));
        assert_eq!(complete(&mut pending, 1, false), Some(18));
        let serial = pending.add(&operation(22, 0, 2));
        pending.withdraw(2, serial);
        pending.add(&operation(23, 0, 2));
        assert_eq!(complete(&mut pending, 2, false), Some(23));
        assert_eq!((pending.bytes, pending.slots.len()), (0, 0));
    }
}
