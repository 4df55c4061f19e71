//! `trace seccomp merge`: one profile that permits what several permit.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use syscall_tables::abi::Abi;

use super::super::refuse;
use super::super::table::{self, Group, Row, flag, value};
use super::target::Target;
use crate::profile::allowed::Allowed;
use crate::profile::base::Consumer;
use crate::profile::{Format, generate};

#[derive(Default)]
struct Options {
    output: Option<PathBuf>,
    consumer: Option<&'static Consumer>,
    format: Option<Format>,
    allow: Vec<String>,
    abis: Vec<Abi>,
    help: bool,
}

const ROWS: &[Row<Options>] = &[
    value(
        b'o',
        "output",
        "FILE",
        "the profile (standard output); may be one of those that are joined",
        |o, v| {
            o.output = Some(v.into());
            Ok(())
        },
    ),
    value(0, "allow", "NAME,…", "permit also these calls; may be repeated", |o, v| {
        let text = v.to_string_lossy();
        o.allow.extend(text.split(',').filter(|name| !name.is_empty()).map(str::to_owned));
        Ok(())
    }),
    value(0, "for", "CONSUMER", "permit also what the program that loads the profile does itself", |o, v| {
        super::consumer(v).map(|consumer| o.consumer = Some(consumer))
    }),
    value(0, "arch", "ARCH", "programs of ARCH (x86) may run", |o, v| {
        super::abi(v).map(|abi| o.abis.push(abi))
    }),
    value(0, "format", "FORMAT", "oci, bpf or systemd (that of the first profile)", |o, v| {
        Format::named(&v.to_string_lossy()).map(|format| o.format = Some(format))
    }),
    flag(b'h', "help", "this text", |o: &mut Options| o.help = true),
];

/// Options are only its own.
const NONE: Option<&Group<Options, Options>> = None;

/// Runs the command: 0, or 1 where a profile cannot be joined.
pub(super) fn run(program: &str, args: Vec<OsString>) -> ExitCode {
    let mut options = Options::default();
    let mut paths = Vec::new();
    let mut rest = args;
    // Options may stand before, between and behind the files.
    loop {
        rest = match table::parse(&mut options, &[ROWS], NONE, &rest) {
            Ok(rest) => rest,
            Err(error) => {
                return refuse(
                    program,
                    format_args!("{error}\nTry '{program} seccomp merge -h' for more information."),
                );
            }
        };
        if rest.is_empty() {
            break;
        }
        paths.push(PathBuf::from(rest.remove(0)));
    }
    if options.help {
        print!(
            "Usage: {program} seccomp merge [OPTIONS] PROFILE…\n\nWrites a profile that permits what any of the \
             profiles permits.\n\nOptions:\n{}",
            table::help(ROWS.iter().map(Row::entry))
        );
        return ExitCode::SUCCESS;
    }
    match join(program, &options, &paths) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => refuse(program, format_args!("seccomp merge: {error}")),
    }
}

fn join(program: &str, options: &Options, paths: &[PathBuf]) -> Result<(), String> {
    let mut lists = Vec::new();
    for path in paths {
        lists.push(super::load_list(program, path)?);
    }
    let first = lists.first().ok_or("no profile: name the files to be joined")?.1;
    let format = super::format(options.format, options.consumer, first)?;
    let mut allowed = Allowed::default();
    lists.iter().for_each(|(list, _)| allowed.join(list));
    options.abis.iter().for_each(|abi| allowed.add_abi(*abi));
    for name in &options.allow {
        if !allowed.add_name(name) {
            return Err(format!("--allow: no call is called '{name}'; `{program} syscalls` lists them"));
        }
    }
    generate::complete(&mut allowed, options.consumer);
    let target = Target::open(&options.output.clone().unwrap_or_else(|| "-".into()))?;
    let bytes = generate::write(&allowed, format).map_err(|error| error.to_string())?;
    target.write(&bytes)?;
    for (path, (list, _)) in paths.iter().zip(&lists) {
        let (own, all) = (list.names().len(), allowed.names().len());
        eprintln!("{program}: {} permits {own} of the {all} calls", path.display());
    }
    Ok(())
}
