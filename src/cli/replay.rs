//! `trace replay`: a recording, shown with the options of a live run.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use super::options::{self, Options, error_text};
use super::output::Output;
use super::{record, refuse, run};
use crate::filter::query::Query;
use crate::output::losses;
use crate::record::parse::Want;
use crate::record::reader::Recording;
use crate::record::replay::{Replayed, View, replay};
use crate::sys::limits;

/// Runs `trace replay`; the exit status is 1 where the recording is damaged or ends early, or where not all could be
/// written.
pub(super) fn run(program: &str, args: Vec<OsString>) -> ExitCode {
    let (options, file) = match options::parse_replay(&args) {
        Ok(parsed) => parsed,
        Err(error) => {
            return refuse(program, format_args!("{error}\nTry '{program} replay -h' for more information."));
        }
    };
    if options.help {
        println!("Usage: {program} replay FILE [OPTIONS]\n");
        println!(
            "Shows a recording of `{program} record` as {program} shows a live run, with its output options:\n"
        );
        print!("{}", options::help(program, false));
        return ExitCode::SUCCESS;
    }
    let Some(file) = file else {
        return refuse(
            program,
            format_args!("replay: no recording is named: {program} replay FILE [OPTIONS]"),
        );
    };
    match show(program, options, &file) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(text) => refuse(program, format_args!("{text}")),
    }
}

/// Shows the recording; whether all of it was shown.
fn show(program: &str, mut options: Options, file: &Path) -> Result<bool, String> {
    if !options.attach.is_empty() || options.record.file.is_some() || options.launch.asks() {
        return Err("replay: a recording is neither attached to, nor launched, nor recorded again".into());
    }
    let mut recording = Recording::open(file)?;
    for text in bound(&recording, &mut options) {
        eprintln!("{program}: {text}");
    }
    options.record.replayed = Some(record::header(&recording.meta));
    let mut output = Output::open(&options)?;
    if options.separate {
        limits::raise_nofile().ok();
    }
    let format = run::format(&options);
    let mut sinks = run::sinks(program, &options, &format, output.file.take(), options.follow)?;
    let view = View { wanted: options.wanted.clone(), want: want(&options), limit: options.limit };
    let replayed = replay(&mut recording, &view, &mut sinks)
        .map_err(|error| format!("cannot read '{}': {}", file.display(), error_text(&error)))?;
    let whole = warn(program, file, recording.finished, &replayed);
    Ok(whole && !losses::any())
}

/// Says what of a recording could not be replayed; whether it was whole.
pub(super) fn warn(program: &str, file: &Path, finished: bool, replayed: &Replayed) -> bool {
    for damage in &replayed.damage {
        let (shown, offset, what) = (file.display(), damage.offset, damage.what);
        eprintln!("{program}: '{shown}' is damaged at byte {offset}: {what}; the events there are left out");
    }
    if !finished {
        eprintln!(
            "{program}: '{}' ends early, after {} events: its recorder was killed, could not write, or still runs",
            file.display(),
            replayed.events
        );
    }
    finished && replayed.damage.is_empty()
}

/// Which notes of calls the options need.
fn want(options: &Options) -> Want {
    let needs = options.query.as_ref().map(Query::needs).unwrap_or_default();
    Want {
        fds: options.json
            || options.fds.any()
            || needs.fd_targets
            || needs.sockets
            || options.reports.descriptors(),
        pids: options.pid_namespaces || options.names_of_pids,
        stacks: options.stacks,
    }
}

/// Bounds the options by what was recorded; a sentence for each that cannot be had.
pub(super) fn bound<S>(recording: &Recording<S>, options: &mut Options) -> Vec<String> {
    let meta = &recording.meta;
    let says = |name: &str, value: &str| meta.get(name) == Some(value.as_bytes());
    let mut said = Vec::new();
    if let Some(capture) = meta.number("capture").and_then(|n| usize::try_from(n).ok())
        && options.string_limit > capture
    {
        options.string_limit = capture;
        said.push(format!(
            "strings are recorded up to {capture} bytes and shown up to there: record with --capture for more"
        ));
    }
    let rows = [
        (
            options.fds.any() && says("fds", "no"),
            "what descriptors are open on: record without --capture-no-fds",
        ),
        (
            options.pid_namespaces && says("pids", "no"),
            "ids of other namespaces: record with --decode-pids=pidns",
        ),
        (options.names_of_pids && says("names", "no"), "names of processes: record with -Y"),
        (options.stacks && says("stacks", "none"), "stacks: record with -k"),
        (
            options.stacks && options.stack.lines && says("stacks", "symbols"),
            "lines of source: record with -kk",
        ),
    ];
    let lacks = rows.into_iter().filter(|(holds, _)| *holds);
    said.extend(lacks.map(|(_, what)| format!("the recording does not hold {what}")));
    said
}
