//! Messages of NETLINK_NETFILTER: a subsystem in the upper byte of their type, a message of it in the lower one.
//!
//! Attributes have no names here: each subsystem has its own. Sources: linux/netfilter/nfnetlink.h and its neighbours,
//! linux/netfilter/nf_tables.h, linux/netfilter/ipset/ip_set.h.

use super::{AF8, Attributes, Body, Class, Family, Flags, Message, Types};
use crate::kinds::*;
use crate::set::Set;

/// The subsystem of tables, whose number a batch of its messages carries.
pub const NFTABLES: u16 = 10;

crate::numbered! {
    /// Types of messages that belong to no subsystem.
    BATCH: "NFNL_MSG_???" { NFNL_MSG_BATCH_BEGIN = 0x10, NFNL_MSG_BATCH_END }

    /// Subsystems.
    SUBSYSTEMS: "NFNL_SUBSYS_???" {
        NFNL_SUBSYS_NONE, NFNL_SUBSYS_CTNETLINK, NFNL_SUBSYS_CTNETLINK_EXP, NFNL_SUBSYS_QUEUE, NFNL_SUBSYS_ULOG,
        NFNL_SUBSYS_OSF, NFNL_SUBSYS_IPSET, NFNL_SUBSYS_ACCT, NFNL_SUBSYS_CTNETLINK_TIMEOUT, NFNL_SUBSYS_CTHELPER,
        NFNL_SUBSYS_NFTABLES, NFNL_SUBSYS_NFT_COMPAT, NFNL_SUBSYS_HOOK,
    }

    /// Messages about connections.
    CONNTRACK: "IPCTNL_MSG_CT_???" {
        IPCTNL_MSG_CT_NEW, IPCTNL_MSG_CT_GET, IPCTNL_MSG_CT_DELETE, IPCTNL_MSG_CT_GET_CTRZERO,
        IPCTNL_MSG_CT_GET_STATS_CPU, IPCTNL_MSG_CT_GET_STATS, IPCTNL_MSG_CT_GET_DYING, IPCTNL_MSG_CT_GET_UNCONFIRMED,
    }

    /// Messages about connections that are expected.
    EXPECTED: "IPCTNL_MSG_EXP_???" {
        IPCTNL_MSG_EXP_NEW, IPCTNL_MSG_EXP_GET, IPCTNL_MSG_EXP_DELETE, IPCTNL_MSG_EXP_GET_STATS_CPU,
    }

    /// Messages about queues of packets.
    QUEUE: "NFQNL_MSG_???" { NFQNL_MSG_PACKET, NFQNL_MSG_VERDICT, NFQNL_MSG_CONFIG, NFQNL_MSG_VERDICT_BATCH }

    /// Messages about packets that are logged.
    LOG: "NFULNL_MSG_???" { NFULNL_MSG_PACKET, NFULNL_MSG_CONFIG }

    /// Messages about fingerprints of systems.
    OSF: "OSF_MSG_???" { OSF_MSG_ADD, OSF_MSG_REMOVE }

    /// Messages about sets of addresses.
    IPSET: "IPSET_CMD_???" {
        IPSET_CMD_NONE, IPSET_CMD_PROTOCOL, IPSET_CMD_CREATE, IPSET_CMD_DESTROY, IPSET_CMD_FLUSH, IPSET_CMD_RENAME,
        IPSET_CMD_SWAP, IPSET_CMD_LIST, IPSET_CMD_SAVE, IPSET_CMD_ADD, IPSET_CMD_DEL, IPSET_CMD_TEST, IPSET_CMD_HEADER,
        IPSET_CMD_TYPE, IPSET_CMD_GET_BYNAME, IPSET_CMD_GET_BYINDEX, IPSET_CMD_RESTORE, IPSET_CMD_HELP,
        IPSET_CMD_VERSION, IPSET_CMD_QUIT, IPSET_CMD_COMMIT,
    }

    /// Messages about counters.
    ACCOUNT: "NFNL_MSG_ACCT_???" {
        NFNL_MSG_ACCT_NEW, NFNL_MSG_ACCT_GET, NFNL_MSG_ACCT_GET_CTRZERO, NFNL_MSG_ACCT_DEL, NFNL_MSG_ACCT_OVERQUOTA,
    }

    /// Messages about timeouts of connections.
    TIMEOUT: "IPCTNL_MSG_TIMEOUT_???" {
        IPCTNL_MSG_TIMEOUT_NEW, IPCTNL_MSG_TIMEOUT_GET, IPCTNL_MSG_TIMEOUT_DELETE, IPCTNL_MSG_TIMEOUT_DEFAULT_SET,
        IPCTNL_MSG_TIMEOUT_DEFAULT_GET,
    }

    /// Messages about helpers of connections.
    HELPER: "NFNL_MSG_CTHELPER_???" { NFNL_MSG_CTHELPER_NEW, NFNL_MSG_CTHELPER_GET, NFNL_MSG_CTHELPER_DEL }

    /// Messages about tables.
    TABLES: "NFT_MSG_???" {
        NFT_MSG_NEWTABLE, NFT_MSG_GETTABLE, NFT_MSG_DELTABLE, NFT_MSG_NEWCHAIN, NFT_MSG_GETCHAIN, NFT_MSG_DELCHAIN,
        NFT_MSG_NEWRULE, NFT_MSG_GETRULE, NFT_MSG_DELRULE, NFT_MSG_NEWSET, NFT_MSG_GETSET, NFT_MSG_DELSET,
        NFT_MSG_NEWSETELEM, NFT_MSG_GETSETELEM, NFT_MSG_DELSETELEM, NFT_MSG_NEWGEN, NFT_MSG_GETGEN, NFT_MSG_TRACE,
        NFT_MSG_NEWOBJ, NFT_MSG_GETOBJ, NFT_MSG_DELOBJ, NFT_MSG_GETOBJ_RESET, NFT_MSG_NEWFLOWTABLE,
        NFT_MSG_GETFLOWTABLE, NFT_MSG_DELFLOWTABLE, NFT_MSG_GETRULE_RESET, NFT_MSG_DESTROYTABLE, NFT_MSG_DESTROYCHAIN,
        NFT_MSG_DESTROYRULE, NFT_MSG_DESTROYSET, NFT_MSG_DESTROYSETELEM, NFT_MSG_DESTROYOBJ, NFT_MSG_DESTROYFLOWTABLE,
        NFT_MSG_GETSETELEM_RESET,
    }

    /// Messages about extensions of iptables.
    COMPAT: "NFNL_MSG_COMPAT_???" { NFNL_MSG_COMPAT_GET }

    /// Messages about hooks.
    HOOK: "NFT_MSG_HOOK_???" { NFNL_MSG_HOOK_GET }

    /// Versions of the header.
    VERSION: "NFNETLINK_???" { NFNETLINK_V0 }
}

crate::sets! {
    /// Attributes without names.
    UNNAMED: Values, Hex, "" {}
}

/// The messages of each subsystem that has some.
pub static MESSAGES_OF: &[(u16, &Set)] = &[
    (1, &CONNTRACK),
    (2, &EXPECTED),
    (3, &QUEUE),
    (4, &LOG),
    (5, &OSF),
    (6, &IPSET),
    (7, &ACCOUNT),
    (8, &TIMEOUT),
    (9, &HELPER),
    (10, &TABLES),
    (11, &COMPAT),
    (12, &HOOK),
];

crate::structs! {
    /// `struct nfgenmsg` without its last member, the resource.
    NFGENMSG "nfgenmsg" { nfgen_family: AF8, version: bits8(&VERSION) };
}

/// Attributes of every subsystem.
pub static ATTRIBUTES: Attributes = Attributes { names: &UNNAMED, rows: &[] };

/// What needs code.
#[derive(Debug, Clone, Copy)]
pub enum Special {
    /// A subsystem and a message of it.
    Type,
    /// `struct nfgenmsg`, and attributes.
    Attributes,
    /// `struct nfgenmsg`, and bytes.
    Bytes,
}

const fn body(special: Special) -> Body {
    Body::Special(super::Special::Netfilter(special))
}

static MESSAGES: &[Message] = &[Message { types: &[0x10, 0x11], body: body(Special::Bytes) }];

/// NETLINK_NETFILTER.
pub static FAMILY: Family = Family {
    protocol: 12,
    types: Types::Special(super::Special::Netfilter(Special::Type)),
    flags: Flags::Rows(CLASSES),
    messages: &[MESSAGES],
    others: body(Special::Attributes),
};

/// What messages do, where that is one of the usual things.
#[rustfmt::skip]
static CLASSES: &[(u16, Class)] = &[
    (0x100, Class::New), (0x101, Class::Get), (0x102, Class::Delete), (0x103, Class::Get), (0x104, Class::Get),
    (0x105, Class::Get), (0x106, Class::Get), (0x107, Class::Get),
    (0x200, Class::New), (0x201, Class::Get), (0x202, Class::Delete), (0x203, Class::Get),
    (0x700, Class::New), (0x701, Class::Get), (0x702, Class::Get), (0x703, Class::Delete),
    (0x800, Class::New), (0x801, Class::Get), (0x802, Class::Delete),
    (0x900, Class::New), (0x901, Class::Get), (0x902, Class::Delete),
    (0xa00, Class::New), (0xa01, Class::Get), (0xa02, Class::Delete), (0xa03, Class::New), (0xa04, Class::Get),
    (0xa05, Class::Delete), (0xa06, Class::New), (0xa07, Class::Get), (0xa08, Class::Delete), (0xa09, Class::New),
    (0xa0a, Class::Get), (0xa0b, Class::Delete), (0xa0c, Class::New), (0xa0d, Class::Get), (0xa0e, Class::Delete),
    (0xa0f, Class::New), (0xa10, Class::Get), (0xa12, Class::New), (0xa13, Class::Get), (0xa14, Class::Delete),
    (0xa15, Class::Get), (0xa16, Class::New), (0xa17, Class::Get), (0xa18, Class::Delete), (0xa19, Class::Get),
    (0xa1a, Class::Delete), (0xa1b, Class::Delete), (0xa1c, Class::Delete), (0xa1d, Class::Delete),
    (0xa1e, Class::Delete), (0xa1f, Class::Delete), (0xa20, Class::Delete), (0xa21, Class::Get),
    (0xb00, Class::Get), (0xc00, Class::Get),
];
