//! What recordings cost and how large they are, beside text logs of the same program: `cargo bench --bench record`.
//!
//! Rounds alternate, and the best of each counts. Times are those of the clock and of the CPUs (tracer, its
//! threads and the program together): on a busy machine only the second compares.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

const TRACE: &str = env!("CARGO_BIN_EXE_trace");
const ROUNDS: usize = 7;
/// Pairs of read and write that the dense program makes.
const DENSE: &str = "count=150000";

/// CPU time of children that were waited for, in seconds: cutime and cstime of proc(5), in ticks of 10 ms.
fn cpu_of_children() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    fields[13..15].iter().map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() / 100.0
}

/// Wall and CPU seconds of a command.
fn time(dir: &Path, words: &[&str]) -> (f64, f64) {
    let (cpu, start) = (cpu_of_children(), Instant::now());
    let mut command = Command::new(words[0]);
    command
        .args(&words[1..])
        .current_dir(dir)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let status = command.status().unwrap_or_else(|error| panic!("{}: {error}", words[0]));
    assert!(status.success(), "{words:?}");
    (start.elapsed().as_secs_f64(), cpu_of_children() - cpu)
}

/// The best of alternating rounds of several commands.
fn best(dir: &Path, commands: &[Vec<&str>]) -> Vec<(f64, f64)> {
    let mut best = vec![(f64::MAX, f64::MAX); commands.len()];
    for _ in 0..ROUNDS {
        for (command, best) in commands.iter().zip(&mut best) {
            let (wall, cpu) = time(dir, command);
            *best = (best.0.min(wall), best.1.min(cpu));
        }
    }
    best
}

fn size(path: PathBuf) -> f64 {
    fs::metadata(path).map_or(f64::NAN, |meta| meta.len() as f64)
}

/// Calls of a recording, by its table.
fn calls(dir: &Path, file: &str) -> f64 {
    let output = Command::new(TRACE).args(["replay", file, "-c"]).current_dir(dir).output().unwrap();
    let table = String::from_utf8_lossy(&output.stderr).into_owned();
    let total = table.lines().find(|line| line.ends_with(" total")).unwrap();
    total.split_whitespace().nth(3).unwrap().parse().unwrap()
}

fn row(what: &str, value: String, bar: &str) {
    println!("{what:<58} {value:>14}  {bar}");
}

fn compared(dir: &Path, name: &str, program: &[&str]) {
    let text = [&[TRACE, "-o", "text"][..], program].concat();
    let paths = [&[TRACE, "-y", "-o", "text-y"][..], program].concat();
    let record = [&[TRACE, "record", "-o", "run.trace"][..], program].concat();
    let bare = [&[TRACE, "record", "--capture-no-fds", "-o", "bare.trace"][..], program].concat();
    let times = best(dir, &[program.to_vec(), text, paths, record, bare]);
    let [plain, text, paths, record, bare] = times[..] else { return };
    let calls = calls(dir, "run.trace");
    row(&format!("{name}: calls"), format!("{calls}"), "");
    for (what, time) in [
        ("not traced", plain),
        ("text (-o)", text),
        ("text with paths (-y)", paths),
        ("recorded", record),
        ("recorded, --capture-no-fds", bare),
    ] {
        row(&format!("{name}: {what}"), format!("{:.2} s {:.2} s", time.0, time.1), "clock, CPU");
    }
    row(
        &format!("{name}: recorded / text"),
        format!("{:.2} {:.2}", record.0 / text.0, record.1 / text.1),
        "<= 1.0",
    );
    row(
        &format!("{name}: recorded / text with paths"),
        format!("{:.2} {:.2}", record.0 / paths.0, record.1 / paths.1),
        "",
    );
    row(
        &format!("{name}: bytes a call"),
        format!("{:.1}", size(dir.join("run.trace")) / calls),
        "<= 25 (dense)",
    );
}

fn main() {
    let dir = std::env::temp_dir().join(format!("trace-bench-record-{}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    compared(&dir, "dense", &["dd", "if=/dev/zero", "of=/dev/null", "bs=1", DENSE]);
    let events = 2.0 * calls(&dir, "run.trace");
    for (what, options) in [("-c", &["-c"][..]), ("text", &[])] {
        let command = [&[TRACE, "replay", "run.trace", "-o", "/dev/null"][..], options].concat();
        let (wall, cpu) = best(&dir, &[command])[0];
        let speed = format!("{:.2} M/s", events / wall.min(cpu.max(0.01)) / 1e6);
        row(&format!("dense: events replayed to {what}"), speed, if what == "-c" { ">= 1 M/s" } else { "" });
    }
    fs::write(dir.join("h.c"), "#include <stdio.h>\nint main(void) { return puts(\"hi\") < 0; }\n").unwrap();
    let script = "for n in 1 2 3 4 5 6 7 8; do gcc -O1 -c -o h$n.o h.c; done; gcc -o h h1.o";
    compared(&dir, "compile", &["sh", "-c", script]);
    time(&dir, &["strace", "-f", "-o", "strace", "sh", "-c", script]);
    let ratio = size(dir.join("strace")) / size(dir.join("run.trace"));
    row("compile: size of strace's text / recording", format!("{ratio:.1}"), ">= 8");
    fs::remove_dir_all(&dir).ok();
}
