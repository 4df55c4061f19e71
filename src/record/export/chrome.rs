//! A timeline as JSON for chrome://tracing and the like. Source: "Trace Event Format" of the Chromium project.
//!
//! Times are microseconds from the first event. A process whose id was used before has another one here, as
//! viewers take all events of an id for one process.

use std::collections::{HashMap, HashSet};

use super::Setup;
use super::notation::{Fact, Facts, Instant, Notation, Role, Slice, Track};
use super::out::Out;
use super::roster::Process;
use super::timeline::Timeline;
use crate::engine::sink::Sink;
use crate::event::Stamp;
use crate::output::json::write::{self, digits, raw, signed};

/// Ids of processes that are told apart from others by it: beyond the kernel's largest, 2^22.
const AGAIN: i64 = 1 << 23;

/// How it is written.
#[derive(Debug, Default)]
struct Chrome {
    begin_ns: u64,
    any: bool,
    pids: HashMap<u64, i64>,
    used: HashSet<i32>,
}

/// The exporter.
pub(super) fn sink(setup: Setup, out: Out) -> Box<dyn Sink> {
    Box::new(Timeline::new(Chrome::default(), setup, out))
}

/// Appends `NAME:` and microseconds with three decimals.
fn micros(out: &mut Vec<u8>, name: &str, ns: u64) {
    raw(out, name);
    digits(out, ns / 1000);
    raw(out, &format!(".{:03}", ns % 1000));
}

fn facts(out: &mut Vec<u8>, list: &Facts<'_>) {
    raw(out, ",\"args\":{");
    for (index, (name, fact)) in list.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write::string(out, name);
        out.push(b':');
        match fact {
            Fact::Text(text) => write::string(out, text),
            Fact::Number(value) => signed(out, *value),
            Fact::Named(list) => {
                for (index, (name, text)) in list.iter().enumerate() {
                    raw(out, if index == 0 { "{" } else { "," });
                    write::string(out, name);
                    out.push(b':');
                    write::string(out, text);
                }
                raw(out, if list.is_empty() { "{}" } else { "}" });
            }
            Fact::List(list) => {
                for (index, text) in list.iter().enumerate() {
                    raw(out, if index == 0 { "[" } else { "," });
                    write::string(out, text);
                }
                raw(out, if list.is_empty() { "[]" } else { "]" });
            }
        }
    }
    out.push(b'}');
}

impl Chrome {
    fn pid(&mut self, track: Track) -> i64 {
        *self.pids.entry(track.process).or_insert_with(|| {
            let fresh = self.used.insert(track.pid);
            if fresh { track.pid.into() } else { AGAIN + track.process as i64 }
        })
    }

    /// Begins an event of phase `phase` with the ids of its task.
    fn event(&mut self, out: &mut Vec<u8>, phase: &str, track: Track) {
        raw(out, if self.any { ",\n{\"ph\":\"" } else { "\n{\"ph\":\"" });
        self.any = true;
        raw(out, phase);
        raw(out, "\",\"pid\":");
        signed(out, self.pid(track));
        raw(out, ",\"tid\":");
        // Lanes are shown as further threads.
        let tid = i64::from(track.tid);
        signed(out, if tid < 0 { AGAIN - tid } else { tid });
    }

    fn time(&self, out: &mut Vec<u8>, at_ns: u64) {
        micros(out, ",\"ts\":", at_ns.saturating_sub(self.begin_ns));
    }

    fn meta(&mut self, out: &mut Vec<u8>, kind: &str, track: Track, name: &str) {
        self.event(out, "M", track);
        raw(out, ",\"name\":\"");
        raw(out, kind);
        raw(out, "\",\"args\":{\"name\":");
        write::string(out, name);
        raw(out, "}}");
    }
}

impl Notation for Chrome {
    fn begin(&mut self, out: &mut Vec<u8>, setup: &Setup, at: Stamp) {
        self.begin_ns = at.mono_ns;
        raw(out, "{\"displayTimeUnit\":\"ns\",\"otherData\":{\"tracer\":\"trace ");
        raw(out, env!("CARGO_PKG_VERSION"));
        raw(out, "\",\"command\":");
        write::string(out, &setup.command());
        raw(out, ",\"host\":");
        write::string(out, &setup.host);
        raw(out, ",\"kernel\":");
        write::string(out, &setup.header.kernel);
        raw(out, ",\"begun\":\"");
        write::seconds(out, at.wall_ns);
        raw(out, "\"},\"traceEvents\":[");
    }

    fn process(&mut self, out: &mut Vec<u8>, track: Track, _at_ns: u64, name: Option<(&str, &Process)>) {
        // The first use of an id keeps it.
        self.pid(track);
        if let Some((name, _)) = name {
            self.meta(out, "process_name", track, name);
        }
    }

    fn thread(&mut self, out: &mut Vec<u8>, track: Track, _at_ns: u64, name: &str) {
        if !name.is_empty() {
            self.meta(out, "thread_name", track, name);
        }
    }

    fn slice(&mut self, out: &mut Vec<u8>, slice: &Slice<'_>) {
        self.event(out, "X", slice.track);
        self.time(out, slice.from_ns);
        micros(out, ",\"dur\":", slice.to_ns - slice.from_ns);
        raw(out, ",\"cat\":\"");
        raw(out, slice.category);
        raw(out, if slice.failed { ",failed\",\"name\":" } else { "\",\"name\":" });
        write::string(out, slice.name);
        facts(out, slice.facts);
        out.push(b'}');
        for flow in slice.flows {
            let (phase, at_ns) = match flow.role {
                Role::Source => ("s", slice.from_ns),
                Role::Step => ("t", slice.from_ns),
                Role::Target => ("f", slice.from_ns),
                // Within the slice, not where the next one may begin.
                Role::Awaited => ("f", slice.to_ns.saturating_sub(1).max(slice.from_ns)),
            };
            self.event(out, phase, slice.track);
            self.time(out, at_ns);
            raw(out, ",\"cat\":\"flow\",\"name\":\"");
            raw(out, flow.name);
            raw(out, "\",\"id\":");
            digits(out, flow.id);
            // It belongs to the slice around it, not to the next one.
            raw(out, if phase == "s" { "}" } else { ",\"bp\":\"e\"}" });
        }
    }

    fn instant(&mut self, out: &mut Vec<u8>, instant: &Instant<'_>) {
        self.event(out, "i", instant.track);
        self.time(out, instant.at_ns);
        raw(out, ",\"s\":\"t\",\"cat\":\"");
        raw(out, instant.category);
        raw(out, "\",\"name\":");
        write::string(out, instant.name);
        facts(out, instant.facts);
        out.push(b'}');
    }

    fn end(&mut self, out: &mut Vec<u8>) {
        raw(out, "\n]}\n");
    }
}
