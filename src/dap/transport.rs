//! Messages of the Debug Adapter Protocol on a stream: `Content-Length` headers and JSON.
//!
//! Input is hostile: lengths and headers are capped, what is no message is told and skipped.

use std::io::{BufRead, Read, Write};

use serde_json::Value;

/// Largest message that is read.
const MOST_BYTES: usize = 16 << 20;
/// Longest line of a header, and most lines.
const MOST_HEADER: u64 = 8192;
const MOST_LINES: usize = 64;

/// What came in.
#[derive(Debug, PartialEq)]
pub enum Incoming {
    /// A message.
    Message(Value),
    /// Something that is none, and why.
    Bad(String),
    /// Nothing more.
    End,
}

/// Reads the next message.
pub fn read(input: &mut impl BufRead) -> Incoming {
    let mut length = None;
    for _ in 0..MOST_LINES {
        let mut line = Vec::new();
        match input.by_ref().take(MOST_HEADER).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return Incoming::End,
            Ok(_) => {}
        }
        if line.last() != Some(&b'\n') && line.len() as u64 >= MOST_HEADER {
            return Incoming::Bad("a header line is too long".into());
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim();
        if text.is_empty() {
            match length {
                Some(length) => return body(input, length),
                None => continue,
            }
        }
        let Some((name, value)) = text.split_once(':') else {
            return Incoming::Bad("a header has no colon".into());
        };
        if name.trim().eq_ignore_ascii_case("Content-Length") {
            match value.trim().parse::<usize>() {
                Ok(size) if size <= MOST_BYTES => length = Some(size),
                _ => return Incoming::Bad("Content-Length is no number below 16 MiB".into()),
            }
        }
    }
    Incoming::Bad("too many header lines".into())
}

fn body(input: &mut impl BufRead, length: usize) -> Incoming {
    let mut bytes = Vec::new();
    match input.by_ref().take(length as u64).read_to_end(&mut bytes) {
        Ok(read) if read == length => {}
        _ => return Incoming::End,
    }
    match serde_json::from_slice::<Value>(&bytes) {
        Ok(value) if value.is_object() => Incoming::Message(value),
        Ok(_) => Incoming::Bad("the message is no object".into()),
        Err(error) => Incoming::Bad(format!("the message is no JSON: {error}")),
    }
}

/// Writes a message.
///
/// # Errors
/// When the reader is gone.
pub fn write(output: &mut impl Write, message: &Value) -> std::io::Result<()> {
    let text = message.to_string();
    write!(output, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn all(text: &[u8]) -> Vec<Incoming> {
        let mut input = text;
        let mut found = Vec::new();
        loop {
            let next = read(&mut input);
            if next == Incoming::End || found.len() > 10 {
                return found;
            }
            found.push(next);
        }
    }

    #[test]
    fn messages_are_framed() {
        let mut text = Vec::new();
        write(&mut text, &json!({"seq": 1})).unwrap();
        write(&mut text, &json!({"seq": 2, "text": "grüße"})).unwrap();
        let wanted = [json!({"seq": 1}), json!({"seq": 2, "text": "grüße"})].map(Incoming::Message);
        assert_eq!(all(&text), wanted);
    }

    #[test]
    fn what_is_no_message_is_skipped() {
        let good = b"Content-Length: 2\r\n\r\n{}";
        for bad in [
            &b"Content-Length: 4\r\n\r\n{no}"[..],
            b"Content-Length: 99999999999\r\n",
            b"Content-Length: x\r\n",
            b"no header\r\n",
            b"Content-Length: 2\r\n\r\n[]",
        ] {
            let found = all(&[bad, good].concat());
            assert!(matches!(found.first(), Some(Incoming::Bad(_))), "{found:?}");
            assert_eq!(found.last(), Some(&Incoming::Message(json!({}))), "{}", String::from_utf8_lossy(bad));
        }
        assert_eq!(all(b"Content-Length: 50\r\n\r\n{}"), []);
    }
}
