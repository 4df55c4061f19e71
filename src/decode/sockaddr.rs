//! Socket addresses of every family, and the members that network structs have in common.
//!
//! Source: the address families' pages of section 7 (unix, ip, ipv6, packet, netlink, vsock, x25) and the kernel's
//! headers. An address that is too short for its family is shown as bytes.

use std::net::{Ipv4Addr, Ipv6Addr};

use syscall_tables::net::Net;
use syscall_tables::set::{Base, Set};
use syscall_tables::sets::{net as names, sockaddr as sets};
use syscall_tables::structs::sockaddr as structs;

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render, Text};
use crate::memory::Memory;

/// Size of `struct sockaddr_storage`.
const STORAGE: usize = 128;
/// Size of `struct sockaddr_un`.
const UNIX: usize = 110;
/// Bytes of a callsign of AX.25, and most of them behind an address.
const CALLSIGN: usize = 7;
const DIGIPEATERS: usize = 8;

/// A big-endian number.
fn big(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |value, &byte| value << 8 | u64::from(byte))
}

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// A socket address of `len` bytes.
    pub(super) fn sockaddr(&mut self, addr: u64, len: u64) {
        let mut buf = [0u8; STORAGE];
        let negative = (len as i32) < 0;
        let len = (len as u32 as usize).min(STORAGE);
        if addr == 0 || len < 2 || negative || self.read(addr, &mut buf[..len]) < len {
            return self.render.address(addr);
        }
        self.sockaddr_bytes(&buf[..len], addr);
    }

    /// A socket address of at least two bytes.
    pub(super) fn sockaddr_bytes(&mut self, bytes: &[u8], addr: u64) {
        let family = load(&bytes[..2]);
        self.render.sockaddr(bytes);
        self.render.open(Group::Struct);
        self.render.field("sa_family");
        self.render.set(&names::AF, family, self.abi);
        let table = structs::FAMILIES.iter().find(|row| row.0 == family && bytes.len() >= row.1);
        match (family, bytes.len()) {
            (_, 2) => {}
            (1, _) => self.unix_path(&bytes[2..bytes.len().min(UNIX)]),
            (2, 16..) => self.inet(bytes),
            (3, 16..) => self.ax25(bytes),
            (9, 18..) => self.x25(bytes),
            (10, 24..) => self.inet6(bytes),
            (17, 20..) => self.packet(bytes),
            (31, 4 | 6 | 8 | 10 | 12 | 14) => self.bluetooth(bytes),
            (33, 36..) => self.rxrpc(bytes),
            (36, 20..) => self.ieee802154(&bytes[4..], addr.wrapping_add(4)),
            (38, 25..) => self.alg(bytes),
            (39, 16..) => self.nfc(bytes),
            _ => match table {
                Some((_, _, strukt)) => self.every_member(strukt, bytes, addr),
                None => {
                    self.render.field("sa_data");
                    self.render.text(Text { bytes: &bytes[2..], more: false, hex: false });
                }
            },
        }
        self.render.close(Group::Struct);
    }

    fn unix_path(&mut self, path: &[u8]) {
        self.render.field("sun_path");
        if path[0] == 0 {
            return self.render.abstract_name(Text { bytes: &path[1..], more: false, hex: false });
        }
        let end = path.iter().position(|&b| b == 0).unwrap_or(path.len());
        self.render.text(Text { bytes: &path[..end], more: false, hex: false });
    }

    fn inet(&mut self, bytes: &[u8]) {
        self.net_member("sin_port", Net::Port, &bytes[2..4], 0);
        self.net_member("sin_addr", Net::Inet, &bytes[4..8], 0);
    }

    fn inet6(&mut self, bytes: &[u8]) {
        self.net_member("sin6_port", Net::Port, &bytes[2..4], 0);
        self.net_member("sin6_flowinfo", Net::Big32, &bytes[4..8], 0);
        self.net_member("sin6_addr", Net::Inet6, &bytes[8..24], 0);
        if bytes.len() <= 24 {
            return;
        }
        let scope = load(&bytes[24..bytes.len().min(28)]);
        let local = bytes[8] == 0xfe && bytes[9] & 0xc0 == 0x80 || bytes[8] == 0xff && bytes[9] & 15 == 2;
        self.render.field("sin6_scope_id");
        match local {
            true => self.render.interface(scope as u32),
            false => self.render.number(scope, false, Base::Dec, 4),
        }
    }

    fn callsign(&mut self, call: &[u8]) {
        self.render.open(Group::Struct);
        self.render.field("ax25_call");
        self.render.text(Text { bytes: call, more: false, hex: true });
        self.render.close(Group::Struct);
        let mut name = [0u8; CALLSIGN];
        for (to, from) in name.iter_mut().zip(call) {
            *to = from >> 1;
        }
        let fits = |byte: &u8| (b' '..=b'~').contains(byte) && *byte != b'*';
        if name[..CALLSIGN - 1].iter().all(fits) {
            let text = name[..CALLSIGN - 1].trim_ascii_end();
            let text = std::str::from_utf8(text).unwrap_or_default();
            self.render.comment(format_args!("{text}-{}", name[CALLSIGN - 1] & 15));
        }
    }

    fn ax25(&mut self, bytes: &[u8]) {
        let digis = load(&bytes[12..16]) as u32 as i32;
        let room = (bytes.len() - 16) / CALLSIGN;
        let full = bytes.len() > 16 || digis != 0;
        if full {
            self.render.field("fsa_ax25");
            self.render.open(Group::Struct);
        }
        self.render.field("sax25_call");
        self.callsign(&bytes[2..2 + CALLSIGN]);
        self.render.field("sax25_ndigis");
        self.render.number(i64::from(digis) as u64, true, Base::Dec, 4);
        if full {
            self.render.close(Group::Struct);
        }
        if digis > 0 {
            let count = (digis as usize).min(DIGIPEATERS).min(room);
            self.render.field("fsa_digipeater");
            self.render.open(Group::Array);
            for call in bytes[16..].chunks_exact(CALLSIGN).take(count) {
                self.render.item();
                self.callsign(call);
            }
            if (digis as usize).min(DIGIPEATERS) > count {
                self.render.item();
                self.render.more();
            }
            self.render.close(Group::Array);
        }
        if bytes.len() > 16 + room.min(DIGIPEATERS) * CALLSIGN {
            self.render.item();
            self.render.more();
        }
    }

    fn x25(&mut self, bytes: &[u8]) {
        self.render.field("sx25_addr");
        self.render.open(Group::Struct);
        self.net_member("x25_addr", Net::Name(16), &bytes[2..18], 0);
        self.render.close(Group::Struct);
    }

    fn packet(&mut self, bytes: &[u8]) {
        self.net_member("sll_protocol", Net::Octets16(&names::ETH_P), &bytes[2..4], 0);
        self.net_member("sll_ifindex", Net::Interface, &bytes[4..8], 0);
        self.member_set("sll_hatype", &sets::ARPHRD, load(&bytes[8..10]));
        self.member_set("sll_pkttype", &names::PACKET_TYPE, u64::from(bytes[10]));
        let length = usize::from(bytes[11]);
        self.render.field("sll_halen");
        self.render.number(length as u64, false, Base::Dec, 1);
        if length > 0 {
            self.render.field("sll_addr");
            self.hexes(&bytes[12..bytes.len().min(12 + length)], 12 + length > bytes.len());
        }
    }

    /// Bytes in hexadecimal, and whether there are more.
    fn hexes(&mut self, bytes: &[u8], more: bool) {
        self.render.open(Group::Array);
        for byte in bytes {
            self.render.item();
            self.net_value(Net::Byte, &[*byte], 0);
        }
        if more {
            self.render.item();
            self.render.more();
        }
        self.render.close(Group::Array);
    }

    fn member_set(&mut self, name: &'static str, set: &'static Set, value: u64) {
        self.render.field(name);
        self.render.set(set, value, self.abi);
    }

    /// A number in Bluetooth's order that is named, or counted from where dynamic ones begin.
    fn dynamic(&mut self, name: &'static str, set: &'static Set, bytes: &[u8], start: (u64, &'static str)) {
        let value = load(bytes);
        self.render.field(name);
        self.render.open(Group::Call("htobs"));
        self.render.item();
        match set.name_of(self.abi, value) {
            None if value >= start.0 => {
                self.render.offset(start.1, start.0, value - start.0);
            }
            _ => self.render.set(set, value, self.abi),
        }
        self.render.close(Group::Call("htobs"));
    }

    fn bluetooth(&mut self, bytes: &[u8]) {
        match bytes.len() {
            4 | 6 => {
                self.net_member("hci_dev", Net::Little16, &bytes[2..4], 0);
                if let Some(channel) = bytes.get(4..6) {
                    self.member_set("hci_channel", &sets::HCI_CHANNEL, load(channel));
                }
            }
            8 => self.net_member("sco_bdaddr", Net::Mac(6), &bytes[2..8], 0),
            10 => {
                self.net_member("rc_bdaddr", Net::Mac(6), &bytes[2..8], 0);
                self.render.field("rc_channel");
                self.render.number(u64::from(bytes[8]), false, Base::Dec, 1);
            }
            _ => {
                self.dynamic("l2_psm", &sets::L2CAP_PSM, &bytes[2..4], (0x1001, "L2CAP_PSM_DYN_START"));
                self.net_member("l2_bdaddr", Net::Mac(6), &bytes[4..10], 0);
                self.dynamic("l2_cid", &sets::L2CAP_CID, &bytes[10..12], (0x40, "L2CAP_CID_DYN_START"));
                if let Some(kind) = bytes.get(12) {
                    self.member_set("l2_bdaddr_type", &sets::BDADDR, u64::from(*kind));
                }
            }
        }
    }

    fn rxrpc(&mut self, bytes: &[u8]) {
        let int = |at: usize| load(&bytes[at..at + 2]);
        self.render.field("srx_service");
        self.commented(&sets::RXRPC_SERVICE, int(2));
        self.member_set("transport_type", &names::SOCK_TYPE, int(4));
        self.render.field("transport_len");
        self.render.number(int(6), false, Base::Dec, 2);
        self.render.field("transport");
        self.render.open(Group::Struct);
        let transport = &bytes[8..bytes.len().min(8 + int(6) as usize).max(10)];
        let (family, length) = (int(8), transport.len());
        let inner = match family {
            2 => Some(("sin", "sin_family")),
            10 => Some(("sin6", "sin6_family")),
            _ => None,
        };
        if let Some((name, _)) = inner {
            self.render.field(name);
            self.render.open(Group::Struct);
        }
        self.member_set(inner.map_or("family", |(_, name)| name), &names::AF, family);
        match family {
            2 if length >= 16 => self.inet(transport),
            10 if length >= 24 => self.inet6(transport),
            _ if length > 2 => {
                self.render.item();
                self.render.text(Text { bytes: &transport[2..], more: false, hex: false });
            }
            _ => {}
        }
        if inner.is_some() {
            self.render.close(Group::Struct);
        }
        self.render.close(Group::Struct);
    }

    fn ieee802154(&mut self, bytes: &[u8], addr: u64) {
        self.render.field("addr");
        self.strukt(structs::ieee802154(load(&bytes[..4])), bytes, addr);
    }

    fn alg(&mut self, bytes: &[u8]) {
        self.net_member("salg_type", Net::Name(14), &bytes[2..16], 0);
        self.render.field("salg_feat");
        self.commented(&sets::CRYPTO_ALG, load(&bytes[16..20]));
        self.render.field("salg_mask");
        self.commented(&sets::CRYPTO_ALG, load(&bytes[20..24]));
        self.net_member("salg_name", Net::Name((bytes.len() - 24) as u8), &bytes[24..], 0);
    }

    fn nfc(&mut self, bytes: &[u8]) {
        let word = usize::from(self.abi.data_model().word_bytes);
        let int = |at: usize| load(&bytes[at..at + 4]);
        self.net_member("dev_idx", Net::Interface, &bytes[4..8], 0);
        self.render.field("target_idx");
        self.render.number(int(8), false, Base::Hex, 4);
        self.member_set("nfc_protocol", &sets::NFC_PROTO, int(12));
        // `struct sockaddr_nfc_llcp` goes on: two bytes, 63 of a name, and its length.
        let length_at = (18usize + 63).next_multiple_of(word);
        if bytes.len() < length_at + word {
            if bytes.len() > 16 {
                self.render.item();
                self.render.more();
            }
            return;
        }
        for (at, name) in [(16, "dsap"), (17, "ssap")] {
            self.render.field(name);
            self.commented(&sets::LLCP_SAP, u64::from(bytes[at]));
        }
        let length = load(&bytes[length_at..length_at + word]);
        self.render.field("service_name");
        let shown = length.min(63) as usize;
        self.render.text(Text { bytes: &bytes[18..18 + shown], more: false, hex: false });
        self.render.field("service_name_len");
        self.render.number(length, false, Base::Dec, word as u8);
    }

    /// A member of a network struct with its name; some have a form of their own, or are not shown at all.
    pub(super) fn net_member(&mut self, name: &'static str, net: Net, bytes: &[u8], addr: u64) {
        match net {
            Net::Bits(members) => self.bit_members(members, load(bytes)),
            Net::Rest(_) if bytes.iter().all(|&byte| byte == 0) => {}
            Net::Inet6 => {
                let mut octets = [0u8; 16];
                octets.copy_from_slice(&bytes[..16]);
                self.render.ipv6(name, Ipv6Addr::from(octets));
            }
            _ => {
                self.render.field(name);
                self.net_value(net, bytes, addr);
            }
        }
    }

    /// Members of so many bits each, from the lowest on, and what is left of their word.
    fn bit_members(&mut self, members: &'static [(&'static str, u8)], mut word: u64) {
        for &(name, bits) in members {
            self.render.field(name);
            self.render.number(word & !(u64::MAX << bits), false, Base::Dec, 4);
            word >>= bits;
        }
        if word != 0 {
            self.render.field("reserved");
            self.render.number(word, false, Base::Hex, 4);
        }
    }

    /// A member of a network struct: `bytes` are as many as it has.
    pub(super) fn net_value(&mut self, net: Net, bytes: &[u8], addr: u64) {
        let swapped = matches!(
            net,
            Net::Port | Net::Octets16(_) | Net::Big32 | Net::Inet | Net::InetWide | Net::Mac(_)
        );
        if swapped && !self.render.begin_octets(bytes) {
            return;
        }
        self.net_parts(net, bytes, addr);
        if swapped {
            self.render.end_whole();
        }
    }

    fn net_parts(&mut self, net: Net, bytes: &[u8], addr: u64) {
        match net {
            Net::Port => self.render.port(big(bytes) as u16),
            Net::Big16(set) | Net::Octets16(set) => {
                self.render.open(Group::Call("htons"));
                self.render.item();
                self.render.set(set, big(bytes), self.abi);
                self.render.close(Group::Call("htons"));
            }
            Net::Big32 => self.render.spelled(big(bytes), format_args!("htonl({})", big(bytes))),
            Net::Big32Hex if big(bytes) == 0 => self.render.spelled(0, format_args!("htonl(0)")),
            Net::Big32Hex => self.render.spelled(big(bytes), format_args!("htonl({:#x})", big(bytes))),
            Net::Number16 => self.render.spelled(big(bytes), format_args!("htons({})", big(bytes))),
            Net::Big64 => self.render.spelled(big(bytes), format_args!("htobe64({})", big(bytes))),
            Net::Little16 => self.render.spelled(load(bytes), format_args!("htobs({})", load(bytes))),
            Net::Inet => self.render.ipv4(Ipv4Addr::from(big(bytes) as u32)),
            Net::InetWide => self.render.ipv4(Ipv4Addr::from(big(&bytes[..4]) as u32)),
            Net::Inet6 | Net::Bits(_) => {}
            Net::Interface => self.render.interface(load(bytes) as u32),
            Net::Mac(_) => self.mac(bytes),
            Net::Hexes(_) => self.hexes(bytes, false),
            Net::Rest(_) => self.render.text(Text { bytes, more: false, hex: true }),
            Net::Name(_) => {
                let end = bytes.iter().position(|&byte| byte == 0);
                let shown = end.unwrap_or(bytes.len().saturating_sub(1));
                self.render.text(Text { bytes: &bytes[..shown], more: end.is_none(), hex: false });
            }
            Net::Address(_) => self.sockaddr_bytes(bytes, addr),
            Net::Byte if bytes[0] == 0 => self.render.spelled(0, format_args!("00")),
            Net::Byte => self.render.number(u64::from(bytes[0]), false, Base::Hex, 1),
            Net::Mask(size) if load(bytes) == 0 => {
                self.render.spelled(0, format_args!("{:01$}", 0, 2 * usize::from(size)));
            }
            Net::Mask(size) => {
                let (value, width) = (load(bytes), 2 * usize::from(size));
                self.render.spelled(value, format_args!("{value:#0width$x}"));
            }
            Net::Groups if load(bytes) == 0 => self.render.spelled(0, format_args!("00000000")),
            Net::Groups => self.render.spelled(load(bytes), format_args!("{:#08x}", load(bytes))),
        }
    }

    /// A hardware address: `01:02:03`.
    pub(super) fn mac(&mut self, bytes: &[u8]) {
        let mut text = [0u8; 3 * 32];
        let digit = |value: u8| b"0123456789abcdef"[usize::from(value & 15)];
        let mut used = 0;
        for byte in bytes.iter().take(32) {
            text[used..used + 3].copy_from_slice(&[digit(byte >> 4), digit(*byte), b':']);
            used += 3;
        }
        let text = std::str::from_utf8(&text[..used.saturating_sub(1)]).unwrap_or_default();
        self.render.word(format_args!("{text}"));
    }
}
