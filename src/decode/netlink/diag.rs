//! What needs code in messages of NETLINK_SOCK_DIAG: byte code, options, masks of groups.
//!
//! Sources: sock_diag(7), linux/inet_diag.h, linux/netlink_diag.h, linux/packet_diag.h.

use syscall_tables::layout;
use syscall_tables::model::Kind;
use syscall_tables::net::Net;
use syscall_tables::netlink::INTERFACE;
use syscall_tables::netlink::diag::{HOST, MARK, OPERATION, SK_MEMINFO, SOCKOPT, Special};
use syscall_tables::set::Base;
use syscall_tables::structs::Struct;

use super::Span;
use crate::decode::Decoder;
use crate::decode::interpret::load;
use crate::decode::render::{Group, Render, Text};
use crate::memory::Memory;

/// Operations of byte code that compare ports, those that compare hosts, that of an interface and that of a mark.
const PORTS: std::ops::RangeInclusive<u64> = 2..=5;
const HOSTS: std::ops::RangeInclusive<u64> = 7..=8;
const DEVICE: u64 = 9;
const MARKED: u64 = 10;
/// `struct sock_filter`.
const INSTRUCTION: usize = 8;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// What an attribute or a body holds.
    pub(super) fn diag_special(&mut self, special: Special, span: Span<'_>) {
        match special {
            Special::Memory => self.memory_numbers(span),
            Special::ByteCode => self.byte_code(span),
            Special::Options => self.inet_options(span),
            Special::Hex => self.any_number(span),
            Special::Groups => self.group_masks(span),
            Special::Filter if span.len < INSTRUCTION => self.octets(span),
            Special::Filter if self.options.abbreviate => self.render.address(span.addr),
            Special::Filter => self.filter_instructions(span.addr, (span.len / INSTRUCTION) as u64),
        }
    }

    /// Numbers with the names of their indexes.
    fn memory_numbers(&mut self, span: Span<'_>) {
        let count = span.len / 4;
        if count == 0 {
            return self.octets(span);
        }
        if span.get(4).is_none() {
            return self.render.address(span.addr);
        }
        let most = self.most();
        self.render.open(Group::Array);
        for index in 0..count {
            self.render.item();
            if index as u64 >= most {
                self.render.more();
                break;
            }
            let at = span.from(index * 4);
            let Some(word) = at.get(4) else {
                self.render.more();
                self.render.comment(format_args!("{:#x}", at.addr));
                break;
            };
            let name = SK_MEMINFO.name_of(self.abi, index as u64);
            self.render.numbered(name, index as u64, SK_MEMINFO.unknown);
            self.render.number(load(word), false, Base::Dec, 4);
        }
        self.render.close(Group::Array);
    }

    /// `struct inet_diag_bc_op`, and what it compares with.
    fn byte_code(&mut self, span: Span<'_>) {
        let size = layout::size_of(&OPERATION, self.abi.data_model());
        if span.len < size {
            return self.octets(span);
        }
        let Some(head) = span.get(size) else { return self.render.address(span.addr) };
        self.strukt(&OPERATION, head, span.addr);
        let rest = span.from(size);
        if rest.len == 0 {
            return;
        }
        self.render.item();
        match u64::from(head[0]) {
            code if PORTS.contains(&code) => self.one_struct(&OPERATION, rest),
            code if HOSTS.contains(&code) => self.host_condition(rest),
            DEVICE => self.one(&INTERFACE, rest),
            MARKED => self.one_struct(&MARK, rest),
            _ => self.octets(rest),
        }
    }

    /// A struct at the begin of a span; bytes where the span is too short.
    pub(super) fn one_struct(&mut self, strukt: &'static Struct, span: Span<'_>) {
        let size = layout::size_of(strukt, self.abi.data_model());
        match span.get(size) {
            _ if span.len < size => self.octets(span),
            Some(bytes) => self.strukt(strukt, bytes, span.addr),
            None => self.render.address(span.addr),
        }
    }

    /// `struct inet_diag_hostcond` with its address.
    fn host_condition(&mut self, span: Span<'_>) {
        let size = layout::size_of(&HOST, self.abi.data_model());
        if span.len < size {
            return self.octets(span);
        }
        let Some(head) = span.get(size) else { return self.render.address(span.addr) };
        let rest = span.from(size);
        self.render.open(Group::Struct);
        self.members(&HOST, head, span.addr);
        let known = match head[0] {
            2 => rest.get(4).map(|bytes| (Net::Inet, bytes)),
            10 => rest.get(16).map(|bytes| (Net::Inet6, bytes)),
            _ => None,
        };
        match known {
            Some((net, bytes)) => self.net_member("addr", net, bytes, rest.addr),
            None if rest.len > 0 => {
                self.render.field("addr");
                self.octets(rest);
            }
            None => {}
        }
        self.render.close(Group::Struct);
    }

    /// `struct inet_diag_sockopt`: the bits that are set, and what is behind them.
    fn inet_options(&mut self, span: Span<'_>) {
        const SIZE: usize = 2;
        if span.len < SIZE {
            return self.octets(span);
        }
        let Some(bytes) = span.get(SIZE) else { return self.render.address(span.addr) };
        let word = load(bytes);
        self.render.open(Group::Struct);
        for (bit, name) in SOCKOPT.iter().enumerate() {
            let set = word >> bit & 1;
            if set != 0 || !self.options.abbreviate {
                self.render.field(name);
                self.render.number(set, false, Base::Dec, 1);
            }
        }
        let rest = word >> SOCKOPT.len();
        if rest != 0 || !self.options.abbreviate {
            self.render.field("unused");
            self.render.number(rest, false, Base::Hex, 1);
            self.render.comment(format_args!("bits {}..{}", SOCKOPT.len() % 8, 8));
        }
        self.render.close(Group::Struct);
        let rest = span.from(SIZE);
        if rest.bytes.iter().any(|byte| *byte != 0) {
            let shown = rest.bytes.len().min(self.options.string_limit);
            let text = Text { bytes: &rest.bytes[..shown], more: rest.len > shown, hex: true };
            self.render.beyond(SIZE, span.len - 1, text);
        }
    }

    /// A number of one, two, four or eight bytes.
    fn any_number(&mut self, span: Span<'_>) {
        match span.get(span.len) {
            _ if !matches!(span.len, 1 | 2 | 4 | 8) => self.octets(span),
            Some(bytes) => self.render.number(load(bytes), false, Base::Hex, span.len as u8),
            None => self.render.address(span.addr),
        }
    }

    /// Masks of groups: each a `long`, in all its digits.
    fn group_masks(&mut self, span: Span<'_>) {
        static WIDE: Kind = syscall_tables::kinds::net(Net::Mask(8));
        static NARROW: Kind = syscall_tables::kinds::net(Net::Mask(4));
        let narrow = self.abi.data_model().word_bytes == 4;
        self.several(if narrow { &NARROW } else { &WIDE }, span);
    }
}
