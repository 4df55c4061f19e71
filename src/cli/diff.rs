//! `trace diff`: two recordings compared.

use std::ffi::{OsStr, OsString};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::options::{Color, error_text};
use super::table::{self, Group, Refusal, Row, flag, value};
use crate::decode;
use crate::engine::details::Wishes;
use crate::filter::query::Query;
use crate::output::text::color::Paint;
use crate::output::text::render::Spelling;
use crate::output::text::whole::Look;
use crate::record::diff::script::Slower;
use crate::record::diff::{self, Comparison, Error, events, json, text};
use crate::record::reader::Recording;

/// Exit statuses, those of diff(1).
const EQUAL: u8 = 0;
const DIFFERENT: u8 = 1;
const TROUBLE: u8 = 2;
/// Lines around a difference, unless told otherwise.
const CONTEXT: usize = 3;
/// A call that takes this much longer is worth telling, unless told otherwise.
const LEAST_US: u32 = 10_000;

/// What the command line asks for.
struct Asked {
    context: usize,
    factor: Option<f64>,
    least_us: Option<u32>,
    condition: Option<String>,
    strict: bool,
    json: bool,
    summary: bool,
    string_limit: usize,
    color: Color,
    help: bool,
}

const ROWS: &[Row<Asked>] = &[
    value(b'U', "unified", "N", "lines of both around a difference (3)", |o, v| {
        let text = v.to_string_lossy();
        o.context =
            text.parse().map_err(|_| format!("invalid -U argument: '{text}': a number of lines from 0"))?;
        Ok(())
    }),
    value(0, "slower", "FACTOR", "show calls that take FACTOR times as long, too: 2 or 1.5", |o, v| {
        let text = v.to_string_lossy();
        let factor = text.parse::<f64>().ok().filter(|factor| (1.0..=1e9).contains(factor));
        let wrong = || format!("invalid --slower argument: '{text}': a number from 1, as 2 or 1.5");
        o.factor = Some(factor.ok_or_else(wrong)?);
        Ok(())
    }),
    value(0, "min", "TIME", "with --slower: only those that take so much longer (10ms)", |o, v| {
        o.least_us = Some(microseconds(v)?);
        Ok(())
    }),
    value(0, "where", "EXPR", "compare only calls for which EXPR holds (docs/where.md)", |o, v| {
        let text = v.to_str().ok_or("--where: the expression is no UTF-8; write other bytes as \\xHH")?;
        o.condition = Some(text.to_owned());
        Ok(())
    }),
    flag(0, "strict", "compare also what the scheduler and memory's addresses decide", |o| o.strict = true),
    flag(0, "summary", "only count the differences", |o| o.summary = true),
    flag(0, "json", "one JSON object a line (docs/diff.md)", |o| o.json = true),
    value(b's', "string-limit", "SIZE", "longest string shown (32)", |o, v| {
        let text = v.to_string_lossy();
        o.string_limit =
            text.parse().map_err(|_| format!("invalid -s argument: '{text}': a number of bytes"))?;
        Ok(())
    }),
    value(0, "color", "WHEN", "colour: auto, always or never", |o, v| {
        o.color = match &*v.to_string_lossy() {
            "auto" => Color::Auto,
            "always" => Color::Always,
            "never" => Color::Never,
            other => return Err(format!("invalid --color argument: '{other}': auto, always or never")),
        };
        Ok(())
    }),
    flag(b'h', "help", "this text", |o| o.help = true),
];

/// A time as `10ms`, `250us` or `1.5s`.
fn microseconds(text: &OsStr) -> Result<u32, String> {
    let text = text.to_string_lossy();
    let units = [("ms", 1e3), ("us", 1.0), ("s", 1e6)];
    let parsed = units.iter().find_map(|(unit, scale)| {
        let number = text.strip_suffix(unit)?.parse::<f64>().ok()?;
        Some(number * scale)
    });
    match parsed.filter(|us| (0.0..=3.6e9).contains(us)) {
        Some(us) => Ok(us as u32),
        None => Err(format!("invalid --min argument: '{text}': up to an hour, as 10ms, 250us or 1.5s")),
    }
}

/// Runs `trace diff`; the exit status is diff's.
pub(super) fn run(program: &str, args: Vec<OsString>) -> ExitCode {
    let trouble = |text: String| {
        eprintln!("{program}: {text}");
        ExitCode::from(TROUBLE)
    };
    let (asked, files) = match parse(&args) {
        Ok(parsed) => parsed,
        Err(error) => return trouble(format!("{error}\nTry '{program} diff -h' for more information.")),
    };
    if asked.help {
        print!("{}", help(program));
        return ExitCode::SUCCESS;
    }
    let [a, b] = &files[..] else {
        let named = match &files[..] {
            [] => "none is named".to_owned(),
            [one] => format!("only '{}' is named", one.display()),
            [_, _, third, ..] => format!("'{}' is one too many", third.display()),
            _ => String::new(),
        };
        return trouble(format!("diff: it takes two recordings, and {named}: {program} diff A B"));
    };
    match compare(program, &asked, [a, b]) {
        Ok(status) => ExitCode::from(status),
        Err(text) => trouble(text),
    }
}

/// Options among the names of files.
fn parse(args: &[OsString]) -> Result<(Asked, Vec<PathBuf>), Refusal> {
    let mut asked = Asked {
        context: CONTEXT,
        factor: None,
        least_us: None,
        condition: None,
        strict: false,
        json: false,
        summary: false,
        string_limit: 32,
        color: Color::Auto,
        help: false,
    };
    let (mut files, mut rest) = (Vec::new(), args.to_vec());
    loop {
        rest = table::parse(&mut asked, &[ROWS], None::<&Group<Asked, Asked>>, &rest)?;
        if rest.is_empty() {
            break;
        }
        files.push(PathBuf::from(rest.remove(0)));
    }
    if asked.least_us.is_some() && asked.factor.is_none() {
        return Err("--min is about calls that take longer: add --slower FACTOR".into());
    }
    Ok((asked, files))
}

fn help(program: &str) -> String {
    format!(
        "Usage: {program} diff [OPTIONS] A B\n\n\
         Compares two recordings of `{program} record`: what appears (+), what vanishes (-), what has another\n\
         result (~), process by process. Ids, descriptors, addresses, times and made up names do not count, nor\n\
         what the scheduler decides. docs/diff.md tells it all.\n\n\
         The exit status is 0 where nothing differs, 1 where something does, 2 in trouble.\n\nOptions:\n{}",
        table::help(ROWS.iter().map(Row::entry))
    )
}

/// Compares and shows; the exit status.
fn compare(program: &str, asked: &Asked, files: [&PathBuf; 2]) -> Result<u8, String> {
    let query = asked.condition.as_deref().map(Query::parse).transpose();
    let query = query.map_err(|error| format!("--where: {error}"))?.map(Query::with_operations);
    let mut recordings = [Recording::open(files[0])?, Recording::open(files[1])?];
    for text in unlike(&recordings) {
        eprintln!("{program}: {text}");
    }
    let colored = match asked.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        }
    };
    let slower = asked.factor.map(|factor| Slower { factor, least_us: asked.least_us.unwrap_or(LEAST_US) });
    let options = diff::Options {
        query,
        strict: asked.strict,
        slower,
        context: if asked.json { 0 } else { asked.context },
        look: look(asked.string_limit),
        json: asked.json,
        counts_only: asked.summary,
    };
    let comparison = diff::compare(&mut recordings, &options).map_err(|error| match error {
        Error::Io(side, error) => format!("cannot read '{}': {}", files[side].display(), error_text(&error)),
        Error::TooMany(side) => format!(
            "'{}' holds more than {} calls that would be compared: narrow them with --where",
            files[side].display(),
            events::MOST_CALLS
        ),
    })?;
    let sure = complain(program, &comparison, files);
    let titles = files.map(|file| file.display().to_string());
    if let Err(error) =
        show(asked, &comparison, [&titles[0], &titles[1]], if colored { Paint::on("") } else { Paint::OFF })
    {
        // Who reads no further has seen enough.
        if error.kind() != io::ErrorKind::BrokenPipe {
            return Err(format!("cannot write: {}", error_text(&error)));
        }
    }
    Ok(match (sure, comparison.differ()) {
        (false, _) => TROUBLE,
        (true, true) => DIFFERENT,
        (true, false) => EQUAL,
    })
}

fn show(asked: &Asked, comparison: &Comparison, titles: text::Titles<'_>, paint: Paint) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    match (asked.json, asked.summary) {
        (true, counts_only) => json::write(&mut out, comparison, titles, counts_only)?,
        (false, true) => text::write_counts(&mut out, comparison)?,
        (false, false) => text::write(&mut out, comparison, titles, paint)?,
    }
    out.flush()
}

/// How calls are shown: with what descriptors are open on.
fn look(string_limit: usize) -> Look {
    Look {
        // Lines have the colour of what became of them.
        spelling: Spelling { fds: Wishes::ALL, ..Spelling::default() },
        options: decode::Options { string_limit, ..decode::Options::default() },
    }
}

/// Sentences on what only one of the recordings holds.
fn unlike<S>(recordings: &[Recording<S>; 2]) -> Vec<String> {
    let mut said = Vec::new();
    let fds = recordings.each_ref().map(|recording| recording.meta.get("fds") != Some(b"no"));
    if fds[0] != fds[1] {
        said.push(
            "only one of the recordings holds what descriptors are open on: they are compared by number"
                .into(),
        );
    }
    let captured = recordings.each_ref().map(|recording| recording.meta.number("capture"));
    if captured[0] != captured[1]
        && let Some(least) = captured.iter().flatten().min()
    {
        said.push(format!("strings are compared up to {least} bytes, which is what both recordings hold"));
    }
    said
}

/// Says what of the recordings could not be compared; whether all could.
fn complain(program: &str, comparison: &Comparison, files: [&PathBuf; 2]) -> bool {
    for (run, file) in comparison.runs.iter().zip(files) {
        let shown = Path::display(file);
        for damage in &run.replayed.damage {
            let (offset, what) = (damage.offset, damage.what);
            eprintln!(
                "{program}: '{shown}' is damaged at byte {offset}: {what}; the events there are not compared"
            );
        }
        if !run.finished {
            eprintln!(
                "{program}: '{shown}' ends early, after {} events: its recorder was killed, could not write, or still runs",
                run.replayed.events
            );
        }
        if !run.unseen.is_empty() {
            eprintln!("{program}: '{shown}': {}; what that did is not compared", run.unseen);
        }
    }
    comparison.is_sure()
}
