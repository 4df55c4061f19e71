//! Which syscalls are wanted: the expression of `-e trace=` as a table per ABI.
//!
//! Names, classes, numbers and regular expressions are resolved once; asking is one array read.

pub mod condition;
pub mod list;
pub mod program;
pub mod query;

use list::List;
use syscall_tables::abi::{Abi, numbers};
use syscall_tables::class::{self, Class};

use crate::sys::regex::Extended;

/// Room for unknown numbers beyond the tables.
const NUMBERS: usize = 1024;

/// The set of calls that are wanted, per ABI.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Indexed by ABI and number; numbers beyond the table follow `others`.
    table: [Vec<bool>; Abi::ALL.len()],
    others: bool,
}

/// Why an expression was refused.
#[derive(Debug, PartialEq, Eq)]
pub enum Error {
    /// No syscall or class has this name.
    Unknown(String),
    /// A regular expression does not compile.
    Regex(String, String),
    /// What follows an `@` is no ABI, and the word in which it does.
    Designator(String, String),
}

impl Error {
    /// Whether it is about how sets are written.
    pub fn is_usage(&self) -> bool {
        matches!(self, Self::Designator(..))
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unknown(name) => write!(f, "invalid system call '{name}'"),
            Self::Regex(text, why) => write!(f, "regcomp: {text}: {why}"),
            Self::Designator(abi, word) => {
                write!(f, "incorrect personality designator '{abi}' in qualification '{word}'")
            }
        }
    }
}

impl std::error::Error for Error {}

impl Wanted {
    /// Every call.
    pub fn all() -> Self {
        Self { table: std::array::from_fn(|_| vec![true; NUMBERS]), others: true }
    }

    /// No call.
    pub fn none() -> Self {
        Self { table: std::array::from_fn(|_| vec![false; NUMBERS]), others: false }
    }

    /// The calls that `has` says, and `others` for numbers beyond the table.
    pub fn of(has: impl Fn(Abi, u64) -> bool, others: bool) -> Self {
        let mut wanted = Self::none();
        for abi in Abi::ALL {
            for (nr, entry) in wanted.table[abi as usize].iter_mut().enumerate() {
                *entry = has(abi, nr as u64);
            }
        }
        wanted.others = others;
        wanted
    }

    /// The calls that both want.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self::of(|abi, nr| self.has(abi, nr) && other.has(abi, nr), self.others && other.others)
    }

    /// The calls that one of both wants.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        Self::of(|abi, nr| self.has(abi, nr) || other.has(abi, nr), self.others || other.others)
    }

    /// What holds for all calls, if anything does.
    pub fn uniform(&self) -> Option<bool> {
        self.table.iter().flatten().all(|wanted| *wanted == self.others).then_some(self.others)
    }

    /// Whether every call is wanted.
    pub fn is_all(&self) -> bool {
        self.others && self.table.iter().flatten().all(|wanted| *wanted)
    }

    /// Whether call `nr` of `abi` is wanted.
    pub fn has(&self, abi: Abi, nr: u64) -> bool {
        usize::try_from(nr)
            .ok()
            .and_then(|nr| self.table[abi as usize].get(nr))
            .copied()
            .unwrap_or(self.others)
    }

    /// The set that `text`, the value of `-e trace=`, asks for: `[!]value[,value…]`, `all`, `none`.
    ///
    /// # Errors
    /// The first value that names nothing, unless it begins with `?`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let (negated, list) = list::split(text).map_err(Error::Unknown)?;
        let mut wanted = match list {
            List::All => Self::all(),
            List::None => Self::none(),
            List::Words(words) => {
                let mut wanted = Self::none();
                for word in words {
                    wanted.add(word)?;
                }
                wanted
            }
        };
        if negated {
            wanted.invert();
        }
        Ok(wanted)
    }

    /// The same, and every number that is no call's.
    #[must_use]
    pub fn with_nameless(&self) -> Self {
        Self::of(|abi, nr| self.has(abi, nr) || numbers::name(abi, nr).is_none(), true)
    }

    fn invert(&mut self) {
        self.others = !self.others;
        for entry in self.table.iter_mut().flatten() {
            *entry = !*entry;
        }
    }

    /// Adds what a word says: `?` before it lets it name nothing, `@` after it names an ABI.
    fn add(&mut self, word: &str) -> Result<(), Error> {
        let value = word.strip_prefix('?').unwrap_or(word);
        let optional = value.len() < word.len();
        let (name, abis) = match value.rsplit_once('@') {
            None => (value, &Abi::ALL[..]),
            Some((name, "64")) => (name, &[Abi::X86_64, Abi::Aarch64, Abi::Riscv64][..]),
            Some((name, "32")) => (name, &[Abi::I386][..]),
            Some((name, "x32")) => (name, &[Abi::X32][..]),
            Some((_, abi)) => return Err(Error::Designator(abi.to_owned(), value.to_owned())),
        };
        let found = if let Some(pattern) = name.strip_prefix('/') {
            let regex = Extended::new(pattern).map_err(|why| Error::Regex(pattern.to_owned(), why))?;
            self.add_where(abis, |_, name| regex.is_match(name))
        } else if let Ok(number) = name.parse::<u64>() {
            self.add_where(abis, |nr, _| nr == number)
        } else if name == "all" {
            self.add_where(abis, |_, _| true)
        } else if let Some(class) = Class::named(name) {
            self.add_where(abis, |_, name| class::membership(name).intersects(class)) || !abis.is_empty()
        } else {
            self.add_where(abis, |_, known| known == name)
        };
        if found || optional { Ok(()) } else { Err(Error::Unknown(value.to_owned())) }
    }

    /// Adds the calls of some ABIs that fit by number and name; whether there is one.
    fn add_where(&mut self, abis: &[Abi], fits: impl Fn(u64, &str) -> bool) -> bool {
        let mut found = false;
        for &abi in abis {
            for (nr, _) in numbers::names(abi).filter(|(nr, name)| fits(*nr, name)) {
                if let Some(entry) = self.table[abi as usize].get_mut(nr as usize) {
                    *entry = true;
                    found = true;
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions() {
        let rows: &[(&str, &[&str], &[&str])] = &[
            ("openat,close", &["openat", "close"], &["read"]),
            ("!openat", &["read"], &["openat"]),
            ("%file", &["openat", "execve", "stat"], &["read", "close"]),
            ("/^open", &["open", "openat", "open_by_handle_at"], &["close"]),
            ("?no_such_call,read", &["read"], &["write"]),
            ("0", &["read"], &["write"]),
            ("!!openat", &["openat"], &["read"]),
            ("/^(open|clo)@64", &["openat", "close"], &["read"]),
            ("all@32", &[], &["read"]),
            ("all", &["read"], &[]),
            ("none", &[], &["read"]),
        ];
        for (text, yes, no) in rows {
            let wanted = Wanted::parse(text).unwrap();
            let has = |name: &str| wanted.has(Abi::X86_64, numbers::number(Abi::X86_64, name).unwrap());
            assert!(yes.iter().all(|name| has(name)), "{text}");
            assert!(!no.iter().any(|name| has(name)), "{text}");
        }
        let nameless = Wanted::none().with_nameless();
        assert!(
            nameless.has(Abi::X86_64, 400)
                && nameless.has(Abi::X86_64, 4000)
                && !nameless.has(Abi::X86_64, 0)
        );
        for text in ["", ",", "!", "600", "none,read", "read@"] {
            assert!(Wanted::parse(text).is_err(), "{text}");
        }
        assert_eq!(Wanted::parse("no_such_call").unwrap_err(), Error::Unknown("no_such_call".into()));
    }
}
