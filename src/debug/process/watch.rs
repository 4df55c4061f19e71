//! Watchpoints of the processor: the debug registers, the same in every thread.
//!
//! Source: Intel SDM volume 3, §19.2.

use super::{Process, State};
use crate::debug::error::{Error, Result};
use crate::sys::ptrace;

/// Debug registers that hold addresses.
const COUNT: usize = 4;

/// Which accesses are watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Writes.
    Write,
    /// Reads and writes.
    Any,
}

/// What is watched.
#[derive(Debug, Clone, Copy, Default)]
pub struct Watches([Option<(u64, u64, bool)>; COUNT]);

impl Watches {
    /// The control register.
    fn control(&self) -> u64 {
        let mut word = 0;
        for (number, watch) in self.0.iter().enumerate() {
            let Some((_, size, any)) = watch else { continue };
            let length = match size {
                1 => 0u64,
                2 => 1,
                4 => 3,
                _ => 2,
            };
            let kind = if *any { 3u64 } else { 1 };
            word |= 1 << (2 * number) | (kind | length << 2) << (16 + 4 * number);
        }
        word
    }

    /// Whether nothing is watched.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }
}

/// Splits a range into what one debug register can watch: 1, 2, 4 or 8 bytes at a multiple of that.
pub fn pieces(address: u64, size: u64) -> Vec<(u64, u64)> {
    let (mut at, end) = (address, address.saturating_add(size));
    let mut found = Vec::new();
    while at < end && found.len() <= COUNT {
        let piece = [8, 4, 2, 1].into_iter().find(|piece| at.is_multiple_of(*piece) && at + piece <= end);
        let piece = piece.unwrap_or(1);
        found.push((at, piece));
        at += piece;
    }
    found
}

impl Process {
    /// Watches a range in every thread; the numbers of the registers that do.
    ///
    /// # Errors
    /// When there are not enough registers, or the kernel refuses.
    pub fn add_watch(&mut self, address: u64, size: u64, access: Access) -> Result<Vec<usize>> {
        let pieces = pieces(address, size);
        let free: Vec<usize> = (0..COUNT).filter(|number| self.watches.0[*number].is_none()).collect();
        if pieces.is_empty() || pieces.len() > free.len() {
            return Err(Error::says(
                "Could not insert hardware watchpoint: the processor has 4 debug registers of up to 8 bytes; delete another watchpoint or watch less.",
            ));
        }
        let numbers = free[..pieces.len()].to_vec();
        for (number, (at, size)) in numbers.iter().zip(&pieces) {
            self.watches.0[*number] = Some((*at, *size, access == Access::Any));
        }
        if let Err(error) = self.set_watches() {
            self.remove_watch(&numbers);
            return Err(error);
        }
        Ok(numbers)
    }

    /// Watches no longer.
    pub fn remove_watch(&mut self, numbers: &[usize]) {
        for number in numbers {
            self.watches.0[*number] = None;
        }
        self.set_watches().ok();
    }

    /// Gives every stopped thread the registers.
    ///
    /// # Errors
    /// What the kernel says.
    pub fn set_watches(&self) -> Result<()> {
        let still = self.threads.values().filter(|thread| matches!(thread.state, State::Stopped(_)));
        for tid in still.map(|thread| thread.tid).collect::<Vec<_>>() {
            self.watch_thread(tid)?;
        }
        Ok(())
    }

    /// Gives a stopped thread the registers.
    ///
    /// # Errors
    /// What the kernel says.
    pub fn watch_thread(&self, tid: i32) -> Result<()> {
        let set = |number, value| {
            ptrace::set_debug_register(tid, number, value)
                .map_err(|error| Error::kernel("Could not insert hardware watchpoint", &error))
        };
        // Disabled while the addresses change: the kernel checks each against its length.
        set(7, 0)?;
        for (number, watch) in self.watches.0.iter().enumerate() {
            if let Some((address, _, _)) = watch {
                set(number as u64, *address)?;
            }
        }
        set(7, self.watches.control())
    }

    /// Which registers have seen an access that stopped a thread; they are cleared.
    pub fn seen(&self, tid: i32) -> u64 {
        if self.watches.is_empty() {
            return 0;
        }
        let status = ptrace::debug_register(tid, 6).unwrap_or(0) & 0xf;
        if status != 0 {
            ptrace::set_debug_register(tid, 6, 0).ok();
        }
        status
    }

    /// Watches nothing any more.
    pub fn clear_watches(&mut self) {
        if !self.watches.is_empty() {
            self.watches = Watches::default();
            self.set_watches().ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_split_at_multiples() {
        assert_eq!(pieces(0x1000, 8), [(0x1000, 8)]);
        assert_eq!(pieces(0x1001, 3), [(0x1001, 1), (0x1002, 2)]);
        assert_eq!(pieces(0x1006, 4), [(0x1006, 2), (0x1008, 2)]);
        assert!(pieces(0x1000, 1 << 20).len() > COUNT);
    }

    #[test]
    fn control_word_enables_and_sizes() {
        let mut watches = Watches::default();
        watches.0[0] = Some((0x1000, 4, false));
        watches.0[2] = Some((0x2000, 8, true));
        assert_eq!(watches.control(), 0x0b0d_0011);
    }
}
