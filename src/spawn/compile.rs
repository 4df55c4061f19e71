//! From a plan to the ordered steps of the child. Pure: the order lives here and nowhere else.
//!
//! The order is that of Go's exec_linux.go (1.20 and later) with the additions of go-sandbox and runc:
//! ids are mapped before anything needs them, sources of mounts are opened in the old root and their
//! targets looked up in the new one, ids change after the last mount, tracing starts last.

use std::ffi::{CString, OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use syscall_tables::abi::Abi;
use syscall_tables::sets::process;

use super::caps::CapSet;
use super::error::Error;
use super::idmap;
use super::namespaces::Namespaces;
use super::plan::{Groups, Identity, Mount, MountKind, Plan, Program, RDONLY, Root, Traced};
use super::step::{self, Step};
use crate::sys::signal::Mask;

const CAP_SYS_ADMIN: u32 = 21;

/// What of the parent the order depends on.
#[derive(Debug, Clone)]
pub struct Host {
    /// The launching thread's signal mask.
    pub mask: Mask,
    /// RLIMIT_NOFILE from before this process raised its own.
    pub nofile: Option<(u64, u64)>,
    /// The parent acts between set-up and execve.
    pub synchronize: bool,
    /// The parent acts before the first step: it maps ids or joins cgroups.
    pub await_parent: bool,
    /// The descriptor to execute is a script, whose interpreter opens it again.
    pub script: bool,
}

/// The steps, and how many mounts they hold at once.
#[derive(Debug, Clone)]
pub struct Steps {
    /// In order.
    pub list: Vec<Step>,
    /// Slots for descriptors of mounts.
    pub slots: usize,
}

/// The name of a resource limit, `RLIMIT_NOFILE`.
pub(super) fn limit_name(resource: u32) -> &'static str {
    process::RLIMIT.name_of(Abi::X86_64, u64::from(resource)).unwrap_or("RLIMIT_???")
}

fn c(text: impl AsRef<OsStr>) -> Result<CString, Error> {
    let text = text.as_ref();
    CString::new(text.as_bytes()).map_err(|_| Error::Nul(OsString::from(text)))
}

/// Namespaces that the clone itself makes: all but those that the child has to make at the right moment.
///
/// A cgroup namespace is rooted where the child is when it is made, so after it has joined; a time
/// namespace with offsets is made before exec and entered by it.
pub fn at_clone(plan: &Plan) -> Namespaces {
    // A child that unshared its pid namespace would stay outside, without threads: process 1 it is, and the
    // user namespace that it is to belong to comes along.
    let moved = if plan.late.has(Namespaces::PID) {
        Namespaces::PID.with(Namespaces::USER)
    } else {
        Namespaces::NONE
    };
    let moved = Namespaces::from_bits(plan.late.bits() & moved.bits());
    let all = plan.namespaces.with(moved).without(Namespaces::CGROUP);
    if plan.time_offsets.is_empty() { all } else { all.without(Namespaces::TIME) }
}

/// Namespaces that the child makes.
pub fn in_child(plan: &Plan) -> Namespaces {
    plan.all_namespaces().without(at_clone(plan))
}

/// Whether the child may share the parent's memory until its execve (CLONE_VM|CLONE_VFORK).
///
/// Not where the two talk to each other on the way, which would block both, nor where ids change, which
/// would make the parent undumpable.
pub fn may_vfork(plan: &Plan, host: &Host) -> bool {
    let talks = host.synchronize || host.await_parent || plan.traced == Traced::BeforeExec;
    !talks && !plan.all_namespaces().has(Namespaces::USER) && plan.identity.is_none()
}

/// The steps of `plan`.
///
/// # Errors
/// [`Error::Nul`].
pub fn compile(plan: &Plan, host: &Host) -> Result<Steps, Error> {
    let mut list = Vec::new();
    if keeps_capabilities(plan) {
        list.push(Step::KeepCapabilities);
    }
    if host.await_parent {
        list.push(Step::AwaitParent);
    }
    session(plan, host, &mut list);
    namespaces(plan, &mut list);
    let slots = filesystem(plan, &mut list)?;
    ids(plan, &mut list);
    directory(plan, &mut list)?;
    if let Some(signo) = plan.pdeathsig {
        list.push(Step::DeathSignal { signo, same_pids: !plan.all_namespaces().has(Namespaces::PID) });
    }
    descriptors(plan, &mut list);
    if plan.terminal.release {
        list.push(Step::ReleaseTerminal);
    }
    list.extend(plan.terminal.controlling.map(Step::ControllingTerminal));
    limits(plan, host, &mut list);
    list.extend(plan.personality.map(Step::Personality));
    if plan.no_new_privs {
        list.push(Step::NoNewPrivs);
    }
    capabilities(plan, &mut list);
    if host.synchronize {
        list.push(Step::Synchronize);
    }
    list.extend_from_slice(step::tracing(plan.traced));
    let flags = plan.seccomp_flags;
    list.extend(plan.seccomp.clone().map(|insns| Step::Seccomp { insns, flags }));
    list.push(match &plan.program {
        Program::Path(path) => Step::Exec(c(path)?),
        Program::Fd(fd) => Step::ExecFd { fd: *fd, keep: host.script },
    });
    Ok(Steps { list, slots })
}

/// The steps of `plan` that concern mounts, the root and the working directory alone.
///
/// # Errors
/// [`Error::Nul`].
pub(super) fn mounts(plan: &Plan) -> Result<Steps, Error> {
    let mut list = Vec::new();
    let slots = filesystem(plan, &mut list)?;
    directory(plan, &mut list)?;
    Ok(Steps { list, slots })
}

fn session(plan: &Plan, host: &Host, list: &mut Vec<Step>) {
    let terminal = &plan.terminal;
    if terminal.setsid {
        list.push(Step::NewSession);
    }
    // Only a group can have the foreground.
    let pgid = terminal.pgid.or(terminal.foreground.map(|_| 0));
    list.extend(pgid.map(Step::ProcessGroup));
    list.extend(terminal.foreground.map(Step::Foreground));
    list.push(Step::Signals(plan.mask.unwrap_or(host.mask)));
    list.extend(plan.nice.map(Step::Nice));
    if let Some(cpus) = &plan.affinity {
        let words = cpus.iter().max().map_or(1, |top| top / 64 + 1);
        let mut mask = vec![0u64; words];
        for cpu in cpus {
            mask[cpu / 64] |= 1 << (cpu % 64);
        }
        list.push(Step::Affinity(mask));
    }
}

fn namespaces(plan: &Plan, list: &mut Vec<Step>) {
    let mine = in_child(plan);
    let write = |list: &mut Vec<Step>, path: &std::ffi::CStr, text: Vec<u8>| {
        list.push(Step::WriteProc { path: path.to_owned(), text });
    };
    if mine.has(Namespaces::USER) {
        list.push(Step::Unshare(Namespaces::USER.bits()));
        if let Some(maps) = &plan.maps {
            if !maps.gid.is_empty() {
                let word = if maps.setgroups { "allow" } else { "deny" };
                write(list, c"/proc/self/setgroups", word.into());
                write(list, c"/proc/self/gid_map", idmap::text(&maps.gid));
            }
            if !maps.uid.is_empty() {
                write(list, c"/proc/self/uid_map", idmap::text(&maps.uid));
            }
        }
    }
    let rest = mine.without(Namespaces::USER).bits() | plan.unshare_flags;
    if rest != 0 {
        list.push(Step::Unshare(rest));
    }
    if !plan.time_offsets.is_empty() {
        let line = |o: &super::plan::TimeOffset| format!("{} {} {}\n", o.clock, o.seconds, o.nanoseconds);
        let text: String = plan.time_offsets.iter().map(line).collect();
        write(list, c"/proc/self/timens_offsets", text.into_bytes());
    }
    if plan.all_namespaces().has(Namespaces::MOUNT) {
        list.push(Step::PrivateMounts);
    }
}

/// Hands out places for descriptors of mounts.
#[derive(Default)]
struct Slots(usize);

impl Slots {
    fn next(&mut self) -> usize {
        self.0 += 1;
        self.0 - 1
    }
}

fn open(mount: &Mount, slot: usize) -> Result<Vec<Step>, Error> {
    let mut list = vec![match &mount.kind {
        MountKind::Bind(source) => Step::OpenTree { slot, source: c(source)? },
        MountKind::Fs { kind, options } => filesystem_of(slot, kind, options)?,
    }];
    if mount.attributes != 0 {
        list.push(Step::Attributes { slot, set: mount.attributes, target: c(&mount.target)? });
    }
    Ok(list)
}

fn filesystem_of(slot: usize, kind: &str, options: &[(String, Option<OsString>)]) -> Result<Step, Error> {
    let option = |(name, value): &(String, Option<OsString>)| -> Result<_, Error> {
        Ok((c(name)?, value.as_ref().map(c).transpose()?))
    };
    let options = options.iter().map(option).collect::<Result<_, Error>>()?;
    Ok(Step::NewFilesystem { slot, kind: c(kind)?, options })
}

/// Every directory above `target`, from the top, without the root.
fn above(target: &Path) -> Vec<PathBuf> {
    let mut dirs: Vec<PathBuf> = target.ancestors().skip(1).map(Path::to_owned).collect();
    dirs.reverse();
    dirs.retain(|dir| dir.components().any(|part| matches!(part, Component::Normal(_))));
    dirs
}

fn attach(mount: &Mount, slot: usize) -> Result<[Step; 2], Error> {
    let above = above(&mount.target).iter().map(c).collect::<Result<_, Error>>()?;
    let target = c(&mount.target)?;
    Ok([Step::MakeTarget { slot, above, target: target.clone() }, Step::Attach { slot, target }])
}

fn filesystem(plan: &Plan, list: &mut Vec<Step>) -> Result<usize, Error> {
    let fs = &plan.fs;
    let mut slots = Slots::default();
    if !fs.mounts.is_empty() {
        list.push(Step::OpenUmask(true));
    }
    let mut opened = Vec::new();
    let mut later = Vec::new();
    for mount in &fs.mounts {
        let slot = slots.next();
        opened.extend(open(mount, slot)?);
        if fs.root.is_some() {
            later.extend(attach(mount, slot)?);
        } else {
            // In place, a later source may lie below an earlier target.
            opened.extend(attach(mount, slot)?);
        }
    }
    let mut masks = Vec::new();
    for path in &fs.masked {
        let (null, empty) = (slots.next(), slots.next());
        opened.push(Step::OpenTree { slot: null, source: c("/dev/null")? });
        opened.push(filesystem_of(empty, "tmpfs", &[])?);
        opened.push(Step::Attributes { slot: empty, set: RDONLY, target: c(path)? });
        masks.push(Step::MaskPath { path: c(path)?, null, empty });
    }
    match &fs.root {
        Some(Root::Pivot { dir, .. }) => {
            let slot = slots.next();
            let at = dir.as_deref().unwrap_or(Path::new("/"));
            opened.push(match dir {
                Some(dir) => Step::OpenTree { slot, source: c(dir)? },
                None => filesystem_of(slot, "tmpfs", &[("mode".into(), Some("0755".into()))])?,
            });
            opened.push(Step::PivotRoot { slot, at: c(at)? });
        }
        Some(Root::Chroot(dir)) if !fs.mounts.is_empty() => opened.push(Step::Chroot(c(dir)?)),
        _ => {}
    }
    list.extend(opened);
    list.extend(later);
    if !fs.mounts.is_empty() {
        list.push(Step::OpenUmask(false));
    }
    list.extend(masks);
    for path in &fs.readonly {
        list.push(Step::ReadonlyPath(c(path)?));
    }
    if let Some(Root::Pivot { readonly: true, .. }) = fs.root {
        list.push(Step::ReadonlyRoot);
    }
    list.extend(plan.hostname.clone().map(|name| Step::HostName(name.into_bytes())));
    list.extend(plan.domainname.clone().map(|name| Step::DomainName(name.into_bytes())));
    if plan.loopback {
        list.push(Step::Loopback);
    }
    if let Some(Root::Chroot(dir)) = &fs.root
        && fs.mounts.is_empty()
    {
        list.push(Step::Chroot(c(dir)?));
    }
    Ok(slots.0)
}

/// The change of user takes the capabilities along where a later step wants them.
fn keeps_capabilities(plan: &Plan) -> bool {
    let changes = plan.identity.as_ref().is_some_and(|who| who.uid.is_some());
    changes && (wants_capabilities(plan) || !plan.limits.is_empty() || holds(plan).0 != 0)
}

/// What the loading of a filter needs where execve shall still gain privileges.
fn holds(plan: &Plan) -> CapSet {
    if plan.seccomp.is_some() && !plan.no_new_privs { CapSet::one(CAP_SYS_ADMIN) } else { CapSet::default() }
}

fn wants_capabilities(plan: &Plan) -> bool {
    let caps = &plan.caps;
    caps.drop.0 | caps.add.0 | caps.ambient.0 != 0 || caps.securebits != 0
}

fn ids(plan: &Plan, list: &mut Vec<Step>) {
    if let Some(who) = &plan.identity {
        list.extend(groups(plan, who).map(Step::SetGroups));
        list.extend(who.gid.map(Step::SetGid));
        list.extend(who.uid.map(Step::SetUid));
    }
    if keeps_capabilities(plan) {
        list.push(Step::RaiseKept);
    }
}

/// The groups to set: none where setgroups is denied, or impossible for want of a map, and there is none
/// to set.
fn groups(plan: &Plan, who: &Identity) -> Option<Vec<u32>> {
    let Groups::Set(groups) = &who.groups else { return None };
    let denied = plan.maps.as_ref().is_some_and(|maps| maps.gid.is_empty() || !maps.setgroups);
    (!(denied && groups.is_empty())).then(|| groups.clone())
}

fn directory(plan: &Plan, list: &mut Vec<Step>) -> Result<(), Error> {
    if let Some(dir) = &plan.workdir {
        list.push(Step::WorkDir(c(dir)?));
    }
    Ok(())
}

fn descriptors(plan: &Plan, list: &mut Vec<Step>) {
    let map = &plan.fds.map;
    if !map.is_empty() {
        let numbers = map.iter().flat_map(|&(to, from)| [Some(to), from]).flatten();
        let above = numbers.max().unwrap_or(2).max(2).saturating_add(1);
        list.push(Step::MoveDescriptors { map: map.clone(), above });
        list.push(Step::PlaceDescriptors(map.clone()));
    }
    if plan.fds.only_listed {
        let mut named: Vec<u32> = map.iter().filter_map(|(to, _)| u32::try_from(*to).ok()).collect();
        named.extend([0, 1, 2]);
        named.sort_unstable();
        named.dedup();
        let mut from = 0;
        for fd in named {
            if fd > from {
                list.push(Step::CloseRange(from, fd - 1));
            }
            from = fd + 1;
        }
        list.push(Step::CloseRange(from, u32::MAX));
    }
}

fn limits(plan: &Plan, host: &Host, list: &mut Vec<Step>) {
    let limit = |resource, soft, hard| Step::Limit { resource, name: limit_name(resource), soft, hard };
    if let Some((soft, hard)) = host.nofile
        && !plan.limits.iter().any(|l| l.resource == libc::RLIMIT_NOFILE)
    {
        list.push(limit(libc::RLIMIT_NOFILE, soft, Some(hard)));
    }
    list.extend(plan.limits.iter().map(|l| limit(l.resource, l.soft, l.hard)));
}

fn capabilities(plan: &Plan, list: &mut Vec<Step>) {
    let caps = &plan.caps;
    if !wants_capabilities(plan) && !keeps_capabilities(plan) {
        return;
    }
    let add = CapSet(caps.add.0 | caps.ambient.0);
    let drop = CapSet(caps.drop.0 & !add.0);
    if caps.securebits != 0 {
        list.push(Step::SecureBits(caps.securebits));
    }
    if drop.0 != 0 {
        list.push(Step::DropBounding(drop));
    }
    let ordinary = plan.identity.as_ref().and_then(|who| who.uid).is_some_and(|uid| uid != 0);
    let hold = if ordinary { holds(plan) } else { CapSet::default() };
    list.push(Step::SetCapabilities { drop, add, only: ordinary, hold });
    list.extend(caps.ambient.numbers().map(Step::Ambient));
}
