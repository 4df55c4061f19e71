//! Where a path of a tracee leads: through the directory it is relative to, its root and symbolic links.
//!
//! Asked while the task is stopped, so that /proc/TID is as the call had it. What the kernel opened is known better
//! by the descriptor's name; this is for calls that leave none. It reads links and changes nothing. Source:
//! path_resolution(7).

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

use crate::paths::lexical;
use crate::sys::process;

/// MAXSYMLINKS of the kernel.
const MOST_LINKS: usize = 40;

/// A task whose paths are resolved.
#[derive(Debug)]
pub(super) struct Root {
    tid: i32,
    process: i32,
    /// Its root directory as the tracer sees it; empty for the usual one.
    root: Vec<u8>,
}

impl Root {
    pub(super) fn of(tid: i32, process: i32) -> Self {
        let root = process::link(tid, "root").unwrap_or_default();
        Self { tid, process, root: if root == b"/" { Vec::new() } else { root } }
    }

    /// The working directory.
    pub(super) fn cwd(&self) -> Vec<u8> {
        process::link(self.tid, "cwd").unwrap_or_default()
    }

    /// `path` as seen from the directory `dir`, by its letters alone; `None` where that is nothing.
    pub(super) fn lexical(&self, dir: &[u8], path: &[u8]) -> Option<Vec<u8>> {
        if lexical::is_absolute(path) {
            let inner = lexical::absolute(b"", path)?;
            return Some(if self.root.is_empty() { inner } else { [&self.root[..], &inner].concat() });
        }
        lexical::absolute(dir, path)
    }

    /// The same with symbolic links followed, that of the last part only with `last`.
    pub(super) fn real(&self, dir: &[u8], path: &[u8], last: bool) -> Option<Vec<u8>> {
        // Inside of the task's root, which is where its absolute links lead.
        let from = match (lexical::is_absolute(path), dir.strip_prefix(&self.root[..])) {
            (true, _) => &b"/"[..],
            (false, Some(inner)) => inner,
            // A directory outside of the root: nothing can be followed from there.
            (false, None) => return self.lexical(dir, path),
        };
        if !lexical::is_absolute(from) && !from.is_empty() {
            return None;
        }
        let own = |bytes: &[u8]| bytes.to_vec();
        let mut todo: Vec<Vec<u8>> = lexical::parts(path).map(own).collect();
        todo.reverse();
        let mut at: Vec<Vec<u8>> = lexical::parts(from).map(own).collect();
        let mut links = 0;
        while let Some(part) = todo.pop() {
            if part == b".." {
                at.pop();
                continue;
            }
            at.push(part);
            if todo.is_empty() && !last || links >= MOST_LINKS {
                continue;
            }
            let Some(target) = self.link(&at) else { continue };
            links += 1;
            at.pop();
            if lexical::is_absolute(&target) {
                at.clear();
            }
            let parts: Vec<Vec<u8>> = lexical::parts(&target).map(own).collect();
            todo.extend(parts.into_iter().rev());
        }
        let mut real = self.root.clone();
        for part in &at {
            real.push(b'/');
            real.extend_from_slice(part);
        }
        Some(if real.is_empty() { b"/".to_vec() } else { real })
    }

    /// Where the symbolic link at this place leads.
    fn link(&self, at: &[Vec<u8>]) -> Option<Vec<u8>> {
        if let [first, own] = at
            && first == b"proc"
        {
            // These would lead to the tracer.
            match &own[..] {
                b"self" => return Some(self.process.to_string().into_bytes()),
                b"thread-self" => return Some(format!("{}/task/{}", self.process, self.tid).into_bytes()),
                _ => {}
            }
        }
        let path = [&self.access()[..], b"/", &at.join(&b'/')].concat();
        fs::read_link(Path::new(OsStr::from_bytes(&path))).ok().map(|to| to.into_os_string().into_vec())
    }

    fn access(&self) -> Vec<u8> {
        format!("/proc/{}/root", self.tid).into_bytes()
    }

    /// A path by which the tracer reaches what `path` names in the directory `dir`.
    pub(super) fn reach(&self, dir: &[u8], path: &[u8]) -> Option<Vec<u8>> {
        if lexical::is_absolute(path) {
            return Some([&self.access()[..], path].concat());
        }
        lexical::is_absolute(dir).then(|| match dir.strip_prefix(&self.root[..]) {
            Some(inner) => [&self.access()[..], inner, b"/", path].concat(),
            None => [dir, b"/", path].concat(),
        })
    }

    /// Whether there is anything of that name.
    pub(super) fn exists(&self, dir: &[u8], path: &[u8]) -> bool {
        self.reach(dir, path)
            .is_some_and(|path| fs::symlink_metadata(Path::new(OsStr::from_bytes(&path))).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn links_are_followed_as_the_kernel_does() {
        let dir = std::env::temp_dir().join(format!("trace-audit-resolve-{}", std::process::id()));
        fs::create_dir_all(dir.join("a/b")).unwrap();
        symlink("a/b", dir.join("to-b")).unwrap();
        symlink("loop", dir.join("loop")).unwrap();
        let base = fs::canonicalize(&dir).unwrap();
        let base = base.to_str().unwrap();
        let own = std::process::id() as i32;
        let root = Root::of(own, own);
        let rows = [
            ("to-b/new", true, "a/b/new"),
            ("to-b", true, "a/b"),
            ("to-b", false, "to-b"),
            ("to-b/../c", true, "a/c"),
            ("./a//b/.", true, "a/b"),
            ("none/x", true, "none/x"),
        ];
        for (path, last, want) in rows {
            let real = root.real(base.as_bytes(), path.as_bytes(), last).unwrap();
            assert_eq!(String::from_utf8(real).unwrap(), format!("{base}/{want}"), "{path}");
        }
        assert!(root.real(base.as_bytes(), b"loop/x", true).is_some(), "a loop ends");
        assert_eq!(root.real(b"", b"/proc/self/maps", true), Some(format!("/proc/{own}/maps").into_bytes()));
        assert_eq!(root.real(b"(unreachable)", b"x", true), None);
        assert!(root.exists(base.as_bytes(), b"to-b") && !root.exists(base.as_bytes(), b"none"));
        fs::remove_dir_all(&dir).unwrap();
    }
}
