//! The lines of a stack below a call: one for each frame, as strace spells them.
//!
//! ` > MODULE(SYMBOL+0xDISTANCE) [0xPOSITION]`, where the position is one in the file. With lines of source,
//! ` (FILE:LINE)` follows, and inlined functions have lines of their own before that of the function they are
//! in. Names come from the tracee's files: control characters in them are escaped.

use std::io::Write;

use crate::event::stack::{Bottom, Frame, Line, Stack};

/// How much of a stack is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detail {
    /// Nothing.
    #[default]
    None,
    /// Symbols (`-k`).
    Symbols,
    /// Lines of source and inlined functions too (`-kk`).
    Lines,
}

/// Appends the lines of a stack.
pub fn write(out: &mut Vec<u8>, stack: &Stack, detail: Detail) {
    if detail == Detail::None {
        return;
    }
    for frame in &stack.frames {
        write_frame(out, frame, detail == Detail::Lines);
    }
    match (stack.end, stack.frames.last()) {
        (Bottom::Limit, Some(_)) => out.extend_from_slice(b" > too many stack frames\n"),
        // A frame without a module says by itself that something is wrong.
        (Bottom::Lost, Some(last)) if last.module.is_some() => {
            out.extend_from_slice(b" > cannot unwind further\n");
        }
        _ => {}
    }
}

fn write_frame(out: &mut Vec<u8>, frame: &Frame, lines: bool) {
    let Some(module) = &frame.module else {
        writeln!(out, " > unexpected_backtracing_error [{:#x}]", frame.ip.0).ok();
        return;
    };
    let offset = frame.offset.0;
    let place = frame.place.as_deref();
    for function in place.filter(|_| lines).map(|place| &*place.inlined).unwrap_or_default() {
        out.extend_from_slice(b" > ");
        escape(out, module);
        out.push(b'(');
        escape(out, function.name.as_bytes());
        write!(out, " [inlined]) [{offset:#x}]").ok();
        write_line(out, function.line.as_ref());
    }
    out.extend_from_slice(b" > ");
    escape(out, module);
    out.push(b'(');
    if let Some(symbol) = place.and_then(|place| place.symbol.as_ref()) {
        escape(out, symbol.name.as_bytes());
        write!(out, "+{:#x}", symbol.offset).ok();
    }
    write!(out, ") [{offset:#x}]").ok();
    write_line(out, place.filter(|_| lines).and_then(|place| place.line.as_ref()));
}

fn write_line(out: &mut Vec<u8>, line: Option<&Line>) {
    if let Some(line) = line {
        out.extend_from_slice(b" (");
        escape(out, line.file.as_bytes());
        write!(out, ":{})", line.number).ok();
    }
    out.push(b'\n');
}

/// Text as it is, but for what a terminal would act on and bytes that are no text: those as octal escapes.
fn escape(out: &mut Vec<u8>, text: &[u8]) {
    for chunk in text.utf8_chunks() {
        for character in chunk.valid().chars() {
            let mut buffer = [0; 4];
            let bytes = character.encode_utf8(&mut buffer).as_bytes();
            if character.is_control() { octal(out, bytes) } else { out.extend_from_slice(bytes) }
        }
        octal(out, chunk.invalid());
    }
}

fn octal(out: &mut Vec<u8>, bytes: &[u8]) {
    for byte in bytes {
        write!(out, "\\{byte:03o}").ok();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::event::stack::{FileOffset, Found, Inlined, Place, RuntimeAddr, Symbol};

    fn frame(module: Option<&[u8]>, place: Option<Place>) -> Frame {
        Frame {
            ip: RuntimeAddr(0x7f00),
            found: Found::Tables,
            module: module.map(Arc::from),
            offset: FileOffset(0x1234),
            place: place.map(Arc::new),
        }
    }

    fn text(frames: Vec<Frame>, end: Bottom) -> String {
        let mut out = Vec::new();
        write(&mut out, &Stack { frames, end }, Detail::Lines);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn frames_are_spelled_as_strace_does() {
        let symbol = Some(Symbol { name: "main".into(), offset: 0x1a });
        let known = Place { symbol: symbol.clone(), ..Place::default() };
        let stack =
            vec![frame(Some(b"/bin/a"), Some(known)), frame(Some(b"/bin/b"), None), frame(None, None)];
        assert_eq!(
            text(stack, Bottom::Lost),
            " > /bin/a(main+0x1a) [0x1234]\n > /bin/b() [0x1234]\n > unexpected_backtracing_error [0x7f00]\n"
        );
        let line = |number| Some(Line { file: "a.c".into(), number });
        let inlined = vec![Inlined { name: "helper".into(), line: line(3) }];
        let place = Place { symbol, line: line(9), inlined };
        assert_eq!(
            text(vec![frame(Some(b"/bin/a"), Some(place))], Bottom::Reached),
            " > /bin/a(helper [inlined]) [0x1234] (a.c:3)\n > /bin/a(main+0x1a) [0x1234] (a.c:9)\n"
        );
    }

    #[test]
    fn ends_are_marked() {
        let one = || vec![frame(Some(b"/a"), None)];
        assert_eq!(text(one(), Bottom::Limit), " > /a() [0x1234]\n > too many stack frames\n");
        assert_eq!(text(one(), Bottom::Lost), " > /a() [0x1234]\n > cannot unwind further\n");
        assert_eq!(text(Vec::new(), Bottom::Reached), "");
    }

    #[test]
    fn nothing_reaches_the_terminal_unescaped() {
        let name = "\u{1b}[2J\u{9b}ü\n".to_owned();
        let place = Place { symbol: Some(Symbol { name, offset: 0 }), ..Place::default() };
        assert_eq!(
            text(vec![frame(Some(b"/\xff\x07"), Some(place))], Bottom::Reached),
            " > /\\377\\007(\\033[2J\\302\\233ü\\012+0x0) [0x1234]\n"
        );
    }
}
