//! The tree of processes: what is folded, where the cursor is, which lines are visible. It never draws.

use std::collections::HashSet;

use crate::model::Process;

/// One line of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Branch {
    /// The process, by its place in the list.
    pub id: usize,
    /// Steps from the root.
    pub depth: usize,
    /// It has started others.
    pub parent: bool,
    /// They are hidden.
    pub folded: bool,
}

/// The tree.
#[derive(Debug, Default)]
pub struct Tree {
    /// All processes.
    pub processes: Vec<Process>,
    /// The lines that are not folded away, from top to bottom.
    pub branches: Vec<Branch>,
    /// The line that the cursor is on.
    pub selected: usize,
    /// The first visible line.
    pub top: usize,
    folded: HashSet<usize>,
}

impl Tree {
    /// Takes a new list of processes.
    pub fn update(&mut self, processes: Vec<Process>) {
        self.processes = processes;
        self.rebuild();
    }

    fn rebuild(&mut self) {
        let current = self.current().map(|process| process.id);
        let count = self.processes.len();
        let mut children: Vec<Vec<usize>> = vec![Vec::new(); count];
        let mut todo: Vec<(usize, usize)> = Vec::new();
        for (id, process) in self.processes.iter().enumerate() {
            // A parent that comes later would make a circle.
            match process.parent.filter(|parent| *parent < id) {
                Some(parent) => children[parent].push(id),
                None => todo.push((id, 0)),
            }
        }
        todo.reverse();
        self.branches.clear();
        while let Some((id, depth)) = todo.pop() {
            let folded = self.folded.contains(&id);
            self.branches.push(Branch { id, depth, parent: !children[id].is_empty(), folded });
            if !folded {
                todo.extend(children[id].iter().rev().map(|child| (*child, depth + 1)));
            }
        }
        let place = self.branches.iter().position(|branch| Some(branch.id) == current);
        self.selected = place.unwrap_or(self.selected).min(self.branches.len().saturating_sub(1));
    }

    /// The process that the cursor is on.
    pub fn current(&self) -> Option<&Process> {
        self.branches.get(self.selected).and_then(|branch| self.processes.get(branch.id))
    }

    /// Hides or shows what the process under the cursor started.
    pub fn fold(&mut self) {
        let Some(branch) = self.branches.get(self.selected).filter(|branch| branch.parent) else { return };
        let id = branch.id;
        if !self.folded.remove(&id) {
            self.folded.insert(id);
        }
        self.rebuild();
    }

    /// Moves the cursor by lines.
    pub fn step(&mut self, lines: isize) {
        self.selected = self.selected.saturating_add_signed(lines).min(self.branches.len().saturating_sub(1));
    }

    /// Keeps the cursor visible in `height` lines.
    pub fn scroll(&mut self, height: usize) {
        self.top = super::scrolled(self.top, self.selected, self.branches.len(), height);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(id: usize, parent: Option<usize>) -> Process {
        Process {
            id,
            parent,
            pid: 100 + id as i32,
            command: String::new(),
            ended: None,
            took: String::new(),
            calls: 0,
            errors: 0,
        }
    }

    fn lines(tree: &Tree) -> Vec<(usize, usize)> {
        tree.branches.iter().map(|branch| (branch.id, branch.depth)).collect()
    }

    #[test]
    fn children_stand_below_their_parents_and_fold_away() {
        let mut tree = Tree::default();
        let parents = [None, Some(0), Some(0), Some(1), None, Some(9)];
        tree.update(parents.iter().enumerate().map(|(id, parent)| process(id, *parent)).collect());
        assert_eq!(lines(&tree), [(0, 0), (1, 1), (3, 2), (2, 1), (4, 0), (5, 0)]);
        tree.selected = 1;
        tree.fold();
        assert_eq!(lines(&tree), [(0, 0), (1, 1), (2, 1), (4, 0), (5, 0)]);
        assert_eq!(tree.current().unwrap().id, 1);
        tree.step(99);
        assert_eq!(tree.current().unwrap().id, 5);
        tree.update((0..2).map(|id| process(id, None)).collect());
        assert_eq!(tree.current().unwrap().id, 1);
    }
}
