//! What goes over the rings of io_uring: operations that were submitted and what came of them.
//!
//! An operation is a [`Call`] that was written down instead of made: it carries who, when, the result and the memory that
//! it points to, and in place of registers the 64 bytes of its submission entry. `decode` makes values of both alike, so
//! that whoever takes calls takes operations too. Nothing here reads anything. Sources: io_uring(7), io_uring_enter(2),
//! include/uapi/linux/io_uring.h.

use syscall_tables::abi::Abi;
use syscall_tables::uring::{self, Field, SQE_BYTES};

use super::{Call, FdNote, Outcome, Regs, Snapshot, Stamp, Tid};

/// IOSQE_FIXED_FILE.
const FIXED_FILE: u8 = 1;
/// IORING_CQE_F_NOTIF.
const NOTICE: u32 = 1 << 3;

/// What went over a ring around one io_uring_enter(2).
#[derive(Debug, Default)]
pub struct Traffic {
    /// Why nothing of it can be known.
    pub trouble: Option<Trouble>,
    /// The same was the matter with an earlier call of the process.
    pub told: bool,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
    /// What completed, oldest first.
    pub fn completions(&self) -> impl Iterator<Item = &Completion> {
        self.arrived.iter().chain(&self.completed)
    }

    /// What was submitted, and what completed as far as it is known.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        let completed = self.completions().filter_map(|completion| completion.operation.as_deref());
        self.submitted.iter().chain(completed)
    }

    /// Whether something of it cannot be seen, or perhaps not.
    pub fn is_blind(&self) -> bool {
        self.polled || self.trouble.is_some() || self.unseen_submissions > 0 || self.unseen_completions > 0
    }

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

/// What of all rings could not be seen: the blind spot of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unseen {
    /// Submissions that were taken unseen.
    pub submissions: u64,
    /// Completions that were overwritten before they could be seen.
    pub completions: u64,
    /// Calls whose rings could not be read.
    pub unread: u64,
    /// A thread of the kernel takes submissions without a call: how many of them it took may not be known.
    pub polled: bool,
}

impl Unseen {
    /// Adds what could not be seen around one call; whether there was anything.
    pub fn add(&mut self, traffic: &Traffic) -> bool {
        let before = *self;
        self.submissions = self.submissions.saturating_add(traffic.unseen_submissions.into());
        self.completions = self.completions.saturating_add(traffic.unseen_completions.into());
        self.unread += u64::from(traffic.trouble.is_some());
        self.polled |= traffic.polled;
        *self != before
    }

    /// Whether everything was seen.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl std::fmt::Display for Unseen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let counts = [
            (self.submissions, "submission", "not seen"),
            (self.completions, "completion", "not seen"),
            (self.unread, "call", "made on rings that cannot be read"),
        ];
        f.write_str("io_uring: ")?;
        let mut any = false;
        for (count, what, how) in counts.into_iter().filter(|(count, ..)| *count > 0) {
            f.write_str(if any { ", " } else { "" })?;
            any = true;
            let (plural, were) = if count == 1 { ("", "was") } else { ("s", "were") };
            write!(f, "{count} {what}{plural} {were} {how}")?;
        }
        if self.polled {
            f.write_str(if any { "; " } else { "" })?;
            f.write_str(
                "with IORING_SETUP_SQPOLL the kernel takes submissions without a call, perhaps more of them",
            )?;
        }
        Ok(())
    }
}

/// A submission entry, without the extension of IORING_SETUP_SQE128.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Entry(pub [u8; SQE_BYTES]);

impl Default for Entry {
    fn default() -> Self {
        Self([0; SQE_BYTES])
    }
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Entry(opcode {}, user_data {:#x})", self.opcode(), self.number(uring::USER_DATA))
    }
}

impl Entry {
    /// A number of it.
    pub fn number(&self, field: Field) -> u64 {
        let at = usize::from(field.at);
        let bytes = self.0.get(at..at + usize::from(field.bytes)).unwrap_or_default();
        let value = bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte));
        let shift = 64 - 8 * u32::from(field.bytes).clamp(1, 8);
        if field.signed { ((value << shift) as i64 >> shift) as u64 } else { value }
    }

    /// IORING_OP_*.
    pub fn opcode(&self) -> u8 {
        self.0[usize::from(uring::OPCODE.at)]
    }

    /// IOSQE_*.
    pub fn flags(&self) -> u8 {
        self.0[usize::from(uring::FLAGS.at)]
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

    /// The descriptor is an index of the ring's own table (IOSQE_FIXED_FILE).
    pub fn names_registered_file(&self) -> bool {
        self.flags() & FIXED_FILE != 0
    }

    /// The first arguments as a call would have them in registers; an index of the ring's own table of files, which is no
    /// descriptor of the process, is -1.
    fn registers(&self) -> [u64; 6] {
        let mut registers = [0; 6];
        registers.copy_from_slice(&self.args()[..6]);
        if self.names_registered_file() {
            let fields = self.row().map_or(&[][..], |row| row.fields);
            let files = registers.iter_mut().zip(fields).filter(|(_, field)| **field == uring::FILE);
            files.for_each(|(register, _)| *register = u64::MAX);
        }
        registers
    }
}

/// An operation that was submitted.
#[derive(Debug)]
pub struct Operation {
    /// It as a call: who submitted it and when, its arguments, its result and when that was seen; `before` is memory at
    /// submission, `after` at completion. `call.entry` is there.
    pub call: Call,
}

impl Operation {
    /// An operation of task `tid` without memory.
    pub fn new(sqe: [u8; SQE_BYTES], tid: Tid, abi: Abi, at: Stamp) -> Self {
        let entry = Entry(sqe);
        let mut call = Call::new(tid);
        // No call has this number.
        call.regs = Regs { abi, nr: u64::MAX, args: entry.registers(), ..call.regs };
        call.signature = entry.row().map(|row| &row.signature);
        call.entry = Some(entry);
        call.entered = at;
        Self { call }
    }

    /// The same with what was remembered of memory and descriptors at its submission, and its result.
    pub fn completed(self, before: Snapshot, fds: Vec<FdNote>, result: i32, at: Stamp) -> Self {
        let outcome = Some(Outcome { value: i64::from(result), failed: result < 0 });
        Self { call: Call { before, fds, outcome, left: at, ..self.call } }
    }

    /// The submission entry.
    pub fn entry(&self) -> Entry {
        self.call.entry.unwrap_or_default()
    }

    /// A number of the entry.
    pub fn number(&self, field: Field) -> u64 {
        self.entry().number(field)
    }

    /// IORING_OP_*.
    pub fn opcode(&self) -> u8 {
        self.entry().opcode()
    }

    /// IOSQE_*.
    pub fn flags(&self) -> u8 {
        self.entry().flags()
    }

    /// What the program calls it by.
    pub fn user_data(&self) -> u64 {
        self.number(uring::USER_DATA)
    }

    /// Its row in the tables: name, arguments, result; `None` for an opcode without one.
    pub fn row(&self) -> Option<&'static uring::Operation> {
        self.entry().row()
    }

    /// The arguments in the order of its row; zero beyond.
    pub fn args(&self) -> [u64; 8] {
        self.entry().args()
    }
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

impl Completion {
    /// It only says that the kernel needs a buffer no longer (IORING_CQE_F_NOTIF): the result came before.
    pub fn is_notice(&self) -> bool {
        self.flags & NOTICE != 0
    }
}
