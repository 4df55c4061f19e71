//! Members of the structs of devices that need code, and what ioctl(2) returns.

use syscall_tables::device::{Device, Variant};
use syscall_tables::ioctl::family::DESCRIPTORS;
use syscall_tables::layout;
use syscall_tables::model::{Custom, Kind, Shape};
use syscall_tables::set::{Base, Set};

use super::console::Quoted;
use super::interpret::{Frame, load};
use super::render::{Group, Render};
use super::{Decoder, Side};
use crate::memory::Memory;

/// The longest struct of a device.
const LONGEST: usize = 1280;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// Does something with the memory as the call found it.
    pub(super) fn as_asked<T>(&mut self, look: impl FnOnce(&mut Self) -> T) -> T {
        let side = std::mem::replace(&mut self.side, Side::Entry);
        let result = look(self);
        self.side = side;
        result
    }

    /// Whether a struct of an answer has anything to show: unions may hold nothing that is known.
    pub(super) fn answers(&mut self, kind: &Kind, addr: u64) -> bool {
        let Shape::Struct(strukt) = kind.shape else { return true };
        let mut buf = [0u8; LONGEST];
        let size = layout::kind(kind, self.abi.data_model()).size.min(LONGEST);
        if self.read(addr, &mut buf[..size]) < size {
            return false;
        }
        let frame = Frame { strukt, bytes: &buf[..size] };
        let [only] = strukt.show else { return true };
        let member = &strukt.members[usize::from(only.index)];
        match member.kind.shape {
            Shape::Custom(Custom::Device(Device::Union(by, variants, ..))) => {
                match variant(variants, self.sibling(by, Some(frame))) {
                    Some((_, "fmt.win", _)) => {
                        let known = self.as_asked(|decoder| decoder.clips_readable(addr));
                        if !known {
                            self.clips_readable(addr);
                        }
                        known
                    }
                    found => found.is_some(),
                }
            }
            _ => true,
        }
    }

    /// A member with its name, where it is shown at all.
    pub(super) fn device_member(
        &mut self,
        name: &'static str,
        device: Device,
        bytes: &[u8],
        addr: u64,
        frame: Frame<'_>,
    ) {
        match device {
            Device::Rest(..) | Device::Nonzero(_) if bytes.iter().all(|&byte| byte == 0) => {}
            Device::Answer(_) if !self.succeeded() => {}
            Device::Union(by, variants, ..) => {
                if let Some((_, name, kind)) = variant(variants, self.sibling(by, Some(frame))) {
                    let size = layout::kind(kind, self.abi.data_model()).size.min(bytes.len());
                    self.render.field(name);
                    self.place(kind, &bytes[..size], addr, Some(frame));
                }
            }
            Device::ByBits(of, bits, some, other) => {
                let shown = if self.sibling(of, Some(frame)) & bits != 0 { Some(some) } else { other };
                let Some((name, kind)) = shown else { return };
                if let Shape::Custom(Custom::Device(device)) = kind.shape {
                    return self.device_member(name, device, bytes, addr, frame);
                }
                self.render.field(name);
                self.place(kind, bytes, addr, Some(frame));
            }
            Device::More => {
                self.render.item();
                self.render.more();
            }
            _ => {
                self.render.field(name);
                self.device_value(device, bytes, addr, Some(frame));
            }
        }
    }

    /// A member: `bytes` are as many as it has.
    pub(super) fn device_value(&mut self, device: Device, bytes: &[u8], addr: u64, frame: Option<Frame<'_>>) {
        match device {
            Device::Rest(kind, count) => self.row_of(kind, bytes, addr, u64::from(count), frame),
            Device::Whole(kind, count) => self.every_one(kind, bytes, addr, u64::from(count), frame),
            Device::First(kind, count, of) => {
                let count = self.sibling(of, frame).min(u64::from(count));
                self.row_of(kind, bytes, addr, count, frame);
            }
            Device::Nonzero(kind) | Device::Answer(kind) => self.place(kind, bytes, addr, frame),
            Device::Samples(kind, most, of) => {
                let count = (2 * self.sibling(of, frame) + 1).min(u64::from(most));
                self.row_of(kind, bytes, addr, count, frame);
            }
            Device::Detail(brief, full) => {
                let kind = if self.options.abbreviate { brief } else { full };
                self.place(kind, bytes, addr, frame);
            }
            Device::Dated(kind) => {
                self.place(kind, bytes, addr, frame);
                let (seconds, fraction) = (load(&bytes[..8]), load(&bytes[8..12]));
                if fraction < 1_000_000_000 {
                    self.date_beside(seconds, fraction, 9, |render, text| render.remark(text));
                }
            }
            Device::LineAttribute(masked) => self.line_attribute(bytes, masked, addr),
            Device::KeyCodes => self.key_codes(bytes),
            Device::TrustedAttribute => self.trusted_attribute(load(bytes)),
            Device::Changed(kind) => self.changed(kind, bytes, addr, frame),
            Device::Pixel(set) => self.pixel(set, load(bytes)),
            Device::Fraction => {
                let (above, below) = (load(&bytes[..4]), load(&bytes[4..8]));
                self.render.spelled(above, format_args!("{above}/{below}"));
            }
            Device::Version => {
                let version = load(bytes);
                let [major, minor, patch] = [version >> 16, version >> 8 & 0xff, version & 0xff];
                if self.render.begin_whole(version, false, Base::Hex, true) {
                    self.render.word(format_args!("KERNEL_VERSION({major}, {minor}, {patch})"));
                    self.render.end_whole();
                }
            }
            Device::Character => {
                self.render.symbol(u64::from(bytes[0]), format_args!("{}", Quoted(bytes[0])))
            }
            Device::BufferFlags => self.buffer_flags(load(bytes)),
            Device::Control(next) => self.control_id(load(bytes), next),
            Device::Union(..) | Device::ByBits(..) | Device::More => {}
        }
    }

    /// Values in a row, all of them.
    fn every_one(
        &mut self,
        kind: &'static Kind,
        bytes: &[u8],
        addr: u64,
        count: u64,
        frame: Option<Frame<'_>>,
    ) {
        let limit = std::mem::replace(&mut self.options.string_limit, count as usize);
        self.row_of(kind, bytes, addr, count, frame);
        self.options.string_limit = limit;
    }

    /// Values in a row, of which the first `count` count.
    fn row_of(&mut self, kind: &'static Kind, bytes: &[u8], addr: u64, count: u64, frame: Option<Frame<'_>>) {
        let size = layout::kind(kind, self.abi.data_model()).size.max(1);
        let most = self.most() as usize;
        self.render.open(Group::Array);
        for (index, chunk) in bytes.chunks_exact(size).take(count as usize).enumerate() {
            self.render.item();
            if index >= most {
                self.render.more();
                break;
            }
            self.place(kind, chunk, addr.wrapping_add((index * size) as u64), frame);
        }
        self.render.close(Group::Array);
    }

    /// A value as asked and, after success, as answered.
    fn changed(&mut self, kind: &'static Kind, bytes: &[u8], addr: u64, frame: Option<Frame<'_>>) {
        self.place(kind, bytes, addr, frame);
        if !self.succeeded() {
            return;
        }
        let mut buf = [0u8; 8];
        let size = bytes.len().min(8);
        let side = std::mem::replace(&mut self.side, Side::Exit);
        if self.read(addr, &mut buf[..size]) == size {
            self.render.becomes();
            self.place(kind, &buf[..size], addr, frame);
        }
        self.side = side;
    }

    /// A value of a set that is a comment beside what stands for the number.
    pub(super) fn named_beside(&mut self, set: &'static Set, value: u64) {
        if let Some(name) = set.name_of(self.abi, value) {
            self.render.comment(format_args!("{name}"));
        }
    }

    /// What ioctl returns, which may be told of in its struct.
    pub(super) fn ioctl_return(&mut self, raw: u64) {
        if self.succeeded() && DESCRIPTORS.contains(&(self.args[1] as u32)) {
            return self.render.fd(raw as i32);
        }
        self.render.number(i64::from(raw as u32 as i32) as u64, true, Base::Dec, 4);
        self.created_buffers();
    }
}

fn variant(variants: &'static [Variant], value: u64) -> Option<&'static Variant> {
    variants.iter().find(|row| row.0.contains(&value))
}
