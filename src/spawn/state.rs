//! The state of a launch as a JSON file that exists while the program lives: who, since when, where.
//!
//! `start_time_ticks` is field 22 of /proc/PID/stat, so that a reader can tell the process from a later one
//! of the same pid. Source: proc(5); libcontainer's state.json.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::error::text;
use crate::sys::{clock, process};

/// The version of the file's shape.
const VERSION: u32 = 1;

/// A state file. Dropping it removes the file.
#[derive(Debug)]
pub struct State {
    path: PathBuf,
}

impl State {
    /// Writes the state of process `pid` to `path`, in one step for readers.
    ///
    /// # Errors
    /// One sentence with the path.
    pub(super) fn write(
        path: &Path,
        pid: i32,
        argv: &[OsString],
        host_interface: Option<&str>,
        grouped: bool,
    ) -> Result<Self, String> {
        let text = describe(pid, argv, host_interface, grouped).to_string();
        let mut temporary = path.as_os_str().to_owned();
        temporary.push(format!(".{}", std::process::id()));
        let temporary = PathBuf::from(temporary);
        let write = || {
            let mut file = fs::OpenOptions::new().write(true).create_new(true).open(&temporary)?;
            file.write_all(text.as_bytes())?;
            file.write_all(b"\n")?;
            fs::rename(&temporary, path)
        };
        write().map_err(|error| {
            fs::remove_file(&temporary).ok();
            format!("the state file '{}' cannot be written: {}", path.display(), self::text(&error))
        })?;
        Ok(Self { path: path.to_owned() })
    }
}

impl Drop for State {
    fn drop(&mut self) {
        fs::remove_file(&self.path).ok();
    }
}

fn describe(pid: i32, argv: &[OsString], host_interface: Option<&str>, grouped: bool) -> Value {
    let mut namespaces = Map::new();
    for entry in fs::read_dir(format!("/proc/{pid}/ns")).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Ok(link) = fs::read_link(entry.path()) {
            namespaces.insert(name, json!(link.to_string_lossy()));
        }
    }
    let groups = fs::read_to_string(format!("/proc/{pid}/cgroup")).unwrap_or_default();
    let cgroups: Vec<&str> = if grouped { groups.lines().collect() } else { Vec::new() };
    // The list of fields begins with the third.
    let ticks = process::stat(pid).and_then(|fields| fields.get(19)?.parse::<u64>().ok());
    json!({
        "version": VERSION,
        "pid": pid,
        "launcher": std::process::id(),
        "start_time_ticks": ticks,
        "started_unix_ns": clock::wall_ns(),
        "argv": argv.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>(),
        "namespaces": namespaces,
        "cgroup": cgroups,
        "network": host_interface.map(|name| json!({ "host_interface": name })),
    })
}
