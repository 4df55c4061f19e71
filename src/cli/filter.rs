//! Whether tracees carry a seccomp filter, so that what nobody wants runs at native speed.
//!
//! It is the default for launched programs. It steps aside where it cannot hold, and `-d` says why.

use syscall_tables::abi::{Abi, numbers};

use super::options::Options;
use crate::engine::placement::Mode;
use crate::engine::rings;
use crate::filter::program;
use crate::spawn::launch::Request;
use crate::spawn::plan::FilterInsn;
use crate::stack;

/// SECCOMP_FILTER_FLAG_SPEC_ALLOW: the filter changes no mitigation of the program's.
const SPEC_ALLOW: u64 = 4;

/// Why the filter would be wrong here; `None` when it is right.
fn objection(options: &Options, request: Option<&Request>) -> Option<&'static str> {
    let Some(request) = request else {
        return Some("-p: a running process cannot be given a filter");
    };
    let late = options.query.as_ref().is_some_and(|query| query.needs().results);
    let one_stop = options.summary
        && !options.summary_too
        && !options.columns.results()
        && !late
        && options.injections.is_empty();
    let all = options.wanted.is_all() && options.ways.is_empty();
    let rows = [
        (!options.seccomp, "it was not asked for, or --no-seccomp was given"),
        (!options.attach.is_empty(), "-p: a running process cannot be given a filter"),
        (!options.follow, "children are not followed (-f), and a filter without a tracer makes calls fail"),
        (
            options.limit.is_some(),
            "--syscall-limit lets programs go on without the tracer that the filter needs",
        ),
        (options.detach_on_execve, "-b lets programs go on without the tracer that the filter needs"),
        (options.number, "-n names the last call of a task, also one that is not wanted"),
        (
            options.injections.iter().any(|rule| rule.action.signal.is_some()),
            "--inject: a signal can be given to a task only where it stops at every call",
        ),
        (request.plan.seccomp.is_some(), "--seccomp: the program has a filter of its own from the start"),
        (all && !one_stop, "every call is wanted, so that it would save nothing"),
    ];
    rows.into_iter().find(|(holds, _)| *holds).map(|(_, why)| why)
}

/// Whether calls are wanted that go with io_uring's rings.
fn wants_rings(options: &Options) -> bool {
    [Abi::X86_64, Abi::I386]
        .iter()
        .any(|abi| numbers::number(*abi, "io_uring_enter").is_some_and(|nr| options.wanted.has(*abi, nr)))
}

/// Where tracer and tracees run: only tasks that die with the tracer are moved, and none that it would not see.
pub(super) fn placement(options: &Options) -> Mode {
    let holds = options.attach.is_empty() && options.follow && options.limit.is_none();
    if holds { options.placement } else { Mode::Free }
}

/// Puts the filter for what `options` want into `request`, where there is no objection; whether it did.
///
/// # Errors
/// A filter that cannot be made.
pub(super) fn install(
    program: &str,
    options: &Options,
    request: Option<&mut Request>,
) -> Result<bool, String> {
    if let Some(query) = options.query.as_ref().filter(|_| options.debug) {
        let (calls, under) = query.pushdown().count(Abi::X86_64);
        eprintln!(
            "{program}: --where: {calls} calls of x86_64 can match, {under} of them only with some arguments; needs {:?}",
            query.needs()
        );
    }
    if let Some(why) = objection(options, request.as_deref()) {
        if options.debug {
            eprintln!("{program}: no seccomp filter: {why}");
        }
        return Ok(false);
    }
    let Some(request) = request else { return Ok(false) };
    let placed: &[&str] =
        if placement(options) == Mode::Free { &[] } else { &["sched_getaffinity", "sched_setaffinity"] };
    let code = if options.stacks { stack::CHANGE_CODE } else { &[] };
    let asked = options.rings && wants_rings(options);
    let ring: &[&str] = if asked { rings::CALLS } else { &[] };
    let always = &[placed, code, ring].concat();
    let injected = options.injections.iter().map(|rule| &rule.calls);
    let wanted = injected.fold(options.wanted.clone(), |all, calls| all.or(calls));
    // A call that is tampered with stops whatever its arguments are.
    let ways = if options.injections.is_empty() { &options.ways } else { &program::Ways::new() };
    let filter =
        program::program(&wanted, ways, always).map_err(|error| format!("seccomp filter: {error}"))?;
    if options.debug {
        eprintln!("{program}: seccomp filter of {} instructions", filter.insns().len());
    }
    let insn = |i: &crate::bpf::Insn| FilterInsn { code: i.code, jt: i.jt, jf: i.jf, k: i.k };
    request.plan.seccomp = Some(filter.insns().iter().map(insn).collect());
    request.plan.seccomp_flags = SPEC_ALLOW;
    Ok(true)
}
