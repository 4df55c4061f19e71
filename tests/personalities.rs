//! Calls of other ABIs: i386 and x32 in a 64-bit program, and numbers that are no calls, beside strace.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
#![cfg(target_arch = "x86_64")]

mod support;

use std::path::{Path, PathBuf};

use support::bench::{Bench, outcome};
use support::{Build, ORACLE, compile};

const CALLS: &str = "trace=getpid,getppid,dup,readv,rt_sigaction";

/// Both print the same of the program with these options.
fn same(rows: &[&str]) {
    let Some(bench) = Bench::new() else { return };
    let Some(program) = compile(&bench.dir, "personalities", Build::Native) else { return };
    let words = |row: &str| {
        let mut words = bench.words(&format!("{row} | -"));
        words.push(program.to_str().unwrap().to_owned());
        words
    };
    let mut bad = Vec::new();
    for row in rows {
        let (ours, theirs) = (outcome(&bench.ours, &words(row)), outcome(Path::new(ORACLE), &words(row)));
        assert!(!theirs.contains("signal"), "{row}: strace fails: {theirs}");
        if ours != theirs {
            bad.push(format!("== {row}\n-- strace\n{theirs}\n-- trace\n{ours}\n"));
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn lines() {
    let all: Vec<String> = [
        "",
        "-n",
        "-q",
        "-v",
        "-X raw",
        "-X verbose",
        "-e raw=dup,readv,rt_sigaction",
        "-f",
        "-o /dev/stderr",
        "-y",
    ]
    .map(|row| format!("{row} -e {CALLS}"))
    .to_vec();
    same(&all.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn filters() {
    same(&[
        "-e trace=getppid@x32",
        "-e trace=getppid@64",
        "-e trace=getppid@32",
        "-e trace=dup@x32,getpid@64",
        "-e trace=?getppid@x32",
        "-e trace=all@x32",
        "-e trace=%pure@x32",
        "-e trace=!%desc@x32 -e trace=none",
        "-e trace=/^readv@x32",
        "-e trace=readv",
        "-e trace=/^readv",
        "-e trace=512",
        "-e trace=515@x32",
        "-e trace=none",
        "-e trace=!all",
        "-e trace=foo@x32",
        "-e trace=getppid@x64",
        "-e inject=getppid@x32:retval=7 -e trace=getppid",
        "-e inject=getppid@64:retval=7 -e trace=getppid",
        "-e quiet=personality -e trace=getppid",
    ]);
}

#[test]
fn tables_of_each() {
    // Strace 6.1 dies of numbers that are no calls when it counts, so that the program is another.
    let Some(bench) = Bench::new() else { return };
    let Some(program) = compile(&bench.dir, "personalities", Build::Native) else { return };
    let program: PathBuf = program;
    let words: Vec<String> = ["-c", "-S", "name", "-U", "calls,name", "-e", "trace=getppid,getpid,/^readv"]
        .into_iter()
        .chain([program.to_str().unwrap()])
        .map(str::to_owned)
        .collect();
    let text = outcome(&bench.ours, &words);
    let heads: Vec<&str> = text.lines().filter(|line| line.contains("mode")).collect();
    let tables = ["System call usage summary for 32 bit mode:", "System call usage summary for x32 mode:"];
    assert!(heads.ends_with(&tables), "{text}");
    assert!(heads[0] == "[ Process PID=N runs in x32 mode. ]", "{text}");
    assert_eq!(text.matches("1 getppid").count(), 3, "a row in each table: {text}");
    assert!(text.contains("1 readv#64"), "{text}");
}
