//! The clone itself: what is shared, on which stack, with every signal blocked around it.

use std::io;
use std::os::fd::{FromRawFd, OwnedFd};

use super::{Child, entry};
use crate::sys::clone::{self, CLEAR_SIGHAND, CloneArgs, INTO_CGROUP};
use crate::sys::{process, signal};

/// Stack of a child that shares the parent's memory. Below malloc's threshold for mmap, so that a launch
/// costs no mapping; the child needs some hundred bytes of it.
const STACK: usize = 64 << 10;

/// How a child is cloned.
#[derive(Debug, Clone, Copy)]
pub(in crate::spawn) struct How {
    /// CLONE_NEW* flags.
    pub namespaces: u64,
    /// A cgroup v2 directory to be born into.
    pub cgroup: Option<i32>,
    /// Share memory until execve.
    pub vfork: bool,
    /// Who a new user namespace belongs to, where the caller may change to it.
    pub owner: Option<u32>,
}

/// Clones `child`; the parent gets its pid and, where the kernel has them, a pidfd.
///
/// # Errors
/// What clone3(2) says.
pub(in crate::spawn) fn clone(child: &mut Child<'_>, how: How) -> io::Result<(i32, Option<OwnedFd>)> {
    let mut pidfd: i32 = -1;
    let mut stack: Vec<u8> = Vec::new();
    let mut args = CloneArgs {
        flags: how.namespaces | libc::CLONE_PIDFD as u64 | CLEAR_SIGHAND,
        pidfd: &raw mut pidfd as u64,
        exit_signal: libc::SIGCHLD as u64,
        ..CloneArgs::default()
    };
    if how.vfork {
        stack.reserve(STACK);
        // The top must be 16-byte aligned, as at every call.
        let base = stack.as_mut_ptr() as u64;
        args.flags |= (libc::CLONE_VM | libc::CLONE_VFORK) as u64;
        args.stack = base;
        args.stack_size = ((base + STACK as u64) & !15) - base;
    }
    if let Some(fd) = how.cgroup {
        args.flags |= INTO_CGROUP;
        args.cgroup = fd as u64;
    }
    let before = signal::block_everything();
    let pid = process::as_effective_uid(how.owner, || begin(child, &mut args));
    signal::set_mask_exactly(&before);
    drop(stack);
    let pid = pid?;
    // SAFETY: the kernel has just stored a new descriptor there, which nobody else owns.
    let pidfd = (pidfd >= 0).then(|| unsafe { OwnedFd::from_raw_fd(pidfd) });
    Ok((pid, pidfd))
}

fn begin(child: &mut Child<'_>, args: &mut CloneArgs) -> io::Result<i32> {
    let data = std::ptr::from_mut(child).cast();
    // SAFETY: `entry` keeps to the rules of this directory and never returns; the stack outlives the
    // child's use of it, as CLONE_VFORK suspends this thread until execve or exit.
    let result = unsafe { clone::clone3(args, entry, data) };
    match result.as_ref().err().and_then(io::Error::raw_os_error) {
        // A sandbox without clone3, or a kernel before CLONE_CLEAR_SIGHAND (5.5).
        Some(libc::ENOSYS | libc::EINVAL) if args.flags & (INTO_CGROUP | 0x80) == 0 => {
            child.reset_handlers = true;
            // SAFETY: as above.
            let legacy = unsafe { clone::clone_legacy(args, entry, data) };
            // The first answer is the better one where both refuse.
            legacy.or(result)
        }
        _ => result,
    }
}
