//! The ptrace(2) requests that the tracer makes. All must come from the thread that attached.

use std::io;

use super::check;

/// PTRACE_EVENT_STOP of linux/ptrace.h.
pub const EVENT_STOP: i32 = 128;
/// PTRACE_O_EXITKILL.
pub const OPTION_EXITKILL: u64 = 0x0010_0000;
/// PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC.
pub const OPTIONS_BASE: u64 = 0x11;
/// PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE.
pub const OPTIONS_FOLLOW: u64 = 0x0e;

/// PTRACE_O_TRACEVFORKDONE: the parent of a vfork stops once more when the child has its own memory or is gone.
pub const OPTION_VFORK_DONE: u64 = 0x20;
/// PTRACE_O_TRACESECCOMP.
pub const OPTION_SECCOMP: u64 = 0x80;
/// Where the syscall number lies in `struct user` of x86_64: `orig_rax`, the sixteenth register.
const ORIG_RAX: u64 = 15 * 8;
/// Where a result lies: `rax`.
const RAX: u64 = 10 * 8;
/// Where the arguments of a call lie in `struct user`: rdi, rsi, rdx, r10, r8, r9.
const ARGUMENTS: [u64; 6] = [14 * 8, 13 * 8, 12 * 8, 7 * 8, 9 * 8, 8 * 8];
/// The same for calls by the i386 ABI: ebx, ecx, edx, esi, edi, ebp.
const ARGUMENTS_I386: [u64; 6] = [5 * 8, 11 * 8, 12 * 8, 13 * 8, 14 * 8, 4 * 8];

/// PTRACE_GET_SYSCALL_INFO's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyscallInfo {
    /// The stop is not at a syscall.
    None,
    /// A syscall is about to run.
    Entry {
        /// AUDIT_ARCH_* of the call.
        arch: u32,
        /// Instruction pointer.
        ip: u64,
        /// Stack pointer.
        sp: u64,
        /// Number.
        nr: u64,
        /// Arguments.
        args: [u64; 6],
    },
    /// A seccomp filter asks the tracer about a syscall that is about to run.
    Seccomp {
        /// AUDIT_ARCH_* of the call.
        arch: u32,
        /// Instruction pointer.
        ip: u64,
        /// Stack pointer.
        sp: u64,
        /// Number.
        nr: u64,
        /// Arguments.
        args: [u64; 6],
        /// SECCOMP_RET_DATA of the filter that asks.
        data: u32,
    },
    /// A syscall has run.
    Exit {
        /// Return value.
        value: i64,
        /// Whether the kernel calls it an error.
        failed: bool,
    },
}

/// The general registers of a stopped task, as its own ABI lays them out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserRegs {
    /// `struct user_regs_struct` of a task in 64-bit mode.
    X86_64([u64; 27]),
    /// The same of a task in 32-bit mode.
    I386([u32; 17]),
}

fn request(request: libc::c_uint, tid: i32, addr: u64, data: u64) -> io::Result<i64> {
    // SAFETY: callers pass numbers, or addresses of live buffers that the request may write.
    check(unsafe { libc::ptrace(request, tid, addr, data) })
}

/// Starts tracing `tid` without stopping it.
///
/// # Errors
/// EPERM without the right to trace it, ESRCH for no such task.
pub fn seize(tid: i32, options: u64) -> io::Result<()> {
    request(libc::PTRACE_SEIZE, tid, 0, options).map(drop)
}

/// Stops a seized task.
///
/// # Errors
/// ESRCH when it is gone.
pub fn interrupt(tid: i32) -> io::Result<()> {
    request(libc::PTRACE_INTERRUPT, tid, 0, 0).map(drop)
}

/// Lets a stopped task run to its next syscall boundary, delivering `signo` (0 for none).
///
/// # Errors
/// ESRCH when it is gone or not stopped.
pub fn syscall(tid: i32, signo: i32) -> io::Result<()> {
    request(libc::PTRACE_SYSCALL, tid, 0, signo as u64).map(drop)
}

/// Lets a stopped task run freely, delivering `signo` (0 for none).
///
/// # Errors
/// ESRCH when it is gone or not stopped.
pub fn cont(tid: i32, signo: i32) -> io::Result<()> {
    request(libc::PTRACE_CONT, tid, 0, signo as u64).map(drop)
}

/// Lets a stopped task run one instruction, delivering `signo` (0 for none).
///
/// # Errors
/// ESRCH when it is gone or not stopped.
pub fn step(tid: i32, signo: i32) -> io::Result<()> {
    request(libc::PTRACE_SINGLESTEP, tid, 0, signo as u64).map(drop)
}

/// Leaves a group-stopped task stopped, but listens for its continuation.
///
/// # Errors
/// ESRCH when it is gone, EIO when it is not in a group-stop.
pub fn listen(tid: i32) -> io::Result<()> {
    request(libc::PTRACE_LISTEN, tid, 0, 0).map(drop)
}

/// Ends tracing a stopped task, delivering `signo` (0 for none).
///
/// # Errors
/// ESRCH when it is gone or not stopped.
pub fn detach(tid: i32, signo: i32) -> io::Result<()> {
    request(libc::PTRACE_DETACH, tid, 0, signo as u64).map(drop)
}

/// The message of the current event stop: a new or former task id.
///
/// # Errors
/// ESRCH when it is gone or not stopped.
pub fn event_message(tid: i32) -> io::Result<i32> {
    let mut message: u64 = 0;
    request(libc::PTRACE_GETEVENTMSG, tid, 0, &raw mut message as u64)?;
    Ok(message as i32)
}

/// The `siginfo_t` of a signal-delivery stop; EINVAL tells a group-stop from it.
///
/// # Errors
/// ESRCH when it is gone or not stopped, EINVAL in a group-stop.
pub fn signal_info(tid: i32) -> io::Result<Box<[u8; 128]>> {
    let mut info = Box::new([0u64; 16]);
    request(libc::PTRACE_GETSIGINFO, tid, 0, info.as_mut_ptr() as u64)?;
    let mut bytes = Box::new([0u8; 128]);
    for (chunk, word) in bytes.chunks_exact_mut(8).zip(info.iter()) {
        chunk.copy_from_slice(&word.to_ne_bytes());
    }
    Ok(bytes)
}

/// AUDIT_ARCH_* of a stopped task, whatever it is stopped at.
///
/// # Errors
/// ESRCH when it is gone or not stopped.
pub fn arch(tid: i32) -> io::Result<u32> {
    let mut words = [0u64; 11];
    let size = size_of_val(&words) as u64;
    request(0x420e, tid, size, words.as_mut_ptr() as u64)?;
    Ok((words[0] >> 32) as u32)
}

/// Lets the kernel skip the syscall that a task is about to make; it returns ENOSYS.
///
/// # Errors
/// ESRCH when it is gone or not stopped.
pub fn skip_syscall(tid: i32) -> io::Result<()> {
    request(libc::PTRACE_POKEUSER, tid, ORIG_RAX, u64::MAX).map(drop)
}

/// Changes which syscall a task that is stopped at its entry makes.
///
/// # Errors
/// ESRCH when it is gone or not stopped.
pub fn set_number(tid: i32, nr: u64) -> io::Result<()> {
    request(libc::PTRACE_POKEUSER, tid, ORIG_RAX, nr).map(drop)
}

/// Changes what a syscall returns to a task that is stopped at its exit.
///
/// # Errors
/// ESRCH when it is gone or not stopped.
pub fn set_result(tid: i32, value: i64) -> io::Result<()> {
    request(libc::PTRACE_POKEUSER, tid, RAX, value as u64).map(drop)
}

/// Changes the register of argument `index`, from 0, of a call by the i386 ABI or by that of x86_64.
///
/// # Errors
/// ESRCH when it is gone or not stopped.
pub fn set_argument(tid: i32, i386: bool, index: usize, value: u64) -> io::Result<()> {
    let places = if i386 { &ARGUMENTS_I386 } else { &ARGUMENTS };
    let place = places.get(index).ok_or_else(|| io::Error::from_raw_os_error(libc::EINVAL))?;
    request(libc::PTRACE_POKEUSER, tid, *place, value).map(drop)
}

/// Where a stopped task is, whatever it is stopped at.
///
/// # Errors
/// ESRCH when it is gone or not stopped.
pub fn instruction_pointer(tid: i32) -> io::Result<u64> {
    let mut words = [0u64; 11];
    let size = size_of_val(&words) as u64;
    request(0x420e, tid, size, words.as_mut_ptr() as u64)?;
    Ok(words[1])
}

/// What syscall a stopped task is at: PTRACE_GET_SYSCALL_INFO, Linux 5.3.
///
/// # Errors
/// ESRCH when it is gone or not stopped.
pub fn syscall_info(tid: i32) -> io::Result<SyscallInfo> {
    // struct ptrace_syscall_info: op u8, pad[3], arch u32, ip u64, sp u64, then the union.
    let mut words = [0u64; 11];
    let size = size_of_val(&words) as u64;
    request(0x420e, tid, size, words.as_mut_ptr() as u64)?;
    Ok(match words[0] as u8 {
        1 => SyscallInfo::Entry {
            arch: (words[0] >> 32) as u32,
            ip: words[1],
            sp: words[2],
            nr: words[3],
            args: [words[4], words[5], words[6], words[7], words[8], words[9]],
        },
        3 => SyscallInfo::Seccomp {
            arch: (words[0] >> 32) as u32,
            ip: words[1],
            sp: words[2],
            nr: words[3],
            args: [words[4], words[5], words[6], words[7], words[8], words[9]],
            data: words[10] as u32,
        },
        2 => SyscallInfo::Exit { value: words[3] as i64, failed: words[4] as u8 != 0 },
        _ => SyscallInfo::None,
    })
}

/// The general registers of a stopped task: PTRACE_GETREGSET of NT_PRSTATUS. The size of the answer tells
/// the mode that the task runs in.
///
/// # Errors
/// ESRCH when it is gone or not stopped, EIO for an answer of another size.
pub fn registers(tid: i32) -> io::Result<UserRegs> {
    const NT_PRSTATUS: u64 = 1;
    let mut words = [0u64; 27];
    let mut answer = libc::iovec { iov_base: words.as_mut_ptr().cast(), iov_len: size_of_val(&words) };
    request(libc::PTRACE_GETREGSET, tid, NT_PRSTATUS, &raw mut answer as u64)?;
    match answer.iov_len {
        216 => Ok(UserRegs::X86_64(words)),
        68 => {
            let half = |at: usize| (words[at / 2] >> (32 * (at % 2))) as u32;
            Ok(UserRegs::I386(std::array::from_fn(half)))
        }
        _ => Err(io::Error::from_raw_os_error(libc::EIO)),
    }
}

/// Changes the general registers of a stopped task in 64-bit mode: PTRACE_SETREGSET of NT_PRSTATUS.
///
/// # Errors
/// ESRCH when it is gone or not stopped, EIO for values that no task may have.
pub fn set_registers(tid: i32, words: &[u64; 27]) -> io::Result<()> {
    const NT_PRSTATUS: u64 = 1;
    let words = *words;
    let mut value = libc::iovec { iov_base: words.as_ptr().cast_mut().cast(), iov_len: size_of_val(&words) };
    request(libc::PTRACE_SETREGSET, tid, NT_PRSTATUS, &raw mut value as u64).map(drop)
}

/// Largest XSAVE area that is read: that of AVX-512 and AMX has 11 KiB.
const MOST_XSTATE_BYTES: usize = 16 << 10;
/// Regset of the XSAVE area.
const NT_X86_XSTATE: u64 = 0x202;

/// The XSAVE area of a stopped task: x87, SSE and, where the machine has it, AVX registers.
///
/// # Errors
/// ESRCH when it is gone or not stopped, EINVAL where the machine has none.
pub fn xstate(tid: i32) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0u8; MOST_XSTATE_BYTES];
    let mut answer = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: bytes.len() };
    request(libc::PTRACE_GETREGSET, tid, NT_X86_XSTATE, &raw mut answer as u64)?;
    bytes.truncate(answer.iov_len);
    Ok(bytes)
}

/// Changes the XSAVE area of a stopped task; `bytes` are as [`xstate`] gave them.
///
/// # Errors
/// ESRCH when it is gone or not stopped, EINVAL for an area that makes no sense.
pub fn set_xstate(tid: i32, bytes: &[u8]) -> io::Result<()> {
    let mut value = libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
    request(libc::PTRACE_SETREGSET, tid, NT_X86_XSTATE, &raw mut value as u64).map(drop)
}

/// Where `u_debugreg` lies in `struct user` of x86_64.
const DEBUG_REGISTERS: u64 = 848;

/// A debug register (0 to 7) of a stopped task.
///
/// # Errors
/// ESRCH when it is gone or not stopped.
pub fn debug_register(tid: i32, number: u64) -> io::Result<u64> {
    let mut word = 0u64;
    // The C library's wrapper returns the word; the kernel's call writes it behind the last argument.
    let at = DEBUG_REGISTERS + 8 * number;
    // SAFETY: the kernel writes one word behind the valid pointer.
    let result = unsafe { libc::syscall(libc::SYS_ptrace, libc::PTRACE_PEEKUSER, tid, at, &raw mut word) };
    check(result)?;
    Ok(word)
}

/// Changes a debug register of a stopped task.
///
/// # Errors
/// ESRCH when it is gone or not stopped, EINVAL for what no task may watch, ENOSPC when all are in use.
pub fn set_debug_register(tid: i32, number: u64, value: u64) -> io::Result<()> {
    request(libc::PTRACE_POKEUSER, tid, DEBUG_REGISTERS + 8 * number, value).map(drop)
}

/// Changes 8 bytes of a stopped task's memory, code too.
///
/// # Errors
/// ESRCH when it is gone or not stopped, EIO where nothing is mapped.
pub fn poke(tid: i32, address: u64, word: u64) -> io::Result<()> {
    request(libc::PTRACE_POKEDATA, tid, address, word).map(drop)
}

/// The base of the thread-local storage of a stopped task in 64-bit mode is `fs_base`, this word of its registers.
pub const FS_BASE: usize = 21;
