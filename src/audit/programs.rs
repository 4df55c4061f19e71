//! SHA-256 of files as they are executed, each file once while it does not change.
//!
//! The task is stopped in its execve meanwhile, so that the digest is of what runs. Source: FIPS 180-4 through the
//! `sha2` crate; ctime as proc and inode(7) have it.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::Read;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::deed::Digest;

/// Larger files are not read.
const MOST_BYTES: u64 = 2 << 30;
/// So many files are remembered.
const MOST_FILES: usize = 65_536;

/// What tells one state of a file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct State {
    device: u64,
    inode: u64,
    size_bytes: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

/// Digests of files.
#[derive(Debug)]
pub struct Programs {
    known: HashMap<State, Option<String>>,
    begun_ns: u64,
    buffer: Vec<u8>,
}

impl Programs {
    /// Digests in an audit that began at `begun_ns`, in nanoseconds since 1970.
    pub fn new(begun_ns: u64) -> Self {
        Self { known: HashMap::new(), begun_ns, buffer: vec![0; 256 << 10] }
    }

    /// The digest of the file at `path`, and its first bytes.
    pub fn digest(&mut self, path: &Path) -> Option<(Digest, [u8; 2])> {
        // A tracee may put anything in the way: nothing that is opened here may block.
        let flags = libc::O_NONBLOCK | libc::O_NOCTTY | libc::O_CLOEXEC;
        let mut file = OpenOptions::new().read(true).custom_flags(flags).open(path).ok()?;
        let meta = file.metadata().ok().filter(|meta| meta.is_file())?;
        let state = State {
            device: meta.dev(),
            inode: meta.ino(),
            size_bytes: meta.size(),
            modified: (meta.mtime(), meta.mtime_nsec()),
            changed: (meta.ctime(), meta.ctime_nsec()),
        };
        let changed_ns = u64::try_from(meta.ctime()).unwrap_or(0).saturating_mul(1_000_000_000);
        let built = changed_ns.saturating_add(u64::try_from(meta.ctime_nsec()).unwrap_or(0)) > self.begun_ns;
        let mut head = [0; 2];
        if let Some(sha256) = self.known.get(&state) {
            file.read_exact(&mut head).ok();
            return Some((Digest { sha256: sha256.clone(), built }, head));
        }
        let sha256 = if meta.size() > MOST_BYTES { None } else { self.hash(&mut file, &mut head) };
        if self.known.len() < MOST_FILES {
            self.known.insert(state, sha256.clone());
        }
        Some((Digest { sha256, built }, head))
    }

    fn hash(&mut self, file: &mut File, head: &mut [u8; 2]) -> Option<String> {
        let mut hash = Sha256::new();
        let mut total = 0;
        loop {
            let count = file.read(&mut self.buffer).ok()?;
            let bytes = self.buffer.get(..count)?;
            if let (0, Some(first)) = (total, bytes.get(..2)) {
                head.copy_from_slice(first);
            }
            if bytes.is_empty() {
                break;
            }
            total += count as u64;
            if total > MOST_BYTES {
                return None;
            }
            hash.update(bytes);
        }
        Some(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// A digest of text, in hexadecimal: the same for the same finding in every run.
pub fn fingerprint(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn digests_follow_the_file() {
        let path = std::env::temp_dir().join(format!("trace-audit-programs-{}", std::process::id()));
        fs::write(&path, "abc").unwrap();
        let mut programs = Programs::new(0);
        let (digest, head) = programs.digest(&path).unwrap();
        // The example of FIPS 180-4.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest.sha256.as_deref(), Some(abc));
        assert_eq!((head, digest.built), (*b"ab", true));
        assert_eq!(programs.digest(&path).unwrap().0.sha256.as_deref(), Some(abc));
        fs::write(&path, "#!/bin/sh\n").unwrap();
        let (digest, head) = programs.digest(&path).unwrap();
        assert_ne!(digest.sha256.as_deref(), Some(abc));
        assert_eq!(head, *b"#!");
        assert!(!Programs::new(u64::MAX).digest(&path).unwrap().0.built);
        fs::remove_file(&path).unwrap();
        assert!(programs.digest(&path).is_none());
        assert!(programs.digest(Path::new("/dev/zero")).is_none());
    }
}
