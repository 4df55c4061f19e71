//! Protocol Buffers' wire format, as far as it is written here. Source: protobuf.dev, "Encoding".

/// Wire types.
const VARINT: u64 = 0;
const FIXED64: u64 = 1;
const LENGTH: u64 = 2;

/// Appends a number in groups of seven bits, the lowest first.
fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn key(out: &mut Vec<u8>, field: u32, wire: u64) {
    varint(out, u64::from(field) << 3 | wire);
}

/// Appends a field of an unsigned type, an enumeration or a bool.
pub(super) fn uint(out: &mut Vec<u8>, field: u32, value: u64) {
    key(out, field, VARINT);
    varint(out, value);
}

/// Appends a field of type `int32` or `int64`: negative numbers take ten bytes.
pub(super) fn int(out: &mut Vec<u8>, field: u32, value: i64) {
    uint(out, field, value as u64);
}

/// Appends a field of type `fixed64`.
pub(super) fn fixed64(out: &mut Vec<u8>, field: u32, value: u64) {
    key(out, field, FIXED64);
    out.extend_from_slice(&value.to_le_bytes());
}

/// Appends a string.
pub(super) fn string(out: &mut Vec<u8>, field: u32, text: &str) {
    key(out, field, LENGTH);
    varint(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Appends a message that `write` fills.
pub(super) fn message(out: &mut Vec<u8>, field: u32, write: impl FnOnce(&mut Vec<u8>)) {
    key(out, field, LENGTH);
    let start = out.len();
    write(out);
    let mut length = Vec::with_capacity(5);
    varint(&mut length, (out.len() - start) as u64);
    // The length stands before what it is the length of: its few bytes are put there.
    out.extend_from_slice(&length);
    out[start..].rotate_right(length.len());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_as_the_encoding_has_them() {
        let mut out = Vec::new();
        uint(&mut out, 1, 150);
        assert_eq!(out, [0x08, 0x96, 0x01]);
        out.clear();
        string(&mut out, 2, "testing");
        assert_eq!(out, b"\x12\x07testing");
        out.clear();
        message(&mut out, 3, |out| uint(out, 1, 150));
        assert_eq!(out, [0x1a, 3, 0x08, 0x96, 0x01]);
        out.clear();
        int(&mut out, 1, -2);
        assert_eq!(out, [0x08, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]);
        out.clear();
        fixed64(&mut out, 47, 1);
        assert_eq!(out, [0xf9, 0x02, 1, 0, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn long_messages_keep_their_bytes_in_order() {
        let mut out = vec![9];
        message(&mut out, 1, |out| out.extend((0..300).map(|n| n as u8)));
        assert_eq!(out[..4], [9, 0x0a, 0xac, 0x02]);
        assert!(out[4..].iter().enumerate().all(|(at, byte)| *byte == at as u8));
    }
}
