//! Operations of io_uring in what is made of calls: counts, questions, trees and tables, comparisons, exports and the
//! screen, of a program that uses files and sockets over a ring.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/audit.rs"]
mod audit;
#[path = "support/export.rs"]
mod export;
#[path = "support/json.rs"]
mod json;
mod support;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;
use std::time::{Duration, Instant};

use export::{Recorded, TRACE, oracle, rings, tool};
use serde_json::{Value, json};
use support::run::{Outcome, Run};
use support::{Build, TempDir, compile, has_tool, missing};
use trace::record::reader::Recording;
use trace::view::log::Log;
use trace_tui::model::{Filter, Timeline};

/// A directory with the program in it, unless it cannot be built or the kernel has no io_uring.
struct Bench {
    dir: TempDir,
    program: String,
}

impl Bench {
    fn new(label: &str) -> Option<Self> {
        let dir = TempDir::new(label);
        let program = compile(&dir, "rings", Build::Native)?.to_str().unwrap().to_owned();
        if Run::bare(&dir, &[&program, "."]).finish().code() == 77 {
            missing(&support::this_test(), "io_uring (kernel.io_uring_disabled, or a seccomp profile)");
            return None;
        }
        Some(Self { dir, program })
    }

    /// Runs scenes in a directory of their own under a tracer with `options`.
    fn run(&self, tracer: &[&str], scenes: &[&str]) -> Outcome {
        let work = self.dir.join("work");
        fs::remove_dir_all(&work).ok();
        fs::create_dir_all(&work).unwrap();
        let words = [tracer, &[&*self.program, work.to_str().unwrap()], scenes].concat();
        let outcome = Run::bare(&self.dir, &words).finish();
        assert_eq!(outcome.code(), 0, "{words:?}: {}", outcome.stderr);
        outcome
    }

    /// Records scenes to a file.
    fn record(&self, name: &str, options: &[&str], scenes: &[&str]) -> String {
        let file = self.dir.join(name).to_str().unwrap().to_owned();
        self.run(&[&[TRACE, "record", "-o", &file], options, &["--"]].concat(), scenes);
        file
    }

    /// What trace says of recordings.
    fn ask(&self, words: &[&str]) -> Outcome {
        Run::bare(&self.dir, &[&[TRACE], words].concat()).finish()
    }
}

/// Operations of `files` and how many of them fail, by name.
const FILES: &[(&str, u64, u64)] = &[
    ("io_uring:close", 1, 0),
    ("io_uring:nop", 1, 0),
    ("io_uring:openat", 2, 1),
    ("io_uring:operation_200", 1, 1),
    ("io_uring:read", 1, 0),
    ("io_uring:readv", 1, 0),
    ("io_uring:renameat", 1, 0),
    ("io_uring:statx", 1, 0),
    ("io_uring:write", 1, 0),
];

/// Rows of a table of `-c -U calls,errors,name,total-time`: calls and errors by name; totals among them.
fn rows(table: &str) -> BTreeMap<String, (u64, u64)> {
    let row = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let calls = words.first()?.parse().ok()?;
        let (errors, name) = match words[..] {
            [_, errors, name, _] => (errors.parse().ok()?, name),
            [_, name, _] => (0, name),
            _ => return None,
        };
        Some((name.to_owned(), (calls, errors)))
    };
    table.lines().filter_map(row).collect()
}

#[test]
fn summaries_count_operations_apart_from_calls() {
    let Some(bench) = Bench::new("rings-c") else { return };
    let columns = ["-c", "-U", "calls,errors,name,total-time"];
    let outcome = bench.run(&[&[TRACE], &columns[..]].concat(), &["files"]);
    let (calls, operations) = outcome.stderr.split_once("\n\n").expect("two tables");
    assert!(operations.lines().next().unwrap().contains("operation"), "{operations}");
    assert!(!calls.contains("io_uring:"), "{calls}");
    let mut found = rows(operations);
    assert_eq!(found.remove("total"), Some((10, 2)), "{operations}");
    let wanted = FILES.iter().map(|(name, calls, errors)| ((*name).to_owned(), (*calls, *errors)));
    assert_eq!(found, wanted.collect(), "{operations}");
    // The calls are those of a run in which nobody looks at rings, and add up.
    let mut with = rows(calls);
    let mut without =
        rows(&bench.run(&[&[TRACE, "--no-io-uring"], &columns[..]].concat(), &["files"]).stderr);
    assert_eq!(with, without);
    assert_eq!(with["io_uring_enter"], (10, 0));
    let (total, _) = with.remove("total").unwrap();
    assert_eq!(with.values().map(|(calls, _)| calls).sum::<u64>(), total);
    // A replay counts the same.
    let file = bench.record("c.trace", &[], &["files"]);
    let replayed = bench.ask(&[&["replay", &*file], &columns[..]].concat()).stderr;
    let (calls, operations) = replayed.split_once("\n\n").expect("two tables");
    without.remove("total");
    let mut again = rows(calls);
    again.remove("total");
    assert_eq!(again, without);
    assert_eq!(rows(operations)["io_uring:openat"], (2, 1));
    // Two completions of which it is not known whose they are count, without a name.
    let unknown = bench.run(&[&[TRACE], &columns[..]].concat(), &["alike"]).stderr;
    assert_eq!(rows(&unknown)["io_uring:?"], (2, 1), "{unknown}");
}

#[test]
fn rows_of_a_summary_are_as_the_schema_says() {
    let Some(bench) = Bench::new("rings-json") else { return };
    let file = bench.dir.join("rows.json");
    bench.run(&[TRACE, "-c", "--json", "-o", file.to_str().unwrap()], &["files"]);
    let objects = json::lines(&fs::read(&file).unwrap());
    for (name, calls, errors) in FILES {
        let row = objects.iter().find(|row| row["name"] == *name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(
            (&row["type"], &row["calls"], &row["errors"]),
            (&json!("summary"), &json!(calls), &json!(errors))
        );
        assert!(row["duration"].as_f64().unwrap() > 0.0, "{row}");
    }
}

#[test]
fn under_the_name_of_strace_there_are_no_operations() {
    let Some(bench) = Bench::new("rings-strict") else { return };
    let strict = bench.dir.join("strace");
    symlink(TRACE, &strict).unwrap();
    let strict = strict.to_str().unwrap();
    let counted = |tracer: &str| {
        let outcome =
            bench.run(&[tracer, "-f", "-c", "-S", "name", "-U", "calls,errors,name"], &["files", "sockets"]);
        assert!(!outcome.stderr.contains("operation"), "{}", outcome.stderr);
        outcome.stderr
    };
    let logged = |tracer: &str| {
        let log = bench.dir.join("log");
        bench.run(&[tracer, "-e", "trace=io_uring_enter", "-o", log.to_str().unwrap()], &["files"]);
        fs::read_to_string(log).unwrap()
    };
    let (own, lines) = (counted(strict), logged(strict));
    assert!(!lines.contains("openat"), "{lines}");
    if !has_tool("strace") {
        return missing(&support::this_test(), "strace (package strace)");
    }
    assert_eq!((own, lines), (counted("strace"), logged("strace")));
}

/// The lines that `--where EXPR` leaves, live and, in the second list, of a replay.
fn asked(bench: &Bench, file: &str, options: &[&str], expr: &str) -> [Vec<String>; 2] {
    let log = bench.dir.join("where.log");
    let lines = || {
        let text = fs::read_to_string(&log).unwrap();
        let plain =
            |line: &str| line.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start().to_owned();
        let lines = text.lines().map(plain).filter(|line| !line.starts_with("+++"));
        lines.collect::<Vec<_>>()
    };
    let all = [&["-o", log.to_str().unwrap(), "--where", expr], options].concat();
    bench.run(&[&[TRACE], &all[..]].concat(), &["files"]);
    let live = lines();
    let outcome = bench.ask(&[&["replay", file], &all[..]].concat());
    assert_eq!((outcome.code(), &*outcome.stderr), (0, ""), "{expr}");
    [live, lines()]
}

/// The user_data of the operations that completed, in order, as the scene gives them.
fn completed(lines: &[String]) -> Vec<String> {
    let cqe = lines.iter().filter_map(|line| line.strip_prefix("cqe "));
    cqe.filter_map(|line| line.split_once(':')).map(|(user_data, _)| user_data.to_owned()).collect()
}

#[test]
fn questions_are_asked_of_operations_too() {
    let Some(bench) = Bench::new("rings-where") else { return };
    let file = bench.record("where.trace", &[], &["files"]);
    let questions: &[(&str, &[&str])] = &[
        // Decided at the entry, by the number alone: the filter in the kernel has to let the ring through.
        ("name == renameat", &["0x8"]),
        ("name in (nop, io_uring:close)", &["0x1", "0x9"]),
        ("name ~ \"^io_uring:op\"", &["0x2", "0x7", "0xa"]),
        ("io_uring and class == file", &["0x2", "0x6", "0x7", "0x8"]),
        ("arg.pathname == \"missing\"", &["0x7"]),
        ("arg.buf has \"hello\" and name == write", &["0x3"]),
        ("path ~ \"/made$\" and name != readv", &["0x2", "0x3", "0xdeadbeef", "0x6", "0x8"]),
        ("errno == ENOENT and io_uring", &["0x7"]),
        ("failed and io_uring", &["0x7", "0xa"]),
        ("ret == 4 and name == openat and io_uring", &["0x2"]),
        ("bytes == 5", &["0x5"]),
        ("dur > 0ns and io_uring and name == statx", &["0x6"]),
        ("dur > 1000s and io_uring", &[]),
        ("fd == 4 and name == close", &["0x9"]),
        ("arg.statxbuf.stx_size == 6", &["0x6"]),
        ("io_uring and unfinished", &[]),
        ("io_uring and (nr >= 0 or arg0 >= 0)", &[]),
    ];
    for (expr, wanted) in questions {
        for lines in asked(&bench, &file, &["-f"], expr) {
            assert_eq!(completed(&lines), *wanted, "{expr}: {lines:#?}");
            let others =
                lines.iter().filter(|line| !line.starts_with("io_uring_enter(") && line.contains(") ="));
            assert!(others.clone().all(|line| line.starts_with("cqe ")), "{expr}: {lines:#?}");
        }
    }
    // The call is shown for itself as well, and calls are found beside operations.
    for lines in asked(&bench, &file, &["-f"], "name == openat and not io_uring") {
        assert!(!lines.is_empty() && lines.iter().all(|line| line.starts_with("openat(")), "{lines:#?}");
    }
    for lines in asked(&bench, &file, &["-f"], "name == io_uring_enter") {
        assert_eq!(completed(&lines).len(), 10, "{lines:#?}");
    }
    for lines in asked(&bench, &file, &["-f", "--no-io-uring"], "name == renameat") {
        assert!(lines.is_empty(), "{lines:#?}");
    }
    // Counts are of what holds alone.
    let outcome = bench.run(
        &[TRACE, "-c", "-U", "calls,errors,name,total-time", "--where", "io_uring and failed"],
        &["files"],
    );
    let wanted = [("io_uring:openat", (1, 1)), ("io_uring:operation_200", (1, 1)), ("total", (2, 2))];
    assert_eq!(rows(&outcome.stderr), wanted.map(|(name, row)| (name.to_owned(), row)).into());
}

#[test]
fn the_filter_in_the_kernel_lets_rings_through_where_one_can_match() {
    let Some(bench) = Bench::new("rings-filter") else { return };
    let can = |expr: &str| {
        let outcome = bench.run(&[TRACE, "-f", "-d", "--where", expr], &["files"]);
        assert!(outcome.stderr.contains("seccomp filter of"), "{}", outcome.stderr);
        let line = outcome.stderr.lines().find(|line| line.contains("can match")).unwrap().to_owned();
        (line.contains("rings: true"), outcome.stderr.contains("io_uring_enter("))
    };
    assert_eq!(can("name == renameat"), (true, true));
    assert_eq!(can("name == nop"), (true, true));
    assert_eq!(can("fd == 4 and name == close"), (true, true));
    // What no operation can be costs nothing.
    assert_eq!(can("name == getpid"), (false, false));
    assert_eq!(can("arg.envp == 3 or name == getppid"), (false, false));
    assert_eq!(can("nr == 39"), (false, false));
    assert_eq!(can("name == openat and not io_uring"), (false, false));
}

#[test]
fn a_name_that_nothing_has_is_an_error() {
    let dir = TempDir::new("rings-typo");
    let refused = |expr: &str| Run::bare(&dir, &[TRACE, "--where", expr, "true"]).finish().stderr;
    for (expr, near) in [
        ("name == renamat", "renameat"),
        ("name == fixed_fd_instal", "fixed_fd_install"),
        ("name == \"io_uring:opanat\"", "io_uring:openat"),
        ("name == io_uring:clos", "io_uring:close"),
        ("io_urin", "io_uring"),
        ("arg.buf_indx == 1", "buf_index"),
        ("io_uring == 1", "true or false by itself"),
    ] {
        assert!(refused(expr).contains(near), "{expr}: {}", refused(expr));
    }
}

#[test]
fn an_operation_triggers_a_dump() {
    let Some(bench) = Bench::new("rings-trigger") else { return };
    let file = bench.dir.join("ring.trace");
    let words = |expr| {
        let ring = [TRACE, "record", "--ring", "1M", "--dump-on", "signal", "--trigger", expr, "-o"];
        [&ring[..], &[file.to_str().unwrap(), "--"]].concat()
    };
    let outcome = bench.run(&words("name == renameat and path ~ \"work/made$\""), &["files"]);
    assert_eq!(outcome.stderr.matches("events are in").count(), 1, "{}", outcome.stderr);
    let replayed = bench.ask(&["replay", file.to_str().unwrap()]).stderr;
    assert!(replayed.contains("cqe 0x8: renameat"), "{replayed}");
    let outcome = bench.run(&words("name == renameat2"), &["files"]);
    assert!(!outcome.stderr.contains("events are in"), "{}", outcome.stderr);
}

#[test]
fn rules_of_audits_are_asked_of_operations() {
    let Some(bench) = Bench::new("rings-audit") else { return };
    let place = audit::Place::new("rings-place");
    let command = [&*bench.program, ".", "stats=2"];
    place.record(&[], &command);
    for (expr, status) in [
        ("io_uring and errno == ENOENT and arg.pathname == \\\"absent\\\"", audit::VIOLATION),
        ("name == statx and succeeded and not io_uring", 0),
        ("name == renameat", 0),
    ] {
        let rule = "version = 1\nshipped = false\n[[rule]]\nid = \"rings\"\naction = \"fail\"\n";
        let policy = place.write("policy.toml", &format!("{rule}where = \"{expr}\"\n"));
        let (outcome, found) = place.check(&["--policy", &policy], &command);
        assert_eq!(outcome.code(), status, "{expr}: {}{}", outcome.stdout, outcome.stderr);
        assert_eq!(found.iter().any(|found| found.id == "rings"), status != 0, "{expr}: {found:?}");
    }
}

#[test]
fn trees_and_tables_count_what_operations_did() {
    let Some(recorded) = rings() else { return };
    let shown = |options: &[&str]| {
        let words = [&[TRACE, "replay", recorded.file.to_str().unwrap(), "-o", "table"], options].concat();
        assert_eq!(Run::bare(&recorded.dir, &words).finish().code(), 0);
        fs::read_to_string(recorded.dir.join("table")).unwrap()
    };
    let cells = |text: &str, end: &str| -> Vec<String> {
        let line = text.lines().find(|line| line.ends_with(end)).unwrap_or_else(|| panic!("{end}: {text}"));
        line.split_whitespace().map(str::to_owned).collect()
    };
    let tree = shown(&["--tree"]);
    assert!(tree.contains("[17 io_uring operations, 2 failed]"), "{tree}");
    // Calls count as before: the failing access alone is an error among them.
    assert_eq!(cells(&shown(&["--tree", "--no-io-uring"]), "]")[..5], cells(&tree, "]")[..5]);
    let files = shown(&["--summary=files"]);
    let made = cells(&files, "/made");
    // openat, write, read, readv, statx, renameat; 1 open, 2 reads, 1 write, 11 bytes read and 6 written.
    assert_eq!(made[..6], ["6", "1", "2", "1", "11", "6"], "{files}");
    let net = shown(&["--summary=net"]);
    let requests = json!([42, 39]);
    let out = net.lines().find(|line| line.starts_with("tcp") && line.contains(" out ")).unwrap();
    let out: Vec<u64> = out.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    assert_eq!(json!(out[1..3]), requests, "{net}");
    let errors = shown(&["--summary=errors"]);
    assert!(
        errors.lines().any(|line| line.contains("io_uring:openat ENOENT") && line.ends_with("/missing")),
        "{errors}"
    );
    let procs = shown(&["--summary=procs"]);
    assert!(procs.contains("[17 io_uring operations, 2 failed]"), "{procs}");
}

/// What `trace diff --json` says, each object held against the schema.
fn compared(bench: &Bench, files: [&str; 2], options: &[&str]) -> Vec<Value> {
    let schema = serde_json::from_str(include_str!("../docs/diff.schema.json")).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let outcome = bench.ask(&[&["diff", "--json", files[0], files[1]], options].concat());
    let lines = outcome.stdout.lines().map(|line| serde_json::from_str(line).unwrap());
    let objects: Vec<Value> = lines.collect();
    for object in &objects {
        let faults: Vec<String> = validator.iter_errors(object).map(|error| error.to_string()).collect();
        assert!(faults.is_empty(), "{object}: {faults:?}");
    }
    objects
}

#[test]
fn equal_runs_differ_in_nothing_and_others_in_the_operation() {
    let Some(bench) = Bench::new("rings-diff") else { return };
    let scenes = ["files", "linked", "loopback", "sockets", "between", "registered"];
    let (a, b) = (bench.record("a", &[], &scenes), bench.record("b", &[], &scenes));
    let outcome = bench.ask(&["diff", &a, &b]);
    assert_eq!((outcome.code(), &*outcome.stdout, &*outcome.stderr), (0, "", ""));
    // The same without what waits for it: which completion comes with which call is no difference.
    let same = compared(&bench, [&a, &b], &["--where", "io_uring"]).pop().unwrap();
    assert!(same["events"]["same"].as_u64().unwrap() > 20, "{same}");

    let (c, d) = (bench.record("c", &[], &["stats=3"]), bench.record("d", &[], &["stats=5"]));
    let outcome = bench.ask(&["diff", &c, &d, "--where", "io_uring"]);
    assert_eq!(outcome.code(), 1, "{}", outcome.stderr);
    let added: Vec<&str> = outcome.stdout.lines().filter(|line| line.starts_with("+ ")).collect();
    assert_eq!(added.len(), 2, "{}", outcome.stdout);
    assert!(
        added.iter().all(|line| line.contains("io_uring:statx(AT_FDCWD<") && line.contains("\"absent\"")),
        "{added:?}"
    );
    let events = compared(&bench, [&c, &d], &["--where", "io_uring"]);
    let event = events.iter().find(|event| event["op"] == "added" && event["type"] == "event").unwrap();
    assert_eq!((&event["b"]["name"], &event["b"]["errno"]), (&json!("io_uring:statx"), &json!("ENOENT")));
    assert_eq!(event["placed"], false);
}

#[test]
fn the_blind_spot_is_told_wherever_operations_count() {
    let Some(bench) = Bench::new("rings-blind") else { return };
    let file = bench.record("blind.trace", &[], &["polled"]);
    let told = "io_uring: 1 submission was not seen; with IORING_SETUP_SQPOLL the kernel takes submissions without a call";
    let says = |words: &[&str], text: &str| {
        let outcome = bench.ask(words);
        let all = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(all.contains(text), "{words:?}: {all}");
    };
    says(&["replay", &file, "-c"], told);
    says(&["replay", &file, "--tree"], told);
    says(&["replay", &file, "--tree"], ", 1 more unseen]");
    says(&["replay", &file, "--summary=procs"], told);
    says(&["diff", &file, &file], told);
    for format in ["chrome", "folded", "parquet", "pcapng"] {
        let out = bench.dir.join(format);
        if format != "parquet" || cfg!(feature = "parquet") {
            says(&["export", "--format", format, "-o", out.to_str().unwrap(), &file], told);
        }
    }
    // Who is handed the files alone is told, too.
    for format in ["pcapng", "parquet"].into_iter().take(1 + usize::from(cfg!(feature = "parquet"))) {
        let found = Command::new("grep").args(["-raqF", told]).arg(bench.dir.join(format)).status().unwrap();
        assert!(found.success(), "{format} does not tell");
    }
    let pcapng = bench.dir.join("pcapng");
    if has_tool("tshark") {
        assert!(tool(&["tshark", "-r", pcapng.to_str().unwrap()], "").0, "tshark refuses it");
    }
    says(&["export", "--format", "otlp", &file], r#""trace.io_uring.unseen","value":{"intValue":"1"}"#);
    says(&["export", "--format", "dot", &file], "1 more unseen");
    says(&["export", "--format", "html", &file], "1 more unseen");
    says(&["export", "--format", "chrome", &file], "note: IORING_SETUP_SQPOLL");
    let rows = bench.dir.join("rows.json");
    bench.ask(&["replay", &file, "-c", "--json", "-o", rows.to_str().unwrap()]);
    let objects = json::lines(&fs::read(&rows).unwrap());
    let row = objects.iter().find(|row| row["name"] == "io_uring:unseen").unwrap();
    assert_eq!(row["calls"], 1);
}

#[test]
fn an_operation_with_another_result_is_changed() {
    let Some(bench) = Bench::new("rings-changed") else { return };
    let run = |name: &str, exists: bool| {
        let file = bench.dir.join(name).to_str().unwrap().to_owned();
        let work = bench.dir.join("there");
        fs::remove_dir_all(&work).ok();
        fs::create_dir_all(&work).unwrap();
        if exists {
            fs::write(work.join("absent"), "").unwrap();
        }
        let words = [TRACE, "record", "-o", &file, "--", &bench.program, work.to_str().unwrap(), "stats=2"];
        assert_eq!(Run::bare(&bench.dir, &words).finish().code(), 0);
        file
    };
    let (a, b) = (run("a", true), run("b", false));
    let outcome = bench.ask(&["diff", &a, &b]);
    let changed: Vec<&str> = outcome.stdout.lines().filter(|line| line.starts_with("~ ")).collect();
    assert_eq!(changed.len(), 2, "{}", outcome.stdout);
    assert!(changed[0].starts_with("~ io_uring:statx(") && changed[0].ends_with(" = 0"), "{changed:?}");
    assert!(changed[1].ends_with("-1 ENOENT (No such file or directory)"), "{changed:?}");
}

#[test]
fn folded_stacks_graphs_and_spans_have_operations() {
    let Some(recorded) = rings() else { return };
    let folded = recorded.text("folded", &[]);
    for row in ["rings;io_uring:openat 2", "rings;io_uring:accept 1", "rings;io_uring_enter 17"] {
        assert!(folded.lines().any(|line| line == row), "{row}: {folded}");
    }
    let only = recorded.text("folded", &["--where", "io_uring and errno == ENOENT"]);
    assert_eq!(only, "rings;io_uring:openat 1\n");
    assert!(recorded.text("dot", &[]).contains("17 io_uring operations, 2 failed"));
    assert!(recorded.text("mermaid", &[]).contains("17 io#95;uring operations, 2 failed"));
    let Some(text) =
        oracle("read_otlp.py", &recorded.file("otlp", &[]), "pip's protobuf and opentelemetry-proto")
    else {
        return;
    };
    let spans: Value = serde_json::from_str(&text).unwrap();
    let told = &spans["spans"][0]["attributes"];
    assert_eq!((&told["trace.io_uring.count"], &told["trace.io_uring.errors"]), (&json!(17), &json!(2)));
    assert_eq!(told["trace.syscall.errors"], 1);
}

/// Events of Chrome's form that are operations.
fn operations(recorded: &Recorded, options: &[&str]) -> Vec<Value> {
    let text = recorded.text("chrome", options);
    let all: Value = serde_json::from_str(&text).unwrap();
    let events = all["traceEvents"].as_array().unwrap().iter();
    events
        .filter(|event| event["cat"].as_str().is_some_and(|cat| cat.starts_with("io_uring")))
        .cloned()
        .collect()
}

#[test]
fn timelines_have_tracks_for_operations() {
    let Some(recorded) = rings() else { return };
    let events = operations(recorded, &[]);
    assert_eq!(events.len(), 17, "{events:#?}");
    let named = |name: &str| events.iter().find(|event| event["name"] == name).unwrap();
    let open = named("io_uring:openat");
    assert_eq!((&open["args"]["args"]["pathname"], &open["args"]["ret"]), (&json!("\"made\""), &json!(4)));
    let failed = events.iter().find(|event| event["args"]["errno"] == "ENOENT").unwrap();
    assert_eq!(failed["cat"], "io_uring,failed");
    // accept and connect ran at one time, which one track cannot show.
    let (accept, connect) = (named("io_uring:accept"), named("io_uring:connect"));
    assert!(accept["tid"] != connect["tid"] && accept["pid"] == connect["pid"], "{accept} {connect}");
    let pid = open["pid"].as_i64().unwrap();
    assert_eq!(open["args"]["submitted_by"].as_i64(), Some(pid));
    assert_eq!(operations(recorded, &["--where", "name == accept"]).len(), 1);

    let Some(text) =
        oracle("read_perfetto.py", &recorded.file("perfetto", &[]), "pip's perfetto and protobuf")
    else {
        return;
    };
    let timeline: Value = serde_json::from_str(&text).unwrap();
    let is = |slice: &&Value| slice["categories"][0] == "io_uring";
    let slices: Vec<&Value> = timeline["slices"].as_array().unwrap().iter().filter(is).collect();
    assert_eq!(slices.len(), 17);
    assert!(slices.iter().all(|slice| slice["inside"].is_null() && slice["pid"] == pid), "{slices:#?}");
    let lanes = timeline["threads"].as_array().unwrap().iter().filter(|thread| thread["name"] == "io_uring");
    assert_eq!(lanes.count(), 2);
}

#[test]
fn a_page_has_rows_and_lanes_for_operations() {
    let Some(recorded) = rings() else { return };
    let page = recorded.text("html", &[]);
    for part in ["\"io_uring:openat\",2,1,", "\"name\":\"io_uring\"", "17 io_uring operations, 2 failed"] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn tshark_reads_what_went_over_sockets_by_rings() {
    let Some(recorded) = rings() else { return };
    if !has_tool("tshark") {
        return missing(&support::this_test(), "tshark (package tshark)");
    }
    let file = recorded.file("pcapng", &[]);
    let fields = |filter: &str, fields: &[&str]| -> Vec<Vec<String>> {
        let mut words = vec!["tshark", "-n", "-r", file.to_str().unwrap(), "-d", "tcp.port==2-65535,http"];
        words.extend(["-o", "tcp.check_checksum:TRUE", "-Y", filter, "-T", "fields"]);
        fields.iter().for_each(|field| words.extend(["-e", field]));
        let (content, text) = tool(&words, "");
        assert!(content, "{text}");
        let rows = text.lines().filter(|line| line.contains('\t'));
        rows.map(|line| line.split('\t').map(str::to_owned).collect()).collect()
    };
    let requests = fields("http.request", &["http.request.full_uri", "tcp.checksum.status", "frame.comment"]);
    assert_eq!(requests.len(), 1, "{requests:?}");
    assert_eq!(requests[0][..2], ["http://localhost/ring", "1"], "{requests:?}");
    assert!(requests[0][2].contains(" rings: io_uring:send(5)"), "{requests:?}");
    let replies = fields("http.response", &["http.response.code", "http.file_data", "frame.comment"]);
    // Both ends are traced: each byte stands there once. The body is `ring`.
    assert_eq!(replies.len(), 1, "{replies:?}");
    let body = ["ring", "72696e67"].contains(&&*replies[0][1]);
    assert!(replies[0][0] == "200" && body, "{replies:?}");
    assert!(replies[0][2].contains(": io_uring:write(6)"), "{replies:?}");
}

fn scanned(log: &mut Log<fs::File>) {
    let begin = Instant::now();
    let done = |log: &mut Log<fs::File>| {
        let status = log.status();
        status.all > 0 && status.scanned == status.all
    };
    while !done(log) {
        assert!(begin.elapsed() < Duration::from_secs(60), "the scan does not end");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn the_screen_names_operations_in_rows_details_and_counts() {
    let Some(recorded) = rings() else { return };
    assert!(Recording::open(&recorded.file).is_ok());
    let mut log = Log::open(fs::File::open(&recorded.file).unwrap(), "rings", None).unwrap();
    scanned(&mut log);
    let statistic = |log: &mut Log<fs::File>, name: &str| {
        log.statistics().into_iter().find(|row| row.name == name).map(|row| (row.calls, row.errors))
    };
    assert_eq!(statistic(&mut log, "io_uring:openat"), Some((2, 1)));
    assert_eq!(statistic(&mut log, "io_uring_enter"), Some((17, 0)));
    log.filter(&Filter { expression: "name == openat and io_uring".into(), process: None }).unwrap();
    scanned(&mut log);
    let rows = log.rows(0..10);
    let text = |at: usize| rows[at].spans.iter().map(|span| span.text.as_str()).collect::<String>();
    assert_eq!(rows.len(), 2);
    assert!(text(0).ends_with("  sqe openat; cqe openat=4"), "{}", text(0));
    assert!(text(1).ends_with("  sqe openat; cqe openat=ENOENT"), "{}", text(1));
    assert_eq!(statistic(&mut log, "io_uring:openat"), Some((2, 1)));
    assert_eq!(statistic(&mut log, "io_uring_enter"), None, "it is shown for its operation");
    let sections = log.detail(0);
    let section = sections.iter().find(|section| section.title == "io_uring").unwrap();
    assert_eq!(section.lines.len(), 2);
}
