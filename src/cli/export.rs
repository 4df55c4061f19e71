//! `trace export`: a recording in the format of another program.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, IsTerminal};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use super::options::{self, Options, error_text};
use super::rows::number;
use super::table::{self, Group, Refusal, Row, flag, value};
use super::{qualify, record, refuse, replay};
use crate::decode;
use crate::engine::details::Wishes;
use crate::engine::sink::Sink;
use crate::filter::Wanted;
use crate::filter::query::Query;
use crate::output::blind::Blind;
use crate::output::choice::Results;
use crate::output::matching::Where;
use crate::output::text::place;
use crate::output::text::render::Spelling;
use crate::record::export::out::{Out, Trouble};
use crate::record::export::{FORMATS, Format, Make, Setup, Weight, format};
use crate::record::parse::Want;
use crate::record::reader::Recording;
use crate::record::replay::{View, replay as tell};

/// What the command line asks for.
struct Export {
    /// What a replay takes too.
    shared: Options,
    format: Option<&'static Format>,
    weight: Option<Weight>,
}

/// The rows.
const ROWS: &[Row<Export>] = &[
    value(0, "format", "FORMAT", "the format; they are listed below", |e, v| {
        let name = v.to_string_lossy();
        e.format =
            Some(format(&name).ok_or_else(|| format!("there is no format '{name}': {}", known_formats()))?);
        Ok(())
    }),
    value(
        b'o',
        "output",
        "FILE",
        "write to FILE (a directory, for some formats) instead of standard output",
        |e, v| {
            e.shared.output = Some(PathBuf::from(v));
            Ok(())
        },
    ),
    value(
        0,
        "weight",
        "calls|time",
        "with folded: weigh by number of calls, or by nanoseconds in them",
        weight,
    ),
    value(
        b'e',
        "expr",
        "EXPR",
        "trace=, signal=, status=, abbrev=, verbose=, raw=, as a replay has it",
        expression,
    ),
    value(0, "trace", "SYSCALLS", "names, %classes, /regex, numbers, !, all, none", |e, v| {
        qualify::qualify(&mut e.shared, "trace", v)
    }),
    value(0, "where", "EXPR", "only calls for which EXPR holds (docs/where.md)", |e, v| {
        options::condition(&mut e.shared, v)
    }),
    flag(b'z', "successful-only", "only calls that succeed", |e| e.shared.results = Results::SUCCESSFUL),
    flag(b'Z', "failed-only", "only calls that fail", |e| e.shared.results = Results::FAILED),
    value(b's', "string-limit", "SIZE", "longest string shown (32)", |e, v| {
        number(v).map(|n| e.shared.string_limit = n)
    }),
    flag(b'v', "no-abbrev", "structs, environments and arrays in full", |e| {
        e.shared.manner.abbreviated = Wanted::none();
    }),
    value(0, "syscall-limit", "N", "stop after N calls", |e, v| {
        number(v).map(|n| e.shared.limit = Some(n as u64))
    }),
    flag(b'h', "help", "this text", |e| e.shared.help = true),
];

/// Qualifiers that choose what is exported, and how values are decoded.
const QUALIFIERS: &[&str] =
    &["trace", "t", "signal", "signals", "s", "status", "abbrev", "a", "verbose", "v", "raw", "x"];

/// `-e`.
fn expression(export: &mut Export, text: &OsStr) -> Result<(), String> {
    let shown = text.to_string_lossy();
    match shown.split_once('=') {
        Some((key, _)) if !QUALIFIERS.contains(&key) => Err(format!(
            "'{key}=' is nothing for an export: -e takes trace=, signal=, status=, abbrev=, verbose= and raw="
        )),
        _ => qualify::expression(&mut export.shared, text),
    }
}

/// `--weight`.
fn weight(export: &mut Export, text: &OsStr) -> Result<(), String> {
    export.weight = Some(match &*text.to_string_lossy() {
        "calls" => Weight::Calls,
        "time" => Weight::Time,
        other => return Err(format!("invalid --weight argument: '{other}': calls or time is wanted")),
    });
    Ok(())
}

/// The names of all formats, to follow a colon.
fn known_formats() -> String {
    let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    format!("--format takes {}", names.join(", "))
}

/// Runs `trace export`; the exit status is 1 where the recording is damaged or ends early, or the export could not be
/// written.
pub(super) fn run(program: &str, args: Vec<OsString>) -> ExitCode {
    let (export, file) = match parse(&args) {
        Ok(parsed) => parsed,
        Err(error) => {
            return refuse(program, format_args!("{error}\nTry '{program} export -h' for more information."));
        }
    };
    if export.shared.help {
        print!("{}", help(program));
        return ExitCode::SUCCESS;
    }
    match write(program, export, file) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(text) => refuse(program, format_args!("export: {text}")),
    }
}

/// Reads the command line: one recording among options.
fn parse(args: &[OsString]) -> Result<(Export, Option<PathBuf>), Refusal> {
    let mut export = Export { shared: Options::new(false), format: None, weight: None };
    let (mut file, mut rest) = (None::<PathBuf>, args.to_vec());
    loop {
        rest = table::parse(&mut export, &[ROWS], None::<&Group<Export, Options>>, &rest)?;
        if rest.is_empty() {
            break;
        }
        let name = PathBuf::from(rest.remove(0));
        if let Some(first) = &file {
            let (first, second) = (first.display(), name.display());
            return Err(format!("one recording at a time: both '{first}' and '{second}' are named").into());
        }
        file = Some(name);
    }
    // Whether a call failed is a question like any other.
    let condition = match export.shared.results {
        Results::ALL => None,
        Results::FAILED => Some("failed"),
        Results::SUCCESSFUL => Some("not failed"),
        _ => return Err("-e status= of an export is successful, failed or all".into()),
    };
    if let Some(condition) = condition {
        options::condition(&mut export.shared, OsStr::new(condition))?;
    }
    options::question(&mut export.shared)?;
    Ok((export, file))
}

fn help(program: &str) -> String {
    let mut text = format!("Usage: {program} export --format FORMAT [-o FILE] [OPTIONS] RECORDING\n\n");
    text.push_str(&format!(
        "Writes a recording of `{program} record` in another program's format.\n\nFormats:\n"
    ));
    for format in FORMATS {
        text.push_str(&format!("  {:<10} {}\n", format.name, format.about));
    }
    text.push_str("\nOptions:\n");
    text.push_str(&table::help(ROWS.iter().map(Row::entry)));
    text
}

/// Writes the export; whether the recording was whole.
fn write(program: &str, mut export: Export, file: Option<PathBuf>) -> Result<bool, String> {
    let Some(format) = export.format else {
        return Err(format!("no format is named: {}", known_formats()));
    };
    let Some(file) = file else {
        return Err(format!(
            "no recording is named: {program} export --format {} FILE, made by {program} record -o FILE",
            format.name
        ));
    };
    if export.weight.is_some() && format.name != "folded" {
        return Err(format!("--weight is about folded stacks, and {} has none: leave it out", format.name));
    }
    let mut recording = Recording::open(&file)?;
    if let Some(output) = export.shared.output.as_deref().filter(|output| are_one(output, &file)) {
        return Err(format!("'{}' is the recording itself: name another file with -o", output.display()));
    }
    for text in replay::bound(&recording, &mut export.shared) {
        eprintln!("{program}: {text}");
    }
    let shared = &export.shared;
    let trouble = Trouble::default();
    let sink = sink(format, setup(&recording, &export), shared.output.as_deref(), &trouble)?;
    let blind = Blind::default();
    let unseen = blind.sum();
    let mut sinks: Vec<Box<dyn Sink>> = vec![match &shared.query {
        Some(query) => Box::new(Where::new(query.clone(), vec![sink])),
        None => sink,
    }];
    sinks.push(Box::new(blind));
    let needs = shared.query.as_ref().map(Query::needs).unwrap_or_default();
    let stacks = recording.meta.get("stacks").is_some_and(|stacks| stacks != b"none");
    let fds = needs.fd_targets || needs.sockets || recording.meta.get("fds") != Some(b"no");
    let want = Want { fds, pids: false, stacks };
    let view = View { wanted: shared.wanted.clone(), want, limit: shared.limit };
    let told = tell(&mut recording, &view, &mut sinks);
    drop(sinks);
    if let Some(error) = trouble.take() {
        if shared.output.is_none() && error.kind() == io::ErrorKind::BrokenPipe {
            // Who reads no further has seen enough.
            return Ok(true);
        }
        return Err(format!(
            "the export could not be written: {}",
            abandon(shared.output.as_deref(), &error)
        ));
    }
    let replayed =
        told.map_err(|error| format!("cannot read '{}': {}", file.display(), error_text(&error)))?;
    let whole = replay::warn(program, &file, recording.finished, &replayed);
    if !unseen.get().is_empty() {
        eprintln!("{program}: {}; what that did is not in the export", unseen.get());
    }
    Ok(whole)
}

/// Whether two paths lead to one file.
fn are_one(one: &Path, other: &Path) -> bool {
    let id = |path: &Path| fs::metadata(path).map(|meta| (meta.dev(), meta.ino())).ok();
    id(one).is_some_and(|one| Some(one) == id(other))
}

/// Half an export is of no use: removes it, where it is a file. The error's text.
fn abandon(output: Option<&Path>, error: &io::Error) -> String {
    if let Some(path) = output
        && fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file())
    {
        fs::remove_file(path).ok();
    }
    error_text(error)
}

/// The exporter, with the file that it writes opened.
fn sink(
    format: &Format,
    setup: Setup,
    output: Option<&Path>,
    trouble: &Trouble,
) -> Result<Box<dyn Sink>, String> {
    match (format.make, output) {
        (Make::Stream { binary, sink }, None) => {
            let stdout = io::stdout();
            if binary && stdout.is_terminal() {
                return Err(format!(
                    "{} is binary and standard output is a terminal: add -o FILE",
                    format.name
                ));
            }
            // Without Rust's own buffer, which would cut at line ends.
            let fd = stdout.as_fd().try_clone_to_owned();
            let file = fd.map(File::from).map_err(|e| format!("standard output: {}", error_text(&e)))?;
            Ok(sink(setup, Out::new(Box::new(file), trouble.clone())))
        }
        (Make::Stream { sink, .. }, Some(path)) => {
            let file = place::create(path, false)
                .map_err(|e| format!("cannot write '{}': {}", path.display(), error_text(&e)))?;
            Ok(sink(setup, Out::new(Box::new(file), trouble.clone())))
        }
        (Make::Directory { .. }, None) => {
            Err(format!("{} writes several files: name their directory with -o DIRECTORY", format.name))
        }
        (Make::Directory { sink }, Some(path)) => {
            fs::create_dir_all(path)
                .map_err(|e| format!("cannot make directory '{}': {}", path.display(), error_text(&e)))?;
            sink(setup, path, trouble.clone())
        }
    }
}

/// What the exporter is told.
fn setup<S>(recording: &Recording<S>, export: &Export) -> Setup {
    let shared = &export.shared;
    let host = recording.meta.get("host").unwrap_or_default();
    Setup {
        header: record::header(&recording.meta),
        host: String::from_utf8_lossy(host).into_owned(),
        options: decode::Options {
            string_limit: shared.string_limit,
            abbreviate: shared.manner.abbreviated.uniform() != Some(false),
            raw: shared.manner.raw.uniform() == Some(true),
            dereference: shared.manner.dereferenced.uniform() != Some(false),
        },
        manner: (!shared.manner.is_uniform()).then(|| Arc::new(shared.manner.clone())),
        capture_bytes: recording
            .meta
            .number("capture")
            .and_then(|bytes| usize::try_from(bytes).ok())
            .unwrap_or(shared.string_limit),
        spelling: Spelling { fds: Wishes::ALL, ..Spelling::default() },
        signals: shared.signals,
        weight: export.weight.unwrap_or_default(),
    }
}
