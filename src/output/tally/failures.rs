//! Calls that failed, by call, error and what they were about.

use super::address::Address;
use super::bounded::Bounded;

/// Most kinds of failures that are told apart.
const MOST_KINDS: usize = 50_000;

/// What a call was about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum About {
    /// A path, of an argument or behind a descriptor.
    Path(Vec<u8>),
    /// A socket's peer.
    Peer(Address),
    /// Neither.
    Nothing,
}

/// A kind of failure.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Failure {
    /// The call.
    pub name: &'static str,
    /// Its errno.
    pub errno: u32,
    /// What it was about.
    pub about: About,
}

/// How often, and how long it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Often {
    /// Number of calls.
    pub times: u64,
    /// Time spent in them.
    pub time_ns: u64,
}

/// Kinds of failures with their counts.
#[derive(Debug)]
pub struct Failures(Bounded<Failure, Often>);

impl Failures {
    pub(super) fn new() -> Self {
        Self(Bounded::new(MOST_KINDS))
    }

    pub(super) fn count(&mut self, name: &'static str, errno: u32, about: About, time_ns: u64) {
        let often = self.0.entry(&Failure { name, errno, about });
        often.times += 1;
        often.time_ns = often.time_ns.saturating_add(time_ns);
    }

    /// The counts.
    pub fn rows(&self) -> &Bounded<Failure, Often> {
        &self.0
    }
}
