//! Where lines go: the terminal, one file, or a file per task; and how they are prefixed.

use std::collections::{HashMap, HashSet};
use std::fmt::Arguments;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use syscall_tables::errno;

use super::quote::{HexStrings, escaped};
use crate::event::Tid;
use crate::output::losses;
use crate::output::writer::{Stream, Writer};

/// Which prefix tells tasks apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefix {
    /// None.
    None,
    /// `[pid N] ` while there is more than one task.
    WhenMany,
    /// `[pid N] ` always.
    Bracketed,
    /// `N ` always.
    Always,
}

/// A destination of lines.
#[derive(Debug)]
pub struct Place {
    writer: Writer,
    target: Target,
    prefix: Prefix,
    tasks: usize,
    program: String,
    /// What tasks are called, where that was asked for.
    names: HashMap<Tid, Vec<u8>>,
    /// How those names are spelled.
    hex: HexStrings,
    /// The file as messages call it; else they say what becomes of the trace.
    file: Option<PathBuf>,
}

#[derive(Debug)]
enum Target {
    One(Stream),
    /// `BASE.TID`, opened when a task first has a line.
    Each {
        base: PathBuf,
        append: bool,
        open: HashMap<Tid, Stream>,
        /// Tasks whose file was closed; an id that a thread takes over by execve goes on in it.
        closed: HashSet<Tid>,
        /// Tasks whose file could not be opened, which was said.
        refused: HashSet<Tid>,
    },
}

/// Opens an output file.
///
/// # Errors
/// What open(2) says.
pub fn create(path: &Path, append: bool) -> std::io::Result<File> {
    let mut options = File::options();
    options.create(true).write(true);
    if append {
        options.append(true)
    } else {
        options.truncate(true)
    };
    options.open(path)
}

/// The text of an error without Rust's number.
fn reason(error: &std::io::Error) -> String {
    let code = error.raw_os_error().and_then(|code| u32::try_from(code).ok());
    code.and_then(errno::text).map_or_else(|| error.to_string(), str::to_owned)
}

impl Drop for Place {
    fn drop(&mut self) {
        match &self.target {
            Target::One(stream) => self.writer.close(*stream),
            Target::Each { open, .. } => open.values().for_each(|stream| self.writer.close(*stream)),
        }
    }
}

impl Place {
    /// One file for all; `program` begins messages.
    pub fn one(writer: Writer, file: File, prefix: Prefix, program: &str) -> Self {
        let stream = writer.open(file);
        Self {
            writer,
            target: Target::One(stream),
            prefix,
            tasks: 0,
            program: program.to_owned(),
            names: HashMap::new(),
            hex: HexStrings::Never,
            file: None,
        }
    }

    /// A file per task.
    pub fn each(writer: Writer, base: PathBuf, append: bool, program: &str) -> Self {
        let (closed, refused) = (HashSet::new(), HashSet::new());
        let target = Target::Each { base, append, open: HashMap::new(), closed, refused };
        Self {
            writer,
            target,
            prefix: Prefix::None,
            tasks: 0,
            program: program.to_owned(),
            names: HashMap::new(),
            hex: HexStrings::Never,
            file: None,
        }
    }

    /// The same, whose messages name `file` as those of strace do.
    #[must_use]
    pub fn naming(mut self, file: Option<PathBuf>) -> Self {
        self.file = file;
        self
    }

    /// The same, which spells the names of tasks as `hex` says.
    #[must_use]
    pub fn spelling(mut self, hex: HexStrings) -> Self {
        self.hex = hex;
        self
    }

    pub(crate) fn population(&mut self, tasks: usize) {
        self.tasks = tasks;
    }

    pub(crate) fn one_less(&mut self) {
        self.tasks = self.tasks.saturating_sub(1);
    }

    pub(crate) fn named(&mut self, tid: Tid, comm: &[u8]) {
        self.names.insert(tid, comm.to_vec());
    }

    /// Whether the open line of `other` is in the way of a line of `tid`.
    pub(crate) fn shares(&self, other: Tid, tid: Tid) -> bool {
        matches!(self.target, Target::One(_)) || other == tid
    }

    pub(crate) fn prefix(&self, line: &mut Vec<u8>, tid: Tid) {
        let (before, after): (&[u8], &[u8]) = match self.prefix {
            Prefix::WhenMany if self.tasks > 1 => (b"[pid ", b"] "),
            Prefix::Bracketed => (b"[pid ", b"] "),
            Prefix::Always => (b"", b" "),
            Prefix::None | Prefix::WhenMany => return,
        };
        line.extend_from_slice(before);
        match (before, self.names.get(&tid)) {
            (b"", None) => drop(write!(line, "{:<5}", tid.0)),
            (b"", Some(_)) => drop(write!(line, "{}", tid.0)),
            _ => drop(write!(line, "{:5}", tid.0)),
        }
        if let Some(name) = self.names.get(&tid) {
            line.push(b'<');
            escaped(line, name, self.hex, b'>');
            line.push(b'>');
        }
        line.extend_from_slice(after);
    }

    pub(crate) fn append(&mut self, tid: Tid, bytes: &[u8]) {
        let stream = match &mut self.target {
            Target::One(stream) => Some(*stream),
            Target::Each { refused, .. } if refused.contains(&tid) => None,
            Target::Each { base, append, open, closed, refused } => match open.get(&tid) {
                Some(&stream) => Some(stream),
                None => {
                    let mut name = base.clone().into_os_string();
                    name.push(format!(".{}", tid.0));
                    match create(Path::new(&name), *append || closed.contains(&tid)) {
                        Ok(file) => {
                            let stream = self.writer.open(file);
                            open.insert(tid, stream);
                            Some(stream)
                        }
                        Err(error) => {
                            let text = reason(&error);
                            eprintln!("{}: Can't fopen '{}': {text}", self.program, name.display());
                            refused.insert(tid);
                            None
                        }
                    }
                }
            },
        };
        let error = match stream {
            Some(stream) => self.writer.append(stream, bytes),
            None => self.writer.take_error(),
        };
        self.report(error);
    }

    /// A task ended: its own file is closed.
    pub(crate) fn forget(&mut self, tid: Tid) {
        self.names.remove(&tid);
        if let Target::Each { open, closed, .. } = &mut self.target
            && let Some(stream) = open.remove(&tid)
        {
            closed.insert(tid);
            self.writer.close(stream);
        }
    }

    /// A message of the tracer to the person, on standard error.
    pub(crate) fn say(&self, text: Arguments<'_>) {
        self.writer.flush();
        eprintln!("{}: {text}", self.program);
    }

    pub(crate) fn flush(&self) {
        self.writer.flush();
        self.report(self.writer.take_error());
    }

    /// Says once that the trace cannot be written.
    fn report(&self, error: Option<io::Error>) {
        let Some(error) = error else { return };
        match &self.file {
            Some(file) if losses::count(&error) => {
                eprintln!("{}: {}: {}", self.program, file.display(), reason(&error));
            }
            Some(_) => {}
            None => losses::say("the trace", &error),
        }
    }
}
