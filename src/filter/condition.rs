//! A condition in the language of `--where` that is asked of a task while it is stopped at a call: of rules that tamper,
//! of catchpoints.
//!
//! A rule decides before the engine looks at the call's memory, so that the condition looks by itself. What a call returns
//! is not known then; questions about that are refused.

use crate::decode::render::Quiet;
use crate::decode::{self, Options};
use crate::event::{Call, FdNote, Tid};
use crate::memory::Live;
use crate::sys::process;

use super::query::{Context, Facts, Query};

/// A question about a call at which a task is stopped.
#[derive(Debug, Clone)]
pub struct Condition(Query);

/// What /proc says of the process that makes a call.
#[derive(Debug, Default)]
struct Caller {
    pid: i32,
    comm: Vec<u8>,
    exe: Vec<u8>,
}

impl Context for Caller {
    fn process(&self, _tid: Tid) -> Option<Facts<'_>> {
        Some(Facts { pid: self.pid, comm: &self.comm, exe: &self.exe, depth: 0 })
    }
}

impl Condition {
    /// Reads an expression.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        Query::parse(text).map(Self).map_err(|error| error.to_string())
    }

    /// The same, whose answer has to be known when a call begins.
    ///
    /// # Errors
    /// What is wrong with it, or that it is not known then.
    pub fn early(text: &str) -> Result<Self, String> {
        let condition = Self::parse(text)?;
        match condition.0.late_field() {
            Some(field) => {
                Err(format!("'{field}' is not known when a call begins, which is when rules are asked"))
            }
            None => Ok(condition),
        }
    }

    /// The expression as it was written.
    pub fn source(&self) -> &str {
        self.0.source()
    }

    /// Whether its answer is known only when a call has returned.
    pub fn is_late(&self) -> bool {
        self.0.late_field().is_some()
    }

    /// How a call is looked at for it.
    pub fn options(&self) -> Options {
        Options {
            string_limit: self.0.needs().string_bytes,
            abbreviate: false,
            raw: false,
            dereference: true,
        }
    }

    /// Whether it holds for a call that was just entered, whose memory nobody has looked at.
    pub fn holds(&self, call: &Call) -> bool {
        let mut own = Call::new(call.tid);
        (own.regs, own.signature, own.entered) = (call.regs, call.signature, call.entered);
        if self.0.needs().memory {
            let live = Live::new(call.tid.0);
            decode::touch_entry(&mut own, live, &self.options(), &mut Quiet::default());
        }
        self.answers(&mut own)
    }

    /// Whether it holds for a call of a task that is stopped at it, whose memory was looked at by [`Self::options`]. Notes
    /// of its descriptors are added.
    pub fn answers(&self, call: &mut Call) -> bool {
        let (tid, needs) = (call.tid.0, self.0.needs());
        if needs.memory && needs.fd_targets {
            let (mut before, mut after) = (Quiet::default(), Quiet::default());
            decode::call(call, &self.options(), &mut before);
            if call.outcome.is_some_and(|outcome| !outcome.failed) {
                decode::result(call, &self.options(), &mut after);
            }
            let all = before.fds.iter().map(|fd| (*fd, false)).chain(after.fds.iter().map(|fd| (*fd, true)));
            for (fd, late) in all {
                let known = call.fds.iter().any(|note| note.fd == fd && note.late == late);
                if let Some(target) = process::fd_target(tid, fd).filter(|_| !known) {
                    let (target, deleted) = (target.path, target.deleted);
                    call.fds.push(FdNote { fd, target, deleted, late, detail: None });
                }
            }
        }
        let caller = if needs.processes { caller(tid) } else { Caller::default() };
        self.0.matches(call, &caller)
    }
}

fn caller(tid: i32) -> Caller {
    let pid = process::status_field(tid, "Tgid").and_then(|pid| pid.parse().ok()).unwrap_or(tid);
    let exe = process::link(pid, "exe").unwrap_or_default();
    Caller { pid, comm: process::comm(pid).unwrap_or_default(), exe }
}

#[cfg(test)]
mod tests {
    use super::Condition;

    #[test]
    fn what_is_not_known_yet_is_refused() {
        for text in
            ["path ~ \"^/etc/\" and arg.flags has O_CREAT", "peer.port == 443", "comm == cat and fd == 1"]
        {
            Condition::early(text).unwrap();
        }
        for (text, field) in
            [("ret < 0", "ret"), ("not (path == \"/x\" or failed)", "failed"), ("dur > 1s", "dur")]
        {
            assert!(Condition::early(text).unwrap_err().contains(&format!("'{field}'")), "{text}");
        }
        assert!(Condition::early("path ==").is_err());
    }
}
