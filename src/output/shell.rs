//! Command lines as a POSIX shell reads them: ready to paste, and safe to show.
//!
//! What comes out is printable ASCII only, whatever a tracee named its arguments: bytes outside of it are
//! written in `$'…'` with escapes, which bash, zsh, ksh and POSIX.1-2024 shells take.

/// Appends one word.
pub fn word(out: &mut String, bytes: &[u8]) {
    let bare = |b: &u8| b.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(b);
    if !bytes.is_empty() && bytes.iter().all(bare) {
        out.extend(bytes.iter().map(|&b| char::from(b)));
    } else if bytes.iter().all(|b| (b' '..=b'~').contains(b)) {
        out.push('\'');
        for &byte in bytes {
            match byte {
                b'\'' => out.push_str("'\\''"),
                _ => out.push(char::from(byte)),
            }
        }
        out.push('\'');
    } else {
        out.push_str("$'");
        escape(out, bytes, b'\'');
        out.push('\'');
    }
}

/// Appends `bytes` with backslash escapes; `special` is escaped too. Octal escapes have three digits.
fn escape(out: &mut String, bytes: &[u8], special: u8) {
    for &byte in bytes {
        match byte {
            b'\n' => out.push_str("\\n"),
            b'\t' => out.push_str("\\t"),
            b'\r' => out.push_str("\\r"),
            b'\\' => out.push_str("\\\\"),
            b' '..=b'~' if byte == special => out.extend(['\\', char::from(byte)]),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("\\{byte:03o}")),
        }
    }
}

/// Bytes of a tracee to be shown, not pasted: printable ASCII as it is, the rest escaped.
pub fn shown(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    escape(&mut out, bytes, 0);
    out
}

/// A command line: `argv`, started from the file `path` where that is another than the shell would find.
pub fn command(argv: &[Vec<u8>], path: &[u8]) -> String {
    let mut out = String::new();
    let first = argv.first().map_or(path, Vec::as_slice);
    let renamed = !path.is_empty() && first != path && (first.contains(&b'/') || base(first) != base(path));
    if renamed {
        // A name that would start another file.
        out.push_str("(exec -a ");
        word(&mut out, first);
        out.push(' ');
        word(&mut out, path);
    } else if first.contains(&b'=') {
        // Bare, it would be an assignment.
        word(&mut out, first);
        if !out.starts_with(['\'', '$']) {
            out = format!("'{out}'");
        }
    } else {
        word(&mut out, first);
    }
    for argument in argv.iter().skip(1) {
        out.push(' ');
        word(&mut out, argument);
    }
    if renamed {
        out.push(')');
    }
    out
}

/// The last component of a path.
pub fn base(path: &[u8]) -> &[u8] {
    path.rsplit(|&b| b == b'/').next().unwrap_or(path)
}

/// Shortens text to `width` columns by leaving out its middle.
pub fn shorten(text: &str, width: usize, unicode: bool) -> String {
    let mark = if unicode { "…" } else { "..." };
    let mark_width = mark.chars().count();
    if text.len() <= width || text.chars().count() <= width {
        return text.to_owned();
    }
    if width <= mark_width {
        return mark.chars().take(width).collect();
    }
    let left = width - mark_width;
    let head = left - left * 2 / 5;
    let chars: Vec<char> = text.chars().collect();
    let tail = chars.len() - (left - head);
    chars[..head].iter().chain(mark.chars().collect::<Vec<_>>().iter()).chain(&chars[tail..]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(list: &[&[u8]]) -> Vec<Vec<u8>> {
        list.iter().map(|word| word.to_vec()).collect()
    }

    #[test]
    fn words_are_quoted_as_little_as_is_safe() {
        let rows: &[(&[u8], &str)] = &[
            (b"plain-1.2/x:y", "plain-1.2/x:y"),
            (b"", "''"),
            (b"two words", "'two words'"),
            (b"it's", r"'it'\''s'"),
            (b"$HOME;rm *", "'$HOME;rm *'"),
            (b"~x", "'~x'"),
            (b"a\nb", r"$'a\nb'"),
            (b"\x1b]0;evil\x07", r"$'\033]0;evil\007'"),
            ("é'".as_bytes(), r"$'\303\251\''"),
        ];
        for (bytes, text) in rows {
            let mut out = String::new();
            word(&mut out, bytes);
            assert_eq!(&out, text);
        }
        assert_eq!(shown(b"a b\x1b\\"), r"a b\033\\");
    }

    #[test]
    fn a_shell_reads_back_what_was_given() {
        let hostile =
            words(&[b"printf", b"%s|", b"", b"a'b", b"\\", b"\x01\xff\n7", b"$(id)", b"=x", b"!!", b"-"]);
        let text = command(&hostile, b"/usr/bin/printf");
        assert!(text.bytes().all(|b| (b' '..=b'~').contains(&b)), "{text}");
        let Ok(output) = std::process::Command::new("bash").arg("-c").arg(&text).output() else {
            eprintln!("skipped, missing bash");
            return;
        };
        assert_eq!(output.stdout, b"|a'b|\\|\x01\xff\n7|$(id)|=x|!!|-|", "{text}");
    }

    #[test]
    fn commands_start_the_right_file() {
        type Row<'a> = (&'a [&'a [u8]], &'a [u8], &'a str);
        let rows: &[Row<'_>] = &[
            (&[b"ls", b"-l"], b"/usr/bin/ls", "ls -l"),
            (&[b"ls", b"-l"], b"/bin/busybox", "(exec -a ls /bin/busybox -l)"),
            (&[b"/bin/sh", b"x"], b"/bin/sh", "/bin/sh x"),
            (&[b"-bash"], b"/bin/bash", "(exec -a -bash /bin/bash)"),
            (&[b"A=b"], b"./A=b", "'A=b'"),
            (&[b"A=b c"], b"./A=b c", "'A=b c'"),
            (&[], b"/bin/none", "/bin/none"),
            (&[b"ls"], b"", "ls"),
        ];
        for (argv, path, text) in rows {
            assert_eq!(&command(&words(argv), path), text);
        }
    }

    #[test]
    fn the_middle_goes() {
        assert_eq!(shorten("abcdefghij", 10, true), "abcdefghij");
        assert_eq!(shorten("abcdefghijk", 10, true), "abcdef…ijk");
        assert_eq!(shorten("abcdefghijk", 10, false), "abcde...jk");
        for width in 0..12 {
            for unicode in [false, true] {
                assert!(shorten("abcdefghijk", width, unicode).chars().count() <= width);
            }
        }
    }
}
