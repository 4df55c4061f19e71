//! Who is who while a recording is read in order: processes by a number of their own, and the tasks that belong to
//! them. A process id may be used again; the number is not.

use std::collections::HashMap;

use trace_tui::model::{Process, Span, Tone};

use crate::event::{End, Program, Stamp, Started, Tid};
use crate::output::{shell, spans, units};

/// Most processes that are listed; those behind are not.
pub const MOST_PROCESSES: usize = 100_000;
/// Longest command line that is kept, in characters.
const MOST_COMMAND: usize = 400;

#[derive(Debug, Clone, Default)]
struct Entry {
    pid: i32,
    parent: Option<usize>,
    command: String,
    started_ns: u64,
    ended: Option<(End, u64)>,
    /// Tasks that live.
    tasks: u32,
    calls: u64,
    errors: u64,
}

/// The processes so far.
#[derive(Debug, Default)]
pub struct Census {
    entries: Vec<Entry>,
    tasks: HashMap<Tid, usize>,
}

impl Census {
    /// A task is there.
    pub fn started(&mut self, started: &Started) {
        if let Some(&process) = self.tasks.get(&started.process)
            && started.tid != started.process
        {
            self.entries[process].tasks += 1;
            self.tasks.insert(started.tid, process);
            return;
        }
        if self.tasks.contains_key(&started.tid) && started.tid == started.process {
            // Told twice, as at the beginning of a ring.
            return;
        }
        let parent = self.tasks.get(&started.parent).copied();
        self.add(started.tid, started.process.0, parent, started.at);
    }

    fn add(&mut self, tid: Tid, pid: i32, parent: Option<usize>, at: Stamp) -> Option<usize> {
        if self.entries.len() >= MOST_PROCESSES {
            return None;
        }
        // Until it runs something of its own it is what its parent is.
        let command = parent.map(|parent| self.entries[parent].command.clone()).unwrap_or_default();
        let started_ns = at.mono_ns;
        self.entries.push(Entry { pid, parent, command, started_ns, tasks: 1, ..Entry::default() });
        let id = self.entries.len() - 1;
        self.tasks.insert(tid, id);
        Some(id)
    }

    /// The process of a task; one that nobody told of is new.
    pub fn of(&mut self, tid: Tid, at: Stamp) -> Option<usize> {
        match self.tasks.get(&tid) {
            Some(&id) => Some(id),
            None => self.add(tid, tid.0, None, at),
        }
    }

    /// Whether `id` is `root` or was started by it, directly or not.
    pub fn is_below(&self, id: usize, root: usize) -> bool {
        let mut at = Some(id);
        // Parents come before their children, so that this ends.
        while let Some(id) = at.filter(|id| *id >= root) {
            if id == root {
                return true;
            }
            at = self.entries.get(id).and_then(|entry| entry.parent);
        }
        false
    }

    /// A process runs another program.
    pub fn executed(&mut self, program: &Program) {
        let Some(id) = self.of(program.process, program.at) else { return };
        let mut command = String::new();
        for (at, word) in program.argv.iter().enumerate() {
            if at > 0 {
                command.push(' ');
            }
            if command.len() > MOST_COMMAND {
                command.push_str("...");
                break;
            }
            shell::word(&mut command, &word[..word.len().min(MOST_COMMAND)]);
        }
        if command.is_empty() {
            command = shell::shown(&program.exe);
        }
        self.entries[id].command = command;
    }

    /// A task made a call.
    pub fn called(&mut self, id: usize, failed: bool) {
        if let Some(entry) = self.entries.get_mut(id) {
            entry.calls += 1;
            entry.errors += u64::from(failed);
        }
    }

    /// A task ended.
    pub fn ended(&mut self, tid: Tid, end: End, at: Stamp) {
        let Some(id) = self.tasks.remove(&tid) else { return };
        let entry = &mut self.entries[id];
        entry.tasks = entry.tasks.saturating_sub(1);
        if let End::Superseded { .. } = end {
            return;
        }
        if tid.0 == entry.pid || entry.tasks == 0 {
            entry.ended = Some((end, at.mono_ns));
        }
    }

    /// A task goes by another id.
    pub fn renamed(&mut self, from: Tid, to: Tid) {
        if let Some(process) = self.tasks.remove(&from) {
            self.tasks.insert(to, process);
        }
    }

    /// The list for the screen.
    pub fn list(&self) -> Vec<Process> {
        let shown = |(id, entry): (usize, &Entry)| Process {
            id,
            parent: entry.parent,
            pid: entry.pid,
            command: if entry.command.is_empty() { "?".into() } else { entry.command.clone() },
            ended: entry.ended.map(|(end, _)| ending(end)),
            took: entry
                .ended
                .map(|(_, at_ns)| units::duration(at_ns.saturating_sub(entry.started_ns)))
                .unwrap_or_default(),
            calls: entry.calls,
            errors: entry.errors,
        };
        self.entries.iter().enumerate().map(shown).collect()
    }
}

fn ending(end: End) -> Span {
    match end {
        End::Exited(0) => Span::new(Tone::Dim, "exit 0"),
        End::Exited(status) => Span::new(Tone::Bad, format!("exit {status}")),
        End::Killed { signo, .. } => {
            let name = u32::try_from(signo).ok().and_then(syscall_tables::signal::name);
            Span::new(Tone::Bad, name.map_or_else(|| format!("signal {signo}"), str::to_owned))
        }
        End::Detached | End::Superseded { .. } => Span::new(Tone::Dim, spans::ended(end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(census: &mut Census, tid: i32, process: i32, parent: i32) {
        let (tid, process, parent) = (Tid(tid), Tid(process), Tid(parent));
        census.started(&Started { tid, process, parent, attached: false, at: Stamp::default() });
    }

    #[test]
    fn ids_are_used_again_and_numbers_are_not() {
        let mut census = Census::default();
        start(&mut census, 10, 10, 1);
        start(&mut census, 11, 11, 10);
        start(&mut census, 12, 11, 10);
        assert_eq!(census.of(Tid(12), Stamp::default()), Some(1));
        census.ended(Tid(12), End::Exited(0), Stamp::default());
        census.ended(Tid(11), End::Exited(3), Stamp::default());
        start(&mut census, 11, 11, 10);
        assert_eq!(census.of(Tid(11), Stamp::default()), Some(2));
        assert_eq!(census.of(Tid(77), Stamp::default()), Some(3));
        let list = census.list();
        assert_eq!(list[1].ended, Some(Span::new(Tone::Bad, "exit 3")));
        assert_eq!((list[2].ended.clone(), list[2].parent), (None, Some(0)));
        assert!(census.is_below(2, 0) && census.is_below(2, 2) && !census.is_below(3, 0));
    }

    #[test]
    fn command_lines_are_escaped_and_short() {
        let mut census = Census::default();
        let argv = vec![b"a".to_vec(), b"\x1b[2J".to_vec(), vec![b'x'; 9000]];
        census.executed(&Program { process: Tid(5), argv, ..Program::default() });
        let command = census.list()[0].command.clone();
        assert!(command.starts_with("a $'\\033[2J' xxx"), "{command}");
        assert!(command.len() < 2 * MOST_COMMAND && !command.contains('\x1b'));
    }
}
