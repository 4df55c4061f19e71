//! What a run did that its baseline does not have, and what it did not do.
//!
//! A program that is new is one finding, with all that it and those below it read; what they changed or talked to is
//! told each by itself. Writing an existing file and making it are the same here: a second
//! build finds what the first one made.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::baseline::{Baseline, Process};
use super::collect::Story;
use super::deed::{Act, Target};
use super::finding::{Check, Finding, Level, Origin};
use super::judge::{self, Settled};
use super::learn::Known;
use super::names;
use super::observe::{self, Observed, Source};
use super::policy::{OnDrift, Policy};

/// So many details of a finding are kept.
const MOST_DETAILS: usize = 200;

/// The kinds of drift: name and meaning.
pub const KINDS: &[(&str, &str)] = &[
    ("new-process", "a program was run in a way that the baseline does not have"),
    ("changed-program", "a program is another than in the baseline"),
    ("new-read", "a file was read that the baseline does not have"),
    ("new-write", "a file was written that the baseline does not have"),
    ("new-create", "a file was made that the baseline does not have"),
    ("new-delete", "a file was deleted that the baseline does not have"),
    ("new-rename", "a file was renamed as the baseline does not have it"),
    ("new-connect", "a peer was talked to that the baseline does not have"),
    ("new-bind", "an address was bound that the baseline does not have"),
    ("missing", "what was done in every run before was not done"),
];

/// The kind for an act.
fn kind(act: Act) -> usize {
    match act {
        Act::Execute | Act::Call => 0,
        Act::Read => 2,
        Act::Write => 3,
        Act::Create => 4,
        Act::Delete => 5,
        Act::Rename => 6,
        Act::Connect => 7,
        Act::Bind => 8,
    }
}
const CHANGED: usize = 1;
const MISSING: usize = 9;

/// What a comparison checks.
pub fn checks(policy: &Policy) -> Vec<Check> {
    let check = |(at, (id, about)): (usize, &(&str, &str))| {
        let level = if at == MISSING { policy.missing.level() } else { policy.new.level() };
        Some(Check { id: (*id).into(), about: (*about).into(), level: level?, origin: Origin::Drift })
    };
    KINDS.iter().enumerate().filter_map(check).collect()
}

/// The names that a process may do `act` to. Of names of chance, what it makes it may delete: old logs, leftovers.
fn known(process: &Process, act: Act) -> Known<'_> {
    let of =
        |act: Act| [&process.always, &process.sometimes].into_iter().filter_map(move |facts| facts.get(&act));
    let made = || of(Act::Write).chain(of(Act::Create)).flatten().map(String::as_str);
    match act {
        Act::Write | Act::Create => Known::new(made()),
        Act::Delete => {
            let own = of(act).flatten().map(String::as_str);
            Known::new(own.chain(made().filter(|name| names::is_of_chance(name))))
        }
        _ => Known::new(of(act).flatten().map(String::as_str)),
    }
}

/// Whether the baseline has what a finding of a rule is about.
pub fn has(baseline: &Baseline, finding: &Finding, act: Act) -> bool {
    let process = baseline.processes.get(&finding.process);
    match act {
        Act::Execute => process.is_some(),
        Act::Call => false,
        _ => process.is_some_and(|process| known(process, act).has(&finding.name)),
    }
}

/// Compares a run with a baseline.
pub fn compare(
    baseline: &Baseline,
    story: &Story,
    observed: &Observed<'_>,
    policy: &Policy,
    settled: &Settled,
) -> Vec<Finding> {
    let compared = Compared { baseline, story, observed, settled };
    let mut findings = Vec::new();
    if let Some(level) = policy.new.level() {
        compared.added(level, &mut findings);
        compared.changed(level, &mut findings);
    }
    if policy.missing != OnDrift::Ignore
        && let Some(level) = policy.missing.level()
    {
        compared.missing(level, &mut findings);
    }
    findings
}

struct Compared<'a> {
    baseline: &'a Baseline,
    story: &'a Story,
    observed: &'a Observed<'a>,
    settled: &'a Settled,
}

impl Compared<'_> {
    fn finding(&self, kind: usize, level: Level, process: &[String], name: String) -> Finding {
        let (id, about) = KINDS[kind];
        Finding {
            id: id.into(),
            level,
            origin: Origin::Drift,
            about: about.into(),
            new: Some(kind != MISSING),
            ..Finding::named(process.to_vec(), name)
        }
    }

    /// The same with who did it and the call that shows it.
    fn shown(&self, lineage: &[String], act: Act, name: &str, level: Level, source: &Source<'_>) -> Finding {
        let finding = self.finding(kind(act), level, lineage, name.to_owned());
        Finding {
            act: Some(act),
            target: names::shown(source.target),
            lineage: observe::shown(self.story, source.node),
            sha256: judge::digest(self.story, source.node),
            evidence: Some(source.evidence.clone()),
            ..finding
        }
    }

    /// What the baseline does not have.
    fn added(&self, level: Level, findings: &mut Vec<Finding>) {
        let mut fresh: Vec<(&Vec<String>, &Process)> = Vec::new();
        for (lineage, process) in &self.observed.facts.processes {
            match self.baseline.processes.get(lineage) {
                Some(before) => {
                    for (act, seen) in &process.always {
                        let known = known(before, *act);
                        self.told(
                            lineage,
                            *act,
                            seen.iter().filter(|name| !known.has(name)),
                            level,
                            findings,
                        );
                    }
                }
                None => fresh.push((lineage, process)),
            }
        }
        // Reads of a line of programs that is new belong to the first new program in it.
        let mut reads: BTreeMap<&[String], BTreeSet<String>> = BTreeMap::new();
        for (lineage, process) in &fresh {
            let first =
                (1..=lineage.len()).find(|end| !self.baseline.processes.contains_key(&lineage[..*end]));
            let begin = &lineage[..first.unwrap_or(lineage.len())];
            for (act, seen) in &process.always {
                match act {
                    Act::Read => reads.entry(begin).or_default().extend(seen.iter().cloned()),
                    _ => self.told(lineage, *act, seen.iter(), level, findings),
                }
            }
        }
        for (lineage, _) in fresh {
            let mut read: Vec<String> = reads.remove(&lineage[..]).unwrap_or_default().into_iter().collect();
            // What is not the system's comes first.
            read.sort_by_key(|name| !name.starts_with('<'));
            let read = read.into_iter().map(|name| format!("reads {name}")).collect();
            findings.extend(self.new_process(lineage, read, level));
        }
    }

    /// Tells of names, but for those about which a rule has spoken.
    fn told<'b>(
        &self,
        lineage: &[String],
        act: Act,
        seen: impl Iterator<Item = &'b String>,
        level: Level,
        findings: &mut Vec<Finding>,
    ) {
        for name in seen {
            let key = (lineage.to_vec(), act, name.clone());
            if self.settled.contains(&key) {
                continue;
            }
            let source = self.observed.sources.get(&key);
            findings.extend(source.map(|source| self.shown(lineage, act, name, level, source)));
        }
    }

    /// The finding of a new process; none where it was started by another new one, which tells of it.
    fn new_process(&self, lineage: &[String], read: Vec<String>, level: Level) -> Option<Finding> {
        let (program, above) = lineage.split_last()?;
        let known = above.is_empty() || self.baseline.processes.contains_key(above);
        if !known || self.settled.contains(&(lineage.to_vec(), Act::Execute, program.clone())) {
            return None;
        }
        let node = self.observed.lineages.iter().position(|line| line == lineage)?;
        let started = self.story.nodes[node].deeds.iter();
        let started = started.filter(|((act, _), _)| *act == Act::Execute).map(|(_, call)| call);
        let below = self.observed.facts.processes.keys();
        let below: BTreeSet<&String> = below
            .filter(|other| other.starts_with(lineage))
            .flat_map(|other| &other[lineage.len()..])
            .collect();
        let path = Target::Path(self.story.nodes[node].program.clone());
        let finding = self.finding(0, level, lineage, program.clone());
        let mut details = read;
        details.splice(0..0, below.into_iter().map(|program| format!("runs {program}")));
        Some(capped(
            Finding {
                act: Some(Act::Execute),
                target: names::shown(&path),
                lineage: observe::shown(self.story, node),
                sha256: judge::digest(self.story, node),
                evidence: started.min_by_key(|call| call.wall_ns).cloned(),
                ..finding
            },
            details,
        ))
    }

    fn changed(&self, level: Level, findings: &mut Vec<Finding>) {
        let shown: HashMap<&str, usize> = self
            .observed
            .lineages
            .iter()
            .enumerate()
            .filter_map(|(node, line)| Some((line.last()?.as_str(), node)))
            .rev()
            .collect();
        for (path, program) in &self.observed.facts.programs {
            let Some(before) = self.baseline.programs.get(path) else { continue };
            let other = program.interpreter != before.interpreter;
            let compared = !before.built && !program.built && !before.sha256.is_empty();
            let fresh: Vec<&String> =
                program.sha256.iter().filter(|hash| compared && !before.sha256.contains(*hash)).collect();
            let became_built = program.built && !before.built;
            if fresh.is_empty() && !other && !became_built {
                continue;
            }
            let node = shown.get(path.as_str()).copied();
            let mut finding = self.finding(CHANGED, level, &[], path.clone());
            finding.target = match (fresh.first(), became_built) {
                (_, true) => format!("{path} was changed during the run"),
                (Some(hash), _) => format!("{path} has SHA-256 {hash}"),
                (None, _) => format!("{path} has another interpreter"),
            };
            if let Some(node) = node {
                finding.lineage = observe::shown(self.story, node);
                finding.process.clone_from(&self.observed.lineages[node]);
            }
            finding.sha256 = fresh.first().map(|hash| (*hash).clone());
            let before = before.sha256.iter().map(|hash| format!("before: {hash}")).collect();
            findings.push(capped(finding, before));
        }
    }

    fn missing(&self, level: Level, findings: &mut Vec<Finding>) {
        let mut gone: BTreeMap<&[String], Vec<String>> = BTreeMap::new();
        for (lineage, before) in &self.baseline.processes {
            let Some(seen) = self.observed.facts.processes.get(lineage) else {
                let above = &lineage[..lineage.len().saturating_sub(1)];
                let told = !self.observed.facts.processes.contains_key(above) && !above.is_empty();
                if !before.optional && !told {
                    gone.entry(&lineage[..]).or_default().push("run".into());
                }
                continue;
            };
            for (act, names) in &before.always {
                let done = known(seen, *act);
                let done_as = |name: &String| {
                    done.has(name)
                        || name.contains('*')
                            && seen
                                .always
                                .get(act)
                                .into_iter()
                                .flatten()
                                .any(|other| super::learn::fits(name, other))
                };
                let told = names.iter().filter(|name| !done_as(name));
                gone.entry(&lineage[..])
                    .or_default()
                    .extend(told.map(|name| format!("{} {name}", act.name())));
            }
        }
        for (lineage, what) in gone.into_iter().filter(|(_, what)| !what.is_empty()) {
            let who = lineage.last().map_or("the command", String::as_str);
            let target = match &what[..] {
                [only] if only == "run" => format!("{who} was not run"),
                [only] => format!("{who} did not {only}"),
                more => format!("{who} did not do {} things that it did before", more.len()),
            };
            let mut finding = self.finding(MISSING, level, lineage, what[0].clone());
            finding.target = target;
            finding.lineage = lineage.to_vec();
            let details = if what.len() > 1 { what } else { Vec::new() };
            findings.push(capped(finding, details));
        }
    }
}

/// Adds details, as many as are kept.
fn capped(mut finding: Finding, mut details: Vec<String>) -> Finding {
    finding.more = details.len().saturating_sub(MOST_DETAILS);
    details.truncate(MOST_DETAILS);
    finding.details = details;
    finding
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_process_may_do_follows_from_what_it_did() {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        let always = BTreeMap::from([
            (Act::Create, set(&["<home>/logs/<time>.log", "<dir>/out", "<dir>/*/x.o"])),
            (Act::Read, set(&["/etc/passwd"])),
        ]);
        let sometimes = BTreeMap::from([(Act::Write, set(&["<dir>/old"]))]);
        let process = Process { always, sometimes, ..Process::default() };
        let rows: &[(Act, &str, bool)] = &[
            (Act::Read, "/etc/passwd", true),
            (Act::Read, "<dir>/out", false),
            (Act::Write, "<dir>/out", true),
            (Act::Create, "<dir>/old", true),
            (Act::Create, "<dir>/a/x.o", true),
            (Act::Delete, "<home>/logs/<time>.log", true),
            (Act::Delete, "<dir>/a/x.o", true),
            (Act::Delete, "<dir>/out", false),
            (Act::Delete, "/etc/passwd", false),
        ];
        for (act, name, may) in rows {
            assert_eq!(known(&process, *act).has(name), *may, "{act:?} {name}");
        }
    }
}
