//! Namespaces that belong to a new user namespace, handed to a function while a process holds them.

use super::idmap::Range;
use super::namespaces::Namespaces;
use super::plan::{IdMaps, Identity, Plan, Traced};
use super::process::Process;
use super::start::{self, Hooks};
use crate::sys::wait;

/// Kills and reaps the process when it goes, also when the callback panics: a stopped tracee whose tracer
/// has ended would run on.
struct Holder(Process);

impl Drop for Holder {
    fn drop(&mut self) {
        self.0.destroy();
    }
}

/// Makes a user namespace with `maps`, then the namespaces and CLONE_* flags of `flags` inside it, and calls
/// `callback` with the pid of the process that holds them, stopped at its execve. The process is gone
/// when this returns; namespaces live on where the callback has opened their files.
///
/// # Errors
/// One sentence: flags that include the user namespace, a failed launch, the callback's own error, or a
/// process that the callback did not leave alive.
pub fn unshare_after_userns(
    maps: &IdMaps,
    flags: u64,
    callback: impl FnOnce(i32) -> Result<(), String>,
) -> Result<(), String> {
    if flags & Namespaces::USER.bits() != 0 {
        return Err("unshare flags should not include user namespace".into());
    }
    let mut plan = Plan::new("/proc/self/exe", vec!["holder".into()]);
    plan.namespaces = Namespaces::USER;
    plan.maps = Some(maps.clone());
    plan.late = Namespaces::from_bits(flags);
    plan.unshare_flags = flags & !Namespaces::from_bits(u64::MAX).bits();
    // As root inside, where there is one: the namespaces then belong to it and their files can be opened.
    let root = |ranges: &[Range]| super::idmap::outside(ranges, 0).map(|_| 0);
    plan.identity = Some(Identity { uid: root(&maps.uid), gid: root(&maps.gid), ..Identity::default() });
    plan.userns_owner = super::idmap::outside(&maps.uid, 0);
    plan.traced = Traced::AtExec;
    let holder = Holder(start::start(&plan, Hooks::default()).map_err(|error| error.to_string())?);
    let result = match wait::wait(holder.0.pid()) {
        Ok((_, wait::Status::Stopped { signo: libc::SIGTRAP, .. })) => callback(holder.0.pid()),
        other => Err(format!("the process that holds the namespaces did not stop at its execve: {other:?}")),
    };
    // A signal 0 reaches a zombie too; the pidfd of one is readable.
    let alive = !holder.0.has_ended();
    drop(holder);
    result?;
    if alive { Ok(()) } else { Err("failed to ensure child process is alive: no such process".into()) }
}
