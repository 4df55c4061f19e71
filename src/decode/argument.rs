//! Arguments of ioctl(2), as the rows of `syscall_tables::ioctl::argument` describe them: when each is known, and how
//! what is asked and what is answered stand together.

use syscall_tables::device::Device;
use syscall_tables::ioctl::argument::{Argument, Code, Silence};
use syscall_tables::ioctl::{family, parts};
use syscall_tables::layout;
use syscall_tables::model::{Custom, Dir, Kind, Shape};

use super::Decoder;
use super::device::characters;
use super::render::{Group, Render};
use crate::memory::Memory;

/// The largest struct that is looked at, and those that need no large buffer.
const LARGEST: usize = 4096;
const COMMON: usize = 1280;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// What the argument of this call is, where that is known: bytes at least where all is wanted.
    fn ioctl_argument(&self) -> Option<Argument> {
        let command = self.args[1] as u32;
        let all = !self.options.abbreviate && self.options.dereference;
        family::find(self.abi, command).or_else(|| family::unknown(command).filter(|_| all))
    }

    /// Whether nothing is printed for an argument of this shape.
    pub(super) fn is_absent(&self, shape: Shape) -> bool {
        match shape {
            Shape::Absent => true,
            Shape::Custom(Custom::IoctlArg) => matches!(self.ioctl_argument(), Some(Argument::Nothing)),
            _ => false,
        }
    }

    /// When the argument is known.
    pub(super) fn ioctl_dir(&self) -> Dir {
        match self.ioctl_argument() {
            Some(Argument::Value(kind)) => self.dir(kind),
            argument => argument.and_then(|argument| argument.dir()).unwrap_or(Dir::In),
        }
    }

    /// Reads what is shown as it was asked though it is shown only when the call returns.
    pub(super) fn ioctl_lengths(&mut self, addr: u64) {
        match self.ioctl_argument() {
            Some(Argument::Continued(asked, _)) => self.continued_lengths(asked, addr),
            Some(Argument::Replaced(asked, _) | Argument::Becomes(asked, _) | Argument::Updated(asked)) => {
                self.pointed(asked, addr);
            }
            Some(Argument::Coded(code)) => self.coded_lengths(code, addr),
            _ => {}
        }
    }

    /// The argument, or its first half.
    pub(super) fn ioctl_arg(&mut self, addr: u64) {
        let Some(argument) = self.ioctl_argument() else { return self.hex(addr) };
        let bare = family::BARE.contains(&parts(self.args[1] as u32).1);
        if bare && !self.options.dereference && addr == 0 {
            return self.hex(addr);
        }
        let refused = self.ioctl_dir() == Dir::Out && !self.succeeded();
        match argument {
            Argument::Nothing => {}
            Argument::Value(_) | Argument::Behind(..) | Argument::Bare(..) if refused => {
                self.render.address(addr)
            }
            Argument::Value(kind) => self.value(kind, addr, None),
            Argument::Behind(_, kind) => match characters(kind) {
                Some(length) => self.fixed_text(addr, length),
                None => _ = self.pointed(kind, addr),
            },
            Argument::Bare(_, kind) => self.bare(kind, addr),
            Argument::Whole(brief, whole) => {
                self.pointed(if self.options.abbreviate { brief } else { whole }, addr);
            }
            Argument::Replaced(_, done) if !refused => _ = self.pointed(done, addr),
            Argument::Replaced(asked, _) | Argument::Updated(asked) => {
                self.as_asked(|decoder| decoder.pointed(asked, addr));
            }
            Argument::Continued(asked, done) => self.continued(asked, done, addr),
            Argument::Becomes(asked, done) => {
                let shown = self.as_asked(|decoder| decoder.pointed(asked, addr));
                if shown && !refused && self.answers(done, addr) {
                    self.render.becomes();
                    self.pointed(done, addr);
                }
            }
            Argument::Exchanged(asked, ..) => _ = self.pointed(asked, addr),
            Argument::Coded(code) => self.coded(code, addr),
        }
    }

    /// The second half of an argument that the call answers in.
    pub(super) fn ioctl_after(&mut self, addr: u64) {
        match self.ioctl_argument() {
            Some(Argument::Exchanged(asked, done, silence)) => {
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
                if self.succeeded() {
                    self.pointed(done, addr);
                } else {
                    self.render.address(addr);
                }
            }
            Some(Argument::Coded(code)) => self.coded_answer(code, addr),
            _ => {}
        }
    }

    /// Whether so many bytes could be read when the call was entered.
    pub(super) fn was_readable(&mut self, addr: u64, size: usize) -> bool {
        let mut buf = [0u8; LARGEST];
        let size = size.min(LARGEST);
        addr != 0 && self.options.dereference && self.before.read(addr, &mut buf[..size]) == size
    }

    /// One thing behind a pointer, however large. Returns whether it could be read.
    pub(super) fn pointed(&mut self, kind: &Kind, addr: u64) -> bool {
        let size = layout::kind(kind, self.abi.data_model()).size;
        if size <= COMMON {
            self.pointed_in(kind, addr, &mut [0u8; COMMON][..size])
        } else {
            self.pointed_far(kind, addr, size.min(LARGEST))
        }
    }

    #[inline(never)]
    fn pointed_far(&mut self, kind: &Kind, addr: u64, size: usize) -> bool {
        self.pointed_in(kind, addr, &mut [0u8; LARGEST][..size])
    }

    fn pointed_in(&mut self, kind: &Kind, addr: u64, buf: &mut [u8]) -> bool {
        if addr == 0 || self.read(addr, buf) < buf.len() {
            self.render.address(addr);
            return false;
        }
        let whole = matches!(
            kind.shape,
            Shape::Struct(_)
                | Shape::Chars(_)
                | Shape::Inline(..)
                | Shape::Signals(_)
                | Shape::Custom(Custom::Device(Device::Detail(..) | Device::KeyCodes))
        );
        if whole {
            self.place(kind, buf, addr, None);
            return true;
        }
        self.render.open(Group::Target);
        self.render.item();
        self.place(kind, buf, addr, None);
        self.render.close(Group::Target);
        true
    }

    /// One small thing behind a pointer, without brackets.
    fn bare(&mut self, kind: &Kind, addr: u64) {
        let size = layout::kind(kind, self.abi.data_model()).size;
        match self.number_at(addr, size.min(8)) {
            Some(value) => self.value(kind, value, None),
            None => self.render.address(addr),
        }
    }

    /// What an argument that needs code has of the caller's, though it is shown when the call returns.
    fn coded_lengths(&mut self, code: Code, addr: u64) {
        let size = match code {
            Code::Interface(Dir::Out, ..) | Code::InterfaceName => self.request_bytes(),
            Code::InterfaceList => 2 * usize::from(self.abi.data_model().word_bytes),
            Code::ScsiRequest => return self.scsi_request(addr, true),
            Code::Controls(_)
            | Code::Trusted(_)
            | Code::Cpuid(_)
            | Code::AttachedPrograms
            | Code::KeyEntry(_)
            | Code::KeyText(_)
            | Code::Accents(..)
            | Code::ScreenMap(_)
            | Code::GlyphMap(_)
            | Code::Font(_)
            | Code::FontOperation
            | Code::Bits
            | Code::Slots => return self.coded(code, addr),
            _ => return,
        };
        if addr != 0 {
            self.read(addr, &mut [0u8; 40][..size]);
        }
    }

    fn coded(&mut self, code: Code, addr: u64) {
        match code {
            Code::Terminal(Dir::Out, _) | Code::Loop(Dir::Out, _) if !self.succeeded() => {
                self.render.address(addr)
            }
            Code::Terminal(_, size) => self.terminal(addr, usize::from(size)),
            Code::Interface(dir, name, member) => self.interface_request(addr, dir, name, member),
            Code::InterfaceName => self.interface_name(addr),
            Code::InterfaceList => self.interface_list(addr),
            Code::Tone(true) => self.tone(addr & 0xffff_ffff, true),
            Code::Tone(false) => self.tone(addr, false),
            Code::Dedupe => self.dedupe(addr),
            Code::Loop(_, form) => self.loop_device(addr, form),
            Code::ReturnedText => self.returned_text(addr),
            Code::Bytes(_, size) => self.buffer(addr, u64::from(size), true),
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
            Code::Controls(both) => self.controls(addr, both),
            Code::Trusted(what) => self.trusted(addr, what),
            Code::Cpuid(asked) => self.cpuid(addr, asked),
            Code::AttachedPrograms => self.attached_programs(addr),
            Code::KeyEntry(set) => self.key_entry(addr, set),
            Code::KeyText(set) => self.key_string(addr, set),
            Code::Accents(set, wide) => self.accents(addr, set, wide),
            Code::ScreenMap(set) => self.screen_map(addr, set),
            Code::GlyphMap(set) => self.glyph_map(addr, set),
            Code::Font(set) => self.console_font(addr, set),
            Code::FontOperation => self.font_operation(addr),
            Code::Bits => self.device_bits(addr),
            Code::Slots => self.touches(addr),
        }
    }

    fn coded_answer(&mut self, code: Code, addr: u64) {
        match code {
            Code::Bytes(_, size) => return self.bytes_answer(addr, size),
            Code::Notification => return self.notification_answer(addr),
            Code::ClockParameter(false) => return self.clock_parameter_answer(addr),
            _ if !self.succeeded() => return,
            _ => {}
        }
        match code {
            Code::Dedupe => self.dedupe_answer(addr),
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

    /// What became of bytes of which nothing is known, whatever came of the call.
    fn bytes_answer(&mut self, addr: u64, size: u16) {
        let size = usize::from(size);
        if self.was_readable(addr, size.min(self.options.string_limit.saturating_add(1))) {
            self.render.becomes();
            self.buffer(addr, size as u64, true);
        }
    }
}
