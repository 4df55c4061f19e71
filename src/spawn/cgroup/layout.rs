//! Where the cgroup hierarchies of this machine are.
//!
//! Knows how to read /proc/PID/mountinfo and /proc/PID/cgroup; the reading is a pure function of the two
//! texts. It never mounts anything and never looks below a mount point. Sources: proc_pid_mountinfo(5),
//! cgroups(7), cgroup_namespaces(7).

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::Error;

/// One mounted hierarchy: cgroup2, or a v1 one with the controllers that are mounted together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hierarchy {
    /// Controllers of a v1 hierarchy, `name=…` for named ones; empty for cgroup2, whose controllers are
    /// asked from its `cgroup.controllers`.
    pub controllers: Vec<String>,
    /// Where it is mounted.
    pub point: PathBuf,
    /// The group at the mount point, as the caller's cgroup namespace names it.
    pub root: PathBuf,
    /// The directory of the caller's own group; `None` when that lies outside what is mounted.
    pub own: Option<PathBuf>,
}

/// Which cgroup versions a machine offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// No hierarchy is mounted.
    None,
    /// Only v1 hierarchies.
    V1,
    /// v1 hierarchies, and cgroup2 beside them.
    Hybrid,
    /// Only cgroup2.
    V2,
}

/// Every hierarchy that the caller can reach.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout {
    /// The cgroup2 hierarchy.
    pub v2: Option<Hierarchy>,
    /// The v1 hierarchies, in the order of their mounts.
    pub v1: Vec<Hierarchy>,
}

/// A line of mountinfo.
struct Mount {
    id: u64,
    parent: u64,
    root: PathBuf,
    point: PathBuf,
    fstype: String,
    options: String,
}

impl Layout {
    /// Reads the caller's own view.
    ///
    /// # Errors
    /// [`Error::Read`] when /proc cannot be read.
    pub fn detect() -> Result<Self, Error> {
        let read = |path: &str| {
            fs::read_to_string(path).map_err(|error| Error::Read { path: PathBuf::from(path), error })
        };
        Ok(Self::parse(&read("/proc/self/mountinfo")?, &read("/proc/self/cgroup")?))
    }

    /// The layout that a mountinfo text and a cgroup text describe; lines that are not understood are
    /// left out, as are mounts that a later mount covers.
    pub fn parse(mountinfo: &str, cgroup: &str) -> Self {
        let mounts: Vec<Mount> = mountinfo.lines().filter_map(mount).collect();
        let mut layout = Self::default();
        for mount in mounts.iter().filter(|m| visible(&mounts, m)) {
            let controllers = match mount.fstype.as_str() {
                "cgroup2" => Vec::new(),
                "cgroup" => v1_controllers(&mount.options),
                _ => continue,
            };
            let own = own_group(cgroup, &controllers).and_then(|group| {
                group.strip_prefix(&mount.root).ok().map(|below| join(&mount.point, below))
            });
            let found = Hierarchy { controllers, point: mount.point.clone(), root: mount.root.clone(), own };
            if mount.fstype == "cgroup2" {
                layout.v2.get_or_insert(found);
            } else if !layout.v1.iter().any(|h| h.controllers == found.controllers) {
                layout.v1.push(found);
            }
        }
        layout
    }

    /// Which versions there are.
    pub fn kind(&self) -> Kind {
        match (self.v2.is_some(), self.v1.is_empty()) {
            (false, true) => Kind::None,
            (false, false) => Kind::V1,
            (true, false) => Kind::Hybrid,
            (true, true) => Kind::V2,
        }
    }

    /// The v1 hierarchy of `controller`.
    pub fn v1_of(&self, controller: &str) -> Option<&Hierarchy> {
        self.v1.iter().find(|h| h.controllers.iter().any(|c| c == controller))
    }

    /// The path below the hierarchy roots that `path` means, and the v1 hierarchy it points into when it
    /// is an absolute path there.
    ///
    /// # Errors
    /// [`Error::Path`] for `..`, for a hierarchy's root and for an absolute path below no hierarchy.
    pub fn resolve(&self, path: &Path) -> Result<(PathBuf, Option<&Hierarchy>), Error> {
        let bad = |why| Error::Path { path: path.to_owned(), why };
        if path.components().any(|c| c == Component::ParentDir) {
            return Err(bad("it holds '..', which could leave the hierarchy"));
        }
        let (below, v1) = if path.is_absolute() {
            let found = self.below(path).or_else(|| self.below(&real(path)));
            found.ok_or_else(|| bad("it is absolute but lies below no mounted cgroup hierarchy"))?
        } else {
            (path.to_owned(), None)
        };
        let below: PathBuf = below.components().filter(|c| matches!(c, Component::Normal(_))).collect();
        if below.as_os_str().is_empty() {
            return Err(bad("it names the root of the hierarchy, which holds everyone's processes"));
        }
        Ok((below, v1))
    }

    fn below(&self, path: &Path) -> Option<(PathBuf, Option<&Hierarchy>)> {
        let v1 = self.v1.iter().map(|h| (h, Some(h)));
        let all = v1.chain(self.v2.iter().map(|h| (h, None)));
        let fits = all.filter_map(|(h, v1)| Some((path.strip_prefix(&h.point).ok()?.to_owned(), v1)));
        fits.min_by_key(|(below, _)| below.components().count())
    }
}

/// `path` with the symbolic links of its existing part followed, as /sys/fs/cgroup/cpu may be one.
fn real(path: &Path) -> PathBuf {
    for ancestor in path.ancestors() {
        if let Ok(found) = ancestor.canonicalize() {
            return path.strip_prefix(ancestor).map_or_else(|_| path.to_owned(), |rest| join(&found, rest));
        }
    }
    path.to_owned()
}

/// Joins without the trailing slash that an empty `below` would leave.
fn join(point: &Path, below: &Path) -> PathBuf {
    if below.as_os_str().is_empty() { point.to_owned() } else { point.join(below) }
}

fn mount(line: &str) -> Option<Mount> {
    let (left, right) = line.split_once(" - ")?;
    let mut left = left.split(' ');
    let id = left.next()?.parse().ok()?;
    let parent = left.next()?.parse().ok()?;
    let root = unescape(left.nth(1)?);
    let point = unescape(left.next()?);
    let mut right = right.split(' ');
    let fstype = right.next()?.to_owned();
    let options = right.nth(1).unwrap_or("").to_owned();
    Some(Mount { id, parent, root, point, fstype, options })
}

/// Undoes the kernel's `\040`, `\011`, `\012` and `\134`.
fn unescape(text: &str) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let octal = (first == b'\\').then(|| after.get(..3)).flatten();
        let value = octal.and_then(|d| u8::from_str_radix(std::str::from_utf8(d).ok()?, 8).ok());
        out.push(value.unwrap_or(first));
        rest = if value.is_some() { &after[3..] } else { after };
    }
    PathBuf::from(std::ffi::OsString::from_vec(out))
}

/// Whether walking to the mount's point ends in this mount, and not in one laid over it.
fn visible(mounts: &[Mount], mount: &Mount) -> bool {
    let covers = |m: &&Mount| mount.point.starts_with(&m.point);
    let first = |found: &mut dyn Iterator<Item = &Mount>| {
        found.min_by_key(|m| m.point.components().count()).map(|m| m.id)
    };
    let listed = |id: u64| mounts.iter().any(|m| m.id == id);
    let top = |m: &&Mount| !listed(m.parent) || m.parent == m.id;
    let mut at = first(&mut mounts.iter().filter(top).filter(covers));
    // A walk passes each mount once; the bound only guards against a text that describes a circle.
    for _ in 0..mounts.len() {
        let inside = |m: &&Mount| Some(m.parent) == at && Some(m.id) != at;
        match first(&mut mounts.iter().filter(inside).filter(covers)) {
            Some(next) => at = Some(next),
            None => break,
        }
    }
    at == Some(mount.id)
}

/// The controllers among the super-block options of a v1 mount.
fn v1_controllers(options: &str) -> Vec<String> {
    const NOT: &[&str] = &["rw", "ro", "noprefix", "xattr", "clone_children", "cpuset_v2_mode", "none"];
    let ours = |o: &&str| !NOT.contains(o) && (!o.contains('=') || o.starts_with("name="));
    options.split(',').filter(ours).map(str::to_owned).collect()
}

/// The caller's path in the hierarchy of `controllers` (none: cgroup2).
fn own_group(cgroup: &str, controllers: &[String]) -> Option<PathBuf> {
    cgroup.lines().find_map(|line| {
        let mut parts = line.splitn(3, ':');
        let (number, names, path) = (parts.next()?, parts.next()?, parts.next()?);
        let fits = match controllers.first() {
            None => number == "0" && names.is_empty(),
            Some(first) => names.split(',').any(|name| name == first),
        };
        fits.then(|| PathBuf::from(path))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "20 1 254:0 / / rw - ext4 /dev/vda rw\n22 20 0:22 / /sys rw - sysfs sysfs rw\n";

    fn layout(mounts: &str, cgroup: &str) -> Layout {
        Layout::parse(&format!("{ROOT}{mounts}"), cgroup)
    }

    fn own(h: &Hierarchy) -> &str {
        h.own.as_ref().map_or("none", |p| p.to_str().unwrap())
    }

    const HYBRID: &str = "\
        31 22 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755\n\
        32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n\
        36 31 0:33 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n\
        40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,release_agent=/x,name=systemd\n\
        41 31 0:38 / /sys/fs/cgroup/unified rw shared:9 - cgroup2 cgroup2 rw,nsdelegate\n";
    const HYBRID_GROUPS: &str = "9:name=systemd:/init\n4:memory:/jobs/a:b\n1:cpu,cpuacct:/\n0::/init\n";

    #[test]
    fn row_36_pure_v2() {
        let found = layout(
            "30 22 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\n",
            "0::/user.slice/user-1000.slice\n",
        );
        assert_eq!(found.kind(), Kind::V2);
        let v2 = found.v2.unwrap();
        assert_eq!(v2.point, Path::new("/sys/fs/cgroup"));
        assert_eq!(own(&v2), "/sys/fs/cgroup/user.slice/user-1000.slice");
    }

    #[test]
    fn row_36_hybrid_has_both() {
        let found = layout(HYBRID, HYBRID_GROUPS);
        assert_eq!(found.kind(), Kind::Hybrid);
        assert_eq!(found.v2.as_ref().unwrap().point, Path::new("/sys/fs/cgroup/unified"));
        assert_eq!(own(found.v2.as_ref().unwrap()), "/sys/fs/cgroup/unified/init");
        let memory = found.v1_of("memory").unwrap();
        assert_eq!(own(memory), "/sys/fs/cgroup/memory/jobs/a:b");
        let cpu = found.v1_of("cpuacct").unwrap();
        assert_eq!(cpu.controllers, ["cpu", "cpuacct"]);
        assert_eq!(own(cpu), "/sys/fs/cgroup/cpu,cpuacct");
        assert_eq!(found.v1_of("name=systemd").unwrap().controllers, ["name=systemd"]);
        assert!(found.v1_of("pids").is_none());
    }

    #[test]
    fn row_36_pure_v1_and_none() {
        let found = layout(
            "31 22 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n\
             32 31 0:29 / /sys/fs/cgroup/my\\040pids rw - cgroup cgroup rw,pids\n",
            "3:pids:/a\n",
        );
        assert_eq!(found.kind(), Kind::V1);
        assert_eq!(own(found.v1_of("pids").unwrap()), "/sys/fs/cgroup/my pids/a");
        assert_eq!(layout("", "0::/\n").kind(), Kind::None);
        assert_eq!(Layout::parse("nonsense\n\n - \n", "x\n").kind(), Kind::None);
    }

    #[test]
    fn row_36_containers_with_and_without_a_cgroup_namespace() {
        let inside = layout("50 22 0:26 / /sys/fs/cgroup ro - cgroup2 cgroup rw\n", "0::/\n");
        assert_eq!(own(inside.v2.as_ref().unwrap()), "/sys/fs/cgroup");
        let bound =
            layout("50 22 0:26 /docker/af /sys/fs/cgroup ro - cgroup2 cgroup rw\n", "0::/docker/af/x\n");
        assert_eq!(own(bound.v2.as_ref().unwrap()), "/sys/fs/cgroup/x");
        let host = layout("50 22 0:26 /../.. /sys/fs/cgroup rw - cgroup2 cgroup rw\n", "0::/\n");
        assert_eq!(own(host.v2.as_ref().unwrap()), "none");
    }

    #[test]
    fn row_36_a_covered_mount_does_not_count() {
        let over = format!("{HYBRID}50 31 0:38 / /sys/fs/cgroup rw - cgroup2 none rw\n");
        let found = layout(&over, HYBRID_GROUPS);
        assert_eq!(found.kind(), Kind::V2);
        assert_eq!(found.v2.unwrap().point, Path::new("/sys/fs/cgroup"));
        let circle = "5 6 0:1 / /c rw - cgroup2 none rw\n6 5 0:1 / /c rw - cgroup2 none rw\n";
        assert_eq!(Layout::parse(circle, "").kind(), Kind::None);
    }

    #[test]
    fn row_36_paths_are_relative_to_the_hierarchy() {
        let found = layout(HYBRID, HYBRID_GROUPS);
        let below = |path: &str| found.resolve(Path::new(path)).map(|(p, h)| (p, h.is_some()));
        assert_eq!(below("a/./b/").unwrap(), (PathBuf::from("a/b"), false));
        assert_eq!(below("/sys/fs/cgroup/unified/a").unwrap(), (PathBuf::from("a"), false));
        assert_eq!(below("/sys/fs/cgroup/memory/a/b").unwrap(), (PathBuf::from("a/b"), true));
        for (bad, why) in [("a/../b", "'..'"), ("", "root"), (".", "root"), ("/tmp/no", "below no mounted")] {
            assert!(below(bad).unwrap_err().to_string().contains(why), "{bad}");
        }
        assert!(below("/sys/fs/cgroup/memory").unwrap_err().to_string().contains("root"));
    }
}
