//! Messages of NETLINK_NETFILTER. Source: linux/netfilter/nfnetlink.h.

use super::{Body, Family, Flags, Message, Types};

crate::numbered! {
    /// Types of messages.
    TYPES: "NFNL_???" { NFNL_MSG_BATCH_BEGIN = 0x10 }
}

/// What needs code.
#[derive(Debug, Clone, Copy)]
pub enum Special {}

static MESSAGES: &[Message] = &[];

/// NETLINK_NETFILTER.
pub static FAMILY: Family = Family {
    protocol: 12,
    types: Types::Named(&TYPES),
    flags: Flags::Plain,
    messages: &[MESSAGES],
    others: Body::Bytes,
};
