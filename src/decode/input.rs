//! Arguments of ioctl(2) for input devices. Source: include/uapi/linux/input.h.

use syscall_tables::ioctl::{input, parts};
use syscall_tables::set::{Base, Set};

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render};
use crate::memory::Memory;

/// The largest set of bits: those of keys.
const LARGEST: usize = 96;
/// Names that are shown of a set when abbreviated.
const FEW: usize = 4;
/// Values of touches that are looked at.
const TOUCHES: u64 = 1024;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// A set of bits, as many bytes as the call returned.
    pub(super) fn device_bits(&mut self, addr: u64) {
        let (_, _, number, _) = parts(self.args[1] as u32);
        let row = input::BITS.iter().find(|row| row.0 == number);
        let returned = self.outcome.filter(|outcome| !outcome.failed).map_or(0, |outcome| outcome.value);
        let (Some((_, set, most)), Ok(returned)) = (row, usize::try_from(returned)) else {
            return self.render.address(addr);
        };
        let bits = returned.saturating_mul(8).min(usize::from(*most));
        let word = usize::from(self.abi.data_model().word_bytes);
        let size = bits.div_ceil(8 * word) * word;
        let mut buf = [0u8; LARGEST];
        if addr == 0 || size == 0 || self.read(addr, &mut buf[..size]) < size {
            return self.render.address(addr);
        }
        let (names, words) = self.render.bit_styles();
        if names {
            self.bit_names(set, &buf, bits);
        }
        if names && words {
            self.render.word(format_args!(" /* "));
        }
        if words {
            self.render.open(Group::Array);
            for chunk in buf[..size].chunks_exact(word) {
                self.render.item();
                self.render.number(load(chunk), false, Base::Hex, word as u8);
            }
            self.render.close(Group::Array);
        }
        if names && words {
            self.render.word(format_args!(" */"));
        }
    }

    fn bit_names(&mut self, set: &'static Set, bytes: &[u8], bits: usize) {
        let group = Group::Members { negated: false };
        self.render.open(group);
        let mut shown = 0;
        for bit in (0..bits).filter(|bit| bytes[bit / 8] >> (bit % 8) & 1 != 0) {
            self.render.item();
            if self.options.abbreviate && shown == FEW {
                self.render.more();
                break;
            }
            self.render.set(set, bit as u64, self.abi);
            shown += 1;
        }
        self.render.close(group);
    }

    /// What touches have of one kind, as many as there is room for.
    pub(super) fn touches(&mut self, addr: u64) {
        let (_, _, _, size) = parts(self.args[1] as u32);
        let mut buf = [0u8; 4];
        if !self.succeeded() || size < 4 || addr == 0 || self.read(addr, &mut buf) < 4 {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        self.render.field("code");
        self.render.set(&input::TOUCH, load(&buf), self.abi);
        self.render.field("values");
        let count = u64::from(size / 4 - 1).min(TOUCHES);
        self.elements(addr.wrapping_add(4), count, 4, |decoder, bytes, _| {
            let value = i64::from(load(bytes) as u32 as i32);
            decoder.render.number(value as u64, true, Base::Dec, 4);
        });
        self.render.close(Group::Struct);
    }

    /// What was scanned of a key, and its code.
    pub(super) fn key_codes(&mut self, bytes: &[u8]) {
        self.render.open(Group::Array);
        self.render.item();
        self.render.number(load(&bytes[..4]), false, Base::Dec, 4);
        self.render.item();
        self.render.set(&input::KEY, load(&bytes[4..8]), self.abi);
        self.render.close(Group::Array);
    }
}
