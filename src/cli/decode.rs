//! What is told of descriptors and process ids: the values of `--decode-fds` and `--decode-pids`.

use std::ffi::OsStr;

use super::options::Options;
use crate::engine::details::Wishes;
use crate::output::choice;

/// What may be told of descriptors, and its bit.
const FDS: [(&str, u128); 6] =
    [("path", 1), ("socket", 2), ("dev", 4), ("pidfd", 8), ("signalfd", 16), ("eventfd", 32)];

/// The value of `--decode-fds`; none is `path`.
pub(super) fn fds(options: &mut Options, text: Option<&OsStr>) -> Result<(), String> {
    options.given.push("--decode-fds");
    let text = text.map_or("path".into(), OsStr::to_string_lossy);
    let set = choice::words(&text, 63, &FDS).map_err(|word| format!("invalid decode-fds '{word}'"))?;
    options.fds = Wishes {
        paths: set & 1 != 0,
        sockets: set & 2 != 0,
        devices: set & 4 != 0,
        pidfds: set & 8 != 0,
        signalfds: set & 16 != 0,
        eventfds: set & 32 != 0,
    };
    Ok(())
}

/// The value of `--decode-pids`.
pub(super) fn pids(options: &mut Options, text: &OsStr) -> Result<(), String> {
    let set = choice::words(&text.to_string_lossy(), 3, &[("comm", 1), ("pidns", 2)]);
    let set = set.map_err(|word| format!("invalid decode-pids '{word}'"))?;
    (options.names_of_pids, options.pid_namespaces) = (set & 1 != 0, set & 2 != 0);
    Ok(())
}
