//! The debug information of one file: units, and what each of them declares.
//!
//! It takes the bytes of the debug sections and gives plain values; it never reads a process. Everything but the
//! list of units is read when it is first asked for. Sources: DWARF 4 and 5.

pub mod index;
pub mod lines;
pub mod location;
pub mod scope;
pub mod types;

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use gimli::{AttributeValue, EndianArcSlice, LittleEndian, Reader, UnitOffset, constants as dw};

use crate::stack::image::Image;
use index::Index;
use lines::Lines;
use types::Type;

/// A stretch of a debug section.
pub type Slice = EndianArcSlice<LittleEndian>;
/// An entry of the debug information.
pub type Die = gimli::DebuggingInformationEntry<Slice>;

/// Units of one file that are looked at; the largest browsers have fewer.
const MOST_UNITS: usize = 1 << 18;
/// How far an entry may refer to another that refers to another.
const MOST_HOPS: usize = 8;

/// The languages whose types and expressions are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// C, and what is like it.
    C,
    /// C++.
    Cpp,
    /// Rust.
    Rust,
}

/// A unit of compilation.
pub struct Unit {
    /// As the parser has it.
    pub unit: gimli::Unit<Slice>,
    /// Where it begins in `.debug_info`.
    pub start: usize,
    /// What it is written in.
    pub language: Language,
    /// What made it.
    pub producer: String,
    index: OnceCell<Index>,
    lines: OnceCell<Lines>,
}

/// An entry, by its unit's number and its place in the unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct At {
    /// Number of the unit.
    pub unit: usize,
    /// Offset in the unit.
    pub offset: usize,
}

/// The debug information of a file.
pub struct Info {
    dwarf: gimli::Dwarf<Slice>,
    units: Vec<Unit>,
    /// Address ranges of units, sorted.
    ranges: Vec<(u64, u64, usize)>,
    pub(super) types: RefCell<HashMap<At, Rc<Type>>>,
}

impl std::fmt::Debug for Info {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Info({} units)", self.units.len())
    }
}

impl Info {
    /// Reads the headers of a file's debug information; `None` where it has none.
    pub fn read(image: &Image) -> Option<Self> {
        let load = |id: gimli::SectionId| -> Result<_, gimli::Error> {
            let bytes: Arc<[u8]> = match image.section(id.name().as_bytes()) {
                Some(section) => section.bytes,
                None => Arc::new([]),
            };
            Ok(EndianArcSlice::new(bytes, LittleEndian))
        };
        let dwarf = gimli::Dwarf::load(load).ok()?;
        let mut info = Self { dwarf, units: Vec::new(), ranges: Vec::new(), types: RefCell::default() };
        let mut headers = info.dwarf.units();
        while let Ok(Some(header)) = headers.next() {
            if info.units.len() >= MOST_UNITS {
                break;
            }
            let Some(start) = header.debug_info_offset() else { continue };
            let Ok(unit) = info.dwarf.unit(header) else { continue };
            info.add(unit, start.0);
        }
        info.ranges.sort_unstable();
        (!info.units.is_empty()).then_some(info)
    }

    fn add(&mut self, unit: gimli::Unit<Slice>, start: usize) {
        let (mut language, mut producer) = (Language::C, String::new());
        if let Ok(root) = unit.entry(unit.header.root_offset()) {
            language = match root.attr_value(dw::DW_AT_language) {
                Some(AttributeValue::Language(dw::DW_LANG_Rust)) => Language::Rust,
                Some(AttributeValue::Language(
                    dw::DW_LANG_C_plus_plus
                    | dw::DW_LANG_C_plus_plus_03
                    | dw::DW_LANG_C_plus_plus_11
                    | dw::DW_LANG_C_plus_plus_14
                    | dw::DW_LANG_C_plus_plus_17
                    | dw::DW_LANG_C_plus_plus_20,
                )) => Language::Cpp,
                _ => Language::C,
            };
            producer = root
                .attr_value(dw::DW_AT_producer)
                .and_then(|value| self.dwarf.attr_string(&unit, value).ok())
                .map(|text| lossy(&text))
                .unwrap_or_default();
        }
        let number = self.units.len();
        if let Ok(mut ranges) = self.dwarf.unit_ranges(&unit) {
            while let Ok(Some(range)) = ranges.next() {
                if range.begin < range.end && range.begin != 0 {
                    self.ranges.push((range.begin, range.end, number));
                }
            }
        }
        self.units.push(Unit {
            unit,
            start,
            language,
            producer,
            index: OnceCell::new(),
            lines: OnceCell::new(),
        });
    }

    /// The sections.
    pub fn dwarf(&self) -> &gimli::Dwarf<Slice> {
        &self.dwarf
    }

    /// All units.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The unit that holds an address of the file's own address space.
    pub fn unit_of(&self, address: u64) -> Option<usize> {
        let behind = self.ranges.partition_point(|(start, _, _)| *start <= address);
        // Ranges of units do not overlap but where a linker has folded functions.
        let before = self.ranges[..behind].iter().rev().take(4);
        before.into_iter().find(|(_, end, _)| address < *end).map(|(_, _, unit)| *unit)
    }

    /// What a unit declares.
    pub fn declared(&self, unit: usize) -> &Index {
        self.units[unit].index.get_or_init(|| Index::read(self, unit))
    }

    /// The line table of a unit.
    pub fn lines(&self, unit: usize) -> &Lines {
        self.units[unit].lines.get_or_init(|| Lines::read(&self.dwarf, &self.units[unit].unit))
    }

    /// An entry.
    pub fn die(&self, at: At) -> Option<Die> {
        self.units.get(at.unit)?.unit.entry(UnitOffset(at.offset)).ok()
    }

    /// The entry that an attribute of an entry of `unit` refers to.
    pub fn target(&self, unit: usize, value: &AttributeValue<Slice>) -> Option<At> {
        match value {
            AttributeValue::UnitRef(UnitOffset(offset)) => Some(At { unit, offset: *offset }),
            AttributeValue::DebugInfoRef(offset) => {
                let behind = self.units.partition_point(|unit| unit.start <= offset.0);
                let unit = behind.checked_sub(1)?;
                Some(At { unit, offset: offset.0 - self.units[unit].start })
            }
            _ => None,
        }
    }

    /// An attribute of an entry as text.
    pub fn text(&self, unit: usize, die: &Die, name: gimli::DwAt) -> Option<String> {
        let value = die.attr_value(name)?;
        let text = self.dwarf.attr_string(&self.units[unit].unit, value).ok()?;
        Some(lossy(&text))
    }

    /// An attribute, of an entry or of the one that it completes; with the unit where it was found.
    pub fn inherited(&self, at: At, die: &Die, name: gimli::DwAt) -> Option<(usize, AttributeValue<Slice>)> {
        let (mut at, mut die) = (at, die.clone());
        for _ in 0..MOST_HOPS {
            if let Some(value) = die.attr_value(name) {
                return Some((at.unit, value));
            }
            at = self.origin(at.unit, &die)?;
            die = self.die(at)?;
        }
        None
    }

    /// The entry that an entry completes: its declaration, or what was inlined.
    pub fn origin(&self, unit: usize, die: &Die) -> Option<At> {
        let value =
            die.attr_value(dw::DW_AT_abstract_origin).or_else(|| die.attr_value(dw::DW_AT_specification))?;
        self.target(unit, &value)
    }

    /// The name of an entry, or of the one that it completes.
    pub fn name(&self, at: At, die: &Die) -> Option<String> {
        let (unit, value) = self.inherited(at, die, dw::DW_AT_name)?;
        Some(lossy(&self.dwarf.attr_string(&self.units[unit].unit, value).ok()?))
    }

    /// The name of an entry with the namespaces around it.
    pub fn path(&self, at: At) -> Option<String> {
        let mut at = at;
        for _ in 0..MOST_HOPS {
            if let Some(path) = self.declared(at.unit).paths.get(&at.offset) {
                return Some(path.clone());
            }
            let die = self.die(at)?;
            match self.origin(at.unit, &die) {
                Some(origin) => at = origin,
                None => return self.name(at, &die),
            }
        }
        None
    }

    /// The address ranges of an entry.
    pub fn ranges(&self, unit: usize, die: &Die) -> Vec<(u64, u64)> {
        let mut found = Vec::new();
        if let Ok(mut ranges) = self.dwarf.die_ranges(&self.units[unit].unit, die) {
            while let Ok(Some(range)) = ranges.next() {
                if range.begin < range.end && range.begin != 0 {
                    found.push((range.begin, range.end));
                }
            }
        }
        found
    }

    /// The address at which an entry is entered.
    pub fn entry_address(&self, unit: usize, die: &Die) -> Option<u64> {
        let ranges = self.ranges(unit, die);
        let lowest = ranges.first().map(|(start, _)| *start);
        match die.attr_value(dw::DW_AT_entry_pc) {
            Some(AttributeValue::Udata(distance)) => lowest.map(|low| low.wrapping_add(distance)),
            Some(value) => self.dwarf.attr_address(&self.units[unit].unit, value).ok().flatten().or(lowest),
            None => lowest,
        }
    }

    /// The language of a unit.
    pub fn language(&self, unit: usize) -> Language {
        self.units[unit].language
    }
}

/// Bytes as text; what is no UTF-8 is replaced.
pub fn lossy(text: &Slice) -> String {
    text.to_string_lossy().map(|text| text.into_owned()).unwrap_or_default()
}
