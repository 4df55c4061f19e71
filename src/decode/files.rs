//! Values of file, mount and kernel calls that need code: structs that grow with Linux, handles, attributes, words with
//! a value in their low bits. Sources: openat2(2), open_by_handle_at(2), quotactl(2), swapon(2), fanotify_init(2).

use syscall_tables::kinds::{HEX64, INT};
use syscall_tables::layout;
use syscall_tables::model::{Custom, Dir, Kind, Len, Shape};
use syscall_tables::set::{Base, Set};
use syscall_tables::sets::mount;
use syscall_tables::structs::Struct;

use super::interpret::{Frame, load};
use super::render::{Group, Render, Text};
use super::{Decoder, Side};
use crate::memory::Memory;

/// Bytes of a struct that are looked at: the kernel takes no more than a page.
const MOST_STRUCT: usize = 4096;
/// Largest struct of known members.
const MOST_KNOWN: usize = 256;
/// MAX_HANDLE_SZ of linux/exportfs.h.
const MOST_HANDLE: usize = 128;
/// EOVERFLOW, with which name_to_handle_at says how much room it needs.
const EOVERFLOW: u32 = 75;
/// The priority in flags of swapon.
const SWAP_PRIORITY: u64 = 0x7fff;
/// Size of `struct user_desc`.
const USER_DESC: u64 = 16;
/// Bytes of a binary parameter of fsconfig that are looked at: a mebibyte.
const MOST_BLOB: u64 = 1 << 20;
/// AT_HANDLE_MNT_ID_UNIQUE.
const UNIQUE: u64 = 1;
/// FAN_NOFD.
const NO_FD: i32 = -1;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// The decoders of files by name.
    pub(super) fn file_value(&mut self, custom: Custom, raw: u64, frame: Option<Frame<'_>>) {
        match custom {
            Custom::Sized(_, strukt, size, least) => {
                let size = self.sibling(size, frame);
                self.sized(strukt, raw, size, u64::from(least));
            }
            Custom::Capped(_, len, most, terminated) => {
                let len = self.length(len, frame);
                self.capped(raw, len, u64::from(most), terminated);
            }
            Custom::Value64(len, most) => {
                let len = self.length(len, frame);
                self.capped(raw, len, u64::from(most), true);
            }
            Custom::OwnSize(strukt, least) => {
                let size = self.number_at(raw, 4);
                self.own_size(strukt, raw, size, u64::from(least));
            }
            Custom::MountId(handle, flags) => {
                self.mount_id(raw, self.sibling(handle, frame), self.sibling(flags, frame));
            }
            Custom::WideFd => match i32::try_from(raw) {
                Ok(fd) => self.render.fd(fd),
                Err(_) => self.render.number(raw, false, Base::Dec, 8),
            },
            Custom::FdAt(pidfd) => self.render.fd_at(self.sibling(pidfd, frame) as i32, raw as i32),
            Custom::FdOf(pid) => self.render.fd_of(self.sibling(pid, frame) as i32, raw as i32),
            // No pointer of a narrow ABI, but nothing is nothing wherever it is.
            Custom::Wide64(kind)
                if self.abi.data_model().word_bytes == 4
                    && raw >> 32 != 0
                    && !matches!(kind.shape, Shape::Array(_, _, Len::Of(count)) if self.sibling(count, frame) == 0) =>
            {
                self.render.address(raw);
            }
            Custom::Wide64(kind) => self.value(kind, raw, frame),
            Custom::Zero => self.render.number(0, false, Base::Dec, 8),
            Custom::OldDirent => self.old_dirent(raw),
            Custom::StatMount(room) => self.statmount(raw, self.sibling(room, frame)),
            Custom::Behind(count) => {
                let count = count.map(|count| self.sibling(count, frame));
                self.behind(raw & 0xffff_ffff, count);
            }
            Custom::GotXattr(size) => self.got_xattr(raw, self.sibling(size, frame)),
            Custom::LsmContexts => self.lsm_contexts(raw),
            Custom::LsmContext(size) => self.lsm_context(raw, self.sibling(size, frame)),
            Custom::Blob(len) => {
                let len = self.sibling(len, frame) & 0xffff_ffff;
                if len > MOST_BLOB { self.render.address(raw) } else { self.buffer(raw, len, true) }
            }
            Custom::SwapFlags => self.swap_flags(raw & 0xffff_ffff),
            Custom::FileHandle(dir) => self.file_handle(raw, dir),
            Custom::QuotaCommand => self.quota_command(raw & 0xffff_ffff),
            Custom::Iocbs(count) => self.iocbs(raw, self.sibling(count, frame)),
            Custom::Iocb => self.iocb(raw, false),
            Custom::WideSet(set) => self.render.set(set, raw, self.abi),
            Custom::Class(low, mask, flags, width) => {
                let size = layout::width(width, self.abi.data_model()).size;
                let whole = if size < 8 { raw & ((1 << (8 * size)) - 1) } else { raw };
                self.class(low, mask, flags, whole);
            }
            Custom::NoFd if raw as i32 == NO_FD => {
                self.render.named("FAN_NOFD", i64::from(NO_FD) as u64, Base::Dec);
            }
            Custom::NoFd => self.dirfd(raw as i32),
            Custom::Few(element, count, most) => {
                let count = self.sibling(count, frame);
                if raw == 0 || count > u64::from(most) {
                    return self.render.address(raw);
                }
                self.array(element, raw, count);
            }
            Custom::Remarked(set) => self.remarked(set, raw),
            Custom::Ldt(size) if self.sibling(size, frame) == USER_DESC => self.user_desc(raw),
            other => self.registration(other, raw, frame),
        }
    }

    /// A struct of `size` bytes, by the caller's word, of which the known members are shown, and what follows them if it
    /// is not zero.
    pub(super) fn sized(&mut self, strukt: &'static Struct, addr: u64, size: u64, least: u64) {
        let known = layout::size_of(strukt, self.abi.data_model()).min(MOST_KNOWN);
        let have = size.min(known as u64) as usize;
        let mut buf = [0u8; MOST_KNOWN];
        if addr == 0 || size < least || self.read(addr, &mut buf[..have]) < have {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        self.members(strukt, &buf[..have], addr);
        self.beyond(addr, known, size);
        self.render.close(Group::Struct);
    }

    /// What a struct has behind its `known` bytes.
    pub(super) fn beyond(&mut self, addr: u64, known: usize, size: u64) {
        let end = size.min(MOST_STRUCT as u64) as usize;
        if end <= known {
            return;
        }
        let mut buf = [0u8; MOST_STRUCT];
        let rest = &mut buf[known..end];
        let count = rest.len();
        if self.read(addr.wrapping_add(known as u64), rest) < count {
            return self.render.unreadable();
        }
        let rest = &buf[known..end];
        if rest.iter().all(|byte| *byte == 0) {
            return;
        }
        let shown = count.min(self.options.string_limit);
        self.render.beyond(known, end - 1, Text { bytes: &rest[..shown], more: count > shown, hex: true });
    }

    /// Bytes, unless there are more than the kernel takes.
    pub(super) fn capped(&mut self, addr: u64, len: u64, most: u64, terminated: bool) {
        if len > most {
            return self.render.address(addr);
        }
        // A NUL at the end of what is shown is left out, and nothing is said to follow it.
        let shown = len.min(self.options.string_limit as u64);
        let last = shown.checked_sub(1).filter(|_| terminated);
        let end = last.and_then(|last| self.number_at(addr.wrapping_add(last), 1));
        let whole = end != Some(0) || self.render.shows_terminator();
        // Whether there is more is looked at all the same.
        let beyond = addr.wrapping_add(len.min(shown + 1).wrapping_sub(1));
        if !whole && self.number_at(beyond, 1).is_none() {
            return self.render.address(addr);
        }
        self.bytes(addr, if whole { len } else { shown - 1 });
    }

    fn swap_flags(&mut self, raw: u64) {
        let (flags, priority) = (raw & !SWAP_PRIORITY, raw & SWAP_PRIORITY);
        if flags == 0 {
            return self.render.number(priority, false, Base::Dec, 4);
        }
        self.render.open(Group::Or);
        self.render.item();
        self.render.set(&mount::SWAP, flags, self.abi);
        self.render.item();
        self.render.number(priority, false, Base::Dec, 4);
        self.render.close(Group::Or);
    }

    /// `struct file_handle`; `Out` for the one that the kernel fills.
    fn file_handle(&mut self, addr: u64, dir: Dir) {
        let filled = dir == Dir::Out && self.side == Side::Exit;
        let mut head = [0u8; 8];
        let mut room = [0u8; 4];
        if addr == 0 || filled && self.before.read(addr, &mut room) < 4 || self.read(addr, &mut head) < 8 {
            return self.render.address(addr);
        }
        let (bytes, kind) = (load(&head[..4]), load(&head[4..]));
        let before = if filled { load(&room) } else { bytes };
        self.render.open(Group::Struct);
        self.render.field("handle_bytes");
        self.render.number(before, false, Base::Dec, 4);
        let failed = filled && !self.succeeded();
        let told = self.outcome.and_then(|o| o.errno()) == Some(EOVERFLOW);
        if before != bytes && (!failed || told) {
            self.render.becomes();
            self.render.number(bytes, false, Base::Dec, 4);
        }
        if !failed {
            self.render.field("handle_type");
            self.render.number(i64::from(kind as u32 as i32) as u64, true, Base::Dec, 4);
            self.render.field("f_handle");
            let mut handle = [0u8; MOST_HANDLE];
            let count = (bytes as usize).min(MOST_HANDLE);
            if self.read(addr.wrapping_add(8), &mut handle[..count]) < count {
                self.render.word(format_args!("???"));
            } else {
                let more = bytes > MOST_HANDLE as u64;
                self.render.text(Text { bytes: &handle[..count], more, hex: true });
            }
        }
        self.render.close(Group::Struct);
    }

    /// The id of a mount, where the handle before it could be read.
    fn mount_id(&mut self, addr: u64, handle: u64, flags: u64) {
        let mut head = [0u8; 8];
        if handle == 0 || self.read(handle, &mut head) < 8 {
            return self.render.address(addr);
        }
        self.target(if flags & UNIQUE != 0 { &HEX64 } else { &INT }, addr);
    }

    /// `QCMD(command, type)`.
    fn quota_command(&mut self, raw: u64) {
        if !self.render.begin_whole(raw, false, Base::Dec, true) {
            return;
        }
        self.render.open(Group::Call("QCMD"));
        self.render.item();
        self.render.set(&mount::QUOTA_CMD, raw >> 8, self.abi);
        self.render.item();
        self.render.set(&mount::QUOTA_TYPE, raw & 0xff, self.abi);
        self.render.close(Group::Call("QCMD"));
        self.render.end_whole();
    }

    /// A value in the bits of `mask` and flags in the others.
    pub(super) fn class(&mut self, low: &'static Set, mask: u64, flags: &'static Set, raw: u64) {
        let rest = raw & !mask;
        self.render.open(Group::Or);
        self.render.item();
        self.render.set(low, raw & mask, self.abi);
        if rest != 0 {
            self.render.item();
            self.render.set(flags, rest, self.abi);
        }
        self.render.close(Group::Or);
    }

    /// A decimal number with its name beside it.
    fn remarked(&mut self, set: &'static Set, raw: u64) {
        let value = i64::from(raw as u32 as i32) as u64;
        self.render.number(value, true, Base::Dec, 4);
        let name = set.name_of(self.abi, raw & 0xffff_ffff).unwrap_or(set.unknown);
        self.render.comment(format_args!("{name}"));
    }

    /// A struct of seconds and a fraction of so many digits, with its date.
    pub(super) fn dated(&mut self, inner: &'static Kind, digits: u8, bytes: &[u8], addr: u64) {
        self.place(inner, bytes, addr, None);
        let Shape::Struct(strukt) = inner.shape else { return };
        let model = self.abi.data_model();
        let number = |index: usize| {
            let at = layout::offset_of(strukt, index, model);
            let size = strukt.members.get(index).map_or(0, |m| layout::kind(&m.kind, model).size);
            (bytes.get(at..at + size).map_or(0, load), size)
        };
        let ((seconds, size), (fraction, _)) = (number(0), number(1));
        let seconds = if size == 4 { i64::from(seconds as u32 as i32) as u64 } else { seconds };
        self.stamp(seconds, fraction, digits);
    }

    /// The date of a time that the kernel would take.
    pub(super) fn stamp(&mut self, seconds: u64, fraction: u64, digits: u8) {
        if fraction < 10u64.pow(u32::from(digits)) {
            self.date_comment(seconds, fraction, digits);
        }
    }
}
