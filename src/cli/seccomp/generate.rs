//! `trace seccomp generate`: what a run did becomes the profile that permits it.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::ExitCode;

use syscall_tables::abi::Abi;

use super::super::launch::{self, Launch};
use super::super::options::error_text;
use super::super::table::{self, Group, Row, flag, value};
use super::super::{refuse, reports};
use super::source::{Heard, Source};
use super::target::Target;
use super::usage;
use crate::decode;
use crate::engine::Finish;
use crate::filter::Wanted;
use crate::output::text::color::Paint;
use crate::profile::allowed::Allowed;
use crate::profile::base::{CONSUMERS, Consumer};
use crate::profile::collect::{self, Collector, Needs, Used};
use crate::profile::{Format, generate};
use crate::sys::{output, signal};

#[derive(Default)]
struct Options {
    output: Option<PathBuf>,
    consumer: Option<&'static Consumer>,
    format: Option<Format>,
    merge: Vec<PathBuf>,
    abis: Vec<Abi>,
    usage: bool,
    quick: bool,
    attach: Vec<i32>,
    launch: Launch,
    help: bool,
}

const ROWS: &[Row<Options>] = &[
    value(
        b'o',
        "output",
        "FILE",
        "the profile (seccomp.json, .bpf or .conf; - is standard output)",
        |o, v| {
            o.output = Some(v.into());
            Ok(())
        },
    ),
    value(0, "for", "CONSUMER", "permit also what the program that loads the profile does itself", |o, v| {
        super::consumer(v).map(|consumer| o.consumer = Some(consumer))
    }),
    value(0, "format", "FORMAT", "oci (JSON), bpf (instructions) or systemd (a drop-in)", |o, v| {
        Format::named(&v.to_string_lossy()).map(|format| o.format = Some(format))
    }),
    value(0, "merge", "PROFILE", "permit also what this profile permits; may be repeated", |o, v| {
        o.merge.push(v.into());
        Ok(())
    }),
    value(0, "arch", "ARCH", "programs of ARCH (x86) may run, seen or not", |o, v| {
        super::abi(v).map(|abi| o.abis.push(abi))
    }),
    flag(0, "usage", "tell of each call how often it was made, and by which programs", |o: &mut Options| {
        o.usage = true;
    }),
    flag(
        0,
        "quick",
        "do not stop for what the profile permits anyway (--merge, --for): faster, tables lack it",
        |o: &mut Options| o.quick = true,
    ),
    value(b'p', "attach", "PID", "listen to a running process until Ctrl-C; may be repeated", attach),
    flag(b'h', "help", "this text", |o: &mut Options| o.help = true),
];
const LAUNCH: Group<Options, Launch> = Group { rows: launch::ROWS, part: |options| &mut options.launch };

fn attach(options: &mut Options, text: &OsStr) -> Result<(), String> {
    for word in text.to_string_lossy().split([',', ' ']).filter(|word| !word.is_empty()) {
        let pid = word.parse().ok().filter(|pid| *pid > 0);
        options.attach.push(pid.ok_or_else(|| format!("invalid process id: '{word}'"))?);
    }
    Ok(())
}

fn help(program: &str) -> String {
    let mut text = format!(
        "Usage: {program} seccomp generate [OPTIONS] [--] COMMAND [ARGS]\n       \
         {program} seccomp generate [OPTIONS] RECORDING | -p PID\n\n\
         Writes the seccomp profile that permits what the command and all that it starts did; everything else fails.\n\
         The exit status is the command's.\n\nOptions:\n"
    );
    text.push_str(&table::help(ROWS.iter().map(Row::entry)));
    text.push_str("\nConsumers:\n");
    for consumer in CONSUMERS {
        let own = consumer.all().map(|(name, _)| name).collect::<std::collections::BTreeSet<_>>().len();
        text.push_str(&format!("  {:<10} {} ({own} calls of its own)\n", consumer.name, consumer.title));
    }
    text.push_str(&format!(
        "\nHow the command is started:\n{}",
        table::help(launch::ROWS.iter().map(Row::entry))
    ));
    text
}

/// Runs the command; the exit status is the program's.
pub(super) fn run(program: &str, args: Vec<OsString>) -> ExitCode {
    let mut options = Options::default();
    let words = match table::parse(&mut options, &[ROWS], Some(&LAUNCH), &args) {
        Ok(words) => words,
        Err(error) => {
            return refuse(
                program,
                format_args!("{error}\nTry '{program} seccomp generate -h' for more information."),
            );
        }
    };
    if options.help {
        print!("{}", help(program));
        return ExitCode::SUCCESS;
    }
    match make(program, &options, words) {
        Ok(Finish::Exited(status)) => ExitCode::from(status as u8),
        Ok(Finish::Killed(signo)) => {
            signal::die_of(signo);
            ExitCode::from(128u8.wrapping_add(signo as u8))
        }
        Ok(Finish::Detached) => ExitCode::SUCCESS,
        Err(error) => refuse(program, format_args!("seccomp generate: {error}")),
    }
}

fn make(program: &str, options: &Options, words: Vec<OsString>) -> Result<Finish, String> {
    if options.launch.seccomp.is_some() {
        return Err(
            "--seccomp: a program that is filtered already shows less than it needs; leave it out".into()
        );
    }
    let format = super::format(options.format, options.consumer, Format::Oci)?;
    let source = Source::new(words, options.attach.clone())?;
    let mut allowed = Allowed::default();
    for path in &options.merge {
        allowed.join(&super::load_list(program, path)?.0);
    }
    let before = allowed.names().len();
    let path = options.output.clone().unwrap_or_else(|| format.file().into());
    let target = Target::open(&path)?;
    let attached = matches!(source, Source::Processes(_));
    let (collector, collected) = Collector::new();
    let capture = decode::Options { raw: true, ..decode::Options::default() };
    let wanted = if options.quick { unsettled(&allowed, options.consumer) } else { Wanted::all() };
    let heard =
        source.listen(program, &options.launch, vec![Box::new(collector)], None, (capture, wanted))?;
    if let Some(failure) = heard.failure {
        return Err(failure);
    }
    let used = collected.used();
    let needs = collect::needs(&used);
    if needs.allowed.is_empty() && !options.quick {
        return Err("no call was seen, so that a profile would permit nothing: none is written".into());
    }
    allowed.join(&needs.allowed);
    options.abis.iter().for_each(|abi| allowed.add_abi(*abi));
    let merged = (!options.merge.is_empty()).then(|| allowed.names().len() - before);
    let added = generate::complete(&mut allowed, options.consumer);
    let bytes = generate::write(&allowed, format).map_err(|error| error.to_string())?;
    let shown = target.shown();
    target.write(&bytes)?;
    remarks(program, &heard, attached, &needs, options.consumer.is_none() && options.merge.is_empty());
    let own = options.consumer.map_or(String::new(), |consumer| format!(" and {}", consumer.title));
    let (total, seen) = (allowed.names().len(), needs.allowed.names().len());
    let made = if options.quick { "were not permitted yet" } else { "were made" };
    let mut told = format!("{shown} permits {total} calls: {seen} {made}");
    if let Some(new) = merged.filter(|_| !options.quick) {
        told.push_str(&format!(", {new} of them new"));
    }
    if added > 0 {
        told.push_str(&format!(", {added} are added for what programs{own} do unseen"));
    }
    eprintln!("{program}: {told}");
    show(&used, options.usage)?;
    Ok(heard.finish)
}

/// The calls of which it is not settled yet that the profile permits them.
fn unsettled(merged: &Allowed, consumer: Option<&Consumer>) -> Wanted {
    let mut settled = merged.clone();
    generate::complete(&mut settled, consumer);
    let has = |abi, nr| u32::try_from(nr).is_ok_and(|nr| settled.has(abi, nr));
    Wanted::of(|abi, nr| !has(abi, nr), true)
}

/// What the profile cannot hold, and what a user should know of the run.
fn remarks(program: &str, heard: &Heard, attached: bool, needs: &Needs, hint: bool) {
    if let Finish::Killed(signo) = heard.finish {
        let name = syscall_tables::signal::name(signo.unsigned_abs()).unwrap_or("a signal");
        eprintln!(
            "{program}: the program was killed by {name}: what it would have done later is not in the profile"
        );
    }
    if attached {
        eprintln!("{program}: what the processes did before, starting among it, is not in the profile");
    }
    if !needs.absent.is_empty() {
        eprintln!(
            "{program}: this kernel does not have {}: left out, the programs went on without",
            needs.absent.join(", ")
        );
    }
    if let Some((abi, nr)) = needs.nameless.first() {
        let count = needs.nameless.len();
        eprintln!("{program}: {count} numbers without a name were tried, as {nr:#x} of {abi}: left out");
    }
    if hint {
        eprintln!("{program}: --for NAME adds the calls of the program that loads the profile ({})", names());
    }
}

fn names() -> String {
    CONSUMERS.iter().map(|consumer| consumer.name).collect::<Vec<_>>().join(", ")
}

fn show(used: &[Used], all: bool) -> Result<(), String> {
    let screen = output::stderr().map_err(|error| format!("standard error: {}", error_text(&error)))?;
    let look = reports::look(&screen, Paint::OFF);
    if used.is_empty() {
        return Ok(());
    }
    eprint!("{}", usage::programs(used, look));
    if all {
        eprint!("\n{}", usage::calls(used, look));
    }
    Ok(())
}
