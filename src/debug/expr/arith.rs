//! Arithmetic and comparison of values, by C's rules for the types of results, or Rust's. Pure.

use gimli::constants as dw;

use super::Binary;
use crate::debug::dwarf::Language;
use crate::debug::dwarf::location::Place;
use crate::debug::dwarf::types::{Shape, Ty};
use crate::debug::error::{Error, Result};
use crate::debug::rust;
use crate::debug::value::{Target, Value};

/// C's integer types for results, by size and sign.
fn integer(size_bytes: u64, unsigned: bool, language: Language) -> Ty {
    let rust = language == Language::Rust;
    let name = match (size_bytes, unsigned, rust) {
        (8, false, false) => "long",
        (8, true, false) => "unsigned long",
        (16, false, false) => "__int128",
        (16, true, false) => "unsigned __int128",
        (_, false, false) => "int",
        (_, true, false) => "unsigned int",
        (8, false, true) => "i64",
        (8, true, true) => "u64",
        (16, false, true) => "i128",
        (16, true, true) => "u128",
        (_, false, true) => "i32",
        (_, true, true) => "u32",
    };
    let encoding = if unsigned { dw::DW_ATE_unsigned } else { dw::DW_ATE_signed };
    Ty::base(name, encoding, size_bytes.max(4), language)
}

/// Whether a value is of an unsigned type, and its size.
fn sign(value: &Value) -> (bool, u64) {
    let ty = value.ty.plain();
    let unsigned = match &ty.shape {
        Shape::Base(encoding) => !matches!(*encoding, dw::DW_ATE_signed | dw::DW_ATE_signed_char),
        Shape::Enum(values) => !values.iter().any(|(_, value)| *value < 0),
        _ => true,
    };
    (unsigned, ty.size_bytes)
}

/// The size of what a pointer or an array leads to.
fn stride(value: &Value) -> Option<u64> {
    match &value.ty.plain().shape {
        Shape::Pointer { target, reference: false } => {
            let pointee = target.plain();
            Some(if matches!(pointee.shape, Shape::Void | Shape::Function { .. }) {
                1
            } else {
                pointee.size_bytes.max(1)
            })
        }
        Shape::Array { element, counts } if counts.len() <= 1 => Some(element.get().size_bytes.max(1)),
        _ => None,
    }
}

/// The pointer that an array becomes in arithmetic.
fn decayed(value: &Value) -> Ty {
    match &value.ty.plain().shape {
        Shape::Array { element, .. } => element.pointer(value.ty.get().language),
        _ => value.ty.clone(),
    }
}

/// A value by an operator. `Both`, `Either` and `Repeat` are not for here.
///
/// # Errors
/// For what the operator cannot be applied to, and division by zero.
pub fn apply(operator: Binary, left: &Value, right: &Value, target: &mut dyn Target) -> Result<Value> {
    let language = target.language();
    if let (Binary::Equal | Binary::NotEqual, Some(equal)) = (operator, texts(left, right, target)?) {
        return Ok(Value::truth(equal == (operator == Binary::Equal), language));
    }
    if let Some(result) = pointers(operator, left, right, target)? {
        return Ok(result);
    }
    if left.is_float() || right.is_float() {
        return floats(operator, left, right, target);
    }
    let ((left_unsigned, left_size), (right_unsigned, right_size)) = (sign(left), sign(right));
    let (a, b) = (left.integer(target)?, right.integer(target)?);
    let size = left_size.max(right_size).max(4);
    let unsigned = left_unsigned && left_size >= size || right_unsigned && right_size >= size;
    let ty = result_type(operator, left, right, size, unsigned, language);
    // Both as the type of the result has them.
    let fit = |number: i128| wrap(number, size, unsigned);
    let (a, b) = (fit(a), fit(b));
    let compared = match operator {
        Binary::Less => Some(a < b),
        Binary::LessEqual => Some(a <= b),
        Binary::Greater => Some(a > b),
        Binary::GreaterEqual => Some(a >= b),
        Binary::Equal => Some(a == b),
        Binary::NotEqual => Some(a != b),
        _ => None,
    };
    if let Some(truth) = compared {
        return Ok(Value::truth(truth, language));
    }
    let number = match operator {
        Binary::Mul => a.wrapping_mul(b),
        Binary::Div | Binary::Rem if b == 0 => return Err(Error::says("Division by zero")),
        Binary::Div => a.wrapping_div(b),
        Binary::Rem => a.wrapping_rem(b),
        Binary::Add => a.wrapping_add(b),
        Binary::Sub => a.wrapping_sub(b),
        Binary::Shl => a.checked_shl(u32::try_from(b).unwrap_or(u32::MAX)).unwrap_or(0),
        Binary::Shr => a.checked_shr(u32::try_from(b).unwrap_or(u32::MAX)).unwrap_or(0),
        Binary::And => a & b,
        Binary::Xor => a ^ b,
        _ => a | b,
    };
    Ok(Value::number(ty, number))
}

fn wrap(number: i128, size: u64, unsigned: bool) -> i128 {
    if size >= 16 {
        return number;
    }
    let bits = size * 8;
    let low = number as u128 & ((1u128 << bits) - 1);
    let negative = !unsigned && low >> (bits - 1) & 1 == 1;
    if negative { (low | !((1u128 << bits) - 1)) as i128 } else { low as i128 }
}

fn result_type(
    operator: Binary,
    left: &Value,
    right: &Value,
    size: u64,
    unsigned: bool,
    language: Language,
) -> Ty {
    if language == Language::Rust {
        // A number of the program gives its type; one that was typed adapts.
        let known = |value: &Value| matches!(value.ty, Ty::There(..)).then(|| value.ty.clone());
        if let Some(ty) = known(left).or_else(|| known(right)) {
            return ty;
        }
    }
    if matches!(operator, Binary::Shl | Binary::Shr) {
        let (unsigned, size) = sign(left);
        return integer(size.max(4), unsigned && size >= 4, language);
    }
    integer(size, unsigned, language)
}

fn floats(operator: Binary, left: &Value, right: &Value, target: &mut dyn Target) -> Result<Value> {
    let (a, b) = (left.double(target)?, right.double(target)?);
    let language = target.language();
    let truth = |truth| Ok(Value::truth(truth, language));
    let number = match operator {
        Binary::Mul => a * b,
        Binary::Div => a / b,
        Binary::Add => a + b,
        Binary::Sub => a - b,
        Binary::Less => return truth(a < b),
        Binary::LessEqual => return truth(a <= b),
        Binary::Greater => return truth(a > b),
        Binary::GreaterEqual => return truth(a >= b),
        #[allow(clippy::float_cmp)]
        Binary::Equal => return truth(a == b),
        #[allow(clippy::float_cmp)]
        Binary::NotEqual => return truth(a != b),
        _ => return Err(Error::says("Integer-only operation on a floating-point value.")),
    };
    // As wide as the wider of the two that are floating-point numbers.
    let float = |value: &&Value| value.is_float();
    let widest = [left, right].into_iter().filter(float).map(|v| v.ty.get().size_bytes).max();
    if widest == Some(4) {
        let name = if language == Language::Rust { "f32" } else { "float" };
        let bytes = (number as f32).to_le_bytes().to_vec();
        return Ok(Value::new(Ty::base(name, dw::DW_ATE_float, 4, language), Place::Bytes(bytes)));
    }
    Ok(Value::float(number, language))
}

/// Pointer arithmetic and comparison; `None` where no operand is a pointer.
fn pointers(operator: Binary, left: &Value, right: &Value, target: &mut dyn Target) -> Result<Option<Value>> {
    let (of_left, of_right) = (stride(left), stride(right));
    let language = target.language();
    Ok(match (operator, of_left, of_right) {
        (Binary::Add, Some(size), None) | (Binary::Sub, Some(size), None) => {
            let by = right.integer(target)?.wrapping_mul(size.into());
            let start = left.integer(target)?;
            let moved = if operator == Binary::Add { start.wrapping_add(by) } else { start.wrapping_sub(by) };
            Some(Value::number(decayed(left), moved))
        }
        (Binary::Add, None, Some(size)) => {
            let by = left.integer(target)?.wrapping_mul(size.into());
            Some(Value::number(decayed(right), right.integer(target)?.wrapping_add(by)))
        }
        (Binary::Sub, Some(size), Some(_)) => {
            let distance = left.integer(target)?.wrapping_sub(right.integer(target)?);
            Some(Value::long(distance / i128::from(size), language))
        }
        (_, Some(_), _) | (_, _, Some(_)) => {
            let (a, b) = (left.integer(target)? as u64, right.integer(target)? as u64);
            let truth = match operator {
                Binary::Less => a < b,
                Binary::LessEqual => a <= b,
                Binary::Greater => a > b,
                Binary::GreaterEqual => a >= b,
                Binary::Equal => a == b,
                Binary::NotEqual => a != b,
                _ => return Err(Error::says("Argument to arithmetic operation not a number or boolean.")),
            };
            Some(Value::truth(truth, language))
        }
        _ => None,
    })
}

/// Whether two texts are equal; `None` where they are not both texts of Rust or of the expression.
fn texts(left: &Value, right: &Value, target: &mut dyn Target) -> Result<Option<bool>> {
    match (text(left, target)?, text(right, target)?) {
        (Some(a), Some(b)) => Ok(Some(a == b)),
        _ => Ok(None),
    }
}

/// The bytes of a text: of Rust's `&str` and `String`, or typed in an expression.
fn text(value: &Value, target: &mut dyn Target) -> Result<Option<Vec<u8>>> {
    if let (Ty::Here(ty), Place::Bytes(bytes)) = (&value.ty, &value.place)
        && matches!(ty.shape, Shape::Array { .. })
    {
        return Ok(Some(bytes.strip_suffix(b"\0").unwrap_or(bytes).to_vec()));
    }
    let Some((rust::List::Str | rust::List::String, start, length)) = rust::contents(value, target) else {
        return Ok(None);
    };
    let address = start.integer(target)? as u64;
    let ty = Ty::base("u8", dw::DW_ATE_unsigned, 1, Language::Rust).array(length, Language::Rust);
    if length == 0 {
        return Ok(Some(Vec::new()));
    }
    Value::new(ty, Place::Memory(address)).bytes(target).map(Some)
}
