//! Messages of NETLINK_CRYPTO. Source: linux/cryptouser.h.

use super::{Body, Family, Flags, Message, Types};

crate::numbered! {
    /// Types of messages.
    TYPES: "CRYPTO_MSG_???" { CRYPTO_MSG_NEWALG = 0x10 }
}

/// What needs code.
#[derive(Debug, Clone, Copy)]
pub enum Special {}

static MESSAGES: &[Message] = &[];

/// NETLINK_CRYPTO.
pub static FAMILY: Family = Family {
    protocol: 21,
    types: Types::Named(&TYPES),
    flags: Flags::Plain,
    messages: &[MESSAGES],
    others: Body::Bytes,
};
