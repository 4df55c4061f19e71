//! One page for a browser: tree, timeline and tables of a run, with search, in one file that asks nothing of any
//! network.
//!
//! The page is three files beside this one. What the run was goes into it as one JSON value, in which no `<` is
//! written as such, so that no name can end the element that it is in; the script puts it into the document as
//! text only. Everything is bounded, and the page says what was left out.

mod calls;
mod data;

use std::borrow::Cow;
use std::collections::HashMap;

use super::Setup;
use super::notation::{Fact, Facts, Instant, Notation, Slice, Track};
use super::out::Out;
use super::roster::Process;
use super::timeline::Timeline;
use crate::engine::sink::{Processes, Rings, Sink};
use crate::event::ring::{Completion, Traffic};
use crate::event::{Call, End, Program, Signal, Stamp, Started, Tid};
use crate::output::tally::Tally;
use calls::{Calls, Kept, cut};

/// Most tasks that have a lane.
const MOST_TASKS: usize = 5_000;
/// Most programs that are shown in lanes.
const MOST_PROGRAMS: usize = 20_000;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// A lane of the timeline.
#[derive(Debug, Clone)]
struct Lane {
    track: Track,
    name: String,
}

/// Sums of a syscall.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    calls: u64,
    failed: u64,
    time_ns: u64,
    longest_ns: u64,
}

/// A stretch in which a task ran a program.
#[derive(Debug)]
struct Ran {
    lane: u32,
    from_ns: u64,
    to_ns: u64,
    name: String,
}

/// What the page will hold.
struct Page {
    tally: Tally,
    setup: Setup,
    begun: Stamp,
    lanes: Vec<Lane>,
    lane_of: HashMap<(u64, i32), u32>,
    /// The process that started each process.
    parents: HashMap<u64, Option<u64>>,
    names: HashMap<String, u32>,
    /// Names in their order, with sums.
    sums: Vec<(String, Sum)>,
    calls: Calls,
    programs: Vec<Ran>,
}

/// The exporter.
pub(super) fn sink(setup: Setup, out: Out) -> Box<dyn Sink> {
    let page = Page {
        tally: Tally::new(setup.options),
        setup: setup.clone(),
        begun: Stamp::default(),
        lanes: Vec::new(),
        lane_of: HashMap::new(),
        parents: HashMap::new(),
        names: HashMap::new(),
        sums: Vec::new(),
        calls: Calls::default(),
        programs: Vec::new(),
    };
    Box::new(Html { timeline: Timeline::new(page, setup, out) })
}

impl Page {
    fn name(&mut self, name: &str) -> u32 {
        if let Some(&place) = self.names.get(name) {
            return place;
        }
        let place = self.sums.len() as u32;
        self.names.insert(name.to_owned(), place);
        self.sums.push((name.to_owned(), Sum::default()));
        place
    }

    fn lane(&self, track: Track) -> Option<u32> {
        self.lane_of.get(&(track.process, track.tid)).copied()
    }

    fn call(&mut self, slice: &Slice<'_>) {
        let length_ns = slice.to_ns - slice.from_ns;
        let name = self.name(slice.name);
        let (args, ret, finished) = spelled(slice.facts, slice.failed);
        if finished {
            let sum = &mut self.sums[name as usize].1;
            sum.calls += 1;
            sum.failed += u64::from(slice.failed);
            sum.time_ns = sum.time_ns.saturating_add(length_ns);
            sum.longest_ns = sum.longest_ns.max(length_ns);
        }
        let Some(task) = self.lane(slice.track) else {
            self.calls.left_out += 1;
            return;
        };
        let start_ns = slice.from_ns.saturating_sub(self.begun.mono_ns);
        let (args, ret) = (cut(&args), cut(&ret));
        self.calls.add(Kept { task, name, start_ns, length_ns, failed: slice.failed, args, ret });
    }
}

/// Arguments and result of a call, and whether it returned.
fn spelled<'a>(facts: &'a Facts<'a>, failed: bool) -> (String, Cow<'a, str>, bool) {
    let fact = |key: &str| facts.iter().find(|(name, _)| *name == key).map(|(_, fact)| fact);
    let args = match fact("args") {
        Some(Fact::Named(list)) => list.iter().map(|(_, text)| &**text).collect::<Vec<_>>().join(", "),
        _ => String::new(),
    };
    let text = |key: &str| match fact(key) {
        Some(Fact::Text(text)) => Some(&**text),
        _ => None,
    };
    if let Some(how) = text("unfinished") {
        return (args, format!("? ({how})").into(), false);
    }
    let ret = match (failed, text("errno"), text("result"), fact("ret")) {
        (true, Some(errno), ..) => format!("-1 {errno}").into(),
        (_, _, Some(result), _) => Cow::Borrowed(result),
        (_, _, _, Some(Fact::Number(value))) => value.to_string().into(),
        _ => Cow::Borrowed("?"),
    };
    (args, ret, true)
}

impl Notation for Page {
    fn begin(&mut self, _out: &mut Vec<u8>, _setup: &Setup, at: Stamp) {
        self.begun = at;
    }

    fn process(&mut self, _out: &mut Vec<u8>, track: Track, _at_ns: u64, name: Option<(&str, &Process)>) {
        if let Some((_, process)) = name {
            self.parents.insert(track.process, process.parent);
        }
    }

    fn thread(&mut self, _out: &mut Vec<u8>, track: Track, _at_ns: u64, name: &str) {
        let key = (track.process, track.tid);
        match self.lane_of.get(&key) {
            Some(&place) if !name.is_empty() => self.lanes[place as usize].name = name.to_owned(),
            Some(_) => {}
            None if self.lanes.len() < MOST_TASKS => {
                self.lane_of.insert(key, self.lanes.len() as u32);
                self.lanes.push(Lane { track, name: name.to_owned() });
            }
            None => {}
        }
    }

    fn slice(&mut self, _out: &mut Vec<u8>, slice: &Slice<'_>) {
        if slice.category != "program" {
            return self.call(slice);
        }
        if let Some(lane) = self.lane(slice.track).filter(|_| self.programs.len() < MOST_PROGRAMS) {
            let (from_ns, to_ns) = (slice.from_ns, slice.to_ns);
            self.programs.push(Ran { lane, from_ns, to_ns, name: slice.name.to_owned() });
        }
    }

    fn instant(&mut self, _out: &mut Vec<u8>, _instant: &Instant<'_>) {}

    fn end(&mut self, out: &mut Vec<u8>) {
        let mut json = Vec::new();
        data::write(self, &mut json);
        let parts = [("/*STYLE*/", STYLE.as_bytes()), ("/*DATA*/", &json), ("/*SCRIPT*/", SCRIPT.as_bytes())];
        let mut rest = PAGE;
        for (mark, text) in parts {
            let (before, after) = rest.split_once(mark).unwrap_or((rest, ""));
            out.extend_from_slice(before.as_bytes());
            escape(out, text, mark);
            rest = after;
        }
        out.extend_from_slice(rest.as_bytes());
    }
}

/// Appends a part of the page; in the data no `<` is left.
fn escape(out: &mut Vec<u8>, text: &[u8], mark: &str) {
    if mark != "/*DATA*/" {
        return out.extend_from_slice(text);
    }
    for &byte in text {
        match byte {
            b'<' => out.extend_from_slice(b"\\u003c"),
            byte => out.push(byte),
        }
    }
}

struct Html {
    timeline: Timeline<Page>,
}

impl Html {
    fn tally(&mut self) -> &mut Tally {
        &mut self.timeline.notation().tally
    }
}

impl Sink for Html {
    fn processes(&self) -> Processes {
        Processes::Programs
    }

    fn rings(&self) -> Rings {
        self.timeline.rings()
    }

    fn started(&mut self, started: &Started) {
        self.tally().started(started);
        self.timeline.started(started);
    }

    fn executed(&mut self, program: &Program) {
        self.tally().executed(program);
        self.timeline.executed(program);
    }

    fn entered(&mut self, call: &Call) {
        self.tally().entered(call);
        self.timeline.entered(call);
    }

    fn left(&mut self, call: &Call) {
        self.tally().left(call);
        self.timeline.left(call);
    }

    fn completed(&mut self, tid: Tid, completion: &Completion) {
        self.tally().completed(tid, completion);
        self.timeline.completed(tid, completion);
    }

    fn unseen(&mut self, tid: Tid, traffic: &Traffic) {
        self.tally().unseen(tid, traffic);
    }

    fn signal(&mut self, signal: &Signal) {
        self.tally().signal(signal);
        self.timeline.signal(signal);
    }

    fn stopped(&mut self, signal: &Signal) {
        self.timeline.stopped(signal);
    }

    fn ended(&mut self, tid: Tid, end: End, pending: Option<&Call>, at: Stamp) {
        self.tally().ended(tid, end, at);
        self.timeline.ended(tid, end, pending, at);
    }

    fn renamed(&mut self, from: Tid, to: Tid) {
        self.tally().renamed(from, to);
        self.timeline.renamed(from, to);
    }

    fn named(&mut self, tid: Tid, comm: &[u8]) {
        self.timeline.named(tid, comm);
    }

    fn finish(&mut self) {
        self.tally().finish();
        self.timeline.finish();
    }
}
