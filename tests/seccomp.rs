//! `trace seccomp` from the outside: what a run did is in its profile, whoever did it; profiles join; what a profile
//! denies is named with the line that permits it; bad input is told in one sentence and leaves nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;
use support::run::{Outcome, Run};
use support::{Build, TempDir, compile, is_stand_in, tracer};
use trace::bpf::Insn;
use trace::profile::{self, Format, generate, merge};

const TRUE: &str = "/bin/true";

fn seccomp(dir: &TempDir, words: &[&str]) -> Outcome {
    let tracer = tracer();
    let all = [&[tracer.to_str().unwrap(), "seccomp"][..], words].concat();
    let outcome = Run::bare(dir, &all).finish();
    assert_eq!(outcome.leftovers, 0, "{words:?}");
    outcome
}

fn ok(dir: &TempDir, words: &[&str]) -> Outcome {
    let outcome = seccomp(dir, words);
    assert_eq!(outcome.code(), 0, "{words:?}:\n{}{}", outcome.stdout, outcome.stderr);
    outcome
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// The names of a rule of a profile.
fn names(profile: &Value, rule: usize) -> BTreeSet<String> {
    let names = profile["syscalls"][rule]["names"].as_array().unwrap();
    names.iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

fn has_all(names: &BTreeSet<String>, wanted: &[&str]) {
    let lacks: Vec<_> = wanted.iter().filter(|name| !names.contains(**name)).collect();
    assert!(lacks.is_empty(), "{lacks:?} are missing in {names:?}");
}

/// The line of a table that ends with the program or begins with the call.
fn row<'a>(text: &'a str, word: &str) -> &'a str {
    let fits =
        |line: &&str| line.split_whitespace().any(|cell| cell == word || cell.ends_with(&format!("/{word}")));
    text.lines().find(fits).unwrap_or_else(|| panic!("no row of {word} in\n{text}"))
}

#[test]
fn everything_that_was_done_is_permitted_and_put_down_to_who_did_it() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("seccomp");
    let Some(program) = compile(&dir, "profile", Build::Native) else { return };
    let (program, made) = (program.to_str().unwrap().to_owned(), dir.join("made"));
    let words = [&program, made.to_str().unwrap(), TRUE];
    let outcome = ok(&dir, &[&["generate", "-o", "p.json", "--usage", "--"][..], &words].concat());
    assert_eq!(outcome.stdout, "made\ndone\n");
    let profile = json(&dir.join("p.json"));
    assert_eq!(profile["defaultAction"], "SCMP_ACT_ERRNO");
    assert_eq!(profile["defaultErrnoRet"], 38);
    assert_eq!(profile["architectures"], serde_json::json!(["SCMP_ARCH_X86_64"]), "no 32-bit call was made");
    let permitted = names(&profile, 0);
    has_all(
        &permitted,
        &["mkdir", "rmdir", "sysinfo", "sched_get_priority_max", "execve", "wait4", "exit_group"],
    );
    assert_eq!(profile["syscalls"][0]["action"], "SCMP_ACT_ALLOW");
    let denied = names(&profile, 1);
    assert_eq!(profile["syscalls"][1]["errnoRet"], 1);
    has_all(&denied, &["chmod", "ptrace", "mount", "init_module"]);
    assert!(permitted.is_disjoint(&denied));
    assert!(!denied.contains("openat2"), "a call of Linux 5.1 or later fails with ENOSYS, the default");
    // Who did it: the thread and the child before its execve are the program; `true` is not.
    let (programs, calls) = outcome.stderr.split_once("\n\n").unwrap();
    let (_, programs) = programs.split_once("\nprocesses ").unwrap();
    for call in ["mkdir", "sysinfo", "sched_get_priority_max", "wait4"] {
        assert!(row(calls, call).ends_with(" profile"), "{}", outcome.stderr);
    }
    assert!(row(calls, "openat").ends_with(" profile true"), "{}", outcome.stderr);
    assert!(row(programs, "profile").trim_start().starts_with("2 "), "two processes: {}", outcome.stderr);
    // The same run makes the same file.
    ok(&dir, &[&["generate", "-o", "q.json", "--"][..], &words].concat());
    assert_eq!(fs::read(dir.join("p.json")).unwrap(), fs::read(dir.join("q.json")).unwrap());
}

#[test]
fn a_32_bit_program_brings_its_architecture() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("seccomp");
    let Some(program) = compile(&dir, "profile", Build::M32) else { return };
    let made = dir.join("made").to_str().unwrap().to_owned();
    let program = program.to_str().unwrap();
    ok(&dir, &["generate", "-o", "p.json", "--", program, &made]);
    let profile = json(&dir.join("p.json"));
    assert_eq!(profile["architectures"], serde_json::json!(["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"]));
    has_all(&names(&profile, 0), &["mkdir", "mmap2", "execve"]);
    assert!(names(&profile, 1).contains("socketcall"));
    // It fits; without the architecture nothing does, and the line that is missing is named.
    ok(&dir, &["verify", "p.json", "--", program, &made]);
    let text = fs::read_to_string(dir.join("p.json")).unwrap();
    fs::write(
        dir.join("narrow.json"),
        text.replace("\"SCMP_ARCH_X86_64\",\n    \"SCMP_ARCH_X86\"", "\"SCMP_ARCH_X86_64\""),
    )
    .unwrap();
    let outcome = seccomp(&dir, &["verify", "narrow.json", "--", program, &made]);
    assert_eq!(outcome.code(), 1, "{}", outcome.stderr);
    let wanted = "add to narrow.json as the first of \"architectures\": \"SCMP_ARCH_X86\",";
    assert!(outcome.stderr.contains(wanted), "{}", outcome.stderr);
    // A filter of instructions keeps the calls of the two apart.
    ok(&dir, &["generate", "--format", "bpf", "--", program, &made]);
    ok(&dir, &["verify", "seccomp.bpf", "--", program, &made]);
    let Some(wide) = compile(&dir, "profile", Build::Native) else { return };
    let outcome =
        seccomp(&dir, &["verify", "seccomp.bpf", "--simulate", "--", wide.to_str().unwrap(), &made]);
    assert_eq!((outcome.code(), outcome.stdout.as_str()), (1, "made\ndone\n"), "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("seccomp merge --allow mkdir -o seccomp.bpf seccomp.bpf"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn asked_for_an_architecture_it_is_there() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("seccomp");
    ok(&dir, &["generate", "--arch", "x86", "-o", "p.json", "--", TRUE]);
    let profile = json(&dir.join("p.json"));
    assert_eq!(profile["architectures"][1], "SCMP_ARCH_X86");
    assert!(names(&profile, 0).contains("sigreturn") && names(&profile, 1).contains("socketcall"));
}

#[test]
fn a_recording_makes_the_same_profile() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("seccomp");
    let Some(program) = compile(&dir, "profile", Build::Native) else { return };
    let made = dir.join("made").to_str().unwrap().to_owned();
    let command = [program.to_str().unwrap(), &made, TRUE];
    ok(&dir, &[&["generate", "-o", "live.json", "--"][..], &command].concat());
    let tracer = tracer();
    let tracer = tracer.to_str().unwrap();
    let record = |file: &str, more: &[&str]| {
        let words = [&[tracer, "record", "-o", file][..], more, &["--"], &command].concat();
        assert_eq!(Run::bare(&dir, &words).finish().code(), 0);
    };
    record("run.trace", &[]);
    ok(&dir, &["generate", "-o", "late.json", "run.trace"]);
    assert_eq!(json(&dir.join("live.json")), json(&dir.join("late.json")));
    ok(&dir, &["verify", "late.json", "run.trace"]);
    ok(&dir, &["generate", "-o", "true.json", "--", TRUE]);
    let outcome = seccomp(&dir, &["verify", "true.json", "run.trace"]);
    assert_eq!(outcome.code(), 1, "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains(&format!("denied: mkdir(\"{made}\", 0755) = ERRNO(EPERM)")),
        "{}",
        outcome.stderr
    );
    // What does not hold every call is refused.
    record("some.trace", &["-e", "trace=mkdir"]);
    let outcome = seccomp(&dir, &["generate", "-o", "some.json", "some.trace"]);
    assert_eq!(outcome.code(), 1);
    assert!(outcome.stderr.contains("record without -e trace="), "{}", outcome.stderr);
    let bytes = fs::read(dir.join("run.trace")).unwrap();
    fs::write(dir.join("cut.trace"), &bytes[..bytes.len() / 2]).unwrap();
    let outcome = seccomp(&dir, &["generate", "-o", "cut.json", "cut.trace"]);
    assert!(
        outcome.stderr.contains("cut.trace' ") && outcome.stderr.contains("missing"),
        "{}",
        outcome.stderr
    );
    assert!(!dir.join("some.json").exists());
}

#[test]
fn runs_add_up() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("seccomp");
    let sh = |script: &'static str| ["/bin/sh", "-c", script];
    ok(&dir, &[&["generate", "-o", "a.json", "--"][..], &sh("mkdir d")].concat());
    let second =
        ok(&dir, &[&["generate", "--merge", "a.json", "-o", "b.json", "--"][..], &sh("rmdir d")].concat());
    assert!(second.stderr.contains(" of them new"), "{}", second.stderr);
    has_all(&names(&json(&dir.join("b.json")), 0), &["mkdir", "rmdir"]);
    ok(&dir, &[&["generate", "--format", "bpf", "-o", "c.bpf", "--"][..], &sh("chmod 700 .")].concat());
    ok(&dir, &[&["generate", "--format", "systemd", "-o", "d.conf", "--"][..], &sh("ln -s x y")].concat());
    ok(&dir, &["merge", "-o", "all.json", "b.json", "c.bpf", "d.conf", "--allow", "ptrace,uname"]);
    let all = names(&json(&dir.join("all.json")), 0);
    has_all(&all, &["mkdir", "rmdir", "fchmodat", "symlinkat", "ptrace", "uname"]);
    // What is permitted already need not be looked at.
    let words = ["generate", "--quick", "--merge", "all.json", "-o", "quick.json", "--"];
    let quick = ok(&dir, &[&words[..], &sh("mkdir d; rmdir d; kill -0 $$; nice -n 1 true")].concat());
    let mut more = names(&json(&dir.join("quick.json")), 0);
    has_all(&more, &["kill", "mkdir"]);
    more.retain(|name| !all.contains(name));
    assert!(more.contains("kill") && !quick.stderr.contains("killed"), "{more:?} {}", quick.stderr);
    assert!(more.contains("setpriority"), "{more:?}");
    // The file may be its own source, and the format follows the first.
    let before = json(&dir.join("all.json"));
    ok(&dir, &["merge", "-o", "all.json", "all.json", "a.json"]);
    assert_eq!(json(&dir.join("all.json")), before);
    let text = ok(&dir, &["merge", "d.conf", "a.json"]).stdout;
    assert!(text.starts_with("[Service]\n") && text.contains("mkdir"), "{text}");
    // A container runtime's own calls come when asked for.
    let names_for = |consumer: &str| {
        ok(&dir, &["merge", "--for", consumer, "-o", "for.json", "a.json"]);
        names(&json(&dir.join("for.json")), 0)
    };
    has_all(&names_for("runc-1.1"), &["fstatfs", "getdents64", "epoll_ctl", "tgkill"]);
    has_all(&names_for("crun"), &["setresuid", "capset"]);
    assert!(!names_for("crun").contains("fstatfs"));
}

#[test]
fn what_is_denied_is_named_with_the_line_that_permits_it() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("seccomp");
    let Some(program) = compile(&dir, "profile", Build::Native) else { return };
    let made = dir.join("made").to_str().unwrap().to_owned();
    let command = [program.to_str().unwrap(), &made, TRUE];
    for (format, file) in [("oci", "p.json"), ("systemd", "p.conf")] {
        ok(&dir, &[&["generate", "--format", format, "-o", file, "--"][..], &command].concat());
        let fits = ok(&dir, &[&["verify", file, "--"][..], &command].concat());
        assert!(fits.stderr.contains(&format!("{file} fits: it permits all ")), "{}", fits.stderr);
        let text = fs::read_to_string(dir.join(file)).unwrap();
        let less = text.replacen("        \"mkdir\",\n", "", 1).replacen(" mkdir ", " ", 1);
        assert_ne!(less, text);
        fs::write(dir.join(file), &less).unwrap();
        let name = Path::new(command[0]).file_name().unwrap().to_str().unwrap().to_owned();
        for (how, code, stdout) in [(&[][..], 1, "mkdir: "), (&["--simulate"][..], 1, "made\ndone\n")] {
            let outcome = seccomp(&dir, &[&["verify", file][..], how, &["--"], &command].concat());
            let text = &outcome.stderr;
            assert_eq!(outcome.code(), code, "{text}");
            assert!(outcome.stdout.starts_with(stdout), "{how:?}: {}{text}", outcome.stdout);
            let denied: Vec<&str> = text.lines().filter(|line| line.starts_with("denied: ")).collect();
            assert_eq!(denied.len(), 1, "{text}");
            assert!(denied[0].starts_with(&format!("denied: mkdir(\"{made}\", 0755) = ERRNO(")), "{text}");
            assert!(denied[0].ends_with(&format!("/{name}")), "{text}");
        }
        // The line, put where it is said to belong.
        let outcome = seccomp(&dir, &[&["verify", file, "--"][..], &command].concat());
        let advice = outcome.stderr.lines().find(|line| line.starts_with("  add to ")).unwrap();
        let (place, line) = advice.split_once(": ").unwrap();
        let again = if format == "oci" {
            assert!(place.ends_with("as the first rule of \"syscalls\""), "{place}");
            less.replacen("\"syscalls\": [\n", &format!("\"syscalls\": [\n{line}\n"), 1)
        } else {
            assert!(place.ends_with("at the end of [Service]"), "{place}");
            format!("{less}{line}\n")
        };
        fs::write(dir.join(file), again).unwrap();
        ok(&dir, &[&["verify", file, "--"][..], &command].concat());
    }
}

#[test]
fn a_profile_that_kills_or_denies_the_start_is_told_too() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("seccomp");
    ok(&dir, &["generate", "-o", "p.json", "--", "/bin/sh", "-c", "mkdir d; rmdir d"]);
    let text = fs::read_to_string(dir.join("p.json")).unwrap();
    let kills = text.replacen("        \"mkdir\",\n", "", 1).replacen(
        "\"SCMP_ACT_ERRNO\",\n  \"defaultErrnoRet\": 38",
        "\"SCMP_ACT_KILL_PROCESS\"",
        1,
    );
    fs::write(dir.join("kills.json"), kills).unwrap();
    let outcome = seccomp(&dir, &["verify", "kills.json", "--", "/bin/sh", "-c", "mkdir d"]);
    assert_eq!(outcome.code(), 1, "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("denied: mkdir(\"d\", 0777) = KILL_PROCESS in process "),
        "{}",
        outcome.stderr
    );
    let only = |names: &str| {
        format!(
            "{{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":1,\"syscalls\":[{{\"names\":[{names}],\"action\":\"SCMP_ACT_ALLOW\"}}]}}"
        )
    };
    fs::write(dir.join("none.json"), only("\"read\"")).unwrap();
    let outcome = seccomp(&dir, &["verify", "none.json", "--", TRUE]);
    assert_eq!(outcome.code(), 1, "{}", outcome.stderr);
    assert!(outcome.stderr.starts_with("denied: execve = "), "{}", outcome.stderr);
    // A program that can neither run nor end is not waited for without end.
    fs::write(dir.join("start.json"), only("\"execve\"")).unwrap();
    let outcome = seccomp(&dir, &["verify", "start.json", "--", "/etc/passwd"]);
    assert_ne!(outcome.code(), 0, "{}", outcome.stderr);
    // A consumer's own calls are asked for.
    ok(&dir, &["generate", "-o", "plain.json", "--", TRUE]);
    let outcome = seccomp(&dir, &["verify", "--for", "runc-1.1", "plain.json", "--", TRUE]);
    assert_eq!(outcome.code(), 1);
    assert!(
        outcome.stderr.contains("denied: fstatfs = ERRNO(EPERM) for runc 1.1 itself: "),
        "{}",
        outcome.stderr
    );
    ok(&dir, &["generate", "--for", "runc-1.1", "-o", "runc.json", "--", TRUE]);
    ok(&dir, &["verify", "--for", "runc-1.1", "runc.json", "--", TRUE]);
}

#[test]
fn the_exit_status_is_the_programs_and_a_death_is_told() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("seccomp");
    let outcome = seccomp(&dir, &["generate", "-o", "p.json", "--", "/bin/sh", "-c", "exit 7"]);
    assert_eq!(outcome.code(), 7, "{}", outcome.stderr);
    assert!(dir.join("p.json").exists());
    let outcome = seccomp(&dir, &["generate", "-o", "k.json", "--", "/bin/sh", "-c", "kill -9 $$"]);
    assert_eq!(outcome.code(), 128 + libc::SIGKILL, "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("killed by SIGKILL: what it would have done later"),
        "{}",
        outcome.stderr
    );
    assert!(names(&json(&dir.join("k.json")), 0).contains("exit_group"), "it would have ended some day");
}

#[test]
fn a_running_process_is_listened_to() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("seccomp");
    let script = "echo $$ > pid; n=0; while [ ! -e stop ]; do mkdir d; rmdir d; n=$((n+1)); done";
    let loop_run = Run::bare(&dir, &["/bin/sh", "-c", script]).start();
    let tracer = tracer();
    let pid = loop_run.pid().to_string();
    let words = [tracer.to_str().unwrap(), "seccomp", "generate", "-o", "p.json", "-p", &pid];
    let mut listener = Run::bare(&dir, &words).start();
    // The loop's new processes are traced once the listener is there; then a few rounds go by.
    let status = format!("/proc/{pid}/status");
    while !fs::read_to_string(&status)
        .unwrap()
        .lines()
        .any(|l| l.starts_with("TracerPid:") && !l.ends_with("\t0"))
    {
        std::thread::yield_now();
    }
    let rounds = || fs::metadata(dir.path()).unwrap().modified().unwrap();
    for _ in 0..12 {
        let before = rounds();
        while rounds() == before {
            std::thread::yield_now();
        }
    }
    support::procfs::kill(listener.pid(), libc::SIGINT);
    assert!(listener.child.wait().unwrap().success());
    fs::write(dir.join("stop"), "").unwrap();
    assert_eq!(loop_run.finish().code(), 0, "it goes on as it was");
    let permitted = names(&json(&dir.join("p.json")), 0);
    has_all(&permitted, &["mkdir", "rmdir", "execve", "wait4"]);
    listener.stop();
}

#[test]
fn bad_input_is_told_in_a_sentence_and_leaves_nothing() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("seccomp");
    fs::write(dir.join("text"), "no profile\n").unwrap();
    fs::write(dir.join("empty"), "").unwrap();
    fs::write(dir.join("cut.json"), "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"sysc").unwrap();
    fs::write(dir.join("allow.json"), "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}").unwrap();
    fs::write(dir.join("group.conf"), "[Service]\nSystemCallFilter=@system-service\n").unwrap();
    let rows: &[(&[&str], i32, &str)] = &[
        (&[], 1, "generate, merge or verify is wanted"),
        (&["frobnicate"], 1, "unknown command 'frobnicate'"),
        (&["generate"], 1, "no command"),
        (&["generate", "--frob", "--", TRUE], 1, "unrecognized option '--frob'"),
        (
            &["generate", "--for", "lxc", "--", TRUE],
            1,
            "runc-1.1, crun, docker, podman, bwrap, systemd are known",
        ),
        (&["generate", "--format", "yaml", "--", TRUE], 1, "oci, bpf and systemd are known"),
        (
            &["generate", "--for", "bwrap", "--format", "oci", "--", TRUE],
            1,
            "bubblewrap does not read that format",
        ),
        (&["generate", "--merge", "nofile", "--", TRUE], 1, "'nofile': No such file or directory"),
        (&["generate", "--merge", "allow.json", "--", TRUE], 1, "permits every call that it does not name"),
        (&["generate", "-o", "no/such/dir", "--", TRUE], 1, "cannot write 'no/such/dir'"),
        (&["generate", "--", "no-such-program"], 1, "no-such-program"),
        (&["generate", "./text"], 1, "Permission denied"),
        (&["generate", "-p", "0"], 1, "invalid process id: '0'"),
        (&["generate", "-p", "2147483647"], 1, "there is no process 2147483647"),
        (&["generate", "--seccomp", "text", "--", TRUE], 1, "leave it out"),
        (&["merge"], 1, "no profile"),
        (&["merge", "cut.json"], 1, "'cut.json': not a seccomp profile in JSON: EOF"),
        (&["merge", "empty"], 1, "the profile is empty"),
        (&["merge", "group.conf"], 1, "@system-service is a group"),
        (&["verify"], 2, "no profile: name its file"),
        (&["verify", "text", "--", TRUE], 2, "neither JSON nor a drop-in of systemd nor raw BPF"),
        (&["verify", "cut.json", "--", TRUE], 2, "not a seccomp profile"),
        (&["verify", "allow.json"], 2, "no command"),
        (&["verify", "allow.json", "--", "no-such-program"], 2, "no-such-program"),
        (&["verify", "allow.json", "--", "./text"], 2, "Permission denied"),
        (&["verify", "/dev/zero", "--", TRUE], 2, "'/dev/zero' is larger than 16 MiB"),
        (&["verify", "--frob"], 2, "unrecognized option '--frob'"),
    ];
    let list = || fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect::<BTreeSet<_>>();
    for (words, code, text) in rows {
        let before = list();
        let outcome = seccomp(&dir, words);
        assert_eq!(outcome.code(), *code, "{words:?}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(text), "{words:?}: {}", outcome.stderr);
        assert!(
            outcome.stderr.lines().count() <= 2 && outcome.stdout.is_empty(),
            "{words:?}: {}",
            outcome.stderr
        );
        let ours = |name: &&std::ffi::OsString| !name.to_string_lossy().starts_with("out-");
        let after = list();
        assert_eq!(after.difference(&before).find(ours), None, "{words:?} left something");
    }
}

#[test]
fn a_profile_goes_to_standard_output_when_asked() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("seccomp");
    let text = ok(&dir, &["generate", "-o", "-", "--", TRUE]).stdout;
    let profile: Value = serde_json::from_str(&text).unwrap();
    assert!(names(&profile, 0).contains("execve"));
    let help = ok(&dir, &["generate", "-h"]).stdout;
    assert!(
        help.contains("--for=CONSUMER") && help.contains("runc-1.1") && help.contains("--chroot"),
        "{help}"
    );
    for sub in ["merge", "verify"] {
        assert!(ok(&dir, &[sub, "--help"]).stdout.starts_with("Usage: "));
    }
    assert!(ok(&dir, &["-h"]).stdout.contains("generate"));
}

#[test]
fn no_privilege_is_needed() {
    if is_stand_in() || support::spawn::as_other_user("no_privilege_is_needed") {
        return;
    }
    let dir = TempDir::new("seccomp");
    let script = ["/bin/sh", "-c", "mkdir d && rmdir d && echo done"];
    let trace = |words: &[&str]| {
        let binary = support::spawn::binary();
        Run::bare(&dir, &[&[binary.to_str().unwrap(), "seccomp"][..], words, &["--"], &script].concat())
            .finish()
    };
    let made = trace(&["generate", "-o", "p.json"]);
    assert_eq!((made.code(), made.stdout.as_str()), (0, "done\n"), "{}", made.stderr);
    let fits = trace(&["verify", "p.json"]);
    assert_eq!((fits.code(), fits.stdout.as_str()), (0, "done\n"), "{}", fits.stderr);
    let text = fs::read_to_string(dir.join("p.json")).unwrap();
    fs::write(dir.join("p.json"), text.replacen("        \"mkdir\",\n", "", 1)).unwrap();
    assert_eq!(trace(&["verify", "p.json"]).code(), 1);
}

proptest! {
    /// Whatever bytes a profile has, it is read or refused, and what is read is written and read again.
    #[test]
    fn profiles_are_hostile(bytes in prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        "(SystemCall(Filter|Architectures|ErrorNumber)=~?[ a-z0-9_@:~x-]{0,30}\\n){0,6}".prop_map(String::into_bytes),
        prop::collection::vec((prop::sample::select(vec![6u16, 0x15, 0x20, 0x54, 5]), 0u8..4, 0u8..4, 0u32..70), 1..20)
            .prop_map(|insns| insns.into_iter().flat_map(|(code, jt, jf, k)| Insn { code, jt, jf, k }.to_bytes()).collect()),
    ]) {
        let Ok(loaded) = profile::load(&bytes, &profile::Host::default()) else { return Ok(()) };
        let Ok(allowed) = merge::permitted(&loaded.program) else { return Ok(()) };
        for format in [Format::Oci, Format::Bpf] {
            let again = generate::write(&allowed, format).unwrap();
            let again = profile::load(&again, &profile::Host::default()).unwrap();
            let list = merge::permitted(&again.program).unwrap();
            prop_assert!(allowed.names().is_subset(&list.names()));
        }
    }
}
