//! `trace seccomp`: profiles made from runs, joined, and checked against runs.

mod generate;
mod merge;
mod source;
mod target;
mod usage;
mod verify;

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use syscall_tables::abi::Abi;

use super::options::error_text;
use super::{launch::Launch, plan, refuse};
use crate::profile::allowed::{ABIS, Allowed};
use crate::profile::base::Consumer;
use crate::profile::{self, Format, Loaded, merge as joining};

/// Most bytes of a profile; Docker's own has 15,000, the config.json around it not many more.
const MOST_BYTES: u64 = 16 << 20;

/// One of its commands.
struct Sub {
    name: &'static str,
    about: &'static str,
    run: fn(&str, Vec<OsString>) -> ExitCode,
}

const SUBS: &[Sub] = &[
    Sub {
        name: "generate",
        about: "run a program, or read a recording, and write the profile that permits what it did",
        run: generate::run,
    },
    Sub { name: "merge", about: "join profiles, or add calls to one", run: merge::run },
    Sub {
        name: "verify",
        about: "run a program under a profile and name each call that it denies: 0 fits, 1 denied, 2 trouble",
        run: verify::run,
    },
];

fn usage(program: &str) -> String {
    let mut text = format!(
        "Usage: {program} seccomp generate [--for CONSUMER] [-o FILE] [OPTIONS] [--] COMMAND [ARGS]\n       \
         {program} seccomp generate [OPTIONS] RECORDING | -p PID\n       \
         {program} seccomp merge [--allow NAME] [-o FILE] PROFILE…\n       \
         {program} seccomp verify PROFILE [--simulate] [OPTIONS] [--] COMMAND [ARGS] | RECORDING\n\n"
    );
    for sub in SUBS {
        text.push_str(&format!("  {:<10} {}\n", sub.name, sub.about));
    }
    text.push_str(&format!("\n`{program} seccomp COMMAND -h` lists the options of each.\n"));
    text
}

/// Runs `trace seccomp`.
pub(super) fn run(program: &str, args: Vec<OsString>) -> ExitCode {
    let Some(first) = args.first() else {
        return refuse(program, format_args!("seccomp: no command: generate, merge or verify is wanted"));
    };
    if first == "-h" || first == "--help" {
        print!("{}", usage(program));
        return ExitCode::SUCCESS;
    }
    match SUBS.iter().find(|sub| first == sub.name) {
        Some(sub) => (sub.run)(program, args[1..].to_vec()),
        None => {
            let shown = first.to_string_lossy();
            refuse(
                program,
                format_args!("seccomp: unknown command '{shown}': generate, merge or verify is wanted"),
            )
        }
    }
}

/// The value of `--for`.
fn consumer(text: &OsStr) -> Result<&'static Consumer, String> {
    Consumer::named(&text.to_string_lossy()).map_err(|error| format!("--for: {error}"))
}

/// The value of `--arch`.
fn abi(text: &OsStr) -> Result<Abi, String> {
    let found = ABIS.iter().find(|(_, name, _)| text == *name).map(|(abi, ..)| *abi);
    found.ok_or_else(|| {
        format!("--arch: unknown architecture '{}': x86_64 and x86 are known", text.to_string_lossy())
    })
}

/// The format that is written: as asked, else what the consumer reads, else `otherwise`.
fn format(asked: Option<Format>, consumer: Option<&Consumer>, otherwise: Format) -> Result<Format, String> {
    match (asked, consumer) {
        (Some(format), Some(consumer)) if format != consumer.format => {
            Err(format!("{} does not read that format: leave --format out, or --for", consumer.title))
        }
        (Some(format), _) => Ok(format),
        (None, Some(consumer)) => Ok(consumer.format),
        (None, None) => Ok(otherwise),
    }
}

/// Reads a profile, and says what in it has no effect.
///
/// # Errors
/// One sentence with the name of the file.
fn load(program: &str, path: &Path, launch: &Launch) -> Result<(Loaded, Format), String> {
    let shown = path.display();
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes));
    read.map_err(|e| format!("'{shown}': {}", error_text(&e)))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(format!("'{shown}' is larger than {} MiB: that is no profile", MOST_BYTES >> 20));
    }
    let loaded =
        profile::load(&bytes, &plan::profile_host(launch)).map_err(|error| format!("'{shown}': {error}"))?;
    for warning in &loaded.warnings {
        eprintln!("{program}: {shown}: {warning}");
    }
    Ok((loaded, profile::format(&bytes)))
}

/// Reads a profile that others are joined with.
///
/// # Errors
/// One sentence with the name of the file.
fn load_list(program: &str, path: &Path) -> Result<(Allowed, Format), String> {
    let (loaded, format) = load(program, path, &Launch::default())?;
    let allowed = joining::permitted(&loaded.program);
    let allowed = allowed.map_err(|error| format!("'{}' cannot be joined: {error}", path.display()))?;
    Ok((allowed, format))
}
