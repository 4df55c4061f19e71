//! What recording for a seccomp profile costs on a parallel compile: `cargo bench --bench profile`.
//!
//! Rounds alternate, so that a change in the machine's load meets all commands alike; the best round of each counts.
//! Times are those of the clock and of the CPUs (tracer and program together): on a busy machine only the second
//! compares.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "shared/clock.rs"]
mod clock;

use std::fs;
use std::process::{Command, Stdio};

use clock::best;

const TRACE: &str = env!("CARGO_BIN_EXE_trace");
const ROUNDS: usize = 5;
/// Files that are compiled, as many at a time as there are CPUs.
const FILES: usize = 12;
/// What recording may cost, as a multiple of the bare run.
const BAR: f64 = 2.0;

/// A C file as projects have them: the usual headers and some hundred functions.
fn source() -> String {
    let mut text =
        String::from("#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\n");
    for n in 0..150 {
        text.push_str(&format!(
            "int f{n}(const char *s, int k) {{ int sum = k; for (size_t i = 0; i < strlen(s); i++) sum = sum * {n} + s[i];\n\
             if (sum % 7 == {n} % 7) printf(\"%d %s\\n\", sum, s); return sum; }}\n"
        ));
    }
    text
}

fn main() {
    let dir = std::env::temp_dir().join(format!("trace-bench-profile-{}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    fs::write(dir.join("a.c"), source()).unwrap();
    let script = format!("seq {FILES} | xargs -P \"$(nproc)\" -I@ gcc -O2 -c -o @.o a.c");
    let bare = vec!["sh", "-c", &script];
    let head = [TRACE, "seccomp", "generate", "-o", "p.json", "--"];
    let recorded = [&head[..], &bare].concat();
    let again = [TRACE, "seccomp", "generate", "--quick", "--merge", "p.json", "-o", "q.json", "--"];
    let again = [&again[..], &bare].concat();
    let strace = [&["strace", "-f", "-c", "-o", "table"][..], &bare].concat();
    let mut names = vec!["not traced", "trace seccomp generate", "the same again, --quick --merge"];
    let mut commands = vec![bare, recorded, again];
    if Command::new("strace").arg("-V").stdout(Stdio::null()).status().is_ok() {
        names.push("strace -f -c, for comparison");
        commands.push(strace);
    }
    let best = best(&dir, ROUNDS, &commands);
    println!("{FILES} files compiled in parallel, best of {ROUNDS} alternating rounds");
    println!("{:<32} {:>9} {:>9} {:>14}", "", "clock", "CPU", "of the bare run");
    for (name, (wall, cpu)) in names.iter().zip(&best) {
        let (clock, used) = (wall / best[0].0, cpu / best[0].1);
        println!("{name:<32} {wall:>7.2} s {cpu:>7.2} s {clock:>6.2} {used:>7.2}");
    }
    let cost = best[1].0 / best[0].0;
    println!(
        "recording costs {cost:.2} times the bare run; the bar is {BAR}: {}",
        if cost <= BAR { "held" } else { "missed" }
    );
    fs::remove_dir_all(&dir).ok();
}
