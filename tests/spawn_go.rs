//! What Go's tests of `syscall/exec_linux.go` and `os` ask of a launch, one test for each behaviour.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unsafe_code)]

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::fd::AsRawFd;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use support::TempDir;
use support::child::{
    Group, alone, failure, field, filter, namespace, open_fds, output, pipe, piped, program, rest, sh,
    spawn_under, status,
};
use support::procfs::{self, wait_until};
use support::spawn::{as_other_user, binary, busybox_root, needs_root, refused, spawn, spawned};
use trace::spawn::check::Invalid;
use trace::spawn::error::Error;
use trace::spawn::idmap::Range;
use trace::spawn::namespaces::Namespaces;
use trace::spawn::plan::{Groups, IdMaps, Identity, Plan, Program, Rlimit, Root, Traced};
use trace::spawn::process::{Exit, Process};
use trace::spawn::start::{Hooks, start};
use trace::sys::{limits, process, wait};

const SECONDS: Duration = Duration::from_secs(5);
const NOBODY: u32 = 65534;

fn nobody() -> Identity {
    Identity { uid: Some(NOBODY), gid: Some(NOBODY), ..Identity::default() }
}

/// Maps that make the caller `inside`.
fn own_as(inside: u32, setgroups: bool) -> IdMaps {
    let (uid, gid) = (process::effective_uid(), process::effective_gid());
    IdMaps { uid: vec![Range::one(inside, uid)], gid: vec![Range::one(inside, gid)], setgroups }
}

/// A plan of `sh -c SCRIPT` in a user namespace where the caller is root.
fn rooted(script: &str, setgroups: bool) -> Plan {
    let mut plan = sh(script);
    plan.namespaces = Namespaces::USER;
    plan.maps = Some(own_as(0, setgroups));
    plan
}

fn root_by_map() {
    let (text, end) = output(&rooted("whoami; cat /proc/self/setgroups", false));
    assert_eq!((text.as_str(), end), ("root\ndeny\n", Exit::Status(0)));
}

#[test]
fn go_01_ones_own_id_as_root() {
    root_by_map();
}

#[test]
fn go_01_ones_own_id_as_root_for_another_user() {
    if as_other_user("go_01_ones_own_id_as_root_for_another_user") {
        return;
    }
    root_by_map();
}

#[test]
fn go_02_setgroups_allowed_for_root() {
    if !needs_root("go_02", "CAP_SETGID") {
        return;
    }
    assert_eq!(output(&rooted("whoami; cat /proc/self/setgroups", true)).0, "root\nallow\n");
}

#[test]
fn go_02_setgroups_allowed_is_refused_to_another_user() {
    if as_other_user("go_02_setgroups_allowed_is_refused_to_another_user") {
        return;
    }
    let text = failure(&rooted("whoami", true));
    assert!(text.contains("write the gid_map of the child: Operation not permitted"), "{text}");
    assert!(text.contains("with setgroups denied"), "{text}");
}

#[test]
fn go_03_an_empty_credential_with_setgroups_denied() {
    let mut plan = rooted("whoami", false);
    plan.identity = Some(Identity::default());
    assert_eq!(output(&plan).0, "root\n");
}

#[test]
fn go_04_a_net_namespace_has_only_lo() {
    let mut plan = program("/bin/cat", &["cat", "/proc/net/dev"]);
    plan.namespaces = Namespaces::USER;
    plan.maps = Some(own_as(0, false));
    // Once at the clone, once by the child itself.
    for late in [false, true] {
        plan.late = if late { Namespaces::NET } else { Namespaces::NONE };
        plan.namespaces = if late { Namespaces::USER } else { Namespaces::USER.with(Namespaces::NET) };
        let text = output(&plan).0;
        let names: Vec<&str> =
            text.lines().skip(2).filter_map(|line| line.split(':').next()).map(str::trim).collect();
        assert_eq!(names, ["lo"], "late: {late}");
    }
}

/// Keeps two supplementary groups for this thread, as a launcher that has some.
fn with_groups(run: impl FnOnce() + Send) {
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let groups: [libc::gid_t; 2] = [4, 24];
            // SAFETY: the raw call changes this thread only, and reads two ids.
            let result = unsafe { libc::syscall(libc::SYS_setgroups, 2, groups.as_ptr()) };
            assert_eq!(result, 0, "setgroups");
            run();
        });
        thread.join().unwrap();
    });
}

#[test]
fn go_05_credentials_without_groups_drop_all() {
    if !needs_root("go_05", "CAP_SETGID") {
        return;
    }
    with_groups(|| {
        let mut plan = program("/usr/bin/id", &["id", "-G"]);
        assert!(output(&plan).0.contains("4 24"), "they are inherited without");
        plan.identity = Some(Identity { uid: Some(0), gid: Some(0), ..Identity::default() });
        assert_eq!(output(&plan).0, "0\n");
        plan.identity = Some(Identity { groups: Groups::Keep, ..nobody() });
        assert_eq!(output(&plan).0, "65534 4 24\n");
    });
}

#[test]
fn go_06_the_same_in_a_user_namespace() {
    if !needs_root("go_06", "CAP_SETGID") {
        return;
    }
    with_groups(|| {
        let mut plan = rooted("id -G", true);
        plan.identity = Some(Identity { uid: Some(0), gid: Some(0), ..Identity::default() });
        assert_eq!(output(&plan).0, "0\n");
        // Where setgroups is denied they stay, and show as nobody's.
        plan.maps = Some(own_as(0, false));
        let text = output(&plan).0;
        assert!(text.split_whitespace().all(|id| id == "0" || id == "65534"), "{text}");
    });
}

/// A program that has printed a line and waits for the end of its input.
fn waiting(command: &mut Command) -> (Child, String) {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    (child, line.trim_end().to_owned())
}

fn trace_spawn(args: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.arg("spawn").args(args);
    command
}

#[test]
fn go_07_a_mount_after_unshare_is_invisible() {
    if !needs_root("go_07", "CAP_SYS_ADMIN") {
        return;
    }
    let dir = TempDir::new("go07");
    let at = dir.path().to_str().unwrap();
    let script = format!("mount -t tmpfs none {at} && grep -c {at} /proc/self/mountinfo; read line; exit 0");
    let (mut child, line) = waiting(&mut trace_spawn(&["--unshare", "mount", "--", "sh", "-c", &script]));
    assert_eq!(line, "1");
    assert!(!fs::read_to_string("/proc/self/mountinfo").unwrap().contains(at));
    fs::remove_dir(at).expect("not busy here");
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    // The namespace may also be made late.
    let mut plan = sh(&format!("mkdir {at}; mount -t tmpfs none {at} && grep -c {at} /proc/self/mountinfo"));
    plan.late = Namespaces::MOUNT;
    assert_eq!(output(&plan).0, "1\n");
    assert!(!fs::read_to_string("/proc/self/mountinfo").unwrap().contains(at));
}

#[test]
fn go_08_the_same_with_chroot() {
    let Some(root) = busybox_root("go_08") else { return };
    if !needs_root("go_08", "CAP_SYS_CHROOT") {
        return;
    }
    fs::create_dir(root.join("proc")).unwrap();
    fs::create_dir(root.join("point")).unwrap();
    let script = "mount -t proc none /proc; mount -t tmpfs none /point && echo x > /point/f && ls /point /";
    let args = ["--unshare", "mount", "--chroot", root.path().to_str().unwrap(), "--", "sh", "-c", script];
    assert_eq!(spawned(&args), "/:\nbin\npoint\nproc\n\n/point:\nf");
    assert_eq!(fs::read_dir(root.join("point")).unwrap().count(), 0);
    assert!(!fs::read_to_string("/proc/self/mountinfo").unwrap().contains(root.path().to_str().unwrap()));
}

#[test]
fn go_09_an_ordinary_user_unshares_and_changes_the_root() {
    if as_other_user("go_09_an_ordinary_user_unshares_and_changes_the_root") {
        return;
    }
    let Some(root) = busybox_root("go_09") else { return };
    let mut plan = program("/bin/busybox", &["ls", "/"]);
    plan.late = Namespaces::USER.with(Namespaces::MOUNT);
    plan.maps = Some(own_as(0, false));
    plan.fs.root = Some(Root::Chroot(root.path().to_owned()));
    assert_eq!(output(&plan), ("bin\n".into(), Exit::Status(0)));
    let args =
        ["--unshare", "mount", "--map-root", "--chroot", root.path().to_str().unwrap(), "--", "ls", "/"];
    assert_eq!(spawned(&args), "bin");
}

#[test]
fn go_10_the_cgroup_holds_from_the_first_instruction() {
    if !needs_root("go_10", "CAP_SYS_ADMIN") {
        return;
    }
    let Some(group) = Group::new("go_10") else { return };
    let directory = group.open();
    let mut plan = program("/bin/cat", &["cat", "/proc/self/cgroup"]);
    plan.cgroup = Some(directory.as_raw_fd());
    let text = output(&plan).0;
    let line = text.lines().find(|line| line.starts_with("0::")).unwrap();
    assert_eq!(line, format!("0::/{}", group.name()));
    plan.cgroup = Some(-1);
    assert!(failure(&plan).contains("descriptor -1"));
    let null = fs::File::open("/tmp").unwrap();
    plan.cgroup = Some(null.as_raw_fd());
    assert!(failure(&plan).contains("no directory of a cgroup2 filesystem"));
}

#[test]
fn go_11_a_time_namespace() {
    let mut plan = rooted("readlink /proc/self/ns/time", false);
    plan.namespaces = plan.namespaces.with(Namespaces::TIME);
    let text = output(&plan).0;
    assert!(text.starts_with("time:[") && text.trim_end() != namespace("self", "time"), "{text}");
}

/// Starts `plan` and ends it through its pidfd.
fn ended_by_pidfd(plan: &Plan) {
    let process = start(plan, Hooks::default()).unwrap();
    let pidfd = process.pidfd().expect("a kernel with pidfds").as_raw_fd();
    let none = std::ptr::null::<libc::siginfo_t>();
    // SAFETY: numbers and a null pointer, which the call allows.
    let sent = unsafe { libc::syscall(libc::SYS_pidfd_send_signal, pidfd, libc::SIGUSR2, none, 0) };
    assert_eq!(sent, 0);
    assert_eq!(process.wait().unwrap(), Exit::Signal(libc::SIGUSR2));
}

#[test]
fn go_12_a_signal_by_pidfd() {
    ended_by_pidfd(&program("/bin/sleep", &["sleep", "60"]));
}

#[test]
fn go_13_the_same_with_a_user_namespace() {
    let mut plan = program("/bin/sleep", &["sleep", "60"]);
    plan.namespaces = Namespaces::USER;
    plan.maps = Some(own_as(0, false));
    ended_by_pidfd(&plan);
}

#[test]
fn go_14_with_and_without_clone3() {
    let mut plan = program("/bin/sleep", &["sleep", "60"]);
    // A time namespace has no way but clone3.
    plan.namespaces = Namespaces::USER.with(Namespaces::TIME);
    plan.maps = Some(own_as(0, false));
    ended_by_pidfd(&plan);
    // Where clone3 is not there, clone does it.
    let none = filter(&[(libc::SYS_clone3, support::child::errno(libc::ENOSYS))]);
    let (text, end) = spawn_under(none, &["--unshare", "user", "--map-root", "--", "whoami"]);
    assert_eq!((text.as_str(), end), ("root\n", Exit::Status(0)));
}

/// CAP_SYS_TIME and CAP_SYSLOG: one below 32, one above.
const TWO: u64 = 1 << 25 | 1 << 34;

fn two_ambient() -> Plan {
    let mut plan = program("/bin/cat", &["cat", "/proc/self/status"]);
    plan.caps.ambient = trace::spawn::caps::CapSet(TWO);
    plan
}

#[test]
fn go_15_two_ambient_capabilities_of_nobody() {
    if !needs_root("go_15", "CAP_SETPCAP") {
        return;
    }
    let mut plan = two_ambient();
    plan.identity = Some(nobody());
    let text = output(&plan).0;
    assert_eq!(field(&text, "Uid"), "65534 65534 65534 65534");
    for set in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
        assert_eq!(field(&text, set), format!("{TWO:016x}"), "{set}");
    }
}

#[test]
fn go_16_the_same_in_a_user_namespace() {
    let mut plan = two_ambient();
    plan.namespaces = Namespaces::USER;
    plan.maps = Some(own_as(NOBODY, false));
    plan.identity = Some(nobody());
    let text = output(&plan).0;
    assert_eq!(field(&text, "Uid"), "65534 65534 65534 65534");
    assert_eq!(field(&text, "CapAmb"), format!("{TWO:016x}"));
    assert_eq!(field(&text, "CapEff"), format!("{TWO:016x}"));
}

#[test]
fn go_17_the_death_signal_reaches_a_changed_user() {
    if !needs_root("go_17", "CAP_SETUID") {
        return;
    }
    let script = "trap 'echo told; exit 0' USR1; echo $$; while :; do sleep 0.01; done";
    let args = ["--pdeathsig", "USR1", "--uid", "65534", "--gid", "65534", "--", "sh", "-c", script];
    let (mut child, line) = waiting(&mut trace_spawn(&args));
    let pid: i32 = line.parse().unwrap();
    assert_eq!(status(pid, "Uid"), "65534 65534 65534 65534");
    child.kill().unwrap();
    child.wait().unwrap();
    let mut text = String::new();
    child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text, "told\n");
}

/// The process group of a process.
fn group(pid: i32) -> i32 {
    // SAFETY: getpgid(2) takes a number.
    unsafe { libc::getpgid(pid) }
}

/// Starts a sleeping plan, asks `question` about it, and ends it.
fn sleeping<T>(change: impl FnOnce(&mut Plan), question: impl FnOnce(&Process) -> T) -> T {
    let mut plan = program("/bin/sleep", &["sleep", "60"]);
    change(&mut plan);
    let process = start(&plan, Hooks::default()).unwrap();
    let answer = question(&process);
    process.destroy();
    answer
}

#[test]
fn go_18_nothing_asked_keeps_the_group() {
    assert_eq!(sleeping(|_| (), |child| group(child.pid())), group(0));
}

#[test]
fn go_19_a_group_of_its_own() {
    let leads = sleeping(|plan| plan.terminal.pgid = Some(0), |child| group(child.pid()) == child.pid());
    assert!(leads);
}

#[test]
fn go_20_an_existing_group() {
    sleeping(
        |plan| plan.terminal.pgid = Some(0),
        |leader| {
            let joined = sleeping(|plan| plan.terminal.pgid = Some(leader.pid()), |child| group(child.pid()));
            assert_eq!(joined, leader.pid());
        },
    );
    let mut plan = program("/bin/true", &["true"]);
    plan.terminal.pgid = Some(std::process::id() as i32 + 4_000_000);
    assert!(failure(&plan).contains("join process group"));
}

/// Runs `words` with a terminal of their own; what they print there.
fn on_a_terminal(test: &str, words: &str) -> Option<String> {
    if !support::has_tool("script") {
        support::missing(test, "script (package bsdutils)");
        return None;
    }
    let mut run = Command::new("timeout");
    run.args(["-k", "5", "30", "script", "-qec", words, "/dev/null"]).stdin(Stdio::null());
    let text = run.output().unwrap();
    Some(String::from_utf8_lossy(&text.stdout).replace('\r', ""))
}

#[test]
fn go_21_a_foreground_child_owns_the_terminal() {
    let stat = "set -- $(sed 's/.*) //' /proc/self/stat); echo group $3 terminal $6";
    let words =
        format!("{} spawn --foreground -- sh -c \"{}\"", binary().display(), stat.replace('$', "\\$"));
    let Some(text) = on_a_terminal("go_21", &format!("echo mine $$; {words}; echo back")) else { return };
    let line = text.lines().find(|line| line.starts_with("group")).unwrap_or_else(|| panic!("{text}"));
    let numbers: Vec<&str> = line.split(' ').collect();
    assert_eq!(numbers[1], numbers[3], "{text}");
    assert!(!text.contains(&format!("mine {}\n", numbers[1])), "its group is its own: {text}");
    assert!(text.ends_with("back\n"), "{text}");
}

#[test]
fn go_22_the_parent_gets_no_stop_of_the_terminal() {
    // An interactive shell with job control would report "Stopped"; the launcher writes to the terminal after.
    let spawn = format!("{} spawn --foreground -- true", binary().display());
    let words = format!(
        "trap 'echo TTIN' TTIN; trap 'echo TTOU' TTOU; {spawn}; echo first $?; {spawn}; echo second $?"
    );
    let Some(text) = on_a_terminal("go_22", &words) else { return };
    assert_eq!(text, "first 0\nsecond 0\n");
}

#[test]
fn go_23_contradictions_of_the_terminal_are_found_before_the_fork() {
    let mut plan = program("/nonexistent", &["x"]);
    plan.terminal.setsid = true;
    plan.terminal.controlling = Some(0);
    plan.terminal.foreground = Some(0);
    let invalid = |plan: &Plan| match start(plan, Hooks::default()) {
        Err(Error::Invalid(invalid)) => invalid,
        other => panic!("{other:?}"),
    };
    assert_eq!(invalid(&plan), Invalid::ForegroundAndControlling);
    plan.terminal.foreground = None;
    plan.terminal.controlling = Some(9);
    assert_eq!(invalid(&plan), Invalid::ControllingNotInChild(9));
    plan.fds.map = vec![(9, None)];
    assert_eq!(invalid(&plan), Invalid::ControllingNotInChild(9));
    plan.terminal.setsid = false;
    assert_eq!(invalid(&plan), Invalid::ControllingWithoutSession);
    let text = refused(&["--ctty", "--foreground", "--", "true"]);
    assert!(text.contains("terminal"), "{text}");
}

#[test]
fn go_24_launches_of_many_threads() {
    let stop = Arc::new(AtomicBool::new(false));
    let busy: Vec<_> = (0..8)
        .map(|_| {
            let stop = Arc::clone(&stop);
            std::thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    drop(vec![1u8; 4096]);
                    std::thread::yield_now();
                }
            })
        })
        .collect();
    let launchers: Vec<_> = (0..4)
        .map(|n| {
            std::thread::spawn(move || {
                for round in 0..10 {
                    let word = format!("{n} {round}");
                    let mut plan = program("/bin/echo", &["echo", &word]);
                    plan.mask = (n % 2 == 0).then(trace::sys::signal::mask);
                    assert_eq!(output(&plan), (format!("{word}\n"), Exit::Status(0)));
                }
            })
        })
        .collect();
    let results: Vec<_> = launchers.into_iter().map(std::thread::JoinHandle::join).collect();
    stop.store(true, Ordering::Relaxed);
    busy.into_iter().for_each(|thread| thread.join().unwrap());
    assert!(results.iter().all(Result::is_ok));
}

/// Soft and hard limit of open files, as a shell sees them.
fn files(plan: &Plan) -> String {
    output(plan).0.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn go_25_the_limit_of_files_is_the_original() {
    if alone("go_25_the_limit_of_files_is_the_original") {
        return;
    }
    let ask = sh("ulimit -Sn; ulimit -Hn");
    limits::set(libc::RLIMIT_NOFILE, (200, 300)).unwrap();
    limits::raise_nofile().unwrap();
    assert_eq!(limits::get(libc::RLIMIT_NOFILE).unwrap(), (300, 300));
    assert_eq!(files(&ask), "200 300");
    let script = format!("ulimit -Sn 150; exec {} spawn -- sh -c 'ulimit -Sn'", binary().display());
    assert_eq!(files(&sh(&script)), "150");
}

#[test]
fn go_26_no_arguments_and_no_attributes() {
    let empty = Plan::new("/bin/true", Vec::new());
    assert!(matches!(start(&empty, Hooks::default()), Err(Error::Invalid(Invalid::NoArguments))));
    assert_eq!(output(&Plan::new("/bin/echo", vec!["".into()])), ("\n".into(), Exit::Status(0)));
    let nul = program("/bin/tr\0ue", &["true"]);
    assert!(matches!(start(&nul, Hooks::default()), Err(Error::Nul(_))));
    assert!(refused(&["--"]).contains("no command"));
}

#[test]
fn go_27_a_traced_start_stops_at_its_execve() {
    let mut plan = program("/bin/true", &["true"]);
    plan.traced = Traced::AtExec;
    let process = start(&plan, Hooks::default()).unwrap();
    let stop = wait::wait(process.pid()).unwrap().1;
    assert_eq!(stop, wait::Status::Stopped { signo: libc::SIGTRAP, event: 0 });
    let program = fs::read_link(format!("/proc/{}/exe", process.pid())).unwrap();
    assert_eq!(program, fs::canonicalize("/bin/true").unwrap());
    trace::sys::ptrace::cont(process.pid(), 0).unwrap();
    assert_eq!(process.wait().unwrap(), Exit::Status(0), "one stop and no more");
}

#[test]
fn go_28_a_directory_with_permuted_descriptors() {
    let (_read, write) = pipe();
    let fd = write.as_raw_fd();
    // Both ways of the launch: memory shared and not; the numbers cover the channel's.
    let maps: [Vec<(i32, Option<i32>)>; 3] = [
        vec![(0, Some(2)), (1, Some(0)), (2, Some(1))],
        (3..40).map(|to| (to, Some(fd))).collect(),
        (0..40).rev().map(|to| (to, (to % 3 != 0).then_some(fd))).collect(),
    ];
    for map in maps {
        for talks in [false, true] {
            let mut plan = program("/", &["/"]);
            plan.fds.map.clone_from(&map);
            let mut word = |_: i32| Ok(());
            let sync: Option<&mut dyn FnMut(i32) -> Result<(), String>> = talks.then_some(&mut word);
            let error = start(&plan, Hooks { sync, ..Hooks::default() }).unwrap_err().to_string();
            assert!(error.contains("execute '/': Permission denied"), "{map:?}: {error}");
        }
    }
}

#[test]
fn go_29_limits_of_oneself_of_another_and_inherited() {
    if alone("go_29_limits_of_oneself_of_another_and_inherited") {
        return;
    }
    let ask = sh("ulimit -Sn; ulimit -Hn");
    limits::set(libc::RLIMIT_NOFILE, (200, 300)).unwrap();
    limits::raise_nofile().unwrap();
    // Another's prlimit of this process is not undone by the next launch.
    let limit = libc::rlimit { rlim_cur: 250, rlim_max: 260 };
    // SAFETY: the new limit is live, the old one is not asked for.
    let result = unsafe {
        libc::prlimit(std::process::id() as i32, libc::RLIMIT_NOFILE, &raw const limit, std::ptr::null_mut())
    };
    assert_eq!(result, 0);
    assert_eq!(files(&ask), "250 260");
    let mut plan = sh("ulimit -Sn; read line; ulimit -Sn; ulimit -Hn");
    plan.limits.push(Rlimit { resource: libc::RLIMIT_NOFILE, soft: 100, hard: None });
    let (input, hold) = pipe();
    plan.fds.map.push((0, Some(input.as_raw_fd())));
    let (process, mut pipe) = piped(&plan, Hooks::default()).unwrap();
    let mut first = [0; 4];
    pipe.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"100\n");
    let limit = libc::rlimit { rlim_cur: 90, rlim_max: 95 };
    // SAFETY: as above.
    unsafe { libc::prlimit(process.pid(), libc::RLIMIT_NOFILE, &raw const limit, std::ptr::null_mut()) };
    drop(hold);
    assert_eq!(rest(pipe), "90\n95\n");
    process.wait().unwrap();
    assert_eq!(limits::get(libc::RLIMIT_NOFILE).unwrap(), (250, 260), "one's own stays");
}

#[test]
fn go_30_pidfds_after_failures_and_after_the_end() {
    if alone("go_30_pidfds_after_failures_and_after_the_end") {
        return;
    }
    let before = open_fds();
    for _ in 0..10 {
        let mut plan = program("", &["x"]);
        plan.program = Program::Path("/nonexistent".into());
        failure(&plan);
    }
    assert_eq!(open_fds(), before);
    let process = start(&program("/bin/true", &["true"]), Hooks::default()).unwrap();
    assert_eq!(process.wait().unwrap(), Exit::Status(0));
    let number = process.pidfd().expect("still there after the wait").as_raw_fd();
    let target = fs::read_link(format!("/proc/self/fd/{number}")).unwrap();
    assert!(target.to_string_lossy().contains("pidfd"), "{target:?}");
    assert!(process.has_ended() && process.signal(0).is_err(), "a dead pid is done");
    assert_eq!(process.wait().unwrap_err().raw_os_error(), Some(libc::ECHILD));
    assert!(
        wait_until(SECONDS, || procfs::state(process.pid()).is_none())
            && spawn(&["--", "true"]).status.success()
    );
}
