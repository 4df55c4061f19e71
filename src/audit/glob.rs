//! Patterns of paths in rules: those of [`PathSet`], and beyond them such with `*` in the middle.
//!
//! | pattern | holds |
//! |---|---|
//! | as in `paths::set` | a path, a directory with all below (`/`), its children (`/*`), all below (`/**`) |
//! | `**/.env` | this name, or several parts, at any depth |
//! | `/proc/<pid>/environ` | a part that is a number |
//! | `**/*.pth`, `/memfd:*`, `/a/*/b` | a part that ends so, begins so, or any part |

use crate::paths::lexical;
use crate::paths::set::{BadPattern, Found, PathSet, Scope};

use super::places::Places;

/// One part of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Exact(Vec<u8>),
    Any,
    Number,
    Starts(Vec<u8>),
    Ends(Vec<u8>),
}

impl Part {
    fn of(text: &[u8]) -> Self {
        match text {
            b"*" => Self::Any,
            b"<pid>" => Self::Number,
            [b'*', end @ ..] => Self::Ends(end.to_vec()),
            [start @ .., b'*'] => Self::Starts(start.to_vec()),
            exact => Self::Exact(exact.to_vec()),
        }
    }

    fn fits(&self, part: &[u8]) -> bool {
        match self {
            Self::Exact(name) => part == &name[..],
            Self::Any => true,
            Self::Number => !part.is_empty() && part.iter().all(u8::is_ascii_digit),
            Self::Starts(start) => part.starts_with(start),
            Self::Ends(end) => part.ends_with(end),
        }
    }
}

/// A pattern with parts that are no names.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Glob {
    parts: Vec<Part>,
    /// It may begin at any depth.
    anywhere: bool,
    scope: Scope,
}

impl Glob {
    fn of(pattern: &[u8]) -> Self {
        let (anywhere, rest) = match pattern.strip_prefix(b"**/") {
            Some(rest) => (true, rest),
            None => (false, pattern),
        };
        let (body, scope) = match (rest.strip_suffix(b"/**"), rest.strip_suffix(b"/")) {
            (Some(body), _) => (body, Scope::Below),
            (None, Some(body)) => (body, Scope::Tree),
            (None, None) => (rest, Scope::Exact),
        };
        Self { parts: lexical::parts(body).map(Part::of).collect(), anywhere, scope }
    }

    fn find(&self, path: &[&[u8]]) -> Option<Found> {
        let last = if self.anywhere { path.len().saturating_sub(self.parts.len()) } else { 0 };
        (0..=last).find_map(|from| {
            let tail = path.get(from..from + self.parts.len())?;
            let beyond = path.len() - from - self.parts.len();
            let reaches = match self.scope {
                Scope::Tree => true,
                Scope::Below => beyond > 0,
                Scope::Children => beyond == 1,
                Scope::Exact => beyond == 0,
            };
            let fits = reaches && self.parts.iter().zip(tail).all(|(part, name)| part.fits(name));
            fits.then_some(Found { depth: from + self.parts.len(), scope: self.scope })
        })
    }
}

/// Whether only a [`Glob`] can hold this pattern.
fn is_glob(pattern: &[u8]) -> bool {
    let body = pattern.strip_suffix(b"/**").or(pattern.strip_suffix(b"/*")).unwrap_or(pattern);
    body.contains(&b'*') || lexical::parts(body).any(|part| part == b"<pid>")
}

/// A path and its parts.
#[derive(Debug)]
pub struct Parted<'a> {
    whole: &'a [u8],
    parts: Vec<&'a [u8]>,
}

impl<'a> Parted<'a> {
    /// Takes a path apart.
    pub fn new(path: &'a [u8]) -> Self {
        Self { whole: path, parts: lexical::parts(path).collect() }
    }
}

/// A set of patterns.
#[derive(Debug, Clone, Default)]
pub struct Patterns {
    set: PathSet,
    globs: Vec<Glob>,
}

impl Patterns {
    /// The patterns of `texts`, in which places are named.
    ///
    /// # Errors
    /// The first that is none, with the reason.
    pub fn new<'a>(
        texts: impl IntoIterator<Item = &'a str>,
        places: &Places,
    ) -> Result<Self, (String, BadPattern)> {
        let mut patterns = Self::default();
        for text in texts {
            if text.is_empty() {
                return Err((String::new(), BadPattern::Empty));
            }
            for pattern in places.expand(text) {
                if is_glob(&pattern) {
                    patterns.globs.push(Glob::of(&pattern));
                } else {
                    patterns.set.insert(&pattern, b"").map_err(|why| (text.to_owned(), why))?;
                }
            }
        }
        Ok(patterns)
    }

    /// These paths and nothing else, read by their letters.
    pub fn exactly(paths: &[Vec<u8>]) -> Self {
        let mut patterns = Self::default();
        for path in paths {
            patterns.set.add(path, b"/", Scope::Exact).ok();
        }
        patterns
    }

    /// The closest pattern that holds the absolute `path`.
    pub fn find(&self, path: &[u8]) -> Option<Found> {
        self.find_parted(&Parted::new(path))
    }

    /// The same for a path that many sets are asked about.
    pub fn find_parted(&self, path: &Parted<'_>) -> Option<Found> {
        let best = self.set.find(path.whole);
        best.max(self.globs.iter().filter_map(|glob| glob.find(&path.parts)).max())
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.set.is_empty() && self.globs.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::places::tests::places;

    #[test]
    fn patterns() {
        let rows: &[(&str, &[&str], &[&str])] = &[
            ("~/.ssh/", &["/srv/me/.ssh", "/home/me/.ssh/id_rsa"], &["/srv/me/.sshx", "/srv/me"]),
            ("**/.env", &["/a/b/.env", "/.env"], &["/a/.env/x", "/a/x.env"]),
            ("**/.github/workflows/", &["/x/.github/workflows/ci.yml"], &["/x/.github/x"]),
            ("/proc/<pid>/environ", &["/proc/12/environ"], &["/proc/self/environ", "/proc/12/maps"]),
            ("**/*.pth", &["/usr/lib/x.pth"], &["/usr/lib/x.pthx"]),
            ("/memfd:*", &["/memfd:x"], &["/memfd", "/a/memfd:x"]),
            ("/a/*/b", &["/a/x/b"], &["/a/x/y/b", "/a/b"]),
            ("/a/*/b/**", &["/a/x/b/c/d"], &["/a/x/b"]),
            ("<tmp>/**", &["/tmp/x", "/var/tmp/x/y"], &["/tmp"]),
            ("src/*", &["/home/me/build/src/a"], &["/home/me/build/src/a/b"]),
        ];
        for (pattern, yes, no) in rows {
            let patterns = Patterns::new([*pattern], &places()).unwrap();
            for path in *yes {
                assert!(patterns.find(path.as_bytes()).is_some(), "{pattern} holds {path}");
            }
            for path in *no {
                assert!(patterns.find(path.as_bytes()).is_none(), "{pattern} does not hold {path}");
            }
        }
        assert!(Patterns::new([""], &places()).is_err());
    }
}
