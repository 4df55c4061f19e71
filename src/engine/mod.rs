//! The loop: waits for stops, keeps the tasks, captures calls, tells the sinks.
//!
//! It lives on one thread, the one that launched or attached, because ptrace requests count only from
//! there. Other threads reach it through [`Control`], which interrupts its wait. The loop knows no
//! sink or tool by name.

mod calls;
mod clocks;
pub mod control;
mod delay;
pub mod details;
pub mod extras;
mod facts;
mod fds;
mod names;
mod pids;
pub mod placement;
pub mod rings;
pub mod selinux;
pub mod sink;
mod stacks;
pub mod tool;

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::io;

use syscall_tables::abi::Abi;

use crate::decode::{self, Options, render::Quiet};
use crate::event::{Call, End, Note, Signal, Stamp, Tid};
use crate::filter::Wanted;
use crate::stack;
use crate::sys::{process, ptrace, signal, wait};
use crate::tracee::{self, Change, Stop, Stopped};
use control::{Control, Wish};
use sink::Sink;
use tool::{Tool, Verdict};

/// How the engine runs.
#[derive(Debug)]
pub struct Config {
    /// What is read of each call, enough for every sink.
    pub capture: Options,
    /// Which calls are reported.
    pub wanted: Wanted,
    /// The filter lets some of them go unseen, by their registers.
    pub narrowed: bool,
    /// What is noted of descriptors.
    pub fds: details::Wishes,
    /// New tasks of traced ones are traced.
    pub follows: bool,
    /// Process ids of other pid namespaces are translated.
    pub pid_namespaces: bool,
    /// Names of tasks are noted.
    pub names: bool,
    /// What is asked of the kernel beyond that.
    pub extras: extras::Wants,
    /// The terminal whose foreground the launched program has.
    pub foreground: Option<i32>,
    /// Tasks carry the filter of [`crate::filter::program`] and stop only where it says.
    pub filtered: bool,
    /// On which CPUs tracer and tracees run.
    pub placement: placement::Mode,
    /// Clocks are read at each stop.
    pub times: bool,
    /// Time in the kernel is asked for at each stop.
    pub system_times: bool,
    /// Sinks are told the numbers of all calls that stop a task, wanted or not.
    pub numbers: bool,
    /// Stacks of calls and signals are taken.
    pub stacks: Option<stack::Options>,
    /// Instruction pointers of signals are taken.
    pub ips: bool,
    /// Processes that call execve are let go.
    pub detach_on_execve: bool,
    /// Tasks that want to be traced by their parents are let go, since there is one tracer only for each.
    pub yields: bool,
}

/// A task that is traced.
#[derive(Debug)]
struct Task {
    call: Box<Call>,
    /// Inside a call that is reported.
    reported: bool,
    /// Inside a call that tools are asked about.
    handled: bool,
    /// Inside a call.
    inside: bool,
    /// Has not begun the program yet.
    launching: bool,
    /// Stops at every call: it has no filter of ours, or one of its own that may answer first.
    full: bool,
    /// Is in a call about affinity.
    asked: Option<placement::Asked>,
    /// Is in a call that loads a filter; true when for all threads.
    loading: Option<bool>,
    /// Runs in another mode since its execve, which is told after that call.
    switched: Option<Abi>,
    abi: Abi,
    /// The call before this one, which restart_syscall would resume.
    previous: Option<&'static str>,
}

impl Task {
    fn new(tid: i32, launching: bool, full: bool) -> Self {
        Self {
            call: Box::new(Call::new(Tid(tid))),
            reported: false,
            handled: false,
            inside: false,
            launching,
            full,
            asked: None,
            loading: None,
            switched: None,
            abi: Abi::X86_64,
            previous: None,
        }
    }
}

/// How the launched program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// With an exit status.
    Exited(i32),
    /// By a signal.
    Killed(i32),
    /// It was let go, or there was none.
    Detached,
}

/// The tracing loop.
pub struct Engine {
    config: Config,
    tasks: HashMap<i32, Task>,
    sinks: Vec<Box<dyn Sink>>,
    tools: Vec<(tool::Wish, Box<dyn Tool>)>,
    delays: delay::Delays,
    /// Time in the kernel of the process that stopped last.
    system_ns: u64,
    control: Control,
    /// Process that was launched, 0 for none.
    root: i32,
    finish: Finish,
    leaving: bool,
    /// New tasks stop at every call.
    full: bool,
    /// No sink wants results: one stop a call.
    entries_only: bool,
    /// A terminal stop reached the tracer too; it stops when the program does.
    stop_with_root: bool,
    /// Drives capturing; kept for its buffer.
    quiet: Quiet,
    pids: pids::Pids,
    names: names::Names,
    placement: placement::Placement,
    stacks: stacks::Taker,
    clocks: clocks::Clocks,
    fds: fds::Fds,
    rings: rings::Rings,
    /// What the sinks want to know of processes.
    processes: sink::Processes,
    /// Tasks that were seen before the stop of the parent that tells of them.
    early: HashSet<i32>,
}

impl Engine {
    /// An engine without tasks.
    pub fn new(
        config: Config,
        sinks: Vec<Box<dyn Sink>>,
        tools: Vec<Box<dyn Tool>>,
        control: Control,
    ) -> Self {
        let placement = placement::Placement::new(config.placement);
        let full = !config.filtered;
        let entries_only = config.filtered && tools.is_empty() && !sinks.iter().any(|sink| sink.results());
        let processes = sinks.iter().map(|sink| sink.processes()).max().unwrap_or_default();
        Self {
            full,
            entries_only,
            fds: fds::Fds::new(config.fds, &config.wanted, !entries_only && !config.narrowed, config.follows),
            rings: rings::Rings::new(
                !entries_only && sinks.iter().any(|sink| sink.rings() != sink::Rings::None),
            ),
            processes,
            early: HashSet::new(),
            clocks: clocks::Clocks::default(),
            stacks: stacks::Taker::new(config.stacks),
            config,
            tasks: HashMap::new(),
            sinks,
            tools: tools.into_iter().map(|tool| (tool::Wish::of(&*tool), tool)).collect(),
            delays: delay::Delays::default(),
            system_ns: 0,
            control,
            root: 0,
            finish: Finish::Detached,
            leaving: false,
            stop_with_root: false,
            quiet: Quiet::default(),
            pids: pids::Pids::default(),
            names: names::Names::default(),
            placement,
        }
    }

    /// Takes over a launched task that is stopped before execve, and lets it go on.
    pub fn launched(&mut self, pid: i32) {
        self.root = pid;
        self.tasks.insert(pid, Task::new(pid, true, self.full));
        self.placement.launched(pid, self.full);
        self.fds.born(pid, None);
        self.tell_started(pid, false);
        self.tell_population();
        if self.full {
            ptrace::syscall(pid, 0).ok();
        } else {
            ptrace::cont(pid, 0).ok();
        }
    }

    /// Takes over a seized process that is about to run the program and then is shown.
    pub fn adopted(&mut self, pid: i32) {
        self.attached(pid);
        if let Some(task) = self.tasks.get_mut(&pid) {
            task.launching = true;
        }
    }

    /// Takes over a task that was seized; it is interrupted so that its calls are seen.
    pub fn attached(&mut self, tid: i32) {
        self.tasks.insert(tid, Task::new(tid, false, true));
        self.fds.born(tid, None);
        self.tell_started(tid, true);
        self.tell_name(tid);
        self.tell_population();
        ptrace::interrupt(tid).ok();
        self.remark(tid, Note::Attached);
    }

    /// Runs until no task is left.
    ///
    /// # Errors
    /// A failure of wait itself.
    pub fn run(&mut self) -> io::Result<Finish> {
        while !self.tasks.is_empty() {
            if let Some(wish) = self.control.take() {
                self.grant(wish);
            }
            self.release_due();
            let waited = if self.config.system_times {
                wait::wait_timed(-1).map(|(tid, status, spent_ns)| {
                    self.system_ns = spent_ns;
                    (tid, status)
                })
            } else {
                wait::wait(-1)
            };
            match waited {
                Ok((tid, status)) => self.step(tid, tracee::change(tid, status)),
                Err(error) if error.raw_os_error() == Some(libc::EINTR) => self.placement.tick(),
                Err(error) if error.raw_os_error() == Some(libc::ECHILD) => break,
                Err(error) => return Err(error),
            }
        }
        self.tell(|sink| sink.finish());
        Ok(self.finish)
    }

    fn grant(&mut self, wish: Wish) {
        match wish {
            Wish::Detach => self.leave(),
            Wish::Forward(signo) if self.root != 0 => {
                signal::kill(self.root, signo).ok();
            }
            Wish::Forward(_) => self.leave(),
            Wish::StopToo => self.stop_with_root = true,
            Wish::Kill => {
                for &tid in self.tasks.keys() {
                    signal::kill(tid, libc::SIGKILL).ok();
                }
            }
            Wish::Look => {}
        }
    }

    fn leave(&mut self) {
        self.leaving = true;
        for &tid in self.tasks.keys() {
            ptrace::interrupt(tid).ok();
        }
        for (stopped, _) in self.delays.all() {
            self.let_go(stopped);
        }
    }

    fn tell(&mut self, mut what: impl FnMut(&mut dyn Sink)) {
        for sink in &mut self.sinks {
            what(sink.as_mut());
        }
    }

    fn remark(&mut self, tid: i32, note: Note) {
        let at = self.stamp();
        self.tell(|sink| sink.note(Tid(tid), note, at));
    }

    fn tell_population(&mut self) {
        let tasks = self.tasks.len();
        self.tell(|sink| sink.population(tasks));
    }

    fn stamp(&self) -> Stamp {
        if self.config.times { self.clocks.now() } else { Stamp::default() }
    }

    fn step(&mut self, tid: i32, change: Change) {
        match change {
            Change::Stopped(stopped) => self.stopped(stopped),
            Change::Exited(status) => self.ended(tid, End::Exited(status), Finish::Exited(status)),
            Change::Killed(signo, core) => {
                self.ended(tid, End::Killed { signo, core }, Finish::Killed(signo))
            }
            Change::Vanished => {}
        }
    }

    fn ended(&mut self, tid: i32, end: End, finish: Finish) {
        let Some(task) = self.tasks.remove(&tid) else { return };
        self.forget(tid);
        if tid == self.root {
            self.finish = finish;
        }
        let pending = task.reported.then_some(&*task.call);
        let at = self.stamp();
        for sink in &mut self.sinks {
            sink::ended(sink.as_mut(), Tid(tid), end, pending, at);
        }
        self.tell_population();
    }

    /// What is kept of a task goes, however it leaves.
    fn forget(&mut self, tid: i32) {
        self.placement.ended(tid);
        self.fds.ended(tid);
        self.rings.ended(tid);
        self.pids.forget(tid);
        self.names.forget(tid);
        self.stacks.forget(tid);
        self.delays.forget(tid);
        for (_, tool) in &mut self.tools {
            tool.ended(Tid(tid));
        }
    }

    fn known(&mut self, tid: i32, parent: Option<i32>) {
        match parent {
            // It was born, lived and died before its parent's stop was looked at.
            Some(_) if self.early.remove(&tid) && !self.tasks.contains_key(&tid) => return,
            Some(_) => {}
            None if self.tasks.contains_key(&tid) => {}
            None => drop(self.early.insert(tid)),
        }
        self.placement.born(tid, parent);
        if parent.is_some() || !self.tasks.contains_key(&tid) {
            self.fds.born(tid, parent);
        }
        if let Entry::Vacant(free) = self.tasks.entry(tid) {
            free.insert(Task::new(tid, false, self.full));
            self.tell_started(tid, false);
            self.tell_name(tid);
            self.tell_population();
            self.remark(tid, Note::Attached);
        }
    }

    /// Whether task `tid` has not begun the launched program yet.
    fn launches(&self, tid: i32) -> bool {
        self.tasks.get(&tid).is_some_and(|task| task.launching)
    }

    fn stopped(&mut self, stopped: Stopped) {
        let tid = stopped.tid;
        if let Stop::Exec(former) = stopped.stop {
            self.exec(tid, former);
        }
        self.placement.stopped(tid);
        self.known(tid, None);
        let begins = matches!(stopped.stop, Stop::Exec(_)) && self.config.detach_on_execve;
        if self.leaving || begins && !self.launches(tid) {
            return self.let_go(stopped);
        }
        if let Some(task) = self.tasks.get_mut(&tid).filter(|_| matches!(stopped.stop, Stop::Exec(_))) {
            task.launching = false;
        }
        match stopped.stop {
            Stop::Syscall(info) => {
                let (verdict, hand) = self.syscall(tid, info);
                if verdict == Verdict::Release {
                    return self.let_go(stopped);
                }
                self.resume_later(stopped, &hand);
                if verdict == Verdict::DetachAll {
                    self.leave();
                }
            }
            Stop::Signal(signo) => {
                self.deliver(tid, signo);
                self.resume(stopped, signo);
            }
            Stop::Group(signo) => {
                self.group_stop(tid, signo);
                stopped.listen();
                if tid == self.root {
                    self.stop_too();
                }
            }
            Stop::Child(child) => {
                self.known(child, Some(tid));
                self.resume(stopped, 0);
            }
            Stop::Exec(_) | Stop::Trap => self.resume(stopped, 0),
        }
    }

    /// Lets a task go on to where it has to be seen next.
    fn resume(&mut self, stopped: Stopped, signo: i32) {
        self.placement.resumed(stopped.tid);
        let to_boundary = self.tasks.get(&stopped.tid).is_none_or(|task| task.full || task.inside);
        if to_boundary { stopped.resume(signo) } else { stopped.run(signo) }
    }

    /// Stops with the launched program where the terminal wants that: its stop reached this process too, or
    /// the program has the terminal, which the shell then gets back until it continues this.
    fn stop_too(&mut self) {
        let own = std::process::id() as i32;
        if let Some(fd) = self.config.foreground {
            process::take_foreground(fd);
            signal::kill(own, libc::SIGSTOP).ok();
            process::give_foreground(fd, self.root);
            signal::kill(-self.root, libc::SIGCONT).ok();
        } else if self.stop_with_root {
            signal::kill(own, libc::SIGSTOP).ok();
        }
        self.stop_with_root = false;
    }

    /// Detaches a task at whatever stop it is, so that it runs on as it would have.
    fn let_go(&mut self, stopped: Stopped) {
        let tid = stopped.tid;
        let signo = match stopped.stop {
            Stop::Signal(signo) | Stop::Group(signo) => signo,
            Stop::Child(child) => {
                self.known(child, Some(tid));
                ptrace::interrupt(child).ok();
                0
            }
            Stop::Syscall(_) | Stop::Exec(_) | Stop::Trap => 0,
        };
        let at = self.stamp();
        let pending = self.tasks.remove(&tid);
        let pending = pending.as_ref().filter(|t| t.reported).map(|t| &*t.call);
        for sink in &mut self.sinks {
            sink.note(Tid(tid), Note::Detached, at);
            sink::ended(sink.as_mut(), Tid(tid), End::Detached, pending, at);
        }
        self.placement.release(tid);
        self.forget(tid);
        self.tell_population();
        stopped.detach(signo);
    }

    /// execve succeeded in thread `former`, which now is `tid`, the group's id.
    fn exec(&mut self, tid: i32, former: i32) {
        if former != tid
            && let Some(mut task) = self.tasks.remove(&former)
        {
            if let Some(leader) = self.tasks.remove(&tid) {
                let pending = leader.reported.then_some(&*leader.call);
                let at = self.stamp();
                for sink in &mut self.sinks {
                    sink::ended(sink.as_mut(), Tid(tid), End::Superseded { by: Tid(former) }, pending, at);
                }
            }
            task.call.tid = Tid(tid);
            self.tasks.insert(tid, task);
            self.placement.renamed(former, tid);
            self.fds.renamed(former, tid);
            self.pids.forget(tid);
            self.pids.forget(former);
            self.names.forget(former);
            self.tell(|sink| sink.renamed(Tid(former), Tid(tid)));
            self.tell_population();
        }
        self.stacks.executed(tid);
        self.rings.executed(tid, former);
        self.names.doubt(tid);
        self.tell_name(tid);
        self.tell_program(tid, false);
        let Some(task) = self.tasks.get_mut(&tid) else { return };
        if task.full {
            return;
        }
        // Its next call may not stop it, so that what it runs as has to be asked now.
        let abi = ptrace::arch(tid).ok().and_then(Abi::from_audit_arch).unwrap_or(task.abi);
        if abi != task.abi {
            task.abi = abi;
            if task.reported {
                task.switched = Some(abi);
            } else {
                self.remark(tid, Note::Personality(abi));
            }
        }
    }

    fn deliver(&mut self, tid: i32, signo: i32) {
        let event = self.signal_event(tid, signo, ptrace::signal_info(tid).ok());
        self.tell(|sink| sink.signal(&event));
    }

    fn group_stop(&mut self, tid: i32, signo: i32) {
        let event = self.signal_event(tid, signo, None);
        self.tell(|sink| sink.stopped(&event));
        self.tell(|sink| sink.flush());
    }

    fn signal_event(&mut self, tid: i32, signo: i32, info: Option<Box<[u8; 128]>>) -> Signal {
        let (mut pids, mut fds) = (Vec::new(), Vec::new());
        let abi = self.tasks.get(&tid).map_or(Abi::X86_64, |task| task.abi);
        if let Some(info) = &info {
            self.quiet.clear();
            decode::siginfo(Abi::X86_64, abi, info, &mut self.quiet);
            self.fds.note(tid, &self.quiet.fds, false, &mut fds);
            if self.notes_pids() {
                self.tell_name(tid);
                self.add_pid_notes(tid, &mut pids);
            }
        }
        let stack = self.stacks.now(tid);
        let ip = if self.config.ips { ptrace::instruction_pointer(tid).ok() } else { None };
        Signal { tid: Tid(tid), abi, signo, info, pids, fds, stack, ip, at: self.stamp() }
    }
}
