//! What is known of descriptors beyond their names, as bytes: each stands in a frame once and is named by number.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

use super::format::Malformed;
use super::wire::{Wire, put, put_bytes, put_signed};
use crate::event::descriptor::{Detail, Ends, Eventfd, Families, Socket};

/// As bytes.
pub(super) fn to_bytes(detail: &Detail) -> Vec<u8> {
    let mut out = Vec::new();
    match detail {
        Detail::Socket(socket) => {
            out.push(0);
            put_bytes(&mut out, socket.protocol.as_bytes());
            put(&mut out, socket.inode);
            put_ends(&mut out, &socket.ends);
            for (number, name) in socket.families.iter().flat_map(|families| families.iter()) {
                put(&mut out, 1 + u64::from(*number));
                put_bytes(&mut out, name.as_bytes());
            }
            // Readers that know no families end before them.
            if socket.families.is_some() {
                put(&mut out, 0);
            }
        }
        Detail::Device { block, major, minor } => {
            out.push(1);
            out.push(u8::from(*block));
            put(&mut out, u64::from(*major));
            put(&mut out, u64::from(*minor));
        }
        Detail::Process(pid) => {
            out.push(2);
            put_signed(&mut out, i64::from(*pid));
        }
        Detail::Signals(set) => {
            out.push(3);
            put(&mut out, *set);
        }
        Detail::Event(event) => {
            out.push(4);
            put(&mut out, event.count);
            // What is not known is 0.
            put(&mut out, event.id.map_or(0, |id| id.saturating_add(1)));
            put(&mut out, event.semaphore.map_or(0, |semaphore| 1 + u64::from(semaphore)));
        }
    }
    out
}

fn put_ends(out: &mut Vec<u8>, ends: &Ends) {
    match ends {
        Ends::Unknown => out.push(0),
        Ends::Inet { local, peer } => {
            out.push(1);
            put_address(out, local);
            out.push(u8::from(peer.is_some()));
            if let Some(peer) = peer {
                put_address(out, peer);
            }
        }
        Ends::Unix { peer, name } => {
            out.push(2);
            out.push(u8::from(peer.is_some()) | u8::from(name.is_some()) << 1);
            if let Some(peer) = peer {
                put(out, u64::from(*peer));
            }
            if let Some(name) = name {
                put_bytes(out, name);
            }
        }
        Ends::Netlink { protocol, port } => {
            out.push(3);
            out.push(*protocol);
            put(out, u64::from(*port));
        }
    }
}

fn put_address(out: &mut Vec<u8>, address: &SocketAddr) {
    match address.ip() {
        IpAddr::V4(ip) => put_bytes(out, &ip.octets()),
        IpAddr::V6(ip) => put_bytes(out, &ip.octets()),
    }
    put(out, u64::from(address.port()));
    if let SocketAddr::V6(address) = address {
        put(out, u64::from(address.flowinfo()));
        put(out, u64::from(address.scope_id()));
    }
}

fn small<T: TryFrom<u64>>(wire: &mut Wire<'_>) -> Result<T, Malformed> {
    T::try_from(wire.get()?).map_err(|_| Malformed("a number is too large"))
}

/// From bytes.
pub(super) fn parse(bytes: &[u8]) -> Result<Detail, Malformed> {
    let wire = &mut Wire::new(bytes);
    Ok(match wire.byte()? {
        0 => {
            let protocol = String::from_utf8_lossy(wire.bytes()?).into_owned();
            let (inode, ends) = (wire.get()?, ends(wire)?);
            let families = if !wire.is_empty() { Some(families(wire)?) } else { None };
            Detail::Socket(Socket { protocol, inode, ends, families })
        }
        1 => Detail::Device { block: wire.byte()? != 0, major: small(wire)?, minor: small(wire)? },
        2 => Detail::Process(wire.int()?),
        3 => Detail::Signals(wire.get()?),
        4 => Detail::Event(Eventfd {
            count: wire.get()?,
            id: wire.get()?.checked_sub(1),
            semaphore: wire.get()?.checked_sub(1).map(|semaphore| semaphore != 0),
        }),
        _ => return Err(Malformed("an unknown kind of descriptor")),
    })
}

/// Families of NETLINK_GENERIC, up to a zero.
fn families(wire: &mut Wire<'_>) -> Result<Families, Malformed> {
    let mut found = Vec::new();
    while let Some(number) = small::<u32>(wire)?.checked_sub(1) {
        let number = u16::try_from(number).map_err(|_| Malformed("a number is too large"))?;
        let name = String::from_utf8_lossy(wire.bytes()?);
        // The kernel's names are words; others are none of its.
        if name.chars().all(|letter| letter.is_ascii_graphic()) {
            found.push((number, name.into()));
        }
    }
    Ok(found.into())
}

fn ends(wire: &mut Wire<'_>) -> Result<Ends, Malformed> {
    Ok(match wire.byte()? {
        0 => Ends::Unknown,
        1 => {
            let local = address(wire)?;
            let peer = if wire.byte()? != 0 { Some(address(wire)?) } else { None };
            Ends::Inet { local, peer }
        }
        2 => {
            let known = wire.byte()?;
            let peer = if known & 1 != 0 { Some(small(wire)?) } else { None };
            let name = if known & 2 != 0 { Some(wire.bytes()?.to_vec()) } else { None };
            Ends::Unix { peer, name }
        }
        3 => Ends::Netlink { protocol: wire.byte()?, port: small(wire)? },
        _ => return Err(Malformed("an unknown kind of socket")),
    })
}

fn address(wire: &mut Wire<'_>) -> Result<SocketAddr, Malformed> {
    let ip = wire.bytes()?;
    let port = small(wire)?;
    if let Ok(ip) = <[u8; 4]>::try_from(ip) {
        return Ok(SocketAddrV4::new(Ipv4Addr::from(ip), port).into());
    }
    let ip = <[u8; 16]>::try_from(ip).map_err(|_| Malformed("an unknown kind of address"))?;
    Ok(SocketAddrV6::new(Ipv6Addr::from(ip), port, small(wire)?, small(wire)?).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_come_back() {
        let inet = |local: &str, peer: Option<&str>| Ends::Inet {
            local: local.parse().unwrap(),
            peer: peer.map(|peer| peer.parse().unwrap()),
        };
        let ends = [
            Ends::Unknown,
            inet("127.0.0.1:80", None),
            inet("[fe80::1%3]:9", Some("[::1]:65535")),
            Ends::Unix { peer: Some(7), name: Some(b"\0x".to_vec()) },
            Ends::Unix { peer: None, name: None },
            Ends::Netlink { protocol: 15, port: 77 },
        ];
        let families: Families = [(16, "nlctrl".into()), (u16::MAX, "".into())].into();
        let families = [None, None, Some(Families::default()), None, None, Some(families)];
        let sockets = ends.into_iter().zip(families);
        let sockets =
            sockets.map(|(ends, families)| Socket { protocol: "TCP".into(), inode: 1 << 40, ends, families });
        let others = [
            Detail::Device { block: true, major: 8, minor: 1 },
            Detail::Process(-1),
            Detail::Signals(u64::MAX),
            Detail::Event(Eventfd { count: u64::MAX, id: Some(0), semaphore: Some(true) }),
            Detail::Event(Eventfd { count: 0, id: None, semaphore: None }),
        ];
        for detail in sockets.map(Detail::Socket).chain(others) {
            let bytes = to_bytes(&detail);
            assert_eq!(parse(&bytes).unwrap(), detail);
            for at in 0..bytes.len() {
                // A socket may end where its families would begin.
                match (parse(&bytes[..at]), &detail) {
                    (Err(_), _) => {}
                    (Ok(Detail::Socket(short)), Detail::Socket(whole)) => {
                        assert_eq!(Socket { families: whole.families.clone(), ..short.clone() }, *whole);
                        assert!(short.families.is_none() && whole.families.is_some());
                    }
                    (Ok(other), _) => panic!("{detail:?} is read as {other:?}"),
                }
            }
        }
    }
}
