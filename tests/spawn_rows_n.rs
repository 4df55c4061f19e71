//! Launches: mounts and roots, limits, privileges, filters with and without a tracer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unsafe_code)]

mod support;

use std::ffi::OsString;
use std::fs;
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use support::TempDir;
use support::child::{self, errno, failure, field, filter, output, program, rest, sh, status};
use support::procfs;
use support::spawn::{as_other_user, busybox_root, is_root, needs_root, refused, spawn, spawned};
use trace::spawn::idmap::Range;
use trace::spawn::namespaces::Namespaces;
use trace::spawn::plan::{
    Filesystem, IdMaps, Identity, Mount, MountKind, NODEV, NOSUID, Plan, RDONLY, Rlimit, Root, Traced,
};
use trace::spawn::process::Exit;
use trace::spawn::start::{Hooks, start};
use trace::spawn::traced;
use trace::sys::{process, ptrace, wait};

/// A directory that another user may enter and write.
fn open_dir(label: &str) -> TempDir {
    let dir = TempDir::new(label);
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o777)).unwrap();
    dir
}

/// `--unshare user,mount --map-root OPTIONS -- sh -c SCRIPT`.
fn mounted(options: &[&str], script: &str) -> String {
    spawned(&[&["--unshare", "user,mount", "--map-root"], options, &["--", "sh", "-c", script]].concat())
}

/// The mount options of the mount at `point` in a mountinfo.
fn options_of(mountinfo: &str, point: &str) -> String {
    let lines: Vec<&str> = mountinfo.lines().filter(|line| line.split(' ').nth(4) == Some(point)).collect();
    lines.last().and_then(|line| line.split(' ').nth(5)).unwrap_or("").to_owned()
}

fn binds_and_remounts() {
    let (source, target) = (open_dir("source"), open_dir("target"));
    fs::write(source.join("f"), "content").unwrap();
    let (from, to) = (source.path().to_str().unwrap(), target.path().to_str().unwrap());
    let script = format!("cat {to}/f; echo more > {to}/f || echo refused; cat /proc/self/mountinfo");
    let text = mounted(&["--bind", &format!("{from}:{to}:ro")], &format!("{{ {script}; }} 2>/dev/null"));
    assert!(text.starts_with("contentrefused\n"), "{text}");
    assert!(options_of(&text, to).starts_with("ro"), "{text}");
    let text = mounted(&["--bind", &format!("{from}:{to}")], &format!("echo more > {to}/f; cat {to}/f"));
    assert_eq!(text, "more");
    assert_eq!(fs::read_to_string(source.join("f")).unwrap(), "more\n", "the source is written");
    assert_eq!(fs::read_dir(target.path()).unwrap().count(), 0, "nothing is mounted outside");
}

#[test]
fn row_28_bind_mounts_read_only_and_not() {
    binds_and_remounts();
}

#[test]
fn row_28_bind_mounts_as_another_user() {
    if as_other_user("row_28_bind_mounts_as_another_user") {
        return;
    }
    binds_and_remounts();
}

#[test]
fn row_28_locked_flags_stay_in_a_user_namespace() {
    if !needs_root("row_28", "CAP_SYS_ADMIN") {
        return;
    }
    // A mount with nosuid and nodev of a more privileged namespace, then a read-only bind of it.
    let (outer, inner) = (open_dir("outer"), open_dir("inner"));
    let (a, b) = (outer.path().to_str().unwrap(), inner.path().to_str().unwrap());
    let binary = support::spawn::binary();
    let script = format!(
        "exec {} spawn --unshare user,mount --map-root --bind {a}:{b}:ro -- cat /proc/self/mountinfo",
        binary.display()
    );
    let text = spawned(&["--unshare", "mount", "--tmpfs", a, "--", "sh", "-c", &script]);
    let found = options_of(&text, b);
    for flag in ["ro", "nosuid", "nodev"] {
        assert!(found.split(',').any(|option| option == flag), "{flag} in {found}");
    }
}

#[test]
fn row_28_targets_are_made_as_files_or_directories() {
    let Some(root) = busybox_root("row_28") else { return };
    let dir = root.path().to_str().unwrap();
    let args = [
        "--unshare",
        "user,mount",
        "--map-root",
        "--pivot-root",
        dir,
        "--bind",
        "/etc/passwd:/deep/er/passwd",
        "--bind",
        "/dev/null:/made/null",
        "--bind",
        "/etc:/made/etc:ro",
    ];
    let script = "test -f /deep/er/passwd && test -c /made/null && test -d /made/etc && cat /deep/er/passwd";
    let text = spawned(&[&args[..], &["--", "sh", "-c", script]].concat());
    assert_eq!(text, fs::read_to_string("/etc/passwd").unwrap().trim_end());
    assert!(!root.join("deep").exists() && !root.join("made").exists(), "made and removed again");
    assert!(root.join("bin").exists());
}

#[test]
fn row_28_overlays() {
    if !needs_root("row_28", "CAP_SYS_ADMIN") {
        return;
    }
    let dir = open_dir("overlay");
    let at = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    for name in ["a", "b", "merged", "store"] {
        fs::create_dir(at(name)).unwrap();
    }
    fs::write(dir.join("a/one"), "from a").unwrap();
    fs::write(dir.join("b/two"), "from b").unwrap();
    let merged = at("merged");
    let lower = format!("lower={}:{}", at("a"), at("b"));
    let script = format!("cd {merged} && cat one two && {{ echo x > three || echo refused; }} 2>/dev/null");
    let overlay = format!("{merged},{lower}");
    let unshare = ["--unshare", "mount"];
    let run = |options: &[&str], script: &str| {
        spawned(&[&unshare[..], options, &["--", "sh", "-c", script]].concat())
    };
    assert_eq!(run(&["--overlay", &overlay], &script), "from afrom brefused");
    let store = at("store");
    fs::create_dir(dir.join("store/upper")).unwrap();
    fs::create_dir(dir.join("store/work")).unwrap();
    let overlay = format!("{merged},{lower},upper={store}/upper,work={store}/work");
    let output = spawn(&[
        "--unshare",
        "mount",
        "--overlay",
        &overlay,
        "--",
        "sh",
        "-c",
        &format!("echo x > {merged}/three; cat {merged}/three {merged}/one"),
    ]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    if error.contains("upperdir=") {
        return support::missing("row_28_overlays", "a temporary directory that can be an upper layer");
    }
    assert_eq!(text, "x\nfrom a", "{error}");
    assert_eq!(fs::read_to_string(dir.join("store/upper/three")).unwrap(), "x\n");
    assert!(!dir.join("a/three").exists() && fs::read_dir(&merged).unwrap().next().is_none());
}

#[test]
fn row_28_masked_and_read_only_paths() {
    let dir = open_dir("mask");
    fs::create_dir(dir.join("secret")).unwrap();
    fs::write(dir.join("secret/key"), "hush").unwrap();
    fs::write(dir.join("file"), "hush").unwrap();
    fs::create_dir(dir.join("still")).unwrap();
    fs::write(dir.join("still/f"), "seen").unwrap();
    let at = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    let (secret, file, still, missing) = (at("secret"), at("file"), at("still"), at("missing"));
    let options = ["--mask", &secret, "--mask", &file, "--mask", &missing, "--read-only", &still];
    let script = format!(
        "ls {secret} | wc -l; wc -c < {file}; cat {still}/f; touch {still}/g 2>/dev/null || echo refused; \
         touch {secret}/x 2>/dev/null || echo refused; ls {missing} 2>/dev/null || echo none"
    );
    let text = mounted(&options, &script);
    assert_eq!(text, "0\n0\nseenrefused\nrefused\nnone");
    assert_eq!(fs::read_to_string(dir.join("file")).unwrap(), "hush");
    assert!(!dir.join("still/g").exists() && !dir.join("missing").exists());
    // A read-only path that does not exist is passed over as well.
    assert_eq!(mounted(&["--read-only", &missing], "echo on"), "on");
}

#[test]
fn row_28_a_symbolic_link_does_not_lead_out_of_the_new_root() {
    let Some(root) = busybox_root("row_28") else { return };
    let outside = open_dir("outside");
    fs::create_dir(outside.join("victim")).unwrap();
    let link = outside.path().to_str().unwrap();
    std::os::unix::fs::symlink(link, root.join("escape")).unwrap();
    // Inside, the link's own words name a directory of the new root.
    let inside = root.path().join(link.trim_start_matches('/')).join("victim");
    fs::create_dir_all(&inside).unwrap();
    let dir = root.path().to_str().unwrap();
    let args = ["--unshare", "user,mount", "--map-root", "--pivot-root", dir];
    let target = format!("{link}/victim");
    let script = format!("echo in > /escape/victim/f; cat {target}/f; grep -c victim /proc/self/mountinfo");
    let mount = ["--tmpfs", "/escape/victim", "--tmpfs", "/tmp2", "--proc", "/proc"];
    let unshare = ["--unshare", "pid"];
    let text = spawned(&[&args[..], &unshare, &mount, &["--", "sh", "-c", &script]].concat());
    assert_eq!(text, "in\n1");
    assert!(!outside.join("victim/f").exists(), "nothing reaches the outside");
    assert_eq!(fs::read_dir(&inside).unwrap().count(), 0, "it was the mount that took the file");
}

#[test]
fn row_28_the_old_root_is_gone() {
    let Some(root) = busybox_root("row_28") else { return };
    let dir = root.path().to_str().unwrap();
    let args = ["--unshare", "user,mount,pid", "--map-root", "--pivot-root", dir, "--proc", "/proc"];
    let script = "cat /proc/self/mountinfo; ls /; cd ../../../..; ls -d etc usr 2>/dev/null || echo nothing";
    let text = spawned(&[&args[..], &["--", "sh", "-c", script]].concat());
    let mounts = text.lines().filter(|line| line.contains(" - ")).count();
    assert_eq!(mounts, 2, "the root and proc: {text}");
    assert!(text.ends_with("bin\nproc\nnothing"), "{text}");
    assert!(!root.join("proc").exists(), "the mount point that the launch made is gone");
}

#[test]
fn row_28_a_tmpfs_root_and_a_read_only_one() {
    let Some(root) = busybox_root("row_28") else { return };
    let bin = format!("{}:/bin", root.join("bin").to_str().unwrap());
    let args = ["--unshare", "user,mount", "--map-root", "--pivot-root", "tmpfs", "--bind", &bin];
    let script = "ls /; echo x > /f && cat /f";
    let text = spawned(&[&args[..], &["--", "/bin/sh", "-c", script]].concat());
    assert_eq!(text, "bin\nx");
    let script = "{ echo x > /f || echo refused; } 2>&-";
    let text = spawned(&[&args[..], &["--root-ro", "--", "/bin/sh", "-c", script]].concat());
    assert_eq!(text, "refused");
}

#[test]
fn row_28_an_error_names_its_mount() {
    let args = ["--unshare", "user,mount", "--map-root", "--tmpfs", "/mnt", "--bind"];
    let text = refused(&[&args[..], &["/nonexistent/source:/mnt/x", "--", "true"]].concat());
    assert!(text.contains("open the tree at '/nonexistent/source': No such file"), "{text}");
    let args = ["--unshare", "user,mount", "--map-root"];
    let text = refused(&[&args[..], &["--tmpfs", "/mnt:bogus=1", "--", "true"]].concat());
    assert!(text.contains("tmpfs filesystem with bogus=1 (fsconfig): Invalid argument"), "{text}");
    let text = refused(&[&args[..], &["--bind", "/etc:/proc/nowhere", "--", "true"]].concat());
    assert!(text.contains("make the mount point '/proc/nowhere' (mkdir)"), "{text}");
    let text = refused(&["--unshare", "mount", "--tmpfs", "relative", "--", "true"]);
    assert!(text.contains("mount point 'relative' must be an absolute path"), "{text}");
    let text = refused(&["--unshare", "mount", "--tmpfs", "/a/../b", "--", "true"]);
    assert!(text.contains("must not hold '..'"), "{text}");
}

#[test]
fn row_28_the_umask_is_restored_and_made_directories_are_readable() {
    let dir = open_dir("umask");
    let made = dir.join("made/deep");
    let script = format!(
        "umask 0077; exec {} spawn --unshare user,mount --map-root --tmpfs {} -- sh -c 'umask; stat -c %a {}'",
        support::spawn::binary().display(),
        made.display(),
        dir.join("made").display()
    );
    assert_eq!(output(&sh(&script)), ("0077\n755\n".into(), Exit::Status(0)));
    assert!(!dir.join("made").exists());
}

#[test]
fn row_28_mounts_through_the_library() {
    let dir = open_dir("lib");
    let mut plan = sh(&format!("cat /proc/self/mountinfo; ls {0}/t", dir.path().display()));
    let own = (process::effective_uid(), process::effective_gid());
    plan.namespaces = Namespaces::USER.with(Namespaces::MOUNT);
    plan.maps =
        Some(IdMaps { uid: vec![Range::one(0, own.0)], gid: vec![Range::one(0, own.1)], setgroups: false });
    let kind =
        MountKind::Fs { kind: "tmpfs".into(), options: vec![("size".into(), Some(OsString::from("64k")))] };
    let target = dir.join("t");
    plan.fs.mounts.push(Mount { kind, target: target.clone(), attributes: NOSUID | NODEV | RDONLY });
    let (text, end) = output(&plan);
    assert_eq!(end, Exit::Status(0));
    let line = text.lines().find(|line| line.contains(target.to_str().unwrap())).unwrap();
    assert!(line.contains("ro,nosuid,nodev") && line.contains("size=64k"), "{line}");
    plan.namespaces = Namespaces::USER;
    assert!(failure(&plan).contains("a mount or a pivoted root needs a namespace"));
    plan.namespaces = Namespaces::USER.with(Namespaces::MOUNT);
    plan.fs = Filesystem {
        root: Some(Root::Pivot { dir: Some("/nonexistent".into()), readonly: false }),
        ..Filesystem::default()
    };
    assert!(failure(&plan).contains("open the tree at '/nonexistent'"));
}

#[test]
fn row_30_limits_are_the_programs() {
    let own = fs::read_to_string("/proc/self/limits").unwrap();
    let args = ["--rlimit", "core=0", "--rlimit", "cpu=60:120", "--rlimit", "as=unlimited", "--rlimit"];
    let text = spawned(&[&args[..], &["nofile=64:128", "--", "cat", "/proc/self/limits"]].concat());
    let row = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap();
        line[name.len()..].split_whitespace().take(2).collect::<Vec<_>>().join(" ")
    };
    assert!(row("Max core file size").starts_with("0 "));
    assert_eq!(row("Max cpu time"), "60 120");
    assert!(row("Max address space").starts_with("unlimited"));
    assert_eq!(row("Max open files"), "64 128");
    assert_eq!(fs::read_to_string("/proc/self/limits").unwrap(), own, "the launcher's stay");
}

#[test]
fn row_30_a_limit_bites() {
    let dir = TempDir::new("limit");
    let mut plan = sh(&format!("echo too long > {}", dir.join("f").display()));
    plan.limits.push(Rlimit { resource: libc::RLIMIT_FSIZE, soft: 4, hard: None });
    plan.fs = Filesystem::default();
    assert_eq!(output(&plan).1, Exit::Signal(libc::SIGXFSZ));
    assert_eq!(fs::read_to_string(dir.join("f")).unwrap(), "too ");
}

#[test]
fn row_30_an_error_names_the_limit() {
    if as_other_user("row_30_an_error_names_the_limit") {
        return;
    }
    let (_, hard) = trace::sys::limits::get(libc::RLIMIT_NOFILE).unwrap();
    let above = format!("nofile={}:{}", hard + 1, hard + 1);
    let text = refused(&["--rlimit", "core=0", "--rlimit", &above, "--", "echo", "ran"]);
    assert!(text.contains(&format!("limit RLIMIT_NOFILE to {}", hard + 1)), "{text}");
    assert!(text.contains("Operation not permitted"), "{text}");
    let text = refused(&["--rlimit", "core=2:1", "--", "true"]);
    assert!(text.contains("RLIMIT_CORE: the soft limit 2 is above the hard one 1"), "{text}");
    let text = refused(&["--rlimit", "bogus=1", "--", "true"]);
    assert!(text.contains("unknown resource 'bogus'"), "{text}");
}

/// /proc/self/status of a program with all privileges given up.
fn stripped(args: &[&str]) -> String {
    spawned(&[args, &["--", "cat", "/proc/self/status"]].concat())
}

#[test]
fn row_31_dropping_everything() {
    let args: &[&str] = if is_root() { &[] } else { &["--unshare", "user", "--map-root"] };
    let text = stripped(&[args, &["--cap-drop", "ALL", "--no-new-privs"]].concat());
    for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
        assert_eq!(field(&text, set), "0000000000000000", "{set}");
    }
    assert_eq!(field(&text, "NoNewPrivs"), "1");
    let text = stripped(args);
    assert_ne!(field(&text, "CapEff"), "0000000000000000", "the test must be able to fail");
    assert_eq!(field(&text, "NoNewPrivs"), status("self", "NoNewPrivs"));
}

#[test]
fn row_31_some_are_kept() {
    let args: &[&str] = if is_root() { &[] } else { &["--unshare", "user", "--map-root"] };
    let kept = ["--cap-drop", "ALL", "--cap-add", "net_raw,CAP_KILL"];
    let text = stripped(&[args, &kept].concat());
    let bits = 1u64 << 13 | 1 << 5;
    for set in ["CapPrm", "CapEff", "CapBnd", "CapInh"] {
        assert_eq!(field(&text, set), format!("{bits:016x}"), "{set}");
    }
    let text = stripped(&[args, &["--cap-drop", "net_raw"]].concat());
    let effective = u64::from_str_radix(&field(&text, "CapEff"), 16).unwrap();
    assert!(effective != 0 && effective & 1 << 13 == 0, "{effective:x}");
}

#[test]
fn row_31_the_filter_and_its_count() {
    let mut plan = program("/bin/cat", &["cat", "/proc/self/status"]);
    plan.seccomp = Some(filter(&[]));
    plan.no_new_privs = true;
    plan.caps.drop = trace::spawn::caps::CapSet::all();
    if !is_root() {
        plan.caps.drop = trace::spawn::caps::CapSet::default();
    }
    let (text, end) = output(&plan);
    assert_eq!(end, Exit::Status(0));
    assert_eq!((field(&text, "Seccomp").as_str(), field(&text, "NoNewPrivs").as_str()), ("2", "1"));
    assert_eq!(field(&text, "Seccomp_filters"), "1");
    assert_eq!(field(&text, "CapEff"), "0000000000000000");
    assert_eq!(status("self", "Seccomp"), "0", "only the child's");
    plan.seccomp = Some(vec![trace::spawn::plan::FilterInsn { code: 0xffff, jt: 0, jf: 0, k: 0 }]);
    assert!(failure(&plan).contains("the kernel refuses the filter"));
    plan.seccomp = Some(Vec::new());
    assert!(failure(&plan).contains("1 to 4096 are wanted"));
}

#[test]
fn row_31_a_filter_of_an_ordinary_user_brings_no_new_privs() {
    if as_other_user("row_31_a_filter_of_an_ordinary_user_brings_no_new_privs") {
        return;
    }
    let mut plan = program("/bin/cat", &["cat", "/proc/self/status"]);
    assert_eq!(field(&output(&plan).0, "NoNewPrivs"), "0");
    plan.seccomp = Some(filter(&[]));
    let (text, _) = output(&plan);
    assert_eq!((field(&text, "Seccomp").as_str(), field(&text, "NoNewPrivs").as_str()), ("2", "1"));
}

#[test]
fn row_31_securebits() {
    let args: &[&str] = if is_root() { &[] } else { &["--unshare", "user", "--map-root"] };
    let bits = ["--securebits", "noroot,no-setuid-fixup-locked,keep-caps-locked"];
    let text = stripped(&[args, &bits].concat());
    assert_eq!(field(&text, "CapEff"), "0000000000000000", "root has none by execve any more");
    assert_ne!(field(&text, "CapBnd"), "0000000000000000");
    let text = refused(&["--securebits", "bogus", "--", "true"]);
    assert!(text.contains("unknown bit 'bogus'"), "{text}");
}

/// `plan`, let go by its tracer with `options`: every stop of it as (signal, event), and its end.
fn stops(plan: &Plan, options: u64) -> (Vec<(i32, i32)>, i32, Exit) {
    let launched = traced::launch(plan, options | ptrace::OPTION_EXITKILL, Hooks::default()).unwrap();
    let pid = launched.pid;
    assert_eq!(status(pid, "State").chars().next(), Some('t'));
    assert_eq!(status(pid, "Seccomp"), status("self", "Seccomp"), "the filter is not loaded yet");
    assert_eq!(procfs::tracer_of(pid), process::gettid());
    let mut list = Vec::new();
    ptrace::cont(pid, 0).unwrap();
    loop {
        match wait::wait(pid).unwrap().1 {
            wait::Status::Stopped { signo, event } => {
                list.push((signo, event));
                let deliver = if event == 0 { signo } else { 0 };
                ptrace::cont(pid, deliver).unwrap();
            }
            wait::Status::Exited(status) => return (list, pid, Exit::Status(status)),
            wait::Status::Killed { signo, .. } => return (list, pid, Exit::Signal(signo)),
            wait::Status::Continued => {}
        }
    }
}

const TRACE_SECCOMP: u64 = 0x80;
const TRACE_EXEC: u64 = 0x10;
const EVENT_EXEC: i32 = 4;
const EVENT_SECCOMP: i32 = 7;

/// A program whose call of uname(2) the filter hands to the tracer.
fn asking() -> Plan {
    let mut plan = program("/bin/uname", &["uname", "-s"]);
    plan.seccomp = Some(filter(&[(libc::SYS_uname, libc::SECCOMP_RET_TRACE | 9)]));
    plan
}

#[test]
fn row_32_the_handshake_precedes_the_filter_and_execve() {
    let mut plan = asking();
    let (read, write) = child::pipe();
    plan.fds.map.push((1, Some(write.as_raw_fd())));
    let (list, pid, end) = stops(&plan, TRACE_EXEC | TRACE_SECCOMP);
    drop(write);
    assert_eq!(list, [(libc::SIGTRAP, EVENT_EXEC), (libc::SIGTRAP, EVENT_SECCOMP)]);
    assert_eq!((rest(read).as_str(), end), ("Linux\n", Exit::Status(0)));
    assert!(procfs::state(pid).is_none());
}

#[test]
fn row_32_event_stops_arrive_at_the_tracer() {
    let plan = asking();
    let (list, _, end) = stops(&plan, TRACE_EXEC | TRACE_SECCOMP);
    assert_eq!(list[0], (libc::SIGTRAP, EVENT_EXEC));
    assert!(list.contains(&(libc::SIGTRAP, EVENT_SECCOMP)), "{list:?}");
    assert_eq!(end, Exit::Status(0));
    // Without the option the call fails.
    let (list, _, end) = stops(&plan, TRACE_EXEC);
    assert_eq!((list.as_slice(), end), (&[(libc::SIGTRAP, EVENT_EXEC)][..], Exit::Status(1)));
}

#[test]
fn row_32_without_a_tracer_the_call_is_not_there() {
    let mut plan = sh("uname -s 2>&1");
    plan.seccomp = asking().seccomp;
    let (text, _) = output(&plan);
    assert!(text.contains("Function not implemented"), "{text}");
    plan.seccomp = Some(filter(&[(libc::SYS_uname, errno(libc::EXDEV))]));
    assert!(output(&plan).0.contains("Invalid cross-device link"));
}

#[test]
fn row_32_process_1_of_a_pid_namespace_stops_too() {
    let mut plan = asking();
    let own = (process::effective_uid(), process::effective_gid());
    plan.namespaces = Namespaces::USER.with(Namespaces::PID);
    plan.maps =
        Some(IdMaps { uid: vec![Range::one(0, own.0)], gid: vec![Range::one(0, own.1)], setgroups: false });
    let (list, _, end) = stops(&plan, TRACE_EXEC | TRACE_SECCOMP);
    assert_eq!(list[0], (libc::SIGTRAP, EVENT_EXEC), "{list:?}");
    assert!(list.contains(&(libc::SIGTRAP, EVENT_SECCOMP)), "{list:?}");
    assert_eq!(end, Exit::Status(0));
}

#[test]
fn row_32_a_filter_that_forbids_kill_and_getpid_does_not_disturb() {
    let mut plan = program("/bin/true", &["true"]);
    let forbidden = [libc::SYS_kill, libc::SYS_getpid, libc::SYS_prctl, libc::SYS_ptrace, libc::SYS_setuid];
    plan.seccomp = Some(filter(&forbidden.map(|call| (call, libc::SECCOMP_RET_KILL_PROCESS))));
    plan.no_new_privs = true;
    if is_root() {
        plan.identity = Some(Identity { uid: Some(65534), gid: Some(65534), ..Identity::default() });
    }
    let (list, _, end) = stops(&plan, TRACE_EXEC);
    assert_eq!((list.len(), end), (1, Exit::Status(0)), "{list:?}");
    // The raw handshake: SIGSTOP is the only stop before execve.
    plan.traced = Traced::BeforeExec;
    let process = start(&plan, Hooks::default()).unwrap();
    let first = wait::wait(process.pid()).unwrap().1;
    assert_eq!(first, wait::Status::Stopped { signo: libc::SIGSTOP, event: 0 });
    process.destroy();
    assert!(procfs::state(process.pid()).is_none() && Path::new("/proc/self").exists());
}

#[test]
fn row_28_read_only_holds_for_what_is_mounted_below() {
    let dir = open_dir("below");
    fs::create_dir(dir.join("sub")).unwrap();
    let (at, sub) = (dir.path().to_str().unwrap(), dir.join("sub"));
    let script = format!("touch {0}/x 2>/dev/null || echo refused; cat /proc/self/mountinfo", sub.display());
    let text = mounted(&["--tmpfs", sub.to_str().unwrap(), "--read-only", at], &script);
    assert!(text.starts_with("refused\n"), "{text}");
    let text = mounted(&["--tmpfs", sub.to_str().unwrap()], &script);
    assert!(!text.starts_with("refused\n"), "{text}");
}

#[test]
fn row_30_the_limit_of_files_comes_after_the_descriptors() {
    let args = [
        "--fd",
        "150=1",
        "--rlimit",
        "nofile=64:64",
        "--",
        "sh",
        "-c",
        "ulimit -n; readlink /proc/self/fd/150",
    ];
    let text = spawned(&args);
    assert!(text.starts_with("64\npipe:"), "{text}");
}

#[test]
fn row_32_failures_on_the_way_to_the_tracer() {
    let launch = |plan: &Plan| traced::launch(plan, TRACE_EXEC, Hooks::default());
    let mut plan = program("/bin/true", &["true"]);
    plan.workdir = Some("/no/such/directory".into());
    let error = launch(&plan).unwrap_err().to_string();
    assert!(error.contains("change the directory to '/no/such/directory': No such file"), "{error}");
    let plan = program("/no/such/program", &["x"]);
    let launched = launch(&plan).unwrap();
    assert_eq!(launched.exec_failure(), None, "it has not tried yet");
    ptrace::cont(launched.pid, 0).unwrap();
    assert_eq!(launched.process.wait().unwrap(), Exit::Status(1));
    assert_eq!(launched.exec_failure().unwrap(), "exec: No such file or directory");
    let mut plan = program("/no/such/program", &["x"]);
    plan.traced = Traced::AtExec;
    assert!(failure(&plan).contains("execute '/no/such/program': No such file"));
}

#[test]
fn row_34_the_order_of_calls_in_a_log() {
    if !needs_root("row_34", "CAP_SYS_PTRACE") || !child::needs_cgroup2("row_34") {
        return;
    }
    let dir = TempDir::new("log");
    let (log, state) = (dir.join("log"), dir.join("state.json"));
    let name = child::group_name();
    let binary = support::spawn::binary();
    let binary = binary.to_str().unwrap();
    let mut run = std::process::Command::new(binary);
    run.args(["-f", "-o"]).arg(&log).args([binary, "spawn", "--cgroup", &name, "--state"]).arg(&state);
    assert!(run.args(["--uid", "1", "--", "/bin/true"]).status().unwrap().success());
    let text = fs::read_to_string(&log).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let at = |words: &[&str]| {
        let found = lines.iter().position(|line| words.iter().all(|word| line.contains(word)));
        found.unwrap_or_else(|| panic!("{words:?} is not in\n{text}"))
    };
    let state = state.to_str().unwrap();
    let places = [
        at(&["mkdir", &name]),
        at(&["clone3", "CLONE_INTO_CGROUP"]),
        at(&["setuid(1"]),
        at(&["rename", state]),
        at(&["execve(\"/bin/true\""]),
        at(&["unlink", state]),
        at(&["rmdir", &name]),
    ];
    assert!(places.is_sorted(), "{places:?}\n{text}");
    assert!(!child::cgroup2().unwrap().join(&name).exists());
}

#[test]
fn row_34_a_traced_launch_holds_the_same() {
    let dir = TempDir::new("held");
    let state = dir.join("state.json");
    let mut run = std::process::Command::new(support::spawn::binary());
    run.args(["-o", "/dev/null", "--state"]).arg(&state).arg("cat").arg(&state);
    let output = run.output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("\"argv\":[\"cat\""), "{output:?}");
    assert!(output.status.success() && !state.exists());
}
