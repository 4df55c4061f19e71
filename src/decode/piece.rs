//! Members of structs that are more than a number: see `syscall_tables::piece`.

use syscall_tables::layout;
use syscall_tables::model::{Custom, Kind, Shape};
use syscall_tables::piece::Piece;
use syscall_tables::set::Base;
use syscall_tables::{errno, set::Set};

use super::Decoder;
use super::interpret::{Frame, load};
use super::render::{Render, Short, Text};
use crate::memory::Memory;

/// Whether a member is one that is shown only when it is not zero, and is zero.
pub(super) fn nothing(kind: &Kind, bytes: &[u8]) -> bool {
    matches!(kind.shape, Shape::Custom(Custom::Piece(Piece::NonZero(_))))
        && bytes.iter().all(|&byte| byte == 0)
}

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// Such a member: `bytes` are as many as it has.
    pub(super) fn piece(&mut self, piece: Piece, bytes: &[u8], addr: u64, frame: Option<Frame<'_>>) {
        match piece {
            Piece::Uuid => self.uuid(bytes),
            Piece::NonZero(kind) => self.place(kind, bytes, addr, frame),
            Piece::Named(set, width) => {
                let size = layout::width(width, self.abi.data_model()).size;
                self.largest(set, load(bytes), size);
            }
            Piece::Date => {
                self.render.number(load(bytes), false, Base::Dec, 8);
                self.stamp(load(bytes), 0, 0);
            }
            Piece::Thousandths => {
                let value = load(bytes);
                self.render.number(value, false, Base::Dec, 8);
                if value <= 1000 {
                    self.render.comment(format_args!("{}.{}%", value / 10, value % 10));
                }
            }
            Piece::Text(length, _) => {
                let length = i64::from(self.sibling(length, frame) as u16 as i16).max(0) as usize;
                let shown = &bytes[..length.min(bytes.len().saturating_sub(1))];
                let end = shown.iter().position(|&byte| byte == 0);
                let ended = end.is_some() || bytes.get(shown.len()) == Some(&0);
                let shown = &shown[..end.unwrap_or(shown.len())];
                self.render.text(Text { bytes: shown, more: !ended, hex: false });
            }
            Piece::Descriptor => self.render.fd(load(bytes) as i32),
            Piece::Error => {
                let value = load(bytes) as u32 as i32;
                match errno::name(value.unsigned_abs()).filter(|_| value < 0) {
                    Some(name) => {
                        let name = Short::of(format_args!("-{name}"));
                        self.render.named(name.text(), i64::from(value) as u64, Base::Dec);
                    }
                    None => self.render.number(i64::from(value) as u64, true, Base::Dec, 4),
                }
            }
        }
    }

    /// An unsigned decimal number of `size` bytes that may have a name.
    pub(super) fn largest(&mut self, set: &'static Set, value: u64, size: usize) {
        match set.name_of(self.abi, value) {
            Some(name) => self.render.named_decimal(name, value),
            None => self.render.number(value, false, Base::Dec, size as u8),
        }
    }

    /// A UUID in the order of its bytes.
    pub(super) fn uuid(&mut self, bytes: &[u8]) {
        let mut text = [0u8; 36];
        let mut at = 0;
        for (index, byte) in bytes.iter().take(16).enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                text[at] = b'-';
                at += 1;
            }
            for digit in [byte >> 4, byte & 15] {
                text[at] = b"0123456789abcdef"[usize::from(digit)];
                at += 1;
            }
        }
        let text = std::str::from_utf8(&text[..at]).unwrap_or_default();
        self.render.word(format_args!("{text}"));
    }
}
