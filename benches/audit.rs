//! What an audit costs, beside the bare command: `cargo bench --bench audit`.
//!
//! Rounds alternate, and the best of each counts. Times are those of the clock and of the CPUs (tracer and command
//! together): on a busy machine only the second compares.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "shared/clock.rs"]
mod clock;

use std::fs;
use std::path::Path;

use clock::{best, time};

const TRACE: &str = env!("CARGO_BIN_EXE_trace");
const ROUNDS: usize = 5;
/// Files of the parallel compile, and functions in each.
const FILES: usize = 12;
const FUNCTIONS: usize = 150;
/// Files of the compile that does little else than start programs.
const SMALL_FILES: usize = 24;
/// Programs that a shell loop starts.
const SPAWNS: usize = 300;

fn compared(dir: &Path, name: &str, program: &[&str], bar: &str) {
    let record = [&[TRACE, "audit", "record", "-q", "-o", "baseline.toml", "--"][..], program].concat();
    // What differs between two runs is learnt before anything is compared.
    time(dir, &record);
    let merge =
        [&[TRACE, "audit", "record", "-q", "--merge", "-o", "baseline.toml", "--"][..], program].concat();
    time(dir, &merge);
    let check = [&[TRACE, "audit", "check", "-q", "-b", "baseline.toml", "--"][..], program].concat();
    let strace = [&["strace", "-f", "-o", "/dev/null"][..], program].concat();
    let commands = [program.to_vec(), record, check, strace];
    let best = best(dir, ROUNDS, &commands);
    let row = |what: &str, value: String, bar: &str| println!("{what:<48} {value:>16}  {bar}");
    let names = ["bare", "audit record", "audit check", "strace -f"];
    for (what, time) in names.iter().zip(&best) {
        row(&format!("{name}: {what}"), format!("{:.2} s {:.2} s", time.0, time.1), "clock, CPU");
    }
    for (what, time) in names.iter().zip(&best).skip(1) {
        let ratio = format!("{:.2} {:.2}", time.0 / best[0].0, time.1 / best[0].1);
        row(&format!("{name}: {what} / bare"), ratio, if *what == "strace -f" { "" } else { bar });
    }
}

/// `count` C files of so many functions below `dir`, and a Makefile for them.
fn sources(dir: &Path, count: usize, functions: usize) {
    fs::create_dir_all(dir).unwrap();
    for file in 0..count {
        let mut text = String::from(
            "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\n",
        );
        for n in 0..functions {
            text.push_str(&format!(
                "int f{file}_{n}(const char *s, int k) {{ int sum = k; for (size_t i = 0; i < strlen(s); i++) \
                 sum = sum * {n} + s[i];\nif (sum % 7 == {n} % 7) printf(\"%d %s\\n\", sum, s); return sum; }}\n"
            ));
        }
        fs::write(dir.join(format!("f{file}.c")), text).unwrap();
    }
    let rules = "all: $(patsubst %.c,%.o,$(wildcard f*.c))\n%.o: %.c\n\tgcc -O2 -c -o $@ $<\n";
    fs::write(dir.join("Makefile"), rules).unwrap();
}

fn main() {
    let dir = std::env::temp_dir().join(format!("trace-bench-audit-{}", std::process::id()));
    let (usual, small) = (dir.join("usual"), dir.join("small"));
    sources(&usual, FILES, FUNCTIONS);
    sources(&small, SMALL_FILES, 1);
    let cpus = std::thread::available_parallelism().map_or(1, usize::from);
    let jobs = format!("-j{cpus}");
    compared(&usual, "parallel compile", &["make", "-B", "-s", &jobs], "<= 2.0");
    compared(&small, "compile of one-function files", &["make", "-B", "-s", &jobs], "");
    let spawns = format!("i=0; while [ $i -lt {SPAWNS} ]; do /bin/true; i=$((i+1)); done");
    compared(&small, "spawns", &["sh", "-c", &spawns], "");
    fs::remove_dir_all(&dir).ok();
}
