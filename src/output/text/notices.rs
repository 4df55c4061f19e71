//! The notices about attaching and detaching, where no calls are printed.

use crate::engine::sink::Sink;
use crate::event::{Note, Stamp, Tid};

/// Says on standard error who is attached to and let go.
#[derive(Debug)]
pub struct Notices {
    program: String,
}

impl Notices {
    /// Messages begin with `program`.
    pub fn new(program: &str) -> Self {
        Self { program: program.to_owned() }
    }
}

impl Sink for Notices {
    fn results(&self) -> bool {
        false
    }

    fn note(&mut self, tid: Tid, note: Note, _at: Stamp) {
        let what = match note {
            Note::Attached => "attached",
            Note::Detached => "detached",
            Note::Personality(_) => return,
        };
        eprintln!("{}: Process {} {what}", self.program, tid.0);
    }
}
