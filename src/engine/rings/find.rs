//! Which ring a descriptor is, where it is mapped, and what the kernel tells of one whose set-up was not seen.
//!
//! A ring is known by the inode of its file, which is its own but for old kernels; the same inode stands in
//! /proc/PID/maps. The parsers take text. Sources: proc_pid_fdinfo(5), proc_pid_maps(5), io_uring/fdinfo.c.

use std::fs;
use std::os::unix::fs::MetadataExt;

use super::layout::{Layout, Place};
use crate::memory::Memory;
use crate::sys::process;

/// IORING_OFF_SQ_RING, IORING_OFF_CQ_RING, IORING_OFF_SQES.
const OFF_SQ_RING: u64 = 0;
const OFF_CQ_RING: u64 = 0x800_0000;
const OFF_SQES: u64 = 0x1000_0000;
/// What the link of a ring's descriptor says.
const LINK: &[u8] = b"anon_inode:[io_uring]";
/// So many descriptors of a process are looked at.
const MOST_DESCRIPTORS: usize = 4096;

/// The inode of the file that descriptor `fd` of task `tid` is.
pub(super) fn inode(tid: i32, fd: i32) -> Option<u64> {
    fs::metadata(format!("/proc/{tid}/fd/{fd}")).ok().map(|meta| meta.ino())
}

/// Whether the descriptor is a ring.
pub(super) fn is_ring(tid: i32, fd: i32) -> bool {
    process::fd_target(tid, fd).is_some_and(|target| &*target.path == LINK)
}

/// The only ring of a task by descriptor; `None` for none or several.
pub(super) fn only_ring(tid: i32) -> Option<i32> {
    let mut found = None;
    for entry in fs::read_dir(format!("/proc/{tid}/fd")).ok()?.take(MOST_DESCRIPTORS) {
        let fd = entry.ok()?.file_name().to_str()?.parse().ok()?;
        if is_ring(tid, fd) && found.replace(fd).is_some() {
            return None;
        }
    }
    found
}

/// Where task `tid` has the ring with an inode mapped.
pub(super) fn place(tid: i32, inode: u64) -> Option<Place> {
    place_in(&fs::read(format!("/proc/{tid}/maps")).ok()?, inode)
}

/// The same in the text of /proc/PID/maps.
fn place_in(maps: &[u8], inode: u64) -> Option<Place> {
    let mut parts = [None; 3];
    for line in maps.split(|byte| *byte == b'\n').filter(|line| line.ends_with(LINK)) {
        let Some((start, end, offset, owner)) = mapping(line) else { continue };
        let Some(part) = [OFF_SQ_RING, OFF_CQ_RING, OFF_SQES].iter().position(|at| *at == offset) else {
            continue;
        };
        if owner == inode {
            parts[part].get_or_insert((start, end));
        }
    }
    let [sq, cq, sqes] = parts;
    // Since Linux 5.4 both rings are in one mapping.
    let ((sq, sq_end), (cq, _)) = (sq.or(cq)?, cq.or(sq)?);
    let sqes_end = sqes.map_or(0, |(_, end)| end);
    Some(Place { sq, sq_end, cq, sqes: sqes.map(|(start, _)| start), sqes_end })
}

/// Start, end, offset and inode of a mapping.
fn mapping(line: &[u8]) -> Option<(u64, u64, u64, u64)> {
    let mut words = std::str::from_utf8(line).ok()?.split_ascii_whitespace();
    let hex = |word: &str| u64::from_str_radix(word, 16).ok();
    let (start, end) = words.next()?.split_once('-')?;
    let offset = hex(words.nth(1)?)?;
    Some((hex(start)?, hex(end)?, offset, words.nth(1)?.parse().ok()?))
}

/// What the kernel tells of a ring in /proc/PID/fdinfo.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    sq_mask: Option<u32>,
    cq_mask: Option<u32>,
    polled: bool,
    /// Of the first submission that waits: its count is in the index array or not, and its entry is a long one.
    submission: Option<(u32, bool)>,
    /// Of the first completion that waits: its entry is a long one.
    long_completion: Option<bool>,
    sq_head: u32,
}

fn told(text: &str) -> Told {
    let mut told = Told::default();
    let mut completions = false;
    for line in text.lines() {
        let Some((key, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        let hex = || u32::from_str_radix(value.trim_start_matches("0x"), 16).ok();
        match key {
            "SqMask" => told.sq_mask = hex(),
            "CqMask" => told.cq_mask = hex(),
            "SqHead" => told.sq_head = value.parse().unwrap_or(0),
            "SqThread" => told.polled = value != "-1",
            "CQEs" => completions = true,
            _ => {
                let Ok(index) = key.trim().parse::<u32>() else { continue };
                if value.starts_with("opcode:") && told.submission.is_none() {
                    told.submission = Some((index, value.contains(", e0:")));
                }
                if completions && value.starts_with("user_data:") && told.long_completion.is_none() {
                    told.long_completion = Some(value.contains("extra1:"));
                }
            }
        }
    }
    told
}

/// The layout of a ring whose set-up was not seen, from what the kernel tells and from the ring itself; `None` where
/// more than one would fit.
pub(super) fn unseen<M: Memory>(tid: i32, fd: i32, place: Place, memory: &mut M) -> Option<Layout> {
    let text = fs::read_to_string(format!("/proc/{tid}/fdinfo/{fd}")).ok()?;
    guess(&told(&text), place, memory)
}

/// The two ways in which kernels have laid out the begin of rings: offsets of heads, tails and masks, and where the
/// completion entries begin.
const SHAPES: [[u32; 7]; 2] = [[0, 4, 16, 8, 12, 20, 64], [0, 64, 256, 128, 192, 260, 320]];

fn guess<M: Memory>(told: &Told, place: Place, memory: &mut M) -> Option<Layout> {
    let (sq_entries, cq_entries) = (told.sq_mask?.checked_add(1)?, told.cq_mask?.checked_add(1)?);
    let mut found = None;
    for [sq_head, sq_tail, sq_mask, cq_head, cq_tail, cq_mask, cqes] in SHAPES {
        let flags = u32::from(told.polled) << 1;
        let layout = Layout {
            flags,
            sq_entries,
            cq_entries,
            sq_head,
            sq_tail,
            sq_mask,
            sq_array: 0,
            cq_head,
            cq_tail,
            cq_mask,
            cqes,
            given: None,
        };
        let Some(layout) = layout.checked() else { continue };
        let Some(control) = layout.control(place, memory) else { continue };
        if found.is_none() && control.sq_head == told.sq_head {
            found = Some((layout, control));
        }
    }
    let (layout, control) = found?;
    // Without a submission that waits there is nothing to tell layouts apart by; the next call may have one.
    if control.sq_head == control.sq_tail {
        return None;
    }
    let with = |long_submission: bool, long_completion: bool, bare: bool, sq_array: u32| Layout {
        flags: layout.flags
            | u32::from(long_submission) << 10
            | u32::from(long_completion) << 11
            | u32::from(bare) << 16,
        sq_array,
        ..layout
    };
    let Some((index, long_submission)) = told.submission else {
        // The kernel lists what waits only where there is an index array.
        let submissions = (place.sqes?, place.sqes_end, u64::from(sq_entries) * 64);
        let long_submission = doubled(submissions, control.sq_head >= sq_entries, memory)?;
        let completions =
            (place.sq.wrapping_add(u64::from(layout.cqes)), place.sq_end, u64::from(cq_entries) * 16);
        let long_completion = match told.long_completion {
            Some(long) => long,
            None => doubled(completions, control.cq_tail >= cq_entries, memory)?,
        };
        return Some(with(long_submission, long_completion, true, 0));
    };
    // The array follows the completion entries on a cache line of its own; for long ones kernels so far have
    // doubled all that is before it.
    let single = layout.cqes + cq_entries * 16;
    let arrays = [(false, single), (true, 2 * single), (true, single + cq_entries * 16)];
    let slot = control.sq_head & (sq_entries - 1);
    let mut fits = arrays
        .into_iter()
        .map(|(long, at)| (long, at.next_multiple_of(64)))
        .filter(|(long, _)| told.long_completion.is_none_or(|told| told == *long))
        .filter(|(_, at)| holds(place.sq.wrapping_add(u64::from(*at)), slot, index, memory));
    match (fits.next(), fits.next()) {
        (Some((long, at)), None) => Some(with(long_submission, long, false, at)),
        _ => None,
    }
}

/// Whether an array at `start` holds `index` in a slot, in a way that empty memory does not.
fn holds<M: Memory>(start: u64, slot: u32, index: u32, memory: &mut M) -> bool {
    let mut words = [0u8; 8];
    // Where the index is 0, the next must tell.
    let got = memory.read(start.wrapping_add(4 * u64::from(slot)), &mut words);
    let (own, next) = words.split_at(4);
    got == 8 && own == index.to_le_bytes() && (index != 0 || next != [0; 4])
}

/// Whether entries are twice the size for which `single` bytes would do, by what lies behind these; `used`
/// where every entry has been used.
fn doubled<M: Memory>((start, end, single): (u64, u64, u64), used: bool, memory: &mut M) -> Option<bool> {
    if end.saturating_sub(start) < 2 * single {
        return Some(false);
    }
    let mut behind = [0u8; 4096];
    let size = single.min(4096) as usize;
    let got = memory.read(start.wrapping_add(single), &mut behind[..size]);
    if behind[..got].iter().any(|byte| *byte != 0) { Some(true) } else { used.then_some(false) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAPS: &[u8] = b"\
7f4dd0dc6000-7f4dd0dc7000 rw-s 10000000 00:10 1412839                    anon_inode:[io_uring]
7f4dd0dc7000-7f4dd0dc8000 rw-s 00000000 00:10 1412839                    anon_inode:[io_uring]
7f4dd0dc8000-7f4dd0dc9000 rw-s 00000000 00:10 77                         anon_inode:[io_uring]
7f4dd0dc9000-7f4dd0dca000 rw-s 08000000 00:10 77                         anon_inode:[io_uring]
55e73726d000-55e73726e000 r-xp 00001000 fe:00 1412839                    /home/anon_inode:[io_uring
";

    #[test]
    fn mappings_are_told_by_inode_and_offset() {
        let both = place_in(MAPS, 1412839).unwrap();
        assert_eq!(
            (both.sq, both.cq, both.sqes),
            (0x7f4d_d0dc_7000, 0x7f4d_d0dc_7000, Some(0x7f4d_d0dc_6000))
        );
        let apart = place_in(MAPS, 77).unwrap();
        assert_eq!((apart.sq, apart.cq, apart.sqes), (0x7f4d_d0dc_8000, 0x7f4d_d0dc_9000, None));
        assert_eq!(place_in(MAPS, 3), None);
    }

    #[test]
    fn what_the_kernel_tells_is_read() {
        let text = "ino:\t5\nSqMask:\t0x7\nSqHead:\t1\nSqTail:\t2\nCqMask:\t0xf\nSQEs:\t1\n    \
            1: opcode:NOP, fd:0, flags:0, off:0, addr:0x0, rw_flags:0x0, buf_index:0 user_data:7, e0:0x0\n\
            CQEs:\t1\n    0: user_data:9, res:-14, flag:0\nSqThread:\t-1\n";
        let wanted = Told {
            sq_mask: Some(7),
            cq_mask: Some(15),
            polled: false,
            submission: Some((1, true)),
            long_completion: Some(false),
            sq_head: 1,
        };
        assert_eq!(told(text), wanted);
        assert!(told("SqThread:\t12\n").polled);
    }
}
