//! What an argument of some name may hold, in whatever call has it: read from the signatures.
//!
//! It answers questions of the parser (is there such a member, does it hold text, which constants has it)
//! and of the push-down (may this call have a path, a descriptor, a socket address). Where the decoder has
//! code of its own for a kind, the answer is that it may hold anything.

use syscall_tables::model::{Custom, Dir, Kind, Shape, Signature, Width};
use syscall_tables::set::Set;
use syscall_tables::{ioctl, sets, signal, signatures, uring};

use super::ast::writes;

/// What stands at the end of a way into an argument.
#[derive(Debug, Clone, Copy)]
pub(super) enum Leaf {
    /// A kind of the tables.
    Shape(Shape),
    /// A string.
    Text,
    /// A number.
    Number,
    /// Whatever the decoder makes of it.
    Anything,
}

/// Members of a socket address, of any family, and what they hold.
const SOCKADDR: &[(&str, Leaf)] = &[
    ("sa_family", Leaf::Anything),
    ("sun_path", Leaf::Text),
    ("sin_port", Leaf::Number),
    ("sin_addr", Leaf::Text),
    ("sin6_port", Leaf::Number),
    ("sin6_flowinfo", Leaf::Number),
    ("sin6_addr", Leaf::Text),
    ("sin6_scope_id", Leaf::Number),
    ("nl_pid", Leaf::Number),
    ("nl_groups", Leaf::Text),
    ("sa_data", Leaf::Text),
];

/// Constants that stand in no set.
const SPECIAL: &[&str] = &[
    "AT_FDCWD",
    "NULL",
    "SIG_DFL",
    "SIG_IGN",
    "UTIME_NOW",
    "UTIME_OMIT",
    "RLIM_INFINITY",
    "RLIM64_INFINITY",
];

const MESSAGE: &[&str] = &[
    "msg_hdr",
    "msg_len",
    "msg_name",
    "msg_namelen",
    "msg_iov",
    "msg_iovlen",
    "msg_control",
    "msg_controllen",
    "msg_flags",
    "iov_base",
    "iov_len",
    "cmsg_len",
    "cmsg_level",
    "cmsg_type",
    "cmsg_data",
    "pid",
    "uid",
    "gid",
    "sa_family",
    "sun_path",
    "sin_port",
    "sin_addr",
    "sin6_port",
    "sin6_addr",
];

/// Members that the decoder's own code shows.
fn members(custom: Custom) -> &'static [&'static str] {
    match custom {
        Custom::MsgHdr(_) | Custom::MmsgHdr(..) => MESSAGE,
        Custom::SigEvent => &[
            "sigev_value",
            "sival_int",
            "sival_ptr",
            "sigev_signo",
            "sigev_notify",
            "sigev_notify_function",
            "sigev_notify_attributes",
            "sigev_notify_thread_id",
        ],
        Custom::SchedAttr(..) => &[
            "size",
            "sched_policy",
            "sched_flags",
            "sched_nice",
            "sched_priority",
            "sched_runtime",
            "sched_deadline",
            "sched_period",
            "sched_util_min",
            "sched_util_max",
        ],
        Custom::CapHeader => &["version", "pid"],
        Custom::CapData(_) => &["effective", "permitted", "inheritable"],
        Custom::MsgBuf(..) => &["mtype", "mtext"],
        Custom::Bpf => &["len", "filter"],
        Custom::Ruleset(_) => &["handled_access_fs", "handled_access_net", "scoped"],
        Custom::FilterMetadata(_) => &["filter_off"],
        Custom::RegisterSet(..) => &["iov_base", "iov_len"],
        Custom::SigAction(_) | Custom::OldSigAction(_) => {
            &["sa_handler", "sa_mask", "sa_flags", "sa_restorer"]
        }
        Custom::PollFds(_) => &["fd", "events"],
        Custom::CloneArgs => &[
            "flags",
            "pidfd",
            "child_tid",
            "parent_tid",
            "exit_signal",
            "stack",
            "stack_size",
            "tls",
            "set_tid",
            "set_tid_size",
            "cgroup",
        ],
        Custom::SockOpt(_) => &["l_onoff", "l_linger", "tv_sec", "tv_usec", "pid", "uid", "gid"],
        Custom::PselectMask => &["sigmask", "sigsetsize"],
        Custom::UtimeSpecs(_) => &["tv_sec", "tv_nsec"],
        Custom::Dirents | Custom::Dirents64 => &["d_ino", "d_off", "d_reclen", "d_type", "d_name"],
        Custom::EpollData => &["u32", "u64"],
        _ => &[],
    }
}

/// Every signature of every ABI, and those of the operations of io_uring.
pub(super) fn signatures() -> impl Iterator<Item = &'static Signature> {
    let calls = signatures::FAMILIES.iter().chain(signatures::I386).flat_map(|table| table.iter());
    calls.chain(uring::TABLE.iter().map(|row| &row.signature))
}

/// The kinds of the argument called `name`, in every call that has it.
pub(super) fn named(name: &str) -> impl Iterator<Item = &'static Kind> {
    signatures().flat_map(|s| s.args.iter()).filter(move |arg| arg.name == name).map(|arg| &arg.kind)
}

/// Calls `visit` with what lies at the end of `way` into `kind`.
pub(super) fn follow(kind: &'static Kind, way: &[String], visit: &mut impl FnMut(Leaf)) {
    match kind.shape {
        Shape::Pointer(_, target) | Shape::Array(_, target, _) | Shape::Inline(target, _) => {
            if way.is_empty() {
                visit(Leaf::Shape(Shape::Address));
            }
            follow(target, way, visit);
        }
        Shape::By(_, cases, other) | Shape::ByMasked(_, _, cases, other) => {
            for kind in cases.iter().map(|(_, kind)| kind).chain([other]) {
                follow(kind, way, visit);
            }
        }
        Shape::Struct(strukt) | Shape::Custom(Custom::Sized(_, strukt, ..)) => {
            let Some((first, rest)) = way.split_first() else { return };
            for member in strukt.members.iter().filter(|m| m.name == first && !m.name.starts_with('_')) {
                follow(&member.kind, rest, visit);
            }
        }
        Shape::Sockaddr(..) => match way {
            [] => visit(Leaf::Shape(Shape::Address)),
            [member] => {
                for (_, leaf) in SOCKADDR.iter().filter(|(name, _)| name == member) {
                    visit(*leaf);
                }
            }
            _ => {}
        },
        Shape::Iovec(..) => match way.first().map(String::as_str) {
            None => visit(Leaf::Shape(Shape::Address)),
            Some("iov_base") if way.len() == 1 => visit(Leaf::Text),
            Some("iov_len") if way.len() == 1 => visit(Leaf::Number),
            Some(_) => {}
        },
        Shape::Custom(
            Custom::Remaining(kind) | Custom::Reaped(kind) | Custom::Dated(kind, _) | Custom::Few(kind, ..),
        ) => follow(kind, way, visit),
        Shape::Custom(
            Custom::HugeFlags(None, set, _)
            | Custom::IpcFlags(set, _)
            | Custom::IpcCommand(set)
            | Custom::Commented(set, _)
            | Custom::VectorLength(set)
            | Custom::WideSet(set)
            | Custom::Remarked(set)
            | Custom::Annotated(set, _),
        ) if way.is_empty() => visit(Leaf::Shape(Shape::Set(set, Width::Long))),
        Shape::Custom(Custom::HugeFlags(Some(low), set, _)) if way.is_empty() => {
            visit(Leaf::Shape(Shape::Set(low, Width::Long)));
            visit(Leaf::Shape(Shape::Set(set, Width::Long)));
        }
        Shape::Custom(Custom::Class(low, _, set, _)) if way.is_empty() => {
            visit(Leaf::Shape(Shape::Set(low, Width::Long)));
            visit(Leaf::Shape(Shape::Set(set, Width::Long)));
        }
        Shape::Custom(Custom::SwapFlags) if way.is_empty() => {
            visit(Leaf::Shape(Shape::Set(&sets::mount::SWAP, Width::Long)));
        }
        Shape::Custom(Custom::NoFd) if way.is_empty() => visit(Leaf::Shape(Shape::DirFd)),
        Shape::Custom(Custom::SocketType) if way.is_empty() => {
            visit(Leaf::Shape(Shape::Set(&sets::net::SOCK, Width::W32)));
        }
        Shape::Custom(Custom::CloneFlags) if way.is_empty() => {
            visit(Leaf::Shape(Shape::Set(&sets::process::CLONE, Width::Long)));
            visit(Leaf::Shape(Shape::Signal));
        }
        Shape::Custom(custom) => {
            if way.iter().all(|name| members(custom).contains(&name.as_str())) {
                visit(Leaf::Anything);
            } else if matches!(custom, Custom::IoctlArg) {
                ioctl_kinds().for_each(|kind| follow(kind, way, visit));
            }
        }
        shape if way.is_empty() => visit(Leaf::Shape(shape)),
        _ => {}
    }
}

/// What the arguments of ioctl may point to.
fn ioctl_kinds() -> impl Iterator<Item = &'static Kind> {
    ioctl::family::FAMILIES.iter().flat_map(|family| family.rows).flat_map(|row| row.1.kinds())
}

/// The names of members below `kind`, one step down.
pub(super) fn below(kind: &'static Kind, way: &[String], names: &mut Vec<&'static str>) {
    match kind.shape {
        Shape::Pointer(_, target) | Shape::Array(_, target, _) | Shape::Inline(target, _) => {
            below(target, way, names);
        }
        Shape::By(_, cases, other) | Shape::ByMasked(_, _, cases, other) => {
            cases.iter().map(|(_, kind)| kind).chain([other]).for_each(|kind| below(kind, way, names));
        }
        Shape::Struct(strukt) | Shape::Custom(Custom::Sized(_, strukt, ..)) => {
            let shown = || strukt.members.iter().filter(|m| !m.name.starts_with('_'));
            match way.split_first() {
                None => names.extend(shown().map(|m| m.name)),
                Some((first, rest)) => {
                    shown().filter(|m| m.name == first).for_each(|m| below(&m.kind, rest, names));
                }
            }
        }
        Shape::Sockaddr(..) => names.extend(SOCKADDR.iter().map(|(name, _)| *name)),
        Shape::Iovec(..) => names.extend(["iov_base", "iov_len"]),
        Shape::Custom(Custom::IoctlArg) => {
            ioctl_kinds().for_each(|kind| below(kind, way, names));
        }
        Shape::Custom(
            Custom::Remaining(kind) | Custom::Reaped(kind) | Custom::Dated(kind, _) | Custom::Few(kind, ..),
        ) => below(kind, way, names),
        Shape::Custom(custom) => names.extend(members(custom)),
        _ => {}
    }
}

impl Leaf {
    /// Whether strings can be compared with it.
    pub fn is_text(self) -> bool {
        match self {
            Self::Text | Self::Anything => true,
            Self::Number => false,
            Self::Shape(shape) => matches!(
                shape,
                Shape::Path
                    | Shape::Str
                    | Shape::Strings
                    | Shape::Environment
                    | Shape::Bytes(..)
                    | Shape::Chars(_)
                    | Shape::Octets(_)
            ),
        }
    }

    /// Whether numbers can be compared with it.
    pub fn is_number(self) -> bool {
        // A string may turn out to be an address, NULL for one.
        !matches!(self, Self::Text)
    }

    /// Whether the constant `name` can stand for a value of it.
    pub fn has_constant(self, name: &str) -> bool {
        let mut found = false;
        self.constants(|known| found |= known == name);
        found
    }

    /// Every constant that it may be.
    pub fn constants(self, mut visit: impl FnMut(&'static str)) {
        let mut set = |set: &'static Set| {
            let variants = set.variants.iter().flat_map(|(_, rows)| rows.iter());
            set.rows.iter().chain(variants).for_each(|row| visit(row.name));
        };
        match self {
            Self::Text | Self::Number => {}
            Self::Shape(Shape::Set(own, _) | Shape::FlagsNote(own)) => set(own),
            Self::Shape(Shape::FileMode(_)) => set(&sets::fs::MODE),
            Self::Shape(Shape::Signal | Shape::SigSet(..) | Shape::Signals(_)) => signals(&mut visit),
            Self::Shape(Shape::Fd | Shape::DirFd) => visit("AT_FDCWD"),
            Self::Shape(shape) if register(shape) && !matches!(shape, Shape::Address) => {}
            Self::Shape(_) => visit("NULL"),
            Self::Anything => {
                sets::ALL.iter().for_each(|one| set(one));
                for (_, shared) in ioctl::TABLES.iter().copied().flatten() {
                    shared.split(" or ").filter(|name| !name.is_empty()).for_each(&mut visit);
                }
                signals(&mut visit);
                SPECIAL.iter().copied().for_each(visit);
            }
        }
    }
}

fn signals(visit: &mut impl FnMut(&'static str)) {
    (1..=64).filter_map(signal::name).for_each(visit);
}

/// Whether the whole value is in registers.
fn register(shape: Shape) -> bool {
    match shape {
        Shape::Number(..)
        | Shape::Wide(..)
        | Shape::Set(..)
        | Shape::Fd
        | Shape::DirFd
        | Shape::Pid
        | Shape::Id(_)
        | Shape::Signal
        | Shape::Mode(_)
        | Shape::FileMode(_)
        | Shape::Dev(_)
        | Shape::Address
        | Shape::Absent
        | Shape::FlagsNote(_) => true,
        Shape::By(_, cases, other) | Shape::ByMasked(_, _, cases, other) => {
            cases.iter().map(|(_, kind)| kind).chain([other]).all(|kind| register(kind.shape))
        }
        Shape::Custom(custom) => matches!(
            custom,
            Custom::IoctlCommand
                | Custom::FutexOp
                | Custom::CloneFlags
                | Custom::Date(_)
                | Custom::ClockId
                | Custom::Handler
                | Custom::PageOffset
                | Custom::HighHalf(_)
                | Custom::Limit(_)
                | Custom::Personality(_)
                | Custom::HugeFlags(..)
                | Custom::IpcFlags(..)
                | Custom::IpcCommand(_)
                | Custom::Commented(..)
                | Custom::Annotated(..)
                | Custom::SocketType
                | Custom::MessagesReturn(_)
                | Custom::Net(_)
                | Custom::VectorLength(_)
                | Custom::TaggedAddress
                | Custom::FutexWakeOp
                | Custom::IoPrio
                | Custom::LongSignal
                | Custom::Class(..)
                | Custom::WideSet(_)
                | Custom::SwapFlags
                | Custom::QuotaCommand
                | Custom::NoFd
                | Custom::Remarked(_)
                | Custom::Errno
                | Custom::UserOffset
        ),
        _ => false,
    }
}

/// Whether memory must be read to know a value of this kind.
pub(super) fn in_memory(kind: &Kind) -> bool {
    !register(kind.shape)
}

/// Whether the kernel may write the value, so that it is known when the call returns.
pub(super) fn is_output(kind: &Kind) -> bool {
    match kind.shape {
        Shape::Bytes(dir, _)
        | Shape::Pointer(dir, _)
        | Shape::Array(dir, _, _)
        | Shape::SigSet(dir, _)
        | Shape::Iovec(dir, _, _)
        | Shape::Sockaddr(dir, _) => writes(dir),
        Shape::By(_, cases, other) | Shape::ByMasked(_, _, cases, other) => {
            cases.iter().map(|(_, kind)| kind).chain([other]).any(is_output)
        }
        Shape::Custom(Custom::IoctlArg) => true,
        Shape::Custom(custom) => custom.dir() != Dir::In,
        _ => false,
    }
}

/// Whether the decoder's own code for a kind shows descriptors, paths or socket addresses.
fn is_rich(custom: Custom) -> bool {
    matches!(
        custom,
        Custom::PollFds(_)
            | Custom::PollReturn
            | Custom::SelectReturn
            | Custom::SigInfo(_)
            | Custom::MsgHdr(_)
            | Custom::MmsgHdr(..)
            | Custom::SockOpt(_)
            | Custom::IoctlArg
            | Custom::CloneArgs
    )
}

/// Whether a value of this kind may hold something that fits `fits`.
pub(super) fn may_hold(kind: &Kind, fits: &impl Fn(Shape) -> bool) -> bool {
    match kind.shape {
        shape if fits(shape) => true,
        Shape::Pointer(_, target) | Shape::Array(_, target, _) | Shape::Inline(target, _) => {
            may_hold(target, fits)
        }
        Shape::Struct(strukt) => strukt.members.iter().any(|member| may_hold(&member.kind, fits)),
        Shape::By(_, cases, other) | Shape::ByMasked(_, _, cases, other) => {
            cases.iter().map(|(_, kind)| kind).chain([other]).any(|kind| may_hold(kind, fits))
        }
        Shape::Custom(Custom::Remaining(kind)) => may_hold(kind, fits),
        Shape::Custom(custom) => is_rich(custom),
        Shape::FdSet(_) => true,
        _ => false,
    }
}
