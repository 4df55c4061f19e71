//! Directory entries: the records that getdents(2), getdents64 and readdir(2) write, as far as they can be trusted.

use std::fmt;

use syscall_tables::set::Base;
use syscall_tables::sets;

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Items, Render, Text};
use crate::memory::Memory;

/// Most records that are looked at in one call.
const MOST_RECORDS: usize = 1 << 16;
/// Longest name: NAME_MAX with its NUL.
const MOST_NAME: usize = 256;
/// Longest rest behind the last record: less than a header.
const MOST_REST: usize = 32;

/// What is wrong with the length of a record.
#[derive(Clone, Copy)]
enum Flaw {
    None,
    Under(u64),
    Over(u64),
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Under(bytes) => write!(f, "{bytes} bytes underflow"),
            Self::Over(bytes) => write!(f, "{bytes} bytes overflow"),
        }
    }
}

/// One record: where it is, its head, and how many bytes belong to it.
struct Record {
    at: u64,
    head: [u8; MOST_REST],
    length: u64,
    flaw: Flaw,
}

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// The records of a call that returned their size; `wide` for getdents64.
    pub(super) fn dirents(&mut self, addr: u64, wide: bool) {
        let size = self.outcome.map_or(0, |o| o.value.max(0) as u64);
        if size > self.args[2] & 0xffff_ffff {
            return self.render.address(addr);
        }
        if self.options.abbreviate {
            return self.count_dirents(addr, size, wide);
        }
        if size == 0 {
            self.render.open(Group::Array);
            return self.render.close(Group::Array);
        }
        if addr == 0 {
            return self.render.address(0);
        }
        let head = self.dirent_head(wide) as u64;
        if size < head {
            return self.dirent_rest(addr, size);
        }
        if self.dirent_record(addr, size, wide).is_none() {
            return self.render.address(addr);
        }
        self.render.open(Group::Array);
        let mut used = 0;
        for _ in 0..MOST_RECORDS {
            let (at, left) = (addr.wrapping_add(used), size - used);
            if left == 0 {
                break;
            }
            self.render.item();
            if left < head {
                self.dirent_rest(at, left);
                break;
            }
            let Some(record) = self.dirent_record(at, left, wide) else {
                self.render.more();
                self.render.comment(format_args!("{at:#x}"));
                break;
            };
            self.dirent(&record, wide);
            if matches!(record.flaw, Flaw::Under(_)) {
                break;
            }
            used += record.length;
        }
        self.render.close(Group::Array);
    }

    /// How many records there are, and what is wrong with them.
    fn count_dirents(&mut self, addr: u64, size: u64, wide: bool) {
        let head = self.dirent_head(wide) as u64;
        let (mut used, mut count, mut flaw, mut whole) = (0, 0, Flaw::None, true);
        while used < size && count < MOST_RECORDS {
            let record = if addr == 0 || size - used < head {
                None
            } else {
                self.dirent_record(addr.wrapping_add(used), size - used, wide)
            };
            let Some(record) = record else {
                whole = false;
                break;
            };
            count += 1;
            used += record.length;
            flaw = record.flaw;
            if matches!(flaw, Flaw::Under(_)) {
                whole = used >= size;
                break;
            }
        }
        if whole && matches!(flaw, Flaw::None) {
            return self.render.counted(addr, count, Items::Entries);
        }
        self.render.address(addr);
        if !matches!(flaw, Flaw::None) {
            self.render.comment(format_args!("d_reclen {flaw}"));
        }
        let more = if whole { "" } else { "+" };
        self.render.comment(format_args!("{count}{more} entries"));
    }

    /// Size of what stands before the name.
    fn dirent_head(&self, wide: bool) -> usize {
        if wide { 19 } else { 2 * usize::from(self.abi.data_model().word_bytes) + 2 }
    }

    fn dirent_word(&self, wide: bool) -> usize {
        if wide { 8 } else { usize::from(self.abi.data_model().word_bytes) }
    }

    /// The record at an address, of which so many bytes are left.
    fn dirent_record(&mut self, at: u64, left: u64, wide: bool) -> Option<Record> {
        let size = self.dirent_head(wide);
        let mut head = [0u8; MOST_REST];
        if self.read(at, &mut head[..size]) < size {
            return None;
        }
        let word = self.dirent_word(wide);
        let told = load(&head[2 * word..2 * word + 2]);
        let flaw = if told < size as u64 {
            Flaw::Under(size as u64 - told)
        } else if told > left {
            Flaw::Over(told - left)
        } else {
            Flaw::None
        };
        let length = if matches!(flaw, Flaw::Under(_)) { size as u64 } else { told.min(left) };
        Some(Record { at, head, length, flaw })
    }

    fn dirent(&mut self, record: &Record, wide: bool) {
        let (word, size, head) = (self.dirent_word(wide), self.dirent_head(wide), record.head);
        self.render.open(Group::Struct);
        self.dirent_numbers(&head, word);
        if !matches!(record.flaw, Flaw::None) {
            let flaw = record.flaw;
            self.render.comment(format_args!("{flaw}"));
        }
        if wide {
            self.dirent_type(u64::from(head[size - 1]));
        }
        if !matches!(record.flaw, Flaw::Under(_)) {
            // Records of old end in their type, which is there before any name is.
            let more = record.length - size as u64;
            let room = more.checked_sub(u64::from(!wide)).filter(|room| *room > 0);
            if let Some(room) = room {
                self.dirent_name(record.at.wrapping_add(size as u64), room);
            }
            if !wide && more > 0 {
                let last = record.at.wrapping_add(record.length - 1);
                match self.number_at(last, 1) {
                    Some(kind) => self.dirent_type(kind),
                    None => {
                        self.render.field("d_type");
                        self.render.address(last);
                    }
                }
            }
        }
        self.render.close(Group::Struct);
    }

    fn dirent_numbers(&mut self, head: &[u8], word: usize) {
        self.render.field("d_ino");
        self.render.number(load(&head[..word]), false, Base::Dec, word as u8);
        self.render.field("d_off");
        self.render.number(load(&head[word..2 * word]), false, Base::Dec, word as u8);
        self.render.field("d_reclen");
        self.render.number(load(&head[2 * word..2 * word + 2]), false, Base::Dec, 2);
    }

    fn dirent_type(&mut self, kind: u64) {
        self.render.field("d_type");
        self.render.set(&sets::fs::DIRENT_TYPE, kind, self.abi);
    }

    /// A name in `room` bytes.
    fn dirent_name(&mut self, at: u64, room: u64) {
        let mut buf = [0u8; MOST_NAME];
        let room = room.min(MOST_NAME as u64) as usize;
        self.render.field("d_name");
        let got = self.read_text(at, &mut buf[..room]);
        match buf[..got].iter().position(|byte| *byte == 0) {
            Some(end) => self.render.text(Text { bytes: &buf[..end], more: false, hex: false }),
            None if got < room => self.render.address(at),
            // The last byte is the place of the NUL.
            None => self.render.text(Text { bytes: &buf[..got.saturating_sub(1)], more: true, hex: false }),
        }
    }

    /// What is left behind the last record, too short for another.
    fn dirent_rest(&mut self, at: u64, left: u64) {
        self.buffer(at, left, true);
    }

    /// The one record of i386's readdir.
    pub(super) fn old_dirent(&mut self, addr: u64) {
        let mut head = [0u8; MOST_REST];
        let found = self.outcome.is_some_and(|o| !o.failed && o.value > 0);
        if addr == 0 || !found || self.read(addr, &mut head[..10]) < 10 {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        self.dirent_numbers(&head, 4);
        self.render.field("d_name");
        self.path_within(addr.wrapping_add(10), load(&head[8..10]).min(MOST_NAME as u64));
        self.render.close(Group::Struct);
    }
}
