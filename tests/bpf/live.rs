//! A child that loads a filter and makes raw calls under it. Between fork and its end the child allocates nothing and
//! makes no call that is not asked for: it answers through shared memory and dies of an illegal instruction.

use std::arch::asm;
use std::ptr;
use std::sync::atomic::{AtomicI64, Ordering};

use syscall_tables::abi::Abi;
use trace::bpf::{Data, Program};

/// A call to make.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    /// The ABI it is made through.
    pub abi: Abi,
    /// Its number.
    pub nr: u32,
    /// Arguments; through i386, five of 32 bits.
    pub args: [u64; 6],
}

impl Call {
    /// What a filter sees of it, but for the instruction pointer.
    pub fn data(&self) -> Data {
        Data { nr: self.nr.cast_signed(), arch: self.abi.audit_arch(), ip: 0, args: self.args }
    }

    fn make(&self) -> i64 {
        let [a, b, c, d, e, f] = self.args;
        let mut result = i64::from(self.nr.cast_signed());
        if self.abi == Abi::I386 {
            // SAFETY: the kernel saves what the 32-bit call does not return, except for r8 to r11; rbx is put back. The
            // tests make calls without pointers.
            unsafe {
                asm!("xchg {b}, rbx", "int 0x80", "xchg {b}, rbx", b = inout(reg) a => _,
                    inout("rax") result, in("rcx") b, in("rdx") c, in("rsi") d, in("rdi") e,
                    out("r8") _, out("r9") _, out("r10") _, out("r11") _);
            }
            return i64::from(result as i32);
        }
        // SAFETY: as the syscall instruction has it: rcx and r11 are lost. The tests make calls without pointers.
        unsafe {
            asm!("syscall", inout("rax") result, in("rdi") a, in("rsi") b, in("rdx") c, in("r10") d,
                in("r8") e, in("r9") f, out("rcx") _, out("r11") _);
        }
        result
    }
}

/// What came of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Report {
    /// 0, or -errno of loading the filter.
    pub load: i64,
    /// What each call returned; none for the one that killed and those after it.
    pub results: Vec<Option<i64>>,
    /// The signal that ended the child; SIGILL unless a call killed it.
    pub signal: i32,
}

const NOTHING: i64 = i64::MIN;
const SLOTS: usize = 512;

/// Memory that a child shares with its parent.
struct Shared(*mut AtomicI64);

impl Shared {
    fn new() -> Self {
        // SAFETY: a new anonymous mapping; checked below.
        let page = unsafe {
            let prot = libc::PROT_READ | libc::PROT_WRITE;
            libc::mmap(ptr::null_mut(), SLOTS * 8, prot, libc::MAP_SHARED | libc::MAP_ANONYMOUS, -1, 0)
        };
        assert!(page != libc::MAP_FAILED);
        let shared = Self(page.cast());
        (0..SLOTS).for_each(|slot| shared.at(slot).store(NOTHING, Ordering::SeqCst));
        shared
    }

    fn at(&self, slot: usize) -> &AtomicI64 {
        assert!(slot < SLOTS);
        // SAFETY: inside the mapping, aligned, lives as long as `self`; zeroed memory is an AtomicI64.
        unsafe { &*self.0.add(slot) }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        // SAFETY: the mapping of `new`; nobody holds a reference into it.
        unsafe { libc::munmap(self.0.cast(), SLOTS * 8) };
    }
}

/// Loads `program` in a child and makes the calls there.
pub fn run(program: &Program, calls: &[Call]) -> Report {
    let bytes = program.to_bytes();
    let shared = Shared::new();
    let len = program.insns().len().min(0xffff) as u16;
    let fprog = libc::sock_fprog { len, filter: bytes.as_ptr().cast_mut().cast() };
    // SAFETY: the child only makes raw calls and writes to shared memory: async-signal-safe.
    let pid = unsafe { libc::fork() };
    if pid == 0 {
        child(&fprog, calls, &shared);
    }
    assert!(pid > 0);
    let mut status = 0;
    // SAFETY: `status` is ours.
    assert_eq!(unsafe { libc::waitpid(pid, &raw mut status, 0) }, pid);
    assert!(libc::WIFSIGNALED(status), "status {status:#x}");
    let results = (0..calls.len()).map(|slot| shared.at(slot + 1).load(Ordering::SeqCst));
    Report {
        load: shared.at(0).load(Ordering::SeqCst),
        results: results.map(|result| (result != NOTHING).then_some(result)).collect(),
        signal: libc::WTERMSIG(status),
    }
}

fn child(fprog: &libc::sock_fprog, calls: &[Call], shared: &Shared) -> ! {
    // SAFETY: plain calls with pointers to memory that outlives them.
    let load = unsafe {
        let no_core = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        libc::setrlimit(libc::RLIMIT_CORE, &raw const no_core);
        libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, 0, ptr::from_ref(fprog))
    };
    // SAFETY: errno of the failed call.
    let load = if load == 0 { 0 } else { -i64::from(unsafe { *libc::__errno_location() }) };
    shared.at(0).store(load, Ordering::SeqCst);
    if load == 0 {
        for (slot, call) in calls.iter().enumerate() {
            shared.at(slot + 1).store(call.make(), Ordering::SeqCst);
        }
    }
    // SAFETY: ends the process; exit could be forbidden.
    unsafe { asm!("ud2", options(noreturn)) }
}

/// Whether this kernel takes 32-bit calls.
pub fn takes_i386() -> bool {
    let all = Program::from_bytes(&[6, 0, 0, 0, 0, 0, 0xff, 0x7f]).unwrap();
    let getpid = Call { abi: Abi::I386, nr: 20, args: [0; 6] };
    run(&all, &[getpid]).results[0].is_some_and(|pid| pid > 0)
}
