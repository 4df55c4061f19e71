//! Values of memory calls: flags with the size of huge pages, masks of nodes, states of pages. Source: mmap(2),
//! mbind(2), mincore(2), move_pages(2).

use syscall_tables::errno;
use syscall_tables::set::{Base, Set};

use super::Decoder;
use super::interpret::load;
use super::ipc::HUGE_SHIFT;
use super::render::{Group, Render};
use crate::memory::Memory;

/// The bits of a mapping's type, MAP_TYPE.
const TYPE: u64 = 0xf;
/// Size of a page of x86.
const PAGE: u64 = 4096;

/// A name with a minus before it.
pub(super) fn minus<'a>(name: &str, buf: &'a mut [u8; 32]) -> &'a str {
    let end = 1 + name.len().min(31);
    buf[0] = b'-';
    buf[1..end].copy_from_slice(&name.as_bytes()[..end - 1]);
    std::str::from_utf8(&buf[..end]).unwrap_or("-?")
}

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// Flags with the size of huge pages in their high bits, and perhaps a value in their low bits.
    pub(super) fn huge_flags(
        &mut self,
        low: Option<&'static Set>,
        set: &'static Set,
        name: &'static str,
        raw: u64,
    ) {
        // The flags are an int; a bare number is the whole register of a mapping's.
        let whole = if low.is_some() { raw } else { raw & 0xffff_ffff };
        let raw = raw & 0xffff_ffff;
        let huge = raw >> HUGE_SHIFT;
        let kind = if low.is_some() { raw & TYPE } else { 0 };
        let flags = raw - (huge << HUGE_SHIFT) - kind;
        if raw == 0 && low.is_none() {
            return self.render.number(0, false, Base::Hex, 4);
        }
        if !self.render.begin_whole(whole, false, Base::Hex, true) {
            return;
        }
        self.render.open(Group::Or);
        if let Some(low) = low {
            self.render.item();
            self.render.set(low, kind, self.abi);
        }
        if flags != 0 || low.is_none() && huge == 0 {
            self.render.item();
            if low.is_some() && set.parts(self.abi, flags).next().is_none() {
                self.render.number(flags, false, Base::Hex, 4);
            } else {
                self.render.set(set, flags, self.abi);
            }
        }
        if huge != 0 {
            self.render.item();
            self.render.huge(huge, HUGE_SHIFT, name);
        }
        self.render.close(Group::Or);
        self.render.end_whole();
    }

    /// A mask of nodes: words of hexadecimal digits; `bits` is one more than the number of bits.
    pub(super) fn node_mask(&mut self, addr: u64, bits: u64) {
        let word = usize::from(self.abi.data_model().word_bytes);
        let digits = 2 * word;
        let each = 8 * word as u64;
        let count = bits.saturating_sub(1).div_ceil(each);
        // As many as would run over when they are rounded up are none.
        let count = if bits > u64::MAX - (each - 2) && each == 64 { u64::MAX } else { count };
        if addr == 0 || bits == 1 {
            return self.render.address(addr);
        }
        self.elements(addr, count, word, |decoder, bytes, _| {
            let value = load(bytes);
            if value == 0 {
                decoder.render.spelled(0, format_args!("{:0digits$}", 0));
            } else {
                decoder.render.spelled(value, format_args!("{value:#0digits$x}"));
            }
        });
    }

    /// A node, or an error below zero.
    pub(super) fn page_status(&mut self, raw: u64) {
        let status = raw as u32 as i32;
        let mut buf = [0u8; 32];
        match errno::name(status.unsigned_abs()).filter(|_| status < 0) {
            Some(name) => {
                let text = minus(name, &mut buf);
                self.render.named(text, i64::from(status) as u64, Base::Dec);
            }
            None => self.render.number(i64::from(status) as u64, true, Base::Dec, 4),
        }
    }

    /// One byte for each page of `length` bytes.
    pub(super) fn residency(&mut self, addr: u64, length: u64) {
        if addr == 0 {
            return self.render.address(0);
        }
        let pages = length.div_ceil(PAGE);
        self.elements(addr, pages, 1, |decoder, bytes, _| {
            decoder.render.number(u64::from(bytes[0] & 1), false, Base::Dec, 1);
        });
    }
}
