//! `trace audit record` and `trace audit check`: what a command did, kept in a baseline, compared with it, and held
//! against rules.
//!
//! The exit status is the command's own where nothing failed. Everything that can be refused is refused before the
//! command starts; baseline and policy are read then, so that the command cannot change what it is held against.

mod place;
mod run;

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use super::launch::{self, Launch};
use super::options::error_text;
use super::table::{self, Group, Row, flag, value};
use super::{plan, refuse};
use crate::audit::baseline::{self, Baseline};
use crate::audit::collect::Story;
use crate::audit::finding::{Check, Finding, Level, Origin, Verdict};
use crate::audit::names::Names;
use crate::audit::observe::{self, Observed};
use crate::audit::policy::{self, Policy};
use crate::audit::report::{FORMATS, Format, Report};
use crate::audit::{drift, judge, learn};
use crate::engine::Finish;
use crate::output::shell;
use crate::spawn::launch::Request;
use crate::sys::{clock, signal};

/// Exit statuses. Below them it is the command's own; 1 where nothing was run.
const DRIFT: u8 = 120;
const VIOLATION: u8 = 121;
/// The command ran, but its audit came to nothing.
const TROUBLE: u8 = 125;
/// The baseline's name when none is given.
const DEFAULT_FILE: &str = "baseline.toml";

/// A report and where it goes; standard error without a file.
#[derive(Debug)]
struct Output {
    format: Format,
    file: Option<PathBuf>,
}

/// What the command line asks for.
#[derive(Default)]
struct Options {
    baseline: Option<PathBuf>,
    policy: Option<PathBuf>,
    reports: Vec<Output>,
    merge: bool,
    any_status: bool,
    quiet: bool,
    unfiltered: bool,
    launch: Launch,
    help: bool,
}

const RECORD: &[Row<Options>] = &[
    value(b'o', "output", "FILE", "the baseline (baseline.toml)", |o, v| {
        o.baseline = Some(PathBuf::from(v));
        Ok(())
    }),
    flag(0, "merge", "add this run to the baseline that is there, so that what differs is learnt", |o| {
        o.merge = true;
    }),
    flag(0, "any-status", "also where the command fails", |o| o.any_status = true),
];

const CHECK: &[Row<Options>] = &[value(b'b', "baseline", "FILE", "the baseline (baseline.toml)", |o, v| {
    o.baseline = Some(PathBuf::from(v));
    Ok(())
})];

const BOTH: &[Row<Options>] = &[
    value(
        0,
        "policy",
        "FILE",
        "rules of your own, before those that come with trace (docs/audit.md)",
        |o, v| {
            o.policy = Some(PathBuf::from(v));
            Ok(())
        },
    ),
    value(0, "report", "FORMAT[=FILE]", "text, markdown, json, sarif or junit; may be repeated", report),
    flag(b'q', "quiet", "no text on standard error", |o| o.quiet = true),
    flag(0, "no-seccomp", "stop at every call; slow, for programs that a filter disturbs", |o| {
        o.unfiltered = true;
    }),
    flag(b'h', "help", "this text", |o| o.help = true),
];

const LAUNCH: Group<Options, Launch> = Group { rows: launch::ROWS, part: |options| &mut options.launch };

/// `--report`.
fn report(options: &mut Options, text: &OsStr) -> Result<(), String> {
    let bytes = text.as_bytes();
    let (name, file) = match bytes.iter().position(|byte| *byte == b'=') {
        Some(at) => (&bytes[..at], Some(PathBuf::from(OsStr::from_bytes(&bytes[at + 1..])))),
        None => (bytes, None),
    };
    if file.as_ref().is_some_and(|file| file.as_os_str().is_empty()) {
        return Err(format!("--report {}: the name of the file is missing", text.display()));
    }
    let format = FORMATS.iter().find(|format| format.name.as_bytes() == name).copied();
    let format = format.ok_or_else(|| {
        let known: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
        format!("invalid --report argument: '{}': {}", String::from_utf8_lossy(name), known.join(", "))
    })?;
    options.reports.push(Output { format, file });
    Ok(())
}

/// What the audit is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Record,
    Check,
}

fn usage(program: &str) {
    println!("Usage: {program} audit record [-o FILE] [--merge] [OPTIONS] [--] COMMAND [ARGS]");
    println!("       {program} audit check [-b FILE] [--policy FILE] [OPTIONS] [--] COMMAND [ARGS]\n");
    println!("Keeps what a command and all that it starts do (programs with SHA-256, files, sockets), and");
    println!(
        "compares later runs with it and with rules. Exit status: the command's own where nothing failed;"
    );
    println!(
        "{DRIFT} for what the baseline does not have, {VIOLATION} for a broken rule, {TROUBLE} where the"
    );
    println!("audit itself failed, 1 where nothing was run.");
    let help = |rows: &[Row<Options>]| table::help(rows.iter().map(Row::entry));
    println!("\nrecord:\n{}\ncheck:\n{}", help(RECORD), help(CHECK));
    let launch = table::help(launch::ROWS.iter().map(Row::entry));
    println!("Both:\n{}\nHow the command is started:\n{launch}", help(BOTH));
}

/// Runs the command.
pub(super) fn run(program: &str, args: Vec<OsString>) -> ExitCode {
    let hint = format!("Try '{program} audit -h' for more information.");
    let (mode, rest) = match args.first().map(|word| word.as_bytes()) {
        Some(b"record") => (Mode::Record, &args[1..]),
        Some(b"check") => (Mode::Check, &args[1..]),
        Some(b"-h" | b"--help") => {
            usage(program);
            return ExitCode::SUCCESS;
        }
        Some(_) => {
            let word = args[0].display();
            return refuse(program, format_args!("audit: '{word}' is neither record nor check\n{hint}"));
        }
        None => return refuse(program, format_args!("audit: record or check is wanted\n{hint}")),
    };
    let mut options = Options::default();
    let own = if mode == Mode::Record { RECORD } else { CHECK };
    let command = match table::parse(&mut options, &[own, BOTH], Some(&LAUNCH), rest) {
        Ok(command) => command,
        Err(error) => return refuse(program, format_args!("{error}\n{hint}")),
    };
    if options.help {
        usage(program);
        return ExitCode::SUCCESS;
    }
    if command.is_empty() {
        return refuse(program, format_args!("audit: no command\n{hint}"));
    }
    let prepared = match Prepared::new(mode, options, command) {
        Ok(prepared) => prepared,
        Err(error) => return refuse(program, format_args!("{error}")),
    };
    let begun_ns = clock::wall_ns();
    match run::run(program, &prepared, begun_ns) {
        Ok((finish, story)) => prepared.conclude(program, finish, &story, begun_ns),
        Err(error) => refuse(program, format_args!("{error}")),
    }
}

/// Reads a file of text.
///
/// # Errors
/// One sentence.
fn read(path: &Path, most: u64, what: &str) -> Result<String, String> {
    use std::io::Read;
    let shown = path.display();
    let fail = |error: std::io::Error| format!("{what} '{shown}': {}", error_text(&error));
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(fail)?;
    file.take(most + 1).read_to_end(&mut bytes).map_err(fail)?;
    if bytes.len() as u64 > most {
        return Err(format!("{what} '{shown}' is larger than {} MiB: it is none", most >> 20));
    }
    String::from_utf8(bytes).map_err(|_| format!("{what} '{shown}' is no text: it is none"))
}

/// Everything that is known before the command starts.
struct Prepared {
    mode: Mode,
    options: Options,
    command: Vec<OsString>,
    request: Request,
    file: PathBuf,
    names: Names,
    policy: Arc<Policy>,
    /// What the run is compared with, or added to.
    before: Option<Baseline>,
}

impl Prepared {
    fn new(mode: Mode, options: Options, command: Vec<OsString>) -> Result<Self, String> {
        let file = options.baseline.clone().unwrap_or_else(|| DEFAULT_FILE.into());
        let request = plan::request(&options.launch, &command)?;
        let places = place::places(&options.launch)?;
        let mut guarded = vec![place::absolute(&file)];
        guarded.extend(options.policy.iter().map(|file| place::absolute(file)));
        guarded.extend(options.reports.iter().filter_map(|o| o.file.as_deref()).map(place::absolute));
        for written in options.reports.iter().filter_map(|output| output.file.as_deref()) {
            place::writable(written, "--report")?;
        }
        let text =
            options.policy.as_deref().map(|file| read(file, policy::MOST_BYTES, "--policy")).transpose()?;
        let rules = Policy::new(text.as_deref(), &places, &guarded).map_err(|error| {
            let file = options.policy.as_deref().unwrap_or(Path::new("")).display();
            format!("--policy '{file}' {error}")
        })?;
        let wanted = mode == Mode::Check || options.merge && file.exists();
        let before = if wanted { Some(Self::before(&file, mode)?) } else { None };
        if mode == Mode::Record {
            place::writable(&file, "-o")?;
        }
        let (names, policy) = (Names::new(places), Arc::new(rules));
        Ok(Self { mode, options, command, request, file, names, policy, before })
    }

    fn before(file: &Path, mode: Mode) -> Result<Baseline, String> {
        let shown = file.display();
        if mode == Mode::Check && !file.exists() {
            return Err(format!(
                "there is no baseline '{shown}': make one with `trace audit record -o {shown} -- COMMAND`"
            ));
        }
        let text = read(file, baseline::MOST_BYTES, "the baseline")?;
        Baseline::parse(&text).map_err(|error| format!("'{shown}' {error}"))
    }

    fn words(&self) -> Vec<Vec<u8>> {
        self.command.iter().map(|word| word.as_bytes().to_vec()).collect()
    }

    /// Says what was found; the exit status.
    fn conclude(&self, program: &str, finish: Finish, story: &Story, begun_ns: u64) -> ExitCode {
        let observed = observe::observe(story, &self.names, &self.words());
        let compared = self.before.as_ref().filter(|_| self.mode == Mode::Check);
        let findings = judge::findings(story, &observed, &self.names, &self.policy, compared);
        let status = match (self.mode, Verdict::of(&findings)) {
            (Mode::Record, _) | (Mode::Check, Verdict::Clean) => None,
            (Mode::Check, Verdict::Drift) => Some(DRIFT),
            (Mode::Check, Verdict::Violation) => Some(VIOLATION),
        };
        let told = self.tell(finish, status, &observed, &findings, begun_ns);
        let kept = if self.mode == Mode::Record { self.keep(finish, &observed) } else { Ok(()) };
        let troubles: Vec<String> = [told, kept].into_iter().filter_map(Result::err).collect();
        for error in &troubles {
            eprintln!("{program}: audit: {error}");
        }
        if !troubles.is_empty() {
            return ExitCode::from(TROUBLE);
        }
        match (status, finish) {
            (Some(status), _) => ExitCode::from(status),
            (None, Finish::Exited(status)) => ExitCode::from(status as u8),
            (None, Finish::Killed(signo)) => {
                signal::die_of(signo);
                ExitCode::from(128u8.wrapping_add(signo as u8))
            }
            (None, Finish::Detached) => ExitCode::SUCCESS,
        }
    }

    /// Writes the reports.
    fn tell(
        &self,
        finish: Finish,
        status: Option<u8>,
        observed: &Observed<'_>,
        findings: &[Finding],
        begun_ns: u64,
    ) -> Result<(), String> {
        let (ended, own) = match finish {
            Finish::Exited(status) => (format!("exit status {status}"), status as u8),
            Finish::Killed(signo) => {
                let name = u32::try_from(signo).ok().and_then(syscall_tables::signal::name);
                let name = name.map_or_else(|| format!("signal {signo}"), str::to_owned);
                (format!("death by {name}"), 128u8.wrapping_add(signo as u8))
            }
            Finish::Detached => ("nothing, as it was let go".to_owned(), 0),
        };
        let checks = self.checks();
        let named = |file: &Path| shell::shown(file.as_os_str().as_bytes());
        let compared = self.before.as_ref().filter(|_| self.mode == Mode::Check);
        let report = Report {
            command: shell::command(&self.words(), b""),
            begun_ns,
            ended,
            status: status.unwrap_or(own),
            baseline: compared.map(|_| named(&self.file)),
            policy: self.options.policy.as_deref().map(named),
            runs: compared.map_or(0, |baseline| baseline.runs),
            processes: observed.facts.processes.len(),
            checks: &checks,
            findings,
        };
        let text = Output { format: FORMATS[0], file: None };
        let asked = &self.options.reports;
        let plain = !self.options.quiet && asked.iter().all(|output| output.file.is_some());
        for Output { format, file } in asked.iter().chain(plain.then_some(&text)) {
            let text = (format.text)(&report);
            match file {
                None => eprint!("{text}"),
                Some(file) => place::write(file, text.as_bytes())?,
            }
        }
        Ok(())
    }

    fn checks(&self) -> Vec<Check> {
        let mut checks = self.policy.checks();
        let (id, about) = judge::INCOMPLETE;
        checks.push(Check { id: id.into(), about: about.into(), level: Level::Warn, origin: Origin::Rule });
        if self.mode == Mode::Check {
            checks.extend(drift::checks(&self.policy));
        }
        checks
    }

    /// Writes the baseline.
    fn keep(&self, finish: Finish, observed: &Observed<'_>) -> Result<(), String> {
        if finish != Finish::Exited(0) && !self.options.any_status {
            if !self.options.quiet {
                eprintln!(
                    "audit: the command failed, so that nothing is kept; --any-status keeps it even so"
                );
            }
            return Ok(());
        }
        let mut merged = self.before.clone();
        if let Some(before) = &mut merged {
            learn::merge(before, &observed.facts);
        }
        let kept = merged.as_ref().unwrap_or(&observed.facts);
        place::write(&self.file, kept.text().as_bytes())?;
        if !self.options.quiet {
            let (lines, runs) = (kept.processes.len(), kept.runs);
            let file = shell::shown(self.file.as_os_str().as_bytes());
            eprintln!("audit: kept in '{file}': {lines} lines of programs, runs: {runs}");
        }
        Ok(())
    }
}
