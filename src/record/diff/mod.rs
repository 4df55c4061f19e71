//! Two recordings compared: what appears, what vanishes, what has another result, what takes longer.
//!
//! Each recording is read three times, so that little is kept of it: [`survey`] finds its tasks and fleeting strings,
//! [`events`] makes a number of each call, [`lines`] writes those that are shown. Between them are pure parts:
//! [`lineage`] says which task is which, [`names`] and [`key`] what of a call can be compared, [`rules`] what the
//! scheduler decides, [`lcs`] and [`script`] what differs. [`text`] and [`json`] show it.

pub mod events;
pub mod json;
pub mod key;
pub mod lcs;
pub mod lineage;
pub mod lines;
pub mod names;
pub mod rules;
pub mod script;
mod shared;
pub mod survey;
pub mod text;

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::io;
use std::rc::Rc;

use super::format::Meta;
use super::parse::Want;
use super::reader::{Recording, Source};
use super::replay::{Replayed, View, replay};
use crate::decode;
use crate::engine::sink::Sink;
use crate::event::End;
use crate::event::ring::Unseen;
use crate::filter::Wanted;
use crate::filter::query::Query;
use crate::output::matching::Where;
use crate::output::text::whole::Look;
use events::{Finder, Found, Interner};
use key::{Strings, World};
use lineage::{Lineage, Pairs};
use lines::Lines;
use names::Names;
use script::{Counts, Op, Script, Slower};
use shared::shared;
use survey::{Survey, Surveyor};

/// Most lines that are shown; the differences beyond are counted.
const MOST_LINES: usize = 500_000;

/// What is compared, and how it is shown.
#[derive(Debug, Clone)]
pub struct Options {
    /// Only calls for which this holds.
    pub query: Option<Query>,
    /// Also what the scheduler and the addresses of memory decide, all in its place.
    pub strict: bool,
    /// Calls that take longer differ.
    pub slower: Option<Slower>,
    /// Lines of both around a difference.
    pub context: usize,
    /// How lines are written.
    pub look: Look,
    /// Lines are wanted as JSON too.
    pub json: bool,
    /// Only counts are wanted: no lines.
    pub counts_only: bool,
}

/// One of the two runs.
#[derive(Debug)]
pub struct Run {
    /// What its recording says of itself.
    pub meta: Meta,
    /// Its tasks.
    pub lineage: Rc<Lineage>,
    /// Calls that were looked at.
    pub calls: u64,
    /// The lines that are shown.
    pub lines: Lines,
    /// How reading it went.
    pub replayed: Replayed,
    /// Its recorder lived to its end.
    pub finished: bool,
    /// What went over rings of io_uring and could not be seen, and so not be compared.
    pub unseen: Unseen,
}

/// What differs between two tasks, or a task that has no partner.
#[derive(Debug)]
pub struct Entry {
    /// The first run's task.
    pub a: Option<usize>,
    /// The second's.
    pub b: Option<usize>,
    /// What differs in what they did; nothing where one is missing.
    pub script: Script,
    /// They ended otherwise.
    pub ends: Option<(Option<End>, Option<End>)>,
    /// Differences that are not shown since there are too many.
    pub hidden: u64,
}

/// The outcome of a comparison.
#[derive(Debug)]
pub struct Comparison {
    /// The two runs.
    pub runs: [Run; 2],
    /// Tasks that differ, parents first.
    pub entries: Vec<Entry>,
    /// Calls and signals by what became of them.
    pub counts: Counts,
    /// Processes: in both, in the first alone, in the second alone, ended otherwise.
    pub processes: [u64; 4],
}

impl Comparison {
    /// Whether anything differs.
    pub fn differ(&self) -> bool {
        !self.entries.is_empty()
    }

    /// Whether all of both recordings could be compared.
    pub fn is_sure(&self) -> bool {
        self.runs.iter().all(|run| run.finished && run.replayed.damage.is_empty())
    }
}

/// Why two recordings cannot be compared.
#[derive(Debug)]
pub enum Error {
    /// One of them, by its place, cannot be read.
    Io(usize, io::Error),
    /// One of them, by its place, holds too many calls.
    TooMany(usize),
}

/// Compares two recordings.
///
/// # Errors
/// One of them cannot be read, or holds too much.
pub fn compare<S: Source>(
    recordings: &mut [Recording<S>; 2],
    options: &Options,
) -> Result<Comparison, Error> {
    let plan = Plan::new(recordings, options);
    let hash = RandomState::new();
    let mut surveys = Vec::with_capacity(2);
    for (side, recording) in recordings.iter_mut().enumerate() {
        let found = shared(Survey::default());
        let surveyor = Surveyor::new(Rc::clone(&found), hash.clone(), plan.decode);
        plan.read(recording, vec![Box::new(surveyor)]).map_err(|error| Error::Io(side, error))?;
        let survey = std::mem::take(&mut *found.borrow_mut());
        surveys.push(survey);
    }
    let [mut a, mut b] = <[Survey; 2]>::try_from(surveys).unwrap_or_default();
    let mut names = [names_of(&a, &b), names_of(&b, &a)];
    let pairs = lineage::pair(&a.lineage, &b.lineage, [&names[0], &names[1]]);
    let strings =
        Rc::new(Strings { hash, of: [std::mem::take(&mut a.strings), std::mem::take(&mut b.strings)] });
    let ports = [&a.ports, &b.ports].into_iter().flatten().copied().collect();
    let worlds =
        names.iter_mut().zip([&a.lineage, &b.lineage]).enumerate().map(|(side, (names, lineage))| {
            let identities = identities(&pairs, side, lineage.tasks.len());
            let mut names = std::mem::take(names);
            let of_task = lineage.tasks.iter().zip(&identities).enumerate();
            let of_task = of_task.filter(|(index, _)| !lineage.is_echo(*index));
            names.ids = of_task.map(|(_, (task, identity))| (task.tid as u64, *identity)).collect();
            let (strings, alive, options) = (Rc::clone(&strings), HashMap::new(), plan.decode);
            let world =
                World { names, strings, ports: Clone::clone(&ports), alive, options, targets: plan.want.fds };
            (world, identities)
        });
    let worlds: Vec<(World, Vec<u32>)> = worlds.collect();
    let interner = shared(Interner::default());
    let (mut runs, mut all_found) = (Vec::with_capacity(2), Vec::with_capacity(2));
    for (side, ((recording, survey), (world, identities))) in
        recordings.iter_mut().zip([a, b]).zip(worlds).enumerate()
    {
        let found = shared(Found::default());
        let unseen = survey.unseen;
        let lineage = Rc::new(survey.lineage);
        let setup = events::Setup {
            lineage: Rc::clone(&lineage),
            identities: Rc::new(identities),
            readers: survey.readers,
            pollers: survey.pollers,
            strict: options.strict,
        };
        let finder = Finder::new(setup, world, Rc::clone(&interner), Rc::clone(&found));
        let replayed = plan.read(recording, plan.asked(Box::new(finder)));
        let replayed = replayed.map_err(|error| Error::Io(side, error))?;
        let found = std::mem::take(&mut *found.borrow_mut());
        if found.too_many {
            return Err(Error::TooMany(side));
        }
        let (meta, finished) = (recording.meta.clone(), recording.finished);
        runs.push(Run { meta, lineage, calls: found.calls, lines: Lines::new(), replayed, finished, unseen });
        all_found.push(found);
    }
    let [a, b] = <[Run; 2]>::try_from(runs).map_err(|_| Error::TooMany(0))?;
    let [left, right] = <[Found; 2]>::try_from(all_found).unwrap_or_default();
    let mut comparison = sum_up([a, b], &pairs, [&left, &right], options);
    if !options.counts_only {
        plan.write_lines(recordings, &mut comparison, [left.merged, right.merged])?;
    }
    Ok(comparison)
}

/// How both recordings are read.
struct Plan<'a> {
    options: &'a Options,
    want: Want,
    decode: decode::Options,
}

impl<'a> Plan<'a> {
    fn new<S>(recordings: &[Recording<S>; 2], options: &'a Options) -> Self {
        let lacks = recordings.iter().any(|recording| recording.meta.get("fds") == Some(b"no"));
        let want = Want { fds: !lacks, pids: true, stacks: false };
        // What only one of them holds of strings cannot be compared.
        let captured = recordings.iter().filter_map(|recording| recording.meta.number("capture"));
        let limit = captured.min().and_then(|limit| usize::try_from(limit).ok()).unwrap_or(256);
        let decode = decode::Options { string_limit: limit, abbreviate: true, raw: false, dereference: true };
        Self { options, want, decode }
    }

    fn read<S: Source>(
        &self,
        recording: &mut Recording<S>,
        mut sinks: Vec<Box<dyn Sink>>,
    ) -> io::Result<Replayed> {
        let view = View { wanted: Wanted::all(), want: self.want, limit: None };
        replay(recording, &view, &mut sinks)
    }

    /// A sink that hears only of the calls that were asked for.
    fn asked(&self, sink: Box<dyn Sink>) -> Vec<Box<dyn Sink>> {
        match &self.options.query {
            Some(query) => vec![Box::new(Where::new(query.clone(), vec![sink]))],
            None => vec![sink],
        }
    }

    /// Reads both recordings once more, for the lines that are shown.
    fn write_lines<S: Source>(
        &self,
        recordings: &mut [Recording<S>; 2],
        comparison: &mut Comparison,
        merged: [HashMap<u32, events::Merged>; 2],
    ) -> Result<(), Error> {
        let wanted = wanted(comparison);
        for (side, ((recording, wanted), merged)) in recordings.iter_mut().zip(wanted).zip(merged).enumerate()
        {
            if wanted.is_empty() {
                continue;
            }
            let lines = shared(Lines::new());
            let look = self.options.look;
            let (json, compared) = (self.options.json, self.decode.string_limit);
            let writer = lines::Writer::new(wanted, look, compared, json, merged, Rc::clone(&lines));
            self.read(recording, self.asked(Box::new(writer))).map_err(|error| Error::Io(side, error))?;
            comparison.runs[side].lines = std::mem::take(&mut *lines.borrow_mut());
        }
        Ok(())
    }
}

/// What is fleeting in one run, by what the other one has.
fn names_of(own: &Survey, other: &Survey) -> Names {
    let made = own.made_up.iter().filter(|(name, _)| !other.made_up.contains_key(*name));
    let home = own.home.as_ref().filter(|home| home.len() > 1 && other.home.as_ref() != Some(home));
    let seconds = |ns: u64| ns / 1_000_000_000;
    let (first, last) = own.span.unwrap_or_default();
    Names {
        made_up: made.map(|(name, word)| (name.clone(), word.clone())).collect(),
        // For the pairing of tasks their ids are of no use; later they are set.
        ids: own.lineage.tasks.iter().map(|task| (task.tid as u64, 0)).collect(),
        home: home.cloned(),
        span: (seconds(first.wall_ns), seconds(last.wall_ns)),
        uptime: (seconds(first.mono_ns), seconds(last.mono_ns)),
    }
}

/// A number for each task of a side, the same for both of a pair.
fn identities(pairs: &Pairs, side: usize, count: usize) -> Vec<u32> {
    let mut identities = vec![u32::MAX; count];
    for (number, (a, b)) in pairs.order.iter().enumerate() {
        if let Some(index) = if side == 0 { a } else { b } {
            identities[*index] = number as u32;
        }
    }
    identities
}

/// Puts together what differs.
fn sum_up(runs: [Run; 2], pairs: &Pairs, found: [&Found; 2], options: &Options) -> Comparison {
    let nothing = events::Deeds::default();
    let mut comparison =
        Comparison { runs, entries: Vec::new(), counts: Counts::default(), processes: [0; 4] };
    let mut room = MOST_LINES;
    for &(a, b) in &pairs.order {
        let lineages = [&comparison.runs[0].lineage, &comparison.runs[1].lineage];
        let is_process =
            |side: usize, index: Option<usize>| index.is_some_and(|i| lineages[side].is_first(i));
        let (Some(x), Some(y)) = (a, b) else {
            let process = is_process(0, a) || is_process(1, b);
            // Threads of a process that is missing are missing with it.
            let thread_of_missing = |side: usize, index: Option<usize>, of: &[Option<usize>]| {
                index.is_some_and(|i| of[lineages[side].tasks[i].process].is_none())
            };
            if process || !(thread_of_missing(0, a, &pairs.of_a) || thread_of_missing(1, b, &pairs.of_b)) {
                comparison.processes[if a.is_some() { 1 } else { 2 }] += u64::from(process);
                comparison.entries.push(Entry { a, b, script: Script::default(), ends: None, hidden: 0 });
            }
            continue;
        };
        let ends = (lineages[0].tasks[x].end, lineages[1].tasks[y].end);
        let deeds = |side: usize, index: usize| found[side].deeds.get(index).unwrap_or(&nothing);
        let mut script = script::compare(deeds(0, x), deeds(1, y), options.slower, options.context);
        let ends = (ends.0 != ends.1).then_some(ends);
        let process = is_process(0, a);
        comparison.processes[0] += u64::from(process);
        comparison.processes[3] += u64::from(process && ends.is_some());
        comparison.counts.add(&script.counts);
        if script.counts.differ() || ends.is_some() {
            let hidden = limit(&mut script, &mut room);
            comparison.entries.push(Entry { a, b, script, ends, hidden });
        }
    }
    comparison
}

/// Takes away what there is no room for; how many differences that are.
fn limit(script: &mut Script, room: &mut usize) -> u64 {
    let mut hidden = 0;
    let differ = |ops: &[Op]| ops.iter().filter(|op| !matches!(op, Op::Same(..))).count() as u64;
    let mut fits = |ops: &[Op]| {
        let fits = ops.len() <= *room;
        if fits {
            *room -= ops.len();
        } else {
            hidden += differ(ops);
        }
        fits
    };
    script.hunks.retain(|hunk| fits(hunk));
    if !fits(&script.loose) {
        script.loose.clear();
    }
    hidden
}

/// Numbers of the events that are shown, of each side, and whether their strings are shown as far as they were
/// compared: what differs may be there.
fn wanted(comparison: &Comparison) -> [Vec<(u32, bool)>; 2] {
    let mut wanted = [Vec::new(), Vec::new()];
    for entry in &comparison.entries {
        for op in entry.script.hunks.iter().flatten().chain(&entry.script.loose) {
            let (a, b, full) = match *op {
                Op::Same(a, _) | Op::Removed(a) => (Some(a), None, false),
                Op::Added(b) => (None, Some(b), false),
                Op::Changed(a, b) => (Some(a), Some(b), true),
                Op::Slower(a, b) => (Some(a), Some(b), false),
            };
            wanted[0].extend(a.map(|number| (number, full)));
            wanted[1].extend(b.map(|number| (number, full)));
        }
    }
    for numbers in &mut wanted {
        numbers.sort_unstable();
        numbers.dedup_by_key(|wanted| wanted.0);
    }
    wanted
}
