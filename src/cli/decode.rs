//! What is told of descriptors and process ids: the values of `--decode-fds` and `--decode-pids`.

use std::ffi::OsStr;

use super::options::Options;
use crate::engine::details::Wishes;

/// The value of `--decode-fds`; none is `path`.
pub(super) fn fds(options: &mut Options, text: Option<&OsStr>) -> Result<(), String> {
    let text = text.map_or("path".into(), OsStr::to_string_lossy);
    let mut wishes = Wishes::default();
    for word in text.split(',') {
        match word {
            "none" => wishes = Wishes::default(),
            "all" => wishes = Wishes::ALL,
            "path" => wishes.paths = true,
            "socket" => wishes.sockets = true,
            "dev" => wishes.devices = true,
            "pidfd" => wishes.pidfds = true,
            "signalfd" => wishes.signalfds = true,
            "eventfd" => wishes.eventfds = true,
            other => {
                return Err(format!("invalid decode-fds '{other}'"));
            }
        }
    }
    options.fds = wishes;
    Ok(())
}

/// The value of `--decode-pids`.
pub(super) fn pids(options: &mut Options, text: &OsStr) -> Result<(), String> {
    (options.pid_namespaces, options.names_of_pids) = (false, false);
    for word in text.to_string_lossy().split(',') {
        match word {
            "none" => (options.pid_namespaces, options.names_of_pids) = (false, false),
            "all" => (options.pid_namespaces, options.names_of_pids) = (true, true),
            "pidns" => options.pid_namespaces = true,
            "comm" => options.names_of_pids = true,
            other => {
                return Err(format!("invalid decode-pids '{other}'"));
            }
        }
    }
    Ok(())
}
