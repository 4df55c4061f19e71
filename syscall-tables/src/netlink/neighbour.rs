//! Messages of NETLINK_ROUTE about neighbours and their tables. Sources: rtnetlink(7), linux/neighbour.h.

use super::route::RTN;
use super::{AF8, Attributes, Body, Content, INTERFACE, Message, PORT, PROTOCOL, named, place};
use crate::kinds::*;
use crate::net::Net;

crate::numbered! {
    /// Attributes of neighbours.
    NDA: "NDA_???" {
        NDA_UNSPEC, NDA_DST, NDA_LLADDR, NDA_CACHEINFO, NDA_PROBES, NDA_VLAN, NDA_PORT, NDA_VNI, NDA_IFINDEX,
        NDA_MASTER, NDA_LINK_NETNSID, NDA_SRC_VNI, NDA_PROTOCOL, NDA_NH_ID, NDA_FDB_EXT_ATTRS, NDA_FLAGS_EXT,
        NDA_NDM_STATE_MASK, NDA_NDM_FLAGS_MASK,
    }

    /// Attributes of entries of bridges.
    NFEA: "NFEA_???" { NFEA_UNSPEC, NFEA_ACTIVITY_NOTIFY, NFEA_DONT_REFRESH }

    /// Attributes of tables of neighbours.
    NDTA: "NDTA_???" {
        NDTA_UNSPEC, NDTA_NAME, NDTA_THRESH1, NDTA_THRESH2, NDTA_THRESH3, NDTA_CONFIG, NDTA_PARMS, NDTA_STATS,
        NDTA_GC_INTERVAL, NDTA_PAD,
    }

    /// Parameters of tables of neighbours.
    NDTPA: "NDTPA_???" {
        NDTPA_UNSPEC, NDTPA_IFINDEX, NDTPA_REFCNT, NDTPA_REACHABLE_TIME, NDTPA_BASE_REACHABLE_TIME,
        NDTPA_RETRANS_TIME, NDTPA_GC_STALETIME, NDTPA_DELAY_PROBE_TIME, NDTPA_QUEUE_LEN, NDTPA_APP_PROBES,
        NDTPA_UCAST_PROBES, NDTPA_MCAST_PROBES, NDTPA_ANYCAST_DELAY, NDTPA_PROXY_DELAY, NDTPA_PROXY_QLEN,
        NDTPA_LOCKTIME, NDTPA_QUEUE_LENBYTES, NDTPA_MCAST_REPROBES, NDTPA_PAD, NDTPA_INTERVAL_PROBE_TIME_MS,
    }
}

crate::sets! {
    /// States of neighbours.
    NUD: Bits, Hex, "NUD_???" {
        NUD_NONE & NUD_ANY = 0,
        NUD_INCOMPLETE = 1, NUD_REACHABLE = 2, NUD_STALE = 4, NUD_DELAY = 8, NUD_PROBE = 0x10, NUD_FAILED = 0x20,
        NUD_NOARP = 0x40, NUD_PERMANENT = 0x80,
    }

    /// Flags of neighbours.
    NTF: Bits, Hex, "NTF_???" {
        NTF_USE = 1, NTF_SELF = 2, NTF_MASTER = 4, NTF_PROXY = 8, NTF_EXT_LEARNED = 0x10, NTF_OFFLOADED = 0x20,
        NTF_STICKY = 0x40, NTF_ROUTER = 0x80,
    }

    /// More flags of neighbours.
    NTF_EXT: Bits, Hex, "NTF_EXT_???" { NTF_EXT_MANAGED = 1, NTF_EXT_LOCKED = 2, NTF_EXT_EXT_VALIDATED = 4 }

    /// What activity is told of entries of bridges.
    FDB_NOTIFY: Bits, Hex, "FDB_NOTIFY_???" { FDB_NOTIFY_BIT = 1, FDB_NOTIFY_INACTIVE_BIT = 2 }
}

/// All bits of a state.
const NUD_ANY: u64 = 0xffff;

crate::structs! {
    /// `struct ndmsg`.
    NDMSG "ndmsg" {
        ndm_family: AF8, _pad1: U8, _pad2: U16, ndm_ifindex: INTERFACE, ndm_state: bits16(&NUD), ndm_flags: bits8(&NTF),
        ndm_type: bits8(&RTN),
    };
    /// `struct nda_cacheinfo`.
    NDA_CACHE "nda_cacheinfo" { ndm_confirmed: UINT, ndm_used: UINT, ndm_updated: UINT, ndm_refcnt: UINT };
    /// `struct ndtmsg`.
    NDTMSG "ndtmsg" { ndtm_family: AF8 };
    /// `struct ndt_config`.
    NDT_CONFIG "ndt_config" {
        ndtc_key_len: U16, ndtc_entry_size: U16, ndtc_entries: UINT, ndtc_last_flush: UINT, ndtc_last_rand: UINT,
        ndtc_hash_rnd: UINT, ndtc_hash_mask: net(Net::Mask(4)), ndtc_hash_chain_gc: UINT, ndtc_proxy_qlen: UINT,
    };
    /// `struct ndt_stats`.
    NDT_STATS "ndt_stats" {
        ndts_allocs: U64, ndts_destroys: U64, ndts_hash_grows: U64, ndts_res_failed: U64, ndts_lookups: U64,
        ndts_hits: U64, ndts_rcv_probes_mcast: U64, ndts_rcv_probes_ucast: U64, ndts_periodic_gc_runs: U64,
        ndts_forced_gc_runs: U64, ndts_table_fulls: U64,
    };
}

static NEIGHBOUR: Attributes = Attributes {
    names: &NDA,
    rows: &[
        (1, Content::Address),
        (2, Content::Mac),
        (3, Content::One(&const { place(&NDA_CACHE) })),
        (4, Content::One(&UINT)),
        (5, Content::One(&U16)),
        (6, Content::One(&PORT)),
        (7, Content::One(&UINT)),
        (8, Content::One(&INTERFACE)),
        (9, Content::One(&INTERFACE)),
        (10, Content::One(&UINT)),
        (11, Content::One(&UINT)),
        (12, PROTOCOL),
        (13, Content::One(&UINT)),
        (14, Content::Nested(&ENTRY)),
        (15, named(&const { bits(&NTF_EXT) })),
        (16, named(&const { bits16(&NUD) })),
        (17, named(&const { bits8(&NTF) })),
    ],
};

static ENTRY: Attributes =
    Attributes { names: &NFEA, rows: &[(1, Content::One(&const { bits8(&FDB_NOTIFY) }))] };

static TABLE: Attributes = Attributes {
    names: &NDTA,
    rows: &[
        (1, Content::Text),
        (2, Content::One(&UINT)),
        (3, Content::One(&UINT)),
        (4, Content::One(&UINT)),
        (5, Content::One(&const { place(&NDT_CONFIG) })),
        (6, Content::Nested(&PARAMETERS)),
        (7, Content::Extended(&NDT_STATS, 80)),
        (8, Content::One(&U64)),
    ],
};

static PARAMETERS: Attributes = Attributes {
    names: &NDTPA,
    rows: &[
        (1, Content::One(&INTERFACE)),
        (2, Content::One(&UINT)),
        (3, Content::One(&U64)),
        (4, Content::One(&U64)),
        (5, Content::One(&U64)),
        (6, Content::One(&U64)),
        (7, Content::One(&U64)),
        (8, Content::One(&UINT)),
        (9, Content::One(&UINT)),
        (10, Content::One(&UINT)),
        (11, Content::One(&UINT)),
        (12, Content::One(&U64)),
        (13, Content::One(&U64)),
        (14, Content::One(&UINT)),
        (15, Content::One(&U64)),
        (16, Content::One(&UINT)),
        (17, Content::One(&UINT)),
        (19, Content::One(&U64)),
    ],
};

/// What the messages hold.
pub static MESSAGES: &[Message] = &[
    Message { types: &[0x1c, 0x1d, 0x1e], body: Body::Family(&NDMSG, &NEIGHBOUR) },
    Message { types: &[0x40, 0x42, 0x43], body: Body::Family(&NDTMSG, &TABLE) },
];
