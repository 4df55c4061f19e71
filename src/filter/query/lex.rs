//! Words of an expression with their places. It knows the signs of the language, and no name but what operations of
//! io_uring begin with.

use syscall_tables::uring;

use super::error::Error;

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A name or a keyword: letters, digits, `_`, `.` and `%`.
    Word(&'a str),
    /// Something that begins with a digit, or with `-` and a digit; a unit may follow.
    Number(&'a str),
    /// What stands between quotes, as it is written.
    Text(&'a str),
    /// Any other sign.
    Sign(&'static str),
    /// The end.
    End,
}

/// A token and where it stands, in bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lexeme<'a> {
    pub token: Token<'a>,
    pub at: usize,
    pub len: usize,
}

/// Signs, the longer ones first.
const SIGNS: &[&str] =
    &["==", "!=", "!~", "<=", ">=", "&&", "||", "<", ">", "~", "=", "!", "|", "(", ")", ","];

/// The words of `source`; the last one is [`Token::End`].
///
/// # Errors
/// A sign that is none of the language, or a string without an end.
pub(super) fn lex(source: &str) -> Result<Vec<Lexeme<'_>>, Error> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = source[at..].chars().next() {
        let rest = &source[at..];
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let digit = |c: char| c.is_ascii_digit();
        let (token, len) = if first == '"' || first == '\'' {
            let inner = quoted(source, at, first)?;
            (Token::Text(inner), inner.len() + 2)
        } else if digit(first) || first == '-' && rest[1..].starts_with(digit) {
            let more = |c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '_';
            let len = rest[1..].find(more).map_or(rest.len(), |end| end + 1);
            (Token::Number(&rest[..len]), len)
        } else if first.is_ascii_alphabetic() || first == '_' || first == '%' {
            let more = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '.' | '%');
            // The name of an operation as it is printed is one word.
            let from = if rest.starts_with(uring::PREFIX) { uring::PREFIX.len() } else { 0 };
            let len = rest[from..].find(more).map_or(rest.len(), |end| from + end);
            (Token::Word(&rest[..len]), len)
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Token::Sign(sign), sign.len())
        } else {
            let hint = if first == '/' { "; paths and expressions stand in quotes" } else { "" };
            let text = format!("'{}' means nothing here{hint}", first.escape_default());
            return Err(Error::new(source, at, first.len_utf8(), text));
        };
        found.push(Lexeme { token, at, len });
        at += len;
    }
    found.push(Lexeme { token: Token::End, at: source.len(), len: 0 });
    Ok(found)
}

/// What stands between the quote at `at` and its fellow; a backslash takes the next character along.
fn quoted(source: &str, at: usize, quote: char) -> Result<&str, Error> {
    let inner = &source[at + 1..];
    let mut escaped = false;
    for (index, c) in inner.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return Ok(&inner[..index]),
            _ => {}
        }
    }
    Err(Error::new(source, at, 1, format!("the string that begins here has no end: close it with {quote}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_strings_and_signs() {
        let words = lex(r#"arg.flags!=-0x1 &&path ~ "a\"b" %%stat 10ms||x"#).unwrap();
        let tokens: Vec<Token<'_>> = words.iter().map(|word| word.token).collect();
        assert_eq!(
            tokens,
            [
                Token::Word("arg.flags"),
                Token::Sign("!="),
                Token::Number("-0x1"),
                Token::Sign("&&"),
                Token::Word("path"),
                Token::Sign("~"),
                Token::Text("a\\\"b"),
                Token::Word("%%stat"),
                Token::Number("10ms"),
                Token::Sign("||"),
                Token::Word("x"),
                Token::End,
            ]
        );
        assert_eq!((words[1].at, words[1].len), (9, 2));
        let words = lex("io_uring and name==io_uring:openat").unwrap();
        assert_eq!(
            (words[0].token, words[4].token),
            (Token::Word("io_uring"), Token::Word("io_uring:openat"))
        );
    }

    #[test]
    fn what_is_no_word() {
        assert!(lex("path == /etc").unwrap_err().to_string().contains("stand in quotes"));
        assert!(lex("path == \"etc").unwrap_err().to_string().contains("no end"));
        assert!(lex("path == é").unwrap_err().to_string().contains("means nothing"));
        assert_eq!(lex(" ").unwrap().len(), 1);
    }
}
