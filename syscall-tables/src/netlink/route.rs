//! Messages of NETLINK_ROUTE apart from links and traffic control: addresses, routes, rules, next hops and smaller things.
//!
//! Sources: rtnetlink(7), linux/rtnetlink.h, linux/if_addr.h, linux/if_addrlabel.h, linux/fib_rules.h, linux/nexthop.h,
//! linux/net_namespace.h, linux/netconf.h, linux/dcbnl.h.

use super::{
    AF8, Attributes, BE32, Body, Class, Content, Family, Flags, INTERFACE, Message, PROTOCOL, Types, bridge,
    link, named, neighbour, place, traffic,
};
use crate::cases;
use crate::kinds::*;
use crate::net::Net;
use crate::set::{Base, Set, Style};
use crate::sets::net as sets;

/// RTM_DELACTION, which deletes several as it lists them.
const RTM_DELACTION: u16 = 0x31;

/// NETLINK_ROUTE.
pub static FAMILY: Family = Family {
    protocol: 0,
    types: Types::Named(&sets::RTM),
    flags: Flags::Quarters(&[(RTM_DELACTION, Class::Get)]),
    messages: &[MESSAGES, neighbour::MESSAGES, bridge::MESSAGES, link::MESSAGES, traffic::MESSAGES],
    others: Body::FamilyAndBytes,
};

/// What needs code.
#[derive(Debug, Clone, Copy)]
pub enum Special {
    /// `struct rtnexthop` records with attributes.
    Multipath,
    /// `struct rtvia`.
    Via,
    /// `struct br_mdb_entry` with attributes behind it.
    GroupEntry,
}

/// A special content of this file's.
pub(super) const fn special(special: Special) -> Content {
    Content::Special(super::Special::Route(special))
}

crate::numbered! {
    /// Attributes of addresses.
    IFA: "IFA_???" {
        IFA_UNSPEC, IFA_ADDRESS, IFA_LOCAL, IFA_LABEL, IFA_BROADCAST, IFA_ANYCAST, IFA_CACHEINFO, IFA_MULTICAST,
        IFA_FLAGS, IFA_RT_PRIORITY, IFA_TARGET_NETNSID, IFA_PROTO,
    }

    /// Attributes of labels of addresses.
    IFAL: "IFAL_???" { IFAL_ADDRESS = 1, IFAL_LABEL }

    /// Attributes of routes.
    RTA: "RTA_???" {
        RTA_UNSPEC, RTA_DST, RTA_SRC, RTA_IIF, RTA_OIF, RTA_GATEWAY, RTA_PRIORITY, RTA_PREFSRC, RTA_METRICS,
        RTA_MULTIPATH, RTA_PROTOINFO, RTA_FLOW, RTA_CACHEINFO, RTA_SESSION, RTA_MP_ALGO, RTA_TABLE, RTA_MARK,
        RTA_MFC_STATS, RTA_VIA, RTA_NEWDST, RTA_PREF, RTA_ENCAP_TYPE, RTA_ENCAP, RTA_EXPIRES, RTA_PAD, RTA_UID,
        RTA_TTL_PROPAGATE, RTA_IP_PROTO, RTA_SPORT, RTA_DPORT, RTA_NH_ID, RTA_FLOWLABEL,
    }

    /// Metrics of routes.
    RTAX: "RTAX_???" {
        RTAX_UNSPEC, RTAX_LOCK, RTAX_MTU, RTAX_WINDOW, RTAX_RTT, RTAX_RTTVAR, RTAX_SSTHRESH, RTAX_CWND, RTAX_ADVMSS,
        RTAX_REORDERING, RTAX_HOPLIMIT, RTAX_INITCWND, RTAX_FEATURES, RTAX_RTO_MIN, RTAX_INITRWND, RTAX_QUICKACK,
        RTAX_CC_ALGO, RTAX_FASTOPEN_NO_COOKIE,
    }

    /// Types of lightweight tunnels.
    LWTUNNEL_ENCAP: "LWTUNNEL_ENCAP_???" {
        LWTUNNEL_ENCAP_NONE, LWTUNNEL_ENCAP_MPLS, LWTUNNEL_ENCAP_IP, LWTUNNEL_ENCAP_ILA, LWTUNNEL_ENCAP_IP6,
        LWTUNNEL_ENCAP_SEG6, LWTUNNEL_ENCAP_BPF, LWTUNNEL_ENCAP_SEG6_LOCAL, LWTUNNEL_ENCAP_RPL, LWTUNNEL_ENCAP_IOAM6,
        LWTUNNEL_ENCAP_XFRM,
    }

    /// Attributes of rules.
    FRA: "FRA_???" {
        FRA_UNSPEC, FRA_DST, FRA_SRC, FRA_IIFNAME, FRA_GOTO, FRA_UNUSED2, FRA_PRIORITY, FRA_UNUSED3, FRA_UNUSED4,
        FRA_UNUSED5, FRA_FWMARK, FRA_FLOW, FRA_TUN_ID, FRA_SUPPRESS_IFGROUP, FRA_SUPPRESS_PREFIXLEN, FRA_TABLE,
        FRA_FWMASK, FRA_OIFNAME, FRA_PAD, FRA_L3MDEV, FRA_UID_RANGE, FRA_PROTOCOL, FRA_IP_PROTO, FRA_SPORT_RANGE,
        FRA_DPORT_RANGE, FRA_DSCP, FRA_FLOWLABEL, FRA_FLOWLABEL_MASK, FRA_SPORT_MASK, FRA_DPORT_MASK, FRA_DSCP_MASK,
    }

    /// What rules do.
    FR_ACT: "FR_ACT_???" {
        FR_ACT_UNSPEC, FR_ACT_TO_TBL, FR_ACT_GOTO, FR_ACT_NOP, FR_ACT_RES3, FR_ACT_RES4, FR_ACT_BLACKHOLE,
        FR_ACT_UNREACHABLE, FR_ACT_PROHIBIT,
    }

    /// Types of routes.
    RTN: "RTN_???" {
        RTN_UNSPEC, RTN_UNICAST, RTN_LOCAL, RTN_BROADCAST, RTN_ANYCAST, RTN_MULTICAST, RTN_BLACKHOLE, RTN_UNREACHABLE,
        RTN_PROHIBIT, RTN_THROW, RTN_NAT, RTN_XRESOLVE,
    }

    /// Who made a route.
    RTPROT: "RTPROT_???" {
        RTPROT_UNSPEC, RTPROT_REDIRECT, RTPROT_KERNEL, RTPROT_BOOT, RTPROT_STATIC, RTPROT_GATED = 8, RTPROT_RA,
        RTPROT_MRT, RTPROT_ZEBRA, RTPROT_BIRD, RTPROT_DNROUTED, RTPROT_XORP, RTPROT_NTK, RTPROT_DHCP, RTPROT_MROUTED,
        RTPROT_KEEPALIVED, RTPROT_BABEL = 42, RTPROT_OVN = 84, RTPROT_OPENR = 99, RTPROT_BGP = 186, RTPROT_ISIS,
        RTPROT_OSPF, RTPROT_RIP, RTPROT_EIGRP = 192,
    }

    /// Attributes of next hops.
    NHA: "NHA_???" {
        NHA_UNSPEC, NHA_ID, NHA_GROUP, NHA_GROUP_TYPE, NHA_BLACKHOLE, NHA_OIF, NHA_GATEWAY, NHA_ENCAP_TYPE, NHA_ENCAP,
        NHA_GROUPS, NHA_MASTER, NHA_FDB, NHA_RES_GROUP, NHA_RES_BUCKET, NHA_OP_FLAGS, NHA_GROUP_STATS,
        NHA_HW_STATS_ENABLE, NHA_HW_STATS_USED,
    }

    /// Types of groups of next hops.
    NEXTHOP_GRP_TYPE: "NEXTHOP_GRP_TYPE_???" { NEXTHOP_GRP_TYPE_MPATH, NEXTHOP_GRP_TYPE_RES }

    /// Attributes of resilient groups.
    NHA_RES_GROUP: "NHA_RES_GROUP_???" {
        NHA_RES_GROUP_PAD, NHA_RES_GROUP_BUCKETS, NHA_RES_GROUP_IDLE_TIMER, NHA_RES_GROUP_UNBALANCED_TIMER,
        NHA_RES_GROUP_UNBALANCED_TIME,
    }

    /// Attributes of their buckets.
    NHA_RES_BUCKET: "NHA_RES_BUCKET_???" {
        NHA_RES_BUCKET_PAD, NHA_RES_BUCKET_INDEX, NHA_RES_BUCKET_IDLE_TIME, NHA_RES_BUCKET_NH_ID,
    }

    /// Attributes of ids of network namespaces.
    NETNSA: "NETNSA_???" {
        NETNSA_NONE, NETNSA_NSID, NETNSA_PID, NETNSA_FD, NETNSA_TARGET_NSID, NETNSA_CURRENT_NSID,
    }

    /// Attributes of settings.
    NETCONFA: "NETCONFA_???" {
        NETCONFA_UNSPEC, NETCONFA_IFINDEX, NETCONFA_FORWARDING, NETCONFA_RP_FILTER, NETCONFA_MC_FORWARDING,
        NETCONFA_PROXY_NEIGH, NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN, NETCONFA_INPUT, NETCONFA_BC_FORWARDING,
        NETCONFA_FORCE_FORWARDING,
    }

    /// Commands of data center bridging.
    DCB_CMD: "DCB_CMD_???" {
        DCB_CMD_UNDEFINED, DCB_CMD_GSTATE, DCB_CMD_SSTATE, DCB_CMD_PGTX_GCFG, DCB_CMD_PGTX_SCFG, DCB_CMD_PGRX_GCFG,
        DCB_CMD_PGRX_SCFG, DCB_CMD_PFC_GCFG, DCB_CMD_PFC_SCFG, DCB_CMD_SET_ALL, DCB_CMD_GPERM_HWADDR, DCB_CMD_GCAP,
        DCB_CMD_GNUMTCS, DCB_CMD_SNUMTCS, DCB_CMD_PFC_GSTATE, DCB_CMD_PFC_SSTATE, DCB_CMD_BCN_GCFG, DCB_CMD_BCN_SCFG,
        DCB_CMD_GAPP, DCB_CMD_SAPP, DCB_CMD_IEEE_SET, DCB_CMD_IEEE_GET, DCB_CMD_GDCBX, DCB_CMD_SDCBX,
        DCB_CMD_GFEATCFG, DCB_CMD_SFEATCFG, DCB_CMD_CEE_GET, DCB_CMD_IEEE_DEL,
    }

    /// Attributes of data center bridging.
    DCB_ATTR: "DCB_ATTR_???" {
        DCB_ATTR_UNDEFINED, DCB_ATTR_IFNAME, DCB_ATTR_STATE, DCB_ATTR_PFC_STATE, DCB_ATTR_PFC_CFG, DCB_ATTR_NUM_TC,
        DCB_ATTR_PG_CFG, DCB_ATTR_SET_ALL, DCB_ATTR_PERM_HWADDR, DCB_ATTR_CAP, DCB_ATTR_NUMTCS, DCB_ATTR_BCN,
        DCB_ATTR_APP, DCB_ATTR_IEEE, DCB_ATTR_DCBX, DCB_ATTR_FEATCFG, DCB_ATTR_CEE,
    }
}

/// Families of addresses where [`RTNL_FAMILY`] is what else there may be.
pub static RTNL_OTHERS: Set = Set {
    id: "RTNL_OTHERS",
    unknown: "RTNL_FAMILY_???",
    style: Style::Values,
    base: Base::Hex,
    rows: sets::AF.rows,
    variants: &[],
};

crate::sets! {
    /// Families of rtnetlink's own.
    RTNL_FAMILY: Values, Hex, "RTNL_FAMILY_???" { RTNL_FAMILY_IPMR = 128, RTNL_FAMILY_IP6MR = 129 }

    /// Flags of addresses.
    IFA_F: Bits, Hex, "IFA_F_???" {
        IFA_F_SECONDARY = 1, IFA_F_NODAD = 2, IFA_F_OPTIMISTIC = 4, IFA_F_DADFAILED = 8, IFA_F_HOMEADDRESS = 0x10,
        IFA_F_DEPRECATED = 0x20, IFA_F_TENTATIVE = 0x40, IFA_F_PERMANENT = 0x80, IFA_F_MANAGETEMPADDR = 0x100,
        IFA_F_NOPREFIXROUTE = 0x200, IFA_F_MCAUTOJOIN = 0x400, IFA_F_STABLE_PRIVACY = 0x800,
    }

    /// Scopes of addresses and routes, of which any number may be one.
    RT_SCOPE: Values, Hex, "" {
        RT_SCOPE_UNIVERSE = 0, RT_SCOPE_SITE = 200, RT_SCOPE_LINK = 253, RT_SCOPE_HOST = 254, RT_SCOPE_NOWHERE = 255,
    }

    /// Tables of routes, of which any number may be one.
    RT_TABLE: Values, Hex, "" {
        RT_TABLE_UNSPEC = 0, RT_TABLE_COMPAT = 252, RT_TABLE_DEFAULT = 253, RT_TABLE_MAIN = 254, RT_TABLE_LOCAL = 255,
    }

    /// The same of rules.
    RULE_TABLE: Values, Hex, "RT_TABLE_???" {
        RT_TABLE_UNSPEC = 0, RT_TABLE_COMPAT = 252, RT_TABLE_DEFAULT = 253, RT_TABLE_MAIN = 254, RT_TABLE_LOCAL = 255,
    }

    /// Types of service.
    IPTOS: Bits, Hex, "IPTOS_TOS_???" {
        IPTOS_LOWDELAY = 0x10, IPTOS_THROUGHPUT = 8, IPTOS_RELIABILITY = 4, IPTOS_MINCOST = 2,
    }

    /// Flags of routes.
    RTM_F: Bits, Hex, "RTM_F_???" {
        RTM_F_NOTIFY = 0x100, RTM_F_CLONED = 0x200, RTM_F_EQUALIZE = 0x400, RTM_F_PREFIX = 0x800,
        RTM_F_LOOKUP_TABLE = 0x1000, RTM_F_FIB_MATCH = 0x2000, RTM_F_OFFLOAD = 0x4000, RTM_F_TRAP = 0x8000,
        RTM_F_OFFLOAD_FAILED = 0x2000_0000,
    }

    /// Flags of next hops.
    RTNH_F: Bits, Hex, "RTNH_F_???" {
        RTNH_F_DEAD = 1, RTNH_F_PERVASIVE = 2, RTNH_F_ONLINK = 4, RTNH_F_OFFLOAD = 8, RTNH_F_LINKDOWN = 0x10,
        RTNH_F_UNRESOLVED = 0x20, RTNH_F_TRAP = 0x40,
    }

    /// Flags of rules.
    FIB_RULE: Bits, Hex, "FIB_RULE_???" {
        FIB_RULE_PERMANENT = 1, FIB_RULE_INVERT = 2, FIB_RULE_UNRESOLVED = 4, FIB_RULE_IIF_DETACHED = 8,
        FIB_RULE_OIF_DETACHED = 0x10, FIB_RULE_FIND_SADDR = 0x1_0000,
    }
}

crate::structs! {
    /// `struct rtgenmsg`.
    RTGENMSG "rtgenmsg" { rtgen_family: AF8 };
    /// The same where it is about caches of multicast routes.
    CACHE_REPORT "rtgenmsg" {
        rtgen_family: by(
            rtgen_family,
            cases![(128, bits8(&RTNL_FAMILY)), (129, bits8(&RTNL_FAMILY))],
            &const { bits8(&RTNL_OTHERS) }
        ),
    };
    /// `struct ifaddrmsg`.
    IFADDRMSG "ifaddrmsg" {
        ifa_family: AF8, ifa_prefixlen: U8, ifa_flags: bits8(&IFA_F), ifa_scope: bits8(&RT_SCOPE),
        ifa_index: INTERFACE,
    };
    /// `struct ifa_cacheinfo`.
    IFA_CACHE "ifa_cacheinfo" { ifa_prefered: UINT, ifa_valid: UINT, cstamp: UINT, tstamp: UINT };
    /// `struct ifaddrlblmsg`.
    IFADDRLBLMSG "ifaddrlblmsg" {
        ifal_family: AF8, _reserved: U8, ifal_prefixlen: U8, ifal_flags: U8, ifal_index: INTERFACE, ifal_seq: UINT,
    };
    /// `struct rtmsg`.
    RTMSG "rtmsg" {
        rtm_family: AF8, rtm_dst_len: U8, rtm_src_len: U8, rtm_tos: bits8(&IPTOS), rtm_table: bits8(&RT_TABLE),
        rtm_protocol: bits8(&RTPROT), rtm_scope: bits8(&RT_SCOPE), rtm_type: bits8(&RTN), rtm_flags: bits(&RTM_F),
    };
    /// `struct rta_cacheinfo`.
    RTA_CACHE "rta_cacheinfo" {
        rta_clntref: UINT, rta_lastuse: UINT, rta_expires: UINT, rta_error: UINT, rta_used: UINT, rta_id: HEX,
        rta_ts: UINT, rta_tsage: UINT,
    };
    /// `struct rta_mfc_stats`.
    RTA_MFC "rta_mfc_stats" { mfcs_packets: U64, mfcs_bytes: U64, mfcs_wrong_if: U64 };
    /// `struct rtnexthop`.
    RTNEXTHOP "rtnexthop" { rtnh_len: U16, rtnh_flags: bits8(&RTNH_F), rtnh_hops: U8, rtnh_ifindex: INTERFACE };
    /// `struct fib_rule_hdr`.
    FIB_RULE_HDR "fib_rule_hdr" {
        family: AF8, dst_len: U8, src_len: U8, tos: bits8(&IPTOS), table: bits8(&RULE_TABLE), _res1: U8, _res2: U8,
        action: bits8(&FR_ACT), flags: bits(&FIB_RULE),
    };
    /// `struct fib_rule_uid_range`.
    UID_RANGE "fib_rule_uid_range" { start: UINT, end: UINT };
    /// `struct fib_rule_port_range`.
    PORT_RANGE "fib_rule_port_range" { start: U16, end: U16 };
    /// `struct nhmsg`.
    NHMSG "nhmsg" {
        nh_family: AF8, nh_scope: bits8(&RT_SCOPE), nh_protocol: bits8(&RTPROT), resvd: HEX8.when_not(resvd, 0),
        nh_flags: bits(&RTNH_F),
    };
    /// `struct nexthop_grp`.
    NEXTHOP_GRP "nexthop_grp" {
        id: UINT, weight: U8, resvd1: HEX8.when_not(resvd1, 0), resvd2: HEX16.when_not(resvd2, 0),
    };
    /// `struct netconfmsg`.
    NETCONFMSG "netconfmsg" { ncm_family: AF8 };
    /// `struct dcbmsg`.
    DCBMSG "dcbmsg" { dcb_family: AF8, cmd: bits8(&DCB_CMD), _pad: U16 };
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

/// Attributes of routes, and of the next hops in one.
pub static ROUTE: Attributes = Attributes {
    names: &RTA,
    rows: &[
        (1, Content::Address),
        (2, Content::Address),
        (3, Content::One(&INTERFACE)),
        (4, Content::One(&INTERFACE)),
        (5, Content::Address),
        (6, Content::One(&UINT)),
        (7, Content::Address),
        (8, Content::Nested(&METRICS)),
        (9, special(Special::Multipath)),
        (10, Content::One(&UINT)),
        (11, Content::One(&UINT)),
        (12, Content::One(&const { place(&RTA_CACHE) })),
        (14, Content::One(&UINT)),
        (15, Content::One(&const { bits(&RT_TABLE) })),
        (16, Content::One(&UINT)),
        (17, Content::One(&const { place(&RTA_MFC) })),
        (18, special(Special::Via)),
        (19, Content::Address),
        (20, Content::One(&U8)),
        (21, Content::One(&const { bits16(&LWTUNNEL_ENCAP) })),
        (23, Content::One(&U64)),
        (25, Content::One(&UINT)),
        (26, Content::One(&U8)),
        (27, Content::One(&U8)),
        (28, Content::One(&U16)),
        (29, Content::One(&U16)),
        (30, Content::One(&UINT)),
        (31, Content::One(&BE32)),
    ],
};

static METRICS: Attributes = Attributes {
    names: &RTAX,
    rows: &[
        (1, Content::One(&UINT)),
        (2, Content::One(&UINT)),
        (3, Content::One(&UINT)),
        (4, Content::One(&UINT)),
        (5, Content::One(&UINT)),
        (6, Content::One(&UINT)),
        (7, Content::One(&UINT)),
        (8, Content::One(&UINT)),
        (9, Content::One(&UINT)),
        (10, Content::One(&UINT)),
        (11, Content::One(&UINT)),
        (12, Content::One(&UINT)),
        (13, Content::One(&UINT)),
        (14, Content::One(&UINT)),
        (15, Content::One(&UINT)),
        (16, Content::Text),
    ],
};

static RULE: Attributes = Attributes {
    names: &FRA,
    rows: &[
        (1, Content::Address),
        (2, Content::Address),
        (3, Content::Text),
        (4, Content::One(&UINT)),
        (6, Content::One(&UINT)),
        (10, Content::One(&UINT)),
        (11, Content::One(&UINT)),
        (12, Content::One(&const { net(Net::Big64) })),
        (13, Content::One(&UINT)),
        (14, Content::One(&UINT)),
        (15, Content::One(&const { bits(&RT_TABLE) })),
        (16, Content::One(&UINT)),
        (17, Content::Text),
        (19, Content::One(&U8)),
        (20, Content::One(&const { place(&UID_RANGE) })),
        (21, Content::One(&const { bits8(&RTPROT) })),
        (22, PROTOCOL),
        (23, Content::One(&const { place(&PORT_RANGE) })),
        (24, Content::One(&const { place(&PORT_RANGE) })),
        (25, Content::One(&U8)),
        (26, Content::One(&BE32)),
        (27, Content::One(&BE32)),
    ],
};

static NEXT_HOP: Attributes = Attributes {
    names: &NHA,
    rows: &[
        (1, Content::One(&UINT)),
        (2, Content::Several(&const { place(&NEXTHOP_GRP) })),
        (3, named(&const { bits16(&NEXTHOP_GRP_TYPE) })),
        (4, Content::One(&UINT)),
        (5, Content::One(&INTERFACE)),
        (6, Content::Address),
        (7, Content::One(&const { bits16(&LWTUNNEL_ENCAP) })),
        (9, Content::One(&UINT)),
        (10, Content::One(&INTERFACE)),
        (11, Content::One(&UINT)),
        (12, Content::Nested(&RESILIENT)),
        (13, Content::Nested(&BUCKET)),
    ],
};

static RESILIENT: Attributes = Attributes {
    names: &NHA_RES_GROUP,
    rows: &[(1, Content::One(&U16)), (2, Content::Ticks), (3, Content::Ticks), (4, Content::Ticks)],
};

static BUCKET: Attributes = Attributes {
    names: &NHA_RES_BUCKET,
    rows: &[(1, Content::One(&U16)), (2, Content::Ticks), (3, Content::One(&UINT))],
};

static NAMESPACE: Attributes = Attributes {
    names: &NETNSA,
    rows: &[
        (1, Content::One(&INT)),
        (2, Content::One(&UINT)),
        (3, Content::One(&FD)),
        (4, Content::One(&INT)),
        (5, Content::One(&INT)),
    ],
};

static SETTINGS: Attributes = Attributes {
    names: &NETCONFA,
    rows: &[
        (1, Content::One(&INTERFACE)),
        (2, Content::One(&INT)),
        (3, Content::One(&INT)),
        (4, Content::One(&INT)),
        (5, Content::One(&INT)),
        (6, Content::One(&INT)),
        (7, Content::One(&INT)),
        (8, Content::One(&INT)),
    ],
};

static BRIDGING: Attributes = Attributes { names: &DCB_ATTR, rows: &[] };

static MESSAGES: &[Message] = &[
    Message {
        types: &[0x14, 0x15, 0x16, 0x38, 0x39, 0x3a, 0x3c, 0x3d, 0x3e],
        body: Body::Family(&IFADDRMSG, &ADDRESS),
    },
    Message { types: &[0x18, 0x19, 0x1a], body: Body::Family(&RTMSG, &ROUTE) },
    Message { types: &[0x20, 0x21, 0x22], body: Body::Family(&FIB_RULE_HDR, &RULE) },
    Message { types: &[0x48, 0x49, 0x4a], body: Body::Family(&IFADDRLBLMSG, &LABEL) },
    Message { types: &[0x4e, 0x4f], body: Body::Family(&DCBMSG, &BRIDGING) },
    Message { types: &[0x50, 0x51, 0x52], body: Body::Family(&NETCONFMSG, &SETTINGS) },
    Message { types: &[0x58, 0x59, 0x5a], body: Body::Family(&RTGENMSG, &NAMESPACE) },
    Message { types: &[0x60], body: Body::StructAndBytes(&CACHE_REPORT) },
    Message { types: &[0x68, 0x69, 0x6a], body: Body::Family(&NHMSG, &NEXT_HOP) },
];
