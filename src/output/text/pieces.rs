//! A call's text in pieces: each argument for itself, and the result. For outputs that have a place for each.
//!
//! The spelling is that of a line of text; it is printable ASCII whatever the tracee holds.

use std::borrow::Cow;

use syscall_tables::abi::Abi;

use super::render::{Mark, Spelling, TextRender};
use crate::decode::{self, Options};
use crate::event::{Call, Signal};

/// The name of a call; `syscall_0x…` for a number without one, `io_uring:openat` for an operation of io_uring.
pub fn name(call: &Call) -> Cow<'static, str> {
    call.title()
}

/// The text of one call after another. Its buffers are reused.
#[derive(Debug, Default)]
pub struct Pieces {
    line: Vec<u8>,
    marks: Vec<Mark>,
    result: Vec<u8>,
}

impl Pieces {
    /// Takes the arguments of a call as far as they are known, and its result.
    pub fn take(&mut self, call: &Call, spelling: &Spelling, options: &Options) {
        self.line.clear();
        self.marks.clear();
        self.result.clear();
        let line = &mut self.line;
        let mut render = TextRender::new(line, spelling, call, false, false).marking(&mut self.marks);
        decode::entry(call, options, &mut render);
        let Some(outcome) = call.outcome else { return };
        let continued = super::parts::continued(call);
        let mut render = TextRender::new(line, spelling, call, true, continued).marking(&mut self.marks);
        decode::exit(call, options, &mut render);
        if !outcome.failed {
            let mut render = TextRender::new(&mut self.result, spelling, call, true, false);
            decode::result(call, options, &mut render);
            render.finish();
        }
    }

    /// All arguments, as between the parentheses of a line.
    pub fn arguments(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.line)
    }

    /// Names and values of the arguments, in the order of a line.
    pub fn each(&self) -> impl Iterator<Item = (&'static str, Cow<'_, str>)> {
        self.marks.iter().enumerate().map(|(at, mark)| {
            let end = self.marks.get(at + 1).map_or(self.line.len(), |next| next.before);
            let value = self.line.get(mark.start..end).unwrap_or_default();
            // What was written at the entry ends with the separator of what comes at the exit.
            let value =
                if at + 1 < self.marks.len() { value.strip_suffix(b", ").unwrap_or(value) } else { value };
            let name =
                if mark.name.is_empty() { NAMELESS[mark.index.min(NAMELESS.len() - 1)] } else { mark.name };
            (name, String::from_utf8_lossy(value))
        })
    }

    /// What a call that did not fail returned.
    pub fn result(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.result)
    }
}

/// Names of arguments of calls that are not known.
const NAMELESS: [&str; 8] = ["arg0", "arg1", "arg2", "arg3", "arg4", "arg5", "arg6", "arg7"];

/// What is known of a signal, as between the dashes of a line; empty for a stop.
pub fn siginfo(signal: &Signal, spelling: &Spelling) -> String {
    let mut line = Vec::new();
    if let Some(info) = &signal.info {
        let mut render = TextRender::of_signal(&mut line, spelling, (&signal.pids, &signal.fds));
        decode::siginfo(Abi::X86_64, signal.abi, info, &mut render);
    }
    String::from_utf8_lossy(&line).into_owned()
}
