//! The rows of strace's options: what each does, and what `trace` adds to the same table.

use std::ffi::OsStr;
use std::path::PathBuf;

use super::decode;
use super::options::{Color, NON_ASCII_CHARS, Options};
use super::qualify::{expression, path, qualify};
use super::table::{Row, flag, invalid, optional, value};
use super::tips::Tips;
use crate::engine::details::Wishes;
use crate::engine::placement::Mode;
use crate::filter::Wanted;
use crate::inject::duration_ns;
use crate::output::choice::Results;
use crate::output::summary::{Columns, Sort};
use crate::output::text::render::Constants;
use crate::output::text::time::{Precision, Times};

/// The largest value of `-s`: a quarter of what an `unsigned int` holds, since a byte may be spelled `\xHH`.
const LONGEST_STRING: usize = (1 << 30) - 1;
/// No result is moved further to the right than this, whatever `-a` says: it is a line of that many bytes.
const FURTHEST_COLUMN: usize = 1 << 16;

/// Every option of strace(1), and a few that stand beside them.
pub(super) const ROWS: &[Row<Options>] = &[
    flag(b'f', "", "follow children; -ff: and write a file per task, FILE.PID", |o| {
        o.separate |= o.gave("-f");
        o.follow = true;
        o.given.push("-f");
    }),
    flag(0, "follow-forks", "follow children (the default of trace)", |o| {
        o.follow = true;
        o.given.push("--follow-forks");
    }),
    flag(b'F', "", "the same as -f, of old", |o| {
        o.follow = true;
        o.given.push("-F");
    }),
    flag(0, "no-follow", "do not follow children", |o| o.follow = false),
    flag(0, "output-separately", "write a file per task: FILE.PID", |o| {
        o.separate = true;
        o.given.push("--output-separately");
    }),
    flag(0, "always-show-pid", "the process id on every line, of the first process too", |o| {
        o.always_show_pid = true;
    }),
    value(b'p', "attach", "PID[,PID…]", "attach to running processes", attach).plain(),
    value(b'o', "output", "FILE", "write the trace to FILE, or to a command after | or !", |o, v| {
        o.output = Some(PathBuf::from(v));
        Ok(())
    }),
    flag(b'A', "output-append-mode", "append to the file of -o", |o| o.append = true),
    value(b'e', "expr", "EXPR", "trace=, signal=, status=, inject=, … (the options below), or syscalls", expression)
        .plain(),
    value(0, "trace", "SYSCALLS", "names, %classes, /regex, numbers, !, all, none", |o, v| {
        qualify(o, "trace", v)
    })
    .plain(),
    value(0, "trace-fds", "FDS", "only calls on these descriptors", |o, v| qualify(o, "trace-fds", v))
        .plain(),
    value(b'P', "trace-path", "PATH", "only calls on this path", path).plain(),
    value(0, "signal", "SIGNALS", "which signals are printed", |o, v| qualify(o, "signal", v))
        .also(&["signals"])
        .plain(),
    value(
        0,
        "status",
        "STATUS",
        "only calls that are successful, failed, unfinished, unavailable, detached",
        |o, v| qualify(o, "status", v),
    )
    .plain(),
    value(0, "abbrev", "SYSCALLS", "whose structs are shortened (all)", |o, v| qualify(o, "abbrev", v)).plain(),
    value(0, "verbose", "SYSCALLS", "whose structs are looked at (all)", |o, v| qualify(o, "verbose", v)).plain(),
    value(0, "raw", "SYSCALLS", "whose arguments stay numbers (none)", |o, v| qualify(o, "raw", v)).plain(),
    value(0, "read", "FDS", "dump all data that is read from these descriptors", |o, v| {
        qualify(o, "read", v)
    })
    .plain(),
    value(0, "write", "FDS", "dump all data that is written to these descriptors", |o, v| {
        qualify(o, "write", v)
    })
    .plain(),
    value(
        0,
        "inject",
        "RULE",
        "tamper: SET:error=E|retval=V:signal=S:syscall=N:delay_enter=T:delay_exit=T:poke_enter=@argN=HEX:poke_exit=…:argN=V:when=W:where=EXPR",
        |o, v| qualify(o, "inject", v),
    )
    .plain(),
    value(0, "fault", "RULE", "make calls fail: SET[:error=E][:when=W][:where=EXPR]", |o, v| qualify(o, "fault", v)).plain(),
    value(b's', "string-limit", "SIZE", "longest string printed (32)", |o: &mut Options, v| {
        below(v, LONGEST_STRING).map(|n| o.string_limit = n)
    })
    .also(&["string-length"]),
    value(b'a', "columns", "COLUMN", "column of return values (40)", |o, v| {
        below(v, i32::MAX as usize).map(|n| o.column = n.min(FURTHEST_COLUMN))
    }),
    flag(b't', "", "wall clock; -tt with microseconds, -ttt since 1970", |o| {
        o.given.push("-t");
        (o.times.clock, o.times.precision) = Times::repeated(o.count("-t"));
    }),
    optional(
        0,
        "absolute-timestamps",
        "[format:]none|time|unix,[precision:]s|ms|us|ns",
        "wall clock in this format",
        |o: &mut Options, format| {
            o.given.push("--absolute-timestamps");
            let found = format.map_or(Some(Times::repeated(1)), |format| Times::parse(format.to_str()?));
            (o.times.clock, o.times.precision) = found.ok_or_else(invalid)?;
            Ok(())
        },
    )
    .also(&["timestamps"]),
    optional(b'r', "relative-timestamps", "s|ms|us|ns", "time since the line before", |o, v| {
        precision(v).map(|precision| o.times.relative = Some(precision))
    }),
    optional(b'T', "syscall-times", "s|ms|us|ns", "time spent in each call", |o, v| {
        precision(v).map(|precision| o.times.duration = Some(precision))
    }),
    flag(b'y', "", "paths of file descriptors; -yy: addresses of sockets, devices and more", |o| {
        o.given.push("-y");
        o.fds = if o.fds.paths { Wishes::ALL } else { Wishes { paths: true, ..o.fds } };
    }),
    optional(
        0,
        "decode-fds",
        "path,socket,dev,eventfd,pidfd,signalfd,all,none",
        "what is told of file descriptors",
        decode::fds,
    )
    .plain(),
    flag(b'Y', "", "names of processes beside their ids", |o| {
        o.names_of_pids = true;
        o.pid_namespaces &= !o.strict;
    }),
    value(
        0,
        "decode-pids",
        "comm,pidns",
        "what is told of process ids: their names, their ids for us",
        decode::pids,
    )
    .plain(),
    flag(0, "pidns-translation", "the same as --decode-pids=pidns", |o| {
        o.pid_namespaces = true;
        o.names_of_pids &= !o.strict;
    }),
    flag(b'q', "", "fewer notices; -qq and -qqq: fewer still", |o| o.given.push("-q")),
    optional(
        0,
        "quiet",
        "attach,exit,path-resolution,personality,thread-execve,superseded,all,none",
        "which notices are left out",
        |o: &mut Options, v| qualify(o, "quiet", v.unwrap_or(OsStr::new("attach,personality"))),
    )
    .also(&["silent", "silence"])
    .plain(),
    value(0, "kvm", "vcpu|vcpu+", "why virtual CPUs came back; with + all that they tell", |o, v| {
        qualify(o, "kvm", v)
    })
    .plain(),
    value(0, "namespace", "new", "which namespaces tasks enter", |o, v| qualify(o, "namespace", v)).plain(),
    optional(
        0,
        "secontext",
        "full,mismatch",
        "SELinux contexts, where it is active: their types, or all of them, and which are expected",
        |o, v| qualify(o, "secontext", v.unwrap_or(OsStr::new("!full,mismatch"))),
    )
    .plain(),
    flag(b'v', "no-abbrev", "print structs, environments and arrays in full", |o| {
        o.manner.abbreviated = Wanted::none();
    }),
    flag(b'x', "", "strings that are not ASCII in hexadecimal; -xx all", |o| {
        o.given.push("-x");
        o.hex = o.count("-x").min(2);
    }),
    optional(
        0,
        "strings-in-hex",
        "none|non-ascii-chars|non-ascii|all",
        "strings in hexadecimal: none, their bytes outside of ASCII, those with such bytes, all",
        hex,
    ),
    value(b'X', "const-print-style", "raw|abbrev|verbose", "how constants are spelled", constants),
    flag(b'c', "summary-only", "count calls, errors and times instead of printing", |o| o.summary = true),
    flag(b'C', "summary", "print calls and count them", |o| o.summary_too = true),
    flag(b'w', "summary-wall-clock", "time that went by in calls, not the CPU's (the default of trace)", |o| {
        o.measure.wall = true;
        o.given.push("-w");
    }),
    value(b'O', "summary-syscall-overhead", "TIME", "taken off the time of each call", |o, v| {
        let time = v.to_str().and_then(duration_ns).ok_or_else(invalid)?;
        o.measure.overhead_ns = time;
        Ok(())
    }),
    value(b'S', "summary-sort-by", "KEY", "sort the summary by time, calls, errors, name or nothing", sort),
    value(
        b'U',
        "summary-columns",
        "LIST",
        "columns of the summary: time-percent, total-, min-, max-, avg-time, wall-total, -min, -max, -avg, calls, errors, name",
        columns,
    ),
    flag(0, "seccomp-bpf", "stop only for the calls that are wanted (the default of trace)", |o| {
        o.seccomp = true;
    }),
    flag(0, "no-seccomp", "stop at every call, whatever is wanted", |o| o.seccomp = false),
    value(0, "placement", "auto|same|free", "CPUs of tracer and program", placement),
    flag(b'd', "debug", "say what the tracer decides", |o| o.debug = true),
    value(b'E', "env", "VAR[=VALUE]", "set or unset a variable of the command", |o, v| {
        o.launch.env.push(v.to_owned());
        Ok(())
    }),
    value(b'u', "user", "NAME|UID:GID", "run the command as this user", |o, v| {
        o.launch.user = Some(v.to_string_lossy().into_owned());
        Ok(())
    }),
    value(0, "argv0", "NAME", "the command's argv[0]", |o, v| {
        o.launch.argv0 = Some(v.to_owned());
        Ok(())
    }),
    value(b'b', "detach-on", "execve", "let processes go that call execve", detach_on).plain(),
    flag(b'D', "", "the tracer is a grandchild of the program; -DD in a group, -DDD in a session of its own", |o| {
        o.given.push("-D");
        o.daemonize = o.count("-D");
    }),
    optional(
        0,
        "daemonize",
        "grandchild|pgroup|pgrp|session",
        "the tracer is a grandchild of the program, in a group or a session of its own",
        daemonize,
    )
    .also(&["daemonized", "daemonised"]),
    value(b'I', "interruptible", "1..4", "which signals end the tracer", interruptible),
    flag(0, "kill-on-exit", "the program is killed when the tracer ends", |o| o.kill_on_exit = true),
    flag(b'i', "instruction-pointer", "instruction pointer at each call", |o| o.ip = true),
    flag(b'n', "syscall-number", "number of each call", |o| o.number = true),
    flag(b'N', "arg-names", "names of arguments", |o| o.names = true),
    optional(
        b'k',
        "stack-trace",
        "symbol|source",
        "who made each call; -kk with lines of source",
        stack_trace,
    )
    .also(&["stack-traces"]),
    value(0, "stack-trace-frame-limit", "N", "most frames of a stack (256)", |o, v| {
        number(v).map(|n| o.stack.limit = n)
    }),
    flag(b'z', "successful-only", "only calls that succeed", |o| {
        o.results = Results::SUCCESSFUL;
        o.given.push("-z");
    }),
    flag(b'Z', "failed-only", "only calls that fail", |o: &mut Options| {
        o.results = Results::FAILED;
        o.given.push("-z");
    })
    .also(&["failing-only"]),
    value(0, "color", "auto|always|never", "when colours are used", color),
    value(0, "syscall-limit", "N", "let everything go after N calls", |o, v| {
        number(v).map(|n| o.limit = Some(n as u64))
    }),
    optional(0, "tips", "[id:]N|random,[format:]none|compact|full", "a tip when everything is over", |o, v| {
        o.tips = Tips::parse(&v.unwrap_or_default().to_string_lossy()).ok_or_else(invalid)?;
        Ok(())
    }),
    flag(b'h', "help", "this text", |o| o.help = true),
    flag(b'V', "version", "the version", |o| o.version = true),
];

pub(super) fn number(text: &OsStr) -> Result<usize, String> {
    text.to_str().and_then(|text| text.trim_start().parse().ok()).ok_or_else(invalid)
}

/// A number that is not above `most`.
fn below(text: &OsStr, most: usize) -> Result<usize, String> {
    number(text).and_then(|n| if n <= most { Ok(n) } else { Err(invalid()) })
}

fn precision(unit: Option<&OsStr>) -> Result<Precision, String> {
    match unit {
        None => Ok(Precision::MICROS),
        Some(unit) => unit.to_str().and_then(Precision::named).ok_or_else(invalid),
    }
}

fn hex(options: &mut Options, strings: Option<&OsStr>) -> Result<(), String> {
    options.given.push("--strings-in-hex");
    options.hex = match strings.map(OsStr::to_string_lossy).as_deref() {
        Some("none") => 0,
        Some("non-ascii-chars") => NON_ASCII_CHARS,
        Some("non-ascii") => 1,
        None | Some("all") => 2,
        Some(_) => return Err(invalid()),
    };
    Ok(())
}

/// Stacks with symbols, with lines too when asked for twice.
fn stack_trace(options: &mut Options, detail: Option<&OsStr>) -> Result<(), String> {
    options.stack.lines = match detail.map(OsStr::to_string_lossy).as_deref() {
        None => options.stacks,
        Some("symbol") => false,
        Some("source") => true,
        Some(_) => return Err(invalid()),
    };
    options.stacks = true;
    Ok(())
}

fn attach(options: &mut Options, text: &OsStr) -> Result<(), String> {
    let text = text.to_string_lossy();
    let mut rest = &*text;
    while !rest.is_empty() {
        let (part, after) = rest.split_once([',', ' ', '\t', '\n']).unwrap_or((rest, ""));
        match part.parse::<i32>() {
            Ok(pid) if pid == std::process::id() as i32 && options.strict => {
                return Err("I'm sorry, I can't let you do that, Dave.".into());
            }
            Ok(pid) if pid > 0 => options.attach.push(pid),
            _ => return Err(format!("Invalid process id: '{part}'")),
        }
        rest = after;
    }
    Ok(())
}

fn detach_on(options: &mut Options, text: &OsStr) -> Result<(), String> {
    if text != "execve" {
        return Err(format!("Syscall '{}' for -b isn't supported", text.to_string_lossy()));
    }
    options.detach_on_execve = true;
    Ok(())
}

fn interruptible(options: &mut Options, text: &OsStr) -> Result<(), String> {
    let words = ["anywhere", "waiting", "never", "never_tstp"];
    let text = text.to_string_lossy().to_ascii_lowercase();
    let by_number = text.parse::<usize>().ok().filter(|number| (1..=4).contains(number));
    let found = by_number.or_else(|| words.iter().position(|word| *word == text).map(|at| at + 1));
    options.interruptible = Some(found.ok_or_else(invalid)? as u8);
    Ok(())
}

fn daemonize(options: &mut Options, distance: Option<&OsStr>) -> Result<(), String> {
    options.given.push("--daemonize");
    options.daemonize = match distance.map(OsStr::to_string_lossy).as_deref() {
        None | Some("grandchild") => 1,
        Some("pgroup" | "pgrp") => 2,
        Some("session") => 3,
        Some(_) => return Err(invalid()),
    };
    Ok(())
}

fn constants(options: &mut Options, text: &OsStr) -> Result<(), String> {
    options.constants = match &*text.to_string_lossy() {
        "abbrev" => Constants::Abbrev,
        "raw" => Constants::Raw,
        "verbose" => Constants::Verbose,
        _ => return Err(invalid()),
    };
    Ok(())
}

fn placement(options: &mut Options, text: &OsStr) -> Result<(), String> {
    options.placement = match &*text.to_string_lossy() {
        "auto" => Mode::Auto,
        "same" => Mode::Same,
        "free" => Mode::Free,
        other => return Err(format!("invalid --placement argument: '{other}': auto, same or free")),
    };
    Ok(())
}

fn columns(options: &mut Options, text: &OsStr) -> Result<(), String> {
    options.columns = Columns::parse(&text.to_string_lossy())?;
    options.given.push("-U");
    Ok(())
}

fn sort(options: &mut Options, text: &OsStr) -> Result<(), String> {
    options.sort = Sort::named(&text.to_string_lossy())
        .ok_or_else(|| format!("invalid sortby: '{}'", text.to_string_lossy()))?;
    options.given.push("-S");
    Ok(())
}

fn color(options: &mut Options, text: &OsStr) -> Result<(), String> {
    options.color = match &*text.to_string_lossy() {
        "auto" => Color::Auto,
        "always" => Color::Always,
        "never" => Color::Never,
        other => return Err(format!("invalid --color argument: '{other}': auto, always or never")),
    };
    Ok(())
}
