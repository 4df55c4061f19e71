//! Values of the program: a type, and where the bytes are.
//!
//! Bytes are read when they are needed, so that an element of a huge array costs an element. Everything goes
//! through a [`Target`], which is a stopped process, or a test.

use gimli::constants as dw;

use super::dwarf::Language;
use super::dwarf::location::Place;
use super::dwarf::types::{Member, Shape, Struct, Ty, Type};
use super::error::{Error, Result};
use crate::memory::Memory;

/// Largest value that is read in one piece, as gdb's `max-value-size`.
pub const MOST_BYTES: u64 = 65_536;
/// Structs without a name inside each other that are searched for a member.
const MOST_NESTED: u32 = 32;

/// Whose values they are: memory, registers, names.
pub trait Target {
    /// Its memory.
    fn memory(&mut self) -> &mut dyn Memory;
    /// Changes memory.
    ///
    /// # Errors
    /// [`Error::Memory`].
    fn write(&mut self, address: u64, bytes: &[u8]) -> Result<()>;
    /// The bytes of a register of the chosen frame, by DWARF number.
    fn register(&mut self, number: u16) -> Option<Vec<u8>>;
    /// Changes a register of the chosen frame.
    ///
    /// # Errors
    /// One sentence, where there is none or it cannot be.
    fn set_register(&mut self, number: u16, bytes: &[u8]) -> Result<()>;
    /// A variable that can be seen from the chosen frame.
    ///
    /// # Errors
    /// [`Error::NoSymbol`].
    fn variable(&mut self, name: &str) -> Result<Value>;
    /// A register or a value of the console, by the name behind `$`.
    ///
    /// # Errors
    /// One sentence.
    fn dollar(&mut self, name: &str) -> Result<Value>;
    /// Gives the console's variable a value.
    fn set_dollar(&mut self, name: &str, value: Value);
    /// A type by name; C's tags come as `struct NAME`.
    fn named_type(&mut self, name: &str) -> Option<Ty>;
    /// The function or variable that an address belongs to, and the distance from its beginning.
    fn symbol(&mut self, address: u64) -> Option<(String, u64)>;
    /// The language of the chosen frame.
    fn language(&self) -> Language;
}

/// A value.
#[derive(Debug, Clone)]
pub struct Value {
    /// Its type.
    pub ty: Ty,
    /// Where it is.
    pub place: Place,
    /// A bit-field's first bit and number of bits.
    pub bits: Option<(u32, u32)>,
    /// A register of the machine or a variable of the console, by name.
    pub dollar: Option<String>,
}

impl Value {
    /// A value at a place.
    pub const fn new(ty: Ty, place: Place) -> Self {
        Self { ty, place, bits: None, dollar: None }
    }

    /// A number of a type with as many bytes as the type has.
    pub fn number(ty: Ty, number: i128) -> Self {
        let size = usize::try_from(ty.get().size_bytes).unwrap_or(0).min(16);
        Self::new(ty, Place::Bytes(number.to_le_bytes()[..size].to_vec()))
    }

    /// C's `int` or Rust's `i32`.
    pub fn int(number: i128, language: Language) -> Self {
        let name = if language == Language::Rust { "i32" } else { "int" };
        Self::number(Ty::base(name, dw::DW_ATE_signed, 4, language), number)
    }

    /// C's `long` or Rust's `i64`.
    pub fn long(number: i128, language: Language) -> Self {
        let name = if language == Language::Rust { "i64" } else { "long" };
        Self::number(Ty::base(name, dw::DW_ATE_signed, 8, language), number)
    }

    /// A truth: C's `int`, Rust's `bool`.
    pub fn truth(truth: bool, language: Language) -> Self {
        if language == Language::C {
            return Self::int(truth.into(), language);
        }
        Self::number(Ty::base("bool", dw::DW_ATE_boolean, 1, language), truth.into())
    }

    /// C's `double` or Rust's `f64`.
    pub fn float(number: f64, language: Language) -> Self {
        let name = if language == Language::Rust { "f64" } else { "double" };
        let ty = Ty::base(name, dw::DW_ATE_float, 8, language);
        Self::new(ty, Place::Bytes(number.to_le_bytes().to_vec()))
    }

    /// Where it is in memory.
    pub fn address(&self) -> Option<u64> {
        match self.place {
            Place::Memory(address) => Some(address),
            _ => None,
        }
    }

    /// Its bytes.
    ///
    /// # Errors
    /// Where the memory cannot be read, the compiler kept none, or there are too many.
    pub fn bytes(&self, target: &mut dyn Target) -> Result<Vec<u8>> {
        let size = self.ty.get().size_bytes;
        if size > MOST_BYTES {
            return Err(Error::says(format!(
                "value requires {size} bytes, which is more than max-value-size"
            )));
        }
        fetch(&self.place, size, target)
    }

    /// It as a number: integers, characters, truths, enums, pointers, bit-fields.
    ///
    /// # Errors
    /// As [`Value::bytes`], and for what is no number.
    pub fn integer(&self, target: &mut dyn Target) -> Result<i128> {
        let ty = self.ty.plain();
        match &ty.shape {
            Shape::Base(encoding) if is_float(*encoding) => Ok(self.double(target)? as i128),
            Shape::Base(encoding) => {
                let signed = matches!(*encoding, dw::DW_ATE_signed | dw::DW_ATE_signed_char);
                Ok(self.extend(&self.bytes(target)?, signed))
            }
            Shape::Enum(values) => {
                let signed = values.iter().any(|(_, value)| *value < 0);
                Ok(self.extend(&self.bytes(target)?, signed))
            }
            Shape::Pointer { reference: true, .. } => self.deref(target)?.integer(target),
            Shape::Pointer { .. } => Ok(self.extend(&self.bytes(target)?, false)),
            Shape::Array { .. } | Shape::Function { .. } => self
                .address()
                .map(i128::from)
                .ok_or_else(|| Error::says("Attempt to take address of value not located in memory.")),
            // A newtype of Rust or a C struct is no number.
            _ => Err(Error::says("Argument to arithmetic operation not a number or boolean.")),
        }
    }

    /// The bits of a number, or of the bit-field.
    fn extend(&self, bytes: &[u8], signed: bool) -> i128 {
        let mut wide = [0u8; 16];
        let count = bytes.len().min(16);
        wide[..count].copy_from_slice(&bytes[..count]);
        let raw = u128::from_le_bytes(wide);
        let (first, size) = self.bits.unwrap_or((0, count as u32 * 8));
        if size == 0 || size >= 128 {
            return raw as i128;
        }
        let value = (raw >> first.min(127)) & ((1u128 << size) - 1);
        let negative = signed && value >> (size - 1) & 1 == 1;
        if negative { (value | !((1u128 << size) - 1)) as i128 } else { value as i128 }
    }

    /// It as a floating-point number.
    ///
    /// # Errors
    /// As [`Value::integer`].
    pub fn double(&self, target: &mut dyn Target) -> Result<f64> {
        let ty = self.ty.plain();
        match &ty.shape {
            Shape::Base(encoding) if is_float(*encoding) => Ok(float(&self.bytes(target)?, ty.size_bytes)),
            _ => self.integer(target).map(|number| number as f64),
        }
    }

    /// Whether it is not zero.
    ///
    /// # Errors
    /// As [`Value::integer`].
    pub fn is_true(&self, target: &mut dyn Target) -> Result<bool> {
        if self.is_float() { Ok(self.double(target)? != 0.0) } else { Ok(self.integer(target)? != 0) }
    }

    /// Whether it is a floating-point number.
    pub fn is_float(&self) -> bool {
        matches!(self.ty.plain().shape, Shape::Base(encoding) if is_float(encoding))
    }

    /// What it points to.
    ///
    /// # Errors
    /// For what is no pointer, or one to nothing in particular.
    pub fn deref(&self, target: &mut dyn Target) -> Result<Self> {
        let ty = self.ty.plain();
        match &ty.shape {
            Shape::Pointer { target: pointee, .. } => {
                if matches!(pointee.plain().shape, Shape::Void) {
                    return Err(Error::says("Attempt to take contents of a non-pointer value."));
                }
                let bytes = self.bytes(target)?;
                let address = self.extend(&bytes, false) as u64;
                Ok(Self::new(pointee.clone(), Place::Memory(address)))
            }
            Shape::Array { .. } => self.element(0, target),
            Shape::Function { .. } => Ok(self.clone()),
            Shape::Base(encoding) if !is_float(*encoding) => {
                let address = self.integer(target)? as u64;
                Ok(Self::new(Self::long(0, ty.language).ty, Place::Memory(address)))
            }
            Shape::Struct(parts) => match smart(parts) {
                Some(member) => self.part(member, target)?.deref(target),
                None => Err(Error::says("Attempt to take contents of a non-pointer value.")),
            },
            _ => Err(Error::says("Attempt to take contents of a non-pointer value.")),
        }
    }

    /// An element of an array, or of what a pointer points to.
    ///
    /// # Errors
    /// For what has no elements.
    pub fn element(&self, index: i128, target: &mut dyn Target) -> Result<Self> {
        let ty = self.ty.plain();
        match &ty.shape {
            Shape::Array { element, counts } => {
                let rest = counts.get(1..).unwrap_or_default();
                let ty = if rest.is_empty() {
                    element.clone()
                } else {
                    let each = rest.iter().fold(1u64, |all, count| all.saturating_mul(count.unwrap_or(0)));
                    let size_bytes = element.get().size_bytes.saturating_mul(each);
                    let shape = Shape::Array { element: element.clone(), counts: rest.to_vec() };
                    Ty::Here(Type { name: None, size_bytes, shape, language: ty.language }.into())
                };
                let offset = index.wrapping_mul(i128::from(ty.get().size_bytes)) as u64;
                self.sub(ty, offset, target)
            }
            Shape::Pointer { target: pointee, .. } => {
                let start = self.integer(target)? as u64;
                let size =
                    if matches!(pointee.plain().shape, Shape::Void) { 1 } else { pointee.get().size_bytes };
                let offset = index.wrapping_mul(i128::from(size)) as u64;
                Ok(Self::new(pointee.clone(), Place::Memory(start.wrapping_add(offset))))
            }
            _ => Err(Error::says("cannot subscript something of this type")),
        }
    }

    /// A part of it.
    fn sub(&self, ty: Ty, offset: u64, target: &mut dyn Target) -> Result<Self> {
        let size = ty.get().size_bytes;
        let place = match &self.place {
            Place::Memory(address) => Place::Memory(address.wrapping_add(offset)),
            Place::Lost => Place::Lost,
            Place::Pieces(pieces) => slice_pieces(pieces, offset, size),
            _ => {
                let bytes = self.bytes(target)?;
                let part =
                    usize::try_from(offset).ok().and_then(|from| bytes.get(from..)?.get(..size as usize));
                Place::Bytes(part.ok_or_else(|| Error::says("no such vector element"))?.to_vec())
            }
        };
        Ok(Self::new(ty, place))
    }

    /// A member by its description.
    ///
    /// # Errors
    /// As [`Value::bytes`].
    pub fn part(&self, member: &Member, target: &mut dyn Target) -> Result<Self> {
        let mut part = self.sub(member.ty.clone(), member.offset, target)?;
        part.bits = member.bits;
        Ok(part)
    }

    /// A member by name, through references, pointers and structs without a name.
    ///
    /// # Errors
    /// [`Error::NoMember`], and for what is no struct.
    pub fn member(&self, name: &str, target: &mut dyn Target) -> Result<Self> {
        let ty = self.ty.plain();
        match &ty.shape {
            Shape::Pointer { .. } => self.deref(target)?.member(name, target),
            Shape::Struct(parts) => {
                let found = self.search(parts, name, target, 0)?;
                found.ok_or_else(|| Error::NoMember(name.to_owned()))
            }
            _ => Err(Error::says("Attempt to extract a component of a value that is not a structure.")),
        }
    }

    fn search(
        &self,
        parts: &Struct,
        name: &str,
        target: &mut dyn Target,
        depth: u32,
    ) -> Result<Option<Self>> {
        let tuple = name.bytes().all(|b| b.is_ascii_digit()).then(|| format!("__{name}"));
        let is = |member: &&Member| {
            member.name.as_deref().is_some_and(|known| known == name || tuple.as_deref() == Some(known))
        };
        if let Some(member) = parts.members.iter().find(is) {
            return self.part(member, target).map(Some);
        }
        if depth > MOST_NESTED {
            return Ok(None);
        }
        for member in parts.members.iter().filter(|member| member.name.is_none()) {
            let inner = member.ty.plain();
            if let Shape::Struct(inner) = &inner.shape {
                let found = self.part(member, target)?.search(inner, name, target, depth + 1)?;
                if found.is_some() {
                    return Ok(found);
                }
            }
        }
        // The fields of the variant that a Rust enum is now.
        if parts.variants.is_some()
            && let Some((_, variant)) = self.variant(parts, target)?
        {
            let ty = variant.ty.plain();
            if let Shape::Struct(inner) = &ty.shape {
                return variant.search(inner, name, target, depth + 1);
            }
        }
        Ok(None)
    }

    /// The variant that a Rust enum is now, with its name.
    ///
    /// # Errors
    /// As [`Value::bytes`].
    pub fn variant(&self, parts: &Struct, target: &mut dyn Target) -> Result<Option<(String, Self)>> {
        let Some(variants) = &parts.variants else { return Ok(None) };
        let tag = match &variants.tag {
            Some(tag) => {
                let size = tag.ty.get().size_bytes.saturating_mul(8);
                let raw = self.part(tag, target)?.integer(target)? as u128;
                Some(if size < 128 { raw & ((1u128 << size) - 1) } else { raw })
            }
            None => None,
        };
        let size = variants.tag.as_ref().map_or(64, |tag| tag.ty.get().size_bytes.saturating_mul(8));
        let mask = if size < 128 { (1u128 << size) - 1 } else { u128::MAX };
        let exact = |ranges: &Vec<(u128, u128)>| {
            tag.is_some_and(|tag| ranges.iter().any(|(low, high)| (low & mask..=high & mask).contains(&tag)))
        };
        let found = variants.list.iter().find(|(ranges, _)| ranges.as_ref().is_some_and(exact));
        let found = found.or_else(|| variants.list.iter().find(|(ranges, _)| ranges.is_none()));
        let Some((_, member)) = found else { return Ok(None) };
        Ok(Some((member.name.clone().unwrap_or_default(), self.part(member, target)?)))
    }
}

/// The pointer in a struct that stands for a pointer: Rust's Box of something unsized, Rc, NonNull, Unique.
fn smart(parts: &Struct) -> Option<&Member> {
    parts.members.iter().find(|member| matches!(member.name.as_deref(), Some("data_ptr" | "pointer" | "ptr")))
}

/// Whether a base type is a floating-point number.
pub fn is_float(encoding: gimli::DwAte) -> bool {
    encoding == dw::DW_ATE_float
}

/// A floating-point number from its bytes.
pub fn float(bytes: &[u8], size_bytes: u64) -> f64 {
    match size_bytes {
        2 => half(bytes.first_chunk().map_or(0, |b| u16::from_le_bytes(*b))),
        4 => bytes.first_chunk().map_or(0.0, |b| f64::from(f32::from_le_bytes(*b))),
        8 => bytes.first_chunk().map_or(0.0, |b| f64::from_le_bytes(*b)),
        _ => extended(bytes),
    }
}

/// IEEE half precision.
fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    match exponent {
        0 => sign * fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => sign * f64::INFINITY,
        31 => f64::NAN,
        _ => sign * (1.0 + fraction / 1024.0) * 2f64.powi(exponent - 15),
    }
}

/// x87's 80-bit format, rounded.
fn extended(bytes: &[u8]) -> f64 {
    let mantissa = bytes.first_chunk().map_or(0, |b| u64::from_le_bytes(*b));
    let high = bytes.get(8..10).and_then(|b| b.first_chunk()).map_or(0, |b| u16::from_le_bytes(*b));
    let sign = if high >> 15 == 1 { -1.0 } else { 1.0 };
    match i32::from(high & 0x7fff) {
        0 if mantissa == 0 => sign * 0.0,
        0x7fff if mantissa << 1 == 0 => sign * f64::INFINITY,
        0x7fff => f64::NAN,
        exponent => {
            // In two steps: the exponent's range is larger than that of f64.
            let scale = exponent - 16383 - 63;
            sign * (mantissa as f64) * 2f64.powi(scale / 2) * 2f64.powi(scale - scale / 2)
        }
    }
}

fn slice_pieces(pieces: &[(Place, u64)], offset: u64, size: u64) -> Place {
    let mut start = 0;
    for (place, length) in pieces {
        if offset >= start && offset.saturating_add(size) <= start.saturating_add(*length) {
            let skip = offset - start;
            return match place {
                Place::Memory(address) => Place::Memory(address.wrapping_add(skip)),
                Place::Bytes(bytes) => {
                    let part = bytes.get(skip as usize..).and_then(|rest| rest.get(..size as usize));
                    part.map_or(Place::Lost, |part| Place::Bytes(part.to_vec()))
                }
                Place::Register(number) if skip == 0 => Place::Register(*number),
                _ => Place::Lost,
            };
        }
        start = u64::saturating_add(start, *length);
    }
    Place::Lost
}

/// The bytes at a place.
fn fetch(place: &Place, size: u64, target: &mut dyn Target) -> Result<Vec<u8>> {
    let count = usize::try_from(size).unwrap_or(0);
    match place {
        Place::Memory(address) => {
            let mut bytes = vec![0; count];
            let got = target.memory().read(*address, &mut bytes);
            if got < count { Err(Error::Memory(address.wrapping_add(got as u64))) } else { Ok(bytes) }
        }
        Place::Register(number) => {
            let mut bytes = target.register(*number).ok_or(Error::OptimizedOut)?;
            if bytes.len() < count {
                return Err(Error::OptimizedOut);
            }
            bytes.truncate(count);
            Ok(bytes)
        }
        Place::Bytes(bytes) => {
            let mut bytes = bytes.clone();
            bytes.resize(count, 0);
            Ok(bytes)
        }
        Place::Pieces(pieces) => {
            let mut all = Vec::new();
            for (place, size) in pieces {
                if *size > MOST_BYTES {
                    return Err(Error::OptimizedOut);
                }
                all.extend(fetch(place, *size, target)?);
            }
            all.resize(count, 0);
            Ok(all)
        }
        Place::Lost => Err(Error::OptimizedOut),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_of_every_size() {
        assert_eq!(float(&0x3e00u16.to_le_bytes(), 2), 1.5);
        assert_eq!(float(&(-2.5f32).to_le_bytes(), 4), -2.5);
        let mut long = [0u8; 16];
        long[..8].copy_from_slice(&0xc000_0000_0000_0000u64.to_le_bytes());
        long[8..10].copy_from_slice(&0x3fffu16.to_le_bytes());
        assert_eq!(float(&long, 16), 1.5);
        assert_eq!(float(&[0; 16], 16), 0.0);
    }

    #[test]
    fn parts_of_pieces_are_found() {
        let pieces = [(Place::Register(3), 8), (Place::Memory(100), 8), (Place::Bytes(vec![1, 2, 3, 4]), 4)];
        assert_eq!(slice_pieces(&pieces, 0, 8), Place::Register(3));
        assert_eq!(slice_pieces(&pieces, 12, 4), Place::Memory(104));
        assert_eq!(slice_pieces(&pieces, 18, 2), Place::Bytes(vec![3, 4]));
        assert_eq!(slice_pieces(&pieces, 4, 8), Place::Lost);
    }
}
