//! Arguments of ioctl(2) for video devices. Source: include/uapi/linux/videodev2.h, v4l2-controls.h.

use syscall_tables::ioctl::video::CREATE_BUFFERS;
use syscall_tables::ioctl::video_names as names;
use syscall_tables::set::{Base, Set};

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render};
use crate::memory::Memory;

/// Bits of `v4l2_buffer.flags` that are values: the type of time stamps, and when they are taken.
const TIMESTAMP: u64 = 0xe000;
const TIMESTAMP_SOURCE: u64 = 0x7_0000;
/// Bits of the id of a control beside the control.
const NEXT: u64 = 0xc000_0000;
/// Bits of an id that are its class.
const CLASS: u64 = 0xffff_0000;
/// One more than is shown of a list or a string when abbreviated.
const FEW: u64 = 33;
/// Bytes of `struct v4l2_ext_control`, which is packed.
const CONTROL: usize = 20;
/// Where the clips of `struct v4l2_window` stand, and bytes of `struct v4l2_clip` before its pointer.
const CLIPS: u64 = 24;
const CLIP: u64 = 16;
/// The longest text of the characters of a format.
const CHARACTER: usize = 4;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// A word that is taken apart by renderers that want no bare numbers.
    fn apart(&mut self, set: &'static Set, value: u64) {
        self.render.item();
        self.render.set(set, value, self.abi);
    }

    /// Flags of a buffer: bits, and two values.
    pub(super) fn buffer_flags(&mut self, flags: u64) {
        if !self.render.begin_apart(flags) {
            return;
        }
        self.render.open(Group::Or);
        let bits = flags & !(TIMESTAMP | TIMESTAMP_SOURCE);
        if bits != 0 {
            self.apart(&names::BUF_FLAGS, bits);
        }
        self.apart(&names::TIMESTAMP, flags & TIMESTAMP);
        self.apart(&names::TIMESTAMP_SOURCE, flags & TIMESTAMP_SOURCE);
        self.render.close(Group::Or);
    }

    /// The id of a control; `next` where the one behind it may be asked for.
    pub(super) fn control_id(&mut self, id: u64, next: bool) {
        if !self.render.begin_apart(id) {
            return;
        }
        self.render.open(Group::Or);
        let beside = if next { id & NEXT } else { 0 };
        if beside != 0 {
            self.apart(&names::CTRL_NEXT, beside);
        }
        self.render.item();
        let control = id & !beside;
        let class = names::CTRL_CLASS.name_of(self.abi, control & CLASS);
        match class.filter(|_| names::CONTROL.name_of(self.abi, control).is_none()) {
            Some(class) => {
                let mut name = [0u8; 64];
                let text = spell(&mut name, class, control & !CLASS);
                self.render.named(text, control, Base::Hex);
            }
            None => self.render.set(&names::CONTROL, control, self.abi),
        }
        self.render.close(Group::Or);
    }

    /// The format of pixels by its characters.
    pub(super) fn pixel(&mut self, set: &'static Set, format: u64) {
        let mut text = [0u8; 64];
        let mut used = 0;
        for (index, byte) in (format as u32).to_le_bytes().iter().enumerate() {
            if index > 0 {
                used = put(&mut text, used, b", ");
            }
            used = put(&mut text, used, b"'");
            let (quoted, size) = octet(*byte);
            used = put(&mut text, used, &quoted[..size]);
            used = put(&mut text, used, b"'");
        }
        if self.render.fourcc(format, std::str::from_utf8(&text[..used]).unwrap_or_default()) {
            self.named_beside(set, format);
        }
    }

    /// Whether a window of `struct v4l2_format` has clips that can be read, as far as they are wanted.
    pub(super) fn clips_readable(&mut self, format: u64) -> bool {
        let word = u64::from(self.abi.data_model().word_bytes);
        let at = format.wrapping_add(word + CLIPS);
        let (Some(list), Some(count)) =
            (self.number_at(at, word as usize), self.number_at(at.wrapping_add(word), 4))
        else {
            return false;
        };
        let size = CLIP + word.max(4);
        let wanted = count.min(self.most() + 1);
        let last = list.wrapping_add(wanted.saturating_sub(1).wrapping_mul(size));
        let mut clip = [0u8; 24];
        let mut readable = |at| self.read(at, &mut clip[..size as usize]) == size as usize;
        // As many as are shown when abbreviated, for a recording that is looked at so.
        let shown = (0..count.min(FEW))
            .take_while(|&index| list != 0 && readable(list.wrapping_add(index * size)))
            .count();
        list != 0 && count > 0 && shown as u64 >= wanted.min(FEW) && readable(last)
    }

    /// `struct v4l2_ext_controls`, asked and answered; `both` where what is asked is shown too.
    pub(super) fn controls(&mut self, addr: u64, both: bool) {
        let word = usize::from(self.abi.data_model().word_bytes);
        let mut buf = [0u8; 32];
        let size = if word == 4 { 24 } else { 32 };
        let whole = self.as_asked(|decoder| addr != 0 && decoder.read(addr, &mut buf[..size]) == size);
        if !whole {
            return self.render.address(addr);
        }
        let (class, count) = (load(&buf[..4]), load(&buf[4..8]));
        let list = load(&buf[size - word..size]);
        self.render.open(Group::Struct);
        self.render.field("ctrl_class");
        self.render.set(&names::CTRL_CLASS, class, self.abi);
        self.render.field("count");
        self.render.number(count, false, Base::Dec, 4);
        let mut go_on = true;
        if both {
            go_on = self.as_asked(|decoder| decoder.control_list(count, list));
            self.render.close(Group::Struct);
            if !go_on || self.outcome.is_none() {
                return self.touch_controls(count, list);
            }
            self.render.becomes();
            self.render.open(Group::Struct);
        }
        if go_on && self.outcome.is_some() {
            self.control_list(count, list);
            let error = if self.read(addr, &mut buf[..size]) == size { load(&buf[8..12]) } else { 0 };
            if !self.succeeded() && count != 0 {
                self.render.field("error_idx");
                self.render.number(error, false, Base::Dec, 4);
            }
        }
        self.render.close(Group::Struct);
    }

    /// Reads what is shown of controls when abbreviated, for a recording that is looked at so.
    fn touch_controls(&mut self, count: u64, addr: u64) {
        let mut buf = [0u8; CONTROL];
        let mut text = [0u8; FEW as usize];
        for index in 0..count.min(FEW) {
            if addr == 0 || self.read(addr.wrapping_add(index * CONTROL as u64), &mut buf) < CONTROL {
                return;
            }
            let size = load(&buf[4..8]).min(FEW) as usize;
            let at = self.pointer_value(load(&buf[12..20]));
            if size > 0 && at != 0 {
                self.read_data(at, &mut text[..size]);
            }
        }
    }

    /// The controls: whether all of them could be read.
    fn control_list(&mut self, count: u64, addr: u64) -> bool {
        if count == 0 {
            return false;
        }
        self.render.field("controls");
        let mut shown = 0;
        self.elements(addr, count, CONTROL, |decoder, bytes, _| {
            shown += 1;
            let (id, size, value) = (load(&bytes[..4]), load(&bytes[4..8]), load(&bytes[12..20]));
            decoder.render.open(Group::Struct);
            decoder.render.field("id");
            decoder.control_id(id, false);
            decoder.render.field("size");
            decoder.render.number(size, false, Base::Dec, 4);
            if size > 0 {
                decoder.render.field("string");
                let at = decoder.pointer_value(value);
                decoder.bytes(at, size);
            } else {
                decoder.render.field("value");
                decoder.render.number(i64::from(value as u32 as i32) as u64, true, Base::Dec, 4);
                decoder.render.field("value64");
                decoder.render.number(value, true, Base::Dec, 8);
            }
            decoder.render.close(Group::Struct);
        });
        shown == count || shown == self.most()
    }

    /// Bytes of `struct v4l2_create_buffers`.
    fn created_size(&self) -> usize {
        usize::from(rows_size(self.args[1] as u32))
    }

    /// The numbers of the buffers that were made, behind the result.
    pub(super) fn created_buffers(&mut self) {
        if !CREATE_BUFFERS.contains(&(self.args[1] as u32)) || !self.succeeded() {
            return;
        }
        let mut buf = [0u8; 8];
        let shown = self.as_asked(|decoder| {
            decoder.read(decoder.args[2], &mut [0u8; 256][..decoder.created_size()]) == decoder.created_size()
        });
        if self.args[2] == 0 || !shown || self.read(self.args[2], &mut buf) < 8 {
            return;
        }
        self.render.detail("buffers");
        self.render.note(format_args!(""));
        self.render.open(Group::Struct);
        for (name, bytes) in [("index", &buf[..4]), ("count", &buf[4..])] {
            self.render.field(name);
            self.render.number(load(bytes), false, Base::Dec, 4);
        }
        self.render.close(Group::Struct);
    }
}

/// The size that a command carries.
const fn rows_size(command: u32) -> u16 {
    syscall_tables::ioctl::parts(command).3
}

/// Appends as far as there is room.
fn put(text: &mut [u8; 64], used: usize, more: &[u8]) -> usize {
    let end = (used + more.len()).min(text.len());
    text[used..end].copy_from_slice(&more[..end - used]);
    end
}

/// A byte in the characters of a format: as it is where it is printable.
fn octet(byte: u8) -> ([u8; CHARACTER], usize) {
    let digit = |value: u8| b"0123456789abcdef"[usize::from(value & 15)];
    match byte {
        b'\'' | b'\\' => ([b'\\', byte, 0, 0], 2),
        b' '..=b'~' => ([byte, 0, 0, 0], 1),
        _ => ([b'\\', b'x', digit(byte >> 4), digit(byte)], 4),
    }
}

/// `CLASS+0x10`.
fn spell<'a>(text: &'a mut [u8; 64], class: &str, number: u64) -> &'a str {
    use std::io::Write;
    let mut room = &mut text[..];
    let all = room.len();
    let _ = match number {
        0 => write!(room, "{class}+0"),
        _ => write!(room, "{class}+{number:#x}"),
    };
    let used = all - room.len();
    std::str::from_utf8(&text[..used]).unwrap_or_default()
}
