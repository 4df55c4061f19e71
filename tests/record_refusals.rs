//! What record, replay, diff and export say of input that is none and output that cannot be written: one sentence, an
//! exit status, and nothing left behind.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::collections::BTreeSet;
use std::fs;

use support::TempDir;
use support::run::Run;

const TRACE: &str = env!("CARGO_BIN_EXE_trace");

/// A directory with files of each kind; `good.trace` is a recording.
fn files() -> TempDir {
    let dir = TempDir::new("refusals");
    let words = [TRACE, "record", "-o", "good.trace", "--", "sh", "-c", "ls / | wc -l"];
    assert_eq!(Run::bare(&dir, &words).current_dir(dir.path()).finish().code(), 0);
    fs::write(dir.join("text"), "execve(...) = 0\n").unwrap();
    fs::write(dir.join("empty"), "").unwrap();
    fs::create_dir(dir.join("folder")).unwrap();
    fs::write(dir.join("newer"), trace::record::format::head(trace::record::format::VERSION + 1)).unwrap();
    let good = fs::read(dir.join("good.trace")).unwrap();
    fs::write(dir.join("cut.trace"), &good[..good.len() - 9]).unwrap();
    dir
}

fn names(dir: &TempDir) -> BTreeSet<String> {
    let entries = fs::read_dir(dir.path()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    // What the runs here print is kept beside.
    names.filter(|name| !name.ends_with(".stdout") && !name.ends_with(".stderr")).collect()
}

/// Runs a row: words, the exit status, and what the one line on standard error says. Nothing new is left behind.
fn refused(dir: &TempDir, words: &str, code: i32, parts: &[&str]) {
    let before = names(dir);
    let words: Vec<&str> = [TRACE].into_iter().chain(words.split(' ')).collect();
    let outcome = Run::bare(dir, &words).current_dir(dir.path()).finish();
    let said = outcome.stderr.trim_end();
    assert_eq!(outcome.code(), code, "{words:?}: {said}");
    // A hint on the help is a line of its own.
    let lines: Vec<&str> = said.lines().filter(|line| !line.starts_with("Try '")).collect();
    assert_eq!(lines.len(), 1, "{words:?}: {said}");
    assert!(said.starts_with("trace: "), "{words:?}: {said}");
    for part in parts {
        assert!(said.contains(part), "{words:?}: no '{part}' in {said}");
    }
    assert_eq!(names(dir), before, "{words:?}");
}

#[test]
fn what_is_no_recording() {
    let dir = files();
    let rows: &[(&str, &str)] = &[
        ("none", "cannot open 'none': No such file"),
        ("folder", "'folder' is no regular file"),
        ("/dev/null", "no regular file"),
        ("empty", "'empty': the recording is empty"),
        ("text", "'text': not a recording"),
        ("newer", "has schema 3 and this trace reads up to 2"),
    ];
    for (file, part) in rows {
        refused(&dir, &format!("replay {file}"), 1, &[part]);
        refused(&dir, &format!("replay -o out {file} --json"), 1, &[part]);
        refused(&dir, &format!("export --format chrome -o out {file}"), 1, &[part]);
        refused(&dir, &format!("diff {file} good.trace"), 2, &[part]);
        refused(&dir, &format!("diff --json good.trace {file}"), 2, &[part]);
    }
}

#[test]
fn what_is_not_named() {
    let dir = files();
    let rows: &[(&str, i32, &[&str])] = &[
        ("replay", 1, &["no recording is named"]),
        ("replay good.trace text", 1, &["one recording at a time", "'good.trace'", "'text'"]),
        ("diff", 2, &["two recordings", "none is named", "trace diff A B"]),
        ("diff good.trace", 2, &["two recordings", "only 'good.trace' is named", "trace diff A B"]),
        ("diff good.trace cut.trace text", 2, &["two recordings", "'text' is one too many"]),
        ("export good.trace", 1, &["no format is named", "chrome", "pcapng"]),
        ("export --format dot", 1, &["no recording is named"]),
        ("export --format xml good.trace", 1, &["there is no format 'xml'", "chrome"]),
        ("export --format dot good.trace text", 1, &["one recording at a time"]),
        ("record", 1, &["must have PROG"]),
        ("record -o out", 1, &["must have PROG"]),
    ];
    for (words, code, parts) in rows {
        refused(&dir, words, *code, parts);
    }
}

#[test]
fn what_cannot_be_written() {
    let dir = files();
    let full = "No space left on device";
    let rows: &[(&str, i32, &[&str])] = &[
        ("replay good.trace -o /dev/full", 1, &["the trace could not be written", full]),
        ("replay good.trace --json -o /dev/full", 1, &["the trace could not be written", full]),
        ("replay good.trace -c -o /dev/full", 1, &["the summary could not be written", full]),
        ("replay good.trace --tree -o /dev/full", 1, &["the report could not be written", full]),
        ("replay good.trace --summary=files -o /dev/full", 1, &["the report could not be written", full]),
        ("replay good.trace -o nowhere/out", 1, &["nowhere/out", "No such file"]),
        ("replay good.trace -o folder", 1, &["folder", "Is a directory"]),
        ("export --format chrome good.trace -o nowhere/out", 1, &["nowhere/out", "No such file"]),
        ("export --format chrome good.trace -o folder", 1, &["folder", "Is a directory"]),
        ("export --format pcapng good.trace -o /dev/full", 1, &["could not be written", full]),
        ("export --format html good.trace -o good.trace", 1, &["is the recording itself"]),
        ("record -o nowhere/out -- true", 1, &["cannot write the recording 'nowhere/out'", "No such file"]),
        ("record -o folder -- true", 1, &["cannot write the recording 'folder'", "Is a directory"]),
        ("record -o /dev/full -- true", 1, &["cannot write the recording '/dev/full'", full]),
        // Nothing begins: no file is made.
        ("record -o out -- ./none", 1, &["./none", "No such file"]),
        ("record -o out -p 2147483647", 1, &["2147483647", "there is no process"]),
    ];
    for (words, code, parts) in rows {
        refused(&dir, words, *code, parts);
    }
    // Nor is one emptied that was there.
    let good = fs::read(dir.join("good.trace")).unwrap();
    refused(&dir, "record -o good.trace -p 2147483647", 1, &["there is no process"]);
    refused(&dir, "record --ring 1M -o good.trace -p 2147483647", 1, &["there is no process"]);
    assert!(fs::read(dir.join("good.trace")).unwrap() == good);
    // Standard output that is full.
    let rows = [
        ("export --format chrome good.trace", 1),
        ("export --format parquet good.trace", 1),
        ("diff --json good.trace good.trace", 2),
        ("diff good.trace cut.trace", 2),
    ];
    for (words, code) in rows {
        let line = format!("{TRACE} {words} > /dev/full");
        let outcome = Run::bare(&dir, &["sh", "-c", &line]).current_dir(dir.path()).finish();
        assert_eq!(outcome.code(), code, "{words}: {}", outcome.stderr);
    }
}

#[test]
fn who_stops_reading_is_no_trouble() {
    let dir = files();
    for words in [
        "replay good.trace -o /dev/stdout",
        "diff good.trace empty.trace",
        "export --format chrome good.trace",
    ] {
        if words.starts_with("diff") {
            let other = [TRACE, "record", "-o", "empty.trace", "--", "true"];
            assert_eq!(Run::bare(&dir, &other).current_dir(dir.path()).finish().code(), 0);
        }
        let line = format!("{TRACE} {words} | true");
        let outcome = Run::bare(&dir, &["sh", "-c", &line]).current_dir(dir.path()).finish();
        assert_eq!((outcome.code(), &*outcome.stderr), (0, ""), "{words}");
    }
}
