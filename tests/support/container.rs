//! Containers whose init is the `trace` of this build, and what runs in them.

use trace::spawn::container::{Container, Error, Run};
use trace::spawn::launch::Request;
use trace::spawn::plan::Plan;

use super::spawn::binary;

/// A container as `plan` has it.
pub fn begin(plan: Plan) -> Result<Container, Error> {
    Container::start_with(&Request::new(plan), &binary())
}

/// A run of `sh -c SCRIPT`.
pub fn sh(script: &str) -> Run {
    let mut run = Run::new("/bin/sh", vec!["sh".into(), "-c".into(), script.into()]);
    run.env = vec!["PATH=/usr/bin:/bin".into()];
    run
}
