//! Messages of NETLINK_ROUTE about links, RTM_NEWLINK and its like. Sources: rtnetlink(7), linux/if_link.h.
//!
//! What a link is made of has a file of its own: bridges, functions of a device, address families.

use super::*;
use crate::sets::net::IFF;
use crate::sets::sockaddr::ARPHRD;
use crate::{numbered, sets, structs};

mod bridge;
mod family;
mod function;
mod statistics;

/// What needs code.
#[derive(Debug, Clone, Copy)]
pub enum Special {
    /// A hardware address of as many bytes as [`address_bytes`] says.
    Address,
    /// A text that ends at the first NUL.
    Name,
    /// A hardware address of at most 32 bytes.
    Hardware,
    /// `struct rtnl_link_stats`: counters of so many bytes, the names of those that were always there, and of later
    /// ones; it ends with any of the last.
    Counters(u8, &'static [&'static str], &'static [&'static str]),
    /// Values in a row, each with the name of its place; so many bytes each, `true` for signed ones.
    Places(&'static Set, u8, bool),
    /// `struct ifla_vf_guid`, which has padding on some architectures.
    Guid,
    /// A struct, and bytes behind it.
    Followed(&'static Kind),
    /// `struct ifla_port_vsi`.
    Vsi,
    /// Attributes: the first where the message is of this address family, else the second.
    Either(u8, &'static Attributes, &'static Attributes),
}

/// Most bytes of a link's hardware address that are shown, as strace has them: by the type of hardware (ARPHRD_*) whose
/// number is that of the address family in front.
pub const fn address_bytes(family: u64) -> usize {
    match family {
        0 | 3 => 7,
        1 | 6 => 6,
        7 => 1,
        15 => 2,
        24 => 16,
        27 => 8,
        32 => 20,
        _ => usize::MAX,
    }
}

/// What RTM_{NEW,DEL,GET,SET}LINK and RTM_{NEW,GET}STATS hold.
pub static MESSAGES: &[Message] = &[
    Message { types: &[0x10, 0x11, 0x12, 0x13], body: Body::Family(&IFINFOMSG, &LINK) },
    Message { types: &[0x5c, 0x5e], body: Body::Family(&statistics::HEAD, &statistics::STATISTICS) },
];

structs! {
    /// See rtnetlink(7).
    IFINFOMSG "ifinfomsg" {
        ifi_family: AF8, _ifi_pad: U8, ifi_type: bits16(&ARPHRD), ifi_index: INTERFACE, ifi_flags: bits(&IFF),
        ifi_change: HEX,
    };

    /// `struct rtnl_link_ifmap` without the padding at its end.
    IFMAP "rtnl_link_ifmap" packed {
        mem_start: HEX64, mem_end: HEX64, base_addr: HEX64, irq: U16, dma: U8, port: U8,
    };

    /// `struct can_device_stats`, linux/can/netlink.h.
    CAN_STATS "can_device_stats" {
        bus_error: UINT, error_warning: UINT, error_passive: UINT, bus_off: UINT, arbitration_lost: UINT,
        restarts: UINT,
    };
}

numbered! {
    /// Attributes of links.
    IFLA: "IFLA_???" {
        IFLA_UNSPEC, IFLA_ADDRESS, IFLA_BROADCAST, IFLA_IFNAME, IFLA_MTU, IFLA_LINK, IFLA_QDISC, IFLA_STATS,
        IFLA_COST, IFLA_PRIORITY, IFLA_MASTER, IFLA_WIRELESS, IFLA_PROTINFO, IFLA_TXQLEN, IFLA_MAP, IFLA_WEIGHT,
        IFLA_OPERSTATE, IFLA_LINKMODE, IFLA_LINKINFO, IFLA_NET_NS_PID, IFLA_IFALIAS, IFLA_NUM_VF,
        IFLA_VFINFO_LIST, IFLA_STATS64, IFLA_VF_PORTS, IFLA_PORT_SELF, IFLA_AF_SPEC, IFLA_GROUP, IFLA_NET_NS_FD,
        IFLA_EXT_MASK, IFLA_PROMISCUITY, IFLA_NUM_TX_QUEUES, IFLA_NUM_RX_QUEUES, IFLA_CARRIER,
        IFLA_PHYS_PORT_ID, IFLA_CARRIER_CHANGES, IFLA_PHYS_SWITCH_ID, IFLA_LINK_NETNSID, IFLA_PHYS_PORT_NAME,
        IFLA_PROTO_DOWN, IFLA_GSO_MAX_SEGS, IFLA_GSO_MAX_SIZE, IFLA_PAD, IFLA_XDP, IFLA_EVENT,
        IFLA_NEW_NETNSID, IFLA_IF_NETNSID, IFLA_CARRIER_UP_COUNT, IFLA_CARRIER_DOWN_COUNT, IFLA_NEW_IFINDEX,
        IFLA_MIN_MTU, IFLA_MAX_MTU, IFLA_PROP_LIST, IFLA_ALT_IFNAME, IFLA_PERM_ADDRESS, IFLA_PROTO_DOWN_REASON,
        IFLA_PARENT_DEV_NAME, IFLA_PARENT_DEV_BUS_NAME, IFLA_GRO_MAX_SIZE, IFLA_TSO_MAX_SIZE,
        IFLA_TSO_MAX_SEGS, IFLA_ALLMULTI, IFLA_DEVLINK_PORT, IFLA_GSO_IPV4_MAX_SIZE, IFLA_GRO_IPV4_MAX_SIZE,
        IFLA_DPLL_PIN, IFLA_MAX_PACING_OFFLOAD_HORIZON, IFLA_NETNS_IMMUTABLE, IFLA_HEADROOM, IFLA_TAILROOM,
    }

    /// What is known of a driver.
    INFO: "IFLA_INFO_???" {
        IFLA_INFO_UNSPEC, IFLA_INFO_KIND, IFLA_INFO_DATA, IFLA_INFO_XSTATS, IFLA_INFO_SLAVE_KIND,
        IFLA_INFO_SLAVE_DATA,
    }

    /// Whose port of a device a link is, linux/devlink.h.
    DEVLINK: "DEVLINK_ATTR_???" {
        DEVLINK_ATTR_UNSPEC, DEVLINK_ATTR_BUS_NAME, DEVLINK_ATTR_DEV_NAME, DEVLINK_ATTR_PORT_INDEX,
        DEVLINK_ATTR_PORT_TYPE, DEVLINK_ATTR_PORT_DESIRED_TYPE, DEVLINK_ATTR_PORT_NETDEV_IFINDEX,
        DEVLINK_ATTR_PORT_NETDEV_NAME, DEVLINK_ATTR_PORT_IBDEV_NAME,
    }

    /// What tun interfaces are made of.
    TUN: "IFLA_TUN_???" {
        IFLA_TUN_UNSPEC, IFLA_TUN_OWNER, IFLA_TUN_GROUP, IFLA_TUN_TYPE, IFLA_TUN_PI, IFLA_TUN_VNET_HDR,
        IFLA_TUN_PERSIST, IFLA_TUN_MULTI_QUEUE, IFLA_TUN_NUM_QUEUES, IFLA_TUN_NUM_DISABLED_QUEUES,
    }

    /// IFLA_TUN_TYPE.
    TUN_TYPE: "IFF_???" { IFF_TUN = 1, IFF_TAP }

    /// Programs of XDP.
    XDP: "IFLA_XDP_???" {
        IFLA_XDP_UNSPEC, IFLA_XDP_FD, IFLA_XDP_ATTACHED, IFLA_XDP_FLAGS, IFLA_XDP_PROG_ID,
        IFLA_XDP_DRV_PROG_ID, IFLA_XDP_SKB_PROG_ID, IFLA_XDP_HW_PROG_ID, IFLA_XDP_EXPECTED_FD,
    }

    /// IFLA_XDP_ATTACHED.
    XDP_ATTACHED: "XDP_ATTACHED_???" {
        XDP_ATTACHED_NONE, XDP_ATTACHED_DRV, XDP_ATTACHED_SKB, XDP_ATTACHED_HW, XDP_ATTACHED_MULTI,
    }

    /// IFLA_EVENT.
    EVENT: "IFLA_EVENT_???" {
        IFLA_EVENT_NONE, IFLA_EVENT_REBOOT, IFLA_EVENT_FEATURES, IFLA_EVENT_BONDING_FAILOVER,
        IFLA_EVENT_NOTIFY_PEERS, IFLA_EVENT_IGMP_RESEND, IFLA_EVENT_BONDING_OPTIONS,
    }

    /// Why a link is down.
    DOWN_REASON: "IFLA_PROTO_DOWN_REASON_???" {
        IFLA_PROTO_DOWN_REASON_UNSPEC, IFLA_PROTO_DOWN_REASON_MASK, IFLA_PROTO_DOWN_REASON_VALUE,
    }
}

sets! {
    /// What a dump of links leaves out, or has more of.
    EXT_MASK: Bits, Hex, "RTEXT_FILTER_???" {
        RTEXT_FILTER_VF = 1, RTEXT_FILTER_BRVLAN = 2, RTEXT_FILTER_BRVLAN_COMPRESSED = 4,
        RTEXT_FILTER_SKIP_STATS = 8, RTEXT_FILTER_MRP = 0x10, RTEXT_FILTER_CFM_CONFIG = 0x20,
        RTEXT_FILTER_CFM_STATUS = 0x40,
    }

    /// IFLA_XDP_FLAGS.
    XDP_FLAGS: Bits, Hex, "XDP_FLAGS_???" {
        XDP_FLAGS_MODES = 0xe, XDP_FLAGS_UPDATE_IF_NOEXIST = 1, XDP_FLAGS_SKB_MODE = 2,
        XDP_FLAGS_DRV_MODE = 4, XDP_FLAGS_HW_MODE = 8, XDP_FLAGS_REPLACE = 0x10,
    }
}

const NUMBER: Content = Content::One(&UINT);
const BYTE: Content = Content::One(&U8);
const SHORT: Content = Content::One(&U16);
const SIGNED: Content = Content::One(&INT);
const ADDRESS: Content = Content::Special(super::Special::Link(Special::Address));
const NAME: Content = Content::Special(super::Special::Link(Special::Name));

const SPEC: Content =
    Content::Special(super::Special::Link(Special::Either(AF_BRIDGE, &bridge::FAMILY, &family::FAMILIES)));

const fn counters(bytes: u8, later: &'static [&'static str]) -> Content {
    Content::Special(super::Special::Link(Special::Counters(bytes, COUNTERS, later)))
}

/// A struct, and bytes behind it.
const fn followed(kind: &'static Kind) -> Content {
    Content::Special(super::Special::Link(Special::Followed(kind)))
}

/// Members of `struct rtnl_link_stats64` that came later.
const LATER: &[&str] = &["rx_nohandler", "rx_otherhost_dropped"];

/// Members of `struct rtnl_link_stats` and `rtnl_link_stats64` that were always there.
const COUNTERS: &[&str] = &[
    "rx_packets",
    "tx_packets",
    "rx_bytes",
    "tx_bytes",
    "rx_errors",
    "tx_errors",
    "rx_dropped",
    "tx_dropped",
    "multicast",
    "collisions",
    "rx_length_errors",
    "rx_over_errors",
    "rx_crc_errors",
    "rx_frame_errors",
    "rx_fifo_errors",
    "rx_missed_errors",
    "tx_aborted_errors",
    "tx_carrier_errors",
    "tx_fifo_errors",
    "tx_heartbeat_errors",
    "tx_window_errors",
    "rx_compressed",
    "tx_compressed",
];

/// Attributes of a link.
pub static LINK: Attributes = Attributes {
    names: &IFLA,
    rows: &[
        (1, ADDRESS),
        (2, ADDRESS),
        (3, Content::Text),
        (4, NUMBER),
        (5, NUMBER),
        (6, Content::Text),
        (7, counters(4, &["rx_nohandler"])),
        (10, NUMBER),
        (12, Content::ByFamily(&[(AF_BRIDGE, Content::Nested(&bridge::PORT)), (AF_INET6, INET6)])),
        (13, NUMBER),
        (14, Content::One(&const { place(&IFMAP) })),
        (15, NUMBER),
        (16, BYTE),
        (17, BYTE),
        (18, Content::Nested(&DRIVER)),
        (19, NUMBER),
        (20, Content::Text),
        (21, NUMBER),
        (22, Content::Nested(&function::LIST)),
        (23, counters(8, LATER)),
        (24, Content::Nested(&function::PORTS)),
        (25, Content::Nested(&function::PORT)),
        (26, SPEC),
        (27, NUMBER),
        (28, Content::One(&FD)),
        (29, named(&const { bits(&EXT_MASK) })),
        (30, NUMBER),
        (31, NUMBER),
        (32, NUMBER),
        (33, BYTE),
        (35, NUMBER),
        (37, SIGNED),
        (38, Content::Text),
        (39, BYTE),
        (40, NUMBER),
        (41, NUMBER),
        (43, Content::Nested(&PROGRAMS)),
        (44, Content::One(&const { value(&EVENT) })),
        (45, SIGNED),
        (46, SIGNED),
        (47, NUMBER),
        (48, NUMBER),
        (49, Content::One(&INTERFACE)),
        (50, NUMBER),
        (51, NUMBER),
        (52, Content::Nested(&PROPERTIES)),
        (53, Content::Text),
        (54, ADDRESS),
        (55, Content::Nested(&REASONS)),
        (56, Content::Text),
        (57, Content::Text),
        (58, NUMBER),
        (59, NUMBER),
        (60, NUMBER),
        (61, NUMBER),
        (62, Content::Nested(&DEVLINK_PORT)),
        (63, NUMBER),
        (64, NUMBER),
        (66, Content::One(&U64)),
        (67, BYTE),
        (68, SHORT),
        (69, SHORT),
    ],
};

static DRIVER: Attributes = Attributes {
    names: &INFO,
    rows: &[
        (1, NAME),
        (
            2,
            Content::ByText(
                1,
                &[("bridge", Content::Nested(&bridge::BRIDGE)), ("tun", Content::Nested(&QUEUES))],
            ),
        ),
        (3, Content::ByText(1, &[("can", Content::One(&const { place(&CAN_STATS) }))])),
        (4, NAME),
        (5, Content::ByText(4, &[("bridge", Content::Nested(&bridge::PORT))])),
    ],
};

static DEVLINK_PORT: Attributes =
    Attributes { names: &DEVLINK, rows: &[(1, Content::Text), (2, Content::Text), (3, NUMBER)] };

static QUEUES: Attributes = Attributes {
    names: &TUN,
    rows: &[
        (1, Content::One(&ID)),
        (2, Content::One(&ID)),
        (3, named(&const { bits8(&TUN_TYPE) })),
        (4, BYTE),
        (5, BYTE),
        (6, BYTE),
        (7, BYTE),
        (8, NUMBER),
        (9, NUMBER),
    ],
};

static PROGRAMS: Attributes = Attributes {
    names: &XDP,
    rows: &[
        (1, Content::One(&FD)),
        (2, named(&const { bits8(&XDP_ATTACHED) })),
        (3, Content::One(&const { bits(&XDP_FLAGS) })),
        (4, NUMBER),
        (5, NUMBER),
        (6, NUMBER),
        (7, NUMBER),
        (8, Content::One(&FD)),
    ],
};

static PROPERTIES: Attributes = Attributes { names: &IFLA, rows: &[(53, Content::Text)] };

static REASONS: Attributes =
    Attributes { names: &DOWN_REASON, rows: &[(1, Content::One(&HEX)), (2, Content::One(&HEX))] };

const AF_INET: u8 = 2;
const AF_BRIDGE: u8 = 7;
const AF_INET6: u8 = 10;
const AF_MCTP: u8 = 45;
const INET6: Content = Content::Nested(&family::INET6);
