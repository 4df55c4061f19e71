//! Rust's values: structs, tuples, enums by their variants, and the text and lists of the standard library.
//!
//! Layouts are read from the debug information, so that they hold for every version of the library: what is known
//! here are names of fields.

use super::dwarf::Language;
use super::dwarf::location::Place;
use super::dwarf::types::{Shape, Struct, Ty, Type};
use super::error::Result;
use super::names::is_tuple;
use super::numbers::{harmless, quoted};
use super::print::Printer;
use super::value::{Target, Value};

/// Structs inside structs that are searched for a field.
const MOST_NESTED: u32 = 8;

/// Whether a type is shown by what it holds, not by its fields.
pub(super) fn is_pretty(ty: &Type) -> bool {
    ty.language == Language::Rust && ty.name.as_deref().is_some_and(|name| list(name).is_some())
}

/// What the standard library's lists are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// `&str`.
    Str,
    /// `String`.
    String,
    /// `Vec<T>`.
    Vec,
    /// `&[T]`.
    Slice,
}

fn list(name: &str) -> Option<List> {
    Some(match name {
        "&str" | "&mut str" => List::Str,
        "alloc::string::String" => List::String,
        _ if name.starts_with("alloc::vec::Vec<") => List::Vec,
        _ if name.starts_with("&[") || name.starts_with("&mut [") => List::Slice,
        _ => return None,
    })
}

/// What a value holds as a list: what kind of list, a pointer to its first element, and their number.
pub fn contents(value: &Value, target: &mut dyn Target) -> Option<(List, Value, u64)> {
    let ty = value.ty.plain();
    if ty.language != Language::Rust {
        return None;
    }
    let Shape::Struct(_) = &ty.shape else { return None };
    let kind = list(ty.name.as_deref()?)?;
    let (start, length) = match kind {
        List::Str | List::Slice => {
            (value.member("data_ptr", target).ok()?, value.member("length", target).ok()?)
        }
        List::String => {
            let inner = value.member("vec", target).ok()?;
            return contents(&inner, target).map(|(_, start, length)| (List::String, start, length));
        }
        List::Vec => {
            let element = match &ty.shape {
                Shape::Struct(parts) => parts.parameters.iter().find(|(name, _)| name == "T")?.1.clone(),
                _ => return None,
            };
            let buffer = value.member("buf", target).ok()?;
            let pointer = pointer(&buffer, target, 0)?;
            let start = Value::new(element.pointer(Language::Rust), pointer.place);
            (start, value.member("len", target).ok()?)
        }
    };
    let length = u64::try_from(length.integer(target).ok()?).ok()?;
    Some((kind, start, length))
}

/// The first pointer inside a value.
fn pointer(value: &Value, target: &mut dyn Target, depth: u32) -> Option<Value> {
    let ty = value.ty.plain();
    match &ty.shape {
        Shape::Pointer { .. } => Some(value.clone()),
        Shape::Struct(parts) if depth < MOST_NESTED => parts.members.iter().find_map(|member| {
            let part = value.part(member, target).ok()?;
            pointer(&part, target, depth + 1)
        }),
        _ => None,
    }
}

/// Prints a struct of Rust.
pub(super) fn structure(out: &mut Printer<'_>, value: &Value, ty: &Type, parts: &Struct) -> Result<()> {
    if let Some((kind, start, length)) = contents(value, out.target) {
        return shown_list(out, ty, kind, &start, length);
    }
    let name = harmless(ty.name.as_deref().unwrap_or(""));
    if parts.variants.is_some() {
        return variant(out, value, &name, parts);
    }
    // Tuples have no name of their own.
    if !name.starts_with('(') {
        out.out.push_str(&name);
        if parts.members.is_empty() {
            return Ok(());
        }
        if !is_tuple(parts) {
            out.out.push(' ');
        }
    }
    fields(out, value, parts);
    Ok(())
}

fn fields(out: &mut Printer<'_>, value: &Value, parts: &Struct) {
    let tuple = is_tuple(parts);
    out.out.push(if tuple || parts.members.is_empty() { '(' } else { '{' });
    for (number, member) in parts.members.iter().enumerate() {
        out.separate(number == 0);
        if !tuple {
            let name = harmless(member.name.as_deref().unwrap_or("?"));
            out.out.push_str(&format!("{name}: "));
        }
        let part = value.part(member, out.target);
        out.part(part);
    }
    out.close(if tuple || parts.members.is_empty() { ')' } else { '}' }, !parts.members.is_empty());
}

fn variant(out: &mut Printer<'_>, value: &Value, name: &str, parts: &Struct) -> Result<()> {
    let Some((variant, fields_of)) = value.variant(parts, out.target)? else {
        out.out.push_str(name);
        return Ok(());
    };
    out.out.push_str(&format!("{name}::{}", harmless(&variant)));
    let ty = fields_of.ty.plain();
    if let Shape::Struct(inner) = &ty.shape
        && !inner.members.is_empty()
    {
        fields(out, &fields_of, inner);
    }
    Ok(())
}

fn shown_list(out: &mut Printer<'_>, ty: &Type, kind: List, start: &Value, length: u64) -> Result<()> {
    if matches!(kind, List::Str | List::String) {
        let shown = length.min(out.style.elements as u64);
        let address = start.integer(out.target)? as u64;
        let byte = Value::long(0, Language::C);
        let bytes = if shown == 0 {
            Vec::new()
        } else {
            Value::new(
                Ty::base("u8", gimli::constants::DW_ATE_unsigned, 1, byte.ty.get().language)
                    .array(shown, Language::Rust),
                Place::Memory(address),
            )
            .bytes(out.target)?
        };
        out.out.push_str(&quoted(&bytes, length > shown, out.style.repeats));
        return Ok(());
    }
    let name = if kind == List::Vec { "Vec" } else { ty.name.as_deref().unwrap_or("&[]") };
    out.out.push_str(&format!("{}(size={length})", harmless(name)));
    if length > 0 {
        out.out.push_str(" = {");
        out.elements(start, length)?;
        out.out.push('}');
    }
    Ok(())
}
