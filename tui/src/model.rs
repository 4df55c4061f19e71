//! What the screen can show: rows by range, details of one row, processes, counts, and the program's own terminal.
//!
//! Rows are always asked for by range, so that a live run, a recording and ten million events look the same to the
//! views. No call here waits: what takes long goes on elsewhere, and its state is asked for again. Every text is
//! ready to be shown: the bytes of a tracee are escaped by whoever makes it. Nothing here draws.

use std::ops::Range;

/// How a piece of text is meant; the theme maps it to colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Ordinary text.
    Plain,
    /// The name of a syscall or signal.
    Name,
    /// The name of an argument or member.
    Argument,
    /// A number.
    Number,
    /// A named constant.
    Constant,
    /// A string.
    Text,
    /// A value that succeeded.
    Good,
    /// An error.
    Bad,
    /// Less important text.
    Dim,
}

/// A piece of text with its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// What it is.
    pub tone: Tone,
    /// Its text, printable.
    pub text: String,
}

impl Span {
    /// A piece.
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into() }
    }
}

/// One line of a timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number among all rows, whatever the filter hides, from 0.
    pub number: usize,
    /// When it began, in seconds since the run did.
    pub time: String,
    /// The thread.
    pub task: String,
    /// How long it took; empty where that means nothing.
    pub took: String,
    /// What came of it.
    pub result: Span,
    /// The call, signal or end.
    pub spans: Vec<Span>,
}

/// A part of what is known of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// What it is about.
    pub title: String,
    /// Its lines. One that is too wide goes on below, indented as its first span is wide.
    pub lines: Vec<Vec<Span>>,
}

/// How far a timeline is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Status {
    /// Rows that the filter lets through, as far as it has looked.
    pub rows: usize,
    /// All rows.
    pub all: usize,
    /// Rows that counts and filter have looked at.
    pub scanned: usize,
    /// A filter is on.
    pub filtered: bool,
    /// The run goes on.
    pub live: bool,
    /// What it is of, for the head of the screen.
    pub title: String,
    /// How the run ended, where that was seen.
    pub ending: Option<String>,
    /// What the person should know, newest last.
    pub messages: Vec<String>,
    /// Changes whenever anything else does.
    pub version: u64,
}

/// Which rows are shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// An expression of `--where`; empty for none.
    pub expression: String,
    /// A process by its [`Process::id`], and whether those that it started count too.
    pub process: Option<(usize, bool)>,
}

/// Which way a search goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To later rows.
    Forward,
    /// To earlier rows.
    Backward,
}

/// How a search stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Search {
    /// There is none.
    #[default]
    Idle,
    /// It goes on.
    Searching,
    /// This row holds the text.
    Found(usize),
    /// No row does.
    Nothing,
}

/// Where `text` holds `needle`, in bytes. Small letters of the needle stand for both, unless it has a capital one.
pub fn position(text: &str, needle: &str) -> Option<Range<usize>> {
    if needle.is_empty() {
        return None;
    }
    let exact = needle.bytes().any(|byte| byte.is_ascii_uppercase());
    let fits = |part: &[u8]| {
        if exact { part == needle.as_bytes() } else { part.eq_ignore_ascii_case(needle.as_bytes()) }
    };
    let at = text.as_bytes().windows(needle.len()).position(fits)?;
    let range = at..at + needle.len();
    text.get(range.clone()).map(|_| range)
}

/// A process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// Its place in the list of processes.
    pub id: usize,
    /// Who started it, where that is known.
    pub parent: Option<usize>,
    /// Its id.
    pub pid: i32,
    /// Its command line.
    pub command: String,
    /// How it ended; nothing while it runs.
    pub ended: Option<Span>,
    /// How long it ran.
    pub took: String,
    /// Calls that it made.
    pub calls: u64,
    /// Those that failed.
    pub errors: u64,
}

/// What is counted of one syscall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statistic {
    /// Its name.
    pub name: String,
    /// Calls.
    pub calls: u64,
    /// Those that failed.
    pub errors: u64,
    /// Time in them, in nanoseconds.
    pub total_ns: u64,
    /// The longest one, in nanoseconds.
    pub longest_ns: u64,
    /// The total, the mean and the longest time, to be shown.
    pub times: [String; 3],
}

/// A run of events, live or recorded.
pub trait Timeline {
    /// How far it is.
    fn status(&mut self) -> Status;

    /// The rows of `range` that the filter lets through, clipped to what exists.
    fn rows(&mut self, range: Range<usize>) -> Vec<Row>;

    /// Everything known of one row.
    fn detail(&mut self, index: usize) -> Vec<Section>;

    /// The calls that have not returned yet, longest first.
    fn in_flight(&mut self) -> Vec<Row>;

    /// The row numbered `number`, or the last one before it that the filter lets through.
    fn position(&mut self, number: usize) -> usize;

    /// Shows other rows. What it hides and shows is found out afterwards.
    ///
    /// # Errors
    /// What is wrong with the expression, in one sentence; the filter stays what it was.
    fn filter(&mut self, filter: &Filter) -> Result<(), String>;

    /// Begins to look for the next row, from the row `from` on and round the end, whose text holds `needle`.
    /// An empty one ends the search.
    fn search(&mut self, needle: &str, from: usize, direction: Direction);

    /// How the search stands.
    fn found(&mut self) -> Search;

    /// Every process, in the order in which they began.
    fn processes(&mut self) -> Vec<Process>;

    /// What is counted of the rows that the filter lets through.
    fn statistics(&mut self) -> Vec<Statistic>;
}

/// What a person can ask of a traced program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// End it.
    Kill,
    /// Let it go and run on.
    Detach,
}

/// The program that is traced while the screen is open.
pub trait Program {
    /// Whether anything is still traced.
    fn is_running(&mut self) -> bool;

    /// What leaving the screen does to it: kill what was launched, let go what was attached to.
    fn at_leaving(&self) -> Command;

    /// Carries a command out; it does not wait for the end.
    fn command(&mut self, command: Command);

    /// Something from outside asks to leave at once: a signal.
    fn is_told_to_leave(&mut self) -> bool {
        false
    }

    /// Its terminal, where it has one of ours.
    fn terminal(&mut self) -> Option<&mut dyn ProgramTerminal> {
        None
    }
}

/// The terminal of the traced program, seen from its other side.
pub trait ProgramTerminal {
    /// Appends what the program has written since; whether that was anything.
    fn read(&mut self, bytes: &mut Vec<u8>) -> bool;
    /// Types.
    fn write(&mut self, bytes: &[u8]);
    /// Tells it a size in cells.
    fn resize(&mut self, rows: u16, columns: u16);
}

/// A program that is not there: what is shown is a recording.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoProgram;

impl Program for NoProgram {
    fn is_running(&mut self) -> bool {
        false
    }

    fn at_leaving(&self) -> Command {
        Command::Detach
    }

    fn command(&mut self, _command: Command) {}
}
