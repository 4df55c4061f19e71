//! What goes over netlink sockets: protocols, types of messages, what stands behind their headers, attributes.
//!
//! Every protocol is a [`Family`] in a file of its own and one line of [`FAMILIES`]; the interpreter knows none of
//! them by name. A message is a `struct nlmsghdr`, then a [`Body`]: mostly a struct and attributes behind it, each a
//! `struct nlattr` and a payload that is a [`Content`]. Whatever is too short for its content is shown as bytes.
//! Sources: netlink(7), rtnetlink(7), linux/netlink.h, the header of each protocol.
//!
//! # How to add a family of messages
//!
//! Write down the struct, the names of the attributes, what each holds, and which types of messages have them. All of
//! addresses' labels, as `route.rs` has them:
//!
//! ```text
//! numbered! {
//!     /// Attributes of labels of addresses.
//!     IFAL: "IFAL_???" { IFAL_ADDRESS = 1, IFAL_LABEL }
//! }
//! structs! {
//!     /// `struct ifaddrlblmsg`.
//!     IFADDRLBLMSG "ifaddrlblmsg" {
//!         ifal_family: bits8(&AF), _reserved: U8, ifal_prefixlen: U8, ifal_flags: HEX8, ifal_index: INTERFACE,
//!         ifal_seq: UINT,
//!     };
//! }
//! static LABEL: Attributes = Attributes {
//!     names: &IFAL,
//!     rows: &[(1, Content::Address), (2, Content::One(&UINT))],
//! };
//! // in `MESSAGES`:
//! Message { types: &[RTM_NEWADDRLABEL, RTM_DELADDRLABEL, RTM_GETADDRLABEL], body: Body::Family(&IFADDRLBLMSG, &LABEL) },
//! ```
//!
//! What no row can say is a variant of the family's own `Special`, decoded in `src/decode/netlink/` by the file of the
//! same name. It is given the bytes and where they stand: the struct, the attributes before it, and what is around them.

use crate::kinds::*;
use crate::model::{Kind, Shape};
use crate::net::Net;
use crate::set::Set;
use crate::sets::net as sets;
use crate::structs::Struct;

pub mod audit;
pub mod bridge;
pub mod crypto;
pub mod diag;
pub mod diag_sockets;
pub mod generic;
pub mod link;
pub mod neighbour;
pub mod netfilter;
pub mod route;
pub mod selinux;
pub mod traffic;
pub mod uevent;
pub mod xfrm;

/// Every protocol whose messages have names.
pub static FAMILIES: &[&Family] = &[
    &route::FAMILY,
    &diag::FAMILY,
    &xfrm::FAMILY,
    &selinux::FAMILY,
    &audit::FAMILY,
    &netfilter::FAMILY,
    &uevent::FAMILY,
    &generic::FAMILY,
    &crypto::FAMILY,
];

/// A protocol of AF_NETLINK.
#[derive(Debug)]
pub struct Family {
    /// NETLINK_*.
    pub protocol: u8,
    /// What its messages are called.
    pub types: Types,
    /// Which flags they have.
    pub flags: Flags,
    /// What they hold, by the files that say it.
    pub messages: &'static [&'static [Message]],
    /// What one without a row holds.
    pub others: Body,
}

/// The names of nlmsg_type from NLMSG_MIN_TYPE on.
#[derive(Debug, Clone, Copy)]
pub enum Types {
    /// Values of a set.
    Named(&'static Set),
    /// In a way of the family's own.
    Special(Special),
    /// There are no messages: what is sent is a text.
    None,
}

/// Types below this belong to netlink itself (NLMSG_MIN_TYPE).
pub const FIRST_TYPE: u16 = 0x10;

/// What the flags from 0x100 on mean.
#[derive(Debug, Clone, Copy)]
pub enum Flags {
    /// Nothing.
    Plain,
    /// The same for every message.
    Always(Class),
    /// By the lowest two bits of the type: new, delete, get, set; but for these types.
    Quarters(&'static [(u16, Class)]),
    /// By type; others have none.
    Rows(&'static [(u16, Class)]),
}

/// A class of messages by their flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// No more than every message has.
    Plain,
    /// Asks for something.
    Get,
    /// Makes something.
    New,
    /// Deletes something.
    Delete,
    /// Answers (NLMSG_ERROR).
    Ack,
}

impl Class {
    /// The names of its flags.
    pub const fn set(self) -> &'static Set {
        match self {
            Self::Plain => &sets::NLM_FLAGS,
            Self::Get => &sets::NLM_GET_FLAGS,
            Self::New => &sets::NLM_NEW_FLAGS,
            Self::Delete => &sets::NLM_DELETE_FLAGS,
            Self::Ack => &sets::NLM_ACK_FLAGS,
        }
    }
}

/// Messages of some types.
#[derive(Debug)]
pub struct Message {
    /// Nlmsghdr.nlmsg_type.
    pub types: &'static [u16],
    /// What stands behind the header.
    pub body: Body,
}

/// What stands behind the header of a message.
#[derive(Debug, Clone, Copy)]
pub enum Body {
    /// Bytes.
    Bytes,
    /// An address family in a byte, and bytes.
    FamilyAndBytes,
    /// A value; fewer or more bytes are bytes.
    Exactly(&'static Kind),
    /// A struct, and attributes; fewer bytes are bytes.
    Struct(&'static Struct, &'static Attributes),
    /// The same, of whose struct that begins with an address family that family is shown where it is not whole.
    Family(&'static Struct, &'static Attributes),
    /// A struct that begins with an address family, behind which nothing is shown.
    Lone(&'static Struct),
    /// A struct, behind which nothing is shown; fewer bytes are bytes.
    Start(&'static Struct),
    /// A request (NLM_F_REQUEST), or an answer.
    ByDirection(&'static Body, &'static Body),
    /// By the address family in the first byte.
    ByFamily(&'static [(u8, Body)], &'static Body),
    /// More bytes than this, or not.
    Longer(usize, &'static Body, &'static Body),
    /// A struct, and bytes; one that is not whole is bytes.
    StructAndBytes(&'static Struct),
    /// Attributes alone.
    Attributes(&'static Attributes),
    /// In a way of the family's own.
    Special(Special),
}

/// A list of attributes.
#[derive(Debug)]
pub struct Attributes {
    /// Their names.
    pub names: &'static Set,
    /// What they hold; one without a row holds bytes.
    pub rows: &'static [(u16, Content)],
}

/// What an attribute holds. Bytes that are fewer than it needs are shown as bytes; what is behind it is not shown.
#[derive(Debug, Clone, Copy)]
pub enum Content {
    /// Bytes, in hexadecimal.
    Bytes,
    /// A value or a struct.
    One(&'static Kind),
    /// The same by how many bytes there are: the last of these that fits, each longer than the one before.
    Longest(&'static [&'static Kind]),
    /// The same, unless there are bytes behind it: then all are bytes.
    Exactly(&'static Kind),
    /// A struct that had so many bytes once: those show what there was.
    Extended(&'static Struct, u8),
    /// A number of at most eight bytes and at least so many: the first of them, as many as the kind has.
    Number(&'static Kind, Fewest),
    /// A number of clock ticks in as many bytes as there are; more than eight are bytes.
    Ticks,
    /// Values in a row, as many as are whole.
    Several(&'static Kind),
    /// Text with a NUL at its end.
    Text,
    /// Attributes.
    Nested(&'static Attributes),
    /// A list of attributes whose types are of no meaning or have names, all with the same content.
    List(Option<&'static Set>, &'static Content),
    /// A struct, and attributes behind it.
    Head(&'static Struct, &'static Attributes),
    /// A value, and attributes behind it.
    After(&'static Kind, &'static Attributes),
    /// An address of the family that the struct of the message begins with.
    Address,
    /// An IPv6 address.
    Inet6,
    /// A hardware address of any length.
    Mac,
    /// By the family that the struct of the message begins with; others are bytes.
    ByFamily(&'static [(u8, Content)]),
    /// By the text of an attribute before it, of this type; others are bytes.
    ByText(u16, &'static [(&'static str, Content)]),
    /// In a way of the family's own.
    Special(Special),
}

/// How few bytes a number may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fewest {
    /// As many as its kind.
    Whole,
    /// One: those that are not there are zero.
    One,
}

/// What needs code, by the file that it is in.
#[derive(Debug, Clone, Copy)]
pub enum Special {
    /// NETLINK_ROUTE apart from what follows.
    Route(route::Special),
    /// Links.
    Link(link::Special),
    /// Traffic control.
    Traffic(traffic::Special),
    /// NETLINK_SOCK_DIAG.
    Diag(diag::Special),
    /// NETLINK_NETFILTER.
    Netfilter(netfilter::Special),
    /// NETLINK_XFRM.
    Xfrm(xfrm::Special),
    /// NETLINK_CRYPTO.
    Crypto(crypto::Special),
    /// NETLINK_AUDIT.
    Audit(audit::Special),
    /// NETLINK_SELINUX.
    Selinux(selinux::Special),
    /// NETLINK_GENERIC.
    Generic(generic::Special),
}

crate::numbered! {
    /// Attributes of an acknowledgement.
    NLMSGERR: "NLMSGERR_ATTR_???" {
        NLMSGERR_ATTR_UNUSED, NLMSGERR_ATTR_MSG, NLMSGERR_ATTR_OFFS, NLMSGERR_ATTR_COOKIE, NLMSGERR_ATTR_POLICY,
        NLMSGERR_ATTR_MISS_TYPE, NLMSGERR_ATTR_MISS_NEST,
    }
}

crate::sets! {
    /// Attributes without names.
    UNNAMED: Values, Hex, "NLA_???" {}
}

/// Attributes of which nothing is known.
pub static NOTHING: Attributes = Attributes { names: &UNNAMED, rows: &[] };

/// Attributes of an acknowledgement.
pub static ACK: Attributes = Attributes {
    names: &NLMSGERR,
    rows: &[(1, Content::Text), (2, Content::One(&UINT)), (3, Content::Several(&U8))],
};

/// The family of a protocol.
pub fn family(protocol: u8) -> Option<&'static Family> {
    FAMILIES.iter().find(|family| family.protocol == protocol).copied()
}

impl Family {
    /// What messages of this type hold.
    pub fn body(&self, kind: u16) -> Body {
        let row = self.messages.iter().copied().flatten().find(|message| message.types.contains(&kind));
        row.map_or(self.others, |message| message.body)
    }
}

impl Attributes {
    /// What an attribute of this type holds.
    pub fn content(&self, kind: u16) -> Content {
        self.rows.iter().find(|row| row.0 == kind).map_or(Content::Bytes, |row| row.1)
    }
}

/// A number that has a name, or bits that have.
pub const fn named(kind: &'static Kind) -> Content {
    Content::Number(kind, Fewest::Whole)
}

/// A protocol of IP, in as many bytes as there are.
pub const PROTOCOL: Content = Content::Number(&const { bits64(&sets::IPPROTO) }, Fewest::One);

/// The index of a network interface.
pub const INTERFACE: Kind = net(Net::Interface);
/// An IPv4 address.
pub const INET: Kind = net(Net::Inet);
/// A port.
pub const PORT: Kind = net(Net::Number16);
/// A number of 32 bits in network order.
pub const BE32: Kind = net(Net::Big32);
/// An address family in a byte.
pub const AF8: Kind = bits8(&sets::AF);

/// A struct in place.
pub const fn place(of: &'static Struct) -> Kind {
    Kind::new(Shape::Struct(of))
}
