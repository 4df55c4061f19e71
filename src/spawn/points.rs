//! Mount points that a launch makes in directories of the host, and that are removed when it is over.
//!
//! The child makes what is missing; the parent notes before the launch what was missing, and afterwards
//! removes of that only empty directories and empty files. It follows no symbolic link.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::plan::{Plan, Root};

/// What did not exist before a launch. Dropping it removes what exists since, innermost first.
#[derive(Debug, Default)]
pub struct Points(Vec<PathBuf>);

impl Points {
    /// The mount points of `plan` that are missing now.
    pub(super) fn missing(plan: &Plan) -> Self {
        let root = match &plan.fs.root {
            None => Path::new("/"),
            Some(Root::Chroot(dir) | Root::Pivot { dir: Some(dir), .. }) => dir,
            // A fresh tmpfs goes with its namespace.
            Some(Root::Pivot { dir: None, .. }) => return Self::default(),
        };
        let mut missing = Vec::new();
        for mount in &plan.fs.mounts {
            let mut path = root.to_owned();
            let parts = mount.target.components().filter(|part| matches!(part, Component::Normal(_)));
            for part in parts {
                path.push(part);
                match path.symlink_metadata() {
                    Ok(found) if found.is_dir() => {}
                    Ok(_) => break,
                    Err(_) if missing.contains(&path) => {}
                    Err(_) => missing.push(path.clone()),
                }
            }
        }
        Self(missing)
    }
}

impl Drop for Points {
    fn drop(&mut self) {
        for path in self.0.iter().rev() {
            match path.symlink_metadata() {
                Ok(found) if found.is_dir() => fs::remove_dir(path).ok(),
                Ok(found) if found.is_file() && found.len() == 0 => fs::remove_file(path).ok(),
                _ => None,
            };
        }
    }
}
