//! `-Y`: what processes are called, beside their ids, as strace has it and never stale.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;
use std::process::Command;

use support::log::without_numbers;
use support::{TempDir, is_stand_in, missing};

const TRACE: &str = env!("CARGO_BIN_EXE_trace");

/// The log of `words` under `tracer`, without numbers that two runs do not share.
fn log(tracer: &str, options: &[&str], words: &[&str]) -> Vec<String> {
    let dir = TempDir::new("names");
    let file = dir.join("log");
    let status = Command::new(tracer).args(options).arg("-o").arg(&file).args(words).status().unwrap();
    assert!(status.success(), "{status}");
    let text = fs::read_to_string(file).unwrap();
    text.lines().map(|line| without_numbers(line, 3)).collect()
}

#[test]
fn processes_are_called_as_strace_calls_them() {
    let test = "processes_are_called_as_strace_calls_them";
    if !std::path::Path::new("/usr/bin/strace").exists() {
        return missing(test, "strace");
    }
    // One task at a time; nobody asks for a process that may just have gone, and no execve fails, after which
    // strace 6.1 goes on with the old name.
    let script = "kill -0 $$; (kill -0 $$; exit 3); kill -0 1; exec /usr/bin/perl -e '$n = \"new>name\"; syscall(157, 15, $n); \
        kill(0, $$); exec \"/bin/true\"'";
    let words = ["dash", "-c", script];
    let options = ["-Y", "-f", "-e", "trace=kill,prctl,exit_group,execve", "-e", "signal=none"];
    let theirs = log("/usr/bin/strace", &options, &words);
    let ours = log(TRACE, &options, &words);
    // What starts the program is called as the tracer is.
    let own = |line: &String| line.replace("<strace>", "<trace>");
    assert_eq!(ours, theirs.iter().map(own).collect::<Vec<_>>());
    assert!(ours.iter().any(|line| line.starts_with("N<new\\76name> kill(N<new\\76name>, 0)")), "{ours:#?}");
}

#[test]
fn a_name_written_by_another_shows_before_long() {
    if is_stand_in() {
        return;
    }
    let script = "printf by-file > /proc/$$/comm; sleep 0.1; kill -0 $$";
    let ours = log(TRACE, &["-Y", "-e", "trace=kill"], &["dash", "-c", script]);
    // How far the result is moved to the right depends on how long the ids are.
    let squeezed = |line: &String| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut lines = ours.iter().map(squeezed);
    assert!(lines.any(|line| line == "N<by-file> kill(N<by-file>, 0) = 0"), "{ours:#?}");
}

#[test]
fn decode_pids_says_the_same_and_refuses_the_rest() {
    if is_stand_in() {
        return;
    }
    let words = ["dash", "-c", "kill -0 $$"];
    let short = log(TRACE, &["-Y", "-e", "trace=kill"], &words);
    let long = log(TRACE, &["--decode-pids=comm", "-e", "trace=kill"], &words);
    assert_eq!(short, long);
    assert!(short[0].contains("kill(N<dash>, 0)"), "{short:?}");
    let output = Command::new(TRACE).args(["--decode-pids=name", "true"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("invalid decode-pids 'name'"), "{text}");
}
