//! Named sets of values and bits: what a flag word or an enumeration is called.
//!
//! A [`Set`] knows the names, how unknown parts are announced and which number base the raw value
//! has. It never formats: renderers walk a value with [`Set::parts`] and parsers ask [`Set::value_of`].
//! Source of the names: the kernel's uapi headers.

use crate::abi::Abi;

/// One name of a set: the value that it stands for and the bits of the word that it decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The name as in the kernel's header, for example `O_CREAT`.
    pub name: &'static str,
    /// The value under `mask`.
    pub value: u64,
    /// The bits that are compared. Equal to `value` for a plain bit; wider for a value field inside a
    /// flag word (`O_ACCMODE`), where `value` may be zero.
    pub mask: u64,
}

/// Whether a set names single values or bits that are or-ed together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Exactly one name fits (`SEEK_SET`).
    Values,
    /// Any number of names, joined by `|` (`O_RDWR|O_CREAT`).
    Bits,
}

/// Number base of a value that has no name, or that is printed raw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// Decimal.
    Dec,
    /// `0x…`.
    Hex,
    /// `0…`.
    Oct,
}

/// The names of one flag word or enumeration.
#[derive(Debug)]
pub struct Set {
    /// Identifier in these tables, for coverage tests and documentation.
    pub id: &'static str,
    /// What an unknown value is announced as, for example `O_???`.
    pub unknown: &'static str,
    /// Values or bits.
    pub style: Style,
    /// Base in which the bare number is printed.
    pub base: Base,
    /// The rows, in printing order. Value fields (mask != value) come first.
    pub rows: &'static [Row],
    /// Rows that replace `rows` on an ABI whose numbers differ.
    pub variants: &'static [(Abi, &'static [Row])],
}

/// Iterator over the named parts of a value; see [`Set::parts`].
#[derive(Debug, Clone)]
pub struct Parts {
    rows: &'static [Row],
    next: usize,
    rest: u64,
    decided: u64,
    style: Style,
}

impl Parts {
    /// The bits that no name covered so far; meaningful once the iterator is exhausted.
    pub const fn rest(&self) -> u64 {
        self.rest
    }
}

impl Iterator for Parts {
    type Item = &'static Row;

    fn next(&mut self) -> Option<&'static Row> {
        while let Some(row) = self.rows.get(self.next) {
            self.next += 1;
            let field = row.mask != row.value;
            let fits = match self.style {
                Style::Values => self.rest == row.value && self.decided == 0,
                Style::Bits if field => self.decided & row.mask == 0 && self.rest & row.mask == row.value,
                Style::Bits => row.value != 0 && self.rest & row.value == row.value,
            };
            if !fits {
                continue;
            }
            if self.style == Style::Values {
                self.next = self.rows.len();
                self.rest = 0;
                self.decided = u64::MAX;
                return Some(row);
            }
            if field {
                self.decided |= row.mask;
            }
            self.rest &= !row.value;
            return Some(row);
        }
        None
    }
}

impl Set {
    /// The rows of this set on `abi`.
    pub fn rows_for(&self, abi: Abi) -> &'static [Row] {
        self.variants.iter().find(|(a, _)| *a == abi).map_or(self.rows, |(_, rows)| rows)
    }

    /// Walks the names that make up `value`, in printing order. What is left without a name is
    /// [`Parts::rest`] after the last item.
    pub fn parts(&self, abi: Abi, value: u64) -> Parts {
        Parts { rows: self.rows_for(abi), next: 0, rest: value, decided: 0, style: self.style }
    }

    /// The first name of `value` as a whole, if a single row has exactly that value.
    pub fn name_of(&self, abi: Abi, value: u64) -> Option<&'static str> {
        self.rows_for(abi).iter().find(|row| row.value == value).map(|row| row.name)
    }

    /// The value of `name`, for parsers.
    pub fn value_of(&self, abi: Abi, name: &str) -> Option<u64> {
        self.rows_for(abi).iter().find(|row| row.name == name).map(|row| row.value)
    }
}

/// Declares sets. Each row is a constant of `constants` by name, `NAME = value` for a value that no
/// header constant carries (with the name in quotes when it is no identifier), or `NAME & MASK` for a value field inside
/// a flag word. Rows of an ABI whose
/// numbers differ follow as `| Abi { … }`.
///
/// ```text
/// sets! {
///     /// Flags of open(2).
///     OPEN: Bits, Hex, "O_???" {
///         O_RDONLY & O_ACCMODE, O_WRONLY & O_ACCMODE, O_RDWR & O_ACCMODE, O_CREAT, O_EXCL, FROB = 0x40,
///     } | Aarch64 { … }
/// }
/// ```
#[macro_export]
macro_rules! sets {
    ($(
        $(#[$meta:meta])* $id:ident: $style:ident, $base:ident, $unknown:literal { $($rows:tt)* }
        $(| $abi:ident { $($variant:tt)* })*
    )*) => {
        $(
            $(#[$meta])*
            pub static $id: $crate::set::Set = $crate::set::Set {
                id: stringify!($id),
                unknown: $unknown,
                style: $crate::set::Style::$style,
                base: $crate::set::Base::$base,
                rows: $crate::set_rows!($($rows)*),
                variants: &[$(($crate::abi::Abi::$abi, $crate::set_rows!($($variant)*))),*],
            };
        )*
    };
}

/// The rows of one set; a helper of [`sets!`], also used alone for ABI variants.
#[macro_export]
macro_rules! set_rows {
    ($($name:tt $(& $mask:ident)? $(= $value:expr)?),* $(,)?) => {
        &[$($crate::set_row!($name $(& $mask)? $(= $value)?)),*]
    };
}

/// One row of a set; a helper of [`sets!`].
#[macro_export]
macro_rules! set_row {
    ($name:literal = $value:expr) => {
        $crate::set::Row { name: $name, value: $value, mask: $value }
    };
    ($name:ident & $mask:ident = $value:expr) => {
        $crate::set::Row { name: stringify!($name), value: $value, mask: $mask }
    };
    ($name:ident & $mask:ident) => {
        $crate::set::Row { name: stringify!($name), value: $name, mask: $mask }
    };
    ($name:ident = $value:expr) => {
        $crate::set::Row { name: stringify!($name), value: $value, mask: $value }
    };
    ($name:ident) => {
        $crate::set::Row { name: stringify!($name), value: $name, mask: $name }
    };
}

/// Declares sets of values that count as a C `enum` does: from 0, or on from the number behind a name.
///
/// ```text
/// numbered! {
///     /// Attributes of addresses.
///     IFA: "IFA_???" { IFA_UNSPEC, IFA_ADDRESS, IFA_FLAGS = 8, IFA_RT_PRIORITY }
/// }
/// ```
#[macro_export]
macro_rules! numbered {
    ($($(#[$meta:meta])* $id:ident: $unknown:literal { $($name:ident $(= $value:literal)?),* $(,)? })*) => {
        $(
            $(#[$meta])*
            pub static $id: $crate::set::Set = {
                #[allow(non_camel_case_types, clippy::upper_case_acronyms, clippy::enum_variant_names)]
                #[repr(u32)]
                enum Index { $($name $(= $value)?),* }
                $crate::set::Set {
                    id: stringify!($id),
                    unknown: $unknown,
                    style: $crate::set::Style::Values,
                    base: $crate::set::Base::Hex,
                    rows: &[$($crate::set::Row {
                        name: stringify!($name),
                        value: Index::$name as u64,
                        mask: Index::$name as u64,
                    }),*],
                    variants: &[],
                }
            };
        )*
    };
}
