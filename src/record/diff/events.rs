//! The second look at a recording: what each task did, as numbers that are equal where the two runs did the same.
//!
//! What the scheduler decides is left out or put together here (see [`super::rules`]): bytes that come through pipes,
//! sockets and terminals are counted for each such stream, not for each read; waits and signals are counted without
//! their place; what a handler of SIGCHLD does is left out. Sixteen bytes are kept of a call.

mod operations;
mod streams;

use std::collections::hash_map::RandomState;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::rc::Rc;

use syscall_tables::errno;

use super::key::{Texts, World};
use super::lineage::Lineage;
use super::rules::{self, Role};
use super::shared::Shared;
use super::survey::is_stream;
use crate::engine::sink::{Processes, Rings, Sink};
use crate::event::ring::Completion;
use crate::event::{Call, End, Program, Signal, Stamp, Started, Tid};

/// Most calls of one recording that are compared: a quarter of a gigabyte.
pub const MOST_CALLS: usize = 16 << 20;
/// MAP_ANONYMOUS, and the argument of mmap with it.
const ANONYMOUS: u64 = 0x20;
const MMAP_FLAGS: usize = 3;
/// Signals that are kept apart from their place.
const SIGCHLD: i32 = libc::SIGCHLD;
/// Most descriptors of one poll that are looked at.
const MOST_POLLED: u64 = 1024;
/// P_PID, P_PIDFD of waitid(2): a child is named.
const NAMED_CHILD: [u64; 2] = [1, 3];

/// One thing that a task did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// The same where all is the same.
    pub whole: u32,
    /// The same where the same was asked for, whatever came of it.
    pub asked: u32,
    /// The number of the event in its recording.
    pub number: u32,
    /// How long it took in microseconds; at most an hour.
    pub took_us: u32,
}

/// What a task did.
#[derive(Debug, Default)]
pub struct Deeds {
    /// In order.
    pub items: Vec<Item>,
    /// In any order.
    pub loose: Vec<Item>,
}

/// Numbers for what calls say.
#[derive(Debug, Default)]
pub struct Interner {
    hashes: [RandomState; 2],
    known: HashMap<(u64, u64), u32>,
}

impl Interner {
    /// The number of `key`.
    fn number(&mut self, key: &[u8]) -> u32 {
        let [first, second] = &self.hashes;
        let hash = (first.hash_one(key), second.hash_one(key));
        let next = self.known.len() as u32;
        *self.known.entry(hash).or_insert(next)
    }
}

/// What of a stream was seen.
#[derive(Debug, Default)]
struct Stream {
    task: usize,
    /// Its place among the items of its task, or among those that are loose.
    item: usize,
    loose: bool,
    key: Vec<u8>,
    /// What it begins with, up to the limit of strings.
    head: Vec<u8>,
    /// Nothing more of its beginning is known.
    cut: bool,
    merged: Merged,
}

/// Calls that stand as one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Merged {
    /// How many.
    pub calls: u64,
    /// Bytes that they moved.
    pub bytes: u64,
}

/// What is found in a recording.
#[derive(Debug, Default)]
pub struct Found {
    /// By the index of the task.
    pub deeds: Vec<Deeds>,
    /// Calls that stand for several, by the number of the event.
    pub merged: HashMap<u32, Merged>,
    /// Calls that were looked at.
    pub calls: u64,
    /// There are more than can be compared.
    pub too_many: bool,
}

/// What is remembered of a task while events go by.
#[derive(Debug, Default, Clone)]
struct Running {
    /// Signals whose handlers run, with the stack pointers below which they do.
    handlers: Vec<(i32, u64)>,
    sp: u64,
    /// The item before may be repeated without saying more.
    repeats: Option<u32>,
}

/// How calls are compared.
pub struct Setup {
    /// The tasks of the run.
    pub lineage: Rc<Lineage>,
    /// The number of each task that is the same in both runs.
    pub identities: Rc<Vec<u32>>,
    /// Tasks that read streams.
    pub readers: HashSet<usize>,
    /// Tasks that poll: from which stream they read first is up to the scheduler.
    pub pollers: HashSet<usize>,
    /// Everything is compared in its place.
    pub strict: bool,
}

/// The sink that finds it.
pub struct Finder {
    setup: Setup,
    world: World,
    interner: Shared<Interner>,
    found: Shared<Found>,
    told: usize,
    tasks: HashMap<Tid, usize>,
    running: Vec<Running>,
    /// Signals that have handlers, by the index of the process; bit 0 is signal 1.
    handled: Vec<u64>,
    streams: HashMap<(usize, bool, Vec<u8>), usize>,
    all_streams: Vec<Stream>,
    /// What processes asked for of signals.
    asked_once: HashSet<(usize, u32)>,
    /// What tasks waited for.
    polls: HashSet<(usize, u32)>,
    number: u32,
    kept: usize,
    key: Vec<u8>,
    texts: Texts,
}

impl Finder {
    /// A sink that fills `found`.
    pub fn new(setup: Setup, world: World, interner: Shared<Interner>, found: Shared<Found>) -> Self {
        let count = setup.lineage.tasks.len();
        found.borrow_mut().deeds.resize_with(count, Deeds::default);
        Self {
            setup,
            world,
            interner,
            found,
            told: 0,
            tasks: HashMap::new(),
            running: vec![Running::default(); count],
            handled: vec![0; count],
            streams: HashMap::new(),
            all_streams: Vec::new(),
            asked_once: HashSet::new(),
            polls: HashSet::new(),
            number: 0,
            kept: 0,
            key: Vec::new(),
            texts: Texts::default(),
        }
    }

    /// The task of an id: the one that is told of, else the first that went by it.
    fn task(&mut self, tid: Tid) -> Option<usize> {
        if let Some(index) = self.tasks.get(&tid) {
            return Some(*index);
        }
        let index = *self.setup.lineage.by_id.get(&tid.0)?.first()?;
        self.begin(tid, index);
        Some(index)
    }

    fn begin(&mut self, tid: Tid, index: usize) {
        self.tasks.insert(tid, index);
        if let Some(identity) = self.setup.identities.get(index) {
            self.world.alive.insert(tid.0, *identity);
        }
    }

    fn next_number(&mut self) -> u32 {
        let number = self.number;
        self.number = self.number.saturating_add(1);
        number
    }

    /// Adds an item, in its place or loose.
    fn push(&mut self, task: usize, item: Item, loose: bool) {
        let mut found = self.found.borrow_mut();
        if self.kept >= MOST_CALLS {
            found.too_many = true;
            return;
        }
        self.kept += 1;
        if let Some(deeds) = found.deeds.get_mut(task) {
            if loose { &mut deeds.loose } else { &mut deeds.items }.push(item);
        }
    }

    /// A call that returned, or never will.
    fn call(&mut self, call: &Call, number: u32) {
        let Some(task) = self.task(call.tid) else { return };
        self.found.borrow_mut().calls += 1;
        let name = call.signature.map_or("", |signature| signature.name);
        let role = rules::role(name);
        let in_handler = self.handlers(task, call, name);
        if name == "rt_sigaction" {
            self.handling(task, call);
        }
        let repeats = self.running[task].repeats.take();
        if !self.setup.strict {
            match self.soft(task, call, name, role, number, in_handler) {
                Soft::Plain => {}
                Soft::Done => return self.running[task].repeats = repeats,
                Soft::Repeats => {
                    let mut key = std::mem::take(&mut self.key);
                    self.world.asked(call, name, &mut key);
                    self.key = key;
                    return self.repeated(task, call, number, repeats);
                }
                Soft::Fleeting => return self.repeated(task, call, number, repeats),
            }
        }
        let mut key = std::mem::take(&mut self.key);
        self.world.asked(call, name, &mut key);
        let asked = self.interner.borrow_mut().number(&key);
        self.world.answered(call, name, &mut key, None);
        let whole = self.interner.borrow_mut().number(&key);
        self.key = key;
        self.push(task, Item { whole, asked, number, took_us: took_us(call) }, false);
    }

    /// A call whose result says nothing, and which says nothing new when it is made again; the key says what it asks.
    fn repeated(&mut self, task: usize, call: &Call, number: u32, before: Option<u32>) {
        let asked = self.interner.borrow_mut().number(&self.key);
        self.running[task].repeats = Some(asked);
        if before != Some(asked) {
            self.push(task, Item { whole: asked, asked, number, took_us: took_us(call) }, false);
        }
    }

    /// Whether a call is made by a handler of SIGCHLD.
    fn handlers(&mut self, task: usize, call: &Call, name: &str) -> bool {
        let running = &mut self.running[task];
        // A handler that was left by a jump is over where the stack is above it.
        while running.handlers.last().is_some_and(|(_, sp)| call.regs.sp >= *sp) {
            running.handlers.pop();
        }
        let inside = running.handlers.iter().any(|(signo, _)| *signo == SIGCHLD);
        if matches!(name, "rt_sigreturn" | "sigreturn") {
            running.handlers.pop();
        }
        running.sp = call.regs.sp;
        inside
    }

    /// Remembers whether a signal has a handler: rt_sigaction(2).
    fn handling(&mut self, task: usize, call: &Call) {
        let [signo, act, ..] = call.regs.args;
        let word = usize::from(call.regs.abi.data_model().word_bytes).min(8);
        let mut bytes = [0; 8];
        let succeeded = call.outcome.is_some_and(|outcome| !outcome.failed);
        if !succeeded || act == 0 || call.before.recall(act, &mut bytes[..word]) != Some(word) {
            return;
        }
        let Some(bit) = signo.checked_sub(1).filter(|bit| *bit < 64) else { return };
        // SIG_DFL and SIG_IGN are 0 and 1.
        let handled = u64::from_le_bytes(bytes) > 1;
        let process = self.setup.lineage.tasks[task].process;
        let set = &mut self.handled[process];
        *set = if handled { *set | 1 << bit } else { *set & !(1 << bit) };
    }

    /// What of a call the scheduler or the addresses of memory decide.
    fn soft(
        &mut self,
        task: usize,
        call: &Call,
        name: &'static str,
        role: Role,
        number: u32,
        in_handler: bool,
    ) -> Soft {
        let restarted = call.outcome.and_then(|outcome| outcome.errno()).is_some_and(errno::is_restart);
        if restarted {
            return Soft::Done;
        }
        match role {
            Role::Scheduling | Role::Memory => return Soft::Done,
            Role::Mapping if call.regs.args[MMAP_FLAGS] & ANONYMOUS != 0 => return Soft::Done,
            Role::Ring if call.ring.as_ref().is_some_and(|traffic| traffic.trouble.is_none()) => {
                return Soft::Done;
            }
            Role::Waiting if waits_for_any(call, name) => {
                self.waited(task, call, name, number);
                return Soft::Done;
            }
            _ => {}
        }
        if in_handler {
            return Soft::Done;
        }
        match role {
            Role::Polling => {
                self.polled(task, call, name, number);
                Soft::Done
            }
            Role::Sweeping => Soft::Repeats,
            Role::Handling => {
                self.handled_once(task, call, name, number);
                Soft::Done
            }
            Role::Moving(incoming) => self.moving(task, call, name, incoming, number),
            _ if name == "close" && self.setup.pollers.contains(&task) && closes_stream(call) => {
                let mut key = std::mem::take(&mut self.key);
                self.world.answered(call, name, &mut key, None);
                let whole = self.interner.borrow_mut().number(&key);
                self.key = key;
                self.push(task, Item { whole, asked: whole, number, took_us: 0 }, true);
                Soft::Done
            }
            // What another task's end interrupts is up to the scheduler.
            _ if call.outcome.is_none()
                && !name.starts_with("exit")
                && !self.setup.lineage.is_first(task) =>
            {
                Soft::Done
            }
            _ => Soft::Plain,
        }
    }

    /// What a process asks for of signals counts once.
    fn handled_once(&mut self, task: usize, call: &Call, name: &'static str, number: u32) {
        let process = self.setup.lineage.tasks[task].process;
        let mut key = std::mem::take(&mut self.key);
        self.world.asked(call, name, &mut key);
        let asked = self.interner.borrow_mut().number(&key);
        self.key = key;
        if self.asked_once.insert((process, asked)) {
            self.push(process, Item { whole: asked, asked, number, took_us: 0 }, true);
        }
    }

    /// What a task waits for counts once, each descriptor of poll(2) by itself: how many are left to wait for depends on
    /// what was ready first.
    fn polled(&mut self, task: usize, call: &Call, name: &'static str, number: u32) {
        let mut key = std::mem::take(&mut self.key);
        let mut entries = Vec::new();
        if matches!(name, "poll" | "ppoll" | "ppoll_time64") {
            for at in 0..call.regs.args[1].min(MOST_POLLED) {
                let mut bytes = [0; 8];
                let from = call.regs.args[0].wrapping_add(8 * at);
                if call.before.recall(from, &mut bytes) != Some(8) {
                    break;
                }
                let [a, b, c, d, low, high, ..] = bytes;
                let fd = i32::from_le_bytes([a, b, c, d]);
                key.clear();
                key.extend_from_slice(&[b'p', low, high]);
                match call.fd_note(fd, false).filter(|_| self.world.targets) {
                    Some(note) => self.world.target(note, &mut key),
                    None => key.extend_from_slice(&fd.to_le_bytes()),
                }
                entries.push(self.interner.borrow_mut().number(&key));
            }
        }
        if entries.is_empty() {
            self.world.asked(call, name, &mut key);
            entries.push(self.interner.borrow_mut().number(&key));
        }
        self.key = key;
        for asked in entries {
            if self.polls.insert((task, asked)) {
                self.push(task, Item { whole: asked, asked, number, took_us: 0 }, true);
            }
        }
    }

    /// A wait for any child counts where it found one.
    fn waited(&mut self, task: usize, call: &Call, name: &'static str, number: u32) {
        let found = match name {
            // waitid returns 0; a child was found where it wrote a signal's information.
            "waitid" => call.outcome.is_some_and(|outcome| !outcome.failed) && call.after.stretches() > 0,
            _ => call.outcome.is_some_and(|outcome| !outcome.failed && outcome.value > 0),
        };
        if found {
            let key = self.interner.borrow_mut().number(b"a child that was waited for");
            let item = Item { whole: key, asked: key, number, took_us: 0 };
            self.push(self.setup.lineage.tasks[task].process, item, true);
        }
    }

    /// A call that moves bytes.
    fn moving(&mut self, task: usize, call: &Call, name: &'static str, incoming: bool, number: u32) -> Soft {
        let Some(note) = call.fd_note(call.regs.args[0] as i32, false).filter(|_| self.world.targets) else {
            return Soft::Plain;
        };
        if incoming && rules::is_fleeting(&note.target) {
            // How much is asked for depends on how much there was.
            self.key.clear();
            self.key.extend_from_slice(b"fleeting ");
            self.world.target(note, &mut self.key);
            return Soft::Fleeting;
        }
        if !is_stream(note) || !incoming && !self.setup.readers.contains(&task) {
            return Soft::Plain;
        }
        let Some(outcome) = call.outcome else { return Soft::Done };
        match outcome.errno() {
            // EAGAIN: nothing is there now.
            Some(11) => return Soft::Done,
            Some(_) => return Soft::Plain,
            None => {}
        }
        let place = (task, incoming, note.target.to_vec());
        let index = match self.streams.get(&place) {
            Some(index) => *index,
            None => self.new_stream(place, call, number, false),
        };
        let mut texts = std::mem::take(&mut self.texts);
        (texts.cut, _) = (false, texts.bytes.clear());
        let mut key = std::mem::take(&mut self.key);
        self.world.answered(call, name, &mut key, Some(&mut texts));
        self.key = key;
        let moved = outcome.value.max(0) as u64;
        let limit = self.world.options.string_limit;
        if let Some(stream) = self.all_streams.get_mut(index) {
            stream.merged.calls += 1;
            stream.merged.bytes = stream.merged.bytes.saturating_add(moved);
            let known = texts.bytes.len().min(usize::try_from(moved).unwrap_or(usize::MAX));
            if !stream.cut {
                let room = limit.saturating_sub(stream.head.len());
                stream.head.extend_from_slice(&texts.bytes[..known.min(room)]);
                stream.cut = (known as u64) < moved && stream.head.len() < limit;
            }
        }
        self.texts = texts;
        Soft::Done
    }
}

/// What becomes of a call that is not compared in its place as it is.
enum Soft {
    /// It is.
    Plain,
    /// Nothing more is to be done.
    Done,
    /// It says what it asks for, once.
    Repeats,
    /// The same of what stands in the key.
    Fleeting,
}

fn took_us(call: &Call) -> u32 {
    let ns = call.outcome.map_or(0, |_| call.left.mono_ns.saturating_sub(call.entered.mono_ns));
    u32::try_from(ns / 1000).unwrap_or(u32::MAX)
}

/// Whether a call closes a stream.
fn closes_stream(call: &Call) -> bool {
    call.fd_note(call.regs.args[0] as i32, false).is_some_and(is_stream)
}

/// Whether a wait names no child.
fn waits_for_any(call: &Call, name: &str) -> bool {
    let first = call.regs.args[0];
    if name == "waitid" { !NAMED_CHILD.contains(&(first & 0xffff_ffff)) } else { first as i32 <= 0 }
}

impl Sink for Finder {
    fn processes(&self) -> Processes {
        Processes::Programs
    }

    fn started(&mut self, started: &Started) {
        if self.tasks.contains_key(&started.tid) {
            return;
        }
        // Tasks were counted in the same order at the first look, where some began without being told of.
        let of_id = self.setup.lineage.by_id.get(&started.tid.0).map_or(&[][..], Vec::as_slice);
        let Some(index) = of_id.iter().copied().find(|index| *index >= self.told) else { return };
        self.told = index + 1;
        if self.setup.lineage.is_echo(index) {
            return;
        }
        let process = self.setup.lineage.tasks[index].process;
        if process == index
            && let Some(parent) = self.tasks.get(&started.parent)
        {
            self.handled[index] = self.handled[self.setup.lineage.tasks[*parent].process];
        }
        self.begin(started.tid, index);
    }

    fn executed(&mut self, program: &Program) {
        if let Some(index) = self.task(program.process) {
            self.running[index].handlers.clear();
            let process = self.setup.lineage.tasks[index].process;
            self.handled[process] = 0;
        }
    }

    fn left(&mut self, call: &Call) {
        let number = self.next_number();
        self.call(call, number);
    }

    fn rings(&self) -> Rings {
        Rings::Apart
    }

    fn completed(&mut self, _tid: Tid, completion: &Completion) {
        let number = self.next_number();
        if let Some(operation) = &completion.operation {
            self.operation(&operation.call, number);
        }
    }

    fn signal(&mut self, signal: &Signal) {
        let number = self.next_number();
        let Some(task) = self.task(signal.tid) else { return };
        let process = self.setup.lineage.tasks[task].process;
        let bit = signal.signo.checked_sub(1).filter(|bit| (0..64).contains(bit));
        if bit.is_some_and(|bit| self.handled[process] >> bit & 1 != 0) && self.running[task].sp != 0 {
            let sp = self.running[task].sp;
            self.running[task].handlers.push((signal.signo, sp));
        }
        if signal.signo == SIGCHLD && !self.setup.strict {
            return;
        }
        let code =
            signal.info.as_ref().map(|info| i32::from_le_bytes(std::array::from_fn(|at| info[8 + at])));
        let key = format!("signal {} {code:?}", signal.signo);
        let key = self.interner.borrow_mut().number(key.as_bytes());
        let item = Item { whole: key, asked: key, number, took_us: 0 };
        let place = if self.setup.strict { task } else { process };
        self.push(place, item, !self.setup.strict);
    }

    fn ended(&mut self, tid: Tid, end: End, pending: Option<&Call>, _at: Stamp) {
        if let Some(call) = pending {
            let number = self.next_number();
            self.call(call, number);
        }
        if let End::Superseded { by } = end {
            if let Some(index) = self.task(tid) {
                self.tasks.insert(by, index);
            }
            return;
        }
        self.tasks.remove(&tid);
        self.world.alive.remove(&tid.0);
    }

    fn renamed(&mut self, from: Tid, to: Tid) {
        if let Some(index) = self.tasks.remove(&from) {
            self.tasks.entry(to).or_insert(index);
        }
    }

    fn finish(&mut self) {
        self.settle_streams();
    }
}
