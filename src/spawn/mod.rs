//! The launch engine: starts a program stopped right before its execve, already traced.
//!
//! The child says PTRACE_TRACEME and stops itself; the parent turns that into PTRACE_SEIZE, which keeps
//! job control transparent, and hands the task over so that its first traced syscall is execve.
//! The thread that launches must be the one that traces.

pub mod cgroup;
mod child;

use std::ffi::{CString, OsStr, OsString};
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use crate::sys::{ptrace, signal, wait};

/// What is to be started.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The file to execute.
    pub program: PathBuf,
    /// Its arguments, the name first.
    pub argv: Vec<OsString>,
    /// Its environment, as `NAME=value`; `None` hands on the caller's as it is.
    pub env: Option<Vec<OsString>>,
    /// The signal mask it starts with.
    pub mask: signal::Mask,
    /// Run with these ids, when given.
    pub user: Option<User>,
}

/// Ids to run with.
#[derive(Debug, Clone)]
pub struct User {
    /// User id.
    pub uid: u32,
    /// Group id.
    pub gid: u32,
    /// Supplementary groups.
    pub groups: Vec<u32>,
}

/// A program that waits to be let into its execve.
#[derive(Debug)]
pub struct Launched {
    /// Its process id.
    pub pid: i32,
    errors: OwnedFd,
}

/// Why a launch failed.
#[derive(Debug)]
pub enum Error {
    /// The file was not found, or cannot be executed.
    Program(PathBuf, io::Error),
    /// A string holds a NUL byte.
    Nul(OsString),
    /// A kernel call of the parent failed.
    Kernel(&'static str, io::Error),
    /// The child ended before it could be traced.
    Gone(&'static str, io::Error),
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Program(path, error) => write!(f, "Can't stat '{}': {}", path.display(), text(error)),
            Self::Nul(string) => write!(f, "'{}' holds a NUL byte and cannot be passed on", string.display()),
            Self::Kernel(step, error) => write!(f, "{step}: {}", text(error)),
            Self::Gone(step, error) => write!(f, "the program could not be started: {step}: {}", text(error)),
        }
    }
}

impl std::error::Error for Error {}

/// The text of an error without Rust's `(os error N)`.
fn text(error: &io::Error) -> String {
    let errno = error.raw_os_error().and_then(|n| u32::try_from(n).ok());
    errno.and_then(syscall_tables::errno::text).map_or_else(|| error.to_string(), str::to_owned)
}

/// Finds `program` as execvp(3) would: as it is when it has a slash, else along PATH.
///
/// # Errors
/// [`Error::Program`] with ENOENT when nothing executable goes by that name.
pub fn find(program: &OsStr, path: Option<&OsStr>) -> Result<PathBuf, Error> {
    if program.as_bytes().contains(&b'/') {
        let file = PathBuf::from(program);
        return match file.metadata() {
            Ok(_) => Ok(file),
            Err(error) => Err(Error::Program(file, error)),
        };
    }
    let path = path.unwrap_or(OsStr::new("/usr/local/bin:/bin:/usr/bin"));
    let candidates = path.as_bytes().split(|&b| b == b':').map(|dir| {
        let dir = if dir.is_empty() { b"." } else { dir };
        Path::new(OsStr::from_bytes(dir)).join(program)
    });
    for file in candidates.filter(|_| !program.is_empty()) {
        use std::os::unix::fs::PermissionsExt;
        if file.metadata().is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0) {
            return Ok(file);
        }
    }
    Err(Error::Program(PathBuf::from(program), io::Error::from_raw_os_error(libc::ENOENT)))
}

fn c_strings(strings: &[OsString]) -> Result<Vec<CString>, Error> {
    strings.iter().map(|s| CString::new(s.clone().into_vec()).map_err(|_| Error::Nul(s.clone()))).collect()
}

/// Starts `plan`; the task is seized with `options` and stopped before execve when this returns.
///
/// # Errors
/// Every variant of [`Error`]; nothing is left behind.
pub fn launch(plan: &Plan, options: u64) -> Result<Launched, Error> {
    let program = CString::new(plan.program.as_os_str().as_bytes())
        .map_err(|_| Error::Nul(plan.program.clone().into_os_string()))?;
    let argv = c_strings(&plan.argv)?;
    let env = plan.env.as_deref().map(c_strings).transpose()?;
    let prepared = child::Prepared::new(&program, &argv, env.as_deref(), plan);
    let (errors, pid) = prepared.start().map_err(|e| Error::Kernel("fork", e))?;
    match seize(pid, options) {
        Ok(()) => Ok(Launched { pid, errors }),
        Err((step, error)) => {
            // The child may be stopped or gone; either way nothing of it may stay.
            signal::kill(pid, libc::SIGKILL).ok();
            wait::wait(pid).ok();
            let failure = failure(&errors).unwrap_or((step, error));
            Err(Error::Gone(failure.0, failure.1))
        }
    }
}

/// From TRACEME and SIGSTOP to a seized task whose stop signals are used up.
fn seize(pid: i32, options: u64) -> Result<(), (&'static str, io::Error)> {
    let gone = || io::Error::from_raw_os_error(libc::ESRCH);
    let at = |step: &'static str| move |error: io::Error| (step, error);
    match wait::wait(pid).map_err(at("wait"))?.1 {
        wait::Status::Stopped { signo: libc::SIGSTOP, .. } => {}
        _ => return Err(("stop before execve", gone())),
    }
    ptrace::detach(pid, libc::SIGSTOP).map_err(at("PTRACE_DETACH"))?;
    ptrace::seize(pid, options).map_err(at("PTRACE_SEIZE"))?;
    let mut continued = false;
    loop {
        match wait::wait(pid).map_err(at("wait"))?.1 {
            wait::Status::Stopped { signo: libc::SIGCONT, event: 0 } => return Ok(()),
            wait::Status::Stopped { signo: libc::SIGSTOP, event: ptrace::EVENT_STOP } if !continued => {
                continued = true;
                signal::kill(pid, libc::SIGCONT).map_err(at("SIGCONT"))?;
                ptrace::cont(pid, 0).map_err(at("PTRACE_CONT"))?;
            }
            wait::Status::Stopped { signo, event } => {
                let deliver = if event == 0 { signo } else { 0 };
                ptrace::cont(pid, deliver).map_err(at("PTRACE_CONT"))?;
            }
            _ => return Err(("wait for SIGSTOP", gone())),
        }
    }
}

/// What the child reported, if it did.
fn failure(errors: &OwnedFd) -> Option<(&'static str, io::Error)> {
    let mut report = [0u8; 8];
    let mut file = std::fs::File::from(errors.try_clone().ok()?);
    file.read_exact(&mut report).ok()?;
    let step = i32::from_ne_bytes([report[0], report[1], report[2], report[3]]);
    let errno = i32::from_ne_bytes([report[4], report[5], report[6], report[7]]);
    Some((child::STEPS.get(step as usize).copied().unwrap_or("start"), io::Error::from_raw_os_error(errno)))
}

impl Launched {
    /// Why execve failed, to be asked when the task has ended.
    pub fn exec_failure(&self) -> Option<String> {
        failure(&self.errors).map(|(step, error)| format!("{step}: {}", text(&error)))
    }
}
