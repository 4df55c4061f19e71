//! A run as a timeline: a track for each task; on it a slice for each program that it runs, in it one for each call;
//! instants for signals, execs and exits; flows from who makes or wakes a task to it. Operations of io_uring, which
//! no task is inside, have tracks beside those of their process.
//!
//! It knows what happened, and a [`Notation`] how that is written. Slices are told when they are over, each with
//! its beginning and its end, and those of a track never overlap but lie within each other.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use syscall_tables::{errno, signal};

use super::Setup;
use super::births::Births;
use super::lanes::Lanes;
use super::notation::{Fact, Facts, Flow, Instant, Notation, Role, Slice, Track};
use super::out::Out;
use super::roster::{Arrival, Process, Roster};
use super::wakes::{Link, Wakes};
use crate::engine::sink::{Processes, Rings, Sink};
use crate::event::ring::{Completion, Traffic};
use crate::event::stack::Stack;
use crate::event::{Call, End, Program, Signal, Stamp, Started, Tid};
use crate::output::shell;
use crate::output::text::pieces::{self, Pieces};
use crate::output::text::rings::{self, Look};
use crate::output::text::stack as spelled;

/// Columns of a command line that is a name.
const NAME_COLUMNS: usize = 100;
/// PR_SET_NAME, and TASK_COMM_LEN.
const PR_SET_NAME: u64 = 15;
const COMM_BYTES: usize = 16;

/// What a task runs.
#[derive(Debug, Default)]
struct Runs {
    name: String,
    command: String,
    exe: String,
    cwd: String,
}

impl Runs {
    fn new(process: &Process) -> Self {
        match &process.program {
            Some(program) => Self { name: process.name(), ..Self::of(program) },
            None => Self { name: process.name(), ..Self::default() },
        }
    }

    fn of(program: &Program) -> Self {
        let first = program.argv.first().map_or(&program.exe[..], Vec::as_slice);
        Self {
            name: shell::shown(shell::base(first)),
            command: shell::command(&program.argv, b""),
            exe: shell::shown(&program.exe),
            cwd: shell::shown(&program.cwd),
        }
    }

    fn facts(&self) -> Vec<(&'static str, Fact<'_>)> {
        let rows = [("command", &self.command), ("exe", &self.exe), ("cwd", &self.cwd)];
        let told = rows.into_iter().filter(|(_, text)| !text.is_empty());
        told.map(|(name, text)| (name, Fact::Text(text.into()))).collect()
    }
}

/// A call that runs.
#[derive(Debug)]
struct Open {
    name: Cow<'static, str>,
    from_ns: u64,
}

#[derive(Debug)]
struct Task {
    track: Track,
    runs: Rc<Runs>,
    /// What it runs as soon as its execve is over.
    next: Option<Rc<Runs>>,
    /// Since when.
    from_ns: u64,
    /// No call can begin before: the call before has to be over, and a slice begins after the one that it is in.
    floor_ns: u64,
    /// The flow that leads through its programs.
    flow: Option<u64>,
    open: Option<Open>,
}

impl Task {
    /// A task that runs `runs` since `from_ns`; `flow` leads to it.
    fn new(track: Track, runs: Rc<Runs>, from_ns: u64, flow: Option<u64>) -> Self {
        let floor_ns = from_ns.saturating_add(1);
        Self { track, runs, next: None, from_ns, floor_ns, flow, open: None }
    }
}

/// The sink of timelines.
pub(super) struct Timeline<N> {
    notation: N,
    out: Out,
    setup: Setup,
    roster: Roster,
    tasks: HashMap<Tid, Task>,
    births: Births,
    wakes: Wakes,
    lanes: Lanes,
    pieces: Pieces,
    flows: u64,
    last: Option<Stamp>,
}

impl<N: Notation> Timeline<N> {
    /// A timeline written by `notation`.
    pub fn new(notation: N, setup: Setup, out: Out) -> Self {
        Self {
            notation,
            out,
            setup,
            roster: Roster::default(),
            tasks: HashMap::new(),
            births: Births::default(),
            wakes: Wakes::default(),
            lanes: Lanes::default(),
            pieces: Pieces::default(),
            flows: 0,
            last: None,
        }
    }

    /// How it is written.
    pub fn notation(&mut self) -> &mut N {
        &mut self.notation
    }

    /// Something happened at `at`.
    fn at(&mut self, at: Stamp) {
        match &mut self.last {
            None => {
                self.notation.begin(&mut self.out.buffer, &self.setup, at);
                self.last = Some(at);
            }
            Some(last) if at.mono_ns > last.mono_ns => *last = at,
            Some(_) => {}
        }
    }

    fn last_ns(&self) -> u64 {
        self.last.map_or(0, |last| last.mono_ns)
    }

    /// The task `tid`, which is made when it was never announced.
    fn task(&mut self, tid: Tid, at_ns: u64) -> &mut Task {
        if !self.tasks.contains_key(&tid) {
            self.add(tid, at_ns, None, Arrival::Process);
        }
        let process = self.roster.of(tid).serial;
        let track = Track { process, pid: tid.0, tid: tid.0 };
        self.tasks.entry(tid).or_insert_with(|| Task::new(track, Rc::default(), at_ns, None))
    }

    fn add(&mut self, tid: Tid, at_ns: u64, flow: Option<u64>, arrival: Arrival) {
        let process = self.roster.of(tid);
        let track = Track { process: process.serial, pid: process.pid, tid: tid.0 };
        let runs = Rc::new(Runs::new(process));
        let comm = shell::shown(&process.comm);
        if arrival == Arrival::Process {
            self.notation.process(&mut self.out.buffer, track, at_ns, None);
        }
        self.notation.thread(
            &mut self.out.buffer,
            track,
            at_ns,
            if track.tid == track.pid { "" } else { &comm },
        );
        self.tasks.insert(tid, Task::new(track, runs, at_ns, flow));
    }

    /// Tells the slice of the program that a task runs, up to `to_ns`; it `goes_on` with another one then.
    fn program(&mut self, tid: Tid, to_ns: u64, goes_on: bool) {
        let Some(task) = self.tasks.get_mut(&tid) else { return };
        let to_ns = to_ns.max(task.from_ns).max(task.floor_ns);
        let role = match (task.flow.is_some(), goes_on) {
            (true, true) => Some(Role::Step),
            (true, false) => Some(Role::Target),
            (false, true) => Some(Role::Source),
            (false, false) => None,
        };
        if task.flow.is_none() && goes_on {
            self.flows += 1;
            task.flow = Some(self.flows);
        }
        let flows: Vec<Flow> =
            role.zip(task.flow).map(|(role, id)| Flow { id, name: "start", role }).into_iter().collect();
        let slice = Slice {
            track: task.track,
            from_ns: task.from_ns,
            to_ns,
            name: &task.runs.name,
            category: "program",
            failed: false,
            facts: &task.runs.facts(),
            flows: &flows,
        };
        self.notation.slice(&mut self.out.buffer, &slice);
        task.from_ns = to_ns;
        task.floor_ns = to_ns.saturating_add(1);
        if let Some(next) = task.next.take() {
            task.runs = next;
        }
    }

    /// Tells the slice of a call that is over at `to`; `how` it ended where it never returned.
    fn call(&mut self, call: &Call, to: Stamp, how: Option<&str>) {
        let name = pieces::name(call);
        let failed = call.outcome.is_some_and(|outcome| outcome.failed);
        let flows = self.links(call);
        self.pieces.take(call, &self.setup.spelling, &self.setup.decoding(call));
        let mut facts = about(&self.pieces, call);
        if let Some(how) = how.filter(|_| call.outcome.is_none()) {
            facts.push(("unfinished", Fact::Text(how.into())));
        }
        if let Some(traffic) = call.ring.as_ref().filter(|traffic| !traffic.is_empty()) {
            facts.push(("io_uring", Fact::List(ring(traffic, &self.setup))));
        }
        if !call.stack.is_empty() {
            facts.push(("stack", Fact::List(stack(&call.stack))));
        }
        let Some(task) = self.tasks.get_mut(&call.tid) else { return };
        let from_ns = call.entered.mono_ns.max(task.floor_ns);
        let to_ns = to.mono_ns.max(from_ns);
        let track = task.track;
        task.floor_ns = to_ns;
        let (facts, flows) = (&facts[..], &flows[..]);
        let slice = Slice { track, from_ns, to_ns, name: &name, category: "syscall", failed, facts, flows };
        self.notation.slice(&mut self.out.buffer, &slice);
        self.out.send();
    }

    /// Tells the slice of an operation, from its submission to when its completion was seen.
    fn operation(&mut self, call: &Call) {
        let (from_ns, to_ns) = (call.entered.mono_ns, call.left.mono_ns.max(call.entered.mono_ns));
        let track = self.task(call.tid, from_ns).track;
        let Some((track, new)) = self.lanes.take(track, from_ns, to_ns) else { return };
        if new {
            self.notation.thread(&mut self.out.buffer, track, from_ns, "io_uring");
        }
        let failed = call.outcome.is_some_and(|outcome| outcome.failed);
        self.pieces.take(call, &self.setup.spelling, &self.setup.decoding(call));
        let mut facts = about(&self.pieces, call);
        facts.push(("submitted_by", Fact::Number(call.tid.0.into())));
        let name = call.title();
        let (facts, flows) = (&facts[..], &[][..]);
        let slice = Slice { track, from_ns, to_ns, name: &name, category: "io_uring", failed, facts, flows };
        self.notation.slice(&mut self.out.buffer, &slice);
        self.out.send();
    }

    /// The flows of a call that is over.
    fn links(&mut self, call: &Call) -> Vec<Flow> {
        let mut flows = Vec::new();
        let count = &mut self.flows;
        let mut next = || {
            *count += 1;
            *count
        };
        if let Some((id, missing)) = self.births.left(call, &mut next) {
            flows.push(Flow { id, name: "start", role: Role::Source });
            // It has appeared, or will.
            match missing.map(|tid| (tid, self.tasks.get_mut(&tid))) {
                Some((_, Some(task))) if task.flow.is_none() => task.flow = Some(id),
                Some((tid, None)) => self.births.await_child(tid, id),
                _ => {}
            }
        }
        match self.wakes.left(call, &mut next) {
            Some(Link::Woke(ids)) => {
                flows.extend(ids.into_iter().map(|id| Flow { id, name: "wake", role: Role::Source }));
            }
            Some(Link::Woken(id)) => flows.push(Flow { id, name: "wake", role: Role::Awaited }),
            None => {}
        }
        flows
    }

    fn instant(&mut self, tid: Tid, at: Stamp, category: &'static str, name: &str, facts: &Facts<'_>) {
        let task = self.task(tid, at.mono_ns);
        let at_ns = at.mono_ns.max(task.from_ns.saturating_add(1));
        let instant = Instant { track: task.track, at_ns, name, category, facts };
        self.notation.instant(&mut self.out.buffer, &instant);
        self.out.send();
    }

    /// A thread calls itself otherwise.
    fn renames_itself(&mut self, call: &Call) {
        let args = &call.regs.args;
        let is = call.signature.is_some_and(|signature| signature.name == "prctl")
            && args[0] & 0xffff_ffff == PR_SET_NAME
            && call.outcome.is_some_and(|outcome| !outcome.failed);
        let mut name = [0; COMM_BYTES];
        if let Some(size) = is.then(|| call.before.recall_text(args[1], &mut name)).flatten() {
            let end = name[..size].iter().position(|byte| *byte == 0).unwrap_or(size);
            self.thread(call.tid, call.left.mono_ns, &name[..end]);
        }
    }

    fn thread(&mut self, tid: Tid, at_ns: u64, name: &[u8]) {
        let track = self.task(tid, at_ns).track;
        self.notation.thread(&mut self.out.buffer, track, at_ns, &shell::shown(name));
    }

    /// A process is gone, or the run is over.
    fn gone(&mut self, process: &Process, at_ns: u64) {
        self.lanes.gone(process.serial);
        let track = Track { process: process.serial, pid: process.pid, tid: process.pid };
        let name = match &process.program {
            Some(program) if !program.argv.is_empty() => shell::command(&program.argv, b""),
            _ => process.name(),
        };
        let name = shell::shorten(&name, NAME_COLUMNS, true);
        self.notation.process(&mut self.out.buffer, track, at_ns, Some((&name, process)));
        self.notation.thread(&mut self.out.buffer, track, at_ns, &shell::shown(&process.comm));
    }
}

/// Arguments and result of the call that `pieces` have taken.
fn about<'a>(pieces: &'a Pieces, call: &Call) -> Vec<(&'static str, Fact<'a>)> {
    let mut facts = Vec::with_capacity(5);
    let named: Vec<_> = pieces.each().collect();
    if !named.is_empty() {
        facts.push(("args", Fact::Named(named)));
    }
    let Some(outcome) = call.outcome else { return facts };
    facts.push(("ret", Fact::Number(if outcome.failed { -1 } else { outcome.value })));
    let text = pieces.result();
    if !outcome.failed && text != outcome.value.to_string() {
        facts.push(("result", Fact::Text(text)));
    }
    if let Some(code) = outcome.errno() {
        let name = errno::name(code).map_or_else(|| code.to_string().into(), Cow::Borrowed);
        facts.push(("errno", Fact::Text(name)));
    }
    facts
}

/// A line for each frame, the innermost first.
fn stack(stack: &Stack) -> Vec<String> {
    let mut text = Vec::new();
    spelled::write(&mut text, stack, spelled::Detail::Lines);
    let text = String::from_utf8_lossy(&text);
    text.lines().map(|line| line.trim_start_matches(" > ").to_owned()).collect()
}

/// A line for each operation that went over a ring of io_uring.
fn ring(traffic: &Traffic, setup: &Setup) -> Vec<String> {
    let mut text = Vec::new();
    rings::write(
        &mut text,
        traffic,
        Look { spelling: &setup.spelling, options: &setup.options, repeats: true },
    );
    String::from_utf8_lossy(&text).lines().map(|line| line.trim_start().to_owned()).collect()
}

fn signal_name(signo: i32) -> String {
    let name = u32::try_from(signo).ok().and_then(signal::name);
    name.map_or_else(|| format!("signal {signo}"), str::to_owned)
}

impl<N: Notation> Sink for Timeline<N> {
    fn processes(&self) -> Processes {
        Processes::Programs
    }

    fn rings(&self) -> Rings {
        Rings::Apart
    }

    fn started(&mut self, started: &Started) {
        self.at(started.at);
        let arrival = self.roster.started(started);
        if self.tasks.contains_key(&started.tid) {
            return;
        }
        let process = self.roster.of(started.tid);
        let maker = if arrival == Arrival::Thread { Some(process.serial) } else { process.parent };
        let count = &mut self.flows;
        let flow = self.births.born(started.tid, maker, || {
            *count += 1;
            *count
        });
        self.add(started.tid, started.at.mono_ns, flow, arrival);
    }

    fn executed(&mut self, program: &Program) {
        self.at(program.at);
        self.roster.executed(program);
        let (tid, at_ns) = (program.process, program.at.mono_ns);
        let runs = Rc::new(Runs::of(program));
        let task = self.task(tid, at_ns);
        if program.attached {
            task.runs = Rc::clone(&runs);
            // All its threads run it.
            let serial = task.track.process;
            for other in self.tasks.values_mut().filter(|other| other.track.process == serial) {
                other.runs = Rc::clone(&runs);
            }
            return;
        }
        task.next = Some(Rc::clone(&runs));
        let inside = task.open.is_some();
        self.instant(tid, program.at, "exec", &format!("exec {}", runs.name), &runs.facts());
        if !inside {
            self.program(tid, at_ns, true);
        }
    }

    fn entered(&mut self, call: &Call) {
        self.at(call.entered);
        self.roster.entered(call.tid);
        let process = self.roster.of(call.tid).serial;
        let from_ns = call.entered.mono_ns;
        let task = self.task(call.tid, from_ns);
        task.open = Some(Open { name: pieces::name(call), from_ns });
        self.births.entered(call, process);
        self.wakes.entered(call, process);
    }

    fn left(&mut self, call: &Call) {
        self.at(call.left);
        self.task(call.tid, call.entered.mono_ns).open = None;
        self.call(call, call.left, None);
        self.renames_itself(call);
        if self.tasks.get(&call.tid).is_some_and(|task| task.next.is_some()) {
            self.program(call.tid, call.left.mono_ns, true);
        }
    }

    fn completed(&mut self, _tid: Tid, completion: &Completion) {
        if let Some(operation) = &completion.operation {
            self.at(operation.call.left);
            self.roster.entered(operation.call.tid);
            self.operation(&operation.call);
        }
    }

    fn signal(&mut self, event: &Signal) {
        self.at(event.at);
        if self.setup.signals.has(event.signo) {
            let info = pieces::siginfo(event, &self.setup.spelling);
            let facts = [("info", Fact::Text(info.into()))];
            self.instant(event.tid, event.at, "signal", &signal_name(event.signo), &facts);
        }
    }

    fn stopped(&mut self, event: &Signal) {
        self.at(event.at);
        if self.setup.signals.has(event.signo) {
            let name = format!("stopped by {}", signal_name(event.signo));
            self.instant(event.tid, event.at, "signal", &name, &[]);
        }
    }

    fn ended(&mut self, tid: Tid, end: End, pending: Option<&Call>, at: Stamp) {
        self.at(at);
        let (how, facts): (String, Vec<(&'static str, Fact<'_>)>) = match end {
            End::Exited(status) => {
                (format!("exited with {status}"), vec![("status", Fact::Number(status.into()))])
            }
            End::Killed { signo, core } => {
                let name = signal_name(signo);
                let core = if core { " (core dumped)" } else { "" };
                (format!("killed by {name}{core}"), vec![("signal", Fact::Text(name.into()))])
            }
            End::Superseded { by } => (format!("superseded by execve of thread {}", by.0), Vec::new()),
            End::Detached => ("let go".into(), Vec::new()),
        };
        self.task(tid, at.mono_ns).open = None;
        if let Some(call) = pending {
            self.call(call, at, Some(&how));
        }
        self.instant(tid, at, "exit", &how, &facts);
        self.program(tid, at.mono_ns, false);
        self.tasks.remove(&tid);
        self.wakes.gone(tid);
        self.births.gone(tid);
        if let Some(process) = self.roster.ended(tid) {
            self.gone(&process, at.mono_ns);
        }
        self.out.send();
    }

    fn renamed(&mut self, from: Tid, to: Tid) {
        let now = self.last_ns();
        self.program(from, now, true);
        let former = self.tasks.remove(&from);
        self.roster.renamed(from, to);
        self.wakes.gone(from);
        self.births.gone(from);
        let (flow, next, open) = former.map(|task| (task.flow, task.next, task.open)).unwrap_or_default();
        self.add(to, now, flow, Arrival::Thread);
        if let Some(task) = self.tasks.get_mut(&to) {
            (task.next, task.open) = (next, open);
        }
    }

    fn named(&mut self, tid: Tid, comm: &[u8]) {
        self.thread(tid, self.last_ns(), comm);
    }

    fn finish(&mut self) {
        if self.last.is_none() {
            self.at(Stamp::default());
        }
        let now = self.last_ns();
        let mut rest: Vec<Tid> = self.tasks.keys().copied().collect();
        rest.sort();
        for tid in rest {
            // Of a call that still runs no more is known than its name.
            let task = self.task(tid, now);
            if let Some(open) = task.open.take() {
                let from_ns = open.from_ns.max(task.floor_ns).min(now);
                let facts = [("unfinished", Fact::Text("the recording ends".into()))];
                let slice = Slice {
                    track: task.track,
                    from_ns,
                    to_ns: now.max(from_ns),
                    name: &open.name,
                    category: "syscall",
                    failed: false,
                    facts: &facts,
                    flows: &[],
                };
                self.notation.slice(&mut self.out.buffer, &slice);
            }
            self.program(tid, now, false);
        }
        for process in self.roster.rest() {
            self.gone(&process, now);
        }
        self.notation.end(&mut self.out.buffer);
        self.out.finish();
    }
}
