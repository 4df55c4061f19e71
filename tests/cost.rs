//! What tracing costs, counted rather than timed: the tracer's own syscalls per traced syscall, and
//! its memory over a long run.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use support::{Build, TempDir, compile, heavy, is_stand_in};

const TRACE: &str = env!("CARGO_BIN_EXE_trace");

/// Syscalls that the tracer's main thread made while it traced `calls` calls.
fn own_calls(dir: &TempDir, options: &[&str], program: &std::path::Path, calls: u64) -> u64 {
    let table = dir.join("table");
    // The output of a command is named among its own options.
    let quiet: &[&str] = if options.first() == Some(&"seccomp") { &[] } else { &["-o", "/dev/null"] };
    let status = Command::new(TRACE)
        .args(["--no-follow", "-c", "-o"])
        .arg(&table)
        .args(["--", TRACE])
        .args(quiet)
        .args(options)
        .arg(program)
        .arg(calls.to_string())
        .status()
        .unwrap();
    assert!(status.success());
    let text = fs::read_to_string(&table).unwrap();
    let total = text.lines().find(|line| line.ends_with(" total")).unwrap();
    total.split_whitespace().nth(3).unwrap().parse().unwrap()
}

/// Rounds that a program makes, few and many: between them lie about 20,000 calls.
fn rounds(name: &str) -> (u64, u64) {
    match name {
        "memory_calls" => (1_000, 5_000),
        "stream_calls" | "netlink_calls" => (2_500, 12_500),
        _ => (5_000, 25_000),
    }
}

/// Own syscalls for each of many more rounds of `program`.
fn ratio(options: &[&str], name: &str) -> Option<f64> {
    let _heavy = heavy();
    let dir = TempDir::new("cost");
    let program = compile(&dir, name, Build::Native)?;
    let (few, many) = rounds(name);
    let own =
        own_calls(&dir, options, &program, many).saturating_sub(own_calls(&dir, options, &program, few));
    let ratio = own as f64 / (many - few) as f64;
    println!("cost: {ratio:.3} own syscalls per syscall of {name} {options:?}");
    Some(ratio)
}

#[test]
fn own_syscalls_per_traced_syscall() {
    if is_stand_in() {
        return;
    }
    let Some(ratio) = ratio(&[], "dense") else { return };
    assert!(ratio <= 6.1, "{ratio} own syscalls per traced syscall");
    // What a run costs apart from its calls differs by some dozens from run to run.
    assert!(ratio >= 5.98, "{ratio}: two stops cannot take fewer than six, so calls were lost");
}

#[test]
fn own_syscalls_per_traced_syscall_with_memory() {
    if is_stand_in() {
        return;
    }
    // Each round is open, read, write, stat and close: five calls, each with a path, a buffer, a struct or none.
    let Some(ratio) = ratio(&[], "memory_calls") else { return };
    let each = ratio / 5.0;
    assert!((5.98..=7.1).contains(&each), "{each} own syscalls per traced syscall with memory");
}

#[test]
fn own_syscalls_per_message_over_a_socket() {
    if is_stand_in() {
        return;
    }
    // Each round sends and receives: what the socket is was asked before the first of them.
    let Some(ratio) = ratio(&[], "stream_calls") else { return };
    assert!((13.96..=14.2).contains(&ratio), "{ratio} own syscalls per round over a pair of sockets");
    // A message that is known to be one is looked at once more, whole; nothing was received.
    let Some(ratio) = self::ratio(&[], "netlink_calls") else { return };
    assert!((13.96..=15.2).contains(&ratio), "{ratio} own syscalls per round over a netlink socket");
}

#[test]
fn own_syscalls_per_syscall_that_needs_no_result() {
    if is_stand_in() {
        return;
    }
    let Some(ratio) = ratio(&["-c", "-U", "calls,name"], "dense") else { return };
    assert!((2.98..=3.1).contains(&ratio), "{ratio} own syscalls per syscall with one stop");
}

#[test]
fn own_syscalls_per_syscall_that_is_recorded_for_a_profile() {
    if is_stand_in() {
        return;
    }
    let options = ["seccomp", "generate", "-o", "/dev/null", "--"];
    let Some(ratio) = ratio(&options, "dense") else { return };
    assert!((2.98..=3.1).contains(&ratio), "{ratio} own syscalls per syscall with one stop");
}

#[test]
fn own_syscalls_per_syscall_that_a_profile_permits_already() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("cost");
    let profile = dir.join("p.json");
    let profile = profile.to_str().unwrap();
    let Some(program) = compile(&dir, "dense", Build::Native) else { return };
    let mut first = Command::new(TRACE);
    first.args(["seccomp", "generate", "-o", profile, "--"]).arg(program).arg("10");
    assert!(first.status().unwrap().success());
    let options = ["seccomp", "generate", "--quick", "--merge", profile, "-o", "/dev/null", "--"];
    let Some(ratio) = ratio(&options, "dense") else { return };
    assert!(ratio < 0.01, "{ratio} own syscalls per syscall that is known to be needed");
}

#[test]
fn own_syscalls_per_syscall_that_nobody_wants() {
    if is_stand_in() {
        return;
    }
    let Some(ratio) = ratio(&["-e", "trace=openat"], "dense") else { return };
    assert!(ratio < 0.01, "{ratio} own syscalls per unwanted syscall");
}

/// Resident memory of a process in KiB.
fn resident_kib(pid: u32) -> Option<u64> {
    memory_kib(pid, "VmRSS:")
}

fn memory_kib(pid: u32, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[test]
fn a_thousand_processes_need_little_memory() {
    if is_stand_in() {
        return;
    }
    let _heavy = heavy();
    let dir = TempDir::new("crowd");
    let log = dir.join("log");
    // All of them live at once.
    let script = "i=0; while [ $i -lt 1000 ]; do sleep 8 & i=$((i+1)); done; wait";
    let mut child =
        Command::new(TRACE).arg("-o").arg(&log).args(["-y", "-Y", "sh", "-c", script]).spawn().unwrap();
    let (mut peak, mut whole) = (0, 0);
    while child.try_wait().unwrap().is_none() {
        peak = peak.max(memory_kib(child.id(), "RssAnon:").unwrap_or(0));
        whole = whole.max(memory_kib(child.id(), "VmHWM:").unwrap_or(0));
        thread::sleep(Duration::from_millis(5));
    }
    assert!(child.wait().unwrap().success());
    let exits = fs::read_to_string(&log).unwrap().matches("+++ exited with").count();
    println!("memory: at most {peak} KiB of its own and {whole} KiB in all for {exits} processes");
    assert!(exits > 1000, "{exits} processes were seen to end");
    // 25 MiB in all is the bar of an optimised build, of which the program itself is about ten.
    assert!(peak > 0 && peak <= 12 * 1024, "{peak} KiB");
}

#[test]
fn memory_stays_flat() {
    if is_stand_in() {
        return;
    }
    let _heavy = heavy();
    let dir = TempDir::new("flat");
    let Some(dense) = compile(&dir, "dense", Build::Native) else { return };
    let calls: u64 = 2_000_000;
    let mut child = Command::new(TRACE)
        .args(["-o", "/dev/null"])
        .arg(&dense)
        .arg(calls.to_string())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut samples = Vec::new();
    while child.try_wait().unwrap().is_none() {
        samples.extend(resident_kib(child.id()));
        thread::sleep(Duration::from_millis(100));
    }
    assert!(child.wait().unwrap().success());
    assert!(samples.len() >= 8, "the run was too short to say anything: {} samples", samples.len());
    let (early, late) = (samples[samples.len() / 4], samples[samples.len() - 2]);
    println!("memory: {early} KiB early, {late} KiB late over {calls} calls");
    assert!(late <= early + 1024, "grew from {early} to {late} KiB");
}
