//! Calls and signals as single lines, for those who show them outside of a log: without what stands before a line
//! (task, time) and without its end.

use std::io::Write;

use syscall_tables::abi::Abi;

use super::parts::{continued, error, name, signal_name};
use super::render::{Spelling, TextRender};
use crate::decode::{self, Options};
use crate::event::{Call, Signal};

/// How values look.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// How they are spelled.
    pub spelling: Spelling,
    /// How much of them is decoded.
    pub options: Options,
}

/// Appends a call with its result, which begins where the returned number says.
pub fn call(line: &mut Vec<u8>, call: &Call, look: &Look) -> usize {
    let Look { spelling, options } = look;
    name(line, call);
    line.push(b'(');
    let mut render = TextRender::new(line, spelling, call, false, false);
    decode::entry(call, options, &mut render);
    let Some(outcome) = call.outcome else {
        line.extend_from_slice(b") = ?");
        return line.len() - 1;
    };
    let mut render = TextRender::new(line, spelling, call, true, continued(call));
    decode::exit(call, options, &mut render);
    line.extend_from_slice(b") = ");
    let at = line.len();
    if outcome.failed {
        error(line, spelling.paint, outcome);
    } else {
        let mut render = TextRender::new(line, spelling, call, true, false);
        decode::result(call, options, &mut render);
        render.finish();
    }
    at
}

/// Appends a signal.
pub fn signal(line: &mut Vec<u8>, event: &Signal, look: &Look) {
    line.extend_from_slice(b"--- ");
    signal_name(line, event.signo);
    if let Some(info) = &event.info {
        line.push(b' ');
        let mut render = TextRender::of_signal(line, &look.spelling, (&event.pids, &event.fds));
        decode::siginfo(Abi::X86_64, event.abi, info, &mut render);
    }
    write!(line, " ---").ok();
}
