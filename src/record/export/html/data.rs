//! What a run was, as the one JSON value that the page's script reads. Its fields are those that `page.js` names.

use std::collections::HashMap;

use syscall_tables::class::{self, Class};
use syscall_tables::{errno, uring};

use super::calls::Kept;
use super::{Lane, Page};
use crate::output::json::write::{digits, raw, signed, string};
use crate::output::tally::Tally;
use crate::output::tally::lineage::{self, Counts, Fold};
use crate::output::tree::walk::{self, Item};
use crate::output::{shell, tables, tree};

/// Most rows of the tree and of each table.
const MOST_ROWS: usize = 2_000;
/// Most lines of a command that is shown.
const MOST_PROGRAMS: usize = 16;
/// Longest command line that is shown.
const COMMAND_COLUMNS: usize = 400;

/// Calls that wait for somebody or something.
const WAITS: &[&str] = &[
    "futex",
    "futex_time64",
    "futex_wait",
    "futex_waitv",
    "poll",
    "ppoll",
    "select",
    "pselect6",
    "_newselect",
    "epoll_wait",
    "epoll_pwait",
    "epoll_pwait2",
    "nanosleep",
    "clock_nanosleep",
    "pause",
    "wait4",
    "waitid",
    "waitpid",
    "rt_sigsuspend",
    "rt_sigtimedwait",
    "io_uring_enter",
];

/// Classes by the name of their colour; the first that holds a call counts.
const CLASSES: &[(Class, &str)] = &[
    (Class::NETWORK, "network"),
    (Class::PROCESS, "process"),
    (Class::MEMORY, "memory"),
    (Class::FILE, "file"),
    (Class::SIGNAL, "signal"),
    (Class::DESC, "desc"),
];

/// The colour of a call.
fn class(name: &str) -> &'static str {
    // An operation of io_uring has the colour of the call that it stands for.
    let name = name.strip_prefix(uring::PREFIX).unwrap_or(name);
    if WAITS.contains(&name) {
        return "wait";
    }
    let classes = class::membership(name);
    CLASSES.iter().find(|(class, _)| classes.intersects(*class)).map_or("other", |(_, color)| color)
}

/// A JSON list that is being written.
struct List<'a> {
    out: &'a mut Vec<u8>,
    any: bool,
}

impl<'a> List<'a> {
    fn new(out: &'a mut Vec<u8>) -> Self {
        out.push(b'[');
        Self { out, any: false }
    }

    fn next(&mut self) -> &mut Vec<u8> {
        if std::mem::replace(&mut self.any, true) {
            self.out.push(b',');
        }
        self.out
    }

    fn number(&mut self, value: u64) -> &mut Self {
        // Beyond 2^53 a script has no exact numbers anyway.
        digits(self.next(), value.min((1 << 53) - 1));
        self
    }

    fn text(&mut self, text: &str) -> &mut Self {
        string(self.next(), text);
        self
    }

    fn texts<T: AsRef<str>>(&mut self, texts: &[T]) -> &mut Self {
        let mut list = List::new(self.next());
        for text in texts {
            list.text(text.as_ref());
        }
        list.end();
        self
    }

    fn end(&mut self) {
        self.out.push(b']');
    }
}

/// Appends `"NAME":[…]`, filled by `fill`, and a comma.
fn list(out: &mut Vec<u8>, name: &str, fill: impl FnOnce(&mut List<'_>)) {
    string(out, name);
    out.push(b':');
    let mut list = List::new(out);
    fill(&mut list);
    list.end();
    out.push(b',');
}

/// Appends `"NAME":[…]` of numbers, and a comma.
fn numbers(out: &mut Vec<u8>, name: &str, values: impl Iterator<Item = u64>) {
    list(out, name, |list| {
        for value in values {
            list.number(value);
        }
    });
}

/// The same of texts.
fn texts<'t>(out: &mut Vec<u8>, name: &str, values: impl Iterator<Item = &'t str>) {
    list(out, name, |list| {
        for value in values {
            list.text(value);
        }
    });
}

/// Appends the value.
pub(super) fn write(page: &mut Page, out: &mut Vec<u8>) {
    let mut left = Vec::new();
    raw(out, "{\"title\":");
    string(out, &page.setup.command());
    raw(out, ",\"host\":");
    string(out, &page.setup.host);
    raw(out, ",\"system\":");
    string(out, &format!("Linux {} {}", page.setup.header.kernel, page.setup.header.machine));
    raw(out, ",\"begun\":");
    digits(out, page.begun.wall_ns / 1_000_000);
    raw(out, ",\"length\":");
    digits(out, page.tally.length_ns().min((1 << 53) - 1));
    out.push(b',');
    let (total, processes) = total(&page.tally);
    timeline(page, out);
    left.push(("processes", processes.saturating_sub(tree_rows(&page.tally, out))));
    left.push(("files", files(&page.tally, out)));
    left.push(("net", net(&page.tally, out)));
    left.push(("errors", errors(&page.tally, out)));
    left.push(("calls", page.calls.left_out));
    left.push(("under", page.calls.under_ns));
    raw(out, &format!("\"total\":{{\"processes\":{processes},\"calls\":{},", total.calls));
    raw(out, &format!("\"errors\":{}}},\"left\":{{", total.errors));
    for (index, (name, value)) in left.iter().enumerate() {
        raw(out, if index == 0 { "\"" } else { ",\"" });
        raw(out, &format!("{name}\":{value}"));
    }
    raw(out, "}}");
}

/// Sums of all processes, and their number.
fn total(tally: &Tally) -> (Counts, u64) {
    let (mut sum, mut processes) = (Counts::default(), 0);
    for (_, node) in tally.lineage().nodes() {
        sum.add(&node.counts);
        processes += node.times;
        for fold in &node.folds {
            sum.add(&fold.counts);
            processes += fold.processes;
        }
    }
    (sum, processes)
}

/// Lanes in the order of the tree of processes, each with its depth.
fn ordered(page: &Page) -> Vec<(u32, usize)> {
    let mut below: HashMap<Option<u64>, Vec<u64>> = HashMap::new();
    let mut own: HashMap<u64, Vec<u32>> = HashMap::new();
    for (place, Lane { track, .. }) in page.lanes.iter().enumerate() {
        let lanes = own.entry(track.process).or_default();
        if lanes.is_empty() {
            // A process whose parent has no lane is among the first.
            let parent = page.parents.get(&track.process).copied().flatten();
            let parent = parent.filter(|parent| own.contains_key(parent));
            below.entry(parent).or_default().push(track.process);
            own.insert(track.process, vec![place as u32]);
        } else {
            lanes.push(place as u32);
        }
    }
    let mut order = Vec::new();
    let mut todo: Vec<(u64, usize)> =
        below.remove(&None).unwrap_or_default().into_iter().rev().map(|process| (process, 0)).collect();
    while let Some((process, depth)) = todo.pop() {
        order.extend(own.remove(&process).unwrap_or_default().into_iter().map(|lane| (lane, depth)));
        let children = below.remove(&Some(process)).unwrap_or_default();
        todo.extend(children.into_iter().rev().map(|child| (child, depth + 1)));
    }
    order
}

fn timeline(page: &mut Page, out: &mut Vec<u8>) {
    let order = ordered(page);
    let mut place_of = vec![0u64; page.lanes.len()];
    for (place, (lane, _)) in order.iter().enumerate() {
        place_of[*lane as usize] = place as u64;
    }
    raw(out, "\"tasks\":[");
    for (index, (lane, depth)) in order.iter().enumerate() {
        let Lane { track, name } = &page.lanes[*lane as usize];
        raw(out, if index == 0 { "{\"pid\":" } else { ",{\"pid\":" });
        signed(out, track.pid.into());
        raw(out, ",\"tid\":");
        // A lane of operations is no task, but its process's.
        signed(out, if track.tid < 0 { track.pid } else { track.tid }.into());
        raw(out, ",\"depth\":");
        digits(out, *depth as u64);
        raw(out, ",\"name\":");
        string(out, if name.is_empty() { "?" } else { name });
        out.push(b'}');
    }
    raw(out, "],");
    let begun_ns = page.begun.mono_ns;
    list(out, "programs", |list| {
        for ran in &page.programs {
            let mut row = List::new(list.next());
            row.number(place_of[ran.lane as usize]);
            row.number(ran.from_ns.saturating_sub(begun_ns)).number(ran.to_ns.saturating_sub(begun_ns));
            row.text(&ran.name).end();
        }
    });
    texts(out, "names", page.sums.iter().map(|(name, _)| name.as_str()));
    texts(out, "classes", page.sums.iter().map(|(name, _)| class(name)));
    list(out, "syscalls", |list| {
        for (name, sum) in page.sums.iter().filter(|(_, sum)| sum.calls > 0) {
            let mut row = List::new(list.next());
            row.text(name)
                .number(sum.calls)
                .number(sum.failed)
                .number(sum.time_ns)
                .number(sum.longest_ns)
                .end();
        }
    });
    calls(page.calls.sorted(), &place_of, out);
}

/// The calls, a list for each of their columns; beginnings as distances from the one before.
fn calls(calls: &[Kept], place_of: &[u64], out: &mut Vec<u8>) {
    raw(out, "\"calls\":{");
    numbers(out, "task", calls.iter().map(|call| place_of[call.task as usize]));
    numbers(out, "name", calls.iter().map(|call| call.name.into()));
    let before = std::iter::once(0).chain(calls.iter().map(|call| call.start_ns));
    numbers(out, "start", calls.iter().zip(before).map(|(call, before)| call.start_ns - before));
    numbers(out, "length", calls.iter().map(|call| call.length_ns));
    numbers(out, "failed", calls.iter().map(|call| call.failed.into()));
    texts(out, "ret", calls.iter().map(|call| &*call.ret));
    texts(out, "args", calls.iter().map(|call| &*call.args));
    // The comma behind the last list.
    out.pop();
    raw(out, "},");
}

/// The tree of processes; how many processes its rows stand for.
fn tree_rows(tally: &Tally, out: &mut Vec<u8>) -> u64 {
    let mut shown = 0;
    list(out, "tree", |list| {
        for step in walk::steps(tally.lineage(), true).take(MOST_ROWS) {
            let mut row = List::new(list.next());
            row.number(step.guides.len() as u64).number(step.has_children.into());
            match &step.item {
                Item::Node(id) => {
                    let Some(node) = tally.lineage().node(*id) else {
                        row.end();
                        continue;
                    };
                    shown += node.times;
                    process(node, tally.begin_ns(), &mut row);
                }
                Item::Fold(fold) => {
                    shown += fold.processes;
                    folded(fold, &mut row);
                }
            }
            row.end();
        }
    });
    shown
}

fn process(node: &lineage::Node, begin_ns: u64, row: &mut List<'_>) {
    let mut names = Vec::new();
    if node.images.is_empty() || node.forked {
        let name =
            if node.inherited.is_empty() { "not started".into() } else { shell::shown(&node.inherited) };
        names.push(format!("({name})"));
    }
    let images = node.images.iter().take(MOST_PROGRAMS);
    names.extend(images.map(|(image, _)| shell::shorten(&tree::command(image), COMMAND_COLUMNS, true)));
    let more = node.more_images + node.images.len().saturating_sub(MOST_PROGRAMS) as u64;
    if more > 0 {
        names.push(format!("{more} more programs"));
    }
    let script = node.images.last().map(|(image, _)| &image.interpreter).filter(|words| !words.is_empty());
    let mut chips = Vec::new();
    for (holds, chip) in [
        (node.times > 1, format!("× {}", node.times)),
        (node.threads > 1, format!("{} threads", node.threads)),
        (node.attached, "was running".to_owned()),
        (node.images.is_empty() && !node.inherited.is_empty(), "forked".to_owned()),
        (tree::operations(&node.counts).is_some(), tree::operations(&node.counts).unwrap_or_default()),
        (
            script.is_some(),
            format!("script of {}", shell::command(script.map_or(&[][..], |words| words), b"")),
        ),
    ] {
        if holds {
            chips.push(chip);
        }
    }
    row.number(u64::try_from(node.pid).unwrap_or(0)).texts(&names).texts(&chips);
    row.number(node.started_ns.saturating_sub(begin_ns));
    counts(&node.counts, row);
    row.text(&tree::end(node)).number(node.failed().into());
}

fn folded(fold: &Fold, row: &mut List<'_>) {
    let program = fold.program.as_ref().map_or("programs".to_owned(), |name| shell::shown(name));
    let end = if fold.failed > 0 { format!("{} failed", fold.failed) } else { String::new() };
    row.number(0).texts(&[format!("{} more of {program}", fold.processes)]).texts::<&str>(&[]).number(0);
    counts(&fold.counts, row);
    row.text(&end).number((fold.failed > 0).into());
}

fn counts(counts: &Counts, row: &mut List<'_>) {
    row.number(counts.wall_ns).number(counts.calls).number(counts.errors).number(counts.opened);
    row.number(counts.read_bytes).number(counts.written_bytes).number(counts.connections);
}

/// The table of files; how many rows are left out.
fn files(tally: &Tally, out: &mut Vec<u8>) -> u64 {
    let sorted = tables::sorted(tally.files(), |sum| sum.calls);
    list(out, "files", |list| {
        for (path, sum) in sorted.iter().take(MOST_ROWS) {
            let mut row = List::new(list.next());
            row.text(&path.map_or("(other paths)".to_owned(), |path| shell::shown(path)));
            row.number(sum.calls).number(sum.opens).number(sum.reads).number(sum.writes);
            row.number(sum.read_bytes).number(sum.written_bytes).number(sum.time_ns).number(sum.errors).end();
        }
    });
    sorted.len().saturating_sub(MOST_ROWS) as u64
}

/// The table of peers; how many rows are left out.
fn net(tally: &Tally, out: &mut Vec<u8>) -> u64 {
    let sorted = tables::sorted(tally.peers(), |sum| sum.in_bytes.saturating_add(sum.out_bytes));
    list(out, "net", |list| {
        for (peer, sum) in sorted.iter().take(MOST_ROWS) {
            let mut row = List::new(list.next());
            row.text(&peer.map_or("(other peers)".to_owned(), tables::peer_name));
            row.text(peer.map_or("", |peer| peer.protocol)).text(peer.map_or("", tables::way));
            row.number(sum.connects).number(sum.in_bytes).number(sum.out_bytes).number(sum.failures).end();
        }
    });
    sorted.len().saturating_sub(MOST_ROWS) as u64
}

/// The table of failures; how many rows are left out.
fn errors(tally: &Tally, out: &mut Vec<u8>) -> u64 {
    let sorted = tables::sorted(tally.failures().rows(), |often| often.times);
    list(out, "errors", |list| {
        for (failure, often) in sorted.iter().take(MOST_ROWS) {
            let mut row = List::new(list.next());
            let error = |code: u32| errno::name(code).map_or_else(|| format!("errno {code}"), str::to_owned);
            row.text(failure.map_or("", |f| f.name)).text(&failure.map_or(String::new(), |f| error(f.errno)));
            row.number(often.times).number(often.time_ns);
            row.text(&failure.map_or("(others)".to_owned(), |f| tables::about_text(&f.about))).end();
        }
    });
    sorted.len().saturating_sub(MOST_ROWS) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_have_the_colour_of_their_class() {
        let rows = [
            ("openat", "file"),
            ("read", "desc"),
            ("connect", "network"),
            ("execve", "process"),
            ("mmap", "memory"),
            ("futex", "wait"),
            ("rt_sigaction", "signal"),
            ("getpid", "other"),
            ("io_uring:openat", "file"),
            ("syscall_0xffff", "other"),
        ];
        for (name, color) in rows {
            assert_eq!(class(name), color, "{name}");
        }
    }
}
