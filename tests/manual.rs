//! The man page and the completions are those that the tables give, and the programs that read them accept them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::{has_tool, missing, this_test};
use trace::cli::manual::{SHELLS, completions, page};

fn root(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Compares, or with TRACE_BLESS writes.
fn fresh(path: &Path, text: &str) {
    if std::env::var_os("TRACE_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    let shown = path.strip_prefix(root("")).unwrap().display();
    assert!(found == text, "{shown} is out of date: TRACE_BLESS=1 cargo test --test manual writes it anew");
}

#[test]
fn the_man_page_is_fresh() {
    fresh(&root("docs/trace.1"), &page());
}

#[test]
fn the_completions_are_fresh() {
    for (_, shell, file) in SHELLS {
        fresh(&root("completions").join(file), &completions(*shell));
    }
}

#[test]
fn the_command_prints_them() {
    let run = |words: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_trace")).arg("manual").args(words).output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    assert_eq!(run(&[]).1, page());
    assert_eq!(run(&["fish"]).1, completions(SHELLS[2].1));
    let (status, _, text) = run(&["csh"]);
    assert_eq!(status, Some(1));
    assert!(text.contains("'csh' is no shell that is known"), "{text}");
}

#[test]
fn every_option_is_in_the_man_page() {
    let page = page();
    for option in [
        "\\-e, \\-\\-expr=EXPR",
        "\\-\\-inject=RULE",
        "\\-\\-where=EXPR",
        "\\-\\-unshare=LIST",
        "trace replay",
    ] {
        assert!(page.contains(option), "{option}");
    }
}

#[test]
fn bash_completes() {
    if !has_tool("bash") {
        return missing(&this_test(), "bash");
    }
    let complete = |line: &[&str]| {
        let words: Vec<String> = line.iter().map(|word| format!("'{word}'")).collect();
        let script = format!(
            "source {}; COMP_WORDS=({}); COMP_CWORD={}; _trace; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            root("completions/trace.bash").display(),
            words.join(" "),
            line.len() - 1
        );
        let output = Command::new("bash").args(["--norc", "-c", &script]).output().unwrap();
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(complete(&["trace", "--secc"]), ["--seccomp-bpf", "--seccomp"]);
    assert_eq!(complete(&["trace", "--color", "=", "al"]), ["always"]);
    assert!(complete(&["trace", "rep"]).contains(&"replay".to_owned()));
    assert_eq!(complete(&["trace", "--strings-in-hex", "=", "non-ascii-"]), ["non-ascii-chars"]);
}
