//! Values of mount and security-module calls whose strings follow their structs, and attributes that the kernel fills.
//! Sources: statmount(2), getxattrat(2), lsm_get_self_attr(2).

use syscall_tables::set::Base;
use syscall_tables::sets::{fs, security};
use syscall_tables::structs::{Struct, mount};

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render, Text};
use crate::memory::Memory;

/// Size of `struct statmount` before its strings.
const STATMOUNT: usize = 512;
/// Size of `struct lsm_ctx` before its context.
const CONTEXT: usize = 32;
/// Longest context that is shown: a page.
const MOST_CONTEXT: usize = 4096;
/// Strings of an option array that are shown at most.
const MOST_OPTIONS: u64 = 1024;
/// Longest option: a page holds all that a file system shows.
const MOST_OPTION: usize = 4096;
/// Largest `struct mnt_id_req`.
const MOST_REQUEST: usize = 64;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// A struct that begins with its size in 32 bits.
    pub(super) fn own_size(&mut self, strukt: &'static Struct, addr: u64, size: Option<u64>, least: u64) {
        let Some(size) = size else { return self.render.address(addr) };
        let known = syscall_tables::layout::size_of(strukt, self.abi.data_model()).min(MOST_REQUEST);
        let have = (size as usize).min(known);
        let mut buf = [0u8; MOST_REQUEST];
        if size >= least && self.read(addr, &mut buf[..have]) < have {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        if size >= least {
            self.members(strukt, &buf[..have], addr);
            self.beyond(addr, known, size);
        } else {
            // As of a struct sched_attr that is too short.
            self.render.field("size");
            self.render.number(size, false, Base::Dec, 4);
        }
        self.render.close(Group::Struct);
    }

    /// What statmount wrote; its strings are offsets behind the struct.
    pub(super) fn statmount(&mut self, addr: u64, room: u64) {
        let mut buf = [0u8; STATMOUNT];
        if addr == 0 || room < STATMOUNT as u64 || self.read(addr, &mut buf) < STATMOUNT {
            return self.render.address(addr);
        }
        self.strukt(&mount::STATMOUNT_RESULT, &buf, addr);
    }

    /// A string, or `count` strings in a row, at an offset behind the struct that statmount writes to its second
    /// argument.
    pub(super) fn behind(&mut self, offset: u64, count: Option<u64>) {
        let mut at = self.args[1].wrapping_add(STATMOUNT as u64 + offset);
        let Some(count) = count else { return self.path(at) };
        self.render.open(Group::Array);
        for index in 0..count {
            self.render.item();
            if index >= MOST_OPTIONS || self.options.abbreviate && index >= self.options.string_limit as u64 {
                self.render.more();
                break;
            }
            let mut buf = [0u8; MOST_OPTION];
            let got = self.read_text(at, &mut buf);
            let Some(end) = buf[..got].iter().position(|byte| *byte == 0) else {
                self.render.more();
                self.render.comment(format_args!("{at:#x}"));
                break;
            };
            self.render.text(Text { bytes: &buf[..end], more: false, hex: false });
            at = at.wrapping_add(end as u64 + 1);
        }
        self.render.close(Group::Array);
    }

    /// `struct xattr_args` whose value the kernel wrote, unless the call failed.
    pub(super) fn got_xattr(&mut self, addr: u64, size: u64) {
        let mut buf = [0u8; 16];
        if addr == 0 || size < 16 || self.read(addr, &mut buf) < 16 {
            return self.render.address(addr);
        }
        let (value, room, flags) = (load(&buf[..8]), load(&buf[8..12]), load(&buf[12..]));
        self.render.open(Group::Struct);
        self.render.field("value");
        let got = self.outcome.map_or(0, |o| if o.failed { 0 } else { o.value as u64 });
        if self.succeeded() && room != 0 {
            self.capped(value, got, u64::from(syscall_tables::structs::fs::XATTR_SIZE), true);
        } else {
            self.render.address(value);
        }
        self.render.field("size");
        self.render.number(room, false, Base::Dec, 4);
        self.render.field("flags");
        self.render.set(&fs::XATTR, flags, self.abi);
        self.beyond(addr, 16, size);
        self.render.close(Group::Struct);
    }

    /// The records of lsm_get_self_attr.
    pub(super) fn lsm_contexts(&mut self, addr: u64) {
        let count = self.outcome.map_or(0, |o| if o.failed { 0 } else { o.value as u64 });
        if addr == 0 || count != 0 && self.read(addr, &mut [0u8; CONTEXT]) < CONTEXT {
            return self.render.address(addr);
        }
        self.render.open(Group::Array);
        let mut at = addr;
        for index in 0..count {
            self.render.item();
            if index >= self.options.string_limit as u64 {
                self.render.more();
                break;
            }
            let Some(length) = self.lsm_record(at) else {
                self.render.more();
                self.render.comment(format_args!("{at:#x}"));
                break;
            };
            if length < CONTEXT as u64 {
                break;
            }
            at = at.wrapping_add(length);
        }
        self.render.close(Group::Array);
    }

    /// One record in a buffer of `size` bytes.
    pub(super) fn lsm_context(&mut self, addr: u64, size: u64) {
        if addr == 0 || size & 0xffff_ffff < CONTEXT as u64 || self.lsm_record(addr).is_none() {
            self.render.address(addr);
        }
    }

    /// Shows a `struct lsm_ctx` and tells its length, unless it cannot be read.
    fn lsm_record(&mut self, addr: u64) -> Option<u64> {
        let mut head = [0u8; CONTEXT];
        if self.read(addr, &mut head) < CONTEXT {
            return None;
        }
        let word = |index: usize| load(&head[8 * index..8 * index + 8]);
        let (id, flags, length, used) = (word(0), word(1), word(2), word(3));
        self.render.open(Group::Struct);
        self.render.field("id");
        self.render.set(&security::LSM_ID, id, self.abi);
        self.render.field("flags");
        self.render.number(flags, false, Base::Hex, 8);
        for (name, value) in [("len", length), ("ctx_len", used)] {
            self.render.field(name);
            self.render.number(value, false, Base::Dec, 8);
        }
        self.render.field("ctx");
        let text = addr.wrapping_add(CONTEXT as u64);
        if used > MOST_CONTEXT as u64 {
            self.render.address(text)
        } else {
            self.capped(text, used, used, true)
        }
        self.render.close(Group::Struct);
        Some(length)
    }
}
