//! The decoders that need code, by name; each lives with its family.

use syscall_tables::model::{Custom, Dir};
use syscall_tables::set::Base;

use super::interpret::Frame;
use super::render::Render;
use super::{Decoder, Side};
use crate::memory::Memory;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// Direction of a custom decoder in this call.
    pub(super) fn custom_dir(&self, custom: Custom) -> Dir {
        match custom {
            Custom::IoctlArg => self.ioctl_dir(),
            other => other.dir(),
        }
    }

    /// The first (or only) half.
    pub(super) fn custom(&mut self, custom: Custom, raw: u64, frame: Option<Frame<'_>>) {
        let failed = self.side == Side::Exit && !self.succeeded();
        match custom {
            Custom::PollReturn => return self.poll_return(raw),
            Custom::SelectReturn => return self.select_return(raw),
            _ if failed && self.custom_dir(custom) == Dir::Out && !matches!(custom, Custom::Remaining(_)) => {
                return self.render.address(raw);
            }
            _ => {}
        }
        match custom {
            Custom::PollFds(count) => self.poll_fds(raw, self.sibling(count, frame)),
            Custom::PollReturn | Custom::SelectReturn => {}
            Custom::PselectMask => self.pselect_mask(raw),
            Custom::Dirents => self.dirents(raw, false),
            Custom::Dirents64 => self.dirents(raw, true),
            Custom::SigInfo(_) => self.siginfo_at(raw),
            Custom::SigAction(_) => self.sigaction(raw),
            Custom::WaitStatus => self.wait_status(raw),
            Custom::MsgHdr(dir) => self.msghdr(raw, dir),
            Custom::MmsgHdr(dir, count) => self.mmsghdr(raw, self.sibling(count, frame), dir),
            Custom::SockOpt(_) => self.socket_option(raw),
            Custom::SockLen => self.socklen(raw),
            Custom::IoctlCommand => self.ioctl_command(raw as u32),
            Custom::IoctlArg => self.ioctl_arg(raw),
            Custom::FutexOp => self.futex_op(raw as u32),
            Custom::CloneArgs => self.clone_args(raw),
            Custom::CloneFlags => self.clone_flags(raw),
            Custom::UtimeSpecs => self.utime_specs(raw),
            Custom::Date(nanoseconds) => self.date(raw, self.sibling(nanoseconds, frame)),
            Custom::Remaining(kind) => self.remaining(kind, raw),
            Custom::CpuSet(_, len) => {
                let size = self.length(len, frame);
                self.cpu_set(raw, size);
            }
            Custom::PathOut => self.path_out(raw),
            Custom::Handler => self.handler(raw),
            Custom::CapData(_)
            | Custom::Opaque
            | Custom::Bpf
            | Custom::OldMmap
            | Custom::RobustList
            | Custom::ClockId => self.render.address(raw),
            Custom::PageOffset => self.hex((raw & 0xffff_ffff) << 12),
            Custom::Limit(wide) => self.limit(raw, wide),
            Custom::HexBytes(_, len) => {
                let len = self.length(len, frame);
                self.buffer(raw, len, true);
            }
            Custom::SigReturn(realtime) => self.sigreturn(realtime),
            Custom::EpollData => self.epoll_data(raw),
            Custom::Resumed => self.resumed(),
            Custom::Personality(result) => self.personality(raw, result),
            Custom::SignalReturn => {
                self.render.number(raw, true, Base::Dec, 4);
                if let Some(name) = syscall_tables::signal::name(raw as u32) {
                    self.render.detail("signal");
                    self.render.note(format_args!(""));
                    self.render.symbol(raw, format_args!("{name}"));
                }
            }
            Custom::HighHalf(low) => {
                let low = self.sibling(low, frame) & 0xffff_ffff;
                self.render.number(raw << 32 | low, true, Base::Dec, 8);
            }
            Custom::UserDesc => self.user_desc(raw),
            Custom::UserDescReturn => self.user_desc_return(raw),
        }
    }

    /// The second half of an in/out value.
    pub(super) fn custom_second(&mut self, custom: Custom, raw: u64) {
        match custom {
            Custom::SockLen => self.socklen_after(raw),
            Custom::CloneArgs => self.clone_args_after(raw),
            _ => {}
        }
    }
}
