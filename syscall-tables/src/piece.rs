//! Members of structs that are more than a number: identifiers, text of a counted length, values that have a name of
//! their own now and then.
//!
//! What they mean only; the decoder reads and shows them. Source: the kernel's uapi headers.

use crate::abi::DataModel;
use crate::layout::{self, Layout};
use crate::model::{Kind, Sibling, Width};
use crate::set::Set;

/// The meaning of such a member.
#[derive(Debug, Clone, Copy)]
pub enum Piece {
    /// A UUID of 16 bytes.
    Uuid,
    /// Shown only where any of its bytes is not zero.
    NonZero(&'static Kind),
    /// An unsigned decimal number, of which some have a name.
    Named(&'static Set, Width),
    /// Seconds since 1970 in 64 bits, with the date as a comment.
    Date,
    /// Thousandths in 64 bits, with the percentage as a comment.
    Thousandths,
    /// So many bytes, of which the sibling says how many are text.
    Text(Sibling, u16),
    /// An error as a negative number in 32 bits.
    Error,
    /// A descriptor in 64 bits, of which the lower half counts.
    Descriptor,
}

impl Piece {
    /// Size and alignment in memory.
    pub fn layout(self, model: DataModel) -> Layout {
        match self {
            Self::Uuid => Layout { size: 16, align: 1 },
            Self::NonZero(kind) => layout::kind(kind, model),
            Self::Named(_, width) => layout::width(width, model),
            Self::Date | Self::Thousandths | Self::Descriptor => layout::width(Width::W64, model),
            Self::Text(_, size) => Layout { size: size as usize, align: 1 },
            Self::Error => layout::width(Width::W32, model),
        }
    }
}
