//! Options and commands: from a command line to a run.
//!
//! Under a name that ends in `strace` the binary is strict: strace's command line only, its defaults,
//! and its argv[0] before messages.

mod audit;
mod container;
mod daemon;
mod dap;
mod debug;
mod decode;
mod diff;
mod drive;
mod export;
mod filter;
mod json;
mod launch;
pub mod manual;
mod options;
mod output;
mod plan;
mod qualify;
mod record;
mod replay;
mod reports;
mod rows;
mod run;
mod seccomp;
mod spawn;
mod syscalls;
mod table;
mod tips;
mod together;
mod tui;

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::ExitCode;

/// A command of `trace`: its name, what it does in one line (nothing for one that only programs start), and its
/// entry.
struct Command {
    name: &'static str,
    about: &'static str,
    run: fn(&str, Vec<OsString>) -> ExitCode,
}

/// Every command. A program of the same name is run with `trace -- NAME`.
const COMMANDS: &[Command] = &[
    Command { name: crate::spawn::container::COMMAND, about: "", run: container::run },
    Command {
        name: "audit",
        about: "what a command did, against a baseline and rules: trace audit record|check [OPTIONS] -- PROGRAM",
        run: audit::run,
    },
    Command {
        name: "dap",
        about: "serve the debugger to an editor by the Debug Adapter Protocol: trace dap",
        run: dap::run,
    },
    Command {
        name: "debug",
        about: "debug a program or a process: trace debug [-ex COMMAND] [--] PROGRAM, trace debug -p PID",
        run: debug::run,
    },
    Command { name: "diff", about: "compare two recordings: trace diff [OPTIONS] A B", run: diff::run },
    Command {
        name: "export",
        about: "a recording in another format: trace export --format FORMAT [-o FILE] RECORDING",
        run: export::run,
    },
    Command {
        name: "manual",
        about: "print the man page, or the completions of a shell: trace manual [bash|zsh|fish]",
        run: manual::run,
    },
    Command {
        name: "record",
        about: "record a run for replay: trace record [-o run.trace] [OPTIONS] [--] PROGRAM",
        run: record::run,
    },
    Command {
        name: "replay",
        about: "show a recording as if it were live: trace replay FILE [OPTIONS]",
        run: replay::run,
    },
    Command {
        name: "seccomp",
        about: "make, join and check seccomp profiles: trace seccomp generate [OPTIONS] [--] PROGRAM",
        run: seccomp::run,
    },
    Command {
        name: "spawn",
        about: "run a program as the launch options say, without tracing: trace spawn [OPTIONS] -- PROGRAM",
        run: spawn::run,
    },
    Command {
        name: "syscalls",
        about: "list syscalls with numbers and arguments: trace syscalls [NAME|%CLASS|/REGEX]…",
        run: syscalls::run,
    },
    Command {
        name: "tui",
        about: "a live run or a recording on the screen: trace tui [-- PROGRAM | -p PID | FILE]",
        run: tui::run,
    },
];

/// A refusal: one sentence for the person, unless everything was said, and exit status 1.
pub(crate) fn refuse(program: &str, text: std::fmt::Arguments<'_>) -> ExitCode {
    if !text.to_string().is_empty() {
        eprintln!("{program}: {text}");
    }
    ExitCode::from(1)
}

/// Runs the command line `args`, the program's own name first.
pub fn main(args: Vec<OsString>) -> ExitCode {
    let mut args = args.into_iter();
    let own = args.next().unwrap_or_else(|| "trace".into());
    let base = Path::new(&own).file_name().unwrap_or(OsStr::new("trace")).to_string_lossy().into_owned();
    let strict = own.as_bytes().ends_with(b"strace");
    let program = if strict { own.to_string_lossy().into_owned() } else { base };
    let args: Vec<OsString> = args.collect();
    if !strict
        && let Some(first) = args.first()
        && let Some(command) = COMMANDS.iter().find(|c| first == c.name)
    {
        return (command.run)(&program, args[1..].to_vec());
    }
    match options::parse(&args, strict) {
        Ok(options) if options.help => {
            print!("{}", options::help(&program, strict));
            if !strict {
                println!("\nCommands:");
                for command in COMMANDS.iter().filter(|command| !command.about.is_empty()) {
                    println!("  {:<26} {}", command.name, command.about);
                }
            }
            ExitCode::SUCCESS
        }
        Ok(options) if options.version => {
            println!("{program} -- version {}", env!("CARGO_PKG_VERSION"));
            ExitCode::SUCCESS
        }
        Ok(options) if options.command.is_empty() && options.attach.is_empty() => {
            eprint!("{}", options.tips.text(u64::from(std::process::id())));
            ExitCode::SUCCESS
        }
        Ok(options) => run::run(&program, options),
        Err(error) => {
            for notice in &error.notices {
                eprintln!("{program}: {notice}");
            }
            eprintln!("{program}: {error}");
            if error.usage {
                eprintln!("Try '{program} -h' for more information.");
            }
            ExitCode::from(1)
        }
    }
}
