//! Breakpoints come into being: from what was typed to places, to instructions in memory, to debug registers.

use super::breakpoints::{Kind, Watch};
use super::debugger::{Debugger, is_type};
use super::dwarf::location::Place;
use super::error::{Error, Result};
use super::expr::{Expr, parse};
use super::process::watch::Access;
use super::program::SourceLine;
use super::program::locate::{Location, Spec};
use super::value::Value;

impl Debugger {
    /// The line that the chosen frame is at, or where main begins.
    pub fn current_line(&mut self) -> Option<SourceLine> {
        if let Ok(frame) = self.frame()
            && let Some(line) = frame.line(&self.program)
        {
            return Some(line);
        }
        let main = self.program.locate(&Spec::Function("main".into())).ok()?;
        main.into_iter().find_map(|location| location.line)
    }

    /// What a typed place means; an address is an expression behind `*`.
    ///
    /// # Errors
    /// Where it is no place.
    pub fn spec(&mut self, text: &str) -> Result<Spec> {
        let text = text.trim();
        if let Some(expr) = text.strip_prefix('*') {
            return Ok(Spec::Address(self.number(expr)? as u64));
        }
        if text.is_empty() {
            let pc = self.frame().map_err(|_| Error::says("No default breakpoint address now."))?.pc;
            return Ok(Spec::Address(pc));
        }
        let here = if text.starts_with(|c: char| c.is_ascii_digit() || c == '+') {
            self.current_line()
        } else {
            None
        };
        Spec::parse(text, here.as_ref())
    }

    /// Sets a breakpoint. Where the place is not known it waits for a library that has it, if `pending`.
    ///
    /// # Errors
    /// Where the place is not known, or the condition makes no sense.
    pub fn add_breakpoint(
        &mut self,
        text: &str,
        condition: Option<&str>,
        temporary: bool,
        pending: bool,
    ) -> Result<u32> {
        let spec = self.spec(text)?;
        let locations = match self.program.locate(&spec) {
            Ok(locations) => locations,
            Err(_) if pending => Vec::new(),
            Err(error) => return Err(error),
        };
        let condition = match condition {
            Some(text) => Some((text.to_owned(), self.condition_at(text, locations.first())?)),
            None => None,
        };
        let kind = Kind::Code { text: text.trim().to_owned(), spec, locations };
        let number = self.breakpoints.add(kind, temporary);
        if let Some(breakpoint) = self.breakpoints.get(number) {
            breakpoint.condition = condition;
        }
        if let Err(error) = self.put(number) {
            self.delete(number);
            return Err(error);
        }
        Ok(number)
    }

    /// Parses a condition, whose names must mean something at its place.
    ///
    /// # Errors
    /// For what is no expression, and for names that nothing is called there.
    pub fn condition_at(&mut self, text: &str, location: Option<&Location>) -> Result<Expr> {
        let expr = {
            let view = std::cell::RefCell::new(self.here());
            parse::parse(text, &|name| is_type(&view, name))?
        };
        let mut names = Vec::new();
        collect_names(&expr, &mut names);
        if let Some(location) = location {
            for name in names {
                if !self.is_known_at(&name, location.address) {
                    return Err(Error::NoSymbol(name));
                }
            }
        }
        Ok(expr)
    }

    fn is_known_at(&mut self, name: &str, address: u64) -> bool {
        use super::value::Target;
        let mut place = self.program.place(address);
        if place.module.is_none()
            && let [module] = self.program.modules.as_slice()
            && module.ranges.is_empty()
        {
            // Not started yet: only the file can be asked.
            let Some(info) = module.binary.info().cloned() else { return true };
            if let Some(scope) = info.scope(address)
                && scope.blocks.iter().any(|block| info.variables(block.at).iter().any(|v| v.name == name))
            {
                return true;
            }
        }
        let depth = self.program.scope(&place).map_or(0, |scope| scope.blocks.len());
        if depth == 0 {
            place = self.program.place(0);
        }
        let registers = crate::stack::registers::Registers::unknown(crate::stack::registers::Machine::X86_64);
        let frame = super::frame::Frame {
            registers,
            pc: address,
            place,
            cfa: None,
            depth,
            call: None,
            signal: false,
            newest: true,
            inlined: false,
        };
        self.view(Some(frame)).variable(name).is_ok()
    }

    /// Puts a breakpoint into the process, where there is one.
    ///
    /// # Errors
    /// Where its memory or its debug registers cannot be changed.
    pub fn put(&mut self, number: u32) -> Result<()> {
        let Some(process) = &mut self.process else { return Ok(()) };
        let Some(breakpoint) = self.breakpoints.get(number) else { return Ok(()) };
        for address in breakpoint.addresses() {
            if !breakpoint.put.contains(&address) {
                process
                    .add_site(address)
                    .map_err(|error| Error::says(format!("Cannot insert breakpoint {number}.\n{error}")))?;
                breakpoint.put.push(address);
            }
        }
        if let Kind::Watch(watch) = &mut breakpoint.kind
            && breakpoint.enabled
            && watch.registers.is_empty()
        {
            watch.registers = process.add_watch(watch.address, watch.size_bytes, watch.access)?;
        }
        Ok(())
    }

    /// Takes a breakpoint out of the process.
    pub fn take_out(&mut self, number: u32) {
        let Some(process) = &mut self.process else { return };
        let Some(breakpoint) = self.breakpoints.get(number) else { return };
        for address in std::mem::take(&mut breakpoint.put) {
            process.remove_site(address);
        }
        if let Kind::Watch(watch) = &mut breakpoint.kind {
            process.remove_watch(&std::mem::take(&mut watch.registers));
        }
    }

    /// Deletes a breakpoint; whether there was one.
    pub fn delete(&mut self, number: u32) -> bool {
        self.take_out(number);
        let before = self.breakpoints.list.len();
        self.breakpoints.list.retain(|breakpoint| breakpoint.number != number);
        before != self.breakpoints.list.len()
    }

    /// Makes a breakpoint count or not.
    ///
    /// # Errors
    /// When there is no such breakpoint, or it cannot be put in.
    pub fn enable(&mut self, number: u32, enabled: bool) -> Result<()> {
        let what = "breakpoint";
        let breakpoint =
            self.breakpoints.get(number).ok_or(Error::NoNumber { what, number: number.into() })?;
        if breakpoint.enabled == enabled {
            return Ok(());
        }
        if enabled {
            breakpoint.enabled = true;
            self.put(number)
        } else {
            self.take_out(number);
            if let Some(breakpoint) = self.breakpoints.get(number) {
                breakpoint.enabled = false;
            }
            Ok(())
        }
    }

    /// Finds the places of all breakpoints anew, as files are loaded or moved.
    pub(super) fn resolve_all(&mut self) {
        for at in 0..self.breakpoints.list.len() {
            let number = self.breakpoints.list[at].number;
            let Kind::Code { spec, locations, .. } = &self.breakpoints.list[at].kind else { continue };
            let new = self.program.locate(spec).unwrap_or_default();
            if *locations != new {
                self.take_out(number);
                if let Kind::Code { locations, .. } = &mut self.breakpoints.list[at].kind {
                    *locations = new;
                }
            }
            // One whose library is gone again waits; it is told when it is listed.
            self.put(number).ok();
        }
    }

    /// Watches what an expression stands for.
    ///
    /// # Errors
    /// For what has no place in memory, or needs more debug registers than there are.
    pub fn add_watch(&mut self, text: &str, access: Access, reads_only: bool) -> Result<u32> {
        let (text, condition) = match text.split_once(" if ") {
            Some((text, condition)) => (text.trim(), Some(condition.trim())),
            None => (text.trim(), None),
        };
        if self.process.is_none() {
            return Err(Error::says("Watchpoints need a process: start the program first (\"start\")."));
        }
        let expr = self.parse(text)?;
        let value = self.eval(&expr)?;
        let size_bytes = value.ty.get().size_bytes;
        let Place::Memory(address) = value.place else {
            return Err(Error::says(match value.place {
                Place::Register(_) => "Cannot watch a value that is in a register.",
                _ => "Cannot watch constant value.",
            }));
        };
        let condition = match condition {
            Some(text) => Some((text.to_owned(), self.condition_at(text, None)?)),
            None => None,
        };
        let frame = self.scope_of(&value)?;
        let watch = Watch {
            text: text.to_owned(),
            ty: value.ty.clone(),
            address,
            size_bytes,
            access,
            reads_only,
            old: None,
            frame,
            registers: Vec::new(),
        };
        let number = self.breakpoints.add(Kind::Watch(Box::new(watch)), false);
        if let Some(breakpoint) = self.breakpoints.get(number) {
            breakpoint.condition = condition;
        }
        if let Err(error) = self.put(number) {
            self.delete(number);
            return Err(error);
        }
        let at = self.breakpoints.list.len() - 1;
        let old = self.watch_value(at);
        if let Kind::Watch(watch) = &mut self.breakpoints.list[at].kind {
            watch.old = old;
        }
        Ok(number)
    }

    /// The frame that a value lives in, if it is on the stack of the chosen one: where its caller goes on, and
    /// its address.
    fn scope_of(&mut self, value: &Value) -> Result<Option<(u64, u64)>> {
        let Some(address) = value.address() else { return Ok(None) };
        let frame = self.frame()?;
        let Some(cfa) = frame.cfa else { return Ok(None) };
        let low = frame.registers.sp().wrapping_sub(128);
        if !(low..cfa).contains(&address) {
            return Ok(None);
        }
        let level = self.level;
        let (frames, _) = self.frames(level + 32)?;
        let caller =
            frames[level.min(frames.len())..].iter().find(|f| f.cfa.is_some_and(|other| other > cfa));
        Ok(caller.map(|caller| (caller.pc, cfa)))
    }
}

fn collect_names(expr: &Expr, names: &mut Vec<String>) {
    match expr {
        Expr::Name(name) => names.push(name.clone()),
        Expr::Unary(_, one) | Expr::Field(one, _) | Expr::Cast(_, one) => collect_names(one, names),
        Expr::Binary(_, one, two) | Expr::Index(one, two) | Expr::Assign(_, one, two) => {
            collect_names(one, names);
            collect_names(two, names);
        }
        Expr::Choice(one, two, three) => {
            collect_names(one, names);
            collect_names(two, names);
            collect_names(three, names);
        }
        _ => {}
    }
}
