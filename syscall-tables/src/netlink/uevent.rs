//! Messages of NETLINK_KOBJECT_UEVENT: strings, without a header of netlink; those of udev have one of its own.
//!
//! Source: lib/kobject_uevent.c.

use super::{Body, Family, Flags, Types};
use crate::kinds::*;
use crate::model::{Kind, Shape};
use crate::net::Net;

/// What the messages of udev begin with.
pub const PREFIX: &[u8] = b"libudev\0";

const HASH: Kind = net(Net::Big32Hex);

crate::structs! {
    /// The header of a message of udev.
    UDEV "udev_monitor_netlink_header" {
        prefix: Kind::new(Shape::Chars(8)), magic: HASH, header_size: UINT, properties_off: UINT,
        properties_len: UINT, filter_subsystem_hash: HASH, filter_devtype_hash: HASH, filter_tag_bloom_hi: HASH,
        filter_tag_bloom_lo: HASH,
    };
}

/// NETLINK_KOBJECT_UEVENT.
pub static FAMILY: Family =
    Family { protocol: 15, types: Types::None, flags: Flags::Plain, messages: &[], others: Body::Bytes };
