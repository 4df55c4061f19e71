//! Launch row 22: a launch that fails names its step, and leaves no process and no descriptor.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
#![allow(unsafe_code)]

#[path = "support/alone.rs"]
mod alone;
mod support;

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use alone::{Failed, alone, failed, has_children, open_descriptors, plan, shell};
use support::spawn::{as_other_user, refused, spawn};
use support::{TempDir, procfs};
use trace::spawn::error::Error;
use trace::spawn::namespaces::Namespaces;
use trace::spawn::plan::{FilterInsn, Identity, Plan, Program, Rlimit, Root, Traced};
use trace::spawn::process::Exit;
use trace::spawn::start::{self, Hooks, start};

/// A file with this text and mode; its path.
fn file(dir: &TempDir, name: &str, text: &[u8], mode: u32) -> String {
    let path = dir.join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    path.to_str().unwrap().to_owned()
}

/// The error of `plan` as a fork with a channel; the hook may or may not be reached.
fn failed_with_channel(plan: &Plan) -> Failed {
    let mut nothing = |_: i32| Ok(());
    match start(plan, Hooks { joining: None, sync: Some(&mut nothing) }) {
        Err(ref error @ Error::Child { ref step, index, errno, .. }) => {
            Failed { step: step.to_string(), index, errno, text: error.to_string() }
        }
        other => panic!("not a step: {other:?}"),
    }
}

/// Fails both ways with the same words; nothing is left.
fn fails(plan: &Plan, errno: i32, step: &str, advice: &str) {
    let before = open_descriptors();
    let direct = failed(plan);
    let channel = failed_with_channel(plan);
    assert_eq!((direct.errno, &*direct.step), (errno, step), "{direct:?}");
    assert_eq!((channel.errno, &channel.step, &channel.text), (errno, &direct.step, &direct.text));
    assert!(
        direct.text.starts_with(&format!("cannot {step}")) && direct.text.contains(advice),
        "{}",
        direct.text
    );
    // The place is that of the dry run, whose first line is the clone.
    let dry = start::dry_run(plan, &Hooks::default()).unwrap();
    assert_eq!(dry[direct.index + 1], direct.step);
    assert!(!has_children(), "{step}: a process is left");
    assert_eq!(open_descriptors(), before, "{step}: a descriptor is left");
}

#[test]
fn row_22_errors_of_execve_are_told_apart() {
    const TEST: &str = "row_22_errors_of_execve_are_told_apart";
    if alone(TEST) {
        return;
    }
    let dir = TempDir::new("row22");
    let garbage = file(&dir, "garbage", b"\x01\x02 neither", 0o755);
    let empty = file(&dir, "empty", b"", 0o755);
    let plain = file(&dir, "plain", b"#!/bin/sh\n", 0o644);
    let orphan = file(&dir, "orphan", b"#!/no/such/interpreter\n", 0o755);
    for (path, errno, advice) in [
        ("/no/such/program", libc::ENOENT, "not there"),
        (&*orphan, libc::ENOENT, "its interpreter"),
        ("/bin/sh/x", libc::ENOTDIR, ""),
        ("/", libc::EACCES, "regular file with execute permission"),
        (&*plain, libc::EACCES, "regular file with execute permission"),
        (&*garbage, libc::ENOEXEC, "neither a binary for this machine nor a script"),
        (&*empty, libc::ENOEXEC, "neither a binary"),
    ] {
        fails(&plan(&[path]), errno, &format!("execute '{path}'"), advice);
    }
    let mut long = plan(&["/bin/true", &"x".repeat(200_000)]);
    fails(&long, libc::E2BIG, "execute '/bin/true'", "arguments and environment are too long");
    long.argv.pop();
    long.env = Some(vec![format!("A={}", "x".repeat(200_000)).into()]);
    fails(&long, libc::E2BIG, "execute '/bin/true'", "arguments and environment are too long");
    // By descriptor.
    let open = File::open(&garbage).unwrap();
    let mut by_fd = plan(&["x"]);
    by_fd.program = Program::Fd(open.as_raw_fd());
    fails(&by_fd, libc::ENOEXEC, &format!("execute descriptor {}", open.as_raw_fd()), "neither a binary");
    let script = File::open(&orphan).unwrap();
    by_fd.program = Program::Fd(script.as_raw_fd());
    fails(&by_fd, libc::ENOENT, &format!("execute descriptor {}", script.as_raw_fd()), "interpreter");
}

#[test]
fn row_22_errors_of_a_busy_file_are_tried_again() {
    const TEST: &str = "row_22_errors_of_a_busy_file_are_tried_again";
    if alone(TEST) {
        return;
    }
    let dir = TempDir::new("row22");
    let path = dir.join("busy");
    support::copy_program("/bin/true", &path);
    let writer = fs::OpenOptions::new().append(true).open(&path).unwrap();
    let busy = plan(&[path.to_str().unwrap()]);
    fails(&busy, libc::ETXTBSY, &format!("execute '{}'", path.display()), "still open for writing");
    drop(writer);
    // Held by another process, as by a fork of another thread, and closed in the meantime, it runs. The
    // tries last some 50 ms: on a machine that is busy itself the writer may be late.
    let ran = (0..10).any(|_| {
        let script = format!("exec 3>>'{}'; echo open; read word", path.display());
        let mut writer = Command::new("/bin/sh");
        let mut writer =
            writer.args(["-c", &script]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut open = [0; 5];
        writer.stdout.take().unwrap().read_exact(&mut open).unwrap();
        let mut word = writer.stdin.take().unwrap();
        let closer = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(5));
            // Not by closing it: until its execve the child has a copy.
            word.write_all(b"on\n").unwrap();
        });
        let result = start(&busy, Hooks::default());
        closer.join().unwrap();
        writer.wait().unwrap();
        result.is_ok_and(|process| process.wait().unwrap() == Exit::Status(0))
    });
    assert!(ran);
    assert!(!has_children());
}

/// Plans that fail before execve, for anybody: errno, step, a part of the advice.
fn failing() -> Vec<(Plan, i32, &'static str, &'static str)> {
    let with = |change: &dyn Fn(&mut Plan)| {
        let mut plan = plan(&["/bin/true"]);
        change(&mut plan);
        plan
    };
    let bad_insn = FilterInsn { code: 0xffff, jt: 0, jf: 0, k: 0 };
    let limit = Rlimit { resource: libc::RLIMIT_NOFILE, soft: u64::MAX, hard: None };
    vec![
        (with(&|p| p.terminal.pgid = Some(1)), libc::EPERM, "join process group 1", "same session"),
        (with(&|p| p.affinity = Some(vec![5000])), libc::EINVAL, "", "none of these CPUs"),
        (with(&|p| p.unshare_flags = 0x8000_0000), libc::EINVAL, "unshare 0x80000000", ""),
        (
            with(&|p| p.workdir = Some("/no/such/dir".into())),
            libc::ENOENT,
            "change the directory to '/no/such/dir'",
            "",
        ),
        (with(&|p| p.fds.map = vec![(5, Some(900))]), libc::EBADF, "place descriptors", "not open"),
        (with(&|p| p.limits = vec![limit]), libc::EINVAL, "limit RLIMIT_NOFILE to unlimited", ""),
        (
            with(&|p| p.seccomp = Some(vec![bad_insn])),
            libc::EINVAL,
            "load the seccomp filter of 1",
            "refuses the filter",
        ),
    ]
}

#[test]
fn row_22_errors_of_every_step_name_it() {
    const TEST: &str = "row_22_errors_of_every_step_name_it";
    if alone(TEST) {
        return;
    }
    for (plan, errno, step, advice) in failing() {
        let before = open_descriptors();
        let error = failed(&plan);
        assert_eq!(error.errno, errno, "{error:?}");
        assert!(error.step.contains(step) && error.text.contains(advice), "{error:?}");
        fails(&plan, errno, &error.step, advice);
        // Nothing that would come after the failed step has happened: no stop, no program.
        let stopped = Plan { traced: Traced::AtExec, ..plan.clone() };
        assert_eq!(failed(&stopped).step, error.step);
        assert_eq!(open_descriptors(), before);
        assert!(!has_children());
    }
}

#[test]
fn row_22_errors_without_privilege_name_the_step() {
    const TEST: &str = "row_22_errors_without_privilege_name_the_step";
    // As another user the test is in a process of its own; else it needs one.
    if as_other_user(TEST) || !support::spawn::is_root() && alone(TEST) {
        return;
    }
    let with = |change: &dyn Fn(&mut Plan)| {
        let mut plan = plan(&["/bin/true"]);
        change(&mut plan);
        plan
    };
    let keep = |uid, gid| Some(Identity { uid, gid, groups: trace::spawn::plan::Groups::Keep });
    for (plan, step) in [
        (with(&|p| p.nice = Some(-20)), "nice"),
        (with(&|p| p.late = Namespaces::NET), "unshare net"),
        (with(&|p| p.fs.root = Some(Root::Chroot("/".into()))), "chroot to '/'"),
        (with(&|p| p.identity = Some(Identity::default())), "drop the supplementary groups"),
        (with(&|p| p.identity = keep(None, Some(0))), "set the group id to 0"),
        (with(&|p| p.identity = keep(Some(0), None)), "set the user id to 0"),
        (with(&|p| p.caps.drop = trace::spawn::caps::CapSet::one(5)), "drop from the bounding set"),
        (with(&|p| p.caps.add = trace::spawn::caps::CapSet::one(5)), "set the capabilities"),
        (with(&|p| p.caps.securebits = 1), "set the securebits"),
    ] {
        let error = failed(&plan);
        assert!([libc::EPERM, libc::EACCES].contains(&error.errno), "{error:?}");
        assert!(error.step.contains(step), "{error:?}");
        fails(&plan, error.errno, &error.step, "; ");
    }
}

#[test]
fn row_22_errors_of_the_parents_functions_end_the_child() {
    const TEST: &str = "row_22_errors_of_the_parents_functions_end_the_child";
    if alone(TEST) {
        return;
    }
    let dir = TempDir::new("row22");
    let mark = dir.join("mark");
    let plan = shell(&format!("touch {}", mark.display()));
    let before = open_descriptors();
    let mut pids = Vec::new();
    let mut refuse = |pid: i32| {
        pids.push(pid);
        Err("not today".to_owned())
    };
    let error = start(&plan, Hooks { joining: None, sync: Some(&mut refuse) }).unwrap_err();
    assert_eq!(error.to_string(), "the program was not started: not today");
    let mut refuse = |pid: i32| {
        pids.push(pid);
        Err(Error::Sync("no room".into()))
    };
    let error = start(&plan, Hooks { joining: Some(&mut refuse), sync: None }).unwrap_err();
    assert!(error.to_string().ends_with("no room"), "{error}");
    // A child that somebody kills on the way is no program that started.
    let mut kill = |pid: i32| {
        pids.push(pid);
        procfs::kill(pid, libc::SIGKILL);
        Ok(())
    };
    match start(&plan, Hooks { joining: None, sync: Some(&mut kill) }) {
        Ok(process) => assert_eq!(process.wait().unwrap(), Exit::Signal(libc::SIGKILL)),
        Err(error) => assert!(matches!(error, Error::Gone(_)), "{error:?}"),
    }
    assert_eq!(pids.len(), 3);
    assert!(!has_children() && !mark.exists());
    assert_eq!(open_descriptors(), before);
}

#[test]
fn row_22_errors_leave_nothing_after_many() {
    const TEST: &str = "row_22_errors_leave_nothing_after_many";
    if alone(TEST) {
        return;
    }
    let missing = plan(&["/no/such/program"]);
    let before = open_descriptors();
    // From several threads at once: no child may hold another's channel open, and each hears its own.
    let threads: Vec<_> = (0..4)
        .map(|thread| {
            let missing = missing.clone();
            std::thread::spawn(move || {
                for _ in 0..15 {
                    assert_eq!(failed(&missing).errno, libc::ENOENT);
                    let mut own = missing.clone();
                    own.workdir = Some(format!("/no/such/{thread}").into());
                    let error = failed_with_channel(&own);
                    assert_eq!(error.step, format!("change the directory to '/no/such/{thread}'"));
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(open_descriptors(), before);
    assert!(!has_children());
    // A launch that succeeds holds its pidfd and channel until it is dropped.
    let process = start(&plan(&["/bin/true"]), Hooks::default()).unwrap();
    assert!(process.pidfd().is_some());
    process.wait().unwrap();
    drop(process);
    assert_eq!(open_descriptors(), before);
}

#[test]
fn row_22_errors_without_descriptors_are_the_parents() {
    const TEST: &str = "row_22_errors_without_descriptors_are_the_parents";
    if alone(TEST) {
        return;
    }
    let mut held = Vec::new();
    trace::sys::limits::set(libc::RLIMIT_NOFILE, (64, 64)).unwrap();
    while let Ok(file) = File::open("/dev/null") {
        held.push(file);
    }
    let plain = plan(&["/bin/true"]);
    let mut nothing = |_: i32| Ok(());
    let direct = start(&plain, Hooks::default());
    let channel = start(&plain, Hooks { joining: None, sync: Some(&mut nothing) });
    let one_less = held.pop();
    drop(one_less);
    let mut again = |_: i32| Ok(());
    let half = start(&plain, Hooks { joining: None, sync: Some(&mut again) });
    drop(held);
    for result in [direct, channel, half] {
        match result {
            Err(Error::Parent { error, .. }) => assert_eq!(error.raw_os_error(), Some(libc::EMFILE)),
            other => panic!("{other:?}"),
        }
    }
    assert!(!has_children());
    assert_eq!(start(&plain, Hooks::default()).unwrap().wait().unwrap(), Exit::Status(0));
}

#[test]
fn row_22_errors_on_the_command_line() {
    let dir = TempDir::new("row22");
    let plain = file(&dir, "plain", b"#!/bin/sh\n", 0o644);
    let orphan = file(&dir, "orphan", b"#!/no/such/interpreter\n", 0o755);
    let garbage = file(&dir, "garbage", b"\x01\x02", 0o755);
    let long = "x".repeat(100_000);
    for (words, part) in [
        (&["--", "/no/such/program"][..], "Can't stat '/no/such/program': No such file or directory"),
        (&["--", "no-such-program"], "Can't stat 'no-such-program': No such file or directory"),
        (&["--", &plain], "plain': Permission denied"),
        (&["--", &orphan], "orphan': No such file or directory"),
        (&["--", &garbage], "garbage': Exec format error"),
        (
            &["--rlimit", "stack=262144", "--", "/bin/true", &long, &long],
            "cannot execute '/bin/true': Argument list too long",
        ),
        (&["--map-root", "--", "/"], "cannot execute '/': Permission denied"),
        (
            &["--workdir", "/no", "--", "true"],
            "cannot change the directory to '/no': No such file or directory",
        ),
    ] {
        let text = refused(words);
        assert!(text.contains(part) && text.lines().count() == 1, "{text}");
    }
    let output = spawn(&["--", "/"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
}
