//! `trace diff` end to end: equal runs of real programs differ in nothing, whatever their ids, addresses, times and
//! made up names; a changed run shows what changed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde_json::Value;
use support::run::{Outcome, Run};
use support::{TempDir, has_tool, missing};
use trace::record::format::{Kind, Meta, VERSION, head};
use trace::record::frame::Packer;
use trace::record::reader::Recording;

const TRACE: &str = env!("CARGO_BIN_EXE_trace");
const SCHEMA: &str = include_str!("../docs/diff.schema.json");

/// Two runs of one program: where it runs, and where its recordings are.
struct Two {
    work: TempDir,
    files: TempDir,
}

impl Two {
    fn new() -> Self {
        Self { work: TempDir::new("diff-work"), files: TempDir::new("diff") }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.files.join(name)
    }

    /// Records `words`. What they print goes to the same place in every run: a file for each would be a difference.
    fn record(&self, name: &str, words: &[&str]) -> Outcome {
        let file = self.file(name);
        let quiet = "exec \"$0\" \"$@\" >/dev/null 2>&1";
        let start = ["sh", "-c", quiet, TRACE, "record", "-o", file.to_str().unwrap(), "--"];
        let outcome =
            Run::bare(&self.files, &[&start[..], words].concat()).current_dir(self.work.path()).finish();
        assert!(file.exists(), "{words:?}: {}", outcome.stderr);
        outcome
    }

    fn diff(&self, options: &[&str]) -> Outcome {
        let (a, b) = (self.file("a"), self.file("b"));
        let words = [&[TRACE, "diff", a.to_str().unwrap(), b.to_str().unwrap()], options].concat();
        Run::bare(&self.files, &words).finish()
    }

    /// Runs `words` twice, `between` them something else, and compares.
    fn runs(&self, words: &[&str], between: impl FnOnce(&Path)) -> Outcome {
        self.record("a", words);
        between(self.work.path());
        self.record("b", words);
        self.diff(&[])
    }

    fn differ_in_nothing(&self, words: &[&str], between: impl FnOnce(&Path)) {
        let outcome = self.runs(words, between);
        assert_eq!((outcome.code(), &*outcome.stdout, &*outcome.stderr), (0, "", ""), "{words:?}");
        let summary = self.json().pop().unwrap();
        assert_eq!(summary["differ"], false, "{summary}");
        assert!(summary["events"]["same"].as_u64().unwrap() > 10, "{summary}");
    }

    /// The comparison as JSON, each line held against the schema.
    fn json(&self) -> Vec<Value> {
        let schema = serde_json::from_str(SCHEMA).expect("the schema is JSON");
        let validator = jsonschema::draft202012::new(&schema).expect("the schema is a schema");
        let outcome = self.diff(&["--json"]);
        let mut objects = Vec::new();
        for line in outcome.stdout.lines() {
            let value: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
            let faults: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
            assert!(faults.is_empty(), "{line}\n{faults:?}");
            objects.push(value);
        }
        assert_eq!(objects[0]["type"], "diff");
        objects
    }
}

/// Lines that begin with a mark.
fn marked<'a>(outcome: &'a Outcome, mark: &str) -> Vec<&'a str> {
    let head = |line: &&str| line.starts_with("---") || line.starts_with("+++");
    outcome.stdout.lines().filter(|line| line.starts_with(mark) && !head(line)).collect()
}

/// Names of the calls in lines with a mark.
fn names(lines: &[&str]) -> Vec<String> {
    let name = |line: &&str| line[2..].split('(').next().unwrap().to_owned();
    let mut names: Vec<String> = lines.iter().map(name).collect();
    names.dedup();
    names
}

#[test]
fn a_listing_twice() {
    let two = Two::new();
    for name in ["one", "two", "three"] {
        fs::create_dir_all(two.work.join("d").join(name)).unwrap();
    }
    two.differ_in_nothing(&["ls", "-l", "d"], |_| {});
}

#[test]
fn a_compile_twice() {
    if !has_tool("gcc") {
        return missing("a_compile_twice", "gcc (package gcc)");
    }
    let two = Two::new();
    fs::write(two.work.join("h.c"), "#include <stdio.h>\nint main(void) { return puts(\"hi\") < 0; }\n")
        .unwrap();
    two.differ_in_nothing(&["gcc", "-O1", "-o", "h", "h.c"], |work| fs::remove_file(work.join("h")).unwrap());
    let header = two.json().remove(0);
    assert!(header["a"]["calls"].as_u64().unwrap() > 500, "{header}");
}

#[test]
fn python_with_threads_ids_and_made_up_names_twice() {
    if !has_tool("python3") {
        return missing("python_with_threads_ids_and_made_up_names_twice", "python3");
    }
    let two = Two::new();
    let script = "
import os, tempfile, threading, time, subprocess
fd, name = tempfile.mkstemp(suffix='.txt'); os.write(fd, name.encode()); os.close(fd)
print(open(name).read(), '%9d %.6f' % (os.getpid(), time.time()), hex(id([]))); os.unlink(name)
os.rmdir(tempfile.mkdtemp(prefix='some-'))
open('/proc/%d/status' % os.getpid()).read(); os.kill(os.getpid(), 0)
all = [threading.Thread(target=os.stat, args=('/tmp',)) for n in range(3)]
[t.start() for t in all]; [t.join() for t in all]
subprocess.run(['cat', '/proc/%d/comm' % os.getpid()])
";
    // The first run may write compiled modules.
    two.record("a", &["python3", "-c", script]);
    two.differ_in_nothing(&["python3", "-c", script], |_| {});
}

#[test]
fn pipelines_twice() {
    let two = Two::new();
    fs::write(two.work.join("lines"), "b\na\nc\n".repeat(30_000)).unwrap();
    let script = "cat lines | sort | uniq -c | tr a b; x=$(head -n 3 lines | sort); echo $x; (sleep 0.01; exit 3) & wait; exit 4";
    two.differ_in_nothing(&["sh", "-c", script], |_| {});
    if has_tool("bash") {
        let script = "for i in 1 2 3; do x=$(echo $i | cat); done; echo $x | tr 1 2";
        two.differ_in_nothing(&["bash", "-c", script], |_| {});
    }
}

#[test]
fn a_file_that_is_missing() {
    let two = Two::new();
    fs::write(two.work.join("app.conf"), "x").unwrap();
    let outcome = two.runs(&["sh", "-c", "test -e app.conf; true"], |work| {
        fs::remove_file(work.join("app.conf")).unwrap()
    });
    assert_eq!((outcome.code(), &*outcome.stderr), (1, ""), "{}", outcome.stdout);
    let changed = marked(&outcome, "~");
    assert_eq!(changed.len(), 2, "{}", outcome.stdout);
    assert!(changed[0].contains("\"app.conf\"") && changed[0].contains(" = 0"), "{}", outcome.stdout);
    assert!(changed[1].contains("-1 ENOENT"), "{}", outcome.stdout);
    assert!(marked(&outcome, "-").is_empty() && marked(&outcome, "+").is_empty(), "{}", outcome.stdout);
    assert!(outcome.stdout.lines().any(|line| line.starts_with("  ")), "{}", outcome.stdout);
    assert_eq!(two.diff(&["-U", "0"]).stdout.lines().filter(|line| line.starts_with("  ")).count(), 0);
    // What is not asked about does not differ.
    let other = two.diff(&["--where", "name == read"]);
    assert_eq!((other.code(), &*other.stdout, &*other.stderr), (0, "", ""));
    let typo = two.diff(&["--where", "nmae == read"]);
    assert_eq!((typo.code(), typo.stderr.contains("name")), (2, true), "{}", typo.stderr);
    let objects = two.json();
    let event = objects.iter().find(|object| object["type"] == "event").unwrap();
    assert_eq!((&event["op"], &event["b"]["errno"]), (&"changed".into(), &"ENOENT".into()), "{event}");
    assert_eq!(objects.last().unwrap()["events"]["changed"], 1);
    let counts = two.diff(&["--summary"]);
    assert!(counts.stdout.contains("1 with another result") && counts.code() == 1, "{}", counts.stdout);
}

#[test]
fn a_file_of_another_size() {
    let two = Two::new();
    fs::write(two.work.join("data"), "small\n").unwrap();
    let outcome = two.runs(&["cat", "data"], |work| fs::write(work.join("data"), "rather larger\n").unwrap());
    assert_eq!((outcome.code(), &*outcome.stderr), (1, ""), "{}", outcome.stdout);
    let lines = [marked(&outcome, "~"), marked(&outcome, "-"), marked(&outcome, "+")];
    for name in lines.iter().flat_map(|lines| names(lines)) {
        let expected = ["newfstatat", "fstat", "statx", "read", "write"];
        assert!(expected.contains(&&*name) || name.starts_with("=> "), "{name}: {}", outcome.stdout);
    }
    assert!(
        outcome.stdout.contains("small") && outcome.stdout.contains("rather larger"),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome.stdout.contains("st_size=6") && outcome.stdout.contains("st_size=14"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn one_more_child() {
    let two = Two::new();
    let script = "/bin/true; if test -e more; then /bin/echo x; fi; /bin/true 2; exit 0";
    let outcome = two.runs(&["sh", "-c", script], |work| fs::write(work.join("more"), "").unwrap());
    assert_eq!((outcome.code(), &*outcome.stderr), (1, ""), "{}", outcome.stdout);
    let added = marked(&outcome, "+");
    let processes: Vec<&&str> = added.iter().filter(|line| line.starts_with("+ process")).collect();
    assert_eq!(processes.len(), 1, "{}", outcome.stdout);
    assert!(
        processes[0].contains("/bin/echo x  #") && processes[0].ends_with("exited with 0"),
        "{processes:?}"
    );
    assert!(marked(&outcome, "-").is_empty(), "{}", outcome.stdout);
    let began = ["clone(", "clone3(", "vfork(", "fork("];
    assert!(
        added.iter().any(|line| began.iter().any(|name| line[2..].starts_with(name))),
        "{}",
        outcome.stdout
    );
    // The other children are whom they were, though they come later.
    assert_eq!(outcome.stdout.matches("@@ process").count(), 1, "{}", outcome.stdout);
    let summary = two.json().pop().unwrap();
    assert_eq!((&summary["processes"]["same"], &summary["processes"]["added"]), (&3.into(), &1.into()));
}

#[test]
fn another_end() {
    let two = Two::new();
    let outcome = two.runs(&["sh", "-c", "test -e no && kill -9 $$; true"], |work| {
        fs::write(work.join("no"), "").unwrap();
    });
    assert_eq!(outcome.code(), 1, "{}", outcome.stdout);
    assert!(outcome.stdout.contains("~ exited with 0 => killed by SIGKILL"), "{}", outcome.stdout);
}

#[test]
fn what_takes_longer_is_shown_when_asked_for() {
    let two = Two::new();
    let words = ["sh", "-c", "cat pipe"];
    let pipe = two.work.join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo (package coreutils)");
    assert!(made.success());
    let write = |after: Duration| {
        let pipe = pipe.clone();
        std::thread::spawn(move || {
            std::thread::sleep(after);
            fs::write(pipe, "x")
        })
    };
    let writer = write(Duration::ZERO);
    two.record("a", &words);
    writer.join().unwrap().unwrap();
    let writer = write(Duration::from_secs(2));
    two.record("b", &words);
    writer.join().unwrap().unwrap();
    let outcome = two.diff(&[]);
    assert_eq!((outcome.code(), &*outcome.stdout), (0, ""), "times do not count unless asked for");
    let outcome = two.diff(&["--slower", "2", "--min", "300ms"]);
    assert_eq!(outcome.code(), 1, "{}", outcome.stderr);
    let slower = marked(&outcome, "~");
    assert!(
        slower.iter().any(|line| line.contains("\"pipe\"") && line.contains("# took ")),
        "{}",
        outcome.stdout
    );
    let refused = two.diff(&["--min", "1ms"]);
    assert_eq!((refused.code(), refused.stderr.contains("add --slower")), (2, true));
}

/// Events of a recording, frame by frame, with other bytes here and there and checksums as they should be.
fn forged(path: &Path, random: &mut impl FnMut(usize) -> usize) -> Vec<u8> {
    let bytes = fs::read(path).unwrap();
    let mut recording = Recording::new(&bytes[..]).unwrap();
    let mut forged = head(VERSION).to_vec();
    let mut packer = Packer::new(1).unwrap();
    packer.pack(Kind::Meta, 0, 0, &Meta::default().to_bytes(), &mut forged).unwrap();
    for (at, entry) in recording.index.frames.clone().iter().enumerate() {
        let mut raw = Vec::new();
        if entry.kind != Kind::Events || recording.read(entry, &mut raw).unwrap().is_err() {
            continue;
        }
        for _ in 0..random(30) {
            let at = random(raw.len());
            raw[at] = random(256) as u8;
        }
        // A stretch from elsewhere: whole events out of their place, with other times and ids.
        let size = random(raw.len().min(4000));
        let (from, to) = (random(raw.len() - size), random(raw.len() - size));
        let stretch = raw[from..from + size].to_vec();
        raw.splice(to..to, stretch);
        packer.pack(Kind::Events, at as u32, 1, &raw, &mut forged).unwrap();
    }
    forged
}

#[test]
fn forged_recordings_are_compared_without_panic() {
    let two = Two::new();
    fs::write(two.work.join("lines"), "b\na\n".repeat(100)).unwrap();
    two.record("a", &["sh", "-c", "sort lines | cat; test -e none; kill -CHLD $$; ls -l / | wc -l"]);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_nanos() as u64;
    println!("seed {now}");
    let mut seed = now | 1;
    let mut random = |limit: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % limit.max(1)
    };
    let whole = fs::read(two.file("a")).unwrap();
    for round in 0..12 {
        let bad = forged(&two.file("a"), &mut random);
        fs::write(two.file("b"), &bad).unwrap();
        if round % 4 == 0 {
            fs::write(two.file("a"), forged(&two.file("a"), &mut random)).unwrap();
        }
        for options in [&["--json", "--strict"][..], &["--slower", "1", "--min", "0us"]] {
            let outcome = two.diff(options);
            assert!([0, 1, 2].contains(&outcome.code()), "{}", outcome.stderr);
            assert!(!outcome.stderr.contains("panicked"), "{}", outcome.stderr);
            let strange = |c: char| c.is_control() && c != '\n';
            assert!(!outcome.stdout.contains(strange), "nothing of a tracee reaches the terminal as it is");
        }
        fs::write(two.file("a"), &whole).unwrap();
    }
}

#[test]
fn trouble_is_one_sentence() {
    let two = Two::new();
    two.record("a", &["true"]);
    fs::write(two.file("b"), "#!/bin/sh\n").unwrap();
    let foreign = two.diff(&[]);
    assert_eq!((foreign.code(), foreign.stderr.contains("not a recording")), (2, true), "{}", foreign.stderr);
    let whole = fs::read(two.file("a")).unwrap();
    fs::write(two.file("b"), &whole[..whole.len() - 20]).unwrap();
    let cut = two.diff(&[]);
    assert_eq!((cut.code(), cut.stderr.contains("ends early")), (2, true), "{}", cut.stderr);
    fs::remove_file(two.file("b")).unwrap();
    let none = two.diff(&[]);
    assert_eq!((none.code(), none.stderr.contains("cannot open")), (2, true), "{}", none.stderr);
    let a = two.file("a");
    for words in [&[TRACE, "diff", a.to_str().unwrap()][..], &[TRACE, "diff", "--what"]] {
        let outcome = Run::bare(&two.files, words).finish();
        assert_eq!((outcome.code(), outcome.stdout.is_empty()), (2, true), "{words:?}: {}", outcome.stderr);
    }
    let help = Run::bare(&two.files, &[TRACE, "diff", "-h"]).finish();
    assert_eq!((help.code(), help.stdout.contains("exit status is 0")), (0, true));
}
