//! Messages of netlink sockets, as the tables say: headers, types, flags, what stands behind them.
//!
//! The protocol comes with the call, as a note of its descriptor; a socket whose protocol the kernel does not tell has
//! messages without names. Sources: netlink(7), rtnetlink(7), linux/netlink.h.

mod attribute;
mod diag;
mod link;
mod netfilter;
mod route;
mod span;
mod special;

use syscall_tables::netlink::{self, Attributes, Body, Class, FIRST_TYPE, Family, Flags, Types, uevent};
use syscall_tables::set::Base;
use syscall_tables::sets::net as sets;
use syscall_tables::structs::Struct;
use syscall_tables::{errno, layout};

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render, Text};
use crate::event::Call;
use crate::event::descriptor::{Detail, Ends, FdNote, NETLINK};
use crate::memory::Memory;
pub(super) use attribute::Place;
pub(super) use span::Span;

/// Calls whose data is a message, whatever else they say.
const DATA: &[&str] = &["send", "sendto", "recv", "recvfrom"];
/// Calls whose data is a message where the address that comes with it is one of netlink: how many words a header takes
/// beyond `struct msghdr`.
const HEADERS: &[(&str, usize)] = &[("sendmsg", 0), ("recvmsg", 0), ("recvmmsg", 1), ("recvmmsg_time64", 1)];
/// The same, whose headers are looked at when it returns.
const LATE: &str = "sendmmsg";
/// UIO_MAXIOV: the kernel takes no more headers.
const MOST_HEADERS: u64 = 1024;
/// AF_NETLINK.
const AF_NETLINK: u64 = 16;
/// Most bytes of messages that are read, and how many need no allocation.
const MOST: usize = 1 << 20;
const FEW: usize = 512;
/// `struct nlmsghdr`.
pub(super) const HEADER: usize = 16;
/// NLMSG_ERROR, NLMSG_DONE.
const ERROR: u16 = 2;
const DONE: u16 = 3;
/// The header of a message of udev.
const UDEV: usize = 40;
/// NLM_F_REQUEST.
const REQUEST: u64 = 1;
/// NLM_F_CAPPED.
const CAPPED: u64 = 0x100;
/// So deep errors may quote errors.
const DEEPEST: usize = 16;

/// The protocol of the messages that go over a socket, where it is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Speaks(Option<&'static Family>);

/// What goes over a descriptor.
enum Talk {
    Messages(Speaks),
    /// No socket of netlink, or nothing is known of it.
    Other,
}

/// The descriptor of a call whose data may be messages of netlink: what its socket is has to be known then. Calls that
/// send or receive by a `struct msghdr` need it where an address of netlink is in it, or room for one.
pub fn descriptor(call: &Call) -> Option<i32> {
    let name = call.signature?.name;
    let fd = call.regs.args[0] as i32;
    if DATA.contains(&name) || name == LATE {
        return Some(fd);
    }
    let row = HEADERS.iter().find(|row| row.0 == name)?;
    let word = usize::from(call.regs.abi.data_model().word_bytes);
    let at = if word == 4 { call.regs.args[1] & 0xffff_ffff } else { call.regs.args[1] };
    let count = if row.1 == 0 { 1 } else { call.regs.args[2] & 0xffff_ffff };
    let size = ((7 + row.1) * word) as u64;
    let receives = name.starts_with("recv");
    let netlink = |index: u64| {
        let (mut head, mut family) = ([0u8; 16], [0u8; 2]);
        let head = &mut head[..2 * word];
        let known = call.before.recall(at.wrapping_add(index * size), head) == Some(2 * word);
        let name = load(&head[..word]);
        known
            && name != 0
            && (receives || call.before.recall(name, &mut family) == Some(2) && load(&family) == AF_NETLINK)
    };
    (0..count.min(MOST_HEADERS)).any(netlink).then_some(fd)
}

/// What goes over the descriptor of a note.
fn speaks(note: &FdNote) -> Talk {
    let Some(Detail::Socket(socket)) = note.detail.as_deref() else { return Talk::Other };
    let family = match socket.ends {
        Ends::Netlink { protocol, .. } => netlink::family(protocol),
        _ => None,
    };
    if socket.protocol == NETLINK { Talk::Messages(Speaks(family)) } else { Talk::Other }
}

/// What the flags of a message mean.
fn flag_class(family: Option<&'static Family>, kind: u16) -> Class {
    let among = |rows: &[(u16, Class)]| rows.iter().find(|row| row.0 == kind).map(|row| row.1);
    match (kind, family.map(|family| family.flags)) {
        (ERROR, _) => Class::Ack,
        (..FIRST_TYPE, _) | (_, None | Some(Flags::Plain)) => Class::Plain,
        (_, Some(Flags::Always(class))) => class,
        (_, Some(Flags::Rows(rows))) => among(rows).unwrap_or(Class::Plain),
        (_, Some(Flags::Quarters(rows))) => among(rows).unwrap_or(match kind & 3 {
            0 => Class::New,
            1 => Class::Delete,
            2 => Class::Get,
            _ => Class::Plain,
        }),
    }
}

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    fn speaks(&self) -> Talk {
        let note = self.fds.iter().find(|note| note.fd == self.args[0] as i32);
        note.map_or(Talk::Other, speaks)
    }

    /// What the data of this call is, where it is messages of netlink.
    pub(super) fn data_speaks(&self) -> Option<Speaks> {
        if self.fds.is_empty() || !DATA.contains(&self.signature?.name) {
            return None;
        }
        match self.speaks() {
            Talk::Messages(speaks) => Some(speaks),
            Talk::Other => None,
        }
    }

    /// The same of a call by `struct msghdr` with an address of this family.
    pub(super) fn header_speaks(&mut self, name: u64, length: u64) -> Option<Speaks> {
        if name == 0 || (length as u32 as i32) < 2 || self.number_at(name, 2) != Some(AF_NETLINK) {
            return None;
        }
        match self.speaks() {
            Talk::Messages(speaks) => Some(speaks),
            Talk::Other => Some(Speaks(None)),
        }
    }

    /// `len` bytes of messages.
    pub(super) fn messages(&mut self, speaks: Speaks, addr: u64, len: u64) {
        let Speaks(family) = speaks;
        if addr == 0 {
            return self.render.address(0);
        }
        if family.is_some_and(|family| matches!(family.types, Types::None)) {
            return self.uevent(addr, len);
        }
        let count = len.min(MOST as u64) as usize;
        let (mut few, mut many) = ([0u8; FEW], Vec::new());
        let buf = if count <= FEW {
            &mut few[..count]
        } else {
            many.resize(count, 0);
            &mut many[..]
        };
        let got = self.read_data(addr, buf);
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        self.message_list(family, Span { bytes: &buf[..got], len, addr });
    }

    /// Messages one behind the other; one alone has no brackets.
    fn message_list(&mut self, family: Option<&'static Family>, span: Span<'_>) {
        if span.len < HEADER {
            return self.octets(span);
        }
        let Some(mut length) = claimed(span) else { return self.render.address(span.addr) };
        if self.most() == 0 {
            return self.render.more();
        }
        let follows = |length: usize, rest: Span<'_>| {
            let next = u32::try_from(length).ok().and_then(|length| length.checked_next_multiple_of(4));
            length >= HEADER && next.is_some_and(|next| (next as usize) < rest.len)
        };
        if !follows(length, span) {
            return self.netlink_message(family, span.first(length.max(HEADER)), 0);
        }
        let (most, mut rest) = (self.most(), span);
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
            let Some(next) = claimed(rest) else {
                self.render.more();
                self.render.comment(format_args!("{:#x}", rest.addr));
                break;
            };
            length = next;
            self.netlink_message(family, rest.first(length.max(HEADER)), 0);
            if !follows(length, rest) {
                break;
            }
            rest = rest.from(length.next_multiple_of(4));
        }
        self.render.close(Group::Array);
    }

    /// A message of at least a header that can be read; `depth` errors quote it.
    fn netlink_message(&mut self, family: Option<&'static Family>, span: Span<'_>, depth: usize) {
        let head = span.get(HEADER).unwrap_or(&[0; HEADER]);
        let kind = load(&head[4..6]) as u16;
        let body = span.from(HEADER);
        if body.len > 0 {
            self.render.open(Group::Array);
            self.render.item();
        }
        self.message_header(family, head);
        if body.len > 0 {
            self.render.item();
            match kind {
                ERROR => self.acknowledgement(family, body, load(&head[6..8]), depth),
                DONE if body.len == 4 => match body.get(4) {
                    Some(word) => self.signed_word(load(word)),
                    None => self.render.address(body.addr),
                },
                _ => match family.filter(|_| kind >= FIRST_TYPE) {
                    Some(family) => self.message_body(&family.body(kind), kind, load(&head[6..8]), body),
                    None => self.octets(body),
                },
            }
            self.render.close(Group::Array);
        }
    }

    fn signed_word(&mut self, word: u64) {
        self.render.number(i64::from(word as u32 as i32) as u64, true, Base::Dec, 4);
    }

    /// `struct nlmsghdr`.
    fn message_header(&mut self, family: Option<&'static Family>, head: &[u8]) {
        let (kind, flags) = (load(&head[4..6]), load(&head[6..8]));
        self.render.open(Group::Struct);
        self.plain_member("nlmsg_len", load(&head[..4]));
        self.render.field("nlmsg_type");
        match family.filter(|_| kind >= u64::from(FIRST_TYPE)).map(|family| family.types) {
            Some(Types::Named(set)) => self.render.set(set, kind, self.abi),
            Some(Types::Special(special)) => self.special_type(special, kind as u16),
            Some(Types::None) | None => self.render.set(&sets::NLMSG_TYPE, kind, self.abi),
        }
        self.render.field("nlmsg_flags");
        let class = flag_class(family, kind as u16);
        self.render.set(class.set(), flags, self.abi);
        self.plain_member("nlmsg_seq", load(&head[8..12]));
        self.render.field("nlmsg_pid");
        self.render.pid(load(&head[12..16]) as u32 as i32);
        self.render.close(Group::Struct);
    }

    fn plain_member(&mut self, name: &'static str, value: u64) {
        self.render.field(name);
        self.render.number(value, false, Base::Dec, 4);
    }

    /// `struct nlmsgerr`: an error, the message that it is about, and attributes behind that.
    fn acknowledgement(&mut self, family: Option<&'static Family>, span: Span<'_>, flags: u64, depth: usize) {
        let size = 4 + HEADER;
        if span.len < size || depth >= DEEPEST {
            return self.octets(span);
        }
        let Some(head) = span.get(size) else { return self.render.address(span.addr) };
        let quoted = (load(&head[4..8]) as usize).max(HEADER);
        let length = if flags & CAPPED != 0 { HEADER } else { quoted };
        let rest = span.from(4 + length);
        if rest.len > 0 {
            self.render.open(Group::Array);
            self.render.item();
        }
        self.render.open(Group::Struct);
        self.render.field("error");
        self.negative_errno(load(&head[..4]));
        self.render.field("msg");
        self.netlink_message(family, span.from(4).first(length), depth + 1);
        self.render.close(Group::Struct);
        if rest.len > 0 {
            self.render.item();
            let place = Place { kind: ERROR, head: &head[..4], before: &[], above: None };
            self.attributes(&netlink::ACK, rest, &place);
            self.render.close(Group::Array);
        }
    }

    fn negative_errno(&mut self, raw: u64) {
        let value = raw as u32 as i32;
        let mut buf = [0u8; 32];
        match errno::name(value.unsigned_abs()).filter(|_| value < 0) {
            Some(name) => {
                let text = super::mem::minus(name, &mut buf);
                self.render.named(text, i64::from(value) as u64, Base::Dec);
            }
            None => self.signed_word(raw),
        }
    }

    /// What stands behind the header of a message.
    pub(super) fn message_body(&mut self, body: &Body, kind: u16, flags: u64, span: Span<'_>) {
        match *body {
            Body::Bytes => self.octets(span),
            Body::FamilyAndBytes => self.family_and_bytes(span),
            Body::Exactly(of) => {
                let size = layout::kind(of, self.abi.data_model()).size;
                if size == span.len { self.one(of, span) } else { self.octets(span) }
            }
            Body::Struct(strukt, attributes) => self.body_struct(strukt, attributes, kind, span, false),
            Body::Family(strukt, attributes) => self.body_struct(strukt, attributes, kind, span, true),
            Body::Start(strukt) => self.one_struct(strukt, span),
            Body::Lone(strukt) => self.body_alone(strukt, span),
            Body::ByDirection(request, answer) => {
                let body = if flags & REQUEST != 0 { request } else { answer };
                self.message_body(body, kind, flags, span);
            }
            Body::Longer(size, more, other) => {
                self.message_body(if span.len > size { more } else { other }, kind, flags, span);
            }
            Body::ByFamily(cases, other) => match span.get(1) {
                Some(family) => {
                    let found = cases.iter().find(|row| row.0 == family[0]).map_or(other, |row| &row.1);
                    self.message_body(found, kind, flags, span);
                }
                None => self.render.address(span.addr),
            },
            Body::StructAndBytes(strukt) => {
                let size = layout::size_of(strukt, self.abi.data_model());
                match span.get(size) {
                    _ if span.len < size => self.octets(span),
                    Some(head) => self.strukt(strukt, head, span.addr),
                    None => return self.render.address(span.addr),
                }
                let rest = span.from(size.next_multiple_of(4));
                if rest.len > 0 {
                    self.render.item();
                    self.octets(rest);
                }
            }
            Body::Attributes(attributes) => {
                let place = Place { kind, head: &[], before: &[], above: None };
                self.attributes(attributes, span, &place);
            }
            Body::Special(special) => self.special_body(special, kind, span),
        }
    }

    /// A struct, and attributes as a second item behind it.
    fn body_struct(
        &mut self,
        strukt: &'static Struct,
        attributes: &'static Attributes,
        kind: u16,
        span: Span<'_>,
        familiar: bool,
    ) {
        let size = layout::size_of(strukt, self.abi.data_model());
        if span.len < size {
            return if familiar { self.only_family(strukt, span) } else { self.octets(span) };
        }
        let Some(head) = span.get(size) else {
            return if familiar { self.only_family(strukt, span) } else { self.render.address(span.addr) };
        };
        self.strukt(strukt, head, span.addr);
        let rest = span.from(size.next_multiple_of(4));
        if rest.len > 0 {
            self.render.item();
            let place = Place { kind, head, before: &[], above: None };
            self.attributes(attributes, rest, &place);
        }
    }

    /// A struct alone.
    fn body_alone(&mut self, strukt: &'static Struct, span: Span<'_>) {
        let size = layout::size_of(strukt, self.abi.data_model());
        match span.get(size).filter(|_| span.len >= size) {
            Some(head) => self.strukt(strukt, head, span.addr),
            None => self.only_family(strukt, span),
        }
    }

    /// The address family that a struct begins with, where there is no more of it or no more can be read.
    fn only_family(&mut self, strukt: &'static Struct, span: Span<'_>) {
        let (Some(family), Some(member)) = (span.get(1), strukt.members.first()) else {
            return self.render.address(span.addr);
        };
        self.render.open(Group::Struct);
        self.render.field(member.name);
        self.place(&member.kind, family, span.addr, None);
        if span.len < layout::size_of(strukt, self.abi.data_model()) {
            self.render.item();
            self.render.more();
        } else {
            self.render.unreadable_from(span.addr.wrapping_add(1));
        }
        self.render.close(Group::Struct);
    }

    /// An address family, and bytes behind it.
    fn family_and_bytes(&mut self, span: Span<'_>) {
        let Some(family) = span.get(1) else { return self.render.address(span.addr) };
        self.render.open(Group::Struct);
        self.render.field("family");
        self.render.set(&sets::AF, load(family), self.abi);
        if span.len > 1 {
            self.render.field("data");
            self.octets(span.from(1));
        }
        self.render.close(Group::Struct);
    }

    /// What is told of a device: a text, which may have the header of udev in front.
    fn uevent(&mut self, addr: u64, len: u64) {
        let mut head = [0u8; UDEV];
        let whole = len >= UDEV as u64 && self.read_data(addr, &mut head) == UDEV;
        if !whole || !head.starts_with(uevent::PREFIX) {
            return self.bytes(addr, len);
        }
        let more = len > UDEV as u64;
        if more {
            self.render.open(Group::Array);
            self.render.item();
        }
        self.strukt(&uevent::UDEV, &head, addr);
        if more {
            self.render.item();
            self.bytes(addr.wrapping_add(UDEV as u64), len - UDEV as u64);
            self.render.close(Group::Array);
        }
    }

    /// Bytes in hexadecimal, shortened as strings are.
    pub(super) fn octets(&mut self, span: Span<'_>) {
        self.characters(span, true);
    }

    fn characters(&mut self, span: Span<'_>, hex: bool) {
        let limit = self.options.string_limit;
        let count = span.len.min(limit.saturating_add(1));
        match span.get(count) {
            Some(bytes) => {
                let shown = count.min(limit);
                self.render.text(Text { bytes: &bytes[..shown], more: span.len > shown, hex });
            }
            None => self.render.address(span.addr),
        }
    }
}

/// The length that the header of a message says, where it can be read.
fn claimed(span: Span<'_>) -> Option<usize> {
    span.get(HEADER).map(|head| load(&head[..4]) as usize)
}
