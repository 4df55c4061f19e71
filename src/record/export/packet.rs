//! Packets as the network would have carried them: headers of IP, TCP and UDP with right checksums. Pure. Sources: RFC
//! 791, 8200, 9293, 768, 1071.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// Bytes of the headers.
const IPV4: usize = 20;
const IPV6: usize = 40;
const TCP: usize = 20;
const UDP: usize = 8;
/// Most bytes of payload in a packet: what a length of 16 bits has room for, with the longer headers.
pub(super) const MOST_PAYLOAD: usize = 65_535 - IPV4 - TCP;

/// Flags of TCP.
pub(super) const FIN: u8 = 1;
pub(super) const SYN: u8 = 2;
pub(super) const RST: u8 = 4;
pub(super) const PSH: u8 = 8;
pub(super) const ACK: u8 = 16;
/// Options of a packet that opens a connection: the largest segment, the window counts units of 2^14 bytes, nothing.
const OPTIONS: [u8; 8] = {
    let [high, low] = (MOST_PAYLOAD as u16).to_be_bytes();
    [2, 4, high, low, 3, 3, 14, 1]
};

/// What carries the payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Transport {
    /// A stream.
    Tcp,
    /// Messages.
    Udp,
}

impl Transport {
    /// IPPROTO_TCP or IPPROTO_UDP.
    fn number(self) -> u8 {
        match self {
            Self::Tcp => 6,
            Self::Udp => 17,
        }
    }
}

/// Where a packet comes from and goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Way {
    /// What carries it.
    pub transport: Transport,
    /// Its sender.
    pub from: SocketAddr,
    /// Its receiver.
    pub to: SocketAddr,
}

impl Way {
    /// Whether it is one of a connection by TCP, and not of a Unix socket, whose addresses are made up.
    pub fn is_connection(self) -> bool {
        self.transport == Transport::Tcp && !(is_unix(self.from.ip()) || is_unix(self.to.ip()))
    }

    /// The way back.
    pub fn back(self) -> Self {
        Self { from: self.to, to: self.from, ..self }
    }
}

/// Appends a packet whose payload has `length` bytes, of which `payload` is known; `sequence` and `acknowledged` are
/// those of a stream. Returns the length that the whole packet has.
pub(super) fn write(
    out: &mut Vec<u8>,
    way: Way,
    numbers: (u32, u32),
    payload: &[u8],
    length: usize,
) -> usize {
    segment(out, way, numbers, PSH | ACK, payload, length)
}

/// The same with these flags of TCP.
pub(super) fn segment(
    out: &mut Vec<u8>,
    way: Way,
    (sequence, acknowledged): (u32, u32),
    flags: u8,
    payload: &[u8],
    length: usize,
) -> usize {
    let (from, to) = match (way.from.ip(), way.to.ip()) {
        (IpAddr::V4(from), IpAddr::V4(to)) => (from.octets().to_vec(), to.octets().to_vec()),
        (from, to) => (six(from).octets().to_vec(), six(to).octets().to_vec()),
    };
    let options = if flags & SYN != 0 { &OPTIONS[..] } else { &[] };
    let header = if way.transport == Transport::Tcp { TCP + options.len() } else { UDP };
    let length = header + length.min(MOST_PAYLOAD);
    let whole = if from.len() == 4 { IPV4 + length } else { IPV6 + length };
    let number = way.transport.number();
    if from.len() == 4 {
        let at = out.len();
        // Version and header length, service, length, identification, do not fragment, hops, protocol, checksum.
        let [high, low] = (whole as u16).to_be_bytes();
        out.extend_from_slice(&[0x45, 0, high, low, 0, 0, 0x40, 0, 64, number, 0, 0]);
        out.extend_from_slice(&from);
        out.extend_from_slice(&to);
        let sum = checksum(&[&out[at..]]);
        out[at + 10..at + 12].copy_from_slice(&sum.to_be_bytes());
    } else {
        // Version, class and flow; length of what follows, protocol, hops.
        let [high, low] = (length as u16).to_be_bytes();
        out.extend_from_slice(&[0x60, 0, 0, 0, high, low, number, 64]);
        out.extend_from_slice(&from);
        out.extend_from_slice(&to);
    }
    let at = out.len();
    out.extend_from_slice(&way.from.port().to_be_bytes());
    out.extend_from_slice(&way.to.port().to_be_bytes());
    let sum_at = match way.transport {
        Transport::Tcp => {
            out.extend_from_slice(&sequence.to_be_bytes());
            out.extend_from_slice(&acknowledged.to_be_bytes());
            // Header length, flags, window, checksum, urgent.
            out.extend_from_slice(&[(header as u8 / 4) << 4, flags, 0xff, 0xff, 0, 0, 0, 0]);
            out.extend_from_slice(options);
            at + 16
        }
        Transport::Udp => {
            out.extend_from_slice(&(length as u16).to_be_bytes());
            out.extend_from_slice(&[0, 0]);
            at + 6
        }
    };
    out.extend_from_slice(&payload[..payload.len().min(length - header)]);
    let pseudo = [&[0, 0, 0, number][..], &(length as u32).to_be_bytes()].concat();
    let sum = checksum(&[&from, &to, &pseudo, &out[at..]]);
    // Of UDP, 0 says that there is none.
    let sum = if sum == 0 && way.transport == Transport::Udp { 0xffff } else { sum };
    out[sum_at..sum_at + 2].copy_from_slice(&sum.to_be_bytes());
    whole
}

/// Unix sockets have addresses of this network.
pub(super) const UNIX: [u16; 3] = [0xfd74, 0x7261, 0x6365];

fn is_unix(address: IpAddr) -> bool {
    matches!(address, IpAddr::V6(address) if address.segments()[..3] == UNIX)
}

fn six(address: IpAddr) -> Ipv6Addr {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    }
}

/// The internet checksum of parts, each but the last of an even size.
fn checksum(parts: &[&[u8]]) -> u16 {
    let mut sum = 0u64;
    for part in parts {
        for pair in part.chunks(2) {
            sum += u64::from(u16::from_be_bytes([pair[0], pair.get(1).copied().unwrap_or(0)]));
        }
    }
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_add_up() {
        // The example of RFC 1071.
        assert_eq!(checksum(&[&[0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]]), !0xddf2);
        for (from, to) in [("127.0.0.1:80", "10.0.0.1:99"), ("[::1]:80", "10.0.0.1:99")] {
            for transport in [Transport::Tcp, Transport::Udp] {
                let way = Way { transport, from: from.parse().unwrap(), to: to.parse().unwrap() };
                let mut out = Vec::new();
                let whole = write(&mut out, way, (1, 2), b"odd", 3);
                assert_eq!(whole, out.len());
                let ip = if out[0] == 0x45 { IPV4 } else { IPV6 };
                let addresses = if ip == IPV4 { &out[12..20] } else { &out[8..40] };
                let pseudo = [0, 0, 0, transport.number(), 0, 0, 0, (whole - ip) as u8];
                assert_eq!(checksum(&[addresses, &pseudo, &out[ip..]]), 0, "{from} {transport:?}");
                assert!(ip == IPV6 || checksum(&[&out[..ip]]) == 0);
            }
        }
    }

    #[test]
    fn what_is_not_known_counts_in_lengths() {
        let way = Way {
            transport: Transport::Udp,
            from: "1.2.3.4:5".parse().unwrap(),
            to: "6.7.8.9:10".parse().unwrap(),
        };
        let mut out = Vec::new();
        assert_eq!(write(&mut out, way, (0, 0), b"abc", 1000), 1028);
        assert_eq!((out.len(), u16::from_be_bytes([out[2], out[3]])), (31, 1028));
        assert_eq!(write(&mut Vec::new(), way, (0, 0), b"", 1 << 20), MOST_PAYLOAD + 28);
    }
}
