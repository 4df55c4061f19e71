//! Messages of NETLINK_SELINUX. Source: linux/selinux_netlink.h.

use super::{Body, Family, Flags, Message, Types};
use crate::kinds::*;

crate::numbered! {
    /// Types of messages.
    TYPES: "SELNL_MSG_???" { SELNL_MSG_SETENFORCE = 0x10, SELNL_MSG_POLICYLOAD }
}

crate::structs! {
    /// `struct selnl_msg_setenforce`.
    SETENFORCE "selnl_msg_setenforce" { val: INT };
    /// `struct selnl_msg_policyload`.
    POLICYLOAD "selnl_msg_policyload" { seqno: UINT };
}

/// What needs code.
#[derive(Debug, Clone, Copy)]
pub enum Special {}

static MESSAGES: &[Message] = &[
    Message { types: &[0x10], body: Body::Start(&SETENFORCE) },
    Message { types: &[0x11], body: Body::Start(&POLICYLOAD) },
];

/// NETLINK_SELINUX.
pub static FAMILY: Family = Family {
    protocol: 7,
    types: Types::Named(&TYPES),
    flags: Flags::Plain,
    messages: &[MESSAGES],
    others: Body::Bytes,
};
