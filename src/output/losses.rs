//! What could not be written: said on standard error, and remembered for the exit status of who only shows.

use std::ffi::OsStr;
use std::io::{Error, ErrorKind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

static ANY: AtomicBool = AtomicBool::new(false);

/// Says that `what` could not be written, unless nobody reads it: who closes a pipe has read enough.
pub(crate) fn say(what: &str, error: &Error) {
    if error.kind() == ErrorKind::BrokenPipe {
        return;
    }
    ANY.store(true, Ordering::Relaxed);
    let own = std::env::args_os().next().unwrap_or_else(|| "trace".into());
    let name = Path::new(&own).file_name().unwrap_or(OsStr::new("trace")).to_string_lossy();
    eprintln!("{name}: {what} could not be written: {error}");
}

/// Whether anything was lost in this process.
pub fn any() -> bool {
    ANY.load(Ordering::Relaxed)
}
