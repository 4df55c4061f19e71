//! The log of `-f -o FILE`, line by line: whose line, what happened, with the halves of interrupted calls joined.

use std::collections::{BTreeMap, HashMap, HashSet};

/// One event of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The task that the line names.
    pub pid: i32,
    /// What happened.
    pub kind: Kind,
    /// Spaces between `)` and `=`; `None` for a call printed in two halves.
    pub pad: Option<usize>,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A system call; `ret` is the text after `= `, empty when the call was never seen to end.
    Call {
        /// Its name.
        name: String,
        /// The text between the parentheses.
        args: String,
        /// The result with its decoration.
        ret: String,
    },
    /// `--- SIGNAL {…} ---` or `--- stopped by SIGNAL ---`: the text inside.
    Signal(String),
    /// `+++ exited with CODE +++`.
    Exited(i32),
    /// `+++ killed by SIGNAL +++`: the signal, with ` (core dumped)` where printed.
    Killed(String),
    /// `+++ superseded by execve in pid TID +++`.
    Superseded(i32),
    /// Anything else; an unparsable line is a finding of its own.
    Other(String),
}

impl Entry {
    /// The name of the call, if it is one.
    pub fn name(&self) -> Option<&str> {
        match &self.kind {
            Kind::Call { name, .. } => Some(name),
            _ => None,
        }
    }

    /// The event as one line without its pid and with one space before `=`.
    pub fn text(&self) -> String {
        match &self.kind {
            Kind::Call { name, args, ret } => format!("{name}({args}) = {ret}"),
            Kind::Signal(text) => format!("--- {text} ---"),
            Kind::Exited(code) => format!("+++ exited with {code} +++"),
            Kind::Killed(signal) => format!("+++ killed by {signal} +++"),
            Kind::Superseded(by) => format!("+++ superseded by execve in pid {by} +++"),
            Kind::Other(text) => text.clone(),
        }
    }

    /// The task that this call made, for a successful clone, fork or vfork.
    pub fn created(&self) -> Option<i32> {
        let Kind::Call { name, ret, .. } = &self.kind else { return None };
        let makes = matches!(name.as_str(), "clone" | "clone3" | "fork" | "vfork");
        let digits: String = ret.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok().filter(|&pid| makes && pid > 0)
    }
}

/// A line without what two runs do not share: addresses, and decimal numbers of `digits` digits or more.
pub fn without_numbers(line: &str, digits: usize) -> String {
    let mut out = String::new();
    for word in line.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let body = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        let long = body.len() >= digits && body.bytes().all(|b| b.is_ascii_digit());
        out.push_str(if long || body.starts_with("0x") { "N" } else { body });
        out.push_str(&word[body.len()..]);
    }
    out
}

/// Reads a whole log. Lines keep the order in which their calls ended.
pub fn parse(log: &str) -> Vec<Entry> {
    let mut parser = Parser::default();
    for line in log.lines() {
        parser.line(line);
    }
    parser.finish()
}

#[derive(Default)]
struct Parser {
    entries: Vec<Entry>,
    pending: BTreeMap<i32, String>,
}

impl Parser {
    fn line(&mut self, line: &str) {
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let Ok(pid) = line[..digits].parse::<i32>() else {
            return self.push(0, Kind::Other(line.to_owned()), None);
        };
        let body = line[digits..].trim_start();
        if let Some(text) = body.strip_prefix("--- ").and_then(|rest| rest.strip_suffix(" ---")) {
            return self.push(pid, Kind::Signal(text.to_owned()), None);
        }
        if let Some(text) = body.strip_prefix("+++ ").and_then(|rest| rest.strip_suffix(" +++")) {
            return self.ending(pid, text);
        }
        if let Some(rest) = body.strip_prefix("<... ") {
            return self.resumed(pid, rest);
        }
        if let Some(head) = body.strip_suffix(" <unfinished ...>") {
            self.pending.insert(pid, head.to_owned());
            return;
        }
        self.call(pid, body, true);
    }

    fn push(&mut self, pid: i32, kind: Kind, pad: Option<usize>) {
        self.entries.push(Entry { pid, kind, pad });
    }

    fn ending(&mut self, pid: i32, text: &str) {
        if let Some(by) = text.strip_prefix("superseded by execve in pid ").and_then(|tid| tid.parse().ok()) {
            self.flush(pid);
            if let Some(head) = self.pending.remove(&by) {
                self.pending.insert(pid, head);
            }
            return self.push(pid, Kind::Superseded(by), None);
        }
        self.flush(pid);
        let kind = match text.strip_prefix("exited with ").map(str::parse) {
            Some(Ok(code)) => Kind::Exited(code),
            _ => text
                .strip_prefix("killed by ")
                .map_or_else(|| Kind::Other(text.to_owned()), |signal| Kind::Killed(signal.to_owned())),
        };
        self.push(pid, kind, None);
    }

    fn resumed(&mut self, pid: i32, rest: &str) {
        let (name, tail) = rest.split_once(" resumed>").unwrap_or((rest, ""));
        let head = self.pending.remove(&pid).unwrap_or_else(|| format!("{name}("));
        if !head.starts_with(&format!("{name}(")) {
            self.push(pid, Kind::Other(format!("{head} <resumed as> {rest}")), None);
            return;
        }
        if let Some(middle) = tail.strip_suffix(" <unfinished ...>") {
            self.pending.insert(pid, format!("{head}{middle}"));
            return;
        }
        self.call(pid, &format!("{head}{tail}"), false);
    }

    fn call(&mut self, pid: i32, body: &str, whole: bool) {
        let (text, cut) = match body.strip_suffix(" <unfinished ...>) = ?") {
            Some(head) => (format!("{head}) = ?"), true),
            None => (body.to_owned(), false),
        };
        let Some((head, pad, ret)) = split_result(&text) else {
            let name_end = text.find('(').filter(|_| text.ends_with("<detached ...>"));
            let kind = match name_end {
                Some(at) => {
                    Kind::Call { name: text[..at].into(), args: text[at + 1..].into(), ret: String::new() }
                }
                None => Kind::Other(text),
            };
            return self.push(pid, kind, None);
        };
        let Some((name, args)) = head.split_once('(') else {
            return self.push(pid, Kind::Other(text.clone()), None);
        };
        let kind = Kind::Call { name: name.to_owned(), args: args.to_owned(), ret: ret.to_owned() };
        self.push(pid, kind, Some(pad).filter(|_| whole && !cut));
    }

    /// A call that was never seen to end: its task died or was superseded.
    fn flush(&mut self, pid: i32) {
        if let Some(head) = self.pending.remove(&pid) {
            let (name, args) = head.split_once('(').unwrap_or((&head, ""));
            let kind = Kind::Call { name: name.to_owned(), args: args.to_owned(), ret: String::new() };
            self.push(pid, kind, None);
        }
    }

    fn finish(mut self) -> Vec<Entry> {
        for pid in self.pending.keys().copied().collect::<Vec<_>>() {
            self.flush(pid);
        }
        self.entries
    }
}

/// Splits `name(args)   = ret` into `name(args`, the padding, and `ret`.
fn split_result(text: &str) -> Option<(&str, usize, &str)> {
    let mut end = text.len();
    while let Some(at) = text[..end].rfind("= ").or_else(|| text[..end].rfind("=?")) {
        let before = text[..at].trim_end_matches(' ');
        if let Some(head) = before.strip_suffix(')')
            && before.len() < at
        {
            return Some((head, at - before.len(), text[at + 1..].trim_start()));
        }
        end = at;
    }
    None
}

/// The fork tree of a log: every task named by its path of births (`0`, `0.1`, `0.1.2`), the first task being `0`.
pub struct Tree {
    /// Path of births by pid.
    pub path: HashMap<i32, String>,
    /// Pids in the order of their birth lines.
    pub order: Vec<i32>,
    /// Tasks made with CLONE_THREAD, with the task that made them.
    pub threads: HashMap<i32, i32>,
}

/// Builds the fork tree of a parsed log.
pub fn tree(entries: &[Entry]) -> Tree {
    let mut tree = Tree { path: HashMap::new(), order: Vec::new(), threads: HashMap::new() };
    let mut born: BTreeMap<i32, Vec<i32>> = BTreeMap::new();
    for entry in entries {
        let Some(child) = entry.created() else { continue };
        born.entry(entry.pid).or_default().push(child);
        if let Kind::Call { args, .. } = &entry.kind
            && args.contains("CLONE_THREAD")
        {
            tree.threads.insert(child, entry.pid);
        }
    }
    let Some(root) = entries.iter().map(|entry| entry.pid).find(|&pid| pid != 0) else { return tree };
    let mut todo = vec![(root, "0".to_owned())];
    while let Some((pid, path)) = todo.pop() {
        if tree.path.contains_key(&pid) {
            continue;
        }
        for (index, child) in born.get(&pid).into_iter().flatten().enumerate() {
            todo.push((*child, format!("{path}.{}", index + 1)));
        }
        tree.order.push(pid);
        tree.path.insert(pid, path);
    }
    tree
}

/// Checks that every task of the log has exactly one end (exit, kill, or having become its leader by an exec);
/// returns the complaints.
pub fn unended(entries: &[Entry]) -> Vec<String> {
    let mut ends: BTreeMap<i32, usize> = BTreeMap::new();
    let mut seen: HashSet<i32> = HashSet::new();
    let mut births: BTreeMap<i32, usize> = BTreeMap::new();
    for entry in entries {
        if entry.pid != 0 {
            seen.insert(entry.pid);
        }
        if let Some(child) = entry.created() {
            seen.insert(child);
            *births.entry(child).or_default() += 1;
        }
        match entry.kind {
            Kind::Exited(_) | Kind::Killed(_) => *ends.entry(entry.pid).or_default() += 1,
            Kind::Superseded(by) => *ends.entry(by).or_default() += 1,
            _ => {}
        }
    }
    let mut pids: Vec<i32> = seen.into_iter().collect();
    pids.sort_unstable();
    let wrong = pids.into_iter().map(|pid| (pid, ends.get(&pid).copied().unwrap_or(0)));
    let lives = |pid: i32| births.get(&pid).copied().unwrap_or(1);
    let wrong = wrong.filter(|&(pid, count)| count != lives(pid));
    wrong.map(|(pid, count)| format!("pid {pid} ended {count} times in {} lives", lives(pid))).collect()
}

/// How often each call name occurs.
pub fn counts(entries: &[Entry]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for name in entries.iter().filter_map(Entry::name) {
        *counts.entry(name).or_default() += 1;
    }
    counts
}
