//! Arguments of ioctl(2) that the kernel answers in place: ioctl_fideduperange(2), ioctl_userfaultfd(2), names of input
//! devices.

use syscall_tables::ioctl::argument::Loop;
use syscall_tables::ioctl::{kernel, volumes};
use syscall_tables::model::{Kind, Scope, Shape, Sibling};
use syscall_tables::net::Net;
use syscall_tables::set::Base;
use syscall_tables::sets::misc::LOOP_FLAGS;
use syscall_tables::{kinds, layout};

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render, Text};
use crate::memory::Memory;

/// Bytes of `struct file_dedupe_range` before its ranges, and of each range.
const HEADER: usize = 24;
const RANGE: usize = 32;
/// Ranges shown when abbreviated.
const FEW: u64 = 2;
/// The struct in which a member changes.
const FAULTS: &str = "uffdio_api";
/// The longest text, and the longest struct that is answered.
const MOST: usize = 256;

/// Bytes of `struct loop_info64` and of `struct loop_config`.
const NEW_LOOP: usize = 232;
const LOOP_CONFIG: usize = 304;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// `struct file_dedupe_range`.
    pub(super) fn dedupe(&mut self, addr: u64) {
        let mut buf = [0u8; HEADER];
        if addr == 0 || self.read(addr, &mut buf) < HEADER {
            return self.render.address(addr);
        }
        let count = load(&buf[16..18]);
        let ranges = addr.wrapping_add(HEADER as u64);
        let most = if self.options.abbreviate { FEW } else { u64::MAX };
        self.render.open(Group::Struct);
        for (name, at, size) in [("src_offset", 0, 8), ("src_length", 8, 8), ("dest_count", 16, 2)] {
            self.render.field(name);
            self.render.number(load(&buf[at..at + size]), false, Base::Dec, size as u8);
        }
        self.render.field("info");
        self.elements_up_to(most, ranges, count, RANGE, |decoder, bytes, _| {
            decoder.render.open(Group::Struct);
            decoder.render.field("dest_fd");
            decoder.render.fd(load(&bytes[..4]) as u32 as i32);
            decoder.render.field("dest_offset");
            decoder.render.number(load(&bytes[8..16]), false, Base::Dec, 8);
            decoder.render.close(Group::Struct);
        });
        self.render.close(Group::Struct);
    }

    /// What became of each range of `struct file_dedupe_range`.
    pub(super) fn dedupe_answer(&mut self, addr: u64) {
        let mut head = [0u8; HEADER];
        let asked = self.was_readable(addr, HEADER) && self.before.read(addr, &mut head) == HEADER;
        if !self.succeeded() || !asked || load(&head[16..18]) == 0 || self.read(addr, &mut head) < HEADER {
            return;
        }
        let count = load(&head[16..18]);
        let ranges = addr.wrapping_add(HEADER as u64);
        let most = if self.options.abbreviate { FEW } else { u64::MAX };
        // A list that cannot be read has no answer either.
        let last = ranges.wrapping_add(most.min(count.max(1) - 1) * RANGE as u64);
        if self.read(last, &mut [0u8; RANGE]) < RANGE {
            return;
        }
        self.render.becomes();
        self.render.open(Group::Struct);
        self.render.field("info");
        self.elements_up_to(most, ranges, count, RANGE, |decoder, bytes, _| {
            decoder.render.open(Group::Struct);
            decoder.render.field("bytes_deduped");
            decoder.render.number(load(&bytes[16..24]), false, Base::Dec, 8);
            decoder.render.field("status");
            let status = i64::from(load(&bytes[24..28]) as u32 as i32);
            decoder.render.number(status as u64, true, Base::Dec, 4);
            decoder.render.close(Group::Struct);
        });
        self.render.close(Group::Struct);
    }

    /// `struct loop_info`, `struct loop_info64` or `struct loop_config`.
    pub(super) fn loop_device(&mut self, addr: u64, form: Loop) {
        let narrow = self.abi.data_model().word_bytes == 4;
        let size = match (form, narrow) {
            (Loop::Old, false) => 168,
            (Loop::Old, true) => 140,
            (Loop::New, _) => NEW_LOOP,
            (Loop::Config, _) => LOOP_CONFIG,
        };
        let mut buf = [0u8; LOOP_CONFIG];
        if addr == 0 || self.read(addr, &mut buf[..size]) < size {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        match form {
            Loop::Old => self.old_loop(&buf, narrow),
            Loop::New => self.new_loop(&buf),
            Loop::Config => {
                self.render.field("fd");
                self.render.fd(load(&buf[..4]) as u32 as i32);
                self.loop_number("block_size", &buf[4..8], false, Base::Dec);
                self.render.field("info");
                self.render.open(Group::Struct);
                self.new_loop(&buf[8..]);
                self.render.close(Group::Struct);
                let reserved = &buf[8 + NEW_LOOP..];
                if reserved.iter().any(|&byte| byte != 0) {
                    self.loop_numbers("__reserved", reserved, 8);
                }
            }
        }
        self.render.close(Group::Struct);
    }

    fn old_loop(&mut self, buf: &[u8], narrow: bool) {
        let full = !self.options.abbreviate;
        let (inode, rdevice, offset, word) = if narrow { (8, 12, 16, 4) } else { (16, 24, 32, 8) };
        let device = if narrow { 2 } else { 8 };
        self.loop_number("lo_number", &buf[..4], true, Base::Dec);
        if full {
            self.render.field("lo_device");
            self.value(&kinds::DEV64, load(&buf[word..word + device]), None);
            self.loop_number("lo_inode", &buf[inode..inode + word], false, Base::Dec);
            self.render.field("lo_rdevice");
            self.value(&kinds::DEV64, load(&buf[rdevice..rdevice + device]), None);
        }
        self.loop_number("lo_offset", &buf[offset..offset + 4], false, Base::Hex);
        let key = self.loop_encryption(&buf[offset + 4..offset + 16]);
        let name = offset + 16;
        self.net_member("lo_name", Net::Name(64), &buf[name..name + 64], 0);
        self.loop_key(&buf[name + 64..name + 96], key);
        if full {
            let init = name + 96;
            self.loop_numbers("lo_init", &buf[init..init + 2 * word], word);
            self.loop_numbers("reserved", &buf[init + 2 * word..init + 2 * word + 4], 1);
        }
        self.loop_rest();
    }

    fn new_loop(&mut self, buf: &[u8]) {
        let full = !self.options.abbreviate;
        if full {
            self.render.field("lo_device");
            self.value(&kinds::DEV64, load(&buf[..8]), None);
            self.loop_number("lo_inode", &buf[8..16], false, Base::Dec);
            self.render.field("lo_rdevice");
            self.value(&kinds::DEV64, load(&buf[16..24]), None);
        }
        self.loop_number("lo_offset", &buf[24..32], false, Base::Hex);
        if full {
            self.loop_number("lo_sizelimit", &buf[32..40], false, Base::Dec);
        }
        self.loop_number("lo_number", &buf[40..44], false, Base::Dec);
        let key = self.loop_encryption(&buf[44..56]);
        self.net_member("lo_file_name", Net::Name(64), &buf[56..120], 0);
        if full || load(&buf[44..48]) != 0 {
            self.net_member("lo_crypt_name", Net::Name(64), &buf[120..184], 0);
        }
        self.loop_key(&buf[184..216], key);
        if full {
            self.loop_numbers("lo_init", &buf[216..232], 8);
        }
        self.loop_rest();
    }

    /// How a loop is encrypted, and its flags; gives the length of the key, where it is shown.
    fn loop_encryption(&mut self, bytes: &[u8]) -> Option<usize> {
        let (kind, size, flags) = (load(&bytes[..4]), load(&bytes[4..8]), load(&bytes[8..12]));
        let shown = !self.options.abbreviate || kind != 0;
        if shown {
            self.render.field("lo_encrypt_type");
            self.render.set(&volumes::LOOP_CRYPT, kind, self.abi);
            self.loop_number("lo_encrypt_key_size", &bytes[4..8], false, Base::Dec);
        }
        self.render.field("lo_flags");
        self.render.set(&LOOP_FLAGS, flags, self.abi);
        shown.then_some(size.min(32) as usize)
    }

    fn loop_key(&mut self, bytes: &[u8], length: Option<usize>) {
        if let Some(length) = length {
            self.render.field("lo_encrypt_key");
            self.render.text(Text { bytes: &bytes[..length], more: false, hex: false });
        }
    }

    fn loop_rest(&mut self) {
        if self.options.abbreviate {
            self.render.item();
            self.render.more();
        }
    }

    fn loop_number(&mut self, name: &'static str, bytes: &[u8], signed: bool, base: Base) {
        let value = if signed { i64::from(load(bytes) as u32 as i32) as u64 } else { load(bytes) };
        self.render.field(name);
        self.render.number(value, signed, base, bytes.len() as u8);
    }

    fn loop_numbers(&mut self, name: &'static str, bytes: &[u8], each: usize) {
        self.render.field(name);
        self.render.open(Group::Array);
        for chunk in bytes.chunks_exact(each) {
            self.render.item();
            self.render.number(load(chunk), false, Base::Hex, each as u8);
        }
        self.render.close(Group::Array);
    }

    /// As many bytes of text as the call returned.
    pub(super) fn returned_text(&mut self, addr: u64) {
        match self.outcome {
            Some(outcome) if self.succeeded() => self.bytes(addr, outcome.value as u64),
            _ => self.render.address(addr),
        }
    }

    /// Reads what [`Decoder::continued`] will show of the caller's.
    pub(super) fn continued_lengths(&mut self, asked: &Kind, addr: u64) {
        let size = layout::kind(asked, self.abi.data_model()).size.min(MOST);
        self.read(addr, &mut [0u8; MOST][..size]);
    }

    /// A struct that a call that succeeds has more of: what was asked as it was, and the rest as it is.
    pub(super) fn continued(&mut self, asked: &Kind, done: &Kind, addr: u64) {
        let (Shape::Struct(asked), Shape::Struct(done)) = (asked.shape, done.shape) else { return };
        let size = layout::size_of(asked, self.abi.data_model()).min(MOST);
        let (mut old, mut new) = ([0u8; MOST], [0u8; MOST]);
        if !self.was_readable(addr, size) || self.before.read(addr, &mut old[..size]) < size {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        self.listed(asked, asked.show, &old[..size], addr);
        if self.succeeded() && self.read(addr, &mut new[..size]) == size {
            if asked.name == FAULTS && old[8..16] != new[8..16] {
                self.render.again("features");
                self.render.set(&kernel::FAULT_FEATURES, load(&new[8..16]), self.abi);
            }
            for index in 0..done.members.len() {
                let member = Sibling { scope: Scope::Member, index: index as u8 };
                let wanted = done.show.is_empty() || done.show.contains(&member);
                if wanted && !asked.show.contains(&member) {
                    self.listed(done, &[member], &new[..size], addr);
                }
            }
        }
        self.render.close(Group::Struct);
    }

    /// An array of characters of a fixed length.
    pub(super) fn fixed_text(&mut self, addr: u64, length: usize) {
        let mut buf = [0u8; MOST];
        let bytes = &mut buf[..length.min(MOST)];
        if addr == 0 || self.read(addr, bytes) < bytes.len() {
            return self.render.address(addr);
        }
        let end = bytes.iter().position(|&byte| byte == 0);
        let shown = end.unwrap_or(bytes.len().saturating_sub(1));
        self.render.text(Text { bytes: &bytes[..shown], more: end.is_none(), hex: false });
    }
}

/// Whether a kind is an array of characters, and of how many.
pub(super) fn characters(kind: &Kind) -> Option<usize> {
    use syscall_tables::model::Custom;
    use syscall_tables::net::Net;
    match kind.shape {
        Shape::Custom(Custom::Net(Net::Name(length))) => Some(usize::from(length) + 1),
        _ => None,
    }
}
