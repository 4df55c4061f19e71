//! Messages of NETLINK_KOBJECT_UEVENT: strings, without a header of netlink. Source: lib/kobject_uevent.c.

use super::{Body, Family, Flags, Types};

/// NETLINK_KOBJECT_UEVENT.
pub static FAMILY: Family =
    Family { protocol: 15, types: Types::None, flags: Flags::Plain, messages: &[], others: Body::Bytes };
