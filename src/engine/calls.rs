//! A call from its entry to its return: what is captured of it, and who is told.

use syscall_tables::abi::{Abi, numbers};
use syscall_tables::model::Shape;
use syscall_tables::signatures;

use super::Engine;
use super::clocks::Clocks;
use super::fds::Fds;
use super::sink::{self, Sink};
use super::tool::{Hand, Verdict};
use crate::decode::{self, render::Quiet};
use crate::event::{Call, Note, Outcome, PidNote, Regs, Stamp, Tampered, Tid};
use crate::filter::program;
use crate::memory::Live;
use crate::sys::{process, ptrace};

impl Engine {
    /// Whether somebody wants to know more of process ids.
    pub(super) fn notes_pids(&self) -> bool {
        self.config.pid_namespaces || self.config.names
    }

    /// Adds what is known of the process ids that decoding saw, unless it is there.
    pub(super) fn add_pid_notes(&mut self, tid: i32, notes: &mut Vec<PidNote>) {
        let tasks = || self.tasks.keys().copied().collect();
        for &pid in &self.quiet.pids {
            // A negative id names a process group by its leader, and has no name of its own.
            if pid == 0 || pid == -1 || notes.iter().any(|note| note.pid == pid) {
                continue;
            }
            let host = if self.config.pid_namespaces { self.pids.host(tid, pid.abs(), &tasks) } else { None };
            let named = self.config.names && pid > 0;
            let comm = if named { self.names.of(host.unwrap_or(pid)) } else { None };
            if host.is_some() || comm.is_some() {
                notes.push(PidNote { pid, host: host.unwrap_or(pid), comm });
            }
        }
    }

    /// Adds to the call of `tid` what is known of the process ids that decoding saw.
    fn note_pids(&mut self, tid: i32) {
        let Some(task) = self.tasks.get_mut(&tid) else { return };
        let mut notes = std::mem::take(&mut task.call.pids);
        self.add_pid_notes(tid, &mut notes);
        if let Some(task) = self.tasks.get_mut(&tid) {
            task.call.pids = notes;
        }
    }

    /// Tells what a task is called where that is news.
    pub(super) fn tell_name(&mut self, tid: i32) {
        if self.config.names
            && let Some(name) = self.names.news(tid)
        {
            self.tell(|sink| sink.named(Tid(tid), &name));
        }
    }

    /// A task is stopped at a call: what the tools make of it.
    pub(super) fn syscall(&mut self, tid: i32, info: ptrace::SyscallInfo) -> (Verdict, Hand) {
        let mut hand = Hand::new(tid);
        let verdict = self.boundary(tid, info, &mut hand);
        (verdict, hand)
    }

    fn boundary(&mut self, tid: i32, info: ptrace::SyscallInfo, hand: &mut Hand) -> Verdict {
        match info {
            ptrace::SyscallInfo::Entry { arch, ip, sp, nr, args } => {
                let (abi, nr) = Abi::of_call(arch, nr).unwrap_or((Abi::X86_64, nr));
                let regs = Regs { abi, nr, args, ip, sp, resumes: None };
                let verdict = self.entered(tid, regs, hand);
                if self.yields(tid, &regs) { Verdict::Release.max(verdict) } else { verdict }
            }
            ptrace::SyscallInfo::Seccomp { arch, ip, sp, nr, args, data } => {
                if data != u32::from(program::MARK) {
                    // A filter of its own asks a tracer that it would not have: no such call.
                    ptrace::skip_syscall(tid).ok();
                }
                if self.tasks.get(&tid).is_none_or(|task| task.full) {
                    return Verdict::Go;
                }
                let (abi, nr) = Abi::of_call(arch, nr).unwrap_or((Abi::X86_64, nr));
                self.entered(tid, Regs { abi, nr, args, ip, sp, resumes: None }, hand)
            }
            ptrace::SyscallInfo::Exit { value, failed } => self.left(tid, Outcome { value, failed }, hand),
            ptrace::SyscallInfo::None => Verdict::Go,
        }
    }

    fn entered(&mut self, tid: i32, regs: Regs, hand: &mut Hand) -> Verdict {
        let stamp = self.stamp();
        let Some(task) = self.tasks.get_mut(&tid) else { return Verdict::Go };
        task.inside = true;
        let switched = task.abi != regs.abi;
        task.abi = regs.abi;
        let begins = || matches!(numbers::name(regs.abi, regs.nr), Some("execve" | "execveat"));
        let starts = !task.launching || begins();
        task.reported = starts && self.config.wanted.has(regs.abi, regs.nr);
        task.handled = starts && self.tools.iter().any(|(wish, _)| wish.sees(task.reported, &regs));
        let changes = self.stacks.entered(tid, &regs);
        let shapes_rings = self.rings.entered(tid, &regs);
        task.asked = self.placement.asked(tid, regs.abi, regs.nr, &regs.args);
        if !task.full {
            // SECCOMP_FILTER_FLAG_TSYNC gives the filter to every thread; prctl has no such flag.
            let loads = program::loads_filter(regs.abi, regs.nr, regs.args[0]);
            task.loading = loads.then_some(regs.args[0] == 1 && regs.args[1] & 1 != 0);
            task.inside = loads
                || changes
                || shapes_rings
                || task.asked.is_some()
                || task.handled
                || task.reported && !self.entries_only;
        }
        if switched {
            self.tell(|sink| sink.note(Tid(tid), Note::Personality(regs.abi), stamp));
        }
        if self.config.numbers {
            self.tell(|sink| sink.numbered(Tid(tid), regs.abi.kernel_number(regs.nr)));
        }
        let Some(task) = self.tasks.get_mut(&tid) else { return Verdict::Go };
        if !task.reported && !task.handled {
            return Verdict::Go;
        }
        let call = &mut *task.call;
        begin(call, regs, stamp);
        if call.signature.is_some_and(|signature| signature.name == "restart_syscall") {
            call.regs.resumes = task.previous;
        }
        call.system_ns = self.system_ns;
        decode::demultiplex(call, Live::new(tid));
        let mut verdict = Verdict::Go;
        if task.handled {
            for (_, tool) in self.tools.iter_mut().filter(|(wish, _)| wish.sees(task.reported, &regs)) {
                verdict = verdict.max(tool.entry(call, hand));
            }
            say(&mut self.sinks, hand);
        }
        if !task.reported {
            return verdict;
        }
        self.stacks.before(task.launching, call);
        look(call, &mut self.fds, &self.clocks, &self.config.capture, &mut self.quiet);
        let enters = self.rings.enters(&call.regs);
        self.fds.entered(tid, &call.regs);
        if self.notes_pids() {
            self.tell_name(tid);
            self.note_pids(tid);
        }
        self.extras_entered(tid);
        if enters {
            self.ring_entered(tid);
        }
        let Some(task) = self.tasks.get(&tid) else { return Verdict::Go };
        let call = &*task.call;
        for sink in &mut self.sinks {
            sink.entered(call);
        }
        if self.entries_only
            && let Some(task) = self.tasks.get_mut(&tid)
        {
            task.reported = false;
        }
        verdict
    }

    /// Whether a task that makes this call is let go: it wants to be traced by its parent. A filter's answers would go
    /// on without the tracer that it needs, so that a task with one stays.
    fn yields(&self, tid: i32, regs: &Regs) -> bool {
        let free = self.tasks.get(&tid).is_some_and(|task| task.full && !task.launching);
        if !(self.config.yields && free && asks_for_tracer(regs)) {
            return false;
        }
        // Whoever has this tracer for a parent asks for what it has.
        let parent = process::status_field(tid, "PPid").and_then(|pid| pid.parse().ok());
        parent.is_some_and(|pid: i32| self.tasks.contains_key(&pid))
    }

    /// A task has loaded a filter of its own, which from now on may answer calls before ours is heard: it, what
    /// it starts, and with `all` its sibling threads are stopped at every call.
    fn filter_loaded(&mut self, tid: i32, all: bool) {
        self.full = true;
        for (&other, task) in &mut self.tasks {
            if other == tid || all && !task.full {
                task.full = true;
            }
            if all && other != tid {
                ptrace::interrupt(other).ok();
            }
        }
    }

    fn left(&mut self, tid: i32, outcome: Outcome, hand: &mut Hand) -> Verdict {
        let stamp = self.stamp();
        let Some(task) = self.tasks.get_mut(&tid) else { return Verdict::Go };
        let reported = task.inside && task.reported;
        let handled = task.inside && std::mem::take(&mut task.handled);
        task.inside = false;
        task.reported = false;
        let asked = task.asked.take().filter(|_| !outcome.failed);
        let loaded = task.loading.take().filter(|_| !outcome.failed);
        let switched = task.switched.take();
        self.fds.left(tid, !outcome.failed);
        self.rings.left(tid, outcome);
        self.stacks.after(reported, &mut task.call);
        if let Some(asked) = asked {
            self.placement.answered(tid, asked, outcome.value);
        }
        if let Some(all_threads) = loaded {
            self.filter_loaded(tid, all_threads);
        }
        let Some(task) = self.tasks.get_mut(&tid) else { return Verdict::Go };
        let call = &mut *task.call;
        let (mut verdict, mut outcome) = (Verdict::Go, outcome);
        if handled {
            let regs = call.regs;
            for (_, tool) in self.tools.iter_mut().filter(|(wish, _)| wish.sees(reported, &regs)) {
                verdict = verdict.max(tool.exit(call, &mut outcome, hand));
            }
            say(&mut self.sinks, hand);
        }
        if !reported {
            return verdict;
        }
        call.outcome = Some(outcome);
        call.system_ns = self.system_ns.saturating_sub(call.system_ns);
        task.previous = call.signature.map(|signature| signature.name);
        call.left = stamp;
        let quiet = &mut self.quiet;
        quiet.clear();
        decode::touch_exit(call, Live::new(tid), &self.config.capture, quiet);
        self.fds.note(tid, &quiet.fds, true, &mut call.fds);
        let ring = call.ring.is_some();
        if self.config.pid_namespaces || self.config.names {
            if !outcome.failed && call.signature.is_some_and(|s| matches!(s.ret.shape, Shape::Pid)) {
                quiet.pids.push(outcome.value as i32);
            }
            if call.signature.is_some_and(|s| s.name == "prctl") {
                self.names.doubt(tid);
            }
            self.tell_name(tid);
            self.note_pids(tid);
        }
        self.extras_left(tid, outcome);
        if ring {
            self.ring_left(tid, outcome);
        }
        let Some(task) = self.tasks.get(&tid) else { return Verdict::Go };
        let call = &*task.call;
        for sink in &mut self.sinks {
            sink::left(sink.as_mut(), call);
        }
        if let Some(abi) = switched {
            for sink in &mut self.sinks {
                sink.note(Tid(tid), Note::Personality(abi), stamp);
            }
        }
        verdict
    }
}

/// Says what tools have to say, on standard error.
fn say(sinks: &mut [Box<dyn Sink>], hand: &mut Hand) {
    for text in hand.remarks.drain(..) {
        sinks.iter_mut().for_each(|sink| sink.flush());
        eprintln!("{text}");
    }
}

/// Keeps what decoding needs of a call that is entered: memory, and what its descriptors are open on.
fn look(call: &mut Call, fds: &mut Fds, clocks: &Clocks, options: &decode::Options, quiet: &mut Quiet) {
    let Tid(tid) = call.tid;
    quiet.clear();
    decode::touch_entry(call, Live::new(tid), options, quiet);
    // Messages of netlink are looked at whole, which is known only of what the first look saw.
    if let Some(fd) = decode::netlink_descriptor(call)
        && fds.netlink(tid, fd, &mut call.fds)
    {
        quiet.clear();
        decode::touch_entry(call, Live::new(tid), options, quiet);
    }
    fds.note(tid, &quiet.fds, false, &mut call.fds);
    fds.note_foreign(tid, &quiet.foreign, &mut call.fds);
    name_descriptors(fds, clocks, call);
}

/// A call begins in the buffers of the one before.
fn begin(call: &mut Call, regs: Regs, at: Stamp) {
    call.regs = regs;
    call.signature = signatures::lookup(regs.abi, regs.nr);
    call.outcome = None;
    call.entered = at;
    call.after.clear();
    call.fds.clear();
    call.pids.clear();
    call.ring = None;
    call.extra = None;
    call.tampered = Tampered::default();
}

/// Notes what the descriptors are open on of which a call's values depend, whatever is wanted.
fn name_descriptors(fds: &mut Fds, clocks: &Clocks, call: &mut Call) {
    if let Some(fd) = decode::asking(call) {
        fds.name(call.tid.0, fd, &mut call.fds);
    }
    if decode::described(call).is_some() {
        // Times since the machine was started are told by the clocks.
        call.entered = clocks.now();
    }
}

/// Whether a call is ptrace(PTRACE_TRACEME).
fn asks_for_tracer(regs: &Regs) -> bool {
    regs.args[0] == 0 && numbers::name(regs.abi, regs.nr) == Some("ptrace")
}
