//! How values are spelled: what the options of a trace choose.

use super::color::Paint;
use super::quote::HexStrings;
use crate::engine::details::Wishes;

/// How constants are shown (`-X`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Constants {
    /// By name.
    #[default]
    Abbrev,
    /// By number.
    Raw,
    /// Both.
    Verbose,
}

/// How values are spelled.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spelling {
    /// Constants by name, number or both.
    pub constants: Constants,
    /// Strings in hexadecimal.
    pub hex: HexStrings,
    /// Arguments show their names.
    pub names: bool,
    /// Tokens are coloured.
    pub paint: Paint,
    /// What is shown of descriptors, where more was asked for.
    pub fds: Wishes,
    /// Process ids of other namespaces show the tracer's too, where that was noted.
    pub host_pids: bool,
    /// Process ids show the names of their tasks, where those were noted.
    pub pid_names: bool,
}

/// Where the value of an argument begins in a line. It ends at the `, ` before the next one's, or with the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The argument's place in the signature.
    pub index: usize,
    /// Its name; empty where the call is not known.
    pub name: &'static str,
    /// Position in the line, behind the separator and the name.
    pub start: usize,
    /// Position before the separator.
    pub before: usize,
}

/// A number in hexadecimal, zero without a prefix.
pub(super) struct Hex(pub(super) u64);

impl std::fmt::Display for Hex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 == 0 { f.write_str("0") } else { write!(f, "{:#x}", self.0) }
    }
}
