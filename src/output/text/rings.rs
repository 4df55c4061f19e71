//! What went over the rings of io_uring, as lines below the call.
//!
//! `    sqe USER_DATA: OPERATION(ARGUMENTS) [ATTRIBUTES]` for a submission, `    cqe USER_DATA: … = RESULT [FLAGS]` for a
//! completion with the arguments as they are then, `    note: …` for what cannot be seen. strace has no such lines.

use std::io::Write;

use syscall_tables::abi::Abi;
use syscall_tables::set::Set;
use syscall_tables::sets::{io, uring as sets};
use syscall_tables::uring;

use super::color::Token;
use super::parts::error;
use super::render::{Spelling, TextRender};
use crate::decode::{self, Options, render::Render};
use crate::event::ring::{Completion, Operation, Traffic};
use crate::event::{Call, Outcome};

/// IOSQE_FIXED_FILE is shown where the file is.
const BUFFER_SELECT: u8 = 1 << 5;
/// IORING_CQE_F_BUFFER; the buffer's id begins at bit 16.
const F_BUFFER: u32 = 1;

/// How operations are spelled.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// Values.
    pub spelling: &'a Spelling,
    /// How much of them is decoded.
    pub options: &'a Options,
    /// What was the matter with earlier calls, too, is said of each.
    pub repeats: bool,
}

/// Appends the lines of a call.
pub fn write(out: &mut Vec<u8>, traffic: &Traffic, look: Look<'_>) {
    for completion in &traffic.arrived {
        completed(out, completion, look);
    }
    for operation in &traffic.submitted {
        submitted(out, operation, look);
    }
    for completion in &traffic.completed {
        completed(out, completion, look);
    }
    let mut note = |text: std::fmt::Arguments<'_>| {
        out.extend_from_slice(b"    note: ");
        out.write_fmt(text).ok();
        out.push(b'\n');
    };
    // Once for each process is enough.
    if let Some(trouble) = traffic.trouble.filter(|_| look.repeats || !traffic.told) {
        note(format_args!("the rings cannot be read: {}", trouble.text()));
    }
    if traffic.polled {
        note(format_args!("IORING_SETUP_SQPOLL: the kernel takes submissions without a call"));
    }
    if traffic.unseen_submissions > 0 {
        note(format_args!("{} submissions before were not seen", traffic.unseen_submissions));
    }
    if traffic.unseen_completions > 0 {
        note(format_args!("{} completions before were not seen", traffic.unseen_completions));
    }
}

fn submitted(out: &mut Vec<u8>, operation: &Operation, look: Look<'_>) {
    write!(out, "    sqe {:#x}: ", operation.user_data()).ok();
    call(out, operation, look, false);
    let flags = operation.flags();
    let personality = operation.number(uring::PERSONALITY);
    let mut attributes = Attributes { out, any: false };
    if flags != 0 {
        attributes.set(&operation.call, look, &io::IO_URING_SQE, flags.into());
    }
    if flags & BUFFER_SELECT != 0 {
        attributes.word(format_args!("buf_group={}", operation.number(uring::BUFFER)));
    }
    if personality != 0 {
        attributes.word(format_args!("personality={personality}"));
    }
    attributes.end();
}

fn completed(out: &mut Vec<u8>, completion: &Completion, look: Look<'_>) {
    write!(out, "    cqe {:#x}: ", completion.user_data).ok();
    let result = Outcome { value: completion.result.into(), failed: completion.result < 0 };
    let nobody = Call::new(crate::event::Tid(0));
    let carrier = completion.operation.as_ref().map_or(&nobody, |operation| &operation.call);
    match &completion.operation {
        Some(operation) => {
            call(out, operation, look, true);
            out.extend_from_slice(b" = ");
            if result.failed {
                error(out, look.spelling.paint, result);
            } else {
                let paint = look.spelling.paint;
                paint.start(out, Token::Result);
                let mut render = TextRender::new(out, look.spelling, &operation.call, true, false);
                decode::ring::result(operation, look.options, &mut render);
                render.finish();
                paint.end(out, Token::Result);
            }
        }
        None => {
            out.extend_from_slice(b"? = ");
            match result.failed {
                true => error(out, look.spelling.paint, result),
                false => drop(write!(out, "{}", result.value)),
            }
        }
    }
    let mut attributes = Attributes { out, any: false };
    let buffer = completion.flags & F_BUFFER != 0;
    let flags = if buffer { completion.flags & 0xffff } else { completion.flags };
    if flags != 0 {
        attributes.set(carrier, look, &sets::CQE, flags.into());
    }
    if buffer {
        attributes.word(format_args!("buffer={}", completion.flags >> 16));
    }
    if let Some([first, second]) = completion.extra.filter(|extra| *extra != [0, 0]) {
        attributes.word(format_args!("extra=[{first:#x}, {second:#x}]"));
    }
    attributes.end();
}

/// Name and arguments.
fn call(out: &mut Vec<u8>, operation: &Operation, look: Look<'_>, late: bool) {
    let paint = look.spelling.paint;
    paint.start(out, Token::Name);
    out.extend_from_slice(operation.call.name().as_bytes());
    paint.end(out, Token::Name);
    out.push(b'(');
    let mut render = TextRender::new(out, look.spelling, &operation.call, late, false);
    decode::ring::arguments(operation, look.options, &mut render);
    out.push(b')');
}

/// ` [A, B]`, or nothing.
struct Attributes<'a> {
    out: &'a mut Vec<u8>,
    any: bool,
}

impl Attributes<'_> {
    fn begin(&mut self) {
        self.out.extend_from_slice(if self.any { b", " } else { b" [" });
        self.any = true;
    }

    fn set(&mut self, call: &Call, look: Look<'_>, set: &'static Set, value: u64) {
        self.begin();
        TextRender::new(self.out, look.spelling, call, false, false).set(set, value, Abi::X86_64);
    }

    fn word(&mut self, text: std::fmt::Arguments<'_>) {
        self.begin();
        self.out.write_fmt(text).ok();
    }

    fn end(self) {
        self.out.extend_from_slice(if self.any { b"]\n" } else { b"\n" });
    }
}
