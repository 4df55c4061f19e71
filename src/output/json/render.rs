//! The JSON renderer: each value as one of the forms that `docs/events.schema.json` lists.
//!
//! Every form has a key that no other has, so that a reader can tell them apart without the tables. Whatever
//! decoding does, brackets are balanced and each position holds exactly one value.

use std::fmt::Arguments;
use std::net::{Ipv4Addr, Ipv6Addr};

use syscall_tables::abi::Abi;
use syscall_tables::set::{Base, Set, Style};

use super::descriptor;
use super::forms;
pub use super::frame::Frame;
use super::frame::Kind;
use super::write::{self, hex, raw, signed, unsigned};
use crate::decode::render::{Group, Items, Render, Text, WaitStatus};
use crate::event::{FdNote, PidNote};

/// What the values of an event refer to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Notes<'a> {
    /// What descriptors are open on.
    pub fds: &'a [FdNote],
    /// What is written was known when the call returned.
    pub late: bool,
    /// Ids of processes for the tracer.
    pub pids: &'a [PidNote],
    /// Arguments as they were passed, by index.
    pub raw: [u64; 8],
}

/// Which part of a call is being rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Arguments; whether one is open.
    Arguments(bool),
    /// One value; whether details of it are open.
    Value(bool),
}

/// Writes values to a line.
pub struct JsonRender<'a> {
    out: &'a mut Vec<u8>,
    frames: &'a mut Vec<Frame>,
    notes: Notes<'a>,
    part: Part,
    /// The value says no more than its number.
    plain: bool,
    /// A name is being written: words are parts of it.
    spells: bool,
    lost: usize,
}

impl<'a> JsonRender<'a> {
    /// A renderer of arguments, as members of an array that the caller opens; `frames` is its scratch space.
    pub fn arguments(out: &'a mut Vec<u8>, frames: &'a mut Vec<Frame>, notes: Notes<'a>) -> Self {
        frames.clear();
        Self { out, frames, notes, part: Part::Arguments(false), plain: false, spells: false, lost: 0 }
    }

    /// A renderer of one value; `frames` is its scratch space.
    pub fn value(out: &'a mut Vec<u8>, frames: &'a mut Vec<Frame>, notes: Notes<'a>) -> Self {
        frames.clear();
        frames.push(Frame::new(Kind::Root));
        Self { out, frames, notes, part: Part::Value(false), plain: false, spells: false, lost: 0 }
    }

    /// Closes what is open. Returns how many values had no place and were left out: 0 unless the decoder
    /// tells two values of one position.
    pub fn finish(&mut self) -> usize {
        match self.part {
            Part::Arguments(true) => {
                self.settle("null");
                self.out.push(b'}');
                self.part = Part::Arguments(false);
            }
            Part::Arguments(false) => {}
            Part::Value(details) => {
                self.settle(if details { "true" } else { "null" });
                if details {
                    self.out.push(b'}');
                }
            }
        }
        self.lost
    }

    /// Whether the value was a bare integer, which the caller knows already.
    pub fn is_plain(&self) -> bool {
        self.plain && self.part == Part::Value(false)
    }

    /// Ends the value at hand; where there is none, `nothing` stands for it.
    fn settle(&mut self, nothing: &str) {
        while self.frames.len() > 1 {
            self.pop();
        }
        if let Some(root) = self.frames.last()
            && root.free
        {
            raw(self.out, nothing);
            self.end();
        }
    }

    /// Makes room for a value; false where there is none.
    fn begin(&mut self) -> bool {
        let at = self.out.len();
        let Some(frame) = self.frames.last_mut() else {
            self.lost += 1;
            return false;
        };
        if !frame.free {
            self.lost += 1;
            return false;
        }
        frame.free = false;
        if frame.becomes {
            return true;
        }
        let comma = frame.kind == Kind::Array && frame.any;
        frame.any = true;
        frame.last = at + usize::from(comma);
        if comma {
            self.out.push(b',');
        }
        true
    }

    fn end(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.free = false;
            if std::mem::take(&mut frame.becomes) {
                self.out.push(b'}');
            }
        }
    }

    /// A value written by `write`.
    fn put(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        if self.begin() {
            self.plain = false;
            write(self.out);
            self.end();
        }
    }

    fn integer(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        let root = self.frames.len() == 1;
        self.put(write);
        self.plain = root;
    }

    /// Part of a word: false when no word is being put together.
    fn part_of_word(&mut self, names: &mut dyn Iterator<Item = &str>, value: u64, unknown: u64) -> bool {
        let Some(Frame { kind: Kind::Word(word, rest), any, .. }) = self.frames.last_mut() else {
            return false;
        };
        *word |= value;
        *rest |= unknown;
        for name in names {
            if std::mem::replace(any, true) {
                self.out.push(b',');
            }
            write::string(self.out, name);
        }
        true
    }

    /// Ends the innermost bracket.
    fn pop(&mut self) {
        let Some(&frame) = self.frames.last() else { return };
        let dangling = frame.becomes || frame.free && matches!(frame.kind, Kind::Struct | Kind::Target);
        if dangling {
            raw(self.out, "null");
            self.end();
        }
        self.frames.pop();
        match frame.kind {
            Kind::Root | Kind::Target => {}
            Kind::Struct => raw(self.out, if frame.cut { "},\"abbreviated\":true}" } else { "}}" }),
            Kind::Array => raw(self.out, if frame.cut { "],\"truncated\":true}" } else { "]}" }),
            Kind::Word(value, unknown) => forms::word_end(self.out, value, unknown),
        }
        self.end();
    }

    fn enter(&mut self, kind: Kind, head: &str) {
        if self.begin() {
            self.plain = false;
            raw(self.out, head);
            self.frames.push(Frame::new(kind));
        } else {
            // A bracket without a place: its contents have none either.
            self.frames.push(Frame { free: false, ..Frame::new(Kind::Root) });
        }
    }

    fn target(&mut self, fd: i32) {
        let mut notes = self.notes.fds.iter().filter(|note| note.fd == fd);
        if let Some(note) = if self.notes.late { notes.next_back() } else { notes.next() } {
            descriptor::write(self.out, note);
        }
    }
}

impl Render for JsonRender<'_> {
    fn arg(&mut self, index: usize, name: &'static str) {
        let first = self.part == Part::Arguments(false);
        self.finish();
        if !first {
            self.out.push(b',');
        }
        self.part = Part::Arguments(true);
        self.frames.clear();
        self.frames.push(Frame::new(Kind::Root));
        raw(self.out, "{\"name\":\"");
        if name.is_empty() {
            raw(self.out, "arg");
            write::digits(self.out, index as u64);
        } else {
            raw(self.out, name);
        }
        raw(self.out, "\",\"raw\":");
        hex(self.out, self.notes.raw.get(index).copied().unwrap_or(0));
        raw(self.out, ",\"value\":");
    }

    fn label(&mut self, _name: &'static str) {}

    fn pause(&mut self, _more: bool) {}

    fn number(&mut self, value: u64, is_signed: bool, base: Base, _bytes: u8) {
        if self.part_of_word(&mut std::iter::empty(), value, value) {
            return;
        }
        if base == Base::Oct {
            return self.mode(None, value);
        }
        self.integer(|out| if is_signed { signed(out, value as i64) } else { unsigned(out, value) });
    }

    fn set(&mut self, set: &'static Set, value: u64, abi: Abi) {
        let mut parts = set.parts(abi, value);
        if self.spells {
            return parts.for_each(|row| raw(self.out, row.name));
        }
        if let Some(Frame { kind: Kind::Word(..), .. }) = self.frames.last() {
            let mut rest = set.parts(abi, value);
            rest.by_ref().for_each(drop);
            self.part_of_word(&mut parts.map(|row| row.name), value, rest.rest());
            return;
        }
        self.put(|out| {
            if set.style == Style::Values {
                forms::name_of(out, parts.next().map(|row| row.name));
                // An unknown number of a signed set is printed as one, too.
                let negative = set.base == Base::Dec && value >> 31 == 1;
                if negative {
                    signed(out, i64::from(value as u32 as i32))
                } else {
                    unsigned(out, value)
                }
                return out.push(b'}');
            }
            raw(out, "{\"flags\":[");
            let mut any = false;
            for row in parts.by_ref() {
                if std::mem::replace(&mut any, true) {
                    out.push(b',');
                }
                write::string(out, row.name);
            }
            forms::word_end(out, value, parts.rest());
        });
    }

    fn named(&mut self, name: &str, value: u64, base: Base) {
        if self.part_of_word(&mut std::iter::once(name), value, 0) {
            return;
        }
        self.put(|out| {
            forms::name_of(out, Some(name));
            if base == Base::Dec {
                signed(out, value as i64)
            } else {
                unsigned(out, value)
            }
            out.push(b'}');
        });
    }

    fn mode(&mut self, kind: Option<&'static str>, mode: u64) {
        self.put(|out| forms::mode(out, kind, mode));
    }

    fn address(&mut self, addr: u64) {
        self.put(|out| match addr {
            0 => raw(out, "null"),
            _ => {
                raw(out, "{\"address\":");
                hex(out, addr);
                out.push(b'}');
            }
        });
    }

    fn text(&mut self, text: Text<'_>) {
        self.put(|out| {
            write::text(out, text.bytes, text.more);
            out.push(b'}');
        });
    }

    fn fd(&mut self, fd: i32) {
        if self.begin() {
            self.plain = false;
            raw(self.out, "{\"fd\":");
            signed(self.out, i64::from(fd));
            self.target(fd);
            self.out.push(b'}');
            self.end();
        }
    }

    fn fd_of(&mut self, _pid: i32, fd: i32) {
        self.put(|out| {
            raw(out, "{\"fd\":");
            signed(out, i64::from(fd));
            out.push(b'}');
        });
    }

    fn cwd(&mut self) {
        if self.begin() {
            self.plain = false;
            raw(self.out, "{\"fd\":-100,\"name\":\"AT_FDCWD\"");
            self.target(-100);
            self.out.push(b'}');
            self.end();
        }
    }

    fn pid(&mut self, pid: i32) {
        let note = self.notes.pids.iter().find(|note| note.pid == pid);
        self.put(|out| {
            raw(out, "{\"pid\":");
            signed(out, i64::from(pid));
            if let Some(host) = note.map(|note| note.host).filter(|host| *host != pid) {
                raw(out, ",\"host_pid\":");
                signed(out, i64::from(host));
            }
            if let Some(comm) = note.and_then(|note| note.comm.as_deref()) {
                raw(out, ",\"comm\":");
                write::text(out, comm, false);
                out.push(b'}');
            }
            out.push(b'}');
        });
    }

    fn open(&mut self, group: Group) {
        match group {
            Group::Struct => self.enter(Kind::Struct, "{\"struct\":{"),
            Group::Array | Group::Members { .. } | Group::Call(_) => {
                self.enter(Kind::Array, "{\"array\":[");
            }
            Group::Target => self.enter(Kind::Target, ""),
            Group::Or => self.enter(Kind::Word(0, 0), "{\"flags\":["),
        }
    }

    fn field(&mut self, name: &'static str) {
        let Some(frame) = self.frames.last().copied().filter(|frame| frame.kind == Kind::Struct) else {
            return;
        };
        if frame.free || frame.becomes {
            raw(self.out, "null");
            self.end();
        }
        if frame.any {
            self.out.push(b',');
        }
        self.out.push(b'"');
        raw(self.out, name);
        raw(self.out, "\":");
        if let Some(frame) = self.frames.last_mut() {
            frame.any = true;
            frame.free = true;
        }
    }

    fn unnamed(&mut self, name: &'static str) {
        self.field(name);
    }

    fn item(&mut self) {
        if let Some(frame) = self.frames.last_mut()
            && frame.kind == Kind::Array
        {
            frame.free = true;
        }
    }

    fn close(&mut self, _group: Group) {
        // The place of the value itself is not a group.
        if self.frames.len() > 1 {
            self.pop();
        }
    }

    fn more(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.cut = true;
            if frame.kind == Kind::Array {
                frame.free = false;
            }
        }
    }

    fn again(&mut self, _name: &'static str) {
        self.becomes();
    }

    fn becomes(&mut self) {
        const OLD: &[u8] = b"{\"old\":";
        let Some(frame) = self.frames.last_mut().filter(|frame| frame.any && !frame.free && !frame.becomes)
        else {
            return;
        };
        let last = frame.last;
        frame.becomes = true;
        frame.free = true;
        self.plain = false;
        self.out.splice(last..last, OLD.iter().copied());
        raw(self.out, ",\"new\":");
    }

    fn comment(&mut self, _text: Arguments<'_>) {}

    fn note(&mut self, _text: Arguments<'_>) {}

    fn unreadable(&mut self) {
        self.more();
    }

    fn unreadable_from(&mut self, _addr: u64) {
        self.more();
    }

    fn beyond(&mut self, _from: usize, _to: usize, text: Text<'_>) {
        self.field("beyond");
        self.text(text);
    }

    // Elements stand in order: the place of each is its index.
    fn numbered(&mut self, _name: Option<&'static str>, _number: u64, _unknown: &'static str) {}

    fn index(&mut self, _name: Arguments<'_>) {}

    fn begin_name(&mut self, _value: u64) -> bool {
        self.spells = self.begin();
        if self.spells {
            self.plain = false;
            raw(self.out, "{\"name\":\"");
        }
        self.spells
    }

    fn end_name(&mut self, value: u64) {
        self.spells = false;
        raw(self.out, "\",\"value\":");
        unsigned(self.out, value);
        self.out.push(b'}');
        self.end();
    }

    fn word(&mut self, text: Arguments<'_>) {
        if self.spells {
            return raw(self.out, &text.to_string());
        }
        let text = text.to_string();
        // No flags of several kinds are an empty word.
        if self.part_of_word(&mut Some(&*text).filter(|text| !text.is_empty()).into_iter(), 0, 0) {
            return;
        }
        self.put(|out| {
            raw(out, "{\"word\":");
            write::string(out, &text);
            out.push(b'}');
        });
    }

    fn detail(&mut self, name: &'static str) {
        let Part::Value(details) = self.part else { return };
        self.settle(if details { "true" } else { "null" });
        raw(self.out, if details { ",\"" } else { ",\"details\":{\"" });
        raw(self.out, name);
        raw(self.out, "\":");
        self.part = Part::Value(true);
        self.frames.clear();
        self.frames.push(Frame::new(Kind::Root));
    }

    fn shifted(&mut self, name: Option<&'static str>, value: u64, shift: u32, _unknown: &'static str) {
        let whole = value << shift;
        if !self.part_of_word(&mut name.into_iter(), whole, if name.is_some() { 0 } else { whole }) {
            self.spelled(whole, format_args!(""));
        }
    }

    fn placed(&mut self, set: &'static Set, value: u64, shift: u32, abi: Abi) {
        self.shifted(set.name_of(abi, value), value, shift, set.unknown);
    }

    fn placed_by(&mut self, set: &'static Set, value: u64, _by: &'static str, shift: u32, abi: Abi) {
        self.placed(set, value, shift, abi);
    }

    fn spelled(&mut self, value: u64, _text: Arguments<'_>) {
        if self.part_of_word(&mut std::iter::empty(), value, 0) {
            return;
        }
        self.integer(|out| unsigned(out, value));
    }

    fn symbol(&mut self, value: u64, text: Arguments<'_>) {
        self.put(|out| forms::constant(out, Some(&text.to_string()), value as i64));
    }

    fn syscall(&mut self, nr: u64, name: &'static str) {
        self.symbol(nr, format_args!("__NR_{name}"));
    }

    fn code(&mut self, name: &str, code: i32) {
        self.put(|out| forms::constant(out, Some(name), i64::from(code)));
    }

    fn counted(&mut self, addr: u64, count: usize, what: Items) {
        self.put(|out| forms::counted(out, addr, count, what));
    }

    fn device(&mut self, major: u64, minor: u64) {
        self.put(|out| forms::device(out, major, minor));
    }

    fn port(&mut self, port: u16) {
        self.integer(|out| unsigned(out, u64::from(port)));
    }

    fn ipv4(&mut self, address: Ipv4Addr) {
        self.put(|out| forms::ip(out, format_args!("{address}")));
    }

    fn ipv6(&mut self, member: &'static str, address: Ipv6Addr) {
        self.field(member);
        self.put(|out| forms::ip(out, format_args!("{address}")));
    }

    fn inet6(&mut self, address: Ipv6Addr) {
        self.put(|out| forms::ip(out, format_args!("{address}")));
    }

    fn abstract_name(&mut self, name: Text<'_>) {
        self.put(|out| {
            write::text(out, name.bytes, name.more);
            raw(out, ",\"abstract\":true}");
        });
    }

    fn ioctl(&mut self, command: u32) {
        self.put(|out| forms::ioctl(out, command));
    }

    fn signals(&mut self, listed: u64, count: u32, negated: bool) {
        self.put(|out| forms::signals(out, listed, count, negated));
    }

    fn wait_status(&mut self, status: WaitStatus) {
        self.put(|out| forms::wait_status(out, status));
    }
}
