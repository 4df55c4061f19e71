//! Which process a task belongs to, who started it and what it runs, as the events tell it.
//!
//! Ids of processes are used again by the kernel; a process has a serial number of its own here. A task that was
//! never announced (its recording begins in the middle) is a process by itself.

use std::collections::HashMap;

use crate::event::{Program, Stamp, Started, Tid};
use crate::output::shell;

/// A process.
#[derive(Debug, Clone, Default)]
pub(super) struct Process {
    /// Its number here, from 1 in the order of appearance.
    pub serial: u64,
    /// Its id as the kernel has it.
    pub pid: i32,
    /// The process that started it, where that is traced.
    pub parent: Option<u64>,
    /// That process's id, whether it is traced or not; 0 where it is not known.
    pub parent_pid: i32,
    /// What it runs; nothing until its first execve, unless it was attached to.
    pub program: Option<Program>,
    /// What the task is called: a child goes by its parent's name until it runs a program.
    pub comm: Vec<u8>,
    /// When it was seen first.
    pub begun: Stamp,
    /// What it runs from its next call on: the execve that changed it is still the former program's.
    next: Option<Program>,
    tasks: u32,
}

impl Process {
    /// A short name: that of the program without directories, or the task's.
    pub fn name(&self) -> String {
        let program = self.program.as_ref().and_then(|program| program.argv.first());
        let name = program.map(|word| shell::base(word)).filter(|name| !name.is_empty());
        match name.unwrap_or(&self.comm) {
            [] => format!("process {}", self.pid),
            name => shell::shown(name),
        }
    }

    fn settle(&mut self) {
        if let Some(next) = self.next.take() {
            self.comm.clone_from(&next.comm);
            self.program = Some(next);
        }
    }
}

/// A task that was announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrival {
    /// The first of its process.
    Process,
    /// A further thread.
    Thread,
    /// It was known already.
    Known,
}

/// All processes that live.
#[derive(Debug, Default)]
pub(super) struct Roster {
    tasks: HashMap<Tid, u64>,
    processes: HashMap<u64, Process>,
    last: u64,
}

impl Roster {
    /// A task is there.
    pub fn started(&mut self, started: &Started) -> Arrival {
        if self.tasks.contains_key(&started.tid) {
            return Arrival::Known;
        }
        if started.tid != started.process
            && let Some(&serial) = self.tasks.get(&started.process)
        {
            self.tasks.insert(started.tid, serial);
            if let Some(process) = self.processes.get_mut(&serial) {
                process.tasks += 1;
            }
            return Arrival::Thread;
        }
        let parent = self.tasks.get(&started.parent).copied();
        let above = parent.and_then(|serial| self.processes.get(&serial));
        // What the parent is about to run is none of the child's.
        let (comm, program) = above.map(|a| (a.comm.clone(), a.program.clone())).unwrap_or_default();
        let serial = self.add(started.process);
        let tasks = if started.tid == started.process { 1 } else { 2 };
        self.tasks.insert(started.tid, serial);
        let process = self.processes.entry(serial).or_default();
        *process = Process {
            parent,
            parent_pid: started.parent.0,
            comm,
            program,
            begun: started.at,
            tasks,
            ..std::mem::take(process)
        };
        Arrival::Process
    }

    fn add(&mut self, process: Tid) -> u64 {
        self.last += 1;
        let serial = self.last;
        self.tasks.insert(process, serial);
        self.processes.insert(serial, Process { serial, pid: process.0, tasks: 1, ..Process::default() });
        serial
    }

    /// The process of a task.
    pub fn of(&mut self, tid: Tid) -> &mut Process {
        let serial = match self.tasks.get(&tid) {
            Some(&serial) => serial,
            None => self.add(tid),
        };
        self.processes.entry(serial).or_default()
    }

    /// A process runs another program, from its next call on.
    pub fn executed(&mut self, program: &Program) {
        let process = self.of(program.process);
        process.next = Some(program.clone());
        if program.attached {
            process.settle();
        }
    }

    /// A task begins its next call.
    pub fn entered(&mut self, tid: Tid) {
        self.of(tid).settle();
    }

    /// Thread `from` goes by the id `to` of its process from now on.
    pub fn renamed(&mut self, from: Tid, to: Tid) {
        if let Some(serial) = self.tasks.remove(&from) {
            self.tasks.insert(to, serial);
        }
    }

    /// A task ended; the process that ended with it.
    pub fn ended(&mut self, tid: Tid) -> Option<Process> {
        let serial = self.tasks.remove(&tid)?;
        let process = self.processes.get_mut(&serial)?;
        process.tasks = process.tasks.saturating_sub(1);
        if process.tasks > 0 {
            return None;
        }
        process.settle();
        self.processes.remove(&serial)
    }

    /// All that live, in the order of appearance; none is left.
    pub fn rest(&mut self) -> Vec<Process> {
        self.tasks.clear();
        let mut rest: Vec<Process> = std::mem::take(&mut self.processes).into_values().collect();
        rest.iter_mut().for_each(Process::settle);
        rest.sort_by_key(|process| process.serial);
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started(tid: i32, process: i32, parent: i32) -> Started {
        Started {
            tid: Tid(tid),
            process: Tid(process),
            parent: Tid(parent),
            attached: false,
            at: Stamp::default(),
        }
    }

    fn runs(process: i32, name: &str) -> Program {
        let argv = vec![format!("/bin/{name}").into_bytes()];
        Program { process: Tid(process), argv, comm: name.into(), ..Program::default() }
    }

    #[test]
    fn ids_that_are_used_again_are_other_processes() {
        let mut roster = Roster::default();
        assert_eq!(roster.started(&started(10, 10, 1)), Arrival::Process);
        assert_eq!(roster.started(&started(11, 10, 1)), Arrival::Thread);
        assert_eq!(roster.started(&started(11, 10, 1)), Arrival::Known);
        assert!(roster.ended(Tid(11)).is_none());
        assert_eq!(roster.ended(Tid(10)).map(|p| p.serial), Some(1));
        assert!(roster.ended(Tid(10)).is_none());
        assert_eq!(roster.started(&started(10, 10, 1)), Arrival::Process);
        assert_eq!(roster.of(Tid(10)).serial, 2);
        // Never announced.
        assert_eq!((roster.of(Tid(99)).serial, roster.of(Tid(99)).pid), (3, 99));
        assert_eq!(roster.rest().iter().map(|p| p.pid).collect::<Vec<_>>(), [10, 99]);
    }

    #[test]
    fn a_child_goes_by_its_parents_name_until_it_runs_a_program() {
        let mut roster = Roster::default();
        roster.started(&started(10, 10, 1));
        roster.executed(&runs(10, "sh"));
        assert_eq!(roster.of(Tid(10)).name(), "process 10");
        roster.entered(Tid(10));
        roster.started(&started(20, 20, 10));
        assert_eq!((roster.of(Tid(20)).name(), roster.of(Tid(20)).parent), ("sh".into(), Some(1)));
        roster.executed(&runs(20, "ls"));
        assert_eq!(roster.of(Tid(20)).name(), "sh", "until the execve is over");
        assert_eq!(roster.ended(Tid(20)).map(|p| p.name()), Some("ls".into()));
    }

    #[test]
    fn a_thread_that_runs_a_program_is_the_process() {
        let mut roster = Roster::default();
        roster.started(&started(10, 10, 1));
        roster.started(&started(11, 10, 1));
        assert!(roster.ended(Tid(10)).is_none());
        roster.renamed(Tid(11), Tid(10));
        assert_eq!(roster.ended(Tid(10)).map(|p| p.serial), Some(1));
    }
}
