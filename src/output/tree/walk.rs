//! The order in which a tree is drawn, and which siblings are one line. Does not recurse.

use std::collections::HashMap;

use crate::output::tally::lineage::{Fold, Id, Lineage, add_fold};

/// Siblings of one program that are listed before the rest is folded.
const LISTED: usize = 8;
/// Further ones that are listed because they failed.
const FAILED: usize = 8;

/// What a line stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A process.
    Node(Id),
    /// Several that are not listed.
    Fold(Fold),
}

/// One item in drawing order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What is drawn.
    pub item: Item,
    /// For each level below the roots: whether the branch that is drawn there ends with this item.
    pub guides: Vec<bool>,
    /// Items follow that are below this one.
    pub has_children: bool,
}

/// Every item, parents before children.
pub fn steps(lineage: &Lineage, folded: bool) -> impl Iterator<Item = Step> {
    let mut todo: Vec<(Item, usize, bool)> = Vec::new();
    push(&mut todo, below(lineage, None, folded), 0);
    let mut guides: Vec<bool> = Vec::new();
    std::iter::from_fn(move || {
        let (item, depth, ends) = todo.pop()?;
        // Roots have no branch.
        guides.truncate(depth.saturating_sub(1));
        if depth > 0 {
            guides.push(ends);
        }
        let mut has_children = false;
        if let Item::Node(id) = item {
            let children = below(lineage, Some(id), folded);
            has_children = !children.is_empty();
            push(&mut todo, children, depth + 1);
        }
        Some(Step { item, guides: guides.clone(), has_children })
    })
}

fn push(todo: &mut Vec<(Item, usize, bool)>, items: Vec<Item>, depth: usize) {
    let count = items.len();
    for (at, item) in items.into_iter().enumerate().rev() {
        todo.push((item, depth, at + 1 == count));
    }
}

/// The items below an entry, or the roots.
pub fn below(lineage: &Lineage, id: Option<Id>, folded: bool) -> Vec<Item> {
    let children = super::children(lineage, id);
    let mut folds: Vec<Fold> =
        id.and_then(|id| lineage.node(id)).map(|node| node.folds.clone()).unwrap_or_default();
    let mut items = Vec::new();
    let mut sizes: HashMap<&[u8], usize> = HashMap::new();
    for child in children.iter().filter_map(|child| lineage.node(*child)) {
        *sizes.entry(child.program()).or_default() += 1;
    }
    let mut seen: HashMap<&[u8], (usize, usize)> = HashMap::new();
    for &child in children {
        let Some(node) = lineage.node(child) else { continue };
        let (listed, failed) = seen.entry(node.program()).or_default();
        // One more line than the fold would take is no gain.
        let few = sizes.get(node.program()).is_none_or(|size| *size <= LISTED + 1);
        if !folded || few || *listed < LISTED {
            *listed += 1;
            items.push(Item::Node(child));
        } else if node.failed() && *failed < FAILED {
            *failed += 1;
            items.push(Item::Node(child));
        } else {
            add_fold(&mut folds, whole(lineage, child));
        }
    }
    items.extend(folds.into_iter().map(Item::Fold));
    items
}

/// A subtree as one fold, by the program at its top.
fn whole(lineage: &Lineage, top: Id) -> Fold {
    let mut fold = Fold::default();
    let mut todo = vec![top];
    while let Some(id) = todo.pop() {
        let Some(node) = lineage.node(id) else { continue };
        if id == top {
            fold.program = Some(node.program().to_vec());
            fold.processes = node.times;
            fold.failed = if node.failed() { node.times } else { 0 };
            fold.counts.wall_ns = node.counts.wall_ns;
        }
        let wall_ns = fold.counts.wall_ns;
        fold.counts.add(&node.counts);
        for below in &node.folds {
            fold.counts.add(&below.counts);
        }
        // Time below the top passes within the top's.
        fold.counts.wall_ns = wall_ns;
        todo.extend(node.children.iter().copied());
    }
    fold
}
