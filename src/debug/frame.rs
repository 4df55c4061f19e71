//! Frames of a stopped thread: real ones by unwinding, and those of inlined functions inside them.
//!
//! Pure but for the memory of the stack. A caller's frame is looked up by the call before its return address.

use std::rc::Rc;

use super::dwarf::scope::{Kind, Scope};
use super::program::{Place, Program, SourceLine};
use crate::memory::Memory;
use crate::stack::registers::Registers;
use crate::stack::tables::Cfa;
use crate::stack::unwind::{self, Step};

/// Frames of one stack that are told, as deep recursion makes them.
pub const MOST_FRAMES: usize = 100_000;

/// A frame.
#[derive(Clone)]
pub struct Frame {
    /// Registers as they are in this frame.
    pub registers: Registers,
    /// Where it is, or goes on when its callee returns.
    pub pc: u64,
    /// What is known of that place.
    pub place: Rc<Place>,
    /// The canonical frame address: what the stack pointer was before the call.
    pub cfa: Option<u64>,
    /// How many of the blocks around the place belong to this frame and what is around it.
    pub depth: usize,
    /// The function inlined into this one, whose call is the line of this frame.
    pub call: Option<(u32, u32)>,
    /// The kernel made it to run a signal handler.
    pub signal: bool,
    /// The innermost real frame: its registers are the thread's.
    pub newest: bool,
    /// Its function was inlined.
    pub inlined: bool,
}

impl Frame {
    /// The blocks of the frame's function, outermost first, with all around it.
    pub fn scope(&self, program: &Program) -> Option<(Rc<Scope>, usize)> {
        Some((program.scope(&self.place)?, self.depth))
    }

    /// The function's name.
    pub fn function(&self, program: &Program) -> Option<String> {
        if let Some((scope, depth)) = self.scope(program)
            && let Some(info) = program.info(&self.place)
        {
            let own = scope.blocks[..depth].iter().rev().find(|block| block.kind != Kind::Block)?;
            let language = info.language(own.at.unit);
            return info.path(own.at).map(|path| super::program::locate::shown_function(&path, language));
        }
        let inside = if self.newest || self.signal { self.pc } else { self.pc.wrapping_sub(1) };
        program.symbol(inside, false).map(|(name, _)| name)
    }

    /// The line it is at.
    pub fn line(&self, program: &Program) -> Option<SourceLine> {
        if let Some((file, line)) = self.call {
            let info = program.info(&self.place)?;
            let unit = info.unit_of(self.place.address)?;
            return Some(SourceLine { file: info.lines(unit).file(file)?.clone(), line });
        }
        program.stretch(&self.place).map(|(_, line)| line).filter(|line| line.line > 0)
    }

    /// Whether it stands in the midst of a line, so that its address tells more.
    pub fn is_inside_line(&self, program: &Program) -> bool {
        if self.call.is_some() {
            return false;
        }
        match program.stretch(&self.place) {
            Some((stretch, _)) => stretch.row.address != self.pc,
            None => true,
        }
    }

    /// What a frame is known by while it lives: its address on the stack, and its function.
    pub fn id(&self) -> (u64, usize) {
        (self.cfa.unwrap_or(0), self.depth)
    }
}

/// The canonical frame address of a real frame.
pub fn cfa(registers: &Registers, place: &Place, memory: &mut impl Memory) -> Option<u64> {
    let row = place.row.as_deref()?;
    if let Cfa::Register(number, offset) = &row.cfa {
        return Some(registers.get(*number)?.wrapping_add_signed(*offset));
    }
    match unwind::by_rules(registers, row, memory) {
        Step::Caller(caller) => Some(caller.sp()),
        _ => None,
    }
}

/// The frames of a thread, innermost first, at most `limit`; and whether the stack goes on in a way that cannot be
/// followed.
pub fn walk(
    program: &Program,
    start: Registers,
    memory: &mut impl Memory,
    limit: usize,
) -> (Vec<Frame>, bool) {
    let mut frames = Vec::new();
    let mut registers = start;
    let (mut newest, mut interrupted) = (true, true);
    loop {
        let pc = registers.ip();
        let inside = if interrupted { pc } else { pc.wrapping_sub(1) };
        let place = program.place(inside);
        let signal = place.row.as_ref().is_some_and(|row| row.signal);
        let row = place.row.clone();
        let step = match &row {
            Some(row) => unwind::by_rules(&registers, row, memory),
            None => guess(program, &registers, memory, newest),
        };
        let cfa = match (&step, &row) {
            (Step::Caller(caller), None) => Some(caller.sp()),
            _ => cfa(&registers, &place, memory),
        };
        let real = Frame {
            registers,
            pc,
            depth: 0,
            call: None,
            cfa,
            signal,
            newest,
            inlined: false,
            place: place.clone(),
        };
        expand(program, &real, &mut frames);
        if frames.len() >= limit {
            frames.truncate(limit);
            return (frames, false);
        }
        // What calls main is not the person's.
        let main = frames.last().and_then(|frame| frame.function(program)).is_some_and(|name| name == "main");
        if main && place.module == Some(0) {
            return (frames, false);
        }
        match step {
            Step::Caller(caller) => registers = caller,
            Step::Bottom => return (frames, false),
            Step::Lost => return (frames, place.module.is_some()),
        }
        (newest, interrupted) = (false, signal);
    }
}

/// Without rules: by the frame pointer, or, where the program has just called into nowhere, by the return address
/// on top of the stack.
fn guess(program: &Program, registers: &Registers, memory: &mut impl Memory, newest: bool) -> Step {
    let machine = registers.machine();
    if newest && !program.is_code(registers.ip()) {
        let mut bytes = [0; 8];
        if memory.read(registers.sp(), &mut bytes) == 8 && program.is_code(u64::from_le_bytes(bytes)) {
            let mut caller = *registers;
            caller.set(machine.ip(), Some(u64::from_le_bytes(bytes)));
            caller.set(machine.sp(), Some(registers.sp().wrapping_add(8)));
            return Step::Caller(caller);
        }
    }
    match unwind::by_frame_pointer(registers, memory) {
        Step::Caller(caller) if !program.is_code(caller.ip()) => Step::Lost,
        step => step,
    }
}

/// A real frame and the functions inlined into it, innermost first.
fn expand(program: &Program, real: &Frame, frames: &mut Vec<Frame>) {
    let Some(scope) = program.scope(&real.place) else {
        frames.push(real.clone());
        return;
    };
    let mut depth = scope.blocks.len();
    let mut call = None;
    // At the very entry of an inlined function, which gdb shows as not yet entered, the innermost counts.
    for number in (0..scope.blocks.len()).rev() {
        match scope.blocks[number].kind {
            Kind::Inlined { file, line } => {
                frames.push(Frame { depth, call, inlined: true, ..real.clone() });
                depth = number;
                call = Some((file, line));
            }
            Kind::Function => frames.push(Frame { depth, call, ..real.clone() }),
            Kind::Block => {}
        }
    }
}
