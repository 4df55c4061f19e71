//! What the third argument of ioctl(2) is, by command: the model of the tables that stand with each subsystem.
//!
//! A row says when the argument is known, what is there, and how what is asked and what is answered are shown together.
//! Only the shape is told here; the decoder shows it.

use crate::model::{Dir, Kind, Shape};
use crate::structs::Struct;

/// What the argument of a command is.
#[derive(Debug, Clone, Copy)]
pub enum Argument {
    /// There is none.
    Nothing,
    /// A value, or something behind a pointer as its kind says.
    Value(&'static Kind),
    /// Something behind a pointer.
    Behind(Dir, &'static Kind),
    /// The same without brackets around it.
    Bare(Dir, &'static Kind),
    /// A struct that is asked: in brief, and with all that it points to.
    Whole(&'static Kind, &'static Kind),
    /// What is asked, with members that the kernel replaces; all of it is told when the call returns.
    Updated(&'static Kind),
    /// What is asked and, instead of it when the call succeeds, what is answered, which holds the question.
    Replaced(&'static Kind, &'static Kind),
    /// A struct as it is asked, and the members that it has more of when the call succeeded.
    Continued(&'static Kind, &'static Kind),
    /// What is asked and, when the call succeeds, what becomes of it; both are told when the call returns.
    Becomes(&'static Kind, &'static Kind),
    /// What is asked, told when the call is entered, and what it answers.
    Exchanged(&'static Kind, &'static Kind, Silence),
    /// What needs code.
    Coded(Code),
}

/// When there is an answer to tell of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// When what was asked could be read, and the call succeeded.
    Failed,
    /// When what was asked could be read; the answer of a call that failed is an address.
    Unread,
    /// When the call succeeded.
    Never,
}

/// Arguments that need code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// Attributes of a terminal in a struct of so many bytes.
    Terminal(Dir, u8),
    /// `struct ifreq` with a member of this name.
    Interface(Dir, &'static str, Member),
    /// `struct ifreq` that is asked by index.
    InterfaceName,
    /// `struct ifconf`.
    InterfaceList,
    /// A period of the clock; `true` with how long it lasts.
    Tone(bool),
    /// `struct file_dedupe_range`.
    Dedupe,
    /// What a loop device is.
    Loop(Dir, Loop),
    /// As much text as the call returned.
    ReturnedText,
    /// So many bytes of which nothing is known.
    Bytes(Dir, u16),
    /// `struct dm_ioctl` with what follows it.
    Mapper,
    /// `struct sg_io_hdr` or `struct sg_io_v4`.
    ScsiRequest,
    /// How a SCSI device is reset.
    ScsiReset,
    /// The four bytes of HDIO_DRIVE_CMD, and what the disk answers.
    DriveCommand,
    /// `struct fiemap`.
    Extents,
    /// `struct btrfs_ioctl_search_args`, or that of the second version.
    TreeSearch(bool),
    /// `struct btrfs_ioctl_space_args`.
    SpaceInfo,
    /// `struct btrfs_ioctl_get_dev_stats`.
    DeviceStats,
    /// `struct btrfs_ioctl_ino_lookup_args`.
    InodeLookup,
    /// `struct btrfs_ioctl_ino_path_args`.
    InodePaths,
    /// `struct btrfs_ioctl_logical_ino_args`.
    LogicalInode,
    /// Three sets of features, each with a comment.
    Features,
    /// `struct btrfs_ioctl_vol_args_v2`.
    Subvolume,
    /// `struct rand_pool_info`.
    Entropy,
    /// `struct ubi_rnvol_req`.
    VolumeNames,
    /// `struct seccomp_notif`.
    Notification,
    /// `struct rtc_param`, asked (`false`) or set.
    ClockParameter(bool),
    /// `struct v4l2_ext_controls`; `true` where what is asked is shown too.
    Controls(bool),
    /// What a trusted environment is asked to do.
    Trusted(Trusted),
    /// `struct kvm_cpuid2`; `true` where it is read.
    Cpuid(bool),
    /// `struct perf_event_query_bpf`.
    AttachedPrograms,
    /// `struct kbentry`; `true` where it is read.
    KeyEntry(bool),
    /// `struct kbsentry`; `true` where it is read.
    KeyText(bool),
    /// `struct kbdiacrs`, `struct kbdiacrsuc` with the second; the first where it is read.
    Accents(bool, bool),
    /// The places of a screen in Unicode; `true` where they are read.
    ScreenMap(bool),
    /// `struct unimapdesc`; `true` where it is read.
    GlyphMap(bool),
    /// `struct consolefontdesc`; `true` where it is read.
    Font(bool),
    /// `struct console_font_op`.
    FontOperation,
    /// A set of bits of an input device, as much as the call returned.
    Bits,
    /// What the touches of an input device have of one kind.
    Slots,
}

/// The member of `struct ifreq` that a command is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Member {
    /// A socket address.
    Address,
    /// A hardware address.
    Hardware,
    /// Flags in 16 bits.
    Flags,
    /// `int`.
    Int,
    /// A name.
    Name,
    /// `struct ifmap`.
    Map,
}

/// Which struct of a loop device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loop {
    /// `struct loop_info`.
    Old,
    /// `struct loop_info64`.
    New,
    /// `struct loop_config`.
    Config,
}

/// What a trusted environment is asked to do: each with a struct of its own before its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trusted {
    /// `struct tee_ioctl_open_session_arg`.
    Open,
    /// `struct tee_ioctl_invoke_arg`.
    Invoke,
    /// `struct tee_iocl_supp_recv_arg`.
    Receive,
    /// `struct tee_iocl_supp_send_arg`.
    Send,
}

impl Argument {
    /// Something behind a pointer that is read.
    pub(super) const fn given(kind: &'static Kind) -> Self {
        Self::Behind(Dir::In, kind)
    }

    /// Something behind a pointer that is written.
    pub(super) const fn told(kind: &'static Kind) -> Self {
        Self::Behind(Dir::Out, kind)
    }

    /// When it is known; `None` where its kind says so.
    pub const fn dir(&self) -> Option<Dir> {
        match self {
            Self::Value(_) => None,
            Self::Behind(dir, _) | Self::Bare(dir, _) => Some(*dir),
            Self::Nothing | Self::Whole(..) => Some(Dir::In),
            Self::Updated(_) | Self::Replaced(..) | Self::Continued(..) | Self::Becomes(..) => Some(Dir::Out),
            Self::Exchanged(..) => Some(Dir::InOut),
            Self::Coded(code) => Some(code.dir()),
        }
    }

    /// The kinds of what is there: as asked, and as answered.
    pub fn kinds(&self) -> impl Iterator<Item = &'static Kind> {
        let (asked, answered) = match *self {
            Self::Value(kind) | Self::Behind(_, kind) | Self::Bare(_, kind) | Self::Updated(kind) => {
                (Some(kind), None)
            }
            Self::Whole(one, other)
            | Self::Replaced(one, other)
            | Self::Continued(one, other)
            | Self::Becomes(one, other)
            | Self::Exchanged(one, other, _) => (Some(one), Some(other)),
            Self::Nothing | Self::Coded(_) => (None, None),
        };
        asked.into_iter().chain(answered)
    }
}

impl Code {
    /// When it is known.
    pub const fn dir(self) -> Dir {
        match self {
            Self::Terminal(dir, _) | Self::Interface(dir, ..) | Self::Loop(dir, _) | Self::Bytes(dir, _) => {
                dir
            }
            Self::Tone(_)
            | Self::Entropy
            | Self::VolumeNames
            | Self::ScsiReset
            | Self::ClockParameter(true)
            | Self::Cpuid(true)
            | Self::KeyEntry(true)
            | Self::KeyText(true)
            | Self::Accents(true, _)
            | Self::ScreenMap(true)
            | Self::GlyphMap(true)
            | Self::Font(true) => Dir::In,
            Self::InterfaceName
            | Self::InterfaceList
            | Self::ReturnedText
            | Self::Features
            | Self::ScsiRequest
            | Self::Controls(_)
            | Self::Trusted(_)
            | Self::Cpuid(false)
            | Self::AttachedPrograms
            | Self::KeyEntry(false)
            | Self::KeyText(false)
            | Self::Accents(false, _)
            | Self::ScreenMap(false)
            | Self::GlyphMap(false)
            | Self::Font(false)
            | Self::FontOperation
            | Self::Bits
            | Self::Slots => Dir::Out,
            Self::Dedupe
            | Self::Mapper
            | Self::DriveCommand
            | Self::Extents
            | Self::TreeSearch(_)
            | Self::SpaceInfo
            | Self::DeviceStats
            | Self::InodeLookup
            | Self::InodePaths
            | Self::LogicalInode
            | Self::Subvolume
            | Self::Notification
            | Self::ClockParameter(false) => Dir::InOut,
        }
    }
}

/// Commands with an argument in common.
pub type Row = (&'static [u32], Argument);

/// A struct in place.
pub(super) const fn place(of: &'static Struct) -> Kind {
    Kind::new(Shape::Struct(of))
}

/// So many values in a row.
pub(super) const fn some(kind: &'static Kind, count: u16) -> Kind {
    Kind::new(Shape::Inline(kind, count))
}

/// So many bytes in words of 32 bits that are not shown.
pub(super) const fn skip(bytes: u16) -> Kind {
    some(&crate::kinds::HEX, bytes / 4)
}

/// A text in place.
pub(super) const fn chars(size: u16) -> Kind {
    Kind::new(Shape::Chars(size))
}
