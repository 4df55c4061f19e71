//! Colours of the tokens of a line, the only place that knows them. Built on `anstyle`.

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

/// How tokens are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Paint {
    /// Not at all.
    #[default]
    None,
    /// By colours of the terminal.
    Ansi,
    /// By bytes around them that no text holds, from which [`super::super::spans`] makes pieces.
    Marks,
}

/// In marked text: the end of a token.
pub const MARK_END: u8 = 0x0e;
/// In marked text: an argument begins.
pub const MARK_ARGUMENT: u8 = 0x1d;
/// Every token with the byte that begins it in marked text.
pub const MARKS: [(Token, u8); 8] = [
    (Token::Name, 1),
    (Token::Argument, 2),
    (Token::Number, 3),
    (Token::Constant, 4),
    (Token::String, 5),
    (Token::Comment, 6),
    (Token::Result, 7),
    (Token::Error, 8),
];

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

impl Paint {
    /// Colours where they are wanted.
    pub const fn when(wanted: bool) -> Self {
        if wanted { Self::Ansi } else { Self::None }
    }

    /// Begins a token.
    pub fn start(self, out: &mut Vec<u8>, token: Token) {
        match self {
            Self::None => {}
            Self::Ansi => out.extend_from_slice(style(token).render().to_string().as_bytes()),
            Self::Marks => out.extend(MARKS.iter().find(|row| row.0 == token).map(|row| row.1)),
        }
    }

    /// Ends a token.
    pub fn end(self, out: &mut Vec<u8>, token: Token) {
        match self {
            Self::None => {}
            Self::Ansi if style(token) == Style::new() => {}
            Self::Ansi => out.extend_from_slice(style(token).render_reset().to_string().as_bytes()),
            Self::Marks => out.push(MARK_END),
        }
    }

    /// An argument begins.
    pub fn argument(self, out: &mut Vec<u8>) {
        if self == Self::Marks {
            out.push(MARK_ARGUMENT);
        }
    }
}
