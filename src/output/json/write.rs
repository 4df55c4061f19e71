//! JSON's scalars, appended to a line without allocating: strings, integers, moments.
//!
//! What is written is always valid JSON in valid UTF-8; control characters, C1 and DEL among them, are escaped,
//! so that nothing of a tracee acts on a terminal. Source: RFC 8259.

use crate::output::digits::{hexadecimal, octal as octal_digits};

/// Appends the digits of a number.
pub use crate::output::digits::decimal as digits;

/// Integers up to this survive a parser that keeps numbers as doubles.
const SAFE: u64 = (1 << 53) - 1;

/// Appends plain bytes.
pub fn raw(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

/// Appends an integer: a JSON number up to 2^53 - 1, beyond that its decimal digits as a string.
pub fn unsigned(out: &mut Vec<u8>, value: u64) {
    integer(out, false, value);
}

/// The same of a signed integer.
pub fn signed(out: &mut Vec<u8>, value: i64) {
    integer(out, value < 0, value.unsigned_abs());
}

fn integer(out: &mut Vec<u8>, negative: bool, value: u64) {
    let quote = value > SAFE;
    if quote {
        out.push(b'"');
    }
    if negative {
        out.push(b'-');
    }
    digits(out, value);
    if quote {
        out.push(b'"');
    }
}

/// Appends `"0x…"`.
pub fn hex(out: &mut Vec<u8>, value: u64) {
    out.push(b'"');
    hexadecimal(out, value);
    out.push(b'"');
}

/// Appends `"0…"`, an octal number as C writes it.
pub fn octal(out: &mut Vec<u8>, value: u64) {
    out.push(b'"');
    octal_digits(out, value, 0);
    out.push(b'"');
}

/// Appends seconds with nine decimals.
pub fn seconds(out: &mut Vec<u8>, ns: u64) {
    digits(out, ns / 1_000_000_000);
    out.push(b'.');
    let mut rest = ns % 1_000_000_000;
    let mut buf = [0u8; 9];
    for digit in buf.iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    out.extend_from_slice(&buf);
}

/// Appends a string in quotes.
pub fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let bytes = text.as_bytes();
    let mut from = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        // U+0080 to U+009F are the bytes C2 80 to C2 9F.
        let c1 = byte == 0xc2 && bytes.get(at + 1).is_some_and(|next| *next < 0xa0);
        if c1 {
            out.extend_from_slice(&bytes[from..at]);
            escape(out, bytes[at + 1]);
            from = at + 2;
        } else if special(byte) {
            out.extend_from_slice(&bytes[from..at]);
            escape(out, byte);
            from = at + 1;
        }
    }
    out.extend_from_slice(&bytes[from..]);
    out.push(b'"');
}

/// Appends bytes in quotes, each as the character of its number (ISO 8859-1).
pub fn latin1(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'"');
    for &byte in bytes {
        match byte {
            0x80..=0x9f => escape(out, byte),
            0xa0.. => out.extend_from_slice(&[0xc0 | byte >> 6, 0x80 | byte & 0x3f]),
            _ if special(byte) => escape(out, byte),
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

fn special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\' || byte == 0x7f
}

fn escape(out: &mut Vec<u8>, code: u8) {
    let short = match code {
        b'"' => b'"',
        b'\\' => b'\\',
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0x08 => b'b',
        0x0c => b'f',
        _ => {
            raw(out, "\\u00");
            out.push(hex_digit(code >> 4));
            return out.push(hex_digit(code));
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

fn hex_digit(value: u8) -> u8 {
    b"0123456789abcdef"[usize::from(value & 15)]
}

/// Appends a string of the tracee as an object: `text`, its `encoding`, and `truncated` where it goes on.
///
/// Bytes that are UTF-8 are `utf8`; all others `latin1`, one character for each byte. A cut in the middle of
/// a character moves to before it.
pub fn text(out: &mut Vec<u8>, bytes: &[u8], more: bool) {
    raw(out, "{\"text\":");
    match std::str::from_utf8(bytes) {
        Ok(text) => utf8(out, text),
        Err(error) if more && error.error_len().is_none() => {
            utf8(out, std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default());
        }
        Err(_) => {
            latin1(out, bytes);
            raw(out, ",\"encoding\":\"latin1\"");
        }
    }
    if more {
        raw(out, ",\"truncated\":true");
    }
}

fn utf8(out: &mut Vec<u8>, text: &str) {
    string(out, text);
    raw(out, ",\"encoding\":\"utf8\"");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn integers() {
        let rows: &[(u64, &str)] = &[
            (0, "0"),
            (10, "10"),
            (SAFE, "9007199254740991"),
            (SAFE + 1, "\"9007199254740992\""),
            (u64::MAX, "\"18446744073709551615\""),
        ];
        for (value, expected) in rows {
            assert_eq!(written(|out| unsigned(out, *value)), *expected);
        }
        assert_eq!(written(|out| signed(out, -1)), "-1");
        assert_eq!(written(|out| signed(out, i64::MIN)), "\"-9223372036854775808\"");
        assert_eq!(written(|out| hex(out, 0)), "\"0x0\"");
        assert_eq!(written(|out| hex(out, 0x7f_00ab)), "\"0x7f00ab\"");
        assert_eq!(written(|out| hex(out, u64::MAX)), "\"0xffffffffffffffff\"");
        assert_eq!(written(|out| octal(out, 0o644)), "\"0644\"");
        assert_eq!(written(|out| octal(out, 0)), "\"0\"");
        assert_eq!(written(|out| octal(out, u64::MAX)), format!("\"0{:o}\"", u64::MAX));
    }

    #[test]
    fn moments() {
        assert_eq!(written(|out| seconds(out, 0)), "0.000000000");
        assert_eq!(written(|out| seconds(out, 1_700_000_000_000_000_001)), "1700000000.000000001");
        assert_eq!(written(|out| seconds(out, 999_999_999)), "0.999999999");
    }

    #[test]
    fn strings() {
        let rows: &[(&[u8], bool, &str)] = &[
            (b"plain", false, r#"{"text":"plain","encoding":"utf8""#),
            (b"cut", true, r#"{"text":"cut","encoding":"utf8","truncated":true"#),
            (
                b"\"\\\n\r\t\x08\x0c\0\x1b\x7f",
                false,
                r#"{"text":"\"\\\n\r\t\b\f\u0000\u001b\u007f","encoding":"utf8""#,
            ),
            ("é\u{9b}\u{a0}☃".as_bytes(), false, "{\"text\":\"é\\u009b\u{a0}☃\",\"encoding\":\"utf8\""),
            (
                b"\x7fELF\xff\x80\xa0",
                false,
                "{\"text\":\"\\u007fELF\u{ff}\\u0080\u{a0}\",\"encoding\":\"latin1\"",
            ),
            // A snowman without its last byte: cut by the limit, or really so.
            (b"a\xe2\x98", true, r#"{"text":"a","encoding":"utf8","truncated":true"#),
            (b"a\xe2\x98", false, "{\"text\":\"a\u{e2}\\u0098\",\"encoding\":\"latin1\""),
            (b"\xff\xe2", true, "{\"text\":\"\u{ff}\u{e2}\",\"encoding\":\"latin1\",\"truncated\":true"),
            (b"", false, r#"{"text":"","encoding":"utf8""#),
        ];
        for (bytes, more, expected) in rows {
            assert_eq!(written(|out| text(out, bytes, *more)), *expected);
        }
    }
}
