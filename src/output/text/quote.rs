//! Quoting of tracee bytes as strace does: nothing unprintable ever reaches the terminal.

/// Which bytes are written in hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HexStrings {
    /// None: C escapes and octal.
    #[default]
    Never,
    /// Whole strings that hold a byte outside ASCII (`-x`).
    NonAscii,
    /// All strings (`-xx`).
    Always,
    /// Bytes outside of ASCII alone (`--strings-in-hex=non-ascii-chars`).
    NonAsciiChars,
}

/// Appends `bytes` in double quotes.
pub fn quoted(out: &mut Vec<u8>, bytes: &[u8], hex: HexStrings) {
    out.push(b'"');
    escaped(out, bytes, hex, b'"');
    out.push(b'"');
}

/// Appends `bytes` escaped; `special` is escaped too.
pub fn escaped(out: &mut Vec<u8>, bytes: &[u8], hex: HexStrings, special: u8) {
    let strange = |&b: &u8| !(b' '..=b'~').contains(&b) && !(b'\t'..=b'\r').contains(&b);
    let all_hex = match hex {
        HexStrings::Never | HexStrings::NonAsciiChars => false,
        HexStrings::NonAscii => bytes.iter().any(strange),
        HexStrings::Always => true,
    };
    if all_hex {
        bytes.iter().for_each(|byte| hexadecimal(out, *byte));
        return;
    }
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| !plain(*byte, special)) {
        out.extend_from_slice(&rest[..at]);
        let (byte, next) = (rest[at], rest.get(at + 1));
        match byte {
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            0x0b => out.extend_from_slice(b"\\v"),
            0x0c => out.extend_from_slice(b"\\f"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'"' => out.extend_from_slice(b"\\\""),
            _ if hex == HexStrings::NonAsciiChars => hexadecimal(out, byte),
            _ => octal(out, byte, next),
        }
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
}

/// Whether a byte stands for itself.
fn plain(byte: u8, special: u8) -> bool {
    (b' '..=b'~').contains(&byte) && byte != b'\\' && byte != special
}

fn hexadecimal(out: &mut Vec<u8>, byte: u8) {
    out.extend_from_slice(b"\\x");
    out.push(digit(byte >> 4));
    out.push(digit(byte & 15));
}

/// The shortest octal escape that the next byte does not lengthen.
fn octal(out: &mut Vec<u8>, byte: u8, next: Option<&u8>) {
    let full = next.is_some_and(|next| (b'0'..=b'7').contains(next));
    out.push(b'\\');
    if full || byte >= 0o100 {
        out.push(b'0' + (byte >> 6));
    }
    if full || byte >= 0o10 {
        out.push(b'0' + (byte >> 3 & 7));
    }
    out.push(b'0' + (byte & 7));
}

fn digit(value: u8) -> u8 {
    b"0123456789abcdef"[usize::from(value & 15)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes() {
        let rows: &[(&[u8], HexStrings, &str)] = &[
            (b"plain \"q\" \\", HexStrings::Never, r#""plain \"q\" \\""#),
            (b"\t\n\x0b\x0c\r", HexStrings::Never, r#""\t\n\v\f\r""#),
            (b"\0a\x001\x1b[0m\xff", HexStrings::Never, r#""\0a\0001\33[0m\377""#),
            (b"a\nb", HexStrings::NonAscii, r#""a\nb""#),
            (b"a\x01", HexStrings::NonAscii, r#""\x61\x01""#),
            (b"ab\\c\"d", HexStrings::Never, r#""ab\\c\"d""#),
            (b"a", HexStrings::Always, r#""\x61""#),
            (b"a\x017\n\xff", HexStrings::NonAsciiChars, r#""a\x017\n\xff""#),
        ];
        for (bytes, hex, expected) in rows {
            let mut out = Vec::new();
            quoted(&mut out, bytes, *hex);
            assert_eq!(String::from_utf8_lossy(&out), *expected);
        }
    }
}
