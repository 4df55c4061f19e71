//! The option table: short and long names, values, help and effect of every option.
//!
//! Options end at the first word that is not one, as in strace: the rest is the command.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use syscall_tables::errno;

use super::decode;
use super::launch::{self, Launch};
use super::record::{self, Record};
use super::reports::{self, Reports};
use super::table::{self, Group, Row, flag, optional, value};
use crate::engine::details::Wishes;
use crate::engine::placement::Mode;
use crate::filter::Wanted;
use crate::filter::program::Ways;
use crate::filter::query::Query;
use crate::output::summary::{Columns, Sort};
use crate::output::text::Only;
use crate::output::text::quote::HexStrings;
use crate::output::text::render::Constants;
use crate::output::text::time::Clock;
use crate::stack;

/// When colour is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What the command line asks for.
#[derive(Debug)]
pub(super) struct Options {
    pub command: Vec<OsString>,
    pub attach: Vec<i32>,
    pub follow: bool,
    followed: bool,
    pub separate: bool,
    pub output: Option<PathBuf>,
    pub append: bool,
    pub wanted: Wanted,
    /// Of some calls only those that fulfil conditions on their registers are wanted.
    pub ways: Ways,
    /// The expression of `--where`, and what became of it.
    condition: Option<String>,
    pub query: Option<Query>,
    pub string_limit: usize,
    pub column: usize,
    pub clock: u8,
    pub relative: bool,
    pub duration: bool,
    pub fds: Wishes,
    pub pid_namespaces: bool,
    pub names_of_pids: bool,
    pub quiet: u8,
    pub verbose: bool,
    pub raw: bool,
    pub hex: u8,
    pub constants: Constants,
    pub json: bool,
    pub summary: bool,
    pub summary_too: bool,
    pub sort: Sort,
    pub columns: Columns,
    pub seccomp: bool,
    pub debug: bool,
    pub placement: Mode,
    pub launch: Launch,
    pub reports: Reports,
    pub ip: bool,
    pub number: bool,
    pub names: bool,
    pub only: Option<Only>,
    pub signals: bool,
    pub rings: bool,
    pub color: Color,
    pub limit: Option<u64>,
    pub stacks: bool,
    pub stack: stack::Options,
    pub record: Record,
    pub help: bool,
    pub version: bool,
}

impl Options {
    fn new(strict: bool) -> Self {
        Self {
            command: Vec::new(),
            attach: Vec::new(),
            follow: !strict,
            followed: false,
            separate: false,
            output: None,
            append: false,
            wanted: Wanted::all(),
            ways: Ways::new(),
            condition: None,
            query: None,
            string_limit: 32,
            column: 40,
            clock: 0,
            relative: false,
            duration: false,
            fds: Wishes::default(),
            pid_namespaces: false,
            names_of_pids: false,
            quiet: 0,
            verbose: false,
            raw: false,
            hex: 0,
            constants: Constants::Abbrev,
            json: false,
            summary: false,
            summary_too: false,
            sort: Sort::Time,
            columns: Columns::default(),
            seccomp: !strict,
            debug: false,
            placement: Mode::Auto,
            launch: Launch::default(),
            reports: Reports::default(),
            ip: false,
            number: false,
            names: false,
            only: None,
            signals: true,
            rings: !strict,
            color: Color::Auto,
            limit: None,
            stacks: false,
            stack: stack::Options::default(),
            record: Record::default(),
            help: false,
            version: false,
        }
    }

    /// How strings are spelled.
    pub fn hex_strings(&self) -> HexStrings {
        match self.hex {
            0 => HexStrings::Never,
            1 => HexStrings::NonAscii,
            _ => HexStrings::Always,
        }
    }

    /// The wall clock to print.
    pub fn wall_clock(&self) -> Clock {
        match self.clock {
            0 => Clock::None,
            1 => Clock::Seconds,
            2 => Clock::Micros,
            _ => Clock::Unix,
        }
    }
}

const ROWS: &[Row<Options>] = &[
    flag(b'f', "follow-forks", "follow children (the default of trace); twice: a file per task", |o| {
        let again = o.twice_f();
        o.separate |= again;
    }),
    flag(0, "no-follow", "do not follow children", |o| o.follow = false),
    flag(0, "output-separately", "write a file per task: FILE.PID", |o| o.separate = true),
    value(b'p', "attach", "PID[,PID…]", "attach to running processes", attach),
    value(b'o', "output", "FILE", "write the trace to FILE instead of standard error", |o, v| {
        o.output = Some(PathBuf::from(v));
        Ok(())
    }),
    flag(b'A', "output-append-mode", "append to the file of -o", |o| o.append = true),
    value(b'e', "expr", "EXPR", "trace=, signal=, status=, abbrev=, raw=, quiet=, or syscalls", expression),
    value(0, "trace", "SYSCALLS", "names, %classes, /regex, numbers, !, all, none", trace),
    value(b's', "string-limit", "SIZE", "longest string printed (32)", |o, v| {
        number(v, "string size").map(|n| o.string_limit = n)
    }),
    value(b'a', "columns", "COLUMN", "column of return values (40)", |o, v| {
        number(v, "column").map(|n| o.column = n)
    }),
    flag(b't', "absolute-timestamps", "wall clock; -tt with microseconds, -ttt since 1970", |o| o.clock += 1),
    flag(b'r', "relative-timestamps", "time since the line before", |o| o.relative = true),
    flag(b'T', "syscall-times", "time spent in each call", |o| o.duration = true),
    flag(b'y', "", "paths of file descriptors; -yy: addresses of sockets, devices and more", |o| {
        o.fds = if o.fds.paths { Wishes::ALL } else { Wishes { paths: true, ..o.fds } };
    }),
    optional(
        0,
        "decode-fds",
        "path,socket,dev,pidfd,signalfd,all,none",
        "what is told of file descriptors",
        decode::fds,
    ),
    flag(b'Y', "", "names of processes beside their ids", |o| o.names_of_pids = true),
    value(
        0,
        "decode-pids",
        "comm,pidns",
        "what is told of process ids: their names, their ids for us",
        decode::pids,
    ),
    flag(0, "pidns-translation", "the same as --decode-pids=pidns", |o| o.pid_namespaces = true),
    flag(b'q', "quiet", "fewer notices; repeat for fewer still", |o| o.quiet += 1),
    flag(b'v', "no-abbrev", "print structs, environments and arrays in full", |o| o.verbose = true),
    flag(b'x', "strings-in-hex", "strings that are not ASCII in hexadecimal; -xx all", |o| o.hex += 1),
    value(b'X', "const-print-style", "STYLE", "constants: abbrev, raw or verbose", constants),
    flag(b'c', "summary-only", "count calls, errors and times instead of printing", |o| o.summary = true),
    flag(b'C', "summary", "print calls and count them", |o| o.summary_too = true),
    value(b'S', "summary-sort-by", "KEY", "sort the summary by time, calls, errors, name or nothing", sort),
    value(
        b'U',
        "summary-columns",
        "LIST",
        "columns of the summary: time-percent,total-time,avg-time,calls,errors,name",
        columns,
    ),
    flag(0, "seccomp-bpf", "stop only for the calls that are wanted (the default of trace)", |o| {
        o.seccomp = true
    }),
    flag(0, "no-seccomp", "stop at every call, whatever is wanted", |o| o.seccomp = false),
    value(0, "placement", "WHERE", "CPUs of tracer and program: auto, same or free", placement),
    flag(b'd', "debug", "say what the tracer decides", |o| o.debug = true),
    value(b'E', "env", "VAR[=VALUE]", "set or unset a variable of the command", |o, v| {
        o.launch.env.push(v.to_owned());
        Ok(())
    }),
    value(b'u', "user", "NAME", "run the command as this user", |o, v| {
        o.launch.user = Some(v.to_string_lossy().into_owned());
        Ok(())
    }),
    value(0, "argv0", "NAME", "the command's argv[0]", |o, v| {
        o.launch.argv0 = Some(v.to_owned());
        Ok(())
    }),
    flag(b'i', "instruction-pointer", "instruction pointer at each call", |o| o.ip = true),
    flag(b'n', "syscall-number", "number of each call", |o| o.number = true),
    flag(b'N', "arg-names", "names of arguments", |o| o.names = true),
    optional(
        b'k',
        "stack-trace",
        "symbol|source",
        "who made each call; -kk with lines of source",
        stack_trace,
    ),
    optional(0, "stack-traces", "symbol|source", "the same", stack_trace),
    value(0, "stack-trace-frame-limit", "N", "most frames of a stack (256)", |o, v| {
        number(v, "frame limit").map(|n| o.stack.limit = n)
    }),
    flag(b'z', "successful-only", "only calls that succeed", |o| o.only = Some(Only::Successful)),
    flag(b'Z', "failed-only", "only calls that fail", |o| o.only = Some(Only::Failed)),
    value(0, "color", "WHEN", "colour: auto, always or never", color),
    value(0, "syscall-limit", "N", "let everything go after N calls", |o, v| {
        number(v, "limit").map(|n| o.limit = Some(n as u64))
    }),
    flag(b'h', "help", "this text", |o| o.help = true),
    flag(b'V', "version", "the version", |o| o.version = true),
];

impl Options {
    /// Turns following on; whether it had been asked for before.
    fn twice_f(&mut self) -> bool {
        let before = std::mem::replace(&mut self.followed, true);
        self.follow = true;
        before
    }
}

fn number(text: &OsStr, what: &str) -> Result<usize, String> {
    let text = text.to_string_lossy();
    text.parse().map_err(|_| format!("invalid {what} '{text}': a number from 0 is wanted"))
}

/// Stacks with symbols, with lines too when asked for twice.
fn stack_trace(options: &mut Options, detail: Option<&OsStr>) -> Result<(), String> {
    options.stack.lines = match detail.map(OsStr::to_string_lossy).as_deref() {
        None => options.stacks,
        Some("symbol") => false,
        Some("source") => true,
        Some(other) => {
            return Err(format!("invalid --stack-trace argument: '{other}': symbol or source is wanted"));
        }
    };
    options.stacks = true;
    Ok(())
}

fn attach(options: &mut Options, text: &OsStr) -> Result<(), String> {
    for part in text.to_string_lossy().split([',', ' ', '\t', '\n']).filter(|part| !part.is_empty()) {
        match part.parse::<i32>() {
            Ok(pid) if pid > 0 => options.attach.push(pid),
            _ => return Err(format!("Invalid process id: '{part}'")),
        }
    }
    Ok(())
}

fn trace(options: &mut Options, text: &OsStr) -> Result<(), String> {
    options.wanted = Wanted::parse(&text.to_string_lossy()).map_err(|e| e.to_string())?;
    Ok(())
}

fn expression(options: &mut Options, text: &OsStr) -> Result<(), String> {
    let text = text.to_string_lossy().into_owned();
    let (key, rest) = text.split_once('=').unwrap_or(("trace", &text));
    match (key, rest) {
        ("trace" | "t", _) => trace(options, OsStr::new(rest)),
        ("signal" | "signals" | "s", "none" | "!all") => {
            options.signals = false;
            Ok(())
        }
        ("signal" | "signals" | "s", "all") => Ok(()),
        ("status", "successful") => {
            options.only = Some(Only::Successful);
            Ok(())
        }
        ("status", "failed") => {
            options.only = Some(Only::Failed);
            Ok(())
        }
        ("decode-pids" | "decode-pid", _) => decode::pids(options, OsStr::new(rest)),
        ("decode-fds" | "decode-fd", _) => decode::fds(options, Some(OsStr::new(rest))),
        ("abbrev" | "a", "none") => {
            options.verbose = true;
            Ok(())
        }
        ("abbrev" | "a" | "verbose" | "v", "all") => Ok(()),
        ("raw" | "x", "all") => {
            options.raw = true;
            Ok(())
        }
        ("quiet" | "silent" | "silence" | "q", "attach" | "personality") => {
            options.quiet = options.quiet.max(1);
            Ok(())
        }
        ("quiet" | "silent" | "silence" | "q", "exit" | "all") => {
            options.quiet = 3;
            Ok(())
        }
        _ => Err(format!(
            "invalid expression '{text}': -e takes trace=, signal=all|none, status=successful|failed, abbrev=none, raw=all, quiet="
        )),
    }
}

fn constants(options: &mut Options, text: &OsStr) -> Result<(), String> {
    options.constants = match &*text.to_string_lossy() {
        "abbrev" => Constants::Abbrev,
        "raw" => Constants::Raw,
        "verbose" => Constants::Verbose,
        other => return Err(format!("invalid -X argument: '{other}'")),
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
    Ok(())
}

fn sort(options: &mut Options, text: &OsStr) -> Result<(), String> {
    options.sort = match &*text.to_string_lossy() {
        "time" | "time_total" | "total_time" | "time-percent" | "time-total" => Sort::Time,
        "calls" | "count" => Sort::Calls,
        "errors" | "error" => Sort::Errors,
        "name" | "syscall" | "syscall_name" => Sort::Name,
        "nothing" | "none" => Sort::Nothing,
        other => return Err(format!("invalid sortby: '{other}'")),
    };
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

/// The launch options, as a part of these.
const LAUNCH: Group<Options, Launch> = Group { rows: launch::ROWS, part: |options| &mut options.launch };

/// What strace does not have.
const BEYOND: &[Row<Options>] = &[
    flag(0, "json", "one JSON object a line instead of text; docs/json.md", |o| o.json = true),
    value(
        0,
        "where",
        "EXPR",
        "only calls for which EXPR holds: name == openat and failed (docs/where.md)",
        |o, v| {
            let text = v.to_str().ok_or("--where: the expression is no UTF-8; write other bytes as \\xHH")?;
            match &mut o.condition {
                // Given twice, both must hold.
                Some(other) => *other = format!("({other}) and ({text})"),
                None => o.condition = Some(text.to_owned()),
            }
            Ok(())
        },
    ),
    flag(0, "no-io-uring", "no lines for what goes over the rings of io_uring (docs/io_uring.md)", |o| {
        o.rings = false
    }),
];

/// Reads a command line without the program's name.
///
/// # Errors
/// One sentence that names the option and the value.
pub(super) fn parse(args: &[OsString], strict: bool) -> Result<Options, String> {
    let mut options = Options::new(strict);
    let group = (!strict).then_some(&LAUNCH);
    options.command = table::parse(&mut options, own(strict), group, args)?;
    settle(&mut options)?;
    check(options)
}

/// The tables of `trace`, or those of strace.
fn own(strict: bool) -> &'static [&'static [Row<Options>]] {
    if strict { &[ROWS] } else { &[BEYOND, reports::ROWS, record::ROWS, ROWS] }
}

/// What follows from the options together.
fn settle(options: &mut Options) -> Result<(), String> {
    // A table that is shown anew is a table.
    options.summary |= options.reports.interval.is_some() && !options.summary_too;
    question(options)
}

/// Reads the expression of `--where`, and leaves only such calls wanted that can fulfil it.
fn question(options: &mut Options) -> Result<(), String> {
    let Some(text) = &options.condition else { return Ok(()) };
    let query = Query::parse(text).map_err(|error| format!("--where: {error}"))?;
    let pushdown = query.pushdown();
    options.wanted = options.wanted.and(&pushdown.wanted);
    options.ways = pushdown.ways;
    options.query = Some(query);
    Ok(())
}

/// Reads the command line of `trace record`, whose `-o` names the recording, `default` when it is not given.
///
/// # Errors
/// One sentence that names the option and the value.
pub(super) fn parse_record(args: &[OsString], default: &str) -> Result<Options, String> {
    let mut options = Options::new(false);
    options.command = table::parse(&mut options, own(false), Some(&LAUNCH), args)?;
    settle(&mut options)?;
    if options.record.file.is_some() {
        return Err("--record is an option of the plain command: here -o FILE names the recording".into());
    }
    let file = options.output.take().unwrap_or_else(|| default.into());
    options.record.file = Some(file);
    options.output = options.record.text.clone();
    options.record.only = options.output.is_none();
    check(options)
}

/// Reads the command line of `trace tui`; the expression of `--where` is given back, because the screen can change it
/// and every call is recorded. What goes together is not checked yet.
///
/// # Errors
/// One sentence that names the option and the value.
pub(super) fn parse_tui(args: &[OsString]) -> Result<(Options, String), String> {
    let mut options = Options::new(false);
    options.command = table::parse(&mut options, own(false), Some(&LAUNCH), args)?;
    let expression = options.condition.take().unwrap_or_default();
    if !expression.is_empty() {
        Query::parse(&expression).map_err(|error| format!("--where: {error}"))?;
    }
    Ok((options, expression))
}

/// Reads the command line of `trace replay`: the name of one recording among options.
///
/// # Errors
/// One sentence that names the option and the value.
pub(super) fn parse_replay(args: &[OsString]) -> Result<(Options, Option<PathBuf>), String> {
    let mut options = Options::new(false);
    let (mut file, mut rest) = (None, args.to_vec());
    loop {
        rest = table::parse(&mut options, own(false), None::<&Group<Options, Launch>>, &rest)?;
        if rest.is_empty() {
            break;
        }
        let name = PathBuf::from(rest.remove(0));
        if let Some(first) = file.replace(name) {
            let second = file.unwrap_or_default();
            let (first, second) = (first.display(), second.display());
            return Err(format!("one recording at a time: both '{first}' and '{second}' are named"));
        }
    }
    options.summary |= options.reports.interval.is_some() && !options.summary_too;
    question(&mut options)?;
    if options.separate && options.output.is_none() {
        return Err("a file per task (-ff, --output-separately) needs a file name: add -o FILE".into());
    }
    settle(&mut options)?;
    Ok((options, file))
}

/// Refuses what does not go together.
///
/// # Errors
/// One sentence.
pub(super) fn check(options: Options) -> Result<Options, String> {
    if options.help || options.version {
        return Ok(options);
    }
    if options.command.is_empty() && options.attach.is_empty() {
        return Err("must have PROG [ARGS] or -p PID".into());
    }
    options.record.check()?;
    if options.separate && options.output.is_none() {
        return Err("a file per task (-ff, --output-separately) needs a file name: add -o FILE".into());
    }
    if options.separate && (options.summary || options.summary_too) {
        return Err("-c/-C and -ff are mutually exclusive options".into());
    }
    options.reports.check(&options)?;
    if options.command.is_empty() && options.launch.user.is_none() && options.launch.asks() {
        return Err("launch options have no effect with -p: they need a command to run".into());
    }
    if options.launch.user.is_some() && options.command.is_empty() {
        return Err("-u has no effect with -p: it needs a command to run".into());
    }
    Ok(options)
}

/// The help text, from the table.
pub fn help(program: &str, strict: bool) -> String {
    let mut text =
        format!("Usage: {program} [OPTIONS] [--] COMMAND [ARGS]\n       {program} [OPTIONS] -p PID\n");
    if !strict {
        text.push_str(&format!("       {program} syscalls [NAME]\n"));
    }
    text.push_str("\nOptions:\n");
    text.push_str(&table::help(ROWS));
    if !strict {
        text.push_str("\nBeyond strace:\n");
        text.push_str(&table::help(BEYOND));
        text.push_str("\nTrees and tables:\n");
        text.push_str(&table::help(reports::ROWS));
        text.push_str("\nHow the command is started:\n");
        // -E, -u and --argv0 are strace's too, and stand above.
        let more = |row: &&table::Row<Launch>| !ROWS.iter().any(|own| own.long == row.long);
        text.push_str(&table::help(launch::ROWS.iter().filter(more)));
    }
    text
}

/// The text of an error without Rust's number.
pub fn error_text(error: &std::io::Error) -> String {
    let code = error.raw_os_error().and_then(|n| u32::try_from(n).ok());
    code.and_then(errno::text).map_or_else(|| error.to_string(), str::to_owned)
}
