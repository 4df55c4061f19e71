//! What went over the rings of io_uring with a call, in a frame.

use super::encode::Encoder;
use super::format::Malformed;
use super::inner::{self, Inner};
use super::memory;
use super::streams::Wires;
use super::wire::{put, put_signed};
use crate::event::ring::{Completion, Operation, Traffic, Trouble};
use crate::event::{Outcome, Regs, Snapshot, Stamp, Tid};

/// Why rings could not be read, by number.
const TROUBLES: [Trouble; 5] =
    [Trouble::Unseen, Trouble::Unregistered, Trouble::Unknown, Trouble::Alike, Trouble::Unreadable];
/// Bytes that an operation counts for in the budget of a frame.
const OPERATION_BYTES: usize = 1024;

/// Appends traffic. Times are absolute: operations run for long and come in any order.
pub(super) fn write(encoder: &mut Encoder, traffic: &Traffic) {
    let trouble = traffic.trouble.and_then(|trouble| TROUBLES.iter().position(|known| *known == trouble));
    let control = &mut encoder.streams().control;
    control.push(trouble.map_or(0, |at| at as u8 + 1));
    control.push(u8::from(traffic.polled) | u8::from(traffic.told) << 1);
    put(control, u64::from(traffic.unseen_submissions));
    put(control, u64::from(traffic.unseen_completions));
    put(control, traffic.submitted.len() as u64);
    encoder.spend(OPERATION_BYTES);
    for operation in &traffic.submitted {
        write_operation(encoder, operation);
    }
    for list in [&traffic.arrived, &traffic.completed] {
        put(&mut encoder.streams().control, list.len() as u64);
        for completion in list {
            write_completion(encoder, completion);
        }
    }
}

fn write_completion(encoder: &mut Encoder, completion: &Completion) {
    let out = encoder.streams();
    put(&mut out.values, completion.user_data);
    put_signed(&mut out.control, i64::from(completion.result));
    put(&mut out.control, u64::from(completion.flags));
    out.control.push(u8::from(completion.extra.is_some()) | u8::from(completion.operation.is_some()) << 1);
    for half in completion.extra.iter().flatten() {
        put(&mut out.values, *half);
    }
    encoder.spend(64);
    if let Some(operation) = &completion.operation {
        write_operation(encoder, operation);
    }
}

fn write_operation(encoder: &mut Encoder, operation: &Operation) {
    let call = &operation.call;
    let out = encoder.streams();
    out.memory.extend_from_slice(&operation.entry().0);
    put_signed(&mut out.control, i64::from(call.tid.0));
    out.control.push(call.regs.abi as u8);
    let code = call.outcome.map_or(0, |outcome| 1 + u8::from(outcome.failed));
    out.control.push(code);
    if let Some(outcome) = call.outcome {
        put_signed(&mut out.control, outcome.value);
    }
    for at in [call.entered, call.left] {
        put(&mut out.times, at.mono_ns);
        put(&mut out.times, at.wall_ns);
    }
    let mut layout = Vec::new();
    for snapshot in [&call.before, &call.after] {
        memory::write(&mut layout, snapshot, &[0; 6], 0);
        out.layouts.extend_from_slice(&layout);
        out.memory.extend_from_slice(snapshot.bytes());
    }
    encoder.fds(&call.fds);
    encoder.spend(OPERATION_BYTES + call.before.size_bytes() + call.after.size_bytes());
}

/// Reads traffic.
pub(super) fn read(inner: &mut Inner, wire: &mut Wires<'_>, raw: &[u8]) -> Result<Traffic, Malformed> {
    inner.spend(OPERATION_BYTES)?;
    let trouble = match wire.byte()? {
        0 => None,
        code => Some(*TROUBLES.get(usize::from(code) - 1).ok_or(Malformed("an unknown trouble of rings"))?),
    };
    let bits = wire.byte()?;
    let (polled, told) = (bits & 1 != 0, bits & 2 != 0);
    let unseen_submissions = small(wire)?;
    let unseen_completions = small(wire)?;
    let count = wire.count()?;
    let submitted = (0..count).map(|_| operation(inner, wire, raw)).collect::<Result<_, _>>()?;
    let mut completions = || -> Result<Vec<Completion>, Malformed> {
        let count = wire.count()?;
        (0..count).map(|_| completion(inner, wire, raw)).collect()
    };
    let (arrived, completed) = (completions()?, completions()?);
    Ok(Traffic {
        trouble,
        told,
        polled,
        arrived,
        submitted,
        completed,
        unseen_submissions,
        unseen_completions,
    })
}

fn small(wire: &mut Wires<'_>) -> Result<u32, Malformed> {
    u32::try_from(wire.get()?).map_err(|_| Malformed("a count of rings is too large"))
}

fn completion(inner: &mut Inner, wire: &mut Wires<'_>, raw: &[u8]) -> Result<Completion, Malformed> {
    inner.spend(64)?;
    let user_data = wire.values.get()?;
    let (result, flags, has) = (wire.int()?, small(wire)?, wire.byte()?);
    let extra = if has & 1 != 0 { Some([wire.values.get()?, wire.values.get()?]) } else { None };
    let operation = if has & 2 != 0 { Some(Box::new(operation(inner, wire, raw)?)) } else { None };
    Ok(Completion { user_data, result, flags, extra, operation })
}

fn operation(inner: &mut Inner, wire: &mut Wires<'_>, raw: &[u8]) -> Result<Operation, Malformed> {
    inner.spend(OPERATION_BYTES)?;
    let sqe = wire.memory.take(64)?.try_into().map_err(|_| Malformed("a submission is too short"))?;
    let (tid, abi) = (Tid(wire.int()?), inner::abi(wire.byte()?)?);
    let Operation { mut call } = Operation::new(sqe, tid, abi, Stamp::default());
    call.outcome = match wire.byte()? {
        0 => None,
        code => Some(Outcome { value: wire.signed()?, failed: code > 1 }),
    };
    call.entered = stamp(wire)?;
    call.left = stamp(wire)?;
    let regs = Regs { args: [0; 6], sp: 0, ..call.regs };
    for snapshot in [&mut call.before, &mut call.after] {
        fill(inner, wire, raw, &regs, snapshot)?;
    }
    call.fds = inner.fds(wire, raw)?;
    Ok(Operation { call })
}

fn stamp(wire: &mut Wires<'_>) -> Result<Stamp, Malformed> {
    let (mono_ns, wall_ns) = (wire.times.get()?, wire.times.get()?);
    inner::in_range(Stamp { wall_ns, mono_ns })
}

fn fill(
    inner: &mut Inner,
    wire: &mut Wires<'_>,
    raw: &[u8],
    regs: &Regs,
    snapshot: &mut Snapshot,
) -> Result<(), Malformed> {
    let from = wire.layouts.at();
    memory::skip(&mut wire.layouts)?;
    memory::read(&raw[from..wire.layouts.at()], &mut wire.memory, regs, snapshot)?;
    inner.spend(snapshot.size_bytes() + 32 * snapshot.stretches())
}
