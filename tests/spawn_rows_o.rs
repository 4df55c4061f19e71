//! Launches: the order of what parent and child do, cgroups and networks that live as long as the program,
//! the end of everything it started, exit codes, the host's ids of root.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unsafe_code)]

mod support;

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use support::TempDir;
use support::child::{
    self, Group, alone, errno, filter, group_name, namespace, output, piped, program, rest, sh, status,
};
use support::procfs::{self, wait_until};
use support::spawn::{as_other_user, binary, is_root, needs_root, refused, spawn, spawned};
use trace::spawn::cgroup::{Cgroup, Layout};
use trace::spawn::idmap::{Range, RootError, host_root, outside};
use trace::spawn::kill::kill_all;
use trace::spawn::launch::{CgroupRequest, Request};
use trace::spawn::namespaces::Namespaces;
use trace::spawn::network::Strategy;
use trace::spawn::process::Exit;
use trace::spawn::start::Hooks;

const SECONDS: Duration = Duration::from_secs(5);

/// A `trace spawn` whose program waits for the end of its input, after its first line.
struct Waiting {
    child: Child,
    line: String,
}

impl Waiting {
    /// Runs `script`, which prints a line and then reads one.
    fn start(args: &[&str], script: &str) -> Self {
        let mut command = Command::new("timeout");
        command
            .args(["-k", "5", "60"])
            .arg(binary())
            .arg("spawn")
            .args(args)
            .args(["--", "sh", "-c", script]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        Self { child, line: line.trim_end().to_owned() }
    }

    /// Ends its input; the rest of its output.
    fn finish(mut self) -> String {
        drop(self.child.stdin.take());
        let mut text = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
        let end = self.child.wait().unwrap();
        assert!(end.success(), "{end:?}\n{text}");
        text
    }
}

#[test]
fn row_33_a_cgroup_namespace_is_rooted_where_the_program_is() {
    if !needs_root("row_33", "CAP_SYS_ADMIN") || !child::needs_cgroup2("row_33") {
        return;
    }
    let name = group_name();
    let unified = |args: &[&str]| {
        let cat = ["--cgroup", &name, "--", "cat", "/proc/self/cgroup"];
        let text = spawned(&[args, &cat].concat());
        text.lines().find(|line| line.starts_with("0::")).unwrap_or("").to_owned()
    };
    assert_eq!(unified(&["--unshare", "cgroup"]), "0::/");
    assert!(unified(&[]).ends_with(&name), "without the namespace its name shows");
    // With the credentials of another user.
    assert_eq!(unified(&["--unshare", "cgroup", "--uid", "1", "--gid", "1", "--cap-drop", "ALL"]), "0::/");
}

#[test]
fn row_33_its_failure_is_told() {
    if !needs_root("row_33", "CAP_SYS_ADMIN") {
        return;
    }
    let under = filter(&[(libc::SYS_unshare, errno(libc::ENOSPC))]);
    let (text, end) = child::spawn_under(under, &["--unshare", "cgroup", "--", "echo", "ran"]);
    assert_eq!(end, Exit::Status(1));
    assert!(
        text.contains("cannot unshare cgroup: No space left") && text.contains("/proc/sys/user"),
        "{text}"
    );
}

#[test]
fn row_34_the_group_is_joined_before_the_function_and_the_function_precedes_the_program() {
    if !needs_root("row_34", "CAP_SYS_ADMIN") {
        return;
    }
    let Some(group) = Group::new("row_34") else { return };
    let directory = group.open();
    let log = std::cell::RefCell::new(Vec::new());
    let member = |pid: i32| {
        let text = fs::read_to_string(format!("/proc/{pid}/cgroup")).unwrap();
        text.contains(&group.name())
    };
    let mut plan = sh("echo program; cat /proc/self/cgroup");
    plan.cgroup = Some(directory.as_raw_fd());
    let mut joining = |pid: i32| {
        log.borrow_mut().push(("joining", member(pid)));
        Ok(())
    };
    let mut sync = |pid: i32| {
        log.borrow_mut().push(("sync", member(pid)));
        Ok(())
    };
    let hooks = Hooks { joining: Some(&mut joining), sync: Some(&mut sync) };
    let (process, pipe) = piped(&plan, hooks).unwrap();
    let text = rest(pipe);
    assert_eq!(*log.borrow(), [("joining", true), ("sync", true)]);
    assert!(text.starts_with("program\n") && text.contains(&group.name()), "{text}");
    assert_eq!(process.wait().unwrap(), Exit::Status(0));
}

#[test]
fn row_34_the_state_lives_as_long_as_the_program() {
    let dir = TempDir::new("state");
    let path = dir.join("state.json");
    let waiting = Waiting::start(&["--state", path.to_str().unwrap()], "echo $$; read line; exit 0");
    let pid: i32 = waiting.line.parse().unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let state: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(state["pid"], pid);
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let ticks = stat.rsplit_once(')').unwrap().1.split_whitespace().nth(19).unwrap().to_owned();
    assert_eq!(state["start_time_ticks"].to_string(), ticks);
    assert_eq!(state["launcher"], procfs::parent(pid).unwrap());
    assert_eq!(state["namespaces"]["net"], namespace(pid, "net"));
    assert_eq!(state["argv"][0], "sh");
    waiting.finish();
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "no file is left, nor a temporary one");
}

#[test]
fn row_34_the_state_is_there_before_the_program() {
    let dir = TempDir::new("state");
    let path = dir.join("state.json");
    let text = spawned(&["--state", path.to_str().unwrap(), "--", "cat", path.to_str().unwrap()]);
    assert!(text.starts_with('{') && text.contains("\"version\":1"), "{text}");
    assert!(!path.exists());
}

#[test]
fn row_34_a_failure_kills_reaps_and_takes_everything_away() {
    if alone("row_34_a_failure_kills_reaps_and_takes_everything_away") {
        return;
    }
    let dir = TempDir::new("fail");
    let before = child::open_fds();
    let state = dir.join("state.json");
    let mut request = Request::new(program("/nonexistent/program", &["x"]));
    request.state = Some(state.clone());
    let name = group_name();
    if is_root() && child::cgroup2().is_some() {
        request.cgroup = Some(CgroupRequest::Path { path: PathBuf::from(&name), settings: Vec::new() });
    }
    let error = request.start().unwrap_err().to_string();
    assert!(error.contains("/nonexistent/program") && error.contains("No such file"), "{error}");
    assert!(!state.exists());
    if let Some(point) = child::cgroup2() {
        assert!(!point.join(name).exists());
    }
    assert_eq!(child::open_fds(), before);
    assert_eq!(procfs::children(std::process::id() as i32), [] as [i32; 0], "zombies");
}

/// The numbers of the steps that hold `words`, each of which must be there.
fn places(text: &str, words: &[&str]) -> Vec<usize> {
    let lines: Vec<&str> = text.lines().collect();
    let at = |word: &&str| lines.iter().position(|line| line.contains(*word));
    words.iter().map(|word| at(word).unwrap_or_else(|| panic!("{word} is not in\n{text}"))).collect()
}

#[test]
fn row_35_the_steps_of_the_child_in_order() {
    let args = [
        &["--unshare", "all", "--map-root", "--cgroup", "x", "--net", "veth:address=10.9.8.2/24"][..],
        &["--state", "/tmp/s", "--pivot-root", "/", "--proc", "/proc", "--hostname", "box", "--uid", "1"],
        &["--map-uid", "1:1:1", "--gid", "0", "--workdir", "/", "--pdeathsig", "KILL", "--ctty"],
        &["--fd", "3=0", "--close-fds", "--rlimit", "core=0", "--no-new-privs", "--cap-drop", "ALL"],
        &["--securebits", "noroot", "--dry-run", "--", "/bin/true"],
    ];
    let text = spawned(&args.concat());
    let order = [
        "parent: open or make the cgroup 'x'",
        "clone as fork with new namespaces user,pid",
        "keep capabilities",
        "wait until the parent has mapped the ids",
        "start a new session",
        "restore signal dispositions and mask",
        "unshare cgroup",
        "make every mount private",
        "make a proc filesystem",
        "pivot the root",
        "mount it on '/proc'",
        "set the host name",
        "drop the supplementary groups",
        "set the group id",
        "set the user id",
        "take the kept capabilities",
        "change the directory",
        "ask for signal 9 at the parent's death",
        "move descriptors out of the way",
        "place descriptors 3=0",
        "close descriptors from 4",
        "make the terminal of descriptor 0 the controlling one",
        "limit RLIMIT_CORE",
        "set no_new_privs",
        "set the securebits",
        "drop from the bounding set",
        "set the capabilities",
        "wait for the parent's word",
        "parent: make the network",
        "parent: write the state",
        "execute '/bin/true'",
    ];
    // Groups are only dropped where they may be.
    let order: Vec<&str> = order.into_iter().filter(|word| is_root() || !word.contains("groups")).collect();
    let found = places(&text, &order);
    assert!(found.is_sorted() && found[0] == 0, "{found:?}\n{text}");
}

#[test]
fn row_35_no_descriptor_reaches_the_program_unasked() {
    let secret = File::open("/etc/hostname").unwrap();
    let kept = File::open("/etc/passwd").unwrap();
    // SAFETY: clears close-on-exec of two descriptors of this test.
    unsafe {
        libc::fcntl(secret.as_raw_fd(), libc::F_SETFD, 0);
        libc::fcntl(kept.as_raw_fd(), libc::F_SETFD, 0);
    }
    let mut plan = program("/bin/ls", &["ls", "-l", "/proc/self/fd"]);
    plan.fds.map = vec![(150, Some(kept.as_raw_fd()))];
    plan.fds.only_listed = true;
    let (text, _) = output(&plan);
    let mut numbers: Vec<&str> = text
        .lines()
        .filter_map(|line| line.split_once(" -> "))
        .filter(|(_, target)| !target.starts_with("/proc/"))
        .filter_map(|(head, _)| head.rsplit(' ').next())
        .collect();
    numbers.sort_unstable();
    assert_eq!(numbers, ["0", "1", "150", "2"], "{text}");
    assert!(text.contains("150 -> /etc/passwd") && !text.contains("hostname"), "{text}");
    plan.fds.only_listed = false;
    assert!(output(&plan).0.contains("/etc/hostname"), "without it they are handed on");
}

#[test]
fn row_35_the_environment_is_what_was_asked() {
    let text = spawned(&["--clear-env", "-E", "A=1", "-E", "B=2", "--", "/usr/bin/env"]);
    assert_eq!(text, "A=1\nB=2");
    let mut plan = program("/usr/bin/env", &["env"]);
    plan.env = Some(Vec::new());
    assert_eq!(output(&plan).0, "");
}

#[test]
fn row_35_the_death_signal_outlives_the_change_of_user() {
    if !needs_root("row_35", "CAP_SETUID") {
        return;
    }
    let waiting = Waiting::start(
        &["--pdeathsig", "KILL", "--uid", "12345", "--gid", "12345"],
        "echo $$; read line; exec sleep 60",
    );
    let pid: i32 = waiting.line.parse().unwrap();
    assert_eq!(status(pid, "Uid"), "12345 12345 12345 12345");
    let launcher = procfs::parent(pid).unwrap();
    assert!(fs::read_to_string(format!("/proc/{launcher}/cmdline")).unwrap().contains("spawn"));
    procfs::kill(launcher, libc::SIGKILL);
    let gone = wait_until(SECONDS, || matches!(procfs::state(pid), None | Some('Z')));
    assert!(gone, "{:?}", procfs::state(pid));
    let mut child = waiting.child;
    child.wait().unwrap();
}

/// The directory of `name` in the hierarchy that has `controller`.
fn group_directory(controller: &str, name: &str) -> PathBuf {
    let layout = Layout::detect().unwrap();
    let point = layout.v1_of(controller).map(|hierarchy| hierarchy.point.clone());
    point.or(child::cgroup2()).unwrap().join(name)
}

#[test]
fn row_36_a_cgroup_with_a_limit() {
    if !needs_root("row_36", "CAP_SYS_ADMIN") || !child::needs_cgroup2("row_36") {
        return;
    }
    let name = group_name();
    let dir = group_directory("pids", &name);
    let waiting =
        Waiting::start(&["--cgroup", &name, "--cgroup-set", "pids.max=7"], "echo $$; read line; exit 0");
    assert_eq!(fs::read_to_string(dir.join("pids.max")).unwrap(), "7\n");
    let procs = fs::read_to_string(dir.join("cgroup.procs")).unwrap();
    assert_eq!(procs.trim(), waiting.line, "the program and nobody else");
    let groups = fs::read_to_string(format!("/proc/{}/cgroup", waiting.line)).unwrap();
    assert!(groups.contains(&name));
    waiting.finish();
    assert!(!dir.exists(), "removed with the program");
}

#[test]
fn row_36_the_limit_bites_and_what_is_left_running_ends() {
    if !needs_root("row_36", "CAP_SYS_ADMIN") || !child::needs_cgroup2("row_36") {
        return;
    }
    let name = group_name();
    let group = ["--cgroup", &name, "--cgroup-set", "pids.max=1", "--", "sh", "-c"];
    let output = spawn(&[&group[..], &["(:) && echo forked"]].concat());
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && text.contains("fork"), "{text}");
    let name = group_name();
    let left = spawned(&["--cgroup", &name, "--", "sh", "-c", "setsid sleep 60 >/dev/null & echo $!"]);
    let left: i32 = left.parse().unwrap();
    assert!(wait_until(SECONDS, || matches!(procfs::state(left), None | Some('Z'))), "a daemon is left");
    if let Some(point) = child::cgroup2() {
        assert!(!point.join(&name).exists());
    }
}

#[test]
fn row_36_settings_are_refused_with_a_sentence() {
    let text = refused(&["--cgroup-set", "pids.max=1", "--", "true"]);
    assert!(text.contains("--cgroup PATH"), "{text}");
    let text = refused(&["--cgroup", "x", "--cgroup-set", "pids.max", "--", "true"]);
    assert!(text.contains("KEY=VALUE is wanted"), "{text}");
    if !needs_root("row_36", "CAP_SYS_ADMIN") || !child::needs_cgroup2("row_36") {
        return;
    }
    let name = group_name();
    let text = refused(&["--cgroup", &name, "--cgroup-set", "pids.max=many", "--", "echo", "ran"]);
    assert!(text.contains("pids.max"), "{text}");
    assert!(!group_directory("pids", &name).exists(), "nothing is left of a failure");
}

#[test]
fn row_36_freezing_a_launched_program() {
    if !needs_root("row_36", "CAP_SYS_ADMIN") || !child::needs_cgroup2("row_36") {
        return;
    }
    let group = Cgroup::open_or_create(&Layout::detect().unwrap(), Path::new(&group_name()), &[]).unwrap();
    let fd = group.fd().unwrap();
    let mut plan = sh("trap 'exit 9' TERM; echo; while :; do sleep 0.01; done");
    plan.cgroup = Some(fd.as_raw_fd());
    let (process, mut pipe) = piped(&plan, Hooks::default()).unwrap();
    pipe.read_exact(&mut [0]).unwrap();
    assert!(group.pids().unwrap().contains(&process.pid()));
    group.freeze().unwrap();
    process.signal(libc::SIGTERM).unwrap();
    std::thread::sleep(Duration::from_millis(30));
    assert!(!process.has_ended(), "a frozen program runs no handler");
    group.thaw().unwrap();
    assert_eq!(process.wait().unwrap(), Exit::Status(9));
    group.remove().unwrap();
}

fn interfaces() -> Vec<String> {
    let dir = fs::read_dir("/sys/class/net").unwrap();
    dir.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn row_37_a_pair_of_interfaces_lives_with_the_program() {
    if !needs_root("row_37", "CAP_NET_ADMIN") {
        return;
    }
    let host = format!("tr37x{}", std::process::id() % 100_000);
    let net = format!(
        "veth:host={host},address=10.97.37.2/24,host-address=10.97.37.1/24,gateway=10.97.37.1,mtu=1400"
    );
    let script = "ip -o addr show; ip route; cat /sys/class/net/eth0/mtu";
    let script = format!("set -- $(cut -d: -f1 /proc/net/dev | tail -n +3); echo $*; read line; {script}");
    let waiting = Waiting::start(&["--unshare", "net", "--net", &net], &script);
    let mut names: Vec<&str> = waiting.line.split(' ').collect();
    names.sort_unstable();
    assert_eq!(names, ["eth0", "lo"]);
    assert!(interfaces().contains(&host), "the other end stays on the host");
    let text = waiting.finish();
    assert!(text.contains("inet 10.97.37.2/24") && text.contains("default via 10.97.37.1"), "{text}");
    assert!(!interfaces().contains(&host), "gone with the program");
}

#[test]
fn row_37_a_loopback_of_its_own() {
    let script = "cat /sys/class/net/lo/operstate; tail -n +3 /proc/net/dev | cut -d: -f1; \
                  ip -o addr show lo | grep -c 127.0.0.1";
    let text = spawned(&["--map-root", "--net", "loopback", "--", "sh", "-c", script]);
    let words: Vec<&str> = text.split_whitespace().collect();
    assert_eq!(words[1..], ["lo", "1"], "{text}");
    let mut plan = program("/bin/true", &["true"]);
    plan.loopback = true;
    assert!(child::failure(&plan).contains("add net to --unshare"));
}

#[test]
fn row_37_bad_strategies_and_a_failure_on_the_way() {
    for (bad, word) in [
        ("bogus", "bogus"),
        ("veth:bridge=", "bridge"),
        ("veth:address=nowhere", "nowhere"),
        ("veth:speed=9", "speed"),
    ] {
        let text = refused(&["--net", bad, "--", "true"]);
        assert!(text.contains("--net: ") && text.contains(word), "{text}");
    }
    if !needs_root("row_37", "CAP_NET_ADMIN") {
        return;
    }
    let net = "veth:bridge=trnone37,address=10.97.38.2/24";
    let mut request = Request::new(sh("echo ran"));
    request.network = Strategy::parse(net).unwrap();
    request.plan.namespaces = Namespaces::NET;
    let error = request.start().unwrap_err().to_string();
    assert!(error.contains("the program was not started") && error.contains("trnone37"), "{error}");
    assert!(!interfaces().iter().any(|name| name.starts_with("trnone")));
}

/// A shell with a child in its group, one in another session, and a grandchild.
const TREE: &str = "sleep 60 & setsid sleep 60 & sh -c 'sleep 60 & wait' & wait";

/// Starts the tree with `cgroup`; its root and everything below it.
fn tree(cgroup: Option<i32>) -> (trace::spawn::process::Process, Vec<i32>) {
    let mut plan = sh(&TREE.replace("sleep 60", "sleep 60 >/dev/null"));
    plan.cgroup = cgroup;
    plan.terminal.pgid = Some(0);
    let (process, pipe) = piped(&plan, Hooks::default()).unwrap();
    drop(pipe);
    let below = |root: i32| {
        let mut all = vec![root];
        let mut at = 0;
        while at < all.len() {
            all.extend(procfs::children(all[at]));
            at += 1;
        }
        all
    };
    assert!(wait_until(SECONDS, || below(process.pid()).len() == 5), "{:?}", below(process.pid()));
    let all = below(process.pid());
    (process, all)
}

fn all_gone(pids: &[i32]) -> bool {
    pids.iter().all(|&pid| matches!(procfs::state(pid), None | Some('Z')))
}

#[test]
fn row_38_everything_below_is_killed_without_a_cgroup() {
    let (process, pids) = tree(None);
    assert_eq!(kill_all(process.pid(), None).unwrap(), 5);
    assert!(all_gone(&pids), "{pids:?}");
    assert!(procfs::state(process.pid()).is_none(), "reaped");
}

#[test]
fn row_38_a_stopped_tree_dies_too() {
    let (process, pids) = tree(None);
    for &pid in &pids {
        procfs::kill(pid, libc::SIGSTOP);
    }
    kill_all(process.pid(), None).unwrap();
    assert!(all_gone(&pids), "{pids:?}");
}

#[test]
fn row_38_a_cgroup_kills_even_what_is_frozen() {
    if !needs_root("row_38", "CAP_SYS_ADMIN") || !child::needs_cgroup2("row_38") {
        return;
    }
    let group = Cgroup::open_or_create(&Layout::detect().unwrap(), Path::new(&group_name()), &[]).unwrap();
    let fd = group.fd().unwrap();
    let (process, pids) = tree(Some(fd.as_raw_fd()));
    group.freeze().unwrap();
    assert_eq!(kill_all(process.pid(), Some(&group)).unwrap(), 5);
    // The grandchildren are not ours to reap.
    assert!(wait_until(SECONDS, || all_gone(&pids)), "{pids:?}");
    assert!(procfs::state(process.pid()).is_none(), "ours is");
    group.remove().unwrap();
}

#[test]
fn row_38_with_a_pid_namespace_the_kernel_does_it() {
    // The namespace's processes are gone when its process 1 has been reaped.
    let tag = format!("{}-38", std::process::id());
    let variable = format!("{}={tag}", procfs::TAG);
    let args = [
        "--unshare",
        "user,pid",
        "--map-root",
        "-E",
        &variable,
        "--",
        "sh",
        "-c",
        "sleep 60 >/dev/null & exit 0",
    ];
    assert!(spawn(&args).status.success());
    assert_eq!(procfs::tagged(&tag), [] as [i32; 0]);
}

#[test]
fn row_39_exit_codes() {
    for (script, code) in [("exit 0", 0), ("exit 255", 255), ("kill -9 $$", 137), ("kill -USR1 $$", 138)] {
        assert_eq!(spawn(&["--", "sh", "-c", script]).status.code(), Some(code), "{script}");
    }
    assert_eq!(Exit::Status(7).code(), 7);
    assert_eq!(Exit::Signal(64).code(), 192);
    assert_eq!(output(&sh("kill -9 $$")).1, Exit::Signal(libc::SIGKILL));
}

#[test]
fn row_39_a_signal_sent_to_the_launcher_reaches_the_program() {
    if as_other_user("row_39_a_signal_sent_to_the_launcher_reaches_the_program") {
        return;
    }
    let script = "trap 'echo told; exit 5' TERM; echo $$; while :; do sleep 0.01; done";
    let mut waiting = Waiting::start(&[], script);
    let launcher = procfs::parent(waiting.line.parse().unwrap()).unwrap();
    procfs::kill(launcher, libc::SIGTERM);
    let mut text = String::new();
    waiting.child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
    assert_eq!((text.as_str(), waiting.child.wait().unwrap().code()), ("told\n", Some(5)));
}

#[test]
fn row_40_the_hosts_ids_of_root() {
    let range = |text: &str| text.parse::<Range>().unwrap();
    let maps = [range("1:5000:9"), range("0:1000:1"), range("10:2000:5")];
    assert_eq!(host_root(&maps, "user"), Ok(1000));
    assert_eq!(host_root(&[range("0:7:10")], "group"), Ok(7));
    assert_eq!(host_root(&[], "user"), Err(RootError::NoMap("user")));
    assert_eq!(host_root(&maps[..1], "group"), Err(RootError::NoRoot("group")));
    assert!(RootError::NoMap("user").to_string().contains("no user mappings"));
    assert_eq!(
        RootError::NoRoot("group").to_string(),
        "no root group mapping found: no range holds the id 0 inside"
    );
    // The last id of a range belongs to it, the next does not.
    for (inside, host) in [(1, Some(5000)), (9, Some(5008)), (10, Some(2000)), (14, Some(2004)), (15, None)] {
        assert_eq!(outside(&maps, inside), host, "{inside}");
    }
}

#[test]
fn row_40_a_program_without_its_own_id_becomes_root_inside() {
    if !needs_root("row_40", "CAP_SETUID") {
        return;
    }
    let maps = ["--unshare", "user", "--map-uid", "0:3000:5", "--map-gid", "0:4000:5"];
    let dir = TempDir::new("owner");
    fs::set_permissions(dir.path(), std::os::unix::fs::PermissionsExt::from_mode(0o777)).unwrap();
    let file = dir.join("f");
    let script = format!("id -u; id -g; touch {}", file.display());
    let text = spawned(&[&maps[..], &["--", "sh", "-c", &script]].concat());
    assert_eq!(text, "0\n0");
    let made = file.metadata().unwrap();
    use std::os::unix::fs::MetadataExt;
    assert_eq!((made.uid(), made.gid()), (3000, 4000), "root inside is the first id of the map outside");
}

#[test]
fn row_38_an_orphan_comes_to_the_subreaper() {
    if alone("row_38_an_orphan_comes_to_the_subreaper") {
        return;
    }
    trace::sys::process::become_subreaper().unwrap();
    // The last child ends at once, and nobody waits for it.
    let mut plan = sh("sh -c 'sleep 60 >/dev/null & echo $!'; true & read line");
    plan.terminal.pgid = Some(0);
    let (input, _hold) = child::pipe();
    plan.fds.map.push((0, Some(input.as_raw_fd())));
    let (process, pipe) = piped(&plan, Hooks::default()).unwrap();
    let mut line = String::new();
    BufReader::new(pipe).read_line(&mut line).unwrap();
    let orphan: i32 = line.trim().parse().unwrap();
    let own = std::process::id() as i32;
    assert!(wait_until(SECONDS, || procfs::parent(orphan) == Some(own)));
    let unreaped =
        || matches!(*procfs::children(process.pid()), [child] if procfs::state(child) == Some('Z'));
    assert!(wait_until(SECONDS, unreaped), "{:?}", procfs::children(process.pid()));
    assert_eq!(kill_all(process.pid(), None).unwrap(), 2);
    assert_eq!(procfs::children(own), [] as [i32; 0], "all three are reaped");
}
