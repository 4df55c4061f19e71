//! Two logs of the same program, compared: process by process along the fork tree, token by token, with pids mapped.

use crate::rows::{Mode, Row, Vary};
use crate::support::log::{Entry, Kind, Tree, tree};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How far ahead a missing or invented call is looked for.
const WINDOW: usize = 400;

/// What a comparison found.
#[derive(Default)]
pub struct Report {
    /// Lines compared (the oracle's).
    pub lines: usize,
    /// Differing lines: texts that differ, and calls only one side has.
    pub differing: usize,
    /// Calls that only one side has.
    pub names: usize,
    /// Differing pairs, oracle first.
    pub pairs: Vec<(String, String)>,
}

impl Report {
    fn pair(&mut self, path: &str, oracle: &str, ours: &str) {
        self.differing += 1;
        self.pairs.push((format!("[{path}] {oracle}"), format!("[{path}] {ours}")));
    }
}

/// One side: its entries, its fork tree, and what its outside pids are called.
pub struct Side {
    entries: Vec<Entry>,
    tree: Tree,
    outside: HashMap<i32, &'static str>,
}

impl Side {
    /// `tracer` is the pid that the root process sees as its parent.
    pub fn new(entries: Vec<Entry>, tracer: i32) -> Side {
        let tree = tree(&entries);
        Side { entries, tree, outside: HashMap::from([(tracer, "tracer")]) }
    }

    fn task(&self, pid: i32) -> Option<&str> {
        self.tree.path.get(&pid).map(String::as_str).or_else(|| self.outside.get(&pid).copied())
    }

    fn by_path(&self, wanted: impl Fn(&Entry) -> bool) -> BTreeMap<&str, Vec<&Entry>> {
        let mut map: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
        for entry in self.entries.iter().filter(|entry| wanted(entry)) {
            map.entry(self.task(entry.pid).unwrap_or("?")).or_default().push(entry);
        }
        map
    }
}

/// Compares by the row's mode.
pub fn compare(row: &Row, oracle: &Side, ours: &Side) -> Report {
    match row.mode {
        Mode::Exact => exact(row, oracle, ours),
        Mode::Unordered { free, slack } => unordered(free, slack, oracle, ours),
    }
}

fn exact(row: &Row, oracle: &Side, ours: &Side) -> Report {
    let mut report = Report { lines: oracle.entries.len(), ..Report::default() };
    let lines = Lines { row, oracle, ours };
    // Signals and ends are compared apart from calls: where a signal falls between two calls is the scheduler's choice.
    for calls in [true, false] {
        let counts =
            |entry: &Entry| entry.name().is_some() == calls && !row.uncounted.contains(&label(entry));
        let left = oracle.by_path(counts);
        let right = ours.by_path(counts);
        let paths: BTreeSet<&str> = left.keys().chain(right.keys()).copied().collect();
        for path in paths {
            let empty = Vec::new();
            let (a, b) = (left.get(path).unwrap_or(&empty), right.get(path).unwrap_or(&empty));
            align(&mut report, &lines, path, a, b);
        }
    }
    report
}

struct Lines<'a> {
    row: &'a Row,
    oracle: &'a Side,
    ours: &'a Side,
}

impl Lines<'_> {
    fn equal(&self, a: &Entry, b: &Entry) -> bool {
        let (left, right) = (self.normal(a), self.normal(b));
        if let (Some(pad_a), Some(pad_b)) = (a.pad, b.pad)
            && left == right
            && left.len() == right.len()
            && a.text() == b.text()
            && pad_a != pad_b
        {
            return false;
        }
        self.tokens_equal(&left, &right)
    }

    fn normal(&self, entry: &Entry) -> String {
        let text = environment_address(&entry.text()).into_owned();
        self.row.vary.iter().fold(text, |text, vary| vary.normalise(entry.name().unwrap_or(""), text))
    }

    fn tokens_equal(&self, left: &str, right: &str) -> bool {
        if left == right {
            return true;
        }
        let (a, b) = (tokens(left), tokens(right));
        a.len() == b.len() && a.iter().zip(&b).all(|(x, y)| x == y || self.same_task(x, y))
    }

    fn same_task(&self, a: &str, b: &str) -> bool {
        let (Ok(a), Ok(b)) = (a.parse(), b.parse()) else { return false };
        matches!((self.oracle.task(a), self.ours.task(b)), (Some(x), Some(y)) if x == y)
    }
}

/// Blanks execve's environment pointer: for the first program it lies on the tracer's own stack,
/// whose place depends on the tracer's name.
fn environment_address(text: &str) -> std::borrow::Cow<'_, str> {
    static PATTERN: std::sync::OnceLock<regex::Regex> = std::sync::OnceLock::new();
    let pattern = PATTERN.get_or_init(|| regex::Regex::new(r"0x[0-9a-f]+ (/\* \d+ vars? \*/)").unwrap());
    pattern.replace(text, "ENVP $1")
}

/// Splits into runs of digits and runs of everything else.
fn tokens(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let bytes = text.as_bytes();
    for at in 1..=bytes.len() {
        if at == bytes.len() || bytes[at].is_ascii_digit() != bytes[at - 1].is_ascii_digit() {
            out.push(&text[start..at]);
            start = at;
        }
    }
    out
}

fn label(entry: &Entry) -> &str {
    match &entry.kind {
        Kind::Call { name, .. } => name,
        Kind::Signal(text) => text.split(' ').next().unwrap_or(text),
        Kind::Exited(_) => "+++exited",
        Kind::Killed(_) => "+++killed",
        Kind::Superseded(_) => "+++superseded",
        Kind::Other(_) => "?",
    }
}

/// Walks both sequences; where the names part, finds the nearest place at which two of them meet again.
fn align(report: &mut Report, lines: &Lines<'_>, path: &str, a: &[&Entry], b: &[&Entry]) {
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        if label(a[i]) == label(b[j]) {
            if !lines.equal(a[i], b[j]) {
                report.pair(path, &shown(a[i]), &shown(b[j]));
            }
            i += 1;
            j += 1;
            continue;
        }
        let (skip_a, skip_b) = resync(&a[i..], &b[j..]);
        one_sided(report, path, &a[i..i + skip_a], true);
        one_sided(report, path, &b[j..j + skip_b], false);
        i += skip_a;
        j += skip_b;
    }
    one_sided(report, path, &a[i..], true);
    one_sided(report, path, &b[j..], false);
}

fn resync(a: &[&Entry], b: &[&Entry]) -> (usize, usize) {
    let meets = |i: usize, j: usize| {
        (0..3).all(|k| match (a.get(i + k), b.get(j + k)) {
            (Some(x), Some(y)) => label(x) == label(y),
            (None, None) => true,
            _ => false,
        })
    };
    for sum in 1..WINDOW {
        for i in 0..=sum {
            if i <= a.len() && sum - i <= b.len() && meets(i, sum - i) {
                return (i, sum - i);
            }
        }
    }
    (a.len(), b.len())
}

fn one_sided(report: &mut Report, path: &str, entries: &[&Entry], oracle: bool) {
    for entry in entries {
        let text = entry.text();
        let (left, right) = if oracle { (text.as_str(), "(missing)") } else { ("(invented)", text.as_str()) };
        report.pair(path, left, right);
        report.names += usize::from(entry.name().is_some());
    }
}

fn shown(entry: &Entry) -> String {
    let text = entry.text();
    match (entry.pad, text.rfind(") = ")) {
        (Some(pad), Some(at)) => format!("{}{}{}", &text[..=at], " ".repeat(pad), &text[at + 2..]),
        _ => text,
    }
}

/// Compares how often each name occurs per process (threads counted to their process), and the shapes of the lines.
fn unordered(free: &[&str], slack: usize, oracle: &Side, ours: &Side) -> Report {
    let mut report = Report { lines: oracle.entries.len(), ..Report::default() };
    let (left, right) = (multisets(oracle), multisets(ours));
    let paths: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    for path in paths {
        let empty = BTreeMap::new();
        let (a, b) = (left.get(path).unwrap_or(&empty), right.get(path).unwrap_or(&empty));
        for name in a.keys().chain(b.keys()).collect::<BTreeSet<_>>() {
            let (x, y) = (a.get(name).copied().unwrap_or(0), b.get(name).copied().unwrap_or(0));
            if !free.contains(&name.as_str()) && x.abs_diff(y) > slack {
                report.names += x.abs_diff(y) - slack;
                report.pair(path, &format!("{name} ×{x}"), &format!("{name} ×{y}"));
            }
        }
    }
    let (a, b) = (shapes(oracle), shapes(ours));
    for (shape, sample) in b.iter().filter(|(shape, _)| !a.contains_key(*shape)) {
        let name = shape.split('(').next().unwrap_or("");
        let near = a
            .iter()
            .find(|(other, _)| other.split('(').next() == Some(name))
            .map_or("(none)", |(_, text)| text);
        report.pair("shape", near, sample);
    }
    report
}

/// Path of births of every process, its threads folded into it: which thread forks is chance.
fn processes(side: &Side, leader: impl Fn(i32) -> i32) -> HashMap<i32, String> {
    let mut paths: HashMap<i32, String> = HashMap::new();
    let mut births: HashMap<i32, usize> = HashMap::new();
    for entry in &side.entries {
        let parent = leader(entry.pid);
        let path = paths.entry(parent).or_insert_with(|| "0".to_owned()).clone();
        let Some(child) = entry.created().filter(|child| !side.tree.threads.contains_key(child)) else {
            continue;
        };
        let birth = births.entry(parent).or_default();
        *birth += 1;
        paths.insert(child, format!("{path}.{birth}"));
    }
    paths
}

fn multisets(side: &Side) -> BTreeMap<String, BTreeMap<String, usize>> {
    let leader = |mut pid: i32| {
        while let Some(&maker) = side.tree.threads.get(&pid) {
            pid = maker;
        }
        pid
    };
    let paths = processes(side, leader);
    let mut sets: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for entry in &side.entries {
        let process = paths.get(&leader(entry.pid)).map_or("0", String::as_str);
        if let Some(name) = entry.name() {
            *sets.entry(format!("process {process}")).or_default().entry(name.to_owned()).or_default() += 1;
        }
    }
    sets
}

/// Lines with numbers, strings and addresses blanked, with one sample each: what the decoder's formats look like.
fn shapes(side: &Side) -> BTreeMap<String, String> {
    let mut shapes = BTreeMap::new();
    for entry in &side.entries {
        let text = entry.text();
        shapes.entry(Vary::shape(&text)).or_insert(text);
    }
    shapes
}
