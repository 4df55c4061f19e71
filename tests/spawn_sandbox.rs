//! What containerd's and go-sandbox's tests ask of a launch, and the place in every error of a step.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unsafe_code)]

mod support;

use std::fs::{self, File};
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use support::TempDir;
use support::child::{
    self, cgroup2, errno, field, filter, filter_argument, group_name, namespace, output, piped, program,
    rest, sh, spawn_under, status,
};
use support::procfs::{self, wait_until};
use support::spawn::{as_other_user, busybox_root, is_root, needs_root, refused, spawn, spawned};
use trace::memory::{Live, Memory};
use trace::spawn::caps::CapSet;
use trace::spawn::cgroup::{Cgroup, Layout, Parts};
use trace::spawn::error::Error;
use trace::spawn::idmap::Range;
use trace::spawn::namespaces::Namespaces;
use trace::spawn::plan::{
    FilterInsn, Groups, IdMaps, Identity, Mount, MountKind, NODEV, NOEXEC, NOSUID, Plan, RDONLY, Rlimit,
};
use trace::spawn::process::Exit;
use trace::spawn::start::{Hooks, dry_run, start};
use trace::spawn::step::Step;
use trace::spawn::userns::unshare_after_userns;
use trace::sys::{process, wait};

const SECONDS: Duration = Duration::from_secs(5);

fn ranges() -> IdMaps {
    let ranges: Vec<Range> = ["0:1000:10", "10:5000:1"].iter().map(|text| text.parse().unwrap()).collect();
    IdMaps { uid: ranges.clone(), gid: ranges, setgroups: true }
}

#[test]
fn containerd_namespaces_of_a_user_namespace() {
    if !needs_root("containerd_namespaces", "CAP_SYS_ADMIN") {
        return;
    }
    let flags = (libc::CLONE_NEWNET | libc::CLONE_NEWIPC | libc::CLONE_NEWUTS | libc::CLONE_NEWNS) as u64;
    let mut holder = 0;
    unshare_after_userns(&ranges(), flags, |pid| {
        holder = pid;
        for kind in ["user", "net", "ipc", "uts", "mnt"] {
            assert_ne!(namespace(pid, kind), namespace("self", kind), "{kind}");
        }
        for kind in ["pid", "cgroup"] {
            assert_eq!(namespace(pid, kind), namespace("self", kind), "{kind}");
        }
        let map = "         0       1000         10\n        10       5000          1\n";
        for file in ["uid_map", "gid_map"] {
            assert_eq!(fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap(), map);
        }
        assert_eq!(fs::read_to_string(format!("/proc/{pid}/setgroups")).unwrap(), "allow\n");
        assert_eq!(status(pid, "Uid"), "1000 1000 1000 1000", "root inside is the first id of the map");
        assert_eq!(status(pid, "State"), "t (tracing stop)");
        Ok(())
    })
    .unwrap();
    assert!(procfs::state(holder).is_none());
}

#[test]
fn containerd_a_pid_namespace_has_the_holder_as_its_first_process() {
    if !needs_root("containerd_a_pid_namespace", "CAP_SYS_ADMIN") {
        return;
    }
    unshare_after_userns(&ranges(), libc::CLONE_NEWPID as u64, |pid| {
        assert_ne!(namespace(pid, "pid"), namespace("self", "pid"));
        assert_eq!(status(pid, "NSpid").split(' ').next_back(), Some("1"));
        Ok(())
    })
    .unwrap();
}

#[test]
fn containerd_errors() {
    if !needs_root("containerd_errors", "CAP_SYS_ADMIN") {
        return;
    }
    let net = libc::CLONE_NEWNET as u64;
    let both = unshare_after_userns(&ranges(), net | libc::CLONE_NEWUSER as u64, |_| Ok(()));
    assert_eq!(both.unwrap_err(), "unshare flags should not include user namespace");
    let own = unshare_after_userns(&ranges(), net, |_| Err("the callback's own".into()));
    assert_eq!(own.unwrap_err(), "the callback's own");
    let killed = unshare_after_userns(&ranges(), net, |pid| {
        procfs::kill(pid, libc::SIGKILL);
        wait::wait(pid).map(drop).map_err(|error| error.to_string())
    });
    assert_eq!(killed.unwrap_err(), "failed to ensure child process is alive: no such process");
    let io = unshare_after_userns(&ranges(), u64::from(libc::CLONE_IO as u32), |_| Ok(())).unwrap_err();
    assert!(io.ends_with("Invalid argument"), "{io}");
    let mut overlapping = ranges();
    overlapping.uid.push(Range { inside: 5, outside: 9000, count: 1 });
    let text = unshare_after_userns(&overlapping, net, |_| Ok(())).unwrap_err();
    assert!(text.contains("0:1000:10 and 5:9000:1 share ids"), "{text}");
}

fn own_user_namespace(plan: &mut Plan) {
    let (uid, gid) = (process::effective_uid(), process::effective_gid());
    plan.namespaces = plan.namespaces.with(Namespaces::USER);
    plan.maps =
        Some(IdMaps { uid: vec![Range::one(0, uid)], gid: vec![Range::one(0, gid)], setgroups: false });
}

fn drops_capabilities() {
    let mut plan = program("/bin/cat", &["cat", "/proc/self/status"]);
    own_user_namespace(&mut plan);
    let before = output(&plan).0;
    assert_ne!(field(&before, "CapEff"), "0000000000000000");
    plan.caps.drop = CapSet::all();
    let (text, end) = output(&plan);
    assert_eq!(end, Exit::Status(0));
    for set in ["CapPrm", "CapEff", "CapInh", "CapBnd", "CapAmb"] {
        assert_eq!(field(&text, set), "0000000000000000", "{set}");
    }
}

#[test]
fn sandbox_capabilities_are_dropped_in_a_user_namespace() {
    drops_capabilities();
}

#[test]
fn sandbox_capabilities_are_dropped_for_another_user() {
    if as_other_user("sandbox_capabilities_are_dropped_for_another_user") {
        return;
    }
    drops_capabilities();
}

#[test]
fn sandbox_a_file_open_for_writing_is_a_located_error_and_a_copy_runs() {
    let dir = TempDir::new("busy");
    let path = dir.join("echo");
    support::copy_program("/bin/echo", &path);
    let plan = program(path.to_str().unwrap(), &["echo", "copied"]);
    let writer = fs::OpenOptions::new().append(true).open(&path).unwrap();
    let error = start(&plan, Hooks::default()).unwrap_err();
    let Error::Child { step, index, call, errno } = &error else { panic!("{error}") };
    assert!(matches!(&**step, Step::Exec(program) if program.to_str() == Ok(path.to_str().unwrap())));
    assert_eq!((*call, *errno), (None, libc::ETXTBSY));
    assert_eq!(*index + 2, dry_run(&plan, &Hooks::default()).unwrap().len(), "the last step");
    drop(writer);
    assert_eq!(output(&plan), ("copied\n".into(), Exit::Status(0)));
}

#[test]
fn sandbox_a_missing_mount_source_is_a_located_error() {
    let mut plan = program("/bin/true", &["true"]);
    own_user_namespace(&mut plan);
    plan.namespaces = plan.namespaces.with(Namespaces::MOUNT);
    let bind =
        |from: &str| Mount { kind: MountKind::Bind(from.into()), target: "/mnt".into(), attributes: 0 };
    plan.fs.mounts = vec![bind("/etc"), bind("/no/such/source"), bind("/usr")];
    let error = start(&plan, Hooks::default()).unwrap_err();
    let Error::Child { step, errno, index, .. } = &error else { panic!("{error}") };
    assert!(matches!(&**step, Step::OpenTree { slot: 1, .. }), "which of them: {step:?}");
    assert_eq!(*errno, libc::ENOENT);
    let lines = dry_run(&plan, &Hooks::default()).unwrap();
    assert_eq!(lines[index + 1], "open the tree at '/no/such/source'");
}

#[test]
fn sandbox_success_with_and_without_a_function_and_again_after_failures() {
    let good = program("/bin/echo", &["echo", "runs"]);
    let missing = program("/no/such/binary", &["x"]);
    for _ in 0..2 {
        assert_eq!(output(&good), ("runs\n".into(), Exit::Status(0)));
        let mut calls = 0;
        let mut word = |_: i32| {
            calls += 1;
            Ok(())
        };
        let (process, pipe) = piped(&good, Hooks { sync: Some(&mut word), ..Hooks::default() }).unwrap();
        assert_eq!(rest(pipe), "runs\n");
        process.wait().unwrap();
        let error = start(&missing, Hooks::default()).unwrap_err().to_string();
        assert!(error.contains("No such file"), "{error}");
        let error = start(&missing, Hooks { sync: Some(&mut word), ..Hooks::default() }).unwrap_err();
        assert!(error.to_string().contains("No such file"), "{error}");
        let mut refuse = |_: i32| Err("refused".to_owned());
        let error = start(&good, Hooks { sync: Some(&mut refuse), ..Hooks::default() }).unwrap_err();
        assert!(matches!(error, Error::Sync(_)));
        assert_eq!(calls, 2, "the function runs before the binary is looked for");
    }
}

#[test]
fn sandbox_a_child_that_is_killed_while_the_function_runs() {
    let mut kill = |pid: i32| {
        procfs::kill(pid, libc::SIGKILL);
        assert!(wait_until(SECONDS, || procfs::state(pid) == Some('Z')));
        Ok(())
    };
    let plan = program("/bin/echo", &["echo", "never"]);
    // The end of the channel is that of an execve too: the signal is seen by who waits.
    let (process, pipe) = piped(&plan, Hooks { sync: Some(&mut kill), ..Hooks::default() }).unwrap();
    assert_eq!(process.wait().unwrap(), Exit::Signal(libc::SIGKILL));
    assert_eq!(rest(pipe), "");
}

#[test]
fn sandbox_credentials() {
    if !needs_root("sandbox_credentials", "CAP_SETUID") {
        return;
    }
    let mut plan = sh("id -u; id -g; id -G; grep ^CapEff /proc/self/status");
    let groups = Groups::Set(vec![7, 9]);
    plan.identity = Some(Identity { uid: Some(10), gid: Some(20), groups });
    let zero = "CapEff:\t0000000000000000\n";
    assert_eq!(output(&plan).0, format!("10\n20\n20 7 9\n{zero}"));
    // In a user namespace ids are those inside.
    plan.namespaces = Namespaces::USER;
    plan.maps = Some(ranges());
    plan.identity = Some(Identity { uid: Some(3), gid: Some(10), groups: Groups::Set(vec![4]) });
    assert_eq!(output(&plan).0, format!("3\n10\n10 4\n{zero}"));
    plan.identity = Some(Identity { uid: Some(11), gid: Some(0), groups: Groups::default() });
    assert!(child::failure(&plan).contains("user id 11 is not in the map"));
}

#[test]
fn sandbox_nested_cgroups_with_limits_and_usage() {
    let test = "sandbox_nested_cgroups_with_limits_and_usage";
    if !needs_root(test, "CAP_SYS_ADMIN") || !child::needs_cgroup2(test) {
        return;
    }
    let layout = Layout::detect().unwrap();
    let outer = group_name();
    let settings = [("pids.max".to_owned(), "20".to_owned())];
    let group = Cgroup::open_or_create(&layout, Path::new(&format!("{outer}/inner")), &settings).unwrap();
    let fd = group.fd().unwrap().as_raw_fd();
    let mut plan = sh("sleep 60 >/dev/null & wait");
    plan.cgroup = Some(fd);
    let mut join = |pid: i32| group.add(pid, Parts::V1).map_err(Error::Cgroup);
    let process = start(&plan, Hooks { joining: Some(&mut join), sync: None }).unwrap();
    assert!(wait_until(SECONDS, || group.pids().unwrap().len() == 2));
    let groups = fs::read_to_string(format!("/proc/{}/cgroup", process.pid())).unwrap();
    assert!(groups.lines().any(|line| line == format!("0::/{outer}/inner")), "{groups}");
    let usage = group.usage();
    assert_eq!(usage.pids, Some(2), "{usage:?}");
    group.kill().unwrap();
    assert_eq!(process.wait().unwrap(), Exit::Signal(libc::SIGKILL));
    assert!(wait_until(SECONDS, || group.pids().unwrap().is_empty()));
    group.remove().unwrap();
    assert!(!cgroup2().unwrap().join(outer).exists(), "both levels were made here");
}

#[test]
fn sandbox_mount_flags_and_their_words() {
    let dir = TempDir::new("flags");
    let target = dir.join("t");
    let mut plan = sh("cat /proc/self/mountinfo");
    own_user_namespace(&mut plan);
    plan.namespaces = plan.namespaces.with(Namespaces::MOUNT);
    let rows = [
        (RDONLY, "ro", "0x1"),
        (NOSUID, "nosuid", "0x2"),
        (NODEV, "nodev", "0x4"),
        (NOEXEC, "noexec", "0x8"),
        (RDONLY | NOSUID | NODEV | NOEXEC, "ro,nosuid,nodev,noexec", "0xf"),
    ];
    for (attributes, words, bits) in rows {
        let kind = MountKind::Fs { kind: "tmpfs".into(), options: vec![("mode".into(), Some("700".into()))] };
        plan.fs.mounts = vec![Mount { kind, target: target.clone(), attributes }];
        let text = output(&plan).0;
        let line = text.lines().find(|line| line.contains(target.to_str().unwrap())).unwrap();
        let found = line.split(' ').nth(5).unwrap();
        assert!(words.split(',').all(|word| found.split(',').any(|has| has == word)), "{words}: {found}");
        let steps = dry_run(&plan, &Hooks::default()).unwrap();
        let shown = format!("set mount attributes {bits} for '{}'", target.display());
        assert!(steps.contains(&shown), "{steps:?}");
        assert!(steps.contains(&"make a tmpfs filesystem with mode=700".to_owned()), "{steps:?}");
    }
}

#[test]
fn sandbox_mount_targets_are_made_of_their_sources_kind() {
    let Some(root) = busybox_root("sandbox_mount_targets") else { return };
    let dir = root.path().to_str().unwrap();
    // What is there stays; a file is made for a file, a directory for a directory.
    fs::write(root.join("there"), "mine").unwrap();
    let args = ["--unshare", "user,mount", "--map-root", "--pivot-root", dir, "--bind", "/etc/group:/there"];
    let more = ["--bind", "/etc/group:/a/b/file", "--bind", "/etc:/a/c/dir", "--tmpfs", "/a/d"];
    let script = "test -f /there && test -f /a/b/file && test -d /a/c/dir && test -d /a/d && cat /there";
    let text = spawned(&[&args[..], &more, &["--", "sh", "-c", script]].concat());
    assert_eq!(text, fs::read_to_string("/etc/group").unwrap().trim_end());
    assert_eq!(fs::read_to_string(root.join("there")).unwrap(), "mine");
    assert!(!root.join("a").exists());
    // A file where a directory is wanted.
    let text = refused(&[&args[..], &["--tmpfs", "/there/below", "--", "sh", "-c", "true"]].concat());
    assert!(
        text.contains("make the mount point '/there/below'") && text.contains("Not a directory"),
        "{text}"
    );
}

#[test]
fn sandbox_limits_are_prepared_and_worded() {
    let limits = |list: &[Rlimit]| {
        let mut plan = program("/bin/true", &["true"]);
        plan.limits = list.to_vec();
        let lines = dry_run(&plan, &Hooks::default()).unwrap();
        lines.into_iter().filter(|line| line.starts_with("limit ")).collect::<Vec<_>>()
    };
    let row = |resource, soft, hard| Rlimit { resource, soft, hard };
    assert_eq!(limits(&[]), [] as [&str; 0]);
    assert_eq!(limits(&[row(libc::RLIMIT_CPU, 1, Some(2))]), ["limit RLIMIT_CPU to 1 (hard 2)"]);
    assert_eq!(limits(&[row(libc::RLIMIT_DATA, 1 << 20, None)]), ["limit RLIMIT_DATA to 1048576"]);
    assert_eq!(limits(&[row(libc::RLIMIT_CORE, 0, Some(0))]), ["limit RLIMIT_CORE to 0 (hard 0)"]);
    assert_eq!(limits(&[row(libc::RLIMIT_STACK, u64::MAX, None)]), ["limit RLIMIT_STACK to unlimited"]);
    let all = [libc::RLIMIT_CPU, libc::RLIMIT_DATA, libc::RLIMIT_FSIZE, libc::RLIMIT_STACK, libc::RLIMIT_AS];
    let list: Vec<Rlimit> = all.iter().map(|&resource| row(resource, 1 << 33, None)).collect();
    let mut plan = program("/bin/cat", &["cat", "/proc/self/limits"]);
    plan.limits.clone_from(&list);
    plan.limits.push(row(libc::RLIMIT_CORE, 0, Some(0)));
    let text = output(&plan).0;
    let soft = (1u64 << 33).to_string();
    assert_eq!(text.lines().filter(|line| line.contains(&soft)).count(), all.len(), "{text}");
    let core = text.lines().find(|line| line.starts_with("Max core")).unwrap();
    assert_eq!(core.split_whitespace().rev().nth(1), Some("0"), "{core}");
}

/// Two pages, the second of which cannot be read, with `text` and its NUL at the very end of the first.
fn before_a_hole(text: &[u8]) -> (u64, u64) {
    // SAFETY: a new anonymous mapping of three pages; only the first two are written, within their bounds.
    unsafe {
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        let base = libc::mmap(std::ptr::null_mut(), 12288, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0);
        assert_ne!(base, libc::MAP_FAILED);
        let base = base.cast::<u8>();
        std::ptr::copy_nonoverlapping(text.as_ptr(), base.add(8192 - text.len() - 1), text.len());
        assert_eq!(libc::mprotect(base.add(8192).cast(), 4096, libc::PROT_NONE), 0);
        (base as u64, base as u64 + 8192 - text.len() as u64 - 1)
    }
}

#[test]
fn sandbox_memory_is_read_over_a_page_boundary_and_up_to_a_hole() {
    let text: Vec<u8> = (0..5000u32).map(|n| b'a' + (n % 26) as u8).collect();
    let (base, start_of_text) = before_a_hole(&text);
    // Read by the launched child's parent in a copy of this memory: the child waits before its execve.
    let mut seen = Vec::new();
    let mut sync = |pid: i32| {
        let mut memory = Live::new(pid);
        let mut buf = vec![0u8; 9000];
        let got = memory.read(start_of_text, &mut buf);
        let end = buf[..got].iter().position(|&byte| byte == 0);
        seen.push((got, end, buf[..5000] == text[..]));
        seen.push((memory.read(base + 8192, &mut buf), None, true));
        seen.push((memory.read(base + 4094, &mut buf[..4]), None, true));
        seen.push((memory.read(0, &mut buf), None, true));
        Ok(())
    };
    let plan = program("/bin/true", &["true"]);
    let process = start(&plan, Hooks { sync: Some(&mut sync), ..Hooks::default() }).unwrap();
    process.wait().unwrap();
    assert_eq!(seen, [(5001, Some(5000), true), (0, None, true), (4, None, true), (0, None, true)]);
    let mut gone = [0u8; 4];
    assert_eq!(Live::new(process.pid()).read(base, &mut gone), 0, "nobody is there any more");
}

/// Call to be refused, options, and the head of the sentence.
type Place = (Vec<FilterInsn>, &'static [&'static str], &'static str);

fn refuse(call: i64) -> Vec<FilterInsn> {
    filter(&[(call, errno(libc::EXDEV))])
}

fn refuse_prctl(option: i32) -> Vec<FilterInsn> {
    filter_argument(libc::SYS_prctl, 0, option as u32, errno(libc::EXDEV))
}

fn assert_places(rows: &[Place]) {
    for (filter, options, place) in rows {
        let args = [options, &["--", "/bin/echo", "ran"][..]].concat();
        let (text, end) = spawn_under(filter.clone(), &args);
        assert_eq!(end, Exit::Status(1), "{place}: {text}");
        assert!(text.contains(&format!("cannot {place}: Invalid cross-device link")), "{place}: {text}");
        assert!(!text.contains("ran\n"), "{place}: {text}");
    }
}

#[test]
fn sandbox_every_step_of_an_ordinary_launch_tells_its_place() {
    let rows: [Place; 14] = [
        (refuse(libc::SYS_setsid), &["--setsid"], "start a new session"),
        (refuse(libc::SYS_setpgid), &["--pgid", "0"], "start a new process group"),
        (refuse(libc::SYS_setpriority), &["--nice", "1"], "set the nice value to 1"),
        (refuse(libc::SYS_sched_setaffinity), &["--cpus", "0"], "set the CPU affinity"),
        (refuse(libc::SYS_chdir), &["--workdir", "/"], "change the directory to '/'"),
        (
            refuse_prctl(libc::PR_SET_PDEATHSIG),
            &["--pdeathsig", "9"],
            "ask for signal 9 at the parent's death",
        ),
        (refuse(libc::SYS_dup3), &["--fd", "5=1"], "place descriptors 5=1"),
        (refuse(libc::SYS_close_range), &["--close-fds"], "close descriptors from 3 at exec"),
        (refuse(libc::SYS_personality), &["--no-aslr"], "set the personality to 0x40000"),
        (refuse_prctl(libc::PR_SET_NO_NEW_PRIVS), &["--no-new-privs"], "set no_new_privs"),
        (
            refuse_prctl(libc::PR_CAPBSET_DROP),
            &["--cap-drop", "kill"],
            "drop from the bounding set: CAP_KILL",
        ),
        (
            refuse(libc::SYS_capget),
            &["--cap-add", "kill"],
            "set the capabilities: as they are, and CAP_KILL (capget)",
        ),
        (refuse_prctl(libc::PR_SET_SECUREBITS), &["--securebits", "noroot"], "set the securebits to 0x1"),
        (refuse_prctl(libc::PR_CAP_AMBIENT), &["--cap-ambient", "kill"], "raise CAP_KILL in the ambient set"),
    ];
    let rows = if is_root() { &rows[..] } else { &rows[..10] };
    assert_places(rows);
}

#[test]
fn sandbox_every_step_of_namespaces_tells_its_place() {
    const MOUNTED: &[&str] = &["--unshare", "user,mount", "--map-root", "--tmpfs", "/mnt"];
    const BOUND: &[&str] = &["--unshare", "user,mount", "--map-root", "--bind", "/etc:/mnt:ro"];
    const PIVOTED: &[&str] = &["--unshare", "user,mount", "--map-root", "--pivot-root", "tmpfs"];
    const MADE: &[&str] =
        &["--unshare", "user,mount", "--map-root", "--pivot-root", "tmpfs", "--tmpfs", "/new"];
    const CHANGED: &[&str] = &["--map-root", "--chroot", "/"];
    const MASKED: &[&str] = &["--unshare", "user,mount", "--map-root", "--mask", "/etc/passwd"];
    const READONLY: &[&str] = &["--unshare", "user,mount", "--map-root", "--read-only", "/etc"];
    const LOOPBACK: &[&str] = &["--map-root", "--net", "loopback"];
    let pivot = |call: &str| -> &'static str {
        format!("pivot the root, mounted at '/', and detach the old one ({call})").leak()
    };
    let up = filter_argument(libc::SYS_ioctl, 1, libc::SIOCSIFFLAGS as u32, errno(libc::EXDEV));
    let rows: [Place; 17] = [
        (refuse(libc::SYS_mount), MOUNTED, "make every mount private"),
        (refuse(libc::SYS_umask), MOUNTED, "clear the umask"),
        (refuse(libc::SYS_fsopen), MOUNTED, "make a tmpfs filesystem (fsopen)"),
        (refuse(libc::SYS_fsconfig), MOUNTED, "make a tmpfs filesystem (fsconfig)"),
        (refuse(libc::SYS_fsmount), MOUNTED, "make a tmpfs filesystem (fsmount)"),
        (refuse(libc::SYS_mount_setattr), MOUNTED, "set mount attributes 0x6 for '/mnt'"),
        (refuse(libc::SYS_move_mount), MOUNTED, "mount it on '/mnt'"),
        (refuse(libc::SYS_open_tree), BOUND, "open the tree at '/etc'"),
        (refuse(libc::SYS_pivot_root), PIVOTED, pivot("pivot_root")),
        (refuse(libc::SYS_umount2), PIVOTED, pivot("umount")),
        (refuse(libc::SYS_chdir), PIVOTED, pivot("chdir")),
        (refuse(libc::SYS_mkdirat), MADE, "make the mount point '/new' (mkdir)"),
        (refuse(libc::SYS_chroot), CHANGED, "chroot to '/' (chroot)"),
        (refuse(libc::SYS_chdir), CHANGED, "chroot to '/' (chdir)"),
        (refuse(libc::SYS_move_mount), MASKED, "mask '/etc/passwd' (file)"),
        (refuse(libc::SYS_move_mount), READONLY, "make '/etc' read-only (move_mount)"),
        (up, LOOPBACK, "bring the loopback device up (SIOCSIFFLAGS)"),
    ];
    assert_places(&rows);
}

#[test]
fn sandbox_every_step_of_a_change_of_user_tells_its_place() {
    if !needs_root("sandbox_every_step", "CAP_SETUID") {
        return;
    }
    const USER: &[&str] = &["--uid", "1", "--gid", "1", "--cap-ambient", "kill"];
    let rows: [Place; 6] = [
        (refuse(libc::SYS_setgroups), USER, "drop the supplementary groups"),
        (refuse(libc::SYS_setgid), USER, "set the group id to 1"),
        (refuse(libc::SYS_setuid), USER, "set the user id to 1"),
        (refuse_prctl(libc::PR_SET_KEEPCAPS), USER, "keep capabilities over the change of user"),
        (refuse(libc::SYS_capset), USER, "take the kept capabilities into effect (capset)"),
        (refuse_prctl(libc::PR_CAP_AMBIENT), USER, "raise CAP_KILL in the ambient set"),
    ];
    assert_places(&rows);
}

#[test]
fn sandbox_a_clone_that_is_refused_is_the_parents_error() {
    let none = filter(&[(libc::SYS_clone3, errno(libc::EPERM))]);
    let (text, end) = spawn_under(none, &["--unshare", "uts", "--", "echo", "ran"]);
    assert_eq!(end, Exit::Status(1));
    assert!(text.contains("start a process with new namespaces uts: Operation not permitted"), "{text}");
    assert!(text.contains("--unshare user --map-root"), "{text}");
    let text = refused(&["--exec-fd", "77", "--", "x"]);
    assert!(text.contains("execute descriptor 77: Bad file descriptor"), "{text}");
}

#[test]
fn sandbox_nothing_of_a_failed_launch_is_left_on_disk() {
    let Some(root) = busybox_root("sandbox_nothing") else { return };
    let list = |dir: &Path| -> Vec<PathBuf> {
        let mut all: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
        all.sort();
        all
    };
    fs::set_permissions(root.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let before = list(root.path());
    let dir = root.path().to_str().unwrap();
    let args = ["--unshare", "user,mount", "--map-root", "--pivot-root", dir, "--tmpfs", "/made/here"];
    let output = spawn(&[&args[..], &["--bind", "/etc:/also/made", "--", "/bin/nothing"]].concat());
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("/bin/nothing"));
    assert_eq!(list(root.path()), before);
    assert!(File::open("/proc/self/mountinfo").is_ok());
}

#[test]
fn sandbox_a_failure_behind_the_filter_is_told() {
    let mut plan = program("/no/such/binary", &["x"]);
    plan.seccomp = Some(filter(&[(libc::SYS_sendto, errno(libc::EPERM))]));
    plan.no_new_privs = true;
    // With the memory of the parent, and with a channel that the filter is in the way of.
    assert!(child::failure(&plan).contains("execute '/no/such/binary': No such file"));
    let mut word = |_: i32| Ok(());
    match start(&plan, Hooks { sync: Some(&mut word), ..Hooks::default() }) {
        Err(error) => assert!(error.to_string().contains("No such file"), "{error}"),
        Ok(process) => panic!("taken for started: {:?}", process.wait()),
    }
    plan.seccomp = Some(filter(&[(libc::SYS_execve, errno(libc::EXDEV))]));
    assert!(child::failure(&plan).contains("Invalid cross-device link"));
}
