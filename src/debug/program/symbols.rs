//! The names of a file's symbol tables, functions and data, by name and by address.
//!
//! Pure: it takes the bytes of the tables. Source: elf(5).

use std::collections::HashMap;

use crate::stack::image::Image;
use crate::stack::symbols::demangle;

/// Symbols of one file that are kept.
const MOST_SYMBOLS: usize = 8 << 20;

/// What a symbol stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Code.
    Function,
    /// Data.
    Object,
    /// Thread-local data; its address is an offset.
    ThreadLocal,
}

/// A symbol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// As it stands in the file.
    pub name: String,
    /// Address in the file's own address space.
    pub address: u64,
    /// Size; 0 where the file does not say.
    pub size_bytes: u64,
    /// What it is.
    pub kind: Kind,
}

/// All symbols of a file.
#[derive(Debug, Default)]
pub struct Symbols {
    list: Vec<Symbol>,
    names: HashMap<String, Vec<usize>>,
}

impl Symbols {
    /// Reads the tables of a file.
    pub fn read(image: &Image) -> Self {
        let mut list = Vec::new();
        for header in image.sections() {
            // SHT_SYMTAB and SHT_DYNSYM.
            if matches!(header.kind, 2 | 11)
                && let Some(table) = image.contents(header)
                && let Some(names) = image.sections().get(header.link).and_then(|h| image.contents(h))
            {
                for symbol in table.chunks_exact(24) {
                    if list.len() < MOST_SYMBOLS {
                        list.extend(read(symbol, &names));
                    }
                }
            }
        }
        list.sort_by(|a, b| (a.address, &a.name).cmp(&(b.address, &b.name)));
        list.dedup();
        let mut names: HashMap<String, Vec<usize>> = HashMap::new();
        for (number, symbol) in list.iter().enumerate() {
            names.entry(symbol.name.clone()).or_default().push(number);
            // Rust's and C++'s names as their authors wrote them.
            if symbol.name.starts_with("_Z") || symbol.name.starts_with("_R") {
                let plain = demangle(symbol.name.clone());
                let plain = plain.split('(').next().unwrap_or(&plain).to_owned();
                names.entry(plain).or_default().push(number);
            }
        }
        Self { list, names }
    }

    /// Symbols of this name.
    pub fn named(&self, name: &str) -> impl Iterator<Item = &Symbol> {
        self.names.get(name).into_iter().flatten().map(|number| &self.list[*number])
    }

    /// The symbol that an address belongs to and the distance from it. One that says its size ends there; one that
    /// does not holds for `code`.
    pub fn at(&self, address: u64, data_too: bool, code: bool) -> Option<(&Symbol, u64)> {
        let behind = self.list.partition_point(|symbol| symbol.address <= address);
        let wanted =
            |symbol: &&Symbol| symbol.kind == Kind::Function || data_too && symbol.kind == Kind::Object;
        // Functions inside each other are rare, names without size common.
        let found = self.list[..behind].iter().rev().take(64).filter(wanted).find(|symbol| {
            let distance = address - symbol.address;
            distance < symbol.size_bytes || code && symbol.size_bytes == 0 && symbol.kind == Kind::Function
        })?;
        Some((found, address - found.address))
    }
}

fn read(symbol: &[u8], names: &[u8]) -> Option<Symbol> {
    let word = |at: usize| symbol.get(at..)?.first_chunk().map(|w| u32::from_le_bytes(*w));
    let long = |at: usize| symbol.get(at..)?.first_chunk().map(|w| u64::from_le_bytes(*w));
    let kind = match symbol[4] & 0xf {
        1 => Kind::Object,
        // STT_FUNC and STT_GNU_IFUNC.
        2 | 10 => Kind::Function,
        6 => Kind::ThreadLocal,
        // STT_NOTYPE: the labels of assembly.
        0 => Kind::Function,
        _ => return None,
    };
    let section = word(6)? & 0xffff;
    if section == 0 || section == 0xfff1 {
        return None;
    }
    let name = names.get(word(0)? as usize..)?;
    let name = &name[..name.iter().position(|byte| *byte == 0)?];
    if name.is_empty() || name.starts_with(b"$") {
        return None;
    }
    let name = String::from_utf8_lossy(name).into_owned();
    Some(Symbol { name, address: long(8)?, size_bytes: long(16)?, kind })
}
