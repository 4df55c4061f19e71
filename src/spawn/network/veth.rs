//! Makes a veth pair between the host and the network namespace of a process, and takes it away.
//!
//! The other end is born inside the namespace under the host end's name, then gets its own name,
//! addresses and routes. It never changes an interface that it did not make, except that the host end
//! joins a bridge. Source: veth(4), rtnetlink(7), drivers/net/veth.c.

use std::collections::hash_map::RandomState;
use std::fs;
use std::hash::{BuildHasher, Hasher};
use std::io;

use super::netlink::{self, Pair};
use super::route::Route;
use super::{Bridge, Error, Step, Veth};

/// How many random names are tried for the host end.
const NAME_TRIES: usize = 10;
/// The letters of random names.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A made pair. Dropping it removes the pair, and the bridge that was made for it; errors then are lost.
#[derive(Debug)]
pub struct Link {
    route: Route,
    pid: i32,
    name: String,
    host: Option<u32>,
    /// Index of the bridge that was made here.
    bridge: Option<u32>,
}

/// Makes the pair of `veth` for process `pid`, which must be in a network namespace of its own and may be
/// stopped. The host end is up and in its bridge afterwards; [`initialize`] does the rest inside.
///
/// # Errors
/// Every variant of [`Error`]; nothing is left behind.
pub fn create(veth: &Veth, pid: i32) -> Result<Link, Error> {
    create_named(veth, pid, random_name)
}

/// [`create`] with a source of host names of its own, asked at most ten times while names are taken and
/// not at all when `veth` names the host end.
///
/// # Errors
/// Those of [`create`].
pub fn create_named(veth: &Veth, pid: i32, names: impl FnMut() -> String) -> Result<Link, Error> {
    veth.check().map_err(Error::Plan)?;
    is_apart(pid)?;
    // From here on the link's drop undoes what was done.
    let mut link = Link { route: Route::here()?, pid, name: String::new(), host: None, bridge: None };
    let bridge = veth.bridge.as_ref().map(|bridge| link.bridge(bridge, veth)).transpose()?;
    link.pair(veth, names)?;
    link.host_end(veth, bridge)?;
    Ok(link)
}

/// Sets up the end inside the namespace of the link's process: name, hardware address, addresses, MTU, up,
/// `lo` up, default routes.
///
/// # Errors
/// [`Error::Gone`], [`Error::Enter`], [`Error::Kernel`] with the step; dropping the link then undoes all.
pub fn initialize(veth: &Veth, link: &Link) -> Result<(), Error> {
    veth.check().map_err(Error::Plan)?;
    is_apart(link.pid)?;
    let mut route = Route::of(link.pid)?;
    let index = route.find(&link.name)?.ok_or(Error::Gone(link.pid))?.index;
    let name = &veth.name;
    let mut ask = |request, step, what: &dyn ToString| {
        route.ask(request).map(drop).map_err(|failure| failure.at(step, what.to_string()))
    };
    ask(netlink::set_up(index, false), Step::Down, &link.name)?;
    ask(netlink::rename(index, name), Step::Rename, name)?;
    if let Some(mac) = veth.mac {
        ask(netlink::set_mac(index, mac), Step::Mac, name)?;
    }
    for &net in &veth.addresses {
        ask(netlink::new_address(index, net), Step::Address, &net)?;
    }
    if let Some(mtu) = veth.mtu {
        ask(netlink::set_mtu(index, mtu), Step::Mtu, &mtu)?;
    }
    ask(netlink::set_up(index, true), Step::Up, name)?;
    // The first interface of every network namespace is its loopback (LOOPBACK_IFINDEX).
    ask(netlink::set_up(1, true), Step::Up, &"lo")?;
    for &gateway in &veth.gateways {
        ask(netlink::default_route(index, gateway), Step::Route, &gateway)?;
    }
    Ok(())
}

/// [`create`] and [`initialize`].
///
/// # Errors
/// Those of both; nothing is left behind.
pub fn attach(veth: &Veth, pid: i32) -> Result<Link, Error> {
    let link = create(veth, pid)?;
    initialize(veth, &link)?;
    Ok(link)
}

impl Link {
    /// Name of the host end.
    pub fn host_name(&self) -> &str {
        &self.name
    }

    /// Removes the pair, and the bridge that was made for it unless others have joined. What is gone already,
    /// as after the end of the namespace, is no error.
    ///
    /// # Errors
    /// [`Error::Privilege`] or [`Error::Kernel`] with [`Step::Remove`].
    pub fn remove(mut self) -> Result<(), Error> {
        self.undo()
    }

    fn undo(&mut self) -> Result<(), Error> {
        let pair = self.host.take().map_or(Ok(()), |index| delete(&mut self.route, index, &self.name));
        let bridge = self.bridge.take().map_or(Ok(()), |index| match self.route.ports(index)? {
            0 => delete(&mut self.route, index, "the bridge"),
            _ => Ok(()),
        });
        pair.and(bridge)
    }

    /// Finds or makes the bridge; returns its index.
    fn bridge(&mut self, bridge: &Bridge, veth: &Veth) -> Result<u32, Error> {
        let name = &bridge.name;
        if let Some(found) = self.route.find(name)? {
            return if found.kind == "bridge" {
                Ok(found.index)
            } else {
                Err(Error::NotABridge(name.clone()))
            };
        }
        if !bridge.create {
            return Err(Error::NoBridge(name.clone()));
        }
        let made = match self.route.ask(netlink::new_bridge(name)) {
            Ok(_) => true,
            // Somebody else was faster: then it is theirs.
            Err(failure) if failure.errno() == libc::EEXIST => false,
            Err(failure) => return Err(failure.at(Step::MakeBridge, name)),
        };
        let index = self.route.find(name)?.ok_or_else(|| Error::NoBridge(name.clone()))?.index;
        if made {
            self.bridge = Some(index);
            self.addresses(index, veth)?;
        }
        Ok(index)
    }

    /// Makes the pair and notes the host end.
    fn pair(&mut self, veth: &Veth, mut names: impl FnMut() -> String) -> Result<(), Error> {
        for _ in 0..NAME_TRIES {
            let name = veth.host_name.clone().unwrap_or_else(&mut names);
            let pair = Pair { host: &name, peer: &name, pid: self.pid, mtu: veth.mtu, txqlen: veth.txqlen };
            match self.route.ask(netlink::new_pair(&pair)) {
                Ok(_) => {
                    self.host = Some(self.route.find(&name)?.ok_or(Error::Gone(self.pid))?.index);
                    self.name = name;
                    return Ok(());
                }
                Err(failure) => match failure.errno() {
                    libc::EEXIST if veth.host_name.is_none() => {}
                    libc::EEXIST => return Err(Error::NameTaken(name)),
                    libc::ESRCH => return Err(Error::Gone(self.pid)),
                    _ => return Err(failure.at(Step::MakePair, name)),
                },
            }
        }
        Err(Error::NoFreeName)
    }

    /// Puts the host end into its bridge, or gives it the addresses, and brings it up.
    fn host_end(&mut self, veth: &Veth, bridge: Option<u32>) -> Result<(), Error> {
        let Some(index) = self.host else { return Err(Error::Answer) };
        match (bridge, &veth.bridge) {
            (Some(bridge), Some(named)) => {
                let joined = self.route.ask(netlink::set_master(index, bridge));
                joined.map_err(|failure| failure.at(Step::Join, &named.name))?;
            }
            _ => self.addresses(index, veth)?,
        }
        let up = self.route.ask(netlink::set_up(index, true));
        up.map(drop).map_err(|failure| self.vanished(failure.at(Step::Up, &self.name)))
    }

    /// The end of the process takes both ends away, whichever step notices.
    fn vanished(&self, error: Error) -> Error {
        match error {
            Error::Kernel { errno: libc::ENODEV, .. } => Error::Gone(self.pid),
            error => error,
        }
    }

    fn addresses(&mut self, index: u32, veth: &Veth) -> Result<(), Error> {
        for &net in &veth.host_addresses {
            let added = self.route.ask(netlink::new_address(index, net));
            added.map_err(|failure| failure.at(Step::Address, net))?;
        }
        Ok(())
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.undo().ok();
    }
}

fn delete(route: &mut Route, index: u32, what: &str) -> Result<(), Error> {
    match route.ask(netlink::delete(index)) {
        Err(failure) if failure.errno() != libc::ENODEV => Err(failure.at(Step::Remove, what)),
        _ => Ok(()),
    }
}

/// Whether process `pid` lives in another network namespace than the caller: inside, its end is renamed and
/// `lo` brought up, which must never hit the host.
fn is_apart(pid: i32) -> Result<(), Error> {
    let own = fs::read_link("/proc/thread-self/ns/net").map_err(|error| Error::Enter(pid, error))?;
    match fs::read_link(format!("/proc/{pid}/ns/net")) {
        Ok(other) if other == own => Err(Error::SameNamespace(pid)),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Error::Gone(pid)),
        Err(error) => Err(Error::Enter(pid, error)),
    }
}

/// `tr` and six random letters.
fn random_name() -> String {
    // RandomState is seeded by the kernel; unpredictability is not needed, only difference.
    let mut bits = RandomState::new().build_hasher().finish();
    let mut name = String::from("tr");
    for _ in 0..6 {
        name.push(char::from(LETTERS[(bits % 32) as usize]));
        bits /= 32;
    }
    name
}
