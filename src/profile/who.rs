//! Which program a task runs: threads by their process, processes by the file that they executed last.
//!
//! A process that was forked runs its parent's program until its own execve, so that what happens between the two is
//! put down to the program whose code it is. Told by events alone; keeps names, not arguments.

use std::collections::HashMap;

use crate::event::{End, Program, Started, Tid};

/// Most programs that are told apart; the rest share the last name.
const MOST: usize = 4096;

/// What a task runs before its first execve: the launcher's own code.
const NOTHING_YET: usize = 0;

/// Tasks and what they run.
#[derive(Debug)]
pub struct Who {
    processes: HashMap<Tid, Tid>,
    runs: HashMap<Tid, usize>,
    names: Vec<Vec<u8>>,
    index: HashMap<Vec<u8>, usize>,
}

impl Default for Who {
    fn default() -> Self {
        Self {
            processes: HashMap::new(),
            runs: HashMap::new(),
            names: vec![Vec::new()],
            index: HashMap::new(),
        }
    }
}

impl Who {
    /// A task is there; the program that a new process begins with.
    pub fn started(&mut self, started: &Started) -> Option<usize> {
        self.processes.insert(started.tid, started.process);
        if started.tid != started.process {
            return None;
        }
        let program = self.runs.get(&started.parent).copied().unwrap_or(NOTHING_YET);
        self.runs.insert(started.process, program);
        Some(program)
    }

    /// A process runs another program: which.
    pub fn executed(&mut self, program: &Program) -> usize {
        let name = [&program.exe, program.argv.first().unwrap_or(&program.comm), &program.comm]
            .into_iter()
            .find(|name| !name.is_empty());
        let name = name.cloned().unwrap_or_else(|| b"?".to_vec());
        let known = self.index.get(&name).copied();
        let index = known.unwrap_or_else(|| {
            if self.names.len() == MOST {
                return MOST - 1;
            }
            self.names.push(if self.names.len() == MOST - 1 { b"(others)".to_vec() } else { name.clone() });
            self.index.insert(name, self.names.len() - 1);
            self.names.len() - 1
        });
        self.runs.insert(program.process, index);
        index
    }

    /// A thread goes by the id of its process from now on.
    pub fn renamed(&mut self, from: Tid, to: Tid) {
        self.processes.remove(&from);
        self.processes.insert(to, to);
    }

    /// A task has ended.
    pub fn ended(&mut self, tid: Tid, end: End) {
        if matches!(end, End::Superseded { .. }) {
            return;
        }
        if self.processes.remove(&tid) == Some(tid) {
            self.runs.remove(&tid);
        }
    }

    /// The program of a task.
    pub fn of(&self, tid: Tid) -> usize {
        let process = self.processes.get(&tid).copied().unwrap_or(tid);
        self.runs.get(&process).copied().unwrap_or(NOTHING_YET)
    }

    /// The process of a task.
    pub fn process(&self, tid: Tid) -> Tid {
        self.processes.get(&tid).copied().unwrap_or(tid)
    }

    /// The file of a program; empty for what ran before the first execve.
    pub fn name(&self, program: usize) -> &[u8] {
        self.names.get(program).map_or(b"", Vec::as_slice)
    }

    /// The number of programs, what ran before the first execve among them.
    pub fn count(&self) -> usize {
        self.names.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started(tid: i32, process: i32, parent: i32) -> Started {
        let (tid, process, parent) = (Tid(tid), Tid(process), Tid(parent));
        Started { tid, process, parent, attached: false, at: Default::default() }
    }

    fn program(pid: i32, exe: &str) -> Program {
        Program { process: Tid(pid), exe: exe.into(), ..Program::default() }
    }

    #[test]
    fn a_fork_runs_its_parents_program_until_its_execve() {
        let mut who = Who::default();
        assert_eq!(who.started(&started(10, 10, 1)), Some(NOTHING_YET));
        let sh = who.executed(&program(10, "/bin/sh"));
        assert_eq!(who.started(&started(11, 11, 10)), Some(sh));
        assert_eq!(who.started(&started(12, 11, 10)), None, "a thread is no process");
        assert_eq!((who.of(Tid(11)), who.of(Tid(12))), (sh, sh));
        who.renamed(Tid(12), Tid(11));
        let cat = who.executed(&program(11, "/bin/cat"));
        assert_eq!((who.of(Tid(11)), who.of(Tid(10)), who.name(cat)), (cat, sh, &b"/bin/cat"[..]));
        assert_eq!(who.executed(&program(10, "/bin/cat")), cat);
        who.ended(Tid(11), End::Exited(0));
        assert_eq!(who.of(Tid(11)), NOTHING_YET);
    }

    #[test]
    fn programs_without_end_share_a_name() {
        let mut who = Who::default();
        for at in 0..2 * MOST {
            who.executed(&program(10, &format!("/tmp/{at}")));
        }
        assert_eq!((who.count(), who.name(who.of(Tid(10)))), (MOST, &b"(others)"[..]));
    }
}
