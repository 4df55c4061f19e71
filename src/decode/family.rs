//! Arguments of ioctl(2) that belong to a family of commands: see `syscall_tables::ioctl::family`.

use syscall_tables::ioctl::family::{Argument, Code, Silence};
use syscall_tables::layout;
use syscall_tables::model::{Dir, Kind};

use super::Decoder;
use super::render::Render;
use crate::memory::Memory;

/// Largest struct that is read at once by the common decoder, and here.
const COMMON: usize = 1024;
const LARGEST: usize = 4096;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// When the argument is known.
    pub(super) fn family_dir(&self, argument: &Argument) -> Dir {
        match argument {
            Argument::Value(kind) => self.dir(kind),
            Argument::Behind(dir, _) | Argument::Bare(dir, _) => *dir,
            Argument::Whole(..) => Dir::In,
            Argument::Answered(..) => Dir::Out,
            Argument::Exchanged(..) => Dir::InOut,
            Argument::Coded(code) => match code {
                Code::Entropy | Code::VolumeNames | Code::ScsiReset | Code::ClockParameter(true) => Dir::In,
                Code::Features | Code::ScsiRequest => Dir::Out,
                _ => Dir::InOut,
            },
        }
    }

    /// Reads what a call that tells of its argument when it returns has of the caller's.
    pub(super) fn family_lengths(&mut self, argument: &Argument, addr: u64) {
        if let Argument::Coded(Code::ScsiRequest) = argument {
            self.scsi_request(addr, true);
        }
    }

    /// The argument, or its first half.
    pub(super) fn family_argument(&mut self, argument: &'static Argument, addr: u64) {
        let refused = self.family_dir(argument) == Dir::Out && !self.succeeded();
        match argument {
            Argument::Value(_) | Argument::Behind(..) | Argument::Bare(..) if refused => {
                self.render.address(addr)
            }
            Argument::Value(kind) => self.value(kind, addr, None),
            Argument::Behind(_, kind) => self.payload(kind, addr),
            Argument::Bare(_, kind) => self.bare(kind, addr),
            Argument::Whole(brief, whole) => {
                self.payload(if self.options.abbreviate { brief } else { whole }, addr)
            }
            Argument::Answered(asked, done) => {
                self.payload(if self.succeeded() { done } else { asked }, addr)
            }
            Argument::Exchanged(asked, ..) => self.payload(asked, addr),
            Argument::Coded(code) => self.coded(*code, addr),
        }
    }

    /// The second half of an argument that the call answers in.
    pub(super) fn family_answer(&mut self, argument: &'static Argument, addr: u64) {
        match argument {
            Argument::Exchanged(asked, done, silence) => {
                let size = layout::kind(asked, self.abi.data_model()).size;
                let told = match silence {
                    Silence::Failed => self.succeeded() && self.was_readable(addr, size),
                    Silence::Unread => self.was_readable(addr, size),
                    Silence::Never => self.succeeded(),
                };
                if !told {
                    return;
                }
                self.render.becomes();
                if self.succeeded() { self.payload(done, addr) } else { self.render.address(addr) }
            }
            Argument::Coded(code) => self.coded_answer(*code, addr),
            _ => {}
        }
    }

    /// Whether so many bytes could be read when the call was entered.
    pub(super) fn was_readable(&mut self, addr: u64, size: usize) -> bool {
        let mut buf = [0u8; LARGEST];
        let size = size.min(LARGEST);
        addr != 0 && self.options.dereference && self.before.read(addr, &mut buf[..size]) == size
    }

    /// One thing behind a pointer, however large.
    pub(super) fn payload(&mut self, kind: &Kind, addr: u64) {
        let size = layout::kind(kind, self.abi.data_model()).size;
        if size <= COMMON { self.target(kind, addr) } else { self.large(kind, addr, size.min(LARGEST)) }
    }

    #[inline(never)]
    fn large(&mut self, kind: &Kind, addr: u64, size: usize) {
        let mut buf = [0u8; LARGEST];
        if addr == 0 || self.read(addr, &mut buf[..size]) < size {
            return self.render.address(addr);
        }
        self.place(kind, &buf[..size], addr, None);
    }

    /// One small thing behind a pointer, without brackets.
    fn bare(&mut self, kind: &Kind, addr: u64) {
        let size = layout::kind(kind, self.abi.data_model()).size;
        match self.number_at(addr, size.min(8)) {
            Some(value) => self.value(kind, value, None),
            None => self.render.address(addr),
        }
    }

    fn coded(&mut self, code: Code, addr: u64) {
        match code {
            Code::Mapper => self.mapper(addr, false),
            Code::ScsiRequest => self.scsi_answer(addr),
            Code::ScsiReset => self.scsi_reset(addr),
            Code::DriveCommand => self.drive_command(addr),
            Code::Extents => self.extents(addr),
            Code::TreeSearch(second) => self.tree_search(addr, second),
            Code::SpaceInfo => self.space_info(addr),
            Code::DeviceStats => self.device_stats(addr),
            Code::InodeLookup => self.inode_lookup(addr),
            Code::InodePaths => self.inode_paths(addr),
            Code::LogicalInode => self.logical_inode(addr),
            Code::Features => self.features(addr),
            Code::Subvolume => self.subvolume(addr),
            Code::Entropy => self.entropy(addr),
            Code::VolumeNames => self.volume_names(addr),
            Code::Notification => self.notification(addr),
            Code::ClockParameter(set) => self.clock_parameter(addr, set),
        }
    }

    fn coded_answer(&mut self, code: Code, addr: u64) {
        match code {
            Code::Notification => return self.notification_answer(addr),
            Code::ClockParameter(false) => return self.clock_parameter_answer(addr),
            _ if !self.succeeded() => return,
            _ => {}
        }
        match code {
            Code::Mapper => self.mapper_answer(addr),
            Code::DriveCommand => self.drive_answer(addr),
            Code::Extents => self.extents_answer(addr),
            Code::TreeSearch(second) => self.tree_search_answer(addr, second),
            Code::SpaceInfo => self.space_info_answer(addr),
            Code::DeviceStats => self.device_stats_answer(addr),
            Code::InodeLookup => self.inode_lookup_answer(addr),
            Code::InodePaths => self.inode_paths_answer(addr),
            Code::LogicalInode => self.logical_inode_answer(addr),
            Code::Subvolume => self.subvolume_answer(addr),
            _ => {}
        }
    }
}
