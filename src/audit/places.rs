//! The directories that differ from machine to machine: the build's, homes, temporary ones. Patterns name them as
//! `<dir>`, `<home>`, `~` and `<tmp>`, and so do baselines, but for `~`.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Where homes of others are: rules about homes hold for them too.
const OTHER_HOMES: [&str; 2] = ["/home/*", "/root"];
/// Directories for temporary files on every machine.
const TEMPORARY: &[&str] = &["/tmp", "/var/tmp", "/dev/shm"];

/// Where things are in this run. All paths are absolute and without a slash at the end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// Where the command was started, by its real name first.
    pub dirs: Vec<Vec<u8>>,
    /// The home directories of who runs it.
    pub homes: Vec<Vec<u8>>,
    /// Directories of temporary files.
    pub temps: Vec<Vec<u8>>,
}

/// Adds a directory by its real name, and by the given one where that is another. The root is no such place.
fn add(list: &mut Vec<Vec<u8>>, dir: &[u8]) {
    let real = fs::canonicalize(Path::new(std::ffi::OsStr::from_bytes(dir))).ok();
    let real = real.map(|path| path.into_os_string().as_bytes().to_vec());
    let given = crate::paths::lexical::absolute(b"", dir);
    for name in real.into_iter().chain(given) {
        if name.len() > 1 && !list.contains(&name) {
            list.push(name);
        }
    }
}

impl Places {
    /// The places of a command that starts in `dir` with `homes` and `temps`, beside the usual temporary directories.
    pub fn new(dir: &[u8], homes: &[Vec<u8>], temps: &[Vec<u8>]) -> Self {
        let mut places = Self::default();
        add(&mut places.dirs, dir);
        for home in homes {
            add(&mut places.homes, home);
        }
        for temp in temps.iter().map(Vec::as_slice).chain(TEMPORARY.iter().map(|dir| dir.as_bytes())) {
            add(&mut places.temps, temp);
        }
        places
    }

    /// The place that a pattern or name begins with, its directories and what follows.
    fn named<'a>(&self, text: &'a str) -> Option<(&[Vec<u8>], &'a str)> {
        let rows =
            [("<dir>", &self.dirs), ("<home>", &self.homes), ("~", &self.homes), ("<tmp>", &self.temps)];
        let (list, rest) = rows.iter().find_map(|(name, list)| Some((list, text.strip_prefix(name)?)))?;
        (rest.is_empty() || rest.starts_with('/')).then_some((list, rest))
    }

    /// `pattern` with each directory that it stands for; a relative one is of the build's directory. `<home>` is every
    /// home, `~` only those of who runs the command.
    pub fn expand(&self, pattern: &str) -> Vec<Vec<u8>> {
        let join = |dir: &Vec<u8>, rest: &str| [dir, rest.as_bytes()].concat();
        match self.named(pattern) {
            Some((list, rest)) => {
                let others = pattern.starts_with("<home>").then_some(OTHER_HOMES).into_iter().flatten();
                let others = others.filter(|dir| !list.contains(&dir.as_bytes().to_vec()));
                let own = list.iter().map(|dir| join(dir, rest));
                own.chain(others.map(|dir| format!("{dir}{rest}").into_bytes())).collect()
            }
            None if pattern.starts_with('/') || pattern.starts_with("**/") => {
                vec![pattern.as_bytes().to_vec()]
            }
            None => self.dirs.iter().map(|dir| join(dir, &format!("/{pattern}"))).collect(),
        }
    }

    /// The closest place that holds `path`: its name and what of the path is below it, without a slash ahead.
    pub fn closest<'a>(&self, path: &'a [u8]) -> Option<(&'static str, &'a [u8])> {
        let rows = [("<dir>", &self.dirs), ("<home>", &self.homes), ("<tmp>", &self.temps)];
        let mut best: Option<(usize, &'static str, &[u8])> = None;
        for (name, list) in rows {
            for dir in list {
                let Some(rest) = path.strip_prefix(&dir[..]) else { continue };
                let inside = rest.is_empty() || rest[0] == b'/';
                // Of equals the first counts: a build in its home is a build.
                if inside && best.is_none_or(|(length, ..)| dir.len() > length) {
                    best = Some((dir.len(), name, rest.strip_prefix(b"/").unwrap_or(rest)));
                }
            }
        }
        best.map(|(_, name, rest)| (name, rest))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Places that no machine has, so that none is resolved.
    pub(crate) fn places() -> Places {
        let list = |dirs: &[&str]| dirs.iter().map(|dir| dir.as_bytes().to_vec()).collect();
        Places {
            dirs: list(&["/home/me/build"]),
            homes: list(&["/home/me", "/srv/me"]),
            temps: list(&["/tmp", "/var/tmp"]),
        }
    }

    #[test]
    fn the_closest_place_counts() {
        let rows: &[(&str, Option<(&str, &str)>)] = &[
            ("/home/me/build/a.c", Some(("<dir>", "a.c"))),
            ("/home/me/build", Some(("<dir>", ""))),
            ("/home/me/builder", Some(("<home>", "builder"))),
            ("/srv/me/.ssh/id", Some(("<home>", ".ssh/id"))),
            ("/var/tmp/x", Some(("<tmp>", "x"))),
            ("/tmpfile", None),
            ("/etc/passwd", None),
        ];
        let places = places();
        for (path, want) in rows {
            let got = places.closest(path.as_bytes());
            assert_eq!(got, want.map(|(name, rest)| (name, rest.as_bytes())), "{path}");
        }
    }

    #[test]
    fn patterns_stand_for_every_directory_of_a_place() {
        let text = |pattern: &str| {
            let all = places().expand(pattern);
            all.iter().map(|path| String::from_utf8_lossy(path).into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(text("~/.ssh/"), ["/home/me/.ssh/", "/srv/me/.ssh/"]);
        let others = OTHER_HOMES.map(|home| format!("{home}/x"));
        assert_eq!(text("<home>/x"), [&["/home/me/x".into(), "/srv/me/x".into()], &others[..]].concat());
        // A home of others that is one's own too stands once.
        let own = Places { homes: vec![OTHER_HOMES[1].into()], ..places() };
        assert_eq!(own.expand("<home>/x").len(), OTHER_HOMES.len());
        assert_eq!(text("src/*"), ["/home/me/build/src/*"]);
        assert_eq!(text("/etc/"), ["/etc/"]);
        assert_eq!(text("**/.env"), ["**/.env"]);
        assert_eq!(text("~other"), ["/home/me/build/~other"]);
    }
}
