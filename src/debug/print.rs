//! Values as text: C's and Rust's, in gdb's shapes. Pure but for the [`Target`] that it reads from.

use gimli::constants as dw;

use super::dwarf::Language;
use super::dwarf::location::Place;
use super::dwarf::types::{Shape, Struct, Ty, Type};
use super::error::{Error, Result};
use super::names;
use super::numbers::{escape, formatted, general, harmless, quoted};
use super::rust;
use super::value::{Target, Value, float, is_float};

/// How values are printed.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Elements of arrays and characters of strings, as gdb's `print elements`.
    pub elements: usize,
    /// So many equal elements in a row are told once.
    pub repeats: usize,
    /// The letter of `print/F`.
    pub format: Option<char>,
    /// Structs in several lines.
    pub pretty: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { elements: 200, repeats: 10, format: None, pretty: false }
    }
}

/// Structs inside structs that are told, as gdb's `print max-depth`.
const MOST_DEPTH: usize = 20;
/// Elements in a row that are looked at for being alike.
const MOST_ALIKE: u64 = 1 << 16;
/// Bytes that one value may print.
const MOST_TEXT: usize = 1 << 20;

/// Prints one value.
pub(super) struct Printer<'a> {
    pub target: &'a mut dyn Target,
    pub style: Style,
    pub out: String,
    depth: usize,
}

/// A value as `print` shows it: pointers with their types.
///
/// # Errors
/// Where the value itself cannot be had.
pub fn top(value: &Value, style: Style, target: &mut dyn Target) -> Result<String> {
    let ty = value.ty.plain();
    let mut text = String::new();
    if style.format.is_none_or(|f| f == 's') {
        match &ty.shape {
            Shape::Pointer { target: pointee, reference } if !is_text(pointee) && !rust::is_pretty(&ty) => {
                if *reference {
                    text = format!(
                        "({}) @{:#x}: ",
                        names::name(&value.ty),
                        Value::integer_of_pointer(value, target)?
                    );
                } else {
                    text = format!("({}) ", names::name(&value.ty));
                }
            }
            Shape::Function { .. } => {
                let at = value.address().unwrap_or(0);
                let symbol =
                    target.symbol(at).map(|(name, offset)| with_offset(&name, offset)).unwrap_or_default();
                return Ok(format!("{{{}}} {at:#x}{symbol}", names::name(&value.ty)));
            }
            _ => {}
        }
    }
    Ok(text + &plain(value, style, target)?)
}

/// A value as it is shown inside others and beside names.
///
/// # Errors
/// Where the value itself cannot be had.
pub fn plain(value: &Value, style: Style, target: &mut dyn Target) -> Result<String> {
    if value.place == Place::Lost {
        return Ok("<optimized out>".into());
    }
    let mut printer = Printer { target, style, out: String::new(), depth: 0 };
    match printer.value(value) {
        Ok(()) => Ok(printer.out),
        Err(Error::OptimizedOut) => Ok("<optimized out>".into()),
        Err(error) => Err(error),
    }
}

/// The same, with what goes wrong in the text's place.
pub fn always(value: &Value, style: Style, target: &mut dyn Target) -> String {
    plain(value, style, target).unwrap_or_else(|error| format!("<error: {error}>"))
}

/// ` <symbol+distance>`.
pub fn with_offset(name: &str, offset: u64) -> String {
    let name = harmless(name);
    if offset == 0 { format!(" <{name}>") } else { format!(" <{name}+{offset}>") }
}

impl Value {
    fn integer_of_pointer(value: &Self, target: &mut dyn Target) -> Result<u64> {
        Ok(Self::number(Self::long(0, Language::C).ty, number(&value.bytes(target)?)).integer(target)? as u64)
    }
}

fn number(bytes: &[u8]) -> i128 {
    let mut wide = [0; 16];
    let count = bytes.len().min(16);
    wide[..count].copy_from_slice(&bytes[..count]);
    i128::from_le_bytes(wide)
}

/// Whether C shows elements of a type as text.
pub fn is_text(ty: &Ty) -> bool {
    let ty = ty.plain();
    ty.language != Language::Rust
        && ty.size_bytes == 1
        && matches!(ty.shape, Shape::Base(dw::DW_ATE_signed_char | dw::DW_ATE_unsigned_char))
}

impl Printer<'_> {
    pub fn value(&mut self, value: &Value) -> Result<()> {
        if self.out.len() > MOST_TEXT {
            return Ok(());
        }
        if value.place == Place::Lost {
            self.out.push_str("<optimized out>");
            return Ok(());
        }
        let ty = value.ty.plain();
        match &ty.shape {
            Shape::Void => self.out.push_str(if ty.language == Language::Rust { "()" } else { "void" }),
            Shape::Base(encoding) => self.base(value, &ty, *encoding)?,
            Shape::Enum(values) => self.enumeration(value, &ty, values)?,
            Shape::Pointer { target, reference: false } => self.pointer(value, target)?,
            Shape::Pointer { reference: true, .. } => {
                let target = value.deref(self.target)?;
                self.value(&target)?;
            }
            Shape::Array { element, counts } => {
                let count = counts.first().copied().flatten().unwrap_or(0);
                self.array(value, element, counts.len(), count)?;
            }
            Shape::Struct(parts) => self.structure(value, &ty, parts)?,
            Shape::Function { .. } => self.code(value),
            Shape::Alias { .. } => {}
        }
        Ok(())
    }

    /// Parts of a value that cannot be had say so; the rest is still told.
    pub fn part(&mut self, value: Result<Value>) {
        let before = self.out.len();
        if let Err(error) = value.and_then(|value| self.value(&value)) {
            self.out.truncate(before);
            match error {
                Error::OptimizedOut => self.out.push_str("<optimized out>"),
                error => self.out.push_str(&format!("<error: {error}>")),
            }
        }
    }

    fn base(&mut self, value: &Value, ty: &Type, encoding: gimli::DwAte) -> Result<()> {
        if let Some(format) = self.style.format.filter(|format| *format != 's') {
            return self.formatted(value, ty.size_bytes, format, is_float(encoding));
        }
        match encoding {
            dw::DW_ATE_float => {
                let digits = match ty.size_bytes {
                    2 => 5,
                    4 => 9,
                    8 => 17,
                    _ => 18,
                };
                let number = float(&value.bytes(self.target)?, ty.size_bytes);
                self.out.push_str(&general(number, digits));
            }
            dw::DW_ATE_boolean => match value.integer(self.target)? {
                0 => self.out.push_str("false"),
                1 => self.out.push_str("true"),
                other => self.out.push_str(&other.to_string()),
            },
            dw::DW_ATE_signed_char | dw::DW_ATE_unsigned_char if ty.language != Language::Rust => {
                let number = value.integer(self.target)?;
                let mut text = format!("{number} '");
                escape(&mut text, number as u8, b'\'');
                self.out.push_str(&text);
                self.out.push('\'');
            }
            dw::DW_ATE_UTF => {
                let number = value.integer(self.target)? as u32;
                let character = char::from_u32(number).map(|c| c.to_string()).unwrap_or_default();
                let shown = quoted(character.as_bytes(), false, 10);
                let shown = shown.trim_matches('"').replace("\\\"", "\"").replace('\'', "\\'");
                self.out.push_str(&format!("{number} '{shown}'"));
            }
            dw::DW_ATE_complex_float => {
                let bytes = value.bytes(self.target)?;
                let half = bytes.len() / 2;
                let part = |bytes: &[u8]| general(float(bytes, half as u64), if half == 4 { 9 } else { 17 });
                self.out.push_str(&format!("{} + {}i", part(&bytes[..half]), part(&bytes[half..])));
            }
            _ if ty.name.as_deref() == Some("()") => self.out.push_str("()"),
            _ => {
                let number = value.integer(self.target)?;
                let signed = matches!(encoding, dw::DW_ATE_signed | dw::DW_ATE_signed_char);
                let wide = !signed && number < 0;
                self.out.push_str(&if wide { (number as u128).to_string() } else { number.to_string() });
            }
        }
        Ok(())
    }

    fn formatted(&mut self, value: &Value, size: u64, format: char, is_float: bool) -> Result<()> {
        if format == 'f' && is_float {
            let digits = if size == 4 { 9 } else { 17 };
            self.out.push_str(&general(value.double(self.target)?, digits));
            return Ok(());
        }
        // gdb's x of a floating-point number shows its bits.
        let number =
            if is_float { number(&value.bytes(self.target)?) } else { value.integer(self.target)? };
        match format {
            'f' if size == 8 => self.out.push_str(&general(f64::from_bits(number as u64), 17)),
            'f' if size == 4 => {
                self.out.push_str(&general(f32::from_bits(number as u32).into(), 9));
            }
            'a' => {
                let address = number as u64;
                self.out.push_str(&format!("{address:#x}"));
                if let Some((name, offset)) = self.target.symbol(address) {
                    self.out.push_str(&with_offset(&name, offset));
                }
            }
            _ => {
                let size = value.bits.map_or(size, |(_, bits)| u64::from(bits.div_ceil(8)));
                self.out.push_str(&formatted(number, size, format));
            }
        }
        Ok(())
    }

    fn enumeration(&mut self, value: &Value, ty: &Type, values: &[(String, i128)]) -> Result<()> {
        if let Some(format) = self.style.format.filter(|format| *format != 's') {
            return self.formatted(value, ty.size_bytes, format, false);
        }
        let number = value.integer(self.target)?;
        if let Some((name, _)) = values.iter().find(|(_, known)| *known == number) {
            let shown = match (&ty.name, ty.language) {
                (Some(path), Language::Rust) => format!("{path}::{name}"),
                (Some(path), Language::Cpp) => path
                    .rsplit_once("::")
                    .map_or_else(|| name.clone(), |(outer, _)| format!("{outer}::{name}")),
                _ => name.clone(),
            };
            self.out.push_str(&shown);
            return Ok(());
        }
        let single = |value: i128| value >= 0 && value.count_ones() <= 1;
        if number <= 0 || !values.iter().all(|(_, value)| single(*value)) {
            self.out.push_str(&number.to_string());
            return Ok(());
        }
        let mut left = number;
        let mut parts = Vec::new();
        for (name, bit) in values {
            if *bit != 0 && left & bit != 0 {
                parts.push(name.clone());
                left &= !bit;
            }
        }
        if left != 0 {
            parts.push(format!("unknown: {left:#x}"));
        }
        self.out.push_str(&format!("({})", parts.join(" | ")));
        Ok(())
    }

    fn pointer(&mut self, value: &Value, pointee: &Ty) -> Result<()> {
        if let Some(format) = self.style.format.filter(|format| *format != 's' && *format != 'a') {
            return self.formatted(value, 8, format, false);
        }
        let address = value.integer(self.target)? as u64;
        self.out.push_str(&format!("{address:#x}"));
        if is_text(pointee) && address != 0 {
            self.out.push(' ');
            match self.c_string(address) {
                Ok(text) => self.out.push_str(&text),
                Err(error) => self.out.push_str(&format!("<error: {error}>")),
            }
        } else if let Some((name, offset)) = self.target.symbol(address) {
            self.out.push_str(&with_offset(&name, offset));
        }
        Ok(())
    }

    /// The text at an address, up to its NUL.
    pub fn c_string(&mut self, address: u64) -> Result<String> {
        let mut bytes = vec![0; self.style.elements];
        let mut got = 0;
        // A page at a time: the string may end before memory does.
        while got < bytes.len() {
            let here = address.wrapping_add(got as u64);
            let chunk = (4096 - (here & 4095) as usize).min(bytes.len() - got);
            let read = self.target.memory().read(here, &mut bytes[got..got + chunk]);
            if bytes[got..got + read].contains(&0) || read < chunk {
                got += read;
                break;
            }
            got += read;
        }
        if got == 0 && !bytes.is_empty() {
            return Err(Error::Memory(address));
        }
        let text = &bytes[..got];
        let end = text.iter().position(|byte| *byte == 0);
        Ok(quoted(&text[..end.unwrap_or(got)], end.is_none(), self.style.repeats))
    }

    fn code(&mut self, value: &Value) {
        let at = value.address().unwrap_or(0);
        self.out.push_str(&format!("{{{}}} {at:#x}", names::name(&value.ty)));
        if let Some((name, offset)) = self.target.symbol(at) {
            self.out.push_str(&with_offset(&name, offset));
        }
    }

    fn array(&mut self, value: &Value, element: &Ty, dimensions: usize, count: u64) -> Result<()> {
        if dimensions <= 1 && is_text(element) && self.style.format.is_none_or(|format| format == 's') {
            let limit = self.style.elements as u64;
            let shown = count.min(limit);
            let whole = Value { ty: element.array(shown, Language::C), ..value.clone() };
            let bytes = whole.bytes(self.target)?;
            let mut text = bytes.as_slice();
            let more = count > shown;
            if !more && text.last() == Some(&0) {
                text = &text[..text.len() - 1];
            }
            self.out.push_str(&quoted(text, more, self.style.repeats));
            return Ok(());
        }
        let (open, close) = if value.ty.plain().language == Language::Rust { ("[", "]") } else { ("{", "}") };
        self.out.push_str(open);
        self.elements(value, count)?;
        self.out.push_str(close);
        Ok(())
    }

    /// The elements of an array or behind a pointer.
    pub fn elements(&mut self, value: &Value, count: u64) -> Result<()> {
        if self.depth >= MOST_DEPTH {
            self.out.push_str("...");
            return Ok(());
        }
        self.depth += 1;
        let mut at = 0;
        let mut things = 0;
        let mut next: Option<String> = None;
        while at < count {
            if things >= self.style.elements {
                self.out.push_str("...");
                break;
            }
            if at > 0 {
                self.out.push_str(", ");
            }
            let text = match next.take() {
                Some(text) => text,
                None => self.element(value, at)?,
            };
            let mut run = 1;
            while at + run < count && run < MOST_ALIKE {
                let other = self.element(value, at + run)?;
                if other != text {
                    next = Some(other);
                    break;
                }
                run += 1;
            }
            if run > self.style.repeats as u64 {
                self.out.push_str(&format!("{text} <repeats {run} times>"));
                things += self.style.repeats;
            } else {
                let more = (run as usize).min(self.style.elements - things);
                self.out.push_str(&vec![text; more].join(", "));
                things += more;
            }
            at += run;
        }
        self.depth -= 1;
        Ok(())
    }

    fn element(&mut self, value: &Value, index: u64) -> Result<String> {
        let element = value.element(index.into(), self.target)?;
        let mut inner =
            Printer { target: &mut *self.target, style: self.style, out: String::new(), depth: self.depth };
        inner.value(&element)?;
        Ok(inner.out)
    }

    fn structure(&mut self, value: &Value, ty: &Type, parts: &Struct) -> Result<()> {
        if self.depth >= MOST_DEPTH {
            self.out.push_str("{...}");
            return Ok(());
        }
        self.depth += 1;
        let result = if ty.language == Language::Rust {
            rust::structure(self, value, ty, parts)
        } else {
            self.c_structure(value, parts);
            Ok(())
        };
        self.depth -= 1;
        result
    }

    /// A line's end and the depth's blanks, or one blank.
    pub fn separate(&mut self, first: bool) {
        match (self.style.pretty, first) {
            (true, _) => {
                if !first {
                    self.out.push(',');
                }
                self.out.push('\n');
                self.out.push_str(&"  ".repeat(self.depth));
            }
            (false, true) => {}
            (false, false) => self.out.push_str(", "),
        }
    }

    /// The end of a struct's list.
    pub fn close(&mut self, bracket: char, any: bool) {
        if self.style.pretty && any {
            self.out.push('\n');
            self.out.push_str(&"  ".repeat(self.depth.saturating_sub(1)));
        }
        self.out.push(bracket);
    }

    fn c_structure(&mut self, value: &Value, parts: &Struct) {
        self.out.push('{');
        for (number, member) in parts.members.iter().enumerate() {
            self.separate(number == 0);
            match &member.name {
                Some(name) => self.out.push_str(&format!("{} = ", harmless(name))),
                None if member.base => self.out.push_str(&format!("<{}> = ", names::name(&member.ty))),
                None => {}
            }
            let part = value.part(member, self.target);
            self.part(part);
        }
        self.close('}', !parts.members.is_empty());
    }
}
