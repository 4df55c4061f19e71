//! A run whose events go to the sinks of a command and to nothing else: no text, no recording.
//!
//! For commands that only listen. The main command, which has options for everything, is in `run`.

use super::options::error_text;
use super::run;
use crate::decode;
use crate::engine::details::Wishes;
use crate::engine::placement::Mode;
use crate::engine::sink::Sink;
use crate::engine::{Config, Engine, Finish, control};
use crate::filter::Wanted;
use crate::filter::program::{self, Ways};
use crate::spawn::launch::{Held, Request};
use crate::spawn::plan::FilterInsn;
use crate::spawn::traced::Launched;
use crate::sys::signal::Mask;
use crate::sys::{process, ptrace};

/// SECCOMP_FILTER_FLAG_SPEC_ALLOW: the filter changes no mitigation of the program's.
const SPEC_ALLOW: u64 = 4;

/// What is run, and what is heard of it.
pub(super) struct Drive {
    /// The program to be started.
    pub request: Option<Request>,
    /// Processes to be attached to.
    pub attach: Vec<i32>,
    /// How much of a call is read.
    pub capture: decode::Options,
    /// Which calls are heard; others do not stop a task that carries our filter.
    pub wanted: Wanted,
    /// Who listens. Where none wants results and the program brings no filter, a task stops once a call.
    pub sinks: Vec<Box<dyn Sink>>,
}

/// How the run ended.
pub(super) struct Driven {
    /// How the program ended.
    pub finish: Finish,
    /// Why it did not begin.
    pub failure: Option<String>,
    /// What was made for it and could not be taken away.
    pub troubles: Vec<String>,
}

impl Drive {
    /// Puts the filter that stops a task at each call into the request, where it has none; whether it did.
    fn stop_once(&mut self) -> Result<bool, String> {
        let Some(request) = self.request.as_mut().filter(|request| request.plan.seccomp.is_none()) else {
            return Ok(false);
        };
        // What tells on which CPUs a task wants to be has to be seen by the placement.
        let always = ["sched_getaffinity", "sched_setaffinity"];
        let filter = program::program(&self.wanted, &Ways::new(), &always)
            .map_err(|error| format!("seccomp filter: {error}"))?;
        let insn = |i: &crate::bpf::Insn| FilterInsn { code: i.code, jt: i.jt, jf: i.jf, k: i.k };
        request.plan.seccomp = Some(filter.insns().iter().map(insn).collect());
        request.plan.seccomp_flags = SPEC_ALLOW;
        Ok(true)
    }

    /// Runs until no task is left, or until what was attached to is let go.
    ///
    /// # Errors
    /// One sentence; nothing is left behind.
    pub fn run(mut self) -> Result<Driven, String> {
        let filtered = self.stop_once()?;
        let mask = control::block_signals();
        let request = self.request.as_ref();
        let started = request.map(|request| launch(request, mask, filtered)).transpose()?;
        let (launched, held) = started.map_or((None, None), |(launched, held)| (Some(launched), Some(held)));
        let seized = attach(&self.attach)?;
        let control = control::watch(launched.is_some(), true).map_err(|e| error_text(&e))?;
        let foreground = request.and_then(|request| request.plan.terminal.foreground);
        let config = self.config(filtered, foreground);
        let mut engine = Engine::new(config, self.sinks, Vec::new(), control);
        if let Some(launched) = &launched {
            engine.launched(launched.pid);
        }
        seized.into_iter().for_each(|tid| engine.attached(tid));
        let finish = engine.run().map_err(|e| format!("wait: {}", error_text(&e)))?;
        if let Some(fd) = foreground {
            process::take_foreground(fd);
        }
        let failure = launched.as_ref().and_then(Launched::exec_failure);
        Ok(Driven { finish, failure, troubles: held.map(Held::release).unwrap_or_default() })
    }

    fn config(&self, filtered: bool, foreground: Option<i32>) -> Config {
        Config {
            capture: self.capture,
            wanted: self.wanted.clone(),
            narrowed: false,
            fds: Wishes::default(),
            follows: true,
            extras: Default::default(),
            pid_namespaces: false,
            names: false,
            foreground,
            filtered,
            placement: if self.attach.is_empty() { Mode::Auto } else { Mode::Free },
            times: false,
            system_times: false,
            numbers: false,
            stacks: None,
            ips: false,
            detach_on_execve: false,
            // What was let go would not be heard.
            yields: false,
        }
    }
}

/// What every task is traced with: those that it makes are traced too.
const FOLLOWED: u64 = ptrace::OPTIONS_BASE | ptrace::OPTIONS_FOLLOW;

/// Starts the program, stopped before its execve; it dies with the tracer, which its filter needs.
fn launch(request: &Request, mask: Mask, filtered: bool) -> Result<(Launched, Held), String> {
    let mut request = request.clone();
    request.plan.mask = Some(mask);
    let filter = if filtered { ptrace::OPTION_SECCOMP } else { 0 };
    request.trace(FOLLOWED | ptrace::OPTION_EXITKILL | filter).map_err(|error| error.to_string())
}

/// Seizes every thread of processes.
fn attach(pids: &[i32]) -> Result<Vec<i32>, String> {
    let mut seized = Vec::new();
    for &pid in pids {
        ptrace::seize(pid, FOLLOWED).map_err(|error| run::attach_error(pid, &error))?;
        seized.push(pid);
        // Threads may be born while others are seized; those are traced by their parents' events.
        let threads = process::threads(pid).unwrap_or_default().into_iter().filter(|tid| *tid != pid);
        seized.extend(threads.filter(|tid| ptrace::seize(*tid, FOLLOWED).is_ok()));
    }
    Ok(seized)
}
