//! From PTRACE_TRACEME and SIGSTOP to a seized task that waits right before its filter and execve.
//!
//! TRACEME makes the launching THREAD the tracer. PTRACE_SEIZE, which keeps job control transparent, cannot
//! follow it directly, so the parent lets the stopped child go and seizes it before it continues.

use std::io;

use super::error::Error;
use super::plan::{Plan, Traced};
use super::process::Process;
use super::start::{self, Hooks};
use crate::sys::{ptrace, signal, wait};

/// A program that waits to be let into its execve.
#[derive(Debug)]
pub struct Launched {
    /// Its process id.
    pub pid: i32,
    /// The process.
    pub process: Process,
}

impl Launched {
    /// Why execve failed, to be asked when the task has ended.
    pub fn exec_failure(&self) -> Option<String> {
        let error = self.process.failure()?;
        Some(match &error {
            // In strace's words.
            Error::Child { step, errno, .. } if is_exec(step) => {
                format!("exec: {}", super::error::errno_text(*errno))
            }
            _ => error.to_string(),
        })
    }
}

fn is_exec(step: &super::step::Step) -> bool {
    matches!(step, super::step::Step::Exec(_) | super::step::Step::ExecFd { .. })
}

/// Starts `plan`; the task is seized with `options` and stopped before execve when this returns.
///
/// # Errors
/// As [`start::start`]; nothing is left behind.
pub fn launch(plan: &Plan, options: u64, hooks: Hooks<'_>) -> Result<Launched, Error> {
    let plan = Plan { traced: Traced::BeforeExec, ..plan.clone() };
    let process = start::start(&plan, hooks)?;
    let pid = process.pid();
    match seize(pid, options) {
        Ok(()) => Ok(Launched { pid, process }),
        Err((what, error)) => {
            let said = process.failure();
            process.destroy();
            Err(said.unwrap_or(Error::Parent { what: what.into(), error, advice: "" }))
        }
    }
}

fn seize(pid: i32, options: u64) -> Result<(), (&'static str, io::Error)> {
    let gone = || io::Error::from_raw_os_error(libc::ESRCH);
    let at = |step: &'static str| move |error: io::Error| (step, error);
    match wait::wait(pid).map_err(at("wait for the stop before execve"))?.1 {
        wait::Status::Stopped { signo: libc::SIGSTOP, .. } => {}
        _ => return Err(("stop it before execve", gone())),
    }
    ptrace::detach(pid, libc::SIGSTOP).map_err(at("detach from it (PTRACE_DETACH)"))?;
    ptrace::seize(pid, options).map_err(at("seize it (PTRACE_SEIZE)"))?;
    let mut continued = false;
    loop {
        match wait::wait(pid).map_err(at("wait for it"))?.1 {
            wait::Status::Stopped { signo: libc::SIGCONT, event: 0 } => return Ok(()),
            wait::Status::Stopped { signo: libc::SIGSTOP, event: ptrace::EVENT_STOP } if !continued => {
                continued = true;
                signal::kill(pid, libc::SIGCONT).map_err(at("continue it (SIGCONT)"))?;
                ptrace::cont(pid, 0).map_err(at("continue it (PTRACE_CONT)"))?;
            }
            wait::Status::Stopped { signo, event } => {
                let deliver = if event == 0 { signo } else { 0 };
                ptrace::cont(pid, deliver).map_err(at("continue it (PTRACE_CONT)"))?;
            }
            _ => return Err(("keep it until its execve", gone())),
        }
    }
}
