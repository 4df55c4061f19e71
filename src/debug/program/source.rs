//! Source files as text, kept once read.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::rc::Rc;

use crate::debug::dwarf::lines::SourceFile;

/// Largest source file that is read.
const MOST_BYTES: u64 = 64 << 20;

/// Source files by name.
#[derive(Debug, Default)]
pub struct Sources {
    known: RefCell<HashMap<String, Option<Rc<Vec<String>>>>>,
    /// Directories that were moved: from, to.
    pub moved: Vec<(String, String)>,
}

impl Sources {
    /// The lines of a file; `None` where it cannot be read.
    pub fn lines(&self, file: &SourceFile) -> Option<Rc<Vec<String>>> {
        if let Some(known) = self.known.borrow().get(&file.full) {
            return known.clone();
        }
        let lines = self.read(&file.full).or_else(|| self.read(&file.shown)).map(Rc::new);
        self.known.borrow_mut().insert(file.full.clone(), lines.clone());
        lines
    }

    /// Where a file is by now.
    pub fn path(&self, full: &str) -> String {
        let moved =
            self.moved.iter().find_map(|(from, to)| Some(format!("{to}{}", full.strip_prefix(from)?)));
        moved.unwrap_or_else(|| full.to_owned())
    }

    fn read(&self, path: &str) -> Option<Vec<String>> {
        let path = self.path(path);
        if !fs::metadata(&path).ok()?.is_file() {
            return None;
        }
        let mut bytes = Vec::new();
        fs::File::open(&path).ok()?.take(MOST_BYTES).read_to_end(&mut bytes).ok()?;
        Some(String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect())
    }

    /// One line, from 1.
    pub fn line(&self, file: &SourceFile, number: u32) -> Option<String> {
        let lines = self.lines(file)?;
        lines.get((number as usize).checked_sub(1)?).cloned()
    }

    /// Forgets everything: files may have changed.
    pub fn forget(&self) {
        self.known.borrow_mut().clear();
    }
}
