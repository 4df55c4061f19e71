//! Patterns of peers in rules.
//!
//! | pattern | holds |
//! |---|---|
//! | `example.org`, `*.example.org` | the addresses that DNS gave for this name, for the names below it |
//! | `10.1.2.3`, `10.0.0.0/8`, `[::1]` | an address, a network |
//! | `*` | every address |
//! | `<ip>` | a public address that no name was asked for |
//! | `unix:/run/x.sock`, `unix:/run/`, `unix:@name`, `unix:*` | sockets of the machine, by the patterns of paths |
//!
//! `:PORT` may follow all but the last row.

use std::net::IpAddr;

use super::deed::Peer;
use super::glob::Patterns;
use super::peers;
use super::places::Places;
use crate::output::tally::Address;

/// A pattern of peers.
#[derive(Debug, Clone)]
pub(super) struct Host {
    who: Who,
    port: Option<u16>,
}

#[derive(Debug, Clone)]
enum Who {
    /// `*`: any host.
    Any,
    /// `NAME`.
    Name(String),
    /// `*.NAME`: all below it.
    Below(String),
    /// `ADDRESS` or `ADDRESS/BITS`.
    Net(IpAddr, u8),
    /// `<ip>`: a public address for which no name was asked.
    Number,
    /// `unix:PATTERN`.
    Unix(Patterns),
    /// `unix:@NAME`: an abstract name.
    Abstract(Vec<u8>),
}

/// Whether two addresses begin with the same `bits` bits.
fn same_net(one: IpAddr, other: IpAddr, bits: u8) -> bool {
    let (one, other, width) = match (one, other) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (u128::from(a.to_bits()), u128::from(b.to_bits()), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits(), b.to_bits(), 128),
        _ => return false,
    };
    let shift = width - u32::from(bits).min(width);
    one.checked_shr(shift) == other.checked_shr(shift)
}

impl Host {
    /// Reads a pattern.
    ///
    /// # Errors
    /// One sentence.
    pub(super) fn parse(text: &str, places: &Places) -> Result<Self, String> {
        let bad = || {
            format!(
                "'{text}' is no peer: NAME, *.NAME, ADDRESS[/BITS] or *, with :PORT if you like, or unix:PATH"
            )
        };
        if let Some(path) = text.strip_prefix("unix:") {
            let who = match path.strip_prefix('@') {
                Some(name) => Who::Abstract(name.as_bytes().to_vec()),
                None if path == "*" => Who::Unix(Patterns::new(["/**"], places).map_err(|_| bad())?),
                None => Who::Unix(Patterns::new([path], places).map_err(|(_, why)| why.to_string())?),
            };
            return Ok(Self { who, port: None });
        }
        let bracketed = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        let (host, port) = match bracketed {
            Some((host, rest)) => (host, rest.strip_prefix(':')),
            // A bare IPv6 address has several colons.
            None if text.matches(':').count() > 1 => (text, None),
            None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
        };
        let port = port.map(|port| port.parse().map_err(|_| bad())).transpose()?;
        let (address, bits) = host.split_once('/').map_or((host, None), |(host, bits)| (host, Some(bits)));
        let named = |name: &str| {
            let fine = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            !name.is_empty() && name.chars().all(fine)
        };
        let who = match (address.parse::<IpAddr>(), bits) {
            (Ok(address), bits) => {
                let most = if address.is_ipv4() { 32 } else { 128 };
                let bits = bits.map_or(Ok(most), str::parse).map_err(|_| bad())?;
                if bits > most {
                    return Err(bad());
                }
                Who::Net(address, bits)
            }
            (Err(_), Some(_)) => return Err(bad()),
            (Err(_), None) => match host {
                "*" => Who::Any,
                "<ip>" => Who::Number,
                _ => match host.strip_prefix("*.") {
                    Some(name) if named(name) => Who::Below(name.to_ascii_lowercase()),
                    None if named(host) => Who::Name(host.to_ascii_lowercase()),
                    _ => return Err(bad()),
                },
            },
        };
        Ok(Self { who, port })
    }

    /// Whether it holds a peer.
    pub(super) fn fits(&self, peer: &Peer) -> bool {
        match (&self.who, &peer.address) {
            (Who::Unix(paths), Address::Unix(path)) => path.starts_with(b"/") && paths.find(path).is_some(),
            (Who::Abstract(name), Address::Unix(path)) => path.strip_prefix(b"\0") == Some(&name[..]),
            (Who::Unix(_) | Who::Abstract(_), _) | (_, Address::Unix(_) | Address::Family(_)) => false,
            (who, Address::Inet(host, port)) => {
                let named = |fits: &dyn Fn(&str) -> bool| peer.name.as_deref().is_some_and(fits);
                self.port.is_none_or(|wanted| wanted == *port)
                    && match who {
                        Who::Any => true,
                        Who::Name(name) => named(&|own| own == name),
                        Who::Below(name) => {
                            named(&|own| own.strip_suffix(&name[..]).is_some_and(|rest| rest.ends_with('.')))
                        }
                        Who::Net(net, bits) => same_net(*net, *host, *bits),
                        Who::Number => peer.name.is_none() && peers::is_public(*host),
                        Who::Unix(_) | Who::Abstract(_) => false,
                    }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::places::tests::places;

    #[test]
    fn hosts() {
        let peer = |host: &str, port, name: Option<&str>| Peer {
            protocol: "tcp".into(),
            address: Address::Inet(host.parse().unwrap(), port),
            name: name.map(str::to_owned),
        };
        let unix =
            |path: &[u8]| Peer { protocol: "unix".into(), address: Address::Unix(path.to_vec()), name: None };
        let rows: &[(&str, Peer, bool)] = &[
            ("*", peer("10.0.0.1", 1, None), true),
            ("*", unix(b"/run/x"), false),
            ("example.com", peer("10.0.0.1", 1, Some("example.com")), true),
            ("example.com", peer("10.0.0.1", 1, None), false),
            ("*.example.com:443", peer("10.0.0.1", 443, Some("a.example.com")), true),
            ("*.example.com:443", peer("10.0.0.1", 80, Some("a.example.com")), false),
            ("*.example.com", peer("10.0.0.1", 80, Some("badexample.com")), false),
            ("10.0.0.0/8", peer("10.9.9.9", 1, None), true),
            ("10.0.0.0/8", peer("11.9.9.9", 1, None), false),
            ("0.0.0.0/0", peer("11.9.9.9", 1, None), true),
            ("127.0.0.1:80", peer("127.0.0.1", 80, None), true),
            ("[::1]:80", peer("::1", 80, None), true),
            ("fd00::/8", peer("fd00::1", 80, None), true),
            ("<ip>", peer("93.184.216.34", 1, None), true),
            ("<ip>", peer("93.184.216.34", 1, Some("example.com")), false),
            ("<ip>", peer("10.0.0.1", 1, None), false),
            ("unix:/run/", unix(b"/run/docker.sock"), true),
            ("unix:@x", unix(b"\0x"), true),
            ("unix:*", unix(b"/run/docker.sock"), true),
        ];
        for (text, peer, want) in rows {
            assert_eq!(Host::parse(text, &places()).unwrap().fits(peer), *want, "{text} {peer:?}");
        }
        for bad in ["", "a b", "10.0.0.0/33", "10.0.0.1:x", "*.", "a/8", "unix:"] {
            assert!(Host::parse(bad, &places()).is_err(), "{bad}");
        }
    }
}
