//! The option table: short and long names, values, help and effect of every option.
//!
//! Options end at the first word that is not one, as in strace: the rest is the command.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

use syscall_tables::errno;

use crate::filter::Wanted;
use crate::output::summary::Sort;
use crate::output::text::Only;
use crate::output::text::quote::HexStrings;
use crate::output::text::render::Constants;
use crate::output::text::time::Clock;

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
pub struct Options {
    pub command: Vec<OsString>,
    pub attach: Vec<i32>,
    pub follow: bool,
    followed: bool,
    pub separate: bool,
    pub output: Option<PathBuf>,
    pub append: bool,
    pub wanted: Wanted,
    pub string_limit: usize,
    pub column: usize,
    pub clock: u8,
    pub relative: bool,
    pub duration: bool,
    pub targets: u8,
    pub quiet: u8,
    pub verbose: bool,
    pub raw: bool,
    pub hex: u8,
    pub constants: Constants,
    pub summary: bool,
    pub summary_too: bool,
    pub sort: Sort,
    pub env: Vec<OsString>,
    pub user: Option<String>,
    pub argv0: Option<OsString>,
    pub ip: bool,
    pub number: bool,
    pub names: bool,
    pub only: Option<Only>,
    pub signals: bool,
    pub color: Color,
    pub limit: Option<u64>,
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
            string_limit: 32,
            column: 40,
            clock: 0,
            relative: false,
            duration: false,
            targets: 0,
            quiet: 0,
            verbose: false,
            raw: false,
            hex: 0,
            constants: Constants::Abbrev,
            summary: false,
            summary_too: false,
            sort: Sort::Time,
            env: Vec::new(),
            user: None,
            argv0: None,
            ip: false,
            number: false,
            names: false,
            only: None,
            signals: true,
            color: Color::Auto,
            limit: None,
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

/// What an option does; the second form takes a value.
enum Effect {
    Flag(fn(&mut Options)),
    Value(fn(&mut Options, &OsStr) -> Result<(), String>),
}

/// One option.
struct Row {
    short: Option<u8>,
    long: &'static str,
    value: &'static str,
    about: &'static str,
    effect: Effect,
}

const fn flag(short: u8, long: &'static str, about: &'static str, effect: fn(&mut Options)) -> Row {
    let short = if short == 0 { None } else { Some(short) };
    Row { short, long, value: "", about, effect: Effect::Flag(effect) }
}

const fn value(
    short: u8,
    long: &'static str,
    value: &'static str,
    about: &'static str,
    effect: fn(&mut Options, &OsStr) -> Result<(), String>,
) -> Row {
    let short = if short == 0 { None } else { Some(short) };
    Row { short, long, value, about, effect: Effect::Value(effect) }
}

const ROWS: &[Row] = &[
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
    flag(b'y', "decode-fds", "paths of file descriptors", |o| o.targets += 1),
    flag(b'q', "quiet", "fewer notices; repeat for fewer still", |o| o.quiet += 1),
    flag(b'v', "no-abbrev", "print structs, environments and arrays in full", |o| o.verbose = true),
    flag(b'x', "strings-in-hex", "strings that are not ASCII in hexadecimal; -xx all", |o| o.hex += 1),
    value(b'X', "const-print-style", "STYLE", "constants: abbrev, raw or verbose", constants),
    flag(b'c', "summary-only", "count calls, errors and times instead of printing", |o| o.summary = true),
    flag(b'C', "summary", "print calls and count them", |o| o.summary_too = true),
    value(b'S', "summary-sort-by", "KEY", "sort the summary by time, calls, errors, name or nothing", sort),
    value(b'E', "env", "VAR[=VALUE]", "set or unset a variable of the command", |o, v| {
        o.env.push(v.to_owned());
        Ok(())
    }),
    value(b'u', "user", "NAME", "run the command as this user", |o, v| {
        o.user = Some(v.to_string_lossy().into_owned());
        Ok(())
    }),
    value(0, "argv0", "NAME", "the command's argv[0]", |o, v| {
        o.argv0 = Some(v.to_owned());
        Ok(())
    }),
    flag(b'i', "instruction-pointer", "instruction pointer at each call", |o| o.ip = true),
    flag(b'n', "syscall-number", "number of each call", |o| o.number = true),
    flag(b'N', "arg-names", "names of arguments", |o| o.names = true),
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

fn apply(options: &mut Options, row: &Row, value: Option<&OsStr>) -> Result<(), String> {
    match (&row.effect, value) {
        (Effect::Flag(effect), _) => {
            effect(options);
            Ok(())
        }
        (Effect::Value(effect), Some(value)) => effect(options, value),
        (Effect::Value(_), None) => {
            Err(format!("option '--{}' requires an argument: {}", row.long, row.value))
        }
    }
}

fn takes_value(row: &Row) -> bool {
    matches!(row.effect, Effect::Value(_))
}

/// Reads a command line without the program's name.
///
/// # Errors
/// One sentence that names the option and the value.
pub fn parse(args: &[OsString], strict: bool) -> Result<Options, String> {
    let mut options = Options::new(strict);
    let mut args = args.iter();
    while let Some(word) = args.as_slice().first() {
        let bytes = word.as_bytes();
        if bytes == b"--" {
            args.next();
            break;
        }
        if bytes.len() < 2 || bytes[0] != b'-' {
            break;
        }
        args.next();
        if let Some(long) = bytes.strip_prefix(b"--") {
            let (name, inline) = match long.iter().position(|&b| b == b'=') {
                Some(at) => (&long[..at], Some(OsStr::from_bytes(&long[at + 1..]))),
                None => (long, None),
            };
            let row = ROWS.iter().find(|row| row.long.as_bytes() == name);
            let row =
                row.ok_or_else(|| format!("unrecognized option '--{}'", String::from_utf8_lossy(name)))?;
            let next = (takes_value(row) && inline.is_none()).then(|| args.next().map(OsString::as_os_str));
            apply(&mut options, row, inline.or(next.flatten()))?;
            continue;
        }
        let mut cluster = &bytes[1..];
        while let Some((&letter, rest)) = cluster.split_first() {
            let row = ROWS.iter().find(|row| row.short == Some(letter));
            let row = row.ok_or_else(|| format!("invalid option -- '{}'", letter.escape_ascii()))?;
            cluster = rest;
            if takes_value(row) {
                let inline = (!rest.is_empty()).then(|| OsString::from_vec(rest.to_vec()));
                let text = inline.or_else(|| args.next().cloned());
                let text =
                    text.ok_or_else(|| format!("option requires an argument -- '{}'", letter as char))?;
                apply(&mut options, row, Some(&text))?;
                break;
            }
            apply(&mut options, row, None)?;
        }
    }
    options.command = args.cloned().collect();
    check(options)
}

/// Refuses what does not go together.
fn check(options: Options) -> Result<Options, String> {
    if options.help || options.version {
        return Ok(options);
    }
    if options.command.is_empty() && options.attach.is_empty() {
        return Err("must have PROG [ARGS] or -p PID".into());
    }
    if options.separate && options.output.is_none() {
        return Err("a file per task (-ff, --output-separately) needs a file name: add -o FILE".into());
    }
    if options.separate && (options.summary || options.summary_too) {
        return Err("-c/-C and -ff are mutually exclusive options".into());
    }
    if options.user.is_some() && options.command.is_empty() {
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
    for row in ROWS {
        let short = row.short.map_or("    ".into(), |c| format!("-{}, ", c as char));
        let long =
            if row.value.is_empty() { row.long.to_owned() } else { format!("{}={}", row.long, row.value) };
        text.push_str(&format!("  {short}--{long:<26} {}\n", row.about));
    }
    text
}

/// The text of an error without Rust's number.
pub fn error_text(error: &std::io::Error) -> String {
    let code = error.raw_os_error().and_then(|n| u32::try_from(n).ok());
    code.and_then(errno::text).map_or_else(|| error.to_string(), str::to_owned)
}
