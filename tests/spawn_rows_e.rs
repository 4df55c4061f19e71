//! Launch rows 19 and 20: signals and the limit of open files as they were at the launcher's own start.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
#![allow(unsafe_code)]

#[path = "support/alone.rs"]
mod alone;
mod support;

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};

use alone::{alone, bits, line, plan, shell, try_output};
use support::spawn::{as_other_user, binary, refused, spawned};
use trace::spawn::plan::{Identity, Plan, Rlimit, Traced};
use trace::spawn::process::Exit;
use trace::spawn::start::{Hooks, start};
use trace::sys::{limits, signal};

/// The sets of a process, by the names of /proc/PID/status.
fn sets(status: &str) -> Vec<String> {
    ["SigPnd", "ShdPnd", "SigBlk", "SigIgn", "SigCgt"]
        .map(|name| format!("{name} {}", line(status, name)))
        .to_vec()
}

/// What `words` print when they are started with these signals blocked and ignored.
fn run_with(blocked: &'static [i32], ignored: &'static [i32], words: &[&str]) -> String {
    let mut run = Command::new(words[0]);
    run.args(&words[1..]);
    let prepare = move || {
        // SAFETY: both calls are safe between fork and execve, and their arguments are live.
        unsafe {
            let mut set: libc::sigset_t = std::mem::zeroed();
            libc::sigemptyset(&raw mut set);
            for &signo in blocked {
                libc::sigaddset(&raw mut set, signo);
            }
            libc::sigprocmask(libc::SIG_SETMASK, &raw const set, std::ptr::null_mut());
            for &signo in ignored {
                libc::signal(signo, libc::SIG_IGN);
            }
        }
        Ok(())
    };
    // SAFETY: the closure keeps to async-signal-safe calls.
    unsafe { run.pre_exec(prepare) };
    let output = run.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{words:?}: {text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

#[test]
fn row_19_signals_are_those_that_the_launcher_was_started_with() {
    let trace = binary();
    let trace = trace.to_str().unwrap();
    let settings: [[&[i32]; 2]; 4] = [
        [&[], &[]],
        [&[libc::SIGUSR2, libc::SIGTERM, 40], &[]],
        [&[], &[libc::SIGPIPE, libc::SIGHUP, libc::SIGUSR1]],
        [&[libc::SIGINT, libc::SIGCHLD], &[libc::SIGCHLD, libc::SIGINT, 64]],
    ];
    let show = ["cat", "/proc/self/status"];
    for [blocked, ignored] in settings {
        let bare = sets(&run_with(blocked, ignored, &show));
        for options in
            [&["spawn", "--"][..], &["spawn", "--map-root", "--"], &["spawn", "--workdir", "/", "--"]]
        {
            let words = [&[trace][..], options, &show].concat();
            assert_eq!(sets(&run_with(blocked, ignored, &words)), bare, "{options:?}");
        }
    }
}

#[test]
fn row_19_signals_of_a_traced_program_are_the_same() {
    let dir = support::TempDir::new("row19");
    let log = dir.join("log");
    let trace = binary();
    let show = ["cat", "/proc/self/status"];
    let words = [&[trace.to_str().unwrap(), "-o", log.to_str().unwrap()][..], &show].concat();
    let (blocked, ignored) = (&[libc::SIGUSR2][..], &[libc::SIGUSR1, libc::SIGPIPE][..]);
    assert_eq!(sets(&run_with(blocked, ignored, &words)), sets(&run_with(blocked, ignored, &show)));
}

extern "C" fn nothing(_signo: libc::c_int) {}

/// Installs a handler of SIGUSR1.
fn handle(handler: extern "C" fn(libc::c_int)) {
    // SAFETY: the action is fully initialised; the handler is async-signal-safe.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler as *const () as usize;
        action.sa_flags = libc::SA_RESTART;
        assert_eq!(libc::sigaction(libc::SIGUSR1, &raw const action, std::ptr::null_mut()), 0);
    }
}

#[test]
fn row_19_signals_caught_by_the_parent_are_default_in_the_child() {
    const TEST: &str = "row_19_signals_caught_by_the_parent_are_default_in_the_child";
    if alone(TEST) {
        return;
    }
    handle(nothing);
    let outer = signal::block(&[libc::SIGUSR2]);
    let own = || fs::read_to_string("/proc/thread-self/status").unwrap();
    let before = sets(&own());
    assert_ne!(bits(&own(), "SigCgt") & 1 << (libc::SIGUSR1 - 1), 0);
    let ids = Identity { groups: trace::spawn::plan::Groups::Keep, ..Identity::default() };
    for identity in [None, Some(ids)] {
        let mut plan = Plan { identity, ..plan(&["/bin/cat", "/proc/self/status"]) };
        let status = alone::output(&plan);
        assert_eq!(bits(&status, "SigCgt"), 0);
        assert_eq!(bits(&status, "SigBlk"), 1 << (libc::SIGUSR2 - 1), "the launching thread's mask");
        // Rust's runtime ignores SIGPIPE; this process was started without that.
        let ignored = bits(&own(), "SigIgn") & !(1 << (libc::SIGPIPE - 1));
        assert_eq!(bits(&status, "SigIgn"), ignored);
        plan.mask = Some(outer);
        assert_eq!(bits(&alone::output(&plan), "SigBlk"), 0, "a mask of its own");
        plan.program = trace::spawn::plan::Program::Path("/no/such/program".into());
        assert!(start(&plan, Hooks::default()).is_err());
        assert_eq!(sets(&own()), before, "the parent's signals are as before");
    }
}

/// The launcher's pid, and another pid that its handler ran in.
static LAUNCHER: AtomicI32 = AtomicI32::new(0);
static STRANGER: AtomicI32 = AtomicI32::new(0);
static RUNS: AtomicI32 = AtomicI32::new(0);

extern "C" fn note(_signo: libc::c_int) {
    RUNS.fetch_add(1, Ordering::Relaxed);
    // SAFETY: a plain system call.
    let own = unsafe { libc::syscall(libc::SYS_getpid) } as i32;
    if own != LAUNCHER.load(Ordering::Relaxed) {
        STRANGER.store(own, Ordering::Relaxed);
    }
}

/// Launches while signals rain on the whole process group.
fn launches_in_the_rain() {
    static DONE: AtomicBool = AtomicBool::new(false);
    // SAFETY: plain system calls; this process gets a group of its own.
    unsafe { assert_eq!(libc::setpgid(0, 0), 0) };
    LAUNCHER.store(std::process::id() as i32, Ordering::Relaxed);
    handle(note);
    let sender = std::thread::spawn(|| {
        while !DONE.load(Ordering::Relaxed) {
            // SAFETY: a plain system call to the own group.
            unsafe { libc::kill(0, libc::SIGUSR1) };
            std::thread::sleep(std::time::Duration::from_micros(50));
        }
    });
    for _ in 0..150 {
        // A child that shares the parent's memory and has just opened its mask is the one to be hit.
        let exit = start(&plan(&["/bin/true"]), Hooks::default()).unwrap().wait().unwrap();
        assert!([Exit::Status(0), Exit::Signal(libc::SIGUSR1)].contains(&exit), "{exit:?}");
    }
    DONE.store(true, Ordering::Relaxed);
    sender.join().unwrap();
    assert!(RUNS.load(Ordering::Relaxed) > 0);
    assert_eq!(STRANGER.load(Ordering::Relaxed), 0, "a child ran the handler");
}

#[test]
fn row_19_signals_never_run_the_parents_handler_in_the_child() {
    const TEST: &str = "row_19_signals_never_run_the_parents_handler_in_the_child";
    if alone(TEST) {
        return;
    }
    launches_in_the_rain();
}

/// From here on this thread, and what it starts, has no clone3(2), as in some containers.
fn forbid_clone3() {
    let insn = |code, jt, jf, k| libc::sock_filter { code, jt, jf, k };
    let number = u32::try_from(libc::SYS_clone3).unwrap();
    let mut filter = [
        insn(0x20, 0, 0, 0),
        insn(0x15, 0, 1, number),
        insn(0x06, 0, 0, libc::SECCOMP_RET_ERRNO | libc::ENOSYS as u32),
        insn(0x06, 0, 0, libc::SECCOMP_RET_ALLOW),
    ];
    let program = libc::sock_fprog { len: 4, filter: filter.as_mut_ptr() };
    // SAFETY: plain system calls; the kernel copies the filter.
    unsafe {
        assert_eq!(libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
        let mode = libc::SECCOMP_SET_MODE_FILTER;
        assert_eq!(libc::syscall(libc::SYS_seccomp, mode, 0, &raw const program), 0);
        assert_eq!(libc::syscall(libc::SYS_clone3, 0, 0), -1);
    }
    assert_eq!(std::io::Error::last_os_error().raw_os_error(), Some(libc::ENOSYS));
}

#[test]
fn row_19_signals_without_clone3() {
    const TEST: &str = "row_19_signals_without_clone3";
    if alone(TEST) {
        return;
    }
    forbid_clone3();
    let ids = Identity { groups: trace::spawn::plan::Groups::Keep, ..Identity::default() };
    for identity in [None, Some(ids)] {
        let mut plan = Plan { identity, ..plan(&["/bin/cat", "/proc/self/status"]) };
        let process = start(&plan, Hooks::default()).unwrap();
        assert!(process.pidfd().is_some());
        process.wait().unwrap();
        assert_eq!(bits(&alone::output(&plan), "SigCgt"), 0);
        plan.program = trace::spawn::plan::Program::Path("/no/such/program".into());
        assert_eq!(alone::failed(&plan).errno, libc::ENOENT);
    }
    assert!(!alone::has_children());
    // No flag of the kernel resets the handlers then.
    launches_in_the_rain();
}

/// Soft and hard limit of open files, as a program sees them.
fn seen(plan: &Plan) -> (String, String) {
    let text = alone::output(plan);
    let (soft, hard) = text.split_once(' ').unwrap();
    (soft.to_owned(), hard.to_owned())
}

#[test]
fn row_20_nofile_of_the_child_is_the_original_one() {
    const TEST: &str = "row_20_nofile_of_the_child_is_the_original_one";
    if alone(TEST) {
        return;
    }
    let (_, hard) = limits::get(libc::RLIMIT_NOFILE).unwrap();
    limits::set(libc::RLIMIT_NOFILE, (500, hard)).unwrap();
    limits::raise_nofile().unwrap();
    assert_eq!(limits::get(libc::RLIMIT_NOFILE).unwrap(), (hard, hard));
    // Raised once more it still remembers the first.
    limits::raise_nofile().unwrap();
    let hard = if hard == u64::MAX { "unlimited".to_owned() } else { hard.to_string() };
    let mut plan = shell("echo $(ulimit -Sn) $(ulimit -Hn)");
    let ids = Identity { groups: trace::spawn::plan::Groups::Keep, ..Identity::default() };
    for identity in [None, Some(ids)] {
        plan.identity = identity;
        assert_eq!(seen(&plan), ("500".into(), hard.clone()));
    }
    // More descriptors than the program may open can still be placed.
    let null = fs::File::open("/dev/null").unwrap();
    plan.fds.map = vec![(600, Some(std::os::fd::AsRawFd::as_raw_fd(&null)))];
    plan.argv[2] = "[ -e /proc/$$/fd/600 ] && ulimit -Sn".into();
    assert_eq!(alone::output(&plan), "500");
    plan.fds.map.clear();
    plan.argv[2] = "echo $(ulimit -Sn) $(ulimit -Hn)".into();
    // A limit of the plan goes first.
    plan.limits = vec![Rlimit { resource: libc::RLIMIT_NOFILE, soft: 77, hard: Some(88) }];
    assert_eq!(seen(&plan), ("77".into(), "88".into()));
    plan.limits.clear();
    // Somebody has changed it since (prlimit(1)): that is not undone.
    limits::set(libc::RLIMIT_NOFILE, (300, 400)).unwrap();
    assert_eq!(seen(&plan), ("300".into(), "400".into()));
    assert_eq!(limits::original_nofile(), None);
}

#[test]
fn row_20_nofile_of_a_traced_child_too() {
    const TEST: &str = "row_20_nofile_of_a_traced_child_too";
    if alone(TEST) {
        return;
    }
    let (_, hard) = limits::get(libc::RLIMIT_NOFILE).unwrap();
    limits::set(libc::RLIMIT_NOFILE, (510, hard)).unwrap();
    limits::raise_nofile().unwrap();
    let mut plan = plan(&["/bin/true"]);
    plan.traced = Traced::BeforeExec;
    let process = start(&plan, Hooks::default()).unwrap();
    let mut status = 0;
    // SAFETY: the pointer is live.
    unsafe { libc::waitpid(process.pid(), &raw mut status, libc::__WALL) };
    let text = fs::read_to_string(format!("/proc/{}/limits", process.pid())).unwrap();
    process.destroy();
    let line = text.lines().find(|line| line.starts_with("Max open files")).unwrap();
    assert_eq!(line.split_whitespace().nth(3), Some("510"), "{line}");
}

#[test]
fn row_20_nofile_raised_by_nobody_is_left_alone() {
    const TEST: &str = "row_20_nofile_raised_by_nobody_is_left_alone";
    if alone(TEST) {
        return;
    }
    assert_eq!(limits::original_nofile(), None);
    let (soft, hard) = limits::get(libc::RLIMIT_NOFILE).unwrap();
    limits::set(libc::RLIMIT_NOFILE, (hard, hard)).unwrap();
    // Nothing to raise, nothing to restore.
    limits::raise_nofile().unwrap();
    assert_eq!(limits::original_nofile(), None);
    limits::set(libc::RLIMIT_NOFILE, (soft.min(256), hard)).unwrap();
    let (exit, text) = try_output(&shell("ulimit -Sn"), Hooks::default()).unwrap();
    assert_eq!((exit, text), (Exit::Status(0), soft.min(256).to_string()));
}

#[test]
fn row_20_nofile_upwards_needs_the_capability() {
    if as_other_user("row_20_nofile_upwards_needs_the_capability") {
        return;
    }
    let (_, hard) = limits::get(libc::RLIMIT_NOFILE).unwrap();
    assert_eq!(spawned(&["--rlimit", "nofile=40:50", "--", "sh", "-c", "ulimit -Sn; ulimit -Hn"]), "40\n50");
    let option = format!("nofile=40:{}", hard.saturating_add(1));
    if hard != u64::MAX {
        let text = refused(&["--rlimit", &option, "--", "true"]);
        assert!(text.contains("limit RLIMIT_NOFILE to 40") && text.contains("CAP_SYS_RESOURCE"), "{text}");
    }
    let text = refused(&["--rlimit", "nofile=50:40", "--", "true"]);
    assert!(text.contains("RLIMIT_NOFILE: the soft limit 50 is above the hard one 40"), "{text}");
}
