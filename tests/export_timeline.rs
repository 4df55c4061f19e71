//! `trace export` to timelines: Perfetto's form read back by its own definitions, Chrome's form as JSON, and that
//! both say the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/export.rs"]
mod export;
mod support;

use std::collections::{BTreeMap, HashMap};
use std::fs;

use export::{Recorded, TRACE, compiled, oracle, pipeline, server, stacks, threads};
use serde_json::Value;
use support::run::Run;
use support::{Build, TempDir, compile, missing};

/// What a viewer makes of an export.
struct Timeline(Value);

impl Timeline {
    /// By Perfetto's definitions; `None` after saying what is missing.
    fn perfetto(recorded: &Recorded, options: &[&str]) -> Option<Timeline> {
        let file = recorded.file("perfetto", options);
        let text = oracle("read_perfetto.py", &file, "pip's perfetto and protobuf")?;
        Some(Timeline(serde_json::from_str(&text).unwrap()))
    }

    fn list(&self, kind: &str) -> &[Value] {
        self.0[kind].as_array().unwrap()
    }

    fn slice(&self, place: &Value) -> &Value {
        &self.list("slices")[place.as_u64().unwrap() as usize]
    }

    /// Slices of calls with this name.
    fn calls(&self, name: &str) -> Vec<&Value> {
        let is = |slice: &&Value| slice["name"] == name && slice["categories"][0] == "syscall";
        self.list("slices").iter().filter(is).collect()
    }

    /// The slice of a program.
    fn program(&self, name: &str) -> &Value {
        let is = |slice: &&Value| slice["name"] == name && slice["categories"][0] == "program";
        let found: Vec<&Value> = self.list("slices").iter().filter(is).collect();
        assert_eq!(found.len(), 1, "{name}: {found:#?}");
        found[0]
    }

    /// Names of the slices at both ends of each flow, as `PROGRAM/CALL`.
    fn flows(&self) -> Vec<(String, String)> {
        let name = |place: &Value| {
            let slice = self.slice(place);
            match &slice["inside"] {
                Value::Null => slice["name"].as_str().unwrap().to_owned(),
                around => {
                    let around = self.slice(around)["name"].as_str().unwrap();
                    format!("{around}/{}", slice["name"].as_str().unwrap())
                }
            }
        };
        self.list("flows").iter().map(|flow| (name(&flow["from"]), name(&flow["to"]))).collect()
    }
}

/// How many calls a replay counts: those that returned.
fn calls_of_a_replay(recorded: &Recorded) -> usize {
    let words = [TRACE, "replay", recorded.file.to_str().unwrap(), "-c", "-U", "calls,name", "-o", "counts"];
    assert_eq!(Run::bare(&recorded.dir, &words).finish().code(), 0);
    let text = fs::read_to_string(recorded.dir.join("counts")).unwrap();
    let total = text.lines().find(|line| line.ends_with(" total")).unwrap_or_else(|| panic!("{text}"));
    total.split_whitespace().next().unwrap().parse().unwrap()
}

#[test]
fn every_program_run_is_a_valid_perfetto_trace() {
    for recorded in [Some(pipeline()), compiled(), threads(), server()].into_iter().flatten() {
        let Some(timeline) = Timeline::perfetto(recorded, &[]) else { return };
        let calls: Vec<&Value> =
            timeline.list("slices").iter().filter(|slice| slice["categories"][0] == "syscall").collect();
        let finished = calls.iter().filter(|call| call["args"]["unfinished"].is_null()).count();
        assert_eq!(finished, calls_of_a_replay(recorded));
        for call in &calls {
            // In the slice of its program, and nothing in it.
            assert_eq!(call["depth"], 1, "{call}");
            assert!(call["from"].as_u64() <= call["to"].as_u64(), "{call}");
            let failed = call["categories"].as_array().unwrap().contains(&"failed".into());
            assert_eq!(failed, !call["args"]["errno"].is_null(), "{call}");
        }
        for program in timeline.list("slices").iter().filter(|slice| slice["categories"][0] == "program") {
            assert_eq!(program["depth"], 0, "{program}");
        }
        for process in timeline.list("processes") {
            assert!(!process["name"].as_str().unwrap().is_empty(), "{process}");
        }
        // A start leads to every task but the first; other flows are wakes and execs.
        let tasks = timeline.list("threads").len();
        let starts = timeline.list("flows").iter().filter(|flow| {
            let (from, to) = (timeline.slice(&flow["from"]), timeline.slice(&flow["to"]));
            from["categories"][0] == "syscall" && to["categories"][0] == "program"
        });
        assert_eq!(starts.count(), tasks - 1);
    }
}

#[test]
fn a_pipeline_in_perfetto() {
    let Some(timeline) = Timeline::perfetto(pipeline(), &[]) else { return };
    let sort = timeline.program("sort");
    assert_eq!(sort["args"]["command"], "sort");
    assert!(sort["args"]["exe"].as_str().unwrap().ends_with("/sort"), "{sort}");
    // Open and read with their arguments decoded, and what failed.
    let none = timeline.calls("openat").into_iter().find(|call| {
        call["args"]["errno"] == "ENOENT"
            && call["args"]["args"]["pathname"].as_str().unwrap().contains(".none")
    });
    let none = none.expect("cat looks for a file that is not there");
    assert_eq!(none["args"]["ret"], -1);
    assert!(none["args"]["args"]["pathname"].as_str().unwrap().starts_with("\"</script><script>"), "{none}");
    assert!(none["args"]["args"]["dfd"].is_string() || none["args"]["args"]["dirfd"].is_string(), "{none}");
    let read = timeline.calls("read").into_iter().find(|call| {
        call["args"]["args"]["fd"].as_str().unwrap().contains("<pipe:[")
            && call["args"]["ret"].as_i64() > Some(0)
    });
    assert!(read.is_some(), "descriptors say what they are open on");
    // A fork leads to the program that the child ran, an exec to the next one.
    let flows = timeline.flows();
    let has = |from: &str, to: &str| flows.iter().any(|(f, t)| f.starts_with(from) && t == to);
    assert!(has("sh/", "sh") && has("sh", "sort") && has("env", "sh") && has("sh", "date"), "{flows:?}");
    // What happened beside calls.
    let instants: Vec<&str> =
        timeline.list("instants").iter().map(|instant| instant["name"].as_str().unwrap()).collect();
    for name in ["exec sort", "exited with 0", "exited with 1", "SIGCHLD", "SIGTERM", "killed by SIGTERM"] {
        assert!(instants.contains(&name), "{name}: {instants:?}");
    }
    let child = timeline.list("instants").iter().find(|instant| instant["name"] == "SIGCHLD").unwrap();
    assert!(child["args"]["info"].as_str().unwrap().contains("si_code=CLD_EXITED"), "{child}");
    let names: Vec<&Value> = timeline.list("processes").iter().map(|process| &process["name"]).collect();
    assert!(names.contains(&&"wc -l".into()) && names.contains(&&"date".into()), "{names:?}");
    let quiet = Timeline::perfetto(pipeline(), &["-e", "signal=none", "-e", "trace=openat"]).unwrap();
    assert!(quiet.list("instants").iter().all(|instant| instant["categories"][0] != "signal"));
    assert_eq!(quiet.calls("openat").len(), timeline.calls("openat").len());
    assert!(quiet.calls("read").is_empty());
}

#[test]
fn wakes_lead_from_who_woke_to_who_waited() {
    let Some(timeline) = threads().and_then(|recorded| Timeline::perfetto(recorded, &[])) else { return };
    let flows = timeline.list("flows");
    let pairs = |name: &str, woken: &str| -> Vec<(&Value, &Value)> {
        let ends = flows.iter().map(|flow| (timeline.slice(&flow["from"]), timeline.slice(&flow["to"])));
        ends.filter(|(from, to)| from["name"] == name && to["name"] == woken).collect()
    };
    let writes = pairs("write", "read");
    assert_eq!(writes.len(), 1, "{writes:#?}");
    let (write, read) = writes[0];
    let number = |slice: &Value, key: &str| slice[key].as_u64().unwrap();
    assert_eq!(write["args"]["args"]["buf"], "\"late\"");
    assert_eq!(read["args"]["args"]["buf"], "\"late\"");
    assert_ne!(write["tid"], read["tid"]);
    assert!(number(read, "from") <= number(write, "from") && number(write, "from") <= number(read, "to"));
    let futexes = pairs("futex", "futex");
    // The three that waited for the gate, on three addresses at least.
    assert!(futexes.len() >= 3, "{futexes:#?}");
    for (wake, wait) in futexes {
        assert_eq!(wake["args"]["args"]["uaddr"], wait["args"]["args"]["uaddr"], "{wake} {wait}");
        assert!(wake["args"]["args"]["futex_op"].as_str().unwrap().contains("WAKE"), "{wake}");
        assert!(wait["args"]["args"]["futex_op"].as_str().unwrap().contains("WAIT"), "{wait}");
        assert!(wake["args"]["ret"].as_u64() > Some(0) && wait["args"]["ret"] == 0, "{wake} {wait}");
    }
}

#[test]
fn stacks_are_told_with_their_calls() {
    let Some(timeline) = stacks().and_then(|recorded| Timeline::perfetto(recorded, &[])) else { return };
    let has = |call: &&Value| {
        let frames = call["args"]["stack"].as_array().map(Vec::as_slice).unwrap_or_default();
        frames.iter().any(|frame| frame.as_str().unwrap().contains("(main+0x"))
    };
    assert!(timeline.list("slices").iter().filter(has).count() > 0);
}

/// Events of an export in Chrome's form, after what holds for all was checked.
fn chrome(recorded: &Recorded) -> Vec<Value> {
    let text = recorded.text("chrome", &[]);
    let all: Value = serde_json::from_str(&text).unwrap();
    assert!(all["otherData"]["command"].is_string(), "{}", all["otherData"]);
    let events = all["traceEvents"].as_array().unwrap().clone();
    let mut tracks: BTreeMap<(i64, i64), Vec<(f64, f64)>> = BTreeMap::new();
    for event in &events {
        let ids = (event["pid"].as_i64().unwrap(), event["tid"].as_i64().unwrap());
        let phase = event["ph"].as_str().unwrap();
        assert!(["X", "i", "M", "s", "t", "f"].contains(&phase), "{event}");
        assert!(phase == "M" || event["ts"].as_f64().unwrap() >= 0.0, "{event}");
        if phase == "X" {
            let (from, length) = (event["ts"].as_f64().unwrap(), event["dur"].as_f64().unwrap());
            tracks.entry(ids).or_default().push((from, from + length));
        }
    }
    // Slices of a track lie within each other: rounding to a nanosecond and a half aside.
    for slices in tracks.values_mut() {
        slices.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.total_cmp(&a.1)));
        let mut open: Vec<f64> = Vec::new();
        for (from, to) in slices {
            while open.last().is_some_and(|end| *end <= *from + 0.0015) {
                open.pop();
            }
            assert!(open.last().is_none_or(|end| *to <= *end + 0.0015), "{from} {to} {open:?}");
            open.push(*to);
        }
    }
    events
}

#[test]
fn chrome_and_perfetto_say_the_same() {
    for recorded in [Some(pipeline()), compiled(), threads(), server()].into_iter().flatten() {
        let events = chrome(recorded);
        let Some(timeline) = Timeline::perfetto(recorded, &[]) else { return };
        let phase = |phase: &str| events.iter().filter(|event| event["ph"] == phase).collect::<Vec<_>>();
        type Key = (i64, String, String);
        let key = |event: &Value| -> Key {
            let text = |value: &Value| value.to_string();
            (event["tid"].as_i64().unwrap(), text(&event["name"]), text(&event["args"]))
        };
        let sorted = |list: Vec<Key>| {
            let mut list = list;
            list.sort();
            list
        };
        for (ours, theirs) in [("X", "slices"), ("i", "instants")] {
            let chrome = sorted(phase(ours).into_iter().map(key).collect());
            let perfetto = sorted(timeline.list(theirs).iter().map(key).collect());
            assert_eq!(chrome, perfetto);
        }
        // A flow begins once, before it goes on, and ends at most once.
        let mut flows: HashMap<(String, u64), Vec<(f64, String)>> = HashMap::new();
        for event in phase("s").into_iter().chain(phase("t")).chain(phase("f")) {
            let id = (event["name"].to_string(), event["id"].as_u64().unwrap());
            let part = (event["ts"].as_f64().unwrap(), event["ph"].as_str().unwrap().to_owned());
            flows.entry(id).or_default().push(part);
        }
        let mut links = 0;
        for parts in flows.values_mut() {
            parts.sort_by(|a, b| a.0.total_cmp(&b.0));
            let phases: String = parts.iter().map(|(_, phase)| phase.as_str()).collect();
            let inner = phases.strip_prefix('s').unwrap_or_else(|| panic!("{parts:?}"));
            assert!(inner.trim_end_matches('f').chars().all(|c| c == 't'), "{parts:?}");
            links += inner.len();
        }
        assert_eq!(links, timeline.list("flows").len());
        let named = phase("M").iter().filter(|event| event["name"] == "process_name").count();
        assert_eq!(named, timeline.list("processes").len());
    }
}

#[test]
fn perfetto_is_nothing_for_a_terminal() {
    let recorded = pipeline();
    let line = format!("{TRACE} export --format perfetto {}", recorded.file.to_str().unwrap());
    let outcome = Run::bare(&recorded.dir, &["script", "-qec", &line, "/dev/null"]).finish();
    assert_eq!(outcome.code(), 1);
    assert!(outcome.stdout.contains("perfetto is binary") && outcome.stdout.contains("add -o FILE"));
    let piped = recorded.run("chrome", &[]);
    assert!(piped.code() == 0 && piped.stdout.ends_with("]}\n"));
}

#[test]
fn a_thread_that_executes_and_a_run_from_its_middle() {
    let dir = TempDir::new("export");
    let Some(program) = compile(&dir, "thread_exec", Build::Native) else { return };
    let file = dir.join("exec.trace");
    let words = [TRACE, "record", "-o", file.to_str().unwrap(), "--", program.to_str().unwrap(), "3"];
    Run::bare(&dir, &words).finish();
    let recorded = Recorded { dir, file };
    let Some(timeline) = Timeline::perfetto(&recorded, &[]) else { return };
    let instants = timeline.list("instants").iter().map(|instant| instant["name"].as_str().unwrap());
    assert!(instants.filter(|name| name.starts_with("superseded by execve of thread ")).count() > 0);
    chrome(&recorded);
    // The newest calls only: of tasks that began before the ring does.
    let dir = TempDir::new("export");
    let file = dir.join("ring.trace");
    let script = "i=0; while [ $i -lt 4000 ]; do i=$((i+1)); : > /dev/null; done; ls / > /dev/null";
    let words = [TRACE, "record", "--ring", "64K", "-o", file.to_str().unwrap(), "--", "sh", "-c", script];
    assert_eq!(Run::bare(&dir, &words).finish().code(), 0);
    let recorded = Recorded { dir, file };
    let timeline = Timeline::perfetto(&recorded, &[]).unwrap();
    assert!(!timeline.calls("openat").is_empty());
    assert!(timeline.program("ls")["args"]["command"] == "ls /");
    chrome(&recorded);
}

#[test]
fn operations_of_io_uring_are_told_with_their_call() {
    let dir = TempDir::new("export");
    let Some(program) = compile(&dir, "rings", Build::Native) else { return };
    let file = dir.join("rings.trace");
    fs::create_dir(dir.join("work")).unwrap();
    let words =
        [TRACE, "record", "-o", file.to_str().unwrap(), "--", program.to_str().unwrap(), "work", "files"];
    match Run::bare(&dir, &words).finish().code() {
        0 => {}
        code => return missing("export_timeline", &format!("io_uring: the program ended with {code}")),
    }
    let recorded = Recorded { dir, file };
    let Some(timeline) = Timeline::perfetto(&recorded, &[]) else { return };
    let lines: Vec<&str> = timeline
        .calls("io_uring_enter")
        .into_iter()
        .flat_map(|call| call["args"]["io_uring"].as_array().map(Vec::as_slice).unwrap_or_default())
        .map(|line| line.as_str().unwrap())
        .collect();
    for start in ["sqe ", "cqe "] {
        assert!(lines.iter().any(|line| line.starts_with(start) && line.contains("openat(")), "{lines:?}");
    }
}
