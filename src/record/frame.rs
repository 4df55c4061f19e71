//! One frame: a head of 32 bytes and a payload compressed with zstd.
//!
//! ```text
//! 0 magic  4 kind  5 rows  8 sequence  12 events  16 raw size  20 packed size  24 CRC of the payload  28 CRC of 0..28
//! ```
//! Numbers are little-endian; the CRC is that of IEEE 802.3. Source: RFC 8878 for the payload.
//!
//! Rows are what a list of the recording shows of a frame, see [`super::encode::Cut::rows`]; 0 where nobody counted,
//! as in the files of older recorders.

use zstd::bulk::{Compressor, Decompressor};

use super::format::{Kind, MOST_RAW_BYTES, Malformed};
use super::streams::Streams;

/// The first bytes of a frame, by which one is found again behind damage.
pub const MAGIC: [u8; 4] = *b"\xf7TRF";
/// Bytes before the payload.
pub const HEAD_BYTES: usize = 32;
/// The last bytes of a finished recording.
pub const END_MAGIC: [u8; 4] = *b"\xf7END";
/// Bytes behind the index: where it is, a CRC of that, the magic.
pub const END_BYTES: usize = 16;

/// What the head of a frame says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// What it holds.
    pub kind: Kind,
    /// Its number among those of its recorder, from 0.
    pub sequence: u32,
    /// Number of events in it.
    pub events: u32,
    /// Number of rows that a list shows of it; 0 where nobody counted.
    pub rows: u32,
    /// Size of what it holds, at most [`MOST_RAW_BYTES`].
    pub raw_bytes: u32,
    /// Size of its payload.
    pub packed_bytes: u32,
    checksum: u32,
}

impl Head {
    /// Bytes of the frame as a whole.
    pub const fn size_bytes(&self) -> u64 {
        HEAD_BYTES as u64 + self.packed_bytes as u64
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
}

/// Reads the head of a frame; `None` when these are no such bytes, or damaged ones.
pub fn head(bytes: &[u8]) -> Option<Head> {
    if bytes.len() < HEAD_BYTES || bytes[..4] != MAGIC || word(bytes, 28) != crc32fast::hash(&bytes[..28]) {
        return None;
    }
    let head = Head {
        kind: Kind::of(bytes[4])?,
        sequence: word(bytes, 8),
        events: word(bytes, 12),
        rows: word(bytes, 4) >> 8,
        raw_bytes: word(bytes, 16),
        packed_bytes: word(bytes, 20),
        checksum: word(bytes, 24),
    };
    let sane =
        head.raw_bytes as usize <= MOST_RAW_BYTES && head.packed_bytes as usize <= MOST_RAW_BYTES + 4096;
    sane.then_some(head)
}

/// Makes frames; keeps its buffers.
pub struct Packer {
    compressor: Compressor<'static>,
    raw: Vec<u8>,
}

impl Packer {
    /// A packer with zstd's `level`.
    ///
    /// # Errors
    /// No memory.
    pub fn new(level: i32) -> std::io::Result<Self> {
        Ok(Self { compressor: Compressor::new(level)?, raw: Vec::new() })
    }

    /// Appends a frame of `counts.0` events, shown in `counts.1` rows, to `out`.
    ///
    /// # Errors
    /// As [`Packer::pack`].
    pub fn pack_streams(
        &mut self,
        sequence: u32,
        counts: (u32, u32),
        streams: &Streams,
        out: &mut Vec<u8>,
    ) -> std::io::Result<()> {
        let mut raw = std::mem::take(&mut self.raw);
        streams.join(&mut raw);
        let done = self.seal(Kind::Events, sequence, counts, &raw, out);
        self.raw = raw;
        done
    }

    /// Appends a frame to `out`.
    ///
    /// # Errors
    /// No memory, or more than a frame may hold.
    pub fn pack(
        &mut self,
        kind: Kind,
        sequence: u32,
        events: u32,
        raw: &[u8],
        out: &mut Vec<u8>,
    ) -> std::io::Result<()> {
        self.seal(kind, sequence, (events, 0), raw, out)
    }

    fn seal(
        &mut self,
        kind: Kind,
        sequence: u32,
        counts: (u32, u32),
        raw: &[u8],
        out: &mut Vec<u8>,
    ) -> std::io::Result<()> {
        let (events, rows) = counts;
        if raw.len() > MOST_RAW_BYTES {
            return Err(std::io::Error::other("a frame is too large"));
        }
        let start = out.len();
        out.resize(start + HEAD_BYTES + zstd::zstd_safe::compress_bound(raw.len()), 0);
        let packed = self.compressor.compress_to_buffer(raw, &mut out[start + HEAD_BYTES..])?;
        out.truncate(start + HEAD_BYTES + packed);
        let checksum = crc32fast::hash(&out[start + HEAD_BYTES..]);
        let head = &mut out[start..start + HEAD_BYTES];
        head[..4].copy_from_slice(&MAGIC);
        // Three bytes of reserve until lists needed a number.
        let rows = if rows < 1 << 24 { rows } else { 0 };
        head[4..8].copy_from_slice(&(u32::from(kind.byte()) | rows << 8).to_le_bytes());
        for (at, value) in
            [(8, sequence), (12, events), (16, raw.len() as u32), (20, packed as u32), (24, checksum)]
        {
            head[at..at + 4].copy_from_slice(&value.to_le_bytes());
        }
        let sum = crc32fast::hash(&head[..28]);
        head[28..32].copy_from_slice(&sum.to_le_bytes());
        Ok(())
    }
}

/// Takes frames apart; keeps its buffers.
pub struct Unpacker(Decompressor<'static>);

impl Unpacker {
    /// An unpacker.
    ///
    /// # Errors
    /// No memory.
    pub fn new() -> std::io::Result<Self> {
        Decompressor::new().map(Self)
    }

    /// What the frame with this head and payload holds, in `raw`.
    ///
    /// # Errors
    /// The payload is not what was written.
    pub fn unpack(&mut self, head: &Head, payload: &[u8], raw: &mut Vec<u8>) -> Result<(), Malformed> {
        raw.clear();
        if payload.len() != head.packed_bytes as usize || crc32fast::hash(payload) != head.checksum {
            return Err(Malformed("the checksum is wrong"));
        }
        raw.reserve(head.raw_bytes as usize);
        let wrong = Malformed("the compression is damaged");
        let size = self.0.decompress_to_buffer(payload, raw).map_err(|_| wrong)?;
        if size == head.raw_bytes as usize { Ok(()) } else { Err(wrong) }
    }
}

/// The bytes behind an index that begins at `offset`.
pub fn end(offset: u64) -> [u8; END_BYTES] {
    let mut bytes = [0; END_BYTES];
    bytes[..8].copy_from_slice(&offset.to_le_bytes());
    let sum = crc32fast::hash(&bytes[..8]);
    bytes[8..12].copy_from_slice(&sum.to_le_bytes());
    bytes[12..].copy_from_slice(&END_MAGIC);
    bytes
}

/// Where the index begins, by the last bytes of a file.
pub fn index_offset(bytes: &[u8; END_BYTES]) -> Option<u64> {
    let good = bytes[12..] == END_MAGIC && word(bytes, 8) == crc32fast::hash(&bytes[..8]);
    let offset = <[u8; 8]>::try_from(&bytes[..8]).ok()?;
    good.then_some(u64::from_le_bytes(offset))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_back_and_damage_is_seen() {
        let mut frame = Vec::new();
        let raw: Vec<u8> = (0..5000u32).map(|n| (n / 7) as u8).collect();
        Packer::new(3).unwrap().pack(Kind::Events, 7, 42, &raw, &mut frame).unwrap();
        let good = head(&frame).unwrap();
        assert_eq!((good.kind, good.sequence, good.events), (Kind::Events, 7, 42));
        let mut back = Vec::new();
        let mut unpacker = Unpacker::new().unwrap();
        unpacker.unpack(&good, &frame[HEAD_BYTES..], &mut back).unwrap();
        assert_eq!(back, raw);
        for at in 0..frame.len() {
            let mut bad = frame.clone();
            bad[at] ^= 4;
            let seen = head(&bad).is_none_or(|h| unpacker.unpack(&h, &bad[HEAD_BYTES..], &mut back).is_err());
            assert!(seen, "a flip at {at} went unnoticed");
        }
    }

    #[test]
    fn rows_stand_beside_the_kind() {
        for rows in [0, 1, 0x1234, 0xff_ffff] {
            let mut frame = Vec::new();
            Packer::new(1).unwrap().pack_streams(3, (9, rows), &Streams::default(), &mut frame).unwrap();
            let head = head(&frame).unwrap();
            assert_eq!((head.kind, head.events, head.rows), (Kind::Events, 9, rows));
        }
    }

    #[test]
    fn ends() {
        let mut bytes = end(1 << 40);
        assert_eq!(index_offset(&bytes), Some(1 << 40));
        bytes[3] ^= 1;
        assert_eq!(index_offset(&bytes), None);
    }
}
