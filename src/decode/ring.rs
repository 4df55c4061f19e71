//! Operations of io_uring: the arguments of a submission entry, by the same interpreter as those of calls.
//!
//! Before its completion an operation shows what the kernel will read, and addresses for the rest. Sources:
//! io_uring_enter(2); the rows are `syscall_tables::uring`.

use syscall_tables::model::{Dir, Shape};
use syscall_tables::set::Base;
use syscall_tables::uring;

use super::render::Render;
use super::{Decoder, Options, Recorder, Side};
use crate::event::Snapshot;
use crate::event::ring::Operation;
use crate::memory::{Memory, Nothing};

/// IOSQE_FIXED_FILE: the descriptor is an index of the ring's own table.
const FIXED_FILE: u8 = 1;

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
    let call = &operation.call;
    Decoder::of_operation(operation, options, &call.before, &call.after, render).operation(operation);
}

/// The result of an operation that has completed and did not fail.
pub fn result<R: Render>(operation: &Operation, options: &Options, render: &mut R) {
    let call = &operation.call;
    Decoder::of_operation(operation, options, &call.before, &call.after, render).result();
}

/// Reads through `memory` everything that [`arguments`] needs of an operation that is being submitted.
pub fn touch_submission<M: Memory, R: Render>(
    operation: &mut Operation,
    memory: M,
    options: &Options,
    render: &mut R,
) {
    let mut before = Snapshot::default();
    let reader = Recorder::new(memory, &mut before);
    Decoder::of_operation(operation, options, reader, Nothing, render).operation(operation);
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
    let reader = Recorder::new(live, &mut after);
    let mut decoder = Decoder::of_operation(operation, options, &operation.call.before, reader, render);
    decoder.operation(operation);
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
        operation: &'a Operation,
        options: &'a Options,
        before: I,
        after: O,
        render: &'a mut R,
    ) -> Self {
        let signature = operation.row().map(|row| &row.signature);
        let call = &operation.call;
        let mut decoder = Self::new(&call.regs, signature, call.outcome, options, before, after, render);
        decoder.args = operation.args();
        decoder
    }

    fn operation(&mut self, operation: &Operation) {
        let Some(row) = operation.row() else {
            for (index, (name, field)) in BARE.iter().enumerate() {
                self.render.arg(index, name);
                self.hex(operation.number(*field));
            }
            return;
        };
        let fixed = operation.flags() & FIXED_FILE != 0;
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
