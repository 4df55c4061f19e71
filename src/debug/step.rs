//! Steps by lines and instructions, into, over and out of functions.
//!
//! A step of a line runs its instructions one by one in the chosen thread; calls are run at full speed, with a
//! breakpoint where they return.

use gimli::constants as dw;

use iced_x86::{Decoder, DecoderOptions, FlowControl, Instruction};

use super::debugger::{Debugger, Event, Reason, Temp};
use super::dwarf::location::Place;
use super::dwarf::types::{Shape, Ty};
use super::error::{Error, Result};
use super::frame::Frame;
use super::program::prologue;
use super::registers;
use super::value::Value;
use crate::memory::Memory;
use crate::sys::ptrace;
use crate::tracee::Stop;

/// How far a step goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// To another line, into functions.
    Into,
    /// To another line, over functions.
    Over,
    /// One instruction.
    Instruction,
    /// One instruction, over calls.
    InstructionOver,
}

/// Instructions of one line after which the other threads get a turn: it may wait for one of them.
const TURN: u32 = 500;

impl Debugger {
    /// Lets the program run on.
    ///
    /// # Errors
    /// When there is no process.
    pub fn resume(&mut self) -> Result<Event> {
        self.run_until(&[])
    }

    /// Steps the chosen thread.
    ///
    /// # Errors
    /// When there is no process.
    pub fn step(&mut self, how: Step) -> Result<Event> {
        self.level = 0;
        self.process()?;
        match how {
            Step::Instruction => self.one(),
            Step::InstructionOver => match self.call_instruction() {
                Some(instruction) => {
                    let sp = self.sp()?;
                    let temp =
                        Temp { address: instruction.next_ip(), tid: Some(self.tid), above: Some(sp - 1) };
                    self.run_to(temp)
                }
                None => self.one(),
            },
            Step::Into | Step::Over => self.line(how),
        }
    }

    fn sp(&mut self) -> Result<u64> {
        let tid = self.tid;
        Ok(self.process()?.registers(tid)?.sp())
    }

    /// Runs to a breakpoint of the debugger's own; what stops it there counts as a step.
    fn run_to(&mut self, temp: Temp) -> Result<Event> {
        let event = self.run_until(&[temp])?;
        Ok(match event.reason {
            Reason::Temp => Event { reason: Reason::Stepped, ..event },
            _ => event,
        })
    }

    /// One instruction.
    fn one(&mut self) -> Result<Event> {
        let tid = self.tid;
        if self.interrupt.take_stop().is_some() {
            return Ok(Event { tid, reason: Reason::Interrupted });
        }
        if let Some(event) = self.pending(tid)? {
            return self.settle(event);
        }
        match self.step_alone(tid)? {
            Some(event) => self.settle(event),
            None => {
                let process = self.process()?;
                let registers = process.registers(tid)?;
                // A breakpoint that a step comes to counts as hit.
                let site = process.sites.is_inserted(registers.ip());
                let hit = if site { self.hits(tid, registers.ip(), &registers) } else { None };
                self.settle(Event { tid, reason: hit.unwrap_or(Reason::Stepped) })
            }
        }
    }

    /// A signal that another stop kept back.
    fn pending(&mut self, tid: i32) -> Result<Option<Event>> {
        let thread = self.process()?.threads.get_mut(&tid);
        match thread.and_then(|thread| thread.pending.take()) {
            Some(Stop::Signal(libc::SIGTRAP)) | None => Ok(None),
            Some(stop) => match self.look_at(tid, stop, false)? {
                super::run::Look::Report(event) => Ok(Some(event)),
                _ => Ok(None),
            },
        }
    }

    /// The instruction that the chosen thread stands at.
    fn instruction(&mut self) -> Option<Instruction> {
        let tid = self.tid;
        let process = self.process.as_mut()?;
        let pc = process.pc(tid);
        let mut bytes = [0; 16];
        let got = process.read(pc, &mut bytes);
        let instruction = Decoder::with_ip(64, &bytes[..got], pc, DecoderOptions::NONE).decode();
        (!instruction.is_invalid()).then_some(instruction)
    }

    fn call_instruction(&mut self) -> Option<Instruction> {
        let instruction = self.instruction()?;
        matches!(instruction.flow_control(), FlowControl::Call | FlowControl::IndirectCall)
            .then_some(instruction)
    }

    /// Steps to another line.
    fn line(&mut self, how: Step) -> Result<Event> {
        let start = self.frame()?;
        let Some((_, line)) = self.program.stretch(&start.place) else {
            // gdb runs to the end of a function without lines.
            if self.step_mode && how == Step::Into {
                return self.one();
            }
            return self.out_of_unknown(&start);
        };
        let depth = self.inline_depth(&start);
        let mut turn = 0;
        loop {
            let called = self.call_instruction();
            let sp = self.sp()?;
            let tid = self.tid;
            if let Some(call) = &called
                && (how == Step::Over || !self.enters_lines(call)?)
            {
                let temp = Temp { address: call.next_ip(), tid: Some(tid), above: Some(sp - 1) };
                let event = self.run_to(temp)?;
                if event.reason != Reason::Stepped {
                    return Ok(event);
                }
            } else {
                let event = self.one()?;
                if event.reason != Reason::Stepped {
                    return Ok(event);
                }
                if called.is_some() && how == Step::Into {
                    return self.behind_prologue(event);
                }
            }
            let now = self.frame()?;
            // Back in the caller, or further: by a return, or by what unwinds the stack.
            let returned = now.cfa.zip(start.cfa).is_some_and(|(now, before)| now > before);
            if let Some((stretch, here)) = self.program.stretch(&now.place) {
                let begins = stretch.row.address == now.pc && stretch.row.statement && here.line > 0;
                let inlined = self.inline_depth(&now) > depth && how == Step::Over && !returned;
                if begins && !inlined && (here != line || returned) {
                    return Ok(Event { tid, reason: Reason::Stepped });
                }
            } else if returned {
                // A caller without lines: it is run to its end.
                return self.out_of_unknown(&now);
            } else {
                // A function without lines, entered by a jump.
                let event = self.out_of_unknown(&now)?;
                if event.reason != Reason::Stepped {
                    return Ok(event);
                }
            }
            turn += 1;
            if turn % TURN == 0
                && let Some(event) = self.others_turn()?
            {
                return Ok(event);
            }
        }
    }

    /// The number of inlined functions around a frame's place.
    fn inline_depth(&self, frame: &Frame) -> usize {
        let scope = self.program.scope(&frame.place);
        let inlined =
            |b: &&super::dwarf::scope::Block| matches!(b.kind, super::dwarf::scope::Kind::Inlined { .. });
        scope.map_or(0, |scope| scope.blocks.iter().filter(inlined).count())
    }

    /// Lets the other threads run while the chosen one makes a step: it may wait for them.
    fn others_turn(&mut self) -> Result<Option<Event>> {
        let tid = self.tid;
        if self.process()?.threads.len() < 2 {
            return Ok(None);
        }
        let pc = self.process()?.pc(tid);
        let next = self.instruction().map_or(pc, |instruction| instruction.next_ip());
        let targets = [pc, next];
        // Wherever the instruction leads, a step from there is seen; a moment is enough for the others.
        let temps: Vec<Temp> =
            targets.iter().map(|a| Temp { address: *a, tid: Some(tid), above: None }).collect();
        if self.instruction().is_some_and(|i| i.flow_control() != FlowControl::Next) {
            return Ok(None);
        }
        let event = self.run_until(&temps)?;
        Ok((event.reason != Reason::Temp).then_some(event))
    }

    /// Whether a call leads to code that has lines.
    fn enters_lines(&mut self, call: &Instruction) -> Result<bool> {
        if self.step_mode {
            return Ok(true);
        }
        let Some(target) = self.call_target(call)? else { return Ok(false) };
        Ok(self.program.stretch(&self.program.place(target)).is_some_and(|(_, line)| line.line > 0))
    }

    /// Where a call leads, through the linkage table of its file too.
    fn call_target(&mut self, call: &Instruction) -> Result<Option<u64>> {
        let tid = self.tid;
        let target = match call.flow_control() {
            FlowControl::Call => Some(call.near_branch_target()),
            _ => {
                let words = self.process()?.words(tid)?;
                self.operand(call, &words)
            }
        };
        let Some(target) = target else { return Ok(None) };
        // A stub jumps through a word of memory; before the function was first called that leads to the loader.
        let mut bytes = [0; 16];
        let got = self.process()?.read(target, &mut bytes);
        let mut decoder = Decoder::with_ip(64, &bytes[..got], target, DecoderOptions::NONE);
        let mut stub = decoder.decode();
        if stub.code() == iced_x86::Code::Endbr64 {
            stub = decoder.decode();
        }
        if stub.flow_control() == FlowControl::IndirectBranch && stub.is_ip_rel_memory_operand() {
            let mut word = [0; 8];
            if self.process()?.read(stub.ip_rel_memory_address(), &mut word) == 8 {
                let through = u64::from_le_bytes(word);
                if self.program.module_of(through) != self.program.module_of(target) {
                    return Ok(Some(through));
                }
            }
        }
        Ok(Some(target))
    }

    /// What the operand of an indirect call holds.
    fn operand(&mut self, call: &Instruction, words: &super::process::Words) -> Option<u64> {
        let get = |register: iced_x86::Register| {
            let name = format!("{register:?}").to_ascii_lowercase();
            if name == "none" {
                return Some(0);
            }
            registers::word_of(registers::dwarf_number(&name)?).map(|word| words[word])
        };
        if call.op0_kind() == iced_x86::OpKind::Register {
            return get(call.op0_register());
        }
        let address = if call.is_ip_rel_memory_operand() {
            call.ip_rel_memory_address()
        } else {
            get(call.memory_base())?
                .wrapping_add(get(call.memory_index())?.wrapping_mul(call.memory_index_scale().into()))
                .wrapping_add(call.memory_displacement64())
        };
        let mut word = [0; 8];
        (self.process.as_mut()?.read(address, &mut word) == 8).then(|| u64::from_le_bytes(word))
    }

    /// A function was entered: runs to where its own code begins.
    fn behind_prologue(&mut self, event: Event) -> Result<Event> {
        let tid = self.tid;
        let mut pc = self.process()?.pc(tid);
        // A stub of the linkage table is run through.
        if self.program.stretch(&self.program.place(pc)).is_none()
            && let Some(jump) = self.instruction_after_endbr()
            && let Some(target) = self.jump_target(&jump)
        {
            let landed = self.run_to(Temp { address: target, tid: Some(tid), above: None })?;
            if landed.reason != Reason::Stepped {
                return Ok(landed);
            }
            pc = target;
        }
        let place = self.program.place(pc);
        let Some(number) = place.module else { return Ok(event) };
        let module = &self.program.modules[number];
        let Some(info) = module.binary.info() else { return Ok(event) };
        let Some(unit) = info.unit_of(place.address) else { return Ok(event) };
        let Some(function) = info.declared(unit).function_at(place.address) else { return Ok(event) };
        let end = prologue::end(info, module.binary.image(), function).wrapping_add(module.bias);
        if function.low.wrapping_add(module.bias) != pc || end <= pc {
            return Ok(event);
        }
        self.run_to(Temp { address: end, tid: Some(tid), above: None })
    }

    fn instruction_after_endbr(&mut self) -> Option<Instruction> {
        let first = self.instruction()?;
        if first.code() != iced_x86::Code::Endbr64 {
            return Some(first);
        }
        let mut bytes = [0; 16];
        let got = self.process.as_mut()?.read(first.next_ip(), &mut bytes);
        Some(Decoder::with_ip(64, &bytes[..got], first.next_ip(), DecoderOptions::NONE).decode())
    }

    fn jump_target(&mut self, jump: &Instruction) -> Option<u64> {
        if jump.flow_control() != FlowControl::IndirectBranch || !jump.is_ip_rel_memory_operand() {
            return None;
        }
        let mut word = [0; 8];
        (self.process.as_mut()?.read(jump.ip_rel_memory_address(), &mut word) == 8)
            .then(|| u64::from_le_bytes(word))
    }

    /// Runs to where a function without lines returns.
    fn out_of_unknown(&mut self, frame: &Frame) -> Result<Event> {
        let frames = self.frames(2)?.0.to_vec();
        let caller =
            frames.iter().find(|other| !other.inlined && other.cfa > frame.cfa && other.pc != frame.pc);
        match (caller, frame.cfa) {
            (Some(caller), Some(cfa)) => {
                let tid = self.tid;
                self.run_to(Temp { address: caller.pc, tid: Some(tid), above: Some(cfa - 1) })
            }
            _ => self.resume(),
        }
    }

    /// Runs until the chosen frame returns; the value that it returns, where its type is known.
    ///
    /// # Errors
    /// In the outermost frame.
    pub fn finish(&mut self) -> Result<(Event, Option<Value>)> {
        let frame = self.frame()?;
        let level = self.level;
        let frames = self.frames(level + 64)?.0.to_vec();
        let outer = frames.get(level + 1..).unwrap_or_default();
        if frame.inlined {
            // An inlined function ends where its caller's own code goes on.
            let mut event = self.step(Step::Over)?;
            while event.reason == Reason::Stepped {
                let now = self.frame()?;
                if now.cfa != frame.cfa || self.inline_depth(&now) < self.inline_depth(&frame) {
                    break;
                }
                event = self.step(Step::Over)?;
            }
            return Ok((event, None));
        }
        let caller = outer.iter().find(|other| other.cfa != frame.cfa);
        let (Some(caller), Some(cfa)) = (caller, frame.cfa) else {
            return Err(Error::says("\"finish\" not meaningful in the outermost frame."));
        };
        let result = self.result_type(&frame);
        let tid = self.tid;
        let temp = Temp { address: caller.pc, tid: Some(tid), above: Some(cfa - 1) };
        let event = self.run_until(&[temp])?;
        if event.reason != Reason::Temp {
            return Ok((event, None));
        }
        let value = result.and_then(|ty| self.returned(&ty));
        Ok((Event { reason: Reason::Stepped, ..event }, value))
    }

    fn result_type(&self, frame: &Frame) -> Option<Ty> {
        let (scope, _) = frame.scope(&self.program)?;
        self.program.info(&frame.place)?.returns(scope.blocks.first()?.at)
    }

    /// What a function of this type has just returned. Source: System V ABI for x86-64, §3.2.3.
    fn returned(&mut self, ty: &Ty) -> Option<Value> {
        let tid = self.tid;
        let words = self.process.as_mut()?.words(tid).ok()?;
        let plain = ty.plain();
        let area = || ptrace::xstate(tid).ok();
        let xmm0 = || registers::wide(&area()?, 17);
        let st0 = || registers::wide(&area()?, 33);
        let bytes = match &plain.shape {
            Shape::Void => return None,
            Shape::Base(dw::DW_ATE_float) if plain.size_bytes > 8 => st0()?,
            Shape::Base(dw::DW_ATE_float) => xmm0()?,
            Shape::Base(_) | Shape::Enum(_) | Shape::Pointer { .. } => {
                let mut bytes = words[super::process::RAX].to_le_bytes().to_vec();
                bytes.extend(words[12].to_le_bytes());
                bytes
            }
            // Small structs of whole numbers come in rax and rdx, large ones behind rax.
            Shape::Struct(_) | Shape::Array { .. } if plain.size_bytes > 16 => {
                return Some(Value::new(ty.clone(), Place::Memory(words[super::process::RAX])));
            }
            Shape::Struct(parts) => {
                let float = |m: &super::dwarf::types::Member| {
                    matches!(m.ty.plain().shape, Shape::Base(dw::DW_ATE_float))
                };
                let whole = |m: &super::dwarf::types::Member| {
                    matches!(m.ty.plain().shape, Shape::Base(_) | Shape::Pointer { .. } | Shape::Enum(_))
                        && !float(m)
                };
                if parts.variants.is_some() || parts.members.is_empty() || !parts.members.iter().all(whole) {
                    return None;
                }
                let mut bytes = words[super::process::RAX].to_le_bytes().to_vec();
                bytes.extend(words[12].to_le_bytes());
                bytes
            }
            _ => return None,
        };
        let size = usize::try_from(plain.size_bytes).ok()?;
        Some(Value::new(ty.clone(), Place::Bytes(bytes.get(..size)?.to_vec())))
    }

    /// Runs to a place, or until the chosen frame returns.
    ///
    /// # Errors
    /// Where the place is not known.
    pub fn advance(&mut self, text: &str) -> Result<Event> {
        let spec = self.spec(text)?;
        let frame = self.frame()?;
        let mut temps: Vec<Temp> = self
            .program
            .locate(&spec)?
            .iter()
            .map(|l| Temp { address: l.address, tid: None, above: None })
            .collect();
        let level = self.level;
        let frames = self.frames(level + 8)?.0.to_vec();
        let caller = frames.get(level + 1..).unwrap_or_default().iter().find(|other| other.cfa != frame.cfa);
        if let (Some(caller), Some(cfa)) = (caller, frame.cfa) {
            temps.push(Temp { address: caller.pc, tid: Some(self.tid), above: Some(cfa - 1) });
        }
        let event = self.run_until(&temps)?;
        Ok(if event.reason == Reason::Temp { Event { reason: Reason::Stepped, ..event } } else { event })
    }

    /// Steps over lines, and forward only: a loop is left.
    ///
    /// # Errors
    /// When there is no process.
    pub fn until(&mut self) -> Result<Event> {
        let (start, tid) = (self.frame()?, self.tid);
        let from = self.process()?.pc(tid);
        loop {
            let event = self.step(Step::Over)?;
            if event.reason != Reason::Stepped {
                return Ok(event);
            }
            let now = self.frame()?;
            if now.pc > from || now.cfa != start.cfa {
                return Ok(event);
            }
        }
    }

    /// Where the chosen thread goes on is changed.
    ///
    /// # Errors
    /// Where the place is not known.
    pub fn jump(&mut self, text: &str) -> Result<Event> {
        let spec = self.spec(text)?;
        let locations = self.program.locate(&spec)?;
        let [only] = locations.as_slice() else {
            return Err(Error::says("Unreasonable jump request"));
        };
        let tid = self.tid;
        self.process()?.jump(tid, only.address)?;
        self.resume()
    }
}
