//! Launch rows 5 to 9: sessions, groups, terminals, the death signal.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
#![allow(unsafe_code)]

#[path = "support/alone.rs"]
mod alone;
mod support;

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use alone::{alone, alone_whatever, failed, field, plan, pty, shell, stat};
use support::procfs::{self, wait_until};
use support::spawn::{as_other_user, binary, needs_root, refused, spawned};
use support::{has_tool, missing};
use trace::spawn::check::Invalid;
use trace::spawn::error::Error;
use trace::spawn::namespaces::Namespaces;
use trace::spawn::plan::{Identity, Plan};
use trace::spawn::process::{Exit, Process};
use trace::spawn::start::{Hooks, start};

const PATIENCE: Duration = Duration::from_secs(10);

fn begin(plan: &Plan) -> Process {
    start(plan, Hooks::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// What is wrong with a plan before anything starts.
fn invalid(plan: &Plan) -> Invalid {
    match start(plan, Hooks::default()) {
        Err(Error::Invalid(invalid)) => invalid,
        other => panic!("{other:?}"),
    }
}

#[test]
fn row_05_setsid_leads_a_session_and_a_group() {
    let own = stat(std::process::id() as i32);
    let plain = alone::output(&shell("cat /proc/$$/stat"));
    assert_eq!(field(&plain, 5), field(&own, 5), "zero attributes keep the parent's group");
    assert_eq!(field(&plain, 6), field(&own, 6), "and its session");
    let mut plan = shell("cat /proc/$$/stat");
    plan.terminal.setsid = true;
    let text = alone::output(&plan);
    let pid: i64 = text.split(' ').next().unwrap().parse().unwrap();
    assert_eq!((field(&text, 5), field(&text, 6), field(&text, 7)), (pid, pid, 0));
    let text = spawned(&["--setsid", "--", "sh", "-c", "cat /proc/$$/stat"]);
    assert!(text.starts_with(&format!("{} ", field(&text, 6))), "{text}");
}

#[test]
fn row_05_setpgid_makes_a_group_or_joins_one() {
    let mut leader = plan(&["/bin/sleep", "60"]);
    leader.terminal.pgid = Some(0);
    let leader = begin(&leader);
    let text = stat(leader.pid());
    assert_eq!(field(&text, 5), i64::from(leader.pid()), "0 is its own pid");
    assert_eq!(field(&text, 6), field(&stat(std::process::id() as i32), 6), "the session stays");
    let mut member = shell("cat /proc/$$/stat");
    member.terminal.pgid = Some(leader.pid());
    assert_eq!(field(&alone::output(&member), 5), i64::from(leader.pid()));
    leader.destroy();
    // Gone with its last member; a group of another session (init's) is no better.
    for group in [leader.pid(), 1] {
        member.terminal.pgid = Some(group);
        let error = failed(&member);
        assert_eq!(error.errno, libc::EPERM, "{error:?}");
        assert_eq!(
            (error.index, error.text.contains("must exist in the same session")),
            (0, true),
            "{error:?}"
        );
    }
    member.terminal.pgid = Some(-5);
    assert_eq!(failed(&member).errno, libc::EINVAL);
}

#[test]
fn row_05_setsid_and_a_group_are_one_too_many() {
    let mut plan = plan(&["/bin/true"]);
    plan.terminal.setsid = true;
    plan.terminal.pgid = Some(0);
    assert_eq!(invalid(&plan), Invalid::SessionAndGroup(0));
    let text = refused(&["--setsid", "--pgid", "7", "--", "true"]);
    assert!(text.contains("--setsid and --pgid 7") && text.contains("give one"), "{text}");
}

/// Runs a shell command on a terminal of its own; `None` after saying that script(1) is missing.
fn on_terminal(test: &str, command: &str) -> Option<String> {
    if !has_tool("script") {
        missing(test, "script (package bsdutils)");
        return None;
    }
    let mut run = Command::new("timeout");
    run.args(["-k", "5", "20", "script", "-qec", command, "/dev/null"]);
    run.env("TRACE", binary()).env("SHELL", "/bin/sh").stdin(Stdio::null());
    let output = run.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).replace('\r', "");
    assert!(output.status.success(), "{command}: {:?}\n{text}", output.status);
    Some(text)
}

/// The lines that look like /proc/PID/stat.
fn stats(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.contains(") ") && line.split(' ').count() > 40).collect()
}

/// Group, session, terminal, the terminal's foreground group.
fn terminal_of(stat: &str) -> [i64; 4] {
    [5, 6, 7, 8].map(|number| field(stat, number))
}

#[test]
fn row_06_foreground_owns_the_terminal_and_gives_it_back() {
    // With tostop a background writer would be stopped by SIGTTOU; a reader would get SIGTTIN.
    let command = "stty tostop; \"$TRACE\" spawn --foreground -- sh -c 'cat /proc/$$/stat; exec grep SigBlk /proc/self/status' \
                   && cat /proc/self/stat";
    let Some(text) = on_terminal("row_06_foreground_owns_the_terminal_and_gives_it_back", command) else {
        return;
    };
    let [inside, after] = stats(&text)[..] else { panic!("{text}") };
    let pid: i64 = inside.split(' ').next().unwrap().parse().unwrap();
    let [group, session, tty, foreground] = terminal_of(inside);
    assert_eq!((group, foreground), (pid, pid), "a group of its own, in the foreground: {inside}");
    assert!(tty != 0 && session != pid, "{inside}");
    assert!(text.contains("SigBlk:\t0000000000000000"), "the mask is back: {text}");
    let [group, later, same, foreground] = terminal_of(after);
    assert_eq!((later, same, foreground), (session, tty, group), "the shell has it again: {after}");
}

#[test]
fn row_06_foreground_from_the_background_does_not_hang() {
    const TEST: &str = "row_06_foreground_from_the_background_does_not_hang";
    // The launcher is a background job: to take the terminal raises SIGTTOU unless it is blocked.
    let command =
        "stty tostop; set -m; \"$TRACE\" spawn --foreground -- sh -c 'cat /proc/$$/stat' & wait; true";
    let Some(text) = on_terminal(TEST, command) else { return };
    let [inside] = stats(&text)[..] else { panic!("{text}") };
    let pid: i64 = inside.split(' ').next().unwrap().parse().unwrap();
    assert_eq!(terminal_of(inside)[3], pid, "{inside}");
}

#[test]
fn row_06_foreground_wants_the_session_s_terminal() {
    // A terminal, but no one's controlling terminal.
    let (_master, slave) = pty();
    let mut plan = plan(&["/bin/true"]);
    plan.terminal.foreground = Some(slave.as_raw_fd());
    let error = failed(&plan);
    assert_eq!((error.errno, error.index), (libc::ENOTTY, 1), "{error:?}");
    assert!(error.step.contains("foreground"), "{}", error.step);
    plan.terminal.setsid = true;
    assert_eq!(invalid(&plan), Invalid::ForegroundAndSession);
    // Without any terminal the option says so.
    let run =
        Command::new(binary()).args(["spawn", "--foreground", "--", "true"]).stdin(Stdio::null()).output();
    let output = run.unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && text.contains("--foreground needs a terminal"), "{text}");
}

/// A script with the terminal as descriptor `fd`.
fn controlled(script: &str, fd: i32, slave: i32) -> Plan {
    let mut plan = shell(script);
    plan.terminal.setsid = true;
    plan.terminal.controlling = Some(fd);
    plan.fds.map.push((fd, Some(slave)));
    plan
}

#[test]
fn row_07_setctty_gives_the_session_its_terminal() {
    for fd in [0, 2, 3, 9] {
        let (_master, slave) = pty();
        let device = fs::metadata(format!("/proc/self/fd/{}", slave.as_raw_fd())).unwrap().rdev();
        let plan = controlled("cat /proc/$$/stat; (echo x > /dev/tty) && echo open", fd, slave.as_raw_fd());
        let text = alone::output(&plan);
        let (stat, rest) = text.split_once('\n').unwrap();
        let pid: i64 = stat.split(' ').next().unwrap().parse().unwrap();
        let tty = i64::try_from(device).unwrap();
        assert_eq!(terminal_of(stat), [pid, pid, tty, pid], "fd {fd}: {stat}");
        assert_eq!(rest, "open");
    }
}

#[test]
fn row_07_setctty_from_the_command_line() {
    let (_master, slave) = pty();
    let device = fs::metadata(format!("/proc/self/fd/{}", slave.as_raw_fd())).unwrap().rdev();
    let mut run = Command::new(binary());
    run.args(["spawn", "--ctty", "--", "sh", "-c", "cat /proc/$$/stat"]);
    let output = run.stdin(slave.try_clone().unwrap()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let [group, session, tty, foreground] = terminal_of(&text);
    assert_eq!((group, foreground, tty), (session, session, i64::try_from(device).unwrap()), "{text}");
}

#[test]
fn row_07_setctty_steals_only_as_root() {
    const TEST: &str = "row_07_setctty_steals_only_as_root";
    let (_master, slave) = pty();
    let first = begin(&controlled("exec sleep 60", 0, slave.as_raw_fd()));
    let tty = field(&stat(first.pid()), 7);
    assert_ne!(tty, 0);
    let second = controlled("exec sleep 60", 0, slave.as_raw_fd());
    if support::spawn::is_root() {
        let thief = begin(&second);
        assert_eq!(field(&stat(thief.pid()), 7), tty);
        assert_eq!(field(&stat(first.pid()), 7), 0, "the first session has lost it");
        thief.destroy();
    } else {
        let error = failed(&second);
        assert_eq!(error.errno, libc::EPERM, "{error:?}");
        assert!(error.text.contains("belongs to another session"), "{}", error.text);
    }
    first.destroy();
    drop(slave);
    as_other_user(TEST);
}

#[test]
fn row_07_setctty_is_checked_before_the_clone() {
    let (_master, slave) = pty();
    let slave = slave.as_raw_fd();
    let mut both = controlled("true", 0, slave);
    both.terminal.foreground = Some(slave);
    assert_eq!(invalid(&both), Invalid::ForegroundAndControlling);
    let mut no_session = controlled("true", 0, slave);
    no_session.terminal.setsid = false;
    assert_eq!(invalid(&no_session), Invalid::ControllingWithoutSession);
    let mut out_of_range = controlled("true", 0, slave);
    out_of_range.terminal.controlling = Some(3);
    assert_eq!(invalid(&out_of_range), Invalid::ControllingNotInChild(3));
    let mut closed = controlled("true", 0, slave);
    closed.fds.map[0].1 = None;
    assert_eq!(invalid(&closed), Invalid::ControllingNotInChild(0));
    let mut no_terminal = plan(&["/bin/true"]);
    let null = fs::File::open("/dev/null").unwrap();
    no_terminal.terminal.setsid = true;
    no_terminal.terminal.controlling = Some(3);
    no_terminal.fds.map.push((3, Some(null.as_raw_fd())));
    let error = failed(&no_terminal);
    assert_eq!(
        (error.errno, &*error.step),
        (libc::ENOTTY, "make the terminal of descriptor 3 the controlling one")
    );
    assert!(error.text.contains("no terminal"), "{}", error.text);
}

#[test]
fn row_08_noctty_lets_go_of_the_terminal() {
    const TEST: &str = "row_08_noctty_lets_go_of_the_terminal";
    // Descriptor 0 is the child's: the launcher's own is no terminal in the second run.
    let command = "cat /proc/self/stat; \"$TRACE\" spawn --noctty -- cat /proc/self/stat; \
                   \"$TRACE\" spawn --noctty --fd 0=3 -- cat /proc/self/stat 3<&0 </dev/null";
    let Some(text) = on_terminal(TEST, command) else { return };
    let [before, plain, moved] = stats(&text)[..] else { panic!("{text}") };
    let [_, session, tty, _] = terminal_of(before);
    assert_ne!(tty, 0, "{before}");
    for stat in [plain, moved] {
        assert_eq!(terminal_of(stat)[1..], [session, 0, -1], "{stat}");
    }
}

#[test]
fn row_08_noctty_fails_where_descriptor_0_is_no_terminal() {
    let mut plan = plan(&["/bin/true"]);
    let null = fs::File::open("/dev/null").unwrap();
    plan.fds.map.push((0, Some(null.as_raw_fd())));
    plan.terminal.release = true;
    let error = failed(&plan);
    assert_eq!(error.errno, libc::ENOTTY, "{error:?}");
    assert_eq!(error.step, "give up the controlling terminal of descriptor 0");
    // A terminal that is not the session's is not let go of either, and the advice holds for both.
    let (_master, slave) = pty();
    plan.fds.map[0].1 = Some(slave.as_raw_fd());
    let error = failed(&plan);
    assert_eq!(error.errno, libc::ENOTTY, "{error:?}");
    assert!(!error.text.ends_with("the descriptor is no terminal"), "{}", error.text);
}

/// `trace spawn OPTIONS -- sleep 60`, and the pid of the sleeper.
fn sleeper(options: &[&str]) -> (std::process::Child, i32) {
    let mut run = Command::new(binary());
    run.arg("spawn").args(options).args(["--", "sleep", "60"]);
    let child = run.stdin(Stdio::null()).spawn().unwrap();
    let pid = i32::try_from(child.id()).unwrap();
    let mut found = 0;
    let sleeps =
        |pid: i32| fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|comm| comm == "sleep\n");
    let there = wait_until(PATIENCE, || {
        found = procfs::children(pid).into_iter().find(|&pid| sleeps(pid)).unwrap_or(0);
        found != 0
    });
    assert!(there, "no sleeper with {options:?}");
    (child, found)
}

fn gone(pid: i32) -> bool {
    matches!(procfs::state(pid), None | Some('Z' | 'X'))
}

/// Kills the launcher of a sleeper; whether the sleeper ends too.
fn ends_with_its_launcher(options: &[&str], limit: Duration) -> bool {
    let (mut launcher, pid) = sleeper(options);
    assert!(!gone(pid));
    launcher.kill().unwrap();
    launcher.wait().unwrap();
    let ended = wait_until(limit, || gone(pid));
    if !ended {
        procfs::kill(pid, libc::SIGKILL);
    }
    ended
}

#[test]
fn row_09_pdeathsig_comes_when_the_launcher_is_killed() {
    assert!(ends_with_its_launcher(&["--pdeathsig", "TERM"], PATIENCE));
    assert!(ends_with_its_launcher(&["--pdeathsig", "9"], PATIENCE));
    assert!(!ends_with_its_launcher(&[], Duration::from_millis(100)), "without it the program stays");
    assert!(ends_with_its_launcher(&["--map-root", "--pdeathsig", "KILL"], PATIENCE));
}

#[test]
fn row_09_pdeathsig_outlives_the_change_of_user() {
    if !needs_root("row_09_pdeathsig_outlives_the_change_of_user", "CAP_SETUID") {
        return;
    }
    let ids = ["--uid", "12345", "--gid", "12345", "--pdeathsig", "KILL"];
    assert!(ends_with_its_launcher(&ids, PATIENCE));
    let ambient = ["--uid", "12345", "--cap-ambient", "net_raw", "--pdeathsig", "KILL"];
    assert!(ends_with_its_launcher(&ambient, PATIENCE));
    let dropped = ["--cap-drop", "ALL", "--no-new-privs", "--pdeathsig", "KILL"];
    assert!(ends_with_its_launcher(&dropped, PATIENCE));
}

#[test]
fn row_09_pdeathsig_of_process_1_of_a_namespace() {
    const TEST: &str = "row_09_pdeathsig_of_process_1_of_a_namespace";
    // It sees no parent, and must not take that for a dead one.
    let out = spawned(&[
        "--unshare",
        "user,pid",
        "--map-root",
        "--pdeathsig",
        "KILL",
        "--",
        "sh",
        "-c",
        "echo $$ $PPID",
    ]);
    assert_eq!(out, "1 0");
    assert!(ends_with_its_launcher(
        &["--unshare", "user,pid", "--map-root", "--pdeathsig", "KILL"],
        PATIENCE
    ));
    as_other_user(TEST);
}

#[test]
fn row_09_pdeathsig_of_a_child_in_a_namespace_that_the_launcher_is_not_in() {
    const TEST: &str = "row_09_pdeathsig_of_a_child_in_a_namespace_that_the_launcher_is_not_in";
    if !needs_root(TEST, "CAP_SYS_ADMIN") {
        return;
    }
    // Process 1 of a namespace, and a launcher outside whose children are born into it.
    let mut first = plan(&["/bin/sleep", "60"]);
    first.namespaces = Namespaces::PID;
    let first = begin(&first);
    let pid = first.pid().to_string();
    for ids in [&["--uid", "0"][..], &[]] {
        let mut run = Command::new("nsenter");
        run.args(["--pid", "--target", &pid, "--no-fork"]).arg(binary()).arg("spawn").args(ids);
        run.args(["--pdeathsig", "KILL", "--", "sh", "-c", "echo $PPID; test $$ -gt 1 && echo lives"]);
        let output = run.output().expect("nsenter (package util-linux)");
        let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert_eq!(text, "0\nlives\n", "{ids:?}: {:?}", output.status);
    }
    first.destroy();
}

#[test]
fn row_09_pdeathsig_comes_when_the_launching_thread_ends() {
    const TEST: &str = "row_09_pdeathsig_comes_when_the_launching_thread_ends";
    if alone(TEST) {
        return;
    }
    for ids in [None, Some(Identity { uid: None, gid: None, groups: trace::spawn::plan::Groups::Keep })] {
        let mut plan = plan(&["/bin/sleep", "60"]);
        plan.pdeathsig = Some(libc::SIGTERM);
        plan.identity = ids;
        let thread = std::thread::spawn(move || {
            let process = begin(&plan);
            assert!(!process.has_ended());
            process
        });
        let process = thread.join().unwrap();
        assert_eq!(process.wait().unwrap(), Exit::Signal(libc::SIGTERM), "though this process lives");
    }
}

#[test]
fn row_09_pdeathsig_a_launcher_that_dies_half_way_leaves_no_child() {
    const TEST: &str = "row_09_pdeathsig_a_launcher_that_dies_half_way_leaves_no_child";
    let Some((ended, text)) = alone_whatever(TEST) else {
        let mut plan = plan(&["/bin/sleep", "60"]);
        plan.pdeathsig = Some(libc::SIGKILL);
        let mut die = |pid: i32| -> Result<(), Error> {
            println!("child {pid} ");
            procfs::kill(std::process::id() as i32, libc::SIGKILL);
            Ok(())
        };
        let hooks = Hooks { joining: Some(&mut die), sync: None };
        panic!("{:?}", start(&plan, hooks));
    };
    assert!(!ended);
    let pid = text.split_once("child ").unwrap_or_else(|| panic!("{text}")).1;
    let pid: i32 = pid.split_whitespace().next().unwrap().parse().unwrap();
    assert!(wait_until(PATIENCE, || gone(pid)), "{pid} was left");
}

#[test]
fn row_09_pdeathsig_is_a_signal() {
    let mut bad = plan(&["/bin/true"]);
    for signo in [0, -1, 65] {
        bad.pdeathsig = Some(signo);
        assert_eq!(invalid(&bad), Invalid::Signal(signo));
    }
    let text = refused(&["--pdeathsig", "NOSUCH", "--", "true"]);
    assert!(text.contains("NOSUCH"), "{text}");
    // What the program itself may ask the kernel for is what was asked.
    let mut run = Command::new(binary());
    run.args([
        "spawn",
        "--pdeathsig",
        "USR1",
        "--",
        "sh",
        "-c",
        "trap 'echo got; exit' USR1; echo ready; while :; do sleep 0.05; done",
    ]);
    let mut launcher = run.stdout(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(launcher.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    launcher.kill().unwrap();
    launcher.wait().unwrap();
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "got\n");
}
