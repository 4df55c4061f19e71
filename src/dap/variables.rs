//! Scopes, variables and what they are made of; expressions.

use serde_json::{Value as Json, json};

use super::server::{Answer, Server, number, text};
use crate::debug::dwarf::types::{Shape, Ty};
use crate::debug::error::Error;
use crate::debug::expr::eval;
use crate::debug::names;
use crate::debug::numbers::harmless;
use crate::debug::print;
use crate::debug::registers;
use crate::debug::rust;
use crate::debug::value::{Target, Value};

/// Handles that are kept between two stops; then the oldest are forgotten.
const MOST_HANDLES: usize = 100_000;
/// Children that one request may have.
const MOST_CHILDREN: u64 = 10_000;

/// What a reference of the editor's stands for.
#[derive(Debug, Clone)]
enum Handle {
    Arguments(i64),
    Locals(i64),
    Registers(i64),
    Value(Box<Value>, i64),
}

/// What the editor has been given references for; all end when the program goes on.
#[derive(Debug, Default)]
pub(super) struct Handles {
    frames: Vec<(i32, usize)>,
    list: Vec<Handle>,
}

impl Handles {
    /// The program goes on.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// A reference to a frame.
    pub fn frame(&mut self, tid: i32, level: usize) -> i64 {
        let known = self.frames.iter().position(|frame| *frame == (tid, level));
        let at = known.unwrap_or_else(|| {
            self.frames.push((tid, level));
            self.frames.len() - 1
        });
        at as i64 + 1
    }

    fn add(&mut self, handle: Handle) -> i64 {
        if self.list.len() >= MOST_HANDLES {
            return 0;
        }
        self.list.push(handle);
        self.list.len() as i64
    }

    fn get(&self, reference: i64) -> Option<Handle> {
        self.list.get(usize::try_from(reference).ok()?.checked_sub(1)?).cloned()
    }
}

/// A child of a value: its name, and it or why it cannot be had.
type Child = (String, Result<Value, Error>);

impl Server {
    /// Chooses the frame that a reference stands for.
    fn enter(&mut self, reference: i64) -> Result<(), String> {
        let at = usize::try_from(reference).ok().and_then(|reference| reference.checked_sub(1));
        let frame = at.and_then(|at| self.handles.frames.get(at)).copied();
        let (tid, level) = frame.ok_or("This frame is gone: the program has gone on.")?;
        if tid != self.debugger.tid {
            self.debugger.forget_frames();
        }
        (self.debugger.tid, self.debugger.level) = (tid, level);
        Ok(())
    }

    pub(super) fn scopes(&mut self, arguments: &Json) -> Answer {
        let frame = number(arguments, "frameId").unwrap_or(0);
        self.enter(frame)?;
        let mut scope = |name: &str, hint: &str, handle, expensive| {
            let reference = self.handles.add(handle);
            json!({ "name": name, "presentationHint": hint, "variablesReference": reference, "expensive": expensive })
        };
        let list = [
            scope("Arguments", "arguments", Handle::Arguments(frame), false),
            scope("Locals", "locals", Handle::Locals(frame), false),
            scope("Registers", "registers", Handle::Registers(frame), true),
        ];
        Ok(json!({ "scopes": list }))
    }

    pub(super) fn variables(&mut self, arguments: &Json) -> Answer {
        let reference = number(arguments, "variablesReference").unwrap_or(0);
        let handle = self.handles.get(reference).ok_or("This value is gone: the program has gone on.")?;
        let amount = |name| number(arguments, name).and_then(|n| u64::try_from(n).ok()).unwrap_or(0);
        let (start, count) = (amount("start"), amount("count"));
        let count = if count == 0 { MOST_CHILDREN } else { count.min(MOST_CHILDREN) };
        let (children, frame) = self.children(&handle, start, count)?;
        let list: Vec<Json> =
            children.into_iter().map(|(name, value)| self.variable(&name, value, frame)).collect();
        Ok(json!({ "variables": list }))
    }

    fn children(&mut self, handle: &Handle, start: u64, count: u64) -> Result<(Vec<Child>, i64), String> {
        let all = |list: Vec<(String, Value)>| {
            list.into_iter().skip(start as usize).map(|(name, value)| (name, Ok(value))).collect()
        };
        match handle {
            Handle::Arguments(frame) | Handle::Locals(frame) => {
                self.enter(*frame)?;
                let arguments = matches!(handle, Handle::Arguments(_));
                let list = self.debugger.here().locals(arguments).unwrap_or_default();
                Ok((all(list), *frame))
            }
            Handle::Registers(frame) => {
                self.enter(*frame)?;
                let names = ["rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "rip", "eflags"]
                    .map(str::to_owned);
                let more = (8..16).map(|number| format!("r{number}"));
                let names: Vec<String> =
                    names.into_iter().chain(more).chain(registers::vector_names()).collect();
                let mut view = self.debugger.here();
                let list = names.into_iter().map(|name| (name.clone(), view.dollar(&name))).collect();
                Ok((list, *frame))
            }
            Handle::Value(value, frame) => {
                self.enter(*frame)?;
                let mut view = self.debugger.here();
                Ok((parts(value, start, count, &mut view), *frame))
            }
        }
    }

    /// A variable as the editor is told of it.
    fn variable(&mut self, name: &str, value: Result<Value, Error>, frame: i64) -> Json {
        match value {
            Ok(value) => {
                let mut shown = self.shown(&value, "value", frame);
                shown["name"] = json!(harmless(name));
                shown
            }
            Err(error) => {
                json!({ "name": harmless(name), "value": format!("<{error}>"), "variablesReference": 0 })
            }
        }
    }

    /// A value's text, type and reference; the text under the name that the message has for it.
    fn shown(&mut self, value: &Value, name: &str, frame: i64) -> Json {
        let style = self.debugger.style;
        let mut view = self.debugger.here();
        let text = print::always(value, style, &mut view);
        let (reference, count) = match size(value, &mut view) {
            Size::None => (0, None),
            Size::Named => (self.handles.add(Handle::Value(value.clone().into(), frame)), None),
            Size::Indexed(count) => {
                (self.handles.add(Handle::Value(value.clone().into(), frame)), Some(count))
            }
        };
        let mut shown = json!({ "type": harmless(&names::name(&value.ty)), "variablesReference": reference });
        shown[name] = json!(text);
        if let Some(count) = count {
            shown["indexedVariables"] = json!(count);
        }
        if let Some(address) = value.address() {
            shown["memoryReference"] = json!(format!("{address:#x}"));
        }
        shown
    }

    pub(super) fn evaluate(&mut self, arguments: &Json) -> Answer {
        let frame = number(arguments, "frameId").unwrap_or(0);
        if frame != 0 {
            self.enter(frame)?;
        }
        let expression = text(arguments, "expression").unwrap_or_default();
        let says = |error: Error| error.to_string();
        let expr = self.debugger.parse(expression).map_err(says)?;
        if expr.changes() && text(arguments, "context") == Some("hover") {
            return Err("Looking at a value does not change it.".into());
        }
        let value = self.debugger.eval(&expr).map_err(says)?;
        let style = self.debugger.style;
        print::plain(&value, style, &mut self.debugger.here()).map_err(says)?;
        Ok(self.shown(&value, "result", frame))
    }

    pub(super) fn set_variable(&mut self, arguments: &Json) -> Answer {
        let reference = number(arguments, "variablesReference").unwrap_or(0);
        let handle = self.handles.get(reference).ok_or("This value is gone: the program has gone on.")?;
        let wanted = text(arguments, "name").unwrap_or_default().to_owned();
        let (children, frame) = self.children(&handle, 0, MOST_CHILDREN)?;
        let old = children.into_iter().find(|(name, _)| *name == wanted);
        let old = old.ok_or_else(|| format!("There is no '{}'.", harmless(&wanted)))?.1;
        let says = |error: Error| error.to_string();
        let (old, new) = (old.map_err(says)?, text(arguments, "value").unwrap_or_default());
        let expr = self.debugger.parse(new).map_err(says)?;
        let new = self.debugger.eval(&expr).map_err(says)?;
        eval::store(&old, &new, &mut self.debugger.here()).map_err(says)?;
        self.debugger.forget_frames();
        let mut shown = self.shown(&old, "value", frame);
        if let Some(map) = shown.as_object_mut() {
            map.remove("memoryReference");
        }
        Ok(shown)
    }
}

/// Whether a value has parts.
enum Size {
    None,
    Named,
    Indexed(u64),
}

fn size(value: &Value, view: &mut dyn Target) -> Size {
    use rust::List;
    match rust::contents(value, view) {
        Some((List::Str | List::String, ..)) => return Size::None,
        Some((_, _, length)) => return if length == 0 { Size::None } else { Size::Indexed(length) },
        None => {}
    }
    let ty = value.ty.plain();
    match &ty.shape {
        Shape::Struct(parts) if parts.members.is_empty() && parts.variants.is_none() => Size::None,
        Shape::Struct(_) => Size::Named,
        Shape::Array { counts, .. } => match counts.first().copied().flatten() {
            Some(count) if count > 0 => Size::Indexed(count),
            _ => Size::None,
        },
        Shape::Pointer { target, .. } => {
            let pointee = target.plain();
            let is_null = value.integer(view).is_ok_and(|address| address == 0);
            let none = is_null
                || print::is_text(target)
                || matches!(pointee.shape, Shape::Void | Shape::Function { .. });
            if none { Size::None } else { Size::Named }
        }
        _ => Size::None,
    }
}

/// The parts of a value: members, elements, what it points to.
fn parts(value: &Value, start: u64, count: u64, view: &mut dyn Target) -> Vec<Child> {
    let elements = |list: &Value, length: u64, view: &mut dyn Target| {
        let end = length.min(start.saturating_add(count));
        (start..end).map(|at| (format!("[{at}]"), list.element(at.into(), view))).collect()
    };
    if let Some((_, first, length)) = rust::contents(value, view) {
        return elements(&first, length, view);
    }
    let ty = value.ty.plain();
    match &ty.shape {
        Shape::Array { counts, .. } => elements(value, counts.first().copied().flatten().unwrap_or(0), view),
        Shape::Pointer { target, .. } => {
            // A pointer to a struct shows the struct's members at once.
            match value.deref(view) {
                Ok(pointee) if matches!(target.plain().shape, Shape::Struct(_)) => {
                    parts(&pointee, start, count, view)
                }
                pointee => vec![("*".into(), pointee)],
            }
        }
        Shape::Struct(inner) => {
            if let Ok(Some((_, variant))) = value.variant(inner, view) {
                return parts(&variant, start, count, view);
            }
            let own = |(at, member): (usize, &crate::debug::dwarf::types::Member)| {
                let name = member.name.clone().unwrap_or_else(|| unnamed(at, &member.ty));
                let name = name
                    .strip_prefix("__")
                    .filter(|n| n.bytes().all(|b| b.is_ascii_digit()))
                    .map_or(name.clone(), str::to_owned);
                (name, value.part(member, view))
            };
            inner.members.iter().enumerate().skip(start as usize).take(count as usize).map(own).collect()
        }
        _ => Vec::new(),
    }
}

fn unnamed(at: usize, ty: &Ty) -> String {
    format!("({at}: {})", names::name(ty))
}
