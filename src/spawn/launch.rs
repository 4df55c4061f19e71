//! A launch with everything that the parent holds for it: a cgroup, a network, a state file.
//!
//! All of it is made before the program runs its first instruction, is kept while it lives, and is gone
//! afterwards, also when the launch fails half-way.

use std::os::fd::AsRawFd;
use std::path::PathBuf;

use super::cgroup::{Cgroup, Layout, Parts};
use super::error::Error;
use super::network::{self, Link, Strategy};
use super::plan::Plan;
use super::points::Points;
use super::process::Process;
use super::start::{self, Hooks};
use super::state::State;
use super::traced::{self, Launched};

/// The cgroup of a launch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CgroupRequest {
    /// A path, see [`Cgroup::open_or_create`].
    Path {
        /// Below the hierarchies' roots, or absolute.
        path: PathBuf,
        /// Files and what is written to them.
        settings: Vec<(String, String)>,
    },
    /// A transient scope of systemd.
    Scope {
        /// Limits, by the names of cgroup v2 files.
        settings: Vec<(String, String)>,
    },
}

/// What is to be launched, and what the parent makes for it.
#[derive(Debug, Clone)]
pub struct Request {
    /// The child's side.
    pub plan: Plan,
    /// Its cgroup.
    pub cgroup: Option<CgroupRequest>,
    /// Its network; a strategy other than `None` needs a net namespace in the plan.
    pub network: Strategy,
    /// Where its state is kept while it lives.
    pub state: Option<PathBuf>,
}

/// What the parent holds until the program has ended. Dropping it takes all away, without a word.
#[derive(Debug, Default)]
pub struct Held {
    state: Option<State>,
    link: Option<Link>,
    group: Option<Group>,
    points: Points,
}

#[derive(Debug)]
enum Group {
    Cgroup(Cgroup),
    #[cfg(feature = "systemd")]
    Scope(super::cgroup::systemd::Scope),
}

/// A program that runs, untraced.
#[derive(Debug)]
pub struct Started {
    process: Process,
    held: Held,
}

impl Started {
    /// The process.
    pub fn process(&self) -> &Process {
        &self.process
    }

    /// The cgroup, where the launch has one of its own.
    pub fn cgroup(&self) -> Option<&Cgroup> {
        self.held.cgroup()
    }

    /// Takes away what was made, to be called after the program has ended; returns what went wrong.
    pub fn finish(self) -> Vec<String> {
        self.held.release()
    }
}

impl Held {
    /// The cgroup, where the launch has one of its own.
    pub fn cgroup(&self) -> Option<&Cgroup> {
        match &self.group {
            Some(Group::Cgroup(cgroup)) => Some(cgroup),
            _ => None,
        }
    }

    /// Takes everything away; returns what went wrong, a sentence each. Processes that the program left in
    /// a cgroup made for it are killed.
    pub fn release(mut self) -> Vec<String> {
        let mut troubles = Vec::new();
        drop((self.state.take(), std::mem::take(&mut self.points)));
        if let Some(Err(error)) = self.link.take().map(Link::remove) {
            troubles.push(error.to_string());
        }
        match self.group.take() {
            Some(Group::Cgroup(cgroup)) if !cgroup.made().is_empty() => {
                troubles.extend(cgroup.kill().err().map(|error| error.to_string()));
                troubles.extend(cgroup.remove().err().map(|error| error.to_string()));
            }
            #[cfg(feature = "systemd")]
            Some(Group::Scope(scope)) => troubles.extend(scope.stop().err().map(|e| e.to_string())),
            _ => {}
        }
        troubles
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(Group::Cgroup(cgroup)) = &self.group
            && !cgroup.made().is_empty()
        {
            cgroup.kill().ok();
        }
    }
}

impl Request {
    /// A request of `plan` and nothing else.
    pub fn new(plan: Plan) -> Self {
        Self { plan, cgroup: None, network: Strategy::None, state: None }
    }

    fn synchronizes(&self) -> bool {
        matches!(self.network, Strategy::Veth(_)) || self.state.is_some()
    }

    /// The steps of the launch, one sentence each.
    ///
    /// # Errors
    /// What is wrong with the plan.
    pub fn steps(&self) -> Result<Vec<String>, Error> {
        let mut nothing = |_: i32| Ok(());
        let mut hooks = Hooks::default();
        if self.synchronizes() {
            hooks.sync = Some(&mut nothing);
        }
        let mut lines = Vec::new();
        match &self.cgroup {
            Some(CgroupRequest::Path { path, settings }) => {
                let list: Vec<String> = settings.iter().map(|(k, v)| format!(", {k}={v}")).collect();
                lines.push(format!("parent: open or make the cgroup '{}'{}", path.display(), list.concat()));
            }
            Some(CgroupRequest::Scope { .. }) => {
                lines.push("parent: ask systemd for a transient scope".into());
            }
            None => {}
        }
        for line in start::dry_run(&self.plan, &hooks)? {
            let last = line == super::step::Step::Synchronize.to_string();
            lines.push(line);
            if last && let Strategy::Veth(veth) = &self.network {
                lines.push(format!("parent: make the network {veth}"));
            }
            if last && let Some(state) = &self.state {
                lines.push(format!("parent: write the state to '{}'", state.display()));
            }
        }
        Ok(lines)
    }

    /// Starts the program.
    ///
    /// # Errors
    /// Every variant of [`Error`]; nothing is left behind.
    pub fn start(&self) -> Result<Started, Error> {
        let (process, held) = self.with(start::start)?;
        Ok(Started { process, held })
    }

    /// Starts the program for the calling thread to trace: seized with `options`, stopped before execve.
    ///
    /// # Errors
    /// Every variant of [`Error`]; nothing is left behind.
    pub fn trace(&self, options: u64) -> Result<(Launched, Held), Error> {
        self.with(|plan, hooks| traced::launch(plan, options, hooks))
    }

    fn with<T>(&self, run: impl FnOnce(&Plan, Hooks<'_>) -> Result<T, Error>) -> Result<(T, Held), Error> {
        let mut plan = self.plan.clone();
        let mut held = Held::default();
        held.points = Points::missing(&plan);
        let mut scope = None;
        match &self.cgroup {
            Some(CgroupRequest::Path { path, settings }) => {
                let layout = Layout::detect().map_err(Error::Cgroup)?;
                let cgroup = Cgroup::open_or_create(&layout, path, settings).map_err(Error::Cgroup)?;
                plan.cgroup = cgroup.fd().map(|fd| fd.as_raw_fd());
                held.group = Some(Group::Cgroup(cgroup));
            }
            Some(CgroupRequest::Scope { settings }) => scope = Some(settings.as_slice()),
            None => {}
        }
        // v2 is joined by birth; what has no such way is joined before the child's first step.
        let by_hand =
            held.cgroup().is_some_and(|cgroup| cgroup.fd().is_none() || cgroup.dirs().nth(1).is_some());
        let Held { state, link, group, .. } = &mut held;
        let mut joining = |pid: i32| join(group, scope, pid);
        let mut sync = |pid: i32| {
            if let Strategy::Veth(veth) = &self.network {
                *link = Some(network::attach(veth, pid).map_err(|error| error.to_string())?);
            }
            if let Some(path) = &self.state {
                let host = link.as_ref().map(Link::host_name);
                *state = Some(State::write(path, pid, &plan.argv, host, self.cgroup.is_some())?);
            }
            Ok(())
        };
        let mut hooks = Hooks::default();
        if by_hand || scope.is_some() {
            hooks.joining = Some(&mut joining);
        }
        if self.synchronizes() {
            hooks.sync = Some(&mut sync);
        }
        let value = run(&plan, hooks)?;
        Ok((value, held))
    }
}

fn join(group: &mut Option<Group>, scope: Option<&[(String, String)]>, pid: i32) -> Result<(), Error> {
    if let Some(Group::Cgroup(cgroup)) = group {
        let parts = if cgroup.fd().is_some() { Parts::V1 } else { Parts::All };
        return cgroup.add(pid, parts).map_err(Error::Cgroup);
    }
    let Some(settings) = scope else { return Ok(()) };
    #[cfg(feature = "systemd")]
    {
        *group =
            Some(Group::Scope(super::cgroup::systemd::launch_scope(pid, settings).map_err(Error::Sync)?));
        Ok(())
    }
    #[cfg(not(feature = "systemd"))]
    {
        let _ = (settings, group);
        Err(Error::Sync("this trace is built without the feature systemd: use --cgroup PATH".into()))
    }
}
