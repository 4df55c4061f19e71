//! What other processes do to the machine while the bench measures.
//!
//! A tracer and its tracee that wake each other across two CPUs are slow; on a busy machine they end up on one, and
//! strace looks better than on an idle one. So each row says how much of the CPUs others took.
//! Source: proc(5), /proc/stat; getrusage(2).

use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Part of the CPUs that others may take for the machine to count as calm.
const CALM: f64 = 0.1;
/// How long a look takes.
const LOOK: Duration = Duration::from_millis(100);

/// CPU time up to a moment, in seconds.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Of everybody, the hypervisor's other guests among them.
    busy: f64,
    /// Of everybody, idle time included.
    all: f64,
    /// Of this process and of its children that have ended.
    own: f64,
}

impl Load {
    /// Until now.
    pub fn now() -> Self {
        let text = fs::read_to_string("/proc/stat").unwrap_or_default();
        let line = text.lines().next().unwrap_or_default();
        // user, nice, system, idle, iowait, irq, softirq, steal; guest time is part of user time.
        let ticks: Vec<f64> = line.split_whitespace().skip(1).take(8).flat_map(str::parse).collect();
        // SAFETY: sysconf takes a number.
        let per_second = unsafe { libc::sysconf(libc::_SC_CLK_TCK) }.max(1) as f64;
        let idle: f64 = ticks.iter().skip(3).take(2).sum();
        let all: f64 = ticks.iter().sum();
        let own = used(libc::RUSAGE_SELF) + used(libc::RUSAGE_CHILDREN);
        Self { busy: (all - idle) / per_second, all: all / per_second, own }
    }

    /// Part of all CPU time since `before` that others took.
    pub fn others_since(self, before: Self) -> f64 {
        let others = (self.busy - before.busy) - (self.own - before.own);
        (others / (self.all - before.all).max(0.01)).clamp(0.0, 1.0)
    }
}

fn used(who: libc::c_int) -> f64 {
    // SAFETY: the structure is live and all zeroes is a value of it.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(who, &raw mut usage);
        usage
    };
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

/// Waits until the machine is calm, no longer than `budget`; what is left of it.
pub fn wait_for_calm(budget: Duration) -> Duration {
    let start = Instant::now();
    while start.elapsed() < budget && !crate::run::is_stopped() {
        let before = Load::now();
        sleep(LOOK);
        if Load::now().others_since(before) <= CALM {
            break;
        }
    }
    budget.saturating_sub(start.elapsed())
}
