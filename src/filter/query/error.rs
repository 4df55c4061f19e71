//! Why an expression was refused, where, and which names are near the one that is unknown.

use std::fmt;

/// Names that are offered at most.
const OFFERED: usize = 4;

/// One sentence about one place of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    source: String,
    /// Where in the expression, in bytes from its beginning.
    pub at: usize,
    /// How many bytes are meant.
    pub len: usize,
    /// What is wrong, and what would be right.
    pub text: String,
}

impl Error {
    pub(super) fn new(source: &str, at: usize, len: usize, text: impl Into<String>) -> Self {
        Self { source: source.to_owned(), at, len, text: text.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = self.source.get(..self.at).unwrap_or("");
        let end = self.at + self.len;
        let word = self.source.get(self.at..end).unwrap_or("");
        let after = self.source.get(end..).unwrap_or("");
        let column = before.chars().count() + 1;
        write!(f, "{}, at column {column}: {before}>>{word}<<{after}", self.text)
    }
}

impl std::error::Error for Error {}

/// A sentence's end that offers the names nearest to `word`; empty where none is near.
pub(super) fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let wanted = word.to_ascii_lowercase();
    let most = (wanted.chars().count() / 3).max(2);
    let mut near: Vec<(usize, usize, &str)> = Vec::new();
    for name in names {
        let own = name.to_ascii_lowercase();
        let prefix = wanted.len() > 2 && own.starts_with(&wanted);
        let steps = if prefix { 1 } else { distance(&wanted, &own) };
        if steps <= most && !near.iter().any(|(.., known)| *known == name) {
            near.push((steps, own.len().abs_diff(wanted.len()), name));
        }
    }
    near.sort();
    near.truncate(OFFERED);
    if near.is_empty() {
        return String::new();
    }
    let names: Vec<&str> = near.iter().map(|(.., name)| *name).collect();
    format!("; nearest: {}", names.join(", "))
}

/// How many letters must be changed, added, left out or swapped with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0usize; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = change.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = least;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_between_words() {
        for (a, b, steps) in [("flasg", "flags", 1), ("", "ab", 2), ("open", "openat", 2), ("x", "x", 0)] {
            assert_eq!(distance(a, b), steps, "{a} {b}");
        }
    }

    #[test]
    fn near_names_are_offered_and_far_ones_not() {
        let names = ["flags", "flag", "pathname", "fd"];
        assert_eq!(nearest("flasg", names), "; nearest: flags, flag");
        assert_eq!(nearest("pathn", names), "; nearest: pathname");
        assert_eq!(nearest("zzzzzz", names), "");
    }

    #[test]
    fn the_place_is_marked() {
        let error = Error::new("a and bee", 6, 3, "no such thing");
        assert_eq!(error.to_string(), "no such thing, at column 7: a and >>bee<<");
    }
}
