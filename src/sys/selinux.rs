//! What the kernel knows of SELinux: whether it is active, and the contexts of tasks and files. Sources: selinux(8),
//! xattr(7), proc_pid_attr(5).

use std::ffi::CString;
use std::fs;
use std::path::Path;

/// The attribute of a file that holds its context.
const ATTRIBUTE: &std::ffi::CStr = c"security.selinux";
/// Longest context that is looked at.
const MOST_BYTES: usize = 4096;
/// AT_FDCWD.
const CWD: i32 = -100;

/// Whether it is active: its file system is mounted, which it is not where SELinux is disabled.
pub fn active() -> bool {
    Path::new("/sys/fs/selinux/enforce").exists()
}

/// The running system.
#[derive(Debug, Clone, Copy)]
pub struct Live;

impl Live {
    /// The context of a task.
    pub fn task(self, tid: i32) -> Option<String> {
        text(fs::read(format!("/proc/{tid}/attr/current")).ok()?)
    }

    /// The context of a file, or of what a symbolic link leads to with `follow`.
    pub fn attribute(self, path: &str, follow: bool) -> Option<String> {
        let path = CString::new(path).ok()?;
        let mut value = vec![0u8; MOST_BYTES];
        let read = if follow { libc::getxattr } else { libc::lgetxattr };
        // SAFETY: both names are C strings, and the buffer has the length that is told.
        let size = unsafe { read(path.as_ptr(), ATTRIBUTE.as_ptr(), value.as_mut_ptr().cast(), value.len()) };
        value.truncate(usize::try_from(size).ok()?);
        text(value)
    }
}

/// A context without the NUL or newline at its end; none where it is not one line of printable text.
fn text(mut bytes: Vec<u8>) -> Option<String> {
    while bytes.last().is_some_and(|last| matches!(last, 0 | b'\n')) {
        bytes.pop();
    }
    let fine = !bytes.is_empty() && bytes.iter().all(|byte| matches!(byte, b'!'..=b'~'));
    if fine { String::from_utf8(bytes).ok() } else { None }
}

/// How the tracer reaches what a task calls `path`, with `directory` for a relative one; `None` where the task sees other
/// file systems, whose symbolic links would lead elsewhere.
pub fn reached(tid: i32, directory: i32, path: &str) -> Option<String> {
    let same =
        |name: &str| super::process::link(tid, name) == super::process::link(std::process::id() as i32, name);
    (same("root") && same("ns/mnt")).then(|| place(tid, directory, path))
}

fn place(tid: i32, directory: i32, path: &str) -> String {
    match (path.starts_with('/'), directory) {
        (true, _) => path.to_owned(),
        (false, CWD) => format!("/proc/{tid}/cwd/{path}"),
        (false, fd) => format!("/proc/{tid}/fd/{fd}/{path}"),
    }
}

/// The texts of the policy's database of files, in the order in which they count.
#[derive(Debug, Default)]
pub struct Database {
    /// Expressions and contexts: file_contexts(5).
    pub contexts: Vec<String>,
    /// Directories that are looked up as others are: selabel_file(5).
    pub instead: Vec<String>,
}

/// Reads the database of the policy that `directory`, `/etc/selinux`, names.
pub fn database(directory: &Path) -> Database {
    let config = fs::read_to_string(directory.join("config")).unwrap_or_default();
    let policy =
        config.lines().find_map(|line| line.trim().strip_prefix("SELINUXTYPE=")).unwrap_or("targeted");
    let base = directory.join(policy.trim()).join("contexts/files/file_contexts");
    let read = |suffixes: &[&str]| {
        let named = suffixes.iter().map(|suffix| format!("{}{suffix}", base.display()));
        named.filter_map(|path| fs::read_to_string(path).ok()).collect()
    };
    Database { contexts: read(&["", ".homedirs", ".local"]), instead: read(&[".subs", ".subs_dist"]) }
}

#[cfg(test)]
mod tests {
    use super::{database, place, reached, text};

    #[test]
    fn contexts_are_one_line() {
        assert_eq!(text(b"u:r:init_t:s0\0".to_vec()).as_deref(), Some("u:r:init_t:s0"));
        assert_eq!(text(b"unconfined\n".to_vec()).as_deref(), Some("unconfined"));
        for bad in [&b""[..], b"\0", b"a\x1b[0m", b"a b", b"\xff"] {
            assert_eq!(text(bad.to_vec()), None);
        }
    }

    #[test]
    fn paths_are_reached_through_proc() {
        assert_eq!(place(7, -100, "/etc/x"), "/etc/x");
        assert_eq!(place(7, -100, "x"), "/proc/7/cwd/x");
        assert_eq!(place(7, 3, "x"), "/proc/7/fd/3/x");
        assert_eq!(reached(std::process::id() as i32, 3, "/etc/x").as_deref(), Some("/etc/x"));
        assert_eq!(reached(-1, 3, "/etc/x"), None);
    }

    #[test]
    fn the_database_is_that_of_the_policy() {
        let dir = std::env::temp_dir().join(format!("trace-selinux-{}", std::process::id()));
        let files = dir.join("strict/contexts/files");
        std::fs::create_dir_all(&files).unwrap();
        std::fs::write(dir.join("config"), "# SELINUXTYPE=x\nSELINUXTYPE=strict\n").unwrap();
        std::fs::write(files.join("file_contexts"), "/a u:r:a_t\n").unwrap();
        std::fs::write(files.join("file_contexts.local"), "/b u:r:b_t\n").unwrap();
        std::fs::write(files.join("file_contexts.subs"), "/c /d\n").unwrap();
        let found = database(&dir);
        std::fs::remove_dir_all(&dir).unwrap();
        assert_eq!(found.contexts, ["/a u:r:a_t\n", "/b u:r:b_t\n"]);
        assert_eq!(found.instead, ["/c /d\n"]);
    }
}
