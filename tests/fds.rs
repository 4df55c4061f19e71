//! What descriptors are open on is remembered, and never wrongly: against strace, which asks each time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use support::log;
use support::{Build, TempDir, compile, heavy, is_stand_in, missing};

const TRACE: &str = env!("CARGO_BIN_EXE_trace");

/// The program's own lines of a log, without numbers that two runs do not share. Those from its first change of
/// directory on, so that what the loader does is no part of it.
fn lines(log: &str, dir: &Path) -> Vec<String> {
    let dir = dir.to_str().unwrap();
    // Without -f no line names its task.
    let log = if log.starts_with(|first: char| first.is_ascii_digit()) {
        log.to_owned()
    } else {
        log.lines().map(|line| format!("1 {line}\n")).collect()
    };
    let entries = log::parse(&log);
    let told: Vec<String> = entries.iter().map(log::Entry::text).collect();
    let from = told.iter().position(|line| line.starts_with("chdir(")).unwrap();
    let interesting = ["write(", "close(", "mkdirat(", "dup", "open", "recvmsg("];
    let of_program = told[from..].iter().filter(|line| interesting.iter().any(|name| line.starts_with(name)));
    // Names below /proc hold ids of processes, which may be short.
    let process = regex::Regex::new("/proc/[0-9]+/").unwrap();
    let plain = |line: &String| process.replace_all(&line.replace(dir, "DIR"), "/proc/N/").into_owned();
    of_program.map(|line| log::without_numbers(&plain(line), 4)).collect()
}

/// The log of the test program under `tracer`, in a new directory.
fn log_of(tracer: &Path, options: &[&str], program: &Path) -> Vec<String> {
    let dir = TempDir::new("fd-names");
    let work = dir.join("work");
    fs::create_dir(&work).unwrap();
    let log = dir.join("log");
    let status =
        Command::new(tracer).args(options).arg("-o").arg(&log).arg(program).arg(&work).status().unwrap();
    assert!(status.success(), "{status}");
    lines(&fs::read_to_string(log).unwrap(), &work)
}

#[test]
fn descriptors_are_named_as_strace_names_them() {
    let test = "descriptors_are_named_as_strace_names_them";
    let strace = Path::new("/usr/bin/strace");
    if !strace.exists() {
        return missing(test, "strace");
    }
    let dir = TempDir::new("fd-program");
    for build in [Build::Native, Build::M32] {
        let Some(program) = compile(&dir, "fd_names", build) else { return missing(test, "gcc-multilib") };
        for options in [&["-f", "-y"][..], &["-y"]] {
            let theirs = log_of(strace, options, &program);
            let ours: &[&str] = if options.len() > 1 { options } else { &["--no-follow", "-y"] };
            let ours = log_of(Path::new(TRACE), ours, &program);
            assert!(theirs.iter().filter(|line| line.starts_with("write(")).count() > 20, "{theirs:#?}");
            for (number, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
                assert_eq!(ours, theirs, "line {number} of {options:?} {build:?}");
            }
            assert_eq!(ours.len(), theirs.len());
        }
    }
}

/// Links that the tracer read while it traced `rounds` of five calls that use descriptors.
fn links_read(options: &[&str], program: &Path, rounds: u64) -> u64 {
    let dir = TempDir::new("fd-cost");
    let table = dir.join("table");
    let status = Command::new(TRACE)
        .args(["--no-follow", "-c", "-U", "calls,name", "-e", "trace=readlink,readlinkat", "-o"])
        .arg(&table)
        .args(["--", TRACE, "-o", "/dev/null"])
        .args(options)
        .arg(program)
        .arg(rounds.to_string())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    let text = fs::read_to_string(&table).unwrap();
    let rows = text.lines().filter(|line| line.ends_with(" readlink") || line.ends_with(" readlinkat"));
    rows.map(|row| row.split_whitespace().next().unwrap().parse::<u64>().unwrap()).sum()
}

#[test]
fn a_descriptor_costs_one_link_while_nothing_changes() {
    if is_stand_in() {
        return;
    }
    let _heavy = heavy();
    let dir = TempDir::new("fd-cost-program");
    let program = compile(&dir, "memory_calls", Build::Native).expect("gcc");
    let (few, many) = (500, 3_500);
    let links = links_read(&["-y"], &program, many) - links_read(&["-y"], &program, few);
    let each = links as f64 / (many - few) as f64;
    println!("fds: {each:.3} links a round of open, read, write, stat and close");
    // The new descriptor; the other three are known. Some are asked for again after a while, and a round takes
    // long while the tracer is traced itself. Asking each time would be four.
    assert!((1.0..3.5).contains(&each), "{each} links for each round");
    // Where close is not seen, nothing may be believed: read and write ask.
    let options = ["-y", "-e", "trace=read,write"];
    let links = links_read(&options, &program, many) - links_read(&options, &program, few);
    assert_eq!(links, 2 * (many - few));
}

/// Descriptors of other processes are shown with what those have them open on.
#[test]
fn descriptors_of_other_processes_have_the_names_that_strace_gives_them() {
    if is_stand_in() {
        return;
    }
    let strace = Path::new("/usr/bin/strace");
    if !strace.exists() {
        return missing("descriptors_of_other_processes", "strace (package strace)");
    }
    let dir = TempDir::new("fd-others");
    let Some(program) = compile(&dir, "fd_others", Build::Native) else { return };
    let differing = [
        (r"^[0-9]+ +", ""),
        (r"pipe:\[[0-9]+\]", "pipe"),
        (r"pid:[0-9]+", "pid:N"),
        (r"kcmp\([0-9]+, [0-9]+", "kcmp(N, N"),
    ];
    let differing = differing.map(|(pattern, to)| (regex::Regex::new(pattern).unwrap(), to));
    let lines = |tracer: &Path, style: &str| -> Vec<String> {
        let log = dir.join("log");
        let mut command = Command::new(tracer);
        command
            .args(["-f", "-a1", "-e", "trace=kcmp,pidfd_getfd", "-e", "signal=none", style, "-o"])
            .arg(&log);
        assert!(command.arg(&program).stderr(Stdio::null()).status().unwrap().success());
        let log = std::fs::read_to_string(&log).unwrap();
        let calls = log.lines().filter(|line| line.contains("kcmp(") || line.contains("pidfd_getfd("));
        // Which of two is the greater depends on the run.
        let plain = |line: &str| {
            let line = line.strip_suffix(" = 1").or(line.strip_suffix(" = 2")).unwrap_or(line);
            differing
                .iter()
                .fold(line.to_owned(), |line, (pattern, to)| pattern.replace_all(&line, *to).into_owned())
        };
        calls.map(plain).collect()
    };
    for style in ["-y", "-yy"] {
        let (theirs, ours) = (lines(strace, style), lines(Path::new(TRACE), style));
        assert!(
            theirs.len() == 10 && theirs.iter().any(|line| line.contains("20</etc/passwd>")),
            "{theirs:#?}"
        );
        assert_eq!(theirs, ours, "{style}");
    }
}
