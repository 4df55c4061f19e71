//! A trace as JSON: run, read back as bytes, every line parsed and held against the schema.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use serde_json::Value;

use crate::support::run::{Outcome, Run};
use crate::support::{TempDir, serial};

/// The tracer.
pub const TRACE: &str = env!("CARGO_BIN_EXE_trace");

/// The text of the schema.
pub const SCHEMA: &str = include_str!("../../docs/events.schema.json");

fn validator() -> &'static jsonschema::Validator {
    static VALIDATOR: OnceLock<jsonschema::Validator> = OnceLock::new();
    VALIDATOR.get_or_init(|| {
        let schema = serde_json::from_str(SCHEMA).expect("the schema is JSON");
        jsonschema::draft202012::new(&schema).expect("the schema is a schema")
    })
}

/// Why `value` is not as the schema says.
pub fn faults(value: &Value) -> Vec<String> {
    validator().iter_errors(value).map(|error| error.to_string()).collect()
}

/// The objects of the lines in `bytes`, each of them valid.
pub fn lines(bytes: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    assert!(text.is_empty() || text.ends_with('\n'), "the last line is whole");
    let mut objects = Vec::new();
    for line in text.lines() {
        assert!(!line.chars().any(char::is_control), "a control character: {line:?}");
        let value: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(validator().is_valid(&value), "not as the schema says: {line}\n{:?}", faults(&value));
        objects.push(value);
    }
    objects
}

/// A whole trace.
pub struct Trace {
    /// How the run went.
    pub outcome: Outcome,
    /// Every object, the header first.
    pub objects: Vec<Value>,
}

impl Trace {
    /// Runs `words` under `trace --json` with `options`.
    pub fn run(dir: &TempDir, options: &[&str], words: &[&str]) -> Trace {
        Self::finish(dir, options, words, |run| run)
    }

    /// The same, with more said about the run.
    pub fn finish<'a>(
        dir: &'a TempDir,
        options: &[&str],
        words: &[&str],
        more: impl FnOnce(Run<'a>) -> Run<'a>,
    ) -> Trace {
        let file = dir.join(&format!("json-{}", serial()));
        let all = [&[TRACE, "--json", "-o", file.to_str().unwrap()], options, &["--"], words].concat();
        let outcome = more(Run::bare(dir, &all)).finish();
        assert_eq!(outcome.leftovers, 0, "{words:?}");
        Self::read(outcome, &file)
    }

    /// What a run has left in `file`.
    pub fn read(outcome: Outcome, file: &Path) -> Trace {
        let objects = lines(&fs::read(file).unwrap_or_default());
        let trace = Trace { outcome, objects };
        trace.hold_together();
        trace
    }

    /// What holds for every trace: a header, tasks that begin before they act and end once, calls in order.
    fn hold_together(&self) {
        let Some(header) = self.objects.first() else { panic!("no line: {}", self.outcome.stderr) };
        assert_eq!((&header["type"], &header["schema"]), (&"header".into(), &1.into()));
        let mut alive = HashSet::new();
        for object in &self.objects[1..] {
            let (kind, tid) = (object["type"].as_str().unwrap(), &object["tid"]);
            match kind {
                "header" => panic!("a second header"),
                "summary" => continue,
                "fork" | "attach" | "rename" => assert!(alive.insert(tid.clone()), "twice alive: {object}"),
                _ => assert!(alive.contains(tid), "of no known task: {object}"),
            }
            if kind == "rename" {
                assert!(alive.remove(&object["from"]), "of no known task: {object}");
            }
            if matches!(kind, "exit" | "detach") {
                alive.remove(tid);
            }
            if kind == "syscall" {
                assert!(seconds(&object["ts"]) <= seconds(&object["end"]), "{object}");
            }
        }
        assert!(alive.is_empty(), "without an end: {alive:?}");
    }

    /// Objects of a type.
    pub fn of(&self, kind: &str) -> impl Iterator<Item = &Value> {
        self.objects.iter().filter(move |object| object["type"] == kind)
    }

    /// Calls of a name.
    pub fn calls(&self, name: &str) -> impl Iterator<Item = &Value> {
        self.of("syscall").filter(move |object| object["name"] == name)
    }

    /// The one object of a type, or call of a name, for which `is` holds.
    pub fn one(&self, what: &str, is: impl Fn(&Value) -> bool) -> &Value {
        let all = self.of(what).chain(self.calls(what));
        let found: Vec<&Value> = all.filter(|object| is(object)).collect();
        assert!(found.len() == 1, "{} of {what}: {found:#?}", found.len());
        found[0]
    }

    /// How many calls of each name there are.
    pub fn counts(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for call in self.of("syscall") {
            *counts.entry(call["name"].as_str().unwrap()).or_insert(0) += 1;
        }
        counts
    }
}

/// A moment, in a double's precision.
pub fn seconds(moment: &Value) -> f64 {
    moment.as_str().unwrap().parse().unwrap()
}

/// The decoded value of an argument; null when there is none of that name.
pub fn arg<'a>(call: &'a Value, name: &str) -> &'a Value {
    static NULL: Value = Value::Null;
    let args = call["args"].as_array().unwrap();
    args.iter().find(|arg| arg["name"] == name).map_or(&NULL, |arg| &arg["value"])
}

/// The bytes of a string of the program.
pub fn bytes(text: &Value) -> Vec<u8> {
    let string = text["text"].as_str().unwrap();
    match text["encoding"].as_str().unwrap() {
        "utf8" => string.as_bytes().to_vec(),
        _ => string.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect(),
    }
}
