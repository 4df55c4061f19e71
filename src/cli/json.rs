//! `--json`: what the options mean for JSON lines.
//!
//! Paths of descriptors and all times are always there; options that choose a spelling (`-x`, `-X`, `-t`, `-a`,
//! …) change nothing.

use std::os::unix::ffi::OsStrExt;

use super::options::Options;
use crate::engine::sink::Sink;
use crate::output::json::header::Header;
use crate::output::json::{Format, JsonSink};
use crate::output::summary::Summary;
use crate::output::text;
use crate::output::text::place::Place;
use crate::sys::clock;

/// The sink of a trace as JSON.
pub(super) fn sink(place: Place, options: &Options, format: &text::Format) -> Box<dyn Sink> {
    let format = Format {
        options: format.options,
        results: format.results,
        rings: options.rings,
        signals: format.signals,
        header: header(options),
        separate: options.separate,
    };
    Box::new(JsonSink::new(place, format))
}

/// `summary` as JSON; with `-C` the header is above the calls already.
pub(super) fn summary(summary: Summary, options: &Options) -> Summary {
    let mut head = Vec::new();
    if options.summary {
        header(options).write(&mut head);
    }
    summary.json(head)
}

/// About the run that is shown: this one, or the one that was recorded.
fn header(options: &Options) -> Header {
    if let Some(header) = &options.record.replayed {
        return header.clone();
    }
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    Header {
        kernel: kernel.trim_end().to_owned(),
        machine: std::env::consts::ARCH.to_owned(),
        command: options.command.iter().map(|word| word.as_bytes().to_vec()).collect(),
        attached: options.attach.clone(),
        wall_ns: clock::wall_ns(),
    }
}
