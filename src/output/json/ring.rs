//! What went over the rings of io_uring as JSON: the member `io_uring` of a call.

use syscall_tables::abi::Abi;
use syscall_tables::sets::{io, uring as sets};
use syscall_tables::uring;

use super::render::{Frame, JsonRender, Notes};
use super::write::{hex, raw, signed, string, unsigned};
use crate::decode::{self, Options, render::Render};
use crate::event::Outcome;
use crate::event::ring::{Completion, Operation, Traffic};

/// IOSQE_BUFFER_SELECT, and IORING_CQE_F_BUFFER whose id begins at bit 16.
const BUFFER_SELECT: u8 = 1 << 5;
const F_BUFFER: u32 = 1;

/// Appends `,"io_uring":{…}`.
pub fn write(out: &mut Vec<u8>, traffic: &Traffic, options: &Options, frames: &mut Vec<Frame>) {
    raw(out, ",\"io_uring\":{\"submitted\":[");
    for (index, operation) in traffic.submitted.iter().enumerate() {
        raw(out, if index > 0 { ",{" } else { "{" });
        raw(out, "\"user_data\":");
        hex(out, operation.user_data());
        out.push(b',');
        call(out, operation, options, frames, false);
        out.push(b'}');
    }
    raw(out, "],\"completed\":[");
    for (index, completion) in traffic.arrived.iter().chain(&traffic.completed).enumerate() {
        raw(out, if index > 0 { ",{" } else { "{" });
        completed(out, completion, options, frames);
        out.push(b'}');
    }
    out.push(b']');
    if let Some(trouble) = traffic.trouble {
        raw(out, ",\"trouble\":");
        string(out, trouble.text());
    }
    if traffic.polled {
        raw(out, ",\"polled\":true");
    }
    for (name, count) in [
        (",\"unseen_submissions\":", traffic.unseen_submissions),
        (",\"unseen_completions\":", traffic.unseen_completions),
    ] {
        if count > 0 {
            raw(out, name);
            unsigned(out, u64::from(count));
        }
    }
    out.push(b'}');
}

fn completed(out: &mut Vec<u8>, completion: &Completion, options: &Options, frames: &mut Vec<Frame>) {
    raw(out, "\"user_data\":");
    hex(out, completion.user_data);
    let outcome = Outcome { value: completion.result.into(), failed: completion.result < 0 };
    if let Some(operation) = &completion.operation {
        out.push(b',');
        call(out, operation, options, frames, true);
    }
    raw(out, ",\"ret\":");
    if outcome.failed {
        super::failure(out, outcome);
    } else {
        signed(out, outcome.value);
        raw(out, ",\"errno\":null");
        if let Some(operation) = &completion.operation {
            let before = out.len();
            raw(out, ",\"result\":");
            let mut render = JsonRender::value(out, frames, notes(operation, true));
            decode::ring::result(operation, options, &mut render);
            let plain = render.is_plain();
            render.finish();
            if plain {
                out.truncate(before);
            }
        }
    }
    let buffer = completion.flags & F_BUFFER != 0;
    let flags = if buffer { completion.flags & 0xffff } else { completion.flags };
    if flags != 0 {
        raw(out, ",\"cqe_flags\":");
        let mut render = JsonRender::value(out, frames, Notes::default());
        render.set(&sets::CQE, flags.into(), Abi::X86_64);
        render.finish();
    }
    if buffer {
        raw(out, ",\"buffer\":");
        unsigned(out, u64::from(completion.flags >> 16));
    }
    if let Some([first, second]) = completion.extra.filter(|extra| *extra != [0, 0]) {
        raw(out, ",\"extra\":[");
        hex(out, first);
        out.push(b',');
        hex(out, second);
        out.push(b']');
    }
}

fn notes(operation: &Operation, late: bool) -> Notes<'_> {
    let call = &operation.call;
    Notes { fds: &call.fds, late, pids: &call.pids, raw: operation.args() }
}

/// Name, arguments and attributes of an operation.
fn call(out: &mut Vec<u8>, operation: &Operation, options: &Options, frames: &mut Vec<Frame>, late: bool) {
    raw(out, "\"name\":");
    string(out, &operation.call.name());
    raw(out, ",\"args\":[");
    let mut render = JsonRender::arguments(out, frames, notes(operation, late));
    decode::ring::arguments(operation, options, &mut render);
    render.finish();
    out.push(b']');
    if late {
        return;
    }
    let flags = operation.flags();
    if flags != 0 {
        raw(out, ",\"flags\":");
        let mut render = JsonRender::value(out, frames, Notes::default());
        render.set(&io::IO_URING_SQE, flags.into(), Abi::X86_64);
        render.finish();
    }
    if flags & BUFFER_SELECT != 0 {
        raw(out, ",\"buf_group\":");
        unsigned(out, operation.number(uring::BUFFER));
    }
    let personality = operation.number(uring::PERSONALITY);
    if personality != 0 {
        raw(out, ",\"personality\":");
        unsigned(out, personality);
    }
}
