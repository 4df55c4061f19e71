//! What a few bytes of network structs mean: numbers in network order, addresses, interfaces.
//!
//! Sizes only; the decoder reads and shows them. Source: ip(7), ipv6(7), packet(7), netdevice(7).

use crate::set::Set;

/// The meaning of a member of a network struct.
#[derive(Debug, Clone, Copy)]
pub enum Net {
    /// A port, big-endian: `htons(80)`.
    Port,
    /// A 16-bit value of a set, big-endian: `htons(ETH_P_IP)`.
    Big16(&'static Set),
    /// The same as it stands in memory, for which its bytes are the number.
    Octets16(&'static Set),
    /// A 16-bit number, big-endian: `htons(5)`, of which bare numbers are no bytes.
    Number16,
    /// A 32-bit number, big-endian: `htonl(5)`.
    Big32,
    /// A 32-bit number, big-endian, in hexadecimal: `htonl(0x5)`.
    Big32Hex,
    /// A 64-bit number, big-endian: `htobe64(5)`.
    Big64,
    /// A 16-bit number, little-endian: `htobs(5)`.
    Little16,
    /// `struct in_addr`.
    Inet,
    /// `struct in_addr` in the room of a `struct in6_addr`.
    InetWide,
    /// `struct in6_addr`, shown with the name of its member.
    Inet6,
    /// The index of an interface.
    Interface,
    /// As many bytes of a hardware address: `01:02:03`.
    Mac(u8),
    /// As many bytes in hexadecimal: `[0x1, 00]`.
    Hexes(u8),
    /// As many bytes, shown only when any is not zero, as a string in hexadecimal.
    Rest(u8),
    /// Text of at most so many bytes with its NUL.
    Name(u8),
    /// A socket address of so many bytes.
    Address(u8),
    /// A byte in hexadecimal: `00`, `0x1`.
    Byte,
    /// Bits of a word, each a member of so many bits; what is left of it is shown when it is not zero.
    Bits(&'static [(&'static str, u8)]),
    /// A mask of so many bytes in all its digits: `0x00000000000011`.
    Mask(u8),
    /// The groups of a netlink address: `0x000011`.
    Groups,
}

impl Net {
    /// Bytes in memory.
    pub const fn size(self) -> usize {
        match self {
            Self::Port | Self::Big16(_) | Self::Octets16(_) | Self::Little16 | Self::Number16 => 2,
            Self::Big32 | Self::Big32Hex | Self::Inet | Self::Interface | Self::Groups | Self::Bits(_) => 4,
            Self::Byte => 1,
            Self::Big64 => 8,
            Self::Inet6 | Self::InetWide => 16,
            Self::Mask(size) => size as usize,
            Self::Mac(size)
            | Self::Hexes(size)
            | Self::Rest(size)
            | Self::Name(size)
            | Self::Address(size) => size as usize,
        }
    }

    /// Alignment in memory.
    pub const fn align(self) -> usize {
        match self {
            Self::Port | Self::Big16(_) | Self::Octets16(_) | Self::Little16 | Self::Number16 => 2,
            Self::Big32
            | Self::Big32Hex
            | Self::Inet
            | Self::Interface
            | Self::Inet6
            | Self::InetWide
            | Self::Groups
            | Self::Bits(_) => 4,
            Self::Big64 => 8,
            Self::Mask(size) => size as usize,
            Self::Byte | Self::Mac(_) | Self::Hexes(_) | Self::Rest(_) | Self::Name(_) | Self::Address(_) => {
                1
            }
        }
    }
}
