//! clone3(2) with a child that runs on a stack of its own or on a copy of the caller's.
//!
//! libc's `clone` cannot say CLONE_INTO_CGROUP or CLONE_NEWTIME, and a raw clone3 with CLONE_VM would
//! return on the parent's stack and overwrite its return address: hence the few lines of assembly.

use std::ffi::c_void;
use std::io;

use super::check;

/// `struct clone_args` of linux/sched.h, version 2 (Linux 5.7).
#[repr(C)]
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct CloneArgs {
    pub flags: u64,
    pub pidfd: u64,
    pub child_tid: u64,
    pub parent_tid: u64,
    pub exit_signal: u64,
    pub stack: u64,
    pub stack_size: u64,
    pub tls: u64,
    pub set_tid: u64,
    pub set_tid_size: u64,
    pub cgroup: u64,
}

/// CLONE_CLEAR_SIGHAND: caught signals go back to their default in the child (Linux 5.5).
pub(crate) const CLEAR_SIGHAND: u64 = 1 << 32;
/// CLONE_INTO_CGROUP (Linux 5.7).
pub(crate) const INTO_CGROUP: u64 = 1 << 33;

/// Size of the first version of the structure, which has no `cgroup`.
const SIZE_VERSION_0: u64 = 64;

/// Makes a child that runs `entry(data)`; the parent gets its pid.
///
/// # Errors
/// What clone3(2) says.
///
/// # Safety
/// `entry` must never return and, between here and execve, keep to async-signal-safe code; with CLONE_VM
/// `args.stack` must be a stack that the caller keeps alive until the child has left it.
pub(crate) unsafe fn clone3(
    args: &CloneArgs,
    entry: extern "C" fn(*mut c_void) -> !,
    data: *mut c_void,
) -> io::Result<i32> {
    let size = if args.flags & INTO_CGROUP != 0 { size_of::<CloneArgs>() as u64 } else { SIZE_VERSION_0 };
    let result: i64;
    // SAFETY: the kernel reads `size` bytes of `args`. The child calls `entry` at once, on its own stack
    // or on its copy of this one, and never comes back here; the parent sees a plain system call.
    unsafe {
        std::arch::asm!(
            "syscall",
            "test rax, rax",
            "jnz 2f",
            "xor ebp, ebp",
            "mov rdi, r12",
            "call r13",
            "ud2",
            "2:",
            inlateout("rax") libc::SYS_clone3 => result,
            in("rdi") args,
            in("rsi") size,
            in("r12") data,
            in("r13") entry,
            lateout("rcx") _,
            lateout("r11") _,
        );
    }
    done(result)
}

/// The same through clone(2), for kernels and sandboxes without clone3: only its 32 bits of flags.
///
/// # Errors
/// What clone(2) says; EINVAL for flags that it cannot carry.
///
/// # Safety
/// As for [`clone3`].
pub(crate) unsafe fn clone_legacy(
    args: &CloneArgs,
    entry: extern "C" fn(*mut c_void) -> !,
    data: *mut c_void,
) -> io::Result<i32> {
    if args.flags & !CLEAR_SIGHAND > u64::from(u32::MAX) || args.flags & 0xff != 0 {
        return Err(io::Error::from_raw_os_error(libc::EINVAL));
    }
    let flags = (args.flags & 0xffff_ff00) | args.exit_signal;
    let stack = args.stack + args.stack_size;
    let result: i64;
    // SAFETY: as in clone3; CLONE_PIDFD stores through the third argument.
    unsafe {
        std::arch::asm!(
            "syscall",
            "test rax, rax",
            "jnz 2f",
            "xor ebp, ebp",
            "mov rdi, r12",
            "call r13",
            "ud2",
            "2:",
            inlateout("rax") libc::SYS_clone => result,
            in("rdi") flags,
            in("rsi") stack,
            in("rdx") args.pidfd,
            in("r10") args.child_tid,
            in("r8") args.tls,
            in("r12") data,
            in("r13") entry,
            lateout("rcx") _,
            lateout("r11") _,
        );
    }
    done(result)
}

fn done(result: i64) -> io::Result<i32> {
    if result < 0 {
        return Err(io::Error::from_raw_os_error(-result as i32));
    }
    Ok(result as i32)
}

/// Whether the process behind `pidfd` has ended; true for a zombie too, unlike a signal 0 to it.
pub fn has_ended(pidfd: std::os::fd::BorrowedFd<'_>) -> bool {
    use std::os::fd::AsRawFd;
    let mut poll = libc::pollfd { fd: pidfd.as_raw_fd(), events: libc::POLLIN, revents: 0 };
    // SAFETY: one live pollfd.
    let ready = unsafe { libc::poll(&raw mut poll, 1, 0) };
    ready > 0 && poll.revents != 0
}

/// Sends `signo` to the process behind `pidfd`.
///
/// # Errors
/// ESRCH when it is gone, EPERM.
pub fn pidfd_signal(pidfd: std::os::fd::BorrowedFd<'_>, signo: i32) -> io::Result<()> {
    use std::os::fd::AsRawFd;
    let nothing = std::ptr::null::<c_void>();
    // SAFETY: a plain system call; the info pointer may be null.
    check(unsafe { libc::syscall(libc::SYS_pidfd_send_signal, pidfd.as_raw_fd(), signo, nothing, 0) })
        .map(drop)
}
