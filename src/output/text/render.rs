//! The text renderer: strace's spelling of values, appended to a line without allocating.

use std::fmt::Arguments;
use std::net::Ipv6Addr;

use syscall_tables::abi::Abi;
use syscall_tables::set::{Base, Set, Style};
use syscall_tables::signal;

use super::color::Token;
use super::quote::{HexStrings, escaped, quoted};
use super::spelling::Hex;
pub use super::spelling::{Constants, Mark, Spelling};
use crate::decode::render::{Group, Inet6, Render, Short, Text};
use crate::event::extra::Subject;
use crate::event::{Call, FdNote, PidNote};
use crate::output::digits;
use crate::sys::interface;

/// Writes values to a line.
pub struct TextRender<'a> {
    pub(super) out: &'a mut Vec<u8>,
    pub(super) spelling: &'a Spelling,
    pub(super) call: Option<&'a Call>,
    /// What is written was known when the call returned.
    pub(super) late: bool,
    pids: &'a [PidNote],
    pub(super) fds: &'a [FdNote],
    /// One bit per open group: whether an item was written.
    started: u64,
    arguments: bool,
    /// How many descriptors of other processes were written.
    pub(super) foreign: usize,
    in_or: u32,
    note: bool,
    /// Constants by name, whatever the style is.
    plain: bool,
    /// The parts of a word are being written as a comment.
    whole: bool,
    /// Where arguments begin, for those who want them one by one.
    marks: Option<&'a mut Vec<Mark>>,
}

impl<'a> TextRender<'a> {
    /// A renderer of what was known at entry, or `late` when the call returned. Its next argument is the first
    /// (`arguments` false) or a later one.
    pub fn new(
        out: &'a mut Vec<u8>,
        spelling: &'a Spelling,
        call: &'a Call,
        late: bool,
        arguments: bool,
    ) -> Self {
        Self { call: Some(call), late, arguments, ..Self::of_signal(out, spelling, (&call.pids, &call.fds)) }
    }

    /// A renderer of a signal's information, with what is noted of ids and descriptors in it.
    pub fn of_signal(
        out: &'a mut Vec<u8>,
        spelling: &'a Spelling,
        (pids, fds): (&'a [PidNote], &'a [FdNote]),
    ) -> Self {
        Self {
            out,
            spelling,
            call: None,
            late: false,
            pids,
            fds,
            started: 0,
            arguments: false,
            foreign: 0,
            in_or: 0,
            note: false,
            plain: false,
            whole: false,
            marks: None,
        }
    }

    /// The same, noting in `marks` where each argument begins.
    pub fn marking(self, marks: &'a mut Vec<Mark>) -> Self {
        Self { marks: Some(marks), ..self }
    }

    /// Ends what a return value opened.
    pub fn finish(&mut self) {
        if self.note {
            self.out.push(b')');
            self.note = false;
        }
    }

    fn constants(&self) -> Constants {
        if self.plain { Constants::Abbrev } else { self.spelling.constants }
    }

    fn separate(&mut self, separator: &str) {
        if self.started & 1 != 0 {
            self.out.extend_from_slice(separator.as_bytes());
        }
        self.started |= 1;
    }

    fn names(&mut self, set: &'static Set, value: u64, abi: Abi) -> u64 {
        let mut parts = set.parts(abi, value);
        let mut any = false;
        for row in parts.by_ref() {
            if any {
                self.out.push(b'|');
            }
            any = true;
            self.constant(row.name);
        }
        let rest = parts.rest();
        match (any, rest) {
            (true, 0) => {}
            (true, _) => {
                self.out.push(b'|');
                self.hexadecimal(rest);
            }
            (false, 0) if set.style == Style::Bits => self.decimal(0),
            (false, _) => {
                let base = if set.style == Style::Values { set.base } else { Base::Hex };
                self.based(if base == Base::Dec { i64::from(rest as u32 as i32) as u64 } else { rest }, base);
                if self.constants() == Constants::Abbrev && !set.unknown.is_empty() {
                    self.comment(format_args!("{}", set.unknown));
                }
            }
        }
        u64::from(any)
    }
}

impl Render for TextRender<'_> {
    fn arg(&mut self, index: usize, name: &'static str) {
        let before = self.out.len();
        self.spelling.paint.argument(self.out);
        if self.arguments {
            self.out.extend_from_slice(b", ");
        }
        self.arguments = true;
        if self.spelling.names && !name.is_empty() {
            self.within(Token::Argument, |out| out.extend_from_slice(name.as_bytes()));
            self.out.push(b'=');
        }
        let start = self.out.len();
        if let Some(marks) = &mut self.marks {
            marks.push(Mark { index, name, start, before });
        }
    }

    fn label(&mut self, name: &'static str) {
        if !self.spelling.names {
            self.put(format_args!("{name}="));
        }
        let start = self.out.len();
        if let Some(mark) = self.marks.as_mut().and_then(|marks| marks.last_mut()) {
            mark.start = start;
        }
    }

    fn pause(&mut self, more: bool) {
        if more {
            self.out.extend_from_slice(b", ");
        }
    }

    fn number(&mut self, value: u64, signed: bool, base: Base, _bytes: u8) {
        if signed || base != Base::Dec {
            self.based(value, base);
        } else {
            self.within(Token::Number, |out| digits::decimal(out, value));
        }
    }

    fn set(&mut self, set: &'static Set, value: u64, abi: Abi) {
        match self.constants() {
            Constants::Abbrev => {
                self.names(set, value, abi);
            }
            Constants::Raw => self.based(signed(set, value), set.base),
            Constants::Verbose => {
                self.based(signed(set, value), set.base);
                let mut parts = set.parts(abi, value);
                let known = parts.next().is_some();
                if known {
                    self.out.extend_from_slice(b" /* ");
                    self.names(set, value, abi);
                    self.out.extend_from_slice(b" */");
                } else if (value != 0 || set.style == Style::Values) && !set.unknown.is_empty() {
                    self.comment(format_args!("{}", set.unknown));
                }
            }
        }
    }

    fn named(&mut self, name: &str, value: u64, base: Base) {
        match self.constants() {
            Constants::Abbrev => self.constant(name),
            Constants::Raw => self.based(value, base),
            Constants::Verbose => {
                self.based(value, base);
                self.comment(format_args!("{name}"));
            }
        }
    }

    fn mode(&mut self, kind: Option<&'static str>, mode: u64) {
        let untyped = mode & 0o170_000 == 0;
        if kind.is_none() && !untyped || self.constants() == Constants::Raw {
            return self.based(mode, Base::Oct);
        }
        let verbose = self.constants() == Constants::Verbose;
        if verbose {
            self.based(mode, Base::Oct);
            self.out.extend_from_slice(b" /* ");
        }
        if let Some(kind) = kind {
            self.constant(kind);
            self.out.push(b'|');
        }
        for (bit, name) in [(0o4000, "S_ISUID"), (0o2000, "S_ISGID"), (0o1000, "S_ISVTX")] {
            if mode & bit != 0 {
                self.constant(name);
                self.out.push(b'|');
            }
        }
        self.based(mode & !0o177_000, Base::Oct);
        if verbose {
            self.out.extend_from_slice(b" */");
        }
    }

    fn address(&mut self, addr: u64) {
        if addr == 0 {
            self.constant("NULL");
        } else {
            self.hexadecimal(addr);
        }
    }

    fn text(&mut self, text: Text<'_>) {
        self.spelling.paint.start(self.out, Token::String);
        let hex = if text.hex { HexStrings::Always } else { self.spelling.hex };
        quoted(self.out, text.bytes, hex);
        self.spelling.paint.end(self.out, Token::String);
        if text.more {
            self.out.extend_from_slice(b"...");
        }
    }

    fn fd_of(&mut self, pid: i32, fd: i32) {
        match self.call {
            Some(call) if call.tid.0 == pid => self.fd(fd),
            _ => return self.foreign(fd),
        }
        self.foreign += 1;
    }

    fn fd_at(&mut self, _pidfd: i32, fd: i32) {
        self.foreign(fd);
    }

    fn fd(&mut self, fd: i32) {
        self.decimal(i64::from(fd));
        // Where AT_FDCWD means something, it has its own method; explanations of results are short.
        if fd >= 0 && !self.note {
            self.target(fd);
            self.context(|| Subject::Fd(fd));
        }
    }

    fn path(&mut self, bytes: &[u8]) {
        self.context(|| Subject::Path(bytes.to_vec()));
    }

    fn pid(&mut self, pid: i32) {
        self.decimal(i64::from(pid));
        let Some(note) = self.pids.iter().find(|note| note.pid == pid) else {
            return self.context(|| Subject::Pid(pid));
        };
        if let Some(comm) = note.comm.as_ref().filter(|_| self.spelling.pid_names) {
            self.out.push(b'<');
            escaped(self.out, comm, self.spelling.hex, b'>');
            self.out.push(b'>');
        }
        if note.host != pid && self.spelling.host_pids {
            self.comment(format_args!("{} in strace's PID NS", note.host));
        }
        self.context(|| Subject::Pid(pid));
    }

    fn cwd(&mut self) {
        match self.constants() {
            Constants::Abbrev => self.constant("AT_FDCWD"),
            Constants::Raw => self.decimal(-100),
            Constants::Verbose => self.put(format_args!("-100 /* AT_FDCWD */")),
        }
        self.target(-100);
    }

    fn open(&mut self, group: Group) {
        self.started <<= 1;
        match group {
            Group::Struct => self.out.push(b'{'),
            Group::Array | Group::Target | Group::Members { negated: false } => self.out.push(b'['),
            Group::Members { negated: true } => self.out.extend_from_slice(b"~["),
            Group::Call(name) => self.put(format_args!("{name}(")),
            Group::Or => {}
        }
        self.in_or = self.in_or << 2
            | match group {
                Group::Or => 1,
                Group::Members { .. } => 2,
                _ => 0,
            };
    }

    fn field(&mut self, name: &'static str) {
        self.separate(", ");
        self.within(Token::Argument, |out| out.extend_from_slice(name.as_bytes()));
        self.out.push(b'=');
    }

    fn item(&mut self) {
        let separator = match self.in_or & 3 {
            1 => "|",
            2 => " ",
            _ => ", ",
        };
        self.separate(separator);
    }

    fn close(&mut self, group: Group) {
        self.started >>= 1;
        self.in_or >>= 2;
        match group {
            Group::Struct => self.out.push(b'}'),
            Group::Array | Group::Target | Group::Members { .. } => self.out.push(b']'),
            Group::Call(_) => self.out.push(b')'),
            Group::Or => {}
        }
    }

    fn more(&mut self) {
        self.out.extend_from_slice(b"...");
    }

    fn becomes(&mut self) {
        self.out.extend_from_slice(b" => ");
    }

    fn comment(&mut self, text: Arguments<'_>) {
        self.token(Token::Comment, format_args!(" /* {text} */"));
    }

    fn note(&mut self, text: Arguments<'_>) {
        if !self.note {
            self.out.extend_from_slice(b" (");
            self.note = true;
        }
        self.put(text);
    }

    fn word(&mut self, text: Arguments<'_>) {
        self.put(text);
    }

    fn begin_whole(&mut self, value: u64, signed: bool, base: Base, plain: bool) -> bool {
        match self.constants() {
            Constants::Abbrev => return true,
            Constants::Raw => self.number(value, signed, base, 8),
            Constants::Verbose => {
                self.number(value, signed, base, 8);
                self.out.extend_from_slice(b" /* ");
                self.plain = plain;
                self.whole = true;
                return true;
            }
        }
        false
    }

    fn bit_styles(&self) -> (bool, bool) {
        let style = self.constants();
        (style != Constants::Raw, style != Constants::Abbrev)
    }

    fn begin_octets(&mut self, bytes: &[u8]) -> bool {
        let style = self.constants();
        if style == Constants::Abbrev {
            return true;
        }
        quoted(self.out, bytes, HexStrings::Always);
        let explained = style == Constants::Verbose && !bytes.is_empty();
        if explained {
            self.out.extend_from_slice(b" /* ");
            self.plain = true;
            self.whole = true;
        }
        explained
    }

    fn end_whole(&mut self) {
        if std::mem::take(&mut self.whole) {
            self.plain = false;
            self.out.extend_from_slice(b" */");
        }
    }

    fn explain(&mut self, plain: bool, always: bool) -> bool {
        let wanted = always || self.constants() != Constants::Raw;
        self.plain = plain && wanted;
        wanted
    }

    fn named_decimal(&mut self, name: &str, value: u64) {
        match self.constants() {
            Constants::Abbrev => self.constant(name),
            Constants::Raw => self.number(value, false, Base::Dec, 8),
            Constants::Verbose => {
                self.number(value, false, Base::Dec, 8);
                self.comment(format_args!("{name}"));
            }
        }
    }

    fn syscall(&mut self, nr: u64, name: &'static str) {
        if self.constants() == Constants::Abbrev {
            return self.put(format_args!("__NR_{name}"));
        }
        self.number(nr, false, Base::Dec, 8);
        self.remark(format_args!("__NR_{name}"));
    }

    fn shifted(&mut self, name: Option<&'static str>, value: u64, shift: u32, unknown: &'static str) {
        let style = self.constants();
        match name {
            Some(name) if style == Constants::Abbrev => self.constant(name),
            _ => self.based(value, Base::Hex),
        }
        if let Some(name) = name.filter(|_| style == Constants::Verbose) {
            self.comment(format_args!("{name}"));
        }
        self.put(format_args!("<<{shift}"));
        // Where names are not wanted, strace takes every name for unknown.
        if (name.is_none() || style == Constants::Raw) && !unknown.is_empty() {
            self.comment(format_args!("{unknown}"));
        }
    }

    fn huge(&mut self, size: u64, shift: u32, name: &'static str) {
        match self.constants() {
            Constants::Abbrev => self.put(format_args!("{size}<<{name}")),
            Constants::Raw => self.put(format_args!("{size}<<{shift}")),
            Constants::Verbose => {
                self.put(format_args!("{size}<<{shift}"));
                self.comment(format_args!("{name}"));
            }
        }
    }

    fn shows_terminator(&self) -> bool {
        matches!(self.spelling.hex, HexStrings::Always | HexStrings::NonAscii)
    }

    fn hints_terminator(&self) -> bool {
        matches!(self.spelling.hex, HexStrings::Always | HexStrings::NonAscii)
    }

    fn stands_for(&mut self, name: &str, _value: u64) -> bool {
        let alone = self.constants() == Constants::Abbrev;
        if alone {
            self.constant(name);
        }
        alone
    }

    fn device(&mut self, major: u64, minor: u64) {
        let style = self.constants();
        if style != Constants::Abbrev {
            let low = minor & 0xff | (major & 0xfff) << 8;
            let high = (minor & 0xffff_ff00) << 12 | (major & 0xffff_f000) << 32;
            self.based(low | high, Base::Hex);
        }
        match style {
            Constants::Abbrev => self.put(format_args!("makedev({}, {})", Hex(major), Hex(minor))),
            Constants::Raw => {}
            Constants::Verbose => self.comment(format_args!("makedev({}, {})", Hex(major), Hex(minor))),
        }
    }

    fn offset(&mut self, name: &'static str, from: u64, by: u64) {
        let total = from + by;
        match self.constants() {
            Constants::Abbrev => self.put(format_args!("{name}+{by}")),
            Constants::Raw => self.put(format_args!("{total:#x}")),
            Constants::Verbose => self.put(format_args!("{total:#x} /* {from:#x} /* {name} */+{by} */")),
        }
    }

    fn ipv6(&mut self, member: &'static str, address: Ipv6Addr) {
        let style = self.constants();
        if style != Constants::Abbrev {
            self.field(member);
            quoted(self.out, &address.octets(), HexStrings::Always);
        } else {
            self.item();
        }
        match style {
            Constants::Raw => {}
            Constants::Verbose => {
                self.comment(format_args!("inet_pton(AF_INET6, \"{}\")", Inet6(address)));
            }
            Constants::Abbrev => {
                self.put(format_args!("inet_pton(AF_INET6, "));
                let text = Short::of(format_args!("{}", Inet6(address)));
                quoted(self.out, text.bytes(), self.spelling.hex);
                self.put(format_args!(", &{member})"));
            }
        }
    }

    fn named_address(&mut self, addr: u64, name: Arguments<'_>) {
        match self.constants() {
            Constants::Abbrev => self.put(name),
            Constants::Raw => self.address(addr),
            Constants::Verbose => {
                self.address(addr);
                self.comment(name);
            }
        }
    }

    fn remark(&mut self, text: Arguments<'_>) {
        if self.constants() != Constants::Raw {
            self.comment(text);
        }
    }

    fn remark_alone(&mut self, text: Arguments<'_>) {
        if !self.whole {
            self.remark(text);
        }
    }

    fn multiple(&mut self, value: u64) {
        let times = value / 1024;
        match self.constants() {
            Constants::Abbrev => self.token(Token::Number, format_args!("{times}*1024")),
            Constants::Raw => self.number(value, false, Base::Dec, 8),
            Constants::Verbose => {
                self.number(value, false, Base::Dec, 8);
                self.comment(format_args!("{times}*1024"));
            }
        }
    }

    fn interface(&mut self, index: u32) {
        let wanted = self.constants() != Constants::Raw;
        match wanted.then(|| interface::name(index)).flatten() {
            Some(name) => {
                let verbose = self.constants() == Constants::Verbose;
                if verbose {
                    self.put(format_args!("{index} /* "));
                }
                self.put(format_args!("if_nametoindex("));
                quoted(self.out, name.bytes(), self.spelling.hex);
                self.out.push(b')');
                if verbose {
                    self.out.extend_from_slice(b" */");
                }
            }
            None => self.decimal(i64::from(index)),
        }
    }

    fn signals(&mut self, listed: u64, count: u32, negated: bool) {
        let style = self.constants();
        self.open(Group::Members { negated });
        for signo in (1..=count).filter(|signo| listed >> (signo - 1) & 1 != 0) {
            self.item();
            let name = signal::short(signo).unwrap_or("?");
            match style {
                Constants::Abbrev => self.out.extend_from_slice(name.as_bytes()),
                Constants::Raw => digits::decimal(self.out, u64::from(signo)),
                Constants::Verbose => self.put(format_args!("{signo} /* {name} */")),
            }
        }
        self.close(Group::Members { negated });
    }
}

/// A value as its bare number shows it: a decimal one is an `int`.
fn signed(set: &Set, value: u64) -> u64 {
    if set.base == Base::Dec { i64::from(value as u32 as i32) as u64 } else { value }
}
