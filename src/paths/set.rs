//! A set of files by patterns. A question costs the length of its path, however many patterns there are.
//!
//! | pattern | holds |
//! |---|---|
//! | `/etc/hosts` | this path alone |
//! | `/etc/` | the directory and everything below it |
//! | `/etc/*` | what is directly in the directory; neither itself nor anything deeper |
//! | `/etc/**` | everything below the directory, not itself |
//! | `/` | the root directory alone: no pattern holds everything by an oversight; `/**` is everything else |
//!
//! The first three and the root are those of UOJ's and go-sandbox's file sets. A relative pattern is one of the
//! directory it was given with. Names are bytes; a name that ends in `*` is given through [`PathSet::add`].

use std::collections::HashMap;
use std::fmt;

use super::lexical;

/// How far a pattern reaches from its path. Later ones are closer to the path asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The path and everything below it.
    Tree,
    /// Everything below the path.
    Below,
    /// What is directly below the path.
    Children,
    /// The path alone.
    Exact,
}

impl Scope {
    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// Why a pattern is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadPattern {
    /// It has no byte.
    Empty,
    /// It is relative, and the directory it was given with is no absolute path.
    Relative,
    /// A NUL byte ends a path, and can be in none.
    Nul,
}

impl fmt::Display for BadPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => {
                "an empty pattern: a path is wanted, as /etc/hosts, /etc/ (with all below) or /etc/*"
            }
            Self::Relative => "a relative pattern without a directory: begin it with '/'",
            Self::Nul => "a pattern with a NUL byte, which no path holds: leave it out",
        })
    }
}

impl std::error::Error for BadPattern {}

/// The closest pattern that holds a path. Of two sets, the one with the greater answer knows the path better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Parts of the pattern's path, 0 for the root.
    pub depth: usize,
    /// How far it reaches.
    pub scope: Scope,
}

/// One directory or file that a pattern names or passes.
#[derive(Debug, Clone, Default)]
struct Node {
    parent: usize,
    depth: usize,
    /// [`Scope::bit`]s of the patterns that end here.
    scopes: u8,
    below: HashMap<Box<[u8]>, usize>,
}

/// A set of patterns.
#[derive(Debug, Clone)]
pub struct PathSet {
    /// The first is the root.
    nodes: Vec<Node>,
}

impl Default for PathSet {
    fn default() -> Self {
        Self { nodes: vec![Node::default()] }
    }
}

impl PathSet {
    /// An empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a pattern of the forms above; a relative one is of the directory `cwd`.
    ///
    /// # Errors
    /// Every variant of [`BadPattern`]; the set is as before.
    pub fn insert(&mut self, pattern: &[u8], cwd: &[u8]) -> Result<(), BadPattern> {
        let (path, scope) = split(pattern)?;
        self.add(path, cwd, scope)
    }

    /// Adds everything within `scope` of `path`, which is read by its letters: `*` is a name.
    ///
    /// # Errors
    /// Every variant of [`BadPattern`]; the set is as before.
    pub fn add(&mut self, path: &[u8], cwd: &[u8], scope: Scope) -> Result<(), BadPattern> {
        if path.is_empty() {
            return Err(BadPattern::Empty);
        }
        let path = lexical::absolute(cwd, path).ok_or(BadPattern::Relative)?;
        if path.contains(&0) {
            return Err(BadPattern::Nul);
        }
        let mut at = 0;
        for part in lexical::parts(&path) {
            at = match self.nodes[at].below.get(part) {
                Some(&next) => next,
                None => {
                    let next = self.nodes.len();
                    let depth = self.nodes[at].depth + 1;
                    self.nodes.push(Node { parent: at, depth, ..Node::default() });
                    self.nodes[at].below.insert(part.into(), next);
                    next
                }
            };
        }
        self.nodes[at].scopes |= scope.bit();
        Ok(())
    }

    /// How many patterns there are, each counted once.
    pub fn len(&self) -> usize {
        self.nodes.iter().map(|node| node.scopes.count_ones() as usize).sum()
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.nodes.iter().all(|node| node.scopes == 0)
    }

    /// Whether the absolute `path` is in the set; a relative one is not. `.`, `..` and double slashes are read as
    /// by [`lexical::absolute`].
    pub fn contains(&self, path: &[u8]) -> bool {
        self.find(path).is_some()
    }

    /// The same for a path as seen from the directory `cwd`.
    pub fn contains_from(&self, cwd: &[u8], path: &[u8]) -> bool {
        self.find_from(cwd, path).is_some()
    }

    /// The closest pattern that holds the absolute `path`. Allocates nothing.
    pub fn find(&self, path: &[u8]) -> Option<Found> {
        self.find_from(b"", path)
    }

    /// The same for a path as seen from the directory `cwd`.
    pub fn find_from(&self, cwd: &[u8], path: &[u8]) -> Option<Found> {
        let cwd = match path.first()? {
            b'/' => b"",
            _ if lexical::is_absolute(cwd) => cwd,
            _ => return None,
        };
        // The last node on the way, and how many parts the path goes beyond it.
        let (mut at, mut beyond) = (0, 0usize);
        for part in lexical::parts(cwd).chain(lexical::parts(path)) {
            if part == b".." {
                match beyond {
                    0 => at = self.nodes[at].parent,
                    _ => beyond -= 1,
                }
            } else {
                match self.nodes[at].below.get(part) {
                    Some(&next) if beyond == 0 => at = next,
                    _ => beyond += 1,
                }
            }
        }
        self.upwards(at, beyond)
    }

    /// The first pattern from node `at` to the root that reaches `beyond` parts below it.
    fn upwards(&self, mut at: usize, mut beyond: usize) -> Option<Found> {
        loop {
            let node = &self.nodes[at];
            let reaching: &[Scope] = match beyond {
                0 => &[Scope::Exact, Scope::Tree],
                1 => &[Scope::Children, Scope::Below, Scope::Tree],
                _ => &[Scope::Below, Scope::Tree],
            };
            if let Some(&scope) = reaching.iter().find(|scope| node.scopes & scope.bit() != 0) {
                return Some(Found { depth: node.depth, scope });
            }
            if at == 0 {
                return None;
            }
            at = node.parent;
            beyond += 1;
        }
    }
}

/// The path of a pattern, and how far it reaches.
fn split(pattern: &[u8]) -> Result<(&[u8], Scope), BadPattern> {
    if pattern.is_empty() {
        return Err(BadPattern::Empty);
    }
    if pattern.iter().all(|&byte| byte == b'/') {
        return Ok((b"/", Scope::Exact));
    }
    let forms: [(&[u8], Scope); 3] = [(b"/**", Scope::Below), (b"/*", Scope::Children), (b"/", Scope::Tree)];
    for (end, scope) in forms {
        if let Some(path) = pattern.strip_suffix(end) {
            return Ok((if path.is_empty() { b"/" } else { path }, scope));
        }
    }
    Ok(match pattern {
        b"*" => (b".", Scope::Children),
        b"**" => (b".", Scope::Below),
        path => (path, Scope::Exact),
    })
}
