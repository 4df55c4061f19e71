//! Pipes that are read up to a limit: what programs write is kept or not, and none of them waits.
#![allow(unsafe_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::os::fd::AsRawFd;
use std::time::Duration;

use support::child::{alone, open_fds, sh};
use support::procfs::{self, wait_until};
use trace::spawn::collect::{Collected, Collector, End, Overflow};
use trace::spawn::process::{Exit, Process};
use trace::spawn::start::{Hooks, start};

/// Longer than anything here takes on a loaded machine.
const LONG: Option<Duration> = Some(Duration::from_secs(60));
/// A time that is over before anything here ends by itself.
const SHORT: Option<Duration> = Some(Duration::from_millis(50));

/// A shell whose standard output is collected.
fn running(script: &str, max_bytes: usize, overflow: Overflow) -> (Process, Collector) {
    let (collector, write) = Collector::start(max_bytes, overflow).unwrap();
    let mut plan = sh(script);
    plan.fds.map.push((1, Some(write.as_raw_fd())));
    (start(&plan, Hooks::default()).unwrap(), collector)
}

fn run(script: &str, max_bytes: usize, overflow: Overflow) -> (Exit, Collected) {
    let (process, collector) = running(script, max_bytes, overflow);
    let exit = process.wait().unwrap();
    (exit, collector.finish(LONG).unwrap())
}

#[test]
fn sandbox_pipe_buffer_reads_to_the_end() {
    for overflow in [Overflow::Discard, Overflow::Close] {
        let (exit, seen) = run("printf 'some output'", 100, overflow);
        assert_eq!((exit, &seen.bytes[..], seen.end), (Exit::Status(0), &b"some output"[..], End::Eof));
        assert!(!seen.is_truncated() && seen.total_bytes == 11);
        // Exactly the limit is not beyond it.
        let (_, seen) = run("printf 0123456789", 10, overflow);
        assert_eq!((&seen.bytes[..], seen.is_truncated(), seen.end), (&b"0123456789"[..], false, End::Eof));
        let (_, seen) = run("true", 10, overflow);
        assert_eq!((seen.bytes.len(), seen.is_truncated(), seen.end), (0, false, End::Eof));
    }
}

#[test]
fn sandbox_pipe_buffer_keeps_no_more_than_its_limit() {
    // Far more than the pipe holds: a program that is not read from would wait for ever.
    let script = "head -c 1000000 /dev/zero; echo 'and done' >&2";
    let (exit, seen) = run(&format!("{{ {script}; }} 2>/dev/null; exit 7"), 1000, Overflow::Discard);
    assert_eq!(exit, Exit::Status(7), "it ends as it would");
    assert_eq!((seen.bytes.len(), seen.total_bytes, seen.end), (1000, 1_000_000, End::Eof));
    assert!(seen.is_truncated());
    let (_, seen) = run("printf 12345", 0, Overflow::Discard);
    assert_eq!((seen.bytes.len(), seen.total_bytes, seen.is_truncated()), (0, 5, true));
    let (_, seen) = run("printf 12345", 4, Overflow::Discard);
    assert_eq!((&seen.bytes[..], seen.is_truncated()), (&b"1234"[..], true));
}

#[test]
fn pipe_buffer_closes_on_an_endless_writer() {
    let (exit, seen) = run("exec yes", 3000, Overflow::Close);
    assert_eq!(exit, Exit::Signal(libc::SIGPIPE));
    assert_eq!((seen.bytes.len(), seen.is_truncated(), seen.end), (3000, true, End::Closed));
    assert!(seen.bytes.starts_with(b"y\ny\n"));
}

#[test]
fn pipe_buffer_ends_though_a_daemon_holds_the_pipe() {
    let (process, collector) = running("sleep 1000 & echo $!", 100, Overflow::Discard);
    assert_eq!(process.wait().unwrap(), Exit::Status(0));
    let seen = collector.finish(SHORT).unwrap();
    assert_eq!(seen.end, End::Late);
    let daemon: i32 = String::from_utf8(seen.bytes).unwrap().trim().parse().unwrap();
    assert!(matches!(procfs::state(daemon), Some('S' | 'R' | 'D')), "it was there all the time");
    procfs::kill(daemon, libc::SIGKILL);
}

#[test]
fn pipe_buffer_leaves_an_endless_writer_after_its_time() {
    let (process, collector) = running("exec yes", 10, Overflow::Discard);
    let seen = collector.finish(SHORT).unwrap();
    assert_eq!((seen.bytes.len(), seen.end, seen.is_truncated()), (10, End::Late, true));
    // The pipe went with the collector.
    assert_eq!(process.wait().unwrap(), Exit::Signal(libc::SIGPIPE));
}

#[test]
fn pipe_buffer_loses_nothing_that_was_written_in_time() {
    let (process, collector) =
        running("head -c 60000 /dev/zero; exec sleep 1000", 100_000, Overflow::Discard);
    assert!(wait_until(Duration::from_secs(60), || {
        std::fs::read_to_string(format!("/proc/{}/comm", process.pid())).unwrap() == "sleep\n"
    }));
    let seen = collector.finish(Some(Duration::ZERO)).unwrap();
    assert_eq!((seen.bytes.len(), seen.end), (60_000, End::Late));
    process.destroy();
}

#[test]
fn pipe_buffer_leaves_nothing_when_it_is_dropped() {
    if alone("pipe_buffer_leaves_nothing_when_it_is_dropped") {
        return;
    }
    let before = open_fds();
    let threads = || std::fs::read_dir("/proc/self/task").unwrap().count();
    let count = threads();
    for _ in 0..20 {
        let (process, collector) = running("exec yes", 10, Overflow::Discard);
        drop(collector);
        assert_eq!(process.wait().unwrap(), Exit::Signal(libc::SIGPIPE));
        let (_, seen) = run("echo x", 10, Overflow::Discard);
        assert_eq!(seen.bytes, b"x\n");
    }
    assert_eq!(open_fds(), before);
    assert!(wait_until(Duration::from_secs(60), || threads() == count));
}
