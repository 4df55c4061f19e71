//! Times of commands, by the clock and by the CPUs: what benches that run whole programs compare.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// CPU time of children that were waited for, in seconds: cutime and cstime of proc(5), in ticks of 10 ms.
pub fn cpu_of_children() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    fields[13..15].iter().map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() / 100.0
}

/// What `run` returns, and how many seconds of the clock and of the CPUs its children took.
pub fn timed<T>(run: impl FnOnce() -> T) -> (T, (f64, f64)) {
    let (cpu, start) = (cpu_of_children(), Instant::now());
    let value = run();
    (value, (start.elapsed().as_secs_f64(), cpu_of_children() - cpu))
}

/// Wall and CPU seconds of a command, which must succeed.
#[allow(dead_code)]
pub fn time(dir: &Path, words: &[&str]) -> (f64, f64) {
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).current_dir(dir);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let (status, seconds) = timed(|| command.status());
    let status = status.unwrap_or_else(|error| panic!("{}: {error}", words[0]));
    assert!(status.success(), "{words:?}");
    seconds
}

/// The best of alternating rounds of several commands, so that a change in the machine's load meets all alike.
#[allow(dead_code)]
pub fn best(dir: &Path, rounds: usize, commands: &[Vec<&str>]) -> Vec<(f64, f64)> {
    let mut best = vec![(f64::MAX, f64::MAX); commands.len()];
    for _ in 0..rounds {
        for (command, best) in commands.iter().zip(&mut best) {
            let (wall, cpu) = time(dir, command);
            *best = (best.0.min(wall), best.1.min(cpu));
        }
    }
    best
}
