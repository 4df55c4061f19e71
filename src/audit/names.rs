//! Names that are the same in every run and on every machine: places, process ids, times, random parts of names.
//!
//! A name is text: printable ASCII, other bytes escaped, never with a `*` or ` -> ` of the tracee's own. What is
//! replaced is decided by shape alone, never by chance: `cc` and six random letters under /tmp is `<tmp>/*`
//! whatever the letters are.

use crate::output::shell;
use crate::output::tally::Address;

use super::deed::{Peer, Target};
use super::places::Places;

/// A number of so many digits in a name says nothing: a process id, a time.
const LONG_NUMBER: usize = 5;
/// So many hexadecimal digits are a digest or an identity.
const LONG_HEX: usize = 16;
/// Ports from here on are given by chance to who asks for none.
const FIRST_EPHEMERAL: u16 = 32_768;
/// Between the two names of a rename.
pub const ARROW: &str = " -> ";

/// Ends of names that temporary files keep.
const SUFFIXES: &[&str] = &[
    "s", "o", "i", "ii", "c", "cc", "cpp", "cxx", "h", "a", "d", "so", "py", "sh", "js", "mjs", "ts", "json",
    "txt", "tmp", "log", "lock", "res", "ld", "le", "lto", "gz", "tgz", "tar", "zip", "whl", "rs", "rmeta",
    "rlib", "toml", "xml", "html", "yml", "yaml", "go", "out", "pid", "sock",
];
/// Directories inside of places whose files have names of chance, as the temporary directories themselves.
const TEMPORARY_PARTS: &[&[u8]] = &[b"tmp", b".tmp", b"_tmp", b"temp", b".temp"];

/// Whether a name stands for names that are others in every run.
pub fn is_of_chance(name: &str) -> bool {
    ["*", "<time>", "<hex>", "<n>"].iter().any(|mark| name.contains(mark))
}

/// Bytes as text without a mark of ours.
pub fn text(bytes: &[u8]) -> String {
    let shown = shell::shown(bytes);
    if !shown.contains(['*', '>']) {
        return shown;
    }
    shown.replace('*', "\\052").replace(ARROW, " -\\076 ")
}

/// What was done something to, as a report shows it: in full.
pub fn shown(target: &Target) -> String {
    match target {
        Target::Path(path) => text(path),
        Target::Move(from, to) => format!("{}{ARROW}{}", text(from), text(to)),
        Target::Peer(peer) => {
            let address = match &peer.address {
                Address::Family(_) if peer.protocol.starts_with("AF_") => String::new(),
                address => format!(" {address}"),
            };
            let name = peer.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
            format!("{}{address}{name}", peer.protocol)
        }
        Target::Rule(_) => String::new(),
    }
}

/// Gives names.
#[derive(Debug, Clone, Default)]
pub struct Names {
    places: Places,
}

impl Names {
    /// Names in these places.
    pub fn new(places: Places) -> Self {
        Self { places }
    }

    /// Where things are.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// The name of a target, for the process `own`.
    pub fn target(&self, target: &Target, own: i32) -> String {
        match target {
            Target::Path(path) => self.path(path, own),
            Target::Move(from, to) => format!("{}{ARROW}{}", self.path(from, own), self.path(to, own)),
            Target::Peer(peer) => self.peer(peer, own),
            Target::Rule(_) => String::new(),
        }
    }

    /// The name of an absolute path, for the process `own`.
    pub fn path(&self, path: &[u8], own: i32) -> String {
        if let Some((place, rest)) = self.places.closest(path) {
            let mut name = place.to_owned();
            let mut temporary = place == "<tmp>";
            for part in rest.split(|byte| *byte == b'/').filter(|part| !part.is_empty()) {
                name.push('/');
                name.push_str(&if temporary { temporary_name(part) } else { part_name(part, own) });
                temporary = TEMPORARY_PARTS.contains(&part);
            }
            // A directory is told from a file.
            if rest.ends_with(b"/") {
                name.push('/');
            }
            return name;
        }
        let mut name = String::new();
        for (index, part) in path.split(|byte| *byte == b'/').enumerate() {
            if index > 0 {
                name.push('/');
            }
            name.push_str(&part_name(part, own));
        }
        kernel_name(path, own).unwrap_or(name)
    }

    fn peer(&self, peer: &Peer, own: i32) -> String {
        let protocol = &peer.protocol;
        match &peer.address {
            Address::Inet(host, port) => {
                let loopback = host.is_loopback() || host.is_unspecified();
                let port = match port {
                    FIRST_EPHEMERAL.. if loopback => "<port>".to_owned(),
                    port => port.to_string(),
                };
                let host = match &peer.name {
                    Some(name) => name.clone(),
                    None if host.is_ipv6() => format!("[{host}]"),
                    None => host.to_string(),
                };
                format!("{protocol} {host}:{port}")
            }
            Address::Unix(path) => match path.first() {
                Some(b'/') => format!("{protocol} {}", self.path(path, own)),
                Some(0) => format!("{protocol} @{}", part_name(&path[1..], own)),
                _ => format!("{protocol} {}", part_name(path, own)),
            },
            Address::Family(_) => shown(&Target::Peer(peer.clone())),
        }
    }
}

/// The name of a file of the kernel: /proc, /sys, terminals.
fn kernel_name(path: &[u8], own: i32) -> Option<String> {
    let parts: Vec<&[u8]> = path.split(|byte| *byte == b'/').skip(1).collect();
    let is_number = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    match parts[..] {
        [b"proc", who, ..] if is_number(who) => {
            let own = who == own.to_string().as_bytes();
            let who = if own { "self" } else { "<pid>" };
            let rest: Vec<String> = parts[2..].iter().map(|part| numbers(part)).collect();
            Some(format!("/proc/{who}{}{}", if rest.is_empty() { "" } else { "/" }, rest.join("/")))
        }
        [b"sys", b"fs", b"cgroup", .., file] if parts.len() > 4 => {
            Some(format!("/sys/fs/cgroup/<cgroup>/{}", text(file)))
        }
        [b"sys", ..] | [b"dev", b"pts", _] => {
            let parts: Vec<String> = parts.iter().map(|part| numbers(part)).collect();
            Some(format!("/{}", parts.join("/")))
        }
        _ => None,
    }
}

/// A part with every number replaced.
fn numbers(part: &[u8]) -> String {
    let mut name = String::new();
    for run in part.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()) {
        if run[0].is_ascii_digit() { name.push_str("<n>") } else { name.push_str(&text(run)) }
    }
    name
}

/// The name of a file in a directory of temporary ones: what chance gave is a `*`.
fn temporary_name(part: &[u8]) -> String {
    let end = part.iter().rposition(|byte| *byte == b'.').map_or(&b""[..], |at| &part[at + 1..]);
    let suffix = SUFFIXES.iter().find(|suffix| suffix.as_bytes() == end);
    // Names such as pip-install-XXXXXXXX tell who made them; without a dash, where chance begins cannot be known.
    let head = part.iter().position(|byte| *byte == b'-').map_or(&b""[..], |at| &part[..at]);
    let head = if head.len() > 1 && head.iter().all(u8::is_ascii_alphabetic) { head } else { b"" };
    let dash = if head.is_empty() { "" } else { "-" };
    let suffix = suffix.map(|suffix| format!(".{suffix}")).unwrap_or_default();
    format!("{}{dash}*{suffix}", text(head))
}

/// The name of a part of a path: times, long numbers, digests and the own process id are replaced.
fn part_name(part: &[u8], own: i32) -> String {
    if !part.iter().any(u8::is_ascii_digit) {
        return text(part);
    }
    let mut name = String::new();
    let mut rest = part;
    while let Some(first) = rest.first() {
        let time = time_length(rest);
        let hex = rest.iter().take_while(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(b)).count();
        let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        let (taken, mark) = if time > 0 {
            (time, "<time>")
        } else if hex >= LONG_HEX && rest[..hex].iter().any(u8::is_ascii_digit) {
            (hex, "<hex>")
        } else if digits >= LONG_NUMBER || digits > 1 && rest[..digits] == *own.to_string().as_bytes() {
            (digits, "<n>")
        } else {
            // A run of letters or digits that is none of these goes as a whole.
            let class = |b: &u8| (b.is_ascii_digit(), b.is_ascii_alphabetic());
            let plain = rest.iter().take_while(|b| class(b) == class(first)).count();
            let plain = if hex >= LONG_HEX { plain.max(hex) } else { plain };
            name.push_str(&text(&rest[..plain]));
            rest = &rest[plain..];
            continue;
        };
        name.push_str(mark);
        rest = &rest[taken..];
    }
    name
}

/// How long the date, or date and time, is that `bytes` begin with: `2026-11-30T14_36_37_123Z`; 0 for none.
fn time_length(bytes: &[u8]) -> usize {
    let shape = |at: usize, kind: u8| match (bytes.get(at), kind) {
        (Some(byte), b'0') => byte.is_ascii_digit(),
        (Some(byte), _) => matches!(byte, b'-' | b'_' | b'.'),
        (None, _) => false,
    };
    if !b"0000-00-00".iter().enumerate().all(|(at, kind)| shape(at, *kind)) || shape(10, b'0') {
        return 0;
    }
    let more = bytes[10..].iter().take_while(|b| b.is_ascii_digit() || b"T_:.-Z+".contains(b)).count();
    // What separates it from the rest of the name is not part of it.
    let trail = bytes[10..10 + more].iter().rev().take_while(|b| b"_.-".contains(b)).count();
    10 + more - trail
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::places::tests::places;

    #[test]
    fn paths_lose_what_differs_from_run_to_run() {
        let rows: &[(&str, &str)] = &[
            ("/home/me/build/src/main.rs", "<dir>/src/main.rs"),
            (
                "/home/me/.npm/_logs/2026-11-30T14_36_37_123Z-debug-0.log",
                "<home>/.npm/_logs/<time>-debug-0.log",
            ),
            ("/tmp/ccAb3xYz.s", "<tmp>/*.s"),
            ("/tmp/ccabcdef.s", "<tmp>/*.s"),
            ("/tmp/tmp.0hQ8sYabcd", "<tmp>/*"),
            ("/tmp/pip-install-a_b1c2d3/pkg/setup.py", "<tmp>/pip-*/pkg/setup.py"),
            ("/home/me/.npm/_cacache/tmp/9f3a", "<home>/.npm/_cacache/tmp/*"),
            ("/home/me/build/target/debug/deps/a-0123456789abcdef.d", "<dir>/target/debug/deps/a-<hex>.d"),
            ("/home/me/build/.lock.4711", "<dir>/.lock.<n>"),
            ("/home/me/build/x.1234567", "<dir>/x.<n>"),
            ("/proc/4711/maps", "/proc/self/maps"),
            ("/proc/815/environ", "/proc/<pid>/environ"),
            ("/proc/4711/task/4712/comm", "/proc/self/task/<n>/comm"),
            ("/sys/devices/system/cpu/cpu12/online", "/sys/devices/system/cpu/cpu<n>/online"),
            ("/sys/fs/cgroup/system.slice/x.scope/memory.max", "/sys/fs/cgroup/<cgroup>/memory.max"),
            ("/dev/pts/3", "/dev/pts/<n>"),
            ("/usr/lib/x86_64-linux-gnu/libc.so.6", "/usr/lib/x86_64-linux-gnu/libc.so.6"),
            ("/usr/lib/python3.11/re.py", "/usr/lib/python3.11/re.py"),
            ("/etc/a*b\x1b -> c", "/etc/a\\052b\\033 -\\076 c"),
            ("/home/me/build/dir/", "<dir>/dir/"),
            ("/home/me/build", "<dir>"),
        ];
        let names = Names::new(places());
        for (path, want) in rows {
            assert_eq!(names.path(path.as_bytes(), 4711), *want, "{path}");
        }
    }

    #[test]
    fn peers_are_named_by_what_stays() {
        let inet = |host: &str, port| Address::Inet(host.parse().unwrap(), port);
        let rows: &[(Address, Option<&str>, &str)] = &[
            (inet("127.0.0.1", 40_123), None, "tcp 127.0.0.1:<port>"),
            (inet("127.0.0.1", 5432), None, "tcp 127.0.0.1:5432"),
            (inet("10.1.2.3", 40_123), None, "tcp 10.1.2.3:40123"),
            (inet("10.1.2.3", 443), Some("registry.example"), "tcp registry.example:443"),
            (inet("2001:db8::1", 443), None, "tcp [2001:db8::1]:443"),
            (Address::Unix(b"/home/me/x.sock".to_vec()), None, "tcp <home>/x.sock"),
            (Address::Unix(b"\0name123456".to_vec()), None, "tcp @name<n>"),
        ];
        let names = Names::new(places());
        for (address, name, want) in rows {
            let name = name.map(str::to_owned);
            let peer = Peer { protocol: "tcp".into(), address: address.clone(), name };
            assert_eq!(names.target(&Target::Peer(peer), 1), *want);
        }
    }
}
