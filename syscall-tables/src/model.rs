//! The shape of a syscall: signatures, arguments and what each argument means.
//!
//! A [`Kind`] says what a register or a field holds and when it is there at all. Kinds are plain
//! `const` data; the interpreter that reads a tracee's memory by them lives in the engine. Names
//! follow the man pages, section 2.

use crate::set::{Base, Set};
use crate::structs::Struct;

/// Width of a number in a register or in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// One byte.
    W8,
    /// Two bytes.
    W16,
    /// Four bytes.
    W32,
    /// Eight bytes.
    W64,
    /// The ABI's `long` and pointer size.
    Long,
}

/// Whether the kernel reads the memory behind a pointer, writes it, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dir {
    /// Read by the kernel: decoded at entry.
    In,
    /// Written by the kernel: decoded at exit, and only when the call succeeded.
    Out,
    /// Read and written: decoded at entry, and again at exit when the call succeeded.
    InOut,
}

/// Another argument of the same call, or another member of the same struct.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sibling {
    /// Where to look.
    pub scope: Scope,
    /// Position, from 0.
    pub index: u8,
}

/// The scope of a [`Sibling`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The arguments of the call.
    Arg,
    /// The members of the struct that is being decoded.
    Member,
}

/// How many bytes or elements something has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Len {
    /// Always this many.
    Fixed(u32),
    /// As many as a sibling says.
    Of(Sibling),
    /// As many as the call returned.
    Ret,
    /// What the `socklen_t`-like 32-bit number behind a sibling pointer says.
    At(Sibling),
    /// What the `size_t`-like number behind a sibling pointer says.
    LongAt(Sibling),
}

/// When an argument or member is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Always.
    Always,
    /// When the sibling has any of these bits.
    AnyBit(Sibling, u64),
    /// When the sibling has none of these bits.
    NoBit(Sibling, u64),
    /// When the sibling is equal to this.
    Equals(Sibling, u64),
    /// When the sibling differs from this.
    Differs(Sibling, u64),
}

/// What a register, a struct member or the memory behind a pointer holds.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// What it is.
    pub shape: Shape,
    /// When it is printed.
    pub when: When,
}

/// The closed list of meanings.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// A number. (`width`, `signed`, `base`)
    Number(Width, bool, Base),
    /// A 64-bit number, in two registers on 32-bit ABIs. (`signed`, `base`)
    Wide(bool, Base),
    /// A value of a named set.
    Set(&'static Set, Width),
    /// A file descriptor.
    Fd,
    /// A file descriptor or AT_FDCWD.
    DirFd,
    /// A process, thread or process-group id.
    Pid,
    /// A user or group id; -1 means none. (`width`)
    Id(Width),
    /// A signal number.
    Signal,
    /// Permission bits, in octal.
    Mode(Width),
    /// File type and permission bits.
    FileMode(Width),
    /// A device number.
    Dev(Width),
    /// An address that is not followed.
    Address,
    /// A NUL-terminated path; never shortened.
    Path,
    /// A NUL-terminated string, shortened to the string limit.
    Str,
    /// Bytes of a given length, shown as a string.
    Bytes(Dir, Len),
    /// A pointer to one thing.
    Pointer(Dir, &'static Kind),
    /// A pointer to several things in a row.
    Array(Dir, &'static Kind, Len),
    /// A NULL-terminated array of strings.
    Strings,
    /// The environment: like [`Shape::Strings`], counted unless everything is wanted.
    Environment,
    /// A struct in place.
    Struct(&'static Struct),
    /// An array in place.
    Inline(&'static Kind, u16),
    /// A NUL-terminated or full character array in place.
    Chars(u16),
    /// Bytes in place, shown as a string of full length.
    Octets(u16),
    /// A pointer to a signal set of this many bytes.
    SigSet(Dir, Len),
    /// A signal set in place, of this many bytes.
    Signals(u8),
    /// A pointer to an `fd_set`; the sibling is the number of descriptors.
    FdSet(Sibling),
    /// A pointer to an array of `struct iovec` (count) whose buffers hold at most so many bytes.
    Iovec(Dir, Len, Len),
    /// A pointer to a socket address of a given length.
    Sockaddr(Dir, Len),
    /// Depends on the value of a sibling.
    By(Sibling, &'static [(u64, Kind)], &'static Kind),
    /// Depends on the low bits of the value of a sibling. (`sibling`, `mask`, cases, otherwise)
    ByMasked(Sibling, u64, &'static [(u64, Kind)], &'static Kind),
    /// Not there: neither printed nor counted.
    Absent,
    /// A hexadecimal return value with the names of its bits: `0x1 (flags FD_CLOEXEC)`.
    FlagsNote(&'static Set),
    /// Decoded by a function of the interpreter.
    Custom(Custom),
}

/// Meanings that need code. Each names its direction in [`Custom::dir`].
#[derive(Debug, Clone, Copy)]
pub enum Custom {
    /// `struct pollfd` array at entry; the sibling is the count.
    PollFds(Sibling),
    /// Return of poll: the descriptors that are ready, or a timeout.
    PollReturn,
    /// Return of select: the sets that are ready and the time left.
    SelectReturn,
    /// The sixth argument of pselect6: a pointer to {set, size}.
    PselectMask,
    /// `struct linux_dirent` records.
    Dirents,
    /// `struct linux_dirent64` records.
    Dirents64,
    /// `siginfo_t` behind a pointer.
    SigInfo(Dir),
    /// `struct sigaction` behind a pointer, kernel layout.
    SigAction(Dir),
    /// The status word of wait4, behind a pointer.
    WaitStatus,
    /// `struct msghdr` behind a pointer.
    MsgHdr(Dir),
    /// `struct mmsghdr` array behind a pointer; the sibling is the count.
    MmsgHdr(Dir, Sibling),
    /// The value of a socket option; level, name and length are arguments 1, 2 and 4.
    SockOpt(Dir),
    /// Length of a buffer behind a pointer: `[128 => 16]`.
    SockLen,
    /// An ioctl command.
    IoctlCommand,
    /// The argument of an ioctl.
    IoctlArg,
    /// Command and arguments of futex.
    FutexOp,
    /// `struct clone_args`.
    CloneArgs,
    /// Flags of clone with the exit signal in the low byte.
    CloneFlags,
    /// `struct timespec[2]` of utimensat, with UTIME_NOW and UTIME_OMIT.
    UtimeSpecs,
    /// A number of seconds since 1970 with the date as a comment; the sibling holds nanoseconds.
    Date(Sibling),
    /// `union bpf_attr` and other payloads that are shown as an address until decoded.
    Opaque,
    /// A timespec with the remaining time, written when interrupted.
    Remaining(&'static Kind),
    /// `struct sock_fprog` behind a pointer.
    Bpf,
    /// A capability header and data pair.
    CapData(Dir),
    /// The hex dump note of an unknown thing.
    OldMmap,
    /// Address of a `struct robust_list_head`.
    RobustList,
    /// The words of a set of CPUs; the sibling is the size in bytes.
    CpuSet(Dir, Len),
    /// A path written by the kernel, its length being the return value, NUL included.
    PathOut,
    /// Major and minor of a clock id that is not in the table.
    ClockId,
    /// Raw signal handler address: SIG_DFL, SIG_IGN or an address.
    Handler,
    /// A resource limit: `8192*1024` for a multiple of 1024 above 1024, RLIM64_INFINITY (RLIM_INFINITY when four bytes)
    /// for all ones, else decimal.
    Rlim(Width),
    /// A return value: the number in this base, then, unless it is 0 with no name for 0 or has no name at all,
    /// ` (`, the text, the same number as the kind and `)`: `0x1 (old mask [HUP])`.
    Noted(Base, &'static str, &'static Kind),
    /// A number in the set's base, always with its name behind: `3 /* SYSLOG_ACTION_READ_ALL */`.
    Commented(&'static Set, Width),
    /// Argument and result of personality: the persona of the low byte, then flags; all ones is a bare number.
    Personality,
    /// `IOPRIO_PRIO_VALUE(class, data)`, the class above bit 13.
    IoPrio,
    /// `struct user_desc` behind a pointer, a struct of bit fields.
    UserDesc(Dir),
    /// The fourth word of FUTEX_WAKE_OP: `FUTEX_OP_SET<<28|0x12<<12|FUTEX_OP_CMP_EQ<<24|0x3`.
    FutexWakeOp,
    /// `time_t` of the ABI with the date as a comment, without a fraction; 0 has no comment.
    Seconds,
    /// `struct timeval[2]` of utimes, each with the date as a comment.
    UtimeVals,
    /// Like [`Custom::UtimeSpecs`] with 64-bit members on every ABI.
    UtimeSpecs64,
    /// `struct sigevent` behind a pointer.
    SigEvent,
    /// `struct old_sigaction` of i386 behind a pointer: handler, mask word, flags, restorer.
    OldSigAction(Dir),
    /// The signal frame at the stack pointer, whatever the register holds: `{mask=[]}`.
    SigFrame,
    /// Written by wait4 only when it returned a pid; else an address.
    Reaped(&'static Kind),
    /// `struct msgbuf` behind a pointer, its text of so many bytes: `{mtype=1, mtext="abc"}`.
    MsgBuf(Dir, Len),
    /// A command of System V IPC of this set, with `IPC_64|` in front when bit 8 is set.
    IpcCommand(&'static Set),
    /// Bits of this set and, always, permission bits in octal: `IPC_CREAT|0666`, `000`.
    IpcFlags(&'static Set),
    /// A key serial: a name of KEY_SPEC or a decimal number without a comment.
    KeySerial,
    /// An error number by name: `E2BIG`.
    Errno,
    /// KEXEC_ARCH in the high half, then bits of KEXEC_FLAGS.
    KexecFlags,
    /// Clock ticks with seconds as a comment: `2 /* 0.02 s */`.
    ClockTicks,
    /// An offset into `struct user` of ptrace: `8*RBP`, `8*R15+1`, or hexadecimal.
    UserOffset,
    /// A NUL-terminated string of at most so many bytes, written by the kernel.
    StrOut(Len),
    /// An address in 64 bits of memory on every ABI.
    Address64,
}

impl Custom {
    /// The direction of the memory that a custom decoder reads.
    pub const fn dir(self) -> Dir {
        match self {
            Self::SigInfo(dir)
            | Self::SigAction(dir)
            | Self::MsgHdr(dir)
            | Self::MmsgHdr(dir, _)
            | Self::SockOpt(dir)
            | Self::CapData(dir)
            | Self::CpuSet(dir, _)
            | Self::UserDesc(dir)
            | Self::OldSigAction(dir)
            | Self::MsgBuf(dir, _) => dir,
            Self::Dirents
            | Self::Dirents64
            | Self::WaitStatus
            | Self::PathOut
            | Self::Remaining(_)
            | Self::Reaped(_)
            | Self::StrOut(_) => Dir::Out,
            Self::SockLen | Self::CloneArgs => Dir::InOut,
            Self::PollFds(_)
            | Self::PollReturn
            | Self::SelectReturn
            | Self::PselectMask
            | Self::IoctlCommand
            | Self::IoctlArg
            | Self::FutexOp
            | Self::CloneFlags
            | Self::UtimeSpecs
            | Self::Date(_)
            | Self::Opaque
            | Self::Bpf
            | Self::OldMmap
            | Self::RobustList
            | Self::ClockId
            | Self::Handler
            | Self::Rlim(_)
            | Self::Noted(..)
            | Self::Commented(..)
            | Self::Personality
            | Self::IoPrio
            | Self::FutexWakeOp
            | Self::Seconds
            | Self::UtimeVals
            | Self::UtimeSpecs64
            | Self::SigEvent
            | Self::SigFrame
            | Self::IpcCommand(_)
            | Self::IpcFlags(_)
            | Self::KeySerial
            | Self::Errno
            | Self::KexecFlags
            | Self::ClockTicks
            | Self::UserOffset
            | Self::Address64 => Dir::In,
        }
    }
}

/// A named argument.
#[derive(Debug, Clone, Copy)]
pub struct Arg {
    /// Name as in the man page.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
}

/// Everything known of one syscall.
#[derive(Debug)]
pub struct Signature {
    /// Name, as strace prints it.
    pub name: &'static str,
    /// Arguments, in order.
    pub args: &'static [Arg],
    /// What a successful return value means.
    pub ret: Kind,
}

impl Kind {
    /// A kind that is always there.
    pub const fn new(shape: Shape) -> Self {
        Self { shape, when: When::Always }
    }

    /// There only when `sibling` has any of `bits`.
    pub const fn when(self, sibling: Sibling, bits: u64) -> Self {
        Self { when: When::AnyBit(sibling, bits), ..self }
    }

    /// There only when `sibling` has none of `bits`.
    pub const fn unless(self, sibling: Sibling, bits: u64) -> Self {
        Self { when: When::NoBit(sibling, bits), ..self }
    }

    /// There only when `sibling` equals `value`.
    pub const fn when_is(self, sibling: Sibling, value: u64) -> Self {
        Self { when: When::Equals(sibling, value), ..self }
    }

    /// There only when `sibling` differs from `value`.
    pub const fn when_not(self, sibling: Sibling, value: u64) -> Self {
        Self { when: When::Differs(sibling, value), ..self }
    }
}
