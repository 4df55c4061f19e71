//! A directory of one v1 hierarchy.
//!
//! Only the freezer can stop or kill without a race, and a task killed while FROZEN stays in state D until
//! it is thawed; so a kill ends with a thaw, whatever came before. A new cpuset group starts without CPUs
//! and memory nodes and takes no task until it has some. Source: cgroups(7),
//! Documentation/admin-guide/cgroup-v1/{freezer-subsystem,cpusets}.rst.

use std::fs;
use std::path::{Path, PathBuf};

use super::files::{self, PATIENCE};
use super::layout::Hierarchy;
use super::{Error, Step, Usage};

/// A group of a v1 hierarchy.
#[derive(Debug)]
pub(super) struct Group {
    controllers: Vec<String>,
    point: PathBuf,
    pub(super) dir: PathBuf,
    pub(super) made: Vec<PathBuf>,
}

impl Group {
    /// The group `below` the hierarchy, not made yet.
    pub(super) fn new(hierarchy: &Hierarchy, below: &Path) -> Self {
        let (controllers, point) = (hierarchy.controllers.clone(), hierarchy.point.clone());
        Self { controllers, dir: point.join(below), point, made: Vec::new() }
    }

    /// Makes what is missing.
    pub(super) fn open(&mut self, below: &Path) -> Result<(), Error> {
        let cpuset = self.has("cpuset");
        files::create(
            &self.point,
            below,
            &mut self.made,
            |dir| {
                if cpuset { inherit_cpuset(dir) } else { Ok(()) }
            },
        )
    }

    pub(super) fn has(&self, controller: &str) -> bool {
        self.controllers.iter().any(|c| c == controller)
    }

    fn state(&self) -> PathBuf {
        self.dir.join("freezer.state")
    }

    /// Freezes and waits until every task is; the request is repeated, as the kernel may stay FREEZING
    /// when a task was forked meanwhile.
    pub(super) fn freeze(&self) -> Result<(), Error> {
        let state = self.state();
        let frozen = || {
            files::write(Step::Freeze, &state, "FROZEN")?;
            Ok(files::read(&state)?.trim() == "FROZEN")
        };
        files::wait_for(Step::Freeze, &state, PATIENCE, frozen).inspect_err(|_| {
            self.thaw().ok();
        })
    }

    pub(super) fn thaw(&self) -> Result<(), Error> {
        files::write(Step::Thaw, &self.state(), "THAWED")
    }

    /// Kills everything inside and waits for its end: freeze, list, SIGKILL, thaw; without the freezer,
    /// list and SIGKILL until nothing is left.
    pub(super) fn kill(&self) -> Result<(), Error> {
        if self.has("freezer") {
            // What does not freeze in time is killed all the same, only with a chance to fork.
            self.freeze().ok();
            let killed = files::pids(&self.dir).and_then(|pids| files::kill_each(&self.dir, &pids));
            self.thaw()?;
            // Groups below may have been frozen by themselves.
            for dir in files::tree(&self.dir).iter().skip(1) {
                files::write(Step::Thaw, &dir.join("freezer.state"), "THAWED").ok();
            }
            killed?;
        }
        let procs = self.dir.join("cgroup.procs");
        files::wait_for(Step::Kill, &procs, PATIENCE, || {
            let pids = files::pids(&self.dir)?;
            files::kill_each(&self.dir, &pids)?;
            Ok(pids.iter().all(|&pid| ended(pid)))
        })
    }

    pub(super) fn usage(&self, into: &mut Usage) {
        let at = |name: &str| self.dir.join(name);
        into.memory_bytes = into.memory_bytes.or(files::number(&at("memory.usage_in_bytes")));
        into.memory_peak_bytes = into.memory_peak_bytes.or(files::number(&at("memory.max_usage_in_bytes")));
        into.oom_kills = into.oom_kills.or(files::keyed(&at("memory.oom_control"), "oom_kill"));
        into.cpu_ns = into.cpu_ns.or(files::number(&at("cpuacct.usage")));
        into.pids = into.pids.or(files::number(&at("pids.current")));
    }
}

/// Whether a process that is still listed only waits to be reaped.
fn ended(pid: i32) -> bool {
    let state = crate::sys::process::status_field(pid, "State");
    state.is_none_or(|state| state.starts_with(['Z', 'X']))
}

/// Copies the parent's CPUs and memory nodes to a new group that has none.
fn inherit_cpuset(dir: &Path) -> Result<(), Error> {
    let Some(parent) = dir.parent() else { return Ok(()) };
    for name in ["cpuset.cpus", "cpuset.mems"] {
        let own = dir.join(name);
        if fs::read_to_string(&own).is_ok_and(|text| text.trim().is_empty()) {
            files::write(Step::Set, &own, files::read(&parent.join(name))?.trim())?;
        }
    }
    Ok(())
}
