//! `--json` on real programs: what the lines say, each of them held against the schema.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/json.rs"]
mod json;
mod support;

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use json::{TRACE, Trace, arg, bytes};
use serde_json::{Value, json};
use support::log;
use support::run::Run;
use support::{TempDir, has_tool, missing};

fn python(test: &str) -> bool {
    let has = has_tool("python3");
    if !has {
        missing(test, "python3 (package python3)");
    }
    has
}

/// Runs a Python program under `--json`; nothing of the interpreter's start is left out.
fn python_trace(dir: &TempDir, options: &[&str], program: &str) -> Trace {
    let trace = Trace::run(dir, options, &["python3", "-I", "-S", "-c", program]);
    assert_eq!(trace.outcome.code(), 0, "{}", trace.outcome.stderr);
    trace
}

/// Counts of calls by name, in text and in JSON, of two equal runs; how often a parent asks before its child has
/// ended is the scheduler's affair.
fn same_counts(dir: &TempDir, words: &[&str]) {
    let text = Run::traced(dir, Path::new(TRACE), &[], words).fixed().finish();
    let json = Trace::finish(dir, &[], words, Run::fixed);
    // A temporary name now and then takes a second random number.
    let varies = ["wait4", "rt_sigreturn", "getrandom"];
    let entries = log::parse(&text.log);
    let mut told = log::counts(&entries);
    let mut counts = json.counts();
    for name in varies {
        told.remove(name);
        counts.remove(name);
    }
    assert!(told.values().sum::<usize>() > 30, "{}", text.log);
    assert_eq!(told, counts, "{words:?}");
}

#[test]
fn there_are_as_many_objects_as_lines() {
    let dir = TempDir::new("json-counts");
    fs::write(dir.join("a.c"), "int main(void) { return 0; }\n").unwrap();
    same_counts(&dir, &["cat", "/etc/passwd"]);
    same_counts(&dir, &["sh", "-c", "ls / | grep e | sort > /dev/null; exit 3"]);
    if has_tool("gcc") {
        // What it makes is there already, as it will be for the second run.
        assert_eq!(Run::bare(&dir, &["gcc", "-c", "-o", "a.o", "a.c"]).finish().code(), 0);
        same_counts(&dir, &["gcc", "-c", "-o", "a.o", "a.c"]);
    } else {
        missing("there_are_as_many_objects_as_lines", "gcc (package gcc)");
    }
}

#[test]
fn a_pipeline() {
    let dir = TempDir::new("json-pipeline");
    let trace = Trace::run(&dir, &[], &["sh", "-c", "echo hello | cat; cat /nonexistent; exit 3"]);
    assert_eq!((trace.outcome.code(), trace.outcome.stdout.as_str()), (3, "hello\n"));
    let header = &trace.objects[0];
    assert_eq!(bytes(&header["command"][1]), b"-c");
    assert_eq!(header["attached"], json!([]));
    // Who started whom.
    let root = &trace.of("fork").next().unwrap()["pid"];
    let children: Vec<&Value> = trace.of("fork").filter(|fork| &fork["parent"] == root).collect();
    assert_eq!(children.len(), 3);
    let programs: HashSet<Vec<u8>> = trace.of("exec").map(|exec| bytes(&exec["argv"][0])).collect();
    assert_eq!(programs, HashSet::from([b"sh".to_vec(), b"cat".to_vec()]));
    let exec = trace.of("exec").find(|exec| exec["pid"] == *root).unwrap();
    assert!(bytes(&exec["exe"]).starts_with(b"/"), "{exec}");
    assert_eq!(bytes(&exec["cwd"]), dir.path().to_str().unwrap().as_bytes());
    // A call through a pipe: the descriptor says so.
    let read = trace.one("read", |call| arg(call, "buf")["text"] == "hello\n" && call["ret"] == 6);
    assert!(arg(read, "fd")["pipe"]["inode"].is_u64(), "{read}");
    assert_eq!(arg(read, "buf")["encoding"], "utf8");
    assert_eq!((&read["errno"], &read["abi"], &read["nr"]), (&Value::Null, &"x86_64".into(), &0.into()));
    // A failure, at the top and in full.
    let open = trace.one("openat", |call| arg(call, "pathname")["text"] == "/nonexistent");
    assert_eq!(open["ret"], -1);
    assert_eq!(open["errno"], json!({"name": "ENOENT", "value": 2, "text": "No such file or directory"}));
    assert_eq!(arg(open, "flags"), &json!({"flags": ["O_RDONLY"], "value": 0}));
    assert_eq!(arg(open, "dirfd")["name"], "AT_FDCWD");
    assert_eq!(bytes(&arg(open, "dirfd")["path"]), dir.path().to_str().unwrap().as_bytes());
    // A wait and the end that it waited for.
    let failed = &open["pid"];
    let wait = trace.one("wait4", |call| call["ret"] == *failed);
    assert_eq!(arg(wait, "wstatus"), &json!({"wait": "exited", "status": 1}));
    let exit = trace.one("exit", |exit| exit["pid"] == *failed);
    assert_eq!((&exit["how"], &exit["status"]), (&"exited".into(), &1.into()));
    // A call that never returns says why.
    let gone = trace.one("exit_group", |call| call["pid"] == *failed);
    assert_eq!((&gone["ret"], &gone["why"]), (&Value::Null, &"exited".into()));
    let child = trace.of("signal").next().unwrap();
    assert_eq!(
        (&child["name"], &child["info"]["struct"]["si_code"]["name"]),
        (&"SIGCHLD".into(), &"CLD_EXITED".into())
    );
}

#[test]
fn a_compile() {
    if !has_tool("gcc") {
        return missing("a_compile", "gcc (package gcc)");
    }
    let dir = TempDir::new("json-compile");
    fs::write(dir.join("a.c"), "#include <stdio.h>\nint main(void) { puts(\"hi\"); return 0; }\n").unwrap();
    let trace = Trace::run(&dir, &["-e", "trace=%file,%process"], &["gcc", "-o", "a", "a.c"]);
    assert_eq!(trace.outcome.code(), 0, "{}", trace.outcome.stderr);
    let ran: Vec<Vec<u8>> = trace.of("exec").map(|exec| bytes(&exec["comm"])).collect();
    for tool in [&b"gcc"[..], b"cc1", b"as", b"ld"] {
        assert!(ran.iter().any(|name| name.starts_with(tool)), "{}", String::from_utf8_lossy(tool));
    }
    let source = trace.of("syscall").any(|call| {
        call["name"] == "openat"
            && arg(call, "pathname")["text"] == "a.c"
            && bytes(&call["result"]["path"]).ends_with(b"/a.c")
    });
    assert!(source, "what an open returned shows its path");
    assert!(trace.calls("read").next().is_none(), "only what was asked for");
}

const THREADS: &str = "
import threading, time
def work(n):
    for _ in range(20): time.sleep(0.001)
threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
for t in threads: t.start()
for t in threads: t.join()
";

#[test]
fn threads_belong_to_their_process() {
    if !python("threads_belong_to_their_process") {
        return;
    }
    let dir = TempDir::new("json-threads");
    let trace = python_trace(&dir, &[], THREADS);
    let root = &trace.of("fork").next().unwrap()["pid"];
    let threads: Vec<&Value> = trace.of("fork").filter(|fork| fork["task"] == "thread").collect();
    assert_eq!(threads.len(), 4);
    assert!(threads.iter().all(|thread| thread["pid"] == *root && thread["tid"] != *root));
    assert!(trace.of("syscall").all(|call| call["pid"] == *root));
    // Each sleep is one object, however the threads' lines would have cut each other.
    let sleeps = |tid: &Value| {
        trace.of("syscall").filter(|c| c["tid"] == *tid && c["name"] == "clock_nanosleep").count()
    };
    for thread in threads {
        assert_eq!(sleeps(&thread["tid"]), 20, "{thread}");
    }
    assert!(trace.calls("clock_nanosleep").all(|call| call["duration"].as_f64().unwrap() > 0.0));
}

const SERVER: &str = "
import socket, threading, select
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(('127.0.0.1', 0)); server.listen(1)
port = server.getsockname()[1]
def serve():
    c, _ = server.accept()
    select.select([c], [], [], 5)
    c.sendall(c.recv(100).upper()); c.close()
t = threading.Thread(target=serve); t.start()
c = socket.create_connection(('127.0.0.1', port))
c.sendall(b'over the wire')
p = select.poll(); p.register(c, select.POLLIN); p.poll(5000)
assert c.recv(100) == b'OVER THE WIRE'
t.join()
u = socket.socket(socket.AF_UNIX); u.bind('\\0trace-json'); u.getsockname(); u.close()
try: socket.socket(socket.AF_INET6).connect(('::1', 9))
except OSError: pass
print(port)
";

#[test]
fn a_server_and_its_client() {
    if !python("a_server_and_its_client") {
        return;
    }
    let dir = TempDir::new("json-server");
    let trace = python_trace(&dir, &["-e", "trace=%network,read,write,poll,select,pselect6"], SERVER);
    let port: u64 = trace.outcome.stdout.trim().parse().unwrap();
    let address = json!({"sa_family": {"name": "AF_INET", "value": 2}, "sin_port": port, "sin_addr": {"ip": "127.0.0.1"}});
    let connect = trace.one("connect", |call| arg(call, "addr")["struct"] == address);
    assert_eq!(connect["ret"], 0);
    assert!(arg(connect, "sockfd")["socket"]["inode"].is_u64(), "{connect}");
    let bind = trace.one("bind", |call| arg(call, "addr")["struct"]["sa_family"]["name"] == "AF_INET");
    assert_eq!(arg(bind, "addr")["struct"]["sin_port"], 0);
    let sent = trace.one("sendto", |call| arg(call, "buf")["text"] == "over the wire");
    assert_eq!((&sent["ret"], sent.get("result")), (&13.into(), None));
    assert!(trace.calls("recvfrom").any(|call| arg(call, "buf")["text"] == "OVER THE WIRE"));
    let accept = trace.one("accept4", |call| call["errno"].is_null());
    assert_eq!(accept["result"]["fd"], accept["ret"]);
    assert_eq!(arg(accept, "addr")["struct"]["sin_addr"]["ip"], "127.0.0.1");
    // The kernel overwrote what the program had said.
    let name = trace.one("getsockname", |c| arg(c, "addr")["struct"]["sa_family"]["name"] == "AF_UNIX");
    assert_eq!(arg(name, "addrlen"), &json!({"old": 110, "new": 13}), "{name}");
    assert!(name["args"][2]["raw"].as_str().unwrap().starts_with("0x7f"), "{name}");
    let poll = trace.one("poll", |call| call["ret"] == 1);
    assert_eq!(poll["details"]["ready"]["array"][0]["struct"]["revents"]["flags"], json!(["POLLIN"]));
    let select = trace.of("syscall").find(|call| call["name"].as_str().unwrap().contains("select")).unwrap();
    assert_eq!(select["details"]["in"]["array"][0]["fd"], accept["ret"], "{select}");
    assert!(select["details"]["left"]["struct"]["tv_sec"].is_u64(), "{select}");
    let unix = trace.one("bind", |call| arg(call, "addr")["struct"]["sun_path"]["abstract"] == true);
    assert_eq!(arg(unix, "addr")["struct"]["sun_path"]["text"], "trace-json");
    if let Some(six) =
        trace.calls("connect").find(|c| arg(c, "addr")["struct"]["sa_family"]["name"] == "AF_INET6")
    {
        assert_eq!(arg(six, "addr")["struct"]["sin6_addr"], json!({"ip": "::1"}));
    }
}

const SIGNALS: &str = "
import os, signal, time, ctypes
signal.signal(signal.SIGUSR1, lambda *_: None)
os.kill(os.getpid(), signal.SIGUSR1)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
signal.signal(signal.SIGALRM, lambda *_: None)
signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
time.sleep(0.4)
signal.setitimer(signal.ITIMER_REAL, 0)
pid = os.fork()
if pid == 0: time.sleep(100)
while ') S ' not in open(f'/proc/{pid}/stat').read(): os.sched_yield()
os.kill(pid, signal.SIGKILL)
os.waitpid(pid, 0)
";

#[test]
fn signals_and_a_task_killed_inside_a_call() {
    if !python("signals_and_a_task_killed_inside_a_call") {
        return;
    }
    let dir = TempDir::new("json-signals");
    let trace = python_trace(&dir, &[], SIGNALS);
    let root = &trace.of("fork").next().unwrap()["pid"];
    let user = trace.one("signal", |signal| signal["name"] == "SIGUSR1");
    let info = &user["info"]["struct"];
    assert_eq!((&user["signal"], &info["si_code"]), (&10.into(), &json!({"name": "SI_USER", "value": 0})));
    assert_eq!(info["si_pid"], json!({"pid": root}));
    let mask =
        trace.calls("rt_sigprocmask").find(|c| arg(c, "set")["signals"] == json!(["SIGINT", "SIGTERM"]));
    assert_eq!(arg(mask.unwrap(), "set")["negated"], false);
    assert_eq!(arg(mask.unwrap(), "how")["name"], "SIG_BLOCK");
    // A sleep that a signal cut short: the program sees it begin anew.
    let cut = trace.calls("clock_nanosleep").find(|call| call["why"] == "restarted").unwrap();
    assert_eq!(
        (&cut["ret"], cut["errno"]["name"].as_str().unwrap().starts_with("ERESTART")),
        (&Value::Null, true)
    );
    // The child was killed in its sleep: one object, with the time that it slept.
    let killed = trace.one("clock_nanosleep", |call| call["why"] == "killed");
    assert!(killed["pid"] != *root && killed["errno"].is_null() && killed["ret"].is_null());
    assert!(killed["duration"].as_f64().unwrap() > 0.0);
    let exit = trace.one("exit", |exit| exit["tid"] == killed["tid"]);
    assert_eq!(exit["signal"], json!({"name": "SIGKILL", "value": 9}));
    let wait = trace.one("wait4", |call| call["ret"] == killed["pid"]);
    let status = json!({"wait": "killed", "signal": {"name": "SIGKILL", "value": 9}, "core": false});
    assert_eq!(arg(wait, "wstatus"), &status);
}

const NAMES: &str = r"
import os
for name in [b'caf\xe9', 'café'.encode(), b'esc\x1b[2J\x07\n', b'nul-free \xff\xfe', b'quote\x22\\', '\u0085\u202e'.encode()]:
    fd = os.open(name, os.O_CREAT | os.O_WRONLY, 0o640)
    os.write(fd, name)
    os.close(fd)
os.write(1, bytes(range(256)))
";

#[test]
fn names_that_are_no_text_come_back_byte_for_byte() {
    if !python("names_that_are_no_text_come_back_byte_for_byte") {
        return;
    }
    let dir = TempDir::new("json-names");
    let trace = python_trace(&dir, &["-s", "300"], NAMES);
    let names: &[(&[u8], &str)] = &[
        (b"caf\xe9", "latin1"),
        ("café".as_bytes(), "utf8"),
        (b"esc\x1b[2J\x07\n", "utf8"),
        (b"nul-free \xff\xfe", "latin1"),
        (b"quote\"\\", "utf8"),
        ("\u{85}\u{202e}".as_bytes(), "utf8"),
    ];
    for (name, encoding) in names {
        let open = trace.one("openat", |c| {
            arg(c, "flags")["flags"].as_array().unwrap().contains(&"O_CREAT".into())
                && bytes(arg(c, "pathname")) == *name
        });
        assert_eq!(arg(open, "pathname")["encoding"], *encoding);
        assert_eq!(arg(open, "mode"), &json!({"octal": "0640", "value": 0o640}));
        let written =
            trace.one("write", |c| arg(c, "fd")["path"].is_object() && bytes(arg(c, "buf")) == *name);
        assert!(bytes(&arg(written, "fd")["path"]).ends_with(name), "{written}");
    }
    let all = trace.one("write", |call| call["ret"] == 256);
    assert_eq!(bytes(arg(all, "buf")), (0..=255).collect::<Vec<u8>>());
    assert!(arg(all, "buf").get("truncated").is_none());
}

#[test]
fn long_strings_are_marked_and_long_command_lines_whole() {
    let dir = TempDir::new("json-long");
    let word = "é".repeat(1000);
    let mut words = vec!["sh", "-c", "echo \"$1\" > /dev/null", "sh"];
    words.extend(std::iter::repeat_n(word.as_str(), 800));
    let trace = Trace::run(&dir, &["-s", "9"], &words);
    let exec = trace.one("exec", |_| true);
    assert_eq!(exec["argv"].as_array().unwrap().len(), words.len());
    assert!(exec["argv"].as_array().unwrap().iter().skip(4).all(|arg| arg["text"] == word.as_str()));
    let execve = trace.one("execve", |_| true);
    let argv = arg(execve, "argv");
    assert_eq!((argv["array"].as_array().unwrap().len(), &argv["truncated"]), (9, &true.into()));
    // Nine bytes end in the middle of a character: the text ends before it.
    assert_eq!(argv["array"][5], json!({"text": "éééé", "encoding": "utf8", "truncated": true}));
    assert!(arg(execve, "envp")["variables"].as_u64().unwrap() > 3, "{execve}");
    let written = trace.one("write", |call| call["ret"] == 2001);
    assert_eq!(arg(written, "buf")["truncated"], true);
    assert_eq!(arg(written, "count"), 2001);
}
