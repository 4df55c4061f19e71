//! What could not be written: said on standard error, and remembered for the exit status of who only shows.

use std::ffi::OsStr;
use std::io::{Error, ErrorKind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use syscall_tables::errno;

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
    eprintln!("{name}: {what} could not be written: {}", reason(error));
}

/// The text of an error without Rust's number.
pub(crate) fn reason(error: &Error) -> String {
    let code = error.raw_os_error().and_then(|code| u32::try_from(code).ok());
    code.and_then(errno::text).map_or_else(|| error.to_string(), str::to_owned)
}

/// Whether anything was lost in this process.
pub fn any() -> bool {
    ANY.load(Ordering::Relaxed)
}
