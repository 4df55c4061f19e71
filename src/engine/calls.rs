//! A call from its entry to its return: what is captured of it, and who is told.

use syscall_tables::abi::{Abi, numbers};
use syscall_tables::model::Shape;
use syscall_tables::signatures;

use super::Engine;
use super::fds::Fds;
use super::tool::Verdict;
use crate::decode;
use crate::event::{Call, FdNote, Note, Outcome, Regs, Tid};
use crate::filter::program;
use crate::memory::Live;
use crate::sys::ptrace;

/// The kernel's errno of a call that restart_syscall resumes.
const ERESTART_RESTARTBLOCK: u32 = 516;

impl Engine {
    /// Translates the process ids that decoding saw, those of the entry again with those of the exit.
    fn note_pids(&mut self, tid: i32) {
        let tasks = || self.tasks.keys().copied().collect();
        let notes = self.pids.notes(tid, &self.quiet.pids, tasks);
        if let Some(task) = self.tasks.get_mut(&tid) {
            let known = &mut task.call.pids;
            known.extend(notes.into_iter().filter(|note| !known.contains(note)).collect::<Vec<_>>());
        }
    }

    pub(super) fn syscall(&mut self, tid: i32, info: ptrace::SyscallInfo) -> Verdict {
        match info {
            ptrace::SyscallInfo::Entry { arch, ip, sp, nr, args } => {
                let abi = Abi::from_audit_arch(arch).unwrap_or(Abi::X86_64);
                self.entered(tid, Regs { abi, nr, args, ip, sp, resumes: None })
            }
            ptrace::SyscallInfo::Seccomp { arch, ip, sp, nr, args, data } => {
                if data != u32::from(program::MARK) {
                    // A filter of its own asks a tracer that it would not have: no such call.
                    ptrace::skip_syscall(tid).ok();
                }
                if self.tasks.get(&tid).is_none_or(|task| task.full) {
                    return Verdict::Go;
                }
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
        let begins = || matches!(numbers::name(regs.abi, regs.nr), Some("execve" | "execveat"));
        let starts = !task.launching || begins();
        task.reported = starts && self.config.wanted.has(regs.abi, regs.nr);
        let changes = self.stacks.entered(tid, &regs);
        task.asked = self.placement.asked(tid, regs.abi, regs.nr, &regs.args);
        if !task.full {
            // SECCOMP_FILTER_FLAG_TSYNC gives the filter to every thread; prctl has no such flag.
            let loads = program::loads_filter(regs.abi, regs.nr, regs.args[0]);
            task.loading = loads.then_some(regs.args[0] == 1 && regs.args[1] & 1 != 0);
            task.inside = loads || changes || task.asked.is_some() || task.reported && !self.entries_only;
        }
        if switched {
            self.tell(|sink| sink.note(Tid(tid), Note::Personality(regs.abi), stamp));
        }
        let Some(task) = self.tasks.get_mut(&tid) else { return Verdict::Go };
        if !task.reported {
            self.fds.entered(tid, regs.abi, regs.nr, &regs.args);
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
        self.stacks.before(task.launching, call);
        decode::demultiplex(call, Live::new(tid));
        let quiet = &mut self.quiet;
        quiet.fds.clear();
        quiet.pids.clear();
        decode::touch_entry(call, Live::new(tid), &self.config.capture, quiet);
        note_fds(call, &mut self.fds, self.config.fd_targets, &quiet.fds);
        if self.config.pid_namespaces {
            self.note_pids(tid);
        }
        // What the call changes holds when it goes on, not yet.
        self.fds.entered(tid, regs.abi, regs.nr, &regs.args);
        let Some(task) = self.tasks.get(&tid) else { return Verdict::Go };
        let call = &*task.call;
        for sink in &mut self.sinks {
            sink.entered(call);
        }
        let verdict = self.tools.iter_mut().map(|tool| tool.entry(call)).max().unwrap_or(Verdict::Go);
        if self.entries_only
            && let Some(task) = self.tasks.get_mut(&tid)
        {
            task.reported = false;
        }
        verdict
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

    fn left(&mut self, tid: i32, outcome: Outcome) -> Verdict {
        let stamp = self.stamp();
        self.fds.left(tid);
        let Some(task) = self.tasks.get_mut(&tid) else { return Verdict::Go };
        let reported = task.inside && task.reported;
        task.inside = false;
        task.reported = false;
        let asked = task.asked.take().filter(|_| !outcome.failed);
        let loaded = task.loading.take().filter(|_| !outcome.failed);
        let switched = task.switched.take();
        self.stacks.after(reported, &mut task.call);
        if let Some(asked) = asked {
            self.placement.answered(tid, asked, outcome.value);
        }
        if let Some(all_threads) = loaded {
            self.filter_loaded(tid, all_threads);
        }
        let Some(task) = self.tasks.get_mut(&tid) else { return Verdict::Go };
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
        note_fds(call, &mut self.fds, self.config.fd_targets, &quiet.fds);
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
        if let Some(abi) = switched {
            for sink in &mut self.sinks {
                sink.note(Tid(tid), Note::Personality(abi), stamp);
            }
        }
        self.tools.iter_mut().map(|tool| tool.exit(call)).max().unwrap_or(Verdict::Go)
    }
}

/// Adds what the descriptors that decoding saw are open on, unless already known.
fn note_fds(call: &mut Call, known: &mut Fds, wanted: bool, fds: &[i32]) {
    if !wanted {
        return;
    }
    for &fd in fds {
        if call.fds.iter().any(|note| note.fd == fd) {
            continue;
        }
        if let Some(target) = known.target(call.tid.0, fd) {
            call.fds.push(FdNote { fd, target });
        }
    }
}
