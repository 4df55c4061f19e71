//! One call, or one operation of io_uring, in one line for whoever shows it apart from a trace: no prefix, no times,
//! no colour, the result behind one space.

use crate::decode::{self, Options};
use crate::event::ring::Operation;
use crate::event::{Call, Outcome};

use super::color::Paint;
use super::parts::error;
use super::render::{Spelling, TextRender};
use super::whole::{self, Look};

/// A call with its result; ` = ?` while it has none.
pub fn call(call: &Call, spelling: &Spelling, options: &Options) -> Vec<u8> {
    let mut out = Vec::with_capacity(128);
    whole::call(&mut out, call, &Look { spelling: *spelling, options: *options });
    out
}

/// An operation of io_uring; ` = ?` while it has not completed.
pub fn operation(operation: &Operation, spelling: &Spelling, options: &Options) -> Vec<u8> {
    let mut out = b"io_uring: ".to_vec();
    let call = &operation.call;
    out.extend_from_slice(call.name().as_bytes());
    out.push(b'(');
    let late = call.outcome.is_some();
    decode::ring::arguments(operation, options, &mut TextRender::new(&mut out, spelling, call, late, false));
    out.extend_from_slice(b") = ");
    result(&mut out, call.outcome, |out| {
        let mut render = TextRender::new(out, spelling, call, true, false);
        decode::ring::result(operation, options, &mut render);
        render.finish();
    });
    out
}

fn result(out: &mut Vec<u8>, outcome: Option<Outcome>, value: impl FnOnce(&mut Vec<u8>)) {
    match outcome {
        None => out.push(b'?'),
        Some(outcome) if outcome.failed => error(out, Paint::OFF, outcome),
        Some(_) => value(out),
    }
}
