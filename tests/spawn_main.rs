//! The main jobs of `trace spawn`, as root and as an ordinary user.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;

use support::spawn::{as_other_user, busybox_root, is_root, spawn, spawned};

/// Every namespace at once, mapped to root.
fn every_namespace() {
    let script = "id -u; hostname; echo $$; ls /proc | grep -c '^[0-9]'; \
                  readlink /proc/self/ns/*; ip link show lo 2>/dev/null | head -1 || true";
    let args = [
        "--unshare",
        "user,pid,mount,net,uts,ipc,cgroup,time",
        "--map-root",
        "--proc",
        "/proc",
        "--hostname",
        "box",
        "--net",
        "loopback",
        "--",
        "sh",
        "-c",
        script,
    ];
    let out = spawned(&args);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[..3], ["0", "box", "1"], "{out}");
    assert!(lines[3].parse::<u32>().unwrap() < 6, "/proc is of the new pid namespace: {out}");
    for kind in ["user", "pid", "mnt", "net", "uts", "ipc", "cgroup", "time"] {
        let own = fs::read_link(format!("/proc/self/ns/{kind}")).unwrap();
        let own = own.to_string_lossy();
        assert!(out.contains(&format!("{kind}:[")) && !out.contains(&*own), "{kind}: {own} in {out}");
    }
}

#[test]
fn every_namespace_as_root_or_whoever_runs() {
    every_namespace();
}

#[test]
fn every_namespace_as_another_user() {
    if as_other_user("every_namespace_as_another_user") {
        return;
    }
    every_namespace();
}

/// A shell in a busybox root, with mounts; nothing of it is left.
fn busybox(test: &str) {
    let Some(root) = busybox_root(test) else { return };
    let mounts = || fs::read_to_string("/proc/self/mountinfo").unwrap();
    let before = (mounts(), list(root.path()));
    let dir = root.path().to_str().unwrap();
    let script = "ls /; mount | cut -d' ' -f3,5; echo x > /tmp/f && cat /tmp/f; echo x > /f; echo x > /etc/f; ls /proc/1 > /dev/null; exit 7";
    let output = spawn(&[
        "--unshare",
        "user,pid,mount",
        "--map-root",
        "--pivot-root",
        dir,
        "--root-ro",
        "--bind",
        "/etc:/etc:ro",
        "--tmpfs",
        "/tmp",
        "--tmpfs",
        "/dev",
        "--proc",
        "/proc",
        "--",
        "sh",
        "-c",
        script,
    ]);
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(7), "{out}{err}");
    assert!(out.starts_with("bin\ndev\netc\nproc\ntmp\n"), "{out}{err}");
    assert!(out.ends_with("x\n") && err.matches("Read-only file system").count() == 2, "{out}{err}");
    assert_eq!((mounts(), list(root.path())), before, "nothing is left behind");
}

fn list(dir: &std::path::Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_busybox_root_runs_a_shell_and_leaves_nothing() {
    busybox("a_busybox_root_runs_a_shell_and_leaves_nothing");
}

#[test]
fn a_busybox_root_as_another_user() {
    if as_other_user("a_busybox_root_as_another_user") {
        return;
    }
    busybox("a_busybox_root_as_another_user");
}

#[test]
fn the_status_is_the_programs() {
    assert_eq!(spawn(&["--", "sh", "-c", "exit 9"]).status.code(), Some(9));
    assert_eq!(spawn(&["--", "sh", "-c", "kill -TERM $$"]).status.code(), Some(143));
    assert!(is_root() || !spawn(&["--uid", "0", "--", "true"]).status.success());
}
