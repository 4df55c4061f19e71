//! What ioctl takes and gives for devices, by command: when it is known, and where it is shown twice.
//!
//! Rows stand with their subsystem; here is only what they have in common.

use super::{clocks, console, gpio, input, kvm, parts, trusted, video};
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
    /// What a trusted environment is asked to do.
    Trusted(Trusted),
    /// `struct kvm_cpuid2`; `true` where it is read.
    Cpuid(bool),
    /// `struct perf_event_query_bpf`.
    AttachedPrograms,
    /// `struct kbentry`; `true` where it is read.
    KeyEntry(bool),
    /// `struct kbsentry`; `true` where it is read.
    KeyText(bool),
    /// `struct kbdiacrs`, `struct kbdiacrsuc` with the second; the first where it is read.
    Accents(bool, bool),
    /// The places of a screen in Unicode; `true` where they are read.
    ScreenMap(bool),
    /// `struct unimapdesc`; `true` where it is read.
    GlyphMap(bool),
    /// `struct consolefontdesc`; `true` where it is read.
    Font(bool),
    /// `struct console_font_op`.
    FontOperation,
    /// A set of bits of an input device, as much as the call returned.
    Bits,
    /// What the touches of an input device have of one kind.
    Slots,
}

/// What a trusted environment is asked to do: each with a struct of its own before its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trusted {
    /// `struct tee_ioctl_open_session_arg`.
    Open,
    /// `struct tee_ioctl_invoke_arg`.
    Invoke,
    /// `struct tee_iocl_supp_recv_arg`.
    Receive,
    /// `struct tee_iocl_supp_send_arg`.
    Send,
}

impl Special {
    /// When it is known.
    pub const fn dir(self) -> Dir {
        match self {
            Self::Controls(_) | Self::Trusted(_) | Self::Cpuid(false) | Self::AttachedPrograms => Dir::Out,
            Self::KeyEntry(false)
            | Self::KeyText(false)
            | Self::Accents(false, _)
            | Self::ScreenMap(false)
            | Self::GlyphMap(false)
            | Self::Font(false)
            | Self::FontOperation
            | Self::Bits
            | Self::Slots => Dir::Out,
            Self::Cpuid(true)
            | Self::KeyEntry(true)
            | Self::KeyText(true)
            | Self::Accents(true, _)
            | Self::ScreenMap(true)
            | Self::GlyphMap(true)
            | Self::Font(true) => Dir::In,
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
        0xb4 => gpio::ROWS,
        b'=' | b'>' | b'i' => clocks::ROWS,
        0xa4 => trusted::ROWS,
        0xae => kvm::ROWS,
        b'$' => kvm::PERF,
        b'K' => console::ROWS,
        b'E' => input::ROWS,
        _ => return None,
    };
    rows.iter().find(|row| row.0.contains(&command)).map(|row| &row.1)
}

/// The argument of a command that gives as much as there is room for.
pub fn find_sized(command: u32) -> Option<&'static Payload> {
    let (direction, kind, number, _) = parts(command);
    if direction != 2 || kind != b'E' {
        return None;
    }
    if input::BITS.iter().any(|row| row.0 == number) {
        return Some(&input::SET_OF_BITS);
    }
    input::SIZED.iter().find(|row| row.0 == number).map(|row| &row.1)
}

/// So many values in a row.
pub(super) const fn some(kind: &'static Kind, count: u16) -> Kind {
    Kind::new(Shape::Inline(kind, count))
}

/// So many bytes in words of 32 bits that are not shown.
pub(super) const fn skip(bytes: u16) -> Kind {
    some(&crate::kinds::HEX, bytes / 4)
}

/// A text in place.
pub(super) const fn chars(size: u16) -> Kind {
    Kind::new(Shape::Chars(size))
}
