//! Socket addresses whose members always stand at the same place: packet(7), netlink(7), vsock(7) and headers.

use super::Struct;
use crate::cases;
use crate::kinds::*;
use crate::model::{Custom, Kind, Shape, Width};
use crate::net::Net;
use crate::sets::sockaddr as set;

const fn place(of: &'static Struct) -> Kind {
    Kind::new(Shape::Struct(of))
}

crate::structs! {
    /// `struct sockaddr_ipx`.
    IPX "sockaddr_ipx" {
        _family: U16, sipx_port: net(Net::Port), sipx_network: net(Net::Big32Hex), sipx_node: net(Net::Hexes(6)),
        sipx_type: net(Net::Byte), sipx_zero: net(Net::Byte).when_not(sipx_zero, 0),
    };
    /// `struct sockaddr_nl`.
    NETLINK "sockaddr_nl" {
        _family: U16, nl_pad: HEX16.when_not(nl_pad, 0), nl_pid: INT, nl_groups: net(Net::Groups),
    };
    /// `struct sockaddr_tipc`.
    TIPC "sockaddr_tipc" {
        _family: U16, addrtype: bits8(&set::TIPC_ADDRTYPE), scope: bits8(&set::TIPC_SCOPE),
        addr: by(
            addrtype,
            cases![
                (1, Kind::new(Shape::Struct(&TIPC_RANGE))),
                (2, Kind::new(Shape::Struct(&TIPC_NAME))),
                (3, Kind::new(Shape::Struct(&TIPC_ID))),
            ],
            &const { Kind::new(Shape::Inline(&UINT, 3)) },
        ),
    };
    /// The address of a range of services.
    TIPC_RANGE "tipc_range" { nameseq: Kind::new(Shape::Struct(&TIPC_SERVICE_RANGE)) };
    /// The address of a service.
    TIPC_NAME "tipc_name" { name: Kind::new(Shape::Struct(&TIPC_SERVICE)) };
    /// The address of a socket.
    TIPC_ID "tipc_id" { id: Kind::new(Shape::Struct(&TIPC_SOCKET)), _pad: UINT };
    /// `struct tipc_service_range`.
    TIPC_SERVICE_RANGE "tipc_service_range" { r#type: UINT, lower: UINT, upper: UINT };
    /// A service and where it is looked up.
    TIPC_SERVICE "tipc_service" { name: Kind::new(Shape::Struct(&TIPC_SERVICE_ADDR)), domain: UINT };
    /// `struct tipc_service_addr`.
    TIPC_SERVICE_ADDR "tipc_service_addr" { r#type: UINT, instance: UINT };
    /// `struct tipc_socket_addr`.
    TIPC_SOCKET "tipc_socket_addr" { r#ref: UINT, node: UINT };
    /// `struct ieee802154_addr_sa`.
    IEEE802154_ADDR "ieee802154_addr_sa" {
        addr_type: custom(Custom::Commented(&set::IEEE802154_ADDR, Width::W32)), pan_id: PAN,
        short_addr: SHORT.when_is(addr_type, 2),
        _pad: Kind::new(Shape::Inline(&U8, 6)),
    };
    /// `struct ieee802154_addr_sa` with a long address.
    IEEE802154_LONG "ieee802154_addr_sa" {
        addr_type: custom(Custom::Commented(&set::IEEE802154_ADDR, Width::W32)), pan_id: PAN,
        hwaddr: net(Net::Mac(8)),
    };
    /// `struct sockaddr_xdp`.
    XDP "sockaddr_xdp" {
        _family: U16, sxdp_flags: bits16(&set::XDP_FLAGS), sxdp_ifindex: net(Net::Interface), sxdp_queue_id: UINT,
        sxdp_shared_umem_fd: by_masked(
            sxdp_flags, 1, cases![(1, FD)], &const { by(sxdp_shared_umem_fd, cases![(0, ABSENT)], &HEX) },
        ),
    };
    /// `struct sockaddr_vm`.
    VSOCK "sockaddr_vm" {
        _family: U16, svm_reserved1: HEX16.when_not(svm_reserved1, 0), svm_port: bits(&set::VSOCK_PORT),
        svm_cid: bits(&set::VSOCK_ADDRESS), svm_flags: bits8(&set::VSOCK_FLAGS), svm_zero: net(Net::Rest(3)),
    } show [svm_reserved1, svm_cid, svm_port, svm_flags, svm_zero];
    /// `struct sockaddr_qrtr`.
    QIPCRTR "sockaddr_qrtr" { _family: U16, _pad: U16, sq_node: bits(&set::QRTR_NODE), sq_port: bits(&set::QRTR_PORT) };
    /// `struct mctp_addr`.
    MCTP_ADDR "mctp_addr" { s_addr: bits8(&set::MCTP_ADDR) };
    /// `struct sockaddr_mctp`.
    MCTP "sockaddr_mctp" {
        _family: U16, __smctp_pad0: HEX16.when_not(__smctp_pad0, 0), smctp_network: bits(&set::MCTP_NET),
        smctp_addr: place(&MCTP_ADDR), smctp_type: HEX8, smctp_tag: HEX8,
        __smctp_pad1: HEX8.when_not(__smctp_pad1, 0),
    } show [__smctp_pad0, smctp_network, smctp_addr, smctp_type, smctp_tag, __smctp_pad1];
}

const PAN: Kind = custom(Custom::Commented(&set::IEEE802154_PANID, Width::W16));
const SHORT: Kind = custom(Custom::Commented(&set::IEEE802154_SHORT, Width::W16));

/// Families whose addresses are shown whole: number, fewest bytes, members.
pub static FAMILIES: &[(u64, usize, &Struct)] = &[
    (4, 16, &IPX),
    (16, 12, &NETLINK),
    (30, 16, &TIPC),
    (40, 16, &VSOCK),
    (42, 12, &QIPCRTR),
    (44, 16, &XDP),
    (45, 12, &MCTP),
];

/// `struct ieee802154_addr_sa` by its type: a short address, a long one, or none.
pub const fn ieee802154(kind: u64) -> &'static Struct {
    match kind {
        0 | 2 => &IEEE802154_ADDR,
        _ => &IEEE802154_LONG,
    }
}
