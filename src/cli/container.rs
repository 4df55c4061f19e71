//! `trace container-init`: the init of a container, started by the library's `spawn::container` alone.

use std::ffi::OsString;
use std::process::ExitCode;

use super::refuse;
use crate::spawn::container;

/// Serves the launcher that started this process, until it is gone.
pub(super) fn run(program: &str, _args: Vec<OsString>) -> ExitCode {
    match container::serve() {
        Ok(status) => ExitCode::from(status),
        Err(error) => refuse(program, format_args!("{error}")),
    }
}
