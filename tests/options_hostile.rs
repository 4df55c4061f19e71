//! Long and hostile uses of strace's options: nothing is left stopped, nothing is lost, no descriptor leaks.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use support::procfs::wait_until;
use support::{Build, TempDir, compile, is_stand_in};

const TRACE: &str = env!("CARGO_BIN_EXE_trace");
const LONG: Duration = Duration::from_secs(60);

/// The state letters of the threads of a process.
fn states(pid: u32) -> Vec<char> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten();
    let stat = |task: std::io::Result<fs::DirEntry>| fs::read_to_string(task.ok()?.path().join("stat")).ok();
    let letter = |text: String| text.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
    tasks.filter_map(stat).filter_map(letter).collect()
}

fn send(signal: &str, pid: u32) {
    Command::new("kill").args([signal, &pid.to_string()]).status().unwrap();
}

#[test]
fn five_hundred_threads_are_attached_to_and_let_go() {
    let dir = TempDir::new("crowd");
    let Some(program) = compile(&dir, "crowd", Build::Native) else { return };
    let mut crowd = Command::new(program).arg("500").stdout(Stdio::null()).spawn().unwrap();
    assert!(wait_until(LONG, || states(crowd.id()).len() == 501));
    let log = dir.join("log");
    let pid = crowd.id().to_string();
    let mut tracer =
        Command::new(TRACE).args(["-p", &pid, "-f", "-o"]).arg(&log).stderr(Stdio::piped()).spawn().unwrap();
    // Every thread calls nanosleep again and again: all of them are seen.
    let seen = || {
        let text = fs::read_to_string(&log).unwrap_or_default();
        let tids = text.lines().filter_map(|line| line.split_whitespace().next());
        tids.collect::<std::collections::HashSet<_>>().len()
    };
    assert!(wait_until(LONG, || seen() >= 500), "{} threads seen", seen());
    send("-INT", tracer.id());
    assert!(wait_until(LONG, || tracer.try_wait().unwrap().is_some()), "the tracer ends");
    assert!(states(crowd.id()).iter().all(|state| !"tT".contains(*state)), "none is left stopped");
    assert_eq!(states(crowd.id()).len(), 501);
    crowd.kill().unwrap();
    crowd.wait().unwrap();
}

#[test]
fn the_reader_of_the_log_may_go_away() {
    let dir = TempDir::new("reader");
    let script = "i=0; while [ $i -lt 300 ]; do kill -0 $$; i=$((i+1)); done; echo done > \"$0\"";
    let file = dir.join("done");
    let output =
        Command::new(TRACE).args(["-o", "|head -n 1", "sh", "-c", script]).arg(&file).output().unwrap();
    assert!(output.status.success(), "{:?}", output.status);
    assert_eq!(fs::read_to_string(file).unwrap(), "done\n");
    let line = String::from_utf8(output.stdout).unwrap();
    assert!(line.contains("execve(") && line.lines().count() == 1, "{line}");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_thousand_files_are_closed_as_processes_end() {
    let dir = TempDir::new("files");
    let script = "i=0; while [ $i -lt 1000 ]; do (:); i=$((i+1)); done";
    let limited = format!(
        "ulimit -n 40; exec {TRACE} -ff -qq -e trace=exit_group -e signal=none -o {}/log sh -c '{script}'",
        dir.path().display()
    );
    let output = Command::new("sh").args(["-c", &limited]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1001);
}

#[test]
fn the_tracer_can_be_traced_by_itself() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("twice");
    let (outer, inner) = (dir.join("outer"), dir.join("inner"));
    let output = Command::new(TRACE)
        .arg("-o")
        .arg(&outer)
        .args(["--", TRACE, "-o"])
        .arg(&inner)
        .args(["--", "echo", "here"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.stdout, b"here\n");
    let (outer, inner) = (fs::read_to_string(outer).unwrap(), fs::read_to_string(inner).unwrap());
    assert!(inner.contains("write(1, \"here\\n\", 5)"), "{inner}");
    assert!(outer.contains("ptrace(PTRACE_GET_SYSCALL_INFO"), "{}", support::tail(&outer, 20));
    assert!(outer.lines().last().unwrap().contains("+++ exited with 0 +++"), "{}", support::tail(&outer, 5));
}

#[test]
fn a_daemon_outlives_what_ends_the_program() {
    let dir = TempDir::new("daemon");
    let log = dir.join("log");
    // The program is ended by a signal; the tracer, in a session of its own, writes how the program ended.
    let mut program =
        Command::new(TRACE).args(["-DDD", "-o"]).arg(&log).args(["sleep", "60"]).spawn().unwrap();
    let comm = || fs::read_to_string(format!("/proc/{}/comm", program.id())).unwrap_or_default();
    assert!(wait_until(LONG, || comm() == "sleep\n"), "the program is the process that was started");
    let sleeps = || fs::read_to_string(&log).unwrap_or_default().contains("nanosleep");
    assert!(wait_until(LONG, sleeps));
    send("-TERM", program.id());
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&program.wait().unwrap()), Some(15));
    let ended = || fs::read_to_string(&log).unwrap().contains("+++ killed by SIGTERM +++");
    assert!(wait_until(LONG, ended), "{}", fs::read_to_string(&log).unwrap());
}

#[test]
fn a_delayed_call_holds_up_nobody_else() {
    let dir = TempDir::new("delay");
    let log = dir.join("log");
    // The child's call is held back for a second; meanwhile the parent makes its calls and ends.
    let script = "(cd / ; exit 3) & kill -0 $$; kill -0 $$; exit 0";
    let output = Command::new(TRACE)
        .args(["-e", "inject=chdir:delay_enter=1s", "-e", "trace=chdir,kill", "-o"])
        .arg(&log)
        .args(["dash", "-c", script])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = fs::read_to_string(log).unwrap();
    let place = |mark: &str| {
        text.lines().position(|line| line.contains(mark)).unwrap_or_else(|| panic!("{mark}: {text}"))
    };
    assert!(text.contains("(DELAYED)"), "{text}");
    assert!(place("exited with 0") < place("(DELAYED)"), "{text}");
    assert!(place("(DELAYED)") < place("exited with 3"), "{text}");
}

/// Every kind of file that cannot be written is named, and the program runs on where it was begun.
#[test]
fn a_file_that_cannot_be_written_is_named() {
    let dir = TempDir::new("unwritable");
    let (done, full) = (dir.join("done"), dir.join("full"));
    std::os::unix::fs::symlink("/dev/full", &full).unwrap();
    let strict = dir.join("strace");
    std::os::unix::fs::symlink(TRACE, &strict).unwrap();
    let script = "i=0; while [ $i -lt 300 ]; do kill -0 $$; i=$((i+1)); done; echo done > \"$0\"";
    let run = |tracer: &Path, options: &[&str], file: &Path| {
        let mut command = Command::new(tracer);
        command.args(options).arg("-o").arg(file).args(["sh", "-c", script]).arg(&done);
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let given_up = "the trace could not be written: No space left on device";
    for (tracer, says) in [(Path::new(TRACE), given_up), (&strict, "full: No space left on device")] {
        fs::remove_file(&done).ok();
        let (status, text) = run(tracer, &[], &full);
        assert!(status == Some(0) && text.contains(says) && !text.contains("os error"), "{text}");
        assert_eq!(text.lines().count(), 1, "once: {text}");
        assert_eq!(fs::read_to_string(&done).unwrap(), "done\n");
    }
    // What cannot be opened is said before anything is started.
    fs::remove_file(&done).unwrap();
    let missing = dir.join("none").join("log");
    for (file, options, says) in [
        (dir.path(), &[][..], "': Is a directory"),
        (&missing, &[], "': No such file or directory"),
        (&missing, &["-ff"], "': No such file or directory"),
        (&missing, &["-D"], "': No such file or directory"),
        (&full.join("log"), &[], "': Not a directory"),
    ] {
        let (status, text) = run(Path::new(TRACE), options, file);
        assert_eq!(status, Some(1), "{text}");
        assert!(text.contains("Can't fopen '") && text.contains(says), "{text}");
        assert!(!done.exists(), "{options:?} {}", file.display());
    }
}

/// Who cannot be attached to is told apart from who is not there, and who traces it already is named.
#[test]
fn why_a_process_cannot_be_attached_to() {
    let dir = TempDir::new("attached");
    let log = dir.join("log");
    let mut program = Command::new("sleep").arg("100").spawn().unwrap();
    let pid = program.id().to_string();
    let mut first =
        Command::new(TRACE).args(["-p", &pid, "-o"]).arg(&log).stderr(Stdio::null()).spawn().unwrap();
    let tracer = format!("TracerPid:\t{}\n", first.id());
    let traced = || fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default().contains(&tracer);
    assert!(wait_until(LONG, traced));
    let refused = |pid: &str| {
        let output = Command::new(TRACE).args(["-p", pid]).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    };
    let text = refused(&pid);
    assert!(text.contains(&format!("process {pid} is already traced by process {}", first.id())), "{text}");
    let text = refused("999999999");
    assert!(text.contains("No such process") && text.contains("999999999"), "{text}");
    send("-INT", first.id());
    assert!(wait_until(LONG, || first.try_wait().unwrap().is_some()));
    program.kill().unwrap();
    program.wait().unwrap();
}
