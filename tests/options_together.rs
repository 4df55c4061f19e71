//! Every pair of strace's options: what Debian's strace says of it and whether it runs.
//!
//! Compared are the messages, in their order, the exit status, and whether calls are printed. What options do to the
//! lines is for the rows of `options.rs`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use support::ORACLE;
use support::bench::{Bench, outcome};

const OPTIONS: &[&str] = &[
    "-A",
    "-C",
    "-c",
    "-f",
    "-ff",
    "-F",
    "-i",
    "-k",
    "-n",
    "-q",
    "-qqq",
    "-r",
    "-t",
    "-w",
    "-x",
    "-y",
    "-Y",
    "-z",
    "-Z",
    "-D",
    "-DDD",
    "-b execve",
    "-E X=1",
    "-I 4",
    "-o DIR/log",
    "-o DIR/none/log",
    "-o |cat",
    "-p 999999999",
    "-P DIR",
    "-S name",
    "-u root",
    "-u no-such-user",
    "-U name,calls",
    "--seccomp-bpf",
    "--follow-forks",
    "--output-separately",
    "--daemonize",
    "--decode-fds=all",
    "--quiet",
    "--quiet=exit",
    "--status=failed",
    "--successful-only",
    "--absolute-timestamps",
    "--strings-in-hex=none",
    "--tips=none",
    "-e inject=getppid:retval=-1",
    "-e kvm=vcpu",
];

/// Pairs on which the two differ, and why.
const DIFFER: &[(&str, &str, &str)] = &[];

/// Messages, whether anything else is printed, and the exit status.
fn essence(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let status = lines.pop().unwrap_or_default();
    let said = |line: &&&str| {
        line.starts_with("strace: ") || line.starts_with("Try ") || line.starts_with("Requested")
    };
    let messages: Vec<&str> = lines.iter().filter(said).copied().collect();
    let calls = lines.iter().any(|line| line.contains("getppid") || line.contains("exited with"));
    format!("{}\ncalls: {calls}\n{status}", messages.join("\n"))
}

fn run(bench: &Bench, tracer: &Path, pair: (&str, &str)) -> String {
    essence(&outcome(tracer, &bench.words(&format!("{} {} -e trace=getppid,chdir", pair.0, pair.1))))
}

#[test]
fn every_pair_of_options() {
    let Some(bench) = Bench::new() else { return };
    let pairs: Vec<(&str, &str)> = (0..OPTIONS.len())
        .flat_map(|at| OPTIONS[at..].iter().map(move |other| (OPTIONS[at], *other)))
        .collect();
    let (next, bad) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(pair) = pairs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let (ours, theirs) =
                        (run(&bench, &bench.ours, *pair), run(&bench, Path::new(ORACLE), *pair));
                    let known = DIFFER.iter().any(|row| (row.0, row.1) == *pair);
                    if (ours == theirs) == known {
                        let text =
                            format!("== {} {}\n-- strace\n{theirs}\n-- trace\n{ours}\n", pair.0, pair.1);
                        bad.lock().unwrap().push(text);
                    }
                }
            });
        }
    });
    let bad = bad.into_inner().unwrap();
    assert!(bad.is_empty(), "{} of {} pairs differ:\n{}", bad.len(), pairs.len(), bad.join("\n"));
}

/// Some notices come in an order that only several of them show.
#[test]
fn the_order_of_notices() {
    support::bench::compare(&[
        "-F -A -z -Z --output-separately -S name --seccomp-bpf -e trace=chdir",
        "-c -i -n -r -t -T -y -S name -U name,calls -A -z -Z -e trace=chdir",
        "-F -A -z -u no-such-user",
        "-u no-such-user -o DIR/none/x -q --quiet",
        "-o DIR/none/x -q --quiet",
        "-f --follow-forks -D --daemonize",
        "-t --absolute-timestamps -x --strings-in-hex -y --decode-fds",
        "-ff --output-separately -t --absolute-timestamps",
        "-F -c -ff -w",
        "-p 999999999 --seccomp-bpf -f -u no-such-user | -",
        "-p 999999999 --seccomp-bpf -f -A | -",
        "-p 999999999 -D -f --follow-forks | -",
        "-DDDD -D --daemonize",
        "-C -c -D | -",
    ]);
}
