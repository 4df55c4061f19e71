//! Resource limits of this process, see getrlimit(2).

use std::io;
use std::sync::Mutex;

use super::check;

/// A soft and a hard limit.
pub type Pair = (u64, u64);

/// RLIMIT_NOFILE as it was, and as [`raise_nofile`] left it.
static RAISED: Mutex<Option<(Pair, Pair)>> = Mutex::new(None);

fn lock() -> std::sync::MutexGuard<'static, Option<(Pair, Pair)>> {
    RAISED.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The limit of `resource` (RLIMIT_*), soft first.
///
/// # Errors
/// EINVAL for no such resource.
pub fn get(resource: u32) -> io::Result<Pair> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the structure is live.
    check(i64::from(unsafe { libc::getrlimit(resource, &raw mut limit) }))?;
    Ok((limit.rlim_cur, limit.rlim_max))
}

/// Sets the limit of `resource`.
///
/// # Errors
/// EPERM above the hard limit, EINVAL.
pub fn set(resource: u32, (soft, hard): Pair) -> io::Result<()> {
    let limit = libc::rlimit { rlim_cur: soft, rlim_max: hard };
    // SAFETY: the structure is live.
    check(i64::from(unsafe { libc::setrlimit(resource, &raw const limit) })).map(drop)
}

/// Raises this process's own soft limit of open files to the hard one; what is launched later starts
/// with the limit from before.
///
/// # Errors
/// What setrlimit(2) says.
pub fn raise_nofile() -> io::Result<()> {
    let mut raised = lock();
    let before = get(libc::RLIMIT_NOFILE)?;
    let after = (before.1, before.1);
    if before != after {
        set(libc::RLIMIT_NOFILE, after)?;
        *raised = Some((raised.map_or(before, |(original, _)| original), after));
    }
    Ok(())
}

/// The limit that a launched program must get back: none when this process never raised its own, or when
/// somebody (prlimit(1)) has changed it since.
pub fn original_nofile() -> Option<Pair> {
    let (original, after) = (*lock())?;
    (get(libc::RLIMIT_NOFILE).ok()? == after).then_some(original)
}
