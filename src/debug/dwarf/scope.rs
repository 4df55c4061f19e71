//! What is around an address: the function, the functions inlined into it, the blocks, and their variables.
//!
//! Source: DWARF 5 §3.3, §3.5, §4.1.

use gimli::{AttributeValue, EntriesTreeNode, UnitOffset, constants as dw};

use super::types::Ty;
use super::{At, Die, Info, Slice};
use std::rc::Rc;

/// Blocks that may lie inside each other.
const MOST_DEPTH: usize = 256;
/// Variables of one block that are told.
const MOST_VARIABLES: usize = 4096;

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A function's body.
    Function,
    /// A function that was inlined, and the place of the call.
    Inlined {
        /// Number of the file in the unit's line table.
        file: u32,
        /// Line.
        line: u32,
    },
    /// A block in braces.
    Block,
}

/// A block around an address.
#[derive(Debug, Clone)]
pub struct Block {
    /// Its entry.
    pub at: At,
    /// What it is.
    pub kind: Kind,
    /// Where it is entered.
    pub low: u64,
}

/// The blocks around an address, outermost first.
#[derive(Debug, Clone)]
pub struct Scope {
    /// From the function to the innermost block.
    pub blocks: Vec<Block>,
}

/// Where a variable is.
#[derive(Debug, Clone)]
pub enum Where {
    /// As this expression, or the list of them, says.
    At(AttributeValue<Slice>),
    /// It has this value.
    Constant(AttributeValue<Slice>),
    /// Nowhere.
    Nowhere,
}

/// A variable or an argument.
#[derive(Debug, Clone)]
pub struct Variable {
    /// Its entry.
    pub at: At,
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Ty,
    /// Where it is.
    pub place: Where,
    /// It is an argument.
    pub argument: bool,
    /// The line that declares it; 0 when unknown.
    pub line: u32,
}

impl Info {
    /// The blocks around an address of the file's own address space.
    pub fn scope(&self, address: u64) -> Option<Scope> {
        let unit = self.unit_of(address)?;
        let function = self.declared(unit).function_at(address)?;
        let mut scope = Scope { blocks: Vec::new() };
        scope.blocks.push(Block { at: function.at, kind: Kind::Function, low: function.low });
        let parsed = &self.units()[unit].unit;
        let mut tree = parsed.entries_tree(Some(UnitOffset(function.at.offset))).ok()?;
        self.inside(unit, tree.root().ok()?, address, &mut scope.blocks);
        Some(scope)
    }

    fn inside(
        &self,
        unit: usize,
        node: EntriesTreeNode<'_, '_, Slice>,
        address: u64,
        blocks: &mut Vec<Block>,
    ) -> Option<()> {
        let mut children = node.children();
        while let Some(child) = children.next().ok()? {
            let die = child.entry();
            let kind = match die.tag() {
                dw::DW_TAG_lexical_block => Kind::Block,
                dw::DW_TAG_inlined_subroutine => {
                    let number = |name| {
                        let value = die.attr_value(name).and_then(|value| value.udata_value());
                        value.or_else(|| match die.attr_value(name)? {
                            AttributeValue::FileIndex(number) => Some(number),
                            _ => None,
                        })
                    };
                    let small = |name| u32::try_from(number(name).unwrap_or(0)).unwrap_or(0);
                    Kind::Inlined { file: small(dw::DW_AT_call_file), line: small(dw::DW_AT_call_line) }
                }
                _ => continue,
            };
            let ranges = self.ranges(unit, die);
            if ranges.iter().any(|(low, high)| (*low..*high).contains(&address)) {
                let low = self.entry_address(unit, die).unwrap_or(address);
                blocks.push(Block { at: At { unit, offset: die.offset().0 }, kind, low });
                if blocks.len() < MOST_DEPTH {
                    self.inside(unit, child, address, blocks);
                }
                return Some(());
            }
        }
        Some(())
    }

    /// The variables that a block declares itself, in the order of the source.
    pub fn variables(self: &Rc<Self>, block: At) -> Vec<Variable> {
        let mut found = Vec::new();
        self.collect(block, &mut found);
        found
    }

    fn collect(self: &Rc<Self>, block: At, found: &mut Vec<Variable>) -> Option<()> {
        let parsed = &self.units().get(block.unit)?.unit;
        let mut tree = parsed.entries_tree(Some(UnitOffset(block.offset))).ok()?;
        let mut children = tree.root().ok()?.children();
        while let Some(child) = children.next().ok()? {
            let die = child.entry();
            if matches!(die.tag(), dw::DW_TAG_variable | dw::DW_TAG_formal_parameter)
                && found.len() < MOST_VARIABLES
            {
                found.extend(self.variable(At { unit: block.unit, offset: die.offset().0 }, die));
            }
        }
        Some(())
    }

    /// A variable by its entry.
    pub fn variable(self: &Rc<Self>, at: At, die: &Die) -> Option<Variable> {
        let name = self.name(at, die)?;
        let ty = self.inherited(at, die, dw::DW_AT_type);
        let ty = ty.and_then(|(unit, value)| self.target(unit, &value));
        let ty = ty.map_or(Ty::Void, |target| Ty::There(self.clone(), target));
        let place = match die.attr_value(dw::DW_AT_location) {
            Some(value) => Where::At(value),
            None => match self.inherited(at, die, dw::DW_AT_const_value) {
                Some((_, value)) => Where::Constant(value),
                None => match self.inherited(at, die, dw::DW_AT_location) {
                    Some((_, value)) => Where::At(value),
                    None => Where::Nowhere,
                },
            },
        };
        let line = self.inherited(at, die, dw::DW_AT_decl_line).and_then(|(_, value)| value.udata_value());
        Some(Variable {
            at,
            name,
            ty,
            place,
            argument: die.tag() == dw::DW_TAG_formal_parameter,
            line: line.and_then(|line| u32::try_from(line).ok()).unwrap_or(0),
        })
    }

    /// The expression by which a function finds its frame.
    pub fn frame_base(&self, function: At) -> Option<AttributeValue<Slice>> {
        self.die(function)?.attr_value(dw::DW_AT_frame_base)
    }

    /// The type of what a function returns.
    pub fn returns(self: &Rc<Self>, function: At) -> Option<Ty> {
        let die = self.die(function)?;
        let (unit, value) = self.inherited(function, &die, dw::DW_AT_type)?;
        Some(Ty::There(self.clone(), self.target(unit, &value)?))
    }
}
