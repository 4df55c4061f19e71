//! Sizes, alignments and offsets of kinds and structs on a data model.
//!
//! The rules are those of the System V ABIs: natural alignment, except that i386 aligns 64-bit
//! integers to four bytes.

use crate::abi::DataModel;
use crate::model::{Custom, Kind, Shape, Width};
use crate::structs::Struct;

/// Size and alignment of something in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Bytes.
    pub size: usize,
    /// Alignment in bytes.
    pub align: usize,
}

const fn plain(size: usize) -> Layout {
    Layout { size, align: size }
}

/// Layout of a number.
pub const fn width(width: Width, model: DataModel) -> Layout {
    match width {
        Width::W8 => plain(1),
        Width::W16 => plain(2),
        Width::W32 => plain(4),
        Width::W64 => Layout { size: 8, align: model.align_64 as usize },
        Width::Long => plain(model.word_bytes as usize),
    }
}

/// Layout of a kind in memory.
pub fn kind(kind: &Kind, model: DataModel) -> Layout {
    match kind.shape {
        Shape::Number(w, ..)
        | Shape::Set(_, w)
        | Shape::Id(w)
        | Shape::Mode(w)
        | Shape::FileMode(w)
        | Shape::Dev(w) => width(w, model),
        Shape::Wide(..) => width(Width::W64, model),
        Shape::Fd | Shape::DirFd | Shape::Pid | Shape::Signal | Shape::FlagsNote(_) => plain(4),
        Shape::Struct(s) => Layout { size: size_of(s, model), align: align_of(s, model) },
        Shape::Inline(element, count) => {
            let one = self::kind(element, model);
            Layout { size: one.size * count as usize, align: one.align }
        }
        Shape::Chars(size) | Shape::Octets(size) => Layout { size: size as usize, align: 1 },
        Shape::Signals(bytes) => Layout { size: bytes as usize, align: model.word_bytes as usize },
        Shape::By(_, _, other) | Shape::ByMasked(_, _, _, other) => self::kind(other, model),
        Shape::Absent | Shape::Custom(Custom::Zero) => Layout { size: 0, align: 1 },
        Shape::Custom(
            Custom::Limit(true)
            | Custom::EpollData
            | Custom::Address64
            | Custom::Value64(..)
            | Custom::Wide64(_)
            | Custom::WideStruct(_)
            | Custom::WideFd,
        ) => width(Width::W64, model),
        Shape::Custom(Custom::Commented(_, w) | Custom::Annotated(_, w) | Custom::Class(_, _, _, w)) => {
            width(w, model)
        }
        Shape::Custom(Custom::Dated(inner, _)) => self::kind(inner, model),
        Shape::Custom(
            Custom::FdOf(_)
            | Custom::FdAt(_)
            | Custom::ClockId
            | Custom::Behind(_)
            | Custom::FutexOp
            | Custom::IoctlCommand
            | Custom::PageStatus,
        ) => plain(4),
        Shape::Custom(Custom::Escapes(size, _)) => Layout { size: usize::from(size), align: 1 },
        Shape::Custom(Custom::Device(device)) => device.layout(model),
        Shape::Custom(Custom::Piece(piece)) => piece.layout(model),
        Shape::Custom(Custom::Net(net)) => Layout { size: net.size(), align: net.align() },
        Shape::Address
        | Shape::Path
        | Shape::Str
        | Shape::Bytes(..)
        | Shape::Pointer(..)
        | Shape::Array(..)
        | Shape::Strings
        | Shape::Environment
        | Shape::SigSet(..)
        | Shape::FdSet(_)
        | Shape::Iovec(..)
        | Shape::Sockaddr(..)
        | Shape::Custom(_) => width(Width::Long, model),
    }
}

/// Alignment of a struct.
pub fn align_of(strukt: &Struct, model: DataModel) -> usize {
    if strukt.packed {
        return 1;
    }
    strukt.members.iter().map(|m| kind(&m.kind, model).align).max().unwrap_or(1)
}

/// Size of a struct, padding at its end included.
pub fn size_of(strukt: &Struct, model: DataModel) -> usize {
    let end = offset_of(strukt, strukt.members.len(), model);
    end.next_multiple_of(align_of(strukt, model))
}

/// Offset of member `index`; the end of the last member for `index == members.len()`.
pub fn offset_of(strukt: &Struct, index: usize, model: DataModel) -> usize {
    Offsets::new(strukt, model).of(index)
}

/// Offsets of members, cheap to ask for in ascending order.
#[derive(Debug, Clone)]
pub struct Offsets<'a> {
    strukt: &'a Struct,
    model: DataModel,
    /// The next member, and where the one before it ends.
    next: usize,
    end: usize,
}

impl<'a> Offsets<'a> {
    /// Those of a struct.
    pub const fn new(strukt: &'a Struct, model: DataModel) -> Self {
        Self { strukt, model, next: 0, end: 0 }
    }

    /// Offset of member `index`; the end of the last member for `index == members.len()`.
    pub fn of(&mut self, index: usize) -> usize {
        if index < self.next {
            (self.next, self.end) = (0, 0);
        }
        while let Some(member) = self.strukt.members.get(self.next) {
            let layout = kind(&member.kind, self.model);
            let packed = self.strukt.packed;
            let at = if packed { self.end } else { self.end.next_multiple_of(layout.align.max(1)) };
            if self.next == index {
                return at;
            }
            self.end = at + layout.size;
            self.next += 1;
        }
        self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::abi::Abi;
    use crate::structs::{fs, time};

    #[test]
    fn known_sizes() {
        let wide = Abi::X86_64.data_model();
        let narrow = Abi::I386.data_model();
        assert_eq!(size_of(&time::TIMESPEC, wide), 16);
        assert_eq!(size_of(&time::TIMESPEC, narrow), 8);
        assert_eq!(size_of(&fs::STAT, wide), 144);
        assert_eq!(size_of(&fs::STAT64_I386, narrow), 96);
    }

    #[test]
    fn offsets_in_any_order() {
        for abi in Abi::ALL {
            let model = abi.data_model();
            let mut offsets = Offsets::new(&fs::STAT, model);
            let count = fs::STAT.members.len();
            for index in (0..=count).chain((0..=count).rev()).chain([2, 2, 5, 1, count + 1]) {
                assert_eq!(offsets.of(index), offset_of(&fs::STAT, index, model), "{abi} {index}");
            }
        }
    }
}
