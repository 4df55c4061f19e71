//! The line table of one unit: from an address to a line of source, and back.
//!
//! Rows are kept by address, those of one sequence together. Source: DWARF 5 §6.2.

use gimli::AttributeValue;

use super::{Slice, lossy};

/// Rows of one unit that are kept; generated sources of a million lines fit.
const MOST_ROWS: usize = 16 << 20;

/// A source file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SourceFile {
    /// As the compiler was told its name.
    pub shown: String,
    /// With the directory of the compilation before it.
    pub full: String,
}

impl SourceFile {
    /// Whether the name that somebody typed means this file: all of it or its last parts.
    pub fn is(&self, typed: &str) -> bool {
        let ends = |path: &str| {
            path.strip_suffix(typed).is_some_and(|before| before.is_empty() || before.ends_with('/'))
        };
        ends(&self.shown) || ends(&self.full)
    }
}

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Address, in the file's own address space.
    pub address: u64,
    /// Number of the line; 0 for code that no line stands for.
    pub line: u32,
    /// Number of the file in the table.
    pub file: u32,
    /// A good place for a breakpoint.
    pub statement: bool,
    /// The function's own code begins here.
    pub prologue_end: bool,
    /// Behind the last instruction of a sequence.
    pub end: bool,
}

/// The line that an address belongs to, and the code that belongs to the same row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The row.
    pub row: Row,
    /// Address behind the last that the row stands for.
    pub end: u64,
}

/// The line table of a unit.
#[derive(Debug, Default)]
pub struct Lines {
    files: Vec<SourceFile>,
    rows: Vec<Row>,
}

impl Lines {
    pub(super) fn read(dwarf: &gimli::Dwarf<Slice>, unit: &gimli::Unit<Slice>) -> Self {
        let mut lines = Self::default();
        let Some(program) = unit.line_program.clone() else { return lines };
        let header = program.header();
        let text = |value: AttributeValue<Slice>| {
            dwarf.attr_string(unit, value).map(|text| lossy(&text)).unwrap_or_default()
        };
        let root = unit.comp_dir.as_ref().map(lossy).unwrap_or_default();
        // Before DWARF 5 files count from 1.
        if header.version() <= 4 {
            lines.files.push(SourceFile { shown: String::new(), full: String::new() });
        }
        for file in header.file_names() {
            let name = text(file.path_name());
            let directory = match file.directory_index() {
                0 => String::new(),
                _ => file.directory(header).map(text).unwrap_or_default(),
            };
            let shown = join(&directory, &name);
            let full = join(&root, &shown);
            lines.files.push(SourceFile { shown, full });
        }
        let mut sequences: Vec<Vec<Row>> = Vec::new();
        let mut sequence = Vec::new();
        let mut count = 0;
        // A line that the compiler has split by discriminators is one stretch for a person.
        let (mut last, mut split) = (None, false);
        let mut rows = program.rows();
        while let Ok(Some((_, row))) = rows.next_row() {
            count += 1;
            if count > MOST_ROWS {
                break;
            }
            let line = row.line().map_or(0, |line| u32::try_from(line.get()).unwrap_or(0));
            let key = Some((line, row.file_index()));
            split = (split && last == key) || row.discriminator() != 0;
            let goes_on = last == key && split && !row.end_sequence() && !row.prologue_end();
            last = if row.end_sequence() { None } else { key };
            if goes_on {
                continue;
            }
            sequence.push(Row {
                address: row.address(),
                line,
                file: u32::try_from(row.file_index()).unwrap_or(0),
                statement: row.is_stmt(),
                prologue_end: row.prologue_end(),
                end: row.end_sequence(),
            });
            if row.end_sequence() {
                sequences.push(std::mem::take(&mut sequence));
            }
        }
        // A sequence at 0 was left out by the linker.
        sequences.retain(|rows| rows.first().is_some_and(|row| row.address != 0));
        sequences.sort_by_key(|rows| rows.first().map(|row| row.address));
        lines.rows = sequences.concat();
        lines
    }

    /// A file by its number.
    pub fn file(&self, number: u32) -> Option<&SourceFile> {
        self.files.get(number as usize)
    }

    /// All files.
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// All rows, by address.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// What an address belongs to.
    pub fn find(&self, address: u64) -> Option<Stretch> {
        let behind = self.rows.partition_point(|row| row.address <= address);
        let mut at = behind.checked_sub(1)?;
        // Of several rows at one address the last counts, a statement before others.
        let first = self.rows[at].address;
        if !self.rows[at].statement || self.rows[at].end {
            let same = (0..=at).rev().take_while(|&other| self.rows[other].address == first);
            at = same.into_iter().find(|&o| self.rows[o].statement && !self.rows[o].end).unwrap_or(at);
        }
        let row = self.rows[at];
        let end = self.rows.get(behind)?.address;
        (!row.end).then_some(Stretch { row, end })
    }

    /// Addresses at which code of a line begins in a function's range, lowest first, with the line: that or the next
    /// one that has code. `None` for a file that has no such line.
    pub fn starts(&self, is_file: impl Fn(u32) -> bool, line: u32) -> Option<(u32, Vec<u64>)> {
        let rows = || self.rows.iter().filter(|row| row.statement && !row.end && is_file(row.file));
        let best = rows().map(|row| row.line).filter(|found| *found >= line).min()?;
        let mut starts = Vec::new();
        let mut before: Option<Row> = None;
        for row in &self.rows {
            let hit = row.line == best && row.statement && !row.end && is_file(row.file);
            let goes_on = before.is_some_and(|b| b.line == best && b.file == row.file && !b.end);
            if hit && !goes_on {
                starts.push(row.address);
            }
            before = Some(*row);
        }
        starts.sort_unstable();
        starts.dedup();
        Some((best, starts))
    }

    /// The lowest and the highest line of a range of addresses in its first row's file.
    pub fn span(&self, low: u64, high: u64) -> Option<(u32, u32, u32)> {
        let from = self.rows.partition_point(|row| row.address < low);
        let rows = || self.rows[from..].iter().take_while(|row| row.address < high).filter(|r| r.line > 0);
        let file = rows().next()?.file;
        let lines = || rows().filter(|row| row.file == file).map(|row| row.line);
        Some((file, lines().min()?, lines().max()?))
    }
}

fn join(directory: &str, name: &str) -> String {
    if directory.is_empty() || name.starts_with('/') {
        name.to_owned()
    } else {
        format!("{}/{name}", directory.trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(address: u64, line: u32) -> Row {
        Row { address, line, file: 1, statement: true, prologue_end: false, end: line == 0 }
    }

    fn table() -> Lines {
        let rows = vec![row(16, 3), row(20, 4), row(28, 5), row(36, 4), row(40, 0), row(64, 9), row(70, 0)];
        Lines { files: Vec::new(), rows }
    }

    #[test]
    fn addresses_have_lines() {
        let line = |address| table().find(address).map(|found| (found.row.line, found.end));
        assert_eq!(line(15), None);
        assert_eq!(line(16), Some((3, 20)));
        assert_eq!(line(27), Some((4, 28)));
        assert_eq!(line(39), Some((4, 40)));
        assert_eq!(line(40), None);
        assert_eq!(line(64), Some((9, 70)));
        assert_eq!(line(70), None);
    }

    #[test]
    fn lines_have_addresses() {
        assert_eq!(table().starts(|_| true, 4), Some((4, vec![20, 36])));
        assert_eq!(table().starts(|_| true, 6), Some((9, vec![64])));
        assert_eq!(table().starts(|_| true, 10), None);
        assert_eq!(table().starts(|_| false, 4), None);
    }

    #[test]
    fn files_are_meant_by_their_last_parts() {
        let file = SourceFile { shown: "src/main.rs".into(), full: "/home/me/src/main.rs".into() };
        assert!(file.is("main.rs") && file.is("src/main.rs") && file.is("/home/me/src/main.rs"));
        assert!(!file.is("ain.rs") && !file.is("me/main.rs"));
    }
}
