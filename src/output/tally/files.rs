//! What was done to each path.

use super::bounded::Bounded;

/// Most paths that are told apart.
const MOST_PATHS: usize = 50_000;

/// Sums for a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FileUse {
    /// Calls that named it or a descriptor open on it.
    pub calls: u64,
    /// How often it was opened.
    pub opens: u64,
    /// Calls that read from it.
    pub reads: u64,
    /// Calls that wrote to it.
    pub writes: u64,
    /// Bytes read.
    pub read_bytes: u64,
    /// Bytes written.
    pub written_bytes: u64,
    /// Time spent in those calls.
    pub time_ns: u64,
    /// Calls that failed.
    pub errors: u64,
}

/// Paths and their sums. What has no path is counted by its kind: `(pipes)`.
pub type Files = Bounded<Vec<u8>, FileUse>;

pub(super) fn new() -> Files {
    Bounded::new(MOST_PATHS)
}

/// The name under which a descriptor's target is counted; `None` for sockets, which have a table of their own.
pub(super) fn name(target: &[u8]) -> Option<&[u8]> {
    match target {
        [b'/', ..] => Some(target),
        [b'p', b'i', b'p', b'e', b':', ..] => Some(b"(pipes)"),
        [b's', b'o', b'c', b'k', b'e', b't', b':', ..] => None,
        other => Some(other.strip_prefix(b"anon_inode:").unwrap_or(other)),
    }
}

/// `path` as seen from directory `base`: joined where it is relative and the directory is known.
pub fn resolve(path: &[u8], base: Option<&[u8]>) -> Vec<u8> {
    let Some(base) = base.filter(|base| base.first() == Some(&b'/') && path.first() != Some(&b'/')) else {
        return path.to_vec();
    };
    let mut rest = path;
    while let Some(shorter) = rest.strip_prefix(b"./") {
        rest = shorter;
    }
    let mut joined = base.to_vec();
    if rest.is_empty() || rest == b"." {
        return joined;
    }
    if joined.last() != Some(&b'/') {
        joined.push(b'/');
    }
    joined.extend_from_slice(rest);
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths_are_joined_to_their_directory() {
        let rows: &[(&str, Option<&str>, &str)] = &[
            ("/etc/passwd", Some("/tmp"), "/etc/passwd"),
            ("a/b", Some("/tmp"), "/tmp/a/b"),
            ("././a", Some("/"), "/a"),
            (".", Some("/tmp"), "/tmp"),
            ("", Some("/tmp"), "/tmp"),
            ("../a", Some("/tmp"), "/tmp/../a"),
            ("a", None, "a"),
            ("a", Some("(unreachable)/x"), "a"),
        ];
        for (path, base, want) in rows {
            let got = resolve(path.as_bytes(), base.map(str::as_bytes));
            assert_eq!(String::from_utf8_lossy(&got), *want);
        }
    }

    #[test]
    fn things_without_a_path_go_by_their_kind() {
        assert_eq!(name(b"/dev/null"), Some(&b"/dev/null"[..]));
        assert_eq!(name(b"pipe:[77]"), Some(&b"(pipes)"[..]));
        assert_eq!(name(b"socket:[77]"), None);
        assert_eq!(name(b"anon_inode:[eventfd]"), Some(&b"[eventfd]"[..]));
    }
}
