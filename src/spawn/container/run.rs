//! A program to be run in a container, as plain data, and how it is told to the init.

use std::ffi::OsString;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::path::PathBuf;

use super::super::check;
use super::super::error;
use super::super::namespaces::Namespaces;
use super::super::plan::{
    Capabilities, Filesystem, FilterInsn, Groups, IdMaps, Identity, Plan, Program, Rlimit,
};
use super::error::Error;
use super::wire::{self, fields};
use crate::sys::message::MOST_FDS;
use crate::sys::signal::Mask;

/// What is to be run inside. Start from [`Run::new`] and change fields.
#[derive(Debug, Clone)]
pub struct Run {
    /// By path inside the container, or by a descriptor of the launcher.
    pub program: Program,
    /// Arguments, the name first.
    pub argv: Vec<OsString>,
    /// Environment, as `NAME=value`; nothing is inherited.
    pub env: Vec<OsString>,
    /// Working directory inside; `None` is the container's.
    pub workdir: Option<PathBuf>,
    /// Ids inside; `None` is the init's: root with every capability of the container.
    pub identity: Option<Identity>,
    /// Resource limits.
    pub limits: Vec<Rlimit>,
    /// The program's number and the launcher's descriptor that becomes it; of 0, 1 and 2 those that are not named
    /// are /dev/null, and nothing else is open.
    pub fds: Vec<(RawFd, RawFd)>,
    /// Capabilities.
    pub caps: Capabilities,
    /// PR_SET_NO_NEW_PRIVS.
    pub no_new_privs: bool,
    /// A seccomp filter.
    pub seccomp: Option<Vec<FilterInsn>>,
    /// SECCOMP_FILTER_FLAG_*.
    pub seccomp_flags: u64,
}

impl Run {
    /// A run of the program at `path` inside with the arguments `argv` (the name first) and nothing else.
    pub fn new(path: impl Into<PathBuf>, argv: Vec<OsString>) -> Self {
        Self {
            program: Program::Path(path.into()),
            argv,
            env: Vec::new(),
            workdir: None,
            identity: None,
            limits: Vec::new(),
            fds: Vec::new(),
            caps: Capabilities::default(),
            no_new_privs: false,
            seccomp: None,
            seccomp_flags: 0,
        }
    }

    /// The same for the init, and the descriptors that go with it.
    pub(super) fn job(&self, synchronize: bool) -> (Job, Vec<RawFd>) {
        let mut fds: Vec<RawFd> = self.fds.iter().map(|(_, from)| *from).collect();
        let path = match &self.program {
            Program::Path(path) => Some(path.clone()),
            Program::Fd(fd) => {
                fds.push(*fd);
                None
            }
        };
        let job = Job {
            path,
            argv: self.argv.clone(),
            env: self.env.clone(),
            workdir: self.workdir.clone(),
            identity: self.identity.clone(),
            limits: self.limits.clone(),
            numbers: self.fds.iter().map(|(to, _)| *to).collect(),
            caps: self.caps,
            no_new_privs: self.no_new_privs,
            seccomp: self.seccomp.clone(),
            seccomp_flags: self.seccomp_flags,
            synchronize,
        };
        (job, fds)
    }

    /// What is wrong with it, in a container with these maps.
    pub(super) fn check(&self, maps: Option<&IdMaps>) -> Result<(), Error> {
        let (job, fds) = self.job(false);
        if fds.len() > MOST_FDS {
            return Err(Error::TooMuch("descriptors", fds.len(), MOST_FDS));
        }
        let mut plan = job.plan(&fds);
        plan.maps = maps.cloned();
        if plan.maps.is_some() {
            plan.namespaces = Namespaces::USER;
        }
        check::check(&plan).map_err(error::Error::Invalid)?;
        Ok(())
    }
}

/// A run as the init is told it; its descriptors come along in the order of `numbers`, the program's last where it
/// has no path.
#[derive(Debug)]
pub(super) struct Job {
    pub path: Option<PathBuf>,
    pub argv: Vec<OsString>,
    pub env: Vec<OsString>,
    pub workdir: Option<PathBuf>,
    pub identity: Option<Identity>,
    pub limits: Vec<Rlimit>,
    pub numbers: Vec<RawFd>,
    pub caps: Capabilities,
    pub no_new_privs: bool,
    pub seccomp: Option<Vec<FilterInsn>>,
    pub seccomp_flags: u64,
    pub synchronize: bool,
}

fields!(Job {
    path,
    argv,
    env,
    workdir,
    identity,
    limits,
    numbers,
    caps,
    no_new_privs,
    seccomp,
    seccomp_flags,
    synchronize,
});

impl Job {
    fn plan(self, fds: &[RawFd]) -> Plan {
        let mut plan = Plan::new("", self.argv);
        plan.program = match (self.path, fds.last()) {
            (None, Some(fd)) => Program::Fd(*fd),
            (path, _) => Program::Path(path.unwrap_or_default()),
        };
        plan.env = Some(self.env);
        plan.workdir = self.workdir;
        plan.identity = self.identity;
        plan.limits = self.limits;
        plan.fds.map = self.numbers.into_iter().zip(fds.iter().map(|fd| Some(*fd))).collect();
        plan.fds.only_listed = true;
        plan.caps = self.caps;
        plan.no_new_privs = self.no_new_privs;
        plan.seccomp = self.seccomp;
        plan.seccomp_flags = self.seccomp_flags;
        plan
    }

    /// The plan of the init for it: signals as the init found them, groups only where they can be set. `None` when
    /// the descriptors are not those that were told.
    pub(super) fn inside(mut self, fds: &[OwnedFd], mask: Mask, setgroups: bool) -> Option<Plan> {
        if fds.len() != self.numbers.len() + usize::from(self.path.is_none()) {
            return None;
        }
        let none = Groups::Set(Vec::new());
        if let Some(who) = self.identity.as_mut().filter(|who| !setgroups && who.groups == none) {
            who.groups = Groups::Keep;
        }
        let fds: Vec<RawFd> = fds.iter().map(AsRawFd::as_raw_fd).collect();
        let mut plan = self.plan(&fds);
        plan.mask = Some(mask);
        Some(plan)
    }
}

/// What the init mounts before it runs anything.
#[derive(Debug)]
pub(super) struct Setup {
    pub fs: Filesystem,
    pub workdir: PathBuf,
    /// Whether setgroups(2) is allowed inside.
    pub setgroups: bool,
}

fields!(Setup { fs, workdir, setgroups });

/// Why something could not be done inside.
#[derive(Debug)]
pub(super) struct Fault {
    pub step: Option<String>,
    pub call: Option<String>,
    pub errno: i32,
    pub refused: bool,
    pub text: String,
}

fields!(Fault { step, call, errno, refused, text });

impl Fault {
    pub(super) fn of(error: &error::Error) -> Self {
        let plain = Self { step: None, call: None, errno: 0, refused: false, text: error.to_string() };
        match error {
            error::Error::Child { step, call, errno, .. } => {
                Self { step: Some(step.to_string()), call: call.map(str::to_owned), errno: *errno, ..plain }
            }
            error::Error::Sync(text) => Self { refused: true, text: text.clone(), ..plain },
            _ => plain,
        }
    }

    /// The launcher's error; the texts are the init's word, and shown without control characters.
    pub(super) fn error(self) -> Error {
        let clean = |text: String| error::shown(text.as_bytes());
        let text = clean(self.text);
        match self.step {
            Some(step) => {
                Error::Child { step: clean(step), call: self.call.map(clean), errno: self.errno, text }
            }
            None if self.refused => Error::Sync(text),
            None => Error::Inside(text),
        }
    }
}

/// The body of a job; refused when it is longer than the init takes.
pub(super) fn body(job: &Job) -> Result<Vec<u8>, Error> {
    let body = wire::bytes(job);
    match body.len() {
        length if length > wire::MOST_BYTES => {
            Err(Error::TooMuch("bytes of arguments and environment", length, wire::MOST_BYTES))
        }
        _ => Ok(body),
    }
}
