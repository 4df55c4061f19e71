//! Where the trace goes: standard error, a file, or the standard input of a command (`-o '|command'`).

use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::options::{Options, error_text};
use crate::output::text::place;

/// The command that a name after `-o` stands for.
pub(super) fn command(name: &Path) -> Option<&std::ffi::OsStr> {
    match name.as_os_str().as_bytes() {
        [b'|' | b'!', rest @ ..] => Some(std::ffi::OsStr::from_bytes(rest)),
        _ => None,
    }
}

/// Whether files with this name and more behind it can be made, which shows when one is made.
fn writable(base: &Path) -> Result<(), String> {
    let probe = format!("{}.{}", base.display(), std::process::id());
    match File::create_new(&probe) {
        Ok(_) => {
            std::fs::remove_file(&probe).ok();
            Ok(())
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(format!("Can't fopen '{probe}': {}", error_text(&error))),
    }
}

/// An open destination.
#[derive(Debug, Default)]
pub(super) struct Output {
    /// The file; none for standard error, or where every task has its own.
    pub file: Option<File>,
    /// Who reads it.
    reader: Option<Child>,
}

impl Output {
    /// Opens what `options` ask for.
    ///
    /// # Errors
    /// One sentence.
    pub fn open(options: &Options) -> Result<Self, String> {
        let Some(path) = options.output.as_ref() else { return Ok(Self::default()) };
        if options.separate {
            writable(path)?;
            return Ok(Self::default());
        }
        if let Some(command) = command(path) {
            let started =
                Command::new("/bin/sh").arg0("sh").arg("-c").arg(command).stdin(Stdio::piped()).spawn();
            let mut reader = started
                .map_err(|error| format!("-o '{}': /bin/sh: {}", path.display(), error_text(&error)))?;
            let file = reader.stdin.take().map(|pipe| File::from(OwnedFd::from(pipe)));
            return Ok(Self { file, reader: Some(reader) });
        }
        let file = place::create(path, options.append)
            .map_err(|error| format!("Can't fopen '{}': {}", path.display(), error_text(&error)))?;
        Ok(Self { file: Some(file), reader: None })
    }

    /// Waits for who reads the trace, once everything was written and closed.
    pub fn finish(self) {
        drop(self.file);
        if let Some(mut reader) = self.reader {
            // It may have been reaped with the tracees.
            reader.wait().ok();
        }
    }
}
