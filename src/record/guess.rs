//! How a register is written: as the way from something near it.
//!
//! Programs are loaded at other addresses each time, but what lies between two addresses of one program is the
//! same in each run of it. So a pointer is written as its distance from the stack pointer, from the code that
//! passes it, from the pointer before it, or from what stood there before, whichever is nearest: a compiler that
//! runs twice then gives the same bytes twice. Both sides keep the same [`Base`].

use syscall_tables::abi::Abi;
use syscall_tables::model::{Shape, Signature};

use super::format::Malformed;
use super::wire::{Wire, put_step};

/// What is near, of one task.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Base {
    /// Instruction pointer of its last call.
    pub ip: u64,
    /// Stack pointer of its last call.
    pub sp: u64,
    /// The last value that may be a pointer.
    pub pointer: u64,
}

/// Values below are counts, flags and descriptors, not pointers.
const LEAST_POINTER: u64 = 1 << 20;
/// Values this near to 0 are written as they are.
const SMALL: u64 = 1 << 13;

impl Base {
    fn all(&self, old: u64) -> [u64; 5] {
        [0, self.sp, self.ip, old, self.pointer]
    }

    /// Appends `value`, where `old` stood before.
    pub fn put(&mut self, out: &mut Vec<u8>, old: u64, value: u64) {
        let near = |from: &u64| (value.wrapping_sub(*from) as i64).unsigned_abs();
        let bases = self.all(old);
        let best = if near(&0) < SMALL {
            0
        } else {
            // The first of those that are equally near.
            (0..bases.len()).min_by_key(|&at| near(&bases[at]) >> 7).unwrap_or(0)
        };
        out.push(best as u8);
        put_step(out, bases[best], value);
        self.note(value);
    }

    /// The value that was written.
    pub fn get(&mut self, wire: &mut Wire<'_>, old: u64) -> Result<u64, Malformed> {
        let from = self.all(old).get(usize::from(wire.byte()?)).copied();
        let value = wire.step(from.ok_or(Malformed("an unknown base"))?)?;
        self.note(value);
        Ok(value)
    }

    fn note(&mut self, value: u64) {
        if (LEAST_POINTER..1 << 63).contains(&value) {
            self.pointer = value;
        }
    }
}

/// How many registers a call has; what else stands in registers is left from before and says nothing.
pub(super) fn registers(signature: Option<&Signature>, abi: Abi) -> usize {
    let Some(signature) = signature else { return 6 };
    let narrow = abi.data_model().word_bytes == 4;
    let width = |wide: bool| if narrow && wide { 2 } else { 1 };
    signature.args.iter().map(|arg| width(matches!(arg.kind.shape, Shape::Wide(..)))).sum::<usize>().min(6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_and_are_short() {
        let base = Base { ip: 0x7f12_3456_7000, sp: 0x7ffc_1234_5678, pointer: 0x55aa_0000_1000 };
        let rows = [(0, 2), (3, 2), (u64::MAX, 2), (u64::from(u32::MAX - 99), 6), (0x7ffc_1234_5640, 2)];
        for (value, longest) in rows.into_iter().chain([(0x55aa_0000_1010, 2), (0x7f12_3456_7100, 3)]) {
            let mut out = Vec::new();
            let (mut writes, mut reads) = (base, base);
            writes.put(&mut out, 77, value);
            assert!(out.len() <= longest, "{value:#x}: {out:?}");
            assert_eq!(reads.get(&mut Wire::new(&out), 77).unwrap(), value);
            assert_eq!(writes, reads);
        }
        assert!(base.clone().get(&mut Wire::new(&[9, 0]), 0).is_err());
    }
}
