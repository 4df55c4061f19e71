//! A condition of a rule, in the language of `--where`: asked when a call begins, of what is known then.
//!
//! The rule decides before the engine looks at the call's memory, so that it looks by itself. What a call returns is
//! not known yet; questions about that are refused.

use crate::decode::render::Quiet;
use crate::decode::{self, Options};
use crate::event::{Call, FdNote, Tid};
use crate::filter::query::{Context, Facts, Query};
use crate::memory::Live;
use crate::sys::process;

/// A question about calls that begin.
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
    /// What is wrong with it, or that its answer is not known when a call begins.
    pub fn parse(text: &str) -> Result<Self, String> {
        let query = Query::parse(text).map_err(|error| error.to_string())?;
        match query.late_field() {
            Some(field) => {
                Err(format!("'{field}' is not known when a call begins, which is when rules are asked"))
            }
            None => Ok(Self(query)),
        }
    }

    /// Whether it holds for a call that was just entered.
    pub fn holds(&self, call: &Call) -> bool {
        let needs = self.0.needs();
        let mut own = Call::new(call.tid);
        (own.regs, own.signature, own.entered) = (call.regs, call.signature, call.entered);
        let tid = call.tid.0;
        if needs.memory {
            let options = Options {
                string_limit: needs.string_bytes,
                abbreviate: false,
                raw: false,
                dereference: true,
            };
            let mut quiet = Quiet::default();
            decode::touch_entry(&mut own, Live::new(tid), &options, &mut quiet);
            for &fd in quiet.fds.iter().filter(|_| needs.fd_targets) {
                if let Some(target) = process::fd_target(tid, fd) {
                    let (target, deleted) = (target.path, target.deleted);
                    own.fds.push(FdNote { fd, target, deleted, late: false, detail: None });
                }
            }
        }
        let caller = if needs.processes { caller(tid) } else { Caller::default() };
        self.0.matches(&own, &caller)
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
            Condition::parse(text).unwrap();
        }
        for (text, field) in
            [("ret < 0", "ret"), ("not (path == \"/x\" or failed)", "failed"), ("dur > 1s", "dur")]
        {
            assert!(Condition::parse(text).unwrap_err().contains(&format!("'{field}'")), "{text}");
        }
        assert!(Condition::parse("path ==").is_err());
    }
}
