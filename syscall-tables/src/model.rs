//! The shape of a syscall: signatures, arguments and what each argument means.
//!
//! A [`Kind`] says what a register or a field holds and when it is there at all. Kinds are plain
//! `const` data; the interpreter that reads a tracee's memory by them lives in the engine. Names
//! follow the man pages, section 2.

use crate::device::Device;
use crate::net::Net;
use crate::piece::Piece;
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
    /// As many as the call returned, and no more than a sibling says.
    RetUpTo(Sibling),
    /// What the `socklen_t`-like 32-bit number behind a sibling pointer says.
    At(Sibling),
    /// What the `size_t`-like number behind a sibling pointer says.
    LongAt(Sibling),
    /// What the 32-bit member at this offset of the struct of this size behind a sibling pointer says.
    Field(Sibling, u8, u8),
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
    /// When the sibling under a mask is one of these.
    OneOf(Sibling, u64, &'static [u64]),
    /// When the sibling under a mask is none of these.
    NoneOf(Sibling, u64, &'static [u64]),
    /// When the call succeeded: what the kernel fills.
    Succeeded,
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
    /// `struct timespec[2]` of utimensat, with UTIME_NOW and UTIME_OMIT; `true` for 64-bit members on every ABI.
    UtimeSpecs(bool),
    /// A number of seconds since 1970 with the date as a comment; the sibling holds nanoseconds.
    Date(Sibling),
    /// `union bpf_attr` and other payloads that are shown as an address until decoded.
    Opaque,
    /// A timespec with the remaining time, written when interrupted.
    Remaining(&'static Kind),
    /// `struct sock_fprog` of classic BPF behind a pointer.
    Bpf,
    /// As many classic BPF instructions behind a pointer as the call returned.
    BpfOut,
    /// `struct sigevent` behind a pointer.
    SigEvent,
    /// A number of seconds since 1970 with the date as a comment, without nanoseconds.
    Seconds,
    /// A number of clock ticks, with the seconds as a comment.
    ClockTicks,
    /// A return value: a number, and in parentheses what it means.
    Noted(Base, &'static Kind),
    /// A number with the name of its value as a comment, in every style.
    Commented(&'static Set, Width),
    /// Flags and the permission bits in the low nine bits of the same word; the name of the shift by which the size of
    /// huge pages is stored, where the word has one.
    IpcFlags(&'static Set, Option<&'static str>),
    /// A command of System V IPC, which may carry IPC_64.
    IpcCommand(&'static Set),
    /// `struct msgbuf` behind a pointer: a type and bytes.
    MsgBuf(Dir, Len),
    /// A mask of memory nodes behind a pointer; the sibling is one more than the number of bits.
    NodeMask(Dir, Sibling),
    /// A node, or an error as a negative number.
    PageStatus,
    /// One byte for each page of a length of bytes: whether it is in memory.
    Residency(Sibling),
    /// Values in the low bits, flags, and the size of huge pages in the high six bits under this name.
    HugeFlags(Option<&'static Set>, &'static Set, &'static str),
    /// What FUTEX_WAKE_OP does, in one word.
    FutexWakeOp,
    /// An I/O priority: a class and data.
    IoPrio,
    /// `cap_user_header_t` behind a pointer.
    CapHeader,
    /// `struct sched_attr` behind a pointer, of the size that stands in it; the sibling is the size of the buffer.
    SchedAttr(Dir, Option<Sibling>),
    /// `struct old_sigaction` of i386 behind a pointer.
    OldSigAction(Dir),
    /// An offset in `struct user`.
    UserOffset,
    /// As many `siginfo_t` behind a pointer as the call returned.
    SigInfos,
    /// `struct ptrace_syscall_info` behind a pointer; its size is the return value or in the sibling.
    SyscallInfo(Dir, Sibling),
    /// `struct iovec` behind a pointer with the registers that it points to; the sibling is the NT_ type.
    RegisterSet(Dir, Sibling),
    /// `struct landlock_ruleset_attr` behind a pointer; the sibling is its size.
    Ruleset(Sibling),
    /// A vector length in the low 16 bits, with flags.
    VectorLength(&'static Set),
    /// The argument of PR_SET_TAGGED_ADDR_CTRL.
    TaggedAddress,
    /// An array of group ids; the sibling is their number.
    Groups(Dir, Len, Width),
    /// What wait4 says of a child, once there is one.
    Reaped(&'static Kind),
    /// A number of an error, by name.
    Errno,
    /// A signal in a whole register.
    LongSignal,
    /// Text or bytes of a key that the kernel writes to a buffer of the sibling's size; the whole length is the return
    /// value, with `true` NUL included.
    KeyText(Sibling, bool),
    /// The bytes that KEYCTL_CAPABILITIES writes.
    KeyCapabilities,
    /// A struct that grows with Linux: the sibling is its size, which is at least so many bytes. What lies beyond the
    /// known members is shown when it is not zero.
    Sized(Dir, &'static Struct, Sibling, u16),
    /// Bytes of a given length, of which the kernel takes at most so many; `true` when a NUL at their end is not shown.
    Capped(Dir, Len, u32, bool),
    /// Flags of swapon with the priority in their low bits.
    SwapFlags,
    /// `struct file_handle` behind a pointer: what the kernel writes into the room that the caller has (`Out`), or reads.
    FileHandle(Dir),
    /// A command of quotactl: the type of quota in the low byte.
    QuotaCommand,
    /// An array of pointers to `struct iocb`; the sibling is their number.
    Iocbs(Sibling),
    /// `struct iocb` behind a pointer, without what the operation reads and writes.
    Iocb,
    /// A set in 64 bits of registers: two on 32-bit ABIs.
    WideSet(&'static Set),
    /// A struct of seconds and a fraction in place, with the date as a comment; the fraction has so many digits.
    Dated(&'static Kind, u8),
    /// A struct whose size, of at least so many bytes, is its first member.
    OwnSize(&'static Struct, u16),
    /// `struct statmount` with the strings behind it, in a buffer of the sibling's size.
    StatMount(Sibling),
    /// The place of a string behind `struct statmount`, or of as many as the sibling says.
    Behind(Option<Sibling>),
    /// `struct xattr_args` of getxattrat, whose value the kernel fills; the sibling is its size.
    GotXattr(Sibling),
    /// The `struct lsm_ctx` records that lsm_get_self_attr wrote: as many as it returned.
    LsmContexts,
    /// One `struct lsm_ctx` in a buffer of the sibling's size.
    LsmContext(Sibling),
    /// Bytes in hexadecimal escapes, as many as the sibling says: none where that is negative or more than a mebibyte.
    Blob(Sibling),
    /// The id of the mount that a file handle, an argument, is of: 64 bits with AT_HANDLE_MNT_ID_UNIQUE among the flags.
    MountId(Sibling, Sibling),
    /// A descriptor of the process that the sibling names.
    FdOf(Sibling),
    /// A descriptor of the process that the sibling, a pidfd, is open on.
    FdAt(Sibling),
    /// A descriptor in 64 bits of memory.
    WideFd,
    /// What 64 bits of memory hold on every ABI, such as a pointer.
    Wide64(&'static Kind),
    /// `struct io_uring_probe` with as many operations as the sibling says, before and after.
    UringProbe(Sibling),
    /// As many `struct io_uring_restriction` as the sibling says.
    UringRestrictions(Sibling),
    /// `struct io_uring_buf_reg` behind a pointer.
    UringBuffers,
    /// The numbers of workers of as many kinds as the sibling says, before and after.
    UringWorkers(Sibling),
    /// A member that an old struct does not have: shown as zero.
    Zero,
    /// `struct old_linux_dirent` of i386's readdir.
    OldDirent,
    /// A 64-bit address of bytes that the kernel reads: at most so many, without a NUL at their end.
    Value64(Len, u32),
    /// A value in the low bits, which the first set names under this mask, and flags: shown first and always.
    Class(&'static Set, u64, &'static Set, Width),
    /// A directory for fanotify, where -1 is FAN_NOFD.
    NoFd,
    /// An array of at most so many elements; more of them are an address.
    Few(&'static Kind, Sibling, u8),
    /// A number of a set whose name is a comment in every style but the raw one; the number is decimal.
    Remarked(&'static Set),
    /// What modify_ldt reads or writes: `struct user_desc` where the sibling is its size.
    Ldt(Sibling),
    /// The name of a thread behind a pointer, of at most this many bytes.
    Name(Dir, u8),
    /// `struct seccomp_metadata` behind a pointer, asked and answered.
    FilterMetadata(Sibling),
    /// An address in 64 bits of memory on every ABI.
    Address64,
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
    /// An offset in pages, printed in bytes.
    PageOffset,
    /// A resource limit: infinity by name, multiples of 1024 as such; 64 bits wide or a `long`.
    Limit(bool),
    /// Bytes shown in hexadecimal escapes.
    HexBytes(Dir, Len),
    /// The signal mask that rt_sigreturn (`true`) or sigreturn restores from the stack.
    SigReturn(bool),
    /// `epoll_data_t`, in both its readings.
    EpollData,
    /// What restart_syscall resumes.
    Resumed,
    /// A personality: a domain with flags; `true` for the return value, which shows its number too.
    Personality(bool),
    /// A return value that is a signal: `10 (SIGUSR1)`.
    SignalReturn,
    /// The high half of a 64-bit number; the sibling is the low half.
    HighHalf(Sibling),
    /// A number with the name of its value as a comment, even where numbers alone are wanted.
    Annotated(&'static Set, Width),
    /// Return of recvmmsg: a count, and what is left of the timeout, the fifth argument.
    MessagesReturn(&'static Kind),
    /// A NUL-terminated string behind a pointer, shortened to this many bytes.
    ShortText(Dir, u16),
    /// `union bpf_attr` behind a pointer; the siblings are the command and the size.
    BpfAttributes(Sibling, Sibling),
    /// Return of bpf: a descriptor, where the command makes one and its attributes can be read.
    BpfReturn,
    /// The type of a socket, with flags.
    SocketType,
    /// A member of a network struct.
    Net(Net),
    /// So many bytes in place, in hexadecimal escapes; the sibling is how many of them are of meaning.
    Escapes(u8, Option<Sibling>),
    /// A member that is more than a number.
    Piece(Piece),
    /// `struct user_desc` behind a pointer.
    UserDesc,
    /// The same as get_thread_area fills it, for the entry that it names.
    UserDescOut,
    /// Return of set_thread_area: the entry that was taken.
    UserDescReturn,
    /// The first argument of ipc of i386, where it is no call that is known: a version in the upper half.
    IpcCall,
    /// `struct io_uring_params` behind a pointer, asked and answered; `true` where it changes the size of rings.
    UringParams(bool),
    /// An operation of io_uring_register with a flag beside it.
    UringOperation,
    /// `struct io_uring_sqe` behind a pointer.
    UringSubmission,
    /// `struct io_uring_query_hdr` behind a pointer, and those that follow it.
    UringQuery,
    /// `struct zcrx_ctrl` behind a pointer.
    UringControl,
    /// A struct behind a pointer that is shown when the call returns, whatever came of it.
    Answered(&'static Struct),
    /// A struct behind a 64-bit pointer in memory.
    WideStruct(&'static Struct),
    /// `struct perf_event_attr` behind a pointer, of the size that stands in it.
    PerfAttr,
    /// A member of a struct of a device.
    Device(Device),
    /// What ioctl returns.
    IoctlReturn,
}

impl Custom {
    /// The direction of the memory that a custom decoder reads; each kind stands in one row.
    #[rustfmt::skip]
    pub const fn dir(self) -> Dir {
        match self {
            Self::SigInfo(dir) | Self::SigAction(dir) | Self::MsgHdr(dir) | Self::MmsgHdr(dir, _)
            | Self::SockOpt(dir) | Self::CapData(dir) | Self::HexBytes(dir, _) | Self::MsgBuf(dir, _)
            | Self::Name(dir, _) | Self::ShortText(dir, _) | Self::NodeMask(dir, _) | Self::SchedAttr(dir, _)
            | Self::OldSigAction(dir) | Self::SyscallInfo(dir, _) | Self::RegisterSet(dir, _)
            | Self::Groups(dir, _, _) | Self::Sized(dir, ..) | Self::Capped(dir, ..) | Self::FileHandle(dir)
            | Self::CpuSet(dir, _) => dir,
            Self::Dirents | Self::Dirents64 | Self::WaitStatus | Self::PathOut | Self::BpfOut
            | Self::Residency(_) | Self::SigInfos | Self::KeyText(..) | Self::KeyCapabilities
            | Self::StatMount(_) | Self::GotXattr(_) | Self::OldDirent | Self::MountId(..) | Self::LsmContexts
            | Self::UringProbe(_) | Self::UringWorkers(_) | Self::Reaped(_) | Self::UringParams(_)
            | Self::FilterMetadata(_) | Self::UserDescOut | Self::Remaining(_) | Self::UringQuery
            | Self::UringControl | Self::Answered(_) => Dir::Out,
            Self::SockLen | Self::CloneArgs => Dir::InOut,
            // What is read when the call is entered, values in registers among it.
            Self::Wide64(_) | Self::UringRestrictions(_) | Self::UringBuffers | Self::UringSubmission | Self::UringOperation | Self::WideStruct(_)
            | Self::PollFds(_)
            | Self::PollReturn | Self::SelectReturn | Self::PselectMask | Self::IoctlCommand | Self::IoctlArg
            | Self::FutexOp | Self::CloneFlags | Self::UtimeSpecs(_) | Self::Date(_) | Self::Opaque | Self::Bpf
            | Self::SigEvent | Self::Seconds | Self::ClockTicks | Self::Noted(..) | Self::Commented(..)
            | Self::IpcFlags(..) | Self::IpcCommand(_) | Self::PageStatus | Self::HugeFlags(..)
            | Self::FutexWakeOp | Self::IoPrio | Self::CapHeader | Self::UserOffset | Self::Ruleset(_)
            | Self::VectorLength(_) | Self::TaggedAddress | Self::Errno | Self::LongSignal | Self::SwapFlags
            | Self::QuotaCommand | Self::Iocbs(_) | Self::Iocb | Self::WideSet(_) | Self::Dated(..)
            | Self::OwnSize(..) | Self::Behind(_) | Self::LsmContext(_) | Self::Blob(_) | Self::FdOf(_) | Self::FdAt(_)
            | Self::WideFd | Self::Zero | Self::Value64(..) | Self::Class(..) | Self::NoFd | Self::Few(..)
            | Self::Remarked(_) | Self::Ldt(_) | Self::Address64 | Self::OldMmap | Self::RobustList
            | Self::ClockId | Self::Handler | Self::PageOffset | Self::Limit(_) | Self::SigReturn(_)
            | Self::EpollData | Self::Resumed | Self::Personality(_) | Self::SignalReturn | Self::HighHalf(_)
            | Self::Annotated(..) | Self::MessagesReturn(_) | Self::BpfAttributes(..) | Self::SocketType
            | Self::Escapes(..) | Self::Net(_) | Self::UserDesc | Self::UserDescReturn | Self::IpcCall | Self::PerfAttr
            | Self::Device(_) | Self::Piece(_) | Self::IoctlReturn | Self::BpfReturn => Dir::In,
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

    /// There only when `sibling` under `mask` is one of `values`.
    pub const fn when_in(self, sibling: Sibling, mask: u64, values: &'static [u64]) -> Self {
        Self { when: When::OneOf(sibling, mask, values), ..self }
    }

    /// There only when `sibling` under `mask` is none of `values`.
    pub const fn when_not_in(self, sibling: Sibling, mask: u64, values: &'static [u64]) -> Self {
        Self { when: When::NoneOf(sibling, mask, values), ..self }
    }

    /// There only when the call succeeded.
    pub const fn answered(self) -> Self {
        Self { when: When::Succeeded, ..self }
    }

    /// There only when `sibling` differs from `value`.
    pub const fn when_not(self, sibling: Sibling, value: u64) -> Self {
        Self { when: When::Differs(sibling, value), ..self }
    }
}
