//! The launch engine under test: `trace spawn` as a command, and runs of a test as another user.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use super::{TempDir, missing};

/// The user that unprivileged tests run as; it owns nothing.
pub const OTHER: u32 = 12345;

/// Names the copy of `trace` that another user can execute.
const COPY: &str = "TRACE_TEST_COPY";

/// Whether this process is root in the initial user namespace.
pub fn is_root() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().any(|line| line.starts_with("Uid:\t0\t0"))
}

/// True when root runs the test; else says which capability it lacks.
pub fn needs_root(test: &str, capability: &str) -> bool {
    let root = is_root();
    if !root {
        missing(test, &format!("{capability} (run the tests as root)"));
    }
    root
}

/// A directory that every user can enter and read, with copies of `trace` and of this test binary.
fn shared() -> &'static Path {
    static DIR: OnceLock<PathBuf> = OnceLock::new();
    DIR.get_or_init(|| {
        let test = std::env::current_exe().unwrap();
        // One directory for each test of a checkout, used again by its next build and run.
        let name = test.file_name().unwrap().to_string_lossy().into_owned();
        let name = name.rsplit_once('-').map_or(&*name, |(name, _)| name);
        let mut checkout = std::hash::DefaultHasher::new();
        std::hash::Hash::hash(env!("CARGO_MANIFEST_DIR"), &mut checkout);
        let checkout = std::hash::Hasher::finish(&checkout);
        let dir = std::env::temp_dir().join(format!("trace-shared-{name}-{checkout:016x}"));
        fs::create_dir_all(&dir).unwrap();
        fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)).unwrap();
        for (from, name) in [(Path::new(env!("CARGO_BIN_EXE_trace")), "trace"), (&test, "test")] {
            let (fresh, to) = (dir.join(format!("{name}.{}", std::process::id())), dir.join(name));
            super::copy_program(from, &fresh);
            fs::set_permissions(&fresh, fs::Permissions::from_mode(0o755)).unwrap();
            fs::rename(&fresh, &to).unwrap();
        }
        dir
    })
}

/// The `trace` to run: a copy that this user can execute.
pub fn binary() -> PathBuf {
    std::env::var_os(COPY).map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_trace")), PathBuf::from)
}

/// Runs test `name` of this binary as another user without any privilege.
///
/// To be called first by a test that must run unprivileged: `if as_other_user("name") { return; }`. As root
/// it runs the test again as that user, fails when that fails, and returns true; for anybody else it
/// returns false and the test runs in place.
pub fn as_other_user(name: &str) -> bool {
    if !is_root() {
        return false;
    }
    let dir = shared();
    let id = OTHER.to_string();
    let mut run = Command::new("setpriv");
    run.args(["--reuid", &id, "--regid", &id, "--clear-groups"]).arg(dir.join("test"));
    run.args([name, "--exact", "--nocapture"]).env(COPY, dir.join("trace")).current_dir("/");
    let output = run.output().expect("setpriv (package util-linux)");
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("1 passed"), "as user {id}:\n{text}");
    true
}

/// `trace spawn ARGS`, bounded to a minute.
pub fn spawn(args: &[&str]) -> Output {
    let mut command = Command::new("timeout");
    command.args(["-k", "5", "60"]).arg(binary()).arg("spawn").args(args);
    command.output().expect("timeout (package coreutils)")
}

/// Standard output of a `trace spawn` that must succeed, without the last newline.
pub fn spawned(args: &[&str]) -> String {
    let output = spawn(args);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{args:?}: {:?}\n{text}{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    text.trim_end_matches('\n').to_owned()
}

/// The sentence of a `trace spawn` that must fail.
pub fn refused(args: &[&str]) -> String {
    let output = spawn(args);
    assert!(!output.status.success(), "{args:?} succeeded");
    String::from_utf8_lossy(&output.stderr).trim_end().to_owned()
}

/// A root with a static busybox in `/bin`; `None` after saying what is missing.
pub fn busybox_root(test: &str) -> Option<TempDir> {
    let found = ["/bin/busybox", "/usr/bin/busybox"].into_iter().find(|path| Path::new(path).exists());
    let Some(busybox) = found else {
        missing(test, "busybox (package busybox-static)");
        return None;
    };
    let dir = TempDir::new("root");
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::create_dir(dir.join("bin")).unwrap();
    super::copy_program(busybox, dir.join("bin/busybox"));
    for name in ["sh", "ls", "cat", "mount", "id", "echo", "grep", "hostname", "test", "mkdir", "touch"] {
        std::os::unix::fs::symlink("busybox", dir.join("bin").join(name)).unwrap();
    }
    Some(dir)
}
