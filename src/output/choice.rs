//! What is shown of all that is seen: signals, results, notices, descriptors. It parses the lists of strace(1)'s
//! qualifiers: `[!]value[,value…]`, `all`, `none`.

use syscall_tables::signal;

use crate::event::Call;
use crate::filter::list::{self, List};

/// The values of a list as bits; `bits` are those of a word.
fn bits(text: &str, every: u128, bits: impl Fn(&str) -> Option<u128>) -> Result<u128, String> {
    let (negated, list) = list::split(text)?;
    let set = match list {
        List::All => every,
        List::None => 0,
        List::Words(words) => words
            .into_iter()
            .try_fold(0, |set, word| bits(word).map(|bits| set | bits).ok_or_else(|| word.to_owned()))?,
    };
    Ok(if negated { every & !set } else { set })
}

/// The bits of a word in a table; letters count alike in both cases.
fn word(words: &[(&str, u128)], word: &str) -> Option<u128> {
    words.iter().find(|row| row.0.eq_ignore_ascii_case(word)).map(|row| row.1)
}

/// The words of a list as bits by a table.
///
/// # Errors
/// The word that is not in the table.
pub fn words(text: &str, every: u128, table: &[(&str, u128)]) -> Result<u128, String> {
    bits(text, every, |text| word(table, text))
}

/// A set of signals by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signals(u128);

impl Signals {
    /// Every signal.
    pub const ALL: Self = Self(u128::MAX);
    /// No signal.
    pub const NONE: Self = Self(0);

    /// Whether signal `signo` is in it; numbers that are no signal's always are in [`Self::ALL`] alone.
    pub fn has(self, signo: i32) -> bool {
        match u32::try_from(signo) {
            Ok(signo @ 0..=127) => self.0 >> signo & 1 != 0,
            _ => self == Self::ALL,
        }
    }

    /// A list of names, with or without SIG, and numbers.
    ///
    /// # Errors
    /// The word that is no signal.
    pub fn parse(text: &str) -> Result<Self, String> {
        bits(text, u128::MAX, |word| {
            let number = word.parse().ok().or_else(|| Self::number(word))?;
            (number < 128).then(|| 1 << number)
        })
        .map(Self)
    }

    /// The number of a signal by its name, with or without SIG, in any case of letters.
    pub fn number(name: &str) -> Option<u32> {
        let name = name.to_ascii_uppercase();
        let short = name.strip_prefix("SIG").unwrap_or(&name);
        (1..=64).find(|signo| signal::short(*signo).is_some_and(|known| known == short))
    }
}

/// Calls by what became of them (`-e status=`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Results(u128);

impl Results {
    /// Every call.
    pub const ALL: Self = Self(0b11111);
    /// Those that succeeded.
    pub const SUCCESSFUL: Self = Self(1);
    /// Those that failed.
    pub const FAILED: Self = Self(2);
    /// Those that never returned.
    const UNFINISHED: u128 = 4;
    /// Those that the tracer let go before they returned.
    const DETACHED: u128 = 16;
    /// Words and bits.
    const WORDS: [(&str, u128); 5] = [
        ("successful", 1),
        ("failed", 2),
        ("unfinished", Self::UNFINISHED),
        ("unavailable", 8),
        ("detached", Self::DETACHED),
    ];

    /// Whether nothing has to be waited for.
    pub fn is_all(self) -> bool {
        self == Self::ALL
    }

    /// Whether a call that returned is shown.
    pub fn returned(self, call: &Call) -> bool {
        let bit = match call.outcome {
            Some(outcome) if outcome.failed => 2,
            Some(_) => 1,
            None => Self::UNFINISHED,
        };
        self.0 & bit != 0
    }

    /// Whether calls are shown that never return.
    pub fn unfinished(self) -> bool {
        self.0 & Self::UNFINISHED != 0
    }

    /// Whether calls are shown that the tracer lets go.
    pub fn detached(self) -> bool {
        self.0 & Self::DETACHED != 0
    }

    /// A list of words.
    ///
    /// # Errors
    /// The word that is no result.
    pub fn parse(text: &str) -> Result<Self, String> {
        words(text, Self::ALL.0, &Self::WORDS).map(Self)
    }
}

/// Notices that are left out (`-q`, `-e quiet=`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quiet(u128);

impl Quiet {
    const ATTACH: u128 = 1;
    const EXIT: u128 = 2;
    const PATHS: u128 = 4;
    const PERSONALITY: u128 = 8;
    const SUPERSEDED: u128 = 16;
    const EVERY: u128 = 31;
    /// Words and bits.
    const WORDS: [(&str, u128); 8] = [
        ("attach", Self::ATTACH),
        ("exit", Self::EXIT),
        ("exits", Self::EXIT),
        ("path-resolution", Self::PATHS),
        ("path-resolve", Self::PATHS),
        ("personality", Self::PERSONALITY),
        ("thread-execve", Self::SUPERSEDED),
        ("superseded", Self::SUPERSEDED),
    ];

    /// What `-q`, given `times` times, leaves out.
    pub fn times(times: u8) -> Self {
        Self(match times {
            0 => 0,
            1 => Self::ATTACH | Self::PERSONALITY,
            2 => Self::ATTACH | Self::PERSONALITY | Self::EXIT,
            _ => Self::EVERY,
        })
    }

    /// The same, and no notice about attaching, nor about the ABI where `too`.
    #[must_use]
    pub fn redirected(self, attach: bool, personality: bool) -> Self {
        let attach = if attach { Self::ATTACH } else { 0 };
        let personality = if personality { Self::PERSONALITY } else { 0 };
        Self(self.0 | attach | personality)
    }

    /// No notices about attaching and detaching.
    pub fn attach(self) -> bool {
        self.0 & Self::ATTACH != 0
    }

    /// No exit notices.
    pub fn exit(self) -> bool {
        self.0 & Self::EXIT != 0
    }

    /// No notices about what the paths of `-P` are called otherwise.
    pub fn paths(self) -> bool {
        self.0 & Self::PATHS != 0
    }

    /// No notices about the ABI.
    pub fn personality(self) -> bool {
        self.0 & Self::PERSONALITY != 0
    }

    /// No notices about execve in a thread.
    pub fn superseded(self) -> bool {
        self.0 & Self::SUPERSEDED != 0
    }

    /// A list of words.
    ///
    /// # Errors
    /// The word that is no notice.
    pub fn parse(text: &str) -> Result<Self, String> {
        words(text, Self::EVERY, &Self::WORDS).map(Self)
    }
}

/// A set of file descriptors.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fds {
    listed: Vec<i32>,
    /// Those that are not listed.
    others: bool,
}

impl Fds {
    /// Whether descriptor `fd` is in it.
    pub fn has(&self, fd: i32) -> bool {
        fd >= 0 && self.listed.contains(&fd) != self.others
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty() && !self.others
    }

    /// The test of the query language for it; `None` when nothing is in it.
    pub fn test(&self) -> Option<String> {
        let list: Vec<String> = self.listed.iter().map(i32::to_string).collect();
        match (self.others, list.is_empty()) {
            (false, true) => None,
            (true, true) => Some("fd >= 0".into()),
            (false, false) => Some(format!("fd in ({})", list.join(", "))),
            (true, false) => Some(format!("fd not in ({}) and fd >= 0", list.join(", "))),
        }
    }

    /// A list of numbers.
    ///
    /// # Errors
    /// The word that is no descriptor.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (negated, list) = list::split(text)?;
        let mut fds = Self { listed: Vec::new(), others: negated };
        match list {
            List::All => fds.others = !negated,
            List::None => {}
            List::Words(words) => {
                for word in words {
                    let fd = word.trim_start().parse().ok().filter(|fd| *fd >= 0);
                    fds.listed.push(fd.ok_or_else(|| word.to_owned())?);
                }
            }
        }
        Ok(fds)
    }
}

#[cfg(test)]
mod tests {
    use super::{Fds, Quiet, Results, Signals};

    #[test]
    fn lists_are_sets() {
        let signals = Signals::parse("!SIGCHLD,usr1,10").unwrap();
        assert!(signals.has(12) && !signals.has(17) && !signals.has(10));
        assert!(Signals::ALL.has(64) && !Signals::NONE.has(1));
        assert_eq!(Signals::parse("HUP,FOO").unwrap_err(), "FOO");
        assert!(Results::parse("all").unwrap().is_all());
        assert!(Results::parse("!successful").unwrap().unfinished());
        assert_eq!(Results::parse("failed").unwrap(), Results::FAILED);
        assert!(Quiet::parse("exits,path-resolution").unwrap().exit());
        assert!(!Quiet::parse("!exit").unwrap().exit());
        let fds = Fds::parse("!3,5").unwrap();
        assert!(fds.has(4) && !fds.has(5) && !fds.has(-1));
        assert!(Fds::parse("all").unwrap().has(70) && Fds::parse("none").unwrap().is_empty());
        assert_eq!(Fds::parse("x").unwrap_err(), "x");
    }
}
