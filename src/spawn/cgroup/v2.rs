//! A directory of the cgroup2 hierarchy.
//!
//! Controllers reach a group through the cgroup.subtree_control of each of its parents; what is enabled
//! there stays enabled, as another group may have come to rely on it. Killing is one write that also works
//! on a frozen group. Source: Documentation/admin-guide/cgroup-v2.rst.

use std::fs;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::files::{self, PATIENCE};
use super::{Error, Step, Usage};

/// A group of the cgroup2 hierarchy.
#[derive(Debug)]
pub(super) struct Group {
    point: PathBuf,
    pub(super) dir: PathBuf,
    pub(super) made: Vec<PathBuf>,
    fd: Option<OwnedFd>,
}

impl Group {
    /// The group `below` the hierarchy at `point`, not made yet.
    pub(super) fn new(point: &Path, below: &Path) -> Self {
        Self { point: point.to_owned(), dir: point.join(below), made: Vec::new(), fd: None }
    }

    /// Makes what is missing and opens the directory for clone3(2).
    pub(super) fn open(&mut self, below: &Path) -> Result<(), Error> {
        files::create(&self.point, below, &mut self.made, |_| Ok(()))?;
        let mut options = fs::OpenOptions::new();
        options.read(true).custom_flags(libc::O_PATH | libc::O_DIRECTORY | libc::O_CLOEXEC);
        let file = options.open(&self.dir).map_err(|e| files::failed(Step::Open, &self.dir, "", e))?;
        self.fd = Some(file.into());
        Ok(())
    }

    pub(super) fn fd(&self) -> Option<BorrowedFd<'_>> {
        self.fd.as_ref().map(AsFd::as_fd)
    }

    /// Gives the group `controller`: from the root down, each parent hands it to its children.
    pub(super) fn enable(&self, controller: &str) -> Result<(), Error> {
        let above = self.dir.ancestors().skip(1).take_while(|dir| dir.starts_with(&self.point));
        let mut parents: Vec<&Path> = above.collect();
        parents.reverse();
        for parent in parents {
            let file = parent.join("cgroup.subtree_control");
            if !files::read(&file)?.split_whitespace().any(|c| c == controller) {
                files::write(Step::Enable, &file, &format!("+{controller}"))?;
            }
        }
        Ok(())
    }

    /// Whether the kernel can freeze this group (5.2 and later).
    pub(super) fn can_freeze(&self) -> bool {
        self.dir.join("cgroup.freeze").exists()
    }

    /// Freezes and waits until every task is.
    pub(super) fn freeze(&self) -> Result<(), Error> {
        files::write(Step::Freeze, &self.dir.join("cgroup.freeze"), "1")?;
        let events = self.dir.join("cgroup.events");
        let frozen = || Ok(files::keyed_in(&files::read(&events)?, "frozen") == Some(1));
        files::wait_for(Step::Freeze, &events, PATIENCE, frozen).inspect_err(|_| {
            self.thaw().ok();
        })
    }

    pub(super) fn thaw(&self) -> Result<(), Error> {
        files::write(Step::Thaw, &self.dir.join("cgroup.freeze"), "0")
    }

    /// Kills everything inside and waits for its end, by cgroup.kill (5.14 and later) where there is one.
    pub(super) fn kill(&self) -> Result<(), Error> {
        let file = self.dir.join("cgroup.kill");
        if file.exists() {
            files::write(Step::Kill, &file, "1")?
        } else {
            self.kill_frozen()?
        }
        self.wait_empty(PATIENCE)
    }

    /// Kills without cgroup.kill: nothing can fork between the list and the signal while it is frozen.
    fn kill_frozen(&self) -> Result<(), Error> {
        // What does not freeze in time is killed all the same, only with a chance to fork.
        let frozen = self.freeze();
        let killed = files::pids(&self.dir).and_then(|pids| files::kill_each(&self.dir, &pids));
        if frozen.is_ok() {
            self.thaw()?;
        }
        killed
    }

    fn wait_empty(&self, limit: Duration) -> Result<(), Error> {
        let events = self.dir.join("cgroup.events");
        let empty = || Ok(files::keyed_in(&files::read(&events)?, "populated") == Some(0));
        files::wait_for(Step::Kill, &events, limit, empty)
    }

    pub(super) fn usage(&self, into: &mut Usage) {
        let at = |name: &str| self.dir.join(name);
        into.memory_bytes = into.memory_bytes.or(files::number(&at("memory.current")));
        into.memory_peak_bytes = into.memory_peak_bytes.or(files::number(&at("memory.peak")));
        into.oom_kills = into.oom_kills.or(files::keyed(&at("memory.events"), "oom_kill"));
        let cpu_ns = files::keyed(&at("cpu.stat"), "usage_usec").map(|us| us.saturating_mul(1000));
        into.cpu_ns = into.cpu_ns.or(cpu_ns);
        into.pids = into.pids.or(files::number(&at("pids.current")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spawn::cgroup::Layout;
    use std::os::unix::process::ExitStatusExt;
    use std::process::Command;

    #[test]
    fn row_38_v2_without_cgroup_kill_freezes_first() {
        let Some(v2) = Layout::detect().unwrap().v2 else {
            eprintln!("skipped: no cgroup2 mount");
            return;
        };
        let below = format!("trace-unit-{}", std::process::id());
        let mut group = Group::new(&v2.point, Path::new(&below));
        if let Err(error) = group.open(Path::new(&below)) {
            eprintln!("skipped: needs write permission on the cgroup2 mount: {error}");
            return;
        }
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        files::write(Step::Add, &group.dir.join("cgroup.procs"), &child.id().to_string()).unwrap();
        group.kill_frozen().unwrap();
        assert_eq!(child.wait().unwrap().signal(), Some(libc::SIGKILL));
        files::remove(&mut group.made, true).unwrap();
        assert!(!group.dir.exists());
    }
}
