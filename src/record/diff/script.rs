//! From what two tasks did to what differs. Pure.

use std::cmp::Ordering;

use super::events::{Deeds, Item};
use super::lcs;

/// From when on a call counts as slower.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slower {
    /// It takes so many times as long.
    pub factor: f64,
    /// And so many microseconds longer.
    pub least_us: u32,
}

/// One line of a comparison; numbers are those of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// Both did it.
    Same(u32, u32),
    /// Only the first did.
    Removed(u32),
    /// Only the second did.
    Added(u32),
    /// Both asked for it, and something else came of it.
    Changed(u32, u32),
    /// Both did it, and the second took longer.
    Slower(u32, u32),
}

/// How many lines of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// What both did.
    pub same: u64,
    /// What only the first did.
    pub removed: u64,
    /// What only the second did.
    pub added: u64,
    /// What had another result.
    pub changed: u64,
    /// What took longer.
    pub slower: u64,
}

impl Counts {
    /// Adds others.
    pub fn add(&mut self, other: &Self) {
        self.same += other.same;
        self.removed += other.removed;
        self.added += other.added;
        self.changed += other.changed;
        self.slower += other.slower;
    }

    /// Whether anything differs.
    pub fn differ(&self) -> bool {
        self.removed + self.added + self.changed + self.slower > 0
    }

    fn count(&mut self, op: Op) {
        match op {
            Op::Same(..) => self.same += 1,
            Op::Removed(_) => self.removed += 1,
            Op::Added(_) => self.added += 1,
            Op::Changed(..) => self.changed += 1,
            Op::Slower(..) => self.slower += 1,
        }
    }
}

/// What differs between two tasks.
#[derive(Debug, Default)]
pub struct Script {
    /// Differences that are near each other, with what both did around them.
    pub hunks: Vec<Vec<Op>>,
    /// Differences without a place.
    pub loose: Vec<Op>,
    /// How many there are of each.
    pub counts: Counts,
}

/// Compares what two tasks did; `context` lines that both have stand around a difference.
pub fn compare(a: &Deeds, b: &Deeds, slower: Option<Slower>, context: usize) -> Script {
    let ops = line_up(&a.items, &b.items, slower);
    let mut script = Script { loose: loose(&a.loose, &b.loose), ..Script::default() };
    let items = |op: &Op| if matches!(op, Op::Changed(..)) { 2 } else { 1 };
    let differ: usize = script.loose.iter().map(items).sum();
    script.counts.same += (a.loose.len() + b.loose.len() - differ) as u64 / 2;
    ops.iter().chain(&script.loose).for_each(|op| script.counts.count(*op));
    script.hunks = hunks(&ops, context);
    script
}

/// Everything that two tasks did, in one row.
fn line_up(a: &[Item], b: &[Item], slower: Option<Slower>) -> Vec<Op> {
    let wholes = |items: &[Item]| -> Vec<u32> { items.iter().map(|item| item.whole).collect() };
    let same = lcs::pairs(&wholes(a), &wholes(b));
    let mut ops = Vec::with_capacity(a.len().max(b.len()));
    let mut from = (0, 0);
    for (x, y) in same {
        let (x, y) = (x as usize, y as usize);
        gap(&a[from.0..x], &b[from.1..y], &mut ops);
        let slow = slower.is_some_and(|slower| is_slower(a[x].took_us, b[y].took_us, slower));
        let (left, right) = (a[x].number, b[y].number);
        ops.push(if slow { Op::Slower(left, right) } else { Op::Same(left, right) });
        from = (x + 1, y + 1);
    }
    gap(&a[from.0..], &b[from.1..], &mut ops);
    ops
}

fn is_slower(before_us: u32, after_us: u32, slower: Slower) -> bool {
    after_us.saturating_sub(before_us) >= slower.least_us
        && f64::from(after_us) >= f64::from(before_us) * slower.factor
}

/// What stands between two lines that both have: first what both asked for, then what is one's alone.
fn gap(a: &[Item], b: &[Item], ops: &mut Vec<Op>) {
    let asked = |items: &[Item]| -> Vec<u32> { items.iter().map(|item| item.asked).collect() };
    let pairs = if a.is_empty() || b.is_empty() { Vec::new() } else { lcs::pairs(&asked(a), &asked(b)) };
    let (mut x, mut y) = (0, 0);
    for (to_x, to_y) in pairs.into_iter().chain([(a.len() as u32, b.len() as u32)]) {
        let (to_x, to_y) = (to_x as usize, to_y as usize);
        ops.extend(a[x..to_x].iter().map(|item| Op::Removed(item.number)));
        ops.extend(b[y..to_y].iter().map(|item| Op::Added(item.number)));
        if let (Some(left), Some(right)) = (a.get(to_x), b.get(to_y)) {
            ops.push(Op::Changed(left.number, right.number));
        }
        (x, y) = (to_x + 1, to_y + 1);
    }
}

/// What is on one side only, or has another result, whatever the order.
fn loose(a: &[Item], b: &[Item]) -> Vec<Op> {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    both(&sorted(a, |item| item.whole), &sorted(b, |item| item.whole), |one, other| match (one, other) {
        (Some(_), Some(_)) => {}
        (one, other) => {
            left.extend(one);
            right.extend(other);
        }
    });
    let mut ops = Vec::new();
    both(&sorted(&left, |item| item.asked), &sorted(&right, |item| item.asked), |one, other| {
        ops.extend(match (one, other) {
            (Some(one), Some(other)) => Some(Op::Changed(one.number, other.number)),
            (Some(one), None) => Some(Op::Removed(one.number)),
            (None, Some(other)) => Some(Op::Added(other.number)),
            (None, None) => None,
        });
    });
    ops
}

/// Items in the order of their keys.
fn sorted(items: &[Item], key: impl Fn(&Item) -> u32) -> Vec<(u32, Item)> {
    let mut keyed: Vec<(u32, Item)> = items.iter().map(|item| (key(item), *item)).collect();
    keyed.sort_unstable_by_key(|(key, item)| (*key, item.number));
    keyed
}

/// Goes through two sorted lists, with equal keys side by side.
fn both(left: &[(u32, Item)], right: &[(u32, Item)], mut visit: impl FnMut(Option<Item>, Option<Item>)) {
    let (mut x, mut y) = (0, 0);
    while x < left.len() || y < right.len() {
        let (one, other) = (left.get(x).copied(), right.get(y).copied());
        let order = match (one, other) {
            (Some(one), Some(other)) => one.0.cmp(&other.0),
            (Some(_), None) => Ordering::Less,
            _ => Ordering::Greater,
        };
        let one = one.filter(|_| order != Ordering::Greater).map(|(_, item)| item);
        let other = other.filter(|_| order != Ordering::Less).map(|(_, item)| item);
        (x, y) = (x + usize::from(one.is_some()), y + usize::from(other.is_some()));
        visit(one, other);
    }
}

/// The differences with `context` lines around them; those whose lines touch stand together.
fn hunks(ops: &[Op], context: usize) -> Vec<Vec<Op>> {
    let differs = |op: &Op| !matches!(op, Op::Same(..));
    let mut hunks: Vec<Vec<Op>> = Vec::new();
    let mut end = 0;
    let mut at = 0;
    while let Some(next) = ops[at..].iter().position(differs).map(|step| at + step) {
        let begin = next.saturating_sub(context);
        let to = next + 1 + ops[next + 1..].iter().take(context).take_while(|op| !differs(op)).count();
        match hunks.last_mut().filter(|_| begin <= end) {
            Some(hunk) => hunk.extend_from_slice(&ops[end..to]),
            None => hunks.push(ops[begin..to].to_vec()),
        }
        end = to;
        at = next + 1;
    }
    hunks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(keys: &[(u32, u32)]) -> Vec<Item> {
        let item = |(at, &(whole, asked)): (usize, &(u32, u32))| Item {
            whole,
            asked,
            number: at as u32,
            took_us: whole * 10,
        };
        keys.iter().enumerate().map(item).collect()
    }

    #[test]
    fn results_change_and_calls_come_and_go() {
        let a = items(&[(1, 1), (2, 2), (3, 3), (4, 4)]);
        let b = items(&[(1, 1), (20, 2), (5, 5), (4, 4)]);
        let ops = line_up(&a, &b, None);
        let expected = [Op::Same(0, 0), Op::Changed(1, 1), Op::Removed(2), Op::Added(2), Op::Same(3, 3)];
        assert_eq!(ops, expected);
    }

    #[test]
    fn slower_by_a_factor_and_a_floor() {
        let slower = Slower { factor: 2.0, least_us: 100 };
        let rows =
            [(100, 199, false), (100, 200, true), (10, 90, false), (0, 100, true), (1000, 1900, false)];
        for (before, after, expected) in rows {
            assert_eq!(is_slower(before, after, slower), expected, "{before} {after}");
        }
    }

    #[test]
    fn lines_around_a_difference() {
        let mut ops: Vec<Op> = (0..10).map(|at| Op::Same(at, at)).collect();
        ops.insert(2, Op::Added(70));
        ops.insert(5, Op::Added(71));
        ops.push(Op::Removed(72));
        let lengths = |context| hunks(&ops, context).iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(lengths(0), [1, 1, 1]);
        assert_eq!(lengths(1), [6, 2]);
        assert_eq!(lengths(100), [13]);
        assert!(hunks(&ops[..2], 3).is_empty());
    }

    #[test]
    fn what_has_no_place_is_counted() {
        let a = items(&[(5, 5), (1, 1), (5, 5)]);
        let b = items(&[(5, 5), (7, 7)]);
        assert_eq!(loose(&a, &b), [Op::Removed(1), Op::Removed(2), Op::Added(1)]);
        assert!(loose(&a, &a).is_empty());
        let (a, b) = (items(&[(1, 9), (2, 2)]), items(&[(2, 2), (3, 9)]));
        assert_eq!(loose(&a, &b), [Op::Changed(0, 1)]);
        let deeds = |loose| Deeds { items: Vec::new(), loose };
        assert_eq!(
            compare(&deeds(a), &deeds(b), None, 3).counts,
            Counts { same: 1, changed: 1, ..Counts::default() }
        );
    }
}
