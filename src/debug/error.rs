//! What can go wrong for the person at the console: one sentence each, in gdb's words where gdb has some.

use std::fmt;

/// Why a command could not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// A name stands for nothing here.
    NoSymbol(String),
    /// A struct has no such member.
    NoMember(String),
    /// Memory that cannot be read or written.
    Memory(u64),
    /// The compiler kept no value at this place.
    OptimizedOut,
    /// An expression that makes no sense, from where it stops to.
    Syntax(String),
    /// There is no process.
    NotRunning,
    /// There is no process, so no stack.
    NoStack,
    /// The outermost or the innermost frame was reached.
    NoFrame(&'static str),
    /// A breakpoint, display, thread or the like with this number does not exist.
    NoNumber {
        /// What is counted.
        what: &'static str,
        /// The number.
        number: u64,
    },
    /// A system call refused.
    Kernel {
        /// What was tried.
        step: &'static str,
        /// errno.
        errno: i32,
    },
    /// Anything else, as a whole sentence.
    Says(String),
}

impl Error {
    /// A sentence of its own.
    pub fn says(text: impl Into<String>) -> Self {
        Self::Says(text.into())
    }

    /// What a system call said.
    pub fn kernel(step: &'static str, error: &std::io::Error) -> Self {
        Self::Kernel { step, errno: error.raw_os_error().unwrap_or(0) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSymbol(name) => write!(f, "No symbol \"{name}\" in current context."),
            Self::NoMember(name) => write!(f, "There is no member named {name}."),
            Self::Memory(address) => write!(f, "Cannot access memory at address {address:#x}"),
            Self::OptimizedOut => f.write_str("value has been optimized out"),
            Self::Syntax(rest) => write!(f, "A syntax error in expression, near `{rest}'."),
            Self::NotRunning => f.write_str("The program is not being run."),
            Self::NoStack => f.write_str("No stack."),
            Self::NoFrame(which) => f.write_str(which),
            Self::NoNumber { what, number } => write!(f, "No {what} number {number}."),
            Self::Kernel { step, errno } => {
                write!(f, "{step}: {}.", std::io::Error::from_raw_os_error(*errno))
            }
            Self::Says(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Error {}

/// What a command gives.
pub type Result<T> = std::result::Result<T, Error>;
