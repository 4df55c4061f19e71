//! What a person may get wrong: one clear sentence, the right exit status, nothing left behind. And
//! the two ways to be called: as trace, and under strace's name.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::process::{Command, Output};

use support::TempDir;

const TRACE: &str = env!("CARGO_BIN_EXE_trace");

fn run(program: &str, args: &[&str]) -> Output {
    Command::new(program).args(args).output().unwrap()
}

fn first_line(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or_default().to_owned()
}

#[test]
fn refusals_name_what_is_wrong() {
    let rows: &[(&[&str], i32, &str)] = &[
        (&["no-such-program-here"], 1, "trace: Can't stat 'no-such-program-here': No such file or directory"),
        (&["./nowhere/x"], 1, "trace: Can't stat './nowhere/x': No such file or directory"),
        (&[], 1, "trace: must have PROG [ARGS] or -p PID"),
        (&["-Q", "true"], 1, "trace: invalid option -- 'Q'"),
        (&["--frobnicate", "true"], 1, "trace: unrecognized option '--frobnicate'"),
        (&["-s"], 1, "trace: option requires an argument -- 's'"),
        (&["-s", "many", "true"], 1, "trace: invalid -s argument: 'many'"),
        (&["-e", "trace=nosuch", "true"], 1, "trace: invalid system call 'nosuch'"),
        (&["-p", "0"], 1, "trace: Invalid process id: '0'"),
        (
            &["-ff", "true"],
            1,
            "trace: a file per task (-ff, --output-separately) needs a file name: add -o FILE",
        ),
        (&["-o", "/nowhere/x", "true"], 1, "trace: Can't fopen '/nowhere/x': No such file or directory"),
        (&["-u", "no-such-user", "true"], 1, "trace: Cannot find user 'no-such-user'"),
    ];
    for (args, status, sentence) in rows {
        let output = run(TRACE, args);
        assert_eq!(
            (output.status.code(), first_line(&output).as_str()),
            (Some(*status), *sentence),
            "{args:?}"
        );
    }
}

#[test]
fn attaching_says_why_not() {
    let output = run(TRACE, &["-p", "4194304"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(first_line(&output).contains("there is no process 4194304"), "{}", first_line(&output));
    let mut traced = Command::new(TRACE).args(["-o", "/dev/null", "sleep", "20"]).spawn().unwrap();
    assert!(support::procfs::wait_until(std::time::Duration::from_secs(10), || {
        support::procfs::children(traced.id() as i32).first().is_some_and(|&child| {
            std::fs::read_to_string(format!("/proc/{child}/comm")).is_ok_and(|comm| comm.trim() == "sleep")
        })
    }));
    let child = support::procfs::children(traced.id() as i32)[0];
    let output = run(TRACE, &["-p", &child.to_string()]);
    let wanted = format!("is already traced by process {}", traced.id());
    assert!(first_line(&output).contains(&wanted), "{}", first_line(&output));
    traced.kill().unwrap();
    traced.wait().unwrap();
}

#[test]
fn a_full_disk_is_said_and_the_program_runs_on() {
    let output = run(TRACE, &["-o", "/dev/full", "echo", "runs"]);
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), b"runs\n".as_slice()));
    assert!(
        first_line(&output).starts_with("trace: the trace could not be written"),
        "{}",
        first_line(&output)
    );
}

#[test]
fn an_exec_that_fails_is_shown_and_explained() {
    let output = run(TRACE, &["/etc/passwd"]);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.starts_with("execve(\"/etc/passwd\", [\"/etc/passwd\"], "), "{text}");
    assert!(text.contains("= -1 EACCES (Permission denied)\n+++ exited with 1 +++\n"), "{text}");
    assert!(text.ends_with("trace: exec: Permission denied\n"), "{text}");
}

#[test]
fn strict_under_straces_name() {
    let dir = TempDir::new("strict");
    let strace = dir.join("my-strace");
    std::os::unix::fs::symlink(TRACE, &strace).unwrap();
    let strace = strace.to_str().unwrap();
    let output = run(strace, &["no-such-program-here"]);
    assert_eq!(
        first_line(&output),
        format!("{strace}: Can't stat 'no-such-program-here': No such file or directory")
    );
    // No subcommands, and no following without -f.
    let output = run(strace, &["syscalls", "read"]);
    assert_eq!(first_line(&output), format!("{strace}: Can't stat 'syscalls': No such file or directory"));
    let script = ["-e", "trace=getppid", "sh", "-c", "(exit 3); true"];
    assert!(!String::from_utf8_lossy(&run(strace, &script).stderr).contains("exited with 3"));
    assert!(String::from_utf8_lossy(&run(TRACE, &script).stderr).contains("exited with 3"));
}

#[test]
fn a_program_named_like_a_command_runs_after_two_dashes() {
    let output = run(TRACE, &["--", "syscalls"]);
    assert_eq!(first_line(&output), "trace: Can't stat 'syscalls': No such file or directory");
    let output = run(TRACE, &["syscalls", "openat"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("openat(dirfd, pathname, flags, mode)"));
}

#[test]
fn nothing_of_the_tracee_reaches_the_terminal_raw() {
    let output = run(TRACE, &["-e", "trace=write,execve", "printf", "\\033[31m%s", "\u{9b}x"]);
    let bad = output.stderr.iter().find(|b| **b != b'\n' && !(b' '..=b'~').contains(*b));
    assert_eq!(bad, None, "{}", String::from_utf8_lossy(&output.stderr));
}
