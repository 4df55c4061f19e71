//! rtnetlink on the wire: builds the dozen requests that a veth pair needs and reads their answers.
//!
//! Pure bytes: it opens no socket and knows no namespace. Everything is in host byte order but
//! addresses, and padded to four bytes. Source: rtnetlink(7), linux/netlink.h, linux/if_link.h.

use std::net::IpAddr;

use super::IpNet;

/// Message types and flags of linux/netlink.h and linux/rtnetlink.h.
const NLMSG_ERROR: u16 = 2;
const NLMSG_DONE: u16 = 3;
const REQUEST: u16 = libc::NLM_F_REQUEST as u16;
const ACK: u16 = libc::NLM_F_ACK as u16;
const DUMP: u16 = libc::NLM_F_DUMP as u16;
const NEW: u16 = (libc::NLM_F_CREATE | libc::NLM_F_EXCL) as u16;
const CAPPED: u16 = libc::NLM_F_CAPPED as u16;
const ACK_TLVS: u16 = libc::NLM_F_ACK_TLVS as u16;
/// Attribute flag: holds attributes itself.
const NESTED: u16 = libc::NLA_F_NESTED as u16;
/// The attribute's number without its two flags.
const TYPE_MASK: u16 = 0x3fff;
/// NLMSGERR_ATTR_MSG: the explanation, NUL-terminated.
const ERROR_TEXT: u16 = 1;
/// VETH_INFO_PEER of linux/veth.h: an ifinfomsg and its attributes.
const VETH_INFO_PEER: u16 = 1;
const UP: u32 = libc::IFF_UP as u32;

const HEADER_BYTES: usize = 16;
const IFINFO_BYTES: usize = 16;
/// Longest explanation that is shown; the kernel's are below a hundred bytes.
const TEXT_BYTES: usize = 200;

/// A request under construction: nlmsghdr, a fixed header, attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request {
    bytes: Vec<u8>,
}

impl Request {
    fn new(kind: u16, flags: u16, body: &[u8]) -> Self {
        let mut bytes = vec![0; HEADER_BYTES];
        bytes[4..6].copy_from_slice(&kind.to_ne_bytes());
        bytes[6..8].copy_from_slice(&(REQUEST | flags).to_ne_bytes());
        bytes.extend_from_slice(body);
        let mut request = Self { bytes };
        request.pad();
        request
    }

    fn pad(&mut self) {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
    }

    /// Appends an attribute; its length field leaves the padding out.
    fn attr(mut self, kind: u16, value: &[u8]) -> Self {
        self.bytes.extend_from_slice(&(value.len() as u16 + 4).to_ne_bytes());
        self.bytes.extend_from_slice(&kind.to_ne_bytes());
        self.bytes.extend_from_slice(value);
        self.pad();
        self
    }

    fn text(self, kind: u16, value: &str) -> Self {
        let mut bytes = value.as_bytes().to_vec();
        bytes.push(0);
        self.attr(kind, &bytes)
    }

    fn number(self, kind: u16, value: Option<u32>) -> Self {
        match value {
            Some(value) => self.attr(kind, &value.to_ne_bytes()),
            None => self,
        }
    }

    /// Appends an attribute that holds what `fill` appends.
    fn nest(mut self, kind: u16, fill: impl FnOnce(Self) -> Self) -> Self {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&[0; 2]);
        self.bytes.extend_from_slice(&(kind | NESTED).to_ne_bytes());
        let mut filled = fill(self);
        let length = (filled.bytes.len() - start) as u16;
        filled.bytes[start..start + 2].copy_from_slice(&length.to_ne_bytes());
        filled
    }

    /// The finished message with its length and `sequence` number.
    pub(super) fn finish(mut self, sequence: u32) -> Vec<u8> {
        let length = self.bytes.len() as u32;
        self.bytes[..4].copy_from_slice(&length.to_ne_bytes());
        self.bytes[8..12].copy_from_slice(&sequence.to_ne_bytes());
        self.bytes
    }
}

/// struct ifinfomsg: family, padding, type, index, flags, change.
fn ifinfo(index: u32, flags: u32, change: u32) -> [u8; IFINFO_BYTES] {
    let mut bytes = [0; IFINFO_BYTES];
    bytes[4..8].copy_from_slice(&index.to_ne_bytes());
    bytes[8..12].copy_from_slice(&flags.to_ne_bytes());
    bytes[12..16].copy_from_slice(&change.to_ne_bytes());
    bytes
}

/// What a new veth pair is made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'a> {
    /// Name of the end in the socket's namespace.
    pub host: &'a str,
    /// First name of the other end.
    pub peer: &'a str,
    /// The process in whose namespace the other end is born.
    pub pid: i32,
    /// MTU of both ends.
    pub mtu: Option<u32>,
    /// Queue length of both ends.
    pub txqlen: Option<u32>,
}

/// RTM_NEWLINK for a pair, one end of it born in another namespace.
pub(super) fn new_pair(pair: &Pair<'_>) -> Request {
    let common = |request: Request, name: &str| {
        let request = request.text(libc::IFLA_IFNAME, name).number(libc::IFLA_MTU, pair.mtu);
        request.number(libc::IFLA_TXQLEN, pair.txqlen)
    };
    let request = common(Request::new(libc::RTM_NEWLINK, NEW | ACK, &ifinfo(0, 0, 0)), pair.host);
    request.nest(libc::IFLA_LINKINFO, |info| {
        let info = info.text(libc::IFLA_INFO_KIND, "veth");
        info.nest(libc::IFLA_INFO_DATA, |data| {
            data.nest(VETH_INFO_PEER, |mut peer| {
                peer.bytes.extend_from_slice(&ifinfo(0, 0, 0));
                common(peer, pair.peer).attr(libc::IFLA_NET_NS_PID, &pair.pid.to_ne_bytes())
            })
        })
    })
}

/// RTM_NEWLINK for a bridge that is up.
pub(super) fn new_bridge(name: &str) -> Request {
    let request =
        Request::new(libc::RTM_NEWLINK, NEW | ACK, &ifinfo(0, UP, UP)).text(libc::IFLA_IFNAME, name);
    request.nest(libc::IFLA_LINKINFO, |info| info.text(libc::IFLA_INFO_KIND, "bridge"))
}

/// RTM_DELLINK.
pub(super) fn delete(index: u32) -> Request {
    Request::new(libc::RTM_DELLINK, ACK, &ifinfo(index, 0, 0))
}

/// RTM_GETLINK of one interface.
pub(super) fn find(name: &str) -> Request {
    Request::new(libc::RTM_GETLINK, ACK, &ifinfo(0, 0, 0)).text(libc::IFLA_IFNAME, name)
}

/// RTM_GETLINK of all interfaces.
pub(super) fn list() -> Request {
    Request::new(libc::RTM_GETLINK, DUMP, &ifinfo(0, 0, 0))
}

/// Brings an interface up or down.
pub(super) fn set_up(index: u32, up: bool) -> Request {
    Request::new(libc::RTM_NEWLINK, ACK, &ifinfo(index, if up { UP } else { 0 }, UP))
}

/// Renames an interface, which must be down.
pub(super) fn rename(index: u32, name: &str) -> Request {
    Request::new(libc::RTM_NEWLINK, ACK, &ifinfo(index, 0, 0)).text(libc::IFLA_IFNAME, name)
}

/// Sets the hardware address.
pub(super) fn set_mac(index: u32, mac: [u8; 6]) -> Request {
    Request::new(libc::RTM_NEWLINK, ACK, &ifinfo(index, 0, 0)).attr(libc::IFLA_ADDRESS, &mac)
}

/// Sets the MTU.
pub(super) fn set_mtu(index: u32, mtu: u32) -> Request {
    Request::new(libc::RTM_NEWLINK, ACK, &ifinfo(index, 0, 0)).number(libc::IFLA_MTU, Some(mtu))
}

/// Puts an interface into a bridge.
pub(super) fn set_master(index: u32, bridge: u32) -> Request {
    Request::new(libc::RTM_NEWLINK, ACK, &ifinfo(index, 0, 0)).number(libc::IFLA_MASTER, Some(bridge))
}

fn octets(addr: IpAddr) -> Vec<u8> {
    match addr {
        IpAddr::V4(addr) => addr.octets().to_vec(),
        IpAddr::V6(addr) => addr.octets().to_vec(),
    }
}

fn family(addr: IpAddr) -> u8 {
    if addr.is_ipv4() { libc::AF_INET as u8 } else { libc::AF_INET6 as u8 }
}

/// RTM_NEWADDR. IPv6 skips duplicate detection (IFA_F_NODAD), so the address works at once.
pub(super) fn new_address(index: u32, net: IpNet) -> Request {
    let flags = if net.addr.is_ipv6() { libc::IFA_F_NODAD as u8 } else { 0 };
    // struct ifaddrmsg: family, prefix length, flags, scope, index.
    let mut body = [family(net.addr), net.prefix, flags, libc::RT_SCOPE_UNIVERSE, 0, 0, 0, 0];
    body[4..].copy_from_slice(&index.to_ne_bytes());
    let octets = octets(net.addr);
    let request = Request::new(libc::RTM_NEWADDR, NEW | ACK, &body);
    request.attr(libc::IFA_LOCAL, &octets).attr(libc::IFA_ADDRESS, &octets)
}

/// RTM_NEWROUTE of the default route by `gateway`.
pub(super) fn default_route(index: u32, gateway: IpAddr) -> Request {
    // struct rtmsg: family, dst_len, src_len, tos, table, protocol, scope, type, flags.
    let body = [
        family(gateway),
        0,
        0,
        0,
        libc::RT_TABLE_MAIN,
        libc::RTPROT_STATIC,
        libc::RT_SCOPE_UNIVERSE,
        libc::RTN_UNICAST,
        0,
        0,
        0,
        0,
    ];
    let request = Request::new(libc::RTM_NEWROUTE, NEW | ACK, &body);
    request.attr(libc::RTA_GATEWAY, &octets(gateway)).number(libc::RTA_OIF, Some(index))
}

/// One message of the kernel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// The end: of a request with its error number (0 for success) and explanation, or of a list.
    End {
        /// 0 or a positive error number.
        errno: i32,
        /// The kernel's explanation.
        text: Option<String>,
    },
    /// An interface.
    Link(LinkFacts),
    /// Something nobody asked for.
    Other,
}

/// What is told of an interface.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct LinkFacts {
    /// Its index.
    pub index: u32,
    /// Its driver's name: `bridge`, `veth`; empty for hardware.
    pub kind: String,
    /// Index of the bridge it is in, 0 for none.
    pub master: u32,
}

/// The messages of a datagram, each with its sequence number; `None` for what is cut short.
pub(super) fn answers(mut bytes: &[u8]) -> Option<Vec<(u32, Answer)>> {
    let mut answers = Vec::new();
    while !bytes.is_empty() {
        let length = word(bytes, 0)? as usize;
        let message = bytes.get(..length).filter(|m| m.len() >= HEADER_BYTES)?;
        let (kind, flags) = (half(message, 4)?, half(message, 6)?);
        let payload = &message[HEADER_BYTES..];
        let answer = match kind {
            NLMSG_ERROR => end(payload, flags)?,
            NLMSG_DONE => Answer::End { errno: errno(payload).unwrap_or(0), text: None },
            libc::RTM_NEWLINK => Answer::Link(link(payload)?),
            _ => Answer::Other,
        };
        answers.push((word(message, 8)?, answer));
        bytes = bytes.get(length.next_multiple_of(4)..).unwrap_or(&[]);
    }
    Some(answers)
}

/// struct nlmsgerr: negative error number, the request or only its header, attributes.
fn end(payload: &[u8], flags: u16) -> Option<Answer> {
    let request = if flags & CAPPED == 0 { word(payload, 4)? as usize } else { HEADER_BYTES };
    let rest = 4usize.checked_add(request)?.checked_next_multiple_of(4)?;
    let explained = (flags & ACK_TLVS != 0).then(|| payload.get(rest..)).flatten();
    let text = attributes(explained.unwrap_or(&[])).find(|(kind, _)| *kind == ERROR_TEXT);
    let text = text.map(|(_, value)| string(value)).filter(|text| !text.is_empty());
    Some(Answer::End { errno: errno(payload)?, text })
}

fn errno(payload: &[u8]) -> Option<i32> {
    Some((word(payload, 0)? as i32).wrapping_neg())
}

fn link(payload: &[u8]) -> Option<LinkFacts> {
    let mut facts = LinkFacts { index: word(payload, 4)?, ..LinkFacts::default() };
    for (kind, value) in attributes(payload.get(IFINFO_BYTES..)?) {
        match kind {
            libc::IFLA_MASTER => facts.master = word(value, 0)?,
            libc::IFLA_LINKINFO => {
                let kind = attributes(value).find(|(kind, _)| *kind == libc::IFLA_INFO_KIND);
                facts.kind = kind.map(|(_, value)| string(value)).unwrap_or_default();
            }
            _ => {}
        }
    }
    Some(facts)
}

/// Attributes in order; ends at the first that is cut short.
fn attributes(bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let length = usize::from(half(rest, 0)?);
        let kind = half(rest, 2)? & TYPE_MASK;
        let value = rest.get(4..length)?;
        rest = rest.get(length.next_multiple_of(4)..).unwrap_or(&[]);
        Some((kind, value))
    })
}

/// A NUL-terminated text, bounded, without control characters.
fn string(bytes: &[u8]) -> String {
    let text = bytes.split(|&b| b == 0).next().unwrap_or(&[]);
    let text = String::from_utf8_lossy(&text[..text.len().min(TEXT_BYTES)]);
    text.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn half(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_ne_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes of a message as rows of four, in hexadecimal; written for little-endian hosts.
    fn rows(bytes: &[u8]) -> Vec<String> {
        bytes.chunks(4).map(|row| row.iter().map(|b| format!("{b:02x}")).collect()).collect()
    }

    #[test]
    #[cfg(target_endian = "little")]
    fn row_37_bytes_of_a_pair() {
        let pair = Pair { host: "tr0", peer: "trpeer", pid: 0x1234, mtu: Some(1400), txqlen: None };
        let expected = "\
            74000000 10000506 07000000 00000000 \
            00000000 00000000 00000000 00000000 \
            08000300 74723000 \
            08000400 78050000 \
            44001280 \
            09000100 76657468 00000000 \
            34000280 \
            30000180 \
            00000000 00000000 00000000 00000000 \
            0b000300 74727065 65720000 \
            08000400 78050000 \
            08001300 34120000";
        assert_eq!(rows(&new_pair(&pair).finish(7)), expected.split_whitespace().collect::<Vec<_>>());
    }

    #[test]
    #[cfg(target_endian = "little")]
    fn row_37_bytes_of_addresses_and_routes() {
        let net = IpNet { addr: "10.7.0.2".parse().unwrap(), prefix: 24 };
        let expected = "\
            28000000 14000506 01000000 00000000 02180000 05000000 \
            08000200 0a070002 08000100 0a070002";
        assert_eq!(rows(&new_address(5, net).finish(1)), expected.split_whitespace().collect::<Vec<_>>());
        let expected = "\
            2c000000 18000506 02000000 00000000 02000000 fe040001 00000000 \
            08000500 0a070001 08000400 05000000";
        let gateway = "10.7.0.1".parse().unwrap();
        assert_eq!(
            rows(&default_route(5, gateway).finish(2)),
            expected.split_whitespace().collect::<Vec<_>>()
        );
        let net = IpNet { addr: "fd00::2".parse().unwrap(), prefix: 64 };
        let bytes = new_address(5, net).finish(1);
        assert_eq!((bytes.len(), &bytes[16..20]), (64, &[10u8, 64, 2, 0][..]));
    }

    #[test]
    #[cfg(target_endian = "little")]
    fn row_37_bytes_of_changes() {
        let table: &[(Request, &str)] = &[
            (set_up(3, true), "20000000 10000500 09000000 00000000 00000000 03000000 01000000 01000000"),
            (set_up(3, false), "20000000 10000500 09000000 00000000 00000000 03000000 00000000 01000000"),
            (delete(3), "20000000 11000500 09000000 00000000 00000000 03000000 00000000 00000000"),
            (list(), "20000000 12000103 09000000 00000000 00000000 00000000 00000000 00000000"),
            (
                set_mac(3, [2, 0, 0, 0, 0, 9]),
                "2c000000 10000500 09000000 00000000 00000000 03000000 00000000 00000000 0a000100 02000000 00090000",
            ),
            (
                set_master(3, 8),
                "28000000 10000500 09000000 00000000 00000000 03000000 00000000 00000000 08000a00 08000000",
            ),
        ];
        for (request, expected) in table {
            let bytes = request.clone().finish(9);
            assert_eq!(rows(&bytes), expected.split_whitespace().collect::<Vec<_>>());
        }
    }

    /// An NLMSG_ERROR message as the kernel builds it.
    fn ack(errno: i32, flags: u16, request: &[u8], tlvs: &[u8]) -> Vec<u8> {
        let mut body = (-errno).to_ne_bytes().to_vec();
        body.extend_from_slice(request);
        body.extend_from_slice(tlvs);
        let mut bytes = Request::new(NLMSG_ERROR, 0, &body).finish(4);
        bytes[6..8].copy_from_slice(&flags.to_ne_bytes());
        bytes
    }

    #[test]
    fn row_37_acks_carry_the_kernels_words() {
        let tlvs = [9 + 4, 0, 1, 0, b'b', b'a', b'd', b' ', b'n', b'a', 27, b'e', 0, 0, 0, 0];
        let header = set_up(1, true).finish(4);
        let expected =
            |text: Option<&str>, errno| vec![(4, Answer::End { errno, text: text.map(str::to_owned) })];
        let short = ack(22, CAPPED | ACK_TLVS, &header[..16], &tlvs);
        assert_eq!(answers(&short), Some(expected(Some("bad na?e"), 22)));
        let whole = ack(22, ACK_TLVS, &header, &tlvs);
        assert_eq!(answers(&whole), Some(expected(Some("bad na?e"), 22)));
        assert_eq!(answers(&ack(1, CAPPED, &header[..16], &[])), Some(expected(None, 1)));
        assert_eq!(answers(&ack(0, CAPPED, &header[..16], &[])), Some(expected(None, 0)));
    }

    #[test]
    fn row_37_links_are_read() {
        let link = Request::new(libc::RTM_NEWLINK, 0, &ifinfo(12, UP, 0)).number(libc::IFLA_MASTER, Some(7));
        let link = link.nest(libc::IFLA_LINKINFO, |info| info.text(libc::IFLA_INFO_KIND, "veth"));
        let mut bytes = link.finish(3);
        bytes.extend(Request::new(NLMSG_DONE, 0, &[0; 4]).finish(3));
        let facts = LinkFacts { index: 12, kind: "veth".into(), master: 7 };
        let done = Answer::End { errno: 0, text: None };
        assert_eq!(answers(&bytes), Some(vec![(3, Answer::Link(facts)), (3, done)]));
    }

    #[test]
    fn row_37_cut_messages_are_no_answer() {
        let bytes = ack(22, ACK_TLVS, &set_up(1, true).finish(4), &[]);
        for length in 1..bytes.len() {
            assert_eq!(answers(&bytes[..length]), None, "{length} bytes");
        }
    }

    proptest::proptest! {
        #[test]
        fn row_37_any_bytes_are_survived(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = answers(&bytes);
            let _ = link(&bytes);
            let _ = end(&bytes, ACK_TLVS);
        }
    }
}
