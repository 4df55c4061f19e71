//! Members of the structs that devices take and that are neither plain values nor arrays of them.
//!
//! Sizes only; the decoder reads and shows them. Source: include/uapi/linux/videodev2.h, gpio.h, kd.h, keyboard.h,
//! ptp_clock.h, kvm.h and others.

use crate::abi::DataModel;
use crate::layout::{self, Layout};
use crate::model::{Kind, Sibling};
use crate::set::Set;

/// What a union holds for some values of a sibling: these, its name with that of the member, what it is.
pub type Variant = (&'static [u64], &'static str, Kind);

/// A member by name.
pub type Named = (&'static str, &'static Kind);

/// The meaning of a member.
#[derive(Debug, Clone, Copy)]
pub enum Device {
    /// As many values in a row, shown only where any of them is not zero.
    Rest(&'static Kind, u16),
    /// A value that is shown only where it is not zero.
    Nonzero(&'static Kind),
    /// The first of as many values in a row: as many as the sibling says.
    First(&'static Kind, u16, Sibling),
    /// What a sibling says, in so many bytes, or as many as it needs where they are 0; `true` where it is aligned as
    /// a pointer.
    Union(Sibling, &'static [Variant], u16, bool),
    /// As many values in a row as the sibling says twice, and one.
    Samples(&'static Kind, u16, Sibling),
    /// What it is where the sibling has any of these bits, and what else, each with its name.
    ByBits(Sibling, u64, Named, Option<Named>),
    /// Seconds in 64 bits and nanoseconds in 32 at the start of something, with the date where names are wanted.
    Dated(&'static Kind),
    /// The same thing abbreviated, and whole.
    Detail(&'static Kind, &'static Kind),
    /// A value that the kernel replaces: shown as asked and, after success, as answered.
    Changed(&'static Kind),
    /// A value that is known when the call succeeded.
    Answer(&'static Kind),
    /// Something that is always left out: `...`.
    More,
    /// Four characters that stand for a format of pixels, with its name.
    Pixel(&'static Set),
    /// Two numbers of 32 bits: `1/30`.
    Fraction,
    /// A version of Linux in 32 bits.
    Version,
    /// A character in a byte: `'a'`.
    Character,
    /// Flags of a buffer of a video device.
    BufferFlags,
    /// `struct gpio_v2_line_attribute`; `true` with the mask of lines that it is for.
    LineAttribute(bool),
    /// What was scanned of a key, and its code.
    KeyCodes,
    /// `attr` of `struct tee_ioctl_param`.
    TrustedAttribute,
    /// The id of a control of a video device; `true` where the next one may be asked for.
    Control(bool),
}

impl Device {
    /// Size and alignment in memory.
    pub fn layout(self, model: DataModel) -> Layout {
        match self {
            Self::Rest(kind, count) | Self::First(kind, count, _) | Self::Samples(kind, count, _) => {
                let one = layout::kind(kind, model);
                Layout { size: one.size * usize::from(count), align: one.align }
            }
            Self::Nonzero(kind)
            | Self::Changed(kind)
            | Self::Answer(kind)
            | Self::Detail(_, kind)
            | Self::Dated(kind)
            | Self::ByBits(_, _, (_, kind), _) => layout::kind(kind, model),
            Self::LineAttribute(masked) => {
                let align = usize::from(model.align_64);
                Layout { size: if masked { 24 } else { 16 }, align }
            }
            Self::TrustedAttribute => Layout { size: 8, align: usize::from(model.align_64) },
            Self::Union(_, variants, size, wide) => {
                let word = usize::from(model.word_bytes);
                let needed = variants.iter().map(|(_, _, kind)| layout::kind(kind, model).size).max();
                let size = if size == 0 { needed.unwrap_or(0) } else { usize::from(size) };
                Layout { size, align: if wide { word } else { 4 } }
            }
            Self::More => Layout { size: 0, align: 1 },
            Self::Fraction | Self::KeyCodes => Layout { size: 8, align: 4 },
            Self::Pixel(_) | Self::Version | Self::BufferFlags | Self::Control(_) => {
                Layout { size: 4, align: 4 }
            }
            Self::Character => Layout { size: 1, align: 1 },
        }
    }
}
