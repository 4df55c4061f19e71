//! Values of file calls: modes, devices, fd sets, poll, directory entries, ioctl.

use syscall_tables::model::Shape;
use syscall_tables::set::{Base, Set};
use syscall_tables::sets;

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render};
use crate::memory::Memory;

/// AT_FDCWD of linux/fcntl.h.
const AT_FDCWD: i32 = -100;
/// Most descriptors of an fd_set that are looked at, as many as strace takes: 128 KiB.
const MOST_FDS: u64 = 1 << 20;
/// How many bytes of an fd_set are read at a time.
const FDS_CHUNK: u64 = 4096;

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
            let name = if set.id == "SEALS" { "seals" } else { "flags" };
            // The flags of the file are names in every style.
            if set.id == "OPEN" {
                self.render.explain(true, true);
            }
            self.render.note(format_args!("{name} "));
            if set.parts(self.abi, raw).next().is_some() {
                self.render.set(set, raw, self.abi);
            } else {
                self.render.number(raw, false, Base::Hex, 8);
            }
            self.render.note(format_args!(""));
        }
    }

    pub(super) fn fd_set(&mut self, addr: u64, count: u64) {
        self.some_fds(addr, count, u64::MAX);
    }

    /// At most so many descriptors of an fd_set.
    fn some_fds(&mut self, addr: u64, count: u64, most: u64) {
        if addr == 0 || (count as i32) <= 0 || self.count_fds(addr, count).is_none() {
            return self.render.address(addr);
        }
        let mut left = most;
        self.render.open(Group::Members { negated: false });
        self.each_fd(addr, count, |decoder, fd| {
            if left > 0 {
                decoder.render.item();
                decoder.render.fd(fd as i32);
                left -= 1;
            }
        });
        self.render.close(Group::Members { negated: false });
    }

    /// How many descriptors an fd_set holds, unless it cannot be read.
    fn count_fds(&mut self, addr: u64, count: u64) -> Option<u64> {
        if addr == 0 {
            return None;
        }
        let mut found = 0;
        self.each_fd(addr, count, |_, _| found += 1).then_some(found)
    }

    /// Visits the descriptors of an fd_set. Tells whether all of it could be read.
    fn each_fd(&mut self, addr: u64, count: u64, mut visit: impl FnMut(&mut Self, u64)) -> bool {
        let count = ((count as i32).max(0) as u64).min(MOST_FDS);
        // The kernel reads whole words.
        let word = u64::from(self.abi.data_model().word_bytes);
        let size = count.div_ceil(8 * word) * word;
        let mut bits = [0u8; FDS_CHUNK as usize];
        for from in (0..size).step_by(FDS_CHUNK as usize) {
            let chunk = (size - from).min(FDS_CHUNK) as usize;
            if self.read(addr.wrapping_add(from), &mut bits[..chunk]) < chunk {
                return false;
            }
            let first = from * 8;
            for (byte, fds) in
                bits[..chunk].iter().zip((first..count).step_by(8)).filter(|(byte, _)| **byte != 0)
            {
                for fd in (fds..count.min(fds + 8)).filter(|fd| *byte >> (fd % 8) & 1 != 0) {
                    visit(self, fd);
                }
            }
        }
        true
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
        let (mut first, mut ready) = (true, raw);
        self.render.note(format_args!(""));
        for (index, name) in [(1, "in"), (2, "out"), (3, "except")] {
            let addr = self.args[index];
            let Some(count) = self.count_fds(addr, self.args[0]) else { continue };
            if ready == 0 {
                break;
            }
            if count == 0 {
                // As strace has it where more is said to be ready than there is.
                if !first {
                    self.render.note(format_args!("]"));
                }
                continue;
            }
            self.render.detail(name);
            self.render.note(format_args!("{}{name} ", if first { "" } else { ", " }));
            self.some_fds(addr, self.args[0], ready);
            ready = ready.saturating_sub(count);
            first = false;
        }
        self.time_left(4, first);
    }

    /// The time left in the struct that an argument points to, where there is one.
    fn time_left(&mut self, argument: usize, first: bool) {
        let Some(Shape::Pointer(_, kind)) =
            self.signature.and_then(|s| s.args.get(argument)).map(|arg| arg.kind.shape)
        else {
            return;
        };
        if self.args[argument] != 0 {
            self.render.detail("left");
            self.render.note(format_args!("{}left ", if first { "" } else { ", " }));
            self.target(kind, self.args[argument]);
        }
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
            self.sized_sigset(set, size, false)
        }
        self.render.field("sigsetsize");
        self.render.number(size, false, Base::Dec, word as u8);
        self.render.close(Group::Struct);
    }

    pub(super) fn poll_fds(&mut self, addr: u64, count: u64) {
        if addr == 0 {
            return self.render.address(0);
        }
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
        // An array that ends beyond all addresses is none.
        let some = addr != 0 && count != 0 && addr.checked_add(8 * count).is_some();
        let any = some && self.poll_ready(addr, count);
        if some && self.args[2] != 0 && self.signature.is_some_and(|s| s.name.starts_with("ppoll")) {
            self.time_left(2, !any);
        }
    }

    /// The descriptors of poll that are ready. Tells whether there are any.
    fn poll_ready(&mut self, addr: u64, count: u64) -> bool {
        let mut entry = [0u8; 8];
        let mut shown = 0;
        for index in 0..count.min(1 << 16) {
            let at = addr.wrapping_add(index * 8);
            let unreadable = self.read(at, &mut entry) < 8;
            let (fd, revents) = (load(&entry[..4]) as i32, load(&entry[6..8]));
            if revents == 0 && !unreadable {
                continue;
            }
            if shown == 0 {
                self.render.detail("ready");
                self.render.note(format_args!(""));
                self.render.open(Group::Array);
            }
            self.render.item();
            if self.options.abbreviate && shown >= self.options.string_limit {
                self.render.more();
                break;
            }
            shown += 1;
            if unreadable {
                self.render.address(at);
                break;
            }
            self.render.open(Group::Struct);
            self.render.field("fd");
            self.render.fd(fd);
            self.render.field("revents");
            if sets::io::POLL.parts(self.abi, revents).next().is_some() {
                self.render.set(&sets::io::POLL, revents, self.abi);
            } else {
                self.render.number(revents, false, Base::Hex, 2);
            }
            self.render.close(Group::Struct);
        }
        if shown != 0 {
            self.render.close(Group::Array);
            self.render.note(format_args!(""));
        }
        shown != 0
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
        // Without its NUL; a result of nothing is no length at all.
        let len = self.outcome.map_or(0, |o| o.value.max(0) as u64);
        self.path_within(addr, len.wrapping_sub(1));
    }
}
