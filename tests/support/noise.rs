//! Random registers and memory for property tests of decoding.
#![allow(dead_code)]

use proptest::prelude::*;
use trace::memory::Memory;

/// Memory in which every address below `end` of its page is readable and repeats `bytes`.
#[derive(Clone)]
pub struct Noise<'a> {
    /// What is read, again and again.
    pub bytes: &'a [u8],
    /// Offset in each page up to which it can be read.
    pub end: u64,
    /// Reads that still succeed: noise would make vectors without an end.
    pub left: u32,
}

impl Memory for Noise<'_> {
    fn read(&mut self, addr: u64, buf: &mut [u8]) -> usize {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            return 0;
        }
        let room = self.end.saturating_sub(addr & 0xfff) as usize;
        let count = buf.len().min(room);
        for (index, byte) in buf[..count].iter_mut().enumerate() {
            *byte = self.bytes[(addr as usize).wrapping_add(index) % self.bytes.len()];
        }
        count
    }
}

/// Small numbers, wild numbers, and addresses near a page end.
pub fn register() -> impl Strategy<Value = u64> {
    prop_oneof![0..64u64, any::<u64>(), any::<u32>().prop_map(u64::from), (0x10_0fc0..0x10_1010u64), Just(0)]
}
