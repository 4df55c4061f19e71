//! The tree of an expression: tests of one field each, joined by and, or, not.

use std::net::IpAddr;

use regex::bytes::Regex;
use syscall_tables::abi::Abi;
use syscall_tables::class::Class;
use syscall_tables::model::Dir;
use syscall_tables::set::{Set, Style};

/// An expression, checked.
#[derive(Debug, Clone)]
pub(super) enum Expr {
    /// All hold.
    And(Vec<Self>),
    /// One holds at least.
    Or(Vec<Self>),
    /// It does not hold.
    Not(Box<Self>),
    /// One comparison.
    Test(Test),
}

/// A comparison of a field with operands: with one of them it must hold.
#[derive(Debug, Clone)]
pub(super) struct Test {
    pub field: Field,
    pub op: Op,
    pub operands: Vec<Operand>,
}

/// What can be asked of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Field {
    Name,
    Class,
    Nr,
    Abi,
    Pid,
    Tid,
    Comm,
    Exe,
    Depth,
    /// A register of an argument, as it is.
    Register(u8),
    Arg(ArgPath),
    Path,
    Fd,
    PeerPort,
    PeerAddr,
    PeerPath,
    Ret,
    Errno,
    Failed,
    Succeeded,
    Unfinished,
    Duration,
    Bytes,
    /// It is an operation of io_uring.
    IoUring,
}

/// An argument by name, and the way into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ArgPath {
    pub name: String,
    /// Names of struct members, outermost first.
    pub members: Vec<String>,
    /// In some call it lies in memory.
    pub memory: bool,
    /// In some call the kernel writes it.
    pub output: bool,
}

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    /// The field, which is true or false, is true.
    Is,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Match,
    NoMatch,
    Has,
}

impl Op {
    /// Whether it holds for what is there and does not do this.
    pub fn denied(self) -> Option<Self> {
        match self {
            Self::Ne => Some(Self::Eq),
            Self::NoMatch => Some(Self::Match),
            _ => None,
        }
    }
}

/// What a field is compared with.
#[derive(Debug, Clone)]
pub(super) enum Operand {
    Number(i128),
    Text(Vec<u8>),
    Regex(Regex),
    Constant(Constant),
    Net(Net),
    Class(Class),
    Abi(Abi),
}

/// Constants joined by `|`, whose values depend on the set and the ABI at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Constant {
    pub names: Vec<String>,
    /// Further bits that were given as numbers.
    pub bits: u64,
}

/// A value under a mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Masked {
    pub value: u64,
    pub mask: u64,
    /// The word is one value, not bits: only equality makes sense.
    pub whole: bool,
}

impl Constant {
    /// What it stands for in `set` on `abi`; none where the set lacks one of the names.
    pub fn in_set(&self, set: &Set, abi: Abi) -> Option<Masked> {
        let whole = set.style == Style::Values;
        let mut masked = Masked { value: self.bits, mask: self.bits, whole };
        for name in &self.names {
            let row = set.rows_for(abi).iter().find(|row| row.name == name)?;
            masked.value |= row.value;
            masked.mask |= row.mask;
        }
        Some(masked)
    }

    /// The only name, if it is one name alone.
    pub fn single(&self) -> Option<&str> {
        match self.names.as_slice() {
            [name] if self.bits == 0 => Some(name),
            _ => None,
        }
    }
}

impl Masked {
    /// Whether `value` has it. Zero is had by zero alone.
    pub fn is_in(self, value: u64) -> bool {
        if self.whole || self.mask == 0 { value == self.value } else { value & self.mask == self.value }
    }
}

/// A network: an address and how many of its bits count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Net {
    pub address: IpAddr,
    pub prefix_bits: u8,
}

impl Net {
    /// `10.0.0.0/8`, `::1`, `fe80::/10`.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse::<u8>().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix_bits = prefix.unwrap_or(most);
        (prefix_bits <= most).then_some(Self { address, prefix_bits })
    }

    /// Whether `address` lies in it. An IPv4 address inside IPv6 counts as what it is.
    pub fn contains(self, address: IpAddr) -> bool {
        match (self.address, if self.address.is_ipv4() { address.to_canonical() } else { address }) {
            (IpAddr::V4(net), IpAddr::V4(own)) => {
                let differ = net.to_bits() ^ own.to_bits();
                differ.checked_shr(32 - u32::from(self.prefix_bits)).unwrap_or(0) == 0
            }
            (IpAddr::V6(net), IpAddr::V6(own)) => {
                let differ = net.to_bits() ^ own.to_bits();
                differ.checked_shr(128 - u32::from(self.prefix_bits)).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

/// Whether a direction is written by the kernel.
pub(super) fn writes(dir: Dir) -> bool {
    dir != Dir::In
}

#[cfg(test)]
mod tests {
    use super::*;
    use syscall_tables::sets;

    #[test]
    fn networks() {
        let rows: &[(&str, &str, bool)] = &[
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("0.0.0.0/0", "1.2.3.4", true),
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "127.0.0.2", false),
            ("127.0.0.1", "::ffff:127.0.0.1", true),
            ("::1", "::1", true),
            ("fe80::/10", "fe80::2", true),
            ("::/0", "1.2.3.4", false),
            ("::/0", "fe80::1", true),
        ];
        for (net, address, inside) in rows {
            let net = Net::parse(net).unwrap();
            assert_eq!(net.contains(address.parse().unwrap()), *inside, "{net:?} {address}");
        }
        for bad in ["10.0.0.0/33", "10.0.0", "::1/129", "10.0.0.0/", "x", "10.0.0.0/-1"] {
            assert_eq!(Net::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn constants_by_set_and_abi() {
        let constant =
            |names: &[&str]| Constant { names: names.iter().map(ToString::to_string).collect(), bits: 0 };
        let open = &sets::fs::OPEN;
        let both = constant(&["O_CREAT", "O_EXCL"]).in_set(open, Abi::X86_64).unwrap();
        assert!(both.is_in(0o300) && !both.is_in(0o100) && both.is_in(0o1301));
        let readonly = constant(&["O_RDONLY"]).in_set(open, Abi::X86_64).unwrap();
        assert!(readonly.is_in(0o2000000) && !readonly.is_in(1), "a field of its own inside the word");
        assert_eq!(constant(&["SEEK_SET"]).in_set(open, Abi::X86_64), None);
        let cur = constant(&["SEEK_CUR"]).in_set(&sets::fs::SEEK, Abi::X86_64).unwrap();
        assert!(cur.is_in(1) && !cur.is_in(3), "values are no bits");
    }
}
