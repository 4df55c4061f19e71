//! Messages of NETLINK_ROUTE apart from links and traffic control.
//!
//! Sources: rtnetlink(7), linux/rtnetlink.h, linux/if_addr.h, linux/if_addrlabel.h.

use super::Body;
use super::{
    AF8, Attributes, Class, Content, Family, Flags, INTERFACE, Message, Types, link, place, traffic,
};
use crate::kinds::*;
use crate::sets::net as sets;

/// RTM_DELACTION, which deletes several as it lists them.
const RTM_DELACTION: u16 = 0x31;

/// NETLINK_ROUTE.
pub static FAMILY: Family = Family {
    protocol: 0,
    types: Types::Named(&sets::RTM),
    flags: Flags::Quarters(&[(RTM_DELACTION, Class::Get)]),
    messages: &[MESSAGES, link::MESSAGES, traffic::MESSAGES],
    others: Body::FamilyAndBytes,
};

/// What needs code.
#[derive(Debug, Clone, Copy)]
pub enum Special {}

crate::numbered! {
    /// Attributes of addresses.
    IFA: "IFA_???" {
        IFA_UNSPEC, IFA_ADDRESS, IFA_LOCAL, IFA_LABEL, IFA_BROADCAST, IFA_ANYCAST, IFA_CACHEINFO, IFA_MULTICAST,
        IFA_FLAGS, IFA_RT_PRIORITY, IFA_TARGET_NETNSID, IFA_PROTO,
    }

    /// Attributes of labels of addresses.
    IFAL: "IFAL_???" { IFAL_ADDRESS = 1, IFAL_LABEL }
}

crate::sets! {
    /// Flags of addresses.
    IFA_F: Bits, Hex, "IFA_F_???" {
        IFA_F_SECONDARY = 1, IFA_F_NODAD = 2, IFA_F_OPTIMISTIC = 4, IFA_F_DADFAILED = 8, IFA_F_HOMEADDRESS = 0x10,
        IFA_F_DEPRECATED = 0x20, IFA_F_TENTATIVE = 0x40, IFA_F_PERMANENT = 0x80, IFA_F_MANAGETEMPADDR = 0x100,
        IFA_F_NOPREFIXROUTE = 0x200, IFA_F_MCAUTOJOIN = 0x400, IFA_F_STABLE_PRIVACY = 0x800,
    }

    /// Scopes of addresses and routes.
    RT_SCOPE: Values, Hex, "RT_SCOPE_???" {
        RT_SCOPE_UNIVERSE = 0, RT_SCOPE_SITE = 200, RT_SCOPE_LINK = 253, RT_SCOPE_HOST = 254, RT_SCOPE_NOWHERE = 255,
    }
}

crate::structs! {
    /// `struct ifaddrmsg`.
    IFADDRMSG "ifaddrmsg" {
        ifa_family: AF8, ifa_prefixlen: U8, ifa_flags: bits8(&IFA_F), ifa_scope: bits8(&RT_SCOPE),
        ifa_index: INTERFACE,
    };
    /// `struct ifa_cacheinfo`.
    IFA_CACHE "ifa_cacheinfo" { ifa_prefered: UINT, ifa_valid: UINT, cstamp: UINT, tstamp: UINT };
    /// `struct ifaddrlblmsg`.
    IFADDRLBLMSG "ifaddrlblmsg" {
        ifal_family: AF8, _reserved: U8, ifal_prefixlen: U8, ifal_flags: HEX8, ifal_index: INTERFACE, ifal_seq: UINT,
    };
}

static ADDRESS: Attributes = Attributes {
    names: &IFA,
    rows: &[
        (1, Content::Address),
        (2, Content::Address),
        (3, Content::Text),
        (4, Content::Address),
        (5, Content::Address),
        (6, Content::One(&const { place(&IFA_CACHE) })),
        (7, Content::Address),
        (8, Content::One(&const { bits(&IFA_F) })),
        (9, Content::One(&UINT)),
        (10, Content::One(&INT)),
    ],
};

static LABEL: Attributes =
    Attributes { names: &IFAL, rows: &[(1, Content::Address), (2, Content::One(&UINT))] };

static MESSAGES: &[Message] = &[
    Message { types: &[0x14, 0x15, 0x16], body: Body::Family(&IFADDRMSG, &ADDRESS) },
    Message { types: &[0x48, 0x49, 0x4a], body: Body::Family(&IFADDRLBLMSG, &LABEL) },
];
