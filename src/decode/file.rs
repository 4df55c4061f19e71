//! Values of file calls: modes, devices, fd sets, poll, directory entries, ioctl.

use syscall_tables::set::{Base, Set};
use syscall_tables::sets;

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Items, Render, Text};
use crate::memory::Memory;

/// AT_FDCWD of linux/fcntl.h.
const AT_FDCWD: i32 = -100;
/// Most descriptors of an fd_set that are looked at: FD_SETSIZE times eight.
const MOST_FDS: u64 = 8192;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    pub(super) fn dirfd(&mut self, fd: i32) {
        if fd == AT_FDCWD { self.render.cwd() } else { self.render.fd(fd) }
    }

    pub(super) fn file_mode(&mut self, mode: u64) {
        let kind = mode & 0o170_000;
        let name = sets::fs::FILE_TYPE.name_of(self.abi, kind).filter(|_| kind != 0);
        self.render.mode(name, mode);
    }

    pub(super) fn device(&mut self, dev: u64) {
        let major = dev >> 8 & 0xfff | dev >> 32 & 0xffff_f000;
        let minor = dev & 0xff | dev >> 12 & 0xffff_ff00;
        self.render.device(major, minor);
    }

    pub(super) fn flags_note(&mut self, set: &'static Set, raw: u64) {
        self.render.number(raw, false, Base::Hex, 8);
        if raw != 0 || set.name_of(self.abi, 0).is_some() {
            self.render.detail("flags");
            self.render.note(format_args!("flags "));
            self.render.set(set, raw, self.abi);
            self.render.note(format_args!(""));
        }
    }

    pub(super) fn fd_set(&mut self, addr: u64, count: u64) {
        if addr == 0 || (count as i32) < 0 {
            return self.render.address(addr);
        }
        let count = count & 0xffff_ffff;
        let mut bits = [0u8; (MOST_FDS / 8) as usize];
        let size = (count.min(MOST_FDS) as usize).div_ceil(8);
        if self.read(addr, &mut bits[..size]) < size {
            return self.render.address(addr);
        }
        self.render.open(Group::Members { negated: false });
        for fd in (0..count.min(MOST_FDS)).filter(|&fd| bits[fd as usize / 8] >> (fd % 8) & 1 != 0) {
            self.render.item();
            self.render.fd(fd as i32);
        }
        self.render.close(Group::Members { negated: false });
    }

    /// Whether an fd_set holds anything.
    fn any_fd(&mut self, addr: u64, count: u64) -> bool {
        let mut bits = [0u8; (MOST_FDS / 8) as usize];
        let size = ((count as i32).max(0) as u64).min(MOST_FDS).div_ceil(8) as usize;
        self.read(addr, &mut bits[..size]) == size && bits[..size].iter().any(|&b| b != 0)
    }

    fn timeout(&mut self) {
        self.render.detail("timeout");
        self.render.note(format_args!("Timeout"));
    }

    pub(super) fn select_return(&mut self, raw: u64) {
        self.render.number(raw, true, Base::Dec, 4);
        if raw == 0 {
            return self.timeout();
        }
        let mut first = true;
        for (index, name) in [(1, "in"), (2, "out"), (3, "except")] {
            let addr = self.args[index];
            if addr == 0 || !self.any_fd(addr, self.args[0]) {
                continue;
            }
            self.render.detail(name);
            self.render.note(format_args!("{}{name} ", if first { "" } else { ", " }));
            self.fd_set(addr, self.args[0]);
            first = false;
        }
        let names = self.regs.abi;
        let (timeout, narrow) = (self.args[4], names.data_model().word_bytes == 4);
        let word = if narrow { 4 } else { 8 };
        let Some(sec) = self.number_at(timeout, word) else { return self.render.note(format_args!("")) };
        let Some(frac) = self.number_at(timeout.wrapping_add(word as u64), word) else {
            return self.render.note(format_args!(""));
        };
        self.render.detail("left");
        self.render.note(format_args!("{}left ", if first { "" } else { ", " }));
        let fraction = if self.is_pselect() { "tv_nsec" } else { "tv_usec" };
        self.render.open(Group::Struct);
        self.render.field("tv_sec");
        self.render.number(sec, true, Base::Dec, word as u8);
        self.render.field(fraction);
        self.render.number(frac, true, Base::Dec, word as u8);
        self.render.close(Group::Struct);
        self.render.note(format_args!(""));
    }

    pub(super) fn pselect_mask(&mut self, addr: u64) {
        let word = u64::from(self.abi.data_model().word_bytes);
        let (Some(set), Some(size)) = (self.pointer(addr), self.pointer(addr.wrapping_add(word))) else {
            return self.render.address(addr);
        };
        self.render.open(Group::Struct);
        self.render.field("sigmask");
        if set == 0 {
            self.render.address(0)
        } else {
            self.sigset(set, size)
        }
        self.render.field("sigsetsize");
        self.render.number(size, false, Base::Dec, word as u8);
        self.render.close(Group::Struct);
    }

    pub(super) fn poll_fds(&mut self, addr: u64, count: u64) {
        self.elements(addr, count & 0xffff_ffff, 8, |decoder, bytes, _| {
            decoder.render.open(Group::Struct);
            let fd = load(&bytes[..4]) as i32;
            decoder.render.field("fd");
            decoder.render.fd(fd);
            if fd >= 0 {
                decoder.render.field("events");
                decoder.render.set(&sets::io::POLL, load(&bytes[4..6]), decoder.abi);
            }
            decoder.render.close(Group::Struct);
        });
    }

    pub(super) fn poll_return(&mut self, raw: u64) {
        self.render.number(raw, true, Base::Dec, 4);
        if raw == 0 {
            return self.timeout();
        }
        let (addr, count) = (self.args[0], self.args[1] & 0xffff_ffff);
        let mut entry = [0u8; 8];
        let mut shown = 0;
        self.render.detail("ready");
        self.render.note(format_args!(""));
        self.render.open(Group::Array);
        for index in 0..count.min(1 << 16) {
            if self.read(addr.wrapping_add(index * 8), &mut entry) < 8 {
                break;
            }
            let (fd, revents) = (load(&entry[..4]) as i32, load(&entry[6..8]));
            if revents == 0 || fd < 0 {
                continue;
            }
            self.render.item();
            if self.options.abbreviate && shown >= self.options.string_limit {
                self.render.more();
                break;
            }
            shown += 1;
            self.render.open(Group::Struct);
            self.render.field("fd");
            self.render.fd(fd);
            self.render.field("revents");
            self.render.set(&sets::io::POLL, revents, self.abi);
            self.render.close(Group::Struct);
        }
        self.render.close(Group::Array);
        self.render.note(format_args!(""));
    }

    pub(super) fn dirents(&mut self, addr: u64, wide: bool) {
        let size = self.outcome.map_or(0, |o| o.value.max(0) as usize).min(1 << 20);
        let mut data = vec![0u8; size];
        if addr == 0 || self.read(addr, &mut data) < size {
            return self.render.address(addr);
        }
        let word = if wide { 8 } else { usize::from(self.abi.data_model().word_bytes) };
        let fixed = 2 * word + 2;
        let mut records = Vec::new();
        let mut rest = &data[..];
        while rest.len() > fixed {
            let length = load(&rest[2 * word..fixed]) as usize;
            if length <= fixed || length > rest.len() {
                break;
            }
            records.push(&rest[..length]);
            rest = &rest[length..];
        }
        if self.options.abbreviate {
            return self.render.counted(addr, records.len(), Items::Entries);
        }
        self.render.open(Group::Array);
        for record in records {
            self.render.item();
            self.dirent(record, word, wide);
        }
        self.render.close(Group::Array);
    }

    fn dirent(&mut self, record: &[u8], word: usize, wide: bool) {
        let fixed = 2 * word + 2;
        let kind = if wide { record[fixed] } else { record[record.len() - 1] };
        let name = &record[if wide { fixed + 1 } else { fixed }..];
        let end = name.iter().position(|&b| b == 0).unwrap_or(name.len());
        let name = Text { bytes: &name[..end], more: false, hex: false };
        let abi = self.abi;
        self.render.open(Group::Struct);
        self.render.field("d_ino");
        self.render.number(load(&record[..word]), false, Base::Dec, word as u8);
        self.render.field("d_off");
        self.render.number(load(&record[word..2 * word]), false, Base::Dec, word as u8);
        self.render.field("d_reclen");
        self.render.number(load(&record[2 * word..fixed]), false, Base::Dec, 2);
        if wide {
            self.render.field("d_type");
            self.render.set(&sets::fs::DIRENT_TYPE, u64::from(kind), abi);
        }
        self.render.field("d_name");
        self.render.text(name);
        if !wide {
            self.render.field("d_type");
            self.render.set(&sets::fs::DIRENT_TYPE, u64::from(kind), abi);
        }
        self.render.close(Group::Struct);
    }

    pub(super) fn epoll_data(&mut self, raw: u64) {
        self.render.open(Group::Struct);
        self.render.field("u32");
        self.render.number(raw & 0xffff_ffff, false, Base::Dec, 4);
        self.render.field("u64");
        self.render.number(raw, false, Base::Dec, 8);
        self.render.close(Group::Struct);
    }

    pub(super) fn path_out(&mut self, addr: u64) {
        let len = self.outcome.map_or(0, |o| o.value.max(0) as u64);
        self.bytes(addr, len.saturating_sub(1));
    }
}
