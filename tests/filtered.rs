//! The seccomp filter is invisible: a filtered trace is the trace, line for line, and the program runs as without.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::collections::HashSet;
use std::path::Path;

use support::log;
use support::run::{Outcome, Run};
use support::{Build, TempDir, compile, heavy, is_stand_in, missing};

const TRACE: &str = env!("CARGO_BIN_EXE_trace");

fn run(dir: &TempDir, options: &[&str], words: &[&str]) -> Outcome {
    let outcome = Run::traced(dir, Path::new(TRACE), options, words).finish();
    assert_eq!(outcome.leftovers, 0, "{words:?}");
    outcome
}

/// Lines without pids, addresses and other long numbers that two runs do not share, in no order.
/// Calls that were told in two halves are one line again.
fn normal(log: &str) -> Vec<String> {
    let entries = log::parse(log);
    let tasks = tasks(&entries);
    // How often a shell asks before its child has ended is the scheduler's affair.
    let told = entries.iter().map(log::Entry::text).filter(|text| !text.contains("WNOHANG"));
    let mut lines: Vec<String> = told.map(|text| normal_line(&text, &tasks)).collect();
    lines.sort();
    lines
}

/// The pids that the log can name: its tasks, those that they made, and their parents, the tracer among them.
fn tasks(entries: &[log::Entry]) -> HashSet<String> {
    let parent = |entry: &log::Entry| match &entry.kind {
        log::Kind::Call { name, ret, .. } if name == "getppid" => ret.parse().ok(),
        _ => None,
    };
    let named = |entry: &log::Entry| [Some(entry.pid), entry.created(), parent(entry)].into_iter().flatten();
    entries.iter().flat_map(named).map(|pid| pid.to_string()).collect()
}

fn normal_line(line: &str, tasks: &HashSet<String>) -> String {
    let line = line.split(", si_utime").next().unwrap_or(line);
    let mut out = String::new();
    for word in line.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let (body, end) = word.split_at(word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric()).len());
        let long = body.len() > 3 && body.bytes().all(|b| b.is_ascii_digit());
        let varies = body.starts_with("0x") || long || tasks.contains(body);
        out.push_str(if varies { "N" } else { body });
        out.push_str(end);
    }
    out
}

#[test]
fn a_filtered_trace_is_the_trace() {
    if is_stand_in() {
        return;
    }
    let _heavy = heavy();
    let dir = TempDir::new("filtered");
    let script = "ls / > /dev/null; (cd /; pwd > /dev/null); sh -c 'exit 3'; cat /proc/self/comm; true";
    for wanted in
        ["trace=openat", "trace=execve,wait4", "trace=%process", "trace=!openat,mmap,getrandom", "trace=none"]
    {
        let words = ["sh", "-c", script];
        let filtered = run(&dir, &["-e", wanted], &words);
        let full = run(&dir, &["-e", wanted, "--no-seccomp"], &words);
        assert_eq!(filtered.stdout, full.stdout);
        let (with, without) = (normal(&filtered.log), normal(&full.log));
        let only = |a: &[String], b: &[String]| -> Vec<String> {
            a.iter().filter(|line| !b.contains(line)).cloned().collect()
        };
        assert!(
            with == without,
            "{wanted}: only with {:#?}, only without {:#?}",
            only(&with, &without),
            only(&without, &with)
        );
        assert!(wanted == "trace=none" || filtered.log.lines().count() > 8, "{wanted}: {}", filtered.log);
    }
}

#[test]
fn a_program_with_a_filter_of_its_own_runs_as_without() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("own-filter");
    let Some(program) = compile(&dir, "own_filter", Build::Native) else { return };
    let program = program.to_str().unwrap();
    for mode in ["errno", "trace", "tsync", "prctl"] {
        let bare = Run::bare(&dir, &[program, mode]).finish();
        assert_eq!(bare.code(), 0);
        for options in [&["-e", "trace=getppid"][..], &["-e", "trace=openat"], &["-e", "trace=!getppid"], &[]]
        {
            let traced = run(&dir, options, &[program, mode]);
            assert_eq!(traced.stdout, bare.stdout, "{mode} {options:?}");
            if options.contains(&"trace=getppid") {
                let lines = normal(&traced.log);
                let calls = lines.iter().filter(|l| l.starts_with("getppid()")).count();
                assert_eq!(calls, 4, "before, after, in the thread, in the child: {lines:#?}");
                let full = run(&dir, &[options, &["--no-seccomp"]].concat(), &[program, mode]);
                assert_eq!(lines, normal(&full.log), "{mode}");
            }
        }
    }
}

#[test]
fn a_change_of_personality_is_told_where_it_was() {
    let dir = TempDir::new("filtered-m32");
    let test = "a_change_of_personality_is_told_where_it_was";
    let Some(program) = compile(&dir, "dense", Build::M32) else { return missing(test, "gcc-multilib") };
    let script = format!("{} 3; /bin/true", program.display());
    for wanted in ["trace=getppid,execve", "trace=openat"] {
        let filtered = run(&dir, &["-e", wanted], &["sh", "-c", &script]);
        let full = run(&dir, &["-e", wanted, "--no-seccomp"], &["sh", "-c", &script]);
        assert_eq!(normal(&filtered.log), normal(&full.log), "{wanted}");
        assert_eq!(filtered.stderr, full.stderr, "{wanted}");
    }
}

#[test]
fn the_debug_option_says_why_there_is_no_filter() {
    let dir = TempDir::new("filtered-debug");
    let rows: &[(&[&str], &str)] = &[
        (&["-e", "trace=openat"], "seccomp filter of"),
        (&[], "no seccomp filter: every call is wanted"),
        (&["-e", "trace=openat", "--no-seccomp"], "no seccomp filter: it was not asked for"),
        (&["-e", "trace=openat", "--no-follow"], "no seccomp filter: children are not followed"),
        (&["-e", "trace=openat", "--syscall-limit=3"], "no seccomp filter: --syscall-limit"),
    ];
    for (options, sentence) in rows {
        let outcome =
            Run::bare(&dir, &[&[TRACE, "-d", "-o", "/dev/null"], *options, &["true"]].concat()).finish();
        assert!(outcome.stderr.contains(sentence), "{options:?}: {}", outcome.stderr);
    }
}
