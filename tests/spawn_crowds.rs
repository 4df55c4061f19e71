//! Launches out of busy processes: from many threads at once, from one with a gigabyte of memory, and with a function
//! of the parent between set-up and execve. Nothing blocks, and no zombie and no descriptor is left.
#![allow(unsafe_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/inject.rs"]
mod inject;
mod support;

use std::ffi::OsString;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use inject::{alone, has_child, left, own_ids, under};
use trace::spawn::compile::{self, Host};
use trace::spawn::error::Error;
use trace::spawn::idmap::Range;
use trace::spawn::namespaces::Namespaces;
use trace::spawn::plan::{Groups, IdMaps, Identity, Plan, Traced};
use trace::spawn::process::Exit;
use trace::spawn::start::{self, Hooks};
use trace::spawn::step::Step;

fn plan(words: &[&str]) -> Plan {
    Plan::new(Path::new("/bin").join(words[0]), words.iter().map(OsString::from).collect())
}

fn in_userns(plan: &mut Plan) {
    let (uid, gid) = own_ids();
    let one = |id| vec![Range::one(id, id)];
    plan.namespaces = Namespaces::USER;
    plan.maps = Some(IdMaps { uid: one(uid), gid: one(gid), setgroups: false });
}

fn to_self(plan: &mut Plan) {
    let (uid, gid) = own_ids();
    plan.identity = Some(Identity { uid: Some(uid), gid: Some(gid), groups: Groups::Keep });
}

/// What `run` gives, or a failure when it takes longer than any launch may.
fn bounded<T: Send + 'static>(what: &str, run: impl FnOnce() -> T + Send + 'static) -> T {
    let (say, hear) = mpsc::channel();
    let thread = std::thread::spawn(move || say.send(run()).ok());
    let value = hear.recv_timeout(Duration::from_secs(20));
    let value = value.unwrap_or_else(|error| panic!("{what}: {error}"));
    thread.join().unwrap();
    value
}

/// Sharing memory suspends the parent until execve: a child that waits for its word would wait for ever.
#[test]
fn own_no_deadlock_where_the_two_talk() {
    let host = |synchronize, await_parent| {
        let mask = trace::sys::signal::mask();
        Host { mask, nofile: None, synchronize, await_parent, script: false }
    };
    let simple = plan(&["true"]);
    assert!(compile::may_vfork(&simple, &host(false, false)), "nothing to talk about");
    assert!(!compile::may_vfork(&simple, &host(true, false)));
    assert!(!compile::may_vfork(&simple, &host(false, true)));
    let mut stops = plan(&["true"]);
    stops.traced = Traced::BeforeExec;
    assert!(!compile::may_vfork(&stops, &host(false, false)));
    stops.traced = Traced::AtExec;
    assert!(compile::may_vfork(&stops, &host(false, false)));
    let mut changes = plan(&["true"]);
    to_self(&mut changes);
    assert!(!compile::may_vfork(&changes, &host(false, false)));
    let mut late = plan(&["true"]);
    late.late = Namespaces::USER;
    assert!(!compile::may_vfork(&late, &host(false, false)));
}

#[test]
fn own_a_sync_hook_is_called_once_with_the_child_before_its_execve() {
    let _alone = alone();
    for change in [(|_| {}) as fn(&mut Plan), in_userns, to_self] {
        let (calls, exit) = bounded("a launch with a sync hook", move || {
            let mut calls = Vec::new();
            let mut sync = |pid: i32| {
                // Before its execve the child runs this very program.
                let same = std::fs::read_link(format!("/proc/{pid}/exe")).unwrap();
                calls.push((pid, same == std::env::current_exe().unwrap()));
                Ok(())
            };
            let mut plan = plan(&["sh", "-c", "exit 5"]);
            change(&mut plan);
            let process = start::start(&plan, Hooks { joining: None, sync: Some(&mut sync) }).unwrap();
            let exit = process.wait().unwrap();
            (calls.iter().map(|call| (call.0 == process.pid(), call.1)).collect::<Vec<_>>(), exit)
        });
        assert_eq!((&calls[..], exit), (&[(true, true)][..], Exit::Status(5)));
    }
}

/// One launch of a crowd: a program, or a failure, with or without shared memory.
fn one(number: u64) {
    let mut plan = plan(&["sh", "-c", &format!("exit {}", number % 100)]);
    match number % 4 {
        0 => {}
        1 => to_self(&mut plan),
        2 => plan.workdir = Some("/nosuch".into()),
        _ => {
            in_userns(&mut plan);
            plan.workdir = if number % 8 == 3 { None } else { Some("/nosuch".into()) };
        }
    }
    match (start::start(&plan, Hooks::default()), plan.workdir) {
        (Ok(process), None) => {
            assert_eq!(process.wait().unwrap(), Exit::Status((number % 100) as i32), "{number}");
        }
        (Err(Error::Child { step, errno, .. }), Some(_)) => {
            assert!(matches!(*step, Step::WorkDir(_)) && errno == libc::ENOENT, "{number}: {step:?} {errno}");
        }
        (result, dir) => panic!("{number}: {result:?} in {dir:?}"),
    }
}

#[test]
fn own_200_launches_from_8_threads_leave_nothing() {
    let _alone = alone();
    under(&[], || one(1));
    let before = left();
    bounded("200 launches", || {
        let next = AtomicU64::new(0);
        let work = || {
            while let Some(number) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|n| *n < 200) {
                one(number);
            }
        };
        std::thread::scope(|scope| (0..8).for_each(|_| drop(scope.spawn(work))));
    });
    assert_eq!(left(), before);
    assert!(!has_child());
}

/// Threads that allocate, lock and print hold locks of libc at every moment; the child waits for none of them.
#[test]
fn own_failures_amid_busy_threads_are_told_right() {
    let _alone = alone();
    bounded("launches amid busy threads", || {
        let stop = AtomicBool::new(false);
        let busy = || {
            while !stop.load(Ordering::Relaxed) {
                let texts: Vec<String> = (0..50).map(|n| format!("{n:1000}")).collect();
                std::hint::black_box((texts, std::env::var("PATH").ok(), std::fs::metadata("/").ok()));
            }
        };
        std::thread::scope(|scope| {
            (0..6).for_each(|_| drop(scope.spawn(busy)));
            // Every second one fails: of either kind of child.
            let result = std::panic::catch_unwind(|| (0..48).for_each(one));
            stop.store(true, Ordering::Relaxed);
            result.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        });
    });
    assert!(!has_child());
}

/// A gigabyte, each page touched, and none of it a huge one.
struct Gigabyte(*mut libc::c_void);

const SIZE: usize = 1 << 30;

impl Gigabyte {
    fn new() -> Self {
        let (access, kind) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
        // SAFETY: a fresh anonymous mapping, written within its bounds.
        unsafe {
            let at = libc::mmap(std::ptr::null_mut(), SIZE, access, kind, -1, 0);
            assert_ne!(at, libc::MAP_FAILED);
            libc::madvise(at, SIZE, libc::MADV_NOHUGEPAGE);
            (0..SIZE).step_by(4096).for_each(|offset| at.cast::<u8>().add(offset).write(1));
            Self(at)
        }
    }

    fn is_intact(&self) -> bool {
        // SAFETY: within the mapping, which lives as long as this value.
        (0..SIZE).step_by(4096).all(|offset| unsafe { self.0.cast::<u8>().add(offset).read() == 1 })
    }
}

impl Drop for Gigabyte {
    fn drop(&mut self) {
        // SAFETY: the mapping is ours and nobody uses it any more.
        unsafe { libc::munmap(self.0, SIZE) };
    }
}

#[test]
fn own_launch_from_a_process_of_a_gigabyte() {
    let _alone = alone();
    let memory = Gigabyte::new();
    for change in [(|_| {}) as fn(&mut Plan), to_self, in_userns] {
        let mut plan = plan(&["sh", "-c", "exit 6"]);
        change(&mut plan);
        let process = start::start(&plan, Hooks::default()).unwrap();
        assert_eq!(process.wait().unwrap(), Exit::Status(6));
    }
    // A child that shares the memory and fails leaves it alone.
    let mut fails = plan(&["true"]);
    fails.workdir = Some("/nosuch".into());
    assert!(start::start(&fails, Hooks::default()).is_err());
    assert!(memory.is_intact());
}
