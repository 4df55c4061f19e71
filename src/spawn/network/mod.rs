//! What network a launched program sees: the host's, a loopback of its own, or a pair of virtual
//! Ethernet interfaces that leads out of its namespace.
//!
//! Here is plain data; `parse` reads and prints it, `veth` makes it, `netlink` is its language on the
//! wire. It never touches an interface that it did not make, nor the tracer's own namespace: the child's
//! is reached through a socket that a thread of its own opens there. Source: veth(4), rtnetlink(7).

mod error;
mod netlink;
mod parse;
mod route;
mod veth;

use std::net::IpAddr;

pub use error::{Error, ParseError, Step};
pub use veth::{Link, attach, create, create_named, initialize};

/// What a launched program gets for a network.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Strategy {
    /// Nothing is changed: the network of the caller.
    #[default]
    None,
    /// A namespace of its own with nothing but `lo`, which the child brings up itself.
    Loopback,
    /// A namespace of its own with one end of a veth pair; the other end stays on the host.
    Veth(Veth),
}

impl Strategy {
    /// Whether the child must be cloned into a network namespace of its own (CLONE_NEWNET).
    pub const fn needs_namespace(&self) -> bool {
        !matches!(self, Self::None)
    }
}

/// A pair of virtual Ethernet interfaces. [`Veth::check`] says whether the kernel can make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Veth {
    /// The bridge that the host end joins.
    pub bridge: Option<Bridge>,
    /// Name of the host end; `None` for `tr` and six random letters.
    pub host_name: Option<String>,
    /// Addresses of the host side: of the bridge that is made here, or of the host end without a bridge.
    pub host_addresses: Vec<IpNet>,
    /// Name of the end inside, [`DEFAULT_NAME`] unless said otherwise.
    pub name: String,
    /// Hardware address of the end inside; `None` for a random one.
    pub mac: Option<[u8; 6]>,
    /// Addresses of the end inside, at least one.
    pub addresses: Vec<IpNet>,
    /// Default gateways, at most one for each of IPv4 and IPv6.
    pub gateways: Vec<IpAddr>,
    /// Largest packet of both ends in bytes; `None` for the kernel's 1500.
    pub mtu: Option<u32>,
    /// Transmit queue of both ends in packets; `None` for the kernel's 1000.
    pub txqlen: Option<u32>,
}

/// Name of the end inside when nobody gave one.
pub const DEFAULT_NAME: &str = "eth0";

impl Default for Veth {
    fn default() -> Self {
        Self {
            bridge: None,
            host_name: None,
            host_addresses: Vec::new(),
            name: DEFAULT_NAME.to_owned(),
            mac: None,
            addresses: Vec::new(),
            gateways: Vec::new(),
            mtu: None,
            txqlen: None,
        }
    }
}

/// The bridge of a host end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bridge {
    /// Its name.
    pub name: String,
    /// Make it when it is missing, and remove it at the end unless others have joined it by then. Without
    /// this it must exist.
    pub create: bool,
}

/// An address with the length of its subnet's prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IpNet {
    /// The address of the interface, host part included.
    pub addr: IpAddr,
    /// Length of the prefix in bits, 1 to 32 or 128.
    pub prefix: u8,
}

impl IpNet {
    /// Whether `other` lies in this subnet.
    pub fn contains(&self, other: IpAddr) -> bool {
        let same = |a: u128, b: u128, bits: u32| {
            (a ^ b).checked_shr(bits - u32::from(self.prefix)).unwrap_or(0) == 0
        };
        match (self.addr, other) {
            (IpAddr::V4(a), IpAddr::V4(b)) if self.prefix <= 32 => {
                same(a.to_bits().into(), b.to_bits().into(), 32)
            }
            (IpAddr::V6(a), IpAddr::V6(b)) if self.prefix <= 128 => same(a.to_bits(), b.to_bits(), 128),
            _ => false,
        }
    }
}
