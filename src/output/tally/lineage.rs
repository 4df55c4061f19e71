//! Who started whom: processes as a forest, with what each ran and did. Memory is bounded.
//!
//! A process whose whole subtree has ended is *complete*. A complete process that is in everything the same as a
//! complete sibling (programs, command lines, directories, end, subtree) is merged into it, so that a shell loop of
//! a million `true` is one entry. Beyond a limit of entries, complete processes are counted by program only, in
//! the entry of their parent. Nothing here recurses: a subtree may be as deep as there are processes.

use std::collections::hash_map::RandomState;
use std::collections::{HashMap, VecDeque};
use std::hash::BuildHasher;

use crate::event::{End, Tid};
use crate::output::shell;

/// Most entries that are kept with all they know, besides running processes.
pub const MOST_ENTRIES: usize = 10_000;
/// Most programs of one process that are kept.
const MOST_IMAGES: usize = 64;
/// Most programs that are told apart below one process once entries ran out.
const MOST_FOLDS: usize = 64;
/// Bytes of argument vectors that are kept in full; later ones are cut to [`CUT_BYTES`].
const ARGUMENT_BYTES: usize = 64 << 20;
const CUT_BYTES: usize = 512;
/// Ended processes whose parent may still learn how much processor time they took.
const RECENT: usize = 4096;

/// An entry, never used again after it is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(u64);

/// Sums of what processes did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// System calls.
    pub calls: u64,
    /// Those that failed.
    pub errors: u64,
    /// Operations of io_uring that completed, which are no calls.
    pub operations: u64,
    /// Those that failed.
    pub failed_operations: u64,
    /// Those that were submitted unseen.
    pub unseen_operations: u64,
    /// Time spent in calls, of all threads together.
    pub in_calls_ns: u64,
    /// Files opened.
    pub opened: u64,
    /// Bytes read, from files, pipes and sockets.
    pub read_bytes: u64,
    /// Bytes written.
    pub written_bytes: u64,
    /// Connections made and taken.
    pub connections: u64,
    /// From start to end.
    pub wall_ns: u64,
    /// Processor time, as far as the parents' SIGCHLD told.
    pub cpu_ns: u64,
    /// For how many processes it was told.
    pub cpu_known: u64,
}

impl Counts {
    /// Adds another's.
    pub fn add(&mut self, other: &Self) {
        let sums = [
            (&mut self.calls, other.calls),
            (&mut self.errors, other.errors),
            (&mut self.operations, other.operations),
            (&mut self.failed_operations, other.failed_operations),
            (&mut self.unseen_operations, other.unseen_operations),
            (&mut self.in_calls_ns, other.in_calls_ns),
            (&mut self.opened, other.opened),
            (&mut self.read_bytes, other.read_bytes),
            (&mut self.written_bytes, other.written_bytes),
            (&mut self.connections, other.connections),
            (&mut self.wall_ns, other.wall_ns),
            (&mut self.cpu_ns, other.cpu_ns),
            (&mut self.cpu_known, other.cpu_known),
        ];
        for (sum, value) in sums {
            // A recording may claim any time.
            *sum = sum.saturating_add(value);
        }
    }
}

/// A program that a process ran.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Image {
    /// The file given to execve; empty where that call was not seen.
    pub path: Vec<u8>,
    /// The arguments as they were given; for a script, without its interpreter.
    pub argv: Vec<Vec<u8>>,
    /// Arguments were left out for want of room.
    pub cut: bool,
    /// The interpreter of a script with its arguments.
    pub interpreter: Vec<Vec<u8>>,
    /// The working directory.
    pub cwd: Vec<u8>,
}

impl Image {
    /// The name of the program, without directories.
    pub fn name(&self) -> &[u8] {
        let path =
            if self.path.is_empty() { self.argv.first().map_or(&[][..], Vec::as_slice) } else { &self.path };
        shell::base(path)
    }
}

/// Complete processes that are only counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fold {
    /// What they ran last, or all sorts.
    pub program: Option<Vec<u8>>,
    /// How many.
    pub processes: u64,
    /// Those that did not end with status 0.
    pub failed: u64,
    /// What they did.
    pub counts: Counts,
}

/// A process, or several that were the same in all that is shown.
#[derive(Debug)]
pub struct Node {
    /// Its id; that of the first.
    pub pid: i32,
    /// Who started it, if that is traced.
    pub parent: Option<Id>,
    /// Whom it started, in order.
    pub children: Vec<Id>,
    /// Further complete ones that it started.
    pub folds: Vec<Fold>,
    /// What it ran, with the times at which it began; empty when it went on with what its parent ran.
    pub images: Vec<(Image, u64)>,
    /// Further programs that it ran.
    pub more_images: u64,
    /// What its parent ran when it was started.
    pub inherited: Vec<u8>,
    /// It started others before it ran a program of its own.
    pub forked: bool,
    /// It ran before the tracer came.
    pub attached: bool,
    /// When it was seen first, in nanoseconds of CLOCK_MONOTONIC.
    pub started_ns: u64,
    /// How and when it ended.
    pub ended: Option<(End, u64)>,
    /// Threads that it had in all.
    pub threads: u64,
    /// How many processes this entry stands for.
    pub times: u64,
    /// What they did.
    pub counts: Counts,
    /// Its working directory now.
    pub cwd: Vec<u8>,
    live_threads: u64,
    open_children: u64,
    /// Keys of complete children.
    complete: HashMap<u64, Id>,
    key: u64,
}

impl Node {
    /// Whether it ended in another way than with status 0.
    pub fn failed(&self) -> bool {
        matches!(self.ended, Some((End::Exited(status), _)) if status != 0)
            || matches!(self.ended, Some((End::Killed { .. }, _)))
    }

    /// The name of what it ran last.
    pub fn program(&self) -> &[u8] {
        self.images.last().map_or(&self.inherited, |(image, _)| image.name())
    }
}

/// The forest.
#[derive(Debug)]
pub struct Lineage {
    nodes: HashMap<Id, Node>,
    roots: Vec<Id>,
    tasks: HashMap<Tid, Id>,
    /// Processes that ended lately, by id, oldest first in the queue.
    recent: HashMap<i32, Id>,
    order: VecDeque<i32>,
    next: u64,
    limit: usize,
    argument_bytes: usize,
    hash: RandomState,
}

impl Default for Lineage {
    fn default() -> Self {
        Self::new(MOST_ENTRIES)
    }
}

impl Lineage {
    /// An empty forest that keeps `limit` entries with all they know.
    pub fn new(limit: usize) -> Self {
        Self {
            nodes: HashMap::new(),
            roots: Vec::new(),
            tasks: HashMap::new(),
            recent: HashMap::new(),
            order: VecDeque::new(),
            next: 0,
            limit,
            argument_bytes: 0,
            hash: RandomState::new(),
        }
    }

    /// Processes whose parents are not traced, in order.
    pub fn roots(&self) -> &[Id] {
        &self.roots
    }

    /// An entry.
    pub fn node(&self, id: Id) -> Option<&Node> {
        self.nodes.get(&id)
    }

    /// Every entry, in the order in which they were started.
    pub fn nodes(&self) -> Vec<(Id, &Node)> {
        let mut all: Vec<(Id, &Node)> = self.nodes.iter().map(|(id, node)| (*id, node)).collect();
        all.sort_by_key(|(id, _)| *id);
        all
    }

    /// Bytes that command lines take, which are bounded.
    pub fn argument_bytes(&self) -> usize {
        self.argument_bytes
    }

    /// The entry of a running task.
    pub fn of_task(&mut self, tid: Tid) -> Option<&mut Node> {
        let id = *self.tasks.get(&tid)?;
        self.nodes.get_mut(&id)
    }

    /// A task is there.
    pub fn started(&mut self, tid: Tid, process: Tid, parent: Tid, attached: bool, at_ns: u64) {
        if let Some(id) = self.tasks.get(&process).copied()
            && tid != process
        {
            if let Some(node) = self.nodes.get_mut(&id) {
                node.threads += 1;
                node.live_threads += 1;
                self.tasks.insert(tid, id);
            }
            return;
        }
        let id = Id(self.next);
        self.next += 1;
        let parent = self.tasks.get(&parent).copied();
        let from = parent.and_then(|parent| self.nodes.get_mut(&parent));
        let (mut inherited, mut cwd) = (Vec::new(), Vec::new());
        match from {
            Some(from) => {
                from.children.push(id);
                from.open_children += 1;
                inherited.extend_from_slice(from.program());
                cwd.extend_from_slice(&from.cwd);
            }
            None => self.roots.push(id),
        }
        let node = Node {
            pid: process.0,
            parent,
            children: Vec::new(),
            folds: Vec::new(),
            images: Vec::new(),
            more_images: 0,
            inherited,
            forked: false,
            attached,
            started_ns: at_ns,
            ended: None,
            threads: 1,
            times: 1,
            counts: Counts::default(),
            cwd,
            live_threads: 1,
            open_children: 0,
            complete: HashMap::new(),
            key: 0,
        };
        self.nodes.insert(id, node);
        self.tasks.insert(process, id);
        self.tasks.insert(tid, id);
    }

    /// A process runs another program.
    pub fn executed(&mut self, process: Tid, mut image: Image, at_ns: u64) {
        if self.argument_bytes + size_bytes(&image) > ARGUMENT_BYTES {
            cut(&mut image);
        }
        let bytes = size_bytes(&image);
        let Some(node) = self.of_task(process) else { return };
        node.cwd.clone_from(&image.cwd);
        node.forked |= node.images.is_empty() && !(node.children.is_empty() && node.folds.is_empty());
        if node.images.len() >= MOST_IMAGES {
            node.more_images += 1;
            return;
        }
        node.images.push((image, at_ns));
        self.argument_bytes += bytes;
    }

    /// Thread `from` goes by the id `to` of its process from now on.
    pub fn renamed(&mut self, from: Tid, to: Tid) {
        if let Some(id) = self.tasks.remove(&from) {
            self.tasks.insert(to, id);
        }
    }

    /// A task ended.
    pub fn ended(&mut self, tid: Tid, end: End, at_ns: u64) {
        let Some(id) = self.tasks.remove(&tid) else { return };
        let Some(node) = self.nodes.get_mut(&id) else { return };
        node.live_threads = node.live_threads.saturating_sub(1);
        if node.live_threads > 0 || matches!(end, End::Superseded { .. }) {
            return;
        }
        node.ended = Some((end, at_ns));
        node.counts.wall_ns = at_ns.saturating_sub(node.started_ns);
        let pid = node.pid;
        self.remember(pid, id);
        self.complete(id);
    }

    /// No more events: what still runs is as old as `at_ns`.
    pub fn finish(&mut self, at_ns: u64) {
        for node in self.nodes.values_mut().filter(|node| node.ended.is_none()) {
            node.counts.wall_ns = at_ns.saturating_sub(node.started_ns);
        }
    }

    /// Ended process `pid` had taken this much processor time.
    pub fn processor_time(&mut self, pid: i32, cpu_ns: u64) {
        let Some(id) = self.recent.remove(&pid) else { return };
        if let Some(node) = self.nodes.get_mut(&id) {
            node.counts.cpu_ns = node.counts.cpu_ns.saturating_add(cpu_ns);
            node.counts.cpu_known += 1;
        }
    }

    fn remember(&mut self, pid: i32, id: Id) {
        self.recent.insert(pid, id);
        self.order.push_back(pid);
        if self.order.len() > RECENT
            && let Some(oldest) = self.order.pop_front()
        {
            self.recent.remove(&oldest);
        }
    }

    /// Looks whether a subtree is complete now, and then whether the one above it is.
    fn complete(&mut self, mut id: Id) {
        loop {
            let Some(node) = self.nodes.get(&id) else { return };
            if node.ended.is_none() || node.open_children > 0 {
                return;
            }
            let key = self.key(node);
            let Some(parent) = node.parent else { return };
            if let Some(node) = self.nodes.get_mut(&id) {
                node.key = key;
                node.complete = HashMap::new();
                node.children.shrink_to_fit();
                node.cwd = Vec::new();
            }
            let twin = self.nodes.get_mut(&parent).and_then(|above| {
                above.open_children = above.open_children.saturating_sub(1);
                above.complete.get(&key).copied()
            });
            match twin {
                Some(twin) => self.merge(parent, twin, id),
                None if self.nodes.len() > self.limit => self.count_only(parent, id),
                None => {
                    if let Some(above) = self.nodes.get_mut(&parent) {
                        above.complete.insert(key, id);
                    }
                }
            }
            id = parent;
        }
    }

    /// What two complete subtrees must share to be the same.
    fn key(&self, node: &Node) -> u64 {
        let images: Vec<&Image> = node.images.iter().map(|(image, _)| image).collect();
        let end = node.ended.map(|(end, _)| match end {
            End::Exited(status) => (0, status, false),
            End::Killed { signo, core } => (1, signo, core),
            End::Superseded { .. } => (2, 0, false),
            End::Detached => (3, 0, false),
        });
        let children: Vec<Option<(u64, u64)>> = node
            .children
            .iter()
            .map(|child| self.nodes.get(child).map(|child| (child.key, child.times)))
            .collect();
        let folds: Vec<(&Option<Vec<u8>>, u64)> =
            node.folds.iter().map(|fold| (&fold.program, fold.processes)).collect();
        self.hash.hash_one((images, &node.inherited, node.forked, end, node.threads > 1, children, folds))
    }

    /// Adds the complete subtree `from` to its twin `into` and forgets it.
    fn merge(&mut self, parent: Id, into: Id, from: Id) {
        self.detach(parent, from);
        let mut todo = vec![(into, from)];
        while let Some((into, from)) = todo.pop() {
            let Some(gone) = self.forget(from) else { continue };
            if self.recent.get(&gone.pid) == Some(&from) {
                self.recent.insert(gone.pid, into);
            }
            let Some(kept) = self.nodes.get_mut(&into) else { continue };
            kept.times += gone.times;
            kept.threads = kept.threads.max(gone.threads);
            kept.counts.add(&gone.counts);
            for fold in &gone.folds {
                add_fold(&mut kept.folds, fold.clone());
            }
            todo.extend(kept.children.iter().copied().zip(gone.children));
        }
    }

    /// Counts the complete subtree `id` in the entry above it, by its program only.
    fn count_only(&mut self, parent: Id, id: Id) {
        self.detach(parent, id);
        let mut fold = Fold::default();
        let mut todo = vec![id];
        let mut top = true;
        while let Some(id) = todo.pop() {
            let Some(node) = self.forget(id) else { continue };
            fold.program.get_or_insert_with(|| node.program().to_vec());
            fold.processes += node.times;
            fold.failed += if node.failed() { node.times } else { 0 };
            let counts = Counts { wall_ns: if top { node.counts.wall_ns } else { 0 }, ..node.counts };
            top = false;
            fold.counts.add(&counts);
            for below in &node.folds {
                fold.processes += below.processes;
                fold.failed += below.failed;
                fold.counts.add(&below.counts);
            }
            todo.extend(node.children);
        }
        if let Some(above) = self.nodes.get_mut(&parent) {
            add_fold(&mut above.folds, fold);
        }
    }

    fn forget(&mut self, id: Id) -> Option<Node> {
        let node = self.nodes.remove(&id)?;
        let bytes: usize = node.images.iter().map(|(image, _)| size_bytes(image)).sum();
        self.argument_bytes = self.argument_bytes.saturating_sub(bytes);
        Some(node)
    }

    fn detach(&mut self, parent: Id, child: Id) {
        if let Some(above) = self.nodes.get_mut(&parent)
            && let Some(at) = above.children.iter().rposition(|id| *id == child)
        {
            above.children.remove(at);
        }
    }
}

/// Adds to the fold of the same program.
pub fn add_fold(folds: &mut Vec<Fold>, fold: Fold) {
    let at = folds.iter().position(|known| known.program == fold.program);
    let at = at.or((folds.len() >= MOST_FOLDS).then_some(MOST_FOLDS - 1));
    match at {
        None => folds.push(fold),
        Some(at) => {
            let known = &mut folds[at];
            if known.program != fold.program {
                known.program = None;
            }
            known.processes += fold.processes;
            known.failed += fold.failed;
            known.counts.add(&fold.counts);
        }
    }
}

/// What the arguments of an image take in memory.
fn size_bytes(image: &Image) -> usize {
    image.argv.iter().map(|word| word.len() + size_of::<Vec<u8>>()).sum()
}

/// Leaves out arguments beyond the first few hundred bytes.
fn cut(image: &mut Image) {
    let mut left = CUT_BYTES;
    let mut keep = 0;
    for word in &image.argv {
        left = left.saturating_sub(word.len() + size_of::<Vec<u8>>());
        if left == 0 {
            break;
        }
        keep += 1;
    }
    image.cut |= keep < image.argv.len();
    image.argv.truncate(keep);
    image.argv.shrink_to_fit();
}
