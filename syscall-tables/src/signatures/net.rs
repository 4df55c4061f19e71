//! Sockets.

use crate::kinds::*;
use crate::model::{Custom, Dir};
use crate::sets::net;
use crate::structs::time::{TS, TS64};

macro_rules! optname {
    ($level:expr) => {
        by(
            $level,
            &[
                (0, value(&net::IP_OPTION)),
                (1, value(&net::SO)),
                (6, value(&net::TCP_OPTION)),
                (17, value(&net::UDP_OPTION)),
                (40, value(&net::VSOCK_OPTION)),
                (41, value(&net::IPV6_OPTION)),
                (255, value(&net::RAW_OPTION)),
                (263, value(&net::PACKET_OPTION)),
                (270, value(&net::NETLINK_OPTION)),
                (279, value(&net::ALG_OPTION)),
                (283, value(&net::XDP_OPTION)),
            ],
            &UINT,
        )
    };
}

crate::signatures! {
    /// The family's rows.
    TABLE:
    socket(domain: value(&net::AF), r#type: bits(&net::SOCK), protocol: by(domain, &[(2, value(&net::IPPROTO)), (10, value(&net::IPPROTO)), (16, value(&net::NETLINK_PROTOCOL)), (17, custom(Custom::EthProtocol)), (29, value(&net::CAN_PROTOCOL)), (31, value(&net::BTPROTO))], &ULONG)) -> FD;
    socketpair(domain: value(&net::AF), r#type: bits(&net::SOCK), protocol: ULONG, sv: out_array(&FD, fixed(2))) -> INT;
    bind(sockfd: FD, addr: in_sockaddr(of(addrlen)), addrlen: INT) -> INT;
    connect(sockfd: FD, addr: in_sockaddr(of(addrlen)), addrlen: INT) -> INT;
    listen(sockfd: FD, backlog: INT) -> INT;
    accept(sockfd: FD, addr: out_sockaddr(at(addrlen)), addrlen: custom(Custom::SockLen)) -> FD;
    accept4(sockfd: FD, addr: out_sockaddr(at(addrlen)), addrlen: custom(Custom::SockLen), flags: bits(&net::SOCK_FLAGS)) -> FD;
    getsockname(sockfd: FD, addr: out_sockaddr(at(addrlen)), addrlen: custom(Custom::SockLen)) -> INT;
    getpeername(sockfd: FD, addr: out_sockaddr(at(addrlen)), addrlen: custom(Custom::SockLen)) -> INT;
    sendto(sockfd: FD, buf: in_bytes(of(len)), len: SIZE, flags: bits(&net::MSG), dest_addr: in_sockaddr(of(addrlen)), addrlen: INT) -> SIZE;
    recvfrom(sockfd: FD, buf: out_bytes(RET), len: SIZE, flags: bits(&net::MSG), src_addr: out_sockaddr(at(addrlen)), addrlen: custom(Custom::SockLen)) -> SIZE;
    sendmsg(sockfd: FD, msg: custom(Custom::MsgHdr(Dir::In)), flags: bits(&net::MSG)) -> SIZE;
    recvmsg(sockfd: FD, msg: custom(Custom::MsgHdr(Dir::Out)), flags: bits(&net::MSG)) -> SIZE;
    sendmmsg(sockfd: FD, msgvec: custom(Custom::MmsgHdr(Dir::In, vlen)), vlen: UINT, flags: bits(&net::MSG)) -> INT;
    recvmmsg(sockfd: FD, msgvec: custom(Custom::MmsgHdr(Dir::Out, vlen)), vlen: UINT, flags: bits(&net::MSG), timeout: input(&TS)) -> INT;
    shutdown(sockfd: FD, how: value(&net::SHUT)) -> INT;
    setsockopt(sockfd: FD, level: value(&net::SOL), optname: optname!(level), optval: custom(Custom::SockOpt(Dir::In)), optlen: INT) -> INT;
    getsockopt(sockfd: FD, level: value(&net::SOL), optname: optname!(level), optval: custom(Custom::SockOpt(Dir::Out)), optlen: custom(Custom::SockLen)) -> INT;
    send(sockfd: FD, buf: in_bytes(of(len)), len: SIZE, flags: bits(&net::MSG)) -> SIZE;
    recv(sockfd: FD, buf: out_bytes(RET), len: SIZE, flags: bits(&net::MSG)) -> SIZE;
}

crate::signatures! {
    /// Rows of i386 alone.
    I386:
    socketcall(call: value(&net::SOCKETCALL), args: ADDR) -> INT;
    recvmmsg_time64(sockfd: FD, msgvec: custom(Custom::MmsgHdr(Dir::Out, vlen)), vlen: UINT, flags: bits(&net::MSG), timeout: input(&TS64)) -> INT;
}
