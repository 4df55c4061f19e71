//! Members of socket addresses: hardware types, channels, ports and flags of every family.
//!
//! Names and order only. Source: include/uapi of the kernel, and include/net/bluetooth for AF_BLUETOOTH.

use crate::sets;

sets! {
    /// Kinds of addresses of TIPC.
    TIPC_ADDRTYPE: Values, Hex, "TIPC_???" { TIPC_SERVICE_RANGE = 1, TIPC_SERVICE_ADDR = 2, TIPC_SOCKET_ADDR = 3 }

    /// How far addresses of TIPC are known.
    TIPC_SCOPE: Values, Hex, "TIPC_???_SCOPE" { TIPC_ZONE_SCOPE = 1, TIPC_CLUSTER_SCOPE = 2, TIPC_NODE_SCOPE = 3 }

    /// Sockaddr_ll.sll_hatype.
    ARPHRD: Values, Hex, "ARPHRD_???" {
        ARPHRD_NETROM = 0, ARPHRD_ETHER = 1, ARPHRD_EETHER = 2, ARPHRD_AX25 = 3, ARPHRD_PRONET = 4, ARPHRD_CHAOS = 5,
        ARPHRD_IEEE802 = 6, ARPHRD_ARCNET = 7, ARPHRD_APPLETLK = 8, ARPHRD_DLCI = 0xf, ARPHRD_ATM = 0x13,
        ARPHRD_METRICOM = 0x17, ARPHRD_IEEE1394 = 0x18, ARPHRD_EUI64 = 0x1b, ARPHRD_INFINIBAND = 0x20,
        ARPHRD_SLIP = 0x100, ARPHRD_CSLIP = 0x101, ARPHRD_SLIP6 = 0x102, ARPHRD_CSLIP6 = 0x103, ARPHRD_RSRVD = 0x104,
        ARPHRD_ADAPT = 0x108, ARPHRD_ROSE = 0x10e, ARPHRD_X25 = 0x10f, ARPHRD_HWX25 = 0x110, ARPHRD_CAN = 0x118,
        ARPHRD_MCTP = 0x122, ARPHRD_PPP = 0x200, ARPHRD_CISCO = 0x201, ARPHRD_LAPB = 0x204, ARPHRD_DDCMP = 0x205,
        ARPHRD_RAWHDLC = 0x206, ARPHRD_RAWIP = 0x207, ARPHRD_TUNNEL = 0x300, ARPHRD_TUNNEL6 = 0x301,
        ARPHRD_FRAD = 0x302, ARPHRD_SKIP = 0x303, ARPHRD_LOOPBACK = 0x304, ARPHRD_LOCALTLK = 0x305,
        ARPHRD_FDDI = 0x306, ARPHRD_BIF = 0x307, ARPHRD_SIT = 0x308, ARPHRD_IPDDP = 0x309, ARPHRD_IPGRE = 0x30a,
        ARPHRD_PIMREG = 0x30b, ARPHRD_HIPPI = 0x30c, ARPHRD_ASH = 0x30d, ARPHRD_ECONET = 0x30e, ARPHRD_IRDA = 0x30f,
        ARPHRD_FCPP = 0x310, ARPHRD_FCAL = 0x311, ARPHRD_FCPL = 0x312, ARPHRD_FCFABRIC = 0x313,
        ARPHRD_IEEE802_TR = 0x320, ARPHRD_IEEE80211 = 0x321, ARPHRD_IEEE80211_PRISM = 0x322,
        ARPHRD_IEEE80211_RADIOTAP = 0x323, ARPHRD_IEEE802154 = 0x324, ARPHRD_IEEE802154_MONITOR = 0x325,
        ARPHRD_PHONET = 0x334, ARPHRD_PHONET_PIPE = 0x335, ARPHRD_CAIF = 0x336, ARPHRD_IP6GRE = 0x337,
        ARPHRD_NETLINK = 0x338, ARPHRD_6LOWPAN = 0x339, ARPHRD_VSOCKMON = 0x33a, ARPHRD_VOID = 0xffff,
        ARPHRD_NONE = 0xfffe,
    }

    /// Protocol of socket(2) for AF_AX25.
    AX25_PROTOCOL: Values, Hex, "AX25_P_???" {
        AX25_P_ROSE = 1, AX25_P_VJCOMP = 6, AX25_P_VJUNCOMP = 7, AX25_P_SEGMENT = 8, AX25_P_TEXNET = 0xc3,
        AX25_P_ATALK = 0xca, AX25_P_ATALK_ARP = 0xcb, AX25_P_IP = 0xcc, AX25_P_ARP = 0xcd, AX25_P_FLEXNET = 0xce,
        AX25_P_NETROM = 0xcf, AX25_P_TEXT = 0xf0,
    }

    /// Protocol of socket(2) for AF_IRDA, as the oracle names it.
    IRDA_PROTOCOL: Values, Hex, "IRDAPROTO_???" {
        CAN_RAW = 1, CAN_BCM = 2, CAN_TP16 = 3, CAN_TP20 = 4, CAN_MCNET = 5, CAN_ISOTP = 6, CAN_J1939 = 7,
    }

    /// Protocol of socket(2) for AF_ISDN.
    ISDN_PROTOCOL: Values, Hex, "ISDN_P_???" {
        ISDN_P_BASE = 0, ISDN_P_TE_S0 = 1, ISDN_P_NT_S0 = 2, ISDN_P_TE_E1 = 3, ISDN_P_NT_E1 = 4,
        ISDN_P_LAPD_TE = 0x10, ISDN_P_LAPD_NT = 0x11, ISDN_P_B_RAW = 0x21, ISDN_P_B_HDLC = 0x22,
        ISDN_P_B_X75SLP = 0x23, ISDN_P_B_L2DTMF = 0x24, ISDN_P_B_L2DSP = 0x25, ISDN_P_B_L2DSPHDLC = 0x26,
    }

    /// Protocol of socket(2) for AF_PHONET.
    PHONET_PROTOCOL: Values, Hex, "PN_PROTO_???" {
        PN_PROTO_TRANSPORT = 0, PN_PROTO_PHONET = 1, PN_PROTO_PIPE = 2,
    }

    /// Protocol of socket(2) for AF_CAIF.
    CAIF_PROTOCOL: Values, Hex, "CAIFPROTO_???" {
        CAIFPROTO_AT = 0, CAIFPROTO_DATAGRAM = 1, CAIFPROTO_DATAGRAM_LOOP = 2, CAIFPROTO_UTIL = 3,
        CAIFPROTO_RFM = 4, CAIFPROTO_DEBUG = 5,
    }

    /// Protocol of socket(2) for AF_NFC.
    NFC_SOCKPROTO: Values, Hex, "NFC_SOCKPROTO_???" {
        NFC_SOCKPROTO_RAW = 0, NFC_SOCKPROTO_LLCP = 1,
    }

    /// Protocol of socket(2) for AF_KCM.
    KCM_PROTOCOL: Values, Hex, "KCMPROTO_???" {
        KCMPROTO_CONNECTED = 0,
    }

    /// Protocol of socket(2) for AF_SMC.
    SMC_PROTOCOL: Values, Hex, "SMCPROTO_???" {
        SMCPROTO_SMC = 0, SMCPROTO_SMC6 = 1,
    }

    /// Sockaddr_hci.hci_channel.
    HCI_CHANNEL: Values, Hex, "HCI_CHANNEL_???" {
        HCI_CHANNEL_RAW = 0, HCI_CHANNEL_USER = 1, HCI_CHANNEL_MONITOR = 2, HCI_CHANNEL_CONTROL = 3,
        HCI_CHANNEL_LOGGING = 4,
    }

    /// Sockaddr_l2.l2_psm.
    L2CAP_PSM: Values, Hex, "L2CAP_PSM_???" {
        L2CAP_PSM_SDP = 1, L2CAP_PSM_RFCOMM = 3, L2CAP_PSM_3DSP = 0x21, L2CAP_PSM_IPSP = 0x23,
        L2CAP_PSM_LE_DYN_START = 0x80, L2CAP_PSM_LE_DYN_END = 0xff, L2CAP_PSM_DYN_START = 0x1001,
        L2CAP_PSM_AUTO_END = 0x10ff, L2CAP_PSM_DYN_END = 0xffff,
    }

    /// Sockaddr_l2.l2_cid.
    L2CAP_CID: Values, Hex, "L2CAP_CID_???" {
        L2CAP_CID_SIGNALING = 1, L2CAP_CID_CONN_LESS = 2, L2CAP_CID_A2MP = 3, L2CAP_CID_ATT = 4,
        L2CAP_CID_LE_SIGNALING = 5, L2CAP_CID_SMP = 6, L2CAP_CID_SMP_BREDR = 7, L2CAP_CID_DYN_START = 0x40,
        L2CAP_CID_LE_DYN_END = 0x7f, L2CAP_CID_DYN_END = 0xffff,
    }

    /// Sockaddr_l2.l2_bdaddr_type.
    BDADDR: Values, Hex, "BDADDR_???" {
        BDADDR_BREDR = 0, BDADDR_LE_PUBLIC = 1, BDADDR_LE_RANDOM = 2,
    }

    /// Ieee802154_addr_sa.addr_type.
    IEEE802154_ADDR: Values, Hex, "IEEE802154_ADDR_???" {
        IEEE802154_ADDR_NONE = 0, IEEE802154_ADDR_SHORT = 2, IEEE802154_ADDR_LONG = 3,
    }

    /// Sockaddr_nfc.nfc_protocol.
    NFC_PROTO: Values, Hex, "NFC_PROTO_???" {
        NFC_PROTO_JEWEL = 1, NFC_PROTO_MIFARE = 2, NFC_PROTO_FELICA = 3, NFC_PROTO_ISO14443 = 4,
        NFC_PROTO_NFC_DEP = 5, NFC_PROTO_ISO14443_B = 6, NFC_PROTO_ISO15693 = 7,
    }

    /// Sockaddr_xdp.sxdp_flags.
    XDP_FLAGS: Bits, Hex, "XDP_???" {
        XDP_SHARED_UMEM = 1, XDP_COPY = 2, XDP_ZEROCOPY = 4, XDP_USE_NEED_WAKEUP = 8, XDP_USE_SG = 0x10,
    }

    /// Sockaddr_alg.salg_feat, sockaddr_alg.salg_mask.
    CRYPTO_ALG: Bits, Hex, "CRYPTO_ALG_???" {
        CRYPTO_ALG_KERN_DRIVER_ONLY = 0x1000,
    }

    /// Sockaddr_vm.svm_port.
    VSOCK_PORT: Values, Hex, "" {
        VMADDR_PORT_ANY = 0xffff_ffff,
    }

    /// Sockaddr_vm.svm_cid.
    VSOCK_ADDRESS: Values, Hex, "" {
        VMADDR_CID_HYPERVISOR = 0, VMADDR_CID_LOCAL = 1, VMADDR_CID_HOST = 2, VMADDR_CID_ANY = 0xffff_ffff,
    }

    /// Sockaddr_vm.svm_flags.
    VSOCK_FLAGS: Bits, Hex, "VMADDR_FLAG_???" {
        VMADDR_FLAG_TO_HOST = 1,
    }

    /// Sockaddr_rxrpc.srx_service.
    RXRPC_SERVICE: Values, Hex, "???_SERVICE" {
        CM_SERVICE = 1, FS_SERVICE = 1_000_000, VL_SERVICE = 52,
    }

    /// Ieee802154_addr_sa.pan_id.
    IEEE802154_PANID: Values, Hex, "" {
        IEEE802154_PANID_BROADCAST = 0xffff,
    }

    /// Ieee802154_addr_sa.short_addr.
    IEEE802154_SHORT: Values, Hex, "" {
        IEEE802154_ADDR_UNDEF = 0xfffe, IEEE802154_ADDR_BROADCAST = 0xffff,
    }

    /// Sockaddr_nfc_llcp.dsap, sockaddr_nfc_llcp.ssap.
    LLCP_SAP: Values, Hex, "" {
        LLCP_SAP_SDP = 1, LLCP_SAP_IP = 2, LLCP_SAP_OBEX = 3, LLCP_SAP_SNEP = 4, LLCP_SAP_MAX = 0xff,
    }

    /// Sockaddr_qrtr.sq_node.
    QRTR_NODE: Values, Hex, "" {
        QRTR_NODE_BCAST = 0xffff_ffff,
    }

    /// Sockaddr_qrtr.sq_port.
    QRTR_PORT: Values, Hex, "" {
        QRTR_PORT_CTRL = 0xffff_fffe,
    }

    /// Sockaddr_mctp.smctp_network.
    MCTP_NET: Values, Hex, "" {
        MCTP_NET_ANY = 0,
    }

    /// Mctp_addr.s_addr.
    MCTP_ADDR: Values, Hex, "" {
        MCTP_ADDR_NULL = 0, MCTP_ADDR_ANY = 0xff,
    }

    /// Sockaddr_mctp.smctp_tag.
    MCTP_TAG: Values, Hex, "" {
    }
}
