//! Tracing through the launch engine: every combination of namespaces, filter, set-uid target and cgroup, and
//! process ids translated as the oracle does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use support::spawn::{as_other_user, binary, needs_root};
use support::{ORACLE, TempDir, has_tool, missing};

fn trace(args: &[&str]) -> Output {
    let mut command = Command::new("timeout");
    command.args(["-k", "5", "60"]).arg(binary()).args(args).env("LC_ALL", "C");
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A filter that answers syscall `nr` with `answer` and lets all others pass, as raw BPF.
fn filter(dir: &TempDir, nr: u32, answer: u32) -> String {
    let insns: [(u16, u8, u8, u32); 4] =
        [(0x20, 0, 0, 0), (0x15, 0, 1, nr), (0x06, 0, 0, answer), (0x06, 0, 0, 0x7fff_0000)];
    let mut bytes = Vec::new();
    for (code, jt, jf, k) in insns {
        bytes.extend(code.to_ne_bytes());
        bytes.extend([jt, jf]);
        bytes.extend(k.to_ne_bytes());
    }
    let path = dir.join("filter.bpf");
    fs::write(&path, bytes).unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    path.to_str().unwrap().to_owned()
}

const GETPPID: u32 = 110;
const RET_TRACE: u32 = 0x7ff0_0000;
const RET_ERRNO_EPERM: u32 = 0x0005_0001;

/// No set-up call is seen: the first line is execve, whatever the launch did before.
fn first_is_execve(args: &[&str]) -> String {
    let output = trace(args);
    let log = text(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {log}");
    assert!(log.starts_with("execve("), "{args:?}: {log}");
    assert!(log.ends_with("+++ exited with 0 +++\n"), "{args:?}: {log}");
    log
}

fn namespaces_and_filter(test: &str) {
    let dir = TempDir::new(test);
    let all = ["--unshare", "user,pid,mount,net,uts,ipc,cgroup,time", "--map-root", "--proc", "/proc"];
    first_is_execve(&[&all[..], &["true"]].concat());
    // Without a tracer that asked for it RET_TRACE is ENOSYS, and so it is under ours.
    let traced = filter(&dir, GETPPID, RET_TRACE);
    let program = ["sh", "-c", "exit 0"];
    let log = first_is_execve(&[&all[..], &["--seccomp", &traced], &program].concat());
    assert!(log.contains("getppid()") && log.contains("= -1 ENOSYS (Function not implemented)"), "{log}");
    let denied = filter(&dir, GETPPID, RET_ERRNO_EPERM);
    let log = first_is_execve(&[&all[..], &["--no-new-privs", "--seccomp", &denied], &program].concat());
    assert!(log.contains("= -1 EPERM (Operation not permitted)"), "{log}");
    assert!(!log.contains("seccomp(") && !log.contains("prctl(PR_SET_NO_NEW_PRIVS"), "{log}");
}

#[test]
fn namespaces_and_filter_as_root_or_whoever_runs() {
    namespaces_and_filter("traced-all");
}

#[test]
fn namespaces_and_filter_as_another_user() {
    if !as_other_user("namespaces_and_filter_as_another_user") {
        namespaces_and_filter("traced-user");
    }
}

#[test]
fn a_setuid_target_gains_its_user_under_root() {
    if !needs_root("a_setuid_target_gains_its_user_under_root", "CAP_SETUID") {
        return;
    }
    let dir = TempDir::new("setuid");
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let id = dir.join("id");
    support::copy_program("/usr/bin/id", &id);
    fs::set_permissions(&id, fs::Permissions::from_mode(0o4755)).unwrap();
    let id = id.to_str().unwrap();
    let denied = filter(&dir, GETPPID, RET_ERRNO_EPERM);
    let group = format!("trace-test-{}", std::process::id());
    let rows: &[&[&str]] = &[
        &[],
        &["--unshare", "pid,mount,net,uts,ipc", "--proc", "/proc"],
        &["--seccomp", &denied],
        &["--cgroup", &group],
        &["--unshare", "pid,mount,cgroup", "--cgroup", &group, "--seccomp", &denied],
    ];
    for row in rows {
        let args = [&["-e", "trace=geteuid,execve", "-u", "1234:1234"], *row, &[id]].concat();
        let output = trace(&args);
        let log = text(&output.stderr);
        assert!(log.contains("geteuid()") && log.contains("= 0\n"), "{row:?}: {log}");
        assert!(
            text(&output.stdout).contains("uid=1234") && text(&output.stdout).contains("euid=0"),
            "{row:?}"
        );
    }
    assert!(!groups().contains(&group), "the cgroup is gone");
}

fn groups() -> String {
    let output =
        Command::new("find").args(["/sys/fs/cgroup", "-maxdepth", "3", "-type", "d"]).output().unwrap();
    text(&output.stdout)
}

#[test]
fn a_traced_program_is_born_into_its_cgroup() {
    if !needs_root("a_traced_program_is_born_into_its_cgroup", "CAP_SYS_ADMIN over cgroups") {
        return;
    }
    let group = format!("trace-born-{}", std::process::id());
    let output = trace(&["-e", "trace=none", "--cgroup", &group, "cat", "/proc/self/cgroup"]);
    assert!(text(&output.stdout).contains(&format!("/{group}\n")), "{}", text(&output.stdout));
    assert!(!groups().contains(&group), "the cgroup is gone");
}

/// What a log says of ids: pids of the tracer's namespace are the same word.
fn normal(log: &str) -> Vec<String> {
    let mut lines: Vec<String> = log
        .lines()
        .filter(|line| line.contains("PID NS") || line.contains("wait4(-1") && line.contains("WIFEXITED"))
        .filter(|line| !line.contains("unfinished") && !line.contains("resumed"))
        .map(|line| {
            let line = line.split_once("  ").map_or(line, |(_, rest)| rest);
            let mut out = String::new();
            let mut number = String::new();
            for c in line.chars().chain(['\n']) {
                if c.is_ascii_hexdigit() || c == 'x' {
                    number.push(c);
                    continue;
                }
                let long = number.len() > 2 && number.chars().all(|c| c.is_ascii_digit());
                out.push_str(if long || number.starts_with("0x") { "N" } else { &number });
                number.clear();
                out.push(c);
            }
            out.split(", si_utime").next().unwrap_or("").trim_end().to_owned()
        })
        .collect();
    lines.sort();
    lines
}

#[test]
fn ids_of_another_pid_namespace_are_translated_as_the_oracle_does() {
    let test = "ids_of_another_pid_namespace_are_translated_as_the_oracle_does";
    if !has_tool(ORACLE) || !has_tool("unshare") {
        return missing(test, "strace, unshare");
    }
    let dir = TempDir::new("pidns");
    let script = "kill -0 $$; (exit 3); (exit 4); kill -0 -- -$$";
    let run = |tracer: &Path, name: &str| {
        let log = dir.join(name);
        let status = Command::new(tracer)
            .args([
                "-f",
                "--decode-pids=pidns",
                "-e",
                "trace=getpid,getppid,kill,wait4,clone,fork,vfork",
                "-o",
            ])
            .arg(&log)
            .args(["unshare", "-Urpf", "--", "setsid", "sh", "-c", script])
            .status()
            .unwrap();
        assert!(status.code().is_some(), "{name}");
        normal(&fs::read_to_string(&log).unwrap())
    };
    let ours = run(&binary(), "ours");
    let theirs = run(Path::new(ORACLE), "theirs");
    assert!(ours.len() > 4, "{ours:#?}");
    // Which of two calls is interrupted by a stop differs from run to run; those lines are left out above.
    let common = |a: &[String], b: &[String]| a.iter().filter(|line| b.contains(line)).count();
    assert!(common(&ours, &theirs) + 3 >= theirs.len(), "ours {ours:#?}\ntheirs {theirs:#?}");
    let text = ours.join("\n");
    assert!(
        text.contains("getpid() = 1 /* N in strace's PID NS */")
            || text.contains("= 1 /* N in strace's PID NS */")
    );
}

#[test]
fn the_dry_run_starts_nothing() {
    let dir = TempDir::new("dry");
    let mark = dir.join("mark");
    let command = format!("touch {}", mark.display());
    for head in [&["spawn"][..], &[]] {
        let args = [
            head,
            &[
                "--dry-run",
                "--unshare",
                "user,pid,mount",
                "--map-root",
                "--proc",
                "/proc",
                "sh",
                "-c",
                &command,
            ],
        ]
        .concat();
        let output = trace(&args);
        let lines = text(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let wanted = [
            "clone as fork with new namespaces user,pid,mount",
            "wait until the parent has mapped the ids",
            "make every mount private",
            "make a proc filesystem",
            "mount it on '/proc'",
            "execute '",
        ];
        let mut at = 0;
        for step in wanted {
            at += lines[at..].find(step).unwrap_or_else(|| panic!("no '{step}' in its order in\n{lines}"));
        }
        assert!(!mark.exists());
    }
}
