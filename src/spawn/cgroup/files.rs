//! Reading and writing the files of a group's directory, the same for both versions.
//!
//! Every failure carries step and path. Waiting is bounded. It never decides which file is meant.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::{Error, Step};
use crate::sys::signal;

/// How long freezing and the end of killed processes are waited for: a task in an uninterruptible
/// kernel call of a slow disk or network file system may need seconds.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
/// How long a busy directory is tried again: a dying task leaves its group within milliseconds.
const BUSY: Duration = Duration::from_secs(1);
/// Depth of the deepest group that is looked into, against an endless descent.
const DEPTH: usize = 64;

pub(super) fn failed(step: Step, path: &Path, value: &str, error: io::Error) -> Error {
    Error::Step { step, path: path.to_owned(), value: value.to_owned(), error }
}

/// Writes `value` by one write(2), as the kernel takes each write for a whole command.
pub(super) fn write(step: Step, path: &Path, value: &str) -> Result<(), Error> {
    let file = fs::OpenOptions::new().write(true).open(path);
    let written = file.and_then(|mut file| file.write_all(value.as_bytes()));
    written.map_err(|error| failed(step, path, value, error))
}

pub(super) fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|error| failed(Step::Read, path, "", error))
}

/// A file that holds one number.
pub(super) fn number(path: &Path) -> Option<u64> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}

/// The number after `key` in a file of `key number` lines.
pub(super) fn keyed(path: &Path, key: &str) -> Option<u64> {
    keyed_in(&fs::read_to_string(path).ok()?, key)
}

pub(super) fn keyed_in(text: &str, key: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(' ')?.trim().parse().ok())
}

/// Makes `below` under `point` component by component; the directories made are pushed to `made`,
/// parents first, and `ready` is called on each of them.
pub(super) fn create(
    point: &Path,
    below: &Path,
    made: &mut Vec<PathBuf>,
    ready: impl Fn(&Path) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut at = point.to_owned();
    for part in below.components() {
        at.push(part);
        match fs::create_dir(&at) {
            Ok(()) => {
                made.push(at.clone());
                ready(&at)?;
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && at.is_dir() => {}
            Err(error) => return Err(failed(Step::Create, &at, "", error)),
        }
    }
    Ok(())
}

/// A group's directory and those below it, parents first.
pub(super) fn tree(dir: &Path) -> Vec<PathBuf> {
    let mut found = vec![dir.to_owned()];
    let mut from = 0;
    for _ in 0..DEPTH {
        let to = found.len();
        for index in from..to {
            let entries = fs::read_dir(&found[index]).into_iter().flatten().flatten();
            let dirs = entries.filter(|e| e.file_type().is_ok_and(|t| t.is_dir()));
            found.extend(dirs.map(|e| e.path()).collect::<Vec<_>>());
        }
        from = to;
    }
    found
}

/// The processes of a group and of those below it, each once. A group that vanishes meanwhile is empty.
///
/// # Errors
/// What reading the top group's cgroup.procs says.
pub(super) fn pids(dir: &Path) -> Result<Vec<i32>, Error> {
    let mut all = listed(&read(&dir.join("cgroup.procs"))?);
    for child in tree(dir).iter().skip(1) {
        // A threaded child refuses with EOPNOTSUPP; its processes are listed by the domain above.
        all.extend(listed(&fs::read_to_string(child.join("cgroup.procs")).unwrap_or_default()));
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// The ids of a cgroup.procs text. The kernel writes 0 for a process of a foreign pid namespace, and
/// kill(2) takes 0 and below for whole process groups: those must never get through.
fn listed(text: &str) -> Vec<i32> {
    text.lines().filter_map(|line| line.trim().parse().ok()).filter(|&pid| pid > 0).collect()
}

/// SIGKILLs each of `pids`; one that has ended meanwhile is none the worse.
pub(super) fn kill_each(dir: &Path, pids: &[i32]) -> Result<(), Error> {
    for &pid in pids {
        match signal::kill(pid, libc::SIGKILL) {
            Err(error) if error.raw_os_error() != Some(libc::ESRCH) => {
                return Err(failed(Step::Kill, &dir.join("cgroup.procs"), &pid.to_string(), error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Asks `done` until it says yes, with pauses that grow from 0.2 to 20 ms.
///
/// # Errors
/// [`Error::Timeout`] naming `step` and `path`; what `done` says.
pub(super) fn wait_for(
    step: Step,
    path: &Path,
    limit: Duration,
    mut done: impl FnMut() -> Result<bool, Error>,
) -> Result<(), Error> {
    let start = Instant::now();
    let mut pause = Duration::from_micros(200);
    while !done()? {
        if start.elapsed() >= limit {
            let waited_ms = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
            return Err(Error::Timeout { step, path: path.to_owned(), waited_ms });
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
    Ok(())
}

/// Removes the directories of `made`, the last first; those removed leave the list. A busy one is tried
/// again for up to a second, and one that is gone already counts as removed.
///
/// # Errors
/// The first that stays, EBUSY for processes or groups inside it.
pub(super) fn remove(made: &mut Vec<PathBuf>, patient: bool) -> Result<(), Error> {
    while let Some(dir) = made.last() {
        let tried = |last: bool| match fs::remove_dir(dir) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
            Err(error) if error.raw_os_error() == Some(libc::EBUSY) && !last => Ok(false),
            Err(error) => Err(failed(Step::Remove, dir, "", error)),
        };
        let limit = if patient { BUSY } else { Duration::from_millis(50) };
        match wait_for(Step::Remove, dir, limit, || tried(false)) {
            Err(Error::Timeout { .. }) => tried(true).map(drop)?,
            other => other?,
        }
        made.pop();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_38_foreign_processes_are_never_signalled_as_a_group() {
        assert_eq!(listed("12\n0\n-1\nx\n7\n"), [12, 7]);
    }

    #[test]
    fn row_36_keys_match_whole_words() {
        assert_eq!(keyed_in("user_usec 5\nusage_usec 7\n", "usage_usec"), Some(7));
        assert_eq!(keyed_in("oom 1\noom_kill 3\n", "oom"), Some(1));
        assert_eq!(keyed_in("oom_kill 3\n", "oom"), None);
    }
}
