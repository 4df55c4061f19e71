//! Sharing a CPU is invisible to programs: what they ask about their CPUs is answered from the true mask, what
//! they set stays, and nobody keeps the tracer's mask.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use support::procfs::{self, wait_until};
use support::run::Run;
use support::{Build, TempDir, compile, has_tool, is_stand_in, missing};

const TRACE: &str = env!("CARGO_BIN_EXE_trace");

/// The settings under which a program must not notice anything.
const SETTINGS: &[&[&str]] = &[
    &[],
    &["--placement=same"],
    &["--placement=free"],
    &["-e", "trace=openat"],
    &["-e", "trace=openat", "--placement=same"],
];

/// Runs `words` bare and under every setting; what they print must be the same.
fn unnoticed(dir: &TempDir, words: &[&str]) -> String {
    let bare = Run::bare(dir, words).finish();
    assert_eq!(bare.code(), 0, "{words:?}: {}", bare.stderr);
    for options in SETTINGS {
        let traced = Run::traced(dir, Path::new(TRACE), options, words).finish();
        assert_eq!(traced.stdout, bare.stdout, "{words:?} under {options:?}");
    }
    bare.stdout
}

fn many_cpus(test: &str) -> bool {
    let many = std::thread::available_parallelism().is_ok_and(|n| n.get() > 1);
    if !many {
        missing(test, "a second CPU");
    }
    many && !is_stand_in()
}

#[test]
fn nproc_and_taskset_see_the_true_mask() {
    if !many_cpus("nproc_and_taskset_see_the_true_mask") {
        return;
    }
    let dir = TempDir::new("nproc");
    assert_ne!(unnoticed(&dir, &["nproc"]), "1\n");
    unnoticed(&dir, &["sh", "-c", "taskset -p $$ | cut -d: -f2; nproc; (nproc)"]);
    assert_eq!(unnoticed(&dir, &["taskset", "-c", "0", "nproc"]), "1\n");
    assert_eq!(
        unnoticed(&dir, &["taskset", "-c", "1", "sh", "-c", "nproc; taskset -p $$ | cut -d: -f2"]),
        "1\n 2\n"
    );
}

#[test]
fn a_mask_that_a_program_sets_is_kept() {
    if !many_cpus("a_mask_that_a_program_sets_is_kept") {
        return;
    }
    let dir = TempDir::new("affinity");
    let script = "import os, threading\n\
        def dense():\n    [os.getppid() for _ in range(2000)]\n\
        print(len(os.sched_getaffinity(0)) > 1)\n\
        dense(); os.sched_setaffinity(0, {1}); dense(); print(os.sched_getaffinity(0))\n\
        t = threading.Thread(target=lambda: (dense(), print(os.sched_getaffinity(0)))); t.start(); t.join()\n\
        p = os.fork()\n\
        if p == 0:\n    dense(); print(os.sched_getaffinity(0), flush=True); os._exit(0)\n\
        os.waitpid(p, 0); print(open('/proc/self/status').read().split('Cpus_allowed_list:')[1].split()[0])\n";
    assert_eq!(unnoticed(&dir, &["/usr/bin/python3", "-u", "-c", script]), "True\n{1}\n{1}\n{1}\n1\n");
}

#[test]
fn runtimes_count_their_cpus_as_without() {
    let test = "runtimes_count_their_cpus_as_without";
    if !many_cpus(test) {
        return;
    }
    let dir = TempDir::new("runtimes");
    let rust = dir.join("cpus.rs");
    fs::write(&rust, "fn main() { println!(\"{}\", std::thread::available_parallelism().unwrap()); }\n")
        .unwrap();
    let program = dir.join("cpus-rust");
    let built = Command::new("rustc").arg("-o").arg(&program).arg(&rust).status();
    assert!(built.is_ok_and(|status| status.success()), "rustc");
    unnoticed(&dir, &[program.to_str().unwrap()]);
    let openmp = dir.join("cpus.c");
    fs::write(
        &openmp,
        "#include <omp.h>\n#include <stdio.h>\nint main(void) { int n = 0;\n#pragma omp parallel reduction(+:n)\nn += 1;\nprintf(\"%d %d\\n\", n, omp_get_num_procs()); return 0; }\n",
    )
    .unwrap();
    let program = dir.join("cpus-openmp");
    let built = Command::new("gcc").args(["-fopenmp", "-o"]).arg(&program).arg(&openmp).status();
    if built.is_ok_and(|status| status.success()) {
        unnoticed(&dir, &[program.to_str().unwrap()]);
    } else {
        missing(test, "gcc with OpenMP");
    }
    if !has_tool("go") {
        return missing(test, "go (package golang-go)");
    }
    let go = dir.join("cpus.go");
    fs::write(&go, "package main\nimport (\"fmt\"; \"runtime\")\nfunc main() { fmt.Println(runtime.NumCPU(), runtime.GOMAXPROCS(0)) }\n").unwrap();
    let program = dir.join("cpus-go");
    let cache = dir.join("cache");
    let built =
        Command::new("go").args(["build", "-o"]).arg(&program).arg(&go).env("GOCACHE", &cache).status();
    assert!(built.is_ok_and(|status| status.success()), "go build");
    unnoticed(&dir, &[program.to_str().unwrap()]);
}

/// CPUs that the kernel allows a process.
fn allowed(pid: i32) -> String {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
    line.unwrap_or_default().trim().to_owned()
}

#[test]
fn a_task_that_computes_gets_its_cpus_back() {
    if !many_cpus("a_task_that_computes_gets_its_cpus_back") {
        return;
    }
    let dir = TempDir::new("spread");
    let Some(dense) = compile(&dir, "dense", Build::Native) else { return };
    let own = allowed(std::process::id() as i32);
    // A dense phase, then computing: on the tracer's CPU first, on all afterwards.
    let script = format!("{} 20000; while :; do :; done", dense.display());
    let mut traced = Run::traced(&dir, Path::new(TRACE), &[], &["sh", "-c", &script]).start();
    let child = || procfs::children(traced.pid()).first().copied().unwrap_or(0);
    assert!(wait_until(Duration::from_secs(20), || child() > 0));
    let shell = child();
    let shared = wait_until(Duration::from_secs(20), || {
        procfs::children(shell).first().is_some_and(|&dense| allowed(dense).len() == 1)
    });
    assert!(shared, "a dense task shares the tracer's CPU");
    let spread =
        wait_until(Duration::from_secs(20), || procfs::children(shell).is_empty() && allowed(shell) == own);
    assert!(spread, "{} of {own}", allowed(shell));
    traced.stop();
}
