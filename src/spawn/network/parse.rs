//! Network strategies as text: `veth:bridge=br0,address=10.7.0.2/24`, read and printed.
//!
//! What [`Strategy`] prints, it parses to the same value. It asks no kernel: names of interfaces that
//! do not exist are found out by `veth`.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use super::{Bridge, DEFAULT_NAME, IpNet, ParseError, Strategy, Veth};

/// Longest interface name in bytes: IFNAMSIZ without its NUL.
const NAME_BYTES: usize = 15;
/// MTUs that a veth accepts: ETH_MIN_MTU and ETH_MAX_MTU of linux/if_ether.h.
const MTU: (u32, u32) = (68, 65535);
/// Least MTU of IPv6, RFC 8200 §5.
const MTU_V6: u32 = 1280;
/// Queue lengths: the kernel takes what fits an int.
const TXQLEN: (u32, u32) = (0, i32::MAX as u32);

/// An option of veth.
#[derive(Debug, Clone, Copy)]
pub(super) struct OptionRow {
    /// Its name in the text.
    pub name: &'static str,
    key: Key,
    /// Whether it wants `=VALUE`.
    value: bool,
    /// Whether it may stand more than once.
    many: bool,
}

#[derive(Debug, Clone, Copy)]
enum Key {
    Bridge,
    Create,
    Host,
    HostAddress,
    Name,
    Mac,
    Address,
    Gateway,
    Mtu,
    Txqlen,
}

const fn row(name: &'static str, key: Key, value: bool, many: bool) -> OptionRow {
    OptionRow { name, key, value, many }
}

/// Every option of veth.
pub(super) const OPTIONS: [OptionRow; 10] = [
    row("bridge", Key::Bridge, true, false),
    row("create", Key::Create, false, false),
    row("host", Key::Host, true, false),
    row("host-address", Key::HostAddress, true, true),
    row("name", Key::Name, true, false),
    row("mac", Key::Mac, true, false),
    row("address", Key::Address, true, true),
    row("gateway", Key::Gateway, true, true),
    row("mtu", Key::Mtu, true, false),
    row("txqlen", Key::Txqlen, true, false),
];

impl Strategy {
    /// Reads `none`, `loopback` or `veth:OPTION,...`.
    ///
    /// Options: `bridge=NAME`, `create` (the bridge, when missing), `host=NAME`, `host-address=ADDR/PREFIX`,
    /// `name=NAME`, `mac=XX:XX:XX:XX:XX:XX`, `address=ADDR/PREFIX`, `gateway=ADDR`, `mtu=BYTES`,
    /// `txqlen=PACKETS`; the address options may be repeated.
    ///
    /// # Errors
    /// A [`ParseError`] that names the value and what is accepted.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let (strategy, options) =
            text.split_once(':').map_or((text, None), |(name, rest)| (name, Some(rest)));
        match (strategy, options) {
            ("none", None) => Ok(Self::None),
            ("loopback", None) => Ok(Self::Loopback),
            ("veth", options) => veth(options.unwrap_or("")).map(Self::Veth),
            _ => Err(ParseError::UnknownStrategy(text.to_owned())),
        }
    }
}

impl FromStr for Strategy {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}

fn veth(options: &str) -> Result<Veth, ParseError> {
    let mut veth = Veth::default();
    let mut create = false;
    let mut seen = Vec::new();
    for text in options.split(',').filter(|text| !text.is_empty()) {
        let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        let option = OPTIONS.iter().find(|option| option.name == name);
        let option = option.ok_or_else(|| ParseError::UnknownOption(text.to_owned()))?;
        if !option.many && seen.contains(&name) {
            return Err(ParseError::Twice(option.name));
        }
        seen.push(name);
        let value = match (option.value, value) {
            (true, None | Some("")) => return Err(ParseError::NoValue(option.name)),
            (false, Some(_)) => return Err(ParseError::SurplusValue(option.name)),
            (_, value) => value.unwrap_or(""),
        };
        match option.key {
            Key::Create => create = true,
            Key::Bridge => veth.bridge = Some(Bridge { name: value.to_owned(), create: false }),
            Key::Host => veth.host_name = Some(value.to_owned()),
            Key::HostAddress => veth.host_addresses.push(net(option.name, value)?),
            Key::Name => value.clone_into(&mut veth.name),
            Key::Mac => veth.mac = Some(mac(value)?),
            Key::Address => veth.addresses.push(net(option.name, value)?),
            Key::Gateway => {
                veth.gateways.push(value.parse().map_err(|_| ParseError::BadGateway(value.to_owned()))?);
            }
            Key::Mtu => veth.mtu = Some(number(option.name, value, MTU)?),
            Key::Txqlen => veth.txqlen = Some(number(option.name, value, TXQLEN)?),
        }
    }
    if create {
        veth.bridge.as_mut().ok_or(ParseError::CreateWithoutBridge)?.create = true;
    }
    veth.check()?;
    Ok(veth)
}

fn number(option: &'static str, text: &str, (from, to): (u32, u32)) -> Result<u32, ParseError> {
    let bad = || ParseError::BadNumber(option, text.to_owned(), from, to);
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|n| digits && (from..=to).contains(n)).ok_or_else(bad)
}

fn mac(text: &str) -> Result<[u8; 6], ParseError> {
    let mut bytes = [0; 6];
    let mut parts = text.split(':');
    for byte in &mut bytes {
        let part =
            parts.next().filter(|p| (1..=2).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_hexdigit()));
        let part = part.and_then(|p| u8::from_str_radix(p, 16).ok());
        *byte = part.ok_or_else(|| ParseError::BadMac(text.to_owned()))?;
    }
    if parts.next().is_some() { Err(ParseError::BadMac(text.to_owned())) } else { Ok(bytes) }
}

fn net(option: &'static str, text: &str) -> Result<IpNet, ParseError> {
    let bad = || ParseError::BadAddress(option, text.to_owned());
    let (addr, prefix) = text.split_once('/').ok_or_else(bad)?;
    let addr: IpAddr = addr.parse().map_err(|_| bad())?;
    let most = if addr.is_ipv4() { 32 } else { 128 };
    let digits = prefix.bytes().all(|b| b.is_ascii_digit());
    let prefix = prefix.parse().ok().filter(|n| digits && (1..=most).contains(n));
    let prefix = prefix.ok_or_else(|| ParseError::BadPrefix(option, text.to_owned(), most))?;
    Ok(IpNet { addr, prefix })
}

fn check_name(option: &'static str, name: &str) -> Result<(), ParseError> {
    let visible = |b: u8| b.is_ascii_graphic() && !b"/:%,".contains(&b);
    let fits = (1..=NAME_BYTES).contains(&name.len()) && name.bytes().all(visible);
    if fits && ![".", "..", "lo"].contains(&name) {
        return Ok(());
    }
    Err(ParseError::BadName(option, name.to_owned()))
}

fn check_nets(option: &'static str, nets: &[IpNet]) -> Result<(), ParseError> {
    for (i, net) in nets.iter().enumerate() {
        let most = if net.addr.is_ipv4() { 32 } else { 128 };
        if !(1..=most).contains(&net.prefix) {
            return Err(ParseError::BadPrefix(option, net.to_string(), most));
        }
        let broadcast = matches!(net.addr, IpAddr::V4(v4) if v4.is_broadcast());
        if net.addr.is_unspecified() || net.addr.is_multicast() || net.addr.is_loopback() || broadcast {
            return Err(ParseError::BadAddress(option, net.to_string()));
        }
        if nets[..i].iter().any(|other| other.addr == net.addr) {
            return Err(ParseError::SameAddress(net.addr));
        }
    }
    Ok(())
}

fn check_range(option: &'static str, value: Option<u32>, (from, to): (u32, u32)) -> Result<(), ParseError> {
    match value {
        Some(n) if !(from..=to).contains(&n) => Err(ParseError::BadNumber(option, n.to_string(), from, to)),
        _ => Ok(()),
    }
}

impl Veth {
    /// Whether a kernel can make it: names, addresses, gateways and numbers fit each other.
    ///
    /// # Errors
    /// The first [`ParseError`] that applies.
    pub fn check(&self) -> Result<(), ParseError> {
        self.check_names()?;
        if self.mac.is_some_and(|mac| mac[0] & 1 != 0 || mac == [0; 6]) {
            return Err(ParseError::BadMac(self.mac.map(mac_text).unwrap_or_default()));
        }
        if self.addresses.is_empty() {
            return Err(ParseError::NoAddress);
        }
        check_nets("address", &self.addresses)?;
        check_nets("host-address", &self.host_addresses)?;
        let inside = |net: &&IpNet| self.addresses.iter().any(|own| own.addr == net.addr);
        if let Some(net) = self.host_addresses.iter().find(inside) {
            return Err(ParseError::SameAddress(net.addr));
        }
        self.check_gateways()?;
        check_range("mtu", self.mtu, MTU)?;
        check_range("txqlen", self.txqlen, TXQLEN)?;
        let v6 = self.addresses.iter().chain(&self.host_addresses).any(|net| net.addr.is_ipv6());
        match self.mtu {
            Some(mtu) if v6 && mtu < MTU_V6 => Err(ParseError::MtuTooSmall(mtu)),
            _ => Ok(()),
        }
    }

    fn check_names(&self) -> Result<(), ParseError> {
        check_name("name", &self.name)?;
        self.host_name.as_ref().map_or(Ok(()), |name| check_name("host", name))?;
        let Some(bridge) = &self.bridge else { return Ok(()) };
        check_name("bridge", &bridge.name)?;
        if self.host_name.as_ref() == Some(&bridge.name) {
            return Err(ParseError::SameName(bridge.name.clone()));
        }
        if !bridge.create && !self.host_addresses.is_empty() {
            return Err(ParseError::AddressOfForeignBridge(bridge.name.clone()));
        }
        Ok(())
    }

    fn check_gateways(&self) -> Result<(), ParseError> {
        for (i, &gateway) in self.gateways.iter().enumerate() {
            let family = |addr: IpAddr| addr.is_ipv4() == gateway.is_ipv4();
            // A link-local router is reached by the interface alone, RFC 4861 §6.
            let on_link = matches!(gateway, IpAddr::V6(v6) if v6.is_unicast_link_local())
                && self.addresses.iter().any(|net| net.addr.is_ipv6());
            if !on_link && !self.addresses.iter().any(|net| net.contains(gateway)) {
                return Err(ParseError::GatewayOutside(gateway));
            }
            if self.addresses.iter().any(|net| net.addr == gateway) {
                return Err(ParseError::GatewayIsSelf(gateway));
            }
            if self.gateways[..i].iter().any(|&other| family(other)) {
                return Err(ParseError::GatewayTwice(gateway));
            }
        }
        Ok(())
    }
}

fn mac_text(mac: [u8; 6]) -> String {
    mac.map(|byte| format!("{byte:02x}")).join(":")
}

impl fmt::Display for IpNet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.addr, self.prefix)
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Loopback => f.write_str("loopback"),
            Self::Veth(veth) => write!(f, "veth:{veth}"),
        }
    }
}

impl fmt::Display for Veth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if let Some(bridge) = &self.bridge {
            parts.push(format!("bridge={}", bridge.name));
            parts.extend(bridge.create.then(|| "create".to_owned()));
        }
        parts.extend(self.host_name.iter().map(|name| format!("host={name}")));
        parts.extend(self.host_addresses.iter().map(|net| format!("host-address={net}")));
        parts.extend((self.name != DEFAULT_NAME).then(|| format!("name={}", self.name)));
        parts.extend(self.mac.map(|mac| format!("mac={}", mac_text(mac))));
        parts.extend(self.addresses.iter().map(|net| format!("address={net}")));
        parts.extend(self.gateways.iter().map(|addr| format!("gateway={addr}")));
        parts.extend(self.mtu.map(|mtu| format!("mtu={mtu}")));
        parts.extend(self.txqlen.map(|txqlen| format!("txqlen={txqlen}")));
        f.write_str(&parts.join(","))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, prop_assert_eq, prop_assume, prop_oneof, proptest};
    use proptest::strategy::Strategy as _;

    use super::*;

    fn sentence(text: &str) -> String {
        Strategy::parse(text).expect_err(text).to_string()
    }

    #[test]
    fn row_37_everything_is_read() {
        let text = "veth:bridge=br0,create,host=veth0,host-address=10.7.0.1/24,name=net0,mac=2:0:0:0:0:Fe,\
                    address=10.7.0.2/24,address=fd00::2/64,gateway=10.7.0.1,gateway=fe80::1,mtu=1400,txqlen=0";
        let net = |text: &str| net("address", text).unwrap();
        let expected = Veth {
            bridge: Some(Bridge { name: "br0".into(), create: true }),
            host_name: Some("veth0".into()),
            host_addresses: vec![net("10.7.0.1/24")],
            name: "net0".into(),
            mac: Some([2, 0, 0, 0, 0, 0xfe]),
            addresses: vec![net("10.7.0.2/24"), net("fd00::2/64")],
            gateways: vec!["10.7.0.1".parse().unwrap(), "fe80::1".parse().unwrap()],
            mtu: Some(1400),
            txqlen: Some(0),
        };
        let strategy = Strategy::parse(text).unwrap();
        assert_eq!(strategy, Strategy::Veth(expected));
        assert_eq!(strategy.to_string(), text.replace("2:0:0:0:0:Fe", "02:00:00:00:00:fe"));
        assert_eq!(Strategy::parse("none"), Ok(Strategy::None));
        assert_eq!("loopback".parse(), Ok(Strategy::Loopback));
        assert!(!Strategy::None.needs_namespace() && Strategy::Loopback.needs_namespace());
        let plain = Strategy::parse("veth:address=10.7.0.2/24").unwrap();
        assert_eq!(plain.to_string(), "veth:address=10.7.0.2/24", "defaults stay unsaid");
        assert!(matches!(plain, Strategy::Veth(Veth { name, .. }) if name == DEFAULT_NAME));
    }

    #[test]
    fn row_37_refusals_name_the_value() {
        let table = [
            ("", "unknown network strategy '': none, loopback or veth:OPTION,... is wanted"),
            ("bridge", "unknown network strategy 'bridge': none, loopback or veth:OPTION,... is wanted"),
            ("none:x", "unknown network strategy 'none:x': none, loopback or veth:OPTION,... is wanted"),
            (
                "veth:ip=1",
                "unknown veth option 'ip=1': bridge, create, host, host-address, name, mac, address, gateway, mtu, txqlen are known",
            ),
            ("veth", "veth wants an address for the program: address=10.7.0.2/24, for example"),
            ("veth:mtu", "the veth option 'mtu' wants a value: mtu=VALUE"),
            ("veth:bridge=b,create=yes", "the veth option 'create' takes no value"),
            ("veth:mtu=1400,mtu=1500", "the veth option 'mtu' may be given only once"),
            (
                "veth:address=10.7.0/24",
                "invalid address '10.7.0/24': a host's IPv4 or IPv6 address with its prefix length is wanted, such as 10.7.0.2/24",
            ),
            (
                "veth:address=10.7.0.2/33",
                "invalid address '10.7.0.2/33': the prefix length must be a number from 1 to 32",
            ),
            (
                "veth:address=fd00::1/0",
                "invalid address 'fd00::1/0': the prefix length must be a number from 1 to 128",
            ),
            (
                "veth:address=10.7.0.2/24,address=10.7.0.2/16",
                "the address 10.7.0.2 is given twice: one interface can have it",
            ),
            (
                "veth:mac=01:00:00:00:00:01,address=10.7.0.2/24",
                "invalid hardware address '01:00:00:00:00:01': six hexadecimal bytes of a single interface are wanted, such as 02:00:00:00:00:01",
            ),
            (
                "veth:gateway=10.7.0.1/24",
                "invalid gateway '10.7.0.1/24': an IPv4 or IPv6 address without a prefix length is wanted",
            ),
            (
                "veth:address=10.7.0.2/24,gateway=10.8.0.1",
                "the gateway 10.8.0.1 is in no subnet of the addresses: give an address= of its subnet",
            ),
            (
                "veth:address=10.7.0.2/24,gateway=10.7.0.2",
                "the gateway 10.7.0.2 is the program's own address: give the address of another host",
            ),
            (
                "veth:address=10.7.0.2/24,gateway=10.7.0.1,gateway=10.7.0.3",
                "the gateway 10.7.0.3 is the second of its family: one for IPv4 and one for IPv6 are accepted",
            ),
            ("veth:mtu=67,address=10.7.0.2/24", "invalid mtu '67': a number from 68 to 65535 is wanted"),
            ("veth:txqlen=-1", "invalid txqlen '-1': a number from 0 to 2147483647 is wanted"),
            (
                "veth:mtu=1279,address=fd00::2/64",
                "the mtu 1279 is too small for IPv6: 1280 or more is wanted",
            ),
            ("veth:create,address=10.7.0.2/24", "'create' makes a bridge: name it with bridge=NAME"),
            (
                "veth:bridge=br0,host-address=10.7.0.1/24,address=10.7.0.2/24",
                "host-address is for a bridge that is made here: add create, or give 'br0' its address with 'ip address add'",
            ),
            (
                "veth:bridge=b,host=b,address=10.7.0.2/24",
                "the host end and its bridge cannot both be called 'b': change host= or bridge=",
            ),
        ];
        for (text, expected) in table {
            assert_eq!(sentence(text), expected, "{text}");
        }
    }

    #[test]
    fn row_37_names_are_those_of_the_kernel() {
        for good in ["a", "eth0", "tr-x.1@2=3", "fifteen-bytes-x"] {
            assert_eq!(check_name("name", good), Ok(()), "{good}");
        }
        for bad in
            ["sixteen-bytes-xx", "", ".", "..", "lo", "a/b", "a b", "a:b", "a%d", "a,b", "\u{e0}", "a\u{1b}"]
        {
            assert_eq!(check_name("host", bad), Err(ParseError::BadName("host", bad.to_owned())), "{bad:?}");
        }
        for option in ["name", "host", "bridge"] {
            let text = format!("veth:address=10.7.0.2/24,{option}=sixteen-bytes-xx");
            assert!(sentence(&text).starts_with(&format!(
                "invalid interface name 'sixteen-bytes-xx' for {option}: 1 to 15 visible"
            )));
        }
    }

    #[test]
    fn row_37_hardware_addresses_and_hosts() {
        for bad in [
            "",
            "02",
            "02:00:00:00:00",
            "02:00:00:00:00:00:00",
            "02:00:00:00:00:+1",
            "02:00:00:00:00:001",
            "g0:0:0:0:0:0",
        ] {
            assert_eq!(mac(bad), Err(ParseError::BadMac(bad.to_owned())), "{bad}");
        }
        for bad in
            ["0.0.0.0/8", "224.0.0.1/4", "127.0.0.1/8", "255.255.255.255/8", "::/64", "::1/128", "ff02::1/64"]
        {
            assert!(
                sentence(&format!("veth:address={bad}")).starts_with(&format!("invalid address '{bad}'")),
                "{bad}"
            );
        }
        for bad in ["10.7.0.2/", "10.7.0.2/+8", "10.7.0.2/256", "10.7.0.2/x"] {
            assert!(matches!(net("address", bad), Err(ParseError::BadPrefix(_, _, 32))), "{bad}");
        }
    }

    #[test]
    fn row_37_subnets() {
        let inside =
            [("10.7.0.2/24", "10.7.0.255"), ("10.7.0.2/1", "127.0.0.1"), ("fd00::2/64", "fd00::ffff:0:0:1")];
        let outside = [
            ("10.7.0.2/24", "10.7.1.1"),
            ("10.7.0.2/32", "10.7.0.3"),
            ("fd00::2/64", "fd00:0:0:1::"),
            ("10.7.0.2/24", "fd00::2"),
        ];
        for (rows, expected) in [(&inside[..], true), (&outside[..], false)] {
            for (subnet, addr) in rows {
                assert_eq!(
                    net("address", subnet).unwrap().contains(addr.parse().unwrap()),
                    expected,
                    "{subnet} {addr}"
                );
            }
        }
        assert!(IpNet { addr: "fd00::".parse().unwrap(), prefix: 0 }.contains("::1".parse().unwrap()));
        assert!(
            !IpNet { addr: "10.0.0.1".parse().unwrap(), prefix: 200 }.contains("10.0.0.1".parse().unwrap())
        );
    }

    fn any_net() -> impl proptest::strategy::Strategy<Value = IpNet> {
        let v4 = (any::<[u8; 4]>(), 1..=32u8).prop_map(|(a, prefix)| IpNet { addr: IpAddr::from(a), prefix });
        let v6 =
            (any::<[u8; 16]>(), 1..=128u8).prop_map(|(a, prefix)| IpNet { addr: IpAddr::from(a), prefix });
        prop_oneof![v4, v6]
    }

    fn any_veth() -> impl proptest::strategy::Strategy<Value = Veth> {
        let name = "[!-$&-+.0-9;-~-]{1,15}";
        let bridge = proptest::option::of((name, any::<bool>()));
        let nets = || proptest::collection::vec(any_net(), 0..3);
        let numbers = (proptest::option::of(68..65536u32), proptest::option::of(0..1u32 << 31));
        let names = (bridge, proptest::option::of(name), name);
        (names, nets(), nets(), proptest::option::of(any::<[u8; 6]>()), any::<bool>(), numbers).prop_map(
            |((bridge, host_name, name), host_addresses, addresses, mac, routed, (mtu, txqlen))| Veth {
                bridge: bridge.map(|(name, create)| Bridge { name, create }),
                host_name,
                host_addresses: host_addresses.clone(),
                name,
                mac,
                // A neighbour of an address is most often in its subnet.
                gateways: addresses
                    .first()
                    .filter(|_| routed)
                    .map(|net| neighbour(net.addr))
                    .into_iter()
                    .collect(),
                addresses,
                mtu,
                txqlen,
            },
        )
    }

    fn neighbour(addr: IpAddr) -> IpAddr {
        match addr {
            IpAddr::V4(v4) => IpAddr::from((v4.to_bits() ^ 1).to_be_bytes()),
            IpAddr::V6(v6) => IpAddr::from((v6.to_bits() ^ 1).to_be_bytes()),
        }
    }

    proptest! {
        #[test]
        fn row_37_what_is_printed_is_read(veth in any_veth()) {
            prop_assume!(veth.check().is_ok());
            let strategy = super::Strategy::Veth(veth);
            prop_assert_eq!(super::Strategy::parse(&strategy.to_string()), Ok(strategy));
        }

        #[test]
        fn row_37_no_text_panics(text in "(veth:)?([a-z-]{0,12}=?[0-9a-f:./]{0,12},?){0,6}") {
            if let Err(error) = super::Strategy::parse(&text) {
                prop_assert!(!error.to_string().is_empty());
            }
        }
    }
}
