//! Where bytes of a tracee come from: a live task, a recording, or a test.
//!
//! Implementations never fail loudly: what cannot be read is a short count.

use crate::sys::vm;

/// Something that has the bytes of a tracee.
pub trait Memory {
    /// Copies the bytes at `addr` to `buf` and returns how many could be read from the start.
    fn read(&mut self, addr: u64, buf: &mut [u8]) -> usize;

    /// The same for a string, of which nothing behind its NUL is wanted.
    fn read_text(&mut self, addr: u64, buf: &mut [u8]) -> usize {
        self.read(addr, buf)
    }
}

/// The memory of a live task, read with process_vm_readv(2).
#[derive(Debug, Clone, Copy)]
pub struct Live {
    tid: i32,
}

impl Live {
    /// The memory of task `tid`.
    pub const fn new(tid: i32) -> Self {
        Self { tid }
    }
}

impl Memory for Live {
    fn read(&mut self, addr: u64, buf: &mut [u8]) -> usize {
        vm::read(self.tid, addr, buf)
    }
}

/// No memory at all.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nothing;

impl Memory for Nothing {
    fn read(&mut self, _addr: u64, _buf: &mut [u8]) -> usize {
        0
    }
}
