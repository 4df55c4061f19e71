//! What tasks are called (comm), kept as long as nothing can have changed it.
//!
//! A task's name changes by execve, by prctl(PR_SET_NAME) and by a write to /proc/PID/task/TID/comm, its own or a
//! stranger's; so a name is asked for again at these and after [`FRESH_NS`]. Source: proc_pid_comm(5).

use std::collections::HashMap;
use std::sync::Arc;

use crate::sys::{clock, process};

/// How long a name is believed, in nanoseconds.
const FRESH_NS: u64 = 10_000_000;

/// The names of traced tasks.
#[derive(Debug, Default)]
pub(super) struct Names {
    known: HashMap<i32, (Arc<[u8]>, u64)>,
}

impl Names {
    /// What traced task `tid` is called, if that is not what it was called when last asked.
    pub(super) fn news(&mut self, tid: i32) -> Option<Arc<[u8]>> {
        let now = clock::coarse_ns();
        let known = self.known.get_mut(&tid);
        if known.as_ref().is_some_and(|(_, asked)| now.saturating_sub(*asked) < FRESH_NS) {
            return None;
        }
        let comm = process::comm(tid)?;
        match known {
            Some((name, asked)) if **name == *comm => {
                *asked = now;
                None
            }
            _ => {
                let name: Arc<[u8]> = comm.into();
                self.known.insert(tid, (Arc::clone(&name), now));
                Some(name)
            }
        }
    }

    /// What task `tid`, traced or not, is called.
    pub(super) fn of(&self, tid: i32) -> Option<Arc<[u8]>> {
        let now = clock::coarse_ns();
        match self.known.get(&tid) {
            Some((name, asked)) if now.saturating_sub(*asked) < FRESH_NS => Some(Arc::clone(name)),
            _ => process::comm(tid).map(Into::into),
        }
    }

    /// The task may be called otherwise now.
    pub(super) fn doubt(&mut self, tid: i32) {
        if let Some((_, asked)) = self.known.get_mut(&tid) {
            *asked = 0;
        }
    }

    /// The task is traced no longer, or goes by another id.
    pub(super) fn forget(&mut self, tid: i32) {
        self.known.remove(&tid);
    }
}
