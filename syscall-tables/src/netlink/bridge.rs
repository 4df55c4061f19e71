//! Messages of NETLINK_ROUTE about the multicast groups of bridges. Source: linux/if_bridge.h.

use super::route::{Special, special};
use super::{AF8, Attributes, Body, Content, INTERFACE, Message};
use crate::kinds::*;

crate::numbered! {
    /// Attributes of multicast databases.
    MDBA: "MDBA_???" { MDBA_UNSPEC, MDBA_MDB, MDBA_ROUTER }

    /// Attributes of the groups.
    MDBA_MDB_SET: "MDBA_MDB_???" { MDBA_MDB_UNSPEC, MDBA_MDB_ENTRY }

    /// Attributes of a group.
    MDBA_MDB_ENTRY_SET: "MDBA_MDB_ENTRY_???" { MDBA_MDB_ENTRY_UNSPEC, MDBA_MDB_ENTRY_INFO }

    /// Attributes of a port in a group.
    MDBA_MDB_EATTR: "MDBA_MDB_EATTR_???" {
        MDBA_MDB_EATTR_UNSPEC, MDBA_MDB_EATTR_TIMER, MDBA_MDB_EATTR_SRC_LIST, MDBA_MDB_EATTR_GROUP_MODE,
        MDBA_MDB_EATTR_SOURCE, MDBA_MDB_EATTR_RTPROT, MDBA_MDB_EATTR_DST, MDBA_MDB_EATTR_DST_PORT, MDBA_MDB_EATTR_VNI,
        MDBA_MDB_EATTR_IFINDEX, MDBA_MDB_EATTR_SRC_VNI,
    }

    /// Attributes of the routers.
    MDBA_ROUTER_SET: "MDBA_ROUTER_???" { MDBA_ROUTER_UNSPEC, MDBA_ROUTER_PORT }

    /// Attributes of a router's port.
    MDBA_ROUTER_PATTR: "MDBA_ROUTER_PATTR_???" {
        MDBA_ROUTER_PATTR_UNSPEC, MDBA_ROUTER_PATTR_TIMER, MDBA_ROUTER_PATTR_TYPE, MDBA_ROUTER_PATTR_INET_TIMER,
        MDBA_ROUTER_PATTR_INET6_TIMER, MDBA_ROUTER_PATTR_VID,
    }

    /// Types of routers.
    MDB_RTR_TYPE: "MDB_RTR_TYPE_???" {
        MDB_RTR_TYPE_DISABLED, MDB_RTR_TYPE_TEMP_QUERY, MDB_RTR_TYPE_PERM, MDB_RTR_TYPE_TEMP,
    }

    /// States of a port in a group.
    MDB_STATE: "MDB_???" { MDB_TEMPORARY, MDB_PERMANENT }
}

crate::sets! {
    /// Flags of a port in a group.
    MDB_FLAGS: Bits, Hex, "MDB_FLAGS_???" {
        MDB_FLAGS_OFFLOAD = 1, MDB_FLAGS_FAST_LEAVE = 2, MDB_FLAGS_STAR_EXCL = 4, MDB_FLAGS_BLOCKED = 8,
        MDB_FLAGS_OFFLOAD_FAILED = 0x10,
    }
}

crate::structs! {
    /// `struct br_port_msg`.
    BR_PORT_MSG "br_port_msg" { family: AF8, ifindex: INTERFACE };
    /// `struct br_mdb_entry` up to the address.
    BR_MDB_ENTRY "br_mdb_entry" { ifindex: INTERFACE, state: bits8(&MDB_STATE), flags: bits8(&MDB_FLAGS), vid: U16 };
}

static DATABASE: Attributes =
    Attributes { names: &MDBA, rows: &[(1, Content::Nested(&GROUPS)), (2, Content::Nested(&ROUTERS))] };

static GROUPS: Attributes = Attributes { names: &MDBA_MDB_SET, rows: &[(1, Content::Nested(&GROUP))] };

static GROUP: Attributes =
    Attributes { names: &MDBA_MDB_ENTRY_SET, rows: &[(1, special(Special::GroupEntry))] };

/// Attributes of a port in a group.
pub static PORT: Attributes = Attributes { names: &MDBA_MDB_EATTR, rows: &[(1, Content::Ticks)] };

static ROUTERS: Attributes =
    Attributes { names: &MDBA_ROUTER_SET, rows: &[(1, Content::After(&INTERFACE, &ROUTER))] };

static ROUTER: Attributes = Attributes {
    names: &MDBA_ROUTER_PATTR,
    rows: &[
        (1, Content::Ticks),
        (2, Content::One(&const { bits8(&MDB_RTR_TYPE) })),
        (3, Content::Ticks),
        (4, Content::Ticks),
    ],
};

/// What the messages hold.
pub static MESSAGES: &[Message] =
    &[Message { types: &[0x54, 0x55, 0x56], body: Body::Family(&BR_PORT_MSG, &DATABASE) }];
