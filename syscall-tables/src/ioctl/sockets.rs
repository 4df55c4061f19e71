//! What commands of bridges take, beside those of interfaces in `payload`.
//!
//! Source: netdevice(7), include/uapi/linux/sockios.h, and the behaviour of strace 6.1.

use super::family::{Argument, Row};
use super::payload::place;
use crate::kinds::*;
use crate::model::{Dir, Kind, Shape};
use crate::net::Net;

crate::structs! {
    /// `struct ifreq` that names an interface by its index.
    INDEXED "ifreq" {
        _ifr_name: Kind::new(Shape::Inline(&U8, 16)), ifr_ifindex: net(Net::Interface), _rest: UINT,
        _words: Kind::new(Shape::Inline(&LONG, 2)),
    };
}

const INDEXED_HERE: Argument = Argument::Behind(Dir::In, &const { place(&INDEXED) });

/// SIOCBRADDIF and SIOCBRDELIF.
pub static BRIDGES: &[Row] = &[(0x89a2, INDEXED_HERE), (0x89a3, INDEXED_HERE)];
