//! Unwind tables of one file: from an address to the rules that find the caller's registers.
//!
//! It takes bytes of `.eh_frame` (with the search table of `.eh_frame_hdr` where there is one) and of
//! `.debug_frame`, and never reads a process. Sources: DWARF 5 §6.4, LSB 5 §10.6.

use std::sync::Arc;

use gimli::{
    BaseAddresses, CfaRule, CieOrFde, DebugFrame, EhFrame, EndianSlice, LittleEndian, RegisterRule,
    UnwindContext, UnwindExpression, UnwindSection, UnwindTableRow,
};

type Bytes<'a> = EndianSlice<'a, LittleEndian>;

/// Descriptions that one table may hold; the largest programs have a million.
const MOST_DESCRIPTIONS: usize = 4 << 20;

/// The bytes of a section and the address at which its file wants it.
#[derive(Debug, Clone)]
pub struct Section {
    /// Address in the file's own address space.
    pub address: u64,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
}

/// How the canonical frame address is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cfa {
    /// A register and a distance.
    Register(u16, i64),
    /// A DWARF expression.
    Expression(Box<[u8]>),
}

/// How the caller's value of a register is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// It is lost.
    Undefined,
    /// It is the callee's.
    Same,
    /// It is stored at this distance from the CFA.
    At(i64),
    /// It is the CFA and this distance.
    Is(i64),
    /// It is another register's.
    Register(u16),
    /// It is stored where this expression says.
    AtExpression(Box<[u8]>),
    /// It is what this expression says.
    IsExpression(Box<[u8]>),
    /// It is this.
    Constant(u64),
}

/// The rules that hold at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// How the CFA is found.
    pub cfa: Cfa,
    /// Registers with a rule of their own; all others keep their values.
    pub rules: Box<[(u16, Rule)]>,
    /// The register whose caller's value is the return address.
    pub return_register: u16,
    /// The frame was made by the kernel to run a signal handler: its caller was interrupted, not calling.
    pub signal: bool,
    /// Bytes of an address.
    pub word_bytes: u8,
}

impl Row {
    /// The rule of a register.
    pub fn rule(&self, register: u16) -> Option<&Rule> {
        self.rules.iter().find(|(number, _)| *number == register).map(|(_, rule)| rule)
    }
}

/// Address ranges and where their descriptions begin, sorted.
type Index = Vec<(u64, u64, usize)>;

/// The unwind tables of a file.
pub struct Tables {
    eh_frame: Option<Section>,
    header: Option<Section>,
    debug_frame: Option<Section>,
    text: u64,
    word_bytes: u8,
    eh_index: Option<Index>,
    debug_index: Option<Index>,
    context: UnwindContext<usize>,
}

impl Tables {
    /// Tables of a file with these sections; `text` is the address of its code, to which some pointers are
    /// relative.
    pub fn new(
        eh_frame: Option<Section>,
        header: Option<Section>,
        debug_frame: Option<Section>,
        text: u64,
        word_bytes: u8,
    ) -> Self {
        let context = UnwindContext::new();
        Self { eh_frame, header, debug_frame, text, word_bytes, eh_index: None, debug_index: None, context }
    }

    /// The rules at an address of the file's own address space; `None` where the tables say nothing.
    pub fn row(&mut self, address: u64) -> Option<Row> {
        self.row_of_eh_frame(address).or_else(|| self.row_of_debug_frame(address))
    }

    fn row_of_eh_frame(&mut self, address: u64) -> Option<Row> {
        let section = self.eh_frame.as_ref()?;
        let mut frame = EhFrame::new(&section.bytes, LittleEndian);
        frame.set_address_size(self.word_bytes);
        let bases = BaseAddresses::default().set_eh_frame(section.address).set_text(self.text);
        let found = self.header.as_ref().and_then(|header| search(header, address));
        let offset = match found {
            Some(at) => usize::try_from(at.checked_sub(section.address)?).ok()?,
            None => {
                let index = self.eh_index.get_or_insert_with(|| index(&frame, &bases));
                find(index, address)?
            }
        };
        row(&frame, &bases, offset.into(), address, self.word_bytes, &mut self.context)
    }

    fn row_of_debug_frame(&mut self, address: u64) -> Option<Row> {
        let section = self.debug_frame.as_ref()?;
        let mut frame = DebugFrame::new(&section.bytes, LittleEndian);
        frame.set_address_size(self.word_bytes);
        let bases = BaseAddresses::default().set_text(self.text);
        let index = self.debug_index.get_or_insert_with(|| index(&frame, &bases));
        let offset = find(index, address)?;
        row(&frame, &bases, offset.into(), address, self.word_bytes, &mut self.context)
    }
}

/// Looks an address up in the sorted table of `.eh_frame_hdr`, when that has the one form that linkers write:
/// 32-bit offsets from the header. The answer is the address of a description that may hold it.
fn search(header: &Section, address: u64) -> Option<u64> {
    let bytes = &*header.bytes;
    let [1, pointer, 0x03, 0x3b] = *bytes.first_chunk::<4>()? else { return None };
    if pointer & 0x0f != 0x0b && pointer & 0x0f != 0x03 {
        return None;
    }
    let count = u32::from_le_bytes(*bytes.get(8..)?.first_chunk()?) as usize;
    let (rows, _) = bytes.get(12..)?.as_chunks::<8>();
    let rows = rows.get(..count)?;
    let at = |word: &[u8]| -> u64 {
        let offset = word.first_chunk().map_or(0, |word| i32::from_le_bytes(*word));
        header.address.wrapping_add_signed(i64::from(offset))
    };
    let behind = rows.partition_point(|row| at(&row[..4]) <= address);
    Some(at(&rows.get(behind.checked_sub(1)?)?[4..]))
}

fn find(index: &Index, address: u64) -> Option<usize> {
    let behind = index.partition_point(|(start, _, _)| *start <= address);
    let (_, end, offset) = index.get(behind.checked_sub(1)?)?;
    (address < *end).then_some(*offset)
}

/// Reads a whole section once, for files without a search table. What cannot be read ends it.
fn index<'a, S>(section: &S, bases: &BaseAddresses) -> Index
where
    S: UnwindSection<Bytes<'a>>,
{
    let mut index = Index::new();
    let mut entries = section.entries(bases);
    while let Ok(Some(entry)) = entries.next() {
        let CieOrFde::Fde(partial) = entry else { continue };
        let Ok(description) = partial.parse(S::cie_from_offset) else { continue };
        let start = description.initial_address();
        if description.len() > 0 && start > 0 && index.len() < MOST_DESCRIPTIONS {
            index.push((start, start.saturating_add(description.len()), description.offset()));
        }
    }
    index.sort_unstable();
    index
}

fn row<'a, S>(
    section: &S,
    bases: &BaseAddresses,
    offset: S::Offset,
    address: u64,
    word_bytes: u8,
    context: &mut UnwindContext<usize>,
) -> Option<Row>
where
    S: UnwindSection<Bytes<'a>>,
{
    let description = section.fde_from_offset(bases, offset, S::cie_from_offset).ok()?;
    if !description.contains(address) {
        return None;
    }
    let found = description.unwind_info_for_address(section, bases, context, address).ok()?;
    let return_register = description.cie().return_address_register().0;
    let signal = description.is_signal_trampoline();
    owned(section, found, return_register, signal, word_bytes)
}

fn owned<'a, S>(
    section: &S,
    row: &UnwindTableRow<usize>,
    return_register: u16,
    signal: bool,
    word_bytes: u8,
) -> Option<Row>
where
    S: UnwindSection<Bytes<'a>>,
{
    let bytes = |expression: &UnwindExpression<usize>| -> Option<Box<[u8]>> {
        Some(expression.get(section).ok()?.0.slice().into())
    };
    let cfa = match row.cfa() {
        CfaRule::RegisterAndOffset { register, offset } => Cfa::Register(register.0, *offset),
        CfaRule::Expression(expression) => Cfa::Expression(bytes(expression)?),
    };
    let mut rules = Vec::new();
    for (register, rule) in row.registers() {
        let rule = match rule {
            RegisterRule::Undefined | RegisterRule::Architectural => Rule::Undefined,
            RegisterRule::SameValue => Rule::Same,
            RegisterRule::Offset(offset) => Rule::At(*offset),
            RegisterRule::ValOffset(offset) => Rule::Is(*offset),
            RegisterRule::Register(register) => Rule::Register(register.0),
            RegisterRule::Expression(expression) => Rule::AtExpression(bytes(expression)?),
            RegisterRule::ValExpression(expression) => Rule::IsExpression(bytes(expression)?),
            RegisterRule::Constant(value) => Rule::Constant(*value),
        };
        rules.push((register.0, rule));
    }
    Some(Row { cfa, rules: rules.into(), return_register, signal, word_bytes })
}
