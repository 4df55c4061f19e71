//! What goes over the rings of io_uring: operations that were submitted and what came of them.
//!
//! An operation is kept as the 64 bytes of its submission entry and as a [`Call`] that carries who, when, the result
//! and the memory that it points to; `decode::ring` makes values of them. Nothing here reads anything. Sources:
//! io_uring(7), io_uring_enter(2), include/uapi/linux/io_uring.h.

use syscall_tables::abi::Abi;
use syscall_tables::uring::{self, Field, SQE_BYTES};

use super::{Call, Outcome, Snapshot, Stamp, Tid};

/// What went over a ring around one io_uring_enter(2).
#[derive(Debug, Default)]
pub struct Traffic {
    /// Why nothing of it can be known.
    pub trouble: Option<Trouble>,
    /// A thread of the kernel takes submissions without a call (IORING_SETUP_SQPOLL): only those are seen that it
    /// had not taken when the call was entered.
    pub polled: bool,
    /// What had come between the call before and this one, oldest first.
    pub arrived: Vec<Completion>,
    /// What the call submitted, in order; while it runs, what it is about to submit.
    pub submitted: Vec<Operation>,
    /// What came while the call ran, oldest first.
    pub completed: Vec<Completion>,
    /// Submissions that were taken unseen, or are too many to be kept.
    pub unseen_submissions: u32,
    /// Completions that were overwritten before they could be seen, or are too many to be kept.
    pub unseen_completions: u32,
}

/// Why the rings of a call cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// It was set up before tracing began, and the kernel does not tell how.
    Unseen,
    /// It is named by a registered index, and its registration was not seen.
    Unregistered,
    /// It was set up with flags that are not known here.
    Unknown,
    /// The kernel does not tell it from another one.
    Alike,
    /// The process has no mapping of it, or its memory cannot be read or makes no sense.
    Unreadable,
}

impl Trouble {
    /// The reason in words, to follow "the rings cannot be read: ".
    pub const fn text(self) -> &'static str {
        match self {
            Self::Unseen => {
                "this ring was set up before it was traced, and the kernel does not tell enough of it"
            }
            Self::Unregistered => "this ring was registered before it was traced, and it is not the only one",
            Self::Unknown => "this ring was set up with flags that this version does not know",
            Self::Alike => "this kernel does not tell one ring from another; newer ones do",
            Self::Unreadable => "their memory is not mapped, or does not hold rings",
        }
    }
}

impl Traffic {
    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.trouble.is_none()
            && !self.polled
            && self.arrived.is_empty()
            && self.submitted.is_empty()
            && self.completed.is_empty()
            && self.unseen_submissions == 0
            && self.unseen_completions == 0
    }
}

/// An operation that was submitted.
#[derive(Debug)]
pub struct Operation {
    /// The submission entry, without the extension of IORING_SETUP_SQE128.
    pub sqe: [u8; SQE_BYTES],
    /// Who submitted it and when, its result and when that was seen; `before` is memory at submission, `after` at
    /// completion. Its registers and signature mean nothing but for the ABI.
    pub call: Call,
}

impl Operation {
    /// An operation of task `tid` without memory.
    pub fn new(sqe: [u8; SQE_BYTES], tid: Tid, abi: Abi, at: Stamp) -> Self {
        let mut call = Call::new(tid);
        call.regs.abi = abi;
        call.entered = at;
        Self { sqe, call }
    }

    /// The same with what was remembered of memory at its submission, and its result.
    pub fn completed(self, before: Snapshot, result: i32, at: Stamp) -> Self {
        let outcome = Some(Outcome { value: i64::from(result), failed: result < 0 });
        Self { call: Call { before, outcome, left: at, ..self.call }, ..self }
    }

    /// A number of the entry.
    pub fn number(&self, field: Field) -> u64 {
        number(&self.sqe, field)
    }

    /// IORING_OP_*.
    pub fn opcode(&self) -> u8 {
        self.sqe[usize::from(uring::OPCODE.at)]
    }

    /// IOSQE_*.
    pub fn flags(&self) -> u8 {
        self.sqe[usize::from(uring::FLAGS.at)]
    }

    /// What the program calls it by.
    pub fn user_data(&self) -> u64 {
        self.number(uring::USER_DATA)
    }

    /// Its row in the tables: name, arguments, result; `None` for an opcode without one.
    pub fn row(&self) -> Option<&'static uring::Operation> {
        uring::operation(self.opcode())
    }

    /// The arguments in the order of its row; zero beyond.
    pub fn args(&self) -> [u64; 8] {
        let mut args = [0; 8];
        for (arg, field) in args.iter_mut().zip(self.row().map_or(&[][..], |row| row.fields)) {
            *arg = self.number(*field);
        }
        args
    }
}

/// A number of a submission entry.
pub fn number(sqe: &[u8; SQE_BYTES], field: Field) -> u64 {
    let at = usize::from(field.at);
    let bytes = sqe.get(at..at + usize::from(field.bytes)).unwrap_or_default();
    let value = bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte));
    let shift = 64 - 8 * u32::from(field.bytes).clamp(1, 8);
    if field.signed { ((value << shift) as i64 >> shift) as u64 } else { value }
}

/// A completion entry.
#[derive(Debug)]
pub struct Completion {
    /// The user_data of the submission.
    pub user_data: u64,
    /// The result; a negative errno where it failed.
    pub result: i32,
    /// IORING_CQE_F_*; with IORING_CQE_F_BUFFER the upper half is the id of a buffer.
    pub flags: u32,
    /// The second half of an entry of 32 bytes.
    pub extra: Option<[u64; 2]>,
    /// What was submitted, with this result; `None` where that was not seen, or where several operations that run
    /// have this user_data.
    pub operation: Option<Box<Operation>>,
}
