//! Runs a command under the audit's collector: a filter lets everything pass that no audit asks for.

use std::sync::Arc;

use syscall_tables::abi::Abi;

use super::Prepared;
use crate::audit::actions;
use crate::audit::collect::{self, CAPTURE_BYTES, Collector, Story, Watch};
use crate::audit::deed::Act;
use crate::audit::policy::Policy;
use crate::cli::options::error_text;
use crate::decode;
use crate::engine::details::Wishes;
use crate::engine::{Config, Engine, Finish, control, placement, rings};
use crate::filter::Wanted;
use crate::filter::program::{self, Ways};
use crate::filter::query::Query;
use crate::spawn::plan::FilterInsn;
use crate::spawn::traced::Launched;
use crate::sys::{process, ptrace};

/// SECCOMP_FILTER_FLAG_SPEC_ALLOW: the filter changes no mitigation of the program's.
const SPEC_ALLOW: u64 = 4;
/// Calls that placement has to see.
const PLACED: &[&str] = &["sched_getaffinity", "sched_setaffinity"];

/// What the collector looks out for: what the rules say.
struct ByPolicy(Arc<Policy>);

impl Watch for ByPolicy {
    fn tried(&self, act: Act, path: &[u8]) -> bool {
        self.0.tried(act, path)
    }

    fn conditions(&self) -> &[(usize, Query)] {
        &self.0.conditions
    }
}

/// The calls that have to be seen: those that every audit wants, and those that rules ask about.
fn wanted(policy: &Policy) -> Wanted {
    let mut wanted = actions::wanted();
    for (_, query) in &policy.conditions {
        let more = query.pushdown().wanted;
        let others = wanted.has(Abi::X86_64, u64::MAX) || more.has(Abi::X86_64, u64::MAX);
        wanted = Wanted::of(|abi, nr| wanted.has(abi, nr) || more.has(abi, nr), others);
    }
    wanted
}

/// Runs the command to its end; what it did.
///
/// # Errors
/// One sentence; nothing was run.
pub(super) fn run(own: &str, prepared: &Prepared, begun_ns: u64) -> Result<(Finish, Story), String> {
    let wanted = wanted(&prepared.policy);
    let mut request = prepared.request.clone();
    // A filter of the program's own may answer calls before ours is heard.
    let filtered = !prepared.options.unfiltered && request.plan.seccomp.is_none();
    if filtered {
        let always = [PLACED, rings::CALLS].concat();
        let filter = program::program(&wanted, &Ways::new(), &always)
            .map_err(|error| format!("seccomp filter: {error}"))?;
        let insn = |i: &crate::bpf::Insn| FilterInsn { code: i.code, jt: i.jt, jf: i.jf, k: i.k };
        request.plan.seccomp = Some(filter.insns().iter().map(insn).collect());
        request.plan.seccomp_flags = SPEC_ALLOW;
    }
    request.plan.mask = Some(control::block_signals());
    let filter = if filtered { ptrace::OPTION_SECCOMP } else { 0 };
    let options = ptrace::OPTIONS_BASE | ptrace::OPTIONS_FOLLOW | ptrace::OPTION_EXITKILL | filter;
    let (launched, held) = request.trace(options).map_err(|error| error.to_string())?;
    let control = control::watch(true, true).map_err(|error| error_text(&error))?;
    let asked = prepared.policy.conditions.iter().map(|(_, query)| query.needs().string_bytes).max();
    let config = Config {
        capture: decode::Options {
            string_limit: CAPTURE_BYTES.max(asked.unwrap_or(0)),
            ..decode::Options::default()
        },
        wanted,
        narrowed: false,
        fds: Wishes { paths: true, sockets: true, ..Wishes::default() },
        follows: true,
        extras: Default::default(),
        pid_namespaces: false,
        names: false,
        foreground: request.plan.terminal.foreground,
        filtered,
        placement: placement::Mode::Auto,
        times: true,
        system_times: false,
        numbers: false,
        stacks: None,
        ips: false,
        detach_on_execve: false,
        // Who is let go is not audited.
        yields: false,
    };
    let (collector, story) = Collector::new(Box::new(ByPolicy(Arc::clone(&prepared.policy))), begun_ns);
    let mut engine = Engine::new(config, vec![Box::new(collector)], Vec::new(), control);
    engine.launched(launched.pid);
    let finish = engine.run().map_err(|error| format!("wait: {}", error_text(&error)))?;
    if let Some(fd) = request.plan.terminal.foreground {
        process::take_foreground(fd);
    }
    for trouble in held.release() {
        eprintln!("{own}: {trouble}");
    }
    if let Some(failure) = Launched::exec_failure(&launched) {
        return Err(failure);
    }
    Ok((finish, collect::take(&story)))
}
