//! What recordings cost and how large they are, beside text logs of the same program: `cargo bench --bench record`.
//!
//! Rounds alternate, and the best of each counts. Times are those of the clock and of the CPUs (tracer, its
//! threads and the program together): on a busy machine only the second compares.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "shared/clock.rs"]
mod clock;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clock::{best, time};

const TRACE: &str = env!("CARGO_BIN_EXE_trace");
const ROUNDS: usize = 7;
/// Pairs of read and write that the dense program makes.
const DENSE: &str = "count=150000";

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
    let times = best(dir, ROUNDS, &[program.to_vec(), text, paths, record, bare]);
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
        let (wall, cpu) = best(&dir, ROUNDS, &[command])[0];
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
