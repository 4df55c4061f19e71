//! Messages of NETLINK_GENERIC. Source: linux/genetlink.h.

use super::{Body, Family, Flags, Message, Types};

crate::numbered! {
    /// Types of messages.
    TYPES: "GENERIC_FAMILY_???" { GENL_ID_CTRL = 0x10 }
}

/// What needs code.
#[derive(Debug, Clone, Copy)]
pub enum Special {}

static MESSAGES: &[Message] = &[];

/// NETLINK_GENERIC.
pub static FAMILY: Family = Family {
    protocol: 16,
    types: Types::Named(&TYPES),
    flags: Flags::Plain,
    messages: &[MESSAGES],
    others: Body::Bytes,
};
