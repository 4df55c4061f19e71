//! The flags bytes of a call in a frame: what is written of it because it is new, and what the tracer changed of it.

use super::format::Malformed;
use crate::event::Tampered;

/// Flags of a call that was entered.
pub(super) mod entry {
    pub const ARGS: u8 = 1;
    pub const IP: u8 = 2;
    pub const SP: u8 = 4;
    pub const LAYOUT: u8 = 8;
    pub const BYTES: u8 = 16;
    pub const FDS: u8 = 32;
    pub const PIDS: u8 = 64;
    pub const STACK: u8 = 128;
}

/// Flags of a call that returned.
pub(super) mod exit {
    pub const FAILED: u8 = 1;
    pub const VALUE: u8 = 2;
    pub const RING: u8 = 4;
    pub const LAYOUT: u8 = 8;
    pub const BYTES: u8 = 16;
    pub const FDS: u8 = 32;
    pub const PIDS: u8 = 64;
    pub const STACK: u8 = 128;
}

/// Flags of a signal.
pub(super) mod signals {
    pub const INFO: u8 = 1;
    pub const IP: u8 = 2;
    pub const FDS: u8 = 4;
}

/// Flags of what the tracer changed of a call.
mod tampered {
    pub const RESULT: u8 = 1;
    pub const ARGUMENTS: u8 = 2;
    pub const DELAYED: u8 = 4;
}

/// What the tracer changed of a call, as a byte; 0 for nothing.
pub(super) fn of_tampered(what: Tampered) -> u8 {
    let bit = |holds: bool, flag: u8| if holds { flag } else { 0 };
    bit(what.result, tampered::RESULT)
        | bit(what.arguments, tampered::ARGUMENTS)
        | bit(what.delayed, tampered::DELAYED)
}

/// What a byte says that the tracer changed of a call.
pub(super) fn to_tampered(byte: u8) -> Result<Tampered, Malformed> {
    let what = Tampered {
        result: byte & tampered::RESULT != 0,
        arguments: byte & tampered::ARGUMENTS != 0,
        delayed: byte & tampered::DELAYED != 0,
    };
    if of_tampered(what) == byte { Ok(what) } else { Err(Malformed("a call was changed in an unknown way")) }
}
