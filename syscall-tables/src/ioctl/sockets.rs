//! What commands of sockets, of interfaces and of bridges take.
//!
//! Source: netdevice(7), include/uapi/linux/sockios.h, and the behaviour of strace 6.1.

use super::argument::{Argument, Code, Member, Row, place};
use crate::kinds::*;
use crate::model::{Custom, Dir, Kind, Shape};
use crate::net::Net;
use crate::set::Set;
use crate::sets::net as nets;

crate::structs! {
    /// `struct ifreq` that names an interface by its index.
    INDEXED "ifreq" {
        _ifr_name: Kind::new(Shape::Inline(&U8, 16)), ifr_ifindex: net(Net::Interface), _rest: UINT,
        _words: Kind::new(Shape::Inline(&LONG, 2)),
    };
}

const INDEXED_HERE: Argument = Argument::given(&const { place(&INDEXED) });

/// SIOCBRADDIF and SIOCBRDELIF; SIOCGSTAMP_NEW and SIOCGSTAMPNS_NEW.
pub static SOCKETS: &[Row] = &[
    (&[0x89a2], INDEXED_HERE),
    (&[0x89a3], INDEXED_HERE),
    (&[0x8010_8906], Argument::Value(&ADDR)),
    (&[0x8010_8907], Argument::Value(&ADDR)),
];

/// Commands of interfaces: one that is named, all of them, and their neighbours.
pub static INTERFACES: &[Row] = &[
    (&[0x8913], Argument::Coded(Code::Interface(Dir::Out, "ifr_flags", Member::Flags))),
    (&[0x8914], Argument::Coded(Code::Interface(Dir::In, "ifr_flags", Member::Flags))),
    (&[0x8915], Argument::Coded(Code::Interface(Dir::Out, "ifr_addr", Member::Address))),
    (&[0x8916], Argument::Coded(Code::Interface(Dir::In, "ifr_addr", Member::Address))),
    (&[0x8917], Argument::Coded(Code::Interface(Dir::Out, "ifr_dstaddr", Member::Address))),
    (&[0x8918], Argument::Coded(Code::Interface(Dir::In, "ifr_dstaddr", Member::Address))),
    (&[0x8919], Argument::Coded(Code::Interface(Dir::Out, "ifr_broadaddr", Member::Address))),
    (&[0x891a], Argument::Coded(Code::Interface(Dir::In, "ifr_broadaddr", Member::Address))),
    (&[0x891b], Argument::Coded(Code::Interface(Dir::Out, "ifr_netmask", Member::Address))),
    (&[0x891c], Argument::Coded(Code::Interface(Dir::In, "ifr_netmask", Member::Address))),
    (&[0x891d], Argument::Coded(Code::Interface(Dir::Out, "ifr_metric", Member::Int))),
    (&[0x891e], Argument::Coded(Code::Interface(Dir::In, "ifr_metric", Member::Int))),
    (&[0x8921], Argument::Coded(Code::Interface(Dir::Out, "ifr_mtu", Member::Int))),
    (&[0x8922], Argument::Coded(Code::Interface(Dir::In, "ifr_mtu", Member::Int))),
    (&[0x8923], Argument::Coded(Code::Interface(Dir::In, "ifr_newname", Member::Name))),
    (
        &[0x8924, 0x8931, 0x8932, 0x8937],
        Argument::Coded(Code::Interface(Dir::In, "ifr_hwaddr", Member::Hardware)),
    ),
    (&[0x8927], Argument::Coded(Code::Interface(Dir::Out, "ifr_hwaddr", Member::Hardware))),
    (&[0x8929], Argument::Coded(Code::Interface(Dir::Out, "ifr_slave", Member::Name))),
    (&[0x8930], Argument::Coded(Code::Interface(Dir::In, "ifr_slave", Member::Name))),
    (&[0x8933], Argument::Coded(Code::Interface(Dir::Out, "ifr_ifindex", Member::Int))),
    (&[0x8942], Argument::Coded(Code::Interface(Dir::Out, "ifr_qlen", Member::Int))),
    (&[0x8943], Argument::Coded(Code::Interface(Dir::In, "ifr_qlen", Member::Int))),
    (&[0x8970], Argument::Coded(Code::Interface(Dir::Out, "ifr_map", Member::Map))),
    (&[0x8971], Argument::Coded(Code::Interface(Dir::In, "ifr_map", Member::Map))),
    (&[0x8910], Argument::Coded(Code::InterfaceName)),
    (&[0x8912], Argument::Coded(Code::InterfaceList)),
    (&[0x89a0, 0x89a1], Argument::Value(&custom(Custom::ShortText(Dir::In, 16)))),
    (&[0x8901, 0x8902], Argument::given(&PID)),
    (&[0x8903, 0x8904], Argument::told(&PID)),
    (&[0x8905, 0x8925, 0x894b], Argument::told(&INT)),
    (&[0x8926], Argument::given(&INT)),
];

/// Commands of sockets whose argument is not followed.
pub static POINTERS: &[Row] = &[(
    &[
        0x890b, 0x890c, 0x890d, 0x8911, 0x891f, 0x8920, 0x8934, 0x8935, 0x8936, 0x8938, 0x8940, 0x8941,
        0x8946, 0x8947, 0x8948, 0x8949, 0x894a, 0x894c, 0x8953, 0x8954, 0x8955, 0x8960, 0x8961, 0x8962,
        0x8980, 0x8981, 0x8982, 0x8983, 0x8990, 0x8991, 0x8992, 0x8993, 0x8994, 0x8995, 0x89b0, 0x89b1,
        0x8906, 0x8907,
    ],
    Argument::Value(&ADDR),
)];

/// Flags of interfaces.
pub static IFF: &Set = &nets::IFF;

/// Bytes of a hardware address, by its type; others fill the space there is.
pub const fn hardware_bytes(kind: u64) -> usize {
    match kind {
        0 | 3 => 7,
        1 | 6 | 772 | 774 | 780 | 801..=803 => 6,
        7 | 290 | 773 | 820..=822 => 1,
        15 => 2,
        27 | 804 | 805 | 825 | 826 => 8,
        270 | 271 => 5,
        768 | 776..=779 | 783 => 4,
        _ => 14,
    }
}
