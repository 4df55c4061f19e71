//! Commands of ioctl(2) by family: what each takes and what it answers.
//!
//! A family is the commands of one type, the second byte of their number. Source: the kernel's uapi headers of each,
//! the behaviour of strace 6.1.

use super::{btrfs, flash, notify, scsi, sockets, volumes};
use crate::model::{Dir, Kind};

/// What the argument of a command is.
#[derive(Debug, Clone, Copy)]
pub enum Argument {
    /// A value, or something behind a pointer as its kind says.
    Value(&'static Kind),
    /// Something behind a pointer.
    Behind(Dir, &'static Kind),
    /// The same without brackets around it.
    Bare(Dir, &'static Kind),
    /// A struct that is asked: in brief, and with all that it points to.
    Whole(&'static Kind, &'static Kind),
    /// A struct as it is asked, and the same as it is answered.
    Answered(&'static Kind, &'static Kind),
    /// A struct as it is asked, followed by what the call answers when it succeeds.
    Exchanged(&'static Kind, &'static Kind, Silence),
    /// What code of its own shows when the call is entered, and when it returns.
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
    /// `struct dm_ioctl` with what follows it.
    Mapper,
    /// `struct sg_io_hdr` or `struct sg_io_v4`.
    ScsiRequest,
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
    /// The four bytes of HDIO_DRIVE_CMD, and what the disk answers.
    DriveCommand,
    /// `struct ubi_rnvol_req`.
    VolumeNames,
    /// `struct seccomp_notif`.
    Notification,
    /// `struct rtc_param`, asked (`false`) or set.
    ClockParameter(bool),
    /// How a SCSI device is reset.
    ScsiReset,
}

/// A command and its argument.
pub type Row = (u32, Argument);

/// All families: the type of their commands, and the commands.
pub static FAMILIES: &[(u8, &[Row])] = &[
    (0x03, scsi::DISKS),
    (0x12, volumes::BLOCKS),
    (0x22, scsi::GENERIC),
    (b'!', notify::SECCOMP),
    (b'M', flash::MTD),
    (b'O', flash::UBI_VOLUME),
    (b'R', notify::RANDOM),
    (b'f', volumes::FILES),
    (b'o', flash::UBI),
    (b'p', notify::CLOCK),
    (0x89, sockets::BRIDGES),
    (0x94, btrfs::ROWS),
    (0xfd, volumes::MAPPER),
];

/// The type of disks, and their one command that is known of programs whose words are narrow.
const DISKS: u8 = 3;
const DRIVE_COMMAND: u32 = 0x31f;

/// What the argument of a command is, where it belongs to a family; `narrow` for ABIs whose words have 32 bits.
pub fn argument(command: u32, narrow: bool) -> Option<&'static Argument> {
    let (_, kind, ..) = super::parts(command);
    if narrow && kind == DISKS && command != DRIVE_COMMAND {
        return None;
    }
    let families = FAMILIES.iter().filter(|family| family.0 == kind);
    families.flat_map(|family| family.1).find(|row| row.0 == command).map(|row| &row.1)
}
