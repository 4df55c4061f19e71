//! The loop: waits for stops, keeps the tasks, captures calls, tells the sinks.
//!
//! It lives on one thread, the one that launched or attached, because ptrace requests count only from
//! there. Other threads reach it through [`Control`], which interrupts its wait. The loop knows no
//! sink or tool by name.

pub mod control;
mod pids;
pub mod sink;
pub mod tool;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io;

use syscall_tables::abi::{Abi, numbers};
use syscall_tables::model::Shape;
use syscall_tables::signatures;

use crate::decode::{self, Options, render::Quiet};
use crate::event::stack::Stack;
use crate::event::{Call, End, FdNote, Note, Outcome, Regs, Signal, Stamp, Tid};
use crate::filter::Wanted;
use crate::memory::Live;
use crate::stack::{self, Stacks};
use crate::sys::{clock, process, ptrace, signal, wait};
use crate::tracee::{self, Change, Stop, Stopped};
use control::{Control, Wish};
use sink::Sink;
use tool::{Tool, Verdict};

/// The kernel's errno of a call that restart_syscall resumes.
const ERESTART_RESTARTBLOCK: u32 = 516;

/// How the engine runs.
#[derive(Debug)]
pub struct Config {
    /// What is read of each call, enough for every sink.
    pub capture: Options,
    /// Which calls are reported.
    pub wanted: Wanted,
    /// What descriptors are open on is noted.
    pub fd_targets: bool,
    /// Process ids of other pid namespaces are translated.
    pub pid_namespaces: bool,
    /// The terminal whose foreground the launched program has.
    pub foreground: Option<i32>,
    /// Clocks are read at each stop.
    pub times: bool,
    /// Stacks of calls and signals are taken.
    pub stacks: Option<stack::Options>,
}

/// A task that is traced.
#[derive(Debug)]
struct Task {
    call: Box<Call>,
    /// Inside a call that is reported.
    reported: bool,
    /// Inside a call.
    inside: bool,
    /// Has not begun the program yet.
    launching: bool,
    abi: Abi,
    /// The call that was interrupted and that restart_syscall would resume.
    interrupted: Option<&'static str>,
}

impl Task {
    fn new(tid: i32, launching: bool) -> Self {
        Self {
            call: Box::new(Call::new(Tid(tid))),
            reported: false,
            inside: false,
            launching,
            abi: Abi::X86_64,
            interrupted: None,
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
    tools: Vec<Box<dyn Tool>>,
    control: Control,
    /// Process that was launched, 0 for none.
    root: i32,
    finish: Finish,
    leaving: bool,
    /// A terminal stop reached the tracer too; it stops when the program does.
    stop_with_root: bool,
    /// Drives capturing; kept for its buffer.
    quiet: Quiet,
    pids: pids::Pids,
    stacks: Option<Stacks>,
}

impl Engine {
    /// An engine without tasks.
    pub fn new(
        config: Config,
        sinks: Vec<Box<dyn Sink>>,
        tools: Vec<Box<dyn Tool>>,
        control: Control,
    ) -> Self {
        let stacks = config.stacks.map(Stacks::new);
        Self {
            config,
            stacks,
            tasks: HashMap::new(),
            sinks,
            tools,
            control,
            root: 0,
            finish: Finish::Detached,
            leaving: false,
            stop_with_root: false,
            quiet: Quiet::default(),
            pids: pids::Pids::default(),
        }
    }

    /// Takes over a launched task that is stopped before execve, and lets it go on.
    pub fn launched(&mut self, pid: i32) {
        self.root = pid;
        self.tasks.insert(pid, Task::new(pid, true));
        self.tell_population();
        ptrace::syscall(pid, 0).ok();
    }

    /// Takes over a task that was seized; it is interrupted so that its calls are seen.
    pub fn attached(&mut self, tid: i32) {
        self.tasks.insert(tid, Task::new(tid, false));
        self.tell_population();
        ptrace::interrupt(tid).ok();
        self.tell(|sink| sink.note(Tid(tid), Note::Attached));
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
            match wait::wait(-1) {
                Ok((tid, status)) => self.step(tid, tracee::change(tid, status)),
                Err(error) if error.raw_os_error() == Some(libc::EINTR) => {}
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
        }
    }

    fn leave(&mut self) {
        self.leaving = true;
        for &tid in self.tasks.keys() {
            ptrace::interrupt(tid).ok();
        }
    }

    fn tell(&mut self, mut what: impl FnMut(&mut dyn Sink)) {
        for sink in &mut self.sinks {
            what(sink.as_mut());
        }
    }

    fn tell_population(&mut self) {
        let tasks = self.tasks.len();
        self.tell(|sink| sink.population(tasks));
    }

    fn stamp(&self) -> Stamp {
        if self.config.times {
            Stamp { wall_ns: clock::wall_ns(), mono_ns: clock::mono_ns() }
        } else {
            Stamp::default()
        }
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
        if let Some(stacks) = &mut self.stacks {
            stacks.forget(tid);
        }
        if tid == self.root {
            self.finish = finish;
        }
        let pending = task.reported.then_some(&*task.call);
        for sink in &mut self.sinks {
            sink.ended(Tid(tid), end, pending);
        }
        self.tell_population();
    }

    fn known(&mut self, tid: i32) {
        if let Entry::Vacant(free) = self.tasks.entry(tid) {
            free.insert(Task::new(tid, false));
            self.tell_population();
            self.tell(|sink| sink.note(Tid(tid), Note::Attached));
        }
    }

    fn stopped(&mut self, stopped: Stopped) {
        let tid = stopped.tid;
        if let Stop::Exec(former) = stopped.stop {
            self.exec(tid, former);
        }
        self.known(tid);
        if self.leaving {
            return self.let_go(stopped);
        }
        match stopped.stop {
            Stop::Syscall(info) => {
                let verdict = self.syscall(tid, info);
                stopped.resume(0);
                if verdict == Verdict::DetachAll {
                    self.leave();
                }
            }
            Stop::Signal(signo) => {
                self.deliver(tid, signo);
                stopped.resume(signo);
            }
            Stop::Group(signo) => {
                self.group_stop(tid, signo);
                stopped.listen();
                if tid == self.root {
                    self.stop_too();
                }
            }
            Stop::Child(child) => {
                self.known(child);
                stopped.resume(0);
            }
            Stop::Exec(_) | Stop::Trap => stopped.resume(0),
        }
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
                self.known(child);
                ptrace::interrupt(child).ok();
                0
            }
            Stop::Syscall(_) | Stop::Exec(_) | Stop::Trap => 0,
        };
        let pending = self.tasks.remove(&tid);
        let pending = pending.as_ref().filter(|t| t.reported).map(|t| &*t.call);
        for sink in &mut self.sinks {
            sink.ended(Tid(tid), End::Detached, pending);
            sink.note(Tid(tid), Note::Detached);
        }
        stopped.detach(signo);
    }

    /// execve succeeded in thread `former`, which now is `tid`, the group's id.
    fn exec(&mut self, tid: i32, former: i32) {
        if former != tid
            && let Some(mut task) = self.tasks.remove(&former)
        {
            if let Some(leader) = self.tasks.remove(&tid) {
                let pending = leader.reported.then_some(&*leader.call);
                for sink in &mut self.sinks {
                    sink.ended(Tid(tid), End::Superseded { by: Tid(former) }, pending);
                }
            }
            task.call.tid = Tid(tid);
            self.tasks.insert(tid, task);
            self.tell(|sink| sink.renamed(Tid(former), Tid(tid)));
            self.tell_population();
        }
        if let Some(task) = self.tasks.get_mut(&tid) {
            task.launching = false;
        }
        if let Some(stacks) = &mut self.stacks {
            stacks.executed(tid);
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
        let mut pids = Vec::new();
        if let (true, Some(info)) = (self.config.pid_namespaces, &info) {
            self.quiet.pids.clear();
            decode::siginfo(Abi::X86_64, info, &mut self.quiet);
            let tasks = || self.tasks.keys().copied().collect();
            pids = self.pids.notes(tid, &self.quiet.pids, tasks);
        }
        let mut stack = Stack::default();
        if let Some(stacks) = &mut self.stacks {
            stacks.take(tid, false, &mut stack);
        }
        Signal { tid: Tid(tid), abi: Abi::X86_64, signo, info, pids, stack, at: self.stamp() }
    }

    /// Translates the process ids that decoding saw, those of the entry again with those of the exit.
    fn note_pids(&mut self, tid: i32) {
        let tasks = || self.tasks.keys().copied().collect();
        let notes = self.pids.notes(tid, &self.quiet.pids, tasks);
        if let Some(task) = self.tasks.get_mut(&tid) {
            let known = &mut task.call.pids;
            known.extend(notes.into_iter().filter(|note| !known.contains(note)).collect::<Vec<_>>());
        }
    }

    fn syscall(&mut self, tid: i32, info: ptrace::SyscallInfo) -> Verdict {
        match info {
            ptrace::SyscallInfo::Entry { arch, ip, sp, nr, args } => {
                let abi = Abi::from_audit_arch(arch).unwrap_or(Abi::X86_64);
                self.entered(tid, Regs { abi, nr, args, ip, sp, resumes: None })
            }
            ptrace::SyscallInfo::Exit { value, failed } => self.left(tid, Outcome { value, failed }),
            ptrace::SyscallInfo::None => Verdict::Go,
        }
    }

    fn entered(&mut self, tid: i32, regs: Regs) -> Verdict {
        let stamp = self.stamp();
        let Some(task) = self.tasks.get_mut(&tid) else { return Verdict::Go };
        task.inside = true;
        let switched = task.abi != regs.abi;
        task.abi = regs.abi;
        if let Some(stacks) = &mut self.stacks {
            stacks.entered(tid, &regs);
        }
        let starts = !task.launching || numbers::name(regs.abi, regs.nr) == Some("execve");
        task.reported = starts && self.config.wanted.has(regs.abi, regs.nr);
        if switched {
            self.tell(|sink| sink.note(Tid(tid), Note::Personality(regs.abi)));
        }
        let Some(task) = self.tasks.get_mut(&tid) else { return Verdict::Go };
        if !task.reported {
            return Verdict::Go;
        }
        let call = &mut *task.call;
        call.regs = Regs { resumes: task.interrupted.take(), ..regs };
        call.signature = signatures::lookup(regs.abi, regs.nr);
        call.outcome = None;
        call.entered = stamp;
        call.after.clear();
        call.fds.clear();
        call.pids.clear();
        call.stack.clear();
        if let Some(stacks) = self.stacks.as_mut().filter(|_| !task.launching && stack::at_entry(&regs)) {
            stacks.take(tid, true, &mut call.stack);
        }
        decode::demultiplex(call, Live::new(tid));
        let quiet = &mut self.quiet;
        quiet.fds.clear();
        quiet.pids.clear();
        decode::touch_entry(call, Live::new(tid), &self.config.capture, quiet);
        note_fds(call, self.config.fd_targets, &quiet.fds);
        if self.config.pid_namespaces {
            self.note_pids(tid);
        }
        let Some(task) = self.tasks.get(&tid) else { return Verdict::Go };
        let call = &*task.call;
        for sink in &mut self.sinks {
            sink.entered(call);
        }
        self.tools.iter_mut().map(|tool| tool.entry(call)).max().unwrap_or(Verdict::Go)
    }

    fn left(&mut self, tid: i32, outcome: Outcome) -> Verdict {
        let stamp = self.stamp();
        let Some(task) = self.tasks.get_mut(&tid) else { return Verdict::Go };
        let reported = task.inside && task.reported;
        task.inside = false;
        task.reported = false;
        if let Some(stacks) = &mut self.stacks {
            stacks.left(tid);
            if reported && task.call.stack.is_empty() {
                stacks.take(tid, false, &mut task.call.stack);
            }
        }
        if !reported {
            return Verdict::Go;
        }
        let call = &mut *task.call;
        call.outcome = Some(outcome);
        if outcome.errno() == Some(ERESTART_RESTARTBLOCK) {
            task.interrupted = call.regs.resumes.or(call.signature.map(|s| s.name));
        }
        call.left = stamp;
        let quiet = &mut self.quiet;
        quiet.fds.clear();
        quiet.pids.clear();
        decode::touch_exit(call, Live::new(tid), &self.config.capture, quiet);
        note_fds(call, self.config.fd_targets, &quiet.fds);
        if self.config.pid_namespaces {
            if !outcome.failed && call.signature.is_some_and(|s| matches!(s.ret.shape, Shape::Pid)) {
                quiet.pids.push(outcome.value as i32);
            }
            self.note_pids(tid);
        }
        let Some(task) = self.tasks.get(&tid) else { return Verdict::Go };
        let call = &*task.call;
        for sink in &mut self.sinks {
            sink.left(call);
        }
        self.tools.iter_mut().map(|tool| tool.exit(call)).max().unwrap_or(Verdict::Go)
    }
}

/// Adds what the descriptors that decoding saw are open on, unless already known.
fn note_fds(call: &mut Call, wanted: bool, fds: &[i32]) {
    if !wanted {
        return;
    }
    for &fd in fds {
        if call.fds.iter().any(|note| note.fd == fd) {
            continue;
        }
        if let Some(target) = process::fd_target(call.tid.0, fd) {
            call.fds.push(FdNote { fd, target });
        }
    }
}
