//! Where things lie in the memory of a ring, and reading them.
//!
//! The kernel fills in the places when it makes a ring (`struct io_uring_params`). The program can write to all of
//! this at any time: every number is checked against what the kernel allows, and nothing is believed to be the same
//! at the next look. Source: io_uring_setup(2), io_uring/io_uring.c.

use syscall_tables::uring::SQE_BYTES;

use crate::memory::Memory;

/// Size of `struct io_uring_params`.
pub(super) const PARAMS_BYTES: usize = 120;
/// IORING_MAX_ENTRIES and IORING_MAX_CQ_ENTRIES.
const MOST_ENTRIES: u32 = 32768;
const MOST_CQ_ENTRIES: u32 = 65536;
/// Heads, tails and masks lie at the begin of the rings.
const CONTROL_BYTES: usize = 1024;
/// So many entries are looked at in one call.
const MOST_SEEN: u32 = 16384;

/// IORING_SETUP_*.
const SQPOLL: u32 = 1 << 1;
const SQE128: u32 = 1 << 10;
const CQE32: u32 = 1 << 11;
const NO_MMAP: u32 = 1 << 14;
const REGISTERED_FD_ONLY: u32 = 1 << 15;
const NO_SQARRAY: u32 = 1 << 16;
const CQE_MIXED: u32 = 1 << 18;
const SQE_MIXED: u32 = 1 << 19;
/// What is known of here.
const KNOWN: u32 = (1 << 20) - 1;
/// IORING_CQE_F_SKIP, IORING_CQE_F_32.
const F_SKIP: u32 = 1 << 5;
const F_32: u32 = 1 << 15;
/// IORING_OP_NOP128, IORING_OP_URING_CMD128: they take two slots.
const LONG_OPCODES: [u8; 2] = [63, 64];

/// Where the parts of a ring lie, relative to its mappings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub flags: u32,
    pub sq_entries: u32,
    pub cq_entries: u32,
    pub sq_head: u32,
    pub sq_tail: u32,
    pub sq_mask: u32,
    pub sq_array: u32,
    pub cq_head: u32,
    pub cq_tail: u32,
    pub cq_mask: u32,
    pub cqes: u32,
    /// Addresses that the program gave instead of mapping: rings and submission entries.
    pub given: Option<(u64, u64)>,
}

/// Where a ring is mapped in a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub sq: u64,
    /// Where the mapping of the rings ends.
    pub sq_end: u64,
    pub cq: u64,
    /// Not everybody who reaps submits.
    pub sqes: Option<u64>,
    pub sqes_end: u64,
}

/// Heads and tails at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Control {
    pub sq_head: u32,
    pub sq_tail: u32,
    pub cq_head: u32,
    pub cq_tail: u32,
}

/// A completion entry as it lies there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cqe {
    pub user_data: u64,
    pub result: i32,
    pub flags: u32,
    pub extra: Option<[u64; 2]>,
    /// The count of the ring at which it lies.
    pub at: u32,
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> u64 {
    let low = word(bytes, at).unwrap_or(0);
    u64::from(low) | u64::from(word(bytes, at + 4).unwrap_or(0)) << 32
}

impl Layout {
    /// From the parameters that the kernel filled in; `None` where they make no sense.
    pub(super) fn of_params(params: &[u8; PARAMS_BYTES]) -> Option<Self> {
        let at = |offset| word(params, offset);
        let flags = at(8)?;
        let layout = Self {
            flags,
            sq_entries: at(0)?,
            cq_entries: at(4)?,
            sq_head: at(40)?,
            sq_tail: at(44)?,
            sq_mask: at(48)?,
            sq_array: at(64)?,
            cq_head: at(80)?,
            cq_tail: at(84)?,
            cq_mask: at(88)?,
            cqes: at(100)?,
            given: (flags & NO_MMAP != 0).then(|| (long(params, 112), long(params, 72))),
        };
        layout.checked()
    }

    /// Itself, where the kernel could have made it.
    pub(super) fn checked(self) -> Option<Self> {
        let sizes = [(self.sq_entries, MOST_ENTRIES), (self.cq_entries, MOST_CQ_ENTRIES)];
        let offsets = [self.sq_head, self.sq_tail, self.sq_mask, self.cq_head, self.cq_tail, self.cq_mask];
        let sound = sizes.iter().all(|(size, most)| size.is_power_of_two() && size <= most)
            && offsets.iter().all(|offset| *offset as usize <= CONTROL_BYTES - 4)
            && [self.sq_array, self.cqes].iter().all(|offset| *offset < 1 << 24);
        sound.then_some(self)
    }

    /// Whether a thread of the kernel takes submissions.
    pub(super) const fn polled(&self) -> bool {
        self.flags & SQPOLL != 0
    }

    /// Whether every flag is known here.
    pub(super) const fn known(&self) -> bool {
        self.flags & !KNOWN == 0
    }

    /// Whether io_uring_setup returned an index instead of a descriptor.
    pub(super) const fn registered_only(&self) -> bool {
        self.flags & REGISTERED_FD_ONLY != 0
    }

    /// Heads and tails; `None` where there is no such ring.
    pub(super) fn control<M: Memory>(&self, place: Place, memory: &mut M) -> Option<Control> {
        let mut sq = [0u8; CONTROL_BYTES];
        let mut cq = [0u8; CONTROL_BYTES];
        let sq_end = self.sq_head.max(self.sq_tail).max(self.sq_mask) as usize + 4;
        let cq_end = self.cq_head.max(self.cq_tail).max(self.cq_mask) as usize + 4;
        let both = if place.sq == place.cq { sq_end.max(cq_end) } else { sq_end };
        if memory.read(place.sq, &mut sq[..both]) < both {
            return None;
        }
        let cq = if place.sq == place.cq {
            &sq
        } else if memory.read(place.cq, &mut cq[..cq_end]) < cq_end {
            return None;
        } else {
            &cq
        };
        let masks = (word(&sq, self.sq_mask as usize)?, word(cq, self.cq_mask as usize)?);
        (masks == (self.sq_entries - 1, self.cq_entries - 1)).then_some(())?;
        Some(Control {
            sq_head: word(&sq, self.sq_head as usize)?,
            sq_tail: word(&sq, self.sq_tail as usize)?,
            cq_head: word(cq, self.cq_head as usize)?,
            cq_tail: word(cq, self.cq_tail as usize)?,
        })
    }

    /// The submission entries from count `from` on, at most `count`, with the count behind each; those whose index
    /// makes no sense, which the kernel drops, are left out.
    pub(super) fn submissions<M: Memory>(
        &self,
        place: Place,
        from: u32,
        count: u32,
        memory: &mut M,
    ) -> Vec<(u32, [u8; SQE_BYTES])> {
        let count = count.min(self.sq_entries).min(MOST_SEEN);
        let Some(base) = place.sqes else { return Vec::new() };
        let stride = if self.flags & SQE128 != 0 { 128 } else { SQE_BYTES };
        let mut indices = self.indices(place.sq, from, count, memory);
        indices.retain(|(_, index)| *index < self.sq_entries);
        let mut entries = Vec::with_capacity(indices.len());
        let mut bytes = Vec::new();
        for run in indices.chunk_by(|(_, one), (_, next)| one + 1 == *next) {
            let size = stride * run.len();
            bytes.resize(size, 0);
            let start = base.wrapping_add(u64::from(run[0].1) * stride as u64);
            let got = memory.read(start, &mut bytes[..size]);
            for ((at, _), entry) in run.iter().zip(bytes[..got].chunks_exact(stride)) {
                if let Some(Ok(sqe)) = entry.get(..SQE_BYTES).map(<[u8; SQE_BYTES]>::try_from) {
                    entries.push((at.wrapping_add(1), sqe));
                }
            }
        }
        if self.flags & SQE_MIXED != 0 {
            let mut second = false;
            entries.retain_mut(|(behind, sqe)| {
                let long = !second && LONG_OPCODES.contains(&sqe[0]);
                *behind = behind.wrapping_add(u32::from(long));
                let keep = !second;
                second = long;
                keep
            });
        }
        entries
    }

    /// Counts and the indices of their entries.
    fn indices<M: Memory>(&self, sq: u64, from: u32, count: u32, memory: &mut M) -> Vec<(u32, u32)> {
        let mask = self.sq_entries - 1;
        let counts = (0..count).map(|step| from.wrapping_add(step));
        if self.flags & NO_SQARRAY != 0 {
            return counts.map(|at| (at, at & mask)).collect();
        }
        let mut array = vec![0u8; 4 * count as usize];
        let first = (from & mask) as usize;
        let straight = 4 * (count as usize).min(self.sq_entries as usize - first);
        let start = sq.wrapping_add(u64::from(self.sq_array));
        let mut got = memory.read(start.wrapping_add(4 * first as u64), &mut array[..straight]);
        if got == straight && straight < array.len() {
            got += memory.read(start, &mut array[straight..]);
        }
        let indices = array[..got].chunks_exact(4).filter_map(|bytes| word(bytes, 0));
        counts.zip(indices).collect()
    }

    /// The completion entries from count `from` to count `to`, and how many of them are there no more.
    pub(super) fn completions<M: Memory>(
        &self,
        place: Place,
        from: u32,
        to: u32,
        memory: &mut M,
    ) -> (Vec<Cqe>, u32) {
        let all = to.wrapping_sub(from);
        let count = all.min(self.cq_entries).min(MOST_SEEN);
        let first = to.wrapping_sub(count);
        let stride = if self.flags & CQE32 != 0 { 32 } else { 16 };
        let mask = self.cq_entries - 1;
        let at = (first & mask) as usize;
        let mut bytes = vec![0u8; stride * count as usize];
        let straight = stride * (count as usize).min(self.cq_entries as usize - at);
        let start = place.cq.wrapping_add(u64::from(self.cqes));
        let mut got = memory.read(start.wrapping_add((stride * at) as u64), &mut bytes[..straight]);
        if got == straight && straight < bytes.len() {
            got += memory.read(start, &mut bytes[straight..]);
        }
        let mut entries = Vec::with_capacity(count as usize);
        let mixed = self.flags & CQE_MIXED != 0;
        let mut slots = bytes[..got].chunks_exact(stride).zip(0u32..);
        while let Some((entry, step)) = slots.next() {
            let flags = word(entry, 12).unwrap_or(0);
            let mut extra = (stride == 32).then(|| [long(entry, 16), long(entry, 24)]);
            if mixed && flags & F_SKIP != 0 {
                continue;
            }
            if mixed && flags & F_32 != 0 {
                extra = slots.next().map(|(second, _)| [long(second, 0), long(second, 8)]);
            }
            let result = word(entry, 8).unwrap_or(0).cast_signed();
            let at = first.wrapping_add(step);
            entries.push(Cqe { user_data: long(entry, 0), result, flags, extra, at });
        }
        (entries, all - count)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{ahead, find};
    use super::{Control, Layout, PARAMS_BYTES, Place};
    use crate::memory::Memory;

    /// One stretch of memory at `base`; what is read is counted.
    struct Bytes<'a> {
        base: u64,
        bytes: &'a [u8],
        read: usize,
    }

    impl Memory for Bytes<'_> {
        fn read(&mut self, addr: u64, buf: &mut [u8]) -> usize {
            let Some(from) = addr.checked_sub(self.base).and_then(|from| usize::try_from(from).ok()) else {
                return 0;
            };
            let rest = self.bytes.get(from..).unwrap_or_default();
            let count = rest.len().min(buf.len());
            buf[..count].copy_from_slice(&rest[..count]);
            self.read += count;
            count
        }
    }

    /// Parameters as a kernel fills them in, for 4 submissions and 8 completions.
    fn params(flags: u32) -> [u8; PARAMS_BYTES] {
        let mut bytes = [0; PARAMS_BYTES];
        let array = 64 + 8 * if flags & 0x800 != 0 { 32 } else { 16 };
        let words = [
            (0, 4),
            (4, 8),
            (8, flags),
            (44, 4),
            (48, 16),
            (52, 24),
            (64, array),
            (80, 8),
            (84, 12),
            (88, 20),
            (92, 28),
            (100, 64),
        ];
        for (at, word) in words {
            bytes[at..at + 4].copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    const PLACE: Place =
        Place { sq: 0x1000, sq_end: 0x2000, cq: 0x1000, sqes: Some(0x2000), sqes_end: 0x3000 };

    /// Memory of a ring: rings at 0x1000, entries at 0x2000.
    fn ring(layout: &Layout, control: Control) -> Vec<u8> {
        let mut bytes = vec![0; 0x2000];
        let words = [
            (layout.sq_head, control.sq_head),
            (layout.sq_tail, control.sq_tail),
            (layout.cq_head, control.cq_head),
            (layout.cq_tail, control.cq_tail),
            (layout.sq_mask, 3),
            (layout.cq_mask, 7),
        ];
        for (at, word) in words {
            bytes[at as usize..at as usize + 4].copy_from_slice(&word.to_le_bytes());
        }
        for (slot, index) in [3u32, 9, 1, 0].into_iter().enumerate() {
            let at = layout.sq_array as usize + 4 * slot;
            bytes[at..at + 4].copy_from_slice(&index.to_le_bytes());
        }
        bytes
    }

    #[test]
    fn entries_come_in_the_order_of_the_ring() {
        let layout = Layout::of_params(&params(0)).unwrap();
        let control = Control { sq_head: u32::MAX, sq_tail: 3, cq_head: 0, cq_tail: 0 };
        let mut bytes = ring(&layout, control);
        for index in 0..4 {
            bytes[0x1000 + 64 * index] = index as u8;
        }
        let mut memory = Bytes { base: 0x1000, bytes: &bytes, read: 0 };
        assert_eq!(layout.control(PLACE, &mut memory), Some(control));
        let found = layout.submissions(PLACE, u32::MAX, 4, &mut memory);
        let shown: Vec<_> = found.iter().map(|(behind, sqe)| (*behind, sqe[0])).collect();
        // Slot 3, then 0, then 1 with an index that the kernel drops, then 2.
        assert_eq!(shown, [(0, 0), (1, 3), (3, 1)]);
        let bare = Layout { flags: 1 << 16, ..layout };
        let found = bare.submissions(PLACE, 2, 3, &mut memory);
        assert_eq!(found.iter().map(|(_, sqe)| sqe[0]).collect::<Vec<_>>(), [2, 3, 0]);
    }

    #[test]
    fn overwritten_completions_are_counted() {
        let layout = Layout::of_params(&params(0)).unwrap();
        let control = Control { sq_head: 0, sq_tail: 0, cq_head: 0, cq_tail: 11 };
        let mut bytes = ring(&layout, control);
        for slot in 0..8 {
            bytes[64 + 16 * slot] = slot as u8;
        }
        let mut memory = Bytes { base: 0x1000, bytes: &bytes, read: 0 };
        let (found, unseen) = layout.completions(PLACE, 0, 11, &mut memory);
        assert_eq!(unseen, 3);
        let shown: Vec<_> = found.iter().map(|cqe| (cqe.at, cqe.user_data)).collect();
        assert_eq!(shown, [(3, 3), (4, 4), (5, 5), (6, 6), (7, 7), (8, 0), (9, 1), (10, 2)]);
    }

    #[test]
    fn entries_of_both_sizes_in_one_ring_are_told_apart() {
        let layout = Layout::of_params(&params(1 << 18)).unwrap();
        let control = Control { sq_head: 0, sq_tail: 0, cq_head: 0, cq_tail: 4 };
        let mut bytes = ring(&layout, control);
        bytes[64] = 1;
        bytes[64 + 12 + 1] = 0x80;
        bytes[80] = 7;
        bytes[96 + 12] = 0x20;
        bytes[112] = 2;
        let mut memory = Bytes { base: 0x1000, bytes: &bytes, read: 0 };
        let (found, unseen) = layout.completions(PLACE, 0, 4, &mut memory);
        let shown: Vec<_> = found.iter().map(|cqe| (cqe.user_data, cqe.extra)).collect();
        assert_eq!((shown, unseen), (vec![(1, Some([7, 0])), (2, None)], 0));
    }

    #[test]
    fn counts_wrap() {
        assert_eq!((ahead(u32::MAX, 1), ahead(1, u32::MAX), ahead(5, 5)), (2, 0, 0));
    }

    #[test]
    fn a_task_without_rings_has_none() {
        let own = std::process::id() as i32;
        assert_eq!(find::place(own, 1), None);
        assert!(!find::is_ring(own, 0));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn hostile_memory_costs_no_more_than_rings_can_hold(
            noise in prop::collection::vec(any::<u8>(), PARAMS_BYTES),
            sensible in any::<bool>(),
            flags in any::<u32>(),
            memory in prop::collection::vec(any::<u8>(), 0..9000),
            counts in any::<[u32; 4]>(),
            (base, sqes) in (any::<u64>(), prop::option::of(any::<u64>())),
        ) {
            let mut bytes: [u8; PARAMS_BYTES] = noise.try_into().unwrap();
            if sensible {
                bytes = params(flags);
            }
            if let Some(layout) = Layout::of_params(&bytes) {
                let mut memory = Bytes { base, bytes: &memory, read: 0 };
                let place = Place { sq: base, sq_end: 0, cq: base, sqes: sqes.map(|at| base.wrapping_add(at % 9000)), sqes_end: 0 };
                layout.control(place, &mut memory);
                let submissions = layout.submissions(place, counts[0], counts[1], &mut memory);
                prop_assert!(submissions.len() <= layout.sq_entries as usize);
                let (completions, unseen) = layout.completions(place, counts[2], counts[3], &mut memory);
                prop_assert!(completions.len() <= layout.cq_entries as usize);
                prop_assert!(u64::from(unseen) + completions.len() as u64 <= u64::from(counts[3].wrapping_sub(counts[2])));
            } else {
                prop_assert!(!sensible);
            }
        }
    }
}
