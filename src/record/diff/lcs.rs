//! What two sequences have in common, in order: pairs of positions that hold the same number.
//!
//! Myers' algorithm ("An O(ND) Difference Algorithm", 1986) where the two are alike; its work is bounded. Beyond that
//! the numbers that stand once on each side are anchors, of which the longest rising chain holds (patience), and
//! between them it begins again; where there are none, the n-th of a number on one side is the partner of the n-th on
//! the other. So a million entries against a million others end in seconds, with pairs that are right, if not always as
//! many as there could be. Pure; does not recurse.

use std::collections::HashMap;

/// Two positions that hold the same.
pub type Pair = (u32, u32);

/// Most differences that Myers' algorithm looks for; it keeps about their square of words.
const MOST_DIFFERENCES: usize = 1024;
/// Steps that it may take for each entry, and for a range at all.
const STEPS_AN_ENTRY: usize = 24;
const STEPS: usize = 1 << 16;
/// How often a range is taken apart by anchors.
const MOST_LEVELS: u32 = 40;

/// A part of both sequences, and how often it was taken apart; `last` when it is not taken apart again.
#[derive(Debug, Clone, Copy)]
struct Range {
    a: (usize, usize),
    b: (usize, usize),
    level: u32,
}

/// Pairs of equal entries, rising on both sides.
pub fn pairs(a: &[u32], b: &[u32]) -> Vec<Pair> {
    let mut found = Vec::new();
    let mut todo = vec![Range { a: (0, a.len()), b: (0, b.len()), level: 0 }];
    while let Some(range) = todo.pop() {
        let range = trim(a, b, range, &mut found);
        let (left, right) = (&a[range.a.0..range.a.1], &b[range.b.0..range.b.1]);
        if left.is_empty() || right.is_empty() {
            continue;
        }
        let from = found.len();
        if myers(left, right, &mut found) {
            found[from..].iter_mut().for_each(|pair| shift(pair, range));
            continue;
        }
        if range.level >= MOST_LEVELS {
            continue;
        }
        let mut level = range.level + 1;
        let mut anchors = unique(left, right);
        if anchors.is_empty() {
            anchors = by_turn(left, right);
            level = MOST_LEVELS;
        }
        anchors.iter_mut().for_each(|pair| shift(pair, range));
        between(range, &anchors, level, &mut todo);
        found.extend(anchors);
    }
    found.sort_unstable();
    found
}

fn shift(pair: &mut Pair, range: Range) {
    pair.0 += range.a.0 as u32;
    pair.1 += range.b.0 as u32;
}

/// Pairs what a range begins and ends with; what is left of it.
fn trim(a: &[u32], b: &[u32], mut range: Range, found: &mut Vec<Pair>) -> Range {
    while range.a.0 < range.a.1 && range.b.0 < range.b.1 && a[range.a.0] == b[range.b.0] {
        found.push((range.a.0 as u32, range.b.0 as u32));
        range.a.0 += 1;
        range.b.0 += 1;
    }
    while range.a.0 < range.a.1 && range.b.0 < range.b.1 && a[range.a.1 - 1] == b[range.b.1 - 1] {
        range.a.1 -= 1;
        range.b.1 -= 1;
        found.push((range.a.1 as u32, range.b.1 as u32));
    }
    range
}

/// The ranges before, between and behind anchors.
fn between(range: Range, anchors: &[Pair], level: u32, todo: &mut Vec<Range>) {
    let mut from = (range.a.0, range.b.0);
    for &(x, y) in anchors {
        let to = (x as usize, y as usize);
        todo.push(Range { a: (from.0, to.0), b: (from.1, to.1), level });
        from = (to.0 + 1, to.1 + 1);
    }
    todo.push(Range { a: (from.0, range.a.1), b: (from.1, range.b.1), level });
}

/// Myers' greedy algorithm: whether it came to an end within its bounds, with the pairs added.
fn myers(a: &[u32], b: &[u32], found: &mut Vec<Pair>) -> bool {
    let (n, m) = (a.len() as i64, b.len() as i64);
    let most = (a.len() + b.len()).min(MOST_DIFFERENCES) as i64;
    let mut steps = STEPS + STEPS_AN_ENTRY * (a.len() + b.len());
    let width = (2 * most + 3) as usize;
    let at = |k: i64| (k + most + 1) as usize;
    let mut reach = vec![0i64; width];
    // What was reached before each round, only its diagonals.
    let mut rounds: Vec<Vec<i64>> = Vec::new();
    for d in 0..=most {
        rounds.push(reach[at(-d - 1)..=at(d + 1)].to_vec());
        for k in (-d..=d).step_by(2) {
            let down = k == -d || k != d && reach[at(k - 1)] < reach[at(k + 1)];
            let mut x = if down { reach[at(k + 1)] } else { reach[at(k - 1)] + 1 };
            let mut y = x - k;
            let begin = x;
            while x < n && y < m && a[x as usize] == b[y as usize] {
                x += 1;
                y += 1;
            }
            let cost = (x - begin) as usize + 1;
            if cost > steps {
                return false;
            }
            steps -= cost;
            reach[at(k)] = x;
            if x >= n && y >= m {
                walk_back(&rounds, (n, m), found);
                return true;
            }
        }
    }
    false
}

/// Follows the rounds of [`myers`] from the end to the beginning.
fn walk_back(rounds: &[Vec<i64>], (mut x, mut y): (i64, i64), found: &mut Vec<Pair>) {
    for (d, reach) in rounds.iter().enumerate().rev() {
        let d = d as i64;
        // A round holds the diagonals -d - 1 to d + 1.
        let at = |k: i64| reach.get((k + d + 1) as usize).copied().unwrap_or(0);
        let k = x - y;
        let down = k == -d || k != d && at(k - 1) < at(k + 1);
        let before = if down { k + 1 } else { k - 1 };
        let (to_x, to_y) = if d == 0 { (0, 0) } else { (at(before), at(before) - before) };
        while x > to_x && y > to_y {
            x -= 1;
            y -= 1;
            found.push((x as u32, y as u32));
        }
        (x, y) = (to_x, to_y);
    }
}

/// The longest rising chain of entries that stand once on each side.
fn unique(a: &[u32], b: &[u32]) -> Vec<Pair> {
    let once = |side: &[u32]| {
        let mut places: HashMap<u32, (u32, bool)> = HashMap::with_capacity(side.len());
        for (at, &entry) in side.iter().enumerate() {
            places.entry(entry).and_modify(|place| place.1 = false).or_insert((at as u32, true));
        }
        places
    };
    let theirs = once(b);
    let mut both: Vec<Pair> = once(a)
        .into_iter()
        .filter(|(_, (_, alone))| *alone)
        .filter_map(|(entry, (x, _))| theirs.get(&entry).filter(|(_, alone)| *alone).map(|(y, _)| (x, *y)))
        .collect();
    both.sort_unstable();
    rising(&both)
}

/// The longest rising chain of pairs of the n-th of an entry with the n-th of the same.
fn by_turn(a: &[u32], b: &[u32]) -> Vec<Pair> {
    let mut places: HashMap<u32, Vec<u32>> = HashMap::new();
    for (at, &entry) in b.iter().enumerate() {
        places.entry(entry).or_default().push(at as u32);
    }
    let mut turns: HashMap<u32, usize> = HashMap::new();
    let mut both = Vec::new();
    for (at, entry) in a.iter().enumerate() {
        let turn = turns.entry(*entry).or_default();
        if let Some(place) = places.get(entry).and_then(|places| places.get(*turn)) {
            both.push((at as u32, *place));
        }
        *turn += 1;
    }
    rising(&both)
}

/// The longest chain of pairs whose second numbers rise; their first numbers do.
fn rising(pairs: &[Pair]) -> Vec<Pair> {
    // The index of the pair on which a chain of each length ends lowest, and whom each pair follows.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (index, pair) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].1 < pair.1);
        before.push(length.checked_sub(1).map(|last| ends[last]));
        if length == ends.len() {
            ends.push(index);
        } else {
            ends[length] = index;
        }
    }
    let mut chain = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied();
    while let Some(index) = at {
        chain.push(pairs[index]);
        at = before[index];
    }
    chain.reverse();
    chain
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The length of the longest common subsequence, by the book.
    fn longest(a: &[u32], b: &[u32]) -> usize {
        let mut row = vec![0; b.len() + 1];
        for x in a {
            let mut corner = 0;
            for (at, y) in b.iter().enumerate() {
                let above = row[at + 1];
                row[at + 1] = if x == y { corner + 1 } else { row[at].max(above) };
                corner = above;
            }
        }
        row[b.len()]
    }

    fn holds(a: &[u32], b: &[u32], pairs: &[Pair]) {
        assert!(pairs.iter().all(|(x, y)| a[*x as usize] == b[*y as usize]));
        assert!(pairs.windows(2).all(|two| two[0].0 < two[1].0 && two[0].1 < two[1].1));
    }

    proptest! {
        #[test]
        fn short_sequences_share_as_much_as_they_can(
            a in prop::collection::vec(0u32..6, 0..60), b in prop::collection::vec(0u32..6, 0..60),
        ) {
            let pairs = pairs(&a, &b);
            holds(&a, &b, &pairs);
            prop_assert_eq!(pairs.len(), longest(&a, &b));
        }

        #[test]
        fn what_myers_gives_up_still_holds(
            a in prop::collection::vec(0u32..40, 0..200), b in prop::collection::vec(0u32..40, 0..200),
        ) {
            for chain in [unique(&a, &b), by_turn(&a, &b)] {
                holds(&a, &b, &chain);
            }
        }
    }

    #[test]
    fn long_and_unlike_sequences_end() {
        // Two hundred thousand entries with few names, of which a third differ: Myers alone would take minutes.
        let mut seed = 1u64;
        let mut next = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) as u32
        };
        let a: Vec<u32> = (0..200_000).map(|_| next() % 50).collect();
        let b: Vec<u32> =
            a.iter().map(|entry| if next() % 3 == 0 { 50 + next() % 50 } else { *entry }).collect();
        let pairs = pairs(&a, &b);
        holds(&a, &b, &pairs);
        assert!(pairs.len() > 20_000, "{}", pairs.len());
    }

    #[test]
    fn one_more_in_a_long_loop() {
        let a: Vec<u32> = (0..100_000).map(|at| at % 2).collect();
        let mut b = a.clone();
        b.insert(50_000, 7);
        assert_eq!(pairs(&a, &b).len(), a.len());
    }
}
