//! `--where` on real programs: what is printed, what is counted, what is refused, and what it costs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use support::log;
use support::run::{Outcome, Run};
use support::{Build, TempDir, compile, has_tool, heavy, is_stand_in, missing};

const TRACE: &str = env!("CARGO_BIN_EXE_trace");

fn run(dir: &TempDir, options: &[&str], words: &[&str]) -> Outcome {
    let outcome = Run::traced(dir, Path::new(TRACE), options, words).finish();
    assert_eq!(outcome.leftovers, 0, "{words:?}");
    outcome
}

/// The lines of calls, without pids.
fn calls(outcome: &Outcome) -> Vec<String> {
    let entries = log::parse(&outcome.log);
    entries
        .iter()
        .filter(|entry| matches!(entry.kind, log::Kind::Call { .. }))
        .map(log::Entry::text)
        .collect()
}

fn asked(dir: &TempDir, expression: &str, words: &[&str]) -> Vec<String> {
    let with = run(dir, &["--where", expression], words);
    let without = run(dir, &["--where", expression, "--no-seccomp"], words);
    let (lines, all) = (calls(&with), calls(&without));
    // Processes that run at once come in any order.
    let names = |lines: &[String]| -> Vec<String> {
        let mut names: Vec<String> =
            lines.iter().map(|line| line.split('(').next().unwrap_or_default().to_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&lines), names(&all), "{expression}: the filter makes no difference");
    lines
}

/// Expressions in the order of the lines that are left of a run.
#[test]
fn files_of_cat() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("where-cat");
    fs::write(dir.join("greeting"), "hello\n").unwrap();
    let greeting = dir.join("greeting");
    // Through pipes, for between files cat has the kernel copy.
    let words = ["sh", "-c", "cat greeting /no/such | cat"];
    let opened = asked(&dir, "name == openat and arg.pathname == \"greeting\"", &words);
    assert_eq!(opened, ["openat(AT_FDCWD, \"greeting\", O_RDONLY) = 3"]);
    let failed = asked(&dir, "failed and path ~ \"^/no/\"", &words);
    assert_eq!(failed, ["openat(AT_FDCWD, \"/no/such\", O_RDONLY) = -1 ENOENT (No such file or directory)"]);
    // By descriptor: the path is known for calls that name none.
    let on_file = asked(&dir, &format!("path == \"{}\"", greeting.display()), &words);
    let names: Vec<&str> = on_file.iter().map(|line| line.split('(').next().unwrap()).collect();
    for name in ["openat", "read", "close"] {
        assert!(names.contains(&name), "{name}: {on_file:?}");
    }
    assert!(on_file.iter().all(|line| !line.contains("/etc")), "{on_file:?}");
    let read = asked(&dir, "bytes == 6 and arg.buf == \"hello\\n\"", &words);
    let told = |line: &str| read.iter().filter(|read| read.starts_with(line)).count();
    assert_eq!((told("read("), told("write(")), (2, 2), "{read:?}");
    let sized = asked(&dir, "arg.statbuf.st_size == 6", &words);
    assert!(sized.len() == 1 && sized[0].contains("fstat"), "{sized:?}");
    let created = asked(&dir, "arg.flags has O_CREAT", &["sh", "-c", "echo > made; cat < made"]);
    assert_eq!(created, ["openat(AT_FDCWD, \"made\", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 3"]);
    let none = asked(&dir, "name == openat and ret < -1", &words);
    assert!(none.is_empty(), "{none:?}");
}

#[test]
fn processes_of_a_shell() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("where-shell");
    fs::write(dir.join("greeting"), "hello\n").unwrap();
    let words = ["sh", "-c", "cat -n greeting; (cat -n greeting; true); true"];
    let by_cat = asked(&dir, "comm == cat and arg.buf has \"hello\" and name == write", &words);
    assert_eq!(by_cat.len(), 2, "{by_cat:?}");
    let by_exe = asked(&dir, "exe ~ \"/cat$\" and name == write", &words);
    assert_eq!(by_exe.len(), 2, "{by_exe:?}");
    let by_depth = asked(&dir, "depth == 2 and name == write", &words);
    assert_eq!(by_depth.len(), 1, "the subshell's: {by_depth:?}");
    // The execve that starts cat is the shell's; by its name it is not found under cat.
    let starts = asked(&dir, "name == execve and depth > 0 and succeeded and comm == sh", &words);
    assert_eq!(starts.len(), 2, "{starts:?}");
    let own = run(&dir, &["--where", "name == execve and depth == 0"], &words);
    assert_eq!(calls(&own).len(), 1, "{}", own.log);
    let pid = format!("pid == {} and name == execve", 1);
    assert!(asked(&dir, &pid, &words).is_empty());
}

#[test]
fn sockets_of_python() {
    if is_stand_in() {
        return;
    }
    if !has_tool("/usr/bin/python3") {
        return missing("sockets_of_python", "python3");
    }
    let dir = TempDir::new("where-python");
    let script = "
import socket, os
if os.path.exists('sock'): os.unlink('sock')
server = socket.socket(); server.bind(('127.0.0.1', 0)); server.listen()
port = server.getsockname()[1]
client = socket.create_connection(('127.0.0.1', port)); peer, _ = server.accept()
six = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
try: six.sendto(b'x', ('::1', 9))
except OSError: pass
unix = socket.socket(socket.AF_UNIX); unix.bind('sock'); unix.listen()
hidden = socket.socket(socket.AF_UNIX); hidden.bind('\\0where-%d' % os.getpid())
client.sendall(b'hello'); peer.recv(5)
try: socket.create_connection(('127.0.0.1', 1))
except OSError: pass
";
    let words = ["/usr/bin/python3", "-c", script];
    let refused = asked(&dir, "peer.port == 1 and errno in (ECONNREFUSED, EACCES)", &words);
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(refused[0].starts_with("connect(") && refused[0].contains("htons(1)"), "{refused:?}");
    let local = asked(&dir, "peer.addr == \"127.0.0.0/8\" and name in (bind, connect, accept4)", &words);
    assert_eq!(local.len(), 4, "bind, connect, accept4, connect: {local:?}");
    assert!(asked(&dir, "peer.addr == \"10.0.0.0/8\"", &words).is_empty());
    let six = asked(&dir, "peer.addr == \"::1\" and peer.port == 9", &words);
    assert!(six.len() == 1 && six[0].starts_with("sendto("), "{six:?}");
    let unix = asked(&dir, "peer.path == \"sock\" and name == bind", &words);
    assert_eq!(unix.len(), 1, "{unix:?}");
    let hidden = asked(&dir, "peer.path ~ \"^@where-\" and name == bind", &words);
    assert_eq!(hidden.len(), 1, "{hidden:?}");
    let stream = asked(&dir, "arg.type has SOCK_STREAM|SOCK_CLOEXEC and arg.domain == AF_UNIX", &words);
    assert_eq!(stream.len(), 2, "{stream:?}");
    let sent = asked(&dir, "bytes == 5 and arg.buf == \"hello\"", &words);
    assert_eq!(sent.len(), 2, "{sent:?}");
    // The addresses are the sockets', not the calls'.
    let talk = asked(&dir, "peer.addr == \"127.0.0.1\" and name in (sendto, recvfrom)", &words);
    assert_eq!(talk.len(), 2, "{talk:?}");
}

#[test]
fn a_call_that_never_returns_is_asked_without_a_result() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("where-never");
    let words = ["sh", "-c", "exit 3"];
    let unfinished = run(&dir, &["--where", "unfinished"], &words);
    assert_eq!(calls(&unfinished), ["exit_group(3) = ?"], "{}", unfinished.log);
    let with = run(&dir, &["--where", "not ret == 0 and name == exit_group"], &words);
    assert_eq!(calls(&with), ["exit_group(3) = ?"], "{}", with.log);
    let without = run(&dir, &["--where", "ret != 0 and name == exit_group"], &words);
    assert!(calls(&without).is_empty(), "{}", without.log);
    assert_eq!(unfinished.code(), 3);
}

#[test]
fn a_call_that_blocks_is_seen_where_no_result_is_asked_for() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("where-blocks");
    for (expression, seen) in
        [("name ~ \"nanosleep$\"", true), ("name ~ \"nanosleep$\" and succeeded", false)]
    {
        let mut running =
            Run::traced(&dir, Path::new(TRACE), &["--where", expression], &["sleep", "1000"]).start();
        let asleep = || {
            let children = fs::read_to_string(format!("/proc/{0}/task/{0}/children", running.pid()));
            let child = children.unwrap_or_default().trim().to_owned();
            fs::read_to_string(format!("/proc/{child}/syscall")).is_ok_and(|text| text.starts_with("230 "))
        };
        while !asleep() {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        let mut log = running.log_so_far();
        while seen && log.is_empty() {
            std::thread::sleep(std::time::Duration::from_millis(10));
            log = running.log_so_far();
        }
        assert_eq!(log.contains("nanosleep("), seen, "{expression}: {log}");
        running.stop();
    }
}

#[test]
fn together_with_other_options() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("where-options");
    fs::write(dir.join("greeting"), "hello\n").unwrap();
    let words = ["cat", "-n", "greeting"];
    let both = run(&dir, &["-e", "trace=read,close", "--where", "fd == 3"], &words);
    let lines = calls(&both);
    assert!(!lines.is_empty() && lines.iter().all(|l| l.starts_with("read(3") || l.starts_with("close(3")));
    let twice = run(&dir, &["--where", "fd == 3", "--where", "name == read or name == close"], &words);
    assert_eq!(calls(&twice).len(), lines.len());
    let summary = run(&dir, &["-c", "--where", "name == read and arg.buf ~ \"hello\""], &words);
    let row = summary.log.lines().find(|line| line.ends_with(" read")).unwrap();
    assert_eq!(row.split_whitespace().nth(3), Some("1"), "{}", summary.log);
    assert!(!summary.log.contains("openat"), "{}", summary.log);
    let one_stop = run(&dir, &["-c", "-U", "calls,name", "--where", "arg.flags has O_CLOEXEC"], &words);
    assert!(one_stop.log.lines().any(|line| line.ends_with(" openat")), "{}", one_stop.log);
    // What is read for the question is not shown for it.
    let plain = run(&dir, &["--where", "path ~ \"greeting$\" and name == read"], &words);
    assert!(calls(&plain)[0].starts_with("read(3, \"hello"), "{}", plain.log);
    let short = run(&dir, &["-s", "2", "--where", "arg.buf == \"hello\\n\""], &words);
    assert!(calls(&short)[0].starts_with("read(3, \"he\"..."), "{}", short.log);
    let raw = run(&dir, &["-e", "raw=all", "--where", "arg.buf has \"hello\" and name == write"], &words);
    assert!(calls(&raw)[0].starts_with("write(0x1, 0x"), "{}", raw.log);
    let failed = run(&dir, &["-Z", "--where", "name == openat"], &["cat", "/no/such"]);
    assert!(calls(&failed).iter().all(|line| line.contains("= -1 E")), "{}", failed.log);
    assert!(failed.log.contains("/no/such"), "{}", failed.log);
}

#[test]
fn descriptors_are_not_remembered_where_their_changes_go_unseen() {
    if is_stand_in() {
        return;
    }
    if !has_tool("/usr/bin/python3") {
        return missing("descriptors_are_not_remembered_where_their_changes_go_unseen", "python3");
    }
    let dir = TempDir::new("where-fds");
    fs::write(dir.join("first"), "first").unwrap();
    fs::write(dir.join("second"), "second").unwrap();
    let script = "
import os
for _ in range(20):
    a = os.open('first', 0); b = os.open('second', 0); os.dup2(a, 60); os.read(60, 7); os.dup2(b, 60); os.read(60, 7)
    os.close(a); os.close(b)
";
    // The filter lets dup2 from other descriptors pass unseen.
    let outcome = run(&dir, &["-y", "--where", "arg0 == 60"], &["/usr/bin/python3", "-c", script]);
    let reads: Vec<String> = calls(&outcome).into_iter().filter(|line| line.contains("read(60<")).collect();
    assert_eq!(reads.len(), 40, "{}", outcome.log);
    for (index, line) in reads.iter().enumerate() {
        let name = if index % 2 == 0 { "first" } else { "second" };
        assert!(line.contains(&format!("/{name}>, \"{name}\"")), "{line}");
    }
}

#[test]
fn a_running_process_is_asked() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("where-attach");
    let script = "while :; do : < /dev/null; : < /etc/passwd; sleep 0.01; done";
    let mut shell = Command::new("sh").args(["-c", script]).spawn().unwrap();
    let pid = shell.id().to_string();
    let log = dir.join("log");
    let mut tracer = Command::new(TRACE)
        .args(["-o", log.to_str().unwrap(), "--where", "path == \"/etc/passwd\" and comm == sh", "-p", &pid])
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let text = loop {
        let text = fs::read_to_string(&log).unwrap_or_default();
        if text.lines().count() > 4 {
            break text;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    };
    shell.kill().unwrap();
    shell.wait().unwrap();
    tracer.wait().unwrap();
    assert!(text.contains("\"/etc/passwd\"") && !text.contains("/dev/null"), "{text}");
}

#[test]
fn i386_programs_are_asked_in_their_own_numbers() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("where-m32");
    let test = "i386_programs_are_asked_in_their_own_numbers";
    let Some(program) = compile(&dir, "memory_calls", Build::M32) else {
        return missing(test, "gcc-multilib");
    };
    let program = program.to_str().unwrap();
    let opened = asked(&dir, "abi == i386 and path == \"/etc/passwd\" and name ~ \"^open\"", &[program, "3"]);
    assert_eq!(opened.len(), 3, "{opened:?}");
    let closed = asked(&dir, "name == close and arg.fd == 4 and abi == i386", &[program, "3"]);
    assert_eq!(closed.len(), 3, "{closed:?}");
}

#[test]
fn refusals_are_one_sentence() {
    let dir = TempDir::new("where-refused");
    for (option, sentence) in [
        ("arg.flasg has O_CREAT", "no argument is called 'flasg'; nearest: flags"),
        ("", "a field is wanted here"),
    ] {
        let outcome = Run::bare(&dir, &[TRACE, "--where", option, "true"]).finish();
        assert_eq!(outcome.code(), 1);
        let first = outcome.stderr.lines().next().unwrap_or_default();
        assert!(first.starts_with("trace: --where: ") && first.contains(sentence), "{}", outcome.stderr);
    }
    if is_stand_in() {
        return;
    }
    let strict = dir.join("strace");
    std::os::unix::fs::symlink(TRACE, &strict).unwrap();
    let outcome = Run::bare(&dir, &[strict.to_str().unwrap(), "--where", "failed", "true"]).finish();
    assert_eq!(outcome.code(), 1);
    assert!(outcome.stderr.contains("unrecognized option '--where'"), "{}", outcome.stderr);
    let help = Run::bare(&dir, &[strict.to_str().unwrap(), "-h"]).finish();
    assert!(!help.stdout.contains("--where"), "{}", help.stdout);
}

/// Syscalls that the tracer's main thread makes for one run.
fn own_calls(dir: &TempDir, options: &[&str], program: &Path, rounds: u64) -> u64 {
    let table = dir.join("table");
    let mut command = Command::new(TRACE);
    command.args(["--no-follow", "-c", "-o"]).arg(&table).args(["--", TRACE, "-o", "/dev/null"]);
    let status = command.args(options).arg(program).arg(rounds.to_string()).status().unwrap();
    assert!(status.success());
    let text = fs::read_to_string(&table).unwrap();
    let total = text.lines().find(|line| line.ends_with(" total")).unwrap();
    total.split_whitespace().nth(3).unwrap().parse().unwrap()
}

#[test]
fn what_cannot_match_costs_no_stop() {
    if is_stand_in() {
        return;
    }
    let _heavy = heavy();
    let dir = TempDir::new("where-cost");
    let Some(program) = compile(&dir, "memory_calls", Build::Native) else { return };
    // Each round is open, read, write, stat and close. Six own syscalls is what a call with two stops takes.
    for (expression, least, most) in [
        ("arg.flags has O_CREAT", 0.0, 0.1),
        ("fd == 99", 0.0, 0.1),
        ("arg.count > 4096 and succeeded", 0.0, 0.1),
        ("name == close and failed", 5.9, 6.3),
        ("name == close and arg.fd == 99", 0.0, 0.1),
        // With a path and a struct, which are read from memory.
        ("name == stat or arg0 == 99", 5.9, 8.3),
    ] {
        let own = |rounds| own_calls(&dir, &["--where", expression], &program, rounds);
        let ratio = (own(4000).saturating_sub(own(1000))) as f64 / 3000.0;
        println!("cost: {ratio:.3} own syscalls per round with {expression}");
        assert!((least..=most).contains(&ratio), "{expression}: {ratio} own syscalls per round");
    }
}

/// The expressions of the tables of docs/where.md.
fn documented() -> Vec<String> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/where.md")).unwrap();
    let questions = text.split("## Some questions").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = questions.lines().filter(|line| line.starts_with("| ") && line.ends_with("` |"));
    rows.map(|row| row.trim_end_matches("` |").rsplit(" | `").next().unwrap().replace("\\|", "|")).collect()
}

#[test]
fn the_document_tells_the_truth() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("where-docs");
    let expressions = documented();
    assert!(expressions.len() > 15, "{expressions:?}");
    let script = "cat -n /etc/passwd; echo root > made; cat made; exit 1";
    for expression in &expressions {
        let outcome = run(&dir, &["--where", expression], &["sh", "-c", script]);
        assert_eq!(outcome.code(), 1, "{expression}: {}", outcome.stderr);
        let found = calls(&outcome).len();
        println!("{found:>4} {expression}");
        let elsewhere = ["peer", "i386", "dur", "kill", "PROT_WRITE", "errno", "io_uring and failed"];
        let here = !elsewhere.iter().any(|word| expression.contains(word));
        assert!(!here || found > 0, "{expression}: nothing in {}", outcome.log);
    }
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/where.md")).unwrap();
    for (name, _) in trace::filter::query::fields() {
        let listed = text.contains(&format!("`{name}`")) || name.starts_with("arg");
        assert!(listed, "docs/where.md does not speak of {name}");
    }
    // The example at the top, as it is printed.
    let example = text.split("```console\n").nth(1).unwrap().split("```").next().unwrap();
    let expression = example.split('\'').nth(1).unwrap();
    let outcome = run(&dir, &["--where", expression], &["cat", "/etc/nothing"]);
    for line in calls(&outcome) {
        let shown = example.lines().any(|known| known.split_whitespace().eq(line.split_whitespace()));
        assert!(shown || line.contains("ld.so"), "docs/where.md lacks: {line}");
    }
    assert!(outcome.log.contains("/etc/nothing"), "{}", outcome.log);
}
