//! Sets of capabilities, by the names of capabilities(7).

use std::fmt;

use syscall_tables::abi::Abi;
use syscall_tables::sets::security;

/// A set of capabilities, a bit for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CapSet(pub u64);

impl CapSet {
    /// Every capability that has a name.
    pub fn all() -> Self {
        Self(security::CAP.rows_for(Abi::X86_64).iter().fold(0, |all, row| all | 1 << row.value))
    }

    /// One capability by its number.
    pub const fn one(number: u32) -> Self {
        Self(1 << number)
    }

    /// Adds those that a list names: `CAP_NET_ADMIN`, `net_admin`, `ALL`; `what` is the option.
    ///
    /// # Errors
    /// The name that is none.
    pub fn add_list(&mut self, list: &str, what: &str) -> Result<(), String> {
        for name in list.split(',').filter(|name| !name.is_empty()) {
            let upper = name.to_ascii_uppercase();
            if upper == "ALL" {
                *self = Self::all();
                continue;
            }
            let full = if upper.starts_with("CAP_") { upper } else { format!("CAP_{upper}") };
            let number = security::CAP
                .value_of(Abi::X86_64, &full)
                .ok_or_else(|| format!("{what}: unknown capability '{name}'; see capabilities(7)"))?;
            self.0 |= 1 << number;
        }
        Ok(())
    }

    /// Whether `number` is in it.
    pub const fn has(self, number: u32) -> bool {
        self.0 >> number & 1 != 0
    }

    /// The numbers in it, lowest first.
    pub fn numbers(self) -> impl Iterator<Item = u32> {
        (0..64).filter(move |&n| self.has(n))
    }
}

/// The name of capability `number`.
pub fn name(number: u32) -> String {
    let known = security::CAP.name_of(Abi::X86_64, u64::from(number));
    known.map_or_else(|| format!("capability {number}"), str::to_owned)
}

impl fmt::Display for CapSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |set: Self| set.numbers().map(name).collect::<Vec<_>>().join(",");
        let absent = Self(Self::all().0 & !self.0);
        match absent.numbers().count() {
            0 => f.write_str("all"),
            1..=5 => write!(f, "all but {}", list(absent)),
            _ => f.write_str(&list(*self)),
        }
    }
}
