//! From what a person types (`main`, `file.c:12`, `*0x401136`) to addresses.

use super::{Module, Program, SourceLine, prologue};
use crate::debug::dwarf::At;
use crate::debug::dwarf::index::{matches, without_generics};
use crate::debug::dwarf::lines::SourceFile;
use crate::debug::dwarf::scope::Kind;
use crate::debug::error::{Error, Result};

/// What a person means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spec {
    /// A function.
    Function(String),
    /// A line of a file.
    Line(String, u32),
    /// A function of a file.
    InFile(String, String),
    /// An address.
    Address(u64),
}

/// A place in the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// Run-time address.
    pub address: u64,
    /// The line, where one is known.
    pub line: Option<SourceLine>,
    /// The function.
    pub function: Option<String>,
}

/// Places that one name may stand for.
const MOST_LOCATIONS: usize = 10_000;

impl Spec {
    /// Reads what was typed. `here` is the file and line that a bare number is in.
    ///
    /// # Errors
    /// Where a number stands alone and there is no file.
    pub fn parse(text: &str, here: Option<&SourceLine>) -> Result<Self> {
        let text = text.trim();
        let number = |text: &str| text.parse::<u32>().ok();
        if let Some(line) = number(text.trim_start_matches('+')) {
            let here =
                here.ok_or_else(|| Error::says("No symbol table is loaded.  Use the \"file\" command."))?;
            let line = if text.starts_with('+') { here.line + line } else { line };
            return Ok(Self::Line(here.file.full.clone(), line));
        }
        if let Some((file, rest)) = text.rsplit_once(':')
            && !file.is_empty()
            && !file.ends_with(':')
        {
            return Ok(match number(rest) {
                Some(line) => Self::Line(file.to_owned(), line),
                None => Self::InFile(file.to_owned(), rest.to_owned()),
            });
        }
        Ok(Self::Function(text.to_owned()))
    }
}

impl Program {
    /// The places that are meant.
    ///
    /// # Errors
    /// Where there is none, in gdb's words.
    pub fn locate(&self, spec: &Spec) -> Result<Vec<Location>> {
        let mut found: Vec<u64> = Vec::new();
        match spec {
            Spec::Address(address) => found.push(*address),
            Spec::Line(file, line) => {
                if !self.line_addresses(file, *line, &mut found) {
                    return Err(Error::says(if self.has_info() {
                        format!("No source file named {file}.")
                    } else {
                        "No symbol table is loaded.  Use the \"file\" command.".to_owned()
                    }));
                }
                if found.is_empty() {
                    return Err(Error::says(format!("No line {line} in file \"{file}\".")));
                }
            }
            Spec::Function(name) => {
                self.function_addresses(name, None, &mut found);
                if found.is_empty() {
                    return Err(Error::says(if self.modules.is_empty() {
                        "No symbol table is loaded.  Use the \"file\" command.".to_owned()
                    } else {
                        format!("Function \"{name}\" not defined.")
                    }));
                }
            }
            Spec::InFile(file, name) => {
                self.function_addresses(name, Some(file), &mut found);
                if found.is_empty() {
                    return Err(Error::says(format!("Function \"{name}\" not defined in \"{file}\".")));
                }
            }
        }
        found.truncate(MOST_LOCATIONS);
        let mut seen = std::collections::HashSet::new();
        found.retain(|address| seen.insert(*address));
        Ok(found.into_iter().map(|address| self.location(address)).collect())
    }

    /// What is at a run-time address.
    pub fn location(&self, address: u64) -> Location {
        let place = self.place_static(address);
        Location {
            address,
            line: self.stretch(&place).map(|(_, line)| line).filter(|line| line.line > 0),
            function: self.function_at(&place, address),
        }
    }

    /// As [`Program::place`], also before the program is started.
    fn place_static(&self, address: u64) -> std::rc::Rc<super::Place> {
        let place = self.place(address);
        if place.module.is_some() || self.modules.len() != 1 || !self.modules[0].ranges.is_empty() {
            return place;
        }
        std::rc::Rc::new(super::Place {
            module: Some(0),
            address,
            row: None,
            scope: std::cell::OnceCell::new(),
        })
    }

    /// The innermost function at a place, inlined ones too.
    pub fn function_at(&self, place: &super::Place, address: u64) -> Option<String> {
        if let (Some(scope), Some(info)) = (self.scope(place), self.info(place)) {
            let inner = scope.blocks.iter().rev().find(|block| block.kind != Kind::Block)?;
            return info.path(inner.at).map(|path| shown_function(&path, info.language(inner.at.unit)));
        }
        self.symbol(address, false).map(|(name, _)| name)
    }

    fn line_addresses(&self, file: &str, line: u32, found: &mut Vec<u64>) -> bool {
        let mut known = false;
        // The line that was asked for wins over a later one of another unit.
        let mut best: Option<u32> = None;
        let mut all: Vec<(u32, Vec<u64>)> = Vec::new();
        for module in &self.modules {
            let Some(info) = module.binary.info() else { continue };
            for unit in 0..info.units().len() {
                let lines = info.lines(unit);
                let is = |number: u32| lines.file(number).is_some_and(|f: &SourceFile| f.is(file));
                known |= lines.files().iter().any(|f| f.is(file));
                let Some((line, starts)) = lines.starts(is, line) else { continue };
                best = Some(best.map_or(line, |best| best.min(line)));
                all.push((line, self.one_per_function(module, unit, starts)));
            }
        }
        found.extend(all.into_iter().filter(|(line, _)| Some(*line) == best).flat_map(|(_, starts)| starts));
        known
    }

    /// Of the places of one line, the first in each function or inlined function; one that is a function's own
    /// beginning goes behind its prologue.
    fn one_per_function(&self, module: &Module, unit: usize, starts: Vec<u64>) -> Vec<u64> {
        let Some(info) = module.binary.info() else { return starts };
        let mut seen: Vec<At> = Vec::new();
        let mut kept = Vec::new();
        for start in starts {
            let scope = info.scope(start);
            let inner = scope.as_ref().and_then(|s| s.blocks.iter().rev().find(|b| b.kind != Kind::Block));
            if let Some(inner) = inner {
                if seen.contains(&inner.at) {
                    continue;
                }
                seen.push(inner.at);
            }
            let function = info.declared(unit).function_at(start).filter(|function| function.low == start);
            let start = function.map_or(start, |f| prologue::end(info, module.binary.image(), f));
            kept.push(start.wrapping_add(module.bias));
        }
        kept
    }

    fn function_addresses(&self, name: &str, file: Option<&str>, found: &mut Vec<u64>) {
        for module in &self.modules {
            self.functions_of(module, name, file, found);
            if found.is_empty() && file.is_none() {
                for symbol in module.binary.symbols().named(name) {
                    if symbol.kind == super::symbols::Kind::Function {
                        let start = symbol.address;
                        let known = module.binary.info().and_then(|info| {
                            let unit = info.unit_of(start)?;
                            let function = info.declared(unit).function_at(start)?;
                            (function.low == start)
                                .then(|| prologue::end(info, module.binary.image(), function))
                        });
                        // Without lines: behind the set-up of the frame.
                        let start = known.unwrap_or_else(|| prologue::bare(module.binary.image(), start));
                        found.push(start.wrapping_add(module.bias));
                    }
                }
            }
            // Libraries often have a function of the same name; the program's own is meant.
            if !found.is_empty() {
                return;
            }
        }
    }

    fn functions_of(&self, module: &Module, name: &str, file: Option<&str>, found: &mut Vec<u64>) {
        let Some(info) = module.binary.info() else { return };
        let is_symbol = file.is_none().then(|| module.binary.symbols().named(name).next()).flatten();
        for unit in 0..info.units().len() {
            // A unit whose code the symbol table places elsewhere need not be read for a plain C name.
            if let Some(symbol) = is_symbol
                && !name.contains("::")
                && info.units()[unit].language == crate::debug::dwarf::Language::C
                && info.units().len() > 64
                && info.unit_of(symbol.address) != Some(unit)
            {
                continue;
            }
            if let Some(file) = file
                && !info.lines(unit).files().iter().any(|f| f.is(file))
            {
                continue;
            }
            let index = info.declared(unit);
            for function in &index.functions {
                let linked = function.linkage.as_deref() == Some(name);
                if linked || matches(&function.path, name) {
                    let start = prologue::end(info, module.binary.image(), function);
                    found.push(start.wrapping_add(module.bias));
                }
            }
            for inlined in &index.inlined {
                if info.path(inlined.origin).is_some_and(|path| matches(&path, name))
                    && let Some(die) = info.die(inlined.at)
                    && let Some(low) = info.entry_address(inlined.at.unit, &die)
                {
                    found.push(low.wrapping_add(module.bias));
                }
            }
        }
    }
}

/// A function's name in backtraces: Rust's without the types that it was made for.
pub fn shown_function(path: &str, language: crate::debug::dwarf::Language) -> String {
    if language == crate::debug::dwarf::Language::Rust {
        without_generics(path).replace("::::", "::")
    } else {
        path.to_owned()
    }
}
