//! Messages of NETLINK_SOCK_DIAG. Source: linux/sock_diag.h, sock_diag(7).

use super::{Body, Family, Flags, Message, Types};

crate::numbered! {
    /// Types of messages.
    TYPES: "SOCK_DIAG_???" { SOCK_DIAG_BY_FAMILY = 20 }
}

/// What needs code.
#[derive(Debug, Clone, Copy)]
pub enum Special {}

static MESSAGES: &[Message] = &[];

/// NETLINK_SOCK_DIAG.
pub static FAMILY: Family = Family {
    protocol: 4,
    types: Types::Named(&TYPES),
    flags: Flags::Plain,
    messages: &[MESSAGES],
    others: Body::FamilyAndBytes,
};
