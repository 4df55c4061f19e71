//! Recordings of runs that were tampered with: a replay tells what was injected as the run did, and the recording has
//! a schema that older readers refuse instead of losing it in silence.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/json.rs"]
mod json;
mod support;

use std::fs;
use std::path::PathBuf;

use json::{TRACE, lines};
use support::run::{Outcome, Run};
use support::{Build, TempDir, compile};

/// What is injected; what a line of text must say of it, and which of it a line of JSON lists.
const ROWS: &[(&str, &str, &[&str])] = &[
    ("getppid:error=EPERM", "getppid() = -1 EPERM (Operation not permitted) (INJECTED)", &["retval"]),
    ("getppid:retval=7", "getppid() = 7 (INJECTED)", &["retval"]),
    ("getppid:retval=7:when=2", "getppid() = 7 (INJECTED)", &["retval"]),
    ("getppid:delay_enter=2ms", " (DELAYED)", &["delay"]),
    ("getppid:delay_exit=2ms", " (DELAYED)", &["delay"]),
    ("getppid:retval=3:delay_exit=1ms", "= 3 (INJECTED) (DELAYED)", &["retval", "delay"]),
    ("getppid:syscall=getpid:retval=3", "getppid() = 3 (INJECTED)", &["retval"]),
    ("write:arg3=1", "= 1 (INJECTED: args)", &["args"]),
    ("write:arg3=1:retval=2", "= 2 (INJECTED: args, retval)", &["args", "retval"]),
    ("write:poke_enter=@arg2=7a7a", "\"zzcd\"", &["args"]),
    ("read:poke_exit=@arg2=7a:when=2+", "\"z\"", &["args"]),
    ("read:poke_exit=@arg2=7a:delay_enter=1ms:when=2+", "(INJECTED: args) (DELAYED)", &["args", "delay"]),
];

struct Bench {
    dir: TempDir,
    program: PathBuf,
}

impl Bench {
    fn new() -> Option<Self> {
        let dir = TempDir::new("injected");
        let program = compile(&dir, "options", Build::Native)?;
        fs::write(dir.join("file"), "content\n").unwrap();
        Some(Self { dir, program })
    }

    fn run(&self, words: &[&str]) -> Outcome {
        Run::bare(&self.dir, words).current_dir(self.dir.path()).finish()
    }

    /// Records with these options and replays with those that show; both outputs.
    fn both(&self, inject: &[&str], shows: &[&str], mode: &str) -> (String, String) {
        let (live, back, file) = (self.dir.join("live"), self.dir.join("back"), self.dir.join("run.trace"));
        let [live_name, back_name, file_name] = [&live, &back, &file].map(|path| path.to_str().unwrap());
        let head = [TRACE, "--record", file_name, "-o", live_name];
        let tail = ["--", self.program.to_str().unwrap(), mode, "file"];
        let outcome = self.run(&[&head, shows, inject, &tail].concat());
        assert_eq!(outcome.stderr, "", "{inject:?}");
        let outcome = self.run(&[&[TRACE, "replay", file_name, "-o", back_name], shows].concat());
        assert_eq!((outcome.code(), &*outcome.stderr), (0, ""), "{inject:?} {shows:?}");
        (fs::read_to_string(live).unwrap(), fs::read_to_string(back).unwrap())
    }

    fn schema(&self) -> u32 {
        let bytes = fs::read(self.dir.join("run.trace")).unwrap();
        u32::from_le_bytes(bytes[8..12].try_into().unwrap())
    }
}

/// Lines without the header, whose clock is that of the sink's beginning.
fn body(text: &str) -> &str {
    text.split_once('\n').unwrap().1
}

#[test]
fn a_replay_says_what_was_injected() {
    let Some(bench) = Bench::new() else { return };
    for (rule, says, lists) in ROWS {
        let inject = ["-e", &format!("inject={rule}")];
        let mode = if rule.starts_with("read") { "files" } else { "calls" };
        let name = rule.split_once(':').unwrap().0;
        let shows = ["-e", &format!("trace={name}"), "-T", "-a", "1"];
        let (live, back) = bench.both(&inject, &shows, mode);
        assert!(live.replace(" <", "\n<").contains(says), "{rule}: {live}");
        assert_eq!(live, back, "{rule}");
        assert_eq!(bench.schema(), 2, "{rule}");
        let (live, back) = bench.both(&inject, &["--json", "-e", &format!("trace={name}")], mode);
        assert_eq!(body(&live), body(&back), "{rule}");
        let objects = lines(back.as_bytes());
        let mut calls = objects.iter().filter(|object| object["name"] == name);
        let injected = serde_json::json!(lists);
        assert!(calls.any(|call| call["injected"] == injected), "{rule}: {back}");
        for columns in ["calls,errors,name", "time-percent,total-time,calls,errors,name"] {
            let (live, back) = bench.both(&inject, &["-c", "-w", "-U", columns], mode);
            assert!(live.contains(name), "{rule}: {live}");
            assert_eq!(live, back, "{rule}");
        }
    }
}

#[test]
fn signals_and_calls_that_never_return() {
    let Some(bench) = Bench::new() else { return };
    for rule in ["getppid:signal=USR1", "exit_group:delay_enter=1ms", "getppid:signal=KILL:delay_enter=1ms"] {
        let inject = ["-e", &format!("inject={rule}")];
        for shows in [&["-T"][..], &["--json"], &["-f", "-ttt"]] {
            let (live, back) = bench.both(&inject, shows, "calls");
            let live = if shows[0] == "--json" { body(&live) } else { &live };
            let back = if shows[0] == "--json" { body(&back) } else { &back };
            assert!(live.lines().count() > 10, "{rule}: {live}");
            assert_eq!(live, back, "{rule} {shows:?}");
        }
    }
}

#[test]
fn what_is_not_tampered_with_keeps_the_schema_that_older_readers_know() {
    let Some(bench) = Bench::new() else { return };
    bench.both(&[], &[], "calls");
    assert_eq!(bench.schema(), 1);
    // A rule that never holds: who reads the head cannot know.
    bench.both(&["-e", "inject=getppid:retval=1:when=900"], &[], "calls");
    assert_eq!(bench.schema(), 2);
}

#[test]
fn a_condition_chooses_what_is_tampered_with() {
    let Some(bench) = Bench::new() else { return };
    let rows: &[(&str, &str, &str, &[&str], &str)] = &[
        // By a path that is given, and not by another; the rest of the rule is as without a condition.
        (
            "openat:error=EACCES:where=path ~ \"^/nonexist\" or path == \"/x\"",
            "files",
            "openat",
            &["\"/nonexistent\", O_RDONLY) = -1 EACCES (Permission denied) (INJECTED)"],
            "\"file\", O_RDONLY) = 3",
        ),
        // By what a descriptor is open on.
        (
            "read:arg3=0:where=path ~ \"/file$\"",
            "files",
            "read",
            &["read(3, \"\", 0) = 0 (INJECTED: args)"],
            ") = 832",
        ),
        // By a register, by memory, by who calls.
        ("write:retval=9:where=fd == 1 and arg.buf has \"bc\"", "calls", "write", &["= 9 (INJECTED)"], ""),
        ("write:retval=9:where=fd == 1 and arg.buf has \"yz\"", "calls", "write", &[], "= 4"),
        ("getppid:retval=5:where=comm == options", "calls", "getppid", &["= 5 (INJECTED)"; 3], ""),
        ("getppid:retval=5:where=exe ~ \"/bin/other$\"", "calls", "getppid", &[], ""),
        // Times count where the condition holds.
        ("getppid:retval=5:when=2:where=comm == options", "calls", "getppid", &["= 5 (INJECTED)"], ""),
        ("read:retval=5:when=2:where=path ~ \"/file$\"", "files", "read", &[], ") = 1"),
    ];
    for (rule, mode, name, says, rest) in rows {
        let inject = ["-e", &format!("inject={rule}")];
        let shows = ["-e", &format!("trace={name}"), "-a", "1"];
        let (live, back) = bench.both(&inject, &shows, mode);
        assert_eq!(live, back, "{rule}");
        let injected: Vec<&str> = live.lines().filter(|line| line.contains("INJECTED")).collect();
        assert_eq!(injected.len(), says.len(), "{rule}: {live}");
        assert!(injected.iter().zip(*says).all(|(line, part)| line.contains(part)), "{rule}: {live}");
        assert!(live.lines().any(|line| !line.contains("INJECTED") && line.contains(rest)), "{rule}: {live}");
    }
    // With --fault, and what cannot be asked then.
    let fault = ["-e", "fault=openat:where=path == \"/nonexistent\""];
    let (live, _) = bench.both(&fault, &["-e", "trace=openat"], "files");
    assert_eq!(live.matches("ENOSYS (Function not implemented) (INJECTED)").count(), 1, "{live}");
    let refused: &[(&str, &str)] = &[
        ("openat:error=EACCES:where=ret < 0", "'ret' is not known when a call begins"),
        ("openat:error=EACCES:where=failed", "'failed' is not known"),
        ("openat:error=EACCES:where=paht == 1", "path"),
        ("openat:error=EACCES:where=", "where="),
    ];
    for (rule, part) in refused {
        let outcome = bench.run(&[TRACE, "-e", &format!("inject={rule}"), "true"]);
        assert!(outcome.code() == 1 && outcome.stderr.contains(part), "{rule}: {}", outcome.stderr);
    }
}
