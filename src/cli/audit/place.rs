//! Where an audit's files are, and where its command has its places. Files are replaced as a whole.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::audit::places::Places;
use crate::cli::launch::Launch;
use crate::cli::options::error_text;
use crate::paths::lexical;
use crate::sys::process;

/// A variable of the command's environment.
fn variable(launch: &Launch, name: &str) -> Option<Vec<u8>> {
    let own = |var: &&std::ffi::OsString| {
        var.as_bytes()
            .strip_prefix(name.as_bytes())
            .is_some_and(|rest| rest.starts_with(b"=") || rest.is_empty())
    };
    match launch.env.iter().rev().find(own) {
        Some(var) => Some(var.as_bytes().get(name.len() + 1..)?.to_vec()),
        None if launch.clear_env => None,
        None => std::env::var_os(name).map(|value| value.as_bytes().to_vec()),
    }
}

/// Where the command has its directories.
///
/// # Errors
/// A working directory that is gone.
pub(super) fn places(launch: &Launch) -> Result<Places, String> {
    let current = std::env::current_dir()
        .map_err(|error| format!("the working directory: {}: change to another", error_text(&error)))?;
    let dir = launch.workdir.as_ref().map_or(current.clone(), |dir| current.join(dir));
    let listed = nix::unistd::User::from_uid(process::effective_uid().into()).ok().flatten();
    let listed = listed.map(|user| user.dir.as_os_str().as_bytes().to_vec());
    let homes: Vec<Vec<u8>> = variable(launch, "HOME").into_iter().chain(listed).collect();
    let temps: Vec<Vec<u8>> = variable(launch, "TMPDIR").into_iter().collect();
    Ok(Places::new(dir.as_os_str().as_bytes(), &homes, &temps))
}

/// The absolute name of a file, with links of its directory followed.
pub(super) fn absolute(file: &Path) -> Vec<u8> {
    let bytes = |path: &Path| path.as_os_str().as_bytes().to_vec();
    let parent = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if let (Ok(parent), Some(name)) = (fs::canonicalize(parent), file.file_name()) {
        return bytes(&parent.join(name));
    }
    let dir = std::env::current_dir().map(|dir| bytes(&dir)).unwrap_or_default();
    lexical::absolute(&dir, file.as_os_str().as_bytes()).unwrap_or_default()
}

/// Refuses a file that could not be written, before anything has run. Nothing is made.
///
/// # Errors
/// One sentence.
pub(super) fn writable(file: &Path, option: &str) -> Result<(), String> {
    let shown = file.display();
    if file.is_dir() {
        return Err(format!("{option} '{shown}': Is a directory"));
    }
    let parent = absolute(file);
    let parent = Path::new(OsStr::from_bytes(&parent)).parent().unwrap_or(Path::new("/"));
    match fs::metadata(parent) {
        Ok(meta) if meta.is_dir() => Ok(()),
        Ok(_) => Err(format!("{option} '{shown}': Not a directory")),
        Err(error) => Err(format!("{option} '{shown}': {}", error_text(&error))),
    }
}

/// Writes a file: as a whole or not at all, unless it is a device or pipe.
///
/// # Errors
/// One sentence.
pub(super) fn write(file: &Path, bytes: &[u8]) -> Result<(), String> {
    let fail = |error: std::io::Error| format!("cannot write '{}': {}", file.display(), error_text(&error));
    // Through a symbolic link, what it leads to is replaced.
    let real = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    if fs::metadata(&real).is_ok_and(|meta| !meta.is_file()) {
        return fs::write(&real, bytes).map_err(fail);
    }
    let mut name = real.file_name().unwrap_or_default().to_owned();
    name.push(format!(".new-{}", std::process::id()));
    let new: PathBuf = real.with_file_name(name);
    let written = fs::write(&new, bytes).and_then(|()| fs::rename(&new, &real));
    if written.is_err() {
        fs::remove_file(&new).ok();
    }
    written.map_err(fail)
}
