//! The memory of a tracee that never ran: one stretch of bytes that can be read, and nothing around it.

use syscall_tables::abi::DataModel;
use trace::memory::Memory;

/// One stretch of memory. What is put into it stays at its address.
pub struct Image {
    base: u64,
    bytes: Vec<u8>,
    model: DataModel,
}

impl Image {
    /// Empty memory of a tracee of so many bits.
    pub fn new(model: DataModel) -> Self {
        let base = if model.word_bytes == 4 { 0x5655_9000 } else { 0x7f12_3456_7000 };
        Self { base, bytes: Vec::new(), model }
    }

    /// Room of zeros.
    pub fn room(&mut self, size: usize) -> u64 {
        let at = self.bytes.len().next_multiple_of(16);
        self.bytes.resize(at + size, 0);
        self.base + at as u64
    }

    /// Overwrites what was put at `addr`.
    pub fn write(&mut self, addr: u64, bytes: &[u8]) {
        let at = (addr - self.base) as usize;
        self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
    }

    /// Puts bytes.
    pub fn put(&mut self, bytes: &[u8]) -> u64 {
        let addr = self.room(bytes.len());
        self.write(addr, bytes);
        addr
    }

    /// Puts numbers of four bytes.
    pub fn ints(&mut self, values: &[u32]) -> u64 {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.put(&bytes)
    }

    /// Puts numbers of eight bytes.
    pub fn longs(&mut self, values: &[u64]) -> u64 {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.put(&bytes)
    }

    /// Puts numbers of the size of a pointer.
    pub fn words(&mut self, values: &[u64]) -> u64 {
        let size = usize::from(self.model.word_bytes);
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()[..size].to_vec()).collect();
        self.put(&bytes)
    }
}

impl Memory for &Image {
    fn read(&mut self, addr: u64, buf: &mut [u8]) -> usize {
        let at = addr.checked_sub(self.base).and_then(|at| usize::try_from(at).ok());
        let from = at.and_then(|at| self.bytes.get(at..)).unwrap_or_default();
        let count = from.len().min(buf.len());
        buf[..count].copy_from_slice(&from[..count]);
        count
    }
}
