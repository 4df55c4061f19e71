//! Messages of sockets and their control data: sendmsg(2), recvmsg(2), cmsg(3).

use syscall_tables::layout;
use syscall_tables::model::{Custom, Dir, Kind};
use syscall_tables::net::Net;
use syscall_tables::set::Base;
use syscall_tables::sets::{message as names, net as sets};
use syscall_tables::structs::Struct;

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render, Text};
use crate::memory::Memory;

/// Most control data that is read.
const MOST_CONTROL: usize = 1 << 16;
/// Up to so much of it needs no allocation.
const FEW_CONTROL: usize = 512;
/// Most messages of a vector whose lengths are remembered: UIO_MAXIOV.
const MOST_MESSAGES: u64 = 1024;
const SOL_IP: u64 = 0;
const SOL_SOCKET: u64 = 1;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    fn word(&self) -> usize {
        usize::from(self.abi.data_model().word_bytes)
    }

    /// `struct msghdr`. One that nothing was received in shows the length of its address only.
    pub(super) fn msghdr(&mut self, addr: u64, dir: Dir) {
        let word = self.word();
        let mut buf = [0u8; 56];
        let size = 7 * word;
        if dir != Dir::In && !self.succeeded() {
            return self.msghdr_unfilled(addr);
        }
        if addr == 0 || self.read(addr, &mut buf[..size]) < size {
            return self.render.address(addr);
        }
        let budget = match dir {
            Dir::In => u64::MAX,
            _ => self.outcome.map_or(0, |o| o.value.max(0) as u64),
        };
        let old = self.name_length_before(addr, dir);
        self.msghdr_bytes(&buf[..size], budget, old, dir);
    }

    /// The return value of recvmmsg(2): how many, and the time that was left of a timeout.
    pub(super) fn messages_return(&mut self, raw: u64, timeout: &'static Kind) {
        self.render.number(raw, true, Base::Dec, 4);
        let addr = self.args[4];
        if raw == 0 {
            self.render.detail("timeout");
            self.render.note(format_args!("Timeout"));
        } else if addr != 0 {
            self.render.detail("left");
            self.render.note(format_args!("left "));
            self.target(timeout, addr);
            self.render.note(format_args!(""));
        }
    }

    /// What a call that failed shows of its `struct msghdr`: what the caller put there.
    fn msghdr_unfilled(&mut self, addr: u64) {
        let word = self.word();
        let mut buf = [0u8; 56];
        if addr == 0 || self.before.read(addr, &mut buf[..7 * word]) < 7 * word {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        self.name_length(load(&buf[word..word + 4]), None);
        self.render.close(Group::Struct);
    }

    /// Reads what a received message will be compared with, while it is still the caller's.
    pub(super) fn message_lengths(&mut self, custom: Custom, addr: u64) {
        let word = self.word();
        let (count, size) = match custom {
            Custom::MsgHdr(Dir::Out) => (1, 7 * word),
            Custom::MmsgHdr(Dir::Out, count) => (self.sibling(count, None) & 0xffff_ffff, 8 * word),
            _ => return,
        };
        let mut buf = [0u8; 64];
        for index in 0..count.min(MOST_MESSAGES) {
            if addr == 0 || self.read(addr.wrapping_add(index * size as u64), &mut buf[..size]) < size {
                break;
            }
        }
    }

    /// The length of the address as the caller gave it, where the kernel may have changed it.
    fn name_length_before(&mut self, addr: u64, dir: Dir) -> Option<u64> {
        let at = addr.wrapping_add(self.word() as u64);
        let mut old = [0u8; 4];
        (dir != Dir::In && self.before.read(at, &mut old) == 4).then(|| load(&old))
    }

    fn name_length(&mut self, now: u64, before: Option<u64>) {
        let int = |value: u64| i64::from(value as u32 as i32) as u64;
        self.render.field("msg_namelen");
        if let Some(before) = before.filter(|before| int(*before) != int(now)) {
            self.render.number(int(before), true, Base::Dec, 4);
            self.render.becomes();
        }
        self.render.number(int(now), true, Base::Dec, 4);
    }

    fn msghdr_bytes(&mut self, bytes: &[u8], budget: u64, old: Option<u64>, dir: Dir) {
        let word = self.word();
        let part = |index: usize| load(&bytes[index * word..(index + 1) * word]);
        let (name, name_len, iov, iov_len, control, control_len) =
            (part(0), part(1) & 0xffff_ffff, part(2), part(3), part(4), part(5));
        let flags = part(6) & 0xffff_ffff;
        self.render.open(Group::Struct);
        self.render.field("msg_name");
        self.sockaddr(name, old.map_or(name_len, |old| name_len.min(old)));
        self.name_length(name_len, old);
        self.render.field("msg_iov");
        let speaks = self.header_speaks(name, old.map_or(name_len, |old| name_len.min(old)));
        match iov {
            0 => self.render.address(0),
            _ => self.iovec_of(speaks, iov, iov_len, budget, dir),
        }
        self.render.field("msg_iovlen");
        self.render.number(iov_len, false, Base::Dec, word as u8);
        if control_len != 0 {
            self.render.field("msg_control");
            self.control(control, control_len);
        }
        self.render.field("msg_controllen");
        self.render.number(control_len, false, Base::Dec, word as u8);
        self.render.field("msg_flags");
        self.render.set(&sets::MSG, flags, self.abi);
        self.render.close(Group::Struct);
    }

    fn control(&mut self, addr: u64, len: u64) {
        let word = self.word();
        let size = (len as usize).min(MOST_CONTROL);
        let head = word + 8;
        let (mut few, mut many) = ([0u8; FEW_CONTROL], Vec::new());
        let data = if size <= FEW_CONTROL {
            &mut few[..size]
        } else {
            many.resize(size, 0);
            &mut many[..]
        };
        if addr == 0 || size < head || self.read(addr, data) < size {
            return self.render.address(addr);
        }
        let (mut at, mut whole) = (0, true);
        self.render.open(Group::Array);
        loop {
            let rest = &data[at..];
            if rest.len() < head || !whole {
                if !rest.is_empty() {
                    self.render.item();
                    self.render.more();
                    self.render.comment(format_args!("{:#x}", addr.wrapping_add(at as u64)));
                }
                break;
            }
            let length = load(&rest[..word]);
            let (level, kind) = (load(&rest[word..word + 4]), load(&rest[word + 4..head]));
            self.render.item();
            self.render.open(Group::Struct);
            self.render.field("cmsg_len");
            self.render.number(length, false, Base::Dec, word as u8);
            self.render.field("cmsg_level");
            self.render.set(&names::LEVEL, level, self.abi);
            self.render.field("cmsg_type");
            let end = length.clamp(head as u64, rest.len() as u64) as usize;
            self.control_data(level, kind, &rest[head..end], addr.wrapping_add((at + head) as u64));
            self.render.close(Group::Struct);
            let step = (length.clamp(head as u64, 1 << 32) as usize).next_multiple_of(word);
            if step > rest.len() {
                break;
            }
            at += step;
            whole = length >= head as u64;
        }
        self.render.close(Group::Array);
    }

    fn control_data(&mut self, level: u64, kind: u64, data: &[u8], addr: u64) {
        match level {
            SOL_SOCKET => self.render.set(&names::SCM, kind, self.abi),
            SOL_IP => self.render.set(&names::IP_CMSG, kind, self.abi),
            _ => return self.render.number(kind, false, Base::Hex, 4),
        }
        let Some(form) = names::FORMS.iter().find(|row| row.0 == level && row.1 == kind) else { return };
        if data.len() < form.2.least(self.abi.data_model()) {
            return;
        }
        self.render.field("cmsg_data");
        match form.2 {
            names::Form::Fds => self.parts(data, 4, |d, part| d.render.fd(load(part) as i32)),
            names::Form::Ints => {
                self.parts(data, 4, |d, part| d.render.number(load(part), false, Base::Dec, 4))
            }
            names::Form::Bytes => {
                self.parts(data, 1, |d, part| d.render.number(load(part), false, Base::Hex, 1))
            }
            names::Form::Text => self.render.text(Text { bytes: data, more: false, hex: false }),
            names::Form::Struct(strukt) => self.strukt(strukt, data, addr),
            names::Form::Stamp(strukt) => self.stamps(strukt, 1, data, addr),
            names::Form::Stamps(strukt) => self.stamps(strukt, 3, data, addr),
            names::Form::Address => self.sockaddr_bytes(&data[..data.len().min(128)], addr),
            names::Form::Protocol => {
                self.parts(data, 4, |d, part| d.render.set(&sets::IPPROTO, load(part), d.abi));
            }
            names::Form::Error => {
                self.render.open(Group::Struct);
                self.every_member(&names::EXTENDED_ERROR, data, addr);
                self.net_member("offender", Net::Address(0), &data[16..32], addr.wrapping_add(16));
                self.render.close(Group::Struct);
            }
        }
    }

    /// The elements of control data, as many as are whole.
    fn parts(&mut self, data: &[u8], size: usize, mut show: impl FnMut(&mut Self, &[u8])) {
        let most = self.most() as usize;
        self.render.open(Group::Array);
        for (index, part) in data.chunks_exact(size).enumerate() {
            self.render.item();
            if index >= most {
                self.render.more();
                break;
            }
            show(self, part);
        }
        self.render.close(Group::Array);
    }

    /// Timestamps: `count` structs and nothing else.
    fn stamps(&mut self, strukt: &'static Struct, count: usize, data: &[u8], addr: u64) {
        let size = layout::size_of(strukt, self.abi.data_model());
        if data.len() < count * size {
            return self.render.word(format_args!("???"));
        }
        if count == 1 {
            return self.strukt(strukt, &data[..size], addr);
        }
        self.render.open(Group::Array);
        for part in data.chunks_exact(size).take(count) {
            self.render.item();
            self.strukt(strukt, part, addr);
        }
        self.render.close(Group::Array);
    }

    /// `struct mmsghdr` array: those that were sent or received have a length.
    pub(super) fn mmsghdr(&mut self, addr: u64, count: u64, dir: Dir) {
        let word = self.word();
        let done = self.outcome.map_or(0, |o| if o.failed { 0 } else { o.value as u64 });
        let room = count & 0xffff_ffff;
        let (count, most) = if dir == Dir::In { (room, self.most()) } else { (done, self.most().min(room)) };
        let mut index = 0;
        if addr == 0 || dir != Dir::In && !self.succeeded() {
            return self.render.address(addr);
        }
        self.elements_up_to(most, addr, count, 8 * word, |decoder, bytes, at| {
            let length = load(&bytes[7 * word..7 * word + 4]);
            decoder.render.open(Group::Struct);
            decoder.render.field("msg_hdr");
            let budget = if dir == Dir::In { u64::MAX } else { length };
            let old = decoder.name_length_before(at, dir);
            decoder.msghdr_bytes(&bytes[..7 * word], budget, old, dir);
            index += 1;
            if index <= done {
                decoder.render.field("msg_len");
                decoder.render.number(length, false, Base::Dec, 4);
            }
            decoder.render.close(Group::Struct);
        });
    }
}
