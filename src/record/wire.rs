//! Numbers and byte strings as they stand in a frame: LEB128 varints, zigzag for signed ones.
//!
//! It knows nothing of events. Reading never goes beyond the end and never allocates.

use super::format::Malformed;

/// Appends a number, seven bits a byte, lowest first.
pub fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a number of either sign; small distances from 0 are short.
pub fn put_signed(out: &mut Vec<u8>, value: i64) {
    put(out, (value << 1 ^ value >> 63) as u64);
}

/// Appends the way from one number to another, on the circle of 64-bit numbers.
pub fn put_step(out: &mut Vec<u8>, from: u64, to: u64) {
    put_signed(out, to.wrapping_sub(from) as i64);
}

/// Appends a length and the bytes.
pub fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// A place in bytes that are being read.
#[derive(Debug, Clone, Copy)]
pub struct Wire<'a> {
    /// Bytes from the beginning of the whole; those behind the end of this part are cut off.
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Wire<'a> {
    /// The beginning of `bytes`.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Whether nothing is left.
    pub const fn is_empty(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// The next `count` bytes as a part of their own, with positions in the whole; this goes on behind them.
    ///
    /// # Errors
    /// Fewer are left.
    pub fn split(&mut self, count: usize) -> Result<Self, Malformed> {
        let at = self.at;
        self.take(count)?;
        Ok(Self { bytes: &self.bytes[..self.at], at })
    }

    /// The position in the whole.
    pub const fn at(&self) -> usize {
        self.at
    }

    /// Number of bytes that are left.
    pub const fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    /// One byte.
    ///
    /// # Errors
    /// At the end.
    pub fn byte(&mut self) -> Result<u8, Malformed> {
        let byte = *self.bytes.get(self.at).ok_or(Malformed("ends too early"))?;
        self.at += 1;
        Ok(byte)
    }

    /// A number.
    ///
    /// # Errors
    /// At the end, and beyond 64 bits.
    pub fn get(&mut self) -> Result<u64, Malformed> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                break;
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Malformed("a number is too long"))
    }

    /// A number of either sign.
    ///
    /// # Errors
    /// As [`Wire::get`].
    pub fn signed(&mut self) -> Result<i64, Malformed> {
        let value = self.get()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// The number that lies a written step behind `from`.
    ///
    /// # Errors
    /// As [`Wire::get`].
    pub fn step(&mut self, from: u64) -> Result<u64, Malformed> {
        Ok(from.wrapping_add(self.signed()? as u64))
    }

    /// A number that fits an i32.
    ///
    /// # Errors
    /// As [`Wire::get`], and for another number.
    pub fn int(&mut self) -> Result<i32, Malformed> {
        i32::try_from(self.signed()?).map_err(|_| Malformed("a number is too large"))
    }

    /// A count of things of which each takes at least one byte.
    ///
    /// # Errors
    /// More than there are bytes left.
    pub fn count(&mut self) -> Result<usize, Malformed> {
        let count = self.get()?;
        let fits = usize::try_from(count).ok().filter(|count| *count <= self.left());
        fits.ok_or(Malformed("a count is beyond the end"))
    }

    /// The next `count` bytes.
    ///
    /// # Errors
    /// Fewer are left.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let end = self.at.checked_add(count).filter(|end| *end <= self.bytes.len());
        let end = end.ok_or(Malformed("ends too early"))?;
        let bytes = &self.bytes[self.at..end];
        self.at = end;
        Ok(bytes)
    }

    /// A length and that many bytes.
    ///
    /// # Errors
    /// Fewer are left.
    pub fn bytes(&mut self) -> Result<&'a [u8], Malformed> {
        let count = self.count()?;
        self.take(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        for value in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX - 1, u64::MAX, 1 << 63] {
            let mut out = Vec::new();
            put(&mut out, value);
            put_signed(&mut out, value as i64);
            put_step(&mut out, 77, value);
            let mut wire = Wire::new(&out);
            assert_eq!(wire.get().unwrap(), value);
            assert_eq!(wire.signed().unwrap(), value as i64);
            assert_eq!(wire.step(77).unwrap(), value);
            assert_eq!(wire.left(), 0);
            assert!(wire.byte().is_err());
        }
    }

    #[test]
    fn lengths_are_checked() {
        assert!(Wire::new(&[0xff; 10]).get().is_err());
        assert!(Wire::new(&[0xff; 9]).get().is_err());
        assert!(Wire::new(&[5, 1, 2]).bytes().is_err());
        assert!(Wire::new(&[3, 1, 2]).count().is_err());
        assert_eq!(Wire::new(&[2, 8, 9]).bytes().unwrap(), [8, 9]);
    }
}
