//! What the kernel tells of descriptors beyond their names: sockets' addresses, devices, pidfds, signalfds,
//! eventfds.

use std::collections::HashMap;
use std::sync::Arc;

use crate::event::descriptor::{Detail, Ends, Families, NETLINK, Socket};
use crate::sys::diag::{Diag, Family};
use crate::sys::families;
use crate::sys::process::{self, Target};

/// What is asked of descriptors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wishes {
    /// The names in /proc.
    pub paths: bool,
    /// Protocol and addresses of sockets.
    pub sockets: bool,
    /// Numbers of device special files.
    pub devices: bool,
    /// Processes of pidfds.
    pub pidfds: bool,
    /// Sets of signalfds.
    pub signalfds: bool,
    /// Counters of eventfds.
    pub eventfds: bool,
}

impl Wishes {
    /// Everything.
    pub const ALL: Self =
        Self { paths: true, sockets: true, devices: true, pidfds: true, signalfds: true, eventfds: true };

    /// Whether anything is.
    pub const fn any(self) -> bool {
        self.paths || self.sockets || self.devices || self.pidfds || self.signalfds || self.eventfds
    }
}

/// Protocols by the kernel's name, by the name that is shown, and how the kernel is asked about them. Others stay
/// `socket:[INODE]`, and so does one that is shown by another name while the kernel knows no address of it.
const PROTOCOLS: &[(&str, &str, Option<Family>)] = &[
    ("TCP", "TCP", Some(Family::Inet { six: false, protocol: 6 })),
    ("TCPv6", "TCPv6", Some(Family::Inet { six: true, protocol: 6 })),
    ("MPTCP", "TCP", Some(Family::Inet { six: false, protocol: 6 })),
    ("MPTCPv6", "TCPv6", Some(Family::Inet { six: true, protocol: 6 })),
    ("UDP", "UDP", Some(Family::Inet { six: false, protocol: 17 })),
    ("UDPv6", "UDPv6", Some(Family::Inet { six: true, protocol: 17 })),
    ("UDP-Lite", "UDPLITE", Some(Family::Inet { six: false, protocol: 136 })),
    ("UDPLITEv6", "UDPLITEv6", Some(Family::Inet { six: true, protocol: 136 })),
    ("RAW", "RAW", None),
    ("RAWv6", "RAWv6", None),
    ("UNIX", "UNIX", Some(Family::Unix)),
    ("UNIX-STREAM", "UNIX-STREAM", Some(Family::Unix)),
    (NETLINK, NETLINK, Some(Family::Netlink)),
];
/// NETLINK_GENERIC.
const GENERIC: u8 = 16;
/// So many sockets are remembered; then they are forgotten.
const SOCKETS: usize = 4096;

/// Answers of the kernel.
#[derive(Debug)]
pub(super) struct Details {
    wishes: Wishes,
    diag: Option<Diag>,
    /// Sockets whose addresses are known, by inode. They are what they were when first seen.
    sockets: HashMap<u64, Arc<Detail>>,
    /// The families of NETLINK_GENERIC, once somebody speaks to one.
    families: Option<Families>,
}

impl Details {
    pub(super) fn new(wishes: Wishes) -> Self {
        let diag = if wishes.sockets { Diag::open().ok() } else { None };
        Self { wishes, diag, sockets: HashMap::new(), families: None }
    }

    /// What is known of descriptor `fd` of task `tid`, which is open on `target`, and whether that stays so while
    /// the descriptor is open.
    pub(super) fn of(&mut self, tid: i32, fd: i32, target: &Target) -> (Option<Arc<Detail>>, bool) {
        let path = &*target.path;
        if let Some(inode) = number_in(path, b"socket:[") {
            return if self.wishes.sockets { self.socket(tid, fd, inode) } else { (None, true) };
        }
        if path.starts_with(b"/") {
            let device = if self.wishes.devices { process::device(tid, fd) } else { None };
            let detail = device.map(|(block, major, minor)| Detail::Device { block, major, minor });
            return (detail.map(Arc::new), true);
        }
        match path {
            b"anon_inode:[pidfd]" if self.wishes.pidfds => {
                let pid = process::fd_info(tid, fd, "Pid").and_then(|text| text.parse::<i32>().ok());
                (pid.filter(|pid| *pid > 0).map(|pid| Arc::new(Detail::Process(pid))), false)
            }
            b"anon_inode:[signalfd]" if self.wishes.signalfds => {
                let mask = process::fd_info(tid, fd, "sigmask");
                let mask = mask.and_then(|text| u64::from_str_radix(&text, 16).ok());
                (mask.map(|mask| Arc::new(Detail::Signals(mask))), false)
            }
            b"anon_inode:[eventfd]" if self.wishes.eventfds => {
                (process::eventfd(tid, fd).map(|event| Arc::new(Detail::Event(event))), false)
            }
            _ => (None, true),
        }
    }

    /// What descriptor `fd` of task `tid` is, if that is a netlink socket, and whether it stays so while the descriptor is
    /// open. One that has no address yet has no protocol that the kernel tells.
    pub(super) fn netlink(&mut self, tid: i32, fd: i32) -> (Option<(Target, Arc<Detail>)>, bool) {
        if process::socket_protocol(tid, fd).is_none_or(|protocol| protocol != NETLINK) {
            return (None, true);
        }
        let Some(target) = process::fd_target(tid, fd) else { return (None, false) };
        let Some(inode) = number_in(&target.path, b"socket:[") else { return (None, false) };
        if self.diag.is_none() {
            self.diag = Diag::open().ok();
        }
        match self.socket(tid, fd, inode) {
            (Some(detail), settled) => (Some((target, detail)), settled),
            (None, _) => (None, false),
        }
    }

    /// The families of messages that go over a socket, where it is one of NETLINK_GENERIC: the kernel is asked once.
    fn families(&mut self, ends: &Ends) -> Option<Families> {
        matches!(ends, Ends::Netlink { protocol: GENERIC, .. }).then_some(())?;
        let ask = || families::families().unwrap_or_default().into();
        Some(Arc::clone(self.families.get_or_insert_with(ask)))
    }

    fn socket(&mut self, tid: i32, fd: i32, inode: u64) -> (Option<Arc<Detail>>, bool) {
        if let Some(known) = self.sockets.get(&inode) {
            return (Some(Arc::clone(known)), true);
        }
        let Some(protocol) = process::socket_protocol(tid, fd) else { return (None, false) };
        let Some((name, shown, family)) = PROTOCOLS.iter().find(|(name, ..)| *name == protocol) else {
            return (None, true);
        };
        let ends = match (family, &self.diag) {
            (Some(family), Some(diag)) => diag.ends(*family, inode),
            _ => None,
        };
        let ends = ends.unwrap_or(Ends::Unknown);
        if name != shown && matches!(ends, Ends::Unknown) {
            return (None, false);
        }
        let protocol = (*shown).to_owned();
        let settled = !matches!(ends, Ends::Unknown | Ends::Unix { peer: None, name: None });
        let families = self.families(&ends);
        let detail = Arc::new(Detail::Socket(Socket { protocol, inode, ends, families }));
        if settled {
            if self.sockets.len() >= SOCKETS {
                self.sockets.clear();
            }
            self.sockets.insert(inode, Arc::clone(&detail));
        }
        (Some(detail), settled)
    }
}

/// The number of a link such as `socket:[123]`.
fn number_in(link: &[u8], head: &[u8]) -> Option<u64> {
    std::str::from_utf8(link.strip_prefix(head)?.strip_suffix(b"]")?).ok()?.parse().ok()
}
