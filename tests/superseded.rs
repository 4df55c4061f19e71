//! execve in a thread that is not the first: what strace prints where the thread takes the process's id.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use support::log::without_numbers;
use support::{Build, TempDir, compile, missing};

const TRACE: &str = env!("CARGO_BIN_EXE_trace");

/// Everything that `tracer` wrote: its messages, its file, or one file for each task in the order of their ids.
fn written(tracer: &str, options: &[&str], program: &Path) -> Vec<String> {
    let dir = TempDir::new("superseded");
    let file = dir.join("log");
    let mut command = Command::new(tracer);
    command.args(["-f", "-e", "trace=execve,pause,exit_group"]).args(options);
    if options.contains(&"-o") {
        command.arg(&file);
    }
    let output = command.arg(program).output().unwrap();
    assert!(output.status.success());
    let mut text = String::from_utf8(output.stderr).unwrap();
    let mut files: Vec<_> = fs::read_dir(dir.join(".")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("log")) {
        text += &fs::read_to_string(file).unwrap();
        text += "--\n";
    }
    text.lines().map(plain).collect()
}

fn plain(line: &str) -> String {
    let mut out = without_numbers(&line.replace("strace:", "trace:"), 3);
    // Whether the thread is there already when the first one begins to wait is the scheduler's affair.
    if out.ends_with(" pause( <unfinished ...>") {
        out = "pause( <unfinished ...>".to_owned();
    }
    // The width of a task's id.
    out.replace("[pid     N]", "[pid N]").replace("[pid    N]", "[pid N]").replace("[pid   N]", "[pid N]")
}

#[test]
fn the_process_goes_on_as_strace_says() {
    let test = "the_process_goes_on_as_strace_says";
    if !Path::new("/usr/bin/strace").exists() {
        return missing(test, "strace");
    }
    let dir = TempDir::new("lone-exec");
    let program = compile(&dir, "lone_exec", Build::Native).expect("gcc");
    let no_pause = ["-e", "trace=execve", "-o"];
    for options in [&["-o"][..], &["-f", "-o"], &no_pause, &["-q"], &["-qqq"]] {
        let theirs = written("/usr/bin/strace", options, &program);
        assert!(theirs.iter().any(|line| line.contains("execve resumed>)")), "{theirs:#?}");
        assert_eq!(written(TRACE, options, &program), theirs, "{options:?}");
    }
}
