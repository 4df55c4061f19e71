//! In which manner the arguments of a call are decoded, where that differs by call (`-e abbrev=`, `verbose=`, `raw=`).

use crate::decode::Options;
use crate::event::Call;
use crate::filter::Wanted;

/// Three sets of calls.
#[derive(Debug, Clone)]
pub struct Manner {
    /// Whose structs are shortened.
    pub abbreviated: Wanted,
    /// Whose structs are looked at.
    pub dereferenced: Wanted,
    /// Whose arguments stay numbers.
    pub raw: Wanted,
}

impl Default for Manner {
    fn default() -> Self {
        Self { abbreviated: Wanted::all(), dereferenced: Wanted::all(), raw: Wanted::none() }
    }
}

impl Manner {
    /// Whether all calls are decoded in the same manner.
    pub fn is_uniform(&self) -> bool {
        [&self.abbreviated, &self.dereferenced, &self.raw].iter().all(|set| set.uniform().is_some())
    }

    /// `base` for one call.
    pub fn of(&self, base: Options, call: &Call) -> Options {
        let has = |set: &Wanted| set.has(call.regs.abi, call.regs.nr);
        Options {
            abbreviate: has(&self.abbreviated),
            dereference: has(&self.dereferenced),
            raw: has(&self.raw),
            ..base
        }
    }
}
