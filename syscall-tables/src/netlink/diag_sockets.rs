//! Messages of NETLINK_SOCK_DIAG about Unix, netlink, packet and SMC sockets.
//!
//! Sources: sock_diag(7), linux/unix_diag.h, linux/netlink_diag.h, linux/packet_diag.h, linux/smc_diag.h.

use super::diag::{COOKIE, SHUTDOWN, SOCKID, Special, TCP_STATE, TCP_STATES, special};
use super::{AF8, Attributes, Body, Content, INTERFACE, named, place};
use crate::kinds::*;
use crate::model::{Custom, Kind, Shape, Width};
use crate::net::Net;
use crate::sets::net as sets;

crate::numbered! {
    /// Attributes of Unix sockets.
    UNIX: "UNIX_DIAG_???" {
        UNIX_DIAG_NAME, UNIX_DIAG_VFS, UNIX_DIAG_PEER, UNIX_DIAG_ICONS, UNIX_DIAG_RQLEN, UNIX_DIAG_MEMINFO,
        UNIX_DIAG_SHUTDOWN, UNIX_DIAG_UID,
    }

    /// Attributes of netlink sockets.
    NETLINK: "NETLINK_DIAG_???" {
        NETLINK_DIAG_MEMINFO, NETLINK_DIAG_GROUPS, NETLINK_DIAG_RX_RING, NETLINK_DIAG_TX_RING, NETLINK_DIAG_FLAGS,
    }

    /// States of netlink sockets: those of the kernel have the one that sockets begin with.
    NETLINK_STATE: "NETLINK_???" { NETLINK_UNCONNECTED, NETLINK_CONNECTED, TCP_CLOSE = 7 }

    /// Attributes of packet sockets.
    PACKET: "PACKET_DIAG_???" {
        PACKET_DIAG_INFO, PACKET_DIAG_MCLIST, PACKET_DIAG_RX_RING, PACKET_DIAG_TX_RING, PACKET_DIAG_FANOUT,
        PACKET_DIAG_UID, PACKET_DIAG_MEMINFO, PACKET_DIAG_FILTER,
    }

    /// Versions of the rings of packet sockets.
    TPACKET: "TPACKET_???" { TPACKET_V1, TPACKET_V2, TPACKET_V3 }

    /// Attributes of SMC sockets.
    SMC: "SMC_DIAG_???" {
        SMC_DIAG_NONE, SMC_DIAG_CONNINFO, SMC_DIAG_LGRINFO, SMC_DIAG_SHUTDOWN, SMC_DIAG_DMBINFO, SMC_DIAG_FALLBACK,
    }

    /// States of SMC sockets.
    SMC_STATE: "SMC_???" {
        SMC_ACTIVE = 1, SMC_INIT, SMC_CLOSED = 7, SMC_LISTEN = 10, SMC_PEERCLOSEWAIT1 = 20, SMC_PEERCLOSEWAIT2,
        SMC_APPCLOSEWAIT1, SMC_APPCLOSEWAIT2, SMC_APPFINCLOSEWAIT, SMC_PEERFINCLOSEWAIT, SMC_PEERABORTWAIT,
        SMC_PROCESSABORT,
    }

    /// Ways of SMC.
    SMC_MODE: "SMC_DIAG_MODE_???" { SMC_DIAG_MODE_SMCR, SMC_DIAG_MODE_FALLBACK_TCP, SMC_DIAG_MODE_SMCD }

    /// Sides of a link group.
    SMC_ROLE: "SMC_???" { SMC_CLNT, SMC_SERV }
}

crate::sets! {
    /// What is asked of Unix sockets.
    UNIX_SHOW: Bits, Hex, "UDIAG_SHOW_???" {
        UDIAG_SHOW_NAME = 1, UDIAG_SHOW_VFS = 2, UDIAG_SHOW_PEER = 4, UDIAG_SHOW_ICONS = 8, UDIAG_SHOW_RQLEN = 0x10,
        UDIAG_SHOW_MEMINFO = 0x20, UDIAG_SHOW_UID = 0x40,
    }

    /// What is asked of netlink sockets.
    NETLINK_SHOW: Bits, Hex, "NDIAG_SHOW_???" {
        NDIAG_SHOW_MEMINFO = 1, NDIAG_SHOW_GROUPS = 2, NDIAG_SHOW_RING_CFG = 4, NDIAG_SHOW_FLAGS = 8,
    }

    /// Protocols of netlink that are asked for.
    NETLINK_ASKED: Values, Hex, "NETLINK_???" {
        NETLINK_ROUTE = 0, NETLINK_UNUSED = 1, NETLINK_USERSOCK = 2, NETLINK_FIREWALL = 3, NETLINK_SOCK_DIAG = 4,
        NETLINK_NFLOG = 5, NETLINK_XFRM = 6, NETLINK_SELINUX = 7, NETLINK_ISCSI = 8, NETLINK_AUDIT = 9,
        NETLINK_FIB_LOOKUP = 10, NETLINK_CONNECTOR = 11, NETLINK_NETFILTER = 12, NETLINK_IP6_FW = 13,
        NETLINK_DNRTMSG = 14, NETLINK_KOBJECT_UEVENT = 15, NETLINK_GENERIC = 16, NETLINK_SCSITRANSPORT = 18,
        NETLINK_ECRYPTFS = 19, NETLINK_RDMA = 20, NETLINK_CRYPTO = 21, NETLINK_SMC = 22, NDIAG_PROTO_ALL = 255,
    }

    /// Flags of netlink sockets.
    NETLINK_FLAG: Bits, Hex, "NDIAG_FLAG_???" {
        NDIAG_FLAG_CB_RUNNING = 1, NDIAG_FLAG_PKTINFO = 2, NDIAG_FLAG_BROADCAST_ERROR = 4,
        NDIAG_FLAG_NO_ENOBUFS = 8, NDIAG_FLAG_LISTEN_ALL_NSID = 0x10, NDIAG_FLAG_CAP_ACK = 0x20,
    }

    /// What is asked of packet sockets.
    PACKET_SHOW: Bits, Hex, "PACKET_SHOW_???" {
        PACKET_SHOW_INFO = 1, PACKET_SHOW_MCLIST = 2, PACKET_SHOW_RING_CFG = 4, PACKET_SHOW_FANOUT = 8,
        PACKET_SHOW_MEMINFO = 0x10, PACKET_SHOW_FILTER = 0x20,
    }

    /// Flags of packet sockets.
    PACKET_FLAG: Bits, Hex, "PDI_???" {
        PDI_RUNNING = 1, PDI_AUXDATA = 2, PDI_ORIGDEV = 4, PDI_VNETHDR = 8, PDI_LOSS = 0x10,
    }

    /// What is asked of SMC sockets.
    SMC_EXTENSIONS: Bits, Hex, "1<<SMC_DIAG_???-1" {
        "1<<(SMC_DIAG_CONNINFO-1)" = 1, "1<<(SMC_DIAG_LGRINFO-1)" = 2,
    }

    /// Why SMC is not spoken.
    SMC_DECLINED: Values, Hex, "SMC_CLC_DECL_???" {
        SMC_CLC_DECL_MEM = 0x0101_0000, SMC_CLC_DECL_TIMEOUT_CL = 0x0201_0000, SMC_CLC_DECL_TIMEOUT_AL = 0x0202_0000,
        SMC_CLC_DECL_CNFERR = 0x0300_0000, SMC_CLC_DECL_PEERNOSMC = 0x0301_0000, SMC_CLC_DECL_IPSEC = 0x0302_0000,
        SMC_CLC_DECL_NOSMCDEV = 0x0303_0000, SMC_CLC_DECL_MODEUNSUPP = 0x0304_0000,
        SMC_CLC_DECL_RMBE_EC = 0x0305_0000, SMC_CLC_DECL_OPTUNSUPP = 0x0306_0000, SMC_CLC_DECL_SYNCERR = 0x0400_0000,
        SMC_CLC_DECL_PEERDECL = 0x0500_0000,
    }
}

/// A number of a cursor of SMC, and flags in two digits.
const CURSOR: Kind = place(&SMC_CURSOR);
const BYTE: Kind = net(Net::Byte);
const WHY: Kind = custom(Custom::Commented(&SMC_DECLINED, Width::W32));

crate::structs! {
    /// `struct unix_diag_req`.
    UNIX_REQ "unix_diag_req" {
        sdiag_family: AF8, sdiag_protocol: U8, _pad: U16, udiag_states: bits(&TCP_STATES), udiag_ino: UINT,
        udiag_show: bits(&UNIX_SHOW), udiag_cookie: COOKIE,
    };
    /// `struct unix_diag_msg`.
    UNIX_MSG "unix_diag_msg" {
        udiag_family: AF8, udiag_type: bits8(&sets::SOCK_TYPE), udiag_state: bits8(&TCP_STATE), _pad: U8,
        udiag_ino: UINT, udiag_cookie: COOKIE,
    };
    /// `struct unix_diag_vfs`: inode first.
    UNIX_VFS "unix_diag_vfs" { udiag_vfs_ino: UINT, udiag_vfs_dev: DEV } show [udiag_vfs_dev, udiag_vfs_ino];
    /// `struct unix_diag_rqlen`.
    UNIX_RQLEN "unix_diag_rqlen" { udiag_rqueue: UINT, udiag_wqueue: UINT };
    /// `struct netlink_diag_req`.
    NETLINK_REQ "netlink_diag_req" {
        sdiag_family: AF8, sdiag_protocol: bits8(&NETLINK_ASKED), _pad: U16, ndiag_ino: UINT,
        ndiag_show: bits(&NETLINK_SHOW), ndiag_cookie: COOKIE,
    };
    /// `struct netlink_diag_msg`.
    NETLINK_MSG "netlink_diag_msg" {
        ndiag_family: AF8, ndiag_type: bits8(&sets::SOCK_TYPE), ndiag_protocol: bits8(&sets::NETLINK_PROTOCOL),
        ndiag_state: bits8(&NETLINK_STATE), ndiag_portid: UINT, ndiag_dst_portid: UINT, ndiag_dst_group: UINT,
        ndiag_ino: UINT, ndiag_cookie: COOKIE,
    };
    /// `struct netlink_diag_ring`.
    NETLINK_RING "netlink_diag_ring" {
        ndr_block_size: UINT, ndr_block_nr: UINT, ndr_frame_size: UINT, ndr_frame_nr: UINT,
    };
    /// `struct packet_diag_req`.
    PACKET_REQ "packet_diag_req" {
        sdiag_family: AF8, sdiag_protocol: HEX8, _pad: U16, pdiag_ino: UINT,
        pdiag_show: bits(&PACKET_SHOW), pdiag_cookie: COOKIE,
    };
    /// `struct packet_diag_msg`.
    PACKET_MSG "packet_diag_msg" {
        pdiag_family: AF8, pdiag_type: bits8(&sets::SOCK_TYPE), pdiag_num: bits16(&sets::ETH_P), pdiag_ino: UINT,
        pdiag_cookie: COOKIE,
    };
    /// `struct packet_diag_info`.
    PACKET_INFO "packet_diag_info" {
        pdi_index: INTERFACE, pdi_version: bits(&TPACKET), pdi_reserve: UINT, pdi_copy_thresh: UINT,
        pdi_tstamp: UINT, pdi_flags: bits(&PACKET_FLAG),
    };
    /// `struct packet_diag_mclist`.
    PACKET_MCLIST "packet_diag_mclist" {
        pdmc_index: INTERFACE, pdmc_count: UINT, pdmc_type: U16, pdmc_alen: U16, pdmc_addr: custom(Custom::Escapes(32, Some(pdmc_alen))),
    };
    /// `struct packet_diag_ring`.
    PACKET_RING "packet_diag_ring" {
        pdr_block_size: UINT, pdr_block_nr: UINT, pdr_frame_size: UINT, pdr_frame_nr: UINT, pdr_retire_tmo: UINT,
        pdr_sizeof_priv: UINT, pdr_features: UINT,
    };
    /// `struct smc_diag_req`.
    SMC_REQ "smc_diag_req" {
        diag_family: AF8, _pad: U8, _pad2: U8, diag_ext: bits8(&SMC_EXTENSIONS), id: place(&SOCKID),
    };
    /// `struct smc_diag_msg`.
    SMC_MSG "smc_diag_msg" {
        diag_family: AF8, diag_state: bits8(&SMC_STATE), diag_fallback: bits8(&SMC_MODE), diag_shutdown: U8,
        id: place(&SOCKID), diag_uid: UINT, diag_inode: U64,
    };
    /// `struct smc_diag_cursor`.
    SMC_CURSOR "smc_diag_cursor" { reserved: U16, wrap: U16, count: UINT };
    /// `struct smc_diag_conninfo`.
    SMC_CONN "smc_diag_conninfo" {
        token: UINT, sndbuf_size: UINT, rmbe_size: UINT, peer_rmbe_size: UINT, rx_prod: CURSOR, rx_cons: CURSOR,
        tx_prod: CURSOR, tx_cons: CURSOR, rx_prod_flags: BYTE, rx_conn_state_flags: BYTE, tx_prod_flags: BYTE,
        tx_conn_state_flags: BYTE, tx_prep: CURSOR, tx_sent: CURSOR, tx_fin: CURSOR,
    };
    /// `struct smc_diag_linkinfo`.
    SMC_LINK "smc_diag_linkinfo" {
        link_id: U8, ibname: Kind::new(Shape::Chars(64)), ibport: U8, gid: Kind::new(Shape::Chars(40)),
        peer_gid: Kind::new(Shape::Chars(40)),
    };
    /// `struct smc_diag_lgrinfo`.
    SMC_GROUP "smc_diag_lgrinfo" { lnk: Kind::new(Shape::Inline(&STRUCT_LINK, 1)), role: bits8(&SMC_ROLE) };
    /// `struct smcd_diag_dmbinfo`.
    SMC_DMB "smcd_diag_dmbinfo" {
        linkid: UINT, _pad: UINT, peer_gid: HEX64, my_gid: HEX64, token: HEX64, peer_token: HEX64,
    };
    /// `struct smcd_diag_dmbinfo` of Linux 6.8.
    SMC_LONG_DMB "smcd_diag_dmbinfo" {
        linkid: UINT, _pad: UINT, peer_gid: HEX64, my_gid: HEX64, token: HEX64, peer_token: HEX64,
        peer_gid_ext: HEX64, my_gid_ext: HEX64,
    };
    /// `struct smc_diag_fallback`.
    SMC_FALLBACK "smc_diag_fallback" { reason: WHY, peer_diagnosis: WHY };
}

static STRUCT_VFS: Kind = place(&UNIX_VFS);
static STRUCT_RQLEN: Kind = place(&UNIX_RQLEN);
static STRUCT_NETLINK_RING: Kind = place(&NETLINK_RING);
static STRUCT_INFO: Kind = place(&PACKET_INFO);
static STRUCT_MCLIST: Kind = place(&PACKET_MCLIST);
static STRUCT_PACKET_RING: Kind = place(&PACKET_RING);
static STRUCT_CONN: Kind = place(&SMC_CONN);
static STRUCT_LINK: Kind = place(&SMC_LINK);
static STRUCT_GROUP: Kind = place(&SMC_GROUP);
static STRUCT_DMB: Kind = place(&SMC_DMB);
static STRUCT_LONG_DMB: Kind = place(&SMC_LONG_DMB);
static STRUCT_FALLBACK: Kind = place(&SMC_FALLBACK);

static UNIX_ATTRIBUTES: Attributes = Attributes {
    names: &UNIX,
    rows: &[
        (0, Content::Text),
        (1, Content::One(&STRUCT_VFS)),
        (2, Content::One(&UINT)),
        (3, Content::Several(&UINT)),
        (4, Content::One(&STRUCT_RQLEN)),
        (5, special(Special::Memory)),
        (6, Content::One(&U8)),
        (7, Content::One(&ID)),
    ],
};

static NETLINK_ATTRIBUTES: Attributes = Attributes {
    names: &NETLINK,
    rows: &[
        (0, special(Special::Memory)),
        (1, special(Special::Groups)),
        (2, Content::One(&STRUCT_NETLINK_RING)),
        (3, Content::One(&STRUCT_NETLINK_RING)),
        (4, Content::One(&NETLINK_FLAGS)),
    ],
};
static NETLINK_FLAGS: Kind = bits(&NETLINK_FLAG);

static PACKET_ATTRIBUTES: Attributes = Attributes {
    names: &PACKET,
    rows: &[
        (0, Content::One(&STRUCT_INFO)),
        (1, Content::Several(&STRUCT_MCLIST)),
        (2, Content::One(&STRUCT_PACKET_RING)),
        (3, Content::One(&STRUCT_PACKET_RING)),
        (4, Content::One(&UINT)),
        (5, Content::One(&ID)),
        (6, special(Special::Memory)),
        (7, special(Special::Filter)),
    ],
};

static SMC_ATTRIBUTES: Attributes = Attributes {
    names: &SMC,
    rows: &[
        (1, Content::One(&STRUCT_CONN)),
        (2, Content::One(&STRUCT_GROUP)),
        (3, named(&const { bits8(&SHUTDOWN) })),
        (4, Content::Longest(&[&STRUCT_DMB, &STRUCT_LONG_DMB])),
        (5, Content::One(&STRUCT_FALLBACK)),
    ],
};

pub(super) const UNIX_REQUEST: Body = Body::Lone(&UNIX_REQ);
pub(super) const UNIX_ANSWER: Body = Body::Family(&UNIX_MSG, &UNIX_ATTRIBUTES);
pub(super) const NETLINK_REQUEST: Body = Body::Lone(&NETLINK_REQ);
pub(super) const NETLINK_ANSWER: Body = Body::Family(&NETLINK_MSG, &NETLINK_ATTRIBUTES);
pub(super) const PACKET_REQUEST: Body = Body::Lone(&PACKET_REQ);
pub(super) const PACKET_ANSWER: Body = Body::Family(&PACKET_MSG, &PACKET_ATTRIBUTES);
pub(super) const SMC_REQUEST: Body = Body::Lone(&SMC_REQ);
pub(super) const SMC_ANSWER: Body = Body::Family(&SMC_MSG, &SMC_ATTRIBUTES);
