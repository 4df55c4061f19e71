//! The flight recorder: a ring of the newest frames, and when it is dumped.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use support::run::{Outcome, Run};
use support::{TempDir, has_tool, missing};
use syscall_tables::abi::Abi;
use syscall_tables::signatures;
use trace::engine::sink::Sink;
use trace::event::{Call, End, Outcome as Returned, Program, Stamp, Started, Tid};
use trace::filter::query::Query;
use trace::output::matching::Where;
use trace::record::format::Meta;
use trace::record::parse::{Parser, Told, Want};
use trace::record::reader::Recording;
use trace::record::trigger::OnCall;
use trace::record::writer::{AtEnd, Recorder, Setup};

const TRACE: &str = env!("CARGO_BIN_EXE_trace");

fn run(dir: &TempDir, words: &[&str]) -> Outcome {
    Run::bare(dir, words).finish()
}

/// Writes numbers; each write carries much that does not pack, so that frames fill.
const NUMBERS: &str = "
import os
out = os.open('/dev/null', os.O_WRONLY)
for n in range(COUNT): os.write(out, b'%d ' % n + os.urandom(250))
";

/// The numbers in a replay.
fn numbers(dir: &TempDir, file: &str) -> Vec<usize> {
    let back = dir.join("back");
    let outcome = run(dir, &[TRACE, "replay", file, "-e", "write", "-o", back.to_str().unwrap()]);
    assert_eq!((outcome.code(), &*outcome.stderr), (0, ""));
    let log = String::from_utf8_lossy(&fs::read(&back).unwrap()).into_owned();
    let of_call = |line: &str| line.split(", \"").nth(1)?.split(' ').next()?.parse::<usize>().ok();
    log.lines().filter_map(of_call).collect()
}

#[test]
fn the_newest_calls_are_kept() {
    if !has_tool("python3") {
        return missing("the_newest_calls_are_kept", "python3");
    }
    let dir = TempDir::new("ring");
    let file = dir.join("ring.trace");
    let file = file.to_str().unwrap();
    let count = 60_000;
    let script = NUMBERS.replace("COUNT", &count.to_string());
    let words = [
        TRACE,
        "record",
        "--ring",
        "4M",
        "-o",
        file,
        "-e",
        "trace=write,getrandom",
        "--",
        "python3",
        "-c",
        &script,
    ];
    let outcome = run(&dir, &words);
    assert_eq!(outcome.code(), 0, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("events are in"), "{}", outcome.stderr);
    let kept = numbers(&dir, file);
    let first = kept[0];
    assert!(first > 0 && first < count - 100, "{first}");
    assert!(kept.iter().copied().eq(first..count), "there is a gap");
    assert!(fs::metadata(file).unwrap().len() < 9 << 20, "a ring of 4M, and the newest frame");
    // What was known of the process stands in it, although its frames are gone.
    let mut recording = Recording::open(std::path::Path::new(file)).unwrap();
    let mut parser = Parser::new(Want::ALL);
    let (mut started, mut programs, mut raw) = (0, Vec::new(), Vec::new());
    for entry in recording.index.frames.clone().iter().filter(|entry| entry.events > 0) {
        let head = recording.read(entry, &mut raw).unwrap().unwrap();
        let mut tell = |told: Told<'_>| match told {
            Told::Started(_) => started += 1,
            Told::Executed(program, id) => programs.push((program.argv.clone(), id.to_vec())),
            _ => {}
        };
        parser.frame(head.sequence, &raw, &mut tell).unwrap();
    }
    assert_eq!((started, programs.len()), (1, 1));
    assert_eq!(programs[0].0[0], b"python3");
    assert!(programs[0].1.len() >= 8, "no build id");
}

#[test]
fn a_failure_dumps_and_success_does_not() {
    let dir = TempDir::new("ring");
    let file = dir.join("ring.trace");
    for (script, dumped) in [("exit 0", false), ("exit 4", true), ("kill -SEGV $$", true)] {
        let words = [
            TRACE,
            "record",
            "--ring",
            "1M",
            "--dump-on",
            "exit",
            "-o",
            file.to_str().unwrap(),
            "--",
            "sh",
            "-c",
            script,
        ];
        let outcome = run(&dir, &words);
        assert_eq!(file.exists(), dumped, "{script}: {}", outcome.stderr);
        if dumped {
            let outcome = run(&dir, &[TRACE, "replay", file.to_str().unwrap(), "-c"]);
            assert!(outcome.code() == 0 && outcome.stderr.contains("execve"), "{}", outcome.stderr);
            fs::remove_file(&file).unwrap();
        }
    }
}

#[test]
fn a_signal_dumps_while_the_program_runs() {
    let dir = TempDir::new("ring");
    let file = dir.join("ring.trace");
    let shown = file.to_str().unwrap();
    let mut recorder = Command::new(TRACE);
    recorder.args(["record", "--ring", "1M", "--dump-on", "signal", "-o", shown, "--", "sh", "-c"]);
    let mut recorder = recorder
        .arg("echo up; while read line; do echo $line; done")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let dumps = [shown.to_owned(), format!("{shown}.2")];
    use std::io::{BufRead, BufReader, Write};
    let mut out = BufReader::new(recorder.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    for (index, name) in dumps.iter().enumerate() {
        writeln!(recorder.stdin.as_mut().unwrap(), "line{index}").unwrap();
        line.clear();
        out.read_line(&mut line).unwrap();
        assert_eq!(line, format!("line{index}\n"), "the program runs");
        support::procfs::kill(recorder.id() as i32, libc::SIGUSR1);
        // A dump is whole when it can be replayed as finished.
        let whole = (0..2000).any(|_| {
            thread::sleep(Duration::from_millis(5));
            Recording::open(std::path::Path::new(name)).is_ok_and(|recording| recording.finished)
        });
        assert!(whole, "no dump {name}");
        let back = dir.join("back");
        run(&dir, &[TRACE, "replay", name, "-o", back.to_str().unwrap()]);
        let log = fs::read_to_string(&back).unwrap();
        assert!(log.contains(&format!("write(1, \"line{index}\\n\"")), "{log}");
    }
    drop(recorder.stdin.take());
    assert!(recorder.wait().unwrap().success());
    assert!(!std::path::Path::new(&format!("{shown}.3")).exists());
}

#[test]
fn a_query_dumps() {
    let dir = TempDir::new("ring");
    let file = dir.join("ring.trace");
    let file = file.to_str().unwrap();
    let words = [
        TRACE,
        "record",
        "--ring",
        "256M",
        "--dump-on",
        "signal",
        "--trigger",
        "errno == ENOENT and path ~ \"nowhere\"",
        "-o",
        file,
        "--",
        "sh",
        "-c",
        "cat /etc/passwd >/dev/null; cat /nowhere; cat /nowhere; true",
    ];
    let outcome = run(&dir, &words);
    assert_eq!(outcome.code(), 0, "{}", outcome.stderr);
    assert_eq!(outcome.stderr.matches("events are in").count(), 1, "{}", outcome.stderr);
    let back = dir.join("back");
    run(&dir, &[TRACE, "replay", file, "-o", back.to_str().unwrap()]);
    let log = fs::read_to_string(&back).unwrap();
    assert!(log.contains("\"/etc/passwd\"") && log.contains("\"/nowhere\""), "{log}");
    let refused = run(&dir, &[TRACE, "record", "--trigger", "nonsense ==", "--ring", "1M", "true"]);
    assert!(refused.code() == 1 && refused.stderr.contains("--trigger:"), "{}", refused.stderr);
}

fn call(n: u64) -> Call {
    let mut call = Call::new(Tid(7));
    call.regs.nr = 1;
    call.regs.abi = Abi::X86_64;
    call.regs.args = [1, 0x1000, n, 0, 0, 0];
    call.signature = signatures::lookup(Abi::X86_64, 1);
    call.entered = Stamp { wall_ns: 1_000_000 + n, mono_ns: 1000 + n };
    call.left = call.entered;
    call
}

#[test]
fn a_matching_call_dumps_once() {
    let dir = TempDir::new("ring");
    let path = dir.join("ring.trace");
    let file = trace::record::writer::create(&path).unwrap().begin().unwrap();
    let setup = Setup {
        program: "trace".into(),
        meta: Meta::default(),
        ring_bytes: Some(1 << 20),
        at_end: AtEnd::Drop,
        ..Setup::default()
    };
    let mut recorder = Recorder::start(file, path.clone(), setup).unwrap();
    let query = Query::parse("arg.count >= 50").unwrap();
    let mut trigger = Where::new(query, vec![Box::new(OnCall::new(recorder.remote()))]);
    let at = Stamp::default();
    recorder.started(&Started { tid: Tid(7), process: Tid(7), parent: Tid(1), attached: false, at });
    recorder.executed(&Program { process: Tid(7), ..Program::default() });
    for n in 0..51 {
        let mut call = call(n);
        recorder.entered(&call);
        trigger.entered(&call);
        call.outcome = Some(Returned { value: n as i64, failed: false });
        recorder.left(&call);
        trigger.left(&call);
    }
    let whole = (0..2000).any(|_| {
        thread::sleep(Duration::from_millis(5));
        Recording::open(&path).is_ok_and(|recording| recording.finished)
    });
    assert!(whole, "the 51st call dumps");
    for n in 51..99 {
        recorder.entered(&call(n));
        recorder.left(&call(n));
        trigger.entered(&call(n));
        trigger.left(&call(n));
    }
    recorder.ended(Tid(7), End::Exited(0), None, at);
    recorder.finish();
    let mut recording = Recording::open(&path).unwrap();
    let (mut calls, mut raw) = (0, Vec::new());
    for entry in recording.index.frames.clone().iter().filter(|entry| entry.events > 0) {
        let head = recording.read(entry, &mut raw).unwrap().unwrap();
        let mut tell = |told: Told<'_>| calls += usize::from(matches!(told, Told::Left(_)));
        Parser::new(Want::ALL).frame(head.sequence, &raw, &mut tell).unwrap();
    }
    assert!(calls >= 51, "{calls}");
    assert!(!dir.join("ring.trace.2").exists());
}
