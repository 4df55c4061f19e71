//! Colours of the tokens of a line, the only place that knows them. Built on `anstyle`.
//!
//! STRACE_COLORS of the environment changes them: `syscall=1;34:retval=32`, with the parameters of the terminal's SGR
//! sequences, as GCC_COLORS of gcc(1) has them.

use std::sync::OnceLock;

use anstyle::{AnsiColor, Effects, Style};

/// Kinds of text in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// The name of a syscall.
    Name,
    /// The name of an argument or member.
    Argument,
    /// A number.
    Number,
    /// A named constant.
    Constant,
    /// A string.
    String,
    /// A remark.
    Comment,
    /// A good result.
    Result,
    /// An error.
    Error,
}

/// Tokens with the keys of STRACE_COLORS that are theirs; the first one that is set counts.
const KEYS: [(Token, &[&str]); 8] = [
    (Token::Name, &["syscall", "call"]),
    (Token::Argument, &["argname"]),
    (Token::Number, &["argval"]),
    (Token::Constant, &["const", "argval"]),
    (Token::String, &["string", "argval"]),
    (Token::Comment, &["comment"]),
    (Token::Result, &["retval"]),
    (Token::Error, &["error"]),
];

/// What begins each token, empty for nothing, and what ends it.
#[derive(Debug, PartialEq, Eq)]
struct Palette {
    begin: [String; KEYS.len()],
    end: &'static str,
}

/// In marked text: the end of a token.
pub const MARK_END: u8 = 0x0e;
/// In marked text: an argument begins.
pub const MARK_ARGUMENT: u8 = 0x1d;

/// The token that a byte of marked text begins.
pub fn marked(byte: u8) -> Option<Token> {
    KEYS.get(usize::from(byte).checked_sub(1)?).map(|(token, _)| *token)
}

/// Whether tokens are coloured, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Paint(Option<&'static Palette>);

fn style(token: Token) -> Style {
    let of = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
    match token {
        Token::Name => of(AnsiColor::Blue).effects(Effects::BOLD),
        Token::Argument => Style::new(),
        Token::Number => of(AnsiColor::Magenta),
        Token::Constant => of(AnsiColor::Cyan),
        Token::String => of(AnsiColor::Yellow),
        Token::Comment => Style::new().effects(Effects::DIMMED),
        Token::Result => of(AnsiColor::Green),
        Token::Error => of(AnsiColor::Red),
    }
}

/// The parameters of an SGR sequence, unless they could be anything else.
fn parameters(text: &str) -> bool {
    text.len() <= 64 && text.chars().all(|c| c.is_ascii_digit() || c == ';')
}

impl Paint {
    /// No colours.
    pub const OFF: Self = Self(None);

    /// The colours of this program, changed as `wishes` say: the value of STRACE_COLORS. Keys and parameters that are
    /// unknown change nothing.
    ///
    /// The palette lives as long as the program.
    pub fn on(wishes: &str) -> Self {
        let wish = |key: &str| {
            let pairs = wishes.split(':').filter_map(|pair| pair.split_once('='));
            pairs.rev().find(|(name, value)| *name == key && parameters(value)).map(|(_, value)| value)
        };
        let begin = |(token, keys): (Token, &[&str])| match keys.iter().find_map(|key| wish(key)) {
            Some("") => String::new(),
            Some(parameters) => format!("\u{1b}[{parameters}m"),
            None => style(token).render().to_string(),
        };
        Self(Some(Box::leak(Box::new(Palette { begin: KEYS.map(begin), end: "\u{1b}[0m" }))))
    }

    /// Bytes around tokens that no text holds, from which [`crate::output::spans`] makes pieces.
    pub fn marks() -> Self {
        static MARKS: OnceLock<Palette> = OnceLock::new();
        let begin = |at: usize| char::from(at as u8 + 1).to_string();
        Self(Some(MARKS.get_or_init(|| Palette { begin: std::array::from_fn(begin), end: "\u{e}" })))
    }

    /// Whether there are any colours.
    pub const fn is_on(self) -> bool {
        self.0.is_some()
    }

    fn sequence(self, token: Token) -> &'static str {
        let Some(palette) = self.0 else { return "" };
        let place = KEYS.iter().position(|(known, _)| *known == token);
        place.map_or("", |place| &palette.begin[place])
    }

    /// Begins a token.
    pub fn start(self, out: &mut Vec<u8>, token: Token) {
        if self.is_on() {
            out.extend_from_slice(self.sequence(token).as_bytes());
        }
    }

    /// Ends a token.
    pub fn end(self, out: &mut Vec<u8>, token: Token) {
        if let Some(palette) = self.0
            && !self.sequence(token).is_empty()
        {
            out.extend_from_slice(palette.end.as_bytes());
        }
    }

    /// An argument begins, which only marked text tells.
    pub fn argument(self, out: &mut Vec<u8>) {
        if self.0.is_some_and(|palette| palette.end.as_bytes() == [MARK_END]) {
            out.push(MARK_ARGUMENT);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Paint, Token};

    fn painted(paint: Paint, token: Token) -> String {
        let mut out = Vec::new();
        paint.start(&mut out, token);
        out.push(b'x');
        paint.end(&mut out, token);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn wishes_change_colours() {
        assert_eq!(painted(Paint::OFF, Token::Error), "x");
        assert_eq!(painted(Paint::on(""), Token::Error), "\u{1b}[31mx\u{1b}[0m");
        let wished = Paint::on("error=01;35:syscall=:argval=36:const=\u{1b}]0;title:nothing=1");
        assert_eq!(painted(wished, Token::Error), "\u{1b}[01;35mx\u{1b}[0m");
        assert_eq!(painted(wished, Token::Name), "x");
        assert_eq!(painted(wished, Token::Number), "\u{1b}[36mx\u{1b}[0m");
        // What is no parameter never reaches the terminal.
        assert_eq!(painted(wished, Token::Constant), "\u{1b}[36mx\u{1b}[0m");
    }
}
