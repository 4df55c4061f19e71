//! `trace record`, and `--record FILE` of the plain command: what is captured for a recording, and where it goes.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;

use super::options::{self, Options, error_text};
use super::table::{Row, flag, value};
use super::{refuse, run};
use crate::decode::Options as Capture;
use crate::engine::details::Wishes;
use crate::engine::sink::Sink;
use crate::filter::query::Query;
use crate::output::json::header::Header;
use crate::output::matching::Where;
use crate::record::format::{EXTRAS, INJECTED, Meta};
use crate::record::privacy::{Environment, Policy};
use crate::record::trigger::OnCall;
use crate::record::writer::{self, AtEnd, Place, Recorder, Setup};
use crate::sys::{clock, signal};

/// The recording's name when none is given.
const DEFAULT_FILE: &str = "run.trace";
/// Longest string that is recorded, unless told otherwise.
const CAPTURE_BYTES: usize = 256;
/// Smallest ring: a frame or two.
const LEAST_RING_BYTES: u64 = 64 << 10;

/// What the command line asks for of a recording.
#[derive(Debug)]
pub(super) struct Record {
    pub file: Option<PathBuf>,
    /// Where `trace record` writes the text log.
    pub text: Option<PathBuf>,
    /// Nothing is written but the recording.
    pub only: bool,
    pub capture_bytes: usize,
    pub fds: bool,
    /// What is replayed, instead of a run.
    pub replayed: Option<Header>,
    pub policy: Policy,
    pub ring_bytes: Option<u64>,
    at_end: Option<AtEnd>,
    trigger: Option<Query>,
}

impl Default for Record {
    fn default() -> Self {
        Self {
            file: None,
            text: None,
            only: false,
            capture_bytes: CAPTURE_BYTES,
            fds: true,
            replayed: None,
            policy: Policy::default(),
            ring_bytes: None,
            at_end: None,
            trigger: None,
        }
    }
}

/// The rows of a recording.
pub(super) const ROWS: &[Row<Options>] = &[
    value(0, "record", "FILE", "record the run to FILE too, for `trace replay`", |o, v| {
        o.record.file = Some(PathBuf::from(v));
        Ok(())
    }),
    value(0, "text", "FILE", "with `trace record`: write the text log to FILE", |o, v| {
        o.record.text = Some(PathBuf::from(v));
        Ok(())
    }),
    value(0, "capture", "BYTES", "longest string that is recorded (256)", |o, v| {
        let text = v.to_string_lossy();
        let bytes =
            text.parse().map_err(|_| format!("invalid --capture argument: '{text}': a number of bytes"));
        bytes.map(|bytes| o.record.capture_bytes = bytes)
    }),
    flag(0, "capture-no-fds", "do not record what descriptors are open on", |o| o.record.fds = false),
    value(0, "environment", "WHAT", "recorded of environments: none, names (default) or all", |o, v| {
        environment(&mut o.record, v)
    }),
    value(0, "redact", "PATTERN", "never record values of variables whose name fits, as *TOKEN*", |o, v| {
        redact(&mut o.record, v)
    }),
    value(
        0,
        "ring",
        "SIZE",
        "keep the newest SIZE bytes of the recording, written on SIGUSR1 and at the end",
        |o, v| ring(&mut o.record, v),
    ),
    value(
        0,
        "dump-on",
        "WHEN",
        "write the ring at the end, on exit (with an error) or on signal only",
        |o, v| dump_on(&mut o.record, v),
    ),
    value(
        0,
        "trigger",
        "EXPR",
        "write the ring at the first call for which EXPR holds, as --where has it",
        |o, v| trigger(&mut o.record, v),
    ),
];

/// `--trigger`.
fn trigger(record: &mut Record, text: &OsStr) -> Result<(), String> {
    let query = Query::parse(&text.to_string_lossy()).map_err(|error| format!("--trigger: {error}"))?;
    record.trigger = Some(query);
    Ok(())
}

/// `--environment`.
fn environment(record: &mut Record, text: &OsStr) -> Result<(), String> {
    record.policy.environment = match &*text.to_string_lossy() {
        "none" => Environment::None,
        "names" => Environment::Names,
        "all" => Environment::All,
        other => return Err(format!("invalid --environment argument: '{other}': none, names or all")),
    };
    Ok(())
}

/// `--redact`.
fn redact(record: &mut Record, text: &OsStr) -> Result<(), String> {
    if text.is_empty() {
        return Err("--redact needs a pattern of names, for example '*TOKEN*'".into());
    }
    record.policy.covered.push(text.as_bytes().to_vec());
    Ok(())
}

/// `--ring`.
fn ring(record: &mut Record, text: &OsStr) -> Result<(), String> {
    let text = text.to_string_lossy();
    let (digits, shift) = match text.char_indices().last() {
        Some((at, 'K' | 'k')) => (&text[..at], 10),
        Some((at, 'M' | 'm')) => (&text[..at], 20),
        Some((at, 'G' | 'g')) => (&text[..at], 30),
        _ => (&*text, 0),
    };
    let size = digits.parse::<u64>().ok().and_then(|n| n.checked_mul(1 << shift));
    match size {
        Some(size) if size >= LEAST_RING_BYTES => {
            record.ring_bytes = Some(size);
            Ok(())
        }
        _ => Err(format!("invalid --ring argument: '{text}': a size from 64K is wanted, as 256M or 1G")),
    }
}

/// `--dump-on`.
fn dump_on(record: &mut Record, text: &OsStr) -> Result<(), String> {
    record.at_end = Some(match &*text.to_string_lossy() {
        "end" => AtEnd::Dump,
        "exit" => AtEnd::DumpOnFailure,
        "signal" => AtEnd::Drop,
        other => return Err(format!("invalid --dump-on argument: '{other}': end, exit or signal")),
    });
    Ok(())
}

impl Record {
    /// Refuses what has no effect.
    pub fn check(&self) -> Result<(), String> {
        if self.file.is_none() && self.ring_bytes.is_some() {
            return Err("--ring needs a recording: use `trace record`, or add --record FILE".into());
        }
        if self.ring_bytes.is_none() && self.at_end.is_some() {
            return Err("--dump-on is about a ring: add --ring SIZE".into());
        }
        if self.ring_bytes.is_none() && self.trigger.is_some() {
            return Err("--trigger is about a ring: add --ring SIZE".into());
        }
        if self.file.is_none() && self.text.is_some() {
            return Err("--text is an option of `trace record`: use -o FILE".into());
        }
        Ok(())
    }

    /// Opens the recording, where one is asked for.
    pub fn open(&self) -> Result<Option<Place>, String> {
        self.file.as_deref().map(writer::create).transpose()
    }

    /// Blocks the signal by which a ring is dumped; before any thread is started, and after the mask of tracees
    /// was taken.
    pub fn block_signals(&self) {
        if self.ring_bytes.is_some() {
            signal::block(&[libc::SIGUSR1]);
        }
    }

    /// What is read of each call: everything that a replay may want, beside what the text shows.
    pub fn capture(&self, shown: Capture) -> Capture {
        if self.file.is_none() {
            return shown;
        }
        let asked = self.trigger.as_ref().map_or(0, |query| query.needs().string_bytes);
        let string_limit = shown.string_limit.max(self.capture_bytes).max(asked);
        Capture { string_limit, abbreviate: false, raw: false, dereference: true }
    }

    /// What is asked of descriptors, beside what the text shows.
    pub fn fds(&self, shown: Wishes) -> Wishes {
        let triggers =
            self.trigger.as_ref().is_some_and(|query| query.needs().fd_targets || query.needs().sockets);
        if self.file.is_some() && (self.fds || triggers) { Wishes::ALL } else { shown }
    }
}

/// Facts of the recording.
pub(super) fn meta(options: &Options) -> Meta {
    let mut meta = Meta::default();
    let kernel = |name: &str| {
        let text = std::fs::read_to_string(format!("/proc/sys/kernel/{name}")).unwrap_or_default();
        text.trim().to_owned()
    };
    let words: Vec<&[u8]> = options.command.iter().map(|word| word.as_bytes()).collect();
    let capture = options.string_limit.max(options.record.capture_bytes);
    let stacks = match (options.stacks, options.stack.lines) {
        (false, _) => "none",
        (true, false) => "symbols",
        (true, true) => "lines",
    };
    let yes = |holds: bool| if holds { "yes" } else { "no" };
    meta.add("trace", env!("CARGO_PKG_VERSION"));
    meta.add("host", kernel("hostname"));
    meta.add("kernel", kernel("osrelease"));
    meta.add("machine", std::env::consts::ARCH);
    meta.add("command", words.join(&0));
    meta.add("capture", capture.to_string());
    meta.add("calls", if options.wanted.is_all() && options.query.is_none() { "all" } else { "some" });
    meta.add("fds", yes(options.fds.any() || options.record.fds));
    meta.add("pids", yes(options.pid_namespaces));
    meta.add("names", yes(options.names_of_pids));
    meta.add("stacks", stacks);
    meta.add(INJECTED, yes(!options.injections.is_empty()));
    meta.add(EXTRAS, yes(options.extras.any()));
    meta.add("ring", yes(options.record.ring_bytes.is_some()));
    let attached: Vec<String> = options.attach.iter().map(i32::to_string).collect();
    meta.add("attached", attached.join(" "));
    meta.add("begun", clock::wall_ns().to_string());
    meta
}

/// The same, for those who show the recording.
pub(super) fn header(meta: &Meta) -> Header {
    let text = |name: &str| String::from_utf8_lossy(meta.get(name).unwrap_or_default()).into_owned();
    let command = meta.get("command").filter(|words| !words.is_empty());
    Header {
        kernel: text("kernel"),
        machine: text("machine"),
        command: command
            .map(|words| words.split(|b| *b == 0).map(<[u8]>::to_vec).collect())
            .unwrap_or_default(),
        attached: text("attached").split(' ').filter_map(|pid| pid.parse().ok()).collect(),
        wall_ns: meta.number("begun").unwrap_or_default(),
    }
}

/// Begins the recording that the options ask for, in its opened file; the sinks that make it.
pub(super) fn start(program: &str, options: &Options, place: Place) -> Result<Vec<Box<dyn Sink>>, String> {
    let record = &options.record;
    let setup = Setup {
        program: program.to_owned(),
        meta: meta(options),
        policy: record.policy.clone(),
        ring_bytes: record.ring_bytes,
        at_end: record.at_end.unwrap_or_default(),
        io_uring: options.rings,
        ..Setup::default()
    };
    let path = record.file.clone().unwrap_or_default();
    let shown = path.display().to_string();
    let recorder = Recorder::start(place.begin()?, path, setup)
        .map_err(|error| format!("cannot write the recording '{shown}': {}", error_text(&error)))?;
    if record.ring_bytes.is_some() {
        let remote = recorder.remote();
        let listen = move || {
            while signal::wait_info(&[libc::SIGUSR1]).is_ok() {
                remote.dump();
            }
        };
        let thread = thread::Builder::new().name("dump".into()).spawn(listen);
        thread.map_err(|error| format!("cannot listen for SIGUSR1: {}", error_text(&error)))?;
    }
    let remote = recorder.remote();
    let mut sinks: Vec<Box<dyn Sink>> = vec![Box::new(recorder)];
    if let Some(query) = &record.trigger {
        let query = if options.rings { query.clone().with_operations() } else { query.clone() };
        sinks.push(Box::new(Where::new(query, vec![Box::new(OnCall::new(remote))])));
    }
    Ok(sinks)
}

/// Runs `trace record`; the exit status is the command's.
pub(super) fn run(program: &str, args: Vec<OsString>) -> ExitCode {
    let options = match options::parse_record(&args, DEFAULT_FILE) {
        Ok(options) => options,
        Err(error) => {
            return refuse(program, format_args!("{error}\nTry '{program} record -h' for more information."));
        }
    };
    if options.help {
        println!("Usage: {program} record [-o FILE] [OPTIONS] [--] COMMAND [ARGS]");
        println!("       {program} record [-o FILE] [OPTIONS] -p PID\n");
        println!(
            "Records the run in FILE ({DEFAULT_FILE}), for `{program} replay FILE`. -o names the recording,"
        );
        println!("--text FILE writes the text log beside it. Other options as for {program}:\n");
        print!("{}", options::help(program, false));
        return ExitCode::SUCCESS;
    }
    run::run(program, options)
}
