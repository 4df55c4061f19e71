//! The launch options: what every command that starts a program takes, by the names that users of
//! unshare, bwrap, nsjail and systemd-run know. It reads words and makes a plan; it starts nothing.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

use syscall_tables::abi::Abi;
use syscall_tables::sets::{process as process_sets, security};
use syscall_tables::signal;

use super::table::{Row, flag, value};
use crate::spawn::caps::CapSet;
use crate::spawn::idmap::Range;
use crate::spawn::namespaces::Namespaces;
use crate::spawn::network::Strategy;
use crate::spawn::plan::{
    Capabilities, Descriptors, Groups, Mount, MountKind, NODEV, NOEXEC, NOSUID, RDONLY, Rlimit, Terminal,
    TimeOffset,
};

/// A new root, as the options give it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NewRoot {
    Chroot(PathBuf),
    Pivot(PathBuf),
    Tmpfs,
}

/// What the launch options ask for.
#[derive(Debug, Default)]
pub(super) struct Launch {
    pub namespaces: Namespaces,
    pub uid_map: Vec<Range>,
    pub gid_map: Vec<Range>,
    pub map_root: bool,
    pub setgroups: Option<bool>,
    pub uid: Option<u32>,
    pub gid: Option<u32>,
    pub groups: Option<Groups>,
    pub user: Option<String>,
    pub root: Option<NewRoot>,
    pub root_readonly: bool,
    pub mounts: Vec<Mount>,
    pub masked: Vec<PathBuf>,
    pub readonly: Vec<PathBuf>,
    pub hostname: Option<String>,
    pub domainname: Option<String>,
    pub workdir: Option<PathBuf>,
    pub caps: Capabilities,
    pub no_new_privs: bool,
    pub limits: Vec<Rlimit>,
    pub cgroup: Option<PathBuf>,
    pub cgroup_settings: Vec<(String, String)>,
    pub systemd_scope: bool,
    pub terminal: Terminal,
    pub foreground: bool,
    pub pdeathsig: Option<i32>,
    pub fds: Descriptors,
    pub exec_fd: Option<i32>,
    pub seccomp: Option<PathBuf>,
    pub network: Option<Strategy>,
    pub argv0: Option<OsString>,
    pub env: Vec<OsString>,
    pub clear_env: bool,
    pub no_aslr: bool,
    pub time_offsets: Vec<TimeOffset>,
    pub nice: Option<i32>,
    pub cpus: Option<Vec<usize>>,
    pub state: Option<PathBuf>,
    pub dry_run: bool,
}

#[rustfmt::skip]
pub(super) const ROWS: &[Row<Launch>] = &[
    value(0, "unshare", "LIST", "new namespaces: user,pid,mount,net,uts,ipc,cgroup,time or all",
        |o, v| Namespaces::parse(&text(v)).map(|set| o.namespaces = o.namespaces.with(set))),
    value(0, "map-uid", "IN:OUT:N", "N user ids from OUT are those from IN inside; may be repeated",
        |o, v| range(v).map(|r| o.uid_map.push(r))),
    value(0, "map-gid", "IN:OUT:N", "the same for group ids", |o, v| range(v).map(|r| o.gid_map.push(r))),
    flag(0, "map-root", "your user and group are root in a new user namespace", |o| o.map_root = true),
    value(0, "setgroups", "WORD", "allow or deny setgroups(2) in the user namespace", |o, v| {
        o.setgroups = Some(word("setgroups", v, &[("allow", true), ("deny", false)])?);
        Ok(())
    }),
    value(0, "uid", "ID", "run with this user id", |o, v| number("uid", v).map(|n| o.uid = Some(n))),
    value(0, "gid", "ID", "run with this group id", |o, v| number("gid", v).map(|n| o.gid = Some(n))),
    value(0, "groups", "LIST", "supplementary group ids: a list, none or keep",
        |o, v| groups(v).map(|g| o.groups = Some(g))),
    value(0, "chroot", "DIR", "change the root with chroot(2)",
        |o, v| root(o, NewRoot::Chroot(path(v)))),
    value(0, "pivot-root", "DIR", "make DIR the root and let go of the old one; 'tmpfs' for an empty one",
        |o, v| root(o, if v == "tmpfs" { NewRoot::Tmpfs } else { NewRoot::Pivot(path(v)) })),
    flag(0, "root-ro", "the new root is read-only", |o| o.root_readonly = true),
    value(0, "bind", "SRC:DST[:ro]", "SRC of the old root at DST of the new one", bind),
    value(0, "tmpfs", "DIR[:OPTS]", "an empty tmpfs, with options as size=64m", tmpfs),
    value(0, "proc", "DIR", "a proc filesystem (usually /proc)",
        |o, v| { o.mounts.push(kernel_mount("proc", v)); Ok(()) }),
    value(0, "sysfs", "DIR", "a sysfs filesystem",
        |o, v| { o.mounts.push(kernel_mount("sysfs", v)); Ok(()) }),
    value(0, "overlay", "DST,OPTS", "an overlay: DST,lower=A[:B…][,upper=U,work=W]", overlay),
    value(0, "mask", "PATH", "hide a file or directory", |o, v| { o.masked.push(path(v)); Ok(()) }),
    value(0, "read-only", "PATH", "make a path read-only", |o, v| { o.readonly.push(path(v)); Ok(()) }),
    value(0, "hostname", "NAME", "host name", |o, v| { o.hostname = Some(text(v)); Ok(()) }),
    value(0, "domainname", "NAME", "NIS domain name", |o, v| { o.domainname = Some(text(v)); Ok(()) }),
    value(0, "workdir", "DIR", "working directory, in the new root", |o, v| { o.workdir = Some(path(v)); Ok(()) }),
    value(0, "cap-add", "LIST", "keep these capabilities in spite of --cap-drop", |o, v| o.caps.add.add_list(&text(v), "--cap-add")),
    value(0, "cap-drop", "LIST", "drop these capabilities for good, or ALL", |o, v| o.caps.drop.add_list(&text(v), "--cap-drop")),
    value(0, "cap-ambient", "LIST", "keep these even for a user other than root",
        |o, v| o.caps.ambient.add_list(&text(v), "--cap-ambient")),
    value(0, "securebits", "LIST", "noroot, no-setuid-fixup, keep-caps, no-cap-ambient-raise, with -locked", securebits),
    flag(0, "no-new-privs", "execve can gain no privilege", |o| o.no_new_privs = true),
    value(0, "rlimit", "NAME=SOFT[:HARD]", "resource limit, as nofile=1024:4096 or core=unlimited", rlimit),
    value(0, "cgroup", "PATH", "start in this cgroup, made and removed where missing",
        |o, v| { o.cgroup = Some(path(v)); Ok(()) }),
    value(0, "cgroup-set", "KEY=VALUE", "a limit of the cgroup, as memory.max=64M", |o, v| {
        let text = text(v);
        let (key, value) = text.split_once('=').ok_or_else(|| format!("--cgroup-set '{text}': KEY=VALUE is wanted, as pids.max=32"))?;
        o.cgroup_settings.push((key.to_owned(), value.to_owned()));
        Ok(())
    }),
    flag(0, "setsid", "a new session", |o| o.terminal.setsid = true),
    value(0, "pgid", "PGID", "join a process group; 0 for a new one", |o, v| number("pgid", v).map(|n: i32| o.terminal.pgid = Some(n))),
    flag(0, "foreground", "a process group of its own in the foreground of the terminal", |o| o.foreground = true),
    flag(0, "ctty", "a new session with the terminal on standard input", |o| {
        o.terminal.setsid = true;
        o.terminal.controlling = Some(0);
    }),
    flag(0, "noctty", "give up the controlling terminal on standard input", |o| o.terminal.release = true),
    value(0, "pdeathsig", "SIGNAL", "signal when the launcher dies", |o, v| {
        let name = text(v);
        let known = name.parse::<u32>().ok().or_else(|| signal::number(&name));
        let signo = known.and_then(|n| i32::try_from(n).ok()).filter(|n| (1..=64).contains(n));
        o.pdeathsig = Some(signo.ok_or_else(|| format!("--pdeathsig '{name}': a signal's name or number is wanted"))?);
        Ok(())
    }),
    value(0, "fd", "N=M", "the program's descriptor N is ours M; N=- closes it", descriptor),
    flag(0, "close-fds", "close every descriptor above 2 that --fd does not name", |o| o.fds.only_listed = true),
    value(0, "exec-fd", "N", "execute the open descriptor N; the command gives the arguments", |o, v| number("exec-fd", v).map(|n: i32| o.exec_fd = Some(n))),
    value(0, "seccomp", "FILE", "seccomp filter: raw BPF or an OCI profile (JSON)", |o, v| { o.seccomp = Some(path(v)); Ok(()) }),
    value(0, "net", "STRATEGY", "a network of its own: none, loopback or veth:address=…",
        |o, v| Strategy::parse(&text(v)).map(|s| o.network = Some(s)).map_err(|e| format!("--net: {e}"))),
    value(0, "argv0", "NAME", "the command's argv[0]", |o, v| { o.argv0 = Some(v.to_owned()); Ok(()) }),
    value(b'E', "env", "VAR[=VALUE]", "set or unset a variable of the command", |o, v| { o.env.push(v.to_owned()); Ok(()) }),
    flag(0, "clear-env", "start from an empty environment", |o| o.clear_env = true),
    value(b'u', "user", "NAME", "run as this user, with its groups", |o, v| { o.user = Some(text(v)); Ok(()) }),
    flag(0, "no-aslr", "no address space randomisation", |o| o.no_aslr = true),
    value(0, "timens-offset", "CLOCK=SECONDS", "offset of monotonic or boottime in a new time namespace", time_offset),
    value(0, "nice", "N", "nice value, -20 to 19", |o, v| number("nice", v).map(|n: i32| o.nice = Some(n))),
    value(0, "cpus", "LIST", "CPUs to run on, as 0,2-3", |o, v| cpus(v).map(|list| o.cpus = Some(list))),
    value(0, "state", "FILE", "keep what was launched in FILE as JSON while it lives", |o, v| { o.state = Some(path(v)); Ok(()) }),
    flag(0, "systemd-scope", "a transient scope of systemd for the limits of --cgroup-set", |o| o.systemd_scope = true),
    flag(0, "dry-run", "print the steps of the launch and start nothing", |o| o.dry_run = true),
];

fn text(value: &OsStr) -> String {
    value.to_string_lossy().into_owned()
}

fn path(value: &OsStr) -> PathBuf {
    PathBuf::from(value)
}

fn number<N: std::str::FromStr>(what: &str, value: &OsStr) -> Result<N, String> {
    text(value).parse().map_err(|_| format!("--{what} '{}': a number is wanted", text(value)))
}

fn range(value: &OsStr) -> Result<Range, String> {
    text(value).parse().map_err(|error: crate::spawn::idmap::RangeError| error.to_string())
}

fn word<W: Copy>(what: &str, value: &OsStr, words: &[(&str, W)]) -> Result<W, String> {
    let text = text(value);
    words.iter().find(|(name, _)| *name == text).map(|(_, word)| *word).ok_or_else(|| {
        let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
        format!("--{what} '{text}': {} is wanted", names.join(" or "))
    })
}

fn root(launch: &mut Launch, root: NewRoot) -> Result<(), String> {
    if launch.root.replace(root).is_some() {
        return Err("--chroot and --pivot-root: one new root is enough; give one".into());
    }
    Ok(())
}

fn groups(value: &OsStr) -> Result<Groups, String> {
    match &*text(value) {
        "keep" => Ok(Groups::Keep),
        "none" | "" => Ok(Groups::Set(Vec::new())),
        list => {
            let ids = list.split(',').map(|id| id.parse::<u32>());
            let ids: Result<Vec<u32>, _> = ids.collect();
            let bad = |_| format!("--groups '{list}': ids separated by commas, none or keep are wanted");
            ids.map(Groups::Set).map_err(bad)
        }
    }
}

fn bind(launch: &mut Launch, value: &OsStr) -> Result<(), String> {
    let parts: Vec<&[u8]> = value.as_bytes().split(|&b| b == b':').collect();
    let wrong =
        || format!("--bind '{}': SRC:DST or SRC:DST:ro is wanted, and paths without ':'", text(value));
    let (source, target, attributes) = match parts[..] {
        [source, target] => (source, target, 0),
        [source, target, b"ro"] => (source, target, RDONLY),
        [source, target, b"rw"] => (source, target, 0),
        _ => return Err(wrong()),
    };
    if source.is_empty() || target.is_empty() {
        return Err(wrong());
    }
    let path = |bytes: &[u8]| PathBuf::from(OsString::from_vec(bytes.to_vec()));
    let kind = MountKind::Bind(path(source));
    launch.mounts.push(Mount { kind, target: path(target), attributes });
    Ok(())
}

fn options(list: &str) -> Vec<(String, Option<OsString>)> {
    let one = |option: &str| match option.split_once('=') {
        Some((name, value)) => (name.to_owned(), Some(OsString::from(value))),
        None => (option.to_owned(), None),
    };
    list.split(',').filter(|option| !option.is_empty()).map(one).collect()
}

fn tmpfs(launch: &mut Launch, value: &OsStr) -> Result<(), String> {
    let text = text(value);
    let (target, list) = text.split_once(':').unwrap_or((&text, ""));
    let kind = MountKind::Fs { kind: "tmpfs".into(), options: options(list) };
    launch.mounts.push(Mount { kind, target: PathBuf::from(target), attributes: NOSUID | NODEV });
    Ok(())
}

fn kernel_mount(kind: &str, target: &OsStr) -> Mount {
    Mount {
        kind: MountKind::Fs { kind: kind.into(), options: Vec::new() },
        target: path(target),
        attributes: NOSUID | NODEV | NOEXEC,
    }
}

fn overlay(launch: &mut Launch, value: &OsStr) -> Result<(), String> {
    let whole = text(value);
    let (target, list) = whole.split_once(',').unwrap_or((&whole, ""));
    let mut layers = options(list);
    for (name, _) in &mut layers {
        if ["lower", "upper", "work"].contains(&name.as_str()) {
            name.push_str("dir");
        }
    }
    if !layers.iter().any(|(name, value)| name == "lowerdir" && value.is_some()) {
        return Err(format!("--overlay '{whole}': DST,lower=A[:B…][,upper=U,work=W] is wanted"));
    }
    let kind = MountKind::Fs { kind: "overlay".into(), options: layers };
    launch.mounts.push(Mount { kind, target: PathBuf::from(target), attributes: 0 });
    Ok(())
}

fn securebits(launch: &mut Launch, value: &OsStr) -> Result<(), String> {
    for name in text(value).split(',').filter(|name| !name.is_empty()) {
        let upper = name.to_ascii_uppercase().replace('-', "_");
        let full = if upper.starts_with("SECBIT_") { upper } else { format!("SECBIT_{upper}") };
        let bit = security::SECUREBITS.value_of(Abi::X86_64, &full).ok_or_else(|| {
            format!("--securebits: unknown bit '{name}'; noroot, no-setuid-fixup, keep-caps, no-cap-ambient-raise, each with -locked")
        })?;
        launch.caps.securebits |= bit as u32;
    }
    Ok(())
}

fn rlimit(launch: &mut Launch, value: &OsStr) -> Result<(), String> {
    let whole = text(value);
    let wrong = || {
        format!(
            "--rlimit '{whole}': NAME=SOFT or NAME=SOFT:HARD is wanted, as nofile=1024:4096 or core=unlimited"
        )
    };
    let (name, values) = whole.split_once('=').ok_or_else(wrong)?;
    let full = format!("RLIMIT_{}", name.trim_start_matches("RLIMIT_").to_ascii_uppercase());
    let resource = process_sets::RLIMIT
        .value_of(Abi::X86_64, &full)
        .ok_or_else(|| format!("--rlimit: unknown resource '{name}'; see getrlimit(2)"))?;
    let amount = |text: &str| match text {
        "unlimited" | "infinity" | "-1" => Ok(u64::MAX),
        _ => text.parse::<u64>().map_err(|_| wrong()),
    };
    let (soft, hard) = match values.split_once(':') {
        Some((soft, hard)) => (amount(soft)?, Some(amount(hard)?)),
        None => (amount(values)?, None),
    };
    launch.limits.push(Rlimit { resource: resource as u32, soft, hard });
    Ok(())
}

fn descriptor(launch: &mut Launch, value: &OsStr) -> Result<(), String> {
    let whole = text(value);
    let wrong = || format!("--fd '{whole}': N=M is wanted, as 3=7, or N=- to close N");
    let (to, from) = whole.split_once('=').ok_or_else(wrong)?;
    let to = to.parse().map_err(|_| wrong())?;
    let from = if from == "-" { None } else { Some(from.parse().map_err(|_| wrong())?) };
    launch.fds.map.push((to, from));
    Ok(())
}

fn time_offset(launch: &mut Launch, value: &OsStr) -> Result<(), String> {
    let whole = text(value);
    let wrong = || format!("--timens-offset '{whole}': monotonic=SECONDS or boottime=SECONDS is wanted");
    let (clock, seconds) = whole.split_once('=').ok_or_else(wrong)?;
    let clock = word("timens-offset", OsStr::new(clock), &[("monotonic", 1), ("boottime", 7)])
        .map_err(|_| wrong())?;
    let seconds = seconds.parse().map_err(|_| wrong())?;
    launch.time_offsets.push(TimeOffset { clock, seconds, nanoseconds: 0 });
    Ok(())
}

/// `0,2-3` as numbers.
fn cpus(value: &OsStr) -> Result<Vec<usize>, String> {
    /// Far above any machine; keeps a mistyped range from filling memory.
    const MOST: usize = 8192;
    let whole = text(value);
    let wrong = || format!("--cpus '{whole}': numbers and ranges below {MOST} are wanted, as 0,2-3");
    let mut list = Vec::new();
    for part in whole.split(',') {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let (from, to): (usize, usize) =
            (from.parse().map_err(|_| wrong())?, to.parse().map_err(|_| wrong())?);
        if from > to || to >= MOST {
            return Err(wrong());
        }
        list.extend(from..=to);
    }
    Ok(list)
}

impl Launch {
    /// Every namespace that the options ask for, said or implied.
    pub(super) fn all_namespaces(&self) -> Namespaces {
        let implied = [
            (self.map_root || !self.uid_map.is_empty() || !self.gid_map.is_empty(), Namespaces::USER),
            (!self.mounts.is_empty() || !self.masked.is_empty(), Namespaces::MOUNT),
            (!self.readonly.is_empty(), Namespaces::MOUNT),
            (matches!(self.root, Some(NewRoot::Pivot(_) | NewRoot::Tmpfs)), Namespaces::MOUNT),
            (self.hostname.is_some() || self.domainname.is_some(), Namespaces::UTS),
            (self.network.is_some(), Namespaces::NET),
            (!self.time_offsets.is_empty(), Namespaces::TIME),
        ];
        let wanted = implied.into_iter().filter(|(wanted, _)| *wanted);
        wanted.fold(self.namespaces, |all, (_, kind)| all.with(kind))
    }

    /// Whether any option was given that only a launch can honour.
    pub(super) fn asks(&self) -> bool {
        self.user.is_some() || self.argv0.is_some() || self.clear_env || self.prepares()
    }

    /// Whether more was asked for than a user, an environment and a name.
    pub(super) fn prepares(&self) -> bool {
        let plain = Self::default();
        self.all_namespaces() != plain.namespaces
            || self.uid.is_some()
            || self.gid.is_some()
            || self.groups.is_some()
            || self.root.is_some()
            || self.workdir.is_some()
            || self.caps != plain.caps
            || self.caps.drop != CapSet::default()
            || self.no_new_privs
            || !self.limits.is_empty()
            || self.cgroup.is_some()
            || self.terminal != plain.terminal
            || self.foreground
            || self.pdeathsig.is_some()
            || self.fds != plain.fds
            || self.exec_fd.is_some()
            || self.seccomp.is_some()
            || self.no_aslr
            || self.nice.is_some()
            || self.cpus.is_some()
            || self.state.is_some()
            || self.dry_run
    }
}
