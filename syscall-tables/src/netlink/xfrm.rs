//! Messages of NETLINK_XFRM, whose bodies are shown as bytes. Source: linux/xfrm.h.

use super::{Body, Class, Family, Flags, Types};

crate::numbered! {
    /// Types of messages.
    TYPES: "XFRM_MSG_???" {
        XFRM_MSG_NEWSA = 0x10, XFRM_MSG_DELSA, XFRM_MSG_GETSA, XFRM_MSG_NEWPOLICY, XFRM_MSG_DELPOLICY,
        XFRM_MSG_GETPOLICY, XFRM_MSG_ALLOCSPI, XFRM_MSG_ACQUIRE, XFRM_MSG_EXPIRE, XFRM_MSG_UPDPOLICY,
        XFRM_MSG_UPDSA, XFRM_MSG_POLEXPIRE, XFRM_MSG_FLUSHSA, XFRM_MSG_FLUSHPOLICY, XFRM_MSG_NEWAE, XFRM_MSG_GETAE,
        XFRM_MSG_REPORT, XFRM_MSG_MIGRATE, XFRM_MSG_NEWSADINFO, XFRM_MSG_GETSADINFO, XFRM_MSG_NEWSPDINFO,
        XFRM_MSG_GETSPDINFO, XFRM_MSG_MAPPING, XFRM_MSG_SETDEFAULT, XFRM_MSG_GETDEFAULT,
    }
}

/// What needs code.
#[derive(Debug, Clone, Copy)]
pub enum Special {}

/// NETLINK_XFRM.
pub static FAMILY: Family = Family {
    protocol: 6,
    types: Types::Named(&TYPES),
    flags: Flags::Rows(&[
        (0x10, Class::New),
        (0x11, Class::Delete),
        (0x12, Class::Get),
        (0x13, Class::New),
        (0x14, Class::Delete),
        (0x15, Class::Get),
        (0x1e, Class::New),
        (0x1f, Class::Get),
        (0x22, Class::New),
        (0x23, Class::Get),
        (0x24, Class::New),
        (0x25, Class::Get),
    ]),
    messages: &[],
    others: Body::Bytes,
};
