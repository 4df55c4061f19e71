//! Profiles of `trace seccomp generate` where they are meant to be used: real runc, crun and bubblewrap run the program
//! that was recorded, a call that is taken out is denied there, and `verify` had said so. systemd reads the drop-in.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use serde_json::{Value, json};
use support::run::{Outcome, Run};
use support::spawn::needs_root;
use support::{Build, TempDir, compile, has_tool, is_stand_in, missing, serial, this_test, tracer};

const BUSYBOX: &str = "/usr/bin/busybox";

/// A runtime may be gone a moment before the last process of its container is.
fn run(dir: &TempDir, words: &[&str]) -> Outcome {
    Run::bare(dir, words).finish()
}

fn trace(dir: &TempDir, words: &[&str]) -> Outcome {
    let tracer = tracer();
    let outcome = run(dir, &[&[tracer.to_str().unwrap(), "seccomp"][..], words].concat());
    assert_eq!(outcome.leftovers, 0, "{words:?}");
    outcome
}

/// What the program in a container may do; a runtime has other work after the filter for each.
#[derive(Clone, Copy)]
struct Rights {
    /// Its user and group.
    user: u32,
    /// Without no_new_privs: a setuid program would gain rights.
    grow: bool,
}

const BOUND: Rights = Rights { user: 0, grow: false };
const FREE: Rights = Rights { user: 0, grow: true };

/// A container runtime, and how it is made to work here.
#[derive(Clone, Copy, PartialEq)]
enum Runtime {
    Runc,
    Crun,
    Bwrap,
}

impl Runtime {
    /// The tool, its package, and its name in `--for`.
    fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Runc => ("runc", "runc", "runc-1.1"),
            Self::Crun => ("crun", "crun", "crun"),
            Self::Bwrap => ("bwrap", "bubblewrap", "bwrap"),
        }
    }

    /// Whether it can be tested; says what is missing.
    fn is_here(self) -> bool {
        let (tool, package, _) = self.names();
        let found = has_tool(tool) || Path::new("/usr/sbin").join(tool).exists();
        if !found {
            missing(&this_test(), &format!("{tool} (package {package})"));
        }
        found && !is_stand_in() && needs_root(&this_test(), "CAP_SYS_ADMIN")
    }

    /// Runs `words` under a profile.
    fn run(self, dir: &TempDir, profile: &str, words: &[&str], rights: Rights) -> Outcome {
        match self {
            Self::Bwrap => bubblewrap(dir, profile, words),
            Self::Runc | Self::Crun => self.container(dir, profile, words, rights),
        }
    }

    fn container(self, dir: &TempDir, profile: &str, words: &[&str], rights: Rights) -> Outcome {
        let bundle = dir.join(&format!("bundle-{}", serial()));
        rootfs(&bundle.join("rootfs"));
        let profile: Value = serde_json::from_slice(&fs::read(dir.join(profile)).unwrap()).unwrap();
        fs::write(bundle.join("config.json"), config(dir, &profile, words, rights).to_string()).unwrap();
        let (bundle, state) = (bundle.to_str().unwrap(), dir.join("state"));
        let id = format!("trace-{}-{}", std::process::id(), serial());
        let state = state.to_str().unwrap();
        // crun refuses a mixed hierarchy of cgroups, which containers of CI have; it gets a pure one of its own.
        let script = match self {
            Self::Runc => r#"cd "$1" && exec runc --root "$2" run "$3""#,
            _ => {
                r#"cd "$1" && mount --make-rprivate / && { umount -R /sys/fs/cgroup || true; } &&
                mount -t cgroup2 none /sys/fs/cgroup &&
                exec crun --root "$2" --cgroup-manager=disabled run "$3""#
            }
        };
        let words = ["unshare", "-m", "sh", "-c", script, "sh", bundle, state, &id];
        run(dir, if self == Self::Runc { &words[2..] } else { &words })
    }
}

/// An empty root with the directories and links of the host's, for its /usr to be bound into.
fn rootfs(root: &Path) {
    for name in ["usr", "proc", "dev", "tmp"] {
        fs::create_dir_all(root.join(name)).unwrap();
    }
    for name in ["bin", "lib", "lib32", "lib64", "libx32"] {
        if let Ok(target) = fs::read_link(Path::new("/").join(name)) {
            symlink(target, root.join(name)).unwrap();
        }
    }
}

fn config(dir: &TempDir, profile: &Value, words: &[&str], rights: Rights) -> Value {
    let bind = |path: &str, how: &str| json!({"destination": path, "source": path, "type": "bind", "options": ["rbind", how]});
    let caps = json!(["CAP_SETUID", "CAP_SETGID", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_KILL"]);
    let kinds = ["pid", "ipc", "uts", "mount"];
    json!({
        "ociVersion": "1.0.2",
        "process": {
            "terminal": false,
            "user": {"uid": rights.user, "gid": rights.user, "additionalGids": [rights.user + 1]},
            "args": words,
            "env": ["PATH=/usr/bin:/bin", "LANG=C"],
            "cwd": dir.path(),
            "capabilities": {"bounding": caps, "effective": caps, "permitted": caps},
            "noNewPrivileges": !rights.grow,
        },
        "root": {"path": "rootfs", "readonly": false},
        "mounts": [
            {"destination": "/proc", "type": "proc", "source": "proc"},
            {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"]},
            bind("/usr", "ro"),
            bind(dir.path().to_str().unwrap(), "rw"),
        ],
        "linux": {
            "namespaces": kinds.map(|kind| json!({"type": kind})),
            "seccomp": profile,
        },
    })
}

fn bubblewrap(dir: &TempDir, profile: &str, words: &[&str]) -> Outcome {
    let path = dir.path().to_str().unwrap();
    let script = r#"profile=$1; shift; exec bwrap "$@" 9<"$profile""#;
    let head = ["sh", "-c", script, "sh", profile];
    let options = ["--ro-bind", "/", "/", "--bind", path, path, "--dev", "/dev", "--proc", "/proc"];
    let filter = ["--unshare-all", "--seccomp", "9", "--"];
    run(dir, &[&head[..], &options, &filter, words].concat())
}

/// The programs that are recorded and run: what they are called, their command, and what they print. Each makes and
/// removes the directory `made` by mkdir.
fn programs(dir: &TempDir) -> Vec<(&'static str, Vec<String>, &'static str)> {
    let made = dir.join("made").to_str().unwrap().to_owned();
    let mut programs = Vec::new();
    let pipeline = "busybox mkdir made && echo made | busybox tr a-z A-Z | busybox sed s/A/a/ && (busybox sleep 0.01 & wait) && \
                    busybox rmdir made && echo done";
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    if has_tool(BUSYBOX) {
        programs.push(("pipeline", words(&[BUSYBOX, "sh", "-c", pipeline]), "MaDE\ndone\n"));
    } else {
        missing(&this_test(), "busybox (package busybox-static)");
    }
    for (what, build) in [("threads", Build::Native), ("32-bit", Build::M32)] {
        if let Some(program) = compile(dir, "profile", build) {
            let words = words(&[program.to_str().unwrap(), &made, "/usr/bin/true"]);
            programs.push((what, words, "made\ndone\n"));
        }
    }
    if has_tool("/usr/bin/python3") {
        let text = "import os, threading\nos.mkdir('made')\nt = threading.Thread(target=print, args=('made',))\n\
                    t.start(); t.join(); os.rmdir('made'); print('done')";
        programs.push(("python", words(&["/usr/bin/python3", "-c", text]), "made\ndone\n"));
    } else {
        missing(&this_test(), "python3 (package python3)");
    }
    programs
}

/// The profile without a call; what is left of the line before is no JSON of another shape.
fn without(dir: &TempDir, from: &str, to: &str, name: &str) {
    let text = fs::read_to_string(dir.join(from)).unwrap();
    let less = text.replacen(&format!("        \"{name}\",\n"), "", 1);
    assert_ne!(less, text, "{name} is in {from}");
    fs::write(dir.join(to), less).unwrap();
}

/// What was recorded runs in the runtime; without mkdir it does not, and that is what `verify` says.
fn round(runtime: Runtime, rights: Rights) {
    if !runtime.is_here() {
        return;
    }
    let dir = TempDir::new("seccomp");
    let (.., consumer) = runtime.names();
    // What the runtime does is the same for each program: one is enough where only that differs.
    let most = if rights.grow { 1 } else { usize::MAX };
    for (what, command, wanted) in programs(&dir).into_iter().take(most) {
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        let made = trace(&dir, &[&["generate", "-o", "plain.json", "--"][..], &command].concat());
        assert_eq!((made.code(), made.stdout.as_str()), (0, wanted), "{what}: {}", made.stderr);
        without(&dir, "plain.json", "less.json", "mkdir");
        let mut files = Vec::new();
        for base in ["plain", "less"] {
            let (from, to) = (format!("{base}.json"), format!("{base}.ready"));
            let merged = trace(&dir, &["merge", "--for", consumer, "-o", &to, &from]);
            assert_eq!(merged.code(), 0, "{what}: {}", merged.stderr);
            files.push(to);
        }
        let fits = runtime.run(&dir, &files[0], &command, rights);
        assert_eq!((fits.code(), fits.stdout.as_str()), (0, wanted), "{what} runs: {}", fits.stderr);
        let denied = runtime.run(&dir, &files[1], &command, rights);
        assert!(
            denied.code() != 0 && !denied.stdout.contains("done"),
            "{what}: {}{}",
            denied.stdout,
            denied.stderr
        );
        let told = trace(&dir, &[&["verify", &files[1], "--"][..], &command].concat());
        assert_eq!(told.code(), 1, "{what}: {}", told.stderr);
        let lines = told.stderr.lines().filter(|line| line.starts_with("denied: mkdir(")).count();
        assert_eq!(lines, 1, "{what}: {}", told.stderr);
        let fits = trace(&dir, &[&["verify", "--for", consumer, &files[0], "--"][..], &command].concat());
        assert_eq!(fits.code(), 0, "{what}: {}", fits.stderr);
    }
}

#[test]
fn runc_runs_what_was_recorded() {
    round(Runtime::Runc, BOUND);
}

#[test]
fn runc_runs_it_where_privileges_may_grow() {
    round(Runtime::Runc, FREE);
}

#[test]
fn crun_runs_what_was_recorded() {
    round(Runtime::Crun, BOUND);
}

#[test]
fn crun_runs_it_where_privileges_may_grow() {
    round(Runtime::Crun, FREE);
}

#[test]
fn bubblewrap_runs_what_was_recorded() {
    round(Runtime::Bwrap, BOUND);
}

#[test]
fn another_user_than_root_is_reached_under_the_filter() {
    for runtime in [Runtime::Runc, Runtime::Crun] {
        if !runtime.is_here() || !has_tool(BUSYBOX) {
            return;
        }
        let dir = TempDir::new("seccomp");
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let command = [BUSYBOX, "id", "-u"];
        let (.., consumer) = runtime.names();
        let made =
            trace(&dir, &[&["generate", "--for", consumer, "-o", "p.json", "--"][..], &command].concat());
        assert_eq!(made.code(), 0, "{}", made.stderr);
        for grow in [false, true] {
            let there = runtime.run(&dir, "p.json", &command, Rights { user: 1234, grow });
            assert_eq!((there.code(), there.stdout.as_str()), (0, "1234\n"), "{}", there.stderr);
        }
    }
}

#[test]
fn without_its_own_calls_a_runtime_does_not_get_to_the_program() {
    if !Runtime::Runc.is_here() || !has_tool(BUSYBOX) {
        return;
    }
    let dir = TempDir::new("seccomp");
    let command = [BUSYBOX, "true"];
    let bare = trace(&dir, &[&["generate", "-o", "bare.json", "--"][..], &command].concat());
    assert_eq!(bare.code(), 0, "{}", bare.stderr);
    assert_ne!(Runtime::Runc.run(&dir, "bare.json", &command, BOUND).code(), 0);
    let told = trace(&dir, &[&["verify", "--for", "runc-1.1", "bare.json", "--"][..], &command].concat());
    assert!(told.code() == 1 && told.stderr.contains(" for runc 1.1 itself: "), "{}", told.stderr);
    let made =
        trace(&dir, &[&["generate", "--for", "runc-1.1", "-o", "whole.json", "--"][..], &command].concat());
    assert_eq!(made.code(), 0, "{}", made.stderr);
    let whole = Runtime::Runc.run(&dir, "whole.json", &command, BOUND);
    assert_eq!(whole.code(), 0, "{}", whole.stderr);
}

#[test]
fn systemd_reads_the_drop_in() {
    if is_stand_in() {
        return;
    }
    if !has_tool("systemd-analyze") {
        return missing(&this_test(), "systemd-analyze (package systemd)");
    }
    let dir = TempDir::new("seccomp");
    let made = trace(
        &dir,
        &["generate", "--for", "systemd", "-o", "x.conf", "--", "/bin/sh", "-c", "mkdir d; rmdir d"],
    );
    assert_eq!(made.code(), 0, "{}", made.stderr);
    let verify = |drop_in: &str| {
        let unit = dir.join("trace-test.service");
        fs::write(&unit, format!("{drop_in}ExecStart=/bin/true\n")).unwrap();
        let outcome = run(&dir, &["systemd-analyze", "--man=no", "verify", unit.to_str().unwrap()]);
        (outcome.code(), outcome.stderr)
    };
    let text = fs::read_to_string(dir.join("x.conf")).unwrap();
    let about_ours = |said: &str| said.lines().any(|line| line.contains("trace-test.service"));
    let (code, said) = verify(&text);
    assert!(code == 0 && !about_ours(&said), "{said}");
    // It does read the names.
    let (_, said) = verify(&text.replacen("SystemCallFilter=", "SystemCallFilter=frobnicate ", 1));
    assert!(about_ours(&said) && said.contains("frobnicate"), "{said}");
    let unit = dir.join("trace-test.service");
    let (_, clean) = verify(&text);
    assert!(!about_ours(&clean));
    let words = ["systemd-analyze", "security", "--offline=yes", "--no-pager", unit.to_str().unwrap()];
    let graded = run(&dir, &words);
    let lists = |group: &str| graded.stdout.contains(&format!("SystemCallFilter=~{group}"));
    assert!(
        lists("@mount") && graded.stdout.contains("@mount is not included"),
        "{}{}",
        graded.stdout,
        graded.stderr
    );
}
