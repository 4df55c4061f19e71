//! `trace`: see README.md. Everything is in the library; this is the door.

use std::process::ExitCode;

fn main() -> ExitCode {
    trace::cli::main(std::env::args_os().collect())
}
