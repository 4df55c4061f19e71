//! Recordings end to end: a replay says to the byte what the text log of the same run said, whatever the options,
//! on real programs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/json.rs"]
mod json;
mod support;

use std::fs;
use std::path::Path;

use support::run::{Outcome, Run};
use support::{Build, TempDir, compile, has_tool, missing};

const TRACE: &str = env!("CARGO_BIN_EXE_trace");

/// Options of text, and those with which the same text is replayed.
const LOOKS: &[&[&str]] = &[
    &[],
    &["-y", "-tt", "-T", "-i", "-n", "-N"],
    &["-v", "-s", "200", "-X", "verbose", "-r", "-yy"],
    &["-z", "-xx", "-e", "signal=none", "-a", "20", "-X", "raw"],
    &["-Z", "-ttt", "-q", "-q", "-e", "raw=all"],
];

fn run(dir: &TempDir, words: &[&str]) -> Outcome {
    Run::bare(dir, words).finish()
}

fn text(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned()
}

/// Where two texts part.
fn parts_at(a: &str, b: &str) -> String {
    let line = a.lines().zip(b.lines()).position(|(a, b)| a != b);
    let line = line.unwrap_or_else(|| a.lines().count().min(b.lines().count()));
    let get = |text: &str| text.lines().nth(line).map(str::to_owned);
    format!("line {}:\n  live   {:?}\n  replay {:?}", line + 1, get(a), get(b))
}

/// Records `command` once with each look, and replays it with the same.
fn replays_as_live(dir: &TempDir, command: &[&str], record: &[&str], expect: i32) {
    for (index, look) in LOOKS.iter().enumerate() {
        let live = dir.join(&format!("live-{index}"));
        let file = dir.join(&format!("run-{index}.trace"));
        let (live_name, file_name) = (live.to_str().unwrap(), file.to_str().unwrap());
        let mut words = vec![TRACE, "record", "-o", file_name, "--text", live_name, "--environment", "all"];
        words.extend_from_slice(look);
        words.extend_from_slice(record);
        words.push("--");
        words.extend_from_slice(command);
        let outcome = run(dir, &words);
        assert_eq!(outcome.code(), expect, "{command:?} {look:?}: {}", outcome.stderr);
        same(dir, &live, &file, look, record);
        // Other looks of the same recording are those of other runs; they must at least be had.
        for other in LOOKS {
            let mut words = vec![TRACE, "replay", file_name, "-o", "/dev/null"];
            words.extend_from_slice(other);
            let outcome = run(dir, &words);
            assert_eq!((outcome.code(), &*outcome.stderr), (0, ""), "{other:?}");
        }
    }
}

fn same(dir: &TempDir, live: &Path, file: &Path, look: &[&str], record: &[&str]) {
    let replayed = dir.join("replayed");
    let mut words = vec![TRACE, "replay"];
    words.extend_from_slice(look);
    words.extend_from_slice(&[file.to_str().unwrap(), "-o", replayed.to_str().unwrap()]);
    words.extend_from_slice(record);
    let outcome = run(dir, &words);
    assert_eq!((outcome.code(), &*outcome.stderr), (0, ""), "{words:?}");
    let (live, replayed) = (text(live), text(&replayed));
    assert!(!live.is_empty());
    assert!(live == replayed, "{look:?} {record:?}: {}", parts_at(&live, &replayed));
}

#[test]
fn messages_of_netlink() {
    let dir = TempDir::new("record-netlink");
    let Some(program) = compile(&dir, "tell_link", Build::Native) else { return };
    replays_as_live(&dir, &[program.to_str().unwrap(), "0", "0"], &[], 0);
}

#[test]
fn a_shell_pipeline() {
    let dir = TempDir::new("record");
    replays_as_live(&dir, &["sh", "-c", "ls -l / | sort | wc -l; exit 3"], &[], 3);
}

#[test]
fn a_compile() {
    if !has_tool("gcc") {
        return missing("a_compile", "gcc (package gcc)");
    }
    let dir = TempDir::new("record");
    fs::write(dir.join("h.c"), "#include <stdio.h>\nint main(void) { return puts(\"hi\") < 0; }\n").unwrap();
    replays_as_live(&dir, &["gcc", "-O1", "-o", "h", "h.c"], &[], 0);
}

#[test]
fn python_with_threads() {
    if !has_tool("python3") {
        return missing("python_with_threads", "python3");
    }
    let dir = TempDir::new("record");
    let script = "
import threading, os
def work(n):
    for i in range(40):
        os.write(w, b'%d %d\\n' % (n, i)); os.stat('/')
r, w = os.pipe()
all = [threading.Thread(target=work, args=(n,)) for n in range(4)]
[t.start() for t in all]; [t.join() for t in all]
";
    replays_as_live(&dir, &["python3", "-c", script], &[], 0);
}

#[test]
fn a_loopback_server() {
    if !has_tool("python3") {
        return missing("a_loopback_server", "python3");
    }
    let dir = TempDir::new("record");
    let script = "
import socket, threading
s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()
def serve():
    c, a = s.accept(); c.sendall(c.recv(100) * 3); c.close()
t = threading.Thread(target=serve); t.start()
c = socket.create_connection(s.getsockname()); c.sendall(b'hello'); assert len(c.recv(100)) > 0; t.join()
";
    replays_as_live(&dir, &["python3", "-c", script], &[], 0);
}

#[test]
fn signals_and_calls_that_never_return() {
    let dir = TempDir::new("record");
    let script = "trap 'echo got' USR1; kill -USR1 $$; sleep 30 & kill -STOP $!; kill -CONT $!; kill -KILL $!; wait; kill -TERM $$";
    replays_as_live(&dir, &["sh", "-c", script], &[], 128 + 15);
}

#[test]
fn a_thread_that_executes() {
    let dir = TempDir::new("record");
    let Some(program) = compile(&dir, "thread_exec", Build::Native) else { return };
    let command = [program.to_str().unwrap(), "3"];
    replays_as_live(&dir, &command, &[], run(&dir, &command).code());
    assert!(text(&dir.join("live-0")).contains("superseded by execve"));
}

#[test]
fn a_32_bit_program() {
    let dir = TempDir::new("record");
    let Some(program) = compile(&dir, "memory_calls", Build::M32) else { return };
    let shown = program.to_str().unwrap();
    replays_as_live(&dir, &["sh", "-c", &format!("{shown} 20; {shown} 5")], &[], 0);
    let log = text(&dir.join("live-0"));
    assert!(log.contains("mmap2("), "{log}");
    let (file, back) = (dir.join("run-0.trace"), dir.join("back"));
    let words = [TRACE, "replay", file.to_str().unwrap(), "-o", back.to_str().unwrap()];
    run(&dir, &[&words[..], &["--json"]].concat());
    let objects = json::lines(text(&back).as_bytes());
    let mapped = |object: &serde_json::Value| object["name"] == "mmap2" && object["abi"] == "i386";
    assert!(objects.iter().any(mapped));
    run(&dir, &[&words[..], &["-c"]].concat());
    assert!(text(&back).contains(" mmap2"), "{}", text(&back));
}

#[test]
fn stacks() {
    let dir = TempDir::new("record");
    let Some(program) = compile(&dir, "threads", Build::Native) else { return };
    let program = program.to_str().unwrap();
    let code = run(&dir, &[program]).code();
    for stack in ["-k", "-kk"] {
        replays_as_live(&dir, &[program], &[stack], code);
    }
    assert!(text(&dir.join("live-0")).contains(" > "), "no stacks");
    // A recording with lines of source shows those without them too.
    let (live, file) = (dir.join("live-k"), dir.join("kk.trace"));
    let words =
        [TRACE, "--record", file.to_str().unwrap(), "-o", live.to_str().unwrap(), "-kk", "--", "true"];
    assert_eq!(run(&dir, &words).code(), 0);
    same(&dir, &live, &file, &[], &["-kk"]);
    let plain = dir.join("plain");
    run(&dir, &[TRACE, "replay", file.to_str().unwrap(), "-o", plain.to_str().unwrap()]);
    assert!(!text(&plain).contains(" > ") && text(&live).contains(" > "));
}

#[test]
fn a_file_for_each_task() {
    let dir = TempDir::new("record");
    let (live, file, back) = (dir.join("live"), dir.join("run.trace"), dir.join("back"));
    let (live, file, back) = (live.to_str().unwrap(), file.to_str().unwrap(), back.to_str().unwrap());
    let words = [TRACE, "--record", file, "-ff", "-o", live, "--", "sh", "-c", "true | cat | wc"];
    assert_eq!(run(&dir, &words).code(), 0);
    assert_eq!(run(&dir, &[TRACE, "replay", "-ff", file, "-o", back]).code(), 0);
    let files = |prefix: &str| {
        let names = fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
        let mut ends: Vec<String> =
            names.filter_map(|name| name.strip_prefix(prefix).map(str::to_owned)).collect();
        ends.sort();
        ends
    };
    assert_eq!(files("live."), files("back."));
    assert!(files("live.").len() >= 4);
    for end in files("live.") {
        assert_eq!(text(&dir.join(&format!("live.{end}"))), text(&dir.join(&format!("back.{end}"))), "{end}");
    }
}

#[test]
fn the_table_is_that_of_the_run() {
    let dir = TempDir::new("record");
    let (live, file, back) = (dir.join("live"), dir.join("run.trace"), dir.join("back"));
    let (live_name, file, back_name) =
        (live.to_str().unwrap(), file.to_str().unwrap(), back.to_str().unwrap());
    for options in [&["-c"][..], &["-c", "-S", "calls", "-U", "calls,errors,name"]] {
        let mut words = vec![TRACE, "--record", file, "-o", live_name];
        words.extend_from_slice(options);
        words.extend_from_slice(&["--", "sh", "-c", "ls / | wc"]);
        assert_eq!(run(&dir, &words).code(), 0);
        let mut words = vec![TRACE, "replay", file, "-o", back_name];
        words.extend_from_slice(options);
        assert_eq!(run(&dir, &words).code(), 0);
        assert_eq!(text(&live), text(&back));
        assert!(text(&live).contains("total"));
    }
}

#[test]
fn every_form_of_a_recording_is_that_of_the_run() {
    if !has_tool("python3") {
        return missing("every_form_of_a_recording_is_that_of_the_run", "python3");
    }
    let dir = TempDir::new("record");
    let script = "
import socket, subprocess
s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()
c = socket.create_connection(s.getsockname()); a, _ = s.accept(); c.sendall(b'hello'); a.recv(9)
subprocess.run(['sh', '-c', 'ls / | wc; cat /nowhere'], stderr=subprocess.DEVNULL)
";
    let forms: &[&[&str]] = &[
        &["--json"],
        &["--json", "-k", "-v"],
        &["--tree"],
        &["--tree=full", "--summary=files,net,procs,errors"],
        &["--where", "errno == ENOENT and path ~ \"nowhere\""],
        &["--where", "peer.port > 0", "-yy"],
        &["-Y", "-e", "trace=%process,%signal"],
        &["-C", "-e", "trace=%net"],
    ];
    for form in forms {
        let (live, file, back) = (dir.join("live"), dir.join("run.trace"), dir.join("back"));
        let mut words = vec![TRACE, "--record", file.to_str().unwrap(), "-o", live.to_str().unwrap()];
        words.extend_from_slice(form);
        words.extend_from_slice(&["--environment", "all", "--", "python3", "-c", script]);
        let outcome = run(&dir, &words);
        assert_eq!(outcome.code(), 0, "{form:?}: {}", outcome.stderr);
        let mut words = vec![TRACE, "replay", file.to_str().unwrap(), "-o", back.to_str().unwrap()];
        words.extend_from_slice(form);
        let outcome = run(&dir, &words);
        assert_eq!((outcome.code(), &*outcome.stderr), (0, ""), "{form:?}");
        // The clock of the first line is that of the sink's beginning.
        let begun = |text: String| match text.split_once(",\"tracer\":") {
            Some((head, rest)) if head.starts_with("{\"type\":\"header\"") => rest.to_owned(),
            _ => text,
        };
        if form.contains(&"--json") {
            // Every line is as the schema says.
            json::lines(text(&back).as_bytes());
        }
        let (live, back) = (begun(text(&live)), begun(text(&back)));
        assert!(live.lines().count() > 1, "{form:?}: {live}");
        assert!(live == back, "{form:?}: {}", parts_at(&live, &back));
    }
}

#[test]
fn rings_of_io_uring() {
    let dir = TempDir::new("record");
    let Some(program) = compile(&dir, "rings", Build::Native) else { return };
    let work = dir.join("work");
    std::fs::create_dir(&work).unwrap();
    let words = [program.to_str().unwrap(), work.to_str().unwrap(), "files"];
    // Its status where the kernel refuses io_uring.
    match run(&dir, &words).code() {
        77 => {
            return missing("rings_of_io_uring", "io_uring (kernel.io_uring_disabled, or a seccomp profile)");
        }
        code => assert_eq!(code, 0),
    }
    replays_as_live(&dir, &words, &[], 0);
    assert!(text(&dir.join("live-0")).contains("    cqe "), "{}", text(&dir.join("live-0")));
}

/// What a submission says may depend on what its descriptor is open on, whoever wants to know that.
#[test]
fn registrations_of_io_uring() {
    let dir = TempDir::new("record-registrations");
    let Some(program) = compile(&dir, "tell_ring", Build::Native) else { return };
    for result in ["0", "-22"] {
        replays_as_live(&dir, &[program.to_str().unwrap(), result], &[], 0);
    }
}

#[test]
fn a_replay_chooses_calls() {
    let dir = TempDir::new("record");
    let (live, file, back) = (dir.join("live"), dir.join("run.trace"), dir.join("back"));
    let (live_name, file, back_name) =
        (live.to_str().unwrap(), file.to_str().unwrap(), back.to_str().unwrap());
    let words = [TRACE, "--record", file, "-o", live_name, "-q", "--", "cat", "/dev/null"];
    assert_eq!(run(&dir, &words).code(), 0);
    assert_eq!(run(&dir, &[TRACE, "replay", file, "-q", "-e", "trace=%file", "-o", back_name]).code(), 0);
    let kept: Vec<String> = ["openat(", "execve(", "access(", "newfstatat(", "faccessat", "readlink"]
        .iter()
        .map(|name| (*name).to_owned())
        .collect();
    let of_file = |line: &&str| kept.iter().any(|name| line.contains(name.as_str())) || line.contains("+++");
    let live_text = text(&live);
    let wanted: Vec<&str> = live_text.lines().filter(of_file).collect();
    assert_eq!(text(&back).lines().collect::<Vec<_>>(), wanted);
    // Only what was wanted is recorded.
    let words = [TRACE, "--record", file, "-o", live_name, "-e", "trace=openat", "--", "cat", "/dev/null"];
    assert_eq!(run(&dir, &words).code(), 0);
    assert_eq!(run(&dir, &[TRACE, "replay", file, "-o", back_name]).code(), 0);
    assert_eq!(text(&live), text(&back));
}

#[test]
fn what_was_not_recorded_is_said() {
    let dir = TempDir::new("record");
    let file = dir.join("run.trace");
    let file = file.to_str().unwrap();
    let words = [
        TRACE,
        "record",
        "-o",
        file,
        "--capture",
        "40",
        "--capture-no-fds",
        "--",
        "sh",
        "-c",
        "echo $0",
        "x",
    ];
    assert_eq!(run(&dir, &words).code(), 0);
    let outcome = run(&dir, &[TRACE, "replay", file, "-s", "100", "-y", "-k", "-o", "/dev/null"]);
    assert_eq!(outcome.code(), 0);
    for part in ["strings are recorded up to 40 bytes", "record without --capture-no-fds", "record with -k"] {
        assert!(outcome.stderr.contains(part), "{}", outcome.stderr);
    }
    // A longer string is cut, not lost.
    let long = "L".repeat(300);
    let words = [TRACE, "record", "-o", file, "--", "sh", "-c", "echo $0 >/dev/null", &long];
    assert_eq!(run(&dir, &words).code(), 0);
    let back = dir.join("back");
    run(&dir, &[TRACE, "replay", file, "-s", "1000", "-e", "write", "-o", back.to_str().unwrap()]);
    assert!(text(&back).contains(&format!("\"{}\"...", "L".repeat(256))), "{}", text(&back));
}

#[test]
fn environments_are_covered() {
    let dir = TempDir::new("record");
    let file = dir.join("run.trace");
    let file = file.to_str().unwrap();
    let log = |options: &[&str]| {
        let mut words = vec![TRACE, "record", "-o", file, "-E", "SECRET=open sesame", "-E", "PLAIN=seen"];
        words.extend_from_slice(options);
        words.extend_from_slice(&["--", "sh", "-c", "env >/dev/null"]);
        assert_eq!(run(&dir, &words).code(), 0);
        let back = dir.join("back");
        run(&dir, &[TRACE, "replay", file, "-v", "-s", "200", "-e", "execve", "-o", back.to_str().unwrap()]);
        text(&back)
    };
    let names = log(&[]);
    assert!(names.contains("SECRET=***") && !names.contains("sesame") && !names.contains("seen"), "{names}");
    let all = log(&["--environment", "all"]);
    assert!(all.contains("SECRET=open sesame") && all.contains("PLAIN=seen"), "{all}");
    let some = log(&["--environment", "all", "--redact", "SEC*"]);
    assert!(some.contains("SECRET=****") && some.contains("PLAIN=seen"), "{some}");
    let none = log(&["--environment", "none"]);
    assert!(!none.contains("SECRET") && none.contains("execve("), "{none}");
}

#[test]
fn an_attached_process() {
    let dir = TempDir::new("record");
    let mut sleeper =
        std::process::Command::new("sh").args(["-c", "while :; do sleep 0.01; done"]).spawn().unwrap();
    let (live, file) = (dir.join("live"), dir.join("run.trace"));
    let (live_name, file_name) = (live.to_str().unwrap().to_owned(), file.to_str().unwrap().to_owned());
    let pid = sleeper.id().to_string();
    let words = [TRACE, "--record", &file_name, "-o", &live_name, "-p", &pid, "--syscall-limit", "200"];
    let outcome = run(&dir, &words);
    sleeper.kill().unwrap();
    sleeper.wait().unwrap();
    assert_eq!(outcome.code(), 0, "{}", outcome.stderr);
    let back = dir.join("back");
    run(&dir, &[TRACE, "replay", &file_name, "-o", back.to_str().unwrap()]);
    assert!(text(&live) == text(&back), "{}", parts_at(&text(&live), &text(&back)));
    assert!(text(&live).lines().count() > 100);
}

#[test]
fn signals_with_descriptors_and_calls_of_another_abi() {
    let dir = TempDir::new("record-delivered");
    for build in [Build::Native, Build::M32] {
        let Some(program) = compile(&dir, "delivered", build) else { continue };
        replays_as_live(&dir, &[program.to_str().unwrap()], &[], 0);
    }
}
