//! What can go wrong with a network, one sentence each: in its text, and in the kernel.
//!
//! It never prints; the command line adds the name of the option.

use std::fmt;
use std::io;
use std::net::IpAddr;

/// Why a text is no [`super::Strategy`], or a [`super::Veth`] cannot be made by any kernel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParseError {
    /// No such strategy.
    UnknownStrategy(String),
    /// No such option of veth.
    UnknownOption(String),
    /// An option that wants `=VALUE` has none.
    NoValue(&'static str),
    /// An option that stands alone has a value.
    SurplusValue(&'static str),
    /// An option that may stand once stands twice.
    Twice(&'static str),
    /// veth without an address.
    NoAddress,
    /// Not `ADDRESS/PREFIX`, or an address that no interface can have: option, text.
    BadAddress(&'static str, String),
    /// Prefix length beyond the family's: option, text, largest length.
    BadPrefix(&'static str, String, u8),
    /// An address that is given twice.
    SameAddress(IpAddr),
    /// Not an interface name: option, text.
    BadName(&'static str, String),
    /// Two host interfaces with one name.
    SameName(String),
    /// Not a unicast hardware address.
    BadMac(String),
    /// Not an IP address.
    BadGateway(String),
    /// A gateway in no subnet of the addresses.
    GatewayOutside(IpAddr),
    /// A gateway that is the interface itself.
    GatewayIsSelf(IpAddr),
    /// A second gateway of one family.
    GatewayTwice(IpAddr),
    /// Not a number in range: option, text, smallest, largest.
    BadNumber(&'static str, String, u32, u32),
    /// IPv6 with an MTU below its minimum of 1280.
    MtuTooSmall(u32),
    /// `create` without a bridge.
    CreateWithoutBridge,
    /// A host address for a bridge that somebody else made.
    AddressOfForeignBridge(String),
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownStrategy(text) => {
                write!(f, "unknown network strategy '{text}': none, loopback or veth:OPTION,... is wanted")
            }
            Self::UnknownOption(text) => write!(
                f,
                "unknown veth option '{text}': {} are known",
                super::parse::OPTIONS.map(|option| option.name).join(", ")
            ),
            Self::NoValue(option) => write!(f, "the veth option '{option}' wants a value: {option}=VALUE"),
            Self::SurplusValue(option) => write!(f, "the veth option '{option}' takes no value"),
            Self::Twice(option) => write!(f, "the veth option '{option}' may be given only once"),
            Self::NoAddress => {
                f.write_str("veth wants an address for the program: address=10.7.0.2/24, for example")
            }
            Self::BadAddress(option, text) => write!(
                f,
                "invalid {option} '{text}': a host's IPv4 or IPv6 address with its prefix length is wanted, such as 10.7.0.2/24"
            ),
            Self::BadPrefix(option, text, largest) => {
                write!(f, "invalid {option} '{text}': the prefix length must be a number from 1 to {largest}")
            }
            Self::SameAddress(addr) => {
                write!(f, "the address {addr} is given twice: one interface can have it")
            }
            Self::BadName(option, text) => write!(
                f,
                "invalid interface name '{text}' for {option}: 1 to 15 visible ASCII characters without '/', ':', '%' and ',' are wanted, and not '.', '..' or 'lo'"
            ),
            Self::SameName(name) => {
                write!(
                    f,
                    "the host end and its bridge cannot both be called '{name}': change host= or bridge="
                )
            }
            Self::BadMac(text) => write!(
                f,
                "invalid hardware address '{text}': six hexadecimal bytes of a single interface are wanted, such as 02:00:00:00:00:01"
            ),
            Self::BadGateway(text) => {
                write!(
                    f,
                    "invalid gateway '{text}': an IPv4 or IPv6 address without a prefix length is wanted"
                )
            }
            Self::GatewayOutside(addr) => {
                write!(
                    f,
                    "the gateway {addr} is in no subnet of the addresses: give an address= of its subnet"
                )
            }
            Self::GatewayIsSelf(addr) => {
                write!(f, "the gateway {addr} is the program's own address: give the address of another host")
            }
            Self::GatewayTwice(addr) => {
                write!(
                    f,
                    "the gateway {addr} is the second of its family: one for IPv4 and one for IPv6 are accepted"
                )
            }
            Self::BadNumber(option, text, from, to) => {
                write!(f, "invalid {option} '{text}': a number from {from} to {to} is wanted")
            }
            Self::MtuTooSmall(mtu) => {
                write!(f, "the mtu {mtu} is too small for IPv6: 1280 or more is wanted")
            }
            Self::CreateWithoutBridge => f.write_str("'create' makes a bridge: name it with bridge=NAME"),
            Self::AddressOfForeignBridge(name) => write!(
                f,
                "host-address is for a bridge that is made here: add create, or give '{name}' its address with 'ip address add'"
            ),
        }
    }
}

impl std::error::Error for ParseError {}

/// What was being done when the kernel refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Looking up an interface.
    Find,
    /// Making the bridge.
    MakeBridge,
    /// Making the pair.
    MakePair,
    /// Putting the host end into the bridge.
    Join,
    /// Taking an interface down.
    Down,
    /// Naming the end inside.
    Rename,
    /// Setting the hardware address.
    Mac,
    /// Adding an address.
    Address,
    /// Setting the MTU.
    Mtu,
    /// Bringing an interface up.
    Up,
    /// Adding a default route.
    Route,
    /// Removing an interface.
    Remove,
}

impl Step {
    /// The step in words, to be followed by its object.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Find => "looking up",
            Self::MakeBridge => "making the bridge",
            Self::MakePair => "making the veth pair",
            Self::Join => "joining the bridge",
            Self::Down => "taking down",
            Self::Rename => "renaming to",
            Self::Mac => "setting the hardware address of",
            Self::Address => "adding the address",
            Self::Mtu => "setting the mtu",
            Self::Up => "bringing up",
            Self::Route => "adding the default route by",
            Self::Remove => "removing",
        }
    }
}

/// Why a network could not be made or removed. Nothing of it is left behind.
#[derive(Debug)]
pub enum Error {
    /// The plan itself is impossible.
    Plan(ParseError),
    /// No right to change the network: the step that was refused.
    Privilege(Step),
    /// The bridge is missing.
    NoBridge(String),
    /// The interface is no bridge.
    NotABridge(String),
    /// The host name that was asked for is taken.
    NameTaken(String),
    /// Ten random host names were taken.
    NoFreeName,
    /// The process has ended.
    Gone(i32),
    /// The process has no network namespace of its own.
    SameNamespace(i32),
    /// The namespace of the process cannot be entered.
    Enter(i32, io::Error),
    /// The netlink socket failed.
    Socket(io::Error),
    /// The kernel's answer could not be read.
    Answer,
    /// The kernel refused a step.
    Kernel {
        /// Which one.
        step: Step,
        /// Its object: a name, an address.
        what: String,
        /// Error number.
        errno: i32,
        /// The kernel's own explanation, from the extended ack.
        detail: Option<String>,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plan(error) => error.fmt(f),
            Self::Privilege(step) => write!(
                f,
                "veth needs CAP_NET_ADMIN on the host ({} was refused): run as root, or use the network strategy loopback or none",
                step.text()
            ),
            Self::NoBridge(name) => write!(
                f,
                "there is no bridge '{name}': make it with 'ip link add {name} type bridge', or add the veth option create"
            ),
            Self::NotABridge(name) => {
                write!(
                    f,
                    "the interface '{name}' is no bridge: name one that 'ip link show type bridge' lists"
                )
            }
            Self::NameTaken(name) => write!(
                f,
                "there is an interface '{name}' already: give another host= name, or leave it out for a random one"
            ),
            Self::NoFreeName => {
                f.write_str("ten random names for the host end were all taken: name it with host=")
            }
            Self::Gone(pid) => write!(f, "process {pid} ended before its network was made"),
            Self::SameNamespace(pid) => write!(
                f,
                "process {pid} shares the network namespace of the tracer: it needs one of its own for veth"
            ),
            Self::Enter(pid, error) => write!(
                f,
                "the network namespace of process {pid} cannot be entered, which needs CAP_SYS_ADMIN: {}",
                errno_text(error.raw_os_error().unwrap_or(0))
            ),
            Self::Socket(error) => {
                write!(f, "the netlink socket failed: {}", errno_text(error.raw_os_error().unwrap_or(0)))
            }
            Self::Answer => f.write_str("the kernel's netlink answer could not be read"),
            Self::Kernel { step, what, errno, detail } => {
                write!(f, "{} {what}: {}", step.text(), errno_text(*errno))?;
                detail.as_ref().map_or(Ok(()), |detail| write!(f, " ({detail})"))
            }
        }
    }
}

impl std::error::Error for Error {}

/// The text of an error number.
fn errno_text(errno: i32) -> String {
    let known = u32::try_from(errno).ok().and_then(syscall_tables::errno::text);
    known.map_or_else(|| format!("error {errno}"), str::to_owned)
}
