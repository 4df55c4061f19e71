//! The beginning and the end of a container: what it cannot be started with, roots and ids of its own, and that
//! nothing of it outlives it, whoever ends first.
#![allow(unsafe_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use support::TempDir;
use support::child::{alone, cgroup2, group_name, open_fds, pipe, rest, status};
use support::container::{begin, sh};
use support::procfs::{self, wait_until};
use support::spawn::{as_other_user, binary, busybox_root, needs_root};
use trace::spawn::caps::CapSet;
use trace::spawn::container::{Container, Error, Run, Sync};
use trace::spawn::idmap::Range;
use trace::spawn::launch::{CgroupRequest, Request};
use trace::spawn::namespaces::Namespaces;
use trace::spawn::plan::{Groups, IdMaps, Identity, Mount, MountKind, Plan, RDONLY, Rlimit, Root, Traced};
use trace::spawn::process::Exit;
use trace::sys::process;

const SECONDS: Duration = Duration::from_secs(60);

fn mapped() -> Plan {
    let mut plan = Plan::new("", vec!["box".into()]);
    let kinds = [Namespaces::USER, Namespaces::PID, Namespaces::MOUNT];
    plan.namespaces = kinds.into_iter().fold(Namespaces::NONE, Namespaces::with);
    let (uid, gid) = (process::effective_uid(), process::effective_gid());
    plan.maps =
        Some(IdMaps { uid: vec![Range::one(0, uid)], gid: vec![Range::one(0, gid)], setgroups: false });
    plan
}

fn output(container: &mut Container, mut run: Run) -> String {
    let (read, write) = pipe();
    run.fds.push((1, write.as_raw_fd()));
    run.fds.push((2, write.as_raw_fd()));
    let running = container.launch(&run, Sync::None).unwrap_or_else(|error| panic!("{error}"));
    drop(write);
    let text = rest(read);
    assert_eq!(running.wait().unwrap(), Exit::Status(0), "{text}");
    text.trim_end().to_owned()
}

/// A root with nothing but busybox: neither the init's file nor its libraries are in it.
fn own_root(name: &str) {
    let Some(root) = busybox_root(name) else { return };
    let mut plan = mapped();
    plan.namespaces = plan.namespaces.with(Namespaces::UTS);
    plan.hostname = Some("inner".into());
    plan.fs.root = Some(Root::Pivot { dir: Some(root.path().into()), readonly: true });
    let mount = |kind, target: &str, attributes| Mount { kind, target: target.into(), attributes };
    let fs =
        |kind: &str| MountKind::Fs { kind: kind.into(), options: vec![("size".into(), Some("1m".into()))] };
    let proc = MountKind::Fs { kind: "proc".into(), options: Vec::new() };
    plan.fs.mounts = vec![
        mount(proc, "/proc", 0),
        mount(fs("tmpfs"), "/tmp", 0),
        mount(MountKind::Bind("/etc".into()), "/deep/etc", RDONLY),
    ];
    plan.fs.masked = vec!["/deep/etc/passwd".into(), "/not/there".into()];
    plan.workdir = Some("/tmp".into());
    let mut container = begin(plan).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(output(&mut container, sh("pwd; hostname; ls /")), "/tmp\ninner\nbin\ndeep\nproc\ntmp");
    assert_eq!(
        output(
            &mut container,
            sh("cat /deep/etc/passwd | grep -c . || true; test -s /deep/etc/group; echo $?")
        ),
        "0\n0"
    );
    // What one program writes, the next finds; the root and the bind mount take nothing.
    assert_eq!(
        output(&mut container, sh("echo kept > here; touch /x /deep/etc/x 2>&1 | grep -c 'Read-only'")),
        "2"
    );
    assert_eq!(output(&mut container, sh("cat here; test -d /proc/1 && echo proc")), "kept\nproc");
    container.ping().unwrap();
    assert_eq!(container.destroy(), [] as [&str; 0]);
    let mut left: Vec<String> = fs::read_dir(root.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, ["bin"], "mount points are taken away");
}

#[test]
fn container_with_a_root_of_its_own() {
    own_root("container_with_a_root_of_its_own");
}

#[test]
fn container_with_a_root_of_its_own_as_another_user() {
    if as_other_user("container_with_a_root_of_its_own_as_another_user") {
        return;
    }
    own_root("container_with_a_root_of_its_own_as_another_user");
}

#[test]
fn sandbox_container_sets_credentials() {
    if !needs_root("sandbox_container_sets_credentials", "CAP_SETUID") {
        return;
    }
    let ids = || vec![Range { inside: 0, outside: 1000, count: 30 }];
    let mut plan = mapped();
    plan.maps = Some(IdMaps { uid: ids(), gid: ids(), setgroups: true });
    let mut unmapped = mapped();
    unmapped.namespaces = Namespaces::PID.with(Namespaces::MOUNT);
    unmapped.maps = None;
    for (plan, outside) in [(plan, 1000), (unmapped, 0)] {
        let mut container = begin(plan).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(status(container.pid(), "Uid"), format!("{outside} {outside} {outside} {outside}"));
        let mut run = sh("id -u; id -g; id -G; grep ^CapEff /proc/self/status");
        run.identity = Some(Identity { uid: Some(10), gid: Some(20), groups: Groups::Set(vec![7, 9]) });
        assert_eq!(output(&mut container, run.clone()), "10\n20\n20 7 9\nCapEff:\t0000000000000000");
        // From outside it is another id, and the sync function is told of the process all the same.
        let mut seen = String::new();
        let mut look = |pid: i32| {
            seen = status(pid, "Uid");
            Ok(())
        };
        run.argv[2] = "true".into();
        container.run(&run, Sync::BeforeExec(&mut look)).unwrap();
        let uid = (10 + outside).to_string();
        assert_eq!(seen, [uid.as_str(); 4].join(" "));
        assert_eq!(output(&mut container, sh("id -u")), "0", "the next one is root inside again");
        if outside != 0 {
            run.identity = Some(Identity { uid: Some(31), gid: None, groups: Groups::Keep });
            let error = container.run(&run, Sync::None).unwrap_err().to_string();
            assert!(error.contains("user id 31 is not in the map"), "{error}");
        }
        container.ping().unwrap();
    }
}

/// A change of the plan, and what is said of it.
type Bad = (fn(&mut Plan), &'static str);

#[test]
fn container_refuses_plans_that_are_no_containers() {
    let rows: &[Bad] = &[
        (
            |plan| plan.namespaces = plan.namespaces.without(Namespaces::PID),
            "a container needs a pid namespace",
        ),
        (|plan| plan.maps = None, "a container needs a root inside"),
        (|plan| plan.maps.as_mut().unwrap().uid[0].inside = 5, "map user and group id 0"),
        (|plan| plan.identity = Some(Identity::default()), "cannot hold ids: give it with each program"),
        (
            |plan| plan.limits = vec![Rlimit { resource: 0, soft: 1, hard: None }],
            "cannot hold resource limits",
        ),
        (|plan| plan.caps.drop = CapSet::all(), "cannot hold capabilities"),
        (|plan| plan.seccomp = Some(support::child::filter(&[])), "cannot hold a seccomp filter"),
        (|plan| plan.terminal.setsid = true, "cannot hold a terminal"),
        (|plan| plan.traced = Traced::AtExec, "cannot hold tracing"),
        (|plan| plan.hostname = Some("x".into()), "needs a namespace of its own: add uts"),
    ];
    for (change, expected) in rows {
        let mut plan = mapped();
        change(&mut plan);
        let text = begin(plan).unwrap_err().to_string();
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[test]
fn container_without_an_init_says_so_and_leaves_nothing() {
    if alone("container_without_an_init_says_so_and_leaves_nothing") {
        return;
    }
    let before = open_fds();
    let start = |path: &str| Container::start_with(&Request::new(mapped()), Path::new(path)).unwrap_err();
    let text = start("/no/such/init").to_string();
    assert_eq!(
        text,
        "cannot open the program of the container's init '/no/such/init': No such file or directory"
    );
    let text = start("/bin/true").to_string();
    assert!(text.contains("gone before it said a word (its program must serve"), "{text}");
    let text = start("/etc/passwd").to_string();
    assert!(text.contains("Permission denied"), "{text}");
    assert_eq!(open_fds(), before);
    assert_eq!(procfs::children(std::process::id() as i32), [0i32; 0]);
}

#[test]
fn container_whose_mounts_fail_is_a_located_error_and_leaves_nothing() {
    if alone("container_whose_mounts_fail_is_a_located_error_and_leaves_nothing") {
        return;
    }
    let before = open_fds();
    let dir = TempDir::new("half");
    let bind =
        |from: &str, to: PathBuf| Mount { kind: MountKind::Bind(from.into()), target: to, attributes: 0 };
    let mut plan = mapped();
    plan.fs.mounts = vec![bind("/etc", dir.join("made")), bind("/no/such/source", dir.join("never"))];
    let Error::Child { step, errno, .. } = begin(plan).unwrap_err() else { panic!("no step") };
    assert_eq!((&step[..], errno), ("open the tree at '/no/such/source'", libc::ENOENT));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    assert_eq!(open_fds(), before);
    assert_eq!(procfs::children(std::process::id() as i32), [0i32; 0]);
    let mut plan = mapped();
    plan.workdir = Some("/no/such/directory".into());
    assert!(begin(plan).unwrap_err().to_string().contains("change the directory to '/no/such/directory'"));
}

/// The mounts that this process sees.
fn mounts() -> String {
    fs::read_to_string("/proc/self/mountinfo").unwrap()
}

fn leaves_nothing() {
    let (fds, mounts_before) = (open_fds(), mounts());
    let dir = TempDir::new("point");
    let mut plan = mapped();
    let kind = MountKind::Fs { kind: "tmpfs".into(), options: Vec::new() };
    plan.fs.mounts = vec![Mount { kind, target: dir.join("deep/mount"), attributes: 0 }];
    for drop_it in [false, true] {
        let mut container = begin(plan.clone()).unwrap();
        let init = container.pid();
        let running = container.launch(&sh("setsid sleep 1000 & sleep 1001"), Sync::None).unwrap();
        let pid = running.pid();
        // The launcher loses its hold of the program, and the program with all that it started goes on.
        let pidfd = running.pidfd().unwrap().as_raw_fd();
        std::mem::forget(running);
        // SAFETY: nobody owns the descriptor any more.
        unsafe { libc::close(pidfd) };
        assert!(wait_until(SECONDS, || procfs::children(pid).len() == 2));
        let below = procfs::children(pid);
        assert_eq!(mounts(), mounts_before, "its mounts are not ours");
        if drop_it {
            drop(container)
        } else {
            assert_eq!(container.destroy(), [] as [&str; 0])
        }
        for gone in [vec![init, pid], below].concat() {
            assert_eq!(procfs::state(gone), None, "{gone}");
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "its mount point is taken away");
    }
    assert_eq!((open_fds(), mounts()), (fds, mounts_before));
    assert_eq!(procfs::children(std::process::id() as i32), [0i32; 0]);
}

#[test]
fn container_that_is_destroyed_leaves_nothing() {
    if alone("container_that_is_destroyed_leaves_nothing") {
        return;
    }
    leaves_nothing();
}

#[test]
fn container_that_is_destroyed_leaves_nothing_as_another_user() {
    if as_other_user("container_that_is_destroyed_leaves_nothing_as_another_user") {
        return;
    }
    leaves_nothing();
}

#[test]
fn container_with_a_cgroup_holds_all_that_runs_inside() {
    let name = "container_with_a_cgroup_holds_all_that_runs_inside";
    if !needs_root(name, "CAP_SYS_ADMIN") {
        return;
    }
    let Some(point) = cgroup2() else { return support::missing(name, "a mounted cgroup2 hierarchy") };
    let group = group_name();
    let mut request = Request::new(mapped());
    request.cgroup = Some(CgroupRequest::Path { path: group.clone().into(), settings: Vec::new() });
    let mut container = Container::start_with(&request, &binary()).unwrap();
    let running = container.launch(&sh("sleep 1000 & wait"), Sync::None).unwrap();
    let inside = format!("0::/{group}");
    for pid in [running.pid(), procfs::parent(running.pid()).unwrap()] {
        let groups = fs::read_to_string(format!("/proc/{pid}/cgroup")).unwrap();
        assert!(groups.lines().any(|line| line == inside), "{groups}");
    }
    drop(running);
    assert_eq!(container.cgroup().unwrap().pids().unwrap(), [container.pid()]);
    assert_eq!(container.destroy(), [] as [&str; 0]);
    assert!(!point.join(group).exists());
}

#[test]
fn container_whose_init_is_killed_is_gone() {
    let mut container = begin(mapped()).unwrap();
    let running = container.launch(&sh("sleep 1000"), Sync::None).unwrap();
    let pid = running.pid();
    procfs::kill(procfs::parent(pid).unwrap(), libc::SIGKILL);
    assert!(matches!(running.wait(), Err(Error::Gone(_))));
    assert!(wait_until(SECONDS, || procfs::state(pid).is_none()));
    assert!(matches!(container.ping(), Err(Error::Gone(_))));
    let error = container.run(&sh("true"), Sync::None).unwrap_err();
    assert!(error.to_string().ends_with("destroy it and start another"), "{error}");
    assert_eq!(container.destroy(), [] as [&str; 0]);
}

#[test]
fn container_ends_with_its_launcher() {
    const INNER: &str = "TRACE_TEST_LAUNCHER";
    if std::env::var_os(INNER).is_some() {
        let mut container = begin(mapped()).unwrap();
        let init = container.pid();
        let running = container.launch(&sh("setsid sleep 1000 & sleep 1001"), Sync::None).unwrap();
        eprintln!("pids: {init} {}", running.pid());
        // No destructor runs.
        procfs::kill(std::process::id() as i32, libc::SIGKILL);
    }
    let mut test = Command::new(std::env::current_exe().unwrap());
    let test = test.args(["container_ends_with_its_launcher", "--exact", "--nocapture"]).env(INNER, "1");
    let output = test.output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let line = text.lines().find_map(|line| line.strip_prefix("pids: ")).unwrap_or_else(|| panic!("{text}"));
    let pids: Vec<i32> = line.split(' ').map(|pid| pid.parse().unwrap()).collect();
    assert_eq!(pids.len(), 2);
    let ended = |pid: &i32| procfs::state(*pid).is_none_or(|state| state == 'Z');
    assert!(wait_until(SECONDS, || pids.iter().all(ended)), "{pids:?}");
}

#[test]
fn container_init_is_no_command_for_people() {
    let output = Command::new(binary()).arg("container-init").output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1));
    assert!(text.contains("this is the init of a container, started by the library"), "{text}");
    let help = Command::new(binary()).arg("-h").output().unwrap();
    assert!(!String::from_utf8_lossy(&help.stdout).contains("container-init"));
    // As process 1 of a pid namespace, too, it asks for its channel.
    let text = support::spawn::refused(&[
        "--unshare",
        "user,pid",
        "--map-root",
        "--",
        binary().to_str().unwrap(),
        "container-init",
    ]);
    assert!(text.contains("this is the init of a container"), "{text}");
}
