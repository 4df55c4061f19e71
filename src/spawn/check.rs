//! What is wrong with a plan, found before anything is started.

use std::ffi::OsString;
use std::fmt;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::caps;
use super::error::shown;
use super::idmap::{self, MAX_RANGES, Range};
use super::namespaces::Namespaces;
use super::plan::{MountKind, Plan, Program, Root};

/// The longest text that one write to a map file may have: a page.
const MAX_MAP_BYTES: usize = 4096;
/// Most bytes of a value that fsconfig(2) takes (255 and a NUL).
const MAX_OPTION: usize = 255;
/// BPF_MAXINSNS of linux/bpf_common.h.
const MAX_FILTER: usize = 4096;
/// Most bytes of a host or domain name (__NEW_UTS_LEN).
const MAX_NAME: usize = 64;

/// What is wrong with a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Invalid {
    /// No name of the program in its arguments.
    NoArguments,
    /// Both a foreground terminal and a controlling one.
    ForegroundAndControlling,
    /// A foreground group in a new session, which has no terminal.
    ForegroundAndSession,
    /// A controlling terminal without a new session.
    ControllingWithoutSession,
    /// A controlling terminal that the child does not have.
    ControllingNotInChild(i32),
    /// A new session leads its own group and joins no other.
    SessionAndGroup(i32),
    /// A negative descriptor.
    Descriptor(i32),
    /// One number of the child is given twice.
    DescriptorTwice(i32),
    /// Something that a namespace must be new for.
    NeedsNamespace(&'static str, &'static str),
    /// A namespace is asked for twice.
    NamespaceTwice(Namespaces),
    /// More ranges than the kernel takes.
    TooManyRanges(&'static str, usize),
    /// Too long a map.
    MapTooLong(&'static str, usize),
    /// No ids, or beyond 32 bits.
    Range(&'static str, Range),
    /// Two ranges share an id.
    RangesOverlap(&'static str, Range, Range),
    /// A uid is asked for that the map does not hold.
    NotMapped(&'static str, u32),
    /// A path that must be absolute.
    NotAbsolute(&'static str, PathBuf),
    /// A path with `..` in it.
    DotDot(PathBuf),
    /// A soft limit over the hard one.
    SoftOverHard(&'static str, u64, u64),
    /// Not a host or domain name.
    Name(&'static str, String),
    /// Not 1 to 64.
    Signal(i32),
    /// Outside -20 to 19.
    Nice(i32),
    /// No CPU at all.
    NoCpu,
    /// Nanoseconds outside a second, or a clock without offsets.
    TimeOffset(i32, u32),
    /// No instruction, or more than the kernel takes.
    Filter(usize),
    /// A value that is longer than fsconfig(2) takes.
    OptionTooLong(String),
    /// Flags that have a field of their own, or are signals.
    UnshareFlags(u64),
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoArguments => f.write_str("no program: its name is the first argument"),
            Self::ForegroundAndControlling => f.write_str(
                "both --ctty and --foreground: a new session takes a terminal of its own, the foreground is of the old one; give one",
            ),
            Self::ForegroundAndSession => {
                f.write_str("both --setsid and --foreground: a new session has no terminal yet; give one")
            }
            Self::ControllingWithoutSession => {
                f.write_str("--ctty needs --setsid: only the leader of a new session can take a terminal")
            }
            Self::ControllingNotInChild(fd) => {
                write!(f, "--ctty: descriptor {fd} is not open in the program; name one that --fd gives it")
            }
            Self::SessionAndGroup(pgid) => {
                write!(f, "--setsid and --pgid {pgid}: the leader of a new session cannot join a group; give one")
            }
            Self::Descriptor(fd) => write!(f, "descriptor {fd}: numbers from 0 are wanted"),
            Self::DescriptorTwice(fd) => write!(f, "descriptor {fd} of the program is given twice"),
            Self::NeedsNamespace(what, kind) => {
                write!(f, "{what} needs a namespace of its own: add {kind} to --unshare")
            }
            Self::NamespaceTwice(kinds) => {
                write!(f, "the namespaces {kinds} are asked for both at the clone and late")
            }
            Self::TooManyRanges(kind, count) => {
                write!(f, "{count} ranges of {kind} ids: the kernel takes at most {MAX_RANGES}; join neighbours")
            }
            Self::MapTooLong(kind, bytes) => write!(
                f,
                "the map of {kind} ids is {bytes} bytes long: the kernel takes it in one write of at most {MAX_MAP_BYTES}; join neighbours"
            ),
            Self::Range(kind, range) => {
                write!(f, "{kind} id map {range}: at least one id, and none beyond 4294967294")
            }
            Self::RangesOverlap(kind, a, b) => write!(f, "the {kind} id maps {a} and {b} share ids"),
            Self::NotMapped(kind, id) => {
                write!(f, "{kind} id {id} is not in the map of the user namespace: add a range that holds it")
            }
            Self::NotAbsolute(what, path) => {
                write!(f, "{what} '{}' must be an absolute path", shown(path.as_os_str().as_bytes()))
            }
            Self::DotDot(path) => {
                write!(f, "'{}' must not hold '..'", shown(path.as_os_str().as_bytes()))
            }
            Self::SoftOverHard(name, soft, hard) => {
                write!(f, "limit {name}: the soft limit {soft} is above the hard one {hard}")
            }
            Self::Name(what, name) => {
                let name = shown(name.as_bytes());
                write!(f, "{what} '{name}': 1 to {MAX_NAME} bytes without a NUL are wanted")
            }
            Self::Signal(signo) => write!(f, "signal {signo}: 1 to 64 are wanted"),
            Self::Nice(nice) => write!(f, "nice value {nice}: -20 to 19 are wanted"),
            Self::NoCpu => f.write_str("an affinity without any CPU"),
            Self::TimeOffset(clock, nanoseconds) => write!(
                f,
                "time offset of clock {clock} with {nanoseconds} ns: only monotonic (1) and boottime (7) have offsets, and nanoseconds end at 999999999"
            ),
            Self::OptionTooLong(name) => write!(
                f,
                "the mount option '{name}' is longer than {MAX_OPTION} bytes, the most that the kernel takes; use shorter paths"
            ),
            Self::Filter(count) => {
                write!(f, "a seccomp filter of {count} instructions: 1 to {MAX_FILTER} are wanted")
            }
            Self::UnshareFlags(bits) => {
                write!(f, "unshare flags {bits:#x}: namespaces are named, and bits below 0x100 are signals")
            }
        }
    }
}

/// The first thing that is wrong with `plan`.
///
/// # Errors
/// Any of [`Invalid`].
pub fn check(plan: &Plan) -> Result<(), Invalid> {
    if plan.argv.is_empty() {
        return Err(Invalid::NoArguments);
    }
    if let Program::Fd(fd) = plan.program
        && fd < 0
    {
        return Err(Invalid::Descriptor(fd));
    }
    terminal(plan)?;
    descriptors(plan)?;
    namespaces(plan)?;
    if let Some(maps) = &plan.maps {
        ranges("user", &maps.uid)?;
        ranges("group", &maps.gid)?;
    }
    identity(plan)?;
    filesystem(plan)?;
    numbers(plan)
}

fn terminal(plan: &Plan) -> Result<(), Invalid> {
    let terminal = &plan.terminal;
    if terminal.controlling.is_some() && terminal.foreground.is_some() {
        return Err(Invalid::ForegroundAndControlling);
    }
    if terminal.foreground.is_some() && terminal.setsid {
        return Err(Invalid::ForegroundAndSession);
    }
    if terminal.controlling.is_some() && !terminal.setsid {
        return Err(Invalid::ControllingWithoutSession);
    }
    if let Some(fd) = terminal.controlling {
        let mapped = plan.fds.map.iter().find(|(to, _)| *to == fd);
        let open = match mapped {
            Some((_, from)) => from.is_some(),
            None => (0..=2).contains(&fd),
        };
        if !open {
            return Err(Invalid::ControllingNotInChild(fd));
        }
    }
    match terminal.pgid {
        Some(pgid) if terminal.setsid => Err(Invalid::SessionAndGroup(pgid)),
        _ => Ok(()),
    }
}

fn descriptors(plan: &Plan) -> Result<(), Invalid> {
    let map = &plan.fds.map;
    for (at, &(to, from)) in map.iter().enumerate() {
        if let Some(bad) = [Some(to), from].into_iter().flatten().find(|fd| *fd < 0) {
            return Err(Invalid::Descriptor(bad));
        }
        if map[..at].iter().any(|(other, _)| *other == to) {
            return Err(Invalid::DescriptorTwice(to));
        }
    }
    let others = [plan.terminal.foreground, plan.cgroup];
    others.into_iter().flatten().find(|fd| *fd < 0).map_or(Ok(()), |fd| Err(Invalid::Descriptor(fd)))
}

fn namespaces(plan: &Plan) -> Result<(), Invalid> {
    let all = plan.all_namespaces();
    let twice = Namespaces::from_bits(plan.namespaces.bits() & plan.late.bits());
    if !twice.is_empty() {
        return Err(Invalid::NamespaceTwice(twice));
    }
    let named = Namespaces::from_bits(u64::MAX).bits();
    if plan.unshare_flags & (named | 0xff) != 0 {
        return Err(Invalid::UnshareFlags(plan.unshare_flags));
    }
    let fs = &plan.fs;
    let mounts = !fs.mounts.is_empty() || !fs.masked.is_empty() || !fs.readonly.is_empty();
    let pivots = matches!(fs.root, Some(Root::Pivot { .. }));
    let rows = [
        (plan.maps.is_some(), Namespaces::USER, "a map of ids", "user"),
        (!plan.time_offsets.is_empty(), Namespaces::TIME, "a time offset", "time"),
        (mounts || pivots, Namespaces::MOUNT, "a mount or a pivoted root", "mount"),
        (plan.hostname.is_some(), Namespaces::UTS, "a host name", "uts"),
        (plan.domainname.is_some(), Namespaces::UTS, "a domain name", "uts"),
        (plan.loopback, Namespaces::NET, "a loopback device", "net"),
    ];
    let lacks = rows.iter().find(|(wanted, kind, _, _)| *wanted && !all.has(*kind));
    lacks.map_or(Ok(()), |(_, _, what, kind)| Err(Invalid::NeedsNamespace(what, kind)))
}

fn ranges(kind: &'static str, ranges: &[Range]) -> Result<(), Invalid> {
    if ranges.len() > MAX_RANGES {
        return Err(Invalid::TooManyRanges(kind, ranges.len()));
    }
    for (at, range) in ranges.iter().enumerate() {
        if !range.is_sound() {
            return Err(Invalid::Range(kind, *range));
        }
        if let Some(other) = ranges[..at].iter().find(|other| range.overlaps(other)) {
            return Err(Invalid::RangesOverlap(kind, *other, *range));
        }
    }
    let bytes = idmap::text(ranges).len();
    if bytes >= MAX_MAP_BYTES { Err(Invalid::MapTooLong(kind, bytes)) } else { Ok(()) }
}

fn identity(plan: &Plan) -> Result<(), Invalid> {
    let (Some(identity), Some(maps)) = (&plan.identity, &plan.maps) else { return Ok(()) };
    let rows = [("user", identity.uid, &maps.uid), ("group", identity.gid, &maps.gid)];
    for (kind, id, ranges) in rows {
        if let Some(id) = id
            && !ranges.is_empty()
            && idmap::outside(ranges, id).is_none()
        {
            return Err(Invalid::NotMapped(kind, id));
        }
    }
    Ok(())
}

fn absolute(what: &'static str, path: &Path) -> Result<(), Invalid> {
    if !path.is_absolute() {
        return Err(Invalid::NotAbsolute(what, path.to_owned()));
    }
    let dots = path.components().any(|part| part.as_os_str() == "..");
    if dots { Err(Invalid::DotDot(path.to_owned())) } else { Ok(()) }
}

fn filesystem(plan: &Plan) -> Result<(), Invalid> {
    let fs = &plan.fs;
    for mount in &fs.mounts {
        absolute("the mount point", &mount.target)?;
        match &mount.kind {
            MountKind::Bind(source) if source.as_os_str().is_empty() => {
                return Err(Invalid::NotAbsolute("the source of a mount", source.clone()));
            }
            MountKind::Bind(_) => {}
            MountKind::Fs { options, .. } => {
                let long = |value: &OsString| value.len() > MAX_OPTION;
                if let Some((name, _)) = options.iter().find(|(_, value)| value.as_ref().is_some_and(long)) {
                    return Err(Invalid::OptionTooLong(name.clone()));
                }
            }
        }
    }
    for path in fs.masked.iter().chain(&fs.readonly) {
        absolute("the path", path)?;
    }
    if fs.root.is_some()
        && let Some(dir) = &plan.workdir
        && !dir.is_absolute()
    {
        return Err(Invalid::NotAbsolute("with a new root the working directory", dir.clone()));
    }
    Ok(())
}

fn numbers(plan: &Plan) -> Result<(), Invalid> {
    for limit in &plan.limits {
        if let Some(hard) = limit.hard
            && limit.soft > hard
        {
            return Err(Invalid::SoftOverHard(super::compile::limit_name(limit.resource), limit.soft, hard));
        }
    }
    for (what, name) in [("host name", &plan.hostname), ("domain name", &plan.domainname)] {
        if let Some(name) = name
            && (name.is_empty() || name.len() > MAX_NAME || name.contains('\0'))
        {
            return Err(Invalid::Name(what, name.clone()));
        }
    }
    if let Some(signo) = plan.pdeathsig
        && !(1..=64).contains(&signo)
    {
        return Err(Invalid::Signal(signo));
    }
    if let Some(nice) = plan.nice
        && !(-20..=19).contains(&nice)
    {
        return Err(Invalid::Nice(nice));
    }
    if plan.affinity.as_ref().is_some_and(Vec::is_empty) {
        return Err(Invalid::NoCpu);
    }
    let bad = plan.time_offsets.iter().find(|o| ![1, 7].contains(&o.clock) || o.nanoseconds > 999_999_999);
    if let Some(offset) = bad {
        return Err(Invalid::TimeOffset(offset.clock, offset.nanoseconds));
    }
    match plan.seccomp.as_ref().map(Vec::len) {
        Some(count) if count == 0 || count > MAX_FILTER => Err(Invalid::Filter(count)),
        _ => Ok(()),
    }
}

/// Names of what the plan drops and yet wants ambient; a warning rather than an error, as `add` wins.
pub fn contradictions(plan: &Plan) -> Vec<String> {
    let both = plan.caps.drop.0 & (plan.caps.add.0 | plan.caps.ambient.0);
    caps::CapSet(both).numbers().map(caps::name).collect()
}
