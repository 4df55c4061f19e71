//! Sockets: socket(2), connect(2), send(2), recv(2), getsockopt(2).

use crate::cases;
use crate::kinds::*;
use crate::model::{Custom, Dir, Kind, Len, Scope, Sibling, Width};
use crate::net::Net;
use crate::sets::{net as set, sockaddr as address, sockopt as option};
use crate::structs::time::{TS, TS64};

const TYPE: Kind = custom(Custom::SocketType);
const MSG: Kind = bits(&set::MSG);
const LEN: Kind = custom(Custom::SockLen);

/// The protocol of socket, by family.
const PROTOCOLS: &[(u64, Kind)] = cases![
    (2, bits(&set::IPPROTO)),
    (3, custom(Custom::Annotated(&address::AX25_PROTOCOL, Width::Long))),
    (10, bits(&set::IPPROTO)),
    (16, bits(&set::NETLINK_PROTOCOL)),
    (17, net(Net::Big16(&set::ETH_P))),
    (23, bits(&address::IRDA_PROTOCOL)),
    (29, bits(&set::CAN_PROTOCOL)),
    (31, bits(&set::BTPROTO)),
    (33, bits(&set::AF)),
    (34, bits(&address::ISDN_PROTOCOL)),
    (35, bits(&address::PHONET_PROTOCOL)),
    (37, bits(&address::CAIF_PROTOCOL)),
    (39, bits(&address::NFC_SOCKPROTO)),
    (41, bits(&address::KCM_PROTOCOL)),
    (43, bits(&address::SMC_PROTOCOL)),
];
/// The name of a socket option, by level.
pub(crate) const OPTIONS: &[(u64, Kind)] = cases![
    (0, bits(&set::IP_OPTION)),
    (1, bits(&set::SO)),
    (6, bits(&set::TCP_OPTION)),
    (17, bits(&set::UDP_OPTION)),
    (41, bits(&set::IPV6_OPTION)),
    (263, bits(&set::PACKET_OPTION)),
    (270, bits(&set::NETLINK_OPTION)),
    (283, bits(&set::XDP_OPTION)),
    // VSOCK goes by its family.
    (40, bits(&option::VSOCK_OPTIONS)),
    (101, bits(&option::CAN_RAW_OPTIONS)),
    (132, bits(&option::SCTP_OPTIONS)),
    (255, bits(&option::RAW_OPTIONS)),
    (256, bits(&option::IPX_OPTIONS)),
    (257, bits(&option::AX25_OPTIONS)),
    (266, bits(&option::IRDA_OPTIONS)),
    (268, bits(&option::LLC_OPTIONS)),
    (269, bits(&option::DCCP_OPTIONS)),
    (271, bits(&option::TIPC_OPTIONS)),
    (272, bits(&option::RXRPC_OPTIONS)),
    (273, bits(&option::PPPOL2TP_OPTIONS)),
    (274, bits(&option::BLUETOOTH_OPTIONS)),
    (275, bits(&option::PNPIPE_OPTIONS)),
    (276, bits(&option::RDS_OPTIONS)),
    (277, bits(&option::IUCV_OPTIONS)),
    (278, bits(&option::CAIF_OPTIONS)),
    (279, bits(&option::ALG_OPTIONS)),
    (280, bits(&option::NFC_OPTIONS)),
    (281, bits(&option::KCM_OPTIONS)),
    (282, bits(&option::TLS_OPTIONS)),
];
const ANY: Kind = by(arg(1), OPTIONS, &UINT);
const IP_SET: Kind = bits(&option::IP_SET_ONLY);
const IP_GET: Kind = bits(&option::IP_GET_ONLY);
const IPV6_SET: Kind = bits(&option::IPV6_SET_ONLY);
const IPV6_GET: Kind = bits(&option::IPV6_GET_ONLY);
const SET_OPTION: Kind = by(
    arg(1),
    cases![
        (
            0,
            by(
                arg(2),
                cases![(64, IP_SET), (65, IP_SET), (96, IP_SET), (97, IP_SET), (128, IP_SET), (129, IP_SET)],
                &ANY
            )
        ),
        (41, by(arg(2), cases![(64, IPV6_SET), (65, IPV6_SET)], &ANY)),
    ],
    &ANY,
);
const GET_OPTION: Kind = by(
    arg(1),
    cases![
        (
            0,
            by(
                arg(2),
                cases![
                    (64, IP_GET),
                    (65, IP_GET),
                    (66, IP_GET),
                    (67, IP_GET),
                    (96, IP_GET),
                    (97, IP_GET),
                    (99, IP_GET),
                    (128, IP_GET),
                    (129, IP_GET),
                    (130, IP_GET),
                    (131, IP_GET),
                ],
                &ANY,
            ),
        ),
        (1, by(arg(2), cases![(26, bits(&option::SO_GET_ONLY))], &ANY)),
        (41, by(arg(2), cases![(64, IPV6_GET), (65, IPV6_GET), (68, IPV6_GET), (69, IPV6_GET)], &ANY)),
    ],
    &ANY,
);

const fn arg(index: u8) -> Sibling {
    Sibling { scope: Scope::Arg, index }
}

crate::signatures! {
    /// The family's rows.
    TABLE:
    socket(domain: bits(&set::AF), r#type: TYPE, protocol: by(domain, PROTOCOLS, &ULONG)) -> FD;
    socketpair(domain: bits(&set::AF), r#type: TYPE, protocol: ULONG, sv: out_array(&FD, fixed(2))) -> INT;
    bind(sockfd: FD, addr: in_sockaddr(of(addrlen)), addrlen: INT) -> INT;
    connect(sockfd: FD, addr: in_sockaddr(of(addrlen)), addrlen: INT) -> INT;
    listen(sockfd: FD, backlog: INT) -> INT;
    accept(sockfd: FD, addr: out_sockaddr(at(addrlen)), addrlen: LEN) -> FD;
    accept4(sockfd: FD, addr: out_sockaddr(at(addrlen)), addrlen: LEN, flags: bits(&set::SOCK_FLAGS)) -> FD;
    getsockname(sockfd: FD, addr: out_sockaddr(at(addrlen)), addrlen: LEN) -> INT;
    getpeername(sockfd: FD, addr: out_sockaddr(at(addrlen)), addrlen: LEN) -> INT;
    sendto(sockfd: FD, buf: in_bytes(of(len)), len: SIZE, flags: MSG, dest_addr: in_sockaddr(of(addrlen)), addrlen: INT) -> SIZE;
    recvfrom(sockfd: FD, buf: out_bytes(Len::RetUpTo(len)), len: SIZE, flags: MSG, src_addr: out_sockaddr(at(addrlen)), addrlen: LEN) -> SIZE;
    sendmsg(sockfd: FD, msg: custom(Custom::MsgHdr(Dir::In)), flags: MSG) -> SIZE;
    recvmsg(sockfd: FD, msg: custom(Custom::MsgHdr(Dir::Out)), flags: MSG) -> SIZE;
    sendmmsg(sockfd: FD, msgvec: custom(Custom::MmsgHdr(Dir::In, vlen)), vlen: UINT, flags: MSG) -> INT;
    recvmmsg(sockfd: FD, msgvec: custom(Custom::MmsgHdr(Dir::Out, vlen)), vlen: UINT, flags: MSG, timeout: input(&TS)) -> custom(Custom::MessagesReturn(&TS));
    shutdown(sockfd: FD, how: bits(&set::SHUT)) -> INT;
    setsockopt(sockfd: FD, level: bits(&set::SOL), optname: SET_OPTION, optval: custom(Custom::SockOpt(Dir::In)), optlen: INT) -> INT;
    getsockopt(sockfd: FD, level: bits(&set::SOL), optname: GET_OPTION, optval: custom(Custom::SockOpt(Dir::Out)), optlen: LEN) -> INT;
    send(sockfd: FD, buf: in_bytes(of(len)), len: SIZE, flags: MSG) -> SIZE;
    recv(sockfd: FD, buf: out_bytes(Len::RetUpTo(len)), len: SIZE, flags: MSG) -> SIZE;
    socketcall(call: bits(&set::SOCKETCALL), args: ADDR) -> INT;
    recvmmsg_time64(sockfd: FD, msgvec: custom(Custom::MmsgHdr(Dir::Out, vlen)), vlen: UINT, flags: MSG, timeout: input(&TS64)) -> custom(Custom::MessagesReturn(&TS64));
}
