//! What of a call can be compared: a [`Render`] that writes its values without what is another one in each run.
//!
//! Descriptors are what they are open on, ids of tasks the tasks, addresses only whether there is one. What it writes
//! is for comparing, not for people.

use std::collections::hash_map::RandomState;
use std::collections::{HashMap, HashSet};
use std::fmt::Arguments;
use std::hash::BuildHasher;
use std::io::Write;

use syscall_tables::abi::Abi;
use syscall_tables::model::Shape;
use syscall_tables::set::{Base, Set};

use super::names::{Names, Seen, is_pointer};
use super::rules;
use super::survey::FIRST_GIVEN_PORT;
use crate::decode::render::{Group, Items, Render, Text, ignored};
use crate::decode::{self, Options};
use crate::event::descriptor::{Detail, Ends, Socket};
use crate::event::{Call, FdNote};

/// Strings of both runs by their hashes.
#[derive(Debug)]
pub struct Strings {
    /// How they are hashed.
    pub hash: RandomState,
    /// The two runs'.
    pub of: [Seen; 2],
}

impl Strings {
    fn in_both(&self, text: &[u8]) -> bool {
        let hash = self.hash.hash_one(text);
        self.of.iter().all(|seen| seen.has(hash))
    }
}

/// What values of a run mean.
#[derive(Debug)]
pub struct World {
    /// Its fleeting strings.
    pub names: Names,
    /// All strings.
    pub strings: std::rc::Rc<Strings>,
    /// Ports that the kernel gave.
    pub ports: HashSet<u16>,
    /// Tasks that live now by id, as numbers that are the same in both runs.
    pub alive: HashMap<i32, u32>,
    /// How much of strings is compared.
    pub options: Options,
    /// Descriptors are told by what they are open on.
    pub targets: bool,
}

impl World {
    /// Writes what a string says.
    fn text(&self, text: &[u8], out: &mut Vec<u8>) {
        if self.strings.in_both(text) {
            out.extend_from_slice(text);
        } else {
            self.names.write(text, out);
        }
    }

    /// Writes which task an id means.
    fn id(&self, id: i32, call: &Call, out: &mut Vec<u8>) {
        let host = call.pids.iter().find(|note| note.pid == id).map_or(id, |note| note.host);
        let size = host.unsigned_abs();
        let known = i32::try_from(size).ok().and_then(|id| self.alive.get(&id));
        let known = known.or_else(|| self.names.ids.get(&u64::from(size)));
        // Groups are told by negative ids.
        let sign = if host < 0 { "-" } else { "" };
        match known {
            _ if size <= 1 => drop(write!(out, "{host}")),
            Some(task) => drop(write!(out, "{sign}task {task}")),
            None => drop(write!(out, "{sign}somebody")),
        }
    }

    /// Writes what a descriptor is open on.
    pub fn target(&self, note: &FdNote, out: &mut Vec<u8>) {
        match note.detail.as_deref() {
            Some(Detail::Socket(socket)) => return write_socket(socket, out),
            Some(Detail::Process(pid)) => {
                out.extend_from_slice(b"pidfd ");
                return match self.alive.get(pid).or_else(|| self.names.ids.get(&(*pid as u64))) {
                    Some(task) => drop(write!(out, "task {task}")),
                    None => out.extend_from_slice(b"somebody"),
                };
            }
            Some(Detail::Signals(set)) => return drop(write!(out, "signals {set:x}")),
            Some(Detail::Event(_)) => return out.extend_from_slice(b"eventfd"),
            Some(Detail::Device { .. }) | None => {}
        }
        let kinds: [&[u8]; 3] = [b"pipe:[", b"socket:[", b"/dev/pts/"];
        match kinds.into_iter().find(|kind| note.target.starts_with(kind)) {
            Some(kind) => out.extend_from_slice(kind),
            None => self.text(&note.target, out),
        }
    }

    /// Writes a call with what was known when it was entered.
    pub fn asked(&self, call: &Call, name: &'static str, out: &mut Vec<u8>) {
        out.clear();
        self.name(call, name, out);
        let mut render = KeyRender::new(self, call, name, out, None);
        decode::inputs(call, &self.options, &mut render);
    }

    /// Writes a call with all that came of it; strings are kept in `texts` too.
    pub fn answered(&self, call: &Call, name: &'static str, out: &mut Vec<u8>, texts: Option<&mut Texts>) {
        out.clear();
        self.name(call, name, out);
        let mut render = KeyRender::new(self, call, name, out, texts);
        decode::call(call, &self.options, &mut render);
        out.push(b'=');
        let Some(outcome) = call.outcome else { return out.push(b'?') };
        if let Some(errno) = outcome.errno() {
            return drop(write!(out, "E{errno}"));
        }
        if rules::RETURN_TIMES.contains(&name) {
            return;
        }
        if rules::RETURN_IDS.contains(&name) {
            return self.id(outcome.value as i32, call, out);
        }
        let mut render = KeyRender::new(self, call, name, out, None);
        render.late = true;
        decode::result(call, &self.options, &mut render);
    }

    /// Writes what an operation of io_uring asked for: all that can be told whenever its completion was seen.
    pub fn operation(&self, call: &Call, out: &mut Vec<u8>) {
        out.clear();
        out.extend_from_slice(call.title().as_bytes());
        let mut render = KeyRender::new(self, call, "", out, None);
        decode::inputs(call, &self.options, &mut render);
    }

    /// Appends how it went. What a new descriptor is open on, and what the kernel wrote, is not known of each.
    pub fn result(&self, call: &Call, out: &mut Vec<u8>) {
        let descriptor = call.signature.is_some_and(|signature| matches!(signature.ret.shape, Shape::Fd));
        match call.outcome.map(|outcome| (outcome.errno(), outcome.value)) {
            None => out.extend_from_slice(b"=?"),
            Some((Some(errno), _)) => drop(write!(out, "=E{errno}")),
            Some((None, _)) if descriptor => out.extend_from_slice(b"=fd"),
            Some((None, value)) => drop(write!(out, "={value}")),
        }
    }

    /// Writes what a stream begins with.
    pub fn text_of_stream(&self, text: &[u8], out: &mut Vec<u8>) {
        self.names.write(text, out);
    }

    fn name(&self, call: &Call, name: &'static str, out: &mut Vec<u8>) {
        if name.is_empty() {
            write!(out, "{:?} {:#x}", call.regs.abi, call.regs.nr).ok();
        } else {
            out.extend_from_slice(name.as_bytes());
        }
    }
}

/// A socket is its protocol and its other end, but for a port that the kernel gave.
fn write_socket(socket: &Socket, out: &mut Vec<u8>) {
    out.extend_from_slice(socket.protocol.as_bytes());
    match &socket.ends {
        Ends::Inet { peer: Some(peer), .. } => {
            write!(out, " {}", peer.ip()).ok();
            if peer.port() < FIRST_GIVEN_PORT {
                write!(out, ":{}", peer.port()).ok();
            }
        }
        Ends::Netlink { protocol, .. } => drop(write!(out, " {protocol}")),
        Ends::Unix { name: Some(name), .. } => out.extend_from_slice(name),
        Ends::Unix { .. } | Ends::Inet { .. } | Ends::Unknown => {}
    }
}

/// The strings of a call, one behind the other, up to the first that goes on.
#[derive(Debug, Default)]
pub struct Texts {
    /// Their bytes.
    pub bytes: Vec<u8>,
    /// One went on.
    pub cut: bool,
}

struct KeyRender<'a> {
    world: &'a World,
    call: &'a Call,
    name: &'static str,
    out: &'a mut Vec<u8>,
    texts: Option<&'a mut Texts>,
    late: bool,
    depth: u32,
    /// Values are left out until a member of this depth begins.
    mute: Option<u32>,
    /// The argument is left out.
    mute_arg: bool,
    field: &'static str,
    /// The struct holds a moment of the run.
    moment: bool,
}

impl<'a> KeyRender<'a> {
    fn new(
        world: &'a World,
        call: &'a Call,
        name: &'static str,
        out: &'a mut Vec<u8>,
        texts: Option<&'a mut Texts>,
    ) -> Self {
        let (late, depth, mute, mute_arg, field, moment) = (false, 0, None, false, "", false);
        Self { world, call, name, out, texts, late, depth, mute, mute_arg, field, moment }
    }

    fn muted(&self) -> bool {
        self.mute.is_some() || self.mute_arg
    }

    fn put(&mut self, text: Arguments<'_>) {
        if !self.muted() {
            self.out.push(b' ');
            self.out.write_fmt(text).ok();
        }
    }
}

impl Render for KeyRender<'_> {
    ignored!(label pause comment note);

    fn arg(&mut self, index: usize, _name: &'static str) {
        self.mute = None;
        self.field = "";
        self.moment = false;
        self.mute_arg = rules::FLEETING_ARGUMENTS.contains(&(self.name, index));
        self.out.push(b',');
    }
    fn number(&mut self, value: u64, _signed: bool, _base: Base, _bytes: u8) {
        let seconds = matches!(self.field, "tv_sec" | "it_value.tv_sec");
        if seconds && self.world.names.is_moment(value) {
            self.moment = true;
            return self.put(format_args!("moment"));
        }
        if self.moment && matches!(self.field, "tv_nsec" | "tv_usec") {
            return;
        }
        if is_pointer(value) {
            return self.put(format_args!("A"));
        }
        self.put(format_args!("{value}"));
    }
    fn set(&mut self, _set: &'static Set, value: u64, _abi: Abi) {
        self.put(format_args!("{value:x}"));
    }
    fn named(&mut self, name: &str, value: u64, _base: Base) {
        self.put(format_args!("{name}={value:x}"));
    }
    fn mode(&mut self, kind: Option<&'static str>, mode: u64) {
        self.put(format_args!("{}{mode:o}", kind.unwrap_or("")));
    }
    fn address(&mut self, addr: u64) {
        self.put(format_args!("{}", if addr == 0 { "NULL" } else { "A" }));
    }
    fn text(&mut self, text: Text<'_>) {
        if let Some(texts) = self.texts.as_deref_mut().filter(|texts| !texts.cut) {
            texts.bytes.extend_from_slice(text.bytes);
            texts.cut = text.more;
        }
        if !self.muted() {
            self.out.push(b'"');
            self.world.text(text.bytes, self.out);
            self.out.extend_from_slice(if text.more { b"\"..." } else { b"\"" });
        }
    }
    fn fd(&mut self, fd: i32) {
        if self.muted() {
            return;
        }
        match self.call.fd_note(fd, self.late).filter(|_| self.world.targets) {
            Some(note) => {
                self.out.push(b'<');
                self.world.target(note, self.out);
                self.out.push(b'>');
            }
            None => self.put(format_args!("{fd}")),
        }
    }
    fn cwd(&mut self) {
        self.put(format_args!("cwd"));
    }
    fn pid(&mut self, pid: i32) {
        if !self.muted() {
            self.out.push(b' ');
            self.world.id(pid, self.call, self.out);
        }
    }
    fn open(&mut self, _group: Group) {
        self.depth += 1;
        self.put(format_args!("{{"));
    }
    fn field(&mut self, name: &'static str) {
        if self.mute.is_some_and(|depth| depth >= self.depth) {
            self.mute = None;
        }
        self.field = name;
        if rules::FLEETING_FIELDS.contains(&name) && self.mute.is_none() {
            self.mute = Some(self.depth);
        }
        self.put(format_args!("{name}"));
    }
    fn item(&mut self) {
        self.put(format_args!(";"));
    }
    fn close(&mut self, _group: Group) {
        if self.mute.is_some_and(|depth| depth >= self.depth) {
            self.mute = None;
        }
        self.depth = self.depth.saturating_sub(1);
        self.put(format_args!("}}"));
    }
    fn more(&mut self) {
        self.put(format_args!("..."));
    }
    fn becomes(&mut self) {
        self.put(format_args!("=>"));
    }
    fn word(&mut self, text: Arguments<'_>) {
        self.put(text);
    }
    fn ticks(&mut self, _ticks: u64) {}
    fn counted(&mut self, _addr: u64, count: usize, what: Items) {
        self.put(format_args!("{count} {what:?}"));
    }
    fn device(&mut self, major: u64, minor: u64) {
        // Pseudo terminals are numbered as they come: majors 136 to 143.
        let minor = if (136..=143).contains(&major) { 0 } else { minor };
        self.put(format_args!("{major}:{minor}"));
    }
    fn port(&mut self, port: u16) {
        if self.world.ports.contains(&port) {
            self.put(format_args!("port"));
        } else {
            self.put(format_args!("{port}"));
        }
    }
}
