//! What a profile must permit besides the calls that a program was seen to make, with the reason for each.
//!
//! A container runtime loads the filter into its own process and then has work left before the program begins; what it
//! does there was measured with the Debian 12 builds named below, every thread, from the filter to the execve, over
//! many runs with and without no_new_privs. A set is named by the version because the next one may do more. Pure data.

use super::generate::Format;

/// A call and why it is needed.
pub type Need = (&'static str, &'static str);

/// Calls that a program makes without being seen to, on every ABI that has them.
pub const ALWAYS: &[Need] = &[
    ("exit", "a thread ends"),
    ("exit_group", "a process ends; one that was killed while it was recorded did not get there"),
    ("restart_syscall", "the kernel's way to go on with a sleep after a stop"),
    ("rt_sigreturn", "a signal handler returns"),
    ("sigreturn", "a signal handler of a 32-bit program returns"),
    ("clock_getres", "the vdso answers it without a call, unless the clock source forbids that"),
    ("clock_gettime", "the same"),
    ("clock_gettime64", "the same, for 32-bit programs"),
    ("getcpu", "the same"),
    ("gettimeofday", "the same"),
    ("time", "the same"),
];

/// runc 1.1 (1.1.5): `runc init` opens and lists /proc/self/fd, sets ids and capabilities, tells its parent.
pub const RUNC_1_1: &[Need] = &[
    ("capget", "reads its capabilities before it sets them"),
    ("capset", "drops capabilities"),
    ("chdir", "enters process.cwd"),
    ("close", "closes what it opened"),
    ("epoll_ctl", "the Go runtime watches a file that was opened"),
    ("execve", "starts the program"),
    ("faccessat2", "looks whether the program may be executed"),
    ("fchown", "gives the standard streams to process.user"),
    ("fcntl", "marks descriptors close-on-exec"),
    ("fstat", "looks at what it opened"),
    ("fstatfs", "makes sure that /proc/self/fd is on procfs"),
    ("getcwd", "makes sure that it is inside of the container"),
    ("getdents64", "lists /proc/self/fd"),
    ("getppid", "looks whether its parent lives"),
    ("newfstatat", "looks for the program"),
    ("openat", "opens /proc/self/fd and the exec fifo"),
    ("prctl", "keeps capabilities over the change of ids, sets the death signal"),
    ("read", "reads what it opened"),
    ("setgid", "becomes process.user"),
    ("setgroups", "becomes process.user"),
    ("setuid", "becomes process.user"),
    ("write", "tells its parent, through the exec fifo"),
];

/// What the Go runtime may do at any time, whatever the program does: threads, timers, memory, preemption.
pub const GO: &[Need] = &[
    ("clone", "starts a thread when the others are busy"),
    ("clone3", "the same, with a newer libc"),
    ("epoll_pwait", "waits for files and timers"),
    ("futex", "threads wait for each other"),
    ("getpid", "sends a signal to a thread of its own, to preempt it"),
    ("gettid", "a new thread asks who it is"),
    ("madvise", "gives memory back"),
    ("mmap", "gets memory"),
    ("mprotect", "the stack of a new thread gets its guard"),
    ("munmap", "gives memory back"),
    ("nanosleep", "the monitor thread sleeps"),
    ("rseq", "libc registers a new thread"),
    ("rt_sigaction", "sets a handler"),
    ("rt_sigprocmask", "blocks signals while it starts a thread"),
    ("rt_sigreturn", "returns from the signal that preempts"),
    ("sched_yield", "lets other threads run"),
    ("set_robust_list", "libc registers a new thread"),
    ("sigaltstack", "a new thread gets its signal stack"),
    ("tgkill", "sends a signal to a thread of its own, to preempt it"),
];

/// Newer releases of runc, as their users report (kubernetes-sigs/security-profiles-operator, issue 3041).
pub const RUNC_NEWER: &[Need] = &[
    ("openat2", "opens files below /proc without following links"),
    ("statx", "makes sure that they are on procfs"),
];

/// crun (1.8.1): C, one thread; ids and capabilities are set after the filter where no_new_privs is off.
pub const CRUN: &[Need] = &[
    ("capset", "drops capabilities"),
    ("close", "closes the files that it read the filter from"),
    ("execve", "starts the program"),
    ("prctl", "keeps capabilities over the change of ids"),
    ("rt_sigaction", "puts signals back"),
    ("rt_sigprocmask", "puts the signal mask back"),
    ("setresgid", "becomes process.user"),
    ("setresuid", "becomes process.user"),
    ("write", "tells its parent that it is ready"),
];

/// bubblewrap (0.8): its first process carries the filter too, and with a new pid namespace stays to reap.
pub const BWRAP: &[Need] = &[
    ("execve", "starts the program"),
    ("exit_group", "the first process ends as the program did"),
    ("wait4", "the first process of the pid namespace reaps"),
    ("write", "the first process tells the exit status"),
];

/// A program that loads profiles.
#[derive(Debug)]
pub struct Consumer {
    /// Its name in `--for`.
    pub name: &'static str,
    /// What it is called in a sentence.
    pub title: &'static str,
    /// What it reads, where there is a choice the usual one.
    pub format: Format,
    /// Its own calls, of the native ABI.
    pub needs: &'static [&'static [Need]],
}

/// Every consumer, in the order of the help.
pub const CONSUMERS: &[Consumer] = &[
    Consumer { name: "runc-1.1", title: "runc 1.1", format: Format::Oci, needs: &[RUNC_1_1, GO] },
    Consumer { name: "crun", title: "crun", format: Format::Oci, needs: &[CRUN] },
    Consumer { name: "docker", title: "Docker", format: Format::Oci, needs: &[RUNC_1_1, GO, RUNC_NEWER] },
    Consumer {
        name: "podman",
        title: "Podman",
        format: Format::Oci,
        needs: &[CRUN, RUNC_1_1, GO, RUNC_NEWER],
    },
    Consumer { name: "bwrap", title: "bubblewrap", format: Format::Bpf, needs: &[BWRAP] },
    Consumer { name: "systemd", title: "systemd", format: Format::Systemd, needs: &[SYSTEMD] },
];

/// systemd loads the filter last, before the execve.
pub const SYSTEMD: &[Need] = &[("execve", "starts the program")];

impl Consumer {
    /// The consumer of a name.
    ///
    /// # Errors
    /// The names there are.
    pub fn named(name: &str) -> Result<&'static Self, String> {
        let found = CONSUMERS.iter().find(|consumer| consumer.name == name);
        found.ok_or_else(|| {
            let names: Vec<&str> = CONSUMERS.iter().map(|consumer| consumer.name).collect();
            format!("unknown consumer '{name}': {} are known", names.join(", "))
        })
    }

    /// All that it needs; a call may come twice.
    pub fn all(&self) -> impl Iterator<Item = Need> {
        self.needs.iter().flat_map(|needs| needs.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syscall_tables::abi::{Abi, numbers};

    #[test]
    fn every_need_is_a_call_and_has_a_reason() {
        for consumer in CONSUMERS {
            assert!(consumer.all().any(|(name, _)| name == "execve"), "{}", consumer.name);
            for (name, why) in consumer.all() {
                assert!(numbers::number(Abi::X86_64, name).is_some(), "{name}");
                assert!(!why.is_empty(), "{name}");
            }
        }
        for (name, _) in ALWAYS {
            let known = |abi| numbers::number(abi, name).is_some();
            assert!(known(Abi::X86_64) || known(Abi::I386), "{name}");
        }
        assert!(Consumer::named("runc-1.1").is_ok());
        assert!(Consumer::named("runc").is_err_and(|text| text.contains("runc-1.1, crun")));
    }
}
