//! Values of socket options: getsockopt(2), setsockopt(2). Which option has which form is in the tables.

use syscall_tables::layout;
use syscall_tables::set::Base;
use syscall_tables::sets::net as sets;
use syscall_tables::sockopt::{self, Value};
use syscall_tables::structs::Struct;

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render, Text};
use crate::memory::Memory;

/// Largest struct of an option.
const LARGEST: usize = 320;
/// Most address bytes of `struct packet_mreq`, and its size.
const MEMBERSHIP: usize = 16;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// The value of a socket option; its length is argument 4, behind a pointer when reading.
    pub(super) fn socket_option(&mut self, addr: u64) {
        let reading = self.signature.is_some_and(|s| s.name.starts_with("get"));
        let len = if reading { self.number_at(self.args[4], 4) } else { Some(self.args[4]) };
        let len = len.map(|len| i64::from(len as u32 as i32));
        let Some(len) = len.filter(|len| *len > 0 || !reading) else {
            return self.render.address(addr);
        };
        let (level, name) = (self.args[1] & 0xffff_ffff, self.args[2] & 0xffff_ffff);
        let table = if reading { sockopt::GET } else { sockopt::SET };
        let len = len as u64;
        match sockopt::form(table, level, name) {
            None if len == 4 => {
                self.int_option(addr, len, |d, value| d.render.number(value, true, Base::Dec, 4))
            }
            None => self.bytes(addr, len),
            Some(Value::Int | Value::Errno | Value::Fd) if len < 4 => self.buffer(addr, len, true),
            Some(Value::Named(_)) if len < 4 && reading => self.buffer(addr, len, true),
            Some(_) if len >> 63 != 0 => self.render.address(addr),
            Some(Value::AnyInt) => {
                self.int_option(addr, 4, |d, value| d.render.number(value, true, Base::Dec, 4));
            }
            Some(Value::Int | Value::WholeInt) => {
                self.int_option(addr, len, |d, value| d.render.number(value, true, Base::Dec, 4));
            }
            Some(Value::Fd) => self.int_option(addr, len, |d, value| d.render.fd(value as i32)),
            Some(Value::Named(set)) => {
                self.int_option(addr, len, |d, value| d.render.set(set, value & 0xffff_ffff, d.abi));
            }
            Some(Value::Errno) => self.int_option(addr, len, |d, value| match value {
                0 => d.render.number(0, true, Base::Dec, 4),
                _ => d.errno_value(value),
            }),
            Some(Value::Whole(strukt)) => self.struct_option(strukt, addr, len, false),
            Some(Value::Exact(strukt)) => self.struct_option(strukt, addr, len, true),
            Some(Value::Partial(strukt)) => self.partial_option(strukt, addr, len),
            Some(Value::Filter) => {
                let size = 2 * u64::from(self.abi.data_model().word_bytes);
                if len == size { self.filter_program(addr) } else { self.render.address(addr) }
            }
            Some(Value::Instructions) if self.options.abbreviate => self.render.address(addr),
            Some(Value::Instructions) => self.filter_instructions(addr, len),
            Some(Value::IcmpFilter) => self.icmp_filter(addr, len),
            Some(Value::Numbers) if addr == 0 => self.render.address(0),
            Some(Value::Numbers) => self.elements(addr, len / 4, 4, |d, bytes, _| {
                d.render.number(load(bytes), false, Base::Dec, 4);
            }),
            Some(Value::PacketMembership) => self.packet_membership(addr, len),
        }
    }

    fn int_option(&mut self, addr: u64, len: u64, show: impl FnOnce(&mut Self, u64)) {
        let value = self.number_at(addr, 4).filter(|_| len >= 4);
        let Some(value) = value else { return self.render.address(addr) };
        self.render.open(Group::Target);
        self.render.item();
        show(self, i64::from(value as u32 as i32) as u64);
        self.render.close(Group::Target);
    }

    fn struct_option(&mut self, strukt: &'static Struct, addr: u64, len: u64, exact: bool) {
        let size = layout::size_of(strukt, self.abi.data_model());
        let mut buf = [0u8; LARGEST];
        let fits = if exact { len == size as u64 } else { len >= size as u64 };
        if addr == 0 || !fits || self.read(addr, &mut buf[..size]) < size {
            return self.render.address(addr);
        }
        self.strukt(strukt, &buf[..size], addr);
    }

    /// A struct of which the kernel wrote `len` bytes: the member that is not whole is bytes.
    fn partial_option(&mut self, strukt: &'static Struct, addr: u64, len: u64) {
        let model = self.abi.data_model();
        let size = layout::size_of(strukt, model).min(len as usize);
        let mut buf = [0u8; LARGEST];
        if addr == 0 || self.read(addr, &mut buf[..size]) < size {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        for (index, member) in strukt.members.iter().enumerate() {
            let at = layout::offset_of(strukt, index, model);
            let end = at + layout::kind(&member.kind, model).size;
            if at >= size {
                break;
            }
            self.render.field(member.name);
            match end <= size {
                true => self.place(&member.kind, &buf[at..end], addr.wrapping_add(at as u64), None),
                false => self.render.text(Text { bytes: &buf[at..size], more: false, hex: true }),
            }
        }
        self.render.close(Group::Struct);
    }

    /// `struct icmp_filter`: the types that are left out, in a word of which the caller may give a part.
    fn icmp_filter(&mut self, addr: u64, len: u64) {
        let mut word = [0xffu8; 4];
        let size = len.min(4) as usize;
        if addr == 0 || size == 0 || self.read(addr, &mut word[..size]) < size {
            return self.render.address(addr);
        }
        let word = load(&word) as u32;
        let negated = word.count_ones() > 16;
        let listed = if negated { !word } else { word };
        self.render.open(Group::Members { negated });
        for bit in (0..32).filter(|bit| listed >> bit & 1 != 0) {
            self.render.item();
            match sets::ICMP_FILTER.name_of(self.abi, 1 << bit) {
                Some(name) => self.render.named(name, bit, Base::Hex),
                None => {
                    self.render.number(bit, false, Base::Hex, 4);
                    self.render.remark(format_args!("ICMP_???"));
                }
            }
        }
        self.render.close(Group::Members { negated });
    }

    /// `struct packet_mreq`.
    fn packet_membership(&mut self, addr: u64, len: u64) {
        let mut buf = [0u8; MEMBERSHIP];
        if addr == 0 || len != MEMBERSHIP as u64 || self.read(addr, &mut buf) < MEMBERSHIP {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        self.net_member("mr_ifindex", syscall_tables::net::Net::Interface, &buf[..4], addr);
        self.render.field("mr_type");
        self.render.set(&sets::PACKET_MR, load(&buf[4..6]), self.abi);
        self.render.field("mr_alen");
        let length = load(&buf[6..8]);
        self.render.number(length, false, Base::Dec, 2);
        self.net_member(
            "mr_address",
            syscall_tables::net::Net::Mac(8),
            &buf[8..8 + length.min(8) as usize],
            addr,
        );
        self.render.close(Group::Struct);
    }
}
