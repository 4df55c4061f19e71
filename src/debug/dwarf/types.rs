//! Types as the debug information describes them, read when they are looked into.
//!
//! A [`Ty`] may lead round in circles, as types do; each step reads one entry. Source: DWARF 5 §5.

use std::rc::Rc;

use gimli::{AttributeValue, DwAte, UnitOffset, constants as dw};

use super::{At, Die, Info, Language};

/// Members, values or dimensions of one type that are read.
const MOST_PARTS: usize = 1 << 16;
/// Aliases of aliases that are followed.
const MOST_ALIASES: usize = 64;

/// A type, or where it is described.
#[derive(Debug, Clone)]
pub enum Ty {
    /// None: what a C `void *` points to.
    Void,
    /// Made by an expression.
    Here(Rc<Type>),
    /// Described in a file.
    There(Rc<Info>, At),
}

/// A type that was read.
#[derive(Debug)]
pub struct Type {
    /// Its name with the namespaces around it.
    pub name: Option<String>,
    /// Size in bytes.
    pub size_bytes: u64,
    /// What it is.
    pub shape: Shape,
    /// Whose it is.
    pub language: Language,
}

/// What a type is.
#[derive(Debug)]
pub enum Shape {
    /// No value.
    Void,
    /// A number, a character, a truth.
    Base(DwAte),
    /// A pointer or a reference.
    Pointer {
        /// What it points to.
        target: Ty,
        /// It is a C++ reference.
        reference: bool,
    },
    /// A struct or a union.
    Struct(Struct),
    /// An array; a dimension without a count is not known.
    Array {
        /// Type of an element.
        element: Ty,
        /// Elements by dimension.
        counts: Vec<Option<u64>>,
    },
    /// Names for numbers.
    Enum(Vec<(String, i128)>),
    /// Another name, or a qualifier (`const`, `volatile`) before the type.
    Alias {
        /// The type.
        target: Ty,
        /// The qualifier; empty for another name.
        qualifier: &'static str,
    },
    /// Code.
    Function {
        /// Of what it returns.
        result: Ty,
        /// Of its arguments.
        arguments: Vec<Ty>,
    },
}

/// A struct or a union.
#[derive(Debug, Default)]
pub struct Struct {
    /// C's word for it: struct, union or class.
    pub word: &'static str,
    /// Its members in order.
    pub members: Vec<Member>,
    /// The variants of a Rust enum.
    pub variants: Option<Variants>,
    /// The types that a generic one was made for, by name.
    pub parameters: Vec<(String, Ty)>,
}

/// A member of a struct.
#[derive(Debug)]
pub struct Member {
    /// Its name; none for an unnamed struct inside and for a base class.
    pub name: Option<String>,
    /// Its type.
    pub ty: Ty,
    /// Bytes before it.
    pub offset: u64,
    /// A bit-field: first bit, counted from the member's offset, and number of bits.
    pub bits: Option<(u32, u32)>,
    /// It is a base class.
    pub base: bool,
}

/// Ranges of tags.
pub type Tags = Vec<(u128, u128)>;

/// The variants of a Rust enum.
#[derive(Debug)]
pub struct Variants {
    /// What tells them apart; none where there is but one.
    pub tag: Option<Member>,
    /// Each with its ranges of tags; none for the one that all other tags mean.
    pub list: Vec<(Option<Tags>, Member)>,
}

impl Ty {
    /// The type itself.
    pub fn get(&self) -> Rc<Type> {
        match self {
            Self::Void => void(),
            Self::Here(ty) => ty.clone(),
            Self::There(info, at) => info.ty(*at),
        }
    }

    /// The type without aliases and qualifiers.
    pub fn plain(&self) -> Rc<Type> {
        let mut ty = self.get();
        for _ in 0..MOST_ALIASES {
            match &ty.shape {
                Shape::Alias { target, .. } => ty = target.get(),
                _ => return ty,
            }
        }
        void()
    }

    /// A pointer to this.
    pub fn pointer(&self, language: Language) -> Self {
        let shape = Shape::Pointer { target: self.clone(), reference: false };
        Self::Here(Rc::new(Type { name: None, size_bytes: 8, shape, language }))
    }

    /// An array of this.
    pub fn array(&self, count: u64, language: Language) -> Self {
        let size_bytes = self.get().size_bytes.saturating_mul(count);
        let shape = Shape::Array { element: self.clone(), counts: vec![Some(count)] };
        Self::Here(Rc::new(Type { name: None, size_bytes, shape, language }))
    }

    /// A number, as an expression makes it.
    pub fn base(name: &str, encoding: DwAte, size_bytes: u64, language: Language) -> Self {
        let shape = Shape::Base(encoding);
        Self::Here(Rc::new(Type { name: Some(name.to_owned()), size_bytes, shape, language }))
    }
}

fn void() -> Rc<Type> {
    Rc::new(Type { name: Some("void".into()), size_bytes: 1, shape: Shape::Void, language: Language::C })
}

impl Info {
    /// The type that an entry describes.
    pub fn ty(self: &Rc<Self>, at: At) -> Rc<Type> {
        if let Some(known) = self.types.borrow().get(&at) {
            return known.clone();
        }
        // A damaged type may be an array of itself: while it is read it is nothing.
        self.types.borrow_mut().insert(at, void());
        let ty = self.read_type(at).map_or_else(void, Rc::new);
        self.types.borrow_mut().insert(at, ty.clone());
        ty
    }

    fn reference(self: &Rc<Self>, unit: usize, die: &Die, name: gimli::DwAt) -> Ty {
        let target = die.attr_value(name).and_then(|value| self.target(unit, &value));
        target.map_or(Ty::Void, |at| Ty::There(self.clone(), at))
    }

    fn read_type(self: &Rc<Self>, at: At) -> Option<Type> {
        let mut at = at;
        let mut die = self.die(at)?;
        // A declaration: another unit may have the type itself.
        if die.has_attr(dw::DW_AT_declaration)
            && let Some(whole) = self.complete(at, &die)
        {
            at = whole;
            die = self.die(at)?;
        }
        let unit = at.unit;
        let language = self.language(unit);
        let name = self.path(at).filter(|name| !name.is_empty());
        let number = |name| die.attr_value(name).and_then(|value| value.udata_value());
        let mut size_bytes = number(dw::DW_AT_byte_size);
        let target = || self.reference(unit, &die, dw::DW_AT_type);
        let alias = |qualifier| Shape::Alias { target: target(), qualifier };
        let shape = match die.tag() {
            dw::DW_TAG_base_type => match die.attr_value(dw::DW_AT_encoding) {
                Some(AttributeValue::Encoding(encoding)) => Shape::Base(encoding),
                _ => Shape::Base(dw::DW_ATE_unsigned),
            },
            dw::DW_TAG_pointer_type => Shape::Pointer { target: target(), reference: false },
            dw::DW_TAG_reference_type | dw::DW_TAG_rvalue_reference_type => {
                Shape::Pointer { target: target(), reference: true }
            }
            dw::DW_TAG_structure_type => Shape::Struct(self.members(at, "struct")),
            dw::DW_TAG_class_type => Shape::Struct(self.members(at, "class")),
            dw::DW_TAG_union_type => Shape::Struct(self.members(at, "union")),
            dw::DW_TAG_array_type => Shape::Array { element: target(), counts: self.counts(at) },
            dw::DW_TAG_enumeration_type => Shape::Enum(self.enumerators(at)),
            dw::DW_TAG_typedef => alias(""),
            dw::DW_TAG_const_type => alias("const"),
            dw::DW_TAG_volatile_type => alias("volatile"),
            dw::DW_TAG_restrict_type => alias("restrict"),
            dw::DW_TAG_atomic_type => alias("_Atomic"),
            dw::DW_TAG_subroutine_type | dw::DW_TAG_subprogram => {
                let arguments = self.arguments(at);
                Shape::Function { result: target(), arguments }
            }
            _ => Shape::Void,
        };
        let size_bytes = match (&shape, size_bytes.take()) {
            (_, Some(size)) => size,
            (Shape::Pointer { .. }, None) => 8,
            (Shape::Alias { target, .. }, None) => target.get().size_bytes,
            (Shape::Array { element, counts }, None) => {
                let count = counts.iter().fold(1u64, |all, n| all.saturating_mul(n.unwrap_or(0)));
                element.get().size_bytes.saturating_mul(count)
            }
            _ => 1,
        };
        let name = match shape {
            Shape::Alias { qualifier, .. } if !qualifier.is_empty() => None,
            Shape::Base(_) if language != Language::Rust => name.map(|name| short_name(&name)),
            // A function's own name is no name of its type.
            Shape::Function { .. } => None,
            _ => name,
        };
        Some(Type { name, size_bytes, shape, language })
    }

    /// The type that a declaration stands for, in its unit or another.
    fn complete(&self, at: At, die: &Die) -> Option<At> {
        let path = self.path(at)?;
        let word = match die.tag() {
            dw::DW_TAG_union_type => "union",
            dw::DW_TAG_enumeration_type => "enum",
            _ => "struct",
        };
        let key = format!("{word} {path}");
        let here = self.declared(at.unit).types.get(&key);
        let found = here.or_else(|| (0..self.units().len()).find_map(|u| self.declared(u).types.get(&key)));
        found.copied().filter(|found| *found != at)
    }

    fn each_child(&self, at: At, mut what: impl FnMut(At, &Die)) -> Option<()> {
        let parsed = &self.units().get(at.unit)?.unit;
        let mut tree = parsed.entries_tree(Some(UnitOffset(at.offset))).ok()?;
        let mut children = tree.root().ok()?.children();
        let mut count = 0;
        while let Some(child) = children.next().ok()? {
            count += 1;
            if count > MOST_PARTS {
                break;
            }
            let die = child.entry();
            what(At { unit: at.unit, offset: die.offset().0 }, die);
        }
        Some(())
    }

    fn members(self: &Rc<Self>, at: At, word: &'static str) -> Struct {
        let mut found = Struct { word, ..Struct::default() };
        self.each_child(at, |child, die| match die.tag() {
            // Static members are globals.
            dw::DW_TAG_member | dw::DW_TAG_inheritance
                if !die.has_attr(dw::DW_AT_external) && !die.has_attr(dw::DW_AT_declaration) =>
            {
                found.members.push(self.member(child, die));
            }
            dw::DW_TAG_variant_part => found.variants = Some(self.variants(child, die)),
            dw::DW_TAG_template_type_parameter => {
                let name = self.text(at.unit, die, dw::DW_AT_name).unwrap_or_default();
                found.parameters.push((name, self.reference(at.unit, die, dw::DW_AT_type)));
            }
            _ => {}
        });
        found
    }

    fn member(self: &Rc<Self>, at: At, die: &Die) -> Member {
        let number = |name| die.attr_value(name).and_then(|value| value.udata_value());
        let small = |value: u64| u32::try_from(value).unwrap_or(0);
        let ty = self.reference(at.unit, die, dw::DW_AT_type);
        let mut offset = number(dw::DW_AT_data_member_location).unwrap_or(0);
        let bits = number(dw::DW_AT_bit_size).map(|size| {
            let unit_bits = ty.get().size_bytes.saturating_mul(8);
            let first = match (number(dw::DW_AT_data_bit_offset), number(dw::DW_AT_bit_offset)) {
                (Some(first), _) => {
                    // Counted from the struct: whole units of the type go to the offset.
                    let whole = first / unit_bits.max(1) * unit_bits;
                    offset = offset.saturating_add(whole / 8);
                    first - whole
                }
                // DWARF 3 counts from the most significant bit.
                (None, Some(above)) => {
                    let storage =
                        number(dw::DW_AT_byte_size).map_or(unit_bits, |bytes| bytes.saturating_mul(8));
                    storage.saturating_sub(above.saturating_add(size))
                }
                (None, None) => 0,
            };
            (small(first), small(size))
        });
        let base = die.tag() == dw::DW_TAG_inheritance;
        Member { name: self.text(at.unit, die, dw::DW_AT_name), ty, offset, bits, base }
    }

    fn variants(self: &Rc<Self>, at: At, die: &Die) -> Variants {
        let tag = die.attr_value(dw::DW_AT_discr).and_then(|value| self.target(at.unit, &value));
        let tag = tag.and_then(|tag| Some(self.member(tag, &self.die(tag)?)));
        let mut found = Variants { tag, list: Vec::new() };
        self.each_child(at, |child, die| {
            if die.tag() != dw::DW_TAG_variant {
                return;
            }
            let wide = |value: AttributeValue<super::Slice>| match value {
                AttributeValue::Data16(value) => Some(value),
                AttributeValue::Sdata(value) => Some(i128::from(value) as u128),
                AttributeValue::Block(bytes) => {
                    let mut wide = [0; 16];
                    let count = bytes.bytes().len().min(16);
                    wide[..count].copy_from_slice(&bytes.bytes()[..count]);
                    Some(u128::from_le_bytes(wide))
                }
                value => value.udata_value().map(u128::from),
            };
            let one = die.attr_value(dw::DW_AT_discr_value).and_then(wide).map(|tag| vec![(tag, tag)]);
            let list = die.attr_value(dw::DW_AT_discr_list).and_then(|value| match value {
                AttributeValue::Block(bytes) => Some(tags(bytes.bytes())),
                _ => None,
            });
            let mut member = None;
            self.each_child(child, |part, die| {
                if die.tag() == dw::DW_TAG_member && member.is_none() {
                    member = Some(self.member(part, die));
                }
            });
            if let Some(member) = member {
                found.list.push((one.or(list), member));
            }
        });
        found
    }

    fn counts(&self, at: At) -> Vec<Option<u64>> {
        let mut counts = Vec::new();
        self.each_child(at, |_, die| {
            if die.tag() == dw::DW_TAG_subrange_type {
                let number = |name| die.attr_value(name).and_then(|value| value.udata_value());
                let above = match die.attr_value(dw::DW_AT_upper_bound) {
                    Some(AttributeValue::Sdata(-1)) => Some(0),
                    _ => number(dw::DW_AT_upper_bound).map(|last| last.wrapping_add(1)),
                };
                counts.push(number(dw::DW_AT_count).or(above));
            }
        });
        counts
    }

    fn enumerators(&self, at: At) -> Vec<(String, i128)> {
        let mut values = Vec::new();
        self.each_child(at, |_, die| {
            if die.tag() == dw::DW_TAG_enumerator
                && let Some(name) = self.text(at.unit, die, dw::DW_AT_name)
            {
                let value = match die.attr_value(dw::DW_AT_const_value) {
                    Some(AttributeValue::Sdata(value)) => i128::from(value),
                    Some(value) => value.udata_value().map_or(0, i128::from),
                    None => 0,
                };
                values.push((name, value));
            }
        });
        values
    }

    fn arguments(self: &Rc<Self>, at: At) -> Vec<Ty> {
        let mut types = Vec::new();
        self.each_child(at, |_, die| {
            if die.tag() == dw::DW_TAG_formal_parameter {
                types.push(self.reference(at.unit, die, dw::DW_AT_type));
            }
        });
        types
    }
}

/// A list of tags: 0 and a tag, or 1 and a range, in ULEB128. Source: DWARF 5 §5.7.10.
fn tags(bytes: &[u8]) -> Tags {
    let mut at = 0;
    let mut number = || {
        let mut value = 0u128;
        for shift in (0..126).step_by(7) {
            let byte = *bytes.get(at)?;
            at += 1;
            value |= u128::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    };
    let mut found = Vec::new();
    while let Some(kind) = number() {
        match (kind, number()) {
            (0, Some(tag)) => found.push((tag, tag)),
            (1, Some(low)) => match number() {
                Some(high) => found.push((low, high)),
                None => break,
            },
            _ => break,
        }
    }
    found
}

/// C's integer types have many spellings; the shortest is shown.
fn short_name(name: &str) -> String {
    let words: Vec<&str> = name.split(' ').collect();
    let known = |word: &&str| matches!(*word, "long" | "short" | "int" | "unsigned" | "signed");
    if words.len() < 2 || !words.iter().all(known) {
        return name.to_owned();
    }
    let unsigned = if words.contains(&"unsigned") { "unsigned " } else { "" };
    let kind = match (words.iter().filter(|word| **word == "long").count(), words.contains(&"short")) {
        (0, true) => "short",
        (0, false) => "int",
        (1, _) => "long",
        _ => "long long",
    };
    format!("{unsigned}{kind}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_have_short_names() {
        for (name, wanted) in [
            ("long unsigned int", "unsigned long"),
            ("short int", "short"),
            ("long long int", "long long"),
            ("unsigned int", "unsigned int"),
            ("unsigned char", "unsigned char"),
            ("long double", "long double"),
        ] {
            assert_eq!(short_name(name), wanted);
        }
    }

    #[test]
    fn lists_of_tags_are_read() {
        assert_eq!(tags(&[0, 5, 1, 0x80, 1, 0x81, 1]), [(5, 5), (128, 129)]);
        assert_eq!(tags(&[1, 5]), []);
        assert_eq!(tags(&[0xff; 40]), []);
    }
}
