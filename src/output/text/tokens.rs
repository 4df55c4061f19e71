//! The tokens of a line, each in its colour: numbers, constants and what else is spelled by a formatter.

use std::fmt::Arguments;
use std::io::Write;

use syscall_tables::set::Base;

use super::color::Token;
use super::render::TextRender;
use crate::output::digits;

impl TextRender<'_> {
    pub(super) fn put(&mut self, text: Arguments<'_>) {
        // Writing to a Vec cannot fail.
        self.out.write_fmt(text).ok();
    }

    pub(super) fn token(&mut self, token: Token, text: Arguments<'_>) {
        self.within(token, |out| {
            out.write_fmt(text).ok();
        });
    }

    pub(super) fn within(&mut self, token: Token, write: impl FnOnce(&mut Vec<u8>)) {
        self.spelling.paint.start(self.out, token);
        write(self.out);
        self.spelling.paint.end(self.out, token);
    }

    pub(super) fn constant(&mut self, name: &str) {
        self.within(Token::Constant, |out| out.extend_from_slice(name.as_bytes()));
    }

    pub(super) fn decimal(&mut self, value: i64) {
        self.within(Token::Number, |out| digits::signed(out, value));
    }

    pub(super) fn hexadecimal(&mut self, value: u64) {
        self.within(Token::Number, |out| digits::hexadecimal(out, value));
    }

    pub(super) fn based(&mut self, value: u64, base: Base) {
        match base {
            Base::Dec => self.decimal(value as i64),
            Base::Hex if value == 0 => self.decimal(0),
            Base::Hex => self.hexadecimal(value),
            Base::Oct => self.within(Token::Number, |out| digits::octal(out, value, 2)),
        }
    }
}
