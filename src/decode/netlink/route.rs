//! Parts of NETLINK_ROUTE that need code: routes over several next hops, gateways of another family, groups of bridges.
//! Sources: rtnetlink(7), linux/rtnetlink.h, linux/if_bridge.h.

use syscall_tables::net::Net;
use syscall_tables::netlink::route::{ROUTE, RTNEXTHOP, Special};
use syscall_tables::netlink::{INET, bridge};
use syscall_tables::sets::net as sets;

use super::super::Decoder;
use super::super::interpret::load;
use super::super::render::{Group, Render, Text};
use super::{Place, Span};
use crate::memory::Memory;

/// `struct rtnexthop`.
const NEXT_HOP: usize = 8;
/// `struct br_mdb_entry`: all of it, and where its address and the protocol of that are.
const ENTRY: usize = 28;
const ADDRESS: usize = 8;
const PROTOCOL: usize = 24;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    pub(super) fn route_content(&mut self, special: Special, span: Span<'_>, place: &Place<'_>) {
        match special {
            Special::Multipath => self.multipath(span, place),
            Special::Via => self.via(span),
            Special::GroupEntry => self.group_entry(span, place),
        }
    }

    /// `struct rtnexthop` one behind the other, each with the attributes that its length counts.
    fn multipath(&mut self, span: Span<'_>, place: &Place<'_>) {
        if span.len < NEXT_HOP {
            return self.octets(span);
        }
        let Some(head) = span.get(NEXT_HOP) else { return self.render.address(span.addr) };
        let several = (load(&head[..2]) as usize) < span.len;
        if several {
            self.render.open(Group::Array);
        }
        let mut rest = span;
        while rest.len > 0 {
            if several {
                self.render.item();
            }
            let Some(head) = rest.get(NEXT_HOP) else {
                if rest.len < NEXT_HOP {
                    self.octets(rest);
                } else {
                    self.render.address(rest.addr);
                }
                break;
            };
            let length = load(&head[..2]) as usize;
            let whole = rest.first(length.max(NEXT_HOP));
            let attributes = whole.len > NEXT_HOP;
            if attributes {
                self.render.open(Group::Array);
                self.render.item();
            }
            self.strukt(&RTNEXTHOP, head, rest.addr);
            if attributes {
                self.attributes_behind(&ROUTE, whole, NEXT_HOP, place);
                self.render.close(Group::Array);
            }
            // One without a length has no next.
            if length == 0 {
                break;
            }
            rest = rest.from(length.next_multiple_of(4));
        }
        if several {
            self.render.close(Group::Array);
        }
    }

    /// `struct rtvia`: an address family and an address.
    fn via(&mut self, span: Span<'_>) {
        if span.len < 2 {
            return self.octets(span);
        }
        let Some(family) = span.get(2).map(load) else { return self.render.address(span.addr) };
        self.render.open(Group::Struct);
        self.render.field("rtvia_family");
        self.render.set(&sets::AF, family, self.abi);
        let address = span.from(2);
        match (family, address.len) {
            (_, 0) => {}
            (10, 16..) if address.get(16).is_some() => {
                let bytes = address.get(16).unwrap_or_default();
                self.net_member("rtvia_addr", Net::Inet6, bytes, address.addr);
            }
            (2, 4..) => {
                self.render.field("rtvia_addr");
                self.one(&INET, address);
            }
            _ => {
                self.render.field("rtvia_addr");
                self.octets(address);
            }
        }
        self.render.close(Group::Struct);
    }

    /// `struct br_mdb_entry`, and attributes.
    fn group_entry(&mut self, span: Span<'_>, place: &Place<'_>) {
        if span.len < ENTRY {
            return self.octets(span);
        }
        let Some(entry) = span.get(ENTRY) else { return self.render.address(span.addr) };
        let (address, protocol) = (&entry[ADDRESS..PROTOCOL], &entry[PROTOCOL..PROTOCOL + 2]);
        self.render.open(Group::Struct);
        self.members(&bridge::BR_MDB_ENTRY, &entry[..ADDRESS], span.addr);
        self.render.field("addr");
        self.render.open(Group::Struct);
        match protocol {
            [0, 10] => {
                let mut octets = [0u8; 16];
                octets.copy_from_slice(address);
                self.render.ipv6("u", octets.into());
            }
            [0, 2] => {
                self.render.field("u");
                if self.render.begin_octets(address) {
                    let octets = [address[0], address[1], address[2], address[3]];
                    self.render.ipv4(octets.into());
                    self.render.end_whole();
                }
            }
            _ => {
                self.render.field("u");
                self.render.text(Text { bytes: address, more: false, hex: true });
            }
        }
        self.net_member("proto", Net::Big16(&sets::AF), protocol, span.addr);
        self.render.close(Group::Struct);
        self.render.close(Group::Struct);
        self.attributes_behind(&bridge::PORT, span, ENTRY, place);
    }
}
