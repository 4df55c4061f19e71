//! Containers that live on: what go-sandbox's tests ask of one, as root with and without a user namespace, and as an
//! ordinary user. After every behaviour the container still answers, runs again, and ends without a trace.
#![allow(unsafe_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs::{self, File};
use std::os::fd::{AsRawFd, RawFd};
use std::time::Duration;

use support::TempDir;
use support::child::{namespace, pipe, rest, status};
use support::container::{begin, sh};
use support::procfs::{self, wait_until};
use support::spawn::{as_other_user, is_root};
use trace::spawn::container::{Container, Error, Run, Sync};
use trace::spawn::idmap::Range;
use trace::spawn::namespaces::Namespaces;
use trace::spawn::plan::{IdMaps, Identity, Mount, MountKind, Plan, Program, Rlimit};
use trace::spawn::process::Exit;
use trace::sys::process;

const SECONDS: Duration = Duration::from_secs(60);

/// A container of every namespace that needs no more than mounts, with a /proc of its own.
fn plain() -> Plan {
    let mut plan = Plan::new("", vec!["box".into()]);
    let kinds = [Namespaces::PID, Namespaces::MOUNT, Namespaces::NET, Namespaces::UTS, Namespaces::IPC];
    plan.namespaces = kinds.into_iter().fold(Namespaces::NONE, Namespaces::with);
    plan.hostname = Some("box".into());
    let kind = MountKind::Fs { kind: "proc".into(), options: Vec::new() };
    plan.fs.mounts = vec![Mount { kind, target: "/proc".into(), attributes: 0 }];
    plan
}

/// The same in a user namespace, with this user as its root.
fn mapped() -> Plan {
    let mut plan = plain();
    plan.namespaces = plan.namespaces.with(Namespaces::USER);
    let (uid, gid) = (process::effective_uid(), process::effective_gid());
    plan.maps =
        Some(IdMaps { uid: vec![Range::one(0, uid)], gid: vec![Range::one(0, gid)], setgroups: false });
    plan
}

/// What `run` prints, and how it ends.
fn output(container: &mut Container, mut run: Run, sync: Sync<'_>) -> Result<(String, Exit), Error> {
    let (read, write) = pipe();
    run.fds.push((1, write.as_raw_fd()));
    let running = container.launch(&run, sync)?;
    drop(write);
    let text = rest(read);
    Ok((text, running.wait()?))
}

fn says(container: &mut Container, script: &str) -> String {
    let (text, exit) = output(container, sh(script), Sync::None).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(exit, Exit::Status(0), "{script}: {text}");
    text.trim_end().to_owned()
}

/// Nothing is wrong with it: it answers, runs, and has nobody inside but the init.
#[track_caller]
fn is_well(container: &mut Container) {
    container.ping().unwrap();
    assert_eq!(says(container, "echo well; hostname"), "well\nbox");
    assert_eq!(procfs::children(container.pid()), [0i32; 0]);
}

/// Runs `body` in a container of each kind that this user can have.
fn each(body: fn(&mut Container)) {
    let plans = if is_root() { vec![plain(), mapped()] } else { vec![mapped()] };
    for plan in plans {
        let mut container = begin(plan).unwrap_or_else(|error| panic!("{error}"));
        let init = container.pid();
        body(&mut container);
        is_well(&mut container);
        assert_eq!(container.destroy(), [] as [&str; 0]);
        assert_eq!(procfs::state(init), None, "killed and reaped");
    }
}

macro_rules! behaviours {
    ($($name:ident, $other:ident, $body:expr;)*) => {$(
        #[test]
        fn $name() {
            each($body);
        }
        #[test]
        fn $other() {
            if as_other_user(stringify!($other)) {
                return;
            }
            each($body);
        }
    )*};
}

behaviours! {
    sandbox_container_success, sandbox_container_success_as_another_user, success;
    sandbox_container_success_with_sync, sandbox_container_success_with_sync_as_another_user, success_with_sync;
    sandbox_container_missing_binary, sandbox_container_missing_binary_as_another_user, missing_binary;
    sandbox_container_sync_error, sandbox_container_sync_error_as_another_user, sync_error;
    sandbox_container_sync_error_after_exec, sandbox_container_sync_error_after_exec_as_another_user, after_exec;
    sandbox_container_descriptors, sandbox_container_descriptors_as_another_user, descriptors;
    container_reaps_orphans, container_reaps_orphans_as_another_user, orphans;
    container_ends_what_a_program_leaves, container_ends_what_a_program_leaves_as_another_user, leftovers;
    container_kills_and_signals, container_kills_and_signals_as_another_user, kills;
    container_hears_the_launcher_alone, container_hears_the_launcher_alone_as_another_user, strays;
    container_settings_of_a_run, container_settings_of_a_run_as_another_user, settings;
    container_takes_long_arguments, container_takes_long_arguments_as_another_user, long;
}

fn success(container: &mut Container) {
    container.ping().unwrap();
    assert_eq!(says(container, "echo $$; hostname; set -- /proc/[0-9]*; echo $#"), "2\nbox\n2");
    for kind in ["pid", "mnt", "net", "uts", "ipc"] {
        assert_ne!(namespace(container.pid(), kind), namespace("self", kind), "{kind}");
    }
    assert_eq!(container.run(&sh("exit 7"), Sync::None).unwrap(), Exit::Status(7));
    assert_eq!(container.run(&sh("kill -9 $$"), Sync::None).unwrap(), Exit::Signal(9));
    // The environment, the descriptors and the arguments are the run's and nobody else's.
    assert_eq!(says(container, "env | cut -d= -f1 | sort | tr '\\n' ' '"), "PATH PWD");
    assert_eq!(says(container, "ls -l /proc/self/fd | grep -c -- '->'"), "4");
    assert_eq!(says(container, "readlink /proc/self/fd/0 /proc/self/fd/2"), "/dev/null\n/dev/null");
    let ours = says(container, "grep -E '^Sig(Blk|Ign)' /proc/self/status | cut -f2");
    let sets: Vec<u64> = ours.lines().map(|set| u64::from_str_radix(set, 16).unwrap()).collect();
    let changed = 1 << (libc::SIGPIPE - 1) | 1 << (libc::SIGCHLD - 1);
    assert!(sets[0] == 0 && sets[1] & changed == 0, "nothing of the init's signals: {ours}");
}

fn success_with_sync(container: &mut Container) {
    let init = container.pid();
    let mut seen = Vec::new();
    let mut look = |pid: i32| {
        let exe = fs::read_link(format!("/proc/{pid}/exe")).map(|exe| exe.file_name().map(ToOwned::to_owned));
        seen.push((procfs::parent(pid), status(pid, "NSpid").ends_with(" 2"), exe.ok().flatten()));
        Ok(())
    };
    let done = output(container, sh("echo ran $$"), Sync::BeforeExec(&mut look)).unwrap();
    assert_eq!(done, ("ran 2\n".into(), Exit::Status(0)));
    let [(parent, second, exe)] = &seen[..] else { panic!("{seen:?}") };
    assert_eq!((*parent, *second), (Some(init), true), "the id is the launcher's for it");
    assert_ne!(exe.as_deref(), Some("sh".as_ref()), "before its execve");
    let mut pid = 0;
    let mut note = |seen: i32| {
        pid = seen;
        Ok(())
    };
    let (read, write) = pipe();
    let mut run = sh("echo up; read wait <&4");
    let (hold, go) = pipe();
    run.fds = vec![(1, write.as_raw_fd()), (4, hold.as_raw_fd())];
    let running = container.launch(&run, Sync::AfterExec(&mut note)).unwrap();
    drop((write, hold));
    // Not by its name, which the kernel changes a moment after it has let the launcher go.
    let exe = fs::read_link(format!("/proc/{}/exe", running.pid())).unwrap();
    assert_eq!(exe, fs::canonicalize("/bin/sh").unwrap());
    assert!(running.pidfd().is_some());
    let inside = running.pid();
    drop(go);
    assert_eq!((rest(read), running.wait().unwrap(), pid), ("up\n".into(), Exit::Status(1), inside));
}

fn missing_binary(container: &mut Container) {
    let missing = Run::new("/no/such/binary", vec!["x".into()]);
    let check = |error: Error| {
        let Error::Child { step, call, errno, text } = error else { panic!("{error}") };
        assert_eq!((&step[..], call, errno), ("execute '/no/such/binary'", None, libc::ENOENT));
        assert!(text.contains("No such file or directory"), "{text}");
    };
    check(container.run(&missing, Sync::None).unwrap_err());
    is_well(container);
    let mut calls = 0;
    let mut count = |_: i32| {
        calls += 1;
        Ok(())
    };
    check(container.run(&missing, Sync::BeforeExec(&mut count)).unwrap_err());
    is_well(container);
    check(container.run(&missing, Sync::AfterExec(&mut count)).unwrap_err());
    assert_eq!(calls, 1, "before the execve it is called, after it there is none");
    // Any other step is located too.
    let mut run = sh("true");
    run.workdir = Some("/no/such/directory".into());
    let Error::Child { step, errno, .. } = container.run(&run, Sync::None).unwrap_err() else { panic!() };
    assert_eq!((&step[..], errno), ("change the directory to '/no/such/directory'", libc::ENOENT));
}

fn sync_error(container: &mut Container) {
    let dir = TempDir::new("never");
    let mut pid = 0;
    let mut refuse = |seen: i32| {
        pid = seen;
        Err("not today".to_owned())
    };
    let run = sh(&format!("touch {}", dir.join("ran").display()));
    let error = container.run(&run, Sync::BeforeExec(&mut refuse)).unwrap_err();
    assert!(matches!(&error, Error::Sync(text) if text == "not today"), "{error}");
    assert_eq!(error.to_string(), "the program was not started: not today");
    assert!(!dir.join("ran").exists() && pid > 0 && procfs::state(pid).is_none());
    is_well(container);
    // A function that panics refuses too.
    let mut panics = |_: i32| panic!("on purpose");
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        container.run(&run, Sync::BeforeExec(&mut panics)).map(drop)
    }));
    assert!(caught.is_err());
    is_well(container);
    assert!(!dir.join("ran").exists());
}

fn after_exec(container: &mut Container) {
    let mut pid = 0;
    let mut refuse = |seen: i32| {
        pid = seen;
        Err("too late".to_owned())
    };
    let error = container.run(&sh("sleep 1000"), Sync::AfterExec(&mut refuse)).unwrap_err();
    assert!(matches!(&error, Error::SyncAfterExec(text) if text == "too late"), "{error}");
    assert_eq!(error.to_string(), "the program was killed after its start: too late");
    assert!(pid > 0 && procfs::state(pid).is_none(), "killed and reaped");
}

fn descriptors(container: &mut Container) {
    // Files of the launcher that no path inside leads to, at numbers of their own, in an order that gets in its own way.
    let dir = TempDir::new("fds");
    fs::write(dir.join("one"), "first\n").unwrap();
    fs::write(dir.join("two"), "second\n").unwrap();
    let (one, two) = (File::open(dir.join("one")).unwrap(), File::open(dir.join("two")).unwrap());
    let fds = |list: [RawFd; 3]| -> Vec<(RawFd, RawFd)> { [3, 4, 9].into_iter().zip(list).collect() };
    let mut run = sh("cat <&9 <&4; cat <&3; cat /proc/self/fd/9; ls /proc/self/fd | tr '\\n' ' '");
    run.fds = fds([one.as_raw_fd(), two.as_raw_fd(), two.as_raw_fd()]);
    let (text, _) = output(container, run, Sync::None).unwrap();
    assert_eq!(text, "second\nfirst\nsecond\n0 1 2 3 4 5 9 ");
    // The most that one message takes, and one more.
    let many =
        |count: i32| -> Vec<(RawFd, RawFd)> { (10..10 + count).map(|fd| (fd, one.as_raw_fd())).collect() };
    let mut run = sh("ls /proc/self/fd | wc -l");
    run.fds = many(252);
    assert_eq!(output(container, run.clone(), Sync::None).unwrap().0.trim(), (252 + 4).to_string());
    run.fds = many(254);
    assert!(matches!(container.run(&run, Sync::None), Err(Error::TooMuch("descriptors", 254, 253))));
    run.fds = vec![(3, 9999)];
    assert!(matches!(container.run(&run, Sync::None), Err(Error::Channel(_))));
    run.fds = vec![(3, 0), (3, 1)];
    assert!(container.run(&run, Sync::None).unwrap_err().to_string().contains("given twice"));
    // The program itself as one.
    let echo = File::open("/bin/echo").unwrap();
    let mut run = Run::new("", vec!["echo".into(), "by descriptor".into()]);
    run.program = Program::Fd(echo.as_raw_fd());
    assert_eq!(output(container, run, Sync::None).unwrap().0, "by descriptor\n");
}

fn orphans(container: &mut Container) {
    // Each of twenty grandchildren is orphaned and ends while the program goes on.
    let script = "for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do (true & exec true); done; echo all; read wait <&4";
    let (read, write) = pipe();
    let (hold, go) = pipe();
    let mut run = sh(script);
    run.fds = vec![(1, write.as_raw_fd()), (4, hold.as_raw_fd())];
    let init = container.pid();
    let running = container.launch(&run, Sync::None).unwrap();
    drop((write, hold));
    let mut line = [0; 4];
    std::io::Read::read_exact(&mut &read, &mut line).unwrap();
    assert_eq!(&line, b"all\n");
    assert!(wait_until(SECONDS, || procfs::children(init) == [running.pid()]), "no zombie stays");
    drop(go);
    running.wait().unwrap();
}

fn leftovers(container: &mut Container) {
    let text =
        says(container, "setsid sleep 1000 >/dev/null & setsid -f sleep 1001 >/dev/null; sleep 0; echo $!");
    assert_eq!(text, "3");
    assert_eq!(
        procfs::children(container.pid()),
        [0i32; 0],
        "ended before the launcher heard of the program's end"
    );
    assert_eq!(says(container, "set -- /proc/[0-9]*; echo $#"), "2");
}

fn kills(container: &mut Container) {
    let running = container.launch(&sh("trap 'exit 9' TERM; echo; sleep 1000 & wait"), Sync::None).unwrap();
    running.kill();
    assert_eq!(running.wait().unwrap(), Exit::Signal(libc::SIGKILL));
    let running =
        container.launch(&Run::new("/bin/sleep", vec!["sleep".into(), "1000".into()]), Sync::None).unwrap();
    running.signal(libc::SIGTERM).unwrap();
    assert_eq!(running.wait().unwrap(), Exit::Signal(libc::SIGTERM));
    let running = container.launch(&sh("sleep 1000"), Sync::None).unwrap();
    let pid = running.pid();
    drop(running);
    assert_eq!(procfs::state(pid), None);
    // A word to one that has ended is no word to the next.
    let running = container.launch(&sh("true"), Sync::None).unwrap();
    assert!(wait_until(SECONDS, || procfs::state(running.pid()).is_none()));
    running.kill();
    running.signal(libc::SIGKILL).unwrap();
    assert_eq!(running.wait().unwrap(), Exit::Status(0));
}

/// The launcher's end of the channel: the only socket that keeps messages apart which this process has connected so.
fn own_end(container: &Container) -> RawFd {
    let text = format!("{container:?}");
    let fd = text.split("channel: Channel(OwnedFd { fd: ").nth(1).unwrap().split(' ').next().unwrap();
    fd.parse().unwrap()
}

fn strays(container: &mut Container) {
    // A program that has got hold of the launcher's end asks for an answer (a ping of serial 77), ends the words of
    // a run in the middle, and sends what is no word at all: the kernel says that it comes from inside.
    let mut run = sh(
        "printf '\\2\\0\\0\\0\\115\\0\\0\\0\\0\\0\\0\\0' >&5; printf '\\3\\0\\0\\0\\1\\0\\0\\0\\377\\0\\0\\0' >&5; printf x >&5; echo sent",
    );
    run.fds = vec![(5, own_end(container))];
    assert_eq!(output(container, run, Sync::None).unwrap(), ("sent\n".into(), Exit::Status(0)));
    container.ping().unwrap();
    // Nothing is left over that an answer to a stray message would be.
    let mut poll = libc::pollfd { fd: own_end(container), events: libc::POLLIN, revents: 0 };
    // SAFETY: one live pollfd.
    assert_eq!(unsafe { libc::poll(&raw mut poll, 1, 0) }, 0, "the init has answered somebody else");
}

fn settings(container: &mut Container) {
    let row = |resource, soft| Rlimit { resource, soft, hard: Some(soft) };
    let mut run = sh(
        "ulimit -n; ulimit -c; grep -E '^(NoNewPrivs|Seccomp|CapEff|CapBnd):' /proc/self/status; pwd; echo $NAME",
    );
    run.limits = vec![row(libc::RLIMIT_NOFILE, 32), row(libc::RLIMIT_CORE, 0)];
    run.no_new_privs = true;
    run.caps.drop = trace::spawn::caps::CapSet::all();
    run.seccomp = Some(support::child::filter(&[(libc::SYS_mkdir, support::child::errno(libc::EXDEV))]));
    run.workdir = Some("/usr/bin".into());
    run.env.push("NAME=a value".into());
    let (text, _) = output(container, run, Sync::None).unwrap();
    let zero = "0000000000000000";
    assert_eq!(
        text,
        format!("32\n0\nCapEff:\t{zero}\nCapBnd:\t{zero}\nNoNewPrivs:\t1\nSeccomp:\t2\n/usr/bin\na value\n")
    );
    // None of it is the container's.
    assert_eq!(
        says(container, "grep -E '^(NoNewPrivs|Seccomp):' /proc/self/status | cut -f2 | sort -u; pwd"),
        "0\n/"
    );
    let soft = Rlimit { resource: libc::RLIMIT_NOFILE, soft: 9, hard: Some(8) };
    let mut run = sh("true");
    run.limits = vec![soft];
    assert!(container.run(&run, Sync::None).unwrap_err().to_string().contains("above the hard one"));
    run = sh("true");
    run.argv = Vec::new();
    assert!(matches!(container.run(&run, Sync::None), Err(Error::Launch(_))));
    run = sh("true");
    run.identity = Some(Identity { uid: Some(0), gid: Some(0), ..Identity::default() });
    assert_eq!(container.run(&run, Sync::None).unwrap(), Exit::Status(0), "no groups where none can be set");
}

fn long(container: &mut Container) {
    let word = "x".repeat(100_000);
    let mut run = sh("echo ${#0} ${#1} ${#NAME}");
    run.argv.extend([word.clone().into(), word.clone().into()]);
    run.env.push(format!("NAME={word}").into());
    assert_eq!(output(container, run.clone(), Sync::None).unwrap().0, "100000 100000 100000\n");
    run.argv = vec!["sh".into(); 200_000];
    run.argv.push("y".repeat(5 << 20).into());
    let Error::Child { errno, .. } = container.run(&run, Sync::None).unwrap_err() else { panic!() };
    assert_eq!(errno, libc::E2BIG, "the kernel's own word");
    run.argv.push("z".repeat(16 << 20).into());
    assert!(matches!(container.run(&run, Sync::None), Err(Error::TooMuch(..))));
}
