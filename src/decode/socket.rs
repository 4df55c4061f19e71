//! Socket addresses, messages, options, I/O vectors: sockaddr(3type), recvmsg(2), socket(7).

use std::net::{Ipv4Addr, Ipv6Addr};

use syscall_tables::model::Dir;
use syscall_tables::set::Base;
use syscall_tables::sets;

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render, Text};
use crate::memory::Memory;

/// Size of `struct sockaddr_storage`.
const STORAGE: usize = 128;
/// Most control data that is read.
const MOST_CONTROL: usize = 4096;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    pub(super) fn sockaddr(&mut self, addr: u64, len: u64) {
        let mut buf = [0u8; STORAGE];
        let len = (len as u32 as usize).min(STORAGE);
        if addr == 0 || len < 2 || self.read(addr, &mut buf[..len]) < len {
            return self.render.address(addr);
        }
        let bytes = &buf[..len];
        let family = load(&bytes[..2]);
        self.render.sockaddr(bytes);
        self.render.open(Group::Struct);
        self.render.field("sa_family");
        self.render.set(&sets::net::AF, family, self.abi);
        match family {
            1 if len > 2 => self.unix_path(&bytes[2..]),
            2 if len >= 16 => self.inet(bytes),
            10 if len >= 24 => self.inet6(bytes),
            16 if len >= 12 => {
                self.render.field("nl_pid");
                self.render.number(load(&bytes[4..8]), false, Base::Dec, 4);
                self.render.field("nl_groups");
                let groups = load(&bytes[8..12]);
                self.render.spelled(groups, format_args!("{groups:08x}"));
            }
            1 => {}
            _ => {
                self.render.field("sa_data");
                self.render.text(Text { bytes: &bytes[2..], more: false, hex: false });
            }
        }
        self.render.close(Group::Struct);
    }

    fn unix_path(&mut self, path: &[u8]) {
        self.render.field("sun_path");
        if path[0] == 0 {
            return self.render.abstract_name(Text { bytes: &path[1..], more: false, hex: false });
        }
        let end = path.iter().position(|&b| b == 0).unwrap_or(path.len());
        self.render.text(Text { bytes: &path[..end], more: false, hex: false });
    }

    fn port(&mut self, name: &'static str, bytes: &[u8]) {
        self.render.field(name);
        self.render.port(u16::from_be_bytes([bytes[0], bytes[1]]));
    }

    fn inet(&mut self, bytes: &[u8]) {
        self.port("sin_port", &bytes[2..4]);
        self.render.field("sin_addr");
        self.render.ipv4(Ipv4Addr::new(bytes[4], bytes[5], bytes[6], bytes[7]));
    }

    fn inet6(&mut self, bytes: &[u8]) {
        self.port("sin6_port", &bytes[2..4]);
        self.render.field("sin6_flowinfo");
        let flow = u32::from_be_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]);
        self.render.spelled(u64::from(flow), format_args!("htonl({flow})"));
        let mut octets = [0u8; 16];
        octets.copy_from_slice(&bytes[8..24]);
        self.render.ipv6(Ipv6Addr::from(octets));
        if let Some(scope) = bytes.get(24..28) {
            self.render.field("sin6_scope_id");
            self.render.number(load(scope), false, Base::Dec, 4);
        }
    }

    pub(super) fn socklen(&mut self, addr: u64) {
        match self.number_at(addr, 4) {
            None => self.render.address(addr),
            Some(len) => {
                self.render.open(Group::Target);
                self.render.item();
                self.render.number(u64::from(len as u32), true, Base::Dec, 4);
            }
        }
    }

    pub(super) fn socklen_after(&mut self, addr: u64) {
        let mut old = [0u8; 4];
        if addr == 0 || self.before.read(addr, &mut old) < 4 {
            return;
        }
        let new = self.number_at(addr, 4);
        if let Some(new) = new.filter(|&new| self.succeeded() && new != load(&old)) {
            self.render.becomes();
            self.render.number(new, true, Base::Dec, 4);
        }
        self.render.close(Group::Target);
    }

    /// I/O vectors whose buffers hold `budget` bytes at most.
    pub(super) fn iovec(&mut self, addr: u64, count: u64, budget: u64, dir: Dir) {
        let word = usize::from(self.abi.data_model().word_bytes);
        let mut left = budget;
        let follow = dir == Dir::In || self.succeeded();
        self.elements(addr, count, 2 * word, |decoder, bytes, _| {
            let (base, len) = (load(&bytes[..word]), load(&bytes[word..]));
            let used = len.min(left);
            if budget != u64::MAX {
                left -= used;
            }
            decoder.render.open(Group::Struct);
            decoder.render.field("iov_base");
            if follow {
                decoder.bytes(base, used)
            } else {
                decoder.render.address(base)
            }
            decoder.render.field("iov_len");
            decoder.render.number(len, false, Base::Dec, word as u8);
            decoder.render.close(Group::Struct);
        });
    }

    pub(super) fn msghdr(&mut self, addr: u64, dir: Dir) {
        let word = usize::from(self.abi.data_model().word_bytes);
        let mut buf = [0u8; 56];
        let size = 7 * word;
        if addr == 0 || self.read(addr, &mut buf[..size]) < size {
            return self.render.address(addr);
        }
        let budget =
            if dir == Dir::In { u64::MAX } else { self.outcome.map_or(0, |o| o.value.max(0) as u64) };
        self.msghdr_bytes(&buf[..size], budget, dir);
    }

    fn msghdr_bytes(&mut self, bytes: &[u8], budget: u64, dir: Dir) {
        let word = usize::from(self.abi.data_model().word_bytes);
        let part = |index: usize| load(&bytes[index * word..(index + 1) * word]);
        let (name, name_len, iov, iov_len, control, control_len) =
            (part(0), part(1) & 0xffff_ffff, part(2), part(3), part(4), part(5));
        let flags = part(6) & 0xffff_ffff;
        self.render.open(Group::Struct);
        self.render.field("msg_name");
        if name == 0 {
            self.render.address(0)
        } else {
            self.sockaddr(name, name_len)
        }
        self.render.field("msg_namelen");
        self.render.number(name_len, true, Base::Dec, 4);
        self.render.field("msg_iov");
        self.iovec(iov, iov_len, budget, dir);
        self.render.field("msg_iovlen");
        self.render.number(iov_len, false, Base::Dec, word as u8);
        if control != 0 && control_len != 0 {
            self.render.field("msg_control");
            self.control(control, control_len);
        }
        self.render.field("msg_controllen");
        self.render.number(control_len, false, Base::Dec, word as u8);
        self.render.field("msg_flags");
        self.render.set(&sets::net::MSG, flags, self.abi);
        self.render.close(Group::Struct);
    }

    fn control(&mut self, addr: u64, len: u64) {
        let word = usize::from(self.abi.data_model().word_bytes);
        let size = (len as usize).min(MOST_CONTROL);
        let mut data = vec![0u8; size];
        let head = word + 8;
        if size < head || self.read(addr, &mut data) < size {
            return self.render.address(addr);
        }
        let mut rest = &data[..];
        self.render.open(Group::Array);
        while rest.len() >= head {
            let length = load(&rest[..word]) as usize;
            let (level, kind) = (load(&rest[word..word + 4]), load(&rest[word + 4..head]));
            self.render.item();
            self.render.open(Group::Struct);
            self.render.field("cmsg_len");
            self.render.number(length as u64, false, Base::Dec, word as u8);
            self.render.field("cmsg_level");
            self.render.set(&sets::net::SOL, level, self.abi);
            self.render.field("cmsg_type");
            let end = length.clamp(head, rest.len());
            self.control_data(level, kind, &rest[head..end]);
            self.render.close(Group::Struct);
            if length < head {
                break;
            }
            let next = length.checked_next_multiple_of(word).unwrap_or(usize::MAX);
            rest = rest.get(next..).unwrap_or(&[]);
        }
        self.render.close(Group::Array);
    }

    fn control_data(&mut self, level: u64, kind: u64, data: &[u8]) {
        if level != 1 {
            self.render.number(kind, false, Base::Hex, 4);
            return;
        }
        self.render.set(&sets::net::SCM, kind, self.abi);
        if data.is_empty() {
            return;
        }
        self.render.field("cmsg_data");
        match (kind, data.len()) {
            (1, _) => {
                self.render.open(Group::Array);
                for fd in data.chunks_exact(4) {
                    self.render.item();
                    self.render.fd(load(fd) as i32);
                }
                self.render.close(Group::Array);
            }
            (2, 12) => {
                self.render.open(Group::Struct);
                for (index, name) in ["pid", "uid", "gid"].into_iter().enumerate() {
                    self.render.field(name);
                    self.render.number(load(&data[4 * index..4 * index + 4]), false, Base::Dec, 4);
                }
                self.render.close(Group::Struct);
            }
            _ => self.render.text(Text { bytes: data, more: false, hex: false }),
        }
    }

    pub(super) fn mmsghdr(&mut self, addr: u64, count: u64, dir: Dir) {
        let word = usize::from(self.abi.data_model().word_bytes);
        let done = self.outcome.map_or(0, |o| if o.failed { 0 } else { o.value as u64 });
        let count = if dir == Dir::In { count & 0xffff_ffff } else { done };
        self.elements(addr, count, 8 * word, |decoder, bytes, _| {
            let length = load(&bytes[7 * word..7 * word + 4]);
            decoder.render.open(Group::Struct);
            decoder.render.field("msg_hdr");
            let budget = if dir == Dir::In { u64::MAX } else { length };
            decoder.msghdr_bytes(&bytes[..7 * word], budget, dir);
            if dir != Dir::In {
                decoder.render.field("msg_len");
                decoder.render.number(length, false, Base::Dec, 4);
            }
            decoder.render.close(Group::Struct);
        });
    }

    /// The value of a socket option; its length is argument 4, behind a pointer when reading.
    pub(super) fn socket_option(&mut self, addr: u64) {
        let reading = self.outcome.is_some() && self.signature.is_some_and(|s| s.name.starts_with("get"));
        let len = if reading { self.number_at(self.args[4], 4) } else { Some(self.args[4] & 0xffff_ffff) };
        let Some(len) = len else { return self.render.address(addr) };
        let mut buf = [0u8; 16];
        let size = (len as usize).min(16);
        if addr == 0 || self.read(addr, &mut buf[..size]) < size {
            return self.render.address(addr);
        }
        let (level, name) = (self.args[1] & 0xffff_ffff, self.args[2] & 0xffff_ffff);
        let int = |index: usize| i64::from(load(&buf[4 * index..4 * index + 4]) as i32) as u64;
        match (level, name, len) {
            (1, 13, 8) => self.pair(["l_onoff", "l_linger"], [int(0), int(1)]),
            (1, 20 | 21, 16) => self.pair(["tv_sec", "tv_usec"], [load(&buf[..8]), load(&buf[8..16])]),
            (1, 17, 12) => {
                self.render.open(Group::Struct);
                for (index, field) in ["pid", "uid", "gid"].into_iter().enumerate() {
                    self.render.field(field);
                    self.render.number(int(index), true, Base::Dec, 4);
                }
                self.render.close(Group::Struct);
            }
            (1, 3, 4) => self.boxed(|d| d.render.set(&sets::net::SOCK_TYPE, int(0), d.abi)),
            (1, 38, 4) => self.boxed(|d| d.render.set(&sets::net::IPPROTO, int(0), d.abi)),
            (1, 4, 4) if int(0) != 0 => self.boxed(|d| match syscall_tables::errno::name(int(0) as u32) {
                Some(error) => d.render.named(error, int(0), Base::Dec),
                None => d.render.number(int(0), true, Base::Dec, 4),
            }),
            (_, _, 4) => self.boxed(|d| d.render.number(int(0), true, Base::Dec, 4)),
            _ => self.bytes(addr, len),
        }
    }

    fn boxed(&mut self, show: impl FnOnce(&mut Self)) {
        self.render.open(Group::Target);
        self.render.item();
        show(self);
        self.render.close(Group::Target);
    }

    fn pair(&mut self, names: [&'static str; 2], values: [u64; 2]) {
        self.render.open(Group::Struct);
        for (name, value) in names.into_iter().zip(values) {
            self.render.field(name);
            self.render.number(value, true, Base::Dec, 8);
        }
        self.render.close(Group::Struct);
    }
}
