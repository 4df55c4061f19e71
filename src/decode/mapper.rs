//! `struct dm_ioctl` and what follows it: include/uapi/linux/dm-ioctl.h.
//!
//! Everything behind the head lies within a buffer whose size the head has; what would begin or end elsewhere is told
//! to be misplaced.

use syscall_tables::ioctl::volumes::MAPPER_FLAGS;
use syscall_tables::kinds;
use syscall_tables::net::Net;
use syscall_tables::set::Base;

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render, Text};
use crate::memory::Memory;

/// Bytes of the head up to where its data may begin.
const HEAD: usize = 305;
/// The least size of which anything is told: that of the version.
const SIZED: u64 = 12;
/// The version of the interface that is known.
const VERSION: u64 = 4;
/// Bytes of `struct dm_target_spec`, `dm_target_versions`, and of `dm_name_list` before the name.
const SPEC: u64 = 40;
const VERSIONS: u64 = 16;
const NAMED: u64 = 12;
/// Most structs that are shown.
const MOST: u64 = 4096;
/// What a target answers follows its head.
const DATA_OUT: u64 = 0x10000;

/// What a command tells of the head.
const START: u8 = 1;
const DEVICE: u8 = 2;
const COUNTS: u8 = 4;
const EVENT: u8 = 8;
const TARGETS: u8 = 16;

/// What follows the head.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Data {
    Nothing,
    Targets,
    Names,
    Versions,
    Devices,
    Message,
    Text,
}

/// By number: what the command tells, what follows the head when it is asked, and when it is answered.
const COMMANDS: [(u8, Data, Data); 17] = [
    (DEVICE, Data::Nothing, Data::Nothing),
    (0, Data::Nothing, Data::Nothing),
    (START, Data::Nothing, Data::Names),
    (DEVICE | COUNTS, Data::Nothing, Data::Nothing),
    (DEVICE | EVENT, Data::Nothing, Data::Nothing),
    (START | DEVICE | COUNTS | EVENT, Data::Text, Data::Nothing),
    (DEVICE | COUNTS, Data::Nothing, Data::Nothing),
    (DEVICE | COUNTS, Data::Nothing, Data::Nothing),
    (START | DEVICE | COUNTS | EVENT, Data::Nothing, Data::Targets),
    (START | DEVICE | COUNTS | TARGETS, Data::Targets, Data::Nothing),
    (DEVICE | COUNTS, Data::Nothing, Data::Nothing),
    (START | DEVICE | COUNTS, Data::Nothing, Data::Devices),
    (START | DEVICE | COUNTS, Data::Nothing, Data::Targets),
    (START, Data::Nothing, Data::Versions),
    (START | DEVICE | COUNTS, Data::Message, Data::Nothing),
    (START | DEVICE, Data::Text, Data::Nothing),
    (DEVICE, Data::Nothing, Data::Nothing),
];

/// The number of DM_TARGET_MSG.
const TARGET_MSG: usize = 14;

/// Where the data of a request lies: offsets from its head.
#[derive(Clone, Copy)]
struct Place {
    head: u64,
    start: u64,
    size: u64,
    count: u64,
    answered: bool,
}

impl Place {
    /// Bytes from `offset` to the end.
    fn left(self, offset: u64) -> u64 {
        self.size.saturating_sub(offset)
    }

    /// Whether so many bytes from `offset` on lie outside.
    fn beyond(self, offset: u64, bytes: u64) -> bool {
        offset + bytes > self.size
    }
}

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// The head as it is asked or answered, with what follows it.
    pub(super) fn mapper(&mut self, addr: u64, answered: bool) {
        let mut head = [0u8; HEAD];
        let whole = addr != 0 && self.read(addr, &mut head) == HEAD && load(&head[12..16]) >= SIZED;
        if !whole {
            return if addr == 0 { self.hex(0) } else { self.render.address(addr) };
        }
        self.render.open(Group::Array);
        self.render.item();
        self.render.open(Group::Struct);
        let data = self.mapper_head(&head, answered);
        self.render.close(Group::Struct);
        if let Some(data) = data.filter(|&data| data != Data::Nothing) {
            let word = |at: usize| load(&head[at..at + 4]);
            let place = Place { head: addr, start: word(16), size: word(12), count: word(20), answered };
            self.mapper_data(data, place);
        }
        self.render.close(Group::Array);
    }

    pub(super) fn mapper_answer(&mut self, addr: u64) {
        let mut head = [0u8; HEAD];
        if !self.was_readable(addr, HEAD) || self.before.read(addr, &mut head) < HEAD {
            return;
        }
        if load(&head[12..16]) >= SIZED {
            self.render.becomes();
            self.mapper(addr, true);
        }
    }

    /// The members of the head; what follows it, if all is well.
    fn mapper_head(&mut self, head: &[u8; HEAD], answered: bool) -> Option<Data> {
        let word = |at: usize| load(&head[at..at + 4]);
        let index = (self.args[1] & 0xff) as usize;
        let (told, asked, done) = COMMANDS.get(index).copied()?;
        self.render.field("version");
        self.render.open(Group::Array);
        for at in [0, 4, 8] {
            self.render.item();
            self.render.number(word(at), false, Base::Dec, 4);
        }
        self.render.close(Group::Array);
        if word(0) != VERSION {
            self.render.comment(format_args!("unsupported device mapper ABI version"));
            return None;
        }
        self.mapper_number("data_size", word(12));
        if word(12) < HEAD as u64 {
            self.render.comment(format_args!("data_size too small"));
            return None;
        }
        if told & START != 0 {
            self.mapper_number("data_start", word(16));
        }
        if told & DEVICE != 0 {
            let device = load(&head[40..48]);
            if device != 0 {
                self.render.field("dev");
                self.value(&kinds::DEV64, device, None);
            }
            if head[48] != 0 {
                self.net_member("name", Net::Name(128), &head[48..176], 0);
            }
            if head[176] != 0 {
                self.net_member("uuid", Net::Name(129), &head[176..305], 0);
            }
        }
        let counts = answered && told & COUNTS != 0;
        if counts || !answered && told & TARGETS != 0 {
            self.mapper_number("target_count", word(20));
        }
        if counts {
            self.mapper_number("open_count", word(24));
        }
        if counts || !answered && told & EVENT != 0 {
            self.mapper_number("event_nr", word(32));
        }
        self.render.field("flags");
        self.render.set(&MAPPER_FLAGS, word(28), self.abi);
        let messaged = index == TARGET_MSG && answered && word(28) & DATA_OUT != 0;
        Some(if messaged { Data::Text } else { if answered { done } else { asked } })
    }

    fn mapper_number(&mut self, name: &'static str, value: u64) {
        self.render.field(name);
        self.render.number(value, false, Base::Dec, 4);
    }

    fn mapper_data(&mut self, data: Data, place: Place) {
        let none = match data {
            Data::Nothing => true,
            Data::Targets => place.count == 0,
            Data::Text => false,
            _ => place.start == place.size,
        };
        if none {
            return;
        }
        if self.options.abbreviate {
            self.render.item();
            return self.render.more();
        }
        match data {
            Data::Nothing => {}
            Data::Targets => self.mapper_targets(place),
            Data::Names => self.mapper_names(place),
            Data::Versions => self.mapper_versions(place),
            Data::Devices => self.mapper_devices(place),
            Data::Message => self.mapper_message(place),
            Data::Text if place.start > place.size => {
                self.render.item();
                self.render.word(format_args!("???"));
                self.render.comment(format_args!("misplaced string"));
            }
            Data::Text => {
                self.render.item();
                self.render.open(Group::Struct);
                self.mapper_text("string", place, place.start);
                self.render.close(Group::Struct);
            }
        }
    }

    fn misplaced(&mut self, name: &str) {
        self.render.item();
        self.render.word(format_args!("???"));
        self.render.comment(format_args!("misplaced struct {name}"));
    }

    /// Reads the head of a struct in the data; where that cannot be, its address is shown.
    fn mapper_struct(&mut self, place: Place, offset: u64, buf: &mut [u8]) -> bool {
        let at = place.head.wrapping_add(offset);
        self.render.item();
        let whole = self.read(at, buf) == buf.len();
        if !whole {
            self.render.address(at);
        }
        whole
    }

    /// Text up to the end of the data.
    fn mapper_text(&mut self, name: &'static str, place: Place, offset: u64) {
        self.render.field(name);
        let at = place.head.wrapping_add(offset);
        let limit = self.options.string_limit.min(255);
        let length = place.left(offset).min(limit as u64 + 1) as usize;
        let mut buf = [0u8; 256];
        let got = self.read_text(at, &mut buf[..length]);
        let end = buf[..got].iter().position(|&byte| byte == 0);
        if end.is_none() && got < length {
            return self.render.address(at);
        }
        let shown = end.unwrap_or(length).min(limit);
        self.render.text(Text { bytes: &buf[..shown], more: end.is_none() && length != 0, hex: false });
    }

    fn mapper_targets(&mut self, place: Place) {
        let mut offset = place.start;
        for index in 0..place.count.min(MOST) {
            let mut spec = [0u8; SPEC as usize];
            if place.beyond(offset, SPEC) {
                return self.misplaced("dm_target_spec");
            }
            if !self.mapper_struct(place, offset, &mut spec) {
                return;
            }
            self.render.open(Group::Struct);
            for (name, at) in [("sector_start", 0), ("length", 8)] {
                self.render.field(name);
                self.render.number(load(&spec[at..at + 8]), false, Base::Dec, 8);
            }
            if place.answered {
                self.render.field("status");
                let status = i64::from(load(&spec[16..20]) as u32 as i32);
                self.render.number(status as u64, true, Base::Dec, 4);
            }
            self.net_member("target_type", Net::Name(16), &spec[24..40], 0);
            self.mapper_text("string", place, offset + SPEC);
            self.render.close(Group::Struct);
            if index + 1 == place.count {
                return;
            }
            // What is asked counts from the struct, what is answered from the first of them.
            let next = load(&spec[20..24]) + if place.answered { place.start } else { offset };
            if next <= offset + SPEC {
                return self.misplaced("dm_target_spec");
            }
            offset = next;
        }
    }

    fn mapper_names(&mut self, place: Place) {
        let mut offset = place.start;
        for _ in 0..MOST {
            // With its padding.
            let mut named = [0u8; 16];
            if place.beyond(offset, NAMED) {
                return self.misplaced("dm_name_list");
            }
            if !self.mapper_struct(place, offset, &mut named) {
                return;
            }
            self.render.open(Group::Struct);
            self.render.field("dev");
            self.value(&kinds::DEV64, load(&named[..8]), None);
            self.mapper_text("name", place, offset + NAMED);
            self.render.close(Group::Struct);
            match load(&named[8..12]) {
                0 => return,
                next if next <= NAMED => return self.misplaced("dm_name_list"),
                next => offset += next,
            }
        }
    }

    fn mapper_versions(&mut self, place: Place) {
        let mut offset = place.start;
        for _ in 0..MOST {
            let mut version = [0u8; VERSIONS as usize];
            if place.beyond(offset, VERSIONS) {
                return self.misplaced("dm_target_versions");
            }
            if !self.mapper_struct(place, offset, &mut version) {
                return;
            }
            self.render.open(Group::Struct);
            self.mapper_text("name", place, offset + VERSIONS);
            self.render.field("version");
            self.render.open(Group::Array);
            for part in version[4..].chunks_exact(4) {
                self.render.item();
                self.render.number(load(part), false, Base::Dec, 4);
            }
            self.render.close(Group::Array);
            self.render.close(Group::Struct);
            match load(&version[..4]) {
                0 => return,
                next if next <= VERSIONS => return self.misplaced("dm_target_versions"),
                next => offset += next,
            }
        }
    }

    fn mapper_devices(&mut self, place: Place) {
        let mut head = [0u8; 8];
        if place.beyond(place.start, 8) {
            return self.misplaced("dm_target_deps");
        }
        let at = place.head.wrapping_add(place.start);
        if self.read(at, &mut head) < 8 {
            self.render.item();
            return self.render.address(at);
        }
        let count = load(&head[..4]);
        if count > (place.left(place.start) - 8) / 8 {
            return self.misplaced("dm_target_deps");
        }
        self.render.item();
        self.render.open(Group::Struct);
        self.mapper_number("count", count);
        self.render.field("deps");
        self.array(&kinds::DEV64, at.wrapping_add(8), count);
        self.render.close(Group::Struct);
    }

    fn mapper_message(&mut self, place: Place) {
        if place.beyond(place.start, 8) {
            return self.misplaced("dm_target_msg");
        }
        let mut sector = [0u8; 8];
        if !self.mapper_struct(place, place.start, &mut sector) {
            return;
        }
        self.render.open(Group::Struct);
        self.render.field("sector");
        self.render.number(load(&sector), false, Base::Dec, 8);
        self.mapper_text("message", place, place.start + 8);
        self.render.close(Group::Struct);
    }
}
