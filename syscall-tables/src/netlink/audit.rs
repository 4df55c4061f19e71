//! Messages of NETLINK_AUDIT. Source: linux/audit.h.

use super::{Body, Family, Flags, Message, Types};

crate::numbered! {
    /// Types of messages.
    TYPES: "AUDIT_???" { AUDIT_GET = 1000 }
}

/// What needs code.
#[derive(Debug, Clone, Copy)]
pub enum Special {}

static MESSAGES: &[Message] = &[];

/// NETLINK_AUDIT.
pub static FAMILY: Family = Family {
    protocol: 9,
    types: Types::Named(&TYPES),
    flags: Flags::Plain,
    messages: &[MESSAGES],
    others: Body::Bytes,
};
