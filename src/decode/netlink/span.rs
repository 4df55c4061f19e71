//! A stretch of a message: what could be read of it, and how long it says it is.

/// Bytes of a tracee.
#[derive(Debug, Clone, Copy)]
pub(in crate::decode) struct Span<'b> {
    /// Those that could be read.
    pub bytes: &'b [u8],
    /// How many there are.
    pub len: usize,
    /// Where they are.
    pub addr: u64,
}

impl<'b> Span<'b> {
    /// What follows the first `count` bytes.
    pub fn from(self, count: usize) -> Self {
        Self {
            bytes: self.bytes.get(count..).unwrap_or_default(),
            len: self.len.saturating_sub(count),
            addr: self.addr.wrapping_add(count as u64),
        }
    }

    /// At most the first `count` bytes.
    pub fn first(self, count: usize) -> Self {
        let bytes = &self.bytes[..count.min(self.bytes.len())];
        Self { bytes, len: self.len.min(count), addr: self.addr }
    }

    /// The first `count` bytes, if they could be read.
    pub fn get(self, count: usize) -> Option<&'b [u8]> {
        self.bytes.get(..count)
    }
}
