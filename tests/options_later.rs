//! What strace 6.1 lacks, by the words of the manual of 7.2; and what needs more than a row.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use support::bench::{Bench, outcome};
use support::{Build, ORACLE, compile, missing, this_test};

fn ours(bench: &Bench, row: &str) -> String {
    outcome(&bench.ours, &bench.words(row))
}

/// Runs our binary with words that are no row of the bench's program.
fn plain(bench: &Bench, words: &[&str]) -> String {
    outcome(&bench.ours, &words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
}

#[test]
fn descriptors_by_each_name() {
    let Some(bench) = Bench::new() else { return };
    let rows = [
        "--trace-fds=3 | files DIR/file",
        "-e trace-fds=3 | files DIR/file",
        "-e trace-fd=3 | files DIR/file",
        "-e fd=3 | files DIR/file",
        "-e fds=3 | files DIR/file",
    ];
    let texts: Vec<String> = rows.iter().map(|row| ours(&bench, row)).collect();
    assert!(texts[0].contains("read(3, \"c\", 1)") && !texts[0].contains("execve"), "{}", texts[0]);
    assert!(texts.iter().all(|text| *text == texts[0]), "{texts:?}");
    assert!(ours(&bench, "-e fd=x").starts_with("strace: invalid descriptor 'x'"));
}

#[test]
fn eventfds_and_signalfds() {
    let Some(bench) = Bench::new() else { return };
    let Some(program) = compile(&bench.dir, "eventfds", Build::Native) else { return };
    let program = program.to_str().unwrap();
    let run = |option: &str| plain(&bench, &[option, "-e", "trace=read,write,close", "-qq", program]);
    let text = run("--decode-fds=eventfd");
    let known = |text: &str| {
        text.contains("<{eventfd-count=0x1f, eventfd-id=") && text.contains(", eventfd-semaphore=1}>")
    };
    assert!(known(&text) && !text.contains("signalfd"), "{text}");
    let text = run("--decode-fds=signalfd");
    assert!(text.contains("<signalfd:[HUP USR1]>") && !text.contains("eventfd"), "{text}");
    for option in ["--decode-fds=all", "-yy", "--decode-fds=!path"] {
        assert!(known(&run(option)), "{option}: {}", run(option));
    }
    // Without their wish they are files like others.
    assert!(run("-y").contains("<anon_inode:[eventfd]>"), "{}", run("-y"));
    assert!(!run("--decode-fds=socket,dev,pidfd,none").contains("eventfd"), "{}", run("--decode-fds=socket"));
}

#[test]
fn virtual_cpus() {
    let Some(bench) = Bench::new() else { return };
    let Some(program) = compile(&bench.dir, "virtual_cpu", Build::Native) else { return };
    let status = Command::new(&program).status().unwrap();
    if status.code() == Some(77) {
        return missing(&this_test(), "KVM");
    }
    let program = program.to_str().unwrap();
    let lines = |text: String| -> Vec<String> {
        text.lines().filter(|line| line.contains("KVM_RUN")).map(str::to_owned).collect()
    };
    for options in [
        &["-e", "kvm=vcpu"][..],
        &["--kvm=vcpu", "-y"],
        &["-e", "kvm=vcpu", "-X", "raw"],
        &["-e", "kvm=vcpu", "-e", "raw=ioctl"],
    ] {
        let words: Vec<String> =
            options.iter().copied().chain(["-e", "trace=ioctl", program]).map(str::to_owned).collect();
        let (ours, theirs) = (outcome(&bench.ours, &words), outcome(Path::new(ORACLE), &words));
        assert_eq!(lines(ours), lines(theirs), "{options:?}");
    }
    let text = plain(&bench, &["-e", "kvm=vcpu+", "-e", "trace=ioctl", program]);
    let exits: Vec<&str> = text.lines().filter(|line| line.starts_with("VCPU:0>")).collect();
    assert_eq!(exits.len(), 4, "{text}");
    assert!(
        exits[0].contains("exit_reason=KVM_EXIT_IO")
            && exits[0].contains("io={direction=1, size=1, port=0x3f8"),
        "{text}"
    );
    assert!(exits[2].contains("mmio={phys_addr=0x8000") && exits[2].contains("is_write=1"), "{text}");
    assert_eq!(text.lines().filter(|line| line.starts_with("VCPU:0<")).count(), 4);
}

#[test]
fn namespaces_that_are_entered() {
    let Some(bench) = Bench::new() else { return };
    let unshare = |options: &[&str]| {
        Command::new("unshare").args(options).arg("true").status().is_ok_and(|status| status.success())
    };
    let user: &[&str] = if unshare(&["-n"]) { &[] } else { &["-U", "-r"] };
    if !unshare(&[user, &["-n", "-u", "-i"]].concat()) {
        return missing(&this_test(), "namespaces");
    }
    let words: Vec<&str> = [
        &["-e", "namespace=new", "-f", "-e", "trace=unshare,clone", "unshare"][..],
        user,
        &["-n", "-u", "-i", "true"],
    ]
    .concat();
    let text = plain(&bench, &words);
    let line = text.lines().find(|line| line.contains("CLONE_NEWNET")).unwrap_or_else(|| panic!("{text}"));
    // In the order of their names, with their identities.
    assert!(line.contains("= 0 (ipc:[N], net:[N], ") && line.ends_with("uts:[N])"), "{line}");
    let without = plain(&bench, &words[2..]);
    assert!(!without.contains("net:["), "{without}");
    let long = [&["--namespace=new"][..], &words[2..]].concat();
    assert!(plain(&bench, &long).contains("net:[N]"));
    assert!(
        plain(&bench, &["-e", "namespace=old", "true"])
            .starts_with("strace: invalid -e namespace= argument: 'old'")
    );
}

/// The contexts of files are an attribute of theirs, which root may set where SELinux is not active too. In a mount
/// namespace of its own, the tracer finds its file system.
#[test]
fn contexts_of_files() {
    let Some(bench) = Bench::new() else { return };
    let file = bench.dir.join("file");
    let set = Command::new("python3")
        .args(["-c", "import os,sys; os.setxattr(sys.argv[1], 'security.selinux', b'system_u:object_r:user_home_t:s0\\0')"])
        .arg(&file)
        .output();
    let script = "mount -t tmpfs none /sys/fs && mkdir -p /sys/fs/selinux && echo 1 > /sys/fs/selinux/enforce && exec \"$@\"";
    let inside = |words: &[&str]| {
        let mut all = vec!["-m", "sh", "-c", script, "sh", bench.ours.to_str().unwrap()];
        all.extend(words);
        Command::new("unshare").args(all).output().unwrap()
    };
    let able =
        set.is_ok_and(|set| set.status.success()) && inside(&["-e", "trace=none", "true"]).status.success();
    if !able {
        return missing(&this_test(), "security.selinux attributes and mounts");
    }
    let path = file.to_str().unwrap();
    let program = bench.program.to_str().unwrap();
    let trace = |option: &str, more: &[&str]| {
        let words =
            [&[option, "-e", "trace=openat,read,close"][..], more, &[program, "files", path]].concat();
        String::from_utf8(inside(&words).stderr).unwrap()
    };
    let text = trace("--secontext", &[]);
    assert!(text.contains(&format!("openat(AT_FDCWD, \"{path}\" [user_home_t], O_")), "{text}");
    assert!(text.contains("= 3 [user_home_t]\n") && text.contains("read(3 [user_home_t], "), "{text}");
    let text = trace("--secontext=full", &["-y"]);
    assert!(text.contains(&format!("read(3<{path}> [system_u:object_r:user_home_t:s0], ")), "{text}");
    // There is no policy, so that nothing else is expected.
    assert!(trace("-esecontext=full,mismatch", &[]).contains("[system_u:object_r:user_home_t:s0], "));
    assert!(trace("--secontext=mismatch", &[]).contains("(3 [user_home_t], "));
    // Where it is not active, nothing is shown.
    let quiet = plain(&bench, &["-e", "secontext=full", "-e", "trace=openat,read", program, "files", path]);
    assert!(!quiet.contains("[system_u") && quiet.contains("read(3, "), "{quiet}");
    assert!(plain(&bench, &["--secontext=foo", "true"]).starts_with("strace: invalid secontext 'foo'"));
}

#[test]
fn tips() {
    let Some(bench) = Bench::new() else { return };
    let framed = |row: &str| {
        let text = ours(&bench, &format!("{row} -e trace=none -qq"));
        text.lines().filter(|line| line.starts_with(['+', '|'])).count()
    };
    assert_eq!(framed("--tips=none"), 0);
    assert_eq!(framed("--tips=format:full,none"), 0);
    let small = framed("--tips=id:9,compact");
    assert!(small > 2 && framed("--tips=id:9,format:full") > small);
    assert!(framed("--tips") > 2 && framed("--tips=random") > 2 && framed("--tips=id:random,full") > 2);
    // They need no program.
    assert!(ours(&bench, "--tips=id:1 | -").ends_with("exit status: 0"));
    assert!(ours(&bench, "--tips=none | -").starts_with("strace: must have PROG"));
}

#[test]
fn columns_of_the_time_that_went_by() {
    let Some(bench) = Bench::new() else { return };
    let names =
        ["wall-total", "total-wall", "wall-min", "min-wall", "wall-max", "max-wall", "wall-avg", "avg-wall"];
    for name in names {
        let text = ours(&bench, &format!("-c -U {name},calls -S {name} -e trace=chdir"));
        assert!(text.starts_with("wall ") && text.contains(" calls syscall\n"), "{name}: {text}");
        let text =
            ours(&bench, &format!("-c --summary-columns={name} --summary-sort-by={name} -e trace=chdir"));
        assert!(text.starts_with("wall ") && text.contains(" syscall\n"), "{name}: {text}");
    }
    // Beside the CPU's time, and explained in our own manner of speaking alone.
    let table =
        |tracer: &Path| outcome(tracer, &bench.words("-c -U total-time,wall-total,calls -e trace=chdir"));
    assert!(!table(&bench.ours).contains("waiting"), "{}", table(&bench.ours));
    let own = table(Path::new(env!("CARGO_BIN_EXE_trace")));
    assert!(
        own.contains("Wall times went by from the begin of calls to their end, waiting included; the others"),
        "{own}"
    );
    let own = outcome(Path::new(env!("CARGO_BIN_EXE_trace")), &bench.words("-c -e trace=chdir"));
    assert!(own.contains("Times are those that went by"), "{own}");
}

#[test]
fn colours() {
    let Some(bench) = Bench::new() else { return };
    let coloured = |row: &str| ours(&bench, &format!("{row} -e trace=chdir")).contains('\u{1b}');
    assert!(coloured("--color=always") && !coloured("--color=auto") && !coloured("--color=never"));
    assert!(ours(&bench, "--color=red").starts_with("strace: invalid --color argument: 'red'"));
}

#[test]
fn stacks_by_each_name() {
    let Some(bench) = Bench::new() else { return };
    for option in [
        "-k",
        "--stack-trace",
        "--stack-trace=symbol",
        "--stack-traces=symbol",
        "-kk",
        "--stack-trace=source",
        "--stack-traces=source",
    ] {
        let text = ours(&bench, &format!("{option} -e trace=chdir"));
        assert!(text.contains("> ") && text.contains("main"), "{option}: {text}");
    }
}

/// Help and version: the sections and the first line that scripts read.
#[test]
fn help_and_version() {
    let Some(bench) = Bench::new() else { return };
    let stdout = |tracer: &Path, word: &str| {
        let output = Command::new(tracer).arg(word).output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{word}");
        String::from_utf8(output.stdout).unwrap()
    };
    for word in ["-h", "--help"] {
        let (ours, theirs) = (stdout(&bench.ours, word), stdout(Path::new(ORACLE), word));
        let titles = |text: &str| -> Vec<String> {
            text.lines()
                .filter(|line| line.ends_with(':') && !line.starts_with(' '))
                .map(str::to_owned)
                .collect()
        };
        assert_eq!(titles(&ours), titles(&theirs));
        assert!(ours.starts_with("Usage: "), "{ours}");
    }
    for word in ["-V", "--version"] {
        let (ours, theirs) = (stdout(&bench.ours, word), stdout(Path::new(ORACLE), word));
        let head =
            |text: &str| text.split(" -- version ").nth(1).unwrap_or_else(|| panic!("{text}")).to_owned();
        assert!(head(&ours).starts_with(|c: char| c.is_ascii_digit()) && head(&theirs).starts_with('6'));
        let features = |text: &str| text.contains("\n\nOptional features enabled: ");
        assert!(features(&ours) && features(&theirs), "{ours}");
        assert!(
            ours.contains("stack-trace=") && ours.contains(" stack-demangle") && ours.contains(" m32-mpers")
        );
    }
    // What the tracer decides.
    let text = ours(&bench, "-d -e trace=none");
    assert!(text.starts_with("strace: "), "{text}");
    assert!(ours(&bench, "--debug -e trace=none").starts_with("strace: "));
    assert!(fs::metadata(&bench.ours).is_ok());
}
