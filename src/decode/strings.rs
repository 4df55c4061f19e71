//! Strings in tracee memory: paths, C strings, buffers, argv.
//!
//! Caps: a path is at most PATH_MAX bytes, anything else at most the string limit; argument vectors
//! end at 4,096 entries when everything is wanted.

use super::Decoder;
use super::render::{Group, Items, Render, Text};
use crate::memory::Memory;

/// PATH_MAX of linux/limits.h.
const PATH_MAX: usize = 4096;
/// How much is read at a time.
const CHUNK: usize = 256;
/// Most entries of a vector that are looked at.
const MOST_STRINGS: usize = 4096;
/// Longest string shown even when the limit is larger: one mebibyte keeps buffers bounded.
const MOST_BYTES: usize = 1 << 20;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// A NUL-terminated path, never shortened.
    pub(crate) fn path(&mut self, addr: u64) {
        if addr == 0 {
            return self.render.address(0);
        }
        // Room for a long one is made only when it is one.
        let mut chunk = [0u8; CHUNK];
        let got = self.read_text(addr, &mut chunk);
        if let Some(end) = chunk[..got].iter().position(|&b| b == 0) {
            self.render.text(Text { bytes: &chunk[..end], more: false, hex: false });
            return self.render.path(&chunk[..end]);
        }
        if got < CHUNK {
            return self.render.address(addr);
        }
        self.long_path(addr, &chunk);
    }

    /// A path that begins with these bytes.
    #[inline(never)]
    fn long_path(&mut self, addr: u64, start: &[u8; CHUNK]) {
        let mut buf = [0u8; PATH_MAX];
        buf[..CHUNK].copy_from_slice(start);
        if let Some(end) = self.c_string_from(addr, &mut buf, CHUNK, PATH_MAX - 1) {
            self.render.path(&buf[..end]);
        }
    }

    /// A NUL-terminated path of at most so many bytes.
    pub(super) fn path_within(&mut self, addr: u64, most: u64) {
        let mut buf = [0u8; PATH_MAX];
        let limit = most.min(PATH_MAX as u64 - 1) as usize;
        if let Some(end) = self.c_string(addr, &mut buf[..=limit], limit) {
            self.render.path(&buf[..end]);
        }
    }

    /// A NUL-terminated string, shortened to the string limit.
    pub(crate) fn string(&mut self, addr: u64) {
        let limit = self.options.string_limit.min(MOST_BYTES);
        if limit < CHUNK {
            let mut buf = [0u8; CHUNK];
            self.c_string(addr, &mut buf[..=limit], limit);
            return;
        }
        let mut buf = vec![0u8; limit + 1];
        self.c_string(addr, &mut buf, limit);
    }

    /// A NUL-terminated string, shortened to this many bytes or fewer.
    pub(super) fn shortened_string(&mut self, addr: u64, most: u8) {
        let mut buf = [0u8; CHUNK];
        let limit = self.options.string_limit.min(most.into());
        self.c_string(addr, &mut buf[..=limit], limit);
    }

    /// A NUL-terminated string of which this many bytes are looked at, fewer where fewer are shown.
    pub(crate) fn limited_string(&mut self, addr: u64, most: u16) {
        let mut buf = [0u8; CHUNK];
        let limit = self.options.string_limit;
        let room = usize::from(most).min(limit.saturating_add(1)).min(buf.len());
        if addr == 0 {
            return self.render.address(0);
        }
        let got = self.read_text(addr, &mut buf[..room]);
        match buf[..got].iter().position(|&byte| byte == 0) {
            Some(end) => self.render.text(Text { bytes: &buf[..end], more: false, hex: false }),
            None if got < room => self.render.address(addr),
            None => self.render.text(Text { bytes: &buf[..room.min(limit)], more: true, hex: false }),
        }
    }

    /// A NUL-terminated string in a place of so many bytes, 512 at most: whether it can be read, even where it is shortened.
    pub(super) fn bounded_string(&mut self, addr: u64, most: usize) -> bool {
        let mut buf = [0u8; 2 * CHUNK];
        let room = most.min(buf.len());
        let got = self.read_text(addr, &mut buf[..room]);
        let end = buf[..got].iter().position(|&byte| byte == 0);
        if end.is_none() && got < room {
            return false;
        }
        let limit = self.options.string_limit;
        let end = end.unwrap_or(room + 1);
        // In hexadecimal, the end is told and what lies behind it hinted at.
        let told = self.render.hints_terminator();
        let shown = if told { end + 1 } else { end }.min(limit).min(room);
        self.render.text(Text { bytes: &buf[..shown], more: told || end >= limit, hex: false });
        true
    }

    /// The length of the string, where all of it was shown.
    fn c_string(&mut self, addr: u64, buf: &mut [u8], limit: usize) -> Option<usize> {
        if addr == 0 {
            self.render.address(0);
            return None;
        }
        self.c_string_from(addr, buf, 0, limit)
    }

    /// The same, of which so many bytes are in the buffer, none of them NUL.
    fn c_string_from(&mut self, addr: u64, buf: &mut [u8], mut filled: usize, limit: usize) -> Option<usize> {
        while filled < buf.len() {
            let at = addr.wrapping_add(filled as u64);
            let want = CHUNK.min(buf.len() - filled);
            let got = self.read_text(at, &mut buf[filled..filled + want]);
            if let Some(end) = buf[filled..filled + got].iter().position(|&b| b == 0) {
                let end = filled + end;
                self.render.text(Text { bytes: &buf[..end.min(limit)], more: end > limit, hex: false });
                return (end <= limit).then_some(end);
            }
            filled += got;
            if got < want && filled <= limit {
                self.render.address(addr);
                return None;
            }
        }
        self.render.text(Text { bytes: &buf[..limit], more: true, hex: false });
        None
    }

    /// `len` bytes, shortened to the string limit.
    pub(crate) fn bytes(&mut self, addr: u64, len: u64) {
        self.buffer(addr, len, false);
    }

    /// The same; `hex` for bytes that are noise.
    pub(crate) fn buffer(&mut self, addr: u64, len: u64, hex: bool) {
        if addr == 0 {
            return self.render.address(0);
        }
        // Whether more follows is looked at too, as strace does.
        let limit = self.options.string_limit.min(MOST_BYTES);
        let count = len.min(limit as u64 + 1) as usize;
        let mut small = [0u8; CHUNK];
        let mut large;
        let buf = if count <= CHUNK {
            &mut small[..count]
        } else {
            large = vec![0u8; count];
            &mut large[..]
        };
        if self.read_data(addr, buf) < count {
            return self.render.address(addr);
        }
        let shown = count.min(limit);
        self.render.text(Text { bytes: &buf[..shown], more: len > shown as u64, hex });
    }

    /// One pointer of the tracee at `addr`.
    pub(crate) fn pointer(&mut self, addr: u64) -> Option<u64> {
        let bytes = usize::from(self.abi.data_model().word_bytes);
        let mut buf = [0u8; 8];
        (self.read(addr, &mut buf[..bytes]) == bytes).then(|| u64::from_le_bytes(buf))
    }

    /// `argv`.
    pub(crate) fn string_list(&mut self, addr: u64) {
        if addr == 0 {
            return self.render.address(0);
        }
        let word = u64::from(self.abi.data_model().word_bytes);
        if self.pointer(addr).is_none() {
            return self.render.address(addr);
        }
        self.render.open(Group::Array);
        let most = if self.options.abbreviate { self.options.string_limit } else { MOST_STRINGS };
        for index in 0.. {
            let at = addr.wrapping_add(index as u64 * word);
            let Some(pointer) = self.pointer(at) else {
                self.render.item();
                self.render.more();
                self.render.comment(format_args!("{at:#x}"));
                break;
            };
            if pointer == 0 {
                break;
            }
            self.render.item();
            if index >= most {
                self.render.more();
                break;
            }
            self.string(pointer);
        }
        self.render.close(Group::Array);
    }

    /// `envp`: counted when abbreviated. Both forms look at the same memory first, so that what was captured for
    /// one of them serves the other.
    pub(crate) fn environment(&mut self, addr: u64) {
        if addr == 0 {
            return self.render.address(0);
        }
        let counted = self.count_pointers(addr);
        if !self.options.abbreviate {
            return self.string_list(addr);
        }
        match counted {
            Some((count, end)) => self.render.counted(addr, count, end),
            None => self.render.address(addr),
        }
    }

    /// Number of pointers before the null one, and what they are; `None` when there are too many.
    fn count_pointers(&mut self, addr: u64) -> Option<(usize, Items)> {
        let word = usize::from(self.abi.data_model().word_bytes);
        let mut count = 0usize;
        let mut chunk = [0u8; 512];
        while count <= MOST_STRINGS * 64 {
            let at = addr.wrapping_add((count * word) as u64);
            // Stop at a page end, where the readable part may end too.
            let room = 4096 - (at as usize & 4095);
            let want = if room < word { word } else { chunk.len().min(room) };
            let got = self.read(at, &mut chunk[..want]);
            let null = chunk[..got].chunks_exact(word).position(|p| p.iter().all(|&b| b == 0));
            if let Some(null) = null {
                return Some((count + null, Items::Variables));
            }
            count += got / word;
            if got < want {
                return Some((count, Items::UnterminatedVariables));
            }
        }
        None
    }
}
