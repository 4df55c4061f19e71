//! A system call or an operation of io_uring, seen alike: its name, arguments by name, and result.

use crate::decode;
use crate::event::ring::Operation;
use crate::event::{Call, FdNote, Outcome};
use crate::memory::{Live, Memory};

/// Offset of `flags` in struct io_uring_params, and IORING_SETUP_SQPOLL in it.
const PARAMS_FLAGS: u64 = 8;
const SETUP_SQPOLL: u32 = 2;

/// A call or an operation, seen alike.
pub(super) struct Seen<'a> {
    pub call: &'a Call,
    pub operation: Option<&'a Operation>,
    pub name: &'static str,
    pub args: [u64; 8],
    pub outcome: Option<Outcome>,
}

impl Seen<'_> {
    pub(super) fn errno(&self) -> Option<u32> {
        self.outcome.and_then(Outcome::errno)
    }

    /// An argument by name.
    pub(super) fn argument(&self, name: &str) -> Option<u64> {
        let signature = match self.operation {
            Some(operation) => &operation.row()?.signature,
            None => self.call.signature?,
        };
        signature.args.iter().position(|arg| arg.name == name).map(|at| self.args[at])
    }

    /// The flags of an open.
    pub(super) fn open_flags(&self) -> u64 {
        if let Some(how) = self.argument("how") {
            let mut flags = [0; 8];
            return match self.call.before.recall(how, &mut flags) {
                Some(8) => u64::from_le_bytes(flags),
                _ => 0,
            };
        }
        self.argument("flags").unwrap_or(0)
    }

    /// Whether io_uring_setup asks for a thread of the kernel that takes submissions without a call.
    pub(super) fn polls(&self) -> bool {
        let mut flags = [0; 4];
        let at = self.args[1].wrapping_add(PARAMS_FLAGS);
        // The tables leave the structure alone, so that it is not captured; the task is stopped.
        let count = Live::new(self.call.tid.0).read(at, &mut flags);
        count == flags.len() && u32::from_le_bytes(flags) & SETUP_SQPOLL != 0
    }

    /// What the returned descriptor is open on.
    pub(super) fn returned(&self) -> Option<&FdNote> {
        let outcome = self.outcome.filter(|outcome| !outcome.failed)?;
        self.call.fds.iter().rev().find(|note| note.late && i64::from(note.fd) == outcome.value)
    }
}

impl<'a> Seen<'a> {
    /// A call.
    pub(super) fn of(call: &'a Call) -> Self {
        let name = call.signature.map_or("", |signature| signature.name);
        Self { call, operation: None, name, args: decode::arguments(call), outcome: call.outcome }
    }

    /// An operation; `None` for one without a row.
    pub(super) fn of_operation(operation: &'a Operation) -> Option<Self> {
        let (row, call) = (operation.row()?, &operation.call);
        let (name, args) = (row.signature.name, operation.args());
        Some(Self { call, operation: Some(operation), name, args, outcome: call.outcome })
    }
}
