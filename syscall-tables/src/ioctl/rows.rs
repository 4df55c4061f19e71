//! What ioctl takes and gives for devices, by command: when it is known, and where it is shown twice.
//!
//! Rows stand with their subsystem; here is only what they have in common.

use super::{parts, video};
use crate::model::{Dir, Kind, Shape};

/// What the argument of a command is.
#[derive(Debug, Clone, Copy)]
pub enum Payload {
    /// A number, or what a kind of arguments says.
    Number(&'static Kind),
    /// Something that is read.
    In(&'static Kind),
    /// Something that is written.
    Out(&'static Kind),
    /// What is asked, and instead of it, when the call succeeds, what is answered, which holds the question.
    Answered(&'static Kind, &'static Kind),
    /// What is asked and, when the call succeeds, what becomes of it.
    Becomes(&'static Kind, &'static Kind),
    /// What is asked, with members that the kernel replaces.
    Updated(&'static Kind),
    /// What needs code.
    Special(Special),
}

/// Arguments that need code.
#[derive(Debug, Clone, Copy)]
pub enum Special {
    /// `struct v4l2_ext_controls`; `true` where what is asked is shown too.
    Controls(bool),
}

impl Special {
    /// When it is known.
    pub const fn dir(self) -> Dir {
        match self {
            Self::Controls(_) => Dir::Out,
        }
    }
}

/// Commands with an argument in common.
pub type Row = (&'static [u32], Payload);

/// VIDIOC_CREATE_BUFS, which answers with its result.
pub static CREATE_BUFFERS: &[u32] = &[0xc100_565c, 0xc0f8_565c];

/// The argument of a command.
pub fn find(command: u32) -> Option<&'static Payload> {
    let (_, kind, ..) = parts(command);
    let rows = match kind {
        b'V' => video::ROWS,
        _ => return None,
    };
    rows.iter().find(|row| row.0.contains(&command)).map(|row| &row.1)
}

/// So many values in a row.
pub(super) const fn some(kind: &'static Kind, count: u16) -> Kind {
    Kind::new(Shape::Inline(kind, count))
}

/// So many bytes in words of 32 bits that are not shown.
pub(super) const fn skip(bytes: u16) -> Kind {
    some(&crate::kinds::HEX, bytes / 4)
}
