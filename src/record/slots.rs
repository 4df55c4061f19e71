//! The slots of a frame that is being written: what was last written of each task's calls by number.

use std::hash::Hasher;

use syscall_tables::abi::Abi;
use syscall_tables::model::Signature;

use super::guess::Base;
use crate::event::extra::Extra;
use crate::event::stack::Stack;
use crate::event::{Call, FdNote, PidNote, Stamp, Tampered, Tid};

/// A quick hash of a few words, for keys that no tracee chooses freely.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Fast(u64);

impl Hasher for Fast {
    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_u8(&mut self, value: u8) {
        self.write_u64(u64::from(value));
    }

    fn write_i32(&mut self, value: i32) {
        self.write_u64(value as u64);
    }

    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }
}

/// What makes calls share a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub task: u32,
    pub abi: Abi,
    pub nr: u64,
    /// The address of the signature, and of the name of the call that is resumed.
    pub signature: usize,
    pub resumes: usize,
}

/// Memory as it was last written for a slot.
#[derive(Debug, Default)]
pub(super) struct Side {
    pub layout: Vec<u8>,
    pub bytes: Vec<u8>,
}

/// The last call of a task by a number.
#[derive(Debug)]
pub(super) struct Slot {
    pub tid: Tid,
    /// Its number among those of its task.
    pub local: u32,
    pub abi: Abi,
    pub nr: u64,
    pub signature: Option<&'static Signature>,
    pub resumes: Option<&'static str>,
    pub args: [u64; 6],
    pub ip: u64,
    pub sp: u64,
    pub entered: Stamp,
    pub value: i64,
    pub before: Side,
    pub after: Side,
    pub fds: Vec<FdNote>,
    pub pids: Vec<PidNote>,
    pub stack: Stack,
    pub tampered: Tampered,
    pub extra: Option<Box<Extra>>,
}

impl Slot {
    /// An empty slot for a call like this one.
    pub fn new(call: &Call) -> Self {
        let regs = &call.regs;
        Self {
            tid: call.tid,
            local: 0,
            abi: regs.abi,
            nr: regs.nr,
            signature: call.signature,
            resumes: regs.resumes,
            args: [0; 6],
            ip: 0,
            sp: 0,
            entered: Stamp::default(),
            value: 0,
            before: Side::default(),
            after: Side::default(),
            fds: Vec::new(),
            pids: Vec::new(),
            stack: Stack::default(),
            tampered: Tampered::default(),
            extra: None,
        }
    }
}

impl Key {
    /// The key of a call of task number `task`.
    pub fn new(
        task: u32,
        abi: Abi,
        nr: u64,
        signature: Option<&'static Signature>,
        resumes: Option<&'static str>,
    ) -> Self {
        let signature = signature.map_or(0, |s| std::ptr::from_ref(s) as usize);
        let resumes = resumes.map_or(0, |name| name.as_ptr() as usize);
        Self { task, abi, nr, signature, resumes }
    }
}

/// What is known of a call at its entry, but for the layout of its memory.
pub(super) struct Entry<'a> {
    pub args: [u64; 6],
    pub ip: u64,
    pub sp: u64,
    pub at: Stamp,
    pub bytes: &'a [u8],
    pub fds: &'a [FdNote],
    pub pids: &'a [PidNote],
    pub stack: &'a Stack,
    pub tampered: Tampered,
}

/// A task of a frame.
#[derive(Debug)]
pub(super) struct Task {
    pub tid: Tid,
    pub base: Base,
    /// Number of its slots.
    pub slots: u32,
}

impl Slot {
    /// An empty slot for the same call.
    pub fn like(other: &Self) -> Self {
        let call = Call::new(other.tid);
        let slot = Self::new(&call);
        Self { abi: other.abi, nr: other.nr, signature: other.signature, resumes: other.resumes, ..slot }
    }
}
