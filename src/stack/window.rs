//! The part of a task's memory in which its stack is, read in one piece.
//!
//! Unwinding reads a few words of each frame, upwards. A first read takes what most stacks need; more is
//! read when a frame lies beyond, and the window moves when a signal was handled on another stack.

use crate::memory::Memory;

/// Bytes of the first read.
const FIRST: u64 = 16 << 10;
/// Bytes of each further read.
const MORE: u64 = 64 << 10;
/// Farthest that one window reaches.
const MOST: u64 = 8 << 20;
/// Reads of one stack; damaged ones may lead anywhere.
const MOST_READS: u32 = 64;

/// A memory that reads ahead.
pub struct Window<M> {
    memory: M,
    start: u64,
    bytes: Vec<u8>,
    reads: u32,
}

impl<M: Memory> Window<M> {
    /// A window on `memory` from `start`, where the stack begins; `end` is where the memory around it ends, if
    /// that is known. `buffer` is reused.
    pub fn new(memory: M, start: u64, end: Option<u64>, buffer: Vec<u8>) -> Self {
        let mut window = Self { memory, start, bytes: buffer, reads: 0 };
        window.bytes.clear();
        let size = end.map_or(FIRST, |end| end.saturating_sub(start).min(FIRST));
        window.extend(size);
        window
    }

    /// The buffer, for the next window.
    pub fn into_buffer(self) -> Vec<u8> {
        self.bytes
    }

    fn extend(&mut self, size: u64) {
        self.reads += 1;
        let have = self.bytes.len();
        self.bytes.resize(have + size as usize, 0);
        let got = self.memory.read(self.start.wrapping_add(have as u64), &mut self.bytes[have..]);
        self.bytes.truncate(have + got);
    }

    fn held(&self, address: u64, size: usize) -> Option<&[u8]> {
        let skip = usize::try_from(address.checked_sub(self.start)?).ok()?;
        self.bytes.get(skip..skip.checked_add(size)?)
    }

    /// Reads until `address` is held, where that can be.
    fn reach(&mut self, address: u64) {
        let have = self.bytes.len() as u64;
        match address.checked_sub(self.start) {
            Some(skip) if skip < have + MORE && have < MOST => self.extend(MORE),
            _ => {
                self.start = address;
                self.bytes.clear();
                self.extend(FIRST);
            }
        }
    }
}

impl<M: Memory> Memory for Window<M> {
    fn read(&mut self, address: u64, buf: &mut [u8]) -> usize {
        if self.held(address, buf.len()).is_none() {
            if self.reads >= MOST_READS {
                return 0;
            }
            self.reach(address);
        }
        match self.held(address, buf.len()) {
            Some(bytes) => {
                buf.copy_from_slice(bytes);
                buf.len()
            }
            None => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Memory from 1 MiB to 2 MiB whose words are their addresses.
    struct Addresses(u32);

    impl Memory for Addresses {
        fn read(&mut self, address: u64, buf: &mut [u8]) -> usize {
            self.0 += 1;
            let mut count = 0;
            for (at, byte) in buf.iter_mut().enumerate() {
                let here = address.wrapping_add(at as u64);
                if !(1 << 20..2 << 20).contains(&here) {
                    break;
                }
                *byte = (here & !7).to_le_bytes()[(here & 7) as usize];
                count += 1;
            }
            count
        }
    }

    fn word<M: Memory>(window: &mut Window<M>, address: u64) -> Option<u64> {
        let mut bytes = [0; 8];
        (window.read(address, &mut bytes) == 8).then(|| u64::from_le_bytes(bytes))
    }

    #[test]
    fn near_words_cost_one_read() {
        let start = 0x10_0100;
        let mut window = Window::new(Addresses(0), start, Some(0x10_2000), Vec::new());
        for address in [start, start + 8, 0x10_1ff8] {
            assert_eq!(word(&mut window, address), Some(address));
        }
        assert_eq!(window.memory.0, 1);
    }

    #[test]
    fn far_words_are_reached_and_missing_ones_missed() {
        let mut window = Window::new(Addresses(0), 0x10_0000, None, Vec::new());
        for address in [0x10_8000, 0x1f_fff8, 0x18_0000, 0x10_0000] {
            assert_eq!(word(&mut window, address), Some(address));
        }
        for address in [0, 8, 0x20_0000, 0x1f_fffc, u64::MAX, u64::MAX - 7] {
            assert_eq!(word(&mut window, address), None);
        }
    }

    #[test]
    fn reads_are_bounded() {
        let mut window = Window::new(Addresses(0), 0, None, Vec::new());
        for address in 0..1000u64 {
            word(&mut window, address << 30);
        }
        assert!(window.memory.0 <= MOST_READS);
    }
}
