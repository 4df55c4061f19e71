//! How types are called and described: C's declarators, Rust's names, and what `ptype` prints. Pure.

use std::fmt::Write;

use super::dwarf::Language;
use super::dwarf::types::{Shape, Struct, Ty, Type};

/// Types inside types that are told.
const MOST_DEPTH: u32 = 32;

/// The name of a type.
pub fn name(ty: &Ty) -> String {
    declare(ty, "", 0)
}

/// A declaration of `inner` with a type, in C's way; Rust's types have names of their own.
fn declare(ty: &Ty, inner: &str, depth: u32) -> String {
    let ty = ty.get();
    let with = |base: &str| if inner.is_empty() { base.to_owned() } else { format!("{base} {inner}") };
    if depth > MOST_DEPTH {
        return with("...");
    }
    if ty.language == Language::Rust {
        return with(&rust(&ty, depth));
    }
    match &ty.shape {
        Shape::Pointer { target, reference } => {
            let star = if *reference { "&" } else { "*" };
            let wraps = matches!(target.get().shape, Shape::Array { .. } | Shape::Function { .. });
            let inner = if wraps { format!("({star}{inner})") } else { format!("{star}{inner}") };
            declare(target, &inner, depth + 1)
        }
        Shape::Array { element, counts } => {
            let mut all = inner.to_owned();
            for count in counts {
                match count {
                    Some(count) => drop(write!(all, "[{count}]")),
                    None => all.push_str("[]"),
                }
            }
            declare(element, &all, depth + 1)
        }
        Shape::Function { result, arguments } => {
            let list: Vec<String> = arguments.iter().map(|ty| declare(ty, "", depth + 1)).collect();
            // One of which nothing is known, as gdb has them for registers.
            let unknown = ty.name.is_some();
            let list = if list.is_empty() && !unknown { "void".to_owned() } else { list.join(", ") };
            declare(result, &format!("{inner}({list})"), depth + 1)
        }
        Shape::Alias { target, qualifier } if !qualifier.is_empty() => {
            if matches!(target.get().shape, Shape::Pointer { .. }) {
                let inner =
                    if inner.is_empty() { (*qualifier).to_owned() } else { format!("{qualifier} {inner}") };
                declare(target, &format!(" {inner}"), depth + 1)
            } else {
                format!("{qualifier} {}", declare(target, inner, depth + 1))
            }
        }
        _ => with(&tagged(&ty)),
    }
}

/// A struct, union or enum with C's word before its name.
fn tagged(ty: &Type) -> String {
    let word = match &ty.shape {
        Shape::Struct(parts) => parts.word,
        Shape::Enum(_) => "enum",
        _ => return ty.name.clone().unwrap_or_else(|| "void".into()),
    };
    match &ty.name {
        Some(name) if ty.language == Language::C => format!("{word} {name}"),
        Some(name) => name.clone(),
        None => format!("{word} {{...}}"),
    }
}

fn rust(ty: &Type, depth: u32) -> String {
    if let Some(name) = &ty.name {
        return name.clone();
    }
    match &ty.shape {
        Shape::Pointer { target, .. } => format!("*mut {}", declare(target, "", depth + 1)),
        Shape::Array { element, counts } => {
            let count = counts.first().copied().flatten().unwrap_or(0);
            format!("[{}; {count}]", declare(element, "", depth + 1))
        }
        Shape::Function { result, arguments } => {
            let list: Vec<String> = arguments.iter().map(|ty| declare(ty, "", depth + 1)).collect();
            match result {
                Ty::Void => format!("fn ({})", list.join(", ")),
                result => format!("fn ({}) -> {}", list.join(", "), declare(result, "", depth + 1)),
            }
        }
        Shape::Alias { target, .. } => declare(target, "", depth + 1),
        Shape::Void => "()".into(),
        _ => "{...}".into(),
    }
}

/// What a type is made of, in several lines, as `ptype` tells it.
pub fn describe(ty: &Ty) -> String {
    // Aliases are looked through, also below pointers and arrays.
    let own = ty.get();
    match &own.shape {
        Shape::Alias { target, qualifier: "" } => return describe(target),
        Shape::Alias { target, qualifier } if !matches!(target.plain().shape, Shape::Pointer { .. }) => {
            return format!("{qualifier} {}", describe(target));
        }
        Shape::Pointer { target, .. } if own.language != Language::Rust => {
            let below = target.plain();
            if matches!(below.shape, Shape::Struct(_) | Shape::Enum(_)) {
                return format!("{} *", describe(target));
            }
        }
        Shape::Array { element, counts } if own.language != Language::Rust => {
            if matches!(element.plain().shape, Shape::Struct(_) | Shape::Enum(_)) {
                let list: String = counts.iter().map(|count| format!("[{}]", count.unwrap_or(0))).collect();
                return format!("{} {list}", describe(element));
            }
        }
        _ => {}
    }
    match &own.shape {
        Shape::Struct(parts) if own.language == Language::Rust => rust_struct(&own, parts),
        Shape::Struct(parts) => c_struct(&own, parts, 0),
        Shape::Enum(values) => c_enum(&own, values),
        _ => name(&plain(ty)),
    }
}

/// A pointer or array whose innermost type is an alias, with that resolved.
fn plain(ty: &Ty) -> Ty {
    match ty.get().shape {
        Shape::Alias { ref target, qualifier: "" } => plain(target),
        Shape::Pointer { ref target, reference: false } if ty.get().name.is_none() => {
            plain(target).pointer(ty.get().language)
        }
        _ => ty.clone(),
    }
}

fn c_struct(ty: &Type, parts: &Struct, depth: usize) -> String {
    let indent = " ".repeat(4 * depth);
    let mut text = match &ty.name {
        Some(name) => format!("{} {name} {{\n", parts.word),
        None => format!("{} {{\n", parts.word),
    };
    for member in parts.members.iter().filter(|member| !member.base) {
        let inner = member.ty.get();
        let unnamed = inner.name.is_none();
        let declared = match (&inner.shape, &member.name) {
            (Shape::Struct(inner_parts), name) if unnamed && depth < 8 => {
                let body = c_struct(&inner, inner_parts, depth + 1);
                format!("{body}{}", name.as_ref().map(|name| format!(" {name}")).unwrap_or_default())
            }
            (_, name) => declare(&member.ty, name.as_deref().unwrap_or(""), 1),
        };
        let bits = member.bits.map(|(_, size)| format!(" : {size}")).unwrap_or_default();
        let _ = writeln!(text, "{indent}    {declared}{bits};");
    }
    if parts.members.is_empty() {
        let _ = writeln!(text, "{indent}    <no data fields>");
    }
    let _ = write!(text, "{indent}}}");
    text
}

fn c_enum(ty: &Type, values: &[(String, i128)]) -> String {
    let mut list = Vec::new();
    let mut next = 0;
    for (name, value) in values {
        list.push(if *value == next { name.clone() } else { format!("{name} = {value}") });
        next = value.wrapping_add(1);
    }
    let named = ty.name.as_ref().map(|name| format!("{name} ")).unwrap_or_default();
    format!("enum {named}{{{}}}", list.join(", "))
}

fn rust_struct(ty: &Type, parts: &Struct) -> String {
    let named = ty.name.clone().unwrap_or_default();
    if let Some(variants) = &parts.variants {
        let mut text = format!("enum {named} {{\n");
        for (_, member) in &variants.list {
            let own = member.ty.get();
            let fields = match &own.shape {
                Shape::Struct(inner) => fields(inner),
                _ => String::new(),
            };
            let _ = writeln!(text, "  {}{fields},", member.name.as_deref().unwrap_or("?"));
        }
        text.push('}');
        return text;
    }
    if named.starts_with('(') {
        return named;
    }
    let word = if parts.word == "union" { "union" } else { "struct" };
    if is_tuple(parts) {
        return format!("{word} {named} {}", fields(parts));
    }
    let mut text = format!("{word} {named} {{\n");
    for member in &parts.members {
        let _ = writeln!(text, "  {}: {},", member.name.as_deref().unwrap_or("?"), name(&member.ty));
    }
    text.push('}');
    text
}

fn fields(parts: &Struct) -> String {
    if parts.members.is_empty() {
        return String::new();
    }
    if is_tuple(parts) {
        let list: Vec<String> = parts.members.iter().map(|member| name(&member.ty)).collect();
        return format!("({})", list.join(", "));
    }
    let field =
        |m: &super::dwarf::types::Member| format!("{}: {}", m.name.as_deref().unwrap_or("?"), name(&m.ty));
    let list: Vec<String> = parts.members.iter().map(field).collect();
    format!("{{{}}}", list.join(", "))
}

/// Whether the members are numbered, as those of Rust's tuples are.
pub fn is_tuple(parts: &Struct) -> bool {
    !parts.members.is_empty()
        && parts.members.iter().enumerate().all(|(number, member)| {
            member.name.as_deref().and_then(|name| name.strip_prefix("__"))
                == Some(number.to_string().as_str())
        })
}
