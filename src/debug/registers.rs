//! Registers by name: where the kernel and DWARF keep them, their types, how `info registers` shows them.
//!
//! Sources: System V ABI for x86-64, figure 3.36; Intel SDM volume 1, §13.4 (XSAVE area).

use gimli::constants as dw;

use super::dwarf::Language;
use super::dwarf::location::Place;
use super::dwarf::types::Ty;
use super::error::{Error, Result};
use super::process::Words;
use super::value::Value;
use crate::sys::ptrace;

/// General registers in gdb's order: name, DWARF number, word of `user_regs_struct`.
const GENERAL: &[(&str, u16, usize)] = &[
    ("rax", 0, 10),
    ("rbx", 3, 5),
    ("rcx", 2, 11),
    ("rdx", 1, 12),
    ("rsi", 4, 13),
    ("rdi", 5, 14),
    ("rbp", 6, 4),
    ("rsp", 7, 19),
    ("r8", 8, 9),
    ("r9", 9, 8),
    ("r10", 10, 7),
    ("r11", 11, 6),
    ("r12", 12, 3),
    ("r13", 13, 2),
    ("r14", 14, 1),
    ("r15", 15, 0),
    ("rip", 16, 16),
];

/// Words that are no DWARF registers: name, word.
const OTHERS: &[(&str, usize)] = &[
    ("eflags", 18),
    ("cs", 17),
    ("ss", 20),
    ("ds", 23),
    ("es", 24),
    ("fs", 25),
    ("gs", 26),
    ("fs_base", 21),
    ("gs_base", 22),
    ("orig_rax", 15),
];

/// Bits of eflags by name, lowest first.
const FLAGS: &[(u32, &str)] =
    &[(0, "CF"), (2, "PF"), (4, "AF"), (6, "ZF"), (7, "SF"), (8, "TF"), (9, "IF"), (10, "DF"), (11, "OF")];

/// First DWARF number of xmm0 to xmm15.
const XMM: u16 = 17;
/// First DWARF number of st0 to st7.
const ST: u16 = 33;
/// Where x87 and SSE registers lie in the XSAVE area.
const ST_AT: usize = 32;
const XMM_AT: usize = 160;
/// Where the upper halves of ymm0 to ymm15 lie, in the standard form of the area.
const YMM_AT: usize = 576;

fn numbered(name: &str, prefix: &str, count: u16) -> Option<u16> {
    name.strip_prefix(prefix)?.parse().ok().filter(|number| *number < count)
}

/// The names that a register goes by in expressions.
fn general(name: &str) -> Option<(u16, usize)> {
    let name = match name {
        "pc" => "rip",
        "sp" => "rsp",
        "fp" => "rbp",
        name => name,
    };
    GENERAL.iter().find(|(known, _, _)| *known == name).map(|(_, number, word)| (*number, *word))
}

/// The DWARF number of a register.
pub fn dwarf_number(name: &str) -> Option<u16> {
    general(name)
        .map(|(number, _)| number)
        .or_else(|| numbered(name, "xmm", 16).map(|n| XMM + n))
        .or_else(|| numbered(name, "st", 8).map(|n| ST + n))
}

/// Whether a name is a register's.
pub fn is_register(name: &str) -> bool {
    dwarf_number(name).is_some()
        || OTHERS.iter().any(|(known, _)| *known == name)
        || low_part(name).is_some()
        || numbered(name, "ymm", 16).is_some()
}

/// The lower half of a general register: `eax`, `r8d`.
fn low_part(name: &str) -> Option<(u16, usize)> {
    if let Some(rest) = name.strip_prefix('e') {
        return general(&format!("r{rest}"));
    }
    general(name.strip_suffix('d')?).filter(|_| name.starts_with('r'))
}

/// The type of a register.
pub fn ty(name: &str, language: Language) -> Ty {
    let long = |name: &str, encoding, size| Ty::base(name, encoding, size, language);
    match name {
        "rip" | "pc" => {
            let shape = super::dwarf::types::Shape::Function { result: Ty::Void, arguments: Vec::new() };
            let code = super::dwarf::types::Type {
                name: Some("code".into()),
                size_bytes: 1,
                shape,
                language: Language::C,
            };
            Ty::Here(code.into()).pointer(Language::C)
        }
        "rsp" | "sp" | "rbp" | "fp" => Ty::Void.pointer(Language::C),
        _ if name.starts_with("xmm") => {
            Ty::base("double", dw::DW_ATE_float, 8, Language::C).array(2, Language::C)
        }
        _ if name.starts_with("st") => long("long double", dw::DW_ATE_float, 16),
        _ if language == Language::Rust => long("i64", dw::DW_ATE_signed, 8),
        _ => long("long", dw::DW_ATE_signed, 8),
    }
}

/// The word of a DWARF register.
pub fn word_of(number: u16) -> Option<usize> {
    GENERAL.iter().find(|(_, known, _)| *known == number).map(|(_, _, word)| *word)
}

/// A register of the XSAVE area by DWARF number.
pub fn wide(area: &[u8], number: u16) -> Option<Vec<u8>> {
    let at = match number {
        XMM..33 => XMM_AT + 16 * usize::from(number - XMM),
        ST..41 => ST_AT + 16 * usize::from(number - ST),
        _ => return None,
    };
    area.get(at..at + 16).map(<[u8]>::to_vec)
}

/// Changes a register of the XSAVE area.
///
/// # Errors
/// For one that is not there, and what the kernel says.
pub fn set_wide(tid: i32, number: u16, bytes: &[u8]) -> Result<()> {
    let no = |error: &std::io::Error| Error::kernel("Couldn't write floating point registers", error);
    let mut area = ptrace::xstate(tid).map_err(|error| no(&error))?;
    let at = match number {
        XMM..33 => XMM_AT + 16 * usize::from(number - XMM),
        ST..41 => ST_AT + 16 * usize::from(number - ST),
        _ => return Err(Error::says("Left operand of assignment is not an lvalue.")),
    };
    let count = bytes.len().min(16);
    let Some(slot) = area.get_mut(at..at + count) else {
        return Err(Error::says("The machine has no such register."));
    };
    slot.copy_from_slice(&bytes[..count]);
    // The state's bits: a component that was never used is taken as zero otherwise.
    if let Some(bits) = area.get_mut(512) {
        *bits |= 3;
    }
    ptrace::set_xstate(tid, &area).map_err(|error| no(&error))
}

/// Registers that are words of the kernel's structure only, halves, and ymm.
pub fn special(name: &str, words: &Words, tid: i32, language: Language) -> Option<Value> {
    if let Some((_, word)) = low_part(name) {
        return Some(Value::int(i128::from(words[word] as i32), language));
    }
    if let Some(number) = numbered(name, "ymm", 16) {
        let area = ptrace::xstate(tid).ok()?;
        let mut bytes = wide(&area, XMM + number)?;
        let at = YMM_AT + 16 * usize::from(number);
        bytes.extend(area.get(at..at + 16)?);
        let ty = Ty::base("double", dw::DW_ATE_float, 8, Language::C).array(4, Language::C);
        return Some(Value::new(ty, Place::Bytes(bytes)));
    }
    let (_, word) = OTHERS.iter().find(|(known, _)| *known == name)?;
    let value = i128::from(words[*word]);
    Some(if name.ends_with("_base") || name == "orig_rax" {
        Value::long(value, language)
    } else {
        Value::int(value, language)
    })
}

/// The lines of `info registers`; `get` knows the general ones of the chosen frame.
pub fn table(
    words: &Words,
    get: impl Fn(u16) -> Option<u64>,
    symbol: impl Fn(u64) -> String,
) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    let row = |name: &str, raw: String, natural: String| (name.to_owned(), format!("{raw:<20}{natural}"));
    for (name, number, _) in GENERAL {
        let Some(value) = get(*number) else {
            rows.push(((*name).to_owned(), "<not saved>".to_owned()));
            continue;
        };
        let raw = format!("{value:#x}");
        let natural = match *name {
            "rip" => format!("{raw}{}", symbol(value)),
            "rbp" | "rsp" => raw.clone(),
            _ => (value as i64).to_string(),
        };
        rows.push(row(name, raw, natural));
    }
    for (name, word) in OTHERS.iter().filter(|(name, _)| *name != "orig_rax") {
        let value = words[*word];
        let natural = if *name == "eflags" {
            let set = FLAGS.iter().filter(|(bit, _)| value >> bit & 1 == 1).map(|(_, name)| *name);
            format!("[ {} ]", set.collect::<Vec<_>>().join(" "))
        } else {
            (value as i64).to_string()
        };
        rows.push(row(name, format!("{value:#x}"), natural));
    }
    rows
}

/// Names of the vector registers and of x87's.
pub fn vector_names() -> Vec<String> {
    let st = (0..8).map(|number| format!("st{number}"));
    let xmm = (0..16).map(|number| format!("xmm{number}"));
    let ymm = (0..16).map(|number| format!("ymm{number}"));
    st.chain(xmm).chain(ymm).collect()
}
