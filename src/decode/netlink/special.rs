//! Parts of netlink messages that need code, handed to the file of their family.

use syscall_tables::netlink::{Class, Special};

use super::super::Decoder;
use super::super::render::Render;
use super::{Place, Span};
use crate::memory::Memory;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// The type of a message of a family that has its own way.
    pub(super) fn special_type(&mut self, special: Special, kind: u16) {
        match special {
            Special::Generic(special) => match special {},
            Special::Netfilter(special) => match special {},
            _ => self.hex(u64::from(kind)),
        }
    }

    /// What the flags of a message mean, of a family that has its own way.
    pub(super) fn special_flags(&self, special: Special, _kind: u16, _flags: u64) -> Class {
        match special {
            Special::Netfilter(special) => match special {},
            _ => Class::Plain,
        }
    }

    /// What stands behind the header of a message.
    pub(super) fn special_body(&mut self, special: Special, _kind: u16, span: Span<'_>) {
        match special {
            Special::Diag(special) => match special {},
            Special::Audit(special) => match special {},
            Special::Crypto(special) => match special {},
            Special::Generic(special) => match special {},
            Special::Netfilter(special) => match special {},
            Special::Selinux(special) => match special {},
            Special::Xfrm(special) => match special {},
            _ => self.octets(span),
        }
    }

    /// What an attribute holds.
    pub(super) fn special_content(
        &mut self,
        special: Special,
        _kind: u16,
        span: Span<'_>,
        place: &Place<'_>,
    ) {
        match special {
            Special::Route(special) => self.route_content(special, span, place),
            Special::Link(special) => match special {},
            Special::Traffic(special) => match special {},
            Special::Diag(special) => match special {},
            Special::Netfilter(special) => match special {},
            _ => self.octets(span),
        }
    }
}
