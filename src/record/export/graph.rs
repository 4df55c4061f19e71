//! The graph of processes that dot and mermaid draw: a box for each process with what it ran and how it ended.
//!
//! Siblings that are the same are one box, of many that run the same program only the first and those that failed
//! are boxes; beyond a limit of boxes the rest is counted. The upper levels come first.

use std::collections::VecDeque;

use super::Setup;
use super::out::Out;
use crate::engine::sink::Sink;
use crate::event::End;
use crate::output::counting::Counting;
use crate::output::tally::Tally;
use crate::output::tally::lineage::{self, Counts, Fold, Lineage};
use crate::output::tree::walk::{Item, below};
use crate::output::{shell, tree, units};

/// Columns of a command line.
const COLUMNS: usize = 64;
/// Programs of one process that are listed.
const PROGRAMS: usize = 8;

/// A box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    /// The box above, by its place.
    pub parent: Option<usize>,
    /// What stands in it, printable ASCII but for arrows and dots of ours.
    pub lines: Vec<String>,
    /// It stands for something that failed.
    pub failed: bool,
    /// It stands for several that are not drawn.
    pub folded: bool,
}

/// Boxes, those above before those below.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Graph {
    /// What the run was.
    pub title: String,
    /// The boxes.
    pub nodes: Vec<Node>,
    /// Processes for which there is none.
    pub left_out: u64,
}

impl Graph {
    /// The graph of what was counted, of at most `most` boxes.
    pub fn of(tally: &Tally, title: &str, most: usize) -> Self {
        let lineage = tally.lineage();
        let mut graph = Self { title: shell::shorten(title, 2 * COLUMNS, true), ..Self::default() };
        let mut queue: VecDeque<(Option<usize>, Item)> =
            below(lineage, None, true).into_iter().map(|item| (None, item)).collect();
        let mut drawn = 0;
        while let Some((parent, item)) = queue.pop_front().filter(|_| graph.nodes.len() < most) {
            let place = graph.nodes.len();
            match &item {
                Item::Node(id) => {
                    let Some(node) = lineage.node(*id) else { continue };
                    drawn += node.times;
                    graph.nodes.push(process(node, parent));
                    queue.extend(below(lineage, Some(*id), true).into_iter().map(|item| (Some(place), item)));
                }
                Item::Fold(fold) => {
                    drawn += fold.processes;
                    graph.nodes.push(folded(fold, parent));
                }
            }
        }
        graph.left_out = processes(lineage).saturating_sub(drawn);
        graph
    }

    /// What is said of processes without a box; empty where there are none.
    pub fn remark(&self) -> String {
        match self.left_out {
            0 => String::new(),
            1 => "1 more process is not drawn".into(),
            n => format!("{n} more processes are not drawn"),
        }
    }
}

/// How many processes there were.
fn processes(lineage: &Lineage) -> u64 {
    let of = |node: &lineage::Node| node.times + node.folds.iter().map(|fold| fold.processes).sum::<u64>();
    lineage.nodes().iter().map(|(_, node)| of(node)).sum()
}

fn process(node: &lineage::Node, parent: Option<usize>) -> Node {
    let mut head = node.pid.to_string();
    for (holds, more) in [
        (node.times > 1, format!(" × {}", node.times)),
        (node.threads > 1, format!(" · {} threads", node.threads)),
        (node.attached, " · was running".to_owned()),
    ] {
        if holds {
            head.push_str(&more);
        }
    }
    let mut lines = vec![head];
    if node.images.is_empty() || node.forked {
        let name =
            if node.inherited.is_empty() { "not started".into() } else { shell::shown(&node.inherited) };
        lines.push(format!("({})", shell::shorten(&name, COLUMNS, true)));
    }
    for (image, _) in node.images.iter().take(PROGRAMS) {
        let became = if lines.len() > 1 { "⇒ " } else { "" };
        lines.push(format!("{became}{}", shell::shorten(&tree::command(image), COLUMNS, true)));
        if !image.interpreter.is_empty() {
            let interpreter = shell::command(&image.interpreter, b"");
            lines.push(format!("  script of {}", shell::shorten(&interpreter, COLUMNS - 12, true)));
        }
    }
    let more = node.more_images + node.images.len().saturating_sub(PROGRAMS) as u64;
    if more > 0 {
        lines.push(format!("⇒ {more} more programs"));
    }
    let end = match (tree::end(node), node.ended) {
        (end, Some((End::Exited(_), _))) => format!("exit {end}"),
        (end, _) => end,
    };
    lines.push(format!("{end} · {}", counts(&node.counts)));
    Node { parent, lines, failed: node.failed(), folded: false }
}

fn folded(fold: &Fold, parent: Option<usize>) -> Node {
    let program = fold.program.as_ref().map_or("programs".to_owned(), |name| shell::shown(name));
    let mut lines = vec![format!("{} more of {}", fold.processes, shell::shorten(&program, COLUMNS, true))];
    if fold.failed > 0 {
        lines.push(format!("{} failed", fold.failed));
    }
    lines.push(counts(&fold.counts));
    Node { parent, lines, failed: fold.failed > 0, folded: true }
}

fn counts(counts: &Counts) -> String {
    let mut text = String::new();
    if counts.calls > 0 {
        text.push_str(&format!("{} calls · ", units::count(counts.calls)));
    }
    if counts.errors > 0 {
        text.push_str(&format!("{} failed · ", units::count(counts.errors)));
    }
    if let Some(operations) = tree::operations(counts) {
        text.push_str(&format!("{operations} · "));
    }
    text + &units::duration(counts.wall_ns)
}

/// The sink of a format that `draw` writes once all was counted.
pub(super) fn sink(setup: &Setup, mut out: Out, draw: fn(&Tally, &str, &mut Vec<u8>)) -> Box<dyn Sink> {
    let title = setup.command();
    Box::new(Counting::new(setup.options, true, move |tally| {
        draw(tally, &title, &mut out.buffer);
        out.finish();
    }))
}
