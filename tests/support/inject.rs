//! Calls that fail on demand: a seccomp filter on one thread of a test, which the children it starts inherit, and
//! what must be the same before and after a launch that fails.
#![allow(unsafe_code, dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A call that is answered with an errno.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its number.
    pub call: i64,
    /// Arguments (place, low half) that it must have; others go through.
    pub with: &'static [(u32, u32)],
    /// The answer.
    pub errno: i32,
}

/// Every `call` fails with `errno`.
pub const fn fails(call: i64, errno: i32) -> Rule {
    Rule { call, with: &[], errno }
}

/// `call` fails with `errno` where its arguments are `with`.
pub const fn fails_with(call: i64, with: &'static [(u32, u32)], errno: i32) -> Rule {
    Rule { call, with, errno }
}

const LOAD: u16 = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
const EQUAL: u16 = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
const ANSWER: u16 = (libc::BPF_RET | libc::BPF_K) as u16;

fn program(rules: &[Rule]) -> Vec<libc::sock_filter> {
    let insn = |code, jf, k| libc::sock_filter { code, jt: 0, jf, k };
    let mut list = Vec::new();
    for rule in rules {
        // struct seccomp_data: the number at 0, arguments of 8 bytes from 16.
        let mut tests = vec![(0, rule.call as u32)];
        tests.extend(rule.with.iter().map(|(place, value)| (16 + 8 * place, *value)));
        let length = tests.len() as u8 * 2 + 1;
        for (at, (offset, value)) in tests.into_iter().enumerate() {
            list.push(insn(LOAD, 0, offset));
            // A mismatch goes on with the next rule.
            list.push(insn(EQUAL, length - (at as u8 * 2 + 2), value));
        }
        list.push(insn(ANSWER, 0, libc::SECCOMP_RET_ERRNO | rule.errno as u32));
    }
    list.push(insn(ANSWER, 0, libc::SECCOMP_RET_ALLOW));
    list
}

/// Loads `rules` into the calling thread, for good.
fn load(rules: &[Rule]) {
    let mut list = program(rules);
    let program = libc::sock_fprog { len: list.len() as u16, filter: list.as_mut_ptr() };
    // SAFETY: prctl and seccomp take numbers and a pointer to a live program that the kernel copies.
    let loaded = unsafe {
        libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
            && libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, 0, &raw const program) == 0
    };
    assert!(loaded, "seccomp: {}", std::io::Error::last_os_error());
}

/// What `run` gives on a thread of its own, in which `rules` hold.
pub fn under<T: Send>(rules: &[Rule], run: impl FnOnce() -> T + Send) -> T {
    let body = || {
        if !rules.is_empty() {
            load(rules);
        }
        run()
    };
    std::thread::scope(|scope| scope.spawn(body).join())
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Lets one test of a binary at a time look at what the whole process has.
pub fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a failed launch must leave as it was.
#[derive(Debug, PartialEq, Eq)]
pub struct Left {
    descriptors: Vec<String>,
    /// On the root, and on paths of this process: others of the machine come and go.
    mounts: Vec<String>,
    /// Namespaces live on only in processes, descriptors and mounts; this process must have changed none.
    namespaces: Vec<String>,
    child: bool,
}

impl Left {
    /// What differs from `before`, for a message.
    pub fn beyond(&self, before: &Left) -> String {
        let fresh = |now: &[String], then: &[String]| -> Vec<String> {
            now.iter().filter(|line| !then.contains(line)).cloned().collect()
        };
        format!(
            "descriptors {:?}, mounts {:?}, namespaces {:?}, a child: {}",
            fresh(&self.descriptors, &before.descriptors),
            fresh(&self.mounts, &before.mounts),
            fresh(&self.namespaces, &before.namespaces),
            self.child
        )
    }
}

/// What is there now. Only for a test that is [`alone`].
pub fn left() -> Left {
    let links = |dir: &str| {
        let entries = fs::read_dir(dir).unwrap().flatten();
        let mut list: Vec<String> = entries
            .filter_map(|e| Some(format!("{:?} {:?}", e.file_name(), fs::read_link(e.path()).ok()?)))
            .filter(|text| !text.contains("/fd\""))
            .collect();
        list.sort();
        list
    };
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap();
    let mark = format!("-{}-", std::process::id());
    let ours = |line: &&str| line.contains(&mark) || line.split(' ').nth(4) == Some("/");
    Left {
        descriptors: links("/proc/self/fd"),
        mounts: mounts.lines().filter(ours).map(str::to_owned).collect(),
        namespaces: links("/proc/self/ns"),
        child: has_child(),
    }
}

/// Whether this process has any child, alive or ended.
pub fn has_child() -> bool {
    // SAFETY: an all-zero siginfo is valid to be overwritten, and the pointer is live.
    let result = unsafe {
        let mut info: libc::siginfo_t = std::mem::zeroed();
        let flags = libc::WEXITED | libc::WSTOPPED | libc::WNOHANG | libc::WNOWAIT | libc::__WALL;
        libc::waitid(libc::P_ALL, 0, &raw mut info, flags)
    };
    result == 0
}

/// This process's user and group id.
pub fn own_ids() -> (u32, u32) {
    // SAFETY: both calls take nothing and cannot fail.
    unsafe { (libc::getuid(), libc::getgid()) }
}
