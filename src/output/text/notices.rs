//! The notices about tasks, where no calls are printed: who is attached to and let go, whose ABI changes.

use syscall_tables::abi::Abi;

use crate::engine::sink::Sink;
use crate::event::{Note, Stamp, Tid};
use crate::output::choice::Quiet;

/// Says them on standard error.
#[derive(Debug)]
pub struct Notices {
    program: String,
    quiet: Quiet,
}

impl Notices {
    /// Messages begin with `program`; those that are `quiet` are left out.
    pub fn new(program: &str, quiet: Quiet) -> Self {
        Self { program: program.to_owned(), quiet }
    }
}

/// What strace calls the ABI of a call.
pub(in crate::output) fn mode(abi: Abi) -> &'static str {
    match abi {
        Abi::I386 => "32 bit",
        Abi::X32 => "x32",
        Abi::X86_64 | Abi::Aarch64 | Abi::Riscv64 => "64 bit",
    }
}

impl Sink for Notices {
    fn results(&self) -> bool {
        false
    }

    fn note(&mut self, tid: Tid, note: Note, _at: Stamp) {
        let what = match note {
            Note::Personality(abi) if !self.quiet.personality() => {
                return eprintln!("[ Process PID={} runs in {} mode. ]", tid.0, mode(abi));
            }
            Note::Attached if !self.quiet.attach() => "attached",
            Note::Detached if !self.quiet.attach() => "detached",
            Note::Attached | Note::Detached | Note::Personality(_) => return,
        };
        eprintln!("{}: Process {} {what}", self.program, tid.0);
    }
}
