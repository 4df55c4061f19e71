//! Operations of io_uring: the arguments of a submission entry, by the same interpreter as those of calls.
//!
//! Before its completion an operation shows what the kernel will read, and addresses for the rest. Sources:
//! io_uring_enter(2); the rows are `syscall_tables::uring`.

use syscall_tables::model::{Dir, Shape};
use syscall_tables::set::Base;
use syscall_tables::uring;

use super::recorder::Recorder;
use super::render::Render;
use super::{Decoder, Options, Side};
use crate::event::ring::{Entry, Operation};
use crate::event::{Call, Snapshot};
use crate::memory::{Memory, Nothing};

/// What is shown of an operation without a row.
const BARE: &[(&str, uring::Field)] = &[
    ("fd", uring::FILE),
    ("off", uring::OFF),
    ("addr", uring::ADDRESS),
    ("len", uring::LENGTH),
    ("op_flags", uring::OP_FLAGS),
];

/// The arguments, as far as they are known: after completion with what the kernel wrote.
pub fn arguments<R: Render>(operation: &Operation, options: &Options, render: &mut R) {
    of_call(&operation.call, operation.entry(), options, render);
}

/// The arguments of a call that is the operation of `entry`.
pub(super) fn of_call<R: Render>(call: &Call, entry: Entry, options: &Options, render: &mut R) {
    Decoder::of_operation(call, entry, options, &call.before, &call.after, render).operation(entry);
}

/// What the kernel reads of them, as at submission.
pub(super) fn inputs<R: Render>(call: &Call, entry: Entry, options: &Options, render: &mut R) {
    let mut decoder = Decoder::of_operation(call, entry, options, &call.before, Nothing, render);
    decoder.outcome = None;
    decoder.operation(entry);
}

/// The result of an operation that has completed and did not fail.
pub fn result<R: Render>(operation: &Operation, options: &Options, render: &mut R) {
    result_of_call(&operation.call, operation.entry(), options, render);
}

/// The result of a call that is the operation of `entry`.
pub(super) fn result_of_call<R: Render>(call: &Call, entry: Entry, options: &Options, render: &mut R) {
    Decoder::of_operation(call, entry, options, &call.before, &call.after, render).result();
}

/// Reads through `memory` everything that [`arguments`] needs of an operation that is being submitted.
pub fn touch_submission<M: Memory, R: Render>(
    operation: &mut Operation,
    memory: M,
    options: &Options,
    render: &mut R,
) {
    let mut before = Snapshot::default();
    let mut ahead = None;
    let reader = Recorder::new(memory, &mut before, &mut ahead);
    let entry = operation.entry();
    Decoder::of_operation(&operation.call, entry, options, reader, Nothing, render).operation(entry);
    operation.call.before = before;
}

/// Reads through `memory` what the kernel wrote for an operation that has completed.
pub fn touch_completion<M: Memory, R: Render>(
    operation: &mut Operation,
    memory: M,
    options: &Options,
    render: &mut R,
) {
    let vectors = |row: &uring::Operation| {
        row.signature.args.iter().any(|arg| matches!(arg.kind.shape, Shape::Iovec(Dir::Out, ..)))
    };
    let submitted = operation.row().filter(|row| vectors(row)).map(|_| &operation.call.before);
    let mut after = Snapshot::default();
    let live = Submitted { before: submitted, live: memory };
    let mut ahead = None;
    let reader = Recorder::new(live, &mut after, &mut ahead);
    let (call, entry) = (&operation.call, operation.entry());
    let mut decoder = Decoder::of_operation(call, entry, options, &call.before, reader, render);
    decoder.operation(entry);
    decoder.result();
    operation.call.after = after;
}

/// Live memory, but for what was read at submission: the program may drop an array of vectors then.
struct Submitted<'a, M> {
    before: Option<&'a Snapshot>,
    live: M,
}

impl<M: Memory> Memory for Submitted<'_, M> {
    fn read(&mut self, addr: u64, buf: &mut [u8]) -> usize {
        let known = self.before.and_then(|before| before.recall(addr, buf));
        known.unwrap_or_else(|| self.live.read(addr, buf))
    }
}

impl<'a, I: Memory, O: Memory, R: Render> Decoder<'a, I, O, R> {
    fn of_operation(
        call: &'a Call,
        entry: Entry,
        options: &'a Options,
        before: I,
        after: O,
        render: &'a mut R,
    ) -> Self {
        let mut decoder = Self::new(&call.regs, call.signature, call.outcome, options, before, after, render);
        decoder.args = entry.args();
        decoder.fds = &call.fds;
        decoder
    }

    fn operation(&mut self, entry: Entry) {
        let Some(row) = entry.row() else {
            for (index, (name, field)) in BARE.iter().enumerate() {
                self.render.arg(index, name);
                self.hex(entry.number(*field));
            }
            return;
        };
        let fixed = entry.names_registered_file();
        for (index, arg) in row.signature.args.iter().enumerate() {
            if !self.shown(index) {
                continue;
            }
            self.render.arg(index, arg.name);
            let raw = self.args[index];
            let descriptor = matches!(arg.kind.shape, Shape::Fd | Shape::DirFd);
            if self.options.raw {
                self.hex(raw);
            } else if fixed && descriptor && row.fields[index] == uring::FILE {
                self.render.number(raw, true, Base::Dec, 4);
                self.render.comment(format_args!("registered file"));
            } else {
                self.operand(index, raw);
            }
        }
    }

    fn operand(&mut self, index: usize, raw: u64) {
        let Some(signature) = self.signature else { return };
        let kind = &signature.args[index].kind;
        let vectors = matches!(kind.shape, Shape::Iovec(..));
        match self.dir(kind) {
            Dir::Out if self.outcome.is_some() || !vectors => {
                self.side = Side::Exit;
                self.argument(kind, raw);
            }
            Dir::In | Dir::Out => {
                self.side = Side::Entry;
                self.argument(kind, raw);
            }
            Dir::InOut => {
                self.side = Side::Entry;
                self.first_half(kind, raw);
                if self.outcome.is_some() {
                    self.side = Side::Exit;
                    self.second_half(kind, raw);
                }
            }
        }
    }
}
