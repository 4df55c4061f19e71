//! Questions to /proc and signals: who is alive, in which state, and who carries a run's tag.
#![allow(unsafe_code)]

use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The environment variable that marks every process of one run.
pub const TAG: &str = "TRACE_TEST_TAG";

/// Sends `signal` to `pid` (negative: a group); false when there is no such process.
pub fn kill(pid: i32, signal: i32) -> bool {
    // SAFETY: kill(2) takes two integers and touches no memory.
    unsafe { libc::kill(pid, signal) == 0 }
}

/// The state letter of a task (`R`, `S`, `D`, `T`, `t`, `Z`), or `None` when it is gone.
pub fn state(pid: i32) -> Option<char> {
    stat_state(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// The state letters of all threads of a process.
pub fn thread_states(pid: i32) -> Vec<char> {
    let Ok(dir) = fs::read_dir(format!("/proc/{pid}/task")) else { return Vec::new() };
    dir.flatten().filter_map(|task| stat_state(&fs::read_to_string(task.path().join("stat")).ok()?)).collect()
}

fn stat_state(stat: &str) -> Option<char> {
    stat.rsplit_once(')')?.1.trim_start().chars().next()
}

/// The tracer's pid of a task, 0 when it is not traced.
pub fn tracer_of(pid: i32) -> i32 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("TracerPid:"));
    line.and_then(|text| text.trim().parse().ok()).unwrap_or(0)
}

/// The parent of a process.
pub fn parent(pid: i32) -> Option<i32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

/// Every live process, in the order of /proc.
pub fn all() -> Vec<i32> {
    let Ok(dir) = fs::read_dir("/proc") else { return Vec::new() };
    dir.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

/// The direct children of a process, zombies among them.
pub fn children(pid: i32) -> Vec<i32> {
    all().into_iter().filter(|&child| parent(child) == Some(pid)).collect()
}

/// The live processes whose environment carries `tag`.
pub fn tagged(tag: &str) -> Vec<i32> {
    let needle = format!("{TAG}={tag}").into_bytes();
    let carries = |pid: &i32| {
        fs::read(format!("/proc/{pid}/environ"))
            .is_ok_and(|env| env.split(|&byte| byte == 0).any(|var| var == needle))
    };
    all().into_iter().filter(carries).collect()
}

/// Kills everything that carries `tag`; returns how many there were.
pub fn sweep(tag: &str) -> usize {
    let mut count = 0;
    for _ in 0..50 {
        let left = tagged(tag);
        if left.is_empty() {
            break;
        }
        count = count.max(left.len());
        for pid in left {
            kill(pid, libc::SIGKILL);
        }
        sleep(Duration::from_millis(20));
    }
    count
}

/// Waits until `done` holds; false after `limit`.
pub fn wait_until(limit: Duration, mut done: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    while start.elapsed() < limit {
        if done() {
            return true;
        }
        sleep(Duration::from_millis(5));
    }
    done()
}
