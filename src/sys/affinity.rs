//! CPUs that tasks may run on: sched_setaffinity(2).

use std::io;

use super::check;

/// Words of a mask: 1024 CPUs, as in libc's `cpu_set_t`.
const WORDS: usize = 16;

/// A set of CPUs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CpuSet {
    words: [u64; WORDS],
    /// How many bytes of it the kernel has; what sched_getaffinity returns.
    bytes: usize,
}

impl CpuSet {
    /// CPU `cpu` alone, of a kernel that has as many as this set says.
    #[must_use]
    pub fn only(&self, cpu: usize) -> Self {
        let mut words = [0; WORDS];
        if let Some(word) = words.get_mut(cpu / 64) {
            *word = 1 << (cpu % 64);
        }
        Self { words, bytes: self.bytes }
    }

    /// Whether `cpu` is in it.
    pub fn has(&self, cpu: usize) -> bool {
        self.words.get(cpu / 64).is_some_and(|word| word >> (cpu % 64) & 1 != 0)
    }

    /// How many CPUs are in it.
    pub fn count(&self) -> u32 {
        self.words.iter().map(|word| word.count_ones()).sum()
    }

    /// The bytes that sched_getaffinity(2) stores.
    pub fn to_bytes(&self) -> Vec<u8> {
        let all: Vec<u8> = self.words.iter().flat_map(|word| word.to_le_bytes()).collect();
        all[..self.bytes.min(all.len())].to_vec()
    }
}

/// The CPUs of task `tid`, 0 for the calling thread.
///
/// # Errors
/// ESRCH; EINVAL on a machine with more than 1024 CPUs.
pub fn get(tid: i32) -> io::Result<CpuSet> {
    let mut words = [0u64; WORDS];
    let size = size_of_val(&words);
    // SAFETY: the kernel writes at most `size` bytes of the live array.
    let got = check(unsafe { libc::syscall(libc::SYS_sched_getaffinity, tid, size, words.as_mut_ptr()) })?;
    Ok(CpuSet { words, bytes: got as usize })
}

/// Sets the CPUs of task `tid`, 0 for the calling thread.
///
/// # Errors
/// ESRCH, EPERM; EINVAL when none of them is there.
pub fn set(tid: i32, set: &CpuSet) -> io::Result<()> {
    let size = size_of_val(&set.words);
    // SAFETY: the kernel reads `size` bytes of the live array.
    check(unsafe { libc::syscall(libc::SYS_sched_setaffinity, tid, size, set.words.as_ptr()) }).map(drop)
}

/// The CPU that the calling thread runs on.
pub fn current() -> usize {
    // SAFETY: sched_getcpu takes nothing; -1 becomes a CPU that is in no set.
    unsafe { libc::sched_getcpu() as usize }
}
