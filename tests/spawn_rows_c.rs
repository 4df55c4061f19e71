//! Launch rows 10 to 14: namespaces, id maps, mounts that stay inside.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
#![allow(unsafe_code)]

#[path = "support/alone.rs"]
mod alone;
mod support;

use std::fs;
use std::io::Read;
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use alone::{alone, failed, plan, shell, try_output};
use support::TempDir;
use support::spawn::{as_other_user, binary, is_root, needs_root, refused, spawned};
use trace::spawn::check::Invalid;
use trace::spawn::error::Error;
use trace::spawn::idmap::Range;
use trace::spawn::namespaces::Namespaces;
use trace::spawn::plan::{IdMaps, Identity, Plan};
use trace::spawn::process::Exit;
use trace::spawn::start::{Hooks, start};

const ALL: [(&str, Namespaces); 8] = [
    ("user", Namespaces::USER),
    ("pid", Namespaces::PID),
    ("mnt", Namespaces::MOUNT),
    ("net", Namespaces::NET),
    ("uts", Namespaces::UTS),
    ("ipc", Namespaces::IPC),
    ("cgroup", Namespaces::CGROUP),
    ("time", Namespaces::TIME),
];

fn own(kind: &str) -> String {
    fs::read_link(format!("/proc/self/ns/{kind}")).unwrap().to_string_lossy().into_owned()
}

/// The error of a plan, as it reads.
fn error_of(plan: &Plan) -> String {
    match start(plan, Hooks::default()) {
        Err(error) => error.to_string(),
        Ok(process) => {
            process.destroy();
            panic!("it started");
        }
    }
}

fn invalid(plan: &Plan) -> Invalid {
    match start(plan, Hooks::default()) {
        Err(Error::Invalid(invalid)) => invalid,
        other => panic!("{other:?}"),
    }
}

/// Maps of the caller's own ids to root.
fn own_maps() -> IdMaps {
    // SAFETY: plain system calls.
    let (uid, gid) = unsafe { (libc::geteuid(), libc::getegid()) };
    IdMaps { uid: vec![Range::one(0, uid)], gid: vec![Range::one(0, gid)], setgroups: false }
}

/// Each kind alone, at the clone and late: exactly that one is new.
fn each_kind(with_user: bool) {
    for (name, kind) in ALL {
        for late in [false, true] {
            let mut plan =
                shell("for k in user pid mnt net uts ipc cgroup time; do readlink /proc/self/ns/$k; done");
            let wanted = if with_user { kind.with(Namespaces::USER) } else { kind };
            *(if late { &mut plan.late } else { &mut plan.namespaces }) = wanted;
            plan.maps = wanted.has(Namespaces::USER).then(own_maps);
            let text = alone::output(&plan);
            let inside: Vec<&str> = text.lines().collect();
            for (at, (other, bit)) in ALL.into_iter().enumerate() {
                assert_eq!(
                    inside[at] != own(other),
                    wanted.has(bit),
                    "{name} late {late}: {other} is {}",
                    inside[at]
                );
            }
        }
    }
}

#[test]
fn row_10_namespaces_each_kind_at_the_clone_and_late() {
    if needs_root("row_10_namespaces_each_kind_at_the_clone_and_late", "CAP_SYS_ADMIN") {
        each_kind(false);
    }
}

#[test]
fn row_10_namespaces_each_kind_without_privilege() {
    if as_other_user("row_10_namespaces_each_kind_without_privilege") {
        return;
    }
    each_kind(true);
}

#[test]
fn row_10_namespaces_a_late_pid_namespace_can_be_lived_in() {
    const TEST: &str = "row_10_namespaces_a_late_pid_namespace_can_be_lived_in";
    if as_other_user(TEST) {
        return;
    }
    // Unshared by the child itself it would forbid threads, and forks after the first one's end.
    let mut late = plan(&[
        "/bin/sh",
        "-c",
        "echo $$; (exit 3); (exit 4); \"$0\" spawn -- echo threads; (exit 5); echo $?",
    ]);
    late.argv.push(binary().into());
    late.late = Namespaces::USER.with(Namespaces::PID);
    late.maps = Some(own_maps());
    assert_eq!(alone::output(&late), "1\nthreads\n5");
}

#[test]
fn row_10_namespaces_only_loopback_is_in_a_new_net() {
    let text = spawned(&["--unshare", "user,net", "--map-root", "--", "cat", "/proc/net/dev"]);
    let devices: Vec<&str> =
        text.lines().skip(2).map(|line| line.split(':').next().unwrap().trim()).collect();
    // Modules may put their fallback tunnels there.
    assert!(devices.contains(&"lo") && !devices.contains(&"eth0"), "{text}");
}

#[test]
fn row_10_flags_that_cannot_be_are_told_apart() {
    let with = |change: &dyn Fn(&mut Plan)| {
        let mut plan = plan(&["/bin/true"]);
        change(&mut plan);
        plan
    };
    // Namespaces are named, 0x80 and other low bits would be an exit signal.
    for flags in [0x1000_0000, 0x80, 0x11, 0x2000_0000, 0x2_0000] {
        let plan = with(&|plan| plan.unshare_flags = flags);
        assert_eq!(invalid(&plan), Invalid::UnshareFlags(flags));
    }
    let twice = with(&|plan| (plan.namespaces, plan.late) = (Namespaces::UTS, Namespaces::UTS));
    assert_eq!(invalid(&twice), Invalid::NamespaceTwice(Namespaces::UTS));
    let bad_group = with(&|plan| plan.cgroup = Some(-1));
    assert_eq!(invalid(&bad_group), Invalid::Descriptor(-1));
    // CLONE_IO, which unshare(2) does not know.
    let io = with(&|plan| plan.unshare_flags = 0x8000_0000);
    let error = failed(&io);
    assert_eq!(error.errno, libc::EINVAL, "{error:?}");
    assert!(error.step.contains("0x80000000"), "{}", error.step);
    // CLONE_FS, CLONE_FILES, CLONE_SYSVSEM.
    let allowed = with(&|plan| plan.unshare_flags = 0x4_0600);
    assert_eq!(start(&allowed, Hooks::default()).unwrap().wait().unwrap(), Exit::Status(0));
    assert!(refused(&["--unshare", "nets", "--", "true"]).contains("unknown namespace 'nets'"));
}

#[test]
fn row_10_flags_without_privilege() {
    if as_other_user("row_10_flags_without_privilege") {
        return;
    }
    for (kind, late) in [(Namespaces::NET, false), (Namespaces::NET, true), (Namespaces::TIME, false)] {
        let mut plan = plan(&["/bin/true"]);
        *(if late { &mut plan.late } else { &mut plan.namespaces }) = kind;
        let text = error_of(&plan);
        assert!(
            text.contains("Operation not permitted") && text.contains("--unshare user --map-root"),
            "{text}"
        );
        assert!(text.contains(&kind.to_string()), "{text}");
    }
    // Clone flags are the first of the two.
    let mut both = plan(&["/bin/true"]);
    (both.namespaces, both.late) = (Namespaces::USER, Namespaces::NET);
    both.maps = Some(own_maps());
    assert_eq!(start(&both, Hooks::default()).unwrap().wait().unwrap(), Exit::Status(0));
}

/// A map's numbers, without the kernel's columns.
fn numbers(text: &str) -> Vec<Vec<u64>> {
    text.lines().map(|line| line.split_whitespace().map(|n| n.parse().unwrap()).collect()).collect()
}

/// `count` ranges of one id each.
fn lines(count: u32) -> Vec<Range> {
    (0..count).map(|id| Range::one(id, id)).collect()
}

#[test]
fn row_11_maps_of_340_lines_and_not_of_341() {
    const TEST: &str = "row_11_maps_of_340_lines_and_not_of_341";
    if !needs_root(TEST, "CAP_SETUID") {
        return;
    }
    let mut plan = shell("cat /proc/self/uid_map; echo; cat /proc/self/gid_map; cat /proc/self/setgroups");
    plan.namespaces = Namespaces::USER;
    plan.maps = Some(IdMaps { uid: lines(340), gid: lines(339), setgroups: true });
    let text = alone::output(&plan);
    let (uid, rest) = text.split_once("\n\n").unwrap();
    let (gid, setgroups) = rest.rsplit_once('\n').unwrap();
    let want = |count: u64| (0..count).map(|id| vec![id, id, 1]).collect::<Vec<_>>();
    assert_eq!((numbers(uid), numbers(gid), setgroups), (want(340), want(339), "allow"));
    plan.maps = Some(IdMaps { uid: lines(1), gid: lines(341), setgroups: true });
    assert_eq!(invalid(&plan), Invalid::TooManyRanges("group", 341));
    let text = error_of(&plan);
    assert!(text.contains("at most 340"), "{text}");
    // Few enough lines, and yet more than the page that one write may have.
    let long = |n: u32| Range::one(1_000_000_000 + n, 1_000_000_000 + n);
    plan.maps = Some(IdMaps { uid: (0..200).map(long).collect(), gid: lines(1), setgroups: true });
    assert_eq!(invalid(&plan), Invalid::MapTooLong("user", 200 * 24));
}

#[test]
fn row_11_maps_that_the_kernel_would_refuse() {
    for (words, part) in [
        (&["--map-uid", "0:0:10", "--map-uid", "5:100:10"][..], "share ids"),
        (&["--map-uid", "0:0:10", "--map-uid", "100:5:10"], "share ids"),
        (&["--map-gid", "0:0:1", "--map-gid", "0:0:1"], "group id maps 0:0:1 and 0:0:1 share ids"),
        (&["--map-uid", "0:0:0"], "0:0:0"),
        (&["--map-uid", "0:4294967295:1"], "0:4294967295:1"),
        (&["--map-uid", "0:4294967290:6"], "0:4294967290:6"),
        (&["--map-uid", "0:0"], "0:0"),
    ] {
        let mut words = words.to_vec();
        words.extend(["--", "true"]);
        let text = refused(&words);
        assert!(text.contains(part) && text.lines().count() <= 2, "{words:?}: {text}");
    }
    let mut unmapped = plan(&["/bin/true"]);
    unmapped.namespaces = Namespaces::USER;
    unmapped.maps = Some(own_maps());
    unmapped.identity = Some(Identity { uid: Some(5), ..Identity::default() });
    assert_eq!(invalid(&unmapped), Invalid::NotMapped("user", 5));
    unmapped.namespaces = Namespaces::NONE;
    assert!(matches!(invalid(&unmapped), Invalid::NeedsNamespace(_, "user")));
}

#[test]
fn row_11_maps_written_by_the_parent_of_several_ranges() {
    const TEST: &str = "row_11_maps_written_by_the_parent_of_several_ranges";
    if !needs_root(TEST, "CAP_SETUID") {
        return;
    }
    let script = "cat /proc/self/uid_map; id -u; id -g; echo '7 7 1' > /proc/self/uid_map";
    let mut plan = shell(script);
    plan.namespaces = Namespaces::USER;
    let ranges =
        vec![Range { inside: 0, outside: 1000, count: 10 }, Range { inside: 100, outside: 50, count: 5 }];
    plan.maps = Some(IdMaps { uid: ranges.clone(), gid: ranges, setgroups: true });
    plan.identity = Some(Identity { uid: Some(103), gid: Some(4), ..Identity::default() });
    let (exit, text) = try_output(&plan, Hooks::default()).unwrap();
    assert_eq!(text, "         0       1000         10\n       100         50          5\n103\n4");
    assert_ne!(exit, Exit::Status(0), "a map takes no second write");
    // Seen from outside its ids are those of the map.
    let mut sleeper = alone::plan(&["/bin/sleep", "60"]);
    (sleeper.namespaces, sleeper.maps, sleeper.identity) = (plan.namespaces, plan.maps, plan.identity);
    let process = start(&sleeper, Hooks::default()).unwrap();
    let status = fs::read_to_string(format!("/proc/{}/status", process.pid())).unwrap();
    process.destroy();
    assert!(status.contains("Uid:\t53\t53\t53\t53\nGid:\t1004\t1004\t1004\t1004\n"), "{status}");
}

#[test]
fn row_11_maps_without_privilege_hold_the_own_id() {
    if as_other_user("row_11_maps_without_privilege_hold_the_own_id") {
        return;
    }
    let script = "id -un; cat /proc/self/uid_map /proc/self/gid_map /proc/self/setgroups";
    let text = spawned(&["--unshare", "user", "--map-root", "--", "sh", "-c", script]);
    // SAFETY: plain system calls.
    let (uid, gid) = unsafe { (libc::geteuid(), libc::getegid()) };
    assert_eq!(text, format!("root\n{:>10} {uid:>10} {:>10}\n{:>10} {gid:>10} {:>10}\ndeny", 0, 1, 0, 1));
    // Another's id, and with setgroups allowed: the kernel says no, and the sentence what to do.
    let text = refused(&["--map-uid", &format!("0:{}:1", uid + 1), "--", "true"]);
    assert!(text.contains("write the uid_map of the child: Operation not permitted"), "{text}");
    assert!(text.contains("newuidmap"), "{text}");
    let text = refused(&["--map-root", "--setgroups", "allow", "--", "true"]);
    assert!(text.contains("setgroups") || text.contains("gid_map"), "{text}");
}

#[test]
fn row_11_maps_go_to_the_helper_where_the_kernel_refuses() {
    const TEST: &str = "row_11_maps_go_to_the_helper_where_the_kernel_refuses";
    if as_other_user(TEST) {
        return;
    }
    let dir = TempDir::new("helper");
    let log = dir.join("log");
    // It cannot write the map either, but it sees the child wait, with no map yet.
    let script =
        format!("#!/bin/sh\necho \"$0 $@\" >> {0}; wc -l < /proc/$1/uid_map >> {0}\n", log.display());
    fs::write(dir.join("newuidmap"), script + "exit 1\n").unwrap();
    fs::set_permissions(dir.join("newuidmap"), fs::Permissions::from_mode(0o755)).unwrap();
    let mut run = Command::new(binary());
    run.args(["spawn", "--map-uid", "0:100000:10", "--map-uid", "10:200000:1", "--", "echo", "ran"]);
    let output = run.env("PATH", format!("{}:/usr/bin:/bin", dir.path().display())).output().unwrap();
    assert!(!output.status.success() && output.stdout.is_empty(), "{output:?}");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("uid_map of the child: Operation not permitted"), "{text}");
    let log = fs::read_to_string(log).unwrap();
    let (first, count) = log.split_once('\n').unwrap();
    assert!(first.starts_with(dir.join("newuidmap").to_str().unwrap()), "{log}");
    assert!(first.ends_with(" 0 100000 10 10 200000 1"), "{log}");
    assert_eq!(count.trim(), "0");
    let pid: i32 = first.split(' ').nth(1).unwrap().parse().unwrap();
    assert!(!fs::exists(format!("/proc/{pid}")).unwrap(), "the child is gone and reaped");
}

/// Maps written by the child itself, after a late unshare.
fn child_writes_its_maps() {
    let script = "id -u; id -g; cat /proc/self/uid_map; cat /proc/self/gid_map; cat /proc/self/setgroups";
    let mut plan = shell(script);
    plan.late = Namespaces::USER.with(Namespaces::NET);
    plan.maps = Some(own_maps());
    plan.identity = Some(Identity { uid: Some(0), gid: Some(0), ..Identity::default() });
    let own = own_maps();
    let (uid, gid) = (own.uid[0].outside, own.gid[0].outside);
    let want = format!("0\n0\n{:>10} {uid:>10} {:>10}\n{:>10} {gid:>10} {:>10}\ndeny", 0, 1, 0, 1);
    assert_eq!(alone::output(&plan), want);
    // The parent still gives its word where the child waits for it, and writes nothing itself.
    let mut joined = 0;
    let mut joining = |pid: i32| {
        joined = pid;
        let map = fs::read_to_string(format!("/proc/{pid}/uid_map")).unwrap();
        assert_eq!(map, fs::read_to_string("/proc/self/uid_map").unwrap(), "no new namespace yet");
        Ok(())
    };
    let mut sync = |pid: i32| match numbers(&fs::read_to_string(format!("/proc/{pid}/uid_map")).unwrap()) {
        map if map == [[0, u64::from(uid), 1]] => Ok(()),
        map => Err(format!("{map:?}")),
    };
    let hooks = Hooks { joining: Some(&mut joining), sync: Some(&mut sync) };
    assert_eq!(try_output(&plan, hooks).unwrap().1, want);
    assert!(joined > 0);
}

#[test]
fn row_12_late_maps_are_written_by_the_child() {
    child_writes_its_maps();
}

#[test]
fn row_12_late_maps_without_privilege() {
    if as_other_user("row_12_late_maps_without_privilege") {
        return;
    }
    child_writes_its_maps();
    // In a new pid namespace /proc/self is still the child.
    let mut plan = shell("cat /proc/self/uid_map; echo $$");
    plan.late = Namespaces::USER;
    plan.namespaces = Namespaces::NONE;
    plan.maps = Some(own_maps());
    assert!(alone::output(&plan).contains(&own_maps().uid[0].outside.to_string()));
    let mut wrong = plan.clone();
    wrong.maps = Some(IdMaps { uid: vec![Range::one(0, 1)], gid: Vec::new(), setgroups: false });
    let error = failed(&wrong);
    assert_eq!(error.errno, libc::EPERM, "{error:?}");
    assert!(error.step.contains("/proc/self/uid_map"), "{}", error.step);
    assert!(error.text.contains("only its own id"), "{}", error.text);
}

#[test]
fn row_12_late_maps_with_a_pid_namespace() {
    if !needs_root("row_12_late_maps_with_a_pid_namespace", "CAP_SYS_ADMIN") {
        return;
    }
    let mut plan = shell("cat /proc/1/uid_map > /dev/null; echo $$; id -u");
    (plan.namespaces, plan.late) = (Namespaces::PID, Namespaces::USER);
    plan.maps = Some(own_maps());
    plan.identity = Some(Identity { uid: Some(0), gid: Some(0), ..Identity::default() });
    assert_eq!(alone::output(&plan), "1\n0");
}

#[test]
fn row_13_setgroups_is_allowed_or_denied_as_asked() {
    if !needs_root("row_13_setgroups_is_allowed_or_denied_as_asked", "CAP_SETGID") {
        return;
    }
    for (word, allowed) in [("allow", true), ("deny", false)] {
        for late in [false, true] {
            let mut plan = shell("cat /proc/self/setgroups");
            *(if late { &mut plan.late } else { &mut plan.namespaces }) = Namespaces::USER;
            plan.maps = Some(IdMaps { setgroups: allowed, ..own_maps() });
            if late && allowed {
                // The child has no privilege over the namespace outside, whoever its parent is.
                let error = failed(&plan);
                assert_eq!(error.errno, libc::EPERM, "{error:?}");
                assert!(
                    error.text.contains("gid_map") && error.text.contains("with setgroups denied"),
                    "{error:?}"
                );
            } else {
                assert_eq!(alone::output(&plan), word, "late {late}");
            }
            // Without a map of groups nothing is written.
            plan.maps = Some(IdMaps { gid: Vec::new(), setgroups: false, ..own_maps() });
            assert_eq!(alone::output(&plan), "allow", "late {late}");
        }
        let maps = ["--map-uid", "0:0:9", "--map-gid", "0:0:9", "--setgroups", word];
        let show = ["--", "cat", "/proc/self/setgroups"];
        assert_eq!(spawned(&[&maps[..], &show].concat()), word);
    }
    assert!(refused(&["--setgroups", "perhaps", "--", "true"]).contains("allow or deny"));
}

#[test]
fn row_13_setgroups_an_ordinary_user_inside_may_not_map_it_away() {
    if !needs_root("row_13_setgroups_an_ordinary_user_inside_may_not_map_it_away", "CAP_SETGID") {
        return;
    }
    // Allowed is not enough: the program's user must hold CAP_SETGID inside.
    let maps = ["--map-uid", "0:0:100", "--map-gid", "0:0:100", "--setgroups", "allow", "--uid"];
    let show = ["--gid", "7", "--groups", "8", "--", "setpriv", "--clear-groups", "id", "-G"];
    assert_eq!(spawned(&[&maps[..], &["0"], &show].concat()), "7");
    let text = refused(&[&maps[..], &["7"], &show].concat());
    assert!(text.contains("setgroups") && text.contains("not permitted"), "{text}");
}

/// Mounts of this thread in a namespace of its own, shared as systemd shares them.
fn shared_mounts() {
    // SAFETY: plain system calls; only this thread's view of mounts changes.
    unsafe {
        assert_eq!(libc::unshare(libc::CLONE_NEWNS), 0);
        let none = std::ptr::null();
        let flags = libc::MS_REC | libc::MS_SHARED;
        assert_eq!(libc::mount(none, c"/".as_ptr(), none, flags, none.cast()), 0);
    }
}

#[test]
fn row_14_mounts_stay_inside_at_the_clone_and_late() {
    const TEST: &str = "row_14_mounts_stay_inside_at_the_clone_and_late";
    if !needs_root(TEST, "CAP_SYS_ADMIN") || alone(TEST) {
        return;
    }
    shared_mounts();
    let dir = TempDir::new("row14");
    for (late, user) in [(false, false), (true, false), (false, true), (true, true)] {
        let at = dir.join(&format!("mount-{late}-{user}"));
        fs::create_dir(&at).unwrap();
        let script =
            format!("mount -t tmpfs none {0} && touch {0}/inside && echo ready && read word", at.display());
        let (mut out, writer) = std::io::pipe().unwrap();
        let (word, mut say) = std::io::pipe().unwrap();
        let mut plan = shell(&script);
        plan.fds.map = vec![(0, Some(word.as_raw_fd())), (1, Some(writer.as_raw_fd()))];
        *(if late { &mut plan.late } else { &mut plan.namespaces }) =
            if user { Namespaces::MOUNT.with(Namespaces::USER) } else { Namespaces::MOUNT };
        plan.maps = user.then(own_maps);
        let process = start(&plan, Hooks::default()).unwrap();
        drop((writer, word));
        let mut ready = [0; 6];
        out.read_exact(&mut ready).unwrap();
        assert_eq!(&ready, b"ready\n");
        let mounts = fs::read_to_string("/proc/thread-self/mountinfo").unwrap();
        assert!(!mounts.contains(at.to_str().unwrap()), "late {late}: {mounts}");
        assert!(!at.join("inside").exists());
        let inside = format!("/proc/{}/root{}/inside", process.pid(), at.display());
        assert!(fs::exists(&inside).unwrap(), "{inside}");
        fs::remove_dir(&at).unwrap_or_else(|error| panic!("late {late}: {error}"));
        std::io::Write::write_all(&mut say, b"on\n").unwrap();
        assert_eq!(process.wait().unwrap(), Exit::Status(0));
    }
}

#[test]
fn row_14_mounts_of_the_host_stay_visible_and_are_private() {
    let text = spawned(&["--unshare", "user,mount", "--map-root", "--", "cat", "/proc/self/mountinfo"]);
    assert!(text.lines().any(|line| line.split(' ').nth(4) == Some("/proc")), "{text}");
    // shared:N or master:N would be a way out or in.
    for line in text.lines() {
        let optional = line.split(" - ").next().unwrap().split(' ').skip(6);
        assert!(!optional.clone().any(|field| field.starts_with("shared:")), "{line}");
    }
    as_other_user("row_14_mounts_of_the_host_stay_visible_and_are_private");
    assert!(
        is_root() || refused(&["--unshare", "mount", "--", "true"]).contains("--unshare user --map-root")
    );
}
