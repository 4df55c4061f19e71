//! The text of /proc/PID/maps: what is mapped where.
//!
//! Only what unwinding needs is kept: executable memory, and where writable memory ends, since a stack is
//! read in one piece. Source: proc_pid_maps(5).

use std::sync::Arc;

/// Executable memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// First address.
    pub start: u64,
    /// Address behind the last.
    pub end: u64,
    /// Position of `start` in the file.
    pub offset: u64,
    /// Device of the file, as `makedev` packs it.
    pub device: u64,
    /// Inode of the file; 0 for memory without one.
    pub inode: u64,
    /// The file's path, or a name such as `[vdso]`; `None` for memory without a name.
    pub path: Option<Arc<[u8]>>,
    /// The file has no name any more.
    pub deleted: bool,
}

/// What is mapped in a process.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Maps {
    /// Executable regions by address.
    pub code: Vec<Region>,
    /// Writable ranges by address, adjoining ones joined.
    pub data: Vec<(u64, u64)>,
}

impl Maps {
    /// Reads the text; lines that do not look as they should are left out.
    pub fn parse(text: &[u8]) -> Self {
        let mut maps = Self::default();
        for line in text.split(|&byte| byte == b'\n') {
            maps.line(line);
        }
        maps
    }

    fn line(&mut self, line: &[u8]) -> Option<()> {
        let mut words = line.splitn(6, |&byte| byte == b' ');
        let (start, end) = pair(words.next()?, b'-')?;
        let permissions = words.next()?;
        if start >= end {
            return None;
        }
        if permissions.get(1) == Some(&b'w') {
            match self.data.last_mut() {
                Some((_, last)) if *last == start => *last = end,
                _ => self.data.push((start, end)),
            }
        }
        if permissions.get(2) != Some(&b'x') {
            return None;
        }
        let offset = hexadecimal(words.next()?)?;
        let (major, minor) = pair(words.next()?, b':')?;
        let inode = std::str::from_utf8(words.next()?).ok()?.parse().ok()?;
        let path = words.next().unwrap_or_default().trim_ascii_start();
        let (path, deleted) = match path.strip_suffix(b" (deleted)") {
            Some(path) if inode != 0 => (path, true),
            _ => (path, false),
        };
        self.code.push(Region {
            start,
            end,
            offset,
            device: libc::makedev(major as u32, minor as u32),
            inode,
            path: (!path.is_empty()).then(|| path.into()),
            deleted,
        });
        Some(())
    }

    /// Index of the executable region that holds an address.
    pub fn find(&self, address: u64) -> Option<usize> {
        let behind = self.code.partition_point(|region| region.start <= address);
        let index = behind.checked_sub(1)?;
        (address < self.code[index].end).then_some(index)
    }

    /// Whether executable memory lies in a range.
    pub fn overlaps(&self, start: u64, size: u64) -> bool {
        let end = start.saturating_add(size);
        let behind = self.code.partition_point(|region| region.end <= start);
        self.code.get(behind).is_some_and(|region| region.start < end)
    }

    /// Where the writable memory that holds an address ends.
    pub fn data_end(&self, address: u64) -> Option<u64> {
        let behind = self.data.partition_point(|(start, _)| *start <= address);
        let (_, end) = self.data.get(behind.checked_sub(1)?)?;
        (address < *end).then_some(*end)
    }
}

fn hexadecimal(word: &[u8]) -> Option<u64> {
    u64::from_str_radix(std::str::from_utf8(word).ok()?, 16).ok()
}

fn pair(word: &[u8], between: u8) -> Option<(u64, u64)> {
    let at = word.iter().position(|&byte| byte == between)?;
    Some((hexadecimal(&word[..at])?, hexadecimal(&word[at + 1..])?))
}

/// The path of a region as it is on disk: the kernel spells a newline `\012`.
pub fn unescape(path: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(path.len());
    let mut rest = path;
    while let Some((&byte, tail)) = rest.split_first() {
        match rest.strip_prefix(b"\\012") {
            Some(behind) => {
                plain.push(b'\n');
                rest = behind;
            }
            None => {
                plain.push(byte);
                rest = tail;
            }
        }
    }
    plain
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const TEXT: &[u8] = b"\
55d0c0000000-55d0c0001000 r--p 00000000 fe:01 42                         /tmp/with space/a
55d0c0001000-55d0c0002000 r-xp 00001000 fe:01 42                         /tmp/with space/a
55d0c0003000-55d0c0004000 rw-p 00002000 fe:01 42                         /tmp/with space/a
55d0c0004000-55d0c0008000 rw-p 00000000 00:00 0                          [heap]
7f0000000000-7f0000001000 rwxp 00000000 00:00 0
7f0000002000-7f0000003000 r-xp 00000000 fe:01 43                         /tmp/b.so (deleted)
7ffc00000000-7ffc00002000 r-xp 00000000 00:00 0                          [vdso]
garbage
7ffc00009000-7ffc00002000 r-xp
";

    #[test]
    fn reads_what_is_executable() {
        let maps = Maps::parse(TEXT);
        assert_eq!(maps.code.len(), 4);
        let region = &maps.code[maps.find(0x55d0_c000_1800).unwrap()];
        assert_eq!(region.path.as_deref(), Some(&b"/tmp/with space/a"[..]));
        assert_eq!((region.offset, region.inode, region.deleted), (0x1000, 42, false));
        assert_eq!(maps.code[1].path, None);
        assert!(maps.code[2].deleted && maps.code[2].path.as_deref() == Some(b"/tmp/b.so"));
        assert_eq!(maps.find(0x55d0_c000_2000), None);
        assert_eq!(maps.data_end(0x55d0_c000_3abc), Some(0x55d0_c000_8000));
        assert_eq!(maps.data_end(0x55d0_c000_2fff), None);
    }

    #[test]
    fn ranges_overlap_at_their_edges_only_inside() {
        let maps = Maps::parse(TEXT);
        assert!(maps.overlaps(0x7f00_0000_0000, 1) && maps.overlaps(0x7f00_0000_0fff, 1));
        assert!(!maps.overlaps(0x7f00_0000_1000, 0x1000) && !maps.overlaps(0x10, u64::MAX >> 40));
        assert!(maps.overlaps(0, u64::MAX));
    }

    #[test]
    fn newlines_in_paths_come_back() {
        assert_eq!(unescape(b"/a\\012b\\01"), b"/a\nb\\01");
    }
}
