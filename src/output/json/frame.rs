//! An open bracket of a line of JSON: what may come in it, and what was written.

/// What an open bracket belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A place for one value: an argument, a return value, a signal's information.
    Root,
    /// Members with their names.
    Struct,
    /// Values in a row.
    Array,
    /// The thing behind a pointer, which stands for itself.
    Target,
    /// Names of one word, with the word and its bits without a name so far.
    Word(u64, u64),
}

/// An open bracket.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// Whose it is.
    pub(super) kind: Kind,
    /// A value may be written here.
    pub(super) free: bool,
    /// A member was written.
    pub(super) any: bool,
    /// Something was left out.
    pub(super) cut: bool,
    /// Where the last value begins.
    pub(super) last: usize,
    /// The value that comes next is what another one became.
    pub(super) becomes: bool,
}

impl Frame {
    pub(super) fn new(kind: Kind) -> Self {
        let free = matches!(kind, Kind::Root | Kind::Target);
        Self { kind, free, any: false, cut: false, last: 0, becomes: false }
    }
}
