//! What every integration test shares: the binary under test, temporary directories, compiled programs, bounded runs,
//! the log parser and a few questions to /proc. It asserts nothing about output itself.
//!
//! `TRACE_UNDER_TEST=/usr/bin/strace` runs the tests against the oracle instead of our binary.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod bench;
pub mod child;
pub mod container;
pub mod log;
pub mod newer;
pub mod procfs;
pub mod run;
pub mod spawn;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The tracer whose output is the specification.
pub const ORACLE: &str = "/usr/bin/strace";

/// The tracer under test: `TRACE_UNDER_TEST`, else the `trace` that cargo built.
pub fn tracer() -> PathBuf {
    std::env::var_os("TRACE_UNDER_TEST")
        .map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_trace")), PathBuf::from)
}

/// Whether the oracle stands in for our binary; rows that go beyond strace are then left out.
pub fn is_stand_in() -> bool {
    tracer().file_name().is_some_and(|name| name == "strace")
}

/// Serialises tests that load both cores, within one test binary.
pub fn heavy() -> MutexGuard<'static, ()> {
    static HEAVY: Mutex<()> = Mutex::new(());
    HEAVY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A number no other call in this process has returned.
pub fn serial() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A directory that is removed on drop.
pub struct TempDir(PathBuf);

impl TempDir {
    /// A new, empty directory, writable by its owner only.
    pub fn new(label: &str) -> TempDir {
        let name = format!("trace-{label}-{}-{}", std::process::id(), serial());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("temporary directory");
        TempDir(path)
    }

    /// An empty directory of the build that is kept: for what lives in a static, which nothing drops. The next run of
    /// this test binary empties it.
    pub fn of_build(label: &str) -> TempDir {
        let test = std::env::current_exe().expect("the test's own path");
        let test = test.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let name = test.rsplit_once('-').map_or(&*test, |(name, _)| name);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{label}"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("directory of the build");
        TempDir(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A path inside it.
    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Copies an executable. Another process does it: a descriptor of ours that writes the copy would be inherited by
/// whatever another test forks meanwhile, and until that executes, the copy is "text file busy".
pub fn copy_program(from: impl AsRef<Path>, to: impl AsRef<Path>) {
    let status = Command::new("cp").arg("--").arg(from.as_ref()).arg(to.as_ref()).status();
    assert!(status.expect("cp (package coreutils)").success(), "copy of {}", from.as_ref().display());
}

/// Whether `tool` is on the PATH (or is a path that exists).
pub fn has_tool(tool: &str) -> bool {
    if tool.contains('/') {
        return Path::new(tool).exists();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|dir| dir.join(tool).is_file())
}

/// Says that `test` cannot run for want of `what`; under `CI` that is a failure, elsewhere a skip.
pub fn missing(test: &str, what: &str) {
    let text = format!("{test}: skipped, missing {what}");
    assert!(std::env::var_os("CI").is_none(), "{text}");
    eprintln!("{text}");
}

/// The name of the test that is running, as the harness names its thread.
pub fn this_test() -> String {
    std::thread::current().name().unwrap_or("a test").to_owned()
}

/// What a compiled program is called and how it is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// The host's own ABI.
    Native,
    /// `-m32`: the i386 ABI.
    M32,
    /// `-static`.
    Static,
}

/// Compiles `tests/programs/NAME.c` into `dir`; `None` after saying what is missing.
pub fn compile(dir: &TempDir, name: &str, build: Build) -> Option<PathBuf> {
    if !has_tool("gcc") {
        missing(name, "gcc (package gcc)");
        return None;
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs").join(format!("{name}.c"));
    let (suffix, flags, package): (&str, &[&str], &str) = match build {
        Build::Native => ("", &[], "libc6-dev"),
        Build::M32 => ("-m32", &["-m32"], "gcc-multilib"),
        Build::Static => ("-static", &["-static"], "libc6-dev (static)"),
    };
    let target = dir.join(&format!("{name}{suffix}"));
    let mut gcc = Command::new("gcc");
    gcc.args(["-O1", "-Wall", "-Wno-nonnull", "-Wno-unused-result", "-pthread", "-o"]).arg(&target);
    let output = gcc.args(flags).arg(&source).output().expect("gcc starts");
    if output.status.success() {
        return Some(target);
    }
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let lacks_library = ["cannot find", "bits/", "gnu/stubs", "skipping incompatible"];
    assert!(
        build != Build::Native && lacks_library.iter().any(|mark| text.contains(mark)),
        "{name}.c: {text}"
    );
    missing(name, package);
    None
}

/// The last `count` lines of a text, for messages.
pub fn tail(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::new();
    for line in &lines[lines.len().saturating_sub(count)..] {
        let _ = writeln!(out, "    {line}");
    }
    out
}
