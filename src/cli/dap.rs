//! `trace dap`: the debugger for editors, on standard input and output.

use std::ffi::OsString;
use std::process::ExitCode;

use super::refuse;
use crate::dap;
use crate::debug::debugger::Debugger;
use crate::debug::interrupt::{self, Interrupt};

/// Serves one editor. It takes no options: the editor says what is to be debugged.
pub(super) fn run(program: &str, args: Vec<OsString>) -> ExitCode {
    match args.first() {
        None => {}
        Some(word) if word == "-h" || word == "--help" => {
            print!(
                "Usage: {program} dap\n\nServes the Debug Adapter Protocol on standard input and output. An editor starts it;\nits launch and attach requests name the program (see docs/dap.md).\n"
            );
            return ExitCode::SUCCESS;
        }
        Some(word) => {
            let word = word.to_string_lossy();
            return refuse(
                program,
                format_args!(
                    "dap: unexpected '{word}': an editor starts '{program} dap' and says the rest itself"
                ),
            );
        }
    }
    let mask = interrupt::block_signals();
    match Interrupt::start() {
        Ok(interrupt) => {
            dap::serve(Debugger::new(interrupt), mask);
            ExitCode::SUCCESS
        }
        Err(error) => refuse(program, format_args!("{error}")),
    }
}
