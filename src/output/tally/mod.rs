//! What happened, by process, file, peer and failure: the model below the tree and the summary tables.
//!
//! It is fed with events, live or replayed, and draws nothing. What descriptors are open on it takes from the
//! notes of the calls, so that these have to be asked for. Everything in it is bounded.

mod action;
mod address;
mod bounded;
pub mod failures;
pub mod files;
pub mod gather;
pub mod lineage;
pub mod sockets;

pub use address::Address;
pub use bounded::Bounded;

use syscall_tables::{errno, uring};

use crate::decode;
use crate::event::ring::{Completion, Traffic, Unseen};
use crate::event::{Call, End, Program, Signal, Stamp, Started, Tid};
use action::{Action, Actions};
use failures::Failures;
use files::Files;
use gather::Gathered;
use lineage::{Image, Lineage};
use sockets::Sockets;

const EAGAIN: u32 = 11;
const EISCONN: u32 = 106;
const EALREADY: u32 = 114;
const EINPROGRESS: u32 = 115;
/// Kernel clock ticks of `siginfo_t` in nanoseconds: USER_HZ is 100 on every ABI that is traced.
const TICK_NS: u64 = 10_000_000;

/// The sums.
#[derive(Debug)]
pub struct Tally {
    lineage: Lineage,
    files: Files,
    sockets: Sockets,
    failures: Failures,
    actions: Actions,
    gathered: Gathered,
    options: decode::Options,
    /// Path and first argument of the execve that a process is in.
    execs: std::collections::HashMap<Tid, (Vec<u8>, Vec<u8>)>,
    unseen: Unseen,
    /// First and last moment, in nanoseconds of CLOCK_MONOTONIC.
    span_ns: Option<(u64, u64)>,
}

/// A call that returned, with what was found out about it.
struct Done<'a> {
    call: &'a Call,
    name: &'static str,
    /// The errno, unless the kernel restarts the call by itself.
    errno: Option<u32>,
    value: u64,
    time_ns: u64,
}

impl Done<'_> {
    fn fd(&self, argument: usize) -> i32 {
        self.call.regs.args[argument] as i32
    }

    /// What a descriptor was open on when the call was made.
    fn target(&self, fd: i32) -> Option<&[u8]> {
        self.call.fd_note(fd, false).map(|note| &note.target[..])
    }

    /// What the descriptor that the call returned is open on.
    fn returned(&self) -> Option<&[u8]> {
        self.call.fd_note(self.value as i32, true).map(|note| &note.target[..])
    }

    fn inode(&self, argument: usize) -> Option<u64> {
        self.target(self.fd(argument)).and_then(sockets::inode)
    }

    /// Bytes that the call moved.
    fn bytes(&self) -> u64 {
        if self.errno.is_none() && !self.call.outcome.is_some_and(|o| o.failed) { self.value } else { 0 }
    }
}

impl Tally {
    /// Empty sums; calls are decoded as `options` say, which must not ask for more than was captured.
    pub fn new(options: decode::Options) -> Self {
        Self {
            lineage: Lineage::default(),
            files: files::new(),
            sockets: Sockets::new(),
            failures: Failures::new(),
            actions: Actions::new(),
            gathered: Gathered::default(),
            options,
            execs: std::collections::HashMap::new(),
            unseen: Unseen::default(),
            span_ns: None,
        }
    }

    /// Who started whom.
    pub fn lineage(&self) -> &Lineage {
        &self.lineage
    }

    /// What was done to each path.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// Who was talked to.
    pub fn peers(&self) -> &Bounded<sockets::Peer, sockets::Traffic> {
        self.sockets.peers()
    }

    /// What failed.
    pub fn failures(&self) -> &Failures {
        &self.failures
    }

    /// The first moment, in nanoseconds of CLOCK_MONOTONIC.
    pub fn begin_ns(&self) -> u64 {
        self.span_ns.map_or(0, |(first, _)| first)
    }

    /// From the first event to the last.
    pub fn length_ns(&self) -> u64 {
        self.span_ns.map_or(0, |(first, last)| last.saturating_sub(first))
    }

    fn at(&mut self, stamp: Stamp) -> u64 {
        let now = stamp.mono_ns;
        let (first, last) = self.span_ns.get_or_insert((now, now));
        *first = (*first).min(now);
        *last = (*last).max(now);
        now
    }

    /// A task is traced from now on.
    pub fn started(&mut self, started: &Started) {
        let at_ns = self.at(started.at);
        self.lineage.started(started.tid, started.process, started.parent, started.attached, at_ns);
    }

    /// A process runs another program.
    pub fn executed(&mut self, program: &Program) {
        let at_ns = self.at(program.at);
        let asked = self.execs.remove(&program.process);
        self.lineage.executed(program.process, image(program, asked), at_ns);
    }

    /// A call was entered.
    pub fn entered(&mut self, call: &Call) {
        self.at(call.entered);
        let Some(signature) = call.signature.filter(|s| matches!(s.name, "execve" | "execveat")) else {
            return;
        };
        self.gathered.begin(Some(signature));
        decode::entry(call, &self.options, &mut self.gathered);
        let path = self.gathered.paths().next().map(|(path, _)| path.to_vec()).unwrap_or_default();
        let first = self.gathered.first_string().unwrap_or_default().to_vec();
        self.execs.insert(call.tid, (path, first));
    }

    /// Thread `from` goes by the id `to` of its process from now on.
    pub fn renamed(&mut self, from: Tid, to: Tid) {
        if let Some(asked) = self.execs.remove(&from) {
            self.execs.insert(to, asked);
        }
        self.lineage.renamed(from, to);
    }

    /// A task ended.
    pub fn ended(&mut self, tid: Tid, end: End, at: Stamp) {
        let at_ns = self.at(at);
        self.execs.remove(&tid);
        self.lineage.ended(tid, end, at_ns);
    }

    /// A signal reached a task. SIGCHLD tells how much processor time a child had.
    pub fn signal(&mut self, signal: &Signal) {
        self.at(signal.at);
        let Some(info) = signal.info.as_deref().filter(|_| signal.signo == libc::SIGCHLD) else { return };
        let word = |at: usize| u64::from_le_bytes(std::array::from_fn(|i| info[at + i]));
        let half = |at: usize| i32::from_le_bytes(std::array::from_fn(|i| info[at + i]));
        // CLD_EXITED, CLD_KILLED, CLD_DUMPED: the child is gone. Offsets are those of the host's siginfo_t.
        if (1..=3).contains(&half(8)) {
            let pid = signal.pids.iter().find(|note| note.pid == half(16)).map_or(half(16), |note| note.host);
            self.lineage.processor_time(pid, word(32).saturating_add(word(40)).saturating_mul(TICK_NS));
        }
    }

    /// No more events.
    pub fn finish(&mut self) {
        let last = self.span_ns.map_or(0, |(_, last)| last);
        self.lineage.finish(last);
    }

    /// A call returned.
    pub fn left(&mut self, call: &Call) {
        self.count(call);
    }

    /// An operation of io_uring was seen by task `tid` to be complete: what it did counts as what a call did, itself as none.
    pub fn completed(&mut self, tid: Tid, completion: &Completion) {
        if let Some(operation) = &completion.operation {
            return self.count(&operation.call);
        }
        if let Some(node) = self.lineage.of_task(tid) {
            node.counts.operations += 1;
            node.counts.failed_operations += u64::from(completion.result < 0);
        }
    }

    fn count(&mut self, call: &Call) {
        self.at(call.left);
        let Some(outcome) = call.outcome else { return };
        let errno = outcome.errno().filter(|errno| !errno::is_restart(*errno));
        let name = call.known_name().unwrap_or("(unknown)");
        let time_ns = call.left.mono_ns.saturating_sub(call.entered.mono_ns);
        let operation = call.entry.is_some();
        let shown = if operation { uring::title(name) } else { name };
        let done = Done { call, name: shown, errno, value: outcome.value.max(0) as u64, time_ns };
        let mut gathered = std::mem::take(&mut self.gathered);
        gathered.begin(call.signature);
        decode::call(call, &self.options, &mut gathered);
        let action = if operation { self.actions.of_operation(name) } else { self.actions.of(name) };
        if let Some(node) = self.lineage.of_task(call.tid) {
            let counts = &mut node.counts;
            let (calls, errors) = match operation {
                true => (&mut counts.operations, &mut counts.failed_operations),
                false => (&mut counts.calls, &mut counts.errors),
            };
            *calls += 1;
            *errors += u64::from(errno.is_some());
            // A task is not inside its operations.
            let time_ns = if operation { 0 } else { time_ns };
            counts.in_calls_ns = counts.in_calls_ns.saturating_add(time_ns);
        }
        if matches!(action, Action::Exec) {
            self.execs.remove(&call.tid);
        }
        self.count_paths(&done, action, &gathered);
        self.count_sockets(&done, action, &gathered);
        self.count_bytes(&done, action, &gathered);
        if let Some(errno) = errno {
            self.count_failure(&done, errno, &gathered);
        }
        self.gathered = gathered;
    }

    /// Something that went over a ring of io_uring could not be seen.
    pub fn unseen(&mut self, tid: Tid, traffic: &Traffic) {
        if self.unseen.add(traffic)
            && let Some(node) = self.lineage.of_task(tid)
        {
            let count = &mut node.counts.unseen_operations;
            *count = count.saturating_add(traffic.unseen_submissions.into());
        }
    }

    /// What went over rings of io_uring and could not be seen.
    pub fn blind(&self) -> Unseen {
        self.unseen
    }

    /// The directory that `dir` stands for in a call.
    fn directory<'a>(&'a mut self, done: &'a Done<'_>, dir: i32) -> Option<&'a [u8]> {
        match done.target(dir) {
            Some(target) => Some(target),
            None if dir == -100 => self.lineage.of_task(done.call.tid).map(|node| &node.cwd[..]),
            None => None,
        }
    }

    fn count_paths(&mut self, done: &Done<'_>, action: Action, gathered: &Gathered) {
        let failed = done.errno.is_some();
        // Of a call that opened something, the descriptor knows the real path.
        let opened = matches!(action, Action::Open).then(|| done.returned()).flatten();
        if let Some(target) = opened.filter(|_| !failed).and_then(files::name) {
            let row = self.files.entry(target);
            row.calls += 1;
            row.opens += 1;
            row.time_ns = row.time_ns.saturating_add(done.time_ns);
            if let Some(node) = self.lineage.of_task(done.call.tid) {
                node.counts.opened += 1;
            }
            return;
        }
        let mut any = false;
        for (path, dir) in gathered.paths() {
            let full = files::resolve(path, self.directory(done, dir));
            let row = self.files.entry(&full[..]);
            row.calls += 1;
            row.errors += u64::from(failed);
            row.time_ns = row.time_ns.saturating_add(done.time_ns);
            row.opens += u64::from(matches!(action, Action::Open) && !failed);
            any = true;
            if matches!(action, Action::ChangeDir)
                && !failed
                && let Some(node) = self.lineage.of_task(done.call.tid)
            {
                node.cwd = full;
            }
        }
        if !any {
            self.count_descriptor(done, action);
        }
    }

    /// A call on a descriptor, without a path.
    fn count_descriptor(&mut self, done: &Done<'_>, action: Action) {
        let is_fd = |shape| matches!(shape, syscall_tables::model::Shape::Fd);
        let first = done.call.signature.and_then(|s| s.args.first()).is_some_and(|arg| is_fd(arg.kind.shape));
        let Some(target) = done.target(done.fd(0)).filter(|_| first) else { return };
        if matches!(action, Action::ChangeDirFd)
            && done.errno.is_none()
            && let Some(node) = self.lineage.of_task(done.call.tid)
        {
            node.cwd = target.to_vec();
        }
        if let Some(name) = files::name(target) {
            let row = self.files.entry(name);
            row.calls += 1;
            row.errors += u64::from(done.errno.is_some());
            row.time_ns = row.time_ns.saturating_add(done.time_ns);
        }
    }

    fn count_sockets(&mut self, done: &Done<'_>, action: Action, gathered: &Gathered) {
        let args = &done.call.regs.args;
        let address = || gathered.address().and_then(Address::parse);
        let succeeded = done.call.outcome.is_some_and(|o| !o.failed);
        let returned = || done.returned().and_then(sockets::inode);
        match action {
            Action::Socket if succeeded => {
                if let Some(inode) = returned() {
                    self.sockets.made(inode, args[0] & 0xffff_ffff, args[1]);
                }
            }
            Action::SocketPair if succeeded => {
                for inode in done.call.fds.iter().filter_map(|note| sockets::inode(&note.target)) {
                    self.sockets.paired(inode, args[0] & 0xffff_ffff, args[1]);
                }
            }
            Action::Bind | Action::OwnName if succeeded => {
                if let Some((inode, address)) = done.inode(0).zip(address()) {
                    self.sockets.named(inode, address);
                }
            }
            Action::PeerName if succeeded => {
                if let Some((inode, address)) = done.inode(0).zip(address()) {
                    self.sockets.peer_named(inode, address);
                }
            }
            Action::Connect => self.connect(done, address()),
            Action::Accept if succeeded => {
                let Some(inode) = returned() else { return };
                self.sockets.accepted(done.inode(0), inode, address());
                self.connections(done.call.tid);
            }
            // SOL_SOCKET, SO_ERROR: how a connect that was not waited for went.
            Action::Option if succeeded && args[1] & 0xffff_ffff == 1 && args[2] & 0xffff_ffff == 4 => {
                if let Some(inode) = done.inode(0).filter(|_| gathered.option_value().is_some_and(|e| e != 0))
                {
                    self.sockets.failed(inode, None);
                }
            }
            _ => {}
        }
    }

    fn connect(&mut self, done: &Done<'_>, address: Option<Address>) {
        let Some((inode, address)) = done.inode(0).zip(address) else { return };
        // AF_UNSPEC dissolves a connection.
        if address == Address::Family(0) || done.call.outcome.is_none_or(|o| o.failed) && done.errno.is_none()
        {
            return;
        }
        let pending = matches!(done.errno, None | Some(EINPROGRESS | EALREADY | EISCONN));
        self.sockets.connected(inode, address, !pending);
        if matches!(done.errno, None | Some(EINPROGRESS)) {
            self.connections(done.call.tid);
        }
    }

    fn connections(&mut self, tid: Tid) {
        if let Some(node) = self.lineage.of_task(tid) {
            node.counts.connections += 1;
        }
    }

    fn count_bytes(&mut self, done: &Done<'_>, action: Action, gathered: &Gathered) {
        let (from, to, bytes) = match action {
            Action::Read(at) => (Some(at), None, done.bytes()),
            Action::Write(at) => (None, Some(at), done.bytes()),
            Action::Move { from, to } => (Some(from), Some(to), done.bytes()),
            Action::ReadMessages(at) => (Some(at), None, gathered.message_bytes(done.bytes() as usize)),
            Action::WriteMessages(at) => (None, Some(at), gathered.message_bytes(done.bytes() as usize)),
            _ => return,
        };
        for (at, incoming) in
            [(from, true), (to, false)].into_iter().filter_map(|(at, way)| at.map(|at| (at, way)))
        {
            self.moved(done, done.fd(at), incoming, bytes, gathered);
        }
    }

    /// `bytes` came from (`incoming`) or went to a descriptor.
    fn moved(&mut self, done: &Done<'_>, fd: i32, incoming: bool, bytes: u64, gathered: &Gathered) {
        if let Some(node) = self.lineage.of_task(done.call.tid) {
            let sum = if incoming { &mut node.counts.read_bytes } else { &mut node.counts.written_bytes };
            *sum = sum.saturating_add(bytes);
        }
        let Some(target) = done.target(fd) else { return };
        if let Some(name) = files::name(target) {
            let row = self.files.entry(name);
            let (calls, sum) = match incoming {
                true => (&mut row.reads, &mut row.read_bytes),
                false => (&mut row.writes, &mut row.written_bytes),
            };
            *calls += 1;
            *sum = sum.saturating_add(bytes);
            return;
        }
        let Some(inode) = sockets::inode(target) else { return };
        let address = gathered.address().and_then(Address::parse);
        match done.errno {
            None => self.sockets.moved(inode, address, incoming, bytes),
            Some(EAGAIN) => {}
            Some(_) => self.sockets.failed(inode, address),
        }
    }

    fn count_failure(&mut self, done: &Done<'_>, errno: u32, gathered: &Gathered) {
        let path = gathered.paths().next().map(|(path, dir)| (path.to_vec(), dir));
        let about = match (path, gathered.address().and_then(Address::parse)) {
            (Some((path, dir)), _) => failures::About::Path(files::resolve(&path, self.directory(done, dir))),
            (None, Some(address)) => failures::About::Peer(address),
            (None, None) => match done.call.fd_note(done.fd(0), false) {
                Some(note) => {
                    failures::About::Path(files::name(&note.target).unwrap_or(b"(sockets)").to_vec())
                }
                None => failures::About::Nothing,
            },
        };
        self.failures.count(done.name, errno, about, done.time_ns);
    }
}

/// What a process runs: the command line as it was given, and the interpreter where a script was.
fn image(program: &Program, asked: Option<(Vec<u8>, Vec<u8>)>) -> Image {
    let (path, first) = asked.unwrap_or_default();
    let argv = &program.argv;
    // The kernel puts the interpreter, its argument and the path before the arguments of a script.
    let script = argv.iter().skip(1).position(|word| *word == path).map(|at| at + 1);
    let script = script.filter(|_| !path.is_empty() && argv.first() != Some(&first));
    let (interpreter, rest) = argv.split_at(script.unwrap_or(0));
    let unnamed = path.starts_with(b"/proc/self/") || argv.is_empty();
    Image {
        path: if unnamed { program.exe.clone() } else { path },
        argv: rest.to_vec(),
        cut: false,
        interpreter: interpreter.to_vec(),
        cwd: program.cwd.clone(),
    }
}
