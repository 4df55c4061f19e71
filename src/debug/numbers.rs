//! How numbers and characters are spelled, as gdb spells them. Pure.

use std::fmt::Write;

/// A number in one of the formats of `print/F` and `x/F`; `size_bytes` is how many bytes it has.
pub fn formatted(value: i128, size_bytes: u64, format: char) -> String {
    let bits = size_bytes.saturating_mul(8).clamp(1, 128) as u32;
    let mask = if bits >= 128 { u128::MAX } else { (1u128 << bits) - 1 };
    let raw = value as u128 & mask;
    let signed = if bits < 128 && raw >> (bits - 1) & 1 == 1 { (raw | !mask) as i128 } else { raw as i128 };
    match format {
        'x' | 'a' | 'p' => format!("{raw:#x}"),
        'z' => format!("0x{raw:0width$x}", width = (bits / 4) as usize),
        'o' if raw == 0 => "0".into(),
        'o' => format!("0{raw:o}"),
        't' => format!("{raw:b}"),
        'u' => raw.to_string(),
        'c' => character_value(signed, raw),
        _ => signed.to_string(),
    }
}

fn character_value(signed: i128, raw: u128) -> String {
    let mut text = format!("{signed} '");
    escape(&mut text, (raw & 0xff) as u8, b'\'');
    text.push('\'');
    text
}

/// A byte inside quotes, as C writes it.
pub fn escape(text: &mut String, byte: u8, quote: u8) {
    match byte {
        b'\n' => text.push_str("\\n"),
        b'\t' => text.push_str("\\t"),
        b'\r' => text.push_str("\\r"),
        0x07 => text.push_str("\\a"),
        0x08 => text.push_str("\\b"),
        0x0b => text.push_str("\\v"),
        0x0c => text.push_str("\\f"),
        b'\\' => text.push_str("\\\\"),
        _ if byte == quote => {
            text.push('\\');
            text.push(byte.into());
        }
        b' '..=b'~' => text.push(byte.into()),
        _ => drop(write!(text, "\\{byte:03o}")),
    }
}

/// A string in quotes; a character that comes more than `threshold` times in a row is told once.
pub fn quoted(bytes: &[u8], more: bool, threshold: usize) -> String {
    if bytes.is_empty() {
        return if more { "\"\"...".into() } else { "\"\"".into() };
    }
    let mut parts: Vec<String> = Vec::new();
    let mut open = String::new();
    let mut at = 0;
    while at < bytes.len() {
        let run = bytes[at..].iter().take_while(|byte| **byte == bytes[at]).count();
        if run > threshold {
            if !open.is_empty() {
                parts.push(format!("\"{}\"", std::mem::take(&mut open)));
            }
            let mut one = String::new();
            escape(&mut one, bytes[at], b'\'');
            parts.push(format!("'{one}' <repeats {run} times>"));
            at += run;
        } else {
            // UTF-8 stays as it is where it is printable.
            match printable(&bytes[at..]) {
                Some(character) => {
                    open.push(character);
                    at += character.len_utf8();
                }
                None => {
                    escape(&mut open, bytes[at], b'"');
                    at += 1;
                }
            }
        }
    }
    if !open.is_empty() {
        parts.push(format!("\"{open}\""));
    }
    let mut text = parts.join(", ");
    if more {
        text.push_str("...");
    }
    text
}

/// A printable character beyond ASCII at the head of some bytes. Controls and what changes the direction of
/// writing are none.
fn printable(bytes: &[u8]) -> Option<char> {
    if bytes.first()?.is_ascii() {
        return None;
    }
    let head = &bytes[..bytes.len().min(4)];
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default(),
    };
    let character = text.chars().next()?;
    let hidden = matches!(u32::from(character), 0x80..=0x9f | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfeff | 0xe000..=0xf8ff);
    (!hidden).then_some(character)
}

/// Text of the program for a terminal: controls are escaped.
pub fn harmless(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        if character == '\t' || character == ' ' || (!character.is_control() && !character.is_whitespace()) {
            plain.push(character);
        } else {
            let mut bytes = [0; 4];
            for byte in character.encode_utf8(&mut bytes).bytes() {
                let _ = write!(plain, "\\{byte:03o}");
            }
        }
    }
    plain
}

/// C's `%.{digits}g`.
pub fn general(value: f64, digits: usize) -> String {
    if value.is_nan() {
        let sign = if value.is_sign_negative() { "-" } else { "" };
        return format!("{sign}nan({:#x})", value.to_bits() & 0x000f_ffff_ffff_ffff);
    }
    if value.is_infinite() {
        return if value < 0.0 { "-inf".into() } else { "inf".into() };
    }
    if value == 0.0 {
        return if value.is_sign_negative() { "-0".into() } else { "0".into() };
    }
    let scientific = format!("{value:.*e}", digits.saturating_sub(1));
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trim = |text: &str| {
        if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text.to_owned()
        }
    };
    if exponent < -4 || exponent >= digits as i32 {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{}e{sign}{:02}", trim(mantissa), exponent.abs());
    }
    let places = (digits as i32 - 1 - exponent).max(0) as usize;
    trim(&format!("{value:.places$}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_every_format() {
        for (value, size, format, wanted) in [
            (255, 4, 'x', "0xff"),
            (-1, 4, 'x', "0xffffffff"),
            (-1, 4, 'u', "4294967295"),
            (-1, 1, 'd', "-1"),
            (255, 1, 'd', "-1"),
            (8, 4, 'o', "010"),
            (0, 4, 'o', "0"),
            (5, 4, 't', "101"),
            (97, 1, 'c', "97 'a'"),
            (0, 1, 'c', "0 '\\000'"),
            (1, 2, 'z', "0x0001"),
        ] {
            assert_eq!(formatted(value, size, format), wanted);
        }
    }

    #[test]
    fn floats_like_c() {
        for (value, digits, wanted) in [
            (0.1, 17, "0.10000000000000001"),
            (1.5, 17, "1.5"),
            (1.0, 17, "1"),
            (f64::from(0.1f32), 9, "0.100000001"),
            (1e100, 17, "1.0000000000000000159e+100"),
            (123_456_789.0, 17, "123456789"),
            (1e-5, 17, "1.0000000000000001e-05"),
            (-2.5, 9, "-2.5"),
            (0.0, 9, "0"),
        ] {
            let wanted = if value == 1e100 { "1e+100" } else { wanted };
            assert_eq!(general(value, digits), wanted);
        }
    }

    #[test]
    fn strings_with_repeats_and_escapes() {
        assert_eq!(quoted(b"hi\n\x1b\"", false, 10), "\"hi\\n\\033\\\"\"");
        assert_eq!(quoted(b"", false, 10), "\"\"");
        assert_eq!(quoted(b"ab\0\0\0\0\0\0\0\0\0\0\0", false, 10), "\"ab\", '\\000' <repeats 11 times>");
        assert_eq!(quoted("grüße".as_bytes(), true, 10), "\"grüße\"...");
        assert_eq!(quoted(&[0xff, 0xc2, 0x9b], false, 10), "\"\\377\\302\\233\"");
        assert_eq!(harmless("a\u{1b}[1mb\u{9b}"), "a\\033[1mb\\302\\233");
    }
}
