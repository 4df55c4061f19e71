//! Process ids across pid namespaces: which of the tracer's ids a tracee's id is.
//!
//! A task's `NSpid` line lists its ids from the reader's namespace down to its own. An id that a tracee
//! names is looked for first among the traced tasks, then in all of /proc, at the depth of the tracee's
//! namespace. It is asked only when somebody wants it. A task never changes its own pid namespace, so that what
//! is known of a traced task holds while it lives. Source: pid_namespaces(7), proc(5).

use std::collections::HashMap;
use std::fs;

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
    /// Ids of traced tasks.
    traced: HashMap<i32, Option<Ids>>,
    found: HashMap<(String, i32), i32>,
}

impl Pids {
    /// A task is traced no longer, or goes by another id.
    pub(super) fn forget(&mut self, tid: i32) {
        self.traced.remove(&tid);
    }

    /// The tracer's id of the task that `tid` knows as `pid`; `None` where that is the same, or not to be found.
    /// `tasks` are the traced ones.
    pub(super) fn host(&mut self, tid: i32, pid: i32, tasks: &impl Fn() -> Vec<i32>) -> Option<i32> {
        let own = self.own.get_or_insert_with(|| {
            let link = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
            link.to_string_lossy().into_owned()
        });
        let observer = self.traced.entry(tid).or_insert_with(|| ids(tid)).clone();
        let observer = observer.filter(|ids| ids.namespace != *own && ids.levels.len() > 1)?;
        self.look_for(&observer, pid, tasks)
    }

    fn look_for(&mut self, observer: &Ids, pid: i32, tasks: &impl Fn() -> Vec<i32>) -> Option<i32> {
        let key = (observer.namespace.clone(), pid);
        let is_it = |candidate: i32| ids(candidate).is_some_and(|ids| is(&ids, observer, pid));
        if let Some(&known) = self.found.get(&key)
            && (self.traced.contains_key(&known) || is_it(known))
        {
            return Some(known);
        }
        let traced = tasks().into_iter().find(|&candidate| is_it(candidate));
        if let Some(host) = traced {
            self.traced.insert(host, ids(host));
        }
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
