//! What a launch costs next to posix_spawn(3), from a process that holds 1 GiB of touched memory.
//!
//! `cargo bench --bench launch`. The two alternate in one run, so that the machine's moods hit both; the
//! figure is the ratio of the medians of rounds. Absolute times mean nothing on a shared machine.
#![allow(unsafe_code, missing_docs, clippy::unwrap_used, clippy::expect_used)]

use std::ffi::CString;
use std::process::Command;
use std::ptr;
use std::time::{Duration, Instant};

use trace::spawn::plan::Plan;
use trace::spawn::start::{Hooks, start};

/// Launches of each kind in all.
const LAUNCHES: usize = 1000;
/// Launches of a kind between two changes.
const ROUND: usize = 50;
/// Memory that the launching process has touched.
const HELD_BYTES: usize = 1 << 30;

fn main() {
    let dir = std::env::temp_dir().join(format!("trace-bench-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let (source, program) = (dir.join("true.c"), dir.join("true"));
    std::fs::write(&source, "int main(void) { return 0; }\n").unwrap();
    let gcc = Command::new("gcc").args(["-O1", "-static", "-o"]).arg(&program).arg(&source).status();
    assert!(gcc.expect("gcc (package gcc)").success(), "gcc -static needs libc6-dev");

    let mut held = vec![0u8; HELD_BYTES];
    held.iter_mut().step_by(4096).for_each(|byte| *byte = 1);

    let plan = Plan::new(&program, vec!["true".into()]);
    let path = CString::new(program.to_str().unwrap()).unwrap();
    let mut ours = Vec::new();
    let mut theirs = Vec::new();
    for _ in 0..LAUNCHES / ROUND {
        ours.push(timed(|| launch(&plan)));
        theirs.push(timed(|| posix_spawn(&path)));
    }
    let (ours, theirs) = (median(ours), median(theirs));
    println!("launches: {LAUNCHES} of each, {} MiB held", held.iter().step_by(4096).count() / 256);
    println!("trace::spawn  {:>8.1} us", ours.as_secs_f64() * 1e6 / ROUND as f64);
    println!("posix_spawn   {:>8.1} us", theirs.as_secs_f64() * 1e6 / ROUND as f64);
    println!("ratio         {:>8.3}   (bar: 1.15)", ours.as_secs_f64() / theirs.as_secs_f64());
    std::fs::remove_dir_all(&dir).ok();
}

fn timed(mut one: impl FnMut()) -> Duration {
    let start = Instant::now();
    for _ in 0..ROUND {
        one();
    }
    start.elapsed()
}

fn median(mut rounds: Vec<Duration>) -> Duration {
    rounds.sort();
    rounds[rounds.len() / 2]
}

fn launch(plan: &Plan) {
    let process = start(plan, Hooks::default()).unwrap();
    assert_eq!(process.wait().unwrap().code(), 0);
}

fn posix_spawn(path: &CString) {
    let mut argv = [path.as_ptr().cast_mut(), ptr::null_mut()];
    let mut pid = 0;
    // SAFETY: every pointer is live, the lists end with null, and there are no actions or attributes.
    let result = unsafe {
        unsafe extern "C" {
            static environ: *const *mut libc::c_char;
        }
        libc::posix_spawn(&raw mut pid, path.as_ptr(), ptr::null(), ptr::null(), argv.as_mut_ptr(), environ)
    };
    assert_eq!(result, 0);
    let mut status = 0;
    // SAFETY: the status is live.
    assert_eq!(unsafe { libc::waitpid(pid, &raw mut status, 0) }, pid);
    assert_eq!(status, 0);
}
