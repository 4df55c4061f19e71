//! The file that a profile is written to. It is opened before a long run, so that a bad name is told at once, keeps
//! what it held until the profile is there, and is not left behind empty.

use std::fs::File;
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

use super::super::options::error_text;

/// An opened file, or standard output.
pub(super) struct Target {
    path: PathBuf,
    file: Option<File>,
    /// It was made for this run and holds nothing yet.
    fresh: bool,
}

impl Target {
    /// Opens `path`; `-` is standard output.
    ///
    /// # Errors
    /// One sentence.
    pub fn open(path: &Path) -> Result<Self, String> {
        if path == Path::new("-") {
            return Ok(Self { path: path.to_owned(), file: None, fresh: false });
        }
        let fresh = !path.exists();
        let opened = File::options().create(true).truncate(false).write(true).open(path);
        let file =
            opened.map_err(|error| format!("cannot write '{}': {}", path.display(), error_text(&error)))?;
        Ok(Self { path: path.to_owned(), file: Some(file), fresh })
    }

    /// What it is called.
    pub fn shown(&self) -> String {
        if self.file.is_some() { self.path.display().to_string() } else { "the profile".into() }
    }

    /// Writes the profile.
    ///
    /// # Errors
    /// One sentence.
    pub fn write(mut self, bytes: &[u8]) -> Result<(), String> {
        let done = match &mut self.file {
            Some(file) => replace(file, bytes),
            None => io::stdout().write_all(bytes).and_then(|()| io::stdout().flush()),
        };
        self.fresh &= done.is_err();
        done.map_err(|error| format!("cannot write {}: {}", self.shown(), error_text(&error)))
    }
}

/// Puts `bytes` in the place of what a file holds; a device or a pipe has no length to be cut.
fn replace(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    if file.metadata()?.is_file() {
        file.set_len(0)?;
        file.rewind()?;
    }
    file.write_all(bytes)
}

impl Drop for Target {
    fn drop(&mut self) {
        if self.fresh {
            std::fs::remove_file(&self.path).ok();
        }
    }
}
