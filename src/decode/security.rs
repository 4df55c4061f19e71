//! Values of security calls: capabilities, landlock rulesets, keys, prctl's words. Source: capset(2),
//! landlock_create_ruleset(2), keyctl(2), prctl(2).

use std::fmt::{self, Display, Formatter};

use syscall_tables::abi::Abi;
use syscall_tables::errno;
use syscall_tables::set::{Base, Set, Style};
use syscall_tables::sets::{process as words, security as sets};

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render, Text};
use crate::memory::Memory;

/// Versions of a capability header whose data are two structs.
const WIDE_VERSIONS: [u64; 2] = [0x2007_1026, 0x2008_0522];
/// Longest text of a key that is shown: KEYCTL_DESCRIBE writes at most a page.
const MOST_TEXT: usize = 4096;

/// The names of a value, as a remark shows them.
struct Names(&'static Set, u64, Abi);

impl Display for Names {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(set, value, abi) = *self;
        let mut parts = set.parts(abi, value);
        let mut any = false;
        for row in parts.by_ref() {
            write!(f, "{}{}", if any { "|" } else { "" }, row.name)?;
            any = true;
        }
        match (any, parts.rest()) {
            (true, 0) => Ok(()),
            (true, rest) => write!(f, "|{rest:#x}"),
            (false, _) => f.write_str(set.unknown),
        }
    }
}

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// A number whose name is a remark beside it.
    pub(super) fn commented(&mut self, set: &'static Set, raw: u64) {
        self.noted_value(set, raw, false);
    }

    /// The same, even where numbers alone are wanted.
    pub(super) fn annotated(&mut self, set: &'static Set, raw: u64) {
        self.noted_value(set, raw, true);
    }

    /// A number with its name, or what it is called without one, as a comment; `always`, even where numbers alone are
    /// wanted.
    fn noted_value(&mut self, set: &'static Set, raw: u64, always: bool) {
        self.render.number(raw, false, Base::Hex, 8);
        let named = set.parts(self.abi, raw).next().is_some();
        if named || !set.unknown.is_empty() && (raw != 0 || set.style == Style::Values) {
            let names = Names(set, raw, self.abi);
            match always {
                true => self.render.comment(format_args!("{names}")),
                false => self.render.remark(format_args!("{names}")),
            }
        }
    }

    /// `cap_user_header_t`.
    pub(super) fn capability_header(&mut self, addr: u64) {
        let mut buf = [0u8; 8];
        if addr == 0 || self.read(addr, &mut buf) < 8 {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        self.render.field("version");
        self.render.set(&sets::CAP_VERSION, load(&buf[..4]), self.abi);
        self.render.field("pid");
        self.render.pid(load(&buf[4..]) as i32);
        self.render.close(Group::Struct);
    }

    /// `cap_user_data_t`: one struct, or two for the versions with 64 capabilities.
    pub(super) fn capabilities(&mut self, addr: u64) {
        let mut buf = [0u8; 24];
        let version = self.number_at(self.args[0], 4);
        let wide = version.is_some_and(|version| WIDE_VERSIONS.contains(&version));
        let size = if wide { 24 } else { 12 };
        let header = version.is_some() && self.number_at(self.args[0].wrapping_add(4), 4).is_some();
        if addr == 0 || !header || self.read(addr, &mut buf[..size]) < size {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        for (at, name) in [(0, "effective"), (4, "permitted"), (8, "inheritable")] {
            let (low, high) = (load(&buf[at..at + 4]), load(&buf[at + 12..at + 16]));
            self.render.field(name);
            self.render.open(Group::Or);
            if low != 0 || high == 0 {
                self.render.item();
                self.render.set(&sets::CAP_MASK, low, self.abi);
            }
            if high != 0 {
                self.render.item();
                self.render.set(&sets::CAP_MASK_HIGH, high, self.abi);
            }
            self.render.close(Group::Or);
        }
        self.render.close(Group::Struct);
    }

    /// `struct landlock_ruleset_attr` of the size that the caller says.
    pub(super) fn ruleset(&mut self, addr: u64, size: u64) {
        let members: [(&'static str, &'static Set); 3] = [
            ("handled_access_fs", &sets::LANDLOCK_ACCESS_FS),
            ("handled_access_net", &sets::LANDLOCK_ACCESS_NET),
            ("scoped", &sets::LANDLOCK_SCOPE),
        ];
        let mut buf = [0u8; 24];
        let known = size.min(24) as usize;
        if addr == 0 || size < 8 || self.read(addr, &mut buf[..known]) < known {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        let whole = known / 8;
        for ((name, set), bytes) in members.into_iter().zip(buf.chunks_exact(8)).take(whole) {
            self.render.field(name);
            self.render.set(set, load(bytes), self.abi);
        }
        if size > 8 * whole as u64 {
            self.render.item();
            self.render.more();
        }
        self.render.close(Group::Struct);
    }

    pub(super) fn errno_value(&mut self, raw: u64) {
        let number = raw & 0xffff_ffff;
        match errno::name(number as u32) {
            Some(name) => self.render.named(name, number, Base::Dec),
            None => self.render.number(number, false, Base::Dec, 4),
        }
    }

    /// What the kernel wrote of a key, as far as the buffer of `size` bytes held it.
    pub(super) fn key_text(&mut self, addr: u64, size: u64, terminated: bool) {
        let whole = self.outcome.map_or(0, |o| if o.failed { 0 } else { o.value as u64 });
        let length = whole.min(size);
        if !terminated || length > MOST_TEXT as u64 {
            return self.bytes(addr, length);
        }
        self.capped(addr, length, length, true);
    }

    /// The bytes of KEYCTL_CAPABILITIES.
    pub(super) fn key_capabilities(&mut self, addr: u64) {
        let whole = self.outcome.map_or(0, |o| if o.failed { 0 } else { o.value as u64 });
        let length = whole.min(self.args[2]);
        if addr == 0 {
            return self.render.address(0);
        }
        let mut sets = [&sets::KEYCTL_CAPS0, &sets::KEYCTL_CAPS1].into_iter();
        self.elements(addr, length, 1, |decoder, bytes, _| match sets.next() {
            Some(set) => decoder.render.set(set, u64::from(bytes[0]), decoder.abi),
            None => decoder.render.number(u64::from(bytes[0]), false, Base::Hex, 1),
        });
    }

    /// The name of a thread: bytes up to NUL, `most` of them.
    pub(super) fn thread_name(&mut self, addr: u64, most: u8) {
        let mut buf = [0u8; 256];
        let want = usize::from(most) + 1;
        let got = if addr == 0 { 0 } else { self.read_some(addr, &mut buf[..want]) };
        if got == 0 {
            return self.render.address(addr);
        }
        let end = buf[..got].iter().position(|&byte| byte == 0);
        let shown = end.unwrap_or(got).min(want - 1);
        let more = end.is_none() && got >= want - 1;
        self.render.text(Text { bytes: &buf[..shown], more, hex: false });
    }

    /// As many bytes as can be read.
    fn read_some(&mut self, addr: u64, buf: &mut [u8]) -> usize {
        self.read(addr, buf)
    }

    /// A vector length with flags.
    pub(super) fn vector_length(&mut self, set: &'static Set, raw: u64, explained: bool) {
        let (flags, length) = (raw & !0xffff, raw & 0xffff);
        if flags == 0 {
            return self.render.number(length, false, Base::Hex, 8);
        }
        if !explained && !self.render.begin_whole(raw, false, Base::Hex, true) {
            return;
        }
        self.render.open(Group::Or);
        if flags != 0 {
            self.render.item();
            if set.parts(self.abi, flags).next().is_some() {
                self.render.set(set, flags, self.abi);
            } else {
                self.render.number(flags, false, Base::Hex, 8);
            }
        }
        self.render.item();
        self.render.number(length, false, Base::Hex, 8);
        self.render.close(Group::Or);
        if !explained {
            self.render.end_whole();
        }
    }

    /// The argument of PR_SET_TAGGED_ADDR_CTRL: whether, how tags are checked, which are made.
    pub(super) fn tagged_address(&mut self, raw: u64, explained: bool) {
        let (mode, tags, rest) = (raw & 6, raw >> 3 & 0xffff, raw & !0x7_ffff);
        if !explained && !self.render.begin_whole(raw, false, Base::Hex, true) {
            return;
        }
        self.render.open(Group::Or);
        self.render.item();
        if raw & 1 != 0 {
            self.render.named("PR_TAGGED_ADDR_ENABLE", 1, Base::Hex);
        } else {
            self.render.spelled(0, format_args!("!PR_TAGGED_ADDR_ENABLE"));
        }
        self.render.item();
        self.render.set(&words::PR_MTE, mode, self.abi);
        if tags != 0 {
            self.render.item();
            self.render.spelled(tags << 3, format_args!("{tags:#x}<<PR_MTE_TAG_SHIFT"));
        }
        if rest != 0 {
            self.render.item();
            self.render.number(rest, false, Base::Hex, 8);
        }
        self.render.close(Group::Or);
        if !explained {
            self.render.end_whole();
        }
    }
}
