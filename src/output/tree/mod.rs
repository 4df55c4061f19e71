//! The tree of processes: who started whom, with command lines to paste and what each did.
//!
//! Draws a [`Lineage`] and counts nothing itself. On a screen, of many siblings that run the same program only the
//! first and those that failed are listed ([`Detail::Folded`]); the rest is one line.

pub mod walk;

use syscall_tables::signal;

use super::grid::{Column, Grid, Last, Look, Row};
use super::shell;
use super::tally::Tally;
use super::tally::lineage::{Counts, Fold, Id, Image, Lineage, Node};
use super::units;
use crate::event::End;
use walk::{Item, Step};

/// How much of a tree is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detail {
    /// Many siblings of the same program are one line.
    #[default]
    Folded,
    /// Every entry has its lines, and every line its length.
    Full,
}

/// The columns. Those with the highest rank go first where the screen is narrow.
const COLUMNS: &[Column] = &[
    Column::new("pid", 9),
    Column::new("start", 6),
    Column::new("time", 0),
    Column::new("calls", 2),
    Column::bad("errs", 5),
    Column::new("files", 7),
    Column::new("read", 3),
    Column::new("wrote", 3),
    Column::new("conns", 4),
    Column::bad("end", 0),
];

/// Characters of the tree.
struct Glyphs {
    branch: &'static str,
    last: &'static str,
    through: &'static str,
    became: &'static str,
    times: &'static str,
    more: &'static str,
}

const UNICODE: Glyphs =
    Glyphs {
        branch: "├─ ", last: "└─ ", through: "│  ", became: "⇒ ", times: "×", more: "… "
    };
const ASCII: Glyphs =
    Glyphs { branch: "|- ", last: "`- ", through: "|  ", became: "=> ", times: "x", more: "... " };

/// The tree as text.
pub fn draw(tally: &Tally, detail: Detail, look: Look) -> String {
    let lineage = tally.lineage();
    // Nothing may be shortened where everything is wanted.
    let look = if detail == Detail::Full { Look { width: None, ..look } } else { look };
    let folded = detail == Detail::Folded && look.width.is_some();
    let painter = Painter {
        lineage,
        glyphs: if look.unicode { &UNICODE } else { &ASCII },
        begin_ns: tally.begin_ns(),
        // The lines of a very deep tree must leave room for commands.
        most_depth: look.width.map_or(80, |width| width / 8),
    };
    let mut rows = Vec::new();
    for step in walk::steps(lineage, folded) {
        painter.rows(&step, &mut rows);
    }
    let total = painter.total(tally.length_ns());
    Grid { columns: COLUMNS, head: "command", rows, total: Some(total) }.draw(look)
}

struct Painter<'a> {
    lineage: &'a Lineage,
    glyphs: &'static Glyphs,
    begin_ns: u64,
    most_depth: usize,
}

impl Painter<'_> {
    /// The lines of one step of the walk.
    fn rows(&self, step: &Step, rows: &mut Vec<Row>) {
        match &step.item {
            Item::Node(id) => {
                let Some(node) = self.lineage.node(*id) else { return };
                self.node(node, step, rows);
            }
            Item::Fold(fold) => rows.push(self.fold(fold, step)),
        }
    }

    fn node(&self, node: &Node, step: &Step, rows: &mut Vec<Row>) {
        let start = |at_ns: u64| units::offset(at_ns.saturating_sub(self.begin_ns));
        let mut cells = numbers(&node.counts);
        cells[0] = node.pid.to_string();
        cells[1] = start(node.started_ns);
        cells[9] = end(node);
        // What started others while it still was its parent's program is shown as that first.
        let first = node.images.first().map(|(image, _)| image).filter(|_| !node.forked);
        let body = match first {
            Some(image) => command(image),
            None if node.inherited.is_empty() => "(not started)".to_owned(),
            None => format!("({})", shell::shown(&node.inherited)),
        };
        let tail = self.tail(node, first);
        let lead = self.lead(&step.guides, true);
        rows.push(Row { cells, last: Last { lead, body, tail, remark: first.is_none() } });
        let mut guides = step.guides.clone();
        guides.push(!step.has_children);
        let mut before = first.map(|image| &image.cwd[..]).or_else(|| self.directory_above(node));
        for (image, at_ns) in node.images.iter().skip(usize::from(first.is_some())) {
            let mut cells = vec![String::new(); COLUMNS.len()];
            cells[1] = start(*at_ns);
            let lead = format!("{}{}", self.lead(&guides, false), self.glyphs.became);
            let tail = remarks(image, before);
            rows.push(Row { cells, last: Last { lead, body: command(image), tail, remark: false } });
            before = Some(&image.cwd);
        }
        if node.more_images > 0 {
            let lead = format!("{}{}", self.lead(&guides, false), self.glyphs.became);
            let body = format!("{} more programs", node.more_images);
            let last = Last { lead, body, tail: Vec::new(), remark: true };
            rows.push(Row { cells: vec![String::new(); COLUMNS.len()], last });
        }
    }

    /// What is said behind the command line of a process.
    fn tail(&self, node: &Node, first: Option<&Image>) -> Vec<String> {
        let mut tail = Vec::new();
        if node.times > 1 {
            tail.push(format!("{} {}", self.glyphs.times, node.times));
        }
        if first.is_none() && !node.inherited.is_empty() {
            tail.push("[forked]".into());
        }
        if node.threads > 1 {
            tail.push(format!("[{} threads]", node.threads));
        }
        if node.attached {
            tail.push("[was running]".into());
        }
        tail.extend(operations(&node.counts).map(|text| format!("[{text}]")));
        if let Some(image) = first {
            tail.extend(remarks(image, self.directory_above(node)));
        }
        tail
    }

    /// Where the parent ran its last program: only another directory is news.
    fn directory_above(&self, node: &Node) -> Option<&[u8]> {
        let above = node.parent.and_then(|id| self.lineage.node(id))?;
        above.images.last().map(|(image, _)| &image.cwd[..])
    }

    fn fold(&self, fold: &Fold, step: &Step) -> Row {
        let mut cells = numbers(&fold.counts);
        if fold.failed > 0 {
            cells[9] = format!("{} bad", fold.failed);
        }
        let program = match &fold.program {
            Some(name) => shell::shown(name),
            None => "programs".to_owned(),
        };
        let body = format!("{}{} more of {program}", self.glyphs.more, fold.processes);
        let lead = self.lead(&step.guides, true);
        let tail = operations(&fold.counts).map(|text| format!("[{text}]")).into_iter().collect();
        Row { cells, last: Last { lead, body, tail, remark: true } }
    }

    /// The lines of the tree before an entry: for each level whether its branch ends here.
    fn lead(&self, guides: &[bool], own: bool) -> String {
        let mut lead = String::new();
        let hidden = guides.len().saturating_sub(self.most_depth);
        if hidden > 0 {
            lead.push_str(&format!("({hidden}) "));
        }
        for (level, &ends) in guides.iter().enumerate().skip(hidden) {
            let last_level = level + 1 == guides.len();
            lead.push_str(match (own && last_level, ends) {
                (true, true) => self.glyphs.last,
                (true, false) => self.glyphs.branch,
                (false, true) => "   ",
                (false, false) => self.glyphs.through,
            });
        }
        lead
    }

    fn total(&self, length_ns: u64) -> Row {
        let mut sum = Counts::default();
        let mut processes = 0;
        for (_, node) in self.lineage.nodes() {
            sum.add(&node.counts);
            processes += node.times;
            for fold in &node.folds {
                sum.add(&fold.counts);
                processes += fold.processes;
            }
        }
        let mut cells = numbers(&sum);
        cells[2] = units::duration(length_ns);
        let plural = if processes == 1 { "" } else { "es" };
        let body = format!("{processes} process{plural}");
        Row { cells, last: Last { body, ..Last::default() } }
    }
}

/// The cells of what was counted.
fn numbers(counts: &Counts) -> Vec<String> {
    let count = |value| units::unless_zero(value, units::count);
    let bytes = |value| units::unless_zero(value, units::bytes);
    vec![
        String::new(),
        String::new(),
        units::duration(counts.wall_ns),
        count(counts.calls),
        count(counts.errors),
        count(counts.opened),
        bytes(counts.read_bytes),
        bytes(counts.written_bytes),
        count(counts.connections),
        String::new(),
    ]
}

/// What is said of operations of io_uring, which are no calls; nothing where there were none.
pub fn operations(counts: &Counts) -> Option<String> {
    let (all, failed) = (counts.operations, counts.failed_operations);
    let plural = if all == 1 { "" } else { "s" };
    let some = |count: u64, how: &str| {
        if count > 0 { format!(", {} {how}", units::count(count)) } else { String::new() }
    };
    let (failed, unseen) = (some(failed, "failed"), some(counts.unseen_operations, "more unseen"));
    (all + counts.unseen_operations > 0)
        .then(|| format!("{} io_uring operation{plural}{failed}{unseen}", units::count(all)))
}

/// How a process ended: a status, a signal, or that it still runs.
pub fn end(node: &Node) -> String {
    match node.ended {
        None => "runs".into(),
        Some((End::Exited(status), _)) => status.to_string(),
        Some((End::Detached, _)) => "let go".into(),
        Some((End::Superseded { .. }, _)) => String::new(),
        Some((End::Killed { signo, core }, _)) => {
            let name = u32::try_from(signo).ok().and_then(signal::name);
            let name = name.map_or_else(|| format!("SIG{signo}"), str::to_owned);
            if core { format!("{name}+core") } else { name }
        }
    }
}

/// The command line of a program, ready to paste.
pub fn command(image: &Image) -> String {
    let mut text = shell::command(&image.argv, &image.path);
    if image.cut {
        text.push_str(" ...");
    }
    text
}

/// What an entry says of a program beside its command line.
fn remarks(image: &Image, above: Option<&[u8]>) -> Vec<String> {
    let mut tail = Vec::new();
    if !image.interpreter.is_empty() {
        tail.push(format!("[script of {}]", shell::command(&image.interpreter, b"")));
    }
    if !image.cwd.is_empty() && above != Some(&image.cwd[..]) {
        tail.push(format!("[in {}]", shell::shown(&image.cwd)));
    }
    tail
}

/// The ids below an entry, for those who walk it.
fn children(lineage: &Lineage, id: Option<Id>) -> &[Id] {
    match id {
        None => lineage.roots(),
        Some(id) => lineage.node(id).map_or(&[], |node| &node.children),
    }
}
