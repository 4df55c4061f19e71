//! The option table: short and long names, values, help and effect of every option.
//!
//! Options end at the first word that is not one, as in strace: the rest is the command.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use syscall_tables::errno;

use super::launch::{self, Launch};
use super::qualify;
use super::record::{self, Record};
use super::reports::{self, Reports};
use super::rows::ROWS;
use super::table::{self, Entry, Group, Refusal, Row, flag, value};
use super::tips::Tips;
use super::together;
use crate::engine::details::Wishes;
use crate::engine::extras::Wants;
use crate::engine::placement::Mode;
use crate::filter::Wanted;
use crate::filter::program::Ways;
use crate::filter::query::Query;
use crate::inject::Rule;
use crate::output::choice::{Fds, Quiet, Results, Signals};
use crate::output::summary::{Columns, Measure, Sort};
use crate::output::text::dump::Dumps;
use crate::output::text::manner::Manner;
use crate::output::text::quote::HexStrings;
use crate::output::text::render::Constants;
use crate::output::text::time::{Precision, Times};
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
    pub times: Times,
    pub fds: Wishes,
    pub pid_namespaces: bool,
    pub names_of_pids: bool,
    /// What is asked of the kernel beyond calls.
    pub extras: Wants,
    pub tips: Tips,
    pub quiet: Quiet,
    pub manner: Manner,
    pub dumps: Dumps,
    /// Only calls on these descriptors, or on these paths.
    pub trace_fds: Fds,
    pub paths: Vec<OsString>,
    pub injections: Vec<Rule>,
    /// `-I`.
    pub interruptible: Option<u8>,
    /// How often `-D` was given.
    pub daemonize: u8,
    pub hex: u8,
    pub constants: Constants,
    pub json: bool,
    pub summary: bool,
    pub summary_too: bool,
    pub sort: Sort,
    pub columns: Columns,
    pub measure: Measure,
    pub seccomp: bool,
    pub debug: bool,
    pub placement: Mode,
    pub launch: Launch,
    pub reports: Reports,
    pub ip: bool,
    pub number: bool,
    pub names: bool,
    pub results: Results,
    pub signals: Signals,
    pub rings: bool,
    pub color: Color,
    pub limit: Option<u64>,
    /// Processes that call execve are let go.
    pub detach_on_execve: bool,
    pub kill_on_exit: bool,
    pub always_show_pid: bool,
    /// Strace's command line and defaults.
    pub strict: bool,
    pub stacks: bool,
    pub stack: stack::Options,
    pub record: Record,
    pub help: bool,
    pub version: bool,
    /// What is said before anything is started.
    pub notices: Vec<String>,
    /// Which options were given, as often as they were, where strace(1) says something of combinations.
    pub(super) given: Vec<&'static str>,
    /// What is refused once the output was opened.
    pub late: Option<&'static str>,
}

/// `Options::hex` for bytes outside of ASCII alone.
pub(super) const NON_ASCII_CHARS: u8 = u8::MAX;

impl Options {
    /// What holds where nothing is said; `strict` for a command line of strace.
    pub fn new(strict: bool) -> Self {
        Self {
            command: Vec::new(),
            attach: Vec::new(),
            follow: !strict,
            separate: false,
            output: None,
            append: false,
            wanted: Wanted::all(),
            ways: Ways::new(),
            condition: None,
            query: None,
            string_limit: 32,
            column: 40,
            times: Times::default(),
            fds: Wishes::default(),
            pid_namespaces: false,
            names_of_pids: false,
            extras: Wants::default(),
            tips: Tips::default(),
            quiet: Quiet::default(),
            manner: Manner::default(),
            dumps: Dumps::default(),
            trace_fds: Fds::default(),
            paths: Vec::new(),
            injections: Vec::new(),
            interruptible: None,
            daemonize: 0,
            hex: 0,
            constants: Constants::Abbrev,
            json: false,
            summary: false,
            summary_too: false,
            sort: Sort::default(),
            columns: Columns::default(),
            measure: Measure { wall: !strict, overhead_ns: 0, explained: !strict },
            seccomp: !strict,
            debug: false,
            placement: Mode::Auto,
            launch: Launch::default(),
            reports: Reports::default(),
            ip: false,
            number: false,
            names: false,
            results: Results::ALL,
            signals: Signals::ALL,
            rings: !strict,
            color: Color::Auto,
            limit: None,
            detach_on_execve: false,
            kill_on_exit: false,
            always_show_pid: false,
            strict,
            stacks: false,
            stack: stack::Options::default(),
            record: Record::default(),
            help: false,
            version: false,
            notices: Vec::new(),
            given: Vec::new(),
            late: None,
        }
    }

    /// Whether signals of the terminal and others end the tracer.
    pub fn interrupts(&self) -> bool {
        self.interruptible.unwrap_or(if self.daemonize > 0 { 4 } else { 2 }) < 3
    }

    /// How strings are spelled.
    pub fn hex_strings(&self) -> HexStrings {
        match self.hex {
            0 => HexStrings::Never,
            1 => HexStrings::NonAscii,
            NON_ASCII_CHARS => HexStrings::NonAsciiChars,
            _ => HexStrings::Always,
        }
    }
}

impl Options {
    /// How often an option was given.
    pub(super) fn count(&self, name: &str) -> u8 {
        self.given.iter().filter(|given| **given == name).count().try_into().unwrap_or(u8::MAX)
    }

    /// Whether an option was given.
    pub(super) fn gave(&self, name: &str) -> bool {
        self.given.contains(&name)
    }
}

/// The launch options, as a part of these.
const LAUNCH: Group<Options, Launch> = Group { rows: launch::ROWS, part: |options| &mut options.launch };

/// `--where`. Given twice, both must hold.
pub(super) fn condition(options: &mut Options, text: &OsStr) -> Result<(), String> {
    let text = text.to_str().ok_or("--where: the expression is no UTF-8; write other bytes as \\xHH")?;
    narrow(&mut options.condition, text);
    Ok(())
}

/// What strace does not have.
const BEYOND: &[Row<Options>] = &[
    flag(0, "json", "one JSON object a line instead of text; docs/json.md", |o| o.json = true),
    value(
        0,
        "where",
        "EXPR",
        "only calls for which EXPR holds: name == openat and failed (docs/where.md)",
        condition,
    ),
    flag(
        0,
        "useful",
        "the same as -yy -Y -T --arg-names: what descriptors, ids and arguments are, and times",
        |o| {
            o.fds = Wishes::ALL;
            o.names_of_pids = true;
            o.names = true;
            o.times.duration = Some(Precision::MICROS);
        },
    ),
    flag(0, "no-io-uring", "nothing of what goes over the rings of io_uring (docs/io_uring.md)", |o| {
        o.rings = false
    }),
];

/// Reads a command line without the program's name.
///
/// # Errors
/// One sentence that names the option and the value.
pub(super) fn parse(args: &[OsString], strict: bool) -> Result<Options, Refusal> {
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
fn settle(options: &mut Options) -> Result<(), Refusal> {
    // A table that is shown anew is a table.
    options.summary |= options.reports.interval.is_some() && !options.summary_too;
    // The time that went by has columns of its own: the others tell of the CPU's.
    if options.columns.walls() && !options.gave("-w") {
        options.measure.wall = false;
    }
    if options.gave("-q") {
        if options.gave("--quiet") {
            options.late = Some("-q and -e quiet/--quiet cannot be provided simultaneously");
        }
        options.quiet = Quiet::times(options.count("-q"));
    }
    let (test, notices) = qualify::question(options);
    if let Some(test) = test {
        narrow(&mut options.condition, &test);
    }
    if !options.quiet.paths() {
        options.notices.extend(notices);
    }
    question(options)
}

/// Both conditions must hold.
fn narrow(condition: &mut Option<String>, text: &str) {
    *condition = Some(match condition.take() {
        Some(other) => format!("({other}) and ({text})"),
        None => text.to_owned(),
    });
}

/// Reads the expression of `--where`, and leaves only such calls wanted that can fulfil it.
pub(super) fn question(options: &mut Options) -> Result<(), Refusal> {
    let Some(text) = &options.condition else { return Ok(()) };
    let query = Query::parse(text).map_err(|error| format!("--where: {error}"))?;
    // Under strace's name nothing is told of rings.
    let query = if options.rings { query.with_operations() } else { query };
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
pub(super) fn parse_record(args: &[OsString], default: &str) -> Result<Options, Refusal> {
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
pub(super) fn parse_tui(args: &[OsString]) -> Result<(Options, String), Refusal> {
    let mut options = Options::new(false);
    options.command = table::parse(&mut options, own(false), Some(&LAUNCH), args)?;
    let mut expression = options.condition.take();
    if let Some(text) = &expression {
        Query::parse(text).map_err(|error| format!("--where: {error}"))?;
    }
    settle(&mut options)?;
    // What -P and the like ask for is an expression too.
    if let Some(text) = options.condition.take() {
        narrow(&mut expression, &text);
    }
    Ok((options, expression.unwrap_or_default()))
}

/// Reads the command line of `trace replay`: the name of one recording among options.
///
/// # Errors
/// One sentence that names the option and the value.
pub(super) fn parse_replay(args: &[OsString]) -> Result<(Options, Option<PathBuf>), Refusal> {
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
            return Err(format!("one recording at a time: both '{first}' and '{second}' are named").into());
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
pub(super) fn check(mut options: Options) -> Result<Options, Refusal> {
    if options.help || options.version {
        return Ok(options);
    }
    together::judge(&mut options)?;
    options.record.check()?;
    if options.separate && options.output.is_none() && !options.strict {
        return Err("a file per task (-ff, --output-separately) needs a file name: add -o FILE".into());
    }
    options.reports.check(&options)?;
    if options.command.is_empty() && options.launch.user.is_none() && options.launch.asks() {
        return Err("launch options have no effect with -p: they need a command to run".into());
    }
    if options.launch.user.is_some() && options.command.is_empty() && !options.strict {
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
    for (title, entries) in sections(strict) {
        text.push_str(&format!("\n{title}:\n{}", table::help(entries)));
    }
    text
}

/// Every option under the title of its group.
pub(super) fn sections(strict: bool) -> Vec<(&'static str, Vec<Entry>)> {
    let entries = |rows: &[Row<Options>]| rows.iter().map(Row::entry).collect();
    let mut sections = vec![("Options", entries(ROWS))];
    if !strict {
        sections.push(("Beyond strace", entries(BEYOND)));
        sections.push(("Trees and tables", entries(reports::ROWS)));
        sections.push(("Recordings", entries(record::ROWS)));
        // -E, -u and --argv0 are strace's too, and stand above.
        let more = |row: &&Row<Launch>| !ROWS.iter().any(|own| own.long == row.long);
        sections
            .push(("How the command is started", launch::ROWS.iter().filter(more).map(Row::entry).collect()));
    }
    sections
}

/// The text of an error without Rust's number.
pub fn error_text(error: &std::io::Error) -> String {
    let code = error.raw_os_error().and_then(|n| u32::try_from(n).ok());
    code.and_then(errno::text).map_or_else(|| error.to_string(), str::to_owned)
}
