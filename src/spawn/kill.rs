//! Ends a program with everything that it started.
//!
//! With a cgroup the kernel does it ([`Cgroup::kill`]). Without one, descendants are followed through
//! /proc: each is stopped before the next look, so that none can fork away, then all are killed. A daemon
//! that has left the tree is found only when this process is its reaper, see [`process::become_subreaper`],
//! and it has kept the program's process group: one that has called setsid(2) needs a cgroup.

use std::collections::HashSet;
use std::io;
use std::time::{Duration, Instant};

use super::cgroup::Cgroup;
use crate::sys::{process, signal, wait};

/// Longest wait for processes that the kernel keeps from dying (a device, a v1 freezer).
const PATIENCE: Duration = Duration::from_secs(5);

/// Kills all processes of `cgroup`, or, without one, process `root` with its descendants and, as a
/// subreaper, its orphans; then reaps those that are children of the caller. Returns how many were
/// killed, not counting those of the cgroup, which the kernel does not tell.
///
/// # Errors
/// The cgroup's sentence; that of /proc; TimedOut when some do not end.
pub fn kill_all(root: i32, cgroup: Option<&Cgroup>) -> io::Result<usize> {
    if let Some(cgroup) = cgroup {
        let pids = cgroup.pids().unwrap_or_default();
        cgroup.kill().map_err(|error| io::Error::other(error.to_string()))?;
        await_end(pids.iter().copied())?;
        wait::wait_if_ended(root);
        return Ok(pids.len());
    }
    let (mut seen, mut ended) = (HashSet::new(), HashSet::new());
    loop {
        let below = tree(root)?;
        ended.extend(below.ended);
        let fresh: Vec<i32> = below.running.into_iter().filter(|pid| seen.insert(*pid)).collect();
        if fresh.is_empty() {
            break;
        }
        for pid in fresh {
            signal::kill(pid, libc::SIGSTOP).ok();
        }
    }
    for &pid in &seen {
        signal::kill(pid, libc::SIGKILL).ok();
    }
    await_end(seen.iter().copied())?;
    // Who had ended before its parent was killed, unreaped, comes to a subreaper all the same.
    ended.into_iter().for_each(wait::wait_if_ended);
    Ok(seen.len())
}

/// Waits until all of `pids`, which are killed, have ended, and reaps those that are children by then.
fn await_end(pids: impl Iterator<Item = i32> + Clone) -> io::Result<()> {
    let start = Instant::now();
    for pid in pids.clone() {
        while is_running(pid) {
            if start.elapsed() > PATIENCE {
                return Err(io::Error::new(io::ErrorKind::TimedOut, format!("process {pid} does not end")));
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }
    // Only now: an orphan becomes a child when its parent has ended.
    pids.for_each(wait::wait_if_ended);
    Ok(())
}

/// Whether `pid` has yet to end; a child has ended when it can be reaped.
fn is_running(pid: i32) -> bool {
    let running = |fields: Vec<String>| fields.first().is_some_and(|state| state != "Z" && state != "X");
    !wait::has_ended(pid) || process::stat(pid).is_some_and(running)
}

/// What is found of a program.
struct Tree {
    /// The root and everything below it that runs.
    running: Vec<i32>,
    /// What has ended below the root and was not reaped.
    ended: Vec<i32>,
}

/// Looks through /proc for `root` and everything below it.
fn tree(root: i32) -> io::Result<Tree> {
    let own = std::process::id() as i32;
    let mut parents = Vec::new();
    for pid in process::all()? {
        let Some(fields) = process::stat(pid) else { continue };
        let parent = fields.get(1).and_then(|field| field.parse::<i32>().ok()).unwrap_or(0);
        let group = fields.get(2).and_then(|field| field.parse::<i32>().ok()).unwrap_or(0);
        let Some(state) = fields.first() else { continue };
        parents.push((pid, parent, group, state == "Z"));
    }
    let mut found = HashSet::from([root]);
    loop {
        let before = found.len();
        for &(pid, parent, group, _) in &parents {
            // An orphan of the program comes to a subreaper, and keeps the program's process group.
            let orphan = parent == own && group == root;
            if found.contains(&parent) || orphan {
                found.insert(pid);
            }
        }
        if found.len() == before {
            break;
        }
    }
    let below = |ended: bool| {
        let of = parents.iter().filter(move |row| row.3 == ended && !(ended && row.0 == root));
        of.map(|row| row.0).filter(|pid| found.contains(pid)).collect()
    };
    Ok(Tree { running: below(false), ended: below(true) })
}
