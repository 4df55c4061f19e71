//! Paths of /proc and /dev that stand for a file which is not named by them, as `/proc/self/fd/3`.
//!
//! A rule about names is worth nothing where such a path is let through: it reaches any file, any memory and any
//! root of the processes that the caller may look at. Only standard input, output and error of the caller itself are
//! harmless, as their owner gave them. Source: proc(5), fs/proc/base.c of the kernel, `ls -l /dev`.
//!
//! /proc and /dev are known by these names only: who mounts them elsewhere, or opens them by a descriptor, asks with
//! the whole path.

use super::lexical;

/// What a path stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alias {
    /// For itself.
    None,
    /// For standard input (0), output (1) or error (2) of the caller.
    Standard(u8),
    /// For something that its name does not tell.
    Dangerous(Kind),
}

/// What of a process is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `fd/N`: whatever is open; above 2, or of a process that is named by its number.
    Descriptor,
    /// `mem`: its memory.
    Memory,
    /// `root`: its root directory, and everything below.
    Root,
    /// `cwd`: its working directory, and everything below.
    Cwd,
    /// `exe`: the file that it executes.
    Exe,
    /// `map_files/A-B`: a file that it has mapped.
    MapFile,
    /// `ns/KIND`: a namespace.
    Namespace,
    /// Any other file about it: `maps`, `environ`, `status`, `task`, …
    About,
}

/// Parts of a path from the root.
type Parts = &'static [&'static [u8]];

/// Links of /dev and /proc into /proc/self, and where they lead.
const LINKS: &[(Parts, Parts)] = &[
    (&[b"dev", b"fd"], &[b"proc", b"self", b"fd"]),
    (&[b"dev", b"stdin"], &[b"proc", b"self", b"fd", b"0"]),
    (&[b"dev", b"stdout"], &[b"proc", b"self", b"fd", b"1"]),
    (&[b"dev", b"stderr"], &[b"proc", b"self", b"fd", b"2"]),
    (&[b"proc", b"net"], &[b"proc", b"self", b"net"]),
    (&[b"proc", b"mounts"], &[b"proc", b"self", b"mounts"]),
];

/// Files of a process that are links, or directories of links, and where they lead.
const MAGIC: &[(&[u8], bool, Kind)] = &[
    (b"fd", true, Kind::Descriptor),
    (b"map_files", true, Kind::MapFile),
    (b"ns", true, Kind::Namespace),
    (b"cwd", false, Kind::Cwd),
    (b"root", false, Kind::Root),
    (b"exe", false, Kind::Exe),
];

/// What the absolute `path` stands for; a relative one stands for itself.
///
/// `.`, `..` and double slashes are followed by their letters, but for a `..` after one of these links, which leads to
/// a place that no name tells: that is dangerous too.
pub fn classify(path: &[u8]) -> Alias {
    classify_from(b"", path)
}

/// The same for a path as seen from the directory `cwd`.
pub fn classify_from(cwd: &[u8], path: &[u8]) -> Alias {
    let cwd = if lexical::is_absolute(path) { b"" } else { cwd };
    if !lexical::is_absolute(path) && !lexical::is_absolute(cwd) {
        return Alias::None;
    }
    let mut at: Vec<&[u8]> = Vec::new();
    for part in lexical::parts(cwd).chain(lexical::parts(path)) {
        // The way leads on from a link: from here on the letters say nothing.
        if let Some(kind) = link(&at) {
            return Alias::Dangerous(kind);
        }
        if part == b".." {
            at.pop();
            continue;
        }
        at.push(part);
        if let Some((_, to)) = LINKS.iter().find(|(from, _)| *from == at) {
            at = to.to_vec();
        }
    }
    end(&at)
}

/// A process or thread of /proc and the parts below it; whether it is the caller itself by its own name.
fn process<'a, 'b>(at: &'a [&'b [u8]]) -> Option<(bool, &'a [&'b [u8]])> {
    let [b"proc", who, below @ ..] = at else { return None };
    let own = *who == b"self" || *who == b"thread-self";
    if !own && !is_number(who) {
        return None;
    }
    match below {
        [b"task", thread, deeper @ ..] if is_number(thread) => Some((false, deeper)),
        _ => Some((own, below)),
    }
}

/// A number as /proc takes it: no sign, and no zero ahead.
fn is_number(name: &[u8]) -> bool {
    name == b"0" || !name.is_empty() && name[0] != b'0' && name.iter().all(u8::is_ascii_digit)
}

/// What the link at this place leads to, if there is one.
fn link(at: &[&[u8]]) -> Option<Kind> {
    let (name, inside) = match process(at)?.1 {
        [name] => (name, false),
        [name, _] => (name, true),
        _ => return None,
    };
    MAGIC.iter().find(|row| row.0 == *name && row.1 == inside).map(|row| row.2)
}

/// What a path that ends here stands for.
fn end(at: &[&[u8]]) -> Alias {
    match process(at) {
        None | Some((_, [])) => Alias::None,
        Some((true, [b"fd", b"0"])) => Alias::Standard(0),
        Some((true, [b"fd", b"1"])) => Alias::Standard(1),
        Some((true, [b"fd", b"2"])) => Alias::Standard(2),
        Some((_, [b"mem"])) => Alias::Dangerous(Kind::Memory),
        Some(_) => Alias::Dangerous(link(at).unwrap_or(Kind::About)),
    }
}
