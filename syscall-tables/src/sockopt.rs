//! Values of socket options: which form the value of an option has, by level and name.
//!
//! An option without a row is a number when it has four bytes, and bytes otherwise. Source: socket(7), ip(7), ipv6(7),
//! packet(7), netlink(7), raw(7).

use crate::kinds::*;
use crate::model::{Custom, Kind, Shape};
use crate::net::Net;
use crate::set::Set;
use crate::sets::sockaddr::TIPC_SCOPE;
use crate::sets::sockopt as sets;
use crate::structs::Struct;

/// The form of a value.
#[derive(Debug, Clone, Copy)]
pub enum Value {
    /// `int`.
    Int,
    /// `int` that is never shown in part.
    WholeInt,
    /// `int` whatever length the kernel says, unless it is none.
    AnyInt,
    /// `int` with a name.
    Named(&'static Set),
    /// Number of an error.
    Errno,
    /// A descriptor that the kernel made.
    Fd,
    /// A struct that the caller gives whole.
    Whole(&'static Struct),
    /// A struct of exactly its size.
    Exact(&'static Struct),
    /// A struct of which the kernel writes as much as there is room for.
    Partial(&'static Struct),
    /// `struct sock_fprog`.
    Filter,
    /// Instructions of classic BPF, as many as the length says.
    Instructions,
    /// `struct icmp_filter`.
    IcmpFilter,
    /// Numbers of 32 bits.
    Numbers,
    /// `struct packet_mreq`.
    PacketMembership,
}

crate::structs! {
    /// `struct linger`.
    LINGER "linger" { l_onoff: INT, l_linger: INT };
    /// `struct ucred`.
    UCRED "ucred" { pid: PID, uid: ID, gid: ID };
    /// `struct ip_mreq`.
    IP_MREQ "ip_mreq" { imr_multiaddr: net(Net::Inet), imr_interface: net(Net::Inet) };
    /// `struct group_req`.
    GROUP_REQ "group_req" { gr_interface: net(Net::Interface), _align: EMPTY, gr_group: net(Net::Address(128)) };
    /// `struct ipv6_mreq`.
    IPV6_MREQ "ipv6_mreq" { ipv6mr_multiaddr: net(Net::Inet6), ipv6mr_interface: net(Net::Interface) };
    /// `struct tpacket_req`.
    TPACKET_REQ "tpacket_req" { tp_block_size: UINT, tp_block_nr: UINT, tp_frame_size: UINT, tp_frame_nr: UINT };
    /// `struct tpacket_stats_v3`.
    TPACKET_STATS "tpacket_stats" { tp_packets: UINT, tp_drops: UINT, tp_freeze_q_cnt: UINT };
    /// `struct tipc_group_req`.
    TIPC_GROUP_REQ "tipc_group_req" {
        r#type: UINT, instance: UINT, scope: bits(&TIPC_SCOPE), flags: bits(&sets::TIPC_GROUP_FLAGS),
    };
}

crate::structs! {
    /// `struct tcp_ao_add`.
    TCP_AO_ADD "tcp_ao_add" {
        addr: net(Net::Address(128)), alg_name: Kind::new(Shape::Chars(64)), ifindex: net(Net::Interface),
        _bits: net(Net::Bits(&[("set_current", 1), ("set_rnext", 1)])), reserved2: HEX16.when_not(reserved2, 0),
        prefix: U8, sndid: U8, rcvid: U8, maclen: U8, keyflags: bits8(&sets::TCP_AO_KEYF), keylen: U8,
        key: custom(Custom::Escapes(80, Some(keylen))),
    } show [
        addr, alg_name, ifindex, _bits, reserved2, prefix, sndid, rcvid, maclen, keyflags, keylen, key,
    ];
}

/// Aligns what follows as a `long`.
const EMPTY: Kind = Kind::new(Shape::Inline(&ULONG, 0));

/// Options of SOL_SOCKET that are numbers.
const INTS: &[u64] = &[
    1, 2, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 18, 19, 27, 29, 30, 32, 33, 34, 35, 36, 37, 40, 41, 42, 43,
    44, 45, 46, 49, 53, 56, 60, 63, 64, 65, 68, 69, 70, 73, 75, 76, 77, 82, 83, 84,
];
/// Options of SOL_TIPC that are numbers.
const TIPC_INTS: &[u64] = &[128, 129, 130, 131, 132, 135, 137, 138];
/// Every option of a level.
const EVERY: &[u64] = &[];

/// What setsockopt takes: level, options, form.
pub static SET: &[(u64, &[u64], Value)] = &[
    (0, &[35, 36], Value::Whole(&IP_MREQ)),
    (0, &[42, 45], Value::Whole(&GROUP_REQ)),
    (1, INTS, Value::WholeInt),
    (1, &[13], Value::Whole(&LINGER)),
    (1, &[26, 51], Value::Filter),
    (1, &[74], Value::Named(&sets::TXREHASH)),
    (6, &[38], Value::Whole(&TCP_AO_ADD)),
    (41, &[20, 21, 27, 28], Value::Whole(&IPV6_MREQ)),
    (41, &[42, 45], Value::Whole(&GROUP_REQ)),
    (255, &[1], Value::IcmpFilter),
    (263, &[1, 2], Value::PacketMembership),
    (263, &[5, 13], Value::Exact(&TPACKET_REQ)),
    (270, EVERY, Value::WholeInt),
    (271, &[127], Value::Named(&sets::TIPC_IMPORTANCE_LEVEL)),
    (271, &[135], Value::Whole(&TIPC_GROUP_REQ)),
    (271, TIPC_INTS, Value::WholeInt),
];

/// What getsockopt gives: level, options, form.
pub static GET: &[(u64, &[u64], Value)] = &[
    (1, &[77], Value::Fd),
    (1, INTS, Value::Int),
    (1, &[4], Value::Errno),
    (1, &[13], Value::Partial(&LINGER)),
    (1, &[17], Value::Partial(&UCRED)),
    (1, &[26], Value::Instructions),
    (1, &[74], Value::Named(&sets::TXREHASH)),
    (255, &[1], Value::IcmpFilter),
    (263, &[6], Value::Partial(&TPACKET_STATS)),
    (270, &[9], Value::Numbers),
    (270, EVERY, Value::AnyInt),
    (271, &[127], Value::Named(&sets::TIPC_IMPORTANCE_LEVEL)),
    (271, TIPC_INTS, Value::Int),
];

/// The form of an option, if it has one of its own.
pub fn form(table: &[(u64, &[u64], Value)], level: u64, name: u64) -> Option<Value> {
    table.iter().find(|row| row.0 == level && (row.1.is_empty() || row.1.contains(&name))).map(|row| row.2)
}
