//! Why a cgroup could not be made or used, in one sentence that says what to do next.
//!
//! The advice follows from step and errno; it never looks at the machine again. Source: cgroups(7) and the
//! kernel's Documentation/admin-guide/cgroup-v2.rst.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// What was being done to a file or directory of a hierarchy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Making the directory.
    Create,
    /// Opening the directory.
    Open,
    /// Giving children a controller, by the parent's cgroup.subtree_control.
    Enable,
    /// Writing a setting.
    Set,
    /// Reading a value or a list of processes.
    Read,
    /// Moving a process into the group.
    Add,
    /// Freezing.
    Freeze,
    /// Thawing.
    Thaw,
    /// Killing.
    Kill,
    /// Removing the directory.
    Remove,
}

impl Step {
    fn text(self) -> &'static str {
        match self {
            Self::Create => "create the cgroup",
            Self::Open => "open the cgroup",
            Self::Enable => "enable a controller through",
            Self::Set => "write the cgroup setting",
            Self::Read => "read",
            Self::Add => "move a process into the cgroup through",
            Self::Freeze => "freeze the cgroup through",
            Self::Thaw => "thaw the cgroup through",
            Self::Kill => "kill the cgroup through",
            Self::Remove => "remove the cgroup",
        }
    }
}

/// Why a cgroup could not be made or used.
#[derive(Debug)]
pub enum Error {
    /// The caller's view of the hierarchies could not be read.
    Read {
        /// The file of /proc.
        path: PathBuf,
        /// What reading said.
        error: io::Error,
    },
    /// No hierarchy is mounted.
    NoHierarchy,
    /// The path cannot name a group.
    Path {
        /// The path as given.
        path: PathBuf,
        /// Why it cannot.
        why: &'static str,
    },
    /// A kernel call failed.
    Step {
        /// What was being done.
        step: Step,
        /// To which file or directory.
        path: PathBuf,
        /// What was written there; empty where nothing was.
        value: String,
        /// What the kernel said.
        error: io::Error,
    },
    /// A setting names no controller, as in `max=3`.
    Setting {
        /// The setting's name.
        name: String,
    },
    /// No mounted hierarchy has the controller.
    NoController {
        /// The setting's name.
        name: String,
        /// Its controller.
        controller: String,
    },
    /// The controller lives in a hierarchy of the other version, where no file goes by that name.
    Elsewhere {
        /// The setting's name.
        name: String,
        /// Its controller.
        controller: String,
        /// "v1" or "v2".
        version: &'static str,
        /// Where that hierarchy is mounted.
        point: PathBuf,
        /// What the setting is called there, when it has a counterpart.
        instead: Option<&'static str>,
    },
    /// The caller itself is in the group that it was to freeze or kill.
    SelfInside {
        /// What was to be done.
        step: Step,
        /// The group.
        path: PathBuf,
    },
    /// The group's processes did not all reach the state in time.
    Timeout {
        /// What was being waited for.
        step: Step,
        /// The file that says so.
        path: PathBuf,
        /// How long it was waited for.
        waited_ms: u64,
    },
}

/// The text of an error without Rust's `(os error N)`.
pub(super) fn text(error: &io::Error) -> String {
    let errno = error.raw_os_error().and_then(|n| u32::try_from(n).ok());
    errno.and_then(syscall_tables::errno::text).map_or_else(|| error.to_string(), str::to_owned)
}

/// What to do after `errno` at `step`.
fn advice(step: Step, errno: i32) -> &'static str {
    match (step, errno) {
        (Step::Remove | Step::Add, libc::EACCES | libc::EPERM) => {
            "the cgroup belongs to someone else: run as root, or under `systemd-run --user --scope -p Delegate=yes`"
        }
        (_, libc::EACCES | libc::EPERM) => {
            "run as root, or under `systemd-run --user --scope -p Delegate=yes`, which hands over a cgroup of one's own"
        }
        (_, libc::EROFS) => {
            "the hierarchy is mounted read-only, as containers do: start the container with a writable cgroup mount"
        }
        (Step::Enable, libc::EBUSY) => {
            "the no-internal-processes rule: move the processes of that cgroup into a child of it first"
        }
        (Step::Add, libc::EBUSY) => {
            "the no-internal-processes rule: the cgroup hands controllers to its children, so add to a child of it"
        }
        (Step::Remove, libc::EBUSY) => {
            "processes or child cgroups are still inside: kill it first, and remove the child cgroups"
        }
        (Step::Enable, libc::ENOENT) => {
            "the controller is not available there: enable it in the parents' cgroup.subtree_control, or mount it"
        }
        (Step::Enable, libc::EOPNOTSUPP) => "the cgroup is threaded: use a domain cgroup",
        (Step::Add, libc::ESRCH) => "the process has ended",
        (Step::Add, libc::EOPNOTSUPP) => "the cgroup is not a valid domain: see its cgroup.type",
        (Step::Add, libc::ENOSPC) => "set cpuset.cpus and cpuset.mems of the cgroup first",
        (Step::Add, libc::EAGAIN) => {
            "a limit of the target group or its real-time budget is used up: raise it"
        }
        (Step::Set, libc::ENOENT) => {
            "the kernel has no such setting: look at the file names of that directory"
        }
        (Step::Set, libc::EINVAL | libc::ERANGE) => {
            "the kernel does not understand the value: see cgroups(7)"
        }
        (Step::Set, libc::EBUSY) => "the cgroup already uses more than that: choose a larger value",
        (Step::Create, libc::ENOENT) => "the parent vanished, or a component is no directory: check the path",
        (Step::Create, libc::EAGAIN) => {
            "cgroup.max.depth or cgroup.max.descendants of a parent is reached: raise it"
        }
        (Step::Freeze | Step::Thaw | Step::Kill, libc::ENOENT) => {
            "the cgroup was removed meanwhile, or the kernel is older than 5.2: mount the v1 freezer"
        }
        _ => "see cgroups(7)",
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read { path, error } => {
                write!(f, "cannot read {}: {}; mount /proc to use cgroups", path.display(), text(error))
            }
            Self::NoHierarchy => f.write_str(
                "no cgroup hierarchy is mounted; mount one with `mount -t cgroup2 none /sys/fs/cgroup`",
            ),
            Self::Path { path, why } => {
                write!(f, "'{}' cannot name a cgroup: {why}; give a path such as 'trace/run'", path.display())
            }
            Self::Step { step, path, value, error } => {
                let advice = advice(*step, error.raw_os_error().unwrap_or(0));
                let value = if value.is_empty() { String::new() } else { format!(" with '{value}'") };
                write!(f, "cannot {} {}{value}: {}; {advice}", step.text(), path.display(), text(error))
            }
            Self::Setting { name } => {
                write!(f, "'{name}' is no cgroup setting; write CONTROLLER.FILE=VALUE such as pids.max=32")
            }
            Self::NoController { name, controller } => write!(
                f,
                "cannot set {name}: no mounted cgroup hierarchy has the controller '{controller}'; \
                 enable it in the kernel, or leave the setting out"
            ),
            Self::Elsewhere { name, controller, version, point, instead } => {
                let point = point.display();
                write!(
                    f,
                    "cannot set {name}: the controller '{controller}' lives in cgroup {version} at {point}, "
                )?;
                match instead {
                    Some(instead) => write!(f, "where the setting is called {instead}"),
                    None => write!(f, "which has no such file; use one of its own {controller}.* files"),
                }
            }
            Self::SelfInside { step, path } => write!(
                f,
                "will not {} {}: the tracer itself is inside; give the program a cgroup of its own",
                step.text(),
                path.display()
            ),
            Self::Timeout { step, path, waited_ms } => write!(
                f,
                "could not {} {} within {waited_ms} ms; a process inside may hang in the kernel: \
                 look for state D in ps",
                step.text(),
                path.display()
            ),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(step: Step, errno: i32) -> String {
        let error = io::Error::from_raw_os_error(errno);
        Error::Step { step, path: PathBuf::from("/g"), value: String::new(), error }.to_string()
    }

    #[test]
    fn row_36_every_sentence_says_what_to_do_next() {
        for (step, errno, wanted) in [
            (Step::Create, libc::EACCES, "systemd-run --user --scope -p Delegate=yes"),
            (Step::Create, libc::EROFS, "read-only"),
            (Step::Enable, libc::EBUSY, "no-internal-processes"),
            (Step::Enable, libc::ENOENT, "not available"),
            (Step::Add, libc::ESRCH, "has ended"),
            (Step::Add, libc::EBUSY, "no-internal-processes"),
            (Step::Remove, libc::EBUSY, "still inside"),
            (Step::Set, libc::EINVAL, "does not understand"),
        ] {
            let said = at(step, errno);
            assert!(said.contains(wanted) && said.contains("/g") && !said.contains("os error"), "{said}");
            assert_eq!(said.lines().count(), 1);
        }
    }
}
