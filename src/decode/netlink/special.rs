//! Parts of netlink messages that need code, handed to the file of their family.

use syscall_tables::netlink::Special;

use super::super::Decoder;
use super::super::render::Render;
use super::{Place, Span};
use crate::memory::Memory;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// The type of a message of a family that has its own way.
    pub(super) fn special_type(&mut self, special: Special, kind: u16) {
        match special {
            Special::Generic(_) => self.generic_type(kind),
            Special::Netfilter(_) => self.netfilter_type(kind),
            _ => self.hex(u64::from(kind)),
        }
    }

    /// What stands behind the header of a message.
    pub(super) fn special_body(&mut self, special: Special, kind: u16, span: Span<'_>) {
        match special {
            Special::Diag(special) => self.diag_special(special, span),
            Special::Audit(special) => match special {},
            Special::Crypto(special) => match special {},
            Special::Netfilter(special) => self.netfilter_body(special, kind, span),
            Special::Selinux(special) => match special {},
            Special::Xfrm(special) => match special {},
            _ => self.octets(span),
        }
    }

    /// What an attribute holds.
    pub(super) fn special_content(&mut self, special: Special, kind: u16, span: Span<'_>, place: &Place<'_>) {
        match special {
            Special::Route(special) => self.route_content(special, span, place),
            Special::Link(special) => self.link_content(special, kind, span, place),
            Special::Traffic(special) => match special {},
            Special::Diag(special) => self.diag_special(special, span),
            _ => self.octets(span),
        }
    }
}
