//! What is asked of a process when it starts and when it runs another program; nothing where no sink wants it.

use super::Engine;
use super::sink::Processes;
use crate::event::{Program, Started, Tid};
use crate::sys::process;

impl Engine {
    /// Tells of a task that is traced from now on, which is stopped.
    pub(super) fn tell_started(&mut self, tid: i32, attached: bool) {
        if self.processes == Processes::None {
            return;
        }
        let fields = process::status_fields(tid, ["Tgid", "PPid"]).unwrap_or_default();
        let [process, parent] = fields.map(|field| field.and_then(|text| text.parse().ok()));
        let (process, parent) = (process.unwrap_or(tid), parent.unwrap_or(0));
        let at = self.stamp();
        let started = Started { tid: Tid(tid), process: Tid(process), parent: Tid(parent), attached, at };
        self.tell(|sink| sink.started(&started));
        if attached && process == tid {
            self.tell_program(tid, true);
        }
    }

    /// Tells what process `pid`, which is stopped, runs now.
    pub(super) fn tell_program(&mut self, pid: i32, attached: bool) {
        if self.processes == Processes::None {
            return;
        }
        let words = |name| process::words(pid, name).unwrap_or_default();
        let program = Program {
            process: Tid(pid),
            exe: process::link(pid, "exe").unwrap_or_default(),
            argv: words("cmdline"),
            env: (self.processes == Processes::Environments).then(|| words("environ")),
            cwd: process::link(pid, "cwd").unwrap_or_default(),
            comm: process::comm(pid).unwrap_or_default(),
            attached,
            at: self.stamp(),
        };
        self.tell(|sink| sink.executed(&program));
    }
}
