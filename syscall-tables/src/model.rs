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
    /// As many as there are pages in the bytes that a sibling says.
    Pages(Sibling),
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
    /// The same with the upper half in the first register (`_llseek`). (`signed`, `base`)
    WideHigh(bool, Base),
    /// A value of a named set; one of [`Width::W64`] fills two registers on 32-bit ABIs.
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
    /// Like [`Shape::FlagsNote`] with another word before the names: `0x2 (F_UNLCK)`, `0x3 (seals F_SEAL_SEAL)`.
    SetNote(&'static Set, &'static str),
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
    /// A count of 4096-byte pages in a register, printed as hexadecimal byte offset.
    PageOffset,
    /// Flags whose bits 26 to 31 are the logarithm of a page size: `MAP_HUGETLB|21<<MAP_HUGE_SHIFT`.
    HugeFlags(&'static Set, &'static str),
    /// Flags of swapon with the priority in the low 15 bits: `SWAP_FLAG_PREFER|5`.
    SwapFlags,
    /// Command of quotactl: `QCMD(Q_GETQUOTA, USRQUOTA)`.
    QuotaCommand,
    /// `epoll_data` in place, as `{u32=…, u64=…}`.
    EpollData,
    /// `struct statx_timestamp` in place, with the date as a comment.
    StatxTime,
    /// Zero that is not in memory: a member that the struct lacks but is printed.
    Zero,
    /// `struct file_handle` behind a pointer.
    FileHandle(Dir),
    /// Words of a set of NUMA nodes behind a pointer, `[0000000000000001]`; the sibling is the count of bits.
    NodeMask(Dir, Sibling),
    /// A node in place, or a negative errno: `-EFAULT`.
    NodeStatus,
    /// A protocol in network order: `htons(ETH_P_ALL)`.
    EthProtocol,
    /// Pointer to the five arguments of the old select of i386.
    OldSelect,
    /// `struct iocb` behind a pointer.
    Iocb,
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
            | Self::FileHandle(dir)
            | Self::NodeMask(dir, _)
            | Self::CpuSet(dir, _) => dir,
            Self::Dirents | Self::Dirents64 | Self::WaitStatus | Self::PathOut | Self::Remaining(_) => {
                Dir::Out
            }
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
            | Self::PageOffset
            | Self::HugeFlags(..)
            | Self::SwapFlags
            | Self::QuotaCommand
            | Self::EpollData
            | Self::StatxTime
            | Self::Zero
            | Self::NodeStatus
            | Self::EthProtocol
            | Self::OldSelect
            | Self::Iocb
            | Self::Handler => Dir::In,
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
