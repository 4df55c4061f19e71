//! The program's own terminal: an emulator that its bytes drive, and the bytes of keys that go to it. It never draws.
//!
//! Whatever the program writes stays in the emulator: titles, clipboards, bells and modes of other terminals go
//! nowhere. Questions that programs wait for an answer to (where the cursor is, what kind of terminal this is) are
//! answered as the emulator stands. Source: ctlseqs of xterm.

use std::num::NonZeroU16;

use crossterm::event::{KeyCode, KeyModifiers};

use crate::keymap::Key;
use crate::model::ProgramTerminal;

/// Most bytes of answers that wait.
const MOST_ANSWERS: usize = 4096;
/// Smallest size that programs are told.
const LEAST: (u16, u16) = (2, 10);
/// Size until the first part of the screen is known.
const FIRST: (u16, u16) = (24, 80);

/// Answers to the program's questions.
#[derive(Debug, Default)]
struct Answers(Vec<u8>);

impl vt100::Callbacks for Answers {
    fn unhandled_csi(
        &mut self,
        screen: &mut vt100::Screen,
        first: Option<u8>,
        _second: Option<u8>,
        params: &[&[u16]],
        last: char,
    ) {
        let number = params.first().and_then(|list| list.first()).copied().unwrap_or(0);
        let answer = match (first, last, number) {
            (None, 'n', 5) => "\x1b[0n".to_owned(),
            (None, 'n', 6) => {
                let (row, column) = screen.cursor_position();
                format!("\x1b[{};{}R", row + 1, column + 1)
            }
            (None, 'c', 0) => "\x1b[?1;2c".to_owned(),
            _ => return,
        };
        if self.0.len() + answer.len() <= MOST_ANSWERS {
            self.0.extend_from_slice(answer.as_bytes());
        }
    }
}

/// The terminal.
pub struct Pane {
    emulator: vt100::Parser<Answers>,
    /// It has the whole screen.
    pub zoomed: bool,
    /// It is not shown.
    pub hidden: bool,
    size: (u16, u16),
    bytes: Vec<u8>,
}

impl std::fmt::Debug for Pane {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pane").field("size", &self.size).finish_non_exhaustive()
    }
}

fn cells(count: u16, least: u16) -> NonZeroU16 {
    NonZeroU16::new(count.max(least)).unwrap_or(NonZeroU16::MIN)
}

impl Pane {
    /// An empty terminal.
    pub fn new() -> Self {
        let (rows, columns) = FIRST;
        let emulator = vt100::Parser::new_with_callbacks(
            cells(rows, rows),
            cells(columns, columns),
            0,
            Answers::default(),
        );
        Self { emulator, zoomed: false, hidden: false, size: (0, 0), bytes: Vec::new() }
    }

    /// Its screen.
    pub fn screen(&self) -> &vt100::Screen {
        self.emulator.screen()
    }

    /// Takes what the program wrote; whether that was anything.
    pub fn refresh(&mut self, terminal: &mut dyn ProgramTerminal) -> bool {
        self.bytes.clear();
        if !terminal.read(&mut self.bytes) {
            return false;
        }
        self.emulator.process(&self.bytes);
        let answers = std::mem::take(&mut self.emulator.callbacks_mut().0);
        if !answers.is_empty() {
            terminal.write(&answers);
        }
        true
    }

    /// Gives it the size of its part of the screen, and tells the program.
    pub fn resize(&mut self, rows: u16, columns: u16, terminal: &mut dyn ProgramTerminal) {
        let size = (rows.max(LEAST.0), columns.max(LEAST.1));
        if size != self.size {
            self.size = size;
            self.emulator.set_size(cells(size.0, LEAST.0), cells(size.1, LEAST.1));
            terminal.resize(size.0, size.1);
        }
    }

    /// The bytes that a key stands for.
    pub fn encode(&self, key: Key) -> Vec<u8> {
        encode(key, self.screen().application_cursor())
    }

    /// Pasted text, as the program wants it.
    pub fn paste(&self, text: &str) -> Vec<u8> {
        // What ends a paste cannot be pasted.
        let text = text.replace("\x1b[201~", "").replace('\n', "\r");
        if self.screen().bracketed_paste() {
            format!("\x1b[200~{text}\x1b[201~").into_bytes()
        } else {
            text.into_bytes()
        }
    }
}

impl Default for Pane {
    fn default() -> Self {
        Self::new()
    }
}

fn encode(key: Key, application: bool) -> Vec<u8> {
    let (code, modifiers) = key;
    let mut out = Vec::new();
    if modifiers.contains(KeyModifiers::ALT) {
        out.push(0x1b);
    }
    let arrow = |letter: char| {
        let lead = if application { "\x1bO" } else { "\x1b[" };
        format!("{lead}{letter}").into_bytes()
    };
    let tilde = |number: u8| format!("\x1b[{number}~").into_bytes();
    let text = match code {
        KeyCode::Char(letter) if modifiers.contains(KeyModifiers::CONTROL) => match letter {
            ' ' | '@' => vec![0],
            '?' => vec![0x7f],
            _ => vec![letter.to_ascii_uppercase() as u8 & 0x1f],
        },
        KeyCode::Char(letter) => letter.to_string().into_bytes(),
        KeyCode::Enter => vec![b'\r'],
        KeyCode::Backspace => vec![0x7f],
        KeyCode::Tab => vec![b'\t'],
        KeyCode::BackTab => b"\x1b[Z".to_vec(),
        KeyCode::Esc => vec![0x1b],
        KeyCode::Up => arrow('A'),
        KeyCode::Down => arrow('B'),
        KeyCode::Right => arrow('C'),
        KeyCode::Left => arrow('D'),
        KeyCode::Home => arrow('H'),
        KeyCode::End => arrow('F'),
        KeyCode::Insert => tilde(2),
        KeyCode::Delete => tilde(3),
        KeyCode::PageUp => tilde(5),
        KeyCode::PageDown => tilde(6),
        KeyCode::F(number @ 1..=4) => format!("\x1bO{}", char::from(b'P' + number - 1)).into_bytes(),
        KeyCode::F(number @ 5..=12) => {
            const CODES: [u8; 8] = [15, 17, 18, 19, 20, 21, 23, 24];
            tilde(CODES[usize::from(number - 5)])
        }
        _ => return Vec::new(),
    };
    out.extend_from_slice(&text);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_become_bytes() {
        let rows: &[(KeyCode, KeyModifiers, &[u8])] = &[
            (KeyCode::Char('a'), KeyModifiers::NONE, b"a"),
            (KeyCode::Char('ü'), KeyModifiers::NONE, "ü".as_bytes()),
            (KeyCode::Char('c'), KeyModifiers::CONTROL, b"\x03"),
            (KeyCode::Char(']'), KeyModifiers::CONTROL, b"\x1d"),
            (KeyCode::Char('x'), KeyModifiers::ALT, b"\x1bx"),
            (KeyCode::Enter, KeyModifiers::NONE, b"\r"),
            (KeyCode::Up, KeyModifiers::NONE, b"\x1b[A"),
            (KeyCode::F(5), KeyModifiers::NONE, b"\x1b[15~"),
            (KeyCode::F(12), KeyModifiers::NONE, b"\x1b[24~"),
            (KeyCode::Null, KeyModifiers::NONE, b""),
        ];
        for (code, modifiers, bytes) in rows {
            assert_eq!(encode((*code, *modifiers), false), *bytes, "{code:?}");
        }
        assert_eq!(encode((KeyCode::Up, KeyModifiers::NONE), true), b"\x1bOA");
    }

    #[test]
    fn questions_are_answered_and_nothing_else() {
        #[derive(Default)]
        struct Peer(Vec<u8>, Vec<u8>);
        impl ProgramTerminal for Peer {
            fn read(&mut self, bytes: &mut Vec<u8>) -> bool {
                bytes.append(&mut self.0);
                !bytes.is_empty()
            }
            fn write(&mut self, bytes: &[u8]) {
                self.1.extend_from_slice(bytes);
            }
            fn resize(&mut self, _rows: u16, _columns: u16) {}
        }
        let mut pane = Pane::new();
        let mut peer = Peer(b"ab\x1b[6n\x1b]52;c;?\x07\x1b]0;title\x07\x1b[21t".to_vec(), Vec::new());
        pane.resize(5, 20, &mut peer);
        assert!(pane.refresh(&mut peer));
        assert_eq!(peer.1, b"\x1b[1;3R");
        assert_eq!(pane.screen().contents().trim(), "ab");
        assert!(!pane.refresh(&mut peer));
    }
}
