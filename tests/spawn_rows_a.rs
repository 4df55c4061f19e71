//! Launch rows 1 to 4: a new root, ids, groups, tracing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
#![allow(unsafe_code)]

#[path = "support/alone.rs"]
mod alone;
mod support;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::Command;

use alone::{alone, bits, dumpable, failed, line, plan, shell, try_output};
use support::procfs;
use support::spawn::{as_other_user, binary, busybox_root, needs_root, refused, spawned};
use trace::spawn::caps::CapSet;
use trace::spawn::namespaces::Namespaces;
use trace::spawn::plan::{FilterInsn, Groups, Identity, Plan, Root, Traced};
use trace::spawn::process::Exit;
use trace::spawn::start::{Hooks, start};

/// Standard output of a command that must succeed.
fn run(words: &[&str]) -> String {
    let output = Command::new(words[0]).args(&words[1..]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{words:?}: {text}{}", String::from_utf8_lossy(&output.stderr));
    text.trim_end().to_owned()
}

#[test]
fn row_01_chroot_shows_the_new_root_and_nothing_else() {
    const TEST: &str = "row_01_chroot_shows_the_new_root_and_nothing_else";
    if !needs_root(TEST, "CAP_SYS_CHROOT") {
        return;
    }
    let Some(root) = busybox_root(TEST) else { return };
    let dir = root.path().to_str().unwrap();
    fs::write(root.join("marker"), "inside\n").unwrap();
    assert_eq!(spawned(&["--chroot", dir, "--", "ls", "/"]), "bin\nmarker");
    assert_eq!(spawned(&["--chroot", dir, "--", "cat", "/marker"]), "inside");
    // With a namespace of mounts the order is unshare, private mounts, chroot.
    let unshared = spawned(&["--unshare", "mount", "--chroot", dir, "--", "ls", "/"]);
    assert_eq!(unshared, "bin\nmarker");
    // The directory is the new root's, not one outside: no way back by "..".
    let script = "pwd; cd ..; cd ..; ls";
    assert_eq!(spawned(&["--chroot", dir, "--", "sh", "-c", script]), "/\nbin\nmarker");
    // The working directory is looked up inside.
    assert_eq!(spawned(&["--chroot", dir, "--workdir", "/bin", "--", "sh", "-c", "pwd"]), "/bin");
    assert!(!fs::exists("/marker").unwrap(), "the marker must tell the two roots apart");
}

#[test]
fn row_01_chroot_opens_the_program_inside() {
    const TEST: &str = "row_01_chroot_opens_the_program_inside";
    if !needs_root(TEST, "CAP_SYS_CHROOT") {
        return;
    }
    let Some(root) = busybox_root(TEST) else { return };
    fs::rename(root.join("bin/busybox"), root.join("only-here")).unwrap();
    let mut inside = plan(&["/only-here", "echo", "found"]);
    inside.argv = ["busybox", "echo", "found"].map(Into::into).to_vec();
    inside.fs.root = Some(Root::Chroot(root.path().to_owned()));
    assert_eq!(alone::output(&inside), "found");
    // A program that only the old root has is not there.
    let mut outside = plan(&["/usr/bin/env"]);
    outside.fs.root.clone_from(&inside.fs.root);
    let error = failed(&outside);
    assert_eq!((error.errno, &*error.step), (libc::ENOENT, "execute '/usr/bin/env'"), "{error:?}");
}

#[test]
fn row_01_chroot_with_late_mounts_and_a_late_user_namespace() {
    const TEST: &str = "row_01_chroot_with_late_mounts_and_a_late_user_namespace";
    if as_other_user(TEST) {
        return;
    }
    let Some(root) = busybox_root(TEST) else { return };
    let mut late = plan(&["/bin/ls", "/"]);
    late.fs.root = Some(Root::Chroot(root.path().to_owned()));
    late.late = Namespaces::USER.with(Namespaces::MOUNT);
    // A process that has changed its root may make no user namespace: chroot comes after.
    assert_eq!(alone::output(&late), "bin");
    let dir = root.path().to_str().unwrap();
    let mapped = spawned(&["--unshare", "user,mount", "--map-root", "--chroot", dir, "--", "id", "-u"]);
    assert_eq!(mapped, "0");
}

#[test]
fn row_01_chroot_failures_name_the_directory() {
    const TEST: &str = "row_01_chroot_failures_name_the_directory";
    if as_other_user(TEST) {
        return;
    }
    let mut plain = plan(&["/bin/true"]);
    plain.fs.root = Some(Root::Chroot("/".into()));
    let error = failed(&plain);
    assert_eq!((error.errno, &*error.step), (libc::EPERM, "chroot to '/'"), "{error:?}");
    assert!(error.text.contains("CAP_SYS_CHROOT"), "{}", error.text);
    let text = refused(&["--map-root", "--chroot", "/no/such/root", "--", "/bin/true"]);
    assert!(text.contains("'/no/such/root'") && text.contains("No such file or directory"), "{text}");
    let text = refused(&["--map-root", "--chroot", "/", "--workdir", "tmp", "--", "/bin/true"]);
    assert!(text.contains("'tmp' must be an absolute path"), "{text}");
}

/// As user 12345 of group 12346, in group 12347.
fn other() -> Identity {
    Identity { uid: Some(12345), gid: Some(12346), groups: Groups::Set(vec![12347]) }
}

#[test]
fn row_02_credential_sets_groups_then_gid_then_uid() {
    const TEST: &str = "row_02_credential_sets_groups_then_gid_then_uid";
    if !needs_root(TEST, "CAP_SETUID") {
        return;
    }
    let mut plan = shell("cat /proc/$$/status");
    plan.identity = Some(other());
    // In any other order the later calls would lack the privilege.
    let status = alone::output(&plan);
    assert_eq!(line(&status, "Uid"), "12345\t12345\t12345\t12345");
    assert_eq!(line(&status, "Gid"), "12346\t12346\t12346\t12346");
    assert_eq!(line(&status, "Groups"), "12347");
    for set in ["CapPrm", "CapEff", "CapInh", "CapAmb"] {
        assert_eq!(bits(&status, set), 0, "{set} is lost with the user");
    }
    assert_eq!(spawned(&["--uid", "12345", "--gid", "12346", "--", "id", "-u"]), "12345");
    assert_eq!(spawned(&["--gid", "12346", "--", "sh", "-c", "id -u; id -g"]), "0\n12346");
}

/// A change of a plan, and its name.
type Change = (&'static str, fn(&mut Plan));

#[test]
fn row_02_credential_leaves_the_parent_dumpable() {
    const TEST: &str = "row_02_credential_leaves_the_parent_dumpable";
    if !needs_root(TEST, "CAP_SETUID") || alone(TEST) {
        return;
    }
    assert_eq!(dumpable(), 1);
    let all = CapSet::all();
    let changes: [Change; 5] = [
        ("ids", |plan| plan.identity = Some(other())),
        ("gid", |plan| plan.identity = Some(Identity { gid: Some(7), ..Identity::default() })),
        ("dropped capabilities", |plan| plan.caps.drop = CapSet::all()),
        ("added capabilities", |plan| plan.caps.add = CapSet::one(13)),
        ("a late user namespace", |plan| plan.late = Namespaces::USER),
    ];
    assert!(all.has(13));
    for (what, change) in changes {
        let mut plan = plan(&["/bin/true"]);
        change(&mut plan);
        assert_eq!(start(&plan, Hooks::default()).unwrap().wait().unwrap(), Exit::Status(0), "{what}");
        assert_eq!(dumpable(), 1, "{what}");
        assert_eq!(fs::metadata("/proc/self/mem").unwrap().uid(), 0, "{what}");
    }
}

#[test]
fn row_02_credential_is_refused_without_privilege() {
    const TEST: &str = "row_02_credential_is_refused_without_privilege";
    if as_other_user(TEST) {
        return;
    }
    let mut plan = plan(&["/bin/true"]);
    plan.identity = Some(Identity { uid: Some(0), gid: None, groups: Groups::Keep });
    let error = failed(&plan);
    assert_eq!((error.errno, error.index), (libc::EPERM, 1), "{error:?}");
    assert_eq!(error.step, "set the user id to 0");
    plan.identity = Some(Identity { uid: None, gid: Some(0), groups: Groups::Keep });
    assert_eq!(failed(&plan).step, "set the group id to 0");
    let text = refused(&["--uid", "1", "--groups", "keep", "--", "true"]);
    assert!(text.contains("changing ids needs root"), "{text}");
}

#[test]
fn row_03_groups_are_dropped_kept_or_set() {
    const TEST: &str = "row_03_groups_are_dropped_kept_or_set";
    if !needs_root(TEST, "CAP_SETGID") {
        return;
    }
    let trace = binary();
    let with = |options: &[&str]| {
        let mut words = vec!["setpriv", "--groups", "7,8", trace.to_str().unwrap(), "spawn"];
        words.extend(options);
        words.extend(["--", "id", "-G"]);
        run(&words)
    };
    assert_eq!(with(&[]), "0 7 8", "without ids nothing changes");
    assert_eq!(with(&["--uid", "0"]), "0", "an empty list still clears inherited groups");
    assert_eq!(with(&["--uid", "0", "--groups", "none"]), "0");
    assert_eq!(with(&["--gid", "3"]), "3");
    assert_eq!(with(&["--uid", "0", "--groups", "keep"]), "0 7 8");
    assert_eq!(with(&["--groups", "5,6"]), "0 5 6");
    assert_eq!(with(&["--uid", "12345", "--gid", "12345", "--groups", "9"]), "12345 9");
    let all = "0:0:100000";
    let allowed = ["--map-uid", all, "--map-gid", all, "--setgroups", "allow", "--groups", "5"];
    assert_eq!(with(&allowed), "0 5");
    let denied = ["--map-uid", all, "--map-gid", all, "--setgroups", "deny", "--groups", "none"];
    assert_eq!(with(&denied), "0 7 8", "where setgroups is denied there is no call to fail");
}

#[test]
fn row_03_groups_where_setgroups_is_denied() {
    const TEST: &str = "row_03_groups_where_setgroups_is_denied";
    if as_other_user(TEST) {
        return;
    }
    assert_eq!(spawned(&["--map-root", "--groups", "none", "--", "id", "-u"]), "0");
    assert_eq!(spawned(&["--map-root", "--uid", "0", "--gid", "0", "--", "id", "-g"]), "0");
    let text = refused(&["--map-root", "--groups", "0", "--", "true"]);
    assert!(text.contains("set the supplementary groups to [0]"), "{text}");
    assert!(text.contains("Operation not permitted") && text.contains("--setgroups allow"), "{text}");
    // Without a user namespace an empty list needs the privilege.
    let text = refused(&["--groups", "none", "--", "true"]);
    assert!(text.contains("drop the supplementary groups") && text.contains("CAP_SETGID"), "{text}");
}

/// Waits for the next change of a traced child: its status as wait(2) gives it.
fn next(pid: i32) -> i32 {
    let mut status = 0;
    // SAFETY: the pointer is live.
    let got = unsafe { libc::waitpid(pid, &raw mut status, libc::__WALL) };
    assert_eq!(got, pid, "{}", std::io::Error::last_os_error());
    status
}

/// Lets a traced child run to its next stop, system calls among them.
fn resume(pid: i32, request: u32) {
    let none = std::ptr::null_mut::<libc::c_void>();
    // SAFETY: the child is stopped and traced by this thread; no memory is passed.
    let result = unsafe { libc::ptrace(request, pid, none, none) };
    assert_eq!(result, 0, "{}", std::io::Error::last_os_error());
}

/// `orig_rax` of a stopped child.
fn number(pid: i32) -> u64 {
    // SAFETY: an all-zero structure is valid to be overwritten; the child is stopped.
    unsafe {
        let mut regs: libc::user_regs_struct = std::mem::zeroed();
        libc::ptrace(libc::PTRACE_GETREGS, pid, std::ptr::null_mut::<libc::c_void>(), &raw mut regs);
        regs.orig_rax
    }
}

#[test]
fn row_04_ptrace_stops_once_at_execve() {
    let mut quiet = plan(&["/bin/true"]);
    quiet.traced = Traced::AtExec;
    let process = start(&quiet, Hooks::default()).unwrap();
    // SAFETY: a plain system call.
    let own = unsafe { libc::gettid() };
    let pid = process.pid();
    assert_eq!(procfs::tracer_of(pid), own, "the launching thread is the tracer");
    assert_eq!(next(pid), 0x57f, "SIGTRAP of the execve, before main");
    assert_eq!(number(pid), libc::SYS_execve as u64);
    assert_eq!(fs::read_link(format!("/proc/{pid}/exe")).unwrap(), fs::canonicalize("/bin/true").unwrap());
    resume(pid, libc::PTRACE_CONT);
    assert_eq!(next(pid), 0, "one stop, then the end");
    // As process 1 of a namespace too, where a stop by one's own signal would be ignored.
    if needs_root("row_04_ptrace_stops_once_at_execve (pid namespace)", "CAP_SYS_ADMIN") {
        quiet.namespaces = Namespaces::PID;
        let pid = start(&quiet, Hooks::default()).unwrap().pid();
        assert_eq!(next(pid), 0x57f);
        resume(pid, libc::PTRACE_CONT);
        assert_eq!(next(pid), 0);
    }
}

/// A filter that answers `errno` to system call `number`.
fn deny(number: i64, errno: u32) -> Vec<FilterInsn> {
    let insn = |code, jt, jf, k| FilterInsn { code, jt, jf, k };
    let number = u32::try_from(number).unwrap();
    let refuse = libc::SECCOMP_RET_ERRNO | errno;
    vec![
        insn(0x20, 0, 0, 0),
        insn(0x15, 0, 1, number),
        insn(0x06, 0, 0, refuse),
        insn(0x06, 0, 0, libc::SECCOMP_RET_ALLOW),
    ]
}

#[test]
fn row_04_ptrace_begins_before_the_filter_and_after_all_set_up() {
    let mut plan = plan(&["/bin/true"]);
    plan.workdir = Some("/".into());
    plan.pdeathsig = Some(libc::SIGKILL);
    plan.no_new_privs = true;
    // A filter that forbids ptrace must not keep TRACEME from working.
    plan.seccomp = Some(deny(libc::SYS_ptrace, 1));
    plan.traced = Traced::AtExec;
    let pid = start(&plan, Hooks::default()).unwrap().pid();
    assert_eq!(next(pid), 0x57f);
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    assert_eq!((line(&status, "Seccomp"), line(&status, "NoNewPrivs")), ("2".into(), "1".into()));
    resume(pid, libc::PTRACE_CONT);
    assert_eq!(next(pid), 0);
    // Stopped before its execve nothing but the death signal, the filter and the execve is left to be seen.
    plan.traced = Traced::BeforeExec;
    let process = start(&plan, Hooks::default()).unwrap();
    let pid = process.pid();
    assert_eq!(next(pid), 0x137f, "SIGSTOP");
    let mut seen = Vec::new();
    loop {
        resume(pid, libc::PTRACE_SYSCALL);
        let status = next(pid);
        assert_eq!(status, 0x57f);
        seen.push(number(pid));
        if seen.last() == Some(&(libc::SYS_execve as u64)) {
            break;
        }
    }
    let calls: Vec<u64> = seen.iter().step_by(2).copied().collect();
    // The rest of kill(2) itself comes first; then the plan's death signal is put back in the place of the one
    // that kept the stopped program from outliving its tracer.
    let wanted = [libc::SYS_kill, libc::SYS_prctl, libc::SYS_getppid, libc::SYS_seccomp, libc::SYS_execve]
        .map(|n| n as u64);
    assert!(wanted.ends_with(&calls[calls.len().saturating_sub(2)..]), "{seen:?}");
    assert!(seen.iter().all(|call| wanted.contains(call)), "{seen:?}");
    process.destroy();
}

#[test]
fn row_04_ptrace_the_first_traced_call_is_execve() {
    let trace = binary();
    let dir = support::TempDir::new("row04");
    let log = dir.join("log");
    let words = ["-o", log.to_str().unwrap(), "--workdir", "/", "--pgid", "0", "--", "/bin/true"];
    let output = Command::new(trace).args(words).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = fs::read_to_string(&log).unwrap();
    let first = text.lines().next().unwrap_or_default();
    assert!(first.contains("execve(\"/bin/true\""), "{first}");
    assert!(!text.contains("setpgid") && !text.contains("chdir"), "set-up was traced");
}

#[test]
fn row_04_ptrace_a_failed_execve_is_reported_and_reaped() {
    const TEST: &str = "row_04_ptrace_a_failed_execve_is_reported_and_reaped";
    if alone(TEST) {
        return;
    }
    let mut missing = plan(&["/no/such/program"]);
    missing.traced = Traced::AtExec;
    assert_eq!(failed(&missing).errno, libc::ENOENT);
    assert!(!alone::has_children());
    // With a hook the child is no vfork child, and the order of the two stays.
    let mut called = 0;
    let mut sync = |pid: i32| {
        called += 1;
        assert_eq!(procfs::tracer_of(pid), 0, "set-up is not traced");
        Ok(())
    };
    let hooks = Hooks { joining: None, sync: Some(&mut sync) };
    assert!(try_output(&missing, hooks).is_err());
    assert_eq!(called, 1);
    assert!(!alone::has_children());
    let script = support::TempDir::new("row04");
    fs::write(script.join("plain"), "no header\n").unwrap();
    fs::set_permissions(script.join("plain"), fs::Permissions::from_mode(0o755)).unwrap();
    let mut unknown = plan(&[script.join("plain").to_str().unwrap()]);
    unknown.traced = Traced::AtExec;
    assert_eq!(failed(&unknown).errno, libc::ENOEXEC);
    assert!(!alone::has_children());
}
