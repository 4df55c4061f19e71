//! What is asked of the kernel for a call beyond its arguments: `struct kvm_run` of virtual CPUs, namespaces, SELinux
//! contexts. It is asked while the task is stopped, and only where somebody wants it.
//!
//! A virtual CPU's `struct kvm_run` is what its descriptor was mapped to; /proc/PID/maps names the mapping by the CPU's
//! number. Where two machines of a process have a CPU of that number, the mappings must agree, or nothing is said.
//! Sources: Documentation/virt/kvm/api.rst (KVM_RUN), namespaces(7), clone(2), setns(2).

use syscall_tables::kvm;

use super::Engine;
use super::selinux::{Looks, Source};
use crate::decode::number;
use crate::event::extra::{Context, Extra, Subject, Vcpu, reason};
use crate::event::{Call, Outcome};
use crate::memory::{Live, Memory};
use crate::sys::{process, selinux};

/// How much is told of virtual CPUs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Vcpus {
    /// Nothing.
    #[default]
    None,
    /// Why they came back.
    Reason,
    /// Also their `struct kvm_run`, before and after.
    Whole,
}

/// What somebody wants to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wants {
    /// Of virtual CPUs.
    pub vcpus: Vcpus,
    /// Which namespaces tasks enter.
    pub namespaces: bool,
    /// Contexts of SELinux; `None` without them, or where SELinux is not active.
    pub contexts: Option<Looks>,
}

impl Wants {
    /// Whether anything is wanted.
    pub fn any(self) -> bool {
        self != Self::default()
    }
}

/// Kinds of namespaces in the order in which they are told: their flag, the link of a task that enters one, and the
/// link of a task whose children will. Source: namespaces(7).
const KINDS: [(u64, &str, &str); 8] = [
    (0x0200_0000, "cgroup", "cgroup"),
    (0x0800_0000, "ipc", "ipc"),
    (0x0002_0000, "mnt", "mnt"),
    (0x4000_0000, "net", "net"),
    (0x2000_0000, "pid", "pid_for_children"),
    (0x0000_0080, "time", "time_for_children"),
    (0x1000_0000, "user", "user"),
    (0x0400_0000, "uts", "uts"),
];
/// CSIGNAL of linux/sched.h: the bits of a clone(2)'s flags that are a signal.
const SIGNAL_BITS: u64 = 0xff;

/// Where the `struct kvm_run` of a virtual CPU is, by the text of /proc/PID/maps.
fn mappings<'a>(maps: &'a str, name: &'a str) -> impl Iterator<Item = u64> + 'a {
    maps.lines().filter(move |line| line.ends_with(name)).filter_map(|line| {
        let mut words = line.split_ascii_whitespace();
        let (range, offset) = (words.next()?, words.nth(1)?);
        let begins = u64::from_str_radix(offset, 16) == Ok(0);
        begins.then(|| u64::from_str_radix(range.split('-').next()?, 16).ok()).flatten()
    })
}

/// The begin of the `struct kvm_run` of the virtual CPU with this link in /proc/PID/fd, and its number.
fn vcpu(link: &str, maps: &str, memory: &mut impl Memory) -> Option<(u32, Vec<u8>)> {
    let cpu = link.strip_prefix("anon_inode:kvm-vcpu:")?.parse().ok()?;
    let mut found: Option<Vec<u8>> = None;
    for address in mappings(maps, link) {
        let mut run = vec![0; kvm::RUN_BYTES];
        if memory.read(address, &mut run) < run.len() {
            continue;
        }
        if found.as_ref().is_some_and(|other| reason(other) != reason(&run)) {
            return None;
        }
        found = Some(run);
    }
    Some((cpu, found?))
}

/// The same of descriptor `fd` of a task.
fn run_of(tid: i32, fd: u64) -> Option<(u32, Vec<u8>)> {
    let link = process::link(tid, &format!("fd/{}", fd as i32))?;
    let maps = process::text(tid, "maps")?;
    vcpu(std::str::from_utf8(&link).ok()?, &maps, &mut Live::new(tid))
}

/// The flags of the namespaces that a call which succeeded made or entered, and whether its child entered them.
fn entered(call: &Call, tid: i32) -> Option<(u64, bool)> {
    let args = &call.regs.args;
    Some(match call.signature?.name {
        "clone" => (args[0] & !SIGNAL_BITS, true),
        "clone3" => {
            let mut flags = [0; 8];
            let read = Live::new(tid).read(args[0], &mut flags);
            (if read == 8 { number(&flags) } else { 0 }, true)
        }
        "unshare" => (args[0], false),
        // Of no kind in particular: the descriptor's, which may be closed by another thread since.
        "setns" if args[1] == 0 => (of_descriptor(tid, args[0]).unwrap_or(0), false),
        "setns" => (args[1], false),
        _ => return None,
    })
}

/// The flag of the namespace that a descriptor is open on.
fn of_descriptor(tid: i32, fd: u64) -> Option<u64> {
    let link = process::link(tid, &format!("fd/{}", fd as i32))?;
    let kind = link.split(|byte| *byte == b':').next()?;
    KINDS.iter().find(|row| row.1.as_bytes() == kind).map(|row| row.0)
}

impl Engine {
    /// A call was entered: what is asked before it runs.
    pub(super) fn extras_entered(&mut self, tid: i32) {
        let wants = self.config.extras;
        if !wants.any() {
            return;
        }
        let Some(task) = self.tasks.get_mut(&tid) else { return };
        let call = &mut *task.call;
        let mut extra = Extra::default();
        if wants.vcpus == Vcpus::Whole && runs_vcpu(call) {
            let run = run_of(tid, call.regs.args[0]);
            extra.vcpu = run.map(|(number, before)| Vcpu { number, before, after: Vec::new() });
        }
        call.extra = (extra != Extra::default()).then(|| Box::new(extra));
        self.note_contexts(tid, false);
    }

    /// A call returned: what is asked after it ran.
    pub(super) fn extras_left(&mut self, tid: i32, outcome: Outcome) {
        let wants = self.config.extras;
        if !wants.any() {
            return;
        }
        if !outcome.failed {
            self.note_vcpu(tid);
            self.note_namespaces(tid, outcome.value);
        }
        self.note_contexts(tid, true);
    }

    fn note_vcpu(&mut self, tid: i32) {
        let Some(task) = self.tasks.get_mut(&tid) else { return };
        let call = &mut *task.call;
        if self.config.extras.vcpus == Vcpus::None || !runs_vcpu(call) {
            return;
        }
        if let Some((number, after)) = run_of(tid, call.regs.args[0]) {
            let extra = call.extra.get_or_insert_default();
            let before = extra.vcpu.take().map(|vcpu| vcpu.before).unwrap_or_default();
            extra.vcpu = Some(Vcpu { number, before, after });
        }
    }

    fn note_namespaces(&mut self, tid: i32, value: i64) {
        if !self.config.extras.namespaces {
            return;
        }
        let Some((flags, child)) = self.tasks.get(&tid).and_then(|task| entered(&task.call, tid)) else {
            return;
        };
        let of = if child {
            let Ok(pid) = i32::try_from(value) else { return };
            let tasks = || self.tasks.keys().copied().collect();
            self.pids.host(tid, pid, &tasks).unwrap_or(pid)
        } else {
            tid
        };
        let link = |(flag, own, children): &(u64, &str, &str)| {
            let name = if child { own } else { children };
            if flags & flag == 0 { None } else { process::link(of, &format!("ns/{name}")) }
        };
        let named: Vec<String> =
            KINDS.iter().filter_map(link).map(|link| String::from_utf8_lossy(&link).into_owned()).collect();
        if let Some(task) = self.tasks.get_mut(&tid).filter(|_| !named.is_empty()) {
            task.call.extra.get_or_insert_default().namespaces = named;
        }
    }

    /// Contexts of the task, and of what decoding saw since it was last asked.
    fn note_contexts(&mut self, tid: i32, late: bool) {
        let Some(looks) = self.config.extras.contexts else { return };
        let quiet = &self.quiet;
        let mut found: Vec<Context> = Vec::new();
        let mut add = |of: Subject, text: Option<String>| {
            if let Some(text) = text.filter(|_| !found.iter().any(|known| known.of == of)) {
                found.push(Context { of, text, late });
            }
        };
        let source = selinux::Live;
        for &fd in quiet.fds.iter().filter(|fd| **fd >= 0) {
            add(Subject::Fd(fd), looks.file(&source, &format!("/proc/{tid}/fd/{fd}"), true));
        }
        for (directory, path) in quiet.paths() {
            let Ok(text) = std::str::from_utf8(path) else { continue };
            let place = selinux::reached(tid, directory, text);
            add(Subject::Path(path.to_vec()), place.and_then(|place| looks.file(&source, &place, true)));
        }
        for &pid in quiet.pids.iter().filter(|pid| **pid > 0) {
            add(Subject::Pid(pid), source.process(pid).map(|context| looks.shown(&context)));
        }
        let own = if late { None } else { source.process(tid).map(|context| looks.shown(&context)) };
        let Some(task) = self.tasks.get_mut(&tid) else { return };
        if own.is_some() || !found.is_empty() {
            let extra = task.call.extra.get_or_insert_default();
            extra.own = own.or(extra.own.take());
            extra.contexts.extend(found);
        }
    }
}

fn runs_vcpu(call: &Call) -> bool {
    call.regs.args[1] == kvm::RUN && call.signature.is_some_and(|signature| signature.name == "ioctl")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Bytes(Vec<(u64, u32)>);

    impl Memory for Bytes {
        fn read(&mut self, addr: u64, buf: &mut [u8]) -> usize {
            let Some((_, reason)) = self.0.iter().find(|(at, _)| *at == addr) else { return 0 };
            buf.fill(0);
            buf[8..12].copy_from_slice(&reason.to_le_bytes());
            buf.len()
        }
    }

    #[test]
    fn the_mapping_of_a_virtual_cpu_is_found() {
        let maps = "7f0000000000-7f0000003000 rw-s 00000000 00:10 1038    anon_inode:kvm-vcpu:0\n\
                    7f0000003000-7f0000004000 rw-s 00001000 00:10 1038    anon_inode:kvm-vcpu:1\n\
                    7f0000005000-7f0000008000 rw-s 00000000 00:10 1038    anon_inode:kvm-vcpu:1\n\
                    7f0000009000-7f000000c000 rw-s 00000000 00:10 1038    anon_inode:kvm-vcpu:1\n\
                    7f0000010000-7f0000011000 rw-p 00000000 fe:00 7       /x/anon_inode:kvm-vcpu:10\n";
        let of = |link: &str, memory: &[(u64, u32)]| {
            vcpu(link, maps, &mut Bytes(memory.to_vec())).map(|(cpu, run)| (cpu, reason(&run)))
        };
        let first = 0x7f00_0000_0000;
        assert_eq!(of("anon_inode:kvm-vcpu:0", &[(first, 6)]), Some((0, Some(6))));
        assert_eq!(of("anon_inode:kvm-vcpu:0", &[]), None, "what cannot be read is not guessed");
        // Two machines: only what both say.
        assert_eq!(
            of("anon_inode:kvm-vcpu:1", &[(first + 0x5000, 2), (first + 0x9000, 2)]),
            Some((1, Some(2)))
        );
        assert_eq!(of("anon_inode:kvm-vcpu:1", &[(first + 0x5000, 2), (first + 0x9000, 5)]), None);
        assert_eq!(of("anon_inode:kvm-vm", &[(first, 6)]), None);
        assert_eq!(of("/dev/null", &[(first, 6)]), None);
    }
}
