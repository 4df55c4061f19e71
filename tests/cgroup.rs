//! Real control groups: limits, freezing, killing, removal, on whichever hierarchies the machine has. The
//! names of the tests say which row of the launch engine's list they prove.
#![allow(unsafe_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;
use std::os::fd::AsRawFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::Duration;

use support::TempDir;
use trace::spawn::cgroup::{Cgroup, Error, Kind, Layout, Parts, Step};

/// Says which view of the hierarchies a test that starts itself again is in.
const VIEW: &str = "TRACE_TEST_CGROUP_VIEW";

/// Says what this machine lacks for the running test.
fn lacks(what: &str) {
    support::missing(&support::this_test(), what);
}

/// The machine's layout, for root that may write to it; says what is missing otherwise.
fn writable() -> Option<Layout> {
    let layout = Layout::detect().unwrap();
    let probe = Cgroup::open_or_create(&layout, &path("probe"), &[]);
    match probe {
        Ok(group) => {
            group.remove().unwrap();
            Some(layout)
        }
        Err(error) => {
            lacks(&format!("root (CAP_DAC_OVERRIDE) and writable cgroup mounts: {error}"));
            None
        }
    }
}

fn v1_only(controllers: &[&str]) -> Option<Layout> {
    let layout = Layout { v2: None, ..writable()? };
    if let Some(lacking) = controllers.iter().find(|c| layout.v1_of(c).is_none()) {
        lacks(&format!("the v1 controller '{lacking}', mounted"));
        return None;
    }
    Some(layout)
}

fn with_v2() -> Option<Layout> {
    let layout = writable()?;
    if layout.v2.is_none() {
        lacks("a cgroup2 mount");
    }
    layout.v2.is_some().then_some(layout)
}

/// A group path of its own for every call.
fn path(label: &str) -> PathBuf {
    PathBuf::from(format!("trace-test-{label}-{}-{}", std::process::id(), support::serial()))
}

fn settings(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// A child that is killed and reaped however the test ends.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

impl Started {
    fn shell(script: &str) -> Self {
        Self(Command::new("sh").args(["-c", script]).stdin(Stdio::null()).spawn().unwrap())
    }

    /// Lets `script` begin when it is inside, so that whatever it starts is, too.
    fn inside(group: &Cgroup, script: &str) -> Self {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("read go; {script}")]).stdin(Stdio::piped());
        let mut started = Self(command.spawn().unwrap());
        group.add(started.pid(), Parts::All).unwrap();
        drop(started.0.stdin.take());
        started
    }

    fn pid(&self) -> i32 {
        self.0.id() as i32
    }

    /// Processor time used so far, in ticks.
    fn ticks(&self) -> u64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid())).unwrap();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
    }

    fn state(&self) -> char {
        let text = fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let state = text.lines().find_map(|line| line.strip_prefix("State:")).unwrap();
        state.trim().chars().next().unwrap()
    }
}

fn assert_gone(dirs: &[PathBuf]) {
    assert!(!dirs.is_empty());
    for dir in dirs {
        assert!(!dir.exists(), "{} was left behind", dir.display());
    }
}

/// A process stops making progress when frozen and goes on when thawed.
fn freezes(layout: &Layout) {
    let group = Cgroup::open_or_create(layout, &path("freeze"), &[]).unwrap();
    let busy = Started::shell("while :; do :; done");
    group.add(busy.pid(), Parts::All).unwrap();
    assert_eq!(group.pids().unwrap(), [busy.pid()]);
    group.freeze().unwrap();
    let before = busy.ticks();
    sleep(Duration::from_millis(200));
    assert_eq!(busy.ticks(), before, "ran while frozen");
    group.thaw().unwrap();
    let later = || busy.ticks() > before;
    assert!(support::procfs::wait_until(Duration::from_secs(10), later), "did not run when thawed");
    group.kill().unwrap();
    drop(busy);
    let made = group.made();
    group.remove().unwrap();
    assert_gone(&made);
}

#[test]
fn row_36_freeze_stops_progress_on_v1() {
    if let Some(layout) = v1_only(&["freezer"]) {
        freezes(&layout);
    }
}

#[test]
fn row_36_freeze_stops_progress_on_v2() {
    if let Some(layout) = with_v2() {
        freezes(&layout);
    }
}

/// Forks until it fails; prints the number of children and the errno.
const FORKS: &str = "
import os, signal, sys
sys.stdin.readline()
n = 0
try:
    while n < 50:
        if os.fork() == 0:
            signal.pause()
        n += 1
except OSError as e:
    print(n, e.errno, flush=True)
signal.pause()
";

#[test]
fn row_36_fork_beyond_pids_max_fails_with_eagain() {
    use std::io::{BufRead, BufReader, Write};
    let Some(layout) = writable() else { return };
    let made = Cgroup::open_or_create(&layout, &path("pids"), &settings(&[("pids.max", "4")]));
    let group = match made {
        Err(Error::NoController { .. }) => return lacks("the pids controller"),
        other => other.unwrap(),
    };
    let mut python = Command::new("/usr/bin/python3");
    python.args(["-c", FORKS]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut python = Started(python.spawn().unwrap());
    group.add(python.pid(), Parts::All).unwrap();
    python.0.stdin.take().unwrap().write_all(b"go\n").unwrap();
    let mut said = String::new();
    BufReader::new(python.0.stdout.take().unwrap()).read_line(&mut said).unwrap();
    assert_eq!(said.trim(), format!("3 {}", libc::EAGAIN));
    assert_eq!(group.usage().pids, Some(4));
    assert_eq!(group.pids().unwrap().len(), 4);
    group.kill().unwrap();
    assert_eq!(python.0.wait().unwrap().signal(), Some(libc::SIGKILL));
    let made = group.made();
    group.remove().unwrap();
    assert_gone(&made);
}

#[test]
fn own_kill_on_frozen_group_v1_waits_for_the_thaw() {
    let Some(layout) = v1_only(&["freezer"]) else { return };
    let group = Cgroup::open_or_create(&layout, &path("kill"), &[]).unwrap();
    let mut child = Started::inside(&group, "sleep 60 & wait");
    group.freeze().unwrap();
    assert!(Command::new("kill").args(["-9", &child.pid().to_string()]).status().unwrap().success());
    sleep(Duration::from_millis(100));
    assert_eq!(child.state(), 'D', "a v1-frozen task does not die of SIGKILL");
    assert!(child.0.try_wait().unwrap().is_none());
    group.kill().unwrap();
    assert_eq!(child.0.wait().unwrap().signal(), Some(libc::SIGKILL));
    group.remove().unwrap();
}

#[test]
fn own_kill_on_frozen_group_v2_is_one_write() {
    let Some(layout) = with_v2() else { return };
    let group = Cgroup::open_or_create(&layout, &path("kill"), &[]).unwrap();
    let dir = group.dirs().next().unwrap().to_owned();
    if !dir.join("cgroup.kill").exists() {
        return lacks("cgroup.kill (kernel 5.14)");
    }
    let mut child = Started::shell("exec sleep 60");
    group.add(child.pid(), Parts::All).unwrap();
    group.freeze().unwrap();
    group.kill().unwrap();
    assert_eq!(child.0.wait().unwrap().signal(), Some(libc::SIGKILL));
    assert_eq!(fs::read_to_string(dir.join("cgroup.freeze")).unwrap().trim(), "1", "it was not thawed");
    group.remove().unwrap();
}

#[test]
fn own_kill_on_group_frozen_by_both_versions() {
    let Some(layout) = with_v2() else { return };
    let Some(freezer) = layout.v1_of("freezer") else {
        return lacks("the v1 freezer beside cgroup2 (a hybrid machine)");
    };
    let group = Cgroup::open_or_create(&layout, &freezer.point.join(path("both")), &[]).unwrap();
    assert_eq!(group.dirs().count(), 2);
    let mut child = Started::shell("while :; do :; done");
    group.add(child.pid(), Parts::All).unwrap();
    group.freeze().unwrap();
    group.thaw().unwrap();
    group.freeze().unwrap();
    group.kill().unwrap();
    assert_eq!(child.0.wait().unwrap().signal(), Some(libc::SIGKILL));
    let made = group.made();
    group.remove().unwrap();
    assert_gone(&made);
}

/// A kill of the outer group reaches the inner one; each removes only what it made.
fn nests(layout: &Layout) {
    let outer_path = path("outer");
    let outer = Cgroup::open_or_create(layout, &outer_path, &[]).unwrap();
    let inner = Cgroup::open_or_create(layout, &outer_path.join("a/b"), &[]).unwrap();
    let per_part = inner.made().len() / inner.dirs().count();
    assert_eq!(per_part, 2, "the outer directory is not the inner group's");
    let mut child = Started::shell("exec sleep 60");
    inner.add(child.pid(), Parts::All).unwrap();
    inner.freeze().unwrap();
    assert_eq!(outer.pids().unwrap(), [child.pid()]);
    let busy = Cgroup::open_or_create(layout, &outer_path.join("a/b"), &[]).unwrap();
    assert!(busy.made().is_empty());
    drop(busy);
    outer.kill().unwrap();
    assert_eq!(child.0.wait().unwrap().signal(), Some(libc::SIGKILL));
    let made = [outer.made(), inner.made()].concat();
    inner.remove().unwrap();
    drop(outer);
    assert_gone(&made);
}

#[test]
fn row_38_kill_reaches_nested_groups() {
    if let Some(layout) = v1_only(&["freezer"]) {
        nests(&layout);
    }
    if let Some(layout) = with_v2() {
        nests(&layout);
    }
}

#[test]
fn row_38_kill_without_freezer_lists_until_empty() {
    let Some(layout) = v1_only(&["pids"]) else { return };
    let pids = layout.v1_of("pids").unwrap().clone();
    let layout = Layout { v2: None, v1: vec![pids] };
    let group = Cgroup::open_or_create(&layout, &path("list"), &settings(&[("pids.max", "20")])).unwrap();
    let frozen = group.freeze().unwrap_err().to_string();
    assert!(frozen.contains("'freezer'"), "{frozen}");
    let mut child = Started::inside(&group, "sleep 60 & sleep 60 & wait");
    group.kill().unwrap();
    assert_eq!(child.0.wait().unwrap().signal(), Some(libc::SIGKILL));
    group.remove().unwrap();
}

#[test]
fn row_36_a_busy_group_is_not_removed_and_says_why() {
    let Some(layout) = writable() else { return };
    let group_path = path("busy");
    let group = Cgroup::open_or_create(&layout, &group_path, &[]).unwrap();
    let child = Started::shell("exec sleep 60");
    group.add(child.pid(), Parts::All).unwrap();
    let made = group.made();
    let said = group.remove().unwrap_err().to_string();
    assert!(said.contains("still inside") && said.contains(group_path.to_str().unwrap()), "{said}");
    drop(child);
    for dir in made {
        fs::remove_dir(dir).unwrap();
    }
}

#[test]
fn row_36_unsupported_limits_are_named() {
    let Some(layout) = writable() else { return };
    let said = |name: &str| {
        let error = Cgroup::open_or_create(&layout, &path("bad"), &settings(&[(name, "1")])).unwrap_err();
        error.to_string()
    };
    assert!(said("nosuch.max").contains("the controller 'nosuch'"), "{}", said("nosuch.max"));
    assert!(said("rubbish").contains("no cgroup setting"));
    if layout.kind() == Kind::Hybrid && layout.v1_of("memory").is_some() {
        let memory = said("memory.max");
        let point = layout.v1_of("memory").unwrap().point.display().to_string();
        assert!(memory.contains(&point) && memory.contains("memory.limit_in_bytes"), "{memory}");
    }
    if layout.v1_of("pids").is_some() {
        assert!(said("pids.limit").contains("the setting is called pids.max"));
    }
    for hierarchy in layout.v2.iter().chain(&layout.v1) {
        let left = fs::read_dir(&hierarchy.point).unwrap().flatten();
        let mine = format!("trace-test-bad-{}", std::process::id());
        assert_eq!(left.filter(|e| e.file_name().to_string_lossy().starts_with(&mine)).count(), 0);
    }
}

#[test]
fn row_36_a_refused_value_is_a_sentence() {
    let Some(layout) = v1_only(&["pids"]) else { return };
    let bad = Cgroup::open_or_create(&layout, &path("value"), &settings(&[("pids.max", "lots")]));
    let said = bad.unwrap_err().to_string();
    assert!(said.contains("pids.max with 'lots'") && said.contains("does not understand"), "{said}");
}

#[test]
fn row_36_v1_limits_and_usage() {
    let Some(layout) = v1_only(&["memory", "cpuacct", "cpuset"]) else { return };
    let wanted =
        settings(&[("memory.limit_in_bytes", "64M"), ("cpuset.cpu_exclusive", "0"), ("cpuacct.usage", "0")]);
    let group = Cgroup::open_or_create(&layout, &path("v1"), &wanted).unwrap();
    let memory = group.dirs().find(|d| d.join("memory.limit_in_bytes").exists()).unwrap();
    let limit = fs::read_to_string(memory.join("memory.limit_in_bytes")).unwrap();
    assert_eq!(limit.trim(), (64 << 20).to_string());
    let busy = Started::shell("while :; do :; done");
    // Fails with ENOSPC unless the cpuset part got CPUs and memory nodes.
    group.add(busy.pid(), Parts::All).unwrap();
    let ran = || group.usage().cpu_ns.is_some_and(|ns| ns > 1_000_000);
    assert!(support::procfs::wait_until(Duration::from_secs(10), ran), "{:?}", group.usage());
    assert!(group.usage().memory_bytes.is_some() && group.usage().oom_kills == Some(0));
    group.kill().unwrap();
    drop(busy);
    group.remove().unwrap();
}

#[test]
fn row_16_the_descriptor_gives_birth_into_the_group() {
    let Some(layout) = with_v2() else { return };
    let group_path = path("birth");
    let group = Cgroup::open_or_create(&layout, &group_path, &[]).unwrap();
    let fd = group.fd().unwrap().as_raw_fd();
    let info = fs::read_to_string(format!("/proc/self/fdinfo/{fd}")).unwrap();
    let flags = info.lines().find_map(|l| l.strip_prefix("flags:")).unwrap().trim();
    let flags = i32::from_str_radix(flags, 8).unwrap();
    let wanted = libc::O_PATH | libc::O_DIRECTORY | libc::O_CLOEXEC;
    assert_eq!(flags & wanted, wanted);
    // struct clone_args: flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid,
    // set_tid_size, cgroup.
    let mut args = [0u64; 11];
    args[0] = 0x2_0000_0000;
    args[4] = libc::SIGCHLD as u64;
    args[10] = fd as u64;
    // SAFETY: as fork(2): no shared memory, and the child makes only system calls.
    let pid = unsafe {
        let pid = libc::syscall(libc::SYS_clone3, args.as_ptr(), size_of_val(&args));
        if pid == 0 {
            libc::pause();
            libc::_exit(0);
        }
        pid as i32
    };
    assert!(pid > 0, "clone3: {}", std::io::Error::last_os_error());
    let text = fs::read_to_string(format!("/proc/{pid}/cgroup")).unwrap();
    let inside = text.lines().any(|l| l.starts_with("0::") && l.ends_with(group_path.to_str().unwrap()));
    assert_eq!(group.pids().unwrap(), [pid]);
    group.kill().unwrap();
    let mut status = 0;
    // SAFETY: a plain system call on a live integer.
    unsafe { libc::waitpid(pid, &raw mut status, 0) };
    assert!(libc::WIFSIGNALED(status) && libc::WTERMSIG(status) == libc::SIGKILL);
    assert!(inside, "{text}");
    group.remove().unwrap();
}

#[test]
fn row_16_no_descriptor_without_v2() {
    let Some(layout) = v1_only(&["freezer"]) else { return };
    let group = Cgroup::open_or_create(&layout, &path("nofd"), &[]).unwrap();
    assert!(group.fd().is_none());
}

/// A setting whose controller cgroup2 has here.
fn v2_setting(layout: &Layout) -> Option<(String, String)> {
    let offered = fs::read_to_string(layout.v2.as_ref()?.point.join("cgroup.controllers")).ok()?;
    let known = [("pids.max", "9"), ("memory.max", "67108864"), ("hugetlb.2MB.max", "4194304")];
    let fits = |name: &str| offered.split_whitespace().any(|c| name.starts_with(&format!("{c}.")));
    let found = known.iter().find(|(name, _)| fits(name));
    if found.is_none() {
        lacks(&format!("a cgroup2 controller among pids, memory, hugetlb; there is '{offered}'"));
    }
    found.map(|&(name, value)| (name.to_owned(), value.to_owned()))
}

/// Puts the root's cgroup.subtree_control back; one test at a time may change it.
struct Enabled {
    file: PathBuf,
    before: String,
    _one: MutexGuard<'static, ()>,
}

impl Enabled {
    fn note(layout: &Layout) -> Self {
        static ONE: Mutex<()> = Mutex::new(());
        let one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let file = layout.v2.as_ref().unwrap().point.join("cgroup.subtree_control");
        let before = fs::read_to_string(&file).unwrap();
        Self { file, before, _one: one }
    }
}

impl Drop for Enabled {
    fn drop(&mut self) {
        let now = fs::read_to_string(&self.file).unwrap_or_default();
        for name in now.split_whitespace().filter(|n| !self.before.split_whitespace().any(|b| b == *n)) {
            fs::write(&self.file, format!("-{name}")).ok();
        }
    }
}

#[test]
fn row_36_v2_enables_the_controller_on_the_way_down() {
    let Some(layout) = with_v2() else { return };
    let Some((name, value)) = v2_setting(&layout) else { return };
    let _restore = Enabled::note(&layout);
    let wanted = [(name.clone(), value.clone())];
    let group = Cgroup::open_or_create(&layout, &path("enable").join("a/b"), &wanted).unwrap();
    let dir = group.dirs().next().unwrap();
    assert_eq!(fs::read_to_string(dir.join(&name)).unwrap().trim(), value);
    let made = group.made();
    group.remove().unwrap();
    assert_gone(&made);
}

#[test]
fn row_36_no_internal_processes_is_a_sentence() {
    let Some(layout) = with_v2() else { return };
    let Some(setting) = v2_setting(&layout) else { return };
    let _restore = Enabled::note(&layout);
    let parent_path = path("inner");
    let parent = Cgroup::open_or_create(&layout, &parent_path, &[]).unwrap();
    let child = Started::shell("exec sleep 60");
    parent.add(child.pid(), Parts::All).unwrap();
    let said = Cgroup::open_or_create(&layout, &parent_path.join("child"), &[setting]).unwrap_err();
    let said = said.to_string();
    parent.kill().unwrap();
    drop(child);
    parent.remove().unwrap();
    assert!(said.contains("no-internal-processes") && said.contains("cgroup.subtree_control"), "{said}");
}

/// Runs the test `name` of this binary again, by way of `command`, and shows what it said.
fn again(mut command: Command, name: &str, view: &str) {
    command.args(["--exact", name, "--nocapture"]).env(VIEW, view);
    let output = command.stdin(Stdio::null()).output().unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn row_36_pure_v2_view() {
    let name = "row_36_pure_v2_view";
    if std::env::var_os(VIEW).is_none() {
        let Some(layout) = with_v2() else { return };
        let _restore = Enabled::note(&layout);
        let script = "umount -R /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup && exec \"$0\" \"$@\"";
        let mut command = Command::new("unshare");
        command.args(["-m", "sh", "-c", script]).arg(std::env::current_exe().unwrap()).current_dir("/");
        return again(command, name, "v2");
    }
    let layout = Layout::detect().unwrap();
    assert_eq!(layout.kind(), Kind::V2);
    assert_eq!(layout.v2.as_ref().unwrap().point, Path::new("/sys/fs/cgroup"));
    let group_path = Path::new("/sys/fs/cgroup").join(path("pure"));
    let wanted: Vec<_> = v2_setting(&layout).into_iter().collect();
    let group = Cgroup::open_or_create(&layout, &group_path, &wanted).unwrap();
    assert_eq!(group.dirs().collect::<Vec<_>>(), [group_path.as_path()]);
    assert!(group.fd().is_some() && group.usage().cpu_ns.is_some());
    group.remove().unwrap();
    assert_gone(&[group_path]);
    freezes(&layout);
    nests(&layout);
    let v1 = Cgroup::open_or_create(&layout, &path("name"), &settings(&[("freezer.state", "FROZEN")]));
    assert!(v1.unwrap_err().to_string().contains("the setting is called cgroup.freeze"));
}

#[test]
fn row_36_unprivileged_is_told_what_to_do() {
    let name = "row_36_unprivileged_is_told_what_to_do";
    if std::env::var_os(VIEW).is_none() {
        if writable().is_none() {
            return;
        }
        let dir = TempDir::new("cgroup");
        let copy = dir.path().join("test");
        support::copy_program(std::env::current_exe().unwrap(), &copy);
        let mut command = Command::new(&copy);
        command.uid(65534).gid(65534).current_dir("/");
        return again(command, name, "nobody");
    }
    let layout = Layout::detect().unwrap();
    let error = Cgroup::open_or_create(&layout, &path("nobody"), &[]).unwrap_err();
    assert!(matches!(error, Error::Step { step: Step::Create, .. }));
    let said = error.to_string();
    assert!(said.contains("Permission denied; run as root, or under `systemd-run --user --scope"), "{said}");
}

#[test]
fn own_the_tracer_does_not_kill_itself() {
    let name = "own_the_tracer_does_not_kill_itself";
    let Some(view) = std::env::var_os(VIEW) else {
        let Some(layout) = writable() else { return };
        let group_path = path("self");
        let group = Cgroup::open_or_create(&layout, &group_path, &[]).unwrap();
        again(Command::new(std::env::current_exe().unwrap()), name, group_path.to_str().unwrap());
        return group.remove().unwrap();
    };
    let group = Cgroup::open_or_create(&Layout::detect().unwrap(), Path::new(&view), &[]).unwrap();
    group.add(std::process::id() as i32, Parts::All).unwrap();
    for refused in [group.kill(), group.freeze()] {
        assert!(refused.unwrap_err().to_string().contains("the tracer itself is inside"));
    }
}

#[test]
fn row_36_a_dead_process_cannot_be_added() {
    let Some(layout) = writable() else { return };
    let group = Cgroup::open_or_create(&layout, &path("dead"), &[]).unwrap();
    let mut child = Started::shell("exit 0");
    child.0.wait().unwrap();
    let said = group.add(child.pid(), Parts::All).unwrap_err().to_string();
    assert!(said.contains("the process has ended"), "{said}");
    group.remove().unwrap();
}
