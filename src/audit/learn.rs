//! Several runs become one baseline: what they share stays certain, what differs becomes occasional, and names of
//! chance become patterns.
//!
//! A name of chance: the same process does the same in both runs to names that are equal but for one part (in a
//! rename, for one part of each side), inside of `<dir>`, `<home>` or `<tmp>`. That part becomes `*`. System
//! directories never do, nor what is directly in a home.

use std::collections::{BTreeSet, HashSet};

use super::baseline::{Baseline, Facts, Process};
use super::deed::Act;
use super::names::ARROW;

/// The mark of any name.
const ANY: &str = "*";
/// A name with more parts is no pattern.
const MOST_PARTS: usize = 64;

/// The parts of a name; the arrow of a rename is one.
fn parts(name: &str) -> Vec<&str> {
    let mut all = Vec::new();
    for (side, path) in name.split(ARROW).enumerate() {
        if side > 0 {
            all.push(ARROW);
        }
        all.extend(path.split('/'));
    }
    all
}

/// A name of parts.
fn join(parts: &[&str]) -> String {
    let mut name = String::new();
    let mut begins = true;
    for part in parts {
        if *part == ARROW {
            name.push_str(ARROW);
            begins = true;
            continue;
        }
        if !begins {
            name.push('/');
        }
        name.push_str(part);
        begins = false;
    }
    name
}

/// Whether a name is a pattern.
fn is_pattern(name: &str) -> bool {
    name.contains(ANY)
}

/// Whether `pattern` stands for `name`: part by part, where `*` is any, and within a part any end or middle.
pub fn fits(pattern: &str, name: &str) -> bool {
    if pattern == name {
        return true;
    }
    let (pattern, name) = (parts(pattern), parts(name));
    let fits = |(pattern, part): (&&str, &&str)| pattern == part || (*pattern == ANY && *part != ARROW);
    pattern.len() == name.len() && pattern.iter().zip(&name).all(fits)
}

/// Names, and those of them that are patterns.
#[derive(Debug)]
pub struct Known<'a> {
    exact: HashSet<&'a str>,
    patterns: Vec<&'a str>,
}

impl<'a> Known<'a> {
    /// These names.
    pub fn new(names: impl IntoIterator<Item = &'a str>) -> Self {
        let exact: HashSet<&str> = names.into_iter().collect();
        let patterns = exact.iter().copied().filter(|name| is_pattern(name)).collect();
        Self { exact, patterns }
    }

    /// Whether a name is among them, or fits one.
    pub fn has(&self, name: &str) -> bool {
        self.exact.contains(name) || self.patterns.iter().any(|pattern| fits(pattern, name))
    }
}

/// The patterns that a name may become.
fn candidates(name: &str) -> Vec<String> {
    let all = parts(name);
    let sides: Vec<&[&str]> = all.split(|part| *part == ARROW).collect();
    let free = |side: &[&str]| match side.first() {
        _ if side.len() > MOST_PARTS => 0..0,
        Some(&"<home>") => 2..side.len(),
        Some(&("<dir>" | "<tmp>")) => 1..side.len(),
        _ => 0..0,
    };
    let with = |side: &[&str], at: usize| {
        let mut side: Vec<String> = side.iter().map(|part| (*part).to_owned()).collect();
        side[at] = ANY.to_owned();
        join(&side.iter().map(String::as_str).collect::<Vec<_>>())
    };
    match sides[..] {
        [path] => free(path).rev().map(|at| with(path, at)).collect(),
        [from, to] => {
            let mut all = Vec::new();
            // One name of chance, else both.
            all.extend(free(from).rev().map(|at| format!("{}{ARROW}{}", with(from, at), join(to))));
            all.extend(free(to).rev().map(|at| format!("{}{ARROW}{}", join(from), with(to, at))));
            for one in free(from).rev() {
                all.extend(free(to).rev().map(|two| format!("{}{ARROW}{}", with(from, one), with(to, two))));
            }
            all
        }
        _ => Vec::new(),
    }
}

/// Patterns that names of both sides may become; the names that do are taken out.
fn patterns(old: &mut BTreeSet<String>, new: &mut BTreeSet<String>) -> BTreeSet<String> {
    let offered: HashSet<String> = old.iter().flat_map(|name| candidates(name)).collect();
    let mut found = BTreeSet::new();
    for name in new.iter() {
        found.extend(candidates(name).into_iter().find(|pattern| offered.contains(pattern)));
    }
    let free = |name: &String| !found.iter().any(|pattern| fits(pattern, name));
    old.retain(free);
    new.retain(free);
    found
}

/// Merges what a process did in all runs before with what it did in one more.
fn merge_facts(process: &mut Process, new: &Facts) {
    let acts: BTreeSet<Act> =
        process.always.keys().chain(process.sometimes.keys()).chain(new.keys()).copied().collect();
    for act in acts {
        let mut always = process.always.remove(&act).unwrap_or_default();
        let mut sometimes = process.sometimes.remove(&act).unwrap_or_default();
        let none = BTreeSet::new();
        let seen = new.get(&act).unwrap_or(&none);
        let known = Known::new(always.iter().chain(&sometimes).map(String::as_str));
        let mut fresh: BTreeSet<String> = seen.iter().filter(|name| !known.has(name)).cloned().collect();
        let again = |name: &String| {
            seen.contains(name) || is_pattern(name) && seen.iter().any(|other| fits(name, other))
        };
        let mut gone: BTreeSet<String> = always.iter().filter(|name| !again(name)).cloned().collect();
        always.retain(again);
        let learnt = patterns(&mut gone, &mut fresh);
        sometimes.retain(|name| !learnt.iter().any(|pattern| fits(pattern, name)));
        always.extend(learnt);
        sometimes.extend(gone);
        sometimes.extend(fresh);
        for (facts, names) in [(&mut process.always, always), (&mut process.sometimes, sometimes)] {
            if !names.is_empty() {
                facts.insert(act, names);
            }
        }
    }
}

/// Adds a run to a baseline.
pub fn merge(baseline: &mut Baseline, run: &Baseline) {
    baseline.runs = baseline.runs.saturating_add(run.runs);
    if baseline.command.is_empty() {
        baseline.command.clone_from(&run.command);
    }
    for (path, program) in &run.programs {
        let known = baseline.programs.entry(path.clone()).or_default();
        known.built |= program.built;
        known.sha256.extend(program.sha256.iter().cloned());
        known.interpreter = program.interpreter.clone().or(known.interpreter.take());
        if known.built {
            known.sha256.clear();
        }
    }
    for (lineage, process) in &mut baseline.processes {
        let seen = run.processes.get(lineage);
        process.optional |= seen.is_none();
        // A process that was not there has done nothing else than usual.
        if let Some(seen) = seen {
            merge_facts(process, &seen.always);
        }
    }
    for (lineage, process) in &run.processes {
        if !baseline.processes.contains_key(lineage) {
            let process = Process { optional: true, ..process.clone() };
            baseline.processes.insert(lineage.clone(), process);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn run(facts: &[(Act, &[&str])]) -> Baseline {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let always = facts.iter().map(|(act, names)| (*act, set(names))).collect();
        let process = Process { always, ..Process::default() };
        let processes = BTreeMap::from([(vec!["/usr/bin/make".to_owned()], process)]);
        Baseline { runs: 1, processes, ..Baseline::default() }
    }

    fn merged(runs: &[&[&str]], act: Act) -> (Vec<String>, Vec<String>) {
        let mut all = run(&[(act, runs[0])]);
        for names in &runs[1..] {
            merge(&mut all, &run(&[(act, names)]));
        }
        let process = all.processes.values().next().unwrap();
        let list = |facts: &Facts| facts.get(&act).into_iter().flatten().cloned().collect();
        (list(&process.always), list(&process.sometimes))
    }

    #[test]
    fn what_differs_is_occasional_and_names_of_chance_are_patterns() {
        type Row<'a> = (&'a [&'a [&'a str]], &'a [&'a str], &'a [&'a str]);
        let rows: &[Row<'_>] = &[
            (&[&["/a", "/b"], &["/a", "/c"]], &["/a"], &["/b", "/c"]),
            (&[&["<dir>/s-1/x.o"], &["<dir>/s-2/x.o"]], &["<dir>/*/x.o"], &[]),
            (&[&["<dir>/s-1/x.o"], &["<dir>/s-2/x.o"], &["<dir>/s-3/x.o"]], &["<dir>/*/x.o"], &[]),
            (&[&["<dir>/s-1/x.o"], &["<dir>/s-2/x.o"], &[]], &[], &["<dir>/*/x.o"]),
            (&[&["<home>/.a"], &["<home>/.b"]], &[], &["<home>/.a", "<home>/.b"]),
            (&[&["/etc/a"], &["/etc/b"]], &[], &["/etc/a", "/etc/b"]),
            (&[&["/a"], &["/a", "/b"], &["/a", "/b"]], &["/a"], &["/b"]),
            (&[&["<dir>/x"], &["<dir>/x"]], &["<dir>/x"], &[]),
        ];
        for (runs, always, sometimes) in rows {
            let (got_always, got_sometimes) = merged(runs, Act::Read);
            let owned = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
            assert_eq!((got_always, got_sometimes), (owned(always), owned(sometimes)), "{runs:?}");
        }
    }

    #[test]
    fn renames_have_a_name_of_chance_on_either_side() {
        let runs: &[&[&str]] =
            &[&["<dir>/i/s-a-working -> <dir>/i/s-a-x"], &["<dir>/i/s-b-working -> <dir>/i/s-b-y"]];
        assert_eq!(merged(runs, Act::Rename).0, ["<dir>/i/* -> <dir>/i/*"]);
        let runs: &[&[&str]] = &[&["<tmp>/x1 -> <dir>/out"], &["<tmp>/x2 -> <dir>/out"]];
        assert_eq!(merged(runs, Act::Rename).0, ["<tmp>/* -> <dir>/out"]);
    }

    #[test]
    fn patterns_hold_names_of_their_length() {
        for (pattern, name, holds) in [
            ("<dir>/*/x", "<dir>/a/x", true),
            ("<dir>/*/x", "<dir>/a/b/x", false),
            ("<tmp>/*.s", "<tmp>/*.s", true),
            ("<dir>/* -> <dir>/b", "<dir>/a -> <dir>/b", true),
            ("<dir>/* -> <dir>/b", "<dir>/a -> <dir>/c", false),
        ] {
            assert_eq!(fits(pattern, name), holds, "{pattern} {name}");
        }
    }
}
