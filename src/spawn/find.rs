//! Where a program's name leads, as execvp(3) looks for it.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::error::Error;

/// Finds `program` as execvp(3) would: as it is when it has a slash, else along PATH.
///
/// # Errors
/// [`Error::Program`] with ENOENT when nothing executable goes by that name.
pub fn find(program: &OsStr, path: Option<&OsStr>) -> Result<PathBuf, Error> {
    if program.as_bytes().contains(&b'/') {
        let file = PathBuf::from(program);
        return match file.metadata() {
            Ok(_) => Ok(file),
            Err(error) => Err(Error::Program(file, error)),
        };
    }
    let found = candidates(program, path).find(|file| executable(file));
    found.ok_or_else(|| Error::Program(PathBuf::from(program), io::Error::from_raw_os_error(libc::ENOENT)))
}

/// The same below a root that is not entered yet; the result is a path inside it.
///
/// # Errors
/// As [`find`].
pub fn find_below(root: &Path, program: &OsStr, path: Option<&OsStr>) -> Result<PathBuf, Error> {
    if program.as_bytes().contains(&b'/') {
        return Ok(PathBuf::from(program));
    }
    let inside = |file: &PathBuf| {
        let below = root.join(file.strip_prefix("/").unwrap_or(file));
        // A symbolic link may lead to where only the new root can follow.
        below.is_symlink() || executable(&below)
    };
    let found = candidates(program, path).find(inside);
    found.ok_or_else(|| Error::Program(PathBuf::from(program), io::Error::from_raw_os_error(libc::ENOENT)))
}

fn executable(file: &Path) -> bool {
    file.metadata().is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

fn candidates<'a>(program: &'a OsStr, path: Option<&'a OsStr>) -> impl Iterator<Item = PathBuf> + 'a {
    let path = path.unwrap_or(OsStr::new("/usr/local/bin:/bin:/usr/bin"));
    let dirs = path.as_bytes().split(|&b| b == b':').filter(|_| !program.is_empty());
    dirs.map(move |dir| {
        let dir = if dir.is_empty() { b"." } else { dir };
        Path::new(OsStr::from_bytes(dir)).join(program)
    })
}
