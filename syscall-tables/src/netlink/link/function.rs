//! Virtual functions of a device and their ports. Source: linux/if_link.h.

use super::super::*;
use super::{BYTE, NUMBER, SHORT};
use crate::net::Net;
use crate::sets::net::ETH_P;
use crate::{numbered, structs};

structs! {
    /// See linux/if_link.h; as are all below.
    MAC "ifla_vf_mac" { vf: UINT, mac: net(Net::Mac(32)) };
    /// An address for broadcasts.
    BROADCAST "ifla_vf_broadcast" { broadcast: net(Net::Mac(32)) };
    /// A VLAN.
    VLAN "ifla_vf_vlan" { vf: UINT, vlan: UINT, qos: UINT };
    /// A VLAN with its protocol.
    VLAN_INFO "ifla_vf_vlan_info" { vf: UINT, vlan: UINT, qos: UINT, vlan_proto: net(Net::Big16(&ETH_P)) };
    /// Most that is sent.
    TX_RATE "ifla_vf_tx_rate" { vf: UINT, rate: UINT };
    /// Least and most that is sent.
    RATE "ifla_vf_rate" { vf: UINT, min_tx_rate: UINT, max_tx_rate: UINT };
    /// A switch.
    SETTING "ifla_vf_spoofchk" { vf: UINT, setting: UINT };
    /// Whether a link is up.
    LINK_STATE "ifla_vf_link_state" { vf: UINT, link_state: value(&STATE) };
}

numbered! {
    /// A list of functions.
    INFO: "IFLA_VF_INFO_???" { IFLA_VF_INFO_UNSPEC, IFLA_VF_INFO }

    /// A function.
    VF: "IFLA_VF_???" {
        IFLA_VF_UNSPEC, IFLA_VF_MAC, IFLA_VF_VLAN, IFLA_VF_TX_RATE, IFLA_VF_SPOOFCHK, IFLA_VF_LINK_STATE,
        IFLA_VF_RATE, IFLA_VF_RSS_QUERY_EN, IFLA_VF_STATS, IFLA_VF_TRUST, IFLA_VF_IB_NODE_GUID,
        IFLA_VF_IB_PORT_GUID, IFLA_VF_VLAN_LIST, IFLA_VF_BROADCAST,
    }

    /// `struct ifla_vf_link_state`.
    STATE: "IFLA_VF_LINK_STATE_???" {
        IFLA_VF_LINK_STATE_AUTO, IFLA_VF_LINK_STATE_ENABLE, IFLA_VF_LINK_STATE_DISABLE,
    }

    /// What a function has counted.
    STATS: "IFLA_VF_STATS_???" {
        IFLA_VF_STATS_RX_PACKETS, IFLA_VF_STATS_TX_PACKETS, IFLA_VF_STATS_RX_BYTES, IFLA_VF_STATS_TX_BYTES,
        IFLA_VF_STATS_BROADCAST, IFLA_VF_STATS_MULTICAST, IFLA_VF_STATS_PAD, IFLA_VF_STATS_RX_DROPPED,
        IFLA_VF_STATS_TX_DROPPED,
    }

    /// VLANs of a function.
    VLANS: "IFLA_VF_VLAN_INFO_???" { IFLA_VF_VLAN_INFO_UNSPEC, IFLA_VF_VLAN_INFO }

    /// Ports of functions.
    VF_PORT: "IFLA_VF_PORT_???" { IFLA_VF_PORT_UNSPEC, IFLA_VF_PORT }

    /// A port.
    PORT_NAMES: "IFLA_VF_PORT_???" {
        IFLA_PORT_UNSPEC, IFLA_PORT_VF, IFLA_PORT_PROFILE, IFLA_PORT_VSI_TYPE, IFLA_PORT_INSTANCE_UUID,
        IFLA_PORT_HOST_UUID, IFLA_PORT_REQUEST, IFLA_PORT_RESPONSE,
    }
}

const GUID: Content = Content::Special(super::super::Special::Link(super::Special::Guid));
const VSI: Content = Content::Special(super::super::Special::Link(super::Special::Vsi));
const SWITCH: Content = Content::One(&const { place(&SETTING) });
const COUNT: Content = Content::One(&U64);

/// IFLA_VFINFO_LIST.
pub static LIST: Attributes = Attributes { names: &INFO, rows: &[(1, Content::Nested(&FUNCTION))] };

static FUNCTION: Attributes = Attributes {
    names: &VF,
    rows: &[
        (1, Content::One(&const { place(&MAC) })),
        (2, Content::One(&const { place(&VLAN) })),
        (3, Content::One(&const { place(&TX_RATE) })),
        (4, SWITCH),
        (5, Content::One(&const { place(&LINK_STATE) })),
        (6, Content::One(&const { place(&RATE) })),
        (7, SWITCH),
        (8, Content::Nested(&COUNTED)),
        (9, SWITCH),
        (10, GUID),
        (11, GUID),
        (12, Content::Nested(&VLAN_LIST)),
        (13, Content::One(&const { place(&BROADCAST) })),
    ],
};

static COUNTED: Attributes = Attributes {
    names: &STATS,
    rows: &[(0, COUNT), (1, COUNT), (2, COUNT), (3, COUNT), (4, COUNT), (5, COUNT), (7, COUNT), (8, COUNT)],
};

static VLAN_LIST: Attributes =
    Attributes { names: &VLANS, rows: &[(1, Content::One(&const { place(&VLAN_INFO) }))] };

/// IFLA_VF_PORTS.
pub static PORTS: Attributes = Attributes { names: &VF_PORT, rows: &[(1, Content::Nested(&PORT))] };

/// IFLA_PORT_SELF.
pub static PORT: Attributes = Attributes {
    names: &PORT_NAMES,
    rows: &[(1, NUMBER), (2, Content::Text), (3, VSI), (6, BYTE), (7, SHORT)],
};
