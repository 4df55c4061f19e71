//! From launch options and a command to a plan and what the parent holds for it.

use std::ffi::{CString, OsStr, OsString};
use std::fs;
use std::io::IsTerminal;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use super::launch::{Launch, NewRoot};
use super::options::error_text;
use crate::profile::{self, actions};
use crate::spawn::caps::{self, CapSet};
use crate::spawn::find;
use crate::spawn::idmap::{self, Range};
use crate::spawn::launch::{CgroupRequest, Request};
use crate::spawn::network::Strategy;
use crate::spawn::plan::{FilterInsn, Groups, IdMaps, Identity, Plan, Program, Root};
use crate::sys::process;

/// ADDR_NO_RANDOMIZE of personality(2).
const NO_RANDOMIZE: u64 = 0x0004_0000;

/// The request that `launch` makes of `command`.
///
/// # Errors
/// One sentence: what is wrong or missing.
pub(super) fn request(launch: &Launch, command: &[OsString]) -> Result<Request, String> {
    let env = environment(launch);
    let root = root(launch);
    let mut argv = command.to_vec();
    let mut plan = match launch.exec_fd {
        Some(fd) => Plan { program: Program::Fd(fd), ..Plan::new("", argv) },
        None => {
            let found = program(&command[0], &env, root.as_ref())?;
            if let Some(name) = &launch.argv0 {
                argv[0].clone_from(name);
            }
            Plan::new(found, argv)
        }
    };
    let changed = launch.clear_env || !launch.env.is_empty();
    plan.env = changed.then_some(env);
    plan.workdir.clone_from(&launch.workdir);
    plan.namespaces = launch.all_namespaces();
    plan.maps = maps(launch);
    plan.identity = identity(launch, plan.maps.as_ref())?;
    plan.time_offsets.clone_from(&launch.time_offsets);
    plan.terminal = launch.terminal.clone();
    if launch.foreground {
        plan.terminal.foreground = Some(terminal()?);
    }
    plan.pdeathsig = launch.pdeathsig;
    plan.fds = launch.fds.clone();
    plan.limits.clone_from(&launch.limits);
    plan.hostname.clone_from(&launch.hostname);
    plan.domainname.clone_from(&launch.domainname);
    plan.fs.mounts.clone_from(&launch.mounts);
    plan.fs.masked.clone_from(&launch.masked);
    plan.fs.readonly.clone_from(&launch.readonly);
    plan.fs.root = root;
    plan.loopback = matches!(launch.network, Some(Strategy::Loopback));
    plan.caps = launch.caps;
    plan.no_new_privs = launch.no_new_privs;
    if let Some(path) = &launch.seccomp {
        let (insns, flags) = filter(path, launch)?;
        (plan.seccomp, plan.seccomp_flags) = (Some(insns), flags);
    }
    plan.personality = launch.no_aslr.then_some(NO_RANDOMIZE);
    plan.affinity.clone_from(&launch.cpus);
    plan.nice = launch.nice;
    Ok(Request {
        plan,
        cgroup: cgroup(launch)?,
        network: launch.network.clone().unwrap_or_default(),
        state: launch.state.clone(),
    })
}

fn cgroup(launch: &Launch) -> Result<Option<CgroupRequest>, String> {
    let settings = launch.cgroup_settings.clone();
    match (&launch.cgroup, launch.systemd_scope) {
        (Some(_), true) => Err("--cgroup and --systemd-scope: systemd chooses the cgroup; give one".into()),
        (Some(path), false) => Ok(Some(CgroupRequest::Path { path: path.clone(), settings })),
        (None, true) => Ok(Some(CgroupRequest::Scope { settings })),
        (None, false) if settings.is_empty() => Ok(None),
        (None, false) => Err("--cgroup-set needs a cgroup: name one with --cgroup PATH".into()),
    }
}

fn root(launch: &Launch) -> Option<Root> {
    let readonly = launch.root_readonly;
    Some(match launch.root.as_ref()? {
        NewRoot::Chroot(dir) => Root::Chroot(dir.clone()),
        NewRoot::Pivot(dir) => Root::Pivot { dir: Some(dir.clone()), readonly },
        NewRoot::Tmpfs => Root::Pivot { dir: None, readonly },
    })
}

fn program(name: &OsStr, env: &[OsString], root: Option<&Root>) -> Result<PathBuf, String> {
    let path = env.iter().find_map(|var| var.as_bytes().strip_prefix(b"PATH=")).map(OsStr::from_bytes);
    let found = match root {
        None => find::find(name, path),
        Some(Root::Chroot(dir) | Root::Pivot { dir: Some(dir), .. }) => {
            // What is mounted there later may hold it; the host's place is the best guess then.
            find::find_below(dir, name, path).or_else(|_| find::find(name, path))
        }
        Some(Root::Pivot { dir: None, .. }) if name.as_bytes().contains(&b'/') => return Ok(name.into()),
        Some(Root::Pivot { dir: None, .. }) => find::find(name, path),
    };
    found.map_err(|error| error.to_string())
}

/// The environment of the command, `NAME=value` each.
fn environment(launch: &Launch) -> Vec<OsString> {
    let name = |var: &OsStr| var.as_bytes().split(|&b| b == b'=').next().unwrap_or(b"").to_vec();
    let join = |(mut name, value): (OsString, OsString)| {
        name.push("=");
        name.push(value);
        name
    };
    let mut env: Vec<OsString> =
        if launch.clear_env { Vec::new() } else { std::env::vars_os().map(join).collect() };
    for change in &launch.env {
        env.retain(|var| name(var) != name(change));
        if change.as_bytes().contains(&b'=') {
            env.push(change.clone());
        }
    }
    env
}

/// The maps of a new user namespace; `None` without one, or when none was asked for.
fn maps(launch: &Launch) -> Option<IdMaps> {
    let mut maps = IdMaps { uid: launch.uid_map.clone(), gid: launch.gid_map.clone(), setgroups: false };
    if launch.map_root {
        maps.uid.push(Range::one(0, process::effective_uid()));
        maps.gid.push(Range::one(0, process::effective_gid()));
    }
    maps.setgroups = launch.setgroups.unwrap_or(process::effective_uid() == 0);
    let any = !maps.uid.is_empty() || !maps.gid.is_empty() || launch.setgroups.is_some();
    any.then_some(maps)
}

/// The ids to run with: as asked; else root inside where the maps leave the caller's own ids out.
fn identity(launch: &Launch, maps: Option<&IdMaps>) -> Result<Option<Identity>, String> {
    if let Some(name) = &launch.user {
        if launch.uid.is_some() || launch.gid.is_some() {
            return Err("--user and --uid or --gid: the user's ids come with its name; give one".into());
        }
        let mut identity = user(name)?;
        if let Some(groups) = &launch.groups {
            identity.groups.clone_from(groups);
        }
        return Ok(Some(identity));
    }
    let lost = |ranges: &[Range], own: u32| {
        let has_own = ranges.iter().any(|r| own >= r.outside && own - r.outside < r.count);
        (!ranges.is_empty() && !has_own && idmap::outside(ranges, 0).is_some()).then_some(0)
    };
    let uid = launch.uid.or(maps.and_then(|maps| lost(&maps.uid, process::effective_uid())));
    let gid = launch.gid.or(maps.and_then(|maps| lost(&maps.gid, process::effective_gid())));
    if uid.is_none() && gid.is_none() && launch.groups.is_none() {
        return Ok(None);
    }
    Ok(Some(Identity { uid, gid, groups: launch.groups.clone().unwrap_or_default() }))
}

/// A user by name with its groups, or `UID:GID` with none.
pub(super) fn user(text: &str) -> Result<Identity, String> {
    if let Some((uid, gid)) = text.split_once(':')
        && let (Ok(uid), Ok(gid)) = (uid.parse(), gid.parse())
    {
        return Ok(Identity { uid: Some(uid), gid: Some(gid), groups: Groups::Set(Vec::new()) });
    }
    let found = nix::unistd::User::from_name(text).ok().flatten();
    let found = found.ok_or_else(|| format!("Cannot find user '{text}'"))?;
    let name = CString::new(text).map_err(|_| format!("Cannot find user '{text}'"))?;
    let groups =
        nix::unistd::getgrouplist(&name, found.gid).map_err(|e| format!("groups of '{text}': {e}"))?;
    Ok(Identity {
        uid: Some(found.uid.as_raw()),
        gid: Some(found.gid.as_raw()),
        groups: Groups::Set(groups.iter().map(|g| g.as_raw()).collect()),
    })
}

fn terminal() -> Result<i32, String> {
    let streams = [
        (0, std::io::stdin().is_terminal()),
        (1, std::io::stdout().is_terminal()),
        (2, std::io::stderr().is_terminal()),
    ];
    let found = streams.iter().find(|(_, is)| *is).map(|(fd, _)| *fd);
    found.ok_or_else(|| "--foreground needs a terminal on standard input, output or error".into())
}

/// The instructions and flags of a filter file: raw BPF, or an OCI profile.
fn filter(path: &PathBuf, launch: &Launch) -> Result<(Vec<FilterInsn>, u64), String> {
    let shown = path.display();
    let bytes = fs::read(path).map_err(|e| format!("--seccomp '{shown}': {}", error_text(&e)))?;
    let loaded =
        profile::load(&bytes, &profile_host(launch)).map_err(|e| format!("--seccomp '{shown}': {e}"))?;
    for warning in &loaded.warnings {
        eprintln!("trace: {shown}: {warning}");
    }
    let insn = |i: &crate::bpf::Insn| FilterInsn { code: i.code, jt: i.jt, jf: i.jf, k: i.k };
    let flags = loaded.flags.iter().fold(0, |all, flag| all | flag_bit(*flag));
    Ok((loaded.program.insns().iter().map(insn).collect(), flags))
}

/// SECCOMP_FILTER_FLAG_* of one flag. TSYNC says nothing to a program that has one thread when its filter is
/// loaded, and there is no supervisor to wait for.
pub(super) fn flag_bit(flag: actions::Flag) -> u64 {
    match flag {
        actions::Flag::Log | actions::Flag::SpecAllow => u64::from(flag.bits()),
        actions::Flag::Tsync | actions::Flag::WaitKillableRecv => 0,
    }
}

/// What a profile may depend on: the capabilities that the program gets, and the kernel.
pub(super) fn profile_host(launch: &Launch) -> profile::Host {
    let hex = process::status_field(std::process::id() as i32, "CapEff").unwrap_or_default();
    let own = u64::from_str_radix(&hex, 16).unwrap_or(0);
    let add = launch.caps.add.0 | launch.caps.ambient.0;
    let caps = CapSet(own & !launch.caps.drop.0 | add).numbers().map(caps::name).collect();
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let mut numbers = release.split(|c: char| !c.is_ascii_digit()).map(str::parse::<u32>);
    let kernel = match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => Some((major, minor)),
        _ => None,
    };
    profile::Host { caps, kernel, enosys_beyond: true }
}
