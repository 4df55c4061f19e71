//! Launch rows 15 to 18: ambient capabilities, birth into a cgroup, time namespaces, vfork.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
#![allow(unsafe_code)]

#[path = "support/alone.rs"]
mod alone;
mod support;

use std::fs;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use alone::{alone, bits, dumpable, failed, line, plan, shell, try_output};
use support::spawn::{as_other_user, binary, needs_root, spawned};
use support::{has_tool, missing, procfs, serial};
use trace::spawn::caps::CapSet;
use trace::spawn::error::Error;
use trace::spawn::idmap::Range;
use trace::spawn::namespaces::Namespaces;
use trace::spawn::plan::{Groups, IdMaps, Identity, Plan, TimeOffset, Traced};
use trace::spawn::process::Exit;
use trace::spawn::start::{self, Hooks, start};

/// CAP_NET_RAW and CAP_SYSLOG: one in each half of the kernel's sets.
const TWO: u64 = 1 << 13 | 1 << 34;

/// A user without privilege.
fn nobody() -> Option<Identity> {
    Some(Identity { uid: Some(65534), gid: Some(65534), groups: Groups::default() })
}

#[test]
fn row_15_ambient_capabilities_outlive_the_change_of_user() {
    if !needs_root("row_15_ambient_capabilities_outlive_the_change_of_user", "CAP_SETUID") {
        return;
    }
    let mut plan = shell("cat /proc/$$/status");
    plan.identity = nobody();
    plan.caps.ambient = CapSet(TWO);
    let status = alone::output(&plan);
    assert_eq!(line(&status, "Uid"), "65534\t65534\t65534\t65534");
    for set in ["CapAmb", "CapEff", "CapPrm", "CapInh"] {
        assert_eq!(bits(&status, set), TWO, "{set}, and nothing else");
    }
    // The option, and a child of the program.
    let words = [
        "--uid",
        "65534",
        "--cap-ambient",
        "net_raw,CAP_SYSLOG",
        "--",
        "sh",
        "-c",
        "cat /proc/self/status; true",
    ];
    let status = spawned(&words);
    assert_eq!((bits(&status, "CapAmb"), bits(&status, "CapEff")), (TWO, TWO));
    // As root nothing is lost to them.
    let status = spawned(&["--cap-ambient", "net_raw", "--", "cat", "/proc/self/status"]);
    let own = fs::read_to_string("/proc/self/status").unwrap();
    assert_eq!((bits(&status, "CapAmb"), bits(&status, "CapEff")), (1 << 13, bits(&own, "CapEff")));
}

#[test]
fn row_15_ambient_capabilities_in_a_user_namespace() {
    if as_other_user("row_15_ambient_capabilities_in_a_user_namespace") {
        return;
    }
    // SAFETY: plain system calls.
    let (uid, gid) = unsafe { (libc::geteuid(), libc::getegid()) };
    for late in [false, true] {
        let mut plan = shell("cat /proc/$$/status");
        *(if late { &mut plan.late } else { &mut plan.namespaces }) = Namespaces::USER;
        plan.maps = Some(IdMaps {
            uid: vec![Range::one(65534, uid)],
            gid: vec![Range::one(65534, gid)],
            setgroups: false,
        });
        plan.identity = nobody();
        plan.caps.ambient = CapSet(TWO);
        let status = alone::output(&plan);
        assert_eq!((bits(&status, "CapAmb"), bits(&status, "CapEff")), (TWO, TWO), "late {late}");
        assert_eq!(line(&status, "Uid"), "65534\t65534\t65534\t65534");
        // Without them an ordinary user inside has none.
        plan.caps.ambient = CapSet(0);
        assert_eq!(bits(&alone::output(&plan), "CapEff"), 0);
    }
}

#[test]
fn row_15_ambient_capabilities_that_are_not_to_be_had() {
    if as_other_user("row_15_ambient_capabilities_that_are_not_to_be_had") {
        return;
    }
    // The error is the kernel's, not a success with errno 0.
    for number in [24, 13, 34] {
        let mut plan = plan(&["/bin/true"]);
        plan.caps.ambient = CapSet::one(number);
        let error = failed(&plan);
        assert_eq!(error.errno, libc::EPERM, "{number}: {error:?}");
        assert!(error.step.contains("capabilities"), "{}", error.step);
    }
}

#[test]
fn row_15_ambient_capabilities_outside_the_bounding_set() {
    if !needs_root("row_15_ambient_capabilities_outside_the_bounding_set", "CAP_SETPCAP") {
        return;
    }
    for ids in [&[][..], &["--uid", "65534"]] {
        let mut run = Command::new("setpriv");
        run.args(["--bounding-set", "-sys_boot", "--inh-caps", "-sys_boot"])
            .arg(binary())
            .arg("spawn")
            .args(ids);
        run.args(["--cap-ambient", "sys_boot", "--", "echo", "ran"]);
        let output = run.output().expect("setpriv (package util-linux)");
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && output.stdout.is_empty(), "{ids:?}: {output:?}");
        assert!(text.contains("Operation not permitted") && text.contains("permitted set"), "{text}");
    }
}

/// A mount point of the cgroup hierarchies: of version 2, or of a controller of version 1.
fn hierarchy(kind: &str) -> Option<PathBuf> {
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap();
    let found = mounts.lines().find(|line| line.contains(&format!(" - {kind} ")))?;
    found.split(' ').nth(4).map(PathBuf::from)
}

/// A cgroup that is removed on drop.
struct Group(PathBuf);

impl Group {
    /// A new one of version 2; `None` after saying what is missing.
    fn new(test: &str) -> Option<Group> {
        let Some(root) = hierarchy("cgroup2") else {
            missing(test, "a cgroup2 mount");
            return None;
        };
        let path = root.join(format!("trace-row16-{}-{}", std::process::id(), serial()));
        if let Err(error) = fs::create_dir(&path) {
            missing(test, &format!("a writable cgroup2 hierarchy ({error})"));
            return None;
        }
        Some(Group(path))
    }

    /// As /proc/PID/cgroup names it.
    fn line(&self) -> String {
        format!("0::/{}", self.0.file_name().unwrap().to_string_lossy())
    }

    fn open(&self) -> OwnedFd {
        directory(&self.0)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let dir = self.0.clone();
        procfs::wait_until(Duration::from_secs(2), || fs::remove_dir(&dir).is_ok());
    }
}

/// An O_PATH descriptor.
fn directory(path: &Path) -> OwnedFd {
    fs::OpenOptions::new().read(true).custom_flags(libc::O_PATH).open(path).unwrap().into()
}

#[test]
fn row_16_cgroup_is_the_childs_from_its_first_instruction() {
    const TEST: &str = "row_16_cgroup_is_the_childs_from_its_first_instruction";
    if !needs_root(TEST, "CAP_SYS_ADMIN") {
        return;
    }
    let Some(group) = Group::new(TEST) else { return };
    let fd = group.open();
    let all = Namespaces::PID.with(Namespaces::TIME);
    // With vfork, with new namespaces, with a change of ids.
    for (namespaces, identity) in [(Namespaces::NONE, None), (all, None), (Namespaces::NONE, nobody())] {
        let mut plan = plan(&["/bin/grep", "^0::", "/proc/self/cgroup"]);
        plan.cgroup = Some(fd.as_raw_fd());
        (plan.namespaces, plan.identity) = (namespaces, identity);
        assert_eq!(
            alone::output(&plan).rsplit_once("/trace-").unwrap().1,
            group.line().split_once("trace-").unwrap().1
        );
    }
    // Before its first step already: whoever waits for the parent is in it.
    let mut plan = plan(&["/bin/true"]);
    plan.cgroup = Some(fd.as_raw_fd());
    let mut seen = String::new();
    let mut joining = |pid: i32| {
        seen = fs::read_to_string(format!("/proc/{pid}/cgroup")).unwrap();
        Ok(())
    };
    let process = start(&plan, Hooks { joining: Some(&mut joining), sync: None }).unwrap();
    process.wait().unwrap();
    assert!(seen.lines().any(|line| line.ends_with(group.line().trim_start_matches("0::"))), "{seen}");
    // Unset is not descriptor 0.
    plan.cgroup = None;
    start(&plan, Hooks::default()).unwrap().wait().unwrap();
}

/// The error of a launch into the cgroup of `fd`.
fn refusal(fd: &OwnedFd) -> (i32, String) {
    let mut plan = plan(&["/bin/true"]);
    plan.cgroup = Some(fd.as_raw_fd());
    match start(&plan, Hooks::default()) {
        Err(ref whole @ Error::Parent { ref error, .. }) => {
            (error.raw_os_error().unwrap(), whole.to_string())
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn row_16_cgroup_refusals_say_why() {
    const TEST: &str = "row_16_cgroup_refusals_say_why";
    if !needs_root(TEST, "CAP_SYS_ADMIN") {
        return;
    }
    let no_cgroup = directory(Path::new("/tmp"));
    let (errno, text) = refusal(&no_cgroup);
    assert!(errno == libc::EBADF && text.contains("no directory of a cgroup2"), "{text}");
    if let Some(v1) = hierarchy("cgroup") {
        let (errno, text) = refusal(&directory(&v1));
        assert!(errno == libc::EBADF && text.contains("no directory of a cgroup2"), "{text}");
    }
    let Some(group) = Group::new(TEST) else { return };
    // A group that hands a controller on to its children takes no process itself.
    // The root has to hand the controller on first; what it handed on before is restored.
    let root = group.0.parent().unwrap().to_owned();
    let read = |file: &str| fs::read_to_string(root.join(file)).unwrap_or_default();
    let (controllers, handed) = (read("cgroup.controllers"), read("cgroup.subtree_control"));
    let domain =
        ["hugetlb", "memory", "io"].into_iter().find(|c| controllers.split_whitespace().any(|k| k == *c));
    let Some(domain) = domain else {
        missing(TEST, "a domain controller in cgroup2");
        return;
    };
    let _handed = Handed::on(root, domain, handed.split_whitespace().any(|controller| controller == domain));
    fs::write(group.0.join("cgroup.subtree_control"), format!("+{domain}")).unwrap();
    let (errno, text) = refusal(&group.open());
    assert!(errno == libc::EBUSY && text.contains("name a child"), "{text}");
    // One that is gone.
    let fd = group.open();
    drop(group);
    let (errno, text) = refusal(&fd);
    // Which of the two depends on how far the kernel gets before it notices.
    assert!([libc::ENODEV, libc::ENOENT].contains(&errno) && text.contains("has been removed"), "{text}");
}

/// A controller that the root hands on for as long as this lives, or longer where it did before.
struct Handed(Option<(std::path::PathBuf, &'static str)>);

impl Handed {
    fn on(root: std::path::PathBuf, controller: &'static str, already: bool) -> Handed {
        fs::write(root.join("cgroup.subtree_control"), format!("+{controller}")).unwrap();
        Handed((!already).then_some((root, controller)))
    }
}

impl Drop for Handed {
    fn drop(&mut self) {
        if let Some((root, controller)) = &self.0 {
            fs::write(root.join("cgroup.subtree_control"), format!("-{controller}")).ok();
        }
    }
}

#[test]
fn row_16_cgroup_of_another_is_refused() {
    const TEST: &str = "row_16_cgroup_of_another_is_refused";
    if as_other_user(TEST) {
        return;
    }
    let Some(root) = hierarchy("cgroup2") else {
        missing(TEST, "a cgroup2 mount");
        return;
    };
    let (errno, text) = refusal(&directory(&root));
    assert!(errno == libc::EACCES && text.contains("must be writable"), "{text}");
}

#[test]
fn row_16_cgroup_of_the_command_line_is_made_and_removed() {
    const TEST: &str = "row_16_cgroup_of_the_command_line_is_made_and_removed";
    if !needs_root(TEST, "CAP_SYS_ADMIN") {
        return;
    }
    let Some(root) = hierarchy("cgroup2") else {
        missing(TEST, "a cgroup2 mount");
        return;
    };
    let name = format!("trace-row16-{}-{}", std::process::id(), serial());
    let text = spawned(&["--cgroup", &name, "--", "cat", "/proc/self/cgroup"]);
    let inside = text.lines().find(|line| line.starts_with("0::")).unwrap();
    assert!(inside.ends_with(&format!("/{name}")), "{text}");
    assert!(!fs::exists(root.join(&name)).unwrap(), "it was made for the program, and is gone with it");
}

#[test]
fn row_17_newtime_gives_another_namespace_on_both_paths() {
    if as_other_user("row_17_newtime_gives_another_namespace_on_both_paths") {
        return;
    }
    let own = fs::read_link("/proc/self/ns/time").unwrap().to_string_lossy().into_owned();
    let plain = spawned(&["--unshare", "user,time", "--map-root", "--", "readlink", "/proc/self/ns/time"]);
    assert!(plain.starts_with("time:[") && plain != own, "{plain}");
    let ten_days = 864_000;
    let script = "readlink /proc/self/ns/time; cat /proc/uptime; cat /proc/self/timens_offsets";
    let option = format!("boottime={ten_days}");
    let words = [
        "--unshare",
        "user",
        "--map-root",
        "--timens-offset",
        &option,
        "--timens-offset",
        "monotonic=77",
        "--",
        "sh",
        "-c",
        script,
    ];
    let text = spawned(&words);
    let lines: Vec<&str> = text.lines().collect();
    assert_ne!(lines[0], own);
    // /proc/uptime shows the boot time.
    let uptime: f64 = lines[1].split(' ').next().unwrap().parse().unwrap();
    assert!(uptime >= f64::from(ten_days), "{text}");
    let offsets: Vec<Vec<&str>> = lines[2..].iter().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(offsets, [["monotonic", "77", "0"], ["boottime", "864000", "0"]]);
}

#[test]
fn row_17_newtime_with_and_without_vfork_and_late() {
    if !needs_root("row_17_newtime_with_and_without_vfork_and_late", "CAP_SYS_ADMIN") {
        return;
    }
    let own = fs::read_link("/proc/self/ns/time").unwrap().to_string_lossy().into_owned();
    let offset = TimeOffset { clock: 1, seconds: 500, nanoseconds: 250 };
    for offsets in [vec![], vec![offset]] {
        for late in [false, true] {
            for fork in [false, true] {
                let mut plan = shell("readlink /proc/self/ns/time; head -n1 /proc/self/timens_offsets");
                *(if late { &mut plan.late } else { &mut plan.namespaces }) = Namespaces::TIME;
                plan.time_offsets.clone_from(&offsets);
                let mut nothing = |_: i32| Ok(());
                let hooks = Hooks { joining: None, sync: if fork { Some(&mut nothing) } else { None } };
                let (exit, text) = try_output(&plan, hooks).unwrap();
                let (namespace, line) = text.split_once('\n').unwrap();
                let what = format!("late {late}, fork {fork}, {offsets:?}: {text}");
                assert!(exit == Exit::Status(0) && namespace != own, "{what}");
                let words: Vec<&str> = line.split_whitespace().collect();
                let want =
                    if offsets.is_empty() { ["monotonic", "0", "0"] } else { ["monotonic", "500", "250"] };
                assert_eq!(words, want, "{what}");
            }
        }
    }
    // A clock cannot be set before the boot.
    let mut plan = plan(&["/bin/true"]);
    plan.namespaces = Namespaces::TIME;
    plan.time_offsets = vec![TimeOffset { clock: 1, seconds: -4_000_000_000, nanoseconds: 0 }];
    let error = failed(&plan);
    assert_eq!(error.errno, libc::ERANGE, "{error:?}");
    assert!(error.step.contains("timens_offsets"), "{}", error.step);
}

/// The first line of a dry run.
fn clone_line(plan: &Plan, hooks: &Hooks<'_>) -> String {
    start::dry_run(plan, hooks).unwrap().remove(0)
}

#[test]
fn row_18_vfork_unless_parent_and_child_would_wait_for_each_other() {
    const TEST: &str = "row_18_vfork_unless_parent_and_child_would_wait_for_each_other";
    // None of these may hang; the bound of a lone process is a minute.
    if alone(TEST) {
        return;
    }
    let plain = plan(&["/bin/true"]);
    assert_eq!(clone_line(&plain, &Hooks::default()), "clone as vfork");
    let user = Plan { namespaces: Namespaces::USER, ..plain.clone() };
    let late = Plan { late: Namespaces::USER, ..plain.clone() };
    let stopped = Plan { traced: Traced::BeforeExec, ..plain.clone() };
    let ids =
        Plan { identity: Some(Identity { groups: Groups::Keep, ..Identity::default() }), ..plain.clone() };
    for plan in [&user, &late, &stopped, &ids] {
        let line = clone_line(plan, &Hooks::default());
        assert!(line.starts_with("clone as fork"), "{line}");
        let process = start(plan, Hooks::default()).unwrap();
        if plan.traced == Traced::No {
            assert_eq!(process.wait().unwrap(), Exit::Status(0));
        } else {
            process.destroy();
        }
    }
    let mut calls = 0;
    let mut sync = |pid: i32| {
        calls += 1;
        assert!(procfs::state(pid).is_some());
        Ok(())
    };
    let hooks = Hooks { joining: None, sync: Some(&mut sync) };
    assert_eq!(clone_line(&plain, &hooks), "clone as fork");
    assert_eq!(start(&plain, hooks).unwrap().wait().unwrap(), Exit::Status(0));
    assert_eq!(calls, 1);
    assert!(!alone::has_children());
}

#[test]
fn row_18_vfork_shows_in_the_clone_itself() {
    const TEST: &str = "row_18_vfork_shows_in_the_clone_itself";
    if !has_tool("strace") {
        missing(TEST, "strace (package strace)");
        return;
    }
    let flags = |options: &[&str]| {
        let mut run = Command::new("strace");
        run.args(["-e", "trace=clone3"]).arg(binary()).arg("spawn").args(options).args(["--", "/bin/true"]);
        let output = run.output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{text}");
        text.lines()
            .find(|line| line.contains("CLONE_CLEAR_SIGHAND"))
            .unwrap_or_else(|| panic!("{text}"))
            .to_owned()
    };
    let plain = flags(&[]);
    assert!(plain.contains("CLONE_VM|") && plain.contains("CLONE_VFORK"), "{plain}");
    assert!(plain.contains("CLONE_PIDFD") && !plain.contains("stack=NULL"), "a stack of its own: {plain}");
    let forked = flags(&["--map-root"]);
    assert!(!forked.contains("CLONE_VM|") && !forked.contains("CLONE_VFORK"), "{forked}");
}

#[test]
fn row_18_vfork_leaves_the_parents_memory_alone() {
    const TEST: &str = "row_18_vfork_leaves_the_parents_memory_alone";
    if alone(TEST) {
        return;
    }
    let threads: Vec<_> = (0..4u64)
        .map(|thread| {
            std::thread::spawn(move || {
                let canary = vec![thread; 4096];
                for turn in 0..40 {
                    let good = plan(&["/bin/sh", "-c", "exit 7"]);
                    let bad = plan(&["/no/such/program"]);
                    assert_eq!(start(&good, Hooks::default()).unwrap().wait().unwrap(), Exit::Status(7));
                    assert_eq!(failed(&bad).errno, libc::ENOENT, "{thread}.{turn}");
                    assert!(canary.iter().all(|&value| value == thread));
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert!(!alone::has_children());
    assert_eq!(dumpable(), 1);
}

#[test]
fn row_18_vfork_keeps_the_parents_state() {
    const TEST: &str = "row_18_vfork_keeps_the_parents_state";
    if alone(TEST) {
        return;
    }
    // What a vfork child changes of itself before its execve must be its own: directory, umask, session.
    let facts = || {
        let stat = alone::stat(std::process::id() as i32);
        let limits = fs::read_to_string("/proc/self/limits").unwrap();
        let cwd = std::env::current_dir().unwrap();
        let status = fs::read_to_string("/proc/thread-self/status").unwrap();
        let lines = [
            "Umask",
            "SigBlk",
            "SigIgn",
            "SigCgt",
            "NoNewPrivs",
            "Seccomp",
            "CapBnd",
            "CapAmb",
            "CapEff",
            "Cpus_allowed",
        ];
        let lines = lines.map(|name| line(&status, name));
        // SAFETY: a plain system call.
        let personality = unsafe { libc::personality(0xffff_ffff) };
        (
            [5, 6, 7, 19].map(|field| alone::field(&stat, field)),
            limits,
            cwd,
            lines,
            personality,
            alone::open_descriptors(),
        )
    };
    let before = facts();
    let mut changed = shell("pwd; ulimit -n; ulimit -c; grep NoNewPrivs /proc/self/status");
    changed.workdir = Some("/".into());
    changed.terminal.setsid = true;
    changed.limits = vec![
        trace::spawn::plan::Rlimit { resource: libc::RLIMIT_NOFILE, soft: 64, hard: None },
        trace::spawn::plan::Rlimit { resource: libc::RLIMIT_CORE, soft: 0, hard: None },
    ];
    changed.no_new_privs = true;
    changed.nice = Some(15);
    changed.affinity = Some(vec![0]);
    changed.personality = Some(0x0004_0000);
    changed.pdeathsig = Some(libc::SIGKILL);
    changed.unshare_flags = 0x600;
    assert_eq!(clone_line(&changed, &Hooks::default()), "clone as vfork");
    assert_eq!(alone::output(&changed), "/\n64\n0\nNoNewPrivs:\t1");
    assert_eq!(facts(), before);
    // The same when it fails at the end.
    changed.program = trace::spawn::plan::Program::Path("/no/such/program".into());
    assert_eq!(failed(&changed).errno, libc::ENOENT);
    assert_eq!(facts(), before);
}
