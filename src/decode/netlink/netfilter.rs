//! Messages of NETLINK_NETFILTER and NETLINK_GENERIC: types in two parts, types by the names of families.
//!
//! Sources: linux/netfilter/nfnetlink.h, linux/genetlink.h.

use syscall_tables::layout;
use syscall_tables::netlink::generic;
use syscall_tables::netlink::netfilter::{
    ATTRIBUTES, BATCH, MESSAGES_OF, NFGENMSG, NFTABLES, SUBSYSTEMS, Special,
};
use syscall_tables::set::Base;

use super::{Place, Span};
use crate::decode::Decoder;
use crate::decode::interpret::load;
use crate::decode::render::{Group, Render};
use crate::event::descriptor::Detail;
use crate::memory::Memory;

/// `struct nfgenmsg`.
const HEADER: usize = 4;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// A subsystem and a message of it; or a message that belongs to none.
    pub(super) fn netfilter_type(&mut self, kind: u16) {
        if BATCH.name_of(self.abi, u64::from(kind)).is_some() {
            return self.render.set(&BATCH, u64::from(kind), self.abi);
        }
        let (subsystem, message) = (kind >> 8, u64::from(kind & 0xff));
        self.render.set(&SUBSYSTEMS, u64::from(subsystem), self.abi);
        self.render.word(format_args!("<<8|"));
        match MESSAGES_OF.iter().find(|row| row.0 == subsystem) {
            Some((_, names)) => self.render.set(names, message, self.abi),
            None => self.render.number(message, false, Base::Hex, 1),
        }
    }

    /// `struct nfgenmsg`, and what is behind it.
    pub(super) fn netfilter_body(&mut self, special: Special, kind: u16, span: Span<'_>) {
        if span.len < HEADER {
            return self.octets(span);
        }
        let Some(head) = span.get(HEADER) else { return self.render.address(span.addr) };
        let known = layout::size_of(&NFGENMSG, self.abi.data_model());
        self.render.open(Group::Struct);
        self.members(&NFGENMSG, &head[..known], span.addr);
        self.render.field("res_id");
        self.resource(kind, [head[2], head[3]]);
        self.render.close(Group::Struct);
        let rest = span.from(HEADER);
        if rest.len == 0 {
            return;
        }
        self.render.item();
        match special {
            Special::Bytes => self.octets(rest),
            Special::Type | Special::Attributes => {
                let place = Place { kind, head, before: &[], above: None };
                self.attributes(&ATTRIBUTES, rest, &place);
            }
        }
    }

    /// The resource that a message is about: of tables it is their subsystem.
    fn resource(&mut self, kind: u16, bytes: [u8; 2]) {
        let id = u16::from_be_bytes(bytes);
        let raw = load(&bytes);
        let name = SUBSYSTEMS.name_of(self.abi, u64::from(id));
        match name.filter(|_| kind >> 8 == NFTABLES && id == NFTABLES) {
            Some(name) if self.render.begin_whole(raw, false, Base::Hex, false) => {
                self.render.spelled(raw, format_args!("htons({name})"));
                self.render.end_whole();
            }
            Some(_) => {}
            None => self.render.spelled(raw, format_args!("htons({id})")),
        }
    }

    /// A family of NETLINK_GENERIC, as the kernel called it when the call was made.
    pub(super) fn generic_type(&mut self, kind: u16) {
        let fds = self.fds;
        let note = fds.iter().find(|note| note.fd == self.args[0] as i32);
        let families = match note.and_then(|note| note.detail.as_deref()) {
            Some(Detail::Socket(socket)) => socket.families.as_deref().unwrap_or_default(),
            _ => &[],
        };
        match families.iter().find(|(number, _)| *number == kind) {
            Some((_, name)) => self.render.named(name, u64::from(kind), Base::Hex),
            None => self.render.set(&generic::TYPES, u64::from(kind), self.abi),
        }
    }
}
