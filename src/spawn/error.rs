//! Why a launch failed: one sentence each.

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use super::check::Invalid;
use super::step::Step;

/// Why a launch failed. Nothing of it is left behind.
#[derive(Debug)]
pub enum Error {
    /// The plan contradicts itself; nothing was started.
    Invalid(Invalid),
    /// The file was not found.
    Program(PathBuf, io::Error),
    /// A string holds a NUL byte.
    Nul(OsString),
    /// A call of the parent failed.
    Parent {
        /// What it wanted to do.
        what: String,
        /// The kernel's answer.
        error: io::Error,
        /// What to do about it, or empty.
        advice: &'static str,
    },
    /// A step of the child failed.
    Child {
        /// Which.
        step: Box<Step>,
        /// Its place in the list of steps.
        index: usize,
        /// The call of the step, where it makes several.
        call: Option<&'static str>,
        /// The kernel's answer.
        errno: i32,
    },
    /// The cgroup could not be made or joined.
    Cgroup(super::cgroup::Error),
    /// The parent's own function between set-up and execve refused.
    Sync(String),
    /// The child ended without a report, by this signal or status.
    Gone(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let advise = |f: &mut fmt::Formatter<'_>, advice: &str| match advice {
            "" => Ok(()),
            _ => write!(f, "; {advice}"),
        };
        match self {
            Self::Invalid(invalid) => write!(f, "{invalid}"),
            Self::Program(path, error) => {
                write!(f, "Can't stat '{}': {}", shown(path.as_os_str().as_bytes()), text(error))
            }
            Self::Nul(string) => {
                write!(f, "'{}' holds a NUL byte and cannot be passed on", shown(string.as_bytes()))
            }
            Self::Parent { what, error, advice } => {
                write!(f, "cannot {what}: {}", text(error))?;
                advise(f, advice)
            }
            Self::Child { step, call, errno, .. } => {
                write!(f, "cannot {step}")?;
                if let Some(call) = call {
                    write!(f, " ({call})")?;
                }
                write!(f, ": {}", errno_text(*errno))?;
                advise(f, step.advice(*errno))
            }
            Self::Cgroup(error) => write!(f, "{error}"),
            Self::Sync(text) => write!(f, "the program was not started: {text}"),
            Self::Gone(how) => {
                write!(f, "the child ended before its execve, {how}; no step reported a failure")
            }
        }
    }
}

impl std::error::Error for Error {}

/// Bytes of a plan, for a message: one line, and nothing that a terminal would obey.
pub(super) fn shown(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out
}

/// The kernel's text for `errno`.
pub(crate) fn errno_text(errno: i32) -> String {
    let known = u32::try_from(errno).ok().and_then(syscall_tables::errno::text);
    known.map_or_else(|| format!("errno {errno}"), str::to_owned)
}

/// The text of an error without Rust's `(os error N)`.
pub(crate) fn text(error: &io::Error) -> String {
    error.raw_os_error().map_or_else(|| error.to_string(), errno_text)
}
