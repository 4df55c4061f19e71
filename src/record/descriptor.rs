//! What is known of a descriptor beyond its name, as bytes.
//!
//! They are written through the dictionary of strings, so that what is told again costs an index.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::format::Malformed;
use super::wire::{Wire, put, put_bytes, put_signed};
use crate::event::descriptor::{Detail, Ends, Socket};

/// Kinds of details.
mod kind {
    pub const SOCKET: u8 = 0;
    pub const CHARACTER: u8 = 1;
    pub const BLOCK: u8 = 2;
    pub const PROCESS: u8 = 3;
    pub const SIGNALS: u8 = 4;
}

/// Kinds of ends of a socket.
mod ends {
    pub const UNKNOWN: u8 = 0;
    pub const INET: u8 = 1;
    pub const INET_PEER: u8 = 2;
    pub const UNIX: u8 = 3;
    pub const NETLINK: u8 = 4;
}

/// The bytes of a detail.
pub fn bytes(detail: &Detail) -> Vec<u8> {
    let mut out = Vec::new();
    match detail {
        Detail::Socket(socket) => {
            out.push(kind::SOCKET);
            put_bytes(&mut out, socket.protocol.as_bytes());
            put(&mut out, socket.inode);
            put_ends(&mut out, &socket.ends);
        }
        Detail::Device { block, major, minor } => {
            out.push(if *block { kind::BLOCK } else { kind::CHARACTER });
            put(&mut out, u64::from(*major));
            put(&mut out, u64::from(*minor));
        }
        Detail::Process(pid) => {
            out.push(kind::PROCESS);
            put_signed(&mut out, i64::from(*pid));
        }
        Detail::Signals(mask) => {
            out.push(kind::SIGNALS);
            put(&mut out, *mask);
        }
    }
    out
}

fn put_ends(out: &mut Vec<u8>, ends: &Ends) {
    match ends {
        Ends::Unknown => out.push(ends::UNKNOWN),
        Ends::Inet { local, peer } => {
            out.push(if peer.is_some() { ends::INET_PEER } else { ends::INET });
            put_address(out, *local);
            if let Some(peer) = peer {
                put_address(out, *peer);
            }
        }
        Ends::Unix { peer, name } => {
            out.push(ends::UNIX);
            put(out, u64::from(peer.unwrap_or(0)));
            out.push(u8::from(name.is_some()));
            put_bytes(out, name.as_deref().unwrap_or_default());
        }
        Ends::Netlink { protocol, port } => {
            out.extend_from_slice(&[ends::NETLINK, *protocol]);
            put(out, u64::from(*port));
        }
    }
}

fn put_address(out: &mut Vec<u8>, address: SocketAddr) {
    match address.ip() {
        IpAddr::V4(ip) => put_bytes(out, &ip.octets()),
        IpAddr::V6(ip) => put_bytes(out, &ip.octets()),
    }
    put(out, u64::from(address.port()));
}

/// The detail that `bytes` tell.
///
/// # Errors
/// What is wrong with them.
pub fn read(bytes: &[u8]) -> Result<Detail, Malformed> {
    let mut wire = Wire::new(bytes);
    Ok(match wire.byte()? {
        kind::SOCKET => {
            let protocol = String::from_utf8_lossy(wire.bytes()?).into_owned();
            Detail::Socket(Socket { protocol, inode: wire.get()?, ends: read_ends(&mut wire)? })
        }
        kind @ (kind::CHARACTER | kind::BLOCK) => {
            Detail::Device { block: kind == kind::BLOCK, major: small(&mut wire)?, minor: small(&mut wire)? }
        }
        kind::PROCESS => Detail::Process(wire.int()?),
        kind::SIGNALS => Detail::Signals(wire.get()?),
        _ => return Err(Malformed("an unknown kind of descriptor")),
    })
}

fn small<T: TryFrom<u64>>(wire: &mut Wire<'_>) -> Result<T, Malformed> {
    T::try_from(wire.get()?).map_err(|_| Malformed("a number of a descriptor is too large"))
}

fn read_ends(wire: &mut Wire<'_>) -> Result<Ends, Malformed> {
    Ok(match wire.byte()? {
        ends::UNKNOWN => Ends::Unknown,
        ends::INET => Ends::Inet { local: address(wire)?, peer: None },
        ends::INET_PEER => Ends::Inet { local: address(wire)?, peer: Some(address(wire)?) },
        ends::UNIX => {
            let peer = Some(small(wire)?).filter(|peer| *peer != 0);
            let named = wire.byte()? != 0;
            let name = wire.bytes()?.to_vec();
            Ends::Unix { peer, name: named.then_some(name) }
        }
        ends::NETLINK => Ends::Netlink { protocol: wire.byte()?, port: small(wire)? },
        _ => return Err(Malformed("an unknown kind of socket")),
    })
}

fn address(wire: &mut Wire<'_>) -> Result<SocketAddr, Malformed> {
    let bytes = wire.bytes()?;
    let ip: IpAddr = match (<[u8; 4]>::try_from(bytes), <[u8; 16]>::try_from(bytes)) {
        (Ok(four), _) => Ipv4Addr::from(four).into(),
        (_, Ok(sixteen)) => Ipv6Addr::from(sixteen).into(),
        _ => return Err(Malformed("an address of a strange length")),
    };
    Ok(SocketAddr::new(ip, small(wire)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn socket(ends: Ends) -> Detail {
        Detail::Socket(Socket { protocol: "UDPv6".into(), inode: 1 << 40, ends })
    }

    #[test]
    fn details_come_back() {
        let (four, six) = ("10.1.2.3:80".parse().unwrap_or(([0, 0, 0, 0], 0).into()), ([7u8; 16], 65535));
        let six = SocketAddr::from(six);
        for detail in [
            socket(Ends::Unknown),
            socket(Ends::Inet { local: four, peer: None }),
            socket(Ends::Inet { local: six, peer: Some(four) }),
            socket(Ends::Unix { peer: None, name: Some(Vec::new()) }),
            socket(Ends::Unix { peer: Some(u32::MAX), name: None }),
            socket(Ends::Netlink { protocol: 255, port: u32::MAX }),
            Detail::Device { block: true, major: 8, minor: 1 << 20 },
            Detail::Device { block: false, major: 1, minor: 3 },
            Detail::Process(4711),
            Detail::Signals(u64::MAX),
        ] {
            let bytes = bytes(&detail);
            assert_eq!(read(&bytes), Ok(detail));
            for cut in 0..bytes.len() {
                assert!(read(&bytes[..cut]).is_err(), "{bytes:?} cut at {cut}");
            }
        }
    }
}
