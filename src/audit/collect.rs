//! What a run did: a sink that keeps, for each program and the programs that led to it, every deed once.
//!
//! A *node* is a program as started by a line of programs; processes that run the same program from the same line
//! share it. What a process does between fork and execve is its parent's program's. Facts that cannot be asked later
//! are asked of /proc while the task is stopped: the file of an execve, directories of relative paths. Live runs
//! only. Everything is bounded; what did not fit is counted.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use syscall_tables::errno;

use crate::decode;
use crate::engine::sink::{Processes, Rings, Sink};
use crate::event::ring::{Operation, Traffic};
use crate::event::{Call, End, Program, Stamp, Started, Tid};
use crate::filter::query::{Context, Facts, Query};
use crate::output::shell;
use crate::output::tally::gather::Gathered;
use crate::output::text::line;
use crate::output::text::render::Spelling;

use super::actions::{Action, Actions};
use super::deed::{Act, Digest, Evidence, Target};
use super::dns::Answers;
use super::peers;
use super::programs::Programs;
use super::resolve::Root;
use super::seen::Seen;

/// Bytes of strings that are captured: a DNS answer is no longer without EDNS, and rarely with it.
pub const CAPTURE_BYTES: usize = 1232;
/// Bytes of strings in the lines of evidence.
const SHOWN_BYTES: usize = 64;
/// Longest line of evidence.
const MOST_LINE: usize = 2000;
/// Most nodes, and how far one may be from the root; beyond, processes belong to the node above.
const MOST_NODES: usize = 20_000;
const MOST_DEPTH: usize = 64;
/// TASK_COMM_LEN without its NUL.
const MOST_COMM: usize = 15;
/// Most deeds, all nodes together.
const MOST_DEEDS: usize = 500_000;

/// Devices that hold nothing of anybody.
const EMPTY_DEVICES: &[&[u8]] =
    &[b"/dev/null", b"/dev/zero", b"/dev/full", b"/dev/random", b"/dev/urandom", b"/dev/tty"];

/// How calls are shown as evidence.
pub(super) const SHOWN: decode::Options =
    decode::Options { string_limit: SHOWN_BYTES, abbreviate: true, raw: false, dereference: true };

/// A node.
#[derive(Debug, Default)]
pub struct Node {
    /// The node whose programs started it.
    pub parent: Option<usize>,
    /// The file that runs: of a script, the script. Empty for what ran before the audit.
    pub program: Vec<u8>,
    /// How many programs are above.
    pub depth: usize,
    /// How many processes ran it.
    pub processes: u64,
    /// What they did.
    pub deeds: HashMap<(Act, Target), Evidence>,
}

/// A file that was executed.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Executed {
    /// What was read of it, each content once.
    pub digests: Vec<Digest>,
    /// The interpreter of a script.
    pub interpreter: Option<Vec<u8>>,
}

/// What a run did.
#[derive(Debug, Default)]
pub struct Story {
    /// Parents before children.
    pub nodes: Vec<Node>,
    /// Executed files by path.
    pub programs: HashMap<Vec<u8>, Executed>,
    /// Deeds that found no room.
    pub dropped: u64,
    /// Operations of io_uring that could not be seen, or rings that could not be read.
    pub unseen: u64,
}

/// Where a story is told; taken when the run is over.
pub type Shared = Arc<Mutex<Story>>;

/// Takes what was told.
pub fn take(shared: &Shared) -> Story {
    std::mem::take(&mut shared.lock().unwrap_or_else(PoisonError::into_inner))
}

/// What a collector looks out for beyond success.
pub trait Watch {
    /// Whether a deed that failed is worth keeping.
    fn tried(&self, act: Act, path: &[u8]) -> bool;
    /// Conditions of rules on calls, with the position of the rule.
    fn conditions(&self) -> &[(usize, Query)];
}

/// A process that runs.
#[derive(Debug, Clone, Copy)]
struct Process {
    pid: i32,
    node: usize,
}

/// The collector.
pub struct Collector {
    story: Shared,
    /// Told at the end, so that the lock is taken once.
    own: Story,
    watch: Box<dyn Watch>,
    tasks: HashMap<Tid, Process>,
    nodes: HashMap<(usize, Vec<u8>), usize>,
    /// The file that a process is about to run, by the path given to execve.
    execs: HashMap<Tid, Vec<u8>>,
    /// O_CREAT opens that run: the file was there before.
    existed: HashMap<Tid, bool>,
    actions: Actions,
    programs: Programs,
    answers: Answers,
    gathered: Gathered,
    spelling: Spelling,
    deeds: usize,
}

/// EPERM, EACCES, EROFS: what was wanted, but not granted. That something is there already, or is not, is ordinary.
const DENIED: [u32; 3] = [1, 13, 30];
/// EALREADY, EINPROGRESS.
const UNDER_WAY: [u32; 2] = [114, 115];
const O_ACCMODE: u64 = 3;
const O_CREAT: u64 = 0o100;
const O_EXCL: u64 = 0o200;
const O_TRUNC: u64 = 0o1000;
const O_DIRECTORY: u64 = 0o200_000;
const O_PATH: u64 = 0o10_000_000;
/// __O_TMPFILE: a file without a name; linkat gives it one.
const TMPFILE: u64 = 0o20_000_000;
/// AT_REMOVEDIR of unlinkat(2).
const AT_REMOVEDIR: u64 = 0x200;
/// AT_FDCWD.
const CWD: i32 = -100;

impl Collector {
    /// A collector of an audit that began at `begun_ns`, in nanoseconds since 1970.
    pub fn new(watch: Box<dyn Watch>, begun_ns: u64) -> (Self, Shared) {
        let story = Shared::default();
        let collector = Self {
            story: Arc::clone(&story),
            own: Story { nodes: vec![Node::default()], ..Story::default() },
            watch,
            tasks: HashMap::new(),
            nodes: HashMap::new(),
            execs: HashMap::new(),
            existed: HashMap::new(),
            actions: Actions::default(),
            programs: Programs::new(begun_ns),
            answers: Answers::default(),
            gathered: Gathered::default(),
            spelling: Spelling::default(),
            deeds: 0,
        };
        (collector, story)
    }

    /// The node of `program` below `parent`. A program that starts itself is told once from the one that did; then it
    /// stays where it is, so that recursion is no depth.
    fn node(&mut self, parent: usize, program: &[u8]) -> usize {
        let above = &self.own.nodes[parent];
        let again = |node: &Node| node.program == program;
        let twice = again(above) && above.parent.is_some_and(|two| again(&self.own.nodes[two]));
        if twice || above.depth >= MOST_DEPTH {
            return parent;
        }
        let depth = above.depth + 1;
        let next = self.own.nodes.len();
        match self.nodes.entry((parent, program.to_vec())) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(_) if next >= MOST_NODES => parent,
            Entry::Vacant(free) => {
                free.insert(next);
                let program = program.to_vec();
                self.own.nodes.push(Node { parent: Some(parent), program, depth, ..Node::default() });
                next
            }
        }
    }

    fn process(&self, tid: Tid) -> Process {
        self.tasks.get(&tid).copied().unwrap_or(Process { pid: tid.0, node: 0 })
    }

    /// Keeps a deed, with the call as its evidence when it is the first of its kind. One that succeeded is kept
    /// rather than one that failed.
    fn keep(&mut self, seen: &Seen<'_>, act: Act, target: Target, at: Stamp) {
        let Process { pid, node } = self.process(seen.call.tid);
        let failed = match seen.outcome {
            // A connection that is being made is no failure.
            Some(outcome) => outcome.errno().filter(|errno| !UNDER_WAY.contains(errno)),
            None if seen.operation.is_some() => None,
            None => Some(0),
        };
        let spelling = &self.spelling;
        let evidence = || {
            let line = match seen.operation {
                Some(operation) => line::operation(operation, spelling, &SHOWN),
                None => line::call(seen.call, spelling, &SHOWN),
            };
            let line = shell::shorten(&String::from_utf8_lossy(&line), MOST_LINE, false);
            Evidence { pid, wall_ns: at.wall_ns, line, times: 1, failed }
        };
        match self.own.nodes[node].deeds.entry((act, target)) {
            Entry::Occupied(mut known) => {
                let times = known.get().times + 1;
                if known.get().failed.is_some() && failed.is_none() {
                    known.insert(evidence());
                }
                known.get_mut().times = times;
            }
            Entry::Vacant(_) if self.deeds >= MOST_DEEDS => self.own.dropped += 1,
            Entry::Vacant(free) => {
                free.insert(evidence());
                self.deeds += 1;
            }
        }
    }

    /// The directory that `dir` stands for.
    fn directory(&self, seen: &Seen<'_>, root: &Root, dir: i32) -> Vec<u8> {
        match seen.call.fd_note(dir, false) {
            Some(note) => note.target.to_vec(),
            None if dir == CWD => root.cwd(),
            None => Vec::new(),
        }
    }

    /// Everything that a call or operation did.
    fn look(&mut self, seen: &Seen<'_>, at: Stamp) {
        let Some(action) = self.actions.of(seen.name) else { return };
        if seen.errno().is_some_and(errno::is_restart) {
            return;
        }
        let mut gathered = std::mem::take(&mut self.gathered);
        match seen.operation {
            Some(operation) => {
                gathered.begin(operation.row().map(|row| &row.signature));
                decode::ring::arguments(operation, &SHOWN, &mut gathered);
            }
            None => {
                gathered.begin(seen.call.signature);
                decode::call(seen.call, &SHOWN, &mut gathered);
            }
        }
        match action {
            Action::Open | Action::Creat => self.open(seen, action, &gathered, at),
            Action::Connect | Action::Bind => self.socket(seen, action, &gathered, at),
            Action::Receive | Action::Execute | Action::Ring => {}
            _ if seen.errno().is_none() => self.change(seen, action, &gathered, at),
            _ if seen.errno().is_some_and(|errno| DENIED.contains(&errno)) => {
                self.tried(seen, action, &gathered, at);
            }
            _ => {}
        }
        self.gathered = gathered;
    }

    fn open(&mut self, seen: &Seen<'_>, action: Action, gathered: &Gathered, at: Stamp) {
        let flags = if action == Action::Creat { O_CREAT | O_TRUNC | 1 } else { seen.open_flags() };
        let existed = self.existed.remove(&seen.call.tid);
        // Neither opens what can be read or written by a name.
        if flags & (O_PATH | TMPFILE) != 0 {
            return;
        }
        let (reads, mut writes) = match flags & O_ACCMODE {
            0 => (true, flags & O_TRUNC != 0),
            1 => (false, true),
            _ => (true, true),
        };
        let creates = flags & O_CREAT != 0 && (flags & O_EXCL != 0 || existed == Some(false));
        writes |= creates;
        let acts = [(reads && !creates, Act::Read), (writes && !creates, Act::Write), (creates, Act::Create)];
        let acts = acts.into_iter().filter_map(|(does, act)| does.then_some(act));
        let path = self.opened(seen, gathered).filter(|path| !EMPTY_DEVICES.contains(&&path[..]));
        let Some(mut path) = path else { return };
        if flags & O_DIRECTORY != 0 {
            path.push(b'/');
        }
        for act in acts {
            if seen.errno().is_none() || self.watch.tried(act, &path) {
                self.keep(seen, act, Target::Path(path.clone()), at);
            }
        }
    }

    /// The path that was opened: as the descriptor has it, else as the arguments say.
    fn opened(&self, seen: &Seen<'_>, gathered: &Gathered) -> Option<Vec<u8>> {
        if let Some(note) = seen.returned() {
            return note.target.starts_with(b"/").then(|| note.target.to_vec());
        }
        let (path, dir) = gathered.paths().next()?;
        let root = Root::of(seen.call.tid.0, self.process(seen.call.tid).pid);
        let dir = self.directory(seen, &root, dir);
        // Most of what fails is a search along a path of directories, for which letters have to do.
        match seen.errno() {
            Some(_) => root.lexical(&dir, path),
            None => root.real(&dir, path, true),
        }
    }

    /// A change of names that succeeded.
    fn change(&mut self, seen: &Seen<'_>, action: Action, gathered: &Gathered, at: Stamp) {
        let root = Root::of(seen.call.tid.0, self.process(seen.call.tid).pid);
        let real =
            |(path, dir): (&[u8], i32), last: bool| root.real(&self.directory(seen, &root, dir), path, last);
        let first = gathered.paths().next();
        let last = gathered.paths().last();
        let directory = action == Action::MakeDir
            || action == Action::RemoveDir
            || action == Action::Remove && seen.argument("flags").is_some_and(|f| f & AT_REMOVEDIR != 0);
        let whole = |path: Vec<u8>| if directory { [&path[..], b"/"].concat() } else { path };
        let named = |path| real(path, false).map(whole).map(Target::Path);
        let (one, two) = match action {
            Action::MakeDir | Action::Make => (last.and_then(named).map(|to| (Act::Create, to)), None),
            Action::Remove | Action::RemoveDir => (first.and_then(named).map(|of| (Act::Delete, of)), None),
            Action::Truncate => {
                let path = first.and_then(|path| real(path, true));
                (path.map(|path| (Act::Write, Target::Path(path))), None)
            }
            // What has another name can be read by it: that is how the file gets out.
            Action::Link => (
                last.and_then(named).map(|to| (Act::Create, to)),
                first.and_then(named).map(|from| (Act::Read, from)),
            ),
            Action::Rename => {
                let from = first.and_then(|path| real(path, false));
                let to = last.and_then(|path| real(path, false));
                let both = from.zip(to).map(|(from, to)| Target::Move(from, to));
                (both.map(|both| (Act::Rename, both)), None)
            }
            _ => (None, None),
        };
        for (act, target) in one.into_iter().chain(two) {
            self.keep(seen, act, target, at);
        }
    }

    /// A change that was denied: kept where somebody looks out for it.
    fn tried(&mut self, seen: &Seen<'_>, action: Action, gathered: &Gathered, at: Stamp) {
        let act = match action {
            Action::Remove | Action::RemoveDir => Act::Delete,
            Action::Truncate => Act::Write,
            _ => Act::Create,
        };
        let Some((path, dir)) = gathered.paths().last() else { return };
        let root = Root::of(seen.call.tid.0, self.process(seen.call.tid).pid);
        let path = root.lexical(&self.directory(seen, &root, dir), path);
        if let Some(path) = path.filter(|path| self.watch.tried(act, path)) {
            self.keep(seen, act, Target::Path(path), at);
        }
    }

    /// A peer counts whether or not it answered: who asks has told it something.
    fn socket(&mut self, seen: &Seen<'_>, action: Action, gathered: &Gathered, at: Stamp) {
        let fd = seen.args[0] as i32;
        let peer = peers::peer(seen.call, fd, gathered.address(), &self.answers, |path| {
            let root = Root::of(seen.call.tid.0, self.process(seen.call.tid).pid);
            root.real(&root.cwd(), path, true)
        });
        let act = if action == Action::Bind { Act::Bind } else { Act::Connect };
        if let Some(peer) = peer {
            self.keep(seen, act, Target::Peer(peer), at);
        }
    }

    /// What went over the rings of io_uring. A submission is a deed, unless it was seen to fail: what completes
    /// when nobody looks has been done all the same.
    fn ring(&mut self, traffic: &Traffic, at: Stamp) {
        self.own.unseen += u64::from(traffic.unseen_submissions) + u64::from(traffic.trouble.is_some());
        for operation in traffic.completions().filter_map(|completion| completion.operation.as_deref()) {
            self.operation(operation, at);
            self.conditions(&operation.call);
        }
        for operation in &traffic.submitted {
            let same = |other: &Operation| {
                other.user_data() == operation.user_data() && other.opcode() == operation.opcode()
            };
            let ended = traffic.completed.iter().filter_map(|completion| completion.operation.as_deref());
            if !ended.into_iter().any(same) {
                self.operation(operation, at);
            }
        }
    }

    fn operation(&mut self, operation: &Operation, at: Stamp) {
        let Some(seen) = Seen::of_operation(operation) else { return };
        self.look(&seen, at);
    }

    fn conditions(&mut self, call: &Call) {
        let conditions = self.watch.conditions();
        if conditions.is_empty() {
            return;
        }
        let known = Known { tasks: &self.tasks, nodes: &self.own.nodes };
        let holds = |(rule, query): &(usize, Query)| query.matches(call, &known).then_some(*rule);
        let held: Vec<usize> = conditions.iter().filter_map(holds).collect();
        for rule in held {
            let seen = Seen::of(call);
            self.keep(&seen, Act::Call, Target::Rule(rule), call.entered);
        }
    }

    /// Hashes what a process runs now, and says which file that is: of a script, the script.
    fn execute(&mut self, program: &Program) -> Vec<u8> {
        let pid = program.process.0;
        let exe = program.exe.strip_suffix(b" (deleted)").unwrap_or(&program.exe).to_vec();
        let own = self.programs.digest(&PathBuf::from(format!("/proc/{pid}/exe")));
        self.add_program(&exe, own.map(|(digest, _)| digest), None);
        let Some(asked) = self.execs.remove(&program.process) else { return exe };
        let root = Root::of(pid, pid);
        let path = root.real(&program.cwd, &asked, true).filter(|path| *path != exe);
        let Some((path, reach)) = path.zip(root.reach(&program.cwd, &asked)) else { return exe };
        let reach = PathBuf::from(<std::ffi::OsString as std::os::unix::ffi::OsStringExt>::from_vec(reach));
        match self.programs.digest(&reach) {
            Some((digest, [b'#', b'!'])) => {
                self.add_program(&path, Some(digest), Some(exe));
                path
            }
            _ => exe,
        }
    }

    fn add_program(&mut self, path: &[u8], digest: Option<Digest>, interpreter: Option<Vec<u8>>) {
        let known = self.own.programs.entry(path.to_vec()).or_default();
        let digest = digest.unwrap_or_default();
        if !known.digests.contains(&digest) {
            known.digests.push(digest);
        }
        if interpreter.is_some() {
            known.interpreter = interpreter;
        }
    }
}

/// What `where` can ask of a process.
struct Known<'a> {
    tasks: &'a HashMap<Tid, Process>,
    nodes: &'a [Node],
}

impl Context for Known<'_> {
    fn process(&self, tid: Tid) -> Option<Facts<'_>> {
        let process = self.tasks.get(&tid)?;
        let node = self.nodes.get(process.node)?;
        let comm = shell::base(&node.program);
        let comm = &comm[..comm.len().min(MOST_COMM)];
        let depth = u32::try_from(node.depth.saturating_sub(1)).unwrap_or(u32::MAX);
        Some(Facts { pid: process.pid, comm, exe: &node.program, depth })
    }
}

impl Sink for Collector {
    fn processes(&self) -> Processes {
        Processes::Programs
    }

    fn rings(&self) -> Rings {
        Rings::Within
    }

    fn started(&mut self, started: &Started) {
        let known = |pid: Tid| {
            let by_leader = self.tasks.get(&pid);
            by_leader.or_else(|| self.tasks.values().find(|process| process.pid == pid.0))
        };
        let thread = started.tid != started.process;
        let above = known(if thread { started.process } else { started.parent });
        let node = above.map_or(0, |process| process.node);
        self.tasks.insert(started.tid, Process { pid: started.process.0, node });
    }

    fn executed(&mut self, program: &Program) {
        let file = self.execute(program);
        // What is executed is below what ran, whether that was the parent's program or one of its own.
        let node = self.node(self.process(program.process).node, &file);
        self.own.nodes[node].processes += 1;
        self.tasks.insert(program.process, Process { pid: program.process.0, node });
    }

    fn entered(&mut self, call: &Call) {
        let seen = Seen::of(call);
        match self.actions.of(seen.name) {
            Some(Action::Execute) => {
                let mut gathered = std::mem::take(&mut self.gathered);
                gathered.begin(call.signature);
                decode::entry(call, &SHOWN, &mut gathered);
                if let Some((path, dir)) = gathered.paths().next() {
                    let root = Root::of(call.tid.0, self.process(call.tid).pid);
                    let dir = self.directory(&seen, &root, dir);
                    // With AT_EMPTY_PATH the descriptor is the file, which is the directory here.
                    let full = if path.is_empty() { Some(dir) } else { root.lexical(&dir, path) };
                    full.map(|full| self.execs.insert(call.tid, full));
                }
                self.gathered = gathered;
            }
            Some(Action::Open | Action::Creat) => {
                let creates = seen.name == "creat" || seen.open_flags() & (O_CREAT | O_EXCL) == O_CREAT;
                if !creates {
                    return;
                }
                let mut gathered = std::mem::take(&mut self.gathered);
                gathered.begin(call.signature);
                decode::entry(call, &SHOWN, &mut gathered);
                if let Some((path, dir)) = gathered.paths().next() {
                    let root = Root::of(call.tid.0, self.process(call.tid).pid);
                    let existed = root.exists(&self.directory(&seen, &root, dir), path);
                    self.existed.insert(call.tid, existed);
                }
                self.gathered = gathered;
            }
            _ => {}
        }
    }

    fn left(&mut self, call: &Call) {
        let seen = Seen::of(call);
        match self.actions.of(seen.name) {
            Some(Action::Receive) => {
                if let Some(datagram) = peers::datagram(call, CAPTURE_BYTES) {
                    self.answers.learn(&datagram);
                }
            }
            Some(Action::Ring) => self.own.unseen += u64::from(seen.errno().is_none() && seen.polls()),
            Some(Action::Execute) => {
                self.execs.remove(&call.tid);
                if seen.errno().is_none() {
                    let node = self.process(call.tid).node;
                    let file = self.own.nodes[node].program.clone();
                    self.keep(&seen, Act::Execute, Target::Path(file), call.entered);
                }
            }
            Some(_) => self.look(&seen, call.entered),
            None => {}
        }
        if let Some(traffic) = &call.ring {
            self.ring(traffic, call.left);
        }
        self.conditions(call);
    }

    fn ended(&mut self, tid: Tid, end: End, pending: Option<&Call>, _at: Stamp) {
        if let Some(call) = pending {
            let seen = Seen::of(call);
            if self.actions.of(seen.name) == Some(Action::Connect) {
                self.look(&seen, call.entered);
            }
            if let Some(traffic) = &call.ring {
                self.ring(traffic, call.entered);
            }
        }
        self.execs.remove(&tid);
        self.existed.remove(&tid);
        if !matches!(end, End::Superseded { .. }) {
            self.tasks.remove(&tid);
        }
    }

    fn renamed(&mut self, from: Tid, to: Tid) {
        if let Some(process) = self.tasks.remove(&from) {
            self.tasks.entry(to).or_insert(process);
        }
        if let Some(path) = self.execs.remove(&from) {
            self.execs.insert(to, path);
        }
    }

    fn finish(&mut self) {
        let own = std::mem::take(&mut self.own);
        *self.story.lock().unwrap_or_else(PoisonError::into_inner) = own;
    }
}
