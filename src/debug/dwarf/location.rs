//! Where a variable is at an address: the interpreter of location expressions over a frame.
//!
//! Pure: registers, the frame's base and a memory come from outside. What the compiler did not keep is
//! [`Place::Lost`], never a guess. Sources: DWARF 5 §2.5, §2.6.

use gimli::{AttributeValue, EvaluationResult, Expression, Location, Register, UnitOffset, Value};

use super::scope::Where;
use super::{Info, Slice};
use crate::memory::Memory;

/// Operations that one expression may take.
const MOST_OPERATIONS: u32 = 10_000;
/// Pieces that one value may be in.
const MOST_PIECES: usize = 256;

/// Where the bytes of a value are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In memory, at a run-time address.
    Memory(u64),
    /// In the register with this DWARF number.
    Register(u16),
    /// Nowhere, but these are they.
    Bytes(Vec<u8>),
    /// One after the other in these, each with its size in bytes.
    Pieces(Vec<(Place, u64)>),
    /// The compiler did not keep it.
    Lost,
}

/// A frame in which expressions are evaluated.
pub trait Frame {
    /// A general register of the frame.
    fn register(&mut self, number: u16) -> Option<u64>;
    /// The canonical frame address.
    fn cfa(&mut self) -> Option<u64>;
    /// The memory.
    fn memory(&mut self) -> &mut dyn Memory;
    /// The base of thread-local storage of the file, where it has some.
    fn tls(&mut self, offset: u64) -> Option<u64>;
    /// What is added to addresses of the file to get run-time addresses.
    fn bias(&self) -> u64;
    /// The expression of the function's frame base.
    fn frame_base(&self) -> Option<AttributeValue<Slice>>;
    /// The instruction pointer in the file's own address space.
    fn address(&self) -> u64;
}

/// Finds a variable.
pub fn find(info: &Info, unit: usize, place: &Where, frame: &mut dyn Frame) -> Place {
    match place {
        Where::Nowhere => Place::Lost,
        Where::Constant(value) => constant(info, unit, value),
        Where::At(value) => match expression(info, unit, value, frame.address()) {
            Some(code) => evaluate(info, unit, code, frame, 0).unwrap_or(Place::Lost),
            None => Place::Lost,
        },
    }
}

fn constant(info: &Info, unit: usize, value: &AttributeValue<Slice>) -> Place {
    match value {
        AttributeValue::Block(bytes) => Place::Bytes(bytes.bytes().to_vec()),
        AttributeValue::Sdata(value) => Place::Bytes(value.to_le_bytes().to_vec()),
        AttributeValue::Data16(value) => Place::Bytes(value.to_le_bytes().to_vec()),
        value => match value.udata_value() {
            Some(value) => Place::Bytes(value.to_le_bytes().to_vec()),
            None => match info.dwarf().attr_string(&info.units()[unit].unit, value.clone()) {
                Ok(text) => Place::Bytes(text.bytes().to_vec()),
                Err(_) => Place::Lost,
            },
        },
    }
}

/// The expression that holds at an address; an attribute may have a list of them.
pub fn expression(
    info: &Info,
    unit: usize,
    value: &AttributeValue<Slice>,
    address: u64,
) -> Option<Expression<Slice>> {
    if let AttributeValue::Exprloc(code) = value {
        return Some(code.clone());
    }
    let parsed = &info.units()[unit].unit;
    let mut list = info.dwarf().attr_locations(parsed, value.clone()).ok()??;
    while let Some(entry) = list.next().ok()? {
        if (entry.range.begin..entry.range.end).contains(&address) {
            return Some(entry.data);
        }
    }
    None
}

/// The frame's base, by the function's own expression.
fn base(info: &Info, unit: usize, frame: &mut dyn Frame) -> Option<u64> {
    let value = frame.frame_base()?;
    let code = expression(info, unit, &value, frame.address())?;
    match evaluate(info, unit, code, frame, 1)? {
        Place::Memory(address) => Some(address),
        // A bare register means what it holds.
        Place::Register(number) => frame.register(number),
        _ => None,
    }
}

fn evaluate(
    info: &Info,
    unit: usize,
    code: Expression<Slice>,
    frame: &mut dyn Frame,
    depth: u32,
) -> Option<Place> {
    let parsed = &info.units()[unit].unit;
    if code.0.bytes().is_empty() {
        return Some(Place::Lost);
    }
    let mut evaluation = code.evaluation(parsed.encoding());
    evaluation.set_max_iterations(MOST_OPERATIONS);
    let mut state = evaluation.evaluate().ok()?;
    loop {
        state = match state {
            EvaluationResult::Complete => break,
            EvaluationResult::RequiresMemory { address, size, base_type, .. } => {
                let mut bytes = [0; 8];
                let wanted = bytes.get_mut(..usize::from(size))?;
                if frame.memory().read(address, wanted) < usize::from(size) {
                    return None;
                }
                let value = typed(info, unit, base_type, u64::from_le_bytes(bytes))?;
                evaluation.resume_with_memory(value).ok()?
            }
            EvaluationResult::RequiresRegister { register: Register(number), base_type } => {
                let value = frame.register(number)?;
                evaluation.resume_with_register(typed(info, unit, base_type, value)?).ok()?
            }
            EvaluationResult::RequiresFrameBase if depth == 0 => {
                evaluation.resume_with_frame_base(base(info, unit, frame)?).ok()?
            }
            EvaluationResult::RequiresCallFrameCfa => {
                evaluation.resume_with_call_frame_cfa(frame.cfa()?).ok()?
            }
            EvaluationResult::RequiresTls(offset) => evaluation.resume_with_tls(frame.tls(offset)?).ok()?,
            EvaluationResult::RequiresRelocatedAddress(address) => {
                evaluation.resume_with_relocated_address(address.wrapping_add(frame.bias())).ok()?
            }
            EvaluationResult::RequiresIndexedAddress { index, relocate } => {
                let address = info.dwarf().address(parsed, index).ok()?;
                let bias = if relocate { frame.bias() } else { 0 };
                evaluation.resume_with_indexed_address(address.wrapping_add(bias)).ok()?
            }
            EvaluationResult::RequiresBaseType(offset) => {
                evaluation.resume_with_base_type(base_type(info, unit, offset)?).ok()?
            }
            _ => return None,
        };
    }
    let pieces = evaluation.result();
    if pieces.len() > MOST_PIECES {
        return None;
    }
    match pieces.as_slice() {
        [only] if only.size_in_bits.is_none() => Some(place(&only.location)),
        pieces => {
            let mut places = Vec::new();
            for piece in pieces {
                let bits = piece.size_in_bits?;
                // Pieces of bits are what no compiler makes of whole variables.
                if bits % 8 != 0 || piece.bit_offset.unwrap_or(0) != 0 {
                    return None;
                }
                places.push((place(&piece.location), bits / 8));
            }
            Some(Place::Pieces(places))
        }
    }
}

fn place(location: &Location<Slice>) -> Place {
    match location {
        Location::Register { register: Register(number) } => Place::Register(*number),
        Location::Address { address } => Place::Memory(*address),
        Location::Value { value } => Place::Bytes(bytes(*value)),
        Location::Bytes { value } => Place::Bytes(value.bytes().to_vec()),
        Location::Empty | Location::ImplicitPointer { .. } => Place::Lost,
    }
}

fn bytes(value: Value) -> Vec<u8> {
    match value {
        Value::F32(value) => value.to_le_bytes().to_vec(),
        Value::F64(value) => value.to_le_bytes().to_vec(),
        value => value.to_u64(u64::MAX).unwrap_or(0).to_le_bytes().to_vec(),
    }
}

fn base_type(info: &Info, unit: usize, offset: UnitOffset) -> Option<gimli::ValueType> {
    let die = info.units()[unit].unit.entry(offset).ok()?;
    gimli::ValueType::from_entry(&die).ok().flatten()
}

fn typed(info: &Info, unit: usize, offset: UnitOffset, value: u64) -> Option<Value> {
    if offset.0 == 0 {
        return Some(Value::Generic(value));
    }
    Some(match base_type(info, unit, offset)? {
        gimli::ValueType::F32 => Value::F32(f32::from_bits(value as u32)),
        gimli::ValueType::F64 => Value::F64(f64::from_bits(value)),
        kind => Value::from_u64(kind, value).ok()?,
    })
}
