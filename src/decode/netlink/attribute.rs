//! Attributes of netlink messages: `struct nlattr` and what it holds. Source: netlink(7), linux/netlink.h.

use syscall_tables::layout;
use syscall_tables::model::{Custom, Kind, Shape};
use syscall_tables::net::Net;
use syscall_tables::netlink::{Attributes, Content, Fewest, NOTHING};
use syscall_tables::set::{Base, Set};

use super::super::Decoder;
use super::super::interpret::load;
use super::super::render::{Group, Render, Text};
use super::Span;
use crate::memory::Memory;

/// `struct nlattr`.
const HEADER: usize = 4;
/// NLA_F_NESTED, NLA_F_NET_BYTEORDER.
const NESTED: u64 = 0x8000;
const NET_BYTEORDER: u64 = 0x4000;
/// MAX_ADDR_LEN: no hardware address is longer.
const MOST_HARDWARE: usize = 32;
/// Bytes of the longest number.
const LONGEST_NUMBER: usize = 8;
/// So deep attributes are in attributes.
const DEEPEST: usize = 16;

/// Where attributes stand.
#[derive(Debug, Clone, Copy)]
pub(in crate::decode) struct Place<'b> {
    /// Nlmsghdr.nlmsg_type.
    pub kind: u16,
    /// The struct in front of the attributes of this list.
    pub head: &'b [u8],
    /// The attributes of this list before the one at hand.
    pub before: &'b [u8],
    /// Where the attribute stands whose content the list is.
    pub above: Option<&'b Place<'b>>,
}

impl<'b> Place<'b> {
    /// The address family that the struct of the message begins with.
    pub fn family(&self) -> u64 {
        let mut place = self;
        while let Some(above) = place.above {
            place = above;
        }
        place.head.first().map_or(0, |family| u64::from(*family))
    }

    /// What the last attribute of this type holds that stands before the one at hand; one that is empty says nothing.
    pub fn earlier(&self, kind: u16) -> Option<&'b [u8]> {
        let (mut rest, mut found) = (self.before, None);
        while rest.len() >= HEADER {
            let length = load(&rest[..2]) as usize;
            if length < HEADER {
                break;
            }
            if length > HEADER && load(&rest[2..4]) & !(NESTED | NET_BYTEORDER) == u64::from(kind) {
                found = rest.get(HEADER..length.min(rest.len()));
            }
            rest = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
        }
        found
    }

    fn depth(&self) -> usize {
        self.above.map_or(0, |above| above.depth() + 1)
    }
}

/// A header that can be read: the length that it says, and the type.
fn claimed(span: Span<'_>) -> Option<(usize, u64)> {
    span.get(HEADER).map(|head| (load(&head[..2]) as usize, load(&head[2..4])))
}

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// Attributes one behind the other; one alone has no brackets.
    pub(in crate::decode) fn attributes(
        &mut self,
        attributes: &'static Attributes,
        span: Span<'_>,
        place: &Place<'_>,
    ) {
        self.attribute_list(Some(attributes.names), span, place, &|kind| attributes.content(kind));
    }

    fn attribute_list(
        &mut self,
        names: Option<&'static Set>,
        span: Span<'_>,
        place: &Place<'_>,
        content: &dyn Fn(u16) -> Content,
    ) {
        if span.len < HEADER || place.depth() > DEEPEST {
            return self.octets(span);
        }
        let Some((mut length, _)) = claimed(span) else { return self.render.address(span.addr) };
        let follows =
            |length: usize, rest: Span<'_>| length >= HEADER && length.next_multiple_of(4) < rest.len;
        if !follows(length, span) {
            return self.attribute(names, span.first(length.max(HEADER)), place, content);
        }
        let (most, mut rest, mut at) = (self.most(), span, 0);
        self.render.open(Group::Array);
        for index in 0.. {
            self.render.item();
            if index >= most {
                self.render.more();
                break;
            }
            if rest.len < HEADER {
                self.octets(rest);
                break;
            }
            let Some((next, _)) = claimed(rest) else {
                self.render.more();
                self.render.comment(format_args!("{:#x}", rest.addr));
                break;
            };
            length = next;
            let here = Place { before: &span.bytes[..at], ..*place };
            self.attribute(names, rest.first(length.max(HEADER)), &here, content);
            if !follows(length, rest) {
                break;
            }
            at += length.next_multiple_of(4);
            rest = span.from(at);
        }
        self.render.close(Group::Array);
    }

    fn attribute(
        &mut self,
        names: Option<&'static Set>,
        span: Span<'_>,
        place: &Place<'_>,
        content: &dyn Fn(u16) -> Content,
    ) {
        let (length, flagged) = claimed(span).unwrap_or_default();
        let payload = span.from(HEADER);
        if payload.len > 0 {
            self.render.open(Group::Array);
            self.render.item();
        }
        self.render.open(Group::Struct);
        self.render.field("nla_len");
        self.render.number(length as u64, false, Base::Dec, 2);
        self.render.field("nla_type");
        self.attribute_type(names, flagged);
        self.render.close(Group::Struct);
        if payload.len > 0 {
            self.render.item();
            let kind = (flagged & !(NESTED | NET_BYTEORDER)) as u16;
            self.content(&content(kind), kind, payload, place);
            self.render.close(Group::Array);
        }
    }

    /// The type of an attribute, with flags before it.
    fn attribute_type(&mut self, names: Option<&'static Set>, flagged: u64) {
        let kind = flagged & !(NESTED | NET_BYTEORDER);
        let set = names.unwrap_or(NOTHING.names);
        let flags = flagged != kind;
        if flags {
            self.render.whole(set, flagged);
            self.render.open(Group::Or);
            for (name, flag) in [("NLA_F_NESTED", NESTED), ("NLA_F_NET_BYTEORDER", NET_BYTEORDER)] {
                if flagged & flag != 0 {
                    self.render.item();
                    self.render.named(name, flag, Base::Hex);
                }
            }
            self.render.item();
        }
        match names {
            Some(names) => self.render.set(names, kind, self.abi),
            None => self.render.number(kind, false, Base::Hex, 2),
        }
        if flags {
            self.render.close(Group::Or);
        }
    }

    /// What an attribute of type `kind` holds, of at least one byte.
    pub(in crate::decode) fn content(
        &mut self,
        content: &Content,
        kind: u16,
        span: Span<'_>,
        place: &Place<'_>,
    ) {
        match *content {
            Content::Bytes => self.octets(span),
            Content::One(of) => self.one(of, span),
            Content::Longest(kinds) => {
                let model = self.abi.data_model();
                let fits = kinds.iter().rev().find(|of| layout::kind(of, model).size <= span.len);
                match fits {
                    Some(of) => self.one(of, span),
                    None => self.octets(span),
                }
            }
            Content::Exactly(of) => {
                let size = layout::kind(of, self.abi.data_model()).size;
                if size == span.len { self.one(of, span) } else { self.octets(span) }
            }
            Content::Extended(strukt, old) => {
                let (old, size) = (usize::from(old), layout::size_of(strukt, self.abi.data_model()));
                let size = if span.len == old { old } else { size };
                match span.get(size) {
                    _ if span.len < size => self.octets(span),
                    Some(bytes) => self.strukt(strukt, bytes, span.addr),
                    None => self.render.address(span.addr),
                }
            }
            Content::Number(of, fewest) => self.short_number(of, fewest, span),
            Content::Ticks if span.len > LONGEST_NUMBER => self.octets(span),
            Content::Ticks => match span.get(span.len) {
                Some(bytes) => self.render.ticks(load(bytes)),
                None => self.render.address(span.addr),
            },
            Content::Several(of) => self.several(of, span),
            Content::Text => self.attribute_text(span),
            Content::Nested(attributes) => {
                let place = Place { kind: place.kind, head: &[], before: &[], above: Some(place) };
                self.attributes(attributes, span, &place);
            }
            Content::List(names, each) => {
                let place = Place { kind: place.kind, head: &[], before: &[], above: Some(place) };
                self.attribute_list(names, span, &place, &|_| *each);
            }
            Content::Head(strukt, attributes) => {
                let size = layout::size_of(strukt, self.abi.data_model());
                if span.len < size {
                    return self.octets(span);
                }
                let Some(head) = span.get(size) else { return self.render.address(span.addr) };
                self.strukt(strukt, head, span.addr);
                self.attributes_behind(attributes, span, size, place);
            }
            Content::After(of, attributes) => {
                let size = layout::kind(of, self.abi.data_model()).size;
                self.one(of, span);
                self.attributes_behind(attributes, span, size, place);
            }
            Content::Address => match place.family() {
                2 => self.one(&syscall_tables::netlink::INET, span),
                10 => self.inet6_value(span),
                _ => self.octets(span),
            },
            Content::Inet6 => self.inet6_value(span),
            Content::Mac if span.len > MOST_HARDWARE => self.octets(span),
            Content::Mac => match span.get(span.len) {
                Some(bytes) => self.hardware_address(bytes),
                None => self.render.address(span.addr),
            },
            Content::ByFamily(cases) => {
                let family = place.family();
                let found = cases.iter().find(|row| u64::from(row.0) == family).map(|row| row.1);
                self.content(&found.unwrap_or(Content::Bytes), kind, span, place);
            }
            Content::ByText(of, cases) => {
                let text = place.earlier(of).unwrap_or_default();
                let text = text.split(|byte| *byte == 0).next().unwrap_or_default();
                let found = cases.iter().find(|row| row.0.as_bytes() == text).map(|row| row.1);
                self.content(&found.unwrap_or(Content::Bytes), kind, span, place);
            }
            Content::Special(special) => self.special_content(special, kind, span, place),
        }
    }

    /// Attributes behind the first `size` bytes, as one more item.
    pub(in crate::decode) fn attributes_behind(
        &mut self,
        attributes: &'static Attributes,
        span: Span<'_>,
        size: usize,
        place: &Place<'_>,
    ) {
        let rest = span.from(size.next_multiple_of(4));
        if rest.len > 0 {
            let head = span.get(size).unwrap_or_default();
            let place = Place { kind: place.kind, head, before: &[], above: Some(place) };
            self.render.item();
            self.attributes(attributes, rest, &place);
        }
    }

    /// A value at the begin of a span; bytes where the span is too short.
    pub(in crate::decode) fn one(&mut self, of: &'static Kind, span: Span<'_>) {
        let size = layout::kind(of, self.abi.data_model()).size;
        if span.len < size {
            return self.octets(span);
        }
        match span.get(size) {
            Some(bytes) => self.place(of, bytes, span.addr, None),
            None => self.render.address(span.addr),
        }
    }

    /// A number in the first bytes of at most eight.
    fn short_number(&mut self, of: &'static Kind, fewest: Fewest, span: Span<'_>) {
        let size = layout::kind(of, self.abi.data_model()).size;
        let least = match fewest {
            Fewest::Whole => size,
            Fewest::One => 1,
        };
        if !(least..=LONGEST_NUMBER).contains(&span.len) {
            return self.octets(span);
        }
        match span.get(span.len.min(size)) {
            Some(bytes) => self.place(of, bytes, span.addr, None),
            None => self.render.address(span.addr),
        }
    }

    /// Values in a row.
    pub(in crate::decode) fn several(&mut self, of: &'static Kind, span: Span<'_>) {
        let size = layout::kind(of, self.abi.data_model()).size.max(1);
        self.in_a_row(size, span, |decoder, _, bytes, addr| decoder.place(of, bytes, addr, None));
    }

    /// As many elements of a size as there are, each shown with its place among them.
    pub(super) fn in_a_row(
        &mut self,
        size: usize,
        span: Span<'_>,
        mut show: impl FnMut(&mut Self, u64, &[u8], u64),
    ) {
        let count = span.len / size;
        if count == 0 {
            return self.octets(span);
        }
        if span.get(size).is_none() {
            return self.render.address(span.addr);
        }
        let most = self.most();
        self.render.open(Group::Array);
        for index in 0..count {
            let at = span.from(index * size);
            self.render.item();
            if index as u64 >= most {
                self.render.more();
                break;
            }
            let Some(bytes) = at.get(size) else {
                self.render.more();
                self.render.comment(format_args!("{:#x}", at.addr));
                break;
            };
            show(self, index as u64, bytes, at.addr);
        }
        self.render.close(Group::Array);
    }

    /// Text, of which what is shown ends with its NUL or is not all.
    fn attribute_text(&mut self, span: Span<'_>) {
        let limit = self.options.string_limit;
        let Some(bytes) = span.get(span.len.min(limit.saturating_add(1))) else {
            return self.render.address(span.addr);
        };
        let shown = &bytes[..bytes.len().min(limit)];
        let (shown, more) = match shown.split_last() {
            Some((0, text)) if !self.render.shows_terminator() => (text, false),
            _ => (shown, true),
        };
        self.render.text(Text { bytes: shown, more, hex: false });
    }

    pub(in crate::decode) fn inet6_value(&mut self, span: Span<'_>) {
        if span.len < 16 {
            return self.octets(span);
        }
        let Some(bytes) = span.get(16) else { return self.render.address(span.addr) };
        let mut octets = [0u8; 16];
        octets.copy_from_slice(bytes);
        if self.render.begin_octets(bytes) {
            self.render.inet6(octets.into());
            self.render.end_whole();
        }
    }

    fn hardware_address(&mut self, bytes: &[u8]) {
        let length = bytes.len().min(usize::from(u8::MAX)) as u8;
        let kind = Shape::Custom(Custom::Net(Net::Mac(length)));
        self.place(&Kind::new(kind), bytes, 0, None);
    }
}
