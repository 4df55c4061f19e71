//! The one vocabulary of what happened: tasks, times, calls, results, memory as it was.
//!
//! An event holds no text and no option of any command. Sinks decode it when they need to, live or
//! from a recording, with the same code.

pub mod descriptor;
pub mod extra;
pub mod ring;
pub mod stack;

use std::borrow::Cow;
use std::cell::Cell;
use std::sync::Arc;

use syscall_tables::abi::{Abi, numbers};
use syscall_tables::model::Signature;
use syscall_tables::uring;

pub use descriptor::FdNote;

/// A thread, as the kernel's `gettid` names it in the tracer's pid namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Tid(pub i32);

/// A moment: wall clock and monotonic clock, both in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stamp {
    /// CLOCK_REALTIME.
    pub wall_ns: u64,
    /// CLOCK_MONOTONIC.
    pub mono_ns: u64,
}

/// What the registers said when a call was entered.
#[derive(Debug, Clone, Copy)]
pub struct Regs {
    /// ABI by which the call was made; an int 0x80 from 64-bit code is I386.
    pub abi: Abi,
    /// The number.
    pub nr: u64,
    /// The six argument registers in ABI order.
    pub args: [u64; 6],
    /// Instruction pointer.
    pub ip: u64,
    /// Stack pointer.
    pub sp: u64,
    /// The call that a restart_syscall takes up again.
    pub resumes: Option<&'static str>,
}

/// What a call returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// The raw return value; a negative errno when `failed`.
    pub value: i64,
    /// Whether the kernel calls it an error.
    pub failed: bool,
}

impl Outcome {
    /// The errno of a failed call.
    pub fn errno(self) -> Option<u32> {
        self.failed.then(|| u32::try_from(self.value.wrapping_neg()).unwrap_or(0))
    }
}

/// One stretch of tracee memory that was asked for.
#[derive(Debug, Clone, Copy)]
struct Region {
    addr: u64,
    want: u32,
    got: u32,
    at: u32,
    /// It ends with the NUL of a string: whoever wants that string needs no more.
    text: bool,
}

/// One stretch of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// Where it begins.
    pub addr: u64,
    /// Number of bytes that were asked for.
    pub want: u32,
    /// Those that could be read.
    pub data: &'a [u8],
    /// It is a string with its NUL.
    pub text: bool,
}

/// Tracee memory as it was at one stop: the bytes that were asked for, and where they ended.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    regions: Vec<Region>,
    bytes: Vec<u8>,
    /// Where the next look-up begins: decoding asks in the order in which capturing asked.
    next: Cell<usize>,
}

impl Snapshot {
    /// Forgets everything, keeping the buffers.
    pub fn clear(&mut self) {
        self.regions.clear();
        self.next.set(0);
        self.bytes.clear();
    }

    /// Number of stretches that were asked for.
    pub fn stretches(&self) -> usize {
        self.regions.len()
    }

    /// What was asked for, in order.
    pub fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        self.regions.iter().map(|region| {
            let from = region.at as usize;
            let data = &self.bytes[from..from + region.got as usize];
            Part { addr: region.addr, want: region.want, data, text: region.text }
        })
    }

    /// The bytes held, those of one stretch behind those of another.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Overwrites with `fill` what is held of the `size` bytes at `addr`.
    pub fn blot(&mut self, addr: u64, size: u64, fill: u8) {
        let end = addr.saturating_add(size);
        for region in &self.regions {
            let last = region.addr.saturating_add(u64::from(region.got));
            let (from, to) = (addr.max(region.addr), end.min(last));
            if from < to {
                let at = region.at as usize + (from - region.addr) as usize;
                self.bytes[at..at + (to - from) as usize].fill(fill);
            }
        }
    }

    /// Number of bytes held.
    pub fn size_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// What is known of `[addr, addr + buf.len())`: `None` when a part was never asked for, or all of it lies behind a byte that
    /// could not be read; else the number of bytes copied to `buf`, short where the memory could not be read.
    pub fn recall(&self, addr: u64, buf: &mut [u8]) -> Option<usize> {
        self.search(addr, buf, false)
    }

    /// The same for a string, of which nothing behind its NUL is wanted: the count may be shorter for that too.
    pub fn recall_text(&self, addr: u64, buf: &mut [u8]) -> Option<usize> {
        self.search(addr, buf, true)
    }

    fn search(&self, addr: u64, buf: &mut [u8], text: bool) -> Option<usize> {
        let (count, from) = (self.regions.len(), self.next.get());
        for step in 0..count {
            let index = (from + step) % count;
            let region = &self.regions[index];
            let Some(skip) = addr.checked_sub(region.addr) else { continue };
            let want = u64::from(region.want);
            // What lies behind a byte that could not be read may be readable again.
            if skip > want || (skip == want && !buf.is_empty()) || skip > u64::from(region.got) {
                continue;
            }
            let have = u64::from(region.got).saturating_sub(skip) as usize;
            let complete = buf.len() as u64 <= want - skip || text && region.text && have > 0;
            if !complete && region.got == region.want {
                continue;
            }
            let count = have.min(buf.len());
            let from = region.at as usize + skip as usize;
            buf[..count].copy_from_slice(&self.bytes[from..from + count]);
            self.next.set(index);
            return Some(count);
        }
        None
    }

    /// Remembers that `want` bytes at `addr` were asked for and `data` is what could be read.
    pub fn remember(&mut self, addr: u64, want: usize, data: &[u8]) {
        let at = self.bytes.len() as u32;
        self.bytes.extend_from_slice(data);
        self.regions.push(Region { addr, want: want as u32, got: data.len() as u32, at, text: false });
    }

    /// Remembers a string at `addr` with its NUL.
    pub fn remember_text(&mut self, addr: u64, data: &[u8]) {
        self.remember(addr, data.len(), data);
        if let Some(last) = self.regions.last_mut() {
            last.text = true;
        }
    }
}

/// One system call, from entry to exit.
#[derive(Debug)]
pub struct Call {
    /// Who made it.
    pub tid: Tid,
    /// The registers at entry.
    pub regs: Regs,
    /// Where it is an operation of io_uring and no system call: the submission entry. The registers hold the first of its
    /// arguments then, and no number.
    pub entry: Option<ring::Entry>,
    /// What is known of it; `None` for a number without a name.
    pub signature: Option<&'static Signature>,
    /// When it was entered.
    pub entered: Stamp,
    /// When it returned.
    pub left: Stamp,
    /// What it returned; `None` while it runs and when it never returned.
    pub outcome: Option<Outcome>,
    /// Memory at entry.
    pub before: Snapshot,
    /// Memory at exit.
    pub after: Snapshot,
    /// What the descriptors in it are open on, when somebody asked.
    pub fds: Vec<FdNote>,
    /// Process ids in it: other ids for the tracer, and names, when somebody asked.
    pub pids: Vec<PidNote>,
    /// Who called it, innermost first, when somebody asked.
    pub stack: stack::Stack,
    /// What went over the rings of io_uring with it, when somebody asked.
    pub ring: Option<Box<ring::Traffic>>,
    /// What the kernel tells beyond that, when somebody asked.
    pub extra: Option<Box<extra::Extra>>,
    /// What the tracer changed of it.
    pub tampered: Tampered,
    /// How long the CPU was in the kernel for it, in nanoseconds, when somebody asked. The kernel counts it for the
    /// process, in units of its own.
    pub system_ns: u64,
}

/// What the tracer changed of a call on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tampered {
    /// What it returned.
    pub result: bool,
    /// Its arguments, or memory that they point to.
    pub arguments: bool,
    /// When it ran, or when it returned.
    pub delayed: bool,
}

/// What is known of a process id in a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PidNote {
    /// The id as the tracee sees it.
    pub pid: i32,
    /// The same task's id for the tracer.
    pub host: i32,
    /// The task's name, when somebody asked and it lives.
    pub comm: Option<Arc<[u8]>>,
}

impl Call {
    /// What `fd` was open on at entry, or with `late` at exit; where only the other is known, that.
    pub fn fd_note(&self, fd: i32, late: bool) -> Option<&FdNote> {
        let mut all = self.fds.iter().filter(|note| note.fd == fd);
        if late { all.next_back() } else { all.next() }
    }

    /// Its name in the tables; none for a number or an opcode that has no name.
    pub fn known_name(&self) -> Option<&'static str> {
        let known = self.signature.map(|signature| signature.name);
        if self.entry.is_some() {
            known
        } else {
            known.or_else(|| numbers::name(self.regs.abi, self.regs.nr))
        }
    }

    /// Its name; `syscall_0x…` for a number without one, `operation_…` for such an opcode. An operation of io_uring is called
    /// as the call that it stands for.
    pub fn name(&self) -> Cow<'static, str> {
        match (self.known_name(), &self.entry) {
            (Some(name), _) => Cow::Borrowed(name),
            (None, None) => Cow::Owned(format!("syscall_{:#x}", self.regs.abi.kernel_number(self.regs.nr))),
            (None, Some(entry)) => Cow::Owned(format!("operation_{}", entry.opcode())),
        }
    }

    /// The same so that an operation cannot be taken for the call: `io_uring:openat`.
    pub fn title(&self) -> Cow<'static, str> {
        match (self.signature, &self.entry) {
            (Some(signature), Some(_)) => Cow::Borrowed(uring::title(signature.name)),
            (None, Some(_)) => Cow::Owned(format!("{}{}", uring::PREFIX, self.name())),
            (_, None) => self.name(),
        }
    }

    /// A call with empty buffers, ready to be filled.
    pub fn new(tid: Tid) -> Self {
        let regs = Regs { abi: Abi::X86_64, nr: 0, args: [0; 6], ip: 0, sp: 0, resumes: None };
        Self {
            tid,
            regs,
            entry: None,
            signature: None,
            entered: Stamp::default(),
            left: Stamp::default(),
            outcome: None,
            before: Snapshot::default(),
            after: Snapshot::default(),
            fds: Vec::new(),
            pids: Vec::new(),
            stack: stack::Stack::default(),
            ring: None,
            extra: None,
            tampered: Tampered::default(),
            system_ns: 0,
        }
    }
}

/// A signal that reached a task.
#[derive(Debug, Clone)]
pub struct Signal {
    /// Who got it.
    pub tid: Tid,
    /// ABI of the task; the information is laid out as the host's.
    pub abi: Abi,
    /// Its number.
    pub signo: i32,
    /// The host's `siginfo_t`, 128 bytes, unless this is a group-stop.
    pub info: Option<Box<[u8; 128]>>,
    /// Process ids in it that are others for the tracer, when somebody asked.
    pub pids: Vec<PidNote>,
    /// What descriptors in it are open on, when somebody asked.
    pub fds: Vec<FdNote>,
    /// Where the task was, when somebody asked.
    pub stack: stack::Stack,
    /// Its instruction pointer, when somebody asked.
    pub ip: Option<u64>,
    /// When.
    pub at: Stamp,
}

/// How a task ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It exited with a status.
    Exited(i32),
    /// A signal killed it.
    Killed {
        /// The signal.
        signo: i32,
        /// Whether core was dumped.
        core: bool,
    },
    /// Another thread of its group called execve; this task now goes by the group's id.
    Superseded {
        /// The thread that took over.
        by: Tid,
    },
    /// The tracer let it go.
    Detached,
}

/// A task that is traced from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Started {
    /// The task.
    pub tid: Tid,
    /// The process that it belongs to; its own id unless it is a further thread.
    pub process: Tid,
    /// The process that made the process, as the tracer sees it; 0 where it is outside of its namespace.
    pub parent: Tid,
    /// It had begun before the tracer came.
    pub attached: bool,
    /// When it was seen first.
    pub at: Stamp,
}

/// What a process runs: told after its execve, and when it is attached to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Program {
    /// The process.
    pub process: Tid,
    /// The file, as /proc/PID/exe names it; empty where it cannot be known.
    pub exe: Vec<u8>,
    /// The arguments, the program's name first.
    pub argv: Vec<Vec<u8>>,
    /// The environment, `NAME=value` each, where somebody asked.
    pub env: Option<Vec<Vec<u8>>>,
    /// The working directory.
    pub cwd: Vec<u8>,
    /// The name of the task, at most 15 bytes.
    pub comm: Vec<u8>,
    /// It ran this already when the tracer came.
    pub attached: bool,
    /// When.
    pub at: Stamp,
}

/// A remark of the tracer about a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// It was attached to.
    Attached,
    /// It was let go.
    Detached,
    /// It speaks another ABI from now on.
    Personality(Abi),
}

#[cfg(test)]
mod tests {
    use super::Snapshot;

    #[test]
    fn a_stretch_that_ends_too_early_does_not_hide_one_that_does_not() {
        let mut snapshot = Snapshot::default();
        let bytes: Vec<u8> = (0..=255).collect();
        // A short stretch that reaches into the long one, as an environment reaches into a path behind it.
        snapshot.remember(0x1020, 0x40, &bytes[0x20..0x60]);
        snapshot.remember(0x5000, 8, &bytes[..8]);
        snapshot.remember(0x1000, 0x40, &bytes[..0x40]);
        let mut buf = [0; 0x40];
        for (before, addr) in [(0x5000, 0x1020), (0x1020, 0x1020), (0x1000, 0x1020), (0x5000, 0x1000)] {
            assert_eq!(snapshot.recall(before, &mut [0; 4]), Some(4));
            assert_eq!(snapshot.recall(addr, &mut buf), Some(0x40), "{addr:#x} after {before:#x}");
            assert_eq!(buf[..], bytes[addr as usize - 0x1000..][..0x40]);
        }
        assert_eq!(snapshot.recall(0x2000, &mut buf), None);
    }

    #[test]
    fn memory_that_could_not_be_read_is_short() {
        let mut snapshot = Snapshot::default();
        snapshot.remember(0x1000, 16, b"1234");
        let mut buf = [0; 16];
        assert_eq!(snapshot.recall(0x1000, &mut buf), Some(4));
        assert_eq!(snapshot.recall(0x1002, &mut buf[..8]), Some(2));
        assert_eq!(snapshot.recall(0x1004, &mut buf[..8]), Some(0));
        // A page behind a hole was not asked for by this.
        assert_eq!(snapshot.recall(0x1008, &mut buf[..8]), None);
        snapshot.remember(0x1008, 4, b"5678");
        assert_eq!((snapshot.recall(0x1008, &mut buf[..4]), &buf[..4]), (Some(4), &b"5678"[..]));
        assert_eq!(snapshot.recall(0x1011, &mut buf[..8]), None);
    }
}
