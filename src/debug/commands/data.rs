//! Commands that show values, memory, instructions and source.

use crate::debug::console::{Console, Display};
use crate::debug::disassemble;
use crate::debug::dwarf::location::Place;
use crate::debug::dwarf::types::{Shape, Ty};
use crate::debug::error::{Error, Result};
use crate::debug::expr::{Expr, eval, parse};
use crate::debug::names;
use crate::debug::numbers::{formatted, general, harmless};
use crate::debug::print::{self, Style, with_offset};
use crate::debug::program::locate::Spec;
use crate::debug::value::{Target, Value};

/// Formats of `print/F` and `x/F`.
const FORMATS: &str = "xduotzacfsi";
/// Elements that one `x` shows.
const MOST_ELEMENTS: u64 = 100_000;
/// Bytes of a function that is disassembled.
const MOST_CODE: u64 = 1 << 22;

/// The letters behind `/` and the rest.
fn letters(text: &str) -> (&str, &str) {
    match text.strip_prefix('/') {
        Some(rest) => rest.split_once(char::is_whitespace).map_or((rest, ""), |(a, b)| (a, b.trim())),
        None => ("", text),
    }
}

/// How `print/F` prints.
fn style(console: &Console, letters: &str) -> Result<Style> {
    let mut style = console.debugger.style;
    for letter in letters.chars() {
        match letter {
            'r' => {}
            _ if FORMATS.contains(letter) && letter != 'i' => style.format = Some(letter),
            'i' => return Err(Error::says("Format letter \"i\" is meaningless in \"print\" command.")),
            _ if letter.is_ascii_digit() => {
                return Err(Error::says("Item count other than 1 is meaningless in \"print\" command."));
            }
            _ => return Err(Error::says(format!("Undefined output format \"{letter}\"."))),
        }
    }
    Ok(style)
}

/// Puts a value into the history; its text with its number.
pub(super) fn remember(console: &mut Console, value: Value, style: Style) -> Result<String> {
    let mut view = console.debugger.here();
    let text = print::top(&value, style, &mut view)?;
    // What it is now is kept, not what its place holds later.
    let kept = match value.bytes(&mut view) {
        Ok(bytes) if !matches!(value.place, Place::Memory(_)) => {
            Value { place: Place::Bytes(bytes), ..value }
        }
        _ => value,
    };
    if matches!(kept.ty.plain().shape, Shape::Void) {
        return Ok(format!("= {text}"));
    }
    console.debugger.memories.history.push(kept);
    let number = console.debugger.memories.history.len();
    Ok(format!("${number} = {text}"))
}

pub(super) fn print(console: &mut Console, text: &str) -> Result<()> {
    let (letters, text) = letters(text);
    let style = style(console, letters)?;
    let value = if text.is_empty() {
        let last = console.debugger.memories.history.last().cloned();
        last.ok_or_else(|| Error::says("The history is empty."))?
    } else {
        let expr = console.debugger.parse(text)?;
        console.debugger.eval(&expr)?
    };
    let text = remember(console, value, style)?;
    console.say(&format!("{text}\n"));
    Ok(())
}

pub(super) fn output(console: &mut Console, text: &str) -> Result<()> {
    let (letters, text) = letters(text);
    let style = style(console, letters)?;
    let expr = console.debugger.parse(text)?;
    let value = console.debugger.eval(&expr)?;
    let text = print::top(&value, style, &mut console.debugger.here())?;
    console.say(&text);
    Ok(())
}

/// The type of an expression or of a type's name. Nothing is changed for that.
fn type_of(console: &mut Console, text: &str) -> Result<Ty> {
    let expr = console.debugger.parse(text)?;
    match &expr {
        Expr::Type(name) => eval::named(name, &mut console.debugger.here()),
        expr if expr.changes() => {
            Err(Error::says("An assignment has no type of its own; ask for its left side."))
        }
        expr => console.debugger.eval(expr).map(|value| value.ty),
    }
}

pub(super) fn ptype(console: &mut Console, text: &str) -> Result<()> {
    if text.is_empty() {
        return Err(Error::says("Argument required (a type or an expression)."));
    }
    let ty = type_of(console, text)?;
    console.say(&format!("type = {}\n", harmless_lines(&names::describe(&ty))));
    Ok(())
}

pub(super) fn whatis(console: &mut Console, text: &str) -> Result<()> {
    let ty = type_of(console, text)?;
    console.say(&format!("type = {}\n", harmless(&names::name(&ty))));
    Ok(())
}

fn harmless_lines(text: &str) -> String {
    text.lines().map(harmless).collect::<Vec<_>>().join("\n")
}

/// Splits at commas outside of brackets and quotes.
fn list_of(text: &str) -> Vec<String> {
    let (mut parts, mut depth, mut quote) = (vec![String::new()], 0i32, None);
    for c in text.chars() {
        match (quote, c) {
            (Some(end), _) if c == end => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth -= 1,
            (None, ',') if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts
}

pub(super) fn printf(console: &mut Console, text: &str) -> Result<()> {
    let parts = list_of(text);
    let template = parts.first().map_or("", |text| text.trim());
    let Ok(Expr::Text(template)) = parse::parse(template, &|_| false) else {
        return Err(Error::says("Bad format string: it stands in double quotes."));
    };
    let mut values = parts[1..].iter();
    let mut out = String::new();
    let mut rest = template.as_str();
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(behind) = rest.strip_prefix('%') {
            out.push('%');
            rest = behind;
            continue;
        }
        let end = rest.find(|c: char| c.is_ascii_alphabetic() && !"lhzjt".contains(c));
        let end = end.ok_or_else(|| Error::says("Bad format string"))?;
        let letter = rest[end..].chars().next().unwrap_or('d');
        rest = &rest[end + 1..];
        let text = values.next().ok_or_else(|| Error::says("Bad format string, missing arguments"))?;
        let expr = console.debugger.parse(text)?;
        let value = console.debugger.eval(&expr)?;
        let mut view = console.debugger.here();
        out.push_str(&match letter {
            's' => {
                let text = print::plain(&value, Style::default(), &mut view)?;
                text.split_once('"').map_or(text.clone(), |(_, t)| t.trim_end_matches('"').to_owned())
            }
            'f' | 'g' | 'e' => general(value.double(&mut view)?, 6),
            'c' => char::from(value.integer(&mut view)? as u8).to_string(),
            'x' | 'p' => formatted(value.integer(&mut view)?, 8, 'x')
                .trim_start_matches(if letter == 'x' { "0x" } else { "" })
                .to_owned(),
            'o' | 'u' => formatted(value.integer(&mut view)?, 8, letter),
            _ => value.integer(&mut view)?.to_string(),
        });
    }
    out.push_str(rest);
    // Escapes were read by the expression's words; what the program wrote stays harmless.
    let shown: Vec<String> = out.split('\n').map(harmless).collect();
    console.say(&shown.join("\n"));
    Ok(())
}

/// `x/4xw ADDRESS`.
pub(super) fn examine(console: &mut Console, text: &str) -> Result<()> {
    let (letters, text) = letters(text);
    let digits = letters.find(|c: char| !c.is_ascii_digit()).unwrap_or(letters.len());
    let count: u64 = if digits == 0 { 1 } else { letters[..digits].parse().unwrap_or(1) };
    let mut sized = false;
    for letter in letters[digits..].chars() {
        match letter {
            'b' => (console.examine.size, sized) = (1, true),
            'h' => (console.examine.size, sized) = (2, true),
            'w' => (console.examine.size, sized) = (4, true),
            'g' => (console.examine.size, sized) = (8, true),
            _ if FORMATS.contains(letter) => console.examine.format = letter,
            _ => return Err(Error::says(format!("Undefined output format \"{letter}\"."))),
        }
    }
    if !sized && matches!(console.examine.format, 'a') {
        console.examine.size = 8;
    }
    if !sized && console.examine.format == 'c' {
        console.examine.size = 1;
    }
    if !sized && console.examine.format == 'f' && console.examine.size < 4 {
        console.examine.size = 8;
    }
    if !text.is_empty() {
        let expr = console.debugger.parse(text)?;
        let value = console.debugger.eval(&expr)?;
        let is_place =
            matches!(value.ty.plain().shape, Shape::Array { .. } | Shape::Struct(_) | Shape::Function { .. });
        let address = match value.address() {
            Some(address) if is_place => i128::from(address),
            _ => value.integer(&mut console.debugger.here())?,
        };
        console.examine.next = address as u64;
    }
    let count = count.min(MOST_ELEMENTS);
    match console.examine.format {
        'i' => instructions(console, count),
        's' => strings(console, count),
        _ => words(console, count),
    }
}

fn where_at(console: &Console, address: u64) -> String {
    let symbol = console.debugger.program.symbol(address, true);
    symbol
        .map(|(name, offset)| format!(" <{}+{offset}>", harmless(&name)).replace("+0>", ">"))
        .unwrap_or_default()
}

fn words(console: &mut Console, count: u64) -> Result<()> {
    let (format, size) = (console.examine.format, console.examine.size);
    let columns = match (format, size) {
        ('c' | 'd' | 'x' | 'u' | 'o' | 'z', 1) => 8,
        ('x' | 'd' | 'u' | 'z' | 'o', 2) => 8,
        (_, 4) => 4,
        (_, 8) => 2,
        ('t', 1) => 8,
        _ => 8,
    };
    let mut line = String::new();
    for number in 0..count {
        let address = console.examine.next;
        let mut bytes = vec![0; size as usize];
        let got = console.debugger.here().memory().read(address, &mut bytes);
        if got < bytes.len() {
            if !line.is_empty() {
                console.say(&format!("{line}\n"));
            }
            return Err(Error::Memory(address.wrapping_add(got as u64)));
        }
        if number % columns == 0 {
            if !line.is_empty() {
                console.say(&format!("{line}\n"));
            }
            line = format!("{address:#x}{}:", where_at(console, address));
        }
        let mut wide = [0u8; 16];
        wide[..bytes.len()].copy_from_slice(&bytes);
        let value = i128::from_le_bytes(wide);
        let text = match (format, size) {
            ('f', 8) => general(f64::from_bits(value as u64), 17),
            ('f', 4) => general(f32::from_bits(value as u32).into(), 9),
            ('a', _) => {
                let symbol = console.debugger.program.symbol(value as u64, true);
                let symbol = symbol.map(|(name, offset)| with_offset(&name, offset)).unwrap_or_default();
                format!("{:#x}{symbol}", value as u64)
            }
            ('x', _) => format!("0x{value:0width$x}", width = size as usize * 2),
            ('t', _) => format!("{value:0width$b}", width = size as usize * 8),
            _ => formatted(value, size, format),
        };
        line.push_str(&format!("\t{text}"));
        console.examine.next = address.wrapping_add(size);
    }
    console.say(&format!("{line}\n"));
    Ok(())
}

fn strings(console: &mut Console, count: u64) -> Result<()> {
    for _ in 0..count {
        let address = console.examine.next;
        let place = where_at(console, address);
        let ty = Ty::base("char", gimli::constants::DW_ATE_signed_char, 1, crate::debug::dwarf::Language::C);
        let pointer = Value::number(ty.pointer(crate::debug::dwarf::Language::C), address.into());
        let style = Style { format: None, ..console.debugger.style };
        let shown = print::plain(&pointer, style, &mut console.debugger.here())?;
        let (_, text) = shown.split_once(' ').unwrap_or(("", &shown));
        if text.starts_with("<error") {
            return Err(Error::Memory(address));
        }
        console.say(&format!("{address:#x}{place}:\t{text}\n"));
        let mut size = 0;
        let mut byte = [1];
        while byte[0] != 0 && size < style.elements as u64 {
            if console.debugger.here().memory().read(address + size, &mut byte) == 0 {
                break;
            }
            size += 1;
        }
        console.examine.next = address.wrapping_add(size.max(1));
    }
    Ok(())
}

fn code(console: &mut Console, address: u64, size: u64) -> Result<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(size.min(MOST_CODE)).unwrap_or(0)];
    let got = if console.debugger.process.is_some() {
        console.debugger.here().memory().read(address, &mut bytes)
    } else {
        // Before a start the file is read.
        let module = console.debugger.program.main().ok_or(Error::NotRunning)?;
        let image = module.binary.image();
        let found = crate::debug::program::prologue::code(image, address, bytes.len()).unwrap_or_default();
        bytes[..found.len()].copy_from_slice(&found);
        found.len()
    };
    if got == 0 {
        return Err(Error::Memory(address));
    }
    bytes.truncate(got);
    Ok(bytes)
}

/// Instructions at an address, each with its place and its text.
fn spelled(console: &mut Console, address: u64, bytes: &[u8], limit: usize) -> Vec<disassemble::Line> {
    let program = &console.debugger.program;
    let symbol = |address: u64| {
        let found = program.symbol(address, true).or_else(|| static_symbol(program, address));
        found.map(|(name, offset)| with_offset(&name, offset)).unwrap_or_default()
    };
    disassemble::instructions(bytes, address, console.flavor, limit, &symbol)
}

/// A symbol before the program is started.
fn static_symbol(program: &crate::debug::program::Program, address: u64) -> Option<(String, u64)> {
    let [module] = program.modules.as_slice() else { return None };
    let (symbol, distance) =
        module.ranges.is_empty().then(|| module.binary.symbols().at(address, true, true))??;
    Some((symbol.name.clone(), distance))
}

fn instructions(console: &mut Console, count: u64) -> Result<()> {
    let start = console.examine.next;
    let bytes = code(console, start, count * 16)?;
    let pc = console.debugger.frame().map_or(0, |frame| frame.pc);
    for line in spelled(console, start, &bytes, count as usize) {
        let mark = if line.address == pc { "=> " } else { "   " };
        let place = where_at(console, line.address);
        console.say(&format!("{mark}{:#x}{place}:\t{}\n", line.address, line.text));
        console.examine.next = line.address + line.bytes.len() as u64;
    }
    Ok(())
}

pub(super) fn disassemble(console: &mut Console, text: &str) -> Result<()> {
    let (letters, text) = letters(text);
    let (raw, source) = (letters.contains('r'), letters.contains(['m', 's']));
    let pc = console.debugger.frame().map_or(0, |frame| frame.pc);
    let (low, high, name) = if let Some((from, to)) = text.split_once(',') {
        let low = address_of(console, from)?;
        let high = match to.trim().strip_prefix('+') {
            Some(size) => low.wrapping_add(console.debugger.number(size)? as u64),
            None => console.debugger.number(to)? as u64,
        };
        (low, high, None)
    } else {
        let at = if text.is_empty() {
            console.debugger.frame().map_err(|_| Error::says("No frame selected."))?.pc
        } else {
            address_of(console, text)?
        };
        function_range(console, at)?
    };
    let bytes = code(console, low, high.saturating_sub(low))?;
    let heading = match &name {
        Some(name) => format!("Dump of assembler code for function {}:\n", harmless(name)),
        None => format!("Dump of assembler code from {low:#x} to {high:#x}:\n"),
    };
    console.say(&heading);
    let mut last = None;
    for line in spelled(console, low, &bytes, usize::MAX) {
        if source {
            let location = console.debugger.program.location(line.address).line;
            if location != last {
                if let Some(found) = &location {
                    let text = console.debugger.sources.line(&found.file, found.line).unwrap_or_default();
                    console.say(&format!("{}\t{}\n", found.line, harmless(&text)));
                }
                last = location;
            }
        }
        let mark = if line.address == pc && console.debugger.process.is_some() { "=>" } else { "  " };
        let raw = if raw {
            line.bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ") + "\t"
        } else {
            String::new()
        };
        let place = if name.is_some() {
            format!(" <+{}>", line.address - low)
        } else {
            where_at(console, line.address)
        };
        console.say(&format!("{mark} 0x{:016x}{place}:\t{raw}{}\n", line.address, line.text));
    }
    console.say("End of assembler dump.\n");
    Ok(())
}

/// A place or an expression as an address: functions mean their first instruction.
pub(super) fn address_of(console: &mut Console, text: &str) -> Result<u64> {
    let text = text.trim().trim_start_matches('*');
    let expr = console.debugger.parse(text)?;
    let value = console.debugger.eval(&expr)?;
    match value.address() {
        Some(address) if matches!(value.ty.plain().shape, Shape::Function { .. }) => Ok(address),
        _ => value.integer(&mut console.debugger.here()).map(|number| number as u64),
    }
}

fn function_range(console: &mut Console, address: u64) -> Result<(u64, u64, Option<String>)> {
    let program = &console.debugger.program;
    let number = program.module_of(address).unwrap_or(0);
    let no = || Error::says("No function contains specified address.");
    let module = program.modules.get(number).ok_or_else(no)?;
    let own = address.wrapping_sub(module.bias);
    if let Some(info) = module.binary.info()
        && let Some(unit) = info.unit_of(own)
        && let Some(function) = info.declared(unit).function_at(own)
        && let Some((low, high)) = function.ranges.iter().find(|(low, high)| (*low..*high).contains(&own))
    {
        let bias = module.bias;
        return Ok((low.wrapping_add(bias), high.wrapping_add(bias), Some(function.path.clone())));
    }
    let (symbol, distance) = module.binary.symbols().at(own, false, true).ok_or_else(no)?;
    let low = address - distance;
    Ok((
        low,
        low.saturating_add(symbol.size_bytes.max(distance.saturating_add(16))),
        Some(crate::stack::symbols::demangle(symbol.name.clone())),
    ))
}

/// Lines of source.
pub(super) fn list(console: &mut Console, text: &str) -> Result<()> {
    let size = console.listing.size.max(1);
    let text = text.trim();
    let (file, first, last) = match (text, console.listing.shown.clone()) {
        ("", Some((shown, last))) => (shown.file, last + 1, last + size),
        ("-", Some((shown, _))) if shown.line > 1 => {
            (shown.file, shown.line.saturating_sub(size).max(1), shown.line - 1)
        }
        ("-", Some(_)) => return Err(Error::says("Already at the start of the source.")),
        ("" | "-", None) => {
            let here = console.debugger.current_line();
            let here =
                here.ok_or_else(|| Error::says("No symbol table is loaded.  Use the \"file\" command."))?;
            let first = here.line.saturating_sub(size / 2).max(1);
            (here.file, first, first + size - 1)
        }
        (text, _) => {
            let (from, to) = text.split_once(',').map_or((text, None), |(from, to)| (from, Some(to)));
            let (file, line) = place(console, from)?;
            match to.map(str::trim) {
                Some("") => (file, line, line + size - 1),
                Some(to) => (file, line, place(console, to)?.1),
                None => {
                    let first = line.saturating_sub(size / 2).max(1);
                    (file, first, first + size - 1)
                }
            }
        }
    };
    let lines = console.debugger.sources.lines(&file);
    let lines =
        lines.ok_or_else(|| Error::says(format!("{}: No such file or directory.", harmless(&file.shown))))?;
    if first as usize > lines.len() {
        return Err(Error::says(format!(
            "Line number {first} out of range; \"{}\" has {} lines.",
            harmless(&file.shown),
            lines.len()
        )));
    }
    let last = last.min(lines.len() as u32);
    for number in first..=last {
        let text = lines.get(number as usize - 1).map_or("", String::as_str);
        console.say(&format!("{number}\t{}\n", harmless(text)));
    }
    let shown = crate::debug::program::SourceLine { file, line: first };
    console.listing.shown = Some((shown, last));
    Ok(())
}

/// A place as a line of a file. A function means the line of its name.
fn place(console: &mut Console, text: &str) -> Result<(crate::debug::dwarf::lines::SourceFile, u32)> {
    let spec = console.debugger.spec(text)?;
    if let (Spec::Line(_, line), Some(here)) = (&spec, console.debugger.current_line())
        && text.trim().chars().all(|c| c.is_ascii_digit())
    {
        return Ok((here.file, *line));
    }
    let locations = console.debugger.program.locate(&spec)?;
    let found = locations.into_iter().find_map(|location| location.line);
    let found = found.ok_or_else(|| Error::says("Function has no line information."))?;
    let line = match spec {
        Spec::Line(_, line) => line,
        _ => found.line,
    };
    Ok((found.file, line))
}

pub(super) fn display(console: &mut Console, text: &str) -> Result<()> {
    if text.is_empty() {
        show_displays(console);
        return Ok(());
    }
    let (letters, text) = letters(text);
    if !letters.contains(['i', 's']) {
        style(console, letters.trim_start_matches(|c: char| c.is_ascii_digit()))?;
    }
    let expr = console.debugger.parse(text)?;
    let number = console.displays.last().map_or(1, |display| display.number + 1);
    let display = Display { number, text: text.to_owned(), format: letters.to_owned(), expr };
    console.displays.push(display.clone());
    if console.debugger.process.is_some() {
        show(console, &display);
    }
    Ok(())
}

fn show(console: &mut Console, display: &Display) {
    let slash = if display.format.is_empty() { String::new() } else { format!("/{} ", display.format) };
    let heading = format!("{}: {slash}{}", display.number, harmless(&display.text));
    if display.format.contains(['i', 's']) {
        console.say(&format!("{}: x{slash}{}\n", display.number, harmless(&display.text)));
        let before = console.examine;
        if let Err(error) = examine(console, &format!("/{} {}", display.format, display.text)) {
            console.say(&format!("<error: {error}>\n"));
        }
        console.examine = before;
        return;
    }
    let Ok(style) = style(console, &display.format) else { return };
    let text = match console.debugger.eval(&display.expr) {
        Ok(value) => print::top(&value, style, &mut console.debugger.here()),
        // A name that is not known here is not shown here.
        Err(Error::NoSymbol(_)) => return,
        Err(error) => Err(error),
    };
    let text = text.unwrap_or_else(|error| format!("<error: {error}>"));
    console.say(&format!("{heading} = {text}\n"));
}

/// Prints every display.
pub(super) fn show_displays(console: &mut Console) {
    for display in console.displays.clone() {
        show(console, &display);
    }
}

pub(super) fn undisplay(console: &mut Console, text: &str) -> Result<()> {
    if text.is_empty() {
        if console.confirm("Delete all auto-display expressions?") {
            console.displays.clear();
        }
        return Ok(());
    }
    for number in super::numbers(text)? {
        if !console.displays.iter().any(|display| display.number == number) {
            return Err(Error::NoNumber { what: "display", number: number.into() });
        }
        console.displays.retain(|display| display.number != number);
    }
    Ok(())
}
