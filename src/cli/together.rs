//! What strace(1) says of options that are given together: what it refuses, and what it notes to have no effect, in
//! the order in which it says it.

use super::options::Options;
use super::table::Refusal;
use super::tips::Frame;
use super::{output, plan};
use crate::output::text::time::Clock;

/// What becomes of a command line for which a rule holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// It runs, and something is said.
    Note,
    /// It is refused.
    Refuse,
    /// It is refused, and the help is pointed at.
    Usage,
}

use Verdict::{Note, Refuse, Usage};

/// Whose rule it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// It holds under the name of strace alone.
    Strict,
    /// It holds under every name.
    All,
}

use Whose::{All, Strict};

/// The verdict, under which name it is given, what is said, and of what.
type Rule = (Verdict, Whose, &'static str, fn(&Options) -> bool);

fn counts(o: &Options) -> bool {
    o.summary || o.summary_too
}

/// Whether children are followed otherwise than by `-F`, which comes too late for a filter.
fn follows(o: &Options) -> bool {
    o.gave("-f") || o.gave("--follow-forks")
}

/// Whether a filter would be made, were it not for what else is asked for.
fn filters(o: &Options) -> bool {
    o.seccomp && !o.detach_on_execve
}

fn piped(o: &Options) -> bool {
    o.output.as_ref().is_some_and(|file| output::command(file).is_some())
}

/// `{}` in a text is how often `-D` was given, or the user that is not known.
const RULES: &[Rule] = &[
    (Usage, All, "-c/--summary-only and -C/--summary are mutually exclusive", |o| o.summary && o.summary_too),
    (Usage, All, "must have PROG [ARGS] or -p PID", |o| {
        o.command.is_empty() && o.attach.is_empty() && o.tips.frame == Frame::None
    }),
    (Usage, Strict, "PROG [ARGS] must be specified with -D/--daemonize", |o| {
        o.daemonize > 0 && o.command.is_empty()
    }),
    (Refuse, Strict, "-D and --daemonize cannot be provided simultaneously", |o| {
        o.gave("-D") && o.gave("--daemonize")
    }),
    (Usage, Strict, "Too many -D's ({}), maximum supported -D count is 3", |o| o.count("-D") > 3),
    (Refuse, Strict, "-t and --absolute-timestamps cannot be provided simultaneously", |o| {
        o.gave("-t") && o.gave("--absolute-timestamps")
    }),
    (Refuse, Strict, "-x and --strings-in-hex cannot be provided simultaneously", |o| {
        o.gave("-x") && o.gave("--strings-in-hex")
    }),
    (Refuse, Strict, "-y and --decode-fds cannot be provided simultaneously", |o| {
        o.gave("-y") && o.gave("--decode-fds")
    }),
    (Refuse, Strict, "-f and --follow-forks cannot be provided simultaneously", |o| {
        o.gave("-f") && o.gave("--follow-forks")
    }),
    (Refuse, Strict, "-ff and --output-separately cannot be provided simultaneously", |o| {
        o.count("-f") > 1 && o.gave("--output-separately")
    }),
    (Note, Strict, "--seccomp-bpf is not enabled because it is not compatible with -b", |o| {
        o.seccomp && o.detach_on_execve
    }),
    (Note, Strict, "--seccomp-bpf is not enabled for processes attached with -p", |o| {
        filters(o) && o.command.is_empty()
    }),
    (Note, Strict, "--seccomp-bpf cannot be used without -f/--follow-forks, disabling", |o| {
        filters(o) && !follows(o)
    }),
    (Note, Strict, "deprecated option -F ignored", |o| o.gave("-F") && follows(o)),
    (Note, Strict, "option -F is deprecated, please use -f/--follow-forks instead", |o| {
        o.gave("-F") && !follows(o)
    }),
    (
        Usage,
        All,
        "(-c/--summary-only or -C/--summary) and -ff/--output-separately are mutually exclusive",
        |o| counts(o) && o.separate && (o.strict || o.summary_too || o.json),
    ),
    (Usage, All, "-w/--summary-wall-clock must be given with (-c/--summary-only or -C/--summary)", |o| {
        o.gave("-w") && !counts(o)
    }),
    (Usage, All, "-U/--summary-columns must be given with (-c/--summary-only or -C/--summary)", |o| {
        o.gave("-U") && !counts(o)
    }),
    (Note, Strict, "-i/--instruction-pointer has no effect with -c/--summary-only", |o| o.summary && o.ip),
    (Note, Strict, "-n/--syscall-number has no effect with -c/--summary-only", |o| o.summary && o.number),
    (Note, Strict, "-k/--stack-traces has no effect with -c/--summary-only", |o| o.summary && o.stacks),
    (Note, Strict, "-r/--relative-timestamps has no effect with -c/--summary-only", |o| {
        o.summary && o.times.relative.is_some()
    }),
    (Note, Strict, "-t/--absolute-timestamps has no effect with -c/--summary-only", |o| {
        o.summary && o.times.clock != Clock::None
    }),
    (Note, Strict, "-T/--syscall-times has no effect with -c/--summary-only", |o| {
        o.summary && o.times.duration.is_some()
    }),
    (Note, Strict, "-y/--decode-fds has no effect with -c/--summary-only", |o| o.summary && o.fds.any()),
    (Note, Strict, "-S/--summary-sort-by has no effect without (-c/--summary-only or -C/--summary)", |o| {
        o.gave("-S") && !counts(o)
    }),
    (Note, Strict, "--output-separately has no effect without -o/--output", |o| {
        o.gave("--output-separately") && o.output.is_none() && !o.follow
    }),
    (Note, Strict, "-A/--output-append-mode has no effect without -o/--output", |o| {
        o.append && o.output.is_none()
    }),
    (
        Note,
        All,
        "Only the last of -z/--successful-only/-Z/--failed-only options will take effect. See status qualifier for more \
         complex filters.",
        |o| o.count("-z") + o.count("-Z") > 1,
    ),
    (Refuse, Strict, "Cannot find user '{}'", |o| {
        o.launch.user.as_ref().is_some_and(|name| plan::user(name).is_err())
    }),
    (Usage, All, "piping the output and -ff/--output-separately are mutually exclusive", |o| {
        piped(o) && o.separate
    }),
    (
        Note,
        Strict,
        "Seccomp filter is requested but there are no syscalls to filter.  See -e trace to filter syscalls.",
        |o| filters(o) && follows(o) && o.wanted.is_all() && (o.command.is_empty() || o.attach.is_empty()),
    ),
];

/// Says what is to be said of `options`, by adding to their notices.
///
/// # Errors
/// The first rule that refuses them, with the notices before it.
pub(super) fn judge(options: &mut Options) -> Result<(), Refusal> {
    let strict = options.strict;
    for (verdict, _, text, holds) in RULES.iter().filter(|rule| strict || rule.1 == All) {
        if !holds(options) {
            continue;
        }
        let count = options.count("-D").to_string();
        let user = options.launch.user.as_deref().unwrap_or_default();
        let text = text.replace("{}", if text.starts_with("Too") { &count } else { user });
        if *verdict != Note {
            let notices = std::mem::take(&mut options.notices);
            return Err(Refusal { text, usage: *verdict == Usage, notices });
        }
        options.notices.push(text);
    }
    if strict && options.summary {
        options.stacks = false;
    }
    Ok(())
}
