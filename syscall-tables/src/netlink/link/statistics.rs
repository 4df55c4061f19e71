//! What links have counted: RTM_{NEW,GET}STATS. Sources: linux/if_link.h, linux/if_bridge.h, linux/if_bonding.h,
//! linux/mpls.h.

use super::super::*;
use super::bridge::VLAN_FLAGS;
use super::{counters, followed};
use crate::set::{Base, Style};
use crate::sets::net::AF;
use crate::{numbered, sets, structs};

structs! {
    /// See linux/if_link.h.
    HEAD "if_stats_msg" {
        family: AF8, pad1: HEX8.when_not(pad1, 0), pad2: HEX16.when_not(pad2, 0), ifindex: INTERFACE,
        filter_mask: bits(&FILTER),
    };

    /// See linux/if_bridge.h.
    VLAN "bridge_vlan_xstats" {
        rx_bytes: U64, rx_packets: U64, tx_bytes: U64, tx_packets: U64, vid: U16, flags: bits16(&VLAN_FLAGS),
        pad2: HEX.when_not(pad2, 0),
    };

    /// See linux/if_bridge.h.
    SPANNING_TREE "bridge_stp_xstats" {
        transition_blk: U64, transition_fwd: U64, rx_bpdu: U64, tx_bpdu: U64, rx_tcn: U64, tx_tcn: U64,
    };

    /// See linux/mpls.h.
    LABELS "mpls_link_stats" {
        rx_packets: U64, tx_packets: U64, rx_bytes: U64, tx_bytes: U64, rx_errors: U64, tx_errors: U64,
        rx_dropped: U64, tx_dropped: U64, rx_noroute: U64,
    };
}

numbered! {
    /// Kinds of counters.
    STATS: "IFLA_STATS_???" {
        IFLA_STATS_UNSPEC, IFLA_STATS_LINK_64, IFLA_STATS_LINK_XSTATS, IFLA_STATS_LINK_XSTATS_SLAVE,
        IFLA_STATS_LINK_OFFLOAD_XSTATS, IFLA_STATS_AF_SPEC,
    }

    /// Drivers that count more.
    XSTATS: "LINK_XSTATS_TYPE_???" {
        LINK_XSTATS_TYPE_UNSPEC, LINK_XSTATS_TYPE_BRIDGE, LINK_XSTATS_TYPE_BOND,
    }

    /// Counters of a bridge.
    BRIDGE_XSTATS: "BRIDGE_XSTATS_???" {
        BRIDGE_XSTATS_UNSPEC, BRIDGE_XSTATS_VLAN, BRIDGE_XSTATS_MCAST, BRIDGE_XSTATS_PAD, BRIDGE_XSTATS_STP,
    }

    /// Counters of bonds.
    BOND_XSTATS: "BOND_XSTATS_???" { BOND_XSTATS_UNSPEC, BOND_XSTATS_3AD }

    /// Counters of IEEE 802.3ad.
    BOND_3AD: "BOND_XSTATS_???" {
        BOND_3AD_STAT_LACPDU_RX, BOND_3AD_STAT_LACPDU_TX, BOND_3AD_STAT_LACPDU_UNKNOWN_RX,
        BOND_3AD_STAT_LACPDU_ILLEGAL_RX, BOND_3AD_STAT_MARKER_RX, BOND_3AD_STAT_MARKER_TX,
        BOND_3AD_STAT_MARKER_RESP_RX, BOND_3AD_STAT_MARKER_RESP_TX, BOND_3AD_STAT_MARKER_UNKNOWN_RX,
        BOND_3AD_STAT_PAD,
    }

    /// What hardware has counted.
    OFFLOAD: "IFLA_OFFLOAD_XSTATS_???" { IFLA_OFFLOAD_XSTATS_UNSPEC, IFLA_OFFLOAD_XSTATS_CPU_HIT }

    /// Counters of MPLS.
    MPLS: "MPLS_STATS_???" { MPLS_STATS_UNSPEC, MPLS_STATS_LINK }
}

sets! {
    /// Kinds of counters that are asked for.
    FILTER: Bits, Hex, "1<<IFLA_STATS_???" {
        "1<<IFLA_STATS_UNSPEC" = 1, "1<<IFLA_STATS_LINK_64" = 2, "1<<IFLA_STATS_LINK_XSTATS" = 4,
        "1<<IFLA_STATS_LINK_XSTATS_SLAVE" = 8, "1<<IFLA_STATS_LINK_OFFLOAD_XSTATS" = 0x10,
        "1<<IFLA_STATS_AF_SPEC" = 0x20,
    }
}

/// Address families as types of attributes.
static FAMILIES: Set = Set {
    id: "AF_STATS",
    unknown: "AF_???",
    style: Style::Values,
    base: Base::Hex,
    rows: AF.rows,
    variants: &[],
};

const COUNT: Content = Content::One(&U64);

/// What the messages hold behind [`HEAD`].
pub static STATISTICS: Attributes = Attributes {
    names: &STATS,
    rows: &[
        (1, counters(8, super::LATER)),
        (2, Content::Nested(&DRIVERS)),
        (3, Content::Nested(&DRIVERS)),
        (4, Content::Nested(&HARDWARE)),
        (5, Content::Nested(&BY_FAMILY)),
    ],
};

static DRIVERS: Attributes =
    Attributes { names: &XSTATS, rows: &[(1, Content::Nested(&BRIDGE)), (2, Content::Nested(&BOND))] };

static BRIDGE: Attributes = Attributes {
    names: &BRIDGE_XSTATS,
    rows: &[(1, followed(&const { place(&VLAN) })), (4, followed(&const { place(&SPANNING_TREE) }))],
};

static BOND: Attributes = Attributes { names: &BOND_XSTATS, rows: &[(1, Content::Nested(&AGGREGATION))] };

static AGGREGATION: Attributes = Attributes {
    names: &BOND_3AD,
    rows: &[
        (0, COUNT),
        (1, COUNT),
        (2, COUNT),
        (3, COUNT),
        (4, COUNT),
        (5, COUNT),
        (6, COUNT),
        (7, COUNT),
        (8, COUNT),
    ],
};

static HARDWARE: Attributes = Attributes { names: &OFFLOAD, rows: &[(1, counters(8, super::LATER))] };

static BY_FAMILY: Attributes =
    Attributes { names: &FAMILIES, rows: &[(28, Content::Nested(&LABEL_SWITCHING))] };

static LABEL_SWITCHING: Attributes =
    Attributes { names: &MPLS, rows: &[(1, followed(&const { place(&LABELS) }))] };
