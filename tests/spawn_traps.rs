//! Traps of launches that no table of steps shows: what a child does to its parent, what it inherits, and when it dies.
#![allow(unsafe_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/inject.rs"]
mod inject;
mod support;

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use inject::own_ids;
use support::spawn::{as_other_user, binary, needs_root, refused, spawn, spawned};
use support::{TempDir, has_tool, missing, procfs};
use trace::spawn::caps::CapSet;
use trace::spawn::cgroup::{Cgroup, Layout};
use trace::spawn::idmap::Range;
use trace::spawn::namespaces::Namespaces;
use trace::spawn::plan::{Groups, IdMaps, Identity, Plan, Root, Traced};
use trace::spawn::process::{Exit, Process};
use trace::spawn::start::{self, Hooks};
use trace::sys::wait;

const LIMIT: Duration = Duration::from_secs(10);

fn plan(words: &[&str]) -> Plan {
    Plan::new(Path::new("/bin").join(words[0]), words.iter().map(OsString::from).collect())
}

fn run(plan: &Plan) -> Process {
    start::start(plan, Hooks::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// Who runs the test, mapped to itself in a new user namespace.
fn in_userns(plan: &mut Plan) {
    let (uid, gid) = own_ids();
    let one = |id| vec![Range::one(id, id)];
    plan.namespaces = plan.namespaces.with(Namespaces::USER);
    plan.maps = Some(IdMaps { uid: one(uid), gid: one(gid), setgroups: false });
}

/// Its end, within the limit; killed and a failure otherwise.
fn end_of(process: &Process) -> Exit {
    let ended = procfs::wait_until(LIMIT, || process.has_ended());
    if !ended {
        process.destroy();
    }
    assert!(ended, "{} does not end", process.pid());
    process.wait().unwrap()
}

fn dumpable() -> i32 {
    // SAFETY: PR_GET_DUMPABLE takes no further argument.
    unsafe { libc::prctl(libc::PR_GET_DUMPABLE, 0, 0, 0, 0) }
}

/// setuid in a child that shares memory would make the parent undumpable, its /proc/PID root's.
fn parent_stays_dumpable() {
    assert_eq!(dumpable(), 1, "at the start");
    let (uid, gid) = own_ids();
    let (uid, gid) = if uid == 0 { (12345, 12345) } else { (uid, gid) };
    let changes: [fn(&mut Plan, u32, u32); 5] = [
        |_, _, _| {},
        |p, uid, gid| p.identity = Some(Identity { uid: Some(uid), gid: Some(gid), groups: Groups::Keep }),
        |p, _, _| in_userns(p),
        |p, _, _| p.pdeathsig = Some(9),
        |p, _, _| {
            if own_ids().0 == 0 {
                p.caps.drop = CapSet::all();
                p.caps.ambient = CapSet::one(10);
            }
        },
    ];
    for (at, change) in changes.into_iter().enumerate() {
        let mut plan = plan(&["true"]);
        change(&mut plan, uid, gid);
        assert_eq!(end_of(&run(&plan)), Exit::Status(0), "row {at}");
        assert_eq!(dumpable(), 1, "row {at}");
    }
}

#[test]
fn own_parent_stays_dumpable() {
    parent_stays_dumpable();
}

#[test]
fn own_parent_stays_dumpable_as_another_user() {
    if !as_other_user("own_parent_stays_dumpable_as_another_user") {
        parent_stays_dumpable();
    }
}

/// `Sig…` lines and exit status of `words` started from a shell and env(1) with these signals ignored and blocked.
fn signals_under(words: &[&str], ignored: &[&str], blocked: &[&str]) -> (String, Option<i32>) {
    let traps: String = ignored.iter().map(|name| format!("trap '' {name}; ")).collect();
    let mut args: Vec<String> = ignored.iter().map(|name| format!("--ignore-signal={name}")).collect();
    args.extend(blocked.iter().map(|name| format!("--block-signal={name}")));
    let mut shell = Command::new("timeout");
    shell.args(["-k", "1", "20", "sh", "-c", &format!("{traps}exec env \"$@\""), "sh"]).args(args);
    shell.args(words).args(["sh", "-c", "grep '^Sig[BIC]' /proc/self/status; exit 7"]);
    let output = shell.stdin(Stdio::null()).output().unwrap();
    assert!(output.stderr.is_empty(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code())
}

/// The program starts with the dispositions and the mask that the tracer was started with, SIGCHLD among them.
#[test]
fn own_signals_are_those_of_the_starter() {
    let dir = TempDir::new("signals");
    let log = dir.join("log");
    let (trace, log) = (binary().display().to_string(), log.display().to_string());
    let ways: &[&[&str]] = &[
        &[&trace, "spawn", "--"],
        &[&trace, "spawn", "--unshare", "user", "--map-root", "--"],
        &[&trace, "-o", &log],
        &[&trace, "-f", "-o", &log],
    ];
    let rows: &[(&[&str], &[&str])] = &[
        (&[], &[]),
        (&["HUP"], &[]),
        (&["PIPE"], &[]),
        (&["INT", "QUIT", "TERM"], &["USR1"]),
        (&["CHLD"], &[]),
        (&["TTOU", "TSTP", "CHLD"], &["TERM", "INT", "HUP", "WINCH"]),
        (&[], &["CHLD", "PIPE"]),
        (&["RTMIN+3"], &["RTMAX"]),
    ];
    for (ignored, blocked) in rows {
        let bare = signals_under(&[], ignored, blocked);
        assert_eq!((bare.0.lines().count(), bare.1), (3, Some(7)), "{bare:?}");
        for way in ways {
            assert_eq!(signals_under(way, ignored, blocked), bare, "{way:?} {ignored:?} {blocked:?}");
        }
    }
}

/// A signal 0 reaches a zombie, which has ended all the same.
#[test]
fn own_liveness_knows_a_zombie() {
    for traced in [Traced::No, Traced::AtExec] {
        let mut plan = plan(&["sleep", "60"]);
        plan.traced = traced;
        let process = run(&plan);
        assert!(!process.has_ended());
        process.signal(libc::SIGKILL).unwrap();
        assert!(procfs::wait_until(LIMIT, || process.has_ended()), "{traced:?}");
        assert!(procfs::kill(process.pid(), 0), "signal 0 reaches the zombie");
        assert_eq!(procfs::state(process.pid()), Some('Z'));
        assert_eq!(process.wait().unwrap(), Exit::Signal(9));
        assert!(process.has_ended() && process.wait().is_err() && process.signal(9).is_err());
    }
}

/// The plan's program, started on a thread that ends at once.
fn from_a_short_thread(plan: &Plan) -> Process {
    std::thread::scope(|scope| scope.spawn(|| run(plan)).join().unwrap())
}

#[test]
fn own_death_signal_comes_with_the_launching_thread() {
    let changes: [fn(&mut Plan); 3] = [
        |_| {},
        in_userns,
        |plan| {
            plan.namespaces = Namespaces::PID;
            in_userns(plan);
        },
    ];
    for (at, change) in changes.into_iter().enumerate() {
        let mut plan = plan(&["sleep", "60"]);
        plan.pdeathsig = Some(libc::SIGKILL);
        change(&mut plan);
        assert_eq!(end_of(&from_a_short_thread(&plan)), Exit::Signal(9), "row {at}");
    }
}

#[test]
fn own_program_outlives_its_launching_thread() {
    for change in [(|_| {}) as fn(&mut Plan), in_userns] {
        let mut plan = plan(&["sleep", "60"]);
        change(&mut plan);
        let process = from_a_short_thread(&plan);
        let ended = procfs::wait_until(Duration::from_millis(100), || process.has_ended());
        process.destroy();
        assert!(!ended);
    }
}

/// Process 1 of a pid namespace sees no parent; that is no death of it.
#[test]
fn own_death_signal_and_pid_namespace_start_the_program() {
    for signo in [libc::SIGKILL, libc::SIGTERM] {
        let mut plan = plan(&["sh", "-c", "exit $((40 + $$))"]);
        plan.pdeathsig = Some(signo);
        plan.namespaces = Namespaces::PID;
        in_userns(&mut plan);
        assert_eq!(end_of(&run(&plan)), Exit::Status(41), "signal {signo}");
    }
    if needs_root("own_death_signal_and_pid_namespace_start_the_program", "CAP_SYS_ADMIN") {
        let mut plan = plan(&["sh", "-c", "exit $((40 + $$))"]);
        plan.pdeathsig = Some(libc::SIGKILL);
        plan.namespaces = Namespaces::PID;
        assert_eq!(end_of(&run(&plan)), Exit::Status(41), "sharing memory");
    }
}

/// A blocked signal that process 1 had sent to itself would wait for the program.
#[test]
fn own_death_signal_is_not_pending_in_a_pid_namespace() {
    // Given in grep's words, which sees itself in whatever /proc there is.
    let mut plan = plan(&["grep", "-qE", "^ShdPnd:.0+$", "/proc/self/status"]);
    plan.pdeathsig = Some(libc::SIGUSR1);
    plan.namespaces = Namespaces::PID;
    let blocked = |plan: &Plan| {
        std::thread::scope(|scope| {
            let launch = || {
                trace::sys::signal::block(&[libc::SIGUSR1]);
                end_of(&run(plan))
            };
            scope.spawn(launch).join().unwrap()
        })
    };
    if needs_root("own_death_signal_is_not_pending_in_a_pid_namespace", "CAP_SYS_ADMIN") {
        assert_eq!(blocked(&plan), Exit::Status(0), "sharing memory");
    }
    in_userns(&mut plan);
    assert_eq!(blocked(&plan), Exit::Status(0));
}

#[test]
fn own_death_signal_comes_with_a_killed_launcher() {
    for more in [&[][..], &["--unshare", "user,pid", "--map-root"]] {
        let mut launcher = Command::new(binary());
        launcher.args(["spawn", "--pdeathsig", "KILL"]).args(more).args(["--", "sleep", "60"]);
        let mut launcher = launcher.spawn().unwrap();
        let own = i32::try_from(launcher.id()).unwrap();
        let mut child = None;
        // Its execve has happened when it has a name of its own.
        let named = |pid: i32| fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|c| c == "sleep\n");
        let started = procfs::wait_until(LIMIT, || {
            child = procfs::children(own).into_iter().find(|&pid| named(pid));
            child.is_some()
        });
        launcher.kill().unwrap();
        launcher.wait().unwrap();
        assert!(started, "{more:?}");
        let pid = child.unwrap();
        let gone = || matches!(procfs::state(pid), None | Some('Z' | 'X'));
        let gone = procfs::wait_until(LIMIT, gone);
        if !gone {
            procfs::kill(pid, libc::SIGKILL);
        }
        assert!(gone, "{more:?}: {pid} outlives its launcher");
    }
}

fn uptime() -> f64 {
    seconds(&fs::read_to_string("/proc/uptime").unwrap())
}

fn seconds(uptime: &str) -> f64 {
    uptime.split(' ').next().unwrap().parse().unwrap()
}

/// With offsets the child unshares and writes before its execve; without, the clone makes the namespace.
fn time_namespaces(user: &[&str]) {
    let script = "readlink /proc/self/ns/time; cat /proc/uptime; cat /proc/self/timens_offsets";
    for (offset, shift) in [("", 0.0), ("boottime=100000", 100_000.0), ("monotonic=77", 0.0)] {
        let mut args = vec!["--unshare", "time"];
        args.extend(user);
        if !offset.is_empty() {
            args.extend(["--timens-offset", offset]);
        }
        args.extend(["--", "sh", "-c", script]);
        let before = uptime();
        let out = spawned(&args);
        let after = uptime();
        let lines: Vec<&str> = out.lines().collect();
        let own = fs::read_link("/proc/self/ns/time").unwrap();
        assert!(lines[0].starts_with("time:[") && lines[0] != own.to_string_lossy(), "{out}");
        let inside = seconds(lines[1]) - shift;
        assert!(inside >= before - 0.02 && inside <= after + 0.02, "{before} {inside} {after} {out}");
        let monotonic = lines.iter().find(|line| line.starts_with("monotonic")).unwrap();
        assert_eq!(monotonic.contains(" 77 "), offset.starts_with("mono"), "{out}");
    }
}

#[test]
fn own_time_offsets_hold_from_the_first_instruction() {
    if needs_root("own_time_offsets_hold_from_the_first_instruction", "CAP_SYS_TIME") {
        time_namespaces(&[]);
    }
    time_namespaces(&["--unshare", "user", "--map-root"]);
}

/// The kernel takes 340 lines in one write, and no second write.
#[test]
fn own_341_line_map_is_refused_and_340_lines_work() {
    let maps = |count: u32| -> Vec<String> { (0..count).map(|n| format!("{0}:{0}:1", n * 2)).collect() };
    let launch = |maps: &[String], run: &dyn Fn(&[&str]) -> String| {
        let mut args = vec!["--unshare", "user"];
        maps.iter().for_each(|map| args.extend(["--map-uid", map]));
        args.extend(["--", "cat", "/proc/self/uid_map"]);
        run(&args)
    };
    let text = launch(&maps(341), &refused);
    let sentence = "341 ranges of user ids: the kernel takes at most 340; join neighbours";
    assert!(text.ends_with(sentence) && text.lines().count() == 1, "{text}");
    if needs_root("own_341_line_map_is_refused_and_340_lines_work", "CAP_SETUID") {
        assert_eq!(launch(&maps(340), &spawned).lines().count(), 340);
    }
}

/// After its execve a program of an unmapped user could not write this file: it is written before.
#[test]
fn own_setgroups_is_written_before_exec() {
    if !needs_root("own_setgroups_is_written_before_exec", "CAP_SETUID") {
        return;
    }
    for (setgroups, word) in [(false, "deny\n"), (true, "allow\n")] {
        let range = vec![Range { inside: 0, outside: 100_000, count: 10 }];
        let mut plan = plan(&["sh", "-c", "(echo deny > /proc/self/setgroups) 2>/dev/null || exit 9"]);
        plan.namespaces = Namespaces::USER;
        plan.maps = Some(IdMaps { uid: range.clone(), gid: range, setgroups });
        plan.traced = Traced::AtExec;
        let process = run(&plan);
        let stop = wait::wait(process.pid()).unwrap().1;
        let text = fs::read_to_string(format!("/proc/{}/setgroups", process.pid())).unwrap();
        process.destroy();
        assert!(matches!(stop, wait::Status::Stopped { signo: libc::SIGTRAP, .. }), "{stop:?}");
        assert_eq!(text, word);
        plan.traced = Traced::No;
        assert_eq!(end_of(&run(&plan)), Exit::Status(9), "too late after exec");
    }
}

#[test]
fn own_kill_of_a_frozen_cgroup() {
    let test = "own_kill_of_a_frozen_cgroup";
    if !needs_root(test, "CAP_SYS_ADMIN") {
        return;
    }
    let layout = Layout::detect().unwrap();
    let name = format!("trace-test-{}-frozen", std::process::id());
    let cgroup = Cgroup::open_or_create(&layout, Path::new(&name), &[]).unwrap();
    let Some(fd) = cgroup.fd() else { return missing(test, "a cgroup2 mount") };
    let mut plan = plan(&["sleep", "60"]);
    plan.cgroup = Some(std::os::fd::AsRawFd::as_raw_fd(&fd));
    let process = run(&plan);
    let pids = cgroup.pids().unwrap();
    let results = (cgroup.freeze(), cgroup.kill());
    let exit = end_of(&process);
    cgroup.remove().unwrap();
    assert_eq!((pids, exit), (vec![process.pid()], Exit::Signal(9)));
    assert!(results.0.is_ok() && results.1.is_ok(), "{results:?}");
}

/// Says a word through the i386 calls and ends with the number of its arguments; it needs no library.
const I386: &str = r#"
static int call(int n, int a, const void *b, int c)
{
    int r;
    __asm__ volatile("int $0x80" : "=a"(r) : "a"(n), "b"(a), "c"(b), "d"(c) : "memory");
    return r;
}
void begin(int *stack) { call(4, 1, "thirty-two\n", 11); call(1, 40 + stack[0], 0, 0); }
__asm__(".globl _start\n_start: push %esp\ncall begin\n");
"#;

#[test]
fn own_32_bit_program_in_every_namespace() {
    let test = "own_32_bit_program_in_every_namespace";
    if !has_tool("gcc") {
        return missing(test, "gcc (package gcc)");
    }
    let dir = TempDir::new("m32");
    let (source, program) = (dir.join("i386.c"), dir.join("i386"));
    fs::write(&source, I386).unwrap();
    let mut gcc = Command::new("gcc");
    gcc.args(["-m32", "-O1", "-nostdlib", "-static", "-ffreestanding", "-fno-pic", "-fno-stack-protector"]);
    let built = gcc.arg("-o").arg(&program).arg(&source).output().unwrap();
    if !built.status.success() {
        return missing(test, "an i386 compiler and linker (gcc -m32)");
    }
    assert_eq!(fs::read(&program).unwrap()[4], 1, "ELFCLASS32");
    let spaces = ["--unshare", "all", "--map-root", "--hostname", "box", "--proc", "/proc"];
    for more in [&[][..], &["--net", "loopback", "--no-new-privs", "--cap-drop", "ALL"]] {
        let mut args = spaces.to_vec();
        args.extend(more);
        let program = program.to_str().unwrap();
        args.extend(["--", program, "word"]);
        let output = spawn(&args);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), &*text), (Some(42), "thirty-two\n"), "{said}");
    }
}

/// Names of the places where another launcher's child can fail, and the head of our step for each.
const PLACES: &[(&str, &str)] = &[
    ("clone", "clone as "),
    ("close_write", "wait until the parent has mapped"),
    ("unshare_user_read", "wait until the parent has mapped"),
    ("getpid", "stop until the tracer"),
    ("keep_capability", "keep capabilities"),
    ("setgroups", "set the supplementary groups"),
    ("setgid", "set the group id"),
    ("setuid", "set the user id"),
    ("dup3", "place descriptors"),
    ("fcntl", "move descriptors"),
    ("setsid", "start a new session"),
    ("ioctl", "make the terminal of descriptor 0"),
    ("mount(root)", "make every mount private"),
    ("mount(tmpfs)", "make a tmpfs filesystem"),
    ("mount(chdir)", "pivot the root"),
    ("mount", "mount it on '/a/b'"),
    ("mount(mkdir)", "make the mount point '/a/b'"),
    ("pivot_root", "pivot the root"),
    ("umount", "pivot the root"),
    ("unlink", "pivot the root"),
    ("mount(readonly)", "make the root read-only"),
    ("chdir", "change the directory"),
    ("setrlimit", "limit RLIMIT_CORE"),
    ("set_no_new_privs", "set no_new_privs"),
    ("drop_capability", "drop from the bounding set"),
    ("set_cap", "set the capabilities"),
    ("ptrace_me", "PTRACE_TRACEME"),
    ("stop", "stop until"),
    ("seccomp", "load the seccomp filter"),
    ("sync_write", "wait for the parent's word"),
    ("sync_read", "wait for the parent's word"),
    ("execve", "execute '/bin/true'"),
];

/// One plan with everything; its steps stand in the table's order wherever that order matters.
#[test]
fn own_every_place_of_failure_is_a_step() {
    use trace::spawn::plan::{FilterInsn, Mount, MountKind, Rlimit};
    let mut plan = plan(&["true"]);
    plan.namespaces = Namespaces::MOUNT.with(Namespaces::USER);
    let all = vec![Range { inside: 0, outside: 0, count: 10 }];
    plan.maps = Some(IdMaps { uid: all.clone(), gid: all, setgroups: true });
    plan.identity = Some(Identity { uid: Some(1), gid: Some(2), groups: Groups::Set(vec![3]) });
    plan.fds.map = vec![(3, Some(0))];
    (plan.terminal.setsid, plan.terminal.controlling) = (true, Some(0));
    let kind = MountKind::Fs { kind: "tmpfs".into(), options: Vec::new() };
    plan.fs.mounts.push(Mount { kind, target: "/a/b".into(), attributes: 0 });
    plan.fs.root = Some(Root::Pivot { dir: None, readonly: true });
    plan.workdir = Some("/a".into());
    plan.limits.push(Rlimit { resource: libc::RLIMIT_CORE, soft: 0, hard: None });
    plan.no_new_privs = true;
    plan.caps.drop = CapSet::one(12);
    plan.traced = Traced::BeforeExec;
    plan.seccomp = Some(vec![FilterInsn { code: 6, jt: 0, jf: 0, k: 0x7fff_0000 }]);
    let mut sync = |_: i32| Ok(());
    let hooks = Hooks { joining: None, sync: Some(&mut sync) };
    let lines = start::dry_run(&plan, &hooks).unwrap();
    let place = |name: &str| {
        let head = PLACES.iter().find(|row| row.0 == name).unwrap().1;
        let found = lines.iter().position(|line| line.starts_with(head));
        found.unwrap_or_else(|| panic!("{name}: no line begins with '{head}' in {lines:#?}"))
    };
    PLACES.iter().for_each(|(name, _)| assert!(place(name) < lines.len()));
    let order = [
        "clone",
        "keep_capability",
        "close_write",
        "setsid",
        "mount(root)",
        "mount(tmpfs)",
        "pivot_root",
        "mount",
        "mount(readonly)",
        "setgroups",
        "setgid",
        "setuid",
        "chdir",
        "fcntl",
        "dup3",
        "ioctl",
        "setrlimit",
        "set_no_new_privs",
        "drop_capability",
        "set_cap",
        "sync_write",
        "ptrace_me",
        "stop",
        "seccomp",
        "execve",
    ];
    assert!(order.windows(2).all(|pair| place(pair[0]) < place(pair[1])), "{lines:#?}");
}

/// The launcher is killed after the program has stopped for it and before it has seized it.
#[test]
fn own_a_launcher_that_dies_early_leaves_nothing_stopped() {
    const TELL: &str = "TRACE_TEST_TELL_PID";
    let name = "own_a_launcher_that_dies_early_leaves_nothing_stopped";
    if let Some(file) = std::env::var_os(TELL) {
        let mut plan = plan(&["sleep", "60"]);
        plan.traced = Traced::BeforeExec;
        let process = start::start(&plan, Hooks::default()).unwrap();
        std::fs::write(&file, process.pid().to_string()).unwrap();
        support::procfs::kill(std::process::id() as i32, libc::SIGKILL);
        unreachable!();
    }
    let dir = support::TempDir::new("early-death");
    let file = dir.join("pid");
    let mut run = std::process::Command::new(std::env::current_exe().unwrap());
    let output = run.args([name, "--exact", "--nocapture"]).env(TELL, &file).output().unwrap();
    assert!(!output.status.success());
    let pid: i32 = std::fs::read_to_string(&file).unwrap().parse().unwrap();
    let gone = || support::procfs::state(pid).is_none_or(|state| state == 'Z');
    assert!(support::procfs::wait_until(std::time::Duration::from_secs(20), gone), "{pid} is left");
}
