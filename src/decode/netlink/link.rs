//! What links say that no row of a table can: counters, places, hardware addresses. Source: linux/if_link.h.

use syscall_tables::layout;
use syscall_tables::netlink::Content;
use syscall_tables::netlink::link::{Special, address_bytes};
use syscall_tables::set::{Base, Set};

use super::super::Decoder;
use super::super::interpret::load;
use super::super::render::{Group, Render, Text};
use super::{Place, Span};
use crate::memory::Memory;

/// MAX_ADDR_LEN: the bytes of the longest hardware address.
const LONGEST: usize = 32;
/// `struct ifla_port_vsi`.
const VSI: usize = 8;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// What an attribute of a link holds.
    pub(super) fn link_content(&mut self, special: Special, kind: u16, span: Span<'_>, place: &Place<'_>) {
        match special {
            Special::Address => self.hardware(span, address_bytes(place.family())),
            Special::Hardware => self.hardware(span, LONGEST),
            Special::Name => self.driver_name(span),
            Special::Counters(bytes, first, later) => self.counters(usize::from(bytes), first, later, span),
            Special::Places(set, bytes, signed) => self.places(set, usize::from(bytes), signed, span),
            Special::Guid => self.guid(span),
            Special::Vsi => self.port_type(span),
            Special::Followed(of) => {
                let size = layout::kind(of, self.abi.data_model()).size;
                self.one(of, span);
                if span.len > size && span.get(size).is_some() {
                    self.render.item();
                    self.octets(span.from(size));
                }
            }
            Special::Either(family, attributes, others) => {
                let those = if place.family() == u64::from(family) { attributes } else { others };
                self.content(&Content::Nested(those), kind, span, place);
            }
        }
    }

    /// A hardware address, of which at most so many bytes are shown.
    fn hardware(&mut self, span: Span<'_>, most: usize) {
        if span.len > LONGEST {
            return self.octets(span);
        }
        let Some(bytes) = span.get(span.len) else { return self.render.address(span.addr) };
        if self.render.begin_octets(bytes) {
            self.mac(&bytes[..bytes.len().min(most)]);
            self.render.end_whole();
        }
    }

    /// Text that ends at the first NUL.
    fn driver_name(&mut self, span: Span<'_>) {
        let limit = self.options.string_limit;
        let count = span.len.min(limit.saturating_add(1));
        let Some(bytes) = span.get(count) else { return self.render.address(span.addr) };
        let end = bytes.iter().position(|byte| *byte == 0);
        let shown = end.unwrap_or(count).min(limit);
        self.render.text(Text { bytes: &bytes[..shown], more: end.is_none(), hex: false });
    }

    /// Counters in a struct that has grown.
    fn counters(&mut self, size: usize, first: &[&'static str], later: &[&'static str], span: Span<'_>) {
        let most = first.len() + later.len();
        let count = (span.len / size).min(most);
        if count < first.len() || count < most && !span.len.is_multiple_of(size) {
            return self.octets(span);
        }
        let Some(bytes) = span.get(count * size) else { return self.render.address(span.addr) };
        self.render.open(Group::Struct);
        for (name, value) in first.iter().chain(later).zip(bytes.chunks_exact(size)) {
            self.render.field(name);
            self.render.number(load(value), false, Base::Dec, size as u8);
        }
        self.render.close(Group::Struct);
    }

    /// Values in a row, each with the name of its place.
    fn places(&mut self, set: &'static Set, size: usize, signed: bool, span: Span<'_>) {
        self.in_a_row(size, span, |decoder, index, bytes, _| {
            let raw = load(bytes);
            let value = if signed { i64::from(raw as u32 as i32) as u64 } else { raw };
            decoder.render.numbered(set.name_of(decoder.abi, index), index, set.unknown);
            decoder.render.number(value, signed, Base::Dec, size as u8);
        });
    }

    /// `struct ifla_port_vsi`, whose padding is shown where there is something in it.
    fn port_type(&mut self, span: Span<'_>) {
        if span.len < VSI {
            return self.octets(span);
        }
        let Some(bytes) = span.get(VSI) else { return self.render.address(span.addr) };
        let hex = |bytes| Text { bytes, more: false, hex: true };
        self.render.open(Group::Struct);
        self.render.field("vsi_mgr_id");
        self.render.number(load(&bytes[..1]), false, Base::Dec, 1);
        self.render.field("vsi_type_id");
        self.render.text(hex(&bytes[1..4]));
        self.render.field("vsi_type_version");
        self.render.number(load(&bytes[4..5]), false, Base::Dec, 1);
        if bytes[5..].iter().any(|byte| *byte != 0) {
            self.render.field("pad");
            self.render.text(hex(&bytes[5..]));
        }
        self.render.close(Group::Struct);
    }

    /// `struct ifla_vf_guid`, with padding or without.
    fn guid(&mut self, span: Span<'_>) {
        let (12 | 16, Some(bytes)) = (span.len, span.get(span.len)) else {
            return if matches!(span.len, 12 | 16) {
                self.render.address(span.addr)
            } else {
                self.octets(span)
            };
        };
        self.render.open(Group::Struct);
        self.render.field("vf");
        self.render.number(load(&bytes[..4]), false, Base::Dec, 4);
        self.render.field("guid");
        self.render.number(load(&bytes[bytes.len() - 8..]), false, Base::Hex, 8);
        self.render.close(Group::Struct);
    }
}
