//! Launches: pidfds, id ranges, namespaces under a user namespace, the parent's word before execve, programs
//! that are descriptors.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unsafe_code)]

mod support;

use std::fs::{self, File};
use std::io::Read;
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use support::TempDir;
use support::child::{
    self, alone, errno, failure, filter, memory_file, namespace, open_fds, output, piped, program, sh,
};
use support::procfs::{self, wait_until};
use support::spawn::{as_other_user, needs_root, refused, spawned};
use trace::spawn::error::Error;
use trace::spawn::idmap::{Range, RangeError};
use trace::spawn::plan::{IdMaps, Program};
use trace::spawn::process::Exit;
use trace::spawn::start::{Hooks, start};
use trace::spawn::userns::unshare_after_userns;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn row_23_the_pidfd_signals_and_waits() {
    let process = start(&program("/bin/sleep", &["sleep", "60"]), Hooks::default()).unwrap();
    let pidfd = process.pidfd().expect("a kernel with pidfds").as_raw_fd();
    assert!(!process.has_ended());
    let info = fs::read_to_string(format!("/proc/self/fdinfo/{pidfd}")).unwrap();
    assert_eq!(child::field(&info, "Pid"), process.pid().to_string(), "{info}");
    // SAFETY: an all-zero siginfo is valid to be overwritten.
    let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
    let flags = libc::WEXITED | libc::WNOWAIT;
    process.signal(libc::SIGUSR1).unwrap();
    // SAFETY: the structure is live.
    let result = unsafe { libc::waitid(libc::P_PIDFD, pidfd as u32, &raw mut info, flags) };
    assert_eq!(result, 0);
    assert!(process.has_ended(), "a zombie has ended");
    assert!(procfs::kill(process.pid(), 0), "which signal 0 does not tell");
    assert_eq!(process.wait().unwrap(), Exit::Signal(libc::SIGUSR1));
    assert!(process.has_ended());
    assert_eq!(process.signal(libc::SIGKILL).unwrap_err().raw_os_error(), Some(libc::ESRCH));
}

#[test]
fn row_23_a_pidfd_has_one_owner() {
    if alone("row_23_a_pidfd_has_one_owner") {
        return;
    }
    let before = open_fds();
    let mut process = start(&program("/bin/true", &["true"]), Hooks::default()).unwrap();
    let pidfd = process.take_pidfd().unwrap();
    let number = pidfd.as_raw_fd();
    assert!(process.pidfd().is_none() && process.take_pidfd().is_none());
    process.wait().unwrap();
    drop(pidfd);
    // The number is free and used again; the process must not close it.
    let file = File::open("/etc/passwd").unwrap();
    assert_eq!(file.as_raw_fd(), number);
    drop(process);
    assert!(file.metadata().is_ok(), "closed twice");
    drop(file);
    assert_eq!(open_fds(), before);
}

#[test]
fn row_23_failed_launches_leak_no_pidfd() {
    if alone("row_23_failed_launches_leak_no_pidfd") {
        return;
    }
    let before = open_fds();
    let mut talking = program("/nonexistent/program", &["x"]);
    talking.identity = None;
    for _ in 0..10 {
        assert!(failure(&talking).contains("No such file"));
        let mut word = |_: i32| Ok(());
        let hooks = Hooks { sync: Some(&mut word), ..Hooks::default() };
        assert!(start(&talking, hooks).is_err());
    }
    assert_eq!(open_fds(), before);
    assert_eq!(procfs::children(std::process::id() as i32), [] as [i32; 0], "zombies");
}

#[test]
fn row_23_a_launch_survives_where_pidfd_open_kills() {
    let killing = filter(&[(libc::SYS_pidfd_open, libc::SECCOMP_RET_KILL_PROCESS)]);
    let (text, end) = child::spawn_under(killing, &["--", "echo", "alive"]);
    assert_eq!((text.as_str(), end), ("alive\n", Exit::Status(0)));
}

#[test]
fn row_24_ranges_of_ids() {
    let good = [
        ("0:1000:10", Range { inside: 0, outside: 1000, count: 10 }),
        ("0:0:4294967295", Range { inside: 0, outside: 0, count: u32::MAX }),
        ("4294967294:4294967294:1", Range::one(u32::MAX - 1, u32::MAX - 1)),
    ];
    for (text, range) in good {
        assert_eq!(text.parse::<Range>(), Ok(range), "{text}");
        assert_eq!(range.to_string(), text);
    }
    let whole = |text: &str| text.to_owned();
    let bad: [(&str, RangeError, &str); 10] = [
        ("", RangeError::Format(whole("")), "INSIDE:OUTSIDE:COUNT"),
        ("0:1", RangeError::Format(whole("0:1")), "INSIDE:OUTSIDE:COUNT"),
        ("0:1:2:3", RangeError::Format(whole("0:1:2:3")), "INSIDE:OUTSIDE:COUNT"),
        ("a:1:2", RangeError::Inside(whole("a:1:2")), "id inside (first part) must be a number"),
        (" 0:1:2", RangeError::Inside(whole(" 0:1:2")), "id inside"),
        ("0:b:2", RangeError::Outside(whole("0:b:2")), "id outside (second part) must be a number"),
        ("0:1:c", RangeError::Count(whole("0:1:c")), "count (third part) must be a number"),
        ("0:-1:2", RangeError::Bounds(whole("0:-1:2")), "0 to 4294967294"),
        ("0:1:0", RangeError::Bounds(whole("0:1:0")), "at least 1"),
        ("0:0:4294967296", RangeError::Bounds(whole("0:0:4294967296")), "may not run past"),
    ];
    for (text, error, sentence) in bad {
        let got = text.parse::<Range>().unwrap_err();
        assert_eq!(got, error, "{text}");
        assert!(got.to_string().contains(sentence) && got.to_string().contains(text), "{got}");
    }
    assert_eq!("+0:1:2".parse::<Range>(), Err(RangeError::Inside(whole("+0:1:2"))));
    assert_eq!("4294967290:0:6".parse::<Range>(), Err(RangeError::Bounds(whole("4294967290:0:6"))));
}

#[test]
fn row_24_the_command_names_the_bad_range_and_takes_several() {
    let text = refused(&["--map-uid", "0:1", "--", "true"]);
    assert!(text.contains("'0:1': INSIDE:OUTSIDE:COUNT"), "{text}");
    if !needs_root("row_24", "CAP_SETUID") {
        return;
    }
    let maps = ["--map-uid", "0:1000:10", "--map-uid", "10:3000:2", "--map-gid", "0:1000:10"];
    let mut args = vec!["--unshare", "user"];
    args.extend(maps);
    args.extend(["--", "cat", "/proc/self/uid_map"]);
    let text = spawned(&args);
    let numbers: Vec<&str> = text.split_whitespace().collect();
    assert_eq!(numbers, ["0", "1000", "10", "10", "3000", "2"]);
}

#[test]
fn row_24_a_map_of_one_kind_is_enough() {
    if !needs_root("row_24", "CAP_SETUID") {
        return;
    }
    assert_eq!(spawned(&["--map-uid", "0:1000:10", "--", "id", "-u"]), "0");
    assert_eq!(spawned(&["--map-gid", "0:1000:10", "--", "id", "-g"]), "0");
    let text = refused(&["--map-uid", "0:1000:10", "--groups", "4", "--", "id"]);
    assert!(text.contains("set the supplementary groups to [4]: Operation not permitted"), "{text}");
}

fn ten_ids() -> IdMaps {
    let range = vec!["0:1000:10".parse().unwrap()];
    IdMaps { uid: range.clone(), gid: range, setgroups: true }
}

const NET_AND_IPC: u64 = (libc::CLONE_NEWNET | libc::CLONE_NEWIPC) as u64;

#[test]
fn row_25_user_namespaces_are_refused_in_the_flags() {
    let mut called = false;
    let flags = NET_AND_IPC | libc::CLONE_NEWUSER as u64;
    let error = unshare_after_userns(&ten_ids(), flags, |_| {
        called = true;
        Ok(())
    });
    assert_eq!(error.unwrap_err(), "unshare flags should not include user namespace");
    assert!(!called);
}

#[test]
fn row_25_the_callback_sees_the_namespaces_and_maps() {
    if !needs_root("row_25", "CAP_SYS_ADMIN") || alone("row_25_the_callback_sees_the_namespaces_and_maps") {
        return;
    }
    let before = open_fds();
    let mut holder = 0;
    let result = unshare_after_userns(&ten_ids(), NET_AND_IPC, |pid| {
        holder = pid;
        for kind in ["net", "user", "ipc"] {
            let theirs = namespace(pid, kind);
            assert!(theirs.starts_with(kind) && theirs != namespace("self", kind), "{kind}");
        }
        for kind in ["pid", "mnt", "uts"] {
            assert_eq!(namespace(pid, kind), namespace("self", kind));
        }
        let read = |file: &str| fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap();
        let map = "         0       1000         10\n";
        assert_eq!((read("uid_map").as_str(), read("gid_map").as_str()), (map, map));
        assert_eq!(read("setgroups"), "allow\n");
        assert_eq!(procfs::tracer_of(pid), trace::sys::process::gettid());
        assert_eq!(
            owner_of_user_namespace(pid),
            1000,
            "ucounts are charged to the host user that is root inside"
        );
        Ok(())
    });
    assert_eq!(result, Ok(()));
    assert!(holder > 0 && procfs::state(holder).is_none(), "the holder is reaped");
    assert_eq!(open_fds(), before);
    assert_eq!(procfs::children(std::process::id() as i32), [] as [i32; 0]);
}

/// The user who made the user namespace of `pid` (NS_GET_OWNER_UID).
fn owner_of_user_namespace(pid: i32) -> u32 {
    let file = File::open(format!("/proc/{pid}/ns/user")).unwrap();
    let mut owner: libc::uid_t = 77;
    // SAFETY: the request writes a uid behind the pointer.
    let result = unsafe { libc::ioctl(file.as_raw_fd(), 0xb704, &raw mut owner) };
    assert_eq!(result, 0, "NS_GET_OWNER_UID");
    owner
}

#[test]
fn row_25_the_namespaces_outlive_the_holder() {
    if !needs_root("row_25", "CAP_SYS_ADMIN") {
        return;
    }
    let mut kept = None;
    let mut inside = String::new();
    unshare_after_userns(&ten_ids(), NET_AND_IPC, |pid| {
        inside = namespace(pid, "net");
        kept = File::open(format!("/proc/{pid}/ns/net")).ok();
        Ok(())
    })
    .unwrap();
    let kept = kept.expect("the file can be opened");
    let path = format!("/proc/{}/fd/{}", std::process::id(), kept.as_raw_fd());
    assert_eq!(fs::read_link(path).unwrap().to_string_lossy(), inside);
}

#[test]
fn row_25_failures() {
    if !needs_root("row_25", "CAP_SYS_ADMIN") || alone("row_25_failures") {
        return;
    }
    let before = open_fds();
    let refused = unshare_after_userns(&ten_ids(), NET_AND_IPC, |_| Err("not today".into()));
    assert_eq!(refused.unwrap_err(), "not today");
    let killed = unshare_after_userns(&ten_ids(), NET_AND_IPC, |pid| {
        procfs::kill(pid, libc::SIGKILL);
        trace::sys::wait::wait(pid).map(drop).map_err(|error| error.to_string())
    });
    assert_eq!(killed.unwrap_err(), "failed to ensure child process is alive: no such process");
    // A zombie is not alive either, though a signal reaches it.
    let zombie = unshare_after_userns(&ten_ids(), NET_AND_IPC, |pid| {
        procfs::kill(pid, libc::SIGKILL);
        assert!(wait_until(SECOND, || procfs::state(pid) == Some('Z')));
        Ok(())
    });
    assert_eq!(zombie.unwrap_err(), "failed to ensure child process is alive: no such process");
    let io = unshare_after_userns(&ten_ids(), libc::CLONE_IO as u32 as u64, |_| Ok(()));
    let io = io.unwrap_err();
    assert!(io.contains("unshare 0x80000000") && io.contains("Invalid argument"), "{io}");
    assert_eq!(open_fds(), before);
    assert_eq!(procfs::children(std::process::id() as i32), [] as [i32; 0], "zombies");
}

#[test]
fn row_25_an_ordinary_user_maps_itself() {
    if as_other_user("row_25_an_ordinary_user_maps_itself") {
        return;
    }
    let (uid, gid) = (trace::sys::process::effective_uid(), trace::sys::process::effective_gid());
    let maps = IdMaps { uid: vec![Range::one(0, uid)], gid: vec![Range::one(0, gid)], setgroups: false };
    let mut word = String::new();
    unshare_after_userns(&maps, NET_AND_IPC, |pid| {
        word = fs::read_to_string(format!("/proc/{pid}/setgroups")).map_err(|error| error.to_string())?;
        Ok(())
    })
    .unwrap();
    assert_eq!(word, "deny\n");
}

#[test]
fn row_26_the_function_runs_before_execve() {
    let dir = TempDir::new("sync");
    let marker = dir.join("ran");
    let plan = program("/bin/touch", &["touch", marker.to_str().unwrap()]);
    let mut seen = 0;
    let mut sync = |pid: i32| {
        seen = pid;
        let own = fs::read_link("/proc/self/exe").unwrap();
        assert_eq!(fs::read_link(format!("/proc/{pid}/exe")).unwrap(), own, "not executed yet");
        assert!(!marker.exists());
        Ok(())
    };
    let process = start(&plan, Hooks { sync: Some(&mut sync), ..Hooks::default() }).unwrap();
    assert_eq!(process.wait().unwrap(), Exit::Status(0));
    assert_eq!(seen, process.pid());
    assert!(marker.exists());
}

#[test]
fn row_26_a_refusal_means_no_execve() {
    let dir = TempDir::new("sync");
    let marker = dir.join("ran");
    let plan = program("/bin/touch", &["touch", marker.to_str().unwrap()]);
    let mut seen = 0;
    let mut sync = |pid: i32| {
        seen = pid;
        Err("no room".to_owned())
    };
    let error = start(&plan, Hooks { sync: Some(&mut sync), ..Hooks::default() }).unwrap_err();
    assert!(matches!(&error, Error::Sync(text) if text == "no room"), "{error}");
    assert_eq!(error.to_string(), "the program was not started: no room");
    assert!(procfs::state(seen).is_none(), "killed and reaped");
    assert!(!marker.exists());
    let state = "/nonexistent/dir/state.json";
    let text = refused(&["--state", state, "--", "touch", marker.to_str().unwrap()]);
    assert!(text.contains(state) && text.contains("No such file"), "{text}");
    assert!(!marker.exists());
}

#[test]
fn row_26_a_parent_that_dies_takes_the_child_along() {
    if let Some(base) = std::env::var_os("TRACE_TEST_SYNC") {
        let base = std::path::PathBuf::from(base);
        let plan = program("/bin/touch", &["touch", base.join("ran").to_str().unwrap()]);
        let mut sync = |pid: i32| {
            fs::write(base.join("pid"), pid.to_string()).unwrap();
            procfs::kill(std::process::id() as i32, libc::SIGKILL);
            Ok(())
        };
        start(&plan, Hooks { sync: Some(&mut sync), ..Hooks::default() }).unwrap();
        unreachable!();
    }
    let dir = TempDir::new("sync");
    let (marker, note) = (dir.join("ran"), dir.join("pid"));
    let mut run = Command::new(std::env::current_exe().unwrap());
    run.args(["row_26_a_parent_that_dies_takes_the_child_along", "--exact"]);
    let result = run.env("TRACE_TEST_SYNC", dir.path()).output().unwrap();
    assert!(!result.status.success());
    let pid: i32 = fs::read_to_string(note).unwrap().parse().unwrap();
    assert!(
        wait_until(SECOND, || matches!(procfs::state(pid), None | Some('Z'))),
        "{:?}",
        procfs::state(pid)
    );
    assert!(!marker.exists(), "without the parent's word nothing is executed");
}

fn echo() -> Vec<u8> {
    fs::read("/bin/echo").unwrap()
}

#[test]
fn row_27_a_memfd_runs() {
    let file = memory_file(&echo());
    let mut plan = program("", &["anything", "from", "memory"]);
    plan.program = Program::Fd(file.as_raw_fd());
    assert_eq!(output(&plan), ("from memory\n".into(), Exit::Status(0)));
}

#[test]
fn row_27_the_descriptor_survives_the_shuffle_and_is_closed_at_exec() {
    let file = memory_file(&fs::read("/bin/ls").unwrap());
    let null = File::open("/dev/null").unwrap();
    let number = file.as_raw_fd();
    let mut plan = program("", &["ls", "-l", "/proc/self/fd"]);
    plan.program = Program::Fd(number);
    // Its own number is wanted for something else.
    plan.fds.map = vec![(number, Some(null.as_raw_fd()))];
    let (text, end) = output(&plan);
    assert_eq!(end, Exit::Status(0));
    assert!(text.contains(&format!(" {number} -> /dev/null")), "{text}");
    assert!(!text.contains("memfd"), "closed at exec: {text}");
    assert!(file.metadata_is_open(), "the parent keeps its own");
}

/// Whether a descriptor is open here.
trait IsOpen {
    fn metadata_is_open(&self) -> bool;
}

impl IsOpen for std::os::fd::OwnedFd {
    fn metadata_is_open(&self) -> bool {
        fs::read_link(format!("/proc/self/fd/{}", self.as_raw_fd())).is_ok()
    }
}

#[test]
fn row_27_a_script_keeps_its_descriptor_for_the_interpreter() {
    let file = memory_file(b"#!/bin/sh\necho script $1\n");
    let mut plan = program("", &["script", "one"]);
    plan.program = Program::Fd(file.as_raw_fd());
    assert_eq!(output(&plan), ("script one\n".into(), Exit::Status(0)));
    let data = memory_file(b"no program at all");
    plan.program = Program::Fd(data.as_raw_fd());
    let text = failure(&plan);
    assert!(text.contains("execute descriptor") && text.contains("Exec format error"), "{text}");
}

#[test]
fn row_27_the_command_takes_a_descriptor() {
    let binary = support::spawn::binary();
    let script = format!("exec {} spawn --exec-fd 9 -- name works 9</bin/echo", binary.display());
    assert_eq!(output(&sh(&script)), ("works\n".into(), Exit::Status(0)));
}

#[test]
fn row_27_a_busy_file_is_tried_again() {
    let dir = TempDir::new("busy");
    let path = dir.join("echo");
    fs::write(&path, echo()).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    let plan = program(path.to_str().unwrap(), &["echo", "at last"]);
    let writer = fs::OpenOptions::new().append(true).open(&path).unwrap();
    let from = Instant::now();
    let text = failure(&plan);
    assert!(text.contains("Text file busy") && text.contains("still open for writing"), "{text}");
    assert!(from.elapsed() > Duration::from_millis(45), "it was tried for a while");
    drop(writer);
    // Another process has it open for a moment: what this one has open, its child has too.
    let script = format!("exec 9>>{} && echo && sleep 0.015", path.display());
    let mut other = Command::new("sh").args(["-c", &script]).stdout(Stdio::piped()).spawn().unwrap();
    other.stdout.take().unwrap().read_exact(&mut [0]).unwrap();
    assert_eq!(output(&plan).0, "at last\n");
    other.wait().unwrap();
    other.wait().unwrap();
}

#[test]
fn row_29_names_are_set_and_their_errors_told() {
    let args = ["--map-root", "--unshare", "uts", "--hostname", "box", "--domainname", "dom"];
    let files = ["--", "cat", "/proc/sys/kernel/hostname", "/proc/sys/kernel/domainname"];
    let host = || fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
    let before = host();
    assert_eq!(spawned(&[&args[..], &files[..]].concat()), "box\ndom");
    assert_eq!(host(), before, "the host keeps its name");
    for (call, word, name) in
        [(libc::SYS_sethostname, "host", "box"), (libc::SYS_setdomainname, "domain", "dom")]
    {
        let mut all = args.to_vec();
        all.extend(["--", "echo", "ran"]);
        let (text, end) = child::spawn_under(filter(&[(call, errno(libc::EPERM))]), &all);
        assert_eq!(end, Exit::Status(1), "{text}");
        assert!(
            text.contains(&format!("set the {word} name to '{name}': Operation not permitted")),
            "{text}"
        );
        assert!(!text.contains("ran\n"), "{text}");
    }
}

#[test]
fn row_29_names_need_their_namespace() {
    let mut plan = program("/bin/true", &["true"]);
    plan.hostname = Some("box".into());
    assert!(failure(&plan).contains("add uts to --unshare"));
    let long = "x".repeat(65);
    let text = refused(&["--hostname", &long, "--", "true"]);
    assert!(text.contains("1 to 64 bytes"), "{text}");
}

#[test]
fn row_29_names_are_set_after_the_root_has_changed() {
    let args = [
        "--map-root",
        "--unshare",
        "uts,mount",
        "--pivot-root",
        "/tmp",
        "--hostname",
        "box",
        "--dry-run",
        "--",
        "/bin/true",
    ];
    let text = spawned(&args);
    let at = |what: &str| text.find(what).unwrap_or_else(|| panic!("{what} in {text}"));
    assert!(at("pivot the root") < at("set the host name"), "{text}");
}

#[test]
fn row_26_the_channel_is_not_the_programs() {
    let mut word = |_: i32| Ok(());
    let hooks = Hooks { sync: Some(&mut word), ..Hooks::default() };
    let (process, pipe) = piped(&sh("ls -l /proc/self/fd"), hooks).unwrap();
    let text = child::rest(pipe);
    process.wait().unwrap();
    assert!(!text.contains("socket:") && !text.contains("pidfd"), "{text}");
}

#[test]
fn row_25_a_callback_that_panics_leaves_nobody() {
    if !needs_root("row_25", "CAP_SYS_ADMIN") || alone("row_25_a_callback_that_panics_leaves_nobody") {
        return;
    }
    let mut holder = 0;
    let call = std::panic::AssertUnwindSafe(|| {
        unshare_after_userns(&ten_ids(), NET_AND_IPC, |pid| {
            holder = pid;
            panic!("in the callback")
        })
    });
    assert!(std::panic::catch_unwind(call).is_err());
    assert!(holder > 0 && procfs::state(holder).is_none(), "the holder is reaped");
}

#[test]
fn row_23_without_a_free_descriptor_the_launch_fails_and_recovers() {
    if alone("row_23_without_a_free_descriptor_the_launch_fails_and_recovers") {
        return;
    }
    let before = open_fds();
    let (soft, hard) = trace::sys::limits::get(libc::RLIMIT_NOFILE).unwrap();
    let number = |line: &String| line.split(' ').next().unwrap().parse::<i32>().unwrap();
    let top = before.iter().map(number).max().unwrap();
    // Every number below the highest is taken.
    let mut filling = vec![File::open("/dev/null").unwrap()];
    while filling.last().unwrap().as_raw_fd() < top {
        filling.push(File::open("/dev/null").unwrap());
    }
    let above = filling.last().unwrap().as_raw_fd() as u64 + 1;
    let filled = open_fds();
    // A socket pair, then the pidfd: each of them may be what fails.
    for spare in 0..4 {
        trace::sys::limits::set(libc::RLIMIT_NOFILE, (above + spare, hard)).unwrap();
        let mut word = |_: i32| Ok(());
        let result =
            start(&program("/bin/true", &["true"]), Hooks { sync: Some(&mut word), ..Hooks::default() });
        trace::sys::limits::set(libc::RLIMIT_NOFILE, (soft, hard)).unwrap();
        match result {
            Err(error) => assert!(error.to_string().contains("Too many open files"), "{error}"),
            Ok(process) => assert_eq!((spare, process.wait().unwrap()), (3, Exit::Status(0))),
        }
    }
    assert_eq!(open_fds(), filled);
    assert_eq!(procfs::children(std::process::id() as i32), [] as [i32; 0], "zombies");
}

#[test]
fn row_26_a_refusal_before_the_first_step() {
    let mut seen = 0;
    let mut joining = |pid: i32| {
        seen = pid;
        Err(Error::Sync("no group".into()))
    };
    let mut called = false;
    let mut sync = |_: i32| {
        called = true;
        Ok(())
    };
    let hooks = Hooks { joining: Some(&mut joining), sync: Some(&mut sync) };
    let error = start(&program("/bin/true", &["true"]), hooks).unwrap_err();
    assert!(error.to_string().contains("no group"), "{error}");
    assert!(procfs::state(seen).is_none() && !called, "killed, reaped, and no further");
}
