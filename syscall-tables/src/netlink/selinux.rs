//! Messages of NETLINK_SELINUX. Source: linux/selinux_netlink.h.

use super::{Body, Family, Flags, Message, Types};

crate::numbered! {
    /// Types of messages.
    TYPES: "SELNL_MSG_???" { SELNL_MSG_SETENFORCE = 0x10 }
}

/// What needs code.
#[derive(Debug, Clone, Copy)]
pub enum Special {}

static MESSAGES: &[Message] = &[];

/// NETLINK_SELINUX.
pub static FAMILY: Family = Family {
    protocol: 7,
    types: Types::Named(&TYPES),
    flags: Flags::Plain,
    messages: &[MESSAGES],
    others: Body::Bytes,
};
