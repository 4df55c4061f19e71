//! How fast trace is next to strace: small workloads, every tracer, one interleaved run, a table of ratios.
//!
//! `cargo bench --bench versus [-- --rounds N] [--only NAME,…] [--quick] [--calm SECONDS] [--markdown] [--list]`
//!
//! Each workload runs bare, under strace, under strace on one CPU, under perf trace and under trace, one after
//! the other, in as many rounds as asked for; every round begins with another tracer. A ratio is that of the
//! medians; beside it stand the least and the greatest of a round. Every run must succeed, and trace's log
//! must hold as many calls as strace's: a row where that fails is WRONG, and the exit status is 1. A bar that
//! is missed does not change the exit status; `~` marks a verdict on which the rounds disagree.
//!
//! A busy machine hides what strace costs (see load.rs): column `others` says how much of the CPUs other processes
//! took, and `--calm` waits for quiet before each run, so many seconds in all. `--quick` only shows that everything
//! works: its runs are so short that starting a tracer outweighs what it does.
//!
//! The bars on the tracer's own syscalls and memory are counts: see tests/cost.rs.
#![allow(unsafe_code, missing_docs)]

mod load;
mod run;
mod table;
mod tracers;
mod workloads;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use load::Load;
use table::Row;
use tracers::{Tally, Tracer};
use workloads::Workload;

/// What the command line asks for.
struct Arguments {
    rounds: usize,
    only: Vec<String>,
    /// By what sizes are divided.
    divisor: u64,
    /// What may still be spent on waiting for a calm machine.
    calm: Duration,
    markdown: bool,
    list: bool,
}

/// A temporary directory that goes with this value.
struct TempDir(PathBuf);

impl Drop for TempDir {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

fn main() -> ExitCode {
    match arguments().and_then(bench) {
        Ok(code) => code,
        Err(why) => {
            eprintln!("versus: {why}");
            ExitCode::from(2)
        }
    }
}

fn arguments() -> Result<Arguments, String> {
    let mut arguments = Arguments {
        rounds: 5,
        only: Vec::new(),
        divisor: 1,
        calm: Duration::ZERO,
        markdown: false,
        list: false,
    };
    let mut rounds = None;
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} needs a value"));
        match word.as_str() {
            // What cargo adds.
            "--bench" => {}
            "--rounds" => {
                let number = value()?.parse().ok().filter(|n| *n > 0);
                rounds = Some(number.ok_or("--rounds needs a number from 1")?);
            }
            "--only" => arguments.only.extend(value()?.split(',').map(Into::into)),
            "--quick" => (arguments.rounds, arguments.divisor) = (2, 5),
            "--calm" => {
                let seconds = value()?.parse().map_err(|_| "--calm needs a number of seconds")?;
                arguments.calm = Duration::from_secs(seconds);
            }
            "--markdown" => arguments.markdown = true,
            "--list" => arguments.list = true,
            _ => {
                return Err(format!(
                    "unknown '{word}': --rounds N, --only NAME,..., --quick, --calm SECONDS, --markdown, --list"
                ));
            }
        }
    }
    arguments.rounds = rounds.unwrap_or(arguments.rounds);
    let known = |name: &String| workloads::ALL.iter().any(|workload| workload.name == name);
    match arguments.only.iter().find(|name| !known(name)) {
        Some(name) => Err(format!("no workload '{name}': --list names them")),
        None => Ok(arguments),
    }
}

fn bench(mut arguments: Arguments) -> Result<ExitCode, String> {
    let asked = |workload: &&Workload| {
        arguments.only.is_empty() || arguments.only.iter().any(|name| name == workload.name)
    };
    let chosen: Vec<&'static Workload> = workloads::ALL.iter().filter(asked).collect();
    if arguments.list {
        chosen.iter().for_each(|w| println!("{:<18} {}", w.name, w.words(arguments.divisor).join(" ")));
        return Ok(ExitCode::SUCCESS);
    }
    run::set_up();
    let path = std::env::temp_dir().join(format!("trace-versus-{}", std::process::id()));
    fs::create_dir(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let dir = TempDir(path);
    workloads::build(&dir.0)?;
    let mut rows = Vec::new();
    for workload in chosen {
        eprint!("{:<18}", workload.name);
        rows.push(measure(workload, &mut arguments, &dir.0));
        if run::is_stopped() {
            return Err("interrupted".into());
        }
        eprintln!();
    }
    drop(dir);
    print!("{}", table::render(&rows, arguments.markdown));
    let (passed, all) = rows.iter().map(Row::score).fold((0, 0), |(p, a), (q, b)| (p + q, a + b));
    println!(
        "\n{passed} of {all} bars passed; medians of {} rounds; strace, pinned, perf and trace are times",
        arguments.rounds
    );
    println!("over bare, with the range of a round; ~ where the rounds disagree.");
    println!("{}", machine());
    let wrong = rows.iter().any(|row| row.wrong.is_some());
    Ok(if wrong { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// All rounds of one workload.
fn measure(workload: &'static Workload, arguments: &mut Arguments, dir: &Path) -> Row {
    let mut row = Row::new(workload);
    let missing = workload.missing().map(|name| format!("{name} is not installed"));
    // The first bare run fills the caches and is not counted.
    let why = missing.or_else(|| tracers::run(Tracer::Bare, workload, dir, arguments.divisor).err());
    if let Some(why) = why {
        row.drop_tracer(Tracer::Bare, why);
        return row;
    }
    for round in 0..arguments.rounds {
        let mut tallies: [Option<Tally>; 5] = [None; 5];
        for turn in 0..Tracer::ALL.len() {
            let tracer = Tracer::ALL[(round + turn) % Tracer::ALL.len()];
            if run::is_stopped() {
                return row;
            }
            if !row.has(tracer) {
                continue;
            }
            arguments.calm = load::wait_for_calm(arguments.calm);
            let before = Load::now();
            let ran = tracers::run(tracer, workload, dir, arguments.divisor);
            row.add_others(Load::now().others_since(before));
            match ran {
                Ok(ran) => {
                    row.add(tracer, ran.seconds);
                    tallies[tracer as usize] = ran.tally;
                }
                Err(why) => lose(&mut row, tracer, why, round),
            }
            eprint!(".");
        }
        compare(&mut row, &tallies);
    }
    row
}

/// A tracer gave no measurement. When trace did before, or refuses nothing, that is a fault of trace.
fn lose(row: &mut Row, tracer: Tracer, why: String, round: usize) {
    let refused = why.contains("invalid option") || why.contains("unrecognized option");
    if tracer == Tracer::Trace && !(round == 0 && refused) {
        row.wrong.get_or_insert_with(|| why.clone());
    }
    row.drop_tracer(tracer, why);
}

/// Holds trace's log of this round against those of strace.
fn compare(row: &mut Row, tallies: &[Option<Tally>; 5]) {
    let Some(ours) = tallies[Tracer::Trace as usize] else { return };
    for tracer in [Tracer::Strace, Tracer::Pinned] {
        let Some(theirs) = tallies[tracer as usize] else { continue };
        if let Err(why) = ours.agrees(theirs, row.workload.check) {
            row.wrong.get_or_insert(why);
        }
    }
}

/// What this was measured on, in one line.
fn machine() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let info = read("/proc/cpuinfo");
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    let model = model.map_or("unknown CPU", |(_, name)| name.trim());
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let virtualised = if info.contains(" hypervisor") { ", virtual" } else { "" };
    let kernel = read("/proc/sys/kernel/osrelease");
    let tracers = [version(&["strace", "-V"]), version(&["perf", "--version"])].join(", ");
    format!("machine: {model}, {cores} CPUs{virtualised}, Linux {}, {tracers}", kernel.trim())
}

/// Name and version as the first line of a program's output has them.
fn version(words: &[&str]) -> String {
    let output = Command::new(words[0]).args(&words[1..]).output();
    let Ok(output) = output else { return format!("no {}", words[0]) };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let number = text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    format!("{} {}", words[0], number.unwrap_or("of unknown version"))
}
