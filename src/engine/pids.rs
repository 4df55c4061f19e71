//! Process ids across pid namespaces: which of the tracer's ids a tracee's id is.
//!
//! A task's `NSpid` line lists its ids from the reader's namespace down to its own. An id that a tracee
//! names is looked for first among the traced tasks, then in all of /proc, at the depth of the tracee's
//! namespace. It is asked only when somebody wants it. Source: pid_namespaces(7), proc(5).

use std::collections::HashMap;
use std::fs;

use crate::event::PidNote;
use crate::sys::process;

/// The ids of a task, from the tracer's namespace down, and its namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Ids {
    levels: Vec<i32>,
    namespace: String,
}

fn ids(tid: i32) -> Option<Ids> {
    let line = process::status_field(tid, "NSpid")?;
    let levels = line.split_whitespace().map(str::parse).collect::<Result<Vec<i32>, _>>().ok()?;
    let namespace = fs::read_link(format!("/proc/{tid}/ns/pid")).ok()?.to_string_lossy().into_owned();
    Some(Ids { levels, namespace })
}

/// Answers, and what was found so far: observer's namespace and id to the tracer's id.
#[derive(Debug, Default)]
pub(super) struct Pids {
    own: Option<String>,
    found: HashMap<(String, i32), i32>,
}

impl Pids {
    /// Notes for those of `pids`, as task `tid` sees them, that have another number for the tracer; `tasks`
    /// are the traced ones.
    pub(super) fn notes(&mut self, tid: i32, pids: &[i32], tasks: impl Fn() -> Vec<i32>) -> Vec<PidNote> {
        let own = self.own.get_or_insert_with(|| {
            let link = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
            link.to_string_lossy().into_owned()
        });
        let Some(observer) = ids(tid).filter(|ids| ids.namespace != *own && ids.levels.len() > 1) else {
            return Vec::new();
        };
        let mut notes: Vec<PidNote> = Vec::new();
        // A negative id names a process group by its leader.
        for &pid in pids.iter().filter(|pid| **pid > 0 || **pid < -1) {
            if notes.iter().any(|note| note.pid == pid) {
                continue;
            }
            if let Some(host) = self.host(&observer, pid.abs(), &tasks) {
                notes.push(PidNote { pid, host });
            }
        }
        notes
    }

    fn host(&mut self, observer: &Ids, pid: i32, tasks: &impl Fn() -> Vec<i32>) -> Option<i32> {
        let key = (observer.namespace.clone(), pid);
        let is_it = |candidate: i32| ids(candidate).is_some_and(|ids| is(&ids, observer, pid));
        if let Some(&known) = self.found.get(&key)
            && is_it(known)
        {
            return Some(known);
        }
        let traced = tasks().into_iter().find(|&candidate| is_it(candidate));
        let host = traced.or_else(|| process::all().ok()?.into_iter().find(|&candidate| is_it(candidate)))?;
        self.found.insert(key, host);
        Some(host)
    }
}

/// Whether a task with `ids` is called `pid` in the namespace of `observer`.
fn is(ids: &Ids, observer: &Ids, pid: i32) -> bool {
    let depth = observer.levels.len() - 1;
    let same_depth = ids.levels.len() == observer.levels.len();
    // A task further down belongs to a namespace below, if the first ids agree on the way.
    ids.levels.get(depth) == Some(&pid) && (!same_depth || ids.namespace == observer.namespace)
}
