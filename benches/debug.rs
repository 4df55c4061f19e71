//! What a condition costs that is false 100,000 times, and so many steps, beside gdb: `cargo bench --bench debug`.
//!
//! Rounds alternate, and the best of each counts; both debuggers must stop at the same place with the same value.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "shared/clock.rs"]
mod clock;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clock::timed;

const TRACE: &str = env!("CARGO_BIN_EXE_trace");
const GDB: &str = "/usr/bin/gdb";
const ROUNDS: usize = 3;
/// How often the function is called before the condition holds.
const COUNT: &str = "100000";

/// Wall and CPU seconds of a session that must print `wanted`.
fn session(tool: &str, program: &Path, commands: &[&str], wanted: &str) -> (f64, f64) {
    let mut command = Command::new(tool);
    if tool == GDB {
        command.args(["-q", "-nx", "--batch"]);
    } else {
        command.args(["debug", "--batch"]);
    }
    for line in commands {
        command.args(["-ex", line]);
    }
    command.arg(if tool == GDB { "--args" } else { "--" }).arg(program).arg(COUNT).stdin(Stdio::null());
    let (output, seconds) = timed(|| command.output().unwrap());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains(wanted), "{tool}: {text}{}", String::from_utf8_lossy(&output.stderr));
    seconds
}

fn main() {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let program = directory.join("debug_counts");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs/debug_counts.c");
    let compiled = Command::new("gcc").args(["-g", "-O0", "-o"]).arg(&program).arg(source).status();
    assert!(compiled.expect("gcc (package gcc)").success());
    let rows: [(&str, &[&str], &str); 3] = [
        (
            "condition false 100,000 times",
            &["break work if i == 100000", "run", "print i", "kill"],
            "$1 = 100000",
        ),
        ("ignore 100,000 hits", &["break work", "ignore 1 100000", "run", "print i", "kill"], "$1 = 100000"),
        ("100,000 steps of an instruction", &["start", "stepi 100000", "print 1 + 1", "kill"], "$1 = 2"),
    ];
    println!("| job | trace debug | gdb | times faster |\n|---|---|---|---|");
    for (name, commands, wanted) in rows {
        let (mut ours, mut theirs) = ((f64::MAX, f64::MAX), (f64::MAX, f64::MAX));
        for _ in 0..ROUNDS {
            let (wall, cpu) = session(TRACE, &program, commands, wanted);
            ours = (ours.0.min(wall), ours.1.min(cpu));
            if Path::new(GDB).exists() {
                let (wall, cpu) = session(GDB, &program, commands, wanted);
                theirs = (theirs.0.min(wall), theirs.1.min(cpu));
            }
        }
        println!(
            "| {name} | {:.2} s (CPU {:.2} s) | {:.2} s (CPU {:.2} s) | {:.1} |",
            ours.0,
            ours.1,
            theirs.0,
            theirs.1,
            theirs.0 / ours.0
        );
    }
}
