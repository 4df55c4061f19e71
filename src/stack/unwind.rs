//! One step up the stack: from a frame's registers to its caller's.
//!
//! Pure: it is given the rules for the frame's address and a memory. Without rules it follows the frame
//! pointer. It trusts neither: a step that does not lead up the stack is none. Source: DWARF 5 §6.4.4.

use gimli::{
    Encoding, EndianSlice, EvaluationResult, Expression, Format, LittleEndian, Location, Register, Value,
};

use super::registers::{Machine, Registers};
use super::tables::{Cfa, Row, Rule};
use crate::memory::Memory;

/// Operations that one expression may take; those of signal frames take three.
const MOST_OPERATIONS: u32 = 1_000;

/// Where a step led.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// To the caller; its instruction pointer is where it goes on.
    Caller(Registers),
    /// Nowhere: this is the outermost function.
    Bottom,
    /// Nowhere: the caller cannot be found.
    Lost,
}

/// A step by unwind rules.
pub fn by_rules(registers: &Registers, row: &Row, memory: &mut impl Memory) -> Step {
    if matches!(row.rule(row.return_register), None | Some(Rule::Undefined)) {
        return Step::Bottom;
    }
    match caller(registers, row, memory) {
        Some(caller) if caller.ip() == 0 => Step::Bottom,
        Some(caller) if leads_up(registers, &caller, row.signal) => Step::Caller(caller),
        _ => Step::Lost,
    }
}

/// A step by the frame pointer: it points at the caller's, which the return address follows.
pub fn by_frame_pointer(registers: &Registers, memory: &mut impl Memory) -> Step {
    let machine = registers.machine();
    let Some(frame) = registers.get(machine.fp()) else { return Step::Lost };
    if frame == 0 {
        return Step::Bottom;
    }
    let word_bytes = machine.word_bytes() as u64;
    if frame < registers.sp() || !frame.is_multiple_of(word_bytes) {
        return Step::Lost;
    }
    let (Some(outer), Some(back)) =
        (word(machine, frame, memory), word(machine, frame.wrapping_add(word_bytes), memory))
    else {
        return Step::Lost;
    };
    if back == 0 {
        return Step::Bottom;
    }
    let mut caller = Registers::unknown(machine);
    caller.set(machine.fp(), Some(outer));
    caller.set(machine.sp(), Some(frame.wrapping_add(2 * word_bytes)));
    caller.set(machine.ip(), Some(back));
    if leads_up(registers, &caller, false) { Step::Caller(caller) } else { Step::Lost }
}

/// Whether a caller is another frame further up. A signal may have been handled on another stack, and a
/// function may have taken its return address off the stack, as vfork does.
fn leads_up(callee: &Registers, caller: &Registers, signal: bool) -> bool {
    let (from, to) = (callee.sp(), caller.sp());
    to > from || (to == from && caller.ip() != callee.ip()) || (signal && to != from)
}

fn caller(registers: &Registers, row: &Row, memory: &mut impl Memory) -> Option<Registers> {
    let machine = registers.machine();
    let cfa = match &row.cfa {
        Cfa::Register(number, offset) => registers.get(*number)?.wrapping_add_signed(*offset),
        Cfa::Expression(code) => evaluate(code, None, row, registers, memory)?,
    };
    let cfa = machine.wrap(cfa);
    let mut caller = *registers;
    caller.set(machine.sp(), Some(cfa));
    for (number, rule) in &row.rules {
        if *number == row.return_register {
            continue;
        }
        caller.set(*number, value(*number, rule, cfa, row, registers, memory));
    }
    let back = value(row.return_register, row.rule(row.return_register)?, cfa, row, registers, memory)?;
    caller.set(machine.ip(), Some(back));
    Some(caller)
}

fn value(
    number: u16,
    rule: &Rule,
    cfa: u64,
    row: &Row,
    registers: &Registers,
    memory: &mut impl Memory,
) -> Option<u64> {
    let machine = registers.machine();
    match rule {
        Rule::Undefined => None,
        Rule::Same => registers.get(number),
        Rule::At(offset) => word(machine, cfa.wrapping_add_signed(*offset), memory),
        Rule::Is(offset) => Some(cfa.wrapping_add_signed(*offset)),
        Rule::Register(other) => registers.get(*other),
        Rule::AtExpression(code) => {
            let at = evaluate(code, Some(cfa), row, registers, memory)?;
            word(machine, at, memory)
        }
        Rule::IsExpression(code) => evaluate(code, Some(cfa), row, registers, memory),
        Rule::Constant(value) => Some(*value),
    }
}

fn word(machine: Machine, address: u64, memory: &mut impl Memory) -> Option<u64> {
    load(machine.wrap(address), machine.word_bytes(), memory)
}

/// A little-endian number of up to 8 bytes.
fn load(address: u64, size_bytes: usize, memory: &mut impl Memory) -> Option<u64> {
    let mut bytes = [0; 8];
    let wanted = bytes.get_mut(..size_bytes)?;
    (memory.read(address, wanted) == size_bytes).then(|| u64::from_le_bytes(bytes))
}

/// Runs an expression of the tables over a frame.
fn evaluate(
    code: &[u8],
    initial: Option<u64>,
    row: &Row,
    registers: &Registers,
    memory: &mut impl Memory,
) -> Option<u64> {
    let encoding = Encoding { address_size: row.word_bytes, format: Format::Dwarf32, version: 4 };
    let mut evaluation = Expression(EndianSlice::new(code, LittleEndian)).evaluation(encoding);
    evaluation.set_max_iterations(MOST_OPERATIONS);
    if let Some(initial) = initial {
        evaluation.set_initial_value(initial);
    }
    let mut state = evaluation.evaluate().ok()?;
    loop {
        state = match state {
            EvaluationResult::Complete => break,
            EvaluationResult::RequiresRegister { register: Register(number), .. } => {
                evaluation.resume_with_register(Value::Generic(registers.get(number)?)).ok()?
            }
            EvaluationResult::RequiresMemory { address, size, .. } => {
                let value = load(address, usize::from(size), memory)?;
                evaluation.resume_with_memory(Value::Generic(value)).ok()?
            }
            _ => return None,
        };
    }
    match evaluation.as_result().first()?.location {
        Location::Address { address } => Some(address),
        _ => None,
    }
}
