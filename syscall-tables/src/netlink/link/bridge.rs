//! Bridges, their ports and the VLANs on them. Sources: bridge(8), linux/if_bridge.h, linux/if_link.h.

use super::super::*;
use super::{BYTE, NUMBER, SHORT, followed};
use crate::net::Net;
use crate::set::{Base, Style};
use crate::sets::net::ETH_P;
use crate::{numbered, sets, structs};

structs! {
    /// See linux/if_bridge.h.
    BRIDGE_ID "ifla_bridge_id" { prio: Kind::new(Shape::Inline(&U8, 2)), addr: net(Net::Mac(6)) };

    /// See linux/if_bridge.h.
    BOOLEAN_OPTIONS "br_boolopt_multi" { optval: bits(&BOOLEAN), optmask: bits(&BOOLEAN) };

    /// See linux/if_bridge.h.
    VLAN_INFO "bridge_vlan_info" { flags: bits16(&VLAN_FLAGS), vid: U16 };
}

numbered! {
    /// What bridges are made of.
    BR: "IFLA_BR_???" {
        IFLA_BR_UNSPEC, IFLA_BR_FORWARD_DELAY, IFLA_BR_HELLO_TIME, IFLA_BR_MAX_AGE, IFLA_BR_AGEING_TIME,
        IFLA_BR_STP_STATE, IFLA_BR_PRIORITY, IFLA_BR_VLAN_FILTERING, IFLA_BR_VLAN_PROTOCOL,
        IFLA_BR_GROUP_FWD_MASK, IFLA_BR_ROOT_ID, IFLA_BR_BRIDGE_ID, IFLA_BR_ROOT_PORT, IFLA_BR_ROOT_PATH_COST,
        IFLA_BR_TOPOLOGY_CHANGE, IFLA_BR_TOPOLOGY_CHANGE_DETECTED, IFLA_BR_HELLO_TIMER, IFLA_BR_TCN_TIMER,
        IFLA_BR_TOPOLOGY_CHANGE_TIMER, IFLA_BR_GC_TIMER, IFLA_BR_GROUP_ADDR, IFLA_BR_FDB_FLUSH,
        IFLA_BR_MCAST_ROUTER, IFLA_BR_MCAST_SNOOPING, IFLA_BR_MCAST_QUERY_USE_IFADDR, IFLA_BR_MCAST_QUERIER,
        IFLA_BR_MCAST_HASH_ELASTICITY, IFLA_BR_MCAST_HASH_MAX, IFLA_BR_MCAST_LAST_MEMBER_CNT,
        IFLA_BR_MCAST_STARTUP_QUERY_CNT, IFLA_BR_MCAST_LAST_MEMBER_INTVL, IFLA_BR_MCAST_MEMBERSHIP_INTVL,
        IFLA_BR_MCAST_QUERIER_INTVL, IFLA_BR_MCAST_QUERY_INTVL, IFLA_BR_MCAST_QUERY_RESPONSE_INTVL,
        IFLA_BR_MCAST_STARTUP_QUERY_INTVL, IFLA_BR_NF_CALL_IPTABLES, IFLA_BR_NF_CALL_IP6TABLES,
        IFLA_BR_NF_CALL_ARPTABLES, IFLA_BR_VLAN_DEFAULT_PVID, IFLA_BR_PAD, IFLA_BR_VLAN_STATS_ENABLED,
        IFLA_BR_MCAST_STATS_ENABLED, IFLA_BR_MCAST_IGMP_VERSION, IFLA_BR_MCAST_MLD_VERSION,
        IFLA_BR_VLAN_STATS_PER_PORT, IFLA_BR_MULTI_BOOLOPT, IFLA_BR_MCAST_QUERIER_STATE,
        IFLA_BR_FDB_N_LEARNED, IFLA_BR_FDB_MAX_LEARNED,
    }

    /// The state of a querier.
    QUERIER: "BRIDGE_QUERIER_???" {
        BRIDGE_QUERIER_UNSPEC, BRIDGE_QUERIER_IP_ADDRESS, BRIDGE_QUERIER_IP_PORT,
        BRIDGE_QUERIER_IP_OTHER_TIMER, BRIDGE_QUERIER_PAD, BRIDGE_QUERIER_IPV6_ADDRESS,
        BRIDGE_QUERIER_IPV6_PORT, BRIDGE_QUERIER_IPV6_OTHER_TIMER,
    }

    /// What ports of bridges are made of.
    BRPORT: "IFLA_BRPORT_???" {
        IFLA_BRPORT_UNSPEC, IFLA_BRPORT_STATE, IFLA_BRPORT_PRIORITY, IFLA_BRPORT_COST, IFLA_BRPORT_MODE,
        IFLA_BRPORT_GUARD, IFLA_BRPORT_PROTECT, IFLA_BRPORT_FAST_LEAVE, IFLA_BRPORT_LEARNING,
        IFLA_BRPORT_UNICAST_FLOOD, IFLA_BRPORT_PROXYARP, IFLA_BRPORT_LEARNING_SYNC,
        IFLA_BRPORT_PROXYARP_WIFI, IFLA_BRPORT_ROOT_ID, IFLA_BRPORT_BRIDGE_ID, IFLA_BRPORT_DESIGNATED_PORT,
        IFLA_BRPORT_DESIGNATED_COST, IFLA_BRPORT_ID, IFLA_BRPORT_NO, IFLA_BRPORT_TOPOLOGY_CHANGE_ACK,
        IFLA_BRPORT_CONFIG_PENDING, IFLA_BRPORT_MESSAGE_AGE_TIMER, IFLA_BRPORT_FORWARD_DELAY_TIMER,
        IFLA_BRPORT_HOLD_TIMER, IFLA_BRPORT_FLUSH, IFLA_BRPORT_MULTICAST_ROUTER, IFLA_BRPORT_PAD,
        IFLA_BRPORT_MCAST_FLOOD, IFLA_BRPORT_MCAST_TO_UCAST, IFLA_BRPORT_VLAN_TUNNEL,
        IFLA_BRPORT_BCAST_FLOOD, IFLA_BRPORT_GROUP_FWD_MASK, IFLA_BRPORT_NEIGH_SUPPRESS,
        IFLA_BRPORT_ISOLATED, IFLA_BRPORT_BACKUP_PORT, IFLA_BRPORT_MRP_RING_OPEN, IFLA_BRPORT_MRP_IN_OPEN,
        IFLA_BRPORT_MCAST_EHT_HOSTS_LIMIT, IFLA_BRPORT_MCAST_EHT_HOSTS_CNT, IFLA_BRPORT_LOCKED,
        IFLA_BRPORT_MAB, IFLA_BRPORT_MCAST_N_GROUPS, IFLA_BRPORT_MCAST_MAX_GROUPS,
        IFLA_BRPORT_NEIGH_VLAN_SUPPRESS, IFLA_BRPORT_BACKUP_NHID,
    }

    /// IFLA_AF_SPEC of AF_BRIDGE.
    SPEC: "IFLA_BRIDGE_???" {
        IFLA_BRIDGE_FLAGS, IFLA_BRIDGE_MODE, IFLA_BRIDGE_VLAN_INFO, IFLA_BRIDGE_VLAN_TUNNEL_INFO,
        IFLA_BRIDGE_MRP, IFLA_BRIDGE_CFM, IFLA_BRIDGE_MST,
    }

    /// Tunnels of VLANs.
    TUNNEL: "IFLA_BRIDGE_VLAN_TUNNEL_???" {
        IFLA_BRIDGE_VLAN_TUNNEL_UNSPEC, IFLA_BRIDGE_VLAN_TUNNEL_ID, IFLA_BRIDGE_VLAN_TUNNEL_VID,
        IFLA_BRIDGE_VLAN_TUNNEL_FLAGS,
    }
}

sets! {
    /// `struct br_boolopt_multi`.
    BOOLEAN: Bits, Hex, "1<<BR_BOOLOPT_???" {
        "1<<BR_BOOLOPT_NO_LL_LEARN" = 1, "1<<BR_BOOLOPT_MCAST_VLAN_SNOOPING" = 2,
        "1<<BR_BOOLOPT_MST_ENABLE" = 4, "1<<BR_BOOLOPT_MDB_OFFLOAD_FAIL_NOTIFICATION" = 8,
        "1<<BR_BOOLOPT_FDB_LOCAL_VLAN_0" = 0x10,
    }

    /// IFLA_BRIDGE_FLAGS.
    SPEC_FLAGS: Bits, Hex, "BRIDGE_FLAGS_???" { BRIDGE_FLAGS_MASTER = 1, BRIDGE_FLAGS_SELF = 2 }

    /// IFLA_BRIDGE_MODE.
    MODE: Values, Hex, "BRIDGE_MODE_???" {
        BRIDGE_MODE_VEB = 0, BRIDGE_MODE_VEPA = 1, BRIDGE_MODE_UNDEF = 0xffff,
    }

    /// `struct bridge_vlan_info`.
    VLAN_FLAGS: Bits, Hex, "BRIDGE_VLAN_INFO_???" {
        BRIDGE_VLAN_INFO_MASTER = 1, BRIDGE_VLAN_INFO_PVID = 2, BRIDGE_VLAN_INFO_UNTAGGED = 4,
        BRIDGE_VLAN_INFO_RANGE_BEGIN = 8, BRIDGE_VLAN_INFO_RANGE_END = 0x10, BRIDGE_VLAN_INFO_BRENTRY = 0x20,
        BRIDGE_VLAN_INFO_ONLY_OPTS = 0x40,
    }
}

/// Protocols of Ethernet, as strace calls one of a bridge that it does not know.
static ETHER_P: Set = Set {
    id: "ETHER_P",
    unknown: "ETHER_P_???",
    style: Style::Values,
    base: Base::Hex,
    rows: ETH_P.rows,
    variants: &[],
};

const ID: Content = Content::One(&const { place(&BRIDGE_ID) });
const MASK: Content = Content::One(&HEX16);

/// A bridge.
pub static BRIDGE: Attributes = Attributes {
    names: &BR,
    rows: &[
        (1, Content::Ticks),
        (2, Content::Ticks),
        (3, Content::Ticks),
        (4, Content::Ticks),
        (5, NUMBER),
        (6, SHORT),
        (7, BYTE),
        (8, named(&const { net(Net::Big16(&ETHER_P)) })),
        (9, MASK),
        (10, ID),
        (11, ID),
        (12, SHORT),
        (13, NUMBER),
        (14, BYTE),
        (15, BYTE),
        (16, Content::Ticks),
        (17, Content::Ticks),
        (18, Content::Ticks),
        (19, Content::Ticks),
        (20, Content::Special(super::super::Special::Link(super::Special::Hardware))),
        (22, BYTE),
        (23, BYTE),
        (24, BYTE),
        (25, BYTE),
        (26, NUMBER),
        (27, NUMBER),
        (28, NUMBER),
        (29, NUMBER),
        (30, Content::Ticks),
        (31, Content::Ticks),
        (32, Content::Ticks),
        (33, Content::Ticks),
        (34, Content::Ticks),
        (35, Content::Ticks),
        (36, BYTE),
        (37, BYTE),
        (38, BYTE),
        (39, SHORT),
        (41, BYTE),
        (42, BYTE),
        (43, BYTE),
        (44, BYTE),
        (45, BYTE),
        (46, Content::One(&const { place(&BOOLEAN_OPTIONS) })),
        (47, Content::Nested(&QUERIERS)),
        (48, NUMBER),
        (49, NUMBER),
    ],
};

static QUERIERS: Attributes = Attributes {
    names: &QUERIER,
    rows: &[
        (1, Content::One(&INET)),
        (2, Content::One(&INTERFACE)),
        (3, Content::Ticks),
        (5, Content::Inet6),
        (6, Content::One(&INTERFACE)),
        (7, Content::Ticks),
    ],
};

/// A port of a bridge.
pub static PORT: Attributes = Attributes {
    names: &BRPORT,
    rows: &[
        (1, BYTE),
        (2, SHORT),
        (3, NUMBER),
        (4, BYTE),
        (5, BYTE),
        (6, BYTE),
        (7, BYTE),
        (8, BYTE),
        (9, BYTE),
        (10, BYTE),
        (11, BYTE),
        (12, BYTE),
        (13, ID),
        (14, ID),
        (15, SHORT),
        (16, SHORT),
        (17, SHORT),
        (18, SHORT),
        (19, BYTE),
        (20, BYTE),
        (21, Content::Ticks),
        (22, Content::Ticks),
        (23, Content::Ticks),
        (25, BYTE),
        (27, BYTE),
        (28, BYTE),
        (29, BYTE),
        (30, BYTE),
        (31, MASK),
        (32, BYTE),
        (33, BYTE),
        (34, Content::One(&INTERFACE)),
        (35, BYTE),
        (36, BYTE),
        (37, NUMBER),
        (38, NUMBER),
        (39, BYTE),
        (40, BYTE),
        (41, NUMBER),
        (42, NUMBER),
        (43, BYTE),
        (44, NUMBER),
    ],
};

/// What AF_BRIDGE has to say of a link.
pub static FAMILY: Attributes = Attributes {
    names: &SPEC,
    rows: &[
        (0, named(&const { bits16(&SPEC_FLAGS) })),
        (1, named(&const { bits16(&MODE) })),
        (2, followed(&const { place(&VLAN_INFO) })),
        (3, Content::Nested(&TUNNELS)),
    ],
};

static TUNNELS: Attributes = Attributes {
    names: &TUNNEL,
    rows: &[(1, NUMBER), (2, SHORT), (3, named(&const { bits16(&VLAN_FLAGS) }))],
};
