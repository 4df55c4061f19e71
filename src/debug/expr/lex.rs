//! Words of an expression. Pure; it never fails: what it does not know is a token of its own.

/// A word.
#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    /// A whole number and its suffix.
    Integer(i128, String),
    /// A number with a point or an exponent.
    Float(f64),
    /// A character in quotes.
    Character(char),
    /// A text in quotes.
    Text(String),
    /// A name, with the `::` in it.
    Name(String),
    /// What stands behind a `$`.
    Dollar(String),
    /// An operator or a bracket.
    Sign(&'static str),
    /// Nothing more.
    End,
    /// What no expression has.
    Strange,
}

/// Operators, longer ones before those they begin with.
const SIGNS: &[&str] = &[
    "<<=", ">>=", "->", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "+=", "-=", "*=", "/=", "%=", "&=",
    "|=", "^=", "+", "-", "*", "/", "%", "<", ">", "=", "!", "~", "&", "|", "^", "(", ")", "[", "]", "{",
    "}", ".", ",", "?", ":", "@", ";",
];

/// Reads words from a text.
#[derive(Debug, Clone)]
pub struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    /// From the beginning of a text.
    pub const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// What has not been read.
    pub fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn take(&mut self, is: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !is(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// A field's name behind a point: a name or the number of a tuple's field.
    pub fn field(&mut self) -> Option<String> {
        self.blanks();
        let word = self.take(|c| c.is_alphanumeric() || c == '_');
        (!word.is_empty()).then(|| word.to_owned())
    }

    /// The next word.
    pub fn token(&mut self) -> Token {
        self.blanks();
        let Some(first) = self.rest().chars().next() else { return Token::End };
        match first {
            '$' => {
                self.at += 1;
                let word = self.take(|c| c.is_alphanumeric() || c == '_' || c == '$');
                Token::Dollar(word.to_owned())
            }
            '0'..='9' => self.number(),
            '.' if self.rest()[1..].starts_with(|c: char| c.is_ascii_digit()) => self.number(),
            '\'' => self
                .quoted('\'')
                .and_then(|text| text.chars().next())
                .map_or(Token::Strange, Token::Character),
            '"' => self.quoted('"').map_or(Token::Strange, Token::Text),
            _ if first.is_alphabetic() || first == '_' => Token::Name(self.name()),
            _ => {
                let found = SIGNS.iter().find(|sign| self.rest().starts_with(**sign));
                match found {
                    Some(sign) => {
                        self.at += sign.len();
                        Token::Sign(sign)
                    }
                    None => Token::Strange,
                }
            }
        }
    }

    fn name(&mut self) -> String {
        let mut name = String::new();
        loop {
            name += self.take(|c| c.is_alphanumeric() || c == '_');
            match self.rest().strip_prefix("::") {
                Some(behind) if behind.starts_with(|c: char| c.is_alphabetic() || c == '_') => {
                    self.at += 2;
                    name += "::";
                }
                // The types of a generic name: `id::<i32>`, `Option<i32>::Some`.
                Some(behind) if behind.starts_with('<') => {
                    let Some(end) = closing(behind) else { return name };
                    name += &behind[..end];
                    self.at += 2 + end;
                }
                _ => return name,
            }
        }
    }

    fn number(&mut self) -> Token {
        let rest = self.rest();
        for (prefix, radix) in [("0x", 16), ("0X", 16), ("0b", 2), ("0o", 8)] {
            if let Some(digits) = rest.strip_prefix(prefix) {
                let end = digits.find(|c: char| !c.is_digit(radix) && c != '_').unwrap_or(digits.len());
                let plain = digits[..end].replace('_', "");
                self.at += 2 + end;
                let Ok(value) = u128::from_str_radix(&plain, radix) else { return Token::Strange };
                let suffix = self.take(|c| c.is_alphanumeric()).to_owned();
                return Token::Integer(value as i128, suffix);
            }
        }
        let whole = self.take(|c| c.is_ascii_digit() || c == '_').replace('_', "");
        let rest = self.rest();
        let mut text = whole.clone();
        let mut float = false;
        // `1..2` is a range and `1.f` no number; `1.` is one.
        if rest.starts_with('.') && !rest[1..].starts_with(|c: char| c == '.' || c.is_alphabetic()) {
            float = true;
            self.at += 1;
            text.push('.');
            text += self.take(|c| c.is_ascii_digit());
        }
        let rest = self.rest();
        if rest.starts_with(['e', 'E']) {
            let digits = rest[1..].trim_start_matches(['+', '-']);
            if digits.starts_with(|c: char| c.is_ascii_digit()) {
                float = true;
                let sign = rest.len() - 1 - digits.len();
                text.push('e');
                text += &rest[1..1 + sign];
                self.at += 1 + sign;
                text += self.take(|c| c.is_ascii_digit());
            }
        }
        let suffix = self.take(|c| c.is_alphanumeric() || c == '_').to_owned();
        if float || matches!(suffix.as_str(), "f" | "f32" | "f64") {
            return text.parse().map_or(Token::Strange, Token::Float);
        }
        let octal = whole.len() > 1 && whole.starts_with('0');
        let value = if octal { u128::from_str_radix(&whole, 8) } else { whole.parse() };
        value.map_or(Token::Strange, |value| Token::Integer(value as i128, suffix))
    }

    fn quoted(&mut self, quote: char) -> Option<String> {
        let mut text = String::new();
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((at, c)) = characters.next() {
            match c {
                _ if c == quote => {
                    self.at += at + 1;
                    return Some(text);
                }
                '\\' => {
                    let (_, escaped) = characters.next()?;
                    match escaped {
                        'n' => text.push('\n'),
                        't' => text.push('\t'),
                        'r' => text.push('\r'),
                        '0'..='7' => {
                            let mut value = escaped.to_digit(8)?;
                            while let Some(digit) = characters
                                .clone()
                                .next()
                                .and_then(|(_, c)| c.to_digit(8))
                                .filter(|_| value < 32)
                            {
                                value = value * 8 + digit;
                                characters.next();
                            }
                            text.push(char::from_u32(value)?);
                        }
                        other => text.push(other),
                    }
                }
                _ => text.push(c),
            }
        }
        None
    }
}

/// Where the bracket that a text begins with is closed, behind it.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '<' => depth += 1,
            '>' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}
