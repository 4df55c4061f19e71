//! From an address to the function that holds it, by the symbol tables of its file.
//!
//! The nearest function symbol below an address is taken, however large it says it is, as strace does: a
//! stripped library then answers with its nearest exported function, and the distance shows it. Of several
//! at one address the first in the file wins. Names stay in the file until they are wanted.

use super::image::{Bytes, Header, Image};
use super::registers::Machine;

/// Longest name that is read; C++ has such.
const MOST_NAME: usize = 16 << 10;
/// Longest name that is demangled: beyond, the demanglers' work may explode.
const MOST_DEMANGLED: usize = 4 << 10;

/// A function.
#[derive(Debug, Clone, Copy)]
struct Function {
    address: u64,
    /// Where its name begins in the file.
    name: u64,
}

/// The functions of a file by address.
#[derive(Debug, Default)]
pub struct Symbols {
    functions: Vec<Function>,
}

impl Symbols {
    /// Reads the symbol tables of a file, without names.
    pub fn read(image: &Image) -> Self {
        let mut functions = Vec::new();
        for header in image.sections() {
            // SHT_SYMTAB and SHT_DYNSYM.
            if matches!(header.kind, 2 | 11)
                && let (Some(table), Some(names)) =
                    (image.contents(header), image.sections().get(header.link))
            {
                collect(&table, names, image, &mut functions);
            }
        }
        functions.sort_by_key(|function| function.address);
        functions.dedup_by_key(|function| function.address);
        functions.shrink_to_fit();
        Self { functions }
    }

    /// The name of the function at an address of the file's own address space, as it stands in the file, and
    /// the distance from its beginning.
    pub fn find(&self, address: u64, bytes: &Bytes) -> Option<(String, u64)> {
        let behind = self.functions.partition_point(|function| function.address <= address);
        let function = self.functions.get(behind.checked_sub(1)?)?;
        let name = name(function.name, bytes)?;
        Some((name, address - function.address))
    }
}

fn collect(table: &[u8], names: &Header, image: &Image, functions: &mut Vec<Function>) {
    const STT_FUNC: u8 = 2;
    let size = match image.machine() {
        Machine::X86_64 => 24,
        Machine::I386 => 16,
    };
    for symbol in table.chunks_exact(size) {
        let word =
            |at: usize| symbol.get(at..).and_then(|s| s.first_chunk()).map_or(0, |w| u32::from_le_bytes(*w));
        let long = |at: usize| u64::from(word(at)) | u64::from(word(at + 4)) << 32;
        let half = |at: usize| word(at & !3) >> (8 * (at & 3)) & 0xffff;
        let (address, info, section) = match image.machine() {
            Machine::X86_64 => (long(8), symbol[4], half(6)),
            Machine::I386 => (u64::from(word(4)), symbol[12], half(14)),
        };
        let name = u64::from(word(0));
        if info & 0xf == STT_FUNC && section != 0 && name < names.size_bytes {
            functions.push(Function { address, name: names.offset.saturating_add(name) });
        }
    }
}

fn name(offset: u64, bytes: &Bytes) -> Option<String> {
    let mut name = Vec::new();
    let mut chunk = [0; 256];
    while name.len() < MOST_NAME {
        let count = bytes.read_at(offset.saturating_add(name.len() as u64), &mut chunk);
        let chunk = &chunk[..count];
        match chunk.iter().position(|&byte| byte == 0) {
            Some(end) => {
                name.extend_from_slice(&chunk[..end]);
                break;
            }
            None if count == 0 => return None,
            None => name.extend_from_slice(chunk),
        }
    }
    (!name.is_empty()).then(|| String::from_utf8_lossy(&name).into_owned())
}

/// The name as its author wrote it, for names of Rust and C++; others stay.
pub fn demangle(name: String) -> String {
    if name.len() > MOST_DEMANGLED {
        return name;
    }
    if let Ok(plain) = rustc_demangle::try_demangle(&name) {
        return format!("{plain:#}");
    }
    if !name.starts_with("_Z") {
        return name;
    }
    let plain = cpp_demangle::Symbol::new(&name).ok().and_then(|symbol| symbol.demangle().ok());
    plain.unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_demangled() {
        let plain = |name: &str| demangle(name.to_owned());
        assert_eq!(plain("_ZN4core3fmt5Write9write_fmt17h0123456789abcdefE"), "core::fmt::Write::write_fmt");
        assert_eq!(plain("_ZN3foo3barEi"), "foo::bar(int)");
        assert_eq!(plain("main"), "main");
        assert_eq!(plain("_Zgarbage"), "_Zgarbage");
        let long = format!("_Z{}", "N".repeat(MOST_DEMANGLED));
        assert_eq!(plain(&long), long);
    }
}
