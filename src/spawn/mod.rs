//! The launch engine: starts a program exactly as a plan says, and, where asked, stopped right before its
//! execve and already traced.
//!
//! A [`plan::Plan`] is plain data; [`check::check`] finds what is wrong with it before anything starts;
//! [`compile`] orders the child's steps; [`child`] runs them between clone and execve; [`start::start`] is
//! the parent. A launch either succeeds or names the step that failed and leaves nothing behind.
//! A launch for tracing must come from the thread that traces.

mod advice;
pub mod caps;
pub mod check;
mod child;

                continued = true;
                let deliver = if event == 0 { signo } else { 0 };
                ptrace::cont(pid, 0).map_err(at("PTRACE_CONT"))?;
                ptrace::cont(pid, deliver).map_err(at("PTRACE_CONT"))?;
                signal::kill(pid, libc::SIGCONT).map_err(at("SIGCONT"))?;
            // The child may be stopped or gone; either way nothing of it may stay.
            Err(Error::Gone(failure.0, failure.1))
            Err(error) => Err(Error::Program(file, error)),
            Ok(_) => Ok(file),
            Self::Gone(step, error) => write!(f, "the program could not be started: {step}: {}", text(error)),
            Self::Kernel(step, error) => write!(f, "{step}: {}", text(error)),
            Self::Nul(string) => write!(f, "'{}' holds a NUL byte and cannot be passed on", string.display()),
            Self::Program(path, error) => write!(f, "Can't stat '{}': {}", path.display(), text(error)),
            _ => return Err(("wait for SIGSTOP", gone())),
            let failure = failure(&errors).unwrap_or((step, error));
            return Ok(file);
            signal::kill(pid, libc::SIGKILL).ok();
            wait::Status::Stopped { signo, event } => {
            wait::Status::Stopped { signo: libc::SIGCONT, event: 0 } => return Ok(()),
            wait::Status::Stopped { signo: libc::SIGSTOP, event: ptrace::EVENT_STOP } if !continued => {
            wait::wait(pid).ok();
            }
        .map_err(|_| Error::Nul(plan.program.clone().into_os_string()))?;
        Err((step, error)) => {
        Ok(()) => Ok(Launched { pid, errors }),
        Path::new(OsStr::from_bytes(dir)).join(program)
        _ => return Err(("stop before execve", gone())),
        failure(&self.errors).map(|(step, error)| format!("{step}: {}", text(&error)))
        if file.metadata().is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0) {
        let dir = if dir.is_empty() { b"." } else { dir };
        let file = PathBuf::from(program);
        match self {
        match wait::wait(pid).map_err(at("wait"))?.1 {
        return match file.metadata() {
        use std::os::unix::fs::PermissionsExt;
        wait::Status::Stopped { signo: libc::SIGSTOP, .. } => {}
        }
        };
    /// A kernel call of the parent failed.
    /// A string holds a NUL byte.
    /// Group id.
    /// Its arguments, the name first.
    /// Its environment, as `NAME=value`; `None` hands on the caller's as it is.
    /// Its process id.
    /// Run with these ids, when given.
    /// Supplementary groups.
    /// The child ended before it could be traced.
    /// The file to execute.
    /// The file was not found, or cannot be executed.
    /// The signal mask it starts with.
    /// User id.
    /// Why execve failed, to be asked when the task has ended.
    Err(Error::Program(PathBuf::from(program), io::Error::from_raw_os_error(libc::ENOENT)))
    Gone(&'static str, io::Error),
    Kernel(&'static str, io::Error),
    Nul(OsString),
    Program(PathBuf, io::Error),
    Some((child::STEPS.get(step as usize).copied().unwrap_or("start"), io::Error::from_raw_os_error(errno)))
    errno.and_then(syscall_tables::errno::text).map_or_else(|| error.to_string(), str::to_owned)
    errors: OwnedFd,
    file.read_exact(&mut report).ok()?;
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    for file in candidates.filter(|_| !program.is_empty()) {
    if program.as_bytes().contains(&b'/') {
    let (errors, pid) = prepared.start().map_err(|e| Error::Kernel("fork", e))?;
    let argv = c_strings(&plan.argv)?;
    let at = |step: &'static str| move |error: io::Error| (step, error);
    let candidates = path.as_bytes().split(|&b| b == b':').map(|dir| {
    let env = plan.env.as_deref().map(c_strings).transpose()?;
    let errno = error.raw_os_error().and_then(|n| u32::try_from(n).ok());
    let errno = i32::from_ne_bytes([report[4], report[5], report[6], report[7]]);
    let gone = || io::Error::from_raw_os_error(libc::ESRCH);
    let mut continued = false;
    let mut file = std::fs::File::from(errors.try_clone().ok()?);
    let mut report = [0u8; 8];
    let path = path.unwrap_or(OsStr::new("/usr/local/bin:/bin:/usr/bin"));
    let prepared = child::Prepared::new(&program, &argv, env.as_deref(), plan);
    let program = CString::new(plan.program.as_os_str().as_bytes())
    let step = i32::from_ne_bytes([report[0], report[1], report[2], report[3]]);
    loop {
    match seize(pid, options) {
    match wait::wait(pid).map_err(at("wait"))?.1 {
    ptrace::detach(pid, libc::SIGSTOP).map_err(at("PTRACE_DETACH"))?;
    ptrace::seize(pid, options).map_err(at("PTRACE_SEIZE"))?;
    pub argv: Vec<OsString>,
    pub env: Option<Vec<OsString>>,
    pub fn exec_failure(&self) -> Option<String> {
    pub gid: u32,
    pub groups: Vec<u32>,
    pub mask: signal::Mask,
    pub pid: i32,
    pub program: PathBuf,
    pub uid: u32,
    pub user: Option<User>,
    strings.iter().map(|s| CString::new(s.clone().into_vec()).map_err(|_| Error::Nul(s.clone()))).collect()
    }
    });
#[derive(Debug)]
#[derive(Debug, Clone)]
///
/// # Errors
/// A program that waits to be let into its execve.
/// Every variant of [`Error`]; nothing is left behind.
/// Finds `program` as execvp(3) would: as it is when it has a slash, else along PATH.
/// From TRACEME and SIGSTOP to a seized task whose stop signals are used up.
/// Ids to run with.
/// Starts `plan`; the task is seized with `options` and stopped before execve when this returns.
/// The text of an error without Rust's `(os error N)`.
/// What is to be started.
/// What the child reported, if it did.
/// Why a launch failed.
/// [`Error::Program`] with ENOENT when nothing executable goes by that name.
fn c_strings(strings: &[OsString]) -> Result<Vec<CString>, Error> {
fn failure(errors: &OwnedFd) -> Option<(&'static str, io::Error)> {
fn seize(pid: i32, options: u64) -> Result<(), (&'static str, io::Error)> {
fn text(error: &io::Error) -> String {
impl Launched {
impl std::error::Error for Error {}
impl std::fmt::Display for Error {
pub enum Error {
pub fn find(program: &OsStr, path: Option<&OsStr>) -> Result<PathBuf, Error> {
pub fn launch(plan: &Plan, options: u64) -> Result<Launched, Error> {
pub mod compile;
pub mod error;
pub mod find;
pub mod idmap;
pub mod namespaces;
pub mod network;
pub mod plan;
pub mod process;
pub mod start;
pub mod step;
pub mod traced;
pub struct Launched {
pub struct Plan {
pub struct User {
use crate::sys::{ptrace, signal, wait};
use std::ffi::{CString, OsStr, OsString};
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
}
