//! Which syscalls are wanted: the expression of `-e trace=` as a table per ABI.
//!
//! Names, classes, numbers and regular expressions are resolved once; asking is one array read.

pub mod program;
pub mod query;

use regex::Regex;
use syscall_tables::abi::{Abi, numbers};
use syscall_tables::class::{self, Class};

/// Room for unknown numbers beyond the tables.
const NUMBERS: usize = 1024;

/// The set of calls that are wanted, per ABI.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Indexed by ABI and number; numbers beyond the table follow `others`.
    table: [Vec<bool>; 4],
    others: bool,
}

/// Why an expression was refused.
#[derive(Debug, PartialEq, Eq)]
pub enum Error {
    /// No syscall or class has this name.
    Unknown(String),
    /// A regular expression does not compile.
    Regex(String, String),
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unknown(name) => write!(f, "invalid system call '{name}'"),
            Self::Regex(text, why) => write!(f, "regular expression '{text}' does not compile: {why}"),
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
        let (negated, list) = match text.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut wanted = match list {
            "all" => Self::all(),
            "none" => Self::none(),
            _ => {
                let mut wanted = Self::none();
                for value in list.split(',').filter(|v| !v.is_empty()) {
                    wanted.add(value)?;
                }
                wanted
            }
        };
        if negated {
            wanted.invert();
        }
        Ok(wanted)
    }

    fn invert(&mut self) {
        self.others = !self.others;
        for entry in self.table.iter_mut().flatten() {
            *entry = !*entry;
        }
    }

    fn add(&mut self, value: &str) -> Result<(), Error> {
        let optional = value.starts_with('?');
        let value = value.trim_start_matches('?');
        if let Some(pattern) = value.strip_prefix('/') {
            let regex = Regex::new(pattern).map_err(|e| Error::Regex(pattern.to_owned(), e.to_string()))?;
            return self.add_where(|name| regex.is_match(name), optional, value);
        }
        let (name, abis) = match value.rsplit_once('@') {
            Some((name, "64")) => (name, &[Abi::X86_64][..]),
            Some((name, "32")) => (name, &[Abi::I386][..]),
            _ => (value, &Abi::ALL[..]),
        };
        if let Ok(nr) = name.parse::<usize>() {
            if nr >= NUMBERS && !optional {
                return Err(Error::Unknown(value.to_owned()));
            }
            for table in abis.iter().map(|&abi| abi as usize) {
                if let Some(entry) = self.table[table].get_mut(nr) {
                    *entry = true;
                }
            }
            return Ok(());
        }
        if let Some(class) = Class::named(name) {
            return self.add_where(|name| class::membership(name).intersects(class), true, value);
        }
        let mut found = false;
        for &abi in abis {
            if let Some(nr) = numbers::number(abi, name) {
                self.table[abi as usize][nr as usize] = true;
                found = true;
            }
        }
        if found || optional { Ok(()) } else { Err(Error::Unknown(value.to_owned())) }
    }

    fn add_where(&mut self, fits: impl Fn(&str) -> bool, optional: bool, value: &str) -> Result<(), Error> {
        let mut found = optional;
        for abi in Abi::ALL {
            for (nr, _) in numbers::names(abi).filter(|(_, name)| fits(name)) {
                if let Some(entry) = self.table[abi as usize].get_mut(nr as usize) {
                    *entry = true;
                    found = true;
                }
            }
        }
        if found { Ok(()) } else { Err(Error::Unknown(value.to_owned())) }
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
            ("all", &["read"], &[]),
            ("none", &[], &["read"]),
        ];
        for (text, yes, no) in rows {
            let wanted = Wanted::parse(text).unwrap();
            let has = |name: &str| wanted.has(Abi::X86_64, numbers::number(Abi::X86_64, name).unwrap());
            assert!(yes.iter().all(|name| has(name)), "{text}");
            assert!(!no.iter().any(|name| has(name)), "{text}");
        }
        assert_eq!(Wanted::parse("no_such_call").unwrap_err(), Error::Unknown("no_such_call".into()));
    }
}
