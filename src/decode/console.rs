//! Arguments of ioctl(2) for consoles and keyboards. Source: ioctl_console(2), include/uapi/linux/kd.h, keyboard.h.

use syscall_tables::ioctl::console;
use syscall_tables::set::Base;
use syscall_tables::structs::Struct;

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render};
use crate::memory::Memory;

/// The longest text of a function key.
const KEY_TEXT: usize = 512;
/// The longest name of a font, its NUL included.
const FONT_NAME: u8 = 31;
/// How many accents there are room for, and places on a screen map.
const ACCENTS: u64 = 256;
const PLACES: u64 = 256;
/// UNI_DIRECT_BASE, where the characters of a font stand as they are.
const DIRECT: u64 = 0xf000;
const DIRECT_MASK: u64 = 0x1ff;
/// Operations on fonts.
const SET: u64 = 0;
const GET: u64 = 1;
const SET_DEFAULT: u64 = 2;
const COPY: u64 = 3;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    fn dec(&mut self, name: &'static str, value: u64, bytes: u8) {
        self.render.field(name);
        self.render.number(value, false, Base::Dec, bytes);
    }

    /// `struct kbentry`: of one that is asked for, the value is known later.
    pub(super) fn key_entry(&mut self, addr: u64, set: bool) {
        let mut buf = [0u8; 4];
        let least = 2;
        // Looked at even where only addresses are wanted, as strace does.
        let read = self.as_asked(|decoder| decoder.read_data(addr, &mut buf[..least]));
        if addr == 0 || read < least {
            return self.render.address(addr);
        }
        let table = u64::from(buf[0]);
        let set_of = if table < 4 { &console::KEY_TABLE } else { &console::KEY_MODIFIERS };
        self.render.open(Group::Struct);
        self.render.field("kb_table");
        self.render.set(set_of, table, self.abi);
        self.dec("kb_index", u64::from(buf[1]), 1);
        if set || self.succeeded() {
            self.render.field("kb_value");
            if self.read_data(addr, &mut buf) == 4 {
                self.key_value(load(&buf[2..]));
            } else {
                self.render.word(format_args!("???"));
            }
        }
        self.render.close(Group::Struct);
    }

    /// What a key does.
    fn key_value(&mut self, value: u64) {
        let (kind, low) = (value >> 8, value & 0xff);
        self.render.number(value, false, Base::Hex, 2);
        if let Some(name) = console::KEY_VALUE.name_of(self.abi, value) {
            return self.render.remark(format_args!("{name}"));
        }
        let name = console::KEY_TYPE.name_of(self.abi, kind);
        match (kind, name) {
            (1, _) => self.render.remark(format_args!("K_F{}", function_key(low))),
            (_, Some(name)) if console::CHARACTERS.contains(&kind) => {
                let text = Quoted(low as u8);
                self.render.remark(format_args!("K({name}, {text})"));
            }
            (_, Some(name)) => self.render.remark(format_args!("K({name}, {})", Zero(low))),
            _ => self.render.remark(format_args!("K({}, {})", Zero(kind), Zero(low))),
        }
    }

    /// `struct kbsentry`.
    pub(super) fn key_string(&mut self, addr: u64, set: bool) {
        let Some(key) = self.as_asked(|decoder| decoder.number_at(addr, 1)) else {
            return self.render.address(addr);
        };
        self.render.open(Group::Struct);
        self.render.field("kb_func");
        if self.render.begin_whole(key, false, Base::Hex, true) {
            match console::KEY_VALUE.name_of(self.abi, 0x100 | key) {
                Some(name) => self.render.word(format_args!("KVAL({name})")),
                None => self.render.word(format_args!("KVAL(K_F{})", function_key(key))),
            }
            self.render.end_whole();
        }
        if set || self.succeeded() {
            self.render.field("kb_string");
            if !self.bounded_string(addr.wrapping_add(1), KEY_TEXT) {
                self.render.word(format_args!("???"));
            }
        }
        self.render.close(Group::Struct);
    }

    /// `struct kbdiacrs`, or `struct kbdiacrsuc` when `wide`.
    pub(super) fn accents(&mut self, addr: u64, set: bool, wide: bool) {
        let count = if set || self.succeeded() { self.number_at(addr, 4) } else { None };
        let Some(count) = count else { return self.render.address(addr) };
        self.render.open(Group::Struct);
        self.dec("kb_cnt", count, 4);
        let (name, size, strukt) = match wide {
            true => ("kbdiacruc", 12, &console::WIDE_ACCENT),
            false => ("kbdiacr", 3, &console::ACCENT),
        };
        self.render.field(name);
        self.accent_list(addr.wrapping_add(4), count, size, strukt);
        self.render.close(Group::Struct);
    }

    /// Accents in a row, of which there is room for so many: what lies behind them is not looked at.
    fn accent_list(&mut self, list: u64, count: u64, size: usize, strukt: &'static Struct) {
        let mut buf = [0u8; 12];
        let most = self.most();
        if count <= ACCENTS || most < ACCENTS || self.read(list, &mut buf[..size]) < size {
            return self.elements(list, count, size, |decoder, bytes, at| decoder.strukt(strukt, bytes, at));
        }
        self.render.open(Group::Array);
        for index in 0..=ACCENTS {
            let at = list.wrapping_add(index * size as u64);
            self.render.item();
            if index == ACCENTS {
                self.render.more();
            } else if self.read(at, &mut buf[..size]) < size {
                self.render.more();
                self.render.comment(format_args!("{at:#x}"));
                break;
            } else {
                self.strukt(strukt, &buf[..size], at);
            }
        }
        self.render.close(Group::Array);
    }

    /// Where the characters of a screen are in Unicode.
    pub(super) fn screen_map(&mut self, addr: u64, set: bool) {
        if !set && !self.succeeded() {
            return self.render.address(addr);
        }
        self.elements(addr, PLACES, 2, |decoder, bytes, _| {
            let place = load(bytes);
            if place & !DIRECT_MASK != DIRECT {
                decoder.render.number(place, false, Base::Hex, 2);
            } else if decoder.render.begin_whole(place, false, Base::Hex, true) {
                decoder.render.word(format_args!("UNI_DIRECT_BASE+{}", Zero(place & DIRECT_MASK)));
                decoder.render.end_whole();
            }
        });
    }

    /// `struct unimapdesc`.
    pub(super) fn glyph_map(&mut self, addr: u64, set: bool) {
        let word = usize::from(self.abi.data_model().word_bytes);
        let mut buf = [0u8; 16];
        let whole =
            self.as_asked(|decoder| addr != 0 && decoder.read(addr, &mut buf[..2 * word]) == 2 * word);
        if !whole {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        let mut count = load(&buf[..2]);
        self.dec("entry_ct", count, 2);
        if !set && self.outcome.is_some() {
            self.render.becomes();
            let filled = self.number_at(addr, 2);
            count = filled.unwrap_or(count);
            self.render.number(count, false, Base::Dec, 2);
        }
        self.render.field("entries");
        let list = load(&buf[word..2 * word]);
        if list == 0 || !set && !self.succeeded() {
            self.render.address(list);
        } else {
            self.elements(list, count, 4, |decoder, bytes, at| decoder.strukt(&console::PAIR, bytes, at));
        }
        self.render.close(Group::Struct);
    }

    /// `struct consolefontdesc`.
    pub(super) fn console_font(&mut self, addr: u64, set: bool) {
        let shown = self.as_asked(|decoder| decoder.font(addr, set));
        if shown && !set && self.succeeded() {
            self.render.becomes();
            self.font(addr, true);
        }
    }

    fn font(&mut self, addr: u64, data: bool) -> bool {
        let word = usize::from(self.abi.data_model().word_bytes);
        let mut buf = [0u8; 16];
        let size = 2 * word.max(4);
        let size = if word == 4 { 8 } else { size };
        if addr == 0 || self.read(addr, &mut buf[..size]) < size {
            self.render.address(addr);
            return false;
        }
        let (count, at) = (load(&buf[..2]), load(&buf[size - word..size]));
        self.render.open(Group::Struct);
        self.dec("charcount", count, 2);
        self.dec("charheight", load(&buf[2..4]), 2);
        self.render.field("chardata");
        if data {
            self.buffer(at, 32 * count.min(512), true);
        } else {
            self.render.address(at);
        }
        self.render.close(Group::Struct);
        true
    }

    /// `struct console_font_op`.
    pub(super) fn font_operation(&mut self, addr: u64) {
        let shown = self.as_asked(|decoder| decoder.font_asked(addr));
        let Some(operation) = shown.filter(|_| self.succeeded()) else { return };
        if operation != SET && operation != COPY {
            self.render.becomes();
            self.font_answered(addr, operation);
        }
    }

    fn font_op(&mut self, addr: u64) -> Option<([u64; 5], u64)> {
        let word = usize::from(self.abi.data_model().word_bytes);
        let mut buf = [0u8; 32];
        let size = if word == 4 { 24 } else { 32 };
        if addr == 0 || self.read(addr, &mut buf[..size]) < size {
            self.render.address(addr);
            return None;
        }
        let mut numbers = [0; 5];
        for (number, bytes) in numbers.iter_mut().zip(buf.chunks_exact(4)) {
            *number = load(bytes);
        }
        Some((numbers, load(&buf[size - word..size])))
    }

    fn font_asked(&mut self, addr: u64) -> Option<u64> {
        let ([operation, flags, width, height, count], data) = self.font_op(addr)?;
        self.render.open(Group::Struct);
        self.render.field("op");
        self.render.set(&console::FONT_OP, operation, self.abi);
        match operation {
            SET_DEFAULT => {
                self.dec("width", width, 4);
                self.dec("height", height, 4);
                self.render.field("data");
                self.shortened_string(data, FONT_NAME);
            }
            COPY => self.dec("height", height, 4),
            _ => {
                self.render.field("flags");
                self.render.set(&console::FONT_FLAGS, flags, self.abi);
                self.font_members([width, height, count], data, operation == SET);
            }
        }
        self.render.close(Group::Struct);
        Some(operation)
    }

    fn font_answered(&mut self, addr: u64, operation: u64) {
        let Some(([_, _, width, height, count], data)) = self.font_op(addr) else { return };
        self.render.open(Group::Struct);
        if operation == SET_DEFAULT {
            self.dec("width", width, 4);
            self.dec("height", height, 4);
        } else {
            self.font_members([width, height, count], data, operation == GET);
        }
        self.render.close(Group::Struct);
    }

    fn font_members(&mut self, [width, height, count]: [u64; 3], data: u64, known: bool) {
        self.dec("width", width, 4);
        self.dec("height", height, 4);
        self.dec("charcount", count, 4);
        self.render.field("data");
        if known {
            let bytes = width.div_ceil(8).saturating_mul(32).saturating_mul(count);
            self.buffer(data, bytes, true);
        } else {
            self.render.address(data);
        }
    }
}

/// The number of the key whose value has these low bits and no other name.
const fn function_key(low: u64) -> u64 {
    if low < 0x14 { low + 1 } else { low - 9 }
}

/// A number in hexadecimal, but for zero.
struct Zero(u64);

impl std::fmt::Display for Zero {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 == 0 { f.write_str("0") } else { write!(f, "{:#x}", self.0) }
    }
}

/// A character as in C.
pub(super) struct Quoted(pub(super) u8);

impl std::fmt::Display for Quoted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let byte = self.0;
        match byte {
            b'\'' | b'\\' => write!(f, "'\\{}'", char::from(byte)),
            b' '..=b'~' => write!(f, "'{}'", char::from(byte)),
            b'\t' => f.write_str("'\\t'"),
            b'\n' => f.write_str("'\\n'"),
            0xb => f.write_str("'\\v'"),
            0xc => f.write_str("'\\f'"),
            b'\r' => f.write_str("'\\r'"),
            _ => write!(f, "'\\x{byte:02x}'"),
        }
    }
}
