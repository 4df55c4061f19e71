//! The calls of a page: no more than a browser shows with ease. When there are too many the shortest go.

/// Most calls that are kept.
pub(super) const MOST: usize = 100_000;
/// Bytes of arguments that are kept of each.
const TEXT_BYTES: usize = 240;

/// A call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    /// Its task, by place.
    pub task: u32,
    /// Its name, by place.
    pub name: u32,
    /// Its beginning and its length, in nanoseconds.
    pub start_ns: u64,
    /// How long it took.
    pub length_ns: u64,
    /// It failed.
    pub failed: bool,
    /// Its arguments.
    pub args: Box<str>,
    /// What it returned.
    pub ret: Box<str>,
}

/// The calls, in the order of their ends.
#[derive(Debug, Default)]
pub(super) struct Calls {
    list: Vec<Kept>,
    /// Calls that are not kept.
    pub left_out: u64,
    /// Calls shorter than this are not kept.
    pub under_ns: u64,
}

impl Calls {
    /// Keeps a call, unless there are too many that took longer.
    pub fn add(&mut self, call: Kept) {
        self.add_to(call, MOST);
    }

    fn add_to(&mut self, call: Kept, most: usize) {
        if call.length_ns < self.under_ns {
            self.left_out += 1;
            return;
        }
        self.list.push(call);
        if self.list.len() > most {
            self.halve(most / 2);
        }
    }

    /// Leaves the `keep` longest, in their order.
    fn halve(&mut self, keep: usize) {
        let mut lengths: Vec<u64> = self.list.iter().map(|call| call.length_ns).collect();
        let place = lengths.len().saturating_sub(keep);
        let least = *lengths.select_nth_unstable(place).1;
        let before = self.list.len();
        // Of those that are as long as the shortest that stays, some may have to go too.
        let longer = self.list.iter().filter(|call| call.length_ns > least).count();
        let mut room = keep.saturating_sub(longer);
        self.list.retain(|call| {
            let equal = call.length_ns == least && room > 0;
            room -= usize::from(equal);
            equal || call.length_ns > least
        });
        self.left_out += (before - self.list.len()) as u64;
        self.under_ns = least.saturating_add(1);
    }

    /// All that are kept, in the order of their beginnings.
    pub fn sorted(&mut self) -> &[Kept] {
        self.list.sort_by_key(|call| call.start_ns);
        &self.list
    }
}

/// The text of arguments, cut where it is long.
pub(super) fn cut(text: &str) -> Box<str> {
    if text.len() <= TEXT_BYTES {
        return text.into();
    }
    let end = (0..=TEXT_BYTES).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    format!("{}…", &text[..end]).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(start_ns: u64, length_ns: u64) -> Kept {
        Kept { task: 0, name: 0, start_ns, length_ns, failed: false, args: "".into(), ret: "0".into() }
    }

    #[test]
    fn the_longest_stay() {
        let mut calls = Calls::default();
        for n in 0..1000 {
            calls.add_to(call(n, n * 7 % 1000), 100);
        }
        let (left_out, under_ns) = (calls.left_out, calls.under_ns);
        let list = calls.sorted();
        assert!((50..=100).contains(&list.len()), "{}", list.len());
        assert_eq!(list.len() as u64 + left_out, 1000);
        assert!(list.is_sorted_by_key(|call| call.start_ns));
        let longest: Vec<u64> = (under_ns..1000).collect();
        let mut lengths: Vec<u64> = list.iter().map(|call| call.length_ns).collect();
        lengths.sort();
        assert!(lengths.ends_with(&longest), "nothing longer than {under_ns} is left out");
    }

    #[test]
    fn calls_of_one_length_do_not_all_go() {
        let mut calls = Calls::default();
        for n in 0..1000 {
            calls.add_to(call(n, 5), 100);
        }
        assert_eq!((calls.sorted().len(), calls.left_out, calls.under_ns), (50, 950, 6));
    }

    #[test]
    fn long_arguments_are_cut_between_characters() {
        assert_eq!(&*cut("short"), "short");
        let long = "é".repeat(200);
        assert!(cut(&long).ends_with("é…") && cut(&long).len() <= TEXT_BYTES + 3);
    }
}
