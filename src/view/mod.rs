//! What the screen shows of the engine and of recordings: adapters to `trace_tui::model`.
//!
//! A live run is written by the recorder to a file, and read from there as a recording is: rows are asked for by
//! range, memory stays bounded, and ten million events look like ten.

mod census;
mod detail;
mod filter;
pub mod log;
pub mod program;
mod reader;
mod shared;
mod survey;
pub mod terminal;

use trace_tui::model::{Span, Tone};

use crate::output::spans::Piece;
use crate::output::text::color::Token;

/// Pieces as the screen has them.
fn spans(pieces: Vec<Piece>) -> Vec<Span> {
    pieces.into_iter().map(|piece| Span { tone: tone(piece.token), text: piece.text }).collect()
}

fn tone(token: Option<Token>) -> Tone {
    match token {
        None => Tone::Plain,
        Some(Token::Name) => Tone::Name,
        Some(Token::Argument) => Tone::Argument,
        Some(Token::Number) => Tone::Number,
        Some(Token::Constant) => Tone::Constant,
        Some(Token::String) => Tone::Text,
        Some(Token::Comment) => Tone::Dim,
        Some(Token::Result) => Tone::Good,
        Some(Token::Error) => Tone::Bad,
    }
}

/// A time since `begun` in seconds, with microseconds.
fn since(begun_ns: u64, at_ns: u64) -> String {
    let micros = at_ns.saturating_sub(begun_ns) / 1000;
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}
