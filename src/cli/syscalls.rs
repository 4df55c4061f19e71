//! `trace syscalls`: what the tables know, by name, class or regular expression.

use std::ffi::OsString;
use std::process::ExitCode;

use syscall_tables::abi::{Abi, numbers};
use syscall_tables::signatures;

use super::refuse;
use crate::filter::Wanted;

/// Prints a line per syscall: number, name and arguments.
pub(super) fn run(program: &str, args: Vec<OsString>) -> ExitCode {
    let list: Vec<String> = args.iter().map(|arg| arg.to_string_lossy().into_owned()).collect();
    let expression = if list.is_empty() { "all".to_owned() } else { list.join(",") };
    let wanted = match Wanted::parse(&expression) {
        Ok(wanted) => wanted,
        Err(error) => {
            return refuse(program, format_args!("{error}; `{program} syscalls` lists every name"));
        }
    };
    let mut text = String::new();
    for abi in [Abi::X86_64, Abi::I386] {
        for (nr, name) in numbers::names(abi).filter(|&(nr, _)| wanted.has(abi, nr)) {
            let names =
                signatures::lookup(abi, nr).map(|s| s.args.iter().map(|a| a.name).collect::<Vec<_>>());
            let args = names.map_or_else(|| "…".to_owned(), |names| names.join(", "));
            text.push_str(&format!("{:<8}{nr:>4}  {name}({args})\n", abi.display_name()));
        }
    }
    use std::io::Write;
    // A reader that went away, as `| head` does, is no failure.
    std::io::stdout().write_all(text.as_bytes()).ok();
    ExitCode::SUCCESS
}
