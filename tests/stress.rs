//! Crowds, storms and sudden death: no exit line lost, nothing left stopped, no zombie, no hang.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use support::log::parse;
use support::run::Run;
use support::{Build, TempDir, compile, heavy, is_stand_in, procfs, tracer};

const LIMIT: Duration = Duration::from_secs(60);

fn lines(log: &str, needle: &str) -> usize {
    log.lines().filter(|line| line.contains(needle)).count()
}

fn waits(what: &str, done: impl FnMut() -> bool) {
    assert!(procfs::wait_until(Duration::from_secs(20), done), "{what}: not within 20 s");
}

#[test]
fn five_thousand_forks() {
    let _heavy = heavy();
    let dir = TempDir::new("forks");
    let Some(program) = compile(&dir, "forks", Build::Native) else { return };
    let run = Run::traced(&dir, &tracer(), &["-e", "trace=none"], &[program.to_str().unwrap(), "5000"])
        .limit(LIMIT)
        .finish();
    assert_eq!(run.code(), 0, "{}", run.stderr);
    assert_eq!(lines(&run.log, "+++ exited with"), 5001);
    assert_eq!(lines(&run.log, "--- SIGCHLD"), 5000);
}

#[test]
fn five_hundred_threads() {
    let _heavy = heavy();
    let dir = TempDir::new("threads");
    let Some(program) = compile(&dir, "threads", Build::Native) else { return };
    let run = Run::traced(&dir, &tracer(), &[], &[program.to_str().unwrap(), "500"]).limit(LIMIT).finish();
    assert_eq!(run.code(), 7, "{}", run.stderr);
    assert_eq!(lines(&run.log, "+++ exited with"), 501);
    assert_eq!(lines(&run.log, "getppid("), 500);
    assert!(support::log::unended(&parse(&run.log)).is_empty());
}

#[test]
fn signals_and_exit_group_among_threads() {
    let _heavy = heavy();
    let dir = TempDir::new("storm");
    let Some(program) = compile(&dir, "threads", Build::Native) else { return };
    for _ in 0..10 {
        let words = [program.to_str().unwrap(), "30", "storm"];
        let run = Run::traced(&dir, &tracer(), &[], &words).limit(LIMIT).finish();
        assert_eq!(run.code(), 7, "{}", run.stderr);
        assert_eq!(lines(&run.log, "+++ exited with 7 +++"), 31);
        assert!(support::log::unended(&parse(&run.log)).is_empty());
    }
}

#[test]
fn exec_from_a_thread_again_and_again() {
    let _heavy = heavy();
    let dir = TempDir::new("thread-exec");
    let Some(program) = compile(&dir, "thread_exec", Build::Native) else { return };
    let words = [program.to_str().unwrap(), "25"];
    let run = Run::traced(&dir, &tracer(), &[], &words).limit(LIMIT).finish();
    assert_eq!(run.code(), Run::bare(&dir, &words).finish().code());
    assert_eq!(lines(&run.log, "+++ superseded by execve in pid"), 25);
    assert_eq!(lines(&run.log, "execve resumed>"), 25);
    assert!(support::log::unended(&parse(&run.log)).is_empty());
}

#[test]
fn vfork_and_spawn_in_a_loop() {
    let _heavy = heavy();
    let dir = TempDir::new("vfork");
    let script =
        "import os\nfor i in range(200):\n p=os.posix_spawn('/bin/true',['true'],{})\n os.waitpid(p,0)\n";
    let run = Run::traced(&dir, &tracer(), &["-e", "trace=execve"], &["/usr/bin/python3", "-c", script])
        .limit(LIMIT)
        .finish();
    assert_eq!(run.code(), 0, "{}", run.stderr);
    assert_eq!(lines(&run.log, "execve(\"/bin/true\", [\"true\"], "), 200);
    assert_eq!(lines(&run.log, "+++ exited with 0 +++"), 201);
}

#[test]
fn children_that_outlive_their_parent() {
    let dir = TempDir::new("orphan");
    let script = "(sleep 0.3; echo late > late) & exit 5";
    let run = Run::traced(&dir, &tracer(), &[], &["/bin/sh", "-c", script]).limit(LIMIT).finish();
    assert_eq!(run.code(), 5);
    assert_eq!(fs::read_to_string(dir.join("late")).unwrap(), "late\n");
    assert!(lines(&run.log, "+++ exited with") >= 3, "{}", run.log);
}

#[test]
fn kill_nine_of_a_tracee() {
    let _heavy = heavy();
    let dir = TempDir::new("kill-tracee");
    for round in 0..20u64 {
        let running = Run::traced(&dir, &tracer(), &[], &["/bin/sh", "-c", "while :; do /bin/true; done"])
            .limit(LIMIT)
            .start();
        let tracer_pid = running.pid();
        waits("a first call", || running.log_so_far().contains("execve("));
        thread::sleep(Duration::from_millis(20 + 7 * round));
        for pid in procfs::children(tracer_pid) {
            procfs::kill(pid, libc::SIGKILL);
        }
        let run = running.finish();
        assert!(run.log.contains("+++ killed by SIGKILL +++"), "{}", run.log);
        assert!(support::log::unended(&parse(&run.log)).is_empty());
    }
}

#[test]
fn kill_nine_of_the_tracer_takes_the_program_with_it() {
    if is_stand_in() {
        return;
    }
    let _heavy = heavy();
    let dir = TempDir::new("kill-tracer");
    for round in 0..10u64 {
        let mut running =
            Run::traced(&dir, &tracer(), &[], &["/bin/sh", "-c", "sleep 61 & while :; do sleep 0.01; done"])
                .start();
        let pid = running.pid();
        waits("a child", || !procfs::children(pid).is_empty());
        let children = procfs::children(pid);
        thread::sleep(Duration::from_millis(50 + 5 * round));
        procfs::kill(pid, libc::SIGKILL);
        waits("the launched program dies", || {
            children.iter().all(|&child| procfs::state(child).is_none_or(|state| state == 'Z'))
        });
        running.stop();
    }
}

fn counter(path: &std::path::Path) -> i64 {
    fs::read_to_string(path).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(-1)
}

fn attach(pid: u32, log: &std::path::Path) -> Child {
    Command::new(tracer())
        .args(["-f", "-o"])
        .arg(log)
        .arg("-p")
        .arg(pid.to_string())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn attach_and_detach_leave_the_program_running() {
    let _heavy = heavy();
    let dir = TempDir::new("attach");
    let Some(program) = compile(&dir, "busy_counter", Build::Native) else { return };
    let file = dir.join("count");
    let mut child = Command::new(program).arg(&file).spawn().unwrap();
    waits("the counter", || counter(&file) > 1);
    for round in 0..5 {
        let log = dir.join(&format!("log{round}"));
        let mut tracer = attach(child.id(), &log);
        waits("calls of every thread", || {
            let text = fs::read_to_string(&log).unwrap_or_default();
            let pids: std::collections::HashSet<&str> =
                text.lines().filter_map(|l| l.split(' ').next()).collect();
            pids.len() >= 4
        });
        procfs::kill(tracer.id() as i32, libc::SIGINT);
        waits("the tracer leaves", || tracer.try_wait().unwrap().is_some());
        let states = procfs::thread_states(child.id() as i32);
        assert_eq!(states.len(), 4);
        assert!(states.iter().all(|state| !"tTZX".contains(*state)), "{states:?}");
        assert_eq!(procfs::tracer_of(child.id() as i32), 0);
        let before = counter(&file);
        waits("progress after detaching", || counter(&file) > before + 1);
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_stopped_process_stays_stopped() {
    let dir = TempDir::new("stopped");
    let mut child = Command::new("/bin/sleep").arg("60").spawn().unwrap();
    let pid = child.id() as i32;
    procfs::kill(pid, libc::SIGSTOP);
    waits("stop", || procfs::state(pid) == Some('T'));
    let log = dir.join("log");
    let mut tracer = attach(child.id(), &log);
    waits("attached", || procfs::tracer_of(pid) != 0);
    thread::sleep(Duration::from_millis(200));
    procfs::kill(tracer.id() as i32, libc::SIGINT);
    waits("the tracer leaves", || tracer.try_wait().unwrap().is_some());
    waits("still stopped", || procfs::state(pid) == Some('T'));
    procfs::kill(pid, libc::SIGCONT);
    waits("runs again", || procfs::state(pid) == Some('S'));
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn stop_and_continue_pass_through() {
    let dir = TempDir::new("job-control");
    let script = "import os,signal\np=os.fork()\nif p==0:\n os.kill(os.getpid(),signal.SIGSTOP)\n os._exit(3)\n\
        q,s=os.waitpid(p,os.WUNTRACED)\nprint(os.WIFSTOPPED(s),os.WSTOPSIG(s))\nos.kill(p,signal.SIGCONT)\n\
        print(os.waitstatus_to_exitcode(os.waitpid(p,0)[1]))\n";
    let words = ["/usr/bin/python3", "-c", script];
    let run = Run::traced(&dir, &tracer(), &["-e", "trace=none"], &words).limit(LIMIT).finish();
    assert_eq!(run.stdout, "True 19\n3\n");
    assert_eq!(lines(&run.log, "--- stopped by SIGSTOP ---"), 1, "{}", run.log);
    assert_eq!(lines(&run.log, "--- SIGCONT"), 1, "{}", run.log);
}

#[test]
fn a_program_that_asks_to_be_traced_is_refused() {
    let dir = TempDir::new("traceme");
    let Some(program) = compile(&dir, "traces_itself", Build::Native) else { return };
    let run = Run::traced(&dir, &tracer(), &[], &[program.to_str().unwrap()]).limit(LIMIT).finish();
    assert_eq!((run.code(), run.stdout.as_str()), (0, "EPERM\n"));
    assert!(run.log.contains("ptrace(PTRACE_TRACEME"), "{}", run.log);
}

#[test]
fn dies_of_the_programs_signal_and_keeps_its_dispositions() {
    use std::os::unix::process::ExitStatusExt;
    let dir = TempDir::new("signal");
    let status =
        Command::new(tracer()).args(["-o", "/dev/null", "/bin/sh", "-c", "kill -USR2 $$"]).status().unwrap();
    assert_eq!(status.signal(), Some(libc::SIGUSR2));
    let show = "grep ^Sig /proc/self/status";
    let bare = Run::bare(&dir, &["/bin/sh", "-c", show]).finish();
    let traced = Run::traced(&dir, &tracer(), &[], &["/bin/sh", "-c", show]).finish();
    assert_eq!(traced.stdout, bare.stdout, "signal mask and dispositions");
}
