//! Socket addresses: bytes of the tracee to a peer that can be compared and shown. Source: ip(7), ipv6(7),
//! unix(7), netlink(7).

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::output::shell;

/// An address of a socket.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Address {
    /// An IPv4 or IPv6 address and a port; IPv4 mapped to IPv6 is IPv4.
    Inet(IpAddr, u16),
    /// A path, or an abstract name that begins with NUL; empty without a name.
    Unix(Vec<u8>),
    /// Another family, by number.
    Family(u16),
}

impl Address {
    /// The address in `bytes`, a sockaddr of the kernel; `None` where it is cut.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let family = u16::from_le_bytes([*bytes.first()?, *bytes.get(1)?]);
        let port = || Some(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?]));
        match family {
            1 => {
                let name = &bytes[2..];
                let end = match name.first() {
                    // An abstract name may hold NULs.
                    Some(0) => name.len(),
                    _ => name.iter().position(|&b| b == 0).unwrap_or(name.len()),
                };
                Some(Self::Unix(name[..end].to_vec()))
            }
            2 => {
                let octets: [u8; 4] = bytes.get(4..8)?.try_into().ok()?;
                Some(Self::Inet(Ipv4Addr::from(octets).into(), port()?))
            }
            10 => {
                let octets: [u8; 16] = bytes.get(8..24)?.try_into().ok()?;
                Some(Self::Inet(Ipv6Addr::from(octets).to_canonical(), port()?))
            }
            other => Some(Self::Family(other)),
        }
    }

    /// The address without its port.
    pub fn host(&self) -> String {
        match self {
            Self::Inet(host, _) => host.to_string(),
            other => other.to_string(),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inet(IpAddr::V4(host), port) => write!(f, "{host}:{port}"),
            Self::Inet(IpAddr::V6(host), port) => write!(f, "[{host}]:{port}"),
            Self::Unix(name) if name.is_empty() => f.write_str("(unnamed)"),
            Self::Unix(name) if name[0] == 0 => write!(f, "@{}", shell::shown(&name[1..])),
            Self::Unix(name) => f.write_str(&shell::shown(name)),
            Self::Family(family) => {
                let name = syscall_tables::sets::net::AF
                    .name_of(syscall_tables::abi::Abi::X86_64, u64::from(*family));
                match name {
                    Some(name) => f.write_str(name),
                    None => write!(f, "family {family}"),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let v6 = |last: [u8; 4]| {
            [&[10u8, 0, 0, 80, 0, 0, 0, 0][..], &[0; 10], &[0xff, 0xff], &last, &[0; 4]].concat()
        };
        let rows: &[(&[u8], Option<&str>)] = &[
            (&[2, 0, 1, 187, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], Some("127.0.0.1:443")),
            (&v6([10, 0, 0, 1]), Some("10.0.0.1:80")),
            (&[&[10u8, 0, 0, 80, 0, 0, 0, 0][..], &[0; 15], &[1], &[0; 4]].concat(), Some("[::1]:80")),
            (b"\x01\0/run/x.sock\0junk", Some("/run/x.sock")),
            (b"\x01\0\0name\x1b", Some("@name\\033")),
            (b"\x01\0", Some("(unnamed)")),
            (b"\x10\0rest", Some("AF_NETLINK")),
            (b"\xee\xee", Some("family 61166")),
            (b"\x02\0\x01", None),
            (b"\x02", None),
            (b"", None),
        ];
        for (bytes, text) in rows {
            let shown = Address::parse(bytes).map(|address| address.to_string());
            assert_eq!(shown.as_deref(), *text, "{bytes:?}");
        }
    }
}
