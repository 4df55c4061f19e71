//! Arguments of btrfs that end in what their head counts: include/uapi/linux/btrfs.h.

use syscall_tables::ioctl::btrfs as tables;
use syscall_tables::layout;
use syscall_tables::set::Base;
use syscall_tables::structs::Struct;

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render, Text};
use crate::memory::Memory;

/// Bytes of `struct btrfs_ioctl_search_key` and of the header of an item.
const KEY: usize = 104;
const ITEM: u64 = 32;
/// Bytes of `struct btrfs_ioctl_search_args`.
const SEARCH: usize = 4096;
/// Bytes of `struct btrfs_ioctl_vol_args_v2`, and where its name begins.
const VOLUME: usize = 4096;
const NAME: usize = 56;
/// The flag of a subvolume that inherits from quota groups.
const INHERIT: u64 = 4;
/// Bytes of `struct btrfs_qgroup_inherit` without its groups.
const INHERITED: u64 = 72;
/// The first and the last number of an object.
const FIRST: u64 = 256;
const LAST: u64 = u64::MAX - 255;
/// Most items and strings that are shown.
const MOST: u64 = 4096;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// The head of a struct as far as it is a member of the table, left open; whether it could be read.
    fn btrfs_head(&mut self, strukt: &'static Struct, addr: u64, size: usize) -> bool {
        let mut buf = [0u8; VOLUME];
        let size = size.min(VOLUME);
        if addr == 0 || self.read(addr, &mut buf[..size]) < size {
            self.render.address(addr);
            return false;
        }
        let known = layout::size_of(strukt, self.abi.data_model()).min(size);
        self.render.open(Group::Struct);
        self.every_member(strukt, &buf[..known], addr);
        true
    }

    fn btrfs_more(&mut self) -> bool {
        if self.options.abbreviate {
            self.render.item();
            self.render.more();
        }
        self.options.abbreviate
    }

    /// `struct btrfs_ioctl_vol_args_v2`.
    pub(super) fn subvolume(&mut self, addr: u64) {
        let mut buf = [0u8; VOLUME];
        if addr == 0 || self.read(addr, &mut buf) < VOLUME {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        self.render.field("fd");
        self.render.fd(load(&buf[..8]) as i32);
        self.flagged("flags", &tables::SUBVOLUME, &buf[16..24]);
        if load(&buf[16..24]) & INHERIT != 0 {
            self.plain("size", &buf[24..32], Base::Dec);
            self.render.field("qgroup_inherit");
            self.inherited(self.pointer_value(load(&buf[32..40])));
        }
        self.render.field("name");
        let name = &buf[NAME..];
        let end = name.iter().position(|&byte| byte == 0);
        let shown = &name[..end.unwrap_or(name.len() - 1)];
        self.render.text(Text { bytes: shown, more: end.is_none(), hex: false });
        self.render.close(Group::Struct);
    }

    pub(super) fn subvolume_answer(&mut self, addr: u64) {
        if self.was_readable(addr, VOLUME) {
            self.render.becomes();
            self.pointed(&tables::SUBVOLUME_HERE, addr);
        }
    }

    /// `struct btrfs_qgroup_inherit`.
    fn inherited(&mut self, addr: u64) {
        if !self.btrfs_head(&tables::INHERITED, addr, INHERITED as usize) {
            return;
        }
        if !self.btrfs_more() {
            let count = self.number_at(addr.wrapping_add(8), 8).unwrap_or(0);
            self.render.field("qgroups");
            self.array(&syscall_tables::kinds::U64, addr.wrapping_add(INHERITED), count);
        }
        self.render.close(Group::Struct);
    }

    /// What is searched for.
    pub(super) fn tree_search(&mut self, addr: u64, second: bool) {
        let size = if second { KEY + 8 } else { KEY };
        let mut buf = [0u8; KEY + 8];
        if addr == 0 || self.read(addr, &mut buf[..size]) < size {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        self.render.field("key");
        self.search_key(&buf[..KEY], addr);
        if second {
            self.plain("buf_size", &buf[KEY..KEY + 8], Base::Dec);
        }
        self.render.close(Group::Struct);
    }

    /// `struct btrfs_ioctl_search_key`, in brief without bounds that include every object.
    fn search_key(&mut self, key: &[u8], addr: u64) {
        let brief = self.options.abbreviate;
        let bounds =
            [("tree_id", 0, None), ("min_objectid", 8, Some(FIRST)), ("max_objectid", 16, Some(LAST))];
        self.render.open(Group::Struct);
        for (name, at, every) in bounds {
            let object = load(&key[at..at + 8]);
            if !brief || Some(object) != every {
                self.render.field(name);
                self.largest(&tables::OBJECTS, object, 8);
            }
        }
        self.every_member(&tables::SEARCH_KEY, &key[24..], addr.wrapping_add(24));
        self.render.close(Group::Struct);
    }

    /// How many items were found, and their headers.
    pub(super) fn tree_search_answer(&mut self, addr: u64, second: bool) {
        let size = if second { KEY + 8 } else { KEY };
        if !self.was_readable(addr, size) {
            return;
        }
        self.render.becomes();
        let mut head = [0u8; KEY + 8];
        if self.read(addr, &mut head[..size]) < size {
            return self.render.address(addr);
        }
        let count = load(&head[64..68]);
        self.render.open(Group::Struct);
        self.render.field("key");
        self.render.open(Group::Struct);
        self.plain("nr_items", &head[64..68], Base::Dec);
        self.render.close(Group::Struct);
        let (start, room) = if second {
            self.plain("buf_size", &head[KEY..], Base::Dec);
            (addr.wrapping_add(KEY as u64 + 8), load(&head[KEY..]))
        } else {
            (addr.wrapping_add(KEY as u64), (SEARCH - KEY) as u64)
        };
        if !self.btrfs_more() {
            self.render.field("buf");
            self.found_items(start, room, count);
        }
        self.render.close(Group::Struct);
    }

    fn found_items(&mut self, start: u64, room: u64, count: u64) {
        let most = self.options.string_limit as u64;
        let mut offset = 0u64;
        self.render.open(Group::Array);
        for index in 0..count {
            let at = start.wrapping_add(offset);
            let mut header = [0u8; ITEM as usize];
            self.render.item();
            if index > most || offset + ITEM > room {
                self.render.more();
                break;
            }
            if self.read(at, &mut header) < header.len() {
                self.render.more();
                self.render.comment(format_args!("{at:#x}"));
                break;
            }
            self.strukt(&tables::SEARCH_HEADER, &header, at);
            offset += ITEM + load(&header[28..32]);
        }
        self.render.close(Group::Array);
    }

    /// How much room there is for `struct btrfs_ioctl_space_info`.
    pub(super) fn space_info(&mut self, addr: u64) {
        let mut buf = [0u8; 16];
        if addr == 0 || self.read(addr, &mut buf) < 16 {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        self.plain("space_slots", &buf[..8], Base::Dec);
        self.render.close(Group::Struct);
    }

    pub(super) fn space_info_answer(&mut self, addr: u64) {
        let mut buf = [0u8; 16];
        if !self.was_readable(addr, 16) {
            return;
        }
        self.render.becomes();
        if self.read(addr, &mut buf) < 16 {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        self.plain("total_spaces", &buf[8..], Base::Dec);
        let (slots, spaces) = (load(&buf[..8]), load(&buf[8..]));
        if (slots != 0 || spaces == 0) && !self.btrfs_more() {
            self.render.field("spaces");
            self.array(&tables::SPACE_HERE, addr.wrapping_add(16), spaces);
        }
        self.render.close(Group::Struct);
    }

    /// `struct btrfs_ioctl_get_dev_stats`.
    pub(super) fn device_stats(&mut self, addr: u64) {
        if self.btrfs_head(&tables::STATS_ASKED, addr, 1032) {
            self.render.close(Group::Struct);
        }
    }

    pub(super) fn device_stats_answer(&mut self, addr: u64) {
        if !self.was_readable(addr, 1032) {
            return;
        }
        self.render.becomes();
        let mut buf = [0u8; 64];
        if self.read(addr, &mut buf) < 64 {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        self.plain("nr_items", &buf[8..16], Base::Dec);
        self.flagged("flags", &tables::STATS, &buf[16..24]);
        self.render.unnamed("values");
        self.render.open(Group::Array);
        let known = tables::STAT_VALUES.rows.len() as u64;
        let count = load(&buf[8..16]);
        for index in 0..count {
            self.render.item();
            if index == known {
                self.render.more();
                break;
            }
            let name = tables::STAT_VALUES.name_of(self.abi, index);
            self.render.numbered(name, index, "");
            let at = 24 + 8 * index as usize;
            self.render.number(load(&buf[at..at + 8]), false, Base::Dec, 8);
        }
        self.render.close(Group::Array);
        self.render.close(Group::Struct);
    }

    /// `struct btrfs_ioctl_ino_lookup_args`.
    pub(super) fn inode_lookup(&mut self, addr: u64) {
        if self.btrfs_head(&tables::LOOKUP, addr, SEARCH) {
            self.render.close(Group::Struct);
        }
    }

    /// The name, and the tree where none was asked for.
    pub(super) fn inode_lookup_answer(&mut self, addr: u64) {
        let (mut buf, mut asked) = ([0u8; SEARCH], [0u8; 8]);
        if !self.was_readable(addr, SEARCH) || self.before.read(addr, &mut asked) < 8 {
            return;
        }
        self.render.becomes();
        if self.read(addr, &mut buf) < SEARCH {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        if load(&asked) == 0 {
            self.render.field("treeid");
            self.largest(&tables::OBJECTS, load(&buf[..8]), 8);
        }
        self.render.field("name");
        let name = &buf[16..];
        let end = name.iter().position(|&byte| byte == 0);
        let shown = &name[..end.unwrap_or(name.len() - 1)];
        self.render.text(Text { bytes: shown, more: end.is_none(), hex: false });
        self.render.close(Group::Struct);
    }

    /// `struct btrfs_ioctl_ino_path_args`.
    pub(super) fn inode_paths(&mut self, addr: u64) {
        self.pointed(&tables::PATHS_HERE, addr);
    }

    pub(super) fn inode_paths_answer(&mut self, addr: u64) {
        self.container("fspath", addr, |decoder, start, count| {
            let mut offset = [0u8; 8];
            decoder.render.open(Group::Array);
            for index in 0..count {
                let at = start.wrapping_add(8 * index);
                decoder.render.item();
                if index >= MOST {
                    decoder.render.more();
                    break;
                }
                if decoder.read(at, &mut offset) < 8 {
                    decoder.render.more();
                    decoder.render.comment(format_args!("{at:#x}"));
                    break;
                }
                decoder.path(start.wrapping_add(load(&offset)));
            }
            decoder.render.close(Group::Array);
        });
    }

    /// `struct btrfs_ioctl_logical_ino_args`.
    pub(super) fn logical_inode(&mut self, addr: u64) {
        self.pointed(&tables::LOGICAL_HERE, addr);
    }

    pub(super) fn logical_inode_answer(&mut self, addr: u64) {
        self.container("inodes", addr, |decoder, start, count| {
            decoder.array(&tables::REFERENCE_HERE, start, count / 3);
        });
    }

    /// `struct btrfs_data_container` behind the last member of a struct of 56 bytes.
    fn container(&mut self, name: &'static str, addr: u64, show: impl Fn(&mut Self, u64, u64)) {
        let mut buf = [0u8; 56];
        if !self.was_readable(addr, 56) {
            return;
        }
        self.render.becomes();
        if self.read(addr, &mut buf) < 56 {
            return self.render.address(addr);
        }
        let at = load(&buf[48..]);
        self.render.open(Group::Struct);
        self.render.field(name);
        if self.btrfs_head(&tables::CONTAINER, at, 16) {
            if !self.btrfs_more() {
                let count = self.number_at(at.wrapping_add(8), 4).unwrap_or(0);
                self.render.field("val");
                show(self, at.wrapping_add(16), count);
            }
            self.render.close(Group::Struct);
        }
        self.render.close(Group::Struct);
    }

    /// The features that are supported, may be set, and may be cleared.
    pub(super) fn features(&mut self, addr: u64) {
        let mut buf = [0u8; 72];
        if !self.succeeded() || addr == 0 || self.read(addr, &mut buf) < buf.len() {
            return self.render.address(addr);
        }
        self.render.open(Group::Array);
        for (features, what) in buf.chunks_exact(24).zip(["supported", "safe to set", "safe to clear"]) {
            self.render.item();
            self.strukt(&tables::FEATURES, features, addr);
            self.render.comment(format_args!("{what}"));
        }
        self.render.close(Group::Array);
    }
}
