//! The decoders that need code, by name; each lives with its family.

use syscall_tables::ebpf;
use syscall_tables::model::{Custom, Dir, Len, Width};
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
            Custom::BpfAttributes(command, _) => {
                let command = self.sibling(command, None) & 0xffff_ffff;
                let filled = command == ebpf::QUERY_COMMAND || ebpf::ANSWERED.contains(&command);
                if filled { Dir::Out } else { Dir::In }
            }
            // What was sent is told of each message when the call returns.
            Custom::MmsgHdr(..) => Dir::Out,
            other => other.dir(),
        }
    }

    /// The first (or only) half.
    pub(super) fn custom(&mut self, custom: Custom, raw: u64, frame: Option<Frame<'_>>) {
        let failed = self.side == Side::Exit && !self.succeeded();
        match custom {
            Custom::PollReturn => return self.poll_return(raw),
            Custom::MessagesReturn(timeout) => return self.messages_return(raw, timeout),
            Custom::SelectReturn => return self.select_return(raw),
            // An empty array is empty, whatever came of the call.
            Custom::Residency(count) | Custom::NodeMask(_, count)
                if failed && raw != 0 && self.sibling(count, frame) == 0 => {}
            // What clone would have set.
            Custom::UserDesc
                if self.signature.is_some_and(|s| s.name == "clone")
                    && self.outcome.is_some_and(|o| o.failed) =>
            {
                return self.render.address(raw);
            }
            _ if failed && self.custom_dir(custom) == Dir::Out && !tells_of_failure(custom) => {
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
            Custom::UtimeSpecs(wide) => self.utime_specs(raw, wide),
            Custom::Date(nanoseconds) => self.date(raw, self.sibling(nanoseconds, frame)),
            Custom::Remaining(kind) => self.remaining(kind, raw),
            Custom::CpuSet(_, len) => {
                let size = self.length(len, frame);
                self.cpu_set(raw, size);
            }
            Custom::PathOut => self.path_out(raw),
            Custom::Handler => self.handler(raw),
            Custom::Opaque | Custom::OldMmap | Custom::RobustList | Custom::ClockId => {
                self.render.address(raw)
            }
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
            Custom::SignalReturn => self.signal_return(raw),
            Custom::HighHalf(low) => {
                let low = self.sibling(low, frame) & 0xffff_ffff;
                self.render.number(raw << 32 | low, true, Base::Dec, 8);
            }
            Custom::UserDesc => self.user_desc(raw),
            Custom::UserDescReturn => self.user_desc_return(raw),
            other => self.custom_value(other, raw, frame),
        }
    }

    fn signal_return(&mut self, raw: u64) {
        self.render.number(raw, true, Base::Dec, 4);
        if let Some(name) = syscall_tables::signal::name(raw as u32) {
            self.render.detail("signal");
            self.render.note(format_args!(""));
            self.render.symbol(raw, format_args!("{name}"));
        }
    }

    /// The decoders of values that came later.
    fn custom_value(&mut self, custom: Custom, raw: u64, frame: Option<Frame<'_>>) {
        match custom {
            Custom::Annotated(set, Width::W64 | Width::Long) => self.annotated(set, raw),
            Custom::Annotated(set, _) => self.annotated(set, raw & 0xffff_ffff),
            Custom::ShortText(_, limit) => self.limited_string(raw, limit),
            Custom::BpfAttributes(command, size) => {
                let (command, size) = (self.sibling(command, frame), self.sibling(size, frame));
                self.bpf_attributes(raw, command, size);
            }
            Custom::SocketType => self.socket_type(raw & 0xffff_ffff),
            Custom::Net(net) => self.net_value(net, &raw.to_le_bytes()[..net.size().min(8)], 0),
            Custom::Noted(base, kind) => self.noted(base, kind, raw),
            Custom::Commented(set, Width::W32) => self.commented(set, raw & 0xffff_ffff),
            Custom::Commented(set, _) => self.commented(set, raw),
            Custom::LongSignal if raw >> 31 == 0 => self.signal_number(raw as u32),
            Custom::LongSignal => self.render.number(raw, false, Base::Dec, 8),
            Custom::Errno => self.errno_value(raw),
            Custom::Address64 => self.render.address(raw),
            Custom::Seconds => {
                let narrow = self.abi.data_model().word_bytes == 4;
                self.date(if narrow { i64::from(raw as u32 as i32) as u64 } else { raw }, 0);
            }
            Custom::ClockTicks => self.clock_ticks(raw),
            Custom::SigEvent => self.sigevent(raw),
            Custom::IpcFlags(set, shift) => self.ipc_flags(set, shift, raw),
            Custom::IpcCommand(set) => self.ipc_command(set, raw),
            Custom::MsgBuf(_, len) => self.message(raw, len, frame),
            Custom::NodeMask(_, bits) => self.node_mask(raw, self.sibling(bits, frame)),
            Custom::PageStatus => self.page_status(raw),
            Custom::Residency(length) => self.residency(raw, self.sibling(length, frame)),
            Custom::HugeFlags(low, set, name) => self.huge_flags(low, set, name, raw),
            Custom::Bpf => self.filter_program(raw),
            Custom::BpfOut if self.options.abbreviate => self.render.address(raw),
            Custom::BpfOut => {
                let count = self.length(Len::Ret, frame);
                self.filter_instructions(raw, count);
            }
            Custom::FutexWakeOp => self.futex_wake_op(raw),
            Custom::IoPrio => self.io_priority(raw, self.side == Side::Exit),
            Custom::CapHeader => self.capability_header(raw),
            Custom::CapData(_) => self.capabilities(raw),
            Custom::SchedAttr(dir, room) => {
                let room = room.map(|room| self.sibling(room, frame));
                self.sched_attr(raw, dir, room);
            }
            Custom::OldSigAction(_) => self.old_sigaction(raw),
            Custom::UserOffset => self.user_offset(raw),
            Custom::SigInfos => self.siginfos(raw),
            Custom::SyscallInfo(dir, size) => self.syscall_info(raw, dir, self.sibling(size, frame)),
            Custom::RegisterSet(_, kind) => self.register_set(raw, self.sibling(kind, frame) & 0xffff_ffff),
            Custom::FilterMetadata(size) => self.filter_metadata(raw, self.sibling(size, frame)),
            Custom::Ruleset(size) => self.ruleset(raw, self.sibling(size, frame)),
            Custom::VectorLength(set) => self.vector_length(set, raw, self.side == Side::Exit),
            Custom::TaggedAddress => self.tagged_address(raw, self.side == Side::Exit),
            Custom::Groups(_, len, width) => {
                let count = self.length(len, frame);
                self.groups(raw, count, width);
            }
            Custom::Reaped(kind) => self.reaped(kind, raw),
            Custom::Name(_, most) => self.thread_name(raw, most),
            Custom::KeyText(size, terminated) => self.key_text(raw, self.sibling(size, frame), terminated),
            Custom::KeyCapabilities => self.key_capabilities(raw),
            Custom::BpfReturn => self.bpf_returned(raw),
            Custom::PerfAttr => self.perf_attr(raw),
            Custom::UserDescOut => self.user_desc_filled(raw),
            Custom::IpcCall => self.ipc_call(raw & 0xffff_ffff),
            Custom::UringParams(resized) => self.uring_params(raw, resized),
            Custom::IoctlReturn => self.ioctl_return(raw),
            // In a register: what is longer is in memory.
            Custom::Device(device) => match device.layout(self.abi.data_model()).size {
                size @ 1..=8 => self.device_value(device, &raw.to_le_bytes()[..size], 0, frame),
                _ => self.render.address(raw),
            },
            other => self.file_value(other, raw, frame),
        }
    }

    /// The second half of an in/out value.
    pub(super) fn custom_second(&mut self, custom: Custom, raw: u64) {
        match custom {
            Custom::SockLen => self.socklen_after(raw),
            Custom::CloneArgs => self.clone_args_after(raw),
            Custom::IoctlArg => self.ioctl_after(raw),
            _ => {}
        }
    }
}

/// Whether what a call writes is looked at even when it fails, since a part of it was the caller's.
fn tells_of_failure(custom: Custom) -> bool {
    matches!(
        custom,
        Custom::Remaining(_)
            | Custom::FileHandle(_)
            | Custom::GotXattr(_)
            | Custom::MsgHdr(_)
            | Custom::MmsgHdr(..)
            | Custom::IoctlArg
            | Custom::BpfAttributes(..)
            | Custom::UringParams(_)
            | Custom::UringQuery
            | Custom::UringControl
            | Custom::Answered(_)
            | Custom::UserDescOut
            | Custom::FilterMetadata(_)
            | Custom::RegisterSet(..)
            | Custom::UringProbe(_)
            | Custom::UringWorkers(_)
    )
}
