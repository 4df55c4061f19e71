//! The console: lines from a terminal, a script or the command line, and what comes of them on standard output.
//!
//! Without a terminal nothing is asked and no prompt is shown. Standard output is flushed before the program goes
//! on, so that its own output stands where it belongs.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io::{BufRead, IsTerminal, Write};

use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;

use super::commands;
use super::debugger::Debugger;
use super::disassemble::Flavor;
use super::error::{Error, Result};
use super::expr::Expr;
use super::numbers::harmless;
use super::program::SourceLine;

/// Commands of breakpoints that call each other.
const MOST_DEPTH: u32 = 32;
/// Longest line of a script.
const MOST_LINE_BYTES: u64 = 1 << 20;

/// An expression that is printed at every stop.
#[derive(Debug, Clone)]
pub struct Display {
    /// Its number.
    pub number: u32,
    /// As it was typed.
    pub text: String,
    /// The letters behind `/`.
    pub format: String,
    /// What it says.
    pub expr: Expr,
}

/// What `list` shows next.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// The file, and the first and the last line that were shown.
    pub shown: Option<(SourceLine, u32)>,
    /// Lines at a time.
    pub size: u32,
}

/// What `x` does when it is not told.
#[derive(Debug, Clone, Copy)]
pub struct Examine {
    /// Letter of the format.
    pub format: char,
    /// Bytes of an element.
    pub size: u64,
    /// Where it goes on.
    pub next: u64,
}

/// The console.
pub struct Console {
    /// The debugger.
    pub debugger: Debugger,
    /// Expressions that are printed at every stop.
    pub displays: Vec<Display>,
    /// What `list` shows next.
    pub listing: Listing,
    /// What `x` does next.
    pub examine: Examine,
    /// How instructions are spelled.
    pub flavor: Flavor,
    /// The words of `set args`.
    pub args: Option<Vec<OsString>>,
    /// It is over, with this status.
    pub ends: Option<u8>,
    /// Somebody sits at a terminal.
    pub asks: bool,
    /// What a person has just typed is told again as it begins; not in a batch.
    pub narrates: bool,
    /// Commands that wait, of a breakpoint that was hit.
    waiting: VecDeque<String>,
    editor: Option<DefaultEditor>,
    last: String,
    failed: bool,
    depth: u32,
}

impl Console {
    /// A console of a debugger.
    pub fn new(debugger: Debugger) -> Self {
        Self {
            debugger,
            displays: Vec::new(),
            listing: Listing { shown: None, size: 10 },
            examine: Examine { format: 'x', size: 4, next: 0 },
            flavor: Flavor::Att,
            args: None,
            ends: None,
            asks: false,
            narrates: true,
            waiting: VecDeque::new(),
            editor: None,
            last: String::new(),
            failed: false,
            depth: 0,
        }
    }

    /// Prints a text. A reader that went away is no failure.
    pub fn say(&mut self, text: &str) {
        let mut out = std::io::stdout().lock();
        out.write_all(text.as_bytes()).ok();
        out.flush().ok();
    }

    /// Prints what a person who waits wants to know, unless nobody does.
    pub fn narrate(&mut self, text: &str) {
        if self.narrates {
            self.say(text);
        }
    }

    /// Does one line; whether it went well. What went wrong is told on standard error.
    pub fn line(&mut self, line: &str) -> bool {
        let line = line.trim();
        if line.starts_with('#') {
            return true;
        }
        let result = self.command(line);
        self.failed = result.is_err();
        if let Err(error) = result {
            eprintln!("{error}");
        }
        self.follow_up();
        !self.failed
    }

    fn command(&mut self, line: &str) -> Result<()> {
        // A word and the rest; `!` and the like are no commands.
        let (word, rest) = commands::split(line);
        if word.is_empty() {
            if line.is_empty() {
                return Ok(());
            }
            return Err(Error::says(format!("Undefined command: \"{}\".  Try \"help\".", harmless(line))));
        }
        let command = commands::find(word)?;
        (command.run)(self, rest)
    }

    /// The commands of a breakpoint that was hit.
    pub fn queue(&mut self, commands: &[String]) {
        self.waiting.extend(commands.iter().cloned());
    }

    fn follow_up(&mut self) {
        if self.depth >= MOST_DEPTH {
            self.waiting.clear();
            return;
        }
        self.depth += 1;
        while let Some(line) = self.waiting.pop_front() {
            if line.trim() == "silent" || self.ends.is_some() {
                continue;
            }
            if let Err(error) = self.command(&line) {
                eprintln!("{error}");
                self.waiting.clear();
            }
        }
        self.depth -= 1;
    }

    /// Lines from a terminal or a script until there are no more, or `quit`.
    pub fn interact(&mut self) {
        let terminal = std::io::stdin().is_terminal();
        self.asks = terminal;
        if terminal {
            self.editor = DefaultEditor::new().ok();
            if let Some(editor) = &mut self.editor {
                history().and_then(|path| editor.load_history(&path).ok());
            }
        }
        while self.ends.is_none() && !self.debugger.interrupt.wants_end() {
            // What was wanted while nothing ran is over.
            self.debugger.interrupt.take_stop();
            let Some(line) = self.read("(trace) ") else { break };
            let blank = line.trim().is_empty();
            let line = if blank { self.again() } else { line };
            if !blank {
                if let Some(editor) = &mut self.editor {
                    editor.add_history_entry(line.trim()).ok();
                }
                self.last.clone_from(&line);
            }
            self.line(&line);
        }
        if let (Some(editor), Some(path)) = (&mut self.editor, history()) {
            editor.append_history(&path).ok();
        }
        self.asks = false;
    }

    /// What an empty line means: the last command, where that makes sense.
    fn again(&self) -> String {
        let (word, rest) = commands::split(&self.last);
        match commands::find(word) {
            // `list` and `x` go on where they stopped.
            Ok(command) if command.again && matches!(command.name, "list" | "x") => command.name.to_owned(),
            Ok(command) if command.again => format!("{word} {rest}"),
            _ => String::new(),
        }
    }

    /// A line from where lines come from; none at the end.
    pub fn read(&mut self, prompt: &str) -> Option<String> {
        if let Some(editor) = &mut self.editor {
            return loop {
                match editor.readline(prompt) {
                    Ok(line) => break Some(line),
                    Err(ReadlineError::Interrupted) => println!("Quit"),
                    Err(ReadlineError::Io(error)) if error.kind() == std::io::ErrorKind::Interrupted => {
                        if self.debugger.interrupt.wants_end() {
                            break None;
                        }
                    }
                    Err(_) => {
                        println!("quit");
                        break None;
                    }
                }
            };
        }
        let mut line = Vec::new();
        let mut stdin = std::io::Read::take(std::io::stdin().lock(), MOST_LINE_BYTES);
        match stdin.read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']).to_owned()),
        }
    }

    /// Asks a person; yes where nobody is there.
    pub fn confirm(&mut self, question: &str) -> bool {
        if !self.asks {
            return true;
        }
        loop {
            let Some(answer) = self.read(&format!("{question} (y or n) ")) else { return true };
            match answer.trim().chars().next() {
                Some('y' | 'Y') => return true,
                Some('n' | 'N') => return false,
                _ => println!("Please answer y or n."),
            }
        }
    }

    /// The end: a program that was started here is killed, one that was attached to runs on. Returns the status.
    pub fn finish(&mut self) -> u8 {
        if let Some(process) = &self.debugger.process {
            let result = if process.launched { self.debugger.kill() } else { self.debugger.detach() };
            if let Err(error) = result {
                eprintln!("{error}");
            }
        }
        for trouble in std::mem::take(&mut self.debugger.remarks) {
            eprintln!("{trouble}");
        }
        // As shells report an end by SIGTERM.
        let ended = self.debugger.interrupt.wants_end().then_some(128 + libc::SIGTERM as u8);
        self.ends.or(ended).unwrap_or(u8::from(self.failed))
    }
}

/// Where lines of earlier sessions are kept.
fn history() -> Option<std::path::PathBuf> {
    let state = std::env::var_os("XDG_STATE_HOME").map(std::path::PathBuf::from);
    let state =
        state.or_else(|| Some(std::path::PathBuf::from(std::env::var_os("HOME")?).join(".local/state")))?;
    let directory = state.join("trace");
    std::fs::create_dir_all(&directory).ok()?;
    Some(directory.join("debug-history"))
}
