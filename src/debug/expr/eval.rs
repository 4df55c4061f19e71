//! From [`Expr`] to a value. Pure but for the [`Target`] that it reads and, for assignments, writes.

use gimli::constants as dw;

use super::{Binary, Expr, TypeName, Unary, arith};
use crate::debug::dwarf::Language;
use crate::debug::dwarf::location::Place;
use crate::debug::dwarf::types::{Shape, Ty};
use crate::debug::error::{Error, Result};
use crate::debug::rust;
use crate::debug::value::{Target, Value};

/// Base types that expressions may name whether the program has them or not: name, encoding, bytes.
const BASES: &[(&str, gimli::DwAte, u64)] = &[
    ("char", dw::DW_ATE_signed_char, 1),
    ("signed char", dw::DW_ATE_signed_char, 1),
    ("unsigned char", dw::DW_ATE_unsigned_char, 1),
    ("short", dw::DW_ATE_signed, 2),
    ("unsigned short", dw::DW_ATE_unsigned, 2),
    ("int", dw::DW_ATE_signed, 4),
    ("unsigned int", dw::DW_ATE_unsigned, 4),
    ("long", dw::DW_ATE_signed, 8),
    ("unsigned long", dw::DW_ATE_unsigned, 8),
    ("long long", dw::DW_ATE_signed, 8),
    ("unsigned long long", dw::DW_ATE_unsigned, 8),
    ("__int128", dw::DW_ATE_signed, 16),
    ("unsigned __int128", dw::DW_ATE_unsigned, 16),
    ("float", dw::DW_ATE_float, 4),
    ("double", dw::DW_ATE_float, 8),
    ("long double", dw::DW_ATE_float, 16),
    ("bool", dw::DW_ATE_boolean, 1),
    ("_Bool", dw::DW_ATE_boolean, 1),
    ("i8", dw::DW_ATE_signed, 1),
    ("i16", dw::DW_ATE_signed, 2),
    ("i32", dw::DW_ATE_signed, 4),
    ("i64", dw::DW_ATE_signed, 8),
    ("i128", dw::DW_ATE_signed, 16),
    ("isize", dw::DW_ATE_signed, 8),
    ("u8", dw::DW_ATE_unsigned, 1),
    ("u16", dw::DW_ATE_unsigned, 2),
    ("u32", dw::DW_ATE_unsigned, 4),
    ("u64", dw::DW_ATE_unsigned, 8),
    ("u128", dw::DW_ATE_unsigned, 16),
    ("usize", dw::DW_ATE_unsigned, 8),
    ("f32", dw::DW_ATE_float, 4),
    ("f64", dw::DW_ATE_float, 8),
];

/// The type that a name stands for.
///
/// # Errors
/// One sentence, in gdb's words.
pub fn named(name: &TypeName, target: &mut dyn Target) -> Result<Ty> {
    let language = target.language();
    let mut ty = if name.base == "void" {
        Ty::Void
    } else if let Some((base, encoding, size)) = BASES.iter().find(|(base, _, _)| *base == name.base) {
        Ty::base(base, *encoding, *size, language)
    } else {
        let found = target.named_type(&name.base);
        found.ok_or_else(|| match name.base.split_once(' ') {
            Some((word, tag)) => Error::says(format!("No {word} type named {tag}.")),
            None => Error::NoSymbol(name.base.clone()),
        })?
    };
    for _ in 0..name.pointers {
        ty = ty.pointer(language);
    }
    if let Some(count) = name.count {
        ty = ty.array(count, language);
    }
    Ok(ty)
}

/// The value of an expression.
///
/// # Errors
/// What is wrong with it, or with what it reads, in one sentence.
pub fn eval(expr: &Expr, target: &mut dyn Target) -> Result<Value> {
    let language = target.language();
    match expr {
        Expr::Integer(value, suffix) => Ok(integer(*value, suffix, language)),
        Expr::Float(value) => Ok(Value::float(*value, language)),
        Expr::Truth(value) => {
            Ok(Value::number(Ty::base("bool", dw::DW_ATE_boolean, 1, language), (*value).into()))
        }
        Expr::Character(value) => Ok(character(*value, language)),
        Expr::Text(value) => {
            let mut bytes = value.clone().into_bytes();
            bytes.push(0);
            let ty = Ty::base("char", dw::DW_ATE_signed_char, 1, Language::C);
            Ok(Value::new(ty.array(bytes.len() as u64, Language::C), Place::Bytes(bytes)))
        }
        Expr::Name(name) => target.variable(name),
        Expr::Dollar(name) => {
            let mut value = target.dollar(name)?;
            value.dollar = Some(name.clone());
            Ok(value)
        }
        Expr::Field(inner, name) => eval(inner, target)?.member(name, target),
        Expr::Index(list, index) => {
            let (list, index) = (eval(list, target)?, eval(index, target)?.integer(target)?);
            match rust::contents(&list, target) {
                Some((_, start, length)) => {
                    if index < 0 || index >= i128::from(length) {
                        return Err(Error::says(format!(
                            "index {index} is outside of its {length} elements"
                        )));
                    }
                    start.element(index, target)
                }
                None => list.element(index, target),
            }
        }
        Expr::Unary(operator, inner) => unary(*operator, inner, target),
        Expr::Binary(Binary::Both, left, right) => {
            let truth = eval(left, target)?.is_true(target)? && eval(right, target)?.is_true(target)?;
            Ok(Value::truth(truth, language))
        }
        Expr::Binary(Binary::Either, left, right) => {
            let truth = eval(left, target)?.is_true(target)? || eval(right, target)?.is_true(target)?;
            Ok(Value::truth(truth, language))
        }
        Expr::Binary(Binary::Repeat, first, count) => {
            let (first, count) = (eval(first, target)?, eval(count, target)?.integer(target)?);
            let Some(address) = first.address() else {
                return Err(Error::says("Only values in memory can be extended with '@'."));
            };
            if count <= 0 {
                return Err(Error::says("Invalid number of repetitions."));
            }
            let count = u64::try_from(count).unwrap_or(u64::MAX);
            Ok(Value::new(first.ty.array(count, language), Place::Memory(address)))
        }
        Expr::Binary(operator, left, right) => {
            let (left, right) = (eval(left, target)?, eval(right, target)?);
            arith::apply(*operator, &left, &right, target)
        }
        Expr::Choice(condition, yes, no) => {
            let chosen = if eval(condition, target)?.is_true(target)? { yes } else { no };
            eval(chosen, target)
        }
        Expr::Assign(operator, left, right) => assign(*operator, left, right, target),
        Expr::Cast(name, inner) => {
            let (ty, value) = (named(name, target)?, eval(inner, target)?);
            cast(&ty, &value, target)
        }
        Expr::SizeOf(name) => {
            let size = named(name, target)?.get().size_bytes;
            Ok(size_value(size, language))
        }
        Expr::Type(_) => Err(Error::says("Attempt to use a type name as an expression")),
    }
}

fn size_value(size: u64, language: Language) -> Value {
    let name = if language == Language::Rust { "usize" } else { "unsigned long" };
    Value::number(Ty::base(name, dw::DW_ATE_unsigned, 8, language), size.into())
}

fn integer(value: i128, suffix: &str, language: Language) -> Value {
    if let Some((base, encoding, size)) = BASES.iter().find(|(base, _, _)| *base == suffix) {
        return Value::number(Ty::base(base, *encoding, *size, language), value);
    }
    let lower = suffix.to_ascii_lowercase();
    let (unsigned, long) = (lower.contains('u'), lower.contains('l'));
    let small = i32::try_from(value).is_ok();
    match (unsigned, long || !small) {
        (false, false) => Value::int(value, language),
        (false, true) if i64::try_from(value).is_ok() => Value::long(value, language),
        (true, false) => Value::number(Ty::base("unsigned int", dw::DW_ATE_unsigned, 4, language), value),
        _ if u64::try_from(value).is_ok() => {
            Value::number(Ty::base("unsigned long", dw::DW_ATE_unsigned, 8, language), value)
        }
        _ => Value::number(Ty::base("__int128", dw::DW_ATE_signed, 16, language), value),
    }
}

fn character(value: char, language: Language) -> Value {
    let code = i128::from(u32::from(value));
    if language == Language::Rust {
        return Value::number(Ty::base("char", dw::DW_ATE_UTF, 4, language), code);
    }
    Value::number(Ty::base("char", dw::DW_ATE_signed_char, 1, language), code)
}

fn unary(operator: Unary, inner: &Expr, target: &mut dyn Target) -> Result<Value> {
    let language = target.language();
    let value = eval(inner, target)?;
    match operator {
        Unary::Minus if value.is_float() => Ok(Value::float(-value.double(target)?, language)),
        Unary::Minus => {
            let zero = Value::int(0, language);
            arith::apply(Binary::Sub, &zero, &value, target)
        }
        Unary::Complement => {
            let ones = Value::int(-1, language);
            arith::apply(Binary::Xor, &value, &ones, target)
        }
        // Rust's `!` of a number is its complement.
        Unary::Not if language == Language::Rust && !is_bool(&value) => {
            let ones = Value::int(-1, language);
            arith::apply(Binary::Xor, &value, &ones, target)
        }
        Unary::Not => Ok(Value::truth(!value.is_true(target)?, language)),
        Unary::Deref => value.deref(target),
        Unary::Address => match (&value.place, value.bits) {
            (Place::Memory(address), None) => {
                Ok(Value::number(value.ty.pointer(language), (*address).into()))
            }
            (Place::Register(_), _) => {
                Err(Error::says("Address requested for identifier which is in a register."))
            }
            _ => Err(Error::says("Attempt to take address of value not located in memory.")),
        },
        Unary::Size => Ok(size_value(value.ty.get().size_bytes, language)),
    }
}

fn is_bool(value: &Value) -> bool {
    matches!(value.ty.plain().shape, Shape::Base(dw::DW_ATE_boolean))
}

/// A value as another type.
///
/// # Errors
/// Where that makes no sense.
pub fn cast(ty: &Ty, value: &Value, target: &mut dyn Target) -> Result<Value> {
    let plain = ty.plain();
    match &plain.shape {
        Shape::Base(encoding) if *encoding == dw::DW_ATE_float => {
            let number = value.double(target)?;
            let bytes = if plain.size_bytes == 4 {
                (number as f32).to_le_bytes().to_vec()
            } else {
                number.to_le_bytes().to_vec()
            };
            Ok(Value::new(ty.clone(), Place::Bytes(bytes)))
        }
        Shape::Base(dw::DW_ATE_boolean) => Ok(Value::number(ty.clone(), value.is_true(target)?.into())),
        Shape::Base(_) | Shape::Enum(_) | Shape::Pointer { .. } => {
            Ok(Value::number(ty.clone(), value.integer(target)?))
        }
        Shape::Void => Ok(Value::new(Ty::Void, Place::Bytes(Vec::new()))),
        // The same bytes seen as something else of that size.
        _ if plain.size_bytes == value.ty.get().size_bytes => Ok(Value { ty: ty.clone(), ..value.clone() }),
        _ => Err(Error::says("Invalid cast.")),
    }
}

fn assign(operator: Option<Binary>, left: &Expr, right: &Expr, target: &mut dyn Target) -> Result<Value> {
    let new = eval(right, target)?;
    // A variable of the console needs no value before.
    if let (Expr::Dollar(name), None) = (left, operator)
        && target.dollar(name).is_ok_and(|old| !matches!(old.place, Place::Register(_)))
    {
        let bytes = new.bytes(target)?;
        let value = Value::new(new.ty, Place::Bytes(bytes));
        target.set_dollar(name, value.clone());
        return Ok(value);
    }
    let old = eval(left, target)?;
    let new = match operator {
        Some(operator) => arith::apply(operator, &old, &new, target)?,
        None => new,
    };
    store(&old, &new, target)?;
    eval(left, target)
}

/// Gives what `old` stands for the value `new`.
///
/// # Errors
/// Where it cannot be changed.
pub fn store(old: &Value, new: &Value, target: &mut dyn Target) -> Result<()> {
    let size = old.ty.get().size_bytes;
    let shape_is_struct = matches!(old.ty.plain().shape, Shape::Struct(_) | Shape::Array { .. });
    let bytes = if shape_is_struct {
        if new.ty.get().size_bytes != size {
            return Err(Error::says("Invalid cast."));
        }
        new.bytes(target)?
    } else if let Some((first, count)) = old.bits {
        let field = (new.integer(target)? as u128) & ((1u128 << count.min(127)) - 1);
        let whole = Value { bits: None, ..old.clone() };
        let mut wide = [0u8; 16];
        let before = whole.bytes(target)?;
        let length = before.len().min(16);
        wide[..length].copy_from_slice(&before[..length]);
        let mask = ((1u128 << count.min(127)) - 1).checked_shl(first).unwrap_or(0);
        let raw = u128::from_le_bytes(wide) & !mask | field.checked_shl(first).unwrap_or(0);
        raw.to_le_bytes()[..length].to_vec()
    } else {
        cast(&old.ty, new, target)?.bytes(target)?
    };
    match &old.place {
        Place::Memory(address) => target.write(*address, &bytes),
        Place::Register(number) => target.set_register(*number, &bytes),
        Place::Lost => Err(Error::OptimizedOut),
        _ => Err(Error::says("Left operand of assignment is not an lvalue.")),
    }
}
