//! What could not be written: said on standard error, and remembered for the exit status of who only shows.

use std::ffi::OsStr;
use std::io::{Error, ErrorKind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

static ANY: AtomicBool = AtomicBool::new(false);

/// Remembers that something could not be written; false where that is no loss, since nobody reads it: who closes a pipe
/// has read enough.
pub(crate) fn count(error: &Error) -> bool {
    let lost = error.kind() != ErrorKind::BrokenPipe;
    ANY.fetch_or(lost, Ordering::Relaxed);
    lost
}

/// Says that `what` could not be written, where that is a loss.
pub(crate) fn say(what: &str, error: &Error) {
    if !count(error) {
        return;
    }
    let own = std::env::args_os().next().unwrap_or_else(|| "trace".into());
    let name = Path::new(&own).file_name().unwrap_or(OsStr::new("trace")).to_string_lossy();
    eprintln!("{name}: {what} could not be written: {error}");
}

/// Whether anything was lost in this process.
pub fn any() -> bool {
    ANY.load(Ordering::Relaxed)
}
