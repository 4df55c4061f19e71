//! Messages of NETLINK_SOCK_DIAG: what they have in common, and those of Internet sockets.
//!
//! A request (NLM_F_REQUEST) and an answer of the same type hold different structs, which the address family in their
//! first byte chooses. Sources: sock_diag(7), linux/sock_diag.h, linux/inet_diag.h, linux/tcp.h, linux/mptcp.h,
//! linux/tls.h.

use super::{
    AF8, Attributes, Body, Content, Family, Flags, INTERFACE, Message, PROTOCOL, Types, diag_sockets, named,
    place,
};
use crate::kinds::*;
use crate::model::{Custom, Kind, Shape, Width};
use crate::net::Net;
use crate::sets::net as sets;

/// TCPDIAG_GETSOCK and DCCPDIAG_GETSOCK, whose requests are older than `struct inet_diag_req_v2`.
const OLD: &[u16] = &[18, 19];
/// SOCK_DIAG_BY_FAMILY and SOCK_DESTROY.
const NEW: &[u16] = &[20, 21];

crate::numbered! {
    /// Types of messages.
    TYPES: "SOCK_DIAG_???" { TCPDIAG_GETSOCK = 18, DCCPDIAG_GETSOCK, SOCK_DIAG_BY_FAMILY, SOCK_DESTROY }

    /// Attributes of requests.
    REQ: "INET_DIAG_REQ_???" {
        INET_DIAG_REQ_NONE, INET_DIAG_REQ_BYTECODE, INET_DIAG_REQ_SK_BPF_STORAGES, INET_DIAG_REQ_PROTOCOL,
    }

    /// Attributes of answers.
    ATTR: "INET_DIAG_???" {
        INET_DIAG_NONE, INET_DIAG_MEMINFO, INET_DIAG_INFO, INET_DIAG_VEGASINFO, INET_DIAG_CONG, INET_DIAG_TOS,
        INET_DIAG_TCLASS, INET_DIAG_SKMEMINFO, INET_DIAG_SHUTDOWN, INET_DIAG_DCTCPINFO, INET_DIAG_PROTOCOL,
        INET_DIAG_SKV6ONLY, INET_DIAG_LOCALS, INET_DIAG_PEERS, INET_DIAG_PAD, INET_DIAG_MARK, INET_DIAG_BBRINFO,
        INET_DIAG_CLASS_ID, INET_DIAG_MD5SIG, INET_DIAG_ULP_INFO, INET_DIAG_SK_BPF_STORAGES, INET_DIAG_CGROUP_ID,
        INET_DIAG_SOCKOPT,
    }

    /// Operations of the byte code that chooses sockets.
    BYTE_CODE: "INET_DIAG_BC_???" {
        INET_DIAG_BC_NOP, INET_DIAG_BC_JMP, INET_DIAG_BC_S_GE, INET_DIAG_BC_S_LE, INET_DIAG_BC_D_GE,
        INET_DIAG_BC_D_LE, INET_DIAG_BC_AUTO, INET_DIAG_BC_S_COND, INET_DIAG_BC_D_COND, INET_DIAG_BC_DEV_COND,
        INET_DIAG_BC_MARK_COND, INET_DIAG_BC_S_EQ, INET_DIAG_BC_D_EQ, INET_DIAG_BC_CGROUP_COND,
    }

    /// Indexes of what is known of the memory of a socket.
    SK_MEMINFO: "SK_MEMINFO_???" {
        SK_MEMINFO_RMEM_ALLOC, SK_MEMINFO_RCVBUF, SK_MEMINFO_WMEM_ALLOC, SK_MEMINFO_SNDBUF, SK_MEMINFO_FWD_ALLOC,
        SK_MEMINFO_WMEM_QUEUED, SK_MEMINFO_OPTMEM, SK_MEMINFO_BACKLOG, SK_MEMINFO_DROPS,
    }

    /// States of a connection.
    TCP_STATE: "TCP_???" {
        TCP_ESTABLISHED = 1, TCP_SYN_SENT, TCP_SYN_RECV, TCP_FIN_WAIT1, TCP_FIN_WAIT2, TCP_TIME_WAIT, TCP_CLOSE,
        TCP_CLOSE_WAIT, TCP_LAST_ACK, TCP_LISTEN, TCP_CLOSING, TCP_NEW_SYN_RECV, TCP_BOUND_INACTIVE,
    }

    /// Attributes of upper protocols.
    ULP: "INET_ULP_INFO_???" { INET_ULP_INFO_UNSPEC, INET_ULP_INFO_NAME, INET_ULP_INFO_TLS, INET_ULP_INFO_MPTCP }

    /// Attributes of TLS.
    TLS: "TLS_INFO_???" {
        TLS_INFO_UNSPEC, TLS_INFO_VERSION, TLS_INFO_CIPHER, TLS_INFO_TXCONF, TLS_INFO_RXCONF, TLS_INFO_ZC_RO_TX,
        TLS_INFO_RX_NO_PAD, TLS_INFO_TX_MAX_PAYLOAD_LEN,
    }

    /// Versions of TLS.
    TLS_VERSION: "TLS_???_VERSION" { TLS_1_2_VERSION = 0x303, TLS_1_3_VERSION = 0x304 }

    /// Ciphers of TLS.
    TLS_CIPHER: "TLS_CIPHER_???" {
        TLS_CIPHER_AES_GCM_128 = 51, TLS_CIPHER_AES_GCM_256, TLS_CIPHER_AES_CCM_128, TLS_CIPHER_CHACHA20_POLY1305,
        TLS_CIPHER_SM4_GCM, TLS_CIPHER_SM4_CCM, TLS_CIPHER_ARIA_GCM_128, TLS_CIPHER_ARIA_GCM_256,
    }

    /// Who does the work of TLS.
    TLS_CONF: "TLS_CONF_???" { TLS_CONF_BASE = 1, TLS_CONF_SW, TLS_CONF_HW, TLS_CONF_HW_RECORD }

    /// Attributes of MPTCP.
    MPTCP: "MPTCP_SUBFLOW_ATTR_???" {
        MPTCP_SUBFLOW_ATTR_UNSPEC, MPTCP_SUBFLOW_ATTR_TOKEN_REM, MPTCP_SUBFLOW_ATTR_TOKEN_LOC,
        MPTCP_SUBFLOW_ATTR_RELWRITE_SEQ, MPTCP_SUBFLOW_ATTR_MAP_SEQ, MPTCP_SUBFLOW_ATTR_MAP_SFSEQ,
        MPTCP_SUBFLOW_ATTR_SSN_OFFSET, MPTCP_SUBFLOW_ATTR_MAP_DATALEN, MPTCP_SUBFLOW_ATTR_FLAGS,
        MPTCP_SUBFLOW_ATTR_ID_REM, MPTCP_SUBFLOW_ATTR_ID_LOC, MPTCP_SUBFLOW_ATTR_PAD,
    }

    /// Attributes that hold what BPF keeps in a socket.
    STORAGES: "SK_DIAG_BPF_STORAGE_???" { SK_DIAG_BPF_STORAGE_REP_NONE, SK_DIAG_BPF_STORAGE }

    /// Attributes of what BPF keeps in a socket.
    STORAGE: "SK_DIAG_BPF_STORAGE_???" {
        SK_DIAG_BPF_STORAGE_NONE, SK_DIAG_BPF_STORAGE_PAD, SK_DIAG_BPF_STORAGE_MAP_ID, SK_DIAG_BPF_STORAGE_MAP_VALUE,
    }
}

crate::sets! {
    /// Bits of states of a connection.
    TCP_STATES: Bits, Hex, "1<<TCP_???" {
        "1<<TCP_ESTABLISHED" = 1 << 1, "1<<TCP_SYN_SENT" = 1 << 2, "1<<TCP_SYN_RECV" = 1 << 3,
        "1<<TCP_FIN_WAIT1" = 1 << 4, "1<<TCP_FIN_WAIT2" = 1 << 5, "1<<TCP_TIME_WAIT" = 1 << 6,
        "1<<TCP_CLOSE" = 1 << 7, "1<<TCP_CLOSE_WAIT" = 1 << 8, "1<<TCP_LAST_ACK" = 1 << 9,
        "1<<TCP_LISTEN" = 1 << 10, "1<<TCP_CLOSING" = 1 << 11, "1<<TCP_NEW_SYN_RECV" = 1 << 12,
        "1<<TCP_BOUND_INACTIVE" = 1 << 13,
    }

    /// What is asked for beyond the struct.
    EXTENSIONS: Bits, Hex, "1<<INET_DIAG_???-1" {
        "1<<(INET_DIAG_MEMINFO-1)" = 1, "1<<(INET_DIAG_INFO-1)" = 2, "1<<(INET_DIAG_VEGASINFO-1)" = 4,
        "1<<(INET_DIAG_CONG-1)" = 8, "1<<(INET_DIAG_TOS-1)" = 0x10, "1<<(INET_DIAG_TCLASS-1)" = 0x20,
        "1<<(INET_DIAG_SKMEMINFO-1)" = 0x40, "1<<(INET_DIAG_SHUTDOWN-1)" = 0x80,
    }

    /// Directions that are shut down.
    SHUTDOWN: Bits, Hex, "???_SHUTDOWN" { RCV_SHUTDOWN = 1, SEND_SHUTDOWN = 2 }

    /// Flags of a subflow of MPTCP.
    SUBFLOW: Bits, Hex, "MPTCP_SUBFLOW_FLAG_???" {
        MPTCP_SUBFLOW_FLAG_MCAP_REM = 1, MPTCP_SUBFLOW_FLAG_MCAP_LOC = 2, MPTCP_SUBFLOW_FLAG_JOIN_REM = 4,
        MPTCP_SUBFLOW_FLAG_JOIN_LOC = 8, MPTCP_SUBFLOW_FLAG_BKUP_REM = 0x10, MPTCP_SUBFLOW_FLAG_BKUP_LOC = 0x20,
        MPTCP_SUBFLOW_FLAG_FULLY_ESTABLISHED = 0x40, MPTCP_SUBFLOW_FLAG_CONNECTED = 0x80,
        MPTCP_SUBFLOW_FLAG_MAPVALID = 0x100,
    }
}

/// Bits of `struct inet_diag_sockopt` in their order; those behind them are unused.
pub static SOCKOPT: &[&str] = &[
    "recverr",
    "is_icsk",
    "freebind",
    "hdrincl",
    "mc_loop",
    "transparent",
    "mc_all",
    "nodefrag",
    "bind_address_no_port",
    "recverr_rfc4884",
    "defer_connect",
];

/// What needs code.
#[derive(Debug, Clone, Copy)]
pub enum Special {
    /// What is known of the memory of a socket, each number with its index.
    Memory,
    /// Byte code that chooses sockets.
    ByteCode,
    /// `struct inet_diag_sockopt`.
    Options,
    /// A number of one, two, four or eight bytes, in hexadecimal.
    Hex,
    /// Masks of groups, each a `long`.
    Groups,
    /// Instructions of classic BPF.
    Filter,
}

/// What needs code, as an attribute holds it.
pub(super) const fn special(special: Special) -> Content {
    Content::Special(super::Special::Diag(special))
}

/// Two words that tell a socket from one that had its number before.
pub(super) const COOKIE: Kind = Kind::new(Shape::Inline(&UINT, 2));
/// An IPv4 address where there is room for one of IPv6.
const INET_WIDE: Kind = net(Net::InetWide);

crate::structs! {
    /// `struct inet_diag_sockid` of IPv4.
    SOCKID "inet_diag_sockid" {
        idiag_sport: net(Net::Port), idiag_dport: net(Net::Port), idiag_src: INET_WIDE, idiag_dst: INET_WIDE, idiag_if: INTERFACE,
        idiag_cookie: COOKIE,
    };
    /// `struct inet_diag_sockid` of IPv6.
    SOCKID6 "inet_diag_sockid" {
        idiag_sport: net(Net::Port), idiag_dport: net(Net::Port), idiag_src: net(Net::Inet6), idiag_dst: net(Net::Inet6),
        idiag_if: INTERFACE, idiag_cookie: COOKIE,
    };
    /// `struct inet_diag_req` of IPv4.
    OLD_REQUEST "inet_diag_req" {
        idiag_family: AF8, idiag_src_len: U8, idiag_dst_len: U8, idiag_ext: bits8(&EXTENSIONS),
        id: place(&SOCKID), idiag_states: bits(&TCP_STATES), idiag_dbs: UINT,
    };
    /// `struct inet_diag_req` of IPv6.
    OLD_REQUEST6 "inet_diag_req" {
        idiag_family: AF8, idiag_src_len: U8, idiag_dst_len: U8, idiag_ext: bits8(&EXTENSIONS),
        id: place(&SOCKID6), idiag_states: bits(&TCP_STATES), idiag_dbs: UINT,
    };
    /// `struct inet_diag_req_v2` of IPv4.
    REQUEST "inet_diag_req_v2" {
        sdiag_family: AF8, sdiag_protocol: bits8(&sets::IPPROTO), idiag_ext: bits8(&EXTENSIONS), _pad: U8,
        idiag_states: bits(&TCP_STATES), id: place(&SOCKID),
    };
    /// `struct inet_diag_req_v2` of IPv6.
    REQUEST6 "inet_diag_req_v2" {
        sdiag_family: AF8, sdiag_protocol: bits8(&sets::IPPROTO), idiag_ext: bits8(&EXTENSIONS), _pad: U8,
        idiag_states: bits(&TCP_STATES), id: place(&SOCKID6),
    };
    /// `struct inet_diag_msg` of IPv4.
    ANSWER "inet_diag_msg" {
        idiag_family: AF8, idiag_state: bits8(&TCP_STATE), idiag_timer: U8, idiag_retrans: U8,
        id: place(&SOCKID), idiag_expires: UINT, idiag_rqueue: UINT, idiag_wqueue: UINT, idiag_uid: UINT,
        idiag_inode: UINT,
    };
    /// `struct inet_diag_msg` of IPv6.
    ANSWER6 "inet_diag_msg" {
        idiag_family: AF8, idiag_state: bits8(&TCP_STATE), idiag_timer: U8, idiag_retrans: U8,
        id: place(&SOCKID6), idiag_expires: UINT, idiag_rqueue: UINT, idiag_wqueue: UINT, idiag_uid: UINT,
        idiag_inode: UINT,
    };
    /// `struct inet_diag_meminfo`.
    MEMINFO "inet_diag_meminfo" { idiag_rmem: UINT, idiag_wmem: UINT, idiag_fmem: UINT, idiag_tmem: UINT };
    /// `struct tcpvegas_info`.
    VEGAS "tcpvegas_info" { tcpv_enabled: UINT, tcpv_rttcnt: UINT, tcpv_rtt: UINT, tcpv_minrtt: UINT };
    /// `struct tcp_dctcp_info`.
    DCTCP "tcp_dctcp_info" {
        dctcp_enabled: U16, dctcp_ce_state: U16, dctcp_alpha: UINT, dctcp_ab_ecn: UINT, dctcp_ab_tot: UINT,
    };
    /// `struct tcp_bbr_info`.
    BBR "tcp_bbr_info" {
        bbr_bw_lo: HEX, bbr_bw_hi: HEX, bbr_min_rtt: UINT, bbr_pacing_gain: UINT, bbr_cwnd_gain: UINT,
    };
    /// `struct tcp_diag_md5sig`.
    MD5SIG "tcp_diag_md5sig" {
        tcpm_family: AF8, tcpm_prefixlen: U8, tcpm_keylen: U16, tcpm_addr: OCTETS, tcpm_key: custom(Custom::Escapes(80, Some(tcpm_keylen))),
    };
    /// `struct inet_diag_bc_op`.
    OPERATION "inet_diag_bc_op" { code: bits8(&BYTE_CODE), yes: U8, no: U16 };
    /// `struct inet_diag_markcond`.
    MARK "inet_diag_markcond" { mark: UINT, mask: UINT };
    /// `struct inet_diag_hostcond`, without its address.
    HOST "inet_diag_hostcond" { family: AF8, prefix_len: U8, port: UINT };
}

/// Sixteen bytes of an address.
const OCTETS: Kind = custom(Custom::Escapes(16, None));
static STRUCT_MEMINFO: Kind = place(&MEMINFO);
static STRUCT_VEGAS: Kind = place(&VEGAS);
static STRUCT_DCTCP: Kind = place(&DCTCP);
static STRUCT_BBR: Kind = place(&BBR);
static STRUCT_MD5SIG: Kind = place(&MD5SIG);
static ADDRESS: Kind = net(Net::Address(128));

static REQUESTS: Attributes =
    Attributes { names: &REQ, rows: &[(1, special(Special::ByteCode)), (3, PROTOCOL)] };

static ULP_TLS: Attributes = Attributes {
    names: &TLS,
    rows: &[
        (1, named(&const { bits16(&TLS_VERSION) })),
        (2, named(&const { bits16(&TLS_CIPHER) })),
        (3, named(&const { bits16(&TLS_CONF) })),
        (4, named(&const { bits16(&TLS_CONF) })),
    ],
};

static ULP_MPTCP: Attributes = Attributes {
    names: &MPTCP,
    rows: &[
        (1, Content::One(&HEX)),
        (2, Content::One(&HEX)),
        (3, Content::One(&UINT)),
        (4, Content::One(&U64)),
        (5, Content::One(&UINT)),
        (6, Content::One(&UINT)),
        (7, Content::One(&U16)),
        (8, named(&const { bits(&SUBFLOW) })),
        (9, Content::One(&U8)),
        (10, Content::One(&U8)),
    ],
};

static UPPER: Attributes = Attributes {
    names: &ULP,
    rows: &[(1, Content::Text), (2, Content::Nested(&ULP_TLS)), (3, Content::Nested(&ULP_MPTCP))],
};

static KEPT: Attributes =
    Attributes { names: &STORAGE, rows: &[(2, Content::One(&UINT)), (3, special(Special::Hex))] };
static KEPTS: Attributes = Attributes { names: &STORAGES, rows: &[(1, Content::Nested(&KEPT))] };

static ANSWERS: Attributes = Attributes {
    names: &ATTR,
    rows: &[
        (1, Content::One(&STRUCT_MEMINFO)),
        (3, Content::One(&STRUCT_VEGAS)),
        (4, Content::Text),
        (5, Content::One(&U8)),
        (6, Content::One(&U8)),
        (7, special(Special::Memory)),
        (8, named(&const { custom(Custom::Commented(&SHUTDOWN, Width::W8)) })),
        (9, Content::One(&STRUCT_DCTCP)),
        (10, PROTOCOL),
        (11, Content::One(&U8)),
        (12, Content::Several(&ADDRESS)),
        (13, Content::Several(&ADDRESS)),
        (15, Content::One(&UINT)),
        (16, Content::One(&STRUCT_BBR)),
        (17, Content::One(&UINT)),
        (18, Content::Several(&STRUCT_MD5SIG)),
        (19, Content::Nested(&UPPER)),
        (20, Content::Nested(&KEPTS)),
        (21, Content::One(&U64)),
        (22, special(Special::Options)),
    ],
};

/// What a body of a family without a struct is.
static OTHER: Body = Body::FamilyAndBytes;

static OLD_REQUESTS: Body = Body::ByFamily(
    &[
        (1, diag_sockets::UNIX_REQUEST),
        (2, Body::Family(&OLD_REQUEST, &REQUESTS)),
        (10, Body::Family(&OLD_REQUEST6, &REQUESTS)),
        (16, diag_sockets::NETLINK_REQUEST),
        (17, diag_sockets::PACKET_REQUEST),
        (43, diag_sockets::SMC_REQUEST),
    ],
    &OTHER,
);

static NEW_REQUESTS: Body = Body::ByFamily(
    &[
        (1, diag_sockets::UNIX_REQUEST),
        (2, Body::Family(&REQUEST, &REQUESTS)),
        (10, Body::Family(&REQUEST6, &REQUESTS)),
        (16, diag_sockets::NETLINK_REQUEST),
        (17, diag_sockets::PACKET_REQUEST),
        (43, diag_sockets::SMC_REQUEST),
    ],
    &OTHER,
);

static ALL_ANSWERS: Body = Body::ByFamily(
    &[
        (1, diag_sockets::UNIX_ANSWER),
        (2, Body::Family(&ANSWER, &ANSWERS)),
        (10, Body::Family(&ANSWER6, &ANSWERS)),
        (16, diag_sockets::NETLINK_ANSWER),
        (17, diag_sockets::PACKET_ANSWER),
        (43, diag_sockets::SMC_ANSWER),
    ],
    &OTHER,
);

static OLD_BODY: Body = Body::ByDirection(&OLD_REQUESTS, &ALL_ANSWERS);
static NEW_BODY: Body = Body::ByDirection(&NEW_REQUESTS, &ALL_ANSWERS);

static MESSAGES: &[Message] = &[
    Message { types: OLD, body: Body::Longer(1, &OLD_BODY, &OTHER) },
    Message { types: NEW, body: Body::Longer(1, &NEW_BODY, &OTHER) },
];

/// NETLINK_SOCK_DIAG.
pub static FAMILY: Family = Family {
    protocol: 4,
    types: Types::Named(&TYPES),
    flags: Flags::Always(super::Class::Get),
    messages: &[MESSAGES],
    others: Body::FamilyAndBytes,
};
