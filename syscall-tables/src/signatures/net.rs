//! Sockets: socket(2), connect(2), send(2), recv(2), getsockopt(2).

use crate::kinds::*;
use crate::model::{Custom, Dir, Kind, Shape};
use crate::sets::net as set;
use crate::structs::time::{TS, TS64};

const TYPE: Kind = bits(&set::SOCK);
const MSG: Kind = bits(&set::MSG);
const LEN: Kind = custom(Custom::SockLen);
const PAIR: Kind = Kind::new(Shape::Inline(&FD, 2));
/// The protocol of socket, by family.
const PROTOCOLS: &[(u64, Kind)] =
    &[(2, bits(&set::IPPROTO)), (10, bits(&set::IPPROTO)), (16, bits(&set::NETLINK_PROTOCOL))];
/// The name of a socket option, by level.
const OPTIONS: &[(u64, Kind)] = &[
    (0, bits(&set::IP_OPTION)),
    (1, bits(&set::SO)),
    (6, bits(&set::TCP_OPTION)),
    (17, bits(&set::UDP_OPTION)),
    (41, bits(&set::IPV6_OPTION)),
    (263, bits(&set::PACKET_OPTION)),
    (270, bits(&set::NETLINK_OPTION)),
];

crate::signatures! {
    /// The family's rows.
    TABLE:
    socket(domain: bits(&set::AF), r#type: TYPE, protocol: by(domain, PROTOCOLS, &INT)) -> FD;
    socketpair(domain: bits(&set::AF), r#type: TYPE, protocol: by(domain, PROTOCOLS, &INT), sv: output(&PAIR)) -> INT;
    bind(sockfd: FD, addr: in_sockaddr(of(addrlen)), addrlen: INT) -> INT;
    connect(sockfd: FD, addr: in_sockaddr(of(addrlen)), addrlen: INT) -> INT;
    listen(sockfd: FD, backlog: INT) -> INT;
    accept(sockfd: FD, addr: out_sockaddr(at(addrlen)), addrlen: LEN) -> FD;
    accept4(sockfd: FD, addr: out_sockaddr(at(addrlen)), addrlen: LEN, flags: bits(&set::SOCK_FLAGS)) -> FD;
    getsockname(sockfd: FD, addr: out_sockaddr(at(addrlen)), addrlen: LEN) -> INT;
    getpeername(sockfd: FD, addr: out_sockaddr(at(addrlen)), addrlen: LEN) -> INT;
    sendto(sockfd: FD, buf: in_bytes(of(len)), len: SIZE, flags: MSG, dest_addr: in_sockaddr(of(addrlen)), addrlen: INT) -> SIZE;
    recvfrom(sockfd: FD, buf: out_bytes(RET), len: SIZE, flags: MSG, src_addr: out_sockaddr(at(addrlen)), addrlen: LEN) -> SIZE;
    sendmsg(sockfd: FD, msg: custom(Custom::MsgHdr(Dir::In)), flags: MSG) -> SIZE;
    recvmsg(sockfd: FD, msg: custom(Custom::MsgHdr(Dir::Out)), flags: MSG) -> SIZE;
    sendmmsg(sockfd: FD, msgvec: custom(Custom::MmsgHdr(Dir::In, vlen)), vlen: UINT, flags: MSG) -> INT;
    recvmmsg(sockfd: FD, msgvec: custom(Custom::MmsgHdr(Dir::Out, vlen)), vlen: UINT, flags: MSG, timeout: input(&TS)) -> INT;
    shutdown(sockfd: FD, how: bits(&set::SHUT)) -> INT;
    setsockopt(sockfd: FD, level: bits(&set::SOL), optname: by(level, OPTIONS, &HEX), optval: custom(Custom::SockOpt(Dir::In)), optlen: INT) -> INT;
    getsockopt(sockfd: FD, level: bits(&set::SOL), optname: by(level, OPTIONS, &HEX), optval: custom(Custom::SockOpt(Dir::Out)), optlen: LEN) -> INT;
    send(sockfd: FD, buf: in_bytes(of(len)), len: SIZE, flags: MSG) -> SIZE;
    recv(sockfd: FD, buf: out_bytes(RET), len: SIZE, flags: MSG) -> SIZE;
    socketcall(call: bits(&set::SOCKETCALL), args: ADDR) -> INT;
    recvmmsg_time64(sockfd: FD, msgvec: custom(Custom::MmsgHdr(Dir::Out, vlen)), vlen: UINT, flags: MSG, timeout: input(&TS64)) -> INT;
}
