//! The parts of a line about a call or a signal, for the trace itself and for those who show calls outside of one.

use std::io::Write;

use syscall_tables::{abi::Abi, errno, signal};

use super::Format;
use super::color::{Paint, Token};
use super::extra;
use super::render::{Spelling, TextRender};
use crate::decode::{self, Options};
use crate::event::{Call, Outcome, Signal, Tampered};

/// The name and what is known at entry.
pub(super) fn head(line: &mut Vec<u8>, call: &Call, format: &Format) {
    painted_name(line, call, format);
    line.push(b'(');
    let options = format.decoding(call);
    decode::entry(call, &options, &mut TextRender::new(line, &format.spelling, call, false, false));
}

/// The rest of the arguments and the result, which begins where the returned number says.
pub(super) fn tail(line: &mut Vec<u8>, call: &Call, format: &Format, column: usize) -> usize {
    let options = format.decoding(call);
    decode::exit(call, &options, &mut TextRender::new(line, &format.spelling, call, true, continued(call)));
    line.extend_from_slice(b") ");
    pad(line, format, column);
    line.extend_from_slice(b"= ");
    let at = line.len();
    result(line, call, format);
    if !options.raw {
        extra::behind_result(line, call);
    }
    tampering(line, call.tampered);
    at
}

/// Fills up to the column of results; `column` columns of the line were sent already.
pub(super) fn pad(line: &mut Vec<u8>, format: &Format, column: usize) {
    let width = column + width(line, format);
    line.resize(line.len() + format.column.saturating_sub(width), b' ');
}

pub(super) fn width(line: &[u8], format: &Format) -> usize {
    if format.spelling.paint.is_on() { visible(line) } else { line.len() }
}

pub(super) fn painted_name(line: &mut Vec<u8>, call: &Call, format: &Format) {
    let paint = format.spelling.paint;
    paint.start(line, Token::Name);
    name(line, call);
    paint.end(line, Token::Name);
}

fn result(line: &mut Vec<u8>, call: &Call, format: &Format) {
    let Some(outcome) = call.outcome else {
        line.push(b'?');
        return;
    };
    let paint = format.spelling.paint;
    if outcome.failed {
        return error(line, paint, outcome);
    }
    paint.start(line, Token::Result);
    let options = format.decoding(call);
    let mut render = TextRender::new(line, &format.spelling, call, true, false);
    decode::result(call, &options, &mut render);
    render.finish();
    paint.end(line, Token::Result);
}

/// Appends a signal, without the end of the line.
pub fn signal_line(line: &mut Vec<u8>, event: &Signal, format: &Format) {
    line.extend_from_slice(b"--- ");
    signal_name(line, event.signo);
    line.push(b' ');
    if let Some(info) = &event.info {
        let mut render = TextRender::of_signal(line, &format.spelling, (&event.pids, &event.fds));
        decode::siginfo(Abi::X86_64, event.abi, info, &mut render);
        line.push(b' ');
    }
    line.extend_from_slice(b"---");
}

/// What the tracer changed of a call.
fn tampering(line: &mut Vec<u8>, tampered: Tampered) {
    let text: &[u8] = match (tampered.arguments, tampered.result) {
        (false, false) => b"",
        (false, true) => b" (INJECTED)",
        (true, false) => b" (INJECTED: args)",
        (true, true) => b" (INJECTED: args, retval)",
    };
    line.extend_from_slice(text);
    if tampered.delayed {
        line.extend_from_slice(b" (DELAYED)");
    }
}

/// A call as it was asked for, without its result: `mkdir("/tmp/x", 0777)`. What it would have written is shown as
/// where to, as of a call that failed.
pub fn asked(call: &Call, options: &Options) -> String {
    let refused = Outcome { value: -1, failed: true };
    let mut whole = Call { regs: call.regs, outcome: Some(refused), ..Call::new(call.tid) };
    (whole.signature, whole.before) = (call.signature, call.before.clone());
    let mut line = Vec::new();
    name(&mut line, &whole);
    line.push(b'(');
    let spelling = Spelling::default();
    let mut render = TextRender::new(&mut line, &spelling, &whole, false, false);
    decode::call(&whole, options, &mut render);
    line.push(b')');
    String::from_utf8_lossy(&line).into_owned()
}

/// The result of what failed.
pub(super) fn error(line: &mut Vec<u8>, paint: Paint, outcome: Outcome) {
    let code = outcome.errno().unwrap_or(0);
    paint.start(line, Token::Error);
    let restart = errno::is_restart(code);
    line.extend_from_slice(if restart { b"? " } else { b"-1 " });
    match errno::name(code) {
        Some(name) => line.extend_from_slice(name.as_bytes()),
        None => {
            write!(line, "(errno {code})").ok();
        }
    }
    if let Some(text) = errno::text(code) {
        write!(line, " ({text})").ok();
    }
    paint.end(line, Token::Error);
}

/// Whether arguments were printed at entry, so that the next one needs a separator. Where decoding
/// paused, the separator is already there.
pub(super) fn continued(call: &Call) -> bool {
    decode::halfway(call)
}

pub(in crate::output) fn name(line: &mut Vec<u8>, call: &Call) {
    line.extend_from_slice(call.title().as_bytes());
}

/// Columns of a line with colour sequences in it.
fn visible(line: &[u8]) -> usize {
    let mut width = 0;
    let mut escape = false;
    for &byte in line {
        match (escape, byte) {
            (false, 0x1b) => escape = true,
            (false, _) => width += 1,
            (true, b'm') => escape = false,
            (true, _) => {}
        }
    }
    width
}

pub(in crate::output) fn signal_name(line: &mut Vec<u8>, signo: i32) {
    match signal::name(signo as u32) {
        Some(name) => line.extend_from_slice(name.as_bytes()),
        None => drop(write!(line, "{signo}")),
    }
}
