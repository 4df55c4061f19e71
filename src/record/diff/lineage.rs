//! The tasks of a run: who made whom, what each ran, how it ended; and which of them is which of another run.
//!
//! Children are paired below paired parents: by what they ran with the same arguments, in order; then by programs
//! alone, in order; then by arguments whatever the order, as `make -j` starts them. Threads are paired by turn.
//! Nothing here recurses: a family may be as deep as there are processes.

use std::collections::HashMap;

use super::lcs;
use super::names::Names;
use crate::event::{End, Tid};
use crate::output::shell;

/// A program that a process ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// The file.
    pub exe: Vec<u8>,
    /// The arguments.
    pub argv: Vec<Vec<u8>>,
}

/// A task.
#[derive(Debug, Clone, Default)]
pub struct Task {
    /// Its id.
    pub tid: i32,
    /// The first thread of its process.
    pub process: usize,
    /// The task that made it.
    pub maker: Option<usize>,
    /// What it ran; of first threads only.
    pub images: Vec<Image>,
    /// How it ended.
    pub end: Option<End>,
    /// From its start to its end, in nanoseconds.
    pub lived_ns: (u64, u64),
    /// Calls that returned.
    pub calls: u64,
}

/// Most columns of a command line in a heading.
const LONGEST: usize = 160;
/// Most programs of one process that are kept.
const MOST_IMAGES: usize = 64;

impl Task {
    /// Adds what it runs now.
    pub fn runs(&mut self, image: Image) {
        if self.images.len() < MOST_IMAGES {
            self.images.push(image);
        }
    }
}

/// The tasks of a run in the order in which they were seen.
#[derive(Debug, Default)]
pub struct Lineage {
    /// All of them.
    pub tasks: Vec<Task>,
    /// Tasks by id, in order.
    pub by_id: HashMap<i32, Vec<usize>>,
}

impl Lineage {
    /// Adds a task; `process` is that of its first thread, itself where that is `None`.
    pub fn add(&mut self, tid: Tid, process: Option<usize>, maker: Option<usize>, at_ns: u64) -> usize {
        let index = self.tasks.len();
        let process = process.unwrap_or(index);
        let lived_ns = (at_ns, at_ns);
        self.tasks.push(Task { tid: tid.0, process, maker, lived_ns, ..Task::default() });
        self.by_id.entry(tid.0).or_default().push(index);
        index
    }

    /// Whether a task is the first thread of its process.
    pub fn is_first(&self, index: usize) -> bool {
        self.tasks[index].process == index
    }

    /// Whether a task never was: a child that ends before its maker's call is told of may be told of once more.
    pub fn is_echo(&self, index: usize) -> bool {
        let task = &self.tasks[index];
        let again = self.by_id.get(&task.tid).and_then(|all| all.first()).is_some_and(|first| *first < index);
        again && task.calls == 0 && task.end.is_none() && task.images.is_empty()
    }

    /// The task that one really is: itself, or for one that never was the one before it of that id.
    pub fn original(&self, index: usize) -> usize {
        let before = || {
            let all = self.by_id.get(&self.tasks[index].tid)?;
            all.iter().copied().rfind(|other| *other < index)
        };
        if self.is_echo(index) { before().unwrap_or(index) } else { index }
    }

    /// What a task is shown as: its command line, and whose child it is where it runs none of its own.
    pub fn shown(&self, index: usize) -> String {
        let task = &self.tasks[index];
        if task.process != index {
            return format!("thread of {}", self.shown_process(task.process));
        }
        self.shown_process(index)
    }

    fn shown_process(&self, index: usize) -> String {
        let (mut at, mut forks) = (index, 0);
        loop {
            let task = &self.tasks[at];
            if let Some(image) = task.images.last() {
                let path = if image.argv.is_empty() { &image.exe[..] } else { b"" };
                let line = shell::shorten(&shell::command(&image.argv, path), LONGEST, false);
                return if forks == 0 { line } else { format!("fork of {line}") };
            }
            // A maker was seen before whom it made, so that this ends.
            match task.maker.filter(|maker| *maker < at) {
                Some(maker) => at = self.tasks[maker].process,
                None => return "(unknown)".into(),
            }
            forks += 1;
        }
    }

    /// Whom each task made, in order.
    fn children(&self) -> (Vec<usize>, Vec<Vec<usize>>) {
        let mut roots = Vec::new();
        let mut children = vec![Vec::new(); self.tasks.len()];
        for (index, task) in self.tasks.iter().enumerate().filter(|(index, _)| !self.is_echo(*index)) {
            match task.maker.filter(|maker| *maker < index) {
                Some(maker) => children[maker].push(index),
                None => roots.push(index),
            }
        }
        (roots, children)
    }

    /// What a task is known by: all that it ran, with arguments or without.
    fn label(&self, index: usize, names: &Names, arguments: bool) -> Vec<u8> {
        let task = &self.tasks[index];
        let mut label = Vec::new();
        label.push(if task.process == index { b'p' } else { b't' });
        for image in &task.images {
            label.push(0);
            names.write(shell::base(&image.exe), &mut label);
            for word in image.argv.iter().filter(|_| arguments) {
                label.push(1);
                names.write(word, &mut label);
            }
        }
        label
    }
}

/// Which tasks of one run are which of the other.
#[derive(Debug, Default)]
pub struct Pairs {
    /// By the index of the first run's task.
    pub of_a: Vec<Option<usize>>,
    /// By the index of the second's.
    pub of_b: Vec<Option<usize>>,
    /// Both runs' tasks as they are shown: parents before children, in order.
    pub order: Vec<(Option<usize>, Option<usize>)>,
}

/// Pairs the tasks of two runs.
pub fn pair(a: &Lineage, b: &Lineage, names: [&Names; 2]) -> Pairs {
    let ((roots_a, below_a), (roots_b, below_b)) = (a.children(), b.children());
    let mut pairs =
        Pairs { of_a: vec![None; a.tasks.len()], of_b: vec![None; b.tasks.len()], order: Vec::new() };
    let mut todo = Vec::new();
    push(&mut todo, siblings(a, b, names, &roots_a, &roots_b));
    while let Some((x, y)) = todo.pop() {
        pairs.order.push((x, y));
        if let (Some(x), Some(y)) = (x, y) {
            (pairs.of_a[x], pairs.of_b[y]) = (Some(y), Some(x));
        }
        let left = x.map_or(&[][..], |x| &below_a[x]);
        let right = y.map_or(&[][..], |y| &below_b[y]);
        push(&mut todo, siblings(a, b, names, left, right));
    }
    pairs
}

type Both = (Option<usize>, Option<usize>);

/// Puts a family on the stack so that its first comes off first.
fn push(todo: &mut Vec<Both>, family: Vec<Both>) {
    todo.extend(family.into_iter().rev());
}

/// Pairs brothers and sisters.
fn siblings(a: &Lineage, b: &Lineage, names: [&Names; 2], left: &[usize], right: &[usize]) -> Vec<Both> {
    let mut numbers = HashMap::new();
    let mut labels = |arguments| {
        let mut number = |run: &Lineage, names: &Names, index: usize| {
            let next = numbers.len() as u32;
            *numbers.entry((arguments, run.label(index, names, arguments))).or_insert(next)
        };
        let x: Vec<u32> = left.iter().map(|index| number(a, names[0], *index)).collect();
        let y: Vec<u32> = right.iter().map(|index| number(b, names[1], *index)).collect();
        (x, y)
    };
    let (full, programs) = (labels(true), labels(false));
    let mut partner: Vec<Option<usize>> = vec![None; left.len()];
    let mut taken = vec![false; right.len()];
    let mut join = |partner: &mut Vec<Option<usize>>, x: usize, y: usize| {
        partner[x] = Some(y);
        taken[y] = true;
    };
    for (x, y) in lcs::pairs(&full.0, &full.1) {
        join(&mut partner, x as usize, y as usize);
    }
    // In the gaps between those, the same program with other arguments.
    let anchors: Vec<(usize, usize)> =
        partner.iter().enumerate().filter_map(|(x, y)| y.map(|y| (x, y))).collect();
    let mut from = (0, 0);
    for to in anchors.into_iter().chain([(left.len(), right.len())]) {
        for (x, y) in lcs::pairs(&programs.0[from.0..to.0], &programs.1[from.1..to.1]) {
            join(&mut partner, from.0 + x as usize, from.1 + y as usize);
        }
        from = (to.0 + 1, to.1 + 1);
    }
    // Whatever the order.
    for kind in [&full, &programs] {
        let mut free: HashMap<u32, Vec<usize>> = HashMap::new();
        for y in (0..right.len()).rev().filter(|y| !taken[*y]) {
            free.entry(kind.1[y]).or_default().push(y);
        }
        for (partner, label) in partner.iter_mut().zip(&kind.0).filter(|(partner, _)| partner.is_none()) {
            *partner = free.get_mut(label).and_then(Vec::pop);
            if let Some(y) = *partner {
                taken[y] = true;
            }
        }
    }
    merge(left, right, &partner, &taken)
}

/// Both families in one row: each of the right that has no partner stands behind the one before it.
fn merge(left: &[usize], right: &[usize], partner: &[Option<usize>], taken: &[bool]) -> Vec<Both> {
    let mut row = Vec::with_capacity(left.len().max(right.len()));
    let mut next = 0;
    let mut alone = |row: &mut Vec<Both>, to: usize| {
        while next < to {
            if !taken[next] {
                row.push((None, Some(right[next])));
            }
            next += 1;
        }
    };
    for (x, y) in left.iter().zip(partner) {
        if let Some(y) = y {
            alone(&mut row, *y);
        }
        row.push((Some(*x), y.map(|y| right[y])));
    }
    alone(&mut row, right.len());
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(programs: &[(&str, Option<usize>)]) -> Lineage {
        let mut lineage = Lineage::default();
        for (index, (line, maker)) in programs.iter().enumerate() {
            let task = lineage.add(Tid(100 + index as i32), None, *maker, 0);
            let argv: Vec<Vec<u8>> = line.split(' ').map(|word| word.as_bytes().to_vec()).collect();
            lineage.tasks[task].runs(Image { exe: argv[0].clone(), argv });
        }
        lineage
    }

    fn paired(a: &Lineage, b: &Lineage) -> Vec<(String, String)> {
        let names = Names::default();
        let show = |run: &Lineage, index: Option<usize>| index.map_or("-".into(), |index| run.shown(index));
        pair(a, b, [&names, &names]).order.iter().map(|(x, y)| (show(a, *x), show(b, *y))).collect()
    }

    fn rows(rows: &[(&str, &str)]) -> Vec<(String, String)> {
        rows.iter().map(|(x, y)| ((*x).to_owned(), (*y).to_owned())).collect()
    }

    #[test]
    fn one_more_child_moves_nobody() {
        let a = run(&[("sh", None), ("ls /", Some(0)), ("ls /usr", Some(0))]);
        let b =
            run(&[("sh", None), ("ls /", Some(0)), ("id", Some(0)), ("ls /usr", Some(0)), ("w", Some(2))]);
        let expected =
            rows(&[("sh", "sh"), ("ls /", "ls /"), ("-", "id"), ("-", "w"), ("ls /usr", "ls /usr")]);
        assert_eq!(paired(&a, &b), expected);
    }

    #[test]
    fn a_child_that_is_told_of_twice_is_one() {
        let a = run(&[("sh", None), ("ls", Some(0))]);
        let mut b = run(&[("sh", None), ("ls", Some(0))]);
        b.tasks[1].end = Some(End::Exited(0));
        let echo = b.add(Tid(101), None, Some(0), 0);
        assert!(b.is_echo(echo) && !b.is_echo(1));
        assert_eq!((b.original(echo), b.original(1), b.original(0)), (1, 1, 0));
        assert_eq!(paired(&a, &b), rows(&[("sh", "sh"), ("ls", "ls")]));
    }

    #[test]
    fn arguments_then_programs_then_any_order() {
        let a = run(&[("make", None), ("cc a.c", Some(0)), ("cc b.c", Some(0)), ("ld x", Some(0))]);
        let b = run(&[("make", None), ("cc b.c", Some(0)), ("cc a.c", Some(0)), ("ld y", Some(0))]);
        let got = paired(&a, &b);
        for pair in rows(&[("cc a.c", "cc a.c"), ("cc b.c", "cc b.c"), ("ld x", "ld y")]) {
            assert!(got.contains(&pair), "{got:?}");
        }
        assert_eq!(got.len(), 4);
    }
}
