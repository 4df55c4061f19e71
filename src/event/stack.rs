//! Who called a system call: the frames of a task's stack, innermost first, with what their addresses mean.
//!
//! Facts that cannot be asked later (modules, symbols, lines) are resolved when the stack is taken and
//! shared between events; nothing here is formatted.

use std::sync::Arc;

/// An address in a running process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct RuntimeAddr(pub u64);

/// A position in the file that is mapped at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct FileOffset(pub u64);

/// The frames of a stack.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stack {
    /// Innermost first; empty when nobody asked.
    pub frames: Vec<Frame>,
    /// Why there are no more.
    pub end: Bottom,
}

impl Stack {
    /// Forgets everything, keeping the buffer.
    pub fn clear(&mut self) {
        self.frames.clear();
        self.end = Bottom::Reached;
    }

    /// Whether no stack was taken.
    pub fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }
}

/// Why a stack ends where it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Bottom {
    /// At the outermost function.
    #[default]
    Reached,
    /// The limit of frames was reached first.
    Limit,
    /// The caller of the last frame could not be found.
    Lost,
}

/// One activation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Where it is: the next instruction, or the one after the call that it is in.
    pub ip: RuntimeAddr,
    /// How it was found.
    pub found: Found,
    /// The file that is mapped there, as /proc/PID/maps names it; `None` for memory without a name.
    pub module: Option<Arc<[u8]>>,
    /// Position in that file.
    pub offset: FileOffset,
    /// What stands at that position; `None` where nothing is known.
    pub place: Option<Arc<Place>>,
}

/// How a frame was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// From the registers: the innermost one.
    Registers,
    /// By the unwind tables of the function that it called.
    Tables,
    /// By the chain of frame pointers, since there were no tables.
    FramePointer,
}

/// What stands at a position of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The function's symbol.
    pub symbol: Option<Symbol>,
    /// Source line, when lines were asked for and are known.
    pub line: Option<Line>,
    /// Functions that the compiler put into this one here, innermost first. Each has the line at which it
    /// stands; `line` then is where the outermost of them was called.
    pub inlined: Vec<Inlined>,
}

/// A symbol and how far behind its beginning a position is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// Its name, demangled.
    pub name: String,
    /// Distance in bytes.
    pub offset: u64,
}

/// A function that was inlined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inlined {
    /// Its name, demangled.
    pub name: String,
    /// Where in its source the position is.
    pub line: Option<Line>,
}

/// A line of source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The file's path as the compiler wrote it down.
    pub file: String,
    /// Its number, from 1; 0 when the compiler left it out.
    pub number: u32,
}
