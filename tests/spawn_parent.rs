//! A launch that fails on the parent's side: the clone, the id maps, the hooks, the seizing, and a parent that dies
//! while its child waits. The sentence says what failed, the program never ran, and nothing is left.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/inject.rs"]
mod inject;
mod support;

use std::fs::{self, File};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use inject::{Rule, alone, fails, fails_with, left, own_ids, under};
use support::spawn::{as_other_user, is_root};
use support::{TempDir, procfs};
use trace::spawn::error::Error;
use trace::spawn::idmap::Range;
use trace::spawn::namespaces::Namespaces;
use trace::spawn::plan::{IdMaps, Plan, Traced};
use trace::spawn::start::{self, Hooks};
use trace::spawn::traced;

/// A plan whose program leaves `mark`.
fn marking(mark: &Path) -> Plan {
    Plan::new("/bin/touch", vec!["touch".into(), mark.into()])
}

fn mapped(uid: Vec<Range>, gid: Vec<Range>, setgroups: bool) -> impl Fn(&mut Plan) {
    move |plan| {
        plan.namespaces = Namespaces::USER;
        plan.maps = Some(IdMaps { uid: uid.clone(), gid: gid.clone(), setgroups });
    }
}

fn own_maps(plan: &mut Plan) {
    let (uid, gid) = own_ids();
    mapped(vec![Range::one(uid, uid)], vec![Range::one(gid, gid)], false)(plan);
}

/// The sentence of a launch that `rules` or `change` lets fail, after which nothing may be left.
fn refused(rules: &[Rule], change: impl Fn(&mut Plan) + Sync, hooks: Hooks<'_>) -> Error {
    let dir = TempDir::new("parent");
    let mark = dir.join("ran");
    let mut plan = marking(&mark);
    change(&mut plan);
    let before = left();
    let (mut joining, mut sync) = (hooks.joining, hooks.sync);
    // A hook is called on this very thread where no rule asks for another.
    let error = if rules.is_empty() {
        let hooks = Hooks { joining: joining.take(), sync: sync.take() };
        launch(&plan, hooks)
    } else {
        under(rules, || launch(&plan, Hooks::default()))
    };
    assert_eq!(left(), before, "{error}");
    assert!(!mark.exists(), "the program ran: {error}");
    let text = error.to_string();
    assert!(!text.contains(char::is_control) && text.trim() == text, "{text:?}");
    error
}

fn launch(plan: &Plan, hooks: Hooks<'_>) -> Error {
    let result = match plan.traced {
        Traced::BeforeExec => traced::launch(plan, 0, hooks).map(|launched| launched.process),
        _ => start::start(plan, hooks),
    };
    result.map(|process| process.destroy()).expect_err("the launch succeeds")
}

/// The clone is refused: what the kernel would say for want of privilege, processes or a namespace.
#[test]
fn a_refused_clone_says_why() {
    let _alone = alone();
    type Change = fn(&mut Plan);
    let plain: Change = |_| {};
    let forked: Change = |plan| plan.traced = Traced::BeforeExec;
    let spaced: Change = |plan| plan.namespaces = Namespaces::UTS.with(Namespaces::IPC);
    let rows: &[(i32, Change, &str, &str)] = &[
        (libc::EPERM, plain, "start a process", "as root"),
        (libc::EPERM, spaced, "start a process with new namespaces uts,ipc", "--unshare user --map-root"),
        (
            libc::EPERM,
            own_maps,
            "start a process with new namespaces user",
            "user namespaces are not allowed",
        ),
        (libc::EAGAIN, plain, "start a process", "limit of processes"),
        (libc::EAGAIN, forked, "start a process", "limit of processes"),
        (libc::ENOSPC, spaced, "start a process with new namespaces uts,ipc", "/proc/sys/user"),
        (libc::ENOMEM, plain, "start a process", ""),
    ];
    for &(errno, change, what, hint) in rows {
        let rules = [fails(libc::SYS_clone3, errno), fails(libc::SYS_clone, libc::EIO)];
        let error = refused(&rules, change, Hooks::default());
        let text = error.to_string();
        assert!(text.starts_with(&format!("cannot {what}: ")) && text.contains(hint), "{text}");
        let Error::Parent { error, .. } = error else { panic!("{error:?}") };
        assert_eq!(error.raw_os_error(), Some(errno));
    }
}

/// A sandbox without clone3 gets clone(2); where that refuses as well, the first answer counts.
#[test]
fn without_clone3_the_old_clone_serves() {
    let _alone = alone();
    for traced in [Traced::No, Traced::AtExec] {
        let dir = TempDir::new("legacy");
        let mark = dir.join("ran");
        let mut plan = marking(&mark);
        if traced == Traced::AtExec {
            own_maps(&mut plan);
        }
        under(&[fails(libc::SYS_clone3, libc::ENOSYS)], || {
            start::start(&plan, Hooks::default()).unwrap().wait().unwrap();
        });
        assert!(mark.exists(), "{traced:?}");
    }
    let rules = [fails(libc::SYS_clone3, libc::ENOSYS), fails(libc::SYS_clone, libc::EPERM)];
    let error = refused(&rules, |_| {}, Hooks::default());
    let Error::Parent { error, .. } = error else { panic!("{error:?}") };
    assert_eq!(error.raw_os_error(), Some(libc::ENOSYS));
}

#[test]
fn a_cgroup_that_is_none_is_named() {
    let _alone = alone();
    let dir = File::open("/tmp").unwrap();
    for fd in [900, dir.as_raw_fd()] {
        let error = refused(&[], |plan| plan.cgroup = Some(fd), Hooks::default());
        let text = error.to_string();
        let hint = "the cgroup is no directory of a cgroup2 filesystem";
        assert!(text.starts_with("cannot start a process: ") && text.ends_with(hint), "{text}");
    }
}

#[test]
fn no_descriptor_for_the_channel() {
    let _alone = alone();
    let error = refused(&[fails(libc::SYS_socketpair, libc::EMFILE)], own_maps, Hooks::default());
    assert_eq!(error.to_string(), "cannot make the channel to the child: Too many open files");
}

/// The parent cannot write a map: each file by a filter that lets none be opened.
#[test]
fn each_file_of_the_maps_is_named() {
    let _alone = alone();
    let rules = [fails(libc::SYS_openat, libc::EACCES)];
    let (uid, gid) = own_ids();
    let error = refused(&rules, mapped(vec![Range::one(0, uid)], vec![], false), Hooks::default());
    assert!(error.to_string().starts_with("cannot write the uid_map of the child: Permission denied; "));
    let error = refused(&rules, mapped(vec![], vec![Range::one(0, gid)], false), Hooks::default());
    assert!(error.to_string().starts_with("cannot write the setgroups of the child: Permission denied; "));
    let rules = [fails_with(libc::SYS_write, &[(2, 6)], libc::EPERM)];
    // "0 0 1\n" has six bytes, "deny" four: the third file alone is refused.
    if is_root() {
        let error = refused(&rules, mapped(vec![], vec![Range::one(0, 0)], false), Hooks::default());
        let text = error.to_string();
        assert!(
            text.starts_with("cannot write the gid_map of the child: Operation not permitted; "),
            "{text}"
        );
    }
}

/// What an unprivileged user may not map, the kernel's own answers.
#[test]
fn maps_that_another_user_may_not_write() {
    let _alone = alone();
    if as_other_user("maps_that_another_user_may_not_write") {
        return;
    }
    let (uid, gid) = own_ids();
    let own = |id| vec![Range::one(0, id)];
    let rows = [
        ("uid_map", own(0), own(gid), false),
        ("uid_map", vec![Range { inside: 0, outside: uid, count: 2 }], own(gid), false),
        ("uid_map", vec![Range::one(0, uid), Range::one(1, uid + 1)], vec![], false),
        ("gid_map", own(uid), own(0), false),
        ("gid_map", own(uid), own(gid), true),
    ];
    for (file, uid, gid, setgroups) in rows {
        let text = refused(&[], mapped(uid.clone(), gid.clone(), setgroups), Hooks::default()).to_string();
        let head = format!("cannot write the {file} of the child: Operation not permitted; ");
        assert!(text.starts_with(&head) && text.contains("setgroups denied"), "{uid:?} {gid:?}: {text}");
    }
}

#[test]
fn a_joining_hook_that_refuses_ends_the_child() {
    let _alone = alone();
    let mut seen = 0;
    let mut joining = |pid: i32| {
        seen = pid;
        Err(Error::Gone("no room".into()))
    };
    let error = refused(&[], |_| {}, Hooks { joining: Some(&mut joining), sync: None });
    assert!(matches!(&error, Error::Gone(how) if how == "no room"), "{error:?}");
    assert!(seen > 0 && procfs::state(seen).is_none(), "{seen} is still there");
}

#[test]
fn a_sync_hook_that_refuses_ends_the_child() {
    let _alone = alone();
    let changes: [fn(&mut Plan); 3] = [|_| {}, |plan| plan.traced = Traced::BeforeExec, own_maps];
    for change in changes {
        let mut seen = 0;
        let mut sync = |pid: i32| {
            seen = pid;
            Err("the network is down".into())
        };
        let error = refused(&[], change, Hooks { joining: None, sync: Some(&mut sync) });
        assert_eq!(error.to_string(), "the program was not started: the network is down");
        assert!(seen > 0 && procfs::state(seen).is_none(), "{seen} is still there");
    }
}

/// A step that fails before the sync hook would run is the error, and the hook does not run.
#[test]
fn a_failed_step_comes_before_the_sync_hook() {
    let _alone = alone();
    let mut calls = 0;
    let mut sync = |_: i32| {
        calls += 1;
        Ok(())
    };
    let change = |plan: &mut Plan| plan.workdir = Some("/nosuch".into());
    let error = refused(&[], change, Hooks { joining: None, sync: Some(&mut sync) });
    assert!(error.to_string().starts_with("cannot change the directory to '/nosuch': "), "{error}");
    assert_eq!(calls, 0);
}

/// A child that something else kills while it waits is no started program.
#[test]
fn a_child_that_dies_before_it_is_set_up_is_gone() {
    let _alone = alone();
    let mut joining = |pid: i32| {
        procfs::kill(pid, libc::SIGKILL);
        Ok(())
    };
    let mut sync = |_: i32| Ok(());
    let error = refused(&[], |_| {}, Hooks { joining: Some(&mut joining), sync: Some(&mut sync) });
    assert!(matches!(error, Error::Gone(_)), "{error:?}");
    let mut joining = |pid: i32| {
        procfs::kill(pid, libc::SIGKILL);
        Ok(())
    };
    let traced = |plan: &mut Plan| plan.traced = Traced::BeforeExec;
    let error = refused(&[], traced, Hooks { joining: Some(&mut joining), sync: None });
    assert!(error.to_string().starts_with("cannot stop it before execve: No such process"), "{error}");
}

#[test]
fn a_refused_ptrace_request_is_named() {
    let _alone = alone();
    let rows: [(&'static [(u32, u32)], &str); 2] =
        [(&[(0, 17)], "detach from it (PTRACE_DETACH)"), (&[(0, 0x4206)], "seize it (PTRACE_SEIZE)")];
    for (request, what) in rows {
        let rules = [fails_with(libc::SYS_ptrace, request, libc::EPERM)];
        let error = refused(&rules, |plan| plan.traced = Traced::BeforeExec, Hooks::default());
        assert_eq!(error.to_string(), format!("cannot {what}: Operation not permitted"));
    }
}

/// Where a launcher of its own notes its child's pid.
const NOTES: &str = "TRACE_TEST_NOTES";

/// Runs test `name` again in a process that may die.
fn mortal(name: &str, notes: &Path) -> std::process::ExitStatus {
    let mut run = Command::new(std::env::current_exe().unwrap());
    run.args([name, "--exact", "--nocapture"]).env(NOTES, notes).output().unwrap().status
}

/// A parent that dies while its child waits: the child ends too, and the program never runs.
fn orphan(name: &str, at_sync: bool) {
    if let Some(notes) = std::env::var_os(NOTES).map(PathBuf::from) {
        let dies = |pid: i32| {
            fs::write(notes.join("pid"), pid.to_string()).unwrap();
            procfs::kill(std::process::id() as i32, libc::SIGKILL);
        };
        let plan = marking(&notes.join("ran"));
        let (mut joining, mut sync) = (None, None);
        if at_sync {
            sync = Some(|pid| {
                dies(pid);
                Ok::<(), String>(())
            });
        } else {
            joining = Some(|pid| {
                dies(pid);
                Ok::<(), Error>(())
            });
        }
        let hooks = Hooks {
            joining: joining.as_mut().map(|hook| hook as &mut dyn FnMut(i32) -> Result<(), Error>),
            sync: sync.as_mut().map(|hook| hook as &mut dyn FnMut(i32) -> Result<(), String>),
        };
        start::start(&plan, hooks).unwrap();
        return;
    }
    let _alone = alone();
    let dir = TempDir::new("orphan");
    assert!(mortal(name, dir.path()).code().is_none(), "the launcher was killed");
    let pid: i32 = fs::read_to_string(dir.join("pid")).unwrap().parse().unwrap();
    // Whoever adopts it may be slow to reap it.
    let ended = || matches!(procfs::state(pid), None | Some('Z' | 'X'));
    assert!(procfs::wait_until(Duration::from_secs(5), ended), "{pid} outlives its parent");
    assert!(!dir.join("ran").exists(), "the program ran");
}

#[test]
fn a_parent_that_dies_before_the_maps_takes_the_child_along() {
    orphan("a_parent_that_dies_before_the_maps_takes_the_child_along", false);
}

#[test]
fn a_parent_that_dies_at_the_sync_takes_the_child_along() {
    orphan("a_parent_that_dies_at_the_sync_takes_the_child_along", true);
}

#[test]
fn a_sync_function_that_panics_leaves_no_child() {
    let _alone = alone();
    let plan = Plan::new("/bin/true", vec!["true".into()]);
    let mut pid = 0;
    let mut sync = |child: i32| -> Result<(), String> {
        pid = child;
        panic!("as a caller's function may")
    };
    let hooks = Hooks { sync: Some(&mut sync), ..Hooks::default() };
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| start::start(&plan, hooks)));
    assert!(result.is_err() && pid > 0);
    assert_eq!(support::procfs::state(pid), None, "killed and reaped");
}
