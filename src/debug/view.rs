//! The program as expressions see it: variables of the chosen frame, globals, registers, the console's own.

use std::collections::HashMap;
use std::rc::Rc;

use gimli::AttributeValue;

use super::dwarf::index::matches;
use super::dwarf::location::{self, Place as Where};
use super::dwarf::scope::Variable;
use super::dwarf::types::{Shape, Ty, Type};
use super::dwarf::{At, Info, Language, Slice};
use super::error::{Error, Result};
use super::frame::{self, Frame};
use super::process::{Process, RSP, Shown};
use super::program::symbols::Kind as SymbolKind;
use super::program::{Module, Program};
use super::registers;
use super::value::{Target, Value};
use crate::memory::{Memory, Nothing};
use crate::stack::window::Window;
use crate::sys::ptrace;

/// What the console keeps for expressions.
#[derive(Debug, Default)]
pub struct Memories {
    /// Values that were printed, `$1` first.
    pub history: Vec<Value>,
    /// Variables of the console.
    pub variables: HashMap<String, Value>,
}

/// A variable and where it was found.
#[derive(Clone)]
struct Found {
    info: Rc<Info>,
    bias: u64,
    variable: Variable,
    function: Option<At>,
}

/// Variables that were looked up at a place, kept for conditions that are asked again and again.
#[derive(Default)]
pub struct Known(HashMap<(u64, usize, String), Option<Found>>);

impl Known {
    /// What is loaded has changed.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

/// What expressions see.
pub struct View<'a> {
    pub(super) program: &'a Program,
    pub(super) process: Option<&'a mut Process>,
    pub(super) tid: i32,
    pub(super) frame: Option<Frame>,
    pub(super) memories: &'a mut Memories,
    pub(super) known: &'a mut Known,
    pub(super) nothing: Nothing,
    pub(super) language: Option<Language>,
}

/// A frame and a memory, for location expressions.
struct InFrame<'a> {
    frame: Option<&'a Frame>,
    memory: Box<dyn Memory + 'a>,
    bias: u64,
    base: Option<AttributeValue<Slice>>,
    address: u64,
    fs_base: u64,
    tls_offset: Option<u64>,
}

impl location::Frame for InFrame<'_> {
    fn register(&mut self, number: u16) -> Option<u64> {
        self.frame?.registers.get(number)
    }
    fn cfa(&mut self) -> Option<u64> {
        self.frame?.cfa
    }
    fn memory(&mut self) -> &mut dyn Memory {
        &mut *self.memory
    }
    fn tls(&mut self, offset: u64) -> Option<u64> {
        // The program's own block lies below the thread pointer; those of libraries need the loader's tables.
        Some(self.fs_base.wrapping_sub(self.tls_offset?).wrapping_add(offset))
    }
    fn bias(&self) -> u64 {
        self.bias
    }
    fn frame_base(&self) -> Option<AttributeValue<Slice>> {
        self.base.clone()
    }
    fn address(&self) -> u64 {
        self.address
    }
}

impl Memory for Process {
    fn read(&mut self, address: u64, buf: &mut [u8]) -> usize {
        Shown(self).read(address, buf)
    }
}

impl View<'_> {
    /// The frames of a thread, innermost first, at most `limit`; whether the stack is damaged.
    ///
    /// # Errors
    /// When there is no process.
    pub fn frames(&mut self, tid: i32, limit: usize) -> Result<(Vec<Frame>, bool)> {
        let process = self.process.as_deref_mut().ok_or(Error::NoStack)?;
        let words = process.words(tid)?;
        let registers = process.registers(tid)?;
        let end = self.program.data_end(words[RSP]);
        let mut window = Window::new(Shown(process), words[RSP], end, Vec::new());
        Ok(frame::walk(self.program, registers, &mut window, limit))
    }

    fn local(&mut self, name: &str) -> Option<Found> {
        let frame = self.frame.as_ref()?;
        let (scope, depth) = frame.scope(self.program)?;
        let info = self.program.info(&frame.place)?;
        let module = &self.program.modules[frame.place.module?];
        let function = scope.blocks.first().map(|block| block.at);
        for block in scope.blocks[..depth].iter().rev() {
            // Of two in one block the later one hides the earlier.
            let variable = info.variables(block.at).into_iter().rev().find(|v| v.name == name);
            if let Some(variable) = variable {
                return Some(Found { info: info.clone(), bias: module.bias, variable, function });
            }
            if !matches!(block.kind, super::dwarf::scope::Kind::Block) {
                break;
            }
        }
        None
    }

    fn global(&self, name: &str) -> Option<Found> {
        // The frame's own unit first, then its file, then all.
        let own = self.frame.as_ref().and_then(|frame| {
            let number = frame.place.module?;
            let info = self.program.info(&frame.place)?;
            Some((number, info.unit_of(frame.place.address)?))
        });
        if let Some((number, unit)) = own
            && let Some(found) = self.global_in(&self.program.modules[number], name, unit..unit + 1)
        {
            return Some(found);
        }
        self.program.modules.iter().find_map(|module| {
            let count = module.binary.info()?.units().len();
            self.global_in(module, name, 0..count)
        })
    }

    fn global_in(&self, module: &Module, name: &str, units: std::ops::Range<usize>) -> Option<Found> {
        let info = module.binary.info()?;
        for unit in units {
            let index = info.declared(unit);
            let exact = index.globals.iter().find(|global| global.path == name);
            let global = exact.or_else(|| index.globals.iter().find(|global| matches(&global.path, name)));
            if let Some(global) = global
                && let Some(die) = info.die(global.at)
                && let Some(variable) = info.variable(global.at, &die)
            {
                return Some(Found { info: info.clone(), bias: module.bias, variable, function: None });
            }
        }
        None
    }

    fn function(&self, name: &str) -> Option<Value> {
        for module in &self.program.modules {
            let Some(info) = module.binary.info() else { continue };
            for unit in 0..info.units().len() {
                let found =
                    info.declared(unit).functions.iter().find(|function| matches(&function.path, name));
                if let Some(function) = found {
                    let address = function.low.wrapping_add(module.bias);
                    let origin = info.die(function.at).and_then(|die| info.origin(unit, &die));
                    let at = origin.unwrap_or(function.at);
                    return Some(Value::new(Ty::There(info.clone(), at), Where::Memory(address)));
                }
            }
        }
        None
    }

    /// The value of a variable in the chosen frame.
    pub fn value_of(
        &mut self,
        info: &Rc<Info>,
        bias: u64,
        variable: &Variable,
        function: Option<At>,
    ) -> Value {
        let frame = self.frame.as_ref();
        let fs_base = match self.process.as_deref_mut() {
            Some(process) => process.words(self.tid).map_or(0, |words| words[ptrace::FS_BASE]),
            None => 0,
        };
        let base = function.and_then(|function| info.frame_base(function));
        let memory: Box<dyn Memory + '_> = match self.process.as_deref() {
            Some(process) => Box::new(Shown(process)),
            None => Box::new(Nothing),
        };
        let mut within = InFrame {
            frame,
            memory,
            bias,
            base,
            address: frame.map_or(0, |frame| frame.place.address),
            fs_base,
            tls_offset: self
                .program
                .main()
                .filter(|m| m.bias == bias)
                .and_then(|m| m.binary.image().thread_block()),
        };
        let place = location::find(info, variable.at.unit, &variable.place, &mut within);
        Value::new(variable.ty.clone(), place)
    }

    /// All locals or arguments of the chosen frame: name and value, innermost block first.
    ///
    /// # Errors
    /// Without a frame, or without debug information there.
    pub fn locals(&mut self, arguments: bool) -> Result<Vec<(String, Value)>> {
        let frame = self.frame.clone().ok_or(Error::NoStack)?;
        let no = || Error::says("No symbol table info available.");
        let (scope, depth) = frame.scope(self.program).ok_or_else(no)?;
        let info = self.program.info(&frame.place).ok_or_else(no)?.clone();
        let bias = frame.place.module.map_or(0, |number| self.program.modules[number].bias);
        let function = scope.blocks.first().map(|block| block.at);
        let mut found = Vec::new();
        for block in scope.blocks[..depth].iter().rev() {
            for variable in info.variables(block.at) {
                if variable.argument == arguments {
                    let value = self.value_of(&info, bias, &variable, function);
                    found.push((variable.name, value));
                }
            }
            if !matches!(block.kind, super::dwarf::scope::Kind::Block) {
                break;
            }
        }
        Ok(found)
    }

    fn word(&mut self, name: &str) -> Option<Value> {
        let language = self.language();
        if let Some(number) = registers::dwarf_number(name) {
            let ty = registers::ty(name, language);
            return Some(Value::new(ty, Where::Register(number)));
        }
        let process = self.process.as_deref_mut()?;
        let words = process.words(self.tid).ok()?;
        registers::special(name, &words, self.tid, language)
    }
}

impl Target for View<'_> {
    fn memory(&mut self) -> &mut dyn Memory {
        match self.process.as_deref_mut() {
            Some(process) => process,
            None => &mut self.nothing,
        }
    }

    fn write(&mut self, address: u64, bytes: &[u8]) -> Result<()> {
        self.process.as_deref_mut().ok_or(Error::NotRunning)?.write(address, bytes)
    }

    fn register(&mut self, number: u16) -> Option<Vec<u8>> {
        let frame = self.frame.as_ref()?;
        if let Some(value) = frame.registers.get(number) {
            return Some(value.to_le_bytes().to_vec());
        }
        if !frame.newest {
            return None;
        }
        registers::wide(&ptrace::xstate(self.tid).ok()?, number)
    }

    fn set_register(&mut self, number: u16, bytes: &[u8]) -> Result<()> {
        let newest = self.frame.as_ref().is_some_and(|frame| frame.newest);
        let tid = self.tid;
        let process = self.process.as_deref_mut().ok_or(Error::NotRunning)?;
        if !newest {
            return Err(Error::says("Registers can be changed in the innermost frame only."));
        }
        match registers::word_of(number) {
            Some(word) => {
                let mut words = process.words(tid)?;
                let mut whole = words[word].to_le_bytes();
                let count = bytes.len().min(8);
                whole[..count].copy_from_slice(&bytes[..count]);
                words[word] = u64::from_le_bytes(whole);
                if word == super::process::RIP {
                    return process.jump(tid, words[word]);
                }
                process.set_words(tid, &words)?;
            }
            None => registers::set_wide(tid, number, bytes)?,
        }
        if let Some(frame) = &mut self.frame {
            frame.registers = process.registers(tid)?;
        }
        Ok(())
    }

    fn variable(&mut self, name: &str) -> Result<Value> {
        let key = self.frame.as_ref().map(|f| (f.place.address, f.depth, name.to_owned()));
        let found = match key.as_ref().and_then(|key| self.known.0.get(key)) {
            Some(found) => found.clone(),
            None => {
                let found = self.local(name).or_else(|| self.global(name));
                if let Some(key) = key {
                    self.known.0.insert(key, found.clone());
                }
                found
            }
        };
        if let Some(found) = found {
            return Ok(self.value_of(&found.info, found.bias, &found.variable, found.function));
        }
        if let Some(function) = self.function(name) {
            return Ok(function);
        }
        match self.program.named_symbol(name) {
            Some((address, SymbolKind::Function, _)) => {
                let shape = Shape::Function { result: Ty::Void, arguments: Vec::new() };
                let name = Some("<text variable, no debug info>".to_owned());
                let ty = Type { name, size_bytes: 1, shape, language: Language::C };
                Ok(Value::new(Ty::Here(ty.into()), Where::Memory(address)))
            }
            Some(_) => Err(Error::says(format!("'{name}' has unknown type; cast it to its declared type"))),
            None if !self.program.has_info() && self.frame.is_none() => {
                Err(Error::says("No symbol table is loaded.  Use the \"file\" command."))
            }
            None => Err(Error::NoSymbol(name.to_owned())),
        }
    }

    fn dollar(&mut self, name: &str) -> Result<Value> {
        let language = self.language();
        let history = &self.memories.history;
        let count = history.len();
        let numbered = |number: usize| {
            let value = number.checked_sub(1).and_then(|at| history.get(at)).cloned();
            value.ok_or_else(|| Error::says(format!("History has not yet reached ${number}.")))
        };
        let void = || Ok(Value::new(Ty::Void, Where::Bytes(Vec::new())));
        match name {
            "" => return if count == 0 { void() } else { numbered(count) },
            "$" => return if count < 2 { void() } else { numbered(count - 1) },
            _ => {}
        }
        if let Ok(number) = name.parse() {
            return numbered(number);
        }
        if let Some(back) = name.strip_prefix('$').and_then(|digits| digits.parse::<usize>().ok()) {
            return numbered(count.saturating_sub(back));
        }
        if let Some(value) = self.memories.variables.get(name) {
            return Ok(value.clone());
        }
        if registers::is_register(name) {
            if self.process.is_none() {
                return Err(Error::says("No registers."));
            }
            return self.word(name).ok_or_else(|| Error::says("No registers."));
        }
        let _ = language;
        void()
    }

    fn set_dollar(&mut self, name: &str, value: Value) {
        self.memories.variables.insert(name.to_owned(), value);
    }

    fn named_type(&mut self, name: &str) -> Option<Ty> {
        let tags = ["", "struct ", "enum ", "union "];
        for module in &self.program.modules {
            let Some(info) = module.binary.info() else { continue };
            for unit in 0..info.units().len() {
                let c = info.language(unit) == Language::C;
                let index = info.declared(unit);
                for tag in tags.iter().take(if c { 1 } else { 4 }) {
                    if let Some(at) = index.types.get(&format!("{tag}{name}")) {
                        return Some(Ty::There(info.clone(), *at));
                    }
                }
                if !c {
                    let last = index.types.iter().find(|(key, _)| {
                        let path = key.split_once(' ').map_or(key.as_str(), |(_, path)| path);
                        path.ends_with(name) && matches(path, name)
                    });
                    if let Some((_, at)) = last {
                        return Some(Ty::There(info.clone(), *at));
                    }
                }
            }
        }
        None
    }

    fn symbol(&mut self, address: u64) -> Option<(String, u64)> {
        self.program.symbol(address, true)
    }

    fn language(&self) -> Language {
        if let Some(language) = self.language {
            return language;
        }
        let of = |frame: &Frame| {
            let info = self.program.info(&frame.place)?;
            Some(info.language(info.unit_of(frame.place.address)?))
        };
        if let Some(language) = self.frame.as_ref().and_then(of) {
            return language;
        }
        Language::C
    }
}
