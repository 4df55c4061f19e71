//! The first look at a recording: its tasks, and what its strings hold that the other recording's do not.
//!
//! It keeps hashes of strings, names of files that the run made up, ports that it was given, and the span of its
//! times. It compares nothing.

use std::collections::hash_map::RandomState;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

use super::lineage::{Image, Lineage};
use super::names::{self, Seen};
use super::rules::{self, MAKERS, Role};
use super::shared::Shared;
use crate::decode::render::{Render, Text, ignored};
use crate::decode::{self, Options};
use crate::engine::sink::{Processes, Rings, Sink};
use crate::event::descriptor::Detail;
use crate::event::ring::{Completion, Traffic, Unseen};
use crate::event::{Call, End, FdNote, Program, Stamp, Started, Tid};
use crate::output::shell;

/// O_CREAT | O_EXCL of open(2).
const EXCLUSIVE: u64 = 0o300;
/// Most names of files that are taken for made up.
const MOST_NAMES: usize = 1 << 16;
/// Ports from here on are given by the kernel: the beginning of ip_local_port_range in ip(7).
pub const FIRST_GIVEN_PORT: u16 = 32_768;
/// Calls by which the kernel tells addresses.
const TELL_ADDRESSES: &[&str] = &["getsockname", "getpeername", "accept", "accept4", "recvfrom", "recvmsg"];

/// What a look at a recording found.
#[derive(Debug, Default)]
pub struct Survey {
    /// Its tasks.
    pub lineage: Lineage,
    /// Hashes of its strings.
    pub strings: Seen,
    /// Base names that it made up, with the word for each.
    pub made_up: HashMap<Vec<u8>, Vec<u8>>,
    /// Ports that the kernel gave it.
    pub ports: HashSet<u16>,
    /// The directory that its first process ran in first.
    pub home: Option<Vec<u8>>,
    /// First and last moment.
    pub span: Option<(Stamp, Stamp)>,
    /// Tasks, by index, that read from pipes, sockets or terminals.
    pub readers: HashSet<usize>,
    /// Tasks that wait until one of several descriptors is ready.
    pub pollers: HashSet<usize>,
    /// Number of calls.
    pub calls: u64,
    /// What went over rings of io_uring and could not be seen.
    pub unseen: Unseen,
}

/// The sink that makes it.
pub struct Surveyor {
    found: Shared<Survey>,
    hash: RandomState,
    options: Options,
    tasks: HashMap<Tid, usize>,
    /// Who made tasks that have not been told of yet.
    makers: HashMap<i32, usize>,
    /// Tasks that were made by a process whose thread is not known yet, by id. They may have ended: a child of vfork
    /// can be over before its maker's call is told of.
    unsure: HashMap<i32, usize>,
}

impl Surveyor {
    /// A sink that fills `found`; strings are hashed by `hash`.
    pub fn new(found: Shared<Survey>, hash: RandomState, options: Options) -> Self {
        let (tasks, makers, unsure) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self { found, hash, options, tasks, makers, unsure }
    }

    /// The task of an id; one that nobody told of begins now.
    fn task(&mut self, tid: Tid, at: Stamp) -> usize {
        if let Some(index) = self.tasks.get(&tid) {
            return *index;
        }
        let index = self.found.borrow_mut().lineage.add(tid, None, None, at.mono_ns);
        self.tasks.insert(tid, index);
        index
    }

    fn seen(&mut self, at: Stamp) {
        let mut found = self.found.borrow_mut();
        let (first, last) = found.span.get_or_insert((at, at));
        if at.mono_ns < first.mono_ns {
            *first = at;
        }
        if at.mono_ns > last.mono_ns {
            *last = at;
        }
    }

    fn look(&mut self, call: &Call, task: usize) {
        let name = call.signature.map_or("", |signature| signature.name);
        let mut found = self.found.borrow_mut();
        let found = &mut *found;
        let tells = TELL_ADDRESSES.contains(&name);
        let mut gather = Gather { hash: &self.hash, found, tells, first: None, call };
        decode::call(call, &self.options, &mut gather);
        let first = gather.first.take();
        let succeeded = call.outcome.is_some_and(|outcome| !outcome.failed);
        if let Some(path) = first.filter(|_| succeeded && makes(call, name))
            && let base = shell::base(&path)
            && let Some(word) = names::made_up(base)
            && found.made_up.len() < MOST_NAMES
        {
            found.made_up.insert(base.to_vec(), word);
        }
        let role = rules::role(name);
        if role == Role::Polling {
            found.pollers.insert(task);
        }
        if role == Role::Moving(true)
            && let Some(note) = call.fd_note(call.regs.args[0] as i32, false)
            && is_stream(note)
        {
            found.readers.insert(task);
        }
    }
}

/// Whether what a descriptor is open on is a stream.
pub fn is_stream(note: &FdNote) -> bool {
    let protocol = match note.detail.as_deref() {
        Some(Detail::Socket(socket)) => Some(&*socket.protocol),
        _ => None,
    };
    rules::is_stream(&note.target, protocol)
}

/// Whether a call makes a file with the mode that random names have.
fn makes(call: &Call, name: &str) -> bool {
    let args = &call.regs.args;
    MAKERS.iter().filter(|row| row.0 == name).any(|&(name, at, mode)| {
        let exclusive = match name {
            "open" => args[1] & EXCLUSIVE == EXCLUSIVE,
            "openat" => args[2] & EXCLUSIVE == EXCLUSIVE,
            _ => true,
        };
        exclusive && args[at] & 0o777 == mode
    })
}

impl Sink for Surveyor {
    fn processes(&self) -> Processes {
        Processes::Programs
    }

    fn started(&mut self, started: &Started) {
        self.seen(started.at);
        let tid = started.tid;
        // A child that is seen before its parent's call may be told of twice.
        if self.tasks.contains_key(&tid) {
            return;
        }
        let first = (tid != started.process).then(|| self.tasks.get(&started.process).copied()).flatten();
        let sure = self.makers.remove(&tid.0);
        let parent = self.tasks.get(&started.parent).copied();
        let maker = sure.or(first).or(parent);
        let index = self.found.borrow_mut().lineage.add(tid, first, maker, started.at.mono_ns);
        self.tasks.insert(tid, index);
        match sure {
            Some(_) => self.unsure.remove(&tid.0),
            None => self.unsure.insert(tid.0, index),
        };
    }

    fn executed(&mut self, program: &Program) {
        self.seen(program.at);
        let index = self.task(program.process, program.at);
        let mut found = self.found.borrow_mut();
        found.home.get_or_insert_with(|| program.cwd.clone());
        let process = found.lineage.tasks[index].process;
        found.lineage.tasks[process].runs(Image { exe: program.exe.clone(), argv: program.argv.clone() });
    }

    fn left(&mut self, call: &Call) {
        self.seen(call.entered);
        self.seen(call.left);
        let index = self.task(call.tid, call.entered);
        {
            let mut found = self.found.borrow_mut();
            found.calls += 1;
            found.lineage.tasks[index].calls += 1;
        }
        let name = call.signature.map_or("", |signature| signature.name);
        let child = call.outcome.filter(|outcome| !outcome.failed && outcome.value > 0);
        if rules::role(name) == Role::Forking
            && let Some(child) = child.and_then(|outcome| i32::try_from(outcome.value).ok())
        {
            let child = call.pids.iter().find(|note| note.pid == child).map_or(child, |note| note.host);
            // What is told of twice is the task that was told of first.
            let made = self.unsure.remove(&child);
            match made.map(|made| self.found.borrow().lineage.original(made)) {
                Some(made) if made != index => {
                    self.found.borrow_mut().lineage.tasks[made].maker = Some(index)
                }
                _ => drop(self.makers.insert(child, index)),
            }
        }
        self.look(call, index);
    }

    fn rings(&self) -> Rings {
        Rings::Apart
    }

    fn completed(&mut self, _tid: Tid, completion: &Completion) {
        let Some(operation) = &completion.operation else { return };
        let call = &operation.call;
        let index = self.task(call.tid, call.entered);
        self.look(call, index);
    }

    fn unseen(&mut self, _tid: Tid, traffic: &Traffic) {
        self.found.borrow_mut().unseen.add(traffic);
    }

    fn ended(&mut self, tid: Tid, end: End, pending: Option<&Call>, at: Stamp) {
        self.seen(at);
        let Some(index) = self.tasks.remove(&tid) else { return };
        if let Some(call) = pending {
            self.look(call, index);
        }
        let mut found = self.found.borrow_mut();
        let task = &mut found.lineage.tasks[index];
        if let End::Superseded { by } = end {
            // The process goes on under this id.
            drop(found);
            self.tasks.insert(tid, index);
            self.tasks.insert(by, index);
            return;
        }
        task.end = Some(end);
        task.lived_ns.1 = at.mono_ns;
    }

    fn renamed(&mut self, from: Tid, to: Tid) {
        if let Some(index) = self.tasks.remove(&from) {
            self.tasks.entry(to).or_insert(index);
        }
    }
}

/// What is wanted of a call's values.
struct Gather<'a> {
    hash: &'a RandomState,
    found: &'a mut Survey,
    /// The kernel tells addresses.
    tells: bool,
    /// The first string.
    first: Option<Vec<u8>>,
    call: &'a Call,
}

impl Render for Gather<'_> {
    ignored!(
        arg label pause number set named mode address cwd open field item close more becomes comment note word
    );

    fn text(&mut self, text: Text<'_>) {
        self.found.strings.add(self.hash.hash_one(text.bytes));
        if self.first.is_none() {
            self.first = Some(text.bytes.to_vec());
        }
    }
    fn fd(&mut self, fd: i32) {
        for note in self.call.fds.iter().filter(|note| note.fd == fd) {
            self.found.strings.add(self.hash.hash_one(&*note.target));
        }
    }
    fn port(&mut self, port: u16) {
        if self.tells && port >= FIRST_GIVEN_PORT {
            self.found.ports.insert(port);
        }
    }
}
