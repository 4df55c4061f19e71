//! The build id of the program that a process runs: the note that linkers leave in an ELF file.
//!
//! Only the head, the table of segments and a few KiB of notes are read, whatever the file says of itself.
//! Source: elf(5); NT_GNU_BUILD_ID of binutils.

use std::fs::File;
use std::os::unix::fs::FileExt;

/// Most segments that are looked at.
const MOST_SEGMENTS: usize = 64;
/// Most bytes of notes of one segment.
const MOST_NOTE_BYTES: usize = 4096;
/// Longest build id: that of a SHA-512.
const MOST_ID_BYTES: usize = 64;
/// Type of a segment of notes, and of the note that holds a build id.
const PT_NOTE: u64 = 4;
const NT_GNU_BUILD_ID: u64 = 3;

/// The build id of what process `pid` runs; empty where there is none.
pub fn of_process(pid: i32) -> Vec<u8> {
    let Ok(file) = File::open(format!("/proc/{pid}/exe")) else { return Vec::new() };
    find(|offset, buf| file.read_at(buf, offset).unwrap_or(0)).unwrap_or_default()
}

fn number(bytes: &[u8], at: usize, size: usize) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(size)?)?;
    Some(bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte)))
}

/// The build id of a little-endian ELF file whose bytes `read` copies, telling how many it could.
pub fn find(read: impl Fn(u64, &mut [u8]) -> usize) -> Option<Vec<u8>> {
    let mut head = [0; 64];
    let size = read(0, &mut head);
    let head = &head[..size];
    if !head.starts_with(b"\x7fELF") || *head.get(5)? != 1 {
        return None;
    }
    let wide = *head.get(4)? == 2;
    // Where the table is; size and number of its entries; in an entry: offset and size of the segment.
    let (table, sizes, word, (offset_at, size_at)) =
        if wide { (32, 54, 8, (8, 32)) } else { (28, 42, 4, (4, 16)) };
    let table = number(head, table, word)?;
    let (each, count) = (number(head, sizes, 2)? as usize, number(head, sizes + 2, 2)? as usize);
    if !(32..=128).contains(&each) {
        return None;
    }
    let mut segments = vec![0; each * count.min(MOST_SEGMENTS)];
    let size = read(table, &mut segments);
    for segment in segments[..size].chunks_exact(each) {
        if number(segment, 0, 4)? != PT_NOTE {
            continue;
        }
        let (offset, size) = (number(segment, offset_at, word)?, number(segment, size_at, word)?);
        let mut notes = vec![0; usize::try_from(size).unwrap_or(MOST_NOTE_BYTES).min(MOST_NOTE_BYTES)];
        let size = read(offset, &mut notes);
        if let Some(id) = in_notes(&notes[..size]) {
            return Some(id);
        }
    }
    None
}

fn in_notes(mut notes: &[u8]) -> Option<Vec<u8>> {
    loop {
        let (name, size) = (number(notes, 0, 4)? as usize, number(notes, 4, 4)? as usize);
        let kind = number(notes, 8, 4)?;
        let data = 12usize.checked_add(name)?.checked_next_multiple_of(4)?;
        let end = data.checked_add(size)?;
        if kind == NT_GNU_BUILD_ID && notes.get(12..12 + name.min(4))? == b"GNU\0" && size <= MOST_ID_BYTES {
            return notes.get(data..end).map(<[u8]>::to_vec);
        }
        notes = notes.get(end.checked_next_multiple_of(4)?..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_bytes(bytes: &[u8]) -> Option<Vec<u8>> {
        find(|offset, buf| {
            let rest = usize::try_from(offset).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
            let count = rest.len().min(buf.len());
            buf[..count].copy_from_slice(&rest[..count]);
            count
        })
    }

    #[test]
    fn is_that_of_readelf() {
        let id = of_process(std::process::id() as i32);
        let exe = std::env::current_exe().unwrap();
        let Ok(output) = std::process::Command::new("readelf").arg("-n").arg(exe).output() else { return };
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let known = text.lines().find_map(|line| line.trim().strip_prefix("Build ID: ").map(str::to_owned));
        let own: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(own, known.unwrap_or_default());
    }

    #[test]
    fn damage_is_no_trouble() {
        let bytes = std::fs::read("/bin/true").unwrap();
        let good = of_bytes(&bytes).unwrap();
        assert!(good.len() >= 8);
        for at in 0..1024.min(bytes.len()) {
            let mut bad = bytes.clone();
            bad[at] ^= 0xff;
            of_bytes(&bad);
            of_bytes(&bytes[..at]);
        }
    }
}
