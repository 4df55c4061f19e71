//! `trace seccomp verify`: a program runs under a profile, and each call that is denied is named.

use std::ffi::OsString;
use std::fmt;
use std::path::Path;
use std::process::ExitCode;

use super::super::launch::{self, Launch};
use super::super::table::{self, Group, Row, flag, value};
use super::source::Source;
use super::usage;
use crate::bpf::Program;
use crate::decode;
use crate::engine::Finish;
use crate::filter::Wanted;
use crate::output::shell;
use crate::profile::base::{Consumer, Need};
use crate::profile::verify::{self, Denial, Verdict, Verifier};
use crate::profile::{Format, Loaded};

/// Everything fits.
const FITS: u8 = 0;
/// The profile denies something.
const DENIED: u8 = 1;
/// There is no answer: bad input, or a program that could not be run.
const TROUBLE: u8 = 2;

/// What is called after the filter was loaded, whoever loads it.
const START: &[Need] = &[("execve", "starts the program")];

#[derive(Default)]
struct Options {
    simulate: bool,
    consumer: Option<&'static Consumer>,
    launch: Launch,
    help: bool,
}

const ROWS: &[Row<Options>] = &[
    flag(0, "simulate", "let denied calls be made: the program goes its whole way", |o: &mut Options| {
        o.simulate = true;
    }),
    value(0, "for", "CONSUMER", "ask also for the calls of the program that loads the profile", |o, v| {
        super::consumer(v).map(|consumer| o.consumer = Some(consumer))
    }),
    flag(b'h', "help", "this text", |o: &mut Options| o.help = true),
];
const LAUNCH: Group<Options, Launch> = Group { rows: launch::ROWS, part: |options| &mut options.launch };

fn help(program: &str) -> String {
    format!(
        "Usage: {program} seccomp verify PROFILE [--simulate] [OPTIONS] [--] COMMAND [ARGS]\n       \
         {program} seccomp verify PROFILE [OPTIONS] RECORDING\n\n\
         Runs the command under the profile and names each call that is denied, with the line that permits it.\n\
         Exit status: 0 the profile fits, 1 it denies something, 2 there is no answer.\n\nOptions:\n{}\n\
         How the command is started:\n{}",
        table::help(ROWS.iter().map(Row::entry)),
        table::help(launch::ROWS.iter().map(Row::entry))
    )
}

/// Runs the command.
pub(super) fn run(program: &str, args: Vec<OsString>) -> ExitCode {
    let mut options = Options::default();
    let trouble = |text: String| {
        eprintln!("{program}: seccomp verify: {text}");
        ExitCode::from(TROUBLE)
    };
    let unclear = |error: &dyn fmt::Display| {
        trouble(format!("{error}\nTry '{program} seccomp verify -h' for more information."))
    };
    let mut words = match table::parse(&mut options, &[ROWS], Some(&LAUNCH), &args) {
        Ok(words) => words,
        Err(error) => return unclear(&error),
    };
    let profile = if words.is_empty() { None } else { Some(words.remove(0)) };
    let words = match table::parse(&mut options, &[ROWS], Some(&LAUNCH), &words) {
        Ok(words) => words,
        Err(error) => return unclear(&error),
    };
    if options.help {
        print!("{}", help(program));
        return ExitCode::from(FITS);
    }
    let Some(profile) = profile else {
        return unclear(&"no profile: name its file, then the command");
    };
    match check(program, &options, Path::new(&profile), words) {
        Ok(status) => ExitCode::from(status),
        Err(error) => trouble(error),
    }
}

fn check(program: &str, options: &Options, path: &Path, words: Vec<OsString>) -> Result<u8, String> {
    if options.launch.seccomp.is_some() {
        return Err("--seccomp: the profile is named without an option; leave it out".into());
    }
    let (loaded, format) = super::load(program, path, &options.launch)?;
    let source = Source::new(words, Vec::new())?;
    let carries = !options.simulate;
    let report = Report { program, path, format, filter: loaded.program.clone() };
    let consumer = options.consumer.map_or(&[][..], |consumer| consumer.needs);
    let unmet = report.unmet(options.consumer.map_or("", |c| c.title), consumer);
    if carries && matches!(source, Source::Command(_)) && unmet == 0 && report.unmet(program, &[START]) > 0 {
        eprintln!("{program}: the command could not be started; --simulate lets it run");
        return Ok(DENIED);
    }
    let (verifier, found) = Verifier::new(loaded.program.clone());
    let loaded: Option<&Loaded> = carries.then_some(&loaded);
    let all = (decode::Options::default(), Wanted::all());
    let heard = source.listen(program, &options.launch, vec![Box::new(verifier)], loaded, all)?;
    let verdict = found.verdict();
    report.denials(&verdict);
    if verdict.denials.is_empty() {
        if let Some(failure) = heard.failure {
            return Err(failure);
        }
        if !verdict.began {
            return Err("no program began: there is nothing to judge by".into());
        }
    }
    match heard.finish {
        Finish::Exited(status) if status != 0 => eprintln!("{program}: the program exited with {status}"),
        Finish::Killed(signo) => {
            let name = syscall_tables::signal::name(signo.unsigned_abs()).unwrap_or("a signal");
            eprintln!("{program}: the program was killed by {name}");
        }
        _ => {}
    }
    let fits = verdict.denials.is_empty() && unmet == 0;
    if fits {
        eprintln!("{program}: {} fits: it permits all {} different calls", path.display(), verdict.different);
    }
    Ok(if fits { FITS } else { DENIED })
}

/// What is said of denials.
struct Report<'a> {
    program: &'a str,
    path: &'a Path,
    format: Format,
    filter: Program,
}

impl Report<'_> {
    /// Says which calls of the consumer are denied; how many.
    fn unmet(&self, title: &str, needs: &[&[Need]]) -> usize {
        let unmet = verify::unmet(&self.filter, needs.iter().copied().flatten());
        for (name, why, action) in &unmet {
            eprintln!("denied: {name} = {action} for {title} itself: {why}");
            self.how(verify::line(self.format, name).into_iter().collect(), Some(name), false);
        }
        unmet.len()
    }

    fn denials(&self, verdict: &Verdict) {
        for denial in &verdict.denials {
            self.denial(denial);
        }
        let (denied, path) = (verdict.denials.len(), self.path.display());
        if denied > 0 {
            let names: std::collections::BTreeSet<_> =
                verdict.denials.iter().map(|denial| (denial.abi, denial.nr)).collect();
            eprintln!(
                "{}: {path} denies {} of {} different calls",
                self.program,
                names.len(),
                verdict.different
            );
        }
        if verdict.more > 0 {
            eprintln!("{}: {} more denials are not shown", self.program, verdict.more);
        }
    }

    fn denial(&self, denial: &Denial) {
        let times = if denial.count == 1 { String::new() } else { format!(", {} times", denial.count) };
        let abi = if denial.abi == syscall_tables::abi::Abi::X86_64 {
            String::new()
        } else {
            format!(" ({})", denial.abi)
        };
        eprintln!(
            "denied: {}{abi} = {} in process {}, {}{times}",
            denial.call,
            denial.action,
            denial.process.0,
            usage::program(&denial.program)
        );
        let lines = verify::advice(denial, &self.filter, self.format);
        self.how(lines, denial.name(), verify::of_abi(denial, &self.filter));
    }

    /// What to write where; in raw BPF nobody writes lines.
    fn how(&self, lines: Vec<(String, &str)>, name: Option<&str>, of_abi: bool) {
        let path = self.path.display();
        for (line, place) in &lines {
            eprintln!("  add to {path} {place}: {line}");
        }
        let Some(name) = name else {
            eprintln!("  no profile can permit it: the number has no name");
            return;
        };
        if lines.is_empty() {
            let mut file = String::new();
            shell::word(&mut file, self.path.as_os_str().as_encoded_bytes());
            let arch = if of_abi { "--arch x86 " } else { "" };
            eprintln!("  add with: {} seccomp merge {arch}--allow {name} -o {file} {file}", self.program);
        }
    }
}
