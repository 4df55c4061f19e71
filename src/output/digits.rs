//! Numbers as digits, appended to a line. Every line has several of them, and the machinery behind `write!` costs
//! more than the digits.

/// Appends `value` in decimal.
pub fn decimal(out: &mut Vec<u8>, value: u64) {
    digits(out, value, 10, 1);
}

/// Appends `value` in decimal with its sign.
pub fn signed(out: &mut Vec<u8>, value: i64) {
    if value < 0 {
        out.push(b'-');
    }
    decimal(out, value.unsigned_abs());
}

/// Appends `value` in hexadecimal: `0x1f`.
pub fn hexadecimal(out: &mut Vec<u8>, value: u64) {
    out.extend_from_slice(b"0x");
    digits(out, value, 16, 1);
}

/// Appends `value` in octal with at least so many digits behind its leading zero.
pub fn octal(out: &mut Vec<u8>, value: u64, least: usize) {
    out.push(b'0');
    digits(out, value, 8, least);
}

/// Appends at least so many digits; inlined so that each base divides by a constant.
#[inline(always)]
fn digits(out: &mut Vec<u8>, value: u64, base: u64, least: usize) {
    // 64 bits have at most 22 octal digits.
    let mut buf = [b'0'; 24];
    let (mut at, mut rest) = (buf.len(), value);
    while rest > 0 {
        at -= 1;
        buf[at] = b"0123456789abcdef"[(rest % base) as usize];
        rest /= base;
    }
    let at = at.min(buf.len().saturating_sub(least));
    out.extend_from_slice(&buf[at..]);
}

#[cfg(test)]
mod tests {
    use super::{decimal, hexadecimal, octal, signed};

    #[test]
    fn as_the_formatter_writes_them() {
        let mut values = vec![0, 7, 8, 9, 10, 15, 16, 63, 64, 99, 100, 4096, u64::MAX, i64::MIN as u64];
        values.extend((0..64).map(|shift| 1_u64 << shift));
        for value in values {
            let written = |write: &dyn Fn(&mut Vec<u8>)| {
                let mut out = b"x".to_vec();
                write(&mut out);
                String::from_utf8(out).unwrap()
            };
            assert_eq!(written(&|out| decimal(out, value)), format!("x{value}"));
            assert_eq!(written(&|out| signed(out, value as i64)), format!("x{}", value as i64));
            assert_eq!(written(&|out| hexadecimal(out, value)), format!("x{value:#x}"));
            assert_eq!(written(&|out| octal(out, value, 2)), format!("x0{value:02o}"));
        }
    }
}
