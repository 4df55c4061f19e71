//! From the socket of a call to a peer. Source: ip(7), unix(7), what the kernel calls its protocols.

use std::net::IpAddr;

use crate::event::descriptor::Detail;
use crate::event::{Call, FdNote};
use crate::output::tally::Address;

use super::deed::Peer;
use super::dns::Answers;

/// The kernel's names of protocols and ours.
const PROTOCOLS: &[(&str, &str)] = &[
    ("TCP", "tcp"),
    ("TCPv6", "tcp"),
    ("UDP", "udp"),
    ("UDPv6", "udp"),
    ("UDPLITEv6", "udp"),
    ("RAW", "raw"),
    ("RAWv6", "raw"),
    ("PING", "ping"),
    ("PINGv6", "ping"),
];
/// AF_UNSPEC ends a connection; AF_NETLINK talks to the kernel.
const NO_PEER: [u16; 2] = [0, 16];

/// What the kernel calls the protocol of a descriptor's socket.
fn protocol(call: &Call, fd: i32) -> Option<&str> {
    match call.fd_note(fd, false) {
        Some(FdNote { detail: Some(detail), .. }) => match &**detail {
            Detail::Socket(socket) => Some(&socket.protocol),
            _ => None,
        },
        _ => None,
    }
}

/// The peer that a call on descriptor `fd` names by the bytes of an address; `None` where it names none. `real` says
/// where the path of a socket leads.
pub(super) fn peer(
    call: &Call,
    fd: i32,
    address: Option<&[u8]>,
    answers: &Answers,
    real: impl FnOnce(&[u8]) -> Option<Vec<u8>>,
) -> Option<Peer> {
    let address = Address::parse(address?)?;
    let known = protocol(call, fd);
    let (protocol, address, name) = match address {
        Address::Family(family) if NO_PEER.contains(&family) => return None,
        Address::Unix(path) if path.is_empty() => return None,
        Address::Unix(path) => {
            let path = if path[0] == 0 { path } else { real(&path).unwrap_or(path) };
            ("unix".to_owned(), Address::Unix(path), None)
        }
        Address::Inet(host, port) => {
            let row = known.and_then(|known| PROTOCOLS.iter().find(|row| row.0 == known));
            let protocol = row.map_or("inet", |row| row.1).to_owned();
            (protocol, Address::Inet(host, port), answers.name(host).map(str::to_owned))
        }
        other => (other.to_string(), other, None),
    };
    Some(Peer { protocol, address, name })
}

/// The bytes that a call received over UDP, at most `most`.
pub(super) fn datagram(call: &Call, most: usize) -> Option<Vec<u8>> {
    let outcome = call.outcome.filter(|outcome| !outcome.failed)?;
    if !protocol(call, call.regs.args[0] as i32)?.starts_with("UDP") {
        return None;
    }
    let mut bytes = vec![0; usize::try_from(outcome.value).ok()?.min(most)];
    let count = call.after.recall(call.regs.args[1], &mut bytes)?;
    bytes.truncate(count);
    Some(bytes)
}

/// Whether an address is one of the public internet, as far as its number tells.
pub fn is_public(host: IpAddr) -> bool {
    match host {
        IpAddr::V4(host) => {
            let shared = host.octets()[0] == 100 && host.octets()[1] & 0xc0 == 64;
            !(host.is_loopback()
                || host.is_private()
                || host.is_link_local()
                || host.is_unspecified()
                || host.is_broadcast()
                || host.is_multicast()
                || shared)
        }
        IpAddr::V6(host) => {
            !(host.is_loopback()
                || host.is_unspecified()
                || host.is_unique_local()
                || host.is_unicast_link_local()
                || host.is_multicast())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_not_public() {
        for (text, public) in [
            ("93.184.216.34", true),
            ("10.0.0.1", false),
            ("169.254.169.254", false),
            ("100.64.1.1", false),
            ("127.0.0.53", false),
            ("2606:2800::1", true),
            ("fd00::1", false),
            ("::1", false),
        ] {
            assert_eq!(is_public(text.parse().unwrap()), public, "{text}");
        }
    }
}
