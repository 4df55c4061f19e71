//! Calls, signals and ends as pieces of text with their tokens: what a screen shows and colours itself.
//!
//! The text renderer spells everything; the marks that it puts around tokens become pieces here. Nothing of a tracee
//! gets through unescaped, and marks never do. Source: the same as of the text log.

use std::io::Write;

use syscall_tables::abi::Abi;
use syscall_tables::{errno, signal};

use super::text::color::{self, MARK_ARGUMENT, MARK_END, Paint, Token};
use super::text::render::{Spelling, TextRender};
use super::text::{parts, rings, stack};
use crate::decode::{self, Options};
use crate::engine::details::Wishes;
use crate::event::ring::Traffic;
use crate::event::stack::Stack;
use crate::event::{Call, End, Signal};

/// All that was captured.
const FULL: Options = Options { string_limit: 4096, abbreviate: false, raw: false, dereference: true };

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What it is; `None` for what stands between tokens.
    pub token: Option<Token>,
    /// Its text, printable.
    pub text: String,
}

/// How a call ended, in short and in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// A number, an address or the name of an error.
    pub short: String,
    /// The same with what explains it.
    pub full: Vec<Piece>,
    /// The kernel called it an error.
    pub failed: bool,
}

/// Spells events in pieces; keeps its buffer.
#[derive(Debug)]
pub struct Speller {
    spelling: Spelling,
    options: Options,
    line: Vec<u8>,
}

impl Speller {
    /// Calls as one line shows them.
    pub fn brief() -> Self {
        let spelling = Spelling { paint: Paint::marks(), ..Spelling::default() };
        Self { spelling, options: Options::default(), line: Vec::new() }
    }

    /// Calls in full: strings as long as they were captured, structs whole, descriptors with what they are open on.
    pub fn full() -> Self {
        let spelling = Spelling {
            paint: Paint::marks(),
            names: true,
            fds: Wishes::ALL,
            pid_names: true,
            ..Spelling::default()
        };
        Self { spelling, options: FULL, line: Vec::new() }
    }

    fn all_arguments(&mut self, call: &Call) {
        let mut render = TextRender::new(&mut self.line, &self.spelling, call, false, false);
        decode::entry(call, &self.options, &mut render);
        if call.outcome.is_some() {
            let continued = decode::halfway(call);
            let mut render = TextRender::new(&mut self.line, &self.spelling, call, true, continued);
            decode::exit(call, &self.options, &mut render);
        }
    }

    fn spell(&mut self, call: &Call) {
        self.line.clear();
        self.spelling.paint.start(&mut self.line, Token::Name);
        parts::name(&mut self.line, call);
        self.spelling.paint.end(&mut self.line, Token::Name);
        self.line.push(b'(');
        self.all_arguments(call);
        // What is still to come when the call returns.
        if call.outcome.is_none() && self.line.ends_with(b", ") {
            self.line.truncate(self.line.len() - 2);
            self.line.extend_from_slice(b", ...");
        }
        self.line.push(b')');
    }

    /// `NAME(ARGUMENTS)`, with all that is known of them.
    pub fn call(&mut self, call: &Call) -> Vec<Piece> {
        self.spell(call);
        pieces(&self.line)
    }

    /// The same with its result, as plain text to be searched.
    pub fn text(&mut self, call: &Call) -> String {
        self.spell(call);
        let mut text = plain(&self.line);
        text.push_str(" = ");
        text.push_str(&self.ending(call).short);
        text
    }

    /// Each argument by name; a call that is not known has six without one.
    pub fn arguments(&mut self, call: &Call) -> Vec<(String, Vec<Piece>)> {
        self.line.clear();
        self.all_arguments(call);
        let mut list = Vec::new();
        for argument in self.line.split(|byte| *byte == MARK_ARGUMENT).skip(1) {
            let argument = argument.strip_prefix(b", ").unwrap_or(argument);
            let argument = argument.strip_suffix(b", ").unwrap_or(argument);
            let mut value = pieces(argument);
            let mut name = String::new();
            if value.first().is_some_and(|piece| piece.token == Some(Token::Argument)) {
                name = value.remove(0).text;
                if let Some(next) = value.first_mut()
                    && let Some(rest) = next.text.strip_prefix('=')
                {
                    next.text = rest.to_owned();
                }
            }
            value.retain(|piece| !piece.text.is_empty());
            list.push((name, value));
        }
        list
    }

    /// How a call ended.
    pub fn ending(&mut self, call: &Call) -> Ending {
        self.line.clear();
        let Some(outcome) = call.outcome else {
            return Ending { short: "?".into(), full: vec![piece(None, "?")], failed: false };
        };
        if let Some(code) = outcome.errno() {
            let short = errno::name(code).map_or_else(|| format!("errno {code}"), str::to_owned);
            let mut full = vec![piece(Some(Token::Error), &short)];
            if let Some(text) = errno::text(code) {
                full.push(piece(None, &format!(" ({text})")));
            }
            return Ending { short, full, failed: true };
        }
        let mut render = TextRender::new(&mut self.line, &self.spelling, call, true, false);
        decode::result(call, &self.options, &mut render);
        render.finish();
        let all = plain(&self.line);
        let short = all.split([' ', '<']).next().unwrap_or_default().to_owned();
        Ending { short, full: pieces(&self.line), failed: false }
    }

    /// A signal that reached a task, or by which job control stopped it.
    pub fn signal(&mut self, event: &Signal, stopped: bool) -> Vec<Piece> {
        self.line.clear();
        self.spelling.paint.start(&mut self.line, Token::Name);
        parts::signal_name(&mut self.line, event.signo);
        self.spelling.paint.end(&mut self.line, Token::Name);
        if stopped {
            self.line.extend_from_slice(b" stops the process");
        } else if let Some(info) = &event.info {
            self.line.push(b' ');
            let mut render = TextRender::of_signal(&mut self.line, &self.spelling, (&event.pids, &event.fds));
            decode::siginfo(Abi::X86_64, event.abi, info, &mut render);
        }
        pieces(&self.line)
    }
}

/// How a task ended, in words.
pub fn ended(end: End) -> String {
    match end {
        End::Exited(status) => format!("exited with {status}"),
        End::Killed { signo, core } => {
            let name = signal::name(signo as u32).map_or_else(|| format!("signal {signo}"), str::to_owned);
            format!("killed by {name}{}", if core { " (core dumped)" } else { "" })
        }
        End::Superseded { by } => format!("superseded by execve in thread {}", by.0),
        End::Detached => "let go".to_owned(),
    }
}

/// The lines of a stack, innermost first, with lines of source where they are known.
pub fn stack_lines(stack: &Stack) -> Vec<String> {
    let mut out = Vec::new();
    stack::write(&mut out, stack, stack::Detail::Lines);
    String::from_utf8_lossy(&out).lines().map(|line| line.trim_start_matches(" > ").to_owned()).collect()
}

/// Operations of a row that are named; further ones are counted.
const MOST_NAMED: usize = 8;

/// What went over the rings of io_uring with a call, in a few words: `sqe openat, read; cqe openat=4, read=ENOENT`.
pub fn ring_brief(traffic: &Traffic) -> String {
    let submitted = traffic.submitted.iter().map(|operation| operation.call.name().into_owned());
    let completed = traffic.completions().map(|completion| {
        let name = completion.operation.as_ref().map_or("?".into(), |operation| operation.call.name());
        let errno = u32::try_from(-i64::from(completion.result)).ok().filter(|code| *code > 0);
        match errno.map(|code| errno::name(code).map_or_else(|| format!("errno {code}"), str::to_owned)) {
            Some(error) => format!("{name}={error}"),
            None => format!("{name}={}", completion.result),
        }
    });
    let lists = [("sqe", submitted.collect::<Vec<_>>()), ("cqe", completed.collect())];
    let told = lists.into_iter().filter(|(_, list)| !list.is_empty()).map(|(what, list)| {
        let more = list.len().saturating_sub(MOST_NAMED);
        let more = if more > 0 { format!(", {more} more") } else { String::new() };
        format!("{what} {}{more}", list[..list.len().min(MOST_NAMED)].join(", "))
    });
    let unseen = (traffic.is_blind()).then(|| match traffic.unseen_submissions {
        0 => "some unseen".to_owned(),
        count => format!("{count} unseen"),
    });
    told.chain(unseen).collect::<Vec<_>>().join("; ")
}

/// What went over the rings of io_uring with a call, a line each.
pub fn ring_lines(traffic: &Traffic) -> Vec<String> {
    let spelling = Spelling { fds: Wishes::ALL, ..Spelling::default() };
    let mut out = Vec::new();
    rings::write(&mut out, traffic, rings::Look { spelling: &spelling, options: &FULL, repeats: true });
    String::from_utf8_lossy(&out).lines().map(|line| line.trim_start().to_owned()).collect()
}

/// The bytes behind an address, 16 a line: `+0010  68 69 0a …  |hi.|`.
pub fn hex_lines(bytes: &[u8]) -> Vec<String> {
    let line = |(index, chunk): (usize, &[u8])| {
        let mut hex = Vec::with_capacity(52);
        for (at, byte) in chunk.iter().enumerate() {
            let gap = if at == 8 { " " } else { "" };
            write!(hex, "{gap}{byte:02x} ").ok();
        }
        let shown = |byte: &u8| if (b' '..=b'~').contains(byte) { char::from(*byte) } else { '.' };
        let text: String = chunk.iter().map(shown).collect();
        format!("+{:04x}  {:<50}|{text}|", index * 16, String::from_utf8_lossy(&hex))
    };
    bytes.chunks(16).enumerate().map(line).collect()
}

fn piece(token: Option<Token>, text: &str) -> Piece {
    Piece { token, text: text.to_owned() }
}

/// Marked text without its marks.
fn plain(marked: &[u8]) -> String {
    let kept: Vec<u8> = marked.iter().copied().filter(|byte| *byte >= b' ').collect();
    String::from_utf8_lossy(&kept).into_owned()
}

/// Marked text as pieces.
fn pieces(marked: &[u8]) -> Vec<Piece> {
    let mut list: Vec<Piece> = Vec::new();
    let mut token = None;
    let mut rest = marked;
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| *byte < b' ').unwrap_or(rest.len());
        if end > 0 {
            let text = String::from_utf8_lossy(&rest[..end]);
            match list.last_mut().filter(|last| last.token == token) {
                Some(last) => last.text.push_str(&text),
                None => list.push(piece(token, &text)),
            }
        }
        match rest.get(end) {
            Some(&MARK_END) => token = None,
            Some(mark) => {
                token = color::marked(*mark).or(token);
            }
            None => {}
        }
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Outcome, Regs, Tid};
    use syscall_tables::signatures;

    fn openat() -> Call {
        let mut call = Call::new(Tid(7));
        call.signature = signatures::named(Abi::X86_64, "openat");
        call.regs = Regs { nr: 257, args: [u64::MAX - 99, 0x1000, 0o100, 0o644, 0, 0], ..call.regs };
        call.before.remember_text(0x1000, b"/a\x1b[2J\x02b\0");
        call.outcome = Some(Outcome { value: -13, failed: true });
        call
    }

    #[test]
    fn calls_become_pieces() {
        let call = openat();
        let pieces = Speller::brief().call(&call);
        let text: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
        assert_eq!(text, r#"openat(AT_FDCWD, "/a\33[2J\2b", O_RDONLY|O_CREAT, 0644)"#);
        assert_eq!(pieces[0], piece(Some(Token::Name), "openat"));
        assert!(pieces.contains(&piece(Some(Token::String), r#""/a\33[2J\2b""#)), "{pieces:?}");
        assert_eq!(Speller::brief().text(&call), format!("{text} = EACCES"));
    }

    #[test]
    fn arguments_have_names() {
        let list = Speller::full().arguments(&openat());
        let names: Vec<&str> = list.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["dirfd", "pathname", "flags", "mode"]);
        let value = |at: usize| list[at].1.iter().map(|piece| piece.text.as_str()).collect::<String>();
        assert_eq!((value(0).as_str(), value(3).as_str()), ("AT_FDCWD", "0644"));
        assert_eq!(value(1), r#""/a\33[2J\2b""#);
    }

    #[test]
    fn what_returns_later_is_not_shown_before() {
        let mut call = Call::new(Tid(7));
        call.signature = signatures::named(Abi::X86_64, "read");
        call.regs.args = [3, 0x2000, 10, 0, 0, 0];
        let text: String = Speller::brief().call(&call).into_iter().map(|piece| piece.text).collect();
        assert_eq!(text, "read(3, ...)");
        call.outcome = Some(Outcome { value: 2, failed: false });
        call.after.remember(0x2000, 2, b"hi");
        let list = Speller::full().arguments(&call);
        assert_eq!(list.len(), 3);
        assert_eq!(list[1], ("buf".to_owned(), vec![piece(Some(Token::String), "\"hi\"")]));
        assert_eq!(Speller::brief().ending(&call).short, "2");
    }

    #[test]
    fn memory_in_hexadecimal() {
        let lines = hex_lines(b"hello \x1b[31m\xffworld!");
        assert_eq!(lines[0], "+0000  68 65 6c 6c 6f 20 1b 5b  33 31 6d ff 77 6f 72 6c  |hello .[31m.worl|");
        assert_eq!(lines[1], format!("+0010  {:<50}|d!|", "64 21"));
    }
}
