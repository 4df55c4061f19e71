//! Recordings in other programs' formats. An exporter is a sink that the replay feeds; it reads nothing else.
//!
//! [`FORMATS`] is the one list: name, one line, what makes the exporter. Exporters hold what they must until the
//! end (sums, running processes) and write the rest as it comes. What they write is valid in its format whatever
//! the tracee's bytes are: names that are no UTF-8 are shown with escapes or replacement characters.

mod births;
mod chrome;
mod connection;
mod conversation;
mod dot;
mod folded;
mod graph;
mod holders;
mod html;
mod lanes;
mod mermaid;
mod notation;
mod otlp;
pub mod out;
mod packet;
#[cfg(feature = "parquet")]
mod parquet;
mod payload;
mod pcapng;
mod perfetto;
mod protobuf;
mod roster;
mod sessions;
#[cfg(feature = "parquet")]
mod targets;
mod timeline;
mod wakes;

use std::path::Path;
use std::sync::Arc;

use crate::decode;
use crate::engine::sink::Sink;
use crate::event::Call;
use crate::output::choice::Signals;
use crate::output::json::header::Header;
use crate::output::text::manner::Manner;
use crate::output::text::render::Spelling;
use out::{Out, Trouble};

pub use folded::Weight;

/// What every exporter is told.
#[derive(Debug, Clone)]
pub struct Setup {
    /// About the run that was recorded.
    pub header: Header,
    /// The machine's name.
    pub host: String,
    /// How much of a value is decoded; no more than was captured.
    pub options: decode::Options,
    /// Calls that are decoded in another manner than `options` say.
    pub manner: Option<Arc<Manner>>,
    /// How much of strings was captured.
    pub capture_bytes: usize,
    /// How values are spelled.
    pub spelling: Spelling,
    /// Signals that are told.
    pub signals: Signals,
    /// What stacks are weighted by.
    pub weight: Weight,
}

impl Setup {
    /// How much of a call's values is decoded.
    fn decoding(&self, call: &Call) -> decode::Options {
        self.manner.as_ref().map_or(self.options, |manner| manner.of(self.options, call))
    }

    /// The recorded command line, ready to paste.
    fn command(&self) -> String {
        match &self.header.command[..] {
            [] => {
                let pids: Vec<String> = self.header.attached.iter().map(i32::to_string).collect();
                format!("-p {}", pids.join(","))
            }
            words => crate::output::shell::command(words, b""),
        }
    }
}

/// Makes an exporter that writes below a directory.
pub type IntoDirectory = fn(Setup, &Path, Trouble) -> Result<Box<dyn Sink>, String>;

/// What an exporter makes.
#[derive(Debug, Clone, Copy)]
pub enum Make {
    /// One stream of bytes.
    Stream {
        /// It is nothing for a terminal.
        binary: bool,
        /// Makes the exporter.
        sink: fn(Setup, Out) -> Box<dyn Sink>,
    },
    /// Files below a directory, which exists.
    Directory {
        /// Makes the exporter, or says in one sentence why it cannot.
        sink: IntoDirectory,
    },
}

/// A format.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// Its name, as `--format` takes it.
    pub name: &'static str,
    /// What it is good for, in one line.
    pub about: &'static str,
    /// Its exporter.
    pub make: Make,
}

const fn text(name: &'static str, about: &'static str, sink: fn(Setup, Out) -> Box<dyn Sink>) -> Format {
    Format { name, about, make: Make::Stream { binary: false, sink } }
}

/// Every format, sorted by name.
pub const FORMATS: &[Format] = &[
    text("chrome", "timeline in JSON for chrome://tracing, ui.perfetto.dev and speedscope", chrome::sink),
    text("dot", "graph of processes for Graphviz: dot -Tsvg", dot::sink),
    text("folded", "stacks with their weight, a line each, for flame graphs", folded::sink),
    text("html", "one page with tree, timeline and tables, which needs no network", html::sink),
    text("mermaid", "graph of processes as a Mermaid flowchart", mermaid::sink),
    text("otlp", "processes as spans of OpenTelemetry, in OTLP's JSON form", otlp::sink),
    #[cfg(feature = "parquet")]
    Format {
        name: "parquet",
        about: "tables for DuckDB, Spark and ClickHouse: DIR/host=H/run=R/part-N.parquet",
        make: Make::Directory { sink: parquet::sink },
    },
    Format {
        name: "pcapng",
        about: "what went over sockets as packets, for Wireshark and tshark",
        make: Make::Stream { binary: true, sink: pcapng::sink },
    },
    Format {
        name: "perfetto",
        about: "timeline in Perfetto's own form for ui.perfetto.dev and its SQL",
        make: Make::Stream { binary: true, sink: perfetto::sink },
    },
];

/// The format called `name`.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}
