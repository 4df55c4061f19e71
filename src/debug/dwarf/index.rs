//! What one unit declares, by name: functions, global variables, types; from one pass over its entries.
//!
//! It holds names and places only. Source: DWARF 5 §3.

use std::collections::HashMap;

use gimli::{AttributeValue, UnitOffset, constants as dw};

use super::{At, Die, Info};

/// Entries that may lie inside each other.
const MOST_DEPTH: isize = 1_000;

/// A function that has code.
#[derive(Debug, Clone)]
pub struct Function {
    /// Its entry.
    pub at: At,
    /// Its name with the namespaces around it.
    pub path: String,
    /// The linker's name.
    pub linkage: Option<String>,
    /// Address of its first instruction.
    pub low: u64,
    /// Its ranges, in the order of the file.
    pub ranges: Vec<(u64, u64)>,
}

/// A variable with a fixed place.
#[derive(Debug, Clone)]
pub struct Global {
    /// Its entry.
    pub at: At,
    /// Its name with the namespaces around it.
    pub path: String,
}

/// A function that was inlined somewhere.
#[derive(Debug, Clone, Copy)]
pub struct Inlined {
    /// The entry of the place.
    pub at: At,
    /// The function's own entry.
    pub origin: At,
}

/// What a unit declares.
#[derive(Debug, Default)]
pub struct Index {
    /// Functions with code.
    pub functions: Vec<Function>,
    /// Ranges of functions, sorted, with the function's number.
    pub addresses: Vec<(u64, u64, usize)>,
    /// Places where functions were inlined.
    pub inlined: Vec<Inlined>,
    /// Global variables, those of functions among them.
    pub globals: Vec<Global>,
    /// Types with a name.
    pub types: HashMap<String, At>,
    /// Names with namespaces, of what lies in some.
    pub paths: HashMap<usize, String>,
}

impl Index {
    pub(super) fn read(info: &Info, unit: usize) -> Self {
        let mut index = Self::default();
        index.scan(info, unit);
        for (number, function) in index.functions.iter().enumerate() {
            index.addresses.extend(function.ranges.iter().map(|(low, high)| (*low, *high, number)));
        }
        index.addresses.sort_unstable();
        index
    }

    /// The number of the function that holds an address.
    pub fn function_at(&self, address: u64) -> Option<&Function> {
        let behind = self.addresses.partition_point(|(low, _, _)| *low <= address);
        let (_, high, number) = self.addresses.get(behind.checked_sub(1)?)?;
        (address < *high).then(|| &self.functions[*number])
    }

    fn scan(&mut self, info: &Info, unit: usize) -> Option<()> {
        let parsed = &info.units()[unit].unit;
        let mut entries = parsed.entries_raw(None).ok()?;
        let mut die = Die::null();
        // The names of the entries around, by depth.
        let mut around: Vec<(isize, String, bool)> = Vec::new();
        // Functions whose name and namespaces stand in another entry.
        let mut completed: Vec<(usize, At)> = Vec::new();
        while !entries.is_empty() {
            if !entries.read_entry(&mut die).ok()? || die.depth() > MOST_DEPTH {
                continue;
            }
            while around.last().is_some_and(|(depth, _, _)| *depth >= die.depth()) {
                around.pop();
            }
            let at = At { unit, offset: die.offset().0 };
            let in_function = around.last().is_some_and(|(_, _, function)| *function);
            let prefix = around.last().map_or("", |(_, path, _)| path.as_str());
            let path = |name: &str| {
                if prefix.is_empty() { name.to_owned() } else { format!("{prefix}::{name}") }
            };
            match die.tag() {
                dw::DW_TAG_namespace => {
                    let name = info.text(unit, &die, dw::DW_AT_name);
                    let path = path(name.as_deref().unwrap_or("(anonymous namespace)"));
                    around.push((die.depth(), path, in_function));
                }
                dw::DW_TAG_subprogram => {
                    let own = info.text(unit, &die, dw::DW_AT_name).map(|name| path(&name));
                    if let Some(own) = &own
                        && !prefix.is_empty()
                    {
                        self.paths.insert(at.offset, own.clone());
                    }
                    self.function(info, at, &die, own.clone(), &mut completed);
                    around.push((die.depth(), own.unwrap_or_default(), true));
                }
                dw::DW_TAG_inlined_subroutine => {
                    if let Some(origin) = info.origin(unit, &die) {
                        self.inlined.push(Inlined { at, origin });
                    }
                }
                dw::DW_TAG_variable => self.variable(info, at, &die, in_function, path),
                dw::DW_TAG_structure_type
                | dw::DW_TAG_class_type
                | dw::DW_TAG_union_type
                | dw::DW_TAG_enumeration_type
                | dw::DW_TAG_typedef
                | dw::DW_TAG_base_type => {
                    let Some(name) = info.text(unit, &die, dw::DW_AT_name) else { continue };
                    let nested = path(&name);
                    if !prefix.is_empty() {
                        self.paths.insert(at.offset, nested.clone());
                    }
                    let declared = die.has_attr(dw::DW_AT_declaration);
                    if !declared {
                        self.types.entry(type_key(die.tag(), &nested)).or_insert(at);
                    }
                    if die.has_children() {
                        around.push((die.depth(), nested, in_function));
                    }
                }
                _ => {}
            }
        }
        for (number, origin) in completed {
            let path = self.paths.get(&origin.offset).filter(|_| origin.unit == unit).cloned();
            let path = path.or_else(|| info.name(origin, &info.die(origin)?));
            self.functions[number].path = path.unwrap_or_else(|| "??".to_owned());
        }
        Some(())
    }

    fn function(
        &mut self,
        info: &Info,
        at: At,
        die: &Die,
        own: Option<String>,
        completed: &mut Vec<(usize, At)>,
    ) {
        let ranges = info.ranges(at.unit, die);
        let Some(low) = info.entry_address(at.unit, die) else { return };
        let linkage = info.inherited(at, die, dw::DW_AT_linkage_name).and_then(|(unit, value)| {
            let text = info.dwarf().attr_string(&info.units()[unit].unit, value).ok()?;
            Some(super::lossy(&text))
        });
        if own.is_none()
            && let Some(origin) = info.origin(at.unit, die)
        {
            completed.push((self.functions.len(), origin));
        }
        let path = own.unwrap_or_default();
        self.functions.push(Function { at, path, linkage, low, ranges });
    }

    fn variable(&mut self, info: &Info, at: At, die: &Die, in_function: bool, path: impl Fn(&str) -> String) {
        let fixed = match die.attr_value(dw::DW_AT_location) {
            // DW_OP_addr, DW_OP_addrx, and the forms of thread-local storage, which begin with a constant.
            Some(AttributeValue::Exprloc(code)) => {
                matches!(code.0.bytes().first(), Some(0x03 | 0xa1 | 0x0e | 0x0c))
            }
            _ => die.has_attr(dw::DW_AT_const_value) && !in_function,
        };
        if !fixed {
            return;
        }
        let own = info.text(at.unit, die, dw::DW_AT_name);
        let name = own.as_deref().map(path).or_else(|| {
            let origin = info.origin(at.unit, die)?;
            self.paths.get(&origin.offset).cloned().or_else(|| info.name(origin, &info.die(origin)?))
        });
        if let Some(path) = name {
            self.globals.push(Global { at, path });
        }
    }
}

/// How a type is looked up: C keeps tags and other names apart.
fn type_key(tag: gimli::DwTag, path: &str) -> String {
    match tag {
        dw::DW_TAG_structure_type | dw::DW_TAG_class_type => format!("struct {path}"),
        dw::DW_TAG_union_type => format!("union {path}"),
        dw::DW_TAG_enumeration_type => format!("enum {path}"),
        _ => path.to_owned(),
    }
}

/// The offset of an entry in its unit.
pub const fn offset(at: At) -> UnitOffset {
    UnitOffset(at.offset)
}

/// Whether the name that somebody typed means the function `path`: all of it or its last parts, with or without the
/// types that a generic one was made for.
pub fn matches(path: &str, typed: &str) -> bool {
    if path == typed {
        return true;
    }
    let plain = without_generics(path);
    let plain = plain.as_str();
    let ends = |path: &str| {
        path.strip_suffix(typed).is_some_and(|before| before.is_empty() || before.ends_with("::"))
    };
    ends(plain) || ends(path)
}

/// A path without the parts in angle brackets.
pub fn without_generics(path: &str) -> String {
    let mut plain = String::with_capacity(path.len());
    let mut depth = 0u32;
    for c in path.chars() {
        match c {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_meant_by_their_last_parts() {
        for (path, typed, wanted) in [
            ("main", "main", true),
            ("prog::main", "main", true),
            ("prog::main", "prog::main", true),
            ("prog::domain", "main", false),
            ("prog::id<i32>", "id", true),
            ("prog::id<i32>", "id<i32>", true),
            ("prog::id<i32>", "id<u8>", false),
            ("prog::id<alloc::string::String>", "String", false),
        ] {
            assert_eq!(matches(path, typed), wanted, "{path} {typed}");
        }
    }
}
