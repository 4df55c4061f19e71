//! Messages of NETLINK_XFRM. Source: linux/xfrm.h.

use super::{Body, Family, Flags, Message, Types};

crate::numbered! {
    /// Types of messages.
    TYPES: "XFRM_MSG_???" { XFRM_MSG_NEWSA = 0x10 }
}

/// What needs code.
#[derive(Debug, Clone, Copy)]
pub enum Special {}

static MESSAGES: &[Message] = &[];

/// NETLINK_XFRM.
pub static FAMILY: Family = Family {
    protocol: 6,
    types: Types::Named(&TYPES),
    flags: Flags::Plain,
    messages: &[MESSAGES],
    others: Body::Bytes,
};
