//! A set of permitted calls, per ABI: what recordings give and what profiles are written from.
//!
//! Holds numbers that have a name, and nothing else: no argument, no answer to what is not in it. The native ABI is
//! always there, as for libseccomp; a second one only where somebody asked for it or made a call of it.

use std::collections::BTreeSet;

use syscall_tables::abi::{Abi, numbers};

/// The ABIs that programs here can have, the native one first, with the name of each in an option and in OCI profiles.
pub const ABIS: [(Abi, &str, &str); 2] =
    [(Abi::X86_64, "x86_64", "SCMP_ARCH_X86_64"), (Abi::I386, "x86", "SCMP_ARCH_X86")];

/// Permitted calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    abis: BTreeSet<Abi>,
    calls: BTreeSet<(Abi, u32)>,
}

impl Default for Allowed {
    fn default() -> Self {
        Self { abis: BTreeSet::from([ABIS[0].0]), calls: BTreeSet::new() }
    }
}

impl Allowed {
    /// Permits calls of an ABI to be in the set.
    pub fn add_abi(&mut self, abi: Abi) {
        self.abis.insert(abi);
    }

    /// Adds a call; false where it has no name, so that no profile could hold it.
    pub fn add(&mut self, abi: Abi, nr: u64) -> bool {
        let known = numbers::name(abi, nr).and_then(|_| u32::try_from(nr).ok());
        let Some(nr) = known.filter(|_| ABIS.iter().any(|(own, ..)| *own == abi)) else { return false };
        self.abis.insert(abi);
        self.calls.insert((abi, nr));
        true
    }

    /// Adds a call by name on each ABI of the set that has it; false where none has.
    pub fn add_name(&mut self, name: &str) -> bool {
        let abis: Vec<Abi> = self.abis.iter().copied().collect();
        let mut found = false;
        for abi in abis {
            if let Some(nr) = numbers::number(abi, name) {
                found |= self.add(abi, nr);
            }
        }
        found
    }

    /// Adds calls by name, those that an ABI of the set has.
    pub fn add_names<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        for name in names {
            self.add_name(name);
        }
    }

    /// Adds what another set has.
    pub fn join(&mut self, other: &Self) {
        self.abis.extend(&other.abis);
        self.calls.extend(&other.calls);
    }

    /// The ABIs, the native one first.
    pub fn abis(&self) -> impl Iterator<Item = Abi> {
        ABIS.iter().map(|(abi, ..)| *abi).filter(|abi| self.abis.contains(abi))
    }

    /// Whether the set has a call.
    pub fn has(&self, abi: Abi, nr: u32) -> bool {
        self.calls.contains(&(abi, nr))
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// The calls of an ABI, ascending.
    pub fn numbers(&self, abi: Abi) -> impl Iterator<Item = u32> {
        self.calls.range((abi, 0)..=(abi, u32::MAX)).map(|(_, nr)| *nr)
    }

    /// The names of all calls, of any ABI, each once.
    pub fn names(&self) -> BTreeSet<&'static str> {
        self.calls.iter().filter_map(|(abi, nr)| numbers::name(*abi, u64::from(*nr))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_goes_to_every_abi_of_the_set() {
        let mut set = Allowed::default();
        assert!(set.is_empty() && set.add_name("mkdir") && !set.add_name("no_such_call"));
        assert_eq!(set.abis().collect::<Vec<_>>(), [Abi::X86_64]);
        assert!(!set.add_name("mmap2"), "x86_64 has no mmap2");
        set.add_abi(Abi::I386);
        assert!(set.add_name("mmap2") && set.add_name("mkdir"));
        assert!(set.has(Abi::X86_64, 83) && set.has(Abi::I386, 39) && set.has(Abi::I386, 192));
        assert!(!set.add(Abi::X86_64, 5000) && !set.add(Abi::Aarch64, 0));
        assert_eq!(set.names().into_iter().collect::<Vec<_>>(), ["mkdir", "mmap2"]);
        assert_eq!(set.numbers(Abi::I386).collect::<Vec<_>>(), [39, 192]);
    }

    #[test]
    fn a_call_brings_its_abi() {
        let mut set = Allowed::default();
        assert!(set.add(Abi::I386, 1));
        assert_eq!(set.abis().collect::<Vec<_>>(), [Abi::X86_64, Abi::I386]);
        let mut other = Allowed::default();
        other.join(&set);
        assert_eq!(other, set);
    }
}
