//! The one match on [`Shape`]: how each kind of value is read and shown.
//!
//! Numbers come from registers or from bytes in memory; pointers are followed on the side (entry or
//! exit) that the argument's direction asks for.

use syscall_tables::abi::Abi;
use syscall_tables::layout;
use syscall_tables::model::{Custom, Dir, Kind, Len, Scope, Shape, Sibling, Signature, When, Width};
use syscall_tables::set::{Base, Style};
use syscall_tables::structs::Struct;

use super::Decoder;
use super::render::{Group, Render, Text};
use crate::memory::Memory;

/// Bytes of a signal set: 64 signals.
const SIGSET: u64 = 8;
/// Largest struct or element that is read at once.
const LARGEST: usize = 1024;

/// The struct whose members are being decoded.
#[derive(Clone, Copy)]
pub(crate) struct Frame<'b> {
    pub(super) strukt: &'static Struct,
    pub(super) bytes: &'b [u8],
}

/// Printing order of arguments where it differs from the registers' order; such calls also show
/// the names of their arguments, as clone does.
pub(super) fn order(signature: &Signature, abi: Abi) -> Option<&'static [u8]> {
    if signature.name != "clone" {
        return None;
    }
    Some(if abi == Abi::I386 { &[1, 0, 2, 3, 4] } else { &[1, 0, 2, 4, 3] })
}

/// `bytes` as a little-endian number.
pub(crate) fn load(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).rev().fold(0, |value, &byte| value << 8 | u64::from(byte))
}

fn truncate(value: u64, bytes: usize, signed: bool) -> u64 {
    let shift = 64 - 8 * bytes.clamp(1, 8) as u32;
    if signed { ((value << shift) as i64 >> shift) as u64 } else { value << shift >> shift }
}

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    pub(crate) fn sibling(&self, sibling: Sibling, frame: Option<Frame<'_>>) -> u64 {
        match (sibling.scope, frame) {
            (Scope::Arg, _) => self.argument_value(usize::from(sibling.index)),
            (Scope::Member, None) => 0,
            (Scope::Member, Some(frame)) => {
                let model = self.abi.data_model();
                let index = usize::from(sibling.index);
                let Some(member) = frame.strukt.members.get(index) else { return 0 };
                let at = layout::offset_of(frame.strukt, index, model);
                let size = layout::kind(&member.kind, model).size;
                // Of an array, whether anything is in it.
                let bytes = frame.bytes.get(at..at + size).unwrap_or_default();
                bytes.chunks(8).fold(0, |value, chunk| value | load(chunk))
            }
        }
    }

    /// An argument as its type sees it: rubbish above an `int` is none of its value.
    fn argument_value(&self, index: usize) -> u64 {
        let raw = self.args.get(index).copied().unwrap_or(0);
        let kind = self.signature.and_then(|s| s.args.get(index)).map(|arg| arg.kind.shape);
        let narrow = matches!(
            kind,
            Some(
                Shape::Number(Width::W32, ..)
                    | Shape::Set(_, Width::W32)
                    | Shape::Fd
                    | Shape::DirFd
                    | Shape::Pid
                    | Shape::Signal
                    | Shape::Custom(
                        Custom::IoctlCommand
                            | Custom::FutexOp
                            | Custom::IpcCommand(_)
                            | Custom::HugeFlags(..)
                            | Custom::QuotaCommand
                            | Custom::Remarked(_)
                    )
            )
        );
        if narrow { raw & 0xffff_ffff } else { raw }
    }

    /// Whether something is there. Nearly everything always is.
    #[inline]
    pub(crate) fn holds(&self, when: When, frame: Option<Frame<'_>>) -> bool {
        matches!(when, When::Always) || self.holds_sometimes(when, frame)
    }

    fn holds_sometimes(&self, when: When, frame: Option<Frame<'_>>) -> bool {
        let value = |s| self.sibling(s, frame);
        match when {
            When::Always => true,
            When::AnyBit(s, bits) => value(s) & bits != 0,
            When::NoBit(s, bits) => value(s) & bits == 0,
            When::Equals(s, wanted) => value(s) == wanted,
            When::Differs(s, unwanted) => value(s) != unwanted,
            When::OneOf(s, mask, values) => values.contains(&(value(s) & mask)),
            When::NoneOf(s, mask, values) => !values.contains(&(value(s) & mask)),
            When::Succeeded => self.succeeded(),
        }
    }

    /// Follows `By` to the kind that holds for this call. Most kinds do not depend on others.
    #[inline]
    pub(crate) fn resolve<'k>(&self, kind: &'k Kind, frame: Option<Frame<'_>>) -> &'k Kind
    where
        'static: 'k,
    {
        let depends = matches!(kind.shape, Shape::By(..) | Shape::ByMasked(..));
        if depends { self.resolve_by(kind, frame) } else { kind }
    }

    fn resolve_by<'k>(&self, kind: &'k Kind, frame: Option<Frame<'_>>) -> &'k Kind
    where
        'static: 'k,
    {
        let (value, cases, other) = match kind.shape {
            Shape::By(s, cases, other) => (self.sibling(s, frame), cases, other),
            Shape::ByMasked(s, mask, cases, other) => (self.sibling(s, frame) & mask, cases, other),
            _ => return kind,
        };
        let found = cases.iter().find(|(v, _)| *v == value).map_or(other, |(_, kind)| kind);
        self.resolve(found, frame)
    }

    /// When the value behind a kind is known.
    pub(super) fn dir(&self, kind: &Kind) -> Dir {
        match self.resolve(kind, None).shape {
            Shape::Bytes(dir, _)
            | Shape::Pointer(dir, _)
            | Shape::Array(dir, _, _)
            | Shape::SigSet(dir, _)
            | Shape::Iovec(dir, _, _)
            | Shape::Sockaddr(dir, _) => dir,
            Shape::Custom(custom) => self.custom_dir(custom),
            _ => Dir::In,
        }
    }

    pub(crate) fn length(&mut self, len: Len, frame: Option<Frame<'_>>) -> u64 {
        match len {
            Len::Fixed(count) => u64::from(count),
            Len::Of(s) => self.sibling(s, frame),
            Len::Ret => self.outcome.map_or(0, |o| if o.failed { 0 } else { o.value as u64 }),
            Len::RetUpTo(s) => self.length(Len::Ret, frame).min(self.sibling(s, frame)),
            Len::Field(..) => self.known_length(len, frame).unwrap_or(0),
            Len::At(s) => self.number_at(self.sibling(s, frame), 4).unwrap_or(0),
            Len::LongAt(s) => {
                let word = usize::from(self.abi.data_model().word_bytes);
                self.number_at(self.sibling(s, frame), word).unwrap_or(0)
            }
        }
    }

    /// A length, unless it is in memory that cannot be read.
    fn known_length(&mut self, len: Len, frame: Option<Frame<'_>>) -> Option<u64> {
        match len {
            Len::Field(s, offset, size) => {
                let (addr, mut buf) = (self.sibling(s, frame), [0u8; LARGEST]);
                let (at, size) = (usize::from(offset), usize::from(size));
                (addr != 0 && self.read(addr, &mut buf[..size]) == size).then(|| load(&buf[at..at + 4]))
            }
            len => Some(self.length(len, frame)),
        }
    }

    /// The number of `bytes` bytes at `addr`.
    pub(crate) fn number_at(&mut self, addr: u64, bytes: usize) -> Option<u64> {
        let mut buf = [0u8; 8];
        (addr != 0 && self.read(addr, &mut buf[..bytes]) == bytes).then(|| load(&buf[..bytes]))
    }

    /// Reads the lengths that an output argument will need, while they are still the caller's.
    pub(super) fn lengths(&mut self, kind: &Kind, raw: u64) {
        if let Shape::Custom(Custom::FileHandle(_)) = kind.shape {
            self.number_at(raw, 4);
        }
        // What is shown as the caller has it, though only when the call returns.
        let asked = match self.resolve(kind, None).shape {
            Shape::Custom(Custom::UringParams(_)) => 120,
            Shape::Custom(Custom::UserDescOut) => 4,
            Shape::Custom(Custom::FilterMetadata(_)) => 8,
            Shape::Custom(Custom::RegisterSet(..)) => 2 * usize::from(self.abi.data_model().word_bytes),
            _ => 0,
        };
        self.read(self.pointer_value(raw), &mut [0u8; 120][..asked]);
        if matches!(kind.shape, Shape::Custom(Custom::IoctlArg)) {
            return self.ioctl_lengths(self.pointer_value(raw));
        }
        match self.resolve(kind, None).shape {
            Shape::Custom(Custom::UringProbe(count)) => {
                let count = self.sibling(count, None) & 0xffff_ffff;
                return self.registration_lengths(self.pointer_value(raw), 16, count, 8);
            }
            Shape::Custom(Custom::UringWorkers(count)) => {
                let count = self.sibling(count, None) & 0xffff_ffff;
                return self.registration_lengths(self.pointer_value(raw), 0, count, 4);
            }
            _ => {}
        }
        if let Shape::Custom(Custom::BpfAttributes(command, size)) = kind.shape {
            let (command, size) = (self.sibling(command, None), self.sibling(size, None));
            return self.bpf_lengths(self.pointer_value(raw), command & 0xffff_ffff, size);
        }
        if let Shape::Custom(custom) = kind.shape {
            return self.message_lengths(custom, self.pointer_value(raw));
        }
        let (Shape::Bytes(_, len) | Shape::Array(_, _, len) | Shape::Sockaddr(_, len)) =
            self.resolve(kind, None).shape
        else {
            return;
        };
        self.length(len, None);
    }

    /// An argument on the side that is being decoded.
    pub(super) fn argument(&mut self, kind: &Kind, raw: u64) {
        if self.multiplexed_argument(kind, raw) {
            return;
        }
        let kind = *self.resolve(kind, None);
        let shown_anyway = matches!(kind.shape, Shape::Custom(_) | Shape::Iovec(..));
        let none = matches!(kind.shape, Shape::Array(_, _, Len::Of(count)) if self.sibling(count, None) == 0);
        if self.dir(&kind) == Dir::Out && !self.succeeded() && !shown_anyway && !none {
            return self.render.address(self.pointer_value(raw));
        }
        self.value(&kind, raw, None);
    }

    pub(super) fn pointer_value(&self, raw: u64) -> u64 {
        truncate(raw, usize::from(self.abi.data_model().word_bytes), false)
    }

    pub(super) fn first_half(&mut self, kind: &Kind, raw: u64) {
        let kind = *self.resolve(kind, None);
        self.value(&kind, raw, None);
    }

    pub(super) fn second_half(&mut self, kind: &Kind, raw: u64) {
        let kind = *self.resolve(kind, None);
        if let Shape::Custom(custom) = kind.shape {
            return self.custom_second(custom, raw);
        }
        let Shape::Pointer(_, target) = kind.shape else { return };
        if !self.succeeded() || raw == 0 {
            return;
        }
        let size = layout::kind(target, self.abi.data_model()).size.min(LARGEST);
        let (mut old, mut new) = ([0u8; LARGEST], [0u8; LARGEST]);
        if !self.options.dereference {
            return;
        }
        let readable = self.before.read(raw, &mut old[..size]) == size;
        let written = self.after.read(raw, &mut new[..size]) == size;
        // Where sendfile is in the file is told whenever it moved, even to the same place.
        let name = self.signature.map_or("", |s| s.name);
        let moved = self.outcome.is_some_and(|o| o.value > 0);
        let same = match name {
            "sendfile" if size == 4 => !moved || self.args[3] == 0,
            "sendfile" | "sendfile64" => !moved,
            _ => readable && old[..size] == new[..size],
        };
        if written && !same {
            self.render.becomes();
            self.target(target, raw);
        }
    }

    /// A value from a register or loaded from memory.
    pub(crate) fn value(&mut self, kind: &Kind, raw: u64, frame: Option<Frame<'_>>) {
        let model = self.abi.data_model();
        let narrow = |width: Width, signed| truncate(raw, layout::width(width, model).size, signed);
        match kind.shape {
            Shape::Number(width, signed, base) => {
                let size = layout::width(width, model).size;
                self.render.number(truncate(raw, size, signed), signed, base, size as u8);
            }
            Shape::Wide(signed, base) => self.render.number(raw, signed, base, 8),
            Shape::Set(set, width) => self.render.set(set, narrow(width, false), self.abi),
            Shape::Fd => self.render.fd(raw as i32),
            Shape::DirFd => self.dirfd(raw as i32),
            Shape::Pid => self.render.pid(raw as i32),
            Shape::Id(width) => self.id(narrow(width, false), width),
            Shape::Signal => self.signal_number(raw as u32),
            Shape::Mode(width) => self.render.number(narrow(width, false), false, Base::Oct, 4),
            Shape::FileMode(width) => self.file_mode(narrow(width, false)),
            Shape::Dev(width) => self.device(narrow(width, false)),
            Shape::Address => self.render.address(self.pointer_value(raw)),
            Shape::Path => self.path(self.pointer_value(raw)),
            Shape::Str => self.string(self.pointer_value(raw)),
            Shape::Strings => self.string_list(self.pointer_value(raw)),
            Shape::Environment => self.environment(self.pointer_value(raw)),
            Shape::FlagsNote(set) => self.flags_note(set, raw),
            Shape::By(..) | Shape::ByMasked(..) => {
                let resolved = *self.resolve(kind, frame);
                self.value(&resolved, raw, frame);
            }
            Shape::Absent => {}
            Shape::Custom(custom) => self.custom(custom, raw, frame),
            Shape::Bytes(..)
            | Shape::Pointer(..)
            | Shape::Array(..)
            | Shape::SigSet(..)
            | Shape::FdSet(_)
            | Shape::Iovec(..)
            | Shape::Sockaddr(..) => self.follow(kind, self.pointer_value(raw), frame),
            Shape::Signals(bytes) => self.signals(&raw.to_le_bytes()[..usize::from(bytes.min(8))]),
            Shape::Struct(_) | Shape::Inline(..) | Shape::Chars(_) | Shape::Octets(_) => {
                self.render.address(self.pointer_value(raw));
            }
        }
    }

    fn follow(&mut self, kind: &Kind, addr: u64, frame: Option<Frame<'_>>) {
        if addr == 0 {
            return self.render.address(0);
        }
        match kind.shape {
            Shape::Bytes(_, len) => match self.known_length(len, frame) {
                Some(len) => match self.data_speaks() {
                    Some(speaks) => self.messages(speaks, addr, len),
                    None => self.bytes(addr, len),
                },
                None => self.render.address(addr),
            },
            Shape::Pointer(_, target) => self.target(target, addr),
            Shape::Array(_, element, len) => {
                let count = self.length(len, frame);
                self.array(element, addr, count);
            }
            Shape::SigSet(_, len) => {
                let size = self.length(len, frame);
                self.sized_sigset(addr, size, matches!(len, Len::Fixed(_)));
            }
            Shape::FdSet(count) => self.fd_set(addr, self.sibling(count, frame)),
            Shape::Iovec(dir, count, bytes) => {
                let (count, bytes) = (self.length(count, frame), self.length(bytes, frame));
                let bytes = if bytes == u64::from(u32::MAX) { u64::MAX } else { bytes };
                self.iovec(addr, count, bytes, dir);
            }
            Shape::Sockaddr(_, len) => {
                let len = self.written_length(len, frame);
                self.sockaddr(addr, len);
            }
            _ => self.render.address(addr),
        }
    }

    /// A set of signals of a size that the caller says: a word at least, but for rt_sigpending, which fills as much as
    /// it is asked to; the kernel's own size at most.
    pub(super) fn sized_sigset(&mut self, addr: u64, size: u64, fixed: bool) {
        let partial = self.signature.is_some_and(|s| s.name == "rt_sigpending");
        let least = if partial { 1 } else { u64::from(self.abi.data_model().word_bytes) };
        let fits = (least..=SIGSET).contains(&size);
        if fits || fixed { self.sigset(addr, size) } else { self.render.address(addr) }
    }

    /// One thing behind a pointer.
    pub(crate) fn target(&mut self, kind: &Kind, addr: u64) {
        let size = layout::kind(kind, self.abi.data_model()).size.min(LARGEST);
        let mut buf = [0u8; LARGEST];
        if addr == 0 || self.read(addr, &mut buf[..size]) < size {
            return self.render.address(addr);
        }
        let boxed =
            !matches!(kind.shape, Shape::Struct(_) | Shape::Chars(_) | Shape::Inline(..) | Shape::Signals(_));
        if boxed {
            self.render.open(Group::Target);
            self.render.item();
        }
        self.place(kind, &buf[..size], addr, None);
        if boxed {
            self.render.close(Group::Target);
        }
    }

    pub(super) fn array(&mut self, element: &Kind, addr: u64, count: u64) {
        let size = layout::kind(element, self.abi.data_model()).size.clamp(1, LARGEST);
        // FUTEX_WAITV_MAX: the kernel takes no more.
        let waiters = matches!(element.shape, Shape::Struct(strukt) if strukt.name == "futex_waitv");
        let most = if waiters { self.most().min(128) } else { self.most() };
        let show = |decoder: &mut Self, bytes: &[u8], at| decoder.place(element, bytes, at, None);
        self.elements_up_to(most, addr, count, size, show);
    }

    /// Elements of `size` bytes, as far as they can be read and are wanted.
    pub(crate) fn elements(
        &mut self,
        addr: u64,
        count: u64,
        size: usize,
        show: impl FnMut(&mut Self, &[u8], u64),
    ) {
        self.elements_up_to(self.most(), addr, count, size, show);
    }

    /// How many elements are shown at most.
    pub(super) fn most(&self) -> u64 {
        if self.options.abbreviate { self.options.string_limit as u64 } else { 1 << 16 }
    }

    /// The same, of which `most` are shown at most.
    pub(super) fn elements_up_to(
        &mut self,
        most: u64,
        addr: u64,
        count: u64,
        size: usize,
        mut show: impl FnMut(&mut Self, &[u8], u64),
    ) {
        let mut buf = [0u8; LARGEST];
        if count == 0 {
            self.render.open(Group::Array);
            return self.render.close(Group::Array);
        }
        // An array that no address space holds is none.
        let whole = count.checked_mul(size as u64);
        if addr == 0 || whole.is_none() || self.read(addr, &mut buf[..size]) < size {
            return self.render.address(addr);
        }
        self.render.open(Group::Array);
        for index in 0..count {
            let at = addr.wrapping_add(index * size as u64);
            self.render.item();
            if self.read(at, &mut buf[..size]) < size {
                self.render.more();
                self.render.comment(format_args!("{at:#x}"));
                break;
            }
            if index >= most {
                self.render.more();
                break;
            }
            show(self, &buf[..size], at);
        }
        self.render.close(Group::Array);
    }

    /// A value in place: `bytes` are its memory at `addr`.
    pub(crate) fn place(&mut self, kind: &Kind, bytes: &[u8], addr: u64, frame: Option<Frame<'_>>) {
        match kind.shape {
            Shape::Struct(strukt) => self.strukt(strukt, bytes, addr),
            Shape::Inline(element, count) => {
                let size = layout::kind(element, self.abi.data_model()).size.max(1);
                self.render.open(Group::Array);
                let most = if self.options.abbreviate { self.options.string_limit } else { usize::MAX };
                for (index, chunk) in bytes.chunks_exact(size).take(usize::from(count)).enumerate() {
                    self.render.item();
                    if index >= most {
                        self.render.more();
                        break;
                    }
                    self.place(element, chunk, addr.wrapping_add((index * size) as u64), frame);
                }
                self.render.close(Group::Array);
            }
            Shape::Chars(_) => {
                let end = bytes.iter().position(|&b| b == 0).unwrap_or(bytes.len());
                // Without a NUL, the last byte is where it should be.
                let more = end == bytes.len();
                let shown = if more { end.saturating_sub(1) } else { end };
                self.render.text(Text { bytes: &bytes[..shown], more, hex: false });
            }
            Shape::Octets(_) => self.render.text(Text { bytes, more: false, hex: false }),
            Shape::Signals(_) => self.signals(bytes),
            Shape::Custom(Custom::Dated(inner, digits)) => self.dated(inner, digits, bytes, addr),
            Shape::Custom(Custom::Net(net)) => self.net_value(net, bytes, addr),
            Shape::Custom(Custom::Escapes(_, count)) => {
                let count = count.map_or(bytes.len() as u64, |count| self.sibling(count, frame));
                let shown = count.min(bytes.len() as u64) as usize;
                self.render.text(Text { bytes: &bytes[..shown], more: false, hex: true });
            }
            Shape::Custom(Custom::Device(device)) => self.device_value(device, bytes, addr, frame),
            Shape::Custom(Custom::Piece(piece)) => self.piece(piece, bytes, addr, frame),
            Shape::By(..) | Shape::ByMasked(..) => {
                let resolved = *self.resolve(kind, frame);
                let size = layout::kind(&resolved, self.abi.data_model()).size.min(bytes.len());
                self.place(&resolved, &bytes[..size], addr, frame);
            }
            _ => self.value(kind, load(bytes), frame),
        }
    }

    /// Whether the `struct timex` that a clock call fills can be read; it is the last argument.
    fn timex_readable(&mut self) -> bool {
        let Some(signature) = self.signature else { return false };
        let last = signature.args.len() - 1;
        let Shape::Pointer(_, kind) = signature.args[last].kind.shape else { return true };
        let size = layout::kind(kind, self.abi.data_model()).size as u64;
        let addr = self.args[last];
        addr != 0
            && self.number_at(addr, 1).is_some()
            && self.number_at(addr.wrapping_add(size - 1), 1).is_some()
    }

    /// A number, and in parentheses what it means; zero flags mean nothing.
    pub(super) fn noted(&mut self, base: Base, kind: &'static Kind, raw: u64) {
        self.render.number(raw, base == Base::Dec, base, 8);
        let (name, text) = match (kind.shape, self.signature.map(|s| s.name)) {
            (Shape::Set(set, _), _) if set.parts(self.abi, raw).next().is_none() => return,
            (Shape::Custom(Custom::VectorLength(_)), _) if raw < 0x1_0000 => return,
            (Shape::Custom(Custom::Handler), _) if raw > 1 => return,
            (Shape::Set(set, _), _) if set.id == "ADJTIMEX_STATE" && !self.timex_readable() => return,
            (Shape::Signals(_), Some("ssetmask")) => ("mask", "old mask "),
            (Shape::Signals(_), _) => ("mask", "mask "),
            _ => ("value", ""),
        };
        if let Shape::Custom(Custom::Seconds) = kind.shape {
            return self.date_note(raw);
        }
        let (plain, always) = match kind.shape {
            Shape::Set(set, _) if set.id == "MEMBARRIER_QUERY" => (false, true),
            Shape::Set(set, _) => (true, set.style == Style::Values),
            Shape::Custom(Custom::IoPrio) => (false, false),
            Shape::Custom(Custom::VectorLength(_) | Custom::TaggedAddress) => (true, false),
            Shape::Custom(Custom::Handler) => (true, true),
            _ => (false, true),
        };
        if !self.render.explain(plain, always) {
            return;
        }
        self.render.detail(name);
        self.render.note(format_args!("{text}"));
        self.value(kind, raw, None);
    }

    /// A return value that is not an error.
    pub(super) fn returned(&mut self, kind: &Kind, raw: u64) {
        if self.multiplexed() == Some("shmat") && self.succeeded() {
            return match self.number_at(self.regs.args[3], 4) {
                Some(at) => self.hex(at),
                None => self.render.word(format_args!("?")),
            };
        }
        let kind = *self.resolve(kind, None);
        match kind.shape {
            Shape::Absent => self.render.number(raw, true, Base::Dec, 8),
            Shape::Address => self.hex(raw),
            _ => self.value(&kind, raw, None),
        }
    }
}
