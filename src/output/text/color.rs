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

/// Whether tokens are coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Paint(pub bool);

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
    /// Begins a token.
    pub fn start(self, out: &mut Vec<u8>, token: Token) {
        if self.0 {
            out.extend_from_slice(style(token).render().to_string().as_bytes());
        }
    }

    /// Ends a token.
    pub fn end(self, out: &mut Vec<u8>, token: Token) {
        if self.0 && style(token) != Style::new() {
            out.extend_from_slice(style(token).render_reset().to_string().as_bytes());
        }
    }
}
