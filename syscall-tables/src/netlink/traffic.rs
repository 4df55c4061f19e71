//! Messages of NETLINK_ROUTE about traffic control: queueing disciplines, classes, filters, actions. Sources: tc(8),
//! linux/pkt_sched.h, linux/pkt_cls.h, linux/gen_stats.h.

use super::*;
use crate::{numbered, sets, structs};

/// What needs code.
#[derive(Debug, Clone, Copy)]
pub enum Special {}

/// What the messages hold: RTM_{NEW,DEL,GET} of QDISC, TCLASS, TFILTER and CHAIN, then those of ACTION.
pub static MESSAGES: &[Message] = &[
    Message {
        types: &[0x24, 0x25, 0x26, 0x28, 0x29, 0x2a, 0x2c, 0x2d, 0x2e, 0x64, 0x65, 0x66],
        body: Body::Family(&TCMSG, &TRAFFIC),
    },
    Message { types: &[0x30, 0x31, 0x32], body: Body::Family(&TCAMSG, &ACTION) },
];

structs! {
    /// See rtnetlink(7).
    TCMSG "tcmsg" {
        tcm_family: AF8, _tcm_pad1: U8, _tcm_pad2: U16, tcm_ifindex: INTERFACE, tcm_handle: UINT,
        tcm_parent: UINT, tcm_info: UINT,
    };

    /// See linux/rtnetlink.h; what is behind the family is padding.
    TCAMSG "tcamsg" { tca_family: AF8 };

    /// `struct tc_stats` without the padding at its end.
    STATS "tc_stats" packed {
        bytes: U64, packets: UINT, drops: UINT, overlimits: UINT, bps: UINT, pps: UINT, qlen: UINT,
        backlog: UINT,
    };

    /// See linux/gen_stats.h; as are those below.
    ESTIMATOR "tc_estimator" { interval: I8, ewma_log: U8 };
    /// Without the padding at its end.
    BASIC "gnet_stats_basic" packed { bytes: U64, packets: UINT };
    /// Per second.
    RATE "gnet_stats_rate_est" { bps: UINT, pps: UINT };
    /// Per second.
    RATE64 "gnet_stats_rate_est64" { bps: U64, pps: U64 };
    /// Of a queue.
    QUEUE "gnet_stats_queue" { qlen: UINT, backlog: UINT, drops: UINT, requeues: UINT, overlimits: UINT };

    /// `struct tc_sizespec`, linux/pkt_sched.h.
    SIZES "tc_sizespec" {
        cell_log: U8, size_log: U8, cell_align: I16, overhead: INT, linklayer: UINT, mpu: UINT, mtu: UINT,
        tsize: UINT,
    };
}

numbered! {
    /// Attributes of queues, classes, filters and chains.
    TCA: "TCA_???" {
        TCA_UNSPEC, TCA_KIND, TCA_OPTIONS, TCA_STATS, TCA_XSTATS, TCA_RATE, TCA_FCNT, TCA_STATS2, TCA_STAB,
        TCA_PAD, TCA_DUMP_INVISIBLE, TCA_CHAIN, TCA_HW_OFFLOAD, TCA_INGRESS_BLOCK, TCA_EGRESS_BLOCK,
        TCA_DUMP_FLAGS, TCA_EXT_WARN_MSG,
    }

    /// What was counted.
    TCA_STATS2_NAMES: "TCA_STATS_???" {
        TCA_STATS_UNSPEC, TCA_STATS_BASIC, TCA_STATS_RATE_EST, TCA_STATS_QUEUE, TCA_STATS_APP,
        TCA_STATS_RATE_EST64, TCA_STATS_PAD, TCA_STATS_BASIC_HW, TCA_STATS_PKT64,
    }

    /// Sizes of packets.
    TCA_STAB_NAMES: "TCA_STAB_???" { TCA_STAB_UNSPEC, TCA_STAB_BASE, TCA_STAB_DATA }

    /// Attributes of actions.
    TCA_ACT: "TCA_ACT_???" {
        TCA_ACT_UNSPEC, TCA_ACT_KIND, TCA_ACT_OPTIONS, TCA_ACT_INDEX, TCA_ACT_STATS, TCA_ACT_PAD,
        TCA_ACT_COOKIE, TCA_ACT_FLAGS, TCA_ACT_HW_STATS, TCA_ACT_USED_HW_STATS, TCA_ACT_IN_HW_COUNT,
    }
}

sets! {
    /// TCA_ACT_FLAGS.
    ACT_FLAGS: Bits, Hex, "TCA_ACT_FLAGS_???" {
        TCA_ACT_FLAGS_NO_PERCPU_STATS = 1, TCA_ACT_FLAGS_SKIP_HW = 2, TCA_ACT_FLAGS_SKIP_SW = 4,
    }

    /// TCA_ACT_HW_STATS.
    HW_STATS: Bits, Hex, "TCA_ACT_HW_STATS_???" { TCA_ACT_HW_STATS_IMMEDIATE = 1, TCA_ACT_HW_STATS_DELAYED = 2 }
}

const NUMBER: Content = Content::One(&UINT);

static TRAFFIC: Attributes = Attributes {
    names: &TCA,
    rows: &[
        (1, Content::Text),
        (3, Content::One(&const { place(&STATS) })),
        (5, Content::One(&const { place(&ESTIMATOR) })),
        (6, NUMBER),
        (7, Content::Nested(&STATS2)),
        (8, Content::Nested(&STAB)),
        (11, NUMBER),
        (12, Content::One(&U8)),
        (13, NUMBER),
        (14, NUMBER),
        (15, NUMBER),
        (16, Content::Text),
    ],
};

static STATS2: Attributes = Attributes {
    names: &TCA_STATS2_NAMES,
    rows: &[
        (1, Content::One(&const { place(&BASIC) })),
        (2, Content::One(&const { place(&RATE) })),
        (3, Content::One(&const { place(&QUEUE) })),
        (5, Content::One(&const { place(&RATE64) })),
        (7, Content::One(&const { place(&BASIC) })),
        (8, Content::One(&U64)),
    ],
};

static STAB: Attributes = Attributes {
    names: &TCA_STAB_NAMES,
    rows: &[(1, Content::One(&const { place(&SIZES) })), (2, Content::Several(&U16))],
};

static ACTION: Attributes = Attributes {
    names: &TCA_ACT,
    rows: &[
        (1, Content::Text),
        (3, NUMBER),
        (4, Content::Nested(&STATS2)),
        (7, named(&const { bits(&ACT_FLAGS) })),
        (8, named(&const { bits(&HW_STATS) })),
        (9, named(&const { bits(&HW_STATS) })),
        (10, NUMBER),
    ],
};
